"""One run told in words: rows grouped, in order of time, with signs for late and on time."""

from __future__ import annotations

import math

import pytest
from pydantic import ValidationError

from drillsim.log.rows import Event
from drillsim.report import evidence, story
from tests import report_sample
from tests.builder import a_scenario

SCENARIO = report_sample.scenario()


def rows(*given: tuple) -> list[Event]:
    """Events from (minute, kind, subject, state, cause, value)."""
    return [Event(float(g[0]), n, g[1], g[2], *g[3:]) for n, g in enumerate(given)]


def lines(scenario, events, language="en") -> list[str]:
    """Every line of the story with its detail."""
    return [
        f"{line.text} | {line.detail}".removesuffix(" | ")
        for c in story.chapters(scenario, events, language)
        for line in c.lines
    ]


def test_the_story_has_the_events_of_the_response_as_chapters():
    found = story.chapters(SCENARIO, report_sample.log().events)
    assert [c.event for c in found if c.lines] == ["failed", "detected", "declared", "ordered", "restored"]
    minutes = [line.minute for c in found for line in c.lines]
    assert minutes == sorted(minutes)


def test_a_cascade_is_one_sentence():
    said = lines(SCENARIO, report_sample.log().events)
    assert "No service: HIS database, HIS, Electronic record and Insurance gateway." in said
    assert (
        "Work stands still: Registration, Charging and insurance, Outpatient pharmacy, Laboratory, Emergency and Wards."
        in said
    )


def test_an_inject_that_was_held_back_is_told_with_what_did_not_hold():
    inject = {
        "id": "press",
        "title": {"en": "Press", "zh": "记者"},
        "at": "00:20",
        "text": "Who?",
        "only_if": "not his is away",
    }
    scenario = a_scenario(systems={"his": {"title": "HIS"}}, injects=[inject])
    events = rows((20, "inject", "press", "held_back", "not his is away", math.nan))
    assert lines(scenario, events) == ["Inject “Press” is held back: it comes unless HIS is away."]
    assert lines(scenario, events, "zh") == ["导调“记者”未下达，条件不符：HIS中断时除外。"]


def test_an_attack_reaches_a_system_before_it_stops_and_data_are_lost_once():
    events = rows(
        (20, "component", "his_db", "down", "own"), (20, "attack", "f", "inside", "his_db"),
        (40, "data_lost", "his_db", "lost", "", math.inf), (90, "data_lost", "his_db", "lost", "", math.inf),
    )  # fmt: skip
    found = lines(SCENARIO, events)
    assert len(found) == 3
    assert [("attack" in found[0], "No service" in found[1], "lost" in found[2])] == [(True, True, True)]


def test_what_a_second_fault_stops_is_not_told_with_what_had_stopped_before_it():
    events = rows(
        (20, "component", "his", "down", "own"), (25, "fault", "f", "began", "his_db", 1.0), (25, "component", "his_db", "down", "own"),
        (25, "component", "emr", "down", "his_db"), (26, "component", "insurance_gateway", "down", "his_db"),
    )  # fmt: skip
    assert [line for line in lines(SCENARIO, events) if line.startswith("No service")] == [
        "No service: HIS.",
        "No service: HIS database, Electronic record and Insurance gateway.",
    ]


def test_a_department_that_opens_again_on_the_paper_it_closed_with_is_not_told_each_day():
    name = "registration"
    events = rows(
        (10, "department", name, "paper", "order"), (600, "department", name, "closed", "hours", 3.0), (1440, "department", name, "paper", "hours"),
        (2000, "department", name, "closed", "hours", 3.0), (2500, "department", name, "closed", "return", 4.0), (2880, "department", name, "back_entry", "hours"),
    )  # fmt: skip
    assert lines(SCENARIO, events) == [
        "Now on paper: Registration.",
        "Back on the systems and typing in what was written: Registration.",
    ]


@pytest.mark.parametrize(("language", "said"), [("en", "called off"), ("zh", "中止")])
def test_a_step_that_another_called_off_is_told_as_that(language: str, said: str):
    step = SCENARIO.plan.steps[0]
    events = rows((10, "step", step.id, "working"), (30, "step", step.id, "failed", SCENARIO.plan.steps[1].id))
    [line] = lines(SCENARIO, events, language)
    assert said in line
    assert step.title.in_language(language) in line
    assert said in evidence.told(SCENARIO, events[-1], language)


