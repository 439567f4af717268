"""Durations, times, shares and clauses as people read them."""

from __future__ import annotations

import math
from datetime import datetime

import numpy as np
import pytest

from drillsim.log.rows import Event
from drillsim.model.base import Text
from drillsim.model.conditions import read_condition, read_deadline, read_moment
from drillsim.model.durations import read
from drillsim.model.measures import kind_of, read_measure
from drillsim.model.systems import Medium
from drillsim.report import brief, clauses, figures, findings, lessons, paths, sections, story, sure, words
from drillsim.report.duty import during, on_call, on_duty
from drillsim.report.sources import is_assumption, sources
from drillsim.score import intervals
from drillsim.score.summary_parts import Estimate, Spread
from drillsim.score.summary_plan import PathPiece
from drillsim.sim.calendar import Calendar
from drillsim.units import length_text, minutes
from tests import report_sample
from tests.builder import a_scenario

NONE = Estimate(value=None)


@pytest.mark.parametrize(
    ("minutes", "english", "chinese"),
    [
        (0, "0 min", "0 分钟"),
        (0.5, "30 s", "30 秒"),
        (4.44, "4.4 min", "4.4 分钟"),
        (9.0, "9 min", "9 分钟"),
        (9.96, "10 min", "10 分钟"),
        (47.4, "47 min", "47 分钟"),
        (59.6, "1 h", "1 小时"),
        (80, "1 h 20 min", "1 小时 20 分"),
        (840, "14 h", "14 小时"),
        (4320, "3 d", "3 天"),
        (4500, "3 d 3 h", "3 天 3 小时"),
        (math.inf, "for good", "一直"),
        (None, "—", "—"),
    ],
)
def test_a_length_is_written_for_people(minutes, english, chinese):
    assert words.duration(minutes, "en") == english
    assert words.duration(minutes, "zh") == chinese


def test_a_difference_shows_its_sign():
    assert words.duration(47, signed=True) == "+47 min"
    assert words.duration(-12, signed=True) == "−12 min"
    assert words.duration(0, signed=True) == "0 min"


def test_a_range_names_the_unit_once_when_it_can():
    assert words.duration_range(12, 55) == "12–55 min"
    assert words.duration_range(34, 64) == "34 min – 1 h 4 min"
    assert words.duration_range(12, 55, "zh") == "12–55 分钟"
    assert words.duration_range(12, 12) == "12 min"
    assert words.duration_range(0, 0.5, "zh") == "0–30 秒"
    assert words.duration_range(0, 353) == "0 – 5 h 53 min"
    assert words.duration_range(0, 12) == "0–12 min"
    assert words.duration_range(-5.4, -3.7) == "−5.4 to −3.7 min"
    assert words.duration_range(-0.5, 13, "zh") == "−30 秒 至 13 分钟"


def test_a_moment_is_a_time_of_day_and_another_day_has_its_weekday():
    start = datetime(2026, 3, 9, 7, 0)
    assert words.clock(start, 160) == "09:40"
    assert words.clock(start, 1150) == "Tue 02:10"
    assert words.clock(start, 1150, "zh") == "周二 02:10"
    assert words.clock(start, 10080 * 2) == "23 Mar 07:00"
    assert words.clock(start, 10080 * 2, "zh") == "3 月 23 日 07:00"


def test_a_share_is_never_rounded_up_to_what_a_plan_asks_for():
    assert words.share(0.896) == "89.6 %"
    assert words.share(179 / 200) == "89.5 %"
    assert words.share(0.8999, "zh") == "89.9%"
    assert words.share(0.9) == "90 %"
    assert words.share(0.904) == "90 %"
    assert words.share(0.946) == "94.6 %"


def test_a_share_is_never_rounded_to_certainty():
    assert words.share(0.414) == "41 %"
    assert words.share(0.414, "zh") == "41%"
    assert words.share(0.9996) == ">99 %"
    assert words.share(0.0004) == "<1 %"
    assert words.share(1.0) == "100 %"
    assert words.share(0.0) == "0 %"


