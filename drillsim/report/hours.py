"""Hours of the week in words, as rosters, opening hours of departments and steps of the plan have them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from drillsim.model.hospital import Hospital
from drillsim.model.people import Span, read_span
from drillsim.texts import say
from drillsim.units import DAY

DAYS: tuple[str, ...] = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "holidays")


def told(hospital: Hospital, lines: Iterable[str], language: str = "en") -> str:
    """The hours that rosters' names or spans stand for: ``Mon to Fri 08:00–12:00 and 13:30–17:30; Sat 08:00–12:00``."""
    spans = [span for line in lines for span in _spans(hospital, line)]
    times: dict[frozenset[int], list[str]] = {}
    for span in spans:
        times.setdefault(span.days, []).append(f"{_clock(span.start)}–{_clock(span.end)}")
    pieces = [
        say("{days} {hours}", language, days=_days(days, language), hours=say(" and ", language).join(hours))
        for days, hours in times.items()
    ]
    return say("; ", language).join(pieces)


def _spans(hospital: Hospital, line: str) -> tuple[Span, ...]:
    return hospital.rosters[line] if line in hospital.rosters else (read_span(line),)


def _clock(minute: float) -> str:
    whole = int(minute) if minute <= DAY else int(minute - DAY)
    return f"{whole // 60:02d}:{whole % 60:02d}"


def _days(days: frozenset[int], language: str) -> str:
    if len(days) >= 7 and set(range(7)) <= days:
        return say("every day", language)
    runs = [
        [day for _, day in run]
        for _, run in groupby(enumerate(sorted(days)), lambda pair: pair[1] - pair[0] + 10 * (pair[1] == 7))
    ]
    said = [
        say("{first} to {last}", language, first=say(DAYS[run[0]], language), last=say(DAYS[run[-1]], language))
        if len(run) > 2
        else say(", ", language).join(say(DAYS[day], language) for day in run)
        for run in runs
    ]
    return say(", ", language).join(said)
