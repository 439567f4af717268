"""The departments in one replication: their modes, how long the work stood still, their paper and the pile to be typed in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from drillsim.log.rows import CLOSED, MODES, mode_beneath
from drillsim.model.care import Department
from drillsim.score.view import NAN, Figures, Stretch, View, clipped

STANDING = ("waiting", "changing")
PAPER_WORK = ("changing", "paper", "back_entry")


def departments(view: View) -> Figures:
    """Figures of every department's modes and paper, and of all paper of the hospital together."""
    figures: Figures = {}
    for name, department in view.scenario.hospital.departments.items():
        for figure, value in (
            modes(view, name, department)
            | paper(view, view.code("department", name), department.back_entry is not None)
        ).items():
            figures["department", name, figure] = value
    piles = any(d.back_entry for d in view.scenario.hospital.departments.values())
    for figure, value in paper(view, None, piles).items():
        figures["data", "data", figure] = value
    figures |= cleared_for_good(view, figures["data", "data", "cleared"])
    cleared, restored = figures["data", "data", "cleared_at"], view.held.get("restored", NAN)
    figures["data", "data", "after_restore"] = (
        max(cleared - (restored - view.after), 0.0) if cleared == cleared else NAN
    )
    return figures


def cleared_for_good(view: View, nothing_left: float) -> Figures:
    """Whether and when everything was typed in and nobody worked on paper any more: as the event ``cleared`` says, where the log has it.

    In other logs the paper says it alone, as long as no department is on paper or typing in at EndEx.
    """
    if nothing_left != nothing_left:
        return {}
    last = (
        mode_beneath(rows[-1].state, rows[-1].value)
        for rows in (view.events("department", d) for d in view.scenario.hospital.departments)
        if rows
    )
    since = view.held["cleared"] if "cleared" in view.reached else NAN
    if "cleared" in view.reached and since == since and nothing_left:
        return {("data", "data", "cleared_at"): since - view.after}
    if "cleared" in view.reached or any(state in PAPER_WORK for state in last):
        return {("data", "data", "cleared"): 0.0, ("data", "data", "cleared_at"): view.end - view.after}
    return {}


def modes(view: View, name: str, department: Department) -> dict[str, float]:
    """Minutes in each mode from the first fault on, the longest stretch without work against the MTD, when it was on paper, empty kits.

    ``stood_still`` is of runs in which the department left its normal working while it was open; NaN otherwise. Minutes in which it is closed
    are none of standing still, nor do they end it: what stood still in the evening and still does in the morning is one stretch.
    ``stood_still_censored`` is 1 when the work stood still at EndEx: that stretch, even when it was not the longest until then, may become it.
    """
    found = clipped(view.stretches("department", name, "normal"), view.after, view.end)
    affected = any(s.state not in ("normal", CLOSED) for s in found)
    minutes, unfinished = longest_standstill(found)
    open_end = affected and unfinished
    on_paper = next((s.start - view.after for s in found if s.state == "paper"), NAN)
    kept = NAN
    if affected and department.mtd is not None:
        kept = 0.0 if minutes > department.mtd + 1e-9 else NAN if open_end else 1.0
    return {
        **{f"minutes {mode}": sum(s.minutes for s in found if s.state == mode) for mode in MODES},
        "affected": float(affected),
        "stood_still": minutes if affected else NAN,
        "stood_still_censored": float(open_end),
        "mtd_met": kept,
        "on_paper_at": on_paper,
        "kit_empty": float(any(e.state == "empty" for e in view.events("kit", name))) if department.kit else NAN,
    }


def longest_standstill(found: Sequence[Stretch]) -> tuple[float, bool]:
    """The most open minutes without work on end, and whether the work still stands still in the last stretch (or would, if it opened)."""
    longest = running = 0.0
    still = False
    for s in found:
        still = mode_beneath(s.state, s.value) in STANDING
        running = 0.0 if not still else running if s.state == CLOSED else running + s.minutes
        longest = max(longest, running)
    return longest, still


def paper(view: View, department: int | None, piles: bool) -> dict[str, float]:
    """Items written on paper, typed in, with errors; the largest pile, what is left of it, and when it was gone (after the first fault).

    ``department`` is a code, None for all together; ``piles``: whether somebody types in afterwards at all. ``cleared_at`` is NaN when
    nothing was written; ``cleared`` is 0 when the pile was not gone at EndEx (then ``cleared_at`` is EndEx: at least).
    """
    columns = view.entries
    rows = slice(None) if department is None else columns["department"] == department
    written, ended, items = columns["written"][rows], columns["ended"][rows], columns["items"][rows]
    typed = ~np.isnan(ended)
    total, entered = float(items.sum()), float(items[typed].sum())
    left = total - entered
    found = {
        "items": total if piles or total else NAN,
        "entered": entered if piles or total else NAN,
        "errors": float((columns["error"][rows] * items)[typed].sum()) if piles or total else NAN,
        "pile_most": _most(written, ended[typed], items, items[typed]) if piles or total else NAN,
        "pile_end": left if piles or total else NAN,
        "cleared": NAN,
        "cleared_at": NAN,
    }
    if total and piles:
        found["cleared"] = float(left == 0)
        found["cleared_at"] = (view.end if left else float(ended.max())) - view.after
    return found


def _most(written: np.ndarray, gone: np.ndarray, items: np.ndarray, items_gone: np.ndarray) -> float:
    """The largest number of items there at one time; those that go at a minute go before those that come."""
    minute = np.concatenate([gone, written])
    change = np.concatenate([-items_gone, items])
    if len(minute) == 0:
        return 0.0
    order = np.argsort(minute, kind="stable")
    return float(change[order].cumsum().max())
