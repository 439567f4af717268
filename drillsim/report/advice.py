"""What to do next, drawn from what the summary shows."""

from __future__ import annotations

import re
from typing import NamedTuple

from drillsim.model.scenario import Scenario
from drillsim.report import costs, findings, sources, words
from drillsim.score.summary import Summary
from drillsim.score.summary_plan import Cause
from drillsim.texts import say


class Advice(NamedTuple):
    """Something to do next: what, why, and a command when there is one."""

    what: str
    why: str
    command: str = ""


ADVICE: dict[str, str] = {
    "decision": "Speed up the decision: a deputy who may take it, or a rule when it is taken by itself ({who})",
    "person": "Take work off {who} during the response, or add a second person",
    "off_shift": "Name someone on duty or on call for {who} at this hour, or who can stand in",
    "on_the_way": "Get {who} to work sooner: calls that are answered, work from afar, a deputy in the house, or an agreed time of arrival",
    "thing": "Keep a spare at hand: {who}",
    "system": "Find a way that does not need {who}",
    "channel": "Find a way that does not need {who}",
    "after": "See whether later steps must wait for {who}, and whether it can begin sooner",
    "predecessor": "See whether later steps must wait for {who}, and whether it can begin sooner",
    "rework": "See what departments still lack to work as on a normal day: systems that are slow or away, or their return from paper",
    "trigger": "Let it begin sooner. What it waits for now: {who}",
    "dormant": "Let it begin sooner. What it waits for now: {who}",
}
"""Part of the time waited → what could be tried, about who or what was waited for."""

SLOWER: dict[str, str] = {
    "untrained": "Train the people who do “{step}” and drill it, or let people do it who have",
    "tired": "Relieve people in time, so that “{step}” is not done by tired ones",
    "slow": "Let “{step}” be done without {system}, which is slow",
    "without": "Keep {system}, the tool for “{step}”, where this failure does not reach it",
    "shared": "Let “{step}” read from a medium of its own, or decide what comes back from {system} first",
}
"""What slowed work (a component: ``slow``; a tool that was away: ``without``; a medium that others read from: ``shared``) → what could be tried."""


def next_steps(summary: Summary, scenario: Scenario, language: str = "en", most: int = 6) -> list[Advice]:
    """What to do next, the most useful first: the causes of lateness, named changes to try, what was not exercised, figures to replace."""
    found = [
        *_from_causes(summary, scenario, language),
        *_variants(summary, scenario, language),
        *_gaps(summary, scenario, language),
    ]
    return list({advice.what: advice for advice in found}.values())[:most]


def _from_causes(summary: Summary, scenario: Scenario, language: str) -> list[Advice]:
    """What could be tried about what holds up the steps that are late too often; what only others wait for is left to the tables."""
    late = {step.id for step in findings.failing(summary)}
    found = []
    known = [
        c
        for c in summary.roots or summary.causes
        if c.part in (*ADVICE, "slowed")
        and c.minutes >= 1
        and c.cause
        and late & set(c.steps)
        and not _waits_for_a_system(c, scenario)
        and not _compares(c, scenario)
    ]
    for cause in sorted(known, key=lambda c: c.part in ("after", "predecessor"))[:2]:
        steps = words.step_list(scenario, cause.steps, language, most=3)
        why = say(
            "steps wait {duration} a run for it: {steps}",
            language,
            duration=words.duration(cause.minutes, language),
            steps=steps,
        )
        found.append(Advice(_what(cause, scenario, language), why))
    return found


_COMES_BACK = re.compile(r"(?<!not )\b(?!is\b)\w+ (?:is )?(?:up|slow|read_only|open)\b|\b(?:restored|all_back)\b")


def _waits_for_a_system(cause: Cause, scenario: Scenario) -> bool:
    """Whether what is waited for is a system that works again (to be tried by a step that verifies, too), or opening hours: nobody can let that begin
    sooner, only mend the system sooner."""
    if cause.part == "system":
        return all(words.verifies(scenario, step) for step in cause.steps)
    return cause.part in ("trigger", "dormant") and _COMES_BACK.search(cause.cause) is not None


def _compares(cause: Cause, scenario: Scenario) -> bool:
    """Whether nothing is to be won: work done again that is not a comparison with a normal day, or what only such a comparison waits for."""
    if cause.part == "rework":
        return not words.evaluates(scenario, cause.cause)
    return all(words.evaluates(scenario, step) for step in cause.steps)


def _what(cause: Cause, scenario: Scenario, language: str) -> str:
    """What could be tried about one cause of lateness."""
    who, _, step = cause.cause.partition(":")
    if cause.part == "slowed":
        titled = words.title_of(scenario, step or next(iter(cause.steps), ""), language, "step")
        how, name = words.slowed_by(who)
        system = words.title_of(scenario, name, language, "medium" if how == "shared" else "component")
        return say(SLOWER[how], language, step=titled, system=system)
    if cause.part == "rework":
        return say(ADVICE[cause.part], language)
    if cause.part in ("trigger", "dormant"):
        return say(ADVICE[cause.part], language, who=words.trigger(scenario, cause.cause, language))
    return say(
        ADVICE[cause.part], language, who=words.cause_of(scenario, who, language, words.WAITED.get(cause.part, ""))
    )


def _variants(summary: Summary, scenario: Scenario, language: str) -> list[Advice]:
    if summary.scenario.variant:
        return []
    found = []
    for name, variant in list(scenario.variants.items())[:2]:
        why = say("on the same luck, to compare the two reports", language)
        if variant.cost:
            why = say("cost: {cost}", language, cost=costs.of(variant.cost, language)) + say("; ", language) + why
        what = say("Try “{title}”", language, title=variant.title.in_language(language))
        found.append(Advice(what, why, f"drillsim run {words.argument(summary.scenario.name)} --variant {name}"))
    return found


def _gaps(summary: Summary, scenario: Scenario, language: str) -> list[Advice]:
    found = []
    if summary.coverage.never:
        names = words.step_list(scenario, summary.coverage.never, language, most=4)
        found.append(
            Advice(
                say("Play a scenario that reaches the steps this one never reached", language), names, "drillsim list"
            )
        )
    d = summary.data
    if d is not None and d.items.p50 and d.cleared.value is not None and d.cleared.value < 0.9:
        found.append(
            Advice(
                say("Plan people for typing in after the systems are back", language),
                say(
                    "the pile is gone before the end in only {share} of the runs with paper"
                    if d.cleared.n < summary.runs.scored
                    else "the pile is gone before the end in only {share} of runs",
                    language,
                    share=words.share_interval(d.cleared, language),
                ),
            )
        )
    assumed = sources.assumptions(scenario)
    if assumed:
        found.append(Advice(say("Replace the assumed figures by your hospital's own", language), say("{n} figures of this scenario are assumptions; the list stands near the end of the report", language, n=assumed)))  # fmt: skip
    return found
