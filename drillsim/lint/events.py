"""Which steps and events can come at all: looked for from what comes by itself (faults, times of day) until nothing new is found."""

from __future__ import annotations

from collections.abc import Iterable

from drillsim.model.conditions import OPERATORS, Condition, EventName
from drillsim.model.plan import Grade, Step
from drillsim.model.scenario import Scenario

FROM_OUTSIDE = ("start", "failed", "detected", "restored", "all_back")  # nothing in a plan can keep them from coming
CAN_FAIL = (
    "notify",
    "order_paper",
    "return_to_system",
    "fail_over",
    "repair",
    "restore",
    "recover_data",
    "reimage",
    "verify",
)


class Reach:
    """Steps that can become ready (``ready``) and be done (``done``), whatever day it is.

    Faults of any kind are taken to be possible, so a component can be away and come back. ``whole``: hospital, plan and scenario are at hand;
    otherwise what they might bring is taken to be possible.
    """

    def __init__(self, scenario: Scenario, *, whole: bool) -> None:
        self.scenario = scenario
        self.whole = whole
        self.steps = scenario.plan.steps
        self.ready: set[str] = set()
        self.done: set[str] = set()
        self._ids = {step.id for step in self.steps}
        new = True
        while new:
            new = sum(self._look(step) for step in self.steps) > 0

    def _look(self, step: Step) -> bool:
        """Whether something new was found about the step."""
        before = (step.id in self.ready, step.id in self.done)
        if not before[0] and self.can_begin(step):
            self.ready.add(step.id)
        if step.id in self.ready and not before[1] and (step.only_if is None or self.holds(step.only_if)):
            self.done.add(step.id)
        return before != (step.id in self.ready, step.id in self.done)

    def can_begin(self, step: Step) -> bool:
        """Whether its triggers can come together, as far as is known."""
        return (
            self.ready.issuperset(step.after)
            and (not step.on or any(self.comes(event) for event in step.on))
            and (step.when is None or self.holds(step.when))
            and (step.at is None or step.at.event is None or self.comes(step.at.event))
        )

    # Events

    def comes(self, event: EventName) -> bool:
        """Whether the event can happen."""
        if event.turn in ("down", "up") or event.text() in FROM_OUTSIDE:
            return True
        makers = self.makers(event)
        if makers is None:
            return True
        return any(self._made(event, step) for step in makers)

    def _made(self, event: EventName, step: str) -> bool:
        return step in self.done and (event.turn != "failed" or self._can_fail(step))

    def _can_fail(self, name: str) -> bool:
        step = next(s for s in self.steps if s.id == name)
        return step.chance < 1 or any(e.kind in CAN_FAIL for e in step.does) or not self._sure_hands(step)

    def _sure_hands(self, step: Step) -> bool:
        """Whether all who may do it are fully trained, so that it never goes wrong for want of training."""
        roles, staff = self.scenario.plan.roles, self.scenario.hospital.staff
        names = [h for role in (step.owner, *step.with_roles) if role in roles for h in roles[role].holders]
        if self.scenario.plan.readiness.decay:
            return not names
        return all(name in staff and staff[name].trained >= 1 for name in names)

    def makers(self, event: EventName) -> list[str] | None:
        """The steps that can make the event happen; None when it can come by itself or is not the plan's."""
        if event.turn == "failed" or event.subject in self._ids:
            return [event.subject] if event.subject in self._ids else []
        if event.turn == "ordered":
            return self._with_effect("order_paper", self._groups_of(event.subject))
        if event.turn in ("on paper", "back"):
            return self._on_paper(event.subject)
        effects = {"declared": "declare", "ordered": "order_paper", "stood_down": "stand_down"}
        if event.subject in effects:
            return self._with_effect(effects[event.subject], None)
        if event.subject in ("returned", "cleared"):
            return self._on_paper(None)
        return None  # an inject or a fault

    def _with_effect(self, kind: str, targets: Iterable[str] | None) -> list[str]:
        wanted = None if targets is None else set(targets)
        return [
            step.id
            for step in self.steps
            if any(e.kind == kind and (wanted is None or wanted & set(e.targets)) for e in step.does)
        ]

    def _groups_of(self, name: str) -> set[str]:
        """Names whose order makes ``name ordered`` happen: itself, its group, the departments of the group, and all."""
        departments = self.scenario.hospital.departments
        if name in departments:
            return {name}
        return {name, "all", *(n for n, d in departments.items() if d.group == name)}

    def _on_paper(self, name: str | None) -> list[str] | None:
        """The steps that send a department (any, when None) onto paper; None when it may go by itself."""
        departments = self.scenario.hospital.departments
        if not self.whole or any(d.self_switch for n, d in departments.items() if name in (None, n)):
            return None
        if name is None:
            return self._with_effect("order_paper", None)
        group = departments[name].group if name in departments else name
        return self._with_effect("order_paper", {name, group, "all"})

    # Conditions

    def holds(self, condition: Condition) -> bool:
        """Whether the condition can be true at some minute, as far as is known."""
        match condition.kind:
            case "all":
                return all(self.holds(part) for part in condition.parts) and not contradicts(
                    condition.parts, self.grades
                )
            case "any":
                return any(self.holds(part) for part in condition.parts)
            case "after" | "happened":
                return condition.event is None or self.comes(condition.event)
            case "mode" if condition.states[0] in ("changing", "paper", "back_entry"):
                return self._goes_to_paper(condition)
            case "hours" if condition.states[0] != "open":
                department = self.scenario.hospital.departments.get(condition.subject)
                return department is None or bool(department.open)
            case "diverted":
                return any(step in self.done for step in self._with_effect("divert", [condition.subject]))
            case "pile":
                return OPERATORS[condition.operator](0, condition.number) or self._goes_to_paper(condition)
            case "grade":
                declared = any(step in self.done for step in self._with_effect("declare", None))
                return declared and any(fits(condition, grade) for grade in self.grades)
            case "judged":
                return any(step in self.done for step in self._with_effect("judge", None))
        return True

    def _goes_to_paper(self, condition: Condition) -> bool:
        """Whether the department the claim is about can go on paper, and has a pile where the claim speaks of one."""
        department = self.scenario.hospital.departments.get(condition.subject)
        piles = condition.kind == "pile" or condition.states == ("back_entry",)
        if department is not None and piles and department.back_entry is None:
            return False
        makers = self._on_paper(condition.subject)
        return makers is None or any(step in self.done for step in makers)

    @property
    def grades(self) -> tuple[Grade, ...]:
        """Grades of the plan."""
        return self.scenario.plan.grades

    def blockers(self, step: Step) -> list[str]:
        """Steps that cannot be reached and for which this one waits."""
        found = [name for name in step.after if name not in self.ready]
        if step.on and not any(self.comes(event) for event in step.on):
            found += [name for event in step.on for name in self.makers(event) or ()]
        for leaf in step.when.leaves() if step.when is not None else ():
            if not self.holds(leaf):
                found += self._makers_of(leaf)
        if step.at is not None and step.at.event is not None and not self.comes(step.at.event):
            found += self.makers(step.at.event) or ()
        if step.id in self.ready and step.only_if is not None:
            found += [name for leaf in step.only_if.leaves() if not self.holds(leaf) for name in self._makers_of(leaf)]
        return [name for name in dict.fromkeys(found) if name not in self.done]

    def _makers_of(self, leaf: Condition) -> list[str]:
        if leaf.event is not None:
            return self.makers(leaf.event) or []
        if leaf.kind == "mode":
            return self._on_paper(leaf.subject) or []
        if leaf.kind == "diverted":
            return self._with_effect("divert", [leaf.subject])
        kinds = {"grade": "declare", "judged": "judge"}
        return self._with_effect(kinds[leaf.kind], None) if leaf.kind in kinds else []


def fits(claim: Condition, grade: Grade) -> bool:
    """Whether a claim about the grade is true of this one."""
    return OPERATORS[claim.operator](grade.id, claim.number)


def contradicts(parts: Iterable[Condition], grades: Iterable[Grade]) -> bool:
    """Whether claims that must all hold at once speak against each other: two states of one component, two modes of one department, no grade."""
    states: dict[tuple[str, str], set[str]] = {}
    claims: list[Condition] = []
    for leaf in parts:
        if leaf.kind in ("state", "mode"):
            key = leaf.kind, leaf.subject
            states[key] = states.get(key, set(leaf.states)) & set(leaf.states)
        elif leaf.kind == "grade":
            claims.append(leaf)
    none_fits = bool(claims) and not any(all(fits(claim, grade) for claim in claims) for grade in grades)
    return none_fits or any(not left for left in states.values())
