"""What coarse flow does to figures: the same scenario fine and coarse, on the same luck. ``python -m tests.coarse`` writes the page anew."""

from __future__ import annotations

import time
from typing import NamedTuple

import numpy as np

from drillsim import files
from drillsim.model.scenario import Scenario
from drillsim.score.replication import score
from drillsim.sim.run import replicate
from tests.reference import DOCS

PAGE = DOCS / "coarse-flow.md"
RUNS = {"his-database-outage": 20, "core-switch-loop": 8}
PLAYED = {"his-database-outage": (1, 2, 4, 8), "core-switch-loop": (1, 2, 4)}


class Figure(NamedTuple):
    """A figure of the score, in words; ``share``: it is a share; ``base``: of the day without the fault."""

    title: str
    key: tuple[str, str, str]
    base: bool = False
    share: bool = False


FIGURES = (
    Figure("Patients and orders who came", ("patients", "patients", "arrived")),
    Figure("Left without being seen", ("patients", "patients", "left")),
    Figure("Wait in all, mean, normal day (min)", ("patients", "patients", "wait_mean"), base=True),
    Figure("Wait in all, mean (min)", ("patients", "patients", "wait_mean")),
    Figure("Visit, mean, normal day (min)", ("patients", "patients", "minutes_mean"), base=True),
    Figure("Visit, mean (min)", ("patients", "patients", "minutes_mean")),
    Figure("Visit, nine in ten (min)", ("patients", "patients", "minutes_p90")),
    Figure("Emergency visit, mean (min)", ("pathway", "emergency", "minutes_mean")),
    Figure("Items written on paper", ("data", "data", "items")),
    Figure("Largest pile", ("data", "data", "pile_most")),
    Figure("Pile gone after (min)", ("data", "data", "cleared_at")),
    Figure("Systems back after (min)", ("event", "restored", "minute")),
    Figure("Steps on time (share of deadlines)", ("plan", "plan", "on_time_share"), share=True),
    Figure("Emergency doctors at work (share)", ("resource", "emergency_doctors", "utilisation"), share=True),
    Figure("Cashiers at work (share)", ("resource", "cashiers", "utilisation"), share=True),
)
TITLES = {figure.title: figure for figure in FIGURES}

Means = dict[str, float]


def compared(name: str, played: tuple[int, ...], runs: int) -> list[Means]:
    """For each number of patients one stands for: figure → mean over the runs, with ``seconds`` of processor time for a run of both days."""
    scenario = files.load(name).scenario
    return [_means(scenario.model_copy(update={"stands_for": each}), runs) for each in played]


def _means(scenario: Scenario, runs: int) -> Means:
    found: dict[str, list[float]] = {figure.title: [] for figure in FIGURES}
    began = time.process_time()
    for replication in range(runs):
        log = replicate(scenario, seed=1, replication=replication)
        base = replicate(scenario, seed=1, replication=replication, with_faults=False)
        scored = score(scenario, log, base)
        del log, base
        normal = scored.base or {}
        for figure in FIGURES:
            found[figure.title].append((normal if figure.base else scored.figures).get(figure.key, float("nan")))
    seconds = (time.process_time() - began) / runs
    return {title: _mean(values) for title, values in found.items()} | {"seconds": seconds}


def _mean(values: list[float]) -> float:
    known = [value for value in values if value == value]
    return float(np.mean(known)) if known else float("nan")


def distance(title: str, fine: Means, found: Means) -> float:
    """How far a coarse figure lies from the fine one: of shares the difference, of others the difference as a share of the fine one."""
    difference = abs(found[title] - fine[title])
    return difference if TITLES[title].share else difference / max(abs(fine[title]), 1e-9)


DISTANCES: dict[tuple[str, int], dict[str, float]] = {}
