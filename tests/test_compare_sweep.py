"""One value swept: what each setting gives, false switches to paper, and which settings nothing beats."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import drillsim
from drillsim.cli import main
from drillsim.experiment.play import play_scored
from drillsim.files.altered import altered
from drillsim.log.rows import Log
from drillsim.model.base import Text
from drillsim.model.scenario import Scenario
from drillsim.report import sweep_page, swept
from drillsim.score.comparison import Arm
from drillsim.score.replication import score
from drillsim.score.sweep import Setting, Sweep, sweep
from drillsim.studies import split
from tests.builder import a_scenario
from tests.logs import a_log

LUCK = np.random.default_rng(3)
OUTAGES = LUCK.exponential(40, 200)


def a_hospital(**parts: Any) -> Scenario:
    """Two groups: the clinics use the HIS, the wards use the HIS and the record; paper is ordered after a threshold."""
    return a_scenario(
        systems={"his": {}, "record": {}},
        departments={"clinic": {"group": "clinics"}, "ward": {"group": "wards"}, "cellar": {}},
        activities={
            "see": {"department": "clinic", "uses": ["his"]}, "nurse": {"department": "ward", "uses": ["his", "record"]},
            "store": {"department": "cellar"},
        },
        pathways={"walk_in": {"arrivals": {"at": [0.0]}, "route": ["see"]}},
        roles={"lead": {}}, steps=[{"id": "order", "owner": "lead", "within": "30 min of failed"}],
        thresholds={"clinics": 20.0}, faults=[{"id": "f", "target": "his"}], horizon=300.0, **parts,
    )  # fmt: skip


def figures(*rows: tuple[Any, ...]) -> dict[tuple[str, str, str], float]:
    return score(a_hospital(), a_log(a_hospital(), events=[(10.0, "fault", "f", "began", "his"), *rows])).figures


def test_a_group_told_to_go_to_paper_shortly_before_its_systems_are_back_switched_for_nothing() -> None:
    down = [(10.0, "component", "his", "down", "own"), (50.0, "component", "his", "up", "own")]
    found = figures(
        *down, (40.0, "reached", "clinics ordered", "", "order"), (30.0, "reached", "wards ordered", "", "order")
    )
    assert [found["group", "clinics", f] for f in ("ordered", "ordered_at", "back_after", "false_switch")] == [
        1,
        30,
        10,
        1,
    ]
    assert [found["group", "wards", f] for f in ("ordered", "ordered_at", "back_after", "false_switch")] == [
        1,
        20,
        20,
        0,
    ]
    assert ("group", "all", "ordered") not in found  # the cellar uses no system


def test_systems_that_are_back_when_the_order_comes_make_it_a_false_switch_too() -> None:
    found = figures(
        (10.0, "component", "his", "down", "own"), (30.0, "component", "his", "slow", "own"),
        (45.0, "reached", "clinics ordered", "", "order"),
    )  # fmt: skip
    assert found["group", "clinics", "back_after"] == 0
    assert found["group", "clinics", "false_switch"] == 1


def test_a_group_waits_for_all_its_systems_and_an_outage_open_at_the_end_is_no_false_switch() -> None:
    found = figures(
        (10.0, "component", "his", "down", "own"), (20.0, "component", "record", "down", "own"),
        (30.0, "component", "his", "restoring", "own"), (35.0, "component", "his", "up", "own"),
        (295.0, "reached", "wards ordered", "", "order"), (25.0, "reached", "clinics ordered", "", "order"),
    )  # fmt: skip
    assert found["group", "clinics", "back_after"] == 10
    assert found["group", "wards", "back_after"] == 5
    assert found["group", "wards", "false_switch"] == 0


def test_a_group_that_was_not_told_has_switched_neither_rightly_nor_for_nothing() -> None:
    found = figures()
    assert (found["group", "clinics", "ordered"], found["group", "clinics", "false_switch"]) == (0, 0)
    assert np.isnan(found["group", "clinics", "back_after"])


def outage(scenario: Scenario, *, seed: int, replication: int, with_faults: bool = True) -> Log:
    """The HIS is away for a random time; the clinics are told after the threshold; one patient leaves for every 10 min until paper."""
    threshold, away = scenario.plan.thresholds["clinics"], OUTAGES[replication]
    rows: list[tuple[Any, ...]] = [(0.0, "fault", "f", "began", "his"), (0.0, "component", "his", "down", "own")]
    if away > threshold:
        rows.append((threshold, "reached", "clinics ordered", "", "order"))
    rows.append((away, "component", "his", "up", "own"))
    lost = int(min(threshold, away) / 10)
    patients = [
        {"pathway": "walk_in", "arrived": float(n), "ended": n + 1.0, "outcome": "left" if n < lost else "served"} for n in range(20)
    ]  # fmt: skip
    return a_log(scenario, events=rows, patients=patients, replication=replication)


def swept_thresholds(*minutes: float) -> Sweep:
    arms = []
    for threshold in minutes:
        scenario = altered(a_hospital(), set={"plan.thresholds.clinics": f"{threshold:g} min"})
        name = f"{threshold:g} min"
        arms.append(Arm(name, Text(en=name), scenario, play_scored(scenario, 1, range(1, 101), outage), 1))
    settings = [Setting(value=a.name, x=m, as_it_is=m == 20) for a, m in zip(arms, minutes, strict=True)]
    return sweep("plan.thresholds.clinics", settings, arms)


def test_a_threshold_is_judged_by_false_switches_and_by_what_patients_suffer() -> None:
    found = swept_thresholds(5, 20, 60)
    assert found.group == "clinics"
    assert found.aims == ["patients.left", "patients.turned_away", "patients.wait_mean", "group.clinics.false_switch"]
    assert found.comparison.reference == "20 min"


def test_a_longer_threshold_costs_patients_and_saves_false_switches_and_neither_beats_the_other() -> None:
    """Systems away for an exponential time of mean 40 min: P(false) = P(t < away < t + 15) = e^(-t/40) (1 - e^(-15/40))."""
    found = swept_thresholds(5, 60)
    values = {row.name: row.values for row in found.comparison.figures}
    for threshold in (5, 60):
        estimate = values["group.clinics.false_switch"][f"{threshold} min"]
        true = np.exp(-threshold / 40) * (1 - np.exp(-15 / 40))
        assert estimate.low is not None
        assert estimate.high is not None
        assert estimate.low <= true <= estimate.high
    step = {row.name: row.differences[0] for row in found.steps[0].figures}
    assert step["patients.left"].direction == "worse"
    assert step["group.clinics.false_switch"].direction == "better"
    assert found.unbeaten == ["5 min", "60 min"]


def test_a_setting_that_is_worse_in_one_thing_and_better_in_none_is_beaten() -> None:
    """When the systems are never back soon, waiting longer saves no false switches; patients leave."""
    long = {name: value + 1000.0 for name, value in enumerate(OUTAGES)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.test_compare_sweep.OUTAGES", long)
        found = swept_thresholds(5, 20, 60)
    assert found.unbeaten == ["5 min"]
    assert found.beaten_by["60 min"] == ["5 min", "20 min"]
    assert swept.verdict(found)[0] == "Nothing on the list beats 5 min."


def test_other_values_are_judged_by_every_headline_figure() -> None:
    found = drillsim.sweep("graham-1969", "plan.roles.person.count", [2, 3, 4, 9], replications=2)
    assert found.sweep.group is None
    assert [s.x for s in found.sweep.settings] == [2, 3, 4, 9]
    assert [s.value for s in found.sweep.settings if s.as_it_is] == ["3"]
    table = found.table()
    done = table[table.figure == "plan.completed_at"].set_index("setting").value
    assert done.to_dict() == {
        "2": 17,
        "3": 12,
        "4": 15,
        "9": 12,
    }  # 17: all 34 minutes of work shared by two; 12: the longest chain


def test_values_are_split_at_commas_outside_of_brackets() -> None:
    assert split("5min, 10 min,") == ["5min", "10 min"]
    assert split("gamma(mean 5 min, sd 2 min),[a, b]") == ["gamma(mean 5 min, sd 2 min)", "[a, b]"]


def test_the_page_has_the_trade_the_steps_and_the_verdict_in_both_languages() -> None:
    found = swept_thresholds(5, 20, 60)
    for language, words in (("en", "False switches against harm"), ("zh", "误启动与患者受损的取舍")):
        page = sweep_page.write_page(found, a_hospital(), language)
        assert words in page
        assert page.count("<svg") >= 3
        assert swept.verdict(found, language)[0] in page
    assert any(said.startswith("From 5 min to 20 min: ") for said in swept.sentences(found, a_hospital()))


def test_the_command_sweeps_one_value_and_keeps_the_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["sweep", "graham-1969", "--replications", "2", "--lang", "en", "--out", str(tmp_path / "s")]
    assert main([*command, "--set", "plan.roles.person.count=3,4", "--set", "plan.pick=ready"]) == 0
    said = capsys.readouterr().out
    assert "3 *" in said
    assert "Nothing on the list beats" in said or "No setting on the list beats another" in said
    assert sorted(p.name for p in (tmp_path / "s").iterdir()) == ["report.html", "study.json", "table.csv"]


@pytest.mark.parametrize(
    "values", [["plan.pick=list"], ["plan.pick=list,ready", "plan.roles.person.count=3,4"], ["plan.pick"]]
)
def test_the_command_wants_one_value_with_several_settings(
    values: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    options = [piece for value in values for piece in ("--set", value)]
    assert main(["sweep", "graham-1969", *options, "--lang", "en"]) == 1
    assert "one value with several settings" in capsys.readouterr().err


def test_a_value_that_does_not_fit_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", "graham-1969", "--set", "plan.roles.persn.count=3,4", "--lang", "en"]) == 1
    assert "person" in capsys.readouterr().err


def test_settings_that_no_run_tells_apart_are_said_to_make_no_difference(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Tasks that nobody is short of people for: 12 or 13 people are the same in every run, which is no trade and no luck."""
    command = ["sweep", "graham-1969", "--replications", "2", "--lang", "en", "--out", str(tmp_path / "s")]
    assert main([*command, "--set", "plan.roles.person.count=12,13"]) == 0
    said = capsys.readouterr().out
    assert "These settings make no difference in any run." in said
    assert "No setting on the list beats another" not in said
    assert "figure  12" not in said


