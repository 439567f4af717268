"""What ways of doing it cost, added up and over years, and which of them is the cheapest that does as well as the best."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from drillsim.model.costs import Cost
from drillsim.model.scenario import Scenario
from drillsim.score import differences
from drillsim.score.evidence import paired
from drillsim.score.ranking import Aim
from drillsim.score.replication import Scored
from drillsim.score.summary_parts import Estimate, Part, Words
from drillsim.score.words import words

YEARS = 5.0
"""Years over which costs are added up unless asked otherwise: about the life of a server."""

Against = Literal["best", "as_good", "open", "less"]
"""``as_good``: for every aim the best is surely not better by what is worth having; ``less``: for some aim it surely is better, and may be by as much;
``open``: more runs would tell."""


class CostPart(Part):
    """What one way costs: money paid ``once`` and ``yearly`` (None: no amount is given, only words), over the years together (``total``), and
    what money does not say. Of several changes together the sum of all that give an amount; the others are ``without``."""

    once: float | None
    yearly: float | None
    currency: str
    total: float | None
    note: Words | None
    without: list[str] = []


class Priced(Part):
    """A way whose cost is known, in the order from cheap to dear: its differences to the plan as it is by aim, the same for each ``per`` of
    money (None where it costs nothing), whether they come from fresh runs, and how it stands against the best one."""

    name: str
    total: float
    effects: dict[str, Estimate]
    each: dict[str, float] | None
    fresh: bool
    against: Against | None  # None: it was not played on fresh runs


def of(cost: Cost | None, years: float = YEARS) -> CostPart | None:
    """The cost as a part of a result."""
    if cost is None:
        return None
    return CostPart(
        once=cost.once.amount if cost.once else 0.0 if cost.known else None,
        yearly=cost.yearly.amount if cost.yearly else 0.0 if cost.known else None,
        currency=cost.currency,
        total=cost.over(years) if cost.known else None,
        note=words(cost.note) if cost.note else None,
    )


def together(costs: Mapping[str, CostPart | None]) -> CostPart | None:
    """The cost of several changes together, by their names; None when none of them gives an amount."""
    known = [one for one in costs.values() if one is not None and one.total is not None]
    if not known:
        return None
    notes = [one.note for one in costs.values() if one is not None and one.note]
    return CostPart(
        once=sum(one.once or 0.0 for one in known),
        yearly=sum(one.yearly or 0.0 for one in known),
        currency=next((one.currency for one in known if one.currency), ""),
        total=sum(one.total or 0.0 for one in known),
        note=Words(en="; ".join(one.en for one in notes), zh="；".join(one.zh for one in notes)) if notes else None,
        without=[name for name, one in costs.items() if one is None or one.total is None],
    )


def sum_of_money(totals: Iterable[float]) -> float:
    """The amount for which gains are told: the power of ten below the smallest cost above zero; 0 when nothing costs money."""
    paid = [abs(one) for one in totals if one]
    return 10.0 ** (len(str(int(min(paid)))) - 1) if paid else 0.0


def each(effects: Mapping[str, Estimate], total: float, per: float) -> dict[str, float] | None:
    """The effects for each ``per`` of money; None for what costs nothing or saves money."""
    if total <= 0 or per <= 0:
        return None
    return {aim: (one.value or 0.0) * per / total for aim, one in effects.items()}


def against(
    scenario: Scenario, aims: Sequence[Aim], way: Sequence[Scored], best: Sequence[Scored], confidence: float
) -> Against:
    """How a way stands against the best one on the same fresh runs, in pairs: not worse by what is worth having, worse, or open."""
    found: set[Against] = set()
    for aim in aims:
        mine, others = paired(scenario, aim.name, way, best)
        lead = differences.paired_means(*((others, mine) if aim.more else (mine, others)), confidence).estimate
        if lead.low is None or lead.high is None:
            found.add("open")
        else:
            found.add("as_good" if lead.high <= aim.worth else "less" if lead.low > 0 else "open")
    return next((one for one in ("less", "open") if one in found), "as_good")


def by_cost(
    scenario: Scenario, aims: Sequence[Aim], costs: Mapping[str, CostPart | None], effects: Mapping[str, Mapping[str, Estimate]],
    fresh: Mapping[str, Sequence[Scored]], best: str | None, confidence: float,
) -> tuple[float, list[Priced]]:  # fmt: skip
    """(the amount for which gains are told, every way whose cost is known, the cheapest first and of two that cost the same the one that gains
    most by the first aim). ``effects``: way → aim → difference; ``fresh``: the runs of those played on fresh luck, ``best`` among them."""
    totals = {name: one.total for name, one in costs.items() if one is not None and one.total is not None}
    per = sum_of_money(totals.values())

    def place(name: str) -> tuple[float, float]:
        gain = (effects[name][aims[0].name].value or 0.0) if aims else 0.0
        return totals[name], -gain if not aims or aims[0].more else gain

    found = []
    for name in sorted(totals, key=place):
        standing: Against | None = None
        if name in fresh and best is not None:
            standing = "best" if name == best else against(scenario, aims, fresh[name], fresh[best], confidence)
        shown = {aim.name: effects[name][aim.name] for aim in aims}
        found.append(Priced(name=name, total=totals[name], effects=shown, each=each(shown, totals[name], per), fresh=name in fresh, against=standing))  # fmt: skip
    return per, found
