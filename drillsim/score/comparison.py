"""Ways of doing it side by side: every figure of each, and its difference to the first, with interval and with how sure it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from drillsim.model.base import Text
from drillsim.model.scenario import Scenario
from drillsim.score import differences, intervals
from drillsim.score.compared import Figure, column, figures, unfinished
from drillsim.score.costs import CostPart
from drillsim.score.replication import Scored
from drillsim.score.summary_parts import Estimate, Part, Words
from drillsim.score.table import Table
from drillsim.score.words import words

SCHEMA = "drillsim-comparison/2"

ROUNDING = 1e-9  # smaller differences are none

Sureness = Literal["sure", "alone", "open", "same"]
"""``sure``: the difference stands among all comparisons of its family (Holm); ``alone``: it would stand by itself, not among so many; ``open``:
it may be luck; ``same``: no run differs."""


@dataclass
class Arm:
    """One way of doing it, with its scored runs; arms with one ``seed`` had the same luck."""

    name: str
    title: Text
    scenario: Scenario
    scored: Sequence[Scored]
    seed: int
    cost: CostPart | None = None


class ArmPart(Part):
    """One way of doing it: what it is called, what it costs, and how many runs it has, apart from those that are not scored since their hospital
    was not healthy before the fault."""

    name: str
    title: Words
    cost: CostPart | None
    runs: int
    seed: int
    not_scored: int = 0


class Compared(Part):
    """The difference of one figure between an arm and the reference (arm minus reference).

    ``p`` belongs to this comparison alone, ``adjusted`` to all of its family (Holm). ``n`` of the estimate is the number of pairs (or of the
    smaller sample). ``correlation`` of the pairs: with it the interval is about √(1-r) times as wide as without pairs.
    """

    arm: str
    difference: Estimate
    p: float | None
    adjusted: float | None = None
    sure: Sureness = "open"
    direction: Literal["better", "worse", "more", "less", ""] = ""
    paired: bool
    correlation: float | None


class Row(Part):
    """One figure of every arm, and the differences to the reference. ``headline`` figures and the others are two families of comparisons.

    ``at_least``: arm → runs in which the figure is a time that was not over at EndEx and counts until then, so that the mean is "at least";
    arms without such runs are left out.
    """

    group: str
    kind: str
    id: str
    figure: str
    name: str
    unit: str  # claim (share of runs), share, min, number
    better: str
    headline: bool
    values: dict[str, Estimate]
    at_least: dict[str, int] = {}
    differences: list[Compared]


class Comparison(Part):
    """Every figure of several arms against the first of them, the ``reference``.

    ``paired``: all arms had the same luck, so that run 17 of one is compared with run 17 of the other. ``families``: number of comparisons
    judged together, of headline figures and of the others; where no run differs there is nothing to judge, so those are not counted (Tarone
    1990, Biometrics 46, p. 515).
    """

    schema_version: str = SCHEMA
    reference: str
    arms: list[ArmPart]
    paired: bool
    confidence: float
    method: str = "paired: t and Newcombe's paired score interval; not paired: Welch and Newcombe's score interval; several together: Holm 1979, without those that no run tells apart (Tarone 1990)"
    families: dict[str, int]
    figures: list[Row]
    hospitals: list[Words] = []  # their titles, when the arms play in different ones
    unlike: list[str] = []  # objectives of one name that ask for different things, which are left out


def compare(arms: Sequence[Arm], wanted: Callable[[Figure], bool] = lambda figure: True) -> Comparison:
    """Compare all arms with the first one, by every figure that they have in common (or those of them that are ``wanted``).

    Runs whose steady-state gate failed are left out, as is the run of the same number in the arm it is paired with.
    Raises ValueError with fewer than two arms, or when two have the same name.
    """
    if len(arms) < 2 or len({arm.name for arm in arms}) < len(arms):
        raise ValueError("a comparison needs two or more arms with different names")
    confidence = arms[0].scenario.run.confidence
    tables = [Table([s for s in arm.scored if not s.unhealthy], confidence) for arm in arms]
    others = [set(figures(arm.scenario)) for arm in arms[1:]]
    unlike = _unlike(arms)
    shared = [f for f in figures(arms[0].scenario) if wanted(f) and all(f in known for known in others) and not (f.kind == "objective" and f.id in unlike)]  # fmt: skip
    rows = [row for f in shared if (row := _row(f, arms, tables, confidence)) is not None]
    for headline in (True, False):
        judge([(row, d) for row in rows if row.headline == headline for d in row.differences], 1 - confidence)
    return Comparison(
        reference=arms[0].name,
        arms=[_arm(arm, table) for arm, table in zip(arms, tables, strict=True)],
        paired=all(arm.seed == arms[0].seed for arm in arms),
        confidence=confidence,
        families={
            name: sum(d.p is not None for row in rows if row.headline == headline for d in row.differences)
            for name, headline in (("headline", True), ("others", False))
        },
        figures=rows,
        hospitals=_hospitals(arms),
        unlike=unlike,
    )


def _hospitals(arms: Sequence[Arm]) -> list[Words]:
    """The titles of the hospitals, in order, when there are several."""
    titles = {(t.in_language("en"), t.in_language("zh")): t for t in (arm.scenario.hospital.title for arm in arms)}
    return [words(title) for title in titles.values()] if len(titles) > 1 else []


def _unlike(arms: Sequence[Arm]) -> list[str]:
    """Objectives that some arms have under one name and that are about different steps, or another figure or limit."""
    asked: dict[str, set[tuple[object, object]]] = {}
    for arm in arms:
        for one in arm.scenario.objectives:
            asked.setdefault(one.id, set()).add((one.steps, one.measure))
    return [name for name, claims in asked.items() if len(claims) > 1]


def _arm(arm: Arm, table: Table) -> ArmPart:
    left_out = len(arm.scored) - table.n
    return ArmPart(
        name=arm.name, title=words(arm.title), cost=arm.cost, runs=table.n, seed=arm.seed, not_scored=left_out
    )


def _row(figure: Figure, arms: Sequence[Arm], tables: Sequence[Table], confidence: float) -> Row | None:
    """One figure of all arms; None when one of them never has it."""
    columns = [column(table, arm.scenario, figure) for arm, table in zip(arms, tables, strict=True)]
    if any(np.isnan(c).all() for c in columns):
        return None
    of_one = intervals.share_of if figure.unit == "claim" else intervals.mean
    return Row(
        **figure._asdict(),
        name=figure.name,
        headline=figure.group == "whole",
        values={arm.name: of_one(c, confidence) for arm, c in zip(arms, columns, strict=True)},
        at_least={
            arm.name: n
            for arm, table in zip(arms, tables, strict=True)
            if (n := int(unfinished(table, arm.scenario, figure).sum()))
        },
        differences=[
            _compared(figure, arm, (c, columns[0]), (table, tables[0]), arm.seed == arms[0].seed, confidence)
            for arm, c, table in zip(arms[1:], columns[1:], tables[1:], strict=True)
        ],
    )


def _compared(
    figure: Figure, arm: Arm, values: tuple[np.ndarray, np.ndarray], tables: tuple[Table, Table], paired: bool, confidence: float
) -> Compared:  # fmt: skip
    claim = figure.unit == "claim"
    if paired:
        _, mine, others = np.intersect1d(tables[0].numbers, tables[1].numbers, return_indices=True)
        first, second = values[0][mine], values[1][others]
        found = (differences.paired_shares if claim else differences.paired_means)(first, second, confidence)
        apart = np.abs(first - second)
        same = not np.any(apart[~np.isnan(apart)] > ROUNDING)
    else:
        found = (differences.shares if claim else differences.means)(*values, confidence)
        same = False
    return Compared(
        arm=arm.name,
        difference=found.estimate,
        p=None if found.estimate.n < 2 or same else found.p,
        paired=paired,
        correlation=found.correlation,
        sure="same" if same and found.estimate.n else "open",
    )


def judge(family: Sequence[tuple[Row, Compared]], error: float) -> None:
    """How sure each comparison is, alone and among all of the family."""
    for (row, one), adjusted in zip(family, differences.holm([one.p for _, one in family]), strict=True):
        one.adjusted, one.direction = adjusted, ""
        if one.sure == "same" or one.p is None or adjusted is None or not one.difference.value:
            continue
        one.sure = "sure" if adjusted <= error else "alone" if one.p <= error else "open"
        if one.sure != "open":
            one.direction = _direction(row.better, one.difference.value)


def _direction(better: str, difference: float) -> Literal["better", "worse", "more", "less"]:
    more = difference > 0
    if not better:
        return "more" if more else "less"
    return "better" if more == (better == "more") else "worse"
