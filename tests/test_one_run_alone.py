"""Replication 37 alone is replication 37 among 50: the same rows and the same figures, at both doors."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import drillsim
from drillsim.cli import main
from drillsim.log import tables
from drillsim.log.store import LOG_TABLES, read_table

SCENARIO = "county-night-lab"  # patients, a fault, a plan, and the day without the fault beside it
FIGURES = ("steps", "queues", "figures", "causes", "roots", "paths", "delays")


def frame(path: Path, replication: int) -> bytes:
    """The rows of one replication as they are written, column by column."""
    columns, _ = read_table(path)
    found = pd.DataFrame(tables.tidy(pd.DataFrame({n: tables_column(c) for n, c in columns.items()})))
    return bytes(found[found["replication"] == replication].to_csv(index=False), "utf-8")


def tables_column(column: object) -> object:
    """The words or numbers of a column."""
    words = getattr(column, "words", None)
    return column if words is None else [words[code] for code in column.codes]  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def fifty(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """A run of 50 in one process, and in two."""
    places = {jobs: tmp_path_factory.mktemp("many") / str(jobs) for jobs in (1, 2)}
    for jobs, place in places.items():
        assert main(["run", SCENARIO, "--replications", "50", "--set", "horizon=4 h", "--keep-all", "--jobs", str(jobs), "--out", str(place), "--quiet"]) == 0  # fmt: skip
    return places


def test_run_37_alone_has_the_rows_and_figures_it_has_among_50(fifty: dict[int, Path], tmp_path: Path) -> None:
    assert (
        main(["run", SCENARIO, "--only", "37", "--set", "horizon=4 h", "--out", str(tmp_path / "alone"), "--quiet"])
        == 0
    )
    alone = tmp_path / "alone"
    names = [*LOG_TABLES, *(f"base/{name}" for name in LOG_TABLES), *FIGURES]
    for name in names:
        mine = frame(alone / f"{name}.parquet", 37)
        assert mine.count(b"\n") > 1 or name in ("entries", "base/entries", "causes", "roots", "paths"), name
        for jobs, many in fifty.items():
            assert mine == frame(many / f"{name}.parquet", 37), (name, jobs)
    assert sum(frame(alone / f"{name}.parquet", 37).count(b"\n") for name in names) > 3000


def test_a_run_alone_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", SCENARIO, "--only", "9", "--only", "3", "--only", "9", "--out", str(tmp_path / "two"), "--lang", "en"]) == 0  # fmt: skip
    assert "Only runs with these numbers were played: 3 and 9." in capsys.readouterr().out
    opened = drillsim.open_run(tmp_path / "two")
    assert (opened.summary.runs.asked, opened.summary.runs.only) == (2, [3, 9])
    assert list(opened.runs.logs) == [3, 9]
    assert main(["score", str(tmp_path / "two"), "--lang", "en"]) == 0
    assert drillsim.open_run(tmp_path / "two").summary == opened.summary


def test_python_plays_one_run_alone_too() -> None:
    among = drillsim.run(SCENARIO, replications=5, seed=7, keep="all")
    alone = drillsim.run(SCENARIO, only=4, seed=7)
    for name in ("steps", "figures", "events", "patients", "activities", "entries", "queues"):
        one = getattr(among, name).query("replication == 4").reset_index(drop=True)
        pd.testing.assert_frame_equal(getattr(alone, name), one, check_categorical=False)


@pytest.mark.parametrize("wrong", [{"only": 0}, {"only": [3], "replications": 5}])
def test_numbers_that_cannot_be_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"numbered from 1|either replications or only"):
        drillsim.run(SCENARIO, **wrong)  # type: ignore[arg-type]


def test_only_and_replications_together_are_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", SCENARIO, "--only", "3", "--replications", "5", "--lang", "en"]) == 1
    assert capsys.readouterr().err == "give only one of --replications, --only and --precision\n"
