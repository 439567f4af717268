"""The study described for a journal: every item answered, from the scenario and its results, in both languages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import drillsim
from drillsim import files
from drillsim.cli import main
from drillsim.report import stress as described
from drillsim.report import stress_tables
from drillsim.score.summary_parts import Estimate
from drillsim.texts import catalogue, say
from tests import report_sample
from tests.builder import a_scenario

MIXED = (
    "county-night-lab",
    "queue-impatient",
    "components-two-of-three",
    "project-network",
    "clinic-two-rooms",
    "graham-1969",
)
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def runs() -> dict[str, drillsim.Result]:
    short = {"queue-impatient": {"horizon": "2 d"}, "components-two-of-three": {"horizon": "50 d"}}
    return {name: drillsim.run(files.load(name, set=short.get(name, ())), replications=3, jobs=1) for name in MIXED}


def items(result: drillsim.Result, language: str = "en") -> dict[str, described.Item]:
    return {item.number: item for item in described.stress(result.summary, result.scenario, language)}


def test_a_mean_that_leans_on_those_who_were_not_served_is_at_least_in_the_tables_too() -> None:
    part = report_sample.summary().pathways[0]
    bounded = part.model_copy(update={"at_least": ["minutes_difference"]})
    for pathway, sign in ((part.model_copy(update={"at_least": []}), ""), (bounded, "≥ ")):
        table = stress_tables.streams(report_sample.summary().model_copy(update={"pathways": [pathway]}), "en")
        assert table.rows[0][2].startswith(f"{sign}+"), table.rows
    activity = report_sample.summary().activities[0]
    for waiting, sign in ((0.0, ""), (3.0, "≥ ")):
        still = activity.model_copy(update={"waiting": Estimate(value=waiting)})
        table = stress_tables.waits(report_sample.summary().model_copy(update={"activities": [still]}), "en")
        assert all(cell.startswith("≥ ") == bool(sign) for cell in table.rows[0][1:3]), table.rows


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", MIXED)
def test_every_item_of_the_checklist_is_answered(name: str, language: str, runs: dict[str, drillsim.Result]) -> None:
    found = items(runs[name], language)
    assert list(found) == list(described.ITEMS)
    for number, item in found.items():
        assert item.said or item.tables, number
        assert all(item.said), number
        for table in item.tables:
            assert all(len(row) == len(table.heads) for row in table.rows), table.title
        if language == "zh" and number != "6.1":
            assert all(CHINESE.search(text) for text in item.said), item.said


@pytest.mark.parametrize("name", MIXED)
def test_all_that_it_says_is_there_in_chinese(name: str, runs: dict[str, drillsim.Result], monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    asked: set[str] = set()

    def noted(message: str, /, language: str = "en", **values: object) -> str:
        asked.add(message)
        return say(message, language, **values)

    for module in (described, stress_tables):
        monkeypatch.setattr(module, "say", noted)
    described.markdown(runs[name].summary, runs[name].scenario, "zh")
    same = {"RTO", "RPO", "SHA-256"}
    assert {message for message in asked if message not in catalogue("zh")} <= same


def test_inputs_are_those_of_the_scenario_and_results_those_of_the_run(runs: dict[str, drillsim.Result]) -> None:
    result = runs["county-night-lab"]
    scenario, summary, found = result.scenario, result.summary, items(result)
    rows = {table.title: table.rows for item in found.values() for table in item.tables}
    work = {row[0]: row for row in rows["Kinds of work"]}
    assert len(work) == len(scenario.hospital.activities)
    for activity in scenario.hospital.activities.values():
        assert stress_tables._takes(activity.takes) in work[activity.title.en]
        assert any(text in work[activity.title.en][-1] for text in activity.source.values())
    assert [row[0] for row in rows["Steps of the plan"]] == [step.title.en for step in scenario.plan.steps]
    assert len(rows["Staff and equipment"]) == len(scenario.hospital.resources)
    assert len(rows["Faults"]) == len(scenario.faults)
    assert [row[0] for row in rows["Files"]] == list(summary.provenance.files)
    assert [row[1] for row in rows["Files"]] == list(summary.provenance.files.values())
    assert len(rows["Deadlines"]) == sum(step.within is not None for step in scenario.plan.steps)
    text = described.markdown(summary, scenario)
    assert summary.provenance.scenario_hash[:16] in text
    assert "drillsim run county-night-lab --replications 3 --seed 1" in text


def test_what_does_not_apply_is_not_claimed(runs: dict[str, drillsim.Result]) -> None:
    queue = described.markdown(runs["queue-impatient"].summary, runs["queue-impatient"].scenario)
    assert "without the fault" not in queue
    assert "exponential(mean 120 min)" in queue
    assert "Poisson, 3 per h" in queue
    project = described.markdown(runs["graham-1969"].summary, runs["graham-1969"].scenario)
    assert "list scheduling" in project
    assert "Nobody comes or goes." in project


def test_a_run_folder_holds_it_and_the_command_prints_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "run"
    assert main(["run", "graham-1969", "--out", str(folder), "--quiet", "--lang", "zh"]) == 0
    capsys.readouterr()
    assert main(["stress", str(folder), "--lang", "zh"]) == 0
    told = capsys.readouterr().out
    assert told == (folder / "stress.md").read_text(encoding="utf-8")
    assert told.startswith("# 研究说明（STRESS-DES）")
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "研究说明（STRESS-DES）" in page
    assert main(["run", "graham-1969", "--out", str(folder), "--quiet", "--force"]) == 0
    assert main(["stress", str(tmp_path), "--lang", "en"]) == 1


def test_the_command_that_it_gives_makes_the_run_again(tmp_path: Path) -> None:
    """With a variant, and with only some of the runs."""
    for arguments in (["--variant", "four_people"], ["--only", "2", "--only", "5"]):
        first, again = tmp_path / f"{arguments[-1]}-1", tmp_path / f"{arguments[-1]}-2"
        assert main(["run", "graham-1969", *arguments, "--out", str(first), "--quiet", "--lang", "en"]) == 0
        command = (first / "stress.md").read_text(encoding="utf-8").rstrip().splitlines()[-1].strip("`").split()
        assert command[:2] == ["drillsim", "run"]
        assert main([*command[1:], "--out", str(again), "--quiet", "--lang", "en"]) == 0
        assert (first / "summary.json").read_bytes() == (again / "summary.json").read_bytes()


def test_stops_are_called_by_their_work_and_an_arrow_leads_only_where_somebody_goes() -> None:
    """Half go to the second counter, the rest is sent home: nobody goes from the desk to the stop that is written next."""
    parts: dict[str, Any] = {
        "staff": {"clerk": {"on_duty": 1}},
        "departments": {"hall": {}},
        "activities": {"desk": {"department": "hall", "title": "Desk", "takes": 1}, "pay": {"department": "hall", "title": "Paying", "takes": 1}},
        "pathways": {"v": {"arrivals": {"rate": "6 per h"}, "route": [
            {"do": "desk", "then": [{"to": "pay_b", "chance": 0.5}, {"to": "leave"}]}, {"id": "pay_a", "do": "pay"}, {"id": "pay_b", "do": "pay"}]}},
    }  # fmt: skip
    table = stress_tables.routes(a_scenario(**parts), "en")
    assert table.rows[0][1] == "Desk [Paying (pay_b) 0.5, leaves]; Paying (pay_a) → Paying (pay_b)"
