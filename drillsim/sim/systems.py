"""Systems: what state each component is in of its own, and what service it gives once what it needs is counted in.

A component's own state follows from what is the matter with it, in one place (``units.own_state``), and every change is checked against
``units.LEGAL``. So faults may overlap, in any order, each with one outcome:

* Two faults on one component: the worse one shows; each must end or be mended before the component is well.
* A fault while it starts: the start is off; whoever restores it has failed, and it must be started anew once mended.
* Isolation while it starts: the start goes on behind the cut. Isolation of a member while a service fails over to it: the fail-over fails.
* Repair of what is whole, or was replaced already: nothing to do, and no harm.
* What it needs is lost while it starts: the start is off; by itself it starts again when they return.
* Shut down in good order: it stays off when its needs return, until a step starts it; a loss of power or cooling breaks neither it nor what had stopped
  with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from heapq import heappop, heappush
from typing import TYPE_CHECKING

import simpy

from drillsim.model.systems import BreakGlass, Needs
from drillsim.sim.interruptions import Interruptions
from drillsim.sim.units import AWAY, DOWN, SLOW, STATES, UP, WELL, Damage, Standing, Unit, own_state
from drillsim.sim.world import ARRIVAL, REPAIR

if TYPE_CHECKING:
    from drillsim.sim.world import World


def _nobody() -> None:
    pass


class Systems:
    """All components, and how trouble travels from one to those that lean on it."""

    def __init__(self, world: World) -> None:
        self.world = world
        now = world.env.now
        self.units = {name: Unit(name, world.hospital.systems[name], now) for name in world.prepared.order}
        self.in_order = list(self.units.values())
        self.severed: dict[
            tuple[str, str], int
        ] = {}  # component, what it needs → how many faults have cut the way between them
        self._milestones = {"restored": world.prepared.in_use, "all_back": world.prepared.kept}
        self._were_away: set[str] = set()  # milestones of which a system has been away since the first fault
        self._mender = ""  # the step whose work is being done on what a fault had damaged
        self.interruptions = Interruptions(world)

    def __getitem__(self, name: str) -> Unit:
        return self.units[name]

    def in_service(self, name: str) -> bool:
        """Whether the component gives service, even if slowly or read-only."""
        return self.units[name].effective.rank < AWAY

    # What may happen to a component

    def damage(self, name: str, key: str, damage: Damage, cause: str) -> None:
        """Something breaks; what cannot run on stops."""
        unit = self.units[name]
        if key not in unit.damage:
            unit.struck[key] = self.world.env.now
        unit.damage[key] = damage
        if unit.broken:
            self._stop(unit)
        self.settle(unit, cause)

    def lessen(self, name: str, key: str, damage: Damage, cause: str) -> None:
        """Some of a fleet is back: the damage is smaller now, and what had stopped for it starts if it does so by itself."""
        unit = self.units[name]
        unit.damage[key] = damage
        self._start_by_itself(unit, cause)
        self.settle(unit, cause)

    def mend(self, name: str, keys: list[str], cause: str) -> None:
        """What is named by ``keys`` is put right; once whole, the component starts by itself or waits to be restored."""
        unit = self.units[name]
        cause = self._mender or cause
        for key in keys:
            unit.damage.pop(key, None)
            unit.struck.pop(key, None)
            unit.when_mended.pop(key, _nobody)()
        self._start_by_itself(unit, cause)
        self.settle(unit, cause)

    @contextmanager
    def mended_by(self, step: str) -> Iterator[None]:
        """What is mended meanwhile is the work of this step (if any), whatever the fault that had damaged it says of it."""
        self._mender = step
        try:
            yield
        finally:
            self._mender = ""

    def sever(self, pairs: list[tuple[str, str]], cause: str) -> None:
        """Cut the ways between components and what they need; each side runs on."""
        for pair in pairs:
            self.severed[pair] = self.severed.get(pair, 0) + 1
        self._look_again(pairs, cause)

    def join(self, pairs: list[tuple[str, str]], cause: str) -> None:
        """Undo a cut."""
        for pair in pairs:
            self.severed[pair] -= 1
            if not self.severed[pair]:
                del self.severed[pair]
        self._look_again(pairs, cause)

    def _look_again(self, pairs: list[tuple[str, str]], cause: str) -> None:
        for name in dict.fromkeys(name for name, _ in pairs):
            self.settle(self.units[name], cause)
            service = self.units[name].service
            if service is not None:
                service.look()

    def isolate(self, name: str, cause: str) -> None:
        """Cut it off. Doing so twice changes nothing."""
        self.units[name].cut = True
        self.settle(self.units[name], cause)

    def reconnect(self, name: str, cause: str) -> None:
        """Undo an isolation; what is behind it shows again."""
        self.units[name].cut = False
        self.settle(self.units[name], cause)

    def shut_down(self, name: str, cause: str) -> None:
        """Stop it in good order; it stays off until it is started, and losing power or cooling does not break it."""
        unit = self.units[name]
        if unit.running != "stopped":
            self._stop(unit)
            unit.off = True
            self.settle(unit, cause)

    def find_broken(self, unit: Unit, fault: str) -> bool:
        """What a fault was a danger to is out of it, broken if it had stopped for it and luck says so; gives whether it is."""
        chance = unit.at_risk.pop(fault, 0.0)
        stopped = unit.lost and unit.running == "stopped" and not (unit.off or unit.at_rest)
        number = self.world.faults.times_over.get(fault, 0)
        if not (stopped and self.world.chances.happens(f"fault {fault} breaks {unit.name}", number, chance)):
            return False
        unit.damage[f"{fault} broke it"] = Damage("outage")
        self.world.note("fault", fault, "broke", unit.name)
        return True

    def crash(self, name: str, cause: str) -> None:
        """It stops without being broken, and starts again by itself unless it must be restored by hand."""
        unit = self.units[name]
        self._stop(unit)
        self.settle(unit, cause)
        if self._start_by_itself(unit, cause):
            self.settle(unit, cause)

    def load(self, name: str, key: str, factor: float, cause: str) -> None:
        """Slow it down by ``factor`` for reasons that are no fault; a factor of 1 ends that."""
        unit = self.units[name]
        if factor > 1:
            unit.loads[key] = factor
        else:
            unit.loads.pop(key, None)
        self.settle(unit, cause)

    def start(self, name: str, cause: str) -> simpy.Event:
        """Start it; the event's value says whether it came up. What runs already has come up; what is broken or lacks its needs does not."""
        unit = self.units[name]
        if unit.started is not None:
            return unit.started
        if unit.running == "stopped" and not unit.broken and not unit.lost:
            self._start(unit, cause)
            self.settle(unit, cause)
        if unit.started is not None:
            return unit.started
        return self.world.env.event().succeed(unit.running == "running")

    # How states follow

    def settle(self, unit: Unit, cause: str) -> None:
        """Bring the component's own state up to date, and everything that leans on it."""
        self._change_own(unit, cause)
        self.spread(unit)
        if self.interruptions.undone(unit):
            self._watch(unit)

    def spread(self, unit: Unit) -> None:
        """Work out anew what service the component and those that lean on it give, then tell whoever listens."""
        position, users = self.world.prepared.position, self.world.prepared.users
        waiting, queued = [position[unit.name]], {position[unit.name]}
        changed: list[tuple[Unit, Standing]] = []
        while waiting:
            current = self.in_order[heappop(waiting)]
            before, after = current.effective, self._effective(current)
            current.effective = after
            if before[:2] == after[:2]:
                continue
            if before.rank != after.rank:
                current.since = self.world.env.now
            if before.rank < AWAY <= after.rank:
                current.away_since = self.world.env.now
            changed.append((current, before))
            for place in users[current.name]:
                if place not in queued:
                    queued.add(place)
                    heappush(waiting, place)
        for current, _ in changed:
            standing = current.effective
            self.world.note("component", current.name, STATES[standing.rank], standing.due, standing.factor)
        for current, before in changed:
            self._tell(current, before)
        if changed:
            self.world.post("systems", "")

    def _tell(self, unit: Unit, before: Standing) -> None:
        if (unit.effective.rank >= AWAY) != (before.rank >= AWAY):
            self.world.happen(f"{unit.name} {'down' if unit.away else 'up'}", unit.effective.due)
            if not unit.away:
                self.interruptions.over(unit.name)
            if not (unit.away and self.interruptions.covers(unit)):
                self._watch(unit)
        self.world.post("component", unit.name)

    def in_earnest(self, service: str) -> None:
        """A planned switch of the service has left no member that works: what it interrupted counts as away from now on."""
        for name in self.interruptions.undo(service):
            self._watch(self.units[name])

    def _watch(self, unit: Unit) -> None:
        """``restored``, ``all_back``: after the first fault, none of those meant is away any more; it lapses when one is away again."""
        for milestone, meant in self._milestones.items():
            if unit.name not in meant:
                continue
            if unit.away:
                self.world.lapse(milestone, unit.name)
                if "failed" in self.world.happened:
                    self._were_away.add(milestone)
            elif milestone in self._were_away and not any(self.units[name].away for name in meant):
                self.world.happen(milestone, unit.name)

    def _change_own(self, unit: Unit, cause: str) -> None:
        standing = own_state(unit)
        if standing != unit.own:
            unit.change_own(standing, self.world.env.now)
            self.world.note("own", unit.name, STATES[standing.rank], cause, standing.factor)

    def _effective(self, unit: Unit) -> Standing:
        """The worse of its own state and of what it needs (with the member it runs on), which it may ride through."""
        if unit.component.without:
            self._break_glass(unit)
        needs = self._needs(unit)
        if needs.rank < AWAY:
            unit.needs_seen = needs
            self._needs_are_back(unit)
        elif not unit.lost and unit.stop_riding is None:
            self._needs_are_lost(unit, needs)
        if unit.stop_riding is not None:
            needs = unit.needs_seen
        return needs if needs[:2] >= unit.own[:2] and needs.rank > UP else unit.own

    def _break_glass(self, unit: Unit) -> None:
        """Begin to open another way for what has just been lost; close that of what is back."""
        for name, terms in unit.component.without.items():
            if self.units[name].effective.rank >= AWAY or (unit.name, name) in self.severed:
                if name not in unit.opened and name not in unit.opening and not terms.by_hand:
                    self._begin_opening(unit, name, terms)
                continue
            if name in unit.opening:
                unit.opening.pop(name)()
            if name in unit.opened:
                minutes = self.world.env.now - unit.opened.pop(name)
                self.world.note("break_glass", unit.name, "closed", name, minutes)

    def break_glass(self, name: str) -> list[simpy.Event]:
        """Open, by hand, the other way of working for everything that is away and has one; each event's value says whether that has worked."""
        unit = self.units[name]
        away = [n for n in unit.component.without if self.standing_of(n, name).rank >= AWAY and n not in unit.opened]
        for need in away:
            if need in unit.opening:
                unit.opening.pop(need)()
        return [self._begin_opening(unit, need, unit.component.without[need]) for need in away]

    def _begin_opening(self, unit: Unit, name: str, terms: BreakGlass) -> simpy.Event:
        luck, number = f"component {unit.name} without {name}", unit.openings.get(name, 0)
        unit.openings[name] = number + 1
        works = self.world.chances.happens(luck, number, terms.chance)
        minutes = self.world.chances.minutes(f"{luck} after", number, terms.after)
        result = self.world.env.event()

        def opened() -> None:
            if works:
                unit.opened[name] = self.world.env.now
                self.world.note("break_glass", unit.name, "opened", name)
                self.spread(unit)
            result.succeed(works)

        cancel = self.world.call_at(self.world.env.now + minutes, ARRIVAL, opened)

        def no_more() -> None:
            cancel()
            if not result.triggered:
                result.succeed(True)  # no longer needed

        unit.opening[name] = no_more
        return result

    def _needs(self, unit: Unit) -> Standing:
        needs = self._standing(unit.component.needs, unit.name)
        return max(needs, unit.service.standing()) if unit.service is not None else needs

    def standing_of(self, name: str, user: str) -> Standing:
        """What a component gives to one that leans on it."""
        rank, factor, due = self.units[name].effective
        if self.severed and (user, name) in self.severed:
            return Standing(DOWN, 1.0, name)
        if rank >= AWAY and name in self.units[user].opened:
            return Standing(SLOW, self.units[user].component.without[name].slows, name)
        return Standing(rank, factor, name if due == "own" else due)

    def _standing(self, needs: Needs | str, user: str) -> Standing:
        if isinstance(needs, str):
            return self.standing_of(needs, user)
        found = [self._standing(item, user) for item in (needs.all or needs.any or needs.of)]
        if not found:
            return WELL
        if needs.all:
            return max(found)
        return min(found) if needs.any else sorted(found)[(needs.at_least or 1) - 1]

    def _needs_are_lost(self, unit: Unit, needs: Standing) -> None:
        minutes = self.world.chances.minutes(f"component {unit.name} rides", unit.rides, unit.component.rides_through)
        unit.rides += 1
        if minutes > 0:
            unit.stop_riding = self.world.call_at(self.world.env.now + minutes, ARRIVAL, lambda: self._ride_ends(unit))
        else:
            self._give_way(unit, needs.due)

    def _ride_ends(self, unit: Unit) -> None:
        unit.stop_riding = None
        self._give_way(unit, self._needs(unit).due)
        self.spread(unit)

    def _give_way(self, unit: Unit, due: str) -> None:
        """It lost what it needs. What must start again afterwards has stopped; anything else just waits."""
        unit.lost = True
        unit.at_rest = due in self.units and self.units[due].off
        if unit.component.without and self._could_do_without(unit):
            return
        restart = unit.component.restart
        if not unit.starts_by_itself or not (restart.kind == "constant" and restart.mean == 0):
            self._stop(unit)
            self._change_own(unit, due)

    def _could_do_without(self, unit: Unit) -> bool:
        """Whether only such things are away as it can work without, once another way has been opened."""
        before = unit.opened
        unit.opened = dict.fromkeys(unit.component.without, self.world.env.now)
        standing, unit.opened = self._needs(unit), before
        return standing.rank < AWAY

    def _needs_are_back(self, unit: Unit) -> None:
        if unit.stop_riding is not None:
            unit.stop_riding()
            unit.stop_riding = None
        if unit.lost:
            for fault in tuple(unit.at_risk):
                self.find_broken(unit, fault)
            unit.lost = False
            if self._start_by_itself(unit, "needs"):
                self._change_own(unit, "needs")

    # Starting and stopping

    def _stop(self, unit: Unit) -> None:
        unit.running = "stopped"
        if unit.stop_starting is not None and unit.started is not None:
            unit.stop_starting()
            unit.started.succeed(False)
            unit.stop_starting = unit.started = None

    def _start_by_itself(self, unit: Unit, cause: str) -> bool:
        if unit.running != "stopped" or unit.broken or unit.lost or unit.off or not unit.starts_by_itself:
            return False
        self._start(unit, cause)
        return True

    def _start(self, unit: Unit, cause: str) -> None:
        minutes = self.world.chances.minutes(f"component {unit.name} restart", unit.starts, unit.component.restart)
        unit.starts += 1
        unit.off = False
        if minutes == 0:
            unit.running = "running"
            self._settles(unit)
            return
        unit.running = "starting"
        unit.started = self.world.env.event()
        unit.stop_starting = self.world.call_at(
            self.world.env.now + minutes, REPAIR, lambda: self._has_started(unit, cause)
        )

    def _has_started(self, unit: Unit, cause: str) -> None:
        unit.running = "running"
        assert unit.started is not None
        unit.started.succeed(True)
        unit.stop_starting = unit.started = None
        self._settles(unit)
        self.settle(unit, cause)

    def _settles(self, unit: Unit) -> None:
        """After a start it is slow for a while."""
        key, name = f"settling {unit.starts}", unit.name
        minutes = self.world.chances.minutes(f"component {name} settles", unit.starts - 1, unit.component.settles)
        if minutes > 0 and unit.component.settles_slow > 1:
            unit.loads[key] = unit.component.settles_slow
            self.world.call_at(self.world.env.now + minutes, REPAIR, lambda: self.load(name, key, 1.0, "settled"))
