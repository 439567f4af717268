"""What the plan check found stands beside the score: in the summary, on the page, in the terminal, and before a run."""

from __future__ import annotations

import pytest

from drillsim import api, files
from drillsim.cli import main
from drillsim.report import checked
from drillsim.report.html import write_report
from tests.report_sample import scenario, summary

PLAN = """\
drillsim: scenario/1
title: Outage
start: 2026-03-09 07:00
horizon: 3 h
hospital:
  title: H
  staff: {solo: {title: Solo, on_duty: {"sat-mon 00:00-24:00": 1}}}
  systems: {pump: {title: Pump, kind: application}}
plan:
  title: P
  silence: {no-deputy: {en: one is all there is, zh: 只有一人}}
  roles: {lead: {title: Lead, holders: solo}}
  steps:
    - {id: look, title: Look, owner: lead, on: detected, takes: 1 min, within: 5 min of detected}
faults: [{target: pump, at: "09:00", lasts: 10 min}]
"""


@pytest.fixture
def ours(tmp_path):
    path = tmp_path / "ours.yaml"
    path.write_text(PLAN, encoding="utf-8")
    return path


@pytest.fixture
def result(ours):
    return api.run(ours, replications=2, jobs=1)


def test_the_summary_holds_what_was_found_in_both_languages_and_what_is_silenced(result):
    found = {one.rule: one for one in result.summary.findings}
    assert list(found) == ["no-holder", "no-deputy"]
    one = found["no-holder"]
    assert (one.severity, one.about, one.file, one.line, one.path) == (
        "serious",
        "lead",
        "ours.yaml",
        12,
        "plan.roles.lead",
    )
    assert one.what.en == "nobody holds the role “Lead” (lead): Tuesday 00:00 to Friday 24:00"
    assert one.what.zh.startswith("以下时段无人担任角色“Lead”（lead）")
    assert one.silenced is None
    assert found["no-deputy"].silenced.zh == "只有一人"


def test_a_run_that_is_saved_and_scored_again_keeps_its_findings(result, tmp_path):
    result.save(tmp_path / "run")
    assert api.open_run(tmp_path / "run").summary.findings == result.summary.findings
    assert api.summed_again(tmp_path / "run").summary.findings == result.summary.findings


def test_a_scenario_from_python_is_checked_too(ours):
    plain = api.run(files.load(ours).scenario, replications=1, jobs=1)
    assert [(one.rule, one.line) for one in plain.summary.findings] == [("no-holder", None), ("no-deputy", None)]


def test_the_page_tells_a_score_with_findings_from_one_without(result):
    page = write_report(result.summary, result.scenario, {}, "en")
    assert "The plan check found 1 serious finding; read the figures with them." in page
    assert '<section id="lint"' in page
    assert "ours.yaml, line 12: plan.roles.lead" in page
    assert "one is all there is" in page
    clean = write_report(result.summary.model_copy(update={"findings": []}), result.scenario, {}, "en")
    assert "The plan check found nothing to object to." in clean
    assert '<section id="lint"' not in clean


def test_a_summary_that_was_never_checked_says_nothing_of_it():
    page = write_report(summary(), scenario(), {}, "en")
    assert "plan check" not in page


def test_findings_are_counted_by_severity():
    assert checked.counts(["hint", "serious", "serious"], "en") == "2 serious findings, 1 hint"
    assert checked.counts([], "en") == ""


def test_a_run_says_first_what_the_plan_check_found(ours, tmp_path, capsys):
    assert main(["run", str(ours), "--replications", "1", "--out", str(tmp_path / "out"), "--lang", "en"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"Plan check: 1 serious finding  → drillsim check {ours}"
    assert any(
        line.startswith("Plan check   1 serious finding: nobody holds the role “Lead” (lead)") for line in lines[1:]
    )
    main(["run", str(ours), "--replications", "1", "--out", str(tmp_path / "two"), "--quiet", "--lang", "en"])
    assert "Plan check" not in capsys.readouterr().out
