"""Attacks: malware that spreads from one component to the next, and people who work towards data, as long as the network lets them.

Each component withstands a pressure of its own (an exponential draw by its name); pressure builds up with every neighbour that has the malware, the
less the better it is protected, and not at all while no way leads to it. The minute it has withstood enough, it is infected. So a firewall, a
segment or an isolation moves that minute and nobody else's luck. Within a fleet the share that is infected grows as in an epidemic.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from drillsim.model.faults import KINDS
from drillsim.model.scenario import Fault
from drillsim.model.systems import Needs, selected
from drillsim.sim import detection
from drillsim.sim.guards import hardening, protection
from drillsim.sim.units import AWAY, DOWN, Damage
from drillsim.sim.world import ARRIVAL

if TYPE_CHECKING:
    from drillsim.sim.world import World

ENDS = 1e-9


def people_exposed(world: World, now: float | None = None) -> float:
    """People whose data could be taken and read by now (or by another minute); of several attacks on one component the one that took most counts."""
    shares: dict[str, float] = {}
    for attack in world.faults.attacks.values():
        if isinstance(attack, Intrusion):
            taken = attack.share_taken(world.env.now if now is None else now)
            shares[attack.target] = max(taken, shares.get(attack.target, 0.0))
    return sum(share * _people(world, target) for target, share in shares.items())


def _people(world: World, name: str) -> int:
    data = world.hospital.systems[name].data
    return data.people if data is not None else 0


def spread(world: World, fault: Fault, target: str) -> Callable[[], None]:
    """Malware gets into the target."""
    attack = world.faults.attacks.get(fault.id)
    if not isinstance(attack, Spread):
        attack = world.faults.attacks[fault.id] = Spread(world, fault)
    return attack.enter(target)


def intrusion(world: World, fault: Fault, target: str) -> Callable[[], None]:
    """Somebody begins to work towards the target's data, once more when it is a relapse."""
    name = f"{fault.id} {target}"
    before = world.faults.attacks.get(name)
    attack = Intrusion(world, fault, target, before if isinstance(before, Intrusion) else None)
    world.faults.attacks[name] = attack
    return attack.ends


class Attack:
    """What all attacks share: the network they need, being seen, and being stopped."""

    def __init__(self, world: World, fault: Fault) -> None:
        self.world = world
        self.fault = fault
        self.over = False
        systems = world.hospital.systems
        self.network = {name for selector in fault.attack.through for name in selected(systems, selector)}
        self._cancel: Callable[[], None] | None = None
        self._seen: dict[str, int] = {}
        world.listen("systems", "", self.look)

    def look(self) -> None:
        """Something has changed that may let it on or hold it up."""

    def catch_up(self) -> None:
        """What has gone on until now is done."""

    def cleaned(self, name: str, share: float) -> None:
        """Machines of a component have been rebuilt: so large a share of it has the malware still."""

    def stop(self) -> None:
        """It goes no further."""
        if not self.over:
            self.over = True
            self.world.unlisten("systems", "", self.look)
            self.wake_at(None)
            self.world.note("attack", self.fault.id, "stopped")

    def wake_at(self, minute: float | None) -> None:
        """Look again at this minute, and not at the one planned before."""
        if self._cancel is not None:
            self._cancel()
        self._cancel = None if minute is None else self.world.call_at(minute, ARRIVAL, self.look)

    def in_reach(self, name: str) -> bool:
        """Whether a way leads to the component: it is not isolated, it is not broken for other reasons, and its network works."""
        unit = self.world.systems[name]
        if unit.cut or (unit.own.rank == DOWN and self.fault.id not in unit.damage):
            return False
        return self._connected(name)

    def _connected(self, name: str) -> bool:
        unit = self.world.systems[name]
        on = unit.service.members if unit.service is not None else ()
        return self._any_way(unit.component.needs, name) and (
            not on or any(self._any_way(member, name) for member in on)
        )

    def _any_way(self, needs: Needs | str, user: str) -> bool:
        """Whether what is needed of the network works and is not cut off; what is no part of the network counts by the network it needs itself."""
        if isinstance(needs, str):
            if (user, needs) in self.world.systems.severed:
                return False
            if needs in self.network:
                return self.world.systems[needs].effective.rank < AWAY
            return self._connected(needs)
        ways = [self._any_way(item, user) for item in (needs.all or needs.any or needs.of)]
        if not ways:
            return True
        return sum(ways) >= (len(ways) if needs.all else 1 if needs.any else needs.at_least or 1)

    def seen(self, name: str) -> None:
        """Monitoring may notice what the attacker has just done to a component."""
        number = self._seen.get(name, 0)
        self._seen[name] = number + 1
        likely = protection(self.world, name).monitoring
        if self.world.chances.happens(f"fault {self.fault.id} seen at {name}", number, likely):
            detection.notice(self.world, self.fault, detection.MONITORING)


