"""Quantities through time, derived afterwards from beginnings and ends: queues, piles, people in a pathway, systems away."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from drillsim.model.base import Text
from drillsim.model.conditions import AWAY
from drillsim.model.scenario import Scenario
from drillsim.score.people import responders
from drillsim.score.resources import duty
from drillsim.score.view import View

STEPS = (1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 240.0, 480.0, 1440.0, 2880.0, 7200.0, 14400.0)
MOST_POINTS = 97


class Quantity(NamedTuple):
    """What a series shows: its ``kind`` (queue, pile, paper, away, on_duty, in_system) of the thing ``id``."""

    kind: str
    id: str
    title: Text


def grid(horizon: float) -> np.ndarray:
    """The minutes at which series are read, StartEx to EndEx in round steps."""
    step = next((s for s in STEPS if horizon / s <= MOST_POINTS - 1), horizon / (MOST_POINTS - 1))
    return np.arange(0.0, horizon + step * 1e-9, step)


def quantities(scenario: Scenario) -> list[Quantity]:
    """The series of a scenario, in order."""
    hospital = scenario.hospital
    active = {a.department for a in hospital.activities.values()}
    found = [Quantity("queue", name, d.title) for name, d in hospital.departments.items() if name in active]
    found += [Quantity("queue", name, a.title) for name, a in hospital.activities.items() if a.department is None]
    found += [Quantity("pile", name, d.title) for name, d in hospital.departments.items() if d.back_entry]
    if hospital.departments:
        found.append(Quantity("paper", "departments", Text(en="Departments on paper", zh="手工流程中的科室")))
    if hospital.systems:
        found.append(Quantity("away", "systems", Text(en="Systems away", zh="中断的系统")))
    found += [Quantity("on_duty", name, title) for name, title in responders(scenario).items()]
    found += [Quantity("in_system", name, p.title) for name, p in hospital.pathways.items()]
    return found


def series(view: View, minutes: np.ndarray) -> np.ndarray:
    """One row for each of ``quantities``: its value at each of the minutes (just after what happens then). NaN where it is not known."""
    hospital = view.scenario.hospital
    members: dict[str, list[str]] = {}
    for name, activity in hospital.activities.items():
        members.setdefault(activity.department or name, []).append(name)
    rows = np.full((len(quantities(view.scenario)), len(minutes)), np.nan, dtype=np.float32)
    for row, (kind, name, _) in zip(rows, quantities(view.scenario), strict=True):
        match kind:
            case "queue":
                row[:] = _queue(view, members[name], minutes) * view.scenario.stands_for
            case "pile":
                row[:] = _pile(view, name, minutes) * view.scenario.stands_for
            case "paper":
                row[:] = sum(_in_state(view, "department", d, ("paper",), minutes) for d in hospital.departments)
            case "away":
                row[:] = sum(_in_state(view, "component", c, AWAY, minutes) for c in hospital.systems)
            case "on_duty":
                row[:] = _on_duty(view, name, minutes)
            case "in_system":
                its = view.patients["pathway"] == view.code("pathway", name)
                row[:] = there(view.patients["arrived"][its], view.patients["ended"][its], minutes)
                row *= view.scenario.stands_for
    return rows


def there(start: np.ndarray, end: np.ndarray, minutes: np.ndarray) -> np.ndarray:
    """How many have begun and not ended at each minute (ends at the minute itself are over); NaN ends never come."""
    return _passed(start, minutes) - _passed(end, minutes)


def _passed(when: np.ndarray, minutes: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """How many (or how much weight) lies at or before each of the evenly spaced minutes; counted in bins, without sorting."""
    known = ~np.isnan(when)
    step = minutes[1] - minutes[0] if len(minutes) > 1 else 1.0
    index = np.clip(np.ceil((when[known] - minutes[0]) / step - 1e-9), 0, len(minutes)).astype(np.int64)
    weight = None if weights is None else weights[known]
    return np.bincount(index, weights=weight, minlength=len(minutes) + 1)[: len(minutes)].cumsum()


def _queue(view: View, activities: list[str], minutes: np.ndarray) -> np.ndarray:
    visits, total = view.visits, np.zeros(len(minutes))
    for name in activities:
        where = visits.of(name)
        waits = visits.wait[where] > 0
        gone = np.where(visits.outcome[where] == 3, np.nan, visits.gone[where])
        total += there(visits.asked[where][waits], gone[waits], minutes)
    return total


def _pile(view: View, department: str, minutes: np.ndarray) -> np.ndarray:
    columns = view.entries
    its = columns["department"] == view.code("department", department)
    written, ended, items = columns["written"][its], columns["ended"][its], columns["items"][its]
    return _passed(written, minutes, items) - _passed(ended, minutes, items)


def _in_state(view: View, kind: str, name: str, states: tuple[str, ...], minutes: np.ndarray) -> np.ndarray:
    found = np.zeros(len(minutes))
    for s in view.stretches(kind, name, ""):
        if s.state in states:
            found[(minutes >= s.start) & (minutes < s.end)] = 1.0
    return found


def _on_duty(view: View, name: str, minutes: np.ndarray) -> np.ndarray:
    found = np.full(len(minutes), np.nan)
    for start, end, number in zip(*duty(view, name), strict=True):
        found[(minutes >= start) & (minutes < end)] = number
    if not np.isnan(found[-2:-1]).any() and np.isnan(found[-1]):
        found[-1] = found[-2]
    return found
