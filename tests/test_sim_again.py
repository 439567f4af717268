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


HIDDEN = {"id": "f", "kind": "spread", "target": "one", "at": "01:00", "attack": {"hidden": 600.0, "backups": 1.0, "reaches": []}}  # fmt: skip


def spoiled(*steps: dict) -> list[float]:
    """When the copies on a disk are spoiled by malware that has been in a server since 01:00 and does its damage at 11:00."""
    log = play(
        systems={"lan": LAN, "one": SERVER}, media={"disk": {"throughput": 1.0}}, roles={"it": {}}, faults=[HIDDEN],
        steps=[{"owner": "it", **step} for step in steps],
    )  # fmt: skip
    return [row.minute for row in rows(log, "attack") if row.state == "spoiled"]


def test_malware_that_was_found_and_removed_in_time_spoils_no_copies():
    assert spoiled() == [660]
    assert spoiled({"id": "clean", "at": "10:00", "does": {"repair": "one"}}) == []


def test_copies_are_out_of_reach_of_what_was_isolated_until_it_is_connected_again():
    cut = {"id": "cut", "at": "10:00", "does": {"isolate": "one"}}
    assert spoiled(cut) == []
    assert spoiled(cut, {"id": "join", "at": "12:00", "does": {"reconnect": "one"}}) == [720]


def test_what_power_breaks_when_it_fails_again_is_a_matter_of_luck_again():
    def broke(replication: int) -> list[str]:
        log = play(
            replication=replication,
            systems={"feed": {}, "server": {"needs": "feed", "restart": 1.0}},
            roles={"it": {}},
            faults=[{"id": "f", "kind": "power", "target": "feed", "at": "01:00", "breaks": 0.5, "relapse": {**BACK, "after": 100.0}}],
            steps=[{"id": "mend", "owner": "it", "takes": 5.0, "does": {"repair": "feed"}},
                   {"id": "server", "owner": "it", "after": "mend", "takes": 5.0, "does": {"repair": "server"}}],
        )  # fmt: skip
        return [row.state for row in rows(log, "fault", "f") if row.state in ("relapsed", "broke")]

    found = [broke(r) for r in range(40)]
    assert sorted({tuple(one): one for one in found}.values(), key=lambda one: (one[0] == "relapsed", -len(one))) == [
        ["broke", "relapsed", "broke"],
        ["broke", "relapsed"],
        ["relapsed", "broke"],
        ["relapsed"],
    ]


def test_whether_sealed_accounts_work_does_not_depend_on_what_else_was_away_before():
    def opened(replication: int, *earlier: dict) -> list[float]:
        ways = {name: {"after": "exponential(5 min)", "chance": 0.5} for name in ("x", "y")}
        log = play(
            replication=replication,
            systems={"x": {}, "y": {}, "app": {"needs": ["x", "y"], "without": ways}},
            faults=[*earlier, {"id": "f", "target": "y", "at": "10:00", "lasts": 100.0}],
        )
        return [row.minute for row in rows(log, "break_glass", "app") if row.state == "opened" and row.cause == "y"]

    earlier = {"id": "g", "target": "x", "at": "01:00", "lasts": 100.0}
    assert [opened(r, earlier) for r in range(12)] == [opened(r) for r in range(12)]


def test_of_copies_that_cannot_be_read_the_first_that_can_again_is_taken():
    backups = [{"kind": "full", "every": 60.0, "medium": "near"}, {"kind": "full", "every": 1440.0, "medium": "far"}]
    log = play(
        systems={"db": {"data": {"size": 1.0, "backups": backups}}, "room": {}, "line": {}},
        media={"near": {"throughput": 1.0, "needs": "room"}, "far": {"throughput": 1.0, "needs": "line"}},
        roles={"it": {}},
        faults=[{"id": "room_out", "target": "room", "at": "05:29", "lasts": 300.0}, {"id": "line_out", "target": "line", "at": "05:29", "lasts": 21.0},
                {"id": "f", "kind": "corrupt", "target": "db", "at": "05:30"}],
        steps=[{"id": "back", "owner": "it", "on": "f", "does": {"recover_data": "db"}}],
    )  # fmt: skip
    assert [(row.minute, row.cause, row.value) for row in rows(log, "data_lost")] == [(351, "far", 330)]


