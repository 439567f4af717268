"""Stands in for the simulation where a test is about running many replications: quick, with luck that is known."""

from __future__ import annotations

import os
import signal
import time

from drillsim.log.rows import Log
from drillsim.model.scenario import Scenario
from tests.builder import a_scenario
from tests.logs import a_log, step_rows


def a_plan() -> Scenario:
    """One step, due 30 min after it was detected."""
    return a_scenario(
        title="Power cut",
        staff={"dba": {}},
        systems={"db": {}},
        roles={"lead": {"holders": ["dba"]}},
        steps=[{"id": "order", "owner": "lead", "within": "30 min of detected", "does": "stand_down"}],
        faults=[{"id": "f", "target": "db"}],
        objectives=[{"id": "o", "title": "Ordered in time", "steps": ["order"]}],
        horizon=200.0,
    )


def late_by_number(scenario: Scenario, *, seed: int, replication: int, with_faults: bool) -> Log:
    """The step is done after as many minutes as the replication's number, plus the seed."""
    rows = [(10.0, "fault", "f", "began", "db", 1.0), (10.0, "reached", "detected", "", "users")]
    rows += step_rows("order", (10, "person", "lead:x"), (11, "working"), (10.0 + replication + seed, "done"))
    return a_log(scenario, events=rows if with_faults else [], replication=replication)


def slowly(scenario: Scenario, *, seed: int, replication: int, with_faults: bool) -> Log:
    """The same, a tenth of a second later."""
    time.sleep(0.1)
    return late_by_number(scenario, seed=seed, replication=replication, with_faults=with_faults)


def interrupted_at_five(scenario: Scenario, *, seed: int, replication: int, with_faults: bool) -> Log:
    """Somebody presses Ctrl-C while replication 5 is played."""
    if replication == 5:
        os.kill(os.getpid(), signal.SIGINT)
    return late_by_number(scenario, seed=seed, replication=replication, with_faults=with_faults)
