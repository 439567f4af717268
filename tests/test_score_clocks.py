"""From when a deadline counts, where its event happens more than once: traced by hand."""

from __future__ import annotations

from typing import Any

import pytest

from drillsim.log.rows import Event, Log
from drillsim.model.conditions import read_event
from drillsim.playback import response
from drillsim.playback.words import Titles
from drillsim.report import story
from drillsim.score.clocks import occurrences
from drillsim.score.replication import score
from drillsim.score.steps import LATE, ON_TIME
from drillsim.score.view import View, first_fault
from drillsim.sim.run import replicate
from tests.builder import a_scenario

ONCE_MORE = {"id": "f", "kind": "loop", "target": "his", "cause": "loop", "at": "01:00", "relapse": {"chance": 1.0, "after": 30.0, "times": 1}}  # fmt: skip


def played(**parts: Any) -> tuple[Any, Log]:
    given = {"roles": {"it": {"count": 9}}, "causes": ["loop", "other"], "horizon": 600.0}
    scenario = a_scenario(**{**given, **parts})
    return scenario, replicate(scenario, seed=1, replication=0)


def of(scenario: Any, log: Log, step: str, *names: str) -> list[float]:
    figures = score(scenario, log).figures
    return [figures["step", step, name] for name in names]


def test_a_repair_that_verifying_finds_wrong_gives_no_more_time() -> None:
    """Away from 60, noticed at 65, mended by 75, tried by 85: not right, mended again by 95. The clock still counts from 65; the first try of each is rework."""
    wrong = {"chance": 1.0, "after": 300.0, "seen": 1.0, "times": 1}
    scenario, log = played(
        systems={"his": {}}, faults=[{"id": "f", "target": "his", "at": "01:00", "imperfect": wrong}], detection={"users": {"after": 5.0}},
        departments={"desk": {}}, activities={"book": {"department": "desk", "takes": 1.0, "uses": ["his"]}},
        steps=[
            {"id": "mend", "owner": "it", "takes": 10.0, "does": {"repair": "his"}, "within": "12 min of detected"},
            {"id": "try", "owner": "it", "after": "mend", "takes": 10.0, "does": {"verify": "desk"}, "within": "25 min of detected"},
        ],
    )  # fmt: skip
    assert [e.minute for e in log.events if e.kind == "noticed"] == [65, 85]
    assert of(scenario, log, "mend", "clock", "ended", "taken", "outcome") == [65, 95, 30, LATE]
    assert of(scenario, log, "try", "clock", "ended", "taken", "outcome") == [65, 105, 40, LATE]
    assert of(scenario, log, "mend", "part work", "part rework") == [10, 20]
    assert of(scenario, log, "try", "part predecessor", "part work", "part rework") == [20, 10, 10]


def test_a_step_done_anew_after_a_relapse_is_measured_from_when_the_relapse_was_noticed() -> None:
    """Away from 60, noticed at 65, mended by 75; back at 105, noticed at 110, mended by 120: ten minutes of twelve, both times."""
    scenario, log = played(
        systems={"his": {"rto": 30.0}}, faults=[ONCE_MORE], detection={"users": {"after": 5.0}},
        steps=[
            {"id": "mend", "owner": "it", "takes": 10.0, "does": {"repair": "his"}, "within": "12 min of detected"},
            {"id": "look", "owner": "it", "after": "mend", "takes": 8.0, "within": "12 min of detected"},
            {"id": "tell", "owner": "it", "after": "mend", "takes": 8.0, "within": "9 min of mend"},
            {"id": "note", "owner": "it", "after": "mend", "takes": 6.0},
        ],
    )  # fmt: skip
    assert [e.minute for e in log.events if e.kind == "noticed"] == [65, 110]
    assert of(scenario, log, "mend", "clock", "ended", "taken", "outcome") == [110, 120, 10, ON_TIME]
    assert of(scenario, log, "look", "clock", "ended", "late_by", "outcome") == [110, 128, 6, LATE]
    assert of(scenario, log, "tell", "clock", "ended", "taken", "outcome") == [120, 128, 8, ON_TIME]
    assert of(scenario, log, "note", "clock", "ended", "taken") == [
        120,
        126,
        6,
    ]  # without a deadline: since it was ready, this time
    assert of(scenario, log, "look", "part predecessor", "part work") == [10, 8]
    lines = [line for c in story.chapters(scenario, log.events) for line in c.lines if line.kind == "step"]
    assert [(line.minute, line.status) for line in lines if line.text.endswith("mend") and line.status] == [
        (75, "on_time"), (120, "on_time"),
    ]  # fmt: skip
    view = View(scenario, log, 0.0, log.horizon, first_fault(log))
    shown = {s["id"]: s for s in response.plan_steps(scenario, view, Titles(scenario))}
    assert [turn[3] for turn in shown["look"]["turns"] if turn[1] == "done"] == [6, 6]


def two_faults(**parts: Any) -> tuple[Any, Log]:
    """The HIS is away from 60 (noticed at 65) until the end, the line to the insurance from 200 (noticed at 205)."""
    return played(
        systems={"his": {"rto": 30.0}, "line": {"rto": 30.0}},
        faults=[{"id": "one", "kind": "outage", "target": "his", "at": "01:00"}, {"id": "two", "kind": "outage", "target": "line", "at": "03:20"}],
        detection={"users": {"after": 5.0}},
        **parts,
    )  # fmt: skip


