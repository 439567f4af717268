"""Departments through an outage: waiting, changing over, paper, typing in, back to normal; their forms; and the people they share with the plan."""

from __future__ import annotations

import numpy as np
import pytest

from tests.sim_rows import causes, done, play, reached, rows, story

FAULT = {"id": "f", "target": "his", "at": "01:00"}
NEVER = {"id": "return", "owner": "it", "at": "23:00", "does": {"return_to_system": "all"}}


def step(name: str, takes: float = 0.0, **parts: object) -> dict:
    return {"id": name, "owner": "it", "takes": takes, **parts}


def order(at: str, does: str = "order_paper", target: str = "out") -> dict:
    return step(f"{does}_{at[:2]}{at[3:]}", at=at, does={does: target})


def window(
    steps: list[dict],
    *,
    lasts: float | None = 120.0,
    department: dict | None = None,
    activity: dict | None = None,
    staff: dict | None = None,
    **parts: object,
):
    """One registration window: a patient every 10 min is served for 4 min with the HIS, which is away from 60 to 180 unless said otherwise."""
    faults = parts.pop("faults", [{**FAULT, **({"lasts": lasts} if lasts else {})}])
    return play(
        systems={"his": parts.pop("his", {})},
        staff={"clerk": staff or {}},
        departments={"registration": {"group": "out", "change_over": 10.0, **(department or {})}},
        activities={
            "register": {
                "department": "registration",
                "needs": "clerk",
                "takes": 4.0,
                "uses": ["his"],
                **(activity or {}),
            }
        },
        pathways={"patients": {"title": "Patients", "arrivals": {"every": 10.0}, "route": ["register"]}},
        roles={"it": {}, "clerk": {"holders": "clerk"}},
        faults=faults,
        steps=steps,
        horizon=600.0,
        **parts,
    )


def served(log, start: float, end: float) -> list[float]:
    """Minutes at which services began in a stretch of time."""
    started = np.array(log.visits["started"])
    return sorted(m for m in started.tolist() if start <= m < end)


def test_without_an_order_work_stops_until_the_system_is_back() -> None:
    log = window([])
    assert causes(log, "department", "registration") == [(60, "waiting", "his"), (180, "normal", "systems")]
    assert served(log, 61, 180) == []
    assert served(log, 180, 200)[:3] == [180, 184, 188]


def test_a_service_that_runs_when_its_system_fails_runs_on_to_its_end() -> None:
    log = window([], faults=[{**FAULT, "at": "01:02"}])
    ended = dict(zip(log.visits["started"].tolist(), log.visits["ended"].tolist(), strict=True))
    assert ended[60] == 64
    assert max(m for m in ended if m == m) == 60


def test_paper_begins_after_the_order_and_the_change_over_and_lasts_until_told_to_return() -> None:
    log = window([order("01:20"), order("04:00", "return_to_system")], activity={"on_paper": {"factor": 1.5}})
    assert causes(log, "department", "registration") == [
        (60, "waiting", "his"),
        (80, "changing", "order_paper_0120"),
        (90, "paper", "order_paper_0120"),
        (240, "normal", "return_to_system_0400"),
    ]
    assert served(log, 61, 100)[:2] == [90, 96]
    assert {"registration on paper": 90, "registration back": 240, "returned": 240, "cleared": 240}.items() <= reached(
        log
    ).items()


def test_on_paper_the_system_being_back_changes_nothing_until_the_department_is_told() -> None:
    log = window([order("01:20"), NEVER])
    assert story(log, "department", "registration")[-1] == (90, "paper")
    assert "returned" not in reached(log)


def test_told_to_return_before_the_system_is_there_it_waits_for_it_on_paper() -> None:
    log = window([order("01:20"), order("02:30", "return_to_system")])
    assert story(log, "department", "registration")[-1] == (180, "normal")
    assert reached(log)["returned"] == 150
    assert reached(log)["registration back"] == 180


def test_with_a_plan_that_tells_nobody_to_return_departments_do_so_when_their_systems_are_back() -> None:
    log = window([order("01:20")])
    assert story(log, "department", "registration")[-1] == (180, "normal")


def test_a_department_switches_by_itself_after_its_own_patience() -> None:
    log = window([NEVER], department={"self_switch": {"after": 25.0}})
    assert causes(log, "department", "registration")[1:] == [
        (85, "changing", "self_switch"),
        (95, "paper", "self_switch"),
    ]


