"""Doing something at a moment of the scenario: a time of day, or so long after an event."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from drillsim.sim.world import ARRIVAL

if TYPE_CHECKING:
    from drillsim.model.conditions import Moment
    from drillsim.sim.world import World


def at(world: World, moment: Moment, action: Callable[[], None]) -> None:
    """Call ``action`` at the moment; never when it counts from an event that does not happen, at once when it has passed."""
    minute = moment.minute(world.scenario.start_time)
    if minute is not None:
        world.call_at(minute, ARRIVAL, action)
        return
    assert moment.event is not None
    name = moment.event.text()

    def count_down() -> None:
        if waiting:
            world.unlisten("event", name, count_down)
        world.call_at(world.happened[name] + moment.minutes, ARRIVAL, action)

    waiting = name not in world.happened
    if not waiting:
        count_down()
    else:
        world.listen("event", name, count_down)
