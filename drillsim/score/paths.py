"""The realised critical path of a replication: from the first failure to each milestone, traced backwards through what was really waited for.

A milestone is brought about by a step, a system or a pile of paper. A step is traced as in ``trace``: through the step it waited for that
ended last (of several that ended in the same minute, the first that its line in the plan names), through the step that brought about the
event it waited for, to its own work. A system that came back is traced to the step that started it, or through its own start to the system
it had waited for. A pile is traced through the typing to the step that told the department to use the systems again. The pieces follow each
other without a gap, so they add up to the minutes from the first failure to the milestone.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from drillsim.log.rows import Event, mode_beneath
from drillsim.model import service
from drillsim.model.conditions import AWAY, Condition, read_condition
from drillsim.model.scenario import Scenario
from drillsim.score import claims
from drillsim.score.milestones import holding
from drillsim.score.steps import PARTS
from drillsim.score.trace import DEEPEST, Leaf, Tracer
from drillsim.score.view import Figures, View, joined

PATH_PARTS: dict[str, str] = {
    **PARTS,
    "restart": "a system started up again after what it needs was back",
    "failover": "another member of a service had not taken over yet",
    "notice": "the order was on its way, or its systems were not back yet",
    "typing": "what was on paper was typed in",
}
"""What the minutes of a path are made of: the parts of steps, and what is no step."""

CONTENTION = ("person", "off_shift", "on_the_way", "thing")
"""Parts in which somebody or something was wanting; all others are length: work, waits for events, systems, starts, typing."""


VERIFIED, COMPLETED = "verified", "completed"


def milestones(scenario: Scenario) -> list[str]:
    """The milestones that a path leads to, in order: incident declared, paper ordered, each tier back, those in use back, all others (where there are any) back too, verified, all typed in,
    and
    the last step done; without faults only the last."""
    tiers = sorted({c.tier for c in scenario.hospital.systems.values() if c.tier is not None})
    if not scenario.faults:
        return [COMPLETED]
    back = (
        ["restored", "all_back"]
        if service.kept(scenario.hospital) > service.in_use(scenario.hospital)
        else ["restored"]
    )
    return ["declared", "ordered", *(f"tier {tier}" for tier in tiers), *back, VERIFIED, "cleared", COMPLETED]


def paths(view: View, figures: Figures) -> dict[tuple[str, str, str], float]:
    """(milestone, part, cause) → minutes, for every milestone that was reached after the first failure (without faults: after StartEx)."""
    found: dict[tuple[str, str, str], float] = defaultdict(float)
    finder = Finder(view, figures)
    for milestone in milestones(view.scenario):
        for leaf in finder.path(milestone):
            found[milestone, leaf.part, leaf.cause] += leaf.end - leaf.start
    return dict(found)


class Finder:
    """Finds the paths of one replication."""

    def __init__(self, view: View, figures: Figures) -> None:
        self.view = view
        self.figures = figures
        self.tracer = Tracer(view)
        self.begin = view.after

    def path(self, milestone: str) -> list[Leaf]:
        """The pieces from the first failure to the milestone in order of time, without a gap; empty when it was not reached."""
        if milestone.startswith("tier "):
            return self._tier(int(milestone.removeprefix("tier ")))
        if milestone == VERIFIED:
            return self._verified()
        if milestone == COMPLETED:
            return self._completed()
        row = self.view.marks.get(milestone)
        if row is None or row.minute <= self.begin:
            return []
        return in_order(self._event(row, self.begin, 0))

    def _event(self, row: Event, start: float, depth: int) -> Iterator[Leaf]:
        """What held up an event: the step, the system or the pile that brought it about."""
        if row.cause in self.tracer.steps:
            yield from self._step(row.cause, start, row.minute, depth)
        elif row.subject == "cleared":
            yield from self._pile(row.cause, start, row.minute, depth)
        elif row.cause in self.view.scenario.hospital.systems:
            yield from self._system(row.cause, start, row.minute, depth)
        elif row.minute > start:
            yield Leaf("trigger", row.subject, start, row.minute)

    def _step(self, step: str, start: float, end: float, depth: int) -> Iterator[Leaf]:
        """What held up a step; conditions and events it waited for that no step brought about are followed further."""
        for leaf in self.tracer.trace(step, start, end):
            if leaf.part in ("trigger", "rule") and depth < DEEPEST:
                yield from self.trigger(leaf, depth + 1)
            else:
                yield leaf

    def trigger(self, leaf: Leaf, depth: int = 0) -> Iterator[Leaf]:
        """A wait for an event or a condition: the time that the condition itself asks for, and before it what brought about its beginning."""
        for event in self.view.by_kind["reached"]:
            if event.minute == leaf.end and event.subject in leaf.cause.split(" or "):
                yield from self._event(event, leaf.start, depth)
                return
        found = came_true(self.view, leaf.cause, leaf.end)
        if found is None or found.since <= leaf.start:
            yield leaf
            return
        if found.since < leaf.end:
            yield Leaf(leaf.part, found.claim.text(), found.since, leaf.end)
        yield from self._beginning(found, leaf.start, depth)

    def _beginning(self, found: CameTrue, start: float, depth: int) -> Iterator[Leaf]:
        """What brought about the beginning of a claim: a system that was back, a department that changed its mode, an event."""
        claim, since = found.claim, found.since
        if claim.kind == "state" and claim.states != AWAY and claim.states[0] not in AWAY:
            yield from self._system(claim.subject, start, since, depth)
        elif claim.kind == "mode" and found.cause in self.tracer.steps:
            yield from self._told(found.cause, claim.subject, start, since, depth)
        elif found.event is not None:
            yield from self._event(found.event, start, depth)
        else:
            yield Leaf("trigger", claim.text(), start, since)

    def _verified(self) -> list[Leaf]:
        """To the end of the last step that verifies; not reached while one that began is not done."""
        steps = [s.id for s in self.view.scenario.plan.steps if any(e.kind == "verify" for e in s.does)]
        last = {step: rows[-1] for step in steps if (rows := self.view.events("step", step))}
        over = {s: e.minute for s, e in last.items() if e.state == "done" and e.minute > self.begin}
        open_ = [s for s, e in last.items() if e.state in ("unfinished", "failed") and self._began(s)]
        if not over or open_:
            return []
        step = max(over, key=lambda name: over[name])
        return in_order(self._step(step, self.begin, over[step], 0))

    def _completed(self) -> list[Leaf]:
        """To the end of the last step; not reached when one that was called for is not done."""
        end = self.figures["plan", "plan", "completed_at"]
        if self.figures["plan", "plan", "completed_censored"] or not end > self.begin:
            return []
        last = next(name for name in self.tracer.steps if self.figures["step", name, "ended"] == end)
        return in_order(self._step(last, self.begin, end, 0))

    def _began(self, step: str) -> bool:
        return any(e.state == "working" for e in self.view.events("step", step))

    # Systems

    def _tier(self, tier: int) -> list[Leaf]:
        """To the minute from which no component of the tier is away any more, for good; not reached when one is away at EndEx.

        What a planned switch interrupts is not away in this sense, as for ``restored``.
        """
        systems = self.view.scenario.hospital.systems
        planned = {(e.subject, e.minute) for e in self.view.by_kind["interrupted"] if e.state == "planned"}
        undone = [(e.subject, e.minute) for e in self.view.by_kind["interrupted"] if e.state == "undone"]
        away = [
            (s.start, s.end, name)
            for name, component in systems.items()
            if component.tier == tier
            for s in joined(self.view.stretches("component", name, "up"), AWAY)
            if s.end > self.begin
            and ((name, s.start) not in planned or any(which == name and s.start <= m <= s.end for which, m in undone))
        ]
        _, end, last = max(away, key=lambda one: (one[1], -one[0]), default=(0.0, -math.inf, ""))
        if not last or end >= self.view.end:
            return []
        return in_order(self._system(last, self.begin, end, 0))

    def _system(self, name: str, start: float, end: float, depth: int) -> Iterator[Leaf]:
        """What held up a component that gave service again at ``end``."""
        if end <= start or depth > DEEPEST:
            return
        own = [e for e in self.view.events("own", name) if e.minute <= end]
        if own and own[-1].minute == end and own[-1].state not in AWAY:
            yield from self._own(name, own, start, depth)
            return
        switched = self._switched(name, end)
        if switched is not None:
            yield from (
                self._step(switched, start, end, depth) if switched else self._taken_over(name, start, end, depth)
            )
            return
        before = self._came_back(name, end)
        if before is None:
            yield Leaf("system", name, start, end)
        else:
            yield from self._system(before, start, end, depth + 1)

    def _own(self, name: str, own: list[Event], start: float, depth: int) -> Iterator[Leaf]:
        """A component whose own state let it give service again: a step started it, or it started by itself once its needs were back."""
        last = own[-1]
        if last.cause in self.tracer.steps:
            done = max(self._finished(last.cause, last.minute), start)
            if last.minute > done:  # mended, and starting up by itself
                yield Leaf("restart", name, done, last.minute)
            yield from self._step(last.cause, start, done, depth)
            return
        begun = start
        if len(own) > 1 and own[-2].state == "restoring":
            begun = max(own[-2].minute, start)
            yield Leaf("restart", name, begun, last.minute)
        elif last.minute > start and (before := self._came_back(name, last.minute)) is not None:
            yield from self._system(before, start, last.minute, depth + 1)
            return
        else:
            begun = last.minute
        before = self._came_back(name, begun)
        if before is not None:
            yield from self._system(before, start, begun, depth + 1)
        elif begun > start:
            yield Leaf("system", name, start, begun)

    def _switched(self, name: str, end: float) -> str | None:
        """The step that switched the service over by hand, "" when it did so by itself; None when it did not switch then."""
        if not any(e.minute == end and e.state == "done" for e in self.view.events("failover", name)):
            return None
        for step in self.view.scenario.plan.steps:
            if any(e.kind == "fail_over" and name in e.targets for e in step.does):
                at_work = [e for e in self.view.events("step", step.id) if e.minute <= end]
                if at_work and (at_work[-1].state == "working" or at_work[-1].minute == end):
                    return step.id
        return ""

    def _taken_over(self, name: str, start: float, end: float, depth: int) -> Iterator[Leaf]:
        """A service that switched by itself: what the member that was there last waited for, if it came up meanwhile, then the switch."""
        rows = [e.minute for e in self.view.events("failover", name) if e.state == "started" and e.minute <= end]
        begun, runs_on = max(rows, default=start), self.view.scenario.hospital.systems[name].runs_on
        came = [
            (s.end, member)
            for member in (runs_on.members if runs_on else ())
            for s in joined(self.view.stretches("component", member, "up"), AWAY)
            if start < s.end <= begun
        ]
        there, member = max(came, default=(start, ""))
        if member:
            yield from self._system(member, start, there, depth + 1)
        yield Leaf("failover", name, there, end)

    def _came_back(self, name: str, minute: float) -> str | None:
        """Something it leans on, however far, that gave service again in that minute; the nearest."""
        systems = self.view.scenario.hospital.systems
        waiting, seen = list(systems[name].upstream) if name in systems else [], {name}
        while waiting:
            one = waiting.pop(0)
            if one in seen:
                continue
            seen.add(one)
            if self._returned(one, minute):
                return one
            waiting += systems[one].upstream
        return None

    def _returned(self, name: str, minute: float) -> bool:
        return any(s.end == minute for s in joined(self.view.stretches("component", name, "up"), AWAY))

    # Paper

    def _pile(self, department: str, start: float, end: float, depth: int) -> Iterator[Leaf]:
        """Through the typing to the step that told the department to use the systems again."""
        rows = [e for e in self.view.events("department", department) if e.minute <= end and e.cause != "hours"]
        begun = next((e for e in reversed(rows) if mode_beneath(e.state, e.value) == "back_entry"), None)
        if begun is None or begun.minute <= start:
            yield Leaf("typing", department, start, end)
            return
        yield Leaf("typing", department, begun.minute, end)
        if begun.cause in self.tracer.steps:
            yield from self._told(begun.cause, department, start, begun.minute, depth)
        else:
            yield from self._usable(department, start, begun.minute, depth)

    def _usable(self, department: str, start: float, minute: float, depth: int) -> Iterator[Leaf]:
        """What held up the systems of a department that went back to them by itself: of those back in that minute the first its work names."""
        activities = self.view.scenario.hospital.activities.values()
        used = [system for a in activities if a.department == department for system in a.uses]
        back = next((system for system in used if self._returned(system, minute)), None)
        if back is None:
            yield Leaf("trigger", f"{department} back", start, minute)
        else:
            yield from self._system(back, start, minute, depth)

    def _told(self, step: str, department: str, start: float, minute: float, depth: int) -> Iterator[Leaf]:
        """From a step that told a department something to the minute it did so; in between the notice was on its way."""
        told = max(self._finished(step, minute), start)
        if minute > told:
            yield Leaf("notice", department, told, minute)
        yield from self._step(step, start, told, depth)

    def _finished(self, step: str, minute: float) -> float:
        """When the step was last over by this minute; the minute itself while it is at work."""
        rows = [e for e in self.view.events("step", step) if e.minute <= minute]
        over = bool(rows) and rows[-1].state in ("done", "failed")
        return rows[-1].minute if over else minute


def in_order(leaves: Iterable[Leaf]) -> list[Leaf]:
    """Pieces in order of time, those without length left out."""
    return sorted((leaf for leaf in leaves if leaf.end > leaf.start), key=lambda leaf: leaf.start)


class CameTrue(NamedTuple):
    """The claim that made a condition true: since when what it speaks of was so (its ``for`` begins there), and what brought that about."""

    claim: Condition
    since: float
    cause: str = ""
    event: Event | None = None


def came_true(view: View, text: str, minute: float) -> CameTrue | None:
    """The claim whose truth made a condition, written in words, true at that minute; None when that cannot be told from the log."""
    try:
        found = _true_from(view, read_condition(text), minute)
    except ValueError:
        return None
    return found[1] if found is not None and abs(found[0] - minute) < 1e-6 else None


def _true_from(view: View, condition: Condition, minute: float) -> tuple[float, CameTrue] | None:
    """(minute from which it is true without a break until ``minute``, the claim that decides); None when it is not, or cannot be told."""
    if condition.kind in ("all", "any"):
        known = [_true_from(view, part, minute) for part in condition.parts]
        true = [found for found in known if found is not None and found[0] <= minute + 1e-6]
        if condition.kind == "all":
            return max(true, key=lambda found: found[0]) if len(true) == len(known) else None
        return min(true, key=lambda found: found[0], default=None)
    since, cause, event = _since(view, condition, minute)
    if since is None:
        return None
    threshold = view.scenario.plan.thresholds.get(condition.threshold or "", condition.minutes)
    return since + threshold, CameTrue(condition, since, cause, event)


def _since(view: View, claim: Condition, minute: float) -> tuple[float | None, str, Event | None]:
    """Since when what a claim speaks of was so without a break; None for claims that the log does not tell of, or that are not so."""
    if claim.kind in ("state", "mode", "hours", "diverted"):
        runs = claims.runs(view, claim)
        now = next((s for s in runs if s.start <= minute <= s.end), None)
        return (now.start, now.cause, None) if now is not None else (None, "", None)
    if claim.event is not None and claim.kind in ("after", "happened"):
        wanted = claim.event.text()
        rows = [e for kind in ("reached", "lapsed") for e in view.events(kind, wanted) if e.minute <= minute]
        row = holding(sorted(rows, key=lambda e: (e.minute, e.sequence))).get(wanted)
        return (row.minute, row.cause, row) if row is not None else (None, "", None)
    return None, "", None
