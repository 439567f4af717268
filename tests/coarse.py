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
RUNS = {"his-database-outage": 12, "core-switch-loop": 6}
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


DISTANCES: dict[tuple[str, int], dict[str, float]] = {
    ("his-database-outage", 4): {
        "Patients and orders who came": 0.01,
        "Left without being seen": 0.35,
        "Wait in all, mean, normal day (min)": 0.3,
        "Wait in all, mean (min)": 0.15,
        "Visit, mean, normal day (min)": 0.12,
        "Visit, mean (min)": 0.1,
        "Visit, nine in ten (min)": 0.1,
        "Emergency visit, mean (min)": 0.12,
        "Items written on paper": 0.05,
        "Largest pile": 0.06,
        "Pile gone after (min)": 0.15,
        "Systems back after (min)": 0.01,
        "Steps on time (share of deadlines)": 0.01,
    },
    ("core-switch-loop", 2): {
        "Patients and orders who came": 0.01,
        "Left without being seen": 0.05,
        "Wait in all, mean, normal day (min)": 0.2,
        "Wait in all, mean (min)": 0.05,
        "Visit, mean, normal day (min)": 0.05,
        "Visit, mean (min)": 0.05,
        "Visit, nine in ten (min)": 0.2,
        "Emergency visit, mean (min)": 0.06,
        "Items written on paper": 0.02,
        "Largest pile": 0.02,
        "Pile gone after (min)": 0.02,
        "Systems back after (min)": 0.01,
        "Steps on time (share of deadlines)": 0.01,
    },
}
"""(scenario, patients one stands for) → figure → the distance that is promised."""

HEAD = """# Coarse flow

Long runs of large hospitals play millions of visits. With `stands_for: 4` in a scenario, of four patients (and orders) one is played, and stands for
all of them; `drillsim run NAME --set stands_for=4` does it for once. The report says so, as an assumption. Without the key everybody is played.

How it works. Every fourth patient of each pathway is played, with the luck that this patient has in the fine run, so that fine and coarse runs meet
the same crowd, fault and plan. Of each kind of people and places a fourth is there, rounded up. What is rounded up is made good by time: after
each service, people stay bound for as long as the others would have kept them, while the patient goes on. So people work as much as in the
fine run, nobody's own examination takes longer, and backlogs grow and shrink as they do. Forms, piles, queues in conditions (`queue of
charging >= 400`) and all counts of the score are those of the whole hospital. Steps of the plan, systems and calls are not touched.

What it costs. Waiting that comes from chance alone grows, most where few people serve (a single scanner on duty stands still for four patients in a
row), and so does the normal day's. Waiting that comes from an outage hardly changes, since that is a matter of amounts. Rare events (critical
results, urgent operations) are a fourth as many, each counted four times, so that they scatter more from run to run. A person lent to a step of the
plan is missed as four would be, for the minutes of the step. So it is for large hospitals and horizons of days; small
ones are quick without it, and have too few people to divide.

Measured (`python -m tests.coarse`, seed 1): means over the runs; in brackets the distance from the fine run, of shares as a difference. A slow test holds the
distances that are promised (last columns). In days of outage the minute below which nine in ten visits end stands at a cliff, between those who go
home the same day and those who stay over night: a few patients more on one side move it by an hour."""


def page() -> str:
    """The page with its tables, measured anew."""
    blocks = [HEAD]
    for name, played in PLAYED.items():
        found = compared(name, played, RUNS[name])
        promised = [each for each in played if (name, each) in DISTANCES]
        heads = [
            "everybody played",
            *(f"one in {each}" for each in played[1:]),
            *(f"promised, one in {p}" for p in promised),
        ]
        rows = [_row(figure.title, found, name, promised) for figure in FIGURES]
        seconds = " | ".join(f"{means['seconds']:.1f}" for means in found)
        rows.append(f"| Processor seconds a run, both days | {seconds} |" + " |" * len(promised))
        blocks.append(
            f"## {name}, {RUNS[name]} runs\n\n| figure | {' | '.join(heads)} |\n|---|{'---:|' * len(heads)}\n"
            + "\n".join(rows)
        )
    return "\n\n".join(blocks) + "\n"


def _row(title: str, found: list[Means], name: str, promised: list[int]) -> str:
    cells = [_number(title, found[0][title])]
    cells += [f"{_number(title, one[title])} ({_apart(title, found[0], one)})" for one in found[1:]]
    cells += [_limit(title, DISTANCES[name, each].get(title)) for each in promised]
    return f"| {title} | {' | '.join(cells)} |"


def _number(title: str, value: float) -> str:
    return (
        "–"
        if value != value
        else f"{value:.3f}"
        if TITLES[title].share
        else f"{value:,.0f}"
        if abs(value) >= 100
        else f"{value:.1f}"
    )


def _apart(title: str, fine: Means, one: Means) -> str:
    difference = one[title] - fine[title]
    if difference != difference:
        return "–"
    return f"{difference:+.3f}" if TITLES[title].share else f"{100 * difference / max(abs(fine[title]), 1e-9):+.1f} %"


def _limit(title: str, most: float | None) -> str:
    return "" if most is None else f"{most:.3f}" if TITLES[title].share else f"{100 * most:.0f} %"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
