"""Who is served next and for how long: services that begin and end, and the choice among all who wait."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import heappush
from typing import TYPE_CHECKING

from drillsim.sim.flow import shifts
from drillsim.sim.flow.events import ENDS, MAY_END, OTHER, PATIENCE
from drillsim.sim.flow.paper import paper_minutes
from drillsim.sim.flow.pools import Pool, Queue
from drillsim.sim.flow.routes import Stop, Work

if TYPE_CHECKING:
    from drillsim.sim.flow.engine import Flow


def feasible(flow: Flow, work: Work, stop: Stop, patient: int) -> bool:
    """Whether all that a new service needs is free, or can be taken from less urgent work."""
    for pool, n in work.needs:
        if pool.free < n and not (
            pool.pre_emptive and pool.free + shifts.yielding(flow, pool, stop.priority(patient)) >= n
        ):
            return False
    return True


def start(flow: Flow, visit: int, minute: float) -> Sequence[Pool]:
    """Begin a service, or go on with an interrupted one; what it needs is free or can be taken. Gives the pools that this has freed others of."""
    stop, patient = flow.at[visit], flow.who[visit]
    work = stop.work
    freed: Sequence[Pool] = ()
    for pool, n in work.needs:
        if pool.free < n:
            freed = [*freed, *shifts.pre_empt(flow, pool, n, stop.priority(patient), minute)]
        pool.free -= n
    if visit in flow.since:
        end = minute + shifts.resume(flow, visit, minute)
    else:
        flow.started[visit] = minute
        if work.on_paper:
            flow.modes[visit] = 1
            flow.use_form(work)
            end = minute + paper_minutes(stop, patient, stop.base[patient])
        elif work.desk:
            end = minute + work.desk.begin(visit, minute)
        else:
            end = minute + stop.base[patient] * work.factor
    run(flow, visit, stop, end)
    return freed


def run(flow: Flow, visit: int, stop: Stop, end: float) -> None:
    """Set the end of a service."""
    flow.ended[visit] = end
    if stop.quick:
        heappush(flow.heap, (end, next(flow.codes), visit))
    elif not stop.work.interruptible:
        heappush(flow.heap, (end, next(flow.codes) + ENDS, visit))
    else:
        code = next(flow.codes) + MAY_END
        heappush(flow.heap, (end, code, visit))
        for pool, _ in stop.work.needs:
            if pool.interruptible:
                pool.serving[visit] = code


def complete(flow: Flow, visit: int, minute: float) -> Stop | None:
    """A service ends: free the people and give them the next; gives the stop to which the patient goes at once."""
    stop, patient = flow.at[visit], flow.who[visit]
    work = stop.work
    freed: list[Pool] = []
    for pool, n in work.gives_back:
        if pool.lag:
            stay_bound(flow, visit, pool, n, minute)
            continue
        pool.free += n
        if pool.queued:
            freed.append(pool)
    if work.interruptible:
        for pool, _ in work.needs:
            pool.serving.pop(visit, None)
    if work.keeps:
        stop.path.kept.setdefault(patient, []).extend(work.keeps)
    if work.frees:
        freed += stop.path.release(patient, work.frees)
    if work.desk:
        flow.typed(work.desk, visit, freed, minute)
        return None
    delay = 0.0
    if visit in flow.modes:
        flow.write(stop, patient, minute)
        delay = stop.minutes("paper wait", work.activity.on_paper.adds_wait)[patient]
    if freed:
        dispatch(flow, freed, minute)
    if delay > 0:
        heappush(flow.heap, (minute + delay, next(flow.codes) + OTHER, visit))
        return None
    going = stop.nexts[patient]
    if going is None:
        stop.ended[patient] = minute
    return going


def stay_bound(flow: Flow, visit: int, pool: Pool, number: int, minute: float) -> None:
    """After a service its people are still bound for those for whom the patient stands (see coarse)."""
    code = next(flow.codes) + OTHER
    flow.bound[code] = (pool, number)
    worked = minute - flow.started[visit] - flow.paused.get(visit, 0.0)
    heappush(flow.heap, (minute + pool.lag * worked, code, visit))


def come_free(flow: Flow, code: int, minute: float) -> None:
    """People who were bound longer than their patient are free again."""
    pool, number = flow.bound.pop(code)
    pool.free += number
    if pool.queued:
        dispatch(flow, (pool,), minute)


def dispatch(flow: Flow, pools: Iterable[Pool], minute: float) -> None:
    """Give whoever is free in these pools the next work: plan steps first, then what is most urgent and asked first."""
    freed = list(dict.fromkeys(pools))
    while (queue := _best(flow, freed)) is not None:
        visit = queue.popleft()
        work = flow.at[visit].work
        for pool, _ in work.needs:
            pool.queued -= 1
        if visit not in flow.since:
            work.waiting -= 1
        for pool in start(flow, visit, minute):
            if pool not in freed:
                freed.append(pool)
        if work.desk:
            flow.offer(work.desk)


def _best(flow: Flow, pools: list[Pool]) -> Queue | None:
    """The queue whose first visit is next, of those in front of these pools whose first can start."""
    best: Queue | None = None
    rank = (0, 0)
    for pool in pools:
        if pool.requests:
            flow.grant(pool)
    for pool in pools:
        if not pool.queued or (pool.free <= 0 and not pool.pre_emptive):
            continue
        for priority, queue in zip(pool.priorities, pool.levels, strict=True):
            if queue and (first := _first(flow, queue)) is not None:
                if (best is None or (priority, first) < rank) and (
                    pool.free > 0 or pool.free + shifts.yielding(flow, pool, priority) >= 1
                ):
                    best, rank = queue, (priority, first)
                break
        for line in pool.lines:
            queue = line.queue
            if not queue or line.work.stopped or (first := _first(flow, queue)) is None:
                continue
            if (best is None or (line.priority, first) < rank) and feasible(
                flow, line.work, flow.at[queue[0]], flow.who[queue[0]]
            ):
                best, rank = queue, (line.priority, first)
    return best


def _first(flow: Flow, queue: Queue) -> int | None:
    """The place of the first in a queue, after dropping those who have left it; None when it is empty."""
    while queue and queue[0] in flow.gone:
        flow.gone.remove(queue.popleft())
    return place(flow, queue[0]) if queue else None


def place(flow: Flow, visit: int) -> int:
    """Order among equals: those who were interrupted first, then as they asked."""
    return visit - PATIENCE if visit in flow.since else visit
