"""From when a deadline counts: the time its event happened that belongs to the trouble which called for the step.

An event such as ``detected`` or ``his down`` happens again with a relapse or a second fault. A step is called for by some trouble: by the fault whose
detection started it or the steps before it, by the state its condition speaks of, or by the fault that came back and had it done anew. Its deadline
counts from the first time the event happened between the beginning of that trouble and the minute the step was ready; failing that, from the
last time before; failing that, from the first time ever. Of what has called for a step, the last counts. Going back to an earlier step calls
for nothing new: it is the same trouble, and the minutes are rework. LASTING_EVENTS count from the last time before the step was over.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from drillsim.log.rows import Event
from drillsim.model import hours
from drillsim.model.conditions import AWAY, Condition, EventName
from drillsim.model.plan import Step
from drillsim.score import milestones
from drillsim.score.claims import since_when
from drillsim.score.view import View, joined, stretches

OVER = ("failed", "done", "not_applicable")
READY = ("person", "off_shift", "on_the_way", "thing", "system", "working", "pause", *OVER)
DONE_BY = {"declared": "declare", "ordered": "order_paper", "stood_down": "stand_down"}
"""Built-in event that the log names once → the effect of the steps that bring it about, each time they are done."""
STRIKES = ("began", "relapsed")
SAME = 1e-6


class Call(NamedTuple):
    """What called for a step: when its trouble began, and when the step was triggered by it."""

    began: float
    came: float


def clock(view: View, step: Step, until: float) -> float | None:
    """The minute from which the deadline of a step counts that was over at ``until``; None without a deadline, or when its event did not happen."""
    if step.within is None:
        return None
    name = step.within.event.text()
    if name in milestones.LASTING_EVENTS:
        return milestones.clock(view.events("reached", name), name, until)
    minutes = occurrences(view, step.within.event)
    if len(minutes) < 2:
        return minutes[0] if minutes else None
    began, ready = called(view, step, until).began, ready_at(view, step.id, until)
    within = [m for m in minutes if began - SAME <= m <= ready + SAME]
    before = [m for m in minutes if m < began]
    return within[0] if within else before[-1] if before else minutes[0]


def due(view: View, step: Step, until: float) -> float | None:
    """The minute of the deadline of a step that was over at ``until``; None like ``clock``."""
    minute = clock(view, step, until)
    return None if minute is None else deadline(view, step, minute)


def deadline(view: View, step: Step, minute: float) -> float:
    """The minute of the deadline of a step that has one, when its clock starts at ``minute``."""
    return hours.due(view.scenario.hospital, step, view.scenario.start_time, minute)


def counted(view: View, step: Step, minute: float, until: float) -> float:
    """The minutes from ``minute`` to ``until`` that count for the deadline of a step: all of them, or those of the hours in which it is done."""
    if not step.during:
        return until - minute
    scenario = view.scenario
    return sum(b - a for a, b in hours.covered(scenario.hospital, step.during, scenario.start_time, minute, until))


def occurrences(view: View, event: EventName) -> list[float]:
    """Every minute at which an event happened, in order: the first as the log names it, later ones as its rows show them."""
    first = view.minute_of(event)
    return [] if first is None else sorted({first, *(m for m in _seen(view, event) if m > first + SAME)})


def _seen(view: View, event: EventName) -> list[float]:
    subject = event.subject
    if event.turn in ("down", "up"):
        away = joined(stretches(view.events("component", subject), "up", view.log.began, view.end), AWAY)
        return [s.start for s in away] if event.turn == "down" else [s.end for s in away if s.end < view.end]
    if event.turn == "on paper":
        return _entered(view.events("department", subject), "paper")
    if event.turn == "ordered" or subject in DONE_BY:
        effect = DONE_BY["ordered" if event.turn == "ordered" else subject]
        return [e.minute for s in _with_effect(view, effect, subject if event.turn else "") for e in view.events("step", s) if e.state == "done"]  # fmt: skip
    if event.turn == "failed":
        return [e.minute for e in view.events("step", subject) if e.state == "failed"]
    if subject == "detected":
        return [e.minute for e in view.by_kind["noticed"]]
    struck = view.by_kind["fault"] if subject == "failed" else view.events("fault", subject)
    done = [e.minute for e in view.events("step", subject) if e.state == "done"]
    return [*done, *(e.minute for e in struck if e.state in STRIKES)]


def _with_effect(view: View, effect: str, group: str) -> list[str]:
    return [
        step.id
        for step in view.scenario.plan.steps
        if any(e.kind == effect and (not group or group in e.targets or "all" in e.targets) for e in step.does)
    ]


def _entered(rows: Sequence[Event], state: str) -> list[float]:
    return [e.minute for before, e in zip([None, *rows], rows, strict=False) if e.state == state and (before is None or before.state != state)]  # fmt: skip


def ready_at(view: View, step: str, until: float) -> float:
    """The minute at which a step was ready, the last time it was begun anew by then; ``until`` when it was not."""
    return next((e.minute for e in _round(view, step, until) if e.state in READY), until)


def _round(view: View, step: str, until: float) -> list[Event]:
    """The rows of a step up to a minute, since a fault that came back had it done anew (that row first)."""
    rows = [e for e in view.events("step", step) if e.minute <= until + SAME and e.state != "unfinished"]
    anew = max((i for i, e in enumerate(rows) if _anew(view, e)), default=0)
    return rows[anew:]


def rounds(view: View, step: str) -> list[tuple[float, float]]:
    """From when to when each round of a step was under way: the first from StartEx, each later one from the minute at which a fault that came back had
    it done anew; a round before another was over when the step last was in it, and the last one at ``over_at``."""
    rows = [e for e in view.events("step", step) if e.state != "unfinished"]
    begun = [0.0, *(e.minute for e in rows if _anew(view, e))]
    found = []
    for begin, after in pairwise(begun):
        over = [e.minute for e in rows if begin - SAME <= e.minute < after - SAME and e.state in OVER]
        found.append((begin, over[-1] if over else after - 2 * SAME))
    return [*found, (begun[-1], view.over_at(step))]


def _anew(view: View, row: Event) -> bool:
    return row.state == "redo" and row.cause in view.rows_of.get("fault", {})


def called(view: View, step: Step, until: float, seen: frozenset[str] = frozenset()) -> Call:
    """What called for a step that was over (or still waiting) at ``until``: of its own trigger, a fault that came back, and what called for the
    step it waited for longest, the one that came last."""
    rows = _round(view, step.id, until)
    found = []
    if rows and _anew(view, rows[0]):
        found.append(Call(_struck(view, rows[0].cause, rows[0].minute), rows[0].minute))
    elif step.on or step.when is not None or step.at is not None or not step.after:
        found.append(_own_trigger(view, step, rows, until, seen | {step.id}))
    ready = ready_at(view, step.id, until)
    ends = {name: max((e.minute for e in view.events("step", name) if e.state in OVER and e.minute <= ready + SAME), default=-math.inf) for name in step.after if name not in seen}  # fmt: skip
    if ends:
        last = max(ends, key=lambda name: ends[name])
        at = ends[last] if ends[last] > -math.inf else ready
        found.append(called(view, view.scenario.plan.step(last), at, seen | {step.id}))
    return max(found, key=lambda call: call.came, default=Call(until, until))


def _own_trigger(view: View, step: Step, rows: Sequence[Event], until: float, seen: frozenset[str]) -> Call:
    """The end of its wait for a moment, event or condition, and the beginning of what that speaks of."""
    waits = stretches(rows, "", rows[0].minute, until) if rows else []
    wait = next((s for s in reversed(waits) if s.state == "dormant"), None)
    came = wait.end if wait is not None else rows[0].minute if rows else until
    if step.when is not None and (wait is None or wait.cause == step.when.text()):
        since = _since(view, step.when, came, seen)
        return Call(came if since is None else since, came)
    names = [event.text() for event in step.on] or ([] if step.when or step.at else ["detected"])
    happened = [name for name in names if view.reached.get(name, math.inf) <= came + SAME]
    return Call(min((_began(view, name, came, seen) for name in happened), default=came), came)


def _began(view: View, event: str, minute: float, seen: frozenset[str]) -> float:
    """When the trouble began that brought an event about by this minute: a fault that was noticed, or what called for the step behind it."""
    if event == "detected":
        noticed = [e for e in view.by_kind["noticed"] if e.minute <= view.reached["detected"] + SAME]
        return _struck(view, noticed[-1].subject, noticed[-1].minute) if noticed else view.reached["detected"]
    first = next((e for e in view.events("reached", event) if e.minute <= minute + SAME), None)
    if first is None:
        return minute
    steps = {step.id: step for step in view.scenario.plan.steps}
    if first.cause in steps and first.cause not in seen:
        return called(view, steps[first.cause], first.minute, seen).began
    return first.minute


def _since(view: View, condition: Condition, minute: float, seen: frozenset[str]) -> float | None:
    """Since when what a condition speaks of was so; None for what the log does not tell of."""
    if condition.kind in ("all", "any"):
        parts = [since for part in condition.parts if (since := _since(view, part, minute, seen)) is not None]
        return None if not parts else max(parts) if condition.kind == "all" else min(parts)
    if condition.kind in ("state", "mode"):
        return since_when(view, condition, minute)
    if condition.event is not None and condition.kind in ("after", "happened"):
        name = condition.event.text()
        return _began(view, name, minute, seen) if view.reached.get(name, math.inf) <= minute + SAME else None
    return None


def _struck(view: View, fault: str, minute: float) -> float:
    """When a fault began, or came back, that was there at a minute."""
    rows = [e.minute for e in view.events("fault", fault) if e.state in STRIKES and e.minute <= minute + SAME]
    return rows[-1] if rows else minute
