"""Whole runs: the same luck gives the same rows, whatever else is in the scenario; parts that are absent are not needed."""

from __future__ import annotations

import gc
import hashlib
import subprocess
import sys
from itertools import pairwise
from typing import Any

import pytest

from drillsim.errors import SimulationError
from drillsim.log.rows import KINDS, MODES, STEP_STATES, Log
from drillsim.model.conditions import LASTING_EVENTS
from drillsim.model.scenario import Scenario
from drillsim.sim.run import replicate
from tests.builder import a_scenario
from tests.sim_rows import again, play, rows


def a_hospital_in_trouble(**changes: Any) -> Scenario:
    """A small hospital with luck in everything: systems, standby, people on call, notices, departments, patients."""
    steps = [
        {"id": "declare", "owner": "lead", "takes": "uniform(2 min, 6 min)", "does": "declare"},
        {
            "id": "order",
            "owner": "lead",
            "when": "his is away for 10 min",
            "after": "declare",
            "does": {"order_paper": "all"},
        },
        {
            "id": "judge",
            "owner": "dba",
            "takes": "lognormal(median 12 min, p90 30 min)",
            "does": "judge",
            "chance_right": 0.6,
        },
        {
            "id": "mend",
            "owner": "dba",
            "with": "vendor",
            "after": "judge",
            "takes": "triangular(10 min, 20 min, 60 min)",
            "spare": "storage",
            "does": {"repair": "cause"},
            "chance": 0.9,
            "if_it_fails": {"tries": 9, "back_to": "judge", "pause": "exponential(3 min)"},
        },
        {
            "id": "restore",
            "owner": "dba",
            "after": "mend",
            "takes": "uniform(1 min, 5 min)",
            "does": {"restore": "all"},
        },
        {
            "id": "verify",
            "owner": "clerk",
            "after": "restore",
            "takes": 3.0,
            "does": {"verify": "all"},
            "if_it_fails": {"tries": 9},
        },
        {
            "id": "return",
            "owner": "lead",
            "after": "verify",
            "does": {"return_to_system": "all"},
            "if_it_fails": {"tries": 9},
        },
        {"id": "end", "owner": "lead", "on": "cleared", "does": "stand_down"},
        *changes.pop("steps", []),
    ]
    parts: dict[str, Any] = {
        "staff": {
            "lead": {"on_duty": {"08:00-17:00": 1, "17:00-08:00": 1}, "at_shift_end": "hand_over", "handover": 5.0},
            "dba": {"on_duty": 1, "trained": 0.7},
            "vendor": {"on_duty": 0, "on_call": {"answers": 0.7, "answer": "exponential(3 min)", "travel": "uniform(20 min, 60 min)"}},
            "clerk": {"on_duty": 2},
            **changes.pop("staff", {}),
        },
        "systems": {
            "storage": {"spares": 1, "fails": {"every": "exponential(9 d)", "repair": "exponential(20 min)"}},
            "db_one": {"needs": ["storage"], "comes_back": "by_hand", "restart": "uniform(3 min, 9 min)"},
            "db_two": {},
            "db": {"runs_on": {"members": ["db_one", "db_two"], "chance": 0.5, "standby_capacity": 0.6, "overload_fails": 0.2}, "tier": 1},
            "his": {"needs": ["db"], "tier": 1, "restart": "uniform(1 min, 4 min)", "rides_through": "exponential(1 min)"},
            **changes.pop("systems", {}),
        },
        "load": {"08:00-12:00": 1.0},
        "detection": {"monitoring": {"after": 2.0, "chance": 0.5}, "users": {"after": "exponential(6 min)"}},
        "departments": {
            "registration": {"change_over": "uniform(5 min, 15 min)", "back_entry": {"by": "clerk", "takes": 1.0}, "self_switch": {"after": "exponential(40 min)", "chance": 0.5}, "kit": {"forms": 40, "restock": 20, "restock_takes": "uniform(10 min, 30 min)"}},
            "ward": {"group": "inpatient"},
        },
        "activities": {"register": {"department": "registration", "needs": "clerk", "takes": "exponential(3 min)", "uses": ["his"], "patience": "exponential(60 min)"}},
        "pathways": {"visits": {"title": "Visits", "arrivals": {"rate": "20 per h"}, "route": ["register"]}},
        "roles": {"lead": {"holders": "lead"}, "dba": {"holders": "dba"}, "vendor": {"holders": "vendor"}, "clerk": {"holders": "clerk"}, **changes.pop("roles", {})},
        "channels": {"app": {"broadcast": True, "reaches": 0.6, "heard": "exponential(4 min)"}, "phone": {"takes": "uniform(1 min, 2 min)", "reaches": 0.9}},
        "call_tree": ["app", "phone"],
        "causes": ["storage", "software", "network"],
        "grades": [{"id": 1, "title": "one", "when": "his is away for 3 min", "activates": "vendor"}, {"id": 2, "title": "two"}],
        "faults": [{"id": "f", "target": "storage", "cause": "storage", "at": "08:30", "chance": 0.9}, {"id": "g", "kind": "people", "target": "clerk", "severity": 0.5, "at": "09:00", "lasts": "uniform(30 min, 90 min)"}],
        "injects": [{"id": "press", "at": "+40 min", "channel": "phone", "text": "x"}, {"id": "late", "when": "his is away for 90 min", "text": "x"}],
        "start": "2026-03-09 07:00",
        "warm_up": 60.0,
        "horizon": 720.0,
    }  # fmt: skip
    return a_scenario(**{**parts, **changes}, steps=steps)


