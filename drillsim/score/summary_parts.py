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

    An unfinished value counts as the minutes until EndEx, so that what leans on it is a lower bound. ``at_least`` names those of mean, p10,
    p50, p90, least and most that are only lower bounds: the mean, as soon as one value is unfinished (it is the mean of the time until
    EndEx, Royston and Parmar 2013, BMC Med. Res. Methodol. 13:152); a quantile, when it would be another one if the unfinished had
    gone on for ever (the sharp bounds of a quantile, Manski 2003). Only the others may be told as reached in that share of the runs.
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
