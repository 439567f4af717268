"""Systems, departments, people and data in one replication, judged by hand-written logs."""

from __future__ import annotations

import math
from typing import Any

import pytest

from drillsim.model.measures import read_measure
from drillsim.model.scenario import Scenario
from drillsim.score.measures import holds
from drillsim.score.replication import score
from drillsim.score.summaries import Asked, summarise
from drillsim.score.view import Figures
from tests.builder import a_scenario
from tests.logs import a_log, step_rows

FAULT = [(100.0, "fault", "f", "began", "db", 1.0), (100.0, "reached", "failed", "", "f")]


def with_db(**component: Any) -> Scenario:
    return a_scenario(systems={"db": component}, faults=[{"id": "f", "target": "db"}], horizon=500.0)


def db(*states: tuple[float, str], also: tuple[tuple[Any, ...], ...] = (), **component: Any) -> dict[str, float]:
    """Figures of component ``db`` that was in these states."""
    scenario = with_db(**component)
    rows = [(minute, "component", "db", state, "own", 1.0) for minute, state in states]
    found = score(scenario, a_log(scenario, events=[*FAULT, *rows, *also])).figures
    return {figure: value for (kind, _, figure), value in found.items() if kind == "component"}


def test_an_outage_lasts_from_away_to_service_through_all_states_without_service() -> None:
    found = db((100, "down"), (130, "isolated"), (150, "restoring"), (160, "slow"), (200, "up"), rto=60.0)
    assert (found["minutes_to_restore"], found["minutes_down"], found["minutes_slow"]) == (60, 60, 40)
    assert found["rto_met"] == 1
    assert found["availability"] == pytest.approx(1 - 60 / 500)


def test_data_are_exposed_while_somebody_could_take_and_read_them() -> None:
    rows = (
        (120.0, "exposed", "db", "read", "f"),
        (150.0, "exposed", "db", "ended", "f", 30.0),
        (400.0, "exposed", "db", "read", "g"),
    )
    assert db(also=rows)["exposed"] == 30 + 100
    sealed = ((120.0, "exposed", "db", "taken_encrypted", "f"), (150.0, "exposed", "db", "ended", "f", 30.0))
    assert db(also=sealed)["exposed"] == 0
    scenario = with_db()
    assert score(scenario, a_log(scenario, events=[*FAULT, *rows])).figures["data", "data", "exposed"] == 130


def test_people_are_exposed_by_the_share_of_the_data_that_could_be_carried_away() -> None:
    attack = {"kind": "intrusion", "target": "db", "attack": {"takes_out": 120.0}}
    scenario = a_scenario(
        systems={"db": {"data": {"size": 1.0, "people": 8000}}},
        faults=[{"id": "f", **attack}, {"id": "g", **attack}],
        horizon=500.0,
    )
    f = ((120.0, "exposed", "db", "read", "f"), (150.0, "exposed", "db", "ended", "f", 30.0))
    g = ((200.0, "exposed", "db", "read", "g"), (245.0, "exposed", "db", "ended", "g", 45.0))
    sealed = ((300.0, "exposed", "db", "taken_encrypted", "f"), (400.0, "exposed", "db", "ended", "f", 100.0))

    def people(*rows: tuple[Any, ...]) -> float:
        return score(scenario, a_log(scenario, events=[*FAULT, *rows])).figures["data", "data", "people_exposed"]

    assert people(*f) == 8000 * 30 / 120
    assert people(*f, *g) == 8000 * 45 / 120  # they take the same data: the one who took most counts
    assert people((200.0, "exposed", "db", "read", "f")) == 8000  # to EndEx, longer than it takes
    assert people(*sealed) == 0


def test_a_summary_tells_what_could_be_taken_only_where_somebody_takes_data() -> None:
    def data(kind: str) -> Any:
        scenario = a_scenario(
            systems={"db": {"data": {"size": 1.0, "people": 8000}}},
            faults=[{"id": "f", "kind": kind, "target": "db", "attack": {"takes_out": 120.0}}],
            horizon=500.0,
        )
        rows = ((120.0, "exposed", "db", "read", "f"), (150.0, "exposed", "db", "ended", "f", 30.0))
        scored = [score(scenario, a_log(scenario, events=[*FAULT, *some])) for some in (rows, ())]
        return summarise(scenario, scored, Asked("x", 2, 1)).data

    taken = data("intrusion")
    assert (taken.exposed.least, taken.exposed.most) == (0, 30)
    assert taken.people_exposed.most == 8000 * 30 / 120
    assert (data("outage").exposed, data("outage").people_exposed) == (None, None)


