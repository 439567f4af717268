"""Calling people in: name after name until somebody answers, then the way to work (or none, when the work can be done from where they are).

Whoever has come stays on duty until EndEx or until the incident is stood down; who is on the way then goes home, unless a task waits. When a shift of the same staff begins, those called in are counted
among it; one who arrives after a shift has begun meanwhile belongs to it already.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from drillsim.model.people import OnCall as Terms
from drillsim.sim.teams import Crew, Demand, Team
from drillsim.sim.world import ARRIVAL, Process

if TYPE_CHECKING:
    from drillsim.sim.people import People, Task
    from drillsim.sim.world import World


class OnCall:
    """The calls of one run."""

    def __init__(self, world: World, people: People) -> None:
        self.world = world
        self.people = people
        self.calls: dict[str, int] = {}  # who is called for what → how often so far

    def call_for(self, task: Task) -> tuple[bool, str]:
        """Call in whom the task lacks: whether all of them are on the way now (not when somebody it lacks is not on call either), and in which role
        the first of them is waited for.

        Who is on duty and may stand in for several goes first to those for whom nobody can be called.
        """
        left = {team: team.on_duty() + team.coming for demand in task.demands for team in demand.teams}
        everybody, awaited = True, set[str]()
        for demand in sorted(task.demands, key=lambda demand: self._next(demand, None) is not None):
            for _ in range(demand.number):
                team = next((team for team in demand.teams if left[team] > 0), None)
                if team is not None:
                    left[team] -= 1
                    if left[team] < team.coming:
                        awaited.add(demand.role)
                elif self._call(demand, task.name, lambda: self._is_lacking(task)):
                    awaited.add(demand.role)
                else:
                    everybody = False
        return everybody, next((demand.role for demand in task.demands if demand.role in awaited), "")

    def call_in(self, role: str, cause: str) -> None:
        """Call somebody of a role in, unless somebody who holds it is on duty or on the way."""
        teams = self.people.roles[role]
        if not any(team.on_duty() + team.coming for team in teams):
            self._call(Demand(role, teams, 1), cause, lambda: not any(team.on_duty() for team in teams))

    def relieve(self, team: Team, crew: Crew) -> bool:
        """Call somebody of the team in to take over what the crew is at; False when nobody of it can be called now."""
        task = next(task.name for task in self.people.at_work if any(hold.crew is crew for hold in task.holds))
        return self._call(Demand(team.name, (team,), 1), task, lambda: crew in team.crews)

    def _is_lacking(self, task: Task) -> bool:
        """Whether the task still waits, and not just for people who are there."""
        return task in self.people.waiting and not self.people.are_there(task)

    def _is_waited_for(self, team: Team) -> bool:
        """Whether a task waits that somebody of the team could do."""
        return any(team in demand.teams for task in self.people.waiting for demand in task.demands)

    def _call(self, demand: Demand, cause: str, wanted: Callable[[], bool]) -> bool:
        team = self._next(demand, None)
        if team is None:
            return False
        team.coming += 1
        self.world.env.process(self._until_somebody_comes(demand, team, cause, wanted))
        return True

    def _next(self, demand: Demand, after: Team | None) -> Team | None:
        """The next holder with somebody on call now: the first, or the one after the one that did not answer."""
        teams = demand.teams
        start = teams.index(after) + 1 if after is not None else 0
        return next((team for team in teams[start:] if self._callable(team)), None)

    def _callable(self, team: Team) -> bool:
        on_call = team.staff.on_call if team.staff else None
        return (
            on_call is not None
            and team.names_left() > 0
            and (on_call.hours == "always" or self.world.calendar.on(on_call.hours, self.world.env.now))
        )

    def _until_somebody_comes(
        self, demand: Demand, team: Team | None, cause: str, wanted: Callable[[], bool]
    ) -> Process:
        """Call one name after the other; when none answers, begin anew after a while, if somebody is still wanted and on call then."""
        while team is not None:
            assert team.staff is not None
            assert team.staff.on_call is not None
            terms, luck = team.staff.on_call, f"call {team.name} for {cause}"
            self.world.note("person", team.name, "called", cause, 1)
            number = self.calls.get(luck, 0)
            right = self.world.contacts.right(team.name)
            self.calls[luck] = number + right
            if right and self.world.chances.happens(f"{luck} answers", number, terms.answers):
                yield from self._comes(team, terms, number, cause, luck)
                return
            self.world.note("person", team.name, "missed", cause, 1)
            other = self._next(demand, team)
            if other is None:
                yield self.world.later(terms.again, ARRIVAL)
            team.coming -= 1
            team = other or (self._next(demand, None) if wanted() else None)
            if team is not None:
                team.coming += 1
        self.people.dispatch()

    def _comes(self, team: Team, terms: Terms, number: int, cause: str, name: str) -> Process:
        chances, shift = self.world.chances, team.shifts_begun
        stood_down = "stood_down" in self.world.happened
        yield self.world.later(chances.minutes(f"{name} answer", number, terms.answer), ARRIVAL)
        if team.shifts_begun == shift:
            self.world.note("person", team.name, "answered", cause, 1)
        from_afar = chances.happens(f"{name} remote", number, terms.remote)
        if not from_afar or not all(self.world.systems.in_service(way) for way in terms.remote_needs):
            yield self.world.later(chances.minutes(f"{name} travel", number, terms.travel), ARRIVAL)
        team.coming -= 1
        over = not stood_down and "stood_down" in self.world.happened and not self._is_waited_for(team)
        if team.shifts_begun == shift and not over:  # or a shift of theirs has begun, and they are there with it
            self.world.note("person", team.name, "arrived", cause, 1)
            self.people.shifts.join(team)
        self.people.dispatch()
