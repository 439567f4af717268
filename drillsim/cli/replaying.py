"""``drillsim replay``: one run played back, as a page in a file or as a board in the terminal."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from drillsim.cli import folders, progress
from drillsim.cli.endings import DONE
from drillsim.errors import DrillsimError, LogError, Wrong
from drillsim.texts import say

if TYPE_CHECKING:
    from drillsim.model.scenario import Scenario
    from drillsim.playback.shown import Replay


@dataclass(frozen=True)
class Showing:
    """What is to be played back, and how; ``which`` None: the median of a saved run, the first of a scenario."""

    what: str
    which: str | None = None
    html: Path | None = None
    speed: float = 60.0
    seed: int | None = None
    variants: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    force: bool = False


def replay(showing: Showing, language: str) -> int:
    """Play back a run; mistakes are found before anything is played or written."""
    from drillsim.playback import file

    if showing.html is not None:
        file.make_sure(showing.html, force=showing.force)
    try:
        scenario, shown = (_of_saved if folders.is_run(showing.what) else _of_scenario)(showing, language)
    except Wrong as wrong:
        raise LogError(wrong.template, **wrong.values) from wrong
    if showing.html is None:
        shown.play()
    else:
        file.write(showing.html, shown.html)
        told = say("Run {number} as a page that opens in any browser, without a network: {file}", language, number=shown.number, file=showing.html)  # fmt: skip
        print(told)
    asked = any(inject.question for inject in scenario.injects)
    if asked and not any(inject["question"] for inject in shown.film["injects"]):
        print(say("No question of the exercise comes up in run {number}, as things went there; --replication worst, or another number, plays one in which they do", language, number=shown.number))  # fmt: skip
    return DONE


def _of_saved(showing: Showing, language: str) -> tuple[Scenario, Replay]:
    from drillsim.experiment import save
    from drillsim.playback.shown import of_runs

    if showing.variants or showing.changes or showing.seed is not None:
        raise DrillsimError("a saved run is played back as it was: --variant, --set and --seed go with a scenario")
    saved = save.open_run(folders.follow(Path(showing.what)))
    which = showing.which or "median"
    return saved.scenario, of_runs(saved.scenario, saved.runs, saved.summary.shown, which, language, showing.speed)


def _of_scenario(showing: Showing, language: str) -> tuple[Scenario, Replay]:
    from drillsim import files
    from drillsim.playback.runs import wanted
    from drillsim.playback.shown import of_scenario

    which = wanted(showing.which or "first")
    scenario = files.load(showing.what, variants=showing.variants, set=showing.changes, language=language).scenario
    silent = which not in ("median", "worst")
    if not silent:
        print(say("To know which run is the {which} one, {n} are played first", language, which=say(str(which), language), n=scenario.run.replications), file=sys.stderr)  # fmt: skip
    with progress.shown(scenario.run.replications, language, quiet=silent) as moved:
        played = of_scenario(scenario, which, seed=showing.seed, language=language, speed=showing.speed, progress=moved)
    return scenario, played
