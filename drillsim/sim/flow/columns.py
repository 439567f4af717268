"""The flow's columns as arrays, at the end of a run."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from drillsim.sim.flow.engine import Flow

Table = dict[str, NDArray[np.generic]]
Columns = tuple[Table, Table, Table, dict[str, tuple[str, ...]]]
LEFT, TURNED_AWAY, WAITING, IN_SERVICE = 1, 2, 3, 4
THERE = 3


def columns(flow: Flow) -> Columns:
    """(visits, patients, entries, names) as log.rows describes them."""
    classes = dict.fromkeys(["", *(name for path in flow.paths for name in path.pathway.classes)])
    names = {
        "pathway": tuple(path.name for path in flow.paths),
        "node": tuple(dict.fromkeys(node for _, node, _ in flow.table)),
        "activity": tuple(flow.works),
        "class": tuple(classes),
        "department": tuple(flow.hospital.departments),
    }
    return visits(flow, names), patients(flow, names), entries(flow, names), names


def visits(flow: Flow, names: dict[str, tuple[str, ...]]) -> Table:
    """Every visit in the order of asking."""
    n, horizon = len(flow.at), flow.calendar.horizon
    code = np.fromiter(map(attrgetter("code"), flow.at), np.int32, n)
    who, asked, started, ended = np.array(flow.who, np.int64), *map(np.array, (flow.asked, flow.started, flow.ended))
    paused, mode, outcome = np.zeros(n), np.zeros(n, np.int8), np.zeros(n, np.int8)
    _put(paused, flow.paused)
    for visit, since in flow.since.items():
        paused[visit] += horizon - since
    _put(mode, flow.modes)
    begun = ~np.isnan(started)
    outcome[~begun] = WAITING
    outcome[begun & ~(ended <= horizon)] = IN_SERVICE
    _put(outcome, flow.outcomes)
    ended[outcome >= WAITING] = np.nan
    pathway, node, activity = (
        np.array([names[column].index(row[k]) for row in flow.table] or [0], np.int16)[code]
        for k, column in enumerate(("pathway", "node", "activity"))
    )
    table: Table = {"patient": _numbers(flow, pathway, who), "pathway": pathway, "node": node, "activity": activity, "asked": asked,
             "started": started, "ended": ended, "paused": paused, "mode": mode, "outcome": outcome}  # fmt: skip
    jobs = code < 0  # typing in, which is no visit
    return {name: column[~jobs] for name, column in table.items()} if jobs.any() else table


def _until(horizon: float, minutes: list[float]) -> NDArray[np.float64]:
    """Minutes up to the horizon; NaN for later ones."""
    column = np.array(minutes, float)
    return np.where(column <= horizon, column, np.nan)


def _put(column: NDArray[np.generic], values: dict[int, float] | dict[int, int]) -> None:
    """Set the positions that ``values`` names."""
    column[list(values)] = list(values.values())


def _numbers(flow: Flow, pathway: NDArray[np.generic], who: NDArray[np.int64]) -> NDArray[np.int64]:
    """Patients' numbers, from their positions in their pathways."""
    offsets = np.cumsum([0, *(path.count for path in flow.paths)])
    return np.concatenate([np.zeros(1, np.int64), *(path.numbers for path in flow.paths)])[offsets[pathway] + who + 1]


def patients(flow: Flow, names: dict[str, tuple[str, ...]]) -> Table:
    """Every patient, pathway by pathway, in order of number for those who arrived."""
    tables: list[Table] = []
    for code, path in enumerate(flow.paths):
        ended = np.array(path.ended, float)
        outcome = np.where(np.isnan(ended), THERE, 0).astype(np.int8)
        away = np.full(path.count, -1, np.int8)
        _put(away, path.outcomes)
        outcome = np.where((away >= 0) & (outcome != THERE), away, outcome)
        classes = np.array([names["class"].index(name) for name in path.pathway.classes] or [0], np.int16)
        tables.append({"patient": path.numbers.astype(np.int64), "pathway": np.full(path.count, code, np.int16),
                       "class": classes[path.class_array], "arrived": path.arrived, "ended": ended, "outcome": outcome})  # fmt: skip
    if not tables:
        return {name: np.empty(0) for name in ("patient", "pathway", "class", "arrived", "ended", "outcome")}
    return {name: np.concatenate([table[name] for table in tables]) for name in tables[0]}


def entries(flow: Flow, names: dict[str, tuple[str, ...]]) -> Table:
    """Every row of the piles, department by department, in the order of writing."""
    horizon = flow.calendar.horizon
    desks = [(names["department"].index(name), desk) for name, desk in flow.desks.items() if desk.written]
    table: Table = {
        "department": np.concatenate(
            [np.empty(0, np.int16), *(np.full(len(d.written), k, np.int16) for k, d in desks)]
        ),
        "written": np.array([m for _, desk in desks for m in desk.written], float),
        "items": np.array([n for _, desk in desks for n in desk.items], np.int32),
        "started": _until(horizon, [m for _, desk in desks for m in desk.started]),
        "ended": _until(horizon, [m for _, desk in desks for m in desk.ended]),
        "error": np.array([e for _, desk in desks for e in desk.error], np.int8),
    }
    return table
