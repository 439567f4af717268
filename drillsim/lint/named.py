"""Things as findings speak of them: by their title, with the id that stands in the file in brackets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from drillsim.errors import Wrong
from drillsim.model.base import Text
from drillsim.model.scenario import Scenario

Kind = Literal["role", "staff", "step", "component", "department", "pathway", "channel", "resource", "inject"]


def named(scenario: Scenario, kind: Kind, name: str) -> Wrong:
    """``“Database engineer” (database)``; an id alone where nothing of this kind has it, or the title says the same."""
    title = _titles(scenario, kind).get(name)
    if title is None or {title.en, title.zh} <= {name, ""}:
        return Wrong("“{id}”", id=name)
    return Wrong("“{title}” ({id})", title=title, id=name)


def all_named(scenario: Scenario, kind: Kind, names: Iterable[str]) -> Wrong | str:
    """Several of them, with commas."""
    return joined([named(scenario, kind, name) for name in names])


def joined(parts: Iterable[Wrong | str], template: str = "{first}, {next}") -> Wrong | str:
    """Parts of a sentence in a row."""
    whole, *rest = parts
    for part in rest:
        whole = Wrong(template, first=whole, next=part)
    return whole


def _titles(scenario: Scenario, kind: Kind) -> Mapping[str, Text]:
    hospital, plan = scenario.hospital, scenario.plan
    if kind == "step":
        return {step.id: step.title for step in plan.steps}
    if kind == "inject":
        return {inject.id: inject.title for inject in scenario.injects if inject.title is not None}
    tables: dict[str, Mapping[str, Any]] = {
        "role": plan.roles, "staff": hospital.staff, "component": hospital.systems, "department": hospital.departments, "pathway": hospital.pathways,
        "channel": plan.channels, "resource": hospital.resources,
    }  # fmt: skip
    return {name: record.title for name, record in tables[kind].items()}
