"""The emergency process, line by line: what a planner changes moves a figure the way a practitioner expects, on the same luck.

Each case changes one thing of the same small hospital and compares 30 replications with the unchanged ones, pair by pair. The effect stated is the least
that the mean of the differences must show; its interval must not include zero.
"""

from __future__ import annotations

import ast
import copy
import math
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest

from drillsim.log.rows import Log
from drillsim.model.conditions import AWAY
from drillsim.model.faults import FAULT_KINDS
from drillsim.model.plan import EFFECTS as EFFECTS_DESCRIBED
from drillsim.score.recovery import recovery
from drillsim.score.systems import exposed as minutes_exposed
from drillsim.score.view import View
from drillsim.sim.effects import EFFECTS
from drillsim.sim.faults import KINDS
from drillsim.sim.run import replicate
from tests.builder import a_scenario
from tests.sim_rows import reached, rows

REPLICATIONS = range(30)

HOSPITAL: dict[str, Any] = {
    "start": "2026-03-09 08:00",
    "horizon": 1500.0,
    "staff": {
        "lead": {}, "dba": {"trained": 0.3}, "clerk": {"on_duty": 2}, "typist": {}, "porter": {},
        "vendor": {"on_duty": 0, "on_call": {"answer": "exponential(4 min)", "travel": "uniform(40 min, 80 min)", "answers": 0.6}},
    },
    "systems": {
        "feed": {}, "lan": {}, "monitor": {},
        "storage": {"needs": ["feed"], "spare_arrives": "uniform(100 min, 200 min)", "restart": 5.0},
        "db": {"needs": ["storage"], "comes_back": "by_hand", "restart": 10.0, "tier": 1,
               "data": {"size": 600.0, "backups": [{"kind": "full", "every": 480.0, "takes": 30.0, "medium": "disk"}]}},
        "his": {"needs": ["db"], "comes_back": "by_hand", "restart": 8.0, "tier": 1},
        "lab": {"needs": ["db"], "comes_back": "by_hand", "restart": 30.0, "tier": 1},
    },
    "media": {"disk": {"throughput": 5.0, "works": 0.9}},
    "detection": {"monitoring": {"after": 2.0, "chance": 0.3, "needs": "monitor"}, "patients": {"after": "uniform(15 min, 40 min)"}},
    "departments": {"registration": {"group": "outpatient", "change_over": 8.0, "kit": {"forms": 400}, "back_entry": {"by": "typist", "takes": 3.0}}},
    "activities": {"register": {"department": "registration", "needs": "clerk", "takes": "exponential(4 min)", "uses": ["his"]}},
    "pathways": {"visits": {"title": "Visits", "arrivals": {"rate": "20 per h"}, "route": ["register"]}},
    "roles": {name: {"holders": name} for name in ("lead", "dba", "vendor", "porter")},
    "channels": {"app": {"needs": "lan", "broadcast": True, "heard": 3.0}, "runner": {"takes": 12.0}},
    "call_tree": ["app", "runner"],
    "causes": ["storage", "software", "network"],
    "readiness": {"untrained_takes": 2.0, "untrained_chance": 0.7},
    "restore_order": [["db"], ["lab"], ["his"]],
    "faults": [{"id": "f", "target": "storage", "cause": "storage", "at": "09:00"}],
    "steps": [
        {"id": "judge", "owner": "dba", "takes": "lognormal(median 15 min, p90 30 min)", "does": "judge", "chance_right": 0.6, "if_it_fails": {"tries": 30}},
        {"id": "order", "owner": "lead", "on": "detected", "takes": 5.0, "does": {"order_paper": "outpatient"}, "if_it_fails": {"tries": 30}},
        {"id": "mend", "owner": "dba", "with": "vendor", "after": "judge", "takes": 30.0, "spare": "storage", "does": {"repair": "cause"},
         "if_it_fails": {"tries": 30, "back_to": "judge"}},
        {"id": "recover", "owner": "dba", "after": "mend", "does": {"recover_data": "db"}, "if_it_fails": {"tries": 30}},
        {"id": "restore", "owner": "dba", "after": "recover", "takes": 5.0, "does": {"restore": "all"}, "if_it_fails": {"tries": 30}},
        {"id": "verify", "owner": "lead", "after": "restore", "takes": 5.0, "does": {"verify": "outpatient"}, "if_it_fails": {"tries": 30, "back_to": "restore"}},
        {"id": "return", "owner": "lead", "after": "verify", "does": {"return_to_system": "all"}, "if_it_fails": {"tries": 30}},
    ],
}  # fmt: skip

