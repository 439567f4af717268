"""The film says what the log says: counts, states, deadlines, injects, in both languages."""

from __future__ import annotations

import json
import math

import jsonschema
import numpy as np
import pytest

from drillsim.log.rows import Event, Log
from drillsim.model.phrases import NOTICED_BY
from drillsim.playback import graph, panels, said, series, shape, situation, story
from drillsim.playback.care import FIGURES
from drillsim.playback.film import make_film
from drillsim.playback.frame import Playback, due_at
from drillsim.playback.player import Player
from drillsim.playback.shape import Film
from drillsim.playback.situation import SITUATIONS
from drillsim.playback.words import (
    EVENTS,
    GROUPS,
    MODES,
    PERSON_STATES,
    STATES,
    STEP_STATES,
    TURNS,
    duration,
)
from drillsim.texts import catalogue
from tests import playback_sample
from tests.builder import a_scenario
from tests.test_score_clocks import ONCE_MORE, played

NAN = math.nan
MINUTES = (0, 59, 125, 130, 133, 134, 165.5, 200, 260, 331, 400.25, 700, 840)


@pytest.fixture(scope="module")
def film() -> Film:
    return make_film(playback_sample.scenario(), playback_sample.log(), playback_sample.log(False))


def a_log(*rows: tuple, horizon: float = 100.0, **columns: object) -> Log:
    """A log of rows (minute, kind, subject, state, cause, value)."""
    events = [Event(row[0], n, *row[1:]) for n, row in enumerate(rows)]
    return Log(0, 0.0, horizon, events, **columns)  # type: ignore[arg-type]


def visits(*rows: tuple[float, float, float, int]) -> dict[str, np.ndarray]:
    """Visits of one activity from (asked, started, ended, outcome)."""
    asked, started, ended, outcome = (np.array(c, dtype=float) for c in zip(*rows, strict=True))
    n = len(rows)
    zeros = np.zeros(n, dtype=int)
    return {"patient": np.arange(n), "pathway": zeros, "node": zeros, "activity": zeros, "asked": asked, "started": started,
            "ended": ended, "paused": np.zeros(n), "mode": zeros, "outcome": outcome.astype(int)}  # fmt: skip


NAMES = {"pathway": ("walk_in",), "node": ("desk",), "activity": ("desk",), "class": ("",), "department": ("hall",)}
HALL = {
    "staff": {"clerk": {"on_duty": 2}},
    "departments": {"hall": {"back_entry": {"by": "clerk", "takes": 1.0}, "mtd": 30.0}},
    "activities": {"desk": {"department": "hall", "needs": {"clerk": 1}, "takes": 5.0}},
    "pathways": {"walk_in": {"arrivals": {"rate": 1.0}, "route": ["desk"]}},
}


def hall(**more: object) -> object:
    """A scenario of one department with one desk."""
    return a_scenario(horizon=100.0, **{**HALL, **more})


def brute(log: Log, activity: int, minute: float) -> tuple[int, int, int]:
    """Waiting, longest wait and served at one minute, counted one by one from the rows."""
    waiting = longest = served = 0
    for n in range(len(log.visits["asked"])):
        if log.visits["activity"][n] != activity:
            continue
        asked, started, ended = (log.visits[c][n] for c in ("asked", "started", "ended"))
        gone = started if not math.isnan(started) else ended
        if asked <= minute and not gone <= minute:
            waiting += 1
            longest = max(longest, math.floor(minute - asked + 1e-6))
        served += int(log.visits["outcome"][n] == 0 and 0 < ended <= minute)
    return waiting, longest, served


@pytest.mark.parametrize("minute", MINUTES)
def test_departments_show_what_counting_the_rows_one_by_one_gives(film: Film, minute: float) -> None:
    log, playback = playback_sample.log(), Playback(film)
    for number, place in enumerate(film["places"]):
        now = playback.place(place, minute)
        assert (now.waiting, now.longest, now.served) == brute(log, number, math.floor(minute))
        entries = log.entries
        its = entries["department"] == number
        pile = (entries["written"][its] <= math.floor(minute)).sum() - (
            entries["ended"][its] <= math.floor(minute)
        ).sum()
        assert now.pile == pile
        modes = [
            e.state for e in log.events if e.kind == "department" and e.subject == place["id"] and e.minute <= minute
        ]
        assert now.mode == (modes[-1] if modes else "normal")


@pytest.mark.parametrize("minute", MINUTES)
def test_the_day_without_the_fault_is_counted_the_same_way(film: Film, minute: float) -> None:
    base = playback_sample.log(False)
    for number, place in enumerate(film["places"]):
        assert Playback(film).place(place, minute).waiting_base == brute(base, number, math.floor(minute))[0]


