"""What one run teaches: strengths, areas for improvement and corrective actions, each with its owner and the rows of the log that show it.

A lesson says what happened by the name of a rule; ``RULES`` has the rule's sentence and, for an area for improvement, the corrective action, as
templates with ``{fields}`` that are ids: whoever shows them puts titles and durations in their place.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Literal, NamedTuple

from drillsim.log.rows import VERIFYING, Event
from drillsim.model.conditions import AWAY
from drillsim.model.plan import Step
from drillsim.model.systems import selected
from drillsim.score.clocks import deadline
from drillsim.score.paths import Finder
from drillsim.score.roots import held_up
from drillsim.score.steps import AT_IT, LATE, MISSED, ON_TIME
from drillsim.score.systems import one_component
from drillsim.score.trace import Leaf
from drillsim.score.view import Figures, View, joined


class Rule(NamedTuple):
    """What is said, and what to do about it (empty for a strength)."""

    kind: Literal["strength", "improvement"]
    sentence: str
    action: str = ""


class Lesson(NamedTuple):
    """Something that a run taught. ``about``: the step, component, department or fault; ``other``: whom or what else it names; ``minutes``: how much (NaN: no length).

    ``owner`` is the role of the plan that should see to it (of a late step: who owns the step that was held up, be it one it waited for); ``evidence`` are the sequence numbers of the rows that show it, in order.
    """

    rule: str
    about: str
    owner: str
    evidence: tuple[int, ...]
    minutes: float = math.nan
    other: str = ""

    @property
    def kind(self) -> str:
        """``strength`` or ``improvement``."""
        return RULES[self.rule].kind


RULES: dict[str, Rule] = {
    "on_time": Rule("strength", "“{about}” was done {minutes} before its deadline."),
    "restored_in_time": Rule("strength", "{about} was back within its RTO, after {minutes}."),
    "seen_by_monitoring": Rule("strength", "Monitoring noticed “{about}” before anybody else."),
    "verified": Rule("strength", "Verifying found what the repair of “{about}” had left wrong."),
    "failed_over": Rule("strength", "{about} went on running on {other}."),
    "late_decision": Rule("improvement", "“{about}” was late; {minutes} went into waiting for a decision, {other}.", "Name a deputy who may take the decision {other}, or a rule by which it is taken."),
    "late_person": Rule("improvement", "“{about}” was late; {minutes} went into waiting for {other}, who was busy.", "Take work off {other} during the response, or name a second person."),
    "late_off_shift": Rule("improvement", "“{about}” was late; for {minutes} nobody of {other} was on duty.", "Name someone on duty or on call for {other} at this hour, or who can stand in."),
    "late_on_the_way": Rule("improvement", "“{about}” was late; {minutes} went into waiting for {other} to arrive.", "See that {other} answers and comes sooner, or can work from afar, or name a deputy in the house."),
    "late_thing": Rule("improvement", "“{about}” was late; it waited {minutes} for a spare of {other}.", "Keep a spare of {other} at hand."),
    "late_system": Rule("improvement", "“{about}” was late; it waited {minutes} for {other}.", "Find a way for “{about}” that does not need {other}."),
    "late_not_back": Rule("improvement", "“{about}” was late; it waited {minutes} for {other} to be back.", "See what the return of {other} waited for: what does not work yet cannot be tried."),
    "late_predecessor": Rule("improvement", "“{about}” was late; {other} before it took {minutes}.", "Shorten {other}, or see whether “{about}” must wait for it."),
    "late_trigger": Rule("improvement", "“{about}” was late; its trigger came only after {minutes}.", "Let “{about}” begin sooner."),
    "late_rework": Rule("improvement", "“{about}” was late; {minutes} went into doing it again.", "Find out why “{about}” did not succeed the first time, and practise it."),
    "late_unlike": Rule("improvement", "“{about}” was late: for {minutes} it found departments that did not work as on a normal day yet.", "See what those departments still lacked: a system that is slow or away, or their return from paper."),
    "late_slowed": Rule("improvement", "“{about}” was late; the work took {minutes} longer than it must: people out of practice or tired, a slow system, a tool that was away, or a medium that others read from.", "See what slows “{about}”: practice, relief for those who are tired, a faster system, a tool at hand, or a medium of its own."),
    "late_work": Rule("improvement", "“{about}” was late; the work itself took {minutes}.", "Shorten the work of “{about}”: more hands, preparation, or a tool."),
    "seen_late": Rule("improvement", "“{about}” was noticed by {other}, after {minutes}, and not by monitoring.", "See why monitoring did not notice “{about}”, and make it easy for {other} to report it."),
    "judged_wrong": Rule("improvement", "“{about}” took {other} for the cause, wrongly.", "Write down the signs that tell {other} from the true cause, and practise them."),
    "not_reached": Rule("improvement", "{about} could not be reached.", "Bring the contacts of {about} up to date, and give them a second channel."),
    "call_missed": Rule("improvement", "{about} was called and did not answer.", "Check the number of {about}, and name the next one to call."),
    "restored_late": Rule("improvement", "{about} was away for {minutes}, longer than its RTO.", "See what its return waited for, or whether the RTO can be kept at all."),
    "data_lost": Rule("improvement", "{about} lost the data of {minutes}.", "Copy {about} more often or keep a replica, and try the copies out, so that damage in them is seen soon."),
    "not_back": Rule("improvement", "The data of {about} had not been brought back by the end.", "See that the data of {about} can be brought back in time: a step of the plan, copies that were tried out, and a way to read them."),
    "copies_useless": Rule("improvement", "No copy of {about} could be used.", "Keep a copy of {about} out of reach, and try it out regularly."),
    "exposed": Rule("improvement", "Data of {about} could be taken and read.", "Encrypt the data of {about}, and see who can get to it."),
    "overheard": Rule("improvement", "Data of {about} could be taken and read on their way over the network.", "Encrypt what goes to and from {about}, and see who can get at the line."),
    "relapsed": Rule("improvement", "“{about}” came back after it had been mended.", "Go to the root of “{about}” before it is put into service again."),
    "imperfect": Rule("improvement", "“{about}” had not been mended rightly, which showed only in use.", "Have the departments try it in their own work before it is handed back."),
    "forms_ran_out": Rule("improvement", "{about} ran out of downtime forms.", "Keep more forms in {about}, or bring them sooner."),
    "verified_in_vain": Rule("improvement", "“{about}” found that something did not work yet, and sent work back.", "See that what “{about}” tries is tried before it is handed back."),
}  # fmt: skip

BRING_BACK = ("restore", "recover_data", "repair")

BY_OTHER = ("late_on_the_way", "late_person", "late_off_shift", "late_thing", "late_system", "late_not_back", "late_decision", "late_predecessor")  # fmt: skip
"""Rules of which all that one person, thing or step held up is one line."""

BY_ABOUT = ("judged_wrong", "seen_late")
"""Rules of which all that is said of one step or fault is one line."""

BY_RULE = ("restored_late", "forms_ran_out", "call_missed", "not_reached")
"""Rules of which everything is one line."""


def told_with(rule: str, about: str, other: str) -> tuple[str, ...]:
    """What a lesson is told together with: all that gives the same is one line of the page."""
    if rule in BY_OTHER:
        return rule, other
    if rule in BY_ABOUT:
        return rule, about
    return (rule,) if rule in BY_RULE else (rule, about, other)


SAID = tuple(text for rule in RULES.values() for text in (rule.sentence, rule.action) if text)


def lessons(view: View, figures: Figures) -> list[Lesson]:
    """Every lesson of one run, areas for improvement first, in order of time of what shows them first; ``figures`` are at least those of its steps."""
    found: list[Lesson] = []
    for rule in (_steps, _noticed, _judged, _told, _systems, _data, _faults, _kits):
        found += rule(view, figures)
    return sorted(found, key=lambda f: (f.kind == "strength", f.evidence[:1]))


def _steps(view: View, figures: Figures) -> Iterator[Lesson]:
    """Deadlines kept, and for those that were not, what held them up longest."""
    finder = Finder(view, figures)
    for step in view.scenario.plan.steps:
        rows = view.events("step", step.id)
        outcome = figures["step", step.id, "outcome"]
        if step.within is not None and outcome in (ON_TIME, LATE, MISSED):
            began = figures["step", step.id, "clock"]
            clock = tuple(e.sequence for e in view.events("reached", step.within.event.text()) if e.minute == began)
            if outcome == ON_TIME:
                early = deadline(view, step, began) - began - figures["step", step.id, "taken"]
                yield Lesson("on_time", step.id, step.owner, (*clock, rows[-1].sequence), early)
            elif (late := _late(step, clock, view, figures, finder)) is not None:
                yield late
        verifies = any(effect.kind == "verify" for effect in step.does)
        again = _rows(rows, lambda e: e.state in ("redo", "failed"))
        if verifies and again:
            yield Lesson("verified_in_vain", step.id, step.owner, again)


def _late(step: Step, clock: tuple[int, ...], view: View, figures: Figures, finder: Finder) -> Lesson | None:
    """What held a late step up longest, traced back through the steps it waited for: nobody learns from "it waited for the step before it".

    None when nothing did: it was given up in the minute its clock began, or waited for nothing but the criterion of a rule.
    """
    began = figures["step", step.id, "clock"]
    found: dict[tuple[str, str], list[Leaf]] = defaultdict(list)
    for leaf in held_up(finder, step.id, began, began + figures["step", step.id, "taken"]):
        if leaf.part != "rule":  # waiting for the criterion of a rule is nobody's delay
            found[_held_up(step, leaf, finder.tracer.decisions)].append(leaf)
    minutes = {held: math.fsum(leaf.end - leaf.start for leaf in its) for held, its in found.items()}
    if not minutes:
        return None
    part, other = max(minutes, key=lambda held: minutes[held])
    most = minutes[part, other]
    shown = [row for leaf in found[part, other] if (row := _shows(view, leaf, began)) is not None]
    over = (other, step.id) if part in ("decision", "predecessor") else (step.id,)
    ends = [row.sequence for name in over for row in view.events("step", name)[-1:]]
    evidence = (*clock, *sorted({*shown, *ends}))
    owner = _owner(view, _held_longest(found[part, other]))
    if part == "rework" and any(effect.kind == "evaluate" for effect in step.does):
        part = "unlike"  # its own work did not go wrong: it found others who are not back to normal
    return Lesson(f"late_{part}", step.id, owner, tuple(dict.fromkeys(evidence)), most, other)


def _held_longest(leaves: Sequence[Leaf]) -> str:
    """The step that was held up so longest, the late one or one it waited for: whoever owns it can do something about it."""
    minutes: dict[str, float] = defaultdict(float)
    for leaf in leaves:
        minutes[leaf.step] += leaf.end - leaf.start
    return max(minutes, key=lambda name: minutes[name])


def _held_up(step: Step, leaf: Leaf, decisions: set[str]) -> tuple[str, str]:
    """The rule's part and what it names: who or what was waited for, or the step before whose own work or trigger took so long."""
    if leaf.part == "system" and any(effect.kind == "verify" for effect in step.does) and leaf.step == step.id:
        return "not_back", leaf.cause
    if leaf.part not in (*AT_IT, "trigger"):
        return leaf.part, leaf.cause.partition(":")[0]
    if leaf.step == step.id:
        return leaf.part, leaf.cause if leaf.part == "trigger" else ""
    return "decision" if leaf.step in decisions else "predecessor", leaf.step