def test_a_probability_stands_with_its_interval():
    chance = Estimate(value=0.41, low=0.343, high=0.479, n=200)
    assert words.share_interval(chance) == "41 % (34–48 %)"
    assert words.share_interval(chance, "zh") == "41%（34–48%）"
    assert words.share_interval(NONE) == "—"
    narrow = Estimate(value=0.7512, low=0.7461, high=0.7563, n=20)
    assert words.share_interval(narrow) == "75.1 % (74.6–75.6 %)"
    assert words.share_interval(Estimate(value=1.0, low=0.84, high=1.0, n=20)) == "100 % (84–100 %)"
    assert words.share_interval(Estimate(value=0.6, low=0.6, high=0.6, n=20)) == "60 %"


@pytest.mark.parametrize(
    ("value", "low", "high", "said", "between"),
    [
        (312.4, 288.1, 336.9, "312", "288–337"),
        (4.444, 4.39, 4.50, "4.44", "4.39–4.50"),
        (44.1, 40.0, 48.2, "44", "40–48"),
        (6.3141, 6.3140, 6.3142, "6.31", ""),
        (0.4, -0.3, 1.1, "0.4", "0.0–1.1"),
        (3.0, None, None, "3", ""),
        (1234567.0, 1234000.0, 1235000.0, "1,234,567", "1,234,000–1,235,000"),
    ],
)
def test_a_count_is_rounded_as_its_interval_deserves(value, low, high, said, between):
    estimate = Estimate(value=value, low=low, high=high, n=200)
    assert words.count(estimate) == said
    assert words.count_interval(estimate) == between


def test_a_difference_of_counts_may_be_negative():
    assert words.count(Estimate(value=-0.5, low=-1.7, high=0.7), signed=True) == "0"
    assert words.count(Estimate(value=-12.2, low=-20, high=-4), signed=True) == "−12"
    assert words.count_interval(Estimate(value=-12.2, low=-20, high=-4), signed=True) == "−20 … −4"


def test_times_cut_off_at_the_end_are_said_to_be_at_least_that():
    some = Spread(mean=NONE, p10=10, p50=20, p90=480, least=5, most=480, n=100, censored=15)
    assert words.usual(some) == "20 min"
    assert words.usual_range(some) == "10 min – 8 h or more"
    most = some.model_copy(update={"p50": 480.0})
    assert words.usual(most) == "≥ 8 h"
    all_of_them = Spread(
        mean=NONE,
        p10=7.1,
        p50=10,
        p90=20,
        least=7,
        most=30,
        n=100,
        censored=100,
        at_least=["p10", "p50", "p90", "most"],
    )
    assert words.spread(all_of_them) == "≥ 10 min (8 runs of 10: 7.1 min or more)"
    assert words.spread(all_of_them, "zh") == "≥ 10 分钟（八成模拟：7.1 分钟以上）"
    none = Spread(mean=NONE, n=0, censored=3)
    assert words.spread(none) == "not before the end"


def test_a_list_of_names_is_cut_with_a_count():
    assert words.listing(["a"]) == "a"
    assert words.listing(["a", "b"]) == "a and b"
    assert words.listing(["a", "b", "c"], "zh") == "a、b和c"
    assert words.listing(list("abcdefgh"), most=4) == "a, b, c and 5 more"
    assert words.listing([]) == ""


def test_what_a_step_waited_for_names_who_and_why():
    scenario = report_sample.scenario()
    said = lambda part, cause, language="en": words.waiting_for(scenario, part, cause, language)  # noqa: E731
    assert said("person", "dba:first_look") == "Database administrator, busy with “First look at the database”"
    assert said("person", "dba") == "Database administrator, who is busy"
    assert said("person", "dba:patients") == "Database administrator, too few of them"  # they serve none
    assert said("person", "dba:patients", "zh") == "人手不足的数据库管理员"
    serving = next(need for activity in scenario.hospital.activities.values() for need in activity.needs)
    assert said("person", f"{serving}:patients").endswith(", busy with patients")
    assert said("on_the_way", "director") == "Director on duty, on the way"
    assert said("off_shift", "vendor", "zh") == "不在岗的存储厂商工程师"
    assert said("decision", "director", "zh") == "分管院长作出决定"
    assert said("decision", "declare") == "the decision “Declare the incident and its grade”"
    both = "the decision “Declare the incident and its grade”, and “First look at the database” to be done"
    assert said("decision", "declare,first_look") == both
    assert said("decision", "first_look,declare", "zh").endswith("这一决定，以及“初步查看数据库”完成")
    assert (
        said("predecessor", "first_look,isolate")
        == "“First look at the database” and “Cut off the failing storage path” to be done"
    )
    assert said("system", "his") == "HIS, which does not work"
    assert said("rework", "repair") == "work done again because of “Replace the storage controller”"
    assert said("slowed", "tired:repair") == "“Replace the storage controller”: work slowed by tired people"
    assert said("slowed", "his", "zh") == "HIS 系统运行缓慢，拖慢工作"
    assert said("slowed", "without his:repair") == "“Replace the storage controller”: work slowed for want of HIS"
    disk = scenario.hospital.model_copy(
        update={"media": {"disk": Medium(title=Text(en="Backup disks", zh="备份磁盘"), throughput=1.0)}}
    )
    scenario = scenario.model_copy(update={"hospital": disk})
    assert said("slowed", "shared disk") == "work slowed by other restores from Backup disks"
    assert said("slowed", "shared disk", "zh") == "多项恢复同时读取备份磁盘，速度变慢"
    assert said("trigger", "his is away for threshold outpatient") == "its trigger (HIS has been away for 15 min)"
    assert said("trigger", "", "zh") == "触发条件"
    assert said(None, None) == "—"


