"""The scenario told before it is run: order of time, people of that hour, sentences from records, both languages."""

from __future__ import annotations

import pytest

from drillsim.report import duty
from drillsim.report.brief import brief
from drillsim.report.called_for import not_called_for
from drillsim.report.columns import WIDTH, cells, wrapped
from drillsim.report.expected import expected
from drillsim.report.msel import noticed, rows, trigger
from tests import report_sample
from tests.builder import a_scenario

SCENARIO = report_sample.scenario()


def one_line(text: str) -> str:
    """The text with its line breaks and indents made single spaces."""
    return " ".join(text.split())


def test_the_list_of_injects_says_which_steps_a_question_is_about() -> None:
    plan = {"roles": {"it": {}}, "steps": [{"id": "cut", "title": {"en": "Cut it off", "zh": "切断"}, "owner": "it"}, {"id": "tell", "title": {"en": "Tell them", "zh": "通知"}, "owner": "it"}]}  # fmt: skip
    inject = {"id": "press", "at": "09:30", "to": "it", "text": "?", "question": "Who?", "about": ["cut", "tell"]}
    answered = {**inject, "id": "second", "answer": {"en": "The lead.", "zh": "组长。"}, "about": ["tell"]}
    expecting = {**inject, "id": "third", "expects": {"step": "cut", "within": "10 min"}, "about": ["tell"]}
    scenario = a_scenario(**plan, injects=[inject, answered, expecting])
    told = {language: [row.expected for row in rows(scenario, language) if row.kind in ("Inject", "导调")] for language in ("en", "zh")}  # fmt: skip
    assert told["en"] == ["Steps of the plan: “Cut it off” and “Tell them”", "The lead. Steps of the plan: “Tell them”", "“Cut it off” within 10 min. Steps of the plan: “Tell them”"]  # fmt: skip
    assert told["zh"] == [
        "对应预案步骤：“切断”和“通知”",
        "组长。对应预案步骤：“通知”",
        "应在 10 分钟内完成“切断”。对应预案步骤：“通知”",
    ]


def test_an_intruder_breaks_nothing_so_nothing_is_foreseen_that_waits_for_an_outage():
    scenario = a_scenario(
        systems={"db": {}, "his": {"needs": ["db"]}, "phone": {}},
        detection={"monitoring": {"after": 30.0}},
        faults=[{"id": "f", "kind": "intrusion", "target": "db", "at": "09:00"}],
        roles={"it": {}},
        steps=[
            {"id": "cut", "owner": "it", "when": "attack is known", "takes": 5.0},
            {"id": "paper", "owner": "it", "when": "his is away for 10 min"},
            {"id": "runners", "owner": "it", "when": "phone is away for 5 min and detected"},
        ],
    )
    outage = scenario.model_copy(update={"faults": (scenario.faults[0].model_copy(update={"kind": "outage"}),)})
    quiet, loud = expected(scenario), expected(outage)
    assert quiet["cut"] - quiet["f"] == 35
    assert not {"paper", "runners"} & set(quiet)
    assert "cut" not in loud
    assert "paper" in loud


def test_the_setting_comes_first():
    lines = brief(SCENARIO).splitlines()
    assert lines[0] == "HIS database down, Monday 09:10"
    assert lines[1] == "Riverside tertiary hospital · HIS emergency plan 3"
    assert "From Monday 9 March 2026 07:00 to 21:00. Before that the hospital fills for 1 h." in lines


def test_what_happens_is_told_in_order_of_time():
    found = rows(SCENARIO)
    minutes = [r.minute for r in found]
    assert minutes == sorted(minutes)
    assert [r.number for r in found] == list(range(1, len(found) + 1))
    assert found[0].kind == "Fault"
    assert found[0].time == "09:10"
    text = one_line(brief(SCENARIO))
    assert (
        text.index("Take the call")
        < text.index("Declare the incident")
        < text.index("A newspaper asks")
        < text.index("Start HIS")
    )


