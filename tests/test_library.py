"""What ships: whole in both languages, every figure with its source, every scenario plausible to those who know such a place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest

from drillsim import files
from drillsim.log.rows import Log
from drillsim.model.base import Record, Text
from drillsim.model.conditions import Deadline
from drillsim.model.durations import Distribution
from drillsim.model.plan import Step
from drillsim.model.scenario import Scenario
from drillsim.score.replication import score
from drillsim.sim.prepare import prepare
from drillsim.sim.run import replicate

ENTRIES = {(entry.kind, entry.name): entry for entry in files.library()}
SCENARIOS = [name for kind, name in ENTRIES if kind == "scenario"]
EXAMPLES = [name for kind, name in ENTRIES if kind == "example"]
OWN = [name for name in EXAMPLES if name != "smallest"]  # that one stands on the tertiary hospital
PRESETS = [name for kind, name in ENTRIES if kind == "thresholds"]
TERTIARY, COUNTY = "his-database-outage", "county-night-lab"

SOURCED = re.compile(r"(FACTS|THRESHOLDS|INCIDENTS|assumption)\b")
NOT_FIGURES = {"needs", "keeps", "priority", "tier", "id", "title", "source", "with_roles", "chance_of_branch"}
SAME_IN_BOTH = {
    "CT",
    "EHR",
    "HIS",
    "LIS",
    "UPS",
    "PACS",
    "PACS, RIS",
}  # words that Chinese hospitals write in Latin letters
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@cache
def loaded(name: str, *variants: str) -> files.Loaded:
    """A shipped scenario, with variants."""
    return files.load(name, variants=variants)


def scenario(name: str, *variants: str) -> Scenario:
    """The same without what belongs to the file."""
    return loaded(name, *variants).scenario


@cache
def log(name: str, replication: int = 0, with_faults: bool = True) -> Log:
    """One replication of a shipped scenario."""
    return replicate(scenario(name), seed=1, replication=replication, with_faults=with_faults)


def figures(name: str, *variants: str, replication: int = 0) -> dict[tuple[str, str, str], float]:
    """The scored figures of one replication."""
    which = scenario(name, *variants)
    return score(which, replicate(which, seed=1, replication=replication)).figures


def records(value: Any, path: str = "") -> Iterator[tuple[str, Record]]:
    """Every record within a value, with the way to it."""
    if isinstance(value, Record):
        yield path, value
        for key in type(value).model_fields:
            yield from records(getattr(value, key), f"{path}.{key}")
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from records(part, f"{path}.{key}")
    elif isinstance(value, tuple):
        for index, part in enumerate(value):
            yield from records(part, f"{path}[{index}]")


def figure_fields(record: Record) -> list[str]:
    """Fields of a record that were given and hold a figure."""

    def is_figure(value: Any) -> bool:
        if isinstance(value, dict):
            return any(is_figure(part) for part in value.values())
        return isinstance(value, int | float | Distribution | Deadline) and not isinstance(value, bool)

    return [key for key in record.model_fields_set - NOT_FIGURES if is_figure(getattr(record, key))]


# ---- files


@pytest.mark.parametrize("kind_and_name", list(ENTRIES), ids="-".join)
def test_a_shipped_file_has_no_mistake_and_no_warning(kind_and_name):
    problems = files.check(ENTRIES[kind_and_name].path)
    assert [f"{p.path}: {p.message.format(**p.values)}" for p in problems] == []


@pytest.mark.parametrize("name", SCENARIOS + EXAMPLES)
def test_all_words_for_people_are_there_in_english_and_chinese(name):
    for path, record in records(scenario(name)):
        if isinstance(record, Text):
            assert record.en, path
            assert CHINESE.search(record.zh) or record.en in SAME_IN_BOTH, f"{path}: {record.zh!r}"
            assert not CHINESE.search(record.en), f"{path}: {record.en!r}"


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_figure_has_a_source_or_is_marked_as_an_assumption(name):
    which = scenario(name)
    for path, record in records(which):
        if not hasattr(record, "source") or not figure_fields(record):
            continue
        words = [text for text in record.source.values() if SOURCED.search(text)]
        assert words, f"{path}: {', '.join(figure_fields(record))} without a source"
    assert SOURCED.search(which.plan.source["takes"])  # of the steps' working times, said once for all of them


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_deadline_says_where_it_comes_from(name):
    for step in scenario(name).plan.steps:
        if step.within is not None:
            assert SOURCED.search(step.source.get("within", "")), step.id


@pytest.mark.parametrize(
    "name", [n for n in SCENARIOS if n != "upgrade-overruns"]
)  # its steps count from its own upgrade
def test_no_deadline_about_a_system_counts_from_a_first_fault_that_may_concern_another_one(name):
    """``failed`` is the first fault of all: after an unrelated one, or a relapse, a step that waits for HIS would be late through no fault of its own."""
    counted = {s.id for s in scenario(name).plan.steps if s.within is not None and s.within.event.subject == "failed"}
    assert counted <= {"review"}  # the morning meeting after the night


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_says_what_its_known_answer_is(name):
    text = ENTRIES["example", name].path.read_text(encoding="utf-8")
    assert re.search(r"^#.*known answer", text, re.IGNORECASE | re.MULTILINE)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_serves_a_plan_and_brings_its_sources(name, tmp_path):
    path = tmp_path / "plan.yaml"
    path.write_text(
        f"title: t\nplan: {{title: t, roles: {{r: {{title: r}}}}, thresholds: {{preset: {name}}}, "
        "steps: [{id: s, title: s, owner: r}]}\n",
        encoding="utf-8",
    )
    plan = files.load(path).scenario.plan
    assert plan.thresholds
    for group in plan.thresholds:
        assert SOURCED.search(plan.source[f"thresholds.{group}"])


@pytest.mark.parametrize(("name", "variant"), [(n, v) for n in SCENARIOS + OWN for v in scenario(n).variants])
def test_every_variant_changes_something(name, variant):
    assert scenario(name, variant) != scenario(name)


# ---- the tertiary hospital and its plan


def test_the_tertiary_hospital_is_as_large_as_it_says():
    hospital = scenario(TERTIARY).hospital
    visits = sum(
        p.arrivals.per_day * (1 - p.arrivals.no_show) for n, p in hospital.pathways.items() if n.startswith("outpat")
    )
    assert visits == pytest.approx(8000, rel=0.02)
    assert sum(hospital.equipment["beds"].on_duty.values()) >= 1500
    assert len(hospital.systems) >= 38
    assert [c.priority for c in hospital.pathways["emergency"].classes.values()] == [1, 2, 3, 4, 5]


def test_thirteen_people_work_in_the_information_department():
    staff = scenario(TERTIARY).hospital.staff
    by_day = ["deputy_director", "dba", "system_engineers", "network_engineers", "application_engineers", "help_desk"]
    there = sum(staff[role].on_duty["working_day"] for role in [*by_day, "security_engineer"])
    assert there + 1 == 13  # and the director


def test_the_plan_has_steps_in_every_phase_and_exercises_what_a_plan_can_say():
    steps = scenario(TERTIARY).plan.steps
    assert len(steps) >= 34
    assert {step.phase for step in steps} == set(Step.model_fields["phase"].annotation.__args__)
    assert any(step.with_roles for step in steps)
    assert any(step.decision for step in steps)
    assert any(step.if_it_fails.back_to for step in steps)
    assert any(step.report_to for step in steps)
    assert any(step.at for step in steps)
    assert any(e.turn == "failed" for step in steps for e in step.on)


def test_every_department_that_writes_on_paper_can_type_it_in_and_is_told_to_return():
    hospital, plan = scenario(TERTIARY).hospital, scenario(TERTIARY).plan
    returned = {t for step in plan.steps for e in step.does if e.kind == "return_to_system" for t in e.targets}
    ordered = {t for step in plan.steps for e in step.does if e.kind == "order_paper" for t in e.targets}
    for name, department in hospital.departments.items():
        writes = sum(
            activity.on_paper.items for activity in hospital.activities.values() if activity.department == name
        )
        assert (writes > 0) == (department.back_entry is not None), name
        assert {name, department.group} & ordered, name
        assert {name, department.group} & returned, name


# ---- a Monday without a fault


def visits_of(which: Log, activity: str) -> np.ndarray:
    return which.visits["activity"] == which.names["activity"].index(activity)


def test_a_monday_has_about_eighty_thousand_services():
    assert 70_000 < len(log(TERTIARY, with_faults=False).visits["asked"]) < 92_000


def test_on_a_monday_morning_doctors_are_busy_and_nobody_waits_for_hours():
    which, log_ = scenario(TERTIARY), log(TERTIARY, with_faults=False)
    calendar = prepare(which).calendar
    start, end = 60.0, 300.0  # eight to twelve
    for clinic in ("internal", "surgery", "women", "children", "senses"):
        doctors = f"doctors_{clinic}"
        here = visits_of(log_, f"consult_{clinic}") | visits_of(log_, f"return_{clinic}")
        began, ended = log_.visits["started"][here], log_.visits["ended"][here]
        busy = np.clip(np.minimum(ended, end) - np.maximum(began, start), 0, None).sum()
        on_duty = max(n for minute, n in calendar.capacity(which.hospital.staff[doctors].on_duty) if 0 < minute < end)
        assert 0.80 < busy / on_duty / (end - start) < 0.97, clinic
        waits = (log_.visits["started"] - log_.visits["asked"])[visits_of(log_, f"consult_{clinic}")]
        assert 5 < np.percentile(waits, 90) < 45, clinic


def test_on_a_monday_registration_and_pharmacy_have_queues_in_the_morning_and_none_in_the_evening():
    which = log(TERTIARY, with_faults=False)
    for activity, low, high in (
        ("register_window", 5, 25),
        ("pay_drugs_window", 1, 25),
        ("prepare_drugs", 5, 30),
    ):
        here = visits_of(which, activity)
        waits = (which.visits["started"] - which.visits["asked"])[here]
        asked = which.visits["asked"][here]
        morning, evening = waits[(asked > 30) & (asked < 300)], waits[asked > 720]
        assert low < np.percentile(morning, 90) < high, activity
        assert not len(evening) or evening.max() < 5, activity


def test_outpatients_have_gone_home_by_eight_and_hardly_anybody_has_left_unseen():
    which = log(TERTIARY, with_faults=False)
    for name in ("outpatient_appointment", "outpatient_walk_in"):
        here = which.patients["pathway"] == which.names["pathway"].index(name)
        assert np.nanmax(which.patients["ended"][here]) < 780
        assert (which.patients["outcome"][here] != 0).mean() < 0.01


@pytest.mark.parametrize("start", ["2026-03-14 07:00", "2026-10-01 07:00"])
def test_on_a_saturday_and_on_a_holiday_everybody_is_served_too(start):
    which = scenario(TERTIARY).model_copy(update={"start": start})
    day = replicate(which, seed=1, replication=0, with_faults=False)
    here = np.isin(day.patients["pathway"], [i for i, n in enumerate(day.names["pathway"]) if n.startswith("outpat")])
    assert 1500 < here.sum() < 4500
    assert np.nanmax(day.patients["ended"][here]) < 780
    assert not (day.patients["outcome"][here] == 3).any()


def test_some_emergency_patients_leave_without_being_seen_and_beds_are_nearly_full():
    which = scenario(TERTIARY)
    shares, beds = [], []
    for replication in range(3):
        found = score(which, log(TERTIARY, replication, with_faults=False)).figures
        shares.append(found["pathway", "emergency", "left_share"])
        beds.append(found["resource", "beds", "utilisation"])
    assert 0.002 < np.mean(shares) < 0.03
    assert 0.86 < np.mean(beds) < 0.97


# ---- the outage


def first(which: Log, name: str) -> float | None:
    """Minutes from the fault to an event."""
    reached = {event.subject: event.minute for event in reversed(which.events) if event.kind == "reached"}
    return reached[name] - reached["failed"] if name in reached else None


@pytest.fixture(scope="module")
def outages() -> list[Log]:
    return [log(TERTIARY, replication) for replication in range(12)]


def test_the_outage_is_noticed_in_minutes_and_declared_within_the_hour(outages):
    for which in outages:
        assert 0 < first(which, "detected") < 25
        assert 5 < first(which, "declared") < 60


def test_the_standby_takes_over_in_some_runs_and_fails_in_others(outages):
    switches = [[e.state for e in which.events if e.kind == "failover" and e.subject == "his_db"] for which in outages]
    automatic = [states[1] for states in switches]
    assert {"done", "failed"} == set(automatic)


def test_nobody_switches_home_to_a_broken_primary_when_the_network_was_never_away(outages):
    """The way home after a network loop is not begun where the standby carries the hospital for another reason."""
    for which in outages:
        states = {e.state for e in which.events if e.kind == "step" and e.subject == "home_after_network"}
        assert not states & {"started", "done", "failed", "given_up"}, states


def test_paper_is_ordered_for_the_clinics_half_an_hour_to_an_hour_after_the_failure_when_nothing_takes_over(outages):
    stopped = [
        which
        for which in outages
        if next(e.state for e in which.events if e.kind == "failover" and e.state != "started") == "failed"
    ]
    ordered = [first(which, "outpatient ordered") for which in stopped]
    assert all(30 <= minute <= 75 for minute in ordered)


def test_what_people_work_with_is_back_in_minutes_where_the_standby_takes_over(outages):
    for which in outages:
        back, whole = first(which, "restored"), first(which, "all_back")
        taken_over = next(e.state for e in which.events if e.kind == "failover" and e.state != "started") == "done"
        assert back is not None
        assert not taken_over or back < 60
        assert whole is None or back <= whole


def test_the_incident_is_not_ended_while_the_primary_database_is_away(outages):
    ended = 0
    for which in outages:
        told = [e for e in which.events if e.kind == "component" and e.subject == "db_primary"]
        for event in which.events:
            if event.kind == "reached" and event.subject == "stood_down":
                assert [e.state for e in told if e.minute <= event.minute][-1] == "up"
                ended += 1
    assert ended >= 8


def test_everything_is_restored_the_same_day_and_most_piles_are_gone_by_night(outages):
    whole = [first(which, "all_back") for which in outages]
    assert sum(minute is not None for minute in whole) >= 11
    assert 120 < np.median([minute for minute in whole if minute is not None]) < 360
    assert sum(first(which, "cleared") is not None for which in outages) >= 7


def test_more_patients_leave_than_on_the_same_monday_without_the_fault(outages):
    left = sum((which.patients["outcome"] == 1).sum() for which in outages[:3])
    base = sum((log(TERTIARY, r, with_faults=False).patients["outcome"] == 1).sum() for r in range(3))
    assert left > base + 60


def test_different_steps_are_late_for_different_reasons_and_the_plan_neither_always_holds_nor_always_fails(outages):
    which = scenario(TERTIARY)
    scored = [score(which, one).figures for one in outages]
    shares = {
        step.id: np.nanmean([f.get(("step", step.id, "outcome"), np.nan) != 0 for f in scored])
        for step in which.plan.steps
        if step.within is not None
    }
    assert 0.1 < shares["declare"] < 0.9
    assert 0.1 < shares["detailed_diagnosis"] < 0.9
    assert shares["take_report"] < 0.2
    waited = {k[1] for f in scored for k, v in f.items() if k[0] == "step" and k[2] == "part person" and v > 2}
    on_the_way = {k[1] for f in scored for k, v in f.items() if k[0] == "step" and k[2] == "part on_the_way" and v > 2}
    things = {k[1] for f in scored for k, v in f.items() if k[0] == "step" and k[2] == "part thing" and v > 2}
    assert waited
    assert "declare" in on_the_way
    assert "repair_storage" in things


# ---- the county hospital at night


def test_at_night_the_engineer_must_come_from_home_and_the_data_from_a_copy():
    runs = [log(COUNTY, replication) for replication in range(8)]
    came = [first(which, "first_judgement") for which in runs]
    assert all(minute is None or minute > 15 for minute in came)
    lost = [[e.value for e in which.events if e.kind == "data_lost" and e.state == "recovered"] for which in runs]
    assert any(lost)
    assert all(
        160 <= values[0] <= 170 for values in lost if values
    )  # from the copy begun at 23:00 to 01:40; a second time (`imperfect`) it is more
    restored = [minute for which in runs if (minute := first(which, "restored")) is not None]
    assert 180 < np.median(restored) < 480


# ---- nothing down


def test_when_all_is_slow_no_database_is_brought_back_and_the_reports_return_after_the_new_measurement():
    which = log("everything-slow", 1)
    assert first(which, "confirm_speed") is not None
    assert all(first(which, step) is None for step in ("recover_data", "restore_base", "restore_core", "restore_rest"))
    assert first(which, "restored") is None  # nothing that people work with was ever away
    assert first(which, "all_back") == first(which, "confirm_speed")


# ---- steps that an event does not call for


def test_where_nobody_can_sign_in_no_database_is_looked_at_and_it_is_known_before_the_sessions_run_out():
    for replication in (0, 1):
        which = log("sign-in-away", replication)
        assert all(first(which, step) is None for step in ("recover_data", "restore_base"))
        failed, known = first(which, "failed"), first(which, "detected")
        assert failed is not None
        assert known is not None
        assert known - failed < 30


def test_a_database_that_never_stopped_is_neither_checked_nor_started_again():
    """Where the HIS alone was away, it is looked at once more after its repair; where sign-in ended before the sessions ran out, not even that."""
    for replication in (0, 1):
        which = log("telephones-silent", replication)
        assert first(which, "db_primary down") is None
        assert all(first(which, step) is None for step in ("recover_data", "restore_base"))
        repaired, looked_at = first(which, "repair_other"), first(which, "restore_core")
        assert repaired is not None
        assert looked_at is not None
        assert repaired < looked_at < repaired + 60
    runs = [log("sign-in-away", replication) for replication in range(6)]
    assert {(first(w, "his down") is None, first(w, "restore_core") is None) for w in runs} == {
        (True, True),
        (False, False),
    }


def test_a_judgement_that_was_wrong_at_first_lists_no_lost_entries(outages):
    assert all(first(which, step) is None for which in outages for step in ("list_lost", "refund_windows"))


def test_a_network_that_collapses_again_is_watched_by_day_and_the_incident_ends_only_when_it_has_held():
    which = log("core-switch-loop", 1)
    watched, over = first(which, "watch_network"), first(which, "stand_down_network")
    assert watched is not None
    assert over is not None
    assert watched < over
    assert 8 <= (watched + 14 * 60 + 20) / 60 % 24 <= 20
    never = (
        "recover_data",
        "restore_base",
        "restore_core",
        "detailed_diagnosis",
        "evaluate",
        "stand_down",
        "shed_load",
    )
    assert all(first(which, step) is None for step in never)
    assert first(which, "network_runners") is not None


def test_nobody_is_told_to_test_while_only_the_insurance_line_is_away():
    for replication in (0, 1):
        which = log("insurance-gateway-down", replication)
        back, told = first(which, "insurance_line up"), first(which, "announce_back")
        assert back is not None
        assert told is None or told > back
        assert all(first(which, step) is None for step in ("detailed_diagnosis", "recover_data", "restore_base"))


def test_the_laboratory_returns_while_the_image_archive_is_still_away():
    """In every run in which the archive is away for another half hour when the HIS is back; most runs are such."""
    events = ("return_technical", "pacs up", "his up")
    runs = [[first(log("two-failures-one-away", r), event) for event in events] for r in range(6)]
    longer = [(returned, images) for returned, images, his in runs if images is None or images > his + 30]
    assert len(longer) >= 4
    assert all(returned is not None and (images is None or returned < images) for returned, images in longer)


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_clause_that_an_answer_names_stands_in_the_plan(name):
    which = scenario(name)
    clauses = {clause for step in which.plan.steps if (clause := step.source.get("clause"))}
    for inject in which.injects:
        for text in (inject.answer.en, inject.answer.zh) if inject.answer else ():
            for named in re.findall(r"(?:Plan |预案)((?:[A-Z]?\d+(?:\.\d+)?(?:[、, ]|至| to | and )*)+)", text or ""):
                for clause in re.findall(r"[A-Z]?\d+(?:\.\d+)?", named):
                    assert any(known == clause or known.startswith(f"{clause}.") for known in clauses), (
                        inject.id,
                        clause,
                    )


# ---- every scenario runs


@pytest.mark.parametrize("name", [*SCENARIOS, *EXAMPLES])
def test_every_scenario_runs_and_gives_its_figures(name):
    which = scenario(name)
    scored = score(which, log(name))
    assert scored.unhealthy == []
    assert any(np.isfinite(value) for value in scored.figures.values())


# ---- examples with known answers


def mean_of(name: str, key: tuple[str, str, str], *variants: str, runs: int = 20) -> tuple[float, float]:
    """Mean over replications and the half-width of its 99.9 % interval."""
    values = [figures(name, *variants, replication=r)[key] for r in range(runs)]
    t = 3.883  # Student's t, 19 degrees of freedom, 99.9 %
    return float(np.mean(values)), t * float(np.std(values, ddof=1)) / runs**0.5


@pytest.mark.parametrize(
    ("name", "variants", "key", "answer"),
    [
        ("queue-one-server", (), ("activity", "counter", "wait_mean"), 9.0),
        ("queue-one-server", (), ("activity", "counter", "queue_mean"), 2.25),
        ("queue-one-server", (), ("resource", "clerk", "utilisation"), 0.75),
        ("queue-three-servers", (), ("activity", "counter", "wait_mean"), 4.444444),
        ("queue-three-servers", (), ("activity", "counter", "waited"), 4 / 9),
        ("queue-no-waiting", (), ("activity", "stay", "turned_away_share"), 0.284868),
        ("queue-no-waiting", ("constant_stay",), ("activity", "stay", "turned_away_share"), 0.284868),
        ("queue-impatient", (), ("activity", "counter", "left_share"), 0.187268),
        ("queue-impatient", (), ("activity", "counter", "wait_mean"), 22.4721),
        ("queue-priority", (), ("pathway", "urgent", "minutes_mean"), 1.25),
        ("queue-priority", (), ("pathway", "others", "minutes_mean"), 6.25),
        ("queue-priority", ("wait_your_turn",), ("pathway", "urgent", "minutes_mean"), 2.0),
        ("queue-priority", ("wait_your_turn",), ("pathway", "others", "minutes_mean"), 6.0),
        ("components-two-of-three", (), ("component", "supply", "availability"), 0.99275),
        ("components-two-of-three", ("one_fitter",), ("component", "supply", "availability"), 0.985115),
    ],
)
@pytest.mark.slow
def test_an_example_gives_its_known_answer(name, variants, key, answer):
    mean, half = mean_of(name, key, *variants)
    assert abs(mean - answer) < half
    assert half < 0.12 * answer


def test_the_clinic_runs_as_traced_by_hand():
    found = figures("clinic-two-rooms")
    assert found["activity", "intake", "wait_mean"] == pytest.approx(7.5)
    assert found["activity", "consultation", "wait_mean"] == pytest.approx(35 / 6)
    assert found["resource", "doctor", "busy"] == pytest.approx(72)
    assert np.max(log("clinic-two-rooms").patients["ended"]) == pytest.approx(77)
    third = figures("clinic-two-rooms", "three_rooms")
    assert third["activity", "intake", "wait_mean"] == pytest.approx(1.0)
    assert third["activity", "consultation", "wait_mean"] == pytest.approx(74 / 6)


@pytest.mark.parametrize(
    ("variants", "minutes"), [((), 12), (("four_people",), 15), (("shorter_tasks",), 13), (("fewer_constraints",), 16)]
)
def test_grahams_tasks_finish_when_graham_says(variants, minutes):
    assert figures("graham-1969", *variants)["plan", "plan", "completed_at"] == pytest.approx(minutes)


def test_the_project_with_certain_times_takes_its_critical_path():
    assert figures("project-network", "certain")["plan", "plan", "completed_at"] == pytest.approx(19 * 60)


def test_the_project_with_uncertain_times_takes_somewhat_longer_on_average():
    ends = [figures("project-network", replication=r)["plan", "plan", "completed_at"] for r in range(300)]
    standard_error = np.std(ends) / len(ends) ** 0.5
    assert 19 * 60 - 3 * standard_error < np.mean(ends) < 19 * 60 + 60


def test_clinics_that_got_no_order_because_the_standby_had_taken_over_get_one_when_it_falls_over_later():
    loaded = files.load("his-database-outage", set={"plan.thresholds.outpatient": "5 min"})
    played = replicate(loaded.scenario, seed=1, replication=4)
    ends = {(e.subject, e.state): e.minute for e in played.events if e.kind == "step"}
    assert ("order_paper_outpatient", "not_applicable") in ends
    gone = [e.minute for e in played.events if e.kind == "component" and e.subject == "his" and e.state == "down"]
    assert ends["order_paper_outpatient", "not_applicable"] < gone[1]
    assert gone[1] + 15 <= ends["order_paper_again", "done"] < gone[1] + 30
