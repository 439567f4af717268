"""Who works when: rosters, staff with on-call and training, and equipment, all of them resources with a capacity that changes by the hour."""

import re
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema, field_validator, model_validator

from drillsim import units
from drillsim.errors import Wrong
from drillsim.model.base import Count, Id, Minutes, OneOrMany, Probability, Record, Ref, Source, Text
from drillsim.model.durations import Duration, constant

_SPAN = re.compile(r"(?:(?P<days>[a-z,\- ]+?)\s+)?(?P<start>\d{1,2}:\d{2})\s*-\s*(?P<end>\d{1,2}:\d{2})")


class Span(Record):
    """Hours of the week: ``"mon-fri 08:00-12:00"``. An end at or before the start lies on the next day (``22:00-06:00``)."""

    days: frozenset[int]
    start: float  # minutes after midnight
    end: float  # minutes after midnight of the day of the start; above 1440 past midnight

    def text(self) -> str:
        """The words that read as this span again."""
        names = [*units.DAYS, "holidays"]
        days = "all" if len(self.days) == 8 else ",".join(names[d] for d in sorted(self.days))
        end = self.end if self.end <= units.DAY else self.end - units.DAY
        return f"{days} {int(self.start) // 60:02d}:{int(self.start) % 60:02d}-{int(end) // 60:02d}:{int(end) % 60:02d}"


def read_span(text: str) -> Span:
    """The span written as ``"mon-fri 08:00-17:30"`` or ``"22:00-06:00"``; ``"all"`` or ``"always"`` is the whole week.

    Raises ValueError when it is neither.
    """
    if text.strip() in ("always", "all"):
        return Span(days=units.days_of("all"), start=0.0, end=units.DAY)
    match = _SPAN.fullmatch(text.strip().lower())
    if match is None:
        raise Wrong("expected hours such as 'mon-fri 08:00-17:30' or 'all 22:00-06:00', got {text!r}", text=text)
    start, end = units.time_of_day(match["start"]), units.time_of_day(match["end"])
    return Span(days=units.days_of(match["days"] or "all"), start=start, end=end if end > start else end + units.DAY)


def cover_the_week(texts: Iterable[str]) -> None:
    """Hours of the week of which each has its own figure. Raises ValueError when one is not understood, or an hour of any day is left out or named twice.

    A day after a holiday, before one, or between two is looked at too.
    """
    spans = [read_span(text) for text in texts]
    for today, yesterday in _DAYS_IN_A_ROW:
        found = [(s.start, min(s.end, units.DAY)) for s in spans if today in s.days]
        found += [(0.0, s.end - units.DAY) for s in spans if yesterday in s.days and s.end > units.DAY]
        covered = 0.0
        for start, end in [*sorted(found), (units.DAY, units.DAY)]:
            if start > covered:
                raise Wrong(
                    "{hours} has no number: every hour of the week needs one", hours=_said(today, covered, start)
                )
            if start < covered:
                raise Wrong("{hours} has two numbers", hours=_said(today, start, min(end, covered)))
            covered = end


def _said(day: int, start: float, end: float) -> str:
    return Span(days=frozenset([day]), start=start, end=end).text()


_DAYS_IN_A_ROW = [
    *((day, (day - 1) % 7) for day in range(7)),
    *((7, day) for day in range(8)),
    *((day, 7) for day in range(7)),
]
"""(day, the day before) of all kinds of days that may follow each other; 7 is a holiday."""

SpanField = Annotated[
    Span,
    BeforeValidator(lambda value: read_span(value) if isinstance(value, str) else value),
    PlainSerializer(Span.text, return_type=str),
    WithJsonSchema({"type": "string", "description": "'mon-fri 08:00-17:30', 'all 22:00-06:00' (overnight), 'always'"}),
]
Roster = Annotated[tuple[SpanField, ...], OneOrMany]
"""One or more spans under one name."""


def _shifts(value: Any) -> Any:
    return {"always": value} if isinstance(value, int | str) else value


Shifts = Annotated[
    dict[Annotated[str, Ref("roster", also=("always",))], Count],
    BeforeValidator(_shifts),
    WithJsonSchema({"anyOf": [{"type": "integer"}, {"type": "object", "additionalProperties": {"type": "integer"}}]}),
]
"""How many at which hours: a number (always), or a roster's name or a span → a number; lines that overlap add up."""

Interrupted = Literal["resume", "restart", "resample"]


