"""Files to start from: a small hospital, its plan and a scenario, with comments, in the language of the planner."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from drillsim.errors import OutputError
from drillsim.texts import LANGUAGES

FILES = ("hospital.yaml", "plan.yaml", "scenario.yaml")


def new(folder: str | Path, language: str = "en") -> list[Path]:
    """Write the files into a folder, which is made when it is not there, and return their paths.

    Raises OutputError when the folder holds something already or cannot be written, ValueError for an unknown language.
    """
    if language not in LANGUAGES:
        raise ValueError(f"there are no files in {language!r}; known are {', '.join(LANGUAGES)}")
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise OutputError("the folder {folder} is not empty; name a new one", folder=folder)
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
