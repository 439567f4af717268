"""The injects of a film: what is delivered, what is asked, what the plan says to it with its clause, and what happened in this run."""

from __future__ import annotations

from drillsim.model.plan import Step
from drillsim.model.scenario import Inject, Scenario
from drillsim.playback.shape import PlanStep, Question, Words
from drillsim.playback.words import Titles, both, duration, of
from drillsim.score.view import View
from drillsim.texts import say

JUST_NOW = 0.5  # minutes before a question within which a step has "just been done"


def questions(scenario: Scenario, view: View, titles: Titles, steps: list[PlanStep]) -> list[Question]:
    """Every inject that was delivered, in order of time."""
    delivered = [
        e for e in view.by_kind.get("inject", ()) if e.state == "delivered" and 0 <= e.minute <= view.log.horizon
    ]
    injects = {inject.id: inject for inject in scenario.injects}
    return [_question(scenario, titles, injects[e.subject], e.minute, steps) for e in delivered if e.subject in injects]


def _question(scenario: Scenario, titles: Titles, inject: Inject, minute: float, steps: list[PlanStep]) -> Question:
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
        "happened": _happened(inject, minute, steps),
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
    if not source.get("document"):
        return None
    document: Words = {"en": source["document"], "zh": say(source["document"], "zh")}
    clause = source.get("clause")
    return both("{document}, clause {clause}", document=document, clause=clause) if clause else document


def _happened(inject: Inject, minute: float, steps: list[PlanStep]) -> list[Words]:
    """What became in this run of the step the inject expects, and of those it is about; nothing when it names none."""
    found = {step["id"]: step for step in steps}
    lines = _outcome(found[inject.expects.step], minute, inject.expects.within) if inject.expects else []
    for name in dict.fromkeys(inject.about):
        if inject.expects is None or name != inject.expects.step:
            lines += _became(found[name], minute)
    return lines


def _became(step: PlanStep, minute: float) -> list[Words]:
    """What became of a step, seen from a minute: done before, done after it by the plan's deadline, at work by then, or never done."""
    before = [turn for turn in step["turns"] if turn[0] <= minute]
    done = next((turn for turn in step["turns"] if turn[0] > minute and turn[1] == "done"), None)
    earlier = [turn[0] for turn in before if turn[1] == "done"]
    if earlier and (done is None or before[-1][1] == "done"):
        return [_done_before(step, minute - earlier[-1])]
    at_work = minute - before[-1][0] if before and before[-1][1] == "working" else 0.0
    begun = [both("By then it had been worked on for {duration}", duration=duration(at_work))] if at_work > 0 else []
    if done is None:
        return [_not_done(step, minute), *begun]
    return [_done_after(step, done[0] - minute, done[3]), *begun, *_waits(step, minute, done[0])]


def _done_before(step: PlanStep, length: float) -> Words:
    if length < JUST_NOW:
        return both("“{step}” had just been done", step=step["title"])
    return both("“{step}” had been done {duration} before", step=step["title"], duration=duration(length))


def _done_after(step: PlanStep, length: float, late: float) -> Words:
    """How long after the question a step was done, and whether that was by the plan's deadline, if one ran."""
    title, after = step["title"], duration(length)
    if step["due"] is None or step["due"]["at"] is None:
        return both("“{step}” was done {duration} after this", step=title, duration=after)
    return both(
        "“{step}” was done {duration} after this: {verdict}", step=title, duration=after, verdict=_verdict(late)
    )


def _verdict(late: float) -> Words:
    return both("in time") if late <= 1e-9 else both("{late} too late", late=duration(late))


def _outcome(step: PlanStep, minute: float, allowed: float) -> list[Words]:
    title = step["title"]
    done = [turn[0] for turn in step["turns"] if turn[1] == "done"]
    if not done:
        return [_not_done(step, minute)]
    if done[-1] <= minute:
        return [_done_before(step, minute - done[-1])]
    taken = done[-1] - minute
    return [
        both(
            "“{step}” was done {duration} after this: {verdict}",
            step=title,
            duration=duration(taken),
            verdict=_verdict(taken - allowed),
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
