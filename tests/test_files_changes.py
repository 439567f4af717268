"""Variants and single values by path: checked like everything else, and the first scenario stays as it was."""

from __future__ import annotations

import pytest

from drillsim import files
from drillsim.errors import ScenarioError
from tests.builder import a_scenario
from tests.files_sample import GOOD, line_of, told, with_change


@pytest.fixture
def ours(tmp_path):
    path = tmp_path / "ours.yaml"
    path.write_text(GOOD, encoding="utf-8")
    return path


CHANGES = [
    ("horizon", "2 h", lambda s: s.horizon == 120),
    ("scenario.horizon", "2 h", lambda s: s.horizon == 120),
    ("hospital.staff.engineer.on_duty", "2", lambda s: s.hospital.staff["engineer"].on_duty == {"always": 2}),
    ("hospital.staff.engineer.on_duty.day", "2", lambda s: s.hospital.staff["engineer"].on_duty == {"day": 2}),
    ("hospital.staff.engineer.on_call.travel", "lognormal(median 5 min, p90 9 min)", lambda s: s.hospital.staff["engineer"].on_call.travel.kind == "lognormal"),
    ("hospital.departments.ward.kit.forms", "9", lambda s: s.hospital.departments["ward"].kit is not None and s.hospital.departments["ward"].kit.forms == 9),
    ("hospital.pathways.visits.route.stay.then", "go", lambda s: len(s.hospital.pathways["visits"].route[1].then) == 1),
    ("hospital.systems.db.data.backups.0.every", "6 h", lambda s: s.hospital.systems["db"].data.backups[0].every == 360),
    ("plan.thresholds.outpatient", "10 min", lambda s: s.plan.thresholds == {"outpatient": 10}),
    ("plan.roles.lead.holders", "[engineer, clerk]", lambda s: s.plan.roles["lead"].holders == ("engineer", "clerk")),
    ("plan.steps.mend.takes", "1 h", lambda s: s.plan.step("mend").takes.mean == 60),
    ("plan.steps.mend.with", "help", lambda s: s.plan.step("mend").with_roles == {"help": 1}),
    ("plan.steps.mend.if_it_fails.tries", "1", lambda s: s.plan.step("mend").if_it_fails.tries == 1 and s.plan.step("mend").if_it_fails.back_to == "look"),
    ("plan.steps.call", "{title: Call, owner: lead}", lambda s: s.plan.steps[-1].id == "call"),
    ("plan.steps.mend", "{title: Again, owner: lead}", lambda s: s.plan.steps[3].id == "mend" and s.plan.steps[3].title.en == "Again"),
    ("faults.broken.at", "10:00", lambda s: s.faults[0].at.time_of_day == 600),
    ("faults.slow", "null", lambda s: [fault.id for fault in s.faults] == ["broken"]),
    ("injects.press.to", "all", lambda s: s.injects[0].to == "all"),
    ("objectives.in_time.target", "80 %", lambda s: s.objectives[0].target == 0.8),
    ("hospital.staff.porter", "{title: Porter}", lambda s: "porter" in s.hospital.staff),
    ("hospital.activities.register.uses", "[]", lambda s: s.hospital.activities["register"].uses == ()),
    ("run.seed", "7", lambda s: s.run.seed == 7),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "holds"), CHANGES)
def test_a_value_is_set_by_its_path(path, value, holds, ours):
    before = files.load(ours).scenario
    assert holds(files.load(ours, set=[f"{path}={value}"]).scenario)
    assert holds(files.load(ours, set={path: value}).scenario)
    assert not holds(before)
    assert files.load(ours).scenario == before


UNKNOWN = [
    ("hospital.stuff.engineer.on_duty", "there is no 'hospital.stuff.engineer.on_duty'. Did you mean 'hospital.staff.engineer.on_duty'?"),
    ("plan.steps.mendd.takes", "there is no 'plan.steps.mendd.takes'. Did you mean 'plan.steps.mend.takes'?"),
    ("plan.thresholds.outpatients", "there is no 'plan.thresholds.outpatients'. Did you mean 'plan.thresholds.outpatient'?"),
    ("hospital.staff.engineer.on_duty.night", "there is no 'hospital.staff.engineer.on_duty.night'; known are day (under 'hospital.staff.engineer.on_duty')"),
    ("plan.steps.mend.takes.mean", "there is no 'plan.steps.mend.takes.mean': 'plan.steps.mend.takes' has no parts here"),
    ("plan.steps.9.takes", "there is no 'plan.steps.9.takes'; known are look, declare, paper, mend, back (under 'plan.steps')"),
    ("nothing", "there is no 'nothing'; known are title, story, hospital, plan, start, warm_up, horizon, stands_for, …"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "sentence"), UNKNOWN)
