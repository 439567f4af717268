"""Repairs that look right and are not: verifying can find them, use finds them later, and either way the work is done anew."""

from __future__ import annotations

import pytest

from drillsim.errors import Wrong
from drillsim.model.scenario import Fault
from tests.sim_rows import causes, done, play, rows, story

LEFT = {"chance": 1.0, "after": 100.0, "seen": 1.0, "times": 1}
SYSTEMS = {"db": {"comes_back": "by_hand"}, "his": {"needs": ["db"]}, "other": {}}
DEPARTMENTS = {"desk": {"group": "outpatient"}, "far": {"group": "outpatient"}}
ACTIVITIES = {
    "book": {"department": "desk", "takes": 1.0, "uses": ["his"]},
    "look": {"department": "far", "takes": 1.0, "uses": ["other"]},
}


def mended(verify: str = "", *, imperfect: dict[str, object] = LEFT, replication: int = 0, **fault: object):
    """The log of a database that fails at 60, is noticed by 70 and mended within 10 min, started in another 5 and, if so, verified in 5 more."""
    steps = [
        {"id": "mend", "owner": "lead", "on": "detected", "takes": 10.0, "does": ["judge", {"repair": "cause"}]},
        {"id": "start", "owner": "lead", "after": "mend", "takes": 5.0, "does": {"restore": "db"}},
        {"id": "verify", "owner": "lead", "after": "start", "takes": 5.0, "does": [{"verify": verify}] if verify else []},
    ]  # fmt: skip
    return play(
        systems=SYSTEMS,
        departments=DEPARTMENTS,
        activities=ACTIVITIES,
        detection={"users": {"after": 10.0}},
        causes=["db"],
        roles={"lead": {}},
        steps=steps,
        faults=[{"id": "f", "target": "db", "at": "01:00", "imperfect": imperfect, **fault}],
        horizon=600.0,
        replication=replication,
    )


def test_what_nobody_verifies_breaks_out_in_use_and_is_mended_anew() -> None:
    log = mended()
    # mended at 80, in service from 85: it breaks out 100 min later, users see it 10 min after that, 10 min to mend, 5 to start
    assert story(log, "fault", "f") == [
        (60, "began"),
        (80, "ended"),
        (80, "imperfect"),
        (185, "relapsed"),
        (205, "ended"),
    ]
    assert [(e.minute, e.state) for e in rows(log, "noticed", "f")] == [(70, "users"), (195, "users")]
    assert done(log) == {"mend": 205, "start": 210, "verify": 215}


def test_verifying_finds_it_at_once_and_the_departments_do_not_meet_it() -> None:
    log = mended("desk")
    assert [(e.minute, e.state) for e in rows(log, "noticed", "f")] == [(70, "users"), (90, "verifying")]
    assert done(log) == {"mend": 100, "start": 105, "verify": 110}
    assert [e.state for e in rows(log, "step", "verify")].count("redo") == 1
    assert story(log, "fault", "f") == [
        (60, "began"),
        (80, "ended"),
        (80, "imperfect"),
        (90, "still_wrong"),
        (100, "ended"),
    ]


def test_who_found_something_away_tries_it_again_once_it_is_back() -> None:
    """Nobody is kept at a desk to try every few minutes what everybody knows to be away."""
    log = play(
        systems={"his": {}},
        departments={"desk": {"group": "outpatient"}},
        activities={"book": {"department": "desk", "takes": 1.0, "uses": ["his"]}},
        roles={"lead": {}},
        faults=[{"id": "f", "target": "his", "at": "01:00", "lasts": 200.0}],
        steps=[{"id": "verify", "owner": "lead", "at": "01:10", "takes": 5.0, "does": {"verify": "desk"},
                "if_it_fails": {"tries": 3, "pause": 6.0}}],
        horizon=600.0,
    )  # fmt: skip
    assert causes(log, "step", "verify")[1:] == [
        (70, "working", ""),
        (75, "pause", ""),
        (81, "system", "his"),
        (260, "working", ""),
        (265, "done", ""),
    ]


def test_who_verifies_something_that_does_not_lean_on_it_sees_nothing() -> None:
    assert [e.state for e in rows(mended("far"), "noticed", "f")] == ["users", "users"]


def test_a_rightly_judged_cause_does_not_keep_a_repair_from_being_imperfect() -> None:
    log = mended(cause="db")
    assert (185, "relapsed", "db") in causes(log, "fault", "f")


