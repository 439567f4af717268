"""From a scenario to its figures: the simulation, its log and its score together, against cases worked out by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from drillsim import api, experiment
from drillsim.experiment import play
from drillsim.files import Loaded
from drillsim.model.scenario import Scenario
from drillsim.score.summary import Summary
from tests.builder import a_scenario


def an_outage() -> Scenario:
    """A clinic whose database fails for an hour or so: patients, systems, paper, back-entry, plan and a day to compare with."""
    return a_scenario(
        title="Outage",
        start="2026-03-09 07:00",
        horizon=480.0,
        staff={"clerk": {"on_duty": 2}, "dba": {}, "boss": {"on_duty": {"mon 12:00-17:00": 1}, "on_call": {}}},
        departments={"desk": {"mtd": 30.0, "change_over": 5.0, "back_entry": {"by": "clerk", "takes": "1 min"}}},
        systems={"db": {"rto": 60.0, "tier": 1}, "his": {"needs": ["db"]}},
        activities={"register": {"needs": "clerk", "takes": "exponential(3 min)", "department": "desk", "uses": "his"}},
        pathways={"patients_in": {"arrivals": {"rate": "30 per h"}, "route": ["register"]}},
        detection={"users": {"after": "exponential(5 min)"}},
        roles={"dba": {"holders": ["dba"]}, "boss": {"holders": ["boss"]}},
        steps=[
            {"id": "declare", "owner": "boss", "takes": "5 min", "decision": True, "within": "15 min of detected", "does": "declare"},
            {"id": "paper", "owner": "boss", "takes": "3 min", "after": ["declare"], "within": "20 min of detected",
             "does": {"order_paper": "all"}},
            {"id": "fix", "owner": "dba", "takes": "lognormal(median 30 min, p90 60 min)", "within": "60 min of detected",
             "chance": 0.8, "does": [{"repair": ["db"]}]},
            {"id": "back", "owner": "boss", "after": ["fix"], "takes": "2 min", "does": {"return_to_system": "all"}},
        ],
        faults=[{"id": "f", "kind": "outage", "target": "db", "at": "08:00"}],
        objectives=[{"id": "o", "title": "o", "steps": ["paper"]}],
    )  # fmt: skip


def a_result(replications: int, jobs: int, keep: experiment.runs.Keep = "shown") -> api.Result:
    runs = experiment.run(an_outage(), replications=replications, seed=3, jobs=jobs, keep=keep)
    return api.result_of(Loaded(an_outage(), "outage", {}), runs)


def test_one_process_or_two_write_the_same_bytes(tmp_path: Path) -> None:
    for jobs in (1, 2):
        a_result(10, jobs).save(tmp_path / str(jobs))
    names = sorted(p.relative_to(tmp_path / "1").as_posix() for p in (tmp_path / "1").rglob("*") if p.is_file())
    assert len(names) == 2 + 12 + 4  # run.json and summary.json, tables, tables of the days without the fault
    for name in names:
        if name != "run.json":
            assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes(), name


def test_any_replication_alone_is_the_one_among_many() -> None:
    runs = experiment.run(an_outage(), replications=7, seed=3, jobs=2, keep="none")
    alone = play.play(an_outage(), 3, 6).scored
    np.testing.assert_array_equal(alone.values, runs.scored[5].values)
    np.testing.assert_array_equal(alone.base_values, runs.scored[5].base_values)


def test_a_saved_run_scored_again_from_its_rows_gives_the_same_summary(tmp_path: Path) -> None:
    result = a_result(6, 1, keep="all")
    result.save(tmp_path / "run")
    assert api.score_run(tmp_path / "run").summary == result.summary
    assert api.summed_again(tmp_path / "run").summary == result.summary


def test_the_outage_shows_in_every_part_of_the_summary() -> None:
    found = a_result(10, 1).summary
    assert found.coverage.exercised == found.coverage.total == 4
    assert found.systems[1].away.mean.value == pytest.approx(found.systems[0].away.mean.value)
    desk = found.departments[0]
    assert desk.affected.value == 1
    assert sum(desk.minutes.values()) == pytest.approx(480 - 60)
    assert desk.items.least is not None
    assert desk.items.least > 0
    assert desk.wait is not None
    assert desk.wait_base is not None
    assert desk.wait.mean.value > desk.wait_base.mean.value
    assert {p.id for p in found.people} == {"dba", "boss"}
    assert found.people[1].called_in.value == 1
    assert found.data is not None
    assert found.data.items.mean.value == desk.items.mean.value
    for step in found.steps:
        assert step.taken.mean.value == pytest.approx(sum(step.parts.values()))
    assert found.roots


def played(scenario: Scenario, replications: int = 1) -> Summary:
    runs = experiment.run(scenario, replications=replications, seed=1, jobs=1, keep="none")
    return api.result_of(Loaded(scenario, "case", {}), runs).summary


def test_the_small_queue_by_hand() -> None:
    scenario = a_scenario(
        staff={"w": {}},
        activities={"a": {"needs": "w", "takes": "listed(3 min, 4 min, 5 min, 1 min, 1 min)"}},
        pathways={"p": {"arrivals": {"at": [0.0, 1.0, 2.0, 12.0, 13.0]}, "route": ["a"]}},
        horizon=20.0,
    )
    found = played(scenario)
    assert found.activities[0].wait.value == pytest.approx(7 / 5)
    assert found.activities[0].queue.value == pytest.approx(0.35)
    assert found.resources[0].utilisation.value == pytest.approx(0.7)


def test_a_job_cut_by_a_shift_end_is_busy_10_of_36() -> None:
    """One server on shift 0 to 5 and 9 to 40, one job arriving at 1 with 10 of work, resumed."""
    scenario = a_scenario(
        staff={"w": {"on_duty": {"00:00-00:05": 1, "00:09-00:40": 1}, "at_shift_end": "stop"}},
        activities={"a": {"needs": "w", "takes": 10.0}},
        pathways={"p": {"arrivals": {"at": [1.0]}, "route": ["a"]}},
        horizon=40.0,
    )
    found = played(scenario)
    assert found.resources[0].utilisation.value == pytest.approx(10 / 36)
    assert found.pathways[0].minutes.value == 14


def test_a_plan_alone_has_its_completion_time() -> None:
    """Steps in a row take their sum, side by side their maximum."""
    scenario = a_scenario(
        roles={"team": {"count": 2}},
        steps=[
            {"id": "start_work", "owner": "team", "takes": 10.0},
            {"id": "left", "owner": "team", "takes": 20.0, "after": ["start_work"]},
            {"id": "right", "owner": "team", "takes": 35.0, "after": ["start_work"]},
            {"id": "finish", "owner": "team", "takes": 5.0, "after": ["left", "right"]},
        ],
    )
    found = played(scenario)
    assert (found.completion.p50, found.completion.censored) == (50, 0)
    assert [s.ended.p50 for s in found.steps] == [10, 30, 45, 50]


def test_a_component_alone_has_its_availability() -> None:
    """Fails after 90 min of service each time and is repaired in 10: up 90 of 100."""
    scenario = a_scenario(systems={"pump": {"fails": {"every": "90 min", "repair": "10 min"}}}, horizon=10000.0)
    found = played(scenario)
    assert found.systems[0].availability.value == pytest.approx(0.9)
    assert found.systems[0].away.p50 == 10
