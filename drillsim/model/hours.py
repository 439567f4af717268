"""Hours of the week on the days of a run: when rosters and spans are on, in minutes since StartEx."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from drillsim import units
from drillsim.model.hospital import Hospital
from drillsim.model.people import Span, read_span
from drillsim.model.plan import Step

HOLIDAY = 7
LOOKS_AHEAD = 60 * units.DAY  # how far the hours of a step are looked for

Hours = list[tuple[float, float]]
"""(start, end) of stretches of time, in order, none touching the next."""


def spans(hospital: Hospital, line: str) -> tuple[Span, ...]:
    """The spans behind the name of a roster, or the one that the line itself is."""
    return hospital.rosters[line] if line in hospital.rosters else (read_span(line),)


def kind_of_day(hospital: Hospital, when: datetime) -> int:
    """0 Monday … 6 Sunday, 7 a holiday."""
    return HOLIDAY if f"{when:%Y-%m-%d}" in hospital.calendar.holidays else when.weekday()


def covered(hospital: Hospital, lines: Iterable[str], start: datetime, low: float, high: float) -> Hours:
    """The hours that at least one of the lines is on, from the minute ``low`` to ``high``, in a run with StartEx at ``start``."""
    wanted = [span for line in lines for span in spans(hospital, line)]
    first = start + timedelta(minutes=low - units.DAY)  # a span may begin the day before
    day, found = first.replace(hour=0, minute=0, second=0, microsecond=0), Hours()
    while (since := (day - start).total_seconds() / 60) < high:
        kind = kind_of_day(hospital, day)
        found += [(max(since + s.start, low), min(since + s.end, high)) for s in wanted if kind in s.days]
        day += timedelta(days=1)
    return joined([(a, b) for a, b in found if b > a])


def joined(found: Iterable[tuple[float, float]]) -> Hours:
    """The same stretches in order, those that overlap or touch as one."""
    whole = Hours()
    for a, b in sorted(found):
        if whole and a <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(whole[-1][1], b))
        else:
            whole.append((a, b))
    return whole


def reached(hours: Sequence[tuple[float, float]], minutes: float) -> float:
    """The minute at which so many minutes of these hours have passed; infinite when they are not that many."""
    left = minutes
    for a, b in hours:
        if b - a >= left:
            return a + left
        left -= b - a
    return float("inf")


def due(hospital: Hospital, step: Step, start: datetime, minute: float) -> float:
    """The minute of the deadline of a step that has one, when its clock starts at ``minute``.

    For a step that is done in certain hours only (``during``) the minutes of these hours count, as in an agreement over office hours; infinite when
    there are not so many within two months.
    """
    assert step.within is not None
    if not step.during:
        return minute + step.within.minutes
    end = minute + step.within.minutes + LOOKS_AHEAD
    return reached(covered(hospital, step.during, start, minute, end), step.within.minutes)
