"""What a scenario is, in a few lines: for Python and notebooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drillsim.texts import say

if TYPE_CHECKING:
    from drillsim.files.load import Loaded


def about(loaded: Loaded, language: str) -> list[str]:
    """Title, hospital and plan; when it plays; faults, injects, objectives and variants by their ids; what is surely wrong."""
    scenario = loaded.scenario
    plan = scenario.plan.title.in_language(language) if scenario.plan.steps else ""
    places = scenario.title.in_language(language), scenario.hospital.title.in_language(language), plan
    hours, runs = f"{scenario.horizon / 60:g}", scenario.run.replications
    time = say(
        "starts {start}, lasts {hours} h; {runs} runs, seed {seed}",
        language, start=scenario.start, hours=hours, runs=runs, seed=scenario.run.seed,
    )  # fmt: skip
    lists = {
        "changed: {names}": [loaded.change] if loaded.change else [],
        "faults: {names}": [f"{fault.id} ({fault.kind}, {fault.target})" for fault in scenario.faults],
        "injects: {names}": [inject.id for inject in scenario.injects],
        "objectives: {names}": [objective.id for objective in scenario.objectives],
        "variants: {names}": list(scenario.variants),
    }
    told = [say(template, language, names=", ".join(names)) for template, names in lists.items() if names]
    if loaded.warnings:
        told.append(say("{n} warnings: drillsim check", language, n=len(loaded.warnings)))
    return [" · ".join(place for place in places if place), time, *told]
