"""Figures for people: durations, times of day, shares and counts, in both languages."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from drillsim.score.summary_parts import Estimate, Spread
from drillsim.texts import say

EN_DASH = "–"

MISSING = "—"

DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

LONG_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

SHORT_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

_SQUEEZED = re.compile(r"(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9%])(?=[\u4e00-\u9fff])")


def number(value: float | None, digits: int = 0) -> str:
    """A count with thousands separated: ``4120`` → ``4,120``."""
    return MISSING if value is None or math.isnan(value) else f"{value:,.{digits}f}"


def figure(value: float | None) -> str:
    """A number of no particular unit with about three meaningful digits: 0.0372, 4.44, 37.2, 1,234."""
    if value is None or math.isnan(value):
        return MISSING
    size = abs(value)
    digits = 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 1 or size == 0 else 3
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def heads(value: float | None) -> str:
    """How many people on average, to a tenth, below one to a hundredth: ``24.1``, ``1.2``, ``0.58``."""
    if value is None or math.isnan(value):
        return MISSING
    return f"{value:.{2 if value < 1 else 1}f}".rstrip("0").rstrip(".")


def digits_for(estimate: Estimate) -> int:
    """How many decimals a figure deserves: as many as show the first digit of half its interval, at most four digits in all."""
    size = abs(estimate.value or 0.0)
    most = 3 if size < 1 else max(2 - math.floor(math.log10(size)), 0)
    if estimate.low is None or estimate.high is None or estimate.high <= estimate.low:
        return 0 if size == round(size) else most
    return min(max(-math.floor(math.log10((estimate.high - estimate.low) / 2)), 0), most)


def count(estimate: Estimate | None, *, signed: bool = False) -> str:
    """The mean of a count or other plain figure, rounded as its interval deserves: ``312``, ``+312``, ``4.44``."""
    if estimate is None or estimate.value is None or math.isnan(estimate.value):
        return MISSING
    text = number(abs(estimate.value), digits_for(estimate))
    nought = not any(c in "123456789" for c in text)
    return ("" if nought else "−" if estimate.value < 0 else "+" if signed else "") + ("0" if nought else text)


def count_interval(estimate: Estimate | None, *, signed: bool = False) -> str:
    """The interval of such a figure, rounded alike: ``288–337``; empty without one. Unless ``signed`` it does not go below zero."""
    if estimate is None or estimate.low is None or estimate.high is None:
        return ""
    digits = digits_for(estimate)
    low, high = number(estimate.low if signed else max(estimate.low, 0.0), digits), number(estimate.high, digits)
    if low == high or (digits == 0 and round(estimate.low) == round(estimate.high)):
        return ""
    if low.startswith("-") or high.startswith("-"):
        return f"{low} … {high}".replace("-", "−")
    return f"{low}{EN_DASH}{high}"


def duration(minutes: float | None, language: str = "en", *, signed: bool = False) -> str:
    """A length for people: ``80`` → ``1 h 20 min`` / ``1 小时 20 分``; below ten minutes one decimal; ``signed`` shows a plus."""
    if minutes is None or math.isnan(minutes):
        return MISSING
    if math.isinf(minutes):
        return say("for good", language)
    sign = "−" if minutes < -1e-9 else "+" if signed and minutes > 1e-9 else ""
    return sign + _length(abs(minutes), language)


def _length(size: float, language: str) -> str:
    if size < 9.95:
        if 0 < size < 0.95:
            return say("{seconds} s", language, seconds=max(round(size * 60), 1))
        return say("{minutes} min", language, minutes=f"{size:.1f}".removesuffix(".0"))
    whole = round(size)
    if whole < 60:
        return say("{minutes} min", language, minutes=whole)
    hours, rest = divmod(whole, 60)
    if hours < 48:
        return say("{h} h {minutes} min", language, h=hours, minutes=rest) if rest else say("{h} h", language, h=hours)
    days, hours = divmod(round(whole / 60), 24)
    return say("{d} d {h} h", language, d=days, h=hours) if hours else say("{d} d", language, d=days)


def duration_range(low: float | None, high: float | None, language: str = "en") -> str:
    """``12–55 min``; the two written out when their units differ."""
    if low is None or high is None:
        return MISSING
    a, b = duration(low, language), duration(high, language)
    if a == b:
        return a
    first, second = a.split(" "), b.split(" ")
    if first[0] == "0":
        first = ["0", *second[1:]] if len(second) == 2 else ["0"]  # nothing has no unit of its own
    alike = len(first) == len(second) == 2 and first[1] == second[1]
    if a.startswith("−") or b.startswith("−"):  # a dash would read as one minus more
        return say("{low} to {high}", language, low=first[0] if alike else a, high=b)
    return f"{first[0]}{EN_DASH}{b}" if alike else f"{' '.join(first)} {EN_DASH} {b}"


ASKED_FOR = (80.0, 85.0, 90.0, 95.0)  # percents that plans ask of their steps
ALMOST = 1e-9


def share(value: float | None, language: str = "en", *, digits: int = 0) -> str:
    """A probability in percent: ``0.41`` → ``41 %`` / ``41%``; never 0 or 100 unless it is exactly that.

    Nor does it round up to what plans ask for (80, 85, 90, 95): 89.6 % is not enough where 90 % are asked for.
    """
    if value is None or math.isnan(value):
        return MISSING
    return say("{n} %", language, n=_percent(value, digits))


def _percent(value: float, digits: int) -> str:
    text = f"{value * 100:.{digits}f}"
    if float(text) == 0 and value > 0:
        return f"<{10**-digits:.{digits}f}"
    if float(text) == 100 and value < 1:
        return f">{100 - 10**-digits:.{digits}f}"
    if digits == 0 and float(text) in ASKED_FOR and value * 100 < float(text) - ALMOST:
        return f"{math.floor(value * 1000) / 10:.1f}"
    return text


def _digits_of_share(estimate: Estimate) -> int:
    """Whole percents, unless the interval is so narrow that decimals say something."""
    if estimate.low is None or estimate.high is None or estimate.high <= estimate.low:
        return 0
    width = estimate.high - estimate.low
    return 0 if width >= 0.015 else 1 if width >= 0.0015 else 2


def chance(estimate: Estimate | None, language: str = "en") -> str:
    """A share with as many decimals as its interval deserves: ``41 %``, ``75.2 %``."""
    if estimate is None or estimate.value is None:
        return MISSING
    return share(estimate.value, language, digits=_digits_of_share(estimate))


def interval(estimate: Estimate, language: str = "en") -> str:
    """The confidence interval of a share, rounded alike: ``34–48 %``; a dash without one."""
    if estimate.low is None or estimate.high is None:
        return MISSING
    digits = _digits_of_share(estimate)
    low, high = f"{max(estimate.low, 0.0) * 100:.{digits}f}", f"{min(estimate.high, 1.0) * 100:.{digits}f}"
    return say("{n} %", language, n=f"{low}{EN_DASH}{high}" if low != high else low)


def share_interval(estimate: Estimate, language: str = "en") -> str:
    """``41 % (34–48 %)``; only the share when it has no interval, or one without width."""
    said = chance(estimate, language)
    if estimate.value is None or estimate.low is None or estimate.high is None or estimate.low == estimate.high:
        return said
    return say("{share} ({interval})", language, share=said, interval=interval(estimate, language))


def runs(n: int, language: str = "en") -> str:
    """``200 runs`` / ``200 次模拟``."""
    return say("1 run", language) if n == 1 else say("{n} runs", language, n=number(n))


def weekday(moment: datetime, language: str = "en", *, long: bool = False) -> str:
    """The day of the week, short or long."""
    return say((LONG_DAY_NAMES if long else DAY_NAMES)[moment.weekday()], language)


def clock(start: datetime, minute: float | None, language: str = "en") -> str:
    """The time of day at that minute: ``09:40``; with the weekday when it is not the day of StartEx, from a week on with the date."""
    if minute is None or math.isnan(minute):
        return MISSING
    then = start + timedelta(minutes=round(minute))
    if then.date() == start.date():
        return f"{then:%H:%M}"
    if abs((then.date() - start.date()).days) < 7:
        return f"{weekday(then, language)} {then:%H:%M}"
    month = say(SHORT_MONTHS[then.month - 1], language)
    return say("{day} {month} {time}", language, day=then.day, month=month, time=f"{then:%H:%M}")


def date(moment: datetime, language: str = "en") -> str:
    """``Monday 9 March 2026`` / ``2026 年 3 月 9 日 周一``."""
    return say(
        "{weekday} {day} {month} {year}",
        language,
        weekday=weekday(moment, language, long=True),
        day=moment.day,
        month=say(MONTHS[moment.month - 1], language),
        year=moment.year,
    )


def usual(value: Spread, language: str = "en") -> str:
    """The middle run's minutes, "at least" when it was cut off at the end: ``24 min``, ``≥ 3 h``."""
    return ("≥ " if cut_off(value, "p50") else "") + duration(value.p50, language)


