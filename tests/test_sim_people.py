"""Who does a step: holders and deputies, all or none, on call, shift ends, people kept away."""

from __future__ import annotations

import math
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drillsim.log.rows import Log
from drillsim.model.plan import Readiness
from drillsim.sim.contacts import age
from drillsim.sim.people import choose
from drillsim.sim.readiness import Duty
from drillsim.sim.teams import Crew, Demand, Team
from tests.builder import a_scenario
from tests.sim_rows import causes, done, play, rows, story

DAY_NIGHT = {"rosters": {"day": "08:00-20:00", "night": "20:00-08:00"}}


def step(name: str, owner: str, takes: float = 10.0, **parts: object) -> dict:
    return {"id": name, "owner": owner, "takes": takes, **parts}


def people(log, staff: str) -> list[tuple[float, str, str]]:
    """(minute, state, step) of the rows about one staff."""
    return [(row.minute, row.state, row.cause) for row in rows(log, "person", staff)]


def test_the_first_holder_with_somebody_free_does_it_and_deputies_the_next() -> None:
    log = play(
        staff={"dba": {}, "developer": {}},
        roles={"database": {"holders": ["dba", "developer"]}},
        steps=[step("one", "database"), step("two", "database"), step("three", "database")],
    )
    assert people(log, "dba") == [
        (0, "seized", "one"),
        (10, "released", "one"),
        (10, "seized", "three"),
        (20, "released", "three"),
    ]
    assert people(log, "developer") == [(0, "seized", "two"), (10, "released", "two")]
    assert causes(log, "step", "three")[0] == (0, "person", "database:one")


def test_a_deputy_steps_in_on_the_shift_without_the_holder() -> None:
    def who(start: str) -> str:
        log = play(
            hospital=DAY_NIGHT,
            staff={"head": {"on_duty": {"day": 1}}, "duty_officer": {"on_duty": {"night": 1}}},
            roles={"lead": {"holders": ["head", "duty_officer"]}},
            steps=[step("declare", "lead")],
            start=f"2026-03-09 {start}",
        )
        return next(row.subject for row in rows(log, "person") if row.state == "seized")

    assert who("09:00") == "head"
    assert who("23:00") == "duty_officer"


def test_two_people_are_taken_together_or_not_at_all() -> None:
    log = play(
        staff={"a": {}, "b": {}},
        roles={"a": {"holders": "a"}, "b": {"holders": "b"}},
        steps=[step("one", "a", 10.0), step("both", "a", 10.0, **{"with": "b"}), step("two", "b", 50.0, at="00:05")],
    )
    assert done(log) == {"one": 10, "two": 55, "both": 65}  # b is free at 5 and is not kept waiting for a
    assert causes(log, "step", "both")[:3] == [(0, "person", "a:one"), (10, "person", "b:two"), (55, "working", "")]


def test_two_steps_that_need_each_others_people_never_wait_for_each_other_for_ever() -> None:
    log = play(
        staff={"a": {}, "b": {}},
        roles={"a": {"holders": "a"}, "b": {"holders": "b"}},
        steps=[step(f"s{i}", "ab"[i % 2], 5.0, **{"with": "ba"[i % 2]}) for i in range(6)],
    )
    assert sorted(done(log).values()) == [5, 10, 15, 20, 25, 30]


def test_somebody_who_could_do_either_part_takes_the_one_nobody_else_can() -> None:
    log = play(
        staff={"x": {}, "y": {}},
        roles={"one": {"holders": ["x", "y"]}, "other": {"holders": ["x"]}},
        steps=[step("both", "one", **{"with": "other"})],
    )
    assert done(log) == {"both": 10}


def test_a_step_for_many_people_of_many_teams_is_decided_quickly() -> None:
    teams = {f"t{i}": {"on_duty": 6} for i in range(6)}
    log = play(
        staff=teams,
        roles={"a": {"holders": list(teams)}, "b": {"holders": list(teams)[::-1]}},
        steps=[
            step("busy", "a"),
            step("all", "a", **{"with": {"a": 17, "b": 18}}),
            step("too_many", "a", **{"with": {"b": 36}}),
        ],
        horizon=50.0,
    )
    assert done(log) == {"busy": 10, "all": 20}
    assert story(log, "step", "too_many")[-1] == (50, "unfinished")


