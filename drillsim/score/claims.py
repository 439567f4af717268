"""Whether a condition of the plan held at a minute of a run, as far as its log tells."""

from __future__ import annotations

from drillsim.log.rows import CLOSED, MODES, mode_beneath
from drillsim.model.conditions import OPERATORS, Condition
from drillsim.score import milestones
from drillsim.score.view import Stretch, View, joined, stretches

SAME = 1e-6


def holds(view: View, condition: Condition, minute: float) -> bool | None:
    """Whether it held then; None where the log does not tell (queues, piles, people exposed, members in use, hours to come)."""
    match condition.kind:
        case "all":
            parts = [holds(view, part, minute) for part in condition.parts]
            return False if False in parts else None if None in parts else True
        case "any":
            parts = [holds(view, part, minute) for part in condition.parts]
            return True if True in parts else None if None in parts else False
        case "not":
            part = holds(view, condition.parts[0], minute)
            return None if part is None else not part
        case "state" | "mode" | "hours" | "diverted" | "after" | "happened" if condition.states != ("opens",):
            since = since_when(view, condition, minute)
            threshold = view.scenario.plan.thresholds.get(condition.threshold or "", condition.minutes)
            return since is not None and minute - since >= threshold - SAME
        case "grade":
            grades = [e.cause for e in view.by_kind["decided"] if e.state == "grade" and e.minute <= minute]
            return bool(grades) and OPERATORS[condition.operator](float(grades[-1]), condition.number)
        case "judged":
            return _judged(view, condition.subject, minute)
        case "attack":
            attacks = {fault.id for fault in view.scenario.faults if fault.nature.attack}
            return any(e.subject in attacks and e.minute <= minute for e in view.by_kind["noticed"])
    return None


def since_when(view: View, claim: Condition, minute: float) -> float | None:
    """Since when a state, mode, diversion or event that a claim speaks of had been so at a minute; None when it was not."""
    if claim.event is not None:
        wanted = claim.event.text()
        rows = [e for kind in ("reached", "lapsed") for e in view.events(kind, wanted) if e.minute <= minute + SAME]
        row = milestones.holding(sorted(rows, key=lambda e: (e.minute, e.sequence))).get(wanted)
        return None if row is None else row.minute
    return next((s.start for s in runs(view, claim) if s.start <= minute < s.end), None)


def runs(view: View, claim: Condition) -> list[Stretch]:
    """The unbroken stretches in which a claim about a component, a department or a pathway was so, its ``for`` apart."""
    if claim.kind == "state":
        return joined(
            stretches(view.events("component", claim.subject), "up", view.log.began, float("inf")), claim.states
        )
    if claim.kind == "diverted":
        return joined(stretches(view.events("pathway", claim.subject), "", view.log.began, float("inf")), ("diverted",))
    found = stretches(view.events("department", claim.subject), "normal", view.log.began, float("inf"))
    if claim.kind == "hours":
        wanted = {"open": MODES[:-1], "closed": (CLOSED,)}
        return joined(found, wanted.get(claim.states[0], ()))
    if claim.states != ("waiting",):
        found = [s._replace(state=mode_beneath(s.state, s.value)) for s in found]
    return joined(found, claim.states)


def _judged(view: View, subject: str, minute: float) -> bool:
    found = [e for e in view.by_kind["decided"] if e.state == "judged" and e.minute <= minute]
    if not found:
        return False
    right = found[-1].value == 1.0
    return {"right": right, "wrong": not right}.get(subject, found[-1].cause == subject)
