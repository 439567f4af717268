"""Changes worth trying, drawn from what the runs show: who was waited for, which thresholds there are, what was short, what could go side by side.

Each is a change of the files (path → value) with a title, what speaks for it, and what to think of before it is made. Whether it helps is
not judged here: it is played.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest

from drillsim.model.base import Text
from drillsim.model.costs import Cost
from drillsim.model.plan import Step
from drillsim.model.scenario import Scenario
from drillsim.score.evidence import Evidence
from drillsim.score.switching import groups
from drillsim.sim.calendar import Calendar
from drillsim.texts import say

LADDER = (5.0, 10.0, 15.0, 20.0, 30.0, 45.0, 60.0, 120.0, 180.0, 360.0, 720.0, 1440.0)
"""Minutes that published plans use as thresholds for working on paper, and steps between them."""

WORTH_A_TRY = 1.0  # minutes a run; what holds less is not worth a change
FROM_AFAR, ANSWERED = 0.9, 0.95


@dataclass(frozen=True)
class Proposal:
    """A change: its ``name``, a title in both languages, path → value, what it costs (of the scenario's own variants), why it is proposed
    (minutes a run it aims at; None without evidence) and what must be thought of before it is made."""

    name: str
    title: Text
    set: Mapping[str, object]
    kind: str
    minutes: float | None = None
    caution: Text | None = None
    cost: Cost | None = None
    about: str = ""  # the staff it is meant to relieve

    @property
    def targets(self) -> frozenset[str]:
        """What it acts on: the people, roles, steps, systems and values it changes, and whom it is meant to relieve."""
        changed = {".".join(path.split(".")[:3]) for path in self.set}
        return frozenset(changed | ({f"hospital.staff.{self.about}"} if self.about else set()))


@dataclass
class Shown:
    """A scenario with what its runs show, and when it fails."""

    scenario: Scenario
    evidence: Evidence
    failed: float = field(init=False)

    def __post_init__(self) -> None:
        moments = [f.at.minute(self.scenario.start_time) for f in self.scenario.faults]
        self.failed = min((m for m in moments if m is not None), default=0.0)
        self.calendar = Calendar(self.scenario.hospital, self.scenario.start_time, -self.scenario.warm_up, self.scenario.horizon)  # fmt: skip

    def line(self, staff: str) -> str | None:
        """The line of the roster by which they are on duty when it fails, or in the hour after it; None when none is."""
        on_duty = self.scenario.hospital.staff[staff].on_duty
        for minute in (self.failed, self.failed + 30, self.failed + 60):
            for hours, count in on_duty.items():
                if count and (hours == "always" or self.calendar.on(hours, minute)):
                    return hours
        return None


def proposals(scenario: Scenario, evidence: Evidence) -> list[Proposal]:
    """Every change that the evidence suggests, those that aim at most minutes first; each change once."""
    shown = Shown(scenario, evidence)
    found = [
        *_people(shown), *_deputies(shown), *_on_call(shown), *_training(shown), *_spares(shown), *_thresholds(shown), *_side_by_side(shown),
        *_restore_order(shown), *_channels(shown), *_kits(shown), *_copies(shown),
    ]  # fmt: skip
    once: dict[tuple[tuple[str, str], ...], Proposal] = {}
    for one in found:
        once.setdefault(tuple(sorted((path, str(value)) for path, value in one.set.items())), one)
    return sorted(once.values(), key=lambda one: -(one.minutes or 0.0))


def in_turn(found: Iterable[Proposal]) -> list[Proposal]:
    """The scenario's own changes first; then one of each kind in turn, so that where runs are short no kind of change is left out altogether."""
    kinds: dict[str, list[Proposal]] = {}
    for one in found:
        kinds.setdefault(one.kind, []).append(one)
    own = kinds.pop("named", [])
    return own + [one for turn in zip_longest(*kinds.values()) for one in turn if one is not None]


def named(scenario: Scenario) -> list[Proposal]:
    """The variants that the scenario itself names, with their cost."""
    return [Proposal(name, v.title, v.set, "named", cost=v.cost) for name, v in scenario.variants.items()]


def text(message: str, **values: Text | str | int) -> Text:
    """The message in both languages, titles in each of them."""

    def filled(language: str) -> str:
        return say(
            message, language, **{k: v.in_language(language) if isinstance(v, Text) else v for k, v in values.items()}
        )

    return Text(en=filled("en"), zh=filled("zh"))


def _waited(shown: Shown, *parts: str) -> Iterator[tuple[str, float]]:
    """Roles of the plan that steps waited for, with minutes a run."""
    for cause, minutes in shown.evidence.of(*parts):
        if cause in shown.scenario.plan.roles and minutes >= WORTH_A_TRY:
            yield cause, minutes


def _people(shown: Shown) -> Iterator[Proposal]:
    """One person more for every role that steps waited for, in the shift in which it fails."""
    plan, staff = shown.scenario.plan, shown.scenario.hospital.staff
    for role, minutes in _waited(shown, "person", "off_shift", "on_the_way"):
        record = plan.roles[role]
        if not record.holders:
            yield Proposal(f"more_{role}", text("One more: {who}", who=record.title), {f"plan.roles.{role}.count": record.count + 1}, "people", minutes)  # fmt: skip
            continue
        holder = record.holders[0]
        on_duty, line = staff[holder].on_duty, shown.line(holder)
        if line is not None:
            title = text("One more on duty ({hours}): {who}", who=staff[holder].title, hours=line.replace("_", " "))
        else:
            title = text("One on duty round the clock: {who}", who=staff[holder].title)
        changed = {**on_duty, line or "always": on_duty.get(line or "always", 0) + 1}
        yield Proposal(f"more_{holder}", title, {f"hospital.staff.{holder}.on_duty": changed}, "people", minutes)


def _deputies(shown: Shown) -> Iterator[Proposal]:
    """Somebody who is on duty and least busy with the response as a deputy for a role that steps waited for."""
    plan, staff = shown.scenario.plan, shown.scenario.hospital.staff
    for role, minutes in _waited(shown, "person", "off_shift", "on_the_way"):
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


def _on_call(shown: Shown) -> Iterator[Proposal]:
    """People who were called and had to travel: work from afar, and a duty list whose calls are answered."""
    staff = shown.scenario.hospital.staff
    for role, minutes in _waited(shown, "on_the_way"):
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


def _training(shown: Shown) -> Iterator[Proposal]:
    """Training and a drill for those whose work takes the longest, if they are not fully trained."""
    plan, staff = shown.scenario.plan, shown.scenario.hospital.staff
    owners = {step.id: step.owner for step in plan.steps}
    minutes: dict[str, float] = {}
    for cause, spent in shown.evidence.of("work", "rework", "slowed"):
        step = cause.rpartition(":")[2]  # of slowed work: what slowed it, and the step
        for holder in plan.roles[owners[step]].holders[:1] if step in owners else ():
            minutes[holder] = minutes.get(holder, 0.0) + spent
    for holder, spent in sorted(minutes.items(), key=lambda item: -item[1]):
        person = staff[holder]
        stale = plan.readiness.decay and (person.last_drill is None or person.last_drill > 30 * 1440)
        if spent < WORTH_A_TRY or not (person.trained < 1 or stale):
            continue
        change: dict[str, object] = {f"hospital.staff.{holder}.trained": 1.0}
        if plan.readiness.decay:
            change[f"hospital.staff.{holder}.last_drill"] = "7 d"
        title = text("Training and a drill: {who}", who=person.title)
        yield Proposal(f"train_{holder}", title, change, "training", spent)


def _spares(shown: Shown) -> Iterator[Proposal]:
    """A spare at hand for what was waited for."""
    systems = shown.scenario.hospital.systems
    for name, minutes in shown.evidence.of("thing"):
        if name in systems and minutes >= WORTH_A_TRY:
            title = text("A spare at hand: {what}", what=systems[name].title)
            yield Proposal(f"spare_{name}", title, {f"hospital.systems.{name}.spares": systems[name].spares + 1}, "spare", minutes)  # fmt: skip


def _thresholds(shown: Shown) -> Iterator[Proposal]:
    """Paper working one step of the ladder sooner, and one later, for every group; those first that go on paper most often."""
    ordered = {group: shown.evidence.mean("group", group, "ordered") for group in shown.scenario.plan.thresholds}
    often = sorted(shown.scenario.plan.thresholds.items(), key=lambda item: -(ordered[item[0]] if ordered[item[0]] > 0 else 0.0))  # fmt: skip
    for group, present in often:
        if group not in groups(shown.scenario):
            continue
        sooner = max((m for m in LADDER if m < present), default=None)
        later = min((m for m in LADDER if m > present), default=None)
        for minutes, word in ((sooner, "sooner"), (later, "later")):
            if minutes is not None and minutes < shown.scenario.horizon:
                title = text("Paper after {minutes} min: {group}", minutes=f"{minutes:g}", group=_group(shown.scenario, group))  # fmt: skip
                yield Proposal(f"{word}_{group}", title, {f"plan.thresholds.{group}": f"{minutes:g} min"}, "threshold")


def _group(scenario: Scenario, group: str) -> Text:
    members = [d.title for d in scenario.hospital.departments.values() if d.group == group]
    if not members:
        return Text(en=group, zh=group)
    more = " …" if len(members) > 2 else ""
    return Text(
        en=", ".join(one.in_language("en") for one in members[:2]) + more,
        zh="、".join(one.in_language("zh") for one in members[:2]) + more,
    )


def _side_by_side(shown: Shown) -> Iterator[Proposal]:
    """Steps that waited for another one of which they need nothing that the model knows of: both at the same time."""
    plan = shown.scenario.plan
    steps = {step.id: step for step in plan.steps}
    waits = sorted(shown.evidence.direct.items(), key=lambda item: (-item[1], item[0]))
    for (later, first), minutes in waits:
        if minutes < WORTH_A_TRY or later not in steps or first not in steps or first not in steps[later].after:
            continue
        if not needs_nothing_of(steps[later], steps[first], plan.steps):
            continue
        change = _triggers_without(steps[later], steps[first])
        if change is not None:
            title = text("Side by side: “{later}” need not wait for “{first}”", later=steps[later].title, first=steps[first].title)  # fmt: skip
            yield Proposal(f"beside_{later}_{first}", title, change, "order", minutes, text("see whether people need what the first step finds out"))  # fmt: skip


def needs_nothing_of(later: Step, first: Step, steps: Iterable[Step]) -> bool:
    """Whether nothing that the files say makes a step depend on one before it: no decision, no judgement, no effect but telling people, no
    chance to fail, no repair after a diagnosis, and no condition or trigger that names it."""
    if first.decision or first.chance < 1 or first.if_it_fails.back_to is not None:
        return False
    if any(effect.kind != "notify" for effect in first.does):
        return False
    if first.phase == "diagnose" and later.phase != "notify":
        return False
    words = " ".join(part.text() for part in (later.only_if, later.when) if part is not None)
    words += " ".join(event.text() for event in later.on)
    return first.id not in words.split()


def _triggers_without(later: Step, first: Step) -> dict[str, object] | None:
    """New triggers of a step that no longer waits for one before it: it waits for what that one waits for. None when that cannot be said."""
    if first.when is not None or first.at is not None or first.only_if is not None:
        return None
    rest = [name for name in later.after if name != first.id]
    after = list(dict.fromkeys([*rest, *first.after]))
    path = f"plan.steps.{later.id}"
    change: dict[str, object] = {f"{path}.after": after}
    if first.on and not rest:
        if later.on:
            return None
        change[f"{path}.on"] = [event.text() for event in first.on]
    return change


def _restore_order(shown: Shown) -> Iterator[Proposal]:
    """Lines of the restore order that most work leans on first, as far as what they need allows; each line stays as it is."""
    plan, systems = shown.scenario.plan, shown.scenario.hospital.systems
    present = [list(line) for line in plan.restore_order]
    order: list[list[str]] = []
    waiting = list(present)
    while waiting:
        ready = [line for line in waiting if not _leans_on(shown.scenario, line, waiting)] or waiting[:1]
        best = max(ready, key=lambda line: (_leaning(shown.scenario, line), -present.index(line)))
        order.append(best)
        waiting.remove(best)
    if order != present:
        first = next(new for new, old in zip(order, present, strict=True) if new != old)
        title = text("Restore what most work leans on first ({what} sooner)", what=systems[first[0]].title)
        yield Proposal("restore_order", title, {"plan.restore_order": order}, "order")


def _leans_on(scenario: Scenario, line: list[str], lines: list[list[str]]) -> bool:
    """Whether something of a line needs something of another one of these lines."""
    below = set().union(*(_below(scenario, name) for name in line))
    return any(name in below for other in lines if other is not line for name in other)


def _below(scenario: Scenario, name: str) -> set[str]:
    """Everything that a system leans on, however far."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for one in scenario.hospital.systems[waiting.pop()].upstream:
            if one not in found:
                found.add(one)
                waiting.append(one)
    return found


def _leaning(scenario: Scenario, line: list[str]) -> int:
    """How many activities use a system of the line, directly or through others."""
    return sum(
        any(used in line or _below(scenario, used) & set(line) for used in activity.uses)
        for activity in scenario.hospital.activities.values()
    )


def _channels(shown: Shown) -> Iterator[Proposal]:
    """A channel that reaches all at once first, if people are told one after the other."""
    plan = shown.scenario.plan
    tree = list(plan.call_tree or plan.channels)
    telling = {s.id for s in plan.steps if any(e.kind in ("notify", "order_paper", "return_to_system") for e in s.does)}
    minutes = sum(m for step, m in shown.evidence.of("work") if step in telling)
    minutes += sum(m for _, m in shown.evidence.of("notice"))
    for name, channel in plan.channels.items():
        if channel.broadcast and tree and tree[0] != name and minutes >= WORTH_A_TRY:
            title = text("Tell everybody at once first: {channel}", channel=channel.title)
            order = [name, *(one for one in tree if one != name)]
            yield Proposal(f"first_{name}", title, {"plan.call_tree": order}, "channel", minutes)


def _kits(shown: Shown) -> Iterator[Proposal]:
    """Twice the forms wherever they ran out."""
    short = {
        name: department.kit
        for name, department in shown.scenario.hospital.departments.items()
        if department.kit is not None and shown.evidence.mean("department", name, "kit_empty") > 0
    }
    if short:
        where = [shown.scenario.hospital.departments[name].title for name in short]
        title = text("Twice the downtime forms where they ran out ({where} and others)" if len(short) > 1 else "Twice the downtime forms ({where})", where=where[0])  # fmt: skip
        change = {f"hospital.departments.{name}.kit.forms": 2 * kit.forms for name, kit in short.items()}
        yield Proposal("forms", title, change, "kit")


def _copies(shown: Shown) -> Iterator[Proposal]:
    """Copies that come back twice as fast, where data are brought back; and twice as often, where data were lost."""
    hospital, evidence = shown.scenario.hospital, shown.evidence
    bringing = {s.id for s in shown.scenario.plan.steps if any(e.kind == "recover_data" for e in s.does)}
    minutes = sum(m for step, m in evidence.of("work") if step in bringing)
    for name, component in hospital.systems.items():
        if component.data is None or not evidence.mean("component", name, "affected") > 0:
            continue
        for medium in dict.fromkeys(copy.medium for copy in component.data.backups) if minutes >= WORTH_A_TRY else ():
            title = text("Copies that come back twice as fast: {medium}", medium=hospital.media[medium].title)
            faster = f"{2 * hospital.media[medium].throughput!r} GB/min"
            yield Proposal(f"faster_{medium}", title, {f"hospital.media.{medium}.throughput": faster}, "copy", minutes)
        if evidence.mean("component", name, "data_lost") > 0 and component.data.backups:
            place = min(range(len(component.data.backups)), key=lambda i: component.data.backups[i].every)  # type: ignore[union-attr]
            every = component.data.backups[place].every / 2
            title = text("Copies twice as often: {what}", what=component.title)
            yield Proposal(f"oftener_{name}", title, {f"hospital.systems.{name}.data.backups.{place}.every": f"{every:g} min"}, "copy")  # fmt: skip
