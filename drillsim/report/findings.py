"""What a summary says, in sentences and short lists: the same ones in the terminal and in the report."""

from __future__ import annotations

from typing import NamedTuple

from drillsim.model.scenario import Scenario
from drillsim.report import sources, words
from drillsim.score.summary import Cause, DataPart, Estimate, PathwayPart, StepPart, Summary
from drillsim.texts import say


class Finding(NamedTuple):
    """A figure with its words: what it is, the value, what stands beside it, and where in ``summary.json`` it comes from."""

    label: str
    value: str
    detail: str
    trace: str
    tone: str = ""  # good, bad, or nothing


class Verdict(NamedTuple):
    """Does the plan hold, in one sentence, with what supports it; ``tone`` is holds, fails or open."""

    tone: str
    headline: str
    sentence: str


class Advice(NamedTuple):
    """Something to do next: what, why, and a command when there is one."""

    what: str
    why: str
    command: str = ""


def verdict(summary: Summary, language: str = "en") -> Verdict:
    """One sentence that a hospital director understands, with the probability and its interval."""
    v, n = summary.verdict, summary.runs.scored
    if not n:
        return Verdict("open", say("Nothing can be said yet.", language), say("No run could be scored: the hospital was not healthy before the fault.", language) if summary.runs.not_scored else say("No run was finished.", language))  # fmt: skip
    if v.holds is None or v.all_on_time.value is None:
        return _without_deadlines(summary, language)
    together = say(
        "All deadlines are met in {share} of runs ({confidence} interval {interval}, {runs}).",
        language,
        share=words.share(v.all_on_time.value, language),
        confidence=words.share(summary.runs.confidence, language),
        interval=words.interval(v.all_on_time, language),
        runs=words.runs(v.all_on_time.n or n, language),
    )
    return Verdict(
        "holds" if v.holds else "fails",
        say("The plan holds.", language) if v.holds else say("The plan does not hold.", language),
        together,
    )


def _without_deadlines(summary: Summary, language: str) -> Verdict:
    n = words.runs(summary.runs.scored, language)
    if not summary.coverage.total:
        return Verdict(
            "open",
            say("No emergency plan is played here.", language),
            say("What follows are the figures of {runs}.", language, runs=n),
        )
    if summary.completion.p50 is not None and summary.completion.n:
        return Verdict(
            "open",
            say(
                "All steps are done after {duration} in half of the runs.",
                language,
                duration=words.duration(summary.completion.p50, language),
            ),
            say("No step has a deadline that was put to the test; {runs}.", language, runs=n),
        )
    return Verdict(
        "open",
        say("No deadline was put to the test.", language),
        say("The plan has no deadline that began to run in any of {runs}.", language, runs=n),
    )


def coverage(summary: Summary, language: str = "en") -> str:
    """``Exercised: 31 of 38 steps of the plan``; empty without a plan."""
    if not summary.coverage.total:
        return ""
    return say("exercised: {n} of {total} steps", language, n=summary.coverage.exercised, total=summary.coverage.total)


def failing(summary: Summary) -> list[StepPart]:
    """Steps that are late more often than the plan allows, the least often on time first."""
    return sorted(
        (s for s in summary.steps if s.holds is False),
        key=lambda s: s.on_time.value if s.on_time.value is not None else 1.0,
    )


def holding(summary: Summary) -> list[StepPart]:
    """Steps whose deadline was put to the test and met as often as it must be, in the order of the plan."""
    return [s for s in summary.steps if s.holds]


def without_deadline(summary: Summary) -> list[StepPart]:
    """Steps that were reached but whose deadline was not put to the test (or that have none), in the order of the plan."""
    never = set(summary.coverage.never)
    return [s for s in summary.steps if s.holds is None and s.id not in never]


def never_reached(summary: Summary) -> list[StepPart]:
    """Steps that no run reached."""
    never = set(summary.coverage.never)
    return [s for s in summary.steps if s.id in never]


def worst(summary: Summary, scenario: Scenario, language: str = "en") -> str:
    """A sentence about the step that is late most often; empty when none is."""
    steps = failing(summary)
    if not steps:
        return ""
    step = steps[0]
    values = {
        "title": words.words(step.title, language),
        "share": words.share_interval(step.on_time, language),
        "minutes": words.duration(step.late_by.p50, language),
        "what": words.waiting_for(scenario, step.mostly, step.mostly_cause, language),
    }
    if step.late_by.p50 is None:
        return say(
            "Least often in time: “{title}”, on time in {share} of runs.",
            language,
            title=values["title"],
            share=values["share"],
        )
    if not step.mostly or step.mostly in ("working", "work"):
        return say(
            "Least often in time: “{title}”, on time in {share} of runs, usually {minutes} late.",
            language,
            title=values["title"],
            share=values["share"],
            minutes=values["minutes"],
        )
    return say(
        "Least often in time: “{title}”, on time in {share} of runs, usually {minutes} late, mostly waiting for {what}.",
        language,
        **values,
    )


