"""Where patients' time goes in each department against the day without the fault: the bars, their table, and what stands beside them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from drillsim.report import axes, look, svg, words
from drillsim.score.delays import PARTS
from drillsim.score.summary import Summary
from drillsim.score.summary_hospital import DepartmentPart
from drillsim.score.summary_parts import Estimate
from drillsim.texts import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAMES: dict[str, str] = {
    "system": "standing still without systems",
    "changing": "changing over to paper",
    "forms": "no forms left",
    "paper": "queue while on paper",
    "typing": "queue while typing in",
    "queue": "queue at other times",
    "paused": "work interrupted",
    "slowed": "work takes longer",
    "work": "other work",
}
"""Part → what the report calls it."""

FILLS: dict[str, tuple[str, str | None]] = {
    "system": ("#6d1f2f", None),
    "changing": ("#e0905a", "////"),
    "forms": ("#4f7f52", "++++"),
    "paper": ("#e9b949", None),
    "typing": ("#8fb6c6", "----"),
    "queue": ("#b3bcc4", None),
    "paused": ("#a03c4c", "\\\\\\\\"),
    "slowed": ("#7a4d94", "xxxx"),
    "work": ("#24556b", None),
}
"""Part → fill and hatch of its bar."""

LEAST = 30.0  # minutes a run, all patients together; a department that loses less is not shown
MOST = 14
FAR = 20.0  # times as much as the next: so much would leave nothing to see of the others


def delayed(summary: Summary, most: int = MOST) -> list[DepartmentPart]:
    """The departments in which patients lose time (or gain some), those that lose most first."""
    found = [d for d in summary.departments if d.delay is not None and abs(d.delay.value or 0.0) >= LEAST]
    return sorted(found, key=lambda d: -(d.delay.value or 0.0) if d.delay else 0.0)[:most]


def drawn(departments: Sequence[DepartmentPart]) -> list[DepartmentPart]:
    """Those of the picture: all, but for the first ones that lose more than ``FAR`` times as much as the next, where the others are more than luck."""
    first = 0
    for here, following in pairwise(departments):
        lost, others = (d.delay.value or 0.0 if d.delay else 0.0 for d in (here, following))
        if lost <= FAR * max(abs(others), LEAST):
            break
        first += 1
    return list(departments[first:] if any(_sure(d) for d in departments[first:]) else departments)


def _sure(department: DepartmentPart) -> bool:
    """Whether the interval of what a department loses is all on one side of nothing."""
    delay = department.delay
    return delay is not None and (delay.low or 0.0) * (delay.high or 0.0) > 0


def parts_of(department: DepartmentPart) -> dict[str, float]:
    """Part → minutes a run more than on the day without the fault."""
    return {p.part: p.difference.value or 0.0 for p in department.delays}


def shown_parts(departments: Sequence[DepartmentPart]) -> list[str]:
    """The parts that hold a minute or more in one of the departments."""
    return [part for part in PARTS if any(abs(parts_of(d).get(part, 0.0)) >= 1 for d in departments)]


def hours(minutes: float | None, language: str = "en", *, signed: bool = False) -> str:
    """Person-minutes in hours: ``1,240 h``, ``0.4 h``."""
    return words.MISSING if minutes is None else say("{h} h", language, h=in_hours(minutes, signed=signed))


def in_hours(minutes: float, *, signed: bool = False) -> str:
    """The same without its unit: ``1,240``, ``+0.4``, ``0``."""
    value = abs(minutes) / 60
    text = words.number(value, 0 if value >= 9.95 else 1)
    if not any(c in "123456789" for c in text):
        return "0"
    return ("−" if minutes < 0 else "+" if signed else "") + text


def hours_range(estimate: Estimate, language: str = "en") -> str:
    """The interval of person-minutes in hours; empty without one."""
    if estimate.low is None or estimate.high is None:
        return ""
    low, high = (hours(bound, language, signed=True) for bound in (estimate.low, estimate.high))
    return say("{low} to {high}", language, low=low, high=high) if low != high else ""


def rows(summary: Summary, language: str) -> dict[str, Any]:
    """The table of delays: for each department what a visit takes on both days, what all lose together, and by what."""
    found = delayed(summary)
    parts = shown_parts(found)
    hidden = found[: len(found) - len(drawn(found))]
    return {
        "delay_hidden": words.listing([words.words(d.title, language) for d in hidden], language),
        "delay_parts": [{"name": say(NAMES[p], language), "colour": FILLS[p][0], "hatch": FILLS[p][1]} for p in parts],
        "delay_rows": [
            {
                "title": words.words(d.title, language),
                "each": _each(d.there, d.visits),
                "each_base": _each(d.there_base, d.visits_base),
                "all": hours(d.delay.value if d.delay else None, language, signed=True),
                "interval": hours_range(d.delay, language) if d.delay else "",
                "parts": [in_hours(parts_of(d)[p], signed=True) for p in parts],
            }
            for d in found
        ],
    }


def _each(minutes: Estimate | None, visits: Estimate | None) -> float | None:
    """Minutes of a visit: all minutes over all visits."""
    if minutes is None or visits is None or minutes.value is None or not visits.value:
        return None
    return minutes.value / visits.value


def picture(summary: Summary, language: str) -> str:
    """The bars as a picture for a page; empty without a department that loses time."""
    found = drawn(delayed(summary))
    if not found:
        return ""
    left = min(max(axes.text_width(words.words(d.title, language)) for d in found) / 72 + 0.14, 3.1)
    return svg.draw(
        lambda ax: bars(ax, found, language=language, label_points=left * 72 - 1),
        height=0.26 * len(found) + 0.55, left=left, right=0.3, bottom=0.42, top=0.05, name="delays",
        title=say("Where patients' time goes", language),
        description="; ".join(f"{words.words(d.title, language)}: {hours(d.delay.value, language, signed=True)}" for d in found if d.delay),
    )  # fmt: skip


def bars(ax: Axes, departments: Sequence[DepartmentPart], *, language: str = "en", label_points: float = 200.0) -> Axes:
    """Hours a run that patients spend more in each department than on the day without the fault, by what held them up, side by side; what is
    less than on that day goes to the left. The diamond is the sum of all parts, with its interval."""
    for row, department in enumerate(departments):
        right = left = 0.0
        for part, minutes in parts_of(department).items():
            colour, hatch = FILLS[part]
            at = right if minutes > 0 else left
            ax.barh(row, minutes / 60, left=at, height=0.6, color=colour, hatch=hatch, edgecolor="white", linewidth=0.4, zorder=3)  # fmt: skip
            right, left = right + max(minutes, 0.0) / 60, left + min(minutes, 0.0) / 60
        total = department.delay
        if total is not None and total.value is not None:
            if total.low is not None and total.high is not None:
                ax.plot([total.low / 60, total.high / 60], [row, row], color=look.INK, linewidth=1.1, zorder=4)
            ax.plot([total.value / 60], [row], marker="D", markersize=4.6, color=look.INK, markeredgecolor="white", markeredgewidth=0.7, linestyle="", zorder=5)  # fmt: skip
    ax.axvline(0, color=look.INK, linewidth=1.0, zorder=4)
    axes.rows(ax, [words.words(d.title, language) for d in departments], label_points)
    ax.grid(axis="x", color=look.RULE, linewidth=0.7)
    ax.set_axisbelow(True)
    ax.tick_params(axis="x", length=0, labelsize=7.6)
    ax.margins(x=0.03)
    ax.set_xlabel(say("hours a run, all patients and orders together, more than on the day without the fault", language), fontsize=7.6)  # fmt: skip
    return ax
