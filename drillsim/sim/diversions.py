"""Pathways whose patients are sent elsewhere, or told to come another day: since when, and what the flow of patients makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drillsim.errors import SimulationError, Wrong

if TYPE_CHECKING:
    from drillsim.model.care import Diverted
    from drillsim.sim.world import World


class Diversions:
    """The pathways that are diverted now; steps divert them and reopen them, and conditions ask."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.since: dict[str, float] = {}  # pathway → minute of the step that diverted it

    def divert(self, pathway: str, cause: str) -> None:
        """Keep its patients away from now on, as soon as it shows at the door; one that is diverted stays so."""
        if pathway in self.since:
            return
        record = self._record(pathway)
        self.since[pathway] = self.world.env.now
        self.world.note("pathway", pathway, "diverted", cause, record.after)
        if self.world.flow is not None:
            self.world.flow.divert(pathway, record.share, record.after)
        self.world.post("pathway", pathway)

    def reopen(self, pathway: str, cause: str) -> None:
        """Let its patients come again, as soon as that shows at the door; one that is not diverted is left alone."""
        if self.since.pop(pathway, None) is None:
            return
        record = self._record(pathway)
        self.world.note("pathway", pathway, "reopened", cause, record.after)
        if self.world.flow is not None:
            self.world.flow.reopen(pathway, record.after)
        self.world.post("pathway", pathway)

    def _record(self, pathway: str) -> Diverted:
        record = self.world.hospital.pathways[pathway].diverted
        if record is None:
            said = "the pathway {value!r} has no 'diverted', so diverting it keeps nobody away"
            raise SimulationError(Wrong(said, value=pathway), self.world.env.now)
        return record
