"""What would help: the changes that were tried, how far each came in the race, and what the best of them and their combinations do on fresh runs."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np

from drillsim.model.scenario import Scenario
from drillsim.score import differences
from drillsim.score.comparison import Comparison, judge
from drillsim.score.costs import CostPart, Priced
from drillsim.score.evidence import paired
from drillsim.score.ranking import Aim
from drillsim.score.replication import Scored
from drillsim.score.summary_parts import Estimate, Part, Words
from drillsim.score.table import Table

SCHEMA = "drillsim-improvement/2"


class AimPart(Part):
    """An aim of the race: a figure, whether more of it is better, and the smallest difference worth having."""

    name: str
    more: bool
    worth: float


class Candidate(Part):
    """A change that was tried: what it is (path → value), what speaks for it (``minutes`` a run that it aims at), and its race.

    ``effects``: aim → difference to the scenario as it is over its ``runs`` in the race, in pairs. ``status``: same (no run of the race differs in
    any aim), dropped (clearly not the best for any aim), left (not told apart from the best when the race ended), final (played again on fresh
    runs).
    """

    name: str
    title: Words
    kind: str
    cost: CostPart | None
    caution: Words | None
    minutes: float | None
    set: dict[str, str]
    runs: int
    effects: dict[str, Estimate]
    status: Literal["same", "dropped", "left", "final"]


class Adding(Part):
    """Whether changes add up: what they do together against the sum of what each does alone, for one aim, in pairs on the same fresh runs."""

    names: list[str]
    aim: str
    alone: float  # sum of what each does by itself
    together: Estimate
    # together minus the sum: below 0 (of an aim where more is better) they get in each other's way or mend the same thing; all intervals of a
    # search hold together (Bonferroni)
    surplus: Estimate


class Smaller(Part):
    """A change that stands before a combination it is part of: on fresh runs what the combination does ``more`` for every aim may be luck."""

    name: str
    instead_of: str
    more: dict[str, Estimate]  # aim → combination minus change, in pairs on the same fresh runs


class Slower(Part):
    """A change by which the plan surely takes longer, as Graham (1969) showed that more people can: the step that begins later than without
    it, and what it waits for then."""

    name: str
    later: Estimate  # minutes until the last step is done, difference to the scenario as it is
    step: str | None
    step_later: float | None
    waits_for: str | None  # role:step they are busy with


class Improvement(Part):
    """The whole search. ``finals`` compares the best changes and their combinations with the scenario as it is, on runs that took no part in
    choosing them; ``helps`` are those of them that are surely better in some aim and surely worse in no headline figure, the best first;
    ``mixed`` those that are surely better in an aim and worse in another headline figure."""

    schema_version: str = SCHEMA
    aims: list[AimPart]
    sure: float
    runs: int  # played in all
    candidates: list[Candidate]
    untried: list[Words]  # changes that were drawn and that the budget could not pay for
    enough: int  # the budget that would try all
    finals: Comparison | None
    combinations: dict[str, list[str]]
    adding: list[Adding]
    slower: list[Slower]
    helps: list[str]
    smaller: Smaller | None = None  # why the first of ``helps`` stands before one that does more by the mean
    mixed: list[str]
    years: float  # over which costs are added up
    currency: str
    per: float  # the amount of money for which gains are told; 0 when nothing costs money
    by_cost: list[Priced]  # every change and combination whose cost is known, the cheapest first


def effect(scenario: Scenario, aim: Aim, way: Sequence[Scored], base: Sequence[Scored], confidence: float) -> Estimate:
    """Difference of an aim between a way and the scenario as it is, in pairs, over the runs that both have."""
    first, second = paired(scenario, aim.name, way, base)
    return differences.paired_means(first, second, confidence).estimate


def verdicts(
    finals: Comparison, aims: Sequence[Aim], combinations: Mapping[str, Sequence[str]]
) -> tuple[list[str], list[str]]:
    """(ways that help, ways that help in an aim and harm in any headline figure), the best by the first aim first, and of two
    that do the same the one with fewer parts.

    The aims were chosen beforehand, so they are judged together as a family of their own (Holm).
    """
    names = [aim.name for aim in aims]
    rows = {row.name: row for row in finals.figures if row.name in names}
    judge([(row, one) for row in rows.values() for one in row.differences], 1 - finals.confidence)
    found: dict[str, set[str]] = {arm.name: set() for arm in finals.arms[1:]}
    for row in finals.figures:
        for one in row.differences:
            if row.headline and one.sure == "sure" and one.direction == "worse":
                found[one.arm].add("worse")
    gain: dict[str, float] = {}
    for name in names:
        for one in rows[name].differences if name in rows else ():
            if one.sure == "sure":
                found[one.arm].add(one.direction)
            toward = 1 if rows[name].better == "more" else -1
            gain.setdefault(one.arm, toward * (one.difference.value or 0.0))
    ranked = sorted(found, key=lambda arm: (-round(gain.get(arm, 0.0), 6), len(combinations.get(arm, [arm]))))
    helps = [arm for arm in ranked if "better" in found[arm] and "worse" not in found[arm]]
    return helps, [arm for arm in ranked if {"better", "worse"} <= found[arm]]


def smaller_first(
    scenario: Scenario, aims: Sequence[Aim], runs: Mapping[str, Sequence[Scored]], combinations: Mapping[str, Sequence[str]], helps: Sequence[str],
    confidence: float = 0.95,
) -> tuple[list[str], Smaller | None]:  # fmt: skip
    """The ways that help, with the smallest part of the best one first that it surely beats in no aim (the paired interval of their difference
    covers zero): who does less is preferred as long as more is not surely better."""
    best = helps[0] if helps else ""
    whole = set(combinations.get(best, [best]))
    inside = [name for name in helps[1:] if set(combinations.get(name, [name])) < whole]
    for name in sorted(inside, key=lambda one: len(combinations.get(one, [one]))):
        more = {aim.name: effect(scenario, aim, runs[best], runs[name], confidence) for aim in aims}
        if all(one.low is None or one.high is None or one.low <= 0 <= one.high for one in more.values()):
            return [name, *(one for one in helps if one != name)], Smaller(name=name, instead_of=best, more=more)
    return list(helps), None


def adding(
    scenario: Scenario, aims: Sequence[Aim], runs: Mapping[str, Sequence[Scored]], combinations: Mapping[str, Sequence[str]], base: str,
    confidence: float = 0.95,
) -> list[Adding]:  # fmt: skip
    """For every combination and aim, what its parts do together against the sum of what each does alone. So many are looked at that the
    intervals of the surplus are wider: with ``confidence`` all of them hold what they say."""
    found = []
    each = 1 - (1 - confidence) / max(len(combinations) * len(aims), 1)
    for (name, members), aim in itertools.product(combinations.items(), aims):
        present, both, *singles = paired(scenario, aim.name, runs[base], runs[name], *(runs[m] for m in members))
        alone = sum((single - present for single in singles), np.zeros(len(present)))
        together = differences.paired_means(both, present, confidence).estimate
        surplus = differences.paired_means(both - present, alone, each).estimate
        known = alone[~np.isnan(alone)]
        found.append(Adding(names=list(members), aim=aim.name, alone=float(known.mean()) if len(known) else 0.0, together=together, surplus=surplus))  # fmt: skip
    return found


def slower(scenario: Scenario, name: str, way: Sequence[Scored], base: Sequence[Scored], error: float) -> Slower | None:
    """Whether a way surely takes longer than the scenario as it is until the last step is done, and why; None when it does not."""
    if not scenario.plan.steps:
        return None
    first, second = paired(scenario, "plan.completed_at", way, base)
    found = differences.paired_means(first, second)
    if found.p is None or found.p > error or not (found.estimate.value or 0.0) > 0:
        return None
    step, later = _begins_later(scenario, way, base)
    return Slower(
        name=name, later=found.estimate, step=step, step_later=later, waits_for=_waits_for(way, step) if step else None
    )


def _begins_later(scenario: Scenario, way: Sequence[Scored], base: Sequence[Scored]) -> tuple[str | None, float | None]:
    """The step on the way to the end whose work begins later than without the change by most, in the runs that both have."""
    on_the_way = {
        cause for s in way for (milestone, part, cause) in s.paths if milestone == "completed" and part == "work"
    }
    healthy = [Table([s for s in one if not s.unhealthy], 0.95) for one in (way, base)]
    _, *places = np.intersect1d(healthy[0].numbers, healthy[1].numbers, return_indices=True)
    later = {}
    for step in (s.id for s in scenario.plan.steps if s.id in on_the_way):
        begun = [table.column("step", step, "started")[place] for table, place in zip(healthy, places, strict=True)]
        apart = begun[0] - begun[1]
        if (~np.isnan(apart)).any():
            later[step] = float(np.nanmean(apart))
    worst = max(later, key=lambda step: later[step], default=None)
    return (worst, later[worst]) if worst is not None and later[worst] > 0 else (None, None)


def _waits_for(way: Sequence[Scored], step: str) -> str | None:
    """Whom the step waits for most, with what they are busy."""
    minutes: dict[str, float] = {}
    for one in way:
        for (name, part, cause), spent in zip(one.causes, one.minutes.tolist(), strict=True):
            if name == step and part == "person":
                minutes[cause] = minutes.get(cause, 0.0) + spent
    return max(minutes, key=lambda cause: minutes[cause], default=None)
