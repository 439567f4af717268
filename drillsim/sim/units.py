"""A component during a run: what is the matter with it, and the one state of its own that follows from that."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import simpy

from drillsim.errors import SimulationError
from drillsim.model.systems import Component

if TYPE_CHECKING:
    from drillsim.sim.failover import Service

STATES = ("up", "slow", "read_only", "restoring", "isolated", "down")
UP, SLOW, READ_ONLY, RESTORING, ISOLATED, DOWN = range(6)
AWAY = RESTORING  # from this rank on a component gives no service

LEGAL: dict[int, frozenset[int]] = {
    # own state: what it may change to. Nothing starts (`restoring`) that was not stopped first.
    UP: frozenset({SLOW, READ_ONLY, ISOLATED, DOWN}),
    SLOW: frozenset({UP, SLOW, READ_ONLY, ISOLATED, DOWN}),
    READ_ONLY: frozenset({UP, SLOW, ISOLATED, DOWN}),
    RESTORING: frozenset({UP, SLOW, READ_ONLY, ISOLATED, DOWN}),
    ISOLATED: frozenset({UP, SLOW, READ_ONLY, RESTORING, DOWN}),
    DOWN: frozenset({UP, SLOW, READ_ONLY, RESTORING, ISOLATED}),
}


class Standing(NamedTuple):
    """How well something works: a state's rank, the factor on work with it, and what that is due to. The larger the worse."""

    rank: int
    factor: float = 1.0
    due: str = "own"


WELL = Standing(UP)
AWAY_WITH = ("outage", "unusable")  # kinds of damage that take (a share of) a component away
HARMLESS = ("foothold",)  # somebody is in it, and nobody who works with it notices
COPY = "copy "  # how the keys of those loads begin that are a planned copy of its data


class Damage(NamedTuple):
    """Something the matter with a component: ``outage`` (of a ``size`` share of a fleet), ``unusable`` (the same, until rebuilt), ``corrupt``,
    ``slow`` (``size`` is the factor), ``read_only``, ``foothold`` (an attacker is in it)."""

    kind: str
    size: float = 1.0


class Unit:
    """A component during a run. ``damage`` is what is the matter with it, by fault, ``struck`` the minute since when; ``loads`` what else slows it
    (copies that run)."""

    def __init__(self, name: str, component: Component, now: float) -> None:
        self.name = name
        self.component = component
        self.damage: dict[str, Damage] = {}
        self.struck: dict[str, float] = {}
        self.when_mended: dict[str, Callable[[], object]] = {}  # damage → whom to tell once it is gone
        self.loads: dict[str, float] = {}
        self.cut = False
        self.running = "running"  # or stopped, starting
        self.off = False  # it was shut down in good order
        self.at_rest = False  # it has stopped since something it needs was shut down in good order
        self.at_risk: dict[
            str, float
        ] = {}  # faults that take power or cooling away → chance that it breaks when it stops for it
        self.own = WELL
        self.effective = WELL
        self.since = now  # of the effective state
        self.away_since = now  # when it last stopped giving service
        self.service: Service | None = None  # set when it runs on members
        self.lost = False  # what it needs is away, and it no longer rides through
        self.needs_seen = WELL  # what it needed, when last it was there
        self.opened: dict[str, float] = {}  # needs that it works without, and since when
        self.opening: dict[str, Callable[[], None]] = {}  # needs for which another way is being opened
        self.openings: dict[str, int] = {}  # need → how often another way has been opened
        self.stop_riding: Callable[[], None] | None = None
        self.rides = 0
        self.starts = 0
        self.stop_starting: Callable[[], None] | None = None
        self.started: simpy.Event | None = None
        self.own_changed = now
        self._own_away = 0.0

    @property
    def broken(self) -> bool:
        """Whether something must be mended before it can start."""
        away = 0.0
        for damage in self.damage.values():
            if damage.kind == "corrupt":
                return True
            away += damage.size if damage.kind in AWAY_WITH else 0.0
        return away > 1 - 1e-9

    @property
    def away(self) -> bool:
        """Whether it gives no service."""
        return self.effective.rank >= AWAY

    @property
    def only_copied(self) -> bool:
        """Whether nothing slows it but copies of its data that run as planned."""
        copying = any(key.startswith(COPY) for key in self.loads)
        harmed = any(damage.kind not in HARMLESS for damage in self.damage.values())
        return copying and not harmed and all(key.startswith(COPY) for key in self.loads)

    @property
    def starts_by_itself(self) -> bool:
        """Whether it comes back without a plan step."""
        return self.component.comes_back == "by_itself"

    def minutes_away(self, now: float) -> float:
        """Minutes of the run in which its own state gave no service."""
        return self._own_away + (now - self.own_changed if self.own.rank >= AWAY else 0.0)

    def change_own(self, standing: Standing, now: float) -> None:
        """Take the new own state; SimulationError when it may not follow the present one."""
        if standing.rank not in LEGAL[self.own.rank]:
            raise SimulationError(f"{self.name} cannot go from {STATES[self.own.rank]} to {STATES[standing.rank]}", now)
        self._own_away = self.minutes_away(now)
        self.own, self.own_changed = standing, now


def own_state(unit: Unit) -> Standing:
    """The one state that follows from everything that is the matter with the component itself."""
    if unit.cut:
        return Standing(ISOLATED)
    if unit.running == "stopped":
        return Standing(DOWN)
    if unit.running == "starting":
        return Standing(RESTORING)
    factor, away = 1.0, 0.0
    for damage in unit.damage.values():
        if damage.kind == "read_only":
            return Standing(READ_ONLY)
        if damage.kind == "slow":
            factor = max(factor, damage.size)
        elif damage.kind in AWAY_WITH:
            away += damage.size
    if away > 0:
        factor = max(factor, unit.component.capacity_of_fleet / (1 - away))
    factor = max(factor, *unit.loads.values()) if unit.loads else factor
    return Standing(SLOW, factor) if factor > 1 else WELL