def on_average(value: Spread, language: str = "en") -> str:
    """The mean, "at least" when a value was cut off at the end: ``24 min``, ``≥ 3 h``."""
    return ("≥ " if value.censored else "") + duration(value.mean.value, language)


def at_most(value: Spread, language: str = "en") -> str:
    """The longest, "at least" when one was cut off at the end: ``24 min``, ``≥ 3 h``."""
    return ("≥ " if cut_off(value, "most") else "") + duration(value.most, language)


def usual_range(value: Spread, language: str = "en") -> str:
    """What eight runs of ten take: ``12–55 min``; ``12 min – 3 h or more`` where the longest were cut off at the end, ``12 min or more`` where all were."""
    low, high = duration(value.p10, language), duration(value.p90, language)
    if cut_off(value, "p90"):
        if cut_off(value, "p10"):
            return say("{minutes} or more", language, minutes=low)
        return f"{low} {EN_DASH} " + say("{minutes} or more", language, minutes=high)
    return duration_range(value.p10, value.p90, language)


def cut_off(value: Spread, name: str) -> bool:
    """Whether that figure (``p50``) is only a lower bound; in a summary that does not say so, when it is the largest of all."""
    figure: float | None = getattr(value, name)
    if not value.censored or figure is None or value.most is None:
        return False
    return name in value.at_least if value.at_least else figure >= value.most - 0.01


