"""Where patients' minutes go in a department: hand-traced days, and parts that always add up to the minutes spent there."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure

import drillsim
from drillsim.log.rows import Log
from drillsim.model.scenario import Scenario
from drillsim.report import delays
from drillsim.report.html import write_report
from drillsim.score.delays import PARTS
from drillsim.score.replication import Scored, score
from drillsim.score.summary_parts import Estimate
from drillsim.sim.run import replicate
from tests.builder import a_scenario
from tests.logs import a_log

HORIZON = 400.0


def counter(**more: Any) -> Scenario:
    """One department with one counter that uses HIS; the fault comes at minute 100."""
    return a_scenario(
        staff={"w": {}},
        systems={"his": {}},
        departments={"desk": {"kit": {"forms": 5}, "back_entry": {"by": "w", "takes": 1.0}}},
        activities={"a": {"needs": "w", "takes": 10.0, "uses": "his", "department": "desk", **more.pop("activity", {})}},
        pathways={"p": {"arrivals": {"at": [0.0]}, "route": ["a"]}},
        faults=[{"id": "f", "target": "his", "at": "+100 min"}],
        horizon=HORIZON,
        **more,
    )  # fmt: skip


FAULT = (100.0, "fault", "f", "began", "his", 1.0)
AWAY = [(100.0, "component", "his", "down", "own"), (300.0, "component", "his", "up", "own")]


def modes(*changes: tuple[float, str]) -> list[tuple[Any, ...]]:
    return [(minute, "department", "desk", mode, "") for minute, mode in changes]


def day(
    scenario: Scenario, events: list[tuple[Any, ...]], now: list[dict[str, Any]], then: list[dict[str, Any]]
) -> Scored:
    def visits(rows: list[dict[str, Any]]) -> dict[str, Any]:
        patients = [{"patient": v.get("patient", n), "arrived": v["asked"], "ended": v.get("ended", float("nan")), "outcome": {"waiting": "there", "in_service": "there"}.get(v.get("outcome", ""), v.get("outcome", "served"))} for n, v in enumerate(rows)]  # fmt: skip
        return {"visits": [{"activity": "a", **v} for v in rows], "patients": patients}

    return score(scenario, a_log(scenario, events=[FAULT, *events], **visits(now)), a_log(scenario, **visits(then)))


def parts(scored: Scored, department: str = "desk") -> tuple[dict[str, float], dict[str, float]]:
    """Parts that are not nothing, with the fault and without."""
    assert scored.base is not None
    found = [
        {part: f["department", department, f"delay {part}"] for part in PARTS} for f in (scored.figures, scored.base)
    ]
    return tuple({part: round(m, 6) for part, m in one.items() if abs(m) > 1e-6} for one in found)  # type: ignore[return-value]


def test_a_wait_is_split_by_what_the_department_does_meanwhile() -> None:
    """Asked at 90, begun at 260: 10 min of queue, standing still from 100 to 150, changing over to 160, on paper until 260; then 10 of work."""
    changes = modes((100, "waiting"), (150, "changing"), (160, "paper"))
    now = [{"asked": 90, "started": 260, "ended": 270, "mode": 1}]
    found, base = parts(day(counter(), AWAY + changes, now, [{"asked": 90, "started": 95, "ended": 105}]))
    assert found == {"queue": 10, "system": 50, "changing": 10, "paper": 100, "work": 10}
    assert base == {"queue": 5, "work": 10}


def test_the_day_without_the_fault_is_split_by_the_same_minutes() -> None:
    """Without the fault the patient would have waited from 140 to 155 all the same: 10 of them while the department stood still, 5 in the change."""
    changes = modes((100, "waiting"), (150, "changing"), (160, "paper"))
    now = [{"asked": 140, "started": 160, "ended": 170, "mode": 1}]
    found, base = parts(day(counter(), AWAY + changes, now, [{"asked": 140, "started": 155, "ended": 165}]))
    assert found == {"system": 10, "changing": 10, "work": 10}
    assert base == {"system": 10, "changing": 5, "work": 10}


def test_typing_in_and_an_empty_kit_have_parts_of_their_own() -> None:
    """On paper from 110; no form from 120 to 180; typing in from 300 to 340."""
    changes = modes((100, "waiting"), (110, "paper"), (300, "back_entry"), (340, "normal"))
    kit = [(120.0, "kit", "desk", "empty", "", 0.0), (180.0, "kit", "desk", "restocked", "", 5.0)]
    now = [{"asked": 115, "started": 190, "ended": 200, "mode": 1}, {"asked": 290, "started": 350, "ended": 360}]
    found, _ = parts(day(counter(), AWAY + changes + kit, now, []))
    assert found == {"paper": 5 + 10 + 10, "forms": 60, "typing": 40, "queue": 10, "work": 20}


def test_work_that_cannot_be_done_on_paper_waits_for_the_systems() -> None:
    scenario = counter(activity={"on_paper": {"works": False}})
    now = [{"asked": 120, "started": 300, "ended": 310}]
    found, _ = parts(day(scenario, AWAY + modes((100, "waiting"), (110, "paper")), now, []))
    assert found == {"system": 180, "work": 10}


def test_work_that_goes_on_without_the_systems_only_queues() -> None:
    scenario = counter(activity={"while_waiting": "goes_on"})
    now = [{"asked": 120, "started": 150, "ended": 160}]
    assert parts(day(scenario, AWAY, now, []))[0] == {"queue": 30, "work": 10}


def test_what_work_takes_longer_than_for_the_same_patient_is_slowed() -> None:
    """25 minutes on paper instead of 10, of which nobody was at it for 4: 11 slowed, 10 of work. Another patient's work is no measure."""
    now = [
        {"asked": 120, "started": 120, "ended": 145, "paused": 4, "mode": 1},
        {"asked": 150, "started": 150, "ended": 170},
    ]
    then = [{"patient": 0, "asked": 120, "started": 130, "ended": 140}]
    found, base = parts(day(counter(), AWAY, now, then))
    assert found == {"paused": 4, "slowed": 11, "work": 10 + 20}
    assert base == {"system": 10, "work": 10}


