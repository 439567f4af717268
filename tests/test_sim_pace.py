"""Work that goes slower: with a slow system the step uses, tired people, people out of practice; and that the log says so."""

from __future__ import annotations

import pytest

from drillsim.score.replication import score
from tests.builder import a_scenario
from tests.sim_rows import again, done, play, rows


def at_the_his(*, slow: list[tuple[str, float, float]] = (), takes: object = 60.0, **parts: object):
    """A step of 60 minutes of work at the HIS from 60 on; the HIS is slow by a factor from a time of day for so many minutes."""
    faults = [{"id": f"s{n}", "kind": "slow", "target": "his", "severity": by, "at": at, "lasts": lasts} for n, (at, by, lasts) in enumerate(slow)]  # fmt: skip
    return play(
        systems={"his": {}, "other": {}},
        roles={"it": {"count": 2}},
        faults=[{"id": "f", "target": "other", "at": "01:00"}, *faults],
        steps=[{"id": "s", "owner": "it", "on": "f", "takes": takes, "uses": "his", **parts}],
    )


def paces(log, step: str = "s") -> list[tuple[float, str, str, float]]:
    return [(e.minute, e.state, e.cause, e.value) for e in rows(log, "pace", step)]


def test_a_step_that_uses_a_slow_system_takes_its_factor_as_long():
    log = at_the_his(slow=[("00:30", 3.0, 900.0)])
    assert done(log)["s"] == 60 + 3 * 60
    assert paces(log) == [(60, "slow", "his", 3.0), (240, "slow", "his", 1.0)]
    assert done(at_the_his(slow=[("00:30", 3.0, 900.0)], uses=[]))["s"] == 120  # it does not use it


def test_work_goes_on_at_the_new_pace_when_the_system_changes_meanwhile():
    """20 min as always, then 30 min at half the pace (15 of work), then the last 25 as always."""
    log = at_the_his(slow=[("01:20", 2.0, 30.0)])
    assert done(log)["s"] == 60 + 20 + 30 + 25
    assert paces(log) == [(80, "slow", "his", 2.0), (110, "slow", "his", 1.0)]


def test_a_system_that_is_slow_before_or_after_the_work_leaves_it_alone():
    for at in ("00:10", "05:00"):
        log = at_the_his(slow=[(at, 2.0, 30.0)])
        assert (done(log)["s"], paces(log)) == (120, [])


def test_the_luck_of_the_work_is_the_same_with_a_slow_system():
    luck = "lognormal(median 40 min, p90 90 min)"
    fast, slow = (done(at_the_his(slow=s, takes=luck))["s"] - 60 for s in ([], [("00:30", 2.0, 9000.0)]))
    assert slow == pytest.approx(2 * fast)


def test_tiredness_and_want_of_practice_are_said_with_their_factors_from_the_minute_they_count():
    """The shift began at 02:00, people tire from 12:00 on: an hour later work takes half as long again; lack of training doubles the work."""
    log = play(
        staff={"dba": {"on_duty": {"02:00-23:00": 1}, "trained": 0.0}},
        roles={"dba": {"holders": "dba"}},
        readiness={"tires_after": 600.0, "tired_takes": 1.5, "untrained_takes": 2.0},
        faults=[{"id": "f", "target": "his", "at": "12:00"}],
        systems={"his": {}},
        steps=[{"id": "s", "owner": "dba", "takes": 45.0}],
    )
    assert done(log)["s"] == 720 + 60 + 30 * 1.5
    assert paces(log) == [
        (720, "untrained", "", 2.0), (780, "tired", "", 1.5), (825, "untrained", "", 1.0), (825, "tired", "", 1.0),
    ]  # fmt: skip


# Tools that a step can do without


def with_a_tool(
    *, away: list[tuple[str, float]] = (), tools: int = 1, takes: object = 60.0, replication: int = 0, **without: object
):
    """A step of 60 minutes of work from 60 on, twice as long without its tool, which is away from a time of day for so many minutes."""
    names = [f"tool_{n}" for n in range(tools)]
    faults = [{"id": f"a{n}", "target": "tool_0", "at": at, "lasts": lasts} for n, (at, lasts) in enumerate(away)]
    return play(
        systems={"other": {}, **{name: {} for name in names}},
        roles={"it": {"count": 2}},
        faults=[{"id": "f", "target": "other", "at": "01:00"}, *faults],
        steps=[{"id": "s", "owner": "it", "on": "f", "takes": takes, "helped_by": {n: {"slows": 2, **without} for n in names}}],
        replication=replication,
    )  # fmt: skip


def test_a_step_begins_without_a_tool_that_helps_it_and_takes_longer_while_that_is_away():
    """Away all the time: 120 min. Back after 40 min of work at half the pace (20 done): 40 more. Lost after 30: 30 left, 60 min without it."""
    assert done(with_a_tool())["s"] == 60 + 60
    log = with_a_tool(away=[("00:30", 9000.0)])
    assert (done(log)["s"], paces(log)) == (60 + 120, [(60, "without", "tool_0", 2.0), (180, "without", "tool_0", 1.0)])
    assert done(with_a_tool(away=[("00:30", 70.0)]))["s"] == 60 + 40 + 40
    log = with_a_tool(away=[("01:30", 9000.0)])
    assert (done(log)["s"], paces(log)) == (90 + 60, [(90, "without", "tool_0", 2.0), (150, "without", "tool_0", 1.0)])


