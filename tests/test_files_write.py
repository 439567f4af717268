"""A scenario written out and read again is the same scenario."""

from __future__ import annotations

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drillsim import files
from drillsim.model.scenario import Scenario
from tests.builder import a_scenario
from tests.files_sample import GOOD

minutes = st.one_of(st.integers(0, 5000), st.floats(0, 1e6, allow_nan=False))
above_zero = st.one_of(st.integers(1, 5000), st.floats(1e-3, 1e6))
shares = st.floats(0, 1)
words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=20)
titles = st.one_of(words, st.fixed_dictionaries({"en": words, "zh": words}), st.fixed_dictionaries({"zh": words}))


def span(low, high):
    return st.tuples(low, high).map(sorted)


@st.composite
def durations(draw):
    """Durations of every kind, in words."""
    a, b, c = sorted(draw(st.lists(st.floats(0.01, 1e4), min_size=3, max_size=3)))
    kind = draw(st.sampled_from(range(14)))
    return (
        f"{a!r} min",
        f"exponential({a!r} min)",
        f"erlang({draw(st.integers(1, 9))}, {a!r} min)",
        f"gamma(shape {a!r}, mean {b!r} min)",
        f"gamma(mean {b!r} min, sd {a!r} min)",
        f"lognormal(median {a!r} min, p90 {b!r} min)",
        f"lognormal(mean {b!r} min, sd {a!r} min)",
        f"triangular({a!r} min, {b!r} min, {c!r} min)",
        f"pert({a!r} min, {b!r} min, {c!r} min)",
        f"uniform({a!r} min, {c!r} min)",
        f"normal({b!r} min, {a!r} min)",
        f"weibull(shape {max(a, 0.05)!r}, scale {b!r} min)",
        f"empirical({a!r} min: 2, {b!r} min: {c!r})",
        f"mixture(0.25: {a!r} min, 0.75: exponential({b!r} min))",
    )[kind]


@st.composite
def steps(draw, number):
    """A step of a plan whose steps are s0, s1 …"""
    before = [f"s{index}" for index in range(number)]
    step = {
        "id": f"s{number}",
        "title": draw(titles),
        "owner": "lead",
        "takes": draw(durations()),
        "phase": draw(st.sampled_from(["identify", "repair", "learn"])),
        "chance": draw(shares),
        "priority": draw(st.integers(-5, 9)),
    }
    extra = {
        "after": st.lists(st.sampled_from(before), unique=True) if before else st.just([]),
        "with": st.just({"lead": 2}),
        "on": st.sampled_from(["detected", ["his up", "net down"], "desk on paper", "all ordered"]),
        "when": st.sampled_from(["his is away for 10 min and grade <= 2", "not desk is on paper or queue of desk > 9.5", "judged net", "30 min after detected", "his is away for threshold all"]),
        "only_if": st.sampled_from(["pile of desk >= 3", "net is slow", "judged right"]),
        "at": st.sampled_from(["09:10", "day 2 03:00", "+40 min", "20 min after detected", "2026-03-09 09:10"]),
        "within": minutes.map(lambda m: f"{m!r} min of detected" if isinstance(m, float) and "e" not in repr(m) else "30 min of failed"),
        "does": st.sampled_from(["declare", ["declare", {"notify": "all"}], {"restore": ["his", "all"]}, {"repair": "cause"}, {"order_paper": ["desk", "all"]}]),
        "if_it_fails": st.fixed_dictionaries({"tries": st.integers(1, 5), "pause": durations()}),
        "evidence": titles,
        "source": st.one_of(words, st.dictionaries(words, words, max_size=2)),
    }  # fmt: skip
    for key in draw(st.lists(st.sampled_from(sorted(extra)), unique=True, max_size=5)):
        step[key] = draw(extra[key])
    return step


