"""Care in the summary: resources, activities, pathways and the delays that matter, against the day without the faults."""

from __future__ import annotations

from drillsim.model.scenario import Scenario
from drillsim.score.summary import ActivityPart, Estimate, IndicatorPart, PathwayPart, ResourcePart
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
            minutes=table.mean("pathway", name, "minutes_mean"),
            in_system=table.mean("pathway", name, "in_system"),
            left_base=table.base_mean("pathway", name, "left"),
            left_difference=table.difference("pathway", name, "left"),
            minutes_base=table.base_mean("pathway", name, "minutes_mean"),
            minutes_difference=table.difference("pathway", name, "minutes_mean"),
            median_difference=table.difference("pathway", name, "minutes_median"),
            classes={kind: _class(table, f"{name}:{kind}") for kind in pathway.classes},
        )
        for name, pathway in scenario.hospital.pathways.items()
    ]


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
