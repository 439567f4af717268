"""Who is there: the people of one staff role (or one role of a tabletop plan), shift by shift, those called in among them."""

from __future__ import annotations

import sys
from bisect import bisect_right
from dataclasses import dataclass, field
from math import floor
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import simpy

    from drillsim.model.people import Staff
    from drillsim.sim.calendar import Shift
    from drillsim.sim.flow.engine import Flow

ALWAYS = float("inf")


@dataclass(eq=False)
class Crew:
    """People who come and go together: one shift, or one person called in. ``busy`` of them work on steps."""

    count: int
    end: float = ALWAYS
    on_call: bool = False
    busy: int = 0
    start: float = 0.0  # when they began, for how tired they are
    relief: bool = False  # somebody has been called in to go on with what they do
    stayed: bool = False  # they have stayed on beyond a shift for the incident, which they do once


@dataclass(eq=False)
class Hold:
    """People of one team at work on a task; ``crew`` is their shift (of people shared with the patients only to say how long they have been there)."""

    team: Team
    count: int
    crew: Crew | None = None


@dataclass(eq=False)
class Team:
    """People who are alike, none of whom serves patients.

    ``away`` is the share of them that faults keep away, by fault; ``coming`` how many have been called in and are not there yet, ``arrived`` how
    many of them are, ``resting`` how many have gone home to rest; ``shifts_begun`` counts shifts, since those called in are counted among the next one that begins: nobody is there twice.
    """

    name: str
    staff: Staff | None = None
    crews: list[Crew] = field(default_factory=list)
    away: dict[str, float] = field(default_factory=dict)
    coming: int = 0
    arrived: int = 0
    resting: int = 0
    shifts_begun: int = 0
    holders: dict[str, int] = field(default_factory=dict)  # task → people of this team at work on it

    def present(self, count: int) -> int:
        """How many of ``count`` are not kept away by a fault; halves round towards being away."""
        return count - floor(min(1.0, sum(self.away.values())) * count + 0.5) if self.away else count

    def on_duty(self) -> int:
        """How many are at work or ready to be."""
        return sum(self.present(crew.count) for crew in self.crews)

    def free(self) -> int:
        """How many are on duty without a task."""
        return sum(max(0, self.present(crew.count) - crew.busy) for crew in self.crews)

    def take(self, count: int) -> list[Hold]:
        """Give ``count`` free people, those who stay longest first."""
        holds: list[Hold] = []
        for crew in sorted(self.crews, key=lambda crew: -crew.end):
            number = min(count, max(0, self.present(crew.count) - crew.busy))
            if number > 0:
                crew.busy += number
                holds.append(Hold(self, number, crew))
                count -= number
        return holds

    def give_back(self, hold: Hold) -> None:
        """They are free again, or go home when their shift has ended."""
        assert hold.crew is not None
        hold.crew.busy -= hold.count

    def join(self, task: str, count: int) -> None:
        """So many of the team are at work on a task."""
        self.holders[task] = self.holders.get(task, 0) + count

    def leave(self, task: str, count: int) -> None:
        """So many of the team are no longer at work on it."""
        self.holders[task] -= count
        if not self.holders[task]:
            del self.holders[task]

    def names_left(self) -> int:
        """How many people on call have not been called in yet."""
        on_call = self.staff.on_call if self.staff else None
        return 0 if on_call is None else self.present(on_call.count) - self.coming - self.arrived - self.resting


@dataclass(eq=False)
class SharedTeam(Team):
    """People who serve patients too: the flow engine keeps them, and frees the next who finishes for a step that asks.

    Those at work on a step finish it, whatever their shift. ``levels`` is the roster's number by minute, ``kept_away`` how many of it faults keep away,
    ``crews`` only those called in, ``shifts`` are those of the roster.
    """

    flow: Flow = field(kw_only=True)
    levels: list[tuple[float, int]] = field(default_factory=list)
    shifts: list[Shift] = field(default_factory=list)
    kept_away: int = 0

    def rostered(self, now: float) -> int:
        """Number on duty by the roster."""
        place = bisect_right(self.levels, (now, sys.maxsize)) - 1
        return self.levels[place][1] if place >= 0 else 0

    def on_duty(self) -> int:
        """How many are at work or ready to be."""
        return self.flow.on_duty(self.name)

    def free(self) -> int:
        """How many are serving nobody now."""
        return max(0, int(self.flow.pools[self.name].free)) * self.flow.stands_for

    def ask(self, count: int) -> simpy.Event:
        """Ask for people; the event comes once so many have been freed."""
        return self.flow.request(self.name, count)

    def take(self, count: int) -> list[Hold]:
        """Give ``count`` people who are free now."""
        if count:
            self.ask(count)
        return [Hold(self, count, self._crew())]

    def take_kept(self, kept: int, count: int) -> list[Hold]:
        """Give ``count`` people, first those whom the flow has ``kept`` back for it; if those are more, the others go back to the patients."""
        if kept < count:
            return [Hold(self, kept, self._crew()), *self.take(count - kept)]
        self.flow.keep_only(self.name, kept, count)
        return [Hold(self, count, self._crew())]

    def _crew(self) -> Crew | None:
        """Who comes for a step: somebody of those who stay longest, or who was called in when nobody else is there."""
        now = self.flow.now
        there = [Crew(s.count, s.end, start=s.begun) for s in self.shifts if s.start <= now < s.end]
        return max(there or self.crews, key=lambda crew: crew.end, default=None)

    def give_back(self, hold: Hold) -> None:
        """They go back to the patients."""
        self.flow.release(self.name, hold.count)


class Demand(NamedTuple):
    """So many people of a role of the plan, from these teams in order of preference."""

    role: str
    teams: tuple[Team, ...]
    number: int
