"""Resources in one replication: time-weighted utilisation, clipped to the window, with a capacity that varies in the denominator."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from drillsim.score.view import NAN, TURNED_AWAY, Figures, View, stretches


class Work(NamedTuple):
    """Intervals in which a resource was busy: ``units`` of it from ``start`` to ``end``, of which ``paused`` minutes nobody was at it."""

    start: np.ndarray
    end: np.ndarray
    paused: np.ndarray
    units: np.ndarray


NOTHING = Work(np.empty(0), np.empty(0), np.empty(0), np.empty(0))


def resources(view: View) -> Figures:
    """Figures of every resource that serves patients or types in: busy minutes, mean number on duty, utilisation; and ``patients_after``, the
    share of its time from the first fault on that went to patients and typing in.

    Busy is work on patients, typing in and steps of the plan; on duty counts those who stay after their shift to finish, so that
    utilisation never passes 1 through overtime.
    """
    figures: Figures = {}
    care, typing, steps = on_patients(view), on_typing(view), on_steps(view)
    for name in serving(view):
        on_duty = duty(view, name)
        its_care = _together([care.get(name, NOTHING), typing.get(name, NOTHING)])
        everything = _together([its_care, steps.get(name, NOTHING)])
        beyond = overtime(view, name, everything, on_duty)
        present, later = (
            duty_minutes(on_duty, low, view.end) + duty_minutes(beyond, low, view.end)
            for low in (view.start, view.after)
        )
        busy = busy_minutes(everything, view.start, view.end)
        figures["resource", name, "busy"] = busy
        figures["resource", name, "utilisation"] = busy / present if present > 0 else NAN
        figures["resource", name, "on_duty"] = present / (view.end - view.start)
        with_patients = busy_minutes(its_care, view.after, view.end)
        figures["resource", name, "patients_after"] = with_patients / later if later > 0 else NAN
    return figures


def serving(view: View) -> list[str]:
    """Resources that some activity needs or that type in, in file order."""
    hospital = view.scenario.hospital
    needed = {name for activity in hospital.activities.values() for name in activity.needs}
    needed |= {d.back_entry.by for d in hospital.departments.values() if d.back_entry}
    return [name for name in hospital.resources if name in needed]


def on_patients(view: View) -> dict[str, Work]:
    """Work on patients by resource; what a patient keeps is busy until an activity frees it or the patient goes."""
    found: dict[str, list[Work]] = {}
    visits, each = view.visits, view.scenario.stands_for
    for name, activity in view.scenario.hospital.activities.items():
        where = visits.of(name)
        served = visits.began[where] & (visits.outcome[where] != TURNED_AWAY)
        start, end, paused = (c[where][served] for c in (visits.started, visits.stopped, visits.paused))
        paused = np.where(np.isnan(paused), 0.0, paused)
        for resource, count in activity.needs.items():
            its_end, its_paused = end, paused
            if resource in activity.keeps:
                its_end, its_paused = _kept_until(view, resource, where, served), np.zeros(len(start))
            found.setdefault(resource, []).append(
                Work(start, its_end, its_paused, np.full(len(start), float(count * each)))
            )
    return {name: _together(works) for name, works in found.items()}


def _kept_until(view: View, resource: str, where: slice, served: np.ndarray) -> np.ndarray:
    """For visits that keep a resource, the minute it was free again: the next end of an activity that frees it, or the patient's end."""
    visits, ended = (
        view.visits,
        np.append(view.patients["ended"], np.nan),
    )  # the last one: of visitors who are not in the table
    row, begun = visits.row[where][served], visits.started[where][served]
    until = np.where(np.isnan(ended[row]), view.end, ended[row])
    freeing = [visits.of(name) for name, a in view.scenario.hospital.activities.items() if resource in a.frees]
    if not freeing:
        return until
    done = [slice_where(visits.outcome[rows] == 0, rows) for rows in freeing]
    free_row, free_at = (np.concatenate([column[rows] for rows in done]) for column in (visits.row, visits.stopped))
    return np.minimum(_next(free_row, free_at, row, begun), until)


def slice_where(chosen: np.ndarray, rows: slice) -> np.ndarray:
    """The positions within a slice that are chosen."""
    return np.flatnonzero(chosen) + rows.start