def test_a_fault_is_told_with_its_effect_what_leans_on_it_and_how_it_is_noticed():
    text = one_line(brief(SCENARIO))
    assert (
        "09:10 Fault: HIS database down: HIS database stops working. Leaning on it: HIS. Noticed by monitoring after 2 min (in 70 % of runs) and by users after about 6 min."
        in text
    )


def test_a_step_is_told_with_owner_trigger_time_effect_and_deadline():
    text = one_line(brief(SCENARIO))
    assert (
        "Information director: Order paper working for outpatients (orders paper working for outpatients). After “Declare the incident and its grade”; "
        "takes usually 9 min, at times 18 min; within 30 min after detection."
    ) in text
    assert "within 2 h after the declaration; reports to Municipal health commission." in text


def test_a_title_that_is_a_question_ends_with_its_own_sign_and_a_step_that_ends_another_names_it():
    steps = [
        {"id": "far", "owner": "it", "title": {"en": "How far are we?", "zh": "做到哪一步了？"}, "takes": 5.0},
        {"id": "stop", "owner": "it", "after": "far", "title": "Stop", "does": {"call_off": "far"}},
    ]
    scenario = a_scenario(systems={"his": {}}, roles={"it": {}}, steps=steps, faults=[{"target": "his", "at": "08:00"}])
    assert "How far are we? When the failure is noticed" in one_line(brief(scenario))
    assert "Stop (ends “How far are we?” before it is done). After" in one_line(brief(scenario))
    assert "做到哪一步了？发现故障时" in one_line(brief(scenario, language="zh")).replace(" ", "")


def test_thresholds_paper_and_objectives_are_told():
    text = one_line(brief(SCENARIO))
    assert "outpatients once the systems have been away for 15 min" in text
    assert (
        "Registration on paper: Registration; changes over in usually 8 min, at times 15 min; 400 forms at hand; typed in afterwards by Registrars, 1.2 min each; can stand still for 30 min"
        in text
    )
    assert "Paper working in time “Order paper working for outpatients”, in at least 90 % of runs" in text


def test_a_threshold_that_is_a_report_clock_is_no_order_to_work_on_paper():
    from tests.builder import a_scenario

    told = one_line(
        brief(
            a_scenario(
                departments={"desk": {"group": "outpatient"}},
                thresholds={"outpatient": 15, "report_other": 240},
                roles={"lead": {}},
                steps=[{"id": "report", "owner": "lead", "takes": 10, "within": "threshold report_other of detected"}],
            )
        )
    )
    assert "outpatients once the systems have been away for 15 min" in told
    assert "report other" not in told
    assert "within 4 h after detection" in told


def test_an_objective_that_is_a_figure_is_told_in_words_and_not_as_the_file_writes_it():
    plan = a_scenario(objectives=[{"id": "few", "title": "Few leave", "measure": "patients.left <= 15"}])
    assert "Few leave all patients: left without being seen ≤ 15, in at least 90 % of runs" in one_line(brief(plan))
    assert "全部患者：未就诊离开人数 ≤ 15" in one_line(brief(plan, language="zh"))


def test_the_briefing_is_chinese_for_chinese_readers():
    text = brief(SCENARIO, language="zh")
    assert "09:10 谁在岗" in text
    assert "导调（给分管院长）：记者来电询问是否发生数据泄露。" in text
    assert "故障：HIS 数据库宕机：HIS 数据库停止工作。依赖它的有：HIS 系统。" in text
    assert "切换 HIS 数据库（切到备用或切回）" in text
    assert "when" not in text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_line_is_wider_than_the_page(language):
    assert max(cells(line) for line in brief(SCENARIO, language=language).splitlines()) <= WIDTH


