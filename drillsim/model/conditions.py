"""Moments, deadlines and conditions of plans and scenarios, written in words: ``30 min of detected``, ``his is away for 10 min``."""

import itertools
import operator
import re
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from drillsim import units
from drillsim.errors import Wrong
from drillsim.model.base import Record

BUILT_IN_EVENTS = (
    "start",
    "failed",
    "detected",
    "declared",
    "ordered",
    "restored",
    "all_back",
    "returned",
    "cleared",
    "stood_down",
)
"""``start`` StartEx; ``failed`` the first fault begins; ``detected`` somebody responsible knows of it; ``declared`` someone with authority
calls it an incident; ``ordered`` paper working is ordered for the first group; ``restored`` no system that departments use in their
work is away any more, nor anything such a system cannot do without; ``all_back`` nor any other system with an RTO or a tier: standbys and
second members too, so that the next failure finds them; ``returned`` the last department on paper is told to use the systems again; ``cleared`` the last pile of back-entry is gone;
``stood_down`` the incident is ended. Other events: a step's id (it is done), ``STEP failed``, ``COMPONENT down``, ``COMPONENT up``,
``GROUP ordered``, ``DEPARTMENT on paper``, ``DEPARTMENT back``, an inject's or a fault's id (it happened). What waits for an event
goes on at its first time; a deadline counts from the time that belongs to its trouble (``score.clocks``). A step for a later outage has a condition instead, such as ``his is down for 5 min``."""

LASTING_EVENTS = ("restored", "all_back", "returned", "cleared")
"""Events that say how things stand, and so may cease to hold (a relapse, a new order to work on paper) and hold again."""

_WORD = r"[a-z][a-z0-9_\-]*"
_EVENT = re.compile(rf"({_WORD})(?:\s+(down|up|failed|ordered|on paper|back))?")
_DEADLINE = re.compile(r"(?P<minutes>.+?)\s+(?:of|after)\s+(?P<event>.+)")
_AT_A_THRESHOLD = re.compile(rf"threshold (?P<threshold>{_WORD}) (?:of|after) (?P<event>.+)")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2} \d{1,2}:\d{2}")
AWAY = ("down", "isolated", "restoring")


class EventName(Record):
    """An event that steps and deadlines count from: a ``subject`` (built-in word, step, component, department, inject, fault) and its ``turn``."""

    subject: str
    turn: Literal["", "down", "up", "failed", "ordered", "on paper", "back"] = ""

    def text(self) -> str:
        """The words that read as this event; also its name in the log."""
        return f"{self.subject} {self.turn}".strip()


def read_event(text: str) -> EventName:
    """The event named by ``"detected"``, ``"his_db down"``, ``"order_paper"`` … Raises ValueError for anything else."""
    match = _EVENT.fullmatch(text.strip())
    if match is None:
        raise Wrong("expected an event such as 'detected', 'his_db up' or a step's id, got {text!r}", text=text)
    return EventName(subject=match[1], turn=match[2] or "")


class Deadline(Record):
    """So many minutes after a named event: ``"30 min of detected"``, ``"threshold report_other of declared"``.

    ``threshold`` names a threshold of the plan, which puts the ``minutes`` in; infinity until it has.
    """

    minutes: float
    event: EventName
    threshold: str | None = None

    def text(self) -> str:
        """The words that read as this deadline."""
        length = f"threshold {self.threshold}" if self.threshold else units.minute_text(self.minutes)
        return f"{length} of {self.event.text()}"


def read_deadline(text: str) -> Deadline:
    """The deadline written as ``"30 min of detected"``. Raises ValueError when no event to count from is named."""
    text = " ".join(text.split())
    if match := _AT_A_THRESHOLD.fullmatch(text):
        return Deadline(minutes=float("inf"), event=read_event(match["event"]), threshold=match["threshold"])
    match = _DEADLINE.fullmatch(text)
    if match is None:
        units.minutes(text)
        raise Wrong("{text!r} needs an event to count from, such as '{text} of detected'", text=text.strip())
    return Deadline(minutes=units.minutes(match["minutes"]), event=read_event(match["event"]))


