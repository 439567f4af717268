"""Care in the summary: resources, activities, pathways and the delays that matter, against the day without the faults."""

from __future__ import annotations

from collections.abc import Sequence

from drillsim.model.scenario import Scenario
from drillsim.score.summary_hospital import ActivityPart, IndicatorPart, PathwayPart, PatientsPart, ResourcePart
from drillsim.score.summary_parts import Estimate
from drillsim.score.table import Table
from drillsim.score.words import words


def resource_parts(scenario: Scenario, table: Table) -> list[ResourcePart]:
    """Every resource that serves patients or types in."""
    return [
        ResourcePart(
            id=name,
            title=words(resource.title),
            utilisation=table.mean("resource", name, "utilisation"),
            utilisation_base=table.base_mean("resource", name, "utilisation"),
            on_duty=table.mean("resource", name, "on_duty"),
            busy=table.mean("resource", name, "busy"),
        )
        for name, resource in scenario.hospital.resources.items()
        if ("resource", name, "utilisation") in table.place
    ]


def activity_parts(scenario: Scenario, table: Table) -> list[ActivityPart]:
    """Every activity."""
    return [
        ActivityPart(
            id=name,
            title=words(activity.title),
            asked=table.mean("activity", name, "arrived"),
            served=table.mean("activity", name, "served"),
            wait=table.mean("activity", name, "wait_mean"),
            wait_p90=table.mean("activity", name, "wait_p90"),
            waited=table.mean("activity", name, "waited"),
            queue=table.mean("activity", name, "queue_mean"),
            queue_most=table.mean("activity", name, "queue_most"),
            left=table.mean("activity", name, "left_share"),
            turned_away=table.mean("activity", name, "turned_away_share"),
            waiting=table.mean("activity", name, "waiting"),
            wait_base=table.base_mean("activity", name, "wait_mean"),
            difference=table.difference("activity", name, "wait_mean"),
        )
        for name, activity in scenario.hospital.activities.items()
    ]


def pathway_parts(scenario: Scenario, table: Table) -> list[PathwayPart]:
    """Every pathway, with its classes."""
    return [
        PathwayPart(
            id=name,
            title=words(pathway.title),
            of=pathway.of,
            arrived=table.mean("pathway", name, "arrived"),
            served=table.mean("pathway", name, "served"),
            left=table.mean("pathway", name, "left"),
            turned_away=table.mean("pathway", name, "turned_away"),
            there=table.mean("pathway", name, "there"),
            diverted=table.mean("pathway", name, "diverted"),
            minutes=table.mean("pathway", name, "minutes_mean"),
            in_system=table.mean("pathway", name, "in_system"),
            left_base=table.base_mean("pathway", name, "left"),
            left_difference=table.difference("pathway", name, "left"),
            there_base=table.base_mean("pathway", name, "there"),
            there_difference=table.difference("pathway", name, "there"),
            minutes_base=table.base_mean("pathway", name, "minutes_mean"),
            minutes_difference=_longer(table, "pathway", name, "longer_mean"),
            median_difference=_longer(table, "pathway", name, "longer_median"),
            at_least=_at_least(table, "pathway", name),
            classes={kind: _class(table, f"{name}:{kind}") for kind in pathway.classes},
        )
        for name, pathway in scenario.hospital.pathways.items()
    ]


def _longer(table: Table, kind: str, name: str, figure: str) -> Estimate | None:
    """How much longer the same patients took; None without a day to compare with."""
    return table.mean(kind, name, figure) if table.has_base else None


def _at_least(table: Table, kind: str, name: str) -> list[str]:
    """The differences of time that are lower bounds: those that lean, in some run, on patients who were not served."""
    leans = {"minutes_difference": "longer_unfinished", "median_difference": "longer_at_least"}
    return [field for field, figure in leans.items() if (table.column(kind, name, figure) > 0).any()]


def patients_part(scenario: Scenario, table: Table) -> PatientsPart | None:
    """All patients together; None without a pathway of patients."""
    paths = [name for name, pathway in scenario.hospital.pathways.items() if pathway.of == "patients"]
    if not paths:
        return None
    of = "patients", "patients"
    return PatientsPart(
        arrived=table.mean(*of, "arrived"),
        served=table.mean(*of, "served"),
        left=table.mean(*of, "left"),
        turned_away=table.mean(*of, "turned_away"),
        there=table.mean(*of, "there"),
        diverted=table.mean(*of, "diverted"),
        left_base=table.base_mean(*of, "left"),
        left_difference=table.difference(*of, "left"),
        turned_away_difference=table.difference(*of, "turned_away"),
        there_base=table.base_mean(*of, "there"),
        there_difference=table.difference(*of, "there"),
        minutes_difference=_longer(table, *of, "longer_mean"),
        median_difference=_longer(table, *of, "longer_median"),
        at_least=_at_least(table, *of),
        most_left=_most_left(table, paths),
    )


def _most_left(table: Table, paths: Sequence[str]) -> str | None:
    """The pathway from which most more leave than on the day without the fault; None when it is the only one."""
    more = {
        name: difference.value
        for name in paths
        if (difference := table.difference("pathway", name, "left")) is not None
    }
    leaving = {name: value for name, value in more.items() if value is not None and value > 0}
    return max(leaving, key=lambda name: leaving[name]) if len(leaving) > 1 else None


def _class(table: Table, name: str) -> dict[str, Estimate]:
    figures = {"arrived": "arrived", "wait": "wait_mean", "minutes": "minutes_mean", "left": "left"}
    return {word: table.mean("class", name, figure) for word, figure in figures.items()}


def indicator_parts(scenario: Scenario, table: Table) -> list[IndicatorPart]:
    """Every delay that matters."""
    return [
        IndicatorPart(
            id=name,
            title=words(indicator.title),
            kind=indicator.kind,
            limit=indicator.limit,
            counted=table.mean("indicator", name, "counted"),
            over=table.mean("indicator", name, "over"),
            over_base=table.base_mean("indicator", name, "over"),
            difference=table.difference("indicator", name, "over"),
        )
        for name, indicator in scenario.hospital.indicators.items()
    ]
