"""Cases with known answers, through the door everybody uses: a scenario in YAML, ``drillsim.run``, the figures of ``summary.json`` and the tables.

What is certain is exact. What is left to chance: the exact value lies in the 99.9 % interval that the summary itself gives (``run: {confidence: 0.999}``)
over at least 20 runs, and half of that interval is no wider than the share of the value said beside the case.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import drillsim

HEAD = """\
drillsim: scenario/1
title: Known answer
start: 2026-03-09 00:00
"""  # a Monday


class Played:
    """A scenario written, loaded and run; ``summary`` is read back from ``summary.json``."""

    def __init__(self, folder: Path, text: str, runs: int, seed: int) -> None:
        path = folder / "ours.yaml"
        path.write_text(HEAD + text, encoding="utf-8")
        self.result = drillsim.run(path, replications=runs, seed=seed, keep="all" if runs == 1 else "none")
        self.result.save(folder / "run", force=True)
        self.summary: dict[str, Any] = json.loads((folder / "run" / "summary.json").read_text(encoding="utf-8"))

    def part(self, where: str) -> Any:
        """``activities.counter.wait``: a part of the summary by its list, id and field."""
        section, name, field = where.split(".")
        return next(part for part in self.summary[section] if part["id"] == name)[field]

    def column(self, node: str, name: str) -> list[float]:
        """A column of the table ``activities`` at one stop, in order of the patients."""
        rows = self.result.activities.query("node == @node").sort_values("patient")
        return [float(value) for value in rows[name]]

    def waits(self, node: str) -> list[float]:
        return [b - a for a, b in zip(self.column(node, "asked"), self.column(node, "started"), strict=True)]


@pytest.fixture
def play(tmp_path: Path) -> Any:
    def played(text: str, runs: int = 1, seed: int = 1) -> Played:
        return Played(tmp_path, text, runs, seed)

    return played


def a_queue(
    arrivals: str, takes: str, *, servers: int = 1, more: str = "", horizon: str, warm_up: str = "0 min"
) -> str:
    """One counter; customers who come to it."""
    return f"""\
warm_up: {warm_up}
horizon: {horizon}
hospital:
  title: A counter
  staff: {{clerks: {{title: Clerks, on_duty: {servers}}}}}
  activities: {{counter: {{title: Counter, needs: clerks, takes: {takes}{more}}}}}
  pathways: {{customers: {{title: Customers, arrivals: {{{arrivals}}}, route: [counter]}}}}
run: {{confidence: 0.999}}
"""


# Queues left to chance

MM1 = a_queue("every: exponential(4 min)", "exponential(3 min)", warm_up="3 d", horizon="60 d")
MM3 = a_queue("every: exponential(5 min)", "exponential(10 min)", servers=3, warm_up="3 d", horizon="60 d")
MM2 = a_queue("rate: 1.6 per min", "exponential(1 min)", servers=2, warm_up="1 d", horizon="20 d")
ERLANG_A = a_queue(
    "rate: 3 per h", "exponential(60 min)", servers=3, more=", patience: exponential(120 min)", warm_up="3 d", horizon="120 d"
)  # fmt: skip


def mg1(takes: str) -> str:
    return a_queue("rate: 0.8 per min", takes, warm_up="1 d", horizon="40 d")


def loss(takes: str) -> str:
    return a_queue("rate: 5 per h", takes, servers=5, more=", room: 0", warm_up="2 d", horizon="120 d")


def two_classes(pre_emptive: str) -> str:
    return f"""\
warm_up: 1 d
horizon: 20 d
hospital:
  title: One doctor
  staff: {{doctor: {{title: Doctor, on_duty: 1, pre_emptive: {pre_emptive}, interrupted: resume}}}}
  activities: {{treat: {{title: Treatment, needs: doctor, takes: exponential(1 min)}}}}
  pathways:
    urgent: {{title: Urgent, arrivals: {{rate: 0.2 per min}}, route: [treat], priority: 1}}
    others: {{title: Others, arrivals: {{rate: 0.6 per min}}, route: [treat], priority: 2}}