def test_an_unknown_path_gets_the_nearest_good_one(path, sentence, ours):
    with pytest.raises(ScenarioError) as raised:
        files.load(ours, set=[f"{path}=1"])
    assert [files.sentence(one) for one in raised.value.problems] == [sentence]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"variants": ["three"]}, "the scenario has no variant 'three'; known are two"),
        ({"variants": ["tow"]}, "the scenario has no variant 'tow'. Did you mean 'two'?"),
        ({"set": ["horizon"]}, "expected PATH=VALUE"),
        ({"set": ["horizon=3"]}, "expected a duration such as '90 min' or '1 h 30 min', got '3'"),
        ({"set": ["plan.steps=[1, 2"]}, "a bracket is opened here and never closed, or a comma is missing"),
        ({"set": ["plan.steps.mend.owner=nobody"]}, "'nobody' is not a role of this plan; known are lead, help"),
    ],
)
def test_what_was_asked_for_wrongly_is_told(asked, sentence, ours):
    with pytest.raises(ScenarioError) as raised:
        files.load(ours, **asked)
    assert sentence in [files.sentence(one) for one in raised.value.problems]


def test_variants_then_single_values_are_applied_in_order(ours):
    text = GOOD + "  three: {title: Three, set: {hospital.staff.engineer.on_duty.day: 3, horizon: 5 h}}\n"
    ours.write_text(text, encoding="utf-8")
    scenario = files.load(ours, variants=["two", "three"], set=["horizon=6 h"]).scenario
    assert (scenario.hospital.staff["engineer"].on_duty, scenario.horizon) == ({"day": 3}, 360)
    assert files.load(ours, variants=["three", "two"]).scenario.hospital.staff["engineer"].on_duty == {"day": 2}


def test_every_variant_is_checked_and_what_only_it_breaks_is_told_at_its_line(tmp_path):
    old = "two: {title: Two engineers, set: {hospital.staff.engineer.on_duty.day: 2}}"
    new = """two: {title: Two engineers, set: {hospital.staff.engineer.on_duty.day: many}}
  three:
    title: No help
    set: {plan.roles.help: null}
  four:
    title: Fine
    set: {horizon: 9 h}"""
    found = told(with_change(tmp_path, old, new))
    line = line_of("two: {title")
    assert (line, "variants.two.set.hospital.staff.engineer.on_duty.day", "expected a whole number, got 'many'") in [
        one[:3] for one in found
    ]
    of_three = [one for one in found if one.path == "variants.three"]
    where = f"{tmp_path}/ours.yaml:{line_of('- {id: paper')} plan.steps[2].with"
    assert f"with this variant, {where}: 'help' is not a role of this plan; known are lead" in [
        one.sentence for one in of_three
    ]
    assert {one.line for one in of_three} == {line + 1}
    assert {one.path.split(".")[1] for one in found} == {"two", "three"}


def test_a_problem_that_is_there_without_the_variant_is_told_once(tmp_path):
    found = told(with_change(tmp_path, "owner: lead, after: look", "owner: leed, after: look"))
    assert len(found) == 1


