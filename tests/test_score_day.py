"""One run hour by hour: waits by the time people came, and each role's load."""

from __future__ import annotations

import math

import numpy as np
import pytest

from drillsim.model.scenario import Scenario
from drillsim.score import day
from drillsim.score.view import View
from tests.builder import a_scenario
from tests.logs import a_log

NAN = math.nan


def a_view(scenario: Scenario, **log: object) -> View:
    """A log from StartEx to minute 120."""
    made = a_log(scenario, **log)  # type: ignore[arg-type]
    return View(scenario, made, 0.0, 120.0, None)


def a_plan() -> Scenario:
    return a_scenario(
        staff={"dba": {}, "nurse": {}},
        roles={"lead": {"holders": ["dba"]}, "deputy": {"holders": ["nurse"]}},
        steps=[{"id": "look", "owner": "lead"}],
        horizon=120.0,
    )


def test_bins_end_at_the_end() -> None:
    assert day.edges(0.0, 120.0, 60.0).tolist() == [0, 60, 120]
    assert day.edges(0.0, 100.0, 60.0).tolist() == [0, 60, 100]


def test_load_is_work_over_time_on_duty_and_unknown_where_nobody_was_there() -> None:
    rows = [
        (0.0, "on_duty", "dba", "roster", "", 1.0),
        (30.0, "person", "dba", "seized", "look", 1.0),
        (75.0, "person", "dba", "released", "look", 1.0),
        (90.0, "on_duty", "dba", "roster", "", 0.0),
    ]
    found = day.load(a_view(a_plan(), events=rows), day.edges(0.0, 120.0, 30.0))
    assert found["dba"].tolist() == pytest.approx([0.0, 1.0, 0.5, NAN], nan_ok=True)
    assert np.isnan(found["nurse"]).all()


def test_who_stays_after_the_shift_is_at_work_all_of_the_time() -> None:
    rows = [
        (0.0, "on_duty", "dba", "roster", "", 1.0),
        (50.0, "person", "dba", "seized", "look", 1.0),
        (60.0, "on_duty", "dba", "roster", "", 0.0),
        (90.0, "person", "dba", "released", "look", 1.0),
    ]
    found = day.load(a_view(a_plan(), events=rows), day.edges(0.0, 120.0, 60.0))
    assert found["dba"].tolist() == pytest.approx([1 / 6, 1.0])


def test_waits_are_of_those_who_came_in_the_bin_and_at_least_so_long_for_those_still_there() -> None:
    scenario = a_scenario(
        staff={"clerk": {}},
        activities={"see": {"needs": "clerk", "takes": "5 min"}},
        pathways={"p": {"arrivals": {"rate": "10 per h"}, "route": ["see"]}},
        horizon=120.0,
    )
    came = [
        {"activity": "see", "asked": 10.0, "started": 20.0, "ended": 25.0},
        {"activity": "see", "asked": 50.0, "started": 80.0, "ended": 85.0},
        {"activity": "see", "asked": 100.0, "outcome": "waiting"},
    ]
    view = a_view(scenario, visits=came)
    assert day.waits(view, ["see"], day.edges(0.0, 120.0, 30.0)).tolist() == pytest.approx(
        [10, 30, NAN, 20], nan_ok=True
    )
    assert np.isnan(day.waits(view, [], day.edges(0.0, 120.0, 60.0))).all()
