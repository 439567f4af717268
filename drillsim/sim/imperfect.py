"""Repairs that look right and are not: who sees it when a department's systems are verified, and when it breaks out in use.

What a repair has left wrong stays hidden: the component gives its service. It is seen by those who try the systems of a department that leans on it, or
breaks out after a while of service; either way the trouble is back as after a relapse.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Protocol

from drillsim.log.rows import VERIFYING
from drillsim.model.scenario import Fault
from drillsim.sim.world import ARRIVAL

if TYPE_CHECKING:
    from drillsim.sim.world import World

Key = tuple[str, str]
"""Fault and target."""


class ComeBack(Protocol):
    """How trouble comes back: the fault, its target, the step that had mended it, and the way in which it was seen ("" when nobody has yet)."""

    def __call__(self, fault: Fault, target: str, step: str, way: str = "") -> None: ...


class Imperfections:
    """What repairs of one run have left wrong. ``times`` counts for each fault and target how often a repair has."""

    def __init__(self, world: World, come_back: ComeBack) -> None:
        self.world = world
        self.times: dict[Key, int] = {}
        self._come_back = come_back
        self._repairs: dict[Key, int] = {}
        self._tries: dict[
            tuple[str, str, str], int
        ] = {}  # fault, target and department → how often it was looked for there
        self._hidden: dict[Key, tuple[Fault, str]] = {}  # … → the step that had mended it

    def mended(self, fault: Fault, target: str, step: str) -> None:
        """A step has mended the target: luck says whether something is left wrong."""
        key, terms = (fault.id, target), fault.imperfect
        self._hidden.pop(key, None)
        number = self._repairs[key] = self._repairs.get(key, -1) + 1
        if terms is None or self.times.get(key, 0) >= terms.times:
            return
        luck = f"fault {fault.id} imperfect {target}"
        if self.world.chances.happens(luck, number, terms.chance):
            self.times[key] = self.times.get(key, 0) + 1
            self._hidden[key] = (fault, step)
            self.world.note("fault", fault.id, "imperfect", target, fault.severity)
            self._once_in_service(key, self.world.chances.minutes(f"{luck} after", number, terms.after))

    def over(self, fault: str, target: str | None = None) -> None:
        """What repairs left wrong is hidden no more: the trouble is back at the target as it is, or (for all targets) is over by itself."""
        for key in [key for key in self._hidden if key[0] == fault and target in (None, key[1])]:
            del self._hidden[key]

    def _once_in_service(self, key: Key, minutes: float) -> None:
        """Let it break out after so many minutes, counted from when the target gives service."""
        world, times = self.world, self.times[key]

        def look() -> None:
            if world.systems.in_service(key[1]):
                world.unlisten("component", key[1], look)
                world.call_at(world.env.now + minutes, ARRIVAL, partial(self._break_out, key, times))

        world.listen("component", key[1], look)
        look()

    def _break_out(self, key: Key, times: int) -> None:
        if key in self._hidden and self.times[key] == times:
            fault, step = self._hidden.pop(key)
            self._come_back(fault, key[1], step)

    def seen(self, tried: Mapping[str, Iterable[str]]) -> list[str]:
        """The departments in which those who try what it uses see something wrong; what they see is no longer hidden, and what gives no service nobody tries."""
        hidden = [(key, held) for key, held in self._hidden.items() if self.world.systems.in_service(key[1])]
        found: dict[str, None] = {}
        for department, uses in tried.items() if hidden else ():
            behind = _behind(self.world, uses)
            for key, (fault, step) in hidden:
                if key[1] in behind and key in self._hidden and self._sees(department, key, fault):
                    found[department] = None
                    self._come_back(fault, key[1], step, VERIFYING)
        return list(found)

    def _sees(self, department: str, key: Key, fault: Fault) -> bool:
        assert fault.imperfect is not None
        number = self._tries[*key, department] = self._tries.get((*key, department), -1) + 1
        luck = f"fault {fault.id} imperfect {key[1]} seen in {department}"
        return self.world.chances.happens(luck, number, fault.imperfect.seen)


def _behind(world: World, uses: Iterable[str]) -> set[str]:
    """These components and everything that they lean on just now; of a service that runs on members, the one in use."""
    found, left = set[str](), list(uses)
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            unit = world.systems[name]
            left += unit.component.needs.components()
            if unit.service is not None:
                left.append(unit.service.members[unit.service.active])
    return found
