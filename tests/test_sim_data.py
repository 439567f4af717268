"""Copies of data: what is lost, how long it takes to bring them back, which copy is taken."""

from __future__ import annotations

import numpy as np
import pytest

from drillsim.model.hours import joined
from drillsim.model.systems import Medium
from drillsim.score.replication import score
from drillsim.sim.data import good
from tests.builder import a_scenario
from tests.sim_rows import again, causes, done, play, rows, story


def corrupt(at: str, backups: list[dict], *, takes: float = 0.0, **parts: object):
    """A database whose data go bad at a time of day and are brought back by a step, known at once."""
    data = {"size": 100.0, "backups": backups, **parts.pop("data", {})}
    return play(
        systems={"db": {"data": data, **parts.pop("db", {})}, **parts.pop("systems", {})},
        media={"disk": {"throughput": 10.0}, "tape": {"throughput": 1.0, "fetch": 60.0}, **parts.pop("media", {})},
        roles={"it": {}, **parts.pop("roles", {})},
        faults=[{"id": "f", "kind": "corrupt", "target": "db", "at": at}, *parts.pop("more_faults", [])],
        detection={"monitoring": {"after": 0.0}},
        steps=[
            {"id": "recover", "owner": "it", "takes": takes, "does": {"recover_data": "db"}, **parts.pop("step", {})},
            *parts.pop("more_steps", []),
        ],
        horizon=5000.0,
        **parts,
    )


def backup(kind: str, every: float, medium: str = "disk", **parts: object) -> dict:
    return {"kind": kind, "every": every, "medium": medium, **parts}


def lost(log) -> list[tuple[str, str, float]]:
    return [(row.state, row.cause, row.value) for row in rows(log, "data_lost", "db")]


def test_data_lost_lie_between_nothing_and_the_interval_plus_the_copys_time_and_are_half_of_it_on_average() -> None:
    generator = np.random.default_rng(7)
    minutes = []
    for moment in generator.uniform(0, 1440, 400):
        at = f"{int(moment) // 60:02d}:{int(moment) % 60:02d}"
        [(state, copy, value)] = lost(corrupt(at, [backup("full", 240.0, takes=0.0)]))
        assert (state, copy) == ("recovered", "disk")
        assert 0 <= value <= 240
        minutes.append(value)
    assert abs(np.mean(minutes) - 120) < 3.3 * 240 / 12**0.5 / 20


def test_a_copy_counts_once_it_is_finished_and_holds_what_was_there_when_it_began() -> None:
    assert lost(corrupt("06:29", [backup("full", 360.0, takes=30.0)]))[0][2] == 389
    assert lost(corrupt("06:30", [backup("full", 360.0, takes=30.0)]))[0][2] == 30
    assert lost(corrupt("02:00", [backup("full", 1440.0, at="23:00")]))[0][2] == 180


def test_a_weekly_copy_is_made_on_its_weekday_whatever_day_the_exercise_begins() -> None:
    weekly = [backup("full", 10080.0, at="sun 01:00")]  # the exercise begins on Monday 9 March 2026
    assert lost(corrupt("06:00", weekly))[0][2] == 1440 + 300
    assert lost(corrupt("06:00", weekly, start="2026-03-11 00:00"))[0][2] == 3 * 1440 + 300
    assert lost(corrupt("06:00", weekly, start="2026-03-15 00:00"))[0][2] == 300


def test_copies_made_while_the_data_were_damaged_unseen_are_no_good() -> None:
    copies = [backup("full", 1440.0), backup("log", 15.0, takes=1.0)]
    unseen = [{"id": "g", "kind": "corrupt", "target": "db", "at": "06:00", "damaged_for": 130.0}]
    log = corrupt("06:00", copies, more_faults=unseen)
    assert lost(log) == [("recovered", "disk", 135.0)]  # from 03:45
    assert done(log) == {"recover": 360 + 10 + 15}
    replica = {"replica": "two", "lag": 10.0}
    assert lost(corrupt("06:00", copies, systems={"two": {}}, data=replica))[0][:2] == ("recovered", "replica")
    assert lost(corrupt("06:00", copies, systems={"two": {}}, data=replica, more_faults=unseen))[0][:2] == (
        "recovered",
        "disk",
    )


