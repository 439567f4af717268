"""Departments, patients and data in a film, counted on its grid, beside the same day without the fault."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from drillsim.log.rows import ENTRY_COLUMNS, PATIENT_COLUMNS, VISIT_COLUMNS, Log
from drillsim.model.care import Indicator, all_nodes
from drillsim.model.hospital import Hospital
from drillsim.model.scenario import Scenario
from drillsim.playback import series
from drillsim.playback.shape import Care, Figure, Place, Turn, Words
from drillsim.playback.words import both, of
from drillsim.score.view import SKIPPED, View, columns

SERVED, LEFT, TURNED_AWAY, DIVERTED = 0, 1, 2, 4
FIGURES = {
    "in_house": "Patients in the hospital",
    "waiting": "Waiting now",
    "finished": "Patients finished",
    "left": "Left without care",
    "diverted": "Diverted so far",
    "delayed": "Dangerously late",
    "paper": "On paper, not typed in",
    "typed": "Typed in so far",
}


class Counted(NamedTuple):
    """Waiting, the longest wait, and served of some activities, at each minute of the grid."""

    waiting: np.ndarray
    longest: np.ndarray
    served: np.ndarray

    def shape(self) -> Care:
        """As series."""
        return {
            "waiting": series.written(self.waiting),
            "longest": series.written(self.longest),
            "served": series.written(self.served),
        }


@dataclass
class Day:
    """The visits, patients and papers of one log, counted at the minutes of the grid; each patient who was played stands for ``each``."""

    log: Log
    minutes: np.ndarray
    each: int = 1

    def __post_init__(self) -> None:
        visits = columns(self.log.visits, VISIT_COLUMNS)
        self.visits = {name: column[visits["mode"] != SKIPPED] for name, column in visits.items()}
        self.patients = columns(self.log.patients, PATIENT_COLUMNS)
        self.entries = columns(self.log.entries, ENTRY_COLUMNS)
        self.gone = np.where(np.isnan(self.visits["started"]), self.visits["ended"], self.visits["started"])

    def code(self, column: str, name: str) -> int:
        """The number that stands for a name in a column; -1 when the log does not know it."""
        names = self.log.names.get(column, ())
        return names.index(name) if name in names else -1

    def since_start(self, when: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
        """How many happened after StartEx, up to each minute."""
        later = when > 0
        return self.each * series.passed(when[later], self.minutes, None if weights is None else weights[later])

    def counted(self, activities: list[str]) -> Counted:
        """What went on at some activities together."""
        codes = [self.code("activity", name) for name in activities]
        rows = np.isin(self.visits["activity"], codes)
        asked, gone = self.visits["asked"][rows], self.gone[rows]
        done = self.visits["ended"][rows & (self.visits["outcome"] == SERVED)]
        return Counted(
            self.each * series.there(asked, gone, self.minutes),
            series.longest(asked, gone, self.minutes),
            self.since_start(done),
        )

    def pile(self, department: str | None) -> np.ndarray:
        """Items on paper that nobody has typed in yet, in one department or (None) in all."""
        entries = self.entries
        rows = np.ones(len(entries["items"]), dtype=bool)
        if department is not None:
            rows = entries["department"] == self.code("department", department)
        written, ended, items = entries["written"][rows], entries["ended"][rows], entries["items"][rows]
        return self.each * (series.passed(written, self.minutes, items) - series.passed(ended, self.minutes, items))

    def typed(self) -> np.ndarray:
        """Items typed in since StartEx."""
        return self.since_start(self.entries["ended"], self.entries["items"])


def places(scenario: Scenario, view: View, day: Day, base: Day | None) -> list[Place]:
    """Every department; in a hospital without any, every activity for which somebody may have to wait."""
    hospital = scenario.hospital
    of_place: dict[str, list[str]] = {name: [] for name in hospital.departments}
    for name, activity in hospital.activities.items():
        if activity.department or (activity.needs and not hospital.departments):
            of_place.setdefault(activity.department or name, []).append(name)
    return [_place(hospital, view, day, base, name, activities) for name, activities in of_place.items()]


def _place(hospital: Hospital, view: View, day: Day, base: Day | None, name: str, activities: list[str]) -> Place:
    department = hospital.departments.get(name)
    staff = _staff(hospital, name, activities)
    care = day.counted(activities).shape()
    return {
        **care,
        "id": name,
        "title": of(department.title if department else hospital.activities[name].title),
        "short": of(department.short) if department and department.short else None,
        "of": _who_waits(hospital, activities),
        "turns": _modes(view, name) if department else [[0.0, "normal"]],
        "staff": [of(hospital.staff[one].title) for one in staff],
        "duty": _duty(hospital, view, staff, day.minutes),
        "pile": series.written(day.pile(name)) if department and department.back_entry else None,
        "forms": [[round(e.minute, 4), _number(e.value)] for e in view.events("kit", name)],
        "mtd": department.mtd if department else None,
        "base": base.counted(activities).shape() if base else None,
    }


def _number(value: float) -> int:
    return 0 if value != value else round(value)


def _modes(view: View, name: str) -> list[Turn]:
    turns: list[Turn] = [[0.0, "normal"]]
    for event in view.events("department", name):
        minute = max(round(event.minute, 4), 0.0)
        if minute == turns[-1][0]:
            turns[-1][1] = event.state
        elif event.state != turns[-1][1]:
            turns.append([minute, event.state])
    return turns


def _staff(hospital: Hospital, name: str, activities: list[str]) -> list[str]:
    """Staff who work there: those its activities need, or, where there are none, those who belong to it."""
    needed = dict.fromkeys(r for a in activities for r in hospital.activities[a].needs if r in hospital.staff)
    return list(needed) or [one for one, record in hospital.staff.items() if record.department == name]


def _who_waits(hospital: Hospital, activities: list[str]) -> str:
    """``orders`` when only orders come here, else ``patients``."""
    kinds = {
        pathway.of
        for pathway in hospital.pathways.values()
        if any(node.do in activities for node in all_nodes(pathway.route))
    }
    return "orders" if kinds == {"orders"} else "patients"


def _duty(hospital: Hospital, view: View, staff: list[str], minutes: np.ndarray) -> str | None:
    """People on duty there, all of them together; None when it is not known of somebody."""
    total = np.zeros(len(minutes))
    for name in staff:
        rows = [(e.minute, e.value) for e in view.events("on_duty", name)]
        if not rows:
            shifts = hospital.staff[name].on_duty
            if not set(shifts) <= {"always", "all"}:
                return None
            rows = [(0.0, float(sum(shifts.values())))]
        total += series.levels(rows, minutes)
    return series.written(total) if staff else None


def figures(scenario: Scenario, day: Day, base: Day | None) -> list[Figure]:
    """Patients and data of the whole hospital, each beside the day without the fault; only what the scenario has."""
    return [
        {
            "id": quantity.id,
            "about": quantity.about,
            "title": quantity.title or both(FIGURES[quantity.id]),
            "bad": quantity.bad,
            "series": series.written(quantity.of(day)),
            "base": series.written(quantity.of(base)) if base is not None else None,
        }
        for quantity in quantities(scenario.hospital, diverted=(day.patients["outcome"] == DIVERTED).any())
    ]


class Quantity(NamedTuple):
    """A figure: what it is about, whether more is worse (1) or better (-1), and how it is counted on a day."""

    id: str
    about: str
    bad: int
    of: Callable[[Day], np.ndarray]
    title: Words | None = None


def quantities(hospital: Hospital, *, diverted: bool) -> list[Quantity]:
    """The figures a hospital has: of patients where there are patients, who is ``diverted`` where anybody is, of data where something is typed in."""
    found = []
    if any(p.of == "patients" for p in hospital.pathways.values()):
        found += [
            Quantity("in_house", "patients", 0, lambda day: _in_house(hospital, day)),
            Quantity("finished", "patients", -1, lambda day: _outcome(hospital, day, (SERVED,))),
            Quantity("left", "patients", 1, lambda day: _outcome(hospital, day, (LEFT, TURNED_AWAY))),
        ]
        if diverted:
            found.append(Quantity("diverted", "patients", 0, lambda day: _outcome(hospital, day, (DIVERTED,))))
    elif hospital.activities:
        found.append(Quantity("waiting", "patients", 1, lambda day: day.counted(list(hospital.activities)).waiting))
    safety = [i for i in hospital.indicators.values() if i.kind == "safety"]
    if safety:
        title = of(safety[0].title) if len(safety) == 1 else None
        found.append(Quantity("delayed", "patients", 1, lambda day: _delayed(day, safety), title))
    if any(d.back_entry for d in hospital.departments.values()):
        found.append(Quantity("paper", "data", 1, lambda day: day.pile(None)))
        found.append(Quantity("typed", "data", 0, Day.typed))
    return found


def _of_patients(hospital: Hospital, day: Day) -> np.ndarray:
    codes = [day.code("pathway", name) for name, p in hospital.pathways.items() if p.of == "patients"]
    return np.isin(day.patients["pathway"], codes)


def _in_house(hospital: Hospital, day: Day) -> np.ndarray:
    rows = _of_patients(hospital, day)
    return day.each * series.there(day.patients["arrived"][rows], day.patients["ended"][rows], day.minutes)


def _outcome(hospital: Hospital, day: Day, outcomes: tuple[int, ...]) -> np.ndarray:
    rows = _of_patients(hospital, day) & np.isin(day.patients["outcome"], outcomes)
    return day.since_start(day.patients["ended"][rows])


def _delayed(day: Day, indicators: list[Indicator]) -> np.ndarray:
    """How many were over the limit of a safety indicator by each minute, whether or not they have been seen to since."""
    found = [_crossed(day, indicator, pathway) for indicator in indicators for pathway in indicator.pathways]
    return day.since_start(np.concatenate(found))


def _crossed(day: Day, indicator: Indicator, pathway: str) -> np.ndarray:
    """The minutes at which patients of one pathway passed the limit: that long after stop ``start`` ended, if ``until`` came later or never."""
    visits, patients = day.visits, day.patients
    its = visits["pathway"] == day.code("pathway", pathway)
    if not its.any():
        return np.empty(0)
    lowest = int(
        min(visits["patient"][its].min(), patients["patient"].min(initial=0))
    )  # those present at the start count down
    n = int(max(visits["patient"][its].max(), patients["patient"].max(initial=0))) - lowest + 1
    first = _at(day, its, pathway, indicator.start, "ended", np.full(n, -np.inf), lowest)
    edge = "started" if indicator.until_its == "start" else "ended"
    until = _at(day, its, pathway, indicator.until, edge, first, lowest)
    rows = patients["pathway"] == day.code("pathway", pathway)
    gone = np.full(n, np.inf)
    gone[patients["patient"][rows].astype(np.int64) - lowest] = np.where(
        np.isnan(patients["ended"][rows]), np.inf, patients["ended"][rows]
    )
    limit = first + indicator.limit
    crossed = np.isfinite(first) & (np.minimum(until, np.maximum(gone, first)) > limit + 1e-9)
    return limit[crossed & (limit <= day.log.horizon)]


def _at(
    day: Day, its: np.ndarray, pathway: str, stop: str, edge: str, not_before: np.ndarray, lowest: int
) -> np.ndarray:
    """First minute of each patient (the one with the ``lowest`` number first) at a stop, not before another minute; infinite without one."""
    visits = day.visits
    codes = [i for i, name in enumerate(day.log.names.get("node", ())) if name in (stop, f"{pathway}/{stop}")]
    served = ~np.isnan(visits["started"]) if edge == "started" else visits["outcome"] == SERVED
    rows = np.flatnonzero(its & np.isin(visits["node"], codes) & served)
    who, when = visits["patient"][rows].astype(np.int64) - lowest, visits[edge][rows]
    late_enough = when >= not_before[who] - 1e-9
    found = np.full(len(not_before), np.inf)
    np.minimum.at(found, who[late_enough], when[late_enough])
    return found
