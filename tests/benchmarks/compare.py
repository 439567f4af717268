"""Prints how fast the flow engine is: against idiomatic SimPy, and as patients become more.

    python -m tests.benchmarks.compare

Both models run in one process, one after the other in turn; medians. Read the ratios: times depend on the machine.
"""

from __future__ import annotations

import gc
import platform
import statistics
import time
from collections.abc import Callable
from types import ModuleType

import simpy

from tests.benchmarks import day, full_day

ROUNDS = 7


def seconds(play: Callable[[], object]) -> float:
    """How long one call takes."""
    gc.collect()
    start = time.perf_counter()
    play()
    return time.perf_counter() - start


def against_simpy(model: ModuleType, patients: int, rounds: int) -> None:
    """One day in both models, in turn."""
    played = model.scenario(patients)
    ours, theirs = [], []
    for k in range(rounds):
        ours.append(seconds(lambda k=k: model.drillsim_day(played, k)))  # type: ignore[misc]
        theirs.append(seconds(lambda k=k: model.simpy_day(patients, k)))  # type: ignore[misc]
    a, b = statistics.median(ours), statistics.median(theirs)
    services, minutes = model.drillsim_day(played)
    other, others = model.simpy_day(patients)
    print(
        f"{model.__name__.split(chr(46))[-1]:8} {patients:6} patients: drillsim {1000 * a:7.1f} ms ({services} services, {minutes:.0f} min in hospital), "
        f"SimPy {1000 * b:7.1f} ms ({other}, {others:.0f}): {b / a:.1f} times faster, {1e6 * a / services:.2f} µs a service"
    )


def growth() -> None:
    """Time for each patient as they become more, people in proportion."""
    first = None
    for patients in (500, 1500, 5000, 15000, 50000):
        played = day.scenario(patients)
        each = statistics.median(seconds(lambda: day.drillsim_day(played)) for _ in range(3)) / patients  # noqa: B023
        first = first or each
        print(f"{patients:6} patients: {1e6 * each:6.1f} µs each, {each / first:.2f} of the first")


if __name__ == "__main__":
    print(f"Python {platform.python_version()}, SimPy {simpy.__version__}, {platform.machine()}")
    for model in (day, full_day):
        against_simpy(model, 3000, ROUNDS)
        against_simpy(model, 8000, 3)
    growth()
