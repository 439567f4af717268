"""Faults: what breaks, when, how it ends, and what the people who respond believe about its cause.

What each kind of fault does, ``kinds`` says.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from drillsim.model.repairs import Relapse
from drillsim.model.scenario import Fault
from drillsim.model.systems import selected
from drillsim.sim import attacks, detection, guards, moments
from drillsim.sim.imperfect import Imperfections
from drillsim.sim.kinds import KINDS
from drillsim.sim.units import Damage
from drillsim.sim.world import ARRIVAL, COMPLETION, Process

if TYPE_CHECKING:
    from drillsim.sim.world import World


class Faults:
    """The faults of one run. ``present`` are those that have begun and are not over, with their targets."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.present: dict[str, dict[str, Callable[[], None]]] = {}
        self.noticed: set[str] = set()
        self.known: set[str] = set()  # faults that were noticed at some time
        self.truth: dict[str, str] = {}  # fault → its cause, or its target when none is given
        self.unseen: dict[str, float] = {}  # fault → for how long data had been damaged before it showed
        self.gone: list[
            tuple[float, float]
        ] = []  # minutes whose data are lost for good: from the last good copy to the damage
        self.grade: int | None = None
        self.judged: str | None = None
        self.disproved: set[str] = set()
        self.attacks: dict[str, attacks.Attack] = {}
        self.spoiled: set[str] = set()  # media whose copies an attack has spoiled
        self.relapses: dict[tuple[str, str], int] = {}  # fault and target → how often it came back
        self.mended_by: dict[
            str, dict[str, None]
        ] = {}  # fault that came back, not noticed yet → the steps that had mended it
        self.times_over: dict[str, int] = {}  # fault → how often nothing of it was left
        self.ended: set[str] = set()  # faults that have ended by themselves: they do not come back
        self.coming_back: set[str] = set()
        self.imperfect = Imperfections(world, self._come_back)
        self.at_the_root: set[str] = set()  # faults whose cause was rightly judged and mended
        self.patched: set[str] = set()  # components whose hole has been closed
        self.by_id = {fault.id: fault for fault in world.scenario.faults}

    def begin(self) -> None:
        """Let every fault wait for its moment."""
        for fault in self.world.scenario.faults:
            moments.at(self.world, fault.at, partial(self._strike, fault))

    def _targets(self, fault: Fault) -> tuple[str, ...]:
        if fault.nature.of_staff:
            return (fault.target,)
        return selected(self.world.hospital.systems, fault.target)

    def _strike(self, fault: Fault) -> None:
        world = self.world
        aimed_at = targets = self._targets(fault)
        if fault.nature.attack == "spreads":
            targets = tuple(target for target in aimed_at if not guards.patch_stops(world, fault, target, 0))
        happens = world.chances.happens(f"fault {fault.id}", 0, guards.chance(world, fault, targets))
        if not happens or (aimed_at and not targets):
            world.note("fault", fault.id, "skipped", ", ".join(aimed_at), fault.severity)
            return
        self.unseen[fault.id] = world.chances.minutes(f"fault {fault.id} damaged for", 0, fault.damaged_for)
        if fault.nature.judged:
            self.truth[fault.id] = fault.cause or fault.target
        self.present[fault.id] = {}
        for target in targets:
            world.note("fault", fault.id, "began", target, fault.severity)
        world.happen("failed", fault.id)
        world.happen(fault.id, fault.target)
        for target in targets:
            self.present[fault.id][target] = KINDS[fault.kind](world, fault, target)
        if fault.planned > 0:
            world.call_at(world.env.now + fault.planned, ARRIVAL, lambda: self._overruns(fault))
        else:
            detection.watch(world, fault)
        if fault.lasts is not None:
            world.env.process(self._last(fault))

    def _last(self, fault: Fault) -> Process:
        assert fault.lasts is not None
        yield self.world.later(self.world.chances.minutes(f"fault {fault.id} lasts", 0, fault.lasts), COMPLETION)
        self.ended.add(fault.id)
        self.imperfect.over(fault.id)
        for target in tuple(self.present.get(fault.id, ())):
            self._undo(fault.id, target)

    def _overruns(self, fault: Fault) -> None:
        """What was announced is not over: from now on it can be noticed as trouble."""
        if fault.id in self.present:
            detection.watch(self.world, fault)

    def spread_to(self, fault: Fault, target: str) -> None:
        """The fault has reached another component."""
        self.imperfect.over(fault.id, target)
        self.world.note("fault", fault.id, "began", target, fault.severity)
        undo = KINDS[fault.kind](self.world, fault, target)
        self.present.setdefault(fault.id, {})[target] = undo

    def _undo(self, fault: str, target: str, step: str = "") -> None:
        """A fault is over for a target: by itself, or because a step has put it right, which then is what changes the state of the target."""
        undo = self.present[fault].pop(target)
        with self.world.systems.mended_by(step):
            undo()
        self.world.note("fault", fault, "ended", target, self._severity(fault))
        if not self.present[fault]:
            del self.present[fault]
            self.times_over[fault] = self.times_over.get(fault, 0) + 1
        if step:
            self.imperfect.mended(self.by_id[fault], target, step)

    def _severity(self, fault: str) -> float:
        return self.by_id[fault].severity

    def _may_relapse(self, name: str, target: str, step: str) -> None:
        """What a step mended without going to the root may come back after a while."""
        fault = self.by_id[name]
        terms = fault.relapse or (Relapse() if fault.kind == "loop" else None)
        number = self.relapses.get((name, target), 0)
        if terms is None or number >= terms.times:
            return
        self.relapses[name, target] = number + 1
        luck = f"fault {name} relapse {target}"
        if self.world.chances.happens(luck, number, terms.chance):
            minutes = self.world.chances.minutes(f"{luck} after", number, terms.after)
            self.coming_back.add(name)
            self.world.call_at(self.world.env.now + minutes, ARRIVAL, lambda: self._relapse(fault, target, step))

    def _relapse(self, fault: Fault, target: str, step: str) -> None:
        """What was mended comes back, unless its root was found meanwhile or it would be over by now."""
        if fault.id in self.at_the_root or fault.id in self.ended or target in self.present.get(fault.id, {}):
            return
        if not guards.patch_stops(self.world, fault, target, self.relapses[fault.id, target]):
            self._come_back(fault, target, step)

    def _come_back(self, fault: Fault, target: str, step: str, way: str = "") -> None:
        """It strikes again; once that is noticed (in the ``way`` in which somebody has just seen it), the step that had mended it is done anew, and all that follow it."""
        if target in self.present.get(fault.id, {}):
            return
        self.imperfect.over(fault.id, target)
        self.world.note("fault", fault.id, "still_wrong" if way else "relapsed", target, fault.severity)
        self.present.setdefault(fault.id, {})[target] = KINDS[fault.kind](self.world, fault, target)
        self.noticed.discard(fault.id)
        self.mended_by.setdefault(fault.id, {})[step] = None
        if way:
            self.world.call_at(self.world.env.now, ARRIVAL, lambda: self._seen(fault.id, way))
        else:
            number = self.relapses.get((fault.id, target), 0) + self.imperfect.times.get((fault.id, target), 0)
            detection.watch(self.world, fault, number)

    def _seen(self, fault: str, way: str) -> None:
        if fault in self.present and fault not in self.noticed:
            self.is_noticed(fault, way)

    @property
    def attack_is_known(self) -> bool:
        """Whether somebody responsible knows of an attack, whether it is over or not."""
        return any(self.by_id[fault].nature.attack for fault in self.known)

    def is_noticed(self, fault: str, way: str) -> None:
        """Somebody responsible knows of it."""
        self.noticed.add(fault)
        self.known.add(fault)
        self.world.note("noticed", fault, way)
        self.world.happen("detected", fault)
        self.world.post("incident", "")
        if fault in self.mended_by:
            self.world.steps.do_anew(tuple(self.mended_by.pop(fault)), fault)

    # What a plan does about them

    def mend(self, target: str, kinds: tuple[str, ...], cause: str) -> None:
        """Put right what is the matter with a component (of these kinds of damage), whatever fault did it."""
        damage = self.world.systems[target].damage
        keys = [key for key, what in damage.items() if what.kind in kinds]
        keys += [key for key in self.present if target in self.present[key] and self._only_cut_off(key, kinds)]
        for key in keys:
            if key in self.present and target in self.present[key]:
                self._undo(key, target, cause)
                self._may_relapse(key, target, cause)
            else:
                self.world.systems.mend(target, [key], cause)

    def _only_cut_off(self, fault: str, kinds: tuple[str, ...]) -> bool:
        """Whether a fault that damages nothing is mended like these kinds of damage."""
        kind = self.by_id[fault].kind
        return kind == "partition" and kind in kinds

    def rebuilt(self, target: str, share: float, cause: str) -> None:
        """So large a share of a component that was unusable works again."""
        damage = self.world.systems[target].damage
        for key in [key for key, what in damage.items() if what.kind == "unusable"]:
            attack = self.attacks.get(key)
            if attack is not None:
                attack.catch_up()
            now = min(share, damage[key].size)
            left, share = damage[key].size - now, share - now
            if left > 1e-9:
                if attack is not None:
                    attack.cleaned(target, left)
                self.world.systems.lessen(target, key, Damage("unusable", left), cause)
            elif target in self.present.get(key, ()):
                self._undo(key, target, cause)
                self._may_relapse(key, target, cause)
            if share <= 1e-9:
                return

    def patch(self, target: str, cause: str) -> None:
        """Close the hole of a component: what has it already keeps it, but nothing more gets in by it."""
        if target not in self.patched:
            for attack in self.attacks.values():
                attack.catch_up()
            self.patched.add(target)
            self.world.note("patched", target, "", cause, guards.protection(self.world, target).patched)
            for attack in self.attacks.values():
                attack.look()

    def mend_cause(self, kinds: tuple[str, ...], cause: str) -> bool:
        """Mend what the present judgement points to; False when something is broken and that is not it."""
        broken = [fault for fault in self.present if fault in self.truth]
        meant = [fault for fault in broken if self.truth[fault] == self.judged]
        self.at_the_root.update(f for f in (*meant, *self.coming_back) if self.truth[f] == self.judged)
        for fault in meant:
            for attack in [a for a in self.attacks.values() if a.fault.id == fault]:
                attack.stop()
            for target in tuple(self.present.get(fault, ())):
                damage = self.world.systems[target].damage.get(fault)
                if damage.kind in kinds if damage is not None else self._only_cut_off(fault, kinds):
                    self._undo(fault, target, cause)
        if broken and not meant and self.judged is not None:
            self.disproved.add(self.judged)
        return bool(meant) or not broken

    def judge(self, step: str, right: bool, luck: float) -> None:
        """Judge the cause of the first fault still there: the truth, or by ``luck`` another that it is taken for and that is not yet disproved.

        Without a fault there is nothing to judge.
        """
        known = [fault for fault in self.present if fault in self.truth] or list(self.truth)
        if not known:
            return
        truth = self.truth[known[0]]
        alike = next((f.mistaken_for for f in self.world.scenario.faults if f.id == known[0]), ())
        others = [c for c in alike or self.world.plan.causes if c != truth and c not in self.disproved]
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
