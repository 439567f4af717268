"""Departments that go on paper: whether anybody tries their systems, tells them to return, and types in what was written."""

from __future__ import annotations

from drillsim.errors import Wrong
from drillsim.lint.finding import Finding, Findings
from drillsim.lint.view import View


def on_paper(view: View) -> list[str]:
    """Departments with work that uses systems and goes on on paper, and that are ordered to."""
    working = {
        a.department for a in view.hospital.activities.values() if a.uses and (a.on_paper.works or a.on_paper.skipped)
    }
    return [name for name in view.departments(view.targets("order_paper")) if name in working]


def uses(view: View, department: str) -> set[str]:
    """Systems that the work of a department uses."""
    return {name for a in view.hospital.activities.values() if a.department == department for name in a.uses}


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


RULES = (unverified, unreturned, untyped)
