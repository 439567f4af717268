"""How ready people are: what training, drills and tiredness make of the time a step takes and of the chance that it succeeds."""

from __future__ import annotations

from typing import NamedTuple

from drillsim.model.people import Staff
from drillsim.model.plan import Readiness
from drillsim.sim.teams import ALWAYS, Crew

MINUTES_PER_MONTH = 30.44 * 1440
MOST_TIRED = 3.0  # work takes at most so many times as long
SKILL_DECAY = -0.85  # FACTS R28
ROUNDING = 1e-6


class Ready(NamedTuple):
    """How training tells: factor on the work, and on the chance that it succeeds."""

    factor: float = 1.0
    chance: float = 1.0


def readiness(terms: Readiness, people: list[tuple[Staff, float | None]]) -> Ready:
    """What the training of those who do a step makes of it; people of a tabletop plan are fully trained.

    Each of ``people`` comes with the minutes since they last practised what the step is about; None: never.
    """
    if not people:
        return Ready()
    lack = 1 - sum(_trained(terms, person, last) for person, last in people) / len(people)
    return Ready(1 + lack * (terms.untrained_takes - 1), 1 - lack * (1 - terms.untrained_chance))


class Duty:
    """How tired the people of a step are: work takes longer with every full hour on duty beyond what one can do without tiring.

    What counts is who has been there longest; people who are there ``always`` change unseen and do not tire.
    """

    def __init__(self, terms: Readiness, crews: list[Crew]) -> None:
        self.terms = terms
        begun = min((crew.start for crew in crews if crew.on_call or crew.end < ALWAYS), default=ALWAYS)
        self.tires = (
            begun + terms.tires_after if terms.tires_after is not None else ALWAYS
        )  # minute from which on they tire

    def _factor(self, hour: int) -> float:
        return min(MOST_TIRED, 1 + hour * (self.terms.tired_takes - 1))

    def factor(self, now: float) -> float:
        """By how much tiredness lengthens work done now."""
        hour = self._hour(now)
        return 1.0 if hour is None else self._factor(hour)

    def turn(self, now: float) -> float:
        """Minutes from now until tiredness lengthens work by more than now; infinite when it does not."""
        if self.terms.tired_takes == 1 or self.tires == ALWAYS:
            return ALWAYS
        hour = self._hour(now)
        if hour is None:
            return self.tires - now
        return ALWAYS if self._factor(hour) >= MOST_TIRED else self.tires + 60.0 * (hour + 1) - now

    def _hour(self, now: float) -> int | None:
        """Which hour of being tired this is, 0 the first; a moment that is due counts as come. None before."""
        return int((now - self.tires + ROUNDING) // 60) if now >= self.tires - ROUNDING else None

    def minutes(self, now: float, work: float) -> float:
        """Minutes on the clock, from ``now`` on, for so many minutes of work of people who are fresh."""
        fresh = min(work, max(0.0, self.tires - now))
        spent, left, hour = fresh, work - fresh, int(max(0.0, now - self.tires) // 60)
        while left > 0:
            until = self.tires + 60.0 * (hour + 1) - (now + spent)
            takes = left * self._factor(hour)
            if takes <= until or self._factor(hour) == self._factor(hour + 1):
                return spent + takes
            spent, left, hour = spent + until, left - until / self._factor(hour), hour + 1
        return spent

    def done(self, now: float, minutes: float) -> float:
        """The other way round: the work done in so many minutes from ``now`` on."""
        fresh = min(minutes, max(0.0, self.tires - now))
        work, left, hour = fresh, minutes - fresh, int(max(0.0, now - self.tires) // 60)
        while left > 0:
            span = min(left, self.tires + 60.0 * (hour + 1) - (now + minutes - left))
            work, left, hour = work + span / self._factor(hour), left - span, hour + 1
        return work

    def chance(self, now: float) -> float:
        """Factor on the chance of success of what is done now."""
        return self.terms.tired_chance ** max(0.0, (now - self.tires) // 60)


def _trained(terms: Readiness, staff: Staff, last: float | None) -> float:
    """How trained a role is at StartEx, 0 to 1, after what has faded since it ``last`` practised (all that can, when it never has)."""
    if not terms.decay:
        return staff.trained
    months = last / MINUTES_PER_MONTH if last is not None else float("inf")
    return min(staff.trained, max(terms.floor, staff.trained * (1 + months) ** SKILL_DECAY))