run: {{confidence: 0.999}}
"""


STAYS = (
    "exponential(60 min)",
    "60 min",
    '"erlang(shape 4, mean 60 min)"',
    '"lognormal(mean 60 min, sd 120 min)"',
    '"uniform(low 0 min, high 120 min)"',
    '"mixture(0.5: 20 min, 0.5: 100 min)"',
)
BY_CHANCE = [
    # name, scenario, figure, exact value, widest half interval as a share of it
    ("M/M/1", MM1, "resources.clerks.utilisation", 0.75, 0.02),
    ("M/M/1", MM1, "activities.counter.queue", 2.25, 0.09),
    ("M/M/1", MM1, "activities.counter.wait", 9.0, 0.09),
    ("M/M/3", MM3, "activities.counter.waited", 4 / 9, 0.03),
    ("M/M/3", MM3, "activities.counter.wait", 4.444444, 0.08),
    ("M/M/2 heavy", MM2, "activities.counter.waited", 0.711111, 0.02),
    ("M/M/2 heavy", MM2, "activities.counter.wait", 1.777778, 0.06),
    *(("Erlang B", loss(stay), "activities.counter.turned_away", 0.284868, 0.03) for stay in STAYS),
    ("M/G/1 constant", mg1("1 min"), "activities.counter.wait", 2.0, 0.04),
    ("M/G/1 Erlang-4", mg1('"erlang(shape 4, mean 1 min)"'), "activities.counter.wait", 2.5, 0.05),
    ("M/G/1 lognormal", mg1('"lognormal(mean 1 min, sd 2 min)"'), "activities.counter.wait", 10.0, 0.15),
    ("two classes", two_classes("no"), "pathways.urgent.minutes", 2.0, 0.04),
    ("two classes", two_classes("no"), "pathways.others.minutes", 6.0, 0.08),
    ("pre-empt and resume", two_classes("yes"), "pathways.urgent.minutes", 1.25, 0.03),
    ("pre-empt and resume", two_classes("yes"), "pathways.others.minutes", 6.25, 0.08),
    ("Erlang A", ERLANG_A, "activities.counter.left", 0.187268, 0.04),
    ("Erlang A", ERLANG_A, "activities.counter.wait", 60 * 0.374535, 0.04),
]
RUNS = 24


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "where", "exact", "widest"),
    [case[1:] for case in BY_CHANCE],
    ids=[f"{case[0]}-{case[2]}-{i}" for i, case in enumerate(BY_CHANCE)],
)
def test_a_queue_left_to_chance_has_its_known_answer(
    play: Any, text: str, where: str, exact: float, widest: float
) -> None:
    found = play(text, RUNS).part(where)
    assert found["n"] == RUNS
    assert found["low"] <= exact <= found["high"], found
    assert (found["high"] - found["low"]) / 2 <= widest * exact, found


# Queues by hand


def test_a_small_queue_by_hand(play: Any) -> None:
    text = a_queue(
        "at: [0 min, 1 min, 2 min, 12 min, 13 min]", '"listed(3 min, 4 min, 5 min, 1 min, 1 min)"', horizon="20 min"
    )
    played = play(text)
    assert played.waits("counter") == [0, 2, 5, 0, 0]
    assert played.part("activities.counter.queue")["value"] == pytest.approx(0.35)
    assert played.part("resources.clerks.utilisation")["value"] == pytest.approx(0.7)


@pytest.mark.parametrize(("rule", "end"), [("restart", 19.0), ("resume", 15.0), ("resample", 29.0)])
def test_work_interrupted_by_a_shift_end(play: Any, rule: str, end: float) -> None:
    played = play(f"""\
horizon: 40 min
hospital:
  title: Two shifts
  staff: {{nurse: {{title: Nurse, on_duty: {{"00:00-00:05": 1, "00:09-00:40": 1}}, at_shift_end: stop, interrupted: {rule}}}}}
  activities: {{care: {{title: Care, needs: nurse, takes: "listed(10 min, 20 min)"}}}}
  pathways: {{p: {{title: P, arrivals: {{at: 1 min}}, route: [care]}}}}
""")
    assert played.column("care", "ended") == [end]


def interrupted(rule: str, on_duty: str, low: str, low_takes: str, high: str) -> str:
    return f"""\
