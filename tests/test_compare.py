"""Two ways of doing it side by side: what is paired, what is sure, what is said, and what is written."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

import drillsim
from drillsim import studies
from drillsim.cli import main
from drillsim.experiment.arms import play_arms
from drillsim.experiment.play import play_scored
from drillsim.files.altered import altered
from drillsim.log.rows import Log
from drillsim.model.base import Text
from drillsim.model.scenario import Objective, Scenario
from drillsim.report import compare_page, compared
from drillsim.score.comparison import Arm, Comparison, Row, compare
from drillsim.score.replication import score
from tests.builder import a_scenario
from tests.logs import a_log, step_rows
from tests.plays import a_plan, late_by_number

LUCK = np.random.default_rng(5).normal(0, 6, 1000)


def earlier(scenario: Scenario, *, seed: int, replication: int, with_faults: bool = True) -> Log:
    """Done at 40 min plus luck, and on another ``horizon`` 8 min sooner with half a minute of luck of its own."""
    sooner = 8.0 + LUCK[-replication] / 12 if scenario.horizon == 201 else 0.0
    done = 40.0 + LUCK[replication + 100 * seed] - sooner
    rows = [(10.0, "fault", "f", "began", "db", 1.0), (10.0, "reached", "detected", "", "users")]
    return a_log(scenario, events=rows + step_rows("order", (11, "working"), (done, "done")), replication=replication)


def arm(name: str, *, sooner: bool = False, seed: int = 1, runs: int = 40) -> Arm:
    scenario = a_plan()
    scenario = scenario.model_copy(update={"horizon": 201.0}) if sooner else scenario
    scored = play_scored(scenario, seed, range(1, runs + 1), earlier)
    return Arm(name, Text(en=name, zh=name), scenario, scored, seed)


def row(comparison: Comparison, name: str) -> Row:
    return next(r for r in comparison.figures if r.name == name)


def test_the_same_luck_is_compared_in_pairs_and_tells_far_more_than_samples() -> None:
    paired = row(compare([arm("base"), arm("sooner", sooner=True)]), "plan.completed_at").differences[0]
    apart = row(compare([arm("base"), arm("sooner", sooner=True, seed=2)]), "plan.completed_at").differences[0]
    assert paired.paired
    assert not apart.paired
    assert paired.difference.value == pytest.approx(-8, abs=0.5)
    assert paired.correlation is not None
    assert paired.correlation > 0.99
    assert apart.correlation is None
    widths = [d.difference.high - d.difference.low for d in (paired, apart)]  # type: ignore[operator]
    assert widths[0] < widths[1] / 5
    assert (paired.sure, paired.direction) == ("sure", "better")


def test_a_comparison_says_whether_the_luck_was_the_same() -> None:
    same, other = compare([arm("base"), arm("x", sooner=True)]), compare([arm("base"), arm("x", sooner=True, seed=2)])
    assert same.paired
    assert not other.paired
    assert "run 17 of one is compared with run 17 of the other" in compared.how(same)[0]
    assert "seeds 1 and 2" in compared.how(other)[0]


def test_what_no_run_tells_apart_is_the_same_and_is_not_counted() -> None:
    found = compare([arm("base"), arm("again")])
    assert {d.sure for r in found.figures for d in r.differences} == {"same"}
    assert found.families == {"headline": 0, "others": 0}
    assert compared.sentences(found, a_plan()) == []


def test_one_of_many_comparisons_that_would_be_sure_alone_is_not_called_sure() -> None:
    """Twelve arms without any effect and one with a small one: Holm multiplies its p-value by the number of comparisons."""
    base = arm("base", runs=12)
    arms = [base, *(arm(f"luck {n}", seed=n, runs=12) for n in range(2, 8))]
    found = compare(arms)
    judged = [d for r in found.figures if r.headline for d in r.differences if d.p is not None]
    assert found.families["headline"] == len(judged)
    smallest = min(judged, key=lambda d: d.p or 0.0)
    assert smallest.adjusted == pytest.approx(min(1.0, (smallest.p or 0.0) * len(judged)))


def test_runs_that_were_unhealthy_leave_their_pair_out() -> None:
    base, other = arm("base", runs=10), arm("x", sooner=True, runs=10)
    other.scored[3].unhealthy.append(("a.b <= 1", 2.0))
    found = compare([base, other])
    assert row(found, "plan.completed_at").differences[0].difference.n == 9
    assert any("not healthy before the fault: x: 1. Pairs lack" in said for said in compared.how(found))
    assert any("不予评分的模拟：x 1 次。" in said for said in compared.how(found, "zh"))
    assert not any("not healthy" in said for said in compared.how(compare([arm("a", runs=4), arm("b", runs=4)])))


def test_two_hospitals_are_compared_by_the_figures_they_share() -> None:
    other = a_scenario(
        staff={"dba": {}}, systems={"db": {}, "his": {}}, roles={"lead": {"holders": ["dba"]}},
        steps=[{"id": "order", "owner": "lead", "within": "30 min of detected"}], horizon=200.0,
    )  # fmt: skip
    two = Arm("other", Text(en="other"), other, play_scored(other, 1, [1, 2], earlier), 1)
    names = {r.name for r in compare([arm("base", runs=2), two]).figures}
    assert "component.db.minutes_down" in names
    assert not any("his" in name for name in names)


def test_hospitals_that_differ_are_named_and_objectives_that_ask_for_other_things_are_left_out() -> None:
    def one(name: str, hospital: str, limit: str) -> Arm:
        objectives = [{"id": "soon", "title": "Soon", "measure": f"plan.completed_at <= {limit}"}, {"id": "same", "title": "Same", "steps": ["order"]}]  # fmt: skip
        scenario = a_plan().model_copy(update={"objectives": tuple(Objective.model_validate(o) for o in objectives)})
        scenario = scenario.model_copy(update={"hospital": scenario.hospital.model_copy(update={"title": Text(en=hospital)})})  # fmt: skip
        return Arm(name, Text(en=name), scenario, play_scored(scenario, 1, [1, 2], earlier), 1)

    found = compare([one("a", "County", "1 h"), one("b", "City", "2 h")])
    assert [h.en for h in found.hospitals] == ["County", "City"]
    assert found.unlike == ["soon"]
    assert {r.id for r in found.figures if r.kind == "objective"} <= {"same"}
    said = compared.how(found)
    assert any(s.startswith("The hospitals differ: County and City.") for s in said)
    assert any(s.endswith("are left out: soon.") for s in said)
    assert not any("hospitals differ" in s for s in compared.how(compare([one("a", "County", "1 h"), one("b", "County", "1 h")])))  # fmt: skip


def test_a_figure_of_part_of_the_runs_is_said_to_be_no_difference_of_the_means() -> None:
    first, second = arm("base", runs=6), arm("x", sooner=True, runs=6)
    assert not any("need not be the difference" in s for s in compared.how(compare([first, second])))
    place = first.scored[0].keys.index(("plan", "plan", "completed_at"))
    first.scored[0].values[place] = np.nan
    assert any("need not be the difference" in s for s in compared.how(compare([first, second])))


def test_two_saved_runs_of_different_seeds_are_compared_as_samples_in_both_languages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    for seed in ("1", "7"):
        assert main(["run", "county-night-lab", "--replications", "3", "--seed", seed, "--out", str(tmp_path / f"seed{seed}"), "--quiet", "--jobs", "1"]) == 0  # fmt: skip
    capsys.readouterr()
    both = [str(tmp_path / "seed1"), str(tmp_path / "seed7")]
    assert main(["compare", *both, "--out", str(tmp_path / "c"), "--lang", "en"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "seed7" in said
    assert "luck of their own (seeds 1 and 7), so they are compared as separate samples (Welch, Newcombe)" in said
    assert main(["compare", *both, "--out", str(tmp_path / "d"), "--lang", "zh"]) == 0
    assert "种子 1和7" in capsys.readouterr().out


def test_two_plans_in_one_hospital_are_compared_on_the_same_luck(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Plan B sends the clinics to paper ten minutes sooner; nothing else differs."""
    scenario = drillsim.files.new(tmp_path / "own", "en")[-1]
    plan = scenario.parent / "plan.yaml"
    (scenario.parent / "plan_b.yaml").write_text(plan.read_text(encoding="utf-8").replace("outpatient: 20 min", "outpatient: 10 min"), encoding="utf-8")  # fmt: skip
    other = scenario.parent / "other.yaml"
    other.write_text(scenario.read_text(encoding="utf-8").replace("plan: plan.yaml", "plan: plan_b.yaml").replace("title: Server failure", "title: Plan B, server failure", 1), encoding="utf-8")  # fmt: skip
    assert main(["compare", str(scenario), str(other), "--replications", "3", "--jobs", "1", "--out", str(tmp_path / "c"), "--json", "--lang", "en"]) == 0  # fmt: skip
    printed = capsys.readouterr()
    found = Comparison.model_validate_json(printed.out)
    assert found.paired
    assert not found.hospitals
    assert (row(found, "event.ordered.minute").differences[0].difference.value or 0) < -3
    assert "Plan B, server failure" in printed.err


