"""Shifts that begin and end, and work that is cut short: by the end of a shift, or by something more urgent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from drillsim.sim.flow import coarse
from drillsim.sim.flow.paper import paper_minutes
from drillsim.sim.flow.pools import Pool

if TYPE_CHECKING:
    from drillsim.sim.calendar import Calendar
    from drillsim.sim.flow.engine import Flow


class Turn(NamedTuple):
    """A moment at which so many of a pool end their shift and so many begin theirs; ``people``: how many more there are in the whole hospital."""

    minute: float
    ending: int
    starting: int
    pool: Pool | None = None
    people: int = 0


def roster(calendar: Calendar, on_duty: dict[str, int]) -> tuple[int, list[Turn]]:
    """How many are on duty when the run begins, and every later moment at which a shift ends or begins."""
    ending: dict[float, int] = {}
    starting: dict[float, int] = {}
    for shift in calendar.shifts(on_duty):
        starting[shift.start] = starting.get(shift.start, 0) + shift.count
        ending[shift.end] = ending.get(shift.end, 0) + shift.count
    moments = sorted(m for m in {*ending, *starting} if calendar.began < m < calendar.horizon)
    turns = [Turn(m, ending.get(m, 0), starting.get(m, 0)) for m in moments]
    return starting.get(calendar.began, 0), turns


def turn(flow: Flow, turns: list[Turn], minute: float) -> None:
    """Everybody whose shift ends or begins at this minute leaves or comes; only then is it looked at who is served next."""
    freed: list[Pool] = []
    for _, ending, starting, pool, people in turns:
        assert pool
        if pool.policy == "hand_over" and ending:
            _hand_over(flow, pool, ending, starting, minute)
        pool.people += people
        pool.rostered += starting - ending
        more = flow.beside_roster(pool.name, minute)
        played = coarse.beside(pool, more, flow.stands_for)
        freed += change(flow, pool, played, "roster", minute, told=bool(people or more))
    flow.dispatch(freed, minute)


def change(flow: Flow, pool: Pool, difference: int, why: str, minute: float, *, told: bool = True) -> list[Pool]:
    """So many more (or fewer) are on duty; gives the pools of which somebody may be free now.

    Where shifts ``stop`` work, services are cut short until nobody works beyond the end; elsewhere they run to their end. A service that ends
    in this very minute is complete.
    """
    freed = [pool]
    pool.capacity += difference
    _bind(flow, pool)
    pool.free += difference
    if pool.policy == "stop":
        going = _going_on(flow, pool, minute)
        due = sum(_number(flow, pool, visit) for visit in pool.serving if visit not in going)
        while pool.free + due < 0 and going:
            visit = _least_urgent(flow, pool, going)
            going.remove(visit)
            freed += interrupt(flow, pool, visit, minute)
    if told:
        flow.env._now = minute
        flow.note("on_duty", pool.name, why, "", pool.people)
    return freed


def _bind(flow: Flow, pool: Pool) -> None:
    """Work out how long people stay bound after a service (see coarse); from the first time on that they do, no service of theirs is plain."""
    coarse.set_lag(pool, flow.stands_for)
    if pool.lag and not pool.rounded_up:
        pool.rounded_up = True
        for work in flow.works.values():
            if any(needed is pool for needed, _ in work.needs):
                work.quick = False
                for stop in work.stops:
                    stop.quick = False


def _hand_over(flow: Flow, pool: Pool, ending: int, starting: int, minute: float) -> None:
    """Those who leave hand over what they are at, as far as there are people to take it; the handover is added to the work.

    Of the people at work, those who began their work first are taken to be the ones who leave; whoever finds nobody to take over, finishes.
    """
    at_work = _going_on(flow, pool, minute)
    staying = pool.capacity - ending
    leaving = max(len(at_work) - staying, 0)
    takers = max(staying + starting - (len(at_work) - leaving), 0)
    handed = min(leaving, takers)
    for visit in sorted(at_work, key=lambda visit: pool.serving[visit])[:handed]:
        flow.cancelled.add(pool.serving[visit])
        flow.run(visit, flow.at[visit], flow.ended[visit] + pool.handover)
    if handed:
        flow.env._now = minute
        flow.note("person", pool.name, "handed_over", "", handed)


def _going_on(flow: Flow, pool: Pool, minute: float) -> list[int]:
    """Services of a pool that do not end in this minute."""
    return [visit for visit in pool.serving if flow.ended[visit] > minute]


def _number(flow: Flow, pool: Pool, visit: int) -> int:
    """How many of a pool a visit needs."""
    return sum(n for needed, n in flow.at[visit].work.needs if needed is pool)


def yielding(flow: Flow, pool: Pool, priority: int) -> int:
    """How many of a pool are at work that is less urgent than ``priority``."""
    return sum(
        _number(flow, pool, visit) for visit in pool.serving if flow.at[visit].priority(flow.who[visit]) > priority
    )


def pre_empt(flow: Flow, pool: Pool, number: int, priority: int, minute: float) -> list[Pool]:
    """Interrupt less urgent work until so many of a pool are free; gives the pools of which something else became free."""
    freed: list[Pool] = []
    while pool.free < number:
        visit = _least_urgent(flow, pool, pool.serving)
        assert flow.at[visit].priority(flow.who[visit]) > priority
        freed += interrupt(flow, pool, visit, minute)
    return freed


def _least_urgent(flow: Flow, pool: Pool, visits: Iterable[int]) -> int:
    """The visit to interrupt first: of the least urgent, the one that began last."""
    return max(visits, key=lambda visit: (flow.at[visit].priority(flow.who[visit]), pool.serving[visit]))


def interrupt(flow: Flow, pool: Pool, visit: int, minute: float) -> list[Pool]:
    """Cut a service short: everybody it needed is free, and it waits to go on, first among equals. Gives the pools."""
    stop, patient = flow.at[visit], flow.who[visit]
    work = stop.work
    flow.cancelled.add(pool.serving[visit])
    for needed, n in work.needs:
        needed.free += n
        needed.serving.pop(visit, None)
    whole = flow.full.setdefault(visit, flow.ended[visit] - flow.started[visit])
    rule = "resume" if work.desk else pool.interrupted
    flow.left[visit] = whole if rule == "restart" else flow.ended[visit] - minute
    if rule == "resample":
        flow.left[visit] = _anew(flow, visit)
    flow.since[visit] = minute
    flow.ended[visit] = float("nan")
    if work.stopped and work.single:
        work.held.append(visit)
    else:
        queue = stop.queue_of(patient)
        before = 0
        while before < len(queue) and queue[before] in flow.since and queue[before] < visit:
            before += 1
        queue.insert(before, visit)
        if not work.stopped:
            for needed, _ in work.needs:
                needed.queued += 1
    return [needed for needed, _ in work.needs]


def _anew(flow: Flow, visit: int) -> float:
    """Minutes of an interrupted service, drawn anew."""
    stop, patient = flow.at[visit], flow.who[visit]
    again = flow.samples[visit] = flow.samples.get(visit, 0) + 1
    base = stop.minutes(f"takes again {again}", stop.work.activity.takes, again)[patient] * stop.class_factor(patient)
    return paper_minutes(stop, patient, base) if visit in flow.modes else base * stop.work.factor


def resume(flow: Flow, visit: int, minute: float) -> float:
    """Go on with an interrupted service; gives the minutes it still needs."""
    since = flow.since.pop(visit)
    flow.paused[visit] = flow.paused.get(visit, 0.0) + minute - since
    desk = flow.at[visit].work.desk
    if desk:
        desk.delay(visit, since, minute - since)
    return flow.left.pop(visit)
