"""Working on paper, forms, piles and typing in, traced by hand."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import numpy as np
import pytest

from drillsim.model.scenario import Scenario
from tests.builder import a_scenario
from tests.flow_driver import Played, play

Act = tuple[float, Callable[[Any], Any]]


def a_ward(
    arrive: tuple[float, ...],
    on_paper: dict[str, Any] | None = None,
    *,
    takes: str = "10 min",
    nurses: Any = 1,
    horizon: float = 200.0,
    department: dict[str, Any] | None = None,
    **activity: Any,
) -> Scenario:
    """Patients at listed minutes, one activity that uses a system, one department with a typist's worth of back-entry."""
    entry = {"by": "clerk", "takes": "2 min", "fix": "5 min", "batch": 2}
    return a_scenario(
        staff={"nurse": {"on_duty": nurses}, "clerk": {"on_duty": 1}},
        systems={"his": {}},
        departments={"ward": {"title": "ward", "back_entry": entry, **(department or {})}},
        activities={
            "care": {"needs": "nurse", "takes": takes, "department": "ward", "uses": "his", "on_paper": on_paper or {}, **activity},
            "after": {"takes": "1 min"},
        },
        pathways={"p": {"arrivals": {"at": [f"{m} min" for m in arrive]}, "route": ["care", "after"]}},
        horizon=horizon,
    )  # fmt: skip


def acting(scenario: Scenario, *acts: Act, told: list[Any] | None = None) -> Played:
    """Play it, doing each act at its minute; ``told`` collects what the flow tells, with SimPy's minute."""

    def during(env: Any, flow: Any) -> Generator[Any, None, None]:
        if told is not None:
            flow.forms_empty = lambda name: told.append((env.now, "forms", name))
            flow.pile_gone = lambda name: told.append((env.now, "pile", name))
        for minute, act in acts:
            yield env.timeout(minute - env.now)
            act(flow)

    return play(scenario, during=during)


def paper(on: bool) -> Callable[[Any], None]:
    return lambda flow: flow.set_paper("care", on)


def entries(played: Played, column: str) -> list[float]:
    return played.entries[column].tolist()


def test_on_paper_work_has_its_factor_and_keeps_people_longer_and_patients_wait() -> None:
    ward = a_ward((0, 20, 40), {"factor": 1.5, "adds_work": "2 min", "adds_wait": "7 min"})
    played = acting(ward, (5, paper(True)), (30, paper(False)))
    assert played.at("care", "ended") == [10, 37, 50]
    assert played.at("care", "mode") == [0, 1, 0]
    assert played.at("after", "asked") == [10, 44, 50]  # the delay keeps nobody, and no slow system lengthens writing


def test_slow_systems_do_not_slow_down_paper() -> None:
    played = acting(a_ward((0,)), (0, lambda flow: flow.set_factor("care", 4.0)), (0, paper(True)))
    assert played.at("care", "ended") == [10]


def test_a_service_that_runs_when_the_order_comes_is_not_on_paper() -> None:
    played = acting(a_ward((0,), {"factor": 3}), (5, paper(True)))
    assert (played.at("care", "ended"), played.at("care", "mode")) == ([10], [0])
    assert len(played.entries["written"]) == 0


def test_work_without_systems_goes_on_as_always_in_a_department_on_paper() -> None:
    played = acting(a_ward((0,), {"factor": 3}, uses=()), (0, paper(True)), (50, lambda f: f.open_back_entry("ward")))
    assert (played.at("care", "ended"), played.at("care", "mode"), len(played.entries["written"])) == ([10], [0], 0)


def test_what_stands_still_on_paper_waits_for_the_systems() -> None:
    played = acting(a_ward((0, 20, 21), {"works": False}), (5, paper(True)), (70, paper(False)))
    assert played.at("care", "started") == [0, 70, 80]


def test_on_paper_systems_that_are_away_stop_nothing() -> None:
    played = acting(a_ward((0, 20)), (5, lambda f: f.block("care", True)), (30, paper(True)), (60, paper(False)))
    assert played.at("care", "started") == [0, 30]
    later = acting(a_ward((0, 70)), (5, lambda f: f.block("care", True)), (30, paper(True)), (60, paper(False)))
    assert np.isnan(later.at("care", "started")[1])  # back without systems: it waits again


def test_what_is_skipped_on_paper_takes_no_time_and_is_written_down() -> None:
    ward = a_ward((0, 2, 20), {"skipped": True, "items": 2})
    played = acting(ward, (5, paper(True)))
    assert played.at("care", "mode") == [0, 2, 2]
    assert played.at("care", "ended") == [10, 5, 20]  # who waited when the order came passes by at once
    assert played.at("after", "asked") == [5, 10, 20]
    assert (entries(played, "written"), entries(played, "items")) == ([5, 20], [2, 2])


def test_ways_on_paper_are_those_of_the_minute_in_which_the_patient_goes_on() -> None:
    scenario = a_scenario(
        systems={"his": {}}, departments={"ward": {"title": "ward"}},
        activities={"care": {"takes": "10 min", "department": "ward", "uses": "his"}, "usual": {}, "other": {}},
        pathways={"p": {"arrivals": {"at": ["0 min", "20 min", "50 min"]},
                        "route": [{"do": "care", "then": "usual", "then_on_paper": "other"}, {"do": "usual", "then": "leave"}, "other"]}},
        horizon=100.0,
    )  # fmt: skip
    played = acting(scenario, (5, paper(True)), (55, paper(False)))
    assert played.at("other", "asked") == [10, 30]
    assert played.at("usual", "asked") == [60]


def test_ways_on_paper_hold_for_work_that_uses_no_system_too() -> None:
    scenario = a_scenario(
        departments={"ward": {"title": "ward"}},
        activities={"care": {"takes": "10 min", "department": "ward"}, "usual": {}, "other": {}},
        pathways={"p": {"arrivals": {"at": "0 min"}, "route": [{"do": "care", "then": "usual", "then_on_paper": "other"}, {"do": "usual", "then": "leave"}, "other"]}},
        horizon=100.0,
    )  # fmt: skip
    assert acting(scenario, (5, paper(True))).at("other", "asked") == [10]


def test_ways_on_paper_hold_for_those_who_come_back_on_paper() -> None:
    """The second pass of a loop is reached for the first time while the department is on paper, and ended after it."""
    scenario = a_scenario(
        systems={"his": {}}, departments={"ward": {"title": "ward"}},
        activities={"care": {"takes": "10 min", "department": "ward", "uses": "his"}, "usual": {}, "other": {}},
        pathways={"p": {"arrivals": {"at": ["0 min", "20 min"]},
                        "route": [{"do": "care", "then": "usual", "then_on_paper": "other"}, {"do": "usual", "then": "care"}, {"do": "other", "then": "care"}]}},
        horizon=45.0,
    )  # fmt: skip
    played = acting(scenario, (15, paper(True)), (35, paper(False)))
    assert played.at("usual", "asked") == [10, 40, 40]
    assert played.at("other", "asked") == [20, 30, 30]


def test_fractions_of_items_are_added_up() -> None:
    ward = a_ward(tuple(range(0, 100, 10)), {"items": 0.3})
    played = acting(ward, (0, paper(True)))
    assert entries(played, "written") == [40, 70, 100]  # .3 .6 .9 1.2 → 1, … after ten services 3 items in all
    assert entries(played, "items") == [1, 1, 1]


def test_each_service_on_paper_uses_a_form_and_without_forms_work_stops_until_more_are_brought() -> None:
    told: list[Any] = []
    ward = a_ward((0, 1, 2, 3), department={"kit": {"forms": 2}})
    played = acting(ward, (0, paper(True)), (60, lambda f: f.set_forms("ward", 5)), told=told)
    assert played.at("care", "started") == [0, 10, 60, 70]
    assert told == [(10.0, "forms", "ward")]
    assert played.flow.forms("ward") == 3
    assert played.flow.forms("elsewhere") == float("inf")


def test_a_department_without_any_form_says_so_when_it_goes_to_paper_and_each_time_they_run_out() -> None:
    told: list[Any] = []
    ward = a_ward((0, 1, 2, 3), department={"kit": {"forms": 0}})
    acts = [(5.0, paper(True)), (20.0, lambda f: f.set_forms("ward", 1)), (50.0, lambda f: f.set_forms("ward", 0)), (60.0, lambda f: f.set_forms("ward", 2))]  # fmt: skip
    played = acting(ward, *acts, told=told)
    assert told == [(5.0, "forms", "ward"), (20.0, "forms", "ward"), (70.0, "forms", "ward")]
    assert played.at("care", "started") == [0, 20, 60, 70]


def test_with_the_systems_no_form_is_used() -> None:
    assert acting(a_ward((0, 1), department={"kit": {"forms": 1}})).flow.forms("ward") == 1


def test_what_was_written_is_typed_in_batches_in_the_order_of_writing() -> None:
    told: list[Any] = []
    ward = a_ward((0, 10, 20, 30, 40))
    played = acting(ward, (0, paper(True)), (60, paper(False)), (61, lambda f: f.open_back_entry("ward")), told=told)
    assert entries(played, "written") == [10, 20, 30, 40, 50]
    assert entries(played, "started") == [61, 63, 65, 67, 69]
    assert entries(played, "ended") == [63, 65, 67, 69, 71]
    assert told == [(71.0, "pile", "ward")]
    assert played.names["department"] == ("ward",)


