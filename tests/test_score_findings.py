"""What one run teaches, judged by hand-written logs: each finding with its owner and the rows that show it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from drillsim.log.rows import Log
from drillsim.score.findings import RULES, Finding, findings
from drillsim.score.recovery import recovery
from drillsim.score.steps import PARTS
from drillsim.score.view import View, first_fault
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


def taught(*rows: Any, **parts: Any) -> tuple[list[Finding], Log]:
    scenario = a_hospital(**parts)
    log = a_log(scenario, events=[BEGAN, DETECTED, *rows])
    return findings(View(scenario, log, 0.0, log.horizon, first_fault(log))), log


def one(found: list[Finding], rule: str) -> Finding:
    [finding] = [f for f in found if f.rule == rule]
    return finding


def shown(log: Log, finding: Finding) -> list[tuple[float, str, str]]:
    by_number = {e.sequence: e for e in log.events}
    return [(by_number[n].minute, by_number[n].kind, by_number[n].state) for n in finding.evidence]


def test_a_deadline_that_was_kept_is_a_strength_shown_by_its_clock_and_its_end():
    found, log = taught(*step_rows("s", (0, "dormant"), (10, "working"), (25, "done")))
    finding = one(found, "on_time")
    assert (finding.kind, finding.about, finding.owner, finding.minutes) == ("strength", "s", "lead", 15.0)
    assert shown(log, finding) == [(10.0, "reached", ""), (25.0, "step", "done")]


def test_a_late_step_teaches_about_what_took_longest():
    rows = step_rows("s", (0, "dormant"), (10, "person", "lead:call"), (50, "working"), (65, "done"))
    found, log = taught(*rows)
    finding = one(found, "late_person")
    assert (finding.kind, finding.minutes, finding.other) == ("improvement", 40.0, "lead")
    assert shown(log, finding) == [(10.0, "reached", ""), (10.0, "step", "person"), (65.0, "step", "done")]


def test_every_part_of_a_step_has_a_rule():
    assert {f"late_{part}" for part in PARTS} <= set(RULES)
    assert all(bool(rule.action) == (rule.kind == "improvement") for rule in RULES.values())


def test_who_noticed_is_a_strength_or_an_area_for_improvement():
    found, _ = taught((8.0, "noticed", "f", "monitoring"))
    assert one(found, "seen_by_monitoring").owner == "desk"
    found, log = taught((25.0, "noticed", "f", "users"))
    assert (one(found, "seen_late").minutes, one(found, "seen_late").other) == (20.0, "users")
    assert shown(log, one(found, "seen_late")) == [(5.0, "fault", "began"), (25.0, "noticed", "users")]
    assert not [f for f in taught((25.0, "noticed", "f", "users"), detection={})[0] if f.rule == "seen_late"]


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
    finding = one(found, rule)
    assert shown(log, finding) == [(20.0, row[1], row[3])]
    assert finding.owner in ("desk", "lead")


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
    assert figures["served_share"] == 20 / 15
    assert figures["wait_added"] == pytest.approx(np.mean([max(0.0, 100 - 5 * n) for n in range(5, 20)]))
    assert figures["caught_up"] == pytest.approx(135, abs=5)
    assert recovery(late, normal)["all"] == figures


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
