"""Small hospitals traced by hand: who is served when, at shift ends, under pre-emption, with patience, room, forks and things kept."""

from __future__ import annotations

import time
from collections.abc import Generator
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from drillsim.errors import SimulationError
from drillsim.model.scenario import Scenario
from tests.builder import a_scenario
from tests.flow_driver import Played, play


def a_queue(
    arrive: tuple[float, ...] = (), takes: str = "10 min", horizon: float = 100.0, staff: Any = None, **activity: Any
) -> Scenario:
    """Patients who come at listed minutes to one activity of one pool."""
    return a_scenario(
        staff={"nurse": staff or {"on_duty": 1}},
        activities={"care": {"needs": "nurse", "takes": takes, **activity}},
        pathways={"p": {"arrivals": {"at": [f"{m} min" for m in arrive]}, "route": ["care"]}},
        horizon=horizon,
    )


def two_streams(
    low: tuple[float, str],
    high: tuple[float, str],
    staff: dict[str, Any],
    low_at: tuple[float, ...] = (),
    horizon: float = 100.0,
) -> Scenario:
    """A less urgent stream (priority 5) and an urgent one (1) at the same pool: (minute of arrival, duration)."""
    return a_scenario(
        staff={"nurse": {"on_duty": 1, **staff}},
        activities={"slow": {"needs": "nurse", "takes": low[1]}, "quick": {"needs": "nurse", "takes": high[1]}},
        pathways={
            "low": {"arrivals": {"at": [f"{m} min" for m in low_at or (low[0],)]}, "route": ["slow"], "priority": 5},
            "high": {"arrivals": {"at": f"{high[0]} min"}, "route": ["quick"], "priority": 1},
        },
        horizon=horizon,
    )


def waits(played: Played, node: str = "care") -> list[float]:
    return [s - a for a, s in zip(played.at(node, "asked"), played.at(node, "started"), strict=True)]


# Queues


def test_a_small_queue_by_hand() -> None:
    played = play(a_queue((0, 1, 2, 12, 13), "listed(3 min, 4 min, 5 min, 1 min, 1 min)", 20.0))
    assert waits(played) == [0, 2, 5, 0, 0]
    assert played.at("care", "ended") == [3, 7, 12, 13, 14]
    assert sum(waits(played)) / 20 == 0.35  # mean queue
    assert sum(e - s for s, e in zip(played.at("care", "started"), played.at("care", "ended"), strict=True)) / 20 == 0.7


def test_urgent_patients_come_first_and_equals_in_order_of_coming() -> None:
    scenario = a_scenario(
        staff={"nurse": {"on_duty": 1}},
        activities={"care": {"needs": "nurse", "takes": "10 min"}},
        pathways={
            "calm": {"arrivals": {"at": ["0 min", "1 min", "2 min"]}, "route": ["care"], "priority": 5},
            "urgent": {"arrivals": {"at": ["3 min", "4 min"]}, "route": ["care"], "priority": 2},
        },
        horizon=60.0,
    )
    assert play(scenario).at("care", "started") == [0, 30, 40, 10, 20]


def test_priority_does_not_wait_for_patients_who_have_not_come_yet() -> None:
    """Arrivals every 10, service 5, random priorities: nobody ever waits (an event list ordered by priority gets this wrong)."""
    classes = {f"c{k}": {"title": "c", "share": 1, "priority": k} for k in range(5)}
    scenario = a_scenario(
        staff={"nurse": {"on_duty": 1}},
        activities={"care": {"needs": "nurse", "takes": "5 min"}},
        pathways={"p": {"arrivals": {"every": "10 min"}, "route": ["care"], "classes": classes}},
        horizon=5000.0,
    )
    played = play(scenario)
    assert len(set(played.patients["class"].tolist())) == 5
    assert waits(played) == [0.0] * 499


def test_an_activity_s_own_priority_counts_before_the_class_s_and_the_pathway_s() -> None:
    scenario = a_scenario(
        staff={"nurse": {"on_duty": 1}},
        activities={"a": {"needs": "nurse", "takes": "10 min", "priority": 1}, "b": {"needs": "nurse", "takes": "10 min"}},
        pathways={
            "first": {"arrivals": {"at": "0 min"}, "route": ["b"]},
            "p": {"arrivals": {"at": "1 min"}, "route": ["b"], "classes": {"c": {"title": "c", "share": 1, "priority": 2}}, "priority": 9},
            "q": {"arrivals": {"at": "2 min"}, "route": ["a"], "priority": 9},
            "r": {"arrivals": {"at": "0.5 min"}, "route": ["b"], "priority": 3},
        },
        horizon=60.0,
    )  # fmt: skip
    played = play(scenario)
    assert played.at("a", "started") == [10]
    assert played.at("b", "started") == [0, 30, 20]


