"""Services that run on several members: which member carries them, switching to the next, and the standby that may not carry the peak.

What happens when things overlap:

* The member in use comes back before the switch has started: no switch. After it has started: the switch goes on to its end.
* The member switched to stops working meanwhile: the switch fails.
* A switch that failed is not tried again by itself until the member in use has worked again; by hand it can be.
* A switch by hand while one is going on: it has the result of that one.
* After a switch that succeeded, the new member is watched like the first, so a service may fail over again, and back to its first member.
* No member works: the service waits, and switches to (or goes on with) whichever works first.
* A switch by hand while the member in use works (back to the primary) is planned: the minutes that it takes undo neither ``restored`` nor ``all_back``.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from drillsim.model.care import hour_span
from drillsim.sim.units import AWAY, RESTORING, SLOW, WELL, Standing, Unit
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
        self.switch: simpy.Event | None = None  # the last switch; its value says whether it worked
        self.gave_up = False  # a switch failed; only by hand now
        self.overloaded = 1.0  # factor on work while the standby carries more than it can
        self.switches = 0
        self.weighings = 0  # how often the load was looked at anew
        self.strain = 0.0  # that wears it now, by the minute
        self.endured = 0.0  # since it last gave way
        self.given_way = 0
        self.weighed = world.env.now
        self._pending: Callable[[], None] | None = None
        self._turns = sorted(
            {m for text in world.hospital.load for m in hour_span(text)} | {60.0 * h for h in range(24)}
        )
        unit.service = self
        for member in self.members:
            world.listen("component", member, self.look)
        self.users = _users(world, unit.name) if runs_on.load_follows == "departments" else ()
        for department in self.users:
            world.listen("department", department, self._weigh_again)

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
        """Switch to the next member that works now, or see how the switch ends that is going on; the event's value says whether it has worked."""
        if self.switching is not None and self.switch is not None:
            return self.switch
        if self._candidate() is None:
            return self.world.env.event().succeed(False)
        self._call_off()
        self.switch = self.world.env.process(self._switch(cause))
        return self.switch

    def _begin(self) -> None:
        self._pending = None
        if self._active_away() and self._candidate() is not None and self.switching is None:
            self.switch = self.world.env.process(self._switch("automatic"))

    def _switch(self, cause: str) -> Process:
        target = self._candidate()
        if target is None or self.switching is not None:
            return False
        number, self.switches = self.switches, self.switches + 1
        left = self.members[self.active]
        planned = not self._active_away()
        self.switching = target
        self.world.note("failover", self.unit.name, "started", target)
        if planned:
            self.world.systems.interruptions.begin(self.unit.name)
        self.world.systems.settle(self.unit, cause)
        yield self.world.later(self.world.chances.minutes(self._luck("takes"), number, self.runs_on.takes))
        self.switching = None
        worked = self.world.chances.happens(self._luck("works"), number, self._chance(target))
        worked = worked and self._reached(target)
        if worked:
            self.active = self.members.index(target)
            self._lose_tail(left, target)
        self._weigh()
        self.gave_up = not worked
        self.world.note("failover", self.unit.name, "done" if worked else "failed", target)
        self.world.systems.settle(self.unit, cause)
        if planned:
            self.world.systems.interruptions.end(self.unit.name)
            if self._active_away():
                self.world.systems.in_earnest(self.unit.name)
        self.world.post("standby", self.unit.name)
        self.look()
        return worked

    def _chance(self, target: str) -> float:
        """That a switch to this member works: it fails more often as the member grows old."""
        worn = self.world.hospital.systems[target].worn(self.runs_on.ageing)
        return max(0.0, 1 - (1 - self.runs_on.chance) * worn)

    def _lose_tail(self, left: str, target: str) -> None:
        """A replica that took over from a member that broke lacks the last minutes of its data."""
        data = self.world.hospital.systems[left].data
        if data is not None and data.replica == target and data.lag > 0 and self.world.systems[left].broken:
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
        self._endure()
        self.overloaded, self.strain, self.weighings = self._overload(), 0.0, self.weighings + 1
        if self.on_standby and self._may_be_overloaded():
            self.world.env.process(self._carry(self.weighings))

    def _weigh_again(self) -> None:
        """A department that works with it has gone, or come back."""
        if self.on_standby:
            self._weigh()

    def _may_be_overloaded(self) -> bool:
        return self.runs_on.standby_capacity < max([1e-9, 0.3, *self.world.hospital.load.values()])

    def _overload(self) -> float:
        if not self.on_standby:
            return 1.0
        load = self.world.calendar.load(self.world.env.now) * self._with_it()
        return max(1.0, load / self.runs_on.standby_capacity)

    def _with_it(self) -> float:
        """The share of the departments that lean on it which work with the systems now; all of them where the load does not follow them."""
        if self.runs_on.load_follows == "hours" or not self.users:
            return 1.0
        wards = self.world.departments
        return sum(wards[name].mode in ("normal", "back_entry") for name in self.users) / len(self.users)

    def _carry(self, number: int) -> Process:
        """Follow the load until it is weighed anew; the standby gives way once it has endured as much as it withstands."""
        while self.weighings == number and self.on_standby:
            self._endure()
            self.overloaded = self._overload()
            self.strain = self._strain()
            self.world.systems.settle(self.unit, "load")
            minutes = self._until_next_turn()
            left = (self._withstands() - self.endured) / self.strain if self.strain else float("inf")
            yield self.world.later(min(minutes, left), ARRIVAL)
            if self.weighings == number and left <= minutes and not self._active_away():
                self._endure()
                self.endured, self.given_way = 0.0, self.given_way + 1
                self.world.systems.crash(self.members[self.active], "overload")
                self.strain = 0.0

    def _until_next_turn(self) -> float:
        now = self.world.calendar.time_of_day(self.world.env.now)
        return next((turn for turn in self._turns if turn > now + 1e-6), 1440.0) - now

    def _strain(self) -> float:
        """How much a minute of too much load wears: at ``overload_fails`` an hour, it gives way within that hour with that chance."""
        if self.overloaded <= 1 or self._active_away():
            return 0.0
        return -math.log1p(-min(self.runs_on.overload_fails, 1 - 1e-12)) / 60

    def _endure(self) -> None:
        self.endured += self.strain * (self.world.env.now - self.weighed)
        self.weighed = self.world.env.now

    def _withstands(self) -> float:
        """What it can endure before it gives way, an exponential draw of its own each time."""
        share = self.world.chances.share(self._luck("overload"), self.given_way)
        return -math.log1p(-min(share, 1 - 1e-12))


def _users(world: World, service: str) -> tuple[str, ...]:
    """The departments whose work leans on a service, directly or through other components."""
    leaning, systems = {service}, world.hospital.systems
    while more := {n for n, c in systems.items() if n not in leaning and not leaning.isdisjoint(c.upstream)}:
        leaning |= more
    activities = world.hospital.activities.values()
    found = (a.department for a in activities if a.department is not None and not leaning.isdisjoint(a.uses))
    return tuple(dict.fromkeys(found))
