"""A new kind of fault and a new kind of component need no change in score/ or report/: they are played, scored, told and shown all the same."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import drillsim
from drillsim.model.faults import KINDS

REGISTERED = """
import json, sys
from drillsim.model import faults

# the record of the documentation: what it means, how it is told (and what it takes: all service, as most do) …
faults.KINDS["flood"] = faults.FaultKind(
    "water rises: the target is slow at first and stops after half an hour, until it is pumped out (or for `lasts`)",
    "Water rises at {target}{lasting}.",
    "{target}: water rises",
    "flood",
)

# … and what it does
from drillsim.sim import kinds
from drillsim.sim.units import Damage
from drillsim.sim.world import ARRIVAL


def flood(world, fault, target):
    over = []

    def stops():
        if not over:
            world.systems.damage(target, fault.id, Damage("outage", 1.0), fault.id)

    def undo():
        over.append(True)
        world.systems.mend(target, [fault.id], fault.id)

    world.systems.damage(target, fault.id, Damage("slow", 2.0), fault.id)
    world.call_at(world.env.now + 30.0, ARRIVAL, stops)
    return undo


kinds.KINDS["flood"] = flood

import drillsim
from drillsim.report.brief import brief
from drillsim.report.html import write_report

loaded = drillsim.load(sys.argv[1])
result = drillsim.run(loaded, replications=3, seed=1, jobs=1)
log = result.runs.logs[result.summary.shown["median"]]
pages = {language: write_report(result.summary, loaded.scenario, {"median": log}, language) for language in ("en", "zh")}
replay = drillsim.replay(result)
system = result.summary.systems[0]
print(json.dumps({
    "briefs": [brief(loaded.scenario, language=language) for language in ("en", "zh")],
    "pages": pages,
    "replay": replay._repr_html_(),
    "kind": system.kind,
    "slow": system.slow.p50,
    "away": system.away.p50,
    "lessons": [lesson.rule for lesson in result.summary.lessons],
    "rows": [[e.minute, e.state] for e in log.events if e.kind == "component" and e.subject == "tank"],
}))
"""

SCENARIO = """\
drillsim: scenario/1
title: {en: Water in the cellar, zh: 地下室进水}
start: 2026-03-09 08:00
horizon: 5 h
hospital:
  title: {en: House, zh: 医院}
  staff: {porter: {title: {en: Porter, zh: 总务}}}
  systems:
    tank: {title: {en: Fish tank, zh: 鱼缸}, kind: aquarium, rto: 60 min}
plan:
  title: {en: Plan, zh: 预案}
  roles: {porter: {title: {en: Porter, zh: 总务}, holders: porter}}
  steps:
    - {id: pump, title: {en: Pump it out, zh: 抽水}, owner: porter, takes: 100 min, within: 90 min of detected, does: {repair: tank}}
faults:
  - {id: water, kind: flood, target: tank, at: 09:00}
"""


OF_EVERY_SORT = """
import json, sys
from pathlib import Path
from drillsim.model import faults

# one kind that only slows, one that harms nothing, and one attack that is after data
faults.KINDS["jitter"] = faults.FaultKind("it jitters", "{target} jitters{lasting}.", "{target}: jitters", "jitter", takes="slow")
faults.KINDS["rumour"] = faults.FaultKind("a rumour", "A rumour about {target}{lasting}.", "{target}: a rumour", "rumour", takes="nothing")
faults.KINDS["bribe"] = faults.FaultKind("a bribe", "A bribe for {target}{lasting}.", "{target}: a bribe", "bribe", takes="nothing", attack="steals")

from drillsim.sim import kinds
from drillsim.sim.units import Damage


def jitter(world, fault, target):
    world.systems.damage(target, fault.id, Damage("slow", 2.0), fault.id)
    return lambda: world.systems.mend(target, [fault.id], fault.id)


kinds.KINDS["jitter"] = jitter
kinds.KINDS["rumour"] = lambda world, fault, target: lambda: None
kinds.KINDS["bribe"] = kinds.KINDS["insider"]

import drillsim
from drillsim.report import expected, outlook
from drillsim.report.brief import brief
from drillsim.report.called_for import not_called_for
from drillsim.score.claims import holds
from drillsim.score.view import View

found = {}
for path in map(Path, sys.argv[1:]):
    loaded = drillsim.load(path)
    scenario = loaded.scenario
    result = drillsim.run(loaded, replications=1, seed=1, jobs=1)
    log, times, steps = result.runs.logs[result.summary.shown["median"]], expected.expected(scenario), scenario.plan.steps
    police = next(s.when for s in steps if s.id == "police")
    found[path.stem] = {
        "away": [[s.start, s.end] for s in outlook.away(scenario, times).values()],
        "slow": [[s.start, s.end] for s in outlook.slow(scenario, times).values()],
        "foreseen": {s.id: times[s.id] for s in steps if s.id in times},
        "not_called_for": sorted(not_called_for(scenario)),
        "done": {e.subject: e.minute for e in log.events if e.kind == "step" and e.state == "done"},
        "states": sorted({e.state for e in log.events if e.kind == "component" and e.subject == "desk"} - {"up"}),
        "brief": brief(scenario, language="en"),
        "attack": holds(View(scenario, log, 0.0, log.horizon, 60.0), police, 200.0),
        "exposed": result.summary.data.exposed is not None,
    }
