"""Kinds of fault that do more than stop one thing: what each does, to the minute."""

from __future__ import annotations

import copy
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drillsim.model.faults import KINDS
from drillsim.score.replication import score
from tests.builder import a_scenario
from tests.sim_rows import again, causes, done, play, reached, rows, story

NET = {"kind": "network"}
SERVER = {"kind": "server", "needs": ["lan"]}


def fault(kind: str, target: str, **more: object) -> dict:
    return {"id": "f", "kind": kind, "target": target, "at": "01:00", **more}


def entered(log: object) -> dict[str, float]:
    """Component → minute at which malware got into it."""
    return {row.cause: row.minute for row in rows(log, "attack") if row.state == "inside"}  # type: ignore[arg-type]


def test_an_overloaded_component_is_slow_by_the_load_of_the_hour():
    log = play(
        systems={"his": {}}, load={"02:00-03:00": 1.0}, faults=[fault("overload", "his", severity=3.0, lasts=150.0)]
    )
    found = [(r.minute, round(r.value, 2)) for r in rows(log, "component", "his")]
    assert found == [(60, 1.6), (120, 3.0), (180, 1.6), (210, 1.0)]


def test_after_a_partition_each_side_runs_on_and_leans_on_nothing_of_the_other():
    log = play(
        systems={
            "db": {"place": "a"},
            "his": {"needs": ["db"], "place": "b"},
            "desk": {"needs": ["his"], "place": "b"},
        },
        faults=[fault("partition", "place: a", lasts=30.0)],
    )
    assert not rows(log, "component", "db")
    assert causes(log, "component", "his") == [(60, "down", "db"), (90, "up", "own")]
    assert story(log, "component", "desk") == [(60, "down"), (90, "up")]


def test_a_service_fails_over_to_the_member_on_its_own_side():
    log = play(
        systems={"one": {"place": "a"}, "two": {}, "both": {"runs_on": {"members": ["one", "two"], "after": 2.0, "takes": 3.0}}},
        faults=[fault("partition", "place: a")],
    )  # fmt: skip
    assert story(log, "failover", "both") == [(62, "started"), (65, "done")]


def test_what_has_stopped_for_want_of_power_may_be_broken_afterwards():
    systems = {"feed": {}, "server": {"needs": ["feed"], "restart": 5.0, "rides_through": 10.0}, "spared": {"needs": ["feed"], "rides_through": 90.0}}  # fmt: skip
    sound = play(systems=systems, faults=[fault("power", "feed", lasts=60.0)])
    broken = play(systems=systems, faults=[fault("power", "feed", lasts=60.0, breaks=1.0)])
    assert story(sound, "component", "server") == [(70, "down"), (120, "restoring"), (125, "up")]
    assert story(broken, "component", "server") == [(70, "down")]
    assert not rows(broken, "component", "spared")


def test_the_log_says_which_step_brought_a_mended_component_back_and_names_the_fault_when_it_ended_by_itself():
    mend = {"id": "mend", "owner": "tech", "at": "01:30", "takes": 10.0, "does": {"repair": "server"}}
    people = {"staff": {"tech": {}}, "roles": {"tech": {"holders": ["tech"]}}}
    systems = {"server": {"restart": 5.0}}
    by_step = play(systems=systems, steps=[mend], faults=[fault("outage", "server")], **people)
    assert causes(by_step, "own", "server") == [(60, "down", "f"), (100, "restoring", "mend"), (105, "up", "mend")]
    by_itself = play(systems=systems, steps=[mend], faults=[fault("outage", "server", lasts=20.0)], **people)
    assert causes(by_itself, "own", "server") == [(60, "down", "f"), (80, "restoring", "f"), (85, "up", "f")]


SHUT = {"id": "shut", "owner": "tech", "at": "01:05", "does": {"shut_down": "server"}}
STARTED = {"id": "up", "owner": "tech", "at": "02:30", "does": {"restore": "server"}}


def test_what_was_shut_down_in_good_order_is_not_broken_and_waits_to_be_started():
    systems = {"feed": {}, "server": {"needs": ["feed"], "restart": 5.0, "rides_through": 10.0}}
    log = play(
        systems=systems,
        faults=[fault("power", "feed", lasts=60.0, breaks=1.0)],
        roles={"tech": {}},
        steps=[SHUT, STARTED],
    )
    assert story(log, "component", "server") == [(65, "down"), (150, "restoring"), (155, "up")]