def facts(log: Log, *without: str) -> list[tuple]:
    """The rows as they are, but for their numbering and those about the named things."""
    return [
        (row.minute, row.kind, row.subject, row.state, row.cause, repr(row.value))
        for row in log.events
        if not set(without) & {row.subject, row.subject.split()[0] if row.subject else "", row.cause}
    ]


REPLICATIONS = range(12)


@pytest.fixture(scope="module")
def logs() -> list[Log]:
    scenario = a_hospital_in_trouble()
    return [again(scenario, r) for r in REPLICATIONS]


def test_the_same_seed_and_replication_give_the_same_rows_whatever_ran_before(logs: list[Log]) -> None:
    for r in (7, 3):
        assert facts(again(a_hospital_in_trouble(), r)) == facts(logs[r])
    assert len({repr(facts(log)) for log in logs}) == len(logs)


def test_another_process_with_another_hash_seed_gives_the_same_bytes(logs: list[Log]) -> None:
    code = (
        "import hashlib; from tests.test_sim_run import a_hospital_in_trouble, again;"
        "print(hashlib.sha256(repr(again(a_hospital_in_trouble(), 5).events).encode()).hexdigest())"
    )
    other = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONHASHSEED": "77", "PATH": ""},
    )
    assert other.stdout.strip() == hashlib.sha256(repr(logs[5].events).encode()).hexdigest()


@pytest.mark.parametrize(
    ("added", "names"),
    [
        ({"steps": [{"id": "unused", "owner": "nobody", "on": "ward back", "takes": "exponential(5 min)"}], "roles": {"nobody": {"holders": "lead"}}}, ["unused"]),
        ({"roles": {"nobody": {"holders": "lead"}}}, []),
        ({"staff": {"aside": {"on_duty": {"07:30-12:00": 3}}}}, ["aside"]),
        ({"systems": {"aside": {"fails": {"every": "exponential(1 h)", "repair": "exponential(10 min)"}}}}, ["aside"]),
        ({"steps": [{"id": "side", "owner": "nobody", "takes": "exponential(5 min)", "if_it_fails": {"tries": 2}, "chance": 0.5}], "roles": {"nobody": {"count": 1}}}, ["side", "nobody"]),
    ],
)  # fmt: skip
def test_adding_what_nobody_needs_changes_no_other_row(logs: list[Log], added: dict, names: list[str]) -> None:
    scenario = a_hospital_in_trouble(**added)
    for r in REPLICATIONS:
        assert facts(again(scenario, r), *names) == facts(logs[r])


def test_rows_are_in_a_total_order_and_of_documented_kinds(logs: list[Log]) -> None:
    for log in logs:
        assert [row.sequence for row in log.events] == list(range(len(log.events)))
        assert [row.minute for row in log.events] == sorted(row.minute for row in log.events)
        assert {row.kind for row in log.events} <= set(KINDS)
        assert {row.state for row in rows(log, "step")} <= set(STEP_STATES)
        assert {row.state for row in rows(log, "department")} <= set(MODES)
        assert all(log.began <= row.minute <= log.horizon for row in log.events)