def test_the_longest_of_several_outages_is_held_against_the_rto() -> None:
    found = db((100, "down"), (110, "up"), (200, "down"), (270, "read_only"), (280, "up"), rto=60.0)
    assert (found["minutes_to_restore"], found["minutes_down"], found["rto_met"]) == (70, 80, 0)


def test_an_outage_still_open_at_the_end_is_only_known_as_at_least() -> None:
    still = db((450, "down"), rto=60.0)
    assert (still["minutes_to_restore"], still["away_censored"]) == (50, 1)
    assert math.isnan(still["rto_met"])
    assert db((100, "down"), rto=60.0)["rto_met"] == 0


def test_a_later_outage_still_open_at_the_end_may_yet_be_the_longest() -> None:
    """Away for 50 min, and again for the last 30 of the run: the RTO of 60 min is neither kept nor missed yet."""
    found = db((100, "down"), (150, "up"), (470, "down"), rto=60.0)
    assert (found["minutes_to_restore"], found["away_censored"]) == (50, 1)
    assert math.isnan(found["rto_met"])
    scenario = with_db(rto=60.0)
    rows = [(100.0, "component", "db", "down", "own"), (150.0, "component", "db", "up", "own"), (470.0, "component", "db", "down", "own")]  # fmt: skip
    figures = score(scenario, a_log(scenario, events=[*FAULT, *rows])).figures
    assert not holds(figures, read_measure("db.minutes_to_restore <= 60 min"), scenario.hospital)
    assert db((100, "down"), (170, "up"), (470, "down"), rto=60.0)["rto_met"] == 0


def test_a_component_that_was_never_away_has_no_outage_and_no_verdict() -> None:
    found = db(rto=60.0)
    assert math.isnan(found["minutes_to_restore"])
    assert math.isnan(found["rto_met"])
    assert (found["affected"], found["availability"]) == (0, 1)


def test_what_happened_before_the_first_fault_does_not_count_as_affected() -> None:
    assert db((20, "slow"), (30, "up"))["affected"] == 0
    assert db((20, "slow"))["affected"] == 1


@pytest.mark.parametrize(("factor", "affected"), [(1.1, 0), (1.24, 0), (1.25, 1), (3.0, 1)])
def test_what_nobody_notices_does_not_count_as_affected(factor: float, affected: int) -> None:
    """A backup at night costs a tenth: in a night with an intruder no system is out of order for that."""
    scenario = with_db()
    log = a_log(
        scenario,
        events=[*FAULT, (200, "component", "db", "slow", "own", factor), (300, "component", "db", "up", "own", 1.0)],
    )
    found = score(scenario, log).figures
    assert (found["component", "db", "affected"], found["component", "db", "minutes_slow"]) == (
        affected,
        100 * affected,
    )


def test_data_lost_are_held_against_the_rpo_one_loss_at_a_time() -> None:
    lost = [(m, "data_lost", "db", "recovered", "tape", v) for m, v in ((200, 10.0), (300, 12.0))]
    found = db((100, "down"), also=tuple(lost), rpo=15.0)
    assert (found["data_lost"], found["rpo_met"]) == (22, 1)
    assert db((100, "down"), also=((200, "data_lost", "db", "recovered", "tape", 16.0),), rpo=15.0)["rpo_met"] == 0
    assert db((100, "down"), rpo=15.0)["data_lost"] == 0


def test_without_any_good_copy_all_data_of_the_run_are_lost_at_least() -> None:
    found = db((100, "down"), also=((300, "data_lost", "db", "lost", "", math.inf),), rpo=15.0)
    assert (found["data_lost"], found["data_lost_censored"], found["rpo_met"]) == (300, 1, 0)