def test_two_tools_that_are_away_multiply_and_a_slow_tool_helps_all_the_same():
    systems = {"other": {}, "a": {}, "b": {}}
    step = {"id": "s", "owner": "it", "on": "f", "takes": 60.0, "helped_by": {"a": {"slows": 2}, "b": {"slows": 1.5}}}
    faults = [{"id": "f", "target": "other", "at": "01:00"}, {"id": "a", "target": "a", "at": "00:10"}]
    both = [*faults, {"id": "b", "target": "b", "at": "00:10"}]
    slow = [*faults[:1], {"id": "s", "kind": "slow", "target": "a", "severity": 5.0, "at": "00:10"}]
    ended = [done(play(systems=systems, roles={"it": {}}, faults=which, steps=[step]))["s"] for which in (both, faults, slow)]  # fmt: skip
    assert ended == [60 + 180, 60 + 120, 60 + 60]


def test_without_its_tool_a_step_succeeds_and_judges_so_many_times_as_often():
    """Certain with the tool; without it a share of 0.5 of the first tries (99.9 % binomial bounds of 200 runs: 77 to 123)."""
    first = lambda log: rows(log, "step", "s")[-1].value == 1  # noqa: E731
    tries = {"chance": 0.5, "takes": 5.0}
    assert all(first(with_a_tool(replication=n, **tries)) for n in range(20))
    assert 77 <= sum(first(with_a_tool(replication=n, away=[("00:30", 9000.0)], **tries)) for n in range(200)) <= 123
    step = {
        "id": "s",
        "owner": "it",
        "on": "f",
        "takes": 5.0,
        "does": "judge",
        "helped_by": {"tool": {"chance_right": 0.5}},
    }
    right = {}
    for away in (True, False):
        faults = [{"id": "f", "target": "other", "at": "01:00"}, *([{"id": "a", "target": "tool", "at": "00:10"}] if away else [])]  # fmt: skip
        parts = {"systems": {"other": {}, "tool": {}}, "roles": {"it": {}}, "causes": ["x", "y"], "steps": [step]}
        logs = [play(faults=[{**f, "cause": "x"} for f in faults], replication=n, **parts) for n in range(200)]
        right[away] = sum(row.value for log in logs for row in rows(log, "decided", "s"))
    assert right[False] == 200
    assert 77 <= right[True] <= 123


def test_a_tool_that_is_back_as_the_work_ends_costs_minutes_and_no_success():
    log = with_a_tool(away=[("00:30", 70.0)], chance=0.0)
    assert done(log)["s"] == 60 + 40 + 40


def test_work_without_its_tool_is_slowed_for_want_of_it_and_its_parts_add_up():
    """60 min of work by the untrained (half as long again) from 60 on; the tool, without which it takes twice as long, is back at 90: a third of
    those 30 min is work, the 20 lost are shared 0.5 to 1, and 75 min are left, 25 of them lost."""
    scenario = a_scenario(
        systems={"other": {}, "tool": {}},
        staff={"it": {"trained": 0.0}},
        roles={"it": {"holders": "it"}},
        readiness={"untrained_takes": 1.5},
        faults=[{"id": "f", "target": "other", "at": "01:00"}, {"id": "g", "target": "tool", "at": "00:30", "lasts": 60.0}],
        steps=[{"id": "s", "owner": "it", "on": "f", "takes": 60.0, "helped_by": {"tool": {"slows": 2}}}],
    )  # fmt: skip
    found = score(scenario, again(scenario))
    minutes = {cause or part: m for (_, part, cause), m in zip(found.causes, found.minutes, strict=True)}
    assert minutes == pytest.approx({"work": 60, "untrained": 25 + 20 / 3, "without tool": 40 / 3})
    assert sum(found.minutes) == found.figures["step", "s", "taken"] == 105


@pytest.mark.parametrize(
    ("step", "message"),
    [
        ({"helped_by": {"tool": {}}}, "say what the step is like without it: 'slows', 'chance' or 'chance_right'"),
        ({"helped_by": {"tool": {"slows": 0.5}}}, "greater than or equal to 1"),
        ({"helped_by": {"tool": {"slows": 2}}, "uses": "tool"}, "'tool' stands in 'uses' too"),
        ({"helped_by": {"tool": {"chance_right": 0.5}}}, "'chance_right' of 'tool' is for a step that does 'judge'"),
    ],
)
def test_a_tool_that_brings_nothing_or_is_waited_for_is_a_mistake(step, message):
    with pytest.raises(ValueError, match=message):
        a_scenario(systems={"tool": {}}, roles={"it": {}}, steps=[{"id": "s", "owner": "it", **step}])
