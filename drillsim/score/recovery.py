"""After the systems are back: how the hospital works against the same hours of a normal day, and when it has caught up."""

from __future__ import annotations

import math

import numpy as np

from drillsim.score.view import NAN, View

HOURS = 4.0  # after the systems are back, in which the work is compared
EVERY = 5.0  # minutes between two looks at the queues
MARGIN = 0.05  # of those who wait on a normal day, that more may wait
LASTING = 30.0  # minutes for which a queue must stay as short as on a normal day
FIGURES = ("begun", "begun_base", "served_share", "wait_added", "caught_up", "caught_up_censored")


def recovery(view: View, base: View) -> dict[str, dict[str, float]]:
    """Department (and ``hospital``, all that is done there) → figures of its work after ``restored``, against ``base``, the day without the fault on the same luck.

    ``begun``, ``begun_base``: services begun in the first four hours, and in the same hours of the normal day; ``served_share``: the one as a share of the
    other (over all runs it is the share of the sums, so that a run with few services does not count as much as one with many); ``wait_added``: minutes that those who asked in
    these hours waited longer on average; ``caught_up``: minutes until no more people waited than on the normal day (but for one, or a twentieth), for half an
    hour; until EndEx, with ``caught_up_censored`` 1, when it did not come to that before. Everything is NaN when the systems were not back
    (for good) before EndEx.
    """
    hospital = view.scenario.hospital
    places = {
        name: [a for a, r in hospital.activities.items() if r.department == name] for name in hospital.departments
    }
    places["hospital"] = list(hospital.activities)
    restored = view.held.get("restored", math.nan)
    return {name: _one(view, base, activities, restored) for name, activities in places.items() if activities}


def _one(view: View, base: View, activities: list[str], restored: float) -> dict[str, float]:
    if not restored < view.end:
        return dict.fromkeys(FIGURES, NAN)
    until = min(view.end, restored + 60 * HOURS)
    (asked, gone, began), (asked_then, gone_then, began_then) = (_columns(v, activities) for v in (view, base))
    normal = int(((gone_then >= restored) & (gone_then < until) & began_then).sum())
    served = int(((gone >= restored) & (gone < until) & began).sum())
    waits, waits_then = (_mean_wait(a, g, restored, until) for a, g in ((asked, gone), (asked_then, gone_then)))
    minutes = np.arange(restored, view.end, EVERY)
    usual = _waiting(asked_then, gone_then, minutes)
    caught_up = _caught_up(minutes - restored, _waiting(asked, gone, minutes) > usual + np.maximum(1, MARGIN * usual))
    return {
        "begun": float(served),
        "begun_base": float(normal),
        "served_share": served / normal if normal else NAN,
        "wait_added": waits - waits_then,
        "caught_up": view.end - restored if caught_up is None else caught_up,
        "caught_up_censored": float(caught_up is None),
    }


def _columns(view: View, activities: list[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    visits, where = view.visits, [view.visits.of(name) for name in activities]
    asked, gone, began = (np.concatenate([c[s] for s in where]) for c in (visits.asked, visits.gone, visits.began))
    return asked, gone, began


def _mean_wait(asked: np.ndarray, gone: np.ndarray, start: float, end: float) -> float:
    within = (asked >= start) & (asked < end)
    return float((gone - asked)[within].mean()) if within.any() else NAN


def _waiting(asked: np.ndarray, gone: np.ndarray, minutes: np.ndarray) -> np.ndarray:
    """How many wait at each of the minutes."""
    return np.searchsorted(np.sort(asked), minutes, side="right") - np.searchsorted(
        np.sort(gone), minutes, side="right"
    )


def _caught_up(minutes: np.ndarray, more: np.ndarray) -> float | None:
    """The first of the minutes from which on no more people wait than normally, for as long as it must last; None without one."""
    looks = round(LASTING / EVERY) + 1
    calm = np.concatenate([[0], np.cumsum(~more)])
    lasting = np.flatnonzero(calm[looks:] - calm[:-looks] == looks) if len(minutes) >= looks else np.empty(0, int)
    return float(minutes[lasting[0]]) if len(lasting) else None