def test_who_is_there_depends_on_the_hour():
    def people(start: str) -> str:
        scenario = a_scenario(
            start=start,
            staff={
                "lead": {"title": "Lead", "on_duty": {"mon-fri 08:00-17:30": 1}},
                "deputy": {
                    "title": "Deputy",
                    "on_duty": {"mon-fri 08:00-12:00": 2},
                    "on_call": {"count": 1, "hours": "all 17:30-08:00", "travel": "25 min"},
                },
                "clerk": {"title": "Clerk", "on_duty": {"mon-fri 08:00-17:30": 4}},
            },
            roles={
                "lead": {"title": "Lead", "holders": ["lead", "deputy"]},
                "clerk": {"title": "Desk", "holders": ["clerk"]},
                "watcher": {"title": "Watcher", "count": 2},
            },
            steps=[{"id": "a", "owner": "lead"}, {"id": "b", "owner": "clerk"}, {"id": "c", "owner": "watcher"}],
            systems={"his": {}},
            faults=[{"target": "his", "at": start[-5:]}],
        )
        return one_line(brief(scenario))

    assert "Lead 1 on duty; Deputy: 2 on duty Desk Clerk: 4 on duty Watcher 2 always there" in people(
        "2026-03-09 09:00"
    )
    assert "Lead Deputy: 1 on call, travelling 25 min" in people("2026-03-09 23:00")
    assert "Desk nobody on duty or on call: Clerk" in people("2026-03-08 10:00")


@pytest.mark.parametrize(
    ("fault", "there"),
    [
        ({}, "Database nobody on duty or on call: Dba Desk 2 on duty"),
        ({"at": "09:11"}, "Database 1 on duty Desk 2 on duty"),  # not yet
        ({"chance": 0.4}, "Database 1 on duty Desk 2 on duty"),
        ({"target": "clerk", "severity": 0.5}, "Database 1 on duty Desk 1 on duty"),
        ({"target": "clerk", "severity": 0.25}, "Database 1 on duty Desk 1 on duty"),  # half of one: away, as in a run
    ],
)
def test_whoever_a_fault_keeps_away_by_then_is_not_there(fault, there):
    text = one_line(brief(with_leave(**fault)))
    assert "Who is there at 09:10" in text
    assert there.replace("Database ", "Database Dba: ", 1).replace("Dba: nobody", "nobody") in text


def with_leave(**fault):
    """A database down at 09:10, and the only one who knows it away from then on."""
    return a_scenario(
        start="2026-03-09 07:00",
        staff={
            "dba": {"title": "Dba", "on_duty": {"all": 1}, "on_call": {"count": 1}},
            "clerk": {"title": "Desk", "on_duty": {"all": 2}},
        },
        roles={"dba": {"title": "Database", "holders": ["dba"]}, "clerk": {"title": "Desk", "holders": ["clerk"]}},
        steps=[{"id": "a", "owner": "dba"}, {"id": "b", "owner": "clerk"}],
        systems={"his": {}},
        faults=[
            {"target": "his", "at": "09:10"},
            {"id": "leave", "kind": "people", "target": "dba", "at": "09:10", **fault},
        ],
    )


def test_who_is_away_is_so_from_the_fault_until_its_end():
    scenario = with_leave(lasts="1 h")
    assert [duty.kept_away(scenario, minute) for minute in (129, 130, 189, 190)] == [{}, {"dba": 1}, {"dba": 1}, {}]
    assert duty.kept_away(with_leave(), 9e9) == {"dba": 1}


def test_a_way_of_noticing_without_a_chance_is_none():
    def told(chance: float, **ways: object) -> str:
        found_by = {"staff": {"after": 1.0, "chance": chance}, **ways}
        scenario = a_scenario(systems={"his": {}}, faults=[{"target": "his", "found_by": found_by}])
        return noticed(scenario, scenario.faults[0])

    assert told(0.5) == "Noticed by staff after 1 min (in 50 % of runs)."
    assert told(0.0) == "Nobody notices it of their own accord."
    assert told(0.0, users={"after": 6.0}) == "Noticed by users after 6 min."


