"""Orders to work on paper, group by group: when they came, and whether the systems were back soon afterwards, so that the switch was for nothing."""

from __future__ import annotations

from drillsim.model.conditions import AWAY
from drillsim.model.scenario import Scenario
from drillsim.score.view import NAN, Figures, Stretch, View, joined

SOON = 15.0
"""Minutes: systems that are back so soon after the order make it a false switch, about as long as changing over takes."""


def groups(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    """Group of departments → the components that its activities use, in file order; groups that use none are left out."""
    hospital = scenario.hospital
    found: dict[str, dict[str, None]] = {}
    for activity in hospital.activities.values():
        department = hospital.departments.get(activity.department or "")
        if department is not None and activity.uses:
            found.setdefault(department.group, {}).update(dict.fromkeys(activity.uses))
    return {group: tuple(used) for group, used in found.items()}


def switching(view: View) -> Figures:
    """Figures of every group: ``ordered`` (1 when it was told to work on paper), ``ordered_at`` (after the first fault), ``back_after``
    (minutes from the order until all its systems gave service again; to EndEx when they did not), ``false_switch`` (back within SOON)."""
    figures: Figures = {}
    for group, used in groups(view.scenario).items():
        for figure, value in one_group(view, group, used).items():
            figures["group", group, figure] = value
    return figures


def one_group(view: View, group: str, used: tuple[str, ...]) -> dict[str, float]:
    """Figures of one group that uses these components."""
    ordered = min(
        (m for name in (group, "all") if (m := view.reached.get(f"{name} ordered")) is not None), default=None
    )
    if ordered is None:
        return {"ordered": 0.0, "ordered_at": NAN, "back_after": NAN, "false_switch": 0.0}
    back = max((_back(view.stretches("component", name, "up"), ordered) for name in used), default=ordered) - ordered
    return {
        "ordered": 1.0,
        "ordered_at": ordered - view.after,
        "back_after": back,
        "false_switch": float(back <= SOON and ordered + back < view.end),
    }


def _back(states: list[Stretch], minute: float) -> float:
    """When an outage that lasts at this minute is over; the minute itself when there is none."""
    return next((s.end for s in joined(states, AWAY) if s.start <= minute < s.end), minute)
