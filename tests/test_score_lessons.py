"""What one run teaches, judged by hand-written logs: each lesson with its owner and the rows that show it."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import pytest

import drillsim
from drillsim.api import summed_again
from drillsim.log.rows import Log
from drillsim.report.html import write_report
from drillsim.report.lessons import section, sentence
from drillsim.score.lessons import RULES, Lesson, lessons
from drillsim.score.recovery import recovery
from drillsim.score.replication import score
from drillsim.score.steps import PARTS, steps
from drillsim.score.summaries import Asked, summarise
from drillsim.score.view import View, first_fault
from drillsim.texts import say
from tests.builder import a_scenario
from tests.logs import a_log, step_rows

BEGAN = (5.0, "fault", "f", "began", "db", 1.0)
DETECTED = (10.0, "reached", "detected", "", "monitoring")


def a_hospital(**parts: Any) -> Any:
    return a_scenario(
        **{
            "staff": {"dba": {}},
            "systems": {"db": {"rto": 60.0}},
            "roles": {"lead": {"holders": ["dba"]}, "desk": {}},
            "detection": {"monitoring": {"after": 1.0}},
            "steps": [
                {"id": "call", "owner": "desk", "does": "declare"},
                {"id": "s", "owner": "lead", "within": "30 min of detected", "does": {"restore": "db"}},
            ],
            "faults": [{"id": "f", "target": "db"}],
            "horizon": 200.0,
            **parts,
        }
    )


def taught(*rows: Any, **parts: Any) -> tuple[list[Lesson], Log]:
    scenario = a_hospital(**parts)
    log = a_log(scenario, events=[BEGAN, DETECTED, *rows])
    view = View(scenario, log, 0.0, log.horizon, first_fault(log))
    return lessons(view, steps(view)[0]), log


def one(found: list[Lesson], rule: str) -> Lesson:
    [lesson] = [f for f in found if f.rule == rule]
    return lesson


def shown(log: Log, lesson: Lesson) -> list[tuple[float, str, str]]:
    by_number = {e.sequence: e for e in log.events}
    return [(by_number[n].minute, by_number[n].kind, by_number[n].state) for n in lesson.evidence]


def test_a_deadline_that_was_kept_is_a_strength_shown_by_its_clock_and_its_end():
    found, log = taught(*step_rows("s", (0, "dormant"), (10, "working"), (25, "done")))
    lesson = one(found, "on_time")
    assert (lesson.kind, lesson.about, lesson.owner, lesson.minutes) == ("strength", "s", "lead", 15.0)
    assert shown(log, lesson) == [(10.0, "reached", ""), (25.0, "step", "done")]


def test_a_late_step_teaches_about_what_took_longest():
    rows = step_rows("s", (0, "dormant"), (10, "person", "lead:call"), (50, "working"), (65, "done"))
    found, log = taught(*rows)
    lesson = one(found, "late_person")
    assert (lesson.kind, lesson.minutes, lesson.other) == ("improvement", 40.0, "lead")
    assert shown(log, lesson) == [(10.0, "reached", ""), (10.0, "step", "person"), (65.0, "step", "done")]


def test_a_late_step_names_whom_it_waited_for_longest_with_the_minutes_of_that_wait_alone():
    rows = step_rows("s", (0, "dormant"), (10, "person", "lead:call"), (15, "person", "desk:call"), (40, "person", "desk:s"), (50, "working"), (60, "done"))  # fmt: skip
    found, log = taught(*rows)
    lesson = one(found, "late_person")
    assert (lesson.other, lesson.minutes) == ("desk", 35.0)
    assert shown(log, lesson) == [(10.0, "reached", ""), (15.0, "step", "person"), (40.0, "step", "person"), (60.0, "step", "done")]  # fmt: skip


def test_a_late_comparison_with_a_normal_day_teaches_what_departments_lacked_and_not_to_practise_it():
    steps = [{"id": "s", "owner": "lead", "within": "30 min of detected", "does": "evaluate", "if_it_fails": {"again": True, "tries": 9, "pause": "9 min"}}]  # fmt: skip
    rows = step_rows("s", (0, "dormant"), (10, "working"), (11, "pause"), (60, "working"), (65, "done"))
    found, _ = taught(*rows, steps=steps)
    assert one(found, "late_unlike").minutes == 50.0
    assert not [lesson for lesson in found if lesson.rule == "late_rework"]


def test_who_was_to_try_what_was_not_back_yet_is_not_told_to_do_without_it():
    rows = step_rows("s", (0, "dormant"), (10, "system", "db"), (50, "working"), (65, "done"))
    tries = {"id": "s", "owner": "lead", "within": "30 min of detected", "does": {"verify": "all"}}
    found, _ = taught(*rows, steps=[{"id": "call", "owner": "desk", "does": "declare"}, tries])
    lesson = one(found, "late_not_back")
    assert (lesson.other, lesson.minutes) == ("db", 40.0)
    found, _ = taught(*rows)
    assert one(found, "late_system").other == "db"


AWAITED = [
    {"id": "decide", "owner": "desk", "decision": True}, {"id": "check", "owner": "desk"},
    {"id": "s", "owner": "lead", "within": "30 min of detected", "after": ["decide", "check"]},
]  # fmt: skip


def test_a_step_that_waited_for_a_decision_and_another_step_teaches_about_the_decision_alone():
    rows = step_rows("s", (0, "after", "decide,check"), (70, "working"), (75, "done"))
    found, _ = taught(*rows, *step_rows("decide", (0, "working"), (70, "done")), *step_rows("check", (0, "working"), (20, "done")), steps=AWAITED)  # fmt: skip
    lesson = one(found, "late_decision")
    assert (lesson.other, lesson.minutes) == ("decide", 60.0)


def test_a_wait_that_began_before_the_fault_is_shown_by_its_end_and_not_by_a_row_before_the_fault():
    steps_ = [
        {"id": "first", "owner": "desk"},
        {"id": "s", "owner": "lead", "within": "30 min of detected", "after": ["first"]},
    ]
    rows = step_rows("s", (0, "after", "first"), (70, "working"), (75, "done"))
    found, log = taught(*rows, *step_rows("first", (0, "dormant"), (50, "working"), (70, "done")), steps=steps_)
    lesson = one(found, "late_predecessor")
    assert shown(log, lesson) == [(10.0, "reached", ""), (50.0, "step", "working"), (70.0, "step", "done"), (75.0, "step", "done")]  # fmt: skip


CHAIN = [
    {"id": "call", "owner": "desk", "does": "declare"},
    {"id": "judge", "owner": "lead", "after": "call"},
    {"id": "s", "owner": "lead", "after": "judge", "within": "30 min of detected", "does": {"restore": "db"}},
]


def test_a_step_that_waited_for_another_teaches_what_held_that_one_up():
    """The restore waits from 10 to 70 for a judgement, which waits from 15 to 60 for the engineer on his way: he is the lesson."""
    judge = step_rows("judge", (0, "after", "call"), (15, "on_the_way", "lead"), (60, "working"), (70, "done"))
    late = step_rows("s", (0, "after", "judge"), (70, "working"), (80, "done"))
    found, log = taught(*judge, *late, steps=CHAIN)
    lesson = one(found, "late_on_the_way")
    assert (lesson.about, lesson.other, lesson.minutes) == ("s", "lead", 45.0)
    assert shown(log, lesson) == [(10.0, "reached", ""), (15.0, "step", "on_the_way"), (80.0, "step", "done")]


def test_a_step_that_waited_for_long_work_teaches_which_work_that_was():
    judge = step_rows("judge", (0, "after", "call"), (15, "working"), (70, "done"))
    late = step_rows("s", (0, "after", "judge"), (70, "working"), (80, "done"))
    lesson = one(taught(*judge, *late, steps=CHAIN)[0], "late_predecessor")
    assert (lesson.about, lesson.other, lesson.minutes) == ("s", "judge", 55.0)
    decides = [CHAIN[0], {**CHAIN[1], "decision": True}, CHAIN[2]]
    lesson = one(taught(*judge, *late, steps=decides)[0], "late_decision")
    assert (lesson.about, lesson.other, lesson.minutes) == ("s", "judge", 55.0)


def test_forms_that_ran_out_are_for_whoever_orders_paper():
    departments = {"ward": {"title": "Ward", "group": "inpatient"}}
    roles = {"lead": {"holders": ["dba"]}, "desk": {}, "matron": {}}
    every = {"id": "paper", "owner": "lead", "does": {"order_paper": "all"}}
    wards = {"id": "wards", "owner": "matron", "does": {"order_paper": "inpatient"}}
    for more_steps, owner in (([], "desk"), ([every], "lead"), ([every, wards], "matron")):
        more = {"departments": departments, "roles": roles, "steps": [CHAIN[0], *more_steps]}
        found, _ = taught((20.0, "kit", "ward", "empty", "", 0.0), **more)
        assert one(found, "forms_ran_out").owner == owner
    steps = [{**CHAIN[0]}, every, wards]
    more = {"departments": departments, "roles": roles, "steps": steps}
    found, _ = taught((15.0, "reached", "ward ordered", "", "paper"), (20.0, "kit", "ward", "empty", "", 0.0), **more)
    assert one(found, "forms_ran_out").owner == "lead"  # who did, though the wards have an order of their own


def test_nobody_asks_monitoring_why_it_did_not_notice_a_stop_that_was_announced():
    late = (30.0, "noticed", "f", "users")
    rules = {}
    for planned in (0.0, 20.0):
        fault = {"id": "f", "kind": "upgrade", "target": "db", "planned": planned}
        rules[planned] = {lesson.rule for lesson in taught(late, faults=[fault])[0]}
    assert ("seen_late" in rules[0.0], "seen_late" in rules[20.0]) == (True, False)


def test_every_part_of_a_step_has_a_rule():
    assert {f"late_{part}" for part in PARTS if part != "rule"} <= set(RULES)  # by rule is nobody's delay
    assert all(bool(rule.action) == (rule.kind == "improvement") for rule in RULES.values())


def test_who_noticed_is_a_strength_or_an_area_for_improvement():
    found, _ = taught((8.0, "noticed", "f", "monitoring"))
    assert one(found, "seen_by_monitoring").owner == "desk"
    found, log = taught((25.0, "noticed", "f", "users"))
    assert (one(found, "seen_late").minutes, one(found, "seen_late").other) == (20.0, "users")
    assert shown(log, one(found, "seen_late")) == [(5.0, "fault", "began"), (25.0, "noticed", "users")]
    assert not [f for f in taught((25.0, "noticed", "f", "users"), detection={})[0] if f.rule == "seen_late"]


def test_what_comes_back_is_noticed_so_long_after_it_came_back():
    again = [(8.0, "noticed", "f", "monitoring"), (100.0, "fault", "f", "relapsed", "db", 1.0), (110.0, "noticed", "f", "users")]  # fmt: skip
    found, log = taught(*again)
    assert one(found, "seen_late").minutes == 10.0
    assert shown(log, one(found, "seen_late")) == [(100.0, "fault", "relapsed"), (110.0, "noticed", "users")]


@pytest.mark.parametrize(("back", "rule"), [(40.0, "restored_in_time"), (90.0, "restored_late")])
def test_an_outage_is_held_against_its_rto(back: float, rule: str):
    short = [(100.0, "component", "db", "down", "own"), (110.0, "component", "db", "up", "own")]
    found, log = taught((5.0, "component", "db", "down", "own"), (back, "component", "db", "up", "own"), *short)
    assert one(found, rule).minutes == back - 5
    assert shown(log, one(found, rule)) == [(5.0, "component", "down"), (back, "component", "up")]


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ((20.0, "decided", "s", "judged", "network", 0.0), "judged_wrong"),
        ((20.0, "told", "ward", "not_reached", "phone"), "not_reached"),
        ((20.0, "person", "dba", "missed", "s", 1.0), "call_missed"),
        ((20.0, "data_lost", "db", "recovered", "disk", 30.0), "data_lost"),
        ((20.0, "data_lost", "db", "lost", "", math.inf), "copies_useless"),
        ((20.0, "exposed", "db", "read", "f"), "exposed"),
        ((20.0, "fault", "f", "relapsed", "db", 1.0), "relapsed"),
        ((20.0, "kit", "ward", "empty", "", 0.0), "forms_ran_out"),
        ((20.0, "failover", "db", "done", "second"), "failed_over"),
    ],
)
def test_a_row_that_teaches_something_is_its_evidence(row: tuple[Any, ...], rule: str):
    found, log = taught(row)
    lesson = one(found, rule)
    assert shown(log, lesson) == [(20.0, row[1], row[3])]
    assert lesson.owner in ("desk", "lead")


def test_data_that_were_listened_to_teach_to_encrypt_the_line():
    found, log = taught(
        (20.0, "exposed", "db", "read", "f"),
        faults=[{"id": "f", "kind": "insider", "target": "db", "attack": {"listens": True}}],
    )
    assert shown(log, one(found, "overheard")) == [(20.0, "exposed", "read")]
    assert not [lesson for lesson in found if lesson.rule == "exposed"]


@pytest.mark.parametrize(
    ("state", "rule", "kind"), [("still_wrong", "verified", "strength"), ("relapsed", "imperfect", "improvement")]
)
def test_a_repair_that_was_not_right_is_a_strength_where_verifying_found_it_and_a_lesson_where_use_did(
    state: str, rule: str, kind: str
):
    left = (20.0, "fault", "f", "imperfect", "db", 1.0)
    found, log = taught((20.0, "fault", "f", "ended", "db", 1.0), left, (50.0, "fault", "f", state, "db", 1.0))
    assert one(found, rule).kind == kind
    assert shown(log, one(found, rule)) == [(20.0, "fault", "imperfect"), (50.0, "fault", state)]
    assert not [f for f in found if f.rule == "relapsed"]


def test_what_went_as_it_should_teaches_no_improvement():
    found, _ = taught(
        (8.0, "noticed", "f", "monitoring"),
        (20.0, "decided", "s", "judged", "db", 1.0),
        (20.0, "data_lost", "db", "recovered", "disk", 0.0),
        (20.0, "exposed", "db", "taken_encrypted", "f"),
        *step_rows("s", (0, "dormant"), (10, "working"), (25, "done")),
    )
    assert {f.kind for f in found} == {"strength"}


# After the systems are back


def a_queue(ended: list[float], log: bool = True) -> Any:
    scenario = a_scenario(
        departments={"desk": {"title": "Desk"}}, activities={"register": {"department": "desk"}}, horizon=400.0,
        pathways={"visits": {"title": "V", "arrivals": {"at": [0.0]}, "route": ["register"]}},
    )  # fmt: skip
    visits = [
        {"activity": "register", "asked": 10.0 * n, "started": start, "ended": start + 5}
        for n, start in enumerate(ended)
    ]
    events = [(50.0, "reached", "restored", "", "db")] if log else []
    return View(scenario, a_log(scenario, events=events, visits=visits), 0.0, 400.0, 0.0)


def test_after_the_return_the_work_is_held_against_the_same_hours_of_a_normal_day():
    normal = a_queue([10.0 * n for n in range(20)], log=False)
    # nobody is served until 100, then one every five minutes: the ten who wait are gone by 190
    late = a_queue([max(10.0 * n, 100.0 + 5 * n) for n in range(20)])
    figures = recovery(late, normal)["desk"]
    assert (figures["begun"], figures["begun_base"], figures["served_share"]) == (20, 15, 20 / 15)
    assert figures["wait_added"] == pytest.approx(np.mean([max(0.0, 100 - 5 * n) for n in range(5, 20)]))
    assert figures["caught_up"] == pytest.approx(135, abs=5)
    assert recovery(late, normal)["hospital"] == figures


def test_it_has_caught_up_once_its_queue_is_no_longer_than_on_that_day_and_stays_so():
    often = a_queue([10.0 * n + 45 for n in range(20)], log=False)  # four or five wait on a normal day too
    assert recovery(a_queue([10.0 * n + 45 for n in range(20)]), often)["desk"]["caught_up"] == 0
    # short at 60 for a moment, then long again until 150
    late = a_queue([60.0 if n < 6 else max(10.0 * n, 150.0) for n in range(20)])
    normal = a_queue([10.0 * n for n in range(20)], log=False)
    assert recovery(late, normal)["desk"]["caught_up"] == 100


def test_a_hospital_that_was_never_back_has_no_figures():
    normal = a_queue([10.0 * n for n in range(20)], log=False)
    assert all(math.isnan(value) for value in recovery(normal, normal)["desk"].values())


# Over many runs


def of_run(number: int, *rows: Any) -> Any:
    scenario = a_hospital()
    log = a_log(scenario, events=[BEGAN, DETECTED, *rows], replication=number)
    return scenario, log, score(scenario, log)


WRONG = (20.0, "decided", "call", "judged", "network", 0.0)


DESK_FIRST = [
    {"id": "look", "owner": "desk"},
    {"id": "s", "owner": "lead", "after": "look", "within": "30 min of detected"},
]


def test_the_lesson_of_a_late_step_belongs_to_the_owner_of_the_step_that_was_held_up():
    """The leader's step waits for a look, and the look for somebody on his way: whoever owns the look can name a deputy."""
    looked = step_rows("look", (10, "on_the_way", "desk"), (60, "working"), (65, "done"))
    late = step_rows("s", (10, "after", "look"), (65, "working"), (70, "done"))
    lesson = one(taught(*looked, *late, steps=DESK_FIRST)[0], "late_on_the_way")
    assert (lesson.about, lesson.other, lesson.owner) == ("s", "desk", "desk")
    own = step_rows("s", (10, "after", "look"), (12, "on_the_way", "desk"), (65, "working"), (70, "done"))
    lesson = one(taught(*step_rows("look", (10, "working"), (12, "done")), *own, steps=DESK_FIRST)[0], "late_on_the_way")  # fmt: skip
    assert (lesson.other, lesson.owner) == ("desk", "lead")


