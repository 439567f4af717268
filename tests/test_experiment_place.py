"""A result folder that is replaced: what drillsim wrote gives way, what it did not write stays, and no link is followed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from drillsim.errors import OutputError
from drillsim.experiment.place import STUDY, refuse, taking_place


def a_run(folder: Path, said: str = "old") -> None:
    """What a run leaves, each file with one word in it."""
    (folder / "base").mkdir(parents=True)
    (folder / "run.json").write_text(json.dumps({"schema": "drillsim-run/1", "said": said}), encoding="utf-8")
    for name in ("summary.json", "report.html", "events.parquet", "base/events.parquet"):
        (folder / name).write_text(said, encoding="utf-8")


def replaced(folder: Path) -> None:
    """Put a new run in the place of the old one."""
    with taking_place(folder, force=True) as place:
        place.rmdir()
        a_run(place, "new")


def everything(folder: Path) -> dict[str, str]:
    return {p.relative_to(folder).as_posix(): p.read_text(encoding="utf-8") for p in folder.rglob("*") if p.is_file()}


def test_with_force_everything_that_drillsim_did_not_write_stays(tmp_path: Path) -> None:
    a_run(tmp_path / "run")
    (tmp_path / "run" / "notes").mkdir()
    for name in ("notes.txt", "notes/deep.txt", "base/mine.csv", "table.csv", ".hidden"):
        (tmp_path / "run" / name).write_text("mine", encoding="utf-8")
    replaced(tmp_path / "run")
    found = everything(tmp_path / "run")
    assert {n for n, said in found.items() if said == "mine"} == {
        "notes.txt", "notes/deep.txt", "base/mine.csv", "table.csv", ".hidden"
    }  # fmt: skip
    assert found["summary.json"] == found["base/events.parquet"] == "new"
    assert "old" not in found.values()
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


def test_what_an_old_run_had_and_the_new_one_has_not_goes(tmp_path: Path) -> None:
    a_run(tmp_path / "run")
    (tmp_path / "run" / "roots.parquet").write_text("old", encoding="utf-8")
    replaced(tmp_path / "run")
    assert "roots.parquet" not in everything(tmp_path / "run")


def test_no_link_is_followed_out_of_a_folder_that_is_replaced(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    a_run(elsewhere, "theirs")
    a_run(tmp_path / "run")
    (tmp_path / "run" / "others").symlink_to(elsewhere, target_is_directory=True)
    (tmp_path / "run" / "letter.txt").symlink_to(elsewhere / "report.html")
    replaced(tmp_path / "run")
    assert set(everything(elsewhere).values()) == {"theirs", json.dumps({"schema": "drillsim-run/1", "said": "theirs"})}
    assert (tmp_path / "run" / "others").is_symlink()
    assert (tmp_path / "run" / "letter.txt").is_symlink()


@pytest.mark.parametrize("name", ["base", "report.html"])
def test_a_link_in_the_place_of_a_file_of_ours_is_refused(name: str, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    a_run(elsewhere, "theirs")
    a_run(tmp_path / "run")
    if name == "base":
        (tmp_path / "run" / "base" / "events.parquet").unlink()
        (tmp_path / "run" / "base").rmdir()
    else:
        (tmp_path / "run" / name).unlink()
    (tmp_path / "run" / name).symlink_to(elsewhere / name)
    before = everything(elsewhere)
    with pytest.raises(OutputError, match=rf"{name} was not written by drillsim; move it away"):
        replaced(tmp_path / "run")
    assert everything(elsewhere) == before


def test_a_link_to_a_run_folder_stays_a_link(tmp_path: Path) -> None:
    a_run(tmp_path / "disk" / "run")
    (tmp_path / "run").symlink_to(tmp_path / "disk" / "run", target_is_directory=True)
    replaced(tmp_path / "run")
    assert (tmp_path / "run").is_symlink()
    assert everything(tmp_path / "disk" / "run")["summary.json"] == "new"
    assert [p.name for p in (tmp_path / "disk").iterdir()] == ["run"]


@pytest.mark.parametrize("content", ["{}", '{"schema": "somebody-else/1"}', "not json", "[]"])
def test_a_file_called_run_json_that_is_not_ours_makes_no_run_of_a_folder(content: str, tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(content, encoding="utf-8")
    (tmp_path / "summary.json").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="holds other files"):
        refuse(tmp_path, force=True)


def test_of_a_study_only_what_a_study_writes_gives_way(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / STUDY).write_text('{"schema_version": "drillsim-sweep/1"}', encoding="utf-8")
    (folder / "table.csv").write_text("old", encoding="utf-8")
    (folder / "summary.json").write_text("mine", encoding="utf-8")
    with taking_place(folder, force=True) as place:
        (place / STUDY).write_text('{"schema_version": "drillsim-sweep/1"}', encoding="utf-8")
    assert set(everything(folder)) == {STUDY, "summary.json"}


def test_a_file_put_there_while_it_was_played_stays(tmp_path: Path) -> None:
    a_run(tmp_path / "run")
    with taking_place(tmp_path / "run", force=True) as place:
        place.rmdir()
        a_run(place, "new")
        (tmp_path / "run" / "late.txt").write_text("mine", encoding="utf-8")
    assert everything(tmp_path / "run")["late.txt"] == "mine"