print(json.dumps(found))
"""

ALONE = """\
drillsim: scenario/1
title: {en: Something about the tank, zh: 鱼缸有事}
start: 2026-03-09 08:00
horizon: 5 h
hospital:
  title: {en: House, zh: 医院}
  staff: {porter: {title: {en: Porter, zh: 总务}, on_duty: 9}}
  systems:
    tank: {title: {en: Fish tank, zh: 鱼缸}, kind: aquarium, rpo: 60 min}
    desk: {title: {en: Feeding desk, zh: 喂食台}, kind: desk, needs: tank}
plan:
  title: {en: Plan, zh: 预案}
  roles: {porter: {title: {en: Porter, zh: 总务}, holders: porter, count: 9}}
  steps:
    - {id: paper, title: {en: Go to paper, zh: 转手工}, owner: porter, takes: 5 min, when: desk is away for 10 min}
    - {id: tell, title: {en: Tell that it is slow, zh: 告知缓慢}, owner: porter, takes: 5 min, when: desk is slow for 10 min}
    - {id: police, title: {en: Call the police, zh: 报警}, owner: porter, takes: 5 min, when: attack is known}
faults:
  - {id: it, kind: KIND, target: tank, at: 09:00, severity: 2, lasts: 2 h}
"""


NEW = ("jitter", "rumour", "bribe")
SHIPPED = tuple(name for name, kind in KINDS.items() if not kind.of_staff)


def _played(script: str, folder: Path, *scenarios: Path) -> dict:
    """What a script says that registers kinds and plays scenarios, in a process of its own."""
    register = folder / "register.py"
    register.write_text(script, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, register, *scenarios], capture_output=True, timeout=300, encoding="utf-8",
        env={**__import__("os").environ, "PYTHONPATH": str(Path(__file__).parent.parent), "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict:
    folder = tmp_path_factory.mktemp("kinds")
    (folder / "water.yaml").write_text(SCENARIO, encoding="utf-8")
    return _played(REGISTERED, folder, folder / "water.yaml")


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict:
    """Kind → what is foreseen of it, and what a run of it does."""
    folder = tmp_path_factory.mktemp("sorts")
    paths = [folder / f"{kind}.yaml" for kind in (*NEW, *SHIPPED)]
    for path in paths:
        path.write_text(ALONE.replace("KIND", path.stem), encoding="utf-8")
    return _played(OF_EVERY_SORT, folder, *paths)


def test_a_new_kind_of_fault_is_played(told: dict) -> None:
    assert told["rows"] == [[60.0, "slow"], [90.0, "down"], [160.0, "up"]]


def test_it_is_scored_by_what_it_does(told: dict) -> None:
    assert (told["slow"], told["away"]) == (30.0, 70.0)
    assert {"late_work", "restored_late"} <= set(told["lessons"])


def test_it_is_told_in_the_briefing_the_report_and_the_replay(told: dict) -> None:
    for text in (*told["briefs"], *told["pages"].values()):
        assert "Water rises at" in text  # in Chinese too, until its sentence is translated
    assert "鱼缸" in told["pages"]["zh"]
    assert "water rises" in told["replay"]


def test_a_new_kind_of_component_is_a_word_in_the_file(told: dict) -> None:
    assert told["kind"] == "aquarium"
    assert "Fish tank" in told["pages"]["en"]


def test_a_new_kind_that_only_slows_is_foreseen_as_slow(seen: dict) -> None:
    jitter = seen["jitter"]
    assert (jitter["away"], jitter["slow"], jitter["states"]) == ([], [[60.0, 180.0], [60.0, 180.0]], ["slow"])
    assert jitter["foreseen"] == jitter["done"] == {"tell": 75.0}
    assert "about 09:15  Porter: Tell that it is slow." in jitter["brief"]


def test_a_new_kind_that_harms_nothing_calls_for_no_step(seen: dict) -> None:
    rumour = seen["rumour"]
    assert (rumour["away"], rumour["slow"], rumour["states"]) == ([], [], [])
    assert rumour["foreseen"] == rumour["done"] == {}
    assert rumour["not_called_for"] == ["paper", "police", "tell"]
    assert "Porter: " not in rumour["brief"]


def test_a_new_kind_of_attack_is_told_and_scored_as_one(seen: dict) -> None:
    bribe = seen["bribe"]
    assert bribe["foreseen"] == bribe["done"] == {"police": 65.0}
    assert (bribe["attack"], bribe["exposed"]) == (True, True)
    assert (seen["rumour"]["attack"], seen["rumour"]["exposed"]) == (False, False)


@pytest.mark.parametrize("kind", SHIPPED)
def test_what_is_known_of_a_kind_beforehand_is_what_a_run_of_it_does(seen: dict, kind: str) -> None:
    states = {"away": {"down"}, "slow": {"slow"}, "new_data": {"read_only"}}.get(KINDS[kind].takes, set())
    assert set(seen[kind]["states"]) == states
    assert seen[kind]["foreseen"] == seen[kind]["done"]
    assert not set(seen[kind]["done"]) & set(seen[kind]["not_called_for"])


def test_lint_score_report_and_replay_ask_no_fault_for_its_kind_by_name() -> None:
    named = "|".join(KINDS)
    asked = re.compile(rf"\bfault\.kind (==|!=|in|not in) |\bf\.kind (==|!=) \"({named})\"")
    rooms = [Path(drillsim.__file__).parent / room for room in ("lint", "score", "report", "playback")]
    found = [
        path.name for room in rooms for path in room.rglob("*.py") if asked.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []
