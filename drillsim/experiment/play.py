"""Play one replication, or a handful of them in a worker process, and score them on the spot."""

from __future__ import annotations

import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from drillsim.errors import SimulationError, Wrong
from drillsim.log.rows import Log
from drillsim.model.scenario import Scenario
from drillsim.score.replication import Scored, score

Replicate = Callable[..., Log]
"""Plays a replication: ``replicate(scenario, *, seed, replication, with_faults) -> Log``."""


@dataclass
class Played:
    """What is left of a replication: its figures, and its rows when they were asked for (``base``: of the day without the faults)."""

    scored: Scored
    log: Log | None = None
    base: Log | None = None


def has_base(scenario: Scenario) -> bool:
    """Whether the day without the faults tells something: there are faults, and patients or orders who meet them."""
    return bool(scenario.faults and scenario.hospital.pathways)


def simulated() -> Replicate:
    """The simulation; imported when it is needed."""
    from drillsim.sim.run import replicate

    return replicate


def play(
    scenario: Scenario, seed: int, replication: int, *, keep: bool = False, replicate: Replicate | None = None
) -> Played:
    """Play and score one replication, with the same day without the faults on the same luck where that tells something.

    Raises SimulationError, with the replication, when it cannot go on.
    """
    log = _log(scenario, seed, replication, replicate)
    base = _log(scenario, seed, replication, replicate, with_faults=False) if has_base(scenario) else None
    scored = score(scenario, log, base)
    return Played(scored, log, base) if keep else Played(scored)


def _log(
    scenario: Scenario, seed: int, replication: int, replicate: Replicate | None, *, with_faults: bool = True
) -> Log:
    try:
        return (replicate or simulated())(scenario, seed=seed, replication=replication, with_faults=with_faults)
    except SimulationError as error:
        what = error.values.get("what", str(error))
        where = Wrong("{what} (run {run}, seed {seed})", what=what, run=replication, seed=seed)
        raise SimulationError(where, error.minute) from error


def play_scored(
    scenario: Scenario, seed: int, replications: Sequence[int], replicate: Replicate | None = None
) -> list[Scored]:
    """Play and score several replications without the day without the faults beside them: enough to compare scenarios by.

    Series through time are left out. Raises SimulationError, with the replication, when one cannot go on.
    """
    return [score(scenario, _log(scenario, seed, number, replicate), with_series=False) for number in replications]


def play_some(
    scenario: Scenario, seed: int, replications: Sequence[int], keep: bool, replicate: Replicate | None
) -> list[Played]:
    """Play several replications in a worker process. Ctrl-C is left to the process that waits for them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return [play(scenario, seed, number, keep=keep, replicate=replicate) for number in replications]
