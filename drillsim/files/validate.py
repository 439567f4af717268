"""All that can be wrong with the tree of a scenario: its values, its references, its structure; and what the plan check finds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from drillsim.errors import Problem
from drillsim.files.findings import findings
from drillsim.files.records import MISSING, Known, validate
from drillsim.files.references import references
from drillsim.files.structure import structure
from drillsim.files.tree import Map
from drillsim.model.scenario import Fault, Scenario

_UNREAD = {(part, MISSING) for part in ("hospital", "plan")}  # its file could not be read, which is told there


def checked(
    tree: Map,
    known: Known | None = None,
    *,
    library: Mapping[str, Iterable[Fault]] | None = None,
    unused: bool = True,
    plan_check: bool = True,
) -> tuple[Scenario | None, list[Problem]]:
    """The scenario of a tree (None when there is a mistake in its values) and everything wrong with it.

    Without mistakes, and with ``plan_check``: what the plan check finds, silenced findings last (see ``files.findings``). What a ``known``, sound tree shares with it is not
    looked at again.
    """
    scenario, problems = validate(tree, Scenario, known)
    problems = [one for one in problems if (one.path, one.message) not in _UNREAD]
    shared = known.tree if known is not None and known.sound else None
    problems += references(tree, shared)
    problems += structure(tree, shared)
    if plan_check and scenario is not None and not problems:
        problems = findings(scenario, tree, library=library, unused=unused)
    return scenario, unique(problems)


def mistakes(problems: Iterable[Problem]) -> list[Problem]:
    """Those that stop a run."""
    return [one for one in problems if one.severity == "mistake"]


def unique(problems: Iterable[Problem]) -> list[Problem]:
    """Each problem once; of several about one entry with the same words, the first."""
    found: dict[tuple[object, ...], Problem] = {}
    for one in problems:
        found.setdefault(identity(one), one)
    return list(found.values())


def identity(one: Problem) -> tuple[object, ...]:
    """What two problems have in common when they are the same."""
    return one.file, one.line, one.path, one.message, str(one.values)