def test_steps_that_a_second_fault_calls_for_are_measured_from_its_own_detection() -> None:
    scenario, log = two_faults(
        steps=[
            {"id": "ask", "owner": "it", "when": "line is away for 10 min", "takes": 5.0, "within": "12 min of detected"},
            {"id": "pay", "owner": "it", "after": "ask", "takes": 5.0, "within": "12 min of detected"},
            {"id": "call", "owner": "it", "when": "detected and line is away for 20 min", "takes": 0.0, "within": "30 min of failed"},
        ]
    )  # fmt: skip
    assert of(scenario, log, "ask", "clock", "ended", "taken", "outcome") == [205, 215, 10, ON_TIME]
    assert of(scenario, log, "pay", "clock", "ended", "late_by", "outcome") == [205, 220, 3, LATE]
    assert of(scenario, log, "call", "clock", "ended", "outcome") == [200, 220, ON_TIME]


def test_a_second_fault_does_not_give_more_time_to_the_steps_of_the_first() -> None:
    scenario, log = two_faults(
        steps=[
            {"id": "slow", "owner": "it", "when": "his is away for 150 min", "takes": 5.0, "within": "20 min of detected"},
            {"id": "long", "owner": "it", "takes": 200.0, "within": "150 min of detected"},
            {"id": "then", "owner": "it", "after": "long", "takes": 1.0, "within": "250 min of detected"},
            {"id": "later", "owner": "it", "when": "170 min after detected", "takes": 1.0, "within": "180 min of detected"},
        ]
    )  # fmt: skip
    assert of(scenario, log, "slow", "clock", "outcome") == [65, LATE]
    assert of(scenario, log, "long", "clock", "ended", "outcome") == [65, 265, LATE]
    assert of(scenario, log, "then", "clock", "taken") == [65, 201]
    assert of(scenario, log, "later", "clock", "taken") == [65, 171]


def test_going_back_to_an_earlier_step_gives_no_more_time() -> None:
    """`check` fails at 80 and sends the plan back: all is done anew by 110, and counts from 65 all the same."""
    scenario, log = two_faults(
        steps=[
            {"id": "mend", "owner": "it", "takes": 10.0, "within": "60 min of detected"},
            {"id": "check", "owner": "it", "after": "mend", "takes": 5.0, "chance": 0.0, "within": "20 min of mend", "if_it_fails": {"back_to": "mend", "tries": 2}},
        ]
    )  # fmt: skip
    assert occurrences(View(scenario, log, 0.0, log.horizon, 60.0), read_event("mend")) == [75, 90]
    assert of(scenario, log, "mend", "clock", "ended") == [65, 90]
    assert of(scenario, log, "check", "clock") == [75]


def test_a_step_for_a_later_outage_is_measured_from_that_outage() -> None:
    """Down at 60 (twenty minutes) and at 200 (an hour): what the second outage calls for is measured from the second."""
    scenario, log = played(
        systems={"his": {"rto": 30.0}},
        faults=[{"id": f, "kind": "outage", "target": "his", "at": at, "lasts": lasts} for f, at, lasts in (("one", "01:00", 20.0), ("two", "03:20", 60.0))],
        steps=[
            {"id": "first", "owner": "it", "on": "his down", "takes": 5.0, "within": "15 min of his down"},
            {"id": "second", "owner": "it", "after": "first", "when": "first and his is down for 25 min", "takes": 5.0, "within": "35 min of his down"},
            {"id": "third", "owner": "it", "on": "second", "takes": 4.0, "within": "35 min of his down"},
        ],
    )  # fmt: skip
    assert of(scenario, log, "first", "clock", "ended", "outcome") == [60, 65, ON_TIME]
    assert of(scenario, log, "second", "clock", "ended", "outcome") == [200, 230, ON_TIME]
    assert of(scenario, log, "third", "clock", "ended", "outcome") == [200, 234, ON_TIME]


@pytest.mark.parametrize(
    ("event", "minutes"),
    [("detected", [5, 50]), ("failed", [1, 40]), ("f", [1, 40]), ("his down", [1, 40]), ("his up", [20]), ("s", [9, 60]), ("s failed", [30]),
     ("desk on paper", [12, 45]), ("declared", [9, 60]), ("stood_down", []), ("i", [7]), ("out ordered", [9, 60])],
)  # fmt: skip
def test_occurrences_by_hand(event: str, minutes: list[float]) -> None:
    rows = [
        (1, "fault", "f", "began"), (1, "component", "his", "down"), (1, "reached", "failed"), (1, "reached", "f"), (1, "reached", "his down"), (5, "noticed", "f", "users"),
        (5, "reached", "detected"), (7, "inject", "i", "delivered"), (9, "step", "s", "done"), (9, "reached", "s"), (9, "reached", "declared"), (9, "reached", "out ordered"),
        (12, "department", "desk", "paper"), (20, "component", "his", "up"), (20, "reached", "his up"), (30, "step", "s", "failed"), (33, "department", "desk", "normal"),
        (40, "fault", "f", "relapsed"), (40, "component", "his", "isolated"), (44, "component", "his", "down"), (45, "department", "desk", "paper"), (50, "noticed", "f", "users"),
        (60, "step", "s", "done"),
    ]  # fmt: skip
    scenario = a_scenario(
        systems={"his": {}}, departments={"desk": {"group": "out"}}, roles={"it": {}},
        injects=[{"id": "i", "text": "i", "at": "00:07", "to": "it"}],
        faults=[{"id": "f", "kind": "outage", "target": "his", "at": "00:01"}], steps=[{"id": "s", "owner": "it", "does": ["declare", {"order_paper": "out"}]}],
    )  # fmt: skip
    events = [Event(float(m), n, kind, subject, state[0] if state else "") for n, (m, kind, subject, *state) in enumerate(rows)]  # fmt: skip
    assert occurrences(View(scenario, Log(0, 0.0, 100.0, events), 0.0, 100.0, 1.0), read_event(event)) == minutes
