"""The plan as a whole: roles without a part, grades that never apply, thresholds for nobody, repairs without a judgement, its age, its drills."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches

from drillsim.errors import Wrong
from drillsim.lint.events import contradicts
from drillsim.lint.finding import Finding, Findings
from drillsim.lint.told import group as in_words
from drillsim.lint.told import length
from drillsim.lint.triggers import after_the_end
from drillsim.lint.view import View
from drillsim.model.conditions import Condition
from drillsim.model.plan import PlanRole
from drillsim.units import DAY

ALIKE = 0.8  # how much a name must look like another one to be taken for it, mistyped (difflib's ratio)
OLD = 366 * DAY  # a plan is reviewed at least once a year
FEW = 3  # so many are named, the others are counted


def idle_roles(view: View) -> Findings:
    """A role of the plan that no step, grade or inject uses."""
    plan = view.plan
    used = {role for step in plan.steps for role in (step.owner, *step.with_roles)}
    used |= {role for grade in plan.grades for role in grade.activates}
    used |= {target for step in plan.steps for effect in step.does for target in effect.targets}
    used |= {inject.to for inject in view.scenario.injects}
    for role in plan.roles:
        if role not in used:
            yield Finding(
                "idle-role",
                ("plan", "roles", role),
                Wrong("no step uses the role {role}", role=view.named("role", role)),
                role,
            )


def never_judged(view: View) -> Findings:
    """A step that mends the judged cause in a plan that never judges it."""
    if any(view.effects("judge")):
        return
    for step, effect in view.effects("repair"):
        if "cause" in effect.targets:
            message = "no step judges the cause (does: judge), so there is nothing that 'repair: cause' could mend"
            yield Finding("never-judged", view.at(step, "does"), Wrong(message), step.id)


def grades_that_never_apply(view: View) -> Findings:
    """Grades after one that always fits, of which the first fits whenever the later does, that cannot hold, or that nobody declares."""
    seen: dict[str, int] = {}
    always: int | None = None
    declared = any(view.effects("declare"))
    for number, grade in enumerate(view.plan.grades):
        text = grade.when.text() if grade.when is not None else ""
        what = None
        if not declared and view.plan.steps:
            what = Wrong(
                "no step declares the incident (does: declare), so grade {grade} never applies", grade=grade.id
            )
        elif always is not None:
            what = Wrong(
                "grade {grade} never applies: grade {first} before it always fits", grade=grade.id, first=always
            )
        elif text in seen:
            what = Wrong(
                "grade {grade} never applies: grade {first} before it has the same condition",
                grade=grade.id,
                first=seen[text],
            )
        elif grade.when is not None and not _can_hold(view, grade.when):
            what = Wrong("grade {grade} never applies: {condition!r} is never so", grade=grade.id, condition=text)
        if what is not None:
            yield Finding("grade-never", ("plan", "grades", number), what, str(grade.id))
        seen.setdefault(text, grade.id)
        always = grade.id if grade.when is None and always is None else always


def _can_hold(view: View, condition: Condition) -> bool:
    """As far as can be told before the incident is declared: no grade yet, and no claims that contradict each other."""
    if condition.kind == "grade":
        return False
    if condition.kind == "all":
        return all(_can_hold(view, part) for part in condition.parts) and not contradicts(condition.parts, ())
    if condition.kind == "any":
        return any(_can_hold(view, part) for part in condition.parts)
    return view.reach.holds(condition)


def old(view: View) -> Findings:
    """A plan whose last review lies more than a year before StartEx."""
    reviewed = view.plan.reviewed or ""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", reviewed):
        return
    try:
        days = (view.scenario.start_time.date() - date.fromisoformat(reviewed)).days
    except ValueError:
        return
    if days * DAY > OLD:
        what = Wrong(
            "the plan was last reviewed on {date}, {months} months before this day",
            date=reviewed,
            months=round(days / 30.44),
        )
        yield Finding("old-plan", ("plan", "reviewed"), what)


def drills(view: View) -> Findings:
    """When roles drilled last, where the plan lets nothing fade; roles of the plan that never drilled, where it does."""
    staff = view.hospital.staff
    if view.plan.readiness.decay:
        practised = view.scenario.last_practised()
        holders = dict.fromkeys(holder for role in _with_steps(view) for holder in role.holders)
        never = [name for name in holders if staff[name].trained > 0 and practised[name][0] is None]
        if never:
            what = Wrong("no last drill is given for {who}: all that can fade has faded", who=_some(view, never))
            yield Finding("never-drilled", ("hospital", "staff", never[0]), what)
        return
    known = [(name, key) for name in staff for key in ("last_drill", "last_restore") if getattr(staff[name], key) is not None]  # fmt: skip
    if view.plan.drills:
        yield Finding(
            "drill-without-decay",
            ("plan", "drills"),
            Wrong("the plan has a calendar of drills, and what is trained does not fade"),
        )
    if known:
        what = Wrong("it is known when {who} drilled last, and what is trained does not fade", who=_some(view, dict(known)))  # fmt: skip
        yield Finding("drill-without-decay", ("hospital", "staff", *known[0]), what)


def _with_steps(view: View) -> list[PlanRole]:
    """The roles that have a part in a step."""
    names = {name for step in view.plan.steps for name in (step.owner, *step.with_roles)}
    return [role for name, role in view.plan.roles.items() if name in names]


def _some(view: View, names: Iterable[str]) -> Wrong | str:
    """A few roles of the staff by name, and how many more there are."""
    first, more = list(names)[:FEW], len(list(names)) - FEW
    who = view.all_named("staff", first)
    return Wrong("{who} and {more} more", who=who, more=more) if more > 0 else who


def thresholds(view: View) -> Findings:
    """Thresholds of groups without departments, and those of groups that are ordered onto paper without anybody waiting for them.

    Where the plan names one that is no group's (a report clock of a preset), the others of its kind are not told, unless they look like the name of a group.
    """
    departments = view.hospital.departments
    known = {"all", *departments, *(d.group for d in departments.values())}
    conditions = [c for step in view.plan.steps for c in (step.when, step.only_if) if c is not None]
    conditions += [c for inject in view.scenario.injects for c in (inject.when, inject.only_if) if c is not None]
    conditions += [grade.when for grade in view.plan.grades if grade.when is not None]
    used = {leaf.threshold for condition in conditions for leaf in condition.leaves() if leaf.threshold is not None}
    used |= {step.within.threshold for step in view.plan.steps if step.within is not None and step.within.threshold}
    ordered = {target: step.id for step, effect in view.effects("order_paper") for target in effect.targets}
    for group in view.plan.thresholds:
        path = ("plan", "thresholds", group)
        stray = group not in known and group not in used and bool(departments)
        if stray and (used <= known or get_close_matches(group, known, n=1, cutoff=ALIKE)):
            yield Finding(
                "threshold-without-departments",
                path,
                Wrong("no department belongs to the group {group!r}", group=group),
                group,
            )
        elif group not in used and group in ordered:
            what = Wrong(
                "no step waits for the threshold of “{group}”, though {step} orders this group onto paper",
                group=in_words(group),
                step=view.named("step", ordered[group]),
            )
            yield Finding("unused-threshold", path, what, group)


def faults_after_the_end(view: View) -> Findings:
    """A fault at a time of day that comes only after EndEx."""
    for number, fault in enumerate(view.scenario.faults):
        if fault.at.time_of_day is None:
            continue
        minute = fault.at.minute(view.scenario.start_time)
        if minute is not None and minute >= view.scenario.horizon:
            yield Finding(
                "after-the-end", ("faults", number, "at"), after_the_end(minute, view.scenario.horizon), fault.id
            )


def never_freed(view: View) -> Findings:
    """A resource that an activity frees though no activity keeps it."""
    activities = view.hospital.activities
    kept = {name for activity in activities.values() for name in activity.keeps}
    for name, activity in activities.items():
        for resource in activity.frees:
            if resource not in kept:
                what = Wrong(
                    "no activity keeps {name}, so there is nothing to free", name=view.named("resource", resource)
                )
                yield Finding("never-freed", ("hospital", "activities", name, "frees"), what, resource)


def slower_than_bearable(view: View) -> Findings:
    """A system whose RTO is longer than a department that uses it, and has no way onto paper, can bear."""
    told: set[str] = set()
    for activity in view.hospital.activities.values():
        department = view.hospital.departments.get(activity.department or "")
        if department is None or department.mtd is None or _goes_to_paper(view, activity.department or ""):
            continue
        for name in activity.uses:
            rto = view.hospital.systems[name].rto
            if rto is None or rto <= department.mtd or name in told:
                continue
            told.add(name)
            what = Wrong(
                "an RTO of {rto} is longer than the department {department}, which uses it, can bear ({mtd})",
                rto=length(rto),
                department=view.named("department", activity.department or ""),
                mtd=length(department.mtd),
            )
            yield Finding("rto-longer-than-mtd", ("hospital", "systems", name, "rto"), what, name)


def _goes_to_paper(view: View, name: str) -> bool:
    """Whether some work of a department can go on on paper, and somebody would order it or it goes by itself."""
    department = view.hospital.departments[name]
    ordered = name in view.departments(view.targets("order_paper"))
    works = any(one.on_paper.works for one in view.hospital.activities.values() if one.department == name)
    return works and (ordered or department.self_switch is not None)


def costs_in_words(view: View) -> Findings:
    """Variants whose cost names a number, and no amount that can be read: it is kept as words, and cannot be compared."""
    for name, variant in view.scenario.variants.items():
        cost = variant.cost
        if cost is None or cost.known or cost.note is None or not re.search(r"\d", cost.note.en + cost.note.zh):
            continue
        what = Wrong(
            "no amount can be read in the cost of the variant {variant!r}: {text}", variant=name, text=cost.note
        )
        yield Finding("cost-in-words", ("variants", name, "cost"), what, name)


OF_THE_PLAN = (never_judged, grades_that_never_apply, old)
OF_ALL = (idle_roles, drills, thresholds, faults_after_the_end, never_freed, slower_than_bearable, costs_in_words)