def test_the_more_urgent_step_goes_first_among_those_waiting_now_only() -> None:
    log = play(
        staff={"a": {}},
        roles={"a": {"holders": "a"}},
        steps=[
            step("first", "a"),
            step("low", "a", priority=9),
            step("high", "a", priority=1, at="00:05"),
            step("later", "a", priority=0, at="00:25"),
        ],
    )
    assert done(log) == {"first": 10, "high": 20, "low": 30, "later": 40}


def test_ready_first_or_list_order_decides_among_equals() -> None:
    steps = [step("busy", "a", 20.0), step("x", "a", at="00:10"), step("y", "a", at="00:05")]
    common = {"staff": {"a": {}}, "roles": {"a": {"holders": "a"}}}
    assert done(play(**common, steps=[dict(s) for s in steps])) == {"busy": 20, "y": 30, "x": 40}
    assert done(play(**common, steps=[dict(s) for s in steps], pick="list")) == {"busy": 20, "x": 30, "y": 40}


def test_a_later_step_may_take_whom_an_earlier_one_cannot_use_yet() -> None:
    log = play(
        staff={"a": {}, "b": {}},
        roles={"a": {"holders": "a"}, "b": {"holders": "b"}},
        steps=[step("busy", "b", 30.0), step("both", "a", **{"with": "b"}), step("small", "a", 5.0)],
    )
    assert done(log) == {"small": 5, "busy": 30, "both": 40}


def test_people_released_in_a_minute_go_to_the_most_urgent_step_that_becomes_ready_in_it() -> None:
    log = play(
        staff={"a": {}},
        roles={"a": {"holders": "a"}},
        steps=[step("one", "a"), step("waiting", "a", priority=5), step("next", "a", after="one", priority=1)],
    )
    assert done(log) == {"one": 10, "next": 20, "waiting": 30}


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.integers(0, 2), min_size=3, max_size=3),
    st.lists(st.tuples(st.permutations([0, 1, 2]), st.integers(1, 3), st.integers(1, 3)), min_size=1, max_size=3),
)
def test_people_are_found_for_a_step_exactly_when_there_is_a_way_to_find_them(free: list[int], wanted: list) -> None:
    teams = [Team(f"t{i}") for i in range(3)]
    demands = tuple(
        Demand(f"r{i}", tuple(teams[t] for t in order[:width]), number)
        for i, (order, width, number) in enumerate(wanted)
    )
    choice, short = choose(demands, lambda team: free[teams.index(team)])
    # Hall: it can be done when every set of roles finds enough people in the teams that hold any of them
    roles = [subset for size in range(1, len(demands) + 1) for subset in combinations(demands, size)]
    can = all(
        sum(free[teams.index(team)] for team in {t for d in subset for t in d.teams}) >= sum(d.number for d in subset)
        for subset in roles
    )
    assert (choice is not None) is can
    if choice is not None:
        assert all(number <= free[teams.index(team)] for team, number in choice)
        assert sum(number for _, number in choice) == sum(d.number for d in demands)
    else:
        assert short in {d.role for d in demands}


# On call


def on_call(**terms: object) -> dict:
    return {"on_duty": 0, "on_call": {"answer": 3.0, "travel": 40.0, **terms}}


def test_nobody_on_duty_is_called_in_answers_travels_and_stays() -> None:
    log = play(
        staff={"vendor": on_call()},
        roles={"vendor": {"holders": "vendor"}},
        steps=[step("mend", "vendor"), step("more", "vendor", at="02:00")],
    )
    assert people(log, "vendor")[:4] == [
        (0, "called", "mend"),
        (3, "answered", "mend"),
        (43, "arrived", "mend"),
        (43, "seized", "mend"),
    ]
    assert causes(log, "step", "mend") == [(0, "on_the_way", "vendor"), (43, "working", ""), (53, "done", "")]
    assert story(log, "step", "more")[1:] == [(120, "working"), (130, "done")]


def test_remote_work_needs_no_travel() -> None:
    log = play(staff={"v": on_call(remote=1.0)}, roles={"v": {"holders": "v"}}, steps=[step("mend", "v")])
    assert done(log) == {"mend": 13}