def test_what_a_generator_brings_back_is_found_broken_then_and_only_what_can_break():
    systems = {
        "feed": {}, "generator": {}, "power": {"runs_on": {"members": ["feed", "generator"], "after": 0.0, "takes": 0.0}},
        "server": {"kind": "server", "needs": ["power"], "restart": 5.0}, "his": {"needs": ["server"], "restart": 5.0},
    }  # fmt: skip
    log = play(
        systems=systems,
        roles={"tech": {}},
        faults=[
            {**fault("power", "feed", breaks=1.0), "breakable": "kind: server"},
            {"id": "g", "target": "generator", "at": "01:00", "lasts": 30.0},
        ],
        steps=[{"id": "mend", "owner": "tech", "at": "02:00", "does": [{"repair": "server"}, {"restore": "all"}]}],
    )
    assert [(r.minute, r.cause) for r in rows(log, "fault", "f") if r.state == "broke"] == [(90, "server")]
    assert story(log, "component", "server") == [(60, "down"), (120, "restoring"), (125, "up")]
    assert story(log, "component", "his")[-1] == (130, "up")


def test_servers_may_be_broken_when_the_room_was_too_hot():
    systems = {"cooling": {}, "server": {"needs": ["cooling"], "restart": 5.0}}
    log = play(systems=systems, faults=[fault("outage", "cooling", lasts=60.0, breaks=1.0)])
    assert story(log, "component", "server") == [(60, "down")]


def test_power_that_fails_breaks_nothing_that_hangs_on_another_feed():
    systems = {"feed": {}, "cooling": {}, "server": {"needs": ["cooling"], "restart": 5.0}, "far": {"needs": ["near"], "restart": 5.0}, "near": {"needs": ["feed"]}}  # fmt: skip
    heat = {"id": "g", "target": "cooling", "at": "01:10", "lasts": 60.0}
    log = play(systems=systems, faults=[fault("power", "feed", lasts=60.0, breaks=1.0), heat])
    assert story(log, "component", "server")[-1] == (135, "up")
    assert story(log, "component", "far")[-1] == (60, "down")


def test_a_spare_that_the_supplier_cannot_deliver_comes_when_that_is_over():
    log = play(
        systems={"disk": {"spare_arrives": 30.0}},
        faults=[{"id": "g", "target": "disk", "at": "01:00"}, {**fault("supplier", "disk", lasts=100.0)}],
        roles={"tech": {}},
        steps=[{"id": "mend", "owner": "tech", "takes": 10.0, "spare": "disk", "does": {"repair": "disk"}}],
    )
    assert done(log)["mend"] == 170


def test_an_upgrade_is_trouble_only_once_it_takes_longer_than_was_announced():
    in_time = play(systems={"his": {}}, faults=[fault("upgrade", "his", lasts=60.0, planned=90.0)])
    late = play(systems={"his": {}}, faults=[fault("upgrade", "his", lasts=120.0, planned=90.0)])
    assert "detected" not in reached(in_time)
    assert reached(late)["detected"] == 150


def test_machines_taken_down_by_an_update_come_back_one_batch_after_the_other():
    log = play(
        systems={"pc": {"count": 100, "rebuild_takes": 12.0}},
        staff={"tech": {"on_duty": 2}},
        roles={"tech": {"holders": "tech"}},
        faults=[fault("update", "pc", severity=0.4)],
        steps=[{"id": "rebuild", "owner": "tech", "with": {"tech": 1}, "does": {"reimage": "pc"}}],
    )
    # two people, 12 minutes a machine: ten an hour
    assert [(r.minute, r.value) for r in rows(log, "rebuilt")] == [(120, 10), (180, 10), (240, 10), (300, 10)]
    assert [round(r.value, 3) for r in rows(log, "component", "pc")] == [1.667, 1.429, 1.25, 1.111, 1.0]
    assert done(log)["rebuild"] == 300