def test_bringing_back_takes_fetch_and_size_over_throughput() -> None:
    assert done(corrupt("01:00", [backup("full", 60.0)], takes=5.0)) == {"recover": 75}
    assert done(corrupt("01:00", [backup("full", 60.0, "tape")], takes=5.0)) == {"recover": 225}


def test_log_copies_go_on_top_and_each_takes_its_time() -> None:
    log = corrupt("05:10", [backup("full", 1440.0), backup("log", 15.0, takes=1.0)])
    assert lost(log) == [("recovered", "disk", 10.0)]
    assert done(log) == {"recover": 310 + 10 + 20}
    log = corrupt(
        "05:10", [backup("full", 1440.0), backup("incremental", 120.0, takes=4.0), backup("log", 15.0, takes=1.0)]
    )
    assert lost(log) == [("recovered", "disk", 10.0)]
    assert done(log) == {"recover": 310 + 10 + 4 + 4}


def test_a_log_copy_alone_brings_nothing_back() -> None:
    log = corrupt("05:10", [backup("log", 15.0)])
    assert lost(log)[0] == ("lost", "", float("inf"))
    assert story(log, "step", "recover")[-1][1] == "failed"
    assert story(log, "component", "db") == [(310, "down")]


def test_the_copy_that_loses_least_is_tried_first_and_the_next_when_it_does_not_work() -> None:
    copies = [backup("full", 1440.0, "tape"), backup("full", 240.0, "disk")]
    assert lost(corrupt("05:00", copies)) == [("recovered", "disk", 60.0)]
    log = corrupt("05:00", copies, media={"disk": {"throughput": 10.0, "works": 0.0}})
    assert lost(log) == [("recovered", "tape", 300.0)]
    assert done(log) == {"recover": 300 + 10 + 60 + 100}


def test_of_copies_that_lose_equally_little_the_quickest_is_taken() -> None:
    slow_but_new = [
        backup("full", 1440.0, "tape"),
        backup("full", 10080.0, at="sun 00:00"),
        backup("incremental", 1440.0, takes=50.0),
        backup("log", 60.0, takes=1.0),
    ]
    log = corrupt("05:30", slow_but_new)
    assert lost(log) == [("recovered", "disk", 30.0)]
    assert done(log) == {
        "recover": 330 + 10 + 29
    }  # Sunday's full copy and the logs since; from tape it would be 60 + 100 + 5


def test_a_medium_that_does_not_work_costs_its_time_once() -> None:
    copies = [backup("full", 240.0), backup("log", 15.0, takes=1.0), backup("full", 1440.0, "tape")]
    log = corrupt("05:00", copies, media={"disk": {"throughput": 10.0, "works": 0.0}})
    assert lost(log) == [("recovered", "tape", 300.0)]
    assert done(log) == {"recover": 300 + (10 + 3) + (60 + 100)}


def test_a_restore_works_as_often_as_its_medium_says() -> None:
    worked = [
        lost(
            corrupt(
                "05:00",
                [backup("full", 240.0)],
                media={"disk": {"throughput": 10.0, "works": 0.8}},
                step={"if_it_fails": {"tries": 1}},
                replication=r,
            )
        )[0][0]
        == "recovered"
        for r in range(400)
    ]
    assert abs(sum(worked) / 400 - 0.8) < 3.29 * (0.16 / 400) ** 0.5