class Moment(Record):
    """A moment of a scenario: a time of day (the first after StartEx, on a later ``day`` counted from 1), or minutes after an event."""

    time_of_day: float | None = None
    day: int = 1
    date: str | None = None
    minutes: float = 0.0
    event: EventName | None = None

    def text(self) -> str:
        """The words that read as this moment."""
        if self.date:
            return self.date
        if self.event is not None:
            return f"{units.minute_text(self.minutes)} after {self.event.text()}"
        whole = int(self.time_of_day or 0)
        hours = f"{whole // 60:02d}:{whole % 60:02d}"
        return hours if self.day == 1 else f"day {self.day} {hours}"

    def minute(self, start_time: datetime) -> float | None:
        """Minutes from StartEx (at ``start_time``) to this moment; None when it counts from an event.

        A time of day lies in the first 24 h after StartEx, on ``day 2`` in the next 24 h, and so on.
        """
        if self.event is not None:
            return None
        if self.date is not None:
            return (datetime.strptime(self.date, "%Y-%m-%d %H:%M") - start_time).total_seconds() / 60
        minute = (self.time_of_day or 0.0) - 60.0 * start_time.hour - start_time.minute
        return minute + units.DAY * (self.day - 1 + (minute < 0))


def read_moment(text: str) -> Moment:
    """The moment written as ``"09:10"``, ``"day 2 03:00"``, ``"2026-03-09 09:10"``, ``"+40 min"`` (after the first fault) or ``"20 min after declared"``.

    Raises ValueError for anything else.
    """
    text = text.strip()
    if _DATE.fullmatch(text):
        units.time_of_day(text.split()[1])
        return Moment(date=text)
    if text.startswith("+"):
        return Moment(minutes=units.minutes(text[1:]), event=EventName(subject="failed"))
    if match := _DEADLINE.fullmatch(" ".join(text.split())):
        return Moment(minutes=units.minutes(match["minutes"]), event=read_event(match["event"]))
    if match := re.fullmatch(r"day (\d+) (\d{1,2}:\d{2})", text):
        return Moment(day=int(match[1]), time_of_day=units.time_of_day(match[2]))
    try:
        return Moment(time_of_day=units.time_of_day(text))
    except ValueError:
        raise Wrong(
            "expected a moment such as '09:10', 'day 2 03:00', '+40 min' or '20 min after declared', got {text!r}",
            text=text,
        ) from None


OPERATORS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
}
"""How a claim holds its figure against its number: for the rooms that play, check and score it alike."""

DURING = "during "


def during_text(lines: tuple[str, ...]) -> str:
    """The hours of a step as one text, which is also what its row in the log says it waits for."""
    return DURING + "; ".join(lines)


def during_lines(text: str) -> tuple[str, ...]:
    """The lines of such a text; nothing when it is none."""
    return tuple(text.removeprefix(DURING).split("; ")) if text.startswith(DURING) else ()


