"""The words of the report in one place: what steps wait for, and every name, amount and clause for people."""

from __future__ import annotations

from collections.abc import Iterable

from drillsim.model.conditions import during_lines
from drillsim.model.scenario import Scenario
from drillsim.report import clauses, names
from drillsim.report.amounts import (
    EN_DASH,
    MISSING,
    argument,
    at_most,
    certain,
    chance,
    clock,
    count,
    count_interval,
    cut_off,
    date,
    duration,
    duration_range,
    few,
    figure,
    heads,
    interval,
    number,
    on_average,
    runs,
    share,
    share_interval,
    spaced,
    spread,
    unfinished,
    usual,
    usual_range,
    weekday,
)
from drillsim.report.clauses import (
    announced,
    condition,
    deadline,
    event,
    first_fault,
    measure,
    measured,
    minute_of,
    moment,
    since,
    takes,
    trigger,
)
from drillsim.report.names import (
    MILESTONES,
    SIGNS,
    group,
    listing,
    noticed_by,
    plain_id,
    selector,
    step_list,
    title_of,
    words,
)
from drillsim.score.summary_plan import StepPart
from drillsim.texts import say

__all__ = [
    "EN_DASH",
    "MILESTONES",
    "MISSING",
    "PARTS",
    "SIGNS",
    "SLOWED",
    "TABLES",
    "WAITS",
    "announced",
    "argument",
    "at_most",
    "capital",
    "cause_of",
    "certain",
    "chance",
    "clock",
    "condition",
    "count",
    "count_interval",
    "cut_off",
    "date",
    "deadline",
    "departments",
    "duration",
    "duration_range",
    "evaluates",
    "event",
    "few",
    "figure",
    "first_fault",
    "group",
    "heads",
    "held_up_by",
    "interval",
    "late_by",
    "lateness",
    "lateness_clause",
    "listing",
    "measure",
    "measured",
    "minute_of",
    "moment",
    "mostly_given_up",
    "noticed_by",
    "number",
    "on_average",
    "part",
    "plain_id",
    "runs",
    "selector",
    "share",
    "share_interval",
    "since",
    "slower",
    "spaced",
    "spread",
    "step_list",
    "takes",
    "title_of",
    "trigger",
    "unfinished",
    "usual",
    "usual_range",
    "waiting_for",
    "weekday",
    "words",
]  # fmt: skip


PARTS: dict[str, str] = {
    "dormant": "its trigger",
    "trigger": "its trigger",
    "rule": "its rule or its hours, by design",
    "hours": "its hours, by design",
    "decision": "a decision",
    "after": "an earlier step",
    "predecessor": "an earlier step",
    "person": "a person who is busy",
    "off_shift": "a person who is off duty",
    "on_the_way": "a person on the way",
    "thing": "a spare part",
    "system": "a system or channel",
    "channel": "a system or channel",
    "pause": "a pause before the next try",
    "redo": "work that had to be done again",
    "rework": "work that had to be done again",
    "slowed": "work that went slower than it could",
    "working": "the work itself",
    "work": "the work itself",
}
"""Part of a step's time → what it was spent on, fitting after "waiting for" (all but the last five)."""

SLOWED: dict[str, str] = {
    "untrained": "work slowed by lack of practice",
    "tired": "work slowed by tired people",
    "slow": "work slowed by {system}, which is slow",
    "without": "work slowed for want of {system}",
    "shared": "work slowed by other restores from {system}",
}
"""What slows work → words for it."""

WAITS: dict[str, str] = {
    "trigger": "its trigger ({who})",
    "rule": "the criterion of the rule, by design ({who})",
    "hours": "its hours, by design ({who})",
    "dormant": "its trigger ({who})",
    "decision": "a decision ({who})",
    "after": "{who} to be done",
    "predecessor": "{who} to be done",
    "person": "{who}, who is busy",
    "off_shift": "{who}, off duty",
    "on_the_way": "{who}, on the way",
    "thing": "a spare: {who}",
    "system": "{who}, which does not work",
    "channel": "{who}, which does not work",
    "working": "the work on {who}",
    "work": "the work on {who}",
    "redo": "work done again because of {who}",
    "rework": "work done again because of {who}",
}
"""Part of a step's time with who or what was waited for, fitting after "waiting for"."""


