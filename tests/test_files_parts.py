"""A scenario put together from several files: headers, includes, a hospital and a plan by name or path, presets of thresholds."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from drillsim import files
from drillsim.errors import ScenarioError
from drillsim.files import shelf
from tests.files_sample import GOOD, told

HOSPITAL = "drillsim: hospital/1\ntitle: Ours\nsystems: {his: {title: HIS, kind: application}}\n"
PLAN = "drillsim: plan/1\ntitle: Our plan\nroles: {lead: {title: Lead}}\nsteps:\n  - {id: look, title: Look, owner: lead}\n"
SCENARIO = "title: x\nhospital: ours.yaml\nplan: ours-plan.yaml\nfaults: [{target: his}]\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "ours.yaml").write_text(HOSPITAL, encoding="utf-8")
    (tmp_path / "ours-plan.yaml").write_text(PLAN, encoding="utf-8")
    (tmp_path / "scenario.yaml").write_text(SCENARIO, encoding="utf-8")
    return tmp_path


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def sentences(path: Path) -> list[tuple[int | None, str, str]]:
    return [(one.line, one.path, one.sentence) for one in told(path) if one.severity == "mistake"]


def test_hospital_and_plan_are_found_beside_the_scenario_and_hashed(folder):
    loaded = files.load(folder / "scenario.yaml")
    assert loaded.name == str(folder / "scenario.yaml")  # as given, so that a command that names it can be typed
    assert loaded.scenario.hospital.title.en == "Ours"
    assert [step.id for step in loaded.scenario.plan.steps] == ["look"]
    assert loaded.hashes == {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for name in ("scenario.yaml", "ours.yaml", "ours-plan.yaml")
    }


def test_hashes_do_not_depend_on_where_the_files_lie(folder, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    for path in folder.iterdir():
        (other / path.name).write_bytes(path.read_bytes())
    assert files.load(folder / "scenario.yaml").hashes == files.load(other / "scenario.yaml").hashes


def test_a_problem_in_another_file_is_told_with_that_file_and_its_own_path(folder):
    write(folder / "ours-plan.yaml", PLAN.replace("owner: lead", "owner: leed"))
    (problem,) = files.check(folder / "scenario.yaml")
    assert problem.file.endswith("ours-plan.yaml")
    assert (problem.line, problem.path) == (5, "steps[0].owner")


def test_a_title_and_one_fault_are_a_scenario_on_the_shipped_hospital_and_plan(tmp_path):
    path = write(tmp_path / "smallest.yaml", "title: HIS stops\nfaults:\n  - target: his\n")
    loaded = files.load(path)
    assert loaded.scenario.faults[0].at.text() == "09:10"
    assert loaded.scenario.hospital == files.load("his-database-outage").scenario.hospital
    assert loaded.scenario.plan == files.load("his-database-outage").scenario.plan
    assert "library/hospitals/tertiary-general.yaml" in loaded.hashes


def test_what_is_not_named_is_empty(tmp_path):
    hospital = "hospital: {systems: {his: {title: HIS, kind: application}}}\n"
    alone = files.load(write(tmp_path / "a.yaml", "title: x\nfaults: {target: his}\n" + hospital)).scenario
    assert (alone.plan.title.en, alone.plan.title.zh, alone.plan.steps) == ("No plan", "无预案", ())
    assert alone.hospital.title.en == "x"
    plan = "plan: {roles: {lead: {title: Lead}}, steps: [{id: look, title: Look, owner: lead}]}\n"
    network = files.load(write(tmp_path / "b.yaml", "title: y\n" + plan)).scenario
    assert (network.hospital.title.en, dict(network.hospital.systems)) == ("No hospital", {})
    assert [step.id for step in network.plan.steps] == ["look"]


HEADERS = [
    ("ours.yaml", "drillsim: hospital/1", "drillsim: plan/1", (1, "drillsim", "this is a plan file; a hospital file is needed here")),
    ("ours.yaml", "drillsim: hospital/1", "drillsim: hospital/2", (1, "drillsim", "this drillsim reads version 1 of a hospital file, got 'hospital/2'")),
    ("ours.yaml", "drillsim: hospital/1", "drillsim: hospitall/1", (1, "drillsim", "expected 'drillsim: hospital/1', one of scenario, hospital, plan, thresholds; got 'hospitall/1'")),
    ("ours.yaml", "drillsim: hospital/1\n", "", (1, "", "the first line is missing: 'drillsim: hospital/1'")),
    ("ours-plan.yaml", "drillsim: plan/1\n", "", (1, "", "the first line is missing: 'drillsim: plan/1'")),
    ("scenario.yaml", "title: x", "drillsim: scenario\ntitle: x", (1, "drillsim", "expected 'drillsim: scenario/1', one of scenario, hospital, plan, thresholds; got 'scenario'")),
    ("scenario.yaml", "hospital: ours.yaml", "hospital: theirs.yaml", (2, "hospital", "there is no file 'theirs.yaml' in {folder}")),
    ("scenario.yaml", "hospital: ours.yaml", "hospital: tertiary-genral", (2, "hospital", "'tertiary-genral' is neither a file nor in the library. Did you mean 'tertiary-general'?")),
    ("scenario.yaml", "hospital: ours.yaml", "hospital: [ours.yaml]", (2, "hospital", "expected keys with values ('key: value'), got '[ours.yaml]'")),
    ("scenario.yaml", "title: x", "title: x\ninclude: nowhere.yaml", (2, "include", "there is no file 'nowhere.yaml' in {folder}")),
    ("scenario.yaml", "title: x", "title: x\ninclude: [{a: b}]", (2, "include[0]", "expected the name of a file, got '{a}'")),
    ("scenario.yaml", "title: x", "title: x\ninclude: scenario.yaml", (2, "include", "these files include each other: scenario.yaml → scenario.yaml")),
    ("ours-plan.yaml", "title: Our plan", "title: Our plan\nthresholds: {preset: cn-20min}", (3, "thresholds.preset", "'cn-20min' is neither a file nor in the library. Did you mean 'cn-10min'?")),
]  # fmt: skip


def test_a_file_of_another_kind_is_one_line_and_not_one_for_each_of_its_keys(folder):
    plan = (folder / "ours-plan.yaml").read_text(encoding="utf-8")
    write(folder / "ours.yaml", plan)
    assert sentences(folder / "scenario.yaml") == [
        (1, "drillsim", "this is a plan file; a hospital file is needed here")
    ]
    with pytest.raises(ScenarioError) as refused:
        files.load(folder / "ours-plan.yaml")
    assert [files.sentence(one) for one in refused.value.problems] == [
        "this is a plan file; a scenario file is needed here"
    ]


@pytest.mark.parametrize(("file", "old", "new", "expected"), HEADERS)
def test_a_part_that_does_not_fit_is_told_where_it_is_named(file, old, new, expected, folder):
    write(folder / file, (folder / file).read_text(encoding="utf-8").replace(old, new))
    line, path, sentence = expected
    assert (line, path, sentence.replace("{folder}", shelf.label(folder))) in sentences(folder / "scenario.yaml")


def test_parts_are_merged_section_by_section_and_list_by_list(folder):
    write(folder / "parts/people.yaml", "staff: {nurse: {title: Nurse}}\n")
    write(folder / "parts/more.yaml", "include: people.yaml\nsystems: {lis: {title: LIS, kind: application}}\n")
    write(folder / "ours.yaml", HOSPITAL.replace("title: Ours", "title: Ours\ninclude: [parts/more.yaml]"))
    write(folder / "faults.yaml", "faults: [{id: second, target: lis}]\n")
    write(folder / "scenario.yaml", SCENARIO.replace("title: x", "title: x\ninclude: faults"))
    scenario = files.load(folder / "scenario.yaml").scenario
    assert list(scenario.hospital.systems) == ["his", "lis"]
    assert list(scenario.hospital.staff) == ["nurse"]
    assert [fault.id for fault in scenario.faults] == ["fault", "second"]


def test_an_inline_hospital_may_include_a_shipped_one(tmp_path):
    text = "title: x\nhospital: {include: tertiary-general, staff: {porter: {title: Porter}}}\nfaults: {target: his}\n"
    scenario = files.load(write(tmp_path / "a.yaml", text)).scenario
    assert "porter" in scenario.hospital.staff
    assert len(scenario.hospital.staff) > 10


def test_the_same_id_in_two_parts_is_a_mistake_with_both_places(folder):
    write(folder / "more.yaml", "# more\nsystems: {his: {title: Another, kind: application}}\n")
    write(folder / "ours.yaml", HOSPITAL.replace("title: Ours", "title: Ours\ninclude: more.yaml"))
    first = shelf.label(folder / "ours.yaml")
    assert sentences(folder / "scenario.yaml") == [
        (2, "systems.his", f"'his' is here and in {first}, line 4, too; give one of them another name")
    ]


def test_files_that_include_each_other_are_told_as_a_circle(folder):
    write(folder / "a.yaml", "include: b.yaml\n")
    write(folder / "b.yaml", "include: a.yaml\n")
    write(folder / "scenario.yaml", SCENARIO.replace("title: x", "title: x\ninclude: a.yaml"))
    assert sentences(folder / "scenario.yaml") == [
        (1, "include", "these files include each other: scenario.yaml → a.yaml → b.yaml → a.yaml")
    ]


def test_a_circle_is_noticed_however_its_files_are_named(folder):
    write(folder / "parts/a.yaml", "include: ../parts/../parts/a.yaml\n")
    write(folder / "scenario.yaml", SCENARIO.replace("title: x", "title: x\ninclude: parts/a.yaml"))
    assert sentences(folder / "scenario.yaml") == [
        (1, "include", "these files include each other: scenario.yaml → a.yaml → a.yaml")
    ]


def test_files_are_named_as_seen_from_the_present_folder_and_shipped_ones_as_the_librarys(folder, monkeypatch):
    monkeypatch.chdir(folder)
    assert shelf.label(folder / "plans" / "p.yaml") == "plans/p.yaml"
    assert shelf.label(Path("p.yaml")) == "p.yaml"
    assert shelf.label(folder.parent / "elsewhere.yaml") == str(folder.parent / "elsewhere.yaml")
    assert shelf.label(shelf.root() / "plans" / "p.yaml") == "library/plans/p.yaml"


PRESET_OF = "drillsim: thresholds/1\ntitle: Clocks\nsource: a rule\nvalues: {}\n"
PRESET = """\
drillsim: thresholds/1
title: Front desk first
source: {outpatient: a published plan, "": another one}
values:
  outpatient: 30 min
  inpatient: 6 h
