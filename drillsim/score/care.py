"""Patients and orders in one replication: waits, queues, those who left; by activity, department and pathway; delays that matter."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from drillsim.model.care import Indicator, Pathway
from drillsim.score.view import LEFT, NAN, TURNED_AWAY, WAITING, Figures, View, Visits

WAITED = 1e-9  # minutes; shorter is rounding


def care(view: View) -> Figures:
    """Figures of every activity, department, pathway and indicator, and of all patients together."""
    figures: Figures = {}
    hospital = view.scenario.hospital
    of_department: dict[str, list[str]] = {name: [] for name in hospital.departments}
    for name, activity in hospital.activities.items():
        figures.update({("activity", name, k): v for k, v in queue(view, [name]).items()})
        if activity.department in of_department:
            of_department[activity.department].append(name)
    for name, activities in of_department.items():
        if activities:
            figures.update({("department", name, k): v for k, v in queue(view, activities).items()})
    figures.update(pathways(view))
    for name, indicator in hospital.indicators.items():
        figures.update({("indicator", name, k): v for k, v in over(view, indicator).items()})
    return figures


def queue(view: View, activities: Sequence[str]) -> dict[str, float]:
    """Figures of the visits to some activities together: those who asked within the window, and the queue through it.

    Waits include those still waiting at the end (so far) and those who gave up (until then), not those turned away. ``wait_after`` is the
    mean wait of those who asked after the first fault.
    """
    visits = view.visits
    where = [visits.of(name) for name in activities]
    asked, gone, wait, outcome = (_of(c, where) for c in (visits.asked, visits.gone, visits.wait, visits.outcome))
    waiting = wait > WAITED
    inside = np.clip(gone[waiting], view.start, view.end) - np.clip(asked[waiting], view.start, view.end)
    within = (asked >= view.start) & (asked < view.end)
    n = int(within.sum())
    queued = within & (outcome != TURNED_AWAY)
    waits = wait[queued]
    later = wait[queued & (asked >= view.after)]
    left, turned = int((outcome[within] == LEFT).sum()), int((outcome[within] == TURNED_AWAY).sum())
    return {
        "arrived": float(n),
        "served": float((outcome[within] == 0).sum()),
        "wait_mean": float(waits.mean()) if len(waits) else NAN,
        "wait_p90": quantile(waits, 0.9),
        "wait_after": float(later.mean()) if len(later) else NAN,
        "waited": float((waits > WAITED).mean()) if len(waits) else NAN,
        "queue_mean": float(inside.sum()) / (view.end - view.start),
        "queue_most": most_at_once(asked[waiting], gone[waiting], view.start, view.end),
        "left": float(left),
        "left_share": left / n if n else NAN,
        "turned_away": float(turned),
        "turned_away_share": turned / n if n else NAN,
        "waiting": float((outcome[within] == WAITING).sum()),
    }


def _of(column: np.ndarray, where: Sequence[slice]) -> np.ndarray:
    return column[where[0]] if len(where) == 1 else np.concatenate([column[s] for s in where])


def quantile(values: np.ndarray, share: float) -> float:
    """The value that this share of them does not exceed (linear between neighbours); NaN without values."""
    if len(values) == 0:
        return NAN
    place = share * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(values) - 1)
    parts = np.partition(values, (low, high))
    if place == low or parts[low] == parts[high]:  # also where both have no end
        return float(parts[low])
    return float(parts[low] + (place - low) * (parts[high] - parts[low]))


def most_at_once(start: np.ndarray, end: np.ndarray, low: float, high: float) -> float:
    """Largest number of intervals that lie over one moment of [low, high); one that ends makes room for one that begins."""
    inside = (end > low) & (start < high)
    begin, finish = np.sort(np.maximum(start[inside], low)), np.sort(end[inside])
    if len(begin) == 0:
        return 0.0
    there = np.arange(1, len(begin) + 1) - np.searchsorted(finish, begin, side="right")
    return float(there.max())


def pathways(view: View) -> Figures:
    """Figures of every pathway, of each of its classes (``pathway:class``), and of all pathways of patients together."""
    patients, visits = view.patients, view.visits
    pathway, kept_away = patients["pathway"].astype(np.int64), diverted(view)
    wait = total_wait(view, visits)
    figures: Figures = {}
    of_patients = np.zeros(len(pathway), dtype=bool)
    for name, record in view.scenario.hospital.pathways.items():
        rows = pathway == view.code("pathway", name)
        if record.of == "patients":
            of_patients |= rows
        figures.update({("pathway", name, k): v for k, v in through(view, rows, wait).items()})
        figures["pathway", name, "diverted"] = float(kept_away.get(name, 0))
        figures.update(_classes(view, name, record, rows, wait))
    figures.update({("patients", "patients", k): v for k, v in through(view, of_patients, wait).items()})
    known = view.scenario.hospital.pathways
    of_all = sum(number for name, number in kept_away.items() if known[name].of == "patients")
    figures["patients", "patients", "diverted"] = float(of_all)
    return figures


def diverted(view: View) -> dict[str, int]:
    """How many of each pathway would have come within the window and were kept away by a step of the plan; only pathways that have any."""
    arrived, pathway = view.diverted["arrived"], view.diverted["pathway"]
    its = pathway[(arrived >= view.start) & (arrived < view.end)]
    number = {name: int((its == view.code("pathway", name)).sum()) for name in view.scenario.hospital.pathways}
    return {name: count for name, count in number.items() if count}


def _classes(view: View, name: str, pathway: Pathway, rows: np.ndarray, wait: np.ndarray) -> Figures:
    figures: Figures = {}
    for kind in pathway.classes:
        its = rows & (view.patients["class"] == view.code("class", kind))
        figures.update({("class", f"{name}:{kind}", k): v for k, v in through(view, its, wait).items()})
    return figures


def total_wait(view: View, visits: Visits) -> np.ndarray:
    """Minutes waited in all queues together, for every row of the patients' table."""
    counted = (visits.outcome != TURNED_AWAY) & (visits.row >= 0)
    size = len(view.patients["patient"])
    return np.bincount(visits.row[counted], weights=visits.wait[counted], minlength=size)


