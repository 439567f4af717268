"""Who of a role is on duty or on call at a moment, read from the rosters."""

from __future__ import annotations

from datetime import datetime, timedelta

from drillsim.model.hospital import Hospital
from drillsim.model.hours import kind_of_day, spans
from drillsim.model.people import Span, Staff
from drillsim.units import DAY


def on_duty(hospital: Hospital, staff: str, when: datetime) -> int:
    """How many of a staff role are on duty then."""
    return sum(count for hours, count in hospital.staff[staff].on_duty.items() if during(hospital, hours, when))


def on_call(hospital: Hospital, staff: str, when: datetime) -> int:
    """How many of a staff role can be called in then."""
    call = hospital.staff[staff].on_call
    return call.count if call is not None and during(hospital, call.hours, when) else 0


def during(hospital: Hospital, hours: str, when: datetime) -> bool:
    """Whether a roster's name or a span covers that moment; a span past midnight belongs to the day on which it begins."""
    return any(_covers(span, hospital, when) for span in spans(hospital, hours))


def _covers(span: Span, hospital: Hospital, when: datetime) -> bool:
    minute = when.hour * 60 + when.minute
    yesterday = when - timedelta(days=1)
    today = kind_of_day(hospital, when) in span.days and span.start <= minute < span.end
    return today or (kind_of_day(hospital, yesterday) in span.days and span.start <= minute + DAY < span.end)


def holders(hospital: Hospital, names: tuple[str, ...], when: datetime) -> list[tuple[Staff, int, int]]:
    """The staff who hold a role with how many of them are on duty and on call then, in the plan's order."""
    return [(hospital.staff[name], on_duty(hospital, name, when), on_call(hospital, name, when)) for name in names]
