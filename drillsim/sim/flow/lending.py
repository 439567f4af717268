"""People lent to the steps of the plan, and people who come or go beside the roster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drillsim.sim.flow import coarse, shifts
from drillsim.sim.flow.pools import Pool, Request

if TYPE_CHECKING:
    import simpy

    from drillsim.sim.flow.engine import Flow


def request(flow: Flow, resource: str, number: int) -> simpy.Event:
    """An event that happens once so many people have been kept back for a step: those who are free now, and the next who finish.

    Steps come before patients, in the order of asking, and interrupt nobody. Give people back with ``release``, and a request that
    is not needed any more with ``cancel``.
    """
    flow.catch_up()
    pool = flow.pools[resource]
    asked = Request(flow.env.event(), pool, coarse.lent(number, flow.stands_for))
    flow.lent[asked.event] = asked
    pool.requests.append(asked)
    pool.queued += 1
    flow.dispatch((pool,), flow.now)
    return asked.event


def cancel(flow: Flow, event: simpy.Event) -> None:
    """Take a request back, with whomever it has got so far; also when it was granted in this very minute."""
    asked = flow.lent.pop(event)
    if asked in asked.pool.requests:
        asked.pool.requests.remove(asked)
        asked.pool.queued -= 1
    _give_back(flow, asked.pool, asked.got)


def release(flow: Flow, resource: str, number: int) -> None:
    """Give people back."""
    _give_back(flow, flow.pools[resource], coarse.lent(number, flow.stands_for))


def keep_only(flow: Flow, resource: str, kept: int, number: int) -> None:
    """Of so many people kept back only this number is wanted."""
    _give_back(flow, flow.pools[resource], coarse.lent(kept, flow.stands_for) - coarse.lent(number, flow.stands_for))


def _give_back(flow: Flow, pool: Pool, number: int) -> None:
    flow.catch_up()
    pool.free += number
    flow.dispatch((pool,), flow.now)


def grant(flow: Flow, pool: Pool) -> None:
    """Keep the free people of a pool back for the steps that ask."""
    while pool.requests and pool.free > 0:
        asked = pool.requests[0]
        taken = min(asked.number - asked.got, int(pool.free))
        asked.got += taken
        pool.free -= taken
        if asked.got == asked.number:
            pool.requests.popleft()
            pool.queued -= 1
            flow.env._now = flow.now
            asked.event.succeed()
            flow.pause()


def add_capacity(flow: Flow, resource: str, change: int, why: str = "on_call") -> None:
    """So many more are on duty from now on, or fewer: they finish what is in hand, unless the end of a shift would ``stop`` it too."""
    flow.catch_up()
    pool = flow.pools[resource]
    played = coarse.beside(pool, change, flow.stands_for)
    flow.dispatch(shifts.change(flow, pool, played, why, flow.now, told=bool(change)), flow.now)
