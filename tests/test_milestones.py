"""Events that can be lost again: what the log says of them after a relapse, and that everybody who tells of them tells the same."""

from __future__ import annotations

from typing import Any

import pytest

from drillsim.log.rows import Event
from drillsim.model import service
from drillsim.playback import story as replay
from drillsim.report import sections, story
from drillsim.score.milestones import clock, holding, lapses
from drillsim.score.replication import score
from drillsim.score.view import View, first_fault
from drillsim.sim.run import replicate
from tests.builder import a_scenario
from tests.sim_rows import causes, play
from tests.sim_rows import story as states


def relapsing(**parts: object):
    """The HIS is away from 60 to 70 and, after a relapse, from 100 to 110; one window orders paper at once and comes back at 80 and 120."""
    return a_scenario(
        systems={"his": {"rto": 30.0}},
        staff={"clerk": {}},
        departments={"desk": {"group": "out", "self_switch": {"after": 1.0}, "back_entry": {"by": "clerk", "takes": 1.0}}},
        activities={
            "register": {"department": "desk", "needs": "clerk", "takes": 2.0, "uses": ["his"], "on_paper": {"items": 1}}
        },
        pathways={"patients": {"title": "Patients", "arrivals": {"every": 10.0}, "route": ["register"]}},
        roles={"it": {"count": 9}},
        causes=["loop", "other"],
        faults=[
            {"id": "f", "kind": "loop", "target": "his", "cause": "loop", "at": "01:00", "relapse": {"chance": 1.0, "after": 30.0, "times": 1}}
        ],
        steps=[
            {"id": "order", "owner": "it", "does": {"order_paper": "out"}},
            {"id": "mend", "owner": "it", "after": "order", "takes": 10.0, "does": {"repair": "his"}},
            {"id": "back", "owner": "it", "after": "mend", "takes": 10.0, "does": {"return_to_system": "out"}},
        ],
        **{"horizon": 600.0, **parts},
    )  # fmt: skip


def test_what_a_relapse_undoes_lapses_and_is_reached_again() -> None:
    scenario = relapsing()
    log = replicate(scenario, seed=1, replication=0)
    assert states(log, "component", "his") == [(60, "down"), (70, "up"), (100, "down"), (110, "up")]
    rows = [(e.minute, e.kind) for e in log.events if e.subject == "restored"]
    assert rows == [(70, "reached"), (100, "lapsed"), (110, "reached")]
    for event in ("returned", "cleared"):
        kinds = [e.kind for e in log.events if e.subject == event]
        assert kinds == ["reached", "lapsed", "reached"], event


def switching(
    takes: float = 1.0,
    kiosks: dict | None = None,
    systems: dict | None = None,
    uses: tuple | list = ("kiosks",),
    faults: tuple | list = (),
    steps: tuple | list = (),
):
    """The primary is away from 60 on and mended at 80; the standby serves as soon as the switch is made; at 100 somebody switches back by hand."""
    return a_scenario(
        systems={
            "first": {"tier": 2},
            "second": {"tier": 2},
            "his": {"tier": 1, "runs_on": {"members": ["first", "second"], "after": 0.0, "takes": takes}},
            "kiosks": {"tier": 1, "needs": "his", **(kiosks or {})},
            **(systems or {}),
        },
        staff={"clerk": {}},
        activities={"register": {"needs": "clerk", "takes": 2.0, "uses": list(uses)}},
        pathways={"patients": {"title": "Patients", "arrivals": {"every": 10.0}, "route": ["register"]}},
        roles={"it": {"count": 9}},
        causes=["disk", "other"],
        faults=[{"id": "f", "kind": "outage", "target": "first", "cause": "disk", "at": "01:00", "lasts": 20.0}, *faults],
        steps=[{"id": "back", "owner": "it", "at": "01:40", "does": {"fail_over": "his"}}, *steps],
        horizon=300.0,
    )  # fmt: skip


