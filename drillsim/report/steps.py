"""What the page shows of each step: its row, its times as marks, where its minutes went; and what the plan waits for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from drillsim.model.scenario import Scenario
from drillsim.report import findings, hours, look, names, sources, words
from drillsim.score.summary import Summary
from drillsim.score.summary_plan import Cause, StepPart
from drillsim.texts import say

GROUP_TITLES = ("Late more often than the plan can bear", "On time often enough", "Done, without a deadline that ran")

STATUS_WORDS = {"none": "no deadline ran", "on_time": "on time often enough", "late": "late too often"}


def step_groups(summary: Summary, scenario: Scenario, language: str) -> list[dict[str, Any]]:
    """Steps under headings: late too often, on time often enough, without a deadline that ran."""
    groups = (
        ("Late more often than the plan can bear", findings.failing(summary)),
        ("On time often enough", findings.holding(summary)),
        ("Done, without a deadline that ran", findings.without_deadline(summary)),
    )
    return [
        {
            "title": say(title, language),
            "late": title == GROUP_TITLES[0],
            "steps": [step_row(s, scenario, language) for s in steps],
        }
        for title, steps in groups
        if steps
    ]


def step_row(step: StepPart, scenario: Scenario, language: str) -> dict[str, Any]:
    """One step with all that its row and its details show."""
    planned = next((s for s in scenario.plan.steps if s.id == step.id), None)
    status = "none" if step.holds is None else "on_time" if step.holds else "late"
    when_late = bool(step.parts_when_late) and sum(step.parts_when_late.values()) > 0
    waiting = words.held_up_by(scenario, step, language)
    return {
        "step": step,
        "status": status,
        "sign": {"none": "·", "on_time": words.SIGNS["on_time"], "late": words.SIGNS["late"]}[status],
        "status_words": say(
            {"none": "no deadline ran", "on_time": "on time often enough", "late": "late too often"}[status], language
        ),
        "owner": words.title_of(scenario, step.owner, language, "role"),
        "deadline": words.deadline(scenario, planned.within if planned else None, language),
        "waiting": waiting,
        "dots": dots(step, language),
        "parts": parts_of(step.parts_when_late if when_late else step.parts, language),
        "parts_title": say("Where the minutes went when it was late", language)
        if when_late
        else say("Where the minutes went", language),
        "notes": _notes(step, scenario, language),
    }


def parts_of(parts: dict[str, float], language: str) -> list[dict[str, Any]]:
    """The parts of a step's time with share, colour and words, in the order of the stacked bar."""
    total = sum(parts.values())
    if total <= 0:
        return []
    ordered = sorted(
        (p for p in parts if parts[p] > 0), key=lambda p: look.PART_ORDER.index(p) if p in look.PART_ORDER else 99
    )
    return [
        {"name": words.part(p, language), "minutes": parts[p], "share": parts[p] / total, "colour": look.PART_COLOURS.get(p, look.NONE), "hatch": look.PART_HATCHES.get(p)}
        for p in ordered
    ]  # fmt: skip


def _notes(step: StepPart, scenario: Scenario, language: str) -> list[str]:
    found = [
        text
        for text in (_given_up(step, language), _not_due(step, language), _by_rule(step, scenario, language))
        if text
    ]
    shares = [
        f"{say(names.OUTCOMES[name], language)} {words.share(value, language)}"
        for name, value in step.outcomes.items()
        if value > 0 and name in names.OUTCOMES
    ]
    if shares:
        found.append(say("Of all runs: {shares}", language, shares=say("; ", language).join(shares)))
    if step.late_runs:
        found.append(
            say("Latest in run {runs}", language, runs=say(", ", language).join(str(r) for r in step.late_runs))
        )
    if step.attempts.value is not None and step.attempts.value >= 1.05:
        found.append(say("Tries a run, on average: {n}", language, n=words.figure(step.attempts.value)))
    if step.source:
        found.append(say("Source: {source}", language, source=sources.document(step.source, language)))
    return found


