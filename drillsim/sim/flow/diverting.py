"""Patients who are kept away by a step of the plan: who of those still to come, and until when; decided by the patient's own luck.

Everybody has one number between 0 and 1 for it, by pathway and patient: the same patients are kept away whenever as large a share is, and
a larger share keeps away these and more.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from drillsim.sim.flow.engine import Flow
    from drillsim.sim.flow.routes import Path

DIVERTED = 4  # among log.rows.PATIENT_OUTCOMES


def divert(flow: Flow, pathway: str, share: float, after: float) -> None:
    """Keep away a ``share`` of the pathway's patients (or orders) who would come from ``after`` minutes from now on."""
    path = _path(flow, pathway)
    away = path.uniform("diverted") < share
    assert path.away is not None
    for place in _still_to_come(flow, after):
        if flow.coming_to[place] is path.first and away[flow.coming_who[place]]:
            flow.coming_to[place] = path.away


def reopen(flow: Flow, pathway: str, after: float) -> None:
    """Let them come again from ``after`` minutes from now on."""
    path = _path(flow, pathway)
    assert path.first is not None
    for place in _still_to_come(flow, after):
        if flow.coming_to[place] is path.away:
            flow.coming_to[place] = path.first


def _path(flow: Flow, pathway: str) -> Path:
    flow.catch_up()
    return next(path for path in flow.paths if path.name == pathway)


def _still_to_come(flow: Flow, after: float) -> range:
    """The places in the list of those who arrive, from the first who comes so many minutes from now; without its end mark."""
    return range(bisect_left(flow.coming, flow.now + after, lo=flow.come), len(flow.coming) - 1)
