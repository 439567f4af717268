"""The hospital in the summary: systems, departments, people, and data."""

from __future__ import annotations

from typing import Any

import numpy as np

from drillsim.log.rows import MODES
from drillsim.model.care import Department
from drillsim.model.scenario import Scenario
from drillsim.model.systems import Component
from drillsim.score import intervals
from drillsim.score.delays import PARTS
from drillsim.score.people import responders
from drillsim.score.summary_hospital import DataPart, DelayPart, DepartmentPart, PersonPart, SystemPart
from drillsim.score.summary_plan import RecoveryPart
from drillsim.score.systems import SWITCHES
from drillsim.score.table import Table
from drillsim.score.words import words


def system_parts(scenario: Scenario, table: Table) -> list[SystemPart]:
    """Every component."""
    return [_system(table, name, component) for name, component in scenario.hospital.systems.items()]


def _system(table: Table, name: str, component: Component) -> SystemPart:
    switched = {s: table.share("component", name, f"failover {s}").value for s in SWITCHES}
    return SystemPart(
        id=name,
        title=words(component.title),
        kind=component.kind,
        tier=component.tier,
        affected=table.share("component", name, "affected"),
        away=table.spread("component", name, "minutes_to_restore", "away_censored"),
        slow=table.spread("component", name, "minutes_slow"),
        rto=component.rto,
        rto_met=table.share("component", name, "rto_met"),
        rto_open=_open(table, "component", name, "rto_met", "minutes_to_restore") if component.rto is not None else 0.0,
        rpo=component.rpo,
        rpo_met=table.share("component", name, "rpo_met"),
        data_lost=table.spread("component", name, "data_lost", "data_lost_censored"),
        availability=table.mean("component", name, "availability"),
        failover={s: v for s, v in switched.items() if v is not None} if component.runs_on else {},
    )


def _open(table: Table, kind: str, name: str, met: str, minutes: str) -> float:
    """The share of runs in which a limit was neither kept nor passed: what has so many minutes was still going on at EndEx, within it."""
    unknown = ~np.isnan(table.column(kind, name, minutes)) & np.isnan(table.column(kind, name, met))
    return float(unknown.mean()) if table.n else 0.0


def department_parts(scenario: Scenario, table: Table) -> list[DepartmentPart]:
    """Every department."""
    active = {a.department for a in scenario.hospital.activities.values()}
    return [_department(table, name, d, name in active) for name, d in scenario.hospital.departments.items()]


def _department(table: Table, name: str, department: Department, active: bool) -> DepartmentPart:
    minutes = {mode: table.mean("department", name, f"minutes {mode}").value for mode in MODES}
    uncleared = 1 - table.column("department", name, "cleared")
    return DepartmentPart(
        id=name,
        title=words(department.title),
        group=department.group,
        minutes={mode: m for mode, m in minutes.items() if m is not None},
        affected=table.share("department", name, "affected"),
        stood_still=table.spread("department", name, "stood_still", "stood_still_censored"),
        mtd=department.mtd,
        mtd_met=table.share("department", name, "mtd_met"),
        mtd_open=_open(table, "department", name, "mtd_met", "stood_still") if department.mtd is not None else 0.0,
        on_paper_at=table.spread("department", name, "on_paper_at"),
        wait=table.spread("department", name, "wait_after") if active else None,
        wait_base=table.base_spread("department", name, "wait_after") if active else None,
        queue_most=table.spread("department", name, "queue_most") if active else None,
        queue_most_base=table.base_spread("department", name, "queue_most") if active else None,
        items=table.spread("department", name, "items"),
        entered=table.spread("department", name, "entered"),
        pile_most=table.spread("department", name, "pile_most"),
        cleared_at=intervals.spread(table.column("department", name, "cleared_at"), uncleared, table.confidence),
        cleared=table.share("department", name, "cleared"),
        errors=table.spread("department", name, "errors"),
        kit_empty=table.share("department", name, "kit_empty"),
        **(_delays(table, name) if ("department", name, "delay work") in table.place else {}),
    )