def main_pathway(summary: Summary) -> PathwayPart | None:
    """The pathway of patients that most take; None without patients."""
    found = [p for p in summary.pathways if p.of == "patients" and p.arrived.value]
    return max(found, key=lambda p: p.arrived.value or 0.0, default=None)


def key_figures(summary: Summary, scenario: Scenario, language: str = "en", most: int = 4) -> list[Finding]:
    """The figures of the first screen: systems back, visits longer, more who leave, delays, paper; or those of queues and projects."""
    found = [
        *_systems_figure(summary, language),
        *_patient_figures(summary, language),
        *_data_figures(summary, scenario, language),
    ]
    if len(found) < most:
        found += [
            *_completion_figure(summary, scenario, language),
            *_queue_figures(summary, language),
            *_availability_figures(summary, language),
        ]
    return found[:most]


def _systems_figure(summary: Summary, language: str) -> list[Finding]:
    for m in summary.milestones:
        if m.event == "restored" and m.minute.p50 is not None:
            detail = say(
                "8 runs of 10: {range}", language, range=words.duration_range(m.minute.p10, m.minute.p90, language)
            )
            if m.reached.value is not None and m.reached.value < 1:
                detail = say("reached in {share} of runs", language, share=words.share_interval(m.reached, language))
            return [
                Finding(
                    say("Systems restored after", language),
                    words.duration(m.minute.p50, language),
                    detail,
                    "milestones[restored].minute",
                )
            ]
    return []


def minutes_interval(e: Estimate, language: str = "en", *, signed: bool = False) -> str:
    """``+47 min (41–52 min)``."""
    if e.value is None:
        return words.MISSING
    text = words.duration(e.value, language, signed=signed)
    return (
        text
        if e.low is None
        else say("{share} ({interval})", language, share=text, interval=words.duration_range(e.low, e.high, language))
    )


def _patient_figures(summary: Summary, language: str) -> list[Finding]:
    path = main_pathway(summary)
    found: list[Finding] = []
    if path is None or path.minutes_base is None:
        return found
    title = words.words(path.title, language)
    longer = path.median_difference or path.minutes_difference
    name = "median_difference" if path.median_difference else "minutes_difference"
    if longer is not None and longer.value is not None:
        detail = say(
            "{title}, against the same day without the fault; {range}",
            language,
            title=title,
            range=words.duration_range(longer.low, longer.high, language),
        )
        found.append(
            Finding(
                say("A typical visit", language),
                words.duration(longer.value, language, signed=True),
                detail,
                f"pathways[{path.id}].{name}",
                "bad" if longer.value >= 1 else "",
            )
        )
    more = path.left_difference
    if more is not None and more.value is not None and round(more.value, 1):
        detail = say(
            "{title}, against the same day without the fault; {range}",
            language,
            title=title,
            range=words.count_interval(more),
        )
        found.append(
            Finding(
                say("Leave without being seen", language),
                words.count(more, signed=True),
                detail,
                f"pathways[{path.id}].left_difference",
                "bad" if more.value >= 1 else "",
            )
        )
    return found


def _data_figures(summary: Summary, scenario: Scenario, language: str) -> list[Finding]:
    data = summary.data
    if data is None or not data.items.p50:
        return []
    if data.cleared_at.p50 is None or (data.cleared.value or 0.0) < 0.5:
        value = say("not before the end", language)
    else:
        value = cleared_clock(summary, scenario, data.cleared_at.p50, language)
    detail = say(
        "{n} items on paper; all typed in before the end in {share} of runs",
        language,
        n=words.number(data.items.p50),
        share=words.share_interval(data.cleared, language),
    )
    return [Finding(say("Last paper typed in", language), value, detail, "data.cleared_at")]


def cleared_clock(summary: Summary, scenario: Scenario, after_fault: float, language: str) -> str:
    """The time of day so many minutes after the first fault; the length itself when the fault's moment is not known beforehand."""
    first = words.first_fault(scenario)
    if first is None:
        return say("after {duration}", language, duration=words.duration(after_fault, language))
    return words.clock(scenario.start_time, first + after_fault, language)


