"""The engine: patients move from stop to stop, wait for free people, are served, and leave, all on flat columns in one loop.

A visit is a position in the columns ``at`` (its Stop), ``who`` (the patient's position in the pathway), ``asked``, ``started`` and ``ended``; what is
rare about a visit is kept beside them by its position (``paused``, ``modes``, ``outcomes`` …). What happens next lies in a heap of events, see
``events``, and in the list of those who are still to arrive.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count
from typing import TYPE_CHECKING, Any

from drillsim.model.hospital import Hospital
from drillsim.sim.calendar import Calendar
from drillsim.sim.flow import (
    building,
    coarse,
    columns,
    diverting,
    holding,
    lending,
    serving,
    shifts,
    typing_in,
    walking,
)
from drillsim.sim.flow.events import ENDS, MAY_END, PATIENCE
from drillsim.sim.flow.routes import DO
from drillsim.sim.luck import Streams

if TYPE_CHECKING:
    import simpy

    from drillsim.sim.environment import Environment
    from drillsim.sim.flow.paper import Desk
    from drillsim.sim.flow.pools import Pool, Request
    from drillsim.sim.flow.routes import Path, Stop, Work

NAN = float("nan")
FOREVER = float("inf")


class Flow:
    """The patient flow of one replication.

    SimPy's processes ask and tell through the methods below and those of ``lending``; the rest of the engine is written in modules of its own,
    as functions of a Flow, and what several of them need is bound here.
    """

    request, cancel, release, add_capacity = lending.request, lending.cancel, lending.release, lending.add_capacity
    keep_only = lending.keep_only
    enter, ask, be_patient = walking.enter, walking.ask, walking.be_patient
    start, run, feasible, dispatch = serving.start, serving.run, serving.feasible, serving.dispatch
    write, offer, typed, use_form = typing_in.write, typing_in.offer, typing_in.typed, typing_in.use_form
    grant = lending.grant
    divert, reopen = diverting.divert, diverting.reopen

    def __init__(
        self,
        hospital: Hospital,
        streams: Streams,
        calendar: Calendar,
        *,
        note: Callable[..., None],
        stands_for: int = 1,
    ) -> None:
        self.whole, self.hospital, self.stands_for = hospital, coarse.hospital(hospital, stands_for), stands_for
        self.streams, self.calendar, self.note = streams, calendar, note
        self.env: Any = None
        self.now = calendar.began
        self.forms_empty: Callable[[str], None] = _nobody_listens
        self.pile_gone: Callable[[str], None] = _nobody_listens
        self.pile_begun: Callable[[str], None] = _nobody_listens  # something is written while the department types in
        self.beside_roster: Callable[[str, float], int] = _as_before  # asked at every turn of a shift
        self.signals: list[tuple[Callable[[str], Any], tuple[str]]] = []
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
        self.cancelled: set[int] = set()  # codes of events that do not count any more
        self.bound: dict[int, tuple[Pool, int]] = {}  # code of an event → who comes free then (see coarse)
        self.lent: dict[simpy.Event, Request] = {}
        self.codes = count(4, 4)
        self.heap: list[tuple[float, int, int]] = [(FOREVER, PATIENCE << 1, -1)]
        self.pools: dict[str, Pool] = {}
        self.works: dict[str, Work] = {}
        self.desks: dict[str, Desk] = {}
        self.paths: list[Path] = []
        self.table: list[tuple[str, str, str]] = []  # code of a stop → pathway, stop, activity
        self.turns: dict[float, list[shifts.Turn]] = {}  # minute → whose shifts end or begin then
        self.coming: list[float] = []
        self.coming_to: list[Stop] = []
        self.coming_who: list[int] = []
        self.come = 0  # how many have arrived
        building.build(self)

    def attach(self, env: Environment) -> None:
        """Begin: the clock drives this flow from now on, and those present at the start are at their stops."""
        self.env = env
        env.flow = self
        for pool in self.pools.values():
            self.note("on_duty", pool.name, "roster", "", pool.people)
        for path in self.paths:
            building.place_present(self, path)

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
                    if code & 3 == ENDS:
                        stop = serving.complete(self, visit, minute)
                    else:
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
                        self.dispatch((pool,), minute)
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
                            self.dispatch((pool,), minute)
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
                    (stop.queue_of(patient) if stop.queue is None else stop.queue).append(visit)
                    if stop.impatient:
                        self.be_patient(visit, stop, patient, minute)
            else:
                self.now = minute
                if stop.kind == DO:
                    going = walking.come_to(self, stop, patient, minute)
                    if going is stop:
                        continue
                    served, stop = stop, going
                if stop is None:
                    served.ended[patient] = minute
                else:
                    self.enter(stop, patient, minute)
        self.come = come
        return bool(signals)

    def _special(self, minute: float, code: int, visit: int) -> Stop | None:
        """An event that is not the end of a plain service; gives the stop to which the visit's patient goes now, if any."""
        if code >= PATIENCE:
            return walking.lose_patience(self, visit, minute)
        if code < 0:
            shifts.turn(self, self.turns[minute], minute)
            return None
        if code & 3 == MAY_END:
            if code not in self.cancelled:
                return serving.complete(self, visit, minute)
            self.cancelled.remove(code)
            return None
        if code in self.bound:
            serving.come_free(self, code, minute)
            return None
        stop, patient = self.at[visit], self.who[visit]
        return walking.onward(stop, stop.nexts[patient], patient, minute)

    # ---- what SimPy's processes ask and tell: systems and paper

    def set_factor(self, activity: str, factor: float) -> None:
        """Work at the screen of new services of this activity takes ``factor`` times as long."""
        if (work := self.works.get(activity)) is not None:
            work.factor = 1 - work.activity.screen + work.activity.screen * factor

    def set_by_hand(self, activity: str, share: float) -> None:
        """On paper, this share of looking things up is done by hand."""
        if (work := self.works.get(activity)) is not None:
            work.by_hand = share

    def block(self, activity: str, on: bool) -> None:
        """New services of this activity may (not) start, unless it is done on paper. Those that run end as usual."""
        if (work := self.works.get(activity)) is not None:
            self.catch_up()
            work.blocked = on
            holding.refresh(self, work)

    def set_paper(self, activity: str, on: bool) -> None:
        """The activity's department works on paper: routes follow, and new services are done on paper if the activity uses systems."""
        if (work := self.works.get(activity)) is not None:
            self.catch_up()
            work.paper = on
            for stop in work.stops:
                stop.nexts = stop.nexts_paper if on else stop.nexts_normal
            holding.refresh(self, work)

    def set_forms(self, department: str, number: float) -> None:
        """So many forms are at hand now."""
        if (desk := self.desks.get(department)) is not None:
            self.catch_up()
            desk.forms = number / self.stands_for
            desk.told = desk.told and number <= 0
            for work in desk.works:
                holding.refresh(self, work)

    def forms(self, department: str) -> float:
        """Forms at hand; infinite where they do not run out."""
        desk = self.desks.get(department)
        return FOREVER if desk is None else desk.forms * self.stands_for

    def open_back_entry(self, department: str) -> None:
        """Begin to type in what was written on paper; ``pile_gone`` is called once nothing is left, at once if nothing is there."""
        self.catch_up()
        if (desk := self.desks.get(department)) is None:
            self.signals.append((self.pile_gone, (department,)))
            return
        desk.open = True
        self.offer(desk)
        typing_in.tell_if_gone(self, desk)

    def close_back_entry(self, department: str) -> None:
        """No further batch is begun; those in hand are finished."""
        desk = self.desks.get(department)
        if desk is None:
            return
        self.catch_up()
        typing_in.close(self, desk)

    def pile(self, department: str) -> int:
        """Items written on paper that are not in the system yet."""
        desk = self.desks.get(department)
        return 0 if desk is None else desk.pile * self.stands_for

    def waiting(self, department: str) -> int:
        """Patients (or orders) that wait in a department now."""
        desk = self.desks.get(department)
        return sum(work.waiting for work in desk.works) * self.stands_for if desk else 0

    # ---- people for the steps of the plan: also request, cancel, release and add_capacity, in lending

    def owns(self, resource: str) -> bool:
        """Whether patients or back-entry need this resource, so that its people are kept here."""
        return resource in self.pools

    def on_duty(self, resource: str) -> int:
        """How many are on duty now."""
        return self.pools[resource].people

    # ---- telling

    def catch_up(self) -> None:
        """It is as late here as at SimPy's clock: called when a process of SimPy asks for something."""
        if self.env is not None:
            self.now = self.env.now

    def pause(self) -> None:
        """Let SimPy go on from this minute before the flow does."""
        self.signals.append((_nobody_listens, ("",)))

    def tell(self) -> None:
        """Call back whoever listens for what has happened."""
        signals = list(self.signals)
        self.signals.clear()
        for listener, arguments in signals:
            listener(*arguments)

    def finish(self) -> columns.Columns:
        """(visits, patients, entries, names): the columns of log.rows, at the end of the run; the patients' luck is forgotten.

        A flow refers to itself in circles, so that without this its memory would stay until the collector runs.
        """
        found = columns.columns(self)
        for work in self.works.values():
            for stop in work.stops:
                stop.forget()
        self.coming, self.coming_to, self.coming_who = [], [], []
        return found


def _as_before(name: str, minute: float) -> int:
    return 0


def _nobody_listens(name: str) -> None:
    pass