def test_one_lesson_of_several_runs_has_one_line_and_the_owner_of_most_of_them():
    looked = step_rows("look", (10, "on_the_way", "desk"), (60, "working"), (65, "done"))
    late = step_rows("s", (10, "after", "look"), (65, "working"), (70, "done"))
    own = step_rows("s", (10, "after", "look"), (12, "on_the_way", "desk"), (65, "working"), (70, "done"))
    quick = step_rows("look", (10, "working"), (12, "done"))
    scenario = a_hospital(steps=DESK_FIRST)
    runs = [(*quick, *own), (*looked, *late), (*looked, *late)]
    logs = [a_log(scenario, events=[BEGAN, DETECTED, *run], replication=n) for n, run in enumerate(runs, 1)]
    summary = summarise(scenario, [score(scenario, log) for log in logs], Asked("test", 3, 1))
    [part] = [part for part in summary.lessons if part.rule == "late_on_the_way"]
    assert (part.share.value, part.owner) == (1.0, "desk")


def test_lessons_are_counted_over_runs_and_each_run_once() -> None:
    late = step_rows("s", (0, "dormant"), (10, "person", "lead:call"), (50, "working"), (65, "done"))
    later = step_rows("s", (0, "dormant"), (10, "person", "lead:call"), (90, "working"), (105, "done"))
    runs = [of_run(1, *late, WRONG, WRONG), of_run(2, *later), of_run(3), of_run(4, *late)]
    summary = summarise(runs[0][0], [scored for *_, scored in runs], Asked("test", 4, 1))
    taught = {part.rule: part for part in summary.lessons}
    busy = taught["late_person"]
    assert (busy.about, busy.other, busy.owner, busy.kind) == ("s", "lead", "lead", "improvement")
    assert (busy.share.value, busy.share.n, busy.runs) == (0.75, 4, [2, 1, 4])
    assert (busy.minutes.n, busy.minutes.p50, busy.minutes.most) == (3, 40.0, 80.0)
    assert taught["judged_wrong"].share.value == 0.25
    assert summary.lessons[0] is busy


