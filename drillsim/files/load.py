"""From a name or a file to a scenario that can be run, or to everything that is wrong with it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from drillsim.errors import Problem, ScenarioError, Wrong
from drillsim.files import shelf
from drillsim.files.about import about
from drillsim.files.altered import altered
from drillsim.files.changes import asked_for, changed
from drillsim.files.describe import describe
from drillsim.files.findings import findings, others
from drillsim.files.near import hinted
from drillsim.files.parts import Reader
from drillsim.files.records import Known
from drillsim.files.tree import Map
from drillsim.files.validate import checked, mistakes
from drillsim.files.variants import of_variants
from drillsim.model.scenario import Scenario
from drillsim.texts import preferred


@dataclass(frozen=True)
class Loaded:
    """A scenario with the name it was asked by, the hashes of the files it came from, and what the plan check finds in it.

    ``warnings`` are the findings, the gravest first, ``silenced`` those that the files say are meant to be so. ``linted`` is False for a
    scenario that was not looked at.
    """

    scenario: Scenario
    name: str
    hashes: dict[str, str]
    warnings: list[Problem] = field(default_factory=list)
    silenced: list[Problem] = field(default_factory=list)
    linted: bool = False
    change: str | None = None  # the variants and values it was changed by, in words

    def variant(self, *names: str) -> Loaded:
        """The same with the changes of its variants of these names, in order. Raises ScenarioError when there is none of a name."""
        return self._changed(altered(self.scenario, variants=names), names)

    def replace(self, changes: Mapping[str, object]) -> Loaded:
        """The same with new values at some paths (``{"plan.thresholds.outpatient": "10 min"}``). Raises ScenarioError with all that is wrong."""
        return self._changed(
            altered(self.scenario, set=changes), [f"{path}={value}" for path, value in changes.items()]
        )

    def _changed(self, scenario: Scenario, words: Iterable[str]) -> Loaded:
        change = ", ".join([*([self.change] if self.change else []), *words])
        problems = findings(scenario, library=others(self.name), unused=False)
        found, silenced = _told_apart(problems)
        return dataclasses.replace(self, scenario=scenario, warnings=found, silenced=silenced, change=change or None)

    def __repr__(self) -> str:
        return "\n  ".join(about(self, preferred()))

    def _repr_html_(self) -> str:
        first, *rest = (escape(line) for line in about(self, preferred()))
        return f"<div><strong>{first}</strong><br>{'<br>'.join(rest)}</div>"


def load(
    name_or_path: str | Path,
    *,
    variants: Iterable[str] = (),
    set: Mapping[str, object] | Iterable[str] = (),
    language: str = "en",
) -> Loaded:
    """The scenario of a file, or of a name in the library, with its ``variants`` and single values of ``set`` (``PATH=VALUE``) applied in order.

    Raises ScenarioError with every mistake, those of its variants too; its text is in the language.
    """
    variants, set = list(variants), set if isinstance(set, Mapping) else list(set)
    try:
        path = locate(name_or_path)
        reader = Reader(path.parent)
        scenario, problems = _read(reader, path, variants, set)
        if scenario is None or mistakes(problems):
            raise ScenarioError([one for one in problems if not one.rule])
    except ScenarioError as error:
        error.args = ("\n".join(describe(error.problems, language)),)
        raise
    found, silenced = _told_apart(problems)
    return Loaded(scenario, str(name_or_path), reader.hashes, found, silenced, True, _words(variants, set))


def of_scenario(scenario: Scenario, name: str = "") -> Loaded:
    """A scenario that came from no file, looked at by the plan check all the same."""
    found, silenced = _told_apart(findings(scenario))
    return Loaded(scenario, name or scenario.title.in_language("en"), {}, found, silenced, linted=True)


def _told_apart(problems: list[Problem]) -> tuple[list[Problem], list[Problem]]:
    """Findings, and those that are silenced."""
    found = [one for one in problems if one.silenced is None]
    return found, [one for one in problems if one.silenced is not None]


def _words(variants: Iterable[str], values: Mapping[str, object] | Iterable[str]) -> str | None:
    """The changes asked for, as one text; None without any."""
    pairs = [f"{path}={value}" for path, value in values.items()] if isinstance(values, Mapping) else list(values)
    return ", ".join([*variants, *pairs]) or None


def _read(reader: Reader, path: Path, variants: Iterable[str], values: Any) -> tuple[Scenario | None, list[Problem]]:
    tree = scenario_tree(reader, path)
    if tree is None:
        return None, reader.problems
    changes, wrong = asked_for(tree, variants, values)
    played, refused = changed(tree, changes, reader)
    scenario, found = checked(played, library=others(path.stem), unused=not changes)
    problems = [*reader.problems, *wrong, *refused, *found]
    if not values and not mistakes(problems):  # what single values do to variants is nobody's mistake
        plain = checked(tree, plan_check=False)[0] if changes else scenario
        problems += of_variants(Known(tree, plain, sound=True), reader, problems, plan_check=False)
    return scenario, problems


def scenario_tree(reader: Reader, path: Path) -> Map | None:
    """The tree of a scenario with its hospital and plan in their places; None when the file cannot be read or holds something else."""
    tree = reader.file(path)
    if tree is None or not reader.scenario(tree, path.parent):
        return None
    return tree


def locate(name_or_path: str | Path, kinds: tuple[str, ...] = ("scenario",)) -> Path:
    """The file that a name of the library or a path means. Raises ScenarioError when there is none, with the nearest name of the library."""
    text = str(name_or_path)
    path = Path(name_or_path)
    for kind in kinds if isinstance(name_or_path, str) else ():
        if found := shelf.find(kind, text):
            return found
    if path.suffix in (".yaml", ".yml") or path.name != text or path.exists():
        return path
    known = [name for kind in kinds for name in shelf.names(kind)]
    wrong = hinted(Wrong("there is no such file, and nothing of that name in the library"), text, known)
    raise ScenarioError([Problem(text, None, "", wrong.template, wrong.values)])
