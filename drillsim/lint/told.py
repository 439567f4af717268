"""Lengths, events, deadlines and groups as findings speak of them: in words, and not as they are written in files."""

from __future__ import annotations

from collections.abc import Mapping

from drillsim.errors import Wrong
from drillsim.lint.named import joined
from drillsim.model.conditions import Deadline, EventName
from drillsim.model.phrases import EVENTS, GROUPS, SINCE, TURNED, TURNS
from drillsim.model.scenario import Scenario
from drillsim.units import DAY


def length(minutes: float) -> Wrong | str:
    """``22 h 2 min``."""
    if minutes == float("inf"):
        return Wrong("for good")
    if minutes < 60:
        return Wrong("{minutes} min", minutes=f"{minutes:.1f}".removesuffix(".0"))
    whole = round(minutes)
    days, hours, rest = whole // DAY, whole % DAY // 60, whole % 60
    parts = [Wrong("{d} d", d=int(days)), Wrong("{h} h", h=int(hours)), Wrong("{minutes} min", minutes=int(rest))]
    return joined([part for part, n in zip(parts, (days, hours, rest), strict=True) if n], "{first} {next}")


def event(scenario: Scenario, name: EventName, *, since: bool = False) -> Wrong:
    """What fits after "when" (``the failure is noticed``), or with ``since`` after "12 h after" (``detection``)."""
    if not name.turn and name.subject in EVENTS:
        return Wrong((SINCE if since else EVENTS)[name.subject])
    return Wrong(TURNS[name.turn], title=_title(scenario, name))


def _title(scenario: Scenario, name: EventName) -> object:
    """The title of what the event happens to; its id where nothing has it."""
    plan, hospital = scenario.plan, scenario.hospital
    known: Mapping[str, object] = {
        "step": {step.id: step.title for step in plan.steps},
        "component": {i: one.title for i, one in hospital.systems.items()},
        "department": {i: one.title for i, one in hospital.departments.items()},
    }.get(TURNED.get(name.turn, ""), {})  # fmt: skip
    return known.get(name.subject, name.subject)


def deadline(scenario: Scenario, limit: Deadline) -> Wrong:
    """``12 h after detection``."""
    return Wrong(
        "{duration} after {event}", duration=length(limit.minutes), event=event(scenario, limit.event, since=True)
    )


def group(name: str) -> Wrong | str:
    """A group of departments by its usual name, or as it is written."""
    return Wrong(GROUPS[name]) if name in GROUPS else name
