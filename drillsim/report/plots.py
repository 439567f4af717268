"""The pictures of a report. Each function draws figures already made by ``score`` on an ``ax`` and gives it back; times are minutes since StartEx."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from drillsim.log.rows import Event
from drillsim.model.scenario import Scenario
from drillsim.report import look, words
from drillsim.score.summary import Series, StepPart, Summary
from drillsim.texts import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CURVED_BEYOND = 150.0  # minutes: a longer time axis is drawn with wide first minutes
_STEPS_OF_TIME = (5, 10, 15, 30, 60, 120, 180, 240, 360, 720, 1440, 2880, 10080, 20160, 50400, 100800, 201600, 504000)
_CURVED_TICKS = (0, 5, 15, 30, 60, 120, 180, 240, 360, 480, 720, 1080, 1440, 2160, 2880, 4320, 7200, 10080, 20160)


def text_width(text: str, size: float = 8.5) -> float:
    """About how many points wide a text is; Chinese signs are as wide as high."""
    return sum(size if unicodedata.east_asian_width(c) in "WF" else size * 0.55 for c in text)


def fitted(text: str, points: float, size: float = 8.5) -> str:
    """The text cut to that width, with an ellipsis when something is cut."""
    if text_width(text, size) <= points:
        return text
    while text and text_width(text + "…", size) > points:
        text = text[:-1]
    return text.rstrip() + "…"


def status(step: StepPart) -> str:
    """``on_time``, ``late``, ``missed`` or ``none``: how a step is coloured over all runs."""
    if step.holds is None or step.on_time.value is None:
        return "none"
    if step.holds:
        return "on_time"
    return "missed" if step.outcomes.get("missed", 0.0) > step.outcomes.get("late", 0.0) else "late"


def deadline_minute(step: StepPart, summary: Summary, scenario: Scenario, origin: float) -> float | None:
    """The minute since StartEx at which a step's deadline falls in the middle run; None without a deadline or without its event."""
    if step.allowed is None:
        return None
    limit = next((s.within for s in scenario.plan.steps if s.id == step.id), None)
    if limit is not None and not limit.event.turn:
        for milestone in summary.milestones:
            if milestone.event == limit.event.subject and milestone.minute.p50 is not None:
                return (0.0 if milestone.event == "start" else origin + milestone.minute.p50) + step.allowed
        for other in summary.steps:
            if other.id == limit.event.subject and other.ended.p50 is not None:
                return other.ended.p50 + step.allowed
    if step.ended.p50 is None or step.taken.p50 is None:
        return None
    return step.ended.p50 - step.taken.p50 + step.allowed


def response_timeline(
    ax: Axes, summary: Summary, scenario: Scenario, *, steps: Sequence[StepPart], origin: float = 0.0, language: str = "en", label_points: float = 200.0
) -> Axes:  # fmt: skip
    """When each step is done, as the band of eight runs in ten over the clock, with its deadline as a diamond and P(on time) at the right.

    ``origin`` is the minute of the first fault; a long time axis is drawn with wide first minutes.
    """
    deadlines = [deadline_minute(s, summary, scenario, origin) for s in steps]
    end = timeline_end(summary, scenario, steps, origin)
    _clock_axis(ax, scenario.start_time, origin, end, language)
    for row, (step, limit) in enumerate(zip(steps, deadlines, strict=True)):
        _band(ax, row, step, origin, end)
        if limit is not None and limit <= end * 1.02:
            ax.plot(
                [limit],
                [row],
                marker="D",
                markersize=4.4,
                color=look.INK,
                markeredgecolor="white",
                markeredgewidth=0.7,
                zorder=5,
                clip_on=False,
            )
        elif limit is not None:
            ax.plot(
                [1.0],
                [row],
                marker=">",
                markersize=4.4,
                color=look.INK,
                transform=_row_transform(ax),
                zorder=5,
                clip_on=False,
            )
        if step.on_time.value is not None:
            sign = words.SIGNS["on_time" if step.holds else "late"]
            ax.text(
                1.025, row, f"{sign} {words.share(step.on_time.value, language)}", transform=_row_transform(ax), va="center", fontsize=8.5,
                color=look.ON_TIME if step.holds else look.LATE, fontweight="normal" if step.holds else "bold",
            )  # fmt: skip
    _rows(ax, [words.words(s.title, language) for s in steps], label_points)
    points = ax.get_position().width * ax.get_figure().get_figwidth() * 72
    _milestones(ax, milestone_marks(summary, origin, end, points, language))
    return ax


