"""People lent to the steps of the plan, and what SimPy's processes hear from the flow, at the right minute."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest

from drillsim.model.scenario import Scenario
from tests.builder import a_scenario
from tests.flow_driver import play

Process = Generator[Any, Any, None]


def a_ward(
    arrive: tuple[float, ...], nurses: Any = 1, takes: str = "10 min", horizon: float = 100.0, **staff: Any
) -> Scenario:
    return a_scenario(
        staff={"nurse": {"on_duty": nurses, **staff}, "porter": {"on_duty": 1}},
        activities={"care": {"needs": "nurse", "takes": takes}},
        pathways={"p": {"arrivals": {"at": [f"{m} min" for m in arrive]}, "route": ["care"]}},
        horizon=horizon,
    )


def test_the_flow_owns_the_people_whom_patients_need() -> None:
    flow = play(a_ward((0,))).flow
    assert flow.owns("nurse")
    assert not flow.owns("porter")


def test_a_step_gets_who_is_free_at_once() -> None:
    def step(env: Any, flow: Any) -> Process:
        yield env.timeout(5)
        event = flow.request("nurse", 1)
        assert event.triggered
        yield event
        assert env.now == 5
        yield env.timeout(10)
        flow.release("nurse", 1)

    assert play(a_ward((6,)), during=step).at("care", "started") == [15]


def test_a_step_gets_the_next_who_finishes_before_any_patient_and_interrupts_nobody() -> None:
    heard: list[float] = []

    def step(env: Any, flow: Any) -> Process:
        yield env.timeout(5)
        yield flow.request("nurse", 1)
        heard.append(env.now)
        yield env.timeout(3)
        flow.release("nurse", 1)

    played = play(a_ward((0, 1, 2)), during=step)
    assert heard == [10]
    assert played.at("care", "started") == [0, 13, 23]


def test_a_step_hears_in_the_minute_of_the_end_however_far_simpy_s_next_event_is() -> None:
    heard: list[float] = []

    def step(env: Any, flow: Any) -> Process:
        yield flow.request("nurse", 2)
        heard.append(env.now)

    def later(env: Any, flow: Any) -> Process:
        yield env.timeout(2)
        env.process(step(env, flow))
        yield env.timeout(97)

    play(a_ward((0, 1), 2, "listed(10.25 min, 20.5 min)"), during=later)
    assert heard == [21.5]


def test_those_kept_back_for_a_step_serve_nobody_until_it_has_them_all() -> None:
    def step(env: Any, flow: Any) -> Process:
        yield env.timeout(2)
        yield flow.request("nurse", 2)
        assert env.now == 21
        flow.release("nurse", 2)

    assert play(a_ward((0, 1, 3), 2, "listed(10 min, 20 min, 5 min)"), during=step).at("care", "started") == [0, 1, 21]


def test_steps_are_given_people_in_the_order_of_asking() -> None:
    heard: list[tuple[str, float]] = []

    def step(env: Any, flow: Any, name: str, number: int) -> Process:
        yield flow.request("nurse", number)
        heard.append((name, env.now))
        yield env.timeout(4)
        flow.release("nurse", number)

    def both(env: Any, flow: Any) -> Process:
        yield env.timeout(2)
        env.process(step(env, flow, "first", 2))
        env.process(step(env, flow, "second", 1))

    play(a_ward((0, 1), 2, "listed(10 min, 20 min)"), during=both)
    assert heard == [("first", 21), ("second", 25)]


def test_a_request_taken_back_gives_back_whom_it_had_got() -> None:
    def step(env: Any, flow: Any) -> Process:
        yield env.timeout(2)
        event = flow.request("nurse", 2)
        yield env.timeout(13)  # one of two has been kept back since 10
        flow.cancel(event)
        yield env.timeout(50)
        assert not event.triggered

    assert play(a_ward((0, 1, 3), 2, "listed(10 min, 20 min, 5 min)"), during=step).at("care", "started") == [0, 1, 15]


def test_a_request_taken_back_in_the_minute_in_which_it_is_granted_loses_nobody() -> None:
    """The reneging race: the time-out and the freed nurse come in the same minute."""

    def step(env: Any, flow: Any) -> Process:
        yield env.timeout(2)
        event = flow.request("nurse", 1)
        yield event | env.timeout(8)
        flow.cancel(event)

    played = play(a_ward((0, 1)), during=step)
    assert played.at("care", "started") == [0, 10]
    assert played.flow.pools["nurse"].free == 1


def test_people_beyond_those_on_duty_are_waited_for() -> None:
    heard: list[float] = []

    def step(env: Any, flow: Any) -> Process:
        yield flow.request("nurse", 1)
        heard.append(env.now)

    play(a_ward((), {"00:30-01:00": 1}), during=step)
    assert heard == [30]


def test_a_nurse_lent_beyond_the_shift_s_end_does_not_come_back() -> None:
    def step(env: Any, flow: Any) -> Process:
        yield flow.request("nurse", 1)
        yield env.timeout(20)
        flow.release("nurse", 1)

    played = play(a_ward((1, 2), {"00:00-00:10": 2}), during=step)
    assert played.flow.pools["nurse"].free == 0
    assert played.at("care", "outcome") == [0, 3]


def test_whoever_is_called_in_serves_at_once_and_it_is_noted() -> None:
    def call(env: Any, flow: Any) -> Process:
        yield env.timeout(5)
        flow.add_capacity("nurse", 1)
        yield env.timeout(2)
        assert flow.on_duty("nurse") == 2
        flow.add_capacity("nurse", -1, "fault")

    played = play(a_ward((0, 1, 2)), during=call)
    assert played.at("care", "started") == [0, 5, 15]  # at 10 the one who finishes is the one too many
    assert played.notes == [
        (0.0, "on_duty", "nurse", "roster", "", 1), (5.0, "on_duty", "nurse", "on_call", "", 2), (7.0, "on_duty", "nurse", "fault", "", 1)]  # fmt: skip


@pytest.mark.parametrize(("policy", "ended"), [("finish", [10, 20]), ("stop", [26, 36])])
def test_people_kept_away_finish_or_stop_as_at_the_end_of_a_shift(policy: str, ended: list[float]) -> None:
    def away(env: Any, flow: Any) -> Process:
        yield env.timeout(4)
        flow.add_capacity("nurse", -1, "fault")
        yield env.timeout(16)
        flow.add_capacity("nurse", 1, "returned")

    played = play(a_ward((0, 10), at_shift_end=policy), during=away)
    assert played.at("care", "ended") == ([10, 30] if policy == "finish" else ended)


def test_a_ghost_of_a_patient_who_left_takes_nobody() -> None:
    scenario = a_scenario(
        staff={"nurse": {"on_duty": 1}},
        activities={"care": {"needs": "nurse", "takes": "10 min", "patience": "4 min"}},
        pathways={"p": {"arrivals": {"at": ["0 min", "1 min", "2 min", "8 min"]}, "route": ["care"]}},
        horizon=60.0,
    )
    played = play(scenario)
    assert played.at("care", "outcome") == [0, 1, 1, 0]
    assert played.at("care", "started")[3] == 10
    assert played.flow.pools["nurse"].free == 1


def test_the_clock_never_runs_backwards_and_everybody_hears_in_order() -> None:
    seen: list[float] = []

    def watch(env: Any, flow: Any) -> Process:
        while True:
            event = flow.request("nurse", 1)
            yield event
            seen.append(env.now)
            yield env.timeout(0.5)
            seen.append(env.now)
            flow.release("nurse", 1)

    play(a_ward(tuple(range(40)), 2, "listed(1.5 min, 0.25 min, 3 min)"), during=watch)
    assert seen == sorted(seen)
    assert len(seen) > 20
