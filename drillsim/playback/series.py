"""Quantities through time on the grid of a film: counted from beginnings and ends, and written as short texts."""

from __future__ import annotations

from itertools import groupby, pairwise
from math import ceil

import numpy as np

COARSE = (2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 240.0, 720.0, 1440.0)
MOST_POINTS = 3000
BEFORE, AFTER = 60.0, 1440.0  # minutes around the first fault that are always shown minute by minute

Piece = list[float]
"""``[from, step]``: from that minute on a point every so many minutes, until the next piece begins or the run ends."""


def pieces(horizon: float, failed: float | None) -> list[Piece]:
    """The grid of a film: a point a minute; in a run of more than two days only from an hour before the first fault to a day after it."""
    if horizon <= MOST_POINTS:
        return [[0.0, 1.0]]
    begin = float(int(max((failed or 0.0) - BEFORE, 0.0)))
    end = min(begin + BEFORE + AFTER, horizon)
    left = MOST_POINTS - (end - begin)
    step = next((s for s in COARSE if (horizon - end + begin) / s <= left), horizon / left)
    return [*([[0.0, step]] if begin else []), [begin, 1.0], *([[end, step]] if end < horizon else [])]


def grid(horizon: float, failed: float | None = None) -> np.ndarray:
    """The minutes of the points of ``pieces``, from StartEx to EndEx."""
    found = pieces(horizon, failed)
    ends = [*(begin for begin, _ in found[1:]), horizon + found[-1][1] * 1e-9]
    return np.concatenate([np.arange(begin, end, step) for (begin, step), end in zip(found, ends, strict=True)])


def index(found: list[Piece], minute: float) -> int:
    """Which point of the grid holds at a minute: the last at or before it."""
    begun = [piece for piece in found if piece[0] <= minute + 1e-9] or found[:1]
    before = sum(ceil((after[0] - begin) / step - 1e-9) for (begin, step), after in pairwise(begun))
    begin, step = begun[-1]
    return before + int((minute - begin) / step + 1e-9)


def passed(when: np.ndarray, minutes: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """How many (or how much weight) lies at or before each of the minutes; what is NaN never comes."""
    known = ~np.isnan(when)
    order = np.argsort(when[known], kind="stable")
    reached = np.searchsorted(when[known][order], minutes, side="right")
    if weights is None:
        return reached
    return np.concatenate([[0.0], np.cumsum(weights[known][order])])[reached]


def there(start: np.ndarray, end: np.ndarray, minutes: np.ndarray) -> np.ndarray:
    """How many have begun and not ended at each minute (what ends at the minute itself is over)."""
    return passed(start, minutes) - passed(end, minutes)


def longest(start: np.ndarray, end: np.ndarray, minutes: np.ndarray) -> np.ndarray:
    """Minutes since the earliest start among those who have begun and not ended at each minute; 0 when there is nobody."""
    first = np.searchsorted(minutes, start, side="left")
    last = np.searchsorted(minutes, np.where(np.isnan(end), np.inf, end), side="left")
    rows = np.flatnonzero(last > first)
    found = np.zeros(len(minutes))
    filled = 0
    for row in rows[np.argsort(start[rows], kind="stable")]:
        low, high = max(int(first[row]), filled), int(last[row])
        if high > low:
            found[low:high] = minutes[low:high] - start[row]
            filled = high
    return found


def levels(turns: list[tuple[float, float]], minutes: np.ndarray) -> np.ndarray:
    """The number that holds at each minute; ``turns`` are (minute, number) in order of time, and the first holds before it too."""
    if not turns:
        return np.zeros(len(minutes))
    index = np.searchsorted([minute for minute, _ in turns], minutes, side="right") - 1
    return np.array([number for _, number in turns])[np.maximum(index, 0)]


def written(values: np.ndarray) -> str:
    """The series as a text of differences; values are cut to whole numbers (a wait of 4.9 minutes is one of 4)."""
    whole = np.floor(np.asarray(values, dtype=float) + 1e-6).astype(np.int64)
    words = []
    for difference, same in groupby(np.diff(whole, prepend=0).tolist()):
        n = len(list(same))
        words += [f"0x{n}"] if difference == 0 and n > 1 else [str(difference)] * n
    return " ".join(words)


def read(text: str) -> list[int]:
    """The values of a series that ``written`` wrote."""
    values, now = list[int](), 0
    for word in text.split():
        zero, _, times = word.partition("x")
        if times:
            values += [now] * int(times)
        else:
            now += int(zero)
            values.append(now)
    return values