def test_a_copy_that_cannot_be_read_now_is_passed_over_or_waited_for() -> None:
    away = [{"id": "g", "target": "backup_server", "at": "04:00", "lasts": 120.0}]

    def run(copies: list[dict]):
        return play(
            systems={"db": {"data": {"size": 100.0, "backups": copies}}, "backup_server": {}},
            media={"disk": {"throughput": 10.0, "needs": "backup_server"}, "tape": {"throughput": 1.0, "fetch": 60.0}},
            roles={"it": {}},
            faults=[*away, {"id": "f", "kind": "corrupt", "target": "db", "at": "05:00"}],
            steps=[{"id": "recover", "owner": "it", "on": "f", "does": {"recover_data": "db"}}],
            horizon=5000.0,
        )

    assert lost(run([backup("full", 1440.0, "tape"), backup("full", 240.0)])) == [("recovered", "tape", 300.0)]
    log = run([backup("full", 240.0)])
    assert ("system", "backup_server") in [(state, cause) for _, state, cause in causes(log, "step", "recover")]
    assert done(log) == {"recover": 370}


def test_a_replica_behind_by_its_lag_saves_the_data_only_while_the_damage_has_not_reached_it() -> None:
    parts = {"systems": {"copy": {}}, "data": {"replica": "copy", "lag": 60.0}}
    assert lost(corrupt("05:00", [backup("full", 1440.0)], takes=20.0, **parts)) == [("recovered", "replica", 40.0)]
    parts = {"systems": {"copy": {}}, "data": {"replica": "copy", "lag": 60.0}}
    assert lost(corrupt("05:00", [backup("full", 1440.0)], takes=90.0, **parts)) == [("recovered", "disk", 300.0)]


@pytest.mark.parametrize("kind", ["outage", "slow"])
def test_without_corrupt_data_there_is_nothing_to_recover(kind: str) -> None:
    log = play(
        systems={"db": {"data": {"size": 100.0}}},
        roles={"it": {}},
        faults=[{"id": "f", "kind": kind, "severity": 2.0, "target": "db", "at": "00:10"}],
        steps=[{"id": "recover", "owner": "it", "on": "f", "does": {"recover_data": "db"}}],
    )
    assert done(log) == {"recover": 10}
    assert rows(log, "data_lost") == []


def test_a_repair_does_not_bring_corrupt_data_back_and_recovered_data_must_still_be_started_by_hand() -> None:
    log = corrupt("05:00", [backup("full", 60.0)], db={"comes_back": "by_hand", "restart": 5.0})
    assert story(log, "component", "db") == [(300, "down")]
    log = play(
        systems={"db": {"data": {"size": 100.0}}},
        roles={"it": {}},
        faults=[{"id": "f", "kind": "corrupt", "target": "db", "at": "00:10"}],
        steps=[{"id": "mend", "owner": "it", "on": "f", "does": {"repair": "db"}}],
    )
    assert story(log, "component", "db") == [(10, "down")]


def test_copies_that_need_their_keys_wait_for_what_keeps_them() -> None:
    terms = {"takes": 5.0, "data": {"keys": "vault"}, "systems": {"vault": {}}}
    vault_away = [{"id": "g", "target": "vault", "at": "01:02", "lasts": 100.0}]
    assert done(corrupt("01:00", [backup("full", 60.0)], **terms)) == {"recover": 75}
    log = corrupt("01:00", [backup("full", 60.0)], **terms, more_faults=vault_away)
    assert done(log) == {"recover": 172}
    assert (65, "system", "vault") in causes(log, "step", "recover")


def test_copies_go_bad_unseen_until_the_next_trial_restore() -> None:
    month = 30.44 * 1440
    medium = Medium(title="Disk", throughput=1.0, works=0.9, goes_bad=0.1, last_tested=2 * month)
    assert good(medium) == pytest.approx(0.81)
    assert good(medium.model_copy(update={"last_tested": None})) == pytest.approx(0.9**24)
    assert good(medium.model_copy(update={"goes_bad": 0.0})) == 1
    tested = corrupt(
        "01:00", [backup("full", 60.0)], media={"disk": {"throughput": 10.0, "goes_bad": 1.0, "last_tested": 0.0}}
    )
    never = corrupt("01:00", [backup("full", 60.0)], media={"disk": {"throughput": 10.0, "goes_bad": 1.0}})
    assert lost(tested)[0][0] == "recovered"
    assert lost(never)[0][0] == "lost"


