"""Plots of the hospital: queues and waits against the usual day, paper, systems and departments."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

from drillsim.errors import known_as
from drillsim.log.rows import CLOSED
from drillsim.plots.shared import (
    axes_for,
    bin_of,
    draws,
    finished,
    language_of,
    legend_below,
    lines_explained,
    origin_of,
    room,
    rows_of,
    small_axes,
    told_instead,
    view_of,
    window_of,
)
from drillsim.report import charts, look, names, pictures, words
from drillsim.report import plots as drawn
from drillsim.score import day
from drillsim.score.summary_hospital import Series
from drillsim.texts import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from drillsim.api import Result

WAIT_BIN, WAIT_BINS = 30.0, 120  # minutes of a point; points that can be told apart


@draws("Result")
def plot_queue(result: Result, department: str, *, ax: Axes | None = None, language: str | None = None) -> Axes:
    """People waiting in a department (or for an activity without one) through the day: the middle run, the band of eight runs in ten, and
    the same day without the fault (broken line). Raises KeyError, with the ids there are, for an unknown one."""
    language = language_of(language)
    known = {s.id: s for s in result.summary.series if s.kind == "queue"}
    if department not in known:
        raise KeyError(f"no queue of {department!r}; there are {', '.join(known)}")
    ax, _ = axes_for(ax, height=2.6, left=0.6, right=0.45, top=0.3, bottom=0.7)
    _queue(ax, known[department], result, language)
    legend_below(ax, lines_explained(language, base=bool(known[department].base)))
    return finished(ax)


@draws("Result")
def plot_queues(
    result: Result,
    *,
    ax: Axes | None = None,
    axes: Iterable[Axes] | None = None,
    most: int = 6,
    language: str | None = None,
) -> list[Axes]:
    """The queues that grow most against the same day without the fault, each on an ``ax`` of its own (as ``plot_queue``); on one ``ax``
    the one that grows most of all."""
    language = language_of(language)
    found = sorted((s for s in result.summary.series if s.kind == "queue" and max(s.p90, default=0.0) >= 1), key=pictures._growth, reverse=True)  # fmt: skip
    places = [ax] if ax is not None else list(axes) if axes is not None else small_axes(min(most, len(found)))
    for place, series in zip(places, found, strict=False):
        _queue(place, series, result, language)
        place.set_title(words.words(series.title, language), fontsize=9, loc="left")
        finished(place)
    return places


@draws("Result")
def plot_waits(
    result: Result, department: str, *, ax: Axes | None = None, replication: int | str | None = None, every: float | None = None, language: str | None = None
) -> Axes:  # fmt: skip
    """How long people waited in a department (or for an activity) by the time they came, against the same day without the fault.

    From rows: of the run asked for (``"median"`` by default, ``"worst"``, ``"first"``, a number), or of all runs with the band of eight in
    ten when all were kept (``keep="all"``). ``every``: minutes a point stands for (by default half an hour, more in a run of
    days). Raises KeyError for an unknown department or activity.
    """
    import numpy as np

    language = language_of(language)
    activities = [a for a, one in result.scenario.hospital.activities.items() if department in (one.department, a)]
    if not activities:
        known_as(
            department,
            dict.fromkeys([*result.scenario.hospital.departments, *result.scenario.hospital.activities]),
            "department or activity",
        )
        raise KeyError(f"nobody waits in {department!r}: it has no activity")
    chosen = rows_of(result, replication)
    width = bin_of(result, every, least=WAIT_BIN, most=WAIT_BINS)
    bounds = day.edges(0.0, result.scenario.horizon, width)
    with_fault = np.array([day.waits(view_of(result, log), activities, bounds) for log, _ in chosen])
    bases = [day.waits(view_of(result, base), activities, bounds) for _, base in chosen if base is not None]
    ax, _ = axes_for(ax, height=2.6, left=0.6, right=0.45, top=0.3, bottom=0.7)
    charts.waits(ax, bounds, with_fault, np.array(bases) if bases else None, result.scenario, language=language)
    ax.set_title(words.title_of(result.scenario, department, language, "department"), fontsize=9, loc="left")
    legend_below(ax, lines_explained(language, band=len(with_fault) > 1, base=bool(bases)))
    return finished(ax)


@draws("Result")
def plot_pile(result: Result, *, ax: Axes | None = None, language: str | None = None) -> Axes:
    """Items on paper that wait to be typed in, one layer a department (the middle run of each), the largest at the bottom."""
    from matplotlib.patches import Patch

    language = language_of(language)
    series = pictures.pile_series(result.summary)
    begin, end = window_of(result)
    origin = origin_of(result)
    marks = [
        (origin + usual, say(words.MILESTONES[m.event], language))
        for m in result.summary.milestones
        if m.event in ("ordered", "restored") and (usual := words.certain(m.minute)) is not None
    ]
    ax, _ = axes_for(ax, height=3.2, left=0.6, right=0.3, top=0.3, bottom=0.9)
    drawn.pile(ax, series, result.summary.grid, result.scenario, begin=begin, end=end, marks=marks, language=language)
    ax.set_ylabel(say("items to type in", language), fontsize=7.6)
    if not series:
        told_instead(ax, "nothing is written on paper in the middle run", language)
    fills = zip(series, drawn.PILE_FILLS, strict=False)
    legend_below(ax, [Patch(facecolor=c, hatch=h, edgecolor="white", label=words.words(s.title, language)) for s, (c, h) in fills])  # fmt: skip
    return finished(ax)


@draws("Result")
def plot_systems(
    result: Result, *, ax: Axes | None = None, replication: int | str | None = None, language: str | None = None
) -> Axes:
    """The state of each system that was touched, through one run (the median one by default)."""
    return _states(result, ax, replication, language_of(language), "component")


@draws("Result")
def plot_departments(
    result: Result, *, ax: Axes | None = None, replication: int | str | None = None, language: str | None = None
) -> Axes:
    """How each department worked through one run (the median one by default): with the systems, waiting, on paper, typing in."""
    return _states(result, ax, replication, language_of(language), "department")


def _states(
    result: Result, ax: Axes | None, replication: int | str | None, language: str, kind: Literal["component", "department"]
) -> Axes:  # fmt: skip
    from matplotlib.patches import Patch

    (log, _), *_ = rows_of(result, "median" if replication is None else replication)
    scenario, (begin, end) = result.scenario, window_of(result)
    if kind == "component":
        ids = pictures.affected_components(log.events, scenario)
        colours, hatches, titles = look.STATE_COLOURS, look.STATE_HATCHES, names.STATES
    else:
        touched = {e.subject for e in log.events if e.kind == kind and e.state not in ("normal", CLOSED)}
        ids = [i for i in scenario.hospital.departments if i in touched]
        colours, hatches, titles = look.MODE_COLOURS, look.MODE_HATCHES, names.MODES
    left = room(words.title_of(scenario, i, language, kind) for i in ids)
    ax, points = axes_for(ax, rows=len(ids), left=left, right=0.3, bottom=0.8)
    if kind == "component":
        drawn.system_states(ax, log.events, scenario, begin=begin, end=end, components=ids, language=language, label_points=points)  # fmt: skip
    else:
        drawn.department_modes(ax, log.events, scenario, begin=begin, end=end, departments=ids, language=language, label_points=points)  # fmt: skip
    if not ids:
        told_instead(ax, "nothing changed in this run", language)
    states = {e.state for e in log.events if e.kind == kind and e.subject in set(ids)} | {next(iter(colours))}
    legend_below(ax, [Patch(facecolor=colours[s], hatch=hatches.get(s), edgecolor="white", label=say(titles[s], language)) for s in colours if s in states])  # fmt: skip
    return finished(ax)


def _queue(ax: Axes, series: Series, result: Result, language: str) -> None:
    begin, end = window_of(result)
    origin = origin_of(result)
    marks = [origin + usual for m in result.summary.milestones if m.event in ("failed", "restored") and (usual := words.certain(m.minute)) is not None]  # fmt: skip
    drawn.queue(ax, series, result.summary.grid, result.scenario, begin=begin, end=end, marks=marks, language=language)
    ax.set_ylabel(say("People waiting", language), fontsize=7.6)
