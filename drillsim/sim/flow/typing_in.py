"""Forms used up, items written, and the jobs of typing them in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drillsim.sim.flow import holding, walking
from drillsim.sim.flow.paper import Desk, errors
from drillsim.sim.flow.pools import Pool
from drillsim.sim.flow.routes import Stop, Work

if TYPE_CHECKING:
    from drillsim.sim.flow.engine import Flow


def use_form(flow: Flow, work: Work) -> None:
    """A service on paper takes a form; without forms, work on paper stands still in the whole department."""
    desk = flow.desks.get(work.department)
    if desk is None:
        return
    desk.forms -= 1
    if desk.forms <= 0:
        for other in desk.works:
            holding.refresh(flow, other)


def write(flow: Flow, stop: Stop, patient: int, minute: float) -> None:
    """Put what a service on paper wrote on its department's pile."""
    work = stop.work
    desk = flow.desks.get(work.department)
    if desk is None or desk.entry is None:
        return
    items = desk.whole(work)
    if items:
        takes = stop.minutes("typing", desk.entry.takes)[patient]
        wrong = errors(stop, patient, items)
        fix = stop.minutes("fix", desk.entry.fix)[patient] if wrong else 0.0
        if desk.open and desk.pile == 0:
            flow.signals.append((flow.pile_begun, (desk.name,)))
        desk.write(minute, items, takes, wrong, fix)
        offer(flow, desk)


def offer(flow: Flow, desk: Desk) -> None:
    """Let jobs of typing in begin, or one of them wait for people."""
    while desk.wants_job:
        assert desk.stop
        desk.token = job = walking.ask(flow, desk.stop, 0, flow.now)
        if flow.feasible(desk.stop.work, desk.stop, 0):
            freed = flow.start(job, flow.now)
            if freed:
                flow.dispatch(freed, flow.now)
        else:
            walking.wait(flow, job, desk.stop, 0)


def typed(flow: Flow, desk: Desk, job: int, freed: list[Pool], minute: float) -> None:
    """A batch of what was written on paper is in the system."""
    desk.done(job)
    flow.dispatch(freed, minute)
    offer(flow, desk)
    tell_if_gone(flow, desk)


def tell_if_gone(flow: Flow, desk: Desk) -> None:
    """Say so when a department that types in has nothing left."""
    if desk.open and desk.pile == 0:
        flow.signals.append((flow.pile_gone, (desk.name,)))


def close(flow: Flow, desk: Desk) -> None:
    """Begin no further job; the one that waits for people waits no more."""
    desk.open = False
    if desk.token is not None:
        assert desk.stop
        flow.gone.add(desk.token)
        desk.stop.work.waiting -= 1
        desk.stop.work.pool.queued -= 1
        desk.token = None
