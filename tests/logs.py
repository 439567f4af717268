"""Logs written by hand, so that scoring is judged without the simulation: each test says only what it is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from drillsim.log.rows import NAN, Event, Log
from drillsim.model.scenario import Scenario

OUTCOMES = {"served": 0, "left": 1, "turned_away": 2, "waiting": 3, "in_service": 4, "there": 3}


def a_log(
    scenario: Scenario,
    *,
    events: Iterable[tuple[Any, ...]] = (),
    visits: Iterable[dict[str, Any]] = (),
    patients: Iterable[dict[str, Any]] = (),
    entries: Iterable[dict[str, Any]] = (),
    replication: int = 0,
    began: float | None = None,
) -> Log:
    """A log of the scenario. Events are (minute, kind, subject[, state[, cause[, value]]]) in any order.

    Visits, patients and entries name their activity, pathway, class and department in words; what they leave out is 0 (or not yet).
    """
    hospital = scenario.hospital
    names = {
        "pathway": tuple(hospital.pathways),
        "activity": tuple(hospital.activities),
        "node": tuple(hospital.activities),
        "class": ("", *dict.fromkeys(c for p in hospital.pathways.values() for c in p.classes)),
        "department": tuple(hospital.departments),
    }
    visits, patients, entries = list(visits), list(patients), list(entries)
    return Log(
        replication=replication,
        began=-scenario.warm_up if began is None else began,
        horizon=scenario.horizon,
        events=_events(events),
        visits=_visits(visits, names),
        patients=_patients(patients, names),
        entries=_entries(entries, names),
        names=names,
    )


def _events(given: Iterable[tuple[Any, ...]]) -> list[Event]:
    ordered = sorted(given, key=lambda e: e[0])
    return [Event(float(minute), i, *rest) for i, (minute, *rest) in enumerate(ordered)]


def _visits(rows: Sequence[dict[str, Any]], names: dict[str, tuple[str, ...]]) -> dict[str, np.ndarray]:
    if not rows:
        return {}
    return {
        "patient": np.array([r.get("patient", i) for i, r in enumerate(rows)], np.int64),
        "pathway": np.array([_code(names, "pathway", r, 0) for r in rows], np.int16),
        "node": np.array([names["node"].index(r.get("node", r["activity"])) for r in rows], np.int16),
        "activity": np.array([_code(names, "activity", r, 0) for r in rows], np.int16),
        "asked": _floats(rows, "asked"),
        "started": _floats(rows, "started"),
        "ended": _floats(rows, "ended"),
        "paused": np.array([r.get("paused", 0.0) for r in rows]),
        "mode": np.array([r.get("mode", 0) for r in rows], np.int8),
        "outcome": np.array([OUTCOMES[r.get("outcome", "served")] for r in rows], np.int8),
    }


def _patients(rows: Sequence[dict[str, Any]], names: dict[str, tuple[str, ...]]) -> dict[str, np.ndarray]:
    if not rows:
        return {}
    return {
        "patient": np.array([r.get("patient", i) for i, r in enumerate(rows)], np.int64),
        "pathway": np.array([_code(names, "pathway", r, 0) for r in rows], np.int16),
        "class": np.array([_code(names, "class", r, 0) for r in rows], np.int16),
        "arrived": _floats(rows, "arrived"),
        "ended": _floats(rows, "ended"),
        "outcome": np.array([OUTCOMES[r.get("outcome", "served")] for r in rows], np.int8),
    }


def _entries(rows: Sequence[dict[str, Any]], names: dict[str, tuple[str, ...]]) -> dict[str, np.ndarray]:
    if not rows:
        return {}
    return {
        "department": np.array([_code(names, "department", r, 0) for r in rows], np.int16),
        "written": _floats(rows, "written"),
        "items": np.array([r.get("items", 1) for r in rows], np.int64),
        "started": _floats(rows, "started"),
        "ended": _floats(rows, "ended"),
        "error": np.array([r.get("error", 0) for r in rows], np.int8),
    }


def _code(names: dict[str, tuple[str, ...]], column: str, row: dict[str, Any], default: int) -> int:
    return names[column].index(row[column]) if column in row else default


def _floats(rows: Sequence[dict[str, Any]], name: str) -> np.ndarray:
    return np.array([row.get(name, NAN) for row in rows], dtype=float)


def step_rows(step: str, *states: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    """Rows of one step from (minute, state[, cause[, attempt]])."""
    return [
        (minute, "step", step, state, rest[0] if rest else "", float(rest[1]) if len(rest) > 1 else 1.0)
        for minute, state, *rest in states
    ]