def test_roles_that_no_step_uses_are_left_out():
    scenario = a_scenario(roles={"a": {"title": "Busy"}, "b": {"title": "Idle"}}, steps=[{"id": "x", "owner": "a"}])
    assert "Idle" not in brief(scenario)


def test_roles_of_steps_that_nothing_calls_for_are_left_out():
    parts = {
        "roles": {"a": {"title": "Busy"}, "b": {"title": "Fitter"}},
        "systems": {"his": {"title": "HIS"}, "cooling": {"title": "Cooling"}},
        "steps": [
            {"id": "x", "owner": "a", "with": "a"},
            {"id": "y", "owner": "b", "title": "Mend", "when": "cooling is away"},
        ],
    }
    who = brief(a_scenario(**parts, faults=[{"target": "his", "at": "09:00"}])).split("In order of time")[0]
    assert "Busy" in who
    assert "Fitter" not in who
    assert "Fitter" in brief(a_scenario(**parts, faults=[{"target": "cooling", "at": "09:00"}]))


def test_expected_times_follow_the_chain_of_steps():
    scenario = a_scenario(
        start="2026-03-09 08:00",
        roles={"r": {}},
        systems={"his": {}},
        faults=[{"id": "f", "target": "his", "at": "09:00", "found_by": {"users": {"after": "4 min"}}}],
        thresholds={"outpatient": "15 min"},
        steps=[
            {"id": "a", "owner": "r", "takes": "10 min"},
            {"id": "b", "owner": "r", "takes": "lognormal(median 20 min, p90 60 min)", "after": "a", "does": "declare"},
            {"id": "c", "owner": "r", "takes": "5 min", "on": "declared"},
            {"id": "d", "owner": "r", "takes": "1 min", "when": "his is away for threshold outpatient"},
            {"id": "e", "owner": "r", "takes": "1 min", "at": "10:00", "after": ["d"]},
            {"id": "g", "owner": "r", "takes": "1 min", "when": "queue of his > 5", "after": "a"},
        ],
    )
    times = expected(scenario)
    assert times["failed"] == 60
    assert times["detected"] == 64
    assert (times["a"], times["b"], times["c"], times["d"], times["e"]) == (74, 94, 99, 76, 121)
    assert times["declared"] == 94
    assert "g" not in times
    last = rows(scenario)[-1]
    assert (last.minute, last.time) == (None, "not foreseen")


def test_steps_that_wait_for_each_other_do_not_hang_the_briefing():
    scenario = a_scenario(
        roles={"r": {}}, steps=[{"id": "a", "owner": "r", "after": "b"}, {"id": "b", "owner": "r", "after": "a"}]
    )
    assert not {"a", "b"} & set(expected(scenario))
    assert {row.time for row in rows(scenario)} == {"not foreseen"}
    assert not_called_for(scenario) == {"a", "b"}
    assert "Steps of the plan that nothing in this scenario calls for" in brief(scenario)


def test_what_only_a_step_that_never_comes_would_cut_off_is_no_reason_for_it():
    """Nobody cuts the database off unless it is away, and no fault takes it away: so neither that nor what follows it is called for."""
    scenario = a_scenario(
        roles={"r": {}},
        systems={"db": {}, "his": {"needs": "db"}, "line": {}},
        faults=[{"target": "line", "at": "09:00"}],
        steps=[
            {"id": "look", "owner": "r", "on": "detected"},
            {"id": "cut", "owner": "r", "after": "look", "only_if": "db is away", "does": {"isolate": "db"}},
            {"id": "paper", "owner": "r", "when": "his is away for 10 min"},
            {"id": "ask", "owner": "r", "when": "line is away for 10 min"},
        ],
    )
    assert not_called_for(scenario) == {"cut", "paper"}


