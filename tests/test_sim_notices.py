"""Noticing and telling: detection, channels, call tree, injects."""

from __future__ import annotations

import math

import pytest

from tests.sim_rows import causes, done, play, reached, rows, story

FAULT = {"id": "f", "target": "db", "at": "00:30"}


def step(name: str, takes: float = 0.0, **parts: object) -> dict:
    return {"id": name, "owner": "it", "takes": takes, **parts}


# Detection


def noticed(
    detection: dict, faults: list[dict] | None = None, replication: int = 0, **parts: object
) -> list[tuple[float, str]]:
    log = play(
        systems={"db": {"needs": ["ups"]}, "ups": {"needs": ["feed"], "rides_through": 20.0}, "feed": {}, "watch": {}},
        detection=detection,
        faults=faults or [FAULT],
        replication=replication,
        **parts,
    )
    if rows(log, "noticed"):
        assert reached(log)["detected"] == rows(log, "noticed")[0].minute
    return [(row.minute, row.state) for row in rows(log, "noticed")]


def test_whoever_is_first_notices() -> None:
    assert noticed({"monitoring": {"after": 8.0}, "users": {"after": 5.0}}) == [(35, "users")]
    assert noticed({"monitoring": {"after": 3.0}, "users": {"after": 5.0}}) == [(33, "monitoring")]


def test_monitoring_that_is_itself_away_notices_nothing() -> None:
    ways = {"monitoring": {"after": 1.0, "needs": "watch"}, "users": {"after": 9.0}}
    assert noticed(ways) == [(31, "monitoring")]
    parts = {"departments": {"out": {}}, "activities": {"a": {"department": "out", "uses": ["db"]}}}
    assert noticed(ways, [FAULT, {"id": "g", "target": "watch", "at": "00:20"}], **parts)[0] == (39, "users")


def test_users_cannot_report_over_a_phone_that_is_dead() -> None:
    parts = {"channels": {"phone": {"needs": "watch"}}}
    ways = {"users": {"after": 9.0, "needs": "phone"}}
    assert noticed(ways, [FAULT, {"id": "g", "target": "watch", "at": "00:35"}], **parts) == []


def test_who_finds_the_phone_dead_tries_again_after_as_long_as_it_took() -> None:
    """The fault comes at 30 and shows at once; the call of 39 finds the phone dead, and so does that of 48; the phone is back at 52."""
    parts = {"channels": {"phone": {"needs": "watch"}}}
    ways = {"users": {"after": 9.0, "needs": "phone"}}
    dead = {
        "id": "g",
        "target": "watch",
        "at": "00:35",
        "lasts": 17.0,
        "found_by": {"nobody": {"after": 1.0, "chance": 0.0}},
    }
    assert noticed(ways, [FAULT, dead], **parts) == [(57, "users")]
    walks = {**ways, "walk": {"after": 20.0}}
    assert noticed(walks, [FAULT, dead], **parts) == [(50, "walk")]


def test_a_fault_says_itself_how_it_is_found() -> None:
    assert noticed({"users": {"after": 5.0}}, [{**FAULT, "found_by": {"monitoring": {"after": 1.0}}}]) == [
        (31, "monitoring")
    ]


def test_users_notice_only_what_shows() -> None:
    parts = {"departments": {"out": {}}, "activities": {"a": {"department": "out", "uses": ["db"]}}}
    feed = {"id": "f", "target": "feed", "at": "00:30"}
    assert noticed({"users": {"after": 5.0}}, [feed], **parts) == [(55, "users")]
    assert noticed({"users": {"after": 5.0}}, [{**feed, "lasts": 10.0}], **parts) == []


def test_who_meets_the_fault_itself_need_not_wait_until_it_shows_elsewhere() -> None:
    """The battery hides the lost feed from those who use the database until 50; who looks at the feed itself sees it after 5 min."""
    parts = {"departments": {"out": {}}, "activities": {"a": {"department": "out", "uses": ["db"]}}}
    feed = {"id": "f", "target": "feed", "at": "00:30"}
    assert noticed({"staff": {"after": 5.0}}, [feed], **parts) == [(55, "staff")]
    assert noticed({"staff": {"after": 5.0, "from_fault": True}}, [feed], **parts) == [(35, "staff")]


