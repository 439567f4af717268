"""Channels, tools and copies that live on the very system that failed; faults that no step mends; the order of restoring."""

from __future__ import annotations

from drillsim.errors import Wrong
from drillsim.lint.finding import Finding, Findings
from drillsim.lint.outages import satisfied
from drillsim.lint.view import NOTICES, Case, View
from drillsim.model.conditions import AWAY, Condition
from drillsim.model.plan import Step
from drillsim.model.scenario import Fault
from drillsim.model.systems import Component, selected

AFTERWARDS = ("verify", "recover_data", "evaluate", "learn")  # phases of work once systems are back
BACK = ("restored", "all_back", "returned", "cleared", "stood_down")
MOST_NAMES = 3


def where(cases: list[Case], view: View) -> Wrong:
    """``this scenario``, ``4 of 14 library scenarios``, or both."""
    own = any(not case.library for case in cases)
    names = [case.library for case in cases if case.library]
    total = sum(bool(case.library) for case in view.cases)
    here = Wrong("this scenario")
    there = Wrong("{n} of {total} library scenarios ({names})", n=len(names), total=total, names=_some(names))
    if own and names:
        return Wrong("{here} and in {there}", here=here, there=there)
    return here if own else there


def _some(names: list[str]) -> str:
    return ", ".join([*names[:MOST_NAMES], *(["…"] if len(names) > MOST_NAMES else [])])


def channels(view: View) -> Findings:
    """Channels that fail with the systems, and days on which none is left."""
    told = [step for step, _ in view.effects(*NOTICES)]
    tree = view.plan.call_tree or tuple(view.plan.channels)
    if not told or not tree:
        return
    needs = {name: view.plan.channels[name].needs for name in tree}
    for name in tree:
        for need in needs[name]:
            cases = [case for case in view.cases if need in case.away]
            if cases:
                what = Wrong(
                    "the channel {channel} needs {need}, which is down in {where}",
                    channel=view.named("channel", name),
                    need=view.named("component", need),
                    where=where(cases, view),
                )
                yield Finding("notice-on-failed-system", ("plan", "channels", name, "needs"), what, name)
    dead = [case for case in view.cases if all(set(needs[name]) & case.away for name in tree)]
    if dead:
        what = Wrong("no channel of the call tree works in {where}", where=where(dead, view))
        yield Finding("no-channel-left", ("plan", "call_tree"), what)


def tools(view: View) -> Findings:
    """Systems that a step uses or is helped by, and that are away when the step is wanted."""
    for step in view.plan.steps:
        if step.phase in AFTERWARDS or step.id not in view.reach.done:
            continue
        for number, name in enumerate(step.uses):
            path = view.at(step, "uses", number) if len(step.uses) > 1 else view.at(step, "uses")
            if cases := _missed(view, step, name):
                what = _told(view, step, name, cases, "{step} uses {name}, which is down in {where}")
                severity = None if any(not c.library for c in cases) else "warning"
                yield Finding("tool-on-failed-system", path, what, step.id, severity)
        for name in step.helped_by:
            if cases := _missed(view, step, name):
                what = _told(view, step, name, cases, "{step} is helped by {name}, which is down in {where}")
                severity = None if any(not c.library for c in cases) else "hint"
                yield Finding("help-on-failed-system", view.at(step, "helped_by", name), what, step.id, severity)


def _missed(view: View, step: Step, name: str) -> list[Case]:
    """Cases in which a system is away when the step is wanted."""
    return [
        c for c in view.cases if name in c.away and wanted(view, step, c) and not _put_right_before(view, step, name, c)
    ]


def _told(view: View, step: Step, name: str, cases: list[Case], template: str) -> Wrong:
    return Wrong(
        template, step=view.named("step", step.id), name=view.named("component", name), where=where(cases, view)
    )


def wanted(view: View, step: Step, case: Case) -> bool:
    """Whether the step can be wanted on such a day: what it waits for to be away is away, directly or by a step before it."""
    before = [step, *_before(view, step)]
    return all(_possible(c, case) for one in before for c in (one.when, one.only_if) if c is not None)


def _possible(condition: Condition, case: Case) -> bool:
    match condition.kind:
        case "all":
            return all(_possible(part, case) for part in condition.parts)
        case "any":
            return any(_possible(part, case) for part in condition.parts)
        case "state" if set(condition.states) <= set(AWAY):
            return condition.subject in case.away
    return True


def _before(view: View, step: Step) -> list[Step]:
    """All steps that must be done before it, nearest first."""
    found: dict[str, Step] = {}
    waiting = list(step.after)
    while waiting:
        name = waiting.pop(0)
        if name not in found and name in view.steps:
            found[name] = view.steps[name]
            waiting += view.steps[name].after
    return list(found.values())


def _put_right_before(view: View, step: Step, name: str, case: Case) -> bool:
    """Whether the step comes only after systems have been put right."""
    for one in (step, *_before(view, step)):
        events = [event.text() for event in one.on]
        events += [leaf.event.text() for leaf in (one.when.leaves() if one.when else ()) if leaf.event is not None]
        if any(event in BACK or event == f"{name} up" for event in events):
            return True
        if one.when is not None and any(leaf.kind == "state" and leaf.states == ("up",) for leaf in one.when.leaves()):
            return True
        if one is not step and any(
            e.kind in ("restore", "fail_over", "recover_data", "reimage", "reconnect") for e in one.does
        ):
            return True
    return False


