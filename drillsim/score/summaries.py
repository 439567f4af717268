"""The summary of many scored replications: each part of ``summary.json`` from the table of figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from drillsim.model import service
from drillsim.model.base import Text
from drillsim.model.conditions import BUILT_IN_EVENTS
from drillsim.model.scenario import Scenario
from drillsim.score import intervals, objectives
from drillsim.score.care_parts import activity_parts, indicator_parts, pathway_parts, patients_part, resource_parts
from drillsim.score.hospital_parts import data_part, department_parts, person_parts, recovery_parts, system_parts
from drillsim.score.lesson_parts import lesson_parts
from drillsim.score.path_parts import path_parts
from drillsim.score.precision import Sure, precision_parts
from drillsim.score.replication import Scored
from drillsim.score.series import grid, quantities
from drillsim.score.step_parts import causes, coverage, roots, step_parts, verdict, wanted
from drillsim.score.summary import Provenance, RunsPart, ScenarioPart, Summary
from drillsim.score.summary_hospital import Series
from drillsim.score.summary_parts import Estimate, Spread
from drillsim.score.summary_plan import Milestone, ObjectivePart
from drillsim.score.table import Table
from drillsim.score.words import words

SHOWN_RULE = (
    "first: the first run; worst: the run with most minutes late over all steps, then with most patients who left, then with most paper left; "
    "median: the middle run in that order"
)


@dataclass
class Asked:
    """What was asked for, and with what: goes into the summary as it is."""

    name: str
    replications: int
    seed: int
    variant: str | None = None
    interrupted: bool = False
    only: Sequence[int] = ()
    sure: Sure | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    scenario_hash: str = ""


def summarise(scenario: Scenario, scored: Sequence[Scored], asked: Asked) -> Summary:
    """Sum up the scored replications of a scenario; those whose steady-state gate failed are left out and listed."""
    confidence = scenario.run.confidence
    healthy = [s for s in scored if not s.unhealthy]
    table = Table(healthy, confidence)
    steps = step_parts(scenario, table)
    points = _points(table.column("plan", "plan", "form"))
    minutes, quantiles = _series(scenario, table)
    return Summary(
        scenario=_scenario(scenario, asked),
        runs=_runs(scored, table, asked, confidence),
        verdict=verdict(scenario, table, steps),
        coverage=coverage(scenario, table),
        milestones=[_milestone(table, scenario, event) for event in BUILT_IN_EVENTS[1:]],
        grades=_grades(scenario, table),
        steps=steps,
        completion=_completion(table),
        objectives=[_objective(table, o) for o in scenario.objectives],
        form_points=points,
        form_rating=None if points is None else objectives.form_rating(points),
        systems=system_parts(scenario, table),
        departments=department_parts(scenario, table),
        people=person_parts(scenario, table),
        resources=resource_parts(scenario, table),
        activities=activity_parts(scenario, table),
        pathways=pathway_parts(scenario, table),
        patients=patients_part(scenario, table),
        indicators=indicator_parts(scenario, table),
        data=data_part(scenario, table),
        causes=causes(table),
        roots=roots(table),
        paths=path_parts(scenario, table),
        recovery=recovery_parts(scenario, table),
        lessons=lesson_parts(table, shown(table)),
        precision=precision_parts(scenario, table, asked.sure),
        shown=shown(table),
        shown_rule=SHOWN_RULE,
        grid=minutes,
        series=quantiles,
        provenance=_provenance(asked),
    )


def _scenario(scenario: Scenario, asked: Asked) -> ScenarioPart:
    return ScenarioPart(
        name=asked.name,
        title=words(scenario.title),
        story=words(scenario.story) if scenario.story else None,
        hospital=words(scenario.hospital.title),
        plan=words(scenario.plan.title),
        plan_version=scenario.plan.version,
        start=scenario.start,
        horizon=scenario.horizon,
        stands_for=scenario.stands_for,
        variant=asked.variant,
    )


def _runs(scored: Sequence[Scored], table: Table, asked: Asked, confidence: float) -> RunsPart:
    not_scored: list[dict[str, str | int | float]] = [
        {"replication": s.replication, "why": f"{claim} did not hold before the first fault: {value:.6g}",
         "claim": claim, "value": value}
        for s in sorted(scored, key=lambda s: s.replication)
        for claim, value in s.unhealthy
    ]  # fmt: skip
    return RunsPart(
        asked=asked.replications,
        done=len(scored),
        scored=table.n,
        seed=asked.seed,
        confidence=confidence,
        interrupted=asked.interrupted,
        not_scored=not_scored,
        only=list(asked.only),
    )


def _milestone(table: Table, scenario: Scenario, event: str) -> Milestone:
    wanted = _called_for(table, scenario, event)
    minutes, until = table.column("event", event, "minute")[wanted], table.column("event", "end", "minute")[wanted]
    open_, called = np.isnan(minutes), int(wanted.sum())
    reached = intervals.share(int((~open_).sum()), called, table.confidence)
    minute = intervals.spread(np.where(open_, until, minutes), open_.astype(float), table.confidence)
    return Milestone(
        event=event,
        called_for=intervals.share(called, table.n, table.confidence),
        reached=reached,
        minute=minute if not open_.all() else intervals.spread(minutes),
    )


def _called_for(table: Table, scenario: Scenario, event: str) -> np.ndarray:
    """The runs in which anything called for the event (see Milestone)."""
    if event in service.MEANT:
        return ~np.isnan(table.column("event", event, "minute")) | _were_away(
            table, service.MEANT[event](scenario.hospital)
        )
    if event not in ("ordered", "returned", "cleared"):
        return np.ones(table.n, bool)
    called = ~np.isnan(table.column("event", event, "minute")) | ~np.isnan(table.column("event", "ordered", "minute"))
    if event != "ordered":
        return np.asarray(called | (table.column("data", "data", "items") > 0))
    return np.asarray(called | wanted(scenario, table, "order_paper"))


def _were_away(table: Table, meant: Iterable[str]) -> np.ndarray:
    """The runs in which one of these systems was away."""
    away = [~np.isnan(table.column("component", name, "minutes_to_restore")) for name in meant]
    return np.logical_or.reduce([np.zeros(table.n, bool), *away])


def _grades(scenario: Scenario, table: Table) -> dict[str, float]:
    declared = table.column("plan", "plan", "grade")
    grades = {str(g.id): float((declared == g.id).sum()) for g in scenario.plan.grades}
    return {grade: count / table.n for grade, count in grades.items()} if table.n else {}


def _completion(table: Table) -> Spread:
    return table.spread("plan", "plan", "completed_at", "completed_censored")


def _objective(table: Table, objective: objectives.Objective) -> ObjectivePart:
    met = table.share("objective", objective.id, "met")
    carried_out = table.share("objective", objective.id, "carried_out")
    points = _points(table.column("objective", objective.id, "points"))
    template, filled = objectives.rule(objective)
    known = met.value is not None
    return ObjectivePart(
        id=objective.id,
        title=words(objective.title),
        met=met,
        target=objective.target,
        reached=met.value >= objective.target if met.value is not None else None,
        rating=objectives.rating(objective, met.value or 0.0, carried_out.value or 0.0) if known else None,
        points=points,
        form_rating=None if points is None else objectives.form_rating(points),
        rule=template.format(**filled),
        rule_template=template,
        rule_values=filled,
    )


def _points(shares: np.ndarray) -> float | None:
    known = shares[~np.isnan(shares)]
    return float(known.mean() * 100) if len(known) else None


def shown(table: Table) -> dict[str, int]:
    """Which replications are shown in full, by SHOWN_RULE; ties go to the lower number."""
    if not table.n:
        return {}
    badness = [
        np.nan_to_num(column)
        for column in (
            table.column("data", "data", "pile_end"),
            table.column("patients", "patients", "left"),
            table.column("plan", "plan", "minutes_late"),
        )
    ]
    order = np.lexsort((-table.numbers, *badness))
    first, median, worst = 0, order[(table.n - 1) // 2], order[-1]
    return {
        "first": int(table.numbers[first]),
        "median": int(table.numbers[median]),
        "worst": int(table.numbers[worst]),
    }


def _series(scenario: Scenario, table: Table) -> tuple[list[float], list[Series]]:
    runs = [s.series for s in table.scored if s.series is not None]
    bases = [s.base_series for s in table.scored if s.base_series is not None]
    found = []
    for i, (kind, name, title) in enumerate(quantities(scenario)):
        rows = np.array([run[i] for run in runs], float)
        if not runs or np.isnan(rows).any():
            continue
        p10, p50, p90 = np.quantile(rows, (0.1, 0.5, 0.9), axis=0).tolist()
        base = np.median(np.array([base[i] for base in bases], float), axis=0) if len(bases) == len(runs) else None
        known = base is not None and not np.isnan(base).any()
        found.append(
            Series(
                id=name,
                kind=kind,
                title=words(title),
                p10=p10,
                p50=p50,
                p90=p90,
                base=base.tolist() if base is not None and known else None,
            )
        )
    return grid(scenario.horizon).tolist(), found


def _provenance(asked: Asked) -> Provenance:
    packages = {name: version for name, version in asked.versions.items() if name not in ("drillsim", "python")}
    return Provenance(
        drillsim=asked.versions.get("drillsim", ""),
        python=asked.versions.get("python", ""),
        packages=packages,
        files=dict(asked.files),
        scenario_hash=asked.scenario_hash,
    )


__all__ = ["Asked", "Estimate", "Text", "shown", "summarise"]
