"""The same luck under every plan: what is added or changed elsewhere moves no patient's durations, ways, patience or arrival."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.builder import a_scenario
from tests.flow_driver import Played, play


def a_hospital(nurses: int = 2, more: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    parts: dict[str, Any] = {
        "staff": {"nurse": {"on_duty": nurses}, "doctor": {"on_duty": 2}},
        "activities": {
            "triage": {"needs": "nurse", "takes": "lognormal(median 3 min, p90 8 min)"},
            "visit": {"needs": "doctor", "takes": "erlang(3, 6 min)", "patience": "exponential(200 min)"},
            "test": {"takes": "mixture(0.5: 3 min, 0.5: exponential(20 min))"},
        },
        "pathways": {
            "p": {
                "arrivals": {"per_day": 300, "hours": {"00:00-12:00": 1, "12:00-24:00": 1}},
                "classes": {
                    "a": {"title": "a", "share": 1, "priority": 1},
                    "b": {"title": "b", "share": 2, "priority": 2},
                },
                "route": [
                    "triage",
                    {"do": "visit", "then": [{"to": "test", "chance": 0.4}, {"to": "leave"}]},
                    {"do": "test", "then": "visit"},
                ],
            }
        },
        "horizon": 1440.0,
    }
    for section, records in (more or {}).items():
        parts[section] = {**parts.get(section, {}), **records}
    return {**parts, **changes}


def minutes(played: Played, pathway: str = "p") -> dict[tuple[Any, ...], tuple[float, float]]:
    """(patient, stop, how often) → work minutes and arrival."""
    v, found, passed = played.visits, {}, {}
    arrived = {
        (p, n): a
        for p, n, a in zip(
            played.patients["pathway"], played.patients["patient"], played.patients["arrived"], strict=True
        )
    }
    order = np.lexsort((v["asked"],))
    for k in order:
        if played.names["pathway"][v["pathway"][k]] == pathway:
            key = (int(v["patient"][k]), played.names["node"][v["node"][k]])
            passed[key] = passed.get(key, 0) + 1
            work = v["ended"][k] - v["started"][k]
            if not np.isnan(work):
                found[(*key, passed[key])] = (work, arrived[v["pathway"][k], v["patient"][k]])
    return found


def same(first: Played, second: Played, at_least: int) -> None:
    a, b = minutes(first), minutes(second)
    both = a.keys() & b.keys()
    assert len(both) >= at_least
    assert [a[key] for key in sorted(both)] == [pytest.approx(b[key]) for key in sorted(both)]


BASE = play(a_scenario(**a_hospital()))


def test_the_same_seed_and_replication_give_the_same_bytes_and_others_do_not() -> None:
    again = play(a_scenario(**a_hospital()))
    for mine, yours in zip(BASE[1:4], again[1:4], strict=True):
        assert {k: c.tobytes() for k, c in mine.items()} == {k: c.tobytes() for k, c in yours.items()}
    assert play(a_scenario(**a_hospital()), replication=1).visits["asked"].tobytes() != BASE.visits["asked"].tobytes()


ADDED = {
    "staff": {"porter": {"on_duty": 3}},
    "activities": {"carry": {"needs": "porter", "takes": "exponential(5 min)"}, "unused": {"takes": "4 min"}},
    "pathways": {"aa": {"arrivals": {"rate": "10 per h"}, "route": ["carry"]}},
}


def test_a_pathway_an_activity_and_a_role_more_move_no_draw_and_no_figure() -> None:
    added = play(a_scenario(**a_hospital(more=ADDED)))
    assert minutes(added) == minutes(BASE)
    v = added.visits
    mine = v["pathway"] == added.names["pathway"].index("p")
    for column in ("asked", "started", "ended"):
        assert v[column][mine].tobytes() == BASE.visits[column].tobytes()


def test_a_patient_s_durations_do_not_depend_on_the_order_of_service() -> None:
    same(BASE, play(a_scenario(**a_hospital(nurses=1))), 600)
    same(BASE, play(a_scenario(**a_hospital(nurses=9))), 600)


def test_a_stop_more_in_the_route_leaves_the_others_luck_alone() -> None:
    longer = a_hospital()
    longer["activities"]["weigh"] = {"takes": "uniform(1 min, 2 min)"}
    longer["pathways"]["p"]["route"] = ["weigh", *longer["pathways"]["p"]["route"]]
    same(BASE, play(a_scenario(**longer)), 600)


def test_patients_present_at_the_start_move_nobody_s_luck() -> None:
    full = a_hospital()
    full["pathways"]["p"]["present"] = {"triage": 3, "test": 2}
    played = play(a_scenario(**full))
    same(BASE, played, 600)
    assert (played.patients["patient"] < 0).sum() == 5


def test_more_patients_in_the_afternoon_leave_the_morning_as_it_was() -> None:
    busy = a_hospital()
    busy["pathways"]["p"]["arrivals"] = {"per_day": 450, "hours": {"00:00-12:00": 1, "12:00-24:00": 2}}
    a, b = minutes(BASE), minutes(play(a_scenario(**busy)))
    morning = {key for key, (_, arrived) in a.items() if arrived < 720 and key[1] == "triage"}
    assert len(morning) > 120
    assert [a[key] for key in sorted(morning)] == [pytest.approx(b[key]) for key in sorted(morning)]


def test_who_misses_an_appointment_moves_no_other_patient_s_luck() -> None:
    kept = a_hospital()
    kept["pathways"]["p"]["arrivals"] = {"per_day": 300, "hours": {"08:00-16:00": 1}, "scheduled": True}
    missed = a_hospital()
    missed["pathways"]["p"]["arrivals"] = {**kept["pathways"]["p"]["arrivals"], "no_show": 0.2}
    fewer = play(a_scenario(**missed))
    assert len(fewer.patients["arrived"]) < 270
    same(play(a_scenario(**kept)), fewer, 500)


def test_a_slower_activity_is_slower_by_its_factor_for_each_patient() -> None:
    slow = a_hospital()
    slow["activities"]["triage"]["takes"] = "lognormal(median 6 min, p90 16 min)"
    a, b = minutes(BASE), minutes(play(a_scenario(**slow)))
    both = [key for key in a.keys() & b.keys() if key[1] == "triage"]
    assert len(both) > 250
    assert [b[key][0] for key in both] == pytest.approx([2 * a[key][0] for key in both])


def test_two_pathways_through_one_activity_have_luck_of_their_own() -> None:
    twin = a_hospital()
    twin["pathways"]["q"] = twin["pathways"]["p"]
    played = play(a_scenario(**twin))
    p, q = minutes(played, "p"), minutes(played, "q")
    both = sorted(key for key in p.keys() & q.keys() if key[1] == "triage")
    assert (
        abs(np.corrcoef([np.log(p[k][0]) for k in both], [np.log(q[k][0]) for k in both])[0, 1]) < 4 / len(both) ** 0.5
    )
