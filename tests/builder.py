"""Small scenarios for tests: each test says only what it is about."""

from __future__ import annotations

from typing import Any

from drillsim.model.scenario import Scenario


def a_scenario(**parts: Any) -> Scenario:
    """A scenario from the parts a test cares about, written as in YAML.

    ``hospital`` and ``plan`` are mappings without the obligatory title; ``staff``, ``equipment``, ``departments``, ``activities``, ``pathways``,
    ``systems`` … may be given directly and go to the hospital, ``steps`` and ``roles`` … to the plan. Titles default to ids.
    """
    hospital = {**parts.pop("hospital", {})}
    plan = {**parts.pop("plan", {})}
    for key in (
        "rosters",
        "staff",
        "equipment",
        "departments",
        "activities",
        "pathways",
        "indicators",
        "systems",
        "media",
        "detection",
        "load",
        "protection",
    ):
        if key in parts:
            hospital[key] = parts.pop(key)
    for key in (
        "steps",
        "roles",
        "grades",
        "channels",
        "call_tree",
        "causes",
        "cause_titles",
        "restore_order",
        "thresholds",
        "pick",
        "readiness",
    ):
        if key in parts:
            plan[key] = parts.pop(key)
    for section in ("staff", "equipment", "departments", "activities", "pathways", "indicators", "systems", "media"):
        for name, record in hospital.get(section, {}).items():
            if isinstance(record, dict):
                record.setdefault("title", name)
                if section == "systems":
                    record.setdefault("kind", "system")
    for section in ("roles", "channels"):
        for name, record in plan.get(section, {}).items():
            record.setdefault("title", name)
    for step in plan.get("steps", []):
        step.setdefault("title", step["id"])
    tree = {"title": "test", "horizon": 1000.0, "start": "2026-03-09 00:00", **parts}
    tree["hospital"] = {"title": "hospital", **hospital}
    tree["plan"] = {"title": "plan", **plan}
    return Scenario.model_validate(tree)
