"""Scenarios modelled on public incidents: the simulated timeline beside the public one (INCIDENTS), to the order of magnitude."""

from __future__ import annotations

from functools import cache

import numpy as np

from drillsim import files
from drillsim.log.rows import Log
from drillsim.model.scenario import Scenario
from drillsim.score.replication import score
from drillsim.sim.run import replicate

RUNS = 3


@cache
def scenario(name: str) -> Scenario:
    """A shipped scenario."""
    return files.load(name).scenario


@cache
def logs(name: str) -> tuple[Log, ...]:
    """A few replications of it."""
    return tuple(replicate(scenario(name), seed=1, replication=number) for number in range(RUNS))


@cache
def figures(name: str) -> tuple[dict[tuple[str, str, str], float], ...]:
    """Their figures."""
    return tuple(score(scenario(name), log).figures for log in logs(name))


def after_the_fault(name: str, event: str) -> list[float]:
    """Minutes from the fault to an event, in the runs in which it came."""
    found = []
    for log in logs(name):
        reached = {e.subject: e.minute for e in reversed(log.events) if e.kind == "reached"}
        if event in reached:
            found.append(reached[event] - reached["failed"])
    return found


def median_figure(name: str, kind: str, subject: str, what: str) -> float:
    """Median over the runs of one figure."""
    return float(np.nanmedian([found.get((kind, subject, what), np.nan) for found in figures(name)]))


def test_the_loop_comes_back_and_is_gone_after_days():  # INCIDENTS I1: crashes repeatedly, stable after 84 to 96 h
    relapses = [
        sum(e.kind == "fault" and e.state == "relapsed" for e in log.events) for log in logs("core-switch-loop")
    ]
    assert sum(relapses) >= 2
    assert 48 * 60 < np.median(after_the_fault("core-switch-loop", "rebuild_core")) < 120 * 60


def test_without_the_insurance_windows_wait_until_somebody_says_paper():  # INCIDENTS S10 to S12: 20 min to nine hours
    name = "insurance-gateway-down"
    assert 20 < median_figure(name, "component", "insurance_gateway", "minutes_down") < 9 * 60
    assert median_figure(name, "component", "his", "minutes_down") == 0
    assert after_the_fault(name, "pay_in_full")


def test_a_cut_fibre_takes_payments_away_for_a_morning_and_no_system_of_the_house():  # INCIDENTS S5: morning to 14:10
    name = "carrier-line-cut"
    assert 120 < median_figure(name, "component", "internet_line", "minutes_down") < 480
    assert median_figure(name, "component", "his", "minutes_down") == 0
    assert after_the_fault(name, "returned")
