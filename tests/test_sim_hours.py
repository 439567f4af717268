"""Opening hours of departments: closed stands still for nobody, serves on who is still there, and opens as it was ordered to."""

from __future__ import annotations

import math

import pytest

from drillsim.log.rows import MODES, Log, mode_beneath
from drillsim.model.scenario import Scenario
from drillsim.score.departments import modes
from drillsim.score.view import View, first_fault
from tests.builder import a_scenario
from tests.sim_rows import again, causes, done, rows, story
from tests.test_sim_departments import order, served, step

OPEN = ["mon 00:00-02:00", "mon 05:00-24:00"]  # minutes 0 to 120, and from 300 on


def clinic(
    steps: list[dict] | None = None, *, lasts: float = 330.0, at: str = "01:00", **department: object
) -> Scenario:
    """One window, open until 120 and again from 300 on: a patient every 10 min is served for 4 min with the HIS, which is away from 60 to 390."""
    return a_scenario(
        systems={"his": {}},
        staff={"clerk": {}},
        departments={"registration": {"group": "out", "change_over": 10.0, "open": OPEN, **department}},
        activities={"register": {"department": "registration", "needs": "clerk", "takes": 4.0, "uses": ["his"]}},
        pathways={"patients": {"title": "Patients", "arrivals": {"every": 10.0}, "route": ["register"]}},
        roles={"it": {}},
        faults=[{"id": "f", "target": "his", "at": at, "lasts": lasts}],
        steps=steps or [],
        horizon=600.0,
    )


def figures(scenario: Scenario, log: Log) -> dict[str, float]:
    view = View(scenario, log, 0.0, scenario.horizon, first_fault(log))
    return modes(view, "registration", scenario.hospital.departments["registration"])


def test_a_department_is_closed_outside_its_hours_and_opens_as_things_stand() -> None:
    log = again(clinic())
    assert causes(log, "department", "registration") == [
        (60, "waiting", "his"),
        (120, "closed", "hours"),
        (300, "waiting", "hours"),
        (390, "normal", "systems"),
    ]
    assert MODES[int(rows(log, "department", "registration")[1].value)] == "waiting"


def test_standing_still_counts_open_minutes_only_and_a_night_between_does_not_end_it() -> None:
    """60 to 120 and 300 to 390 are one stretch of 150 open minutes; by the clock it would be 330."""
    for mtd, kept in ((149.0, 0.0), (150.0, 1.0), (329.0, 1.0)):
        scenario = clinic(mtd=mtd)
        found = figures(scenario, again(scenario))
        assert found["stood_still"] == 150
        assert found["mtd_met"] == kept
        assert found["minutes closed"] == 180
        assert found["minutes waiting"] == 150
    always = clinic(mtd=329.0, open=[])
    found = figures(always, again(always))
    assert (found["stood_still"], found["mtd_met"], found["minutes closed"]) == (330, 0, 0)


def test_two_outages_with_the_systems_back_overnight_are_two_stretches() -> None:
    scenario = clinic(lasts=100.0)  # away from 60 to 160
    second = {"id": "g", "target": "his", "at": "05:00", "lasts": 30.0}
    twice = a_scenario(**{**scenario.model_dump(by_alias=True), "faults": [scenario.faults[0].model_dump(), second]})
    assert figures(twice, again(twice))["stood_still"] == 60


def test_a_fault_while_it_is_closed_does_not_affect_a_department_whose_systems_are_back_when_it_opens() -> None:
    scenario = clinic(at="02:30", lasts=60.0, mtd=10.0)
    found = figures(scenario, again(scenario))
    assert found["affected"] == 0
    assert math.isnan(found["stood_still"])
    assert math.isnan(found["mtd_met"])


def test_what_stood_still_at_closing_time_is_unfinished_when_the_run_ends_in_the_night() -> None:
    scenario = clinic(mtd=70.0).model_copy(update={"horizon": 250.0})
    found = figures(scenario, again(scenario))
    assert (found["stood_still"], found["stood_still_censored"]) == (60, 1)
    assert math.isnan(found["mtd_met"])


def test_nobody_goes_to_paper_unasked_while_it_is_closed() -> None:
    """Half an hour after the fault at 01:45 it is closed; it opens at 05:00, and waits half an hour then."""
    scenario = clinic(at="01:45", self_switch={"after": 30.0})
    assert causes(again(scenario), "department", "registration")[:4] == [
        (105, "waiting", "his"),
        (120, "closed", "hours"),
        (300, "waiting", "hours"),
        (330, "changing", "self_switch"),
    ]


def test_nobody_goes_to_paper_unasked_in_the_night_in_which_the_fault_began() -> None:
    scenario = clinic(at="02:30", self_switch={"after": 30.0})
    assert causes(again(scenario), "department", "registration")[:4] == [
        (120, "closed", "hours"),
        (150, "closed", "his"),
        (300, "waiting", "hours"),
        (330, "changing", "self_switch"),
    ]


def test_what_is_ordered_while_it_is_closed_is_ready_when_it_opens() -> None:
    scenario = clinic([order("03:00")])
    log = again(scenario)
    assert story(log, "department", "registration") == [
        (60, "waiting"),
        (120, "closed"),
        (180, "closed"),
        (190, "closed"),
        (300, "paper"),
        (390, "normal"),
    ]
    beneath = [mode_beneath(row.state, row.value) for row in rows(log, "department", "registration")]
    assert beneath[:5] == ["waiting", "waiting", "changing", "paper", "paper"]
    assert figures(scenario, log)["on_paper_at"] == 300 - 60


def test_who_is_still_there_at_closing_time_is_served_on() -> None:
    """The doors do not stop the clerk: after an order at 02:10 those who wait are served on paper from 02:20 on."""
    log = again(clinic([order("02:10")]))
    assert served(log, 61, 140) == []
    assert served(log, 140, 150) == [140, 144, 148]


def test_a_department_without_hours_is_always_open() -> None:
    log = again(clinic(open=[]))
    assert causes(log, "department", "registration") == [(60, "waiting", "his"), (390, "normal", "systems")]


@pytest.mark.parametrize(
    ("condition", "minute"),
    [
        ("registration is closed", 120),
        ("registration is closed for 30 min", 150),
        ("registration is closed and registration opens within 1 h", 240),
        ("registration opens within 1 h", 240),
        ("3 h after start and registration is open", 300),
        ("3 h after start and registration is open for 20 min", 320),
        ("registration is waiting for 40 min", 100),
        ("3 h after start and registration is waiting for 40 min", 340),
    ],
)
def test_steps_can_wait_for_the_hours_of_a_department(condition: str, minute: float) -> None:
    assert done(again(clinic([step("look", when=condition)])))["look"] == minute
