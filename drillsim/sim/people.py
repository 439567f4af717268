"""People: who takes which task, all or none, and in what order.

A task takes everybody it needs in the same minute, or nobody. Among waiting tasks the more urgent comes first, then one that was interrupted,
then by the plan's ``pick``; a later one may take people whom an earlier one cannot use yet. When nobody who could do it is on duty, people
on call are called in.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import count as counter
from typing import TYPE_CHECKING

from drillsim.sim.on_call import OnCall
from drillsim.sim.shifts import Shifts
from drillsim.sim.teams import Crew, Demand, Hold, SharedTeam, Team
from drillsim.sim.world import RELEASE

if TYPE_CHECKING:
    import simpy

    from drillsim.sim.world import World

Choice = list[tuple[Team, int]]


@dataclass(eq=False)
class Task:
    """Something people are wanted for, or at work on.

    ``missing`` says what else it waits for, such as ``("system", "his_db")``; ``enter`` hears why it waits; ``begin`` is called the moment people
    are taken; ``interrupt`` (why, minutes added) stops the work and says whether it could be stopped.
    """

    name: str
    demands: tuple[Demand, ...]
    rank: tuple[int, int, int]
    granted: simpy.Event
    missing: Callable[[], tuple[str, str] | None] = lambda: None
    enter: Callable[[str, str], None] = lambda state, cause: None
    begin: Callable[[], None] = lambda: None
    interrupt: Callable[[str, float], bool] = lambda why, minutes: False
    holds: list[Hold] = field(default_factory=list)
    asked: dict[SharedTeam, tuple[simpy.Event, int]] = field(default_factory=dict)


class People:
    """All teams, and the tasks that wait for people or have them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.waiting: list[Task] = []
        self.at_work: list[Task] = []
        self._number = counter()
        self._looking = False
        self.teams = {name: self._team(name) for name in world.hospital.staff}
        self.roles = {name: self._holders(name) for name in world.plan.roles}
        self.on_call = OnCall(world, self)
        self.shifts = Shifts(world, self)

    def _team(self, name: str) -> Team:
        staff, flow, calendar = self.world.hospital.staff[name], self.world.flow, self.world.calendar
        shifts = self.world.prepared.shifts[name]
        if flow is not None and flow.owns(name):
            return SharedTeam(name, staff, flow=flow, levels=calendar.capacity(staff.on_duty), shifts=shifts)
        return Team(name, staff, [Crew(s.count, s.end, start=s.begun) for s in shifts if s.start <= calendar.began])

    def _holders(self, role: str) -> tuple[Team, ...]:
        record = self.world.plan.roles[role]
        return tuple(self.teams[name] for name in record.holders) or (Team(role, None, [Crew(record.count)]),)

    # Taking and giving back

    def rank(self, priority: int, interrupted: bool, place: int) -> tuple[int, int, int]:
        """Where a task stands among those waiting; ``place`` is that of the step in the plan."""
        return priority, 0 if interrupted else 1, place if self.world.plan.pick == "list" else next(self._number)

    def seize(self, task: Task) -> None:
        """Let the task wait for its people; its ``granted`` event comes when it has them."""
        self.waiting.append(task)
        self.waiting.sort(key=lambda waiting: waiting.rank)
        self.dispatch()

    def job(self, name: str, staff: str) -> Task:
        """One person of the staff for work that is no plan step, such as repairing a component."""
        demand = Demand(staff, (self.teams[staff],), 1)
        task = Task(name, (demand,), (5, 1, next(self._number)), self.world.env.event())
        self.seize(task)
        return task

    def withdraw(self, task: Task) -> None:
        """The task no longer wants people: those it has are free, and it waits no more."""
        if task in self.waiting:
            self.waiting.remove(task)
        self._ask_no_more(task)
        self.release(task)

    def release(self, task: Task, why: str = "released") -> None:
        """Everybody at the task is free again."""
        if task not in self.at_work:
            return
        self.at_work.remove(task)
        for hold in task.holds:
            self.give_back(task, hold, why)
        task.holds = []
        self.dispatch()

    def give_back(self, task: Task, hold: Hold, why: str) -> None:
        """Some of the people at a task leave it."""
        hold.team.give_back(hold)
        hold.team.leave(task.name, hold.count)
        self.world.note("person", hold.team.name, why, task.name, hold.count)

    def dispatch(self) -> None:
        """People or tasks have changed: see who can begin, after everything else that ends or changes in this minute."""
        if not self._looking:
            self._looking = True
            self.world.call_at(self.world.env.now, RELEASE, self._dispatch)

    def _dispatch(self) -> None:
        """Give people to the tasks that can have all they need; tell the others why they wait."""
        self._looking = False
        spoken_for: set[SharedTeam] = set()
        for task in tuple(self.waiting):
            missing = task.missing()
            if missing is not None:
                self._ask_no_more(task)
                task.enter(*missing)
                continue
            choice, _ = choose(task.demands, partial(self._free, task))
            if choice is not None:
                self._grant(task, choice)
                continue
            self._ask(task, spoken_for)
            task.enter(*self._why(task))

    def _free(self, task: Task, team: Team) -> int:
        """How many of a team the task could take now, those kept back for it by the flow engine among them."""
        event, number = task.asked.get(team, (None, 0)) if isinstance(team, SharedTeam) else (None, 0)
        return team.free() + (number if event is not None and event.triggered else 0)

    def _grant(self, task: Task, choice: Choice) -> None:
        self.waiting.remove(task)
        for team, number in choice:
            task.holds += self._take(team, number, task)
            team.join(task.name, number)
            self.world.note("person", team.name, "seized", task.name, number)
        self._ask_no_more(task)
        self.at_work.append(task)
        task.begin()
        task.granted.succeed()

    def _take(self, team: Team, number: int, task: Task) -> list[Hold]:
        """People of a team for a task; those kept back for it come first."""
        event, kept = task.asked.get(team, (None, 0)) if isinstance(team, SharedTeam) else (None, 0)
        if not isinstance(team, SharedTeam) or event is None or not event.triggered:
            return team.take(number)
        del task.asked[team]
        return team.take_kept(kept, number)

    # People shared with the patients

    def _ask(self, task: Task, spoken_for: set[SharedTeam]) -> None:
        """Ask the flow for people who serve patients now (or who come on shift next), once everybody else is free.

        Nobody is asked for by two tasks at the same time, so two tasks never wait for each other's people.
        """
        choice, _ = choose(task.demands, lambda t: t.on_duty() if isinstance(t, SharedTeam) else t.free())
        if choice is None:
            choice, _ = choose(task.demands, lambda t: sys.maxsize if isinstance(t, SharedTeam) else t.free())
        wanted = {team: number for team, number in choice or () if isinstance(team, SharedTeam)}
        if any(team in spoken_for for team in wanted):
            wanted = {}
        spoken_for.update(wanted)
        if {team: number for team, (_, number) in task.asked.items()} == wanted:
            return
        self._ask_no_more(task)
        for team, number in wanted.items():
            event = team.ask(number)
            task.asked[team] = (event, number)
            if not event.triggered and event.callbacks is not None:
                event.callbacks.append(lambda _: self.dispatch())

    def _ask_no_more(self, task: Task) -> None:
        asked, task.asked = task.asked, {}
        for team, (event, _) in asked.items():
            team.flow.cancel(event)

    # Why a task waits

    def _why(self, task: Task) -> tuple[str, str]:
        """The state and cause of a task whose people are not there: busy, on the way, or off shift."""
        if self.are_there(task):
            return "person", self._busy(task)
        _, short = choose(task.demands, lambda team: team.on_duty())
        on_the_way, awaited = self.on_call.call_for(task)
        return ("on_the_way", awaited or short) if on_the_way else ("off_shift", short)

    def are_there(self, task: Task) -> bool:
        """Whether all whom the task needs are on duty, busy or not."""
        return choose(task.demands, lambda team: team.on_duty())[0] is not None

    def _busy(self, task: Task) -> str:
        """``role:step`` of the first role nobody is free for, and what they are busy with (``patients`` when with no step)."""
        _, role = choose(task.demands, partial(self._free, task))
        demand = next(d for d in task.demands if d.role == role)
        busy = next((name for team in demand.teams if team.on_duty() for name in team.holders), "patients")
        return f"{role}:{busy}"


def choose(demands: tuple[Demand, ...], available: Callable[[Team], int]) -> tuple[Choice | None, str]:
    """Who takes what: each person wanted comes from the first team in order of preference with somebody left.

    When none is left, somebody chosen before makes room by coming from a later team of theirs, if that can be. Returns the teams with their
    numbers, or None and the first role for which nobody can be found.
    """
    wanted = [demand for demand in demands for _ in range(demand.number)]
    left = {team: available(team) for demand in demands for team in demand.teams}
    chosen: list[Team] = []

    def find(place: int, full: set[Team]) -> Team | None:
        """A team for the person at this place; nobody makes room in the teams that are ``full`` already."""
        teams = wanted[place].teams
        for team in teams:
            if left[team] > 0:
                left[team] -= 1
                return team
        for team in teams:
            if team in full:
                continue
            full.add(team)
            for other, its in enumerate(chosen):
                if its is team and other != place and (instead := find(other, full)) is not None:
                    chosen[other] = instead
                    return team
        return None

    for place, demand in enumerate(wanted):
        team = find(place, set())
        if team is None:
            return None, demand.role
        chosen.append(team)
    return [(team, chosen.count(team)) for team in dict.fromkeys(chosen)], ""
