"""Which steps that were not done a run called for; judged by logs written by hand."""

from __future__ import annotations

from typing import Any

import pytest

from drillsim.log.rows import Event, Log
from drillsim.model.conditions import read_condition
from drillsim.playback import response
from drillsim.playback.words import Titles
from drillsim.score.claims import holds
from drillsim.score.replication import score
from drillsim.score.steps import OUTCOMES
from drillsim.score.view import View
from tests.builder import a_scenario
from tests.logs import a_log, step_rows

DETECTED = (10.0, "reached", "detected", "", "monitoring")
FIRST = {"id": "first", "owner": "lead", "takes": 5.0, "within": "20 min of detected"}
NOBODY_CAME = step_rows("first", (10, "off_shift", "dba"), (200, "unfinished"))


def outcomes(*steps: dict[str, Any], rows: list[Any]) -> dict[str, str]:
    scenario = a_scenario(
        staff={"dba": {}}, roles={"lead": {"holders": ["dba"]}}, systems={"db": {}, "his": {}}, departments={"desk": {"group": "out"}},
        causes=["db", "his"], steps=[FIRST, *({"owner": "lead", "takes": 5.0, "within": "30 min of detected", **step} for step in steps)], horizon=200.0,
    )  # fmt: skip
    figures = score(scenario, a_log(scenario, events=[DETECTED, *NOBODY_CAME, *rows])).figures
    return {step.id: OUTCOMES[int(figures["step", step.id, "outcome"])] for step in scenario.plan.steps}


def waits(step: str, *, behind: str = "first") -> list[Any]:
    return step_rows(step, (0, "after", behind), (200, "unfinished"))


@pytest.mark.parametrize(
    ("only_if", "found"),
    [
        ("db is away", "not_reached"),  # back at 30, due at 40
        ("his is away", "missed"),  # away until 60
        ("not his is away", "not_reached"),
        ("db is away or his is away", "missed"),
        ("db is away and his is away", "not_reached"),
        ("judged db", "not_reached"),  # nobody has judged
        ("first", "not_reached"),  # it was not done
        ("grade <= 2", "not_reached"),  # nothing was declared
        ("queue of desk >= 5", "missed"),  # the log does not tell
        (None, "missed"),  # the plan demands it
    ],
)
def test_a_step_whose_condition_nobody_came_to_look_at_is_missed_only_if_it_held_when_its_deadline_passed(
    only_if: str | None, found: str
) -> None:
    rows = [(10.0, "component", "db", "down"), (30.0, "component", "db", "up"), (10.0, "component", "his", "down"), (60.0, "component", "his", "up")]  # fmt: skip
    step = {"id": "s", "after": "first", **({"only_if": only_if} if only_if else {})}
    assert outcomes(step, rows=[*rows, *waits("s")]) == {"first": "missed", "s": found}


def test_what_comes_after_a_step_that_was_not_needed_is_demanded_all_the_same() -> None:
    found = outcomes(
        {"id": "mend", "after": "first", "only_if": "judged db"}, {"id": "tell", "after": "mend"}, {"id": "look", "after": "mend", "only_if": "mend"},
        {"id": "back", "after": "mend", "only_if": "mend", "within": None}, {"id": "close", "after": "mend", "within": None},
        rows=[*waits("mend"), *waits("tell", behind="mend"), *waits("look", behind="mend"), *waits("back", behind="mend"), *waits("close", behind="mend")],
    )  # fmt: skip
    assert found == {
        "first": "missed", "mend": "not_reached", "tell": "missed", "look": "not_reached", "back": "not_reached", "close": "undone",
    }  # fmt: skip


def test_the_deadline_of_a_step_that_turns_out_not_to_be_needed_never_stands_overdue_in_a_replay() -> None:
    """Its condition is looked at 60 minutes after its deadline, and is false."""
    scenario = a_scenario(
        roles={"lead": {"count": 1}}, systems={"db": {}}, horizon=200.0,
        steps=[{"id": "s", "owner": "lead", "takes": 5.0, "within": "30 min of detected", "only_if": "db is away"}],
    )  # fmt: skip
    log = a_log(scenario, events=[DETECTED, *step_rows("s", (0, "after", "x"), (100, "not_applicable"))])
    view = View(scenario, log, 0.0, 200.0, None)
    [shown] = response.plan_steps(scenario, view, Titles(scenario))
    assert shown["outcome"] == "not_applicable"
    assert shown["due"] is not None
    assert (shown["due"]["clock"], shown["due"]["at"]) == (None, None)


@pytest.mark.parametrize(
    ("condition", "minute", "held"),
    [
        ("db is away for 10 min", 19, False), ("db is away for 10 min", 20, True), ("db is up", 5, True), ("db is up", 30, False), ("db is slow", 30, False),
        ("desk is on paper", 25, True), ("desk is on paper", 41, False), ("30 min after declared", 41, False), ("30 min after declared", 45, True),
        ("declared", 14, False), ("declared", 15, True), ("restored", 55, True), ("restored", 65, False), ("grade <= 2", 14, False), ("grade <= 2", 15, True),
        ("grade == 1", 15, False), ("judged db", 22, False), ("judged his", 22, True), ("judged wrong", 22, True), ("judged db", 35, True), ("judged right", 35, True),
        ("attack is known", 11, False), ("attack is known", 12, True), ("queue of desk >= 5", 12, None), ("db is up and queue of desk >= 5", 30, False),
        ("db is up or queue of desk >= 5", 30, None), ("not queue of desk >= 5", 30, None), ("db is away or queue of desk >= 5", 30, True),
    ],
)  # fmt: skip
def test_whether_a_condition_held_by_hand(condition: str, minute: float, held: bool | None) -> None:
    rows = [
        (10, "component", "db", "down", "own", 1.0), (12, "noticed", "worm", "users", "", 0.0), (15, "decided", "d", "grade", "2", 0.0), (15, "reached", "declared", "", "d", 0.0),
        (20, "department", "desk", "paper", "", 0.0), (22, "decided", "j", "judged", "his", 0.0), (35, "decided", "j", "judged", "db", 1.0),
        (40, "department", "desk", "normal", "", 0.0), (50, "component", "db", "up", "own", 1.0), (50, "reached", "restored", "", "db", 0.0), (60, "lapsed", "restored", "", "db", 0.0),
    ]  # fmt: skip
    scenario = a_scenario(
        systems={"db": {}, "his": {}}, departments={"desk": {"group": "out"}},
        faults=[{"id": "worm", "kind": "spread", "target": "db", "at": "00:01", "attack": {"reaches": ["his"]}}],
    )  # fmt: skip
    events = [Event(float(m), n, *rest) for n, (m, *rest) in enumerate(rows)]
    view = View(scenario, Log(0, 0.0, 100.0, events), 0.0, 100.0, 1.0)
    assert holds(view, read_condition(condition), minute) is held
