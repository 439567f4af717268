"""Plots for Python and Jupyter: each takes a result and an ``ax`` and gives the ``ax`` back; without one it makes a figure of the right size.

Every plot reads in black and white: what differs in colour differs in hatch, sign or line too. ``language`` is ``"en"`` or ``"zh"``, by default
what ``drillsim.use_language`` chose. Times are times of day; ids of steps, departments and roles are those of the files.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal
from unicodedata import east_asian_width

from drillsim.log.rows import Log
from drillsim.report import axes as shared
from drillsim.report import charts, look, pictures, sections, svg, words
from drillsim.report import plots as drawn
from drillsim.report import timeline as timelines
from drillsim.score import day
from drillsim.score.summary import Series, StepPart
from drillsim.score.view import View, first_fault
from drillsim.texts import preferred, say

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.axes import Axes

    from drillsim.api import Result

WIDTH, ROW = 8.8, 0.26  # inches
LOAD_BIN, WAIT_BIN = 60.0, 30.0  # minutes
LATIN_FACES = ("Segoe UI", "Helvetica Neue", "Arial", "Liberation Sans", "Noto Sans")
NO_CHINESE = "this machine has no Chinese font that matplotlib knows, so the plot is labelled in English; install one (Noto Sans CJK SC, say) and start Python again"

__all__ = [
    "plot_critical_path",
    "plot_departments",
    "plot_lateness",
    "plot_load",
    "plot_on_time",
    "plot_people",
    "plot_pile",
    "plot_queue",
    "plot_queues",
    "plot_steps",
    "plot_systems",
    "plot_timeline",
    "plot_waits",
]


def plot_timeline(
    result: Result, *, ax: Axes | None = None, steps: Iterable[str] | None = None, language: str | None = None
) -> Axes:
    """When each step is done, against its deadline: the bar is eight runs in ten, the stroke in it the middle run, the line all runs; a diamond
    is the deadline in the middle run, the share at the right P(on time). ``steps``: ids (by default those whose deadline ran)."""
    language = _spoken(language)
    summary, scenario = result.summary, result.scenario
    parts = pictures.timeline_steps(summary, scenario) if steps is None else _steps(result, steps)
    origin = _origin(result)
    labels = [words.words(s.title, language) for s in parts]
    left = _room(labels)
    ax, points = _ax(ax, rows=len(parts), left=left, right=0.8, top=0.75, bottom=0.5)
    timelines.response_timeline(
        ax, summary, scenario, steps=parts, origin=origin, language=language, label_points=points
    )
    return _finished(ax)


def plot_on_time(
    result: Result, *, ax: Axes | None = None, steps: Iterable[str] | None = None, language: str | None = None
) -> Axes:
    """P(on time) of each step with its interval, against what the plan asks. ``steps``: ids (by default all whose deadline ran, in the order
    of the plan)."""
    language = _spoken(language)
    parts = [s for s in _steps(result, steps) if s.on_time.value is not None]
    left = _room(words.words(s.title, language) for s in parts)
    ax, points = _ax(ax, rows=len(parts), left=left, right=0.6, bottom=0.5)
    return _finished(charts.on_time(ax, parts, language=language, label_points=points))


def plot_steps(
    result: Result, *, ax: Axes | None = None, steps: Iterable[str] | None = None, language: str | None = None
) -> Axes:
    """How much of the time allowed each step used: twenty marks a step, one for every twentieth run; triangles beyond the line are late."""
    language = _spoken(language)
    parts = [s for s in _steps(result, steps) if s.allowed and (s.dots or s.taken.p50 is not None)]
    left = _room(words.words(s.title, language) for s in parts)
    ax, points = _ax(ax, rows=len(parts), left=left, right=0.3, top=0.3, bottom=0.5)
    return _finished(drawn.step_distributions(ax, parts, language=language, label_points=points))


def plot_lateness(
    result: Result, *, ax: Axes | None = None, steps: Iterable[str] | None = None, language: str | None = None
) -> Axes:
    """Where the minutes of each step went when it was late; the parts add up to the bar. ``steps``: ids (by default those late too often)."""
    from drillsim.report import findings

    language = _spoken(language)
    parts = findings.failing(result.summary) if steps is None else _steps(result, steps)
    parts = [s for s in parts if sum((s.parts_when_late or s.parts).values()) > 0]
    left = _room(words.words(s.title, language) for s in parts)
    ax, points = _ax(ax, rows=len(parts), left=left, right=0.3, bottom=0.95)
    drawn.lateness_parts(ax, parts, language=language, label_points=points)
    names = {name for s in parts for name, minutes in (s.parts_when_late or s.parts).items() if minutes > 0}
    _legend_of_parts(ax, names, language)
    return _finished(ax)


def plot_critical_path(result: Result, *, ax: Axes | None = None, most: int = 10, language: str | None = None) -> Axes:
    """What held late steps up in the end, traced back through all they waited for: minutes a run, and the share of all such minutes."""
    from drillsim.report import findings

    language = _spoken(language)
    roots = result.summary.roots
    labels = [words.capital(findings.cause_words(c, result.scenario, language)) for c in roots[:most]]
    ax, points = _ax(ax, rows=min(len(roots), most), left=_room(labels, 3.8), right=0.2, bottom=0.95)
    charts.held_up(
        ax, roots[:most], result.scenario, total=sum(c.minutes for c in roots) or 1.0, language=language, label_points=points,
    )  # fmt: skip
    _legend_of_parts(ax, {c.part for c in roots[:most]}, language)
    return _finished(ax)


def plot_queue(result: Result, department: str, *, ax: Axes | None = None, language: str | None = None) -> Axes:
    """People waiting in a department (or for an activity without one) through the day: the middle run, the band of eight runs in ten, and
    the same day without the fault (broken line). Raises KeyError, with the ids there are, for an unknown one."""
    language = _spoken(language)
    known = {s.id: s for s in result.summary.series if s.kind == "queue"}
    if department not in known:
        raise KeyError(f"no queue of {department!r}; there are {', '.join(known)}")
    ax, _ = _ax(ax, height=2.6, left=0.6, right=0.45, top=0.3, bottom=0.7)
    _queue(ax, known[department], result, language)
    _legend_below(ax, _of_lines(language))
    return _finished(ax)


def plot_queues(
    result: Result, *, axes: Iterable[Axes] | None = None, most: int = 6, language: str | None = None
) -> list[Axes]:
    """The queues that grow most against the same day without the fault, each on an ``ax`` of its own (as ``plot_queue``)."""
    language = _spoken(language)
    found = sorted((s for s in result.summary.series if s.kind == "queue" and max(s.p90, default=0.0) >= 1), key=pictures._growth, reverse=True)  # fmt: skip
    places = list(axes) if axes is not None else _grid(min(most, len(found)))
    for ax, series in zip(places, found, strict=False):
        _queue(ax, series, result, language)
        ax.set_title(words.words(series.title, language), fontsize=9, loc="left")
        _finished(ax)
    return places


def plot_waits(
    result: Result, department: str, *, ax: Axes | None = None, replication: int | str | None = None, every: float = WAIT_BIN, language: str | None = None
) -> Axes:  # fmt: skip
    """How long people waited in a department (or for an activity) by the time they came, against the same day without the fault.

    From rows: of the run asked for (``"median"`` by default, ``"worst"``, ``"first"``, a number), or of all runs with the band of eight in
    ten when all were kept (``keep="all"``). ``every``: minutes a point stands for. Raises KeyError for an unknown department or activity.
    """
    import numpy as np

    language = _spoken(language)
    activities = [a for a, one in result.scenario.hospital.activities.items() if department in (one.department, a)]
    if not activities:
        raise KeyError(f"no activity in {department!r}")
    chosen = _rows(result, replication)
    bounds = day.edges(0.0, result.scenario.horizon, every)
    with_fault = np.array([day.waits(_view(result, log), activities, bounds) for log, _ in chosen])
    bases = [day.waits(_view(result, base), activities, bounds) for _, base in chosen if base is not None]
    ax, _ = _ax(ax, height=2.6, left=0.6, right=0.45, top=0.3, bottom=0.7)
    charts.waits(ax, bounds, with_fault, np.array(bases) if bases else None, result.scenario, language=language)
    ax.set_title(words.title_of(result.scenario, department, language), fontsize=9, loc="left")
    _legend_below(ax, _of_lines(language, band=len(with_fault) > 1, base=bool(bases)))
    return _finished(ax)


def plot_pile(result: Result, *, ax: Axes | None = None, language: str | None = None) -> Axes:
    """Items on paper that wait to be typed in, one layer a department (the middle run of each), the largest at the bottom."""
    from matplotlib.patches import Patch

    language = _spoken(language)
    series = pictures.pile_series(result.summary)
    begin, end = _window(result)
    origin = _origin(result)
    marks = [
        (origin + m.minute.p50, say(words.MILESTONES[m.event], language))
        for m in result.summary.milestones
        if m.event in ("ordered", "restored") and m.minute.p50 is not None
    ]
    ax, _ = _ax(ax, height=3.2, left=0.6, right=0.3, top=0.3, bottom=0.9)
    drawn.pile(ax, series, result.summary.grid, result.scenario, begin=begin, end=end, marks=marks, language=language)
    ax.set_ylabel(say("items to type in", language), fontsize=7.6)
    fills = zip(series, drawn.PILE_FILLS, strict=False)
    _legend_below(ax, [Patch(facecolor=c, hatch=h, edgecolor="white", label=words.words(s.title, language)) for s, (c, h) in fills])  # fmt: skip
    return _finished(ax)


def plot_people(result: Result, *, ax: Axes | None = None, most: int = 14, language: str | None = None) -> Axes:
    """Minutes a run that each role worked on steps, and that steps waited for it: while it was busy, off duty, on the way."""
    from matplotlib.patches import Patch

    language = _spoken(language)
    people = pictures.loaded_people(result.summary, most)
    titles = {p.id: words.words(p.title, language) for p in result.summary.people}
    ax, points = _ax(ax, rows=len(people), left=_room(titles[p] for p in people), right=0.3, bottom=0.8)
    drawn.people_load(ax, result.summary, people=people, language=language, label_points=points)
    _legend_below(ax, [Patch(facecolor=c, hatch=h, edgecolor="white", label=say(name, language)) for _, name, c, h in drawn.LOAD_PARTS])  # fmt: skip
    return _finished(ax)


def plot_load(
    result: Result, *, ax: Axes | None = None, people: Iterable[str] | None = None, replication: int | str | None = None, every: float = LOAD_BIN, language: str | None = None
) -> Axes:  # fmt: skip
    """How much of its time on duty each role was at work (steps, patients, typing in), hour by hour; darker is busier, numbers are percent.

    ``people``: ids of staff (by default those whose work or absence counts most); ``replication`` as in ``plot_waits`` (the mean over all
    runs when all were kept); ``every``: minutes of a column. Raises KeyError for somebody who holds no role of the plan.
    """
    import numpy as np

    language = _spoken(language)
    titles = {p.id: words.words(p.title, language) for p in result.summary.people}
    ids = list(people) if people is not None else pictures.loaded_people(result.summary)
    for unknown in (i for i in ids if i not in titles):
        raise KeyError(f"{unknown!r} holds no role of the plan; there are {', '.join(titles)}")
    bounds = day.edges(0.0, result.scenario.horizon, every)
    runs = [day.load(_view(result, log), bounds) for log, _ in _rows(result, replication)]
    shares = {name: _mean(np.array([run[name] for run in runs])) for name in ids}
    ax, points = _ax(ax, rows=len(ids), left=_room(titles[i] for i in ids), right=0.45, bottom=0.5)
    return _finished(charts.load(ax, bounds, shares, titles, result.scenario, language=language, label_points=points))


def plot_systems(
    result: Result, *, ax: Axes | None = None, replication: int | str | None = None, language: str | None = None
) -> Axes:
    """The state of each system that was touched, through one run (the median one by default)."""
    return _states(result, ax, replication, _spoken(language), "component")


def plot_departments(
    result: Result, *, ax: Axes | None = None, replication: int | str | None = None, language: str | None = None
) -> Axes:
    """How each department worked through one run (the median one by default): with the systems, waiting, on paper, typing in."""
    return _states(result, ax, replication, _spoken(language), "department")


def _states(
    result: Result, ax: Axes | None, replication: int | str | None, language: str, kind: Literal["component", "department"]
) -> Axes:  # fmt: skip
    from matplotlib.patches import Patch

    from drillsim.report import names

    (log, _), *_ = _rows(result, "median" if replication is None else replication)
    scenario, (begin, end) = result.scenario, _window(result)
    if kind == "component":
        ids = pictures.affected_components(log.events, scenario)
        colours, hatches, titles = look.STATE_COLOURS, look.STATE_HATCHES, names.STATES
    else:
        touched = {e.subject for e in log.events if e.kind == kind and e.state != "normal"}
        ids = [i for i in scenario.hospital.departments if i in touched]
        colours, hatches, titles = look.MODE_COLOURS, look.MODE_HATCHES, names.MODES
    left = _room(words.title_of(scenario, i, language) for i in ids)
    ax, points = _ax(ax, rows=len(ids), left=left, right=0.3, bottom=0.8)
    if kind == "component":
        drawn.system_states(ax, log.events, scenario, begin=begin, end=end, components=ids, language=language, label_points=points)  # fmt: skip
    else:
        drawn.department_modes(ax, log.events, scenario, begin=begin, end=end, departments=ids, language=language, label_points=points)  # fmt: skip
    states = {e.state for e in log.events if e.kind == kind and e.subject in set(ids)} | {next(iter(colours))}
    _legend_below(ax, [Patch(facecolor=colours[s], hatch=hatches.get(s), edgecolor="white", label=say(titles[s], language)) for s in colours if s in states])  # fmt: skip
    return _finished(ax)


# What they share


def _spoken(language: str | None) -> str:
    """The language to label in: English, with one warning, where Chinese cannot be drawn."""
    language = language or preferred()
    if language == "zh" and len(svg.fonts()) == 1:
        warnings.warn(NO_CHINESE, stacklevel=3)
        return "en"
    return language


def _steps(result: Result, wanted: Iterable[str] | None) -> list[StepPart]:
    """The steps of those ids, all of them without any. Raises KeyError for an unknown one."""
    if wanted is None:
        return list(result.summary.steps)
    known = {s.id: s for s in result.summary.steps}
    return [known[step] for step in ([wanted] if isinstance(wanted, str) else wanted)]


def _rows(result: Result, replication: int | str | None) -> list[tuple[Log, Log | None]]:
    """The rows of the run asked for; of all runs when none is named and all were kept, else of the median one."""
    from drillsim.playback.runs import numbered, rows

    played = [scored.replication for scored in result.runs.scored]
    if replication is None and len(result.runs.logs) == len(played):
        return [(log, result.runs.bases.get(number)) for number, log in result.runs.logs.items()]
    number = numbered("median" if replication is None else replication, result.summary.shown, played)
    return [rows(result.scenario, result.runs, number)]


def _view(result: Result, log: Log) -> View:
    return View(result.scenario, log, 0.0, log.horizon, first_fault(log))


def _origin(result: Result) -> float:
    """The minute of the first fault: as known beforehand, else as in the first run."""
    known = words.first_fault(result.scenario)
    if known is not None:
        return known
    log = result.runs.logs.get(result.summary.shown.get("first", 0))
    return sections.clock_origin(result.summary, result.scenario, log.events if log is not None else ())


def _window(result: Result) -> tuple[float, float]:
    origin = _origin(result)
    return sections.window(result.summary, result.scenario, origin)


def _mean(values: np.ndarray) -> np.ndarray:
    """Mean over rows, of those that know."""
    import numpy as np

    known = ~np.isnan(values)
    total, number = np.where(known, values, 0.0).sum(axis=0), known.sum(axis=0)
    return np.divide(total, number, out=np.full(len(total), np.nan), where=number > 0)


def _queue(ax: Axes, series: Series, result: Result, language: str) -> None:
    begin, end = _window(result)
    origin = _origin(result)
    marks = [origin + m.minute.p50 for m in result.summary.milestones if m.event in ("failed", "restored") and m.minute.p50 is not None]  # fmt: skip
    drawn.queue(ax, series, result.summary.grid, result.scenario, begin=begin, end=end, marks=marks, language=language)
    ax.set_ylabel(say("People waiting", language), fontsize=7.6)


def _room(labels: Iterable[str], most: float = 3.3) -> float:
    """Inches that the longest of the labels takes."""
    return min(max((shared.text_width(label) for label in labels), default=40.0) / 72 + 0.16, most)


def _ax(
    ax: Axes | None, *, rows: int | None = None, height: float = 0.0, left: float, right: float, top: float = 0.15, bottom: float
) -> tuple[Axes, float]:  # fmt: skip
    """The ``ax`` given, or a new one with margins in inches; and the points that names at its left may take."""
    points = left * 72 - 1
    if ax is not None:
        return ax, points
    import matplotlib as mpl
    import matplotlib.pyplot as plt

    tall = (ROW * max(rows or 1, 1) if rows is not None else height) + top + bottom
    figure = plt.figure(
        figsize=(WIDTH, tall)
    )  # outside the settings below: a notebook's backend switches itself on here, for good
    with mpl.rc_context(svg.style()):  # type: ignore[arg-type]
        size = (left / WIDTH, bottom / tall, 1 - (left + right) / WIDTH, 1 - (top + bottom) / tall)
        return figure.add_axes(size), points


def _grid(number: int) -> list[Axes]:
    """So many small axes in two columns of a new figure."""
    import matplotlib as mpl
    import matplotlib.pyplot as plt

    lines = max((number + 1) // 2, 1)
    figure = plt.figure(figsize=(WIDTH, 1.9 * lines), layout="constrained")
    with mpl.rc_context(svg.style()):  # type: ignore[arg-type]
        found = figure.subplots(lines, 2, squeeze=False)
    for unused in found.flat[number:]:
        unused.remove()
    return list(found.flat[:number])


def _legend_of_parts(ax: Axes, names: set[str], language: str) -> None:
    from matplotlib.patches import Patch

    ordered = sorted(names, key=drawn._part_place)
    _legend_below(ax, [Patch(facecolor=look.PART_COLOURS.get(n, look.NONE), hatch=look.PART_HATCHES.get(n), edgecolor="white", label=words.part(n, language)) for n in ordered])  # fmt: skip


def _of_lines(language: str, *, band: bool = True, base: bool = True) -> list[Any]:
    """What lines and bands say."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    found: list[Any] = [Line2D([], [], color=look.ON_TIME, linewidth=1.6, label=say("with the fault", language))]
    if band:
        found.append(Patch(facecolor=look.ON_TIME, alpha=0.22, label=say("eight runs in ten", language)))
    if base:
        found.append(Line2D([], [], color=look.INK, linewidth=1.1, linestyle=(0, (4, 2)), label=say("the same day without the fault", language)))  # fmt: skip
    return found


