"""SimPy's clock, with the patient flow advanced to each of its moments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import simpy

if TYPE_CHECKING:
    from drillsim.sim.flow.engine import Flow


class Environment(simpy.Environment):
    """A SimPy environment that lets the patient flow catch up before every step.

    At one minute the order is: the flow's shift changes and services that end, SimPy's events (components, plan steps), then the flow's
    arrivals and ends of patience. When the flow has something to tell (a person freed for a plan step, a pile that is gone) it stops at that
    minute, so that SimPy's processes hear it then and not later.
    """

    flow: Flow | None = None

    def step(self) -> None:
        """Advance the flow to the next event's minute, then process that event."""
        flow = self.flow
        if flow is not None:
            while flow.advance(self._queue[0][0] if self._queue else float("inf")):
                self._now = flow.now
                flow.tell()
        super().step()