def test_those_who_left_and_those_still_there_count_until_then_and_warm_up_does_not() -> None:
    """Left after 30; still waiting from 340 to the end at 400; in service since 350; and one who came in the warm-up, of whom 20 minutes count."""
    now = [
        {"asked": 10, "ended": 40, "outcome": "left"},
        {"asked": 340, "outcome": "waiting"},
        {"asked": 345, "started": 350, "outcome": "in_service"},
        {"asked": -50, "started": -10, "ended": 20},
    ]
    found, _ = parts(day(counter(warm_up=60.0), [], now, []))
    assert found == {"queue": 30 + 60 + 5, "work": 50 + 20}


MODES = ("normal", "waiting", "changing", "paper", "back_entry")
VISIT = st.tuples(st.floats(-60, 399), st.floats(0, 300), st.floats(0, 200), st.floats(0, 1), st.sampled_from((0, 1)))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(VISIT, min_size=1, max_size=15),
    st.lists(st.tuples(st.floats(100, 399), st.sampled_from(MODES)), max_size=6),
    st.lists(st.tuples(st.floats(100, 399), st.sampled_from(("up", "slow", "down", "read_only"))), max_size=4),
    st.booleans(),
    st.booleans(),
)
def test_the_parts_add_up_to_the_minutes_spent_in_the_department(
    given_visits: list[tuple[float, float, float, float, int]],
    mode_changes: list[tuple[float, str]],
    state_changes: list[tuple[float, str]],
    works: bool,
    stops: bool,
) -> None:
    """Whatever happens: every minute of every visit within the exercise is in exactly one part, none of them negative, on both days."""
    scenario = counter(
        warm_up=60.0, activity={"on_paper": {"works": works}, "while_waiting": "stops" if stops else "goes_on"}
    )
    days = []
    for late in (1.0, 0.4):  # with the fault, without it
        rows = []
        for asked, wait, work, pause, mode in given_visits:
            start, end = asked + wait * late, asked + (wait + work) * late
            row: dict[str, Any] = {"asked": asked, "mode": mode if late == 1 else 0}
            if start >= HORIZON:
                row["outcome"] = "waiting"
            elif end >= HORIZON:
                row |= {"started": start, "outcome": "in_service"}
            else:
                row |= {"started": start, "ended": end, "paused": (end - start) * pause * 0.9}
            rows.append(row)
        days.append(rows)
    events = modes(*mode_changes) + [(m, "component", "his", state, "own") for m, state in state_changes]
    scored = day(scenario, events, *days)
    assert scored.base is not None
    for figures, rows in zip((scored.figures, scored.base), days, strict=True):
        minutes = [figures["department", "desk", f"delay {part}"] for part in PARTS]
        elapsed = sum(max(min(r.get("ended", HORIZON), HORIZON) - max(r["asked"], 0.0), 0.0) for r in rows)
        assert sum(minutes) == pytest.approx(elapsed, abs=1e-6)
        assert min(minutes) >= -1e-6