def test_changes_more_than_ten_minutes_apart_are_told_apart():
    events = rows(
        (10, "department", "registration", "paper"),
        (15, "department", "charging", "paper"),
        (30, "department", "wards", "paper"),
    )
    assert lines(SCENARIO, events) == ["Now on paper: Registration and Charging and insurance.", "Now on paper: Wards."]


def test_nothing_is_told_before_what_led_to_it():
    """Charging hears the order at 14: its paper at 18 does not join the sentence of 10, nor the database's return that of the network."""
    events = rows(
        (10, "department", "registration", "paper"),
        (14, "department", "charging", "changing"),
        (18, "department", "charging", "paper"),
        (20, "component", "his", "down", "own"),
        (21, "component", "his", "up", "own"),
        (24, "component", "emr", "down", "own"),
        (26, "component", "emr", "up", "own"),
    )
    assert lines(SCENARIO, events) == [
        "Now on paper: Registration.",
        "The order has arrived; changing over to paper: Charging and insurance.",
        "Now on paper: Charging and insurance.",
        "No service: HIS and Electronic record.",
        "Working again: HIS and Electronic record.",
    ]


def test_a_system_that_was_slow_is_fast_again_and_a_tenth_is_not_told():
    slow = [(10, "component", "his", "slow", "own", 3.0), (30, "component", "his", "up", "own", 1.0)]
    backup = [(50, "component", "emr", "slow", "own", 1.1), (60, "component", "emr", "up", "own", 1.0)]
    assert lines(SCENARIO, rows(*slow, *backup)) == ["Slow: HIS.", "As fast as ever again: HIS."]
    assert lines(SCENARIO, rows(*slow), "zh")[1] == "恢复正常速度：HIS 系统。"


def test_how_malware_spreads_is_told_once_and_then_how_far_it_has_come():
    fault = {"id": "virus", "title": "Virus", "kind": "spread", "target": "his", "at": "01:00", "effect": "It goes on", "attack": {"every": "5 min"}}  # fmt: skip
    scenario = a_scenario(systems={"his": {}, "lis": {}}, faults=[fault])
    events = rows(
        (60, "fault", "virus", "began", "his", 1.0), (60, "attack", "virus", "inside", "his"),
        (70, "fault", "virus", "began", "lis", 1.0), (70, "attack", "virus", "inside", "lis"),
    )  # fmt: skip
    said = ["Virus: It goes on.", "The attack has reached his.", "The attack has reached lis."]
    assert lines(scenario, events) == said


def test_two_of_a_role_called_at_once_are_told_once():
    called = [(10, "person", "dba", "called", "", 1.0)] * 2
    assert len(lines(SCENARIO, rows(*called, (20, "person", "dba", "called", "", 1.0)))) == 2


def test_what_a_step_waited_for_is_what_its_last_try_waited_for():
    scenario = a_scenario(staff={"lead": {}}, roles={"lead": {"holders": "lead"}}, steps=[{"id": "s", "owner": "lead"}])
    first = [(0, "step", "s", "person", "lead"), (30, "step", "s", "working", ""), (40, "step", "s", "done", "")]
    again = [(90, "step", "s", "redo", "s"), (91, "step", "s", "working", ""), (95, "step", "s", "done", "")]
    assert lines(scenario, rows(*first, *again)) == [
        "lead: s | waited 30 min for lead, who is busy",
        "s must be done again",
        "lead: s",
    ]


def test_only_what_was_begun_is_done_again():
    again = (20, "step", "restore", "redo", "verify", 1.0)
    begun = (10, "step", "restore", "working", "", 1.0)
    steps = [{"id": "restore", "owner": "lead"}, {"id": "verify", "owner": "lead", "after": "restore"}]
    scenario = a_scenario(staff={"lead": {}}, roles={"lead": {"holders": "lead"}}, steps=steps)
    assert lines(scenario, rows((0, "step", "restore", "after", "verify", 1.0), again)) == []
    assert lines(scenario, rows(begun, again)) == ["restore must be done again"]


def test_what_a_failure_is_due_to_is_said():
    events = rows((10, "component", "his", "slow", "his_db", 2.0), (11, "component", "emr", "slow", "his_db", 2.0))
    assert lines(SCENARIO, events) == ["Slow: HIS and Electronic record (because of HIS database)."]
    assert lines(SCENARIO, events, "zh") == ["运行变慢：HIS 系统和电子病历（由HIS 数据库引起）。"]