def test_class_factors_lengthen_the_work_of_a_class() -> None:
    scenario = a_scenario(
        activities={"care": {"takes": "10 min", "class_factor": {"old": 1.5}}},
        pathways={
            "p": {"arrivals": {"at": "0 min"}, "route": ["care"], "classes": {"old": {"title": "old", "share": 1}}}
        },
        horizon=60.0,
    )
    assert play(scenario).at("care", "ended") == [15]


# Shift ends


@pytest.mark.parametrize(("rule", "end"), [("restart", 19.0), ("resume", 15.0), ("resample", 29.0)])
def test_work_stopped_by_a_shift_end_goes_on_at_the_next_shift(rule: str, end: float) -> None:
    staff = {"on_duty": {"00:00-00:05": 1, "00:09-00:40": 1}, "at_shift_end": "stop", "interrupted": rule}
    played = play(a_queue((1,), "listed(10 min, 20 min)", 40.0, staff))
    assert (played.at("care", "started"), played.at("care", "ended")) == ([1.0], [end])
    assert played.at("care", "paused") == [4.0]


def test_utilisation_counts_work_on_both_sides_of_a_gap_and_only_time_on_duty() -> None:
    staff = {"on_duty": {"00:00-00:05": 1, "00:09-00:40": 1}, "at_shift_end": "stop"}
    played = play(a_queue((1,), "10 min", 40.0, staff))
    (start,), (end,), (paused,) = (played.at("care", column) for column in ("started", "ended", "paused"))
    on_duty = sum(
        capacity * (until - minute) for (minute, *_, capacity), until in zip(played.notes, (5, 9, 40), strict=True)
    )
    assert (end - start - paused) / on_duty == pytest.approx(10 / 36)


def test_who_finishes_after_the_shift_s_end_takes_nobody_new() -> None:
    played = play(a_queue((1, 2), "10 min", 40.0, {"on_duty": {"00:00-00:05": 1, "00:20-00:40": 1}}))
    assert played.at("care", "started") == [1, 20]
    assert played.at("care", "ended") == [11, 30]


def test_work_handed_over_takes_the_handover_longer() -> None:
    staff = {"on_duty": {"00:00-00:05": 1, "00:05-00:40": 1}, "at_shift_end": "hand_over", "handover": "3 min"}
    played = play(a_queue((1, 2), "10 min", 40.0, staff))
    assert played.at("care", "ended") == [14, 24]
    assert (5.0, "person", "nurse", "handed_over", "", 1) in played.notes


def test_who_has_nobody_to_hand_over_to_finishes() -> None:
    staff = {"on_duty": {"00:00-00:05": 2, "00:05-00:40": 1}, "at_shift_end": "hand_over", "handover": "3 min"}
    played = play(a_queue((1, 2, 3), "10 min", 40.0, staff))
    assert played.at("care", "ended") == [
        14,
        12,
        24,
    ]  # the one who began first hands over; the third waits for the nurse of the new shift
    staff["on_duty"] = {"00:00-00:05": 2}
    assert play(a_queue((1, 2, 3), "10 min", 40.0, staff)).at("care", "ended")[:2] == [11, 12]


def test_a_shift_that_starts_while_somebody_waits_serves_at_once() -> None:
    played = play(a_queue((1,), "10 min", 40.0, {"on_duty": {"00:05-00:40": 1}}))
    assert played.at("care", "started") == [5]
    assert [note for note in played.notes if note[1] == "on_duty"] == [
        (0.0, "on_duty", "nurse", "roster", "", 0), (5.0, "on_duty", "nurse", "roster", "", 1)]  # fmt: skip


def test_a_service_that_ends_as_the_shift_does_is_complete() -> None:
    staff = {"on_duty": {"00:00-00:11": 1}, "at_shift_end": "stop"}
    played = play(a_queue((1, 2), "10 min", 40.0, staff))
    assert played.at("care", "outcome") == [0, 3]  # and nobody is begun in the minute in which the shift ends
    assert played.at("care", "paused") == [0, 0]
    finishing = play(a_queue((1, 2), "10 min", 40.0, {"on_duty": {"00:00-00:11": 1}}))
    assert finishing.at("care", "outcome") == [0, 3]


def test_at_a_shift_s_end_the_least_urgent_work_that_began_last_stops() -> None:
    scenario = two_streams((0, "20 min"), (2, "20 min"), {"on_duty": {"00:00-00:05": 3, "00:05-00:40": 1}, "at_shift_end": "stop"}, (0, 1), 40.0)  # fmt: skip
    played = play(scenario)
    assert played.at("quick", "ended") == [22]
    assert played.at("slow", "paused") == [17, 32]
    assert played.at("slow", "ended") == [37, pytest.approx(np.nan, nan_ok=True)]


