"""Luck of the response: the k-th value of a named stream, so that no draw depends on the order in which things happen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drillsim.sim.draws import draw_one

if TYPE_CHECKING:
    import numpy as np

    from drillsim.model.durations import Distribution
    from drillsim.sim.luck import Streams


class Chances:
    """Minutes and yes-or-no answers by name and occurrence (0, 1, 2 …); what is certain opens no stream."""

    def __init__(self, streams: Streams) -> None:
        self._streams = streams
        self._open: dict[str, np.random.Generator] = {}
        self._drawn: dict[str, list[float]] = {}

    def minutes(self, name: str, occurrence: int, distribution: Distribution) -> float:
        """The ``occurrence``-th duration of the stream ``name``."""
        if distribution.kind == "constant":
            return distribution.parameters["value"]
        if distribution.kind == "listed":
            return distribution.values[occurrence % len(distribution.values)]
        drawn, generator = self._stream(name)
        while len(drawn) <= occurrence:
            drawn.append(draw_one(distribution, generator))
        return drawn[occurrence]

    def share(self, name: str, occurrence: int) -> float:
        """The ``occurrence``-th number between 0 and 1 of the stream ``name``."""
        drawn, generator = self._stream(name)
        while len(drawn) <= occurrence:
            drawn.extend(generator.random(8).tolist())
        return drawn[occurrence]

    def happens(self, name: str, occurrence: int, chance: float) -> bool:
        """Whether something of this chance happens; what is likelier happens whenever what is less likely does."""
        return chance >= 1.0 or (chance > 0.0 and self.share(name, occurrence) < chance)

    def _stream(self, name: str) -> tuple[list[float], np.random.Generator]:
        if name not in self._open:
            self._open[name] = self._streams(name)
            self._drawn[name] = []
        return self._drawn[name], self._open[name]
