"""One hospital day twice: through drillsim's records and flow engine, and as an idiomatic SimPy model.

3,000 patients, 12 activities, some 27,800 services, ten pools with shifts, urgent before normal, and a two-hour outage that lengthens some
services and stops one. All draws are independent; both models have the same distributions.
"""

from __future__ import annotations

import random
from collections.abc import Generator
from typing import Any

import simpy

from drillsim.model.scenario import Scenario
from drillsim.sim.calendar import Calendar
from drillsim.sim.environment import Environment
from drillsim.sim.flow.engine import Flow
from drillsim.sim.luck import Streams
from tests.builder import a_scenario

DAY_SHIFT, EVENING, NIGHT = "07:00-15:00", "15:00-23:00", "23:00-07:00"
OUTAGE = (600.0, 720.0)  # minutes since midnight
HORIZON = 2880.0

POOLS: dict[str, tuple[int, int, int]] = {  # by shift, for 3,000 patients
    "clerk": (14, 12, 8), "nurse": (12, 10, 6), "doctor": (56, 50, 34), "phlebotomist": (10, 9, 6), "analyser": (22, 20, 14),
    "radiographer": (13, 11, 8), "cashier": (14, 12, 8), "pharmacist": (14, 12, 8), "porter": (8, 7, 5), "reporter": (16, 14, 10),
}  # fmt: skip
ACTIVITIES: dict[str, tuple[str, float]] = {  # pool, mean minutes
    "registration": ("clerk", 1.5), "triage": ("nurse", 1.2), "consultation": ("doctor", 8.0), "order": ("clerk", 0.8), "blood": ("phlebotomist", 2.5), "laboratory": ("analyser", 6.0),
    "x_ray": ("radiographer", 6.0), "report": ("reporter", 7.0), "transport": ("porter", 2.0), "second": ("doctor", 4.0), "charging": ("cashier", 1.5), "pharmacy": ("pharmacist", 1.6),
}  # fmt: skip
ROUTE = ("registration", "triage", "consultation", "order", "blood", "laboratory", "x_ray", "report", "transport", "second", "charging", "pharmacy")  # fmt: skip
SKIPS = {
    "order": ("x_ray", 0.5),
    "laboratory": ("second", 0.85),
    "report": ("second", 0.7),
}  # after these, straight to …
SLOWER = {"registration": 2.0, "consultation": 1.3, "charging": 2.0, "pharmacy": 1.5}
STOPPED = "report"
URGENT = 0.15


def people(factor: float, pool: str) -> tuple[int, int, int]:
    """How many of a pool are on duty by shift when ``factor`` times 3,000 patients come."""
    morning, evening, night = (max(1, round(n * factor)) for n in POOLS[pool])
    return morning, evening, night


def scenario(patients: int = 3000) -> Scenario:
    """The day as drillsim's records."""
    staff = {
        pool: {"on_duty": dict(zip((DAY_SHIFT, EVENING, NIGHT), people(patients / 3000, pool), strict=True))}
        for pool in POOLS
    }
    route: list[Any] = []
    for stop in ROUTE:
        target, chance = SKIPS.get(stop, ("", 0.0))
        route.append({"do": stop, "then": [{"to": target, "chance": chance}]} if chance else stop)
    return a_scenario(
        staff=staff,
        activities={
            name: {"needs": pool, "takes": f"exponential({mean} min)", "department": "hospital", "uses": ["his"]}
            for name, (pool, mean) in ACTIVITIES.items()
        },
        departments={"hospital": {"title": "hospital"}},
        systems={"his": {}},
        pathways={
            "visit": {
                "arrivals": {"per_day": patients, "hours": {"00:00-24:00": 1}, "at_most": patients},
                "route": route,
                "classes": {
                    "urgent": {"title": "urgent", "share": URGENT, "priority": 1},
                    "normal": {"title": "normal", "share": 1 - URGENT, "priority": 5},
                },
            }
        },
        horizon=HORIZON,
        start="2026-03-09 00:00",
    )


