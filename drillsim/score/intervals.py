"""How sure a figure is: Wilson for shares, Student's t for means, pairs for differences; no figure without its number of replications.

Student's t is computed here by the incomplete beta function (continued fraction), since importing scipy.stats takes 0.75 s; the tests hold
it against scipy.
"""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist

import numpy as np

from drillsim.score.summary_parts import Estimate, Spread


def share(met: int, n: int, confidence: float = 0.95) -> Estimate:
    """The share ``met / n`` with its Wilson interval; missing when n is 0.

    Wilson, E. B. (1927), J. Am. Stat. Assoc. 22, 209: 9 of 10 at 95 % gives 0.5958 to 0.9821.
    """
    if n == 0:
        return Estimate(value=None)
    z = normal_quantile(0.5 + confidence / 2)
    centre = (met + z * z / 2) / (n + z * z)
    half = z / (n + z * z) * math.sqrt(met * (n - met) / n + z * z / 4)
    low = 0.0 if met == 0 else max(0.0, centre - half)
    high = 1.0 if met == n else min(1.0, centre + half)
    return Estimate(value=met / n, low=low, high=high, n=n)


def share_of(claims: np.ndarray, confidence: float = 0.95) -> Estimate:
    """The share of runs in which a claim holds: 1 true, 0 false, NaN not to be judged in that run."""
    known = claims[~np.isnan(claims)]
    return share(int((known > 0.5).sum()), len(known), confidence)


def mean(values: np.ndarray, confidence: float = 0.95) -> Estimate:
    """The mean of one value per run with its t interval; NaN values are runs without the figure. One run has no interval."""
    known = values[~np.isnan(values)]
    n = len(known)
    if n == 0:
        return Estimate(value=None)
    centre = math.fsum(known) / n
    if n == 1:
        return Estimate(value=centre, n=1)
    half = t_quantile(0.5 + confidence / 2, n - 1) * float(np.std(known, ddof=1)) / math.sqrt(n)
    return Estimate(value=centre, low=centre - half, high=centre + half, n=n)


def ratio(parts: np.ndarray, wholes: np.ndarray, confidence: float = 0.95) -> Estimate:
    """The sum of ``parts`` over the sum of ``wholes``, one pair per run, with a t interval of what the pairs differ from it (the ratio estimator of
    Cochran 1977, *Sampling Techniques*, 6.3); missing when the wholes sum up to 0. Pairs with a NaN are left out; one run has no interval."""
    known = ~(np.isnan(parts) | np.isnan(wholes))
    part, whole = parts[known], wholes[known]
    n, total = len(part), math.fsum(whole)
    if n == 0 or total == 0:
        return Estimate(value=None)
    value = math.fsum(part) / total
    if n == 1:
        return Estimate(value=value, n=1)
    error = float(np.std(part - value * whole, ddof=1)) / math.sqrt(n) / (total / n)
    half = t_quantile(0.5 + confidence / 2, n - 1) * error
    return Estimate(value=value, low=value - half, high=value + half, n=n)


def difference(values: np.ndarray, base: np.ndarray, confidence: float = 0.95) -> Estimate:
    """Mean of values minus base, paired by replication (both on the same luck); a pair with a missing figure is left out."""
    return mean(values - base, confidence)


def spread(values: np.ndarray, censored: np.ndarray | None = None, confidence: float = 0.95) -> Spread:
    """Mean, quantiles and extremes of one value per run; where ``censored`` is 1 the value is "at least" (unfinished at EndEx).

    A quantile is the time by which that share of the runs was seen to be over: a run cut off, however soon, counts as longer than any that
    was not. It stands in ``at_least`` (and is then the largest that is known) only when it leans on a run that was cut off.
    """
    present = ~np.isnan(values)
    known = values[present]
    if len(known) == 0:
        return Spread(mean=Estimate(value=None))
    unfinished = np.zeros(len(known), bool) if censored is None else censored[present] > 0.5
    low, high = _places(known), _places(np.where(unfinished, np.inf, known))
    open_ = [name for name in low if math.isinf(high[name])]
    seen = max((high[name] for name in low if name not in open_), default=-math.inf)
    return Spread(
        mean=mean(known, confidence),
        **{name: max(low[name], seen) if name in open_ else high[name] for name in low},
        n=len(known),
        censored=int(unfinished.sum()),
        at_least=(["mean"] if unfinished.any() else []) + open_,
    )


QUANTILES = {"p10": 0.1, "p50": 0.5, "p90": 0.9, "least": 0.0, "most": 1.0}


def _places(values: np.ndarray) -> dict[str, float]:
    """Quantiles and extremes, linear between neighbours; infinite as soon as they lean on a value without end."""
    ordered = np.sort(values)
    found = {}
    for name, share_below in QUANTILES.items():
        place = share_below * (len(ordered) - 1)
        low = int(place)
        a, b = float(ordered[low]), float(ordered[min(low + 1, len(ordered) - 1)])
        found[name] = a if place == low or a == b else a + (place - low) * (b - a)
    return found


@lru_cache(maxsize=64)
def normal_quantile(probability: float) -> float:
    """The point that the normal distribution stays below with this probability."""
    return NormalDist().inv_cdf(probability)


@lru_cache(maxsize=4096)
def t_quantile(probability: float, degrees: float) -> float:
    """The point that Student's t with so many degrees of freedom stays below with this probability (0.5 to 1)."""
    if not 0.5 <= probability < 1 or degrees < 1:
        raise ValueError(f"expected 0.5 <= probability < 1 and degrees >= 1, got {probability} and {degrees}")
    low, high = 0.0, 1.0
    while t_below(high, degrees) < probability:
        low, high = high, high * 2
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if t_below(middle, degrees) < probability else (low, middle)
    return (low + high) / 2


def t_below(t: float, degrees: float) -> float:
    """Chance that Student's t with so many degrees of freedom is below t ≥ 0."""
    if t == 0:
        return 0.5
    return 1 - 0.5 * _beta_ratio(degrees / 2, 0.5, degrees / (degrees + t * t), t * t / (degrees + t * t))


def _beta_ratio(a: float, b: float, x: float, rest: float) -> float:
    """The regularised incomplete beta function I_x(a, b); ``rest`` is 1 - x, given so that it is not lost to rounding."""
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta_ratio(b, a, rest, x)
    front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log(rest)
    return math.exp(front) * _continued_fraction(a, b, x) / a


def _continued_fraction(a: float, b: float, x: float) -> float:
    """Lentz's evaluation of the continued fraction of the incomplete beta function (DLMF 8.17.22)."""
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, 500):
        for factor in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / (1 + factor * d)
            c = 1 + factor / c
            value *= c * d
        if abs(c * d - 1) < 1e-16:
            break
    return value
