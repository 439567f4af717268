"""What is legal in a scenario but surely not meant. It does not stop a run."""

from __future__ import annotations

from drillsim.errors import Problem, Wrong
from drillsim.files.tree import Found, Map, path_text, whereabouts
from drillsim.model.scenario import Scenario
from drillsim.units import minute_text


def warnings(scenario: Scenario, tree: Map) -> list[Problem]:
    """Every warning of a sound scenario, with the lines of its tree."""
    found = [
        *_slower_than_bearable(scenario, tree),
        *_idle_roles(scenario, tree),
        *_never_restored(scenario, tree),
        *_impossible_deadlines(scenario, tree),
        *_never_judged(scenario, tree),
        *_never_freed(scenario, tree),
        *_after_the_end(scenario, tree),
    ]
    return [
        Problem(mark.file, mark.line, path_text(mark.path), wrong.template, wrong.values, severity="warning")
        for mark, wrong in found
    ]


def _slower_than_bearable(scenario: Scenario, tree: Map) -> Found:
    """A system whose RTO is longer than a department that uses it, and has no way onto paper, can bear."""
    hospital = scenario.hospital
    told: set[str] = set()
    for activity in hospital.activities.values():
        department = hospital.departments.get(activity.department or "")
        if department is None or department.mtd is None or _goes_to_paper(scenario, activity.department or ""):
            continue
        for name in activity.uses:
            rto = hospital.systems[name].rto
            if rto is None or rto <= department.mtd or name in told:
                continue
            told.add(name)
            wrong = Wrong(
                "an RTO of {rto} is longer than the department {department!r}, which uses it, can bear ({mtd})",
                rto=minute_text(rto),
                department=activity.department,
                mtd=minute_text(department.mtd),
            )
            yield whereabouts(tree, ("hospital", "systems", name, "rto")), wrong


def _goes_to_paper(scenario: Scenario, name: str) -> bool:
    """Whether some work of a department can go on on paper, and somebody would order it or it goes by itself."""
    department = scenario.hospital.departments[name]
    effects = [effect for step in scenario.plan.steps for effect in step.does if effect.kind == "order_paper"]
    ordered = any(target in ("all", department.group, name) for effect in effects for target in effect.targets)
    works = any(one.on_paper.works for one in scenario.hospital.activities.values() if one.department == name)
    return works and (ordered or department.self_switch is not None)


def _idle_roles(scenario: Scenario, tree: Map) -> Found:
    """A role of the plan that no step, grade or inject uses."""
    plan = scenario.plan
    used = {role for step in plan.steps for role in (step.owner, *step.with_roles)}
    used |= {role for grade in plan.grades for role in grade.activates}
    used |= {target for step in plan.steps for effect in step.does for target in effect.targets}
    used |= {inject.to for inject in scenario.injects}
    for role in plan.roles:
        if role not in used:
            yield whereabouts(tree, ("plan", "roles", role)), Wrong("no step uses the role {role!r}", role=role)


def _never_restored(scenario: Scenario, tree: Map) -> Found:
    """A component that waits for a step to restore it, in a plan that has steps but none for it."""
    targets = [
        t for step in scenario.plan.steps for effect in step.does if effect.kind == "restore" for t in effect.targets
    ]
    if not scenario.plan.steps or "all" in targets:
        return
    for name, component in scenario.hospital.systems.items():
        tier = f"tier {component.tier}" if component.tier is not None else name
        if component.comes_back == "by_hand" and name not in targets and tier not in targets:
            wrong = Wrong("{name!r} comes back by hand only, and no step of the plan restores it", name=name)
            yield whereabouts(tree, ("hospital", "systems", name, "comes_back")), wrong


def _impossible_deadlines(scenario: Scenario, tree: Map) -> Found:
    """A step that takes longer than its deadline allows, however lucky."""
    for index, step in enumerate(scenario.plan.steps):
        if step.within is not None and step.takes.least > step.within.minutes:
            wrong = Wrong(
                "the step takes at least {least}, longer than its deadline of {within}",
                least=minute_text(step.takes.least),
                within=step.within.text(),
            )
            yield whereabouts(tree, ("plan", "steps", index, "within")), wrong


def _never_judged(scenario: Scenario, tree: Map) -> Found:
    """A step that mends the judged cause in a plan that never judges it."""
    steps = scenario.plan.steps
    if any(effect.kind == "judge" for step in steps for effect in step.does):
        return
    for index, step in enumerate(steps):
        if any(effect.kind == "repair" and "cause" in effect.targets for effect in step.does):
            message = "no step judges the cause (does: judge), so there is nothing that 'repair: cause' could mend"
            yield whereabouts(tree, ("plan", "steps", index, "does")), Wrong(message)


def _never_freed(scenario: Scenario, tree: Map) -> Found:
    """A resource that an activity frees though no activity keeps it."""
    activities = scenario.hospital.activities
    kept = {name for activity in activities.values() for name in activity.keeps}
    for name, activity in activities.items():
        for resource in activity.frees:
            if resource not in kept:
                mark = whereabouts(tree, ("hospital", "activities", name, "frees"))
                yield mark, Wrong("no activity keeps {name!r}, so there is nothing to free", name=resource)


def _after_the_end(scenario: Scenario, tree: Map) -> Found:
    """A fault at a time of day that comes only after EndEx."""
    for index, fault in enumerate(scenario.faults):
        if fault.at.time_of_day is None:
            continue
        start = scenario.start_time.hour * 60 + scenario.start_time.minute
        minute = (fault.at.time_of_day - start) % 1440 + (fault.at.day - 1) * 1440
        if minute >= scenario.horizon:
            wrong = Wrong(
                "this is {minutes} after the start, past the end of the run ({horizon})",
                minutes=minute_text(minute),
                horizon=minute_text(scenario.horizon),
            )
            yield whereabouts(tree, ("faults", index, "at")), wrong