def _row_transform(ax: Axes) -> Any:
    return ax.get_yaxis_transform()


def _band(ax: Axes, row: int, step: StepPart, origin: float, end: float) -> None:
    ended = step.ended
    if ended.p50 is None:
        return
    colour = look.STATUS[status(step)]
    low = ended.p10 if ended.p10 is not None else ended.p50
    high = min(ended.p90 if ended.p90 is not None else end, end)
    if ended.least is not None and ended.most is not None:
        ax.plot(
            [max(ended.least, origin), min(ended.most, end)],
            [row, row],
            color=colour,
            linewidth=0.9,
            alpha=0.6,
            zorder=2,
            solid_capstyle="butt",
        )
    hatch = "////" if status(step) == "late" else "xxxx" if status(step) == "missed" else None
    ax.barh(row, high - low, left=low, height=0.56, color=colour, edgecolor="white", hatch=hatch, linewidth=0, zorder=3)
    ax.plot(
        [ended.p50, ended.p50], [row - 0.28, row + 0.28], color="white", linewidth=1.8, zorder=4, solid_capstyle="butt"
    )


def _rows(ax: Axes, labels: list[str], points: float) -> None:
    """One row a label, named at the left, the names aligned at their beginnings."""
    ax.set_yticks(range(len(labels)), [fitted(label, points - 6) for label in labels], ha="left")
    ax.set_ylim(len(labels) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0, pad=points)
    ax.spines["left"].set_visible(False)


def _clock_axis(ax: Axes, start: datetime, origin: float, end: float, language: str) -> None:
    """Times of day along the bottom, minutes since the fault above them; wide first minutes when the axis is long."""
    span = max(end - origin, 1.0)
    ax.set_xlim(origin - (0.15 if span > CURVED_BEYOND else span * 0.01), end + span * 0.01)
    if span > CURVED_BEYOND:
        import numpy as np

        ax.set_xscale(
            "function",
            functions=(
                lambda x: np.sign(x - origin) * np.sqrt(np.abs(x - origin)),
                lambda x: origin + np.sign(x) * x * x,
            ),
        )
        ax.set_xlim(origin - 0.15, end + span * 0.01)
        ticks = _spaced(
            [t for t in _CURVED_TICKS if t <= span], [math.sqrt(t / span) for t in _CURVED_TICKS if t <= span]
        )
    else:
        gap = next((s for s in _STEPS_OF_TIME if span / s <= 9), span)
        ticks = [gap * k for k in range(int(span / gap) + 1)]
    names = [f"+{words.duration(t, language)}" if t else words.duration(0.0, language) for t in ticks]
    ax.set_xticks(
        [origin + t for t in ticks],
        [f"{words.clock(start, origin + t, language)}\n{n}" for t, n in zip(ticks, names, strict=True)],
    )
    ax.minorticks_off()
    ax.grid(axis="x", color=look.RULE, linewidth=0.7)
    ax.set_axisbelow(True)
    ax.tick_params(axis="x", length=0, labelsize=7.6)


def _spaced(ticks: list[int], places: list[float], least: float = 0.085) -> list[int]:
    """The ticks that stand at least that share of the width apart."""
    kept: list[tuple[int, float]] = []
    for tick, place in zip(ticks, places, strict=True):
        if not kept or place - kept[-1][1] >= least:
            kept.append((tick, place))
    return [tick for tick, _ in kept]


