"""How ready people are: what training and drills make of the time a step takes and of the chance that it succeeds."""

from __future__ import annotations

from typing import NamedTuple

from drillsim.model.people import Staff
from drillsim.model.plan import Readiness

MINUTES_PER_MONTH = 30.44 * 1440
SKILL_DECAY = -0.85  # FACTS R28


class Ready(NamedTuple):
    """How training tells: factor on the work, and on the chance that it succeeds."""

    factor: float = 1.0
    chance: float = 1.0


def readiness(terms: Readiness, staff: list[Staff], *, restores: bool = False) -> Ready:
    """What the training of those who do a step makes of it; people of a tabletop plan are fully trained.

    For a step that ``restores`` data, what counts is when they last practised that.
    """
    if not staff:
        return Ready()
    lack = 1 - sum(_trained(terms, person, restores) for person in staff) / len(staff)
    return Ready(1 + lack * (terms.untrained_takes - 1), 1 - lack * (1 - terms.untrained_chance))


def _trained(terms: Readiness, staff: Staff, restores: bool) -> float:
    """How trained a role is at StartEx, 0 to 1, after what has faded since its last drill (all that can, when there was none)."""
    if not terms.decay:
        return staff.trained
    last = staff.last_restore if restores and staff.last_restore is not None else staff.last_drill
    months = last / MINUTES_PER_MONTH if last is not None else float("inf")
    return min(staff.trained, max(terms.floor, staff.trained * (1 + months) ** SKILL_DECAY))