def _completion_figure(summary: Summary, scenario: Scenario, language: str) -> list[Finding]:
    done = summary.completion
    if (
        not summary.steps
        or done.p50 is None
        or (summary.milestones and any(m.event == "restored" and m.minute.p50 is not None for m in summary.milestones))
    ):
        return []
    range_said = words.duration_range(done.p10, done.p90, language)
    return [
        Finding(say("Last step done after", language), words.duration(done.p50, language), say("8 runs of 10: {range}", language, range=range_said), "completion"),
        Finding(say("On average", language), words.duration(done.mean.value, language), say("{confidence} interval {range}", language, confidence=words.share(summary.runs.confidence, language), range=words.duration_range(done.mean.low, done.mean.high, language)), "completion.mean"),
    ]  # fmt: skip


def _queue_figures(summary: Summary, language: str) -> list[Finding]:
    if not summary.activities:
        return []
    slowest = max(summary.activities, key=lambda a: a.wait.value or 0.0)
    found = [
        Finding(say("Longest mean wait", language), words.duration(slowest.wait.value, language), words.words(slowest.title, language) + say("; ", language) + words.duration_range(slowest.wait.low, slowest.wait.high, language), f"activities[{slowest.id}].wait"),
        Finding(say("Mean number waiting", language), words.count(slowest.queue), words.words(slowest.title, language), f"activities[{slowest.id}].queue"),
    ]  # fmt: skip
    busiest = max(
        (r for r in summary.resources if r.utilisation.value is not None),
        key=lambda r: r.utilisation.value or 0.0,
        default=None,
    )
    if busiest is not None:
        found.append(Finding(say("Busiest", language), words.share(busiest.utilisation.value, language), words.words(busiest.title, language) + say("; ", language) + words.interval(busiest.utilisation, language), f"resources[{busiest.id}].utilisation"))  # fmt: skip
    return found


def _availability_figures(summary: Summary, language: str) -> list[Finding]:
    known = sorted(
        (s for s in summary.systems if s.availability.value is not None), key=lambda s: s.availability.value or 0.0
    )
    return [
        Finding(say("Available: {title}", language, title=words.words(s.title, language)), precise_share(s.availability.value, language), precise_interval(s.availability, language), f"systems[{s.id}].availability")
        for s in known[:4]
    ]  # fmt: skip


def precise_share(value: float | None, language: str = "en") -> str:
    """A share with as many decimals as its distance from 100 % needs: ``99.93 %``."""
    if value is None:
        return words.MISSING
    digits = 1 if value < 0.99 else 2 if value < 0.999 else 3
    return say("{n} %", language, n=f"{value * 100:.{digits}f}")


def precise_interval(e: Estimate, language: str = "en") -> str:
    """The interval of such a share: ``99.90–99.96 %``."""
    if e.low is None or e.high is None:
        return ""
    return f"{e.low * 100:.2f}{words.EN_DASH}" + say("{n} %", language, n=f"{min(e.high, 1.0) * 100:.2f}")


def patients(summary: Summary, language: str = "en") -> list[str]:
    """What the fault does to patients, against the same day without it; only what differs or could be dangerous."""
    found = []
    path = main_pathway(summary)
    if path is not None and path.minutes_base is not None:
        longer = path.median_difference if path.median_difference is not None else path.minutes_difference
        if longer is not None and longer.value is not None:
            found.append(
                say(
                    "{title}: a typical visit {difference}",
                    language,
                    title=words.words(path.title, language),
                    difference=minutes_interval(longer, language, signed=True),
                )
            )
        if (
            path.left_difference is not None
            and path.left_difference.value is not None
            and abs(path.left_difference.value) >= 0.5
        ):
            found.append(
                say(
                    "{n} more leave without being seen ({range})",
                    language,
                    n=words.count(path.left_difference),
                    range=words.count_interval(path.left_difference),
                )
            )
    for i in summary.indicators:
        if i.over.value is not None and i.over.value >= 0.05:
            base = words.count(i.over_base)
            found.append(
                say(
                    "{title}: {n} a run ({base} otherwise)",
                    language,
                    title=words.words(i.title, language),
                    n=words.count(i.over),
                    base=base,
                )
            )
    return found


def data(summary: Summary, scenario: Scenario, language: str = "en") -> list[str]:
    """Data lost and the second wave of typing in, in short sentences."""
    d = summary.data
    return [] if d is None else [*_lost(d, language), *_second_wave(d, summary, scenario, language)]


