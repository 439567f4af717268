"""What held a late step up in the end."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drillsim.score.replication import Scored, score
from drillsim.score.roots import covered
from drillsim.score.steps import PARTS
from drillsim.score.summaries import Asked, summarise
from tests.builder import a_scenario
from tests.logs import a_log, step_rows

DETECTED = (10.0, "reached", "detected", "", "monitoring")


def traced(*rows: Any, **steps: dict[str, Any]) -> dict[tuple[str, str], float]:
    """(part, cause) → minutes of the late step ``last``, due 5 min after detection at minute 10."""
    found = scored(*rows, **steps)
    return {
        (part, cause): m
        for (step, part, cause), m in zip(found.roots, found.root_minutes, strict=True)
        if step == "last"
    }


def scored(*rows: Any, **steps: dict[str, Any]) -> Scored:
    given = {**steps, "last": {"within": "5 min of detected", **steps.pop("last", {})}}
    scenario = a_scenario(
        staff={"dba": {}},
        roles={"lead": {"holders": ["dba"]}},
        systems={"db": {}},
        steps=[{"id": name, "owner": "lead", **step} for name, step in given.items()],
        horizon=200.0,
    )
    return score(scenario, a_log(scenario, events=[DETECTED, *(row for some in rows for row in some)]))


def test_a_chain_of_steps_is_held_up_by_what_its_first_ones_were_doing() -> None:
    found = traced(
        step_rows("look", (10, "person", "lead:other"), (14, "working"), (20, "done")),
        step_rows("decide", (10, "after", "look"), (20, "on_the_way", "lead"), (50, "working"), (53, "done")),
        step_rows("last", (10, "after", "decide"), (53, "system", "db"), (60, "working"), (66, "done")),
        look={}, decide={"decision": True, "after": ["look"]}, last={"after": ["decide"]},
    )  # fmt: skip
    assert found == {
        ("person", "lead:other"): 4, ("work", "look"): 6, ("on_the_way", "lead"): 30, ("work", "decide"): 3,
        ("system", "db"): 7, ("work", "last"): 6,
    }  # fmt: skip


def test_of_one_cause_a_minute_counts_once_and_two_causes_at_a_time_count_it_each() -> None:
    """From 10 to 50 two late steps wait for the leader, and one of another role for the clerk."""
    role = {"within": "5 min of detected"}
    found = scored(
        *(step_rows(name, (10, "person", "lead:other"), (50, "working"), (60, "done")) for name in ("one", "last")),
        step_rows("two", (10, "person", "clerk:other"), (50, "working"), (60, "done")),
        one=role, two=role,
    )  # fmt: skip
    together = {(part, cause): m for (step, part, cause), m in zip(found.roots, found.root_minutes, strict=True) if not step}  # fmt: skip
    assert together["person", "lead:other"] == 40
    assert together["person", "clerk:other"] == 40


def test_of_several_awaited_steps_the_one_that_ended_last_counts() -> None:
    found = traced(
        step_rows("quick", (10, "working"), (12, "done")),
        step_rows("slow", (10, "thing", "db"), (30, "working"), (40, "done")),
        step_rows("last", (10, "after", "quick,slow"), (12, "after", "slow"), (40, "working"), (41, "done")),
        quick={}, slow={}, last={"after": ["quick", "slow"]},
    )  # fmt: skip
    assert found == {("thing", "db"): 20, ("work", "slow"): 10, ("work", "last"): 1}


def test_an_event_that_a_step_brought_about_leads_to_that_step() -> None:
    found = traced(
        step_rows("declare", (10, "off_shift", "lead"), (40, "working"), (45, "done")),
        [(45, "reached", "declared", "", "declare")],
        step_rows("last", (0, "dormant", "declared"), (45, "working"), (46, "done")),
        declare={"does": "declare"}, last={"on": "declared"},
    )  # fmt: skip
    assert found == {("off_shift", "lead"): 30, ("work", "declare"): 5, ("work", "last"): 1}


def test_restored_leads_to_the_step_that_brought_the_last_system_back() -> None:
    found = traced(
        step_rows("restore", (10, "working"), (90, "done")),
        [(90, "own", "db", "up", "restore"), (90, "reached", "restored", "", "db")],
        step_rows("last", (0, "dormant", "restored"), (90, "working"), (96, "done")),
        restore={}, last={"on": "restored"},
    )  # fmt: skip
    assert found == {("work", "restore"): 80, ("work", "last"): 6}


MEND = (
    step_rows("mend", (10, "off_shift", "lead"), (50, "working"), (80, "done")),
    [
        (5, "component", "db", "down", "own"), (80, "own", "db", "restoring", "mend"), (80, "component", "db", "restoring", "own"),
        (86, "own", "db", "up", "mend"), (86, "component", "db", "up", "own"),
    ],
)  # fmt: skip


def test_a_condition_that_speaks_of_a_system_leads_to_the_step_that_mended_it() -> None:
    """Mended from 50 to 80 after 40 minutes without anybody; its own start (80 to 86) and ten minutes of watching it are nobody's work."""
    when = "db is up for 10 min"
    last = step_rows("last", (0, "dormant", when), (96, "working"), (100, "done"))
    assert traced(*MEND, last, mend={}, last={"when": when}) == {
        ("off_shift", "lead"): 40, ("work", "mend"): 30, ("trigger", when): 16, ("work", "last"): 4,
    }  # fmt: skip


