"""Pictures for analysts beyond those of the report: the same rules, numbers already made by ``score`` drawn on an ``ax`` that is given back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from drillsim.model.scenario import Scenario
from drillsim.report import axes, look, words
from drillsim.report.paths import COLOURS
from drillsim.score.comparison import Row
from drillsim.score.summary_plan import StepPart
from drillsim.texts import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D


def on_time(ax: Axes, steps: Sequence[StepPart], *, language: str = "en", label_points: float = 200.0) -> Axes:
    """P(on time) of each step with its interval; the upright mark is what the plan asks. Filled dots hold, open triangles do not."""
    for row, step in enumerate(steps):
        share = step.on_time
        if share.value is None:
            continue
        colour, late = (look.ON_TIME, False) if step.holds else (look.LATE, True)
        if share.low is not None and share.high is not None:
            ax.plot([share.low, share.high], [row, row], color=colour, linewidth=1.6, solid_capstyle="butt", zorder=3)
        ax.plot(
            [share.value], [row], linestyle="", marker="^" if late else "o", markersize=6.5, color=colour,
            markerfacecolor="white" if late else colour, markeredgewidth=1.5, zorder=4, clip_on=False,
        )  # fmt: skip
        ax.plot([step.required] * 2, [row - 0.34, row + 0.34], color=look.INK, linewidth=1.3, zorder=2)
        ax.text(
            1.03, row, words.share(share.value, language), transform=ax.get_yaxis_transform(), va="center", fontsize=8.5,
            color=colour, fontweight="bold" if late else "normal",
        )  # fmt: skip
    axes.rows(ax, [words.words(s.title, language) for s in steps], label_points)
    ax.set_xlim(0, 1)
    ticks = (0, 0.25, 0.5, 0.75, 1.0)
    ax.set_xticks(ticks, [words.share(t, language) for t in ticks])
    ax.grid(axis="x", color=look.RULE, linewidth=0.7)
    ax.set_axisbelow(True)
    ax.tick_params(axis="x", length=0, labelsize=7.6)
    ax.set_xlabel(say("share of runs in which the step is on time, with interval; upright: what the plan asks", language), fontsize=7.6)  # fmt: skip
    return ax


class Held(NamedTuple):
    """A bar of ``held_up``: its name, the part of the time it is, minutes a run, and what stands beside them."""

    name: str
    part: str
    minutes: float
    note: str


def held_up(ax: Axes, bars: Sequence[Held], *, said: str, language: str = "en", label_points: float = 260.0) -> Axes:
    """What held things up, minutes a run, hatched as the parts of lateness are; ``said`` is what the axis says."""
    for row, bar in enumerate(bars):
        ax.barh(
            row, bar.minutes, height=0.62, color=COLOURS.get(bar.part, look.PART_COLOURS.get(bar.part, look.NONE)),
            hatch=look.PART_HATCHES.get(bar.part), edgecolor="white", linewidth=0.5, zorder=3,
        )  # fmt: skip
        label = f"{words.duration(bar.minutes, language)} · {bar.note}"
        ax.annotate(label, (bar.minutes, row), xytext=(5, 0), textcoords="offset points", va="center", fontsize=8)
    axes.rows(ax, [bar.name for bar in bars], label_points)
    axes.minute_axis(ax, max((bar.minutes for bar in bars), default=1.0) * 1.38, language)
    ax.set_xlabel(said, fontsize=7.6)
    return ax


def waits(
    ax: Axes, bounds: np.ndarray, with_fault: np.ndarray, without: np.ndarray | None, scenario: Scenario, *, language: str = "en"
) -> Axes:  # fmt: skip
    """Mean wait by the time people came: a line for each of the middle and, where there are several runs, the band of eight in ten.

    ``with_fault`` and ``without`` have a row for each run and a column for each bin; the broken line is the day without the fault.
    """
    middle = (bounds[:-1] + bounds[1:]) / 2
    low, line, high = _quantiles(with_fault)
    if len(with_fault) > 1:
        ax.fill_between(middle, low, high, color=look.ON_TIME, alpha=0.22, linewidth=0, zorder=2)
    ax.plot(middle, line, color=look.ON_TIME, linewidth=1.6, zorder=4, label=say("with the fault", language))
    if without is not None:
        ax.plot(middle, _quantiles(without)[1], color=look.INK, linewidth=1.1, linestyle=(0, (4, 2)), zorder=3, label=say("the same day without the fault", language))  # fmt: skip
    axes.hours_axis(ax, scenario.start_time, float(bounds[0]), float(bounds[-1]), language)
    axes.few_counts(ax, max(float(np.nanmax(np.append(high, 1.0))), 1.0))
    ax.set_ylabel(say("mean wait of those who came then, min", language), fontsize=7.6)
    return ax


def _quantiles(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """10 %, 50 % and 90 % points over the rows, bin by bin; NaN where no row knows."""
    found = np.full((3, rows.shape[1]), np.nan)
    for k, column in enumerate(rows.T):
        known = column[~np.isnan(column)]
        if len(known):
            found[:, k] = np.quantile(known, (0.1, 0.5, 0.9))
    return found[0], found[1], found[2]


def load(
    ax: Axes, bounds: np.ndarray, shares: Mapping[str, np.ndarray], titles: Mapping[str, str], scenario: Scenario, *,
    language: str = "en", label_points: float = 160.0,
) -> Axes:  # fmt: skip
    """How much of its time on duty each role was at work, hour by hour: darker is busier, the number is the share in percent; a stroke: nobody there."""
    from matplotlib.colors import LinearSegmentedColormap

    shade = LinearSegmentedColormap.from_list("load", ["#ffffff", "#8fb6c6", "#24556b", "#12303d"])
    for row, values in enumerate(shares.values()):
        for low, high, share in zip(bounds[:-1], bounds[1:], values, strict=True):
            known = not np.isnan(share)
            ax.barh(row, high - low, left=low, height=0.92, color=shade(share) if known else look.PANEL, edgecolor="white", linewidth=0.8, zorder=2)  # fmt: skip
            if not known or share >= 0.005:
                text = f"{share * 100:.0f}" if known else "–"
                colour = "white" if known and share > 0.45 else look.INK if known else look.MUTED
                ax.text((low + high) / 2, row, text, ha="center", va="center", fontsize=7, color=colour, zorder=3, clip_on=True)  # fmt: skip
    axes.rows(ax, [titles[name] for name in shares], label_points)
    axes.hours_axis(ax, scenario.start_time, float(bounds[0]), float(bounds[-1]), language)
    ax.grid(visible=False)
    ax.set_xlabel(say("percent of the time on duty spent at work; –: nobody there", language), fontsize=7.6)
    return ax


MARKS = ("o", "s", "D", "v", "P", "X", "<", ">")
MARK_COLOURS = (look.ON_TIME, look.LATE, "#7a4d94", "#4f7f52", look.MISSED, "#24556b", "#a8791c", look.MUTED)


def differences(
    ax: Axes, rows: Sequence[Row], labels: Sequence[str], arms: Sequence[str], first: str, *, language: str = "en", label_points: float = 260.0
) -> Axes:  # fmt: skip
    """The difference of each arm to the ``first`` (by its title) with its interval, figure by figure (all of one unit); a sign an arm, filled where it is sure.

    An arrow at a figure's name shows on which side of the line it is better.
    """
    unit = rows[0].unit if rows else "number"
    scale = 100.0 if unit in ("claim", "share") else 1.0
    high = 0.7 / max(len(arms), 1)
    for place, row in enumerate(rows):
        by_arm = {one.arm: one for one in row.differences}
        for number, arm in enumerate(arms):
            one = by_arm.get(arm)
            if one is None or one.difference.value is None:
                continue
            y, colour = place + (number - (len(arms) - 1) / 2) * high, MARK_COLOURS[number % len(MARK_COLOURS)]
            if one.difference.low is not None and one.difference.high is not None:
                ax.plot([one.difference.low * scale, one.difference.high * scale], [y, y], color=colour, linewidth=1.5, zorder=3)  # fmt: skip
            ax.plot(
                [one.difference.value * scale], [y], linestyle="", marker=MARKS[number % len(MARKS)], markersize=6, color=colour,
                markerfacecolor=colour if one.sure == "sure" else "white", markeredgewidth=1.3, zorder=4, gid=arm,
            )  # fmt: skip
        ax.axhline(place + 0.5, color=look.RULE, linewidth=0.6, zorder=1)
    ax.axvline(0, color=look.INK, linewidth=1.1, zorder=2)
    axes.rows(ax, [axes.fitted(label, label_points - 20) + BETTER.get(row.better or "", "") for row, label in zip(rows, labels, strict=True)], label_points)  # fmt: skip
    ax.grid(axis="x", color=look.RULE, linewidth=0.7)
    ax.set_axisbelow(True)
    ax.tick_params(axis="x", length=0, labelsize=7.6)
    told = say(DIFFERENCES.get(unit, DIFFERENCES["number"]), language, first=axes.fitted(first, 220.0))
    ax.set_xlabel(say("; ", language).join([told, say("arrow: the better side", language)]), fontsize=7.6)
    return ax


BETTER = {"more": " →", "less": " ←"}
DIFFERENCES = {
    "claim": "difference to “{first}”, points of a hundred runs; filled: surely more than luck",
    "share": "difference to “{first}”, points of a hundred; filled: surely more than luck",
    "min": "difference to “{first}”, minutes; filled: surely more than luck",
    "number": "difference to “{first}”; filled: surely more than luck",
}


def arms_explained(titles: Mapping[str, str]) -> list[Line2D]:
    """What each sign stands for."""
    from matplotlib.lines import Line2D

    return [
        Line2D([], [], linestyle="", marker=MARKS[n % len(MARKS)], markersize=6, color=MARK_COLOURS[n % len(MARK_COLOURS)], label=title)
        for n, title in enumerate(titles.values())
    ]  # fmt: skip
