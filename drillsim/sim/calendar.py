"""The calendar of a run: which day and hour a minute is, who is on duty then, how loaded the systems are."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple

from drillsim import units
from drillsim.model.care import hour_span
from drillsim.model.hospital import Hospital
from drillsim.model.people import Roster, Span, read_span

HOLIDAY = 7
LOAD_OTHERWISE = 0.3  # share of the peak load in hours that `hospital.load` does not name


class Shift(NamedTuple):
    """``count`` people (or machines) of one roster line, on duty from ``start`` until ``end`` (minutes since StartEx); ``begun`` is when the shift began,
    before the run maybe."""

    start: float
    end: float
    count: int  # type: ignore[assignment]  # hides tuple.count, which nobody asks of a shift
    roster: str
    begun: float


class Calendar:
    """Turns hours of the week into minutes since StartEx, for a run from ``began`` until ``horizon``.

    A day is 0 Monday … 6 Sunday, or 7 when its date is one of the hospital's holidays: then only spans that name ``holidays`` or ``all``
    apply. A span belongs to the day on which it starts, past midnight too. Times of day are the same all year.
    """

    def __init__(self, hospital: Hospital, start_time: datetime, began: float, horizon: float) -> None:
        self.began = began
        self.horizon = horizon
        self.start_time = start_time
        self.midnight = -60.0 * start_time.hour - start_time.minute  # of the day of StartEx, in minutes since StartEx
        self.monday = self.midnight - units.DAY * start_time.weekday()  # midnight of the Monday of that week
        self._rosters = hospital.rosters
        self._holidays = frozenset(hospital.calendar.holidays)
        self._load = [(*hour_span(hours), share) for hours, share in hospital.load.items()]
        self._date = start_time.date()
        self._kinds: dict[int, int] = {}

    def number(self, minute: float) -> int:
        """Which day ``minute`` lies in, counted from the day of StartEx (0)."""
        return int((minute - self.midnight) // units.DAY)

    def day(self, number: int) -> int:
        """Kind of day ``number``: 0 Monday … 6 Sunday, 7 a holiday."""
        if number not in self._kinds:
            date = self._date + timedelta(days=number)
            self._kinds[number] = HOLIDAY if date.isoformat() in self._holidays else date.weekday()
        return self._kinds[number]

    def time_of_day(self, minute: float) -> float:
        """Minutes since midnight."""
        return (minute - self.midnight) % units.DAY

    def hour(self, minute: float) -> int:
        """Hour of the day, 0 to 23."""
        return int(self.time_of_day(minute) // 60)

    def load(self, minute: float) -> float:
        """Share of the peak load on the systems."""
        time = self.time_of_day(minute)
        return next((share for start, end, share in self._load if start <= time < end), LOAD_OTHERWISE)

    def on(self, roster: str, minute: float) -> bool:
        """Whether ``roster`` (a roster's name, a span such as ``"mon-fri 08:00-12:00"``, or ``"always"``) covers ``minute``."""
        today, time = self.number(minute), self.time_of_day(minute)
        return any(
            span.start <= time + past * units.DAY < span.end and self.day(today - past) in span.days
            for span in self._spans(roster)
            for past in (0, 1)
        )

    def figure(self, by_hours: float | dict[str, float], minute: float) -> float:
        """The figure of these hours of the week (or the one for all of them) at ``minute``."""
        if not isinstance(by_hours, dict):
            return by_hours
        return next(figure for hours, figure in by_hours.items() if self.on(hours, minute))

    def shifts(self, on_duty: dict[str, int]) -> list[Shift]:
        """Every shift of these roster lines that ends after ``began`` and starts before ``horizon``, by start; starts clipped to ``began``.

        Spans of one line that overlap are one shift; those that only touch stay two, with a shift end between them.
        """
        found = [
            Shift(max(start, self.began), end, count, roster, start)
            for roster, count in on_duty.items()
            if count
            for start, end in self._covered(roster)
            if end > self.began and start < self.horizon
        ]
        return sorted(found, key=lambda shift: shift.start)

    def capacity(self, on_duty: dict[str, int]) -> list[tuple[float, int]]:
        """(minute, number on duty from then on): the first at ``began``, then every change before ``horizon``."""
        changes = {self.began: 0}
        for shift in self.shifts(on_duty):
            changes[shift.start] = changes.get(shift.start, 0) + shift.count
            if shift.end < self.horizon:
                changes[shift.end] = changes.get(shift.end, 0) - shift.count
        found: list[tuple[float, int]] = []
        number = 0
        for minute in sorted(changes):
            number += changes[minute]
            if not found or number != found[-1][1]:
                found.append((minute, number))
        return found

    def _spans(self, roster: str) -> Roster:
        return self._rosters[roster] if roster in self._rosters else (_read(roster),)

    def _covered(self, roster: str) -> list[tuple[float, float]]:
        """(start, end) of every time ``roster`` is on, in order, overlaps merged."""
        if roster == "always":
            return [(self.began, float("inf"))]
        days = range(self.number(self.began) - 1, self.number(self.horizon) + 1)
        spans = sorted(
            (self.midnight + day * units.DAY + span.start, self.midnight + day * units.DAY + span.end)
            for day in days
            for span in self._spans(roster)
            if self.day(day) in span.days
        )
        merged: list[tuple[float, float]] = []
        for start, end in spans:
            if merged and start < merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        return merged


@cache
def _read(text: str) -> Span:
    return read_span(text)
