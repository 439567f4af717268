"""What the terminal says at the end: complete, aligned, plain when it is not a terminal, in both languages."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from drillsim import api
from drillsim.report.terminal import bar, show
from tests import report_sample
from tests.builder import a_scenario

SCENARIO = report_sample.scenario()
SUMMARY = report_sample.summary(SCENARIO)


def said(summary=SUMMARY, scenario=SCENARIO, *, language="en", width=120, terminal=False, **more) -> str:
    """Everything that is printed."""
    out = io.StringIO()
    show(
        summary,
        scenario,
        Console(file=out, width=width, force_terminal=terminal, highlight=False),
        language=language,
        **more,
    )
    return out.getvalue()


def test_the_verdict_has_probability_interval_runs_and_coverage():
    text = said()
    assert "▲ The plan does not hold.  All deadlines are met in 4 % of runs (95 % interval 2–8 %, 200 runs)." in text
    assert "exercised: 15 of 16 steps" in text


def test_steps_that_are_late_too_often_stand_worst_first_and_the_rest_is_counted():
    lines = said().splitlines()
    shares = [float(line.split("%")[0].split()[-1]) for line in lines if line.startswith("▲") and "░" in line]
    assert len(shares) == 9
    assert shares == sorted(shares)
    assert "    … 5 more on time often enough (--all)" in lines


@pytest.mark.parametrize(("language", "runs"), [("en", " %), 9 runs"), ("zh", "%），9 次模拟")])
def test_a_share_on_time_of_a_few_runs_only_stands_with_their_number(language, runs):
    first = next(step for step in SUMMARY.steps if step.holds is False)
    few = first.model_copy(update={"on_time": first.on_time.model_copy(update={"n": 9})})
    steps = [few if step.id == first.id else step for step in SUMMARY.steps]
    text = said(SUMMARY.model_copy(update={"steps": steps}), language=language, width=200)
    assert text.count(runs) == 1
    assert runs not in said(language=language, width=200)


def test_all_steps_are_shown_when_asked_for():
    text = said(all_steps=True, width=200)
    assert "Cut off the failing storage path" in text
    assert "--all" not in text


def test_causes_patients_data_and_the_report_are_told(tmp_path):
    text = " ".join(said(report=Path("runs/x/report.html")).split())
    assert "Causes A decision (Director on duty) – 26 min a run; delays “Order paper working for outpatients”" in text
    assert (
        "Patients against the same day without the fault: Outpatients: a typical visit +47 min (42–52 min); 312 more leave"
        in text
    )
    assert "Critical laboratory results told later than 30 min: 22 a run (1.1 otherwise)" in text
    assert (
        "Data no data lost in 85 % (79–89 %) of runs, else up to 8 min; 4,751 items on paper, typed in by 13:33 (in 9 runs of 10 by 15:13)"
        in text
    )
    assert "drillsim run his-database-outage --variant second_dba" in text
    assert "Report runs/x/report.html" in text


def test_output_that_is_not_a_terminal_is_plain_and_wide():
    text = said(width=40)
    assert "\x1b" not in text
    assert max(cell_len(line) for line in text.splitlines()) > 80
    assert "\x1b[" in said(terminal=True)


def test_chinese_columns_stand_below_each_other():
    lines = [line for line in said(language="zh").splitlines() if "░" in line]
    starts = {cell_len(line[: line.index("▓")]) for line in lines}
    assert len(lines) == 9
    assert len(starts) == 1


@pytest.mark.parametrize("width", [60, 80, 100, 160])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_line_is_wider_than_the_terminal(width, language):
    text = said(width=width, terminal=True, language=language, all_steps=True)
    import re

    plain = re.sub(r"\x1b\[[0-9;]*m", "", text)
    assert max(cell_len(line) for line in plain.splitlines()) <= width


def test_a_title_in_square_brackets_is_not_taken_for_a_style():
    scenario = report_sample.scenario({"en": "[bold]Outage[/bold] [/x]", "zh": "x"})
    assert "[bold]Outage[/bold] [/x]" in said(report_sample.summary(scenario), scenario)


@pytest.mark.parametrize(
    ("share", "drawn"),
    [(0.41, "▓▓▓▓░░░░░░"), (0.0, "░░░░░░░░░░"), (0.01, "▓░░░░░░░░░"), (0.99, "▓▓▓▓▓▓▓▓▓░"), (1.0, "▓▓▓▓▓▓▓▓▓▓")],
)
def test_only_certainty_fills_or_empties_a_bar(share, drawn):
    assert bar(share) == drawn


def _summary(scenario, replications=5):
    return api.run(scenario, replications=replications, seed=1, jobs=1).summary


def test_a_queue_is_told_by_its_waits():
    scenario = a_scenario(
        staff={"clerk": {"title": "Clerk", "on_duty": 1}},
        activities={"serve": {"title": "Service", "needs": "clerk", "takes": "exponential(3 min)"}},
        pathways={"people": {"arrivals": {"every": "exponential(4 min)"}, "route": ["serve"]}},
        horizon=1000.0,
    )
    text = said(_summary(scenario), scenario)
    assert "No emergency plan is played here." in text
    assert "mean number waiting" in text
    assert "Service" in text
    assert "share of time busy" in text
    assert "Patients" not in text


def test_a_project_is_told_by_when_its_steps_are_done():
    steps = [
        {"id": "a", "title": "First", "owner": "crew", "takes": "10 min"},
        {"id": "b", "title": "Second", "owner": "crew", "takes": "5 min", "after": "a"},
    ]
    scenario = a_scenario(roles={"crew": {"count": 1}}, steps=steps)
    text = said(_summary(scenario), scenario)
    assert "All steps are done after 15 min in half of the runs." in text
    assert "done after, usually" in text
    assert [w for w in ("First", "Second") if w in text] == ["First", "Second"]


def test_components_are_told_by_their_availability():
    scenario = a_scenario(
        systems={"pump": {"fails": {"every": "exponential(100 min)", "repair": "exponential(10 min)"}}}, horizon=5000.0
    )
    text = said(_summary(scenario), scenario, language="zh")
    assert "可用率" in text
    assert "pump" in text


def test_when_nothing_could_be_scored_no_figure_is_shown():
    runs = SUMMARY.runs.model_copy(update={"scored": 0})
    text = said(SUMMARY.model_copy(update={"runs": runs}))
    assert "Nothing can be said yet." in text
    assert "░" not in text


def test_items_on_paper_are_told_with_their_range_where_runs_differ_much():
    data = SUMMARY.data.model_copy(
        update={"items": SUMMARY.data.items.model_copy(update={"p10": 101.0, "p90": 17284.0})}
    )
    wide = SUMMARY.model_copy(update={"data": data})
    assert "4,751 items on paper (8 runs of 10: 101–17,284), typed in by 13:33" in " ".join(said(wide).split())
    assert "手工单据4,751份（八成模拟：101–17,284份）" in "".join(said(wide, language="zh").split())


def test_where_every_step_is_listed_with_its_times_none_is_counted_as_left_out():
    alone = api.run("graham-1969", replications=3, seed=1, jobs=1, set={"plan.steps.t1.within": "1000 min of start"})
    text = said(alone.summary, alone.scenario)
    assert "more on time often enough" not in text
