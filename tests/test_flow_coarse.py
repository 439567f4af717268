"""Coarse flow: one patient in several is played; traced by hand, against formulas, and against the fine run of the same scenario."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from drillsim import files
from drillsim.errors import ScenarioError
from drillsim.model.scenario import Scenario
from drillsim.score.delays import PARTS
from drillsim.score.replication import score
from drillsim.score.series import quantities
from drillsim.sim.flow import coarse
from drillsim.sim.run import replicate
from tests.builder import a_scenario
from tests.coarse import DISTANCES, RUNS, compared, distance
from tests.flow_driver import play


def a_queue(minutes: tuple[float, ...], *, clerks: Any = 1, takes: str = "8 min", **parts: Any) -> Scenario:
    """Patients at listed minutes, one kind of clerk."""
    return a_scenario(
        staff={"clerk": {"on_duty": clerks}},
        activities={"counter": {"needs": "clerk", "takes": takes, **parts.pop("activity", {})}},
        pathways={"p": {"arrivals": {"at": [f"{m} min" for m in minutes]}, "route": ["counter"]}},
        horizon=parts.pop("horizon", 200.0),
        **parts,
    )


def test_of_two_patients_one_is_played_and_the_clerk_is_bound_for_both():
    played = play(a_queue((0.0, 5.0, 10.0, 15.0, 40.0, 41.0), stands_for=2))
    # Played are those of minutes 0, 10 and 40. The first is served from 0 to 8 and leaves; the clerk is bound until 16, for the one of minute 5.
    assert played.at("counter", "asked") == [0.0, 10.0, 40.0]
    assert played.at("counter", "started") == [0.0, 16.0, 40.0]
    assert played.patients["ended"].tolist() == [8.0, 24.0, 48.0]
    assert played.patients["patient"].tolist() == [0, 2, 4]


def test_where_a_part_of_the_people_is_a_whole_number_nobody_is_bound_longer():
    played = play(a_queue((0.0, 1.0, 2.0, 3.0), clerks=2, stands_for=2))
    assert played.at("counter", "started") == [0.0, 8.0]


def test_three_clerks_for_two_are_two_clerks_who_stay_a_third_longer():
    played = play(a_queue((0.0, 0.0, 1.0, 1.0, 2.0, 2.0), clerks=3, takes="9 min", stands_for=2))
    # ceil(3 / 2) = 2 are played; each stands for 1.5, and so is bound 2 x 2 / 3 = 4/3 as long: 12 min
    assert played.at("counter", "started") == [0.0, 1.0, 12.0]
    assert sorted(played.patients["ended"].tolist()) == [9.0, 10.0, 21.0]


def test_a_patient_who_is_played_has_the_same_luck_as_among_all():
    def clinic(stands_for: int) -> Any:
        which = a_scenario(
            staff={"clerk": {"on_duty": 500}},
            activities={
                "counter": {"needs": "clerk", "takes": "exponential(3 min)"},
                "test": {"takes": "lognormal(median 5 min, p90 9 min)"},
            },
            pathways={
                "p": {"arrivals": {"rate": "60 per h"}, "classes": {"a": {"title": "a", "share": 0.5}, "b": {"title": "b", "share": 0.5}},
                      "route": [{"do": "counter", "then": [{"to": "test", "chance": 0.5}, {"to": "leave"}]}, "test"]}
            },
            horizon=600.0, stands_for=stands_for,
        )  # fmt: skip
        patients = play(which).patients
        return dict(
            zip(patients["patient"].tolist(), zip(patients["class"], patients["ended"], strict=True), strict=True)
        )

    fine, of_four = clinic(1), clinic(4)
    assert list(of_four) == [n for n in fine if n % 4 == 1]
    for number, (kind, ended) in of_four.items():
        assert kind == fine[number][0]
        assert ended == pytest.approx(fine[number][1], nan_ok=True)


def day_of(clerks: int, rate: str, stands_for: int, days: int = 30) -> dict[tuple[str, str, str], float]:
    which = a_scenario(
        staff={"clerk": {"on_duty": clerks}},
        activities={"counter": {"needs": "clerk", "takes": "exponential(3 min)"}},
        pathways={"p": {"arrivals": {"rate": rate}, "route": ["counter"]}},
        warm_up=1440.0, horizon=days * 1440.0, stands_for=stands_for,
    )  # fmt: skip
    return score(which, replicate(which, seed=1, replication=0)).figures


@pytest.mark.parametrize(("clerks", "rate"), [(1, "10 per h"), (2, "25 per h"), (5, "70 per h"), (16, "240 per h")])
@pytest.mark.parametrize("stands_for", [2, 4])
def test_people_work_as_much_as_in_the_whole_hospital_and_counts_are_those_of_all(clerks, rate, stands_for):
    found = day_of(clerks, rate, stands_for)
    a_day = float(rate.split()[0]) * 24
    assert found["activity", "counter", "arrived"] / 30 == pytest.approx(a_day, rel=0.05)
    assert found["resource", "clerk", "utilisation"] == pytest.approx(a_day * 3 / (clerks * 1440), rel=0.08)
    assert found["resource", "clerk", "on_duty"] == pytest.approx(clerks)


def test_waiting_for_few_people_grows_with_what_a_patient_stands_for_and_the_work_itself_does_not():
    fine, of_four = day_of(1, "10 per h", 1), day_of(1, "10 per h", 4)
    assert fine["activity", "counter", "wait_mean"] == pytest.approx(3.0, rel=0.15)  # M/M/1: 3 x 0.5 / (1 - 0.5)
    served = {k: f["pathway", "p", "minutes_mean"] - f["activity", "counter", "wait_mean"] for k, f in ((1, fine), (4, of_four))}  # fmt: skip
    assert served[4] == pytest.approx(served[1], rel=0.06)
    assert 1.0 < of_four["activity", "counter", "wait_mean"] / fine["activity", "counter", "wait_mean"] < 4.0


def on_paper(stands_for: int) -> Scenario:
    """A ward whose system goes at once, and comes back for good after ten hours."""
    return a_scenario(
        staff={"nurse": {"on_duty": 40}, "lead": {"on_duty": 1}},
        systems={"ehr": {"tier": 1}},
        departments={
            "ward": {
                "title": "ward",
                "change_over": "1 min",
                "kit": {"forms": 120},
                "back_entry": {"by": "nurse", "takes": "2 min", "batch": 4, "at_once": 6},
            }
        },
        activities={"care": {"needs": "nurse", "takes": "10 min", "department": "ward", "uses": "ehr"}},
        pathways={"p": {"arrivals": {"every": "1 min"}, "route": ["care"]}},
        roles={"lead": {"holders": "lead"}},
        steps=[
            {"id": "paper", "owner": "lead", "on": "detected", "does": {"order_paper": "ward"}},
            {"id": "mend", "owner": "lead", "when": "10 h after detected", "does": {"repair": "ehr"}},
            {"id": "back", "owner": "lead", "after": "mend", "does": {"return_to_system": "ward"}},
            {"id": "many", "owner": "lead", "when": "pile of ward > 99", "does": {"restock": "ward"}},
        ],
        faults=[{"id": "gone", "target": "ehr", "at": "00:30"}],
        horizon=1440.0,
        stands_for=stands_for,
    )


def test_forms_piles_and_typing_are_those_of_the_whole_hospital():
    found = {k: score(on_paper(k), replicate(on_paper(k), seed=1, replication=0)) for k in (1, 4)}
    fine, of_four = found[1].figures, found[4].figures
    for figure in ("items", "pile_most", "cleared_at"):
        key = ("department", "ward", figure)
        assert of_four[key] == pytest.approx(fine[key], rel=0.05), figure
    assert fine["department", "ward", "items"] > 200
    assert fine["department", "ward", "pile_end"] == of_four["department", "ward", "pile_end"] == 0

    def minute(k: int, subject: str) -> float:
        log = replicate(on_paper(k), seed=1, replication=0)
        return next(e.minute for e in log.events if e.kind == "reached" and e.subject == subject)

    assert minute(4, "many") == pytest.approx(minute(1, "many"), abs=10)  # the condition counts items of all

    def empty(k: int) -> float:
        log = replicate(on_paper(k), seed=1, replication=0)
        return next(e.minute for e in log.events if e.kind == "kit" and e.state == "empty")

    assert empty(4) == pytest.approx(empty(1), abs=10)
    names = [(q.kind, q.id) for q in quantities(on_paper(1))]
    for kind in ("pile", "in_system"):
        row = next(n for n, (k, _) in enumerate(names) if k == kind)
        assert np.nanmax(found[4].series[row]) == pytest.approx(np.nanmax(found[1].series[row]), rel=0.2)


def test_people_called_in_or_kept_away_count_as_what_they_are_of_all():
    which = a_queue((0.0,), clerks=8, stands_for=4, horizon=100.0)

    def during(env: Any, flow: Any) -> Any:
        yield env.timeout(10)
        for change in (1, 1, 1, -1, -1, -1, -4):
            flow.add_capacity("clerk", change)
            pool = flow.pools["clerk"]
            seen.append((flow.on_duty("clerk"), pool.capacity, 4 * pool.capacity / (1 + pool.lag)))

    seen: list[tuple[int, int, float]] = []
    play(which, during=during)
    assert [(people, played) for people, played, _ in seen] == [
        (9, 3),
        (10, 3),
        (11, 3),
        (10, 3),
        (9, 3),
        (8, 2),
        (4, 1),
    ]
    assert [people for people, _, _ in seen] == pytest.approx([work for _, _, work in seen])


def test_people_lent_to_a_step_come_back_whole():
    def during(env: Any, flow: Any) -> Any:
        for number in (1, 3, 6):
            yield flow.request("clerk", number)
            lent.append(flow.pools["clerk"].free)
            flow.release("clerk", number)
            lent.append(flow.pools["clerk"].free)

    lent: list[float] = []
    play(a_queue((150.0,), clerks=8, stands_for=4), during=during)
    assert lent == [1, 2, 1, 2, 0, 2]


def test_a_roster_keeps_as_many_as_an_activity_needs_together():
    assert coarse.on_duty({"day": 30, "night": 1, "none": 0}, 4, 2) == {"day": 8, "night": 1, "none": 0}
    assert coarse.on_duty({"day": 3}, 4, 2) == {"day": 2}


def test_a_patient_cannot_stand_for_less_than_one(tmp_path):
    path = tmp_path / "none.yaml"
    path.write_text("title: t\nfaults: [{target: his_db}]\nstands_for: 0\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="stands_for"):
        files.load(path)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "stands_for"), list(DISTANCES))
def test_coarse_figures_lie_within_the_stated_distance_of_the_fine_ones(name, stands_for):
    fine, found = compared(name, (1, stands_for), RUNS[name])
    for figure, most in DISTANCES[name, stands_for].items():
        assert distance(figure, fine, found) <= most, figure


def test_person_minutes_by_what_held_them_up_are_those_of_the_whole_hospital():
    def held(stands_for: int) -> float:
        which = on_paper(stands_for)
        base = replicate(which, seed=1, replication=0, with_faults=False)
        figures = score(which, replicate(which, seed=1, replication=0), base).figures
        return sum(figures["department", "ward", f"delay {part}"] for part in PARTS)

    assert held(4) == pytest.approx(held(1), rel=0.08)
