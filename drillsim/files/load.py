"""From a name or a file to a scenario that can be run, or to everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from drillsim.errors import Problem, ScenarioError, Wrong
from drillsim.files import shelf
from drillsim.files.describe import describe
from drillsim.files.names import not_there
from drillsim.files.near import hinted
from drillsim.files.parts import Reader
from drillsim.files.patch import patched
from drillsim.files.records import MISSING, validate
from drillsim.files.references import references
from drillsim.files.structure import structure
from drillsim.files.tree import Map, Mark, as_map, as_tree, copied, read_text
from drillsim.model.scenario import Scenario


@dataclass(frozen=True)
class Loaded:
    """A scenario with the name it was asked by, the hashes of the files it came from, and what is legal in them but surely wrong."""

    scenario: Scenario
    name: str
    hashes: dict[str, str]
    warnings: list[Problem] = field(default_factory=list)


class Change(NamedTuple):
    """A new value at a path, and where it was asked for."""

    path: str
    value: Any
    mark: Mark


def load(
    name_or_path: str | Path,
    *,
    variants: Iterable[str] = (),
    set: Mapping[str, object] | Iterable[str] = (),
    language: str = "en",
) -> Loaded:
    """The scenario of a file, or of a name in the library, with its ``variants`` and single values of ``set`` (``PATH=VALUE``) applied in order.

    Raises ScenarioError with every mistake; its text is in the language.
    """
    try:
        path = locate(name_or_path)
        reader = Reader(path.parent)
        tree = scenario_tree(reader, path)
        problems = list(reader.problems)
        if tree is not None:
            changes, wrong = asked_for(tree, variants, set)
            tree, refused = changed(tree, changes, reader)
            problems = [*reader.problems, *wrong, *refused]
            scenario, found = checked(tree)
            problems += found
        if tree is None or scenario is None or any(problem.severity == "mistake" for problem in problems):
            raise ScenarioError(problems)
    except ScenarioError as error:
        error.args = ("\n".join(describe(error.problems, language)),)
        raise
    return Loaded(scenario, Path(name_or_path).stem, reader.hashes, problems)


def scenario_tree(reader: Reader, path: Path) -> Map | None:
    """The tree of a scenario with its hospital and plan in their places; None when the file cannot be read."""
    tree = reader.file(path)
    if tree is None:
        return None
    reader.header(tree, ("scenario",), needed=False)
    reader.scenario(tree, path.parent)
    return tree


def asked_for(tree: Map, variants: Iterable[str], set: Any) -> tuple[list[Change], list[Problem]]:
    """The changes that variants of the scenario and ``set`` stand for, and what is wrong with how they were asked for."""
    changes: list[Change] = []
    problems: list[Problem] = []
    known = as_map(tree.get("variants"))
    for name in variants:
        if name in known:
            changes += changes_of(tree, name)
        else:
            wrong = hinted(not_there("variant", name), name, list(known))
            problems.append(Problem("--variant", None, name, wrong.template, wrong.values))
    for item in set.items() if isinstance(set, Mapping) else (_split(text) for text in set):
        path, value = item
        mark = Mark("--set", None, (path,))
        if isinstance(value, str):
            value, wrong_form = read_text(value, mark)
            problems += wrong_form
        elif value is _NOTHING:
            problems.append(Problem("--set", None, path, "expected PATH=VALUE"))
            continue
        changes.append(Change(path, as_tree(value, mark), mark))
    return changes, problems


_NOTHING = object()


def _split(text: str) -> tuple[str, object]:
    path, equals, value = text.partition("=")
    return path.strip(), value.strip() if equals else _NOTHING


def changes_of(tree: Map, variant: str) -> list[Change]:
    """The changes of one variant of the scenario."""
    values = as_map(as_map(as_map(tree.get("variants")).get(variant)).get("set"))
    return [Change(path, value, values.marks[path]) for path, value in values.items()]


def changed(tree: Map, changes: Iterable[Change], reader: Reader) -> tuple[Map, list[Problem]]:
    """The tree with the changes made, and those that lead nowhere. A change of the whole hospital, plan or preset may name a file."""
    problems: list[Problem] = []
    for path, named, mark in changes:
        value = copied(named)
        whole = path.removeprefix("scenario.")
        if whole == "plan.thresholds.preset":
            path, value = "plan.thresholds", _own_thresholds(tree)
            value.put("preset", named, mark)
        tree, wrong = patched(tree, path, value, mark)
        problems += wrong
        if whole in ("hospital", "plan"):
            reader.resolve(tree, whole, reader.home)
        elif whole.startswith("plan.thresholds"):
            reader.presets(tree["plan"], reader.home)
    return tree, problems


def _own_thresholds(tree: Map) -> Map:
    """The plan's thresholds without those that a preset brought."""
    thresholds = as_map(as_map(tree.get("plan")).get("thresholds"))
    own = Map(thresholds.mark)
    for group, value in thresholds.items():
        if thresholds.marks[group].file == thresholds.mark.file:
            own.put(group, value, thresholds.marks[group])
    return own


_UNREAD = {(part, MISSING) for part in ("hospital", "plan")}  # its file could not be read, which is told there


def checked(tree: Map) -> tuple[Scenario | None, list[Problem]]:
    """The scenario of a tree and everything wrong with it: its records, its references, its structure; then its warnings."""
    scenario, problems = validate(tree, Scenario)
    problems = [one for one in problems if (one.path, one.message) not in _UNREAD]
    problems += references(tree)
    problems += structure(tree)
    return scenario, unique(problems)


def unique(problems: Iterable[Problem]) -> list[Problem]:
    """Each problem once; of several about one entry with the same words, the first."""
    found: dict[tuple[object, ...], Problem] = {}
    for one in problems:
        found.setdefault(identity(one), one)
    return list(found.values())


def identity(one: Problem) -> tuple[object, ...]:
    """What two problems have in common when they are the same."""
    return one.file, one.line, one.path, one.message, str(one.values)


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
