"""The injects of a film: what is delivered, what is asked, what the plan says to it with its clause, and what happened in this run."""

from __future__ import annotations

from drillsim.model.hours import joined
from drillsim.model.plan import Step
from drillsim.model.scenario import Inject, Scenario
from drillsim.playback.frame import due_at
from drillsim.playback.shape import PlanStep, Question, Turn, Words
from drillsim.playback.words import Titles, both, duration, elapsed, minutes_shown, of
from drillsim.score.view import View
from drillsim.texts import say

JUST_NOW = 0.5  # minutes before a question within which a step has "just been done"
WORTH_TELLING = 1.0  # minutes it must have waited for the wait to be told
AT_REST = (
    "dormant",
    "after",
    "done",
    "not_applicable",
    "failed",
)  # states in which nothing goes on that another step waits for
NOT_NEEDED = (
    "“{step}” was not needed: that was settled {duration} before",
    "“{step}” was not needed: that was settled {duration} after this",
)
FAILED = ("“{step}” had failed {duration} before", "“{step}” failed {duration} after this")
GIVEN_UP = (
    "“{step}” had been given up {duration} before, after {n} tries",
    "“{step}” was given up {duration} after this, after {n} tries",
)
CALLED_OFF = ("“{step}” had been called off {duration} before", "“{step}” was called off {duration} after this")


def questions(scenario: Scenario, view: View, titles: Titles, steps: list[PlanStep]) -> list[Question]:
    """Every inject that was delivered, in order of time."""
    delivered = [
        e for e in view.by_kind.get("inject", ()) if e.state == "delivered" and 0 <= e.minute <= view.log.horizon
    ]
    injects = {inject.id: inject for inject in scenario.injects}
    return [_question(view, titles, injects[e.subject], e.minute, steps) for e in delivered if e.subject in injects]


def _question(view: View, titles: Titles, inject: Inject, minute: float, steps: list[PlanStep]) -> Question:
    scenario = view.scenario
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
        "happened": _happened(view, inject, minute, steps),
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


def _happened(view: View, inject: Inject, minute: float, steps: list[PlanStep]) -> list[Words]:
    """What became in this run of the step the inject expects, and of those it is about; nothing when it names none."""
    found = {step["id"]: step for step in steps}
    expects = inject.expects
    names = dict.fromkeys([*([expects.step] if expects else []), *inject.about])
    return [
        line
        for name in names
        for line in _became(view, found, name, minute, expects.within if expects and name == expects.step else None)
    ]


def _became(view: View, found: dict[str, PlanStep], name: str, minute: float, allowed: float | None) -> list[Words]:
    """What became of a step, seen from a minute: done before, done after it (by the plan's deadline? within the minutes the exercise allows?),
    at work by then, or never done."""
    step = found[name]
    before = [turn for turn in step["turns"] if turn[0] <= minute]
    done = next((turn for turn in step["turns"] if turn[0] > minute and turn[1] == "done"), None)
    earlier = [turn[0] for turn in before if turn[1] == "done"]
    if earlier and (done is None or before[-1][1] == "done"):
        return [_done_before(step, earlier[-1], minute)]
    begun = []
    if before and before[-1][1] == "working" and before[-1][0] < minute:
        begun = [both("By then it had been worked on for {duration}", duration=elapsed(before[-1][0], minute))]
    if done is None:
        return [_not_done(view, step, minute), *(begun or _worked(step, minute))]
    return [_done_after(step, minute, done, allowed), *begun, *_waits(view, found, name, minute, done[0])]


def _done_before(step: PlanStep, done: float, minute: float) -> Words:
    if minute - done < JUST_NOW:
        return both("“{step}” had just been done", step=step["title"])
    return both("“{step}” had been done {duration} before", step=step["title"], duration=elapsed(done, minute))


def _done_after(step: PlanStep, minute: float, done: Turn, allowed: float | None) -> Words:
    """How long after the question a step was done, whether that was by the plan's deadline, if one ran, and within what the exercise expects."""
    title, after = step["title"], elapsed(minute, done[0])
    verdicts = [*_by_the_plan(step, done), *([] if allowed is None else [_as_expected(minute + allowed, done[0])])]
    if not verdicts:
        return both("“{step}” was done {duration} after this", step=title, duration=after)
    verdict = verdicts[0] if len(verdicts) == 1 else both("{one}; {other}", one=verdicts[0], other=verdicts[1])
    return both("“{step}” was done {duration} after this ({verdict})", step=title, duration=after, verdict=verdict)


