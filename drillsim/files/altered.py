"""A scenario that is at hand already, with changes: checked for mistakes like one that is read from files; warnings are not looked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from drillsim.errors import ScenarioError
from drillsim.files.changes import asked_for, changed
from drillsim.files.parts import Reader
from drillsim.files.records import validate
from drillsim.files.references import references
from drillsim.files.structure import structure
from drillsim.files.tree import Mark, as_tree
from drillsim.files.validate import mistakes
from drillsim.model.scenario import Scenario


def altered(
    scenario: Scenario, *, variants: Iterable[str] = (), set: Mapping[str, object] | Iterable[str] = ()
) -> Scenario:
    """The scenario with its ``variants`` and single values of ``set`` applied in order; the one given is not touched.

    Raises ScenarioError with everything that is wrong with the changes, or with what they make of the scenario.
    """
    tree = as_tree(scenario.model_dump(mode="json", by_alias=True, exclude_defaults=True), Mark("scenario", None, ()))
    reader = Reader(Path())
    changes, wrong = asked_for(tree, variants, set)
    tree, refused = changed(tree, changes, reader)
    made, found = validate(tree, Scenario)
    problems = [*reader.problems, *wrong, *refused, *found, *references(tree), *structure(tree)]
    if made is None or mistakes(problems):
        raise ScenarioError(problems)
    return made