# Pre-emption


@pytest.mark.parametrize(("rule", "end"), [("restart", 19.0), ("resume", 17.0), ("resample", 16.0)])
def test_an_urgent_patient_interrupts_a_less_urgent_one(rule: str, end: float) -> None:
    played = play(two_streams((1, "listed(6 min, 3 min)"), (3, "10 min"), {"pre_emptive": True, "interrupted": rule}))
    assert (played.at("quick", "started"), played.at("quick", "ended")) == ([3], [13])
    assert played.at("slow", "ended") == [end]
    assert played.at("slow", "paused") == [10]


@pytest.mark.parametrize(("rule", "end"), [("restart", 11.0), ("resume", 9.0), ("resample", 8.0)])
def test_the_interrupted_goes_on_with_a_second_nurse(rule: str, end: float) -> None:
    staff = {"on_duty": {"always": 1, "00:05-24:00": 1}, "pre_emptive": True, "interrupted": rule}
    assert play(two_streams((1, "listed(6 min, 3 min)"), (3, "10 min"), staff)).at("slow", "ended") == [end]


def test_the_interrupted_goes_first_among_equals() -> None:
    played = play(two_streams((0, "10 min"), (1, "10 min"), {"pre_emptive": True}, (0, 0)))
    assert played.at("slow", "ended") == [20, 30]
    assert played.at("quick", "ended") == [11]


def test_several_interrupted_go_on_in_the_order_in_which_they_asked() -> None:
    staff = {"on_duty": {"00:00-00:05": 3, "00:10-00:15": 1, "00:15-02:00": 3}, "at_shift_end": "stop"}
    played = play(a_queue((0, 1, 2, 3), "20 min", 100.0, staff))
    assert played.at("care", "paused")[:3] == [5, 10, 10]
    assert played.at("care", "ended") == [25, 31, 32, 45]


def test_of_two_interrupted_the_one_who_asked_first_goes_on_first_whoever_was_interrupted_first() -> None:
    """The one who asked at 0 began last (its activity stood still), and so is interrupted first."""
    scenario = a_scenario(
        staff={"nurse": {"on_duty": 2, "pre_emptive": True}},
        activities={n: {"needs": "nurse", "takes": "10 min"} for n in ("x", "y", "urgent")},
        pathways={
            "x": {"arrivals": {"at": "0 min"}, "route": ["x"]},
            "y": {"arrivals": {"at": "1 min"}, "route": ["y"]},
            "u": {"arrivals": {"at": ["6 min", "7 min"]}, "route": ["urgent"], "priority": 1},
        },
        horizon=100.0,
    )
    played = blocked(scenario, (0, "x", True), (5, "x", False))
    assert (played.at("x", "started"), played.at("x", "paused")) == ([5], [10])
    assert (played.at("y", "started"), played.at("y", "paused")) == ([1], [10])
    assert (played.at("x", "ended"), played.at("y", "ended")) == ([25], [21])


def test_a_service_that_ends_as_somebody_urgent_comes_is_complete() -> None:
    played = play(two_streams((0, "5 min"), (5, "10 min"), {"pre_emptive": True}))
    assert (played.at("slow", "ended"), played.at("slow", "paused"), played.at("slow", "outcome")) == ([5], [0], [0])
    assert played.at("quick", "started") == [5]


def test_equals_do_not_interrupt_each_other() -> None:
    scenario = a_queue((0, 1), "10 min", 40.0, {"on_duty": 1, "pre_emptive": True})
    assert play(scenario).at("care", "started") == [0, 10]


def test_without_pre_emption_the_urgent_one_waits_for_the_end() -> None:
    assert play(two_streams((1, "6 min"), (3, "10 min"), {})).at("quick", "started") == [7]


# Patience and room


def test_who_is_served_in_the_minute_in_which_patience_ends_does_not_leave() -> None:
    played = play(a_queue((0, 1, 2), "6 min", 40.0, patience="5 min"))
    assert played.at("care", "outcome") == [0, 0, 1]
    assert played.at("care", "started")[:2] == [0, 6]
    assert played.at("care", "ended") == [6, 12, 7]
    assert played.patients["outcome"].tolist() == [0, 0, 1]
    assert played.patients["ended"].tolist() == [6, 12, 7]


def test_nobody_is_kept_for_one_who_has_left() -> None:
    played = play(a_queue((0, 1, 2), "listed(10 min, 10 min, 3 min)", 40.0, patience="listed(99 min, 5 min, 99 min)"))
    assert played.at("care", "outcome") == [0, 1, 0]
    assert played.at("care", "ended") == [10, 6, 13]
    assert played.flow.pools["nurse"].free == 1


