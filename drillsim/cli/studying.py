"""``drillsim compare``, ``sweep`` and ``improve``: play several scenarios on the same luck, write the study's folder, tell what came out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from drillsim.cli import folders, progress
from drillsim.cli.endings import DONE, INTERRUPTED
from drillsim.errors import DrillsimError
from drillsim.texts import say

if TYPE_CHECKING:
    from rich.console import Console

PAGE, STUDY, TABLE = "report.html", "study.json", "table.csv"


@dataclass(frozen=True)
class Playing:
    """How a study is to be played; None leaves it to the scenario."""

    changes: tuple[str, ...] = ()
    replications: int | None = None
    seed: int | None = None
    jobs: int | None = None
    out: Path | None = None
    force: bool = False


@dataclass(frozen=True)
class Showing:
    """How its result is to be told."""

    language: str
    as_json: bool = False
    all_rows: bool = False


class Study(Protocol):
    """What every study can do."""

    @property
    def interrupted(self) -> bool:
        """Whether Ctrl-C ended it early."""

    def json(self) -> str:
        """Everything it found, for machines."""

    def csv(self) -> str:
        """The same as rows with a heading."""

    def page(self, language: str = "en") -> str:
        """The same as a page for people."""

    def show(self, console: Console, *, language: str, all_rows: bool, page: Path | None) -> None:
        """The same in a terminal."""


def compare(what: Sequence[str], variants: Sequence[str], playing: Playing, showing: Showing) -> int:
    """Compare variants of a scenario, several scenarios, or saved runs."""
    saved = [name for name in what if _is_run(name)]
    if saved and (len(saved) < len(what) or len(what) < 2 or variants or playing.changes):
        raise DrillsimError(
            "saved runs are compared with each other as they are: give two or more folders, and nothing else"
        )
    if not saved and (len(what) > 1) == bool(variants):
        raise DrillsimError(
            "give one scenario and variants of it (--variant NAME), or several scenarios, or several saved runs"
        )

    def study(moved: Callable[[int], None]) -> Study:
        from drillsim import studies

        return studies.compare(
            *([folders.follow(Path(name)) for name in what] if saved else what), variants=variants, set=playing.changes,
            replications=playing.replications, seed=playing.seed, jobs=playing.jobs, progress=moved,
        )  # fmt: skip

    arms = len(what) if len(what) > 1 else len({"base", *variants})
    if arms < 2:
        raise DrillsimError("there is nothing to compare `base` with; name a variant")
    total = 0 if saved else arms * (playing.replications or _replications(what[0], playing.changes, showing.language))
    return carried_out(study, f"{Path(what[0]).stem}-compare", total, playing, showing)


def sweep(scenario: str, values: Sequence[str], variants: Sequence[str], playing: Playing, showing: Showing) -> int:
    """Sweep the one value that is given several settings; others that are given hold for all of them."""
    from drillsim.studies import split

    read = [(path.strip(), split(text)) for path, _, text in (value.partition("=") for value in values)]
    swept = [(path, settings) for path, settings in read if len(set(settings)) > 1]
    if len(swept) != 1:
        raise DrillsimError("give one value with several settings: --set PATH=V1,V2,…")
    path, settings = swept[0]
    fixed = [value for value in values if value.partition("=")[0].strip() != path]

    def study(moved: Callable[[int], None]) -> Study:
        from drillsim import studies

        return studies.sweep(
            scenario, path, settings, variant=variants, set=fixed, replications=playing.replications, seed=playing.seed,
            jobs=playing.jobs, progress=moved,
        )  # fmt: skip

    number = playing.replications or _replications(scenario, fixed, showing.language)
    return carried_out(study, f"{Path(scenario).stem}-sweep", len(set(settings)) * number, playing, showing)


def improve(
    scenario: str,
    budget: int,
    aims: Sequence[str],
    years: float,
    variants: Sequence[str],
    playing: Playing,
    showing: Showing,
) -> int:
    """Look for what would help."""

    def study(moved: Callable[[int], None]) -> Study:
        from drillsim import studies

        try:
            return studies.improve(
                scenario, budget=budget, aims=aims, years=years, variant=variants, set=playing.changes, seed=playing.seed, jobs=playing.jobs,
                progress=moved,
            )  # fmt: skip
        except ValueError as error:
            if not aims or isinstance(error, DrillsimError):
                raise
            raise DrillsimError("{what} (--aim)", what=error) from error

    return carried_out(study, f"{Path(scenario).stem}-improve", budget, playing, showing)


def _is_run(name: str) -> bool:
    path = Path(name)
    return (path / "run.json").is_file() or (path.name == folders.LATEST and path.is_file())


def _replications(scenario: str, changes: Sequence[str], language: str) -> int:
    from drillsim import files

    return files.load(scenario, set=changes, language=language).scenario.run.replications


def carried_out(
    study: Callable[[Callable[[int], None]], Study], name: str, total: int, playing: Playing, showing: Showing
) -> int:
    """Play a study, write its folder, and tell what came out."""
    from drillsim.experiment.calm import calm
    from drillsim.experiment.place import taking_place

    folder = folders.choose(playing.out, name)
    folders.make_sure(folder, force=playing.force)
    with calm(lambda: progress.saving(showing.language)) as held:
        with held.through(), progress.shown(total, showing.language, quiet=total == 0) as moved:
            found = study(moved)
        if found.interrupted:
            progress.saving(showing.language)
        with taking_place(folder, force=playing.force) as place:
            (place / STUDY).write_text(found.json() + "\n", encoding="utf-8", newline="\n")
            (place / PAGE).write_text(found.page(showing.language), encoding="utf-8", newline="\n")
            (place / TABLE).write_text(found.csv(), encoding="utf-8-sig", newline="\n")
    from rich.console import Console

    if showing.as_json:
        print(found.json())
    console = Console(file=sys.stderr if showing.as_json else sys.stdout, highlight=False)
    found.show(console, language=showing.language, all_rows=showing.all_rows, page=folder / PAGE)
    if found.interrupted:
        print(say("It was interrupted; what was finished is kept.", showing.language), file=sys.stderr)
    return INTERRUPTED if found.interrupted or held.pressed else DONE
