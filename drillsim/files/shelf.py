"""The shipped library: scenarios, hospitals, plans and presets that are known by name."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from pydantic import TypeAdapter, ValidationError

from drillsim.files.reading import unfolded
from drillsim.model.base import Text
from drillsim.model.scenario import Fault

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # keeps every scalar as text

FOLDERS = {
    # kind: folder within the library
    "scenario": "",
    "example": "examples",
    "hospital": "hospitals",
    "plan": "plans",
    "thresholds": "thresholds",
}


class Entry(NamedTuple):
    """One shipped file. ``about`` is one line; ``horizon`` and ``source`` are as written in the file, empty when not there."""

    kind: str  # a key of FOLDERS
    name: str
    title: Text
    about: Text | None
    horizon: str
    source: str
    path: Path


def root() -> Path:
    """The folder of the library: within the installed package, or else at the top of a checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "scenarios"
    return inside if inside.is_dir() else package.parent / "scenarios"


def paths(kind: str) -> dict[str, Path]:
    """Name → file of every shipped file of this kind, by name."""
    folder = root() / FOLDERS[kind]
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))} if folder.is_dir() else {}


def find(kind: str, name: str) -> Path | None:
    """The shipped file of that name; scenarios are looked for among the examples too."""
    for place in ("scenario", "example") if kind == "scenario" else (kind,):
        if found := paths(place).get(name):
            return found
    return None


def names(kind: str) -> list[str]:
    """Every name that ``find`` knows."""
    return [*paths(kind), *(paths("example") if kind == "scenario" else ())]


def label(path: Path) -> str:
    """A file's name in problems: relative to the present folder when it lies within, ``library/…`` for shipped ones."""
    for base, prefix in ((Path.cwd(), ""), (root(), "library/")):
        try:
            return prefix + path.absolute().relative_to(base.absolute()).as_posix()
        except ValueError:
            continue
    return os.fspath(path)


def library() -> list[Entry]:
    """Every shipped file in order of kind and name, read only as far as the list needs."""
    return [_entry(kind, name, path) for kind in FOLDERS for name, path in paths(kind).items()]


def _entry(kind: str, name: str, path: Path) -> Entry:
    head = _head(path, ("title", "story", "about", "horizon", "source"))
    return Entry(
        kind=kind,
        name=name,
        title=_text(head.get("title")) or Text(en=name, zh=name),
        about=_text(head.get("story") or head.get("about") or head.get("note")),
        horizon=str(head.get("horizon") or ""),
        source=_source(head.get("source")),
        path=path,
    )


@cache
def faults() -> dict[str, tuple[Fault, ...]]:
    """Name → faults of every scenario of the library that has some, read only as far as that needs."""
    found: dict[str, tuple[Fault, ...]] = {}
    for name, path in paths("scenario").items():
        held = _head(path, ("faults",)).get("faults")
        try:
            found[name] = _FAULTS.validate_python([held] if isinstance(held, dict) else held or [])
        except ValidationError:
            continue  # told where the file itself is checked
    return {name: held for name, held in found.items() if held}


_FAULTS: TypeAdapter[tuple[Fault, ...]] = TypeAdapter(tuple[Fault, ...])


def _head(path: Path, wanted: tuple[str, ...]) -> dict[str, Any]:
    """Some top-level entries of a file; its other sections, hundreds of lines, are not parsed."""
    kept: list[str] = []
    keep = False
    for line in path.read_text(encoding="utf-8-sig").splitlines(keepends=True):
        if line[:1].strip() and not line.startswith("#"):
            keep = line.partition(":")[0].strip() in wanted
        if keep:
            kept.append(line)
    return yaml.load("".join(kept), Loader=_LOADER) or {}


def _text(value: Any) -> Text | None:
    if isinstance(value, dict):
        value = {key: unfolded(words) for key, words in value.items() if key in ("en", "zh")}
    return Text.model_validate(value) if value else None


def _source(value: Any) -> str:
    return "; ".join(str(words) for words in value.values()) if isinstance(value, dict) else str(value or "")
