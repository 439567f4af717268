"""Logs as tables, written and read again."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from drillsim.errors import LogError
from drillsim.log import store, tables
from drillsim.log.rows import Log
from drillsim.model.scenario import Scenario
from tests.builder import a_scenario
from tests.logs import a_log, step_rows


def a_hospital() -> Scenario:
    return a_scenario(
        staff={"w": {}},
        departments={"ward": {}},
        activities={"see": {"needs": "w", "takes": 1.0}, "pay": {"takes": 1.0}},
        pathways={
            "p": {"arrivals": {"at": [0.0]}, "route": ["see", "pay"], "classes": {"red": {"title": "red", "share": 1}}}
        },
        horizon=50.0,
        warm_up=10.0,
    )


def a_full_log(replication: int = 1) -> Log:
    return a_log(
        a_hospital(),
        replication=replication,
        events=[(1.5, "fault", "断电", "began", "his", 1.0), *step_rows("s", (2, "working"), (3, "done"))],
        visits=[
            {"activity": "see", "asked": 0.1 + 0.2, "started": 1, "ended": 2, "mode": 1},
            {"activity": "pay", "asked": 2, "outcome": "waiting"},
        ],
        patients=[{"patient": -1, "arrived": 0, "class": "red", "outcome": "there"}],
        entries=[{"department": "ward", "written": 4, "items": 3}],
    )


def same(a: Log, b: Log) -> None:
    assert (a.replication, a.began, a.horizon, a.names) == (b.replication, b.began, b.horizon, b.names)
    assert repr(a.events) == repr(b.events)
    for ours, theirs in ((a.visits, b.visits), (a.patients, b.patients), (a.entries, b.entries)):
        for name, column in ours.items():
            np.testing.assert_array_equal(column, theirs[name])


def test_logs_are_the_same_after_being_written_and_read(tmp_path: Path) -> None:
    logs = [a_full_log(1), a_full_log(7)]
    store.write_logs(tmp_path, logs)
    read = store.read_logs(tmp_path)
    assert len(read) == 2
    for ours, theirs in zip(logs, read, strict=True):
        same(ours, theirs)


def test_a_log_without_patients_is_written_and_read_too(tmp_path: Path) -> None:
    log = a_log(a_hospital(), replication=3, events=step_rows("s", (2, "working")))
    store.write_logs(tmp_path, [log])
    (read,) = store.read_logs(tmp_path)
    same(log, read)
    assert len(read.visits["asked"]) == 0


def test_no_logs_leave_tables_without_rows(tmp_path: Path) -> None:
    store.write_logs(tmp_path, [])
    assert store.read_logs(tmp_path) == []


def test_the_same_logs_are_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        store.write_logs(tmp_path / name, [a_full_log()])
    for table in store.LOG_TABLES:
        assert (tmp_path / "a" / f"{table}.parquet").read_bytes() == (tmp_path / "b" / f"{table}.parquet").read_bytes()


def test_frames_have_the_replication_first_and_words_instead_of_codes() -> None:
    logs = [a_full_log(1), a_full_log(2)]
    for table, described in tables.COLUMNS.items():
        frame = tables.frame(table, logs)
        assert list(frame.columns) == list(described)
        assert frame.columns[0] == "replication"
        assert set(frame["replication"]) == {1, 2}
    visits = tables.frame("activities", logs)
    assert visits.loc[0, ["activity", "mode", "outcome"]].tolist() == ["see", "paper", "served"]
    assert visits.loc[0, "asked"] == 0.1 + 0.2
    assert math.isnan(visits.loc[1, "started"])
    assert tables.frame("patients", logs)["class"].tolist() == ["red", "red"]


def test_every_column_says_what_it_is() -> None:
    assert all(text for described in tables.COLUMNS.values() for text in described.values())


def test_pandas_reads_the_files_by_itself(tmp_path: Path) -> None:
    import pandas as pd

    store.write_logs(tmp_path, [a_full_log()])
    frame = pd.read_parquet(tmp_path / "activities.parquet")
    assert frame["activity"].tolist() == ["see", "pay"]


def test_the_files_say_which_schema_they_follow(tmp_path: Path) -> None:
    store.write_logs(tmp_path, [a_full_log()])
    _, about = store.read_table(tmp_path / "events.parquet")
    assert (about["schema"], about["table"], about["horizon"], about["began"]) == (
        "drillsim-log/1",
        "events",
        50.0,
        -10.0,
    )
    assert about["columns"]["minute"] == "minutes since StartEx"


@pytest.mark.parametrize("content", [b"", b"PAR1 not really", None])
def test_a_file_that_is_no_table_is_refused_in_words(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "events.parquet"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(LogError, match=r"events\.parquet cannot be read as a table of a run"):
        store.read_table(path)


def test_a_table_of_another_version_is_refused_in_words(tmp_path: Path) -> None:
    store.write_logs(tmp_path, [a_full_log()])
    for table in store.LOG_TABLES:
        store.write_table(
            tmp_path / f"{table}.parquet", [tables.columns(table, a_full_log())], {"schema": "drillsim-log/9"}
        )
    with pytest.raises(LogError, match="was written by another version of drillsim"):
        store.read_logs(tmp_path)


def test_words_of_several_logs_are_put_together() -> None:
    joined = tables.joined([tables.Worded(np.array([0, 1]), ("a", "b")), tables.Worded(np.array([0]), ("b",))])
    assert isinstance(joined, tables.Worded)
    assert [joined.words[code] for code in joined.codes] == ["a", "b", "b"]
