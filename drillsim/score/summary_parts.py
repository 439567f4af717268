"""The smallest parts of a summary: an estimate with its interval, a spread over runs, words in both languages."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """A piece of the summary; unknown keys are refused when an old file is read."""

    model_config = ConfigDict(extra="forbid")


class Estimate(Part):
    """A mean or a probability with its confidence interval (Wilson for shares, t for means), from ``n`` replications."""

    value: float | None
    low: float | None = None
    high: float | None = None
    n: int = 0


class Spread(Part):
    """A distribution over replications: mean with t interval, quantiles; ``n`` values, ``censored`` of them "at least" (unfinished at EndEx).

    A mean counts an unfinished value as the minutes until EndEx and is a lower bound as soon as there is one (it is the mean of the time until
    EndEx, Royston and Parmar 2013, BMC Med. Res. Methodol. 13:152). A quantile counts it as longer than any finished one (the upper of the sharp
    bounds of a quantile, Manski 2003): by then that share of the runs was seen to be over, so one run that was cut off early leaves the middle
    one a length. ``at_least`` names those of mean, p10, p50, p90, least and most that are only lower bounds: quantiles that lean on the
    unfinished.
    """

    mean: Estimate
    p10: float | None = None
    p50: float | None = None
    p90: float | None = None
    least: float | None = None
    most: float | None = None
    n: int = 0
    censored: int = 0
    at_least: list[str] = []


class Words(Part):
    """A title in both languages."""

    en: str
    zh: str
