"""The pictures of the page: which plots it shows, how large, and what they say to those who cannot see them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from drillsim.log.rows import CLOSED, Event
from drillsim.model.scenario import Scenario
from drillsim.report import axes, findings, plots, svg, words
from drillsim.report import timeline as timelines
from drillsim.score.summary import Summary
from drillsim.score.summary_hospital import Series
from drillsim.score.summary_plan import StepPart
from drillsim.score.systems import to_be_noticed
from drillsim.texts import say

MOST_STEPS = 18  # on the timeline of the first screen
MOST_SYSTEMS = 24
MOST_ROWS = 24  # steps in the picture of times used
MOST_QUEUES = 6
SMALL = 0.05  # share of the greatest growth of a queue
ROW = 0.235  # inches
LABELS = 3.1  # inches for the names at the left


def timeline_steps(summary: Summary, scenario: Scenario) -> list[StepPart]:
    """The steps on the first picture: those whose deadline ran (all reached ones without a fault, or when there is none), in the order in which they are done."""
    timed = [s for s in summary.steps if s.on_time.value is not None and s.ended.p50 is not None]
    found = timed if timed and scenario.faults else [s for s in summary.steps if s.ended.p50 is not None]
    if len(found) > MOST_STEPS:
        kept = {s.id for s in sorted(found, key=lambda s: (s.holds is not False, findings.at_best(s)))[:MOST_STEPS]}
        found = [s for s in found if s.id in kept]
    return sorted(found, key=lambda s: s.ended.p50 or 0.0)


def _label_inches(names: Iterable[str], most: float = LABELS) -> float:
    """Room for the longest of the names."""
    return min(max((axes.text_width(name) for name in names), default=40.0) / 72 + 0.14, most)


def timeline(summary: Summary, scenario: Scenario, origin: float, language: str) -> str:
    """The plan on the clock; empty without a step that was done."""
    steps = timeline_steps(summary, scenario)
    if not steps:
        return ""
    left = _label_inches(words.words(s.title, language) for s in steps)
    end = timelines.timeline_end(summary, scenario, steps, origin)
    marks = timelines.milestone_marks(summary, scenario, origin, end, (svg.WIDTH - left - 0.78) * 72, language)
    lines = max((mark.level for mark in marks), default=-1) + 1
    return svg.draw(
        lambda ax: timelines.response_timeline(ax, summary, scenario, steps=steps, origin=origin, language=language, label_points=left * 72 - 1),
        height=ROW * len(steps) + 0.58 + 0.15 * lines, left=left, right=0.78, bottom=0.42, top=0.06 + 0.15 * lines, name="timeline",
        title=say("The plan on the clock", language),
        description="; ".join(f"{words.words(s.title, language)}: {words.share_interval(s.on_time, language)}" for s in steps),
    )  # fmt: skip


def distributions(summary: Summary, language: str) -> str:
    """How much of its time each step with a deadline used; the least often on time first."""
    steps = [*findings.failing(summary), *findings.holding(summary)]
    steps = [s for s in steps if s.allowed and (s.dots or s.taken.p50 is not None)]
    steps = sorted(steps, key=findings.at_best)[:MOST_ROWS]
    if not steps:
        return ""
    left = _label_inches(words.words(s.title, language) for s in steps)
    return svg.draw(
        lambda ax: plots.step_distributions(ax, steps, language=language, label_points=left * 72 - 1),
        height=0.2 * len(steps) + 0.66, left=left, right=0.2, bottom=0.44, top=0.2, name="distributions",
        title=say("How much of the time allowed is used", language),
        description="; ".join(f"{words.words(s.title, language)}: {words.share_interval(s.on_time, language)}" for s in steps),
    )  # fmt: skip


def parts(summary: Summary, language: str, most: int = 12) -> str:
    """Where the minutes of late steps went."""
    steps = [s for s in findings.failing(summary) if sum(s.parts_when_late.values()) > 0][:most]
    if not steps:
        return ""
    left = _label_inches(words.words(s.title, language) for s in steps)
    return svg.draw(
        lambda ax: plots.lateness_parts(ax, steps, language=language, label_points=left * 72 - 1),
        height=ROW * len(steps) + 0.45, left=left, right=0.1, bottom=0.3, top=0.05, name="parts",
        title=say("Where the minutes of late steps went", language),
        description="; ".join(f"{words.words(s.title, language)}: {words.duration(sum(s.parts_when_late.values()), language)}" for s in steps),
    )  # fmt: skip


def affected_components(events: Sequence[Event], scenario: Scenario) -> list[str]:
    """Components that were out of order at some time of the run, in the order of the hospital's file; those with a tier first when they are many."""
    touched = {e.subject for e in events if e.kind == "component" and to_be_noticed(e.state, e.value)}
    found = [i for i in scenario.hospital.systems if i in touched]
    if len(found) > MOST_SYSTEMS:
        important = [
            i
            for i in found
            if scenario.hospital.systems[i].tier is not None or scenario.hospital.systems[i].rto is not None
        ]
        found = [i for i in found if i in set(important[:MOST_SYSTEMS])] or found[:MOST_SYSTEMS]
    return found


def systems(events: Sequence[Event], scenario: Scenario, window: tuple[float, float], language: str) -> str:
    """The states of the systems in the run that is shown."""
    ids = affected_components(events, scenario)
    if not ids:
        return ""
    left = _label_inches(words.title_of(scenario, i, language, "component") for i in ids)
    return svg.draw(
        lambda ax: plots.system_states(ax, events, scenario, begin=window[0], end=window[1], components=ids, language=language, label_points=left * 72 - 1),
        height=ROW * len(ids) + 0.4, left=left, right=0.25, bottom=0.3, top=0.05, name="systems",
        title=say("State of the systems in the median run", language), description=words.listing([words.title_of(scenario, i, language, "component") for i in ids], language, most=40),
    )  # fmt: skip


