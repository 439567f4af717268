"""Playing until figures are known well enough: several at once, not stopped by luck, the same for any number of processes, and honest intervals."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

import drillsim
from drillsim.cli import main
from drillsim.errors import Wrong
from drillsim.model.scenario import Scenario
from drillsim.report.sure import more, rows
from drillsim.score import compared, intervals, precision
from drillsim.score.replication import Scored, score
from drillsim.score.summaries import Asked, summarise
from drillsim.score.summary import PrecisionPart
from drillsim.score.summary_parts import Estimate
from drillsim.score.table import Table
from tests.builder import a_scenario
from tests.logs import a_log, step_rows
from tests.plays import a_plan

MM1 = """\
drillsim: scenario/1
title: One counter
start: 2026-03-09 00:00
warm_up: 1 d
horizon: 2 d
hospital:
  title: A counter
  staff: {clerks: {title: Clerks, on_duty: 1}}
  activities: {counter: {title: Counter, needs: clerks, takes: exponential(3 min)}}
  pathways: {customers: {title: Customers, arrivals: {every: exponential(4 min)}, route: [counter]}}
"""


@pytest.fixture
def mm1(tmp_path: Path) -> Path:
    path = tmp_path / "mm1.yaml"
    path.write_text(MM1, encoding="utf-8")
    return path


def a_clinic() -> Scenario:
    return a_scenario(
        staff={"nurse": {"on_duty": 1}},
        activities={"care": {"needs": "nurse", "takes": 5.0}},
        pathways={"p": {"arrivals": {"every": 10.0}, "route": ["care"]}},
        roles={"r": {}},
        steps=[{"id": "s", "owner": "r", "takes": 5.0, "within": "10 min of start"}],
        objectives=[
            {"id": "few", "title": "few", "measure": "patients.left <= 5"},
            {"id": "kept", "title": "kept", "steps": ["s"]},
        ],
    )


def a_table(values: list[float], figure: str = "wait_mean") -> Table:
    """Runs with one figure of all patients."""
    key = (("patients", "patients", figure),)
    scored = [Scored(n, key, np.array([v]), None, None, None) for n, v in enumerate(values, 1)]
    return Table(scored, 0.95)


def one(text: str, name: str = "patients.wait_mean") -> precision.Wanted:
    return precision.wanted(precision.named(a_clinic(), name), text)


# Words


def test_a_percentage_is_points_for_shares_and_relative_for_everything_else() -> None:
    assert one("5 %")[1:3] == (0.05, True)
    assert one("5%", "plan.all_on_time")[1:3] == (0.05, False)
    assert one("2 min")[1:3] == (2.0, False)
    assert one("1 h")[1:3] == (60.0, False)
    assert one("3", "patients.left")[1:3] == (3.0, False)
    assert one("0.05", "patients.left_share")[1:3] == (0.05, False)


@pytest.mark.parametrize(("name", "text"), [("patients.wait_mean", "0 %"), ("plan.all_on_time", "2 min"), ("patients.left", "two"), ("plan.all_on_time", "5"), ("patients.wait_mean", "-1 min")])  # fmt: skip
def test_a_precision_that_does_not_fit_its_figure_is_refused(name: str, text: str) -> None:
    with pytest.raises(Wrong):
        one(text, name)


def test_figures_are_named_as_in_comparisons_or_as_in_objectives() -> None:
    scenario = a_clinic()
    assert precision.named(scenario, "step.s.on_time").unit == "claim"
    for name in ("p.minutes_median", "pathway.p.minutes_median"):
        assert precision.named(scenario, name)[1:4] == ("pathway", "p", "minutes_median")
    with pytest.raises(Wrong, match=r"there is no figure 'q\.minutes_median' in this scenario"):
        precision.named(scenario, "q.minutes_median")


def test_usually_the_deadlines_and_the_objectives_are_wanted() -> None:
    assert [f.name for f in precision.usual(a_clinic())] == ["plan.all_on_time", "patients.left", "objective.kept.met"]
    bare = a_scenario(systems={"db": {}})
    assert [f.name for f in precision.usual(bare)] == ["component.db.availability"]


def test_a_figure_of_its_own_and_a_precision_for_the_others_go_together() -> None:
    sure = precision.read(a_clinic(), ["5 %", "patients.left=2"])
    assert [(w.figure.name, w.amount) for w in sure.wanted] == [
        ("patients.left", 2.0), ("plan.all_on_time", 0.05), ("objective.kept.met", 0.05)
    ]  # fmt: skip


# When it is enough


def test_a_mean_of_zero_never_has_a_relative_precision() -> None:
    figures = [0.0] * 500
    assert not precision.known(a_table(figures), a_clinic(), one("50 %"), 5)
    assert precision.known(a_table(figures), a_clinic(), one("0.1 min"), 5)


def test_relative_precision_is_of_the_size_of_the_mean() -> None:
    values = np.random.default_rng(1).normal(-100, 5, 60).tolist()
    assert precision.known(a_table(values), a_clinic(), one("5 %"), 5)


def test_it_must_stay_below_and_not_only_fall_below_once() -> None:
    """Twenty values close together are known well; one far off, and it must be known well at every one of the last numbers of runs again."""
    calm = [10.0, 10.2] * 10
    wanted = one("0.1 min")
    assert precision.known(a_table(calm), a_clinic(), wanted, 5)
    for after in range(6):
        wild = [*calm[:14], 30.0, *([10.0] * after)]
        assert not precision.known(a_table(wild), a_clinic(), wanted, 5)
    narrow_now_only = [10.0, 13.0, 10.0, 13.0, *[11.5] * 16]
    halves = [precision.half_width(intervals.mean(np.array(narrow_now_only[:n]))) for n in range(2, 21)]
    goal = (halves[-1] + halves[-2]) / 2  # reached at the last run, not at the one before
    assert not precision.known(a_table(narrow_now_only), a_clinic(), one(f"{goal:.6f}"), 5)
    assert precision.known(a_table([*narrow_now_only, *[11.5] * 5]), a_clinic(), one(f"{goal:.6f}"), 5)


def test_every_figure_must_be_known() -> None:
    table = a_table([10.0, 10.1] * 20)
    scenario = a_clinic()
    assert precision.enough(table, scenario, precision.read(scenario, "patients.wait_mean=1 min"))
    both = precision.read(scenario, ["patients.wait_mean=1 min", "patients.left=1"])
    assert not precision.enough(table, scenario, both)  # no run has the other


# How many more


def test_the_runs_needed_are_the_fewest_whose_interval_is_narrow_enough() -> None:
    values = np.random.default_rng(3).normal(50, 10, 40)
    figure = one("5 %").figure
    needed = precision.runs_needed(values, figure, 1.0, 0.95)
    assert needed is not None
    spread = float(np.std(values, ddof=1))
    assert intervals.t_quantile(0.975, needed - 1) * spread / math.sqrt(needed) <= 1.0
    assert intervals.t_quantile(0.975, needed - 2) * spread / math.sqrt(needed - 1) > 1.0
    claims = np.array([1.0] * 30 + [0.0] * 10)
    needed = precision.runs_needed(claims, one("5 %", "plan.all_on_time").figure, 0.05, 0.95)
    assert needed is not None
    assert needed == pytest.approx(0.75 * 0.25 * (1.96 / 0.05) ** 2, rel=0.02)
    assert precision.runs_needed(np.array([3.0]), figure, 1.0, 0.95) is None


def test_twice_as_well_takes_about_four_times_as_many() -> None:
    values = np.random.default_rng(3).normal(50, 10, 100).tolist()
    scenario = a_clinic()
    part = precision.precision_parts(scenario, a_table(values), precision.read(scenario, "patients.wait_mean=1%"))[0]
    assert part.known is False
    assert part.goal == pytest.approx(0.01 * float(np.mean(values)))
    assert part.runs_for_half == pytest.approx(400, rel=0.03)
    assert part.runs_needed == pytest.approx(100 * (part.half / part.goal) ** 2, rel=0.03)  # type: ignore[operator]


# Through both doors


def test_it_stops_at_the_same_run_for_any_number_of_processes(mm1: Path, tmp_path: Path) -> None:
    for jobs in ("1", "2"):
        arguments = ["run", str(mm1), "--precision", "patients.wait_mean=10 %", "--jobs", jobs, "--quiet"]
        assert main([*arguments, "--out", str(tmp_path / jobs)]) == 0
    summaries = [(tmp_path / jobs / "summary.json").read_bytes() for jobs in ("1", "2")]
    assert summaries[0] == summaries[1]
    summary = json.loads(summaries[0])
    (part,) = summary["precision"]
    assert part["known"] is True
    assert part["half"] <= part["goal"] == pytest.approx(0.1 * part["estimate"]["value"])
    assert 20 <= summary["runs"]["done"] == summary["runs"]["asked"] < 1000
    same = drillsim.run(mm1, replications=summary["runs"]["done"]).summary
    assert same.activities[0].wait.model_dump() == summary["activities"][0]["wait"]


def test_it_plays_the_least_at_least_and_the_most_at_most_and_says_what_is_not_yet_known(mm1: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    quick = drillsim.run(mm1, precision="patients.wait_mean=99 %", least=33)
    assert quick.summary.runs.done == 33
    arguments = ["run", str(mm1), "--precision", "1 %", "--measure", "patients.wait_mean", "--measure", "resource.clerks.utilisation"]  # fmt: skip
    assert main([*arguments, "--most", "25", "--out", str(tmp_path / "run"), "--lang", "en"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "not yet known as well as asked (1 %:" in told
    assert "as well as asked: about" in told
    opened = drillsim.open_run(tmp_path / "run")
    assert opened.summary.runs.done == 25
    waits, busy = opened.summary.precision
    assert waits.known is False
    assert waits.runs_needed is not None
    assert waits.runs_needed > 1000
    assert busy.figure == "resource.clerks.utilisation"
    assert main(["score", str(tmp_path / "run"), "--lang", "en"]) == 0
    assert drillsim.open_run(tmp_path / "run").summary == opened.summary


def test_without_a_wish_the_report_says_what_a_finer_answer_would_take(mm1: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    assert main(["run", str(mm1), "--replications", "10", "--out", str(tmp_path / "run"), "--lang", "en"]) == 0
    assert "twice as well: about" in " ".join(capsys.readouterr().out.split())
    page = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert "How sure the figures are" in page
    assert "twice as well: about" in page


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--precision", "5 %", "--replications", "9"], "give only one of --replications, --only and --precision"),
        (["--precision", "patients.waits=5 %"], "there is no figure 'patients.waits' in this scenario (--precision)"),
        (["--precision", "patients.wait_mean=soon"], "(--precision)"),
        (["--measure", "patients.wait_mean"], "say how precisely the measures are to be known"),
        (["--most", "50"], "--least and --most go with --precision"),
        (["--precision", "5 %", "--least", "50", "--most", "40"], "the least number of runs (50)"),
    ],
)
def test_a_wish_that_cannot_be_is_explained(arguments: list[str], words: str, mm1: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    assert main(["run", str(mm1), *arguments, "--lang", "en"]) == 1
    assert words in capsys.readouterr().err


def test_a_figure_that_never_varied_may_still_have_another_value_in_some_runs() -> None:
    """Nobody left in any of 20 runs: with a chance of one in six a run that is still seen in 3 of 100 experiments (Wilson: 16 %)."""
    part = PrecisionPart(figure="patients.left", kind="patients", id="patients", name="left", unit="number", estimate=Estimate(value=0.0, low=0.0, high=0.0, n=20), half=0.0)  # fmt: skip
    assert more(part) == "every run has the same value; in up to 16 % of runs it could still be another"
    assert more(part, "zh") == "每次模拟的值都相同；但仍可能有至多 16% 的模拟出现别的值"


def test_a_time_that_was_not_over_at_the_end_is_known_as_at_least_only() -> None:
    """The step is done at 60 in one run and never in the other, which counts until the end (200): on average 130 min at least."""
    scenario = a_plan()
    detected = (10.0, "reached", "detected", "", "users")
    ends = [(60.0, "done"), (200.0, "unfinished")]
    logs = [a_log(scenario, events=[detected, *step_rows("order", (11, "working"), end)], replication=n) for n, end in enumerate(ends, 1)]  # fmt: skip
    wish = precision.read(scenario, ["plan.completed_at=5 min"])
    scored = [score(scenario, log) for log in logs]
    summary = summarise(scenario, scored, Asked("test", 2, 1, sure=wish))
    [row] = rows(summary, scenario)
    assert row.value == "≥ 2 h 10 min"
    [row] = rows(summarise(scenario, scored[:1], Asked("test", 1, 1, sure=wish)), scenario)
    assert row.value == "1 h"


# Are the intervals honest


@pytest.mark.slow
def test_intervals_hold_what_they_promise_also_when_they_decide_when_to_stop() -> None:
    """600 experiments on a mean of 50 and on a chance of 0.7, each until it is known well enough: at least 93 % of the 95 % intervals hold it.

    (Monte-Carlo error of a share of 0.95 over 600: 0.009. Stopping when an interval is narrow makes it hold a little less often than with a fixed number.)
    """
    generator = np.random.default_rng(20260309)
    scenario = a_clinic()
    for figure, exact, draw, asked in (
        ("patients.wait_mean", 50.0, lambda n: generator.gamma(4.0, 12.5, n), "patients.wait_mean=8 %"),
        ("objective.kept.met", 0.7, lambda n: (generator.random(n) < 0.7).astype(float), "objective.kept.met=8 %"),
    ):
        sure = precision.read(scenario, asked)
        held, fixed, runs = 0, 0, []
        for _ in range(600):
            values = draw(1000)
            count = sure.least
            while True:
                name = ("patients", "patients", "wait_mean") if exact > 1 else ("objective", "kept", "met")
                scored = [Scored(n, (name,), np.array([v]), None, None, None) for n, v in enumerate(values[:count], 1)]
                if precision.enough(Table(scored, 0.95), scenario, sure) or count >= sure.most:
                    break
                count += max(10, count // 10)
            estimate = precision.estimate(values[:count], sure.wanted[0].figure, 0.95)
            held += estimate.low <= exact <= estimate.high
            set_number = precision.estimate(values[:100], sure.wanted[0].figure, 0.95)
            fixed += set_number.low <= exact <= set_number.high
            runs.append(count)
        assert held / 600 >= 0.93, (figure, held / 600)
        assert abs(fixed / 600 - 0.95) < 3.3 * (0.95 * 0.05 / 600) ** 0.5, (figure, fixed / 600)
        print(figure, "held", held / 600, "with a fixed number", fixed / 600, "runs", np.mean(runs))


def test_every_figure_that_is_compared_can_be_asked_for() -> None:
    scenario = a_clinic()
    for figure in compared.figures(scenario):
        assert precision.named(scenario, figure.name) == figure
