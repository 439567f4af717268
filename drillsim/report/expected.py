"""When things would happen if everybody were at hand and everything took its usual time: the order in which a briefing tells them."""

from __future__ import annotations

from drillsim.model.conditions import AWAY, Condition, EventName, Moment
from drillsim.model.durations import Distribution
from drillsim.model.faults import ATTACKS, OF_STAFF, QUIET
from drillsim.model.plan import Step
from drillsim.model.scenario import Fault, Scenario
from drillsim.model.systems import selected
from drillsim.report import words

FIRST_OF = {"declare": "declared", "order_paper": "ordered", "stand_down": "stood_down"}
"""Effect → the event that happens when the first step with it is done."""

LAST_OF = {"restored": ("restore", "fail_over", "repair", "recover_data"), "returned": ("return_to_system",)}
"""Event → the effects of the steps of which the last brings it about."""

Times = dict[str, float]


def usual(distribution: Distribution) -> float:
    """The usual minutes of a duration: its median when that is given, else its mean."""
    return distribution.parameters.get("median", distribution.mean)


def expected(scenario: Scenario) -> Times:
    """Minute since StartEx of every event that can be foreseen: steps and faults by their ids, and the built-in events.

    Nobody waits for anybody, and every step succeeds at once. An event that cannot be foreseen (a queue that grows, the pile gone) is not in
    it. ``restored`` is the last restoring step that does not itself wait for it, ``returned`` the last return to the systems.
    """
    times: Times = {"start": 0.0}
    idle: Times = {}  # steps that cannot apply → the minute at which those after them need not wait any more
    _settle(scenario, times, idle)
    for event, effects in LAST_OF.items():
        done = [times[s.id] for s in scenario.plan.steps if s.id in times and any(e.kind in effects for e in s.does)]
        if done:
            times[event] = max(done)
            _settle(scenario, times, idle)
    return times


def _settle(scenario: Scenario, times: Times, idle: Times) -> None:
    """Add what follows from what is known, until nothing more does."""
    for _ in range(len(scenario.plan.steps) + 3):  # a longer chain cannot exist
        before = dict(times)
        _faults(scenario, times)
        for step in scenario.plan.steps:
            ready = _ready(step, scenario, times, idle)
            if ready is None:
                continue
            if step.only_if is not None and not _may_hold(step.only_if, scenario, times):
                idle[step.id] = ready
                times.pop(step.id, None)
            else:
                times[step.id] = ready + usual(step.takes)
        for step in scenario.plan.steps:
            for effect in step.does:
                if step.id in times and effect.kind in FIRST_OF:
                    event = FIRST_OF[effect.kind]
                    times[event] = min(times[step.id], times.get(event, times[step.id]))
        if times == before:
            return


def _faults(scenario: Scenario, times: Times) -> None:
    for fault in scenario.faults:
        minute = moment(scenario, fault.at, times)
        if minute is not None:
            times[fault.id] = minute
            times["failed"] = min(minute, times.get("failed", minute))
            ways = (fault.found_by or scenario.hospital.detection).values()
            found = fault.planned + min((minute + usual(way.after) for way in ways if way.chance > 0), default=minute)
            times["detected"] = min(found, times.get("detected", found))


def moment(scenario: Scenario, when: Moment, times: Times) -> float | None:
    """The minute a moment means, as far as it can be foreseen."""
    known = words.minute_of(scenario, when)
    if known is not None or when.event is None:
        return known
    after = _event(when.event, scenario, times)
    return None if after is None else after + when.minutes


def _event(name: EventName, scenario: Scenario, times: Times) -> float | None:
    if name.turn in ("", "failed") and name.subject in times:
        return times[name.subject]
    if name.turn == "down":
        return _away(name.subject, scenario, times)
    return times.get(
        {"up": "restored", "ordered": "ordered", "on paper": "ordered", "back": "returned"}.get(name.turn, "")
    )


def _away(component: str, scenario: Scenario, times: Times) -> float | None:
    """When a component is first hit by a fault, its own or one of what it leans on; None when no fault reaches it."""
    hit = [times[f.id] for f in scenario.faults if f.id in times and component in reach(scenario, f)]
    return min(hit, default=None)