def test_companions_and_orders_do_not_lose_patience_when_their_class_says_so() -> None:
    scenario = a_scenario(
        staff={"nurse": {"on_duty": 0}},
        activities={"care": {"needs": "nurse", "takes": "6 min", "patience": "5 min"}},
        pathways={"p": {"arrivals": {"at": "1 min"}, "route": ["care"],
                        "classes": {"carried": {"title": "carried", "share": 1, "patient": False}}}},
        horizon=40.0,
    )  # fmt: skip
    assert play(scenario).at("care", "outcome") == [3]


def test_the_impatient_go_where_the_activity_sends_them() -> None:
    scenario = a_scenario(
        staff={"nurse": {"on_duty": 0}},
        activities={"care": {"needs": "nurse", "patience": "5 min", "if_impatient": "elsewhere"}, "elsewhere": {"takes": "7 min"}, "between": {}},
        pathways={"p": {"arrivals": {"at": "1 min"}, "route": ["care", "between", "elsewhere"]}},
        horizon=40.0,
    )  # fmt: skip
    played = play(scenario)
    assert played.at("between", "asked") == []
    assert played.at("elsewhere", "ended") == [13]
    assert played.patients["outcome"].tolist() == [0]


def test_who_finds_no_room_is_turned_away_and_who_can_be_served_needs_none() -> None:
    played = play(a_queue((0, 1, 2), "10 min", 40.0, room=1))
    assert played.at("care", "outcome") == [0, 0, 2]
    assert played.at("care", "ended") == [10, 20, 2]
    assert played.patients["outcome"].tolist() == [0, 0, 2]
    assert play(a_queue((0, 1), "10 min", 40.0, room=0)).at("care", "outcome") == [0, 2]


def test_who_comes_in_the_minute_in_which_another_loses_patience_still_finds_the_room_taken() -> None:
    played = play(a_queue((0, 1, 5), "10 min", 40.0, room=1, patience="4 min"))
    assert played.at("care", "outcome") == [0, 1, 2]


def test_who_finds_no_room_can_go_elsewhere() -> None:
    scenario = a_scenario(
        staff={"nurse": {"on_duty": 1}},
        activities={"care": {"needs": "nurse", "takes": "10 min", "room": 0, "if_full": "home"}, "home": {"takes": "1 min"}},
        pathways={"p": {"arrivals": {"at": ["0 min", "1 min"]}, "route": ["care", "home"]}},
        horizon=40.0,
    )  # fmt: skip
    assert play(scenario).at("home", "asked") == [1, 10]


def test_a_patient_sent_in_circles_in_one_minute_is_an_error_with_its_minute() -> None:
    scenario = a_scenario(
        staff={"nurse": {"on_duty": 0}},
        activities={"care": {"needs": "nurse", "room": 0, "if_full": "care"}},
        pathways={"p": {"arrivals": {"at": "3 min"}, "route": ["care"]}},
        horizon=40.0,
    )
    with pytest.raises(SimulationError, match=r"minute 3: pathway p: a patient goes round in circles at 'care'"):
        play(scenario)


def test_a_loop_of_work_that_takes_no_time_is_an_error_too() -> None:
    scenario = a_scenario(
        activities={"a": {}, "b": {"takes": "0 min"}},
        pathways={"p": {"arrivals": {"at": "3 min"}, "route": ["a", {"do": "b", "then": "a"}]}},
        horizon=40.0,
    )
    with pytest.raises(SimulationError, match=r"minute 3: pathway p: a patient goes round in circles at"):
        play(scenario)


# Several at once


def test_people_are_taken_together_or_not_at_all() -> None:
    """The first needs a nurse and a doctor who is busy: it does not keep the nurse from the others, and nobody waits for ever."""
    scenario = a_scenario(
        staff={"nurse": {"on_duty": 1}, "doctor": {"on_duty": 1}},
        activities={"talk": {"needs": "doctor", "takes": "20 min"}, "both": {"needs": ["nurse", "doctor"], "takes": "5 min"},
                    "htob": {"needs": ["doctor", "nurse"], "takes": "5 min"}, "wash": {"needs": "nurse", "takes": "4 min"}},
        pathways={"a": {"arrivals": {"at": "0 min"}, "route": ["talk"]}, "b": {"arrivals": {"at": "1 min"}, "route": ["both"]},
                  "d": {"arrivals": {"at": "2 min"}, "route": ["htob"]},
                  "c": {"arrivals": {"at": ["3 min", "4 min", "5 min", "6 min", "7 min"]}, "route": ["wash"]}},
        horizon=60.0,
    )  # fmt: skip
    played = play(scenario)
    assert played.at("wash", "started") == [3, 7, 11, 15, 19]
    assert played.at("both", "started") == [23]  # at 20 the doctor is free, at 23 the nurse too
    assert played.at("htob", "started") == [28]