def test_the_pile_counts_what_is_not_in_the_system_yet() -> None:
    seen: list[tuple[float, int]] = []

    def look(env: Any, flow: Any) -> Generator[Any, None, None]:
        flow.set_paper("care", True)
        while True:
            seen.append((env.now, flow.pile("ward")))
            if env.now == 60:
                flow.open_back_entry("ward")
            yield env.timeout(3)

    play(a_ward((0, 10, 20)), during=look)
    counts = dict(seen)
    assert [counts[m] for m in (9, 12, 21, 30, 60, 63)] == [0, 1, 2, 3, 3, 3]
    assert counts[66] == 0  # two in the first batch until 64, the last until 66, before SimPy's events of that minute


def test_patients_come_before_typing_and_typing_before_what_is_less_urgent() -> None:
    ward = a_ward(
        (0, 10, 20, 61, 62), takes="10 min", department={"back_entry": {"by": "nurse", "takes": "4 min", "batch": 1}}
    )
    played = acting(ward, (0, paper(True)), (40, paper(False)), (60, lambda f: f.open_back_entry("ward")))
    assert entries(played, "started") == [60, 84, 88]
    assert played.at("care", "started")[3:] == [64, 74]
    urgent = {"by": "nurse", "takes": "4 min", "batch": 1, "priority": 1}
    ward = a_ward((0, 10, 20, 61, 62), takes="10 min", department={"back_entry": urgent})
    played = acting(ward, (0, paper(True)), (40, paper(False)), (60, lambda f: f.open_back_entry("ward")))
    assert entries(played, "started") == [60, 64, 68]


@pytest.mark.parametrize(
    ("at_once", "started"), [(None, [60, 60, 60, 60]), (2, [60, 60, 64, 64]), (1, [60, 64, 68, 72])]
)
def test_so_many_type_at_once_as_may(at_once: int | None, started: list[float]) -> None:
    entry = {"by": "nurse", "takes": "4 min", "batch": 1, **({"at_once": at_once} if at_once else {})}
    ward = a_ward((0, 0, 0, 0), nurses=6, department={"back_entry": entry})
    played = acting(ward, (0, paper(True)), (40, paper(False)), (60, lambda f: f.open_back_entry("ward")))
    assert entries(played, "started") == started


def test_an_item_with_an_error_takes_its_fix_longer() -> None:
    ward = a_ward(tuple(range(0, 400, 10)), {"error": 0.25, "items": 3}, horizon=5000.0)
    played = acting(ward, (0, paper(True)), (500, lambda f: f.open_back_entry("ward")))
    items, error = np.array(entries(played, "items")), np.array(entries(played, "error"))
    assert items.sum() == 120
    assert items[error == 1].tolist() == [1] * int(error.sum())
    assert error.sum() == pytest.approx(30, abs=4 * (120 * 0.25 * 0.75) ** 0.5)
    minutes = np.array(entries(played, "ended")) - np.array(entries(played, "started"))
    assert minutes == pytest.approx(2 * items + 5 * error)
    assert not acting(a_ward((0,), {"error": 0.0}), (0, paper(True))).entries["error"].any()


def test_a_department_without_back_entry_has_no_pile_and_tells_at_once() -> None:
    told: list[Any] = []
    ward = a_ward((0,), department={"back_entry": None})
    played = acting(ward, (0, paper(True)), (20, lambda f: f.open_back_entry("ward")), told=told)
    assert (told, len(played.entries["written"])) == ([(20.0, "pile", "ward")], 0)


def test_an_empty_pile_is_told_at_once() -> None:
    told: list[Any] = []
    acting(a_ward((0,)), (20, lambda f: f.open_back_entry("ward")), told=told)
    acting(a_ward((0,)), (30, lambda f: f.open_back_entry("nowhere")), told=told)
    assert told == [(20.0, "pile", "ward"), (30.0, "pile", "nowhere")]


def test_when_typing_in_is_closed_only_what_is_in_hand_is_finished() -> None:
    told: list[Any] = []
    ward = a_ward((0, 10, 20, 30, 40))
    played = acting(
        ward, (0, paper(True)), (60, lambda f: f.open_back_entry("ward")), (61, lambda f: f.close_back_entry("ward")),
        (100, lambda f: f.open_back_entry("ward")), told=told,
    )  # fmt: skip
    assert entries(played, "started") == [60, 62, 100, 102, 104]
    assert told == [(106.0, "pile", "ward")]


