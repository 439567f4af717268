"""Alarms about nothing: they take people's time, and make true alarms less believed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drillsim.model.hospital import Detection
from drillsim.sim.world import ARRIVAL, Process
from drillsim.units import DAY

if TYPE_CHECKING:
    from drillsim.sim.world import World


class Alarms:
    """False alarms of each way of noticing, and when they came."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.came: dict[str, list[float]] = {}
        for name, way in world.hospital.detection.items():
            if way.false_alarms is not None:
                world.env.process(self._again_and_again(name, way))

    def believed(self, fault: str, name: str, way: Detection, first: float, time: int) -> bool:
        """Whether a true alarm is believed the ``time``-th time it comes, after the false ones of the 24 h before its ``first`` time."""
        recent = sum(first - DAY < minute <= first for minute in self.came.get(name, ()))
        doubt = 1 - (1 - way.disbelief) ** recent
        return not self.world.chances.happens(f"fault {fault} noticed by {name} doubted", time, doubt)

    def _again_and_again(self, name: str, way: Detection) -> Process:
        assert way.false_alarms is not None
        number = 0
        while True:
            luck = f"false alarm of {name}"
            yield self.world.later(self.world.chances.minutes(luck, number, way.false_alarms), ARRIVAL)
            self.came.setdefault(name, []).append(self.world.env.now)
            self.world.note("false_alarm", name, "", way.checked_by or "")
            if way.checked_by is not None:
                self.world.env.process(self._check(luck, number, way))
            number += 1

    def _check(self, luck: str, number: int, way: Detection) -> Process:
        assert way.checked_by is not None
        job = self.world.people.job(luck, way.checked_by)
        yield job.granted
        yield self.world.later(self.world.chances.minutes(f"{luck} check", number, way.check_takes))
        self.world.people.release(job)
