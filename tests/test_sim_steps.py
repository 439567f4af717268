"""The plan: triggers, chains, judgements, failures, going back, spares, restoring, verifying, what is written down at EndEx."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sim_rows import causes, done, play, reached, rows, story


def step(name: str, takes: float = 10.0, **parts: object) -> dict:
    return {"id": name, "owner": "it", "takes": takes, **parts}


def plan(*steps: dict, count: int = 99, **parts: object):
    """A plan carried out by so many people who are always there."""
    return play(roles={"it": {"count": count}}, steps=list(steps), **parts)


FAULT = {"id": "f", "target": "db", "at": "00:30"}


# Times


def test_steps_in_a_row_take_the_sum_and_side_by_side_the_longest() -> None:
    log = plan(
        step("a", 5.0),
        step("b", 7.0, after="a"),
        step("c", 11.0, after="b"),
        step("d", 20.0),
        step("e", 1.0, after=["c", "d"]),
    )
    assert done(log) == {"a": 5, "b": 12, "c": 23, "d": 20, "e": 24}


def graham(machines: int):
    """The nine jobs of Graham (1969), Bounds on multiprocessing timing anomalies, in list order."""
    minutes = dict(zip("abcdefghi", [3, 2, 2, 2, 4, 4, 4, 4, 9], strict=True))
    before = {"i": ["a"], "e": ["d"], "f": ["d"], "g": ["d"], "h": ["d"]}
    return plan(*(step(j, float(m), after=before.get(j, [])) for j, m in minutes.items()), count=machines, pick="list")


def test_grahams_plan_takes_12_minutes_with_three_people_and_15_with_four() -> None:
    assert max(done(graham(3)).values()) == 12
    assert max(done(graham(4)).values()) == 15


DURATIONS = ["uniform(2 min, 9 min)", "triangular(1 min, 4 min, 12 min)", "constant", "pert(3 min, 5 min, 20 min)"]
LEAST = {
    "uniform(2 min, 9 min)": 2.0,
    "triangular(1 min, 4 min, 12 min)": 1.0,
    "constant": 6.0,
    "pert(3 min, 5 min, 20 min)": 3.0,
}


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(DURATIONS), st.lists(st.integers(0, 9), max_size=3)), min_size=1, max_size=10),
    st.integers(1, 3),
    st.sampled_from(["ready", "list"]),
)
def test_no_plan_is_finished_before_its_longest_chain_of_least_times(jobs: list, people: int, pick: str) -> None:
    steps, earliest = [], {}
    for number, (takes, before) in enumerate(jobs):
        after = sorted({f"s{b % number}" for b in before}) if number else []
        steps.append(step(f"s{number}", 6.0 if takes == "constant" else takes, after=after))
        earliest[f"s{number}"] = max((earliest[b] for b in after), default=0.0) + LEAST[takes]
    log = plan(*steps, count=people, pick=pick)
    ended = done(log)
    assert len(ended) == len(jobs)
    assert all(ended[name] >= earliest[name] - 1e-9 for name in ended)
    assert max(ended.values()) >= sum(LEAST[takes] for takes, _ in jobs) / people - 1e-9


# Triggers


def test_without_a_trigger_a_step_begins_when_the_fault_is_known_or_at_startex() -> None:
    assert done(plan(step("a"))) == {"a": 10}
    log = plan(step("a"), systems={"db": {}}, faults=[FAULT], detection={"monitoring": {"after": 4.0}})
    assert causes(log, "step", "a") == [(0, "dormant", "detected"), (34, "working", ""), (44, "done", "")]


def test_one_of_the_events_is_enough_and_all_kinds_of_trigger_must_hold() -> None:
    log = plan(
        step("a", on=["db up", "db down"], at="00:40"),
        step("b", on="db down", after="a", when="db is away for 25 min"),
        systems={"db": {}},
        faults=[FAULT],
    )
    assert done(log) == {"a": 50, "b": 65}
    assert causes(log, "step", "b") == [
        (0, "dormant", "db down"),
        (30, "dormant", "db is away for 25 min"),
        (55, "working", ""),
        (65, "done", ""),
    ]


def test_a_condition_that_no_longer_holds_when_the_steps_before_are_done_is_waited_for_again() -> None:
    log = plan(
        step("a", 100.0),
        step("b", after="a", when="db is away"),
        systems={"db": {}},
        faults=[{**FAULT, "at": "00:05", "lasts": 20.0}, {**FAULT, "id": "g", "at": "03:00"}],
        detection={"monitoring": {"after": 0.0}},
    )
    assert story(log, "step", "b") == [(0, "dormant"), (5, "after"), (105, "dormant"), (180, "working"), (190, "done")]


@pytest.mark.parametrize(
    ("words", "minute"),
    [
        ("db is away for 10 min", 40),
        ("db is down", 30),
        ("not db is up", 30),
        ("db is away for 60 min", 90),
        ("db is restoring for 20 min", 90),
        ("his is away for threshold paper", 45),
        ("15 min after failed and db is away", 45),
        ("db is restoring or 100 min after failed", 70),
        ("out is waiting for 5 min", 35),
        ("detected and not declared", 32),
        ("db is away for 3 h", None),
    ],
)
def test_conditions_are_found_true_in_the_minute_they_come_true(words: str, minute: float | None) -> None:
    log = plan(
        step("a", 0.0, when=words),
        systems={"db": {"restart": 60.0}, "his": {"needs": ["db"]}},
        departments={"out": {}},
        activities={"registration": {"department": "out", "uses": ["his"]}},
        detection={"monitoring": {"after": 2.0}},
        thresholds={"paper": 15.0},
        faults=[{**FAULT, "lasts": 40.0}],
        horizon=300.0,
    )
    assert reached(log).get("a") == minute


def test_a_step_that_is_not_needed_is_not_applicable_and_lets_the_next_go_on() -> None:
    log = plan(step("a", only_if="db is away"), step("b", after="a"), systems={"db": {}})
    assert story(log, "step", "a") == [(0, "not_applicable")]
    assert done(log) == {"b": 10}


def test_what_is_not_finished_at_endex_is_written_down() -> None:
    log = plan(step("a", 500.0), step("b", after="a"), step("c", on="db down"), systems={"db": {}}, horizon=100.0)
    for name in "abc":
        assert story(log, "step", name)[-1] == (100, "unfinished")
    assert [row.state for row in rows(log, "run")] == ["started", "ended"]


def test_a_step_done_in_the_very_minute_of_endex_is_done() -> None:
    assert done(plan(step("a", 100.0), horizon=100.0)) == {"a": 100}


# Failing


def test_a_step_is_tried_again_after_a_pause_until_its_tries_are_used_up() -> None:
    log = plan(
        step("call", chance=0.0, if_it_fails={"tries": 3, "pause": 5.0}),
        step("next", after="call"),
        step("escalate", on="call failed"),
    )
    assert [(row.minute, row.state, row.value) for row in rows(log, "step", "call")] == [
        (0, "working", 1), (10, "pause", 1), (15, "working", 2), (25, "pause", 2), (30, "working", 3), (40, "failed", 3),
    ]  # fmt: skip
    assert reached(log)["call failed"] == 40
    assert done(log) == {"escalate": 50}
    assert story(log, "step", "next")[-1][1] == "unfinished"


def test_every_try_has_its_row() -> None:
    log = plan(step("call", chance=0.0, if_it_fails={"tries": 3}))
    assert [(row.minute, row.state, row.value) for row in rows(log, "step", "call")] == [
        (0, "working", 1), (10, "working", 2), (20, "working", 3), (30, "failed", 3),
    ]  # fmt: skip


def test_a_step_that_is_not_to_be_tried_again_lets_the_plan_go_on_without_it() -> None:
    log = plan(step("a", chance=0.0, if_it_fails={"again": False}), step("next", after="a"))
    assert done(log) == {"next": 20}


def test_a_step_that_is_called_off_ends_then_without_success_and_changes_nothing() -> None:
    """Work of 100 minutes is called off after 30, and so is a step whose moment never came; what was done stays done."""
    log = plan(
        step("early", 5.0, at="00:00"), step("long", 100.0, at="00:00", does={"repair": "db"}), step("later", at="05:00"),
        step("then", after="long"), step("stop", 30.0, at="00:00", does={"call_off": ["long", "later", "early"]}),
        systems={"db": {}}, faults=[{"id": "f", "target": "db", "at": "00:00"}], horizon=400.0,
    )  # fmt: skip
    assert causes(log, "step", "long")[-2:] == [(0, "working", ""), (30, "failed", "stop")]
    assert causes(log, "step", "later")[-1] == (30, "failed", "stop")
    assert done(log) == {"early": 5, "stop": 30}
    assert story(log, "component", "db") == [(0, "down")]
    assert story(log, "step", "then")[-1] == (400, "unfinished")
    assert reached(log)["long failed"] == 30


def test_tries_succeed_as_often_as_their_chance_says() -> None:
    tries = [
        rows(plan(step("a", chance=0.25, if_it_fails={"tries": 99}), replication=r), "step", "a")[-1].value
        for r in range(400)
    ]
    assert abs(sum(tries) / 400 - 4) < 3.29 * (12 / 400) ** 0.5


def test_going_back_does_that_step_and_all_that_follow_it_anew() -> None:
    log = plan(
        step("diagnose"),
        step("side", 3.0, after="diagnose"),
        step("mend", after="diagnose", chance=0.0, if_it_fails={"tries": 2, "back_to": "diagnose"}),
        step("far", 50.0, after="side"),
        step("apart", 100.0),
    )
    assert story(log, "step", "mend") == [
        (0, "after"),
        (10, "working"),
        (20, "redo"),
        (20, "after"),
        (30, "working"),
        (40, "failed"),
    ]
    assert causes(log, "step", "side") == [
        (0, "after", "diagnose"), (10, "working", ""), (13, "done", ""), (20, "redo", "mend"), (20, "after", "diagnose"), (30, "working", ""), (33, "done", ""),
    ]  # fmt: skip
    assert story(log, "step", "far") == [
        (0, "after"),
        (13, "working"),
        (20, "redo"),
        (20, "after"),
        (33, "working"),
        (83, "done"),
    ]
    assert done(log)["apart"] == 100
    assert [row.subject for row in rows(log, "reached")].count("diagnose") == 1


def test_a_step_waiting_for_two_others_waits_anew_for_one_that_is_sent_back() -> None:
    log = plan(
        step("first"),
        step("slow", 60.0),
        step("both", after=["first", "slow"]),
        step("mend", after="first", chance=0.0, if_it_fails={"tries": 2, "back_to": "first"}),
    )
    waits = [(minute, cause) for minute, state, cause in causes(log, "step", "both") if state == "after"]
    assert waits == [(0, "first,slow"), (10, "slow"), (20, "first,slow"), (30, "slow")]


def test_people_of_a_step_that_is_sent_back_are_free() -> None:
    log = play(
        staff={"x": {"on_duty": 3}},
        roles={"it": {"holders": "x"}},
        steps=[
            step("a"),
            step("long", 500.0, after="a"),
            step("mend", after="a", chance=0.0, if_it_fails={"tries": 2, "back_to": "a"}),
        ],
    )
    taken = [(row.minute, row.state, row.cause) for row in rows(log, "person", "x")]
    assert (20, "released", "long") in taken
    assert sum(row.value if row.state == "seized" else -row.value for row in rows(log, "person", "x")) == 0


# Judging and mending


def judging(chance_right: float, replication: int = 0):
    return plan(
        step("judge", does="judge", chance_right=chance_right),
        step("mend", 20.0, after="judge", does={"repair": "cause"}, if_it_fails={"tries": 9, "back_to": "judge"}),
        systems={"db": {}},
        causes=["disk", "software", "network"],
        faults=[{**FAULT, "cause": "disk"}],
        detection={"monitoring": {"after": 0.0}},
        replication=replication,
    )


def test_a_right_judgement_mends_and_a_wrong_one_costs_the_time_until_it_is_found_out() -> None:
    assert story(judging(1.0), "component", "db") == [(30, "down"), (60, "up")]
    log = judging(0.0)
    judged = [(row.minute, row.cause, row.value) for row in rows(log, "decided", "judge")]
    assert [minute for minute, _, _ in judged] == [40, 70, 100]
    assert {cause for _, cause, value in judged if value == 0} == {"software", "network"}  # not the same mistake twice
    assert judged[-1][1:] == ("disk", 1.0)  # nothing else is left
    assert story(log, "component", "db") == [(30, "down"), (120, "up")]


def test_a_wrong_judgement_takes_a_fault_for_what_it_looks_like() -> None:
    """A blue screen is not taken for a cut line; once what it looks like is disproved, only the truth is left."""

    def judged(alike: list[str], replication: int) -> list[str]:
        log = plan(
            step("judge", does="judge", chance_right=0.0),
            step("mend", 20.0, after="judge", does={"repair": "cause"}, if_it_fails={"tries": 9, "back_to": "judge"}),
            systems={"db": {}},
            causes=["disk", "software", "network", "power"],
            faults=[{**FAULT, "cause": "disk", "mistaken_for": alike}],
            detection={"monitoring": {"after": 0.0}},
            replication=replication,
        )
        return [row.cause for row in rows(log, "decided", "judge")]

    assert all(judged(["network"], r) == ["network", "disk"] for r in range(10))
    assert {judged(["network", "power"], r)[0] for r in range(20)} == {"network", "power"}
    assert {judged([], r)[0] for r in range(40)} == {"software", "network", "power"}


def test_a_better_first_judgement_brings_the_system_back_earlier_on_average() -> None:
    def minutes(chance: float) -> float:
        return sum(story(judging(chance, r), "component", "db")[-1][0] for r in range(100)) / 100

    assert minutes(1.0) + 10 < minutes(0.6) < minutes(0.2) - 5


def test_people_who_are_away_are_not_what_is_judged() -> None:
    log = play(
        staff={"clerk": {}},
        roles={"it": {"count": 9}},
        systems={"db": {}},
        causes=["disk", "software"],
        faults=[
            {"id": "flu", "kind": "people", "target": "clerk", "at": "00:10"},
            {**FAULT, "cause": "disk"},
        ],
        steps=[step("judge", on="f", does="judge"), step("mend", after="judge", does={"repair": "cause"})],
    )
    assert [(row.cause, row.value) for row in rows(log, "decided")] == [("disk", 1.0)]
    assert done(log) == {"judge": 40, "mend": 50}


def test_without_a_fault_there_is_nothing_to_judge_and_nothing_to_mend() -> None:
    log = plan(step("judge", does="judge"), step("mend", after="judge", does={"repair": "cause"}), causes=["disk"])
    assert done(log) == {"judge": 10, "mend": 20}
    assert rows(log, "decided") == []


def test_conditions_may_ask_what_was_judged() -> None:
    log = plan(
        step("judge", does="judge", chance_right=1.0),
        step("disk_team", after="judge", only_if="judged disk"),
        step("other_team", after="judge", only_if="judged wrong"),
        systems={"db": {}},
        causes=["disk", "software"],
        faults=[{**FAULT, "cause": "disk"}],
        detection={"monitoring": {"after": 0.0}},
    )
    assert done(log) == {"judge": 40, "disk_team": 50}


def test_the_grade_is_the_first_that_fits_when_the_incident_is_declared() -> None:
    def grade(at: str) -> tuple[str, set[str]]:
        log = plan(
            step("declare", 0.0, at=at, does="declare"),
            step("big", on="declared", only_if="grade <= 1"),
            systems={"db": {}},
            faults=[FAULT],
            grades=[{"id": 1, "title": "x", "when": "db is away for 30 min"}, {"id": 2, "title": "y"}],
        )
        return rows(log, "decided", "declare")[0].cause, set(done(log))

    assert grade("00:45") == ("2", {"declare"})
    assert grade("01:30") == ("1", {"declare", "big"})


def test_a_grade_calls_in_the_roles_it_activates() -> None:
    log = play(
        staff={"vendor": {"on_duty": 0, "on_call": {"answer": 2.0, "travel": 30.0}}},
        roles={"it": {}, "vendor": {"holders": "vendor"}},
        steps=[step("declare", does="declare"), step("mend", 50.0, after="declare") | {"owner": "vendor"}],
        grades=[{"id": 1, "title": "x", "activates": "vendor"}],
    )
    assert causes(log, "person", "vendor")[0] == (10, "called", "declare")
    assert done(log)["mend"] == 92


# Spares and tools


def test_spares_run_out_and_the_supplier_brings_more() -> None:
    log = plan(
        step("one", spare="disk"),
        step("two", spare="disk"),
        step("three", spare="disk"),
        systems={"disk": {"spares": 1, "spare_arrives": "listed(60 min, 90 min)"}},
    )
    assert done(log) == {"one": 10, "two": 70, "three": 100}
    assert causes(log, "step", "two")[0] == (0, "thing", "disk")


def test_without_a_supplier_a_step_waits_for_its_spare_to_the_end() -> None:
    log = plan(step("one", spare="disk"), systems={"disk": {}}, horizon=50.0)
    assert story(log, "step", "one") == [(0, "thing"), (50, "unfinished")]


def test_a_step_waits_for_the_systems_it_uses_without_keeping_people() -> None:
    log = play(
        staff={"x": {}},
        roles={"it": {"holders": "x"}},
        systems={"tool": {}},
        faults=[{**FAULT, "target": "tool", "lasts": 60.0}],
        detection={"monitoring": {"after": 0.0}},
        steps=[step("a", uses="tool"), step("b", 20.0, at="00:40")],
    )
    assert causes(log, "step", "a") == [
        (0, "dormant", "detected"),
        (30, "system", "tool"),
        (90, "working", ""),
        (100, "done", ""),
    ]
    assert done(log)["b"] == 60


# Restoring and verifying


def test_what_is_broken_cannot_be_restored_before_it_is_mended() -> None:
    log = plan(
        step("restore", does={"restore": "db"}, if_it_fails={"tries": 9, "pause": 10.0}),
        step("mend", 35.0, does={"repair": "db"}),
        systems={"db": {"comes_back": "by_hand", "restart": 5.0}},
        faults=[FAULT],
        detection={"monitoring": {"after": 0.0}},
    )
    assert done(log) == {"mend": 65, "restore": 85}
    assert story(log, "component", "db") == [(30, "down"), (80, "restoring"), (85, "up")]


def test_restoring_all_does_not_depend_on_what_nobody_needs() -> None:
    def run(kind: dict):
        return plan(
            step("restore", on="f", does={"restore": "all"}, if_it_fails={"tries": 1}),
            systems={"db": {"tier": 1}, "printer": kind},
            faults=[{**FAULT, "target": "printer"}],
        )

    assert story(run({}), "step", "restore")[-1][1] == "done"
    assert story(run({"tier": 3}), "step", "restore")[-1][1] == "failed"


def test_restoring_all_fails_at_once_while_something_broken_keeps_another_from_starting() -> None:
    log = plan(
        step("restore", on="f", does={"restore": "all"}, if_it_fails={"tries": 1}),
        systems={"storage": {}, "db": {"tier": 1, "needs": ["storage"], "comes_back": "by_hand"}},
        faults=[{**FAULT, "target": "storage"}],
    )
    assert story(log, "step", "restore")[-1] == (40, "failed")


def test_a_fault_during_a_restore_fails_the_step_that_restores() -> None:
    log = plan(
        step("restore", on="db up", does={"restore": "his"}, if_it_fails={"tries": 2, "pause": 20.0}),
        systems={"db": {}, "his": {"needs": ["db"], "comes_back": "by_hand", "restart": 30.0}},
        faults=[{**FAULT, "lasts": 10.0}, {**FAULT, "id": "g", "target": "his", "at": "01:00", "lasts": 5.0}],
    )
    assert story(log, "step", "restore")[1:] == [(40, "working"), (60, "pause"), (80, "working"), (120, "done")]


LAYERS = {
    "power": {},
    "storage": {"needs": ["power"], "comes_back": "by_hand", "restart": 10.0},
    "db": {"needs": ["storage"], "comes_back": "by_hand", "restart": 20.0, "tier": 1},
    "his": {"needs": ["db"], "comes_back": "by_hand", "restart": 5.0, "tier": 1},
    "lab": {"needs": ["db"], "comes_back": "by_hand", "restart": 8.0, "tier": 2},
}


def cut_power(does: object, **parts: object):
    return plan(
        step("restore", 0.0, on="power up", does=does),
        systems=LAYERS,
        faults=[{**FAULT, "target": "power", "lasts": 10.0}],
        **parts,
    )


def test_restoring_all_goes_line_by_line_of_the_restore_order() -> None:
    log = cut_power({"restore": "all"}, restore_order=[["storage"], ["db"], ["lab"], ["his"]])
    assert {name: story(log, "component", name)[-1][0] for name in LAYERS} == {
        "power": 40,
        "storage": 50,
        "db": 70,
        "lab": 78,
        "his": 83,
    }
    assert done(log) == {"restore": 83}


def test_components_of_one_line_are_started_side_by_side() -> None:
    log = cut_power({"restore": "all"}, restore_order=[["storage"], ["db"], ["lab", "his"]])
    assert {name: story(log, "component", name)[-1][0] for name in ("lab", "his")} == {"lab": 78, "his": 75}


def test_what_stands_too_early_in_the_order_is_put_off_until_it_has_what_it_needs() -> None:
    log = cut_power({"restore": "all"}, restore_order=[["his"], ["storage"], ["db"], ["lab"]])
    assert story(log, "component", "his")[-1] == (75, "up")
    assert done(log) == {"restore": 78}


def test_restoring_a_tier_waits_for_what_it_needs_and_lets_people_go_meanwhile() -> None:
    log = play(
        staff={"x": {}},
        roles={"it": {"holders": "x"}},
        systems=LAYERS,
        faults=[{**FAULT, "target": "power", "lasts": 10.0}],
        steps=[
            step("tier", 0.0, on="power up", does={"restore": "tier 1"}),
            step("base", 5.0, on="power up", does={"restore": "storage"}),
        ],
    )
    assert ("system", "storage") in [(state, cause) for _, state, cause in causes(log, "step", "tier")]
    assert done(log) == {"base": 55, "tier": 80}


def test_restored_is_the_minute_no_system_with_an_rto_or_a_tier_is_away() -> None:
    log = cut_power({"restore": "all"}, restore_order=[["storage"], ["db"], ["his"], ["lab"]])
    assert reached(log)["restored"] == 83


def test_verifying_fails_while_something_is_away_and_is_tried_again_once_it_is_back() -> None:
    log = plan(
        step("verify", 5.0, does={"verify": "out"}, if_it_fails={"tries": 9, "pause": 10.0}),
        systems={"db": {}, "his": {"needs": ["db"]}},
        departments={"out": {}},
        activities={"registration": {"department": "out", "uses": ["his"]}},
        faults=[{**FAULT, "lasts": 30.0}],
        detection={"monitoring": {"after": 0.0}},
    )
    assert done(log) == {"verify": 65}
    assert [row.value for row in rows(log, "step", "verify") if row.state == "working"] == [1, 2]


def test_the_states_of_a_step_follow_each_other_without_gaps_from_startex_to_its_end() -> None:
    log = judging(0.3, replication=3)
    for name in ("judge", "mend"):
        states = story(log, "step", name)
        assert states[0][0] == 0
        assert states[-1][1] in ("done", "failed", "unfinished")
        assert [m for m, _ in states] == sorted(m for m, _ in states)