def test_rebuilding_stops_at_night_when_those_who_do_it_are_at_home():
    log = play(
        systems={"pc": {"count": 30, "rebuild_takes": 60.0}},
        staff={"tech": {"on_duty": {"00:00-02:30": 1, "06:00-23:00": 1}, "at_shift_end": "stop"}},
        roles={"tech": {"holders": "tech"}},
        faults=[fault("update", "pc", severity=0.1)],
        steps=[{"id": "rebuild", "owner": "tech", "does": {"reimage": "pc"}}],
    )
    assert [r.minute for r in rows(log, "rebuilt")] == [120, 390, 450]


def test_a_repair_mends_no_machine_that_must_be_rebuilt():
    log = play(
        systems={"pc": {"count": 10}}, roles={"tech": {}}, faults=[fault("update", "pc")],
        steps=[{"id": "mend", "owner": "tech", "does": {"repair": "pc"}}],
    )  # fmt: skip
    assert story(log, "component", "pc") == [(60, "down")]


def relapsing(does: object, right: float = 1.0, times: int = 2) -> object:
    return play(
        systems={"lan": {}},
        roles={"net": {}},
        causes=["loop", "other"],
        faults=[fault("loop", "lan", cause="loop", relapse={"chance": 1.0, "after": 30.0, "times": times})],
        steps=[
            {"id": "judge", "owner": "net", "does": "judge", "chance_right": right},
            {"id": "mend", "owner": "net", "after": "judge", "takes": 10.0, "does": does},
        ],
    )


def test_what_was_mended_without_going_to_the_root_comes_back_and_is_mended_again():
    log = relapsing({"repair": "lan"})
    assert story(log, "component", "lan") == [
        (60, "down"), (70, "up"), (100, "down"), (110, "up"), (140, "down"), (150, "up"),
    ]  # fmt: skip
    assert story(log, "fault", "f")[:3] == [(60, "began"), (70, "ended"), (100, "relapsed")]


def test_mending_the_cause_goes_to_the_root():
    log = relapsing({"repair": "cause"})
    assert story(log, "component", "lan") == [(60, "down"), (70, "up")]


def test_going_to_the_root_while_it_works_for_a_while_keeps_it_from_coming_back():
    log = play(
        systems={"lan": {}},
        roles={"net": {}},
        causes=["loop"],
        faults=[fault("loop", "lan", cause="loop", relapse={"chance": 1.0, "after": 30.0})],
        steps=[
            {"id": "restart", "owner": "net", "takes": 5.0, "does": {"repair": "lan"}},
            {"id": "judge", "owner": "net", "after": "restart", "takes": 5.0, "does": ["judge", {"repair": "cause"}]},
        ],
    )
    assert story(log, "component", "lan") == [(60, "down"), (65, "up")]


def spread(**changes: object) -> dict:
    parts: dict = {
        "systems": {"lan": NET, "one": SERVER, "two": SERVER},
        "faults": [fault("spread", "one", attack={"every": 60.0})],
        "horizon": 3000.0,
        "roles": {"net": {}},
    }
    return {**parts, **changes}


def test_malware_reaches_a_neighbour_after_an_exponential_time():
    minutes = [entered(play(replication=r, **spread())).get("two", 3000.0) - 60 for r in range(300)]
    assert np.mean(minutes) == pytest.approx(60, abs=4 * 60 / math.sqrt(300))
    assert np.mean(np.array(minutes) > 60) == pytest.approx(math.exp(-1), abs=0.12)


@pytest.mark.parametrize(
    ("guard", "factor"), [({"hardening": 0.75}, 4.0), ({"segmentation": 0.5}, 2.0), ({"firewall": 0.0}, 1.0)]
)
def test_protection_stretches_the_time_by_the_share_that_gets_by(guard: dict, factor: float):
    systems = {"lan": NET, "one": {**SERVER, "place": "a"}, "two": {**SERVER, "place": "b"}}
    plain = entered(play(**spread(systems=systems)))["two"] - 60
    guarded = entered(play(**spread(systems=systems, protection=guard)))["two"] - 60
    assert guarded == pytest.approx(factor * plain)


def test_while_the_network_is_cut_the_spread_stands_still():
    free = entered(play(**spread()))["two"]
    cut = {"id": "g", "target": "lan", "at": "01:01", "lasts": 100.0}
    held = entered(play(**spread(faults=[*spread()["faults"], cut])))["two"]
    assert free > 61
    assert held == pytest.approx(free + 100)


