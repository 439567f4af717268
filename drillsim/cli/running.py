"""``drillsim run`` and ``drillsim score``: load, play, save, report, tell."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from drillsim.cli import folders, progress
from drillsim.cli.endings import DONE, EXPLAINED, INTERRUPTED
from drillsim.errors import DrillsimError
from drillsim.texts import say

if TYPE_CHECKING:
    from drillsim.api import Result
    from drillsim.experiment import Runs
    from drillsim.experiment.runs import Keep
    from drillsim.files import Loaded
    from drillsim.score.precision import Sure

REPORT, SUMMARY, STRESS = "report.html", "summary.json", "stress.md"


@dataclass(frozen=True)
class Telling:
    """How a result is to be told."""

    language: str
    as_json: bool = False
    all_steps: bool = False
    fail_if_missed: bool = False
    quiet: bool = False


@dataclass(frozen=True)
class Wish:
    """What is to be played; None leaves it to the scenario."""

    scenario: str
    replications: int | None = None
    seed: int | None = None
    jobs: int | None = None
    variants: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    out: Path | None = None
    force: bool = False
    keep_all: bool = False
    only: tuple[int, ...] = ()
    precision: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None


def run(wish: Wish, telling: Telling) -> int:
    """Play the scenario and write its folder; mistakes in files and folders are found before anything is played or written."""
    from drillsim import files

    if ((wish.replications is not None) + bool(wish.only) + bool(wish.precision or wish.measures)) > 1:
        raise DrillsimError("give only one of --replications, --only and --precision")
    loaded = files.load(wish.scenario, variants=wish.variants, set=wish.changes, language=telling.language)
    sure = _sure(loaded, wish)
    folder = folders.choose(wish.out, loaded.name)
    folders.make_sure(folder, force=wish.force)
    _tell_findings(wish, loaded, telling)
    from drillsim.experiment.calm import calm

    with calm(lambda: progress.saving(telling.language)) as held:
        with held.through():
            runs = _play(loaded, wish, telling, sure)
        if runs.interrupted:
            progress.saving(telling.language)
        result = _saved(loaded, runs, folder, wish, telling)
    code = tell(result, folder / REPORT, telling)
    return INTERRUPTED if runs.interrupted or held.pressed else code


def _saved(loaded: Loaded, runs: Runs, folder: Path, wish: Wish, telling: Telling) -> Result:
    """The result of the runs, in its folder."""
    from drillsim.api import result_of

    result = result_of(loaded, runs, variant=", ".join(wish.variants) or None)
    result.save(folder, force=wish.force, also=lambda place: _tell_in(place, result, telling.language))
    if wish.out is None:
        folders.point_to(folder)
    return result


def _tell_findings(wish: Wish, loaded: Loaded, telling: Telling) -> None:
    """How much the plan check found, before anything is played."""
    if loaded.warnings and not telling.quiet:
        from drillsim.report.checked import counts

        found = counts([one.severity for one in loaded.warnings], telling.language)
        line = say("Plan check: {counts}", telling.language, counts=found)
        print(f"{line}  → drillsim check {wish.scenario}", file=sys.stderr if telling.as_json else sys.stdout)


def _sure(loaded: Loaded, wish: Wish) -> Sure | None:
    """How well figures are to be known; None when that was not asked for."""
    from drillsim.score import precision

    if not (wish.precision or wish.measures):
        if wish.least is not None or wish.most is not None:
            raise DrillsimError("--least and --most go with --precision")
        return None
    most = wish.most or max(precision.MOST, wish.least or 0)
    least = wish.least or min(precision.LEAST, most)
    try:
        return precision.read(loaded.scenario, wish.precision, wish.measures, least, most)
    except ValueError as error:
        raise DrillsimError("{what} (--precision)", what=error) from error


def _play(loaded: Loaded, wish: Wish, telling: Telling, sure: Sure | None) -> Runs:
    from drillsim import experiment

    asked = (
        sure.most if sure is not None else len(set(wish.only)) or wish.replications or loaded.scenario.run.replications
    )
    keep: Keep = "all" if wish.keep_all else "shown"
    with progress.shown(asked, telling.language, quiet=telling.quiet, at_most=sure is not None) as moved:
        return experiment.run(
            loaded.scenario,
            replications=None if wish.only else asked,
            only=wish.only,
            sure=sure,
            seed=wish.seed,
            jobs=wish.jobs,
            keep=keep,
            progress=moved,
        )


def score(folder: Path, scenario: str | None, telling: Telling) -> int:
    """Score a saved run again and tell it.

    Against its own scenario all its runs are scored and its summary and report are written anew; against another one the runs whose rows were
    kept, and nothing is written.
    """
    from drillsim import api
    from drillsim.experiment import save

    folder = folders.follow(folder)
    if scenario is not None:
        result = api.score_run(folder, scenario)
        if result.summary.runs.done < result.summary.runs.asked:
            _say(
                "{done} of {asked} runs have kept their rows (`run --keep-all` keeps all); only these are scored.",
                result,
                telling.language,
            )
        return tell(result, None, telling)
    result = api.summed_again(folder)
    for table in save.missing(folder):
        note = say("The run was made by an earlier version, without {file}: what it would show stays empty; run the scenario again to have it.", telling.language, file=f"{table}.parquet")  # fmt: skip
        print(note, file=sys.stderr)
    _write(folder / SUMMARY, result.summary.model_dump_json(indent=1) + "\n")
    _tell_in(folder, result, telling.language)
    return tell(result, folder / REPORT, telling)


def _tell_in(folder: Path, result: Result, language: str) -> None:
    """Write what people read into the folder: the report, and the description of the study."""
    _write(folder / REPORT, page(result, language))
    _write(folder / STRESS, result.stress(language))


def page(result: Result, language: str) -> str:
    """The report of a result."""
    from drillsim.report.html import write_report

    rows = {name: result.runs.logs[n] for name, n in result.summary.shown.items() if n in result.runs.logs}
    return write_report(result.summary, result.scenario, rows, language)


def tell(result: Result, report: Path | None, telling: Telling) -> int:
    """Print what came out, and return the exit code that belongs to it."""
    summary, language = result.summary, telling.language
    where = sys.stderr if telling.as_json else sys.stdout
    if telling.as_json:
        print(summary.model_dump_json(indent=1))
    if telling.quiet:
        print(report, file=where)
    else:
        from rich.console import Console

        from drillsim.report.terminal import show

        show(
            summary,
            result.scenario,
            Console(file=where, highlight=False),
            language=language,
            all_steps=telling.all_steps,
            report=report,
        )
    if summary.runs.interrupted:
        _say("{done} of {asked} runs were finished and are kept.", result, language)
    if not summary.runs.scored:
        print(
            say("No run could be scored: in each of them the hospital was unhealthy before the first fault.", language),
            file=sys.stderr,
        )
        return EXPLAINED
    missed = summary.verdict.holds is False or any(objective.reached is False for objective in summary.objectives)
    return EXPLAINED if telling.fail_if_missed and missed else DONE


def _say(template: str, result: Result, language: str) -> None:
    runs = result.summary.runs
    print(say(template, language, done=runs.done, asked=runs.asked), file=sys.stderr)


def _write(path: Path, text: str) -> None:
    """Write a whole file or none: under another name first, then moved to its place."""
    beside = path.with_name(f".{path.name}.part")
    beside.write_text(text, encoding="utf-8", newline="\n")
    os.replace(beside, path)