WAITED: dict[str, str] = {
    "decision": "step", "after": "step", "predecessor": "step", "working": "step", "work": "step", "redo": "step", "rework": "step",
    "person": "role", "off_shift": "role", "on_the_way": "role", "thing": "component", "system": "component", "channel": "channel",
}  # fmt: skip
"""Part of a step's time → the kind of thing that was waited for."""


def part(name: str, language: str = "en") -> str:
    """What a part of a step's time was spent on."""
    return say(PARTS[name], language) if name in PARTS else plain_id(name)


def waiting_for(scenario: Scenario, name: str | None, cause: str | None, language: str = "en") -> str:
    """What a step waited for, fitting after "waiting for": ``Database administrator, busy with “First look”``, ``a decision (Director)``."""
    if not name:
        return MISSING
    if name == "slowed" and cause:
        return slower(scenario, cause, language)
    if name in ("rule", "hours") and cause and during_lines(cause):
        return say(WAITS["hours"], language, who=trigger(scenario, cause, language))
    if name in ("trigger", "dormant", "rule") and cause:
        return say(WAITS[name], language, who=trigger(scenario, cause, language))
    who, _, busy_with = (cause or "").partition(":")
    if name in ("redo", "rework") and evaluates(scenario, who):
        return say("departments that do not work as on a normal day yet", language)
    if name == "decision" and cause and (said := _decision(scenario, cause, language)):
        return said
    if not who or name not in WAITS:
        return part(name, language)
    if busy_with and name == "person":
        return busy(scenario, who, busy_with, language)
    if name in ("redo", "rework") and any(fault.id == who for fault in scenario.faults):
        title = cause_of(scenario, who, language)
        return say("work done again, since it was not over: {who}", language, who=title)
    return say(WAITS[name], language, who=cause_of(scenario, who, language, WAITED.get(name, "")))


def evaluates(scenario: Scenario, step: str) -> bool:
    """Whether a step compares the work of departments with a normal day: what fails then is not its own work."""
    return any(s.id == step and any(effect.kind == "evaluate" for effect in s.does) for s in scenario.plan.steps)


def verifies(scenario: Scenario, step: str) -> bool:
    """Whether a step tries the systems of departments: it cannot do without them."""
    return any(s.id == step and any(effect.kind == "verify" for effect in s.does) for s in scenario.plan.steps)


def departments(scenario: Scenario, names: Iterable[str], language: str = "en") -> str:
    """The titles of departments, the first of many."""
    return listing((title_of(scenario, name, language, "department") for name in names), language, most=4)


def _decision(scenario: Scenario, cause: str, language: str) -> str:
    """The decisions among the steps that are waited for, and beside them the steps that are none; empty when the cause names no decision."""
    awaited = [one.strip() for one in cause.split(",")]
    decisions = [one for one in awaited if any(step.id == one and step.decision for step in scenario.plan.steps)]
    others = [one for one in awaited if one not in decisions]
    if not decisions:
        return ""
    said = say("the decision {step}", language, step=cause_of(scenario, ",".join(decisions), language, "step"))
    if not others:
        return said
    return say("{decision}, and {steps} to be done", language, decision=said, steps=cause_of(scenario, ",".join(others), language, "step"))  # fmt: skip


def busy(scenario: Scenario, role: str, busy_with: str, language: str) -> str:
    """A role nobody is free for, and what its holders are at: a step, patients, or nothing: then there are too few of them for the step itself."""
    who = title_of(scenario, role, language, "role")
    if busy_with != "patients":
        return say("{who}, busy with “{step}”", language, who=who, step=title_of(scenario, busy_with, language, "step"))
    holders = scenario.plan.roles[role].holders if role in scenario.plan.roles else (role,)
    serve = any(holder in activity.needs for activity in scenario.hospital.activities.values() for holder in holders)
    if serve:
        return say("{who}, busy with patients", language, who=who)
    return say("{who}, too few of them", language, who=who)


def slowed_by(cause: str) -> tuple[str, str]:
    """What slowed work as a key of SLOWED, and which component, tool or medium; "" for people."""
    how, _, name = cause.partition(" ")
    if name:
        return how, name
    return (cause, "") if cause in SLOWED else ("slow", cause)


