"""What held a late step up in the end: its minutes traced back through the steps and events it waited for, to people, things and work.

This is the realised critical path of the step. While it waited for another step, what counts is what that one was doing then; while it waited
for an event that a step brought about, what that step was doing. (``roots`` goes on through systems that came back, and conditions.)
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from drillsim.log.rows import Event
from drillsim.score.steps import AT_IT, history, labelled
from drillsim.score.view import View

DEEPEST = 100  # steps that wait for each other in a circle (going back makes that possible) end here
FINISHED = ("done", "failed", "not_applicable")


class Leaf(NamedTuple):
    """From ``start`` to ``end`` one thing held up: ``part`` as in steps.PARTS, ``cause`` the role, thing, event or step (of work; of slowed
    work: what slowed it and the step, ``tired:first_look``). ``step`` is the step that was held up so: the late one, or one it waited for."""

    part: str
    cause: str
    start: float
    end: float
    step: str = ""


class Tracer:
    """Traces steps of one replication."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.steps = {step.id: step for step in view.scenario.plan.steps}
        self.decisions = {name for name, step in self.steps.items() if step.decision}
        self.reached_by = {(e.subject, e.minute): e.cause for e in view.by_kind["reached"]}
        self.own_by = {(e.subject, e.minute): e.cause for e in view.by_kind["own"] if e.cause in self.steps}

    def trace(self, step: str, start: float, end: float, depth: int = 0) -> Iterator[Leaf]:
        """What held up a step between two minutes; the leaves follow each other without a gap."""
        for a, b, part, cause, state in labelled(history(self.view, self.steps[step], self.decisions), start, end):
            before = self._before(state, cause, b) if depth < DEEPEST and part not in AT_IT else None
            if before is not None and before != step:
                yield from self.trace(before, a, b, depth + 1)
            else:
                yield Leaf(part, {"work": step, "slowed": f"{cause}:{step}"}.get(part, cause), a, b, step)

    def _before(self, state: str, cause: str, end: float) -> str | None:
        """The step that ended this wait (or did not, until EndEx); None when no step did."""
        if state == "after":
            awaited = [name.strip() for name in cause.split(",") if name.strip() in self.steps]
            return max(awaited, key=lambda name: self._finished(name, end), default=None)
        if state != "dormant":
            return None
        for event in cause.split(" or "):
            by = self.reached_by.get((event, end))
            if by is not None:
                return by if by in self.steps else self.own_by.get((by, end))
        return None

    def _finished(self, step: str, minute: float) -> float:
        """When a step was last over by this minute; infinite when it was not."""
        rows: list[Event] = [
            e for e in self.view.events("step", step) if e.minute <= minute and e.state != "unfinished"
        ]
        return rows[-1].minute if rows and rows[-1].state in FINISHED else math.inf