def test_a_simulated_outage_adds_up_and_its_difference_is_the_area_between_the_two_queues() -> None:
    """Three departments, walk-outs, paper, typing in: the parts are the time in the visits, and what is slowed on paper is what paper adds."""
    scenario = a_scenario(
        staff={"w": {"on_duty": 2}, "v": {"on_duty": 2}},
        systems={"his": {}, "lis": {}},
        departments={
            "desk": {"change_over": 5.0, "self_switch": {"after": 10.0}, "back_entry": {"by": "w", "takes": 2.0}},
            "lab": {"change_over": 5.0},
        },
        activities={
            "a": {"needs": "w", "takes": "exponential(8 min)", "uses": "his", "department": "desk", "patience": 90.0, "on_paper": {"adds_work": 3.0}},
            "b": {"needs": "v", "takes": 6.0, "uses": ["his", "lis"], "department": "lab"},
        },
        pathways={"p": {"arrivals": {"rate": "11 per h"}, "route": ["a", "b"]}},
        faults=[{"id": "f", "target": "his", "at": "01:40", "lasts": 120.0}],
        horizon=480.0, warm_up=60.0,
    )  # fmt: skip
    logs = [replicate(scenario, seed=3, replication=1, with_faults=faults) for faults in (True, False)]
    scored = score(scenario, *logs)
    assert scored.base is not None
    for figures, log in zip((scored.figures, scored.base), logs, strict=True):
        for department, activity in (("desk", "a"), ("lab", "b")):
            rows = log.visits["activity"] == log.names["activity"].index(activity)
            asked, ended = log.visits["asked"][rows], log.visits["ended"][rows]
            ended = [480.0 if e != e else e for e in ended]
            elapsed = sum(max(e - max(a, 0.0), 0.0) for a, e in zip(asked, ended, strict=True))
            assert sum(figures["department", department, f"delay {part}"] for part in PARTS) == pytest.approx(elapsed)
    found, base = parts(scored)
    paper = [e.minute for e in logs[0].events if (e.kind, e.subject) == ("department", "desk")]
    assert paper[:4] == [100, 110, 115, 220]  # stands still, changes over, works on paper, types in
    assert found["system"] == pytest.approx(_queue(logs[0], 100, 110))
    assert found["changing"] == pytest.approx(_queue(logs[0], 110, 115))
    assert found["paper"] == pytest.approx(_queue(logs[0], 115, 220))
    assert found["typing"] == pytest.approx(_queue(logs[0], 220, paper[4]))
    assert base.get("paper", 0.0) == pytest.approx(_queue(logs[1], 115, 220))
    served = (logs[0].visits["mode"] == 1) & (logs[0].visits["outcome"] == 0) & (logs[0].visits["activity"] == 0)
    assert 0.8 * 3.0 * served.sum() <= found["slowed"] <= 3.0 * served.sum() + 1e-3
    assert "slowed" not in base


def _queue(log: Log, low: float, high: float) -> float:
    """The area under the queue for the first activity between two minutes, visit by visit."""
    visits, total = log.visits, 0.0
    for asked, started, ended, activity in zip(
        visits["asked"], visits["started"], visits["ended"], visits["activity"], strict=True
    ):
        if activity == 0:
            gone = next((m for m in (started, ended) if m == m), log.horizon)
            total += max(min(gone, high) - max(asked, low), 0.0)
    return float(total)


def clinic() -> Scenario:
    """A desk that loses its system for two hours, and a laboratory behind it."""
    return a_scenario(
        staff={"w": {"on_duty": 2}, "v": {"on_duty": 2}},
        systems={"his": {}},
        departments={
            "desk": {"change_over": 5.0, "self_switch": {"after": 10.0}, "back_entry": {"by": "w", "takes": 2.0}},
            "lab": {},
        },
        activities={
            "a": {"needs": "w", "takes": "exponential(8 min)", "uses": "his", "department": "desk"},
            "b": {"needs": "v", "takes": 6.0, "uses": "his", "department": "lab", "on_paper": {"works": False}},
        },
        pathways={"p": {"arrivals": {"rate": "11 per h"}, "route": ["a", "b"]}},
        faults=[{"id": "f", "target": "his", "at": "01:40", "lasts": 120.0}],
        horizon=480.0,
    )