def _fraction(minute: float, origin: float, end: float) -> float:
    """Where a minute stands along the clock axis, 0 to 1."""
    span = max(end - origin, 1.0)
    share = max(minute - origin, 0.0) / span
    return math.sqrt(share) if span > CURVED_BEYOND else share


class Mark(NamedTuple):
    """A named line of the timeline: its minute, its words, the line of names it stands in, whether it is written to the left."""

    minute: float
    label: str
    level: int
    leftward: bool


def milestone_marks(summary: Summary, origin: float, end: float, points: float, language: str = "en") -> list[Mark]:
    """The events of the response in the middle run, laid out over an axis of that many points so that their names do not meet."""
    known = sorted(
        (origin + m.minute.p50, m.event) for m in summary.milestones if m.minute.p50 is not None and m.event != "start"
    )
    marks: list[Mark] = []
    taken: list[float] = []
    for minute, event in known:
        if not origin <= minute <= end:
            continue
        label = say(words.MILESTONES[event], language)
        place, size = _fraction(minute, origin, end) * points, text_width(label, 7.6) + 10
        leftward = place + size > points + 50
        begin = place - size if leftward else place - 2
        level = next((n for n, until in enumerate(taken) if until <= begin), len(taken))
        taken[level : level + 1] = [place + 2 if leftward else place + size]
        marks.append(Mark(minute, label, level, leftward))
    return marks


def _milestones(ax: Axes, marks: Sequence[Mark]) -> None:
    for mark in marks:
        ax.axvline(mark.minute, color=look.MUTED, linewidth=0.7, linestyle=(0, (2, 2)), zorder=1)
        ax.annotate(
            mark.label, (mark.minute, 1.0), xycoords=("data", "axes fraction"), xytext=(-3 if mark.leftward else 3, 3 + 10 * mark.level),
            textcoords="offset points", ha="right" if mark.leftward else "left", fontsize=7.6, color=look.MUTED, annotation_clip=False,
        )  # fmt: skip


def timeline_end(summary: Summary, scenario: Scenario, steps: Sequence[StepPart], origin: float) -> float:
    """The last minute of the timeline: that of the latest bar or deadline, at most EndEx."""
    ends = [s.ended.p90 if s.ended.p90 is not None else s.ended.p50 for s in steps] + [
        deadline_minute(s, summary, scenario, origin) for s in steps
    ]
    return min(max((e for e in ends if e is not None), default=summary.scenario.horizon), summary.scenario.horizon)


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
    _rows(ax, [words.words(s.title, language) for s in steps], label_points)
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
        for name in sorted(parts, key=_part_place):
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
    _rows(ax, [words.words(s.title, language) for s in steps], label_points)
    top = max((sum((s.parts_when_late or s.parts).values()) for s in steps), default=1.0)
    _minute_axis(ax, top * 1.14, language)
    return ax


def _part_place(name: str) -> int:
    return look.PART_ORDER.index(name) if name in look.PART_ORDER else len(look.PART_ORDER)


def _minute_axis(ax: Axes, top: float, language: str) -> None:
    gap = next((s for s in (1, 2, *_STEPS_OF_TIME) if top / s <= 7), top)
    ticks = [gap * k for k in range(int(top / gap) + 1)]
    ax.set_xticks(ticks, [words.duration(float(t), language) for t in ticks])
    ax.set_xlim(0, top)
    ax.grid(axis="x", color=look.RULE, linewidth=0.7)
    ax.set_axisbelow(True)
    ax.tick_params(axis="x", length=0, labelsize=7.6)


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
        ax, found, components, scenario, begin, end, language, label_points, look.STATE_COLOURS, look.STATE_HATCHES
    )