horizon: 60 min
hospital:
  title: One nurse
  staff: {{nurse: {{title: Nurse, on_duty: {on_duty}, pre_emptive: yes, interrupted: {rule}}}}}
  activities:
    slow: {{title: Slow, needs: nurse, takes: "{low_takes}"}}
    quick: {{title: Quick, needs: nurse, takes: 10 min}}
  pathways:
    low: {{title: Low, arrivals: {{at: {low}}}, route: [slow], priority: 5}}
    high: {{title: High, arrivals: {{at: {high}}}, route: [quick], priority: 1}}
"""


@pytest.mark.parametrize(("rule", "end"), [("restart", 19.0), ("resume", 17.0), ("resample", 16.0)])
def test_work_interrupted_by_somebody_urgent(play: Any, rule: str, end: float) -> None:
    played = play(interrupted(rule, "1", "1 min", "listed(6 min, 3 min)", "3 min"))
    assert (played.column("quick", "started"), played.column("quick", "ended")) == ([3], [13])
    assert played.column("slow", "ended") == [end]


@pytest.mark.parametrize(("rule", "end"), [("restart", 11.0), ("resume", 9.0), ("resample", 8.0)])
def test_the_interrupted_goes_on_with_a_second_person_from_minute_5(play: Any, rule: str, end: float) -> None:
    played = play(interrupted(rule, '{always: 1, "00:05-24:00": 1}', "1 min", "listed(6 min, 3 min)", "3 min"))
    assert played.column("slow", "ended") == [end]


def test_after_pre_emption_the_interrupted_goes_first_among_equals(play: Any) -> None:
    played = play(interrupted("resume", "1", "[0 min, 0 min]", "10 min", "1 min"))
    assert played.column("slow", "ended") == [20, 30]
    assert played.column("quick", "ended") == [11]


def test_littles_law_holds_to_rounding(play: Any) -> None:
    """The integral of the number there is the sum of the times there, clipped to the run."""
    played = play(a_queue("every: exponential(4 min)", "exponential(3 min)", warm_up="1 d", horizon="5 d"))
    patients = played.result.patients
    begin, end = patients["arrived"].clip(lower=0.0), patients["ended"].fillna(7200.0).clip(lower=0.0, upper=7200.0)
    clipped = (end - begin).clip(lower=0.0)
    assert (patients["arrived"] < 0).any()
    assert played.part("pathways.customers.in_system")["value"] * 7200 == pytest.approx(math.fsum(clipped), rel=1e-9)


# What others get wrong


def test_utilisation_counts_work_on_both_sides_of_a_gap_and_only_time_on_duty(play: Any) -> None:
    """On duty 0 to 5 and 9 to 40, one job at 1 with 10 of work, resumed: busy 10 of 36."""
    played = play("""\
horizon: 40 min
hospital:
  title: Two shifts
  staff: {nurse: {title: Nurse, on_duty: {"00:00-00:05": 1, "00:09-00:40": 1}, at_shift_end: stop, interrupted: resume}}
  activities: {care: {title: Care, needs: nurse, takes: 10 min}}
  pathways: {p: {title: P, arrivals: {at: 1 min}, route: [care]}}
""")
    assert played.part("resources.nurse.utilisation")["value"] == pytest.approx(10 / 36)
    assert round(played.part("resources.nurse.utilisation")["value"], 6) == 0.277778


def test_priority_never_waits_for_work_that_has_not_come_yet(play: Any) -> None:
    """Arrivals every 10, service 5, random priorities: every wait is exactly 0."""
    classes = ", ".join(f"c{k}: {{title: C, share: 1, priority: {k}}}" for k in range(1, 6))
    played = play(f"""\
horizon: 5000 min
hospital:
  title: One nurse
  staff: {{nurse: {{title: Nurse, on_duty: 1}}}}
  activities: {{care: {{title: Care, needs: nurse, takes: 5 min}}}}
  pathways: {{p: {{title: P, arrivals: {{every: 10 min}}, route: [care], classes: {{{classes}}}}}}}
