"""Many replications: the same for any number of processes, kept when interrupted, memory flat."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from drillsim import experiment
from drillsim.errors import SimulationError
from drillsim.experiment import play, provenance
from drillsim.log.rows import Log
from drillsim.model.scenario import Scenario
from drillsim.score.replication import SERIES_OF_FIRST
from tests import plays
from tests.builder import a_scenario


def taken(runs: experiment.Runs) -> list[float]:
    return [s.figures["step", "order", "taken"] for s in runs.scored]


def test_replications_count_from_1_and_meet_the_luck_of_their_number() -> None:
    runs = experiment.run(plays.a_plan(), replications=4, seed=7, jobs=1, replicate=plays.late_by_number)
    assert [s.replication for s in runs.scored] == [1, 2, 3, 4]
    assert taken(runs) == [8, 9, 10, 11]


def test_the_scenario_says_how_many_and_with_which_seed_unless_told_otherwise() -> None:
    scenario = plays.a_plan().model_copy(
        update={"run": plays.a_plan().run.model_copy(update={"replications": 3, "seed": 5})}
    )
    runs = experiment.run(scenario, jobs=1, replicate=plays.late_by_number)
    assert (runs.asked, runs.seed, taken(runs)) == (3, 5, [6, 7, 8])


def test_results_do_not_depend_on_the_number_of_processes() -> None:
    serial, parallel = (
        experiment.run(plays.a_plan(), replications=12, seed=1, jobs=jobs, replicate=plays.late_by_number)
        for jobs in (1, 2)
    )
    assert [s.replication for s in parallel.scored] == list(range(1, 13))
    for ours, theirs in zip(serial.scored, parallel.scored, strict=True):
        assert (ours.keys, ours.causes, ours.unhealthy) == (theirs.keys, theirs.causes, theirs.unhealthy)
        np.testing.assert_array_equal(ours.values, theirs.values)
        np.testing.assert_array_equal(ours.minutes, theirs.minutes)
        np.testing.assert_array_equal(ours.series, theirs.series)
    assert list(serial.logs) == list(parallel.logs)
    assert repr(serial.logs) == repr(parallel.logs)


def test_one_replication_alone_is_the_one_among_many() -> None:
    runs = experiment.run(plays.a_plan(), replications=5, seed=1, jobs=1, replicate=plays.late_by_number)
    alone = play.play(plays.a_plan(), 1, 4, replicate=plays.late_by_number).scored
    np.testing.assert_array_equal(alone.values, runs.scored[3].values)


def test_progress_counts_finished_replications() -> None:
    counted: list[int] = []
    experiment.run(
        plays.a_plan(), replications=5, seed=1, jobs=1, progress=counted.append, replicate=plays.late_by_number
    )
    assert counted == [1, 2, 3, 4, 5]


def test_ctrl_c_keeps_what_is_finished() -> None:
    runs = experiment.run(plays.a_plan(), replications=9, seed=1, jobs=1, replicate=plays.interrupted_at_five)
    assert (runs.interrupted, runs.asked, len(runs.scored)) == (True, 9, 4)
    assert runs.logs


def test_ctrl_c_before_anything_is_finished_is_passed_on() -> None:
    def at_once(scenario: Scenario, **_: object) -> Log:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        experiment.run(plays.a_plan(), replications=9, seed=1, jobs=1, replicate=at_once)


@pytest.mark.skipif(sys.platform == "win32", reason="a signal to oneself ends a process there")
def test_ctrl_c_keeps_what_is_finished_in_other_processes_too() -> None:
    def press_when_some_are_finished(done: int) -> None:
        if done == 6:
            threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT)).start()

    runs = experiment.run(
        plays.a_plan(), replications=200, seed=1, jobs=2, progress=press_when_some_are_finished, replicate=plays.slowly
    )
    assert runs.interrupted
    assert 6 <= len(runs.scored) < 200
    assert [s.replication for s in runs.scored] == sorted(s.replication for s in runs.scored)


IN_A_TERMINAL = """
from drillsim import experiment
from tests import plays

