"""Durations drawn from their descriptions, in minutes.

Each draw comes from the distribution's natural unit variate (a standard normal, exponential or uniform number), so that the same luck serves
when a parameter changes; and blocks are prefix-stable: the first n of a longer block are the block of n.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from drillsim.model.durations import Distribution

Floats = NDArray[np.float64]
Generator = np.random.Generator

inverse_normal = NormalDist().inv_cdf
SMALLEST = 1e-300  # the inverse of the normal distribution is not defined at 0


def draw(distribution: Distribution, generator: Generator, n: int, *, again: int = 0) -> Floats:
    """``n`` durations in minutes; prefix-stable.

    ``listed`` durations have no luck: number i is value i, from the start again when they are used up. ``again`` moves on in that list: when
    work is drawn anew for the k-th time, number i takes value i + k.
    """
    if distribution.kind == "listed":
        return np.resize(np.roll(np.array(distribution.values), -again), n)
    if distribution.kind == "mixture":
        return _mixture(distribution, generator, n)
    return _KINDS[distribution.kind](distribution, generator, n)


def draw_one(distribution: Distribution, generator: Generator) -> float:
    """One duration in minutes."""
    if distribution.kind == "constant":
        return distribution.parameters["value"]
    return float(draw(distribution, generator, 1)[0])


def _constant(distribution: Distribution, generator: Generator, n: int) -> Floats:
    return np.full(n, distribution.parameters["value"])


def _exponential(distribution: Distribution, generator: Generator, n: int) -> Floats:
    return generator.standard_exponential(n) * distribution.parameters["mean"]


def _gamma(distribution: Distribution, generator: Generator, n: int) -> Floats:
    p = distribution.parameters
    if p.get("sd") == 0:
        return np.full(n, p["mean"])
    shape = p["shape"] if "shape" in p else (p["mean"] / p["sd"]) ** 2
    return generator.standard_gamma(shape, n) * (p["mean"] / shape)


def _lognormal(distribution: Distribution, generator: Generator, n: int) -> Floats:
    mu, sigma = distribution.lognormal
    return np.exp(mu + sigma * generator.standard_normal(n))


def _triangular(distribution: Distribution, generator: Generator, n: int) -> Floats:
    low, mode, high = (distribution.parameters[name] for name in ("low", "mode", "high"))
    u, width = generator.random(n), high - low
    if width == 0:
        return np.full(n, low)
    rising = low + np.sqrt(u * width * (mode - low))
    falling = high - np.sqrt((1 - u) * width * (high - mode))
    return np.where(u * width < mode - low, rising, falling)


def _pert(distribution: Distribution, generator: Generator, n: int) -> Floats:
    low, mode, high = (distribution.parameters[name] for name in ("low", "mode", "high"))
    width = high - low
    if width == 0:
        return np.full(n, low)
    return low + width * generator.beta(1 + 4 * (mode - low) / width, 1 + 4 * (high - mode) / width, n)


def _uniform(distribution: Distribution, generator: Generator, n: int) -> Floats:
    low, high = distribution.parameters["low"], distribution.parameters["high"]
    return low + (high - low) * generator.random(n)


def _weibull(distribution: Distribution, generator: Generator, n: int) -> Floats:
    p = distribution.parameters
    scale = p["scale"] if "scale" in p else p["mean"] / math.gamma(1 + 1 / p["shape"])
    return scale * generator.standard_exponential(n) ** (1 / p["shape"])


def _normal(distribution: Distribution, generator: Generator, n: int) -> Floats:
    """Truncated to [low, high] by inverting the distribution between these limits; on the side of the mean with the smaller tail."""
    p = distribution.parameters
    mean, sd, low, high = p["mean"], p["sd"], p.get("low", 0.0), p.get("high", math.inf)
    u = generator.random(n)
    if sd == 0:
        return np.full(n, min(max(mean, low), high))
    side = -1.0 if low > mean else 1.0
    ends = sorted((side * (low - mean) / sd, side * (high - mean) / sd))
    bottom, top = (math.erfc(-end / math.sqrt(2)) / 2 for end in ends)  # NormalDist.cdf is 0 far out
    shares = np.maximum(bottom + (u if side > 0 else 1 - u) * (top - bottom), SMALLEST)
    z = np.fromiter((inverse_normal(share) if share < 1 else ends[1] for share in shares.tolist()), float, n)
    return np.clip(mean + side * sd * z, low, high)


def _empirical(distribution: Distribution, generator: Generator, n: int) -> Floats:
    values = np.array(distribution.values)
    return values[_which(distribution.weights or (1.0,) * len(values), generator, n)]


def _mixture(distribution: Distribution, generator: Generator, n: int) -> Floats:
    """Each part has its own stream, opened by one number of the given one, so that the block is prefix-stable whatever the parts are."""
    key = int(generator.integers(2**63))
    inner = [np.random.Generator(np.random.PCG64([key, part])) for part in range(len(distribution.parts) + 1)]
    chosen = _which(distribution.weights, inner[-1], n)
    drawn = np.array([draw(part, stream, n) for part, stream in zip(distribution.parts, inner, strict=False)])
    return drawn[chosen, np.arange(n)]


def _which(weights: tuple[float, ...], generator: Generator, n: int) -> NDArray[np.intp]:
    """``n`` positions drawn with ``weights``."""
    cumulated = np.cumsum(weights)
    return np.searchsorted(cumulated / cumulated[-1], generator.random(n), side="right")


_KINDS: dict[str, Callable[[Distribution, Generator, int], Floats]] = {
    "constant": _constant,
    "exponential": _exponential,
    "erlang": _gamma,
    "gamma": _gamma,
    "lognormal": _lognormal,
    "triangular": _triangular,
    "pert": _pert,
    "uniform": _uniform,
    "normal": _normal,
    "weibull": _weibull,
    "empirical": _empirical,
}
