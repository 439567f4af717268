"""Steps that are done in certain hours only: they wait for them by rule, and only these hours count for their deadline."""

from __future__ import annotations

import pytest

from drillsim.model import hours
from drillsim.model.scenario import Scenario
from drillsim.report.brief import brief
from drillsim.report.expected import expected
from drillsim.score.steps import OUTCOMES, one_step
from drillsim.score.view import View, first_fault
from tests.builder import a_scenario
from tests.sim_rows import again, causes, done

OFFICE = "mon-fri 08:00-17:00"
FRIDAY, MONDAY = "2026-03-13 20:00", 60 * 60.0  # from Friday 20:00 it is 60 hours to Monday 08:00


def debrief(start: str = FRIDAY, holidays: tuple[str, ...] = (), **more: object) -> Scenario:
    """A fault at 20:00 is mended within the hour; the debrief takes half an hour, in office hours."""
    steps = [
        {"id": "mend", "owner": "it", "takes": 60.0, "does": {"repair": "his"}},
        {"id": "talk", "owner": "it", "after": "mend", "takes": 30.0, "during": OFFICE, **more},
    ]
    return a_scenario(
        systems={"his": {}},
        roles={"it": {}},
        steps=steps,
        faults=[{"id": "f", "target": "his", "at": "20:00"}],
        start=start,
        horizon=8 * 1440.0,
        hospital={"calendar": {"holidays": holidays}},
    )


def figures(scenario: Scenario) -> dict[str, float]:
    log = again(scenario)
    view = View(scenario, log, 0.0, scenario.horizon, first_fault(log))
    return one_step(view, scenario.plan.step("talk"), set())[0]


def test_a_step_triggered_on_friday_night_begins_on_monday_at_eight() -> None:
    log = again(debrief())
    assert causes(log, "step", "talk") == [
        (0, "after", "mend"),
        (60, "hours", f"during {OFFICE}"),
        (MONDAY, "working", ""),
        (MONDAY + 30, "done", ""),
    ]


def test_a_step_triggered_in_its_hours_begins_at_once() -> None:
    scenario = debrief("2026-03-16 09:00")  # a Monday; the fault strikes at 20:00, eleven hours later
    assert done(again(scenario))["talk"] == 660 + 12 * 60 + 30
    noon = scenario.model_copy(update={"faults": ()})
    assert done(again(noon))["talk"] == 60 + 30


def test_a_next_try_waits_for_the_hours_of_its_step_too() -> None:
    again_later = {"chance": 0.0, "if_it_fails": {"tries": 3, "pause": 9 * 60.0}}
    log = again(debrief("2026-03-16 09:00", **again_later).model_copy(update={"faults": ()}))
    # a Monday: ready at 10:00, tried until 10:30, the pause ends at 19:30, when the hours are over; tried on Tuesday at 08:00, and on Wednesday
    tuesday, wednesday = 23 * 60.0, 47 * 60.0
    assert causes(log, "step", "talk")[1:] == [
        (60, "working", ""),
        (90, "pause", ""),
        (630, "hours", f"during {OFFICE}"),
        (tuesday, "working", ""),
        (tuesday + 30, "pause", ""),
        (tuesday + 570, "hours", f"during {OFFICE}"),
        (wednesday, "working", ""),
        (wednesday + 30, "failed", ""),
    ]


def test_a_step_sent_back_while_its_next_try_waits_for_the_hours_is_done_anew() -> None:
    again_later = {"chance": 0.0, "if_it_fails": {"tries": 2, "pause": 8 * 60.0}}
    scenario = debrief("2026-03-16 09:00", **again_later).model_copy(update={"faults": ()})
    steps = (*scenario.plan.steps, *a_scenario(roles={"it": {}}, steps=[{"id": "other", "owner": "it", "at": "19:00", "takes": 1.0, "chance": 0.0, "if_it_fails": {"tries": 2, "back_to": "mend"}}]).plan.steps)  # fmt: skip
    log = again(scenario.model_copy(update={"plan": scenario.plan.model_copy(update={"steps": steps})}))
    assert (601, "redo", "other") in causes(log, "step", "talk")


LONG = {"takes": 12 * 60.0, "pauses": True}


def test_work_that_pauses_lies_still_at_night_and_goes_on_in_the_morning() -> None:
    """Twelve hours of work from Monday 08:00 on, in days of nine hours: Tuesday at 11:00. Nobody is at it in between, and the wait is by rule."""
    scenario = debrief(within="13 h of mend", **LONG)
    log = again(scenario)
    night, morning = MONDAY + 9 * 60, MONDAY + 24 * 60
    assert causes(log, "step", "talk")[2:] == [
        (MONDAY, "working", ""),
        (night, "hours", f"during {OFFICE}"),
        (morning, "working", ""),
        (morning + 3 * 60, "done", ""),
    ]
    found = figures(scenario)
    assert found["part work"] == 12 * 60
    assert found["part rule"] == MONDAY - 60 + 15 * 60
    assert found["outcome"] == OUTCOMES.index("on_time")
    assert found["taken"] == sum(found[name] for name in found if name.startswith("part "))
    assert expected(scenario)["talk"] == morning + 3 * 60


