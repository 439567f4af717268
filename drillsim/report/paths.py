"""The realised critical paths for the page: for each milestone what lies on the way there, length and wanting apart, and by role."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from drillsim.model.scenario import Scenario
from drillsim.report import look, words
from drillsim.score.summary import Summary
from drillsim.score.summary_parts import Estimate
from drillsim.score.summary_plan import PathPart, PathPiece
from drillsim.texts import say

MOST = 10  # rows of a table; the rest is summed up in a last one
SHORTEST = 0.5  # minutes a run; less is left to the last row

MILESTONES: dict[str, str] = {
    "declared": "Incident declared",
    "ordered": "Paper working ordered",
    "restored": "Systems restored",
    "all_back": "All systems restored, standbys too",
    "verified": "Last department verified",
    "cleared": "Everything typed in",
    "completed": "Last step done",
}
"""Milestone → its name; ``tier N`` has a sentence of its own."""

PIECES: dict[str, str] = {
    "work": "{who}",
    "slowed": "{who}",
    "rework": "done again: {who}",
    "trigger": "until: {who}",
    "rule": "by rule not before: {who}",
    "decision": "not decided: {who}",
    "predecessor": "not done: {who}",
    "system": "{who} away or slow",
    "restart": "{who} starts up",
    "failover": "{who} switches to another member",
    "notice": "the order on its way to {who}",
    "typing": "typing in: {who}",
    "person": "{who}, busy with something else",
    "off_shift": "{who}, not on duty",
    "on_the_way": "{who}, called and on the way",
    "thing": "no spare: {who}",
}
"""Part of a path → what it is, with who or what."""

PLACES = {"restart": "component", "failover": "component", "notice": "department", "typing": "department"}
"""Part of a path that is no part of a step → the kind of thing that it names."""

COLOURS = {"restart": "#8fb6c6", "failover": "#8fb6c6", "notice": "#d3d9de", "typing": "#e9b949"}


def paths(summary: Summary, scenario: Scenario, language: str = "en") -> list[dict[str, Any]]:
    """Every milestone with its tables, in order; that of all systems restored (or the last) stands open."""
    found = [part for part in summary.paths if part.minutes.value]
    shown = next((p for p in reversed(found) if p.milestone in ("restored", "completed")), None)
    return [_path(part, summary, scenario, language, part is shown) for part in found]


def title(milestone: str, language: str = "en") -> str:
    """A milestone in words."""
    if milestone.startswith("tier "):
        return say("Systems of tier {n} are back", language, n=milestone.removeprefix("tier "))
    return say(MILESTONES[milestone], language)


def _path(part: PathPart, summary: Summary, scenario: Scenario, language: str, open_: bool) -> dict[str, Any]:
    top = max((p.minutes for p in (*part.length, *part.contention)), default=1.0)
    kinds = (
        (say("Length", language), say("What lies on the way", language), part.length),
        (say("Contention", language), say("Who or what was waited for", language), part.contention),
    )
    return {
        "title": title(part.milestone, language),
        "minutes": words.duration(part.minutes.value, language),
        "note": say(
            "Mean of the {n} runs that got there, {share} of all; interval {interval}.",
            language,
            n=part.runs,
            share=words.share(part.runs / max(summary.runs.scored, 1), language),
            interval=words.duration_range(*_within(part.minutes, scenario.horizon), language),
        )
        + (say(" Longest in runs {runs}.", language, runs=words.few(part.longest, language)) if part.longest else ""),
        "open": open_,
        "kinds": [
            {"heading": heading, "what": what, "rows": _rows(pieces, scenario, top, language)}
            for heading, what, pieces in kinds
            if pieces
        ],
        "roles": [
            {
                "name": words.title_of(scenario, role.id, language, "role"),
                "share": role.share,
                "working": role.working,
                "waited_for": role.waited_for,
            }
            for role in part.roles[:MOST]
            if role.working + role.waited_for >= SHORTEST
        ],
    }


def _within(minutes: Estimate, horizon: float) -> tuple[float | None, float | None]:
    """The interval, as far as a milestone that is reached can lie: not before the start, and not after EndEx."""
    if minutes.low is None or minutes.high is None:
        return minutes.low, minutes.high
    return max(minutes.low, 0.0), min(minutes.high, horizon)


def _rows(pieces: Sequence[PathPiece], scenario: Scenario, top: float, language: str) -> list[dict[str, Any]]:
    shown = [p for p in pieces[:MOST] if p.minutes >= SHORTEST] or list(pieces[:1])
    rows = [
        {
            "name": words.capital(piece(p, scenario, language)),
            "share": p.share,
            "minutes": p.minutes,
            "runs": words.few(p.runs, language),
            "part_of": p.minutes / top,
            "colour": COLOURS.get(p.part, look.PART_COLOURS.get(p.part, look.NONE)),
            "hatch": look.PART_HATCHES.get(p.part),
        }
        for p in shown
    ]
    rest = [p for p in pieces if p not in shown]
    if rest:
        minutes = sum(p.minutes for p in rest)
        name = say("{n} others together" if len(rest) > 1 else "One other", language, n=len(rest))
        rows.append({"name": name, "share": None, "minutes": minutes, "runs": "", "part_of": minutes / top, "colour": look.NONE, "hatch": None})  # fmt: skip
    return rows


def piece(one: PathPiece, scenario: Scenario, language: str = "en") -> str:
    """A piece of a path in words."""
    if one.part == "slowed":
        return words.slower(scenario, one.cause, language)
    if one.part in ("trigger", "rule"):
        who = words.trigger(scenario, one.cause, language)
    else:
        who = words.cause_of(scenario, one.cause, language, PLACES.get(one.part) or words.WAITED.get(one.part, ""))
    if one.part == "rework" and any(fault.id == one.cause for fault in scenario.faults):
        return say("done again, since it was not over: {who}", language, who=who)
    return say(PIECES[one.part], language, who=who)
