"""Whether a condition holds, and calling back the minute it does, without looking every minute.

States, events, grades and judgements tell when they change; a claim ``for 10 min`` or ``30 min after`` is looked at again at the minute it can
come true; only a queue or a pile, and people whose data are being taken, are looked at each minute, and only while somebody waits for it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from drillsim.model.conditions import OPERATORS, Condition
from drillsim.sim import attacks
from drillsim.sim.units import STATES
from drillsim.sim.world import ARRIVAL

if TYPE_CHECKING:
    from drillsim.sim.world import World

SUBJECTS = {"state": "component", "mode": "department", "hours": "department", "diverted": "pathway", "after": "event", "happened": "event", "grade": "incident",
            "judged": "incident", "standby": "standby", "attack": "incident", "exposed": "incident"}  # fmt: skip
ROUNDING = 1e-9


class Conditions:
    """Conditions as they hold in one world."""

    def __init__(self, world: World) -> None:
        self.world = world

    def holds(self, condition: Condition) -> bool:
        """Whether the condition is true now."""
        match condition.kind:
            case "all":
                return all(self.holds(part) for part in condition.parts)
            case "any":
                return any(self.holds(part) for part in condition.parts)
            case "not":
                return not self.holds(condition.parts[0])
            case "hours" if condition.states == ("opens",):
                return 0.0 < self._opens_in(condition) <= self._minutes(condition) + ROUNDING
            case "happened" | "after" | "state" | "mode" | "hours" | "diverted":
                since = self._since(condition)
                return since is not None and self.world.env.now - since >= self._minutes(condition) - ROUNDING
            case "queue" | "pile":
                return OPERATORS[condition.operator](self._counted(condition), condition.number)
            case "grade":
                grade = self.world.faults.grade
                return grade is not None and OPERATORS[condition.operator](grade, condition.number)
            case "judged":
                return self.world.faults.judged_as(condition.subject)
            case "attack":
                return self.world.faults.attack_is_known
            case "exposed":
                return OPERATORS[condition.operator](attacks.people_exposed(self.world), condition.number)
        service = self.world.systems[condition.subject].service
        return service is not None and service.on_standby

    def when(self, condition: Condition, action: Callable[[], None]) -> Callable[[], None]:
        """Call ``action`` each time the condition is found to hold after something it speaks of has changed.

        The returned function ends that.
        """
        return Watch(self, condition, action).end

    def _minutes(self, condition: Condition) -> float:
        if condition.threshold is not None:
            return self.world.plan.thresholds[condition.threshold]
        return condition.minutes

    def _since(self, condition: Condition) -> float | None:
        """Since when the claim without its length of time has been true; None when it is not."""
        if condition.event is not None:
            return self.world.holds_from.get(condition.event.text())
        if condition.kind == "state":
            return self._state_since(condition)
        if condition.kind == "diverted":
            return self.world.diversions.since.get(condition.subject)
        ward = self.world.departments[condition.subject]
        if condition.kind == "hours":
            return ward.turned if ward.open == (condition.states == ("open",)) else None
        if ward.mode not in condition.states or (ward.mode == "waiting" and not ward.open):
            return None
        return max(ward.since, ward.turned) if ward.mode == "waiting" else ward.since

    def _opens_in(self, condition: Condition) -> float:
        """Minutes until a department that is closed opens; 0 for one that is open, infinite for one that does not open again."""
        if self.world.departments[condition.subject].open:
            return 0.0
        now = self.world.env.now
        hours = self.world.prepared.open[condition.subject]
        return min((start - now for start, _ in hours if start > now), default=float("inf"))

    def _state_since(self, condition: Condition) -> float | None:
        unit = self.world.systems[condition.subject]
        if STATES[unit.effective.rank] not in condition.states:
            return None
        return unit.since if len(condition.states) == 1 else unit.away_since

    def _counted(self, condition: Condition) -> float:
        flow = self.world.flow
        if flow is None:
            return 0.0
        return flow.waiting(condition.subject) if condition.kind == "queue" else flow.pile(condition.subject)

    def next_minute(self, condition: Condition) -> float | None:
        """The next minute at which the condition can come true by the passing of time alone."""
        now, moments = self.world.env.now, []
        for leaf in condition.leaves():
            if leaf.kind in ("queue", "pile"):
                if self.world.flow is not None:
                    moments.append(now + 1.0)
            elif leaf.kind == "exposed":
                if attacks.people_exposed(self.world, now + 1.0) > attacks.people_exposed(self.world):
                    moments.append(now + 1.0)
            elif leaf.states == ("opens",):
                left = self._opens_in(leaf) - self._minutes(leaf)
                if ROUNDING < left < float("inf"):
                    moments.append(now + left)
            elif leaf.kind in ("state", "mode", "hours", "diverted", "after"):
                since = self._since(leaf)
                if since is not None and since + self._minutes(leaf) > now + ROUNDING:
                    moments.append(since + self._minutes(leaf))
        return min(moments, default=None)


class Watch:
    """One condition that somebody waits for."""

    def __init__(self, conditions: Conditions, condition: Condition, action: Callable[[], None]) -> None:
        self.conditions = conditions
        self.condition = condition
        self.action = action
        self._cancel: Callable[[], None] | None = None
        self.ended = False
        self.subjects = dict.fromkeys(self._subjects())
        for kind, subject in self.subjects:
            conditions.world.listen(kind, subject, self.look)
        self._wait()

    def _subjects(self) -> list[tuple[str, str]]:
        found = []
        for leaf in self.condition.leaves():
            if leaf.kind in SUBJECTS:
                found.append((SUBJECTS[leaf.kind], leaf.event.text() if leaf.event is not None else leaf.subject))
        return [(kind, "" if kind == "incident" else subject) for kind, subject in found]

    def look(self) -> None:
        """Something it speaks of has changed, or enough time has passed."""
        self._stop_waiting()
        if self.conditions.holds(self.condition):
            self.action()
        if not self.ended:
            self._wait()

    def _wait(self) -> None:
        moment = self.conditions.next_minute(self.condition)
        if moment is not None:
            self._cancel = self.conditions.world.call_at(moment, ARRIVAL, self.look)

    def _stop_waiting(self) -> None:
        if self._cancel is not None:
            self._cancel()
            self._cancel = None

    def end(self) -> None:
        """Nobody waits for it any more."""
        self._stop_waiting()
        if not self.ended:
            self.ended = True
            for kind, subject in self.subjects:
                self.conditions.world.unlisten(kind, subject, self.look)