def test_every_event_is_reached_once_unless_it_lapsed_and_every_step_ends_in_writing(logs: list[Log]) -> None:
    for log in logs:
        holds: set[str] = set()
        for row in (e for e in log.events if e.kind in ("reached", "lapsed")):
            assert (row.subject in holds) is (row.kind == "lapsed")
            assert row.kind == "reached" or row.subject in LASTING_EVENTS
            holds ^= {row.subject}
        last = {row.subject: row.state for row in rows(log, "step")}
        assert set(last) == {"declare", "order", "judge", "mend", "restore", "verify", "return", "end"}
        assert set(last.values()) <= {"done", "failed", "not_applicable", "unfinished"}


def test_people_are_given_back_and_never_taken_twice(logs: list[Log]) -> None:
    for log in logs:
        at_work: dict[tuple[str, str], float] = {}
        for row in rows(log, "person"):
            if row.state in ("seized", "released", "interrupted"):
                key = (row.subject, row.cause)
                at_work[key] = at_work.get(key, 0) + (row.value if row.state == "seized" else -row.value)
                assert at_work[key] >= 0
        busy = {step for (_, step), number in at_work.items() if number}
        assert busy <= {row.subject for row in rows(log, "step") if row.state == "unfinished"}


def test_the_day_without_the_faults_has_no_fault_no_inject_and_no_step(logs: list[Log]) -> None:
    scenario = a_hospital_in_trouble()
    log = replicate(scenario, seed=1, replication=3, with_faults=False)
    kinds = {row.kind for row in log.events}
    assert not kinds & {"fault", "noticed", "inject", "step", "told", "notice", "decided", "department", "kit"}
    assert {row.subject for row in rows(log, "reached")} <= {
        "start",
        *(f"{s} {t}" for s in scenario.hospital.systems for t in ("up", "down")),
    }
    assert log.patients["arrived"].tolist() == logs[3].patients["arrived"].tolist()


def test_luck_is_the_same_for_whoever_is_better_prepared() -> None:
    better = a_hospital_in_trouble(detection={"monitoring": {"after": 1.0}})
    worse = a_hospital_in_trouble(detection={"monitoring": {"after": 9.0}})
    for r in REPLICATIONS:
        one, other = again(better, r), again(worse, r)
        first = [next((row.cause for row in rows(log, "decided", "judge")), None) for log in (one, other)]
        assert first[0] == first[1]
        took = [
            [b.minute - a.minute for a, b in pairwise(steps) if a.state == "working"][:1]
            for steps in (rows(log, "step", "judge") for log in (one, other))
        ]
        assert took[0] == pytest.approx(took[1])


def test_a_scenario_may_be_only_a_plan_only_systems_or_only_patients() -> None:
    log = play(roles={"it": {}}, steps=[{"id": "a", "owner": "it", "takes": 5.0}])
    assert {row.kind for row in log.events} == {"run", "reached", "person", "step"}
    log = play(systems={"a": {"fails": {"every": "exponential(50 min)", "repair": 5.0}}})
    assert {row.kind for row in log.events} == {"run", "reached", "own", "component"}
    log = play(staff={"x": {}}, activities={"a": {"needs": "x", "takes": 2.0}}, pathways={"p": {"title": "P", "arrivals": {"every": 5.0}, "route": ["a"]}})  # fmt: skip
    assert {row.kind for row in log.events} == {"run", "reached", "on_duty"}
    assert len(log.patients["patient"]) == 200 or len(log.patients["patient"]) == 199


def test_a_run_that_goes_round_in_circles_says_so_with_its_minute() -> None:
    step = {"id": "s", "owner": "it", "takes": 0.0, "chance": 0.0, "if_it_fails": {"tries": 5000}}
    with pytest.raises(SimulationError, match=r"minute 0: step s has been tried 1001 times"):
        play(roles={"it": {}}, steps=[step])


def test_memory_stays_flat_over_replications() -> None:
    scenario = a_hospital_in_trouble()
    replicate(scenario, seed=1, replication=0)
    gc.collect()
    gc.disable()
    try:
        before = len(gc.get_objects())
        for r in range(5):
            replicate(scenario, seed=1, replication=r)
        left = len(gc.get_objects()) - before
    finally:
        gc.enable()
    assert left < 5 * 1500, left
