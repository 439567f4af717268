"""A new kind of fault and a new kind of component need no change in score/ or report/: they are played, scored, told and shown all the same."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

REGISTERED = """
import json, sys
from drillsim.model import faults

# the two lines of the documentation: what it means and how it is told …
faults.KINDS["flood"] = faults.FaultKind(
    "water rises: the target is slow at first and stops after half an hour, until it is pumped out (or for `lasts`)",
    "Water rises at {target}{lasting}.",
    "{target}: water rises",
)
faults.FAULT_KINDS["flood"] = faults.KINDS["flood"].meaning

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


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict:
    folder = tmp_path_factory.mktemp("kinds")
    script, scenario = folder / "register.py", folder / "water.yaml"
    script.write_text(REGISTERED, encoding="utf-8")
    scenario.write_text(SCENARIO, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, script, scenario], capture_output=True, timeout=300, encoding="utf-8",
        env={**__import__("os").environ, "PYTHONPATH": str(Path(__file__).parent.parent), "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict = json.loads(done.stdout)
    return found


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