def test_a_planned_copy_that_slows_a_system_is_no_trouble_that_users_notice() -> None:
    """A hidden attack on ``feed`` stays hidden while the nightly copy of ``db`` runs; a fault that slows ``db`` during the copy does not."""
    copy = {"kind": "full", "every": 1440.0, "at": "00:35", "takes": 20.0, "slows": 1.5, "medium": "disk"}
    parts = {
        "systems": {"db": {"data": {"size": 1.0, "backups": [copy]}}, "app": {"needs": ["db"]}, "feed": {}},
        "media": {"disk": {"throughput": 10.0}},
        "departments": {"out": {}},
        "activities": {"a": {"department": "out", "uses": ["app"]}},
    }
    hidden = {"id": "f", "target": "feed", "at": "00:30"}
    slow = {"id": "g", "kind": "slow", "target": "db", "at": "00:40", "severity": 3.0}

    def found(*faults: dict) -> list[tuple[float, str]]:
        log = play(detection={"users": {"after": 5.0}}, faults=list(faults), **parts)
        assert [row.minute for row in rows(log, "component", "app") if row.state == "slow"][:1] == [35]
        return [(row.minute, row.subject) for row in rows(log, "noticed")]

    assert found(hidden) == []
    assert (45, "g") in found(hidden, slow)


def test_a_fault_that_is_over_is_no_longer_noticed() -> None:
    assert noticed({"monitoring": {"after": 5.0}}, [{**FAULT, "lasts": 4.0}]) == []


def test_each_way_notices_as_often_as_its_chance_says() -> None:
    found = [noticed({"monitoring": {"after": 1.0, "chance": 0.7}}, replication=r) != [] for r in range(400)]
    assert abs(sum(found) / 400 - 0.7) < 3.29 * math.sqrt(0.21 / 400)


def test_without_a_word_about_detection_a_fault_is_known_at_once() -> None:
    assert noticed({}) == [(30, "at_once")]


# Channels

THREE = {"a": {"group": "out"}, "b": {"group": "out"}, "c": {"group": "in"}}


def order(
    channels: dict,
    call_tree: list[str],
    *,
    faults: list[dict] | None = None,
    target: object = "out",
    replication: int = 0,
    **parts: object,
):
    return play(
        systems={"exchange": {}, "lan": {}, **parts.pop("systems", {})},
        departments={name: {**record, "change_over": 10.0} for name, record in THREE.items()},
        roles={"it": {}},
        channels=channels,
        call_tree=call_tree,
        faults=faults or [],
        steps=[
            step("order", at="01:00", does={"order_paper": target}, **parts.pop("step", {})),
            step("return", at="23:00", does={"return_to_system": "all"}),
        ],
        replication=replication,
        **parts,
    )


def test_calls_go_one_after_the_other_and_each_takes_the_callers_time() -> None:
    log = order({"phone": {"takes": 3.0, "heard": 1.0}}, ["phone"])
    assert story(log, "told", "a") == [(64, "heard")]
    assert story(log, "told", "b") == [(67, "heard")]
    assert done(log) == {"order": 66}
    assert causes(log, "department", "b") == [(67, "changing", "order"), (77, "paper", "order")]
    assert [(row.minute, row.cause, row.value) for row in rows(log, "notice", "order")] == [(60, "phone", 2)]
    assert story(log, "department", "c") == []


def test_a_broadcast_takes_its_time_once() -> None:
    log = order({"app": {"takes": 3.0, "heard": 1.0, "broadcast": True}}, ["app"], target="all")
    assert [story(log, "told", name) for name in "abc"] == [[(64, "heard")]] * 3
    assert done(log) == {"order": 63}


def test_a_channel_without_its_systems_is_passed_over_so_the_order_goes_the_next_way() -> None:
    channels = {"app": {"takes": 1.0, "broadcast": True, "needs": "lan"}, "runner": {"takes": 10.0}}
    log = order(channels, ["app", "runner"], faults=[{"id": "f", "target": "lan", "at": "00:30"}])
    assert [row.cause for row in rows(log, "told")] == ["runner", "runner"]
    assert done(log) == {"order": 80}