def _lost(d: DataPart, language: str) -> list[str]:
    if d.nothing_lost.value is None:
        return []
    lost = say("no data lost in {share} of runs", language, share=words.share_interval(d.nothing_lost, language))
    if d.nothing_lost.value >= 1 or not d.lost_minutes.most:
        return [lost]
    return [lost + say(", else up to {duration}", language, duration=words.duration(d.lost_minutes.most, language))]


def _second_wave(d: DataPart, summary: Summary, scenario: Scenario, language: str) -> list[str]:
    if not d.items.p50:
        return []
    written = say("{n} items on paper", language, n=words.number(d.items.p50))
    if d.cleared_at.p50 is None:
        return [written + say(", not all typed in before the end", language)]
    by = cleared_clock(summary, scenario, d.cleared_at.p50, language)
    if d.cleared_at.p90 is None:
        return [written + say(", typed in by {usual} in half of the runs", language, usual=by)]
    return [written + say(", typed in by {usual} (in 9 runs of 10 by {late})", language, usual=by, late=cleared_clock(summary, scenario, d.cleared_at.p90, language))]  # fmt: skip


def cause_words(cause: Cause, scenario: Scenario, language: str = "en") -> str:
    """What the minutes of a cause were spent waiting for."""
    return words.waiting_for(scenario, cause.part, cause.cause, language)


ADVICE: dict[str, str] = {
    "decision": "Speed up the decision: a deputy who may take it, or a rule when it is taken by itself ({who})",
    "person": "Take work off {who} during the response, or add a second person",
    "off_shift": "Name someone on duty or on call for {who} at this hour",
    "on_the_way": "Shorten the way of {who}: a deputy in the house, or work from afar",
    "thing": "Keep a spare at hand: {who}",
    "system": "Find a way that does not need {who}",
    "channel": "Find a way that does not need {who}",
    "after": "See whether later steps must wait for {who}, and whether it can begin sooner",
    "predecessor": "See whether later steps must wait for {who}, and whether it can begin sooner",
    "trigger": "Bring the trigger forward: {who}",
    "dormant": "Bring the trigger forward: {who}",
}
"""Part of the time waited → what could be tried, about who or what was waited for."""


def next_steps(summary: Summary, scenario: Scenario, language: str = "en", most: int = 6) -> list[Advice]:
    """What to do next, the most useful first: the causes of lateness, named changes to try, what was not exercised, figures to replace."""
    found = [
        *_from_causes(summary, scenario, language),
        *_variants(summary, scenario, language),
        *_gaps(summary, scenario, language),
    ]
    return found[:most]


def _from_causes(summary: Summary, scenario: Scenario, language: str) -> list[Advice]:
    if not failing(summary):
        return []
    found = []
    known = [c for c in summary.causes if c.part in ADVICE and c.minutes >= 1 and c.cause]
    for cause in sorted(known, key=lambda c: c.part in ("after", "predecessor"))[:2]:
        who = words.cause_of(scenario, cause.cause.partition(":")[0], language)
        steps = words.listing([words.title_of(scenario, s, language) for s in cause.steps], language, most=3)
        why = say(
            "steps wait {duration} a run for it: {steps}",
            language,
            duration=words.duration(cause.minutes, language),
            steps=steps,
        )
        found.append(Advice(say(ADVICE[cause.part], language, who=who), why))
    return found


def _variants(summary: Summary, scenario: Scenario, language: str) -> list[Advice]:
    if summary.scenario.variant:
        return []
    found = []
    for name, variant in list(scenario.variants.items())[:2]:
        why = say("on the same luck, to compare the two reports", language)
        if variant.cost:
            why = say("cost: {cost}", language, cost=variant.cost.in_language(language)) + say("; ", language) + why
        what = say("Try “{title}”", language, title=variant.title.in_language(language))
        found.append(Advice(what, why, f"drillsim run {summary.scenario.name} --variant {name}"))
    return found


def _gaps(summary: Summary, scenario: Scenario, language: str) -> list[Advice]:
    found = []
    if summary.coverage.never:
        names = words.listing([words.title_of(scenario, s, language) for s in summary.coverage.never], language, most=4)
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
                    "the pile is gone before the end in only {share} of runs",
                    language,
                    share=words.share_interval(d.cleared, language),
                ),
            )
        )
    assumed = sum(len(s.places) for s in sources.sources(scenario) if s.assumed)
    if assumed:
        found.append(Advice(say("Replace the assumed figures by your hospital's own", language), say("{n} figures of this scenario are assumptions; the list stands near the end of the report", language, n=assumed)))  # fmt: skip
    return found
