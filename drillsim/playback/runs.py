"""Which run of an experiment is played back, and its rows: those that were kept, or the same run played once more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from drillsim.errors import LogError, Wrong
from drillsim.experiment.play import play
from drillsim.experiment.runs import Runs
from drillsim.log.rows import Log
from drillsim.model.scenario import Scenario
from drillsim.score.replication import Scored

BY_NAME = ("first", "median", "worst")


def wanted(which: str | int) -> str | int:
    """``first``, ``median``, ``worst`` or the number of a run, from 1. Raises ValueError (``Wrong``) for anything else."""
    if which in BY_NAME:
        return which
    try:
        number = int(which)
    except (TypeError, ValueError):
        number = 0
    if number < 1 or number != float(which):
        raise Wrong("a run is asked for as first, median, worst, or by its number from 1; not {which}", which=which)
    return number


def numbered(which: str | int, shown: Mapping[str, int], played: Sequence[int]) -> int:
    """The number of the run meant; ``shown`` says which are first, median and worst. Raises ValueError (``Wrong``) when it was not played."""
    which = wanted(which)
    if isinstance(which, str):
        return shown.get(which, played[0])
    if which not in played:
        raise Wrong("run {number} was not played; there are runs {first} to {last}", number=which, first=min(played), last=max(played))  # fmt: skip
    return which


def rows(scenario: Scenario, runs: Runs, number: int) -> tuple[Log, Log | None]:
    """The rows of a run and of the same day without the faults; a run whose rows were not kept is played again on its luck.

    Raises LogError when it does not come out as it did (it was made by another version of drillsim or of NumPy).
    """
    if number in runs.logs:
        return runs.logs[number], runs.bases.get(number)
    played = play(scenario, runs.seed, number, keep=True)
    before = next(scored for scored in runs.scored if scored.replication == number)
    if not alike(before, played.scored) or played.log is None:
        raise LogError("run {number} does not come out as it did: it was made by another version; those that were kept are {kept}", number=number, kept=", ".join(map(str, runs.logs)))  # fmt: skip
    return played.log, played.base


def alike(one: Scored, other: Scored) -> bool:
    """Whether two scored runs have the same figures."""
    return one.keys == other.keys and np.array_equal(one.values, other.values, equal_nan=True)
