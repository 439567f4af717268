"""Components: states, needs, riding through, coming back, fleets, failures of their own, overlapping faults."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drillsim.errors import SimulationError
from drillsim.log.rows import Log
from drillsim.model.systems import Component
from drillsim.sim.units import DOWN, ISOLATED, LEGAL, RESTORING, SLOW, UP, Standing, Unit
from tests.sim_rows import causes, done, play, reached, rows, story


def fault(target: str, at: str = "00:10", **parts: object) -> dict:
    return {"id": parts.pop("id", "f"), "target": target, "at": at, **parts}


def share_up(log, component: str) -> float:
    """Share of the run in which the component gave service."""
    minutes, last, state = 0.0, log.began, "up"
    for row in rows(log, "component", component):
        minutes += row.minute - last if state == "up" else 0.0
        last, state = row.minute, row.state
    minutes += log.horizon - last if state == "up" else 0.0
    return minutes / (log.horizon - log.began)


def t_half_width(values: list[float], t: float = 3.883) -> float:
    """Half-width of the 99.9 % interval of the mean of 20 values."""
    mean = sum(values) / len(values)
    sd = math.sqrt(sum((v - mean) ** 2 for v in values) / (len(values) - 1))
    return t * sd / math.sqrt(len(values))


def test_a_component_failing_and_repaired_for_ever_is_available_mtbf_over_mtbf_plus_mttr() -> None:
    shares = [
        share_up(
            play(
                systems={
                    "a": {"fails": {"every": "exponential(80 min)", "repair": "lognormal(mean 20 min, sd 10 min)"}}
                },
                horizon=40_000.0,
                replication=replication,
            ),
            "a",
        )
        for replication in range(20)
    ]
    half = t_half_width(shares)
    assert half < 0.012
    assert abs(sum(shares) / 20 - 0.8) < half


def test_two_of_three_that_are_up_95_percent_of_the_time_are_up_99275_of_100000() -> None:
    one = {"fails": {"every": "exponential(95 min)", "repair": "exponential(5 min)"}}
    shares = []
    for replication in range(20):
        log = play(
            systems={**{n: dict(one) for n in "abc"}, "service": {"needs": {"at_least": 2, "of": ["a", "b", "c"]}}},
            horizon=20_000.0,
            replication=replication,
        )
        shares.append(share_up(log, "service"))
    half = t_half_width(shares)
    assert half < 0.002
    assert abs(sum(shares) / 20 - 0.99275) < half


def test_components_in_series_multiply_their_availability() -> None:
    one = {"fails": {"every": "exponential(80 min)", "repair": "exponential(20 min)"}}
    shares = [
        share_up(
            play(systems={"a": dict(one), "b": dict(one), "s": {"needs": ["a", "b"]}}, horizon=20_000.0, replication=r),
            "s",
        )
        for r in range(20)
    ]
    half = t_half_width(shares)
    assert half < 0.02
    assert abs(sum(shares) / 20 - 0.64) < half


def test_one_repairer_mends_one_thing_at_a_time() -> None:
    fails = {"fails": {"every": "listed(10 min, 1000 min)", "repair": 30.0, "crew": "fitter"}}
    log = play(staff={"fitter": {}}, systems={"a": dict(fails), "b": dict(fails)}, horizon=200.0)
    assert story(log, "component", "a") == [(10, "down"), (40, "up")]
    assert story(log, "component", "b") == [(10, "down"), (70, "up")]


def test_time_to_failure_runs_only_while_the_component_is_up() -> None:
    log = play(
        systems={"a": {"fails": {"every": "listed(100 min, 1000 min)", "repair": 5.0}}},
        faults=[fault("a", lasts=50.0)],
        horizon=300.0,
    )
    assert story(log, "component", "a") == [(10, "down"), (60, "up"), (150, "down"), (155, "up")]


def test_trouble_travels_down_the_chain_in_the_same_minute_and_names_where_it_began() -> None:
    log = play(
        systems={"app": {"needs": ["db"]}, "db": {"needs": ["storage"]}, "storage": {}}, faults=[fault("storage")]
    )
    assert causes(log, "component", "app") == [(10, "down", "storage")]
    assert [row.subject for row in rows(log, "component")] == ["storage", "db", "app"]


@pytest.mark.parametrize(
    ("needs", "down", "state"),
    [
        (["a", "b"], ["a"], ["down"]),
        ({"any": ["a", "b"]}, ["a"], []),
        ({"any": ["a", "b"]}, ["a", "b"], ["down"]),
        ({"at_least": 2, "of": ["a", "b", "c"]}, ["a"], []),
        ({"at_least": 2, "of": ["a", "b", "c"]}, ["a", "c"], ["down"]),
        (["a", {"any": ["b", "c"]}], ["b"], []),
        (["a", {"any": ["b", "c"]}], ["b", "c"], ["down"]),
    ],
)
def test_all_any_and_at_least(needs: object, down: list[str], state: list[str]) -> None:
    faults = [fault(name, id=f"f{name}") for name in down]
    log = play(systems={"a": {}, "b": {}, "c": {}, "s": {"needs": needs}}, faults=faults)
    assert [s for _, s in story(log, "component", "s")] == state


def test_the_slowest_of_all_decides_and_factors_are_not_multiplied() -> None:
    log = play(
        systems={"a": {}, "b": {}, "s": {"needs": ["a", "b"]}},
        faults=[fault("a", kind="slow", severity=3.0), fault("b", id="g", kind="slow", severity=2.0)],
    )
    assert [(row.state, row.value, row.cause) for row in rows(log, "component", "s")] == [("slow", 3.0, "a")]


def test_of_any_the_best_decides() -> None:
    log = play(
        systems={"a": {}, "b": {}, "s": {"needs": {"any": ["a", "b"]}}},
        faults=[fault("a", kind="slow", severity=3.0), fault("b", id="g", kind="slow", severity=2.0, at="00:20")],
    )
    assert [(row.minute, row.value) for row in rows(log, "component", "s")] == [(20, 2.0)]


def test_a_battery_carries_on_until_it_is_empty() -> None:
    log = play(
        systems={"feed": {}, "ups": {"needs": ["feed"], "rides_through": 30.0}}, faults=[fault("feed", lasts=100.0)]
    )
    assert story(log, "component", "ups") == [(40, "down"), (110, "up")]


def test_a_power_cut_shorter_than_the_battery_is_not_noticed_behind_it() -> None:
    log = play(
        systems={"feed": {}, "ups": {"needs": ["feed"], "rides_through": 30.0}}, faults=[fault("feed", lasts=29.0)]
    )
    assert story(log, "component", "ups") == []


def test_what_starts_by_itself_takes_its_restart_when_its_needs_return() -> None:
    log = play(systems={"feed": {}, "server": {"needs": ["feed"], "restart": 15.0}}, faults=[fault("feed", lasts=20.0)])
    assert story(log, "component", "server") == [(10, "down"), (30, "restoring"), (45, "up")]


def test_what_comes_back_by_hand_waits_for_a_step_that_restores_it() -> None:
    log = play(
        systems={"feed": {}, "server": {"needs": ["feed"], "restart": 15.0, "comes_back": "by_hand"}},
        faults=[fault("feed", lasts=20.0)],
        roles={"it": {}},
        steps=[{"id": "restore", "owner": "it", "on": "feed up", "takes": 5.0, "does": {"restore": "server"}}],
    )
    assert story(log, "component", "server") == [(10, "down"), (35, "restoring"), (50, "up")]
    assert causes(log, "own", "server")[0] == (10, "down", "feed")


def test_needs_lost_again_while_starting_put_the_start_off() -> None:
    log = play(
        systems={"feed": {}, "server": {"needs": ["feed"], "restart": 15.0}},
        faults=[fault("feed", lasts=20.0), fault("feed", at="00:40", id="g", lasts=20.0)],
    )
    assert story(log, "component", "server") == [
        (10, "down"),
        (30, "restoring"),
        (40, "down"),
        (60, "restoring"),
        (75, "up"),
    ]


def test_overlapping_faults_must_both_end() -> None:
    log = play(systems={"a": {}}, faults=[fault("a", lasts=50.0), fault("a", id="g", at="00:30", lasts=100.0)])
    assert story(log, "component", "a") == [(10, "down"), (130, "up")]


def test_of_overlapping_faults_the_worse_shows() -> None:
    log = play(
        systems={"a": {}},
        faults=[fault("a", kind="slow", severity=2.0, lasts=100.0), fault("a", id="g", at="00:30", lasts=20.0)],
    )
    assert story(log, "component", "a") == [(10, "slow"), (30, "down"), (50, "slow"), (110, "up")]


def test_two_things_that_slow_one_component_do_not_multiply() -> None:
    log = play(
        systems={"a": {}},
        faults=[fault("a", kind="slow", severity=2.0), fault("a", id="g", at="00:20", kind="slow", severity=3.0)],
    )
    assert [(row.minute, row.value) for row in rows(log, "component", "a")] == [(10, 2.0), (20, 3.0)]


def test_a_fault_during_a_restart_needs_a_new_one() -> None:
    log = play(
        systems={"a": {"restart": 30.0}},
        faults=[fault("a", lasts=10.0), fault("a", id="g", at="00:40", lasts=10.0)],
    )
    assert story(log, "component", "a") == [
        (10, "down"),
        (20, "restoring"),
        (40, "down"),
        (50, "restoring"),
        (80, "up"),
    ]


def test_isolation_while_starting_lets_the_start_go_on_behind_it() -> None:
    log = play(
        systems={"a": {"restart": 30.0}},
        faults=[fault("a", lasts=10.0)],
        roles={"it": {}},
        steps=[
            {"id": "cut", "owner": "it", "at": "00:25", "does": {"isolate": "a"}},
            {"id": "join", "owner": "it", "at": "01:10", "does": {"reconnect": "a"}},
        ],
    )
    assert story(log, "component", "a") == [(10, "down"), (20, "restoring"), (25, "isolated"), (70, "up")]


def test_isolation_takes_services_away_and_reconnecting_gives_them_back() -> None:
    log = play(
        systems={"net": {}, "his": {"needs": ["net"]}},
        roles={"it": {}},
        steps=[
            {"id": "cut", "owner": "it", "at": "00:20", "does": {"isolate": "net"}},
            {"id": "again", "owner": "it", "at": "00:30", "does": {"isolate": "net"}},
            {"id": "join", "owner": "it", "at": "00:40", "does": {"reconnect": "net"}},
        ],
    )
    assert story(log, "component", "his") == [(20, "isolated"), (40, "up")]


def test_repairing_what_is_whole_does_nothing_and_is_done() -> None:
    log = play(
        systems={"a": {}},
        roles={"it": {}},
        faults=[fault("a", lasts=20.0)],
        steps=[{"id": "mend", "owner": "it", "at": "01:00", "does": {"repair": "a"}}],
    )
    assert story(log, "component", "a") == [(10, "down"), (30, "up")]
    assert reached(log)["mend"] == 60


def test_a_fault_ends_when_it_is_mended_and_not_again_when_it_would_have_ended_by_itself() -> None:
    log = play(
        systems={"a": {}},
        roles={"it": {}},
        faults=[fault("a", lasts=100.0)],
        steps=[{"id": "mend", "owner": "it", "at": "00:30", "does": {"repair": "a"}}],
    )
    assert story(log, "fault", "f") == [(10, "began"), (30, "ended")]
    assert story(log, "component", "a") == [(10, "down"), (30, "up")]


def test_part_of_a_fleet_away_slows_the_rest_by_what_is_lacking() -> None:
    log = play(
        systems={"desks": {"count": 100, "capacity_of_fleet": 0.8}},
        faults=[fault("desks", severity=0.1, lasts=10.0), fault("desks", id="g", at="01:00", severity=0.6, lasts=10.0)],
    )
    assert [(row.minute, row.state, round(row.value, 6)) for row in rows(log, "component", "desks")] == [
        (60, "slow", 2.0),
        (70, "up", 1.0),
    ]


def test_a_whole_fleet_away_gives_no_service() -> None:
    log = play(systems={"desks": {"count": 100}}, faults=[fault("desks")])
    assert story(log, "component", "desks") == [(10, "down")]


def test_a_selector_strikes_all_that_are_alike() -> None:
    log = play(systems={"a": {"kind": "pc"}, "b": {"kind": "pc"}, "c": {}}, faults=[fault("kind: pc")])
    assert {row.subject for row in rows(log, "component")} == {"a", "b"}


def test_a_fault_that_chance_spares_is_logged_and_breaks_nothing() -> None:
    log = play(systems={"a": {}}, faults=[fault("a", chance=0.0)])
    assert story(log, "fault", "f") == [(10, "skipped")]
    assert "failed" not in reached(log)


def test_a_copy_slows_the_component_while_it_runs() -> None:
    backup = {"kind": "full", "every": 100.0, "at": "00:30", "takes": 20.0, "medium": "disk", "slows": 1.5}
    log = play(
        systems={"db": {"data": {"size": 1.0, "backups": [backup]}}}, media={"disk": {"throughput": 1.0}}, horizon=140.0
    )
    assert story(log, "component", "db") == [(30, "slow"), (50, "up"), (130, "slow")]


def test_systems_that_need_each_other_in_a_circle_cannot_be_run() -> None:
    with pytest.raises(SimulationError, match=r"need each other in a circle: a, b") as caught:
        play(systems={"a": {"needs": ["b"]}, "b": {"needs": ["a"]}})
    assert caught.value.minute == 0


def test_nothing_starts_that_was_not_stopped_first() -> None:
    unit = Unit("a", Component(title="a", kind="x"), 0.0)
    for rank in (RESTORING,):
        with pytest.raises(SimulationError, match=r"minute 5: a cannot go from up to restoring"):
            unit.change_own(Standing(rank), 5.0)
    assert UP not in LEGAL[UP]
    assert RESTORING in LEGAL[DOWN] & LEGAL[ISOLATED]
    assert SLOW in LEGAL[SLOW]  # another factor


moments = st.integers(1, 300)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            moments, st.sampled_from("abc"), st.sampled_from(["outage", "slow", "read_only"]), st.integers(1, 60)
        ),
        max_size=8,
    ),
    st.lists(
        st.tuples(moments, st.sampled_from("abc"), st.sampled_from(["isolate", "reconnect", "repair", "restore"])),
        max_size=8,
    ),
)
def test_whatever_happens_states_alternate_and_minutes_never_decrease(struck: list, acts: list) -> None:
    log = play(
        systems={
            "a": {"restart": 7.0},
            "b": {"needs": ["a"], "comes_back": "by_hand", "restart": 3.0},
            "c": {"needs": {"any": ["a", "b"]}, "rides_through": 5.0},
        },
        faults=[
            fault(target, id=f"f{i}", kind=kind, at=f"{at // 60:02d}:{at % 60:02d}", lasts=float(lasts), severity=2.0)
            for i, (at, target, kind, lasts) in enumerate(struck)
        ],
        roles={"it": {"count": 99}},
        steps=[
            {
                "id": f"s{i}",
                "owner": "it",
                "at": f"{at // 60:02d}:{at % 60:02d}",
                "does": {act: target},
                "if_it_fails": {"tries": 2, "pause": 5.0},
            }
            for i, (at, target, act) in enumerate(acts)
        ],
        horizon=600.0,
    )
    assert [row.minute for row in log.events] == sorted(row.minute for row in log.events)
    for kind in ("component", "own"):
        for name in "abc":
            states = [(row.state, row.value) for row in rows(log, kind, name)]
            assert all(one != two for one, two in zip([("up", 1.0), *states], states, strict=False))
    isolated = {target for _, target, act in acts if act == "isolate"}
    if not any(act == "isolate" for _, _, act in acts) and not struck:
        assert not rows(log, "component")
    for row in rows(log, "own"):
        assert row.state != "isolated" or row.subject in isolated


def without_identity(steps: tuple[dict, ...] = (), **break_glass: object) -> Log:
    """The HIS needs the identity system, which is away from 01:00 to 03:00."""
    return play(
        steps=steps,
        roles={"lead": {}},
        systems={
            "identity": {},
            "his": {"needs": ["identity"], "restart": 20.0, "without": {"identity": break_glass}},
            "desk": {"needs": ["his"]},
        },
        faults=[{"id": "f", "target": "identity", "at": "01:00", "lasts": 120.0}],
    )


def test_broken_glass_lets_work_go_on_more_slowly_until_the_need_is_back():
    log = without_identity(after=15.0, slows=1.4)
    assert [(r.minute, r.state, r.value) for r in rows(log, "component", "desk")] == [
        (60, "down", 1.0),
        (75, "slow", 1.4),
        (180, "up", 1.0),
    ]
    assert [(r.minute, r.state, r.cause) for r in rows(log, "break_glass", "his")] == [
        (75, "opened", "identity"),
        (180, "closed", "identity"),
    ]
    assert rows(log, "break_glass")[1].value == 105


def test_sealed_accounts_that_do_not_work_help_nobody():
    log = without_identity(after=15.0, chance=0.0)
    assert story(log, "component", "desk")[0] == (60, "down")
    assert not rows(log, "break_glass")


def release(at: str, **step: object) -> tuple[dict, ...]:
    """A step that opens the sealed accounts of the HIS."""
    return ({"id": "release", "owner": "lead", "at": at, "takes": 10.0, "does": {"break_glass": "his"}, **step},)


def test_accounts_that_a_step_releases_are_opened_by_it_and_not_before():
    log = without_identity(release("01:20"), after=15.0, slows=1.4, by_hand=True)
    assert [(r.minute, r.state) for r in rows(log, "component", "desk")] == [(60, "down"), (105, "slow"), (180, "up")]
    assert done(log)["release"] == 105  # once somebody has signed in
    assert not rows(without_identity(after=15.0, by_hand=True), "break_glass")


def test_releasing_accounts_that_do_not_work_fails_and_what_is_not_away_needs_none():
    log = without_identity(release("01:20", if_it_fails={"tries": 1}), after=15.0, chance=0.0, by_hand=True)
    assert "release failed" in reached(log)
    assert done(without_identity(release("00:20"), after=15.0, by_hand=True))["release"] == 30


def test_what_is_lost_beside_the_need_still_stops_it():
    log = play(
        systems={"power": {}, "identity": {"needs": ["power"]}, "his": {"needs": ["identity", "power"], "without": {"identity": {"after": 5.0}}}},
        faults=[{"id": "f", "target": "power", "at": "01:00", "lasts": 50.0}],
    )  # fmt: skip
    assert story(log, "component", "his") == [(60, "down"), (110, "up")]


def test_after_a_start_it_is_slow_for_as_long_as_it_settles():
    log = play(
        systems={"his": {"restart": 10.0, "settles": 30.0, "settles_slow": 2.0}},
        faults=[{"id": "f", "target": "his", "at": "01:00", "lasts": 20.0}],
    )
    assert [(r.minute, r.state, r.value) for r in rows(log, "component", "his")] == [
        (60, "down", 1.0),
        (80, "restoring", 1.0),
        (90, "slow", 2.0),
        (120, "up", 1.0),
    ]