def _next(keys: np.ndarray, minutes: np.ndarray, key: np.ndarray, begun: np.ndarray) -> np.ndarray:
    """For each (key, begun) the first of the minutes of that key that is not before it; infinite when there is none."""
    order = np.lexsort((minutes, keys))
    keys, minutes = np.append(keys[order], np.iinfo(np.int64).max), np.append(minutes[order], np.inf)
    low, high = np.searchsorted(keys, key, side="left"), np.searchsorted(keys, key, side="right")
    while ((low < high) & (minutes[low] < begun)).any():
        low = np.where((low < high) & (minutes[low] < begun), low + 1, low)
    return np.where(low < high, minutes[low], np.inf)


def on_typing(view: View) -> dict[str, Work]:
    """Typing in by resource; each row of the entries is one person's work from its beginning to its end."""
    columns, each = view.entries, float(view.scenario.stands_for)
    found: dict[str, list[Work]] = {}
    for name, department in view.scenario.hospital.departments.items():
        if department.back_entry is None:
            continue
        rows = (columns["department"] == view.code("department", name)) & ~np.isnan(columns["started"])
        start, end = columns["started"][rows], columns["ended"][rows]
        work = Work(start, np.where(np.isnan(end), view.end, end), np.zeros(len(start)), np.full(len(start), each))
        found.setdefault(department.back_entry.by, []).append(work)
    return {name: _together(works) for name, works in found.items()}


def on_steps(view: View) -> dict[str, Work]:
    """Work on steps of the plan by staff role, from the rows of people seized and released."""
    found: dict[str, Work] = {}
    for name, events in view.rows_of.get("person", {}).items():
        minutes, counts = [view.log.began], [0.0]
        for event in events:
            if event.state in ("seized", "released", "interrupted"):
                change = 1.0 if event.value != event.value else event.value
                minutes.append(event.minute)
                counts.append(max(counts[-1] + (change if event.state == "seized" else -change), 0.0))
        edges = np.array([*minutes, view.end])
        found[name] = Work(edges[:-1], np.maximum(edges[1:], edges[:-1]), np.zeros(len(counts)), np.array(counts))
    return found


def _together(works: list[Work]) -> Work:
    return works[0] if len(works) == 1 else Work(*(np.concatenate(columns) for columns in zip(*works, strict=True)))


def busy_minutes(work: Work, low: float, high: float) -> float:
    """Busy minutes within [low, high), pauses left out; of work that reaches over an edge, the pause counts in proportion."""
    inside = np.maximum(np.clip(work.end, low, high) - np.clip(work.start, low, high), 0.0)
    length = work.end - work.start
    share = np.divide(inside, length, out=np.zeros(len(length)), where=length > 0)
    return float(((inside - work.paused * share) * work.units).sum())


class OnDuty(NamedTuple):
    """So many on duty from minute ``start`` to ``end``; arrays of equal length."""

    start: np.ndarray
    end: np.ndarray
    number: np.ndarray


NOBODY = OnDuty(np.empty(0), np.empty(0), np.empty(0))


def duty(view: View, name: str) -> OnDuty:
    """How many of one resource are on duty through the run, from the rows of its shifts."""
    found = stretches(view.events("on_duty", name), "unknown", view.log.began, view.end)
    known = [(s.start, s.end, s.value) for s in found if s.value == s.value]
    return OnDuty(*np.array(known).T) if known else NOBODY


def duty_minutes(on_duty: OnDuty, low: float, high: float) -> float:
    """Minutes on duty of all of them together within [low, high)."""
    inside = np.clip(on_duty.end, low, high) - np.clip(on_duty.start, low, high)
    return float((np.maximum(inside, 0.0) * on_duty.number).sum())


def overtime(view: View, name: str, work: Work, on_duty: OnDuty) -> OnDuty:
    """How many more were at work than on duty: those who stay to finish what they have in hand.

    Only where that is the rule at the end of a shift; work that was paused did not go on without people. In coarse flow, work that stands for
    several at once says nothing about how many are there.
    """
    stays = view.scenario.hospital.resources[name].at_shift_end == "finish" and view.scenario.stands_for == 1
    if not stays or len(work.start) == 0 or len(on_duty.start) == 0 or (np.diff(on_duty.number) >= 0).all():
        return NOBODY
    whole = work.paused <= 0
    start, end, units = work.start[whole], work.end[whole], work.units[whole]
    minute = np.concatenate([start, end, on_duty.start, [view.end]])
    more_at_work = np.concatenate([units, -units, -np.diff(on_duty.number, prepend=0.0), [0.0]])
    order = np.argsort(minute, kind="stable")
    minute = minute[order]
    return OnDuty(minute[:-1], minute[1:], np.maximum(more_at_work[order].cumsum()[:-1], 0.0))
