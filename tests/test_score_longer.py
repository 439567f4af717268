"""What an outage does to patients who are still there, or have left, when the exercise ends: worked out by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drillsim.model.scenario import Scenario
from drillsim.report import figures, findings
from drillsim.score.replication import Scored, score
from drillsim.score.summaries import Asked, summarise
from drillsim.score.summary import Summary
from tests.builder import a_scenario
from tests.logs import a_log

HORIZON = 600.0


def two_streams(**more: Any) -> Scenario:
    """Appointments and walk-ins at one counter, both of patients, and orders beside them."""
    streams = {
        name: {"arrivals": {"at": [0.0]}, "route": ["a"], **kind}
        for name, kind in (("booked", {}), ("walk_in", {}), ("order", {"of": "orders"}))
    }
    return a_scenario(staff={"w": {}}, activities={"a": {"needs": "w", "takes": 3.0}}, pathways=streams, horizon=HORIZON, faults=[{"id": "f", "target": "his", "at": "+60 min"}], systems={"his": {"kind": "application"}}, **more)  # fmt: skip


def patient(
    number: int, arrived: float, ended: float | None, outcome: str = "served", of: str = "booked"
) -> dict[str, Any]:
    return {"patient": number, "pathway": of, "arrived": arrived, "ended": math.nan if ended is None else ended, "outcome": outcome}  # fmt: skip


def day(scenario: Scenario, now: list[dict[str, Any]], then: list[dict[str, Any]], number: int = 1) -> Scored:
    """One run of a day with the fault (minute 60) and the same day without it."""
    fault = [(60.0, "fault", "f", "began", "his", 1.0), (60.0, "reached", "failed")]
    return score(
        scenario,
        a_log(scenario, events=fault, patients=now, replication=number),
        a_log(scenario, patients=then, replication=number),
    )


def summed(scenario: Scenario, scored: list[Scored]) -> Summary:
    return summarise(scenario, scored, Asked(name="s", replications=len(scored), seed=1))


THEN = [patient(n, 10.0 * n, 10.0 * n + 30) for n in range(5)]


def test_an_outage_that_is_open_at_the_end_makes_no_visit_shorter() -> None:
    """Two are served as fast as ever or a little faster, three are still there: the median of those served is 30 → 28, and yet nobody gains.

    The same patients: -2, -2, and at least 600 - (20, 30, 40) - 30 = 550, 540, 530 longer, so half of them by at least 530.
    """
    scenario = two_streams()
    now = [patient(0, 0, 28), patient(1, 10, 38), *(patient(n, 10.0 * n, None, "there") for n in (2, 3, 4))]
    found = day(scenario, now, THEN).figures
    assert found["pathway", "booked", "minutes_median"] == 28
    assert found["pathway", "booked", "longer_median"] == 530
    assert found["pathway", "booked", "longer_at_least"] == 1
    assert found["pathway", "booked", "longer_mean"] == pytest.approx((-2 - 2 + 550 + 540 + 530) / 5)
    assert found["pathway", "booked", "longer_unfinished"] == 3


def test_a_median_below_those_who_did_not_finish_is_exact() -> None:
    scenario = two_streams()
    now = [patient(n, 10.0 * n, 10.0 * n + 30 + 5 * n) for n in range(4)] + [patient(4, 40, None, "there")]
    found = day(scenario, now, THEN).figures
    assert (found["pathway", "booked", "longer_median"], found["pathway", "booked", "longer_at_least"]) == (10, 0)


def test_who_left_took_at_least_until_then() -> None:
    """Four of five give up after 50 minutes: at least 20 longer than the 30 they would have taken."""
    scenario = two_streams()
    now = [patient(n, 10.0 * n, 10.0 * n + 50, "left") for n in range(4)] + [patient(4, 40, 70)]
    found = day(scenario, now, THEN).figures
    assert (found["pathway", "booked", "longer_median"], found["pathway", "booked", "longer_at_least"]) == (20, 1)


def test_who_is_not_served_on_either_day_is_not_compared() -> None:
    """Whoever comes shortly before the end is still there on both days, which says nothing of the fault."""
    scenario = two_streams()
    late = patient(9, 590, None, "there")
    found = day(scenario, [*THEN, late], [*THEN, late]).figures
    assert found["pathway", "booked", "longer_median"] == found["pathway", "booked", "longer_mean"] == 0
    assert (found["pathway", "booked", "longer_at_least"], found["pathway", "booked", "longer_unfinished"]) == (0, 0)


def test_patients_are_paired_by_number_whatever_their_order() -> None:
    scenario = two_streams()
    now = [patient(n, 10.0 * n, 10.0 * n + 30 + n) for n in (3, 1, 4, 0, 2)]
    assert day(scenario, now, THEN).figures["pathway", "booked", "longer_median"] == 2


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 400), st.floats(1, 150), st.floats(0, 300), st.booleans()), min_size=1, max_size=25))  # fmt: skip
def test_what_is_told_as_at_least_never_passes_the_truth(given: list[tuple[float, float, float, bool]]) -> None:
    """Whoever is cut off at the end would in truth have taken longer: the figure is a lower bound of the true median and mean."""
    scenario = two_streams()
    then = [patient(n, a, a + t) for n, (a, t, _, _) in enumerate(given)]
    truth = np.array([more for _, _, more, _ in given])
    now = []
    for n, (a, t, more, leaves) in enumerate(given):
        end = a + t + more
        gone = a + (t + more) * 0.5
        if leaves:
            now.append(patient(n, a, min(gone, HORIZON), "left"))
        else:
            now.append(patient(n, a, end if end <= HORIZON else None, "served" if end <= HORIZON else "there"))
    found = day(scenario, now, then).figures
    low = found["pathway", "booked", "longer_median"]
    assert low <= np.median(truth) + 1e-6
    assert found["pathway", "booked", "longer_mean"] <= truth.mean() + 1e-6
    if not found["pathway", "booked", "longer_at_least"]:
        assert low == pytest.approx(np.median(truth), abs=0.5 + 1e-6)


def three_days(scenario: Scenario) -> Summary:
    """In each run 2 of 5 booked patients and 3 of 4 walk-ins leave with the fault, and one of each is still there; nobody otherwise."""
    then = [*THEN, *(patient(n, 5.0 * n, 5.0 * n + 20, of="walk_in") for n in range(4)), patient(0, 0, 10, of="order")]
    now = [patient(n, 10.0 * n, 10.0 * n + 40, "left") for n in range(2)]
    now += [patient(2, 20, 90), patient(3, 30, 100), patient(4, 40, None, "there")]
    now += [patient(n, 5.0 * n, 5.0 * n + 40, "left", of="walk_in") for n in range(3)]
    now += [patient(3, 15, None, "there", of="walk_in"), patient(0, 0, 12, "left", of="order")]
    return summed(scenario, [day(scenario, now, then, n) for n in (1, 2, 3)])


def test_walk_outs_of_all_patients_are_told_with_the_stream_hit_most() -> None:
    """5 patients leave (2 booked, 3 walk-ins); the order that was given up is no patient."""
    summary = three_days(two_streams())
    assert summary.patients is not None
    assert summary.patients.left_difference is not None
    assert (summary.patients.left_difference.value, summary.patients.most_left) == (5, "walk_in")
    said = findings.patients(summary, "en")
    assert "5 more leave without being seen, 3 of them: walk_in" in said
    key = next(f for f in figures.key_figures(summary, two_streams()) if f.label == "Leave without being seen")
    assert (key.value, key.trace) == ("+5", "patients.left_difference")
    assert "all patients" in key.detail
    assert key.detail.endswith("3 of them: walk_in")


def test_those_still_there_are_named_beside_a_visit_that_is_at_least_so_much_longer() -> None:
    """Booked: at least +10, +10 (left), +40, +40, at least +530 (there): the middle is 40, and could be more, were those who left counted on."""
    summary = three_days(two_streams())
    booked = next(p for p in summary.pathways if p.id == "booked")
    assert booked.median_difference is not None
    assert (booked.median_difference.value, booked.at_least) == (40, ["minutes_difference", "median_difference"])
    said = findings.patients(summary, "en")
    assert "booked: a typical visit at least +40 min" in said
    assert "2 are still there at the end (0 otherwise)" in said
    assert "结束时仍有 2 人未离院（无故障时 0 人）" in findings.patients(summary, "zh")
    assert figures.key_figures(summary, two_streams())[0].value == "≥ +40 min"


def test_everybody_who_came_counts_until_they_left_or_the_end() -> None:
    """Two arms are compared by the time of all who came: 50, 30 and, still there, 600 - 20."""
    scenario = two_streams()
    now = [patient(0, 0, 50, "left"), patient(1, 10, 40), patient(2, 20, None, "there")]
    assert day(scenario, now, THEN).figures["pathway", "booked", "minutes_all"] == pytest.approx((50 + 30 + 580) / 3)
