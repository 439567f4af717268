"""Bringing data back: which copy is best, how long it takes, and how many minutes of data are lost for good.

A copy holds the data as of the minute it began, and counts once it is finished. An incremental copy goes on top of the last full one, and on top of
both every log copy made since. Bringing an incremental or a log copy back takes as long as making it took, the full one its size over the
medium's throughput; before that comes the slowest fetch.
A replica can be used when what went wrong has not reached it yet. Best is the copy that loses least, then the quickest.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from drillsim.sim.readiness import MINUTES_PER_MONTH

if TYPE_CHECKING:
    from drillsim.model.systems import Backup, Data, Medium
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


def copies(data: Data, broken: float, now: float, calendar: Calendar) -> list[Copy]:
    """Every way to bring back the data of a component that broke at minute ``broken``, the one that loses least first."""
    found = []
    if data.replica is not None and now - data.lag < broken:
        found.append(Copy(broken - (now - data.lag), 0.0, (), "replica"))
    fulls, incrementals, logs = ([b for b in data.backups if b.kind == k] for k in ("full", "incremental", "log"))
    for full, incremental, log in product(fulls, [*incrementals, None], [*logs, None]):
        good_until, upper = last_copy(full, broken, calendar), 0.0
        layers = [full]
        for layer in (incremental, log):
            made = last_copy(layer, broken, calendar) if layer is not None else good_until
            if layer is not None and made > good_until:
                copies_made = (made - good_until) / layer.every if layer.kind == "log" else 1.0
                upper += layer.takes * max(1.0, copies_made)
                good_until = made
                layers.append(layer)
        found.append(Copy(broken - good_until, upper, tuple(layers), full.medium))
    different = {tuple(id(layer) for layer in copy.layers): copy for copy in found}
    return sorted(different.values(), key=lambda copy: (copy.lost, copy.upper))


def last_copy(backup: Backup, minute: float, calendar: Calendar) -> float:
    """When the last copy of this schedule that was finished by ``minute`` began. Copies have been made for ever."""
    at = backup.one(calendar.midnight, calendar.monday)
    return at + ((minute - backup.takes - at) // backup.every) * backup.every


def minutes_to_bring_back(world: World, component: str, copy: Copy, attempt: int) -> float:
    """From the first request to the last byte."""
    data = world.hospital.systems[component].data
    assert data is not None
    if not copy.layers:
        return 0.0
    media = world.hospital.media
    fetch = max(
        world.chances.minutes(f"copy {component} {name} fetch", attempt, media[name].fetch) for name in copy.media
    )
    return fetch + data.size / media[copy.layers[0].medium].throughput + copy.upper


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
    """Whether what is on a medium turns out to be good, when the data of a component are brought back for the ``attempt``-th time."""
    return world.chances.happens(f"copy {component} {medium} works", attempt, good(world.hospital.media[medium]))


def good(medium: Medium) -> float:
    """The chance that copies on a medium are good: as it was at the last trial restore, less what has gone bad since."""
    months = (UNTESTED if medium.last_tested is None else medium.last_tested) / MINUTES_PER_MONTH
    return medium.works * (1 - medium.goes_bad) ** months
