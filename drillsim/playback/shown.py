"""A film to look at: in a notebook, as a file, or in the terminal; of a run that was saved, or of one played for it."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from drillsim import experiment
from drillsim.experiment.play import play
from drillsim.experiment.runs import Runs
from drillsim.model.scenario import Scenario
from drillsim.playback import board, file
from drillsim.playback.film import make_film
from drillsim.playback.page import write_page
from drillsim.playback.runs import numbered, rows, wanted
from drillsim.playback.shape import Film
from drillsim.texts import say

HEIGHT = 720  # pixels of the page within a notebook


@dataclass(frozen=True)
class Replay:
    """One run played back: shown inline in a notebook, written with ``save``, played in the terminal with ``play``.

    ``number`` is the run's, from 1; ``film`` the document that the page and the board play (see ``drillsim.playback.shape``).
    """

    number: int
    film: Film = field(repr=False)
    language: str = "en"
    speed: float = 60.0

    @property
    def html(self) -> str:
        """The page: one file that opens from disk in any browser."""
        return write_page(self.film, self.language, speed=self.speed)

    def save(self, path: str | Path, *, force: bool = False) -> None:
        """Write the page into a file, whole or not at all. Raises OutputError when it is there already (unless ``force``) or cannot be written."""
        file.make_sure(Path(path), force=force)
        file.write(Path(path), self.html)

    def play(self) -> None:
        """Play it as a live board in the terminal; where there is none, print its story."""
        board.play(self.film, self.language, speed=self.speed)

    def __repr__(self) -> str:
        told = (
            "Run {number} played back: {title}\n.save('replay.html') writes the page, .play() plays it in the terminal"
        )
        return say(told, self.language, number=self.number, title=self.film["title"][self.language])

    def _repr_html_(self) -> str:
        page, title = html.escape(self.html), html.escape(self.film["title"][self.language])
        return (
            f'<iframe srcdoc="{page}" title="{title}" sandbox="allow-scripts" allow="fullscreen" '
            f'style="width: 100%; height: {HEIGHT}px; border: 1px solid #888"></iframe>'
        )


def of_runs(
    scenario: Scenario,
    runs: Runs,
    shown: Mapping[str, int],
    which: str | int,
    language: str = "en",
    speed: float = 60.0,
) -> Replay:
    """One run of an experiment: ``first``, ``median``, ``worst`` (as ``shown`` says) or a number. Raises ValueError for a run that was not played."""
    number = numbered(which, shown, [scored.replication for scored in runs.scored])
    return Replay(number, make_film(scenario, *rows(scenario, runs, number)), language, speed)


def of_scenario(
    scenario: Scenario,
    which: str | int = "first",
    *,
    seed: int | None = None,
    language: str = "en",
    speed: float = 60.0,
    progress: Callable[[int], None] | None = None,
) -> Replay:
    """One run of a scenario, played for it; to know which is the median or the worst one, all runs that the scenario asks for are played.

    Raises ValueError for a run that there cannot be.
    """
    which = wanted(which)
    if which in ("median", "worst"):
        runs = experiment.run(scenario, seed=seed, progress=progress)
        return of_runs(scenario, runs, runs.shown(scenario), which, language, speed)
    number = 1 if which == "first" else int(which)
    played = play(scenario, scenario.run.seed if seed is None else seed, number, keep=True)
    assert played.log is not None
    return Replay(number, make_film(scenario, played.log, played.base), language, speed)
