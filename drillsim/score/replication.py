"""One replication scored: its log becomes a few hundred numbers and two small tables, which is all that leaves a worker process."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from drillsim.log.rows import Log
from drillsim.model.conditions import BUILT_IN_EVENTS
from drillsim.model.measures import kind_of, read_measure
from drillsim.model.scenario import Scenario
from drillsim.score.care import care
from drillsim.score.delays import PARTS, delays
from drillsim.score.departments import departments
from drillsim.score.diverted import of_those_who_came
from drillsim.score.lessons import Lesson, lessons
from drillsim.score.longer import longer
from drillsim.score.measures import figure
from drillsim.score.objectives import objectives
from drillsim.score.paths import paths
from drillsim.score.people import people
from drillsim.score.recovery import recovery
from drillsim.score.resources import resources
from drillsim.score.roots import roots
from drillsim.score.series import grid, series
from drillsim.score.steps import LATE, MISSED, Piece, completed_at, on_time_share, steps
from drillsim.score.switching import switching
from drillsim.score.systems import systems
from drillsim.score.view import NAN, Figures, View, before, first_fault

SERIES_OF_FIRST = 1000
"""Series are kept of so many runs: bands need no more, and memory does not grow with every further run."""

COUNTS = frozenset(
    (
        "arrived",
        "served",
        "left",
        "turned_away",
        "diverted",
        "there",
        "waiting",
        "queue_mean",
        "queue_most",
        "in_system",
        "counted",
        "over",
        "items",
        "entered",
        "errors",
        "pile_most",
        "pile_end",
        "longer_unfinished",
        "begun",
        "begun_base",
        *(f"delay {part}" for part in PARTS),
    )
)
"""Figures that count those who were played, or their minutes."""

_SHARED: dict[Any, Any] = {}


def shared(words: Any) -> Any:
    """One copy of equal words (tuples): thousands of replications share their keys."""
    return _SHARED.setdefault(words, words)


@dataclass
class Scored:
    """The figures of one replication.

    ``keys`` are (kind, id, figure) and ``values`` their numbers; ``base_values`` the same figures of the day without the faults (None when
    there is none). ``series`` has a row for each of ``series.quantities``, on ``series.grid``; runs after SERIES_OF_FIRST have none. ``causes`` are (step, part, cause) and
    ``minutes`` what of the step's minutes went there; ``roots`` and ``root_minutes`` the same for late steps, traced back (see trace.roots); ``paths`` are
    (milestone, part, cause) and ``path_minutes`` what of the way to the milestone went there (see paths.paths); ``lessons`` what the run taught. ``unhealthy`` lists the claims of the steady-state gate that did not hold, with the figure.
    """

    replication: int
    keys: tuple[tuple[str, str, str], ...]
    values: np.ndarray
    base_values: np.ndarray | None
    series: np.ndarray | None
    base_series: np.ndarray | None
    causes: tuple[tuple[str, str, str], ...] = ()
    minutes: np.ndarray = field(default_factory=lambda: np.empty(0))
    unhealthy: list[tuple[str, float]] = field(default_factory=list)
    roots: tuple[tuple[str, str, str], ...] = ()
    root_minutes: np.ndarray = field(default_factory=lambda: np.empty(0))
    paths: tuple[tuple[str, str, str], ...] = ()
    path_minutes: np.ndarray = field(default_factory=lambda: np.empty(0))
    lessons: tuple[Lesson, ...] = ()

    @property
    def figures(self) -> Figures:
        """The figures by key."""
        return dict(zip(self.keys, self.values.tolist(), strict=True))

    @property
    def base(self) -> Figures | None:
        """The figures of the day without the faults, by key."""
        return None if self.base_values is None else dict(zip(self.keys, self.base_values.tolist(), strict=True))

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Come out of a worker process; words that many replications share are kept once."""
        self.__dict__.update(state)
        self.keys = shared(self.keys)
        self.causes = tuple(shared(cause) for cause in self.causes)
        self.roots = tuple(shared(root) for root in self.roots)
        self.paths = tuple(shared(piece) for piece in self.paths)


