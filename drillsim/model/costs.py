"""What a change costs: money once, money every year, and in words what money does not say; read from what a planner writes."""

from __future__ import annotations

import math
import re
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema, model_validator

from drillsim.errors import Wrong
from drillsim.model.base import Record, Source, Text

CURRENCIES: dict[str, tuple[str, ...]] = {
    "CNY": ("人民币", "rmb", "yuan", "元", "¥", "￥"),
    "USD": ("us$", "$", "美元"),
    "EUR": ("€", "欧元"),
    "GBP": ("£", "英镑"),
    "HKD": ("hk$", "港元", "港币"),
    "JPY": ("日元",),
}
"""Currency → how it is written beside its code."""

_SIGNS = {sign: code for code, signs in CURRENCIES.items() for sign in (*signs, code.lower())}
_CURRENCY = "|".join(map(re.escape, sorted(_SIGNS, key=len, reverse=True))) + r"|\b(?-i:[A-Z]{3})\b"
_AMOUNT = r"(\d{1,3}(?:,\d{3})+|\d+)(\.\d{1,2}(?!\d))?\s*(million|万|亿)?"
_MONEY = re.compile(rf"([-−])?\s*({_CURRENCY})?\s*{_AMOUNT}\s*({_CURRENCY})?", re.IGNORECASE)
_TIMES = {"million": 1e6, "万": 1e4, "亿": 1e8}
_YEARLY = re.compile(r"\b(?:an?|per|each|every)\s+year\b|/\s*(?:year|yr|a)\b|\byearly\b|每年|[/每]年", re.IGNORECASE)
_ONCE = re.compile(r"\bonce\b|一次性|一次", re.IGNORECASE)
_SAVES = re.compile(r"\bsaves?\b|节省|节约", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:[;；，+]|,(?!\d)|\band\b|，?另加)\s*", re.IGNORECASE)
_LOOKS_LIKE_MONEY = re.compile(
    rf"\d.*(?:{'|'.join(map(re.escape, _SIGNS))})|(?:{'|'.join(map(re.escape, _SIGNS))})\s*\d|^[-−\d][\d.,\s]*$",
    re.IGNORECASE,
)
NOTHING = ("0", "none", "nothing", "无", "不花钱")


class Money(Record):
    """An amount of a currency, by its code of three letters; nothing (0) needs no currency, and what saves money is below zero."""

    amount: float
    currency: str = ""

    def text(self) -> str:
        """The words that are read as this amount again: ``120000 CNY``."""
        return f"{self.amount:.15g} {self.currency}".strip()


def money(text: str) -> Money:
    """The amount in ``120,000 CNY``, ``USD 5000``, ``12万元``, ``$40``, ``-3000 EUR`` or ``0``; Wrong for anything else."""
    match = _MONEY.fullmatch(text.strip())
    if match is None:
        raise Wrong("expected an amount with its currency, such as '120,000 CNY', got {text!r}", text=text.strip())
    minus, before, whole, decimals, times, after = match.groups()
    amount = float(whole.replace(",", "") + (decimals or "")) * _TIMES.get((times or "").lower(), 1.0)
    written = (before or after or "").lower()
    currency = _SIGNS.get(written, written.upper())
    if (before and after) or bool(currency) < bool(amount):
        raise Wrong("expected an amount with its currency, such as '120,000 CNY', got {text!r}", text=text.strip())
    return Money(amount=-amount if minus and amount else amount, currency=currency if amount else "")


def _from_text(value: Any) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = f"{value:.15g}"
    return money(value) if isinstance(value, str) else value


MoneyField = Annotated[
    Money,
    BeforeValidator(_from_text),
    PlainSerializer(Money.text, return_type=str),
    WithJsonSchema({"type": ["string", "number"], "description": "'120,000 CNY', 'USD 5000', '12万元' or 0"}),
]


