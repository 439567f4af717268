"""Services on several members: failing over, failing to, failing back, and the standby that cannot carry the peak."""

from __future__ import annotations

import math

import pytest

from drillsim.units import YEAR
from tests.sim_rows import causes, play, reached, rows, story


def service(faults: list[dict], *, runs_on: dict | None = None, first: dict | None = None, **parts: object):
    """A service on members a and b, failing over after 2 min in 3 min unless said otherwise."""
    systems = {
        "a": first or {},
        "b": {},
        "s": {"runs_on": {"members": ["a", "b"], "after": 2.0, "takes": 3.0, **(runs_on or {})}},
        **parts.pop("systems", {}),
    }
    return play(systems=systems, faults=faults, **parts)


def fault(target: str, at: str, lasts: float | None = None, id: str = "") -> dict:
    return {"id": id or f"f{target}{at[-2:]}", "target": target, "at": at, **({"lasts": lasts} if lasts else {})}


def test_a_service_fails_over_after_its_delay_and_is_back_after_the_switch() -> None:
    log = service([fault("a", "00:10")])
    assert causes(log, "failover", "s") == [(12, "started", "b"), (15, "done", "b")]
    assert story(log, "component", "s") == [(10, "down"), (12, "restoring"), (15, "up")]


def test_a_member_that_is_not_in_use_may_break_without_harm() -> None:
    log = service([fault("b", "00:10")])
    assert story(log, "component", "s") == []
    assert rows(log, "failover") == []


def test_the_member_in_use_is_back_before_the_switch_so_there_is_none() -> None:
    log = service([fault("a", "00:10", lasts=1.5)])
    assert rows(log, "failover") == []
    assert story(log, "component", "s") == [(10, "down"), (11.5, "up")]


def test_a_member_that_breaks_again_is_given_its_delay_again() -> None:
    log = service([fault("a", "00:10", lasts=1.0), {"id": "g", "target": "a", "at": "00:11"}])
    assert story(log, "component", "s")[0] == (10, "down")
    assert story(log, "failover", "s")[0] == (13, "started")


def test_a_switch_that_has_started_goes_on_when_the_old_member_comes_back() -> None:
    log = service([fault("a", "00:10", lasts=3.0)])
    assert story(log, "failover", "s") == [(12, "started"), (15, "done")]
    assert story(log, "component", "s") == [(10, "down"), (12, "restoring"), (15, "up")]


def test_the_member_switched_to_breaks_meanwhile_so_the_switch_fails() -> None:
    log = service([fault("a", "00:10"), fault("b", "00:13")])
    assert story(log, "failover", "s") == [(12, "started"), (15, "failed")]
    assert story(log, "component", "s")[-1] == (15, "down")


def test_isolating_the_member_switched_to_makes_the_switch_fail() -> None:
    log = service(
        [fault("a", "00:10")],
        roles={"it": {}},
        steps=[{"id": "cut", "owner": "it", "at": "00:13", "does": {"isolate": "b"}}],
    )
    assert story(log, "failover", "s") == [(12, "started"), (15, "failed")]


def test_it_fails_over_again_and_back_to_its_first_member() -> None:
    log = service([fault("a", "00:10", lasts=20.0), fault("b", "01:00")])
    assert causes(log, "failover", "s") == [
        (12, "started", "b"),
        (15, "done", "b"),
        (62, "started", "a"),
        (65, "done", "a"),
    ]


def test_with_no_member_left_it_goes_on_with_whichever_works_first() -> None:
    log = service([fault("a", "00:10"), fault("b", "00:05", lasts=30.0)])
    assert story(log, "failover", "s") == [(37, "started"), (40, "done")]
    log = service([fault("a", "00:10", lasts=20.0), fault("b", "00:05")])
    assert rows(log, "failover") == []
    assert story(log, "component", "s") == [(10, "down"), (30, "up")]


def test_a_failed_switch_is_tried_again_by_hand_only() -> None:
    log = service(
        [fault("a", "00:10")],
        runs_on={"chance": 0.5},
        roles={"it": {}},
        steps=[{"id": "over", "owner": "it", "at": "01:00", "does": {"fail_over": "s"}, "if_it_fails": {"tries": 99}}],
        replication=next(
            r
            for r in range(50)
            if story(service([fault("a", "00:10")], runs_on={"chance": 0.5}, replication=r), "failover", "s")[-1][1]
            == "failed"
        ),
    )
    states = story(log, "failover", "s")
    assert states[:2] == [(12, "started"), (15, "failed")]
    assert states[2] == (60, "started")
    assert states[-1][1] == "done"
    assert reached(log)["over"] == states[-1][0]


def test_fail_over_succeeds_as_often_as_its_chance_says() -> None:
    worked = [
        story(service([fault("a", "00:10")], runs_on={"chance": 0.7}, replication=r), "failover", "s")[-1][1] == "done"
        for r in range(400)
    ]
    assert abs(sum(worked) / 400 - 0.7) < 3.29 * math.sqrt(0.7 * 0.3 / 400)


