"""How fast the work on a step goes: what makes it slower just now, written in the log whenever that changes.

Four things do: people who lack training or practice, people who have been on duty too long, a system the step ``uses`` that is slow (the
slowest of them counts), and each tool it is ``helped_by`` that is away. Their factors multiply. A used system that is away while people are at it
leaves the work as fast as it was.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from drillsim.model.plan import Step
from drillsim.sim.units import AWAY

if TYPE_CHECKING:
    from drillsim.sim.readiness import Duty
    from drillsim.sim.world import World

UNTRAINED, TIRED, SLOW, WITHOUT = "untrained", "tired", "slow", "without"


class Pace:
    """What slows the work on one step, as last seen. ``slowest``: the used system that counts and its factor; ``lacking``: the tools that are away."""

    def __init__(self, world: World, step: Step) -> None:
        self.world = world
        self.step = step
        self.slowest = ("", 1.0)
        self.lacking: tuple[str, ...] = ()
        self._noted: dict[tuple[str, str], float] = {}

    def look(self) -> bool:
        """See how slow the used systems are and which tools are away; whether that has changed."""
        before = self.slowest, self.lacking
        self.lacking = tuple(tool for tool in self.step.helped_by if not self.world.systems.in_service(tool))
        units = [self.world.systems[name] for name in self.step.uses]
        if all(unit.effective.rank < AWAY for unit in units):
            slow = ((unit.name, unit.effective.factor) for unit in units if unit.effective.factor > 1)
            self.slowest = max(slow, key=lambda one: one[1], default=("", 1.0))
        return before != (self.slowest, self.lacking)

    @property
    def factor(self) -> float:
        """By how much the slowest used system and the tools that are away lengthen the work."""
        return self.slowest[1] * math.prod(self.step.helped_by[tool].slows for tool in self.lacking)

    def chance(self) -> float:
        """Factor on the step's chance of success, by the tools that are away now."""
        self.look()
        return math.prod(self.step.helped_by[tool].chance for tool in self.lacking)

    def chance_right(self) -> float:
        """Factor on the chance of a right judgement, by the tools that were away when the chance was last asked for."""
        return math.prod(self.step.helped_by[tool].chance_right for tool in self.lacking)

    def state(self, training: float, duty: Duty) -> None:
        """Write down what slows the work from now on."""
        now = self.world.env.now
        self._note(
            {
                (UNTRAINED, ""): training,
                (TIRED, ""): duty.factor(now),
                (SLOW, self.slowest[0]): self.slowest[1],
                **{(WITHOUT, tool): self.step.helped_by[tool].slows for tool in self.lacking},
            }
        )

    def rest(self) -> None:
        """Nobody is at it just now."""
        self._note({})

    def _note(self, factors: dict[tuple[str, str], float]) -> None:
        for key in dict.fromkeys((*self._noted, *factors)):
            value = factors.get(key, 1.0)
            if value != self._noted.get(key, 1.0):
                self.world.note("pace", self.step.id, *key, value)
                self._noted[key] = value