def _given_up(step: StepPart, language: str) -> str:
    if not step.given_up:
        return ""
    share = words.share(step.given_up, language)
    return say("Given up without success in {share} of runs; it then counts as not done, and as late until the end at least", language, share=share)  # fmt: skip


def _not_due(step: StepPart, language: str) -> str:
    """Of runs that ended before the deadline with the step not done: what they could make of the share on time, which leaves them out."""
    left_out, judged = (
        step.outcomes.get("open", 0.0),
        sum(step.outcomes.get(name, 0.0) for name in ("on_time", "late", "missed")),
    )
    if not left_out or not judged:
        return ""
    least = step.outcomes.get("on_time", 0.0) / (judged + left_out)
    return say(
        "Neither done nor due when the exercise ends in {share} of runs: they are left out; had all of them come late, it would be on time in {least}",
        language,
        share=words.share(left_out, language),
        least=words.share(least, language),
    )


def _by_rule(step: StepPart, scenario: Scenario, language: str) -> str:
    """What a step waited for by rule: the criterion of a report to an outside body, or the hours in which it is done."""
    minutes = step.parts.get("rule", 0.0)
    planned = next((s for s in scenario.plan.steps if s.id == step.id), None)
    if minutes < 0.5 or planned is None:
        return ""
    if planned.during:
        return say(
            "By rule it is done in its hours only ({hours}): {duration} a run of waiting that no change of the response can save",
            language,
            hours=hours.told(scenario.hospital, planned.during, language),
            duration=words.duration(minutes, language),
        )
    if planned.when is None:
        return ""
    return say(
        "By rule it begins only once {condition}: {duration} a run of waiting that no change of the response can save",
        language,
        condition=words.condition(scenario, planned.when, language),
        duration=words.duration(minutes, language),
    )


def dots(step: StepPart, language: str) -> dict[str, Any] | None:
    """Twenty equally likely times as marks along an axis of 400 units, stacked where they would cover each other, with the deadline."""
    values = [v for v in step.dots if v is not None]
    if not values:
        return None
    top = max([*values, step.allowed or 0.0, 1e-9]) * 1.06
    level: list[float] = []
    marks = []
    for value in values:
        x = round(value / top * 400, 1)
        row = next((n for n, taken in enumerate(level) if x - taken >= 7.0), len(level) if len(level) < 3 else 0)
        if row == len(level):
            level.append(x)
        level[row] = x
        marks.append({"x": x, "y": 22 - 7.6 * row, "late": step.allowed is not None and value > step.allowed})
    ticks = [{"x": 0, "text": words.duration(0.0, language), "anchor": "start"}]
    if step.allowed is not None:
        place = round(step.allowed / top * 400, 1)
        anchor = "end" if place > 360 else "middle" if place > 40 else "start"
        ticks = [t for t in ticks if place > 70] + [
            {"x": place, "text": words.duration(step.allowed, language), "anchor": anchor}
        ]
    if step.allowed is None or step.allowed / top < 0.8:
        ticks.append({"x": 400, "text": words.duration(top, language), "anchor": "end"})
    undone = len(step.dots) - len(values)
    said = (
        say("{n} of 20 runs on time", language, n=sum(not m["late"] for m in marks))
        if step.allowed is not None
        else words.spread(step.taken, language)
    )
    return {
        "marks": marks,
        "ticks": ticks,
        "limit": round(step.allowed / top * 400, 1) if step.allowed is not None else None,
        "words": said,
        "undone": undone,
    }


def causes(of: Sequence[Cause], scenario: Scenario, language: str, most: int = 12) -> list[dict[str, Any]]:
    """Causes with at least a minute a run, most first."""
    found = [c for c in of if c.minutes >= 0.95][:most]
    top = max((c.minutes for c in found), default=1.0)
    return [
        {
            "name": words.capital(findings.cause_words(c, scenario, language)), "minutes": c.minutes, "share": c.minutes / top,
            "colour": look.PART_COLOURS.get(c.part, look.NONE), "hatch": look.PART_HATCHES.get(c.part),
            "steps": words.step_list(scenario, c.steps, language, most=4),
            "runs": words.few(c.runs, language),
        }
        for c in found
    ]  # fmt: skip