def test_copies_that_have_gone_bad_stay_bad_however_often_they_are_tried_and_reading_good_ones_works_in_the_end() -> (
    None
):
    """Of media that are good with chance g, each try reads them with chance w: after n tries g (1 - (1 - w)^n) of the runs have their data, and never more than g."""

    def back(works: float, goes_bad: float, run: int) -> bool:
        month = 30.44 * 1440
        media = {"disk": {"throughput": 10.0, "works": works, "goes_bad": goes_bad, "last_tested": month}}
        log = corrupt(
            "01:00",
            [backup("full", 60.0)],
            media=media,
            step={"if_it_fails": {"again": True, "tries": 8}},
            replication=run,
        )
        return lost(log)[0][0] == "recovered"

    runs = range(300)
    bad = sum(back(0.6, 0.5, run) for run in runs) / 300
    assert abs(bad - 0.5 * (1 - 0.4**8)) < 3.3 * (0.25 / 300) ** 0.5
    assert sum(back(0.6, 0.0, run) for run in runs) / 300 > 0.98


def test_no_copy_is_made_while_the_database_or_what_its_medium_needs_is_away() -> None:
    away = [{"id": "g", "target": "nas", "at": "05:30", "lasts": 240.0}]
    stored = {"media": {"disk": {"throughput": 10.0, "needs": ["nas"]}}, "systems": {"nas": {}}}
    every_hour = [backup("full", 60.0)]  # on the hour
    assert lost(corrupt("09:50", every_hour, **stored))[0][2] == 50
    assert lost(corrupt("09:50", every_hour, **stored, more_faults=away))[0][2] == 290  # since 05:00
    assert lost(corrupt("10:20", every_hour, **stored, more_faults=away))[0][2] == 20  # since 10:00
    broken_off = [backup("full", 60.0, takes=40.0)]  # the copy of 05:00 was interrupted at 05:30
    assert lost(corrupt("09:50", broken_off, **stored, more_faults=away))[0][2] == 350
    own = [{"id": "g", "target": "db", "at": "05:30", "lasts": 240.0}]
    assert lost(corrupt("09:50", every_hour, more_faults=own))[0][2] == 290


def test_data_that_are_not_back_at_the_end_are_lost_since_the_best_copy_at_least() -> None:
    never = corrupt("05:20", [backup("full", 60.0)], step={"on": ["returned"]})
    assert lost(never) == [("open", "", 20)]
    nothing = corrupt("05:20", [], step={"on": ["returned"]})
    assert lost(nothing) == [("open", "", 320)]  # all of the run
    spoiled_at_the_last_try = corrupt(
        "05:20", [backup("full", 60.0)], media={"disk": {"throughput": 10.0, "works": 0.0}}
    )
    assert [state for state, *_ in lost(spoiled_at_the_last_try)] == ["lost"]


def test_beginning_empty_gives_service_again_and_loses_everything() -> None:
    again = {"id": "begin", "owner": "it", "on": ["recover failed"], "takes": 30.0, "does": {"start_empty": "db"}}
    parts = {"media": {"disk": {"throughput": 10.0, "works": 0.0}}, "step": {"if_it_fails": {"tries": 1}}}
    without = corrupt("01:00", [backup("full", 60.0)], **parts)
    assert story(without, "component", "db") == [(60, "down")]
    log = corrupt("01:00", [backup("full", 60.0)], **parts, more_steps=[again])
    assert story(log, "component", "db") == [
        (60, "down"),
        (100, "up"),
    ]  # ten minutes of a copy that is no good, and thirty
    assert lost(log)[-1] == ("lost", "", float("inf"))


def test_beginning_empty_leaves_alone_what_is_not_damaged() -> None:
    step = {"id": "begin", "owner": "it", "at": "03:00", "does": {"start_empty": "other"}}
    log = corrupt("01:00", [backup("full", 60.0)], systems={"other": {"data": {"size": 1.0}}}, more_steps=[step])
    assert "begin" in done(log)
    assert not rows(log, "data_lost", "other")


