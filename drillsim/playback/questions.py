"""The injects of a film: what is delivered, what is asked, what the plan says to it with its clause, and what happened in this run."""

from __future__ import annotations

from drillsim.model.plan import Step
from drillsim.model.scenario import Inject, Scenario
from drillsim.playback.shape import Entry, PlanStep, Question, Words
from drillsim.playback.words import Titles, both, duration, of
from drillsim.score.view import View
from drillsim.texts import say

NEXT_MINUTES = 30.0  # how far ahead the answer tells what happened, for injects that expect no step
LATER_MINUTES = 2880.0  # how far it looks for the next thing where nothing happens in that time
BESIDE = (
    "kit",
    "system",
    "system_up",
)  # and what is not such a thing: forms that run out, systems that are slow for a while
NEXT_LINES = 4


def questions(
    scenario: Scenario, view: View, titles: Titles, steps: list[PlanStep], entries: list[Entry]
) -> list[Question]:
    """Every inject that was delivered, in order of time."""
    delivered = [
        e for e in view.by_kind.get("inject", ()) if e.state == "delivered" and 0 <= e.minute <= view.log.horizon
    ]
    injects = {inject.id: inject for inject in scenario.injects}
    return [
        _question(scenario, titles, injects[e.subject], e.minute, steps, entries)
        for e in delivered
        if e.subject in injects
    ]


def _question(
    scenario: Scenario, titles: Titles, inject: Inject, minute: float, steps: list[PlanStep], entries: list[Entry]
) -> Question:
    step = scenario.plan.step(inject.expects.step) if inject.expects else None
    minute = round(minute, 4)  # as in the story
    return {
        "id": inject.id,
        "minute": minute,
        "title": of(inject.title) if inject.title else None,
        "to": both("everybody") if inject.to == "all" else titles(inject.to),
        "channel": titles(inject.channel) if inject.channel else None,
        "text": of(inject.text),
        "question": of(inject.question) if inject.question else None,
        "answer": of(inject.answer) if inject.answer else None,
        "plan": _plan(scenario, titles, inject, step),
        "happened": _happened(inject, minute, steps, entries),
    }


def _plan(scenario: Scenario, titles: Titles, inject: Inject, step: Step | None) -> list[Words]:
    """The lines of the plan that answer the inject: the step it expects with owner, deadline and clause, or the source of the inject."""
    if step is None:
        clause = _clause(inject.source)
        return [clause] if clause else []
    lines = [both("“{step}”: {owner}", step=titles.step(step.id), owner=titles(step.owner))]
    if step.within is not None:
        lines.append(titles.deadline(step.within))
    if inject.expects is not None:
        lines.append(
            both("The exercise expects it within {duration} of this inject", duration=duration(inject.expects.within))
        )
    clause = _clause(step.source)
    if clause:
        lines.append(clause)
    elif scenario.plan.version:
        lines.append(both("{plan} ({version})", plan=of(scenario.plan.title), version=scenario.plan.version))
    return lines


def _clause(source: dict[str, str]) -> Words | None:
    document, clause = source.get("document"), source.get("clause")
    if not document:
        return None
    return (
        both("{document}, clause {clause}", document=document, clause=clause)
        if clause
        else {"en": document, "zh": document}
    )


def _happened(inject: Inject, minute: float, steps: list[PlanStep], entries: list[Entry]) -> list[Words]:
    """What became of the expected step in this run; without one, the next lines of the story: those of half an hour, or the first two after it."""
    if inject.expects is None:
        told = [e for e in entries if e["level"] <= 2 and e["kind"] != "inject"]  # the next question is not given away
        soon = [e for e in told if minute < e["minute"] <= minute + NEXT_MINUTES][:NEXT_LINES]
        after = [e for e in told if minute < e["minute"] <= minute + LATER_MINUTES and e["kind"] not in BESIDE]
        lines = [
            both("{duration} later: {what}", duration=duration(e["minute"] - minute), what=e["text"])
            for e in soon or after[:2]
        ]
        return lines or [both("Nothing happened in the next {duration}", duration=duration(LATER_MINUTES))]
    step = next(s for s in steps if s["id"] == inject.expects.step)
    return _outcome(step, minute, inject.expects.within)


def _outcome(step: PlanStep, minute: float, allowed: float) -> list[Words]:
    title = step["title"]
    done = [turn[0] for turn in step["turns"] if turn[1] == "done"]
    if not done:
        return [_not_done(step, minute)]
    if done[-1] <= minute:
        return [both("“{step}” had been done {duration} before", step=title, duration=duration(minute - done[-1]))]
    taken = done[-1] - minute
    late = taken - allowed
    return [
        both(
            "“{step}” was done {duration} after this: {verdict}",
            step=title,
            duration=duration(taken),
            verdict=both("in time") if late <= 1e-9 else both("{late} too late", late=duration(late)),
        ),
        *_waits(step, minute, done[-1]),
    ]


def _not_done(step: PlanStep, minute: float) -> Words:
    """Why an expected step was never done: not needed, failed, never begun, or still going on at the end."""
    title = step["title"]
    begun = any(turn[1] not in ("dormant", "after", "hours") for turn in step["turns"])
    if not step["turns"] or (step["outcome"] == "not_reached" and not begun):
        return both("“{step}” was never called for in this run", step=title)
    last, state = step["turns"][-1][:2]
    if state == "not_applicable":
        if last <= minute:
            return both(
                "“{step}” was not needed: that was settled {duration} before",
                step=title,
                duration=duration(minute - last),
            )
        return both(
            "“{step}” was not needed: that was settled {duration} after this",
            step=title,
            duration=duration(last - minute),
        )
    if state == "failed":
        return both("“{step}” failed", step=title)
    return both("“{step}” was not done before the end", step=title)


def _waits(step: PlanStep, start: float, end: float) -> list[Words]:
    """What it waited for most between two minutes."""
    found: dict[str, tuple[float, Words]] = {}
    for turn, after in zip(step["turns"], [*step["turns"][1:], [end]], strict=True):
        length = min(after[0], end) - max(turn[0], start)
        if turn[2] is not None and length > 0:
            total, words = found.get(turn[2]["en"], (0.0, turn[2]))
            found[turn[2]["en"]] = (total + length, words)
    if not found:
        return []
    length, words = max(found.values(), key=lambda pair: pair[0])
    return [both("It waited {duration} for {cause}", duration=duration(length), cause=words)]


BULLET = "▪\u00a0"  # stays with the word that follows


def spoken(inject: Question, language: str, *, revealed: bool) -> list[str]:
    """What is put before the room, line by line: the question, and once ``revealed`` the plan and what happened."""
    lines = [inject["question"][language]] if inject["question"] else []
    if not revealed:
        return lines
    colon = "：" if language == "zh" else ":"
    plan = [*([inject["answer"]] if inject["answer"] else []), *inject["plan"]]
    if plan:
        lines += [say("What the plan says", language) + colon, *(f"{BULLET}{line[language]}" for line in plan)]
    happened = [f"{BULLET}{line[language]}" for line in inject["happened"]]
    return [*lines, *([say("What happened in this run", language) + colon] if happened else []), *happened]