@pytest.mark.parametrize("part", ["hospital", "plan"])
def test_variants_of_a_file_that_cannot_be_read_add_nothing_to_its_own_mistake(part, tmp_path):
    given = {"hospital": "tertiary-general", "plan": "tertiary-his-plan", part: "ours.yaml"}
    unreadable = tmp_path / "ours.yaml"
    unreadable.write_text(f"drillsim: {part}/1\ntitle: Ours\n  about: a slip of the pen\n", encoding="utf-8")
    changes = "{plan.thresholds.outpatient: 5 min, hospital.staff.dba.on_duty: 2}"
    variants = f"variants: {{sooner: {{title: Sooner, set: {changes}}}}}\n"
    named = "".join(f"{kind}: {name}\n" for kind, name in given.items())
    path = tmp_path / "a.yaml"
    text = f"drillsim: scenario/1\ntitle: x\n{named}faults: {{target: his_db}}\n{variants}"
    path.write_text(text, encoding="utf-8")
    assert [problem.file for problem in files.check(path)] == [str(unreadable)]
    with pytest.raises(ScenarioError) as refused:
        files.load(path, set={"plan.thresholds.outpatient": "5 min", "hospital.staff.dba.on_duty": "2"})
    assert [problem.file for problem in refused.value.problems] == [str(unreadable)]


def test_what_a_variant_shares_with_the_scenario_is_read_the_same_as_alone(ours):
    from drillsim.files.changes import changed, changes_of
    from drillsim.files.load import scenario_tree
    from drillsim.files.parts import Reader
    from drillsim.files.records import Known
    from drillsim.files.validate import checked

    reader = Reader(ours.parent)
    tree = scenario_tree(reader, ours)
    scenario, _ = checked(tree)
    varied, _ = changed(tree, changes_of(tree, "two"), reader)
    assert (
        checked(varied, Known(tree, scenario))[0] == checked(varied)[0] == files.load(ours, variants=["two"]).scenario
    )


def test_a_variant_may_name_another_plan_or_preset(ours):
    plan = "drillsim: plan/1\ntitle: Other\nroles: {lead: {title: Lead}}\ncauses: disk_full\nsteps: [{id: %s, title: x, owner: lead}]\n"
    (ours.parent / "other.yaml").write_text(plan % "look", encoding="utf-8")
    scenario = files.load(ours, set={"plan": "other.yaml", "injects": None, "objectives": None}).scenario
    assert scenario.plan.title.en == "Other"
    scenario = files.load(ours, set=["plan.thresholds.preset=cn-10min"]).scenario
    assert scenario.plan.thresholds["outpatient"] == 20  # its own values win
    assert scenario.plan.thresholds["inpatient"] == 10
    assert "31ppt" in scenario.plan.source["thresholds.inpatient"]


def test_another_preset_replaces_the_first(ours):
    text = GOOD.replace("thresholds: {outpatient: 20 min}", "thresholds: {preset: cn-30min-6h-24h}")
    ours.write_text(text, encoding="utf-8")
    first = files.load(ours).scenario
    assert (first.plan.thresholds["outpatient"], first.plan.thresholds["inpatient"]) == (30, 360)
    second = files.load(ours, set=["plan.thresholds.preset=cn-10min"]).scenario
    assert set(second.plan.thresholds.values()) == {10}
    assert files.replace(first, {"plan.thresholds.preset": "cn-10min"}).plan.thresholds == second.plan.thresholds


def test_another_preset_leaves_what_only_the_former_ones_hold(ours):
    preset = "thresholds: {preset: [cn-30min-6h-24h, cn-report-2025]}"
    ours.write_text(GOOD.replace("thresholds: {outpatient: 20 min}", preset), encoding="utf-8")
    plan = files.load(ours, set=["plan.thresholds.preset=cn-10min"]).scenario.plan
    assert (plan.thresholds["inpatient"], plan.thresholds["report_other"]) == (10, 240)
    assert "CAC" in plan.source["thresholds.report_other"]


def test_replace_makes_another_scenario_and_leaves_the_first(ours):
    first = files.load(ours).scenario
    second = files.replace(first, {"plan.steps.mend.takes": 30, "horizon": "3 h", "faults.slow": None})
    assert (second.plan.step("mend").takes.mean, second.horizon, len(second.faults)) == (30, 180, 1)
    assert first == files.load(ours).scenario
    assert files.replace(first, {}) == first


def test_replace_works_on_scenarios_made_in_python():
    scenario = a_scenario(staff={"nurse": {"on_duty": 1}})
    assert files.replace(scenario, {"hospital.staff.nurse.on_duty": 3}).hospital.staff["nurse"].on_duty == {"always": 3}
    with pytest.raises(ScenarioError) as raised:
        files.replace(scenario, {"hospital.staff.nurze.on_duty": 3, "horizon": -5})
    assert [files.sentence(one) for one in raised.value.problems] == [
        "there is no 'hospital.staff.nurze.on_duty'. Did you mean 'hospital.staff.nurse.on_duty'?",
        "expected a duration of zero or more, got -5",
    ]


