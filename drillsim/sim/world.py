"""The world of one replication: the clock, the luck, the log, and the parts of the hospital that act on each other."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any

import simpy

from drillsim.log.rows import NAN, Event
from drillsim.sim.chances import Chances

if TYPE_CHECKING:
    from drillsim.model.scenario import Scenario
    from drillsim.sim.alarms import Alarms
    from drillsim.sim.calendar import Calendar
    from drillsim.sim.conditions import Conditions
    from drillsim.sim.contacts import Contacts
    from drillsim.sim.departments import Departments
    from drillsim.sim.diversions import Diversions
    from drillsim.sim.environment import Environment
    from drillsim.sim.faults import Faults
    from drillsim.sim.flow.engine import Flow
    from drillsim.sim.luck import Streams
    from drillsim.sim.notices import Notices
    from drillsim.sim.people import People
    from drillsim.sim.prepare import Prepared
    from drillsim.sim.reading import Media
    from drillsim.sim.steps import Steps
    from drillsim.sim.systems import Systems

Process = Generator[simpy.Event, Any, Any]

COMPLETION = 1  # ranks of what happens in the same minute: work that ends (and whatever follows from it) …
REPAIR = 2
SHIFT = 3
RELEASE = 3.5  # people who are free now are given their next task
ARRIVAL = 4  # people who come to work, copies that begin, faults, moments of the scenario
END = 9  # EndEx


class World:
    """Everything one replication shares. ``post`` tells those who ``listen`` to a subject that it has changed.

    Subjects are pairs such as ``("component", "his_db")``, ``("event", "declared")``, ``("department", "pharmacy")``.
    """

    alarms: Alarms
    contacts: Contacts
    systems: Systems
    people: People
    departments: Departments
    diversions: Diversions
    notices: Notices
    media: Media
    conditions: Conditions
    faults: Faults
    steps: Steps

    def __init__(
        self, scenario: Scenario, prepared: Prepared, env: Environment, streams: Streams, calendar: Calendar
    ) -> None:
        self.scenario = scenario
        self.hospital = scenario.hospital
        self.plan = scenario.plan
        self.prepared = prepared
        self.env = env
        self.chances = Chances(streams)
        self.calendar = calendar
        self.flow: Flow | None = None
        self.rows: list[Event] = []
        self.happened: dict[str, float] = {}  # event's name → minute it happened first
        self.holds_from: dict[str, float] = {}  # event that has happened and still holds → minute since when
        self._listeners: dict[tuple[str, str], list[Callable[[], object]]] = {}

    def note(
        self, kind: str, subject: str, state: str = "", cause: str = "", value: float = NAN, minute: float | None = None
    ) -> None:
        """Write a row of the log; ``minute`` is now unless given."""
        when = self.env.now if minute is None else minute
        self.rows.append(Event(when, len(self.rows), kind, subject, state, cause, value))

    def happen(self, name: str, cause: str = "") -> None:
        """The event ``name`` happens: noted the first time, and again whenever it had lapsed; what waits for it waits for the first time."""
        if name in self.holds_from:
            return
        self.happened.setdefault(name, self.env.now)
        self.holds_from[name] = self.env.now
        self.note("reached", name, "", cause)
        self.post("event", name)

    def lapse(self, name: str, cause: str = "") -> None:
        """A milestone of LASTING_EVENTS that was reached holds no more."""
        if self.holds_from.pop(name, None) is not None:
            self.note("lapsed", name, "", cause)
            self.post("event", name)

    def listen(self, kind: str, subject: str, callback: Callable[[], object]) -> None:
        """Call back whenever the subject changes, until ``unlisten``."""
        self._listeners.setdefault((kind, subject), []).append(callback)

    def unlisten(self, kind: str, subject: str, callback: Callable[[], object]) -> None:
        """Call back no more."""
        self._listeners[kind, subject].remove(callback)

    def post(self, kind: str, subject: str) -> None:
        """Tell those who listen that the subject has changed."""
        for callback in tuple(self._listeners.get((kind, subject), ())):
            callback()

    def later(self, minutes: float, rank: float = COMPLETION) -> simpy.Event:
        """An event so many minutes from now; ``rank`` orders what happens in the same minute."""
        event = simpy.Event(self.env)
        event._ok, event._value = True, None
        self.env.schedule(event, rank, minutes)  # type: ignore[arg-type]  # SimPy takes any number as priority
        return event

    def call_at(self, minute: float, rank: float, action: Callable[[], None]) -> Callable[[], None]:
        """Do ``action`` at ``minute`` (now, if it has passed) unless the returned function is called before."""
        wanted = True

        def act(_: simpy.Event) -> None:
            if wanted:
                action()

        def cancel() -> None:
            nonlocal wanted
            wanted = False

        event = self.later(max(0.0, minute - self.env.now), rank)
        assert event.callbacks is not None
        event.callbacks.append(act)
        return cancel