def test_an_isolated_component_neither_gets_nor_gives_it():
    for name in ("one", "two"):
        log = play(**spread(steps=[{"id": "cut", "owner": "net", "does": {"isolate": name}}]))
        assert set(entered(log)) == {"one"}


def test_a_second_switch_keeps_a_way_open():
    systems = {
        "lan": NET,
        "spare": NET,
        **{name: {**SERVER, "needs": {"any": ["lan", "spare"]}} for name in ("one", "two")},
    }
    log = play(**spread(systems=systems, faults=[*spread()["faults"], {"id": "g", "target": "lan", "at": "01:00"}]))
    assert entered(log)["two"] == entered(play(**spread()))["two"]


def test_a_fleet_is_taken_as_in_an_epidemic():
    systems = {"lan": NET, "pc": {**SERVER, "kind": "workstation", "count": 1000}}
    log = play(**spread(systems=systems, faults=[fault("spread", "pc", attack={"every": 60.0})]))
    for row in rows(log, "own", "pc"):
        if row.state == "slow" and 120 < row.minute < 600:
            share = 1 - 1 / row.value
            assert share == pytest.approx(1 / (1 + 999 * math.exp(-(row.minute - 60) / 60)), rel=1e-6)
    assert rows(log, "own", "pc")[-1].state == "down"


def test_no_more_than_the_severity_of_a_fleet_is_taken():
    systems = {"lan": NET, "pc": {**SERVER, "kind": "workstation", "count": 1000}}
    log = play(**spread(systems=systems, faults=[fault("spread", "pc", severity=0.6, attack={"every": 60.0})]))
    assert rows(log, "own", "pc")[-1].value == pytest.approx(1 / 0.4)


def test_hidden_malware_does_its_damage_everywhere_at_once():
    attack = {"every": 0.5, "hidden": 240.0}
    log = play(**spread(faults=[fault("spread", "one", attack=attack)]))
    assert {r.minute for r in rows(log, "component")} == {300}
    assert entered(log)["two"] < 100


def test_a_rebuilt_component_is_infected_again_unless_the_attack_was_stopped():
    steps = [{"id": "rebuild", "owner": "net", "takes": 400.0, "does": {"reimage": "two"}}]
    again = [play(replication=r, **spread(steps=steps)) for r in range(10)]
    assert any(story(log, "component", "two").count((r.minute, "down")) for log in again for r in rows(log, "own", "two") if r.minute > 490)  # fmt: skip
    judged = [
        {"id": "judge", "owner": "net", "does": "judge"},
        {"id": "clean", "owner": "net", "after": "judge", "does": {"repair": "cause"}},
        {**steps[0], "after": "clean"},
    ]
    for r in range(10):
        log = play(replication=r, **spread(steps=judged))
        assert not [row for row in rows(log, "own", "two") if row.state == "down" and row.minute > 490]


def test_a_patch_acts_as_hardening_from_its_minute_on():
    """Unpatched, the second server has it after so long; patched 10 min after the first has it, it has built up the pressure of those 10 min."""
    plain = entered(play(**spread()))["two"] - 60
    steps = [{"id": "patch", "owner": "net", "takes": 10.0, "does": {"patch": "two"}}]
    guard = {"hardening": 0.2, "patched": 0.75}
    assert plain > 20
    log = play(**spread(steps=steps, protection={"patched": 0.75}))
    assert entered(log)["two"] - 60 == pytest.approx(10 + (plain - 10) * 4)
    assert [(row.minute, row.subject, row.cause, row.value) for row in rows(log, "patched")] == [
        (70, "two", "patch", 0.75)
    ]
    held = (
        entered(play(**spread(steps=steps, protection=guard)))["two"] - 60
    )  # of hardening and patch the one that stops more counts
    assert held == pytest.approx(10 + (plain - 10 * 0.8) * 4)
    assert "two" not in entered(play(**spread(steps=steps)))  # a whole patch stops all attempts


