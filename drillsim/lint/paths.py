"""Deadlines against the least work and path: how many minutes lie at least, and typically, between an event and the end of a step.

Only chains that surely come after the event count, and only work, nobody waiting for anybody. A step that may not apply adds nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from drillsim.errors import Wrong
from drillsim.lint import told
from drillsim.lint.finding import Finding, Findings
from drillsim.lint.named import joined
from drillsim.lint.told import length
from drillsim.lint.view import View
from drillsim.model.conditions import AWAY, Condition, EventName
from drillsim.model.durations import Distribution
from drillsim.model.plan import Step

NEVER = -math.inf
DETECTED = EventName(subject="detected")
AFTER_FAILED = ("detected", "restored", "all_back")  # events that cannot come before the first fault
ALMOST = 1e-6


class Path(NamedTuple):
    """At least so many minutes after the origin (``NEVER``: not surely after it), and the steps on the way."""

    minutes: float
    steps: tuple[str, ...] = ()


UNKNOWN = Path(NEVER)


def typical(duration: Distribution) -> float:
    """Minutes that half of the draws stay below, or the mean where that is close enough."""
    return math.exp(duration.lognormal[0]) if duration.kind == "lognormal" else duration.mean


class Paths:
    """Minutes from one event (``origin``, its text) to steps and events, the work measured by ``length``."""

    def __init__(self, view: View, origin: str, length: Callable[[Distribution], float]) -> None:
        self.view = view
        self.origin = origin
        self.length = length
        self._known: dict[str, Path] = {}

    def done(self, step: Step) -> Path:
        """Until the step is done."""
        ready = self.ready(step)
        return (
            ready if ready.minutes == NEVER else Path(ready.minutes + self.length(step.takes), (*ready.steps, step.id))
        )

    def ready(self, step: Step) -> Path:
        """Until all its triggers have come."""
        if step.id not in self._known:
            self._known[step.id] = UNKNOWN  # for circles
            self._known[step.id] = max(self._triggers(step), key=lambda path: path.minutes)
        return self._known[step.id]

    def _triggers(self, step: Step) -> list[Path]:
        found = [Path(0.0) if self.origin == "start" else UNKNOWN]
        for name in step.after:
            before = self.view.steps.get(name)
            if before is not None:
                found.append(self.done(before) if before.only_if is None else self.ready(before))
        events = list(step.on)
        if not (step.after or step.on or step.when is not None or step.at is not None):
            events = [DETECTED]
        if events:
            found.append(min((self.event(event) for event in events), key=lambda path: path.minutes))
        if step.when is not None:
            found.append(self.condition(step.when))
        if step.at is not None and step.at.event is not None:
            found.append(_later(self.event(step.at.event), step.at.minutes))
        return found

    def event(self, event: EventName) -> Path:
        """Until the event happens."""
        text = event.text()
        if text == self.origin or self.origin == "start":
            return Path(0.0)
        if text in AFTER_FAILED:
            return Path(0.0) if self.origin == "failed" else UNKNOWN
        if event.turn in ("down", "up", "on paper", "back") or text in ("returned", "cleared", "start", "failed"):
            return UNKNOWN
        makers = self.view.reach.makers(event)
        if not makers:
            return UNKNOWN
        return min((self.done(self.view.steps[name]) for name in makers), key=lambda path: path.minutes)

    def condition(self, condition: Condition) -> Path:
        """Until the condition can hold."""
        match condition.kind:
            case "all":
                return max((self.condition(part) for part in condition.parts), key=lambda path: path.minutes)
            case "any":
                return min((self.condition(part) for part in condition.parts), key=lambda path: path.minutes)
            case "after" | "happened" if condition.event is not None:
                return _later(self.event(condition.event), self._minutes(condition))
            case "state" if set(condition.states) <= set(AWAY) and self.origin == "failed":
                return Path(self._minutes(condition))
        return UNKNOWN

    def _minutes(self, condition: Condition) -> float:
        if condition.threshold is not None:
            return self.view.plan.thresholds.get(condition.threshold, 0.0)
        return condition.minutes


def least(duration: Distribution) -> float:
    """Minutes that no draw stays below."""
    return duration.least


def paths(view: View, origin: str, *, usually: bool) -> Paths:
    """Minutes from one event, with typical work (``usually``) or the least; worked out once."""
    if (origin, usually) not in view.paths:
        view.paths[origin, usually] = Paths(view, origin, typical if usually else least)
    return view.paths[origin, usually]


def _later(path: Path, minutes: float) -> Path:
    return Path(path.minutes + minutes, path.steps)


def too_short(view: View) -> Findings:
    """Deadlines shorter than the least work and path, and those shorter than the typical one."""
    for step in view.plan.steps:
        if step.within is None or step.id not in view.reach.done:
            continue
        origin, allowed = step.within.event.text(), step.within.minutes
        shortest, usual = (paths(view, origin, usually=usually).done(step) for usually in (False, True))
        if step.takes.least > allowed:
            what = Wrong(
                "the step takes at least {least}, longer than its deadline of {within}",
                least=length(step.takes.least),
                within=told.deadline(view.scenario, step.within),
            )
        elif shortest.minutes > allowed + ALMOST:
            what = _too_long(
                view,
                "the way to the end of this step ({path}) takes at least {minutes}, longer than its deadline of {within}",
                step,
                shortest,
            )
        elif usual.minutes > allowed + ALMOST:
            what = _too_long(
                view,
                "the way to the end of this step ({path}) typically takes {minutes}, longer than its deadline of {within}",
                step,
                usual,
            )
            yield Finding("tight-deadline", view.at(step, "within"), what, step.id)
            continue
        else:
            continue
        yield Finding("impossible-deadline", view.at(step, "within"), what, step.id)


def _too_long(view: View, template: str, step: Step, path: Path) -> Wrong:
    assert step.within is not None
    steps = (view.named("step", name) for name in path.steps)
    ways = joined([told.event(view.scenario, step.within.event), *steps], "{first} → {next}")
    within = told.deadline(view.scenario, step.within)
    return Wrong(template, path=ways, minutes=length(path.minutes), within=within)


RULES = (too_short,)
