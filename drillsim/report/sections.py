"""What each section of the page shows, made ready for its template: chosen, ordered, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from drillsim.log.rows import Event
from drillsim.model.measures import read_measure
from drillsim.model.scenario import Objective, Scenario
from drillsim.report import findings, plots, story, words
from drillsim.score import objectives as score_objectives
from drillsim.score import recovery
from drillsim.score.summary import Summary
from drillsim.score.summary_hospital import ResourcePart
from drillsim.score.summary_parts import Spread
from drillsim.score.summary_plan import Milestone
from drillsim.texts import say

SECTIONS: dict[str, str] = {
    "story": "What happens, from beginning to end",
    "plan": "Steps of the plan against their deadlines",
    "bottlenecks": "What the plan waits for",
    "clocks": "Reports to the outside",
    "objectives": "Objectives of the exercise",
    "systems": "Systems",
    "departments": "Departments",
    "people": "People",
    "patients": "Patients",
    "paper": "Paper and the second wave",
    "after": "After the systems were back",
    "activities": "Work and queues",
    "lessons": "What it teaches",
    "sure": "How sure the figures are",
    "lint": "Findings of the plan check",
    "sources": "Assumptions and sources",
    "limits": "What this cannot say",
    "provenance": "Where these figures come from",
    "stress": "Description of the study (STRESS-DES)",
}
"""Section → its heading, in the order of the page."""

ANNEX = ("people", "activities", "sure", "lint", "stress")
"""Sections that print only in the long form."""


def clock_origin(summary: Summary, scenario: Scenario, events: Sequence[Event]) -> float:
    """The minute of the first fault: as known beforehand, else as in the run that is shown, else StartEx."""
    first = words.first_fault(scenario)
    if first is not None:
        return first
    return next((e.minute for e in events if e.kind == "fault" and e.state == "began"), 0.0)


def window(summary: Summary, scenario: Scenario, origin: float) -> tuple[float, float]:
    """The minutes the pictures of systems, departments and queues show: from a little before the fault until the end (or well after all is over)."""
    if not scenario.faults:
        return 0.0, summary.scenario.horizon
    ends = [end for m in summary.milestones if (end := _latest(m)) is not None]
    last = origin + max(ends, default=0.0)
    return max(0.0, origin - 60.0), min(summary.scenario.horizon, max(last + 60.0, origin + 240.0))


ENDINGS = ("restored", "all_back", "returned", "cleared", "stood_down")
"""Events that end something: a run in which they do not come goes on to the end."""


def _latest(milestone: Milestone) -> float | None:
    """The minute by which an event has come in nine runs of ten; of one that need not come at all, in as many as that can be said of."""
    minute = milestone.minute
    if milestone.event in ENDINGS:
        return minute.p90
    known = (words.certain(minute, name) for name in ("p90", "p50", "p10"))
    return next((m for m in known if m is not None), minute.least)


def objectives(summary: Summary, scenario: Scenario, language: str) -> dict[str, Any]:
    """The objectives with what they ask in words, and the rules of the ratings, each once."""
    planned = {o.id: o for o in scenario.objectives}
    rows = [
        {"part": o, "asks": _asks(planned[o.id], scenario, language) if o.id in planned else o.rule}
        for o in summary.objectives
    ]
    sorts = dict.fromkeys(planned[o.id].measure is None for o in summary.objectives if o.id in planned)
    return {"objectives": rows, "rules": [_rule(of_steps, language) for of_steps in sorts]}


def _asks(objective: Objective, scenario: Scenario, language: str) -> str:
    if objective.measure is not None:
        return words.measure(scenario, read_measure(objective.measure), language)
    return say("on time: {names}", language, names=words.step_list(scenario, objective.steps, language, most=8))


def _rule(of_steps: bool, language: str) -> str:
    """How ratings and points come about, in general words."""
    some, few = words.share(score_objectives.SOME, language), words.share(score_objectives.FEW, language)
    if of_steps:
        return say(
            "Steps on time: P when all that were called for are on time in the share of runs that is wanted; S in at least {some}; M when they are carried out, on time or late, in at least {some}; U otherwise. Points: a step on time earns its full weight, late half, missed none; steps not called for do not count.",
            language,
            some=some,
        )
    return say(
        "Figures: P when the claim holds in the share of runs that is wanted; S in at least {some}; M in at least {few}; U otherwise. Points: the share of runs in which it holds.",
        language,
        some=some,
        few=few,
    )


NOT_EVERY_RUN = ("ordered", "restored", "all_back", "returned", "cleared")
"""Events of which it is known in which runs something called for them: that they came in none of these is told."""


def milestones(summary: Summary, scenario: Scenario, origin: float, language: str) -> list[dict[str, Any]]:
    """The events of the response with their time of day."""
    rows = []
    restored = next((m.minute for m in summary.milestones if m.event == "restored"), None)
    for m in summary.milestones:
        if m.event in ("start", "failed") or not (
            m.reached.value or (m.event in NOT_EVERY_RUN and m.called_for and m.called_for.value)
        ):
            continue
        if m.event == "all_back" and m.minute == restored:
            continue  # nothing was away but what is in use
        usual = words.certain(m.minute)
        at = (
            words.clock(scenario.start_time, origin + usual, language)
            if usual is not None
            else say("not before the end", language)
        )
        rows.append(
            {
                "name": words.milestone(scenario, m.event, language),
                "reached": m.reached,
                "called": m.called_for,
                "minute": m.minute,
                "clock": at,
            }
        )
    return rows


def told(scenario: Scenario, events: Sequence[Event], origin: float, language: str) -> list[dict[str, Any]]:
    """The chapters of the story with clock times and the time since the fault; nothing where neither a fault nor a plan makes a story."""
    if not scenario.faults and not scenario.plan.steps:
        return []
    start = scenario.start_time
    return [
        {
            "name": chapter_name(c, scenario, language),
            "clock": words.clock(start, c.minute, language),
            "lines": [
                {"clock": words.clock(start, line.minute, language), "plus": since(line.minute - origin, language) if scenario.faults else "", "status": line.status, "kind": line.kind, "text": line.text, "detail": line.detail}
                for line in c.lines
            ],
        }
        for c in story.chapters(scenario, events, language)
        if c.lines
    ]  # fmt: skip


def chapter_name(chapter: story.Chapter, scenario: Scenario, language: str) -> str:
    """The event that a chapter begins with; one that did not last, with until when."""
    name = words.milestone(scenario, chapter.event, language)
    if chapter.lapsed is None:
        return name
    return say("{event}, but only until {clock}", language, event=name, clock=words.clock(scenario.start_time, chapter.lapsed, language))  # fmt: skip


def since(minutes: float, language: str) -> str:
    """Time since the fault, short: ``+1:20``, from the third day on ``+3 d 1:20``; nothing before it."""
    if minutes < 0:
        return ""
    whole = round(minutes)
    if whole >= 72 * 60:
        days, rest = divmod(whole, 24 * 60)
        return say("+{days} d {hours}", language, days=days, hours=f"{rest // 60}:{rest % 60:02d}")
    return f"+{whole // 60}:{whole % 60:02d}"


def sentence(pieces: Sequence[str], language: str) -> str:
    """Short pieces as one sentence."""
    return words.capital(say("; ", language).join(pieces)) + say(".", language) if pieces else ""


def keys(
    colours: dict[str, str], hatches: dict[str, str], names: dict[str, str], present: set[str], language: str
) -> list[dict[str, Any]]:
    """Legend entries for the states or modes that occur."""
    return [
        {"name": say(names[k], language), "colour": colours[k], "hatch": hatches.get(k)}
        for k in colours
        if k in present
    ]


def systems(summary: Summary, scenario: Scenario, language: str) -> dict[str, Any]:
    """The systems that were touched (all of them in a scenario without faults), and the names of the others."""
    touched = [s for s in summary.systems if (s.affected.value or 0.0) > 0 or not scenario.faults]
    rest = [words.words(s.title, language) for s in summary.systems if s not in touched]
    rows = [_system_row(s, language) for s in touched]
    return {
        "systems": rows,
        "any_slow": any((s.slow.p50 or 0.0) >= 1 for s in touched),
        "any_data": any(s.rpo is not None or s.data_lost.n for s in touched),
        "unaffected": words.listing(rest, language, most=30) if rest and touched else "",
    }


def _system_row(part: Any, language: str) -> dict[str, Any]:
    row = {name: getattr(part, name) for name in type(part).model_fields}
    done, failed = part.failover.get("done", 0.0), part.failover.get("failed", 0.0)
    pieces = []
    if done:
        pieces.append(say("switches to its standby in {share} of runs", language, share=words.share(done, language)))
    if failed:
        pieces.append(say("fails to switch in {share} of runs", language, share=words.share(failed, language)))
    return {**row, "failover_words": say("; ", language).join(pieces), "away_in": _away_in(part, language)}


def _away_in(part: Any, language: str) -> str:
    """In how many runs it was away, where it was only slow or read only in others; else nothing, since its outages are those of the runs that affected it."""
    affected = round((part.affected.value or 0.0) * part.affected.n)
    return words.share(part.away.n / part.affected.n, language) if 0 < part.away.n < affected else ""


def departments(summary: Summary, scenario: Scenario, language: str) -> dict[str, Any]:
    """The departments that were touched, and the names of the others."""
    touched = [d for d in summary.departments if (d.affected.value or 0.0) > 0]
    rest = [words.words(d.title, language) for d in summary.departments if d not in touched]
    return {
        "departments": touched,
        "unaffected_departments": words.listing(rest, language, most=20) if rest and touched else "",
    }


def paper(summary: Summary, scenario: Scenario, origin: float, language: str) -> dict[str, Any]:
    """Each department with paper: how much, and by when it was typed in."""

    def by(spread: Spread, name: str) -> str:
        value = words.certain(spread, name)
        if value is None:
            return say("not before the end", language) if spread.censored else words.MISSING
        return words.clock(scenario.start_time, origin + value, language)

    rows = [
        {"part": d, "usual": by(d.cleared_at, "p50"), "late": by(d.cleared_at, "p90")}
        for d in summary.departments
        if d.items.most
    ]
    return {"paper_departments": rows, "paper_lead": sentence(findings.data(summary, scenario, language), language)}


def after(summary: Summary, scenario: Scenario, language: str) -> dict[str, Any]:
    """How the hospital works once the systems are back; departments that were touched."""
    touched = {d.id for d in summary.departments if (d.affected.value or 0.0) > 0}
    rows: list[dict[str, Any]] = [
        {"part": r, "name": words.words(r.title, language) or say("The hospital as a whole", language), "trace": f"summary.json: recovery[{n}]"}
        for n, r in enumerate(summary.recovery)
        if r.id not in scenario.hospital.departments or r.id in touched
    ]  # fmt: skip
    hours = words.duration(60 * recovery.HOURS, language)
    return {
        "after": rows,
        "after_restored": rows[0]["part"].restored if rows else None,
        "after_hours": hours,
        "after_lasting": words.duration(recovery.LASTING, language),
    }


def activities(summary: Summary, scenario: Scenario, most: int = 12) -> dict[str, Any]:
    """The activities with most to tell (those that wait longest more than without the fault, else all), and the others."""
    asked = [a for a in summary.activities if a.asked.value]
    if not scenario.faults or len(asked) <= most:
        return {"activities": asked, "more_activities": []}
    first = sorted(asked, key=lambda a: -((a.difference.value if a.difference else a.wait.value) or 0.0))[:most]
    chosen = {a.id for a in first}
    return {
        "activities": [a for a in asked if a.id in chosen],
        "more_activities": [a for a in asked if a.id not in chosen],
    }


def people(summary: Summary, loaded: Sequence[str], most_loaded: Sequence[str]) -> dict[str, Any]:
    """The roles that the response asks most of, and the others it asks something of; most minutes first."""
    by_id = {p.id: p for p in summary.people}
    return {
        "people": [by_id[i] for i in most_loaded],
        "more_people": [by_id[i] for i in loaded if i not in most_loaded],
    }


def resources(summary: Summary, scenario: Scenario, most: int = 12) -> dict[str, Any]:
    """The resources whose work changes most against the day without the fault (all in a small model), and the others."""
    found = [r for r in summary.resources if r.utilisation.value is not None]
    if not scenario.faults or len(found) <= most:
        return {"resources": found, "more_resources": []}

    def change(r: ResourcePart) -> float:
        return abs((r.utilisation.value or 0.0) - (r.utilisation_base.value or 0.0 if r.utilisation_base else 0.0))

    chosen = {r.id for r in sorted(found, key=change, reverse=True)[:most]}
    return {
        "resources": [r for r in found if r.id in chosen],
        "more_resources": [r for r in found if r.id not in chosen],
    }


def classes(summary: Summary, scenario: Scenario, language: str) -> list[dict[str, Any]]:
    """Waits, times and losses by class of patient."""
    rows = []
    for p in summary.pathways:
        known = scenario.hospital.pathways.get(p.id)
        for name, figures in p.classes.items():
            title = (
                known.classes[name].title.in_language(language)
                if known and name in known.classes
                else words.plain_id(name)
            )
            rows.append(
                {
                    "pathway": words.words(p.title, language),
                    "name": title,
                    "wait": figures.get("wait"),
                    "minutes": figures.get("minutes"),
                    "left": figures.get("left"),
                }
            )
    return rows


def load_keys(summary: Summary, language: str) -> list[dict[str, Any]]:
    """Legend of the picture of people, only what occurs."""
    return [
        {"name": say(name, language), "colour": colour, "hatch": hatch}
        for field, name, colour, hatch in plots.LOAD_PARTS
        if any((getattr(p, field).value or 0.0) > 0 for p in summary.people)
    ]
