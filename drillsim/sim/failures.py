"""What components do of their own on any day: they fail at random and are repaired by a crew, and copying their data slows them down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drillsim.sim.units import AWAY, COPY, Damage
from drillsim.sim.world import ARRIVAL, REPAIR, Process

if TYPE_CHECKING:
    from drillsim.model.systems import Backup, RandomFailures
    from drillsim.sim.calendar import Calendar
    from drillsim.sim.world import World


def begin(world: World) -> None:
    """Start the processes of the components that fail at random or are slowed by their copies."""
    for name, component in world.hospital.systems.items():
        if component.fails is not None:
            world.env.process(_fail_again_and_again(world, name, component.fails))
        for number, backup in enumerate(component.data.backups if component.data else ()):
            if backup.slows > 1 and backup.takes > 0:
                world.env.process(_copy(world, name, f"{COPY}{number}", backup))


def _fail_again_and_again(world: World, name: str, fails: RandomFailures) -> Process:
    """Fail each time the time to failure has passed while it was up, and be repaired; of a fleet, one fails at a time while others work on."""
    unit, number = world.systems[name], 0
    worn = unit.component.worn(fails.ageing)
    fleet = unit.component.count > 1
    while True:
        left = world.chances.minutes(f"component {name} fails", number, fails.every) / worn
        while left > 0:
            away = unit.minutes_away(world.env.now)
            yield world.later(left, ARRIVAL)
            left = unit.minutes_away(world.env.now) - away
        if unit.own.rank < AWAY:
            key = f"failure {number}" if fleet else "failure"
            world.systems.damage(name, key, Damage("outage", 1 / unit.component.count), "failure")
            repair = world.env.process(_repair(world, name, key, fails, number))
            if not fleet:
                yield repair
        number += 1


def _repair(world: World, name: str, key: str, fails: RandomFailures, number: int) -> Process:
    """Mend one failure, with one of the crew throughout. When a plan step has mended it meanwhile there is nothing left to do, and they go."""
    minutes = world.chances.minutes(f"component {name} repair", number, fails.repair)
    mended = world.env.event()
    world.systems[name].when_mended[key] = mended.succeed
    job = world.people.job(name, fails.crew) if fails.crew is not None else None
    if job is not None:
        yield job.granted | mended
    if not mended.triggered:
        yield world.later(minutes, REPAIR) | mended
    if job is not None:
        world.people.withdraw(job)
    if not mended.triggered:
        world.systems.mend(name, [key], "crew")


def _copy(world: World, name: str, key: str, backup: Backup) -> Process:
    """Slow the component down while a copy of its data is made, as often as its schedule says."""
    start, takes = first_copy(backup, world.calendar, world.env.now), min(backup.takes, backup.every)
    left = start - backup.every + takes - world.env.now
    if left > 0:  # one is being made when the run begins
        world.systems.load(name, key, backup.slows, f"{backup.kind} copy")
        yield world.later(left)
        world.systems.load(name, key, 1.0, f"{backup.kind} copy")
    yield world.later(start - world.env.now, ARRIVAL)
    while True:
        world.systems.load(name, key, backup.slows, f"{backup.kind} copy")
        yield world.later(takes)
        if backup.takes < backup.every:
            world.systems.load(name, key, 1.0, f"{backup.kind} copy")
            yield world.later(backup.every - backup.takes, ARRIVAL)


def first_copy(backup: Backup, calendar: Calendar, now: float) -> float:
    """The first minute from ``now`` on at which this copy begins."""
    at = backup.one(calendar.midnight, calendar.monday)
    return at - ((at - now) // backup.every) * backup.every