def test_arms_need_names_of_their_own() -> None:
    with pytest.raises(ValueError, match="two or more arms with different names"):
        compare([arm("base"), arm("base")])
    with pytest.raises(ValueError, match="two or more arms"):
        compare([arm("base")])


def test_a_sentence_has_both_values_the_difference_its_interval_and_how_sure_it_is() -> None:
    found = compare([arm("base"), arm("sooner", sooner=True)])
    said = compared.sentences(found, a_plan())
    assert any(
        re.fullmatch(
            r"sooner\. Time until the last step is done: \d+ min instead of \d+ min \(−[78](\.\d)? min; 95 % interval "
            r"−8(\.\d)? min to −7(\.\d)? min\); better, and more than luck\.",
            one,
        )
        for one in said
    ), said
    assert "更好，且不是偶然" in compared.sentences(found, a_plan(), "zh")[0]


def test_the_page_shows_every_arm_its_picture_and_how_it_was_judged_in_both_languages() -> None:
    found = compare([arm("base"), arm("sooner", sooner=True)])
    for language, words in (("en", "Holm's method"), ("zh", "Holm 方法")):
        page = compare_page.write_page(found, a_plan(), language)
        assert words in page.replace("&#39;", "'")
        assert "<svg" in page
        assert 'src="http' not in page