def test_a_component_that_is_patched_before_it_is_rebuilt_is_not_infected_again_while_malware_is_about():
    for first, after in (("patch", "reimage"), ("reimage", "patch")):
        steps = [{"id": "rebuild", "owner": "net", "takes": 400.0, "does": [{first: "two"}, {after: "two"}]}]
        for r in range(10):
            log = play(replication=r, **spread(steps=steps))
            assert len([row for row in rows(log, "attack") if row.state == "inside" and row.cause == "two"]) <= 1
            assert story(log, "component", "two")[-1:] in ([], [(rows(log, "component", "two")[-1].minute, "up")])


def test_a_patched_fleet_loses_no_further_machine_and_those_that_have_it_must_still_be_rebuilt():
    """At 60 machines of 1,000 or so it is patched: as many need rebuilding an hour later."""
    systems = {"lan": NET, "pc": {**SERVER, "kind": "workstation", "count": 1000, "rebuild_takes": 0.1}}
    steps = [
        {"id": "patch", "owner": "net", "at": "06:00", "does": {"patch": "pc"}},
        {"id": "rebuild", "owner": "net", "at": "08:00", "does": {"reimage": "pc"}},
    ]
    log = play(**spread(systems=systems, faults=[fault("spread", "pc", attack={"every": 60.0})], steps=steps))
    had = 1000 / (1 + 999 * math.exp(-5.0))
    assert sum(row.value for row in rows(log, "rebuilt", "pc")) == pytest.approx(had, abs=1)
    assert story(log, "component", "pc")[-1][1] == "up"


def test_what_is_patched_before_malware_comes_keeps_it_out():
    steps = [{"id": "patch", "owner": "net", "at": "00:30", "does": {"patch": ["one"]}}]
    log = play(**spread(steps=steps))
    assert (story(log, "fault", "f"), entered(log)) == ([(60, "skipped")], {})
    share = [bool(entered(play(replication=r, **spread(steps=steps, protection={"patched": 0.5})))) for r in range(200)]
    assert 77 <= sum(share) <= 123  # 99.9 % binomial bounds


def test_a_patch_keeps_trouble_from_coming_back_but_mends_nothing():
    log = relapsing([{"repair": "lan"}, {"patch": "lan"}])
    assert story(log, "component", "lan") == [(60, "down"), (70, "up")]
    assert story(relapsing({"patch": "lan"}), "component", "lan") == [(60, "down")]


def test_a_patch_puts_no_intruder_out():
    parts = {"systems": {"db": {"data": {"size": 1, "people": 10}}}, "roles": {"net": {}}, "horizon": 3000.0}
    parts["faults"] = [fault("intrusion", "db", attack={"every": 60.0, "stages": 1})]
    step = {"id": "patch", "owner": "net", "at": "00:30", "does": {"patch": "db"}}
    assert story(play(**parts), "exposed", "db") == story(play(**parts, steps=[step]), "exposed", "db") != []


def test_an_intruder_gets_to_the_data_stage_by_stage_and_isolation_ends_the_exposure():
    parts = spread(
        faults=[fault("intrusion", "one", attack={"every": 20.0, "stages": 3})],
        steps=[{"id": "cut", "owner": "net", "at": "10:00", "does": {"isolate": "one"}}],
    )
    log = play(**parts)
    assert [r.value for r in rows(log, "attack") if r.state == "stage"] == [1, 2, 3]
    began, ended = rows(log, "exposed", "one")
    assert (began.state, ended.state, ended.minute) == ("read", "ended", 600)
    assert ended.value == pytest.approx(600 - began.minute)
    assert [r.state for r in rows(log, "component", "one")] == ["isolated"]  # nobody noticed before


@pytest.mark.parametrize("kind", ["intrusion", "insider"])
@pytest.mark.parametrize("listens", [False, True])
@pytest.mark.parametrize(
    "encrypted", [(), ("encrypted",), ("encrypted_in_transit",), ("encrypted", "encrypted_in_transit")]
)
def test_data_on_their_way_are_hidden_by_encryption_in_transit_alone_and_kept_ones_by_encryption_at_rest_alone(
    kind, listens, encrypted
):
    hides = "encrypted_in_transit" if listens else "encrypted"
    systems = {"lan": NET, "db": {**SERVER, "data": {"size": 1, "people": 1000}}}
    scenario = a_scenario(
        systems=systems,
        faults=[fault(kind, "db", attack={"every": 10.0, "listens": listens})],
        protection=dict.fromkeys(encrypted, True),
    )
    log = again(scenario)
    assert [state for _, state in story(log, "exposed", "db")] == ["taken_encrypted" if hides in encrypted else "read"]
    assert score(scenario, log).figures["data", "data", "people_exposed"] == (0 if hides in encrypted else 1000)