def drillsim_day(day: Scenario, replication: int = 0) -> tuple[int, float]:
    """Play the day on the engine, drawing and arrays included. Gives (services, mean minutes in the hospital)."""
    calendar = Calendar(day.hospital, day.start_time, 0.0, day.horizon)
    env = Environment(0.0)
    flow = Flow(day.hospital, Streams(1, replication), calendar, note=lambda *_: None)
    flow.attach(env)

    def outage() -> Generator[simpy.Event, None, None]:
        yield env.timeout(OUTAGE[0])
        for activity, factor in SLOWER.items():
            flow.set_factor(activity, factor)
        flow.block(STOPPED, True)
        yield env.timeout(OUTAGE[1] - OUTAGE[0])
        for activity in SLOWER:
            flow.set_factor(activity, 1.0)
        flow.block(STOPPED, False)

    env.process(outage())
    env.run(until=day.horizon)
    visits, patients, _, _ = flow.finish()
    done = patients["outcome"] == 0
    return int((visits["outcome"] == 0).sum()), float((patients["ended"] - patients["arrived"])[done].mean())


def simpy_day(patients: int = 3000, seed: int = 1) -> tuple[int, float]:
    """The same day as SimPy's documentation would have it: a process for each patient, priority resources, blockers for those off duty."""
    rng = random.Random(seed)
    env = simpy.Environment()
    pools = {name: simpy.PriorityResource(env, max(people(patients / 3000, name))) for name in POOLS}
    factor = dict.fromkeys(ACTIVITIES, 1.0)
    gate = {"open": env.event()}
    gate["open"].succeed()
    rows: list[tuple[int, str, float, float, float]] = []
    times: list[float] = []

    def off_duty(pool: simpy.PriorityResource, until: float) -> Generator[simpy.Event, None, None]:
        with pool.request(priority=-1) as request:
            yield request
            if until > env.now:
                yield env.timeout(until - env.now)

    def roster(name: str) -> Generator[simpy.Event, None, None]:
        morning, evening, night = people(patients / 3000, name)
        most = max(morning, evening, night)
        while True:
            for number, _, length in ((night, 0, 420), (morning, 420, 480), (evening, 900, 480), (night, 1380, 60)):
                for _ in range(most - number):
                    env.process(off_duty(pools[name], env.now + length))
                yield env.timeout(length)

    def patient(number: int) -> Generator[simpy.Event, None, None]:
        arrived, priority, position = env.now, 1 if rng.random() < URGENT else 5, 0
        while position < len(ROUTE):
            name = ROUTE[position]
            pool, mean = ACTIVITIES[name]
            asked = env.now
            if name == STOPPED:
                yield gate["open"]
            with pools[pool].request(priority=priority) as request:
                yield request
                started = env.now
                yield env.timeout(rng.expovariate(1 / mean) * factor[name])
            rows.append((number, name, asked, started, env.now))
            target, chance = SKIPS.get(name, ("", 0.0))
            position = ROUTE.index(target) if chance and rng.random() < chance else position + 1
        times.append(env.now - arrived)

    def source() -> Generator[simpy.Event, None, None]:
        for number in range(patients):
            yield env.timeout(rng.expovariate(patients / 1440))
            env.process(patient(number))

    def outage() -> Generator[simpy.Event, None, None]:
        yield env.timeout(OUTAGE[0])
        factor.update(SLOWER)
        gate["open"] = env.event()
        yield env.timeout(OUTAGE[1] - OUTAGE[0])
        factor.update(dict.fromkeys(SLOWER, 1.0))
        gate["open"].succeed()

    for name in POOLS:
        env.process(roster(name))
    env.process(source())
    env.process(outage())
    env.run(until=HORIZON)
    return len(rows), sum(times) / len(times)