def test_the_order_reaches_nobody_while_every_channel_is_down() -> None:
    channels = {"app": {"takes": 1.0, "needs": "lan"}, "phone": {"takes": 1.0, "needs": "exchange"}}
    faults = [
        {"id": "f", "target": "lan", "at": "00:30"},
        {"id": "g", "target": "exchange", "at": "00:30", "lasts": 60.0},
    ]
    log = order(channels, ["app", "phone"], faults=faults)
    assert causes(log, "step", "order")[1:] == [(60, "system", "app"), (90, "working", ""), (92, "done", "")]
    assert [(row.minute, row.cause) for row in rows(log, "told")] == [(91, "phone"), (92, "phone")]


def test_who_is_not_reached_is_tried_the_next_way_and_the_step_fails_when_nobody_got_through() -> None:
    channels = {"app": {"takes": 1.0, "reaches": 0.0, "broadcast": True}, "phone": {"takes": 2.0, "reaches": 0.0}}
    log = order(channels, ["app", "phone"], step={"if_it_fails": {"tries": 1}})
    assert [(row.cause, row.value) for row in rows(log, "notice", "order")] == [("app", 2), ("phone", 2)]
    assert [(row.subject, row.state) for row in rows(log, "told")] == [("a", "not_reached"), ("b", "not_reached")]
    assert story(log, "step", "order")[-1] == (65, "failed")
    assert rows(log, "department") == []


def test_trying_again_tells_only_those_not_reached_before() -> None:
    for replication in range(30):
        log = order(
            {"phone": {"takes": 1.0, "reaches": 0.5}},
            ["phone"],
            step={"if_it_fails": {"tries": 99}},
            replication=replication,
        )
        assert sorted(row.subject for row in rows(log, "told") if row.state == "heard") == ["a", "b"]
        assert len(rows(log, "notice", "order")) == max(row.value for row in rows(log, "step", "order"))


def test_ordered_is_noted_for_the_first_group_and_for_each() -> None:
    log = order({}, [], target=["in", "out"])
    assert {k: v for k, v in reached(log).items() if "ordered" in k} == {
        "ordered": 60,
        "in ordered": 60,
        "out ordered": 60,
    }
    assert "out ordered" in reached(order({}, [], target="all"))


def test_notifying_a_role_calls_its_people_in() -> None:
    log = play(
        staff={"vendor": {"on_duty": 0, "on_call": {"answer": 2.0, "travel": 30.0}}},
        roles={"it": {}, "vendor": {"holders": "vendor"}},
        channels={"phone": {"takes": 1.0, "heard": 3.0}},
        steps=[step("tell", does={"notify": "vendor"})],
    )
    assert causes(log, "person", "vendor") == [(4, "called", "tell"), (6, "answered", "tell"), (36, "arrived", "tell")]


# Injects


def test_an_inject_comes_at_its_moment_or_once_its_condition_holds_and_starts_steps() -> None:
    log = play(
        systems={"db": {}},
        roles={"it": {}},
        faults=[FAULT],
        injects=[
            {"id": "press", "at": "+40 min", "text": "The press calls"},
            {"id": "second", "when": "db is away for 15 min", "text": "x"},
            {"id": "never", "when": "db is slow", "text": "x"},
        ],
        steps=[step("speak", 5.0, on="press")],
    )
    assert story(log, "inject", "press") == [(70, "delivered")]
    assert story(log, "inject", "second") == [(45, "delivered")]
    assert rows(log, "inject", "never") == []
    assert done(log) == {"speak": 75}


def only_if(*claims: str) -> list[dict]:
    return [{"id": f"i{n}", "at": "01:00", "text": "x", "only_if": claim} for n, claim in enumerate(claims)]