def _shows(view: View, leaf: Leaf, began: float) -> int | None:
    """The row with which this hold-up begins; the one that ends it where it began before the clock ran."""
    rows = [e for e in view.events("step", leaf.step) if e.state != "unfinished"]
    before = [e for e in rows if began <= e.minute <= leaf.start]
    after = [e for e in rows if e.minute >= leaf.end]
    return next((e.sequence for e in (*before[-1:], *after[:1])), None)


def _noticed(view: View, figures: Figures) -> Iterator[Lesson]:
    announced = {fault.id for fault in view.scenario.faults if fault.planned}
    for row in view.by_kind["noticed"]:
        struck = [
            e for e in view.events("fault", row.subject) if e.state in ("began", "relapsed") and e.minute <= row.minute
        ]
        began = struck[-1] if struck else row
        evidence = (began.sequence, row.sequence)
        owner = _first_owner(view)
        if row.subject in announced:
            continue  # who stops a system knows before any monitoring that it takes longer
        if row.state == "monitoring":
            yield Lesson("seen_by_monitoring", row.subject, owner, evidence)
        elif row.state not in ("at_once", VERIFYING) and "monitoring" in view.scenario.hospital.detection:
            yield Lesson("seen_late", row.subject, owner, evidence, row.minute - began.minute, row.state)


