"""Names and numbers of the plan: those that have changed since its last review are wrong the first time they are used."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from drillsim.model.scenario import Scenario
from drillsim.units import YEAR

if TYPE_CHECKING:
    from drillsim.sim.world import World

UNREVIEWED = 2.0  # years, of a plan that gives no date


def age(scenario: Scenario) -> float:
    """Years from the plan's last review to StartEx."""
    try:
        reviewed = datetime.strptime((scenario.plan.reviewed or "")[:10], "%Y-%m-%d")
    except ValueError:
        return UNREVIEWED
    return max(0.0, (scenario.start_time - reviewed).total_seconds() / 60 / YEAR)


class Contacts:
    """Whose number has been looked up so far."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.stale = 1 - (1 - world.plan.readiness.contacts_change) ** age(world.scenario)
        self.looked_up: set[str] = set()

    def right(self, name: str) -> bool:
        """Whether the number of a role of the staff, a role of the plan or a department is right now; a wrong one is looked up for the next call."""
        if self.stale <= 0 or name in self.looked_up:
            return True
        self.looked_up.add(name)
        return not self.world.chances.happens(f"contact {name}", 0, self.stale)

    def put_right(self) -> None:
        """The plan's names and numbers are looked through, and hold from now on."""
        self.stale = 0.0
