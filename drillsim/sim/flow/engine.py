"""The engine: patients move from stop to stop, wait for free people, are served, and leave, all on flat columns in one loop.

A visit is a position in the columns ``at`` (its Stop), ``who`` (the patient's position in the pathway), ``asked``, ``started`` and ``ended``; what is
rare about a visit is kept beside them by its position (``paused``, ``modes``, ``outcomes`` …). An event is ``(minute, code, visit)``; codes sort the
events of one minute: shift changes (so that nobody begins anything in the minute in which the shift ends; what ends then is complete), services
that end, then, after the arrivals, ends of patience; each kind in the order in which it was set.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from heapq import heapify, heappop, heappush
from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np

from drillsim.errors import SimulationError
from drillsim.model.care import all_nodes
from drillsim.model.hospital import Hospital
from drillsim.sim.calendar import Calendar
from drillsim.sim.flow import columns, holding, shifts
from drillsim.sim.flow.arrivals import arrivals
from drillsim.sim.flow.paper import Desk, errors, paper_minutes
from drillsim.sim.flow.pools import Pool, Queue, Request
from drillsim.sim.flow.routes import DO, FORK, LOOP, Path, Stop, Work
from drillsim.sim.luck import Streams

if TYPE_CHECKING:
    import simpy

    from drillsim.sim.environment import Environment

NAN = float("nan")
FOREVER = float("inf")
ENDS, MOVES = (
    1,
    2,
)  # lowest two bits of a code: a service that ends, a patient who moves on after a delay; 0: a service that ends, nothing special
SHIFT = -(1 << 58)  # negative codes: a shift change
PATIENCE = 1 << 58  # codes from here on: somebody's patience ends
STEPS = 10_000  # stops that a patient may pass in one minute before we say that it goes round in circles


class Flow:
    """The patient flow of one replication. SimPy's processes talk to it through the methods without underscore."""

    def __init__(self, hospital: Hospital, streams: Streams, calendar: Calendar, *, note: Callable[..., None]) -> None:
        self.hospital, self.streams, self.calendar, self.note = hospital, streams, calendar, note
        self.env: Any = None
        self.now = calendar.began
        self.forms_empty: Callable[[str], None] = _nobody_listens
        self.pile_gone: Callable[[str], None] = _nobody_listens
        self.signals: list[tuple[Callable[..., Any], tuple[Any, ...]]] = []
        self.at: list[Stop] = []
        self.who: list[int] = []
        self.asked = array("d")
        self.started = array("d")
        self.ended = array("d")
        self.paused: dict[int, float] = {}  # minutes in which nobody was at it
        self.since: dict[int, float] = {}  # visits that are interrupted now, and since when
        self.left: dict[int, float] = {}  # the minutes of work they still need
        self.full: dict[int, float] = {}  # the whole work of visits that were interrupted
        self.samples: dict[int, int] = {}  # how often work was drawn anew
        self.modes: dict[int, int] = {}
        self.outcomes: dict[int, int] = {}
        self.gone: set[int] = set()  # visits still in a queue whose patient has left it
        self.lent: dict[simpy.Event, Request] = {}
        self.cancelled: set[int] = set()  # codes of events that do not count any more
        self.codes = count(4, 4)
        self.heap: list[tuple[float, int, int]] = [(FOREVER, PATIENCE << 1, -1)]
        self._make()

    # ---- making the hospital

    def _make(self) -> None:
        hospital, resources = self.hospital, self.hospital.resources
        visited = {node.do: None for p in hospital.pathways.values() for node in all_nodes(p.route) if node.do}
        activities = {name: hospital.activities[name] for name in visited}
        departments = {a.department for a in activities.values() if a.department}
        wanted = {r: None for a in activities.values() for r in a.needs}
        for name in departments:
            if (entry := hospital.departments[name].back_entry) is not None:
                wanted[entry.by] = None
        self.pools = {name: Pool(name, resources[name]) for name in resources if name in wanted}
        nobody = Pool("", None)
        nobody.free = FOREVER
        self.works = {name: Work(name, activity, self.pools, nobody) for name, activity in activities.items()}
        self.desks = {
            name: Desk(name, department, self.pools, nobody)
            for name, department in hospital.departments.items()
            if name in departments
        }
        for work in self.works.values():
            if work.department:
                self.desks[work.department].works.append(work)
        self.turns: dict[float, list[shifts.Turn]] = {}  # minute → whose shifts end or begin then
        for name, pool in self.pools.items():
            pool.capacity, turns = shifts.roster(self.calendar, resources[name].on_duty)
            pool.free = pool.capacity
            pool.interruptible = pool.pre_emptive or (pool.policy != "finish" and any(turn.ending for turn in turns))
            for turn in turns:
                self.turns.setdefault(turn.minute, []).append(turn._replace(pool=pool))
        self.heap += [(minute, SHIFT + next(self.codes) + ENDS, -1) for minute in self.turns]
        heapify(self.heap)
        self.paths = self._paths()
        self._coming()
        for work in self.works.values():
            holding.refresh(self, work)

    def _paths(self) -> list[Path]:
        holds = any(work.keeps for work in self.works.values())
        paths = []
        self.table: list[tuple[str, str, str]] = []  # code of a stop → pathway, stop, activity
        for name, pathway in self.hospital.pathways.items():
            minutes, numbers = arrivals(pathway.arrivals, name, self.streams, self.calendar)
            path = Path(name, pathway, minutes, numbers, self.streams, self.calendar)
            for node in all_nodes(pathway.route):
                if node.do:
                    path.codes[node.id] = len(self.table)
                    self.table.append((name, node.id, node.do))
            path.build(self.works, holds)
            paths.append(path)
        return paths

    def _coming(self) -> None:
        """Everybody who will arrive, by minute, then in the order of the pathways."""
        arriving = [path.arrived[: path.arriving] for path in self.paths]
        minutes = np.concatenate([np.empty(0), *arriving])
        order = np.argsort(minutes, kind="stable")
        which = np.repeat(np.arange(len(arriving)), [len(a) for a in arriving])[order]
        who = np.concatenate([np.empty(0, dtype=np.intp), *(np.arange(len(a)) for a in arriving)])[order]
        firsts = [path.first for path in self.paths]
        self.coming: list[float] = [*minutes[order].tolist(), FOREVER]
        self.coming_to: list[Stop] = [firsts[p] for p in which.tolist()]
        self.coming_who: list[int] = who.tolist()
        self.come = 0

    def attach(self, env: Environment) -> None:
        """Begin: the clock drives this flow from now on, and those present at the start are at their stops."""
        self.env = env
        env.flow = self
        for pool in self.pools.values():
            self.note("on_duty", pool.name, "roster", "", pool.capacity)
        for path in self.paths:
            self._present(path)

    def _present(self, path: Path) -> None:
        """Put those present at their stops: they are being served, whether or not there are people for all of them."""
        patient, began = path.arriving, self.calendar.began
        for name, number in path.pathway.present.items():
            door = path.stops[name]
            if not door.node.do:
                raise SimulationError(
                    f"pathway {path.name}: nobody can be present at {name!r}, where nothing is done", began
                )
            for left in path.stay(door, number).tolist():
                stop = path.version(door, patient) if door.kind == LOOP else door
                visit = self._row(stop, patient, began)
                path.inside(stop, patient)
                for pool, n in stop.work.needs:
                    pool.free -= n
                self.started[visit] = began
                self._run(visit, stop, began + left)
                patient += 1

    # ---- the loop

    def advance(self, until: float) -> bool:
        """Let everything happen before minute ``until``, and the services that end at it; True when stopped earlier by something to tell.

        One long loop on purpose: nearly all of a run's time goes here, and a function call for each of its moves would double it. It handles
        the plain case itself (a patient needs one of one pool, nothing is stopped or on paper, see Stop.quick) and calls the methods below
        for all others.
        """
        heap, coming, come = self.heap, self.coming, self.come
        arrival = coming[come]
        if heap[0][0] > until and arrival >= until and not self.signals:
            return False
        signals, codes, gone = self.signals, self.codes, self.gone
        at, who, asked, started, ended = self.at, self.who, self.asked, self.started, self.ended
        stop: Stop | None
        while not signals:
            minute, code, visit = heap[0]
            if minute <= arrival and (code < PATIENCE or minute < arrival):
                if minute >= until and (minute > until or code >= PATIENCE):
                    break
                heappop(heap)
                if code & 3:
                    self.now = minute
                    stop = self._special(minute, code, visit)
                    if stop is None:
                        continue
                    patient = who[visit]
                else:
                    served = at[visit]
                    patient = who[visit]
                    pool = served.pool
                    if not pool.queued or pool.free < 0:
                        pool.free += 1
                    elif pool.requests:
                        self.now = minute
                        pool.free += 1
                        self._dispatch((pool,), minute)
                    else:  # the next in the queue
                        while True:
                            for queue in pool.levels:
                                if queue:
                                    break
                            other = queue[0]
                            if other not in gone:
                                break
                            gone.remove(queue.popleft())
                        stop = at[other]
                        if stop.quick:
                            queue.popleft()
                            pool.queued -= 1
                            work = stop.work
                            work.waiting -= 1
                            started[other] = minute
                            ended[other] = end = minute + stop.base[who[other]] * work.factor
                            heappush(heap, (end, next(codes), other))
                        else:
                            self.now = minute
                            pool.free += 1
                            self._dispatch((pool,), minute)
                    stop = served.nexts[patient]
                    if stop is None:
                        served.ended[patient] = minute
                        continue
            else:
                if arrival >= until:
                    break
                minute, stop, patient = arrival, self.coming_to[come], self.coming_who[come]
                come += 1
                arrival = coming[come]
            if stop.quick:
                visit = len(asked)
                at.append(stop)
                who.append(patient)
                asked.append(minute)
                pool = stop.pool
                if pool.free > 0:
                    pool.free -= 1
                    end = minute + stop.base[patient] * stop.work.factor
                    started.append(minute)
                    ended.append(end)
                    heappush(heap, (end, next(codes), visit))
                else:
                    started.append(NAN)
                    ended.append(NAN)
                    pool.queued += 1
                    stop.work.waiting += 1
                    stop.queue_of(patient).append(visit)
                    if stop.impatient:
                        self._await(visit, stop, patient, minute)
            else:
                self.now = minute
                self._enter(stop, patient, minute)
        self.come = come
        return bool(signals)

    def _special(self, minute: float, code: int, visit: int) -> Stop | None:
        """An event that is not the end of a plain service; gives the stop to which the visit's patient goes now, if any."""
        if code >= PATIENCE:
            return self._lose_patience(visit, minute)
        if code < 0:
            shifts.turn(self, self.turns[minute], minute)
            return None
        if code in self.cancelled:
            self.cancelled.remove(code)
            return None
        if code & ENDS:
            return self._complete(visit, minute)
        return self._onward(self.at[visit], self.at[visit].nexts[self.who[visit]], self.who[visit], minute)

    # ---- the moves of a patient

    def _enter(self, stop: Stop, patient: int, minute: float) -> None:
        """A patient comes to a stop, and goes on from there as long as nothing takes time."""
        going: Stop | None = stop
        for _ in range(STEPS):
            if going is None:
                stop.ended[patient] = minute
                return
            stop = going
            path = stop.path
            if stop.kind == DO:
                going = self._come_to(stop, patient, minute)
                if going is stop:
                    return
            elif stop.kind == FORK:
                path.joins[stop.node.id, patient] = len(stop.lines)
                for line in stop.lines:
                    self._enter(line, patient, minute)
                return
            elif stop.node.fork:  # the join of a fork, met once by every line
                if not path.joined(stop.node.id, patient):
                    return
                if stop.kind == LOOP:
                    stop = path.version(stop, patient)
                going = stop.leave if patient in path.outcomes else stop.nexts[patient]
            elif stop.kind == LOOP:
                going = path.version(stop, patient)
            else:  # the way out
                going = None
                self._dispatch(path.release(patient), minute)
        raise SimulationError(f"pathway {stop.path.name}: a patient goes round in circles at {stop.name!r}", minute)

    def _come_to(self, stop: Stop, patient: int, minute: float) -> Stop | None:
        """A patient asks for what is done at this stop. Gives the stop itself when that holds the patient, else where to go."""
        work = stop.work
        visit = len(self.at)
        self.at.append(stop)
        self.who.append(patient)
        self.asked.append(minute)
        self.started.append(NAN)
        self.ended.append(NAN)
        if work.skipped:
            return self._pass_by(visit, stop, patient, minute)
        if not work.stopped and self._feasible(work, stop, patient):
            freed = self._start(visit, minute)
            if freed:
                self._dispatch(freed, minute)
            return stop
        if work.waiting >= work.room:
            self.outcomes[visit], self.ended[visit] = 2, minute
            return self._elsewhere(stop, patient, work.activity.if_full, 2)
        self._wait(visit, stop, patient)
        if stop.impatient:
            self._await(visit, stop, patient, minute)
        return stop

    def _row(self, stop: Stop, patient: int, minute: float) -> int:
        """A new visit, that has asked now."""
        self.at.append(stop)
        self.who.append(patient)
        self.asked.append(minute)
        self.started.append(NAN)
        self.ended.append(NAN)
        return len(self.at) - 1

    def _elsewhere(self, stop: Stop, patient: int, name: str, outcome: int) -> Stop | None:
        """Where a patient goes who does not get what was asked for: to another stop, or away."""
        if name == "leave":
            stop.path.outcomes[patient] = outcome
            return stop.leave
        return stop.path.stops[name]

    def _pass_by(self, visit: int, stop: Stop, patient: int, minute: float) -> Stop | None:
        """Skipped on paper: settled later, so it is written down all the same."""
        self.started[visit] = self.ended[visit] = minute
        self.modes[visit] = 2
        self._write(stop, patient, minute)
        return stop.nexts[patient]

    def _wait(self, visit: int, stop: Stop, patient: int) -> None:
        stop.work.waiting += 1
        if stop.work.stopped and stop.work.single:
            stop.work.held.append(visit)
            return
        stop.queue_of(patient).append(visit)
        if not stop.work.stopped:
            for pool, _ in stop.work.needs:
                pool.queued += 1

    def _await(self, visit: int, stop: Stop, patient: int, minute: float) -> None:
        """Set the moment at which this patient has waited long enough."""
        classes = list(stop.path.pathway.classes.values())
        if classes and not classes[stop.path.classes[patient]].patient:
            return
        patience = stop.work.activity.patience
        assert patience is not None
        end = minute + stop.minutes("patience", patience)[patient]
        heappush(self.heap, (end, PATIENCE + next(self.codes) + ENDS, visit))

    def _lose_patience(self, visit: int, minute: float) -> Stop | None:
        """A patient has waited long enough; gives where to go."""
        if self.started[visit] == self.started[visit]:
            return None  # served in time
        stop, patient = self.at[visit], self.who[visit]
        work = stop.work
        work.waiting -= 1
        if not work.stopped:
            for pool, _ in work.needs:
                pool.queued -= 1
        self.gone.add(visit)
        self.outcomes[visit], self.ended[visit] = 1, minute
        return self._onward(stop, self._elsewhere(stop, patient, work.activity.if_impatient, 1), patient, minute)

    def _onward(self, stop: Stop, going: Stop | None, patient: int, minute: float) -> Stop | None:
        """Where a patient goes after ``stop``; None when the route has ended, which is noted."""
        if going is None:
            stop.ended[patient] = minute
        return going

    # ---- work

    def _feasible(self, work: Work, stop: Stop, patient: int) -> bool:
        """Whether all that a new service needs is free, or can be taken from less urgent work."""
        for pool, n in work.needs:
            if pool.free < n and not (
                pool.pre_emptive and pool.free + shifts.yielding(self, pool, stop.priority(patient)) >= n
            ):
                return False
        return True

    def _start(self, visit: int, minute: float) -> Sequence[Pool]:
        """Begin a service, or go on with an interrupted one; what it needs is free or can be taken. Gives the pools that this has freed others of."""
        stop, patient = self.at[visit], self.who[visit]
        work = stop.work
        freed: Sequence[Pool] = ()
        for pool, n in work.needs:
            if pool.free < n:
                freed = [*freed, *shifts.pre_empt(self, pool, n, stop.priority(patient), minute)]
            pool.free -= n
        if visit in self.since:
            end = minute + shifts.resume(self, visit, minute)
        else:
            self.started[visit] = minute
            if work.on_paper:
                end = minute + self._on_paper(visit, stop, patient)
            elif work.desk:
                end = minute + work.desk.begin(visit, minute)
            else:
                end = minute + stop.base[patient] * work.factor
        self._run(visit, stop, end)
        return freed

    def _run(self, visit: int, stop: Stop, end: float) -> None:
        """Set the end of a service."""
        self.ended[visit] = end
        code = next(self.codes) + (0 if stop.quick else ENDS)
        heappush(self.heap, (end, code, visit))
        for pool, _ in stop.work.needs:
            if pool.interruptible:
                pool.serving[visit] = code

    def _on_paper(self, visit: int, stop: Stop, patient: int) -> float:
        """A service begins on paper; gives its minutes."""
        self.modes[visit] = 1
        if (desk := self.desks.get(stop.work.department)) is not None:
            self._use_form(desk)
        return paper_minutes(stop, patient, stop.base[patient])

    def _complete(self, visit: int, minute: float) -> Stop | None:
        """A service ends: free the people, give them the next; gives the stop to which the patient goes at once."""
        stop, patient = self.at[visit], self.who[visit]
        work = stop.work
        freed: list[Pool] = []
        for need in work.needs:
            pool, n = need
            if pool.interruptible:
                del pool.serving[visit]
            if need in work.keeps:
                stop.path.kept.setdefault(patient, []).append(need)
            else:
                pool.free += n
                if pool.queued:
                    freed.append(pool)
        if work.frees:
            freed += stop.path.release(patient, work.frees)
        if work.desk:
            self._typed(work.desk, visit, freed, minute)
            return None
        delay = 0.0
        if visit in self.modes:
            self._write(stop, patient, minute)
            delay = stop.minutes("paper wait", work.activity.on_paper.adds_wait)[patient]
        if freed:
            self._dispatch(freed, minute)
        if delay > 0:
            heappush(self.heap, (minute + delay, next(self.codes) + MOVES, visit))
            return None
        return self._onward(stop, stop.nexts[patient], patient, minute)

    def _typed(self, desk: Desk, job: int, freed: list[Pool], minute: float) -> None:
        """A batch of what was written on paper is in the system."""
        desk.done(job)
        self._dispatch(freed, minute)
        self._offer(desk)
        self._tell_if_gone(desk)

    def _dispatch(self, pools: Iterable[Pool], minute: float) -> None:
        """Give whoever is free in these pools the next work: plan steps first, then what is most urgent and asked first."""
        freed = list(dict.fromkeys(pools))
        while (queue := self._best(freed)) is not None:
            visit = queue.popleft()
            work = self.at[visit].work
            for pool, _ in work.needs:
                pool.queued -= 1
            if visit not in self.since:
                work.waiting -= 1
            for pool in self._start(visit, minute):
                if pool not in freed:
                    freed.append(pool)
            if work.desk:
                self._offer(work.desk)

    def _best(self, pools: list[Pool]) -> Queue | None:
        """The queue whose first visit is next, of those in front of these pools whose first can start."""
        best: Queue | None = None
        rank = (0, 0)
        for pool in pools:
            while pool.requests and pool.free > 0:
                self._grant(pool)
        for pool in pools:
            if not pool.queued:
                continue
            if pool.free > 0 or pool.pre_emptive:
                for priority, queue in zip(pool.priorities, pool.levels, strict=True):
                    if (first := self._first(queue)) is not None:
                        if (best is None or (priority, first) < rank) and (
                            pool.free > 0 or pool.free + shifts.yielding(self, pool, priority) >= 1
                        ):
                            best, rank = queue, (priority, first)
                        break
            for line in pool.lines:
                if line.work.stopped or (first := self._first(line.queue)) is None:
                    continue
                if (best is None or (line.priority, first) < rank) and self._feasible(
                    line.work, self.at[line.queue[0]], self.who[line.queue[0]]
                ):
                    best, rank = line.queue, (line.priority, first)
        return best

    def _first(self, queue: Queue) -> int | None:
        """The place of the first in a queue, after dropping those who have left it; None when it is empty."""
        while queue and queue[0] in self.gone:
            self.gone.remove(queue.popleft())
        return self._place(queue[0]) if queue else None

    def _place(self, visit: int) -> int:
        """Order among equals: those who were interrupted first, then as they asked."""
        return visit - PATIENCE if visit in self.since else visit

    def _write(self, stop: Stop, patient: int, minute: float) -> None:
        """Put what a service on paper wrote on its department's pile."""
        work = stop.work
        desk = self.desks.get(work.department)
        if desk is None or desk.entry is None:
            return
        items = desk.whole(work)
        if items:
            takes = stop.minutes("typing", desk.entry.takes)[patient]
            wrong = errors(stop, patient, items)
            fix = stop.minutes("fix", desk.entry.fix)[patient] if wrong else 0.0
            desk.write(minute, items, takes, wrong, fix)
            self._offer(desk)

    def _offer(self, desk: Desk) -> None:
        """Let jobs of typing in wait for people, one at a time, or begin."""
        while desk.wants_job:
            assert desk.stop
            desk.token = visit = self._row(desk.stop, 0, self.now)
            if self._feasible(desk.stop.work, desk.stop, 0):
                freed = self._start(visit, self.now)
                if freed:
                    self._dispatch(freed, self.now)
            else:
                self._wait(visit, desk.stop, 0)

    def _use_form(self, desk: Desk) -> None:
        desk.forms -= 1
        if desk.forms <= 0:
            self.signals.append((self.forms_empty, (desk.name,)))
            for work in desk.works:
                holding.refresh(self, work)

    # ---- what SimPy's processes ask and tell: systems and paper

    def set_factor(self, activity: str, factor: float) -> None:
        """Work at the screen of new services of this activity takes ``factor`` times as long."""
        if (work := self.works.get(activity)) is not None:
            work.factor = 1 - work.activity.screen + work.activity.screen * factor

    def block(self, activity: str, on: bool) -> None:
        """New services of this activity may (not) start, unless it is done on paper. Those that run end as usual."""
        if (work := self.works.get(activity)) is not None:
            self._sync()
            work.blocked = on
            holding.refresh(self, work)

    def set_paper(self, activity: str, on: bool) -> None:
        """The activity's department works on paper: routes follow, and new services are done on paper if the activity uses systems."""
        if (work := self.works.get(activity)) is not None:
            self._sync()
            work.paper = on
            for stop in work.stops:
                stop.nexts = stop.nexts_paper if on else stop.nexts_normal
            holding.refresh(self, work)

    def set_forms(self, department: str, number: float) -> None:
        """So many forms are at hand now."""
        if (desk := self.desks.get(department)) is not None:
            self._sync()
            desk.forms = number
            for work in desk.works:
                holding.refresh(self, work)

    def forms(self, department: str) -> float:
        """Forms at hand; infinite where they do not run out."""
        desk = self.desks.get(department)
        return FOREVER if desk is None else desk.forms

    def open_back_entry(self, department: str) -> None:
        """Begin to type in what was written on paper; ``pile_gone`` is called once nothing is left, at once if nothing is there."""
        self._sync()
        if (desk := self.desks.get(department)) is None:
            self.signals.append((self.pile_gone, (department,)))
            return
        desk.open = True
        self._offer(desk)
        self._tell_if_gone(desk)

    def close_back_entry(self, department: str) -> None:
        """No further batch is begun; those in hand are finished."""
        desk = self.desks.get(department)
        if desk is None:
            return
        self._sync()
        desk.open = False
        if desk.token is not None and desk.stop is not None:
            self.gone.add(desk.token)
            desk.stop.work.waiting -= 1
            desk.stop.work.pool.queued -= 1
            desk.token = None

    def _tell_if_gone(self, desk: Desk) -> None:
        if desk.open and desk.pile == 0:
            self.signals.append((self.pile_gone, (desk.name,)))

    def pile(self, department: str) -> int:
        """Items written on paper that are not in the system yet."""
        desk = self.desks.get(department)
        return 0 if desk is None else desk.pile

    def waiting(self, department: str) -> int:
        """Patients (or orders) that wait in a department now."""
        desk = self.desks.get(department)
        return sum(work.waiting for work in desk.works) if desk else 0

    def longest_wait(self, department: str) -> float:
        """Minutes that whoever waits longest in a department has waited; 0 when nobody waits."""
        desk = self.desks.get(department)
        self._sync()
        asked = [
            self.asked[visit] for work in (desk.works if desk else ()) for visit in holding.first_waiting(self, work)
        ]
        return self.now - min(asked) if asked else 0.0

    # ---- people for the steps of the plan

    def owns(self, resource: str) -> bool:
        """Whether patients or back-entry need this resource, so that its people are kept here."""
        return resource in self.pools

    def on_duty(self, resource: str) -> int:
        """How many are on duty now."""
        return self.pools[resource].capacity

    def request(self, resource: str, number: int) -> simpy.Event:
        """An event that happens once so many people have been kept back for a step: those who are free now, and the next who finish.

        Steps come before patients, in the order of asking, and interrupt nobody. Give people back with ``release``, and a
        request that is not needed any more with ``cancel``.
        """
        self._sync()
        pool = self.pools[resource]
        request = Request(self.env.event(), pool, number)
        self.lent[request.event] = request
        pool.requests.append(request)
        pool.queued += 1
        self._dispatch((pool,), self.now)
        return request.event

    def cancel(self, event: simpy.Event) -> None:
        """Take a request back, with whomever it has got so far; also when it was granted in this very minute."""
        request = self.lent.pop(event)
        if request in request.pool.requests:
            request.pool.requests.remove(request)
            request.pool.queued -= 1
        self.release(request.pool.name, request.got)

    def release(self, resource: str, number: int) -> None:
        """Give people back."""
        self._sync()
        pool = self.pools[resource]
        pool.free += number
        self._dispatch((pool,), self.now)

    def add_capacity(self, resource: str, change: int, why: str = "on_call") -> None:
        """So many more are on duty from now on, or fewer: they finish what is in hand, unless their shift ends ``stop`` work at once."""
        self._sync()
        self._dispatch(shifts.change(self, self.pools[resource], change, why, self.now), self.now)

    def _grant(self, pool: Pool) -> None:
        """Keep the free people of a pool back for the first step that asks."""
        request = pool.requests[0]
        taken = min(request.number - request.got, int(pool.free))
        request.got += taken
        pool.free -= taken
        if request.got == request.number:
            pool.requests.popleft()
            pool.queued -= 1
            self.env._now = self.now
            request.event.succeed()
            self.signals.append((_nobody_listens, ("",)))  # so that SimPy goes on from this minute

    # ---- telling

    def _sync(self) -> None:
        if self.env is not None:
            self.now = self.env.now

    def tell(self) -> None:
        """Call back whoever listens for what has happened."""
        signals = list(self.signals)
        self.signals.clear()
        for listener, arguments in signals:
            listener(*arguments)

    def finish(self) -> columns.Columns:
        """(visits, patients, entries, names): the columns of log.rows, at the end of the run."""
        return columns.columns(self)


def _nobody_listens(name: str) -> None:
    pass
