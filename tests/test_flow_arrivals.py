"""Arrivals come when the words say, hour by hour, and their luck stays with the time of day."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from drillsim.errors import SimulationError
from drillsim.model.care import Arrivals
from drillsim.sim.calendar import Calendar
from drillsim.sim.flow.arrivals import arrivals
from drillsim.sim.luck import Streams
from tests.builder import a_scenario

DAY = 1440.0


def come(
    seed: int = 1,
    start: str = "2026-03-09 00:00",
    began: float = 0.0,
    horizon: float = DAY,
    holidays: Any = (),
    **record: Any,
) -> tuple[np.ndarray, np.ndarray]:
    scenario = a_scenario(start=start, horizon=horizon, hospital={"calendar": {"holidays": list(holidays)}})
    calendar = Calendar(scenario.hospital, scenario.start_time, began, horizon)
    return arrivals(Arrivals.model_validate(record), "p", Streams(seed, 0), calendar)


HOURS = {"00:00-06:00": 5, "07:00-09:00": 40, "09:00-12:00": 35, "13:30-17:00": 20}


def test_patients_come_hour_by_hour_as_the_profile_says() -> None:
    runs = 300
    counted = sum(
        np.histogram(come(seed, per_day=400, hours=HOURS)[0], bins=24, range=(0, DAY))[0] for seed in range(runs)
    )
    expected = np.zeros(24)
    for hours, share in HOURS.items():
        first, last = (int(t[:2]) + int(t[3:]) / 60 for t in hours.split("-"))
        for hour in range(24):
            expected[hour] += (
                400 * runs * share / 100 * max(0.0, min(last, hour + 1) - max(first, hour)) / (last - first)
            )
    assert counted[expected == 0].tolist() == [0] * int((expected == 0).sum())
    z = (counted - expected)[expected > 0] / np.sqrt(expected[expected > 0])
    assert np.abs(z).max() < 3.6
    assert (z**2).sum() < 45.3  # chi-square with 18 hours, 99.95 %


def test_the_number_of_a_day_varies_as_a_poisson_number_does() -> None:
    counts = np.array([len(come(seed, per_day=100, hours=HOURS)[0]) for seed in range(600)])
    assert counts.mean() == pytest.approx(100, abs=4 * math.sqrt(100 / 600))
    assert counts.var() == pytest.approx(100, rel=4 * math.sqrt(2 / 600))


def test_days_have_their_factors_and_holidays_theirs() -> None:
    runs = 60
    counted = sum(
        np.histogram(
            come(seed, horizon=7 * DAY, holidays=["2026-03-11"], per_day=200,
                 weekdays={"mon": 1.5, "sat,sun": 0.25, "holidays": 0.5})[0],
            bins=7, range=(0, 7 * DAY))[0]
        for seed in range(runs)
    )  # fmt: skip
    expected = runs * 200 * np.array([1.5, 1, 0.5, 1, 1, 0.25, 0.25])
    assert (np.abs(counted - expected) < 4 * np.sqrt(expected)).all()


def test_the_last_line_that_names_a_day_counts() -> None:
    record = Arrivals.model_validate({"per_day": 10, "weekdays": {"all": 2, "sat": 3}})
    from drillsim.sim.flow.arrivals import factor

    assert [factor(record, day) for day in (0, 5, 7)] == [2, 3, 2]


def test_a_changed_afternoon_leaves_the_morning_s_patients_alone() -> None:
    morning = {"06:00-12:00": 60}
    first, _ = come(per_day=300, hours={**morning, "12:00-18:00": 40})
    second, _ = come(per_day=260, hours={**morning, "12:00-15:00": 18})  # 200 in the morning and 60 later
    third, _ = come(per_day=200, hours=morning)
    before = first[first < 720]
    assert len(before) > 100
    assert second[second < 720] != pytest.approx(before)  # other shares, so another rate in the morning
    assert third == pytest.approx(come(per_day=300, hours={"06:00-12:00": 60, "12:00-18:00": 30})[0][: len(third)])


def test_a_longer_run_begins_with_the_same_patients() -> None:
    short, _ = come(per_day=300, hours=HOURS)
    long, _ = come(per_day=300, hours=HOURS, horizon=3 * DAY)
    assert (long[: len(short)] == short).all()


def test_a_constant_rate_is_a_poisson_stream() -> None:
    minutes, _ = come(rate="30 per h", horizon=20_000.0)
    gaps = np.diff(minutes)
    assert gaps.mean() == pytest.approx(2.0, abs=4 * 2 / 100)
    assert gaps.std() == pytest.approx(2.0, rel=0.06)


def test_listed_times_are_kept_and_sorted_and_end_at_the_horizon() -> None:
    assert come(at=["30 min", "10 min", "50 min", "60 min"], horizon=60.0)[0].tolist() == [10, 30, 50]


def test_every_counts_the_first_arrival_from_the_start_of_the_run() -> None:
    assert come(every="listed(5 min, 7 min, 1 min)", began=-10.0, horizon=20.0)[0].tolist() == [-5, 2, 3, 8, 15, 16]


def test_at_most_ends_a_stream() -> None:
    assert come(every="10 min", at_most=3)[0].tolist() == [10, 20, 30]
    assert come(rate="1 per h", at_most=0)[0].tolist() == []
    assert come(at=["3 min", "1 min", "2 min"], at_most=2)[0].tolist() == [1, 2]
    assert come(per_day=24, scheduled=True, at_most=2)[0].tolist() == [30, 90]
    assert (come(rate="60 per h", at_most=5)[0] == come(rate="60 per h")[0][:5]).all()


def test_no_rate_no_arrivals() -> None:
    assert len(come(rate="0 per h")[0]) == len(come(per_day=0)[0]) == len(come(every="forever")[0]) == 0


def test_more_arrivals_than_a_run_can_hold_are_refused() -> None:
    with pytest.raises(SimulationError, match="give 'at_most'"):
        come(every="0.0001 s")


def test_slots_are_spread_over_the_profile_and_kept_to_the_minute() -> None:
    minutes, numbers = come(per_day=4, hours={"08:00-10:00": 3, "13:00-14:00": 1}, scheduled=True)
    assert minutes.tolist() == [500.0, 540.0, 580.0, 810.0]
    assert numbers.tolist() == [0, 1, 2, 3]


def test_who_misses_a_slot_moves_nobody_else() -> None:
    record: dict[str, Any] = {"per_day": 400, "hours": {"08:00-12:00": 1}, "scheduled": True, "punctuality_sd": 10.0}
    minutes, numbers = come(**record)
    fewer, kept = come(**record, no_show=0.2)
    assert len(kept) == pytest.approx(320, abs=4 * 8)
    where = dict(zip(numbers.tolist(), minutes.tolist(), strict=True))
    assert [where[n] for n in kept.tolist()] == fewer.tolist()
    assert (np.diff(fewer) >= 0).all()
    assert np.std(minutes - np.array([where[n] for n in numbers.tolist()])) == 0


def test_punctuality_spreads_patients_around_their_slots() -> None:
    record: dict[str, Any] = {"per_day": 1000, "hours": {"10:00-14:00": 1}, "scheduled": True}
    slots = dict(zip(*(a.tolist() for a in reversed(come(**record))), strict=True))
    minutes, numbers = come(**record, punctuality_sd=12.0)
    late = minutes - np.array([slots[n] for n in numbers.tolist()])
    assert late.std() == pytest.approx(12, rel=0.1)
    assert abs(late.mean()) < 4 * 12 / math.sqrt(1000)


def test_a_run_that_begins_at_noon_has_the_slots_of_the_afternoon() -> None:
    whole = dict(zip(*(a.tolist() for a in reversed(come(per_day=24, scheduled=True))), strict=True))
    half, numbers = come(per_day=24, scheduled=True, start="2026-03-09 12:00", horizon=720.0)
    assert numbers.tolist() == list(range(12, 24))
    assert half.tolist() == [whole[n] - 720 for n in numbers.tolist()]
