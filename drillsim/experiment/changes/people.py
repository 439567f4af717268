"""Changes of people: one more where steps wait, deputies, calls that are answered, training and a drill."""

from __future__ import annotations

import re
from collections.abc import Iterator

from drillsim.experiment.changes.proposal import WORTH_A_TRY, Proposal, Shown, text, waited
from drillsim.model.scenario import Scenario
from drillsim.score.evidence import PEOPLE

FROM_AFAR, ANSWERED = 0.9, 0.95
LOOK = 10.0  # minutes


def people(shown: Shown) -> Iterator[Proposal]:
    """One person more for every role that steps waited for, in each shift in which they did; where nobody is on duty then, one round the
    clock. The minutes of a role are shared among its shifts as the waits fall into them."""
    plan = shown.scenario.plan
    for role, minutes in waited(shown, *PEOPLE):
        record = plan.roles[role]
        if not record.holders:
            yield Proposal(f"more_{role}", text("One more: {who}", who=record.title), {f"plan.roles.{role}.count": record.count + 1}, "people", minutes)  # fmt: skip
            continue
        shares = shift_shares(shown, role)
        for holder, line in sorted(shares, key=lambda shift: -shares[shift]):
            if shares[holder, line] * minutes >= WORTH_A_TRY:
                yield _one_more(shown, holder, line, shares[holder, line] * minutes)


def _one_more(shown: Shown, holder: str, line: str, minutes: float) -> Proposal:
    """One more of these people on a line of their roster; ``""`` stands for hours that no line covers."""
    person = shown.scenario.hospital.staff[holder]
    if line:
        title = text("One more on duty ({hours}): {who}", who=person.title, hours=line.replace("_", " "))
    else:
        title = text("One on duty round the clock: {who}", who=person.title)
    name = f"more_{holder}" if line == (shown.line(holder) or "") else f"more_{holder}_{_word(line or 'always')}"
    changed = {**person.on_duty, line or "always": person.on_duty.get(line or "always", 0) + 1}
    return Proposal(name, title, {f"hospital.staff.{holder}.on_duty": changed}, "people", minutes)


def shift_shares(shown: Shown, role: str) -> dict[tuple[str, str], float]:
    """(staff, line of their roster) → share of the waits for a role that falls into its hours; ``""`` for the first holder: into hours in which
    none of the holders is on duty. Lines that overlap each count the wait. Looked at every LOOK minutes."""
    staff = shown.scenario.hospital.staff
    holders = shown.scenario.plan.roles[role].holders
    found: dict[tuple[str, str], float] = {}
    whole = 0
    for begin, end in shown.evidence.stretches.get(role, ()):
        for look in range(max(int((end - begin) // LOOK), 1)):
            minute = begin + LOOK * look
            lines = [
                (h, line)
                for h in holders
                for line, count in staff[h].on_duty.items()
                if count and shown.on(line, minute)
            ]
            whole += 1
            for shift in lines or [(holders[0], "")]:
                found[shift] = found.get(shift, 0.0) + 1
    return {shift: number / whole for shift, number in found.items()}


def _word(line: str) -> str:
    """A line of a roster as part of a name: letters and digits of it."""
    return "_".join(re.findall(r"[a-z0-9]+", line.lower()))


def deputies(shown: Shown) -> Iterator[Proposal]:
    """Somebody who is on duty and least busy with the response as a deputy for a role that steps waited for."""
    plan, staff = shown.scenario.plan, shown.scenario.hospital.staff
    for role, minutes in waited(shown, *PEOPLE):
        holders = plan.roles[role].holders
        free = [name for name in _alike(shown.scenario, role) if name not in holders and shown.line(name)]
        free.sort(key=lambda name: (shown.evidence.mean("person", name, "busy"), name))
        for name in free[:2]:
            yield Proposal(
                f"deputy_{role}_{name}",
                text("Deputy for “{role}”: {who}", role=plan.roles[role].title, who=staff[name].title),
                {f"plan.roles.{role}.holders": [*holders, name]},
                "deputy",
                minutes,
                text("they must be trained and allowed to do it"),
                about=holders[0] if holders else "",
            )


def _alike(scenario: Scenario, role: str) -> list[str]:
    """Staff who could stand in for a role: those who share another role with one of its holders, or a department; for a role that decides,
    also those who decide elsewhere in the plan. Nobody who serves patients."""
    plan, staff = scenario.plan, scenario.hospital.staff
    holders = set(plan.roles[role].holders)
    deciding = {step.owner for step in plan.steps if step.decision}
    departments = {staff[name].department for name in holders} - {None}
    alike = {name for record in plan.roles.values() if holders & set(record.holders) for name in record.holders}
    if role in deciding:
        alike |= {name for other in deciding for name in plan.roles[other].holders}
    everybody = dict.fromkeys(name for record in plan.roles.values() for name in record.holders)
    serving = {name for activity in scenario.hospital.activities.values() for name in activity.needs}
    return [n for n in everybody if n not in serving and (n in alike or staff[n].department in departments)]


def on_call(shown: Shown) -> Iterator[Proposal]:
    """People who were called and had to travel: work from afar, and a duty list whose calls are answered."""
    staff = shown.scenario.hospital.staff
    for role, minutes in waited(shown, "on_the_way"):
        for holder in shown.scenario.plan.roles[role].holders[:1]:
            call = staff[holder].on_call
            if call is None:
                continue
            path = f"hospital.staff.{holder}.on_call"
            if call.remote < FROM_AFAR:
                title = text("They can work from where they are: {who}", who=staff[holder].title)
                yield Proposal(f"from_afar_{holder}", title, {f"{path}.remote": FROM_AFAR}, "on_call", minutes, text("a safe way in from outside is needed, and work that needs hands does not go from afar"))  # fmt: skip
            if call.answers < ANSWERED:
                title = text("A duty telephone that is answered: {who}", who=staff[holder].title)
                yield Proposal(f"answered_{holder}", title, {f"{path}.answers": ANSWERED}, "on_call", minutes)


def training(shown: Shown) -> Iterator[Proposal]:
    """Training and a drill for those whose work takes the longest, if they are not fully trained."""
    plan, staff = shown.scenario.plan, shown.scenario.hospital.staff
    owners = {step.id: step.owner for step in plan.steps}
    practised = shown.scenario.last_practised()
    minutes: dict[str, float] = {}
    for cause, spent in shown.evidence.of("work", "rework", "slowed"):
        step = cause.rpartition(":")[2]  # of slowed work: what slowed it, and the step
        for holder in plan.roles[owners[step]].holders[:1] if step in owners else ():
            minutes[holder] = minutes.get(holder, 0.0) + spent
    for holder, spent in sorted(minutes.items(), key=lambda item: -item[1]):
        person = staff[holder]
        last, _ = practised[holder]
        stale = plan.readiness.decay and (last is None or last > 30 * 1440)
        if spent < WORTH_A_TRY or not (person.trained < 1 or stale):
            continue
        change: dict[str, object] = {f"hospital.staff.{holder}.trained": 1.0}
        if plan.readiness.decay:
            change[f"hospital.staff.{holder}.last_drill"] = "7 d"
        title = text("Training and a drill: {who}", who=person.title)
        yield Proposal(f"train_{holder}", title, change, "training", spent)
