"""Injects: what controllers deliver during the drill, at a moment or once a condition holds, over a channel that must work.

One that makes no sense as things stand is held back.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from drillsim.model.conditions import Condition
from drillsim.model.scenario import Inject
from drillsim.sim import moments
from drillsim.sim.world import ARRIVAL

if TYPE_CHECKING:
    from drillsim.sim.world import World


def begin(world: World) -> None:
    """Let every inject wait for its moment or its condition."""
    for inject in world.scenario.injects:
        if inject.at is not None:
            moments.at(world, inject.at, partial(_in_its_hours, world, inject))
        elif inject.when is not None:
            _once(world, inject)


def _once(world: World, inject: Inject) -> None:
    assert inject.when is not None
    delivered = False

    def deliver() -> None:
        nonlocal delivered
        if not delivered:
            delivered = True
            _in_its_hours(world, inject)
            end()

    end = world.conditions.when(inject.when, deliver)
    if world.conditions.holds(inject.when):
        deliver()


def _in_its_hours(world: World, inject: Inject) -> None:
    """Deliver it now, or when the next of its hours begin; not at all when none do before EndEx."""
    if not inject.during:
        _deliver(world, inject)
        return
    now = world.env.now
    begins = next((max(a, now) for a, b in world.prepared.during[inject.id] if now < b), None)
    if begins is not None:
        world.call_at(begins, ARRIVAL, partial(_deliver, world, inject))


def _deliver(world: World, inject: Inject) -> None:
    """It reaches its audience, and its event happens, unless it is held back or its channel does not work."""
    reason = _not_so(world, inject.only_if)
    if reason is not None:
        world.note("inject", inject.id, "held_back", reason.text())
        return
    if inject.channel is not None and not world.notices.works(inject.channel):
        world.note("inject", inject.id, "not_delivered", inject.channel)
        return
    world.note("inject", inject.id, "delivered", inject.channel or "")
    world.happen(inject.id, inject.id)


def _not_so(world: World, claim: Condition | None) -> Condition | None:
    """What of the condition does not hold now: of claims that must all hold, those that do not; None when it holds, or there is none."""
    if claim is None or world.conditions.holds(claim):
        return None
    if claim.kind != "all":
        return claim
    false = tuple(part for part in claim.parts if not world.conditions.holds(part))
    return false[0] if len(false) == 1 else Condition(kind="all", parts=false)