def test_a_copy_that_is_being_made_when_the_run_begins_slows_until_it_is_done():
    backup = {"kind": "full", "every": 1440.0, "at": "00:00", "takes": 120.0, "slows": 2.0, "medium": "tape"}
    log = play(start="2026-03-09 01:00", horizon=1440.0, systems={"db": {"data": {"size": 1.0, "backups": [backup]}}}, media=TAPE)  # fmt: skip
    assert story(log, "component", "db") == [(0, "slow"), (60, "up"), (1380, "slow")]


def switching(fault: dict, step: dict, **runs_on: object) -> object:
    return play(
        systems={"a": {"data": {"size": 1.0, "replica": "b", "lag": 10.0}}, "b": {}, "db": {"runs_on": {"members": ["a", "b"], **runs_on}}},
        roles={"it": {}},
        faults=[{"id": "f", "target": "a", "at": "01:00", **fault}],
        steps=[{"id": "over", "owner": "it", "takes": 3.0, "if_it_fails": {"again": False}, "does": {"fail_over": "db"}, **step}],
    )  # fmt: skip


def test_a_switch_by_hand_while_one_is_going_on_has_the_result_of_that_one():
    log = switching({}, {}, after=1.0, takes=5.0)
    assert story(log, "failover", "db") == [(61, "started"), (66, "done")]
    assert done(log)["over"] == 66


def test_a_member_that_was_only_slow_hands_over_all_its_data():
    assert [row.value for row in rows(switching({}, {}, after=9.0), "data_lost")] == [10]
    assert rows(switching({"kind": "slow", "severity": 3.0}, {}, after=9.0), "data_lost") == []


def test_what_stopped_when_its_server_was_shut_down_in_good_order_is_not_broken_by_the_loss_of_power():
    def broken(*steps: dict) -> list[str]:
        log = play(
            systems={"feed": {}, "server": {"needs": "feed", "rides_through": 30.0, "restart": 5.0}, "app": {"needs": "server", "restart": 5.0}},
            roles={"it": {}},
            faults=[{"id": "f", "kind": "power", "target": "feed", "at": "01:00", "lasts": 120.0, "breaks": 1.0}],
            steps=list(steps),
        )  # fmt: skip
        return [row.cause for row in rows(log, "fault", "f") if row.state == "broke"]

    assert broken() == ["server", "app"]
    assert broken({"id": "off", "owner": "it", "at": "01:10", "does": {"shut_down": "server"}}) == []


def test_that_no_spares_come_is_not_what_is_judged_as_the_cause():
    log = play(
        systems={"db": {}}, roles={"it": {}}, causes=["disk"],
        faults=[{"id": "s", "kind": "supplier", "target": "db", "at": "00:30"}, {"id": "f", "target": "db", "at": "01:00", "cause": "disk"}],
        steps=[{"id": "judge", "owner": "it", "on": "f", "takes": 5.0, "does": "judge"},
               {"id": "mend", "owner": "it", "after": "judge", "takes": 5.0, "does": {"repair": "cause"}}],
    )  # fmt: skip
    assert [row.cause for row in rows(log, "decided", "judge")] == ["disk"]
    assert story(log, "component", "db") == [(60, "down"), (70, "up")]


def test_a_crew_leaves_what_a_step_has_mended_and_the_time_to_the_next_failure_runs_from_then():
    fails = {"every": "listed(100 min, 50 min, 900 min)", "repair": 60.0, "crew": "crew"}
    log = play(
        horizon=600.0,
        systems={"a": {"fails": fails}},
        staff={"crew": {"on_duty": 1}},
        roles={"it": {}},
        steps=[{"id": "mend", "owner": "it", "on": "a down", "takes": 5.0, "does": {"repair": "a"}}],
    )
    assert story(log, "component", "a") == [(100, "down"), (105, "up"), (155, "down"), (215, "up")]
    assert story(log, "person", "crew") == [(100, "seized"), (105, "released"), (155, "seized"), (215, "released")]


def test_a_crew_that_is_still_waited_for_is_not_needed_any_more_once_a_step_has_mended_it():
    fails = {"every": "listed(100 min, 900 min)", "repair": 60.0, "crew": "crew"}
    log = play(
        horizon=600.0,
        systems={"a": {"fails": fails}, "b": {"fails": {**fails, "every": "listed(90 min, 900 min)"}}},
        staff={"crew": {"on_duty": 1}},
        roles={"it": {}},
        steps=[{"id": "mend", "owner": "it", "on": "a down", "takes": 5.0, "does": {"repair": "a"}}],
    )
    assert story(log, "component", "a") == [(100, "down"), (105, "up")]
    assert story(log, "person", "crew") == [(90, "seized"), (150, "released")]
