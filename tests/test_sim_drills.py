"""The calendar of drills: the latest drill before the day that is played counts, of the calendar and of the role itself."""

from __future__ import annotations

from typing import Any

import pytest

from drillsim.errors import Wrong
from drillsim.model.drills import Drill
from tests.builder import a_scenario
from tests.sim_rows import again, done

MONTH = 30.44 * 1440


def took(drills: list[dict[str, Any]], *, last_drill: float | None = None, start: str = "2026-03-09 00:00") -> float:
    """How long a step of 100 min takes that a role does which was fully trained and has not practised since; whoever never did takes 1.5 times as long at most."""
    scenario = a_scenario(
        start=start,
        staff={"dba": {"on_duty": 1, "last_drill": last_drill}, "clerk": {"on_duty": 1}},
        roles={"tech": {"holders": ["dba"]}},
        steps=[{"id": "work", "owner": "tech", "takes": 100.0}],
        readiness={"untrained_takes": 1.5, "untrained_chance": 1.0, "decay": True, "floor": 0.0},
        plan={"drills": drills},
    )
    return done(again(scenario))["work"]


def faded(minutes: float) -> float:
    """100 min of work so long after the last drill, by FACTS R28."""
    return 100 * (1 + 0.5 * (1 - (1 + minutes / MONTH) ** -0.85))


def test_the_latest_drill_before_the_day_counts() -> None:
    drills = [{"date": "2025-03-09", "who": "dba"}, {"date": "2026-02-09", "who": ["dba"]}]
    assert took(drills) == pytest.approx(faded(28 * 1440))
    assert took(drills[:1]) == pytest.approx(faded(365 * 1440))


def test_a_drill_of_a_later_date_has_not_been_yet() -> None:
    drills = [{"date": "2026-03-10", "who": "all"}, {"date": "2025-03-09", "who": "all"}]
    assert took(drills) == pytest.approx(faded(365 * 1440))
    assert took(drills, start="2026-03-11 00:00") == pytest.approx(faded(1440))


@pytest.mark.parametrize("start", ["2026-03-09 00:00", "2026-03-09 23:00"])
def test_a_drill_of_the_day_that_is_played_has_not_been_yet(start: str) -> None:
    """Nobody knows at which hour of it, and the day itself is the exercise or the incident."""
    drills = [{"date": "2026-03-09", "who": "all"}, {"date": "2026-03-08", "who": "all"}]
    minutes = 1440.0 if start.endswith("00:00") else 1440 + 23 * 60.0
    assert took(drills, start=start) == pytest.approx(faded(minutes))
    assert took(drills[:1], start=start) == pytest.approx(150)


def test_who_did_not_take_part_has_not_drilled() -> None:
    assert took([]) == pytest.approx(150)
    assert took([{"date": "2026-02-09", "who": "clerk"}]) == pytest.approx(150)


def test_of_calendar_and_role_the_more_recent_counts() -> None:
    drills = [{"date": "2026-02-09", "who": "all"}]
    assert took(drills, last_drill=10 * 1440.0) == pytest.approx(faded(10 * 1440))
    assert took(drills, last_drill=100 * 1440.0) == pytest.approx(faded(28 * 1440))


def test_only_drills_that_practise_bringing_data_back_count_for_that() -> None:
    def practised(**drill: Any) -> tuple[float | None, float | None]:
        scenario = a_scenario(
            staff={"dba": {"last_restore": 50 * 1440.0}},
            plan={"drills": [{"date": "2026-02-09", "who": "all", **drill}]},
        )
        return scenario.last_practised()["dba"]

    assert practised() == (28 * 1440, 50 * 1440)
    assert practised(restores=True) == (28 * 1440, 28 * 1440)


def test_a_date_that_is_none_is_a_mistake() -> None:
    with pytest.raises((ValueError, Wrong), match="expected a date"):
        Drill.model_validate({"date": "9 March", "who": "all"})
