"""Money for people, in both languages: what a change costs, alone and over years."""

from __future__ import annotations

from drillsim.model.costs import Cost
from drillsim.report import names
from drillsim.report.amounts import MISSING
from drillsim.score import costs as parts
from drillsim.score.costs import CostPart
from drillsim.texts import say

UNITS_ZH = {"CNY": "元", "USD": "美元", "EUR": "欧元", "GBP": "英镑", "HKD": "港元", "JPY": "日元"}


def money(amount: float, currency: str, language: str = "en") -> str:
    """``120,000 CNY`` / ``12万元``; whole units from a hundred on."""
    sign, size = ("−" if amount < 0 else ""), abs(amount)
    if language == "zh":
        unit = UNITS_ZH.get(currency, f" {currency}" if currency else "")
        if size >= 1e8:
            return f"{sign}{round(size / 1e8, 4):.15g}亿{unit}"
        return f"{sign}{round(size / 1e4, 4):.15g}万{unit}" if size >= 1e4 else f"{sign}{_plain(size)}{unit}"
    return f"{sign}{_plain(size, ',')} {currency}".strip()


def _plain(size: float, thousands: str = "") -> str:
    return format(size, f"{thousands}.{0 if size >= 100 or size == round(size) else 2}f")


def cost(part: CostPart | None, language: str = "en") -> str:
    """What a change costs: ``1,200,000 CNY once; 40,000 CNY a year; four nights a year``; empty when nothing is known of it."""
    if part is None:
        return ""
    found = []
    if part.total is not None:
        amounts = (("once", part.once or 0.0), ("yearly", part.yearly or 0.0))
        found = [_paid(when, amount, part.currency, language) for when, amount in amounts if amount]
        if not found and part.note is None:
            found = [say("no money", language)]
    return say("; ", language).join([*found, *([names.words(part.note, language)] if part.note else [])])


def _paid(when: str, amount: float, currency: str, language: str) -> str:
    said = money(abs(amount), currency, language)
    if amount < 0:
        return say("saves {money} once" if when == "once" else "saves {money} a year", language, money=said)
    return say("{money} once" if when == "once" else "{money} a year", language, money=said)


def of(record: Cost | None, language: str = "en") -> str:
    """The same of a scenario's own record."""
    return cost(parts.of(record), language)


def total(amount: float | None, currency: str, language: str = "en") -> str:
    """An amount over years; a dash when it is not known."""
    return MISSING if amount is None else money(amount, currency, language)