DAMAGED = {
    "faults": [{"id": "f", "kind": "corrupt", "target": "db", "cause": "storage", "at": "11:50"}],
    "steps.2.spare": None,
}


def changed(*changes: dict[str, Any]) -> list[Log]:
    """Logs of the hospital with some of its values replaced; a path names keys and places in lists, separated by dots."""
    return _changed(repr(changes))


@cache
def _changed(changes_text: str) -> list[Log]:
    changes = ast.literal_eval(changes_text)
    tree = copy.deepcopy(HOSPITAL)
    for path, value in (item for change in changes for item in change.items()):
        *parents, last = path.split(".")
        part = tree
        for key in parents:
            part = part[int(key)] if isinstance(part, list) else part[key]
        part[int(last) if isinstance(part, list) else last] = copy.deepcopy(value)
    scenario = a_scenario(**tree)
    return [replicate(scenario, seed=1, replication=r) for r in REPLICATIONS]


def minute(event: str) -> Callable[[Log], float]:
    """When an event happened; EndEx when it did not."""
    return lambda log: reached(log).get(event, log.horizon)


def slow_or_away(component: str) -> Callable[[Log], float]:
    """Minutes in which a component was not fully up."""

    def measure(log: Log) -> float:
        minutes, last, state = 0.0, 0.0, "up"
        for row in [*rows(log, "component", component), None]:
            now = row.minute if row else log.horizon
            minutes += now - last if state != "up" else 0.0
            last, state = now, row.state if row else ""
        return minutes

    return measure


def away(component: str) -> Callable[[Log], float]:
    """Minutes in which a component gave no service."""

    def measure(log: Log) -> float:
        minutes, last, state = 0.0, 0.0, "up"
        for row in [*rows(log, "component", component), None]:
            now = row.minute if row else log.horizon
            minutes += now - last if state in AWAY else 0.0
            last, state = now, row.state if row else ""
        return minutes

    return measure


def order_to_paper(log: Log) -> float:
    """Minutes from the order until the department works on paper."""
    return minute("registration on paper")(log) - minute("ordered")(log)


def data_lost(log: Log) -> float:
    """Minutes of data lost for good."""
    return max((row.value for row in rows(log, "data_lost", "db")), default=math.nan)


def served(log: Log) -> float:
    """Patients served before 12:00."""
    return float(np.sum(log.visits["ended"] < 240))


def tries(step: str) -> Callable[[Log], float]:
    """How often a step was tried."""
    return lambda log: max((row.value for row in rows(log, "step", step)), default=0.0)


SECOND_FEED = {"systems.storage.needs": {"any": ["feed", "second_feed"]}, "systems.second_feed": {}}
POWER_CUT = {"faults": [{"id": "f", "target": "feed", "at": "09:00", "lasts": 100.0}]}
STANDBY = {
    "systems.db_two": {},
    "systems.db_service": {"runs_on": {"members": ["db", "db_two"], "chance": 0.9}},
    "systems.his.needs": ["db_service"],
    "systems.his.rides_through": 5.0,
}
SURE = {"steps.0.chance_right": 1.0, "systems.storage.spares": 9, "staff.vendor.on_call.answers": 1.0}
LAN_AWAY = {"faults": [*HOSPITAL["faults"], {"id": "g", "target": "lan", "at": "08:30"}]}
FEW_FORMS = {"departments.registration.kit": {"forms": 10}}
CUT = {"steps.1.does": [{"isolate": "lan"}, {"order_paper": "outpatient"}], "systems.his.needs": ["db", "lan"]}


