"""What a planned switch interrupts: components that are away only because somebody switches a service on purpose, while the member in use works.

They are away in every figure of outages, but that undoes neither ``restored`` nor ``all_back``. It does so once more is wrong with them: one of them breaks,
is cut off or shut down, or the switch ends with no member that works.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from drillsim.sim.units import Unit
    from drillsim.sim.world import World


class Interruptions:
    """Which components are away only for a planned switch, now."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._switching: set[str] = set()  # services
        self._away: dict[str, str] = {}  # component → what it is away for: the service, or another component of these

    def begin(self, service: str) -> None:
        """A planned switch begins; what goes away for it from now on is interrupted."""
        self._switching.add(service)

    def end(self, service: str) -> None:
        """The switch is over, one way or the other; what starts anew after it is still interrupted until it is up."""
        self._switching.discard(service)

    def covers(self, unit: Unit) -> bool:
        """Whether a component that has just gone away did so for a planned switch alone."""
        users = self.world.prepared.users
        place = self.world.prepared.position[unit.name]
        due = unit.name if unit.name in self._switching else next((n for n in self._away if place in users[n]), None)
        if due is None or _own_trouble(unit):
            return False
        self._away[unit.name] = due
        self.world.note("interrupted", unit.name, "planned", due)
        return True

    def over(self, name: str) -> None:
        """It gives service again."""
        self._away.pop(name, None)

    def undone(self, unit: Unit) -> bool:
        """Whether something else is wrong by now with a component that was interrupted; from then on it counts as away."""
        if unit.name not in self._away or not _own_trouble(unit):
            return False
        self._drop(unit.name)
        return True

    def undo(self, service: str) -> list[str]:
        """No member works at the end of this service's switch: what it interrupted is away in earnest; gives its names."""
        reached = {service}
        for name in self._away:  # in the order in which they went away: what one interrupted stands after it
            if self._away[name] in reached:
                reached.add(name)
        names = [name for name in self._away if name in reached]
        for name in names:
            self._drop(name)
        return names

    def _drop(self, name: str) -> None:
        self.world.note("interrupted", name, "undone", self._away.pop(name))


def _own_trouble(unit: Unit) -> bool:
    return unit.broken or unit.cut or unit.off
