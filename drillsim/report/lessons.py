"""What the runs taught, in words: areas for improvement with their corrective action, owner and evidence, and what went well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from drillsim.log.rows import Event
from drillsim.model.scenario import Scenario
from drillsim.report import evidence, words
from drillsim.score.lessons import told_with
from drillsim.score.summary import Summary
from drillsim.score.summary_plan import LessonPart
from drillsim.texts import say

MOST = 12  # areas for improvement that are shown at once
MOST_ROWS = 30  # rows of the log shown as the evidence of one line
WORTH = 0.05  # share of runs below which a lesson is told only when asked for
SURELY = 0.9  # share of runs from which on a strength counts as one
BEST = ("median", "worst", "first")  # which of the shown runs stands for a lesson, the first that teaches it

TOGETHER = {
    "on_time": "On time in at least {share} of runs: {names}.",
    "restored_in_time": "Back within their RTO in at least {share} of runs: {names}.",
}
"""Strengths that many things share are told in one sentence."""

GATHERED = {
    "restored_late": ("Away longer than their RTO: {names}.", "See what their return waited for, or whether these RTOs can be kept at all."),
    "forms_ran_out": ("Ran out of downtime forms: {names}.", "Keep more forms there, or bring them sooner."),
    "call_missed": ("Called, and did not answer: {names}.", "Check their numbers, and name the next one to call."),
    "not_reached": ("Could not be reached: {names}.", "Bring these contacts up to date, and give them a second channel."),
}  # fmt: skip
"""Areas for improvement that many things share: one line for all of them, with the share of runs of each, and one corrective action."""

ABOUT = {
    "restored_in_time": "component", "failed_over": "component", "restored_late": "component", "data_lost": "component",
    "not_back": "component", "copies_useless": "component", "exposed": "component", "overheard": "component", "forms_ran_out": "department", "call_missed": "staff", "not_reached": "department",
    "seen_by_monitoring": "fault", "seen_late": "fault", "relapsed": "fault", "verified": "fault", "imperfect": "fault",
}  # fmt: skip
"""Rule → the kind of thing that it speaks of; the others speak of steps."""

OTHERS = {"failed_over": "component", "judged_wrong": "component", "late_person": "role", "late_off_shift": "role", "late_on_the_way": "role", "late_thing": "component", "late_system": "component", "late_not_back": "component", "late_decision": "step", "late_predecessor": "step"}  # fmt: skip
"""Rule → the kind of thing that it names beside."""

ALIKE: dict[str, tuple[str, ...]] = {
    "late_on_the_way": ("Late because they waited for {other} to arrive: {names}.",),
    "late_person": ("Late because they waited for {other}, busy with other work: {names}.",),
    "late_off_shift": ("Late because nobody of {other} was on duty: {names}.",),
    "late_thing": ("Late for want of a spare of {other}: {names}.",),
    "late_system": ("Late because they waited for {other}: {names}.", "Find a way that does not need {other}."),
    "late_not_back": ("Late because {other} was not back yet: {names}.",),
    "late_decision": ("Late because they waited for a decision, {other}: {names}.",),
    "late_predecessor": ("Late because of {other} before them: {names}.", "Shorten {other}, or see whether these steps must wait for it."),
}  # fmt: skip
"""The same of late steps that one person, thing or step held up; without an action of its own it is the rule's."""

WRONGLY = ("“{about}” came to a wrong cause: {names}.", "Write down the signs that tell these from the true cause, and practise them.")  # fmt: skip
"""The same of the wrong judgements of one step."""

UNSEEN = ("“{about}” was not noticed by monitoring, but by: {names}.", "See why monitoring did not notice “{about}”, and make it easy for them to report it.")  # fmt: skip
"""The same of who noticed one fault before monitoring did."""

COLUMNS = ["kind", "what", "owner", "share", "low", "high", "minutes", "action", "rule", "about", "other", "first_runs"]


class Shown(NamedTuple):
    """A lesson as the page shows it: its part of the summary (of several together the most frequent one), and its words.

    ``rows`` are (clock, words) of the run ``name`` (number ``run``), ``trace`` where its figures stand.
    """

    part: LessonPart
    what: str
    action: str
    owner: str
    name: str
    run: int | None
    rows: list[tuple[str, str]]
    trace: str


def sentence(template: str, part: LessonPart, scenario: Scenario, language: str) -> str:
    """The sentence of a lesson, or its corrective action, with titles and minutes in it."""
    return say(template, language, **_filled(part, scenario, language))


def _filled(part: LessonPart, scenario: Scenario, language: str) -> dict[str, str]:
    fault = next((f for f in scenario.faults if f.id == part.about and f.title is None), None)
    about = (
        words.selector(scenario, fault.target, language)
        if fault
        else words.title_of(scenario, part.about, language, ABOUT.get(part.rule, "step"))
    )
    noticed = part.rule in ("seen_late", "seen_by_monitoring")
    other = (
        words.noticed_by(part.other, language)
        if noticed
        else words.cause_of(scenario, part.other, language, OTHERS.get(part.rule, ""))
    )
    return {"about": about, "other": other, "minutes": words.usual(part.minutes, language)}


