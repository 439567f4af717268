"""What holds in every run, on random small hospitals with everything in them."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drillsim.model.scenario import Scenario
from tests.flow_driver import Played, play
from tests.test_flow_reference import HORIZON, a_random_hospital

SEEDS = st.integers(10_000, 1_000_000)
FEW = settings(max_examples=25, deadline=None, derandomize=True)


@cache
def played(seed: int) -> tuple[Scenario, Played]:
    scenario, _ = a_random_hospital(seed)
    return scenario, play(scenario, replication=seed)


def integral(changes: list[tuple[float, int]], horizon: float = HORIZON) -> tuple[float, int]:
    """(area below a step function that starts at 0, its greatest height) of changes at minutes."""
    area, height, highest, last = 0.0, 0, 0, 0.0
    for minute, step in sorted(changes, key=lambda change: (change[0], change[1])):
        area += height * (minute - last)
        height, last = height + step, minute
        highest = max(highest, height)
    return area + height * (horizon - last), highest


@FEW
@given(SEEDS)
def test_everybody_who_arrived_is_served_left_turned_away_or_there(seed: int) -> None:
    _, run = played(seed)
    p = run.patients
    assert set(p["outcome"].tolist()) <= {0, 1, 2, 3}
    assert (np.isnan(p["ended"]) == (p["outcome"] == 3)).all()
    assert (p["ended"][p["outcome"] != 3] >= p["arrived"][p["outcome"] != 3]).all()
    v = run.visits
    there = {(a, b) for a, b, o in zip(p["pathway"].tolist(), p["patient"].tolist(), p["outcome"].tolist(), strict=True) if o == 3}  # fmt: skip
    unfinished = {(a, b) for a, b, o in zip(v["pathway"].tolist(), v["patient"].tolist(), v["outcome"].tolist(), strict=True) if o >= 3}  # fmt: skip
    assert unfinished == there  # no paper in these runs, so nobody is on the way between two stops


@FEW
@given(SEEDS)
def test_minutes_of_a_visit_never_run_backwards(seed: int) -> None:
    _, run = played(seed)
    v = run.visits
    begun, over = ~np.isnan(v["started"]), v["outcome"] < 3
    assert (v["started"][begun] >= v["asked"][begun]).all()
    assert (v["ended"][begun & over] >= v["started"][begun & over]).all()
    assert (np.isnan(v["ended"]) == ~over).all()
    assert (v["ended"][over] <= HORIZON).all()
    assert (v["paused"] >= 0).all()
    assert (np.isnan(v["started"]) == np.isin(v["outcome"], (1, 2, 3))).all()
    assert (np.diff(v["asked"]) >= 0).all()


@FEW
@given(SEEDS)
def test_little_s_law_holds_to_rounding(seed: int) -> None:
    """The integral of the number in the hospital is the sum of everybody's time there, the censored included."""
    _, run = played(seed)
    p = run.patients
    gone = np.where(np.isnan(p["ended"]), HORIZON, p["ended"])
    changes = [(m, 1) for m in p["arrived"].tolist()] + [(m, -1) for m in gone.tolist() if m < HORIZON]
    area, _ = integral(changes)
    assert area == pytest.approx(float((gone - p["arrived"]).sum()))


@FEW
@given(SEEDS)
def test_nobody_works_beyond_those_on_duty_where_shifts_stop_work(seed: int) -> None:
    scenario, run = played(seed)
    v = run.visits
    for name, staff in scenario.hospital.staff.items():
        if not run.flow.owns(name) or (staff.at_shift_end != "stop" and "always" not in staff.on_duty):
            continue
        if any(name in a.keeps for a in scenario.hospital.activities.values()):
            continue  # a kept room is held between visits
        mine = {run.names["activity"].index(a): run.flow.works[a].activity.needs[name]
                for a in run.names["activity"] if name in run.flow.works[a].activity.needs}  # fmt: skip
        whole = np.isin(v["activity"], list(mine)) & ~np.isnan(v["started"]) & (v["paused"] == 0)
        changes = []
        for start, end, activity in zip(v["started"][whole], v["ended"][whole], v["activity"][whole], strict=True):
            changes.append((float(start), mine[int(activity)]))
            if not np.isnan(end):
                changes.append((float(end), -mine[int(activity)]))
        on_duty = [(minute, number) for minute, kind, who, *_, number in run.notes if kind == "on_duty" and who == name]
        busy, moments = 0, sorted(changes)
        for k, (minute, step) in enumerate(moments):
            busy += step
            if k + 1 == len(moments) or moments[k + 1][0] > minute:
                number = [n for m, n in on_duty if m <= minute][-1]
                assert busy <= number, (name, minute)


@FEW
@given(SEEDS)
def test_at_the_end_everybody_and_everything_is_with_a_patient_or_free(seed: int) -> None:
    scenario, run = played(seed)
    v = run.visits
    busy = dict.fromkeys(run.flow.pools, 0)
    for activity, outcome, visit in zip(
        v["activity"].tolist(), v["outcome"].tolist(), range(len(v["asked"])), strict=True
    ):
        if outcome == 4 and visit not in run.flow.since:
            for name, n in scenario.hospital.activities[run.names["activity"][activity]].needs.items():
                busy[name] += n
    for path in run.flow.paths:
        for kept in path.kept.values():
            for pool, n in kept:
                busy[pool.name] += n
    for name, pool in run.flow.pools.items():
        assert pool.free + busy[name] == pool.capacity, name
        assert pool.queued == sum(1 for visit, work in enumerate(run.flow.at) if v["outcome"][visit] in (3, 4) and (
            v["outcome"][visit] == 3 or visit in run.flow.since) and name in work.work.activity.needs)  # fmt: skip
