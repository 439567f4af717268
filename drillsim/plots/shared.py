"""What the plots of the Python door share: figures of the right size, the language of labels, faces, legends, and the rows of a run."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from functools import wraps
from inspect import signature
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar
from unicodedata import east_asian_width

from drillsim.errors import known_as
from drillsim.log.rows import Log
from drillsim.report import axes as measures
from drillsim.report import look, sections, svg, words
from drillsim.report import plots as drawn
from drillsim.score.summary_plan import StepPart
from drillsim.score.view import View, first_fault
from drillsim.texts import preferred, say

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.axes import Axes
    from matplotlib.text import Text

    from drillsim.api import Result

BINS = (30.0, 60.0, 120.0, 180.0, 360.0, 720.0, 1440.0, 2880.0, 4320.0, 10080.0, 40320.0)  # minutes
WIDTH, ROW = 8.8, 0.26  # inches
TIGHT = 0.17  # inches: the least that a row with a name takes
LATIN_FACES = ("Segoe UI", "Helvetica Neue", "Arial", "Liberation Sans", "Noto Sans", "Open Sans", "DejaVu Sans")
WIDE_FACE = "DejaVu Sans"  # comes with matplotlib; about a tenth wider than the others
NO_CHINESE = "this machine has no Chinese font that matplotlib knows, so the plot is labelled in English; install one (Noto Sans CJK SC, say) and start Python again"


P = ParamSpec("P")
R = TypeVar("R")
GIVEN_BY = {"Result": "run", "SideBySide": "compare", "Improved": "improve", "Swept": "sweep"}
"""What a plot can draw, by the name of its class, and the function of drillsim that gives it."""


def draws(*kinds: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """For a plot of something of these classes: anything else is a TypeError that says what is wanted and what came."""

    def guarded(plot: Callable[P, R]) -> Callable[P, R]:
        first = next(iter(signature(plot).parameters))

        @wraps(plot)
        def checked(*args: P.args, **named: P.kwargs) -> R:
            if not args and first not in named:
                return plot(*args, **named)  # Python says that it is missing
            given = args[0] if args else named[first]
            name = type(given).__name__
            if not (name in kinds and type(given).__module__.startswith("drillsim.")):
                wanted = " or ".join(f"drillsim.{GIVEN_BY[kind]}" for kind in kinds)
                hint = f"; for that there is {_plots_of(name)}" if name in GIVEN_BY else ""
                raise TypeError(f"{plot.__name__} draws what {wanted} gives, not {called(given)}{hint}")
            return plot(*args, **named)

        return checked

    return guarded


def _plots_of(kind: str) -> str:
    return {
        "Result": "plot_timeline and others that take a result",
        "SideBySide": "plot_comparison",
        "Improved": "plot_comparison",
        "Swept": "plot_sweep",
    }[kind]


def called(given: object) -> str:
    """What came, in words: ``what drillsim.compare gives``, ``None``, ``the text 'his'``, ``a DataFrame``."""
    name = type(given).__name__
    if name in GIVEN_BY:
        return f"what drillsim.{GIVEN_BY[name]} gives"
    if given is None:
        return "None"
    if isinstance(given, str):
        return f"the text {given!r}"
    return f"{'an' if name[0] in 'AEIOUaeiou' else 'a'} {name}"


def language_of(language: str | None) -> str:
    """The language to label in: English, with one warning, where Chinese cannot be drawn."""
    language = language or preferred()
    if language == "zh" and len(svg.fonts()) == 1:
        warnings.warn(NO_CHINESE, stacklevel=4)
        return "en"
    return language


def bin_of(result: Result, every: float | None, *, least: float, most: int) -> float:
    """Minutes that a column or a point stands for: those asked for, else ``least`` or, in a run of days, what leaves at most so many of them."""
    if every is not None:
        return every
    return next((b for b in BINS if b >= least and result.scenario.horizon / b <= most), BINS[-1])


def steps_of(result: Result, wanted: Iterable[str] | None) -> list[StepPart]:
    """The steps of those ids, all of them without any. Raises KeyError for an unknown one."""
    if wanted is None:
        return list(result.summary.steps)
    known = {s.id: s for s in result.summary.steps}
    return [known_as(step, known, "step") for step in ([wanted] if isinstance(wanted, str) else wanted)]


def fitting(parts: list[StepPart], ax: Axes | None, wanted: Iterable[str] | None) -> list[StepPart]:
    """Those of many steps whose names have room in the ``ax`` given: the least surely in time, in the order of the plan; all that were asked for."""
    most = len(parts) if ax is None else max(int(ax.bbox.height / ax.figure.dpi / TIGHT), 1)
    if wanted is not None or len(parts) <= most:
        return parts
    worst = sorted(parts, key=lambda s: 1.0 if s.on_time.value is None else s.on_time.value)[:most]
    return [s for s in parts if s in worst]


def rows_of(result: Result, replication: int | str | None) -> list[tuple[Log, Log | None]]:
    """The rows of the run asked for; of all runs when none is named and all were kept, else of the median one."""
    from drillsim.playback.runs import numbered, rows

    played = [scored.replication for scored in result.runs.scored]
    if replication is None and len(result.runs.logs) == len(played):
        return [(log, result.runs.bases.get(number)) for number, log in result.runs.logs.items()]
    number = numbered("median" if replication is None else replication, result.summary.shown, played)
    return [rows(result.scenario, result.runs, number)]


def view_of(result: Result, log: Log) -> View:
    return View(result.scenario, log, 0.0, log.horizon, first_fault(log))


def origin_of(result: Result) -> float:
    """The minute of the first fault: as known beforehand, else as in the first run."""
    known = words.first_fault(result.scenario)
    if known is not None:
        return known
    log = result.runs.logs.get(result.summary.shown.get("first", 0))
    return sections.clock_origin(result.summary, result.scenario, log.events if log is not None else ())


def window_of(result: Result) -> tuple[float, float]:
    origin = origin_of(result)
    return sections.window(result.summary, result.scenario, origin)


def mean(values: np.ndarray) -> np.ndarray:
    """Mean over rows, of those that know."""
    import numpy as np

    known = ~np.isnan(values)
    total, number = np.where(known, values, 0.0).sum(axis=0), known.sum(axis=0)
    return np.divide(total, number, out=np.full(len(total), np.nan), where=number > 0)


def room(labels: Iterable[str], most: float = 3.3) -> float:
    """Inches that the longest of the labels takes."""
    return min(max((measures.text_width(label) for label in labels), default=40.0) / 72 + 0.16, most)


def axes_for(
    ax: Axes | None, *, rows: float | None = None, height: float = 0.0, left: float, right: float, top: float = 0.15, bottom: float
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


def small_axes(number: int) -> list[Axes]:
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


def legend_of_parts(ax: Axes, names: set[str], language: str) -> None:
    from matplotlib.patches import Patch

    ordered = sorted(names, key=drawn.part_place)
    legend_below(ax, [Patch(facecolor=look.PART_COLOURS.get(n, look.NONE), hatch=look.PART_HATCHES.get(n), edgecolor="white", label=words.part(n, language)) for n in ordered])  # fmt: skip


def lines_explained(language: str, *, band: bool = True, base: bool = True) -> list[Any]:
    """What lines and bands say."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    found: list[Any] = [Line2D([], [], color=look.ON_TIME, linewidth=1.6, label=say("with the fault", language))]
    if band:
        found.append(Patch(facecolor=look.ON_TIME, alpha=0.22, label=say("eight runs in ten", language)))
    if base:
        found.append(Line2D([], [], color=look.INK, linewidth=1.1, linestyle=(0, (4, 2)), label=say("the same day without the fault", language)))  # fmt: skip
    return found