def test_a_variant_of_a_loaded_scenario_is_the_scenario_loaded_with_it(ours):
    first = files.load(ours).scenario
    assert files.variant(first, "two") == files.load(ours, variants=["two"]).scenario
    with pytest.raises(ScenarioError, match="the scenario has no variant 'tow'"):
        files.variant(first, "tow")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("hospital.systems.db.tier", "3"),
        ("hospital.systems.his.kind", "service"),
        ("hospital.pathways.visits.classes.urgent", None),
        ("hospital.staff.clerk", None),
        ("hospital.rosters.day", None),
        ("hospital.activities.stay", None),
        ("plan.steps.look", None),
        ("plan.thresholds.outpatient", None),
        ("plan.causes", "[]"),
    ],
)
def test_what_a_variant_breaks_in_entries_that_it_does_not_touch_is_found(path, value, ours):
    from drillsim.files.changes import Change, changed
    from drillsim.files.load import scenario_tree
    from drillsim.files.parts import Reader
    from drillsim.files.reading import read_text
    from drillsim.files.records import Known
    from drillsim.files.tree import Mark
    from drillsim.files.validate import checked

    reader = Reader(ours.parent)
    tree = scenario_tree(reader, ours)
    scenario, _ = checked(tree)
    mark = Mark("--set", None, (path,))
    varied, _ = changed(tree, [Change(path, value and read_text(value, mark)[0], mark)], reader)
    alone = checked(varied)[1]
    assert checked(varied, Known(tree, scenario, sound=True))[1] == alone
    assert alone


def test_variants_of_the_largest_scenario_are_checked_together_as_each_is_alone():
    from drillsim.files.changes import changed, changes_of
    from drillsim.files.load import locate, scenario_tree
    from drillsim.files.parts import Reader
    from drillsim.files.records import Known
    from drillsim.files.validate import checked

    path = locate("his-database-outage")
    reader = Reader(path.parent)
    tree = scenario_tree(reader, path)
    base = Known(tree, checked(tree)[0], sound=True)
    for name in tree["variants"]:
        varied, _ = changed(tree, changes_of(tree, name), reader)
        assert checked(varied, base) == checked(varied)


BROKEN_VARIANT = """\
drillsim: scenario/1
title: T
hospital: {title: H, systems: {his: {title: HIS, kind: application}}}
plan: {title: P, roles: {lead: {title: Lead}}, steps: [{id: look, title: Look, owner: lead, takes: 5 min}]}
faults: [{id: f, target: his}]
variants:
  fine: {title: Fine, set: {plan.steps.look.takes: 3 min}}
  nowhere: {title: Nowhere, set: {plan.steps.lock.takes: 3 min}}
  nonsense: {title: Nonsense, set: {plan.steps.look.takes: banana}}
"""


@pytest.mark.parametrize("variants", [(), ("fine",)])
def test_a_variant_that_does_not_load_stops_a_run_of_its_scenario_with_its_line(tmp_path, variants):
    path = tmp_path / "ours.yaml"
    path.write_text(BROKEN_VARIANT, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        files.load(path, variants=variants)
    assert [(p.line, p.path) for p in caught.value.problems] == [
        (8, "variants.nowhere.set.plan.steps.lock.takes"),
        (9, "variants.nonsense.set.plan.steps.look.takes"),
    ]
    sound = BROKEN_VARIANT.split("  nowhere:")[0]
    path.write_text(sound, encoding="utf-8")
    assert files.load(path, variants=variants).scenario.variants


def test_what_a_single_value_does_to_a_variant_is_nobody_s_mistake(tmp_path):
    path = tmp_path / "ours.yaml"
    path.write_text(BROKEN_VARIANT.split("  nowhere:")[0], encoding="utf-8")
    assert files.load(
        path, set={"plan.steps": [{"id": "other", "title": "Other", "owner": "lead"}]}
    ).scenario.plan.steps