def reconciled(
    *,
    people: int = 1,
    copy: float = 240.0,
    order: dict | None = None,
    step: dict | None = None,
    stands_for: int = 1,
    more_faults: list[dict] | None = None,
    recover: dict | None = None,
    hands: int = 1,
    **each: object,
):
    """Somebody is registered every 10 min, for a minute; the data go bad at 05:00 and are back after 10 min; then records are gone through."""
    return corrupt(
        "05:00",
        [backup("full", copy)],
        departments={"out": {"group": "clinics", "change_over": 0.0, "back_entry": {"by": "typist", "takes": 1.0}}, "hall": {}},
        activities={
            "register": {"department": "out", "takes": 1.0, "uses": ["db"], "on_paper": {"items": 1}},
            "greet": {"department": "out", "takes": 1.0},
        },
        staff={"typist": {"on_duty": 0}},
        roles={"office": {}, "it": {"count": hands}},
        more_faults=more_faults or [],
        step=recover or {},
        pathways={"p": {"title": "P", "arrivals": {"every": 10.0}, "route": ["greet", "register"]}},
        more_steps=[
            {"id": "order", "owner": "office", **(order or {"on": "f"}), "does": {"order_paper": "out"}},
            {"id": "reconcile", "owner": "it", "with": {"office": people - 1} if people > 1 else {}, **(step or {"after": "recover"}),
             "takes": 10.0, "for_each": {"takes": 5.0, **each}},
        ],
        stands_for=stands_for,
    )  # fmt: skip


def test_reconciling_takes_so_long_for_each_record_that_was_lost() -> None:
    """The copy of 04:00 is the last; from then on six were registered (04:02 … 04:52), and greeting leaves no record."""
    log = reconciled(lost="clinics")
    assert done(log) == {"order": 300, "recover": 310, "reconcile": 310 + 10 + 6 * 5}
    assert [(row.state, row.value) for row in rows(log, "records", "reconcile")] == [("lost", 6)]
    assert done(reconciled(lost="out", copy=120.0))["reconcile"] == 310 + 10 + 6 * 5
    assert done(reconciled(lost="out", copy=180.0))["reconcile"] == 310 + 10 + 12 * 5
    assert done(reconciled(lost="hall"))["reconcile"] == 310 + 10


def test_more_people_share_the_records_to_reconcile() -> None:
    assert done(reconciled(lost="out", people=2))["reconcile"] == 310 + 10 + 6 * 5 / 2


def test_what_stands_on_paper_can_be_gone_through_too() -> None:
    """Until 05:10 one patient was registered on paper (05:01 to 05:02)."""
    assert done(reconciled(paper="out"))["reconcile"] == 310 + 10 + 1 * 5
    assert done(reconciled(paper="out", lost="out"))["reconcile"] == 310 + 10 + 7 * 5


def test_who_was_registered_on_paper_left_no_record_that_could_be_lost() -> None:
    """On paper from 04:28 to 04:57: of the six of the lost hour three were entered (04:02, 04:12, 04:22)."""
    away = {"id": "g", "kind": "outage", "target": "db", "at": "04:27", "lasts": 30.0}
    log = reconciled(lost="out", order={"at": "04:28"}, more_faults=[away], recover={"on": "f"})
    assert [m for m, mode in story(log, "department", "out") if mode == "paper"][:1] == [268]
    assert done(log)["reconcile"] == 310 + 10 + 3 * 5


def test_records_are_counted_as_things_stand_when_the_work_begins() -> None:
    """Nothing else happens at 05:08, while the data are being brought back: one was registered on paper by then (05:01 to 05:02)."""
    log = reconciled(paper="out", step={"at": "05:08"}, hands=2)
    assert [(row.minute, row.state, row.value) for row in rows(log, "records", "reconcile")] == [(308, "paper", 1)]
    assert done(log)["reconcile"] == 308 + 10 + 1 * 5