class Condition(Record):
    """A claim about the hospital that is true or false at any minute.

    ``kind`` is ``all`` or ``any`` (of ``parts``), ``not`` (of its only part), or a claim about ``subject``:

    * ``state``: a component is in one of ``states`` (``away`` = down, isolated or restoring), for at least ``minutes`` by now
    * ``mode``: a department is in one of ``states`` (normal, waiting, changing, paper, back_entry), for at least ``minutes``. Waiting counts
      while it is open; what else it does goes on while it is closed: one that closed on paper is on paper
    * ``hours``: a department is ``open`` or ``closed``, for at least ``minutes``; or ``opens`` within ``minutes``, and is closed now
    * ``diverted``: a step has diverted a pathway and none has reopened it, for at least ``minutes``
    * ``after``: at least ``minutes`` have passed since ``event``
    * ``happened``: ``event`` has happened
    * ``queue`` / ``pile`` / ``grade``: people waiting in a department, items to type in there, the incident's grade, against ``number``
    * ``judged``: the present judgement of the cause is ``subject`` (or ``right`` / ``wrong``)
    * ``standby``: a service runs on another member than its first
    * ``attack``: somebody responsible knows of an attack (malware, an intruder, somebody from within)
    * ``exposed``: people whose data could so far be taken and read, against ``number``

    ``threshold`` names a threshold of the plan that takes the place of ``minutes``.
    """

    kind: Literal[
        "all",
        "any",
        "not",
        "state",
        "mode",
        "hours",
        "diverted",
        "after",
        "happened",
        "queue",
        "pile",
        "grade",
        "judged",
        "standby",
        "attack",
        "exposed",
    ]
    parts: "tuple[Condition, ...]" = ()
    subject: str = ""
    states: tuple[str, ...] = ()
    minutes: float = 0.0
    threshold: str | None = None
    event: EventName | None = None
    operator: Literal["<", "<=", ">", ">=", "=="] = ">="
    number: float = 0.0

    def text(self) -> str:
        """The words that read as this condition."""
        length = f"threshold {self.threshold}" if self.threshold else units.minute_text(self.minutes)
        lasting = f" for {length}" if self.threshold or self.minutes else ""
        event = self.event.text() if self.event else ""
        match self.kind:
            case "all" | "any":
                return (" and " if self.kind == "all" else " or ").join(self._inside(p) for p in self.parts)
            case "not":
                return f"not {self._inside(self.parts[0])}"
            case "state":
                return f"{self.subject} is {'away' if self.states == AWAY else self.states[0]}{lasting}"
            case "mode":
                return f"{self.subject} is {MODE_WORDS[self.states[0]]}{lasting}"
            case "hours" if self.states == ("opens",):
                return f"{self.subject} opens within {length}"
            case "hours":
                return f"{self.subject} is {self.states[0]}{lasting}"
            case "diverted":
                return f"{self.subject} is diverted{lasting}"
            case "after":
                return f"{length} after {event}"
            case "happened":
                return event
            case "queue" | "pile":
                return f"{self.kind} of {self.subject} {self.operator} {self.number:g}"
            case "grade":
                return f"grade {self.operator} {self.number:g}"
            case "judged":
                return f"judged {self.subject}"
            case "attack":
                return "attack is known"
            case "exposed":
                return f"people exposed {self.operator} {self.number:.15g}"
        return f"{self.subject} on standby"

    def _inside(self, part: "Condition") -> str:
        """A part's words, in brackets where it would read otherwise without them."""
        loose = part.kind == "any" or (part.kind == "all" and self.kind == "not")
        return f"({part.text()})" if loose else part.text()

    def leaves(self) -> "list[Condition]":
        """The claims it is made of."""
        return [leaf for part in self.parts for leaf in part.leaves()] if self.parts else [self]


MODE_WORDS = {
    "normal": "normal",
    "waiting": "waiting",
    "changing": "changing over",
    "paper": "on paper",
    "back_entry": "typing in",
}
_MODES = {words: mode for mode, words in MODE_WORDS.items()}
_LENGTH = rf"(?:threshold (?P<threshold>{_WORD})|(?P<minutes>\d[\d. a-z]*?))"
_CLAIMS = (
    (
        "state",
        re.compile(
            rf"(?P<subject>{_WORD}) is (?P<state>away|down|up|slow|read_only|isolated|restoring)(?: for {_LENGTH})?"
        ),
    ),
    (
        "mode",
        re.compile(
            rf"(?P<subject>{_WORD}) is (?P<state>normal|waiting|changing over|on paper|typing in)(?: for {_LENGTH})?"
        ),
    ),
    ("hours", re.compile(rf"(?P<subject>{_WORD}) is (?P<state>open|closed)(?: for {_LENGTH})?")),
    ("hours", re.compile(rf"(?P<subject>{_WORD}) (?P<state>opens) within {_LENGTH}")),
    ("diverted", re.compile(rf"(?P<subject>{_WORD}) is diverted(?: for {_LENGTH})?")),
    ("after", re.compile(rf"{_LENGTH} after (?P<event>.+)")),
    ("queue", re.compile(rf"queue of (?P<subject>{_WORD}) (?P<operator><=|>=|==|<|>) (?P<number>\d+(?:\.\d+)?)")),
    ("pile", re.compile(rf"pile of (?P<subject>{_WORD}) (?P<operator><=|>=|==|<|>) (?P<number>\d+(?:\.\d+)?)")),
    ("grade", re.compile(r"grade (?P<operator><=|>=|==|<|>) (?P<number>\d+)")),
    ("judged", re.compile(rf"judged (?P<subject>{_WORD})")),
    ("standby", re.compile(rf"(?P<subject>{_WORD}) on standby")),
    ("attack", re.compile(r"attack is known")),
    ("exposed", re.compile(r"people exposed (?P<operator><=|>=|==|<|>) (?P<number>\d+)")),
    ("happened", re.compile(r"(?P<event>.+)")),
)