def switches(years: float, ageing: float, first: float = 0.0) -> list[bool]:
    """Whether each of 400 switches to a standby of so many years worked, with a chance of 0.75 when it is new."""
    systems = {"b": {"age": years * YEAR}}
    return [
        story(
            service([fault("a", "00:10")], first={"age": first * YEAR}, runs_on={"chance": 0.75, "ageing": ageing}, systems=systems, replication=r),
            "failover",
            "s",
        )[-1][1]
        == "done"
        for r in range(400)
    ]  # fmt: skip


@pytest.mark.parametrize(("years", "ageing", "works"), [(5, 0.12, 0.6), (10, 0.2, 0.25), (40, 0.2, 0.0)])
def test_a_switch_fails_more_often_with_each_year_of_the_standby(years: float, ageing: float, works: float) -> None:
    """As many times as often as 1 + ageing × years says, on the same luck: whatever works with the old one works with the new one."""
    assert works == max(0.0, 1 - 0.25 * (1 + ageing * years))
    old, new = switches(years, ageing), switches(0, ageing)
    assert abs(sum(old) / 400 - works) <= 3.29 * math.sqrt(works * (1 - works) / 400)
    assert sum(new) > sum(old)
    assert all(n for n, o in zip(new, old, strict=True) if o)


def test_the_age_of_the_member_that_is_left_and_an_age_without_ageing_change_nothing() -> None:
    assert switches(0, 0.12, first=10) == switches(0, 0.12) == switches(10, 0.0)


def test_by_hand_it_goes_back_to_the_first_member() -> None:
    log = service(
        [fault("a", "00:10", lasts=20.0)],
        roles={"it": {}},
        steps=[{"id": "back", "owner": "it", "at": "01:00", "only_if": "s on standby", "does": {"fail_over": "s"}}],
    )
    assert causes(log, "failover", "s")[-1] == (63, "done", "a")
    assert story(log, "component", "s") == [(10, "down"), (12, "restoring"), (15, "up"), (60, "restoring"), (63, "up")]


def test_a_service_that_is_not_automatic_waits_for_a_step() -> None:
    log = service(
        [fault("a", "00:10")],
        runs_on={"automatic": False},
        roles={"it": {}},
        steps=[{"id": "over", "owner": "it", "on": "s down", "takes": 10.0, "does": {"fail_over": "s"}}],
    )
    assert story(log, "component", "s") == [(10, "down"), (20, "restoring"), (23, "up")]


def test_a_battery_of_the_service_hides_the_switch() -> None:
    log = play(
        systems={
            "a": {},
            "b": {},
            "s": {"rides_through": 10.0, "runs_on": {"members": ["a", "b"], "after": 2.0, "takes": 3.0}},
        },
        faults=[fault("a", "00:10")],
    )
    assert story(log, "component", "s") == []
    assert story(log, "failover", "s") == [(12, "started"), (15, "done")]


def test_a_standby_with_half_the_capacity_is_slow_while_the_load_is_above_it() -> None:
    log = service(
        [fault("a", "00:10")],
        runs_on={"standby_capacity": 0.5},
        load={"00:00-08:00": 0.2, "08:00-10:00": 1.0, "10:00-12:00": 0.75, "12:00-24:00": 0.4},
        horizon=800.0,
    )
    assert [(row.minute, row.state, row.value) for row in rows(log, "component", "s")][3:] == [
        (480, "slow", 2.0),
        (600, "slow", 1.5),
        (720, "up", 1.0),
    ]


def test_an_overloaded_standby_gives_way_with_its_chance_per_hour() -> None:
    def gave_way(replication: int) -> float | None:
        log = service(
            [fault("a", "00:10")],
            runs_on={"standby_capacity": 0.5, "overload_fails": 0.3, "after": 0.0, "takes": 0.0},
            load={"00:00-24:00": 1.0},
            horizon=190.0,
            replication=replication,
            systems={"b": {"comes_back": "by_hand"}},
        )
        return next((row.minute for row in rows(log, "own", "b") if row.cause == "overload"), None)

    minutes = [gave_way(r) for r in range(300)]
    share = sum(m is not None for m in minutes) / 300
    expected = 1 - 0.7**3
    assert abs(share - expected) < 3.29 * math.sqrt(expected * (1 - expected) / 300)
    assert all(10 <= m <= 190 for m in minutes if m is not None)


def test_a_replica_that_takes_over_lacks_the_minutes_it_is_behind() -> None:
    log = service([fault("a", "00:10")], first={"data": {"size": 1.0, "replica": "b", "lag": 4.0}})
    assert [(r.minute, r.state, r.cause, r.value) for r in rows(log, "data_lost", "a")] == [
        (15, "lost", "replica", 4.0)
    ]
    planned = service(
        [],
        first={"data": {"size": 1.0, "replica": "b", "lag": 4.0}},
        roles={"it": {}},
        steps=[{"id": "over", "owner": "it", "at": "01:00", "does": {"fail_over": "s"}}],
    )
    assert rows(planned, "data_lost") == []