def test_two_of_one_pool_wait_until_two_are_free() -> None:
    scenario = a_scenario(
        staff={"nurse": {"on_duty": 2}},
        activities={"lift": {"needs": {"nurse": 2}, "takes": "5 min"}, "wash": {"needs": "nurse", "takes": "listed(4 min, 9 min, 4 min)"}},
        pathways={"a": {"arrivals": {"at": ["0 min", "0 min", "5 min"]}, "route": ["wash"]}, "b": {"arrivals": {"at": "1 min"}, "route": ["lift"]}},
        horizon=60.0,
    )  # fmt: skip
    played = play(scenario)
    assert played.at("wash", "started") == [0, 0, 5]  # the third overtakes: one nurse is free at 5, and two are needed
    assert played.at("lift", "started") == [9]


def test_a_bed_is_kept_until_it_is_freed() -> None:
    scenario = a_scenario(
        staff={"nurse": {"on_duty": 5}}, equipment={"bed": {"on_duty": 1}},
        activities={"admit": {"needs": ["nurse", "bed"], "takes": "2 min", "keeps": "bed"}, "stay": {"takes": "30 min"},
                    "leave_bed": {"needs": "nurse", "takes": "3 min", "frees": "bed"}, "home": {"takes": "50 min"}},
        pathways={"p": {"arrivals": {"at": ["0 min", "1 min"]}, "route": ["admit", "stay", "leave_bed", "home"]}},
        horizon=200.0,
    )  # fmt: skip
    played = play(scenario)
    assert played.at("admit", "started") == [0, 35]
    assert played.flow.pools["bed"].free == 1


def test_what_is_still_kept_is_free_when_the_route_ends() -> None:
    scenario = a_scenario(
        equipment={"bed": {"on_duty": 1}},
        activities={"admit": {"needs": "bed", "takes": "2 min", "keeps": "bed"}, "stay": {"takes": "30 min"}},
        pathways={"p": {"arrivals": {"at": ["0 min", "1 min"]}, "route": ["admit", "stay"]}},
        horizon=200.0,
    )
    assert play(scenario).at("admit", "started") == [0, 32]


# Ways


def test_the_lines_of_a_fork_run_side_by_side_and_end_together() -> None:
    scenario = a_scenario(
        activities={"a": {"takes": "5 min"}, "b": {"takes": "3 min"}, "c": {"takes": "4 min"}, "d": {"takes": "1 min"}},
        pathways={"p": {"arrivals": {"at": "0 min"}, "route": [{"id": "tests", "fork": [["a"], ["b", "c"]]}, "d"]}},
        horizon=60.0,
    )
    played = play(scenario)
    assert [played.at(n, "asked") for n in "abcd"] == [[0], [0], [3], [7]]
    assert played.patients["ended"].tolist() == [8]


def test_who_loses_patience_in_one_line_of_a_fork_leaves_after_the_others() -> None:
    scenario = a_scenario(
        staff={"nurse": {"on_duty": 0}},
        activities={"a": {"needs": "nurse", "patience": "2 min"}, "b": {"takes": "9 min"}, "d": {"takes": "1 min"}},
        pathways={"p": {"arrivals": {"at": "0 min"}, "route": [{"id": "tests", "fork": [["a"], ["b"]]}, "d"]}},
        horizon=60.0,
    )
    played = play(scenario)
    assert played.at("d", "asked") == []
    assert (played.patients["ended"].tolist(), played.patients["outcome"].tolist()) == ([9], [1])


def test_leave_in_a_line_of_a_fork_ends_that_line_only() -> None:
    scenario = a_scenario(
        activities={"a": {"takes": "2 min"}, "x": {"takes": "90 min"}, "b": {"takes": "9 min"}, "d": {"takes": "1 min"}},
        pathways={"p": {"arrivals": {"at": "0 min"}, "route": [{"id": "tests", "fork": [[{"do": "a", "then": "leave"}, "x"], ["b"]]}, "d"]}},
        horizon=200.0,
    )  # fmt: skip
    played = play(scenario)
    assert played.at("x", "asked") == []
    assert (played.patients["ended"].tolist(), played.patients["outcome"].tolist()) == ([10], [0])