def infected(log: Log) -> float:
    """Components that malware got into."""
    return float(len({row.cause for row in rows(log, "attack") if row.state == "inside"}))


def taken(log: Log) -> float:
    """Largest share of the fleet that was away at one time."""
    shares = [
        1 - 1 / row.value if row.state == "slow" else float(row.state == "down") for row in rows(log, "own", "pc")
    ]
    return max(shares, default=0.0)


def exposed(log: Log) -> float:
    """Minutes in which data could be taken and read, as they are scored."""
    return minutes_exposed(View(a_scenario(), log, 0.0, log.horizon, 60.0), "db")


def lost_or_all(log: Log) -> float:
    """Minutes of data lost; those of the whole run when no copy was good."""
    return min(log.horizon, max((row.value for row in rows(log, "data_lost", "db")), default=log.horizon))


@cache
def normal_day(replication: int) -> Log:
    """The day of the unchanged hospital without the fault."""
    return replicate(a_scenario(**copy.deepcopy(HOSPITAL)), seed=1, replication=replication, with_faults=False)


def after_return(name: str) -> Callable[[Log], float]:
    """A figure of the work after the systems are back, against a normal day."""
    scenario = a_scenario(**copy.deepcopy(HOSPITAL))

    def measure(log: Log) -> float:
        views = (View(scenario, one, 0.0, one.horizon, 60.0) for one in (log, normal_day(log.replication)))
        return recovery(*views)["hospital"][name]

    return measure


ATTACKED = {
    "systems.lan": {"kind": "network"},
    "systems.pc": {"kind": "workstation", "count": 200, "needs": ["lan"], "rebuild_takes": 10.0},
    "systems.db.kind": "database",
    "systems.db.needs": ["storage", "lan"],
    **{
        f"systems.server_{n}": {"kind": "server", "needs": ["lan"], "place": "cellar" if n > 2 else "attic"}
        for n in range(6)
    },
    "protection": {},
    "faults": [
        {
            "id": "f",
            "kind": "spread",
            "target": "server_0",
            "cause": "software",
            "at": "09:00",
            "attack": {"every": 60.0},
        }
    ],
    "steps.1.does": [{"order_paper": "outpatient"}],
    "staff.technician": {"on_duty": 2},
    "roles.technician": {"holders": "technician"},
}
CUT_OFF = {
    **ATTACKED,
    "steps.1": {"id": "order", "owner": "lead", "on": "detected", "takes": 5.0, "does": {"isolate": "lan"}},
}
INTRUDER = {
    **ATTACKED,
    "faults": [
        {"id": "f", "kind": "intrusion", "target": "db", "cause": "software", "at": "09:00", "attack": {"every": 60.0}}
    ],
}
RECOVERED = {
    **ATTACKED,
    "systems.db.data.backups": [{"kind": "full", "every": 1440.0, "at": "02:00", "medium": "disk"}],
    "faults": [
        {"id": "f", "kind": "spread", "target": "db", "cause": "software", "at": "09:00", "attack": {"every": 1e6}}
    ],
    "steps.3": {"id": "recover", "owner": "dba", "after": "order", "does": [{"reimage": "db"}, {"recover_data": "db"}]},
}
UPDATED = {
    **ATTACKED,
    "faults": [{"id": "f", "kind": "update", "target": "pc", "cause": "software", "at": "09:00"}],
    "steps.2": {"id": "mend", "owner": "technician", "on": "detected", "does": {"reimage": "pc"}},
    "systems.his.needs": ["db", "pc"],
    "systems.pc.tier": 3,
}
LOOPING = {
    "faults": [
        {
            "id": "f",
            "kind": "loop",
            "target": "lan",
            "cause": "network",
            "at": "09:00",
            "relapse": {"chance": 0.9, "after": 30.0},
        }
    ],
    "systems.his.needs": ["db", "lan"],
    "steps.0.chance_right": 0.5,
    "steps.2": {
        "id": "mend",
        "owner": "dba",
        "after": "judge",
        "takes": 20.0,
        "does": {"repair": "lan"},
        "if_it_fails": {"tries": 30, "back_to": "judge"},
    },
}
IDENTITY = {
    "systems.identity": {},
    "systems.his.needs": ["db", "identity"],
    "faults": [{"id": "f", "target": "identity", "cause": "software", "at": "09:00", "lasts": 180.0}],
}
NOT_PRACTISED = {
    **DAMAGED,
    "staff.dba": {"last_drill": 24 * 43834.0},
    "readiness": {"untrained_takes": 3.0, "untrained_chance": 1.0, "decay": True},
    "steps.3.takes": 60.0,
}
MONTH = 43834.0
NIGHT = {
    **SURE,
    "staff.dba": {"on_duty": 0, "on_call": {"count": 2, "answer": 3.0, "travel": 30.0}},
    "steps.2.takes": 700.0,
    "readiness": {"tires_after": 480.0, "tired_takes": 1.2},
}
OLD_PLAN = {**SURE, "plan": {"reviewed": "2021-03-09"}, "readiness": {"contacts_change": 0.3}}
FALSE_ALARMS = {"detection": {"monitoring": {"after": 10.0, "checked_by": "dba", "disbelief": 0.4}}}
WEARING = {"systems.lan": {"age": 8 * 525960.0, "fails": {"every": "exponential(2000 min)", "repair": 60.0}}}