def told_instead(ax: Axes, sentence: str, language: str) -> None:
    """A sentence where there is nothing to draw."""
    ax.text(0.5, 0.5, say(sentence, language), transform=ax.transAxes, ha="center", va="center", fontsize=8.5)


def legend_below(ax: Axes, handles: list[Any]) -> None:
    """A legend under the axis, at its left."""
    if not handles:
        return
    tall, wide = ax.bbox.height / ax.figure.dpi, ax.bbox.width / ax.figure.dpi * 72
    longest = max(measures.text_width(str(handle.get_label()), 7.6) for handle in handles)
    columns = min(max(int(wide // (longest + 36)), 1), 4)
    ax.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(0.0, -0.34 / max(tall, 0.3)), ncols=columns, frameon=False, fontsize=7.6,
        handlelength=1.8, columnspacing=1.4, borderaxespad=0.0,
    )  # fmt: skip


def finished(ax: Axes) -> Axes:
    """Faces that have every sign, also for texts that are drawn later; words taken as they are; no frame above and at the right."""
    from matplotlib.text import Text

    texts = ax.findobj(Text)
    chinese = any(east_asian_width(c) in "WF" for text in texts for c in text.get_text())
    faces = list(svg.fonts()) if chinese else [*_latin(), *svg.fonts()]
    for text in texts:
        text.set_fontfamily(faces)
        text.set_parse_math(False)
        if text.get_fontweight() == "bold":
            _bold(text, faces)
    ax.tick_params(axis="both", labelfontfamily=faces)
    if faces[0] == WIDE_FACE:
        for text in ax.get_yticklabels():  # names were cut for faces that are narrower
            text.set_fontsize(float(text.get_fontsize()) * 0.9)
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    return ax


def _bold(text: Text, faces: list[str]) -> None:
    """Bold only in faces that have it (matplotlib complains of every other one): a Chinese sign stays plain where its face has no bold."""
    from matplotlib.font_manager import fontManager, weight_dict

    bold = {
        font.name for font in fontManager.ttflist if weight_dict.get(str(font.weight), font.weight) in range(600, 1001)
    }
    heavy = [face for face in faces if face in bold]
    wide = any(east_asian_width(c) in "WF" for c in text.get_text())
    if heavy and not (wide and faces[0] not in bold):
        text.set_fontfamily(heavy)
    else:
        text.set_fontweight("normal")


def _latin() -> list[str]:
    """Faces of this machine for words without Chinese signs: those of a Chinese face have quotation marks as wide as a sign."""
    from matplotlib import font_manager

    known = set(font_manager.get_font_names())
    return [name for name in LATIN_FACES if name in known]
