"""The patient flow once more, slow and obvious: one SimPy process for each patient, one list of wishes that is searched from its beginning.

The engine must give the same rows. The luck (arrivals, minutes, ways) is read from a Flow that is never run; queues, people, shifts, interruptions,
patience, room, forks and stops of activities are all done anew here, in the plainest way.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import simpy

from drillsim.model.scenario import Scenario
from drillsim.sim.calendar import Calendar
from drillsim.sim.flow import shifts
from drillsim.sim.flow.engine import Flow
from drillsim.sim.flow.routes import LOOP, OUT, Path, Stop
from drillsim.sim.luck import Streams

Process = Generator[simpy.Event, Any, Any]


class Wish:
    """A patient's wish to be served at a stop; ``granted`` happens when people and things are there."""

    def __init__(self, model: Reference, stop: Stop, patient: int) -> None:
        self.model, self.stop, self.patient = model, stop, patient
        self.name = stop.work.name
        self.activity = stop.work.activity
        self.needs = self.activity.needs
        self.priority = stop.priority(patient)
        self.order = len(model.rows)
        self.begun = False
        self.passed = False  # skipped on paper while it waited
        self.granted = model.env.event()
        self.server: simpy.Process | None = model.env.active_process
        self.cut: tuple[str, Any] | None = None  # an interruption in the very minute in which it was granted
        self.since = 0.0  # when this stretch of work began
        self.stretch = 0

    @property
    def rank(self) -> tuple[int, bool, int]:
        """Most urgent first, then interrupted ones, then in the order of asking."""
        return self.priority, not self.begun, self.order


