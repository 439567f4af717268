"""One log made ready to be scored: events by kind, the moments they mark, the states things were in, and the visits in columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np

from drillsim.log.rows import ENTRY_COLUMNS, PATIENT_COLUMNS, VISIT_COLUMNS, Event, Log, mode_beneath
from drillsim.model.conditions import AWAY, EventName
from drillsim.model.scenario import Scenario
from drillsim.score import milestones

NAN = float("nan")
Figures = dict[tuple[str, str, str], float]
"""(kind of thing, its id, name of the figure) → figure of one replication; NaN when there is none."""

LEFT, TURNED_AWAY, WAITING, IN_SERVICE = 1, 2, 3, 4
DIVERTED = 4  # of patients, not of visits
SKIPPED = 2


class Stretch(NamedTuple):
    """Something was in ``state`` from minute ``start`` to ``end``."""

    state: str
    start: float
    end: float
    cause: str = ""
    value: float = NAN

    @property
    def minutes(self) -> float:
        """Its length."""
        return self.end - self.start


@dataclass
class View:
    """A log within a window: figures are of [``start``, ``end``); ``failed`` is the minute of the first fault (None without one)."""

    scenario: Scenario
    log: Log
    start: float
    end: float
    failed: float | None
    by_kind: dict[str, list[Event]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for event in sorted(self.log.events, key=lambda e: (e.minute, e.sequence)):
            self.by_kind[event.kind].append(event)

    @property
    def after(self) -> float:
        """Where the event begins for those who suffer it: the first fault, or the window's start without one."""
        return self.start if self.failed is None else self.failed

    @cached_property
    def reached(self) -> dict[str, float]:
        """First minute of every event the log names, by the words it is called in the plan."""
        found = {"start": 0.0}
        for event in self.by_kind["reached"]:
            found.setdefault(event.subject, event.minute)
        if self.failed is not None:
            found.setdefault("failed", self.failed)
        return found

    @cached_property
    def held(self) -> dict[str, float]:
        """Every event that holds at EndEx → the minute since when (see ``milestones``)."""
        return {
            **self.reached,
            **dict.fromkeys(milestones.LASTING_EVENTS, NAN),
            **{n: e.minute for n, e in self.marks.items()},
        }

    @cached_property
    def marks(self) -> dict[str, Event]:
        """Every event that holds at EndEx → the row that says so."""
        rows = [*self.by_kind["reached"], *self.by_kind["lapsed"]]
        return milestones.holding(sorted(rows, key=lambda e: (e.minute, e.sequence)))

    def over_at(self, step: str) -> float:
        """The minute at which a step was over (done, failed, not applicable); EndEx when it was not."""
        rows = [e for e in self.events("step", step)[-2:] if e.state != "unfinished"]
        return rows[-1].minute if rows and rows[-1].state in ("done", "failed", "not_applicable") else self.end

    def minute_of(self, name: EventName) -> float | None:
        """First minute of an event; None when it did not happen. What the log does not name is read from the rows themselves."""
        known = self.reached.get(name.text())
        return self._from_rows(name) if known is None else known

    def _from_rows(self, name: EventName) -> float | None:
        wanted: dict[str, tuple[tuple[str, str, tuple[str, ...]], ...]] = {
            "": (
                ("step", name.subject, ("done",)),
                ("fault", name.subject, ("began",)),
                ("inject", name.subject, ("delivered",)),
            ),
            "failed": (("step", name.subject, ("failed",)),),
            "down": (("component", name.subject, AWAY),),
            "on paper": (("department", name.subject, ("paper",)),),
        }
        for kind, subject, states in wanted.get(name.turn, ()):
            for event in self.by_kind[kind]:
                if event.subject == subject and event.state in states:
                    return event.minute
        return None

    @cached_property
    def rows_of(self) -> dict[str, dict[str, list[Event]]]:
        """kind → subject → its events in order."""
        found: dict[str, dict[str, list[Event]]] = {}
        for kind, events in self.by_kind.items():
            subjects = found.setdefault(kind, defaultdict(list))
            for event in events:
                subjects[event.subject].append(event)
        return found

    def events(self, kind: str, subject: str) -> Sequence[Event]:
        """The events of one thing, in order."""
        return self.rows_of.get(kind, {}).get(subject, ())

    def stretches(self, kind: str, subject: str, initial: str) -> list[Stretch]:
        """The states of one thing from the window's start to its end, one after the other without a gap."""
        return clipped(stretches(self.events(kind, subject), initial, self.log.began, self.end), self.start, self.end)

    def modes_beneath(self, department: str) -> list[Stretch]:
        """The modes of a department as if it were always open: while it is closed, how it serves those who are still there."""
        return [
            s._replace(state=mode_beneath(s.state, s.value)) for s in self.stretches("department", department, "normal")
        ]

    @cached_property
    def visits(self) -> Visits:
        """The visits in columns, sorted by activity."""
        return Visits(self)

    @cached_property
    def entries(self) -> dict[str, np.ndarray]:
        """The columns of what was written on paper, empty ones when there is nothing."""
        return columns(self.log.entries, ENTRY_COLUMNS)

    @cached_property
    def patients(self) -> dict[str, np.ndarray]:
        """The columns of the patients who came, empty ones when there are none; those who were diverted are in ``diverted``."""
        return self._patients(diverted=False)

    @cached_property
    def diverted(self) -> dict[str, np.ndarray]:
        """The columns of those whom a step of the plan kept away: they were never there, and no figure of patients counts them."""
        return self._patients(diverted=True)

    def _patients(self, *, diverted: bool) -> dict[str, np.ndarray]:
        found = columns(self.log.patients, PATIENT_COLUMNS)
        away = found["outcome"] == DIVERTED
        if not diverted and not away.any():
            return found
        return {name: column[away == diverted] for name, column in found.items()}

    def code(self, column: str, name: str) -> int:
        """The number that stands for a name in a column; -1 when the log does not know it."""
        names = self.log.names.get(column, ())
        return names.index(name) if name in names else -1


