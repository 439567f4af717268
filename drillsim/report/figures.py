"""The key figures of the first screen."""

from __future__ import annotations

from typing import NamedTuple

from drillsim.model.scenario import Scenario
from drillsim.report import findings, words
from drillsim.score.summary import Summary
from drillsim.score.summary_hospital import PathwayPart
from drillsim.score.summary_plan import Milestone
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
        *_taken_figure(summary, language),
        *_systems_figure(summary, language),
        *_patient_figures(summary, language),
        *_data_figures(summary, scenario, language),
    ]
    if len(found) < most:
        found += _completion_figure(summary, scenario, language)
    if (
        not found or not scenario.faults
    ):  # where something fails, queues and shares of time on any day say nothing about it
        found += [*_queue_figures(summary, language), *_availability_figures(summary, language)]
    return found[:most]


def _systems_figure(summary: Summary, language: str) -> list[Finding]:
    for m in summary.milestones:
        never = m.reached.value == 0 and m.called_for is not None and m.called_for.value
        if m.event == "restored" and (m.minute.p50 is not None or never):
            usual = words.certain(m.minute)
            detail = say("8 runs of 10: {range}", language, range=words.usual_range(m.minute, language))
            if m.reached.value is not None and m.reached.value < 1:
                some = m.called_for is not None and (m.called_for.value or 0.0) < 1
                detail = say(
                    "reached in {share} of the runs in which systems were away"
                    if some
                    else "reached in {share} of runs",
                    language,
                    share=words.share_interval(m.reached, language),
                )
            detail += _standbys(summary, m, language)
            return [
                Finding(
                    say("Systems in use restored after", language),
                    say("not before the end", language) if usual is None else words.duration(usual, language),
                    detail,
                    "milestones[restored].minute",
                )
            ]
    return []


def _standbys(summary: Summary, restored: Milestone, language: str) -> str:
    """When every other system is back too, in words, where that takes longer in the middle run."""
    whole = next((m for m in summary.milestones if m.event == "all_back"), None)
    if whole is None or whole.minute.p50 is None or whole.minute.p50 == restored.minute.p50:
        return ""
    usual = words.certain(whole.minute)
    if usual is None:
        return say("; the others, standbys among them, not before the end", language)
    return say("; with all others, standbys among them: {minutes}", language, minutes=words.duration(usual, language))


def _taken_figure(summary: Summary, language: str) -> list[Finding]:
    """For how long an intruder or insider could take and read data, and whose."""
    d = summary.data
    if d is None or d.exposed is None or not d.exposed.most:
        return []
    span = say("8 runs of 10: {range}", language, range=words.usual_range(d.exposed, language))
    found = [
        Finding(say("Data could be taken for", language), words.usual(d.exposed, language), span, "data.exposed", "bad")
    ]
    people = d.people_exposed
    if people is None or not people.most:
        return found
    usual, low, high = (words.number(float(f"{value or 0.0:.2g}")) for value in (people.p50, people.p10, people.p90))
    detail = say("8 runs of 10: {range}", language, range=f"{low}–{high}")
    return [
        *found,
        Finding(say("People whose data could be read", language), usual, detail, "data.people_exposed", "bad"),
    ]


def _patient_figures(summary: Summary, language: str) -> list[Finding]:
    path = findings.main_pathway(summary)
    found: list[Finding] = []
    if path is None or path.minutes_base is None:
        return found
    longer, name, at_least = findings.longer(path)
    if longer is not None and findings.differs(longer, 1.0):
        detail = say(
            "{title}, against the same day without the fault; {range}",
            language,
            title=words.words(path.title, language),
            range=words.duration_range(longer.low, longer.high, language),
        )
        found.append(
            Finding(
                say("A typical visit", language),
                ("≥ " if at_least else "") + words.duration(longer.value, language, signed=True),
                detail + findings.luck(longer, language),
                f"pathways[{path.id}].{name}",
                "bad" if (longer.value or 0.0) >= 1 and not findings.luck(longer) else "",
            )
        )
    return [*found, *_left_figure(summary, path, language)]


def _left_figure(summary: Summary, path: PathwayPart, language: str) -> list[Finding]:
    everybody = summary.patients or path
    more = everybody.left_difference
    if more is None or not findings.differs(more, 0.5):
        return []
    detail = say(
        "{title}, against the same day without the fault; {range}",
        language,
        title=say("all patients", language) if summary.patients else words.words(path.title, language),
        range=words.count_interval(more, signed=True),
    )
    detail += findings.luck(more, language)
    most = findings.most_left(summary, language)
    return [
        Finding(
            say("Leave without being seen", language),
            words.count(more, signed=True),
            detail + (say("; ", language) + most if most else ""),
            "patients.left_difference" if summary.patients else f"pathways[{path.id}].left_difference",
            "bad" if (more.value or 0.0) >= 1 and not findings.luck(more) else "",
        )
    ]


def _data_figures(summary: Summary, scenario: Scenario, language: str) -> list[Finding]:
    data = summary.data
    if data is None or not data.items.p50:
        return []
    usual = words.certain(data.cleared_at)
    if usual is None:
        value = say("not before the end", language)
    else:
        value = findings.cleared_clock(summary, scenario, usual, language)
    some = data.cleared.n < summary.runs.scored
    detail = findings.on_paper(data, language) + say(
        "; all typed in before the end in {share} of the runs with paper"
        if some
        else "; all typed in before the end in {share} of runs",
        language,
        share=words.share_interval(data.cleared, language),
    )
    return [Finding(say("Last paper typed in", language), value, detail, "data.cleared_at")]


def _completion_figure(summary: Summary, scenario: Scenario, language: str) -> list[Finding]:
    done = summary.completion
    if (
        not summary.steps
        or done.p50 is None
        or any(m.event == "restored" and m.minute.p50 is not None for m in summary.milestones)
    ):
        return []
    usual = words.certain(done)
    if done.censored:
        detail = say("not done before the end in {share} of runs", language, share=words.chance(words.unfinished(done), language))  # fmt: skip
        value = say("not before the end", language) if usual is None else words.duration(usual, language)
        return [Finding(say("Last step done after", language), value, detail, "completion")]
    return [
        Finding(say("Last step done after", language), words.duration(usual, language), say("8 runs of 10: {range}", language, range=words.usual_range(done, language)), "completion"),
        Finding(say("On average", language), words.on_average(done, language), say("{confidence} interval {range}", language, confidence=words.share(summary.runs.confidence, language), range=words.duration_range(done.mean.low, done.mean.high, language)), "completion.mean"),
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