def test_a_department_whose_system_is_back_earlier_does_not_switch_by_itself() -> None:
    log = window([NEVER], lasts=20.0, department={"self_switch": {"after": 25.0}})
    assert story(log, "department", "registration") == [(60, "waiting"), (80, "normal")]


def test_what_was_written_on_paper_is_typed_in_before_the_department_is_normal() -> None:
    log = window(
        [order("01:20"), order("04:00", "return_to_system")],
        department={"back_entry": {"by": "clerk", "takes": 2.0, "batch": 1}},
        staff={"on_duty": 2},
    )
    states = story(log, "department", "registration")
    assert states[3] == (240, "back_entry")
    assert states[4][1] == "normal"
    items = log.entries["items"].sum()
    assert items > 10
    assert states[4][0] == pytest.approx(np.nanmax(log.entries["ended"]))
    assert states[4][0] >= 240 + items * 2.0 / 2
    assert reached(log)["cleared"] == states[4][0]
    assert reached(log)["returned"] == 240


def test_losing_the_system_while_typing_in_leaves_the_pile_for_later() -> None:
    again = {"id": "g", "target": "his", "at": "04:10", "lasts": 30.0}
    log = window(
        [order("01:20"), order("04:00", "return_to_system")],
        department={"back_entry": {"by": "clerk", "takes": 5.0, "batch": 1}},
        faults=[{**FAULT, "lasts": 120.0}, again],
    )
    assert story(log, "department", "registration")[3:6] == [(240, "back_entry"), (250, "waiting"), (280, "back_entry")]


def test_an_order_while_typing_in_sends_the_department_to_paper_again() -> None:
    log = window(
        [order("01:20"), order("04:00", "return_to_system"), order("04:10"), order("05:00", "return_to_system")],
        department={"back_entry": {"by": "clerk", "takes": 5.0, "batch": 1}},
    )
    assert story(log, "department", "registration")[3:7] == [
        (240, "back_entry"),
        (250, "changing"),
        (260, "paper"),
        (300, "back_entry"),
    ]


def test_being_told_to_return_while_changing_over_calls_it_off() -> None:
    log = window([order("01:20"), order("01:25", "return_to_system")])
    assert story(log, "department", "registration") == [
        (60, "waiting"),
        (80, "changing"),
        (85, "waiting"),
        (180, "normal"),
    ]


def test_without_forms_paper_work_stops_until_more_are_brought() -> None:
    log = window([order("01:20"), NEVER], department={"kit": {"forms": 5, "restock": 3, "restock_takes": 30.0}})
    kit = [(row.state, row.value) for row in rows(log, "kit", "registration")]
    assert kit[:3] == [("empty", 0), ("restocked", 3), ("empty", 0)]
    first = rows(log, "kit", "registration")[0].minute
    assert served(log, 61, first + 30) == [90, 94, 98, 102, 106]


def test_a_step_brings_forms_too() -> None:
    steps = [order("01:20"), NEVER, step("bring", at="03:00", does={"restock": "out"})]
    log = window(steps, department={"kit": {"forms": 5}})
    assert [(row.minute, row.state, row.value) for row in rows(log, "kit", "registration")][:2] == [
        (106, "empty", 0),
        (180, "restocked", 5),
    ]


def test_work_that_cannot_be_done_on_paper_stands_still_until_the_systems_are_back() -> None:
    log = window([order("01:20"), NEVER], activity={"on_paper": {"works": False}})
    assert served(log, 61, 180) == []
    assert served(log, 180, 190) == [180, 184, 188]


def test_work_that_goes_on_while_waiting_keeps_the_department_normal() -> None:
    log = window([], activity={"while_waiting": "goes_on"})
    assert rows(log, "department") == []
    assert len(served(log, 60, 180)) == 12


@pytest.mark.parametrize(("reads_only", "stops"), [(True, False), (False, True)])
def test_a_read_only_system_is_enough_for_work_that_only_reads(reads_only: bool, stops: bool) -> None:
    log = window([], faults=[{**FAULT, "kind": "read_only", "lasts": 60.0}], activity={"reads_only": reads_only})
    assert bool(rows(log, "department")) is stops


