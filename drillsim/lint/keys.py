"""Figures of a system that change nothing, or help nobody, because another one is missing: spares, age, segmentation, patches, copies."""

from __future__ import annotations

from drillsim.errors import Wrong
from drillsim.lint.finding import Finding, Findings
from drillsim.lint.told import length
from drillsim.lint.view import View


def spares(view: View) -> Findings:
    """Spares (or their supplier) of a component that no step of a plan with steps uses up."""
    if not view.plan.steps:
        return
    used = {step.spare for step in view.plan.steps}
    for name, component in view.hospital.systems.items():
        if name in used:
            continue
        key = next((key for key in ("spares", "spare_arrives", "reorder_at") if getattr(component, key)), None)
        if key is not None:
            what = Wrong("no step uses a spare of {name} ('spare: {id}')", name=view.named("component", name), id=name)
            yield Finding("unused-spares", ("hospital", "systems", name, key), what, name)


def ages(view: View) -> Findings:
    """An age of a component that fails no more often for it, and ageing of one without an age."""
    services = [one.runs_on for one in view.hospital.systems.values() if one.runs_on is not None]
    members = {name for service in services if service.ageing for name in service.members}
    for name, component in view.hospital.systems.items():
        ageing = component.fails.ageing if component.fails is not None else 0.0
        path = ("hospital", "systems", name)
        if component.age is not None and not ageing and name not in members:
            what = Wrong("{name} is {age} old, and does not fail more often for it", name=view.named("component", name), age=length(component.age))  # fmt: skip
            yield Finding("age-without-ageing", (*path, "age"), what, name)
        elif ageing and component.age is None:
            what = Wrong("{name} fails more often with age, and has no age", name=view.named("component", name))
            yield Finding("age-without-ageing", (*path, "fails", "ageing"), what, name)


def segmentation(view: View) -> Findings:
    """Segmentation of a network whose components all stand in one place, or in none."""
    systems = view.hospital.systems
    if len({component.place for component in systems.values()}) > 1:
        return
    guards = {"": view.hospital.protection, **{name: component.protection for name, component in systems.items()}}
    for name, guard in guards.items():
        if guard is not None and guard.segmentation:
            what = Wrong("segmentation stops what comes from another 'place', and the systems have only one")
            path = ("hospital", "systems", name) if name else ("hospital",)
            yield Finding("segmentation-without-places", (*path, "protection", "segmentation"), what, name)


def patches(view: View) -> Findings:
    """How much a patch stops, where no step of a plan with steps patches what it protects."""
    if not view.plan.steps:
        return
    patched = {
        target
        for step in view.plan.steps
        for effect in step.does
        if effect.kind == "patch"
        for target in effect.targets
    }
    systems = view.hospital.systems
    guards = {"": view.hospital.protection, **{name: component.protection for name, component in systems.items()}}
    for name, guard in guards.items():
        covered = {name} if name else {one for one, component in systems.items() if component.protection is None}
        if guard is not None and guard.patched < 1 and not covered & patched:
            what = (
                Wrong("no step patches {name} ('does: {{patch: {id}}}')", name=view.named("component", name), id=name)
                if name
                else Wrong("no step patches anything that the hospital's protection stands for")
            )
            path = ("hospital", "systems", name) if name else ("hospital",)
            yield Finding("patch-without-step", (*path, "protection", "patched"), what, name)


def full_copies(view: View) -> Findings:
    """Incremental and log copies of data of which there is no full one that they could go on top of."""
    for name, component in view.hospital.systems.items():
        kinds = {backup.kind for backup in component.data.backups} if component.data is not None else set()
        if kinds and "full" not in kinds:
            what = Wrong("there is no full copy of {name}, so its other copies cannot be used", name=view.named("component", name))  # fmt: skip
            yield Finding("no-full-copy", ("hospital", "systems", name, "data", "backups"), what, name)


RULES = (spares, ages, segmentation, patches, full_copies)
