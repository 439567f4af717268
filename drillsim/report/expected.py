"""When things would happen if everybody were at hand and everything took its usual time: the order in which a briefing tells them."""

from __future__ import annotations

import math
import operator
from typing import NamedTuple

from drillsim.model.conditions import Condition, EventName, Moment
from drillsim.model.plan import Step
from drillsim.model.scenario import Fault, Scenario
from drillsim.model.systems import selected
from drillsim.report import hours, outlook, words
from drillsim.report.outlook import Span, usual

FIRST_OF = {"declare": "declared", "order_paper": "ordered", "stand_down": "stood_down"}
"""Effect → the event that happens when the first step with it is done."""

RESTORING = ("restore", "fail_over", "repair", "recover_data")
LAST_OF = {"restored": RESTORING, "all_back": RESTORING, "returned": ("return_to_system",)}
"""Event → the effects of the steps of which the last brings it about."""

Times = dict[str, float]


class Foresight(NamedTuple):
    """What is foreseen so far: minutes of events, and when systems are away or slow."""

    scenario: Scenario
    times: Times
    away: dict[str, Span]
    slow: dict[str, Span]


def expected(scenario: Scenario) -> Times:
    """Minute since StartEx of every event that can be foreseen: steps and faults by their ids, and the built-in events.

    Nobody waits for anybody, every fault happens that is more likely than not, every step succeeds at once, and the cause is judged rightly. An
    event that cannot be foreseen (a queue that grows, the pile gone, a step for when another has failed) is not in it. ``restored`` (and ``all_back``) is the last
    restoring step that does not itself wait for it, or the end of the last fault that ends by itself; ``returned`` the last return to the systems.
    """
    times: Times = {"start": 0.0}
    idle: Times = {}  # steps that are not foreseen to apply → the minute at which those after them need not wait any more
    _settle(scenario, times, idle)
    for event, effects in LAST_OF.items():
        done = [times[s.id] for s in scenario.plan.steps if s.id in times and any(e.kind in effects for e in s.does)]
        if effects is RESTORING:
            done += [
                times[f.id] + usual(f.lasts)
                for f in scenario.faults
                if f.id in times and f.lasts is not None and not f.nature.of_staff
            ]
        if done:
            times[event] = max(done)
            _settle(scenario, times, idle)
    return times


def _settle(scenario: Scenario, times: Times, idle: Times) -> None:
    """Add what follows from what is known, until nothing more does."""
    for _ in range(len(scenario.plan.steps) + 3):  # a longer chain cannot exist
        before = dict(times)
        _faults(scenario, times)
        seen = Foresight(scenario, times, outlook.away(scenario, times), outlook.slow(scenario, times))
        for step in scenario.plan.steps:
            ready = _ready(step, seen, idle)
            applies = ready is not None and (step.only_if is None or _holds(step.only_if, seen, ready))
            done = _done(seen, step, ready) if ready is not None and applies else None
            if done is not None:
                times[step.id] = done
            else:
                times.pop(step.id, None)
            idle.pop(step.id, None)
            if ready is not None and not applies:
                idle[step.id] = ready
        for event in FIRST_OF.values():
            times.pop(event, None)
        for step in scenario.plan.steps:
            for effect in step.does:
                if step.id in times and effect.kind in FIRST_OF:
                    event = FIRST_OF[effect.kind]
                    times[event] = min(times[step.id], times.get(event, times[step.id]))
        if times == before:
            return


def _done(seen: Foresight, step: Step, ready: float) -> float | None:
    """When a step that is ready then is done; one that pauses is worked on in its hours only, and tools that are away then are missed to its end."""
    spans = {tool: seen.away[tool] for tool in step.helped_by if tool in seen.away}
    missing = [tool for tool, span in spans.items() if span.start <= ready < span.end]
    takes = usual(step.takes) * math.prod(step.helped_by[tool].slows for tool in missing) + _by_hand(
        seen.scenario, step
    )
    return hours.worked(seen.scenario, step.during, ready, takes) if step.pauses else ready + takes


def _by_hand(scenario: Scenario, step: Step) -> float:
    """Minutes of rebuilding machine by machine (``reimage``) what an update is to break, or all that malware can reach, by as many people as are at the step."""
    people, minutes = 1 + sum(step.with_roles.values()), 0.0
    for name in (target for effect in step.does if effect.kind == "reimage" for target in effect.targets):
        component = scenario.hospital.systems[name]
        broken = sum(_breaks(scenario, fault, name) for fault in scenario.faults)
        machines = math.ceil(min(1.0, broken) * component.count)
        minutes += component.rebuild_takes * math.ceil(machines / people)
    return minutes


