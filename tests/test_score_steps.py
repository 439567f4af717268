"""Where a step's minutes went, and whether it was on time; judged by hand-written logs."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from drillsim.log.rows import STEP_STATES, Event
from drillsim.model.conditions import read_condition
from drillsim.score.replication import Scored, score
from drillsim.score.step_parts import causes, roots
from drillsim.score.steps import OUTCOMES, PARTS, History, split
from drillsim.score.table import Table
from tests.builder import a_scenario
from tests.logs import a_log, step_rows

DETECTED = (10.0, "reached", "detected", "", "monitoring")


def scored(rows: list[Any], horizon: float = 200.0, other: tuple[dict[str, Any], ...] = (), **step: Any) -> Scored:
    """One step ``s`` (30 min of detected unless said) with these rows."""
    step = {"id": "s", "owner": "lead", "takes": 5.0, "within": "30 min of detected", **step}
    scenario = a_scenario(
        staff={"dba": {}}, roles={"lead": {"holders": ["dba"]}}, steps=[*other, step], horizon=horizon
    )
    return score(scenario, a_log(scenario, events=rows))


def figure(found: Scored, name: str, step: str = "s") -> float:
    return found.figures["step", step, name]


def outcome(found: Scored, step: str = "s") -> str:
    return OUTCOMES[int(figure(found, "outcome", step))]


def parts(found: Scored, step: str = "s") -> dict[str, float]:
    return {part: m for part in PARTS if (m := figure(found, f"part {part}", step)) > 0}


def test_a_step_done_at_its_deadline_is_on_time() -> None:
    found = scored([DETECTED, *step_rows("s", (0, "dormant"), (10, "working"), (40, "done"))])
    assert outcome(found) == "on_time"
    assert (figure(found, "taken"), math.isnan(figure(found, "late_by"))) == (30.0, True)


def test_a_step_done_14_minutes_after_its_deadline_is_14_minutes_late() -> None:
    found = scored(
        [DETECTED, *step_rows("s", (0, "dormant"), (10, "person", "dba:other"), (42, "working"), (54, "done"))]
    )
    assert (outcome(found), figure(found, "late_by")) == ("late", 14.0)
    assert parts(found) == {"person": 32.0, "work": 12.0}
    assert ("s", "person", "dba:other") in found.causes


def test_a_step_not_done_at_the_end_is_missed_and_late_by_at_least_what_is_known() -> None:
    found = scored([DETECTED, *step_rows("s", (0, "dormant"), (10, "off_shift", "dba"), (200, "unfinished"))])
    assert (outcome(found), figure(found, "late_by"), figure(found, "censored")) == ("missed", 160.0, 1.0)
    assert parts(found) == {"off_shift": 190.0}


def test_a_deadline_after_the_end_cannot_be_judged() -> None:
    found = scored([(190.0, "reached", "detected"), *step_rows("s", (190, "working"), (200, "unfinished"))])
    assert outcome(found) == "open"


def test_a_step_that_failed_for_good_is_missed_though_its_deadline_lies_after_the_end() -> None:
    found = scored([(190.0, "reached", "detected"), *step_rows("s", (190, "working"), (195, "failed"))])
    assert (outcome(found), figure(found, "taken")) == ("missed", 5.0)


def test_a_clock_that_never_started_is_not_reached() -> None:
    found = scored(step_rows("s", (0, "dormant"), (200, "unfinished")))
    assert outcome(found) == "not_reached"
    assert math.isnan(figure(found, "taken"))


def test_a_step_whose_only_if_was_false_is_not_applicable_and_has_no_minutes() -> None:
    found = scored([DETECTED, *step_rows("s", (0, "dormant"), (10, "not_applicable"))])
    assert (outcome(found), parts(found), figure(found, "exercised")) == ("not_applicable", {}, 0.0)


def test_a_step_done_before_its_clock_started_took_no_time_and_is_on_time() -> None:
    found = scored([*step_rows("s", (0, "working"), (5, "done")), DETECTED])
    assert (outcome(found), figure(found, "taken")) == ("on_time", 0.0)


def test_without_a_deadline_the_minutes_count_from_being_ready() -> None:
    found = scored(step_rows("s", (0, "dormant"), (20, "person", "dba"), (25, "working"), (31, "done")), within=None)
    assert (outcome(found), figure(found, "clock"), figure(found, "taken")) == ("done", 20.0, 11.0)


def test_a_deadline_can_count_from_another_step() -> None:
    other = {"id": "first", "owner": "lead", "takes": 5.0}
    rows = [*step_rows("first", (0, "working"), (5, "done")), *step_rows("s", (5, "working"), (16, "done"))]
    found = scored(rows, other=(other,), within="10 min of first", after=["first"])
    assert (outcome(found), figure(found, "late_by")) == ("late", 1.0)


def test_waiting_for_a_decision_is_told_apart_from_waiting_for_another_step() -> None:
    other = (
        {"id": "decide", "owner": "lead", "takes": 5.0, "decision": True},
        {"id": "look", "owner": "lead", "takes": 5.0},
    )
    rows = step_rows(
        "s", (0, "dormant"), (12, "after", "decide,look"), (20, "after", "look"), (23, "working"), (25, "done")
    )
    found = scored([DETECTED, *rows], other=other, after=["decide", "look"])
    assert parts(found) == {"trigger": 2.0, "decision": 8.0, "predecessor": 3.0, "work": 2.0}


def test_every_way_of_waiting_has_its_part() -> None:
    rows = step_rows(
        "s", (0, "dormant"), (11, "after", "x"), (13, "person", "dba:y"), (16, "off_shift", "dba"), (20, "on_the_way", "dba"),
        (25, "thing", "disk"), (31, "system", "his"), (38, "working"), (46, "done"),
    )  # fmt: skip
    assert parts(scored([DETECTED, *rows])) == {
        "trigger": 1.0, "predecessor": 2.0, "person": 3.0, "off_shift": 4.0, "on_the_way": 5.0, "thing": 6.0, "system": 7.0,
        "work": 8.0,
    }  # fmt: skip


def test_a_first_try_that_failed_is_rework_and_the_waiting_before_it_is_not() -> None:
    rows = step_rows(
        "s", (0, "dormant"), (10, "person", "dba:y"), (15, "working"), (20, "pause"), (25, "person", "dba:z", 2),
        (27, "working", "", 2), (34, "done", "", 2),
    )  # fmt: skip
    found = scored([DETECTED, *rows])
    assert parts(found) == {"person": 7.0, "rework": 10.0, "work": 7.0}
    assert (figure(found, "attempts"), figure(found, "started"), figure(found, "ended")) == (2.0, 15.0, 34.0)


def test_waiting_between_two_tries_without_a_pause_is_the_second_ones_and_the_first_is_rework() -> None:
    rows = step_rows(
        "s",
        (10, "working"),
        (18, "person", "dba", 1),
        (20, "person", "dba", 2),
        (23, "working", "", 2),
        (30, "done", "", 2),
    )
    assert parts(scored([DETECTED, *rows])) == {"rework": 10.0, "person": 3.0, "work": 7.0}


def test_a_step_sent_back_is_rework_even_when_nobody_counted_its_tries() -> None:
    rows = step_rows(
        "s", (10, "working"), (20, "done"), (30, "redo", "verify"), (30, "person", "dba"), (33, "working"), (39, "done")
    )
    found = scored([DETECTED, *rows])
    assert parts(found) == {"rework": 20.0, "person": 3.0, "work": 6.0}
    assert figure(found, "attempts") == 2


def test_a_step_sent_back_counts_until_it_was_done_the_last_time() -> None:
    rows = step_rows(
        "s", (0, "dormant"), (10, "working"), (20, "done"), (50, "redo", "verify"), (50, "after", "verify", 2),
        (55, "working", "", 2), (65, "done", "", 2),
    )  # fmt: skip
    found = scored([DETECTED, *rows])
    assert (outcome(found), figure(found, "taken")) == ("late", 55.0)
    assert parts(found) == {"predecessor": 5.0, "rework": 40.0, "work": 10.0}
    assert ("s", "rework", "verify") in found.causes


def test_a_step_sent_back_and_not_done_again_is_missed() -> None:
    rows = step_rows(
        "s", (10, "working"), (20, "done"), (50, "redo", "verify"), (50, "person", "dba", 2), (200, "unfinished", "", 2)
    )
    found = scored([DETECTED, *rows])
    assert (outcome(found), math.isnan(figure(found, "ended"))) == ("missed", True)
    assert parts(found) == {"person": 150.0, "rework": 40.0}


def test_work_interrupted_within_one_try_stays_one_try() -> None:
    rows = step_rows("s", (10, "working"), (20, "person", "dba:urgent"), (25, "working"), (30, "done"))
    found = scored([DETECTED, *rows])
    assert (parts(found), figure(found, "attempts")) == ({"person": 5.0, "work": 15.0}, 1.0)


def test_completion_is_the_end_of_the_last_step_and_unfinished_steps_make_it_at_least_the_end() -> None:
    steps = [
        {"id": name, "owner": "lead", "takes": 5.0, "on": "aa failed" if name == "cc" else []}
        for name in ("aa", "bb", "cc")
    ]
    scenario = a_scenario(staff={"dba": {}}, roles={"lead": {"holders": ["dba"]}}, steps=steps, horizon=100.0)
    done = [
        *step_rows("aa", (0, "working"), (5, "done")),
        *step_rows("bb", (0, "dormant"), (5, "working"), (17, "done")),
    ]
    with_dormant = score(
        scenario, a_log(scenario, events=[*done, *step_rows("cc", (0, "dormant"), (100, "unfinished"))])
    )
    waiting = score(
        scenario,
        a_log(scenario, events=[*done, *step_rows("cc", (0, "dormant"), (17, "person", "dba"), (100, "unfinished"))]),
    )
    of = ("plan", "plan", "completed_at"), ("plan", "plan", "completed_censored")
    assert [with_dormant.figures[key] for key in of] == [17.0, 0.0]
    assert [waiting.figures[key] for key in of] == [100.0, 1.0]


@pytest.mark.parametrize(
    ("trigger", "called_for"),
    [
        ({"when": "db is away for 6 h"}, False),
        ({"on": "first failed"}, False),
        ({"on": "db down"}, False),
        ({"at": "23:59"}, False),
        ({"on": ["db down", "declared"]}, True),
        ({"on": "declared"}, True),
        ({"on": "first"}, True),
        ({}, True),
    ],
)
def test_a_step_whose_condition_or_failure_never_came_was_not_called_for(
    trigger: dict[str, Any], called_for: bool
) -> None:
    """Milestones (declared, restored …) and the ends of other steps ought to come; conditions and failures need not."""
    first = {"id": "first", "owner": "lead", "takes": 5.0}
    after = {"id": "next", "owner": "lead", "takes": 5.0, "after": ["s"], "within": "30 min of detected"}
    rows = [
        DETECTED,
        *step_rows("s", (0, "dormant"), (200, "unfinished")),
        *step_rows("next", (0, "after", "s"), (200, "unfinished")),
    ]
    found = scored(rows, other=(first, after), **trigger)
    assert [outcome(found, step) for step in ("s", "next")] == ["missed" if called_for else "not_reached"] * 2
    assert math.isnan(figure(found, "taken")) is not called_for


STATES = [s for s in STEP_STATES if s != "unfinished"]
moments = st.integers(0, 64 * 300).map(lambda n: n / 64)  # sums of such minutes have no rounding


@st.composite
def rows_of_a_step(draw: st.DrawFn) -> list[Event]:
    minutes = sorted(draw(st.lists(moments, max_size=12)))
    return [
        Event(minute, i, "step", "s", draw(st.sampled_from(STATES)), draw(st.sampled_from(["", "x", "decide,x"])),
              float(draw(st.integers(1, 3))))
        for i, minute in enumerate(minutes)
    ]  # fmt: skip


@st.composite
def paces(draw: st.DrawFn) -> list[Event]:
    """What slows the work, by two and by four, of at most two causes at a time: minutes that divide without rounding."""
    minutes = sorted(draw(st.lists(moments, max_size=6)))
    return [
        Event(minute, i, "pace", "s", draw(st.sampled_from(["untrained", "tired"])), "", draw(st.sampled_from([1.0, 2.0, 4.0])))
        for i, minute in enumerate(minutes)
    ]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(rows_of_a_step(), paces(), moments, moments)
def test_the_parts_of_any_step_add_up_exactly_however_its_work_was_slowed(
    rows: list[Event], pace: list[Event], a: float, b: float
) -> None:
    start, end = min(a, b), max(a, b)
    pieces = split(History("s", rows, pace, {"decide"}), start, end)
    assert sum(piece.minutes for piece in pieces) == end - start
    assert {piece.part for piece in pieces} <= set(PARTS)
    assert all(piece.minutes > 0 for piece in pieces)


@example([Event(0.0, 0, "step", "s", "failed", "", 1.0)], 0.0)
@settings(max_examples=200, deadline=None)
@given(rows_of_a_step(), moments)
def test_the_minutes_of_a_scored_step_are_its_parts(rows: list[Event], detected: float) -> None:
    found = scored([(detected, "reached", "detected"), *((e.minute, *e[2:]) for e in rows)], horizon=300.0)
    if outcome(found) in ("on_time", "late", "missed", "open"):
        until = figure(found, "ended")
        if math.isnan(until):
            until = next((e.minute for e in rows[-1:] if e.state == "failed" and e.minute < 300.0), 300.0)
        assert (
            figure(found, "taken") == sum(figure(found, f"part {part}") for part in PARTS) == max(until - detected, 0.0)
        )


def test_pieces_keep_what_was_waited_for() -> None:
    rows = [Event(0.0, 0, "step", "s", "person", "dba:x", 1.0), Event(4.0, 1, "step", "s", "person", "dba:y", 1.0)]
    assert {(p.cause, p.minutes) for p in split(History("s", rows, (), set()), 0.0, 10.0)} == {
        ("dba:x", 4.0),
        ("dba:y", 6.0),
    }


@pytest.mark.parametrize("state", ["pause", "redo", "failed"])
def test_what_is_neither_waiting_nor_work_is_rework(state: str) -> None:
    assert [p.part for p in split(History("s", [Event(0.0, 0, "step", "s", state)], (), set()), 0.0, 5.0)] == ["rework"]


def test_slowed_work_is_work_and_what_was_lost_in_proportion_to_what_each_cause_adds() -> None:
    """Tired people (twice as long) from 10 to 30, a slow system (four times) beside that from 20 to 30: 10 / 2, then 10 / 8 of work."""
    rows = [
        *step_rows("s", (10, "working"), (30, "done")),
        (10, "pace", "s", "tired", "", 2.0), (20, "pace", "s", "slow", "his", 4.0), (30, "pace", "s", "tired", "", 1.0), (30, "pace", "s", "slow", "his", 1.0),
    ]  # fmt: skip
    found = scored([DETECTED, *rows])
    assert parts(found) == {"work": 5 + 1.25, "slowed": 5 + 8.75}
    pieces = {cause: m for (_, part, cause), m in zip(found.causes, found.minutes, strict=True) if part == "slowed"}
    assert pieces == pytest.approx({"tired": 5 + 8.75 / 4, "his": 8.75 * 3 / 4})


def test_a_step_that_was_given_up_is_late_until_the_end_at_least() -> None:
    rows = step_rows("s", (10, "working"), (35, "pause"), (38, "working", "", 2), (44, "failed", "", 2))
    found = scored([DETECTED, *rows])
    assert (outcome(found), figure(found, "given_up")) == ("missed", 1.0)
    assert figure(found, "late_by") == 200 - (10 + 30)  # EndEx, not the minute it was given up
    assert figure(found, "taken") == 44 - 10  # nobody waited for it after that
    assert figure(found, "censored") == 1.0


def test_waiting_for_the_criterion_of_a_rule_is_a_part_of_its_own_and_no_cause_of_lateness() -> None:
    rows = [
        DETECTED,
        *step_rows("s", (0, "dormant", read_condition("his is away for 2 h").text()), (130, "working"), (140, "done")),
    ]
    his: dict[str, Any] = {"when": "his is away for 2 h"}
    report = scored(rows, report_to="The authority", **his)
    assert (outcome(report), parts(report)) == ("late", {"rule": 120.0, "work": 10.0})
    own = scored(rows, **his)  # a threshold of the hospital's own can be changed
    assert parts(own) == {"trigger": 120.0, "work": 10.0}
    assert [[c.part for c in roots(Table([one], 0.95))] for one in (report, own)] == [["work"], ["trigger", "work"]]
    assert [[c.part for c in causes(Table([one], 0.95))] for one in (report, own)] == [[], ["trigger"]]


def test_a_deadline_from_recovery_counts_from_the_last_recovery_before_the_step_was_over() -> None:
    """Back at 20, away again at 50, back for good at 100: closing at 120 is in time; closing at 45 counts from the first time."""
    back = [(20, "reached", "restored"), (50, "lapsed", "restored"), (100, "reached", "restored")]
    for done, clock in ((120, 100), (45, 20)):
        found = scored([*back, *step_rows("s", (20, "working"), (done, "done"))], within="30 min of restored")
        assert (outcome(found), figure(found, "clock")) == ("on_time", clock)