def test_a_planned_switch_back_interrupts_and_does_not_undo_that_systems_are_restored() -> None:
    scenario = switching()
    log = replicate(scenario, seed=1, replication=0)
    assert states(log, "component", "kiosks") == [
        (60, "down"),
        (60, "restoring"),
        (61, "up"),
        (100, "restoring"),
        (101, "up"),
    ]
    assert [(e.minute, e.kind) for e in log.events if e.subject == "restored"] == [(61, "reached")]
    assert [(e.minute, e.kind) for e in log.events if e.subject == "all_back"] == [(80, "reached")]
    found = score(scenario, log)
    held = {name: sum(m for (n, *_), m in zip(found.paths, found.path_minutes, strict=True) if n == name) for name in ("restored", "tier 1", "tier 2")}  # fmt: skip
    assert held == pytest.approx({"restored": 1, "tier 1": 1, "tier 2": 20})
    assert found.figures["component", "kiosks", "minutes_down"] == pytest.approx(2)


def lost_again(scenario) -> dict[str, list[float]]:
    """When each of the two events lapsed, and how long the paths say that tier 1 took."""
    log = replicate(scenario, seed=1, replication=0)
    found = score(scenario, log)
    lapsed = {name: [e.minute for e in log.events if e.kind == "lapsed" and e.subject == name] for name in ("restored", "all_back")}  # fmt: skip
    return {**lapsed, "tier 1": [sum(m for (n, *_), m in zip(found.paths, found.path_minutes, strict=True) if n == "tier 1")]}  # fmt: skip


def broken(target: str, after: float, lasts: float = 20.0) -> dict[str, object]:
    """A fault so many minutes after the first one."""
    return {"id": f"g_{target}", "target": target, "cause": "other", "at": f"+{after:g} min", "lasts": lasts}


def test_what_rides_through_the_beginning_of_a_planned_switch_is_interrupted_like_the_rest() -> None:
    scenario = switching(takes=5.0, kiosks={"rides_through": 2.0})
    log = replicate(scenario, seed=1, replication=0)
    assert (102, "restoring") in states(log, "component", "kiosks")
    assert lost_again(scenario) == {"restored": [], "all_back": [], "tier 1": [pytest.approx(5)]}


def test_what_nobody_works_with_undoes_only_that_all_is_back_when_it_breaks_during_a_planned_switch() -> None:
    found = lost_again(switching(takes=5.0, systems={"printer": {"tier": 3}}, faults=[broken("printer", 42)]))
    assert found == {"restored": [], "all_back": [102], "tier 1": [pytest.approx(5)]}


def test_what_breaks_in_the_minute_of_a_planned_switch_is_not_part_of_it() -> None:
    found = lost_again(switching(systems={"gate": {"tier": 1}}, uses=["kiosks", "gate"], faults=[broken("gate", 40)]))
    assert found == {"restored": [100], "all_back": [100], "tier 1": [pytest.approx(60)]}


def test_a_planned_switch_whose_member_breaks_leaves_the_other_and_one_that_leaves_none_is_an_outage() -> None:
    one = lost_again(switching(takes=5.0, faults=[broken("first", 42)]))
    assert one == {"restored": [], "all_back": [102], "tier 1": [pytest.approx(5)]}
    none = lost_again(switching(takes=5.0, faults=[broken("first", 42), broken("second", 43)]))
    assert none["restored"] == [105]
    assert none["tier 1"][0] > 60


def test_of_two_planned_switches_at_once_only_what_the_failed_one_interrupted_counts_as_away() -> None:
    laboratory = {"a": {}, "b": {}, "lis": {"tier": 1, "runs_on": {"members": ["a", "b"], "after": 0.0, "takes": 20.0}}}
    scenario = switching(
        takes=5.0,
        systems=laboratory,
        uses=["kiosks", "lis"],
        faults=[broken("first", 42), broken("second", 43)],
        steps=[{"id": "back_lis", "owner": "it", "at": "01:40", "does": {"fail_over": "lis"}}],
    )
    log = replicate(scenario, seed=1, replication=0)
    rows = {(e.subject, e.state): e.minute for e in log.events if e.kind == "interrupted"}
    assert rows["lis", "planned"] == 100
    assert {name for name, state in rows if state == "undone"} == {"his", "kiosks"}


def test_an_interrupted_system_that_is_cut_off_meanwhile_is_away_in_earnest() -> None:
    cut = [
        {"id": "cut", "owner": "it", "at": "01:42", "does": [{"isolate": "kiosks"}]},
        {"id": "join", "owner": "it", "at": "02:30", "does": [{"reconnect": "kiosks"}]},
    ]
    found = lost_again(switching(takes=5.0, steps=cut))
    assert found == {"restored": [102], "all_back": [102], "tier 1": [pytest.approx(90)]}