"""


def test_a_preset_gives_its_thresholds_and_sources_and_own_values_win(folder):
    write(folder / "front.yaml", PRESET)
    own = "title: Our plan\nsource: our office\nthresholds: {preset: front.yaml, inpatient: 2 h}"
    write(folder / "ours-plan.yaml", PLAN.replace("title: Our plan", own))
    plan = files.load(folder / "scenario.yaml").scenario.plan
    assert plan.thresholds == {"outpatient": 30.0, "inpatient": 120.0}
    assert plan.source == {"": "our office", "thresholds.outpatient": "a published plan"}


def test_a_preset_is_found_beside_the_plan_that_names_it(folder):
    write(folder / "plans/front.yaml", PRESET)
    write(folder / "plans/p.yaml", PLAN.replace("title: Our plan", "title: Our plan\nthresholds: {preset: front.yaml}"))
    write(folder / "scenario.yaml", SCENARIO.replace("ours-plan.yaml", "plans/p.yaml"))
    assert files.load(folder / "scenario.yaml").scenario.plan.thresholds == {"outpatient": 30.0, "inpatient": 360.0}


def test_a_plan_takes_several_presets_and_the_same_threshold_twice_is_a_mistake(folder):
    write(folder / "front.yaml", PRESET)
    write(folder / "clocks.yaml", PRESET_OF.format("{report: 4 h}"))
    both = "title: Our plan\nthresholds: {preset: [front.yaml, clocks.yaml]%s}"
    write(folder / "ours-plan.yaml", PLAN.replace("title: Our plan", both % ""))
    plan = files.load(folder / "scenario.yaml").scenario.plan
    assert plan.thresholds == {"outpatient": 30.0, "inpatient": 360.0, "report": 240.0}
    assert plan.source["thresholds.report"] == "a rule"
    write(folder / "clocks.yaml", PRESET_OF.format("{report: 4 h, inpatient: 5 h}"))
    same = "the presets 'front.yaml' and 'clocks.yaml' both have the threshold 'inpatient'; write the one that is meant beside 'preset'"
    assert (3, same) in [(one.line, one.sentence) for one in told(folder / "scenario.yaml")]
    write(folder / "ours-plan.yaml", PLAN.replace("title: Our plan", both % ", inpatient: 2 h"))
    assert files.load(folder / "scenario.yaml").scenario.plan.thresholds["inpatient"] == 120.0


def test_a_deadline_is_as_long_as_the_threshold_it_names(folder):
    write(folder / "clocks.yaml", PRESET_OF.format("{report: 4 h}"))
    timed = "owner: lead, within: threshold report of detected"
    text = PLAN.replace("title: Our plan", "title: Our plan\nthresholds: {preset: clocks.yaml}")
    write(folder / "ours-plan.yaml", text.replace("owner: lead", timed))
    scenario = files.load(folder / "scenario.yaml").scenario
    limit = scenario.plan.steps[0].within
    assert (limit.minutes, limit.event.text(), limit.text()) == (240.0, "detected", "threshold report of detected")
    sooner = files.replace(scenario, {"plan.thresholds.report": "1 h"})
    assert sooner.plan.steps[0].within.minutes == 60.0
    write(folder / "written.yaml", files.write(scenario))
    assert files.load(folder / "written.yaml").scenario.plan == scenario.plan
    write(folder / "ours-plan.yaml", text.replace("owner: lead", timed.replace("report", "reprt")))
    assert [one.sentence for one in told(folder / "scenario.yaml")] == [
        "'reprt' is not a threshold of this plan. Did you mean 'report'?"
    ]


def test_a_wrong_preset_is_told_in_its_own_file(folder):
    write(folder / "front.yaml", PRESET.replace("30 min", "30").replace("title", "titel"))
    write(
        folder / "ours-plan.yaml", PLAN.replace("title: Our plan", "title: Our plan\nthresholds: {preset: front.yaml}")
    )
    told_there = [one.sentence for one in told(folder / "front.yaml")]
    assert told_there == [
        "the key 'title' is missing",
        "unknown key 'titel'. Did you mean 'title'?",
        "expected a duration such as '90 min' or '1 h 30 min', got '30'",
    ]
    assert set(told_there) <= {one.sentence for one in told(folder / "scenario.yaml")}


def test_hospital_and_plan_files_are_checked_on_their_own(folder):
    assert told(folder / "ours.yaml") == []
    assert told(folder / "ours-plan.yaml") == []
    write(folder / "ours.yaml", HOSPITAL.replace("kind: application", "kind: application, needs: net"))
    assert [one.sentence for one in told(folder / "ours.yaml")] == [
        "'net' is not one of the hospital's systems; known are his"
    ]
    wrong = "owner: leed, when: his is away, on: lok, within: 5 min of detectd, does: {notify: ward}"
    write(folder / "ours-plan.yaml", PLAN.replace("owner: lead", wrong))
    assert [one.sentence for one in told(folder / "ours-plan.yaml")] == [
        "'leed' is not a role of this plan. Did you mean 'lead'?",
        "'lok' is not an event. Did you mean 'look'?",  # may be an inject of a scenario, but is too near to a step
        "'detectd' is not an event. Did you mean 'detected'?",
    ]


def test_names_in_the_library_are_suggested(tmp_path):
    for name, near in (("his-databse-outage", "his-database-outage"), ("tertiary-genral", "tertiary-general")):
        (problem,) = files.check(name)
        assert f"Did you mean '{near}'?" in files.sentence(problem)
    with pytest.raises(ScenarioError, match="Did you mean 'his-database-outage'"):
        files.load("his-databse-outage")


def test_the_sample_is_the_same_scenario_in_one_file_or_in_three(tmp_path):
    whole = files.load(write(tmp_path / "whole.yaml", GOOD)).scenario
    start, middle, end = GOOD.index("hospital:\n"), GOOD.index("plan:\n"), GOOD.index("faults:\n")
    for name, section in (("hospital", GOOD[start:middle]), ("plan", GOOD[middle:end])):
        inside = "".join(line[2:] + "\n" for line in section.splitlines()[1:])
        write(tmp_path / f"{name}.yaml", f"drillsim: {name}/1\n{inside}")
    write(tmp_path / "three.yaml", GOOD[:start] + "hospital: hospital.yaml\nplan: plan.yaml\n" + GOOD[end:])
    assert files.load(tmp_path / "three.yaml").scenario == whole


@pytest.mark.parametrize(
    ("preset", "told"),
    [
        ("", "the file is empty"),
        ("drillsim: thresholds/1\ntitle: T\n", "the key 'values' is missing"),
        ("drillsim: thresholds/1\ntitle: T\nvalues:\n", "the value is missing"),
        ("drillsim: thresholds/1\ntitle: T\nvalues: {}\n", "expected at least one group with its minutes, such as 'outpatient: 30 min'"),
        (None, "there is no file 'th.yaml' in {folder}"),
    ],
)  # fmt: skip
def test_an_empty_preset_is_one_mistake_whatever_waits_for_its_values(tmp_path, preset, told):
    lines = [
        "drillsim: scenario/1", "title: T", "hospital: {title: H, systems: {his: {title: HIS, kind: app}}}", "plan:", "  title: P", "  roles: {l: {title: L}}",
        "  thresholds: {preset: th.yaml}", "  steps:", "    - {id: s, title: S, owner: l, when: his is away for threshold outpatient}",
        "    - {id: t, title: S, owner: l, when: his is away for threshold inpatient}",
    ]  # fmt: skip
    (tmp_path / "h.yaml").write_text("\n".join(lines), encoding="utf-8")
    if preset is not None:
        (tmp_path / "th.yaml").write_text(preset, encoding="utf-8")
    assert [files.sentence(p) for p in files.check(tmp_path / "h.yaml") if not p.rule] == [
        told.replace("{folder}", str(tmp_path))
    ]
    (tmp_path / "th.yaml").write_text(
        "drillsim: thresholds/1\ntitle: T\nvalues: {outpatient: 5 min}\n", encoding="utf-8"
    )
    assert [files.sentence(p) for p in files.check(tmp_path / "h.yaml") if not p.rule] == [
        "'inpatient' is not a threshold of this plan. Did you mean 'outpatient'?"
    ]
