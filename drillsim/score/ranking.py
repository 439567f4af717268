"""Which of several ways is best: a race in which every way is played on the same luck, and those that are clearly not the best drop out early.

Kim and Nelson (2001, ACM Transactions on Modeling and Computer Simulation 11, p. 251), the fully sequential procedure KN with c = 1. It works on
the differences of pairs, so common random numbers help and do no harm. If the best is better than every other by at least the difference that
is ``worth`` having, it is still there with probability of at least ``sure`` whenever the race is stopped; it is proved for normally distributed
figures, and holds well for means of runs that are not too skewed. With several aims the allowed error is shared among them, and a way drops
out only when it has dropped out for every aim.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

FIRST = 10
"""Runs of every way before anything drops out: the variances of the differences are estimated from them."""


@dataclass(frozen=True)
class Aim:
    """A figure to be made larger (``more``) or smaller, and the smallest difference worth having."""

    name: str
    more: bool
    worth: float


@dataclass
class Race:
    """Ways compared by one or several aims on the same luck.

    ``feed`` takes the figures of all runs so far and returns the ways that are still in the race; a way that has dropped out stays out.
    """

    ways: Sequence[str]
    aims: Sequence[Aim]
    sure: float = 0.95
    first: int = FIRST
    inside: dict[str, set[str]] = field(init=False)
    spreads: dict[str, np.ndarray] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        if self.first < 3 or not 0.5 < self.sure < 1 or any(aim.worth <= 0 for aim in self.aims):
            raise ValueError(
                "a race needs 3 or more first runs, a sureness between 0.5 and 1, and differences worth having above 0"
            )
        self.inside = {aim.name: set(self.ways) for aim in self.aims}

    @property
    def left(self) -> list[str]:
        """The ways that are still in the race for some aim, in order."""
        kept = set().union(*self.inside.values())
        return [way for way in self.ways if way in kept]

    def withdraw(self, ways: Sequence[str]) -> None:
        """Take ways out that cannot be told from another one that stays: if one of them is the best, so is that one."""
        for inside in self.inside.values():
            inside -= set(ways)

    def feed(self, values: Mapping[str, Mapping[str, np.ndarray]]) -> list[str]:
        """The ways left after these figures (aim → way → one value per run, the same runs for all that are left); NaN is no figure.

        Runs in which one of those left has no figure do not count for that aim.
        """
        for aim in self.aims:
            self._screen(aim, values[aim.name])
        return self.left

    def _screen(self, aim: Aim, values: Mapping[str, np.ndarray]) -> None:
        inside = [way for way in self.ways if way in self.inside[aim.name]]
        rows = np.array([values[way] for way in inside]) * (1 if aim.more else -1)
        rows = rows[:, ~np.isnan(rows).any(axis=0)]
        runs = rows.shape[1]
        if runs < self.first or len(inside) < 2:
            return
        spreads = self._spreads(aim, inside, rows)
        means = rows.mean(axis=1)
        margin = np.maximum(0.0, aim.worth / (2 * runs) * (self._h2 * spreads / aim.worth**2 - runs))
        out = (means[:, None] < means[None, :] - margin - 1e-12).any(axis=1)
        self.inside[aim.name] -= {way for way, gone in zip(inside, out, strict=True) if gone}

    def _spreads(self, aim: Aim, inside: Sequence[str], rows: np.ndarray) -> np.ndarray:
        """Variances of the differences of all pairs, from the first runs."""
        if aim.name not in self.spreads:
            first = rows[:, : self.first]
            apart = first[:, None, :] - first[None, :, :]
            found = np.zeros((len(self.ways), len(self.ways)))
            places = [list(self.ways).index(way) for way in inside]
            found[np.ix_(places, places)] = apart.var(axis=2, ddof=1)
            self.spreads[aim.name] = found
        places = [list(self.ways).index(way) for way in inside]
        return self.spreads[aim.name][np.ix_(places, places)]

    @property
    def _h2(self) -> float:
        """Kim and Nelson's h² = 2 η (n₀ - 1), with η = ((2 α / (k - 1))^(-2 / (n₀ - 1)) - 1) / 2."""
        error = (1 - self.sure) / len(self.aims)
        eta = ((2 * error / max(len(self.ways) - 1, 1)) ** (-2 / (self.first - 1)) - 1) / 2
        return 2 * eta * (self.first - 1)
