"""Files to start from: a small hospital, its plan and a scenario, with comments, in the language of the planner; or those of a shipped scenario."""

from __future__ import annotations

import re
import shutil
from importlib import resources
from pathlib import Path

from drillsim.errors import OutputError, Wrong
from drillsim.files import shelf
from drillsim.files.near import hinted
from drillsim.files.parts import DEFAULT_HOSPITAL, DEFAULT_PLAN
from drillsim.texts import LANGUAGES

FILES = ("hospital.yaml", "plan.yaml", "scenario.yaml")
DEFAULTS = {"hospital": DEFAULT_HOSPITAL, "plan": DEFAULT_PLAN}


def new(folder: str | Path, language: str = "en", like: str | None = None) -> list[Path]:
    """Write the files into a folder, which is made when it is not there, and return the paths of the hospital, the plan and the scenario.

    ``like``: the name of a shipped scenario, whose hospital and plan are written with all their parts (a folder each); what it has not, is not written.
    Raises OutputError when the folder holds something already or cannot be written, or for an unknown scenario; ValueError for an unknown language.
    """
    if language not in LANGUAGES:
        raise ValueError(f"there are no files in {language!r}; known are {', '.join(LANGUAGES)}")
    shipped = None if like is None else _shipped(like)
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise OutputError("the folder {folder} is not empty; name a new one", folder=folder)
        if shipped is not None:
            return _copied(shipped, folder)
        return [_written(folder / name, language) for name in FILES]
    except FileExistsError as error:
        raise OutputError("{folder} is a file, not a folder", folder=folder) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError("{folder} cannot be written: {reason}", folder=folder, reason=reason) from error


def _written(path: Path, language: str) -> Path:
    template = resources.files(__package__).joinpath("templates", language, path.name)
    path.write_text(template.read_text(encoding="utf-8"), encoding="utf-8", newline="\n")
    return path


def _shipped(name: str) -> Path:
    found = shelf.find("scenario", name)
    if found is None:
        wrong = hinted(Wrong("{name!r} is no scenario of the library", name=name), name, shelf.names("scenario"))
        raise OutputError(wrong.template, **wrong.values)
    return found


def _copied(scenario: Path, folder: Path) -> list[Path]:
    """Copy a shipped scenario with its hospital and plan, which it then names as the files beside it."""
    text, written = scenario.read_text(encoding="utf-8"), []
    for kind, default in DEFAULTS.items():
        if not re.search(rf"^(?:{'|'.join(DEFAULTS)}):", text, re.M):
            text = f"{text.rstrip()}\n{kind}: {default}\nplan: {DEFAULT_PLAN}\n"
        for name, source in shelf.paths(kind).items():
            named = re.compile(rf"(?:(?<=^{kind}: )|(?<=\b{kind}s/)){re.escape(name)}(?:\.yaml)?(?=[\s\],]|$)", re.M)
            if not named.search(text):
                continue
            text = named.sub(f"{kind}.yaml", text).replace(f"{kind}s/{kind}.yaml", f"{kind}.yaml")
            written.append(folder / f"{kind}.yaml")
            _write(source.read_text(encoding="utf-8"), written[-1])
            if source.with_suffix("").is_dir():
                shutil.copytree(source.with_suffix(""), folder / name)
    written.append(folder / "scenario.yaml")
    _write(text, written[-1])
    return written


def _write(text: str, path: Path) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
