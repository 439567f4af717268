"""What a film holds: the one document, made from a scenario and its log, that the page and the terminal board play.

A film is plain JSON. Minutes count from StartEx; words are ``{"en": …, "zh": …}``. Quantities through time are **series**: texts of
whole numbers on the film's grid, each the difference to the one before (the first one to zero), ``0xN`` for N differences of zero; the
value at a minute is the one of the last grid point at or before it. Everything else changes at **turns**: lists that begin with the
minute, in order of time; what holds at a minute is the last turn at or before it.
"""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

VERSION = "drillsim/film/1"

Words = dict[str, str]
"""The same words in both languages: ``en`` and ``zh``."""
Turn = list[Any]


class Entry(TypedDict):
    """One line of the story: ``level`` 1 what nobody may miss, 2 what moves the day, 3 small print; ``kind`` chooses its sign."""

    minute: float
    kind: str
    level: int
    text: Words
    detail: NotRequired[Words]
    mark: NotRequired[
        str
    ]  # its sign on the scrubber: fault, detected, declared, ordered, inject, restored, cleared, stood_down
    inject: NotRequired[int]  # which of ``injects``


class Question(TypedDict):
    """An inject as a facilitator delivers it: the question stops the clock, ``plan`` and ``happened`` are shown on demand."""

    id: str
    minute: float
    title: Words | None
    to: Words
    channel: Words | None
    text: Words
    question: Words | None
    answer: Words | None
    plan: list[Words]  # what the plan says, with document and clause
    happened: list[Words]  # what happened in this run


class System(TypedDict):
    """A component: where it stands in the drawing (``x``, ``y`` between 0 and 1), turns ``[minute, state, factor, due to]``."""

    id: str
    title: Words
    kind: str
    tier: int | None
    rto: float | None
    x: float
    y: float
    turns: list[Turn]


class Care(TypedDict):
    """How much went on in a department or, under ``base``, in the same department on the same day without the fault."""

    waiting: str
    longest: str  # whole minutes that the one who has waited longest has waited
    served: str  # since StartEx


class Place(Care):
    """A department (or an activity that belongs to none): turns ``[minute, mode]``; ``of`` says who waits, patients or orders."""

    id: str
    title: Words
    of: str
    turns: list[Turn]
    staff: list[Words]
    duty: str | None  # people on duty; None when nobody works there or it is not known
    pile: str | None  # items on paper that nobody has typed in yet
    forms: list[Turn]  # [minute, forms at hand] when a kit ran out or was filled up
    mtd: float | None
    base: Care | None


class Person(TypedDict):
    """Staff of the plan: turns ``[minute, state, [[step, number]…], on duty]``; state is off, called, missed, way, working or free."""

    id: str
    title: Words
    turns: list[Turn]


class Due(TypedDict):
    """A deadline: ``words`` say it, ``clock`` is the minute it began to run, ``at`` the minute it was due (None: it never ran)."""

    words: Words
    minutes: float
    clock: float | None
    at: float | None


class PlanStep(TypedDict):
    """A step of the plan: turns ``[minute, state, what it waits for or None, minutes late or 0]`` (lateness only when done)."""

    id: str
    title: Words
    phase: str
    owner: Words
    decision: bool
    due: Due | None
    outcome: str  # as score.steps.OUTCOMES
    turns: list[Turn]


class Figure(TypedDict):
    """A quantity of the whole hospital, about ``patients`` or ``data``; ``bad`` says whether more of it is worse (1), better (-1), neither (0)."""

    id: str
    about: str
    title: Words
    bad: int
    series: str
    base: str | None


class Film(TypedDict):
    """Everything the page and the board need."""

    film: str  # VERSION
    title: Words
    story: Words | None
    hospital: Words
    plan: Words
    start: str  # date and time of minute 0, such as 2026-03-09T07:00
    horizon: float
    opens_at: float  # the minute at which it opens: some minutes before the first fault
    failed: float | None
    grid: float  # minutes between two points of a series; the first is minute 0
    situation: list[Turn]  # [minute, key, words]: where the day stands, in one sentence
    entries: list[Entry]
    injects: list[Question]
    systems: list[System]
    edges: list[list[int]]  # [system that is needed, system that needs it]
    places: list[Place]
    people: list[Person]
    steps: list[PlanStep]
    figures: list[Figure]
    said: dict[str, Words]  # what the page itself says, by its English