def test_the_chance_and_what_is_seen_are_shares_of_runs() -> None:
    logs = [mended("desk", imperfect={**LEFT, "chance": 0.5, "seen": 0.5}, replication=n) for n in range(400)]
    left = [log for log in logs if any(e.state == "imperfect" for e in rows(log, "fault", "f"))]
    seen = [log for log in left if any(e.state == "verifying" for e in rows(log, "noticed", "f"))]
    # 4 standard deviations of the binomial: 400 x 0.5 = 200 +- 40; of about 200, a half, +- 28
    assert abs(len(left) - 200) < 40
    assert abs(len(seen) - len(left) / 2) < 28


def test_it_is_left_so_no_more_often_than_said() -> None:
    log = mended(imperfect={**LEFT, "times": 2})
    assert [state for _, state in story(log, "fault", "f")].count("imperfect") == 2
    assert [state for _, state in story(log, "fault", "f")].count("relapsed") == 2


def test_a_fault_that_passes_by_itself_is_not_repaired_and_so_not_imperfect() -> None:
    log = mended(lasts=5.0, found_by={"users": {"after": 1.0}})
    assert [state for _, state in story(log, "fault", "f")] == ["began", "ended"]


@pytest.mark.parametrize("verify", ["", "desk"])
def test_what_would_be_over_by_itself_by_then_neither_breaks_out_nor_is_seen(verify: str) -> None:
    """Mended at 80 and verified at 90, or breaking out at 185: the fault would have been over at 85, as no relapse comes after that either."""
    log = mended(verify, lasts=25.0)
    assert [state for _, state in story(log, "fault", "f")] == ["began", "ended", "imperfect"]
    assert done(log) == {"mend": 80, "start": 85, "verify": 90}


def test_who_verifies_what_has_come_back_already_sees_only_that() -> None:
    """Mended imperfectly at 80, back as a relapse at 95, verified at 105: a system that is only slow passes, and nothing else is wrong with it."""
    log = play(
        systems=SYSTEMS,
        departments=DEPARTMENTS,
        activities=ACTIVITIES,
        detection={"monitoring": {"after": 20.0}},
        roles={"lead": {}, "other": {}},
        steps=[
            {"id": "mend", "owner": "lead", "on": "detected", "does": {"repair": "db"}},
            {"id": "verify", "owner": "other", "at": "01:45", "does": {"verify": "desk"}},
        ],
        faults=[
            {"id": "f", "kind": "slow", "severity": 0.5, "target": "db", "at": "01:00", "imperfect": LEFT, "relapse": {"chance": 1.0, "after": 15.0, "times": 1}}
        ],
        horizon=600.0,
    )  # fmt: skip
    assert [(e.minute, e.state) for e in rows(log, "step", "verify")] == [(0, "dormant"), (105, "working"), (105, "done")]  # fmt: skip


def test_nobody_sees_what_is_wrong_with_a_system_that_gives_no_service_yet() -> None:
    """The other of two database servers carries the work: the repaired one is started at 150, and only who verifies after that can see it."""
    log = play(
        systems={"one": {"comes_back": "by_hand"}, "two": {}, "his": {"needs": {"any": ["one", "two"]}}, "other": {}},
        departments=DEPARTMENTS,
        activities=ACTIVITIES,
        detection={"monitoring": {"after": 10.0}},
        roles={"lead": {}},
        steps=[
            {"id": "mend", "owner": "lead", "on": "detected", "does": {"repair": "one"}},
            {"id": "verify", "owner": "lead", "at": "02:00", "does": {"verify": "desk"}},
            {"id": "start", "owner": "lead", "at": "02:30", "does": {"restore": "one"}},
            {"id": "again", "owner": "lead", "at": "03:00", "does": {"verify": "desk"}},
        ],
        faults=[{"id": "f", "target": "one", "at": "01:00", "imperfect": LEFT}],
        horizon=600.0,
    )
    assert done(log)["verify"] == 120
    assert [e.minute for e in rows(log, "fault", "f") if e.state == "still_wrong"] == [180]


def test_the_luck_of_everything_else_stays() -> None:
    without = mended("desk", imperfect={**LEFT, "chance": 0.0})
    assert story(without, "fault", "f") == [(60, "began"), (80, "ended")]
    assert done(without) == {"mend": 80, "start": 85, "verify": 90}


def test_a_way_that_a_partition_has_cut_is_repaired_too_and_perhaps_not_rightly() -> None:
    """Cut at 60, joined by the repair at 80 and cut again 100 min later, in use."""
    log = mended(kind="partition", cause="db")
    assert story(log, "fault", "f") == [
        (60, "began"),
        (80, "ended"),
        (80, "imperfect"),
        (180, "relapsed"),
        (200, "ended"),
    ]


def test_nobody_mends_what_passes_by_itself() -> None:
    with pytest.raises((ValueError, Wrong), match="nobody repairs"):
        Fault.model_validate({"kind": "supplier", "target": "db", "imperfect": {}})