def test_records_of_patients_who_stand_for_two_count_twice() -> None:
    log = reconciled(lost="out", paper="out", stands_for=2, recover={"takes": 100.0}, step={"at": "06:30"}, hands=2)
    ends, modes, names = log.visits["ended"], log.visits["mode"], log.names["activity"]
    registered = log.visits["activity"] == names.index("register")
    entered = int((registered & (modes == 0) & (ends >= 240) & (ends < 300)).sum())
    written = int((registered & (modes == 1) & (ends <= 390)).sum())
    assert written > 3
    assert {row.state: row.value for row in rows(log, "records", "reconcile")} == {"paper": 2.0 * written}
    back = reconciled(lost="out", stands_for=2)
    assert [(row.state, row.value) for row in rows(back, "records", "reconcile")] == [("lost", 2.0 * entered)]


def test_what_was_lost_twice_was_lost_once() -> None:
    assert joined([(30, 40), (0, 10), (5, 20), (6, 7), (20, 25)]) == [(0, 25), (30, 40)]


# Several that are brought back from one medium at the same time


def at_once(*began: float, sizes: tuple[float, ...] = (), media: dict | None = None, backups: list | None = None, more: list | None = None, broken: str = "00:00", **parts: object):  # fmt: skip
    """Databases of 100 GB whose data go bad at minute 0, each brought back from the disk (10 GB/min) by a step of its own from its minute on."""
    names = [f"db{n}" for n in range(len(began))]
    size = dict(zip(names, sizes or (100.0,) * len(names), strict=True))
    return play(
        systems={n: {"data": {"size": size[n], "backups": backups or [backup("full", 60.0)]}} for n in names},
        media={"disk": {"throughput": 10.0}, **(media or {})},
        roles={"it": {"count": 9}},
        faults=[{"id": f"f{n}", "kind": "corrupt", "target": n, "at": broken} for n in names],
        detection={"monitoring": {"after": 0.0}},
        steps=[
            *({"id": n, "owner": "it", "at": f"00:{minute:02d}", "does": {"recover_data": n}} for n, minute in zip(names, began, strict=True)),
            *(more or []),
        ],
        **{"horizon": 5000.0, **parts},
    )  # fmt: skip


def test_two_restores_from_one_medium_share_it_from_the_minute_the_second_begins() -> None:
    """10 min each alone, from 10 and from 15. The first has 5 left at 15, done at 25; the second has read 5 by then, and is done at 30."""
    log = at_once(10, 15)
    assert done(log) == {"db0": 25, "db1": 30}
    assert [(r.minute, r.subject, r.state, r.cause, r.value) for r in rows(log, "pace")] == [
        (15, "db0", "shared", "disk", 2), (15, "db1", "shared", "disk", 2), (25, "db0", "shared", "disk", 1), (25, "db1", "shared", "disk", 1),
    ]  # fmt: skip


def test_three_restores_of_different_sizes_share_a_medium_as_processor_sharing_says() -> None:
    """20, 10 and 5 min of reading, all from 10: the smallest after 15, the next 10 later, the largest after 35 in all, as the medium is never idle."""
    assert done(at_once(10, 10, 10, sizes=(200.0, 100.0, 50.0))) == {"db2": 25, "db1": 35, "db0": 45}


def test_restores_one_after_the_other_or_from_two_media_take_no_longer_than_alone() -> None:
    assert done(at_once(10, 20)) == {"db0": 20, "db1": 30}
    assert rows(at_once(10, 20), "pace") == []
    one = at_once(10)
    assert done(one) == {"db0": 20}


def test_a_restore_alone_is_done_in_the_very_minute_that_fetching_reading_and_logs_add_up_to() -> None:
    """To the last bit, so that files without two restores at a time give the bytes they gave before."""
    copies = [backup("full", 1440.0), backup("log", 7.0, takes=0.3)]
    log = at_once(
        13, sizes=(100 / 3,), media={"disk": {"throughput": 0.7, "fetch": 1 / 3}}, backups=copies, broken="00:11"
    )
    assert done(log)["db0"] == 13 + (1 / 3 + 100 / 3 / 0.7 + 0.3)


