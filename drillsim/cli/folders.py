"""Where a run's results go: a folder that is free and can be written, found before the work begins."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from drillsim.errors import LogError, OutputError

RUNS = Path("runs")
LATEST = "latest"  # a text file with the name of the newest folder beside it: links need rights that Windows users lack


def choose(out: Path | None, name: str) -> Path:
    """The folder asked for, or the next free ``runs/NAME-n``; of a path, NAME is the file's name without its ending."""
    if out is not None:
        return out
    name = Path(name).stem
    number = 1
    while (RUNS / f"{name}-{number}").exists():
        number += 1
    return RUNS / f"{name}-{number}"


def make_sure(folder: Path, *, force: bool) -> None:
    """Raise an OutputError unless the folder can be written and is new, empty, or (with ``force``) holds a run to replace.

    Other people's files are never replaced: a folder that holds something else than a run is refused even with ``force``.
    """
    from drillsim.experiment.place import refuse

    try:
        refuse(folder, force=force)
        _try_to_write(folder.resolve().parent)
    except OSError as error:
        raise OutputError(
            "{folder} cannot be written: {why}", folder=folder, why=error.strerror or str(error)
        ) from error


def _try_to_write(parent: Path) -> None:
    """Make sure that a folder can be made there, without leaving anything behind, not even folders made on the way."""
    existing = next(place for place in (parent, *parent.parents) if place.exists())
    if not existing.is_dir():
        raise NotADirectoryError(20, f"{existing} is a file")
    with tempfile.TemporaryDirectory(prefix=".drillsim-", dir=existing):
        pass


def point_to(folder: Path) -> None:
    """Let ``runs/latest`` name this folder."""
    written = folder.parent / f".{LATEST}"
    written.write_text(f"{folder.name}\n", encoding="utf-8")
    os.replace(written, folder.parent / LATEST)


def follow(folder: Path) -> Path:
    """The run folder meant: the folder itself, or the one that ``runs/latest`` names. Raises LogError when there is none."""
    if folder.name == LATEST and folder.is_file():
        folder = folder.parent / folder.read_text(encoding="utf-8").strip()
    if not (folder / "run.json").is_file():
        raise LogError("{folder} does not hold a saved run", folder=folder)
    return folder


def is_run(what: str) -> bool:
    """Whether a saved run is meant, not a scenario: its folder, or ``runs/latest``."""
    path = Path(what)
    return path.is_dir() or path.name == LATEST or (path.parent.name == RUNS.name and not path.suffix)