def _delays(table: Table, name: str) -> dict[str, Any]:
    """The minutes that patients spent in a department, and their parts, on both days."""
    figures = [f"delay {part}" for part in PARTS]
    parts = [
        DelayPart(
            part=part,
            minutes=table.mean("department", name, figure),
            base=base,
            difference=difference,
        )
        for part, figure in zip(PARTS, figures, strict=True)
        if (base := table.base_mean("department", name, figure)) is not None
        and (difference := table.difference("department", name, figure)) is not None
    ]
    now = np.sum([table.column("department", name, figure) for figure in figures], axis=0)
    columns = [table.base_column("department", name, figure) for figure in figures]
    then = np.sum([column for column in columns if column is not None], axis=0) if parts else np.full(table.n, np.nan)
    return {
        "visits": table.mean("department", name, "arrived"),
        "visits_base": table.base_mean("department", name, "arrived"),
        "there": intervals.mean(now, table.confidence),
        "there_base": intervals.mean(then, table.confidence),
        "delay": intervals.difference(now, then, table.confidence),
        "delays": parts,
    }


def recovery_parts(scenario: Scenario, table: Table) -> list[RecoveryPart]:
    """The hospital and its departments after the systems are back; nothing where that was not looked at, or never came."""
    departments = scenario.hospital.departments
    found = []
    for name in ("hospital", *departments):
        caught_up = table.column("recovery", name, "caught_up")
        if not np.isnan(caught_up).all():
            found.append(
                RecoveryPart(
                    id=name,
                    title=words(departments[name].title) if name in departments else None,
                    restored=intervals.share(int((~np.isnan(caught_up)).sum()), table.n, table.confidence),
                    served_share=table.ratio("recovery", name, "begun", "begun_base"),
                    wait_added=table.spread("recovery", name, "wait_added"),
                    caught_up=table.spread("recovery", name, "caught_up", "caught_up_censored"),
                )
            )
    return found


def person_parts(scenario: Scenario, table: Table) -> list[PersonPart]:
    """Everybody who holds a role of the plan."""
    found = []
    for name, title in responders(scenario).items():
        serves = ("resource", name, "patients_after") in table.place
        found.append(
            PersonPart(
                id=name,
                title=words(title),
                on_duty=table.spread("person", name, "on_duty"),
                busy=table.mean("person", name, "busy"),
                waited_busy=table.mean("person", name, "waited person"),
                waited_off_shift=table.mean("person", name, "waited off_shift"),
                waited_on_the_way=table.mean("person", name, "waited on_the_way"),
                called_in=table.mean("person", name, "called_in"),
                utilisation=table.mean("resource", name, "patients_after") if serves else None,
                utilisation_base=table.base_mean("resource", name, "patients_after") if serves else None,
            )
        )
    return found


def data_part(scenario: Scenario, table: Table) -> DataPart | None:
    """Paper and data of the whole hospital; None when it has neither paper to type in nor components that keep data."""
    hospital = scenario.hospital
    kept = any(c.data or c.rpo is not None for c in hospital.systems.values())
    if not kept and not any(d.back_entry for d in hospital.departments.values()):
        return None
    lost = table.column("data", "data", "data_lost")
    uncleared = 1 - table.column("data", "data", "cleared")
    open_ = table.column("data", "data", "data_open")
    nothing_lost = np.where(np.isnan(lost), np.nan, (lost == 0) & (open_ != 1))
    after_restore = table.column("data", "data", "after_restore")
    taken = any(fault.nature.attack == "steals" for fault in scenario.faults)
    return DataPart(
        items=table.spread("data", "data", "items"),
        entered=table.spread("data", "data", "entered"),
        errors=table.spread("data", "data", "errors"),
        left_at_end=table.spread("data", "data", "pile_end"),
        cleared=table.share("data", "data", "cleared"),
        cleared_at=intervals.spread(table.column("data", "data", "cleared_at"), uncleared, table.confidence),
        after_restore=intervals.spread(after_restore, uncleared, table.confidence),
        lost_minutes=table.spread("data", "data", "data_lost", "data_lost_censored"),
        nothing_lost=intervals.share_of(nothing_lost, table.confidence),
        not_back=intervals.share_of(open_, table.confidence),
        exposed=table.spread("data", "data", "exposed") if taken else None,
        people_exposed=table.spread("data", "data", "people_exposed") if taken else None,
    )
