"""What changes cost: how a planner writes it, sums over years and of combinations, and the order by cost of a search."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import drillsim
from drillsim import files
from drillsim.cli import main
from drillsim.errors import ScenarioError
from drillsim.model.costs import Cost
from drillsim.report import costs as told
from drillsim.report import improve_costs
from drillsim.score import answers, costs
from drillsim.score.ranking import Aim
from drillsim.score.summary_parts import Estimate
from tests.test_improve import a_plan


def read(written: Any) -> tuple[float | None, float | None, str, str]:
    cost = Cost.model_validate(written)
    amounts = (one.amount if one else None for one in (cost.once, cost.yearly))
    return (*amounts, cost.currency, cost.note.en if cost.note else "")  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("300,000 CNY a year", (None, 300000, "CNY", "")),
        ("300000 CNY/year", (None, 300000, "CNY", "")),
        ("120,000 CNY once, 30,000 CNY a year", (120000, 30000, "CNY", "")),
        ("USD 900,000 once and USD 200,000 each year", (900000, 200000, "USD", "")),
        ("120000 CNY", (120000, None, "CNY", "")),
        ("$5,000", (5000, None, "USD", "")),
        ("1.2 million EUR once", (1200000, None, "EUR", "")),
        ("4500 CHF yearly", (None, 4500, "CHF", "")),
        ("saves 60,000 CNY a year", (None, -60000, "CNY", "")),
        ("一次性12万元，每年3万元", (120000, 30000, "CNY", "")),
        ("每年 20 万元", (None, 200000, "CNY", "")),
        ("30万元/年", (None, 300000, "CNY", "")),
        ("1.5亿元", (150000000, None, "CNY", "")),
        ("每年节省6万美元", (None, -60000, "USD", "")),
        ("none", (0, None, "", "")),
        ("无", (0, None, "", "")),
        (0, (0, None, "", "")),
        ("60,000 CNY once, a call each morning", (60000, None, "CNY", "a call each morning")),
        ("5 min of work and 20 days of training", (None, None, "", "5 min of work and 20 days of training")),
        ({"once": "12万元", "yearly": "5000 CNY"}, (120000, 5000, "CNY", "")),
        ({"en": "900,000 CNY once, 5 % more load", "zh": "一次性90万元，负载增加5%"}, (900000, None, "CNY", "5 % more load")),
        ({"en": "40,000 CNY of training", "zh": "培训4万元"}, (None, None, "", "40,000 CNY of training")),
    ],
)  # fmt: skip
def test_a_cost_is_read_as_a_planner_writes_it(written: Any, meant: tuple[Any, ...]) -> None:
    assert read(written) == meant
    cost = Cost.model_validate(written)
    assert Cost.model_validate(cost.model_dump(mode="json", exclude_none=True)) == cost


@pytest.mark.parametrize(
    "written",
    ["200000 a year", "120000", "300,00 CNY", "120.000 CNY", "80,000 CNY of training", "5 CNY, 6 CNY", {"once": 5}, {}, ""],
)  # fmt: skip
def test_an_amount_that_cannot_be_read_is_refused_and_never_guessed(written: Any) -> None:
    with pytest.raises(ValueError, match="CNY"):
        Cost.model_validate(written)


def test_amounts_in_two_currencies_and_in_two_languages_that_differ_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="one cost is in one currency, got CNY, USD"):
        Cost.model_validate({"once": "5 CNY", "yearly": "5 USD"})
    with pytest.raises(ValueError, match="two languages do not give the same amounts"):
        Cost.model_validate({"en": "100 CNY", "zh": "200元"})
    scenario = files.new(tmp_path / "own", "en")[-1]
    text = scenario.read_text(encoding="utf-8")
    scenario.write_text(text.replace("    title: Paper working after 10 minutes\n", "    title: Paper working after 10 minutes\n    cost: 5 USD\n"), encoding="utf-8")  # fmt: skip
    with pytest.raises(ScenarioError) as wrong:
        files.load(scenario)
    (problem,) = wrong.value.problems
    assert problem.line == 40
    assert "costs are in CNY, USD; write all of them in one currency" in problem.message.format(**problem.values)


def test_a_cost_over_years_is_what_is_paid_once_and_every_year() -> None:
    cost = Cost.model_validate("120,000 CNY once, 30,000 CNY a year")
    assert cost.over(5) == 270000
    assert costs.of(cost, 2).total == 180000  # type: ignore[union-attr]
    assert math.isnan(Cost.model_validate("a salary").over(5))


def test_a_combination_costs_the_sum_of_its_parts_and_names_those_without_an_amount() -> None:
    parts = {name: costs.of(Cost.model_validate(text)) for name, text in {"a": "100 CNY once, nights", "b": "20 CNY a year", "c": "words"}.items()}  # fmt: skip
    both = costs.together({**parts, "d": None})
    assert both is not None
    assert (both.once, both.yearly, both.total, both.without) == (100, 20, 200, ["c", "d"])
    assert costs.together({"c": parts["c"], "d": None}) is None


@pytest.mark.parametrize(
    ("written", "english", "chinese"),
    [
        ("1,200,000 CNY once, 4500 CNY a year", "1,200,000 CNY once; 4,500 CNY a year", "一次性120万元；每年4500元"),
        ("saves USD 60,000 a year", "saves 60,000 USD a year", "每年节省6万美元"),
        ("none", "no money", "不花钱"),
        ({"once": 0, "note": {"en": "a line", "zh": "一行"}}, "a line", "一行"),
    ],
)
def test_a_cost_is_told_in_both_languages(written: Any, english: str, chinese: str) -> None:
    cost = Cost.model_validate(written)
    assert (told.of(cost, "en"), told.of(cost, "zh")) == (english, chinese)


def test_gains_are_told_for_the_power_of_ten_below_the_smallest_price() -> None:
    assert costs.sum_of_money([0.0, 180000.0, 1500000.0]) == 100000
    assert costs.sum_of_money([0.0]) == 0
    effects = {"patients.left": Estimate(value=-36.0, n=10)}
    assert costs.each(effects, 180000.0, 100000.0) == {"patients.left": pytest.approx(-20.0)}
    assert costs.each(effects, 0.0, 100000.0) is None


@pytest.mark.parametrize(
    ("lead", "more", "standing"),
    [
        ([0.0, 0.0, 0.0, 0.0], True, "as_good"),
        ([0.5, 0.5, 0.5, 0.6], True, "as_good"),  # surely ahead, by less than is worth having
        ([5.0, 5.1, 4.9, 5.0], True, "less"),
        ([5.0, -5.0, 4.0, -3.0], True, "open"),
        ([-5.0, -5.1, -4.9, -5.0], True, "as_good"),
        ([-5.0, -5.1, -4.9, -5.0], False, "less"),
    ],
)
def test_as_good_means_that_the_best_is_surely_not_ahead_by_what_is_worth_having(lead: list[float], more: bool, standing: str, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(costs, "paired", lambda scenario, name, way, best: [np.zeros(4), np.array(lead)])
    aims = [Aim("patients.left", more, 1.0)]
    assert costs.against(a_plan(), aims, [], [], 0.95) == standing


VARIANTS = {
    "hired": {"title": "A second engineer is hired", "cost": "300,000 CNY a year", "set": {"hospital.staff.dba.on_duty": 2}},
    "lent": {"title": "The clerks answer", "cost": "10,000 CNY once, training", "set": {"plan.steps.answer.owner": "office"}},
    "nothing": {"title": "One more clerk", "cost": "5 CNY", "set": {"hospital.staff.clerk.on_duty": 3}},
    "words": {"title": "Both at once", "cost": "goodwill", "set": {"plan.roles.lead.holders": ["dba", "clerk"]}},
}  # fmt: skip


def test_the_search_names_the_cheapest_that_does_as_well_as_the_best_and_shows_the_order_by_cost(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """The clerks answer: the engineer is free at once, as with a second engineer, for a hundredth of the money."""
    found = drillsim.improve(a_plan(variants=VARIANTS), budget=400, jobs=1)
    i = found.improvement
    order = [one.name for one in i.by_cost if " + " not in one.name]
    assert order == ["nothing", "lent", "hired"]
    by_name = {one.name: one for one in i.by_cost}
    assert (by_name["lent"].total, by_name["hired"].total, i.currency, i.per) == (10000, 1500000, "CNY", 1)
    assert by_name["lent"].fresh
    frame = found.by_cost()
    assert list(frame.cost_total) == sorted(frame.cost_total)
    assert list(frame.columns) == list(answers.COLUMNS["by_cost"])
    assert list(found.table().columns) == list(answers.COLUMNS["improvement"])
    assert not frame.isna().any().any() or set(frame.columns[frame.isna().any()]) <= {"low", "high", "each", "against"}
    for one in i.by_cost:
        members = i.combinations.get(one.name)
        if members:
            assert one.total == sum(by_name[m].total for m in members)
    if i.helps[0] != "lent":
        said = improve_costs.cheapest(i, a_plan(variants=VARIANTS))
        assert any("The clerks answer (10,000 CNY over 5 years)" in line for line in said), (i.helps, said)
    page = found.page("zh")
    assert "按成本排序" in page
    assert "1万元" in page


def test_what_gives_most_for_its_money_is_played_on_fresh_runs_though_others_do_more() -> None:
    """Of four engineers each does a little more than the one before; the first costs a thousandth of the last."""
    variants = {f"v{n}": {"title": f"Engineers {n}", "cost": f"{10 ** n} CNY", "set": {"hospital.staff.dba.on_duty": n}} for n in (2, 3, 4)}  # fmt: skip
    steps = [{"id": f"s{n}", "owner": "lead", "takes": "normal(20 min, 2 min)", "within": "25 min of failed"} for n in range(4)]  # fmt: skip
    found = drillsim.improve(a_plan(variants=variants, steps=steps), budget=300, jobs=1)
    fresh = {one.name for one in found.improvement.by_cost if one.fresh}
    assert {"v2", "v4"} <= fresh
    assert found.improvement.by_cost[0].name == "v2"
    assert {one.name: one.against for one in found.improvement.by_cost}["v2"] == "less"


def test_years_change_the_sums(capsys: pytest.CaptureFixture[str]) -> None:
    found = drillsim.improve(a_plan(variants=VARIANTS), budget=150, jobs=1, years=1)
    assert {one.name: one.total for one in found.improvement.by_cost}["hired"] == 300000
    with pytest.raises(ValueError, match="more than 0 years"):
        drillsim.improve("graham-1969", years=0)
    assert main(["improve", "graham-1969", "--years", "0", "--lang", "en"]) == 2
