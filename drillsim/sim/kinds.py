"""What each kind of fault does: one function that does it to a target and gives how to undo it, and one line in ``KINDS``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from drillsim.model.scenario import Fault
from drillsim.model.systems import selected
from drillsim.sim import attacks
from drillsim.sim.units import Damage, Unit
from drillsim.sim.world import ARRIVAL, Process

if TYPE_CHECKING:
    from drillsim.sim.world import World

Undo = Callable[[], None]
Strike = Callable[["World", Fault, str], Undo]


def _broken(kind: str) -> Strike:
    """A kind that damages a component (a share of it, when it is a fleet); it is undone by mending that damage."""

    def strike(world: World, fault: Fault, target: str) -> Undo:
        away = kind in ("outage", "unusable")
        size = min(1.0, fault.severity) if away else fault.severity
        if away and world.systems[target].component.count <= 1:
            size = 1.0
        world.systems.damage(target, fault.id, Damage(kind, size), fault.id)
        return lambda: world.systems.mend(target, [fault.id], fault.id)

    return strike


def _people(world: World, fault: Fault, target: str) -> Undo:
    """A share of the staff does not come."""
    world.people.shifts.keep_away(target, fault.id, min(1.0, fault.severity))
    return lambda: world.people.shifts.come_back(target, fault.id)


def _overload(world: World, fault: Fault, target: str) -> Undo:
    """Slow by the load of the hour, hour by hour."""
    over = False

    def follow() -> Process:
        while not over:
            factor = 1 + (fault.severity - 1) * world.calendar.load(world.env.now)
            world.systems.damage(target, fault.id, Damage("slow", factor), fault.id)
            time = world.calendar.time_of_day(world.env.now)
            yield world.later(60.0 - time % 60.0, ARRIVAL)

    def undo() -> None:
        nonlocal over
        over = True
        world.systems.mend(target, [fault.id], fault.id)

    world.env.process(follow())
    return undo


def _partition(world: World, fault: Fault, target: str) -> Undo:
    """Cut every way between the targets and the others."""
    inside = set(selected(world.hospital.systems, fault.target))
    ways = [(user, needed) for user, c in world.hospital.systems.items() for needed in c.upstream]
    cut = [(u, n) for u, n in ways if (u in inside) != (n in inside) and target in (u, n)]
    world.systems.sever(cut, fault.id)
    return lambda: world.systems.join(cut, fault.id)


def _outage(world: World, fault: Fault, target: str) -> Undo:
    """The target gives nothing (no power, no cold air); some of what stops for it is broken when it is back, or something in its place."""
    mend = _broken("outage")(world, fault, target)
    if not fault.breaks:
        return mend
    breakable = {name for selector in fault.breakable for name in selected(world.hospital.systems, selector)}
    at_risk = [unit for unit in _that_lean_on(world, target) if unit.name in breakable]
    for unit in at_risk:
        unit.at_risk[fault.id] = fault.breaks

    def undo() -> None:
        for unit in at_risk:
            world.systems.find_broken(unit, fault.id)
        mend()

    return undo


def _that_lean_on(world: World, target: str) -> list[Unit]:
    """Every component that leans on the target, directly or through others, in order."""
    found, waiting = set[int](), [*world.prepared.users[target]]
    while waiting:
        place = waiting.pop()
        if place not in found:
            found.add(place)
            waiting.extend(world.prepared.users[world.prepared.order[place]])
    return [world.systems.in_order[place] for place in sorted(found)]


def _supplier(world: World, fault: Fault, target: str) -> Undo:
    world.steps.spares.hold_up(target)
    return lambda: world.steps.spares.deliver_again(target)


KINDS: dict[str, Strike] = {
    "outage": _outage,
    "slow": _broken("slow"),
    "read_only": _broken("read_only"),
    "corrupt": _broken("corrupt"),
    "people": _people,
    "overload": _overload,
    "partition": _partition,
    "power": _outage,
    "supplier": _supplier,
    "update": _broken("unusable"),
    "upgrade": _broken("outage"),
    "loop": _broken("outage"),
    "spread": attacks.spread,
    "intrusion": attacks.intrusion,
    "insider": attacks.intrusion,
}
