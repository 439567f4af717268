"""Where patients' minutes go in each department of one replication, by what held them up; the parts add up to the minutes they spent there."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from drillsim.model.care import Activity
from drillsim.model.conditions import AWAY
from drillsim.score.view import Figures, Stretch, View, rows_of

PARTS: dict[str, str] = {
    "system": "the systems were away and the work could not go on",
    "changing": "the department was changing over to paper",
    "forms": "no downtime form was left",
    "paper": "they queued while the department worked on paper",
    "typing": "they queued while it also typed in what had been written",
    "queue": "they queued at other times",
    "paused": "the work had begun and nobody was at it",
    "slowed": "the work took longer than for the same patient on the day without the fault",
    "work": "the work itself",
}
"""What the minutes of patients (and orders) in a department are made of, in order."""

ROUNDING = 1e-3  # minutes; work that takes longer by less is the same work
QUEUED = ("system", "changing", "forms", "paper", "typing", "queue")


class Held(NamedTuple):
    """What holds up those who wait for one activity: from each edge to the next, a place in QUEUED."""

    edges: np.ndarray
    why: np.ndarray

    def minutes(self, start: np.ndarray, end: np.ndarray) -> list[float]:
        """The minutes of intervals within the edges, summed up by what held them up: one number for each of QUEUED."""
        found = [0.0] * len(QUEUED)
        present = np.unique(self.why)
        if len(present) == 1:
            found[int(present[0])] = float((end - start).sum())
            return found
        for why in present:
            until = np.concatenate([[0.0], np.cumsum(np.diff(self.edges) * (self.why == why))])
            found[int(why)] = float((np.interp(end, self.edges, until) - np.interp(start, self.edges, until)).sum())
        return found


def delays(view: View, base: View) -> tuple[Figures, Figures]:
    """(figures of the day with the fault, of the day without it): person-minutes of every department by part, as ``delay {part}``.

    A person who waits is held up by what the department, on the day with the fault, does at that minute; the day without the fault is
    split by the same minutes, so that the difference of a part is what arose while that held. By Little's law it is the area between the two
    queues. Minutes are those within the window, of patients and orders, those who left and those still there too.
    """
    hospital = view.scenario.hospital
    held = hold_ups(view)
    days = spent(view, held, work_longer(view, base)), spent(base, held, np.zeros(len(base.visits.asked)))
    found: tuple[Figures, Figures] = ({}, {})
    for name in dict.fromkeys(hospital.activities[activity].department for activity in held):
        its = [activity for activity in held if hospital.activities[activity].department == name]
        for figures, day in zip(found, days, strict=True):
            total = np.sum([day[activity] for activity in its], axis=0)
            figures.update(
                {("department", str(name), f"delay {p}"): m for p, m in zip(PARTS, total.tolist(), strict=True)}
            )
    return found


def spent(view: View, held: dict[str, Held], longer: np.ndarray) -> dict[str, np.ndarray]:
    """Activity → person-minutes of the visits to it within the window, one number for each of PARTS.

    ``longer``: minutes by which the work of each visit took longer than without the fault. A visit that reaches over an edge of the window counts
    its pauses and its longer work in proportion.
    """
    visits, low, high = view.visits, view.start, view.end
    began, start, end = visits.began, np.where(visits.began, visits.started, high), visits.stopped
    inside = np.where(began, np.maximum(np.minimum(end, high) - np.maximum(start, low), 0.0), 0.0)
    share = np.divide(inside, end - start, out=np.zeros(len(inside)), where=began & (end > start))
    paused = np.where(began & (visits.paused > 0), visits.paused * share, 0.0)
    slowed = longer * share
    work = inside - paused - slowed
    waits = (visits.wait > 0) & (visits.gone > low) & (visits.asked < high)
    found = {}
    for activity, its in held.items():
        where = visits.of(activity)
        waiting = waits[where]
        asked, gone = visits.asked[where][waiting], visits.gone[where][waiting]
        queued = its.minutes(np.maximum(asked, low), np.minimum(gone, high))
        found[activity] = np.array([*queued, paused[where].sum(), slowed[where].sum(), work[where].sum()])
    return found


def work_longer(view: View, base: View) -> np.ndarray:
    """Minutes by which the work of each visit took longer than that of the same visit without the fault; 0 when not, or without one.

    The same visit: of the same patient to the same stop, where his luck is one, however often he comes there. Only visits begun since the
    fault and served on both days have one; until the fault both days are one.
    """
    mine, others = _served(view), _served(base)
    stops = len(view.log.names.get("node", ()))
    row = rows_of(base.patients, view.patients)[base.visits.row[others]]  # of the other day's patients, on this one
    others, row = others[row >= 0], row[row >= 0]
    normal = np.full(len(view.patients["patient"]) * stops, np.inf, np.float32)
    normal[row * stops + base.visits.node[others].astype(np.int64)] = _work(base, others)
    found = np.zeros(len(view.visits.asked))
    longer = _work(view, mine) - normal[view.visits.row[mine] * stops + view.visits.node[mine].astype(np.int64)]
    found[mine] = np.where(longer > ROUNDING, longer, 0.0)
    return found


def _served(view: View) -> np.ndarray:
    """The places of visits of known patients that began since the first fault and were served."""
    visits = view.visits
    return np.flatnonzero((visits.outcome == 0) & (visits.row >= 0) & (visits.started >= view.after))


def _work(view: View, rows: np.ndarray) -> np.ndarray:
    """Minutes in which somebody was at these visits."""
    visits = view.visits
    paused = visits.paused[rows]
    return visits.stopped[rows] - visits.started[rows] - np.where(paused > 0, paused, 0.0)


def hold_ups(view: View) -> dict[str, Held]:
    """Every activity done in a department → what holds up those who wait for it, through the window."""
    hospital = view.scenario.hospital
    modes = {name: view.modes_beneath(name) for name in hospital.departments}
    kits = {name: view.stretches("kit", name, "restocked") for name, d in hospital.departments.items() if d.kit}
    used = {name for activity in hospital.activities.values() for name in activity.uses}
    systems = {name: view.stretches("component", name, "up") for name in used}
    found: dict[str, Held] = {}
    alike: dict[object, Held] = {}
    for name, record in hospital.activities.items():
        if record.department is not None:
            does = record.on_paper.works, record.on_paper.skipped, record.while_waiting, record.reads_only
            key = record.department, record.uses, does
            if key not in alike:
                states = [modes[record.department], kits.get(record.department, []), *(systems[c] for c in record.uses)]
                alike[key] = _held(record, states, view.start, view.end)
            found[name] = alike[key]
    return found


def _held(activity: Activity, states: Sequence[Sequence[Stretch]], low: float, high: float) -> Held:
    """What holds up those who wait, from the states of the department, its forms, and the systems that the activity uses."""
    edges = sorted({low, high, *(s.start for of_one in states for s in of_one)})
    begins = [[s.start for s in of_one] for of_one in states]
    why = []
    for minute in edges[:-1]:
        mode, kit, *systems = (
            of_one[bisect_right(starts, minute) - 1].state if starts else ""
            for of_one, starts in zip(states, begins, strict=True)
        )
        why.append(QUEUED.index(_why(activity, mode, systems, kit)))
    return Held(np.array(edges), np.array(why))


def _why(activity: Activity, mode: str, systems: Sequence[str], kit: str) -> str:
    """What holds up those who wait, by the department's mode, the states of the systems that the activity uses, and its forms."""
    on_paper = activity.on_paper
    usable = not any(state in AWAY or (state == "read_only" and not activity.reads_only) for state in systems)
    if mode == "paper":
        stands = not usable and not on_paper.works and not on_paper.skipped
        return "system" if stands else "forms" if kit == "empty" and on_paper.works and activity.uses else "paper"
    if not usable and activity.while_waiting == "stops":
        return "changing" if mode == "changing" else "system"
    return "typing" if mode == "back_entry" else "queue"