def slower(scenario: Scenario, cause: str, language: str = "en") -> str:
    """What slowed work, with the step when the cause names it (``tired:first_look``): ``“First look”: work slowed by tired people``."""
    slow, _, step = cause.partition(":")
    how, name = slowed_by(slow)
    kind = "medium" if how == "shared" else "component"
    values = {"system": title_of(scenario, name, language, kind)} if name else {}
    said = say(SLOWED[how], language, **values)
    return (
        say("“{title}”: {text}", language, title=title_of(scenario, step, language, "step"), text=said)
        if step
        else said
    )


def lateness(step: StepPart, language: str = "en") -> str:
    """How late a step usually is when it is not on time: ``28 min``, ``under 1 min``; that it was given up or not done, when that is more usual."""
    missed, late = step.outcomes.get("missed", 0.0), step.outcomes.get("late", 0.0)
    if missed > late:
        return say("given up", language) if step.given_up > missed / 2 else say("not done", language)
    p50 = step.late_by.p50
    return late_by(p50, language) if p50 is not None and p50 < 1 else usual(step.late_by, language)


def late_by(minutes: float | None, language: str = "en") -> str:
    """Minutes of lateness; seconds are not told."""
    return say("under 1 min", language) if minutes is not None and 0 < minutes < 1 else duration(minutes, language)


def lateness_clause(step: StepPart, language: str = "en") -> str:
    """The same as a clause: ``usually 28 min late``; empty for a step that is never late."""
    if step.late_by.p50 is None:
        return ""
    if mostly_given_up(step):
        return say("usually given up without success", language)
    if step.outcomes.get("missed", 0.0) > step.outcomes.get("late", 0.0):
        return say("usually not done before the end", language)
    return say("usually {minutes} late", language, minutes=lateness(step, language))


def mostly_given_up(step: StepPart) -> bool:
    """Whether it is late mostly because no try succeeded: then what it waited for before is not why."""
    missed = step.outcomes.get("missed", 0.0)
    return missed > step.outcomes.get("late", 0.0) and step.given_up > missed / 2


def held_up_by(scenario: Scenario, step: StepPart, language: str = "en") -> str:
    """What a step waited for most over all runs; work of its own that had to be done again is not told as waiting for itself.

    A step that waited for nothing was late for the work itself.
    """
    if not step.mostly:
        return say("nothing: the work itself takes long", language) if step.late_by.p50 is not None else MISSING
    own = step.mostly_cause == step.id and not evaluates(scenario, step.id)
    cause = None if own else step.mostly_cause
    return waiting_for(scenario, step.mostly, cause, language)


def cause_of(scenario: Scenario, cause: str | None, language: str = "en", kind: str = "") -> str:
    """The cause written in a log (``role``, ``role:step``, ``step,step``, an event's name) in words, steps in quotation marks; empty without one.

    ``kind``: the kind of thing that it is, when that is known.
    """
    if not cause:
        return ""
    if ":" in cause:
        who, _, busy_with = cause.partition(":")
        return busy(scenario, who, busy_with, language) if busy_with else title_of(scenario, who, language, kind)
    return listing((_thing(scenario, one.strip(), language, kind) for one in cause.split(",")), language, most=3)


def _thing(scenario: Scenario, name: str, language: str, kind: str) -> str:
    subject, _, turn = name.partition(" ")
    if turn in clauses.TURNS and turn:
        return say(
            clauses.TURNS[turn], language, title=title_of(scenario, subject, language, clauses.TURNED.get(turn, ""))
        )
    if kind in ("", "step") and name in {step.id for step in scenario.plan.steps} | {
        fault.id for fault in scenario.faults
    }:
        return say("“{title}”", language, title=title_of(scenario, name, language, "step"))
    return title_of(scenario, subject if turn else name, language, kind)


def milestone(scenario: Scenario, event: str, language: str = "en") -> str:
    """What the coming of an event is called; the beginning of a stop that was announced is no failure."""
    return say("Planned stop begins" if event == "failed" and announced(scenario) else MILESTONES[event], language)


def capital(text: str) -> str:
    """The text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


TABLES: tuple[dict[str, str], ...] = (
    PARTS, WAITS, SLOWED, names.MODES, names.STATES, names.OUTCOMES, names.MILESTONES, names.GROUPS, names.NOTICED_BY, names.RATINGS,
    names.FORM_RATINGS, clauses.EVENTS, clauses.SINCE, clauses.ANNOUNCED, clauses.TURNS, clauses.FAULT_SENTENCES, clauses.MEASURES, clauses.WHOLE,
)  # fmt: skip
"""Every table whose values are said in both languages."""
