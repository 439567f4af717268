"""Waits, queues and use of resources, against cases worked out by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drillsim.model.scenario import Scenario
from drillsim.score.care import most_at_once, quantile
from drillsim.score.replication import score
from drillsim.score.series import grid, quantities
from drillsim.score.view import Figures
from tests.builder import a_scenario
from tests.logs import a_log


def one_server(horizon: float = 20.0, **parts: Any) -> Scenario:
    """One worker, one activity, one pathway."""
    return a_scenario(
        staff={"w": parts.pop("w", {})},
        activities={"a": {"needs": "w", "takes": 3.0, **parts.pop("activity", {})}},
        pathways={"p": {"arrivals": {"at": [0.0]}, "route": ["a"], **parts.pop("pathway", {})}},
        horizon=horizon,
        **parts,
    )


def on_duty(*changes: tuple[float, float]) -> list[tuple[Any, ...]]:
    return [(minute, "on_duty", "w", "roster", "", number) for minute, number in changes]


def figures(scenario: Scenario, visits: list[dict[str, Any]], events: list[Any] | None = None, **more: Any) -> Figures:
    patients = more.pop(
        "patients",
        [
            {"arrived": v["asked"], "ended": v.get("ended", math.nan), "outcome": v.get("outcome", "served")}
            for v in visits
        ],
    )
    for patient in patients:
        if patient.get("outcome") in ("waiting", "in_service"):
            patient["outcome"] = "there"
    visits = [{"activity": "a", **visit} for visit in visits]
    return score(
        scenario, a_log(scenario, events=events or on_duty((0, 1)), visits=visits, patients=patients, **more)
    ).figures


SMALL_QUEUE = [
    {"asked": a, "started": b, "ended": c} for a, b, c in ((0, 0, 3), (1, 3, 7), (2, 7, 12), (12, 12, 13), (13, 13, 14))
]


def test_the_small_queue_by_hand_has_its_figures() -> None:
    """Arrivals 0, 1, 2, 12, 13; services 3, 4, 5, 1, 1; horizon 20: waits 0, 2, 5, 0, 0; mean queue .35; utilisation .7."""
    found = figures(one_server(), SMALL_QUEUE)
    assert found["activity", "a", "wait_mean"] == pytest.approx(7 / 5)
    assert found["activity", "a", "wait_p90"] == pytest.approx(3.8)
    assert found["activity", "a", "waited"] == pytest.approx(0.4)
    assert found["activity", "a", "queue_mean"] == pytest.approx(0.35)
    assert found["activity", "a", "queue_most"] == 2
    assert found["resource", "w", "utilisation"] == pytest.approx(0.7)
    assert found["pathway", "p", "minutes_mean"] == pytest.approx((3 + 6 + 10 + 1 + 1) / 5)


def test_littles_law_holds_to_rounding() -> None:
    found = figures(one_server(), SMALL_QUEUE)
    assert found["pathway", "p", "in_system"] * 20 == pytest.approx(3 + 6 + 10 + 1 + 1, rel=1e-12)


def test_a_capacity_that_varies_stands_in_the_denominator() -> None:
    """One server on shift 0 to 5 and 9 to 40, a job at 1 with 10 of work, resumed: busy 10 of 36."""
    scenario = one_server(40.0, w={"at_shift_end": "stop"})
    visits = [{"asked": 1, "started": 1, "ended": 15, "paused": 4}]
    found = figures(scenario, visits, on_duty((0, 1), (5, 0), (9, 1)))
    assert found["resource", "w", "busy"] == 10
    assert found["resource", "w", "utilisation"] == pytest.approx(10 / 36)


def test_those_who_stay_to_finish_count_as_on_duty_and_never_pass_one() -> None:
    found = figures(one_server(), [{"asked": 1, "started": 1, "ended": 11}], on_duty((0, 1), (5, 0)))
    assert found["resource", "w", "busy"] == 10
    assert found["resource", "w", "utilisation"] == pytest.approx(10 / 11)


def test_only_what_lies_within_the_window_counts() -> None:
    """The warm-up is before StartEx: whoever asked there is in the queue afterwards, but not among those who asked."""
    scenario = one_server(warm_up=100.0)
    visits = [
        {"asked": -10, "started": -10, "ended": 4},
        {"asked": -5, "started": 4, "ended": 7},
        {"asked": 1, "started": 7, "ended": 9},
    ]
    found = figures(scenario, visits, [(-100, "on_duty", "w", "roster", "", 1)])
    assert found["activity", "a", "arrived"] == 1
    assert found["activity", "a", "wait_mean"] == 6
    assert found["activity", "a", "queue_mean"] == pytest.approx((4 + 6) / 20)
    assert found["resource", "w", "utilisation"] == pytest.approx(9 / 20)
    assert found["pathway", "p", "in_system"] == pytest.approx((4 + 7 + 8) / 20)


def test_who_still_waits_at_the_end_counts_with_the_wait_so_far() -> None:
    visits = [{"asked": 0, "started": 0}, {"asked": 5, "outcome": "waiting"}]
    visits[0]["outcome"] = "in_service"
    found = figures(one_server(), visits)
    assert found["activity", "a", "wait_mean"] == 7.5
    assert (found["activity", "a", "served"], found["pathway", "p", "there"]) == (0, 2)
    assert found["resource", "w", "utilisation"] == 1


def test_who_left_counts_with_the_wait_until_then_and_who_was_turned_away_does_not() -> None:
    visits = [
        {"asked": 0, "started": 0, "ended": 20},
        {"asked": 2, "ended": 12, "outcome": "left"},
        {"asked": 3, "ended": 3, "outcome": "turned_away"},
        {"asked": 4, "ended": 4, "outcome": "turned_away"},
    ]
    found = figures(one_server(), visits)
    assert found["activity", "a", "wait_mean"] == 5
    assert (found["activity", "a", "left_share"], found["activity", "a", "turned_away_share"]) == (0.25, 0.5)
    assert (found["patients", "patients", "left"], found["patients", "patients", "turned_away"]) == (1, 2)


def test_what_was_skipped_on_paper_is_no_visit() -> None:
    visits = [{"asked": 0, "started": 0, "ended": 2}, {"asked": 5, "started": 5, "ended": 5, "mode": 2}]
    assert figures(one_server(), visits)["activity", "a", "arrived"] == 1


def test_nobody_came_is_missing_not_zero() -> None:
    found = figures(one_server(), [])
    assert found["activity", "a", "arrived"] == 0
    assert math.isnan(found["activity", "a", "wait_mean"])
    assert math.isnan(found["pathway", "p", "minutes_mean"])


def test_two_of_a_resource_at_a_time_count_twice() -> None:
    scenario = one_server(activity={"needs": {"w": 2}}, w={"on_duty": 4})
    found = figures(scenario, [{"asked": 0, "started": 0, "ended": 10}], on_duty((0, 4)))
    assert found["resource", "w", "utilisation"] == pytest.approx(20 / 80)


def test_a_kept_bed_is_busy_until_it_is_freed_or_the_patient_goes() -> None:
    scenario = a_scenario(
        equipment={"bed": {"on_duty": 2}},
        activities={"admit": {"needs": "bed", "keeps": "bed", "takes": 1.0}, "leave": {"frees": "bed", "takes": 1.0}},
        pathways={"p": {"arrivals": {"at": [0.0]}, "route": ["admit", "leave"]}},
        horizon=20.0,
    )
    visits = [
        {"patient": -1, "activity": "admit", "asked": 0, "started": 0, "ended": 1},
        {"patient": -1, "activity": "leave", "asked": 7, "started": 7, "ended": 8},
        {"patient": 4, "activity": "admit", "asked": 2, "started": 2, "ended": 3},
    ]
    patients = [{"patient": -1, "arrived": 0, "ended": 9}, {"patient": 4, "arrived": 2, "outcome": "there"}]
    found = figures(scenario, visits, [(0, "on_duty", "bed", "roster", "", 2)], patients=patients)
    assert found["resource", "bed", "busy"] == 8 + 18


def test_classes_have_figures_of_their_own() -> None:
    classes = {"red": {"title": "red", "share": 1}, "green": {"title": "green", "share": 1}}
    scenario = one_server(pathway={"classes": classes})
    patients = [
        {"arrived": 0, "ended": 3, "class": "red"},
        {"arrived": 1, "ended": 7, "class": "green"},
        {"arrived": 2, "ended": 12, "class": "green"},
    ]
    found = figures(scenario, SMALL_QUEUE[:3], patients=patients)
    assert [found["class", f"p:{kind}", "wait_mean"] for kind in classes] == [0, 3.5]
    assert [found["class", f"p:{kind}", "minutes_mean"] for kind in classes] == [3, 8]


def a_chain() -> Scenario:
    return a_scenario(
        activities={"test": {"takes": 1.0}, "call": {"takes": 1.0}},
        pathways={"p": {"arrivals": {"at": [0.0]}, "route": ["test", "call"]}},
        indicators={
            "late_call": {"pathways": "p", "start": "test", "until": "call", "limit": 30.0, "until_its": "start"}
        },
        horizon=100.0,
    )


def test_a_delay_counts_from_the_end_of_one_stop_and_those_who_never_got_there_count_with_what_is_known() -> None:
    visits = [
        {"patient": 0, "activity": "test", "asked": 0, "started": 0, "ended": 5},
        {"patient": 0, "activity": "call", "asked": 5, "started": 35, "ended": 36},  # 30: not over
        {"patient": 1, "activity": "test", "asked": 0, "started": 0, "ended": 5},
        {"patient": 1, "activity": "call", "asked": 5, "started": 36, "ended": 37},  # 31: over
        {"patient": 2, "activity": "test", "asked": 0, "started": 0, "ended": 60},  # waits 40 until EndEx: over
        {"patient": 3, "activity": "test", "asked": 0, "started": 0, "ended": 80},  # 20 until EndEx: not over
        {"patient": 4, "activity": "test", "asked": 0, "started": 0, "ended": 10},  # gone after 12: not over
        {"patient": 5, "activity": "test", "asked": 0, "started": 90},  # not counted: the test goes on
    ]
    visits[-1]["outcome"] = "in_service"
    patients = [{"arrived": 0, "ended": e} for e in (36, 37)] + [{"arrived": 0, "outcome": "there"}] * 2
    patients += [{"arrived": 0, "ended": 22, "outcome": "left"}, {"arrived": 0, "outcome": "there"}]
    found = figures(a_chain(), visits, patients=patients)
    assert (found["indicator", "late_call", "counted"], found["indicator", "late_call", "over"]) == (5, 2)


def test_whose_route_did_not_lead_to_the_second_stop_does_not_count() -> None:
    visits = [{"patient": 0, "activity": "test", "asked": 0, "started": 0, "ended": 5}]
    found = figures(a_chain(), visits, patients=[{"arrived": 0, "ended": 80}])
    assert found["indicator", "late_call", "counted"] == 0


def test_a_second_time_at_a_stop_counts_from_the_first() -> None:
    visits = [
        {"patient": 0, "activity": "call", "asked": 0, "started": 1, "ended": 2},
        {"patient": 0, "activity": "test", "asked": 2, "started": 2, "ended": 5},
        {"patient": 0, "activity": "call", "asked": 5, "started": 50, "ended": 51},
    ]
    found = figures(a_chain(), visits, patients=[{"arrived": 0, "ended": 60}])
    assert found["indicator", "late_call", "over"] == 1


def test_series_count_those_who_wait_just_after_each_minute() -> None:
    scenario = one_server()
    log = a_log(scenario, events=on_duty((0, 1)), visits=[{"activity": "a", **v} for v in SMALL_QUEUE],
                patients=[{"arrived": v["asked"], "ended": v["ended"]} for v in SMALL_QUEUE])  # fmt: skip
    rows = score(scenario, log).series
    assert rows is not None
    of = {(q.kind, q.id): row for q, row in zip(quantities(scenario), rows, strict=True)}
    assert of["queue", "a"][:9].tolist() == [0, 1, 2, 1, 1, 1, 1, 0, 0]
    assert of["in_system", "p"][:9].tolist() == [1, 2, 3, 2, 2, 2, 2, 1, 1]
    assert rows.shape[1] == len(grid(20.0)) == 21


@pytest.mark.parametrize(("horizon", "step"), [(20.0, 1.0), (840.0, 10.0), (1440.0, 15.0), (525600.0, 7200.0)])
def test_the_grid_has_round_steps_and_at_most_97_points(horizon: float, step: float) -> None:
    minutes = grid(horizon)
    assert minutes[1] - minutes[0] == step
    assert len(minutes) <= 97
    assert minutes[-1] <= horizon


values = st.lists(st.floats(0, 1e4, allow_nan=False), min_size=1, max_size=40).map(np.array)


@given(values, st.floats(0, 1))
def test_quantiles_are_numpys(found: np.ndarray, share: float) -> None:
    assert quantile(found, share) == pytest.approx(float(np.quantile(found, share)), rel=1e-9, abs=1e-9)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 20)), max_size=30))
def test_the_most_at_one_time_is_found_at_some_beginning(pairs: list[tuple[int, int]]) -> None:
    start = np.array([a for a, _ in pairs], float)
    end = np.array([a + b for a, b in pairs], float)
    expected = max((int(((start <= m) & (end > m)).sum()) for m in start if m < 40), default=0)
    assert most_at_once(start, end, 0.0, 40.0) == expected
