"""Patients whom a step of the plan sends elsewhere: who, from when, until when, and what they count in; traced by hand and by formula."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

import drillsim
from drillsim.errors import SimulationError
from drillsim.lint import lint
from drillsim.log.rows import PATIENT_OUTCOMES, Log
from drillsim.model.conditions import read_condition
from drillsim.model.scenario import Scenario
from drillsim.playback import series
from drillsim.playback.film import make_film
from drillsim.report import clauses, findings
from drillsim.report.expected import expected
from drillsim.report.story import chapters
from drillsim.score.replication import Scored, score
from drillsim.sim.run import replicate
from tests.builder import a_scenario
from tests.files_sample import told

AWAY = PATIENT_OUTCOMES.index("diverted")
MANY = {"rate": "60 per h"}


def a_clinic(
    arrivals: dict[str, Any],
    *,
    share: float = 1.0,
    after: str = "0 min",
    divert: str | None = "02:00",
    reopen: str | None = None,
    **parts: Any,
) -> Scenario:
    """Patients at one counter with enough clerks; their way is diverted at one time of day, and reopened at another."""
    steps = [
        {"id": what, "owner": "it", "at": at, "does": {what: "p"}}
        for what, at in (("divert", divert), ("reopen", reopen))
        if at is not None
    ]
    pathways = {
        "p": {"arrivals": arrivals, "route": ["counter"], "diverted": {"share": share, "after": after}},
        "q": {"arrivals": MANY, "route": ["counter"]},
        **parts.pop("pathways", {}),
    }
    return a_scenario(
        staff={"clerk": {"on_duty": parts.pop("clerks", 900)}, "it": {}},
        activities={"counter": {"needs": "clerk", "takes": "exponential(4 min)", **parts.pop("activity", {})}},
        pathways=pathways,
        systems={"his": {}},
        roles={"it": {"holders": "it"}},
        steps=[*steps, *parts.pop("steps", [])],
        faults=[{"id": "f", "target": "his", "at": "01:00"}],
        **parts,
    )


def played(scenario: Scenario, *, with_faults: bool = True, replication: int = 1) -> Log:
    return replicate(scenario, seed=7, replication=replication, with_faults=with_faults)


def of(log: Log, pathway: str = "p") -> dict[str, np.ndarray]:
    rows = log.patients["pathway"] == log.names["pathway"].index(pathway)
    return {name: column[rows] for name, column in log.patients.items()}


def kept_away(log: Log, pathway: str = "p") -> list[int]:
    """The numbers of those who were diverted."""
    its = of(log, pathway)
    return its["patient"][its["outcome"] == AWAY].tolist()


def scored(scenario: Scenario) -> Scored:
    return score(scenario, played(scenario), played(scenario, with_faults=False))


EVERY_TEN = {"at": [f"{m} min" for m in range(0, 600, 10)]}


def test_the_first_are_kept_away_so_long_after_the_step_and_come_again_so_long_after_the_other() -> None:
    """Diverted at 120 and reopened at 300, with 25 min until it shows: those of 150 … 320 are away (145 ≤ minute < 325), those of 140 and 330 come."""
    log = played(a_clinic(EVERY_TEN, after="25 min", reopen="05:00"))
    its = of(log)
    away = its["outcome"] == AWAY
    assert its["arrived"][away].tolist() == [float(m) for m in range(150, 330, 10)]
    assert its["ended"][away].tolist() == its["arrived"][away].tolist()


def test_who_comes_in_the_very_minute_of_the_step_is_kept_away_and_let_in() -> None:
    log = played(a_clinic(EVERY_TEN, reopen="05:00"))
    its = of(log)
    assert its["arrived"][its["outcome"] == AWAY].tolist() == [float(m) for m in range(120, 300, 10)]


def test_who_is_diverted_asks_for_nothing() -> None:
    log = played(a_clinic(EVERY_TEN))
    p = log.visits["pathway"] == log.names["pathway"].index("p")
    assert sorted(log.visits["patient"][p]) == list(range(12))  # those of the minutes 0 … 110


def test_the_share_is_that_of_a_binomial() -> None:
    """Of about 60 an hour over 60 runs of 880 min, 30 %: within four standard errors of n × 0.3."""
    away = come = 0
    for replication in range(1, 61):
        its = of(played(a_clinic(MANY, share=0.3), replication=replication))
        later = its["arrived"] >= 120
        away += int((its["outcome"] == AWAY).sum())
        come += int(later.sum())
        assert not (its["outcome"][~later] == AWAY).any()
    assert come > 50_000
    assert away == pytest.approx(0.3 * come, abs=4 * (come * 0.3 * 0.7) ** 0.5)


def test_the_same_patients_are_diverted_whenever_it_begins_and_more_of_them_with_a_larger_share() -> None:
    early, late = (kept_away(played(a_clinic(MANY, share=0.4, divert=at))) for at in ("02:00", "06:00"))
    more = kept_away(played(a_clinic(MANY, share=0.7)))
    assert late == [number for number in early if number >= late[0]]
    assert len(early) > len(late) > 100
    assert set(early) < set(more)


@pytest.mark.parametrize("arrivals", [MANY, {"per_day": 800, "scheduled": True, "no_show": 0.2, "punctuality_sd": 10}])
def test_diverting_moves_nobody_elses_luck(arrivals: dict[str, Any]) -> None:
    """Everybody who still comes arrives, is served for as long and ends as without the diversion, in both pathways (nobody has to wait here)."""
    plain, diverted = (played(a_clinic(arrivals, share=0.5, divert=at)) for at in (None, "02:00"))
    assert len(kept_away(diverted)) > 100
    for pathway in ("p", "q"):
        before, after = of(plain, pathway), of(diverted, pathway)
        assert before["patient"].tolist() == after["patient"].tolist()
        assert before["arrived"].tolist() == after["arrived"].tolist()
        came = after["outcome"] != AWAY
        assert np.array_equal(before["ended"][came], after["ended"][came], equal_nan=True)
    assert not kept_away(diverted, "q")


def test_scheduled_patients_are_diverted_by_their_slot_whoever_misses_another() -> None:
    """With and without no-shows the same slots are diverted, of those who would come."""
    slots = {"per_day": 600, "scheduled": True}
    full, missed = (played(a_clinic({**slots, "no_show": share}, share=0.5)) for share in (0.0, 0.3))
    there = set(of(missed)["patient"].tolist())
    assert kept_away(missed) == [slot for slot in kept_away(full) if slot in there]
    assert len(kept_away(missed)) > 50


def test_in_coarse_flow_those_who_are_played_are_diverted_as_among_all_and_count_for_several() -> None:
    fine, coarse = (a_clinic(MANY, share=0.5, stands_for=k) for k in (1, 4))
    among_all, chosen = kept_away(played(fine)), kept_away(played(coarse))
    numbers = set(of(played(coarse))["patient"].tolist())
    assert chosen == [number for number in among_all if number in numbers]
    assert scored(coarse).figures["pathway", "p", "diverted"] == 4 * len(chosen)


def test_the_day_without_the_fault_diverts_nobody() -> None:
    calm = played(a_clinic(MANY), with_faults=False)
    assert not kept_away(calm)
    assert not [event for event in calm.events if event.kind == "pathway"]


def test_the_log_says_when_a_pathway_is_diverted_and_reopened_by_which_step_and_once() -> None:
    again = [{"id": "again", "owner": "it", "at": "03:00", "does": {"divert": "p"}}, {"id": "open_again", "owner": "it", "at": "06:00", "does": {"reopen": "p"}}]  # fmt: skip
    log = played(a_clinic(MANY, after="15 min", reopen="05:00", steps=again))
    rows = [e[0:1] + e[2:] for e in log.events if e.kind == "pathway"]
    assert rows == [(120.0, "pathway", "p", "diverted", "divert", 15.0), (300.0, "pathway", "p", "reopened", "reopen", 15.0)]  # fmt: skip


def test_a_pathway_can_be_diverted_again() -> None:
    again = [{"id": "again", "owner": "it", "at": "04:00", "does": {"divert": "p"}}]
    its = of(played(a_clinic(EVERY_TEN, reopen="03:00", steps=again)))
    assert its["arrived"][its["outcome"] == AWAY].tolist() == [*map(float, range(120, 180, 10)), *map(float, range(240, 600, 10))]  # fmt: skip


def test_a_step_can_wait_for_a_diversion_and_needs_none_without_one() -> None:
    """At 04:00 the pathway has been diverted for 2 h: one step asks for that, another for a minute more, one for a pathway left alone."""
    steps = [
        {"id": "waits", "owner": "it", "when": "p is diverted for 90 min"},
        {"id": "just", "owner": "it", "at": "04:00", "only_if": "p is diverted for 2 h"},
        {"id": "too_long", "owner": "it", "at": "04:00", "only_if": "p is diverted for 121 min"},
        {"id": "after_all", "owner": "it", "at": "06:00", "only_if": "not p is diverted"},
    ]
    log = played(a_clinic(MANY, reopen="05:00", steps=steps))
    ends = {e.subject: (e.minute, e.state) for e in log.events if e.kind == "step" and e.state in ("done", "not_applicable")}  # fmt: skip
    assert ends["waits"] == (210.0, "done")
    assert ends["just"] == (240.0, "done")
    assert ends["too_long"] == (240.0, "not_applicable")
    assert ends["after_all"] == (360.0, "done")


def test_who_is_diverted_has_neither_come_nor_left_nor_waited_and_is_counted_apart() -> None:
    """A counter of one clerk and patience of 20 min: half are kept away all day; what is left is scored as if the others had never been."""
    busy: dict[str, Any] = {"clerks": 1, "activity": {"patience": "20 min"}, "pathways": {"q": {"arrivals": {"at": "0 min"}, "route": ["counter"], "of": "orders"}}}  # fmt: skip
    with_it = scored(a_clinic(MANY, share=0.5, divert="00:00", **busy)).figures
    log = played(a_clinic(MANY, share=0.5, divert="00:00", **busy))
    its = of(log)
    away = its["outcome"] == AWAY
    for kind in (("pathway", "p"), ("patients", "patients")):
        assert with_it[*kind, "diverted"] == away.sum()
        assert with_it[*kind, "arrived"] == (~away).sum()
        assert with_it[*kind, "left"] == (its["outcome"] == 1).sum()
        assert with_it[*kind, "arrived"] == sum(with_it[*kind, one] for one in ("served", "left", "turned_away", "there"))  # fmt: skip
    p = log.visits["pathway"] == log.names["pathway"].index("p")
    waits = np.where(np.isnan(log.visits["started"]), np.where(np.isnan(log.visits["ended"]), 1000.0, log.visits["ended"]), log.visits["started"]) - log.visits["asked"]  # fmt: skip
    assert with_it["pathway", "p", "wait_mean"] == pytest.approx(waits[p].mean())


def test_patients_compared_with_themselves_are_those_who_came() -> None:
    """Nobody waits, so everybody who came took just as long; a diverted one, counted with 0 min, would have made the mean shorter."""
    one = scored(a_clinic(MANY, share=0.6))
    assert one.figures["pathway", "p", "longer_mean"] == pytest.approx(0.0, abs=1e-9)
    assert one.figures["pathway", "p", "longer_unfinished"] == 0


def test_departments_are_compared_with_the_normal_day_of_those_who_came() -> None:
    """Work without systems and without queues: the minutes of those who came are the same on both days, so no part of them differs."""
    clinic = a_clinic(MANY, share=0.6, activity={"department": "hall"}, hospital={"departments": {"hall": {"title": "Hall"}}})  # fmt: skip
    one = scored(clinic)
    figures, base = one.figures, one.base
    assert base is not None
    assert figures["department", "hall", "delay work"] == pytest.approx(base["department", "hall", "delay work"])
    assert figures["department", "hall", "delay work"] > 1000
    assert base["department", "hall", "arrived"] - figures["department", "hall", "arrived"] == figures["pathway", "p", "diverted"]  # fmt: skip


def test_orders_are_diverted_too_and_are_no_patients() -> None:
    orders = {"p": {"arrivals": MANY, "route": ["counter"], "of": "orders", "diverted": {"share": 1}}}
    figures = scored(a_clinic(MANY, pathways=orders)).figures
    assert figures["pathway", "p", "diverted"] > 800
    assert figures["patients", "patients", "diverted"] == 0


def test_a_measure_can_speak_of_those_who_are_diverted() -> None:
    few, none = ({"id": "o", "title": "o", "measure": text} for text in ("p.diverted >= 1", "patients.diverted <= 0"))
    figures = scored(a_clinic(MANY, objectives=[few, {**none, "id": "n"}])).figures
    assert (figures["objective", "o", "met"], figures["objective", "n", "met"]) == (1.0, 0.0)


@pytest.mark.parametrize("jobs", [1, 2])
def test_any_number_of_processes_diverts_the_same(jobs: int) -> None:
    result = drillsim.run(a_clinic(MANY, share=0.5), replications=4, seed=3, jobs=jobs)
    alone = [int((of(replicate(a_clinic(MANY, share=0.5), seed=3, replication=n))["outcome"] == AWAY).sum()) for n in range(1, 5)]  # fmt: skip
    frame = result.figures
    found = frame[(frame["kind"] == "pathway") & (frame["id"] == "p") & (frame["figure"] == "diverted")]
    assert found["value"].tolist() == alone


# ── what people read ────────────────────────────────────────────────────────────────────────────────────────────────────────


TWO = {
    "p": {"title": {"en": "Walk-ins", "zh": "普通门诊"}, "arrivals": MANY, "route": ["counter"], "diverted": {"share": 0.5, "after": "15 min"}},
    "r": {"title": {"en": "Operations", "zh": "择期手术"}, "arrivals": {"rate": "6 per h"}, "route": ["counter"], "diverted": {"share": 1, "after": "5 min"}},
}  # fmt: skip
BOTH = [{"id": "both", "owner": "it", "at": "03:00", "does": {"divert": ["p", "r"]}}, {"id": "open", "owner": "it", "at": "08:00", "does": {"reopen": ["p", "r"]}}]  # fmt: skip


def two_ways() -> Scenario:
    """Two pathways that one step diverts and another reopens."""
    return a_clinic(MANY, divert=None, steps=copy.deepcopy(BOTH), pathways=copy.deepcopy(TWO))


@pytest.mark.parametrize(
    ("language", "away", "back", "soon"),
    [
        ("en", "Diverted (sent elsewhere, or told to come another day): Walk-ins and Operations.", "No longer diverted: Walk-ins and Operations.", "shows at the door after 15 min"),
        ("zh", "分流（转往他院或改日再来）：普通门诊和择期手术。", "恢复接诊：普通门诊和择期手术。", "15 分钟后到院人数开始变化"),
    ],
)  # fmt: skip
def test_the_story_tells_what_one_step_diverts_and_reopens_in_one_line(language: str, away: str, back: str, soon: str) -> None:  # fmt: skip
    lines = [line for chapter in chapters(two_ways(), played(two_ways()).events, language) for line in chapter.lines]
    told_of = [(line.minute, line.text, line.detail) for line in lines if line.text in (away, back)]
    assert told_of == [(180.0, away, soon), (480.0, back, soon)]


def test_a_replay_tells_it_in_one_line_and_counts_who_is_diverted_and_nobody_else() -> None:
    """At the minute 300: those of both pathways who would have come by then; nobody of them is in the hospital or has left."""
    log, calm = played(two_ways()), played(two_ways(), with_faults=False)
    film = make_film(two_ways(), log, calm)
    said = [entry for entry in film["entries"] if "iverted" in entry["text"]["en"]]
    assert [entry["minute"] for entry in said] == [180.0, 480.0]
    assert said[0]["text"]["zh"] == "分流（转往他院或改日再来）：普通门诊和择期手术"
    numbers = {figure["id"]: series.read(figure["series"])[300] for figure in film["figures"]}
    patients = log.patients
    by_then = (patients["arrived"] > 0) & (patients["arrived"] <= 300)
    away = patients["outcome"] == AWAY
    assert numbers["diverted"] == (by_then & away).sum() > 50
    inside = by_then & ~away & ~(patients["ended"] <= 300)
    assert numbers["in_house"] == inside.sum()
    assert numbers["finished"] == (by_then & ~away & ~inside).sum()
    assert "diverted" not in {figure["id"] for figure in make_film(two_ways(), calm)["figures"]}


def test_the_summary_has_the_mean_of_the_runs_and_the_report_says_it_only_where_there_are_some() -> None:
    scenario = two_ways()
    summary = drillsim.run(scenario, replications=3, seed=7, jobs=1).summary
    each = [int((played(scenario, replication=n).patients["outcome"] == AWAY).sum()) for n in (1, 2, 3)]
    assert summary.patients is not None
    assert summary.patients.diverted.value == pytest.approx(np.mean(each))
    assert {p.id: p.diverted.value for p in summary.pathways}.keys() == {"p", "q", "r"}
    assert sum(p.diverted.value or 0 for p in summary.pathways) == pytest.approx(np.mean(each))
    for language, words in (("en", "are diverted"), ("zh", "被分流")):
        assert any(words in line for line in findings.patients(summary, language))
        nobody = drillsim.run(a_clinic(MANY, divert=None), replications=2, seed=7, jobs=1).summary
        assert not any(words in line for line in findings.patients(nobody, language))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["p are diverted", "p have been diverted for 1 h 30 min"]),
        ("zh", ["p已分流", "p分流已满1 小时 30 分"]),
    ],
)
def test_conditions_about_diversions_are_told_in_both_languages(language: str, said: list[str]) -> None:
    texts = ("p is diverted", "p is diverted for 90 min")
    assert [read_condition(text).text() for text in texts] == list(texts)
    assert [clauses.condition(a_clinic(MANY), read_condition(text), language) for text in texts] == said


# ── what is wrong with a file ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_pathway_that_says_nothing_of_it_cannot_be_diverted() -> None:
    scenario = a_clinic(MANY, steps=[{"id": "other", "owner": "it", "at": "03:00", "does": {"divert": "q"}}])
    with pytest.raises(SimulationError, match="'q' has no 'diverted'"):
        played(scenario)


FILE = """
title: Test
hospital:
  title: Hospital
  staff: {it: {title: IT}}
  activities: {see: {title: See, takes: 5 min}}
  pathways:
    visits: {title: Visits, arrivals: {rate: 6 per h}, route: [see], diverted: {share: 50 %, after: 1 h}}
    walk_ins: {title: Walk-ins, arrivals: {rate: 6 per h}, route: [see]}
  systems: {his: {title: HIS, kind: system}}
