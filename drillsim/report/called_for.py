"""Which steps of the plan the faults of a scenario can call for at all."""

from __future__ import annotations

from drillsim.model.conditions import Condition
from drillsim.model.plan import Step
from drillsim.model.scenario import Fault, Scenario
from drillsim.model.systems import selected


def not_called_for(scenario: Scenario) -> frozenset[str]:
    """Steps that no fault of the scenario can call for, whatever happens: no fault reaches what they are for, or what they come after.

    Looked for from the faults on, step after step: what only steps that never come would take away is away in no run.
    """
    silent = frozenset(step.id for step in scenario.plan.steps)  # their triggers cannot come
    never = silent  # neither these nor those whose ``only_if`` cannot hold are ever done
    while True:
        steps, weak = scenario.plan.steps, _may_fail(scenario, never)
        more = frozenset(s.id for s in steps if not _may_start(s, scenario, weak, silent, never))
        undone = more | {
            s.id for s in steps if s.only_if is not None and not _may_hold(s.only_if, scenario, weak, never)
        }
        if (more, undone) == (silent, never):
            return never
        silent, never = more, undone


def reach(scenario: Scenario, fault: Fault) -> set[str]:
    """Components that a fault breaks, and all that lean on them, directly or through others; some kinds break nothing."""
    return _leaning(scenario, set(selected(scenario.hospital.systems, fault.target))) if fault.nature.impairs else set()


def _leaning(scenario: Scenario, reached: set[str]) -> set[str]:
    """These components and all that lean on them, directly or through others."""
    systems, grown = scenario.hospital.systems, bool(reached)
    while grown:
        more = {i for i, c in systems.items() if i not in reached and reached & set(c.upstream)}
        reached = reached | more
        grown = bool(more)
    return reached


def _may_start(step: Step, scenario: Scenario, weak: set[str], silent: frozenset[str], never: frozenset[str]) -> bool:
    """Whether in some run all triggers of the step may come, when steps in ``silent`` do not start and those in ``never`` are not done."""
    events = [e for e in step.on if e.subject not in never and (e.turn != "down" or e.subject in weak)]
    if (step.on and not events) or silent.intersection(step.after):
        return False
    return step.when is None or _may_hold(step.when, scenario, weak, never)


def _may_fail(scenario: Scenario, never: frozenset[str]) -> set[str]:
    """Components that may be away or slow in some run: what a fault reaches, malware gets into, a step takes away, what fails by itself or gives way."""
    systems, steps = scenario.hospital.systems, [s for s in scenario.plan.steps if s.id not in never]
    seeds = {target for s in steps for e in s.does if e.kind in ("isolate", "shut_down") for target in e.targets}
    seeds |= {name for name, component in systems.items() if component.fails is not None}
    for fault in scenario.faults:
        seeds |= reach(scenario, fault)
        if fault.nature.attack == "spreads":
            seeds |= {name for selector in fault.attack.reaches for name in selected(systems, selector)}
    reached = _leaning(scenario, seeds)
    for name, component in systems.items():
        if name in reached and component.runs_on is not None and component.runs_on.overload_fails > 0:
            reached |= _leaning(scenario, set(component.runs_on.members))
    return reached


def _may_hold(claim: Condition, scenario: Scenario, weak: set[str], never: frozenset[str]) -> bool:
    """Whether what a step is for can come to be with the faults of the scenario: somebody's system is away, somebody judges so, a step was done."""
    match claim.kind:
        case "all":
            return all(_may_hold(part, scenario, weak, never) for part in claim.parts)
        case "any":
            return any(_may_hold(part, scenario, weak, never) for part in claim.parts)
        case "state" if claim.states != ("up",):
            return claim.subject in weak
        case "happened" | "after" if claim.event is not None:
            event = claim.event
            return event.subject not in never and (event.turn != "down" or event.subject in weak)
        case "judged":
            truth = {fault.cause or fault.target for fault in scenario.faults}
            return claim.subject in {"right", "wrong", *scenario.plan.causes, *truth}
        case "attack" | "exposed":
            return any(fault.nature.attack for fault in scenario.faults)
        case "mode" if claim.states[0] in ("paper", "changing"):
            department = scenario.hospital.departments[claim.subject]
            orders = (s for s in scenario.plan.steps if any(e.kind == "order_paper" for e in s.does))
            return department.self_switch is not None or any(s.id not in never for s in orders)
    return True
