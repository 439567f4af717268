"""The realised critical paths in the summary: over all runs, how often each step, role and system lies on the way to a milestone, and for how long."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from drillsim.model.scenario import Scenario
from drillsim.score import intervals
from drillsim.score.paths import CONTENTION, milestones
from drillsim.score.summary_plan import PathPart, PathPiece, PathRole
from drillsim.score.table import Table, most_runs

Pieces = dict[tuple[str, str], dict[int, float]]
"""(part, cause) → replication → minutes."""


def path_parts(scenario: Scenario, table: Table) -> list[PathPart]:
    """Every milestone that some run reached, in order."""
    found: dict[str, Pieces] = defaultdict(lambda: defaultdict(lambda: defaultdict(float)))
    for scored in table.scored:
        for (milestone, part, cause), minutes in zip(scored.paths, scored.path_minutes.tolist(), strict=True):
            found[milestone][part, cause.partition(":")[0] if part == "person" else cause][scored.replication] += (
                minutes
            )
    return [_path(scenario, name, found[name], table.confidence) for name in milestones(scenario) if name in found]


def _path(scenario: Scenario, milestone: str, pieces: Pieces, confidence: float) -> PathPart:
    total: dict[int, float] = defaultdict(float)
    for of_runs in pieces.values():
        for row, minutes in of_runs.items():
            total[row] += minutes
    n = len(total)
    ranked = sorted(pieces, key=lambda key: (-sum(pieces[key].values()), key))
    return PathPart(
        milestone=milestone,
        runs=n,
        longest=most_runs(total),
        minutes=intervals.mean(np.array([total[row] for row in sorted(total)]), confidence),
        length=[_piece(key, pieces[key], n) for key in ranked if key[0] not in CONTENTION],
        contention=[_piece(key, pieces[key], n) for key in ranked if key[0] in CONTENTION],
        roles=_roles(scenario, pieces, n),
    )


def _piece(key: tuple[str, str], of_runs: dict[int, float], n: int) -> PathPiece:
    return PathPiece(
        part=key[0], cause=key[1], share=len(of_runs) / n, minutes=sum(of_runs.values()) / n, runs=most_runs(of_runs)
    )


def _roles(scenario: Scenario, pieces: Pieces, n: int) -> list[PathRole]:
    """Every role of the plan that works on the way or is waited for there, most minutes first."""
    owners = {step.id: step.owner for step in scenario.plan.steps}
    working: dict[str, list[dict[int, float]]] = defaultdict(list)
    waited: dict[str, list[dict[int, float]]] = defaultdict(list)
    for (part, cause), of_runs in pieces.items():
        if part == "work" and cause in owners:
            working[owners[cause]].append(of_runs)
        elif part == "slowed" and (step := cause.partition(":")[2]) in owners:
            working[owners[step]].append(of_runs)
        elif part in ("person", "off_shift", "on_the_way"):
            waited[cause].append(of_runs)
    found = [
        PathRole(
            id=role,
            share=len({row for one in (*working[role], *waited[role]) for row in one}) / n,
            working=_sum(working[role]) / n,
            waited_for=_sum(waited[role]) / n,
        )
        for role in dict.fromkeys((*working, *waited))
    ]
    return sorted(found, key=lambda role: -(role.working + role.waited_for))


def _sum(several: Iterable[dict[int, float]]) -> float:
    return sum(sum(one.values()) for one in several)
