"""Which steps a run called for: a step that was not done is missed only if the plan demanded it."""

from __future__ import annotations

from drillsim.log.rows import Event
from drillsim.model.conditions import BUILT_IN_EVENTS
from drillsim.model.plan import Step
from drillsim.score.claims import holds
from drillsim.score.clocks import due
from drillsim.score.view import View

WAITING = ("dormant", "after")


def last_row(view: View, step: str) -> Event:
    """The row that says how it stands with a step at EndEx."""
    rows = [row for row in view.events("step", step)[-2:] if row.state != "unfinished"]
    return rows[-1] if rows else Event(view.log.began, 0, "step", step, "dormant")


def not_called_for(view: View) -> set[str]:
    """Steps that were not begun since what they are there for never came, or since they were not needed.

    What they are there for is a condition (``when``) that never held, an event apart from the milestones and the ends of steps (a failure, a component
    down, an inject), a moment after EndEx, or a step before it that was not called for. Not needed is a step of which nobody came to look at its
    ``only_if`` and of which the log says that it was false when its deadline passed (without one, or when that lies later: at EndEx). A step that waits for
    one that was not needed is called for all the same: it would have gone on without it.
    """
    waiting = {step.id: (step, last_row(view, step.id)) for step in view.scenario.plan.steps}
    spared: set[str] = set()
    while True:
        more = {
            name for name, (step, row) in waiting.items() if name not in spared and _spared(view, step, row, spared)
        }
        if not more:
            break
        spared |= more
    return spared | {step.id for step, row in waiting.values() if row.state in WAITING and _not_needed(view, step)}


def _spared(view: View, step: Step, row: Event, spared: set[str]) -> bool:
    if row.state == "after":
        return any(name.strip() in spared for name in row.cause.split(","))
    if row.state != "dormant":
        return False
    if step.when is not None and row.cause in ("", step.when.text()):
        return True
    if step.at is not None and row.cause in ("", step.at.text()):
        return True
    awaited = [event for event in step.on if view.minute_of(event) is None]
    expected = {*BUILT_IN_EVENTS, *(s.id for s in view.scenario.plan.steps)}
    return bool(step.on) and len(awaited) == len(step.on) and not any(e.text() in expected for e in awaited)


def _not_needed(view: View, step: Step) -> bool:
    if step.only_if is None:
        return False
    limit = due(view, step, view.end)
    return holds(view, step.only_if, view.end if limit is None else min(limit, view.end)) is False
