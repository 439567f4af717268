"""Which figures two ways of doing it are compared by, and their value in every run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

import numpy as np

from drillsim.model import service
from drillsim.model.scenario import Scenario
from drillsim.score.step_parts import all_kept, on_time, wanted
from drillsim.score.steps import MISSED, OPEN, UNDONE
from drillsim.score.switching import groups
from drillsim.score.table import Table

Unit = Literal["claim", "share", "min", "number"]
Better = Literal["more", "less", ""]
Group = Literal["whole", "milestones", "steps", "systems", "departments", "pathways", "activities", "resources"]


class Figure(NamedTuple):
    """A figure to compare: of what (``kind``, ``id``), its name, unit and whether more or less of it is better ("": neither).

    A ``claim`` is true or false in a run, so that its mean is a share of runs; a ``share`` is a share within each run.
    """

    group: Group
    kind: str
    id: str
    figure: str
    unit: Unit
    better: Better

    @property
    def name(self) -> str:
        """Its name in tables: ``step.order_paper.on_time``, ``plan.all_on_time``."""
        return f"{self.kind}.{self.figure}" if self.kind == self.id else f"{self.kind}.{self.id}.{self.figure}"


def figures(scenario: Scenario) -> list[Figure]:
    """Every figure that can be compared in a scenario, the whole first."""
    return [*_whole(scenario), *_plan(scenario), *_hospital(scenario)]


def _whole(scenario: Scenario) -> Iterator[Figure]:
    hospital, plan = scenario.hospital, scenario.plan
    if any(step.within for step in plan.steps):
        yield Figure("whole", "plan", "plan", "all_on_time", "claim", "more")
        yield Figure("whole", "plan", "plan", "on_time_share", "share", "more")
        yield Figure("whole", "plan", "plan", "minutes_late", "min", "less")
    if plan.steps:
        yield Figure("whole", "plan", "plan", "completed_at", "min", "less")
    for objective in scenario.objectives:
        yield Figure("whole", "objective", objective.id, "met", "claim", "more")
    if any(p.of == "patients" for p in hospital.pathways.values()):
        yield Figure("whole", "patients", "patients", "left", "number", "less")
        yield Figure("whole", "patients", "patients", "turned_away", "number", "less")
        if any(effect.kind == "divert" for step in plan.steps for effect in step.does):
            yield Figure("whole", "patients", "patients", "diverted", "number", "")
        yield Figure("whole", "patients", "patients", "wait_mean", "min", "less")
    for name in hospital.indicators:
        yield Figure("whole", "indicator", name, "over", "number", "less")
    yield Figure("whole", "data", "data", "items", "number", "")
    yield Figure("whole", "data", "data", "cleared_at", "min", "less")
    yield Figure("whole", "data", "data", "data_lost", "min", "less")


def _plan(scenario: Scenario) -> Iterator[Figure]:
    for event, better in (("detected", "less"), ("declared", "less"), ("ordered", ""), ("restored", "less"), ("all_back", "less"), ("cleared", "less"), ("stood_down", "")):  # fmt: skip
        yield Figure("milestones", "event", event, "minute", "min", better)  # type: ignore[arg-type]
    for step in scenario.plan.steps:
        if step.within:
            yield Figure("steps", "step", step.id, "on_time", "claim", "more")
            yield Figure("steps", "step", step.id, "minutes_late", "min", "less")
        else:
            yield Figure("steps", "step", step.id, "ended", "min", "")


def _hospital(scenario: Scenario) -> Iterator[Figure]:
    hospital = scenario.hospital
    for group in groups(scenario) if scenario.plan.steps else ():
        yield Figure("departments", "group", group, "ordered", "claim", "")
        yield Figure("departments", "group", group, "false_switch", "claim", "less")
    for name, component in hospital.systems.items():
        if component.rto is not None or component.tier is not None or len(hospital.systems) <= 20:
            yield Figure("systems", "component", name, "minutes_down", "min", "less")
            yield Figure("systems", "component", name, "minutes_slow", "min", "less")
    for name in hospital.departments:
        yield Figure("departments", "department", name, "stood_still", "min", "less")
        yield Figure("departments", "department", name, "on_paper_at", "min", "")
        yield Figure("departments", "department", name, "wait_after", "min", "less")
        yield Figure("departments", "department", name, "pile_most", "number", "less")
    for name in hospital.pathways:
        yield Figure("pathways", "pathway", name, "left", "number", "less")
        yield Figure("pathways", "pathway", name, "minutes_all", "min", "less")
    if scenario.plan.steps:
        return
    for name in hospital.activities:
        yield Figure("activities", "activity", name, "wait_mean", "min", "less")
        yield Figure("activities", "activity", name, "queue_mean", "number", "less")
        yield Figure("activities", "activity", name, "left_share", "share", "less")
    for name in hospital.resources:
        yield Figure("resources", "resource", name, "utilisation", "share", "")


def column(table: Table, scenario: Scenario, figure: Figure) -> np.ndarray:
    """The figure in every run of the table; NaN where there is none.

    ``minutes_late`` of a step is 0 in runs in which it was not late or not called for, and ``stood_still`` in runs in which the department was
    spared, so that pairs are never lost. What was not over at
    EndEx (see ``unfinished``) counts with the minutes until then, so that the runs that went worst are not left out of the comparison: a
    difference of means is then one of restricted means (Royston and Parmar 2013, BMC Med. Res. Methodol. 13:152).
    """
    match figure.kind, figure.figure:
        case "plan", "all_on_time":
            return all_kept(scenario, table)
        case "step", "on_time":
            return on_time(table.column("step", figure.id, "outcome"))
        case "step", "minutes_late":
            known = ~np.isnan(table.column("step", figure.id, "outcome"))
            return np.where(known, np.nan_to_num(table.column("step", figure.id, "late_by")), np.nan)
        case "step", "ended":
            ended = table.column("step", figure.id, "ended")
            return np.where(unfinished(table, scenario, figure), scenario.horizon, ended)
        case "event", "minute":
            minute = table.column("event", figure.id, "minute")
            return np.where(unfinished(table, scenario, figure), table.column("event", "end", "minute"), minute)
        case "department", "stood_still":
            spared = table.column("department", figure.id, "affected") == 0
            return np.where(spared, 0.0, table.column("department", figure.id, "stood_still"))
    return table.column(figure.kind, figure.id, figure.figure)


AT_LEAST = {
    "completed_at": "completed_censored",
    "data_lost": "data_lost_censored",
    "minutes_down": "away_censored",
    "minutes_to_restore": "away_censored",
    "stood_still": "stood_still_censored",
}
"""Figure → the one that is 1 in runs in which it is only known as at least that much."""


def unfinished(table: Table, scenario: Scenario, figure: Figure) -> np.ndarray:
    """In which runs a time was not over at EndEx, so that it is only known as at least that much.

    An event counts as due when what it ends had begun: ``detected`` after a fault that was not announced, ``declared`` and ``ordered`` when the step
    that does it was called for, ``restored`` and ``all_back`` while a system that they speak of is still away, ``cleared`` while something is left to type in, ``stood_down`` after an
    incident was declared. An event that nothing called for is missing, not unfinished.
    """
    match figure.kind, figure.figure:
        case _, name if name in AT_LEAST:
            return table.column(figure.kind, figure.id, AT_LEAST[name]) > 0.5
        case "data", "cleared_at":
            return table.column("data", "data", "cleared") == 0
        case "pathway", "minutes_all":
            return (
                np.nan_to_num(table.column("pathway", figure.id, "left") + table.column("pathway", figure.id, "there"))
                > 0
            )
        case "step", "minutes_late":
            return table.column("step", figure.id, "outcome") == MISSED
        case "plan", "minutes_late":
            missed = (table.column("step", step.id, "outcome") == MISSED for step in scenario.plan.steps if step.within)
            return np.logical_or.reduce([np.zeros(table.n, bool), *missed])
        case "step", "ended":
            undone = np.isin(table.column("step", figure.id, "outcome"), (MISSED, OPEN, UNDONE))
            return undone & np.isnan(table.column("step", figure.id, "ended"))
        case "event", "minute":
            return np.isnan(table.column("event", figure.id, "minute")) & _due(table, scenario, figure.id)
    return np.zeros(table.n, bool)


def _due(table: Table, scenario: Scenario, event: str) -> np.ndarray:
    """In which runs something at EndEx still calls for the event."""
    none = np.zeros(table.n, bool)
    match event:
        case "detected" if not any(fault.planned for fault in scenario.faults):
            return ~np.isnan(table.column("event", "failed", "minute"))
        case "declared":
            return wanted(scenario, table, "declare")
        case "ordered":
            return wanted(scenario, table, "order_paper")
        case "restored" | "all_back":
            meant = service.MEANT[event](scenario.hospital)
            still_away = (table.column("component", name, "away_censored") > 0.5 for name in meant)
            return np.logical_or.reduce([none, *still_away])
        case "cleared":
            return table.column("data", "data", "cleared") == 0
        case "stood_down":
            return ~np.isnan(table.column("event", "declared", "minute"))
    return none
