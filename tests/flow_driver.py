"""Plays a scenario's patient flow alone, for tests: no systems, no plan."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from drillsim.model.scenario import Scenario
from drillsim.sim.calendar import Calendar
from drillsim.sim.environment import Environment
from drillsim.sim.flow.engine import Flow
from drillsim.sim.luck import Streams


class Played(NamedTuple):
    """What a run of the flow left: columns by name, and the notes it made (minute, kind, subject, state, cause, value)."""

    flow: Flow
    visits: dict[str, np.ndarray]
    patients: dict[str, np.ndarray]
    entries: dict[str, np.ndarray]
    names: dict[str, tuple[str, ...]]
    notes: list[tuple[Any, ...]]

    def at(self, node: str, column: str, outcome: int | None = None) -> list[float]:
        """One column of the visits at a stop, in order of asking."""
        mask = self.visits["node"] == self.names["node"].index(node)
        if outcome is not None:
            mask &= self.visits["outcome"] == outcome
        return self.visits[column][mask].tolist()


def play(
    scenario: Scenario,
    *,
    seed: int = 1,
    replication: int = 0,
    during: Callable[[Environment, Flow], Any] | None = None,
) -> Played:
    """Run the flow to the horizon; ``during(env, flow)`` may be a generator, which then is a SimPy process beside it."""
    calendar = Calendar(scenario.hospital, scenario.start_time, -scenario.warm_up, scenario.horizon)
    notes: list[tuple[Any, ...]] = []
    env = Environment(-scenario.warm_up)
    flow = Flow(
        scenario.hospital,
        Streams(seed, replication),
        calendar,
        note=lambda *columns: notes.append((env.now, *columns)),
        stands_for=scenario.stands_for,
    )
    flow.attach(env)
    if during is not None:
        env.process(during(env, flow))
    env.run(until=scenario.horizon)
    return Played(flow, *flow.finish(), notes)
