"""The Western emergency-centred hospital: a normal week as published figures have it (FACTS 5a), and the plan that goes with it."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from drillsim import files
from drillsim.log.rows import Log
from drillsim.model.plan import Step
from drillsim.model.scenario import Scenario
from drillsim.score.replication import score
from drillsim.score.view import Figures
from drillsim.sim.prepare import prepare
from drillsim.sim.run import replicate

WEEK = 7 * 1440.0
RUNS = 6


@cache
def week() -> Scenario:
    """A week from a Monday's midnight, without anything breaking."""
    which = files.load("faulty-update").scenario
    return which.model_copy(update={"start": "2026-03-09 00:00", "horizon": WEEK})


@cache
def logs() -> tuple[Log, ...]:
    return tuple(replicate(week(), seed=1, replication=number, with_faults=False) for number in range(RUNS))


@cache
def figures() -> tuple[Figures, ...]:
    return tuple(score(week(), log).figures for log in logs())


def mean(kind: str, subject: str, what: str) -> float:
    return float(np.mean([found[kind, subject, what] for found in figures()]))


def minutes_of(log: Log, *, admitted: bool) -> np.ndarray:
    """Minutes from door to leaving the department of emergency patients who were served: admitted, or not."""
    emergency = log.patients["pathway"] == log.names["pathway"].index("emergency")
    boarded = log.visits["patient"][log.visits["activity"] == log.names["activity"].index("boarding")]
    upstairs = np.isin(log.patients["patient"], boarded)
    mine = emergency & (log.patients["outcome"] == 0) & (upstairs == admitted)
    return (log.patients["ended"] - log.patients["arrived"])[mine]


def test_a_week_brings_120_emergency_patients_a_day_in_the_quarters_of_the_day_that_were_published():
    assert mean("pathway", "emergency", "arrived") / 7 == pytest.approx(120, rel=0.04)
    arrived = np.concatenate(
        [log.patients["arrived"][log.patients["pathway"] == log.names["pathway"].index("emergency")] for log in logs()]
    )
    arrived = arrived[arrived >= 0]
    quarters = np.bincount((arrived % 1440 // 360).astype(int), minlength=4) / len(arrived)
    assert quarters == pytest.approx([0.12, 0.24, 0.36, 0.28], abs=0.02)  # FACTS F1


def test_the_stay_in_the_emergency_department_is_as_long_as_published():
    assert 150 < mean("pathway", "emergency", "minutes_mean") < 205  # FACTS F4: 184 in 2023
    home = np.concatenate([minutes_of(log, admitted=False) for log in logs()])
    upstairs = np.concatenate([minutes_of(log, admitted=True) for log in logs()])
    assert 110 < home.mean() < 175  # FACTS F3: 131 min for those discharged
    assert 220 < upstairs.mean() < 360  # FACTS F3: 244 min for those admitted, F4: 110 of boarding fifteen years later
    assert 0.10 < len(upstairs) / (len(upstairs) + len(home)) < 0.20


def test_stays_by_level_have_the_published_order_and_size():  # FACTS F5: 255, 304, 193, 98 min at levels 2 to 5
    stays = [mean("class", f"emergency:esi{level}", "minutes_mean") for level in range(2, 6)]
    assert stays[2] < stays[1] < 1.3 * stays[0]
    assert stays[3] < stays[2]
    for stay, published in zip(stays, (255, 304, 193, 98), strict=True):
        assert 0.5 < stay / published < 1.35


def test_few_leave_without_being_seen():  # FACTS F3: 1.3 %, F4: 2.8 % in 2023, 4.9 % in 2022
    assert 0.013 < mean("pathway", "emergency", "left_share") < 0.032


def test_tests_lengthen_the_stay_as_published():  # FACTS F7: blood 72.5 min, CT 32.7 min
    added = []
    for activity in ("ed_blood_draw", "ct"):
        with_it, without = [], []
        for log in logs():
            tested = log.visits["patient"][log.visits["activity"] == log.names["activity"].index(activity)]
            esi3 = log.patients["class"] == log.names["class"].index("esi3")
            mine = (
                (log.patients["pathway"] == log.names["pathway"].index("emergency"))
                & esi3
                & (log.patients["outcome"] == 0)
            )
            stay = log.patients["ended"] - log.patients["arrived"]
            here = np.isin(log.patients["patient"], tested)
            with_it.append(stay[mine & here])
            without.append(stay[mine & ~here])
        added.append(float(np.concatenate(with_it).mean() - np.concatenate(without).mean()))
    assert 25 < added[0] < 110
    assert 8 < added[1] < 65


def test_nine_of_ten_emergency_results_come_within_the_hour():  # FACTS F11
    assert mean("indicator", "lab_turnaround", "over_share") < 0.10


def test_a_provider_and_a_nurse_have_about_as_many_patients_as_published():  # FACTS F8: 3.2 and 2.6, in Swedish departments
    there = mean("pathway", "emergency", "in_system")
    calendar = prepare(week()).calendar
    for role, published in (("ed_providers", 3.2), ("ed_nurses", 2.6)):
        capacity = [(max(m, 0.0), n) for m, n in calendar.capacity(week().hospital.staff[role].on_duty)]
        ends = [m for m, _ in capacity[1:]] + [WEEK]
        on_duty = sum(max(end - start, 0.0) * n for (start, n), end in zip(capacity, ends, strict=True)) / WEEK
        assert 0.5 < there / on_duty / published < 1.8, role


def test_medicines_reach_the_bedside_within_the_published_time():  # FACTS P1: 1:51 h with electronic orders
    assert 30 < mean("pathway", "unit_orders", "minutes_mean") < 111


def test_the_hospital_has_the_systems_of_such_a_house_and_a_small_information_department():
    hospital = week().hospital
    assert len(hospital.systems) >= 40
    by_day = ["cio", "it_manager", "system_engineers", "security_analyst", "ehr_analysts", "desktop_technicians"]
    assert sum(hospital.staff[role].on_duty["office_hours"] for role in by_day) == 12
    assert all(hospital.staff[role].on_call for role in by_day)


def test_the_plan_has_hics_periods_paper_for_eight_hours_and_reports_marked_as_proposed():
    plan = week().plan
    assert len(plan.steps) >= 25
    steps = {step.id: step for step in plan.steps}
    assert {"plan_intermediate", "plan_extended", "plan_days", "activate_command"} <= set(steps)
    assert steps["bring_forms"].within.minutes == 8 * 60
    proposed = [step for step in plan.steps if step.report_to and "roposed" in step.title.en]
    assert proposed
    assert "拟议" in proposed[0].title.zh
    assert {step.phase for step in plan.steps} == set(Step.model_fields["phase"].annotation.__args__)
