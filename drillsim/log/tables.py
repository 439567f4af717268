"""Logs as tables: one row per event, visit, patient or pile of paper, the replication first, words instead of codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from drillsim.log.rows import (
    ENTRY_COLUMNS,
    PATIENT_COLUMNS,
    PATIENT_OUTCOMES,
    VISIT_COLUMNS,
    VISIT_OUTCOMES,
    Event,
    Log,
)

if TYPE_CHECKING:
    import pandas as pd

SCHEMA = "drillsim-log/1"
MODES_OF_WORK = ("system", "paper", "skipped")
REPLICATION = {"replication": "number of the run, from 1"}

EVENT_COLUMNS: dict[str, str] = {
    "minute": "minutes since StartEx",
    "sequence": "order of the rows of one run",
    "kind": "kind of event; drillsim.log.rows.KINDS says for each what the other columns mean",
    "subject": "what it is about: a fault, step, component, department, person, event",
    "state": "what became of it",
    "cause": "what brought it about, or what is waited for",
    "value": "a number that belongs to it, as the kind says",
}

COLUMNS: dict[str, dict[str, str]] = {
    "events": REPLICATION | EVENT_COLUMNS,
    "activities": REPLICATION
    | VISIT_COLUMNS
    | {"pathway": "pathway", "node": "stop of the pathway", "activity": "activity"}
    | {"mode": "system, paper, skipped (on paper)", "outcome": ", ".join(VISIT_OUTCOMES)},
    "patients": REPLICATION
    | PATIENT_COLUMNS
    | {"pathway": "pathway", "class": "class ('' without)", "outcome": ", ".join(PATIENT_OUTCOMES)},
    "entries": REPLICATION | ENTRY_COLUMNS | {"department": "department"},
}
"""table → column → what it says; minutes are minutes since StartEx."""


class Worded(NamedTuple):
    """A column of codes with the words they stand for."""

    codes: np.ndarray
    words: tuple[str, ...]


Column = np.ndarray | Worded
WORDS_OF: dict[str, dict[str, tuple[str, ...] | None]] = {
    # table: column with codes → its words (None: in the log's names, under the column's name)
    "activities": {"pathway": None, "node": None, "activity": None, "mode": MODES_OF_WORK, "outcome": VISIT_OUTCOMES},
    "patients": {"pathway": None, "class": None, "outcome": PATIENT_OUTCOMES},
    "entries": {"department": None},
}
WHOLE_NUMBERS = ("patient", "items", "error")


def columns(table: str, log: Log) -> dict[str, Column]:
    """The columns of one log's table, in order."""
    if table == "events":
        return _event_columns(log)
    given = {"activities": log.visits, "patients": log.patients, "entries": log.entries}[table]
    size = len(next(iter(given.values()))) if given else 0
    found: dict[str, Column] = {"replication": np.full(size, log.replication, np.int32)}
    for name in list(COLUMNS[table])[1:]:
        values = given[name] if given else np.empty(0)
        if name in WORDS_OF[table]:
            found[name] = Worded(values.astype(np.int32), WORDS_OF[table][name] or log.names.get(name, ()))
        else:
            found[name] = values.astype(np.int64 if name in WHOLE_NUMBERS else np.float64)
    return found


def _event_columns(log: Log) -> dict[str, Column]:
    rows: Sequence[Sequence[Any]] = list(zip(*log.events, strict=True)) or [()] * len(EVENT_COLUMNS)
    found: dict[str, Column] = {"replication": np.full(len(log.events), log.replication, np.int32)}
    for name, values in zip(EVENT_COLUMNS, rows, strict=True):
        if name in ("minute", "value"):
            found[name] = np.array(values, np.float64)
        elif name == "sequence":
            found[name] = np.array(values, np.int64)
        else:
            found[name] = _worded(values)
    return found


def _worded(values: Iterable[str]) -> Worded:
    places: dict[str, int] = {}
    codes = [places.setdefault(value, len(places)) for value in values]
    return Worded(np.array(codes, np.int32), tuple(places))


def frame(table: str, logs: Sequence[Log]) -> pd.DataFrame:
    """The table of several logs as a tidy pandas frame; words are categories. Columns as in COLUMNS."""
    parts = [columns(table, log) for log in logs] or [columns(table, Log(0, 0.0, 0.0))]
    return tidy({name: joined([part[name] for part in parts]) for name in COLUMNS[table]})


def tidy(given: Mapping[str, Column]) -> pd.DataFrame:
    """A pandas frame of columns; words become categories."""
    import pandas as pd

    return pd.DataFrame(
        {
            name: pd.Categorical.from_codes(column.codes, categories=list(column.words))  # type: ignore[call-overload]
            if isinstance(column, Worded)
            else column
            for name, column in given.items()
        }
    )


def joined(parts: Sequence[Column]) -> Column:
    """Columns one after the other; the words of all of them together."""
    first = parts[0]
    if not isinstance(first, Worded):
        return np.concatenate([part for part in parts if not isinstance(part, Worded)])
    if all(isinstance(part, Worded) and part.words == first.words for part in parts):
        return Worded(np.concatenate([part.codes for part in parts if isinstance(part, Worded)]), first.words)
    words = {
        word: i for i, word in enumerate(dict.fromkeys(w for p in parts if isinstance(p, Worded) for w in p.words))
    }
    codes = [
        np.array([words[w] for w in part.words], np.int32)[part.codes] if len(part.codes) else part.codes
        for part in parts
        if isinstance(part, Worded)
    ]
    return Worded(np.concatenate(codes), tuple(words))


def logs_from(
    tables: Mapping[str, Mapping[str, Column]], replications: Sequence[int], began: float, horizon: float,
    names: Mapping[str, tuple[str, ...]],
) -> list[Log]:  # fmt: skip
    """The logs out of their tables again: the reverse of ``columns`` for several replications."""
    return [
        Log(
            replication,
            began,
            horizon,
            _events_from(tables["events"], replication),
            _codes_from("activities", tables, replication, names),
            _codes_from("patients", tables, replication, names),
            _codes_from("entries", tables, replication, names),
            dict(names),
        )
        for replication in replications
    ]


def _of(column: Column, rows: np.ndarray) -> np.ndarray:
    if isinstance(column, Worded):
        return np.array(column.words, dtype=object)[column.codes[rows]]
    return column[rows]


def _events_from(table: Mapping[str, Column], replication: int) -> list[Event]:
    rows = np.flatnonzero(np.asarray(table["replication"]) == replication)
    return [Event(*values) for values in zip(*(_of(table[name], rows).tolist() for name in EVENT_COLUMNS), strict=True)]


def _codes_from(
    name: str, tables: Mapping[str, Mapping[str, Column]], replication: int, names: Mapping[str, tuple[str, ...]]
) -> dict[str, np.ndarray]:
    table = tables[name]
    rows = np.flatnonzero(np.asarray(table["replication"]) == replication)
    found: dict[str, np.ndarray] = {}
    for column in list(COLUMNS[name])[1:]:
        values = table[column]
        if isinstance(values, Worded):
            words = WORDS_OF[name][column] or names.get(column, ())
            place = {word: i for i, word in enumerate(words)}
            code = np.array([place.get(word, -1) for word in values.words], np.int32)
            found[column] = code[values.codes[rows]] if len(rows) else np.empty(0, np.int32)
        else:
            found[column] = values[rows]
    return found