def _breaks(scenario: Scenario, fault: Fault, name: str) -> float:
    """The share of a fleet that a fault is to leave unusable."""
    systems = scenario.hospital.systems
    if fault.nature.mended_by == "reimage" and not fault.nature.attack:
        return fault.severity if name in selected(systems, fault.target) else 0.0
    reached = (fault.target, *fault.attack.reaches) if fault.nature.attack == "spreads" else ()
    return float(any(name in selected(systems, selector) for selector in reached))


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
    seen = Foresight(scenario, times, outlook.away(scenario, times), {})
    after = _event(when.event, seen)
    return None if after is None else after + when.minutes


def _event(name: EventName, seen: Foresight) -> float | None:
    if name.turn == "" and name.subject in seen.times:
        return seen.times[name.subject]
    if name.turn in ("down", "up") and name.subject in seen.away:
        span = seen.away[name.subject]
        return span.start if name.turn == "down" else _ending(span)
    if name.turn in ("ordered", "on paper"):
        return _ordered(name.subject, seen)
    return seen.times.get("returned") if name.turn == "back" else None


def _ending(span: Span) -> float | None:
    return None if span.end == outlook.FOREVER else span.end


def _ordered(name: str, seen: Foresight) -> float | None:
    """When paper working is first ordered for a group or a department."""
    departments = seen.scenario.hospital.departments
    means = {name, departments[name].group if name in departments else name, "all"}
    means |= {d for d, record in departments.items() if record.group == name}
    steps = [s for s in seen.scenario.plan.steps if s.id in seen.times]
    ordered = [s for s in steps if any(e.kind == "order_paper" and means & set(e.targets) for e in s.does)]
    return min((seen.times[s.id] for s in ordered), default=None)


def _ready(step: Step, seen: Foresight, idle: Times) -> float | None:
    """When all triggers of a step hold; None while one of them cannot be foreseen."""
    triggers: list[float | None] = [seen.times.get(s, idle.get(s)) for s in step.after]
    if step.on:
        triggers.append(min((t for t in (_event(e, seen) for e in step.on) if t is not None), default=None))
    if step.when is not None:
        triggers.append(_condition(step.when, seen))
    if step.at is not None:
        triggers.append(moment(seen.scenario, step.at, seen.times))
    if not triggers:
        triggers.append(seen.times.get("detected" if seen.scenario.faults else "start"))
    known = [t for t in triggers if t is not None]
    if len(known) < len(triggers):
        return None
    ready = max(known)
    if step.when is not None and not _holds(step.when, seen, ready):
        return None
    return hours.first_within(seen.scenario, step.during, ready) if step.during else ready


def _condition(claim: Condition, seen: Foresight) -> float | None:
    """When a condition would come to hold; None when that cannot be foreseen."""
    if claim.kind == "any":
        return min((minute for p in claim.parts if (minute := _condition(p, seen)) is not None), default=None)
    if claim.kind == "all":
        moments = [_condition(p, seen) for p in claim.parts if not _as_ever(p, seen) and not _of_hours(p)]
        known = [minute for minute in moments if minute is not None]
        if not known or len(known) < len(moments):
            return None
        ready = _in_hours(claim, seen, max(known))
        return ready if ready is None or all(_holds(p, seen, ready) for p in claim.parts if p.kind == "not") else None
    since = _since(claim, seen)
    return None if since is None else since + _lasting(claim, seen)


def _of_hours(claim: Condition) -> bool:
    """Whether a claim speaks of nothing but opening hours."""
    return claim.kind != "not" and all(leaf.kind == "hours" for leaf in claim.leaves())


def _in_hours(claim: Condition, seen: Foresight, minute: float) -> float | None:
    """The first minute from then on at which all that it says about opening hours is so."""
    for part in claim.parts:
        if _of_hours(part):
            leaves = part.leaves() if part.kind == "any" else [part]
            moments = [m for leaf in leaves if (m := hours.first_so(seen.scenario, leaf, minute)) is not None]
            if not moments:
                return None
            minute = min(moments)
    return minute


def _as_ever(claim: Condition, seen: Foresight) -> bool:
    """Whether it says only that something is as on any day: a system that is up all the time, something that has not happened."""
    return claim.kind == "not" or (claim.kind == "state" and claim.states == ("up",) and claim.subject not in seen.away)


