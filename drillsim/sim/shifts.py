"""Shifts of the people who serve no patients: who comes, who goes, and what becomes of work in hand at the end of a shift.

People who ``finish`` stay until their task is done; with ``hand_over`` the next shift goes on with it (and when nobody of it is free, it waits);
with ``stop`` it waits. Who ``stays_on`` for an incident goes home later. Work that has begun to take effect (calls, restarts, copying data back) runs on with those who are at it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from drillsim.sim.teams import ALWAYS, Crew, Hold, SharedTeam, Team
from drillsim.sim.world import SHIFT, Process

if TYPE_CHECKING:
    from drillsim.sim.people import People, Task
    from drillsim.sim.world import World


LOOKS_AGAIN = 5.0  # minutes until somebody who waits for relief looks again whether it has come


class Change(NamedTuple):
    """A moment at which ``number`` people of a team come (until ``end``), or those go whose shift ends then, or may be called from now on."""

    minute: float
    order: int  # 0 come, 1 go, 2 may be called, 3 come and are kept by the flow: in this order in the same minute
    team: Team
    number: int
    end: float


class Shifts:
    """The changes of shift of one run."""

    def __init__(self, world: World, people: People) -> None:
        self.world = world
        self.people = people
        for team in self._own():
            world.note("on_duty", team.name, "roster", "", team.on_duty())
        if changes := self._changes():
            world.env.process(self._play(changes))
        if world.flow is not None:
            world.flow.beside_roster = self._beside_roster

    def _own(self) -> list[Team]:
        return [team for team in self.people.teams.values() if not isinstance(team, SharedTeam)]

    def _changes(self) -> list[Change]:
        began, horizon = self.world.calendar.began, self.world.calendar.horizon
        found: list[Change] = []
        for team in self._own():
            shifts = self.world.prepared.shifts[team.name]
            found += [Change(s.start, 0, team, s.count, s.end) for s in shifts if s.start > began]
            found += [Change(s.end, 1, team, s.count, s.end) for s in shifts if s.end <= horizon]
        for name, team in self.people.teams.items():
            if isinstance(team, SharedTeam):
                shifts = self.world.prepared.shifts[name]
                found += [Change(s.start, 3, team, s.count, s.end) for s in shifts if s.start > began]
            hours = self.world.prepared.on_call.get(name, ())
            found += [Change(s.start, 2, team, 0, s.end) for s in hours if s.start > began]
        return sorted(found, key=lambda change: change[:2])

    def _play(self, changes: list[Change]) -> Process:
        touched: dict[Team, None] = {}
        for change, following in zip(changes, [*changes[1:], None], strict=True):
            if change.minute > self.world.env.now:
                yield self.world.later(change.minute - self.world.env.now, SHIFT)
            if change.order == 0:
                self._come(change)
            elif change.order == 3:
                change.team.shifts_begun += 1
            elif change.order == 1:
                self._end(change.team, [c for c in change.team.crews if c.end <= change.minute])
            if change.order < 2:
                touched[change.team] = None
            if following is None or following.minute > change.minute:
                for team in touched:
                    self.world.note("on_duty", team.name, "roster", "", team.on_duty())
                touched = {}
                self.people.dispatch()

    def _come(self, change: Change) -> None:
        """A shift begins; people called in earlier are counted among it."""
        team = change.team
        team.shifts_begun += 1
        counted = 0
        for crew in [crew for crew in team.crews if crew.on_call]:
            if counted + crew.count <= change.number:
                crew.on_call, crew.end = False, change.end
                team.arrived -= crew.count
                counted += crew.count
        if change.number > counted:
            team.crews.append(Crew(change.number - counted, change.end, start=change.minute))

    def _end(self, team: Team, crews: list[Crew]) -> None:
        """A shift ends: who leads an incident that was declared in it stays on as if called in; the others go home."""
        longest = team.staff.stays_on if team.staff else 0.0
        happened = self.world.happened
        declared = None if "stood_down" in happened else happened.get("declared")
        staying = [c for c in crews if longest > 0 and declared is not None and c.start <= declared and not c.stayed]
        for crew in staying:
            crew.on_call, crew.end, crew.stayed = True, ALWAYS, True
            team.arrived += crew.count
            self.world.call_at(self.world.env.now + longest, SHIFT, partial(self._goes_home, team, crew))
        self._go(team, [crew for crew in crews if crew not in staying])

    def _goes_home(self, team: Team, crew: Crew) -> None:
        """Who stayed on for an incident has done so long enough, unless the next shift of theirs has begun or the incident is over."""
        if crew not in team.crews or not crew.on_call:
            return
        team.arrived -= crew.count
        self._go(team, [crew])
        self.world.note("on_duty", team.name, "returned", "", team.on_duty())
        self.people.dispatch()

    def _beside_roster(self, name: str, minute: float) -> int:
        """The same for people who serve patients, at the turn of their shift: how many more (fewer, below 0) of them are there beside the roster from now
        on than until now, those called in and those whom a fault keeps away."""
        team = self.people.teams.get(name)
        if not isinstance(team, SharedTeam):
            return 0
        coming = sum(shift.count for shift in self.world.prepared.shifts[name] if shift.start == minute)
        counted = min(len(team.crews), coming)
        team.crews = team.crews[counted:]
        team.arrived -= counted
        return self._fewer_away(team, minute) - counted

    def join(self, team: Team) -> None:
        """Somebody called in is there, until a shift of theirs begins or the incident is stood down."""
        team.arrived += 1
        crew = Crew(1, on_call=True, start=self.world.env.now)
        team.crews.append(crew)
        if isinstance(team, SharedTeam):
            team.flow.add_capacity(team.name, 1, "on_call")
        else:
            self.world.note("on_duty", team.name, "on_call", "", team.on_duty())
        terms = team.staff.on_call if team.staff else None
        if terms is not None and terms.stays is not None:
            leaves = self.world.env.now + terms.stays
            self.world.call_at(leaves, SHIFT, lambda: self._goes_to_rest(team, crew, terms.rests))

    def _goes_to_rest(self, team: Team, crew: Crew, rests: float) -> None:
        """Somebody called in has been there long enough; they go home, and can be called again once they have rested.

        Whoever hands over what is in hand is relieved first: they stay at it until another of the team who was called in for that is there.
        """
        if crew not in team.crews or not crew.on_call:
            return
        if self._awaits_relief(team, crew):
            self.world.call_at(self.world.env.now + LOOKS_AGAIN, SHIFT, lambda: self._goes_to_rest(team, crew, rests))
            return
        team.arrived -= 1
        team.resting += 1
        if isinstance(team, SharedTeam):
            team.crews.remove(crew)
            team.flow.add_capacity(team.name, -1, "returned")
        else:
            self._go(team, [crew])
            self.world.note("on_duty", team.name, "returned", "", team.on_duty())
        self.world.call_at(self.world.env.now + rests, SHIFT, lambda: self._has_rested(team))
        self.people.dispatch()

    def _awaits_relief(self, team: Team, crew: Crew) -> bool:
        """Whether somebody at work on a task stays until the next one is there, who is called in now if that has not been done yet."""
        policy = team.staff.at_shift_end if team.staff else "finish"
        if policy != "hand_over" or isinstance(team, SharedTeam) or not crew.busy or team.free() >= crew.busy:
            return False
        if not crew.relief:
            crew.relief = self.people.on_call.relieve(team, crew)
        return crew.relief

    def _has_rested(self, team: Team) -> None:
        team.resting -= 1
        self.people.dispatch()

    def _go(self, team: Team, crews: list[Crew]) -> None:
        """These people go home, after what is in hand, unless others take it over or it waits."""
        for crew in crews:
            team.crews.remove(crew)
        policy = team.staff.at_shift_end if team.staff else "finish"
        if policy == "finish":
            return
        for task in tuple(self.people.at_work):
            for hold in [h for h in task.holds if h.crew in crews]:
                if policy == "stop" or not self._hand_over(team, task, hold):
                    task.interrupt("shift", self._handover(team) if policy == "hand_over" else 0.0)
                    break

    def _handover(self, team: Team) -> float:
        return team.staff.handover if team.staff else 0.0

    def _hand_over(self, team: Team, task: Task, hold: Hold) -> bool:
        """The next shift goes on with the task, when enough of it are free; the work grows by the handover."""
        if team.free() < hold.count:
            return False
        if not task.interrupt("handover", self._handover(team)):
            return True
        task.holds.remove(hold)
        team.give_back(hold)
        task.holds += team.take(hold.count)
        self.world.note("person", team.name, "handed_over", task.name, hold.count)
        return True

    # People kept away by a fault, and people who go home after the incident

    def keep_away(self, name: str, fault: str, share: float) -> None:
        """A share of the people does not come; those of them at work on a task drop it."""
        team = self.people.teams[name]
        team.away[fault] = share
        if isinstance(team, SharedTeam):
            self._shared_away(team)
        else:
            self._drop(team)
        self._noted(team)

    def come_back(self, name: str, fault: str) -> None:
        """Those kept away by the fault are back."""
        team = self.people.teams[name]
        team.away.pop(fault, None)
        if isinstance(team, SharedTeam):
            self._shared_away(team)
        self._noted(team)
        self.people.dispatch()

    def _noted(self, team: Team) -> None:
        if not isinstance(team, SharedTeam):
            self.world.note("on_duty", team.name, "fault", "", team.on_duty())

    def _drop(self, team: Team) -> None:
        """Those who began last drop their tasks, until no more are at work than are there."""
        for crew in team.crews:
            too_many = crew.busy - team.present(crew.count)
            for task in tuple(reversed(self.people.at_work)):
                number = sum(hold.count for hold in task.holds if hold.crew is crew)
                if too_many > 0 and number and task.interrupt("fault", 0.0):
                    too_many -= number

    def _shared_away(self, team: SharedTeam) -> None:
        """A fault keeps a share of them away, or no longer; at the turns of their shifts the flow asks for itself (``_beside_roster``)."""
        if change := self._fewer_away(team, self.world.env.now):
            team.flow.add_capacity(team.name, change, "fault")

    def _fewer_away(self, team: SharedTeam, minute: float) -> int:
        """How many fewer (more, below 0) of the roster are kept away from this minute on than until now."""
        rostered = team.rostered(minute)
        before, team.kept_away = team.kept_away, rostered - team.present(rostered)
        return before - team.kept_away

    def stand_down(self) -> None:
        """Those who were called in go home, after what is in hand."""
        for team in self.people.teams.values():
            number, team.arrived = team.arrived, 0
            team.crews = [crew for crew in team.crews if not crew.on_call]
            if number and isinstance(team, SharedTeam):
                team.flow.add_capacity(team.name, -number, "returned")
            elif number:
                self.world.note("on_duty", team.name, "returned", "", team.on_duty())