def department_modes(
    ax: Axes, events: Sequence[Event], scenario: Scenario, *, begin: float, end: float, departments: Sequence[str], language: str = "en", label_points: float = 200.0
) -> Axes:  # fmt: skip
    """How each department worked over the clock in one run: with the systems, standing still, changing over, on paper, typing in."""
    found = stretches(events, "department", end, "normal")
    return _bars(
        ax, found, departments, scenario, begin, end, language, label_points, look.MODE_COLOURS, look.MODE_HATCHES
    )


def _bars(
    ax: Axes, found: dict[str, list[tuple[float, float, str]]], ids: Sequence[str], scenario: Scenario, begin: float, end: float, language: str,
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
    _rows(ax, [words.title_of(scenario, i, language) for i in ids], label_points)
    hours_axis(ax, scenario.start_time, begin, end, language)
    return ax


def hours_axis(ax: Axes, start: datetime, begin: float, end: float, language: str = "en", most: int = 9) -> None:
    """Times of day along the bottom, evenly spaced at full hours."""
    span = max(end - begin, 1.0)
    gap = next((s for s in _STEPS_OF_TIME if span / s <= most), span)
    offset = start.hour * 60 + start.minute
    first = math.ceil((begin + offset) / gap) * gap - offset
    ticks = [first + gap * k for k in range(int((end - first) / gap) + 1)] if gap < span else [begin]
    ax.set_xlim(begin, end)
    ax.set_xticks(ticks, [words.clock(start, t, language) for t in ticks])
    ax.grid(axis="x", color=look.RULE, linewidth=0.7)
    ax.set_axisbelow(True)
    ax.tick_params(axis="x", length=0, labelsize=7.6)


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
    inside = _thinned(grid, begin, end)
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
    hours_axis(ax, scenario.start_time, begin, end, language, most=5)
    ax.set_ylim(bottom=0)
    _few_counts(
        ax, max([*(series.p90[k] for k in inside), *((series.base[k] for k in inside) if series.base else ()), 1.0])
    )
    return ax


def _thinned(grid: Sequence[float], begin: float, end: float, most: int = 180) -> list[int]:
    """Places of the grid inside the window, at most so many, evenly taken."""
    inside = [k for k, minute in enumerate(grid) if begin <= minute <= end]
    step = max(1, math.ceil(len(inside) / most))
    return inside[::step]


def _few_counts(ax: Axes, top: float) -> None:
    gap = next(s * 10**p for p in range(9) for s in (1, 2, 5) if top / (s * 10**p) <= 4)
    ticks = [gap * k for k in range(int(top / gap) + 2)]
    ax.set_ylim(0, max(top * 1.08, gap))
    ax.set_yticks(
        [t for t in ticks if t <= top * 1.08 or t == gap],
        [words.number(float(t)) for t in ticks if t <= top * 1.08 or t == gap],
    )
    ax.tick_params(axis="y", length=0, labelsize=7.6, labelcolor=look.MUTED)
    ax.grid(axis="y", color=look.RULE, linewidth=0.7)
    ax.spines["left"].set_visible(False)


def pile(
    ax: Axes, series: Sequence[Series], grid: Sequence[float], scenario: Scenario, *, begin: float, end: float, marks: Sequence[tuple[float, str]] = (), language: str = "en"
) -> Axes:  # fmt: skip
    """Items on paper that wait to be typed in, over the clock, one layer a department (middle run of each), the largest at the bottom."""
    inside = _thinned(grid, begin, end)
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
    hours_axis(ax, scenario.start_time, begin, end, language)
    _few_counts(ax, max([*below, 1.0]))
    return ax


PILE_FILLS = (
    ("#24556b", None),
    ("#e9b949", None),
    ("#7ba7ba", "////"),
    ("#c65a11", None),
    ("#b9a3c6", "----"),
    ("#cfd6db", None),
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
    _rows(ax, [words.words(by_id[i].title, language) for i in people], label_points)
    _minute_axis(ax, max(top * 1.05, 1.0), language)
    return ax
