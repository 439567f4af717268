"""What a film holds: the one document, made from a scenario and its log, that the page and the terminal board play.

A film is plain JSON. Minutes count from StartEx; words are ``{"en": …, "zh": …}``. Quantities through time are **series**: texts of
whole numbers on the film's grid, each the difference to the one before (the first one to zero), ``0xN`` for N differences of zero; the
value at a minute is the one of the last grid point at or before it. Everything else changes at **turns**: lists that begin with the
minute, in order of time; what holds at a minute is the last turn at or before it.

``drillsim schema film`` prints the JSON Schema, ``drillsim/docs/film.md`` describes every field. New fields may come: a reader leaves alone what it does not
know. ``film`` (the version) changes when one of them changes its meaning.
"""

from __future__ import annotations

from typing import Annotated, Any, NotRequired

from pydantic import TypeAdapter, WithJsonSchema
from typing_extensions import TypedDict  # pydantic reads the one of typing only from Python 3.12 on

VERSION = "drillsim/film/1"

Turn = list[Any]
"""What changes at a moment: a list that begins with the minute."""

MINUTE = {"type": "number"}
NUMBER = {"type": "integer", "minimum": 0}
WORD = {"type": "string"}
WORDS = {"type": "object", "required": ["en", "zh"], "additionalProperties": False, "properties": {"en": WORD, "zh": WORD}}  # fmt: skip


Words = Annotated[dict[str, str], WithJsonSchema(WORDS)]
"""The same words in both languages: ``en`` and ``zh``."""


def _row(*items: dict[str, Any]) -> WithJsonSchema:
    return WithJsonSchema({"type": "array", "prefixItems": list(items), "items": False, "minItems": len(items)})


def _or_null(one: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [one, {"type": "null"}]}


HELD = {"type": "array", "items": {"type": "array", "prefixItems": [WORD, NUMBER], "items": False, "minItems": 2}}
StateTurn = Annotated[Turn, _row(MINUTE, WORD, _or_null(MINUTE), _or_null(WORDS))]
ModeTurn = Annotated[Turn, _row(MINUTE, WORD)]
FormsTurn = Annotated[Turn, _row(MINUTE, NUMBER)]
PersonTurn = Annotated[Turn, _row(MINUTE, WORD, HELD, _or_null(NUMBER))]
StepTurn = Annotated[Turn, _row(MINUTE, WORD, _or_null(WORDS), MINUTE)]
DueTurn = Annotated[Turn, _row(MINUTE, MINUTE, MINUTE)]
SituationTurn = Annotated[Turn, _row(MINUTE, WORD, WORDS)]
Piece = Annotated[list[float], _row(MINUTE, {"type": "number", "exclusiveMinimum": 0})]
Edge = Annotated[list[int], _row(NUMBER, NUMBER)]
Series = Annotated[str, WithJsonSchema({"type": "string", "pattern": r"^(0x\d+|-?\d+)( (0x\d+|-?\d+))*$"})]
"""A quantity at each point of the grid, as ``drillsim.playback.series.written`` writes it."""


class Entry(TypedDict):
    """One line of the story: ``level`` 1 what nobody may miss, 2 what moves the day, 3 small print; ``kind`` chooses its sign."""

    minute: float
    kind: str  # one of the kinds of line below
    level: int  # 1, 2 or 3
    text: Words
    detail: NotRequired[
        Words
    ]  # more about it: the effect of a fault, the words of an inject, what a failure comes from
    mark: NotRequired[str]  # its sign on the scrubber: `fault`, `inject`, or the milestone that was reached
    inject: NotRequired[int]  # which of ``injects``


class Question(TypedDict):
    """An inject as a facilitator delivers it: the question stops the clock, ``plan`` and ``happened`` are shown on demand."""

    id: str  # of the inject in the scenario
    minute: float  # at which it is delivered; its line in `entries` has the same
    title: Words | None
    to: Words  # who receives it
    channel: Words | None  # by what means
    text: Words  # what is delivered
    question: Words | None  # what the facilitator asks; null: the clock stops only when asked to
    answer: Words | None  # what the facilitator says to it
    plan: list[Words]  # what the plan says, with document and clause
    happened: list[Words]  # what became in this run of the steps it expects or is about; empty when it names none


