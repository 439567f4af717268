"""Changes of order: when paper working begins, which steps go side by side, what is restored first, which channel is tried first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from drillsim.experiment.changes.proposal import WORTH_A_TRY, Proposal, Shown, text
from drillsim.model.base import Text
from drillsim.model.plan import Step
from drillsim.model.scenario import Scenario
from drillsim.score.switching import groups

LADDER = (5.0, 10.0, 15.0, 20.0, 30.0, 45.0, 60.0, 120.0, 180.0, 360.0, 720.0, 1440.0)
"""Minutes that published plans use as thresholds for working on paper, and steps between them."""


def thresholds(shown: Shown) -> Iterator[Proposal]:
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


def side_by_side(shown: Shown) -> Iterator[Proposal]:
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


def restore_order(shown: Shown) -> Iterator[Proposal]:
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


def channels(shown: Shown) -> Iterator[Proposal]:
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
