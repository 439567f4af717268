"""``drillsim replay``: what it plays, what it writes, and what it says to a wrong wish."""

from __future__ import annotations

from pathlib import Path

import pytest

from drillsim.cli import folders, main
from tests.test_cli_bad_input import GOOD


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a small scenario and one saved run of it; it is the present one."""
    monkeypatch.chdir(tmp_path)
    Path("small.yaml").write_text(GOOD, encoding="utf-8")
    assert main(["run", "small.yaml", "--replications", "8", "--jobs", "1", "--quiet"]) == 0
    return tmp_path


def replay(*arguments: str, lang: str = "en") -> int:
    return main(["replay", *arguments, "--lang", lang])


def test_the_story_is_told_where_there_is_no_terminal(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert replay("small.yaml") == 0
    told = capsys.readouterr().out
    assert told.startswith("演练 EXERCISE · Small")
    assert "09:00  " in told


@pytest.mark.parametrize("what", ["runs/latest", "runs/small-1", "small.yaml"])
def test_a_run_or_a_scenario_becomes_one_page(what: str, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert replay(what, "--html", "replay.html", "--replication", "3", lang="zh") == 0
    assert "第 3 次模拟已写成网页" in capsys.readouterr().out
    page = Path("replay.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert '<html lang="zh-CN"' in page


@pytest.mark.parametrize(("at", "comes"), [("+5 min", True), ("5 min after never", False)])
def test_a_run_in_which_no_question_comes_up_says_so(
    at: str, comes: bool, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    never = "    - {id: never, title: Never, owner: lead, only_if: server is read_only}\n"
    asked = f"injects: [{{id: one, title: One, at: {at}, text: Well., question: What now?}}]\n"
    text = GOOD.replace("faults:", never + asked + "faults:", 1)
    Path("asked.yaml").write_text(text, encoding="utf-8")
    capsys.readouterr()
    assert replay("asked.yaml", "--html", "asked.html") == 0
    assert ("No question of the exercise comes up in run 1" in capsys.readouterr().out) is not comes


def test_a_run_and_its_scenario_give_the_same_page_for_the_same_number(place: Path) -> None:
    """The run of the folder was played by 8; run 3 of it was not kept, so it is played again."""
    assert replay("runs/latest", "--html", "a.html", "--replication", "3") == 0
    assert replay("small.yaml", "--html", "b.html", "--replication", "3") == 0
    assert Path("a.html").read_bytes() == Path("b.html").read_bytes()


def test_the_worst_run_of_a_scenario_is_found_by_playing_all_and_says_so(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert replay("small.yaml", "--html", "a.html", "--replication", "worst", "--set", "run.replications=8") == 0
    assert capsys.readouterr().err == "To know which run is the worst one, 8 are played first\n"
    assert replay("runs/latest", "--html", "b.html", "--replication", "worst") == 0
    assert Path("a.html").read_bytes() == Path("b.html").read_bytes()


def test_a_file_that_is_there_is_kept_unless_forced(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("replay.html").write_text("mine", encoding="utf-8")
    assert replay("small.yaml", "--html", "replay.html") == 1
    assert capsys.readouterr().err.strip().endswith("is there already; replace it with --force, or choose another name")
    assert Path("replay.html").read_text(encoding="utf-8") == "mine"
    assert replay("small.yaml", "--html", "replay.html", "--force") == 0
    assert "<!DOCTYPE html>" in Path("replay.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["runs/latest", "--replication", "9"], "run 9 was not played; there are runs 1 to 8"),
        (["runs/latest", "--replication", "best"], "first, median, worst, or by its number from 1; not best"),
        (["small.yaml", "--replication", "0"], "first, median, worst, or by its number from 1; not 0"),
        (["runs/small-7"], "does not hold a saved run"),
        (["runs"], "does not hold a saved run"),
        (["runs/latest", "--seed", "3"], "--variant, --set and --seed go with a scenario"),
        (["smal"], "there is no such file"),
        (["small.yaml", "--html", "."], "is a folder; give the name of a file"),
        (["small.yaml", "--html", "nowhere/replay.html"], "there is no folder nowhere to write replay.html into"),
        (["small.yaml", "--variant", "more"], "more"),
    ],
)
def test_a_wrong_wish_is_explained_and_leaves_nothing(
    arguments: list[str], words: str, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path.name for path in place.iterdir()}
    capsys.readouterr()
    assert replay(*arguments) == 1
    told = capsys.readouterr()
    assert words in told.err
    assert told.out == ""
    assert {path.name for path in place.iterdir()} == before
    assert replay(*arguments, lang="zh") == 1
    assert words not in capsys.readouterr().err or words == "more"


def test_what_is_a_run_and_what_a_scenario(place: Path) -> None:
    assert [folders.is_run(w) for w in ("runs/latest", "runs/small-1", "runs/nothing", "latest", "runs")] == [True] * 5
    assert [folders.is_run(w) for w in ("small.yaml", "his-database-outage", "runs/mine.yaml")] == [False] * 3
