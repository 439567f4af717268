"""The files to start from: they load, run, and show a plan that is worth playing, in either language."""

from __future__ import annotations

import re

import pytest

from drillsim import files
from drillsim.errors import OutputError
from drillsim.files import shelf
from drillsim.files.reading import read
from drillsim.files.tree import Map, Seq
from drillsim.sim.run import replicate

HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(params=["en", "zh"])
def written(request, tmp_path):
    return request.param, files.new(tmp_path / "ours", request.param)


def test_they_are_without_mistakes_or_warnings(written):
    paths = written[1]
    assert [path.name for path in paths] == ["hospital.yaml", "plan.yaml", "scenario.yaml"]
    for path in paths:
        assert files.check(path) == []


def test_every_comment_and_title_is_in_the_language(written):
    language, paths = written
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("# ") and len(line) > 30 and "(" not in line:
                assert bool(HAN.search(line)) == (language == "zh"), line
    scenario = files.load(paths[-1]).scenario
    titles = [
        scenario.title,
        *(step.title for step in scenario.plan.steps),
        *(one.title for one in scenario.hospital.departments.values()),
    ]
    assert all(bool(HAN.search(title.en)) == (language == "zh") for title in titles)


def test_they_hold_a_plan_worth_playing(written):
    scenario = files.load(written[1][-1]).scenario
    assert len(scenario.plan.steps) >= 10
    assert sum(step.within is not None for step in scenario.plan.steps) >= 8
    assert len(scenario.faults) == 1
    assert all(one.back_entry is not None and one.kit is not None for one in scenario.hospital.departments.values())
    assert scenario.variants
    for name in scenario.variants:
        assert files.variant(scenario, name) != scenario


def test_they_run_through_paper_and_back_entry_to_the_end(written):
    scenario = files.load(written[1][-1]).scenario
    log = replicate(scenario, seed=1, replication=0)
    reached = {event.subject for event in log.events if event.kind == "reached"}
    assert {"failed", "detected", "declared", "ordered", "restored", "returned", "cleared", "stood_down"} <= reached
    modes = {event.state for event in log.events if event.kind == "department"}
    assert {"waiting", "changing", "paper", "back_entry", "normal"} <= modes
    done = {event.subject for event in log.events if event.kind == "step" and event.state == "done"}
    assert done >= {step.id for step in scenario.plan.steps} - {"order_paper_inpatient", "repair"}  # the server it is


def test_both_languages_describe_the_same_hospital(tmp_path):
    english, chinese = (files.load(files.new(tmp_path / one, one)[-1]).scenario for one in ("en", "zh"))
    assert figures(files.write(english), tmp_path) == figures(files.write(chinese), tmp_path)


def figures(text: str, folder):
    """A written scenario without its words for people."""
    (folder / "again.yaml").write_text(text, encoding="utf-8")
    return without_words(read(folder / "again.yaml", "")[0].tree)


def without_words(tree):
    words = {"title", "about", "story", "evidence", "text", "question", "effect", "cost", "source", "silence"}
    if isinstance(tree, Map):
        return {key: without_words(value) for key, value in tree.items() if key not in words}
    return [without_words(value) for value in tree] if isinstance(tree, Seq) else tree


def test_a_folder_that_holds_something_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="is not empty; name a new one"):
        files.new(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path):
    (tmp_path / "ours").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="is a file, not a folder"):
        files.new(tmp_path / "ours")
    with pytest.raises(OutputError, match="cannot be written"):
        files.new(tmp_path / "ours" / "below")


def test_an_unknown_language_is_a_wrong_call(tmp_path):
    with pytest.raises(ValueError, match="there are no files in 'fr'; known are en, zh"):
        files.new(tmp_path / "ours", "fr")


@pytest.mark.parametrize("name", shelf.names("scenario"))
def test_files_like_a_shipped_scenario_say_the_same_and_lean_on_nothing_outside_the_folder(name, tmp_path, monkeypatch):
    shipped = files.load(name).scenario
    written = files.new(tmp_path / "ours", like=name)
    assert written[-1].name == "scenario.yaml"
    loaded = files.load(written[-1])
    assert loaded.scenario == shipped
    assert not [path for path in loaded.hashes if path.startswith("library/") and "thresholds/" not in path]


def test_a_scenario_that_is_not_there_is_told_with_the_nearest_and_nothing_is_written(tmp_path):
    with pytest.raises(OutputError, match="county-night-lab"):
        files.new(tmp_path / "ours", like="county-night-lap")
    assert not (tmp_path / "ours").exists()