@pytest.mark.parametrize("minute", MINUTES)
def test_systems_and_steps_show_their_last_row(film: Film, minute: float) -> None:
    log, shown = playback_sample.log(), Playback(film).at(minute)
    for kind, found in (("component", shown["systems"]), ("step", {k: v[0] for k, v in shown["steps"].items()})):
        for name, state in found.items():
            rows = [e.state for e in log.events if e.kind == kind and e.subject == name and e.minute <= minute]
            assert state == (rows[-1] if rows else "up" if kind == "component" else "dormant"), name


def test_who_still_waits_at_the_end_is_still_shown_as_waiting() -> None:
    film = make_film(hall(), a_log(visits=visits((10, NAN, NAN, 3), (20, 30, NAN, 4), (90, NAN, 95, 1)), names=NAMES))
    now = Playback(film).place(film["places"][0], 100)
    assert (now.waiting, now.longest, now.served) == (1, 90, 0)


def test_the_longest_wait_is_of_the_one_who_has_waited_longest_not_of_the_one_who_waits_longest_in_all() -> None:
    film = make_film(hall(), a_log(visits=visits((10, 30, 35, 0), (12, 80, 85, 0)), names=NAMES))
    place = film["places"][0]
    assert [Playback(film).place(place, m).longest for m in (9, 10, 29, 30, 79, 80)] == [0, 0, 19, 18, 67, 0]


def test_patients_who_gave_up_and_critical_results_over_their_limit_are_counted_when_it_happens() -> None:
    patients = {"patient": np.array([-1, 0, 1]), "pathway": np.zeros(3, int), "class": np.zeros(3, int), "arrived": np.array([0.0, 5, 6]),
                "ended": np.array([NAN, 40, 90]), "outcome": np.array([3, 1, 0])}  # fmt: skip
    rows = visits((5, 6, 10, 0), (6, 7, 20, 0), (10, 80, 90, 0))
    rows["patient"] = np.array([-1, 1, 1])
    rows["node"] = np.array([0, 0, 1])
    names = {**NAMES, "node": ("desk", "call")}
    late = {"call": {"pathways": "walk_in", "start": "desk", "until": "call", "limit": 30.0}}
    film = make_film(hall(indicators=late), a_log(visits=rows, patients=patients, names=names))
    playback = Playback(film)
    values = {f["id"]: [playback.value(f["series"], m) for m in (10, 39, 40, 49, 50, 99)] for f in film["figures"]}
    assert values["left"] == [0, 0, 1, 1, 1, 1]
    assert values["delayed"] == [0, 0, 1, 1, 2, 2]  # ended the desk at 10 and 20; limit 30; never called, called at 90
    assert values["in_house"] == [3, 3, 2, 2, 2, 1]


def test_a_long_run_is_shown_minute_by_minute_around_its_fault_and_coarsely_elsewhere() -> None:
    assert len(series.grid(840, 130.0)) == 841
    assert series.pieces(3000, 500.0) == [[0.0, 1.0]]
    week = series.grid(7 * 1440.0, 2000.0)
    steps = dict(zip(week[:-1], np.diff(week), strict=True))
    assert all(steps[float(minute)] == 1 for minute in range(1940, 3440))
    assert set(steps.values()) == {1.0, 10.0}
    assert (week[0], week[-1]) == (0, 7 * 1440)
    for horizon, failed in ((1e5, 3.0), (1e6, None), (43200, 43190.0), (20160, 700.3), (1e7, 5e6)):
        assert len(series.grid(horizon, failed)) <= series.MOST_POINTS + 5, horizon


@pytest.mark.parametrize(
    ("horizon", "failed"), [(840, 130.0), (10080, 2000.3), (20160, None), (50000, 49990.0), (3001, 0.0)]
)
def test_the_value_at_a_minute_is_that_of_the_last_point_at_or_before_it(horizon: float, failed: float | None) -> None:
    grid, pieces = series.grid(horizon, failed), series.pieces(horizon, failed)
    for minute in (0, 0.5, 1, 9.99, 10, 1899.9, 1940, 1941.7, 2000, 3439.9, 3440, 3449, horizon - 0.1, horizon):
        if minute <= horizon:
            assert series.index(pieces, minute) == np.flatnonzero(grid <= minute + 1e-9)[-1], minute


@pytest.mark.parametrize("values", [[0], [0, 0, 0, 5, 5, 4, 0, 0], [3, 3], [7, -2, -2, 100_000]])
def test_a_series_reads_back_as_it_was_written(values: list[int]) -> None:
    assert series.read(series.written(np.array(values))) == values


