"""Faults: what breaks, when, how it ends, and what the people who respond believe about its cause.

Each kind of fault is one function that does it and says how to undo it, and one line in ``KINDS``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from drillsim.model.scenario import Fault
from drillsim.model.systems import selected
from drillsim.sim import detection, moments
from drillsim.sim.systems import Damage
from drillsim.sim.world import COMPLETION, Process

if TYPE_CHECKING:
    from drillsim.sim.world import World


def _broken(kind: str) -> Callable[[World, Fault, str], Callable[[], None]]:
    """A kind that damages a component; it is undone by mending that damage."""

    def strike(world: World, fault: Fault, target: str) -> Callable[[], None]:
        size = min(1.0, fault.severity) if kind == "outage" else fault.severity
        if kind == "outage" and world.systems[target].component.count <= 1:
            size = 1.0
        world.systems.damage(target, fault.id, Damage(kind, size), fault.id)
        return lambda: world.systems.mend(target, [fault.id], fault.id)

    return strike


def _people(world: World, fault: Fault, target: str) -> Callable[[], None]:
    """A share of the staff does not come."""
    world.people.shifts.keep_away(target, fault.id, min(1.0, fault.severity))
    return lambda: world.people.shifts.come_back(target, fault.id)


KINDS: dict[str, Callable[[World, Fault, str], Callable[[], None]]] = {
    "outage": _broken("outage"),
    "slow": _broken("slow"),
    "read_only": _broken("read_only"),
    "corrupt": _broken("corrupt"),
    "people": _people,
}


class Faults:
    """The faults of one run. ``present`` are those that have begun and are not over, with their targets."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.present: dict[str, dict[str, Callable[[], None]]] = {}
        self.begun: dict[str, float] = {}
        self.noticed: set[str] = set()
        self.truth: dict[str, str] = {}  # fault → its cause, or its target when none is given
        self.grade: int | None = None
        self.judged: str | None = None
        self.disproved: set[str] = set()

    def begin(self) -> None:
        """Let every fault wait for its moment."""
        for fault in self.world.scenario.faults:
            moments.at(self.world, fault.at, partial(self._strike, fault))

    def _targets(self, fault: Fault) -> tuple[str, ...]:
        if fault.kind == "people":
            return (fault.target,)
        return selected(self.world.hospital.systems, fault.target)

    def _strike(self, fault: Fault) -> None:
        world = self.world
        targets = self._targets(fault)
        if not world.chances.happens(f"fault {fault.id}", 0, fault.chance):
            world.note("fault", fault.id, "skipped", ", ".join(targets), fault.severity)
            return
        self.begun[fault.id] = world.env.now
        if fault.kind != "people":
            self.truth[fault.id] = fault.cause or fault.target
        self.present[fault.id] = {}
        for target in targets:
            world.note("fault", fault.id, "began", target, fault.severity)
        world.happen("failed", fault.id)
        world.happen(fault.id, fault.target)
        for target in targets:
            self.present[fault.id][target] = KINDS[fault.kind](world, fault, target)
        detection.watch(world, fault)
        if fault.lasts is not None:
            world.env.process(self._last(fault))

    def _last(self, fault: Fault) -> Process:
        assert fault.lasts is not None
        yield self.world.later(self.world.chances.minutes(f"fault {fault.id} lasts", 0, fault.lasts), COMPLETION)
        for target in tuple(self.present.get(fault.id, ())):
            self._undo(fault.id, target)

    def _undo(self, fault: str, target: str) -> None:
        undo = self.present[fault].pop(target)
        undo()
        self.world.note("fault", fault, "ended", target, self._severity(fault))
        if not self.present[fault]:
            del self.present[fault]

    def _severity(self, fault: str) -> float:
        return next(f.severity for f in self.world.scenario.faults if f.id == fault)

    # What a plan does about them

    def mend(self, target: str, kinds: tuple[str, ...], cause: str) -> None:
        """Put right what is the matter with a component (of these kinds of damage), whatever fault did it."""
        damage = self.world.systems[target].damage
        keys = [key for key, what in damage.items() if what.kind in kinds]
        for key in keys:
            if key in self.present and target in self.present[key]:
                self._undo(key, target)
            else:
                self.world.systems.mend(target, [key], cause)

    def mend_cause(self, kinds: tuple[str, ...], cause: str) -> bool:
        """Mend what the present judgement points to; False when something is broken and that is not it."""
        broken = [fault for fault in self.present if fault in self.truth]
        meant = [fault for fault in broken if self.truth[fault] == self.judged]
        for fault in meant:
            for target in tuple(self.present.get(fault, ())):
                damage = self.world.systems[target].damage.get(fault)
                if damage is not None and damage.kind in kinds:
                    self._undo(fault, target)
        if broken and not meant and self.judged is not None:
            self.disproved.add(self.judged)
        return bool(meant) or not broken

    def judge(self, step: str, right: bool, luck: float) -> None:
        """Judge the cause of the first fault still there: the truth, or by ``luck`` another cause of the plan not yet disproved.

        Without a fault there is nothing to judge.
        """
        known = [fault for fault in self.present if fault in self.truth] or list(self.truth)
        if not known:
            return
        truth = self.truth[known[0]]
        others = [c for c in self.world.plan.causes if c != truth and c not in self.disproved]
        self.judged = truth if right or not others else others[int(luck * len(others))]
        self.world.note("decided", step, "judged", self.judged, float(self.judged == truth))
        self.world.post("incident", "")

    def judged_as(self, subject: str) -> bool:
        """Whether the present judgement is ``subject``, or is ``right`` or ``wrong``."""
        if self.judged is None:
            return False
        right = self.judged in self.truth.values()
        return {"right": right, "wrong": not right}.get(subject, self.judged == subject)

    def declare(self, cause: str) -> None:
        """Declare the incident, at the first grade that fits; its roles are called in."""
        world = self.world
        fitting = (g for g in world.plan.grades if g.when is None or world.conditions.holds(g.when))
        grade = next(fitting, None)
        if grade is not None:
            self.grade = grade.id
            world.note("decided", cause, "grade", str(grade.id))
            for role in grade.activates:
                world.people.on_call.call_in(role, cause)
        world.happen("declared", cause)
        world.post("incident", "")