def test_slow_systems_lengthen_the_share_of_the_work_done_at_the_screen() -> None:
    log = window([], faults=[{**FAULT, "kind": "slow", "severity": 3.0, "lasts": 60.0}], activity={"screen": 0.5})
    lengths = {
        start: end - start
        for start, end in zip(log.visits["started"].tolist(), log.visits["ended"].tolist(), strict=True)
    }
    assert {round(length, 6) for start, length in lengths.items() if 60 <= start < 120} == {8.0}
    assert {round(length, 6) for start, length in lengths.items() if start < 60} == {4.0}


def test_an_earlier_order_serves_more_patients_during_the_outage() -> None:
    def served_meanwhile(at: str) -> int:
        return len(served(window([order(at), NEVER]), 60, 180))

    assert served_meanwhile("01:10") > served_meanwhile("02:20") > served_meanwhile("02:45")


# People shared with patients


def test_a_step_takes_the_next_clerk_who_finishes_and_interrupts_nobody() -> None:
    log = window([step("help", 30.0, at="00:11") | {"owner": "clerk"}], faults=[])
    assert causes(log, "step", "help") == [
        (0, "dormant", "00:11"),
        (11, "person", "clerk:patients"),
        (14, "working", ""),
        (44, "done", ""),
    ]
    assert served(log, 11, 44) == []
    assert served(log, 44, 50) == [44, 48]


def test_a_step_that_needs_somebody_else_too_does_not_keep_the_clerk_waiting() -> None:
    log = play(
        staff={"clerk": {}, "dba": {}},
        departments={"registration": {}},
        activities={"register": {"department": "registration", "needs": "clerk", "takes": 4.0}},
        pathways={"patients": {"title": "Patients", "arrivals": {"every": 10.0}, "route": ["register"]}},
        roles={"clerk": {"holders": "clerk"}, "dba": {"holders": "dba"}},
        steps=[
            {"id": "busy", "owner": "dba", "takes": 61.0},
            {"id": "both", "owner": "clerk", "with": "dba", "takes": 10.0},
        ],
        horizon=200.0,
    )
    assert len(served(log, 0, 61)) == 6
    assert done(log)["both"] == pytest.approx(74)  # the dba is free at 61, the clerk at 64


def test_a_step_sent_back_while_it_waits_for_a_clerk_leaves_no_ghost_behind() -> None:
    log = play(
        staff={"clerk": {}},
        activities={"serve": {"needs": "clerk", "takes": 30.0}},
        pathways={"patients": {"title": "Patients", "arrivals": {"every": 40.0}, "route": ["serve"]}},
        roles={"it": {"count": 9}, "clerk": {"holders": "clerk"}},
        steps=[
            step("a", 45.0),
            step("ask", 10.0, after="a") | {"owner": "clerk"},
            step("mend", 5.0, after="a", chance=0.0, if_it_fails={"tries": 2, "back_to": "a"}),
        ],
        horizon=400.0,
    )
    assert story(log, "step", "ask")[1:] == [
        (45, "person"),
        (50, "redo"),
        (50, "after"),
        (95, "person"),
        (110, "working"),
        (120, "done"),
    ]
    assert served(log, 0, 400) == [40, 80, 120, 160, 200, 240, 280, 320, 360]


def test_a_step_waits_for_the_shift_of_a_clerk_who_serves_patients() -> None:
    log = window(
        [step("help", 10.0, at="00:30") | {"owner": "clerk"}], faults=[], staff={"on_duty": {"02:00-08:00": 1}}
    )
    assert causes(log, "step", "help")[1:] == [(30, "off_shift", "clerk"), (120, "working", ""), (130, "done", "")]


def test_a_clerk_called_in_serves_patients_too_and_goes_home_when_it_is_over() -> None:
    log = window(
        [step("help", 10.0, at="00:30") | {"owner": "clerk"}, step("end", at="05:00", does="stand_down")],
        faults=[],
        staff={"on_duty": 0, "on_call": {"answer": 2.0, "travel": 18.0}},
    )
    assert done(log)["help"] == 60
    assert served(log, 0, 60) == []
    assert served(log, 60, 302)[0] == 60
    assert served(log, 310, 600) == []


def test_a_clerk_called_in_is_counted_among_the_shift_that_begins() -> None:
    log = window(
        [step("help", 10.0, at="00:30") | {"owner": "clerk"}],
        faults=[],
        staff={"on_duty": {"02:00-12:00": 3}, "on_call": {"answer": 2.0, "travel": 18.0}},
    )
    on_duty = {round(row.minute): row.value for row in rows(log, "on_duty", "clerk")}
    assert on_duty == {0: 0, 50: 1, 120: 3}