def _legend_below(ax: Axes, handles: list[Any]) -> None:
    """A legend under the axis, at its left."""
    if not handles:
        return
    tall = ax.bbox.height / ax.figure.dpi
    columns = 4 if max(shared.text_width(str(h.get_label())) for h in handles) < 110 else 3
    ax.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(0.0, -0.34 / max(tall, 0.3)), ncols=columns, frameon=False, fontsize=7.6,
        handlelength=1.8, columnspacing=1.4, borderaxespad=0.0,
    )  # fmt: skip


def _finished(ax: Axes) -> Axes:
    """Faces that have every sign, also for texts that are drawn later; words taken as they are; no frame above and at the right."""
    from matplotlib.text import Text

    texts = ax.findobj(Text)
    chinese = any(east_asian_width(c) in "WF" for text in texts for c in text.get_text())
    faces = list(svg.fonts()) if chinese else [*_latin(), *svg.fonts()]
    for text in texts:
        text.set_fontfamily(faces)
        text.set_parse_math(False)
    ax.tick_params(axis="both", labelfontfamily=faces)
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    return ax


def _latin() -> list[str]:
    """Faces of this machine for words without Chinese signs: those of a Chinese face have quotation marks as wide as a sign."""
    from matplotlib import font_manager

    known = set(font_manager.get_font_names())
    return [name for name in LATIN_FACES if name in known]