def test_only_who_is_after_data_can_listen():
    with pytest.raises(
        ValueError, match="'listens' is for an attack that is after data: intrusion, insider; this is 'spread'"
    ):
        play(**spread(faults=[fault("spread", "one", attack={"listens": True})]))


def intruder(**scenario: object) -> dict:
    """Somebody who gets to 900,000 people's data at 08:00 sharp and needs three hours to carry all of them away, seen after 40 minutes."""
    parts = spread(
        faults=[fault("intrusion", "one", attack={"every": 1e-9, "stages": 1, "takes_out": 180.0}, found_by={"monitoring": {"after": 40.0}})],
        grades=[{"id": 1, "title": "many", "when": "people exposed >= 300000"}, {"id": 2, "title": "few"}],
        **scenario,
    )  # fmt: skip
    parts["systems"]["one"] = {**parts["systems"]["one"], "data": {"size": 10.0, "people": 900_000}}
    parts["systems"]["seen"] = {"needs": ["one"], "rto": 60.0}
    return parts


@pytest.mark.parametrize(
    ("minutes", "grade"), [(59.0, "2"), (61.0, "1")]
)  # 5,000 people a minute: 300,000 after an hour
def test_a_grade_goes_by_the_people_whose_data_were_taken_by_then(minutes, grade):
    steps = [{"id": "say", "owner": "net", "when": f"{minutes} min after failed", "does": "declare"}]
    log = play(**intruder(steps=steps))
    assert [row.cause for row in rows(log, "decided", "say")] == [grade]


def test_people_whose_data_are_being_taken_can_be_waited_for_and_isolation_ends_it():
    steps = [
        {"id": "cut", "owner": "net", "when": "60 min after failed", "does": {"isolate": "one"}},
        {"id": "few", "owner": "net", "when": "people exposed >= 200000"},
        {"id": "many", "owner": "net", "when": "people exposed >= 400000"},
        {"id": "count", "owner": "net", "at": "11:00", "only_if": "people exposed >= 250000"},
    ]
    log = play(**intruder(steps=steps))
    assert done(log)["few"] - reached(log)["failed"] == pytest.approx(40, abs=1.5)
    assert "many" not in done(log)
    assert "count" in done(log)  # what was taken by then stays taken


def test_an_intruder_whose_way_in_is_cut_off_gets_no_further():
    parts = intruder(steps=[{"id": "cut", "owner": "net", "when": "30 min after failed", "does": {"isolate": "vpn"}}])
    parts["systems"]["vpn"] = {"needs": ["lan"]}
    assert [row.state for row in rows(play(**parts), "exposed", "one")] == ["read"]  # by another way
    parts["faults"][0]["attack"]["enters_by"] = "vpn"
    assert [(row.state, row.value) for row in rows(play(**parts), "exposed", "one")][1] == ("ended", pytest.approx(30))


def test_of_an_intruder_who_breaks_nothing_one_is_told_from_outside():
    parts = intruder()
    parts["faults"][0]["found_by"] = {"police": {"after": 90.0}}
    log = play(**parts)
    assert reached(log)["detected"] - reached(log)["failed"] == 90


def test_an_attack_is_known_from_the_minute_it_is_noticed_and_other_troubles_are_none():
    steps = [{"id": "police", "owner": "net", "when": "attack is known"}]
    log = play(**intruder(steps=steps))
    assert done(log)["police"] == reached(log)["detected"]
    assert "detected" in reached(play(**{**intruder(steps=steps), "faults": [fault("outage", "one")]}))
    assert "police" not in done(play(**{**intruder(steps=steps), "faults": [fault("outage", "one")]}))


# Whatever meets whatever

