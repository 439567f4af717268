"""The order by cost of a search for what would help: what each change brings for its money, and the cheapest that does as well as the best."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from drillsim.model.scenario import Scenario
from drillsim.report import compared, costs, improved, words
from drillsim.score.costs import CostPart, Priced, together
from drillsim.score.improvement import Improvement
from drillsim.score.summary_parts import Estimate
from drillsim.texts import say

AGAINST: dict[str, str] = {
    "best": "the best",
    "as_good": "as good as the best",
    "open": "not told apart from the best",
    "less": "surely less than the best",
}
"""How a change stands against the best one → in words."""


def part_of(improvement: Improvement, name: str) -> CostPart | None:
    """The cost of a change, or of all changes of a combination."""
    known = {one.name: one.cost for one in improvement.candidates}
    members = improvement.combinations.get(name)
    return known.get(name) if members is None else together({one: known[one] for one in members})


def of(improvement: Improvement, name: str, language: str = "en") -> str:
    """What a change costs, where that is known; of a combination the sum, and whose cost is not in it."""
    part = part_of(improvement, name)
    said = costs.cost(part, language)
    if part is None or not part.without:
        return said
    listed = words.listing([improved.title(improvement, one, language) for one in part.without], language)
    return say("{cost} (without {changes}, whose amount is not given)", language, cost=said, changes=listed)


def total(improvement: Improvement, amount: float, language: str = "en") -> str:
    """An amount over the years of the search."""
    return costs.money(amount, improvement.currency, language) if amount else say("no money", language)


def over(improvement: Improvement, language: str = "en") -> str:
    """The years over which costs are added up, in words."""
    years = f"{improvement.years:g}"
    return say("in one year", language) if improvement.years == 1 else say("over {years} years", language, years=years)


def heading(improvement: Improvement, language: str = "en") -> str:
    """The heading of the column of those sums."""
    years = f"{improvement.years:g}"
    return say("cost in one year", language) if improvement.years == 1 else say("cost over {years} years", language, years=years)  # fmt: skip


def cheapest(improvement: Improvement, scenario: Scenario, language: str = "en") -> list[str]:
    """Which change does as well as the best for less money; empty where no costs are known or nothing helps."""
    best = next(iter([*improvement.helps, *improvement.mixed]), None)
    if best is None or not improvement.by_cost:
        return []
    known = {one.name: one for one in improvement.by_cost}
    dear = known[best].total if best in known else None
    cheaper = [one for one in improvement.by_cost if one.against not in (None, "best") and (dear is None or one.total < dear)]  # fmt: skip
    values = {"best": improved.title(improvement, best, language), "over": over(improvement, language)}
    values["cost"] = total(improvement, dear or 0.0, language)
    for standing, message in (CHEAPER if dear is not None else UNPRICED).items():
        one = next((c for c in cheaper if c.against == standing), None)
        if one is not None:
            worth = words.listing([compared.difference(Estimate(value=aim.worth), improved.unit(aim.name), language).lstrip("+") for aim in improvement.aims], language)  # fmt: skip
            return [say(message, language, change=improved.title(improvement, one.name, language), less=total(improvement, one.total, language), worth=worth, **values)]  # fmt: skip
    return [] if dear is None else [say("Nothing on the list that costs less does as well as {best} ({cost} {over}).", language, **values)]  # fmt: skip


CHEAPER: dict[str, str] = {
    "as_good": "For less money: {change} ({less} {over}) does as well as {best} ({cost}), to within {worth}.",
    "open": "For less money: {change} ({less} {over}) is not told apart from {best} ({cost}); more runs would tell.",
}
"""How the cheaper one stands → the sentence about it."""

UNPRICED: dict[str, str] = {
    "as_good": "{change} ({less} {over}) does as well as {best}, whose cost is not given, to within {worth}."
}
"""The same where the cost of the best is not known."""


def rows(improvement: Improvement, language: str = "en") -> list[dict[str, Any]]:
    """Everything whose cost is known, the cheapest first, in words: title, cost, total, effects with interval and gain for the money, runs,
    standing."""
    return [
        {
            "title": improved.title(improvement, one.name, language),
            "cost": of(improvement, one.name, language),
            "total": total(improvement, one.total, language),
            "effects": [_effect(improvement, one, aim.name, language) for aim in improvement.aims],
            "runs": max((effect.n for effect in one.effects.values()), default=0),
            "standing": say(AGAINST[one.against], language) if one.against else say("in the race only", language),
            "good": one.against in ("best", "as_good"),
        }
        for one in improvement.by_cost
    ]


def _effect(improvement: Improvement, one: Priced, aim: str, language: str) -> tuple[str, str, str]:
    """(difference, its interval, the same for each amount of money)."""
    unit = improved.unit(aim)
    said = compared.difference(one.effects[aim], unit, language)
    between = compared.interval(one.effects[aim], unit, language) or ""
    if one.each is None:
        return said, between, ""
    gain = compared.difference(Estimate(value=one.each[aim]), unit, language)
    per = costs.money(improvement.per, improvement.currency, language)
    return said, between, say("{gain} for each {money}", language, gain=gain, money=per)


def unknown(improvement: Improvement, language: str = "en") -> str:
    """Which of the changes that were played on fresh runs have no amount; empty when all do."""
    alone: Sequence[str] = [one.name for one in improvement.candidates if one.status == "final"]
    titles = [improved.title(improvement, name, language) for name in alone if (part := part_of(improvement, name)) is None or part.total is None]  # fmt: skip
    if not titles:
        return ""
    return say("No amount is given for {changes}; as a variant of the scenario with `cost: 120,000 CNY once` it is put in this order.", language, changes=words.listing(titles, language))  # fmt: skip
