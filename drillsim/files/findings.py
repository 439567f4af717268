"""The findings of the plan check (``drillsim.lint``) with the file and line where each stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from drillsim.errors import Problem
from drillsim.files import shelf
from drillsim.files.tree import Map, path_text, whereabouts
from drillsim.lint import RULES, Finding, lint
from drillsim.model.base import Text
from drillsim.model.hospital import Hospital
from drillsim.model.plan import Plan
from drillsim.model.scenario import Fault, Scenario

NOWHERE = "scenario"  # where findings of a scenario that came from no file stand


def findings(
    scenario: Scenario,
    tree: Map | None = None,
    *,
    library: Mapping[str, Iterable[Fault]] | None = None,
    unused: bool = True,
) -> list[Problem]:
    """What the plan check finds in a sound scenario, the gravest first; those silenced in the file come last, with their reason.

    ``tree`` tells files and lines. ``library``: name → faults to be ready for as well. ``unused``: tell silences that silence nothing.
    """
    found = lint(scenario, library=library, unused=unused)
    kept = [_placed(finding, tree) for finding in found.findings]
    return [*kept, *(_placed(finding, tree, reason) for finding, reason in found.silenced)]


def of_plan(plan: Plan, tree: Map) -> list[Problem]:
    """What the plan check finds in a plan on its own; ``tree`` holds it under ``plan``."""
    scenario = Scenario(title=plan.title, hospital=Hospital(title=plan.title), plan=plan)
    return [_placed(finding, tree) for finding in lint(scenario, whole=False).findings]


def others(name: str) -> dict[str, tuple[Fault, ...]]:
    """The faults of every scenario of the library but this one."""
    return {other: faults for other, faults in shelf.faults().items() if other != name}


def _placed(finding: Finding, tree: Map | None, reason: Text | None = None) -> Problem:
    rule = RULES[finding.rule]
    mark = whereabouts(tree, finding.path) if tree is not None else None
    return Problem(
        mark.file if mark is not None else NOWHERE,
        mark.line if mark is not None else None,
        path_text(mark.path) if mark is not None else path_text(finding.path),
        finding.what.template,
        finding.what.values,
        severity=finding.grave,
        rule=finding.rule,
        about=finding.subject,
        why=rule.why,
        todo=rule.todo,
        silenced={lang: reason.in_language(lang) for lang in ("en", "zh")} if reason is not None else None,
    )
