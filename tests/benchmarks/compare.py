"""Prints how fast the simulation is: against idiomatic SimPy, as patients become more, as a backlog becomes longer, for a plan alone, and to start.

    python -m tests.benchmarks.compare

Both models run in one process, in turn; medians of processor time. Read the ratios: times depend on the machine.
"""

from __future__ import annotations

import gc
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from types import ModuleType

import numpy
import simpy

from drillsim.sim.run import replicate
from tests.benchmarks import day, full_day
from tests.builder import a_scenario

ROUNDS = 7
Played = tuple[int, float]


def timed(play: Callable[[], Played]) -> tuple[float, Played]:
    """Seconds of processor time that one call takes, and what it gives."""
    gc.collect()
    start = time.process_time()
    result = play()
    return time.process_time() - start, result


def against_simpy(model: ModuleType, patients: int, rounds: int = ROUNDS) -> None:
    """One day in both models, in turn; their statistics side by side show that they are the same day."""
    played = model.scenario(patients)
    ours, theirs = [], []
    for k in range(rounds):
        ours.append(timed(partial(model.drillsim_day, played, k)))
        theirs.append(timed(partial(model.simpy_day, patients, k)))
    seconds = [statistics.median(time for time, _ in runs) for runs in (ours, theirs)]
    services = [statistics.mean(n for _, (n, _) in runs) for runs in (ours, theirs)]
    minutes = [statistics.mean(m for _, (_, m) in runs) for runs in (ours, theirs)]
    print(
        f"{model.__name__.rpartition('.')[2]:8} {patients:6} patients: drillsim {1000 * seconds[0]:6.1f} ms, SimPy {1000 * seconds[1]:7.1f} ms: "
        f"{seconds[1] / seconds[0]:5.1f} times faster   (services {services[0]:.0f}, {services[1]:.0f}; minutes in hospital {minutes[0]:.1f}, {minutes[1]:.1f})"
    )


def growth() -> None:
    """Time for each patient as they become more, people in proportion."""
    first = None
    for patients in (500, 1500, 5000, 15000, 50000):
        played = day.scenario(patients)
        each = statistics.median(timed(partial(day.drillsim_day, played))[0] for _ in range(5)) / patients
        first = first or each
        print(f"growth   {patients:6} patients: {1e6 * each:5.1f} µs each, {each / first:.2f} of the first")


def backlog() -> None:
    """Time for each patient when all of them wait in one queue, of three urgencies, while their activity stops and goes on."""
    first = None
    classes = {f"c{k}": {"title": "c", "share": 1, "priority": k} for k in range(3)}
    for patients in (1000, 10_000, 100_000):
        played = a_scenario(
            staff={"nurse": {"on_duty": 3}},
            activities={"care": {"needs": "nurse", "takes": "3 min"}},
            pathways={
                "p": {
                    "arrivals": {"every": f"{1 / patients!r} min", "at_most": patients},
                    "route": ["care"],
                    "classes": classes,
                }
            },
            horizon=2.0 * patients,
        )
        each = statistics.median(timed(partial(_visits, played))[0] for _ in range(5)) / patients
        first = first or each
        print(f"backlog  {patients:6} patients: {1e6 * each:5.1f} µs each, {each / first:.2f} of the first")


def plan_alone(steps: int = 40) -> None:
    """A plan without patients."""
    chain = [{"id": f"s{k}", "owner": "lead", "takes": "exponential(4 min)", "after": f"s{k - 3}" if k > 2 else ()} for k in range(steps)]  # fmt: skip
    played = a_scenario(roles={"lead": {"count": 3}}, steps=chain)
    seconds = statistics.median(timed(partial(_visits, played))[0] for _ in range(50))
    print(f"plan     {steps:6} steps, no patients: {1000 * seconds:.1f} ms a replication")


def start_up() -> None:
    """Commands that a planner waits for, against a bare start of Python; the start is counted."""
    bare = _seconds("-c", "pass")
    for words in (["--help"], ["list"], ["check", "his-database-outage"]):
        took = _seconds("-m", "drillsim", *words)
        print(f"start    drillsim {' '.join(words):28} {took:.2f} s, {took / bare:.0f} times a bare start of Python")


def _seconds(*arguments: str) -> float:
    """Median seconds on the clock of a command in a Python of its own."""
    found = []
    for _ in range(5):
        began = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
        found.append(time.perf_counter() - began)
    return statistics.median(found)


def _visits(played: object) -> Played:
    log = replicate(played, seed=1, replication=0)  # type: ignore[arg-type]
    return len(log.visits.get("asked", ())), 0.0


if __name__ == "__main__":
    print(
        f"Python {platform.python_version()}, SimPy {simpy.__version__}, NumPy {numpy.__version__}, {platform.machine()}"
    )
    for model in (day, full_day):
        for patients in (3000, 8000):
            against_simpy(model, patients)
    growth()
    backlog()
    plan_alone()
    start_up()
