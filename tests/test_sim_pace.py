"""Work that goes slower: with a slow system the step uses, tired people, people out of practice; and that the log says so."""

from __future__ import annotations

import pytest

from tests.sim_rows import done, play, rows


def at_the_his(*, slow: list[tuple[str, float, float]] = (), takes: object = 60.0, **parts: object):
    """A step of 60 minutes of work at the HIS from 60 on; the HIS is slow by a factor from a time of day for so many minutes."""
    faults = [{"id": f"s{n}", "kind": "slow", "target": "his", "severity": by, "at": at, "lasts": lasts} for n, (at, by, lasts) in enumerate(slow)]  # fmt: skip
    return play(
        systems={"his": {}, "other": {}},
        roles={"it": {"count": 2}},
        faults=[{"id": "f", "target": "other", "at": "01:00"}, *faults],
        steps=[{"id": "s", "owner": "it", "on": "f", "takes": takes, "uses": "his", **parts}],
    )


def paces(log, step: str = "s") -> list[tuple[float, str, str, float]]:
    return [(e.minute, e.state, e.cause, e.value) for e in rows(log, "pace", step)]


def test_a_step_that_uses_a_slow_system_takes_its_factor_as_long():
    log = at_the_his(slow=[("00:30", 3.0, 900.0)])
    assert done(log)["s"] == 60 + 3 * 60
    assert paces(log) == [(60, "slow", "his", 3.0), (240, "slow", "his", 1.0)]
    assert done(at_the_his(slow=[("00:30", 3.0, 900.0)], uses=[]))["s"] == 120  # it does not use it


def test_work_goes_on_at_the_new_pace_when_the_system_changes_meanwhile():
    """20 min as always, then 30 min at half the pace (15 of work), then the last 25 as always."""
    log = at_the_his(slow=[("01:20", 2.0, 30.0)])
    assert done(log)["s"] == 60 + 20 + 30 + 25
    assert paces(log) == [(80, "slow", "his", 2.0), (110, "slow", "his", 1.0)]


def test_a_system_that_is_slow_before_or_after_the_work_leaves_it_alone():
    for at in ("00:10", "05:00"):
        log = at_the_his(slow=[(at, 2.0, 30.0)])
        assert (done(log)["s"], paces(log)) == (120, [])


def test_the_luck_of_the_work_is_the_same_with_a_slow_system():
    luck = "lognormal(median 40 min, p90 90 min)"
    fast, slow = (done(at_the_his(slow=s, takes=luck))["s"] - 60 for s in ([], [("00:30", 2.0, 9000.0)]))
    assert slow == pytest.approx(2 * fast)


def test_tiredness_and_want_of_practice_are_said_with_their_factors_from_the_minute_they_count():
    """The shift began at 02:00, people tire from 12:00 on: an hour later work takes half as long again; lack of training doubles the work."""
    log = play(
        staff={"dba": {"on_duty": {"02:00-23:00": 1}, "trained": 0.0}},
        roles={"dba": {"holders": "dba"}},
        readiness={"tires_after": 600.0, "tired_takes": 1.5, "untrained_takes": 2.0},
        faults=[{"id": "f", "target": "his", "at": "12:00"}],
        systems={"his": {}},
        steps=[{"id": "s", "owner": "dba", "takes": 45.0}],
    )
    assert done(log)["s"] == 720 + 60 + 30 * 1.5
    assert paces(log) == [
        (720, "untrained", "", 2.0), (780, "tired", "", 1.5), (825, "untrained", "", 1.0), (825, "tired", "", 1.0),
    ]  # fmt: skip