def test_a_role_a_system_and_a_department_of_one_id_are_each_told_by_their_own_title():
    scenario = a_scenario(
        staff={"nurse": {"title": "Nurses"}}, roles={"lab": {"title": "Laboratory engineer", "holders": ["nurse"]}},
        systems={"lab": {"title": "Laboratory system"}, "db": {"title": "Database"}}, departments={"lab": {"title": "Laboratory"}},
        steps=[{"id": "mend", "title": "Mend it", "owner": "lab", "does": "judge"}], faults=[{"id": "f", "target": "lab"}], causes=["lab", "db"],
    )  # fmt: skip
    states = [
        ("component", "down", "own"),
        ("department", "waiting", "lab"),
        ("decided", "judged", "lab"),
        ("kit", "empty", ""),
    ]
    rows = [Event(10.0 * n, n, kind, "mend" if kind == "decided" else "lab", state, cause, 1.0) for n, (kind, state, cause) in enumerate(states, 1)]  # fmt: skip
    told = [line.text for chapter in story.chapters(scenario, rows) for line in chapter.lines]
    assert told == [
        "No service: Laboratory system.", "Work stands still: Laboratory.", "The cause is judged to be Laboratory system, which is right.",
        "Out of downtime forms: Laboratory.",
    ]  # fmt: skip
    assert words.waiting_for(scenario, "on_the_way", "lab") == "Laboratory engineer, on the way"
    assert words.waiting_for(scenario, "system", "lab") == "Laboratory system, which does not work"
    assert words.trigger(scenario, "lab is away for 10 min") == "Laboratory system has been away for 10 min"
    assert words.trigger(scenario, "lab on paper") == "Laboratory is on paper"
    piece = lambda part: paths.piece(PathPiece(part=part, cause="lab", share=1.0, minutes=1.0, runs=[1]), scenario)  # noqa: E731
    assert [piece(part) for part in ("restart", "typing", "on_the_way")] == [
        "Laboratory system starts up", "typing in: Laboratory", "Laboratory engineer, called and on the way",
    ]  # fmt: skip
    assert "Laboratory system" in brief.brief(scenario)


def test_every_part_of_a_steps_time_has_words_in_both_languages():
    scenario = report_sample.scenario()
    for part in words.PARTS:
        for cause in ("", "dba", "first_look"):
            for language in ("en", "zh"):
                assert part not in ("off_shift", "on_the_way") or "_" not in words.waiting_for(
                    scenario, part, cause, language
                )