def score(scenario: Scenario, log: Log, base: Log | None = None, *, with_series: bool = True) -> Scored:
    """Score one replication of a scenario, with the same day without the faults (on the same luck) when given.

    A replication whose hospital was unhealthy before the first fault is scored all the same, and says so in ``unhealthy``. ``with_series``
    False leaves the quantities through time out. What compares patients with themselves (longer, delays, recovery) leaves out whom the plan diverted.
    """
    failed = first_fault(log)
    view = View(scenario, log, 0.0, log.horizon, failed)
    figures, pieces, taught = all_figures(view)
    traced, found = roots(view, figures), paths(view, figures)
    minutes = grid(log.horizon) if with_series and log.replication <= SERIES_OF_FIRST else None
    base_values = base_series = None
    if base is not None:
        base_view = View(scenario, base, 0.0, base.horizon, failed)
        of_base = hospital_figures(base_view)
        base_series = None if minutes is None else series(base_view, minutes)
        base_view = of_those_who_came(base_view, view)
        if scenario.hospital.pathways:
            figures |= of_all(longer(view, base_view), scenario.stands_for)
            now, then = (of_all(found, scenario.stands_for) for found in delays(view, base_view))
            figures, of_base = figures | now, of_base | then
        figures |= after_return(view, base_view)
        base_values = np.array([of_base.get(key, NAN) for key in figures])
    return Scored(
        log.replication,
        shared(tuple(figures)),
        np.array(list(figures.values())),
        base_values,
        None if minutes is None else series(view, minutes),
        base_series,
        tuple((p.step, p.part, p.cause) for p in pieces),
        np.array([p.minutes for p in pieces]),
        unhealthy(scenario, log, failed),
        tuple(traced),
        np.array(list(traced.values())),
        tuple(found),
        np.array(list(found.values())),
        tuple(taught),
    )


def hospital_figures(view: View, *, with_resources: bool = True) -> Figures:
    """Figures that mean something on a day without the faults too: care, resources, systems, departments."""
    figures = departments(view) | systems(view)
    if view.scenario.hospital.activities:
        figures |= care(view)
        figures |= resources(view) if with_resources else {}
    return of_all(figures, view.scenario.stands_for)


def of_all(figures: Figures, stands_for: int) -> Figures:
    """Figures that count patients, orders or items, for the whole hospital where each who is played stands for several."""
    if stands_for == 1:
        return figures
    return {key: value * stands_for if key[2] in COUNTS else value for key, value in figures.items()}


def all_figures(view: View) -> tuple[Figures, list[Piece], list[Lesson]]:
    """Every figure of a replication, the pieces of its steps, and what it teaches."""
    figures = hospital_figures(view)
    of_steps, pieces = steps(view)
    figures |= of_steps | people(view) | moments(view) | switching(view)
    figures["plan", "plan", "completed_at"], figures["plan", "plan", "completed_censored"] = completed_at(view, figures)
    figures["plan", "plan", "on_time_share"] = on_time_share(view, figures)
    figures["plan", "plan", "minutes_late"] = minutes_late(view.scenario, figures)
    figures["plan", "plan", "grade"] = grade(view)
    taught = lessons(view, figures)
    figures["plan", "plan", "improvements"] = float(sum(lesson.kind == "improvement" for lesson in taught))
    figures |= objectives(view.scenario, figures)
    return figures, pieces, taught


def after_return(view: View, base: View) -> Figures:
    """How departments (and ``hospital``, all of them) work once the systems are back, against the day without the faults (see recovery)."""
    found = recovery(view, base)
    return {("recovery", name, figure): value for name, of in found.items() for figure, value in of.items()}


def moments(view: View) -> Figures:
    """Minute of each built-in event after the first fault (or StartEx), NaN when it was not reached, or does not hold at EndEx; and of EndEx
    (``end``)."""
    minutes = {name: view.held.get(name, NAN) for name in BUILT_IN_EVENTS} | {"end": view.end}
    return {("event", name, "minute"): minute - view.after for name, minute in minutes.items()}


def minutes_late(scenario: Scenario, figures: Figures) -> float:
    """Minutes by which all late and missed steps together passed their deadlines (missed ones until EndEx)."""
    return math.fsum(
        figures["step", s.id, "late_by"]
        for s in scenario.plan.steps
        if figures["step", s.id, "outcome"] in (LATE, MISSED)
    )


def grade(view: View) -> float:
    """The grade the incident was last declared at; NaN when it was not."""
    declared = [e.cause for e in view.by_kind["decided"] if e.state == "grade"]
    return float(declared[-1]) if declared else NAN


def unhealthy(scenario: Scenario, log: Log, failed: float | None) -> list[tuple[str, float]]:
    """The claims of the steady-state gate that do not hold from the beginning of the run to the first fault, with the figure.

    A claim without a figure holds: nothing was there to be unhealthy.
    """
    if not scenario.steady_state:
        return []
    minute = log.horizon if failed is None else failed
    if minute <= log.began:
        return []
    view = View(scenario, before(log, minute), log.began, minute, None)
    claims = {text: read_measure(text) for text in scenario.steady_state}
    kinds = {kind_of(claim, scenario.hospital) for claim in claims.values()}
    figures = hospital_figures(view, with_resources="resource" in kinds)
    found = []
    for text, claim in claims.items():
        value = figure(figures, claim, scenario.hospital)
        if not math.isnan(value) and not claim.holds(value):
            found.append((text, value))
    return found