def test_a_missed_call_is_made_again_and_again() -> None:
    log = play(
        staff={"v": on_call(answers=0.0, again=10.0)},
        roles={"v": {"holders": "v"}},
        steps=[step("mend", "v")],
        horizon=35.0,
    )
    assert [minute for minute, state, _ in people(log, "v") if state == "called"] == [0, 10, 20, 30]
    assert story(log, "step", "mend") == [(0, "on_the_way"), (35, "unfinished")]


def test_the_next_name_is_called_when_the_first_does_not_answer() -> None:
    log = play(
        staff={"one": on_call(answers=0.0), "two": on_call()},
        roles={"v": {"holders": ["one", "two"]}},
        steps=[step("mend", "v")],
    )
    assert [(m, s) for m, s, _ in people(log, "one")] == [(0, "called"), (0, "missed")]
    assert people(log, "two")[0] == (0, "called", "mend")
    assert done(log) == {"mend": 53}


def test_calls_are_answered_as_often_as_their_chance_says() -> None:
    calls = [
        sum(
            state == "called"
            for _, state, _ in people(
                play(
                    staff={"v": on_call(answers=0.5)},
                    roles={"v": {"holders": "v"}},
                    steps=[step("s", "v")],
                    replication=r,
                ),
                "v",
            )
        )
        for r in range(400)
    ]
    assert abs(sum(calls) / 400 - 2.0) < 3.29 * (2 / 400) ** 0.5


def test_outside_the_hours_on_call_a_step_waits_off_shift_until_they_begin() -> None:
    log = play(
        staff={"v": on_call(hours="06:00-22:00", travel=0.0)}, roles={"v": {"holders": "v"}}, steps=[step("mend", "v")]
    )
    assert story(log, "step", "mend") == [(0, "off_shift"), (360, "on_the_way"), (363, "working"), (373, "done")]


def test_nobody_is_called_in_while_somebody_who_is_busy_is_on_duty() -> None:
    log = play(
        staff={"v": {**on_call(), "on_duty": 1}},
        roles={"v": {"holders": "v"}},
        steps=[step("one", "v", 200.0), step("two", "v")],
    )
    assert not [state for _, state, _ in people(log, "v") if state == "called"]
    assert causes(log, "step", "two")[0] == (0, "person", "v:one")


def test_a_step_for_two_calls_in_as_many_as_lack() -> None:
    log = play(
        staff={"v": {"on_duty": 1, "on_call": {"count": 2, "answer": 0.0, "travel": 20.0}}},
        roles={"lead": {"holders": "v"}, "hand": {"holders": "v"}},
        steps=[step("both", "lead", **{"with": {"hand": 2}})],
    )
    assert [(m, s) for m, s, _ in people(log, "v") if s == "called"] == [(0, "called"), (0, "called")]
    assert done(log) == {"both": 30}


def test_who_is_on_duty_stands_in_where_nobody_can_be_called_and_others_are_called_in() -> None:
    log = play(
        staff={"duty": {"on_duty": 1}, "apps": on_call(answer=0.0, travel=30.0)},
        roles={"applications": {"holders": ["apps", "duty"]}, "desk": {"holders": "duty"}},
        steps=[step("scope", "applications", **{"with": "desk"})],
    )
    assert [(r.minute, r.subject) for r in rows(log, "person") if r.state == "arrived"] == [(30, "apps")]
    assert done(log)["scope"] == 40


def test_somebody_called_in_is_counted_among_the_shift_that_begins_and_goes_home_with_it() -> None:
    log = play(
        staff={"a": {"on_duty": {"02:00-05:00": 2}, "on_call": {"answer": 5.0, "travel": 25.0}}},
        roles={"a": {"holders": "a"}},
        steps=[step("one", "a")],
    )
    on_duty = [(row.minute, row.state, row.value) for row in rows(log, "on_duty", "a")]
    assert on_duty == [(0, "roster", 0), (30, "on_call", 1), (120, "roster", 2), (300, "roster", 0)]


def test_somebody_who_arrives_after_the_shift_has_begun_belongs_to_it() -> None:
    log = play(
        staff={"a": {"on_duty": {"00:20-05:00": 1}, "on_call": {"answer": 5.0, "travel": 25.0}}},
        roles={"a": {"holders": "a"}},
        steps=[step("one", "a")],
    )
    assert [(row.minute, row.value) for row in rows(log, "on_duty", "a")] == [(0, 0), (20, 1), (300, 0)]
    assert done(log) == {"one": 30}