def test_the_end_of_a_pile_is_not_told_of_a_department_that_has_stopped_typing() -> None:
    told: list[Any] = []
    ward = a_ward((0,))
    acting(
        ward,
        (0, paper(True)),
        (60, lambda f: f.open_back_entry("ward")),
        (61, lambda f: f.close_back_entry("ward")),
        told=told,
    )
    assert told == []


def nurses_type(arrive: tuple[float, ...], nurses: int) -> Scenario:
    entry = {"by": "nurse", "takes": "20 min", "batch": 1}
    return a_ward(arrive, nurses=nurses, department={"back_entry": entry})


def test_whoever_becomes_free_types_beside_those_who_type_already() -> None:
    ward = nurses_type((0, 1, 51, 54), 2)
    played = acting(ward, (0, paper(True)), (40, paper(False)), (55, lambda f: f.open_back_entry("ward")))
    assert entries(played, "started") == [61, 64]


def test_a_job_that_waits_for_people_waits_no_more_when_typing_is_closed() -> None:
    ward = nurses_type((0, 51, 62), 1)
    played = acting(
        ward, (0, paper(True)), (40, paper(False)), (55, lambda f: f.open_back_entry("ward")),
        (56, lambda f: f.close_back_entry("ward")), (80, lambda f: f.open_back_entry("ward")),
    )  # fmt: skip
    assert entries(played, "started") == [80]
    assert played.at("care", "started") == [0, 51, 62]
    assert played.flow.pools["nurse"].queued == 0
    less_urgent = a_ward((0, 51, 58), priority=12, department={"back_entry": {"by": "nurse", "takes": "20 min"}})
    played = acting(
        less_urgent, (0, paper(True)), (40, paper(False)), (55, lambda f: f.open_back_entry("ward")),
        (56, lambda f: f.close_back_entry("ward")),
    )  # fmt: skip
    assert played.at("care", "started") == [0, 51, 61]
    twice = acting(
        ward, (0, paper(True)), (40, paper(False)), (55, lambda f: f.open_back_entry("ward")),
        (56, lambda f: f.close_back_entry("ward")), (57, lambda f: f.open_back_entry("ward")),
    )  # fmt: skip
    assert entries(twice, "started") == [61]


def test_what_is_written_while_typing_goes_on_is_typed_too() -> None:
    told: list[Any] = []
    ward = a_ward((0, 45))
    played = acting(ward, (0, paper(True)), (50, lambda f: f.open_back_entry("ward")), told=told)
    assert (entries(played, "written"), entries(played, "started")) == ([10, 55], [50, 55])
    assert told == [(52.0, "pile", "ward"), (57.0, "pile", "ward")]


def test_typing_interrupted_by_a_shift_end_goes_on_where_it_was() -> None:
    ward = a_ward((0, 10, 20))
    clerk = {"title": "clerk", "on_duty": {"00:00-01:03": 1, "01:20-03:00": 1}, "at_shift_end": "stop"}
    ward = type(ward).model_validate(
        {
            **ward.model_dump(),
            "hospital": {
                **ward.hospital.model_dump(),
                "staff": {**ward.hospital.model_dump()["staff"], "clerk": clerk},
            },
        }
    )
    played = acting(ward, (0, paper(True)), (60, lambda f: f.open_back_entry("ward")))
    assert entries(played, "started") == [60, 62, 81]  # 60-62, 62-63 and 80-81, 81-83
    assert entries(played, "ended") == [62, 81, 83]


def test_what_nobody_has_typed_by_the_horizon_has_no_times() -> None:
    played = acting(a_ward((0, 10, 20, 30), horizon=65.0), (0, paper(True)), (60, lambda f: f.open_back_entry("ward")))
    assert entries(played, "started")[:3] == [60, 62, 64]
    assert entries(played, "ended")[:2] == [62, 64]
    assert np.isnan(entries(played, "ended")[2:]).all()
    assert np.isnan(entries(played, "started")[3])


def test_typing_is_no_visit() -> None:
    played = acting(a_ward((0, 10)), (0, paper(True)), (60, lambda f: f.open_back_entry("ward")))
    assert len(played.visits["asked"]) == 4
    assert set(played.visits["outcome"].tolist()) == {0}


def test_a_department_knows_how_many_wait() -> None:
    seen: list[tuple[float, int]] = []

    def look(env: Any, flow: Any) -> Generator[Any, None, None]:
        for _ in range(6):
            seen.append((env.now, flow.waiting("ward")))
            yield env.timeout(5)

    played = play(a_ward((0, 1, 2)), during=look)
    assert seen == [(0, 0), (5, 2), (10, 1), (15, 1), (20, 0), (25, 0)]
    assert played.flow.waiting("elsewhere") == 0
