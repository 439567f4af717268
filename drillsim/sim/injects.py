"""Injects: what controllers deliver during the drill, at a moment or once a condition holds, over a channel that must work."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from drillsim.model.scenario import Inject
from drillsim.sim import moments

if TYPE_CHECKING:
    from drillsim.sim.world import World


def begin(world: World) -> None:
    """Let every inject wait for its moment or its condition."""
    for inject in world.scenario.injects:
        if inject.at is not None:
            moments.at(world, inject.at, partial(_deliver, world, inject))
        elif inject.when is not None:
            _once(world, inject)


def _once(world: World, inject: Inject) -> None:
    assert inject.when is not None
    delivered = False

    def deliver() -> None:
        nonlocal delivered
        if not delivered:
            delivered = True
            _deliver(world, inject)
            end()

    end = world.conditions.when(inject.when, deliver)
    if world.conditions.holds(inject.when):
        deliver()


def _deliver(world: World, inject: Inject) -> None:
    """It reaches its audience, and its event happens, unless its channel does not work."""
    if inject.channel is not None and not world.notices.works(inject.channel):
        world.note("inject", inject.id, "not_delivered", inject.channel)
        return
    world.note("inject", inject.id, "delivered", inject.channel or "")
    world.happen(inject.id, inject.id)
