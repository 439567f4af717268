"""The day of ``day`` with everything on, in both models: systems that fail, a plan that orders paper and return, patience, work that needs two, paper
working with waits, back-entry by the same people, and a log of all of it.

drillsim plays it through ``replicate``, as the command does; the SimPy model has the times of the plan written into it.
"""

from __future__ import annotations

import random
from collections.abc import Generator
from typing import Any

import simpy

from drillsim.model.scenario import Scenario
from drillsim.sim.run import replicate
from tests.benchmarks.day import ACTIVITIES, HORIZON, OUTAGE, POOLS, ROUTE, SKIPS, URGENT, people
from tests.benchmarks.day import scenario as plain_scenario

HIS = {"registration": (1.2, 0.0), "order": (1.0, 6.0), "laboratory": (1.0, 10.0), "charging": (1.1, 0.0), "pharmacy": (1.2, 0.0)}  # fmt: skip
PACS = "report"  # stands still without its system
EMR, SLOW = ("consultation", "second"), 1.3
PAPER = (OUTAGE[0] + 20, OUTAGE[1] + 20)  # the plan's steps take so long
ROOM, BATCH, TYPING = 70, 5, 0.9
PATIENCE = {"registration": 60.0, "consultation": 240.0}
OTHER_STEPS = 36


def scenario(patients: int = 3000) -> Scenario:
    """The day as drillsim's records, with a plan of 40 steps."""
    plain = plain_scenario(patients).model_dump(exclude_unset=True)
    activities = {}
    for name, activity in plain["hospital"]["activities"].items():
        department = "front" if name in HIS else "imaging" if name == PACS else "clinic"
        systems = {"front": "his", "imaging": "pacs", "clinic": "emr" if name in EMR else ()}[department]
        activities[name] = activity = {**activity, "department": department, "uses": systems}
        if name in HIS:
            factor, wait = HIS[name]
            activity["on_paper"] = {"factor": factor, "adds_wait": f"{wait} min"}
        if name in PATIENCE:
            activity["patience"] = f"exponential({PATIENCE[name]} min)"
        if name == "consultation":
            activity["needs"] = {"doctor": 1, "consulting_room": 1}
    entry = {"by": "clerk", "takes": f"exponential({TYPING} min)", "batch": BATCH}
    hospital = {
        **plain["hospital"],
        "activities": activities,
        "equipment": {"consulting_room": {"title": "room", "on_duty": round(ROOM * patients / 3000)}},
        "staff": {**plain["hospital"]["staff"], "it": {"title": "it", "on_duty": 5}},
        "systems": {name: {"title": name, "kind": "system"} for name in ("his", "pacs", "emr")},
        "departments": {
            "front": {"title": "front", "change_over": "5 min", "back_entry": entry},
            "imaging": {"title": "imaging"},
            "clinic": {"title": "clinic"},
        },
    }
    faults = [
        {"id": f"{name}-fault", "kind": kind, "target": name, "at": "10:00", "lasts": "2 h", "severity": severity}
        for name, kind, severity in (("his", "outage", 1), ("pacs", "outage", 1), ("emr", "slow", SLOW))
    ]
    steps: list[dict[str, Any]] = [
        {"id": "declare", "takes": "5 min", "on": "his down", "does": "declare"},
        {"id": "order", "takes": "10 min", "after": "declare", "does": {"order_paper": "front"}},
        {"id": "come_back", "takes": "20 min", "on": "his up", "does": {"return_to_system": "front"}},
        {"id": "stand_down", "takes": "5 min", "after": "come_back", "does": "stand_down"},
    ]
    for k in range(OTHER_STEPS):
        steps.append({"id": f"step{k}", "takes": "exponential(4 min)", "after": f"step{k - 3}" if k > 2 else "declare"})
    for step in steps:
        step.update(title=step["id"], owner="lead", within="30 min of failed")
    plan = {"title": "plan", "roles": {"lead": {"title": "lead", "holders": "it"}}, "steps": steps}
    return Scenario.model_validate({**plain, "hospital": hospital, "plan": plan, "faults": faults})


def drillsim_day(played: Scenario, replication: int = 0) -> tuple[int, float]:
    """One replication. Gives (services, mean minutes in the hospital of those served)."""
    log = replicate(played, seed=1, replication=replication)
    done = log.patients["outcome"] == 0
    minutes = float((log.patients["ended"] - log.patients["arrived"])[done].mean())
    return int((log.visits["outcome"] == 0).sum()), minutes


def simpy_day(patients: int = 3000, seed: int = 1) -> tuple[int, float]:
    """The same day in idiomatic SimPy."""
    rng = random.Random(seed)
    env = simpy.Environment()
    pools = {name: simpy.PriorityResource(env, max(people(patients / 3000, name))) for name in POOLS}
    room = simpy.PriorityResource(env, round(ROOM * patients / 3000))
    state = {"paper": False, "slow": 1.0}
    gates = {"his": env.event(), "pacs": env.event()}
    for gate in gates.values():
        gate.succeed()
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
        on_paper = state["paper"] and name in HIS
        minutes = rng.expovariate(1 / mean) * (state["slow"] if name in EMR else 1.0)
        yield env.timeout(minutes * HIS[name][0] if on_paper else minutes)
        return bool(on_paper)

    def patient(number: int) -> Generator[simpy.Event, Any, None]:
        arrived, priority, position = env.now, 1 if rng.random() < URGENT else 5, 0
        while position < len(ROUTE):
            name = ROUTE[position]
            pool, mean = ACTIVITIES[name]
            asked = env.now
            if name in HIS:
                yield gates["his"]
            elif name == PACS:
                yield gates["pacs"]
            with pools[pool].request(priority=priority) as request:
                if name in PATIENCE:
                    yield request | env.timeout(rng.expovariate(1 / PATIENCE[name]))
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
                if HIS[name][1]:
                    yield env.timeout(HIS[name][1])
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
        gates.update(his=env.event(), pacs=env.event())
        state["slow"] = SLOW
        yield env.timeout(PAPER[0] - OUTAGE[0])
        state["paper"] = True
        gates["his"].succeed()
        yield env.timeout(OUTAGE[1] - PAPER[0])
        state["slow"] = 1.0
        gates["pacs"].succeed()
        yield env.timeout(PAPER[1] - OUTAGE[1])
        state["paper"] = False
        for _ in range(0, len(pile), BATCH):
            env.process(typing())

    for name in POOLS:
        env.process(roster(name))
    env.process(source())
    env.process(outage())
    env.run(until=HORIZON)
    return sum(1 for row in rows if row[-1] == 0), sum(times) / len(times)