class System(TypedDict):
    """A component: where it stands in the drawing (``x``, ``y`` between 0 and 1), turns ``[minute, state, factor, due to]``."""

    id: str
    title: Words
    short: Words | None  # for the drawing; null: the title serves
    kind: str  # as in the hospital's file
    tier: int | None  # its place in the order of restoring
    rto: float | None  # minutes within which it must be back
    x: float
    y: float
    turns: list[StateTurn]


class Care(TypedDict):
    """How much went on in a department or, under ``base``, in the same department on the same day without the fault."""

    waiting: Series
    longest: Series  # whole minutes that the one who has waited longest has waited
    served: Series  # since StartEx


class Place(Care):
    """A department (or an activity that belongs to none): turns ``[minute, mode]``; ``of`` says who waits, patients or orders."""

    id: str
    title: Words
    short: Words | None  # for small tiles; null: the title serves
    of: str  # patients or orders
    turns: list[ModeTurn]
    staff: list[Words]  # who works there
    duty: Series | None  # people on duty; null when nobody works there or it is not known
    pile: Series | None  # items on paper that nobody has typed in yet
    forms: list[FormsTurn]  # [minute, forms at hand] when a kit ran out or was filled up
    mtd: float | None  # longest its work can bear to be without, in minutes
    base: Care | None  # the same day without the fault; null: not played


class Person(TypedDict):
    """Staff of the plan: turns ``[minute, state, [[step, number]…], on duty]``; state is off, called, missed, way, working or free."""

    id: str
    title: Words
    turns: list[PersonTurn]


class Due(TypedDict):
    """A deadline: ``words`` say it, ``clock`` is the minute it began to run, ``at`` the minute it was due (null: it never ran, or the step was never called for).

    A step that a fault which came back had done anew has one each time: turns ``[minute, clock, at]``, each in force from that minute on;
    ``clock`` and ``at`` are those of the last.
    """

    words: Words
    minutes: float  # the time allowed
    clock: float | None
    at: float | None
    each: list[DueTurn]


class PlanStep(TypedDict):
    """A step of the plan: turns ``[minute, state, what it waits for or null, minutes late or 0]`` (lateness only when done)."""

    id: str
    title: Words
    phase: str  # as in the plan's file
    owner: Words  # the role that owns it
    decision: bool  # somebody must decide
    due: Due | None  # null: without a deadline
    outcome: str  # at EndEx, as in `steps.parquet`
    turns: list[StepTurn]


class Figure(TypedDict):
    """A quantity of the whole hospital, about ``patients`` or ``data``; ``bad`` says whether more of it is worse (1), better (-1), neither (0)."""

    id: str
    about: str  # patients or data
    title: Words
    bad: int
    series: Series
    base: Series | None  # the same day without the fault


class Film(TypedDict):
    """Everything the page and the board need."""

    film: str  # the version of the document, `drillsim/film/1`
    title: Words  # of the scenario
    story: Words | None  # what the scenario is about
    hospital: Words
    plan: Words  # with its version
    start: str  # date and time of minute 0, such as 2026-03-09T07:00
    horizon: float  # EndEx
    opens_at: float  # the minute at which it opens: some minutes before the first fault
    failed: float | None  # the minute of the first fault
    planned: bool  # whether that fault is a stop that was announced
    grid: list[Piece]  # [from, step]: the points of every series; from that minute on one every so many minutes
    situation: list[
        SituationTurn
    ]  # [minute, key, words]: where the day stands, in one sentence; one key may count more or fewer at a later turn
    entries: list[Entry]  # the story, in order of time
    injects: list[Question]  # those that were delivered, in order of time
    systems: list[System]
    edges: list[Edge]  # places in `systems`: [system that is needed, system that needs it]
    places: list[Place]  # departments
    people: list[Person]  # the response team
    steps: list[PlanStep]  # in the order of the plan
    figures: list[Figure]
    said: dict[str, Words]  # what the page itself says, by its English


def schema() -> dict[str, Any]:
    """The JSON Schema of a film (draft 2020-12)."""
    return TypeAdapter(Film).json_schema()