def test_several_scenarios_on_the_same_luck_are_what_each_gives_alone_with_any_number_of_processes() -> None:
    one = a_plan()
    two = altered(one, set={"plan.steps.order.within": "15 min of detected"})
    for jobs in (1, 2):
        found = play_arms({"a": one, "b": two}, range(1, 5), seed=3, jobs=jobs, replicate=late_by_number)
        assert [s.replication for s in found.scored["a"]] == [1, 2, 3, 4]
        for name, scenario in (("a", one), ("b", two)):
            alone = play_scored(scenario, 3, range(1, 5), late_by_number)
            assert [s.figures["step", "order", "late_by"] for s in found.scored[name]] == pytest.approx(
                [s.figures["step", "order", "late_by"] for s in alone], nan_ok=True
            )


def test_grahams_four_people_finish_three_minutes_later_in_every_run() -> None:
    table = drillsim.compare("graham-1969", variants=["four_people", "shorter_tasks"], replications=2).table()
    done = table[table.figure == "plan.completed_at"].set_index("arm")
    assert done.difference.to_dict() == {"four_people": 3, "shorter_tasks": 1}
    assert set(done.direction) == {"worse"}


def test_a_record_and_a_file_are_compared_alike() -> None:
    loaded = drillsim.load("graham-1969")
    by_name = drillsim.compare("graham-1969", variants="four_people", replications=2)
    assert drillsim.compare(loaded, variants="four_people", replications=2).comparison == by_name.comparison
    assert drillsim.compare(loaded.scenario, variants="four_people", replications=2).comparison == by_name.comparison


def test_what_cannot_be_compared_is_refused() -> None:
    for what, options in (
        (["graham-1969"], {}),
        (["graham-1969", "smallest"], {"variants": ["four_people"]}),
        ([], {}),
    ):
        with pytest.raises(ValueError, match="give one scenario with variants"):
            studies.compare(*what, **options)  # type: ignore[arg-type]


