"""Checking a file of any kind on its own: every mistake at once, those that only a variant brings too."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from drillsim.errors import Problem, ScenarioError, Wrong
from drillsim.files.changes import changed, changes_of
from drillsim.files.findings import of_plan, others
from drillsim.files.load import locate
from drillsim.files.parts import KINDS, Reader, Thresholds
from drillsim.files.records import Known, validate
from drillsim.files.references import references
from drillsim.files.structure import structure
from drillsim.files.tree import Map, as_map, path_text
from drillsim.files.validate import checked, identity, mistakes, unique
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
    for name in as_map(tree.get("variants")):
        found += _variant(base, name, reader, problems)
    return found


def _variant(base: Known, name: str, reader: Reader, known: list[Problem]) -> list[Problem]:
    """What is wrong with a variant that is not wrong without it, at the variant's own line."""
    changes = changes_of(base.tree, name)
    if not changes:
        return []
    before = len(reader.problems)
    varied, problems = changed(base.tree, changes, reader)
    problems += [*reader.problems[before:], *checked(varied, base, unused=False)[1]]
    del reader.problems[before:]
    old = {_same(problem) for problem in known}
    fresh = [problem for problem in unique(problems) if _same(problem) not in old and problem.silenced is None]
    return [_at_variant(problem, base.tree, name) for problem in fresh]


def _same(problem: Problem) -> tuple[object, ...]:
    """What a problem has in common with that of another variant; a finding stays the same when only its figures change."""
    return (problem.rule, problem.about) if problem.rule else identity(problem)


def _at_variant(problem: Problem, tree: Map, name: str) -> Problem:
    mark = as_map(tree.get("variants")).marks[name]
    path = path_text(mark.path)
    if problem.file == mark.file and problem.path.startswith(path):
        return problem
    said = Wrong(problem.message, **problem.values)
    where = f"{problem.file}:{problem.line} {problem.path}" if problem.line else problem.path
    return replace(
        problem,
        file=mark.file,
        line=mark.line,
        path=path,
        message="with this variant, {where}: {problem}",
        values={"where": where, "problem": said},
    )