def test_a_condition_or_an_event_no_step_brought_about_is_a_trigger() -> None:
    found = traced(
        [(50, "reached", "cleared", "", "pharmacy")],
        step_rows("last", (0, "dormant", "cleared"), (50, "working"), (51, "done")), last={"on": "cleared"},
    )  # fmt: skip
    assert found == {("trigger", "cleared"): 40, ("work", "last"): 1}


def test_a_step_that_is_never_done_is_traced_to_the_end() -> None:
    found = traced(
        step_rows("stuck", (10, "off_shift", "lead"), (200, "unfinished")),
        step_rows("last", (10, "after", "stuck"), (200, "unfinished")), stuck={}, last={"after": ["stuck"]},
    )  # fmt: skip
    assert found == {("off_shift", "lead"): 190}


def test_what_was_done_before_a_step_was_sent_back_is_rework_of_who_sent_it_back() -> None:
    found = traced(
        step_rows("fix", (10, "working"), (20, "done"), (30, "redo", "verify"), (30, "working", "", 2), (40, "done", "", 2)),
        step_rows("last", (10, "after", "fix"), (40, "working"), (41, "done")), fix={}, last={"after": ["fix"]},
    )  # fmt: skip
    assert found == {("rework", "verify"): 20, ("work", "fix"): 10, ("work", "last"): 1}


def test_steps_that_wait_for_each_other_come_to_an_end() -> None:
    found = traced(
        step_rows("other", (10, "after", "last"), (200, "unfinished")),
        step_rows("last", (10, "after", "other"), (200, "unfinished")), other={"after": ["last"]}, last={"after": ["other"]},
    )  # fmt: skip
    assert sum(found.values()) == 190


def test_a_minute_that_holds_up_two_late_steps_counts_once_for_the_run() -> None:
    found = scored(
        step_rows("look", (10, "person", "lead:x"), (40, "working"), (50, "done")),
        step_rows("also", (10, "after", "look"), (50, "working"), (51, "done")),
        step_rows("last", (10, "after", "look"), (50, "working"), (52, "done")),
        look={}, also={"after": ["look"], "within": "5 min of detected"}, last={"after": ["look"]},
    )  # fmt: skip
    of = dict(zip(found.roots, found.root_minutes, strict=True))
    assert [of[step, "person", "lead:x"] for step in ("", "also", "last")] == [30, 30, 30]


def test_the_summary_ranks_them_and_names_the_steps_they_delayed() -> None:
    scenario = a_scenario(
        staff={"dba": {}},
        roles={"lead": {"holders": ["dba"]}},
        steps=[
            {"id": "look", "owner": "lead"},
            {"id": "last", "owner": "lead", "after": ["look"], "within": "5 min of detected"},
        ],
        horizon=200.0,
    )
    late = [
        DETECTED, *step_rows("look", (10, "person", "lead:x"), (40, "working"), (50, "done")),
        *step_rows("last", (10, "after", "look"), (50, "working"), (52, "done")),
    ]  # fmt: skip
    good = [
        DETECTED,
        *step_rows("look", (10, "working"), (11, "done")),
        *step_rows("last", (11, "working"), (12, "done")),
    ]
    runs = [score(scenario, a_log(scenario, events=rows, replication=n)) for n, rows in enumerate((late, good), 1)]
    roots = summarise(scenario, runs, Asked("x", 2, 1)).roots
    assert [(r.part, r.cause, r.minutes, r.steps) for r in roots] == [
        ("person", "lead:x", 15, ["last"]),
        ("work", "look", 5, ["last"]),
        ("work", "last", 1, ["last"]),
    ]


states = st.sampled_from(["dormant", "after", "person", "working", "pause", "done", "redo", "system"])
rows = st.lists(st.tuples(st.integers(0, 199), states), max_size=8)


@given(rows, rows)
def test_traced_minutes_add_up_to_the_time_the_late_step_took(
    mine: list[tuple[int, str]], others: list[tuple[int, str]]
) -> None:
    some = [
        step_rows(name, *((m, s, "last,other") for m, s in sorted(its)))
        for name, its in (("last", mine), ("other", others))
    ]
    found = scored(*some, other={})
    taken = found.figures["step", "last", "taken"]
    total = dict.fromkeys(("last",), 0.0)
    for (step, part, _), minutes in zip(found.roots, found.root_minutes, strict=True):
        assert part in PARTS
        total[step] = total.get(step, 0.0) + minutes
    if total["last"]:
        assert total["last"] == pytest.approx(taken)


def test_overlapping_intervals_cover_their_union() -> None:
    assert covered([(0, 10), (5, 15), (20, 21), (6, 7)]) == 16
