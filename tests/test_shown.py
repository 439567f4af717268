"""Objects show themselves in a terminal and in a notebook, columns are explained, and long work shows how far it is."""

from __future__ import annotations

import sys
import types
from typing import Any

import pytest

import drillsim
from drillsim.errors import ScenarioError
from drillsim.report import live
from drillsim.report.dictionary import HEADINGS, OF_FIGURE, Columns
from drillsim.texts import catalogue

ANSWERS = (
    "objectives",
    "bottlenecks",
    "critical_path",
    "after_action",
    "recovery",
    "comparison",
    "sweep",
    "improvement",
)
FRAMES = (
    "steps",
    "queues",
    "figures",
    "causes",
    "roots",
    "paths",
    "lessons",
    "events",
    "activities",
    "patients",
    "entries",
    *ANSWERS,
)


@pytest.fixture(scope="module")
def night() -> Any:
    return drillsim.load("county-night-lab")


def test_a_scenario_says_in_a_few_lines_what_it_is(night: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    first, *rest = repr(night).splitlines()
    assert first.startswith("Laboratory database damaged, Thursday 01:40 · County general hospital · ")
    told = "\n".join(rest)
    for part in (
        "starts 2026-03-11 22:00, lasts 14 h",
        "faults: lis_data (corrupt, lis_db)",
        "injects: chest_pain, which_number",
    ):
        assert part in told
    assert "paper_after_10_min" in told
    assert len(repr(night.scenario)) < 120
    monkeypatch.setenv("DRILLSIM_LANG", "zh")
    assert "故障：lis_data" in repr(night)


def test_a_changed_scenario_says_what_was_changed_and_leaves_the_first_alone(night: Any) -> None:
    changed = night.variant("paper_after_10_min").replace({"run.replications": 3})
    assert changed.change == "paper_after_10_min, run.replications=3"
    assert "changed: paper_after_10_min, run.replications=3" in repr(changed)
    assert changed.scenario.plan.thresholds["laboratory"] == 10
    assert night.scenario.plan.thresholds["laboratory"] != 10
    assert night.change is None
    loaded = drillsim.load("county-night-lab", variant="paper_after_10_min", set={"run.replications": 3})
    assert (loaded.scenario, loaded.change) == (changed.scenario, changed.change)
    assert "change: paper_after_10_min" in repr(drillsim.run(changed, replications=1, jobs=1))
    with pytest.raises(ScenarioError):
        night.variant("no_such_thing")
    with pytest.raises(ScenarioError):
        night.replace({"plan.nothing": 1})


def test_words_of_a_scenario_are_escaped_in_a_notebook(night: Any) -> None:
    nasty = night.replace({"title": "<script>alert(1)</script>"})
    for shown in (nasty, drillsim.run(nasty, replications=1, jobs=1)):
        assert "<script" not in shown._repr_html_()
        assert "&lt;script&gt;" in shown._repr_html_()


@pytest.mark.parametrize("name", FRAMES)
def test_every_column_has_a_meaning_and_a_unit(name: str) -> None:
    columns = drillsim.columns(name)
    for column, meaning in columns.items():
        unit = columns.units[column]
        assert meaning
        if meaning.startswith("minutes") and column != "minute":
            assert unit == "minutes", column
        elif meaning.startswith("minute "):
            assert unit == "minutes since StartEx", column
        elif unit not in ("number", OF_FIGURE):
            assert unit in ("word", "minutes since StartEx", "true or false"), column
    assert columns.frame().columns.tolist() == ["column", "unit", "meaning"]
    assert columns.frame()["column"].tolist() == list(columns)
    assert len(repr(columns).splitlines()) == len(columns)
    assert columns._repr_html_().count("<tr>") == len(columns) + 1


@pytest.mark.parametrize("name", FRAMES)
def test_columns_are_explained_in_chinese_too(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    known, columns = catalogue("zh"), drillsim.columns(name)
    assert not [text for text in (*columns.values(), *columns.units.values(), *HEADINGS) if text not in known]
    monkeypatch.setenv("DRILLSIM_LANG", "zh")
    assert known[next(iter(columns.values()))] in repr(columns)
    assert ("第几次模拟，从 1 起" in repr(columns)) == ("replication" in columns)
    assert '<th style="text-align:left">含义</th>' in columns._repr_html_()


def test_units_fit_what_the_columns_hold() -> None:
    result = drillsim.run("county-night-lab", replications=2, seed=1, jobs=1)
    for name in ("steps", "queues", "figures", "paths", "events", "activities", "patients", "entries"):
        frame = getattr(result, name)
        for column, unit in drillsim.columns(name).units.items():
            words = str(frame[column].dtype) in ("category", "object")
            assert words == (unit == "word"), f"{name}.{column}: {unit}"


def test_what_python_answers_with_has_just_the_columns_that_are_described() -> None:
    result = drillsim.run("county-night-lab", replications=3, seed=1, jobs=1)
    both = drillsim.compare("county-night-lab", variants="paper_after_10_min", replications=3, seed=1, jobs=1)
    swept = drillsim.sweep(
        "county-night-lab", "plan.thresholds.laboratory", ["5 min", "10 min"], replications=2, seed=1, jobs=1
    )
    found = drillsim.improve("county-night-lab", budget=100, seed=1, jobs=1)
    frames = {"objectives": result.objectives(), "bottlenecks": result.bottlenecks(), "after_action": result.after_action(), "recovery": result.recovery(), "comparison": both.table(), "sweep": swept.table(), "improvement": found.table()}  # fmt: skip
    for name, frame in frames.items():
        assert frame.columns.tolist() == list(drillsim.columns(name)), name
        for column, unit in drillsim.columns(name).units.items():
            words = (
                frame[column].dropna().map(lambda value: isinstance(value, str)).all()
                and not frame[column].isna().all()
            )
            assert words == (unit == "word") or frame[column].isna().all(), f"{name}.{column}: {unit}"
    ways = [result.critical_path(), result.critical_path("restored")]
    assert {column for way in ways for column in way} == set(drillsim.columns("critical_path"))


def test_an_unknown_frame_is_a_key_error_with_the_names_there_are() -> None:
    with pytest.raises(KeyError, match="no frame 'nurses'; there are steps"):
        drillsim.columns("nurses")
    assert "&lt;b&gt;" in Columns("x", {"a": "<b>"})._repr_html_()


class Shown:
    """Stands in for what a notebook displays."""

    def __init__(self) -> None:
        self.pages: list[str] = []

    def update(self, page: str) -> None:
        self.pages.append(page)


@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch) -> Shown:
    """The parts of IPython that the bar uses."""
    shown = Shown()

    class ZMQInteractiveShell: ...

    display = types.ModuleType("IPython.display")
    display.HTML = lambda text: text  # type: ignore[attr-defined]

    def displayed(page: str, *, display_id: bool) -> Shown:
        shown.pages.append(page)
        return shown

    display.display = displayed  # type: ignore[attr-defined]
    ipython = types.ModuleType("IPython")
    ipython.get_ipython = ZMQInteractiveShell  # type: ignore[attr-defined]
    ipython.display = display  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    monkeypatch.setitem(sys.modules, "IPython.display", display)
    return shown


def test_in_a_notebook_a_bar_moves_and_is_gone_at_the_end(notebook: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = iter(range(100))
    monkeypatch.setattr(live.time, "monotonic", lambda: next(seconds))
    drillsim.run("county-night-lab", replications=3, seed=1, jobs=1)
    begun, *moved, gone = notebook.pages
    assert "0 of 3 runs" in begun
    assert [page.partition("value=")[2][:3] for page in moved] == ['"1"', '"2"', '"3"']
    assert "1 of 3 runs; about 2 s left" in moved[0]
    assert gone == ""


def test_the_bar_is_drawn_a_few_times_a_second_at_most(notebook: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live.time, "monotonic", lambda: 5.0)
    with live.bar(10) as moved:
        for done in range(10):
            moved(done)
    assert len(notebook.pages) == 2


def test_studies_show_sentences_and_a_bar_in_a_notebook(notebook: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = iter(range(1000))
    monkeypatch.setattr(live.time, "monotonic", lambda: next(seconds))
    both = drillsim.compare("county-night-lab", variants="paper_after_10_min", replications=4, seed=1, jobs=1)
    assert "0 of 8 runs" in notebook.pages[0]
    assert notebook.pages[-1] == ""
    page = both._repr_html_()
    assert page.count("<li>") == len(repr(both).splitlines()) > 0
    monkeypatch.setenv("DRILLSIM_LANG", "zh")
    assert "检验科" in both._repr_html_()
    assert "检验科" in repr(both)
    same = drillsim.compare("county-night-lab", "county-night-lab", replications=2, seed=1, jobs=1)
    assert repr(same) == "没有哪项指标的差别超出随机波动。"
    assert repr(same) in same._repr_html_()


def test_a_search_shows_what_it_found_and_a_bar(notebook: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = iter(range(10000))
    monkeypatch.setattr(live.time, "monotonic", lambda: next(seconds))
    found = drillsim.improve("county-night-lab", budget=100, seed=1, jobs=1)
    assert "0 of 100 runs" in notebook.pages[0]
    assert notebook.pages[-1] == ""
    assert found._repr_html_().count("<li>") == len(repr(found).splitlines()) > 0
    monkeypatch.setenv("DRILLSIM_LANG", "zh")
    assert any("\u4e00" <= sign <= "\u9fff" for sign in repr(found))


def test_elsewhere_nothing_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert not live.in_notebook()
    drillsim.run("county-night-lab", replications=1, jobs=1)
    assert capsys.readouterr() == ("", "")


def test_what_cannot_be_played_back_or_explained_gets_a_sentence_that_says_what_can(night: Any) -> None:
    both = drillsim.compare(night, variants=["paper_after_10_min"], replications=2, seed=1, jobs=1)
    with pytest.raises(TypeError, match=r"replay plays back what .* not what drillsim.compare gives"):
        drillsim.replay(both)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="not an int"):
        drillsim.replay(3)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="columns wants the name of a frame, such as 'steps'; there are steps, "):
        drillsim.columns(both)  # type: ignore[arg-type]
