"""The engine gives the same rows as the slow, obvious SimPy model, on random small hospitals."""

from __future__ import annotations

import math
import random
from collections.abc import Generator
from typing import Any

import pytest

from drillsim.log.rows import VISIT_OUTCOMES
from drillsim.model.scenario import Scenario
from tests.builder import a_scenario
from tests.flow_driver import play
from tests.reference_simpy import Reference

HORIZON = 900.0
SPANS = ("00:00-05:00", "04:00-09:30", "05:00-10:00", "10:00-16:00")


def a_random_hospital(seed: int) -> tuple[Scenario, list[tuple[float, str, str, Any]]]:
    """A small scenario with a mixture of everything, and what happens when: activities stop, slow down, go to paper and back; steps take people."""
    rng = random.Random(seed)
    staff = {name: _a_pool(rng) for name in ("nurse", "doctor", "room")}
    activities = {f"a{k}": _an_activity(rng, [f"a{j}" for j in range(5)]) for k in range(5)}
    pathways = {f"p{k}": _a_pathway(rng) for k in range(rng.randint(1, 3))}
    activities["a0"]["if_impatient"] = rng.choice(["leave", "a0"])
    changes: list[tuple[float, str, str, Any]] = []
    for name in rng.sample(sorted(activities), rng.randint(0, 2)):
        start = rng.uniform(0, 600)
        changes += [(start, "block", name, True), (start + rng.uniform(5, 200), "block", name, False)]
    for name in rng.sample(sorted(activities), rng.randint(0, 3)):
        start = rng.uniform(0, 600)
        changes += [(start, "set_paper", name, True), (start + rng.uniform(5, 200), "set_paper", name, False)]
        changes += [(rng.uniform(0, 600), "set_factor", name, rng.uniform(0.5, 2))]
    needed = sorted({name for activity in activities.values() for name in activity["needs"]})
    for _ in range(rng.randint(0, 3) if needed else 0):
        changes.append((rng.uniform(0, 600), "people", rng.choice(needed), (rng.randint(1, 2), rng.uniform(5, 90))))
    scenario = a_scenario(
        staff=staff,
        activities=activities,
        pathways=pathways,
        systems={"his": {}},
        horizon=HORIZON,
        start="2026-03-09 00:00",
    )
    return scenario, sorted(changes, key=lambda change: change[0])


def _a_pool(rng: random.Random) -> dict[str, Any]:
    shifts = {span: rng.randint(1, 3) for span in rng.sample(SPANS, rng.randint(1, 3))}
    return {
        "on_duty": rng.choice([{"always": rng.randint(1, 4)}, shifts]),
        "at_shift_end": rng.choice(["finish", "hand_over", "stop"]),
        "handover": rng.uniform(0, 5),
        "interrupted": rng.choice(["resume", "restart", "resample"]),
        "pre_emptive": rng.random() < 0.3,
    }


def _an_activity(rng: random.Random, names: list[str]) -> dict[str, Any]:
    needs = rng.choice([{"nurse": 1}, {"doctor": 1}, {"room": 1}, {"nurse": 1, "room": 1}, {"doctor": 2}, {"doctor": 1, "nurse": 1, "room": 1}, {}])  # fmt: skip
    activity: dict[str, Any] = {"needs": needs, "takes": f"exponential({rng.uniform(2, 20)} min)"}
    if rng.random() < 0.3:
        activity["patience"] = f"exponential({rng.uniform(5, 60)} min)"
    if rng.random() < 0.2:
        activity["room"] = rng.randint(0, 5)
    if rng.random() < 0.2:
        activity["priority"] = rng.randint(1, 9)
    if rng.random() < 0.2:
        activity["class_factor"] = {"urgent": rng.uniform(0.5, 2)}
    if "room" in needs and rng.random() < 0.3:
        activity["keeps"] = ["room"]
    if rng.random() < 0.2:
        activity["frees"] = ["room"]
    if rng.random() < 0.7:
        rules = {"factor": rng.uniform(0.5, 2), "adds_work": "exponential(3 min)", "adds_wait": "exponential(9 min)"}
        activity |= {"uses": ["his"], "on_paper": rng.choice([{}, {"works": False}, {"skipped": True}, rules, rules])}
    return activity


def _a_pathway(rng: random.Random) -> dict[str, Any]:
    order = rng.sample(["a1", "a2", "a3", "a4"], 4)
    route: list[Any] = ["a0", *order[:2]]
    if rng.random() < 0.4:
        route.append({"id": "side", "fork": [[order[2]], [order[3]]]})
        if rng.random() < 0.4:
            route[-1]["then"] = [{"to": order[0], "chance": 0.3}]
    else:
        route += order[2:]
        route[2] = {"do": route[2], "then": [{"to": rng.choice(route[:2]), "chance": rng.uniform(0, 0.5)}]}
        route[1] = {"do": route[1], "then_on_paper": rng.choice([[], "leave", [{"to": route[3], "chance": 0.5}]])}
    pathway: dict[str, Any] = {"arrivals": {"rate": f"{rng.uniform(2, 14)} per h", "at_most": 60}, "route": route}
    if rng.random() < 0.6:
        pathway["classes"] = {
            "urgent": {"title": "urgent", "share": 1, "priority": rng.randint(1, 5)},
            "normal": {"title": "normal", "share": 2, "patient": rng.random() < 0.7},
        }
    return pathway


def rows_of_both(seed: int) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Rows of the engine and of the reference, in order of asking."""
    scenario, changes = a_random_hospital(seed)

    def during(env: Any, model: Any) -> Generator[Any, None, None]:
        for minute, what, name, value in changes:
            yield env.timeout(minute - env.now)
            if what == "people":
                env.process(step(env, model, name, *value))
            else:
                getattr(model, what)(name, value)

    def step(env: Any, model: Any, name: str, number: int, minutes: float) -> Generator[Any, None, None]:
        yield model.request(name, number)
        yield env.timeout(minutes)
        model.release(name, number)

    played = play(scenario, during=during)
    v = played.visits
    ours = [
        (played.names["pathway"][p], int(n), played.names["node"][k], a, s, e, w, int(m), VISIT_OUTCOMES[o])
        for p, n, k, a, s, e, w, o, m in zip(
            *(v[c] for c in ("pathway", "patient", "node", "asked", "started", "ended", "paused", "outcome", "mode")),
            strict=True,
        )
    ]
    reference = Reference(scenario)
    rows = reference.run(lambda model: during(model.env, model))
    theirs = [tuple(math.nan if row[c] is None else row[c] for c in ("path", "patient", "node", "asked", "started", "ended", "paused", "mode", "outcome")) for row in rows]  # fmt: skip
    return sorted(ours, key=lambda row: row[:4]), sorted(theirs, key=lambda row: row[:4])


def same(seed: int) -> None:
    ours, theirs = rows_of_both(seed)
    assert len(ours) == len(theirs)
    for mine, yours in zip(ours, theirs, strict=True):
        assert mine[:3] == yours[:3]
        assert mine[7:] == yours[7:], (mine, yours)
        assert mine[3:7] == pytest.approx(yours[3:7], abs=1e-6, nan_ok=True)


@pytest.mark.parametrize("seed", range(60))
def test_a_random_hospital_gives_the_same_rows_as_the_plain_model(seed: int) -> None:
    same(seed)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(100, 1000, 100))
def test_many_random_hospitals_give_the_same_rows_as_the_plain_model(first: int) -> None:
    for seed in range(first, first + 100):
        same(seed)