class Spread(Attack):
    """Malware in some components. ``inside`` is the share of each that has it; ``strikes`` is when it does its damage."""

    def __init__(self, world: World, fault: Fault) -> None:
        super().__init__(world, fault)
        systems = world.hospital.systems
        able = {name for selector in fault.attack.reaches for name in selected(systems, selector)}
        self.able = tuple(name for name in systems if name in able)
        self.pace = 1 / fault.attack.every
        self.inside: dict[str, float] = {}
        self.pressure = dict.fromkeys(self.able, 0.0)
        self.times: dict[str, int] = {}  # component → how often it has been infected so far
        self.rates: dict[str, float] = {}
        self.growth: dict[str, float] = {}
        self.since = world.env.now
        self.struck = False
        hidden = world.chances.minutes(f"fault {fault.id} hidden", 0, fault.attack.hidden)
        self.strikes = world.env.now + hidden

    def enter(self, name: str) -> Callable[[], None]:
        """The malware is in a component; gives how it is cleaned."""
        self._advance()
        count = self.world.systems[name].component.count
        self.inside[name] = 1 / count if count > 1 else 1.0
        self.times[name] = self.times.get(name, 0) + 1
        self.world.note("attack", self.fault.id, "inside", name, self.inside[name])
        self._harm(name)
        if self.struck and self.fault.attack.encrypts:
            self._spoil_copies()
        self.seen(name)
        self._plan()
        return lambda: self._cleaned(name)

    def catch_up(self) -> None:
        self._advance()

    def cleaned(self, name: str, share: float) -> None:
        self._advance()
        self.inside[name] = share

    def stop(self) -> None:
        self._advance()
        super().stop()
        self.rates, self.growth = {}, {}

    def _cleaned(self, name: str) -> None:
        self._advance()
        self.inside.pop(name, None)
        if name in self.pressure:
            self.pressure[name] = 0.0
        self.world.systems.mend(name, [self.fault.id], self.fault.id)
        self._plan()

    def look(self) -> None:
        if self.over:
            return
        now = self.world.env.now
        self._advance()
        for name in self.able:
            if name not in self.inside and self.pressure[name] >= self._withstands(name) - ENDS:
                self.world.faults.spread_to(self.fault, name)
        if not self.struck and now >= self.strikes - ENDS:
            self._strike()
        elif self.struck and self.fault.attack.encrypts:
            self._spoil_copies()
        self._plan()

    def _strike(self) -> None:
        """Everything it is in is encrypted at once, and copies within reach are spoiled."""
        self.struck = True
        for name in tuple(self.inside):
            self._harm(name)
        if self.fault.attack.encrypts:
            self._spoil_copies()

    def _harm(self, name: str) -> None:
        """Do what the malware does to a component that has it."""
        systems, key = self.world.systems, self.fault.id
        harmful = self.fault.attack.encrypts and self.world.env.now >= self.strikes - ENDS
        damage = Damage("unusable", self.inside[name]) if harmful else Damage("foothold")
        if systems[name].damage.get(key) == damage:
            return
        component = systems[name].component
        if harmful and component.data is not None and component.count <= 1:
            systems.damage(name, f"{key} data", Damage("corrupt"), key)
        systems.damage(name, key, damage, key)

    def _spoil_copies(self) -> None:
        """Copies on a medium that is offline are safe; so are those kept by a component that it has not reached, and the others while no way leads out of
        where it is."""
        gets_out = any(self.in_reach(name) for name in self.inside)
        for name, medium in self.world.hospital.media.items():
            if medium.offline or not (medium.kept_by in self.inside if medium.kept_by is not None else gets_out):
                continue
            does = self.world.chances.happens(f"fault {self.fault.id} spoils {name}", 0, self.fault.attack.backups)
            if does and name not in self.world.faults.spoiled:
                self.world.faults.spoiled.add(name)
                self.world.note("attack", self.fault.id, "spoiled", name)

    # How it grows

    def _withstands(self, name: str) -> float:
        luck = self.world.chances.share(f"fault {self.fault.id} gets into {name}", self.times.get(name, 0))
        return -math.log1p(-luck)

    def _advance(self) -> None:
        """Bring pressures and shares up to now, at the rates that held until now."""
        now = self.world.env.now
        minutes, self.since = now - self.since, now
        if minutes <= 0:
            return
        for name, rate in self.rates.items():
            self.pressure[name] += rate * minutes
        for name, rate in self.growth.items():
            share = self.inside.get(name)
            if share is not None:
                self.inside[name] = self._grown(name, share, rate * minutes)
                self._harm(name)

    def _grown(self, name: str, share: float, growth: float) -> float:
        """The share of a fleet after so much growth, in whole machines, up to the severity."""
        most, count = min(1.0, self.fault.severity), self.world.systems[name].component.count
        if share >= most:
            return share
        part = min(share / most, 1 - 1e-12)
        grown = most / (1 + (1 / part - 1) * math.exp(-growth))
        return most if grown > most - 0.5 / count else grown

    def _plan(self) -> None:
        """Work out the rates that hold from now on, and the minute at which something happens next."""
        self.rates, self.growth = {}, {}
        if self.over:
            return
        sources = [name for name in self.inside if self.in_reach(name)]
        moments = [] if self.struck else [self.strikes]
        for name in self.able:
            if name not in self.inside:
                rate = self._rate(name, sources)
                if rate > 0:
                    self.rates[name] = rate
                    moments.append(self.since + max(0.0, self._withstands(name) - self.pressure[name]) / rate)
        for name in sources:
            if self._growing(name):
                self.growth[name] = self.pace * (1 - hardening(self.world, name))
                if self.growth[name] > 0:
                    moments.append(self.since + 0.5 / self.pace)
        self.wake_at(min(moments, default=None))

    def _growing(self, name: str) -> bool:
        return self.world.systems[name].component.count > 1 and self.inside[name] < min(1.0, self.fault.severity)

    def _rate(self, name: str, sources: list[str]) -> float:
        """Pressure per minute on a component that does not have it."""
        if not sources or not self.in_reach(name):
            return 0.0
        guard, place = protection(self.world, name), self.world.hospital.systems[name].place
        total = 0.0
        for source in sources:
            same = self.world.hospital.systems[source].place == place
            total += self.inside[source] * (1.0 if same else 1 - guard.segmentation)
        return self.pace * (1 - hardening(self.world, name)) * total / max(1, len(self.able) - 1)


