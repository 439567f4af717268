"""The realised critical path to each milestone, traced by hand."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import drillsim
from drillsim.model.scenario import Scenario
from drillsim.report import paths as told
from drillsim.report.html import write_report
from drillsim.score import paths
from drillsim.score.replication import Scored, score
from drillsim.score.summaries import Asked, summarise
from drillsim.score.view import View
from tests.builder import a_scenario
from tests.logs import a_log, step_rows

FAILED = (10.0, "fault", "f", "began", "db")
DETECTED = (15.0, "reached", "detected", "", "users")


def a_plan(activities: dict[str, Any] | None = None, **steps: dict[str, Any]) -> Scenario:
    """Database db (tier 1), application his on it (tier 2), a department on paper, and these steps."""
    return a_scenario(
        staff={"dba": {}, "nurse": {}}, roles={"lead": {"holders": ["dba"]}, "vendor": {}},
        systems={"db": {"tier": 1}, "his": {"tier": 2, "needs": ["db"]}},
        departments={"clinic": {"back_entry": {"by": "nurse", "takes": 1.0}}}, activities=activities or {},
        steps=[{"id": name, "owner": "lead", **step} for name, step in steps.items()],
        faults=[{"id": "f", "target": "db"}], horizon=500.0,
    )  # fmt: skip


def scored(scenario: Scenario, *rows: Any, **more: Any) -> Scored:
    return score(scenario, a_log(scenario, events=[FAILED, *(row for some in rows for row in some)], **more))


def path(found: Scored, milestone: str) -> dict[tuple[str, str], float]:
    return {
        (part, cause): minutes
        for (name, part, cause), minutes in zip(found.paths, found.path_minutes.tolist(), strict=True)
        if name == milestone
    }


def test_the_way_to_the_order_begins_with_the_failure_and_ends_with_the_order() -> None:
    plan = a_plan(look={}, declare={"after": ["look"]}, order={"after": ["declare"], "does": {"order_paper": "all"}})
    found = scored(
        plan, [DETECTED, (60.0, "reached", "ordered", "", "order"), (41.0, "reached", "declared", "", "declare")],
        step_rows("look", (10, "dormant", "detected"), (15, "person", "lead:other"), (20, "working"), (30, "done")),
        step_rows("declare", (10, "after", "look"), (30, "on_the_way", "lead"), (38, "working"), (41, "done")),
        step_rows("order", (10, "after", "declare"), (41, "working"), (60, "done")),
    )  # fmt: skip
    assert path(found, "ordered") == {
        ("trigger", "detected"): 5, ("person", "lead:other"): 5, ("work", "look"): 10, ("on_the_way", "lead"): 8,
        ("work", "declare"): 3, ("work", "order"): 19,
    }  # fmt: skip
    assert sum(path(found, "declared").values()) == 31
    assert sum(path(found, "completed").values()) == 50


def test_of_two_steps_that_end_in_the_same_minute_the_one_the_plan_names_first_is_on_the_way() -> None:
    rows = (
        step_rows("left", (10, "working"), (40, "done")), step_rows("right", (10, "thing", "db"), (30, "working"), (40, "done")),
        step_rows("last", (10, "after", "left,right"), (40, "working"), (41, "done")),
    )  # fmt: skip
    for order, expected in (
        (["left", "right"], {("work", "left"): 30, ("work", "last"): 1}),
        (["right", "left"], {("thing", "db"): 20, ("work", "right"): 10, ("work", "last"): 1}),
    ):
        plan = a_plan(left={}, right={}, last={"after": order})
        rows[2][0] = (10, "step", "last", "after", ",".join(order), 1.0)
        assert path(scored(plan, *rows), "completed") == expected


def test_what_is_done_again_is_on_the_way_as_rework() -> None:
    plan = a_plan(fix={}, check={"after": ["fix"], "does": {"verify": "all"}})
    found = scored(
        plan,
        step_rows("fix", (10, "working"), (20, "done"), (25, "redo", "check"), (25, "working", "", 2), (40, "done", "", 2)),
        step_rows("check", (10, "after", "fix"), (20, "working"), (25, "redo", "check"), (25, "after", "fix", 2), (40, "working", "", 2), (45, "done", "", 2)),
    )  # fmt: skip
    assert path(found, "verified") == {("rework", "check"): 15, ("work", "fix"): 15, ("work", "check"): 5}


def test_a_joint_step_waits_for_the_role_that_is_missing() -> None:
    plan = a_plan(meet={"with": ["vendor"]})
    found = scored(plan, step_rows("meet", (10, "on_the_way", "vendor"), (70, "person", "lead:other"), (80, "working"), (90, "done")))  # fmt: skip
    assert path(found, "completed") == {
        ("on_the_way", "vendor"): 60,
        ("person", "lead:other"): 10,
        ("work", "meet"): 10,
    }


def test_work_that_stops_at_the_end_of_a_shift_is_on_the_way_with_the_time_nobody_was_there() -> None:
    plan = a_plan(dig={})
    found = scored(plan, step_rows("dig", (10, "working"), (30, "off_shift", "lead"), (100, "working"), (110, "done")))
    assert path(found, "completed") == {("work", "dig"): 30, ("off_shift", "lead"): 70}


def test_a_system_is_traced_through_its_own_start_to_the_step_that_started_what_it_needs() -> None:
    plan = a_plan(restore={"does": {"restore": "db"}})
    found = scored(
        plan, step_rows("restore", (10, "off_shift", "lead"), (50, "working"), (70, "done")),
        [
            (10, "component", "db", "down", "own"), (10, "component", "his", "down", "db"), (60, "own", "db", "restoring", "restore"),
            (60, "component", "db", "restoring", "own"), (70, "own", "db", "up", "restore"), (70, "component", "db", "up", "own"),
            (70, "own", "his", "restoring", "needs"), (70, "component", "his", "restoring", "own"), (76, "own", "his", "up", "needs"),
            (76, "component", "his", "up", "own"), (76, "reached", "restored", "", "his"),
        ],
    )  # fmt: skip
    assert path(found, "tier 1") == {("off_shift", "lead"): 40, ("work", "restore"): 20}
    assert path(found, "tier 2") == path(found, "restored")
    assert path(found, "restored") == {("off_shift", "lead"): 40, ("work", "restore"): 20, ("restart", "his"): 6}


def test_a_system_that_starts_up_once_it_is_mended_is_traced_through_its_start_to_the_step_that_mended_it() -> None:
    plan = a_plan(mend={"does": {"repair": "db"}})
    found = scored(
        plan, step_rows("mend", (10, "off_shift", "lead"), (50, "working"), (60, "done")),
        [
            (10, "component", "db", "down", "own"), (60, "own", "db", "restoring", "mend"), (60, "component", "db", "restoring", "own"),
            (66, "own", "db", "up", "mend"), (66, "component", "db", "up", "own"), (66, "reached", "restored", "", "db"),
        ],
    )  # fmt: skip
    assert path(found, "restored") == {("off_shift", "lead"): 40, ("work", "mend"): 10, ("restart", "db"): 6}


def test_a_tier_is_back_when_none_of_it_is_away_any_more_for_good() -> None:
    plan = a_plan(restore={"does": {"restore": "db"}})
    found = scored(plan, [
        (10, "component", "his", "down", "own"), (30, "own", "his", "up", "rule"), (30, "component", "his", "up", "own"),
        (100, "component", "his", "down", "own"), (120, "component", "his", "up", "own"), (200, "component", "db", "down", "own"),
    ])  # fmt: skip
    assert path(found, "tier 2") == {("system", "his"): 110}
    assert path(found, "tier 1") == {}  # away to the end


def test_the_path_to_recovery_leads_to_the_last_time_the_systems_were_back() -> None:
    plan = a_plan(restore={"does": {"restore": "db"}})
    rows = [
        (30, "reached", "restored", "", "restore"),
        (50, "lapsed", "restored", "", "db"),
        (90, "reached", "restored", "", "restore"),
    ]
    steps = step_rows(
        "restore", (10, "working"), (30, "done"), (60, "redo", "f", 2), (60, "working", "", 2), (90, "done", "", 2)
    )
    found = scored(plan, steps, rows)
    assert path(found, "restored") == {("rework", "f"): 50, ("work", "restore"): 30}
    gone = scored(plan, steps, [*rows, (100, "lapsed", "restored", "", "db")])
    assert path(gone, "restored") == {}  # not back for good


def test_a_condition_is_the_time_it_asks_for_and_before_it_what_brought_it_about() -> None:
    plan = a_plan(
        tell={"when": "his is up for 5 min"}, order={"when": "his is away for 20 min", "does": {"order_paper": "all"}}
    )
    found = scored(
        plan, step_rows("tell", (10, "dormant", "his is up for 5 min"), (45, "working"), (50, "done")),
        step_rows("order", (10, "dormant", "his is away for 20 min"), (30, "working"), (32, "done")),
        [
            (10, "component", "db", "down", "own"), (10, "component", "his", "down", "db"), (40, "own", "db", "up", "rule"),
            (40, "component", "db", "up", "own"), (40, "component", "his", "up", "own"), (32, "reached", "ordered", "", "order"),
        ],
    )  # fmt: skip
    assert path(found, "ordered") == {("trigger", "his is away for 20 min"): 20, ("work", "order"): 2}
    assert path(found, "completed") == {
        ("system", "db"): 30,
        ("trigger", "his is up for 5 min"): 5,
        ("work", "tell"): 5,
    }


def test_the_pile_is_traced_through_the_typing_to_the_step_that_told_the_department() -> None:
    plan = a_plan(back={"does": {"return_to_system": "all"}})
    found = scored(
        plan, step_rows("back", (10, "person", "lead:x"), (100, "working"), (110, "done")),
        [
            (30, "department", "clinic", "paper", "order"), (114, "department", "clinic", "back_entry", "back"),
            (150, "department", "clinic", "normal", "back"), (150, "reached", "cleared", "", "clinic"),
        ],
    )  # fmt: skip
    assert path(found, "cleared") == {("person", "lead:x"): 90, ("work", "back"): 10, ("notice", "clinic"): 4, ("typing", "clinic"): 36}  # fmt: skip


def test_a_pile_typed_in_once_the_systems_were_back_by_themselves_is_traced_to_what_brought_the_systems_back() -> None:
    plan = a_plan({"see": {"department": "clinic", "uses": ["his"], "takes": 1.0}}, mend={"does": {"restore": "db"}})
    found = scored(
        plan, step_rows("mend", (10, "working"), (110, "done")),
        [
            (10, "component", "db", "down", "own"), (10, "component", "his", "down", "db"), (30, "department", "clinic", "paper", "order"),
            (110, "own", "db", "up", "mend"), (110, "component", "db", "up", "own"), (110, "component", "his", "up", "db"),
            (110, "department", "clinic", "back_entry", "systems"), (150, "department", "clinic", "normal", "systems"), (150, "reached", "cleared", "", "clinic"),
        ],
    )  # fmt: skip
    assert path(found, "cleared") == {("work", "mend"): 100, ("typing", "clinic"): 40}


def test_a_milestone_that_was_not_reached_has_no_way() -> None:
    plan = a_plan(order={"does": {"order_paper": "all"}})
    found = scored(plan, step_rows("order", (10, "off_shift", "lead"), (500, "unfinished")))
    assert found.paths == ()


def test_a_switch_over_by_hand_is_traced_to_the_step_and_one_by_itself_is_not() -> None:
    scenario = a_scenario(
        systems={"a": {}, "b": {}, "db": {"tier": 1, "runs_on": {"members": ["a", "b"]}}}, roles={"lead": {}},
        steps=[{"id": "switch", "owner": "lead", "does": {"fail_over": "db"}}], faults=[{"id": "f", "target": "a"}], horizon=500.0,
    )  # fmt: skip
    common = [
        (10.0, "component", "db", "down", "a"), (12.0, "failover", "db", "started", "b"), (15.0, "failover", "db", "done", "b"),
        (15.0, "component", "db", "up", "own"),
    ]  # fmt: skip
    by_hand = scored(scenario, common, step_rows("switch", (10, "working"), (15, "done")))
    assert path(by_hand, "tier 1") == {("work", "switch"): 5}
    by_itself = scored(scenario, common, step_rows("switch", (10, "off_shift", "lead")))
    assert path(by_itself, "tier 1") == {("failover", "db"): 5}


def test_a_service_that_switches_by_itself_waited_for_the_member_it_switched_to() -> None:
    """Both members are away from minute 10; b is back at 40, and the service runs on it two minutes later: the switch took two, not thirty-two."""
    scenario = a_scenario(
        systems={"a": {}, "b": {}, "db": {"tier": 1, "runs_on": {"members": ["a", "b"]}}},
        faults=[{"id": "f", "target": "a"}], horizon=500.0,
    )  # fmt: skip
    found = scored(scenario, [
        (10.0, "component", "db", "down", "a"), (10.0, "component", "b", "down", "own"), (40.0, "component", "b", "up", "own"),
        (40.0, "failover", "db", "started", "b"), (42.0, "failover", "db", "done", "b"), (42.0, "component", "db", "up", "own"),
    ])  # fmt: skip
    assert path(found, "tier 1") == {("system", "b"): 30, ("failover", "db"): 2}


def test_a_project_network_with_certain_times_has_its_textbook_path() -> None:
    found = drillsim.run("project-network", 1, variant="certain", keep="none").critical_path("completed")
    assert list(found.cause) == ["deliver", "order", "survey", "test"]
    assert list(found.minutes) == [480, 300, 240, 120]
    assert set(found.kind) == {"length"}


def test_grahams_plan_is_held_up_by_people_with_three_and_by_the_order_of_work_with_four() -> None:
    """With three t7, t8 and t9 end together, and t7 is the first of them in the plan: t4 and t7 wait 2 and 4 minutes for a person. With four
    the ninth task, begun at 3 by three people, waits 3 minutes for somebody."""
    three = drillsim.run("graham-1969", 1, keep="none").critical_path("completed")
    assert dict(zip(three.cause, three.minutes, strict=True)) == {"person": 6, "t7": 4, "t4": 2}
    four = drillsim.run("graham-1969", 1, variant="four_people", keep="none").critical_path("completed")
    assert dict(zip(four.cause, four.minutes, strict=True)) == {"t9": 9, "t1": 3, "person": 3}
    assert set(four.kind[four.cause == "person"]) == {"contention"}


def test_over_runs_the_summary_counts_how_often_and_how_long_each_step_role_and_system_is_on_the_way() -> None:
    plan = a_plan(look={}, order={"after": ["look"], "does": {"order_paper": "all"}})
    slow = scored(
        plan, [(50, "reached", "ordered", "", "order")], step_rows("look", (10, "person", "lead:x"), (20, "working"), (40, "done")),
        step_rows("order", (10, "after", "look"), (40, "working"), (50, "done")), replication=1,
    )  # fmt: skip
    quick = scored(
        plan, [(30, "reached", "ordered", "", "order")], step_rows("look", (10, "working"), (20, "done")),
        step_rows("order", (10, "after", "look"), (20, "working"), (30, "done")), replication=2,
    )  # fmt: skip
    never = scored(plan, replication=3)
    part = next(p for p in summarise(plan, [slow, quick, never], Asked("x", 3, 1)).paths if p.milestone == "ordered")
    assert (part.runs, part.minutes.value) == (2, 30)
    assert [(p.part, p.cause, p.share, p.minutes) for p in part.length] == [
        ("work", "look", 1, 15),
        ("work", "order", 1, 10),
    ]
    assert [(p.part, p.cause, p.share, p.minutes) for p in part.contention] == [("person", "lead", 0.5, 5)]
    assert [(r.id, r.share, r.working, r.waited_for) for r in part.roles] == [("lead", 1, 25, 5)]


states = st.sampled_from(["dormant", "after", "person", "working", "pause", "done", "redo", "system", "off_shift"])
causes = st.sampled_from(["one,two", "two", "detected", "his is up for 5 min", "lead:one", "db", "restored"])
rows_of_a_step = st.lists(st.tuples(st.integers(0, 400), states, causes), max_size=7)
system_rows = st.lists(st.tuples(st.integers(0, 400), st.sampled_from(["up", "down", "restoring", "slow"]), st.sampled_from(["own", "db", "one", "needs"])), max_size=6)  # fmt: skip


@given(rows_of_a_step, rows_of_a_step, system_rows, system_rows, st.sampled_from(["one", "db", "his", "clinic", "x"]))
def test_the_pieces_of_every_way_follow_each_other_without_a_gap_and_add_up(
    one: list[Any], two: list[Any], db: list[Any], his: list[Any], by: str
) -> None:
    plan = a_plan(one={"after": ["two"], "does": {"restore": "db"}}, two={})
    events: list[Any] = [FAILED]
    for name, rows in (("one", one), ("two", two)):
        events += [(m, "step", name, state, cause, 1.0) for m, state, cause in sorted(rows)]
    for name, rows in (("db", db), ("his", his)):
        for m, state, cause in sorted(rows):
            events += [(m, "own", name, state, cause), (m, "component", name, state, cause)]
    events += [(m, "reached", name, "", by) for m, name in ((222, "restored"), (333, "cleared"), (111, "ordered"))]
    log = a_log(plan, events=events)
    view = View(plan, log, 0.0, log.horizon, 10.0)
    figures = score(plan, log).figures
    finder = paths.Finder(view, figures)
    for milestone in paths.milestones(plan):
        found = finder.path(milestone)
        if found:
            assert found[0].start == 10
            assert [a.end for a in found[:-1]] == [b.start for b in found[1:]]
            assert {leaf.part for leaf in found} <= set(paths.PATH_PARTS)
    for name, end in (("restored", 222), ("ordered", 111)):
        assert sum(leaf.end - leaf.start for leaf in finder.path(name)) == pytest.approx(end - 10)


def test_every_way_of_a_night_in_the_county_hospital_adds_up_to_its_milestone(tmp_path: Any) -> None:
    result = drillsim.run("county-night-lab", 3, jobs=1)
    frame = result.paths.groupby(["replication", "milestone"], observed=True).minutes.sum()
    for milestone in ("declared", "ordered", "restored", "cleared"):
        figures = (
            result.figures.query("kind == 'event' and id == @milestone and figure == 'minute'")
            .set_index("replication")
            .value
        )
        for number, minutes in figures.items():
            assert frame.get((number, milestone), math.nan) == pytest.approx(minutes, nan_ok=True)
    result.save(tmp_path / "run")
    again = drillsim.open_run(tmp_path / "run")
    assert again.paths.equals(result.paths)
    assert again.summary.paths == result.summary.paths


def test_the_page_has_length_and_wanting_in_tables_of_their_own_in_both_languages() -> None:
    result = drillsim.run("county-night-lab", 2, jobs=1)
    for language, words in (
        ("en", ("Length", "Contention", "Systems restored")),
        ("zh", ("时间长度", "资源争用", "系统恢复")),
    ):
        page = write_report(result.summary, result.scenario, {}, language)
        for word in words:
            assert word in page
    assert told.title("tier 2", "zh") == "第 2 级系统恢复"


def test_a_log_without_a_failure_has_only_the_way_to_its_last_step() -> None:
    assert paths.milestones(drillsim.load("graham-1969").scenario) == ["completed"]