def test_two_saved_runs_are_compared_as_they_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, more in (("a", []), ("b", ["--set", "plan.roles.person.count=4"])):
        assert main(["run", "graham-1969", "--replications", "2", "--out", str(tmp_path / name), "--quiet", *more]) == 0
    capsys.readouterr()
    assert main(["compare", str(tmp_path / "a"), str(tmp_path / "b"), "--out", str(tmp_path / "c"), "--json"]) == 0
    found = Comparison.model_validate_json(capsys.readouterr().out)
    assert row(found, "plan.completed_at").differences[0].difference.value == 3
    assert [a.name for a in found.arms] == ["a", "b"]  # the same scenario: told apart by where they lie


def test_the_command_writes_its_folder_and_says_which_is_worse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    command = ["compare", "graham-1969", "--variant", "base", "--variant", "four_people", "--replications", "2"]
    assert main([*command, "--lang", "en"]) == 0
    assert "Four people: worse: " in " ".join(capsys.readouterr().out.split())
    folder = tmp_path / "runs" / "graham-1969-compare-1"
    assert sorted(p.name for p in folder.iterdir()) == ["report.html", "study.json", "table.csv"]
    assert json.loads((folder / "study.json").read_text(encoding="utf-8"))["reference"] == "base"
    assert main([*command, "--out", str(folder)]) == 1
    assert main([*command, "--out", str(folder), "--force"]) == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["graham-1969"], "give one scenario and variants of it"),
        (["graham-1969", "--variant", "base"], "there is nothing to compare `base` with"),
        (["graham-1969", "--variant", "four_peple"], "four_people"),
    ],
)
def test_the_command_says_what_it_lacks(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", *arguments, "--replications", "1", "--lang", "en"]) == 1
    assert said in capsys.readouterr().err


def restored_at(minutes: list[float], name: str) -> Arm:
    """Runs whose database (the only system) comes back at these minutes after the failure; the exercise ends 190 minutes after it."""
    scenario = a_plan()
    scored = []
    for number, after in enumerate(minutes, 1):
        rows: list[tuple] = [(10.0, "fault", "f", "began", "db", 1.0), (10.0, "component", "db", "down", "own")]
        if after < 190:
            rows += [(10.0 + after, "component", "db", "up", "own"), (10.0 + after, "reached", "restored", "", "db")]
        scored.append(score(scenario, a_log(scenario, events=rows, replication=number)))
    return Arm(name, Text(en=name, zh=name), scenario, scored, 1)


def test_runs_that_are_not_restored_before_the_end_stay_in_the_comparison() -> None:
    """Of the pairs (50, 60), (70, never), (never, 40), leaving out the unfinished says 10 min longer; until the end it is +10, +120, -150."""
    found = row(compare([restored_at([50, 70, 999], "base"), restored_at([60, 999, 40], "other")]), "event.restored.minute")  # fmt: skip
    assert found.differences[0].difference.n == 3
    assert found.differences[0].difference.value == pytest.approx((10 + 120 - 150) / 3)
    assert found.values["base"].value == pytest.approx((50 + 70 + 190) / 3)
    assert found.at_least == {"base": 1, "other": 1}
    assert compared.of_arm(found, "base") == "≥ 1 h 43 min"
    whole = row(compare([restored_at([50, 70], "base"), restored_at([60, 80], "other")]), "event.restored.minute")
    assert whole.at_least == {}
    assert compared.of_arm(whole, "base") == "1 h"


def rows_compared(scenario: Scenario, figure: str, *arms: list[list[tuple]]) -> Row:
    """A figure of arms whose runs have these rows besides those of the fault."""
    began = [(10.0, "fault", "f", "began", "db", 1.0), (10.0, "reached", "failed", "", "f")]
    made = []
    for name, runs in zip("ab", arms, strict=True):
        logs = [a_log(scenario, events=[*began, *rows], replication=number) for number, rows in enumerate(runs, 1)]
        made.append(Arm(name, Text(en=name, zh=name), scenario, [score(scenario, log) for log in logs], 1))
    return row(compare(made), figure)


def test_runs_in_which_an_arm_spares_a_department_stay_in_the_comparison() -> None:
    """Both stand still for 60 min in run 1; in run 2 only the first does: on average 30 min less, not the 0 of the run in which both do."""
    scenario = a_scenario(staff={"clerk": {}}, departments={"ward": {}}, systems={"db": {}}, faults=[{"id": "f", "target": "db"}], horizon=200.0)  # fmt: skip
    still = [(20.0, "department", "ward", "waiting", "db"), (80.0, "department", "ward", "normal", "db")]
    found = rows_compared(scenario, "department.ward.stood_still", [still, still], [still, []])
    assert (found.differences[0].difference.value, found.differences[0].difference.n) == (-30, 2)
    assert (found.values["a"].value, found.values["b"].value) == (60, 30)


def test_incidents_that_were_never_noticed_or_declared_stay_in_the_comparison() -> None:
    """Run 1: noticed 10 min after the fault by both; run 2: after 50 min by the first, never by the second, which counts until the end (190 min)."""
    scenario = a_scenario(
        systems={"db": {}}, roles={"lead": {}}, steps=[{"id": "call", "owner": "lead", "does": "declare"}],
        faults=[{"id": "f", "target": "db"}], horizon=200.0,
    )  # fmt: skip
    for event in ("detected", "declared"):
        soon, late = [(20.0, "reached", event)], [(60.0, "reached", event)]
        found = rows_compared(scenario, f"event.{event}.minute", [soon, late], [soon, []])
        assert (found.differences[0].difference.value, found.differences[0].difference.n) == (70, 2), event
        assert found.at_least == {"b": 1}


def test_lateness_of_steps_never_done_is_told_as_at_least() -> None:
    scenario = a_plan()
    detected = (10.0, "reached", "detected", "", "users")
    done = [detected, *step_rows("order", (11, "working"), (60.0, "done"))]
    never = [detected, *step_rows("order", (11, "working"), (200.0, "unfinished"))]
    found = rows_compared(scenario, "plan.minutes_late", [done, done], [done, never])
    assert found.at_least == {"b": 1}
    assert compared.of_arm(found, "b") == "≥ 1 h 30 min"


def test_a_difference_alike_in_a_few_runs_is_told_to_come_about_by_luck_too() -> None:
    """One more or one less with chance ½ each is alike in both of two runs half of the time, in three runs a quarter, in ten 1 in 512."""
    draw = np.random.default_rng(3)
    alike = [np.mean([len(set(draw.choice([-1, 1], n))) == 1 for _ in range(4000)]) for n in (2, 3, 10)]
    assert alike == pytest.approx([1 / 2, 1 / 4, 1 / 512], abs=0.03)
    for runs, told in ((2, "50 % of comparisons"), (3, "25 % of comparisons")):
        graham = drillsim.compare("graham-1969", variants=["four_people"], replications=runs, jobs=1).comparison
        assert any(told in said for said in compared.how(graham))
    assert any("至多 25% 的比较" in said for said in compared.how(graham, "zh"))
    many = drillsim.compare("graham-1969", variants=["four_people"], replications=10, jobs=1).comparison
    assert not any("alike" in said for said in compared.how(many))
    assert not any("alike" in said for said in compared.how(compare([arm("a", runs=4), arm("b", sooner=True, runs=4)])))


def test_runs_that_are_the_same_are_said_to_be_the_same() -> None:
    found = compare([arm("a", runs=4), arm("b", runs=4)])
    assert compared.verdict(found, "b", a_plan()) == ("open", "b: every figure is the same in every run.")


def test_differences_are_told_the_surest_first_and_among_them_headline_figures_before_others() -> None:
    from drillsim.report.compared import ranked

    late = [40.0, 44, 47, 52, 55, 61, 43, 49]
    found = compare([restored_at(late, "base"), restored_at([m - 20 for m in late], "other")])
    [headline] = [row for row in found.figures if row.name == "event.restored.minute"]
    given = []
    for number, (sure, whole) in enumerate(
        [("alone", False), ("alone", True), ("sure", False), ("sure", True), ("open", True)]
    ):
        one = headline.differences[0].model_copy(update={"sure": sure})
        given.append(headline.model_copy(update={"figure": f"f{number}", "headline": whole, "differences": [one]}))
    told = [row.figure for row, _ in ranked(found.model_copy(update={"figures": given}))]
    assert told == ["f3", "f2", "f1", "f0"]