@st.composite
def scenarios(draw) -> Scenario:
    """A scenario from the builder, with entries of most kinds."""
    low, high = draw(span(st.integers(0, 23), st.integers(0, 23)))
    hours = {f"{low:02d}:00-{high + 1:02d}:00": draw(st.floats(0.1, 50))}
    return a_scenario(
        title=draw(titles),
        horizon=draw(above_zero),
        warm_up=draw(minutes),
        rosters={"day": ["mon-fri 08:00-17:30", "sat 22:00-06:00"]},
        staff={"nurse": {"on_duty": draw(st.sampled_from([3, {"day": 2}, {"all 22:00-06:00": 1, "day": 4}])), "trained": draw(shares)}},
        equipment={"bed": {"on_duty": draw(st.integers(1, 9))}},
        departments={"desk": {"change_over": draw(durations()), "kit": {"forms": 9, "restock_takes": draw(durations())}, "back_entry": {"by": "nurse", "takes": draw(durations())}}},
        activities={
            "look": {"department": "desk", "needs": {"nurse": 1}, "takes": draw(durations()), "uses": ["his"], "screen": draw(shares), "patience": draw(durations())},
            "stay": {"needs": {"bed": 1}, "keeps": ["bed"], "takes": draw(durations()), "room": draw(st.integers(0, 9))},
        },
        pathways={"p": {
            "arrivals": draw(st.sampled_from([{"per_day": 40.5, "hours": hours}, {"rate": 0.25}, {"every": "exponential(4 min)"}, {"at": [0.0, 12.5]}])),
            "classes": {"a": {"title": draw(titles), "share": draw(st.floats(0.1, 9))}},
            "route": ["look", {"id": "both", "fork": [["stay"], [{"id": "again", "do": "look"}]]}, {"id": "end", "do": "look", "then": [{"to": "look", "chance": {"a": 0.5}}, {"to": "leave"}]}],
        }},
        systems={
            "net": {"rides_through": draw(durations()), "tags": ["x"]},
            "his": {"needs": ["net", {"at_least": 1, "of": ["net", {"any": ["net"]}]}] if draw(st.booleans()) else "net", "rto": draw(minutes), "tier": 1,
                    "data": {"size": draw(st.floats(0.1, 1e4)), "backups": [{"kind": "log", "every": draw(above_zero), "medium": "disk"}]}},
        },
        media={"disk": {"throughput": draw(st.floats(0.1, 1e4))}},
        load=hours,
        roles={"lead": {"title": draw(titles), "holders": ["nurse"], "count": draw(st.integers(1, 3))}},
        thresholds={"all": draw(minutes)},
        steps=[draw(steps(number)) for number in range(draw(st.integers(0, 4)))],
        faults=[{"id": "f", "target": "his", "severity": draw(st.floats(0.1, 9)), "at": draw(st.sampled_from(["09:10", "30 min after start"]))}],
        objectives=[{"id": "o", "title": draw(titles), "measure": "desk.left_share <= 5 %", "target": draw(shares)}],
        variants={"v": {"title": draw(titles), "set": {"horizon": "3 h", "plan.roles.lead.holders": ["nurse"]}}},
    )  # fmt: skip


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(scenario=scenarios())
def test_a_scenario_written_and_read_again_is_the_same(scenario, tmp_path):
    path = tmp_path / "again.yaml"
    path.write_text(files.write(scenario), encoding="utf-8")
    assert files.load(path).scenario == scenario


def test_the_sample_written_and_read_again_is_the_same(tmp_path):
    (tmp_path / "ours.yaml").write_text(GOOD, encoding="utf-8")
    scenario = files.load(tmp_path / "ours.yaml").scenario
    (tmp_path / "again.yaml").write_text(files.write(scenario), encoding="utf-8")
    assert files.load(tmp_path / "again.yaml").scenario == scenario


def test_the_shipped_main_scenario_written_and_read_again_is_the_same(tmp_path):
    scenario = files.load("his-database-outage").scenario
    (tmp_path / "again.yaml").write_text(files.write(scenario), encoding="utf-8")
    assert files.load(tmp_path / "again.yaml").scenario == scenario


def test_what_is_written_is_plain_yaml_without_what_is_usual():
    text = files.write(a_scenario(staff={"nurse": {"on_duty": 2}}))
    assert yaml.safe_load(text)["hospital"] == {
        "title": "hospital",
        "staff": {"nurse": {"title": "nurse", "on_duty": {"always": 2}}},
    }
    assert text.startswith("drillsim: scenario/1\n")


def test_a_fault_that_slows_by_nothing_can_be_read_again(tmp_path):
    """Its severity must stand in the file, although it is the default."""
    path = tmp_path / "slow.yaml"
    path.write_text(GOOD.replace("kind: slow, severity: 2", "kind: slow, severity: 1"), encoding="utf-8")
    scenario = files.load(path).scenario
    path.write_text(files.write(scenario), encoding="utf-8")
    assert files.load(path).scenario.faults == scenario.faults
    assert files.replace(scenario, {"horizon": "9 h"}).faults == scenario.faults
