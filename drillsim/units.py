"""Time inside drillsim is a float count of minutes since StartEx, data a float count of gigabytes; text becomes numbers here."""

from __future__ import annotations

import re

from drillsim.errors import Wrong

MINUTES_PER = {"s": 1 / 60, "min": 1.0, "h": 60.0, "d": 1440.0, "w": 10080.0}
GIGABYTES_PER = {"MB": 1e-3, "GB": 1.0, "TB": 1e3, "PB": 1e6}
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = 1440.0
YEAR = 365.25 * DAY
WEEK = 10080.0

_PART = re.compile(r"(?<!\d)(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)\s*(min|h|d|s|w)(?![a-zA-Z])")
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(MB|GB|TB|PB)")
_THROUGHPUT = re.compile(r"(\d+(?:\.\d+)?)\s*(MB|GB|TB)\s*(?:/|per)\s*(s|min|h|d)")
_RATE = re.compile(r"(\d+(?:\.\d+)?)\s*(?:/|per)\s*(s|min|h|d|w)")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")


def minutes(text: str) -> float:
    """Minutes in a duration such as ``"90 min"``, ``"1 h 30 min"`` or ``"forever"``.

    Raises ValueError when the text has no unit, an unknown one, or a minus sign.
    """
    if text.strip() == "forever":
        return float("inf")
    parts = _PART.findall(text)
    if text.strip().startswith("-") and _PART.match(text.strip()[1:]):
        raise Wrong("a duration cannot be negative, got {text!r}", text=text)
    if not parts or _PART.sub("", text).strip():
        raise Wrong("expected a duration such as '90 min' or '1 h 30 min', got {text!r}", text=text)
    return sum(float(number) * MINUTES_PER[unit] for number, unit in parts)


def minute_text(value: float) -> str:
    """The duration written so that ``minutes`` reads the same float back: ``30.0`` → ``"30 min"``."""
    if value == float("inf"):
        return "forever"
    return f"{int(value)} min" if value == int(value) else f"{value!r} min"


def length_text(value: float) -> str:
    """A duration to be read: ``1322.3`` → ``"22 h 2 min"``, ``12.5`` → ``"12.5 min"``, ``7200`` → ``"5 d"``; ``minutes`` reads it back, rounded."""
    if value < 60 or value == float("inf"):
        return minute_text(round(value, 1))
    whole = round(value)
    parts = ((whole // DAY, "d"), (whole % DAY // 60, "h"), (whole % 60, "min"))
    return " ".join(f"{int(n)} {unit}" for n, unit in parts if n)


def time_of_day(text: str) -> float:
    """Minutes after midnight of ``"09:10"``; ``"24:00"`` is 1440. Raises ValueError for anything else."""
    match = _CLOCK.fullmatch(text.strip())
    value = int(match[1]) * 60.0 + int(match[2]) if match else -1.0
    if match is None or int(match[2]) > 59 or value > DAY:
        raise Wrong("expected a time of day such as '09:10', got {text!r}", text=text)
    return value


def gigabytes(text: str) -> float:
    """Gigabytes in a size such as ``"4 TB"``. Raises ValueError without a unit of MB, GB, TB or PB."""
    match = _SIZE.fullmatch(text.strip())
    if not match:
        raise Wrong("expected a size such as '4 TB' or '600 GB', got {text!r}", text=text)
    return float(match[1]) * GIGABYTES_PER[match[2]]


def gigabytes_per_minute(text: str) -> float:
    """Gigabytes a minute in a throughput such as ``"360 MB/s"`` or ``"2 TB/h"``. Raises ValueError for anything else."""
    match = _THROUGHPUT.fullmatch(text.strip())
    if not match:
        raise Wrong("expected a throughput such as '360 MB/s' or '2 TB/h', got {text!r}", text=text)
    return float(match[1]) * GIGABYTES_PER[match[2]] / MINUTES_PER[match[3]]


def per_minute(text: str) -> float:
    """Events a minute in a rate such as ``"96 per h"`` or ``"8000 per d"``. Raises ValueError for anything else."""
    match = _RATE.fullmatch(text.strip())
    if not match:
        raise Wrong("expected a rate such as '96 per h' or '8000 per d', got {text!r}", text=text)
    return float(match[1]) / MINUTES_PER[match[2]]


def clock(minute: float) -> str:
    """A moment as people in a drill write it: ``95`` → ``"T+01:35"``, ``-10`` → ``"T-00:10"``."""
    whole = round(abs(minute))
    return f"T{'-' if minute < 0 and whole else '+'}{whole // 60:02d}:{whole % 60:02d}"


def days_of(text: str) -> frozenset[int]:
    """Weekdays (0 Monday … 6 Sunday, 7 holidays) named by ``"mon-fri"``, ``"sat,sun"``, ``"all"`` or ``"holidays"``.

    Raises ValueError when a day is unknown.
    """
    found: set[int] = set()
    for part in text.lower().replace(" ", "").split(","):
        first, _, last = part.partition("-")
        if part in ("all", "daily"):
            found.update(range(8))
        elif part == "holidays":
            found.add(7)
        elif first in DAYS and (not last or last in DAYS):
            start, end = DAYS.index(first), DAYS.index(last or first)
            found.update((start + step) % 7 for step in range((end - start) % 7 + 1))
        else:
            raise Wrong("expected days such as 'mon-fri', 'sat,sun', 'all' or 'holidays', got {text!r}", text=text)
    return frozenset(found)
