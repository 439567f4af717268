"""The steps of the plan together: who waits for whom, which step tells whom, and going back.

Going back makes a step, all that follow it, and the one that failed, be done anew: of their triggers only ``after`` is waited for again, they use a
new spare and tell everybody again.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from drillsim.model.plan import Step
from drillsim.sim import moments
from drillsim.sim.plays import FINISHED, Play
from drillsim.sim.spares import Spares

if TYPE_CHECKING:
    from drillsim.sim.world import World

NOTICES = ("notify", "order_paper", "return_to_system")


class Steps:
    """All steps of the plan during a run."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.spares = Spares(world)
        self.plays: dict[str, Play] = {}
        self._passed: set[str] = set()

    def begin(self) -> None:
        """Let every step wait for its triggers."""
        world = self.world
        for place, step in enumerate(world.plan.steps):
            self.plays[step.id] = Play(self, step, place)
        for step in world.plan.steps:
            play = self.plays[step.id]
            if step.at is not None:
                moments.at(world, step.at, partial(self._passes, step))
            for before in step.after:
                world.listen("step", before, play.wake)
            for component in (*step.uses, *step.helped_by):
                world.listen("component", component, play.systems_changed)
            for event in [e.text() for e in step.on] or self.default_events(step):
                world.listen("event", event, play.wake)

    def default_events(self, step: Step) -> list[str]:
        """The event that starts a step without any trigger: the first fault is known, or StartEx when there is no fault."""
        if step.after or step.on or step.when is not None or step.at is not None:
            return []
        return ["detected"] if self.world.scenario.faults else ["start"]

    def passed(self, step: Step) -> bool:
        """Whether the moment of the step has come."""
        return step.id in self._passed

    def _passes(self, step: Step) -> None:
        self._passed.add(step.id)
        self.plays[step.id].wake()

    def tells(self, step: Step) -> bool:
        """Whether the step needs a channel."""
        return any(effect.kind in NOTICES for effect in step.does)

    def channel_needs(self, step: Step) -> tuple[str, ...]:
        """The systems behind the channels that the step may use."""
        if not self.tells(step):
            return ()
        channels = self.world.plan.channels
        return tuple(dict.fromkeys(name for c in self.world.notices.tree() for name in channels[c].needs))

    def go_back(self, to: str, by: Play) -> None:
        """Do a step and all that follow it anew."""
        followers = self.world.prepared.followers[to]
        self.world.listen("step", to, by.wake)
        for name, play in self.plays.items():
            if play is not by and (name == to or name in followers):
                play.send_back(by.name)

    def do_anew(self, steps: tuple[str, ...], cause: str) -> None:
        """What these steps had mended has come back: they and all that follow them are done anew, with all their tries."""
        followers = self.world.prepared.followers
        anew = {*steps, *(name for step in steps for name in followers.get(step, ()))}
        for name, play in self.plays.items():
            if name in anew:
                play.failures = 0
                play.send_back(cause)

    def end(self) -> None:
        """EndEx: write down what is not finished."""
        for play in self.plays.values():
            if play.state[0] not in FINISHED:
                play.enter("unfinished")
