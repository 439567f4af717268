"""The response in a film: the steps of the plan with their deadlines, and the people of the plan with what they are at."""

from __future__ import annotations

import math

from drillsim.log.rows import Event
from drillsim.model.people import Staff
from drillsim.model.plan import Step
from drillsim.model.scenario import Scenario
from drillsim.playback.shape import Due, Person, PlanStep, Turn
from drillsim.playback.words import Titles
from drillsim.score import clocks
from drillsim.score.people import responders
from drillsim.score.steps import OUTCOMES
from drillsim.score.steps import steps as scored_steps
from drillsim.score.view import View


def plan_steps(scenario: Scenario, view: View, titles: Titles) -> list[PlanStep]:
    """Every step of the plan, in the plan's order."""
    figures, _ = scored_steps(view)
    return [
        _step(view, titles, step, OUTCOMES[int(figures["step", step.id, "outcome"])]) for step in scenario.plan.steps
    ]


def _step(view: View, titles: Titles, step: Step, outcome: str) -> PlanStep:
    due = _due(view, titles, step, called_for=outcome not in ("not_reached", "not_applicable"))
    turns: list[Turn] = []
    for event in view.events("step", step.id):
        if event.state == "unfinished":
            continue  # what it was doing at EndEx stays on show
        late = 0.0
        if event.state == "done" and (limit := clocks.due(view, step, event.minute)) is not None:
            late = max(event.minute - limit, 0.0)
        waits = event.state in ("after", "person", "off_shift", "on_the_way", "thing", "system", "redo")
        cause = titles.cause(event.state, event.cause) if waits else None
        turns.append([round(event.minute, 4), event.state, cause, round(late, 4)])
    return {
        "id": step.id,
        "title": titles.step(step.id),
        "phase": step.phase,
        "owner": titles(step.owner),
        "decision": step.decision,
        "due": due,
        "outcome": outcome,
        "turns": turns,
    }


def _due(view: View, titles: Titles, step: Step, *, called_for: bool) -> Due | None:
    """The deadline of a step, each time it was called for; as in the score, it does not run for a step that is never called for, or turns out not to be needed."""
    if step.within is None:
        return None
    each: list[Turn] = []
    for begin, over in clocks.rounds(view, step.id) if called_for else []:
        clock = clocks.clock(view, step, over)
        at = math.inf if clock is None else clocks.deadline(view, step, clock)
        if clock is not None and not math.isinf(at):
            each.append([round(begin, 4), round(clock, 4), at])
    return {
        "words": titles.deadline(step.within),
        "minutes": step.within.minutes,
        "clock": each[-1][1] if each else None,
        "at": each[-1][2] if each else None,
        "each": each,
    }


def people(scenario: Scenario, view: View, titles: Titles) -> list[Person]:
    """Everybody who holds a role of the plan, and whoever else was called or taken for a step."""
    names = dict.fromkeys([*responders(scenario), *view.rows_of.get("person", {})])
    return [{"id": name, "title": titles.staff(name), "turns": _turns(scenario, view, name)} for name in names]


def _turns(scenario: Scenario, view: View, name: str) -> list[Turn]:
    """One turn whenever something about these people changes: on duty, called, on the way, taken for a step, free again."""
    person = list(view.events("person", name))
    called_for = {e.cause for e in person if e.state in ("called", "missed")}
    over = [
        e for step in called_for for e in view.events("step", step) if e.state in ("done", "failed", "not_applicable")
    ]
    rows = sorted([*view.events("on_duty", name), *person, *over], key=lambda e: (e.minute, e.sequence))
    state = _Standing(_always_there(scenario, name))
    turns: list[Turn] = [[0.0, *state.shown()]]
    for event in rows:
        state.take(event)
        turn = [max(round(event.minute, 4), 0.0), *state.shown()]
        if turn[0] == turns[-1][0]:
            turns[-1] = turn
        elif turn[1:] != turns[-1][1:]:
            turns.append(turn)
    return turns


class _Standing:
    """Where some people stand: number on duty (None: not known), the steps that hold them, and a call that is under way."""

    def __init__(self, on_duty: int | None) -> None:
        self.on_duty = on_duty
        self.held: dict[str, int] = {}
        self.call = ""
        self.called_for = ""

    def take(self, event: Event) -> None:
        """What a row changes."""
        number = 1 if math.isnan(event.value) else round(event.value)
        if event.kind == "on_duty":
            self.on_duty = number
        elif event.kind == "step":
            if event.subject == self.called_for and self.call in ("called", "missed"):
                self.call = ""  # what they were called for is over without them
        elif event.state == "seized":
            self.held[event.cause] = self.held.get(event.cause, 0) + number
        elif event.state in ("released", "interrupted"):
            self.held[event.cause] = self.held.get(event.cause, 0) - number
            if self.held[event.cause] <= 0:
                del self.held[event.cause]
        elif event.state != "handed_over":
            self.called_for = event.cause
            self.call = {"called": "called", "missed": "missed", "answered": "way"}.get(event.state, "")

    def shown(self) -> Turn:
        """[state, steps with their numbers, on duty]."""
        idle = "off" if self.on_duty == 0 else "free"
        state = "working" if self.held else self.call or idle
        return [state, [[step, n] for step, n in self.held.items()], self.on_duty]


def _always_there(scenario: Scenario, name: str) -> int | None:
    """How many are there when the log has no row of their shifts: known only for those who always are."""
    record: Staff | None = scenario.hospital.staff.get(name)
    if record is None:
        role = scenario.plan.roles.get(name)
        return role.count if role else None
    return sum(record.on_duty.values()) if set(record.on_duty) <= {"always", "all"} else None
