"""How a fault comes to be noticed: by monitoring, by users, by patients; whoever is first makes it known.

Monitoring counts from the fault, and so does a way that says ``from_fault``; everybody else from the minute the trouble shows in a system that is used, or
from the fault where nothing ever shows.
A copy of the data that slows a system as its schedule says is no trouble: a hidden attack stays hidden while it runs. Nobody notices a fault that is
over. A hospital that says nothing about detection notices at once. A way of noticing whose component or channel gives no service at its minute notices
nothing then, and is tried again after as long as it took, until it works; so is an alarm that is not believed. Who walks over instead is a way of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from drillsim.model.hospital import Detection
from drillsim.model.scenario import Fault
from drillsim.sim.units import SLOW, UP
from drillsim.sim.world import ARRIVAL

if TYPE_CHECKING:
    from drillsim.sim.world import World

MONITORING = "monitoring"


def watch(world: World, fault: Fault, number: int = 0) -> None:
    """Let the fault be noticed in each of its ways; ``number`` counts how often it has come back."""
    ways = fault.found_by or world.hospital.detection
    before = world.faults.times_over.get(fault.id, 0)
    if not ways:
        world.faults.is_noticed(fault.id, "at_once")
    for name, way in ways.items():
        if not world.chances.happens(f"fault {fault.id} noticed by {name}", number, way.chance):
            continue
        if name == MONITORING or way.from_fault or fault.nature.quiet:
            _count_down(world, fault, name, way, number, before)
        else:
            _when_it_shows(world, fault, name, way, number, before)


def _when_it_shows(world: World, fault: Fault, name: str, way: Detection, number: int, before: int) -> None:
    """Wait until a system that people use is not fully up, for another reason than a planned copy."""
    seen = world.prepared.seen

    def look() -> None:
        if any(_in_trouble(world, component) for component in seen):
            for component in seen:
                world.unlisten("component", component, look)
            _count_down(world, fault, name, way, number, before)

    for component in seen:
        world.listen("component", component, look)
    look()


def _in_trouble(world: World, component: str) -> bool:
    """Whether it gives less than full service, and not just because a copy of some data is being made."""
    standing = world.systems[component].effective
    if standing.rank != SLOW:
        return standing.rank > UP
    return not world.systems[component if standing.due == "own" else standing.due].only_copied


def _count_down(world: World, fault: Fault, name: str, way: Detection, number: int, before: int) -> None:
    """Notice it after a while, unless it is over by then; ``before`` is how often it had been over when it was first looked for."""
    minutes = world.chances.minutes(f"fault {fault.id} noticed by {name} after", number, way.after)

    first, times = world.env.now + minutes, 0

    def notice() -> None:
        nonlocal times
        over = fault.id not in world.faults.present or world.faults.times_over.get(fault.id, 0) != before
        if over or fault.id in world.faults.noticed:
            return
        if _works(world, way):
            times += 1
            if world.alarms.believed(fault.id, name, way, first, times - 1):
                world.faults.is_noticed(fault.id, name)
                return
        world.call_at(world.env.now + max(1.0, minutes), ARRIVAL, notice)

    world.call_at(world.env.now + minutes, ARRIVAL, notice)


def notice(world: World, fault: Fault, name: str) -> None:
    """Somebody may notice the fault now, in the way ``name``, if that works."""
    way = (fault.found_by or world.hospital.detection).get(name)
    if fault.id not in world.faults.noticed and (way is None or _works(world, way)):
        world.faults.is_noticed(fault.id, name)


def _works(world: World, way: Detection) -> bool:
    if way.needs is None:
        return True
    if way.needs in world.plan.channels:
        return world.notices.works(way.needs)
    return world.systems.in_service(way.needs)