def test_a_way_into_or_out_of_a_fork_is_refused() -> None:
    scenario = a_scenario(
        activities={"a": {}, "b": {}, "d": {}},
        pathways={"p": {"arrivals": {"at": "0 min"}, "route": [{"id": "tests", "fork": [[{"do": "a", "then": "d"}], ["b"]]}, "d"]}},
    )  # fmt: skip
    with pytest.raises(SimulationError, match="from 'a' no way leads to 'd'"):
        play(scenario)


def test_branches_are_taken_as_often_as_their_chances_say() -> None:
    scenario = a_scenario(
        activities={n: {} for n in ("start", "x", "y", "z")},
        pathways={
            "p": {
                "arrivals": {"rate": "60 per h"},
                "classes": {"old": {"title": "old", "share": 1}, "young": {"title": "young", "share": 3}},
                "route": [
                    {"do": "start", "then": [{"to": "x", "chance": {"old": 0.5, "young": 0.1}}, {"to": "y", "chance": 0.3}, {"to": "leave"}]},
                    {"do": "x", "then": "leave"},
                    {"do": "y", "then": [{"to": "z", "chance": 0.25}, {"to": "leave", "chance": 0.25}]},
                    "z",
                ],
            }
        },
        horizon=20_000.0,
    )  # fmt: skip
    played = play(scenario)
    n = len(played.at("start", "asked"))
    x, y, z = (len(played.at(node, "asked")) for node in "xyz")
    assert x / n == pytest.approx(0.2, abs=4 * (0.2 * 0.8 / n) ** 0.5)
    assert y / n == pytest.approx(0.3, abs=4 * (0.3 * 0.7 / n) ** 0.5)
    assert z / y == pytest.approx(0.75, abs=4 * (0.75 * 0.25 / y) ** 0.5)  # what is left over goes to the next line
    assert (played.patients["outcome"] == 0).all()


def test_who_comes_back_has_new_luck() -> None:
    scenario = a_scenario(
        activities={"a": {"takes": "exponential(2 min)"}, "b": {}},
        pathways={"p": {"arrivals": {"rate": "60 per h", "at_most": 3000}, "route": ["a", {"do": "b", "then": [{"to": "a", "chance": 0.5}]}]}},
        horizon=100_000.0,
    )  # fmt: skip
    played = play(scenario)
    rows = sorted(zip(played.at("a", "patient"), played.at("a", "asked"), (e - s for s, e in zip(played.at("a", "started"), played.at("a", "ended"), strict=True)), strict=True))  # fmt: skip
    assert len(rows) == pytest.approx(6000, abs=4 * (3000 * 2) ** 0.5)
    pairs = np.array([(x[2], y[2]) for x, y in pairwise(rows) if x[0] == y[0]])
    assert abs(np.corrcoef(pairs.T)[0, 1]) < 4 / len(pairs) ** 0.5


# The beginning and the end


def test_those_waiting_or_being_served_at_the_horizon_are_in_the_columns_as_such() -> None:
    played = play(a_queue((0, 1, 2), "10 min", 15.0))
    assert played.at("care", "outcome") == [0, 4, 3]
    assert played.at("care", "started")[:2] == [0, 10]
    assert np.isnan(played.at("care", "ended")[1:]).all()
    assert np.isnan(played.at("care", "started")[2])
    assert played.patients["outcome"].tolist() == [0, 3, 3]


def test_work_interrupted_at_the_horizon_is_still_being_served_and_paused_until_then() -> None:
    staff = {"on_duty": {"00:00-00:05": 1}, "at_shift_end": "stop"}
    played = play(a_queue((1,), "10 min", 40.0, staff))
    assert (played.at("care", "outcome"), played.at("care", "paused")) == ([4], [35])


def test_a_service_that_ends_at_the_horizon_is_complete_and_who_comes_then_is_not_there() -> None:
    played = play(a_queue((5, 15), "10 min", 15.0))
    assert played.at("care", "outcome") == [0]
    assert len(played.patients["arrived"]) == 1


def test_those_present_at_the_start_are_served_without_waiting_and_others_wait_for_what_they_hold() -> None:
    scenario = a_scenario(
        equipment={"bed": {"on_duty": 2}},
        activities={"stay": {"needs": "bed", "takes": "10 min"}},
        pathways={"p": {"arrivals": {"at": "0 min"}, "route": ["stay"], "present": {"stay": 3}}},
        warm_up=5.0, horizon=60.0,
    )  # fmt: skip
    played = play(scenario)
    assert played.patients["patient"].tolist() == [0, -1, -2, -3]
    assert played.patients["arrived"].tolist() == [0, -5, -5, -5]
    ends = sorted(played.at("stay", "ended")[:3])
    assert played.at("stay", "started")[:3] == [-5, -5, -5]
    assert played.at("stay", "started")[3] == max(0.0, ends[1])  # one of two beds is free once two of three have gone