def test_data_that_are_not_back_at_the_end_are_at_least_so_much_and_keep_no_rpo() -> None:
    found = db((100, "down"), also=((1000, "data_lost", "db", "open", "", 10.0),), rpo=15.0)
    assert (found["data_lost"], found["data_lost_censored"], found["data_open"], found["rpo_met"]) == (10, 1, 1, 0)
    assert db((100, "down"), rpo=15.0)["data_open"] == 0


def test_components_that_fail_for_ever_have_their_availability_without_any_fault_of_the_scenario() -> None:
    scenario = a_scenario(systems={"pump": {}}, horizon=1000.0)
    rows = [
        (m, "component", "pump", s, "own", 1.0) for m, s in ((100, "down"), (150, "up"), (600, "down"), (650, "up"))
    ]
    assert score(scenario, a_log(scenario, events=rows)).figures["component", "pump", "availability"] == 0.9


def test_failover_is_told_by_its_states() -> None:
    rows = ((101, "failover", "db", "started", "b"), (103, "failover", "db", "failed", "b"))
    found = db((100, "down"), also=rows)
    assert [found[f"failover {s}"] for s in ("started", "done", "failed")] == [1, 0, 1]


def ward(events: list[Any], entries: list[dict[str, Any]] | None = None, **department: Any) -> Figures:
    scenario = a_scenario(
        staff={"clerk": {}},
        departments={"ward": {"back_entry": {"by": "clerk", "takes": 1.0}, **department}},
        systems={"db": {}},
        faults=[{"id": "f", "target": "db"}],
        horizon=500.0,
    )
    return score(scenario, a_log(scenario, events=[*FAULT, *events], entries=entries or [])).figures


def mode(minute: float, state: str) -> tuple[Any, ...]:
    return minute, "department", "ward", state, "his"


def test_work_stands_still_while_waiting_and_changing_over() -> None:
    events = [
        mode(105, "waiting"),
        mode(125, "changing"),
        mode(135, "paper"),
        mode(300, "back_entry"),
        mode(350, "normal"),
    ]
    found = ward(events, mtd=20.0)
    of = {figure: value for (kind, _, figure), value in found.items() if kind == "department"}
    assert (of["stood_still"], of["mtd_met"], of["on_paper_at"]) == (30, 0, 35)
    minutes = {m: of[f"minutes {m}"] for m in ("normal", "waiting", "changing", "paper", "back_entry")}
    assert minutes == {"normal": 5 + 150, "waiting": 20, "changing": 10, "paper": 165, "back_entry": 50}


def test_a_department_that_was_never_affected_has_no_verdict_on_its_mtd() -> None:
    found = ward([], mtd=20.0)
    assert (found["department", "ward", "affected"], math.isnan(found["department", "ward", "mtd_met"])) == (0, True)


def test_a_standstill_open_at_the_end_within_the_mtd_cannot_be_judged() -> None:
    assert math.isnan(ward([mode(490, "waiting")], mtd=20.0)["department", "ward", "mtd_met"])
    assert ward([mode(400, "waiting")], mtd=20.0)["department", "ward", "mtd_met"] == 0


def test_a_later_standstill_still_open_at_the_end_may_yet_be_the_longest() -> None:
    found = ward([mode(105, "waiting"), mode(121, "paper"), mode(490, "waiting")], mtd=20.0)
    of = {figure: value for (kind, _, figure), value in found.items() if kind == "department"}
    assert (of["stood_still"], of["stood_still_censored"]) == (16, 1)
    assert math.isnan(of["mtd_met"])


def test_an_objective_is_not_met_by_a_standstill_that_the_end_of_the_exercise_cut_off() -> None:
    scenario = a_scenario(staff={"clerk": {}}, departments={"ward": {"mtd": 20.0}}, systems={"db": {}}, horizon=500.0)
    claim = read_measure("ward.stood_still <= 20 min")

    def met(*rows: tuple[Any, ...]) -> bool:
        return holds(score(scenario, a_log(scenario, events=[*FAULT, *rows])).figures, claim, scenario.hospital)

    assert met(mode(105, "waiting"), mode(120, "paper"))
    assert not met(mode(485, "waiting"))
    assert met()