def _judged(view: View, figures: Figures) -> Iterator[Lesson]:
    for row in view.by_kind["decided"]:
        if row.state == "judged" and row.value == 0:
            yield Lesson("judged_wrong", row.subject, _owner(view, row.subject), (row.sequence,), other=row.cause)


def _told(view: View, figures: Figures) -> Iterator[Lesson]:
    missed = {
        name: _rows(rows, lambda e: e.state == "not_reached") for name, rows in view.rows_of.get("told", {}).items()
    }
    calls = {name: _rows(rows, lambda e: e.state == "missed") for name, rows in view.rows_of.get("person", {}).items()}
    for rule, of in (("not_reached", missed), ("call_missed", calls)):
        for name, evidence in of.items():
            if evidence:
                yield Lesson(rule, name, _first_owner(view), evidence)


def _systems(view: View, figures: Figures) -> Iterator[Lesson]:
    """What has an RTO and was away, and what failed over."""
    for name, component in view.scenario.hospital.systems.items():
        rows = view.events("component", name)
        if component.rto is not None and rows:
            of = one_component(view, name, component)
            if of["rto_met"] == of["rto_met"]:
                rule = "restored_in_time" if of["rto_met"] else "restored_late"
                longest = max(joined(view.stretches("component", name, "up"), AWAY), key=lambda s: s.minutes)
                evidence = _rows(rows, lambda e, of=longest: e.minute in (of.start, of.end))  # type: ignore[misc]
                yield Lesson(rule, name, _restorer(view, name), evidence, longest.minutes)
        for row in view.events("failover", name):
            if row.state == "done":
                yield Lesson("failed_over", name, _restorer(view, name), (row.sequence,), other=row.cause)