def test_a_share_of_the_clerks_kept_away_is_missing_in_every_shift() -> None:
    log = window(
        [],
        staff={"on_duty": {"00:00-02:00": 4, "02:00-12:00": 2}},
        faults=[{"id": "flu", "kind": "people", "target": "clerk", "at": "01:00", "severity": 0.5, "lasts": 120.0}],
    )
    on_duty = {}
    for row in rows(log, "on_duty", "clerk"):
        on_duty[round(row.minute)] = row.value
    assert on_duty == {0: 4, 60: 2, 120: 1, 180: 2}


def test_two_steps_that_need_the_same_two_people_who_serve_patients_do_not_wait_for_each_other() -> None:
    serve = {"needs": ["clerk", "nurse"], "takes": 4.0}
    log = play(
        staff={"clerk": {}, "nurse": {}},
        activities={"one": {**serve, "needs": "clerk"}, "two": {**serve, "needs": "nurse", "takes": 7.0}},
        pathways={
            "a": {"title": "A", "arrivals": {"every": 5.0}, "route": ["one"]},
            "b": {"title": "B", "arrivals": {"every": 8.0}, "route": ["two"]},
        },
        roles={"clerk": {"holders": "clerk"}, "nurse": {"holders": "nurse"}},
        steps=[
            {"id": "x", "owner": "clerk", "with": "nurse", "takes": 10.0, "at": "01:00"},
            {"id": "y", "owner": "nurse", "with": "clerk", "takes": 10.0, "at": "01:01"},
            {"id": "z", "owner": "nurse", "with": "clerk", "takes": 10.0, "at": "01:02", "priority": 1},
        ],
        horizon=200.0,
    )
    assert set(done(log)) == {"x", "y", "z"}
    assert done(log)["z"] < done(log)["x"] < done(log)["y"] < 120


def test_a_queue_or_a_pile_that_grows_is_noticed_within_a_minute() -> None:
    log = window(
        [
            order("01:20"),
            order("04:00", "return_to_system"),
            step("crowd", when="queue of registration >= 3"),
            step("heap", when="pile of registration > 5"),
        ],
        department={"back_entry": {"by": "clerk", "takes": 2.0}},
    )
    # patients come at 60, 70, 80 and wait; on paper from 90 on they are served in 4 min each
    assert 80 <= reached(log)["crowd"] <= 81
    assert 90 + 6 * 4 <= reached(log)["heap"] <= 90 + 6 * 4 + 1


def test_an_order_that_is_heard_only_after_the_return_counts_no_more() -> None:
    log = window(
        [order("01:20"), order("03:30", "return_to_system")],
        channels={"app": {"needs": "his", "takes": 0.0, "heard": 5.0}, "letter": {"takes": 0.0, "heard": 150.0}},
        call_tree=["app", "letter"],
    )
    assert causes(log, "told", "registration") == [(215, "heard", "app"), (230, "heard", "letter")]
    assert story(log, "department", "registration") == [(60, "waiting"), (180, "normal")]


def kiosks(*, windows: bool, at: str = "kiosk_net", steps: list[dict] | None = None, to: str = "window"):
    """A patient every 10 min goes to a kiosk, and after 5 min of waiting to a window; from 60 to 180 the kiosks' network is away."""
    return play(
        systems={"his": {}, "kiosk_net": {"needs": ["his"]}},
        staff={"clerk": {}},
        departments={"registration": {"group": "out", "change_over": 10.0}, "elsewhere": {}},
        activities={
            "kiosk": {"department": "registration", "takes": 2.0, "uses": ["kiosk_net"], "patience": 5.0, "if_impatient": to, "on_paper": {"works": False}},
            "window": {"department": "registration" if windows else "elsewhere", "needs": "clerk", "takes": 4.0, "uses": ["his"]},
        },
        pathways={"patients": {"title": "Patients", "arrivals": {"every": 10.0}, "route": [{"do": "kiosk", "then": "leave"}, "window"]}},
        roles={"it": {}},
        faults=[{"id": "f", "target": at, "at": "01:00", "lasts": 120.0}],
        steps=steps or [],
        horizon=300.0,
    )  # fmt: skip


def test_a_department_does_not_stand_still_while_its_windows_serve_those_who_leave_the_kiosks() -> None:
    log = kiosks(windows=True)
    assert rows(log, "department", "registration") == []
    window = log.names["activity"].index("window")
    started = np.array(log.visits["started"])[np.array(log.visits["activity"]) == window]
    assert started.tolist()[:3] == [65, 75, 85]


def test_a_department_stands_still_when_its_windows_are_away_too_or_belong_to_another() -> None:
    for log in (kiosks(windows=True, at="his"), kiosks(windows=False), kiosks(windows=True, to="leave")):
        assert story(log, "department", "registration")[:2] == [(60, "waiting"), (180, "normal")]


def test_a_department_leaves_paper_when_its_windows_work_though_its_kiosks_do_not() -> None:
    log = kiosks(windows=True, steps=[order("01:20"), order("02:00", "return_to_system")])
    assert story(log, "department", "registration") == [(80, "changing"), (90, "paper"), (120, "normal")]


def test_a_name_that_is_a_department_and_a_group_means_all_of_the_group() -> None:
    """The outpatient pharmacy is called like the group it is in; an order to the pharmacy is for the inpatient pharmacy too."""
    log = play(
        departments={"pharmacy": {"group": "pharmacy"}, "inpatient": {"group": "pharmacy"}, "lab": {"group": "technical"}},
        roles={"it": {}},
        steps=[order("00:30", target="pharmacy")],
        horizon=100.0,
    )  # fmt: skip
    assert {row.subject for row in rows(log, "department")} == {"pharmacy", "inpatient"}


def compared(does: object = "evaluate", at: str = "02:00", **parts: object) -> list[tuple[float, str]]:
    """(minute, state) of a step that compares every quarter of an hour from ``at`` on, once it has begun, until it finds all as on a normal day."""
    look = step("look", at=at, does=does, if_it_fails={"tries": 40, "pause": 15.0})
    log = window([order("01:10"), order("03:25", "return_to_system"), look], **parts)
    return [row for row in story(log, "step", "look") if row[1] in ("pause", "done", "failed")]


def test_who_evaluates_finds_departments_on_paper_until_they_use_the_systems_again():
    assert compared()[-1] == (210, "done")  # on paper until told to return at 205; looked at from 120 every 15 minutes
    assert compared({"evaluate": "out"})[-1] == (210, "done")
    assert compared(at="04:00")[0] == (240, "done")


def test_who_evaluates_names_the_departments_that_are_not_as_on_a_normal_day_yet():
    look = step("look", at="02:00", does="evaluate", if_it_fails={"tries": 2, "pause": 15.0})
    log = window([order("01:10"), NEVER, look])
    assert [row for row in causes(log, "step", "look") if row[1] == "pause"] == [(120, "pause", "registration")]


def test_who_evaluates_finds_a_system_that_is_slow_to_be_noticed_and_no_other():
    slow = {"id": "g", "kind": "slow", "target": "his", "at": "03:00", "lasts": 120.0}
    assert compared(at="04:00", faults=[{**slow, "severity": 2.0}])[-1] == (300, "done")
    assert compared(at="04:00", faults=[{**slow, "severity": 1.2}])[0] == (240, "done")


def test_a_try_that_fails_by_itself_names_no_department() -> None:
    """The department is back to normal from 135 on: a later try that does not succeed compares nothing."""
    failed = 0
    for replication in range(20):
        log = play(
            systems={"his": {}},
            departments={"desk": {"group": "outpatient"}},
            activities={"book": {"department": "desk", "takes": 1.0, "uses": ["his"]}},
            roles={"lead": {}},
            steps=[{"id": "compare", "owner": "lead", "at": "02:00", "takes": 10.0, "chance": 0.5, "does": "evaluate", "if_it_fails": {"tries": 9, "pause": 10.0}}],
            faults=[{"id": "f", "target": "his", "at": "01:00", "lasts": 75.0}],
            replication=replication,
        )  # fmt: skip
        pauses = [e for e in rows(log, "step", "compare") if e.state == "pause"]
        assert not [e for e in pauses if e.minute > 135 and e.cause]
        failed += len({"desk", ""} & {e.cause for e in pauses}) == 2
    assert failed  # runs in which a try that had compared was followed or preceded by one that had not
