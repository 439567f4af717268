"""Counting records: services that were entered in the systems, and what was written on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from drillsim.sim.flow.engine import Flow


def entered(flow: Flow, departments: frozenset[str], since: float, until: float) -> int:
    """Services of these departments that used a system and ended from ``since`` to before ``until``; those on paper and those passed by are none."""
    until = min(until, flow.now)
    codes = {
        stop.code
        for stop in set(flow.at)
        if stop.code >= 0 and stop.work.department in departments and stop.work.activity.uses
    }
    ended = (visit for visit, minute in enumerate(flow.ended) if since <= minute < until)
    return flow.stands_for * sum(flow.at[visit].code in codes and visit not in flow.modes for visit in ended)


def written(flow: Flow, departments: frozenset[str]) -> int:
    """Items that these departments have written on paper so far, typed in or not."""
    return flow.stands_for * sum(sum(desk.items) for name, desk in flow.desks.items() if name in departments)