def test_a_trigger_with_many_alternatives_is_cut():
    scenario = report_sample.scenario()
    assert (
        words.trigger(scenario, "first_look or isolate")
        == "“First look at the database” is done or “Cut off the failing storage path” is done"
    )
    assert (
        words.trigger(scenario, "first_look or isolate or repair") == "“First look at the database” is done or 2 others"
    )
    assert words.trigger(scenario, "his up") == "HIS is back"
    assert words.trigger(scenario, "60 min after restored") == "1 h after recovery"
    assert words.trigger(scenario, "cleared", "zh") == "补录完成"


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        ("his is away for 10 min", "HIS has been away for 10 min", "HIS 系统中断已达 10 分钟"),
        ("registration is on paper", "Registration is on paper", "挂号处已转手工"),
        ("declared", "the incident has been declared", "已启动预案"),
        ("30 min after detected", "30 min after detection", "发现故障后 30 分钟"),
        ("grade <= 2", "grade ≤ 2", "事件级别 ≤ 2"),
        ("queue of registration > 50", "people waiting at Registration > 50", "挂号处排队人数 > 50"),
        ("not judged right", "not: the first judgement is right", "并非“初步判断正确”"),
        ("not repair", "“Replace the storage controller” is not done yet", "“更换存储控制器”尚未完成"),
        ("registration is closed", "Registration is closed", "挂号处已下班"),
        ("registration opens within 1 h", "Registration opens within 1 h", "距挂号处开放不足 1 小时"),
        (
            "(his is away or his is slow) and not (declared or grade <= 2)",
            "(HIS is away or HIS is slow), unless the incident has been declared or grade ≤ 2",
            "（HIS 系统中断，或者HIS 系统变慢），但已启动预案，或者事件级别 ≤ 2时除外",
        ),
        (
            "not (declared or grade <= 2)",
            "none of these: the incident has been declared, grade ≤ 2",
            "以下情况都没有：已启动预案、事件级别 ≤ 2",
        ),
        ("not his is away", "HIS is not away", "HIS 系统没有中断"),
        ("his down", "HIS has gone down", "HIS 系统曾中断"),
        (
            "his_db on standby and grade == 1",
            "HIS database runs on its standby and grade = 1",
            "HIS 数据库运行在备机上，并且事件级别 = 1",
        ),
    ],
)
def test_a_condition_is_a_clause(text, english, chinese):
    scenario = report_sample.scenario()
    assert words.condition(scenario, read_condition(text), "en") == english
    assert words.condition(scenario, read_condition(text), "zh") == chinese


def test_steps_in_a_row_stand_in_quotation_marks():
    scenario = report_sample.scenario()
    assert words.step_list(scenario, ["first_look", "isolate"]) == (
        "“First look at the database” and “Cut off the failing storage path”"
    )
    assert words.step_list(scenario, ["first_look", "isolate", "repair"], "zh", most=2).endswith("”，另有 2 个")


def test_of_a_long_evidence_the_first_rows_are_shown_and_the_others_counted():
    rows = [("09:10", f"row {n}") for n in range(1, 41)]
    assert lessons.shortened(rows[:30], "en") == rows[:30]
    assert lessons.shortened(rows, "en") == [*rows[:29], ("…", "11 more rows like these.")]
    again = [*rows[:2], *(("later", rows[0][1]) for _ in range(40))]
    assert lessons.shortened(again, "en") == [*rows[:2], ("…", "40 more rows like these.")]


def test_a_deadline_names_the_event_it_counts_from():
    scenario = report_sample.scenario()
    assert words.deadline(scenario, read_deadline("30 min of detected")) == "within 30 min after detection"
    assert words.deadline(scenario, read_deadline("30 min of detected"), "zh") == "发现故障后 30 分钟内"
    assert words.since(scenario, read_deadline("90 min of his up")) == "1 h 30 min after HIS is back"
    assert words.deadline(scenario, None) == ""


def test_a_moment_is_a_clock_time_when_it_is_known_beforehand():
    scenario = report_sample.scenario()
    assert words.moment(scenario, read_moment("+40 min")) == "09:50"
    assert words.moment(scenario, read_moment("06:00")) == "Tue 06:00"
    assert words.moment(scenario, read_moment("20 min after declared")) == "20 min after the declaration"


def test_a_measure_is_a_claim_in_words():
    scenario = report_sample.scenario()
    assert words.measure(scenario, read_measure("his.minutes_to_restore <= 2 h")) == "HIS: longest outage ≤ 2 h"
    assert words.measure(scenario, read_measure("patients.left <= 300"), "zh") == "全部患者：未就诊离开人数 ≤ 300"
    assert (
        words.measure(scenario, read_measure("register.left_share < 5 %"))
        == "Registration: share who left without being seen < 5 %"
    )


def test_usual_times_are_told_without_the_names_of_distributions():
    assert words.takes(read("12 min")) == "12 min"
    assert words.takes(read("lognormal(median 12 min, p90 30 min)")) == "usually 12 min, at times 30 min"
    assert words.takes(read("uniform(5 min, 20 min)")) == "5–20 min"
    assert words.takes(read("exponential(6 min)"), "zh") == "约 6 分钟"


