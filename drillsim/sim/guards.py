"""What keeps attacks out of a component, or slows them there: its protection, and patches that closed the hole during the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drillsim.model.faults import KINDS

if TYPE_CHECKING:
    from drillsim.model.scenario import Fault
    from drillsim.model.systems import Protection
    from drillsim.sim.world import World


def protection(world: World, name: str) -> Protection:
    """What protects a component: its own, or the hospital's."""
    return world.hospital.systems[name].protection or world.hospital.protection


def hardening(world: World, name: str) -> float:
    """The share of attempts to infect a component that fail: by its hardening, or by the patch once it has it, whichever stops more."""
    guard = protection(world, name)
    return max(guard.hardening, guard.patched) if name in world.faults.patched else guard.hardening


def chance(world: World, fault: Fault, targets: tuple[str, ...]) -> float:
    """The chance that the fault happens: an attack from outside may be kept out by the firewall before its first target."""
    if not KINDS[fault.kind].from_outside or not targets:
        return fault.chance
    return fault.chance * (1 - protection(world, targets[0]).firewall)


def patch_stops(world: World, fault: Fault, target: str, number: int) -> bool:
    """Whether a patch that the target has keeps a fault from striking it for the ``number``-th time: 0 is the first, later ones are relapses."""
    if target not in world.faults.patched:
        return False
    return world.chances.happens(f"fault {fault.id} at patched {target}", number, protection(world, target).patched)