def _data(view: View, figures: Figures) -> Iterator[Lesson]:
    for row in view.by_kind["data_lost"]:
        if row.state == "open":
            yield Lesson("not_back", row.subject, _restorer(view, row.subject), (row.sequence,))
        elif math.isinf(row.value):
            yield Lesson("copies_useless", row.subject, _restorer(view, row.subject), (row.sequence,))
        elif row.value > 0:
            yield Lesson("data_lost", row.subject, _restorer(view, row.subject), (row.sequence,), row.value)
    listening = {fault.id for fault in view.scenario.faults if fault.attack.listens}
    for row in view.by_kind["exposed"]:
        if row.state == "read":
            yield Lesson(
                "overheard" if row.cause in listening else "exposed", row.subject, _first_owner(view), (row.sequence,)
            )


def _faults(view: View, figures: Figures) -> Iterator[Lesson]:
    """Trouble that came back: its root was still there, or a repair had left something wrong, found by verifying or in use."""
    for name, rows in view.rows_of.get("fault", {}).items():
        found: dict[str, list[int]] = defaultdict(list)
        for e in (e for e in rows if e.state in ("relapsed", "still_wrong")):
            before = next((o for o in reversed(rows) if o.sequence < e.sequence and o.cause == e.cause), e)
            if before.state != "imperfect":
                found["relapsed"].append(e.sequence)
            else:
                found["imperfect" if e.state == "relapsed" else "verified"] += [before.sequence, e.sequence]
        for rule, evidence in found.items():
            yield Lesson(rule, name, _restorer(view, rows[0].cause), tuple(evidence))


def _kits(view: View, figures: Figures) -> Iterator[Lesson]:
    for name, rows in view.rows_of.get("kit", {}).items():
        if evidence := _rows(rows, lambda e: e.state == "empty"):
            yield Lesson("forms_ran_out", name, _orders_paper(view, name), evidence)


def _orders_paper(view: View, department: str) -> str:
    """Who ordered a department to paper; where nobody did, the owner of the first step that names it, or its group, or all; without one, who leads."""
    for row in view.events("reached", f"{department} ordered"):
        if owner := _owner(view, row.cause):
            return owner
    known = view.scenario.hospital.departments.get(department)
    names = (department, known.group if known is not None else "", "all")
    effects = [(e.targets, s.owner) for s in view.scenario.plan.steps for e in s.does if e.kind == "order_paper"]
    return next((owner for name in names for targets, owner in effects if name in targets), _first_owner(view))


def _rows(rows: Sequence[Event], wanted: Callable[[Event], bool]) -> tuple[int, ...]:
    return tuple(e.sequence for e in rows if wanted(e))


def _owner(view: View, step: str) -> str:
    return next((s.owner for s in view.scenario.plan.steps if s.id == step), "")


def _first_owner(view: View) -> str:
    """Who leads: the owner of the step that declares the incident, else of the first step."""
    return _owner_of(view, ("declare",)) or next((s.owner for s in view.scenario.plan.steps), "")


def _restorer(view: View, component: str) -> str:
    """Who brings a component back: the owner of the first step that does so and names it, else of the first for its tier or for all; without one, who leads."""
    systems = view.scenario.hospital.systems
    tier = systems[component].tier if component in systems else None
    effects = [(e, s.owner) for s in view.scenario.plan.steps for e in s.does if e.kind in BRING_BACK]
    named = (owner for e, owner in effects for t in e.targets if t != "all" and component in selected(systems, t))
    whole = (owner for e, owner in effects for t in e.targets if t in ("all", f"tier {tier}"))
    return next(named, "") or next(whole, "") or _first_owner(view)


def _owner_of(view: View, effects: tuple[str, ...]) -> str:
    return next((s.owner for s in view.scenario.plan.steps for e in s.does if e.kind in effects), "")