def rows(summary: Summary, scenario: Scenario, language: str) -> list[tuple[Any, ...]]:
    """Every lesson as a row of COLUMNS."""
    return [
        (
            part.kind,
            sentence(part.sentence, part, scenario, language),
            words.title_of(scenario, part.owner, language, "role"),
            part.share.value,
            part.share.low,
            part.share.high,
            part.minutes.p50,
            sentence(part.action, part, scenario, language) if part.action else "",
            part.rule,
            part.about,
            part.other,
            ", ".join(map(str, part.runs)),
        )
        for part in summary.lessons
    ]


def section(summary: Summary, scenario: Scenario, runs: Mapping[str, Sequence[Event]], language: str) -> dict[str, Any]:
    """What the page tells: ``improvements`` (the most frequent), ``more_improvements``, and ``strengths`` as sentences."""
    gathered: dict[tuple[str, ...], list[int]] = {}
    for number, part in enumerate(summary.lessons):
        if part.kind == "improvement":
            gathered.setdefault(told_with(part.rule, part.about, part.other), []).append(number)
    found = [_shown(numbers, summary, scenario, runs, language) for numbers in gathered.values()]
    found.sort(key=lambda one: -(one.part.share_together.value or 0.0))
    often = [one for one in found if (one.part.share_together.value or 0.0) >= WORTH][:MOST]
    return {
        "improvements": often,
        "more_improvements": [one for one in found if one not in often],
        "strengths": _strengths(summary, scenario, language),
    }


def _shown(
    numbers: list[int], summary: Summary, scenario: Scenario, runs: Mapping[str, Sequence[Event]], language: str
) -> Shown:
    parts = [summary.lessons[number] for number in numbers]
    first = parts[0]
    what, action = (sentence(text, first, scenario, language) for text in (first.sentence, first.action))
    if len(parts) > 1:
        what, action = _together(parts, scenario, language)
    name = next((n for n in BEST if n in runs and any(n in part.evidence for part in parts)), "")
    wanted = {row for part in parts for row in part.evidence.get(name, ())}
    told = [
        (words.clock(scenario.start_time, e.minute, language), evidence.told(scenario, e, language))
        for e in runs.get(name, ())
        if e.sequence in wanted
    ]
    owner = words.title_of(scenario, _owner(parts), language, "role")
    which = say(SHOWN_RUNS[name], language) if name else ""
    traces = ", ".join(str(number) for number in numbers)
    rows = shortened(told, language)
    return Shown(first, what, action, owner, which, summary.shown.get(name), rows, f"summary.json: lessons[{traces}]")


def shortened(rows: list[tuple[str, str]], language: str) -> list[tuple[str, str]]:
    """The rows that are shown of an evidence; of many those that say something new, of these the first, and how many more there are."""
    if len(rows) <= MOST_ROWS:
        return rows
    first: dict[str, tuple[str, str]] = {}
    for row in rows:
        first.setdefault(row[1], row)
    new = list(first.values())[: MOST_ROWS - 1]
    return [*new, ("…", say("{n} more rows like these.", language, n=len(rows) - len(new)))]


def _owner(parts: Sequence[LessonPart]) -> str:
    """Who should see to lessons told together: the owner of those that most runs teach, the first named when two are even."""
    shares: dict[str, float] = {}
    for part in parts:
        shares[part.owner] = shares.get(part.owner, 0.0) + (part.share.value or 0.0)
    return max(shares, key=lambda owner: shares[owner])


def _together(parts: Sequence[LessonPart], scenario: Scenario, language: str) -> tuple[str, str]:
    first = parts[0]
    template, *action = {**GATHERED, **ALIKE, "judged_wrong": WRONGLY, "seen_late": UNSEEN}[first.rule]
    names = [f"{_named(part, scenario, language)} {words.share(part.share.value, language)}" for part in parts]
    filled = _filled(first, scenario, language) | {"names": words.listing(names, language, most=8)}
    return say(template, language, **filled), say(action[0] if action else first.action, language, **filled)


def _named(part: LessonPart, scenario: Scenario, language: str) -> str:
    """What stands for a lesson among those it is gathered with."""
    if part.rule == "seen_late":
        return words.noticed_by(part.other, language)
    if part.rule in GATHERED:
        return words.title_of(scenario, part.about, language, ABOUT[part.rule])
    wrong = part.rule == "judged_wrong"
    return words.cause_of(scenario, part.other if wrong else part.about, language, "component" if wrong else "step")


SHOWN_RUNS = {"median": "the median run", "worst": "the worst run", "first": "the first run"}


def _strengths(summary: Summary, scenario: Scenario, language: str) -> list[str]:
    """What went well in nine runs of ten: by itself, or together with what is alike."""
    sure = [p for p in summary.lessons if p.kind == "strength" and (p.share.value or 0.0) >= SURELY]
    found = [
        say(
            "{sentence} ({share} of runs)",
            language,
            sentence=sentence(part.sentence, part, scenario, language),
            share=words.share(part.share.value, language),
        )
        for part in sure
        if part.rule not in TOGETHER
    ]
    for rule, template in TOGETHER.items():
        about = [part.about for part in sure if part.rule == rule]
        if about:
            kind = ABOUT.get(rule)
            names = (
                words.listing([words.title_of(scenario, one, language, kind) for one in about], language, most=40)
                if kind
                else words.step_list(scenario, about, language, most=40)
            )
            found.append(say(template, language, share=words.share(SURELY, language), names=names))
    return found