def _by_the_plan(step: PlanStep, done: Turn) -> list[Words]:
    limit = due_at(step, done[0])
    if limit is None:
        return []
    return [
        both("by the plan: {late} late", late=elapsed(limit, done[0])) if done[3] > 0 else both("by the plan: in time")
    ]


def _as_expected(limit: float, done: float) -> Words:
    if done <= limit + 1e-9:
        return both("within what the exercise expects")
    return both("{late} later than the exercise expects", late=elapsed(limit, done))


def _not_done(view: View, step: PlanStep, minute: float) -> Words:
    """Why an expected step was never done: not needed, failed, never begun, or still going on at the end."""
    title = step["title"]
    begun = any(turn[1] not in ("dormant", "after", "hours") for turn in step["turns"])
    if not step["turns"] or (step["outcome"] == "not_reached" and not begun):
        return both("“{step}” was never called for in this run", step=title)
    last, state = step["turns"][-1][:2]
    if state == "not_applicable":
        return _apart(last, minute, title, NOT_NEEDED)
    if state == "failed":
        row = next(e for e in reversed(view.events("step", step["id"])) if e.state == "failed")
        tries = 1 if row.value != row.value else round(row.value)
        return _apart(last, minute, title, CALLED_OFF if row.cause else GIVEN_UP if tries > 1 else FAILED, n=tries)
    return both("“{step}” was not done before the end", step=title)


def _worked(step: PlanStep, minute: float) -> list[Words]:
    """How long a step that failed had been worked on, when that began after the question."""
    if len(step["turns"]) < 2 or step["turns"][-1][1] != "failed" or step["turns"][-2][1] != "working":
        return []
    begun, failed = step["turns"][-2][0], step["turns"][-1][0]
    return [both("It had been worked on for {duration}", duration=elapsed(begun, failed))] if begun >= minute else []


def _apart(last: float, minute: float, title: Words, said: tuple[str, str], **values: object) -> Words:
    """A sentence with the time between the question and what ended a step, before it or after."""
    before, after = said
    length = elapsed(min(last, minute), max(last, minute))
    return both(before if last <= minute else after, step=title, duration=length, **values)


def _waits(view: View, found: dict[str, PlanStep], name: str, start: float, end: float) -> list[Words]:
    """What it waited for most between two minutes; for an earlier step only while that, or what that comes after, was under way."""
    step = found[name]
    waited: dict[str, tuple[int, float, Words]] = {}
    for turn, after in zip(step["turns"], [*step["turns"][1:], [end]], strict=True):
        begin, over = max(turn[0], start), min(after[0], end)
        if turn[2] is None or over <= begin:
            continue
        pieces = [(begin, over)] if turn[1] != "after" else _under_way(view, found, name, begin, over)
        shown, exact, words = waited.get(turn[2]["en"], (0, 0.0, turn[2]))
        shown += sum(minutes_shown(a, b) for a, b in pieces)
        waited[turn[2]["en"]] = (shown, exact + sum(b - a for a, b in pieces), words)
    shown, exact, words = max(waited.values(), key=lambda one: one[1], default=(0, 0.0, {}))
    if exact < WORTH_TELLING:
        return []
    return [both("It waited {duration} for {cause}", duration=duration(shown or exact), cause=words)]


def _under_way(
    view: View, found: dict[str, PlanStep], name: str, begin: float, over: float
) -> list[tuple[float, float]]:
    """When between two minutes any of the steps before a step, near or far, had been called for and was not over."""
    earlier, left = set[str](), list(view.scenario.plan.step(name).after)
    while left:
        one = left.pop()
        if one not in earlier:
            earlier.add(one)
            left += view.scenario.plan.step(one).after
    return joined(
        (max(turn[0], begin), min(after[0], over))
        for one in earlier
        for turn, after in zip(found[one]["turns"], [*found[one]["turns"][1:], [over]], strict=True)
        if turn[1] not in AT_REST and max(turn[0], begin) < min(after[0], over)
    )


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
