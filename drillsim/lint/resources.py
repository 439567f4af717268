"""Spares that are not there or too few, and kits of forms smaller than the least need."""

from __future__ import annotations

from drillsim.errors import Wrong
from drillsim.lint.finding import Finding, Findings
from drillsim.lint.peaks import most_within, services
from drillsim.lint.told import length
from drillsim.lint.view import View


def spares(view: View) -> Findings:
    """Steps that use a spare that is not there and never comes, and more such steps than spares."""
    users: dict[str, list[str]] = {}
    for step in view.plan.steps:
        if step.spare is None or step.id not in view.reach.done:
            continue
        component = view.hospital.systems[step.spare]
        users.setdefault(step.spare, []).append(step.id)
        if component.spare_arrives is not None:
            continue
        if component.spares == 0:
            what = Wrong(
                "{step} needs a spare {name}: none is on the shelf and none is supplied",
                step=view.named("step", step.id),
                name=view.named("component", step.spare),
            )
            yield Finding("spare-never-comes", view.at(step, "spare"), what, step.id)
        elif len(users[step.spare]) > component.spares:
            what = Wrong(
                "{count} steps use a spare {name} ({steps}), {spares} on the shelf, and none is supplied",
                count=len(users[step.spare]), name=view.named("component", step.spare), steps=view.all_named("step", users[step.spare]), spares=component.spares,
            )  # fmt: skip
            yield Finding("too-few-spares", view.at(step, "spare"), what, step.id)


def kits(view: View) -> Findings:
    """Kits with fewer forms than people who are waiting already when the first form is written.

    So many wait: services on paper an hour at the peak × (minutes until paper is ordered, or begun without an order, + change-over).
    """
    days = services(view.hospital)
    for name, department in view.hospital.departments.items():
        threshold = next(
            (view.plan.thresholds[k] for k in (name, department.group, "all") if k in view.plan.thresholds), None
        )
        if department.kit is None or threshold is None or name not in view.departments(view.targets("order_paper")):
            continue
        if (by_itself := department.self_switch) is not None and by_itself.chance >= 0.5:
            threshold = min(threshold, by_itself.after.mean)  # most do not wait for the order
        waits = threshold + department.change_over.mean
        if waits == float("inf"):
            continue
        need = most_within(days[name], waits) if name in days else 0.0
        if need > department.kit.forms:
            what = Wrong(
                "{forms} forms for {department}, and at the peak {need} are needed at once: {rate} services an hour × ({threshold} until paper + {change_over} change-over)",
                forms=department.kit.forms, department=view.named("department", name), need=round(need), rate=round(60 * need / waits),
                threshold=length(threshold), change_over=length(department.change_over.mean),
            )  # fmt: skip
            yield Finding("kit-too-small", ("hospital", "departments", name, "kit", "forms"), what, name)


RULES = (spares, kits)
