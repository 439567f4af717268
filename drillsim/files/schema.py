"""JSON Schema of the files, for editors that complete and underline while one writes."""

from __future__ import annotations

from typing import Any

from drillsim.files.parts import VERSION, Thresholds
from drillsim.model.base import Record
from drillsim.model.conditions import BUILT_IN_EVENTS
from drillsim.model.faults import KINDS
from drillsim.model.hospital import Hospital
from drillsim.model.plan import EFFECTS, WITHOUT_TARGET, Plan
from drillsim.model.scenario import Scenario

RECORDS: dict[str, type[Record]] = {
    "scenario": Scenario,
    "hospital": Hospital,
    "plan": Plan,
    "thresholds": Thresholds,
}


def _name() -> dict[str, Any]:
    return {"type": "string"}


def _names() -> dict[str, Any]:
    return {"anyOf": [_name(), {"type": "array", "items": _name()}]}


def schema(kind: str) -> dict[str, Any]:
    """The JSON Schema of a kind of file: scenario, hospital, plan or thresholds. Raises ValueError for any other."""
    if kind not in RECORDS:
        raise ValueError(f"there is no schema of {kind!r}; known are {', '.join(RECORDS)}")
    made = RECORDS[kind].model_json_schema(by_alias=True)
    defs = made.setdefault("$defs", {})
    _short_forms(defs)
    _file(made, kind)
    if kind == "scenario":
        for part in ("hospital", "plan"):
            _part(defs, part)
            made["properties"][part] = {"anyOf": [_name(), {"$ref": f"#/$defs/{part.capitalize()}"}]}
        _variants(defs)
    plan = made if kind == "plan" else defs.get("Plan")
    if plan is not None:
        plan["properties"]["thresholds"] = _thresholds(plan["properties"]["thresholds"])
    _tidy(made)
    if "Needs" in defs:  # after the tidying: a list of needs written as its only element is a need already
        several = {"type": "array", "items": {"anyOf": [_name(), {"$ref": "#/$defs/Needs"}]}}
        defs["Needs"] = {"anyOf": [_name(), several, defs["Needs"]]}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": f"drillsim {kind}", **made}


def _file(made: dict[str, Any], kind: str) -> None:
    header = {"const": f"{kind}/{VERSION}", "description": "what this file is, and the version of its form"}
    include = {**_names(), "description": "files whose sections are merged into this one"}
    made["properties"] = {"drillsim": header, "include": include, **made["properties"]}
    needed = made.pop("required", [])
    made["required"] = [] if kind == "scenario" else ["drillsim"]
    if kind == "thresholds":
        made["required"] += needed
    else:  # an included part may hold what is needed
        made["if"] = {"not": {"required": ["include"]}}
        made["then"] = {"required": [key for key in needed if key not in ("hospital", "plan")]}


def _part(defs: dict[str, Any], part: str) -> None:
    """A hospital or plan within a scenario: its title defaults to the scenario's, and it may include files."""
    held = defs[part.capitalize()]
    held["properties"] = {"include": _names(), **held["properties"]}
    held.pop("required", None)


def _short_forms(defs: dict[str, Any]) -> None:
    """What may be written shorter than the record says."""
    for name, shorter in (
        ("Text", [_name()]),
        ("Node", [_name()]),
        ("Cost", [_name(), {"type": "number"}]),
    ):
        if name in defs:
            defs[name] = {"anyOf": [*shorter, defs[name]]}
    if "Effect" in defs:
        forms = {name: _names() for name, targets in EFFECTS.items() if targets}
        alone = [name for name, targets in EFFECTS.items() if not targets or name in WITHOUT_TARGET]
        several = {"type": "object", "properties": forms, "additionalProperties": False, "maxProperties": 1}
        defs["Effect"] = {"anyOf": [{"enum": alone}, several], "description": defs["Effect"]["description"]}
    if "Fault" in defs:
        defs["Fault"]["properties"]["kind"]["enum"] = list(KINDS)
        defs["Fault"]["required"] = ["target"]
    for name, key in (("Activity", "needs"), ("Step", "with")):
        if name in defs:
            defs[name]["properties"][key] = {"anyOf": [_names(), defs[name]["properties"][key]]}
    if "Node" in defs:
        node = defs["Node"]["anyOf"][-1]
        for key in ("then", "then_on_paper"):
            node["properties"][key] = {"anyOf": [_name(), node["properties"][key]]}
    if "Step" in defs:
        words = f"an event: one of {', '.join(BUILT_IN_EVENTS)}, a step's id, 'his_db up' …"
        defs["Step"]["properties"]["on"]["description"] = words


def _variants(defs: dict[str, Any]) -> None:
    change = defs["Variant"]["properties"]["set"]
    change["description"] = "path → new value, such as hospital.staff.dba.on_duty: 2"


def _thresholds(held: dict[str, Any]) -> dict[str, Any]:
    words = "a shipped preset, such as cn-30min-6h-24h, or several that hold different thresholds; own values beside them win"
    one = {"type": "string"}
    preset = {"anyOf": [one, {"type": "array", "items": one, "minItems": 1}], "description": words}
    groups = {f"^(?!preset$){pattern.removeprefix('^')}": each for pattern, each in held["patternProperties"].items()}
    return {**held, "patternProperties": groups, "properties": {"preset": preset}}


def _tidy(node: Any) -> None:
    """Let lists be written as their only element, bounds be known by their names, and defaults that are not as in files go."""
    if isinstance(node, list):
        for one in node:
            _tidy(one)
        return
    if not isinstance(node, dict):
        return
    for one in list(node.values()):
        _tidy(one)
    for ours, theirs in (("ge", "minimum"), ("gt", "exclusiveMinimum"), ("le", "maximum"), ("lt", "exclusiveMaximum")):
        if ours in node and not isinstance(node[ours], dict):
            node[theirs] = node.pop(ours)
    if isinstance(node.get("title"), str):
        node.pop("title")
    if (
        "default" in node
        and (isinstance(node["default"], dict | list) or node.get("type") == "string")
        and "$ref" not in node
    ):
        node.pop("default") if not isinstance(node["default"], str) else None
    if node.get("type") == "array" and isinstance(node.get("items"), dict) and "anyOf" not in node:
        several = {key: node.pop(key) for key in ("type", "items")}
        node["anyOf"] = [several, several["items"]]
