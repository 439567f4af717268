"""The pictures of a report. Each function draws figures already made by ``score`` on an ``ax`` and gives it back; times are minutes since StartEx."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from drillsim.log.rows import Event
from drillsim.model.scenario import Scenario
from drillsim.report import axes, look, words
from drillsim.report.timeline import response_timeline
from drillsim.score.summary import Summary
from drillsim.score.summary_hospital import Series
from drillsim.score.summary_plan import StepPart
from drillsim.texts import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "department_modes",
    "lateness_parts",
    "people_load",
    "pile",
    "queue",
    "response_timeline",
    "step_distributions",
    "system_states",
]

PILE_FILLS = (
    ("#24556b", None),
    ("#e9b949", None),
    ("#7ba7ba", "////"),
    ("#c65a11", None),
    ("#b9a3c6", "----"),
    ("#e4e9ec", None),
)
"""Fill and hatch of each layer of the pile, in order."""

LOAD_PARTS = (
    ("busy", "at work on steps", "#24556b", None),
    ("waited_busy", "waited for while busy", "#c65a11", None),
    ("waited_off_shift", "waited for while off duty", "#e2924f", "\\\\\\\\"),
    ("waited_on_the_way", "waited for while on the way", "#f0c493", "////"),
)
"""Field of PersonPart, its words, its fill and hatch."""

LOAD_WORDS = tuple(name for _, name, _, _ in LOAD_PARTS)


def step_distributions(
    ax: Axes, steps: Sequence[StepPart], *, language: str = "en", label_points: float = 200.0, most: float = 2.0
) -> Axes:
    """How much of the time allowed each step used: twenty dots a step, one for every twentieth run; beyond the line at 100 % they are late."""
    for row, step in enumerate(steps):
        values = step.dots or [
            v
            for v in (step.taken.least, step.taken.p10, step.taken.p50, step.taken.p90, step.taken.most)
            if v is not None
        ]
        if not step.allowed:
            continue
        used = [most * 1.03 if v is None else min(v / step.allowed, most * 1.03) for v in values]
        on_time, late = [u for u in used if u <= 1], [u for u in used if u > 1]
        ax.plot(
            on_time,
            [row] * len(on_time),
            linestyle="",
            marker="o",
            markersize=5,
            color=look.ON_TIME,
            markeredgecolor="white",
            markeredgewidth=0.6,
            zorder=3,
            clip_on=False,
        )
        ax.plot(
            late,
            [row] * len(late),
            linestyle="",
            marker="^",
            markersize=5.6,
            color=look.LATE,
            markeredgecolor="white",
            markeredgewidth=0.6,
            zorder=3,
            clip_on=False,
        )
        ax.axhline(row, color=look.RULE, linewidth=0.6, zorder=1)
    ax.axvline(1.0, color=look.INK, linewidth=1.2, zorder=2)
    ax.axvspan(1.0, most * 1.06, color=look.LATE, alpha=0.06, zorder=0, linewidth=0)
    ax.set_xlim(0, most * 1.06)
    ticks = [0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0]
    ax.set_xticks(ticks, [words.share(t, language) + ("+" if t == most else "") for t in ticks])
    ax.tick_params(axis="x", length=0, labelsize=7.6)
    axes.rows(ax, [words.words(s.title, language) for s in steps], label_points)
    ax.annotate(
        say("deadline", language),
        (1.0, 1.0),
        xycoords=("data", "axes fraction"),
        xytext=(0, 3),
        textcoords="offset points",
        ha="center",
        fontsize=7.6,
        color=look.INK,
    )
    ax.set_xlabel(say("time used, as a share of the time allowed", language), fontsize=7.6)
    return ax


def lateness_parts(ax: Axes, steps: Sequence[StepPart], *, language: str = "en", label_points: float = 200.0) -> Axes:
    """Where the minutes of each step went when it was late, by part, side by side; the parts add up to the whole bar."""
    used: list[str] = []
    for row, step in enumerate(steps):
        parts, left = step.parts_when_late or step.parts, 0.0
        for name in sorted(parts, key=part_place):
            if parts[name] > 0:
                ax.barh(
                    row,
                    parts[name],
                    left=left,
                    height=0.62,
                    color=look.PART_COLOURS.get(name, look.NONE),
                    hatch=look.PART_HATCHES.get(name),
                    edgecolor="white",
                    linewidth=0.5,
                    zorder=3,
                )
                left += parts[name]
                used.append(name)
        ax.annotate(
            words.duration(left, language),
            (left, row),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            fontsize=8,
            color=look.INK,
        )
    axes.rows(ax, [words.words(s.title, language) for s in steps], label_points)
    top = max((sum((s.parts_when_late or s.parts).values()) for s in steps), default=1.0)
    axes.minute_axis(ax, top * 1.14, language)
    return ax


def part_place(name: str) -> int:
    return look.PART_ORDER.index(name) if name in look.PART_ORDER else len(look.PART_ORDER)


def stretches(events: Iterable[Event], kind: str, end: float, first: str) -> dict[str, list[tuple[float, float, str]]]:
    """Subject → (from, to, state) from the rows of that kind, without gaps; before its first row a subject is in state ``first``."""
    changes: dict[str, list[tuple[float, str]]] = {}
    for e in events:
        if e.kind == kind:
            changes.setdefault(e.subject, [(-math.inf, first)]).append((e.minute, e.state))
    found: dict[str, list[tuple[float, float, str]]] = {}
    for subject, rows in changes.items():
        closed = [(a, b, state) for (a, state), (b, _) in zip(rows, [*rows[1:], (end, "")], strict=True) if b > a]
        merged: list[tuple[float, float, str]] = []
        for a, b, state in closed:
            if merged and merged[-1][2] == state:
                merged[-1] = (merged[-1][0], b, state)
            else:
                merged.append((a, b, state))
        found[subject] = merged
    return found


def system_states(
    ax: Axes, events: Sequence[Event], scenario: Scenario, *, begin: float, end: float, components: Sequence[str], language: str = "en", label_points: float = 200.0
) -> Axes:  # fmt: skip
    """The state of each component over the clock in one run."""
    found = stretches(events, "component", end, "up")
    return _bars(
        ax,
        found,
        components,
        scenario,
        "component",
        begin,
        end,
        language,
        label_points,
        look.STATE_COLOURS,
        look.STATE_HATCHES,
    )


def department_modes(
    ax: Axes, events: Sequence[Event], scenario: Scenario, *, begin: float, end: float, departments: Sequence[str], language: str = "en", label_points: float = 200.0
) -> Axes:  # fmt: skip
    """How each department worked over the clock in one run: with the systems, standing still, changing over, on paper, typing in."""
    found = stretches(events, "department", end, "normal")
    return _bars(
        ax,
        found,
        departments,
        scenario,
        "department",
        begin,
        end,
        language,
        label_points,
        look.MODE_COLOURS,
        look.MODE_HATCHES,
    )


def _bars(
    ax: Axes, found: dict[str, list[tuple[float, float, str]]], ids: Sequence[str], scenario: Scenario, kind: str, begin: float, end: float, language: str,
    label_points: float, colours: dict[str, str], hatches: dict[str, str],
) -> Axes:  # fmt: skip
    for row, identifier in enumerate(ids):
        for a, b, state in found.get(identifier, []):
            a, b = max(a, begin), min(b, end)
            if b > a:
                ax.barh(
                    row,
                    b - a,
                    left=a,
                    height=0.66,
                    color=colours.get(state, look.NONE),
                    hatch=hatches.get(state),
                    edgecolor="white",
                    linewidth=0,
                    zorder=3,
                )
    axes.rows(ax, [words.title_of(scenario, i, language, kind) for i in ids], label_points)
    axes.hours_axis(ax, scenario.start_time, begin, end, language)
    return ax


def queue(
    ax: Axes,
    series: Series,
    grid: Sequence[float],
    scenario: Scenario,
    *,
    begin: float,
    end: float,
    marks: Sequence[float] = (),
    language: str = "en",
) -> Axes:
    """People waiting over the clock: the middle run with the band of eight runs in ten, and the same day without the fault."""
    inside = axes.thinned(grid, begin, end)
    minutes = [grid[k] for k in inside]
    ax.fill_between(
        minutes,
        [series.p10[k] for k in inside],
        [series.p90[k] for k in inside],
        color=look.ON_TIME,
        alpha=0.22,
        linewidth=0,
        zorder=2,
    )
    ax.plot(minutes, [series.p50[k] for k in inside], color=look.ON_TIME, linewidth=1.5, zorder=4)
    if series.base is not None:
        ax.plot(
            minutes, [series.base[k] for k in inside], color=look.INK, linewidth=1.1, linestyle=(0, (4, 2)), zorder=3
        )
    for mark in marks:
        if begin <= mark <= end:
            ax.axvline(mark, color=look.MUTED, linewidth=0.7, linestyle=(0, (1, 2)), zorder=1)
    axes.hours_axis(ax, scenario.start_time, begin, end, language, most=5)
    ax.set_ylim(bottom=0)
    axes.few_counts(
        ax, max([*(series.p90[k] for k in inside), *((series.base[k] for k in inside) if series.base else ()), 1.0])
    )
    return ax


def pile(
    ax: Axes, series: Sequence[Series], grid: Sequence[float], scenario: Scenario, *, begin: float, end: float, marks: Sequence[tuple[float, str]] = (), language: str = "en"
) -> Axes:  # fmt: skip
    """Items on paper that wait to be typed in, over the clock, one layer a department (middle run of each), the largest at the bottom."""
    inside = axes.thinned(grid, begin, end)
    minutes = [grid[k] for k in inside]
    below = [0.0] * len(inside)
    for number, one in enumerate(series):
        above = [b + one.p50[k] for b, k in zip(below, inside, strict=True)]
        colour, hatch = PILE_FILLS[number % len(PILE_FILLS)]
        ax.fill_between(
            minutes, below, above, facecolor=colour, hatch=hatch, edgecolor="white", linewidth=0.6, zorder=3
        )
        below = above
    for number, (minute, label) in enumerate(marks):
        if begin <= minute <= end:
            leftward = number == 0 and len(marks) > 1
            ax.axvline(minute, color=look.INK, linewidth=0.8, linestyle=(0, (2, 2)), zorder=4)
            ax.annotate(
                label, (minute, 1.0), xycoords=("data", "axes fraction"), xytext=(-3 if leftward else 3, 2), textcoords="offset points",
                ha="right" if leftward else "left", fontsize=7.6, color=look.INK,
            )  # fmt: skip
    axes.hours_axis(ax, scenario.start_time, begin, end, language)
    axes.few_counts(ax, max([*below, 1.0]))
    return ax


def people_load(
    ax: Axes, summary: Summary, *, people: Sequence[str], language: str = "en", label_points: float = 160.0
) -> Axes:
    """Minutes a run that each role worked on steps, and that steps waited for it, by reason."""
    by_id = {p.id: p for p in summary.people}
    top = 0.0
    for row, identifier in enumerate(people):
        left = 0.0
        for field, _, colour, hatch in LOAD_PARTS:
            value = getattr(by_id[identifier], field).value or 0.0
            if value > 0:
                ax.barh(
                    row,
                    value,
                    left=left,
                    height=0.62,
                    color=colour,
                    hatch=hatch,
                    edgecolor="white",
                    linewidth=0.5,
                    zorder=3,
                )
                left += value
        top = max(top, left)
    axes.rows(ax, [words.words(by_id[i].title, language) for i in people], label_points)
    axes.minute_axis(ax, max(top * 1.05, 1.0), language)
    return ax
