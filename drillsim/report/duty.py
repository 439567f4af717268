"""Who of a role is on duty or on call at a moment, read from the rosters."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import floor

from drillsim.model.hospital import Hospital
from drillsim.model.hours import kind_of_day, spans
from drillsim.model.people import Span, Staff
from drillsim.model.scenario import Scenario
from drillsim.report.clauses import minute_of
from drillsim.report.outlook import usual
from drillsim.units import DAY


def on_duty(hospital: Hospital, staff: str, when: datetime, away: float = 0.0) -> int:
    """How many of a staff role are on duty then, without the share that is away."""
    roster = hospital.staff[staff].on_duty
    return sum(present(count, away) for hours, count in roster.items() if during(hospital, hours, when))


def on_call(hospital: Hospital, staff: str, when: datetime, away: float = 0.0) -> int:
    """How many of a staff role can be called in then, without the share that is away."""
    call = hospital.staff[staff].on_call
    return present(call.count, away) if call is not None and during(hospital, call.hours, when) else 0


def present(count: int, away: float) -> int:
    """How many of them are there when a share is away; halves round towards being away, as in the runs."""
    return count - floor(min(1.0, away) * count + 0.5)


def kept_away(scenario: Scenario, minute: float) -> dict[str, float]:
    """Staff role → the share that faults keep away at that minute: those more likely than not, whose moment is known, for as long as usual."""
    shares: dict[str, float] = {}
    for fault in scenario.faults:
        begins = minute_of(scenario, fault.at)
        if not fault.nature.of_staff or fault.chance < 0.5 or begins is None:
            continue
        if begins <= minute and (fault.lasts is None or minute < begins + usual(fault.lasts)):
            shares[fault.target] = shares.get(fault.target, 0.0) + min(1.0, fault.severity)
    return shares


def during(hospital: Hospital, hours: str, when: datetime) -> bool:
    """Whether a roster's name or a span covers that moment; a span past midnight belongs to the day on which it begins."""
    return any(_covers(span, hospital, when) for span in spans(hospital, hours))


def _covers(span: Span, hospital: Hospital, when: datetime) -> bool:
    minute = when.hour * 60 + when.minute
    yesterday = when - timedelta(days=1)
    today = kind_of_day(hospital, when) in span.days and span.start <= minute < span.end
    return today or (kind_of_day(hospital, yesterday) in span.days and span.start <= minute + DAY < span.end)


def holders(scenario: Scenario, names: tuple[str, ...], minute: float) -> list[tuple[Staff, int, int]]:
    """The staff who hold a role with how many of them are on duty and on call at that minute, in the plan's order; who is away for a fault is neither."""
    hospital, when, away = (
        scenario.hospital,
        scenario.start_time + timedelta(minutes=minute),
        kept_away(scenario, minute),
    )
    return [
        (
            hospital.staff[name],
            on_duty(hospital, name, when, away.get(name, 0.0)),
            on_call(hospital, name, when, away.get(name, 0.0)),
        )
        for name in names
    ]