plan:
  title: Plan
  roles: {it: {title: IT, holders: it}}
  steps:
    - {id: divert, title: Divert, owner: it, does: {divert: visits}}
    - {id: reopen, title: Reopen, owner: it, when: visits is diverted, on: restored, does: {reopen: visits}}
faults: [{target: his}]
"""


def problems(tmp_path: Any, old: str, new: str) -> list[str]:
    assert FILE.count(old) == 1
    path = tmp_path / "one.yaml"
    path.write_text(FILE.replace(old, new), encoding="utf-8")
    return [one.sentence for one in told(path) if one.severity == "mistake"]


def test_the_file_of_the_mistakes_has_none(tmp_path: Any) -> None:
    assert problems(tmp_path, "title: Test", "title: A test") == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{divert: visits}", "{divert: visit}", "'visit' is not a pathway of the hospital. Did you mean 'visits'?"),
        ("{reopen: visits}", "{reopen: his}", "'his' is not a pathway of the hospital"),
        ("{divert: visits}", "{divert: walk_ins}", "the pathway 'walk_ins' has no 'diverted', so diverting it keeps nobody away; write there what share, such as 'diverted: {share: 0.8, after: 30 min}'"),
        ("{divert: visits}", "divert", "'divert' needs to say what"),
        ("visits is diverted", "visit is diverted", "'visit' is not a pathway of the hospital. Did you mean 'visits'?"),
        ("share: 50 %", "share: 0", "expected a number above 0, got '0'"),
        ("share: 50 %", "share: 150 %", "a probability lies between 0 and 1, got 1.5"),
        ("after: 1 h", "after: soon", "'soon'"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_in_one_line(old: str, new: str, said: str, tmp_path: Any) -> None:
    found = problems(tmp_path, old, new)
    assert len(found) == 1
    assert said in found[0]
    assert "\n" not in found[0]


# ── the plan check ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def rules(scenario: Scenario) -> list[str]:
    return [f.rule for f in lint(scenario).findings if "reopen" in f.rule]


def test_a_plan_that_diverts_and_never_reopens_is_found() -> None:
    assert rules(a_clinic(MANY)) == ["diverted-without-reopen"]
    assert rules(a_clinic(MANY, reopen="05:00")) == []


def test_a_step_that_reopens_what_nobody_diverts_is_found() -> None:
    assert rules(a_clinic(MANY, divert=None, reopen="05:00")) == ["reopened-without-divert"]


def test_a_step_that_waits_for_a_diversion_which_nobody_makes_can_never_come() -> None:
    waits = [{"id": "waits", "owner": "it", "when": "p is diverted"}]
    found = {(f.rule, f.subject) for f in lint(a_clinic(MANY, divert=None, steps=waits)).findings}
    assert ("unreachable-step", "waits") in found
    assert ("unreachable-step", "waits") not in {(f.rule, f.subject) for f in lint(a_clinic(MANY, steps=waits)).findings}  # fmt: skip


def test_the_briefing_foresees_when_a_diversion_has_lasted_and_that_it_is_over_then() -> None:
    """Diverted at 120, reopened at 300: what waits for 90 min of it comes at 210, what asks at 360 whether it still holds does not apply."""
    steps = [
        {"id": "waits", "owner": "it", "when": "p is diverted for 90 min"},
        {"id": "late", "owner": "it", "at": "06:00", "only_if": "p is diverted"},
        {"id": "early", "owner": "it", "at": "04:00", "only_if": "p is diverted"},
    ]
    foreseen = expected(a_clinic(MANY, reopen="05:00", steps=steps))
    assert (foreseen["waits"], foreseen["early"]) == (210.0, 240.0)
    assert "late" not in foreseen
