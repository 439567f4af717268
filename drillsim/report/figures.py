"""The key figures of the first screen."""

from __future__ import annotations

from typing import NamedTuple

from drillsim.model.scenario import Scenario
from drillsim.report import findings, words
from drillsim.score.summary import Summary
from drillsim.texts import say


class Finding(NamedTuple):
    """A figure with its words: what it is, the value, what stands beside it, and where in ``summary.json`` it comes from."""

    label: str
    value: str
    detail: str
    trace: str
    tone: str = ""  # good, bad, or nothing


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


def _patient_figures(summary: Summary, language: str) -> list[Finding]:
    path = findings.main_pathway(summary)
    found: list[Finding] = []
    if path is None or path.minutes_base is None:
        return found
    title = words.words(path.title, language)
    longer = path.median_difference or path.minutes_difference
    name = "median_difference" if path.median_difference else "minutes_difference"
    if longer is not None and findings.differs(longer, 1.0):
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
                "bad" if (longer.value or 0.0) >= 1 else "",
            )
        )
    more = path.left_difference
    if more is not None and findings.differs(more, 0.5):
        detail = say(
            "{title}, against the same day without the fault; {range}",
            language,
            title=title,
            range=words.count_interval(more, signed=True),
        )
        found.append(
            Finding(
                say("Leave without being seen", language),
                words.count(more, signed=True),
                detail,
                f"pathways[{path.id}].left_difference",
                "bad" if (more.value or 0.0) >= 1 else "",
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
        value = findings.cleared_clock(summary, scenario, data.cleared_at.p50, language)
    detail = say(
        "{n} items on paper; all typed in before the end in {share} of runs",
        language,
        n=words.number(data.items.p50),
        share=words.share_interval(data.cleared, language),
    )
    return [Finding(say("Last paper typed in", language), value, detail, "data.cleared_at")]


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
        found.append(Finding(say("Busiest", language), words.chance(busiest.utilisation, language), words.words(busiest.title, language) + say("; ", language) + words.interval(busiest.utilisation, language), f"resources[{busiest.id}].utilisation"))  # fmt: skip
    return found


def _availability_figures(summary: Summary, language: str) -> list[Finding]:
    known = sorted(
        (s for s in summary.systems if s.availability.value is not None), key=lambda s: s.availability.value or 0.0
    )
    return [
        Finding(say("Available: {title}", language, title=words.words(s.title, language)), findings.precise_share(s.availability.value, language), findings.precise_interval(s.availability, language), f"systems[{s.id}].availability")
        for s in known[:4]
    ]  # fmt: skip