SIGN_IN = {
    "systems": {
        "identity": {"title": "Sign-in"},
        "sessions": {"needs": "identity", "rides_through": "60 min"},
        "his": {"title": "HIS", "needs": ["sessions", {"any": ["feed_a", "feed_b"]}]},
        "feed_a": {}, "feed_b": {}, "cooling": {"title": "Cooling"},
    },
    "faults": [
        {"id": "f", "target": "identity", "at": "08:00", "found_by": {"users": {"after": "5 min"}}},
        {"id": "g", "target": "feed_a", "at": "08:00", "found_by": {"users": {"after": "9 min"}}},
        {"id": "seldom", "target": "feed_b", "at": "08:00", "chance": 0.2, "found_by": {"users": {"after": "9 min"}}},
    ],
    "roles": {"it": {}}, "start": "2026-03-09 08:00", "departments": {"desk": {"title": "Desk"}},
    "grades": [{"id": 1, "title": "One", "when": "his is away"}, {"id": 2, "title": "Two"}], "causes": ["disk", "identity"],
}  # fmt: skip


def signing_in(*steps: dict) -> dict[str, float]:
    return expected(a_scenario(**SIGN_IN, steps=[{"owner": "it", **s} for s in steps]))


def test_a_system_is_foreseen_to_be_away_once_its_battery_or_sessions_have_run_out():
    """Sign-in fails at 08:00, the sessions last for 60 min; one of two feeds is enough, and the other fails too seldom to count."""
    times = signing_in(
        {"id": "paper", "when": "his is away for 10 min"}, {"id": "late", "on": "his down", "takes": 3.0}
    )
    assert (times["paper"], times["late"]) == (70, 63)


def test_an_outage_foreseen_to_end_before_is_never_as_long_as_a_step_waits_for():
    """HIS is away from 09:00; the step that restores it is done at 10:30, before the two hours are over."""
    times = signing_in(
        {"id": "mend", "when": "his is away for 80 min", "takes": 10.0, "does": {"restore": "his"}},
        {"id": "long", "when": "his is away for 2 h"},
        {"id": "again", "after": "mend", "when": "his is away for 5 min"},
        {"id": "back", "when": "his is up for 5 min and mend"},
    )
    assert times["mend"] == times["restored"] == 150
    assert not {"long", "again"} & set(times)
    assert times["back"] == 155


def test_a_standby_that_may_give_way_can_call_for_its_step():
    systems = {
        "a": {}, "b": {}, "c": {},
        "db": {"runs_on": {"members": ["a", "b"], "standby_capacity": 0.5, "overload_fails": 0.2}},
    }  # fmt: skip
    steps = [{"id": "start", "owner": "it", "on": "b down"}, {"id": "other", "owner": "it", "on": "c down"}]
    parts = {"systems": systems, "roles": {"it": {}}, "steps": steps}
    scenario = a_scenario(**parts, faults=[{"target": "a", "at": "08:00"}])
    assert not_called_for(scenario) == {"other"}
    assert not_called_for(a_scenario(**parts, faults=[{"target": "c", "at": "08:00"}])) == {"start"}


def test_a_step_for_a_system_that_went_down_is_not_called_for_where_none_can():
    steps = [{"id": "start", "owner": "it"}, {"id": "check", "owner": "it", "after": "start", "only_if": "b down"}]
    parts = {"systems": {"a": {}, "b": {}, "c": {"needs": "b"}}, "roles": {"it": {}}, "steps": steps}
    assert not_called_for(a_scenario(**parts, faults=[{"target": "a", "at": "08:00"}])) == {"check"}
    assert not_called_for(a_scenario(**parts, faults=[{"target": "b", "at": "08:00"}])) == set()