def test_an_inject_that_makes_no_sense_as_things_stand_is_held_back_with_the_reason() -> None:
    log = play(
        systems={"db": {}},
        roles={"it": {}},
        faults=[{**FAULT, "lasts": "40 min"}],  # away from minute 30 to minute 70
        injects=only_if(
            "db is away", "db is up", "db is away and not speak and db is slow", "db is slow or db is up for 5 min"
        ),
        steps=[step("speak", at="00:40"), step("answer", on="i1"), step("listen", on="i0")],
    )
    assert causes(log, "inject", "i0") == [(60, "delivered", "")]
    assert causes(log, "inject", "i1") == [(60, "held_back", "db is up")]
    assert causes(log, "inject", "i2") == [(60, "held_back", "not speak and db is slow")]  # what does not hold of it
    assert causes(log, "inject", "i3") == [(60, "held_back", "db is slow or db is up for 5 min")]
    assert done(log) == {"speak": 40, "listen": 60}  # nothing follows an inject that did not come


def test_an_inject_is_judged_when_it_is_delivered_and_only_once() -> None:
    log = play(
        systems={"db": {}},
        roles={"it": {}},
        faults=[{**FAULT, "lasts": "40 min"}],
        injects=[
            {"id": "late", "when": "db is away", "text": "x", "only_if": "db is up"},
            {"id": "waits", "at": "00:40", "during": "mon-sun 01:20-02:00", "text": "x", "only_if": "db is up"},
        ],
    )
    assert story(log, "inject", "late") == [(30, "held_back")]
    assert story(log, "inject", "waits") == [(80, "delivered")]


def test_an_inject_waits_for_its_hours() -> None:
    hours = ["mon-sun 01:10-01:30", "mon-sun 01:50-02:00"]
    moments = {"before": "01:00", "within": "01:15", "between": "01:30", "after": "02:00"}
    log = play(
        systems={"db": {}},
        horizon=200.0,
        injects=[{"id": name, "at": at, "during": hours, "text": "x"} for name, at in moments.items()],
    )
    found = {name: story(log, "inject", name) for name in moments}
    assert found == {"before": [(70, "delivered")], "within": [(75, "delivered")], "between": [(110, "delivered")], "after": []}  # fmt: skip


def test_an_inject_over_a_dead_channel_is_not_delivered() -> None:
    log = play(
        systems={"exchange": {}},
        roles={"it": {}},
        channels={"phone": {"needs": "exchange"}},
        faults=[{**FAULT, "target": "exchange"}],
        injects=[{"id": "press", "at": "01:00", "channel": "phone", "text": "x"}],
        steps=[step("speak", on="press")],
    )
    assert causes(log, "inject", "press") == [(60, "not_delivered", "phone")]
    assert done(log) == {}


# False alarms


def with_alarms(**terms: object):
    """The DBA looks into an alarm about nothing every 100 minutes; the database fails at 05:30, seen after 5 minutes."""
    return play(
        staff={"dba": {}},
        roles={"dba": {"holders": "dba"}},
        systems={"db": {}},
        faults=[{"id": "f", "target": "db", "at": "05:30"}],
        detection={"monitoring": {"after": 5.0, "false_alarms": 100.0, **terms}},
        steps=[{"id": "mend", "owner": "dba", "takes": 10.0}],
    )


def test_false_alarms_take_the_time_of_those_who_look_into_them():
    log = with_alarms(checked_by="dba", check_takes=60.0)
    assert [r.minute for r in rows(log, "false_alarm")][:3] == [100, 200, 300]
    assert done(log) == {"mend": 370}  # the DBA is free again at 360
    assert done(with_alarms()) == {"mend": 345}


def test_after_false_alarms_a_true_one_may_not_be_believed_and_comes_again():
    assert reached(with_alarms(disbelief=0.0))["detected"] == 335
    assert "detected" not in reached(with_alarms(disbelief=1.0))
    minutes = [reached(play_alarm(r))["detected"] for r in range(200)]
    # three false ones: believed with 0.8 ** 3, each further try 5 minutes later
    assert sum(m == 335 for m in minutes) / 200 == pytest.approx(0.512, abs=0.12)
    assert {(m - 335) % 5 for m in minutes} == {0}


def play_alarm(replication: int):
    return play(
        replication=replication,
        systems={"db": {}},
        faults=[{"id": "f", "target": "db", "at": "05:30"}],
        detection={"monitoring": {"after": 5.0, "false_alarms": 100.0, "disbelief": 0.2}},
    )


# A channel that reaches fewer people at night


