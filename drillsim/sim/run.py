"""One replication: build the world, let it run to EndEx, hand back its log."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from drillsim.log.rows import Log
from drillsim.sim import data, failures, injects, machines
from drillsim.sim.alarms import Alarms
from drillsim.sim.conditions import Conditions
from drillsim.sim.contacts import Contacts
from drillsim.sim.departments import Departments
from drillsim.sim.diversions import Diversions
from drillsim.sim.environment import Environment
from drillsim.sim.failover import Service
from drillsim.sim.faults import Faults
from drillsim.sim.flow.engine import Flow
from drillsim.sim.luck import Streams
from drillsim.sim.notices import Notices
from drillsim.sim.people import People
from drillsim.sim.prepare import prepare
from drillsim.sim.reading import Media
from drillsim.sim.steps import Steps
from drillsim.sim.systems import Systems
from drillsim.sim.world import END, World

if TYPE_CHECKING:
    from drillsim.model.scenario import Scenario


def replicate(scenario: Scenario, *, seed: int, replication: int, with_faults: bool = True) -> Log:
    """Play the scenario once and give what happened.

    The same scenario, seed and replication give the same log, whatever ran before. Without its faults (``with_faults=False``) the same day passes on
    the same luck: no fault, no inject, no step of the plan. Raises SimulationError, with the minute, for a run that cannot go on.
    """
    began = 0.0 - scenario.warm_up
    with _collector_resting():
        world = _build(scenario, Environment(began), Streams(seed, replication), with_faults)
        try:
            world.env.run(until=world.later(scenario.horizon - began, END))
            return _finish(world, replication)
        finally:
            _take_apart(world)


@contextmanager
def _collector_resting() -> Iterator[None]:
    """The collector of circles looks at hundreds of thousands of patients again and again and finds next to nothing: a tenth of a run's time."""
    working = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if working:
            gc.enable()


def _build(scenario: Scenario, env: Environment, streams: Streams, with_faults: bool) -> World:
    """The hospital as it stands when the run begins, and what is to happen to it."""
    prepared = prepare(scenario)
    world = World(scenario, prepared, env, streams, prepared.calendar)
    if scenario.hospital.pathways:
        world.flow = Flow(
            scenario.hospital, streams, prepared.calendar, note=world.note, stands_for=scenario.stands_for
        )
        world.flow.attach(env)
    world.systems = Systems(world)
    for unit in world.systems.in_order:
        if unit.component.runs_on is not None:
            Service(world, unit, unit.component.runs_on)
    world.conditions = Conditions(world)
    world.faults = Faults(world)
    world.contacts = Contacts(world)
    world.media = Media(world)
    world.notices = Notices(world)
    world.people = People(world)
    world.alarms = Alarms(world)
    world.departments = Departments(world)
    world.diversions = Diversions(world)
    world.steps = Steps(world)
    failures.begin(world)
    machines.begin(world)
    world.call_at(0.0, 0, lambda: _start_exercise(world, with_faults))
    return world


def _start_exercise(world: World, with_faults: bool) -> None:
    """StartEx: from now on faults strike, injects are delivered, and the plan is carried out."""
    world.note("run", "", "started")
    world.happen("start")
    if with_faults:
        world.faults.begin()
        injects.begin(world)
        world.steps.begin()


def _finish(world: World, replication: int) -> Log:
    """The log: rows in their order, what is unfinished written down as such, the patients' columns."""
    world.steps.end()
    for component, least in list(data.not_back(world)):
        world.note("data_lost", component, "open", "", least)
    world.note("run", "", "ended")
    log = Log(replication, world.calendar.began, world.scenario.horizon, events=world.rows)
    if world.flow is not None:
        log.visits, log.patients, log.entries, log.names = world.flow.finish()
    return log


def _take_apart(world: World) -> None:
    """Cut what refers to itself in a circle, so that memory is free at once and not when the collector runs."""
    world.env._queue.clear()
    world.env.flow = None
    if world.flow is not None:
        for path in world.flow.paths:
            for stop in path.stops.values():
                stop.forget()
            vars(path).clear()
        vars(world.flow).clear()
    for play in world.steps.plays.values():
        vars(play).clear()
    vars(world).clear()
