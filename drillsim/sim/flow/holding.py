"""Activities that stop and go on: their visits leave the queues they share with other work of the same people, and come back to their places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from drillsim.sim.flow import walking
from drillsim.sim.flow.pools import Queue
from drillsim.sim.flow.routes import FOREVER, Stop, Work

if TYPE_CHECKING:
    from drillsim.sim.flow.engine import Flow


def refresh(flow: Flow, work: Work) -> None:
    """Work out whether new work may start and how it is done, and let those wait, go on or pass by whom it concerns.

    On paper, only the rules of ``on_paper`` and the forms at hand decide; systems that are away no longer stop anything.
    """
    rules = work.activity.on_paper
    paper = work.paper and bool(work.activity.uses)
    was, desk = work.stopped, flow.desks.get(work.department)
    work.skipped = paper and rules.skipped
    work.on_paper = paper and not rules.skipped
    out_of_forms = work.on_paper and desk is not None and desk.forms <= 0
    work.stopped = (not rules.works or out_of_forms) if work.on_paper else work.blocked and not paper
    if out_of_forms and desk is not None and not desk.told:
        desk.told = True
        flow.signals.append((flow.forms_empty, (desk.name,)))
    plain = work.simple and not work.pool.lines and not work.pool.interruptible and work.room == FOREVER
    plain = plain and not work.pool.rounded_up
    work.quick = plain and not paper and not work.stopped
    for stop in work.stops:
        stop.quick = work.quick
    passing = _skip(flow, work, counted=not was) if work.skipped and work.waiting else []
    if work.stopped and not was:
        _hold(flow, work)
    elif was and not work.stopped:
        _let_go(flow, work)
    for visit, going in passing:
        flow.enter(going, flow.who[visit], flow.now)


def waiting(flow: Flow, work: Work) -> Iterator[int]:
    """Visits that wait for this activity, interrupted ones too, queue by queue; takes time in proportion to the queues."""
    queues = work.pool.levels if work.single else [line.queue for line in work.lines.values()]
    for queue in (*queues, work.held):
        yield from (visit for visit in queue if flow.at[visit].work is work and visit not in flow.gone)


def _hold(flow: Flow, work: Work) -> None:
    """Take the activity's visits out of the queues, or no longer count its lines."""
    visits = list(waiting(flow, work))
    for pool, _ in work.needs:
        pool.queued -= len(visits)
    if work.single:
        work.held = visits
        for queue in work.pool.levels:
            _refill(flow, queue, [visit for visit in queue if flow.at[visit].work is not work])


def _let_go(flow: Flow, work: Work) -> None:
    """Put the activity's visits back at their places, and start those for whom there are people."""
    visits = list(waiting(flow, work))
    for pool, _ in work.needs:
        pool.queued += len(visits)
    if work.single:
        flow.gone.difference_update(work.held)
        work.held = []
        returning: dict[int, list[int]] = {}
        for visit in visits:
            returning.setdefault(flow.at[visit].priority(flow.who[visit]), []).append(visit)
        for priority, theirs in returning.items():
            queue = work.pool.level(priority)
            _refill(flow, queue, sorted([*queue, *theirs], key=lambda visit: (visit not in flow.since, visit)))
    flow.dispatch([pool for pool, _ in work.needs], flow.now)


def _refill(flow: Flow, queue: Queue, visits: list[int]) -> None:
    """Put these visits in a queue instead of what is there; those who have left it are dropped."""
    queue.clear()
    queue.extend(visit for visit in visits if visit not in flow.gone)


def _skip(flow: Flow, work: Work, *, counted: bool) -> list[tuple[int, Stop]]:
    """Everybody who waits for an activity that is now skipped passes by it; gives those visits that lead on to another stop, and which."""
    passing: list[tuple[int, Stop]] = []
    for visit in sorted(visit for visit in waiting(flow, work) if visit not in flow.since):
        stop, patient = flow.at[visit], flow.who[visit]
        work.waiting -= 1
        flow.gone.add(visit)
        if counted:
            for pool, _ in work.needs:
                pool.queued -= 1
        going = walking.onward(stop, walking.pass_by(flow, visit, stop, patient, flow.now), patient, flow.now)
        if going is not None:
            passing.append((visit, going))
    return passing
