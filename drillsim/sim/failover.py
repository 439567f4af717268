"""Services that run on several members: which member carries them, switching to the next, and the standby that may not carry the peak.

What happens when things overlap:

* The member in use comes back before the switch has started: no switch. After it has started: the switch goes on to its end.
* The member switched to stops working meanwhile: the switch fails.
* A switch that failed is not tried again by itself until the member in use has worked again; by hand it can be.
* After a switch that succeeded, the new member is watched like the first, so a service may fail over again, and back to its first member.
* No member works: the service waits, and switches to (or goes on with) whichever works first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from drillsim.model.care import hour_span
from drillsim.sim.systems import AWAY, RESTORING, SLOW, WELL, Standing, Unit
from drillsim.sim.world import ARRIVAL, Process

if TYPE_CHECKING:
    import simpy

    from drillsim.model.systems import RunsOn
    from drillsim.sim.world import World


class Service:
    """One component that runs on members. ``active`` is the place of the member in use, 0 the first."""

    def __init__(self, world: World, unit: Unit, runs_on: RunsOn) -> None:
        self.world = world
        self.unit = unit
        self.runs_on = runs_on
        self.members = runs_on.members
        self.active = 0
        self.switching: str | None = None  # the member it is being switched to
        self.gave_up = False  # a switch failed; only by hand now
        self.overloaded = 1.0  # factor on work while the standby carries more than it can
        self.switches = 0
        self.exposures = 0
        self._pending: Callable[[], None] | None = None
        self._turns = sorted(
            {m for text in world.hospital.load for m in hour_span(text)} | {60.0 * h for h in range(24)}
        )
        unit.service = self
        for member in self.members:
            world.listen("component", member, self.look)

    @property
    def on_standby(self) -> bool:
        """Whether another member than the first carries it."""
        return self.active > 0

    def standing(self) -> Standing:
        """What the member in use gives: nothing while switching; more slowly when a standby carries too much."""
        if self.switching is not None:
            return Standing(RESTORING, 1.0, self.switching)
        member = self.members[self.active]
        standing = self.world.systems.standing_of(member, self.unit.name)
        standing = standing if standing.rank else WELL
        if self.overloaded > 1 and standing < (SLOW, self.overloaded):
            return Standing(SLOW, self.overloaded, member)
        return standing

    def look(self) -> None:
        """A member has changed: plan a switch, or think better of it."""
        if self.switching is not None:
            return
        if not self._active_away():
            self.gave_up = False
            self._call_off()
        elif self.runs_on.automatic and not self.gave_up and self._pending is None and self._candidate() is not None:
            minutes = self.world.chances.minutes(self._luck("after"), self.switches, self.runs_on.after)
            self._pending = self.world.call_at(self.world.env.now + minutes, ARRIVAL, self._begin)

    def by_hand(self, cause: str) -> simpy.Event:
        """Switch to the next member that works now; the event's value says whether the service then runs on it."""
        if self.switching is not None or self._candidate() is None:
            return self.world.env.event().succeed(False)
        self._call_off()
        return self.world.env.process(self._switch(cause))

    def _begin(self) -> None:
        self._pending = None
        if self._active_away() and self._candidate() is not None and self.switching is None:
            self.world.env.process(self._switch("automatic"))

    def _switch(self, cause: str) -> Process:
        target = self._candidate()
        if target is None or self.switching is not None:
            return False
        number, self.switches = self.switches, self.switches + 1
        self.switching = target
        left = self.members[self.active]
        self.world.note("failover", self.unit.name, "started", target)
        self.world.systems.settle(self.unit, cause)
        yield self.world.later(self.world.chances.minutes(self._luck("takes"), number, self.runs_on.takes))
        self.switching = None
        worked = self.world.chances.happens(self._luck("works"), number, self.runs_on.chance)
        worked = worked and self._reached(target)
        if worked:
            self.active = self.members.index(target)
            self._lose_tail(left, target)
        self._weigh()
        self.gave_up = not worked
        self.world.note("failover", self.unit.name, "done" if worked else "failed", target)
        self.world.systems.settle(self.unit, cause)
        self.world.post("standby", self.unit.name)
        self.look()
        return worked

    def _lose_tail(self, left: str, target: str) -> None:
        """A replica that took over from a member that broke lacks the last minutes of its data."""
        data = self.world.hospital.systems[left].data
        if data is not None and data.replica == target and data.lag > 0 and self.world.systems[left].damage:
            self.world.note("data_lost", left, "lost", "replica", data.lag)

    def _active_away(self) -> bool:
        return not self._reached(self.members[self.active])

    def _reached(self, member: str) -> bool:
        return self.world.systems.standing_of(member, self.unit.name).rank < AWAY

    def _candidate(self) -> str | None:
        others = (m for place, m in enumerate(self.members) if place != self.active)
        return next((m for m in others if self._reached(m)), None)

    def _call_off(self) -> None:
        if self._pending is not None:
            self._pending()
            self._pending = None

    def _luck(self, what: str) -> str:
        return f"component {self.unit.name} fail-over {what}"

    # A standby with less capacity

    def _weigh(self) -> None:
        """Begin or end to watch the load, hour by hour, while a standby of less than full capacity carries the service."""
        self.overloaded = self._overload()
        if self.on_standby and self._may_be_overloaded():
            self.world.env.process(self._carry(self.switches))

    def _may_be_overloaded(self) -> bool:
        return self.runs_on.standby_capacity < max([1e-9, 0.3, *self.world.hospital.load.values()])

    def _overload(self) -> float:
        if not self.on_standby:
            return 1.0
        return max(1.0, self.world.calendar.load(self.world.env.now) / self.runs_on.standby_capacity)

    def _carry(self, number: int) -> Process:
        """Follow the load until the next switch; while it is too much, the standby may give way."""
        while self.switches == number and self.on_standby:
            self.overloaded = self._overload()
            self.world.systems.settle(self.unit, "load")
            minutes = self._until_next_turn()
            gives_way = self._gives_way(minutes) if self.overloaded > 1 and not self._active_away() else None
            if gives_way is None:
                yield self.world.later(minutes, ARRIVAL)
                continue
            yield self.world.later(gives_way, ARRIVAL)
            if self.switches == number and not self._active_away():
                self.world.systems.crash(self.members[self.active], "overload")
            yield self.world.later(minutes - gives_way, ARRIVAL)

    def _until_next_turn(self) -> float:
        now = self.world.calendar.time_of_day(self.world.env.now)
        return next((turn for turn in self._turns if turn > now + 1e-6), 1440.0) - now

    def _gives_way(self, minutes: float) -> float | None:
        """After how many of the next ``minutes`` the overloaded standby gives way; None when it does not."""
        if self.runs_on.overload_fails <= 0:
            return None
        number, self.exposures = self.exposures, self.exposures + 1
        share = self.world.chances.share(self._luck("overload"), number)
        chance = 1 - (1 - self.runs_on.overload_fails) ** (minutes / 60)
        return minutes * share / chance if share < chance else None