def test_score_path_report_and_replay_count_from_the_last_time() -> None:
    scenario = relapsing()
    log = replicate(scenario, seed=1, replication=0)
    last = {e.subject: e.minute for e in log.events if e.kind == "reached"}
    found = score(scenario, log)
    for event in ("restored", "returned", "cleared"):
        assert found.figures["event", event, "minute"] == last[event] - 60
    assert found.figures["data", "data", "cleared_at"] == last["cleared"] - 60
    for milestone in ("restored", "cleared"):
        held = sum(m for (name, *_), m in zip(found.paths, found.path_minutes, strict=True) if name == milestone)
        assert held == pytest.approx(last[milestone] - 60)
    chapters = [c for c in story.chapters(scenario, log.events) if c.event == "restored"]
    assert [(c.minute, c.lapsed) for c in chapters] == [(70, 100), (110, None)]
    assert sections.chapter_name(chapters[0], scenario, "en") == "Systems restored, but only until 01:40"
    assert sections.chapter_name(chapters[1], scenario, "en") == "Systems restored"
    view = View(scenario, log, 0.0, log.horizon, first_fault(log))
    told = [
        e
        for e in replay.entries(scenario, view, [])
        if e["kind"] == "milestone" and "systems are back" in e["text"]["en"]
    ]
    assert [(e["minute"], e["text"]["en"], e.get("mark")) for e in told] == [
        (70, "The systems are back", None), (110, "The systems are back again", "restored"),
    ]  # fmt: skip


def test_what_is_lost_at_the_end_was_not_reached() -> None:
    scenario = relapsing(horizon=105.0)
    found = score(scenario, replicate(scenario, seed=1, replication=0))
    assert found.figures["event", "restored", "minute"] != found.figures["event", "restored", "minute"]


def test_a_length_of_time_after_recovery_counts_only_while_it_lasts() -> None:
    """Back from 70 to 100 and from 110: thirty-five minutes after recovery is 145, not 105."""
    log = play(
        systems={"his": {"rto": 30.0}}, roles={"it": {"count": 9}}, causes=["loop", "other"],
        faults=[{"id": "f", "kind": "loop", "target": "his", "cause": "loop", "at": "01:00", "relapse": {"chance": 1.0, "after": 30.0, "times": 1}}],
        steps=[
            {"id": "mend", "owner": "it", "takes": 10.0, "does": {"repair": "his"}},
            {"id": "close", "owner": "it", "when": "35 min after restored"},
            {"id": "first", "owner": "it", "on": "restored"},
        ],
    )  # fmt: skip
    assert [m for m, state, _ in causes(log, "step", "close") if state == "done"] == [145]
    assert [m for m, state, _ in causes(log, "step", "first") if state == "done"] == [70]  # triggers: the first time


def test_by_hand() -> None:
    given = [
        Event(5.0, 0, "reached", "detected"), Event(20.0, 1, "reached", "restored"), Event(50.0, 2, "lapsed", "restored"),
        Event(60.0, 3, "reached", "detected"), Event(100.0, 4, "reached", "restored"), Event(120.0, 5, "reached", "cleared"),
        Event(130.0, 6, "lapsed", "cleared"),
    ]  # fmt: skip
    assert {name: e.minute for name, e in holding(given).items()} == {"detected": 5.0, "restored": 100.0}
    assert lapses(given) == {1: 50.0, 5: 130.0}
    assert [clock(given, "restored", until) for until in (10.0, 30.0, 99.0, 100.0, 500.0)] == [20, 20, 20, 100, 100]
    assert clock(given, "detected", 500.0) == 5.0
    assert clock(given, "returned", 500.0) is None