def test_a_step_for_what_is_not_foreseen_just_then_has_no_time():
    times = signing_in(
        {"id": "look", "takes": 2.0},
        {"id": "viewer", "after": "look", "only_if": "his is away"},
        {"id": "early", "after": "look", "only_if": "not his is away"},
        {"id": "declare", "after": "look", "takes": 1.0, "does": "declare"},
        {"id": "tell", "after": "declare", "only_if": "grade <= 1"},
        {"id": "write", "after": "declare", "only_if": "grade == 2"},
        {"id": "judge", "after": "look", "takes": 9.0, "does": "judge"},
        {"id": "disk", "after": "judge", "only_if": "judged disk"},
        {"id": "mend", "after": "judge", "only_if": "judged identity"},
        {"id": "again", "on": "mend failed"},
    )
    assert not {"viewer", "tell", "disk", "again"} & set(times)
    assert (times["early"], times["write"], times["mend"]) == (7, 8, 16)


def test_steps_that_no_fault_can_call_for_are_only_named():
    """The cooling does not fail, so nobody calls the fitter or waits for him; what a wrong judgement or a failure would ask for stays in the list."""
    steps = [
        {"id": "look", "title": "Look", "takes": 2.0, "does": "judge"},
        {"id": "call", "title": "Call the fitter", "when": "cooling is away"},
        {"id": "wait", "title": "Wait for the fitter", "after": "call"},
        {"id": "help", "title": "Help the fitter", "after": "look", "only_if": "call"},
        {"id": "swap", "title": "Swap the disk", "after": "look", "only_if": "judged disk"},
        {"id": "shout", "title": "Shout", "on": "look failed"},
        {"id": "back", "title": "Use the systems again", "when": "desk is on paper"},
    ]
    scenario = a_scenario(**SIGN_IN, steps=[{"owner": "it", **s} for s in steps])
    assert not_called_for(scenario) == {"call", "wait", "help", "back"}
    text = one_line(brief(scenario))
    assert text.index("If it comes to that") < text.index("Swap the disk") < text.index("Shout")
    assert "nothing in this scenario calls for" in text
    assert text.endswith("Call the fitter; Wait for the fitter; Help the fitter; Use the systems again")
    assert "本场景用不到的预案步骤" in brief(scenario, language="zh")


def test_every_trigger_is_said():
    scenario = a_scenario(
        roles={"r": {}},
        systems={"his": {"title": "HIS"}},
        faults=[{"target": "his", "at": "09:00"}],
        steps=[
            {"id": "first", "owner": "r", "title": "A"},
            {"id": "second", "owner": "r", "title": "B", "on": ["his up", "first failed"], "only_if": "grade <= 2"},
            {
                "id": "third",
                "owner": "r",
                "title": "C",
                "after": ["first", "second"],
                "when": "his is slow",
                "at": "+2 h",
            },
        ],
    )
    a, b, c = scenario.plan.steps
    assert trigger(scenario, a) == "when the failure is noticed"
    assert trigger(scenario, b) == "when HIS is back or “A” has failed; only if grade ≤ 2"
    assert trigger(scenario, c) == "after “A” and “B”; when HIS is slow; at 11:00"
    assert trigger(scenario, b, "zh") == "HIS恢复，或者“A”失败时；仅当事件级别 ≤ 2"


def test_what_must_not_be_so_is_said_as_unless():
    scenario = a_scenario(
        roles={"r": {}},
        systems={"his": {"title": "HIS"}},
        faults=[{"target": "his", "at": "09:00"}],
        steps=[
            {"id": "a", "owner": "r", "title": "A"},
            {"id": "b", "owner": "r", "title": "B", "after": "a", "only_if": "not his is away and not a"},
            {"id": "c", "owner": "r", "title": "C", "after": "a", "only_if": "not his is away and grade <= 2"},
        ],
    )
    _, b, c = scenario.plan.steps
    assert trigger(scenario, b) == "after “A”; unless HIS is away or “A” is done"
    assert trigger(scenario, c) == "after “A”; only if grade ≤ 2, unless HIS is away"
    assert trigger(scenario, b, "zh") == "“A”完成后；HIS中断，或者“A”完成时除外"


