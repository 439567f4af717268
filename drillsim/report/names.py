"""Names for people: of modes, states, outcomes, events and groups, and the title of whatever has an id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from drillsim.model.phrases import GROUPS, NOTICED_BY
from drillsim.model.scenario import Scenario
from drillsim.model.systems import selected
from drillsim.score.summary_parts import Words
from drillsim.texts import say

MODES: dict[str, str] = {
    "normal": "with the systems",
    "waiting": "standing still",
    "changing": "changing over",
    "paper": "on paper",
    "back_entry": "typing in",
    "closed": "closed",
}

STATES: dict[str, str] = {
    "up": "working",
    "slow": "slow",
    "read_only": "read only",
    "restoring": "being restored",
    "isolated": "isolated",
    "down": "down",
}

OUTCOMES: dict[str, str] = {
    "on_time": "on time",
    "late": "late",
    "missed": "missed",
    "not_reached": "not reached",
    "not_applicable": "not needed",
    "done": "done",
    "undone": "not done",
    "open": "not due yet",
}

SIGNS: dict[str, str] = {
    "on_time": "✓",
    "late": "▲",
    "missed": "✕",
    "not_reached": "–",
    "not_applicable": "–",
    "done": "✓",
    "undone": "✕",
}

MILESTONES: dict[str, str] = {
    "start": "Exercise begins",
    "failed": "Failure",
    "detected": "Noticed",
    "declared": "Incident declared",
    "ordered": "Paper working ordered",
    "restored": "Systems restored",
    "all_back": "All systems restored, standbys too",
    "returned": "Told to use the systems again",
    "cleared": "Everything typed in",
    "stood_down": "Incident ended",
}


RATINGS: dict[str, str] = {
    "P": "performed without challenges",
    "S": "performed with some challenges",
    "M": "performed with major challenges",
    "U": "unable to be performed",
}

FORM_RATINGS: dict[str, str] = {"优": "excellent", "良": "good", "一般": "fair", "差": "poor"}


def words(value: Words | None, language: str = "en") -> str:
    """A title of the summary in the language; the other language when it is missing."""
    if value is None:
        return ""
    return (value.zh or value.en) if language == "zh" else (value.en or value.zh)


def plain_id(identifier: str) -> str:
    """An id as words, for what has no title."""
    return identifier.replace("_", " ").replace("-", " ")


def listing(names: Iterable[str], language: str = "en", most: int = 6) -> str:
    """``a, b and c``; after ``most`` the rest is counted: ``a, b and 7 more``."""
    found = list(names)
    if not found:
        return ""
    if len(found) == 1:
        return found[0]
    comma = say(", ", language)
    if len(found) > most:
        return say("{names} and {n} more", language, names=comma.join(found[: most - 1]), n=len(found) - most + 1)
    return say("{names} and {last}", language, names=comma.join(found[:-1]), last=found[-1])


def step_list(scenario: Scenario, steps: Iterable[str], language: str = "en", most: int = 6) -> str:
    """Steps in a row, each in quotation marks, since titles have commas of their own."""
    quoted = (say("“{title}”", language, title=title_of(scenario, step, language, "step")) for step in steps)
    return listing(quoted, language, most)


def title_of(scenario: Scenario, identifier: str, language: str = "en", kind: str = "") -> str:
    """The title of whatever has this id: role, staff, step, component, department, channel, activity, pathway, medium, fault, inject or cause.

    A role, a system and a department may share an id: what is of this ``kind`` is looked for first.
    """
    hospital, plan = scenario.hospital, scenario.plan
    tables: dict[str, Mapping[str, Any]] = {
        "role": plan.roles, "staff": hospital.staff, "equipment": hospital.equipment, "department": hospital.departments,
        "component": hospital.systems, "channel": plan.channels, "activity": hospital.activities, "pathway": hospital.pathways,
        "medium": hospital.media, "step": {s.id: s for s in plan.steps}, "fault": {f.id: f for f in scenario.faults},
        "inject": {i.id: i for i in scenario.injects},
    }  # fmt: skip
    for table in (tables.get(kind, {}), *tables.values()):
        if identifier in table and table[identifier].title is not None:
            return str(table[identifier].title.in_language(language))
    if identifier in plan.cause_titles:
        return str(plan.cause_titles[identifier].in_language(language))
    if identifier in MILESTONES:
        return say(MILESTONES[identifier], language)
    return group(scenario, identifier, language)


def group(scenario: Scenario, identifier: str, language: str = "en") -> str:
    """A group of departments: its usual name, the titles of its departments when they are few, or its id as words."""
    if identifier in GROUPS:
        return say(GROUPS[identifier], language)
    members = [d.title.in_language(language) for d in scenario.hospital.departments.values() if d.group == identifier]
    return listing(members, language) if 0 < len(members) <= 3 else plain_id(identifier)


def selector(scenario: Scenario, target: str, language: str = "en") -> str:
    """What a fault is aimed at: a component's or staff role's title, or "all of kind …" for a selector."""
    _, colon, wanted = (piece.strip() for piece in target.partition(":"))
    if target == "all":
        return say("all systems", language)
    if not colon:
        return title_of(scenario, target, language, "component")
    chosen = [
        scenario.hospital.systems[i].title.in_language(language) for i in selected(scenario.hospital.systems, target)
    ]
    return listing(chosen, language, most=5) if chosen else plain_id(wanted)


def noticed_by(way: str, language: str = "en") -> str:
    """Who noticed: monitoring, users, patients."""
    return say(NOTICED_BY[way], language) if way in NOTICED_BY else plain_id(way)