@pytest.mark.parametrize(
    ("systems", "owner"),
    [({"db": {"rto": 60.0, "tier": 2}}, "named"), ({"x": {"rto": 60.0, "tier": 2}}, "tiers"), ({"x": {"rto": 60.0}}, "boss")],
)  # fmt: skip
def test_who_sees_to_a_system_that_came_back_late_is_who_brings_it_back(systems: Any, owner: str) -> None:
    """By name before by tier; what no step brings back, such as a line of the city, is a matter of who leads."""
    steps = [
        {"id": "call", "owner": "boss", "does": "declare"},
        {"id": "tier", "owner": "tiers", "does": {"restore": "tier 2"}},
        {"id": "one", "owner": "named", "does": {"restore": "db"}},
    ]
    roles = {name: {"holders": ["dba"]} for name in ("boss", "tiers", "named")}
    [late] = systems
    scenario = a_hospital(steps=steps, roles=roles, systems={"db": {}, **systems})
    rows = [(5.0, "component", late, "down", "own", 0.0), (100.0, "component", late, "up", "", 1.0)]
    scored = score(scenario, a_log(scenario, events=[BEGAN, DETECTED, *rows], replication=1))
    assert [lesson.owner for lesson in scored.lessons if lesson.rule == "restored_late"] == [owner]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_line_of_several_lessons_counts_every_run_that_teaches_one_of_them(language: str) -> None:
    """Of four runs one judges one wrong cause, one another, one both: each cause in half of the runs, the line in three quarters."""
    other = (30.0, "decided", "call", "judged", "db", 0.0)
    runs = [of_run(1, WRONG), of_run(2, other), of_run(3, WRONG, other), of_run(4)]
    scenario, log, _ = runs[0]
    summary = summarise(scenario, [scored for _, _, scored in runs], Asked("test", 1, 4))
    wrong = [part for part in summary.lessons if part.rule == "judged_wrong"]
    assert [(part.other, part.share.value, part.runs) for part in wrong] == [
        ("db", 0.5, [2, 3]),
        ("network", 0.5, [1, 3]),
    ]
    assert [(part.share_together.value, part.runs_together) for part in wrong] == [(0.75, [1, 2, 3])] * 2
    page = write_report(summary, scenario, {"first": log}, language)
    assert (
        say(
            "In runs {runs}{more}. To see one: {command}",
            language,
            runs=say(", ", language).join("123"),
            more="",
            command="",
        )
        in page
    )