def copies(view: View) -> Findings:
    """Data whose every copy lies on a medium that fails together with them."""
    for name, component in view.hospital.systems.items():
        if component.data is None or not component.data.backups:
            continue
        media = {backup.medium for backup in component.data.backups}
        needs = [set(view.hospital.media[medium].needs) for medium in media]
        cases = [
            c
            for c in view.cases
            if all(need & c.away for need in needs)
            and any(
                f.nature.mended_by == "recover_data" and name in selected(view.hospital.systems, f.target)
                for f in c.faults
            )
        ]
        if cases:
            what = Wrong(
                "all copies of {name} need systems that are down with it in {where}",
                name=view.named("component", name),
                where=where(cases, view),
            )
            yield Finding("copies-on-failed-system", ("hospital", "systems", name, "data", "backups"), what, name)


def coverage(view: View) -> Findings:
    """Faults of the scenario and of the library that no step of the plan mends."""
    if not view.plan.steps:
        return
    missing: dict[tuple[str, str], list[tuple[Case, int]]] = {}
    for case in view.cases:
        for number, fault in enumerate(case.faults):
            if fault.lasts is None and not _mended(view, fault):
                missing.setdefault((fault.kind, fault.target), []).append((case, number))
    for (kind, target), found in missing.items():
        cases = list({case.library: case for case, _ in found}.values())
        what = Wrong(
            "no step mends {target} (fault of the kind {kind}, in {where})",
            target=view.named("component", target),
            kind=kind,
            where=where(cases, view),
        )
        own = next((view.scenario.faults.index(case.faults[n]) for case, n in found if not case.library), None)
        if own is not None:
            yield Finding("fault-without-step", ("faults", own), what, target)
        else:
            yield Finding("fault-without-step", ("plan", "steps"), what, target, "warning")


def _mended(view: View, fault: Fault) -> bool:
    """Whether some step puts right what a fault of this kind does; faults that only pass by themselves count as put right."""
    meant = set(selected(view.hospital.systems, fault.target))
    means = fault.nature.mended_by
    if not means:
        return True
    if means != "repair":
        return meant <= view.targets(means)
    mended = view.targets("repair")
    return "cause" in mended or meant <= mended or (fault.nature.takes == "away" and meant <= _switched(view))


def _switched(view: View) -> set[str]:
    """Members of services that a step fails over by hand: the fault stays, the service comes back."""
    services = (
        view.hospital.systems[name].runs_on for name in view.targets("fail_over") if name in view.hospital.systems
    )
    return {member for service in services if service is not None for member in service.members[:-1]}


def never_restored(view: View) -> Findings:
    """A component that waits for a step to restore it, in a plan that has steps but none for it."""
    targets = view.targets("restore")
    if not view.plan.steps or "all" in targets:
        return
    for name, component in view.hospital.systems.items():
        tier = f"tier {component.tier}" if component.tier is not None else name
        if component.comes_back == "by_hand" and name not in targets and tier not in targets:
            what = Wrong(
                "{name} comes back by hand only, and no step of the plan restores it",
                name=view.named("component", name),
            )
            yield Finding("never-restored", ("hospital", "systems", name, "comes_back"), what, name)


def order(view: View) -> Findings:
    """Lines of the restore order, and tiers, that come before what they need."""
    systems = view.hospital.systems
    line = {name: number for number, names in enumerate(view.plan.restore_order) for name in names}
    for name, number in line.items():
        if name in systems and (later := _needs_later(systems, name, line, number)):
            place = view.plan.restore_order[number].index(name)
            what = Wrong(
                "{name} stands before {needed}, which it needs",
                name=view.named("component", name),
                needed=view.named("component", later),
            )
            yield Finding("restore-order", ("plan", "restore_order", number, place), what, name)
    if not any(target.startswith("tier") or target == "all" for target in view.targets("restore")):
        return
    tiers = {n: c.tier for n, c in systems.items() if c.tier is not None and n not in line}
    for name, tier in tiers.items():
        if later := _needs_later(systems, name, tiers, tier):
            what = Wrong(
                "{name} is in tier {tier}, before {needed} in tier {later}, which it needs",
                name=view.named("component", name),
                tier=tier,
                needed=view.named("component", later),
                later=tiers[later],
            )
            yield Finding("restore-order", ("hospital", "systems", name, "tier"), what, name)


def _needs_later(systems: dict[str, Component], name: str, place: dict[str, int], number: int) -> str | None:
    """Something in a later place that the component cannot do without, directly or through others that have no place."""

    def early(other: str, seen: frozenset[str]) -> bool:
        if other in place:
            return place[other] <= number
        return other in seen or whole(other, seen | {other})

    def whole(one: str, seen: frozenset[str]) -> bool:
        component = systems[one]
        members = component.runs_on.members if component.runs_on else ()
        return satisfied(component.needs, lambda other: early(other, seen)) and (
            not members or any(early(member, seen) for member in members)
        )

    if whole(name, frozenset({name})):
        return None
    waiting, seen = [name], {name}
    while waiting:
        for other in systems[waiting.pop(0)].upstream:
            if other in place and place[other] > number:
                return other
            if other not in seen and other not in place:
                seen.add(other)
                waiting.append(other)
    return None


RULES = (channels, tools, copies, coverage, never_restored, order)
