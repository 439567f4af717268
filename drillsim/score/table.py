"""The figures of many replications side by side: one column per figure, one row per replication, in order of the replications."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from drillsim.score import intervals
from drillsim.score.replication import Scored
from drillsim.score.summary_parts import Estimate, Spread

MOST_RUNS = 10
"""Replications that are named behind a figure."""


def most_runs(minutes: Mapping[int, float]) -> list[int]:
    """The replications with most minutes, most first, at most MOST_RUNS; those with none are left out."""
    return sorted((run for run, spent in minutes.items() if spent > 0), key=lambda run: (-minutes[run], run))[
        :MOST_RUNS
    ]


class Table:
    """Figures over replications; asks for a column by (kind, id, figure) and sums it up with its interval."""

    def __init__(self, scored: Sequence[Scored], confidence: float) -> None:
        self.scored = sorted(scored, key=lambda s: s.replication)
        self.confidence = confidence
        self.n = len(self.scored)
        keys = dict.fromkeys(key for keys in dict.fromkeys(s.keys for s in self.scored) for key in keys)
        self.place = {key: i for i, key in enumerate(keys)}
        self.values = self._stacked([s.values for s in self.scored])
        self.has_base = bool(self.scored) and all(s.base_values is not None for s in self.scored)
        self.base_values = self._stacked(
            [s.base_values for s in self.scored if s.base_values is not None and self.has_base]
        )
        self.numbers = np.array([s.replication for s in self.scored])

    def _stacked(self, rows: Sequence[np.ndarray]) -> np.ndarray:
        found = np.full((len(rows), len(self.place)), np.nan)
        for row, one, values in zip(found, self.scored, rows, strict=False):
            same = len(one.keys) == len(self.place)
            row[slice(None) if same else [self.place[key] for key in one.keys]] = values
        return found

    def ids(self, kind: str) -> list[str]:
        """Everything of a kind that has figures."""
        return list(dict.fromkeys(name for its_kind, name, _ in self.place if its_kind == kind))

    def column(self, kind: str, name: str, figure: str) -> np.ndarray:
        """One figure, a value per replication; NaN where there is none."""
        place = self.place.get((kind, name, figure))
        return np.full(self.n, np.nan) if place is None else self.values[:, place]

    def base_column(self, kind: str, name: str, figure: str) -> np.ndarray | None:
        """The same of the day without the faults; None when that was not run."""
        place = self.place.get((kind, name, figure))
        return self.base_values[:, place] if self.has_base and place is not None else None

    def mean(self, kind: str, name: str, figure: str) -> Estimate:
        """Mean over replications."""
        return intervals.mean(self.column(kind, name, figure), self.confidence)

    def ratio(self, kind: str, name: str, figure: str, whole: str) -> Estimate:
        """The sum of one figure over the sum of another, over replications that have both."""
        return intervals.ratio(self.column(kind, name, figure), self.column(kind, name, whole), self.confidence)

    def base_mean(self, kind: str, name: str, figure: str) -> Estimate | None:
        """Mean of the day without the faults."""
        column = self.base_column(kind, name, figure)
        return None if column is None else intervals.mean(column, self.confidence)

    def difference(self, kind: str, name: str, figure: str) -> Estimate | None:
        """Mean difference to the day without the faults, paired by replication."""
        base = self.base_column(kind, name, figure)
        return None if base is None else intervals.difference(self.column(kind, name, figure), base, self.confidence)

    def share(self, kind: str, name: str, figure: str) -> Estimate:
        """Share of replications in which a claim (1, 0, NaN) holds."""
        return intervals.share_of(self.column(kind, name, figure), self.confidence)

    def spread(self, kind: str, name: str, figure: str, censored: str | None = None) -> Spread:
        """Distribution over replications; ``censored`` names the figure that is 1 where the value is "at least"."""
        at_least = None if censored is None else self.column(kind, name, censored)
        return intervals.spread(self.column(kind, name, figure), at_least, self.confidence)

    def base_spread(self, kind: str, name: str, figure: str) -> Spread | None:
        """Distribution of the day without the faults."""
        column = self.base_column(kind, name, figure)
        return None if column is None else intervals.spread(column, None, self.confidence)
