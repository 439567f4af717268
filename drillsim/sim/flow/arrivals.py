"""When patients and orders come: minutes since StartEx, with luck that stays with the time of day and with the patient's number."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from drillsim import units
from drillsim.errors import SimulationError, Wrong
from drillsim.model.care import Arrivals, hour_span
from drillsim.sim.calendar import Calendar
from drillsim.sim.draws import Floats, draw
from drillsim.sim.luck import Streams

Numbers = NDArray[np.int64]
MOST = 20_000_000  # arrivals of one pathway in one run


def arrivals(record: Arrivals, pathway: str, streams: Streams, calendar: Calendar) -> tuple[Floats, Numbers]:
    """(minutes, numbers) of everyone who comes from ``began`` until before ``horizon``, in order of time.

    Numbers count from 0 in order of arrival; scheduled patients have the number of their slot, so who misses one leaves a gap and nobody
    else's luck moves.
    """
    if record.scheduled:
        minutes, numbers = _scheduled(record, pathway, streams, calendar)
    else:
        minutes = _stream(record, pathway, streams, calendar)
        numbers = np.arange(len(minutes))
    within = (minutes >= calendar.began) & (minutes < calendar.horizon)
    minutes, numbers = minutes[within][: record.at_most], numbers[within][: record.at_most]
    return minutes, numbers if record.scheduled else np.arange(len(minutes))


def _stream(record: Arrivals, pathway: str, streams: Streams, calendar: Calendar) -> Floats:
    if record.at is not None:
        return np.sort(np.array(record.at))
    name, length = f"pathway {pathway} arrivals", calendar.horizon - calendar.began
    if record.every is not None:
        every = record.every
        return calendar.began + _sums(lambda n: draw(every, streams(name), n), length, every.mean, record.at_most)
    if record.rate is not None:
        moments, expected = np.array([calendar.began, calendar.horizon]), np.array([0.0, record.rate * length])
    else:
        moments, expected = profile(record, calendar)
    sums = _sums(lambda n: streams(name).standard_exponential(n), expected[-1], 1.0, record.at_most)
    return np.interp(sums, expected, moments)


def profile(record: Arrivals, calendar: Calendar) -> tuple[Floats, Floats]:
    """(moments, expected): how many are expected from ``began`` until each of these moments; linear in between.

    A Poisson stream whose rate changes is a Poisson stream of rate 1 on the scale of what is expected, read backwards: exact at every
    minute, and a change of the afternoon's rate leaves the morning's patients alone.
    """
    began, horizon = calendar.began, calendar.horizon
    moments, expected = [began], [0.0]
    for day in range(calendar.number(began), calendar.number(horizon) + 1):
        midnight = calendar.midnight + day * units.DAY
        for start, end, patients in _hours(record):
            first, last = max(midnight + start, began), min(midnight + end, horizon)
            if first < last:
                share = (last - first) / (end - start)
                moments += [first, last]
                expected += [expected[-1], expected[-1] + patients * share * factor(record, calendar.day(day))]
    return np.array([*moments, horizon]), np.array([*expected, expected[-1]])


def factor(record: Arrivals, day: int) -> float:
    """The factor of this kind of day (0 Monday … 7 holiday) on ``per_day``: of the last line that names it, else 1."""
    found = 1.0
    for days, value in record.weekdays.items():
        if day in units.days_of(days):
            found = value
    return found


def _hours(record: Arrivals) -> list[tuple[float, float, float]]:
    """(start, end, patients) of each span of a day whose factor is 1, by start."""
    per_day, total = record.per_day or 0.0, sum(record.hours.values())
    if not record.hours:
        return [(0.0, units.DAY, per_day)]
    return sorted((*hour_span(hours), per_day * share / total) for hours, share in record.hours.items())


def _sums(first: Callable[[int], Floats], until: float, mean: float, at_most: int | None) -> Floats:
    """Sums of successive draws, as many as stay below ``until`` (or ``at_most``); ``first(n)`` gives the first n draws."""
    if at_most is not None:
        return np.cumsum(first(at_most))
    if until <= 0:
        return np.empty(0)
    expected = until / mean if mean > 0 else MOST
    n = 64 + int(expected + 4 * expected**0.5)
    while n < MOST:
        sums = np.cumsum(first(n))
        if sums[-1] >= until:
            return sums
        n *= 2
    raise too_many()


def too_many() -> SimulationError:
    """More than ``MOST`` arrivals of one pathway: memory would not hold them."""
    said = "more than {most:,} would arrive in one pathway; give 'at_most', or a shorter horizon or warm-up"
    return SimulationError(Wrong(said, most=MOST), 0.0)


def _scheduled(record: Arrivals, pathway: str, streams: Streams, calendar: Calendar) -> tuple[Floats, Numbers]:
    """Slots spread evenly over each day's profile; kept or missed, early or late, by the slot's number from the day the run began."""
    found = [np.empty(0)]
    hours = _hours(record)
    ends = np.array([minute for start, end, _ in hours for minute in (start, end)])
    expected = np.repeat(np.cumsum([0.0, *(patients for _, _, patients in hours)]), 2)[1:-1]
    days = range(calendar.number(calendar.began), calendar.number(calendar.horizon) + 1)
    if len(days) * (record.per_day or 0.0) > MOST:
        raise too_many()
    for day in days:
        n = round((record.per_day or 0.0) * factor(record, calendar.day(day)))
        quantiles = (np.arange(n) + 0.5) / max(n, 1) * expected[-1]
        found.append(calendar.midnight + day * units.DAY + np.interp(quantiles, expected, ends))
    slots = np.concatenate(found)
    late = record.punctuality_sd * streams(f"pathway {pathway} punctuality").standard_normal(len(slots))
    kept = np.flatnonzero(streams(f"pathway {pathway} no show").random(len(slots)) >= record.no_show)
    minutes = (slots + late)[kept]
    order = np.argsort(minutes, kind="stable")
    return minutes[order], kept[order]
