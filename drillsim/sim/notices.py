"""Telling people: channels in the order of the call tree, calls one after the other or to all at once, and who could not be reached.

A channel that lacks its systems is passed over. Whoever is not reached over one channel is tried over the next. Calls one after the other take the
caller's time for each; a broadcast takes it once. Without channels everybody hears at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from drillsim.sim.world import ARRIVAL, Process

if TYPE_CHECKING:
    from drillsim.sim.world import World

Hear = Callable[[str], None]


class Notices:
    """The channels of the plan."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.sent: dict[str, int] = {}  # step and channel → notices sent so far
        self.calls: dict[str, int] = {}  # step, channel and target → calls made so far

    def works(self, channel: str) -> bool:
        """Whether every system the channel needs gives service."""
        return all(self.world.systems.in_service(name) for name in self.world.plan.channels[channel].needs)

    def dead(self) -> str | None:
        """The first channel of the call tree when none of it works; None when one does, or when the plan has no channels."""
        tree = self.tree()
        return tree[0] if tree and not any(self.works(channel) for channel in tree) else None

    def tree(self) -> tuple[str, ...]:
        """Channels in the order in which they are tried."""
        return self.world.plan.call_tree or tuple(self.world.plan.channels)

    def tell(self, step: str, targets: list[str], hear: Hear) -> Process:
        """Tell all targets; ``hear`` is called for each at the minute it hears. Gives the targets that nobody could reach."""
        tree = self.tree()
        if not tree:
            for target in targets:
                self._heard(target, "", hear)
            return []
        left = targets
        for channel in tree:
            if left and self.works(channel):
                left = yield from self._over(step, channel, left, hear)
        for target in left:
            self.world.note("told", target, "not_reached", tree[-1])
        return left

    def _over(self, step: str, channel: str, targets: list[str], hear: Hear) -> Process:
        record = self.world.plan.channels[channel]
        self.world.note("notice", step, "sent", channel, len(targets))
        missed = []
        reaches = self._reaches(channel)
        if record.broadcast:
            yield from self._speak(f"notice {step} {channel}", channel)
        for target in targets:
            name = f"notice {step} {channel} {target}"
            number = self.calls[name] = self.calls.get(name, -1) + 1
            if not record.broadcast:
                reaches = self._reaches(channel)
                yield from self._speak(name, channel)
            right = record.broadcast or self.world.contacts.right(target)
            if right and self.world.chances.happens(f"{name} reaches", number, reaches):
                minutes = self.world.chances.minutes(f"{name} heard", number, record.heard)
                self._later(minutes, target, channel, hear)
            else:
                missed.append(target)
        return missed

    def _reaches(self, channel: str) -> float:
        """The share of those told now who are reached."""
        return self.world.calendar.figure(self.world.plan.channels[channel].reaches, self.world.env.now)

    def _speak(self, name: str, channel: str) -> Process:
        number = self.sent[name] = self.sent.get(name, -1) + 1
        minutes = self.world.chances.minutes(name, number, self.world.plan.channels[channel].takes)
        if minutes > 0:
            yield self.world.later(minutes)

    def _later(self, minutes: float, target: str, channel: str, hear: Hear) -> None:
        if minutes > 0:
            when = self.world.env.now + minutes
            self.world.call_at(when, ARRIVAL, lambda: self._heard(target, channel, hear))
        else:
            self._heard(target, channel, hear)

    def _heard(self, target: str, channel: str, hear: Hear) -> None:
        self.world.note("told", target, "heard", channel)
        hear(target)