def _slows(component: str, scenario: Scenario) -> bool:
    """Whether a fault of the scenario makes the component slow; otherwise it is slow only after it has come back."""
    return any(f.kind in ("slow", "overload") and component in reach(scenario, f) for f in scenario.faults)


def reach(scenario: Scenario, fault: Fault) -> set[str]:
    """Components that a fault breaks, and all that lean on them, directly or through others; some kinds break nothing."""
    systems = scenario.hospital.systems
    reached = set() if fault.kind in (*OF_STAFF, *QUIET) else set(selected(systems, fault.target))
    grown = bool(reached)
    while grown:
        more = {i for i, c in systems.items() if i not in reached and reached & set(c.upstream)}
        reached |= more
        grown = bool(more)
    return reached


def _may_hold(claim: Condition, scenario: Scenario, times: Times) -> bool:
    """Whether what a step is for can come to be with the faults of the scenario: somebody's system is away, somebody judges so, a step was done."""
    match claim.kind:
        case "all":
            return all(_may_hold(part, scenario, times) for part in claim.parts)
        case "any":
            return any(_may_hold(part, scenario, times) for part in claim.parts)
        case "state" if claim.states == ("slow",):
            return _slows(claim.subject, scenario)
        case "state" if claim.states != ("up",):
            return _away(claim.subject, scenario, times) is not None
        case "happened" if claim.event is not None and claim.event.subject in {s.id for s in scenario.plan.steps}:
            return claim.event.subject in times
        case "judged":
            truth = {fault.cause or fault.target for fault in scenario.faults}
            return claim.subject in {"right", "wrong", *scenario.plan.causes, *truth}
    return True


def _ready(step: Step, scenario: Scenario, times: Times, idle: Times) -> float | None:
    """When all triggers of a step hold; None while one of them cannot be foreseen."""
    triggers: list[float | None] = [times.get(s, idle.get(s)) for s in step.after]
    if step.on:
        triggers.append(min((t for t in (_event(e, scenario, times) for e in step.on) if t is not None), default=None))
    if step.when is not None:
        triggers.append(condition(step.when, scenario, times))
    if step.at is not None:
        triggers.append(moment(scenario, step.at, times))
    if not triggers:
        triggers.append(times.get("detected" if scenario.faults else "start"))
    known = [t for t in triggers if t is not None]
    return max(known) if len(known) == len(triggers) else None


def condition(claim: Condition, scenario: Scenario, times: Times) -> float | None:
    """When a condition would come to hold; None when that cannot be foreseen."""
    if claim.kind in ("all", "any"):
        parts = [condition(p, scenario, times) for p in claim.parts]
        known = [p for p in parts if p is not None]
        never = any(p.states == AWAY and when is None for p, when in zip(claim.parts, parts, strict=True))
        return (
            None if not known or (claim.kind == "all" and never) else max(known) if claim.kind == "all" else min(known)
        )
    lasting = scenario.plan.thresholds.get(claim.threshold, 0.0) if claim.threshold else claim.minutes
    match claim.kind:
        case "after" | "happened":
            since = _event(claim.event, scenario, times) if claim.event else None
        case "state":
            back = claim.states == ("up",) or (claim.states == ("slow",) and not _slows(claim.subject, scenario))
            since = times.get("restored") if back else _away(claim.subject, scenario, times)
        case "mode":
            since = times.get(
                {"paper": "ordered", "changing": "ordered", "back_entry": "returned", "waiting": "failed"}.get(
                    claim.states[0], ""
                )
            )
        case "grade":
            since = times.get("declared")
        case "judged":
            since = min(
                (times[s.id] for s in scenario.plan.steps if s.id in times and any(e.kind == "judge" for e in s.does)),
                default=None,
            )
        case "attack":
            attacked = any(fault.kind in ATTACKS for fault in scenario.faults)
            since = times.get("detected") if attacked else None
        case "standby":
            since = _away(claim.subject, scenario, times)
        case _:
            since = None
    return None if since is None else since + lasting
