"""Who is there at each hour of the week, from rosters, holidays and on-call lists; and hours of the week in words.

A week is a circle of 10,080 minutes from Monday 00:00. Holidays follow as a circle of one day (a holiday between holidays), when the hospital's
calendar has any. Between two changes of any roster everything stays as it is: the week is looked at stretch by stretch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from itertools import pairwise

from drillsim.errors import Wrong
from drillsim.lint.kept import Kept
from drillsim.model.people import Span, Staff, read_span
from drillsim.model.scenario import Scenario
from drillsim.units import DAY, WEEK

HOLIDAY = 7
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "holidays")
MOST_HOURS = 4  # stretches told in full

Stretch = tuple[float, float]


_kept: Kept[Week] = Kept()


def week(scenario: Scenario) -> Week:
    """The week of a scenario; the same one for scenarios that share staff, rosters, holidays and roles."""
    hospital = scenario.hospital
    parts = (hospital.calendar, hospital.staff, hospital.rosters, scenario.plan.roles)
    return _kept.of(parts, lambda: Week(scenario))


class Week:
    """The hours of the staff who hold a role of the plan."""

    def __init__(self, scenario: Scenario) -> None:
        self.hospital = scenario.hospital
        self.plan = scenario.plan
        self._persons: dict[str, list[int]] = {}
        self._holding: dict[str, list[int]] = {}
        self._spans: dict[str, list[Stretch]] = {}
        self._on: dict[str, list[bool]] = {}
        self._on_duty: dict[str, list[int]] = {}
        self.short: dict[
            frozenset[tuple[str, int]], list[int]
        ] = {}  # when so many of these roles are not there together

    @cached_property
    def holders(self) -> dict[str, Staff]:
        """Staff who hold a role of the plan."""
        names = dict.fromkeys(name for role in self.plan.roles.values() for name in role.holders)
        return {name: self.hospital.staff[name] for name in names if name in self.hospital.staff}

    @cached_property
    def stretches(self) -> list[Stretch]:
        """The week, then the holiday, cut wherever somebody comes or goes."""
        rosters = {line for staff in self.holders.values() for line in staff.on_duty}
        rosters |= {staff.on_call.hours for staff in self.holders.values() if staff.on_call}
        end = WEEK + DAY if self.hospital.calendar.holidays else WEEK
        cuts = {edge for line in rosters for spans in (self.spans(line),) for span in spans for edge in span}
        edges = sorted({0.0, WEEK, end, *(cut for cut in cuts if cut < end)})
        return list(pairwise(edges))

    @cached_property
    def kinds(self) -> list[int]:
        """For each stretch the first one in which the same people are there."""
        first: dict[tuple[int, ...], int] = {}
        columns = [(self.on_duty(name), self.on_call(name)) for name in self.holders]
        return [
            first.setdefault(tuple(number for pair in columns for number in (pair[0][n], pair[1][n])), n)
            for n in range(len(self.stretches))
        ]

    def spans(self, line: str) -> list[Stretch]:
        """The stretches of the week (and of a holiday) that a roster's name or a span covers."""
        if line not in self._spans:
            spans = self.hospital.rosters[line] if line in self.hospital.rosters else (read_span(line),)
            self._spans[line] = [stretch for span in spans for stretch in _round(span)]
        return self._spans[line]

    def within(self, lines: Iterable[str], number: int) -> bool:
        """Whether the hours of a step have a part in a stretch; a step without hours has one in every stretch."""
        start, end = self.stretches[number]
        spans = [span for line in lines for span in self.spans(line)]
        return not spans or any(a < end and start < b for a, b in spans)

    def on(self, line: str) -> list[bool]:
        """Whether the roster covers each stretch."""
        if line not in self._on:
            spans = self.spans(line)
            self._on[line] = [any(start <= at < end for start, end in spans) for at, _ in self.stretches]
        return self._on[line]

    def on_duty(self, name: str) -> list[int]:
        """How many of the staff are on duty in each stretch."""
        if name not in self._on_duty:
            lines = [(count, self.on(line)) for line, count in self.holders[name].on_duty.items()]
            self._on_duty[name] = [sum(count for count, on in lines if on[n]) for n in range(len(self.stretches))]
        return self._on_duty[name]

    def on_call(self, name: str) -> list[int]:
        """How many of the staff can be called in in each stretch."""
        terms = self.holders[name].on_call
        if terms is None or not terms.answers > 0:
            return [0] * len(self.stretches)
        return [terms.count if on else 0 for on in self.on(terms.hours)]

    def persons(self, name: str) -> list[int]:
        """How many of the staff can be had in each stretch: on duty, or called in."""
        if name not in self._persons:
            pairs = zip(self.on_duty(name), self.on_call(name), strict=True)
            self._persons[name] = [on_duty + on_call for on_duty, on_call in pairs]
        return self._persons[name]

    def known(self, role: str) -> bool:
        """Whether the role is held by staff that is in the hospital's file."""
        holders = self.plan.roles[role].holders if role in self.plan.roles else ()
        return bool(holders) and all(name in self.holders for name in holders)

    def holding(self, role: str) -> list[int]:
        """How many people hold a role in each stretch; somebody on call who is on duty at the same hours is counted once."""
        if role not in self._holding:
            teams = [map(max, self.on_duty(name), self.on_call(name)) for name in self.plan.roles[role].holders]
            self._holding[role] = [sum(numbers) for numbers in zip(*teams, strict=True)]
        return self._holding[role]

    def where(self, test: Callable[[int], bool]) -> list[Stretch]:
        """The stretches (by number) for which the test is true."""
        return [stretch for number, stretch in enumerate(self.stretches) if test(number)]