""")
    assert played.result.patients["class"].nunique() == 5
    assert set(played.waits("care")) == {0.0}
    assert len(played.waits("care")) >= 499


def test_arrivals_follow_their_profile_in_every_hour(play: Any) -> None:
    """Quiet hours beside busy ones, 20 days of 2,400 each: no hour is off by more than its chance (99.9 %, all 24 hours together)."""
    shares = {"00:00-07:00": 7, "07:00-08:00": 2, "08:00-09:00": 40, "09:00-12:00": 60, "12:00-13:00": 1, "13:00-17:00": 40, "17:00-24:00": 14}  # fmt: skip
    hours = ", ".join(f'"{span}": {share}' for span, share in shares.items())
    played = play(f"""\
horizon: 1 d
hospital:
  title: A door
  activities: {{door: {{title: Door}}}}
  pathways: {{p: {{title: P, arrivals: {{per_day: 48000, hours: {{{hours}}}}}, route: [door]}}}}
""")
    counted = np.histogram(played.result.patients["arrived"], bins=24, range=(0, 1440))[0]
    total = sum(shares.values())
    for span, share in shares.items():
        first, last = (int(text[:2]) for text in span.split("-"))
        expected = 48000 * share / total / (last - first)
        for hour in range(first, last):
            assert abs(counted[hour] - expected) < 4.1 * expected**0.5, hour


def test_an_overnight_shift_belongs_to_the_day_it_begins_on(play: Any) -> None:
    """Monday to Friday 22:00 to 06:00, seen from Monday 00:00: not on Monday 03:00, but on Saturday 03:00; not on Saturday 23:00."""
    played = play("""\
horizon: 8 d
hospital:
  title: Nights
  staff: {guard: {title: Guard, on_duty: {"mon-fri 22:00-06:00": 1}}}
  activities: {look: {title: Look, needs: guard, takes: 10 min}}
  pathways: {p: {title: P, arrivals: {at: [3 h, 123 h, 143 h]}, route: [look]}}
""")
    assert played.column("look", "started") == [22 * 60, 123 * 60, (7 * 24 + 22) * 60]


def test_waits_count_those_still_waiting_as_at_least_so_long(play: Any) -> None:
    played = play(a_queue("at: [0 min, 0 min]", "1 d", horizon="100 min"))
    assert played.part("activities.counter.wait")["value"] == pytest.approx(50)


# Projects


def a_project(*steps: str, count: int = 2, horizon: str = "600 min") -> str:
    lines = "\n".join(f"    - {{{step}}}" for step in steps)
    return f"""\
horizon: {horizon}
plan:
  title: Project
  roles: {{team: {{title: Team, count: {count}}}}}
  steps:
{lines}
run: {{confidence: 0.95}}
"""


def test_steps_in_a_row_take_the_sum_and_steps_side_by_side_the_maximum(play: Any) -> None:
    row = play(a_project("id: a, title: A, owner: team, takes: 30 min", "id: b, title: B, owner: team, after: a, takes: 45 min"))  # fmt: skip
    assert row.summary["completion"]["mean"]["value"] == 75
    beside = play(a_project("id: a, title: A, owner: team, takes: 30 min", "id: b, title: B, owner: team, takes: 45 min"))  # fmt: skip
    assert beside.summary["completion"]["mean"]["value"] == 45
    alone = play(a_project("id: a, title: A, owner: team, takes: 30 min", "id: b, title: B, owner: team, takes: 45 min", count=1))  # fmt: skip
    assert alone.summary["completion"]["mean"]["value"] == 75


def test_no_plan_is_finished_before_the_longest_chain_of_its_shortest_times(play: Any) -> None:
    takes = 'takes: "triangular(low 10 min, mode 20 min, high 60 min)"'
    steps = [f"id: a, title: A, owner: team, {takes}", f"id: b, title: B, owner: team, {takes}"]
    steps += [
        f"id: c, title: C, owner: team, after: [a, b], {takes}",
        f"id: d, title: D, owner: team, after: c, {takes}",
    ]
    played = play(a_project(*steps), 60)
    ended = played.result.steps.pivot_table(index="replication", columns="step", values="ended")
    work = played.result.steps.pivot_table(index="replication", columns="step", values="work")
    chain = work[["a", "b"]].max(axis=1) + work["c"] + work["d"]
    assert (ended["d"] >= chain - 1e-9).all()
    assert played.summary["completion"]["least"] >= 30
    assert work.min().min() < 16  # shortest times do come up


# Components


def components(needs: str) -> str:
    pumps = "\n".join(
        f"    pump_{i}: {{title: Pump, kind: pump, fails: {{every: exponential(95 h), repair: exponential(5 h)}}}}"
        for i in (1, 2, 3)
    )
    return f"""\
