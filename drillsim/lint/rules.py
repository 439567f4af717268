"""All rules over one scenario, and what of it the files say is meant to be so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from drillsim.lint import (
    departments,
    diversions,
    keys,
    paths,
    people,
    plans,
    resources,
    services,
    short_names,
    triggers,
)
from drillsim.lint.finding import SEVERITIES, Finding, Findings
from drillsim.lint.silences import Silences
from drillsim.lint.view import View
from drillsim.model.base import Text
from drillsim.model.scenario import Fault, Scenario

OF_THE_PLAN: tuple[Callable[[View], Findings], ...] = (
    *triggers.RULES,
    *paths.RULES,
    *plans.OF_THE_PLAN,
    *diversions.RULES,
)
OF_ALL: tuple[Callable[[View], Findings], ...] = (
    *plans.OF_ALL,
    *people.RULES,
    *services.RULES,
    *resources.RULES,
    *keys.RULES,
    *departments.RULES,
    *short_names.RULES,
)


class Linted(NamedTuple):
    """What was found, the gravest first, and what was found but is silenced, with the reason."""

    findings: list[Finding]
    silenced: list[tuple[Finding, Text]]


def lint(
    scenario: Scenario,
    *,
    library: Mapping[str, Iterable[Fault]] | None = None,
    whole: bool = True,
    unused: bool = True,
) -> Linted:
    """Everything that the rules find in a scenario.

    ``library``: name → faults of the scenarios of the library, which the plan should be ready for too. ``whole`` is False for a plan on its
    own: only rules that need nothing else look at it. ``unused`` silences are told, in a whole scenario.
    """
    view = View(scenario, library, whole=whole)
    rules = (*OF_THE_PLAN, *OF_ALL) if whole else OF_THE_PLAN
    silences = Silences(scenario.plan)
    kept: list[Finding] = []
    silenced: list[tuple[Finding, Text]] = []
    for rule in rules:
        for finding in rule(view):
            reason = silences.reason(finding)
            if reason is None:
                kept.append(finding)
            else:
                silenced.append((finding, reason))
    kept += silences.told(unused=whole and unused)
    return Linted(sorted(kept, key=lambda finding: SEVERITIES.index(finding.grave)), silenced)