def with_standby(**parts: object):
    """The HIS runs on a primary and a standby in two rooms; reports lean on the primary alone. Power of room A is away from 60.

    By hand: the switch by itself takes 5, so the HIS is back at 65. The power of room A comes back at 100, the primary (by hand) is started by a
    step from 130 to 150, and the reports with it.
    """
    given = dict[str, Any](
        systems={
            "power": {"tier": 1},
            "primary": {"needs": ["power"], "rto": 60.0, "comes_back": "by_hand"},
            "standby": {"rto": 60.0},
            "his": {"runs_on": {"members": ["primary", "standby"], "after": 0.0, "takes": 5.0}, "rto": 30.0},
            "reports": {"needs": ["primary"], "tier": 4},
        },
        staff={"clerk": {}},
        departments={"desk": {"group": "out"}},
        activities={"register": {"department": "desk", "needs": "clerk", "takes": 2.0, "uses": ["his"]}},
        pathways={"patients": {"title": "Patients", "arrivals": {"every": 10.0}, "route": ["register"]}},
        roles={"it": {"count": 9}},
        faults=[{"id": "f", "kind": "outage", "target": "power", "at": "01:00", "lasts": 40.0}],
        steps=[{"id": "start_primary", "owner": "it", "at": "02:10", "takes": 20.0, "does": {"restore": "primary"}},
               {"id": "close", "owner": "it", "on": "all_back", "takes": 1.0}],
        horizon=600.0,
    )  # fmt: skip
    return a_scenario(**{**given, **parts})


def test_systems_are_restored_when_those_in_use_work_again_and_all_are_back_when_the_standby_is_too() -> None:
    scenario = with_standby()
    assert service.in_use(scenario.hospital) == {"his"}
    assert service.kept(scenario.hospital) == {"power", "primary", "standby", "his", "reports"}
    log = replicate(scenario, seed=1, replication=0)
    assert [(e.minute, e.subject) for e in log.events if e.subject in ("restored", "all_back")] == [
        (65, "restored"), (150, "all_back"),
    ]  # fmt: skip
    assert [m for m, state, _ in causes(log, "step", "close") if state == "done"] == [151]
    found = score(scenario, log)
    assert (found.figures["event", "restored", "minute"], found.figures["event", "all_back", "minute"]) == (5, 90)
    held = {name for (name, *_), m in zip(found.paths, found.path_minutes, strict=True) if m > 0}
    assert {"restored", "all_back"} <= held
    told = [e["text"]["en"] for e in replay.entries(scenario, View(scenario, log, 0.0, log.horizon, 60.0), [])]
    assert [t for t in told if "are back" in t] == ["The systems are back", "All systems are back, standbys too"]
    told_chapters = [c.event for c in story.chapters(scenario, log.events)]
    assert told_chapters.index("restored") < told_chapters.index("all_back")


def test_what_only_bridges_a_loss_keeps_the_systems_from_being_restored() -> None:
    """The HIS cannot do without power: while a battery carries it nothing is restored, though it works; it is when the power is back."""
    scenario = with_standby(
        systems={"power": {}, "his": {"needs": ["power"], "rides_through": 90.0}, "unused": {"rto": 60.0}}, steps=[]
    )
    assert service.in_use(scenario.hospital) == {"his", "power"}
    log = replicate(scenario, seed=1, replication=0)
    assert states(log, "component", "his") == []
    assert [(e.minute, e.subject) for e in log.events if e.subject in ("restored", "all_back")] == [
        (100, "restored"), (100, "all_back"),
    ]  # fmt: skip
    told = [e["text"]["en"] for e in replay.entries(scenario, View(scenario, log, 0.0, log.horizon, 60.0), [])]
    assert [t for t in told if "are back" in t] == ["The systems are back"]  # once: it says all


def test_of_any_that_can_stand_in_for_each_other_none_is_in_use_by_itself() -> None:
    needs = ["line", {"any": ["a", "b"]}, {"all": ["c", {"at_least": 1, "of": ["d", "e"]}]}]
    names = {name: {} for name in ("line", "a", "b", "c", "d", "e", "f")}
    hospital = with_standby(systems={**names, "his": {"needs": needs}}, faults=[], steps=[]).hospital
    assert service.in_use(hospital) == {"his", "line", "c"}


def test_a_step_that_a_relapse_sends_back_is_told_with_the_title_of_the_fault() -> None:
    scenario = a_scenario(
        systems={"his": {}},
        roles={"it": {}},
        steps=[{"id": "mend", "title": "Mend", "owner": "it", "takes": 10.0, "does": {"repair": "his"}}],
        faults=[
            {
                "id": "loop",
                "title": "The loop",
                "target": "his",
                "at": "01:00",
                "relapse": {"chance": 1.0, "after": 100.0, "times": 1},
            }
        ],
        horizon=600.0,
    )
    log = replicate(scenario, seed=1, replication=0)
    told = [e["text"] for e in replay.entries(scenario, View(scenario, log, 0.0, log.horizon, 60.0), [])]
    assert "“Mend” must be done again, since “The loop” has come back" in [text["en"] for text in told]
