"""What is wrong with the variants of a scenario, each at its own line: a variant that does not load is a mistake of the file that has it."""

from __future__ import annotations

from dataclasses import replace

from drillsim.errors import Problem, Wrong
from drillsim.files.changes import changed, changes_of
from drillsim.files.parts import Reader
from drillsim.files.records import Known
from drillsim.files.tree import Map, as_map, path_text
from drillsim.files.validate import checked, identity, unique


def of_variants(base: Known, reader: Reader, known: list[Problem], *, plan_check: bool = True) -> list[Problem]:
    """What is wrong with each variant that is not wrong without it (``known``), and with ``plan_check`` what the plan check finds in it."""
    found = []
    for name in as_map(base.tree.get("variants")):
        found += _variant(base, name, reader, known, plan_check=plan_check)
    return found


def _variant(base: Known, name: str, reader: Reader, known: list[Problem], *, plan_check: bool) -> list[Problem]:
    """What is wrong with a variant that is not wrong without it, at the variant's own line."""
    changes = changes_of(base.tree, name)
    if not changes:
        return []
    before = len(reader.problems)
    varied, problems = changed(base.tree, changes, reader)
    problems += [*reader.problems[before:], *checked(varied, base, unused=False, plan_check=plan_check)[1]]
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