def test_a_state_that_stays_the_same_for_people_is_not_told_twice():
    events = rows(
        (10, "component", "his", "down", "own"),
        (20, "component", "his", "restoring", "own"),
        (30, "component", "his", "up", "own"),
    )
    assert lines(SCENARIO, events) == ["No service: HIS.", "Working again: HIS."]


def test_a_step_is_judged_against_its_deadline():
    base = [(130, "reached", "detected")]
    on_time = rows(
        *base, (140, "step", "order_paper", "working", "", 1.0), (160, "step", "order_paper", "done", "", 1.0)
    )
    late = rows(*base, (140, "step", "order_paper", "working", "", 1.0), (174, "step", "order_paper", "done", "", 1.0))
    missed = rows(
        *base, (140, "step", "order_paper", "working", "", 1.0), (840, "step", "order_paper", "unfinished", "", 1.0)
    )
    statuses = [[line.status for c in story.chapters(SCENARIO, e) for line in c.lines] for e in (on_time, late, missed)]
    assert statuses == [["on_time"], ["late"], ["missed"]]
    assert lines(SCENARIO, late) == ["Information director: Order paper working for outpatients | 14 min late"]
    assert lines(SCENARIO, missed) == ["Not finished at the end: Order paper working for outpatients"]


def test_a_long_wait_is_told_with_its_reason_and_a_short_one_is_not():
    waited = rows(
        (100, "step", "isolate", "person", "network:tell_lead", 1.0),
        (112, "step", "isolate", "working", "", 1.0),
        (120, "step", "isolate", "done", "", 1.0),
    )
    assert lines(SCENARIO, waited) == [
        "Network engineer: Cut off the failing storage path | waited 12 min for Network engineer, busy with “Tell the information director”"
    ]
    short = rows(
        (100, "step", "isolate", "person", "network", 1.0),
        (103, "step", "isolate", "working", "", 1.0),
        (120, "step", "isolate", "done", "", 1.0),
    )
    assert lines(SCENARIO, short) == ["Network engineer: Cut off the failing storage path"]


def test_people_calls_data_and_forms_are_told():
    events = rows(
        (10, "person", "dba", "called", "first_look", 1.0), (11, "person", "dba", "missed", "first_look", 1.0), (40, "person", "dba", "arrived", "first_look", 1.0),
        (50, "data_lost", "his_db", "lost", "replica", 12.0), (51, "data_lost", "his_db", "lost", "replica", 0.0), (60, "kit", "charging", "empty", "", 0.0),
        (70, "failover", "his_db", "failed", "storage", math.nan), (80, "told", "wards", "not_reached", "phone"),
        (90, "decided", "first_look", "judged", "storage", 0.0), (95, "decided", "declare", "grade", "1", math.nan), (99, "fault", "db_down", "ended", "his_db", 1.0),
    )  # fmt: skip
    assert lines(SCENARIO, events) == [
        "Called in: Database administrator.", "No answer from Database administrator.", "At work: Database administrator.",
        "HIS database: data of 12 min are lost.", "Out of downtime forms: Charging and insurance.", "The switch of HIS database to Storage array fails.",
        "Wards cannot be reached.", "The cause is judged to be Storage array, which is wrong.", "Graded: Grade I", "The fault is over: HIS database down.",
    ]  # fmt: skip


def test_forms_that_run_out_again_are_told_once_for_each_department():
    empty = [
        (60.0 + k, "kit", name, "empty", "", 0.0)
        for k, name in enumerate(("charging", "charging", "registration", "charging"))
    ]
    told = lines(SCENARIO, rows(*empty))
    assert [line.startswith("Out of downtime forms: ") for line in told] == [True, True]
    assert told[0] != told[1]


def test_a_fault_without_words_of_its_own_gets_a_sentence():
    staff, systems = (
        {"dba": {"title": "Administrators"}},
        {"his": {}, "pc_a": {"kind": "workstation"}, "pc_b": {"kind": "workstation"}},
    )
    faults = [
        {"id": "a", "target": "his", "at": "01:00"}, {"id": "b", "target": "his", "at": "01:00", "kind": "slow", "severity": 3, "lasts": "20 min"},
        {"id": "c", "target": "kind: workstation", "at": "01:00", "kind": "read_only"}, {"id": "d", "target": "his", "at": "01:00", "kind": "corrupt"},
        {"id": "e", "target": "dba", "at": "01:00", "kind": "people", "severity": 0.3, "lasts": "2 h"}, {"id": "f", "target": "his", "at": "01:00", "effect": "Everything stops."},
    ]  # fmt: skip
    scenario = a_scenario(staff=staff, systems=systems, faults=faults)
    assert [story.fault_sentence(scenario, f, "en") for f in scenario.faults] == [
        "his stops working.", "Work with his takes 3 times as long for 20 min.", "pc_a and pc_b can be looked at but takes no new data.",
        "his stops, and its data must be recovered from a copy.", "30 % of the Administrators are away for 2 h.", "Everything stops.",
    ]  # fmt: skip
    assert (
        story.fault_sentence(scenario, scenario.faults[1], "zh") == "使用his的操作，耗时变为平时的 3 倍，持续 20 分钟。"
    )


