"""From a name or a file to a scenario that can be run, or to everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from drillsim.errors import Problem, ScenarioError
from drillsim.files import shelf
from drillsim.files.parts import Reader, nearest
from drillsim.files.records import validate
from drillsim.files.tree import Map
from drillsim.model.scenario import Scenario


@dataclass(frozen=True)
class Loaded:
    """A scenario with the name it was asked by, the hashes of the files it came from, and what is legal in them but surely wrong."""

    scenario: Scenario
    name: str
    hashes: dict[str, str]
    warnings: list[Problem] = field(default_factory=list)


def load(
    name_or_path: str | Path,
    *,
    variants: Iterable[str] = (),
    set: Mapping[str, object] | Iterable[str] = (),
    language: str = "en",
) -> Loaded:
    """The scenario of a file, or of a name in the library, with variants and single values (``PATH=VALUE``) applied.

    Raises ScenarioError with every mistake.
    """
    reader = Reader()
    path = locate(name_or_path)
    reader.home = path.parent
    tree = reader.file(path)
    if tree is not None:
        reader.header(tree, ("scenario",), needed=False)
        reader.scenario(tree, path.parent)
        reader.presets(tree.get("plan"), path.parent)
    scenario, problems = _validated(tree, reader)
    if scenario is None or problems:
        raise ScenarioError(problems)
    return Loaded(scenario, Path(name_or_path).stem, reader.hashes, [])


def _validated(tree: Map | None, reader: Reader) -> tuple[Scenario | None, list[Problem]]:
    if tree is None:
        return None, reader.problems
    scenario, problems = validate(tree, Scenario)
    return scenario, [*reader.problems, *problems]


def locate(name_or_path: str | Path) -> Path:
    """The file a name or path means. Raises ScenarioError when there is none, with the nearest name of the library."""
    path = Path(name_or_path)
    text = str(name_or_path)
    if isinstance(name_or_path, str) and (found := shelf.find("scenario", text)):
        return found
    if path.exists() or path.suffix in (".yaml", ".yml") or path.name != text:
        return path
    known = shelf.names("scenario")
    if near := nearest(text, known):
        message = "there is no such file, and no scenario of that name. Did you mean {near!r}?"
        raise ScenarioError([Problem(text, None, "", message, {"near": near})])
    message = "there is no such file, and no scenario of that name in the library ({known})"
    raise ScenarioError([Problem(text, None, "", message, {"known": ", ".join(known) or "-"})])