def test_while_the_medium_is_fetched_and_logs_are_applied_nobody_shares_it() -> None:
    """Fetched until 30 and 37, read until 40 and 47 if alone; shared from 37 on: the first has 3 left, done at 43 (and 10 min of logs on top of
    it); the second has read 3 of its 10 by then and 7 left, which take until 50."""
    logs = [backup("full", 1440.0), backup("log", 5.0, takes=5.0)]
    log = at_once(20, 27, media={"disk": {"throughput": 10.0, "fetch": 10.0}}, backups=logs, broken="00:15")
    assert done(log) == {"db0": 43 + 10, "db1": 50 + 10}
    log = at_once(20, 31, backups=logs, broken="00:15")  # the first applies its logs while the second reads
    assert (done(log), rows(log, "pace")) == ({"db0": 30 + 10, "db1": 41 + 10}, [])


def test_restores_that_are_not_over_at_the_end_write_nothing_after_it() -> None:
    log = at_once(10, 15, horizon=20.0)
    assert (log.events[-1].kind, log.events[-1].state) == ("run", "ended")
    assert [row.value for row in rows(log, "pace")] == [2, 2]


def test_a_restore_that_is_called_off_leaves_the_medium_to_the_others() -> None:
    """The second is called off at 17: in 2 min the first has read 1 of the 5 it had left, and needs 4 more."""
    off = [{"id": "off", "owner": "it", "at": "00:17", "does": {"call_off": "db1"}}]
    assert done(at_once(10, 15, more=off)) == {"off": 17, "db0": 21}
    early = [{"id": "off", "owner": "it", "at": "00:12", "does": {"call_off": "db1"}}]
    fetched = at_once(10, 11, media={"disk": {"throughput": 10.0, "fetch": 5.0}}, more=early)
    assert (done(fetched), rows(fetched, "pace")) == ({"off": 12, "db0": 25}, [])  # it had not begun to read


def test_minutes_lost_to_others_who_read_are_slowed_by_the_medium_and_the_parts_add_up() -> None:
    scenario = a_scenario(
        systems={n: {"data": {"size": 100.0, "backups": [backup("full", 60.0)]}} for n in ("a", "b")},
        media={"disk": {"throughput": 10.0}},
        roles={"it": {"count": 9}},
        faults=[{"id": n, "kind": "corrupt", "target": n, "at": "00:00"} for n in ("a", "b")],
        steps=[{"id": f"back_{n}", "owner": "it", "at": f"00:{m:02d}", "does": {"recover_data": n}} for n, m in (("a", 10), ("b", 15))],
        horizon=500.0,
    )  # fmt: skip
    found = score(scenario, again(scenario))
    spent = dict(zip(found.causes, found.minutes, strict=True))
    assert {key: m for key, m in spent.items() if key[1] != "trigger"} == {
        ("back_a", "work", ""): 10, ("back_a", "slowed", "shared disk"): 5, ("back_b", "work", ""): 10, ("back_b", "slowed", "shared disk"): 5,
    }  # fmt: skip


def test_however_many_restores_begin_when_a_medium_reads_at_its_throughput_and_no_faster() -> None:
    """Against a second route: small steps of a hundredth of a minute in which those who read get an equal part."""
    generator = np.random.default_rng(5)
    for _ in range(10):
        count = int(generator.integers(2, 6))
        began, sizes = (
            generator.integers(5, 40, count).tolist(),
            generator.integers(10, 300, count).astype(float).tolist(),
        )
        left, minute, ended = [size / 10 for size in sizes], 0.0, dict[str, float]()
        while any(one > 1e-9 for one in left):
            reading = [n for n in range(count) if began[n] <= minute + 1e-9 and left[n] > 1e-9]
            for n in reading:
                left[n] -= 0.01 / len(reading)
                if left[n] <= 1e-9:
                    ended[f"db{n}"] = minute + 0.01
            minute += 0.01
        log = at_once(*began, sizes=tuple(sizes))
        assert done(log) == pytest.approx(ended, abs=0.02 * count)
        assert max(done(log).values()) <= max(began) + sum(sizes) / 10 + 1e-6