def test_a_fault_that_hits_several_machines_is_told_once_and_each_is_mended_by_name():
    systems = {"pc_a": {"kind": "workstation", "title": "Desk"}, "pc_b": {"kind": "workstation", "title": "Ward"}}
    fault = {"id": "u", "title": "Update", "target": "kind: workstation", "at": "01:00", "effect": "Screens are blue."}
    events = rows(
        (60, "fault", "u", "began", "pc_a", 1.0), (60, "fault", "u", "began", "pc_b", 1.0), (90, "fault", "u", "ended", "pc_a", 1.0), (99, "fault", "u", "ended", "pc_b", 1.0),
    )  # fmt: skip
    said = ["Update: Screens are blue.", "Mended: Desk (Update).", "Mended: Ward (Update)."]
    assert lines(a_scenario(systems=systems, faults=[fault]), events) == said


def test_a_cause_that_is_no_component_has_its_title_in_both_languages():
    titles = {"bad_update": {"en": "a bad update", "zh": "错误更新"}}
    scenario = a_scenario(causes=["bad_update"], cause_titles=titles)
    judged = rows((90, "decided", "look", "judged", "bad_update", 0.0))
    assert lines(scenario, judged) == ["The cause is judged to be a bad update, which is wrong."]
    assert lines(scenario, judged, "zh") == ["原因判断为“错误更新”，判断有误。"]
    with pytest.raises(ValidationError, match="'good_update' in cause_titles is not one of the plan's causes"):
        a_scenario(causes=["bad_update"], cause_titles={"good_update": "a good one"})


def test_rows_of_a_frame_are_told_like_those_of_a_log():
    import pandas as pd

    log = report_sample.log()
    frame = pd.DataFrame(log.events)
    frame["cause"] = frame["cause"].replace("", None)
    assert lines(SCENARIO, story.events_of(frame)) == lines(SCENARIO, log.events)
    assert story.events_of(log) is log.events


def test_nothing_before_the_exercise_is_told():
    assert lines(SCENARIO, rows((-30, "department", "wards", "paper"), (5, "department", "wards", "normal"))) == [
        "Normal again: Wards."
    ]


def test_data_of_which_no_copy_is_good_are_told_to_be_lost_altogether():
    scenario = a_scenario(systems={"db": {"title": "Database"}})
    assert lines(scenario, rows((10, "data_lost", "db", "lost", "", float("inf")))) == ["Database: all data are lost."]


def test_an_attack_is_told_step_by_step():
    scenario = a_scenario(
        systems={"db": {"title": "Database"}, "his": {"title": "HIS"}},
        media={"disk": {"title": "Disk copies", "throughput": 1.0}},
        faults=[{"id": "f", "kind": "spread", "target": "db", "title": "Malware"}],
    )
    events = rows(
        (10, "attack", "f", "inside", "db", 1.0),
        (11, "attack", "f", "stage", "db", 1.0),
        (12, "attack", "f", "spoiled", "disk"),
        (13, "exposed", "db", "read", "f"),
        (14, "break_glass", "his", "opened", "db"),
        (15, "fault", "f", "relapsed", "db", 1.0),
        (16, "attack", "f", "stopped", ""),
    )
    assert lines(scenario, events) == [
        "The attack has reached Database.",
        "The attack has spoiled the copies on Disk copies.",
        "Data of Database can be taken and read.",
        "In use without Database, more slowly: HIS.",
        "The fault comes back: Malware.",
        "The attack goes no further.",
    ]
    assert lines(scenario, events, "zh")[0] == "攻击已波及Database。"


def test_a_switch_back_to_the_member_that_carries_it_normally_is_not_a_switch_to_a_standby():
    scenario = a_scenario(
        systems={
            "db": {"title": "Database", "runs_on": {"members": ["one", "two"]}},
            "one": {"title": "First server"},
            "two": {"title": "Second server"},
        }
    )
    events = rows((10, "failover", "db", "done", "two"), (50, "failover", "db", "started", "one"), (52, "failover", "db", "done", "one"))  # fmt: skip
    assert lines(scenario, events) == [
        "Database now runs on Second server.",
        "Database begins to switch back to First server.",
        "Database runs on First server again.",
    ]