class Cost(Record):
    """What a change costs: ``once``, ``yearly``, and in a ``note`` what money does not say.

    Written short, ``300,000 CNY a year``, ``120,000 CNY once, 30,000 CNY a year``, ``一次性12万元，每年3万元`` or ``none``; an amount without
    a time is paid once, and words that name no amount are the note. Below zero it saves money.
    """

    once: MoneyField | None = None
    yearly: MoneyField | None = None
    note: Text | None = None
    source: Source = {}

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = f"{value:.15g}"
        if isinstance(value, str):
            return _read(value, value)
        if isinstance(value, dict) and value and set(value) <= {"en", "zh"}:
            return _in_words({language: str(text) for language, text in value.items()})
        return value

    @model_validator(mode="after")
    def _something(self) -> Cost:
        if self.once is None and self.yearly is None and self.note is None:
            raise Wrong("expected a cost, such as '300,000 CNY a year', '120,000 CNY once' or 'none'")
        currencies = {one.currency for one in (self.once, self.yearly) if one is not None and one.currency}
        if len(currencies) > 1:
            raise Wrong("one cost is in one currency, got {currencies}", currencies=", ".join(sorted(currencies)))
        return self

    @property
    def known(self) -> bool:
        """Whether an amount is given (nothing is one too), not only words."""
        return self.once is not None or self.yearly is not None

    @property
    def currency(self) -> str:
        """The code of its currency; empty when it costs nothing or is told in words only."""
        return next((one.currency for one in (self.once, self.yearly) if one is not None and one.currency), "")

    def over(self, years: float) -> float:
        """Money over so many years, what is paid once and every year together; NaN when no amount is given."""
        if not self.known:
            return math.nan
        return (self.once.amount if self.once else 0.0) + years * (self.yearly.amount if self.yearly else 0.0)


def _read(text: str, whole: str) -> dict[str, Any]:
    """The parts of a cost written in one line: amounts by when they are paid, and the other words as a note."""
    found: dict[str, Any] = {}
    rest = []
    for part in (one for one in _BETWEEN.split(text.strip()) if one):
        if part.lower() in NOTHING:
            found.setdefault("once", Money(amount=0.0))
        elif (amount := _amount(part)) is not None:
            when = "yearly" if _YEARLY.search(part) else "once"
            if found.get(when, Money(amount=0.0)).amount:
                raise Wrong("two amounts are paid {when} in {text!r}; add them up", when=when, text=whole)
            found[when] = amount
        elif _LOOKS_LIKE_MONEY.search(_ONCE.sub(" ", _YEARLY.sub(" ", part)).strip()):
            raise Wrong("{part!r} is not read as money; write for instance '120,000 CNY once, 30,000 CNY a year', with other words after a comma", part=part)  # fmt: skip
        else:
            rest.append(part)
    if rest:
        joined = ("；" if re.search(r"[\u4e00-\u9fff]", rest[0]) else "; ").join(rest)
        found["note"] = joined if found else text.strip()
    return found


def _amount(part: str) -> Money | None:
    try:
        found = money(_SAVES.sub(" ", _ONCE.sub(" ", _YEARLY.sub(" ", part))))
    except ValueError:
        return None
    return Money(amount=-found.amount, currency=found.currency) if _SAVES.search(part) else found


def _in_words(texts: dict[str, str]) -> dict[str, Any]:
    """A cost told in two languages: its amounts, which must be the same in both, and what else is said. Where the amounts cannot be read (files
    of earlier versions hold any words) all of it is the note."""
    try:
        read = {language: _read(text, text) for language, text in texts.items()}
    except Wrong:
        return {"note": texts}
    amounts = [{key: held for key, held in one.items() if key != "note"} for one in read.values()]
    given = [one for one in amounts if one]
    if any(one != given[0] for one in given):
        raise Wrong("the two languages do not give the same amounts: {en!r} and {zh!r}", en=texts["en"], zh=texts["zh"])
    note = {language: one["note"] for language, one in read.items() if one.get("note")}
    return {**(given[0] if given else {}), **({"note": note} if note else {})}