def _round(span: Span) -> list[Stretch]:
    """A span on the circles of week and holiday, cut where they close."""
    found: list[Stretch] = []
    for day in span.days:
        base, length = (WEEK, DAY) if day == HOLIDAY else (0.0, WEEK)
        start = span.start if day == HOLIDAY else day * DAY + span.start
        end = start + span.end - span.start
        found.append((base + start, base + min(end, length)))
        if end > length:
            found.append((base, base + end - length))
    return found


# In words


def hours(stretches: Iterable[Stretch]) -> Wrong:
    """Hours of the week in words: ``Saturday 17:30 to Sunday 08:00``; days with the same hours are told together."""
    joined = _joined(list(stretches))
    week = [s for s in joined if s[0] < WEEK]
    holiday = [(a - WEEK, b - WEEK) for a, b in joined if a >= WEEK]
    if sum(b - a for a, b in week) >= WEEK:
        return Wrong("every hour of the week")
    told = [*_by_day(week), *(_on_holidays(a, b) for a, b in holiday)]
    return _listed(told)


def _joined(stretches: list[Stretch]) -> list[Stretch]:
    """Stretches that touch as one, over the end of the week too."""
    found: list[Stretch] = []
    for start, end in sorted(stretches):
        if found and found[-1][1] == start and start != WEEK:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    week = [s for s in found if s[0] < WEEK]
    if len(week) > 1 and week[0][0] == 0 and week[-1][1] == WEEK:
        over = (week[-1][0], WEEK + week[0][1])
        found = [*week[1:-1], over, *(s for s in found if s[0] >= WEEK)]
    return [s for s in found if s[1] <= WEEK or s[0] >= WEEK] + [s for s in found if s[0] < WEEK < s[1]]


def _by_day(stretches: list[Stretch]) -> list[Wrong]:
    """Stretches in order of the week; those with the same hours on several days once."""
    days: dict[tuple[float, float], list[int]] = {}
    for start, end in stretches:
        days.setdefault((start % DAY, end - start), []).append(int(start // DAY))
    return [_one(days_, start, length) for (start, length), days_ in days.items()]


def _one(days: list[int], start: float, length: float) -> Wrong:
    end = start + length
    if len(days) == 1 and end > DAY:
        last = Wrong(DAY_NAMES[(days[0] + int((end - 0.01) // DAY)) % 7])
        return Wrong(
            "{day} {start} to {last} {end}",
            day=Wrong(DAY_NAMES[days[0]]),
            start=_clock(start),
            last=last,
            end=_clock(end),
        )
    return Wrong("{days} {start} to {end}", days=_days(days), start=_clock(start), end=_clock(end))


def _days(days: list[int]) -> Wrong:
    """``Monday to Friday``, ``Saturday, Sunday``."""
    days = sorted(days)
    if len(days) == 7:
        return Wrong("every day")
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return Wrong("{first} to {last}", first=Wrong(DAY_NAMES[days[0]]), last=Wrong(DAY_NAMES[days[-1]]))
    whole = Wrong(DAY_NAMES[days[0]])
    for day in days[1:]:
        whole = Wrong("{first} and {next}", first=whole, next=Wrong(DAY_NAMES[day]))
    return whole


def _on_holidays(start: float, end: float) -> Wrong:
    if end - start >= DAY:
        return Wrong("all day on holidays")
    return Wrong("{days} {start} to {end}", days=Wrong(DAY_NAMES[HOLIDAY]), start=_clock(start), end=_clock(end))


def _clock(minute: float) -> str:
    """``17:30``; the end of a day is ``24:00``."""
    whole = int(minute % DAY)
    if whole == 0 and minute > 0:
        return "24:00"
    return f"{whole // 60:02d}:{whole % 60:02d}"


def _listed(told: list[Wrong]) -> Wrong:
    more = len(told) - MOST_HOURS
    if more > 0:
        return Wrong("{some}; and at {more} other times", some=_apart(told[:MOST_HOURS]), more=more)
    return _apart(told)


def _apart(parts: list[Wrong]) -> Wrong:
    """Several stretches as one: ``a; b; c``."""
    whole = parts[0]
    for part in parts[1:]:
        whole = Wrong("{first}; {next}", first=whole, next=part)
    return whole
