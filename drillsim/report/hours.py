"""Hours of the week, as rosters, opening hours of departments and steps of the plan have them: in words, and on the days of a scenario."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from drillsim.model.conditions import Condition
from drillsim.model.hospital import Hospital
from drillsim.model.hours import Hours, covered, reached, spans
from drillsim.model.scenario import Scenario
from drillsim.texts import say
from drillsim.units import DAY

DAYS: tuple[str, ...] = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "holidays")


def told(hospital: Hospital, lines: Iterable[str], language: str = "en") -> str:
    """The hours that rosters' names or spans stand for: ``Mon to Fri 08:00–12:00 and 13:30–17:30; Sat 08:00–12:00``."""
    found = [span for line in lines for span in spans(hospital, line)]
    times: dict[frozenset[int], list[str]] = {}
    for span in found:
        times.setdefault(span.days, []).append(f"{_clock(span.start)}–{_clock(span.end)}")
    pieces = [
        say("{days} {hours}", language, days=_days(days, language), hours=say(" and ", language).join(hours))
        for days, hours in times.items()
    ]
    return say("; ", language).join(pieces)


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


LOOKS_AHEAD = 14 * DAY


def first_within(scenario: Scenario, lines: Iterable[str], minute: float) -> float | None:
    """The first minute from ``minute`` on that lies within the hours; None when none does in the next two weeks."""
    return next((max(start, minute) for start, _ in _on(scenario, lines, minute)), None)


def worked(scenario: Scenario, lines: Iterable[str], minute: float, minutes: float) -> float | None:
    """The minute at which so many minutes of these hours have passed since ``minute``; None when they are not that many in the next two weeks."""
    end = reached([(max(a, minute), b) for a, b in _on(scenario, lines, minute)], minutes)
    return end if end < minute + LOOKS_AHEAD else None


def first_so(scenario: Scenario, claim: Condition, minute: float) -> float | None:
    """The first minute from ``minute`` on at which a claim about the hours of a department is so; None when it is not in the next two weeks."""
    lines = scenario.hospital.departments[claim.subject].open
    hours = _on(scenario, lines, minute) if lines else [(float("-inf"), float("inf"))]
    if claim.states == ("opens",):
        return next((max(a - claim.minutes, minute) for a, _ in hours if a > minute), None)
    shut = [(end, start) for (_, end), (start, _) in zip([(0.0, float("-inf")), *hours], hours, strict=False)]
    found = hours if claim.states == ("open",) else shut
    return next((m for a, b in found if b > (m := max(a + claim.minutes, minute))), None)


def _on(scenario: Scenario, lines: Iterable[str], minute: float) -> Hours:
    """The times that the hours cover and that end after ``minute``; those that are on then from before it on."""
    start, end = minute - 7 * DAY, minute + LOOKS_AHEAD
    found = covered(scenario.hospital, lines, scenario.start_time, start, end)
    return [(a if a > start else float("-inf"), b if b < end else float("inf")) for a, b in found if b > minute]