PLAN = {
    "roles": {"lead": {"title": {"en": "Lead", "zh": "主任"}, "holders": ["chief"]}},
    "staff": {"chief": {"title": {"en": "Chief", "zh": "科长"}, "on_duty": 1}},
    "steps": [
        {"id": "order", "title": {"en": "Order paper", "zh": "下令"}, "owner": "lead", "within": "30 min of failed", "source": {"document": "Plan", "clause": "4.2"}},
    ],
    "faults": [{"id": "down", "target": "his", "at": "00:10"}],
    "systems": {"his": {}},
}  # fmt: skip


def test_a_deadline_passes_unnoticed_by_no_one() -> None:
    log = a_log((10, "fault", "down", "began", "his", 1.0), (12, "step", "order", "person", "lead:patients"), (50, "step", "order", "working", ""), (55, "step", "order", "done", ""))  # fmt: skip
    film = make_film(a_scenario(**PLAN, horizon=100.0), log)
    playback, step = Playback(film), film["steps"][0]
    assert [playback.step(step, m).verdict for m in (11, 40, 40.5, 54.9, 55)] == ["", "", "overdue", "overdue", "late"]
    assert playback.step(step, 60).late == 15
    assert step["outcome"] == "late"
    assert [e["minute"] for e in film["entries"] if e["kind"] == "late"] == [40]


