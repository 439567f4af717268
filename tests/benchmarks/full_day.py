"""The day of ``day`` with everything on, in both models: patience, work that needs two, paper working with waits and forms, back-entry by the same people."""

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
from tests.benchmarks import day
from tests.benchmarks.day import ACTIVITIES, HORIZON, OUTAGE, POOLS, ROUTE, SKIPS, SLOWER, URGENT, people

PAPER = (OUTAGE[0] + 20, OUTAGE[1] + 20)
ON_PAPER = {"registration": (1.2, 0.0), "order": (1.0, 6.0), "laboratory": (1.0, 10.0), "charging": (1.1, 0.0), "pharmacy": (1.2, 0.0)}  # fmt: skip
ROOM = 70
BATCH, TYPING = 5, 0.9
PATIENCE = {"registration": 60.0, "consultation": 240.0}


def scenario(patients: int = 3000) -> Scenario:
    """The day as drillsim's records."""
    plain = day.scenario(patients)
    activities = {}
    for name, activity in plain.hospital.activities.items():
        change: dict[str, Any] = {}
        if name in ON_PAPER:
            factor, wait = ON_PAPER[name]
            change["on_paper"] = {"factor": factor, "adds_wait": wait}
        if name in PATIENCE:
            change["patience"] = f"exponential({PATIENCE[name]} min)"
        if name == "consultation":
            change["needs"] = {"doctor": 1, "consulting_room": 1}
        activities[name] = {**activity.model_dump(exclude_unset=True), **change}
    rooms = {"consulting_room": {"title": "room", "on_duty": {"always": round(ROOM * patients / 3000)}}}
    entry = {"by": "clerk", "takes": f"exponential({TYPING} min)", "batch": BATCH}
    hospital = {
        **plain.hospital.model_dump(exclude_unset=True),
        "activities": activities,
        "equipment": rooms,
        "departments": {"hospital": {"title": "hospital", "back_entry": entry}},
    }
    return Scenario.model_validate({**plain.model_dump(exclude_unset=True), "hospital": hospital})


def drillsim_day(played: Scenario, replication: int = 0) -> tuple[int, float]:
    """Play the day on the engine. Gives (services, mean minutes in the hospital of those served)."""
    calendar = Calendar(played.hospital, played.start_time, 0.0, played.horizon)
    env = Environment(0.0)
    flow = Flow(played.hospital, Streams(1, replication), calendar, note=lambda *_: None)
    flow.attach(env)

    def outage() -> Generator[simpy.Event, None, None]:
        yield env.timeout(OUTAGE[0])
        for activity, factor in SLOWER.items():
            flow.set_factor(activity, factor)
        flow.block(day.STOPPED, True)
        yield env.timeout(PAPER[0] - OUTAGE[0])
        for activity in ON_PAPER:
            flow.set_paper(activity, True)
        yield env.timeout(OUTAGE[1] - PAPER[0])
        for activity in SLOWER:
            flow.set_factor(activity, 1.0)
        flow.block(day.STOPPED, False)
        yield env.timeout(PAPER[1] - OUTAGE[1])
        for activity in ON_PAPER:
            flow.set_paper(activity, False)
        flow.open_back_entry("hospital")

    env.process(outage())
    env.run(until=played.horizon)
    visits, patients, _, _ = flow.finish()
    done = patients["outcome"] == 0
    return int((visits["outcome"] == 0).sum()), float((patients["ended"] - patients["arrived"])[done].mean())


def simpy_day(patients: int = 3000, seed: int = 1) -> tuple[int, float]:
    """The same day in idiomatic SimPy."""
    rng = random.Random(seed)
    env = simpy.Environment()
    pools = {name: simpy.PriorityResource(env, max(people(patients / 3000, name))) for name in POOLS}
    room = simpy.PriorityResource(env, round(ROOM * patients / 3000))
    factor = dict.fromkeys(ACTIVITIES, 1.0)
    paper = {"on": False}
    gate = {"open": env.event()}
    gate["open"].succeed()
    rows: list[tuple[int, str, float, float, float, int]] = []
    pile: list[float] = []
    entries: list[tuple[float, float]] = []
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
            for number, length in ((night, 420), (morning, 480), (evening, 480), (night, 60)):
                for _ in range(most - number):
                    env.process(off_duty(pools[name], env.now + length))
                yield env.timeout(length)

    def work(name: str, mean: float) -> Generator[simpy.Event, None, bool]:
        on_paper = paper["on"] and name in ON_PAPER
        minutes = rng.expovariate(1 / mean)
        yield env.timeout(minutes * ON_PAPER[name][0] if on_paper else minutes * factor[name])
        return on_paper

    def patient(number: int) -> Generator[simpy.Event, Any, None]:
        arrived, priority, position = env.now, 1 if rng.random() < URGENT else 5, 0
        while position < len(ROUTE):
            name = ROUTE[position]
            pool, mean = ACTIVITIES[name]
            asked = env.now
            if name == day.STOPPED:
                yield gate["open"]
            with pools[pool].request(priority=priority) as request:
                if name in PATIENCE:
                    bell = env.timeout(rng.expovariate(1 / PATIENCE[name]))
                    yield request | bell
                    if not request.triggered:
                        rows.append((number, name, asked, float("nan"), env.now, 1))
                        return
                else:
                    yield request
                if name == "consultation":
                    with room.request(priority=priority) as second:
                        yield second
                        started = env.now
                        on_paper = yield from work(name, mean)
                else:
                    started = env.now
                    on_paper = yield from work(name, mean)
            rows.append((number, name, asked, started, env.now, 0))
            if on_paper:
                pile.append(env.now)
                if ON_PAPER[name][1]:
                    yield env.timeout(ON_PAPER[name][1])
            target, chance = SKIPS.get(name, ("", 0.0))
            position = ROUTE.index(target) if chance and rng.random() < chance else position + 1
        times.append(env.now - arrived)

    def source() -> Generator[simpy.Event, None, None]:
        for number in range(patients):
            yield env.timeout(rng.expovariate(patients / 1440))
            env.process(patient(number))

    def typing() -> Generator[simpy.Event, None, None]:
        with pools["clerk"].request(priority=9) as request:
            yield request
            for _ in range(min(BATCH, len(pile))):
                written = pile.pop(0)
                yield env.timeout(rng.expovariate(1 / TYPING))
                entries.append((written, env.now))

    def outage() -> Generator[simpy.Event, None, None]:
        yield env.timeout(OUTAGE[0])
        factor.update(SLOWER)
        gate["open"] = env.event()
        yield env.timeout(PAPER[0] - OUTAGE[0])
        paper["on"] = True
        yield env.timeout(OUTAGE[1] - PAPER[0])
        factor.update(dict.fromkeys(SLOWER, 1.0))
        gate["open"].succeed()
        yield env.timeout(PAPER[1] - OUTAGE[1])
        paper["on"] = False
        for _ in range(0, len(pile), BATCH):
            env.process(typing())

    for name in POOLS:
        env.process(roster(name))
    env.process(source())
    env.process(outage())
    env.run(until=HORIZON)
    return sum(1 for row in rows if row[-1] == 0), sum(times) / len(times)