if __name__ == "__main__":
    runs = experiment.run(
        plays.a_plan(), replications=200, seed=1, jobs=2, progress=lambda done: print(done, flush=True), replicate=plays.slowly
    )
    print("kept", runs.interrupted, len(runs.scored) < 200)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals to a group of processes are sent differently there")
def test_ctrl_c_in_a_terminal_reaches_all_processes_and_none_of_them_complains(tmp_path: Path) -> None:
    """The processes are still starting when it is pressed: the first replication is played before them."""
    script = tmp_path / "script.py"
    script.write_text(IN_A_TERMINAL, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, script], cwd=Path(plays.__file__).parent.parent, env={**os.environ, "PYTHONPATH": "."},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "1\n"
    time.sleep(0.4)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert out.endswith("kept True True\n")


def test_rows_are_kept_of_those_that_are_shown_only() -> None:
    """All are late by their number from 31 on: worst is the last, the middle one is in the middle."""
    runs = experiment.run(plays.a_plan(), replications=7, seed=40, jobs=1, replicate=plays.late_by_number)
    assert list(runs.logs) == [1, 4, 7]


@pytest.mark.parametrize(("keep", "kept"), [("all", [1, 2, 3, 4]), ("none", [])])
def test_rows_of_all_or_none_on_request(keep: experiment.runs.Keep, kept: list[int]) -> None:
    runs = experiment.run(plays.a_plan(), replications=4, seed=1, jobs=1, keep=keep, replicate=plays.late_by_number)
    assert list(runs.logs) == kept


def test_the_day_without_the_faults_is_played_on_the_same_luck_when_patients_meet_the_fault() -> None:
    scenario = a_scenario(
        activities={"a": {"takes": 1.0}},
        pathways={"p": {"arrivals": {"at": [0.0]}, "route": ["a"]}},
        systems={"db": {}},
        faults=[{"id": "f", "target": "db"}],
        horizon=700.0,
    )
    asked: list[tuple[object, ...]] = []

    def noted(scenario: Scenario, **how: object) -> Log:
        asked.append(tuple(how.values()))
        return plays.a_log(scenario, replication=1)

    scored = play.play(scenario, 3, 8, replicate=noted).scored
    assert asked == [(3, 8, True), (3, 8, False)]
    assert scored.base is not None
    assert play.play(plays.a_plan(), 3, 8, replicate=plays.late_by_number).scored.base is None


def test_a_run_that_cannot_go_on_says_so_from_another_process_too() -> None:
    with pytest.raises(SimulationError, match=r"minute 7: the plan runs in a circle \(run 3, seed 1\)") as caught:
        experiment.run(plays.a_plan(), replications=4, seed=1, jobs=2, replicate=cannot_go_on)
    assert caught.value.minute == 7


def cannot_go_on(scenario: Scenario, *, seed: int, replication: int, with_faults: bool) -> Log:
    if replication == 3:
        raise SimulationError("the plan runs in a circle", 7.0)
    return plays.late_by_number(scenario, seed=seed, replication=replication, with_faults=with_faults)


@pytest.mark.parametrize("wrong", [{"replications": 0}, {"replications": 1, "jobs": 0}])
def test_less_than_one_replication_or_process_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="replications and jobs must be 1 or more"):
        experiment.run(plays.a_plan(), replicate=plays.late_by_number, **wrong)  # type: ignore[arg-type]


def test_series_are_kept_of_the_first_runs_so_that_memory_does_not_grow() -> None:
    of_first, after = (
        play.play(plays.a_plan(), 1, number, replicate=plays.late_by_number).scored
        for number in (SERIES_OF_FIRST, SERIES_OF_FIRST + 1)
    )
    assert of_first.series is not None
    assert after.series is None


def test_the_hash_is_of_the_scenario_and_not_of_how_it_was_written() -> None:
    again = Scenario.model_validate(provenance.resolved(plays.a_plan()))
    assert again == plays.a_plan()
    assert provenance.scenario_hash(again) == provenance.scenario_hash(plays.a_plan())
    other = plays.a_plan().model_copy(update={"horizon": 201.0})
    assert provenance.scenario_hash(other) != provenance.scenario_hash(plays.a_plan())