def test_those_called_in_go_home_when_the_incident_is_stood_down() -> None:
    log = play(
        staff={"v": on_call(), "head": {}},
        roles={"v": {"holders": "v"}, "head": {"holders": "head"}},
        steps=[
            step("mend", "v"),
            step("end", "head", after="mend", does="stand_down"),
            step("late", "v", after="end"),
        ],
    )
    assert [(m, s) for m, s, _ in people(log, "v") if s in ("called", "arrived")] == [
        (0, "called"),
        (43, "arrived"),
        (63, "called"),
        (106, "arrived"),
    ]
    assert [(row.minute, row.state, row.value) for row in rows(log, "on_duty", "v")][:3] == [
        (0, "roster", 0),
        (43, "on_call", 1),
        (63, "returned", 0),
    ]


# Shift ends


def overnight(policy: str, **staff: object) -> dict:
    return {
        "hospital": {"rosters": {"late": "16:00-24:00", "night": "00:00-08:00"}},
        "staff": {"a": {"on_duty": {"late": 1, "night": 1}, "at_shift_end": policy, **staff}},
        "roles": {"a": {"holders": "a"}},
        "start": "2026-03-09 23:00",
    }


def test_people_who_finish_stay_after_their_shift_while_the_next_shift_is_there_too() -> None:
    log = play(**overnight("finish"), steps=[step("long", "a", 90.0), step("other", "a", 10.0, at="00:10")])
    assert done(log) == {"long": 90, "other": 80}


def test_work_handed_over_at_midnight_goes_on_with_the_next_shift_and_grows_by_the_handover() -> None:
    log = play(
        **overnight("hand_over", handover=7.0), steps=[step("long", "a", 90.0), step("other", "a", 10.0, at="00:10")]
    )
    assert done(log) == {"long": 97, "other": 107}
    assert people(log, "a")[1] == (60, "handed_over", "long")


def test_work_that_stops_waits_for_the_next_person_and_resumes_or_starts_again() -> None:
    common = {**overnight("stop"), "hospital": {"rosters": {"late": "16:00-24:00", "night": "02:00-08:00"}}}
    log = play(**common, steps=[step("long", "a", 90.0)])
    assert story(log, "step", "long") == [(0, "working"), (60, "off_shift"), (180, "working"), (210, "done")]
    assert people(log, "a")[1] == (60, "interrupted", "long")
    log = play(**common, steps=[step("long", "a", 90.0, if_interrupted="restart")])
    assert done(log) == {"long": 270}


def test_without_anybody_to_hand_over_to_the_work_waits() -> None:
    log = play(
        **{
            **overnight("hand_over", handover=5.0),
            "hospital": {"rosters": {"late": "16:00-24:00", "night": "02:00-08:00"}},
        },
        steps=[step("long", "a", 90.0)],
    )
    assert story(log, "step", "long") == [(0, "working"), (60, "off_shift"), (180, "working"), (215, "done")]


def test_work_that_ends_in_the_minute_the_shift_ends_is_done() -> None:
    for policy in ("finish", "hand_over", "stop"):
        log = play(**overnight(policy), steps=[step("s", "a", 60.0)])
        assert story(log, "step", "s") == [(0, "working"), (60, "done")]


def test_a_shift_that_begins_while_a_step_waits_takes_it_up() -> None:
    log = play(staff={"a": {"on_duty": {"02:00-06:00": 1}}}, roles={"a": {"holders": "a"}}, steps=[step("s", "a")])
    assert causes(log, "step", "s") == [(0, "off_shift", "a"), (120, "working", ""), (130, "done", "")]


def test_staff_at_work_never_exceed_staff_on_duty_unless_they_finish_after_their_shift() -> None:
    log = play(
        **{**overnight("stop"), "staff": {"a": {"on_duty": {"late": 2, "night": 1}, "at_shift_end": "stop"}}},
        steps=[step(f"s{i}", "a", 35.0) for i in range(8)],
    )
    on_duty, busy = 0, 0
    for row in log.events:
        if row.kind == "on_duty":
            on_duty = row.value
        if row.kind == "person":
            busy += row.value if row.state == "seized" else -row.value
        if row.minute != 60:
            assert busy <= on_duty
    assert busy == 0


