"""Plots of the response: steps against their deadlines, what made them late, and what it asks of people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from drillsim.errors import known_as
from drillsim.plots.shared import (
    axes_for,
    bin_of,
    draws,
    finished,
    fitting,
    language_of,
    legend_below,
    legend_of_parts,
    mean,
    origin_of,
    room,
    rows_of,
    steps_of,
    told_instead,
    view_of,
)
from drillsim.report import charts, findings, paths, pictures, words
from drillsim.report import plots as drawn
from drillsim.report import timeline as timelines
from drillsim.score import day
from drillsim.score.summary_plan import PathPiece
from drillsim.texts import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from drillsim.api import Result

LOAD_BIN, LOAD_BINS = 60.0, 28  # minutes of a column; columns that can be read
NO_DEADLINE = "no step was called for that has a deadline"
NOBODY = "nobody was called for to do a step of the plan"


@draws("Result")
def plot_timeline(
    result: Result, *, ax: Axes | None = None, steps: Iterable[str] | None = None, language: str | None = None
) -> Axes:
    """When each step is done, against its deadline: the bar is eight runs in ten, the stroke in it the middle run, the line all runs; a diamond
    is the deadline in the middle run, the share at the right P(on time). ``steps``: ids (by default those whose deadline ran)."""
    language = language_of(language)
    summary, scenario = result.summary, result.scenario
    parts = pictures.timeline_steps(summary, scenario) if steps is None else steps_of(result, steps)
    origin = origin_of(result)
    labels = [words.words(s.title, language) for s in parts]
    left = room(labels)
    ax, points = axes_for(ax, rows=len(parts), left=left, right=0.8, top=0.75, bottom=0.5)
    if not parts:
        told_instead(ax, NO_DEADLINE, language)
    timelines.response_timeline(
        ax, summary, scenario, steps=parts, origin=origin, language=language, label_points=points
    )
    return finished(ax)


@draws("Result")
def plot_on_time(
    result: Result, *, ax: Axes | None = None, steps: Iterable[str] | None = None, language: str | None = None
) -> Axes:
    """P(on time) of each step with its interval, against what the plan asks. ``steps``: ids (by default all whose deadline ran, in the order
    of the plan; in an ``ax`` that is too low for all, those least surely in time)."""
    language = language_of(language)
    parts = fitting([s for s in steps_of(result, steps) if s.on_time.value is not None], ax, steps)
    left = room(words.words(s.title, language) for s in parts)
    ax, points = axes_for(ax, rows=len(parts), left=left, right=0.6, bottom=0.5)
    if not parts:
        told_instead(ax, NO_DEADLINE, language)
    return finished(charts.on_time(ax, parts, language=language, label_points=points))


@draws("Result")
def plot_steps(
    result: Result, *, ax: Axes | None = None, steps: Iterable[str] | None = None, language: str | None = None
) -> Axes:
    """How much of the time allowed each step used: twenty marks a step, one for every twentieth run; triangles beyond the line are late. In an
    ``ax`` that is too low for all steps, those least surely in time."""
    language = language_of(language)
    timed = [s for s in steps_of(result, steps) if s.allowed and (s.dots or s.taken.p50 is not None)]
    parts = fitting(timed, ax, steps)
    left = room(words.words(s.title, language) for s in parts)
    ax, points = axes_for(ax, rows=len(parts), left=left, right=0.3, top=0.3, bottom=0.5)
    if not parts:
        told_instead(ax, NO_DEADLINE, language)
    return finished(drawn.step_distributions(ax, parts, language=language, label_points=points))


@draws("Result")
def plot_lateness(
    result: Result, *, ax: Axes | None = None, steps: Iterable[str] | None = None, language: str | None = None
) -> Axes:
    """Where the minutes of each step went when it was late; the parts add up to the bar. ``steps``: ids (by default those late too often)."""
    language = language_of(language)
    parts = findings.failing(result.summary) if steps is None else steps_of(result, steps)
    parts = [s for s in parts if sum((s.parts_when_late or s.parts).values()) > 0]
    left = room(words.words(s.title, language) for s in parts)
    ax, points = axes_for(ax, rows=len(parts), left=left, right=0.3, bottom=0.95)
    if not parts:
        told_instead(ax, "no step is late too often", language)
    drawn.lateness_parts(ax, parts, language=language, label_points=points)
    names = {name for s in parts for name, minutes in (s.parts_when_late or s.parts).items() if minutes > 0}
    legend_of_parts(ax, names, language)
    return finished(ax)


@draws("Result")
def plot_critical_path(
    result: Result, milestone: str | None = None, *, ax: Axes | None = None, most: int = 10, language: str | None = None
) -> Axes:
    """What lay on the critical path, minutes a run, most first.

    Without a milestone: what held late steps up in the end, traced back through all they waited for, with the share of all such minutes. With
    one (``declared``, ``ordered``, ``tier 1``, ``restored``, ``verified``, ``cleared``, ``completed``): what lay on the way there, with the share of
    runs in which it did. Raises KeyError for a milestone that no run reached.
    """
    language = language_of(language)
    if milestone is None:
        said = say("minutes a run that late steps were held up in the end", language)
        bars = _of_late_steps(result, language)[:most]
    else:
        path = known_as(milestone, {part.milestone: part for part in result.summary.paths}, "path to the milestone")
        said = say("minutes a run on the way to: {milestone}", language, milestone=paths.title(milestone, language))
        pieces = sorted((*path.length, *path.contention), key=lambda piece: -piece.minutes)[:most]
        bars = [_on_the_way(piece, result, language) for piece in pieces]
    ax, points = axes_for(ax, rows=len(bars), left=room((bar.name for bar in bars), 3.8), right=0.2, bottom=0.95)
    if not bars:
        told_instead(ax, "no step was late in any run", language)
    charts.held_up(ax, bars, said=said, language=language, label_points=points)
    if milestone is None:
        legend_of_parts(ax, {bar.part for bar in bars}, language)
    return finished(ax)


def _of_late_steps(result: Result, language: str) -> list[charts.Held]:
    causes, scenario = result.summary.roots, result.scenario
    total = sum(cause.minutes for cause in causes) or 1.0
    return [
        charts.Held(words.capital(findings.cause_words(c, scenario, language)), c.part, c.minutes, words.share(c.minutes / total, language))
        for c in causes
    ]  # fmt: skip


def _on_the_way(piece: PathPiece, result: Result, language: str) -> charts.Held:
    note = say("in {share} of runs", language, share=words.share(piece.share, language))
    return charts.Held(words.capital(paths.piece(piece, result.scenario, language)), piece.part, piece.minutes, note)


@draws("Result")
def plot_people(result: Result, *, ax: Axes | None = None, most: int = 14, language: str | None = None) -> Axes:
    """Minutes a run that each role worked on steps, and that steps waited for it: while it was busy, off duty, on the way."""
    from matplotlib.patches import Patch

    language = language_of(language)
    people = pictures.loaded_people(result.summary, most)
    titles = {p.id: words.words(p.title, language) for p in result.summary.people}
    ax, points = axes_for(ax, rows=len(people), left=room(titles[p] for p in people), right=0.3, bottom=0.8)
    if not people:
        told_instead(ax, NOBODY, language)
    drawn.people_load(ax, result.summary, people=people, language=language, label_points=points)
    legend_below(ax, [Patch(facecolor=c, hatch=h, edgecolor="white", label=say(name, language)) for _, name, c, h in drawn.LOAD_PARTS])  # fmt: skip
    return finished(ax)


@draws("Result")
def plot_load(
    result: Result, *, ax: Axes | None = None, people: Iterable[str] | None = None, replication: int | str | None = None, every: float | None = None, language: str | None = None
) -> Axes:  # fmt: skip
    """How much of its time on duty each role was at work (steps, patients, typing in), hour by hour; darker is busier, numbers are percent.

    ``people``: ids of staff (by default those whose work or absence counts most); ``replication`` as in ``plot_waits`` (the mean over all
    runs when all were kept); ``every``: minutes of a column (by default an hour, more in a run of days). Raises KeyError for somebody who holds no role of the plan.
    """
    import numpy as np

    language = language_of(language)
    titles = {p.id: words.words(p.title, language) for p in result.summary.people}
    ids = list(people) if people is not None else pictures.loaded_people(result.summary)
    for unknown in (i for i in ids if i not in titles):
        raise KeyError(f"{unknown!r} holds no role of the plan; there are {', '.join(titles)}")
    width = bin_of(result, every, least=LOAD_BIN, most=LOAD_BINS)
    bounds = day.edges(0.0, result.scenario.horizon, width)
    runs = [day.load(view_of(result, log), bounds) for log, _ in rows_of(result, replication)]
    shares = {name: mean(np.array([run[name] for run in runs])) for name in ids}
    ax, points = axes_for(ax, rows=len(ids), left=room(titles[i] for i in ids), right=0.45, bottom=0.5)
    if not ids:
        told_instead(ax, NOBODY, language)
    return finished(charts.load(ax, bounds, shares, titles, result.scenario, language=language, label_points=points))