def test_contingency_injects_say_when_they_come():
    scenario = a_scenario(
        roles={"r": {"title": "Lead"}}, steps=[{"id": "a", "owner": "r", "title": "A"}], channels={"phone": {"title": "Phone"}},
        injects=[{"id": "i", "when": "20 min after start", "to": "r", "channel": "phone", "text": "Who speaks?", "expects": {"step": "a", "within": "15 min"}}],
    )  # fmt: skip
    row = next(r for r in rows(scenario) if r.kind == "Contingency inject")
    assert (row.time, row.to, row.channel, row.message, row.expected) == (
        "20 min after the start of the exercise",
        "Lead",
        "Phone",
        "Who speaks?",
        "“A” within 15 min",
    )


def test_injects_say_in_which_hours_they_come_and_only_if_what():
    scenario = a_scenario(
        systems={"his": {"title": "HIS"}},
        injects=[
            {"id": "i", "at": "09:00", "text": "Back.", "during": "mon-fri 10:00-12:00", "only_if": "his is up"},
            {"id": "j", "when": "20 min after start", "text": "Away.", "only_if": "not his is up"},
        ],
    )
    told = {row.message: row.time for row in rows(scenario)}
    zh = {row.message: row.time for row in rows(scenario, "zh")}
    assert told["Back."].endswith("10:00; in these hours only: Mon to Fri 10:00–12:00; only if HIS is working")
    assert told["Away."] == "20 min after the start of the exercise; unless HIS is working"
    assert zh["Away."] == "演练开始后 20 分钟时；HIS正常时除外"


def test_the_smallest_scenario_can_be_told():
    scenario = a_scenario(title="Outage", systems={"his": {"title": "HIS"}}, faults=[{"target": "his", "at": "09:00"}])
    text = brief(scenario)
    assert "Fault: HIS stops working. Noticed at once." in text
    assert "Who is there" not in text


def test_long_lines_break_between_chinese_signs_but_not_inside_words():
    assert wrapped("一二三四五六", 8) == ["一二三四", "五六"]
    assert wrapped("alpha beta gamma", 11) == ["alpha beta", "gamma"]
    assert wrapped("通知各科室。结束", 12) == ["通知各科室。", "结束"]
    assert "".join(wrapped("故障 HIS 数据库宕机，立即报告", 10)).replace(" ", "") == "故障HIS数据库宕机，立即报告"


def test_a_step_that_waits_for_a_department_to_open_is_foreseen_for_that_hour():
    """HIS is away from 09:00 on a Monday; the desk is open from 11:00 to 12:00, and on Tuesday."""
    desk = {"desk": {"title": "Desk", "open": ["mon 11:00-12:00", "tue 08:00-09:00"]}}
    steps = [
        {"id": "open", "when": "his is away for 10 min and desk is open"},
        {"id": "before", "when": "his is away for 10 min and (desk is open or desk opens within 30 min)"},
        {"id": "closed", "when": "his is away for 2 h 30 min and desk is closed for 1 h"},
        {"id": "long", "when": "his is away for 10 min and desk is open for 20 min"},
    ]
    times = expected(a_scenario(**{**SIGN_IN, "departments": desk}, steps=[{"owner": "it", **s} for s in steps]))
    assert {name: times[name] for name in ("open", "before", "closed", "long")} == {
        "open": 180,
        "before": 150,
        "closed": 300,
        "long": 200,
    }


def test_no_length_in_chinese_is_followed_by_two_signs_for_the_hour():
    scenario = a_scenario(
        roles={"r": {}},
        systems={"his": {"title": "HIS"}},
        faults=[{"target": "his", "at": "09:00"}],
        steps=[
            {"id": "a", "owner": "r", "when": "10 h after detected"},
            {"id": "b", "owner": "r", "when": "his is away for 6 h"},
            {"id": "c", "owner": "r", "when": "his is away for 10 min and not a"},
        ],
    )
    a, b, c = scenario.plan.steps
    assert (trigger(scenario, a), trigger(scenario, a, "zh")) == ("10 h after detection", "发现故障后 10 小时")
    assert trigger(scenario, b, "zh") == "HIS中断已达 6 小时"
    assert trigger(scenario, c, "zh") == "HIS中断已达 10 分钟，但“a”完成时除外"