@pytest.mark.parametrize(("language", "told"), [("en", "db was away for ≥ 3 h 15 min"), ("zh", "≥ 3 小时 15 分")])
def test_what_was_not_over_at_the_end_of_the_exercise_is_taught_as_at_least(language: str, told: str) -> None:
    """Away from minute 5 to the end (200), and a step that still waited then."""
    rows = [(5.0, "component", "db", "down", "own")]
    rows += step_rows("s", (0, "dormant"), (10, "person", "lead:call"), (200, "unfinished"))
    scenario, _, scored = of_run(1, *rows)
    summary = summarise(scenario, [scored], Asked("test", 1, 1))
    parts = {part.rule: part for part in summary.lessons}
    assert (parts["restored_late"].minutes.p50, parts["restored_late"].minutes.censored) == (195.0, 1)
    assert (parts["late_person"].minutes.p50, parts["late_person"].minutes.censored) == (190.0, 1)
    assert told in sentence(parts["restored_late"].sentence, parts["restored_late"], scenario, language)
    over = step_rows("s", (0, "dormant"), (10, "person", "lead:call"), (190, "working"), (195, "failed"))
    summary = summarise(scenario, [of_run(1, *over)[2]], Asked("test", 1, 1))
    [part] = [part for part in summary.lessons if part.rule == "late_person"]
    assert part.minutes.censored == 0  # given up, so over


