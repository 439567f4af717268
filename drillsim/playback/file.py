"""The page as a file: refused before the work begins when it cannot be written, and written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from drillsim.errors import OutputError


def make_sure(file: Path, *, force: bool) -> None:
    """Raise an OutputError unless the file can be written and is new, or (with ``force``) may be replaced."""
    try:
        if file.is_dir():
            raise OutputError("{file} is a folder; give the name of a file, such as replay.html", file=file)
        if file.exists() and not force:
            raise OutputError("{file} is there already; replace it with --force, or choose another name", file=file)
        if not file.parent.is_dir():
            raise OutputError("there is no folder {folder} to write {file} into", folder=file.parent, file=file.name)
        with tempfile.TemporaryFile(dir=file.parent, prefix=".drillsim-"):
            pass
    except OSError as error:
        raise _cannot(file, error) from error


def write(file: Path, text: str) -> None:
    """Write the text under another name first, then move it to its place. Raises OutputError when that cannot be done."""
    beside = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        beside.write_text(text, encoding="utf-8", newline="\n")
        os.replace(beside, file)
    except OSError as error:
        raise _cannot(file, error) from error
    finally:
        beside.unlink(missing_ok=True)


def _cannot(file: Path, error: OSError) -> OutputError:
    return OutputError("{file} cannot be written: {why}", file=file, why=error.strerror or str(error))