def test_a_space_stands_between_chinese_and_latin_letters():
    assert words.spaced("将HIS数据库切换") == "将 HIS 数据库切换"
    assert words.spaced("概率70%和") == "概率 70% 和"


def test_who_is_on_duty_agrees_with_the_calendar_of_the_simulation():
    scenario = a_scenario(
        start="2026-03-08 00:00",
        horizon=10080.0,
        hospital={
            "rosters": {"days": "mon-fri 08:00-17:30", "nights": "all 22:00-06:00"},
            "calendar": {"holidays": ("2026-03-11",)},
        },
        staff={
            "dba": {
                "on_duty": {"days": 2, "nights": 1, "holidays 09:00-12:00": 3},
                "on_call": {"count": 1, "hours": "nights"},
            }
        },
    )
    calendar = Calendar(scenario.hospital, scenario.start_time, 0.0, 10080.0)
    capacity = calendar.capacity(scenario.hospital.staff["dba"].on_duty)
    for minute in range(0, 10080, 30):
        when = scenario.start_time.replace(day=8 + minute // 1440, hour=minute // 60 % 24, minute=minute % 60)
        expected = [number for since, number in capacity if since <= minute][-1]
        assert on_duty(scenario.hospital, "dba", when) == expected, when
        assert on_call(scenario.hospital, "dba", when) == int(calendar.on("nights", minute)), when
        assert during(scenario.hospital, "always", when)


def test_every_source_of_the_files_is_listed_with_its_place():
    scenario = report_sample.scenario()
    found = {source.text: source for source in sources(scenario)}
    assert "hospital.activities.register.takes" in [p.path for p in found["FACTS C7"].places]
    assert "hospital.staff.registrar.on_duty" in [p.path for p in found["FACTS C7"].places]
    assert [p.path for p in found["HIS emergency plan v3, 4.5"].places] == ["plan.steps[order_paper]"]
    assert "faults[db_down].found_by.monitoring" in [p.path for p in found["assumption"].places]
    assert found["assumption: one each"].assumed
    assert not found["FACTS C7"].assumed
    assert [s.assumed for s in sources(scenario)] == sorted((s.assumed for s in sources(scenario)), reverse=True)


@pytest.mark.parametrize(
    ("people", "told"), [(24.13, "24.1"), (1.2, "1.2"), (1.0, "1"), (0.58, "0.58"), (0.398, "0.4"), (0.03, "0.03")]
)
def test_people_on_duty_are_told_alike_in_every_row(people: float, told: str) -> None:
    assert words.heads(people) == told


def test_what_never_stood_still_was_available_all_the_time() -> None:
    assert findings.precise_share(1.0) == findings.precise_share(0.999999) == "100 %"
    assert (findings.precise_share(0.99989), findings.precise_share(0.876)) == ("99.989 %", "87.6 %")


def test_a_milestone_that_was_reached_does_not_lie_beyond_the_end() -> None:
    """Two runs that got there on days 29 and 60 of seventy: their mean is known to less than the exercise's length at most."""
    two = Estimate(value=40.0, low=-10.0, high=90.0, n=2)
    assert paths._within(two, 70.0) == (0.0, 70.0)
    assert paths._within(Estimate(value=40.0, low=30.0, high=50.0, n=9), 70.0) == (30.0, 50.0)
    assert paths._within(Estimate(value=40.0, n=1), 70.0) == (None, None)


def test_half_the_interval_of_a_count_has_two_digits() -> None:
    assert [sure.half(value, "patients") for value in (84.1, 1234.0, 0.66)] == ["± 84", "± 1,234", "± 0.66"]


def test_an_assumption_is_known_by_its_first_word():
    assert is_assumption("assumption: half an hour away")
    assert not is_assumption("FACTS C7, not an assumption")


def cut(values, horizon, **more):
    """The spread of runs that are cut off at a horizon."""
    found = np.array(values, float)
    return intervals.spread(np.minimum(found, horizon), (found > horizon).astype(float), **more)


def test_what_half_of_the_runs_do_not_finish_is_not_told_as_done_in_half_of_them():
    """3 of 5 runs are not done at the end (960): the middle run is not, so no time of it is told; a mean would be "at least"."""
    summary = report_sample.summary()
    done = cut([300, 400, 2000, 2000, 2000], 960)
    open_ = summary.model_copy(
        update={
            "verdict": summary.verdict.model_copy(update={"holds": None}),
            "completion": done,
            "milestones": [],
        }
    )
    assert findings.verdict(open_).headline == "Not all steps are done before the end in 60 % of runs."
    assert findings.verdict(open_, "zh").headline == "60% 的模拟到结束时仍有步骤未做完。"
    bare = open_.model_copy(update={"pathways": [], "patients": None, "data": None, "activities": [], "systems": []})
    (key,) = figures.key_figures(bare, report_sample.scenario())
    assert (key.value, key.detail) == ("not before the end", "not done before the end in 60 % of runs")
    assert words.on_average(done) == "≥ 11 h 56 min"
    assert words.certain(done) is None
    assert findings.verdict(open_.model_copy(update={"completion": cut([300, 400, 500, 2000, 2000], 960)})).headline == "All steps are done after 8 h 20 min in half of the runs."  # fmt: skip


def test_systems_that_are_not_back_in_the_middle_run_have_no_time_of_return():
    summary = report_sample.summary()
    restored = next(m for m in summary.milestones if m.event == "restored")
    never = restored.model_copy(update={"minute": cut([100, 900, 900, 900], 600), "reached": intervals.share(1, 4)})
    key = figures.key_figures(summary.model_copy(update={"milestones": [never]}), report_sample.scenario())[0]
    assert (key.label, key.value) == ("Systems in use restored after", "not before the end")
    assert key.detail.startswith("reached in 25 %")


def test_what_an_intruder_could_take_is_told_first_and_only_where_there_is_one():
    summary, scenario = report_sample.summary(), report_sample.scenario()
    assert "taken" not in " ".join(findings.data(summary, scenario))
    exposed = intervals.spread(np.array([0.0, 600.0, 1200.0, 1800.0, 2400.0]))
    people = intervals.spread(np.array([0.0, 1_048_000.0, 2_133_000.0, 3_190_000.0, 3_200_000.0]))
    data = summary.data.model_copy(update={"exposed": exposed, "people_exposed": people})
    taken = summary.model_copy(update={"data": data})
    assert findings.data(taken, scenario)[0] == (
        "data could be taken and read for 20 h (8 runs of 10: 4–36 h), "
        "those of 2,100,000 people (8 runs of 10: 420,000–3,200,000)"
    )
    assert findings.data(taken, scenario, "zh")[0] == (
        "数据可被窃取并读取的时间通常为 20 小时（八成模拟：4–36 小时），涉及 2,100,000 人（八成模拟：420,000–3,200,000 人）"
    )
    first, second, *_ = figures.key_figures(taken, scenario)
    assert (first.value, second.value) == ("20 h", "2,100,000")
    nobody = data.model_copy(update={"exposed": intervals.spread(np.array([0.0, 0.0])), "people_exposed": None})
    assert findings.data(summary.model_copy(update={"data": nobody}), scenario)[0] == "nobody could take and read data"


def test_typing_in_is_told_by_the_runs_that_had_paper_and_those_that_did_not_end():
    summary, scenario = report_sample.summary(), report_sample.scenario()
    data = summary.data.model_copy(
        update={"cleared_at": cut([60, 90, 120, 900], 600), "cleared": intervals.share(3, 4)}
    )
    said = findings.data(summary.model_copy(update={"data": data}), scenario)[-1]
    assert said.endswith("typed in by 10:55 in half of the runs with paper, not before the end in 25 % of them")
    worse = data.model_copy(update={"cleared_at": cut([60, 900, 900, 900], 600), "cleared": intervals.share(1, 4)})
    said = findings.data(summary.model_copy(update={"data": worse}), scenario)[-1]
    assert "all typed in before the end in only 25 %" in said
    assert said.endswith("of the runs with paper")


def test_an_event_that_need_not_come_does_not_stretch_the_pictures_to_the_end():
    """Paper is ordered in half of the runs only, by 60 min; everything is over by 200 min: the pictures end an hour after that."""
    summary, scenario = report_sample.summary(), report_sample.scenario()
    at = {"restored": [100, 150, 200, 200], "ordered": [20, 60, 900, 900]}
    kept = [m.model_copy(update={"minute": cut(at[m.event], 700)}) for m in summary.milestones if m.event in at]
    end = sections.window(summary.model_copy(update={"milestones": kept}), scenario, report_sample.FAULT)[1]
    assert end == pytest.approx(report_sample.FAULT + 200 + 60)
    never = [m.model_copy(update={"minute": cut([100, 900, 900, 900], 710)}) for m in kept]
    end = sections.window(summary.model_copy(update={"milestones": never}), scenario, report_sample.FAULT)[1]
    assert end == report_sample.HORIZON


def test_lengths_in_findings_of_the_plan_check_are_read_in_hours_and_read_back():
    assert [length_text(m) for m in (0.5, 12.0, 59.96, 60.0, 1322.3, 7200.0, 1501.0)] == [
        "0.5 min", "12 min", "60 min", "1 h", "22 h 2 min", "5 d", "1 d 1 h 1 min",
    ]  # fmt: skip
    assert [minutes(length_text(m)) for m in (90.0, 1501.0)] == [90.0, 1501.0]


@pytest.mark.parametrize(
    ("planned", "en", "zh"), [(360.0, "the planned stop", "计划停机开始"), (0.0, "the failure", "故障发生")]
)
def test_the_beginning_of_a_stop_that_was_announced_is_not_called_a_failure(planned: float, en: str, zh: str):
    stop = {"id": "stop", "kind": "upgrade", "target": "his", "at": "01:00", "planned": planned}
    scenario = a_scenario(systems={"his": {}}, faults=[stop, {"id": "f", "target": "his", "at": "03:00"}])
    due = read_deadline("6 h of failed")
    assert en in words.deadline(scenario, due)
    assert zh in words.deadline(scenario, due, "zh")
    assert words.milestone(scenario, "failed") == ("Planned stop begins" if planned else "Failure")
    assert words.milestone(scenario, "restored", "zh") == "业务系统恢复"


def test_english_clauses_agree_with_titles_of_several_things():
    said = {
        "Wards is on paper": "Wards are on paper",
        "Workstations of the units has been slow for 15 min": "Workstations of the units have been slow for 15 min",
        "Eye, ear, dental and skin clinics opens within 1 h": "Eye, ear, dental and skin clinics open within 1 h",
        "Remote access for vendors is away": "Remote access for vendors is away",
        "HIS (registration, orders) is away": "HIS (registration, orders) is away",
        "Reporting of critical values is on paper": "Reporting of critical values is on paper",
    }
    titles = ("Wards", "Workstations of the units", "Eye, ear, dental and skin clinics", "Remote access for vendors", "HIS (registration, orders)", "Reporting of critical values")  # fmt: skip
    assert [clauses.agreeing(text, title, "en") for text, title in zip(said, titles, strict=True)] == list(
        said.values()
    )
    assert clauses.agreeing("Wards is on paper", "Wards", "zh") == "Wards is on paper"


@pytest.mark.parametrize(("language", "told"), [("en", "his has been working for 5 min or his has been slow for 5 min, and 1 more"), ("zh", "另有 1 项条件")])  # fmt: skip
def test_a_trigger_of_many_claims_is_told_by_its_first_and_the_number_of_the_others(language, told):
    scenario = a_scenario(systems={"his": {}}, departments={name: {} for name in ("wards", "clinics", "theatre")})
    claims = "(his is up for 5 min or his is slow for 5 min) and (wards is on paper or clinics is on paper or theatre is on paper)"
    text = clauses.trigger(scenario, claims, language)
    assert text.endswith(told)
    assert "theatre" not in text
    assert clauses.trigger(scenario, "his is up and wards is on paper", "en") == "his is working and wards are on paper"


def test_who_leaves_is_counted_among_patients_where_a_department_shares_their_name() -> None:
    """Who leaves the emergency department leaves once, but asked there for several services: a share of services would be a fraction of the share of patients."""
    scenario = a_scenario(
        staff={"doctors": {}},
        departments={"emergency": {"title": "Emergency department"}},
        activities={"look": {"department": "emergency", "needs": "doctors", "takes": "5 min"}},
        pathways={"emergency": {"title": "Emergency patients", "arrivals": {"per_day": 10}, "route": ["look"]}},
    )
    left, wait = read_measure("emergency.left_share <= 5 %"), read_measure("emergency.wait_p90 <= 1 h")
    assert (kind_of(left, scenario.hospital), kind_of(wait, scenario.hospital)) == ("pathway", "department")
    assert clauses.measure(scenario, left) == "Emergency patients: share who left without being seen ≤ 5 %"
    assert clauses.measure(scenario, wait).startswith("Emergency department: ")
