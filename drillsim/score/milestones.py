"""When a milestone counts: one meaning for the score, the report, the story, the replay and the critical paths.

Most events happen once, and their first time counts. ``restored``, ``all_back``, ``returned`` and ``cleared`` say how things stand: they may lapse (a relapse, a
new order to work on paper) and be reached again. They count from the last time they were reached, and not at all when they lapsed after it.
Whatever waits for an event goes on at its first time. The clock of a deadline that counts from one of them begins the last time it was
reached before the step was over.
"""

from __future__ import annotations

from collections.abc import Iterable

from drillsim.log.rows import Event
from drillsim.model.conditions import LASTING_EVENTS


def holding(events: Iterable[Event]) -> dict[str, Event]:
    """Every event that holds after these rows (in order) → the row from which it does: its first one, or of LASTING_EVENTS the last."""
    found: dict[str, Event] = {}
    for event in events:
        if event.kind == "reached" and (event.subject in LASTING_EVENTS or event.subject not in found):
            found[event.subject] = event
        elif event.kind == "lapsed":
            found.pop(event.subject, None)
    return found


def told_apart(events: Iterable[Event]) -> list[Event]:
    """The ``reached`` rows that are worth a line: without ``all_back`` where it comes in the minute of ``restored``, which says it already."""
    found = [e for e in events if e.kind == "reached"]
    restored = {e.minute for e in found if e.subject == "restored"}
    return [e for e in found if e.subject != "all_back" or e.minute not in restored]


def lapses(events: Iterable[Event]) -> dict[int, float]:
    """Sequence number of a ``reached`` row → the minute at which what it says held no more; without those that still hold."""
    found: dict[int, float] = {}
    since: dict[str, int] = {}
    for event in events:
        if event.kind == "reached":
            since[event.subject] = event.sequence
        elif event.kind == "lapsed" and event.subject in since:
            found[since[event.subject]] = event.minute
    return found


def clock(events: Iterable[Event], name: str, until: float) -> float | None:
    """The minute from which a deadline counts for a step that was over at ``until``; None when these rows do not name the event."""
    minutes = [e.minute for e in events if e.kind == "reached" and e.subject == name]
    if not minutes:
        return None
    return max((m for m in minutes if m <= until), default=minutes[0]) if name in LASTING_EVENTS else minutes[0]


__all__ = ["LASTING_EVENTS", "clock", "holding", "lapses", "told_apart"]
