"""Axes that all pictures share: named rows, times of day, minutes, counts; and how wide a text is."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from drillsim.report import look, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes


_STEPS_OF_TIME = (5, 10, 15, 30, 60, 120, 180, 240, 360, 720, 1440, 2880, 10080, 20160, 50400, 100800, 201600, 504000)

_CURVED_TICKS = (0, 5, 15, 30, 60, 120, 180, 240, 360, 480, 720, 1080, 1440, 2160, 2880, 4320, 7200, 10080, 20160)


def text_width(text: str, size: float = 8.5) -> float:
    """About how many points wide a text is; Chinese signs are as wide as high."""
    return sum(size if unicodedata.east_asian_width(c) in "WF" else size * 0.51 for c in text)


def fitted(text: str, points: float, size: float = 8.5) -> str:
    """The text cut to that width, with an ellipsis when something is cut."""
    if text_width(text, size) <= points:
        return text
    while text and text_width(text + "…", size) > points:
        text = text[:-1]
    return text.rstrip() + "…"


def rows(ax: Axes, labels: list[str], points: float) -> None:
    """One row a label, named at the left, the names aligned at their beginnings."""
    ax.set_yticks(range(len(labels)), [fitted(label, points - 6) for label in labels], ha="left")
    ax.set_ylim(len(labels) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0, pad=points, labelsize=8.5)
    ax.spines["left"].set_visible(False)


def clock_axis(ax: Axes, start: datetime, origin: float, end: float, language: str, *, curved: bool = False) -> None:
    """Times of day along the bottom, minutes since the fault above them; with ``curved`` the first minutes are wide."""
    span = max(end - origin, 1.0)
    ax.set_xlim(origin - (0.15 if curved else span * 0.01), end + span * 0.01)
    if curved:
        import numpy as np

        ax.set_xscale(
            "function",
            functions=(
                lambda x: np.sign(x - origin) * np.sqrt(np.abs(x - origin)),
                lambda x: origin + np.sign(x) * x * x,
            ),
        )
        ax.set_xlim(origin - 0.15, end + span * 0.01)
        wide = max(text_width(words.clock(start, origin + t, language), 7.6) for t in (0.0, span)) + 6
        left = (
            0.6 if ax.figure.get_layout_engine() is not None else 1.0
        )  # of its width, when the names beside it have taken theirs
        points = max(left * ax.bbox.width / ax.figure.dpi * 72, 1.0)
        ticks = spaced([float(t) for t in _CURVED_TICKS if t <= span], span, max(0.085, wide / points))
    else:
        gap = next((s for s in _STEPS_OF_TIME if span / s <= 9), span)
        ticks = [float(gap * k) for k in range(int(span / gap) + 1)]
    names = [f"+{words.duration(t, language)}" if t else words.duration(0.0, language) for t in ticks]
    ax.set_xticks(
        [origin + t for t in ticks],
        [f"{words.clock(start, origin + t, language)}\n{n}" for t, n in zip(ticks, names, strict=True)],
        linespacing=1.5,
    )
    ax.minorticks_off()
    ax.grid(axis="x", color=look.RULE, linewidth=0.7)
    ax.set_axisbelow(True)
    ax.tick_params(axis="x", length=0, labelsize=7.6)


def spaced(ticks: Sequence[float], span: float, least: float = 0.085) -> list[float]:
    """The ticks of a curved axis that stand at least that share of its width apart."""
    kept: list[float] = []
    for tick in ticks:
        if not kept or math.sqrt(tick / span) - math.sqrt(kept[-1] / span) >= least:
            kept.append(tick)
    return kept


def fraction(minute: float, origin: float, end: float, *, curved: bool = False) -> float:
    """Where a minute stands along the clock axis, 0 to 1."""
    span = max(end - origin, 1.0)
    share = max(minute - origin, 0.0) / span
    return math.sqrt(share) if curved else share


def minute_axis(ax: Axes, top: float, language: str) -> None:
    gap = next((s for s in (1, 2, *_STEPS_OF_TIME) if top / s <= 7), top)
    ticks = [gap * k for k in range(int(top / gap) + 1)]
    ax.set_xticks(ticks, [words.duration(float(t), language) for t in ticks])
    ax.set_xlim(0, top)
    ax.grid(axis="x", color=look.RULE, linewidth=0.7)
    ax.set_axisbelow(True)
    ax.tick_params(axis="x", length=0, labelsize=7.6)


def hours_axis(ax: Axes, start: datetime, begin: float, end: float, language: str = "en", most: int = 9) -> None:
    """Times of day along the bottom, evenly spaced at full hours."""
    span = max(end - begin, 1.0)
    gap = next((s for s in _STEPS_OF_TIME if span / s <= most), span)
    offset = start.hour * 60 + start.minute
    first = math.ceil((begin + offset) / gap) * gap - offset
    ticks = [first + gap * k for k in range(int((end - first) / gap) + 1)] if gap < span else [begin]
    ax.set_xlim(begin, end)
    midnight = " 00:00" if gap % 1440 == 0 else ""  # ticks a day apart are days
    ax.set_xticks(ticks, [words.clock(start, t, language).removesuffix(midnight) for t in ticks])
    ax.grid(axis="x", color=look.RULE, linewidth=0.7)
    ax.set_axisbelow(True)
    ax.tick_params(axis="x", length=0, labelsize=7.6)


def thinned(grid: Sequence[float], begin: float, end: float, most: int = 180) -> list[int]:
    """Places of the grid inside the window, at most so many, evenly taken."""
    inside = [k for k, minute in enumerate(grid) if begin <= minute <= end]
    step = max(1, math.ceil(len(inside) / most))
    return inside[::step]


def few_counts(ax: Axes, top: float) -> None:
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
