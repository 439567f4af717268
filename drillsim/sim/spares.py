"""Spare parts: a finite stock, and a supplier who brings more: when somebody waits for one, or when few are left (``reorder_at``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drillsim.sim.world import ARRIVAL

if TYPE_CHECKING:
    from drillsim.sim.world import World


class Spares:
    """Spare parts: how many are there, how many have been asked for, and which steps wait for one."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.stock = {name: component.spares for name, component in world.hospital.systems.items()}
        self.waiting: dict[str, list[str]] = {}
        self.on_order: dict[str, int] = {}
        self.orders: dict[str, int] = {}  # component → number of its last order
        self.held_up: dict[str, int] = {}  # component → faults that keep its supplier from delivering
        self.late: dict[str, int] = {}  # component → spares that have been held up

    def there(self, component: str, step: str) -> bool:
        """Whether a spare is at hand; if not, one is asked for, once for each step that waits."""
        if self.stock[component] > 0:
            return True
        waiting = self.waiting.setdefault(component, [])
        if step not in waiting:
            waiting.append(step)
        if self.on_order.get(component, 0) < len(waiting):
            self._order(component)
        return False

    def _order(self, component: str) -> None:
        arrives = self.world.hospital.systems[component].spare_arrives
        if arrives is not None:
            self.on_order[component] = self.on_order.get(component, 0) + 1
            number = self.orders[component] = self.orders.get(component, -1) + 1
            minutes = self.world.chances.minutes(f"spare {component}", number, arrives)
            self.world.call_at(self.world.env.now + minutes, ARRIVAL, lambda: self._arrives(component))

    def hold_up(self, component: str) -> None:
        """Its supplier delivers nothing for now."""
        self.held_up[component] = self.held_up.get(component, 0) + 1

    def deliver_again(self, component: str) -> None:
        """Its supplier delivers again, first what was held up."""
        self.held_up[component] -= 1
        if not self.held_up[component]:
            for _ in range(self.late.pop(component, 0)):
                self._arrives(component)

    def _arrives(self, component: str) -> None:
        if self.held_up.get(component):
            self.late[component] = self.late.get(component, 0) + 1
            return
        self.stock[component] += 1
        self.on_order[component] -= 1
        self.world.people.dispatch()

    def take(self, component: str, step: str) -> None:
        """A step uses one up; when only few are left, one more is asked for."""
        self.stock[component] -= 1
        waiting = self.waiting.setdefault(component, [])
        if step in waiting:
            waiting.remove(step)
        least = self.world.hospital.systems[component].reorder_at
        free = self.stock[component] + self.on_order.get(component, 0) - len(waiting)
        if least is not None and free <= least:
            self._order(component)
