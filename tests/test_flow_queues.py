"""Queues with known answers, through scenarios in the words of the files: the exact value lies in a 99.9 % t interval over replications.

Each case says the half-width that the interval must not exceed, so that it judges. The quick form runs always; the long one, with a narrower
interval, is marked slow.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from drillsim.model.scenario import Scenario
from tests.builder import a_scenario
from tests.flow_driver import Played, play

REPLICATIONS = 20
T = 3.8834  # Student's t, 19 degrees of freedom, 99.9 %

Measure = Callable[[Played], float]


def a_station(
    rate: float,
    servers: int,
    takes: str,
    *,
    classes: dict[str, Any] | None = None,
    staff: dict[str, Any] | None = None,
    **activity: Any,
) -> Scenario:
    """Poisson arrivals (``rate`` a minute) at one pool."""
    return a_scenario(
        staff={"server": {"on_duty": servers, **(staff or {})}},
        activities={"service": {"needs": "server", "takes": takes, **activity}},
        pathways={"p": {"arrivals": {"rate": f"{rate * 60} per h"}, "route": ["service"], "classes": classes or {}}},
        warm_up=500.0,
    )


def judge(scenario: Scenario, minutes: float, claims: dict[str, tuple[Measure, float, float]]) -> None:
    """Each claim (measure, exact value, largest half-width): the exact value is in the interval, and the interval is narrow."""
    scenario = scenario.model_copy(update={"horizon": minutes})
    played = [play(scenario, seed=11, replication=k) for k in range(REPLICATIONS)]
    for name, (measure, exact, widest) in claims.items():
        values = np.array([measure(p) for p in played])
        half = T * values.std(ddof=1) / math.sqrt(REPLICATIONS)
        assert half <= widest, f"{name}: the interval is too wide to judge, ± {half:.4f}"
        assert abs(values.mean() - exact) <= half, f"{name}: {values.mean():.5f} ± {half:.5f}, expected {exact}"


def after_warm_up(played: Played) -> np.ndarray:
    return played.visits["asked"] >= 0


def mean_wait(played: Played) -> float:
    """Of everybody who asked, until served or gone."""
    v = played.visits
    until = np.where(np.isnan(v["started"]), v["ended"], v["started"])
    return float(np.nanmean((until - v["asked"])[after_warm_up(played)]))


def waited(played: Played) -> float:
    """Share of those served who waited."""
    v = played.visits
    served = after_warm_up(played) & ~np.isnan(v["started"])
    return float((v["started"] > v["asked"])[served].mean())


def share(outcome: int) -> Measure:
    return lambda played: float((played.visits["outcome"] == outcome)[after_warm_up(played)].mean())


def clipped(start: np.ndarray, end: np.ndarray, played: Played) -> float:
    """Minutes between starts and ends within [StartEx, horizon], summed."""
    horizon = played.flow.calendar.horizon
    first, last = np.maximum(start, 0.0), np.where(np.isnan(end), horizon, end)
    return float(np.maximum(last - first, 0.0).sum())


def mean_queue(played: Played) -> float:
    v = played.visits
    until = np.where(np.isnan(v["started"]), v["ended"], v["started"])
    return clipped(v["asked"], until, played) / played.flow.calendar.horizon


def utilisation(servers: int) -> Measure:
    def measured(played: Played) -> float:
        v = played.visits
        begun = ~np.isnan(v["started"])
        return clipped(v["started"][begun], v["ended"][begun], played) / played.flow.calendar.horizon / servers

    return measured


def time_in_system(name: str) -> Measure:
    def measured(played: Played) -> float:
        p = played.patients
        chosen = (p["class"] == played.names["class"].index(name)) & (p["arrived"] >= 0)
        return float(np.nanmean((p["ended"] - p["arrived"])[chosen]))

    return measured


SIZES = pytest.mark.parametrize(
    ("longer", "narrower"), [pytest.param(1, 1.0, id="quick"), pytest.param(16, 0.3, marks=pytest.mark.slow, id="long")]
)


@SIZES
def test_one_server_waits_as_mm1_says(longer: int, narrower: float) -> None:
    claims = {
        "wait": (mean_wait, 9.0, 1.1 * narrower),
        "queue": (mean_queue, 2.25, 0.29 * narrower),
        "utilisation": (utilisation(1), 0.75, 0.013 * narrower),
    }
    judge(a_station(1 / 4, 1, "exponential(3 min)"), 30_000.0 * longer, claims)


@SIZES
def test_three_servers_wait_as_erlang_c_says(longer: int, narrower: float) -> None:
    claims = {"waited": (waited, 4 / 9, 0.024 * narrower), "wait": (mean_wait, 4.444444, 0.7 * narrower)}
    judge(a_station(1 / 5, 3, "exponential(10 min)"), 30_000.0 * longer, claims)


@SIZES
def test_two_servers_under_heavy_load_wait_as_erlang_c_says(longer: int, narrower: float) -> None:
    claims = {"waited": (waited, 0.711111, 0.019 * narrower), "wait": (mean_wait, 1.777778, 0.24 * narrower)}
    judge(a_station(1.6, 2, "exponential(1 min)"), 6000.0 * longer, claims)


@SIZES
@pytest.mark.parametrize("takes", ["exponential(1 min)", "lognormal(mean 1 min, sd 1.5 min)", "1 min"])
def test_without_waiting_room_erlang_b_blocks_whatever_the_distribution(
    takes: str, longer: int, narrower: float
) -> None:
    judge(a_station(5.0, 5, takes, room=0), 1500.0 * longer, {"turned away": (share(2), 0.284868, 0.010 * narrower)})


@SIZES
@pytest.mark.parametrize(
    ("takes", "wait", "widest"),
    [
        ("1 min", 2.0, 0.23),
        ("erlang(4, 1 min)", 2.5, 0.24),
        pytest.param("lognormal(mean 1 min, sd 2 min)", 10.0, 2.8, marks=pytest.mark.slow),
    ],
)
def test_one_server_waits_as_pollaczek_and_khinchine_say(
    takes: str, wait: float, widest: float, longer: int, narrower: float
) -> None:
    claims: dict[str, tuple[Measure, float, float]] = {"wait": (mean_wait, wait, widest * narrower)}
    heavy = 4 if wait > 5 else 1  # a heavy tail needs more customers for the same width
    judge(a_station(0.8, 1, takes), 10_000.0 * longer * heavy, claims)


CLASSES = {
    "urgent": {"title": "urgent", "share": 0.25, "priority": 1},
    "normal": {"title": "normal", "share": 0.75, "priority": 5},
}


@SIZES
def test_two_classes_without_pre_emption_stay_as_cobham_says(longer: int, narrower: float) -> None:
    claims = {
        "urgent": (time_in_system("urgent"), 2.0, 0.077 * narrower),
        "normal": (time_in_system("normal"), 6.0, 0.75 * narrower),
    }
    judge(a_station(0.8, 1, "exponential(1 min)", classes=CLASSES), 10_000.0 * longer, claims)


@SIZES
def test_two_classes_with_pre_emption_and_resuming_stay_as_the_formula_says(longer: int, narrower: float) -> None:
    claims = {
        "urgent": (time_in_system("urgent"), 1.25, 0.052 * narrower),
        "normal": (time_in_system("normal"), 6.25, 0.76 * narrower),
    }
    scenario = a_station(0.8, 1, "exponential(1 min)", classes=CLASSES, staff={"pre_emptive": True})
    judge(scenario, 10_000.0 * longer, claims)


@SIZES
def test_the_impatient_leave_and_wait_as_erlang_a_says(longer: int, narrower: float) -> None:
    claims = {"left": (share(1), 0.187268, 0.0095 * narrower), "wait": (mean_wait, 0.374535, 0.019 * narrower)}
    judge(a_station(3.0, 3, "exponential(1 min)", patience="exponential(2 min)"), 2500.0 * longer, claims)


@SIZES
def test_a_network_with_feedback_has_the_product_form(longer: int, narrower: float) -> None:
    """Jackson: two stations, a quarter comes back to the first. Rates .4 and .4 at service 1.5 and 1: in the system .6/.4 + .4/.6 = 2.1667."""
    scenario = a_scenario(
        staff={"first": {"on_duty": 1}, "second": {"on_duty": 1}},
        activities={"a": {"needs": "first", "takes": "exponential(1.5 min)"}, "b": {"needs": "second", "takes": "exponential(1 min)"}},
        pathways={"p": {"arrivals": {"rate": "18 per h"}, "route": ["a", {"do": "b", "then": [{"to": "a", "chance": 0.25}]}]}},
        warm_up=500.0,
    )  # fmt: skip

    def in_system(played: Played) -> float:
        return clipped(played.patients["arrived"], played.patients["ended"], played) / played.flow.calendar.horizon

    judge(scenario, 10_000.0 * longer, {"in the system": (in_system, 0.6 / 0.4 + 0.4 / 0.6, 0.11 * narrower)})


@SIZES
def test_work_that_needs_two_of_one_pool_keeps_two(longer: int, narrower: float) -> None:
    """Four servers, half of the services take two, without room: a loss network, solved from its states."""
    a, b, servers = 1.0, 0.5, 4  # offered loads of the two kinds of work
    weights = {
        (i, j): a**i / math.factorial(i) * b**j / math.factorial(j)
        for i in range(5)
        for j in range(3)
        if i + 2 * j <= servers
    }
    total = sum(weights.values())
    lost = sum(w for (i, j), w in weights.items() if i + 2 * j > servers - 2) / total
    scenario = a_scenario(
        staff={"server": {"on_duty": servers}},
        activities={"one": {"needs": "server", "takes": "exponential(1 min)", "room": 0}, "two": {"needs": {"server": 2}, "takes": "exponential(1 min)", "room": 0}},
        pathways={"p": {"arrivals": {"rate": "60 per h"}, "route": ["one"]}, "q": {"arrivals": {"rate": "30 per h"}, "route": ["two"]}},
        warm_up=100.0,
    )  # fmt: skip

    def turned_away(played: Played) -> float:
        v = played.visits
        mine = after_warm_up(played) & (v["activity"] == played.names["activity"].index("two"))
        return float((v["outcome"] == 2)[mine].mean())

    judge(scenario, 4000.0 * longer, {"turned away": (turned_away, lost, 0.015 * narrower)})