def test_what_is_left_of_the_stays_of_those_present_is_what_a_random_moment_finds() -> None:
    """Equilibrium: the mean rest is E[S²] / 2 E[S]; 5 for a constant 10, 10 for an exponential 10, 12.5 for a gamma with cv² 1.5."""
    for takes, mean in (
        ("10 min", 5.0),
        ("exponential(10 min)", 10.0),
        ("gamma(mean 10 min, sd 12.247448714 min)", 12.5),
    ):
        scenario = a_scenario(
            activities={"stay": {"takes": takes}},
            pathways={"p": {"arrivals": {"rate": "0 per h"}, "route": ["stay"], "present": {"stay": 4000}}},
            horizon=100_000.0,
        )
        ends = np.concatenate([play(scenario, replication=k).patients["ended"] for k in range(4)])
        assert ends.mean() == pytest.approx(mean, rel=0.06)


def test_those_present_in_a_line_of_a_fork_go_on_after_it() -> None:
    scenario = a_scenario(
        activities={"a": {"takes": "5 min"}, "b": {"takes": "3 min"}, "d": {"takes": "1 min"}},
        pathways={"p": {"arrivals": {"at": "50 min"}, "route": [{"id": "tests", "fork": [["a"], ["b"]]}, "d"], "present": {"a": 1}}},
        horizon=60.0,
    )  # fmt: skip
    played = play(scenario)
    assert played.at("d", "asked")[0] == played.at("a", "ended")[0] < 5


def test_nobody_can_be_present_at_a_fork() -> None:
    scenario = a_scenario(
        activities={"a": {}},
        pathways={
            "p": {"arrivals": {"at": "0 min"}, "route": [{"id": "tests", "fork": [["a"]]}], "present": {"tests": 1}}
        },
    )
    with pytest.raises(SimulationError, match="nobody can be present at 'tests'"):
        play(scenario)


def test_a_hospital_without_patients_has_empty_columns() -> None:
    played = play(a_scenario(staff={"nurse": {"on_duty": 1}}, activities={"care": {"needs": "nurse"}}))
    assert [len(column) for table in played[1:4] for column in table.values()] == [0] * 22
    assert not played.flow.owns("nurse")


# Activities that stop


def stopping(env: Any, flow: Any, changes: list[tuple[float, str, bool]]) -> Generator[Any, None, None]:
    for minute, activity, on in changes:
        yield env.timeout(minute - env.now)
        flow.block(activity, on)


def blocked(scenario: Scenario, *changes: tuple[float, str, bool]) -> Played:
    return play(scenario, during=lambda env, flow: stopping(env, flow, list(changes)))


def test_a_stopped_activity_starts_nothing_new_and_what_runs_runs_on() -> None:
    played = blocked(a_queue((0, 1, 2), "10 min"), (5, "care", True), (50, "care", False))
    assert played.at("care", "started") == [0, 50, 60]


def test_a_stopped_activity_does_not_hold_up_other_work_of_the_same_people() -> None:
    scenario = a_scenario(
        staff={"nurse": {"on_duty": 1}},
        activities={"wash": {"needs": "nurse", "takes": "5 min"}, "dose": {"needs": "nurse", "takes": "5 min"}},
        pathways={"w": {"arrivals": {"at": ["0 min", "3 min", "20 min"]}, "route": ["wash"]}, "d": {"arrivals": {"at": ["1 min", "2 min"]}, "route": ["dose"]}},
        horizon=100.0,
    )  # fmt: skip
    played = blocked(scenario, (2.5, "dose", True), (30, "dose", False))
    assert played.at("wash", "started") == [0, 5, 20]
    assert played.at("dose", "started") == [30, 35]


def test_who_waited_while_an_activity_stood_still_has_kept_the_place() -> None:
    scenario = a_scenario(
        staff={"nurse": {"on_duty": 1}},
        activities={"wash": {"needs": "nurse", "takes": "10 min"}, "dose": {"needs": "nurse", "takes": "10 min"}},
        pathways={"w": {"arrivals": {"at": ["0 min", "2 min", "4 min"]}, "route": ["wash"]}, "d": {"arrivals": {"at": ["1 min", "3 min"]}, "route": ["dose"]}},
        horizon=100.0,
    )  # fmt: skip
    played = blocked(scenario, (0.5, "dose", True), (5, "dose", False))
    assert (played.at("wash", "started"), played.at("dose", "started")) == ([0, 20, 40], [10, 30])


def test_patience_ends_while_an_activity_stands_still_too() -> None:
    played = blocked(
        a_queue((0, 1, 2), "10 min", patience="listed(9 min, 15 min, 99 min)"), (0.5, "care", True), (30, "care", False)
    )
    assert played.at("care", "outcome") == [0, 1, 0]
    assert played.at("care", "started")[2] == 30
    assert played.at("care", "ended")[1] == 16


