"""Departments and paper: whether anybody orders it where work stands still, tries the systems, tells them to return, types in what was written."""

from __future__ import annotations

from drillsim.errors import Wrong
from drillsim.lint.finding import Finding, Findings
from drillsim.lint.services import wanted
from drillsim.lint.view import Case, View
from drillsim.model.care import Activity


def on_paper(view: View) -> list[str]:
    """Departments with work that uses systems and goes on on paper, and that are ordered to."""
    working = {
        a.department for a in view.hospital.activities.values() if a.uses and (a.on_paper.works or a.on_paper.skipped)
    }
    return [name for name in view.departments(view.targets("order_paper")) if name in working]


def standing(view: View) -> Findings:
    """Departments whose work stands still under the faults of the scenario though it has a way on paper, which nobody orders and they do not take by themselves."""
    for case in (case for case in view.cases if not case.library):
        ordered = view.departments(_ordered(view, case))
        for name, department in view.hospital.departments.items():
            lost = [system for system in sorted(uses(view, name, stops=True)) if system in case.away]
            if lost and name not in ordered and department.self_switch is None:
                what = Wrong(
                    "{department} stands still without {systems}, and no step orders it onto paper in this scenario",
                    department=view.named("department", name),
                    systems=view.all_named("component", lost),
                )
                yield Finding("nobody-orders-paper", ("hospital", "departments", name), what, name)


def _ordered(view: View, case: Case) -> set[str]:
    """Departments and groups that a step orders onto paper on such a day."""
    return {
        target
        for step, effect in view.effects("order_paper")
        if step.id in view.reach.done and wanted(view, step, case)
        for target in effect.targets
    }


def uses(view: View, department: str, *, stops: bool = False) -> set[str]:
    """Systems that the work of a department uses; with ``stops`` that of its work which stops without them until it goes on on paper.

    Work whose patients turn to another place when they have waited long enough does not stop (a kiosk, then a window).
    """
    return {
        name
        for a in view.hospital.activities.values()
        if a.department == department and (not stops or (_stops(a) and (a.on_paper.works or a.on_paper.skipped)))
        for name in a.uses
    }


def _stops(activity: Activity) -> bool:
    elsewhere = activity.patience is not None and activity.if_impatient != "leave"
    return activity.while_waiting == "stops" and not elsewhere


def unverified(view: View) -> Findings:
    """Departments that go back to systems which no verification has tried."""
    tried = {name for department in view.departments(view.targets("verify")) for name in uses(view, department)}
    for department in on_paper(view):
        left = sorted(uses(view, department) - tried)
        if left:
            what = Wrong(
                "no step verifies {systems}, which {department} uses, before it leaves paper",
                systems=view.all_named("component", left),
                department=view.named("department", department),
            )
            yield Finding("paper-without-verify", ("hospital", "departments", department), what, department)


def unreturned(view: View) -> Findings:
    """Departments that are told to go on paper and never told to come back."""
    back = view.departments(view.targets("return_to_system"))
    departments = on_paper(view)
    if departments and not back:
        step, _ = next(iter(view.effects("order_paper")))
        what = Wrong(
            "no step tells anybody to return to the system (does: return_to_system); departments return by themselves as soon as it is back"
        )
        yield Finding("paper-without-return", view.at(step, "does"), what, step.id, "warning")
        return
    for department in departments:
        if department not in back:
            what = Wrong(
                "{department} is ordered onto paper, and no step tells it to return",
                department=view.named("department", department),
            )
            yield Finding("paper-without-return", ("hospital", "departments", department), what, department)


def untyped(view: View) -> Findings:
    """Departments that write items on paper and have nobody to type them in."""
    for department in on_paper(view):
        items = sum(
            a.on_paper.items for a in view.hospital.activities.values() if a.department == department and a.uses
        )
        if items and view.hospital.departments[department].back_entry is None:
            what = Wrong(
                "{department} writes on paper, and nobody types it in afterwards",
                department=view.named("department", department),
            )
            yield Finding("paper-without-back-entry", ("hospital", "departments", department), what, department)


RULES = (standing, unverified, unreturned, untyped)