class Visits:
    """Visits of one log, those skipped on paper left out, sorted by activity.

    ``gone`` is the minute the person left the queue (began, gave up, or the window's end while still waiting), ``wait`` the minutes until
    then; ``stopped`` the minute the work ended, or the window's end while it goes on. ``row`` is the visitor's row among the patients.
    """

    def __init__(self, view: View) -> None:
        given = columns(view.log.visits, VISIT_COLUMNS)
        activity = given["activity"].astype(np.int16)
        order = np.argsort(activity, kind="stable")
        if (given["mode"] == SKIPPED).any():
            order = order[given["mode"][order] != SKIPPED]
        self.activity = activity[order]
        self.row = rows_of(given, view.patients)[order]
        self.node = given["node"][order]
        self.asked = given["asked"][order]
        self.started = given["started"][order]
        self.outcome = given["outcome"][order]
        self.paused = given["paused"][order]
        ended = given["ended"][order]
        never = np.isnan(self.started)
        self.gone = np.where(never, np.where(np.isnan(ended), view.end, ended), self.started)
        self.wait = self.gone - self.asked
        self.stopped = np.where(np.isnan(ended), view.end, ended)
        self.began = ~never
        self.names = view.log.names.get("activity", ())
        self.bounds = np.searchsorted(self.activity, np.arange(len(self.names) + 1))

    def of(self, activity: str) -> slice:
        """Where the visits of one activity stand."""
        if activity not in self.names:
            return slice(0, 0)
        code = self.names.index(activity)
        return slice(int(self.bounds[code]), int(self.bounds[code + 1]))


def rows_of(visits: dict[str, np.ndarray], patients: dict[str, np.ndarray]) -> np.ndarray:
    """For each visit the row of its patient (found by pathway and number); -1 when there is none."""
    pathways, numbers = (t.astype(np.int64) for t in (patients["pathway"], patients["patient"]))
    pathway, number = (t.astype(np.int64) for t in (visits["pathway"], visits["patient"]))
    if len(numbers) == 0 or len(number) == 0:
        return np.full(len(number), -1)
    least = min(int(numbers.min()), int(number.min()))
    width = max(int(numbers.max()), int(number.max())) - least + 1
    row = np.full((max(int(pathways.max()), int(pathway.max())) + 1) * width, -1)
    row[pathways * width + numbers - least] = np.arange(len(numbers))
    return row[pathway * width + number - least]


def columns(given: dict[str, np.ndarray], known: Iterable[str]) -> dict[str, np.ndarray]:
    """All of the known columns; empty ones when nothing is given."""
    return {name: np.asarray(given[name]) if given else np.empty(0) for name in known}


def stretches(events: Sequence[Event], initial: str, began: float, end: float) -> list[Stretch]:
    """The states the events lead through, from ``began`` to ``end``; ``initial`` until the first one."""
    found = []
    state, cause, value, since = initial, "", NAN, began
    for event in events:
        if event.minute >= end:
            break
        if event.minute > since:
            found.append(Stretch(state, since, event.minute, cause, value))
        state, cause, value, since = event.state, event.cause, event.value, max(event.minute, began)
    return [*found, Stretch(state, since, end, cause, value)] if end > since else found


def clipped(found: Iterable[Stretch], start: float, end: float) -> list[Stretch]:
    """The same stretches, as far as they lie between two minutes."""
    return [
        s._replace(start=max(s.start, start), end=min(s.end, end)) for s in found if s.start < end and s.end > start
    ]


def joined(found: Iterable[Stretch], states: Iterable[str]) -> list[Stretch]:
    """The longest unbroken stretches in any of the states; each keeps its first state."""
    wanted, result = set(states), list[Stretch]()
    for s in found:
        if s.state not in wanted:
            continue
        if result and result[-1].end == s.start:
            result[-1] = result[-1]._replace(end=s.end)
        else:
            result.append(s)
    return result


def first_fault(log: Log) -> float | None:
    """Minute of the first fault that began; None when none did."""
    return next((e.minute for e in log.events if e.kind == "fault" and e.state == "began"), None)


def before(log: Log, minute: float) -> Log:
    """The log as it stood at a minute: later rows are gone, what was under way then is unfinished."""
    events = [event for event in log.events if event.minute < minute]
    visits = _known_by(log.visits, "asked", minute, ("started", "ended"))
    if visits:
        never, unfinished = np.isnan(visits["started"]), np.isnan(visits["ended"])
        state = np.where(never, WAITING, IN_SERVICE)
        visits["outcome"] = np.where(unfinished, state, visits["outcome"])
    patients = _known_by(log.patients, "arrived", minute, ("ended",))
    if patients:
        patients["outcome"] = np.where(np.isnan(patients["ended"]), 3, patients["outcome"])
    entries = _known_by(log.entries, "written", minute, ("started", "ended"))
    return Log(log.replication, log.began, minute, events, visits, patients, entries, log.names)


def _known_by(given: dict[str, np.ndarray], first: str, minute: float, later: tuple[str, ...]) -> dict[str, np.ndarray]:
    if not given:
        return {}
    keep = given[first] < minute
    cut = {name: column[keep] for name, column in given.items()}
    for name in later:
        cut[name] = np.where(cut[name] < minute, cut[name], np.nan)
    return cut
