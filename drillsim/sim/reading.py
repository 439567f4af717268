"""Media being read: restores that read from the same medium at the same time share it, each as fast as any other (processor sharing).

A restore fetches the medium, reads the full copy at the medium's throughput, and brings back what lies on top of it. Only the reading is shared: with
``n`` at it each goes on at 1/n of the throughput, from the minute in which another one begins or ends. The log has it as the step's pace.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import simpy

from drillsim.sim.world import COMPLETION, Process

if TYPE_CHECKING:
    from collections.abc import Callable

    from drillsim.sim.world import World

ENDS = 1e-9
SHARED = "shared"


class Restore(NamedTuple):
    """What bringing one copy back takes, in minutes, while nobody else reads from its medium."""

    medium: str
    fetch: float
    reading: float
    upper: float  # incremental and log copies, on top of the full one

    @property
    def alone(self) -> float:
        """From the first request to the last byte."""
        return self.fetch + self.reading + self.upper


class _Reader:
    """One restore that reads: how much is ``left`` (in minutes of a medium of its own), whether it has ever ``shared`` it, when it was ``over``."""

    def __init__(self, world: World, step: str, minutes: float) -> None:
        self.step = step
        self.left = minutes
        self.shared = False
        self.pace = 1
        self.finished = world.env.event()
        self.over = float("inf")


class _Medium:
    """Those who read from one medium now."""

    def __init__(self, world: World, name: str) -> None:
        self.world = world
        self.name = name
        self.readers: list[_Reader] = []
        self.since = world.env.now
        self._cancel: Callable[[], None] | None = None

    def join(self, reader: _Reader) -> None:
        """One more reads."""
        self.catch_up()
        self.readers.append(reader)
        self._plan()

    def leave(self, reader: _Reader) -> None:
        """It reads no more, finished or not."""
        if reader in self.readers:
            self.catch_up()
            self.readers.remove(reader)
            self._note(reader, 1)
            self._plan()

    def catch_up(self) -> None:
        """What has been read until now is read."""
        number, minutes = len(self.readers), self.world.env.now - self.since
        self.since = self.world.env.now
        for reader in self.readers:
            reader.left -= minutes / max(1, number)
            reader.shared = reader.shared or (number > 1 and minutes > ENDS)

    def _look(self) -> None:
        """Who has read all there is leaves."""
        self.catch_up()
        for reader in [one for one in self.readers if one.left <= ENDS]:
            self.readers.remove(reader)
            self._note(reader, 1)
            reader.over = self.world.env.now
            reader.finished.succeed()
        self._plan()

    def _plan(self) -> None:
        """Look again when the next of them has finished at the pace that holds from now on."""
        if self._cancel is not None:
            self._cancel()
        self._cancel = None
        for reader in self.readers:
            self._note(reader, len(self.readers))
        if self.readers:
            minutes = max(0.0, min(reader.left for reader in self.readers)) * len(self.readers)
            self._cancel = self.world.call_at(self.world.env.now + minutes, COMPLETION, self._look)

    def _note(self, reader: _Reader, pace: int) -> None:
        if reader.pace != pace:
            reader.pace = pace
            self.world.note("pace", reader.step, SHARED, self.name, pace)


class Media:
    """The media of one run that are being read."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._media: dict[str, _Medium] = {}

    def bring_back(self, step: str, restore: Restore) -> Process:
        """Wait until a step has brought a copy back; one that shares its medium with nobody takes just as long as it takes alone."""
        world, reader = self.world, _Reader(self.world, step, restore.reading)
        if restore.alone <= 0:
            return
        medium = self._media.setdefault(restore.medium, _Medium(world, restore.medium))
        give_up = world.call_at(world.env.now + restore.fetch, COMPLETION, lambda: medium.join(reader))
        try:
            yield world.later(restore.alone)
            medium.catch_up()
            if reader.shared:
                yield from self._later(reader, restore)
        except simpy.Interrupt:
            give_up()
            medium.leave(reader)
            raise
        medium.leave(reader)

    def _later(self, reader: _Reader, restore: Restore) -> Process:
        """The rest of a restore that has had to share."""
        if reader.over == float("inf"):
            yield reader.finished
        left = reader.over + restore.upper - self.world.env.now
        if left > 0:
            yield self.world.later(left)


__all__ = ["Media", "Restore"]
