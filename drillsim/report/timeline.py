"""The plan on the clock: when steps are done over all runs, against their deadlines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from drillsim.model import hours
from drillsim.model.scenario import Scenario
from drillsim.report import axes, look, words
from drillsim.score.summary import Summary
from drillsim.score.summary_plan import StepPart

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CURVED_BEYOND = 150.0  # minutes: a longer time axis after a failure is drawn with wide first minutes


def status(step: StepPart) -> str:
    """``on_time``, ``late``, ``missed`` or ``none``: how a step is coloured over all runs."""
    if step.holds is None or step.on_time.value is None:
        return "none"
    if step.holds:
        return "on_time"
    return "missed" if step.outcomes.get("missed", 0.0) > step.outcomes.get("late", 0.0) else "late"


def deadline_minute(step: StepPart, summary: Summary, scenario: Scenario, origin: float) -> float | None:
    """The minute since StartEx at which a step's deadline falls in the middle run; None without a deadline or without its event."""
    allowed = step.allowed
    if allowed is None:
        return None
    planned = next((s for s in scenario.plan.steps if s.id == step.id), None)
    limit = planned.within if planned is not None else None

    def after(minute: float) -> float:
        return (
            minute + allowed if planned is None else hours.due(scenario.hospital, planned, scenario.start_time, minute)
        )

    if limit is not None and not limit.event.turn:
        for milestone in summary.milestones:
            usual = words.certain(milestone.minute)
            if milestone.event == limit.event.subject and usual is not None:
                return after(0.0 if milestone.event == "start" else origin + usual)
        for other in summary.steps:
            usual = words.certain(other.ended)
            if other.id == limit.event.subject and usual is not None:
                return after(usual)
    if step.ended.p50 is None or step.taken.p50 is None:
        return None
    return after(step.ended.p50 - step.taken.p50)


def response_timeline(
    ax: Axes, summary: Summary, scenario: Scenario, *, steps: Sequence[StepPart], origin: float = 0.0, language: str = "en", label_points: float = 200.0
) -> Axes:  # fmt: skip
    """When each step is done, as the band of eight runs in ten over the clock, with its deadline as a diamond and P(on time) at the right.

    ``origin`` is the minute of the first fault; a long time axis is drawn with wide first minutes.
    """
    deadlines = [deadline_minute(s, summary, scenario, origin) for s in steps]
    end = timeline_end(summary, scenario, steps, origin)
    axes.clock_axis(ax, scenario.start_time, origin, end, language, curved=is_curved(summary, origin, end))
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
    axes.rows(ax, [words.words(s.title, language) for s in steps], label_points)
    points = ax.bbox.width / ax.figure.dpi * 72
    _milestones(ax, milestone_marks(summary, scenario, origin, end, points, language))
    return ax


def _row_transform(ax: Axes) -> Any:
    return ax.get_yaxis_transform()


def _band(ax: Axes, row: int, step: StepPart, origin: float, end: float) -> None:
    ended = step.ended
    if ended.p50 is None:
        return
    colour = look.STATUS[status(step)]
    low = min(ended.p10 if ended.p10 is not None else ended.p50, end)
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
    usual = min(ended.p50, end)
    if high - low < (end - origin) * 0.004:  # too short to be seen as a bar
        ax.plot([usual], [row], marker="s", markersize=6, color=colour, zorder=3)
        return
    hatch = "////" if status(step) == "late" else "xxxx" if status(step) == "missed" else None
    ax.barh(row, high - low, left=low, height=0.56, color=colour, edgecolor="white", hatch=hatch, linewidth=0, zorder=3)
    if words.certain(ended) is not None:
        ax.plot([usual, usual], [row - 0.28, row + 0.28], color="white", linewidth=1.8, zorder=4, solid_capstyle="butt")


class Mark(NamedTuple):
    """A named line of the timeline: its minute, its words, the line of names it stands in, whether it is written to the left."""

    minute: float
    label: str
    level: int
    leftward: bool


def milestone_marks(
    summary: Summary, scenario: Scenario, origin: float, end: float, points: float, language: str = "en"
) -> list[Mark]:
    """The events of the response in the middle run, laid out over an axis of that many points so that their names do not meet."""
    known = sorted(
        (origin + usual, m.event)
        for m in summary.milestones
        if m.event != "start" and (usual := words.certain(m.minute)) is not None
    )
    curved = is_curved(summary, origin, end)
    marks: list[Mark] = []
    taken: list[float] = []
    for minute, event in known:
        if not origin <= minute <= end:
            continue
        label = words.milestone(scenario, event, language)
        place, size = axes.fraction(minute, origin, end, curved=curved) * points, axes.text_width(label, 7.6) + 10
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


def is_curved(summary: Summary, origin: float, end: float) -> bool:
    """Whether the time axis has wide first minutes: when there is a failure to begin with, and the axis is long."""
    failed = any(m.event == "failed" and m.minute.p50 is not None for m in summary.milestones)
    return failed and end - origin > CURVED_BEYOND


def timeline_end(summary: Summary, scenario: Scenario, steps: Sequence[StepPart], origin: float) -> float:
    """The last minute of the timeline: that of the latest bar or deadline, at most EndEx."""
    ends = [
        next(
            (end for name in ("p90", "p50", "p10") if (end := words.certain(s.ended, name)) is not None), s.ended.least
        )
        for s in steps
    ] + [deadline_minute(s, summary, scenario, origin) for s in steps]
    return min(max((e for e in ends if e is not None), default=summary.scenario.horizon), summary.scenario.horizon)