class Intrusion(Attack):
    """Somebody who works towards the data of one component, stage by stage, while a way leads to it; then the data are exposed.

    ``before`` is the same attack before it came back: what was taken then stays taken.
    """

    def __init__(self, world: World, fault: Fault, target: str, before: Intrusion | None = None) -> None:
        super().__init__(world, fault)
        self.times: int = 0 if before is None else before.times + 1  # how often it has come back
        self._seen = {} if before is None else before._seen
        self.target = target
        self.stages = fault.attack.stages if KINDS[fault.kind].from_outside else 1
        self.stage = 0
        self.exposed_since: float | None = None
        self.exposed_for: float = 0.0 if before is None else before.exposed_for  # minutes of stretches that are over
        guard = protection(world, target)
        self.encrypted = guard.encrypted_in_transit if fault.attack.listens else guard.encrypted
        self.since = world.env.now
        self.rate = 0.0
        self.left = self._needed()
        world.systems.damage(target, fault.id, Damage("foothold"), fault.id)
        self.look()

    def in_reach(self, name: str) -> bool:
        """Whether a way leads to the component, and the way in is open."""
        entry = self.fault.attack.enters_by
        return (entry is None or self.world.systems.in_service(entry)) and super().in_reach(name)

    def _needed(self) -> float:
        number = self.times * self.stages + self.stage
        luck = self.world.chances.share(f"fault {self.fault.id} stage at {self.target}", number)
        return -math.log1p(-luck) * self.fault.attack.every

    def look(self) -> None:
        if self.over:
            return
        now = self.world.env.now
        self.left -= self.rate * (now - self.since)
        self.since = now
        reaches = self.in_reach(self.target)
        while reaches and self.rate > 0 and self.stage < self.stages and self.left <= ENDS:
            self.stage += 1
            self.world.note("attack", self.fault.id, "stage", self.target, self.stage)
            self.seen(self.target)
            self.left = self._needed() if self.stage < self.stages else math.inf
        self.rate = 1 - protection(self.world, self.target).access_control if reaches else 0.0
        self._expose(reaches and self.stage >= self.stages)
        working = self.rate > 0 and self.stage < self.stages
        self.wake_at(now + self.left / self.rate if working else None)

    def _expose(self, open_now: bool) -> None:
        """Data are within their reach from the last stage on, as long as a way leads there; a row ends each stretch with its minutes."""
        now, state = self.world.env.now, "taken_encrypted" if self.encrypted else "read"
        if open_now and self.exposed_since is None:
            self.exposed_since = now
            self.world.note("exposed", self.target, state, self.fault.id)
            self.world.post("incident", "")
        elif not open_now and self.exposed_since is not None:
            self.world.note("exposed", self.target, "ended", self.fault.id, now - self.exposed_since)
            self.exposed_for += now - self.exposed_since
            self.exposed_since = None

    def share_taken(self, now: float) -> float:
        """The share of the target's data that could be taken and read by now, one minute like the other."""
        if self.encrypted:
            return 0.0
        minutes = self.exposed_for + (now - self.exposed_since if self.exposed_since is not None else 0.0)
        whole = self.fault.attack.takes_out
        if not whole:
            return float(self.exposed_since is not None or self.exposed_for > 0)
        return min(1.0, minutes / whole)

    def stop(self) -> None:
        if not self.over:
            self._expose(False)
            super().stop()

    def ends(self) -> None:
        """The way in is closed."""
        self.stop()
        self.world.systems.mend(self.target, [self.fault.id], self.fault.id)
