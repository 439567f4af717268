"""How much two lists of runs differ, and how sure that is: in pairs where both had the same luck, else as two samples.

Means: Student's t on the differences of the pairs, or Welch's interval for two samples. Shares: Newcombe's score intervals (1998, Statistics in
Medicine 17: method 10 for two samples, p. 873; for pairs p. 2635), with McNemar's mid-p test for pairs and the pooled score test for two
samples. Several comparisons together: Holm (1979, Scandinavian Journal of Statistics 6, p. 65).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from drillsim.score import intervals
from drillsim.score.summary_parts import Estimate


class Difference(NamedTuple):
    """First minus second, with its interval, the p-value of "no difference", and the correlation of the pairs (None: not paired).

    ``n`` of the estimate is the number of pairs, or of the smaller sample.
    """

    estimate: Estimate
    p: float | None
    correlation: float | None = None


NOTHING = Difference(Estimate(value=None), None)


def paired_means(first: np.ndarray, second: np.ndarray, confidence: float = 0.95) -> Difference:
    """Difference of two figures of the same runs; pairs with a missing figure are left out."""
    known = ~np.isnan(first) & ~np.isnan(second)
    first, second = first[known], second[known]
    estimate = intervals.mean(first - second, confidence)
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return Difference(estimate, None)
    half = (estimate.high - estimate.low) / 2
    n = len(first)
    error = half / intervals.t_quantile(0.5 + confidence / 2, n - 1)
    return Difference(estimate, p_value(estimate.value, error, n - 1), correlation(first, second))


def correlation(first: np.ndarray, second: np.ndarray) -> float | None:
    """Pearson's correlation; None when one of them does not vary."""
    if len(first) < 2 or not np.ptp(first) or not np.ptp(second):
        return None
    a, b = first - first.mean(), second - second.mean()
    return float((a * b).sum() / math.sqrt((a * a).sum() * (b * b).sum()))


def p_value(difference: float, error: float, degrees: float) -> float:
    """Chance of a difference at least so large when there is none, by Student's t; without any variation 1 or 0."""
    if error == 0:
        return 1.0 if difference == 0 else 0.0
    return min(1.0, 2 * (1 - intervals.t_below(abs(difference) / error, degrees)))


def means(first: np.ndarray, second: np.ndarray, confidence: float = 0.95) -> Difference:
    """Difference of the means of two samples with luck of their own (Welch); one of them with a single run has no interval."""
    first, second = first[~np.isnan(first)], second[~np.isnan(second)]
    if not len(first) or not len(second):
        return NOTHING
    value, n = float(first.mean() - second.mean()), min(len(first), len(second))
    if n < 2:
        return Difference(Estimate(value=value, n=n), None)
    a, b = float(first.var(ddof=1)) / len(first), float(second.var(ddof=1)) / len(second)
    error = math.sqrt(a + b)
    if error == 0:
        return Difference(Estimate(value=value, low=value, high=value, n=n), p_value(value, 0.0, 1))
    degrees = (a + b) ** 2 / (a * a / (len(first) - 1) + b * b / (len(second) - 1))
    half = intervals.t_quantile(0.5 + confidence / 2, degrees) * error
    return Difference(Estimate(value=value, low=value - half, high=value + half, n=n), p_value(value, error, degrees))


def paired_shares(first: np.ndarray, second: np.ndarray, confidence: float = 0.95) -> Difference:
    """Difference of the shares of runs in which a claim holds (1, 0, NaN: not to be judged), the same runs in both."""
    known = ~np.isnan(first) & ~np.isnan(second)
    one, two = first[known] > 0.5, second[known] > 0.5
    n = len(one)
    if n == 0:
        return NOTHING
    only_first, only_second = int((one & ~two).sum()), int((two & ~one).sum())
    phi = _phi(int((one & two).sum()), only_first, only_second, int((~one & ~two).sum()))
    estimate = _between(
        intervals.share(int(one.sum()), n, confidence), intervals.share(int(two.sum()), n, confidence), phi
    )
    return Difference(estimate, mcnemar(only_first, only_second), correlation(one.astype(float), two.astype(float)))


def shares(first: np.ndarray, second: np.ndarray, confidence: float = 0.95) -> Difference:
    """Difference of the shares of two samples with luck of their own."""
    first, second = first[~np.isnan(first)] > 0.5, second[~np.isnan(second)] > 0.5
    m, n = len(first), len(second)
    if not m or not n:
        return NOTHING
    a, b = int(first.sum()), int(second.sum())
    pooled = (a + b) / (m + n)
    error = math.sqrt(pooled * (1 - pooled) * (1 / m + 1 / n))
    z = abs(a / m - b / n) / error if error else 0.0
    return Difference(
        _between(intervals.share(a, m, confidence), intervals.share(b, n, confidence), 0.0),
        2 * (1 - NormalDist().cdf(z)),
    )


def _between(first: Estimate, second: Estimate, phi: float) -> Estimate:
    """Newcombe's interval for the difference of two shares from their Wilson intervals; ``phi`` is the correlation of the pairs."""
    (a, low_a, high_a), (b, low_b, high_b) = _wilson(first), _wilson(second)
    below, above = _distance(a - low_a, high_b - b, phi), _distance(high_a - a, b - low_b, phi)
    return Estimate(value=a - b, low=max(-1.0, a - b - below), high=min(1.0, a - b + above), n=min(first.n, second.n))


def _wilson(share: Estimate) -> tuple[float, float, float]:
    return tuple(0.0 if value is None else value for value in (share.value, share.low, share.high))  # type: ignore[return-value]


def _distance(a: float, b: float, phi: float) -> float:
    return math.sqrt(max(a * a - 2 * phi * a * b + b * b, 0.0))


def _phi(both: int, only_first: int, only_second: int, neither: int) -> float:
    """Correlation of paired claims, with Newcombe's correction for continuity; 0 when one of the claims never varies."""
    spread = (both + only_first) * (only_second + neither) * (both + only_second) * (only_first + neither)
    if spread == 0:
        return 0.0
    product = both * neither - only_first * only_second
    n = both + only_first + only_second + neither
    return (max(product - n / 2, 0.0) if product > 0 else product) / math.sqrt(spread)


def mcnemar(only_first: int, only_second: int) -> float:
    """McNemar's mid-p value from the pairs in which only one of the claims holds (Fagerland and others 2013); 1 without such pairs."""
    n, k = only_first + only_second, min(only_first, only_second)
    if n == 0:
        return 1.0
    chances = [
        math.exp(math.lgamma(n + 1) - math.lgamma(i + 1) - math.lgamma(n - i + 1) - n * math.log(2))
        for i in range(k + 1)
    ]
    return min(1.0, 2 * math.fsum(chances) - chances[-1])


def holm(p_values: Sequence[float | None]) -> list[float | None]:
    """Holm's adjusted p-values: comparing each with 1 - confidence keeps the chance of any false claim among all at that."""
    known = sorted((p, i) for i, p in enumerate(p_values) if p is not None)
    adjusted: list[float | None] = [None] * len(p_values)
    largest = 0.0
    for rank, (p, place) in enumerate(known):
        largest = max(largest, min(1.0, p * (len(known) - rank)))
        adjusted[place] = largest
    return adjusted