def test_the_threshold_may_be_named_as_that_of_paper_working(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """``plan.thresholds.paper.clinics`` says more than the files do, and means the same: in a variant, in a call, and in a sweep."""
    longer, shorter = (
        altered(a_hospital(), set={f"plan.thresholds.{word}clinics": "5 min"}) for word in ("paper.", "")
    )
    assert longer == shorter != a_hospital()
    scenario = drillsim.files.new(tmp_path / "own", "en")[-1]
    command = ["sweep", str(scenario), "--set", "plan.thresholds.paper.outpatient=5min,30min", "--replications", "1", "--jobs", "1"]  # fmt: skip
    assert main([*command, "--out", str(tmp_path / "s"), "--lang", "en"]) == 0
    assert capsys.readouterr().out.startswith("Paper working is ordered once systems have been away for … (")
    assert main([*command[:3], "plan.thresholds.paper.outpatiant=5min,30min", "--lang", "en"]) == 1
    assert "outpatient" in capsys.readouterr().err


def test_the_trade_names_the_settings_with_least_and_most_harm_and_false_switches() -> None:
    """Of 5 and 60 minutes the longer one has patients leave and the shorter one false switches (see the test of these outages)."""
    found = swept_thresholds(5, 60)
    harm, false = (row.name for row in swept.traded(found) or ())
    assert (harm.split(".")[0], false) == ("patients", "group.clinics.false_switch")
    said = swept.trade(found, a_hospital())
    assert "least with 5min" in said.split("; ")[0].replace("5 min", "5min")
    assert "least with 60min" in said.split("; ")[1].replace("60 min", "60min")
    assert "取舍" in swept.trade(found, a_hospital(), "zh")


def test_the_picture_of_the_trade_has_units_one_label_for_points_that_meet_and_says_what_is_hollow() -> None:
    from matplotlib.figure import Figure

    found = swept_thresholds(20, 20.001, 60)
    harm, false = swept.traded(found) or pytest.fail("there is no trade")
    ax = sweep_page.trade(Figure().subplots(), found, false, harm, a_hospital())
    assert ax.get_xlabel().endswith("(%)")
    assert ax.get_ylabel().endswith(")")
    first, second, last = (setting.value for setting in found.settings)
    assert {text.get_text() for text in ax.texts} == {f"{first}, {second}", last}
    assert [line.get_label() for line in sweep_page.hollow(found)] == ["as the scenario has it"]
    assert " Hollow: as the scenario has it." in sweep_page.write_page(found, a_hospital())