class Reference:
    """The whole hospital: who is free, who waits, who is being served."""

    def __init__(self, scenario: Scenario, seed: int = 1, replication: int = 0) -> None:
        hospital = scenario.hospital
        self.hospital = hospital
        self.calendar = Calendar(hospital, scenario.start_time, -scenario.warm_up, scenario.horizon)
        self.luck = Flow(hospital, Streams(seed, replication), self.calendar, note=lambda *_: None)
        self.env = simpy.Environment(-scenario.warm_up)
        self.resources = hospital.resources
        self.free = {name: shifts.roster(self.calendar, r.on_duty)[0] for name, r in self.resources.items()}
        self.capacity = dict(self.free)
        self.waiting: list[Wish] = []
        self.serving: list[Wish] = []
        self.stopped: set[str] = set()
        self.paper: set[str] = set()
        self.requests: list[list[Any]] = []  # resource, number, got so far, event
        self.factor: dict[str, float] = {}
        self.kept: dict[tuple[str, int], list[tuple[str, int]]] = {}
        self.rows: list[dict[str, Any]] = []
        self.away: set[tuple[str, int]] = set()
        self.stretches = 0

    def run(self, during: Callable[[Reference], Process] | None = None) -> list[dict[str, Any]]:
        """Play to the horizon; gives the rows of visits."""
        turns = [
            (turn.minute, name, turn.ending, turn.starting)
            for name, resource in self.resources.items()
            for turn in shifts.roster(self.calendar, resource.on_duty)[1]
        ]
        self.env.process(self.rosters(turns))
        for path in self.luck.paths:
            self.env.process(self.arrive(path))
        if during:
            self.env.process(during(self))
        self.env.run(until=self.calendar.horizon)
        for row in self.rows:
            if row["stopped"] is not None:
                row["paused"] += self.calendar.horizon - row["stopped"]
        return self.rows

    # ---- people

    def rosters(self, turns: list[tuple[float, str, int, int]]) -> Process:
        """At each moment, first everybody leaves or comes, then those who can are served."""
        for minute in sorted({turn[0] for turn in turns}):
            yield self.env.timeout(minute - self.env.now)
            for _, name, ending, starting in (turn for turn in turns if turn[0] == minute):
                policy = self.resources[name].at_shift_end
                if policy == "hand_over" and ending:
                    self.hand_over(name, ending, starting)
                self.capacity[name] += starting - ending
                self.free[name] += starting - ending
                while policy == "stop" and self.free[name] < 0 and (busy := self.busy(name)):
                    self.interrupt(max(busy, key=lambda wish: (wish.priority, wish.stretch)), name)
            self.serve()

    def hand_over(self, name: str, ending: int, starting: int) -> None:
        busy = sorted(self.busy(name), key=lambda wish: wish.stretch)
        staying = self.capacity[name] - ending
        leaving = max(len(busy) - staying, 0)
        takers = max(staying + starting - (len(busy) - leaving), 0)
        for wish in busy[: min(leaving, takers)]:
            assert wish.server
            wish.server.interrupt(("longer", self.resources[name].handover))

    def busy(self, name: str) -> list[Wish]:
        return [wish for wish in self.serving if name in wish.activity.needs]

    def on_paper(self, wish: Wish) -> bool:
        return wish.name in self.paper and bool(wish.activity.uses)

    def can_start(self, wish: Wish) -> bool:
        works = wish.activity.on_paper.works if self.on_paper(wish) else wish.name not in self.stopped
        return works and all(
            self.free[name] + self.yielding(name, wish.priority) >= n for name, n in wish.needs.items()
        )

    def yielding(self, name: str, priority: int) -> int:
        """How many of ``name`` can be taken from less urgent work, when some are missing."""
        if not self.resources[name].pre_emptive:
            return 0
        return sum(wish.needs[name] for wish in self.busy(name) if wish.priority > priority)

    def serve(self) -> None:
        """Start everybody who can start, the first in rank first, looking at the whole list again each time."""
        for request in self.requests:
            name, number, got, event = request
            request[2] += min(number - got, max(self.free[name], 0))
            self.free[name] -= request[2] - got
            if request[2] == number and not event.triggered:
                event.succeed()
        while wish := next((w for w in sorted(self.waiting, key=lambda w: w.rank) if self.can_start(w)), None):
            self.take(wish)

    def take(self, wish: Wish) -> None:
        if wish in self.waiting:
            self.waiting.remove(wish)
        for name, n in wish.needs.items():
            while self.free[name] < n:
                victims = [other for other in self.busy(name) if other.priority > wish.priority]
                self.interrupt(max(victims, key=lambda other: (other.priority, other.stretch)), name)
            self.free[name] -= n
        self.serving.append(wish)
        self.stretches += 1
        wish.stretch = self.stretches
        wish.granted.succeed()

    def give_back(self, wish: Wish, *, keep: bool) -> None:
        self.serving.remove(wish)
        for name, n in wish.needs.items():
            if keep and name in wish.activity.keeps:
                self.kept.setdefault((wish.stop.path.name, wish.patient), []).append((name, n))
            else:
                self.free[name] += n

    def free_kept(self, path: Path, patient: int, names: tuple[str, ...] | None) -> None:
        kept = self.kept.pop((path.name, patient), [])
        self.kept[path.name, patient] = [(name, n) for name, n in kept if names is not None and name not in names]
        for name, n in kept:
            if names is None or name in names:
                self.free[name] += n

    def interrupt(self, wish: Wish, name: str) -> None:
        """Somebody of ``name`` must leave this work: it waits again, and its process hears of it."""
        self.give_back(wish, keep=False)
        wish.granted = self.env.event()
        self.waiting.append(wish)
        cause = ("stopped", self.resources[name].interrupted)
        if wish.server is self.env.active_process:  # it has only just begun, and will look at this next
            wish.cut = cause
        else:
            assert wish.server
            wish.server.interrupt(cause)

    # ---- activities that stop, for tests

    def block(self, activity: str, on: bool) -> None:
        if on:
            self.stopped.add(activity)
        else:
            self.stopped.discard(activity)
            self.serve()

    def set_factor(self, activity: str, factor: float) -> None:
        screen = self.hospital.activities[activity].screen
        self.factor[activity] = 1 - screen + screen * factor

    def set_paper(self, activity: str, on: bool) -> None:
        (self.paper.add if on else self.paper.discard)(activity)
        for wish in [w for w in self.waiting if w.name == activity and not w.begun]:
            if self.on_paper(wish) and wish.activity.on_paper.skipped:
                self.waiting.remove(wish)
                wish.passed = True
                wish.granted.succeed()
        self.serve()

    # ---- people for a step of the plan

    def request(self, name: str, number: int) -> simpy.Event:
        event = self.env.event()
        self.requests.append([name, number, 0, event])
        self.serve()
        return event

    def release(self, name: str, number: int) -> None:
        self.free[name] += number
        self.serve()

    # ---- patients

    def arrive(self, path: Path) -> Process:
        for patient in range(path.arriving):
            yield self.env.timeout(max(path.arrived[patient] - self.env.now, 0.0))
            self.env.process(self.visit(path, patient))

    def visit(self, path: Path, patient: int) -> Process:
        yield from self.walk(path, patient, path.first)
        self.free_kept(path, patient, None)
        self.serve()

    def walk(self, path: Path, patient: int, stop: Stop | None) -> Process:
        """Go from stop to stop until the end of the route, or of a line of a fork."""
        while stop is not None and stop.kind != OUT and (stop.lines or not stop.node.fork):
            if stop.lines:
                lines = [self.env.process(self.walk(path, patient, line)) for line in stop.lines]
                yield self.env.all_of(lines)
                join = path.stops[f"{stop.name} join"]
                join = path.version(join, patient, self.env.now) if join.kind == LOOP else join
                stop = join.leave if (path.name, patient) in self.away else join.nexts[patient]
            else:
                stop = yield from self.serve_at(
                    path, path.version(stop, patient, self.env.now) if stop.kind == LOOP else stop, patient
                )

    def serve_at(self, path: Path, stop: Stop, patient: int) -> Generator[simpy.Event, Any, Stop | None]:
        activity = stop.work.activity
        wish = Wish(self, stop, patient)
        row = {"path": path.name, "patient": patient, "node": stop.name, "asked": self.env.now, "started": None, "ended": None, "paused": 0.0, "stopped": None, "mode": 0, "outcome": "waiting"}  # fmt: skip
        ahead = sum(w.activity is activity and not w.begun for w in self.waiting)
        self.rows.append(row)
        rules = activity.on_paper
        if self.on_paper(wish) and rules.skipped:
            row.update(started=self.env.now, ended=self.env.now, outcome="served", mode=2)
            return self.next(wish)
        if self.can_start(wish):
            self.take(wish)
            self.serve()  # whom an interruption has freed something for
        elif activity.room is not None and ahead >= activity.room:
            row.update(ended=self.env.now, outcome="turned_away")
            return self.elsewhere(path, stop, patient, activity.if_full)
        else:
            self.waiting.append(wish)
            if not (yield from self.is_served(wish)):
                self.waiting.remove(wish)
                row.update(ended=self.env.now, outcome="left")
                return self.elsewhere(path, stop, patient, activity.if_impatient)
        if wish.passed:
            row.update(started=self.env.now, ended=self.env.now, outcome="served", mode=2)
            return self.next(wish)
        row.update(started=self.env.now, outcome="in_service", mode=int(self.on_paper(wish)))
        wish.begun = True
        yield from self.work(wish, row)
        row.update(ended=self.env.now, outcome="served")
        self.give_back(wish, keep=True)
        self.free_kept(path, patient, activity.frees)
        self.serve()
        if row["mode"] == 1 and (delay := stop.minutes("paper wait", rules.adds_wait)[patient]):
            yield self.env.timeout(delay)
        return self.next(wish)

    def next(self, wish: Wish) -> Stop | None:
        stop = wish.stop
        return (stop.nexts_paper if wish.name in self.paper else stop.nexts_normal)[wish.patient]

    def minutes(self, wish: Wish, base: float, on_paper: bool) -> float:
        rules = wish.activity.on_paper
        if on_paper:
            return base * rules.factor + wish.stop.minutes("paper work", rules.adds_work)[wish.patient]
        return base * self.factor.get(wish.name, 1.0)

    def is_served(self, wish: Wish) -> Generator[simpy.Event, Any, bool]:
        """Wait for people, no longer than the patient bears it; who is served in the same minute is not gone."""
        classes = list(wish.stop.path.pathway.classes.values())
        patience = wish.activity.patience
        limits = []
        if patience is not None and not (classes and not classes[wish.stop.path.classes[wish.patient]].patient):
            limits = [self.env.timeout(wish.stop.minutes("patience", patience)[wish.patient])]
        try:
            yield self.env.any_of([wish.granted, *limits])
        except simpy.Interrupt as interrupt:
            wish.cut = interrupt.cause
            return True
        return wish.granted.triggered

    def work(self, wish: Wish, row: dict[str, Any]) -> Process:
        """Be served, with interruptions, until all the work is done."""
        stop, patient = wish.stop, wish.patient
        whole = left = self.minutes(wish, stop.base[patient], row["mode"] == 1)
        again = 0
        while True:
            begun = self.env.now
            try:
                if wish.cut is None:
                    yield self.env.timeout(left)
                    return
                (kind, value), wish.cut = wish.cut, None
            except simpy.Interrupt as interrupt:
                kind, value = interrupt.cause
            left -= self.env.now - begun
            if kind == "longer":
                left += value
                continue
            if value == "restart":
                left = whole
            elif value == "resample":
                again += 1
                base = stop.minutes(f"takes again {again}", wish.activity.takes, again)[patient]
                left = self.minutes(wish, base * stop.class_factor(patient), row["mode"] == 1)
            stopped = self.env.now
            row["stopped"] = stopped
            try:
                yield wish.granted
            except simpy.Interrupt as interrupt:
                wish.cut = interrupt.cause
            row["paused"] += self.env.now - stopped
            row["stopped"] = None

    def elsewhere(self, path: Path, stop: Stop, patient: int, name: str) -> Stop | None:
        if name == "leave":
            self.away.add((path.name, patient))
            return stop.leave
        return path.stops[name]