def test_people_kept_away_by_a_fault_drop_what_they_do_and_come_back_afterwards() -> None:
    log = play(
        staff={"a": {"on_duty": 2}},
        roles={"a": {"holders": "a"}},
        faults=[{"id": "flu", "kind": "people", "target": "a", "at": "00:05", "severity": 0.5, "lasts": 60.0}],
        detection={"monitoring": {"after": 0.0}},
        steps=[step("one", "a", 20.0, at="00:01"), step("two", "a", 20.0, at="00:02")],
    )
    assert done(log) == {"one": 21, "two": 38}
    assert [(row.minute, row.state, row.value) for row in rows(log, "on_duty", "a")] == [
        (0, "roster", 2),
        (5, "fault", 1),
        (65, "fault", 2),
    ]


# Training


def test_people_who_never_trained_take_longer_and_succeed_less_often() -> None:
    def run(trained: float, replication: int = 0):
        return play(
            staff={"a": {"trained": trained}},
            roles={"a": {"holders": "a"}},
            readiness={"untrained_takes": 1.5, "untrained_chance": 0.6},
            steps=[step("s", "a", 20.0, if_it_fails={"again": False})],
            replication=replication,
        )

    assert done(run(1.0)) == {"s": 20}
    ends = [story(run(0.0, r), "step", "s")[-1] for r in range(300)]
    assert {minute for minute, _ in ends} == {30}
    share = sum(state == "done" for _, state in ends) / 300
    assert abs(share - 0.6) < 3.29 * (0.24 / 300) ** 0.5
    assert story(run(0.5), "step", "s")[-1][0] == 25


def test_what_was_drilled_fades_with_the_months_since() -> None:
    def minutes(months: float | None) -> float:
        last = {} if months is None else {"last_drill": months * 30.44 * 1440}
        log = play(
            staff={"a": last},
            roles={"a": {"holders": "a"}},
            readiness={"untrained_takes": 2.0, "untrained_chance": 1.0, "decay": True, "floor": 0.1},
            steps=[step("s", "a", 100.0)],
        )
        return round(done(log)["s"], 6)

    assert minutes(0.0) == 100
    assert minutes(3.0) == round(100 * (2 - 4**-0.85), 6)
    assert minutes(None) == 190


def tired_after(hours: float, **terms: object) -> float:
    """When a step of 60 minutes that begins at 12:00 is done by somebody whose shift began at 02:00."""
    log = play(
        staff={"dba": {"on_duty": {"02:00-23:00": 1}}},
        roles={"dba": {"holders": "dba"}},
        readiness={"tires_after": 60 * hours, **terms},
        faults=[{"id": "f", "target": "his", "at": "12:00"}],
        systems={"his": {}},
        steps=[{"id": "mend", "owner": "dba", "takes": 60.0, "if_it_fails": {"tries": 1}}],
    )
    return done(log).get("mend", float("nan"))


def test_who_has_been_on_duty_for_long_works_more_slowly_by_the_hour():
    assert tired_after(11.0, tired_takes=1.5) == 780
    # two hours beyond: half as fast for an hour, then 2.5 and 3 times as slow
    assert tired_after(8.0, tired_takes=1.5) == 720 + 60 + 60 + 6 * 3.0
    # tiring on the way: fresh for 30 minutes, then a full hour without loss
    assert tired_after(10.5, tired_takes=1.5) == 780
    assert math.isnan(tired_after(8.0, tired_takes=1.5, tired_chance=0.0))


@given(st.floats(0, 3000), st.floats(0.1, 2000), st.floats(1, 2), st.floats(0, 1000))
def test_work_done_while_tiring_is_what_it_took_the_minutes_for(now: float, work: float, takes: float, after: float):
    duty = Duty(Readiness(tires_after=after, tired_takes=takes), [Crew(1, start=0.0, on_call=True)])
    minutes = duty.minutes(now, work)
    assert work <= minutes * (1 + 1e-9) <= 3 * work * (1 + 1e-9)
    assert duty.done(now, minutes) == pytest.approx(work)


