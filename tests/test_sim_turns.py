"""People and machines that come, go and are lent beside the roster: nobody works who is not there, nobody is counted twice or kept for ever."""

from __future__ import annotations

from typing import Any

import pytest

from drillsim.log.rows import Log
from drillsim.sim.teams import SharedTeam
from tests import flow_driver
from tests.builder import a_scenario
from tests.sim_rows import done, play, rows, story


def a_ward(needs: str = "clerk", every: float = 5.0, takes: float = 20.0, **more: object) -> Log:
    """Patients who come one after the other for one activity."""
    return play(
        horizon=600.0,
        systems={"power": {}, "his": {}},
        departments={"ward": {}},
        activities={"see": {"department": "ward", "needs": needs, "takes": takes}},
        pathways={"p": {"title": "p", "arrivals": {"every": every}, "route": ["see"]}},
        **more,
    )


def served(log: Log, since: float, until: float) -> list[float]:
    """When services began, in a span of time."""
    return [minute for minute in log.visits["started"].tolist() if since <= minute < until]


def at_once(log: Log) -> int:
    """How many services went on at the same time, at most."""
    begun, ended = log.visits["started"].tolist(), log.visits["ended"].tolist()
    return max(sum(s <= minute < e for s, e in zip(begun, ended, strict=True)) for minute in begun if minute == minute)


@pytest.mark.parametrize("stands_for", [1, 2, 4])
def test_a_machine_without_power_takes_nobody_in_coarse_flow_too(stands_for: int) -> None:
    log = a_ward("scanner", equipment={"scanner": {"on_duty": 1, "needs": "power"}}, stands_for=stands_for,
                 faults=[{"id": "f", "target": "power", "at": "01:00", "lasts": 120.0}])  # fmt: skip
    assert served(log, 61, 180) == []
    assert served(log, 180, 260)


@pytest.mark.parametrize("clerks", [1, 2, 5, 9])
def test_people_who_are_all_away_serve_nobody_in_coarse_flow_too(clerks: int) -> None:
    away = {"id": "f", "kind": "people", "target": "clerk", "at": "01:00", "lasts": 120.0}
    log = a_ward(takes=4.0, staff={"clerk": {"on_duty": clerks}}, stands_for=4, faults=[away])
    assert served(log, 61, 180) == []


def test_in_coarse_flow_fewer_people_do_less_work() -> None:
    def number(severity: float) -> float:
        away = {"id": "f", "kind": "people", "target": "clerk", "at": "00:01", "severity": severity}
        log = a_ward(every=2.0, takes=7.8, staff={"clerk": {"on_duty": 4}}, stands_for=4, faults=[away])
        return len(served(log, 0, 600))

    assert number(0.5) == pytest.approx(number(0.01) / 2, rel=0.1)


def test_a_system_may_fail_that_machines_need_which_no_patient_meets() -> None:
    log = a_ward(staff={"clerk": {"on_duty": 1}}, equipment={"scanner": {"on_duty": 1, "needs": "power"}},
                 faults=[{"id": "f", "target": "power", "at": "01:00"}])  # fmt: skip
    assert story(log, "component", "power") == [(60, "down")]


def test_people_kept_away_begin_nothing_at_the_turn_of_their_shift() -> None:
    log = a_ward(staff={"clerk": {"on_duty": {"00:00-02:00": 1, "02:00-05:00": 3}}},
                 faults=[{"id": "f", "kind": "people", "target": "clerk", "at": "01:00"}])  # fmt: skip
    assert served(log, 60.001, 300) == []
    assert all(row.value >= 0 for row in rows(log, "on_duty", "clerk"))


ON_CALL = {"count": 2, "answer": 0.0, "travel": 0.0}


def test_somebody_called_in_does_not_serve_two_when_the_shift_begins_that_they_belong_to() -> None:
    log = a_ward(staff={"clerk": {"on_duty": {"02:00-09:00": 1}, "on_call": ON_CALL}}, roles={"clerk": {"holders": "clerk"}},
                 steps=[{"id": "help", "owner": "clerk", "at": "01:00", "takes": 5.0}])  # fmt: skip
    assert len(served(log, 65, 300)) == 12
    assert at_once(log) == 1


def test_somebody_called_in_later_rests_later_though_the_first_belongs_to_the_shift_by_then() -> None:
    log = a_ward(
        staff={"clerk": {"on_duty": {"02:00-09:00": 1}, "on_call": {**ON_CALL, "stays": 120.0}}}, roles={"clerk": {"holders": "clerk"}},
        steps=[{"id": "a", "owner": "clerk", "at": "00:30", "takes": 85.0}, {"id": "b", "owner": "clerk", "with": {"clerk": 1}, "at": "01:00", "takes": 5.0}],
    )  # fmt: skip
    assert [(row.minute, row.value) for row in rows(log, "on_duty", "clerk")] == [(0, 0), (30, 1), (60, 2), (120, 2), (180, 1), (540, 0)]  # fmt: skip


def test_nobody_is_called_any_more_once_somebody_is_there() -> None:
    """Calls are missed at 60, 70, 80 …; at 85 the shift begins and takes the step."""
    log = play(
        replication=3,
        horizon=300.0,
        staff={
            "it": {"on_duty": {"01:25-05:00": 1}, "on_call": {**ON_CALL, "count": 1, "answers": 1e-9, "again": 10.0}}
        },
        roles={"it": {"holders": "it"}},
        steps=[{"id": "a", "owner": "it", "at": "01:00", "takes": 30.0}],
    )
    assert [row.minute for row in rows(log, "person", "it") if row.state == "called"] == [60, 70, 80]
    assert done(log)["a"] == 115


