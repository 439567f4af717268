"""Spare parts: a finite stock, and a supplier who brings more when somebody waits for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drillsim.sim.world import ARRIVAL

if TYPE_CHECKING:
    from drillsim.sim.world import World


class Spares:
    """Spare parts: how many are there, and those that have been asked for."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.stock = {name: component.spares for name, component in world.hospital.systems.items()}
        self.asked: dict[str, list[str]] = {}
        self.orders: dict[str, int] = {}
        self.held_up: dict[str, int] = {}  # component → faults that keep its supplier from delivering
        self.late: dict[str, list[str]] = {}  # component → steps whose spare has been held up

    def there(self, component: str, step: str) -> bool:
        """Whether a spare is at hand; if not, one is asked for, once for each step that waits."""
        if self.stock[component] > 0:
            return True
        arrives = self.world.hospital.systems[component].spare_arrives
        waiting = self.asked.setdefault(component, [])
        if arrives is not None and step not in waiting:
            waiting.append(step)
            number = self.orders[component] = self.orders.get(component, -1) + 1
            minutes = self.world.chances.minutes(f"spare {component}", number, arrives)
            self.world.call_at(self.world.env.now + minutes, ARRIVAL, lambda: self._arrives(component, step))
        return False

    def hold_up(self, component: str) -> None:
        """Its supplier delivers nothing for now."""
        self.held_up[component] = self.held_up.get(component, 0) + 1

    def deliver_again(self, component: str) -> None:
        """Its supplier delivers again, first what was held up."""
        self.held_up[component] -= 1
        if not self.held_up[component]:
            for step in self.late.pop(component, []):
                self._arrives(component, step)

    def _arrives(self, component: str, step: str) -> None:
        if self.held_up.get(component):
            self.late.setdefault(component, []).append(step)
            return
        self.stock[component] += 1
        self.asked[component].remove(step)
        self.world.people.dispatch()

    def take(self, component: str) -> None:
        """One is used up."""
        self.stock[component] -= 1