class OnCall(Record):
    """People who can be called in when too few who hold the role are on duty; people on duty who are busy are waited for.

    When a call is missed, the next holder on call is tried, and after ``again`` the first one anew. Whoever has come stays until EndEx or until the
    incident is stood down, and is counted among the next shift of the same staff. With ``stays`` they go home to rest before that; of staff who ``hand_over``
    (``at_shift_end``) whoever is at work then calls the next of them in and stays until that one is there.
    """

    count: Count = 1
    hours: Annotated[str, Ref("roster", also=("always",))] = "always"  # a roster's name or a span
    answers: Probability = 1.0  # chance that a call is answered; a missed call is tried again after `again`
    again: Minutes = 10.0
    answer: Duration = constant(3.0)  # from the call to the answer
    travel: Duration = constant(30.0)  # from the answer to being at work
    remote: Probability = 0.0  # chance that the work can be done from where they are, without travel
    remote_needs: Annotated[
        tuple[Annotated[str, Ref("component")], ...], OneOrMany
    ] = ()  # the ways in from outside: without one of them they must travel
    stays: Minutes | None = (
        None  # how long somebody stays before they go home to rest; None: until EndEx or the end of the incident
    )
    rests: Minutes = 480.0  # before they can be called again
    source: Source = {}

    @field_validator("again")
    @classmethod
    def _some_time(cls, value: float) -> float:
        if not value > 0:
            raise Wrong("'again' must be longer than zero")
        return value

    @field_validator("stays")
    @classmethod
    def _some_stay(cls, value: float | None) -> float | None:
        if value is not None and not value > 0:
            raise Wrong("'stays' must be longer than zero")
        return value


class Staff(Record):
    """A role of people who are alike for the work at hand, with how many are on duty when.

    ``at_shift_end``: ``finish`` what is in hand, ``hand_over`` to those who stay or come (the work goes on with `handover` minutes added; who finds
    nobody to take over finishes with the patient, while a step of the plan waits), or ``stop`` (the work waits for the next person). Nobody begins anything in the minute in which the shift ends.
    Who was there when an incident was declared ``stays_on`` beyond the end of the shift, until the incident is stood down and for so long at most. ``trained`` (0 to 1, 1 fully) and ``last_drill`` lengthen steps and lower their
    chance of success; how much, the plan's ``readiness`` says.
    """

    title: Text
    on_duty: Shifts = {"always": 1}
    on_call: OnCall | None = None
    department: Annotated[str, Ref("department")] | None = None
    at_shift_end: Literal["finish", "hand_over", "stop"] = "finish"
    handover: Minutes = 0.0
    stays_on: Minutes = 0.0  # of people who serve no patients
    interrupted: Interrupted = "resume"  # what becomes of work cut short by a shift end or by something more urgent
    pre_emptive: bool = False  # more urgent patients interrupt the work on less urgent ones
    trained: Probability = 1.0
    last_drill: Minutes | None = None  # how long before StartEx this role last drilled the plan; None: never
    last_restore: Minutes | None = (
        None  # how long before StartEx it last practised bringing data back; counts instead in steps that do; None: as `last_drill`
    )
    source: Source = {}


class Equipment(Record):
    """Machines, rooms, beds, windows: things that patients need while they are served.

    What ``needs`` a system (power) takes no patient while that is away; such machines are there ``always``.
    """

    title: Text
    on_duty: Shifts = {"always": 1}
    needs: Annotated[tuple[Annotated[str, Ref("component")], ...], OneOrMany] = ()
    department: Annotated[str, Ref("department")] | None = None
    at_shift_end: Literal["finish", "hand_over", "stop"] = "finish"
    interrupted: Interrupted = "resume"
    pre_emptive: bool = False
    source: Source = {}

    @model_validator(mode="after")
    def _always_there(self) -> "Equipment":
        if self.needs and set(self.on_duty) - {"always"}:
            raise Wrong("machines that need a system must be there always: write one number in 'on_duty'")
        return self


class Calendar(Record):
    """Which dates count as holidays (rosters and profiles use the day ``holidays`` for them)."""

    holidays: tuple[str, ...] = ()  # dates such as 2026-10-01
    source: Source = {}

    @model_validator(mode="after")
    def _dates(self) -> "Calendar":
        for date in self.holidays:
            if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", date):
                raise Wrong("expected a date such as '2026-10-01', got {date!r}", date=date)
        return self


__all__ = ["Calendar", "Equipment", "Id", "Interrupted", "OnCall", "Roster", "Shifts", "Span", "Staff", "read_span"]
