"""The steps of the plan in one replication: on time or not, and where the minutes went; the parts of each step add up to it."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from drillsim.log.rows import Event
from drillsim.model.plan import Step
from drillsim.score.called_for import last_row, not_called_for
from drillsim.score.clocks import clock, deadline, ready_at
from drillsim.score.clocks import counted as counted_minutes
from drillsim.score.slowed import at_work
from drillsim.score.view import NAN, Figures, Stretch, View, stretches

OUTCOMES = ("on_time", "late", "missed", "open", "not_reached", "not_applicable", "done", "undone")
"""``on_time``, ``late``: done by, or after, the deadline. ``missed``: its clock ran, it was not done before EndEx and the deadline lay before
EndEx, or it was given up (failed for good). Either way it is late until EndEx, at least. ``open``: not done, but its deadline lies after EndEx. ``not_reached``: its clock never started, or what it is
there for never came (its condition, the failure it answers to, a step before it that was not called for itself), or nobody came to look at its ``only_if``, which was false when
its deadline passed (see called_for). ``not_applicable``: its ``only_if`` was false. ``done`` without a deadline or before its clock could start; ``undone`` without a deadline."""

ON_TIME, LATE, MISSED, OPEN, NOT_REACHED, NOT_APPLICABLE, DONE, UNDONE = range(len(OUTCOMES))

PARTS: dict[str, str] = {
    "trigger": "its trigger had not come yet",
    "rule": "by rule it was not to begin yet: not in these hours, or the criterion of what it must report was not reached",
    "decision": "it waited for a step that is a decision",
    "predecessor": "it waited for another step",
    "person": "the people it needs were on duty but busy",
    "off_shift": "nobody who could do it was on duty or on the way",
    "on_the_way": "the person called had not arrived",
    "thing": "it waited for a spare",
    "system": "it waited for a system or channel it needs",
    "rework": "earlier tries, pauses between them, and what was done before it was sent back",
    "slowed": "the work took longer: people untrained or tired, a slow system, a tool that was away, or a medium that others read from",
    "work": "people were at it",
}
"""What the minutes of a step are made of, in order."""

AT_IT = ("rework", "slowed", "work")
WAITED = tuple(part for part in PARTS if part not in AT_IT)
READY = ("person", "off_shift", "on_the_way", "thing", "system", "working", "pause", "failed")
OVER = ("done", "failed", "not_applicable", "unfinished")


class Piece(NamedTuple):
    """So many minutes of a step that went into one part, for one cause."""

    step: str
    part: str
    cause: str
    minutes: float


def steps(view: View) -> tuple[Figures, list[Piece]]:
    """Figures of every step (outcome, clock, ready, started, ended, taken, late_by, …; ``counted``: what of the minutes taken counts for its deadline) and the pieces its minutes fall into.

    The minutes of a step run from its clock (the deadline's event; without a deadline, from being ready; see ``clocks`` for a step that is done anew since
    a fault came back) to done, to having failed for good,
    or to EndEx; they are its parts and nothing else.
    """
    decisions = {step.id for step in view.scenario.plan.steps if step.decision}
    spared = not_called_for(view)
    figures: Figures = {}
    pieces: list[Piece] = []
    for step in view.scenario.plan.steps:
        found, its = one_step(view, step, decisions, called_for=step.id not in spared)
        figures.update({("step", step.id, name): value for name, value in found.items()})
        pieces += its
    return figures, pieces


def one_step(
    view: View, step: Step, decisions: set[str], *, called_for: bool = True
) -> tuple[dict[str, float], list[Piece]]:
    """Figures and pieces of one step."""
    rows = view.events("step", step.id)
    last = last_row(view, step.id)
    ended = last.minute if last.state in ("done", "failed", "not_applicable") else NAN
    ready = first_minute(rows, READY)
    clock = _clock(view, step, ready, view.end if math.isnan(ended) else ended)
    outcome = _outcome(view, step, last.state, clock, ended) if called_for else NOT_REACHED
    pieces = []
    if counted := outcome not in (NOT_APPLICABLE, NOT_REACHED) and not math.isnan(clock):
        until = view.end if math.isnan(ended) else ended
        pieces = split(history(view, step, decisions), max(clock, view.log.began), until)
    parts = dict.fromkeys(PARTS, 0.0 if counted else NAN)
    for piece in pieces:
        parts[piece.part] += piece.minutes
    taken = sum(parts.values())
    lasted = (view.end if outcome == MISSED else ended) - clock
    late = outcome in (LATE, MISSED)
    return {
        "outcome": float(outcome),
        "exercised": float(not math.isnan(ready)),
        "clock": clock,
        "ready": ready,
        "started": first_minute(rows, ("working",)),
        "ended": ended if last.state == "done" else NAN,
        "taken": taken,
        "counted": counted_minutes(view, step, clock, clock + taken) if counted and step.within else taken,
        "censored": float(last.state != "done"),
        "late_by": max(lasted - (deadline(view, step, clock) - clock), 0.0) if late and step.within else NAN,
        "given_up": float(last.state == "failed"),
        "attempts": attempts(rows),
        **{f"part {part}": minutes for part, minutes in parts.items()},
    }, pieces


def first_minute(rows: Sequence[Event], states: Sequence[str]) -> float:
    """Minute of the first row in one of the states; NaN without one."""
    for row in rows:
        if row.state in states:
            return row.minute
    return NAN


def _clock(view: View, step: Step, ready: float, ended: float) -> float:
    if step.within is None:
        return ready if math.isnan(ready) else ready_at(view, step.id, ended)
    minute = clock(view, step, ended)
    return NAN if minute is None or minute >= view.end else minute


def _outcome(view: View, step: Step, final: str, clock: float, ended: float) -> int:
    if final == "not_applicable":
        return NOT_APPLICABLE
    if step.within is None:
        return DONE if final == "done" else UNDONE
    if math.isnan(clock):
        return DONE if final == "done" else NOT_REACHED
    limit = deadline(view, step, clock)
    if final == "done":
        return ON_TIME if ended <= limit + 1e-9 else LATE
    return MISSED if final == "failed" or limit < view.end else OPEN


class History(NamedTuple):
    """What the log says of one step, and how its waits are to be read: which steps are decisions, and (in words) the condition that is the
    criterion of a rule, for a step that reports to an outside body."""

    step: str
    rows: Sequence[Event]
    pace: Sequence[Event]
    decisions: set[str]
    rule: str = ""


def history(view: View, step: Step, decisions: set[str]) -> History:
    """What a log says of a step."""
    rule = step.when.text() if step.when is not None and step.report_to is not None else ""
    return History(step.id, view.events("step", step.id), view.events("pace", step.id), decisions, rule)


def split(of: History, start: float, end: float) -> list[Piece]:
    """The minutes from ``start`` to ``end`` by part and cause; together they are ``end - start``."""
    found: dict[tuple[str, str], float] = {}
    for a, b, part, cause, _ in labelled(of, start, end):
        key = part, "" if part == "work" else cause
        found[key] = found.get(key, 0.0) + (b - a)
    return [Piece(of.step, part, cause, minutes) for (part, cause), minutes in found.items()]


class Labelled(NamedTuple):
    """From ``start`` to ``end`` a step was in a ``state`` for a ``cause``, which counts as ``part``."""

    start: float
    end: float
    part: str
    cause: str
    state: str


def labelled(of: History, start: float, end: float) -> Iterator[Labelled]:
    """The stretches of a step between two minutes with the part each belongs to, without a gap.

    Before the first of its rows its trigger had not come. From the first try on, whatever
    belongs to a try before the last one, and everything before it was last sent back, is rework (its cause: the step that sent it back,
    or the step itself). Work is split into work and what slowed it.
    """
    rework_from, rework_until = _rework(of.rows)
    sent_back = next((e.cause for e in reversed(of.rows) if e.state == "redo"), of.step)
    for s in stretches(of.rows, "dormant", -math.inf, end):
        if s.end <= start:
            continue
        for a, b, again in _cut(max(s.start, start), s.end, rework_from, rework_until):
            part = "rework" if again else _part(s, of)
            if part == "work":
                yield from _work(a, b, of.pace, s)
            else:
                yield Labelled(a, b, part, sent_back if part == "rework" else s.cause, s.state)


def _work(start: float, end: float, pace: Sequence[Event], s: Stretch) -> Iterator[Labelled]:
    for a, b, slow in at_work(start, end, pace):
        yield Labelled(a, b, "slowed" if slow else "work", slow or s.cause, s.state)


def _rework(rows: Sequence[Event]) -> tuple[float, float]:
    """From the beginning of the first try to the end of what was done before the last one; empty when there was only one try."""
    first = next((e.minute for e in rows if e.state == "working"), math.inf)
    until = -math.inf
    last_redo = max((i for i, e in enumerate(rows) if e.state == "redo"), default=-1)
    if last_redo >= 0:
        until = _next_minute(rows, last_redo)
    segment = rows[last_redo + 1 :]
    final_try = max((e.value for e in segment if not math.isnan(e.value)), default=NAN)
    for i, event in enumerate(segment):
        if event.state == "pause" or event.value < final_try:
            until = max(until, _next_minute(rows, last_redo + 1 + i))
    return first, until


def _next_minute(rows: Sequence[Event], index: int) -> float:
    return rows[index + 1].minute if index + 1 < len(rows) else math.inf


def _cut(start: float, end: float, low: float, high: float) -> list[tuple[float, float, bool]]:
    """[start, end) in pieces outside and inside of [low, high); those without length are left out."""
    if high <= low or high <= start or low >= end:
        return [(start, end, False)] if end > start else []
    edges = [start, min(max(low, start), end), min(max(high, start), end), end]
    return [(a, b, i == 1) for i, (a, b) in enumerate(itertools.pairwise(edges)) if b > a]


def _part(s: Stretch, of: History) -> str:
    if s.state == "working":
        return "work"
    if s.state == "after":
        awaited = {name.strip() for name in s.cause.split(",")}
        return "decision" if awaited & of.decisions else "predecessor"
    if s.state == "hours" or (s.state == "dormant" and s.cause and s.cause == of.rule):
        return "rule"
    if s.state in PARTS:
        return s.state
    return "trigger" if s.state == "dormant" else "rework"


def attempts(rows: Sequence[Event]) -> float:
    """How often it was tried: stretches of work with the same number of try, between being sent back, count once."""
    tries, sent_back = set(), 0
    for event in rows:
        sent_back += event.state == "redo"
        if event.state == "working":
            tries.add((sent_back, event.value))
    return float(len(tries))


def completed_at(view: View, figures: Figures) -> tuple[float, float]:
    """(minute the last step was done, 1 when one was not done before EndEx); NaN without any.

    Steps that were not called for or are not applicable do not count.
    """
    latest, unfinished = NAN, 0.0
    for step in view.scenario.plan.steps:
        ended, outcome = figures["step", step.id, "ended"], figures["step", step.id, "outcome"]
        if not math.isnan(ended):
            latest = ended if math.isnan(latest) else max(latest, ended)
        elif outcome not in (NOT_APPLICABLE, NOT_REACHED):
            unfinished = 1.0
    return (view.end, 1.0) if unfinished else (latest, 0.0)


def on_time_share(view: View, figures: Figures) -> float:
    """Share of the deadlines that could be judged that were kept; NaN when there was none."""
    outcomes = [figures["step", s.id, "outcome"] for s in view.scenario.plan.steps if s.within]
    judged = [o for o in outcomes if o in (ON_TIME, LATE, MISSED)]
    return judged.count(ON_TIME) / len(judged) if judged else NAN


__all__ = [
    "AT_IT",
    "OUTCOMES",
    "OVER",
    "PARTS",
    "READY",
    "WAITED",
    "Piece",
    "completed_at",
    "on_time_share",
    "split",
    "steps",
]