def test_a_department_that_switches_by_itself_has_heard_no_order():
    events = rows((10, "department", "registration", "changing", "self_switch"), (12, "department", "wards", "changing", "order"))  # fmt: skip
    assert lines(SCENARIO, events) == [
        "Without waiting for an order, changing over to paper: Registration.",
        "The order has arrived; changing over to paper: Wards.",
    ]
    assert lines(SCENARIO, events, "zh")[0].startswith("未等指令，自行转为手工流程：")


def test_a_step_that_was_given_up_is_told_with_its_tries():
    step = SCENARIO.plan.steps[0]
    events = rows((10, "step", step.id, "working", "", 1.0), (20, "step", step.id, "failed", "", 3.0))
    [said] = lines(SCENARIO, events)
    assert said.endswith("– given up after 3 tries")


def test_calls_of_later_days_of_who_has_been_there_are_one_line():
    day = 1440.0
    first = [(10, "fault", "db_down", "began", "his_db", 1.0), (20, "person", "dba", "called", "first_look", 1.0), (40, "person", "dba", "arrived", "first_look", 1.0)]  # fmt: skip
    later = [(n * day, "person", "dba", state, "first_look", 1.0) for n in (2, 3, 4) for state in ("called", "missed", "called", "arrived")]  # fmt: skip
    told = [line for line in lines(SCENARIO, rows(*first, *later)) if "Database administrator" in line]
    assert told[:2] == ["Called in: Database administrator.", "At work: Database administrator."]
    assert len(told) == 3
    assert told[2].startswith("From now on called in again and again: Database administrator, 6 times until ")
    assert told[2].endswith(", 3 of them without an answer.")
    one_day = lines(SCENARIO, rows(*first, *[(50 + n, "person", "dba", "called", "first_look", 1.0) for n in range(4)]))
    assert one_day.count("Called in: Database administrator.") == 5


def test_what_a_comparison_found_is_told_when_it_is_done():
    look = {"id": "look", "title": "Compare", "owner": "it", "does": "evaluate", "if_it_fails": {"again": True, "tries": 9, "pause": "9 min"}}  # fmt: skip
    scenario = a_scenario(
        steps=[look], roles={"it": {"title": "Engineer"}}, departments={"lab": {"title": "Laboratory"}}
    )
    events = rows((1, "step", "look", "working", "", 1.0), (2, "step", "look", "pause", "lab", 1.0), (60, "step", "look", "working", "", 2.0), (61, "step", "look", "done", "", 2.0))  # fmt: skip
    assert lines(scenario, events) == ["Engineer: Compare | at try 2; until then not as on a normal day: Laboratory"]
    assert evidence.told(scenario, events[1], "en") == "“Compare”: not as on a normal day yet: Laboratory."


def test_the_story_ends_with_what_is_not_over_when_the_exercise_ends():
    """HIS came back, the gateway did not; one desk is on paper, one types in, one is back, one stands still."""
    scenario = a_scenario(
        systems={"his": {"title": "HIS"}, "gateway": {"title": "Gateway"}},
        departments={n: {"title": n.upper()} for n in ("a", "b", "c", "d")},
    )
    given = [
        (5, "component", "his", "down", "own", 0.0), (5, "component", "gateway", "down", "own", 0.0), (50, "component", "his", "up", "", 1.0),
        *((6, "department", n, "waiting", "his", math.nan) for n in "abcd"),
        *((20, "department", n, "paper", "", math.nan) for n in "abc"),
        *((60, "department", n, "back_entry", "", math.nan) for n in "bc"),
        (80, "department", "c", "normal", "pile", math.nan),
    ]  # fmt: skip
    end = (100, "run", "", "ended", "", math.nan)
    assert lines(scenario, rows(*given, end))[-4:] == [
        "The exercise ends; still without service: Gateway.",
        "The exercise ends; work still stands still: D.",
        "The exercise ends; still on paper: A.",
        "The exercise ends; still typing in: B.",
    ]
    assert lines(scenario, rows(*given, end), "zh")[-4] == "演练结束，服务仍未恢复：Gateway。"
    assert not any("exercise ends" in line for line in lines(scenario, rows(*given)))