def called_in(policy: str = "stop", **terms: object):
    """A step of five hours that only somebody called in can do."""
    return play(
        staff={"dba": {"on_duty": 0, "at_shift_end": policy, "on_call": {"answer": 0.0, "travel": 30.0, **terms}}},
        roles={"dba": {"holders": "dba"}},
        faults=[{"id": "f", "target": "his", "at": "01:00"}],
        systems={"his": {}},
        steps=[{"id": "mend", "owner": "dba", "takes": 300.0}],
    )


def test_who_was_called_in_goes_home_to_rest_and_the_next_one_is_called():
    assert done(called_in()) == {"mend": 390}
    log = called_in(stays=120.0, count=3)
    # there at 90, 240 and 390; each works for two hours, the third for the last one
    assert [r.minute for r in rows(log, "person", "dba") if r.state == "arrived"] == [90, 240, 390]
    assert done(log) == {"mend": 450}


def test_who_hands_over_stays_until_relief_has_come_and_the_work_does_not_stop():
    log = called_in("hand_over", stays=120.0, count=3)
    assert [r.minute for r in rows(log, "person", "dba") if r.state == "called"] == [60, 210, 360]
    assert [(r.minute, r.cause) for r in rows(log, "person", "dba") if r.state == "handed_over"] == [(245, "mend")]
    assert done(log) == {"mend": 390}


def test_where_nobody_can_relieve_them_the_work_waits_until_somebody_has_rested():
    log = called_in("hand_over", stays=120.0, rests=100.0)
    assert [r.minute for r in rows(log, "person", "dba") if r.state == "called"][:2] == [60, 310]
    assert done(log) == {"mend": 340 + 120 + 100 + 30 + 60}


def test_who_has_rested_can_be_called_again():
    log = called_in(stays=200.0, rests=100.0)
    assert [r.minute for r in rows(log, "person", "dba") if r.state == "arrived"] == [90, 420]
    assert done(log) == {"mend": 520}


def test_it_counts_who_has_been_there_longest_and_people_who_are_always_there_do_not_tire():
    terms = Readiness(tires_after=60.0)
    crews = [Crew(1, start=10.0, on_call=True), Crew(1, start=100.0, end=500.0), Crew(1)]
    assert [Duty(terms, crews[n:]).tires for n in range(3)] == [70.0, 160.0, math.inf]
    assert Duty(terms, crews[2:]).minutes(180.0, 900.0) == 900.0


def test_numbers_that_have_changed_since_the_review_are_wrong_once():
    def calls(**plan: object):
        return play(
            staff={"dba": {"on_duty": 0, "on_call": {"answer": 0.0, "travel": 30.0, "again": 10.0}}},
            systems={"his": {}},
            plan={
                "roles": {"dba": {"title": "DBA", "holders": "dba"}},
                "readiness": {"contacts_change": 1.0},
                "steps": [{"id": "mend", "title": "Mend", "owner": "dba"}],
                **plan,
            },
            faults=[{"id": "f", "target": "his", "at": "01:00"}],
        )

    assert story(calls(reviewed="2026-03-09"), "person", "dba")[:2] == [(60, "called"), (60, "answered")]
    assert story(calls(reviewed="2025-03-09"), "person", "dba")[:4] == [
        (60, "called"),
        (60, "missed"),
        (70, "called"),
        (70, "answered"),
    ]


def test_after_the_meeting_in_which_the_plan_is_put_right_its_numbers_hold():
    def first_call(**meeting: object) -> list[tuple[float, str]]:
        log = play(
            staff={"dba": {"on_duty": 0, "on_call": {"answer": 0.0, "travel": 30.0, "again": 10.0}}},
            roles={"dba": {"holders": "dba"}, "lead": {}},
            steps=[
                {"id": "meet", "owner": "lead", "at": "00:30", **meeting},
                {"id": "mend", "owner": "dba", "at": "01:00"},
            ],
            plan={"reviewed": "2025-03-09"},
            readiness={"contacts_change": 1.0},
        )
        return story(log, "person", "dba")[:2]

    assert first_call() == [(60, "called"), (60, "missed")]
    assert first_call(does="learn") == [(60, "called"), (60, "answered")]


def test_the_share_of_wrong_numbers_grows_with_the_years():
    scenario = a_scenario(plan={"readiness": {"contacts_change": 0.2}, "reviewed": "2023-03-09"})
    assert age(scenario) == pytest.approx(3.0, abs=0.01)
    assert age(a_scenario()) == 2.0


# Staying on for an incident


