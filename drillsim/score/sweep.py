"""One value swept: what each setting gives, what each step from one to the next brings and costs, and which settings nothing on the list beats."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from drillsim.model.scenario import Scenario
from drillsim.score.compared import Figure, figures
from drillsim.score.comparison import Arm, Compared, Comparison, Row, compare, judge
from drillsim.score.summary_parts import Part

SCHEMA = "drillsim-sweep/1"


class Setting(Part):
    """One setting: its text, its place on a number line (minutes or a number; None when it is neither), and whether it is as the files have it."""

    value: str
    x: float | None
    as_it_is: bool


class Between(Part):
    """What changes from one setting to the next: the aims with their differences (next minus this)."""

    this: str
    next: str
    figures: list[Row]


class Sweep(Part):
    """A sweep: every setting against the one that is ``as_it_is``; the ``aims`` it is judged by; the steps between neighbours; and for each
    setting those that beat it: surely better in one aim and surely worse in none, all pairs judged together (Holm). ``unbeaten``: the rest."""

    schema_version: str = SCHEMA
    path: str
    settings: list[Setting]
    group: str | None  # the group of departments whose paper threshold it is
    aims: list[str]
    comparison: Comparison
    steps: list[Between]
    beaten_by: dict[str, list[str]]
    unbeaten: list[str]


def sweep(path: str, settings: Sequence[Setting], arms: Sequence[Arm]) -> Sweep:
    """Sum up the arms of a sweep, one for each setting in order. Raises ValueError with fewer than two."""
    present = next((i for i, setting in enumerate(settings) if setting.as_it_is), 0)
    group = threshold_of(path, arms[0].scenario)
    aims = [f.name for f in figures(arms[0].scenario) if is_aim(f, group)]
    whole = compare([arms[present], *(arm for i, arm in enumerate(arms) if i != present)])
    pairs = {(a.name, b.name): _pair(a, b, aims) for a, b in itertools.combinations(arms, 2)}
    error = 1 - whole.confidence
    judge([(row, one) for found in pairs.values() for row in found.figures for one in row.differences], error)
    beaten = _beaten(pairs, [arm.name for arm in arms])
    return Sweep(
        path=path,
        settings=list(settings),
        group=group,
        aims=[name for name in aims if any(row.name == name for found in pairs.values() for row in found.figures)],
        comparison=whole,
        steps=[
            Between(this=a.name, next=b.name, figures=pairs[a.name, b.name].figures)
            for a, b in itertools.pairwise(arms)
        ],
        beaten_by=beaten,
        unbeaten=[name for name, by in beaten.items() if not by],
    )


def threshold_of(path: str, scenario: Scenario) -> str | None:
    """The group of departments whose threshold for working on paper this path is; None for any other path."""
    place, _, group = path.removeprefix("scenario.").rpartition(".")
    return group if place == "plan.thresholds" and group in scenario.paper_thresholds else None


def is_aim(figure: Figure, group: str | None) -> bool:
    """Whether a setting is judged by this figure: of a paper threshold the false switches and what patients suffer, else every headline."""
    if group is None:
        return figure.group == "whole" and bool(figure.better)
    if figure.kind == "group":
        return figure.id == group and figure.figure == "false_switch"
    return figure.kind in ("patients", "indicator")


def _pair(first: Arm, second: Arm, aims: Sequence[str]) -> Comparison:
    return compare([first, second], lambda figure: figure.name in aims)


def _beaten(pairs: dict[tuple[str, str], Comparison], names: Sequence[str]) -> dict[str, list[str]]:
    """For each setting those that are surely better in some aim and surely worse in none."""
    found: dict[str, list[str]] = {name: [] for name in names}
    for (first, second), comparison in pairs.items():
        directions = {_sure(one) for row in comparison.figures for one in row.differences}
        if "better" in directions and "worse" not in directions:
            found[first].append(second)
        elif "worse" in directions and "better" not in directions:
            found[second].append(first)
    return found


def _sure(one: Compared) -> str:
    return one.direction if one.sure == "sure" else ""
