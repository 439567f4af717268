"""Records to go through again: those entered in the time whose data are lost, and those written on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drillsim.model.hours import joined
from drillsim.sim.flow import counting

if TYPE_CHECKING:
    from drillsim.model.plan import ForEach
    from drillsim.sim.world import World


def to_go_through(world: World, step: str, each: ForEach) -> int:
    """How many records a step has to go through, as things stand now; the log says how many were lost and how many stand on paper."""
    if world.flow is None:
        return 0
    world.flow.catch_up()
    lost, paper = _departments(world, each.lost), _departments(world, each.paper)
    entered = sum(counting.entered(world.flow, lost, *span) for span in joined(world.faults.gone)) if lost else 0
    written = counting.written(world.flow, paper)
    for state, number in (("lost", entered), ("paper", written)):
        if number:
            world.note("records", step, state, "", number)
    return entered + written


def _departments(world: World, names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(d for name in names for d in world.departments.named(name))
