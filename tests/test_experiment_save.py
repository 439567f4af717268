"""The run folder: whole or not there, never in the way of other files, and the same when it is read again."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest

from drillsim import api, experiment
from drillsim.errors import LogError, OutputError
from drillsim.experiment.provenance import resolved, stated
from drillsim.files import Loaded
from tests import plays

TABLES = {
    "events",
    "activities",
    "patients",
    "entries",
    "steps",
    "queues",
    "figures",
    "causes",
    "roots",
    "paths",
    "delays",
    "lessons",
}


def a_result(replications: int = 3, keep: experiment.runs.Keep = "shown", jobs: int = 1) -> api.Result:
    runs = experiment.run(
        plays.a_plan(), replications=replications, seed=28, jobs=jobs, keep=keep, replicate=plays.late_by_number
    )
    return api.result_of(Loaded(plays.a_plan(), "power-cut", {"power-cut.yaml": "00"}), runs)


def test_a_run_folder_holds_what_was_run_what_came_out_and_the_tables(tmp_path: Path) -> None:
    a_result().save(tmp_path / "run")
    names = {path.name for path in (tmp_path / "run").iterdir()}
    assert names == {"run.json", "summary.json"} | {f"{table}.parquet" for table in TABLES}
    about = json.loads((tmp_path / "run" / "run.json").read_text(encoding="utf-8"))
    assert (about["schema"], about["name"], about["seed"], about["done"], about["rows_kept"]) == (
        "drillsim-run/1", "power-cut", 28, 3, [1, 3]
    )  # fmt: skip
    assert set(about["provenance"]) == {"drillsim", "python", "packages", "files", "scenario_hash"}
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


def test_a_run_that_is_opened_again_knows_what_its_files_state(tmp_path: Path) -> None:
    """Or the report in another language would count other assumptions."""
    result = a_result(1)
    result.save(tmp_path / "run")
    again = api.open_run(tmp_path / "run")
    assert stated(again.scenario) == stated(result.scenario) != resolved(result.scenario)


def test_a_run_is_the_same_when_it_is_opened_again(tmp_path: Path) -> None:
    result = a_result()
    result.save(tmp_path / "run")
    again = api.open_run(tmp_path / "run")
    assert again.summary == result.summary
    assert again.scenario == result.scenario
    assert list(again.runs.logs) == list(result.runs.logs)
    for number, log in result.runs.logs.items():
        assert repr(again.runs.logs[number].events) == repr(log.events)
        assert again.runs.logs[number].names == log.names
    for ours, theirs in zip(result.runs.scored, again.runs.scored, strict=True):
        assert (ours.replication, ours.keys, ours.causes) == (theirs.replication, theirs.keys, theirs.causes)
        assert ours.roots == theirs.roots
        for name in ("values", "minutes", "series", "root_minutes"):
            np.testing.assert_array_equal(getattr(ours, name), getattr(theirs, name))
        assert (ours.base_values, theirs.base_values) == (None, None)


def test_the_summary_and_the_tables_are_the_same_bytes_for_any_number_of_processes(tmp_path: Path) -> None:
    for jobs in (1, 2):
        a_result(8, jobs=jobs).save(tmp_path / str(jobs))
    for name in ["summary.json", *(f"{table}.parquet" for table in TABLES)]:
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes(), name


def test_only_run_json_knows_what_time_it_was(tmp_path: Path) -> None:
    a_result().save(tmp_path / "run")
    about = json.loads((tmp_path / "run" / "run.json").read_text(encoding="utf-8"))
    year = about["made"][:4]
    assert year >= "2025"
    assert f'"{year}-' not in (tmp_path / "run" / "summary.json").read_text(encoding="utf-8").replace(
        '"start": "2026-03-09 00:00"', ""
    )


def test_scored_again_from_all_rows_the_summary_is_the_same(tmp_path: Path) -> None:
    result = a_result(5, keep="all")
    result.save(tmp_path / "run")
    assert api.score_run(tmp_path / "run").summary == result.summary
    assert api.summed_again(tmp_path / "run").summary == result.summary


def test_scored_again_from_shown_rows_only_those_runs_count(tmp_path: Path) -> None:
    a_result(9).save(tmp_path / "run")
    again = api.score_run(tmp_path / "run").summary
    assert (again.runs.asked, again.runs.done) == (9, 3)


def test_scored_again_against_another_deadline(tmp_path: Path) -> None:
    """Done 29, 30 and 31 min after detection: one is late against 30 min, none against 31."""
    a_result(3, keep="all").save(tmp_path / "run")
    assert api.score_run(tmp_path / "run").summary.steps[0].on_time.value == pytest.approx(2 / 3)
    plan = plays.a_plan().plan
    later = plan.steps[0].model_validate({**plan.steps[0].model_dump(by_alias=True), "within": "31 min of detected"})
    scenario = plays.a_plan().model_copy(update={"plan": plan.model_copy(update={"steps": (later,)})})
    assert api.score_run(tmp_path / "run", scenario).summary.steps[0].on_time.value == 1


def test_a_folder_that_holds_a_run_is_replaced_only_with_force(tmp_path: Path) -> None:
    a_result(3).save(tmp_path / "run")
    with pytest.raises(OutputError, match=r"run already holds a run; replace it with --force, or choose another --out"):
        a_result(4).save(tmp_path / "run")
    assert api.open_run(tmp_path / "run").summary.runs.done == 3
    a_result(4).save(tmp_path / "run", force=True)
    assert api.open_run(tmp_path / "run").summary.runs.done == 4
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


def test_other_peoples_files_are_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(OutputError, match="holds other files; give --out a folder of its own"):
        a_result().save(tmp_path, force=True)
    with pytest.raises(OutputError, match=r"letter\.txt is a file; give --out a folder"):
        a_result().save(tmp_path / "letter.txt", force=True)
    assert [p.name for p in tmp_path.iterdir()] == ["letter.txt"]


def test_an_empty_folder_may_become_the_run_folder(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    a_result().save(tmp_path / "run")
    assert (tmp_path / "run" / "run.json").exists()


def test_a_folder_that_cannot_be_written_is_told_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "replace", refused)
    with pytest.raises(OutputError, match="run cannot be written: Permission denied"):
        a_result().save(tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


def test_a_place_below_a_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot be written: "):
        a_result().save(tmp_path / "file" / "run")


def test_nothing_is_left_when_writing_fails_half_way(tmp_path: Path) -> None:
    def full(place: Path) -> None:
        assert (place / "summary.json").exists()
        raise OSError(28, "No space left on device")

    with pytest.raises(OutputError, match="cannot be written: No space left on device"):
        a_result().save(tmp_path / "run", also=full)
    assert list(tmp_path.iterdir()) == []


def test_an_old_run_stays_when_the_new_one_cannot_be_written(tmp_path: Path) -> None:
    a_result(3).save(tmp_path / "run")

    def full(place: Path) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OutputError):
        a_result(4).save(tmp_path / "run", force=True, also=full)
    assert api.open_run(tmp_path / "run").summary.runs.done == 3


def test_an_old_run_stays_when_the_new_one_cannot_take_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_result(3).save(tmp_path / "run")
    moved = os.replace

    def refused(source: Path, target: Path) -> None:
        if source.name.endswith(".part"):
            raise PermissionError(13, "Permission denied")
        moved(source, target)

    monkeypatch.setattr(os, "replace", refused)
    with pytest.raises(OutputError, match="run cannot be written: Permission denied"):
        a_result(4).save(tmp_path / "run", force=True)
    assert api.open_run(tmp_path / "run").summary.runs.done == 3
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


def test_more_can_be_written_into_the_folder_before_it_takes_its_place(tmp_path: Path) -> None:
    a_result().save(tmp_path / "run", also=lambda place: (place / "report.html").write_bytes(b"<html>"))
    assert (tmp_path / "run" / "report.html").read_bytes() == b"<html>"


def test_a_folder_without_a_run_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="does not hold a saved run"):
        api.open_run(tmp_path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", r"run\.json cannot be read: "),
        ("{}", "holds a run that cannot be read"),
        ('{"schema": "drillsim-run/9"}', "was written by another version of drillsim"),
    ],
)
def test_a_run_that_cannot_be_read_is_told_in_words(tmp_path: Path, content: str, words: str) -> None:
    a_result().save(tmp_path / "run")
    (tmp_path / "run" / "run.json").write_text(content, encoding="utf-8")
    with pytest.raises(LogError, match=words):
        api.open_run(tmp_path / "run")


def test_a_run_whose_table_is_gone_is_told_in_words(tmp_path: Path) -> None:
    a_result().save(tmp_path / "run")
    (tmp_path / "run" / "figures.parquet").unlink()
    with pytest.raises(LogError, match=r"figures\.parquet cannot be read as a table of a run"):
        api.open_run(tmp_path / "run")


def test_a_run_of_an_earlier_version_opens_without_what_that_version_did_not_write(tmp_path: Path) -> None:
    from drillsim.experiment import save

    a_result().save(tmp_path / "run")
    assert save.missing(tmp_path / "run") == []
    (tmp_path / "run" / "lessons.parquet").unlink()
    assert save.missing(tmp_path / "run") == ["lessons"]
    again = api.open_run(tmp_path / "run")
    assert again.summary.runs.done == 3
    assert all(scored.lessons == () for scored in again.runs.scored)


def test_a_run_in_another_form_says_which_version_wrote_it_and_what_to_do(tmp_path: Path) -> None:
    a_result().save(tmp_path / "run")
    about = json.loads((tmp_path / "run" / "run.json").read_text(encoding="utf-8"))
    about["provenance"]["drillsim"] = "0.0.7"
    about["scenario"]["a key of old"] = 1
    (tmp_path / "run" / "run.json").write_text(json.dumps(about), encoding="utf-8")
    with pytest.raises(LogError, match=r"was written by drillsim 0\.0\.7 .* drillsim run power-cut --seed 28"):
        api.open_run(tmp_path / "run")


def test_pandas_reads_the_steps_of_all_runs(tmp_path: Path) -> None:
    import pandas as pd

    a_result(9).save(tmp_path / "run")
    steps = pd.read_parquet(tmp_path / "run" / "steps.parquet")
    assert steps["replication"].tolist() == list(range(1, 10))
    assert steps["outcome"].tolist() == ["on_time"] * 2 + ["late"] * 7
