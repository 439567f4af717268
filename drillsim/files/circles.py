"""Steps that can only wait for each other: a circle through ``after``, ``on``, ``when`` and ``at`` that nothing from outside can open.

Only what is certain is a mistake: whatever may come from elsewhere (a component, a fault, a time, a condition, another step) is taken to come. What is less
certain is left to the plan check.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from drillsim.errors import Wrong
from drillsim.files.tree import Found, Map, Mark, items
from drillsim.lint.graph import circles
from drillsim.model.conditions import Condition, EventName, read_condition, read_event, read_moment

MADE_BY = {"declared": "declare", "ordered": "order_paper", "stood_down": "stand_down"}
"""Events that nothing but a step can bring about, with the effect that does."""

Waits = tuple[str, list[str]]
"""The entry of a step that cannot come true (``after``, ``on``, ``when``, ``at``), and the steps it waits for."""


def circular_steps(steps: Any) -> Found:
    """Each circle once, at the entry by which its first step waits for the next."""
    plan = _Plan({s["id"]: s for s in items(steps) if isinstance(s, Map) and isinstance(s.get("id"), str)})
    stuck = {name: waits for name in plan.steps if (waits := plan.waits(name)) is not None}
    for circle in circles({name: waits[1] for name, waits in stuck.items()}):
        first = plan.steps[circle[0]]
        yield _mark(first, stuck[circle[0]][0]), _said(circle)


def _mark(step: Map, key: str) -> Mark:
    return step.marks.get(key, step.mark)


def _said(circle: list[str]) -> Wrong:
    if len(circle) == 1:
        return Wrong("step {step!r} waits for itself", step=circle[0])
    if len(circle) == 2:
        return Wrong("step {step!r} waits for {next!r}, which waits for {step!r}", step=circle[0], next=circle[1])
    return Wrong("these steps wait for each other: {circle}", circle=" → ".join([*circle, circle[0]]))


class _Triggers:
    """What a step waits for, as far as it can be read."""

    def __init__(self, step: Map) -> None:
        self.after = [name for name in items(step.get("after")) if isinstance(name, str)]
        self.on: list[EventName | None] = [_read(read_event, text) for text in items(step.get("on"))]
        self.when: Condition | None = _read(read_condition, step.get("when"))
        moment = _read(read_moment, step.get("at"))
        self.at: EventName | None = moment.event if moment is not None else None
        self.effects = {kind for effect in items(step.get("does")) for kind in _kinds(effect)}


class _Plan:
    """The steps of a file, and those of them that something can start (``begin``)."""

    def __init__(self, steps: dict[str, Map]) -> None:
        self.steps = steps
        self.triggers = {name: _Triggers(step) for name, step in steps.items()}
        self.begin: set[str] = set()
        while new := {name for name in steps if name not in self.begin and self.waits(name) is None}:
            self.begin |= new

    def waits(self, name: str) -> Waits | None:
        """Why the step cannot begin, as far as is known; None when it can."""
        its = self.triggers[name]
        missing = [other for other in its.after if other in self.steps and other not in self.begin]
        if missing:
            return "after", missing
        if its.on and not any(event is None or self.comes(event) for event in its.on):
            return "on", [other for event in its.on if event is not None for other in self.makers(event) or ()]
        if its.when is not None and not self.holds(its.when):
            return "when", list(self.missing(its.when))
        if its.at is not None and not self.comes(its.at):
            return "at", list(self.makers(its.at) or ())
        return None

    def makers(self, event: EventName) -> list[str] | None:
        """The steps that alone can bring the event about; None when it may come from elsewhere, or from nowhere."""
        if event.subject in self.steps and event.turn in ("", "failed"):
            return [event.subject]
        effect = MADE_BY.get(event.text())
        return ([name for name, its in self.triggers.items() if effect in its.effects] or None) if effect else None

    def comes(self, event: EventName) -> bool:
        """Whether the event may happen."""
        makers = self.makers(event)
        return makers is None or any(name in self.begin for name in makers)

    def holds(self, condition: Condition) -> bool:
        """Whether the condition may come true."""
        if condition.kind in ("all", "any"):
            parts = [self.holds(part) for part in condition.parts]
            return all(parts) if condition.kind == "all" else any(parts)
        return condition.kind not in ("after", "happened") or condition.event is None or self.comes(condition.event)

    def missing(self, condition: Condition) -> Iterator[str]:
        """The steps that the claims wait for which cannot come true."""
        if condition.kind in ("all", "any"):
            for part in condition.parts:
                yield from self.missing(part)
        elif condition.event is not None and not self.holds(condition):
            yield from self.makers(condition.event) or ()


def _kinds(effect: Any) -> Iterator[str]:
    """The kind of an effect, however it is written."""
    yield from effect if isinstance(effect, Map) else [effect] if isinstance(effect, str) else []


def _read(read: Any, text: Any) -> Any:
    """What was written, or None when there is nothing or it is a mistake of its own."""
    try:
        return read(text) if isinstance(text, str) else None
    except ValueError:
        return None
