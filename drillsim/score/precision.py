"""How well figures are known, and how many runs it takes to know them better; when enough runs are played.

A figure is known well enough once half the width of its interval is no more than what was asked for, and stays so: at the last ``LOOK`` numbers of runs (for more
than 100 runs: ``LOOK`` in each 100), not only at the first, as Hoad, Robinson & Davies (2010, J. Oper. Res. Soc. 61, 1632-1644) propose against stopping by luck.
Half widths are Wilson's for claims (true or false in a run) and Student's t for means. Relative precision is a share of |mean|; a mean of zero never has it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from drillsim import units
from drillsim.errors import Wrong
from drillsim.model.measures import MEASURES, Measure, kind_of
from drillsim.model.scenario import Scenario
from drillsim.score import compared, intervals
from drillsim.score.compared import Figure
from drillsim.score.summary import PrecisionPart
from drillsim.score.summary_parts import Estimate
from drillsim.score.table import Table

LOOK = 5
LEAST, MOST = 20, 1000
MANY = 10_000_000  # more runs than anybody plays: no number is told

_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*%")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


class Wanted(NamedTuple):
    """A figure and half the width that its interval may have: ``amount``, in its unit, or ``relative`` to the size of its mean."""

    figure: Figure
    amount: float
    relative: bool
    text: str  # as it was asked for: "5 %"

    def half(self, mean: float) -> float:
        """The half width that is asked for when the mean is this."""
        return self.amount * abs(mean) if self.relative else self.amount


@dataclass(frozen=True)
class Sure:
    """When to stop: all figures known so well, not before ``least`` runs, not after ``most``."""

    wanted: tuple[Wanted, ...]
    least: int = LEAST
    most: int = MOST

    def __post_init__(self) -> None:
        if not 2 <= self.least <= self.most:
            raise Wrong("the least number of runs ({least}) must be 2 or more, and no more than the most ({most})", least=self.least, most=self.most)  # fmt: skip


def read(
    scenario: Scenario, asked: str | Sequence[str], measures: Sequence[str] = (), least: int = LEAST, most: int = MOST
) -> Sure:
    """What is asked for in words: ``"5 %"`` for the ``measures`` (by default ``usual``), ``"patients.wait_mean=2 min"`` for a figure of its own.

    A percentage is points of a hundred for shares, otherwise relative to the mean. Raises ValueError for words that cannot be read.
    """
    texts = [asked] if isinstance(asked, str) else list(asked)
    own = [text.rpartition("=") for text in texts if "=" in text]
    general = [text for text in texts if "=" not in text]
    if len(general) > 1:
        raise Wrong("give one precision for all measures: {texts}", texts=", ".join(general))
    if measures and not general:
        raise Wrong("say how precisely the measures are to be known, such as '5 %'")
    found = {name: wanted(named(scenario, name.strip()), text) for name, _, text in own}
    for figure in [named(scenario, name) for name in measures] or usual(scenario) if general else []:
        found.setdefault(figure.name, wanted(figure, general[0]))
    if not found:
        raise Wrong("there is no figure that is usually wanted here; name one, such as 'patients.wait_mean=1 min'")
    return Sure(tuple(found.values()), least, most)


def wanted(figure: Figure, text: str) -> Wanted:
    """How precisely a figure is to be known. Raises ValueError for words that do not fit its unit."""
    text = text.strip()
    share = figure.unit in ("claim", "share")
    amount, relative = math.nan, False
    if match := _PERCENT.fullmatch(text):
        amount, relative = float(match[1]) / 100, not share
    elif _NUMBER.fullmatch(text):
        amount = float(text)
    elif figure.unit == "min":
        amount = units.minutes(text)
    if not 0 < amount < (1 if share or relative else math.inf):
        example = {"min": "'5 %' or '2 min'", "number": "'5 %' or '3'"}.get(figure.unit, "'5 %' or '0.05'")
        raise Wrong("{name}: expected a precision such as {example}, got {text!r}", name=figure.name, example=example, text=text)  # fmt: skip
    return Wanted(figure, amount, relative, text)


def named(scenario: Scenario, name: str) -> Figure:
    """The figure of this name: as in comparisons (``step.declare.on_time``), or as in objectives (``his.minutes_down``).

    Raises ValueError when there is none.
    """
    for figure in compared.figures(scenario):
        if figure.name == name:
            return figure
    before, _, measure = name.rpartition(".")
    said, _, subject = before.rpartition(
        "."
    )  # `outpatient.minutes_median`, or with its kind: `pathway.outpatient.minutes_median`
    if measure in MEASURES:
        kind = kind_of(Measure(subject=subject, measure=measure, operator="<=", value=0), scenario.hospital)
        if kind is not None and said in ("", kind):
            return Figure("whole", kind, subject, measure, MEASURES[measure].unit, "")
    raise Wrong("there is no figure {name!r} in this scenario", name=name)


def usual(scenario: Scenario) -> list[Figure]:
    """The figures a reader decides by: whether all deadlines are kept, and the objectives; without them waits, completion and availability."""
    known = {figure.name: figure for figure in compared.figures(scenario)}
    names = ["plan.all_on_time"]
    for objective in scenario.objectives:
        if objective.measure is None:
            names.append(f"objective.{objective.id}.met")
        else:
            figure = named(scenario, re.split(r"\s*[<>=]", objective.measure)[0])
            known.setdefault(figure.name, figure)
            names.append(figure.name)
    found = [known[name] for name in dict.fromkeys(names) if name in known]
    if found:
        return found
    rest = [known[name] for name in ("plan.completed_at", "patients.wait_mean") if name in known]
    systems = scenario.hospital.systems
    return rest or [Figure("systems", "component", n, "availability", "share", "more") for n in list(systems)[:5]]


def column(table: Table, scenario: Scenario, figure: Figure) -> np.ndarray:
    """The figure in every run, without the runs that do not have it."""
    found = compared.column(table, scenario, figure)
    return found[~np.isnan(found)]


def estimate(values: np.ndarray, figure: Figure, confidence: float) -> Estimate:
    """The figure with its interval."""
    return (intervals.share_of if figure.unit == "claim" else intervals.mean)(values, confidence)


def half_width(one: Estimate) -> float:
    """Half the width of an interval; infinite without one."""
    return math.inf if one.low is None or one.high is None else (one.high - one.low) / 2


def enough(table: Table, scenario: Scenario, sure: Sure) -> bool:
    """Whether every figure is known well enough, at this number of runs and at those just before it."""
    look = LOOK if table.n <= 100 else math.ceil(LOOK * table.n / 100)
    return table.n >= sure.least and all(known(table, scenario, one, look) for one in sure.wanted)


def known(table: Table, scenario: Scenario, one: Wanted, look: int) -> bool:
    """Whether a figure is known well enough now and was so at each of the ``look`` numbers of runs before."""
    whole = compared.column(table, scenario, one.figure)
    for runs in range(len(whole), max(len(whole) - look - 1, 1), -1):
        values = whole[:runs][~np.isnan(whole[:runs])]
        if not _fine(estimate(values, one.figure, table.confidence), one):
            return False
    return len(whole) > look


def _fine(found: Estimate, one: Wanted) -> bool:
    if found.value is None or (one.relative and found.value == 0):
        return False
    return half_width(found) <= one.half(found.value)


def runs_needed(values: np.ndarray, figure: Figure, half: float, confidence: float) -> int | None:
    """About how many runs have an interval no wider than ``half`` on either side, if the spread stays as it is; None when it cannot be told."""
    found = estimate(values, figure, confidence)
    if len(values) < 2 or not half > 0 or found.value is None:
        return None
    low, high = 2, 2
    while _half_at(values, found.value, figure, high, confidence) > half:
        low, high = high, high * 2
        if high > MANY:
            return None
    while low < high:
        middle = (low + high) // 2
        low, high = (
            (middle + 1, high) if _half_at(values, found.value, figure, middle, confidence) > half else (low, middle)
        )
    return high


def _half_at(values: np.ndarray, centre: float, figure: Figure, runs: int, confidence: float) -> float:
    """Half the width of the interval with so many runs of the same share or spread."""
    if figure.unit == "claim":
        z = intervals.normal_quantile(0.5 + confidence / 2)
        return z / (runs + z * z) * math.sqrt(runs * centre * (1 - centre) + z * z / 4)
    return intervals.t_quantile(0.5 + confidence / 2, runs - 1) * float(np.std(values, ddof=1)) / math.sqrt(runs)


def precision_parts(scenario: Scenario, table: Table, sure: Sure | None) -> list[PrecisionPart]:
    """For ``summary.json``: how well the figures asked for are known, or the usual ones when nothing was asked."""
    wishes: list[Wanted | None] = [*sure.wanted] if sure is not None else [None] * len(usual(scenario))
    figures = [one.figure for one in sure.wanted] if sure is not None else usual(scenario)
    look = LOOK if table.n <= 100 else math.ceil(LOOK * table.n / 100)
    return [_part(scenario, table, figure, wish, look) for figure, wish in zip(figures, wishes, strict=True) if table.n]


def _part(scenario: Scenario, table: Table, figure: Figure, wish: Wanted | None, look: int) -> PrecisionPart:
    values = column(table, scenario, figure)
    found = estimate(values, figure, table.confidence)
    half = half_width(found)
    is_known = None if wish is None else known(table, scenario, wish, look)
    goal = wish.half(found.value) if wish is not None and found.value is not None else None
    per_value = table.n / len(values) if len(values) else 1.0  # not every run has the figure
    finer = runs_needed(values, figure, half / 2, table.confidence) if 0 < half < math.inf else None
    needed = runs_needed(values, figure, goal, table.confidence) if goal and is_known is False else None
    return PrecisionPart(
        figure=figure.name,
        kind=figure.kind,
        id=figure.id,
        name=figure.figure,
        unit=figure.unit,
        estimate=found,
        at_least=int(compared.unfinished(table, scenario, figure).sum()),
        half=half if half < math.inf else None,
        asked=wish.text if wish is not None else None,
        goal=goal,
        known=is_known,
        runs_needed=None if needed is None else max(math.ceil(needed * per_value), table.n + 1),
        runs_for_half=None if finer is None else math.ceil(finer * per_value),
    )