def test_while_work_lies_still_its_people_do_other_work_and_the_plan_can_be_sent_back() -> None:
    other = {"id": "call", "owner": "it", "at": "2026-03-16 18:00", "takes": 20.0}
    fails = {
        "id": "fail",
        "owner": "it",
        "at": "2026-03-16 22:00",
        "takes": 1.0,
        "chance": 0.0,
        "if_it_fails": {"again": True, "tries": 2, "back_to": "talk"},
    }
    parts = debrief(**LONG).model_dump(by_alias=True)
    steps = [*parts["plan"]["steps"], other, fails]
    log = again(a_scenario(**{**parts, "plan": {**parts["plan"], "steps": steps}}))
    six, ten, morning = MONDAY + 10 * 60, MONDAY + 14 * 60, MONDAY + 24 * 60
    assert done(log)["call"] == six + 20
    assert (ten + 1, "redo", "fail") in causes(log, "step", "talk")
    assert done(log)["talk"] == morning + 24 * 60 + 3 * 60  # twelve hours from Tuesday 08:00 on


def test_work_that_pauses_needs_hours() -> None:
    with pytest.raises(ValueError, match="'pauses' needs the hours in which the work goes on: write 'during'"):
        debrief(during=(), pauses=True)


def test_holidays_are_no_working_days() -> None:
    assert done(again(debrief(holidays=("2026-03-16",))))["talk"] == MONDAY + 1440 + 30


def test_the_wait_for_its_hours_is_by_rule_and_the_parts_add_up() -> None:
    found = figures(debrief(within="4 h of mend"))
    assert found["part rule"] == MONDAY - 60
    assert found["part work"] == 30
    assert found["taken"] == MONDAY - 60 + 30


@pytest.mark.parametrize(("allowed", "outcome", "late_by"), [("30 min", "on_time", None), ("20 min", "late", 10.0)])
def test_only_its_hours_count_for_its_deadline(allowed: str, outcome: str, late_by: float | None) -> None:
    """The clock starts on Friday at 21:00 and stands still until Monday at 08:00; half an hour of work keeps a deadline of half an hour."""
    found = figures(debrief(within=f"{allowed} of mend"))
    assert OUTCOMES[int(found["outcome"])] == outcome
    assert late_by is None or found["late_by"] == pytest.approx(late_by)
    assert found["counted"] == 30
    assert found["taken"] == MONDAY - 60 + 30


def test_a_deadline_longer_than_one_days_hours_runs_on_on_the_next_day() -> None:
    """Ten hours from Friday 16:00: one on Friday, nine on Monday, so Monday 17:00."""
    scenario = debrief("2026-03-13 16:00", within="10 h of mend")
    step = scenario.plan.step("talk")
    assert hours.due(scenario.hospital, step, scenario.start_time, 0.0) == (3 * 24 + 1) * 60
    assert hours.due(scenario.hospital, step, scenario.start_time, 60.0) == (3 * 24 + 17) * 60


def test_what_is_not_needed_is_known_at_once_and_looked_at_again_when_the_hours_come() -> None:
    assert causes(again(debrief(only_if="his is away")), "step", "talk")[1] == (60, "not_applicable", "")
    relapse = {"id": "g", "target": "his", "at": "day 2 03:00"}
    scenario = debrief(only_if="his is up")
    later = a_scenario(**{**scenario.model_dump(by_alias=True), "faults": [scenario.faults[0].model_dump(), relapse]})
    assert causes(again(later), "step", "talk")[1:3] == [
        (60, "hours", f"during {OFFICE}"),
        (MONDAY, "not_applicable", ""),
    ]


def test_the_hours_of_a_step_are_told_and_foreseen() -> None:
    scenario = debrief(within="4 h of mend")
    assert expected(scenario)["talk"] == MONDAY + 30
    said = " ".join(brief(scenario).split())
    assert "in these hours only, and only they count for its deadline: Mon to Fri 08:00–17:00" in said
    assert "仅在以下时段进行，时限也只计这些时段：周一至周五08:00–17:00" in "".join(
        brief(scenario, language="zh").split()
    )


def test_another_try_too_begins_in_the_hours_of_the_step() -> None:
    log = again(debrief(chance=0.0, if_it_fails={"again": True, "tries": 2, "pause": 600.0}))
    assert causes(log, "step", "talk")[2:] == [
        (MONDAY, "working", ""),
        (MONDAY + 30, "pause", ""),
        (MONDAY + 630, "hours", f"during {OFFICE}"),  # 18:30, after closing time
        (MONDAY + 1440, "working", ""),
        (MONDAY + 1470, "failed", ""),
    ]
