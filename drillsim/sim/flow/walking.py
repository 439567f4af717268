"""The moves of a patient: coming to a stop, waiting there, giving up, passing by, going on."""

from __future__ import annotations

from heapq import heappush
from typing import TYPE_CHECKING

from drillsim.sim.flow.diverting import DIVERTED
from drillsim.sim.flow.events import OTHER, PATIENCE
from drillsim.sim.flow.routes import AWAY, CIRCLES, DO, FORK, LOOP, Stop, circles

if TYPE_CHECKING:
    from drillsim.sim.flow.engine import Flow

NAN = float("nan")


def enter(flow: Flow, stop: Stop, patient: int, minute: float) -> None:
    """A patient comes to a stop, and goes on from there as long as nothing takes time."""
    going: Stop | None = stop
    for _ in range(100 * CIRCLES):
        if going is None:
            stop.ended[patient] = minute
            return
        stop = going
        path = stop.path
        if stop.kind == DO:
            going = come_to(flow, stop, patient, minute)
            if going is stop:
                return
        elif stop.kind == FORK:
            path.joins[stop.node.id, patient] = len(stop.lines)
            for line in stop.lines:
                enter(flow, line, patient, minute)
            return
        elif stop.node.fork:  # the join of a fork, met once by every line
            if not path.joined(stop.node.id, patient):
                return
            if stop.kind == LOOP:
                stop = path.version(stop, patient, minute)
            going = stop.leave if patient in path.outcomes else stop.nexts[patient]
        elif stop.kind == LOOP:
            going = path.version(stop, patient, minute)
        elif stop.kind == AWAY:
            path.outcomes[patient], going = DIVERTED, None
        else:  # the way out
            going = None
            flow.dispatch(path.release(patient), minute)
    raise circles(stop.path.name, stop.name, minute)


def come_to(flow: Flow, stop: Stop, patient: int, minute: float) -> Stop | None:
    """A patient asks for what is done at this stop. Gives the stop itself when that holds the patient, else where to go."""
    work = stop.work
    visit = ask(flow, stop, patient, minute)
    if work.skipped:
        return pass_by(flow, visit, stop, patient, minute)
    if not work.stopped and flow.feasible(work, stop, patient):
        freed = flow.start(visit, minute)
        if freed:
            flow.dispatch(freed, minute)
        return stop
    if work.waiting >= work.room:
        flow.outcomes[visit], flow.ended[visit] = 2, minute
        return _elsewhere(stop, patient, work.activity.if_full, 2)
    wait(flow, visit, stop, patient)
    if stop.impatient:
        be_patient(flow, visit, stop, patient, minute)
    return stop


def ask(flow: Flow, stop: Stop, patient: int, minute: float) -> int:
    """A new visit, that asks now."""
    visit = len(flow.at)
    flow.at.append(stop)
    flow.who.append(patient)
    flow.asked.append(minute)
    flow.started.append(NAN)
    flow.ended.append(NAN)
    return visit


def wait(flow: Flow, visit: int, stop: Stop, patient: int) -> None:
    """Join the queue; while the activity stands still, apart from the queue that it shares with other work."""
    work = stop.work
    work.waiting += 1
    if work.stopped and work.single:
        work.held.append(visit)
        return
    stop.queue_of(patient).append(visit)
    if not work.stopped:
        for pool, _ in work.needs:
            pool.queued += 1


def be_patient(flow: Flow, visit: int, stop: Stop, patient: int, minute: float) -> None:
    """Set the moment at which this patient will have waited long enough, if that comes before the horizon."""
    end = minute + stop.patience()[patient]
    if end < flow.calendar.horizon:
        heappush(flow.heap, (end, PATIENCE + next(flow.codes) + OTHER, visit))


def lose_patience(flow: Flow, visit: int, minute: float) -> Stop | None:
    """A patient has waited long enough; gives where to go."""
    if flow.started[visit] == flow.started[visit]:
        return None  # served in time
    stop, patient = flow.at[visit], flow.who[visit]
    work = stop.work
    work.waiting -= 1
    if not work.stopped:
        for pool, _ in work.needs:
            pool.queued -= 1
    flow.gone.add(visit)
    flow.outcomes[visit], flow.ended[visit] = 1, minute
    return onward(stop, _elsewhere(stop, patient, work.activity.if_impatient, 1), patient, minute)


def _elsewhere(stop: Stop, patient: int, name: str, outcome: int) -> Stop | None:
    """Where a patient goes who does not get what was asked for: to another stop, or away."""
    if name == "leave":
        stop.path.outcomes[patient] = outcome
        return stop.leave
    return stop.path.stops[name]


def pass_by(flow: Flow, visit: int, stop: Stop, patient: int, minute: float) -> Stop | None:
    """Skipped on paper: settled later, so it is written down all the same. Gives the next stop."""
    flow.started[visit] = flow.ended[visit] = minute
    flow.modes[visit] = 2
    flow.write(stop, patient, minute)
    return stop.nexts[patient]


def onward(stop: Stop, going: Stop | None, patient: int, minute: float) -> Stop | None:
    """Where a patient goes after ``stop``; None when the route has ended, which is noted."""
    if going is None:
        stop.ended[patient] = minute
    return going
