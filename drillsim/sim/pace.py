"""How fast the work on a step goes: what makes it slower just now, written in the log whenever that changes.

Three things do: people who lack training or practice, people who have been on duty too long, and a system the step ``uses`` that is slow (the
slowest of them counts). Their factors multiply. A used system that is away while people are at it leaves the work as fast as it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from drillsim.sim.units import AWAY

if TYPE_CHECKING:
    from drillsim.sim.readiness import Duty
    from drillsim.sim.world import World

UNTRAINED, TIRED, SLOW = "untrained", "tired", "slow"


class Pace:
    """What slows the work on one step. ``slowest``: the used system that counts and its factor, as last seen."""

    def __init__(self, world: World, step: str, uses: tuple[str, ...]) -> None:
        self.world = world
        self.step = step
        self.uses = uses
        self.slowest = ("", 1.0)
        self._noted: dict[tuple[str, str], float] = {}

    def look(self) -> bool:
        """See how slow the used systems are; whether that has changed."""
        units = [self.world.systems[name] for name in self.uses]
        if any(unit.effective.rank >= AWAY for unit in units):
            return False
        slow = ((unit.name, unit.effective.factor) for unit in units if unit.effective.factor > 1)
        before, self.slowest = self.slowest, max(slow, key=lambda one: one[1], default=("", 1.0))
        return before != self.slowest

    @property
    def factor(self) -> float:
        """By how much the slowest used system lengthens the work."""
        return self.slowest[1]

    def state(self, training: float, duty: Duty) -> None:
        """Write down what slows the work from now on."""
        now = self.world.env.now
        self._note({(UNTRAINED, ""): training, (TIRED, ""): duty.factor(now), (SLOW, self.slowest[0]): self.factor})

    def rest(self) -> None:
        """Nobody is at it just now."""
        self._note({})

    def _note(self, factors: dict[tuple[str, str], float]) -> None:
        for key in dict.fromkeys((*self._noted, *factors)):
            value = factors.get(key, 1.0)
            if value != self._noted.get(key, 1.0):
                self.world.note("pace", self.step, *key, value)
                self._noted[key] = value
