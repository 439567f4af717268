"""Cases played in pairs on the same luck, through the door that everybody uses: ``drillsim.load`` and ``drillsim.run``."""

from __future__ import annotations

import json
import math
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

import drillsim
from drillsim.score import compared
from drillsim.score.intervals import t_quantile
from tests.process.cases import SMALL, Case

FILE = Path(__file__).parent / "hospital.yaml"
SURE = 0.999


class Effect(NamedTuple):
    """What a change does to a figure: mean of the paired differences, the ends of its 99.9 % interval, pairs; the mean before; and the
    share of pairs in which one side was not over when the run ended, so that the difference hangs on how long a run is."""

    mean: float
    low: float
    high: float
    pairs: int
    before: float
    cut: float = 0.0

    def beyond(self, least: float) -> bool:
        """Whether the whole interval lies beyond the least effect, in its direction."""
        return self.low > least if least > 0 else self.high < least


@cache
def _figures(scenario: str, situation: tuple[str, ...], changes: str, runs: int) -> pd.DataFrame:
    """Every figure of every run, in order of the runs."""
    loaded = drillsim.load(FILE if scenario == SMALL else scenario, variant=situation, set=json.loads(changes))
    jobs = 1 if scenario == SMALL else None
    return drillsim.run(loaded, replications=runs, seed=1, jobs=jobs, keep="none").figures


AT_LEAST = {**compared.AT_LEAST, "taken": "censored"}
"""Figure → the one that is 1 in runs that ended before it was over."""


def _column(figures: pd.DataFrame, kind: str, name: str, figure: str) -> np.ndarray:
    rows = figures[(figures["figure"] == figure) & (figures["id"] == name) & (figures["kind"] == kind)]
    if not len(rows):
        raise KeyError(f"{kind}.{name}.{figure}")
    return rows["value"].to_numpy()


def named(figure: str) -> tuple[str, str, str]:
    """``component.his.minutes_down`` → kind, id and figure; of the whole hospital (``data.infected``) the kind is the id."""
    kind, _, rest = figure.partition(".")
    name, _, last = rest.rpartition(".")
    return kind, name or kind, last


def effect(case: Case, runs: int | None = None) -> Effect:
    """Play a case. Raises KeyError when the score has no such figure, ValueError when the figure is missing in one of a pair."""
    played = [
        _figures(case.scenario, case.situation, json.dumps(values, sort_keys=True), runs or case.runs)
        for values in (case.was, case.becomes)
    ]
    kind, name, figure = named(case.figure)
    before, after = (_column(figures, kind, name, figure) for figures in played)
    if np.isnan(before).any() or np.isnan(after).any():
        missing = [int(np.isnan(column).sum()) for column in (before, after)]
        raise ValueError(f"{case.figure} is missing in {missing} of the runs")
    if figure not in AT_LEAST:
        return paired(before, after)
    cut = np.logical_or.reduce([_column(figures, kind, name, AT_LEAST[figure]) > 0 for figures in played])
    return paired(before, after)._replace(cut=float(cut.mean()))


def paired(before: np.ndarray, after: np.ndarray) -> Effect:
    """The mean of the differences with its 99.9 % t interval."""
    found = after - before
    pairs = len(found)
    half = t_quantile(0.5 + SURE / 2, pairs - 1) * float(found.std(ddof=1)) / math.sqrt(pairs)
    mean = float(found.mean())
    return Effect(mean, mean - half, mean + half, pairs, float(before.mean()))