warm_up: 30 d
horizon: 3000 d
hospital:
  title: Pumps
  systems:
{pumps}
    supply: {{title: Supply, kind: supply, needs: {needs}}}
run: {{confidence: 0.999}}
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("needs", "exact", "widest"),
    [
        ("[pump_1]", 0.95, 0.003),
        ("[pump_1, pump_2]", 0.95**2, 0.004),
        ("[pump_1, pump_2, pump_3]", 0.95**3, 0.006),
        ("{at_least: 2, of: [pump_1, pump_2, pump_3]}", 0.99275, 0.001),
        ("{any: [pump_1, pump_2]}", 1 - 0.05**2, 0.001),
    ],
)
def test_availability_of_parts_that_fail_and_are_repaired_for_ever(
    play: Any, needs: str, exact: float, widest: float
) -> None:
    found = play(components(needs), RUNS).part("systems.supply.availability")
    assert found["low"] <= exact <= found["high"], found
    assert (found["high"] - found["low"]) / 2 <= widest


BACKUPS = """\
horizon: 20 h
hospital:
  title: A database
  detection: {monitoring: {after: 0 min}}
  media: {disk: {title: Disk, throughput: 1 TB/h}}
  systems:
    db: {title: Database, kind: database, data: {size: 100 GB, backups: [{kind: full, every: 4 h, takes: 10 min, medium: disk}]}}
plan:
  title: Recovery
  roles: {dba: {title: DBA, count: 2}}
  steps:
    - {id: moment, title: A random moment, owner: dba, on: start, takes: "uniform(low 6 h, high 10 h)"}
    - {id: recover, title: Recover, owner: dba, on: spoiled, does: {recover_data: db}}
faults:
  - {id: spoiled, kind: corrupt, target: db, at: 0 min after moment}
run: {confidence: 0.999}
"""


def test_data_lost_are_half_the_time_between_copies_on_average_and_never_more_than_that_and_the_copy_s_time(
    play: Any,
) -> None:
    """A copy every B = 4 h which takes 10 min and counts once finished: between 10 min and B + 10 min, so B/2 and 10 min on average."""
    played = play(BACKUPS, 200)
    figures = played.result.figures.query("kind == 'component' and id == 'db' and figure == 'data_lost'")["value"]
    assert len(figures) == 200
    assert figures.min() >= 10
    assert figures.max() <= 250
    found = played.part("systems.db.data_lost")["mean"]
    assert found["low"] <= 130 <= found["high"]
    assert (found["high"] - found["low"]) / 2 < 18


def test_a_backlog_is_gone_after_the_time_that_its_load_says(play: Any) -> None:
    """Work every 4 min that takes 3 (load 0.75) stands still for D = 4 h: the queue is gone D·ρ/(1−ρ) = 12 h after it goes on."""
    played = play("""\
horizon: 30 h
hospital:
  title: One counter
  staff: {clerk: {title: Clerk, on_duty: 1}}
  systems: {his: {title: HIS, kind: application, comes_back: by_itself}}
  activities: {counter: {title: Counter, needs: clerk, takes: 3 min, uses: his}}
  pathways: {p: {title: P, arrivals: {every: 4 min}, route: [counter]}}
faults: [{target: his, at: "04:00", lasts: 4 h}]
""")
    asked, waits = played.column("counter", "asked"), played.waits("counter")
    last = max(minute for minute, wait in zip(asked, waits, strict=True) if wait > 0)
    assert last == pytest.approx(8 * 60 + 12 * 60, abs=8)
    assert max(waits) == pytest.approx(240, abs=4)


# Intervals


