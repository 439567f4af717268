"""The report's pictures in a notebook: each takes a result, draws on ``ax`` (a new one without it) and gives it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from drillsim.model.scenario import Scenario
from drillsim.report import axes, findings, pictures, plots, svg, timeline, words
from drillsim.score.summary import StepPart, Summary

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Played(Protocol):
    """What ``drillsim.run`` gives: a summary and the scenario it came from."""

    @property
    def scenario(self) -> Scenario: ...

    @property
    def summary(self) -> Summary: ...


def plot_timeline(result: Played, *, ax: Axes | None = None, language: str = "en") -> Axes:
    """When the steps of the plan are done (the band of eight runs in ten, times of day) against their deadlines (diamonds)."""
    steps = pictures.timeline_steps(result.summary, result.scenario)
    origin = words.first_fault(result.scenario) or 0.0
    ax = ax if ax is not None else _new(len(steps))
    return _finished(
        timeline.response_timeline(
            ax,
            result.summary,
            result.scenario,
            steps=steps,
            origin=origin,
            language=language,
            label_points=_room(steps, language),
        )
    )


def plot_steps(result: Played, *, ax: Axes | None = None, language: str = "en") -> Axes:
    """How much of the time allowed each step with a deadline used: twenty marks a step, the least often on time first."""
    steps = [s for s in [*findings.failing(result.summary), *findings.holding(result.summary)] if s.allowed]
    ax = ax if ax is not None else _new(len(steps))
    return _finished(plots.step_distributions(ax, steps, language=language, label_points=_room(steps, language)))


def plot_lateness(result: Played, *, ax: Axes | None = None, language: str = "en") -> Axes:
    """Where the minutes of late steps went, by what they waited for; minutes, mean of the runs in which the step was late."""
    steps = [s for s in findings.failing(result.summary) if sum(s.parts_when_late.values()) > 0]
    ax = ax if ax is not None else _new(len(steps))
    plots.lateness_parts(ax, steps, language=language, label_points=_room(steps, language))
    plots.parts_legend(ax, steps, language=language)
    return _finished(ax)


def _new(rows: int) -> Axes:
    """Axes of a new figure, high enough for so many rows, with room for their names."""
    from matplotlib import pyplot

    figure = pyplot.figure(figsize=(svg.WIDTH, max(rows, 3) * pictures.ROW + 1.5))
    return figure.add_axes((0.34, 0.2, 0.57, 0.62))


def _room(steps: list[StepPart], language: str) -> float:
    """Points that the names at the left may take."""
    widest = max((axes.text_width(words.words(s.title, language)) for s in steps), default=40.0)
    return min(widest + 10.0, pictures.LABELS * 72)


def _finished(ax: Axes) -> Axes:
    """The axes with fonts that have Chinese signs, and words taken as they are."""
    from matplotlib.text import Text

    ax.tick_params(labelfontfamily=list(svg.fonts()))
    ax.spines[["top", "right", "left"]].set_visible(False)
    for text in ax.findobj(Text):
        text.set_fontfamily(list(svg.fonts()))
        text.set_parse_math(False)
    return ax