def test_the_pile_grows_and_is_gone_when_the_last_item_is_typed_in() -> None:
    entries = [
        {"department": "ward", "written": 150, "items": 2, "started": 300, "ended": 302},
        {"department": "ward", "written": 160, "items": 1, "started": 302, "ended": 310, "error": 1},
    ]
    found = ward([(250.0, "reached", "restored", "", "his")], entries)
    for kind, name in (("department", "ward"), ("data", "data")):
        of = {figure: value for (k, n, figure), value in found.items() if (k, n) == (kind, name)}
        assert (of["items"], of["entered"], of["errors"], of["pile_most"], of["pile_end"]) == (3, 3, 1, 3, 0)
        assert (of["cleared"], of["cleared_at"]) == (1, 210)
    assert found["data", "data", "after_restore"] == 60


def test_a_pile_left_at_the_end_is_cleared_at_the_end_at_the_earliest() -> None:
    entries = [
        {"department": "ward", "written": 150, "items": 1, "started": 300, "ended": 302},
        {"department": "ward", "written": 151},
    ]
    found = ward([], entries)
    assert (found["department", "ward", "cleared"], found["department", "ward", "cleared_at"]) == (0, 400)
    assert found["data", "data", "pile_end"] == 1


def test_nothing_written_is_no_pile_rather_than_a_cleared_one() -> None:
    found = ward([])
    assert found["data", "data", "items"] == 0
    assert math.isnan(found["data", "data", "cleared"])


def test_kits_that_ran_out_are_told() -> None:
    assert ward([(200, "kit", "ward", "empty", "", 0.0)], kit={"forms": 10})["department", "ward", "kit_empty"] == 1
    assert ward([], kit={"forms": 10})["department", "ward", "kit_empty"] == 0


def people(events: list[Any], **roles: Any) -> dict[str, float]:
    scenario = a_scenario(
        staff={"dba": {}, "boss": {}},
        roles=roles or {"repairer": {"holders": ["dba", "boss"]}},
        steps=[{"id": "s", "owner": next(iter(roles), "repairer")}],
        systems={"db": {}},
        faults=[{"id": "f", "target": "db"}],
        horizon=500.0,
    )
    found = score(scenario, a_log(scenario, events=[*FAULT, *events])).figures
    return {f"{name} {figure}": value for (kind, name, figure), value in found.items() if kind == "person"}


def test_people_are_busy_from_seized_to_released_from_the_first_fault_on() -> None:
    rows = [
        (90, "person", "dba", "seized", "x", 2), (110, "person", "dba", "released", "x", 1),
        (120, "person", "dba", "interrupted", "x", 1), (490, "person", "dba", "seized", "s", 1),
    ]  # fmt: skip
    assert people(rows)["dba busy"] == 2 * 10 + 10 + 10


def test_a_roles_waits_are_its_first_holders() -> None:
    rows = step_rows(
        "s",
        (100, "off_shift", "repairer"),
        (110, "on_the_way", "repairer"),
        (125, "person", "repairer:x"),
        (128, "working"),
    )
    found = people(rows)
    assert [found[f"dba waited {part}"] for part in ("off_shift", "on_the_way", "person")] == [10, 15, 3]
    assert found["boss waited person"] == 0


def test_on_duty_is_time_weighted_from_the_first_fault_on() -> None:
    rows = [(0, "on_duty", "dba", "roster", "", 1), (200, "on_duty", "dba", "on_call", "", 3)]
    assert people(rows)["dba on_duty"] == pytest.approx((100 * 1 + 300 * 3) / 400)


def test_whoever_answered_has_been_called_in() -> None:
    rows = [(101, "person", "dba", s, "s", 1) for s in ("called", "missed", "called", "answered", "arrived")]
    assert people(rows)["dba called_in"] == 1


def test_a_role_nobody_of_the_staff_holds_is_told_under_its_own_name() -> None:
    rows = [(100, "person", "team", "seized", "s", 1), (130, "person", "team", "released", "s", 1)]
    assert people(rows, team={"count": 2})["team busy"] == 30