def test_the_rows_of_a_shown_run_are_those_of_its_log() -> None:
    late = step_rows("s", (0, "dormant"), (10, "person", "lead:call"), (50, "working"), (65, "done"))
    scenario, log, scored = of_run(1, *late)
    summary = summarise(scenario, [scored], Asked("test", 1, 1))
    [part] = [p for p in summary.lessons if p.rule == "late_person"]
    by_number = {e.sequence: (e.minute, e.kind, e.state) for e in log.events}
    shown = [(10.0, "reached", ""), (10.0, "step", "person"), (65.0, "step", "done")]
    assert {name: [by_number[row] for row in rows] for name, rows in part.evidence.items()} == dict.fromkeys(
        ("first", "median", "worst"), shown
    )


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_says_what_was_taught_who_sees_to_it_and_which_rows_show_it(language: str) -> None:
    late = step_rows("s", (0, "dormant"), (10, "person", "lead:call"), (50, "working"), (65, "done"))
    scenario, log, scored = of_run(1, *late)
    summary = summarise(scenario, [scored], Asked("test", 1, 1))
    page = write_report(summary, scenario, {"median": log}, language)
    [lesson] = [p for p in summary.lessons if p.rule == "late_person"]
    assert say(lesson.action, language, about="s", other="lead", minutes="") in page
    assert re.search(r"00:10</span><span>[^<]*s", page)
    assert "--replication 1" in page


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "Late because they waited for lead to arrive: “judge” 100 % and “s” 100 %."),
        ("zh", "因等待lead赶到而超时：“judge” 100%和“s” 100%。"),
    ],
)
def test_steps_that_one_person_held_up_are_one_line_of_the_page(language: str, told: str) -> None:
    steps = [CHAIN[0], {**CHAIN[1], "within": "20 min of detected"}, CHAIN[2]]
    scenario = a_hospital(steps=steps)
    judge = step_rows("judge", (0, "after", "call"), (15, "on_the_way", "lead"), (60, "working"), (70, "done"))
    late = step_rows("s", (0, "after", "judge"), (70, "working"), (80, "done"))
    log = a_log(scenario, events=[BEGAN, DETECTED, *judge, *late], replication=1)
    summary = summarise(scenario, [score(scenario, log)], Asked("test", 1, 1))
    shown = [one.what for one in section(summary, scenario, {"median": log.events}, language)["improvements"]]
    assert shown.count(told) == 1