def test_nobody_is_called_after_their_hours_on_call() -> None:
    log = play(
        horizon=400.0,
        staff={"it": {"on_duty": {"05:00-06:00": 1}, "on_call": {**ON_CALL, "answers": 1e-9, "again": 10.0, "hours": "00:00-01:25"}}},
        roles={"it": {"holders": "it"}},
        steps=[{"id": "a", "owner": "it", "at": "01:00", "takes": 30.0}],
    )  # fmt: skip
    assert [row.minute for row in rows(log, "person", "it") if row.state == "called"] == [60, 70, 80]
    assert story(log, "step", "a")[-3:] == [(90, "off_shift"), (300, "working"), (330, "done")]


def test_people_of_a_night_shift_are_as_tired_as_since_its_beginning_though_the_run_begins_later() -> None:
    def takes(start: str) -> float:
        log = play(
            start=start, staff={"it": {"on_duty": {"22:00-08:00": 1}}}, roles={"it": {"holders": "it"}},
            readiness={"tires_after": 240.0, "tired_takes": 1.5}, steps=[{"id": "a", "owner": "it", "at": "04:00", "takes": 10.0}],
        )  # fmt: skip
        (began, _), (ended, _) = story(log, "step", "a")[-2:]
        return ended - began

    assert takes("2026-03-09 04:00") == takes("2026-03-09 21:00") == 20.0


@pytest.mark.parametrize(("kept", "number"), [(1, 1), (2, 1), (1, 2), (6, 5), (5, 6), (3, 1)])
@pytest.mark.parametrize("k", [1, 2, 4])
def test_people_kept_back_for_a_step_that_takes_more_or_fewer_all_come_back(kept: int, number: int, k: int) -> None:
    def during(env: Any, flow: Any) -> Any:
        before.append(flow.pools["clerk"].free)
        yield flow.request("clerk", kept)
        team = SharedTeam("clerk", flow=flow)
        for hold in team.take_kept(kept, number):
            team.give_back(hold)
        after.append(flow.pools["clerk"].free)

    before: list[float] = []
    after: list[float] = []
    flow_driver.play(
        a_scenario(
            stands_for=k,
            staff={"clerk": {"on_duty": 16}},
            activities={"see": {"needs": "clerk"}},
            pathways={"p": {"title": "p", "arrivals": {"at": [900.0]}, "route": ["see"]}},
        ),
        during=during,
    )
    assert before == after


def test_who_is_on_the_way_when_the_incident_is_stood_down_goes_home_unless_a_step_waits() -> None:
    def on_duty(*steps: dict) -> list[tuple[float, float]]:
        call, end = (
            {"id": "call", "at": "01:00", "does": {"notify": "it"}},
            {"id": "end", "at": "01:30", "does": "stand_down"},
        )
        log = play(
            staff={"it": {"on_duty": 0, "on_call": {**ON_CALL, "travel": 60.0}}}, roles={"it": {"holders": "it"}, "office": {}},
            steps=[{"owner": "office", **step} for step in (call, end, *steps)],
        )  # fmt: skip
        return [(row.minute, row.value) for row in rows(log, "on_duty", "it")]

    assert on_duty() == [(0, 0)]
    assert on_duty({"id": "learn", "owner": "it", "at": "01:40"}) == [(0, 0), (120, 1)]


@pytest.mark.parametrize(
    "staff", [{"on_duty": {"00:00-12:00": 2}}, {"on_duty": {"00:00-08:00": 1, "03:30-12:00": 1}}, {"on_duty": 2}]
)
def test_who_serves_patients_too_tires_like_everybody_else(staff: dict) -> None:
    def takes(**parts: Any) -> float:
        steps = [{"id": "a", "owner": "clerk", "at": "06:00", "takes": 10.0}]
        log = play(staff={"clerk": staff}, roles={"clerk": {"holders": "clerk"}}, steps=steps,
                   readiness={"tires_after": 240.0, "tired_takes": 1.5}, **parts)  # fmt: skip
        (began, _), (ended, _) = story(log, "step", "a")[-2:]
        return ended - began

    patients = {"title": "p", "arrivals": {"at": [900.0]}, "route": ["see"]}
    assert takes(activities={"see": {"needs": "clerk"}}, pathways={"p": patients}) == takes()
    assert takes() == (20.0 if "00:00-12:00" in str(staff) else 10.0)


def test_a_step_that_calls_the_same_people_moves_nobody_elses_call() -> None:
    def begins(replication: int, *earlier: dict[str, Any]) -> float:
        terms = {"count": 5, "answer": "uniform(1 min, 5 min)", "travel": "uniform(10 min, 40 min)", "stays": 20.0}
        steps = [{"id": "late", "owner": "it", "at": "02:00", "takes": 5.0}, *earlier]
        return done(
            play(
                replication=replication,
                staff={"it": {"on_duty": 0, "on_call": terms}},
                roles={"it": {"holders": "it"}},
                steps=steps,
            )
        )["late"]

    earlier = {"id": "early", "owner": "it", "at": "00:10", "takes": 5.0}
    assert [begins(r, earlier) for r in range(12)] == [begins(r) for r in range(12)]