CASES: dict[str, tuple[dict, dict, Callable[[Log], float], float]] = {
    # line of the process and what is changed: unchanged, changed, figure, least change of its mean
    "P1 copies more often lose less": (DAMAGED, {"systems.db.data.backups.0.every": 60.0}, data_lost, -150),
    "P2 a faster medium restores sooner": (DAMAGED, {"media.disk.throughput": 20.0}, minute("restored"), -60),
    "P2 a surer medium restores sooner": ({**DAMAGED, "media.disk.works": 0.5}, {"media.disk.works": 1.0}, minute("restored"), -30),
    "P3 trained people are quicker and surer": (SURE, {"staff.dba.trained": 1.0}, minute("restored"), -10),
    "P8 a recent drill keeps people quick": (
        {**SURE, "staff.dba": {"last_drill": 24 * 43834.0}, "readiness": {"untrained_takes": 2.0, "untrained_chance": 1.0, "decay": True}},
        {"staff.dba": {"last_drill": 43834.0}},
        minute("restored"),
        -8,
    ),
    "P9 a spare at hand": ({}, {"systems.storage.spares": 9}, minute("restored"), -60),
    "P9 more forms keep paper going": (FEW_FORMS, {"departments.registration.kit": {"forms": 400}}, served, +10),
    "R1 monitoring that sees more": ({}, {"detection.monitoring.chance": 1.0}, minute("detected"), -10),
    "R1 monitoring that is down sees nothing": (
        {"detection.monitoring.chance": 1.0},
        {"faults": [*HOSPITAL["faults"], {"id": "g", "target": "monitor", "at": "08:30"}]},
        minute("detected"),
        +10,
    ),
    "R2 without the network the order goes on foot": ({}, LAN_AWAY, order_to_paper, +5),
    "R2 a second way that needs no network": (
        {**LAN_AWAY, "call_tree": ["app"]}, {"call_tree": ["app", "runner"]}, minute("registration on paper"), -100
    ),
    "R3 a surer first judgement takes fewer wrong turns": ({"steps.0.chance_right": 0.2}, {"steps.0.chance_right": 1.0}, tries("mend"), -0.4),
    "R4 isolating takes services away": ({}, CUT, slow_or_away("his"), +100),
    "R5 a vendor who works from afar": ({"systems.storage.spares": 9}, {"staff.vendor.on_call.remote": 1.0}, minute("restored"), -20),
    "R6 a supplier who is quicker": ({}, {"systems.storage.spare_arrives": "uniform(20 min, 40 min)"}, minute("restored"), -40),
    "R6 people who tire take longer": ({**NIGHT, "readiness": {}}, {"readiness": NIGHT["readiness"]}, minute("mend"), +60),
    "R6 people who are relieved do not": (NIGHT, {"staff.dba.on_call.stays": 480.0, "staff.dba.at_shift_end": "stop"}, minute("mend"), -20),
    "R1 false alarms make true ones doubted": (FALSE_ALARMS, {"detection.monitoring.false_alarms": 20.0}, minute("detected"), +1),
    "R1 false alarms take people's time": (
        FALSE_ALARMS,
        {"detection.monitoring.false_alarms": "exponential(60 min)", "detection.monitoring.check_takes": 40.0},
        minute("restored"),
        +20,
    ),
    "I2 a plan reviewed lately has the right numbers": (OLD_PLAN, {"plan": {"reviewed": "2026-03-01"}}, minute("restored"), -4),
    "I3 an old component fails more often": (WEARING, {"systems.lan.fails.ageing": 0.3}, slow_or_away("lan"), +60),
    "P7 a plan that has no step for the damage": (DAMAGED, {"steps.3.does": []}, minute("restored"), +300),
    "R10 hands at the desk help to catch up after the return": (
        {"steps.1.takes": 200.0, "systems.storage.spares": 9}, {"staff.clerk.on_duty": 3}, after_return("wait_added"), -5
    ),
    "I5 a handover takes its time": (
        {**SURE, "staff.dba": {"on_duty": {"06:00-11:00": 1, "11:00-23:00": 1}, "at_shift_end": "hand_over"}, "steps.2.takes": 120.0},
        {"staff.dba.handover": 30.0},
        minute("mend"),
        +20,
    ),
    "R7 what is restored first is back first": ({}, {"restore_order": [["db"], ["his"], ["lab"]]}, minute("his up"), -20),
    "R7 a standby that carries the peak": (
        {**STANDBY, "load": {"08:00-23:00": 1.0}, "systems.db_service.runs_on.standby_capacity": 0.5},
        {"systems.db_service.runs_on.standby_capacity": 1.0},
        slow_or_away("his"),
        -200,
    ),
    "R8 verifying that finds faults sends work back": ({}, {"steps.5.chance": 0.5}, tries("restore"), +0.5),
    "R9 more hands type in sooner": ({}, {"staff.typist.on_duty": 3}, minute("cleared"), -30),
    "R10 an earlier order serves more meanwhile": ({"steps.1.takes": 60.0}, {"steps.1.takes": 5.0}, served, +5),
    "I1 users who report": ({}, {"detection.users": {"after": "exponential(6 min)"}}, minute("detected"), -5),
    "I3 a second feed": (POWER_CUT, SECOND_FEED, slow_or_away("his"), -100),
    "I3 a standby": ({}, STANDBY, slow_or_away("his"), -100),
    "I5 a step that needs another department waits for it": ({}, {"steps.5.with": "porter", "staff.porter.on_duty": {"20:00-22:00": 1}}, minute("return"), +100),
    "P1 copies that have been tried out are good": (
        {**DAMAGED, "media.disk": {"throughput": 5.0, "goes_bad": 0.1}, "steps.3.if_it_fails.tries": 3}, {"media.disk.last_tested": MONTH}, minute("recover"), -300
    ),
    "P3 who has practised bringing data back is quicker": (NOT_PRACTISED, {"staff.dba.last_restore": MONTH}, minute("recover"), -20),
    "P4 broken glass keeps work going without the identity system": (
        IDENTITY, {"systems.his.without": {"identity": {"after": 15.0, "slows": 1.5}}}, away("his"), -60
    ),
    "P4 accounts that a step releases are open once that is done, and no sooner": (
        {**IDENTITY, "systems.his.without": {"identity": {"after": 15.0, "slows": 1.5, "by_hand": True}}},
        {"steps": [*HOSPITAL["steps"], {"id": "release", "owner": "lead", "on": "detected", "takes": 10.0, "does": {"break_glass": "his"}}]},
        away("his"),
        -60,
    ),
    "P5 keys that are away hold up bringing data back": (
        {**DAMAGED, "systems.vault": {}, "faults": [*DAMAGED["faults"], {"id": "g", "target": "vault", "at": "11:50", "lasts": 300.0}]},
        {"systems.db.data.keys": "vault"},
        minute("recover"),
        +40,
    ),
    "R7 systems that settle for a while after a start": ({}, {"systems.his.settles": 60.0, "systems.his.settles_slow": 2.0}, slow_or_away("his"), +40),
    "P4 access control slows an intruder": (INTRUDER, {"protection": {"access_control": 0.8}}, exposed, -60),
    "P4 an insider needs rights too": (
        {**INTRUDER, "faults.0.kind": "insider"}, {"protection": {"access_control": 0.9}}, exposed, -60
    ),
    "P5 data that are encrypted are not exposed": (INTRUDER, {"protection": {"encrypted": True}}, exposed, -100),
    "P6 a firewall keeps attackers out": (ATTACKED, {"protection": {"firewall": 0.8}}, infected, -3),
    "P6 hardened machines are infected later": (ATTACKED, {"protection": {"hardening": 0.8}}, infected, -1),
    "P6 segments slow the spread": (ATTACKED, {"protection": {"segmentation": 1.0}}, infected, -1),
    "P6 monitoring sees an attack early": (
        {**ATTACKED, "detection.monitoring.chance": 0.0}, {"protection": {"monitoring": 0.9}}, minute("detected"), -5
    ),
    "R4 isolating stops the spread": ({**CUT_OFF, "steps.1.takes": 400.0}, {"steps.1.takes": 5.0}, infected, -1),
    "R4 isolating saves machines": ({**CUT_OFF, "steps.1.takes": 900.0}, {"steps.1.takes": 5.0}, taken, -0.1),
    "P1 a copy out of reach survives an attack": (RECOVERED, {"media.disk.offline": True}, lost_or_all, -300),
    "P2 a copy on a server that the attack does not reach": (RECOVERED, {"media.disk.kept_by": "server_5"}, lost_or_all, -300),
    "R6 more people rebuild machines sooner": (UPDATED, {"staff.technician.on_duty": 9, "steps.2.with": {"technician": 8}}, slow_or_away("pc"), -300),
    "R7 mending the cause prevents a relapse": (LOOPING, {"steps.2.does": {"repair": "cause"}}, slow_or_away("his"), -10),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_changing_one_line_of_the_process_moves_its_figure(case: str) -> None:
    unchanged, change, figure, least = CASES[case]
    before, after = changed(unchanged), changed(unchanged, change)
    differences = [figure(new) - figure(old) for old, new in zip(before, after, strict=True)]
    mean = sum(differences) / len(differences)
    half = 3.66 * float(np.std(differences, ddof=1)) / math.sqrt(len(differences))  # 99.9 % interval
    assert math.copysign(mean, least * mean) >= abs(least), (mean, half)
    assert abs(mean) > half, (mean, half)


def test_every_kind_of_fault_and_of_effect_that_is_described_is_played() -> None:
    assert set(KINDS) == set(FAULT_KINDS)
    assert set(EFFECTS) == set(EFFECTS_DESCRIBED)
