"""Machines that need a system to work (a scanner needs power): without it none of them takes a patient; who is being served is served to the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drillsim.model.people import Equipment
from drillsim.sim.flow.engine import Flow
from drillsim.sim.flow.lending import add_capacity
from drillsim.sim.units import AWAY

if TYPE_CHECKING:
    from drillsim.sim.world import World


def begin(world: World) -> None:
    """Let every kind of machine follow the systems that it needs."""
    if world.flow is None:
        return
    for name, machines in world.hospital.equipment.items():
        if machines.needs and world.flow.owns(name):
            Machines(world, world.flow, name, machines)


class Machines:
    """One kind of machine; ``stopped`` is how many of them stand still now."""

    def __init__(self, world: World, flow: Flow, name: str, record: Equipment) -> None:
        self.world = world
        self.flow = flow
        self.name = name
        self.record = record
        self.stopped = 0
        for component in record.needs:
            world.listen("component", component, self.look)
        self.look()

    def look(self) -> None:
        """A system that they need may have gone or come back."""
        away = any(self.world.systems[name].effective.rank >= AWAY for name in self.record.needs)
        wanted = sum(self.record.on_duty.values()) if away else 0
        if wanted != self.stopped:
            add_capacity(self.flow, self.name, self.stopped - wanted, "fault")
            self.stopped = wanted
