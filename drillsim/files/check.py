"""Checking a file of any kind on its own: every mistake at once, those that only a variant brings too."""

from __future__ import annotations

from pathlib import Path

from drillsim.errors import Problem, ScenarioError
from drillsim.files.findings import of_plan, others
from drillsim.files.load import locate
from drillsim.files.parts import KINDS, Reader, Thresholds
from drillsim.files.records import Known, validate
from drillsim.files.references import references
from drillsim.files.structure import structure
from drillsim.files.tree import Map
from drillsim.files.validate import checked, mistakes, unique
from drillsim.files.variants import of_variants
from drillsim.model.hospital import Hospital
from drillsim.model.plan import Plan


def check(name_or_path: str | Path) -> list[Problem]:
    """Everything wrong with a scenario, hospital, plan or thresholds file (or shipped name), in order of file and line; empty when all is well.

    Without mistakes: what the plan check finds and nothing silences.
    """
    try:
        path = locate(name_or_path, KINDS)
    except ScenarioError as error:
        return error.problems
    reader = Reader(path.parent)
    tree = reader.file(path)
    found = _found(tree, reader, path.stem) if tree is not None else []
    told = [one for one in unique([*reader.problems, *found]) if one.silenced is None]
    return sorted(told, key=lambda one: (one.file, one.line or 0))


def _found(tree: Map, reader: Reader, name: str) -> list[Problem]:
    kind = _kind(tree)
    if kind != "scenario":
        return _part(tree, kind, reader)
    reader.scenario(tree, reader.home)
    return _scenario(tree, reader, name)


def _kind(tree: Map) -> str:
    """The kind a file says it is, or that its keys speak of."""
    said = str(tree.get("drillsim", "")).partition("/")[0]
    if said in KINDS:
        return said
    signs = {
        "scenario": {"faults", "hospital", "plan", "horizon", "injects", "objectives", "variants"},
        "plan": set(Plan.model_fields) - {"title", "source"},
        "thresholds": {"values"},
        "hospital": set(Hospital.model_fields) - {"title", "source", "about"},
    }
    return next((kind for kind, keys in signs.items() if keys & set(tree)), "scenario")


def _part(tree: Map, kind: str, reader: Reader) -> list[Problem]:
    reader.header(tree, (kind,), needed=True)
    if kind == "thresholds":
        return validate(tree, Thresholds)[1]
    if kind == "plan":
        reader.presets(tree, reader.home)
    record, problems = validate(tree, Plan) if kind == "plan" else validate(tree, Hospital)
    whole = Map(tree.mark)
    whole.put(kind, tree, tree.mark)
    problems = [*problems, *references(whole), *structure(whole)]
    return of_plan(record, whole) if isinstance(record, Plan) and not problems else problems


def _scenario(tree: Map, reader: Reader, file: str) -> list[Problem]:
    """What is wrong with the scenario as it stands, and with each of its variants."""
    scenario, problems = checked(tree, library=others(file))
    found = list(problems)
    base = Known(tree, scenario, sound=not mistakes(problems))
    return [*found, *of_variants(base, reader, problems)]