@pytest.mark.parametrize(
    ("lost", "left_out"),
    [
        ([1_424_000, 4_100, 2_300, 80], 1),
        ([63_000, 7_300, 6_400], 0),
        ([50_000, 60, -900], 1),
        ([9_000_000, 300_000, 900], 2),
        ([700], 0),
        ([], 0),
        ([193, 0.2], 0),  # the interval of the other goes from less to more than nothing: a picture of luck alone
    ],
)
def test_a_department_beside_which_nothing_could_be_seen_of_the_others_is_not_drawn(
    lost: list[float], left_out: int
) -> None:
    """Charts that wait for weeks are hours beyond those of all patients: they stand in the table, and under the picture by name."""
    departments = [
        SimpleNamespace(delay=SimpleNamespace(value=60.0 * n, low=60.0 * n - 30, high=60.0 * n + 30)) for n in lost
    ]
    assert delays.drawn(departments) == departments[left_out:]  # type: ignore[arg-type, comparison-overlap]


def test_the_parts_of_the_summary_and_of_the_frame_add_up_to_all_minutes_spent() -> None:
    result = drillsim.run(clinic(), replications=4, seed=2, jobs=1)
    frame = result.delays
    assert list(frame.columns) == list(drillsim.columns("delays"))
    for department in result.summary.departments:
        its = frame[frame.department == department.id]
        assert department.there is not None
        assert department.there_base is not None
        assert department.delay is not None
        assert department.visits is not None
        assert sum(p.minutes.value or 0.0 for p in department.delays) == pytest.approx(department.there.value)
        assert sum(p.base.value or 0.0 for p in department.delays) == pytest.approx(department.there_base.value)
        assert sum(p.difference.value or 0.0 for p in department.delays) == pytest.approx(department.delay.value)
        assert its.minutes.sum() / 4 == pytest.approx(department.there.value)
        assert its.base.sum() / 4 == pytest.approx(department.there_base.value)
        assert department.delay.n == 4
    lab = {p.part: p.difference.value for p in result.summary.departments[1].delays}
    assert lab["paper"] == lab["changing"] == 0  # no paper, so it stands still, and then has a queue to work off
    assert min(lab["system"] or 0.0, lab["queue"] or 0.0) > 500


def test_without_a_fault_nothing_is_delayed_and_nothing_is_said() -> None:
    result = drillsim.run(clinic().model_copy(update={"faults": ()}), replications=2, seed=2, jobs=1)
    assert result.delays.empty
    assert all(d.delays == [] and d.delay is None for d in result.summary.departments)
    assert delays.picture(result.summary, "en") == ""


def test_the_bars_of_a_department_are_its_parts_and_its_diamond_is_their_sum() -> None:
    """+120 min standing still, +60 slowed, -30 of other queues: two hours and one to the right, half an hour to the left, the diamond at 2.5."""
    result = drillsim.run(clinic(), replications=2, seed=2, jobs=1)
    desk = result.summary.departments[0]
    sizes = {"system": 120.0, "slowed": 60.0, "queue": -30.0}
    parts = [p.model_copy(update={"difference": Estimate(value=sizes.get(p.part, 0.0), n=2)}) for p in desk.delays]
    desk = desk.model_copy(update={"delays": parts, "delay": Estimate(value=150.0, low=120.0, high=180.0, n=2)})
    summary = result.summary.model_copy(update={"departments": [desk]})
    ax = delays.bars(Figure().add_subplot(), delays.delayed(summary))
    drawn = [(round(b.get_x(), 6), round(b.get_width(), 6)) for b in ax.patches if b.get_width()]
    assert drawn == [(0, 2), (0, -0.5), (2, 1)]
    assert any(line.get_marker() == "D" and list(line.get_xdata()) == [2.5] for line in ax.lines)
    table = delays.rows(summary, "en")
    assert [p["name"] for p in table["delay_parts"]] == ["standing still without systems", "queue at other times", "work takes longer"]  # fmt: skip
    (row,) = table["delay_rows"]
    assert (row["all"], row["interval"], row["parts"]) == ("+2.5 h", "+2.0 h to +3.0 h", ["+2.0", "−0.5", "+1.0"])
    page = write_report(summary, result.scenario, language="zh")
    assert "患者的时间耗在哪里" in page
    assert "系统中断，业务停滞" in page
