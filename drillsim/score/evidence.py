"""What the runs of a scenario say about where time could be won: minutes by part and cause, on the way to milestones and of late steps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from drillsim.model.scenario import Scenario
from drillsim.score.compared import Figure, column, figures
from drillsim.score.replication import Scored
from drillsim.score.steps import LATE, MISSED
from drillsim.score.table import Table

PEOPLE = ("person", "off_shift", "on_the_way")
"""Parts of a step's time in which it waits for people."""


@dataclass
class Evidence:
    """``minutes``: (part, role or thing) → mean minutes a run that it held up late steps in the end, or lay on the way to the milestone it
    held up longest (the larger of the two). ``direct``: (step, step it waited for) → mean minutes. ``stretches``: role → (from minute, until
    minute) of every wait of a step for its people, in all runs. ``table``: all figures."""

    table: Table
    minutes: dict[tuple[str, str], float] = field(default_factory=dict)
    direct: dict[tuple[str, str], float] = field(default_factory=dict)
    stretches: dict[str, list[tuple[float, float]]] = field(default_factory=dict)

    def of(self, *parts: str) -> list[tuple[str, float]]:
        """Causes of these parts with their minutes together, most first."""
        found: dict[str, float] = defaultdict(float)
        for (part, cause), minutes in self.minutes.items():
            if part in parts:
                found[cause] += minutes
        return sorted(found.items(), key=lambda item: (-item[1], item[0]))

    def mean(self, kind: str, name: str, figure: str) -> float:
        """Mean of a figure over the runs; NaN without one."""
        values = self.table.column(kind, name, figure)
        known = values[~np.isnan(values)]
        return float(known.mean()) if len(known) else float("nan")


def evidence(scenario: Scenario, scored: Sequence[Scored]) -> Evidence:
    """What these runs say."""
    table = Table([s for s in scored if not s.unhealthy], scenario.run.confidence)
    late = _late(table)
    found = Evidence(table, late)
    on_the_way: dict[tuple[str, str, str], float] = defaultdict(float)
    for one in table.scored:
        for (milestone, part, cause), minutes in zip(one.paths, one.path_minutes.tolist(), strict=True):
            on_the_way[milestone, part, _who(part, cause)] += minutes / table.n
    for (_, part, cause), minutes in on_the_way.items():
        late[part, cause] = max(late.get((part, cause), 0.0), minutes)
    found.direct = _direct(table)
    found.stretches = _stretches(table)
    return found


def _late(table: Table) -> dict[tuple[str, str], float]:
    found: dict[tuple[str, str], float] = defaultdict(float)
    for one in table.scored:
        for (step, part, cause), minutes in zip(one.roots, one.root_minutes.tolist(), strict=True):
            if not step:
                found[part, _who(part, cause)] += minutes / table.n
    return found


def _direct(table: Table) -> dict[tuple[str, str], float]:
    """(step, step it waited for) → minutes a run in which it was late."""
    found: dict[tuple[str, str], float] = defaultdict(float)
    outcomes = {step: table.column("step", step, "outcome") for step in table.ids("step")}
    for row, one in enumerate(table.scored):
        for (step, part, cause), minutes in zip(one.causes, one.minutes.tolist(), strict=True):
            if part in ("predecessor", "decision") and outcomes[step][row] in (LATE, MISSED):
                for name in cause.split(","):
                    found[step, name.strip()] += minutes / table.n
    return found


def _stretches(table: Table) -> dict[str, list[tuple[float, float]]]:
    """Role → when steps waited for its people: from being ready for so many minutes, as they wait before they begin."""
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    ready = {step: table.column("step", step, "ready") for step in table.ids("step")}
    for row, one in enumerate(table.scored):
        waits: dict[tuple[str, str], float] = defaultdict(float)
        for (step, part, cause), minutes in zip(one.causes, one.minutes.tolist(), strict=True):
            if part in PEOPLE:
                waits[step, _who(part, cause)] += minutes
        for (step, role), minutes in waits.items():
            begin = float(ready[step][row])
            if minutes > 0 and not np.isnan(begin):
                found[role].append((begin, begin + minutes))
    return found


def _who(part: str, cause: str) -> str:
    """The role alone of ``role:busy with``."""
    return cause.partition(":")[0] if part == "person" else cause


def values(table: Table, scenario: Scenario, name: str) -> np.ndarray:
    """The figure of that name (``plan.on_time_share``) in every run. Raises KeyError, with the names there are, for an unknown one."""
    known: dict[str, Figure] = {f.name: f for f in figures(scenario)}
    if name not in known:
        raise KeyError(name)
    return column(table, scenario, known[name])


def paired(scenario: Scenario, name: str, *ways: Sequence[Scored]) -> list[np.ndarray]:
    """A figure of several ways in the healthy runs that all of them have."""
    healthy = [[s for s in way if not s.unhealthy] for way in ways]
    numbers = set.intersection(*({s.replication for s in way} for way in healthy))
    tables = [Table([s for s in way if s.replication in numbers], 0.95) for way in healthy]
    return [values(table, scenario, name) for table in tables]
