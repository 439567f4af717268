"""Bringing data back: which copy is best, how long it takes, and how many minutes of data are lost for good.

A copy holds the data as of the minute it began, and counts once it is finished. An incremental copy goes on top of the last full one, and on top of
both every log copy made since. Bringing an incremental or a log copy back takes as long as making it took, the full one its size over the
medium's throughput; before that comes the slowest fetch. No copy is made while the component is away or what the medium needs is.
A replica can be used when what went wrong has not reached it yet. Best is the copy that loses least, then the quickest.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from drillsim.model import conditions
from drillsim.sim.readiness import MINUTES_PER_MONTH
from drillsim.sim.reading import Restore

if TYPE_CHECKING:
    from drillsim.model.systems import Backup, Medium
    from drillsim.sim.calendar import Calendar
    from drillsim.sim.world import World


UNTESTED = 24 * MINUTES_PER_MONTH  # of copies that were never tried out


class Copy(NamedTuple):
    """A way to bring data back: minutes of data lost with it, minutes to bring its upper layers back, its layers, its name in the log."""

    lost: float
    upper: float
    layers: tuple[Backup, ...]
    name: str

    @property
    def media(self) -> tuple[str, ...]:
        """The media it is read from."""
        return tuple(dict.fromkeys(layer.medium for layer in self.layers))


def copies(world: World, component: str, broken: float) -> list[Copy]:
    """Every way to bring back the data of a component that broke at minute ``broken``, the one that loses least first."""
    data, found = world.hospital.systems[component].data, list[Copy]()
    if data is None:
        return []
    if data.replica is not None and world.env.now - data.lag < broken:
        found.append(Copy(broken - (world.env.now - data.lag), 0.0, (), "replica"))
    made = {id(backup): last_copy(backup, broken, world.calendar, gaps(world, component, backup)) for backup in data.backups}  # fmt: skip
    fulls, incrementals, logs = ([b for b in data.backups if b.kind == k] for k in ("full", "incremental", "log"))
    for full, incremental, log in product(fulls, [*incrementals, None], [*logs, None]):
        good_until, upper = made[id(full)], 0.0
        layers = [full]
        for layer in (incremental, log):
            if layer is not None and made[id(layer)] > good_until:
                copies_made = (made[id(layer)] - good_until) / layer.every if layer.kind == "log" else 1.0
                upper += layer.takes * max(1.0, copies_made)
                good_until = made[id(layer)]
                layers.append(layer)
        found.append(Copy(broken - good_until, upper, tuple(layers), full.medium))
    different = {tuple(id(layer) for layer in copy.layers): copy for copy in found}
    return sorted(different.values(), key=lambda copy: (copy.lost, copy.upper))


def last_copy(backup: Backup, minute: float, calendar: Calendar, gaps: Sequence[tuple[float, float]] = ()) -> float:
    """When the last copy of this schedule began that was finished by ``minute`` and fell into no gap. Before the run copies were made for ever."""
    at = backup.one(calendar.midnight, calendar.monday)
    began = at + ((minute - backup.takes - at) // backup.every) * backup.every
    while any(began < end and start < max(began + backup.takes, math.nextafter(began, math.inf)) for start, end in gaps):  # fmt: skip
        began -= backup.every
    return began


def gaps(world: World, component: str, backup: Backup) -> list[tuple[float, float]]:
    """From when to when a copy could not be made: the component was away, or what its medium needs."""
    needed = {component, *world.hospital.media[backup.medium].needs}
    since: dict[str, float] = {}
    found: list[tuple[float, float]] = []
    for row in world.rows:
        if row.kind != "component" or row.subject not in needed:
            continue
        if row.state in conditions.AWAY:
            since.setdefault(row.subject, row.minute)
        elif row.subject in since:
            found.append((since.pop(row.subject), row.minute))
    return [*found, *((minute, math.inf) for minute in since.values())]


def restore(world: World, component: str, copy: Copy, attempt: int) -> Restore:
    """What bringing a copy back takes; a replica takes no time."""
    data = world.hospital.systems[component].data
    assert data is not None
    if not copy.layers:
        return Restore("", 0.0, 0.0, 0.0)
    media = world.hospital.media
    fetch = max(
        world.chances.minutes(f"copy {component} {name} fetch", attempt, media[name].fetch) for name in copy.media
    )
    medium = copy.layers[0].medium
    return Restore(medium, fetch, data.size / media[medium].throughput, copy.upper)


def usual_minutes(world: World, component: str, copy: Copy) -> float:
    """The same with the mean time to fetch: by it the quickest of those that lose equally little is chosen."""
    data = world.hospital.systems[component].data
    assert data is not None
    if not copy.layers:
        return 0.0
    media = world.hospital.media
    fetch = max(media[name].fetch.mean for name in copy.media)
    return fetch + data.size / media[copy.layers[0].medium].throughput + copy.upper


def spoiled(world: World, component: str, copy: Copy) -> bool:
    """Whether an attack has spoiled the copy: a medium of it, or the replica itself."""
    data = world.hospital.systems[component].data
    if not copy.layers and data is not None and data.replica is not None:
        return any(damage.kind == "corrupt" for damage in world.systems[data.replica].damage.values())
    return not world.faults.spoiled.isdisjoint(copy.media)


def readable(world: World, component: str, copy: Copy) -> str | None:
    """None when the copy can be read now, else the component that is missing for it: of its media, or what keeps the keys."""
    data = world.hospital.systems[component].data
    needed = [name for medium in copy.media for name in world.hospital.media[medium].needs]
    if data is not None and data.keys is not None and copy.layers:
        needed.append(data.keys)
    return next((name for name in needed if not world.systems.in_service(name)), None)


def works(world: World, component: str, medium: str, attempt: int) -> bool:
    """Whether the data of a component can be read from a medium at the ``attempt``-th time: its copies have not gone bad (which no further
    attempt changes), and reading them works this time."""
    kept = world.chances.happens(f"medium {medium} good", 0, good(world.hospital.media[medium]))
    chance = world.hospital.media[medium].works
    return world.chances.happens(f"copy {component} {medium} works", attempt, chance) and kept


def good(medium: Medium) -> float:
    """The chance that copies on a medium are still good: what has not gone bad since the last trial restore."""
    months = (UNTESTED if medium.last_tested is None else medium.last_tested) / MINUTES_PER_MONTH
    return (1 - medium.goes_bad) ** months


def not_back(world: World) -> Iterator[tuple[str, float]]:
    """Components whose data have not been brought back, and the least that is lost: what the best copy lacks; everything of the run where
    there is none. Those whose loss is known already are left out."""
    gone = {row.subject for row in world.rows if row.kind == "data_lost" and math.isinf(row.value)}
    for unit in world.systems.in_order:
        if unit.name in gone or all(damage.kind != "corrupt" for damage in unit.damage.values()):
            continue
        best = usable(world, unit.name)
        yield unit.name, best[0].lost if best else struck(world, unit.name) - world.calendar.began


def struck(world: World, component: str) -> float:
    """The minute from which on the data of a component are damaged."""
    unit = world.systems[component]
    return min(unit.struck[key] for key, damage in unit.damage.items() if damage.kind == "corrupt")


def usable(world: World, component: str) -> list[Copy]:
    """Copies of a component with damaged data that no attack has spoiled, the one that loses least first, then the quickest."""
    broken = struck(world, component)
    unseen = max((world.faults.unseen.get(key, 0.0) for key in world.systems[component].damage), default=0.0)
    found = [copy._replace(lost=copy.lost + unseen) for copy in copies(world, component, broken - unseen)]
    found.sort(key=lambda copy: (copy.lost, usual_minutes(world, component, copy)))
    return [copy for copy in found if not spoiled(world, component, copy)]
