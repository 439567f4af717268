"""Hours of the week become minutes since StartEx: overnight, past midnight, over the week's end, on holidays."""

from __future__ import annotations

from typing import Any

import pytest

from drillsim.sim.calendar import Calendar, Shift
from tests.builder import a_scenario

H, DAY = 60.0, 1440.0


def a_calendar(
    start: str = "2026-03-09 07:00", began: float = 0.0, horizon: float = 7 * DAY, **hospital: Any
) -> Calendar:
    """2026-03-09 is a Monday."""
    scenario = a_scenario(start=start, horizon=horizon, hospital=hospital)
    return Calendar(scenario.hospital, scenario.start_time, began, horizon)


def test_a_day_shift_starts_and_ends_at_its_hours() -> None:
    shifts = a_calendar(horizon=2 * DAY).shifts({"mon-fri 08:00-17:30": 3})
    assert shifts == [
        Shift(H, 10.5 * H, 3, "mon-fri 08:00-17:30", H),
        Shift(25 * H, 34.5 * H, 3, "mon-fri 08:00-17:30", 25 * H),
    ]


def test_a_night_shift_that_began_yesterday_is_on_duty_now() -> None:
    calendar = a_calendar(start="2026-03-09 02:00", horizon=DAY)
    assert calendar.capacity({"22:00-06:00": 2}) == [(0.0, 2), (4 * H, 0), (20 * H, 2)]


def test_shifts_are_clipped_to_the_start_of_the_run_but_not_at_its_end() -> None:
    calendar = a_calendar(start="2026-03-09 23:00", began=-30.0, horizon=H)
    assert calendar.shifts({"22:00-06:00": 1}) == [Shift(-30.0, 7 * H, 1, "22:00-06:00", -H)]


def test_a_sunday_night_shift_runs_into_monday_and_no_other_night_does() -> None:
    calendar = a_calendar(start="2026-03-15 20:00", horizon=3 * DAY)  # a Sunday
    assert calendar.capacity({"sun 22:00-06:00": 1}) == [(0.0, 0), (2 * H, 1), (10 * H, 0)]


def test_hours_to_24_00_end_at_midnight_and_those_from_00_00_begin_there() -> None:
    calendar = a_calendar(start="2026-03-09 12:00", horizon=DAY)
    assert calendar.capacity({"16:00-24:00": 1, "00:00-08:00": 1}) == [(0.0, 0), (4 * H, 1), (20 * H, 0)]


def test_people_of_one_roster_line_after_the_other_are_two_shifts_and_one_capacity() -> None:
    calendar = a_calendar(horizon=DAY, rosters={"day": ["08:00-12:00", "12:00-16:00"]})
    assert [s[:3] for s in calendar.shifts({"day": 2})] == [(H, 5 * H, 2), (5 * H, 9 * H, 2)]
    assert calendar.capacity({"day": 2}) == [(0.0, 0), (H, 2), (9 * H, 0)]


def test_spans_of_one_roster_that_overlap_are_the_same_people() -> None:
    calendar = a_calendar(horizon=DAY, rosters={"day": ["08:00-13:00", "12:00-16:00"]})
    assert calendar.capacity({"day": 2}) == [(0.0, 0), (H, 2), (9 * H, 0)]


def test_lines_that_overlap_add_up() -> None:
    calendar = a_calendar(horizon=DAY)
    assert calendar.capacity({"always": 1, "08:00-12:00": 2, "10:00-14:00": 4}) == [
        (0.0, 1), (H, 3), (3 * H, 7), (5 * H, 5), (7 * H, 1)]  # fmt: skip


def test_a_line_of_nobody_is_no_shift() -> None:
    assert a_calendar().shifts({"08:00-12:00": 0}) == []
    assert a_calendar().capacity({"08:00-12:00": 0}) == [(0.0, 0)]


def test_a_holiday_is_no_weekday() -> None:
    calendar = a_calendar(horizon=2 * DAY, calendar={"holidays": ["2026-03-09"]})
    assert calendar.capacity({"mon-fri 08:00-12:00": 5, "holidays 08:00-10:00": 1}) == [
        (0.0, 0), (H, 1), (3 * H, 0), (25 * H, 5), (29 * H, 0)]  # fmt: skip
    assert calendar.on("all 08:00-12:00", 2 * H)


def test_a_night_that_begins_on_a_holiday_is_the_holiday_s() -> None:
    calendar = a_calendar(start="2026-03-09 07:00", calendar={"holidays": ["2026-03-09"]})
    assert calendar.on("holidays 22:00-06:00", 20 * H)
    assert not calendar.on("holidays 22:00-06:00", 44 * H)


@pytest.mark.parametrize(
    ("minute", "there"), [(-H - 0.01, False), (-H, True), (0.0, True), (4 * H - 0.01, True), (4 * H, False)]
)
def test_a_span_includes_its_first_minute_and_not_its_last(minute: float, there: bool) -> None:
    assert a_calendar(began=-2 * H).on("06:00-11:00", minute) is there


def test_always_and_rosters_by_name() -> None:
    calendar = a_calendar(rosters={"office": "mon-fri 08:00-17:00"})
    assert calendar.on("always", 5.0)
    assert calendar.on("office", 2 * H)
    assert not calendar.on("office", 5 * DAY + 2 * H)


def test_on_and_capacity_agree_at_every_moment() -> None:
    calendar = a_calendar(began=-300.0, rosters={"odd": ["sat-mon 21:30-07:15", "wed 00:00-24:00", "fri 12:00-12:00"]})
    capacity = calendar.capacity({"odd": 1})
    for minute in range(-300, 7 * 1440, 7):
        number = next(n for moment, n in reversed(capacity) if moment <= minute)
        assert (number == 1) is calendar.on("odd", float(minute)), minute


def test_hours_and_days_of_minutes() -> None:
    calendar = a_calendar()
    assert calendar.hour(0.0) == 7
    assert calendar.hour(17 * H) == 0
    assert calendar.time_of_day(-8 * H) == 23 * H
    assert [calendar.day(calendar.number(m)) for m in (-8 * H, 0.0, 17 * H)] == [6, 0, 1]


def test_load_is_that_of_the_hour_and_0_3_where_none_is_given() -> None:
    calendar = a_calendar(load={"08:00-11:00": 1.0, "11:00-17:00": 0.6})
    assert [calendar.load(m) for m in (0.0, H, 4 * H - 1, 4 * H, 24 * H, 25 * H)] == [0.3, 1.0, 1.0, 0.6, 0.3, 1.0]