def sent_at(
    at: str, reaches: object, *, takes: float = 0.0, broadcast: bool = True, targets: int = 1, **parts: object
) -> list[str]:
    """Whom a message sent at this time of day reaches, from that minute on."""
    log = play(
        departments={f"d{n}": {} for n in range(targets)},
        systems={"db": {}},
        roles={"it": {}},
        channels={"app": {"broadcast": broadcast, "reaches": reaches, "takes": takes}},
        faults=[{"id": "f", "target": "db", "at": at}],
        steps=[step("tell", on="f", does={"notify": [f"d{n}" for n in range(targets)]}, if_it_fails={"again": False})],
        horizon=5000.0,
        **parts,
    )  # fmt: skip
    return [row.subject for row in rows(log, "told") if row.state == "heard"]


BY_DAY_ONLY = {"07:00-19:00": 1.0, "19:00-07:00": 0.0}


def test_what_counts_of_a_channel_are_the_hours_in_which_the_message_is_sent() -> None:
    """Sent at 06:59 and ten minutes on the way it reaches nobody, sent at 18:59 it does."""
    for at, heard in (("06:59", []), ("07:00", ["d0"]), ("18:59", ["d0"]), ("19:00", []), ("day 2 03:00", [])):
        assert sent_at(at, BY_DAY_ONLY, takes=10.0) == heard


def test_of_calls_one_after_the_other_each_goes_by_its_own_hour() -> None:
    """At 18:45, 18:55 and 19:05, ten minutes each."""
    assert sent_at("18:45", BY_DAY_ONLY, takes=10.0, broadcast=False, targets=3) == ["d0", "d1"]


def test_the_luck_of_a_message_is_the_same_at_all_hours() -> None:
    """Whoever is reached with 0.3 is among those reached with 0.7, in the same minute."""
    few, many = (sent_at("12:00", {"07:00-19:00": share, "19:00-07:00": 1.0}, targets=60) for share in (0.3, 0.7))
    assert 0 < len(few) < len(many) < 60
    assert set(few) < set(many)
    assert sent_at("12:00", 0.3, targets=60) == few


def test_hours_of_a_channel_go_by_the_week_and_its_holidays() -> None:
    """2026-03-09 is a Monday; Tuesday is a holiday, which goes by the line of its own."""
    reaches = {
        "mon-fri 08:00-18:00": 1.0,
        "mon-fri 18:00-08:00": 0.0,
        "sat,sun,holidays 08:00-08:00": 0.0,
        "holidays 00:00-08:00": 0.0,
    }
    hospital = {"calendar": {"holidays": ["2026-03-10"]}}
    with pytest.raises(ValueError, match="has two numbers"):
        sent_at("10:00", reaches, hospital=hospital)
    reaches = {"mon-fri,holidays 08:00-18:00": 1.0, "all 18:00-08:00": 0.0, "sat,sun 08:00-18:00": 0.0}
    assert [sent_at(at, reaches) for at in ("10:00", "day 2 10:00", "day 3 20:00")] == [["d0"], ["d0"], []]
    reaches = {"mon-fri 08:00-18:00": 1.0, "all 18:00-08:00": 0.0, "sat,sun,holidays 08:00-18:00": 0.0}
    assert [sent_at(f"day {n} 10:00", reaches, hospital=hospital) for n in (2, 3)] == [[], ["d0"]]


@pytest.mark.parametrize(
    ("reaches", "message"),
    [
        ({"07:00-19:00": 1, "19:00-06:00": 1}, "mon 06:00-07:00 has no number"),
        ({"07:00-19:00": 1, "18:00-07:00": 1}, "mon 18:00-19:00 has two numbers"),
        ({"mon-fri 00:00-24:00": 1}, "sat 00:00-24:00 has no number"),
        ({"mon-sun 00:00-24:00": 1}, "holidays 00:00-24:00 has no number"),
        ({"mon-fri,holidays 07:00-07:00": 1, "sat 07:00-00:00": 1, "sun 00:00-07:00": 1}, "mon 00:00-07:00 has no number"),
        ({}, "mon 00:00-24:00 has no number"),
    ],
)  # fmt: skip
def test_hours_of_a_channel_that_leave_a_gap_or_overlap_are_a_mistake(reaches: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        play(channels={"app": {"reaches": reaches}})