def wilson(met: int, n: int, z: float = 1.959963984540054) -> tuple[float, float]:
    """Wilson (1927), written out again."""
    p = met / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return middle - half, middle + half


def test_nine_of_ten_on_time_have_wilsons_interval(play: Any) -> None:
    text = a_project('id: a, title: A, owner: team, takes: "uniform(low 0 min, high 10 min)", within: 9 min of start')
    for seed in range(1, 60):
        found = play(text, 10, seed).part("steps.a.on_time")
        assert (found["low"], found["high"]) == pytest.approx(wilson(round(found["value"] * 10), 10), abs=1e-9)
        if found["value"] == pytest.approx(0.9):
            break
    assert (round(found["low"], 4), round(found["high"], 4)) == (0.5958, 0.9821)


def test_ten_twenty_and_thirty_have_students_interval(play: Any) -> None:
    text = a_project('id: a, title: A, owner: team, takes: "empirical(10 min: 1, 20 min: 1, 30 min: 1)"')
    for seed in range(1, 100):
        played = play(text, 3, seed)
        if sorted(played.result.steps["ended"]) == [10, 20, 30]:
            break
    found = played.summary["completion"]["mean"]
    assert found["value"] == 20
    assert (found["high"] - 20, 20 - found["low"]) == pytest.approx((24.841377, 24.841377), abs=1e-6)


# What is added and not used

WHOLE = """\
horizon: 8 h
hospital:
  title: Small hospital
  staff:
    nurse: {title: Nurse, on_duty: 2}
    engineer: {title: Engineer, on_duty: 1}
    # unused role
  activities:
    triage: {title: Triage, needs: nurse, takes: exponential(8 min), uses: his}
    # unused activity
  pathways:
    patients: {title: Patients, arrivals: {rate: 12 per h}, route: [triage]}
    # unused pathway
  systems:
    # unused component
    his: {title: HIS, kind: application, tier: 1, fails: {every: exponential(5 h), repair: exponential(20 min)}}
plan:
  title: Small plan
  roles:
    # unused plan role
    lead: {title: Lead, holders: engineer}
  steps:
    # unused step
    - {id: look, title: Look, owner: lead, takes: exponential(5 min), within: 10 min of detected}
    - {id: mend, title: Mend, owner: lead, after: look, takes: exponential(10 min), chance: 0.7, does: [{repair: his}, {restore: his}]}
faults:
  - {id: stop, target: his, at: "02:00"}
"""
UNUSED = {
    "role": ("# unused role", "porter: {title: Porter, on_duty: 3}"),
    "activity": ("# unused activity", "scan: {title: Scan, needs: nurse, takes: exponential(9 min)}"),
    "pathway": ("# unused pathway", "visitors: {title: Visitors, arrivals: {rate: 0 per h}, route: [triage]}"),
    "component": ("# unused component", "fax: {title: Fax, kind: fax, fails: {every: exponential(1 h), repair: exponential(9 min)}}"),
    "plan role": ("# unused plan role", "press: {title: Press, count: 1}"),
    "step": ("# unused step", '- {id: never, title: Never, owner: lead, when: "30 min after stood_down", takes: exponential(3 min)}'),
}  # fmt: skip


@pytest.mark.parametrize("what", UNUSED)
def test_what_is_added_and_not_used_changes_no_other_figure(play: Any, what: str) -> None:
    old, new = UNUSED[what]
    before = play(WHOLE, 5).result
    after = play(WHOLE.replace(old, new), 5).result
    keys = ["replication", "kind", "id", "figure"]
    mine, theirs = (r.figures.astype(dict.fromkeys(keys, "object")).set_index(keys)[["value", "base"]] for r in (before, after))  # fmt: skip
    whole = [name for name in mine.index if name[1] != "people"]
    assert len(whole) > 300
    np.testing.assert_array_equal(mine.loc[whole].to_numpy(), theirs.loc[whole].to_numpy())
    steps = [r.steps.query("step in ['look', 'mend']").reset_index(drop=True) for r in (before, after)]
    columns = ["outcome", "ready", "started", "ended", "attempts"]
    assert steps[0][columns].astype(object).equals(steps[1][columns].astype(object))
