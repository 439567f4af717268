"""A result folder takes its place whole or not at all; of an old one only what drillsim wrote gives way, everything else stays where it is."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from drillsim.errors import OutputError

RUN, STUDY, SUMMARY, BASE = "run.json", "study.json", "summary.json", "base"
REPORT, TABLE, STRESS = "report.html", "table.csv", "stress.md"
ROWS = ("events.parquet", "activities.parquet", "patients.parquet", "entries.parquet")
FIGURES = tuple(
    f"{name}.parquet" for name in ("steps", "queues", "figures", "causes", "roots", "paths", "delays", "lessons")
)

WRITTEN = {
    # the file that says what a folder holds → everything that drillsim writes there
    RUN: frozenset({RUN, SUMMARY, REPORT, STRESS, *ROWS, *FIGURES, *(f"{BASE}/{name}" for name in ROWS)}),
    STUDY: frozenset({STUDY, REPORT, TABLE}),
}


def refuse(folder: Path, *, force: bool) -> None:
    """Raise OutputError unless the folder is new, empty, or (with ``force``) holds results of drillsim to replace.

    A link in the place of a file that would be written is refused too: what it leads to is not ours.
    """
    if folder.exists() and not folder.is_dir():
        raise OutputError("{folder} is a file; give --out a folder", folder=folder)
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    ours = written_in(folder)
    if not ours:
        raise OutputError("{folder} holds other files; give --out a folder of its own", folder=folder)
    if not force:
        raise OutputError(
            "{folder} already holds a run; replace it with --force, or choose another --out", folder=folder
        )
    for name in sorted({*ours, BASE}):
        place = folder / name
        if place.is_symlink() or (place.exists() and place.is_dir() != (name == BASE)):
            raise OutputError(
                "{file} was not written by drillsim; move it away, or choose another --out", file=folder / name
            )


def written_in(folder: Path) -> frozenset[str]:
    """The names of all that drillsim writes into a folder such as this; empty when it holds no results of drillsim."""
    return frozenset().union(*(names for mark, names in WRITTEN.items() if _is_ours(folder / mark)))


def _is_ours(mark: Path) -> bool:
    """Whether a file says that drillsim wrote it, whatever the version."""
    try:
        about = json.loads(mark.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    said = (about.get("schema"), about.get("schema_version")) if isinstance(about, dict) else ()
    return any(str(schema).startswith("drillsim-") for schema in said)


@contextmanager
def taking_place(folder: Path, *, force: bool) -> Iterator[Path]:
    """A new folder to write into, which takes the place of ``folder`` when the block ends well and is gone when it does not.

    A link to a folder is followed, and stays a link. Raises OutputError (see ``refuse``), also when it cannot be written.
    """
    named, folder = folder, folder.resolve()
    beside = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    try:
        refuse(folder, force=force)
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside.mkdir()
        yield beside
        _move(beside, folder)
    except OSError as error:
        raise OutputError("{folder} cannot be written: {why}", folder=named, why=error.strerror or error) from error
    finally:
        if beside.exists():
            shutil.rmtree(beside, ignore_errors=True)


def _move(new: Path, folder: Path) -> None:
    """Put the new folder in its place; an old one stands aside until that is done, then what drillsim did not write comes back from it."""
    if not folder.exists():
        os.replace(new, folder)
        return
    old = new.with_suffix(".old")
    os.replace(folder, old)
    try:
        os.replace(new, folder)
    except OSError:
        os.replace(old, folder)
        raise
    with contextlib.suppress(OSError):
        _clear(old, folder, written_in(old))


def _clear(old: Path, folder: Path, ours: frozenset[str]) -> None:
    """Take away what drillsim wrote into the old folder, and bring the rest into the new one. No link is followed."""
    for name in sorted(ours):
        if (old / name).is_file() and not (old / name).is_symlink() and not (old / name).parent.is_symlink():
            (old / name).unlink()
    for place in (old / BASE, old):
        if not place.is_dir() or place.is_symlink():
            continue
        there = folder / place.relative_to(old)
        for left in [left for left in place.iterdir() if left != old / BASE or left.is_symlink()]:
            there.mkdir(exist_ok=True)
            if not os.path.lexists(there / left.name):
                os.replace(left, there / left.name)
        if not any(place.iterdir()):
            place.rmdir()
