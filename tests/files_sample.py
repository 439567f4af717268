"""One small scenario with an entry of nearly every kind, and what checking a changed copy of it says."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from drillsim import files

GOOD = """\
drillsim: scenario/1
title: {en: Outage, zh: 中断}
start: 2026-03-09 07:00
horizon: 10 h
steady_state: [register.wait_p90 <= 20 min, desk.queue_mean < 30]
hospital:
  title: Small hospital
  rosters: {day: mon-fri 08:00-17:30}
  staff:
    clerk: {title: Clerk, on_duty: {day: 3, "all 17:30-08:00": 2, "sat,sun 08:00-17:30": 2}, department: desk}
    engineer: {title: Engineer, on_duty: {day: 1}, on_call: {hours: always, count: 2}}
  equipment:
    bed: {title: Bed, on_duty: 4}
  departments:
    desk: {title: Desk, group: outpatient, mtd: 2 h, kit: {forms: 50}, back_entry: {by: clerk, takes: 1 min}}
    ward: {title: Ward, group: inpatient}
  activities:
    register: {title: Registration, department: desk, needs: [clerk], takes: exponential(3 min), uses: his, class_factor: {urgent: 0.5}}
    stay: {title: Stay, department: ward, needs: {bed: 1}, keeps: bed, takes: 2 h, room: 5, if_full: leave}
    go: {title: Going home, frees: bed}
  pathways:
    visits:
      title: Visits
      arrivals: {per_day: 100, hours: {"08:00-12:00": 2, "14:00-17:00": 1}}
      classes: {urgent: {title: Urgent, share: 1}, other: {title: Other, share: 9}}
      route: [register, {do: stay, then: [{to: go, chance: {urgent: 0.9, other: 0.4}}, {to: leave}]}, go]
  indicators:
    long_stay: {title: Long stay, pathways: visits, start: register, until: stay, limit: 1 h}
  systems:
    power: {title: Power, kind: power}
    db: {title: Database, kind: database, needs: power, tier: 1, rto: 1 h, data: {size: 1 TB, backups: [{kind: full, every: 1 d, medium: disk}]}}
    spare_db: {title: Standby, kind: database, needs: [power]}
    db_service: {title: Database service, kind: service, runs_on: {members: [db, spare_db]}}
    his: {title: HIS, kind: application, needs: [db_service, {any: [power]}], tier: 2}
    phone: {title: Telephone, kind: telephone}
  media: {disk: {title: Disk, throughput: 100 MB/s}}
  detection: {users: {after: 5 min, needs: phone}}
plan:
  title: Plan
  thresholds: {outpatient: 20 min}
  roles:
    lead: {title: Lead, holders: [engineer]}
    help: {title: Help, holders: clerk}
  grades: [{id: 1, title: Grave, when: his is away for 1 h, activates: lead}, {id: 2, title: Other}]
  channels: {call: {title: Call, needs: phone}, runner: {title: Runner}}
  call_tree: [call, runner]
  causes: [disk_full]
  restore_order: [[db], [his]]
  steps:
    - {id: look, title: Look, owner: lead, on: detected, takes: 5 min, does: judge, within: 10 min of detected}
    - {id: declare, title: Declare, owner: lead, after: look, takes: 2 min, does: [declare]}
    - {id: paper, title: Paper, owner: lead, with: help, when: his is away for threshold outpatient, does: {order_paper: [outpatient]}}
    - {id: mend, title: Mend, owner: lead, after: [declare], takes: 20 min, if_it_fails: {back_to: look}, does: [{repair: cause}, {restore: [his, tier 1]}]}
    - {id: back, title: Back, owner: lead, on: his up, only_if: desk is on paper, does: [{verify: desk}, {return_to_system: all}]}
faults:
  - {id: broken, target: db, at: 09:10, cause: disk_full}
  - {id: slow, target: "kind: application", kind: slow, severity: 2, at: 30 min after look}
injects:
  - {id: press, at: +40 min, to: help, channel: call, text: The press calls, expects: {step: back, within: 1 h}}
objectives:
  - {id: in_time, title: In time, steps: [look, paper]}
  - {id: few_leave, title: Few leave, measure: patients.left <= 5}
variants:
  two: {title: Two engineers, set: {hospital.staff.engineer.on_duty.day: 2}}
"""


class Said(NamedTuple):
    """One problem as it is told."""

    line: int | None
    path: str
    sentence: str
    severity: str


def told(path: Path) -> list[Said]:
    """What ``check`` says of a file."""
    return [Said(one.line, one.path, files.sentence(one), one.severity) for one in files.check(path)]


def with_change(folder: Path, old: str, new: str) -> Path:
    """The good file with one place changed, which must be there once."""
    assert GOOD.count(old) == 1, f"{old!r} is in the sample {GOOD.count(old)} times"
    path = folder / "ours.yaml"
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    return path


def line_of(old: str) -> int:
    """The line of the good file in which a text begins."""
    return GOOD[: GOOD.index(old)].count("\n") + 1
