"""What the runs taught, in the summary: each lesson once, with the share of runs that teach it."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping

import numpy as np

from drillsim.score import intervals
from drillsim.score.lessons import RULES, Lesson, told_with
from drillsim.score.steps import MISSED
from drillsim.score.summary_plan import LessonPart
from drillsim.score.table import Table

MOST_RUNS = 10
Taught = dict[int, list[Lesson]]
"""Replication → the lessons of one kind it teaches (a wrong judgement can be made twice)."""


def lesson_parts(table: Table, shown: Mapping[str, int]) -> list[LessonPart]:
    """Every lesson of some run: areas for improvement first, those of most runs first, then those with most minutes."""
    found: dict[tuple[str, str, str], Taught] = defaultdict(lambda: defaultdict(list))
    for scored in table.scored:
        for lesson in scored.lessons:
            found[lesson.rule, lesson.about, lesson.other][scored.replication].append(lesson)
    together = _together(found)
    parts = [_part(key, taught, together[told_with(*key)], table, shown) for key, taught in found.items()]
    return sorted(parts, key=_place)


def _together(found: Mapping[tuple[str, str, str], Taught]) -> dict[tuple[str, ...], Taught]:
    """The lessons of each line of the page, by run: a run that teaches two of them counts once."""
    lines: dict[tuple[str, ...], Taught] = defaultdict(lambda: defaultdict(list))
    for key, taught in found.items():
        for run, its in taught.items():
            lines[told_with(*key)][run] += its
    return lines


def _most_first(taught: Taught) -> list[int]:
    """The runs with most minutes first, at most MOST_RUNS."""
    minutes = {
        run: math.fsum(lesson.minutes for lesson in its if not math.isnan(lesson.minutes))
        for run, its in taught.items()
    }
    return sorted(taught, key=lambda run: (-minutes[run], run))[:MOST_RUNS]


def _place(part: LessonPart) -> tuple[bool, float, float, str, str, str]:
    strength = part.kind == "strength"
    return strength, -(part.share.value or 0.0), -(part.minutes.mean.value or 0.0), part.rule, part.about, part.other


def _owner(taught: Taught) -> str:
    """Who should see to it in most runs: another step of the chain may have been held up in others."""
    owners = Counter(owner for its in taught.values() for owner in {lesson.owner for lesson in its})
    return min(owners, key=lambda owner: (-owners[owner], owner))


def _part(
    key: tuple[str, str, str], taught: Taught, together: Taught, table: Table, shown: Mapping[str, int]
) -> LessonPart:
    rule, about, other = key
    minutes = {run: math.fsum(lesson.minutes for lesson in its) for run, its in taught.items()}
    at_least = _at_least(rule, about, table)[[int(np.searchsorted(table.numbers, run)) for run in minutes]]
    rows = {run: sorted({row for lesson in its for row in lesson.evidence}) for run, its in taught.items()}
    return LessonPart(
        rule=rule,
        kind=RULES[rule].kind,
        about=about,
        other=other,
        owner=_owner(taught),
        sentence=RULES[rule].sentence,
        action=RULES[rule].action,
        share=intervals.share(len(taught), table.n, table.confidence),
        share_together=intervals.share(len(together), table.n, table.confidence),
        runs_together=_most_first(together),
        minutes=intervals.spread(np.array(list(minutes.values())), at_least, table.confidence),
        runs=_most_first(taught),
        evidence={name: rows[run] for name, run in shown.items() if run in rows},
    )


def _at_least(rule: str, about: str, table: Table) -> np.ndarray:
    """1 in runs in which what the lesson is about was not over at EndEx, so that its minutes are at least so many: an outage, a step not done.

    A step that was given up is over.
    """
    if rule == "restored_late":
        return table.column("component", about, "away_censored")
    if not rule.startswith("late_"):
        return np.zeros(table.n)
    missed = table.column("step", about, "outcome") == MISSED
    return (missed & ~(table.column("step", about, "given_up") > 0.5)).astype(float)