def _lasting(claim: Condition, seen: Foresight) -> float:
    return seen.scenario.plan.thresholds.get(claim.threshold, 0.0) if claim.threshold else claim.minutes


def _since(claim: Condition, seen: Foresight) -> float | None:
    """From which minute the claim itself is foreseen to hold, however long it must have held."""
    match claim.kind:
        case "after" | "happened":
            return _event(claim.event, seen) if claim.event else None
        case "state" if claim.states == ("up",):
            return _ending(seen.away[claim.subject]) if claim.subject in seen.away else None
        case "state":
            spans = seen.slow if claim.states == ("slow",) else seen.away
            return spans[claim.subject].start if claim.subject in spans else None
        case "mode":
            if claim.states[0] in ("paper", "changing"):
                return _ordered(claim.subject, seen)
            return seen.times.get({"back_entry": "returned", "waiting": "failed"}.get(claim.states[0], ""))
        case "grade":
            since = seen.times.get("declared")
            return since if since is not None and _grade_fits(claim, seen, since) else None
        case "judged":
            return _judged(claim.subject, seen)
        case "attack" | "exposed":
            attacked = any(fault.nature.attack for fault in seen.scenario.faults)
            return seen.times.get("detected") if attacked else None
        case "standby":
            return _on_standby(claim.subject, seen)
        case "diverted":
            return _first_to_do("divert", claim.subject, seen)
    return None


def _first_to_do(effect: str, target: str, seen: Foresight) -> float | None:
    """When the first step is foreseen to have done this to it; None when none is."""
    does = [s.id for s in seen.scenario.plan.steps if any(e.kind == effect and target in e.targets for e in s.does)]
    return min((seen.times[s] for s in does if s in seen.times), default=None)


def _judged(subject: str, seen: Foresight) -> float | None:
    """When the cause is first judged, if ``subject`` is the truth."""
    truth = {"right", *(fault.cause or fault.target for fault in seen.scenario.faults)}
    judges = [s.id for s in seen.scenario.plan.steps if any(e.kind == "judge" for e in s.does)]
    return min((seen.times[s] for s in judges if s in seen.times), default=None) if subject in truth else None


def _on_standby(subject: str, seen: Foresight) -> float | None:
    """When a service has left its first member for another that works."""
    service = seen.scenario.hospital.systems[subject].runs_on
    if service is None or service.members[0] not in seen.away or all(m in seen.away for m in service.members):
        return None
    switches = [
        s for s in seen.scenario.plan.steps if any(e.kind == "fail_over" and subject in e.targets for e in s.does)
    ]
    lost = seen.away[service.members[0]].start
    by_hand = [seen.times[s.id] for s in switches if seen.times.get(s.id, -1.0) > lost]
    return lost if subject not in seen.away else min(by_hand, default=None)


def _grade_fits(claim: Condition, seen: Foresight, minute: float) -> bool:
    """Whether the grade that would be declared at that minute is as the claim asks."""
    grades = (g.id for g in seen.scenario.plan.grades if g.when is None or _holds(g.when, seen, minute))
    grade = next(grades, None)
    tests = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq}
    return grade is not None and tests[claim.operator](grade, claim.number)


def _holds(claim: Condition, seen: Foresight, minute: float) -> bool:
    """Whether a condition is foreseen to hold at that minute."""
    match claim.kind:
        case "all":
            return all(_holds(part, seen, minute) for part in claim.parts)
        case "any":
            return any(_holds(part, seen, minute) for part in claim.parts)
        case "not":
            return not _holds(claim.parts[0], seen, minute)
        case "state" if claim.states == ("up",) and claim.subject not in seen.away:
            return True
        case "hours":
            return hours.first_so(seen.scenario, claim, minute) == minute
    since = _since(claim, seen)
    return since is not None and since + _lasting(claim, seen) <= minute < _until(claim, seen)


def _until(claim: Condition, seen: Foresight) -> float:
    if claim.kind == "state" and claim.states != ("up",):
        spans = seen.slow if claim.states == ("slow",) else seen.away
        return spans[claim.subject].end
    if claim.kind == "diverted":
        reopened = _first_to_do("reopen", claim.subject, seen)
        return outlook.FOREVER if reopened is None else reopened
    return seen.times.get("returned", outlook.FOREVER) if claim.kind == "mode" else outlook.FOREVER