def departments(events: Sequence[Event], scenario: Scenario, window: tuple[float, float], language: str) -> str:
    """The modes of the departments in the run that is shown."""
    touched = {e.subject for e in events if e.kind == "department" and e.state not in ("normal", CLOSED)}
    ids = [i for i in scenario.hospital.departments if i in touched]
    if not ids:
        return ""
    left = _label_inches(words.title_of(scenario, i, language, "department") for i in ids)
    return svg.draw(
        lambda ax: plots.department_modes(ax, events, scenario, begin=window[0], end=window[1], departments=ids, language=language, label_points=left * 72 - 1),
        height=ROW * len(ids) + 0.4, left=left, right=0.25, bottom=0.3, top=0.05, name="departments",
        title=say("How each department worked in the median run", language), description=words.listing([words.title_of(scenario, i, language, "department") for i in ids], language, most=40),
    )  # fmt: skip


def queues(
    summary: Summary, scenario: Scenario, window: tuple[float, float], origin: float, language: str
) -> list[dict[str, Any]]:
    """The queues that grow most against the day without the fault, each as a small picture."""
    found = growing([s for s in summary.series if s.kind == "queue" and max(s.p90, default=0.0) >= 1])
    marks = [
        origin + usual
        for m in summary.milestones
        if m.event in ("failed", "restored") and (usual := words.certain(m.minute)) is not None
    ]
    return [
        {"title": words.words(s.title, language), "svg": _queue(s, n, summary, scenario, window, marks, language)}
        for n, s in enumerate(found)
    ]


def growing(found: Sequence[Series]) -> list[Series]:
    """Those that grow most, the most first, without those that grow by less than ``SMALL`` of it; the first alone where none grows."""
    ordered = sorted(found, key=_growth, reverse=True)[:MOST_QUEUES]
    least = max(1.0, SMALL * _growth(ordered[0])) if ordered else 0.0
    return [s for n, s in enumerate(ordered) if n == 0 or _growth(s) >= least]


def _growth(series: Series) -> float:
    base = series.base or [0.0] * len(series.p50)
    return max((p - b for p, b in zip(series.p50, base, strict=True)), default=0.0)


def _queue(
    series: Series,
    number: int,
    summary: Summary,
    scenario: Scenario,
    window: tuple[float, float],
    marks: list[float],
    language: str,
) -> str:
    return svg.draw(
        lambda ax: plots.queue(ax, series, summary.grid, scenario, begin=window[0], end=window[1], marks=marks, language=language),
        width=4.25, height=1.5, left=0.42, right=0.18, bottom=0.27, top=0.06, name=f"queue{number}",
        title=say("People waiting", language) + say(": ", language) + words.words(series.title, language),
        description=say("most in the middle run: {n}", language, n=words.number(max(series.p50, default=0.0))),
    )  # fmt: skip


def pile_series(summary: Summary) -> list[Series]:
    """The piles worth a layer of their own, the largest first; the rest together as the last."""
    found = sorted(
        (s for s in summary.series if s.kind == "pile" and max(s.p50, default=0.0) > 0), key=lambda s: -max(s.p50)
    )
    most = len(plots.PILE_FILLS)
    if len(found) <= most:
        return found
    rest = [sum(s.p50[k] for s in found[most - 1 :]) for k in range(len(summary.grid))]
    others = found[-1].model_copy(
        update={
            "id": "others",
            "title": found[-1].title.model_copy(update={"en": say("the others", "en"), "zh": say("the others", "zh")}),
            "p50": rest,
        }
    )
    return [*found[: most - 1], others]


def pile(summary: Summary, scenario: Scenario, window: tuple[float, float], origin: float, language: str) -> str:
    """The second wave: what waits to be typed in, by department."""
    series = pile_series(summary)
    if not series:
        return ""
    marks = [
        (origin + usual, say(words.MILESTONES[m.event], language))
        for m in summary.milestones
        if m.event in ("ordered", "restored") and (usual := words.certain(m.minute)) is not None
    ]
    return svg.draw(
        lambda ax: plots.pile(ax, series, summary.grid, scenario, begin=window[0], end=window[1], marks=marks, language=language),
        height=2.5, left=0.5, right=0.25, bottom=0.3, top=0.22, name="pile",
        title=say("Items on paper that wait to be typed in", language),
        description="; ".join(f"{words.words(s.title, language)}: {words.number(max(s.p50))}" for s in series),
    )  # fmt: skip


def loaded_people(summary: Summary, most: int = 14) -> list[str]:
    """Roles that worked on steps or were waited for, those with most minutes first."""

    def minutes(p: Any) -> float:
        return sum(getattr(p, field).value or 0.0 for field, *_ in plots.LOAD_PARTS)

    return [p.id for p in sorted(summary.people, key=minutes, reverse=True) if minutes(p) >= 0.5][:most]


def people(summary: Summary, language: str) -> str:
    """What the response asks of each role."""
    ids = loaded_people(summary)
    if not ids:
        return ""
    names = {p.id: words.words(p.title, language) for p in summary.people}
    left = _label_inches(names[i] for i in ids)
    return svg.draw(
        lambda ax: plots.people_load(ax, summary, people=ids, language=language, label_points=left * 72 - 1),
        height=ROW * len(ids) + 0.4, left=left, right=0.2, bottom=0.3, top=0.05, name="people",
        title=say("Work and waiting, minutes a run", language), description=words.listing([names[i] for i in ids], language, most=40),
    )  # fmt: skip