@lru_cache(maxsize=4096)  # conditions are frozen, and every variant of a scenario reads them again
def read_condition(text: str) -> Condition:
    """The condition written in words; ``and`` binds stronger than ``or``, brackets stronger than both, ``not`` stands before one claim or bracket.

    Raises ValueError with the forms that are understood.
    """
    text = text.strip()
    _check_brackets(text)
    if len(pieces := apart(text, "or")) > 1:
        return _together("any", pieces, text)
    if len(pieces := apart(text, "and")) > 1:
        return _together("all", pieces, text)
    if _bracketed(text):
        return read_condition(text[1:-1])
    if text.startswith("not not"):
        raise _not_understood(text)
    if text.startswith(("not ", "not(")):
        return Condition(kind="not", parts=(read_condition(text[3:]),))
    for kind, pattern in _CLAIMS:
        if match := pattern.fullmatch(text):
            return _claim(kind, match.groupdict(), text)
    raise _not_understood(text)


def apart(text: str, word: Literal["or", "and"]) -> list[str]:
    """The pieces of a condition between the ``or`` (or the ``and``) that stand in no brackets."""
    pieces, depth, begun = [], 0, 0
    for found in re.finditer(rf"[()]|(?<![^\s)]){word}(?![^\s(])", text):
        if found[0] in "()":
            depth += 1 if found[0] == "(" else -1
        elif depth == 0:
            pieces.append(text[begun : found.start()].strip())
            begun = found.end()
    return [*pieces, text[begun:].strip()]


def _together(kind: Literal["all", "any"], pieces: list[str], text: str) -> Condition:
    """Claims that must all hold, or one of them; those of the same kind are taken out of brackets that change nothing."""
    if not all(pieces):
        raise _not_understood(text)
    read = [read_condition(piece) for piece in pieces]
    parts = [each for part in read for each in (part.parts if part.kind == kind else (part,))]
    return Condition(kind=kind, parts=tuple(parts))


def _bracketed(text: str) -> bool:
    """Whether the first bracket opens at the beginning and closes at the end."""
    depths = list(itertools.accumulate((sign == "(") - (sign == ")") for sign in text))
    return text.startswith("(") and 0 not in depths[:-1]


def _check_brackets(text: str) -> None:
    """Raise ValueError when a bracket has no partner, or holds nothing."""
    depth = 0
    for sign in text:
        depth += (sign == "(") - (sign == ")")
        if depth < 0:
            break
    if depth:
        raise Wrong("a bracket is missing: every '(' needs its ')' (in {text!r})", text=text)
    if re.search(r"\(\s*\)", text):
        raise Wrong("there is nothing between the brackets (in {text!r})", text=text)


def _not_understood(text: str) -> Wrong:
    return Wrong(
        "{text!r} is not understood; write for example 'his is away for 10 min', '30 min after detected' or 'grade <= 2'",
        text=text,
    )


def _claim(kind: str, found: dict[str, Any], text: str) -> Condition:
    states = {"state": lambda s: AWAY if s == "away" else (s,), "mode": lambda s: (_MODES[s],), "hours": lambda s: (s,)}
    try:
        return Condition(
            kind=kind,
            subject=found.get("subject") or "",
            states=states[kind](found["state"]) if kind in states else (),
            minutes=units.minutes(found["minutes"]) if found.get("minutes") else 0.0,
            threshold=found.get("threshold"),
            event=read_event(found["event"]) if found.get("event") else None,
            operator=found.get("operator") or ">=",
            number=float(found.get("number") or 0),
        )
    except ValueError as error:
        if kind == "happened":
            raise _not_understood(text) from error
        raise Wrong("{error} (in {text!r})", error=error, text=text) from error


def _reader(read: Any) -> BeforeValidator:
    return BeforeValidator(lambda value: read(value) if isinstance(value, str) else value)


def _words(example: str, kind: Any) -> tuple[Any, Any]:
    return PlainSerializer(kind.text, return_type=str), WithJsonSchema({"type": "string", "description": example})


EventField = Annotated[EventName, _reader(read_event), *_words("'detected', 'his_db up', a step's id", EventName)]
DeadlineField = Annotated[
    Deadline, _reader(read_deadline), *_words("'30 min of detected', 'threshold report_other of declared'", Deadline)
]
MomentField = Annotated[
    Moment, _reader(read_moment), *_words("'09:10', 'day 2 03:00', '+40 min', '20 min after declared'", Moment)
]
ConditionField = Annotated[
    Condition, _reader(read_condition), *_words("'his is away for 10 min and grade <= 2'", Condition)
]