def test_the_briefing_puts_the_question_of_an_inject_before_what_is_expected():
    scenario = a_scenario(
        roles={"r": {"title": "Lead"}},
        injects=[{"id": "i", "at": "09:00", "to": "r", "text": "The ninth call", "question": "What now?", "answer": "Ask for seconds."}],
    )  # fmt: skip
    assert "Inject for Lead: The ninth call. What now? Expected: Ask for seconds." in " ".join(brief(scenario).split())


def test_a_step_foreseen_after_the_end_of_the_exercise_says_so():
    steps = [{"id": "a", "title": "Meet", "owner": "r", "when": "20 h after start", "takes": "1 h"}]
    told = {row.message: row.time for row in rows(a_scenario(roles={"r": {}}, steps=steps, horizon="12 h"))}
    assert told["Meet"].endswith(", after the end of the exercise")
    told = {row.message: row.time for row in rows(a_scenario(roles={"r": {}}, steps=steps, horizon="22 h"))}
    assert told["Meet"].startswith("about")
    assert "end" not in told["Meet"]


def test_the_briefing_says_how_trouble_can_be_back_after_a_repair():
    scenario = a_scenario(
        systems={"his": {"title": "HIS"}},
        faults=[{"id": "f", "target": "his", "at": "09:00", "imperfect": {"chance": 0.15, "after": 90.0, "seen": 0.5}},
                {"id": "g", "target": "his", "at": "12:00", "relapse": {"chance": 0.7, "after": 30.0, "times": 3}}],
    )  # fmt: skip
    text = " ".join(brief(scenario).split())
    assert "In 15 % of cases its repair looks right and is not: it breaks out again in use after 1 h 30 min, unless a department that tries the systems sees it first (each in 50 % of cases)." in text  # fmt: skip
    assert "Once mended it can come back, in 70 % of cases, after 30 min, up to 3 times, until the cause is found and mended." in text  # fmt: skip
    assert text.count("repair looks right") == text.count("can come back") == 1


def test_the_briefing_says_who_can_help_at_once_from_afar():
    on_call = {"count": 1, "travel": 70.0, "remote": 0.75}
    scenario = a_scenario(
        staff={"vendor": {"title": "Vendor", "on_duty": 0, "on_call": on_call}},
        roles={"help": {"title": "Help", "holders": ["vendor"]}},
        steps=[{"id": "a", "owner": "help"}],
    )
    assert "Vendor: 1 on call, travelling 1 h 10 min, in 75 % of cases at once from afar" in " ".join(brief(scenario).split())  # fmt: skip


def test_a_step_that_goes_through_machines_is_foreseen_with_the_minutes_each_takes():
    step = {"id": "mend", "owner": "it", "with": {"it": 1}, "on": "failed", "takes": 15.0, "does": {"reimage": "pcs"}}
    scenario = a_scenario(
        systems={"pcs": {"kind": "workstation", "count": 90, "rebuild_takes": 12.0}},
        staff={"it": {}},
        roles={"it": {"holders": "it"}},
        faults=[{"id": "f", "kind": "update", "target": "pcs", "severity": 0.8, "at": "01:00"}],
        steps=[step],
    )
    assert expected(scenario)["mend"] == 60 + 15 + 36 * 12  # 72 of 90 machines, two at a time
    text = " ".join(brief(scenario).split())
    assert "takes 15 min; then 12 min of one person for each machine" in text
    assert "用时 15 分钟；每台另需一人 12 分钟" in " ".join(brief(scenario, language="zh").split())
