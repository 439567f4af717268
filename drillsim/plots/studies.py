"""Plots of studies: ways of doing it side by side, and one value swept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, get_args

from drillsim.errors import known_as
from drillsim.plots.shared import axes_for, draws, finished, language_of, legend_below, room
from drillsim.report import charts, compared, sweep_page
from drillsim.report.swept import subject
from drillsim.score.compared import Unit
from drillsim.score.comparison import Comparison, Row

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from drillsim.studies import SideBySide, Swept

UNITS: tuple[str, ...] = get_args(Unit)


@draws("SideBySide", "Improved")
def plot_comparison(
    comparison: SideBySide | Any, *, figures: Iterable[str] | None = None, unit: str = "claim", most: int = 14, ax: Axes | None = None, language: str | None = None
) -> Axes:  # fmt: skip
    """How much each way differs from the reference, with intervals; one sign an arm, filled where the difference is surely more than luck.

    ``comparison`` is what ``compare`` gave, or what ``improve`` found: its last round, on fresh luck.

    ``figures``: names of figures (column ``figure`` of ``table()``), all of one unit; by default the headline figures of ``unit`` (``"claim"``
    or ``"share"`` in points, ``"min"``, ``"number"``) that differ in any run, the surest first. Raises KeyError for an unknown figure, ValueError for an unknown unit or a search that found nothing to compare.
    """
    if unit not in UNITS:
        raise ValueError(f"unit is one of {', '.join(UNITS)}, not {unit!r}")
    language = language_of(language)
    found = _last_round(comparison)
    rows = _named(found.figures, figures) if figures is not None else _telling(found.figures, unit)[:most]
    labels = [compared.called(comparison.scenario, row, language) for row in rows]
    arms = [arm.name for arm in found.arms if arm.name != found.reference]
    titles = {arm: compared.arm_title(found, arm, language) for arm in arms}
    ax, points = axes_for(
        ax, rows=max(len(rows), 1) * max(1.0, 0.45 * len(arms)), left=room(labels, 3.8), right=0.3, bottom=0.95
    )
    reference = compared.arm_title(found, found.reference, language)
    charts.differences(ax, rows, labels, arms, reference, language=language, label_points=points)
    legend_below(ax, charts.arms_explained(titles))
    return finished(ax)


@draws("Swept")
def plot_sweep(swept: Swept, figure: str | None = None, *, ax: Axes | None = None, language: str | None = None) -> Axes:
    """One figure with its interval at every setting; the hollow dot is the value as it is, when it is one of them.

    ``figure``: its name (column ``figure`` of ``table()``); by default the first of those the sweep is judged by. Raises KeyError for an unknown one.
    """
    language = language_of(language)
    row = _named(swept.sweep.comparison.figures, [figure if figure is not None else swept.sweep.aims[0]])[0]
    ax, _ = axes_for(ax, height=2.6, left=0.7, right=0.3, top=0.35, bottom=0.75)
    sweep_page.over_settings(ax, swept.sweep, row, language=language)
    ax.set_title(compared.called(swept.scenario, row, language), fontsize=9, loc="left")
    ax.set_xlabel(subject(swept.sweep, swept.scenario, language), fontsize=7.6)
    legend_below(ax, sweep_page.hollow(swept.sweep, language))
    return finished(ax)


@draws("Swept")
def plot_trade(swept: Swept, across: str, up: str, *, ax: Axes | None = None, language: str | None = None) -> Axes:
    """Every setting of a sweep as a point between two figures (by their names), with both intervals: what one costs the other."""
    language = language_of(language)
    first, second = _named(swept.sweep.comparison.figures, [across, up])
    ax, _ = axes_for(ax, height=3.2, left=0.8, right=0.5, top=0.35, bottom=0.8)
    ax.set_title(subject(swept.sweep, swept.scenario, language), fontsize=8, loc="left")
    sweep_page.trade(ax, swept.sweep, first, second, swept.scenario, language=language)
    legend_below(ax, sweep_page.hollow(swept.sweep, language))
    return finished(ax)


def _named(rows: Sequence[Row], names: Iterable[str]) -> list[Row]:
    known: dict[str, Any] = {row.name: row for row in rows}
    return [known_as(name, known, "figure") for name in names]


def _telling(rows: Sequence[Row], unit: str) -> list[Row]:
    """Headline figures of the unit that differ in any run: surely, perhaps, openly; as they come otherwise."""
    rank = {"sure": 0, "alone": 1, "open": 2}
    differing = [r for r in rows if r.headline and r.unit == unit and any(one.sure in rank for one in r.differences)]
    return sorted(differing, key=lambda row: min(rank.get(one.sure, 3) for one in row.differences))


def _last_round(study: Any) -> Comparison:
    """The comparison of a study: its own, or that of the last round of a search."""
    found: Comparison | None = study.improvement.finals if hasattr(study, "improvement") else study.comparison
    if found is None:
        raise ValueError("the search found nothing that would help, so there is nothing to compare")
    return found
