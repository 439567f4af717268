"""What comes back, goes on meanwhile, or happens twice: nothing is forgotten, nothing counted from the wrong minute, nobody else's luck moved."""

from __future__ import annotations

import math

import pytest

from tests.sim_rows import done, play, rows, story

NIGHTLY = {"size": 60.0, "backups": [{"kind": "full", "every": 1440.0, "at": "00:00", "medium": "tape"}]}
TAPE = {"tape": {"throughput": 1.0, "fetch": 10.0, "offline": True}}
PCS = {"pcs": {"kind": "workstation", "count": 100, "rebuild_takes": 60.0}}
INFECTED = {"id": "f", "kind": "spread", "target": "pcs", "at": "01:00", "attack": {"every": 60.0}}
LAN = {"kind": "network"}
SERVER = {"kind": "server", "needs": ["lan"]}


def recovering(at: str, fault: dict, does: object) -> object:
    """A database with a copy every midnight, and a step that brings its data back."""
    return play(
        horizon=6000.0,
        systems={"db": {"kind": "database", "data": NIGHTLY, "rebuild_takes": 60.0}},
        media=TAPE,
        roles={"tech": {}},
        faults=[{"id": "f", "target": "db", "at": "06:00", **fault}],
        steps=[{"id": "back", "owner": "tech", **({"at": at} if at else {}), "does": does}],
    )


def test_data_that_were_encrypted_are_lost_since_the_last_copy_before_that_minute_not_before_they_are_brought_back():
    log = recovering("day 2 16:00", {"kind": "spread"}, [{"reimage": "db"}, {"recover_data": "db"}])
    assert [(row.minute, row.value) for row in rows(log, "data_lost")] == [(2400 + 60 + 70, 360)]


def test_a_replica_takes_the_damage_of_an_attack_over_after_its_lag():
    def lost(at: str) -> list[float]:
        log = play(
            horizon=2000.0,
            systems={"db": {"data": {**NIGHTLY, "replica": "copy", "lag": 30.0}}, "copy": {}},
            media=TAPE,
            roles={"tech": {}},
            faults=[{"id": "f", "kind": "spread", "target": "db", "at": "06:00", "attack": {"reaches": []}}],
            steps=[{"id": "back", "owner": "tech", "at": at, "does": {"recover_data": "db"}}],
        )
        return [row.value for row in rows(log, "data_lost")]

    assert lost("06:20") == [10]
    assert lost("07:00") == [360]


def test_data_damaged_again_are_lost_since_the_last_copy_before_the_relapse():
    relapse = {"chance": 1.0, "after": 2000.0, "times": 1}
    log = recovering("", {"kind": "corrupt", "relapse": relapse}, {"recover_data": "db"})
    assert [(row.minute, row.value) for row in rows(log, "data_lost")] == [(430, 360), (2500, 2430 - 1440)]


def epidemic(minutes: float) -> float:
    """The share of a hundred machines that is infected so long after the first."""
    return 1 / (1 + 99 * math.exp(-minutes / 60))


def test_machines_rebuilt_while_the_malware_goes_on_are_taken_off_what_it_has_by_then():
    steps = [{"id": "rebuild", "owner": "tech", "with": {"tech": 19}, "at": "05:00", "does": {"reimage": "pcs"}}]
    log = play(systems=PCS, roles={"tech": {"count": 20}}, faults=[INFECTED], steps=steps)
    left = [row.value for row in rows(log, "own", "pcs") if row.minute == 360][-1]
    assert left == pytest.approx(1 / (1 - (epidemic(300) - 0.20)))


def test_an_attack_that_was_stopped_takes_no_further_machine_while_they_are_rebuilt():
    steps = [
        {"id": "stop", "owner": "tech", "at": "05:00", "does": ["judge", {"repair": "cause"}]},
        {"id": "rebuild", "owner": "tech", "with": {"tech": 19}, "after": "stop", "does": {"reimage": "pcs"}},
    ]
    log = play(systems=PCS, roles={"tech": {"count": 20}}, causes=["pcs"], faults=[INFECTED], steps=steps)
    assert [(row.minute, row.value) for row in rows(log, "rebuilt")] == [(360, 20), (420, math.ceil(100 * epidemic(240)) - 20)]  # fmt: skip
    assert done(log)["rebuild"] == 420


def test_whose_data_were_taken_before_a_relapse_stay_taken():
    log = play(
        systems={"db": {"data": {"size": 1.0, "people": 1000}}},
        faults=[{"id": "f", "kind": "insider", "target": "db", "at": "01:00", "attack": {"every": 1e-9, "takes_out": 100.0},
                 "relapse": {"chance": 1.0, "after": 60.0, "times": 1}}],
        roles={"it": {}, "office": {}},
        steps=[{"id": "close", "owner": "it", "takes": 50.0, "does": {"repair": "db"}},
               {"id": "count", "owner": "office", "at": "02:55", "only_if": "people exposed >= 510"},
               {"id": "all", "owner": "office", "at": "03:40", "only_if": "people exposed >= 999"}],
    )  # fmt: skip
    assert {row.state for row in rows(log, "fault", "f")} == {"began", "ended", "relapsed"}
    assert [row.minute for row in rows(log, "fault", "f") if row.state == "relapsed"] == [170]
    assert {"count", "all"} <= done(log).keys()  # half before, and as much again after 170