def test_of_a_step_called_for_twice_the_deadline_of_its_time_is_in_force() -> None:
    """Away from 60, noticed at 65, mended by 75; back at 105, noticed at 110, mended by 120 (see the score's test of the same day)."""
    scenario, log = played(
        systems={"his": {"rto": 30.0}}, faults=[ONCE_MORE], detection={"users": {"after": 5.0}},
        steps=[
            {"id": "mend", "owner": "it", "takes": 10.0, "does": {"repair": "his"}, "within": "12 min of detected"},
            {"id": "look", "owner": "it", "after": "mend", "takes": 8.0, "within": "12 min of detected"},
        ],
    )  # fmt: skip
    film = make_film(scenario, log)
    mend, look = film["steps"]
    assert [turn[1:] for turn in mend["due"]["each"]] == [[65, 77], [110, 122]]
    assert (look["due"]["clock"], look["due"]["at"]) == (110, 122)
    assert [due_at(look, minute) for minute in (60, 80, 100, 118, 200)] == [77, 77, 77, 122, 122]
    playback = Playback(film)
    assert [playback.step(look, minute).verdict for minute in (70, 80, 84, 118, 124, 130)] == ["", "overdue", "late", "", "overdue", "late"]  # fmt: skip
    assert [playback.step(mend, minute).verdict for minute in (76, 112, 121)] == ["on_time", "", "on_time"]
    assert [(e["minute"], e["text"]["en"]) for e in film["entries"] if e["kind"] == "late"] == [
        (77, "Deadline has passed: “look”"), (122, "Deadline has passed: “look”"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("planned", "key", "words"),
    [
        (60, "planned", ("10 min since the planned stop", "计划停机后 10 分钟")),
        (0, "failed", ("10 min since the failure", "故障后 10 分钟")),
    ],
)
def test_a_stop_that_was_announced_is_no_failure(planned: int, key: str, words: tuple[str, str]) -> None:
    fault = {"id": "down", "kind": "upgrade", "target": "his", "at": "00:10", "planned": planned}
    film = make_film(a_scenario(**{**PLAN, "faults": [fault]}, horizon=100.0), a_log((10, "fault", "down", "began", "his", 1.0)))  # fmt: skip
    assert film["planned"] is (planned > 0)
    assert [turn[1] for turn in film["situation"]] == ["calm", key]
    for language, said_so in zip(("en", "zh"), words, strict=True):
        player = Player(film, language=language)
        player.seek(20)
        assert panels._after(player) == said_so


def test_a_step_done_at_its_deadline_is_in_time() -> None:
    log = a_log((10, "fault", "down", "began", "his", 1.0), (12, "step", "order", "working", ""), (40, "step", "order", "done", ""))  # fmt: skip
    film = make_film(a_scenario(**PLAN, horizon=100.0), log)
    assert Playback(film).step(film["steps"][0], 41).verdict == "on_time"
    assert not [e for e in film["entries"] if e["kind"] == "late"]


def test_a_step_that_was_not_called_for_is_never_overdue() -> None:
    steps = [*PLAN["steps"], {"id": "police", "title": {"en": "Report to the police", "zh": "报案"}, "owner": "lead", "when": "his is away for 60 min", "within": "30 min of failed"}, {"id": "forensics", "owner": "lead", "after": ["police"], "within": "45 min of failed"}]  # fmt: skip
    expects = {"step": "police", "within": "10 min"}
    log = a_log(
        (0, "step", "police", "dormant", ""), (0, "step", "forensics", "after", "police"), (10, "fault", "down", "began", "his", 1.0),
        (12, "step", "order", "working", ""), (20, "inject", "asked", "delivered", ""), (30, "step", "order", "done", ""),
    )  # fmt: skip
    injects = [{"id": "asked", "at": "00:20", "text": "A letter.", "question": "Who reports?", "expects": expects}]
    film = make_film(a_scenario(**{**PLAN, "steps": steps}, injects=injects, horizon=100.0), log)
    playback = Playback(film)
    for step in film["steps"][1:]:
        assert step["outcome"] == "not_reached"
        assert step["due"]
        assert (step["due"]["clock"], step["due"]["at"]) == (None, None)
        assert [playback.step(step, minute).verdict for minute in (39, 41, 99)] == ["", "", ""]
    assert not [e for e in film["entries"] if e["kind"] == "late"]
    assert film["injects"][0]["happened"][0]["en"] == "“Report to the police” was never called for in this run"


def test_a_planned_copy_that_slows_a_system_every_day_is_told_once_and_in_small_print() -> None:
    """Copies from 01:00 on, for 30 min, on a run that starts at 00:00; the slowness of 03:00 is none of them."""
    backups = [{"kind": "full", "every": 1440.0, "at": "01:00", "takes": 30.0, "slows": 1.2, "medium": "tape"}]
    hospital = {
        "systems": {"db": {"data": {"size": 1.0, "backups": backups}}, "his": {"needs": ["db"]}},
        "media": {"tape": {"throughput": 1.0}},
    }
    rows = [
        (begin + after, "component", name, state, cause, 1.2)
        for begin in (60, 180, 1500)
        for after, state in ((0, "slow"), (30, "up"))
        for name, cause in (("db", "own"), ("his", "db" if state == "slow" else "own"))
    ]
    film = make_film(a_scenario(**hospital, start="2026-03-09 00:00", horizon=3000.0), a_log(*rows, horizon=3000.0))
    told = {e["minute"]: (e["level"], e.get("detail", {}).get("en")) for e in film["entries"] if "system" in e["kind"]}
    copied = (3, "while its data are copied, as on any day")
    assert told == {60: copied, 90: (3, None), 180: (2, None), 210: (2, None)}


def test_a_fault_that_strikes_three_things_at_once_is_told_once_and_what_it_means_only_at_its_beginning() -> None:
    rows = [(minute, "fault", "down", "began", target, 1.0) for minute, target in ((10, "a"), (10, "b"), (10, "c"), (25, "d"))]  # fmt: skip
    fault = {"id": "down", "title": "Certificates", "effect": "Nothing signs in", "target": "his", "at": "00:10"}
    film = make_film(a_scenario(**{**PLAN, "faults": [fault]}, horizon=100.0), a_log(*rows))
    told = [(e["minute"], e["level"], e.get("detail", {}).get("en"), e["mark"]) for e in film["entries"] if e["kind"] == "fault"]  # fmt: skip
    assert told == [(10, 1, "Nothing signs in", "fault"), (25, 2, None, "fault")]


def test_forms_that_run_out_again_and_again_are_small_print_after_the_first_time() -> None:
    rows = [(10 + 100 * n + after, "kit", "registration", state, "") for n in range(3) for after, state in ((0, "empty"), (40, "filled"))]  # fmt: skip
    film = make_film(a_scenario(**HALL, horizon=400.0), a_log(*rows, horizon=400.0))
    told = [(e["minute"], e["kind"], e["level"]) for e in film["entries"] if e["kind"] in ("kit", "box")]
    assert told == [(10, "kit", 2), (50, "box", 3), (110, "kit", 3), (210, "kit", 3)]


def test_people_are_shown_called_on_the_way_at_work_and_free() -> None:
    log = a_log(
        (0, "on_duty", "chief", "roster", "", 0.0), (10, "person", "chief", "called", "order", 1.0), (12, "person", "chief", "missed", "order", 1.0),
        (20, "person", "chief", "called", "order", 1.0), (21, "person", "chief", "answered", "order", 1.0), (40, "person", "chief", "arrived", "order", 1.0),
        (40, "on_duty", "chief", "on_call", "", 1.0), (40, "person", "chief", "seized", "order", 1.0), (55, "person", "chief", "released", "order", 1.0),
    )  # fmt: skip
    film = make_film(a_scenario(**PLAN, horizon=100.0), log)
    found = [Playback(film).at(m)["people"]["chief"] for m in (5, 11, 12, 20, 30, 40, 54, 55)]
    assert found == ["off", "called", "missed", "called", "way", "working", "working", "free"]


def test_nobody_is_called_any_longer_for_a_step_that_is_over() -> None:
    log = a_log(
        (0, "on_duty", "chief", "roster", "", 0.0), (10, "person", "chief", "called", "order", 1.0), (12, "person", "chief", "missed", "order", 1.0),
        (30, "step", "order", "done", ""),
    )  # fmt: skip
    film = make_film(a_scenario(**PLAN, horizon=100.0), log)
    found = [Playback(film).at(m)["people"]["chief"] for m in (11, 12, 29, 30, 90)]
    assert found == ["called", "missed", "missed", "off", "off"]


def test_steps_that_are_not_needed_at_one_moment_are_told_in_one_line() -> None:
    steps = [{"id": f"s{n}", "title": {"en": f"Step {n}", "zh": f"第{n}步"}, "owner": "lead"} for n in range(7)]
    rows = [(20 if n < 6 else 40, "step", f"s{n}", "not_applicable", "") for n in range(7)]
    film = make_film(a_scenario(**{**PLAN, "steps": steps}, horizon=100.0), a_log(*rows))
    told = [(e["minute"], e["text"]["en"]) for e in film["entries"] if e["kind"] == "none"]
    assert told == [
        (20, "Not needed: “Step 0”, “Step 1”, “Step 2”, “Step 3” and 2 more"),
        (40, "Not needed: “Step 6”"),
    ]


def test_an_inject_is_answered_by_the_clause_of_the_plan_and_by_what_happened() -> None:
    inject = {
        "id": "press",
        "at": "00:20",
        "text": "Who?",
        "question": {"en": "Who answers?", "zh": "谁答复？"},
        "expects": {"step": "order", "within": 10.0},
    }
    log = a_log((10, "fault", "down", "began", "his", 1.0), (20, "inject", "press", "delivered", "", NAN), (20, "step", "order", "person", "lead:patients"), (30, "step", "order", "working", ""), (55, "step", "order", "done", ""))  # fmt: skip
    film = make_film(a_scenario(**PLAN, injects=[inject], horizon=100.0), log)
    question = film["injects"][0]
    assert [line["en"] for line in question["plan"]] == [
        "“Order paper”: Lead", "within 30 min after the failure", "The exercise expects it within 10 min of this inject", "Plan, clause 4.2",
    ]  # fmt: skip
    assert [line["en"] for line in question["happened"]] == [
        "“Order paper” was done 35 min after this (by the plan: 15 min late; 25 min later than the exercise expects)", "It waited 10 min for Lead, busy with patients",
    ]  # fmt: skip
    assert question["happened"][0]["zh"] == "35 分钟后完成“下令”（按预案超时 15 分钟；比演练要求晚 25 分钟）"
    assert [e.get("inject") for e in film["entries"] if e["kind"] == "inject"] == [0]


def test_an_inject_that_was_held_back_is_told_and_stops_no_clock() -> None:
    inject = {
        "id": "press",
        "title": {"en": "Press", "zh": "记者"},
        "at": "00:20",
        "text": "Who?",
        "question": "Who?",
        "only_if": "his is up",
    }
    log = a_log((10, "fault", "down", "began", "his", 1.0), (20, "inject", "press", "held_back", "his is up"))
    film = make_film(a_scenario(**PLAN, injects=[inject], horizon=100.0), log)
    assert film["injects"] == []
    assert [(e["kind"], e["text"]) for e in film["entries"] if e["minute"] == 20] == [
        ("none", {"en": "Inject held back, since it does not fit how things stand: Press", "zh": "导调未下达（与现场情况不符）：记者"}),
    ]  # fmt: skip


@pytest.mark.parametrize(("row", "said"), [
    ((25, "step", "order", "not_applicable", ""), "“Order paper” was not needed: that was settled 5 min after this"),
    ((15, "step", "order", "not_applicable", ""), "“Order paper” was not needed: that was settled 5 min before"),
    ((25, "step", "order", "failed", ""), "“Order paper” failed 5 min after this"),
    ((25, "step", "order", "working", ""), "“Order paper” was not done before the end"),
    (None, "“Order paper” was never called for in this run"),
])  # fmt: skip
def test_an_expected_step_that_was_never_done_is_answered_with_the_reason(row: tuple | None, said: str) -> None:
    inject = {"id": "press", "at": "00:20", "text": "Who?", "expects": {"step": "order", "within": 10.0}}
    rows = [(20, "inject", "press", "delivered", "", NAN), *([row] if row else [])]
    film = make_film(a_scenario(**PLAN, injects=[inject], horizon=100.0), a_log(*sorted(rows, key=lambda r: r[0])))
    assert [line["en"] for line in film["injects"][0]["happened"]] == [said]


def test_what_happens_together_is_one_line(film: Film) -> None:
    down = [e["text"]["en"] for e in film["entries"] if e["kind"] == "system_down"]
    assert down == ["No service: HIS database, HIS, Electronic record and Insurance gateway"]
    still = [e["text"]["zh"] for e in film["entries"] if e["kind"] == "waiting"]
    assert len(still) == 1
    assert still[0].startswith("业务停滞：挂号处、收费处")


def test_lines_come_in_order_of_time_and_none_before_startex_or_after_endex(film: Film) -> None:
    minutes = [e["minute"] for e in film["entries"]]
    assert minutes == sorted(minutes)
    assert minutes[0] >= 0
    assert minutes[-1] <= film["horizon"]


def test_what_happens_while_the_hospital_fills_is_not_told() -> None:
    log = a_log(
        (-20, "component", "his", "down", "own", NAN),
        (-10, "component", "his", "up", "own", NAN),
        (5, "component", "his", "slow", "own", 2.0),
    )
    log.began = -60.0
    film = make_film(a_scenario(systems={"his": {}}, horizon=100.0), log)
    assert [e["text"]["en"] for e in film["entries"]] == ["Slow: his"]
    assert [Playback(film).at(m)["systems"]["his"] for m in (0, 6)] == ["up", "slow"]


def test_the_situation_tells_a_failure_nobody_knows_of_from_one_that_is_known(film: Film) -> None:
    at = Playback(film).at
    assert [at(m)["situation"] for m in (129, 131, 136, 160)] == ["calm", "failed", "detected", "declared"]


def test_the_situation_says_so_when_systems_fail_again_after_everything_was_back() -> None:
    log = a_log(
        (10, "fault", "down", "began", "his", 1.0), (10, "component", "his", "down", "own", NAN), (11, "reached", "detected", ""), (15, "reached", "declared", ""),
        (20, "component", "his", "up", "own", NAN), (20, "reached", "restored", ""), (30, "component", "his", "down", "own", NAN), (40, "component", "his", "up", "own", NAN),
    )  # fmt: skip
    film = make_film(a_scenario(**{**PLAN, "systems": {"his": {"tier": 1}}}, horizon=100.0), log)
    found = [Playback(film).at(m)["situation"] for m in (9, 10, 11, 15, 20, 30, 40)]
    assert found == ["calm", "failed", "detected", "declared", "restored", "again", "restored"]


ORDERS = {
    **PLAN,
    "departments": {"ward_a": {"group": "wards"}, "ward_b": {"group": "wards"}, "lab": {}, "emergency": {}},
    "systems": {"his": {"tier": 1}, "reports": {"tier": 2}, "mirror": {"tier": 2}},
    "steps": [
        {"id": "first", "owner": "lead", "does": {"order_paper": "emergency"}},
        {"id": "second", "owner": "lead", "does": {"order_paper": "wards"}},
        {"id": "third", "owner": "lead", "does": {"order_paper": "lab"}},
    ],
}
DECLARED = [(10, "fault", "down", "began", "his", 1.0), (10, "component", "his", "down", "own", NAN), (11, "reached", "detected", ""), (15, "reached", "declared", "")]  # fmt: skip


def test_that_paper_is_ordered_is_said_of_the_departments_it_is_ordered_for() -> None:
    log = a_log(
        *DECLARED, (20, "reached", "ordered", "reached", "first"), (20, "reached", "emergency ordered", "reached", "first"), (22, "step", "first", "done", ""),
        (30, "step", "second", "done", ""), (45, "step", "third", "done", ""),
    )  # fmt: skip
    film = make_film(a_scenario(**ORDERS, horizon=100.0), log)
    told = [(turn[0], turn[2]["en"], turn[2]["zh"]) for turn in film["situation"] if turn[1] == "ordered"]
    assert told == [
        (20, "Paper working is ordered for 1 of 4 departments", "已对 4 个科室中的 1 个下达手工流程指令"),
        (30, "Paper working is ordered for 3 of 4 departments", "已对 4 个科室中的 3 个下达手工流程指令"),
        (45, "Paper working is ordered for all 4 departments", "已对全部 4 个科室下达手工流程指令"),
    ]
    assert [situation.since(film["situation"], m) for m in (5, 12, 29, 30, 99)] == [0, 11, 20, 20, 20]


def test_when_every_department_was_told_to_return_paper_is_not_said_to_be_ordered() -> None:
    parts = {
        **ORDERS,
        "steps": [*ORDERS["steps"], {"id": "back", "owner": "lead", "does": {"return_to_system": "emergency"}}],
    }
    log = a_log(
        *DECLARED, (20, "reached", "ordered", "reached", "first"), (22, "step", "first", "done", ""), (30, "component", "his", "up", "own", NAN),
        (35, "step", "back", "done", ""), (40, "component", "his", "down", "own", NAN), (50, "step", "second", "done", ""),
    )  # fmt: skip
    film = make_film(a_scenario(**parts, horizon=100.0), log)
    assert [(turn[0], turn[1]) for turn in film["situation"] if turn[0] >= 20] == [
        (20, "ordered"), (35, "working"), (40, "again"), (50, "ordered"),
    ]  # fmt: skip


def test_systems_that_are_back_but_slow_are_counted_in_the_head() -> None:
    log = a_log(
        *DECLARED, (12, "component", "mirror", "down", "own", NAN), (20, "component", "his", "slow", "own", 2.0), (20, "reached", "restored", ""), (25, "component", "reports", "slow", "his", 2.0),
        (30, "component", "mirror", "up", "own", NAN), (40, "component", "his", "up", "own", NAN), (41, "component", "reports", "up", "his", NAN), (50, "component", "reports", "down", "own", NAN),
    )  # fmt: skip
    film = make_film(
        a_scenario(**{**ORDERS, "activities": {"desk": {"uses": ["his"], "department": "lab"}}}, horizon=100.0), log
    )
    assert [(*turn[:2], turn[2]["en"], turn[2]["zh"]) for turn in film["situation"] if turn[0] >= 20] == [
        (20, "slow", "The systems are back, 1 slow; still away: 1", "系统已恢复，1 个运行缓慢；另有 1 个仍未恢复"),
        (25, "slow", "The systems are back, 2 slow; still away: 1", "系统已恢复，2 个运行缓慢；另有 1 个仍未恢复"),
        (30, "slow", "The systems are back, 2 slow", "系统已恢复，其中 2 个运行缓慢"),
        (40, "slow", "The systems are back, 1 slow", "系统已恢复，其中 1 个运行缓慢"),
        (41, "restored", "The systems are back", "系统已恢复"),
        (50, "restored", "The systems are back; still away: 1", "业务系统已恢复；另有 1 个系统仍未恢复"),
    ]  # fmt: skip


def test_departments_that_are_still_on_paper_are_counted_in_the_head() -> None:
    log = a_log(
        *DECLARED, *((16, "department", name, "paper", "first") for name in ORDERS["departments"]), (20, "component", "his", "up", "own", NAN), (20, "reached", "restored", ""),
        (30, "department", "lab", "normal", ""), (32, "department", "ward_a", "normal", ""),
    )  # fmt: skip
    film = make_film(a_scenario(**ORDERS, horizon=100.0), log)
    assert [(turn[0], turn[2]["en"], turn[2]["zh"]) for turn in film["situation"] if turn[1] == "on_paper"] == [
        (20, "The systems are back. Departments are still on paper", "系统已恢复，各科室仍在手工流程"),
        (
            30,
            "The systems are back. 3 of 4 departments are still on paper",
            "系统已恢复，4 个科室中的 3 个仍在手工流程",
        ),
        (
            32,
            "The systems are back. 2 of 4 departments are still on paper",
            "系统已恢复，4 个科室中的 2 个仍在手工流程",
        ),
    ]


def test_how_late_a_step_is_agrees_with_the_clock() -> None:
    rows = [(10.9, "fault", "down", "began", "his", 1.0), (12, "step", "order", "working", ""), (55.1, "step", "order", "done", "")]  # fmt: skip
    film = make_film(a_scenario(**PLAN, horizon=100.0), a_log(*rows))
    playback, step = Playback(film), film["steps"][0]
    assert [playback.step(step, m).late for m in (40.8, 41.0, 42.95, 60)] == [0, 1, 2, 15]
    assert "Done 15 min late: “Order paper”" in [entry["text"]["en"] for entry in film["entries"]]


def test_departments_that_work_although_a_system_is_away_are_not_said_to_lack_an_order() -> None:
    parts = {
        **PLAN,
        **HALL,
        "systems": {"his": {"tier": 1}, "reports": {"tier": 2}},
        "staff": {**PLAN["staff"], **HALL["staff"]},
    }
    rows = [(10, "fault", "down", "began", "his", 1.0), (10, "component", "his", "down", "own", NAN), (10, "department", "hall", "waiting", "his"), (12, "reached", "detected", "reached", ""),
            (14, "reached", "declared", "reached", ""), (20, "component", "his", "up", "own", NAN), (20, "component", "reports", "isolated", "own", NAN), (20, "department", "hall", "normal", "")]  # fmt: skip
    film = make_film(a_scenario(**parts, horizon=100.0), a_log(*rows))
    assert [(turn[0], turn[1]) for turn in film["situation"]] == [
        (0, "calm"),
        (10, "failed"),
        (12, "detected"),
        (14, "declared"),
        (20, "working"),
    ]


def test_a_film_keeps_to_its_schema_and_the_schema_refuses_another(film: Film) -> None:
    validator = jsonschema.Draft202012Validator(shape.schema())
    plain = json.loads(json.dumps(film))
    assert not list(validator.iter_errors(plain))
    for wrong in (
        {**plain, "grid": 1.0},
        {**plain, "title": {"en": "only"}},
        {**plain, "situation": [[0.0, "calm"]]},
        {name: value for name, value in plain.items() if name != "steps"},
        {**plain, "places": [{**plain["places"][0], "waiting": [1, 2, 3]}]},
    ):
        assert list(validator.iter_errors(wrong))


def test_every_word_of_a_film_is_one_that_is_documented(film: Film) -> None:
    assert {entry["kind"] for entry in film["entries"]} <= set(story.SIGNS)
    assert {turn[1] for system in film["systems"] for turn in system["turns"]} <= set(STATES)
    assert {turn[1] for place in film["places"] for turn in place["turns"]} <= set(MODES)
    assert {turn[1] for step in film["steps"] for turn in step["turns"]} <= set(STEP_STATES)
    assert {turn[1] for person in film["people"] for turn in person["turns"]} <= set(PERSON_STATES)
    assert {turn[1] for turn in film["situation"]} <= set(SITUATIONS)
    assert {entry["mark"] for entry in film["entries"] if "mark" in entry} <= {"fault", "inject", *story.MILESTONES}


def test_a_film_is_plain_json_and_opens_five_minutes_before_the_fault(film: Film) -> None:
    assert json.loads(json.dumps(film, allow_nan=False)) == film
    assert film["opens_at"] == playback_sample.FAULT - 5


@pytest.mark.parametrize(
    "parts", [{}, {"systems": {"his": {}}}, {"steps": [{"id": "a", "owner": "r"}], "roles": {"r": {}}}, HALL]
)
def test_a_scenario_of_only_one_thing_has_a_film(parts: dict) -> None:
    film = make_film(a_scenario(horizon=60.0, **parts), a_log(horizon=60.0))
    assert film["failed"] is None
    assert Playback(film).at(30)["clock"] == "00:30"


def test_in_a_hospital_without_departments_each_desk_stands_for_itself() -> None:
    alone = {**HALL, "departments": {}, "activities": {"desk": {"needs": {"clerk": 1}, "takes": 5.0}}}
    film = make_film(a_scenario(horizon=100.0, **alone), a_log(visits=visits((10, 30, 35, 0)), names=NAMES))
    assert [(p["id"], Playback(film).place(p, 20).waiting) for p in film["places"]] == [("desk", 1)]


def test_every_component_stands_to_the_right_of_all_it_leans_on() -> None:
    scenario = a_scenario(systems={"power": {}, "room": {"needs": "power"}, "db": {"needs": ["room", "lan"]}, "lan": {"needs": "power"}, "his": {"needs": "db"}, "phone": {}})  # fmt: skip
    where = graph.positions(scenario.hospital.systems)
    for up, down in graph.edges(scenario.hospital.systems):
        assert where[up][0] < where[down][0], (up, down)
    assert len(set(where.values())) == len(where)


def test_every_sentence_of_the_replay_is_said_in_chinese_and_no_other_file_says_it_otherwise() -> None:
    from importlib import resources

    tables = (MODES, STATES, STEP_STATES, PERSON_STATES, NOTICED_BY, GROUPS, EVENTS, TURNS, FIGURES, SITUATIONS, story.MILESTONES, story.FAULTS,
              story.DEPARTMENTS, story.SYSTEMS, story.FAILOVER, story.BACK, story.ONCE_MORE, story.PEOPLE)  # fmt: skip
    sentences = {*said.SAID, *story.MORE, *situation.MORE, *(text for table in tables for text in table.values())}
    assert not sorted(s for s in sentences if s not in catalogue("zh"))
    folder = resources.files("drillsim.texts").joinpath("zh")
    own = json.loads(folder.joinpath("playback.json").read_text(encoding="utf-8"))
    for entry in folder.iterdir():
        other = json.loads(entry.read_text(encoding="utf-8"))
        assert {k: v for k, v in other.items() if k in own} == {k: v for k, v in own.items() if k in other}, entry.name


def test_both_languages_fill_the_same_fields() -> None:
    import re
    from importlib import resources

    own = json.loads(resources.files("drillsim.texts").joinpath("zh", "playback.json").read_text(encoding="utf-8"))
    for english, chinese in own.items():
        assert set(re.findall(r"\{\w+\}", english)) == set(re.findall(r"\{\w+\}", chinese)), english


def test_no_english_word_is_left_in_the_chinese_story(film: Film) -> None:
    import re

    for entry in film["entries"]:
        assert not re.search(r"[a-z]{3,}", entry["text"]["zh"].replace("min", "")), entry["text"]["zh"]


@pytest.mark.parametrize(
    ("minutes", "words"), [(0.5, "30 s"), (1, "1 min"), (59.6, "1 h"), (80, "1 h 20 min"), (125.4, "2 h 5 min")]
)
def test_lengths_are_written_in_hours_and_minutes(minutes: float, words: str) -> None:
    assert duration(minutes)["en"] == words