KIND_NAMES = sorted(name for name, kind in KINDS.items() if not kind.of_staff)
A_FAULT = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(KIND_NAMES),
        "target": st.sampled_from(["lan", "one", "two", "pc", "db", "service", "kind: server", "place: a", "all"]),
        "at": st.sampled_from(["01:00", "01:30", "02:00"]),
        "severity": st.sampled_from([0.5, 1.0, 2.0]),
        "lasts": st.sampled_from([None, 40.0, 300.0]),
        "relapse": st.sampled_from([None, {"chance": 1.0, "after": 25.0, "times": 2}]),
        "attack": st.sampled_from([{"every": 5.0}, {"every": 60.0, "hidden": 60.0}, {"every": 5.0, "encrypts": False}]),
        "breaks": st.sampled_from([0.0, 1.0]),
        "planned": st.sampled_from([0.0, 60.0]),
    }
)
AN_EFFECT = st.sampled_from(
    [{kind: [name]} for kind in ("isolate", "reconnect", "repair", "reimage", "patch", "restore", "recover_data") for name in ("lan", "one", "pc", "db")]
    + ["judge", {"repair": "cause"}, {"restore": "all"}, {"fail_over": "service"}]
)  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(st.lists(A_FAULT, min_size=1, max_size=4), st.lists(AN_EFFECT, max_size=6), st.integers(0, 9))
def test_troubles_of_every_kind_may_meet(faults: list[dict], does: list, replication: int):
    """Every run ends, own states change along the table of what is legal, and the same luck gives the same log."""
    parts: dict = {
        "systems": {
            "lan": {**NET, "place": "a"},
            "one": {**SERVER, "place": "a", "restart": 7.0, "data": {"size": 10.0, "backups": [{"kind": "full", "every": 60.0, "medium": "disk"}]}},
            "two": {**SERVER, "comes_back": "by_hand", "restart": 5.0},
            "pc": {"kind": "workstation", "count": 40, "needs": ["lan"], "settles": 9.0, "settles_slow": 1.5},
            "service": {"runs_on": {"members": ["one", "two"], "standby_capacity": 0.5, "overload_fails": 0.3}},
            "db": {"needs": ["service"], "without": {"service": {"after": 5.0}}, "rides_through": 3.0, "data": {"size": 1.0}},
        },
        "media": {"disk": {"throughput": 1.0}},
        "staff": {"tech": {"on_duty": {"00:00-05:00": 2, "05:00-12:00": 3}, "at_shift_end": "stop"}},
        "roles": {"tech": {"holders": "tech"}},
        "causes": ["x"],
        "detection": {"monitoring": {"after": 2.0, "chance": 0.8}},
        "faults": [{**f, "id": f"f{n}"} for n, f in enumerate(faults)],
        "steps": [{"id": f"s{n}", "owner": "tech", "takes": 11.0, "does": effect, "if_it_fails": {"tries": 4}} for n, effect in enumerate(does)],
        "replication": replication,
    }  # fmt: skip
    log = play(**copy.deepcopy(parts))
    assert log.events[-1].state == "ended"
    assert repr(log.events) == repr(play(**copy.deepcopy(parts)).events)
    for row in rows(log, "attack"):
        assert row.state != "inside" or 0 < row.value <= 1


def scanner(**parts: object) -> list[tuple[float, float]]:
    """From when until when the first three patients are scanned; they come every 45 minutes, and power is away from 60 to 120."""
    log = play(
        systems={"feed": {}},
        equipment={"scanner": {"title": "Scanner", **parts}},
        activities={"scan": {"title": "Scan", "needs": "scanner", "takes": 30.0}},
        pathways={"patients": {"title": "Patients", "arrivals": {"every": "45 min"}, "route": ["scan"]}},
        faults=[fault("power", "feed", lasts=60.0)],
        horizon=240.0,
    )
    return list(zip(log.visits["started"][:3], log.visits["ended"][:3], strict=True))


def test_a_scanner_without_power_takes_nobody_and_finishes_whom_it_has():
    assert scanner() == [(45, 75), (90, 120), (135, 165)]
    assert scanner(needs="feed") == [(45, 75), (120, 150), (150, 180)]


def test_machines_that_need_a_system_have_no_hours_of_their_own():
    with pytest.raises(ValueError, match="must be there always"):
        scanner(needs="feed", on_duty={"08:00-12:00": 1})
