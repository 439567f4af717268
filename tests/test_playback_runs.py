"""Which run is played back, where its rows come from, and the file that its page is written into."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import drillsim
from drillsim import experiment
from drillsim.errors import LogError, OutputError
from drillsim.files import Loaded
from drillsim.playback import runs
from tests.conftest import browser
from tests.test_cli_bad_input import GOOD

SHOWN = {"first": 1, "median": 4, "worst": 9}
PLAYED = list(range(1, 11))


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("playback") / "small.yaml"
    path.write_text(GOOD, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def result(file: Path) -> drillsim.Result:
    return drillsim.run(file, replications=12, seed=4, jobs=1)


@pytest.mark.parametrize(
    ("which", "number"), [("first", 1), ("median", 4), ("worst", 9), (7, 7), ("7", 7), (np.int32(7), 7)]
)
def test_a_run_is_asked_for_by_name_or_number(which: Any, number: int) -> None:
    assert runs.numbered(which, SHOWN, PLAYED) == number


@pytest.mark.parametrize("which", ["best", "", 0, -1, 1.5, "1.5", None])
def test_any_other_wish_is_explained(which: Any) -> None:
    with pytest.raises(ValueError, match="first, median, worst, or by its number from 1"):
        runs.numbered(which, SHOWN, PLAYED)


def test_a_run_that_was_not_played_is_explained() -> None:
    with pytest.raises(ValueError, match="run 11 was not played; there are runs 1 to 10"):
        runs.numbered(11, SHOWN, PLAYED)


def test_rows_that_were_not_kept_are_played_again_and_are_the_same(result: drillsim.Result) -> None:
    everything = drillsim.run(Loaded(result.scenario, "small", {}), replications=12, seed=4, jobs=1, keep="all")
    gone = next(n for n in range(1, 13) if n not in result.runs.logs)
    log, base = runs.rows(result.scenario, result.runs, gone)
    assert log.events == everything.runs.logs[gone].events
    assert base is not None
    assert base.events == everything.runs.bases[gone].events
    kept = result.summary.shown["worst"]
    assert runs.rows(result.scenario, result.runs, kept)[0] is result.runs.logs[kept]


def test_a_run_that_does_not_come_out_as_it_did_is_refused(result: drillsim.Result) -> None:
    other = experiment.run(result.scenario, replications=12, seed=4, jobs=1)
    gone = next(n for n in range(1, 13) if n not in other.logs)
    values = other.scored[gone - 1].values
    values[np.flatnonzero(np.isfinite(values))[0]] += 1
    with pytest.raises(LogError, match=f"run {gone} does not come out as it did"):
        runs.rows(result.scenario, other, gone)


def test_a_result_is_played_back_in_its_median_run_unless_asked_otherwise(result: drillsim.Result) -> None:
    assert drillsim.replay(result).number == result.summary.shown["median"]
    assert drillsim.replay(result, "worst").number == result.summary.shown["worst"] == result.worst()
    assert drillsim.replay(result, 3).number == 3


def test_the_worst_run_of_a_step_is_the_one_that_was_latest(result: drillsim.Result) -> None:
    late = result.steps.query("step == 'look'").sort_values("taken")
    expected = int(late["replication"].iloc[-1]) if late["late_by"].notna().any() else result.worst()
    assert result.worst("look") == expected
    with pytest.raises(KeyError, match="no step 'nothing'; there are "):
        result.worst("nothing")
    with pytest.raises(KeyError, match="no path to the milestone 'nothing'; there are "):
        result.critical_path("nothing")


def test_a_saved_run_is_played_back_as_the_result_it_was(result: drillsim.Result, tmp_path: Path) -> None:
    result.save(tmp_path / "run")
    for which in ("median", 5):
        assert drillsim.replay(tmp_path / "run", which).film == drillsim.replay(result, which).film
    (tmp_path / "latest").write_text("run\n", encoding="utf-8")
    assert drillsim.replay(tmp_path / "latest").film == drillsim.replay(result).film
    assert drillsim.open_run(tmp_path / "latest").summary == result.summary


def test_a_scenario_is_played_once_and_the_worst_of_all_when_asked(file: Path, result: drillsim.Result) -> None:
    first = drillsim.replay(file, seed=4)
    assert (first.number, first.film) == (1, drillsim.replay(result, 1).film)
    few = drillsim.load(file, set=["run.replications=12", "run.seed=4"])
    assert drillsim.replay(few, "worst").film == drillsim.replay(result, "worst").film


def test_there_is_no_run_number_zero(result: drillsim.Result, file: Path) -> None:
    for what in (result, file):
        with pytest.raises(ValueError, match="not 0"):
            drillsim.replay(what, 0)


def test_the_seed_of_a_result_is_its_own(result: drillsim.Result) -> None:
    with pytest.raises(ValueError, match="a result is played back as it was"):
        drillsim.replay(result, seed=2)


def test_the_page_is_written_whole_and_never_over_another_unless_forced(
    result: drillsim.Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replay, path = drillsim.replay(result), tmp_path / "replay.html"
    replay.save(path)
    assert path.read_text(encoding="utf-8") == replay.html
    with pytest.raises(OutputError, match="is there already"):
        replay.save(path)
    replay.save(str(path), force=True)
    with pytest.raises(OutputError, match="is a folder"):
        replay.save(tmp_path)
    with pytest.raises(OutputError, match="there is no folder"):
        replay.save(tmp_path / "no" / "replay.html")
    monkeypatch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(PermissionError(13, "Permission denied")))
    with pytest.raises(OutputError, match="cannot be written: Permission denied"):
        replay.save(path, force=True)
    assert [p.name for p in tmp_path.iterdir()] == ["replay.html"]


def test_language_and_speed_are_those_asked_for(result: drillsim.Result) -> None:
    html = drillsim.replay(result, language="zh", speed=120).html
    assert '<html lang="zh-CN" data-theme="" data-speed="120">' in html


def test_it_says_what_it_is_and_plays_as_text_without_a_terminal(
    result: drillsim.Result, capsys: pytest.CaptureFixture[str]
) -> None:
    replay = drillsim.replay(result, 2)
    assert repr(replay).splitlines()[0] == "Run 2 played back: Small"
    assert repr(drillsim.replay(result, 2, language="zh")).splitlines()[0] == "第 2 次模拟回放：Small"
    replay.play()
    assert capsys.readouterr().out.startswith("演练 EXERCISE · Small")


@pytest.mark.browser
def test_in_a_notebook_the_page_plays_inside_a_frame_and_asks_nobody(result: drillsim.Result, tmp_path: Path) -> None:
    from playwright.sync_api import sync_playwright

    from tests.playback_browser import FLAGS, wait_until

    frame = drillsim.replay(result, speed=300, language="zh")._repr_html_()
    path = tmp_path / "notebook.html"
    path.write_text(f"<!DOCTYPE html><meta charset=utf-8><body>{frame}", encoding="utf-8")
    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=browser(), args=FLAGS)
        page = chrome.new_page(viewport={"width": 1100, "height": 800})
        asked: list[str] = []
        wrong: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(path.as_uri())
        inside = page.frames[1]
        inside.wait_for_selector("#clock")
        before = inside.evaluate("drillsim.state()")
        inside.click("#clock")
        page.keyboard.press("Space")
        wait_until(inside, f"drillsim.state().minute > {before['minute']}")
        after = inside.evaluate("drillsim.state()")
        chrome.close()
    assert (before["language"], before["speed"]) == ("zh", 300)
    assert after["minute"] > before["minute"]
    assert [url for url in asked if not re.match(r"file:|about:srcdoc", url)] == []
    assert wrong == []