def an_incident(stays_on: float, declared: str = "16:30", ended: str = "", **more: object) -> dict:
    """The head's shift ends at 17:00, two hours after the start; the duty officer, who stands in, comes at 17:00."""
    ending = [step("end", "clerk", 0.0, at=ended, does="stand_down")] if ended else []
    return {
        "staff": {
            "head": {"on_duty": {"08:00-17:00": 1}, "stays_on": stays_on, **more},
            "duty": {"on_duty": {"17:00-08:00": 1}},
            "clerk": {},
        },
        "roles": {
            "lead": {"holders": ["head", "duty"]},
            "clerk": {"holders": "clerk"},
        },
        "start": "2026-03-09 15:00",
        "steps": [
            step("declare", "clerk", 0.0, at=declared, does="declare"),
            *ending,
            step("lead_on", "lead", 10.0, at="18:00"),
            step("lead_late", "lead", 10.0, at="20:30"),
        ],
    }


def leaders(log: Log) -> list[tuple[str, str]]:
    """Who took which step that is the lead's."""
    return [(row.subject, row.cause) for row in rows(log, "person") if row.state == "seized" and "lead" in row.cause]


def test_who_is_there_when_an_incident_is_declared_stays_on_for_it_beyond_the_shift_and_then_goes_home() -> None:
    assert leaders(play(**an_incident(0.0))) == [("duty", "lead_on"), ("duty", "lead_late")]
    log = play(**an_incident(180.0))
    assert leaders(log) == [("head", "lead_on"), ("duty", "lead_late")]
    assert [(r.minute, r.state, r.value) for r in rows(log, "on_duty", "head")] == [
        (0, "roster", 1),
        (120, "roster", 1),
        (300, "returned", 0),
    ]


def test_nobody_stays_on_for_an_incident_that_is_over_or_was_declared_after_the_shift() -> None:
    over = play(**an_incident(180.0, ended="16:50"))
    late = play(**an_incident(180.0, declared="17:10"))
    for log in (over, late):
        assert leaders(log) == [("duty", "lead_on"), ("duty", "lead_late")]
    ended_later = play(**an_incident(600.0, ended="19:00"))
    assert leaders(ended_later) == [("head", "lead_on"), ("duty", "lead_late")]


def test_who_stays_on_until_the_next_shift_begins_is_counted_among_it() -> None:
    log = play(**an_incident(2000.0), horizon=2000.0)
    assert [(r.minute, r.value) for r in rows(log, "on_duty", "head")] == [(0, 1), (120, 1), (1020, 1), (1560, 0)]


def test_a_meeting_is_not_held_again_for_want_of_practice_and_work_is() -> None:
    parts = {
        "staff": {"a": {"trained": 0.0}},
        "roles": {"a": {"holders": "a"}},
        "readiness": {"untrained_takes": 2.0, "untrained_chance": 0.0},
    }
    meeting, work = (
        play(**parts, steps=[step("s", "a", 10.0, phase=phase, if_it_fails={"again": True, "tries": 3})], horizon=500.0)
        for phase in ("learn", "repair")
    )
    assert done(meeting) == {"s": 10.0}
    assert done(work) == {}


def test_whose_shift_begins_before_a_call_brings_them_does_not_arrive_again() -> None:
    log = play(
        staff={"v": {"on_duty": {"01:00-09:00": 1}, "on_call": {"count": 1, "answer": 10.0, "travel": 90.0}}},
        roles={"v": {"holders": "v"}},
        steps=[step("mend", "v")],
    )
    assert [state for _, state, _ in people(log, "v")] == ["called", "answered", "seized", "released"]
    assert done(log)["mend"] == 70


def test_a_step_waits_for_the_role_in_which_somebody_is_on_the_way() -> None:
    """The one on duty may stand in for both: it is the engineer who is called in, and so the engineer who is waited for."""
    log = play(
        staff={"night": {"on_duty": 1}, "engineer": {"on_duty": 0, "on_call": {"count": 1, "answer": 0.0, "travel": 20.0}}},
        roles={"applications": {"holders": ["engineer", "night"]}, "desk": {"holders": ["night"]}},
        steps=[{**step("look", "applications"), "with": {"desk": 1}}],
    )  # fmt: skip
    assert causes(log, "step", "look")[0] == (0, "on_the_way", "applications")