def test_the_frames_of_lessons_and_of_the_return_hold_what_the_summary_counts() -> None:
    result = drillsim.run(a_day(), replications=6, seed=3, jobs=1, keep="all")
    frame, parts = result.lessons, result.summary.lessons
    assert list(frame.columns) == list(drillsim.columns("lessons"))
    for part in parts:
        same = frame[(frame.rule == part.rule) & (frame.about == part.about) & (frame.other == part.other)]
        assert same.replication.nunique() == round(part.share.value * 6)
    known = {(row.replication, row.sequence) for row in result.events.itertuples()}
    assert all((r.replication, int(s)) in known for r in frame.itertuples() for s in r.evidence.split())
    assert len(result.after_action()) == len(parts)
    assert list(result.recovery().department) == ["hospital", "desk"]
    by_figure = result.figures[result.figures.kind == "recovery"].groupby(["id", "figure"], observed=True).value
    figures, sums = by_figure.mean(), by_figure.sum()
    whole = result.recovery().set_index("department").loc["hospital"]
    assert whole.served_share == pytest.approx(sums["hospital", "begun"] / sums["hospital", "begun_base"])
    assert whole.wait_added == pytest.approx(figures["hospital", "wait_added"])


def a_day() -> Any:
    """A desk that stands still for an hour, in the way of twenty patients."""
    return a_scenario(
        staff={"clerk": {}, "dba": {}},
        departments={"desk": {"title": "Desk"}},
        systems={"his": {"rto": 30.0}},
        activities={"register": {"department": "desk", "needs": "clerk", "takes": 4.0, "uses": ["his"]}},
        pathways={"visits": {"title": "V", "arrivals": {"every": "exponential(10 min)"}, "route": ["register"]}},
        roles={"dba": {"holders": "dba"}},
        steps=[{"id": "mend", "owner": "dba", "within": "10 min of detected", "takes": "exponential(40 min)", "does": {"repair": "his"}}],
        faults=[{"id": "f", "target": "his", "at": "01:00"}],
        horizon=600.0,
    )  # fmt: skip


def test_a_page_tells_how_the_hospital_works_once_the_systems_are_back() -> None:
    result = drillsim.run(a_day(), replications=4, jobs=1)
    assert [part.id for part in result.summary.recovery] == ["hospital", "desk"]
    page = write_report(result.summary, result.scenario, {}, "en")
    assert 'id="after"' in page
    assert "The hospital as a whole" in page


def test_what_was_taught_is_the_same_in_a_saved_run(tmp_path: Any) -> None:
    result = drillsim.run(a_day(), replications=4, jobs=1)
    result.save(tmp_path / "run")
    again = drillsim.open_run(tmp_path / "run")
    assert again.lessons.equals(result.lessons)
    assert summed_again(tmp_path / "run").summary.lessons == result.summary.lessons
