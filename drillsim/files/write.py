"""Scenario records as YAML again, and the same scenario with a few values changed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from drillsim.errors import Problem, ScenarioError
from drillsim.files.changes import Change, changed
from drillsim.files.names import not_there
from drillsim.files.near import hinted
from drillsim.files.parts import Reader
from drillsim.files.tree import Mark, as_tree
from drillsim.files.validate import checked, mistakes
from drillsim.model.scenario import Scenario

_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def write(scenario: Scenario) -> str:
    """The scenario as one YAML file, hospital and plan within it; read again it is the same scenario."""
    tree = {"drillsim": "scenario/1", **_plain(scenario)}
    return str(yaml.dump(tree, Dumper=_DUMPER, sort_keys=False, allow_unicode=True, width=120))


def replace(scenario: Scenario, changes: Mapping[str, object]) -> Scenario:
    """The scenario with new values at some paths (``"hospital.staff.dba.on_duty": 2``); the first one stays as it is.

    Numbers are minutes where a duration belongs; None takes an entry away. Raises ScenarioError with everything that is wrong.
    """
    tree = as_tree(_plain(scenario), Mark("scenario", None))
    marked = [
        Change(path, as_tree(value, Mark("replace", None, (path,))), Mark("replace", None, (path,)))
        for path, value in changes.items()
    ]
    reader = Reader(Path.cwd())
    tree, refused = changed(tree, marked, reader)
    fresh, found = checked(tree)
    problems = [*reader.problems, *refused, *found]
    if fresh is None or mistakes(problems):
        raise ScenarioError(problems)
    return fresh


def variant(scenario: Scenario, *names: str) -> Scenario:
    """The scenario with the changes of its variants of these names, in order. Raises ScenarioError when there is none of a name."""
    for name in names:
        if name not in scenario.variants:
            wrong = hinted(not_there("variant", name), name, list(scenario.variants))
            raise ScenarioError([Problem("scenario", None, "", wrong.template, wrong.values)])
        scenario = replace(scenario, scenario.variants[name].set)
    return scenario


def _plain(scenario: Scenario) -> dict[str, Any]:
    tree: dict[str, Any] = scenario.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    for fault, written in zip(scenario.faults, tree.get("faults", ()), strict=False):
        if fault.nature.takes == "slow":
            written.setdefault("severity", 1.0)  # must be given in a file, also where it is the default
    return tree