def through(view: View, rows: np.ndarray, wait: np.ndarray) -> dict[str, float]:
    """Figures of those among ``rows`` who arrived within the window; ``in_system`` counts everybody who was there during it.

    ``minutes_mean``, ``_median`` and ``_p90`` are of those who were served; ``minutes_all`` is of everybody who arrived, until they had been
    served, had left or, when still there, until the window's end (at least so long).
    """
    patients = view.patients
    arrived, ended, outcome, waits = (
        patients["arrived"][rows],
        patients["ended"][rows],
        patients["outcome"][rows],
        wait[rows],
    )
    until = np.where(np.isnan(ended), view.end, ended)
    there = np.clip(until, view.start, view.end) - np.clip(arrived, view.start, view.end)
    within = (arrived >= view.start) & (arrived < view.end)
    n, outcome, waits = int(within.sum()), outcome[within], waits[within]
    minutes = (ended - arrived)[within][outcome == 0]
    left, turned = int((outcome == LEFT).sum()), int((outcome == TURNED_AWAY).sum())
    return {
        "arrived": float(n),
        "served": float((outcome == 0).sum()),
        "left": float(left),
        "left_share": left / n if n else NAN,
        "turned_away": float(turned),
        "turned_away_share": turned / n if n else NAN,
        "there": float((outcome == 3).sum()),
        "wait_mean": float(waits.mean()) if n else NAN,
        "wait_p90": quantile(waits, 0.9),
        "minutes_mean": float(minutes.mean()) if len(minutes) else NAN,
        "minutes_median": quantile(minutes, 0.5),
        "minutes_p90": quantile(minutes, 0.9),
        "minutes_all": float((until - arrived)[within].mean()) if n else NAN,
        "in_system": float(there.sum()) / (view.end - view.start),
    }


def over(view: View, indicator: Indicator) -> dict[str, float]:
    """How many who ended stop ``start`` within the window took longer than the limit to stop ``until``.

    Who has not got there at the end, or gave up before, counts with the minutes until then; whose route did not lead there does not count.
    """
    counted = exceeded = 0
    for pathway in indicator.pathways:
        delay = delays(view, indicator, pathway)
        counted += len(delay)
        exceeded += int((delay > indicator.limit + WAITED).sum())
    return {"counted": float(counted), "over": float(exceeded), "over_share": exceeded / counted if counted else NAN}


def delays(view: View, indicator: Indicator, pathway: str) -> np.ndarray:
    """Minutes from the first end of stop ``start`` to stop ``until`` (its start or end) after it, for everyone of one pathway."""
    visits, patients = view.visits, view.patients
    first = at_stop(view, pathway, indicator.start, visits.stopped, None)
    minute = visits.started if indicator.until_its == "start" else visits.stopped
    until = at_stop(view, pathway, indicator.until, minute, first)
    elsewhere = np.isinf(until) & (patients["outcome"] == 0)
    known = (first >= view.start) & (first < view.end) & ~elsewhere
    first, until = first[known], until[known]
    gone = np.where(np.isnan(patients["ended"][known]), view.end, patients["ended"][known])
    return np.minimum(until, np.maximum(gone, first)) - first


def at_stop(view: View, pathway: str, stop: str, minute: np.ndarray, not_before: np.ndarray | None) -> np.ndarray:
    """First such minute of the visits to a stop, for each patient; infinite for those who never got that far.

    Minutes of the end count for finished visits only; ``not_before`` gives for each patient the earliest that counts.
    """
    visits = view.visits
    found = np.full(len(view.patients["patient"]), np.inf)
    reached = visits.outcome == 0 if minute is visits.stopped else visits.began
    mine = (visits.node == view.code("node", stop)) & reached & (visits.row >= 0)
    mine[mine] = view.patients["pathway"][visits.row[mine]] == view.code("pathway", pathway)
    row, when = visits.row[mine], minute[mine]
    if not_before is not None:
        late_enough = when >= not_before[row] - WAITED
        row, when = row[late_enough], when[late_enough]
    np.minimum.at(found, row, when)
    return found