def test_what_an_interruption_frees_is_given_to_the_next_at_once() -> None:
    """At 5 the urgent work may start and takes the nurse from the bath; the room of the bath is free for the one who waits for a room."""
    scenario = a_scenario(
        staff={"nurse": {"on_duty": 1, "pre_emptive": True}}, equipment={"room": {"on_duty": 1}},
        activities={"bath": {"needs": ["nurse", "room"], "takes": "30 min"}, "rest": {"needs": "room", "takes": "4 min"}, "urgent": {"needs": "nurse", "takes": "10 min"}},
        pathways={"b": {"arrivals": {"at": "0 min"}, "route": ["bath"]}, "r": {"arrivals": {"at": "1 min"}, "route": ["rest"]},
                  "u": {"arrivals": {"at": "2 min"}, "route": ["urgent"], "priority": 1}},
        horizon=100.0,
    )  # fmt: skip
    played = blocked(scenario, (0, "urgent", True), (5, "urgent", False))
    assert (played.at("urgent", "started"), played.at("rest", "started")) == ([5], [5])
    assert (played.at("bath", "paused"), played.at("bath", "ended")) == ([10], [40])


def test_a_stopped_activity_that_needs_two_holds_up_neither() -> None:
    scenario = a_scenario(
        staff={"nurse": {"on_duty": 1}, "doctor": {"on_duty": 1}},
        activities={"both": {"needs": ["nurse", "doctor"], "takes": "5 min"}, "wash": {"needs": "nurse", "takes": "5 min"}},
        pathways={"b": {"arrivals": {"at": "1 min"}, "route": ["both"]}, "w": {"arrivals": {"at": ["0 min", "2 min"]}, "route": ["wash"]}},
        horizon=100.0,
    )  # fmt: skip
    played = blocked(scenario, (0.5, "both", True), (30, "both", False))
    assert (played.at("wash", "started"), played.at("both", "started")) == ([0, 5], [30])


def test_the_backlog_of_a_stop_is_gone_after_its_length_times_load_over_one_minus_load() -> None:
    """Fluid: a stop of D at load r is cleared after D r / (1 - r); arrivals every 2, services of 1.6, D = 100: 400 minutes after the end."""
    scenario = a_scenario(
        staff={"nurse": {"on_duty": 1}},
        activities={"care": {"needs": "nurse", "takes": "1.6 min"}},
        pathways={"p": {"arrivals": {"every": "2 min"}, "route": ["care"]}},
        horizon=2000.0,
    )
    played = blocked(scenario, (200, "care", True), (300, "care", False))
    asked, started = np.array(played.at("care", "asked")), np.array(played.at("care", "started"))
    late = asked[started > asked + 1e-9]
    assert late.min() == pytest.approx(200, abs=2)
    assert late.max() == pytest.approx(300 + 100 * 0.8 / 0.2, abs=4)


def test_slow_systems_lengthen_the_share_of_work_done_at_the_screen() -> None:
    def slow(env: Any, flow: Any) -> Generator[Any, None, None]:
        yield env.timeout(5)
        flow.set_factor("care", 3.0)
        yield env.timeout(20)
        flow.set_factor("care", 1.0)

    played = play(a_queue((0, 10, 30), "10 min", screen=0.25), during=slow)
    assert played.at("care", "ended") == [10, 25, 40]  # the first had begun; the second takes 10 * (.75 + .25 * 3)


@pytest.mark.parametrize("priorities", [1, 3])
def test_a_backlog_costs_no_more_for_each_patient_when_it_is_ten_times_as_long(priorities: int) -> None:
    """A queue that is sorted or searched costs ten times as much here; stopping and going on again costs its length once."""

    def seconds(patients: int) -> float:
        classes = {f"c{k}": {"title": "c", "share": 1, "priority": k} for k in range(priorities)}
        scenario = a_scenario(
            staff={"nurse": {"on_duty": 3}},
            activities={"care": {"needs": "nurse", "takes": "3 min", "patience": "exponential(60 d)"}, "wash": {"needs": "nurse", "takes": "3 min"}},
            pathways={"p": {"arrivals": {"every": f"{1 / patients!r} min", "at_most": patients}, "route": ["care", "wash"], "classes": classes}},
            horizon=3.0 * patients,
        )  # fmt: skip
        start = time.process_time()
        blocked(scenario, (2, "care", True), (3, "care", False), (4, "wash", True), (5, "wash", False))
        return time.process_time() - start

    small, large = (min(seconds(n) / n for _ in range(3)) for n in (1000, 10_000))
    assert large < 4 * small