def certain(value: Spread, name: str = "p50") -> float | None:
    """That figure, unless there is none or it is only a lower bound."""
    return None if cut_off(value, name) else getattr(value, name)


def unfinished(value: Spread) -> Estimate:
    """The share of runs in which it was not finished at the end, without an interval."""
    return Estimate(value=value.censored / value.n if value.n else None, n=value.n)


def spread(value: Spread, language: str = "en") -> str:
    """``24 min (8 runs of 10: 12–55 min)``; "at least" where values were cut off at the end; a dash without data."""
    if value.p50 is None:
        return MISSING if not value.censored else say("not before the end", language)
    if value.p10 is None or value.p90 is None or value.n < 2:
        return usual(value, language)
    return say(
        "{usual} (8 runs of 10: {range})", language, usual=usual(value, language), range=usual_range(value, language)
    )


def spaced(text: str) -> str:
    """The text with a space between a Chinese sign and a Latin letter or digit beside it."""
    return _SQUEEZED.sub(" ", text)


def few(numbers: Sequence[int], language: str = "en", most: int = 3) -> str:
    """The first of some runs by their numbers: ``17, 4, 9 …``."""
    return say(", ", language).join(str(n) for n in numbers[:most]) + (
        "" if len(numbers) <= most else "…" if language == "zh" else " …"
    )


def argument(text: str) -> str:
    """A file or name as it is typed after a command: in quotation marks when it has a space."""
    return f'"{text}"' if " " in text else text