def test_what_monitoring_sees_at_one_system_does_not_depend_on_what_was_reached_before():
    def seen(hardened: float, replication: int) -> bool:
        guard = {"monitoring": 0.5}
        log = play(
            replication=replication,
            horizon=20000.0,
            systems={"lan": LAN, "one": SERVER, "two": {**SERVER, "protection": {"hardening": hardened}},
                     "three": {**SERVER, "protection": guard}},
            faults=[{"id": "f", "kind": "spread", "target": "one", "at": "01:00", "attack": {"every": 60.0},
                     "found_by": {"monitoring": {"after": 90000.0}}}],
        )  # fmt: skip
        assert any(row.cause == "three" for row in rows(log, "attack"))
        return bool(rows(log, "noticed"))

    luck = [seen(0.0, r) for r in range(12)]
    assert len(set(luck)) == 2
    assert [seen(1.0, r) for r in range(12)] == luck


def test_malware_does_not_get_over_a_way_that_a_partition_has_cut():
    def entered(*more: dict) -> list[str]:
        log = play(
            horizon=3000.0,
            systems={"lan": LAN, "one": SERVER, "two": SERVER},
            faults=[{"id": "f", "kind": "spread", "target": "one", "at": "01:00"}, *more],
        )
        return [row.cause for row in rows(log, "attack") if row.state == "inside"]

    assert entered() == ["one", "two"]
    assert entered({"id": "p", "kind": "partition", "target": "two", "at": "00:30"}) == ["one"]
    assert entered({"id": "p", "kind": "partition", "target": "two", "at": "00:30", "lasts": 60.0}) == ["one", "two"]


BACK = {"chance": 1.0, "after": 30.0, "times": 1}


def test_of_two_targets_that_come_back_before_anybody_knows_both_are_mended_again():
    log = play(
        systems={"a": {}, "b": {}},
        roles={"x": {}, "y": {}},
        faults=[{"id": "f", "target": "all", "at": "01:00", "found_by": {"monitoring": {"after": 5.0}}, "relapse": BACK}],
        steps=[{"id": "mend_a", "owner": "x", "takes": 5.0, "does": {"repair": "a"}},
               {"id": "mend_b", "owner": "y", "takes": 7.0, "does": {"repair": "b"}}],
    )  # fmt: skip
    assert story(log, "component", "a") == [(60, "down"), (70, "up"), (100, "down"), (110, "up")]
    assert story(log, "component", "b") == [(60, "down"), (72, "up"), (102, "down"), (112, "up")]


def test_a_call_about_the_first_time_does_not_make_the_relapse_known():
    ways = {"monitoring": {"after": "listed(1 min, 40 min)"}, "users": {"after": "listed(43 min, 90 min)"}}
    log = play(
        systems={"a": {}}, roles={"x": {}},
        faults=[{"id": "f", "target": "a", "at": "01:00", "found_by": ways, "relapse": BACK}],
        steps=[{"id": "mend", "owner": "x", "takes": 5.0, "does": {"repair": "a"}}],
    )  # fmt: skip
    assert story(log, "fault", "f")[:3] == [(60, "began"), (66, "ended"), (96, "relapsed")]
    assert [row.minute for row in rows(log, "noticed")] == [61, 136]  # not 103


def test_steps_that_are_done_anew_after_a_relapse_have_all_their_tries():
    log = play(
        systems={"a": {"comes_back": "by_hand"}, "b": {}},
        roles={"x": {}},
        faults=[{"id": "f", "target": "a", "at": "01:00", "relapse": {**BACK, "after": 60.0}},
                {"id": "first", "target": "b", "at": "01:00", "lasts": 9.0}, {"id": "second", "target": "b", "at": "02:00", "lasts": 15.0}],
        steps=[{"id": "mend", "owner": "x", "takes": 5.0, "does": {"repair": "a"}},
               {"id": "up", "after": "mend", "owner": "x", "takes": 1.0, "does": {"restore": ["a", "b"]},
                "if_it_fails": {"tries": 2, "pause": 10.0}}],
    )  # fmt: skip
    assert [state for state in story(log, "step", "up") if state[1] in ("pause", "done", "failed")] == [
        (66, "pause"), (77, "done"), (131, "pause"), (142, "done"),
    ]  # fmt: skip


def test_what_would_have_ended_by_itself_meanwhile_does_not_come_back():
    def story_of(lasts: float) -> list[tuple[float, str]]:
        log = play(
            systems={"a": {}},
            roles={"x": {}},
            faults=[{"id": "f", "target": "a", "at": "01:00", "lasts": lasts, "relapse": BACK}],
            steps=[{"id": "mend", "owner": "x", "takes": 5.0, "does": {"repair": "a"}}],
        )
        return story(log, "component", "a")

    assert story_of(30.0) == [(60, "down"), (65, "up")]
    assert story_of(37.0) == [(60, "down"), (65, "up"), (95, "down"), (97, "up")]


@pytest.mark.parametrize("does", [{"repair": "core"}, {"repair": "cause"}])
def test_a_way_that_a_partition_has_cut_is_joined_by_a_repair(does):
    log = play(
        causes=["core"], systems={"core": {}, "his": {"needs": ["core"]}}, roles={"x": {}},
        faults=[{"id": "f", "kind": "partition", "target": "core", "at": "01:00"}],
        steps=[{"id": "judge", "owner": "x", "does": "judge"}, {"id": "mend", "after": "judge", "owner": "x", "takes": 5.0, "does": does}],
    )  # fmt: skip
    assert story(log, "component", "his") == [(60, "down"), (65, "up")]
    assert story(log, "fault", "f") == [(60, "began"), (65, "ended")]
