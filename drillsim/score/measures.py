"""The figure a claim such as ``registration.wait_p90 <= 20 min`` is about, out of the figures of a replication."""

from __future__ import annotations

import math

from drillsim.errors import Wrong
from drillsim.model.hospital import Hospital
from drillsim.model.measures import Measure, kind_of
from drillsim.score.view import Figures

AT_LEAST: dict[str, str] = {
    "minutes_to_restore": "away_censored",
    "completed_at": "completed_censored",
    "data_lost": "data_lost_censored",
    "stood_still": "stood_still_censored",
}
"""Measures that may be known only as "at least", and the figure that says so."""


def figure(figures: Figures, measure: Measure, hospital: Hospital) -> float:
    """The figure the claim is about; NaN when there is none, infinite when it lies beyond EndEx.

    Raises ValueError when the hospital has nothing of that name with this measure.
    """
    kind = kind_of(measure, hospital)
    if kind is None:
        raise Wrong(
            "nothing called {subject!r} has the measure {measure!r}", subject=measure.subject, measure=measure.measure
        )
    value = figures.get((kind, measure.subject, measure.measure), math.nan)
    if measure.measure == "cleared_at" and figures.get((kind, measure.subject, "cleared")) == 0:
        return math.inf
    at_least = figures.get((kind, measure.subject, AT_LEAST.get(measure.measure, "")), 0.0)
    return math.inf if at_least == 1 else value


def holds(figures: Figures, measure: Measure, hospital: Hospital) -> bool:
    """Whether the claim holds in this replication; without a figure, what its meaning says (see ``Meaning.missing``)."""
    value = figure(figures, measure, hospital)
    if not math.isnan(value):
        return measure.holds(value)
    return measure.meaning.missing
