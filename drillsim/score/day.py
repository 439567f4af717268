"""One run hour by hour: how long people waited by the time they came, and how much of their time each role was at work."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from drillsim.score.people import responders
from drillsim.score.resources import busy_minutes, duty, duty_minutes, on_patients, on_steps, on_typing
from drillsim.score.view import View


def edges(begin: float, end: float, width: float) -> np.ndarray:
    """The bounds of bins of ``width`` minutes from ``begin`` to ``end``; the last bin may be shorter."""
    bounds = np.arange(begin, end, width)
    return np.append(bounds, end)


def waits(view: View, activities: Sequence[str], bounds: np.ndarray) -> np.ndarray:
    """Mean minutes waited by those who asked for one of the activities within each bin; NaN where nobody asked.

    Who was still waiting at EndEx counts with the minutes until then, so that the last bins say "at least".
    """
    where = [view.visits.of(activity) for activity in activities]
    asked = np.concatenate([view.visits.asked[rows] for rows in where] or [np.empty(0)])
    wait = np.concatenate([view.visits.wait[rows] for rows in where] or [np.empty(0)])
    total, _ = np.histogram(asked, bounds, weights=wait)
    number, _ = np.histogram(asked, bounds)
    return np.divide(total, number, out=np.full(len(number), np.nan), where=number > 0)


def load(view: View, bounds: np.ndarray) -> dict[str, np.ndarray]:
    """For everybody who holds a role of the plan, the share of the time on duty spent at work (steps, patients, typing in) in each bin.

    NaN where nobody of the role was on duty or at work; 1 at most, also for those who stay longer than their shift.
    """
    steps, care, typing = on_steps(view), on_patients(view), on_typing(view)
    found = {}
    for name in responders(view.scenario):
        works = [kind[name] for kind in (steps, care, typing) if name in kind]
        present = duty(view, name)
        shares = []
        for low, high in itertools.pairwise(bounds):
            busy = sum(busy_minutes(work, low, high) for work in works)
            there = max(duty_minutes(present, low, high), busy)
            shares.append(busy / there if there > 0 else np.nan)
        found[name] = np.array(shares)
    return found
