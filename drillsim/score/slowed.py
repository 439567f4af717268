"""Work that went slower than it could: the rows of a step's pace cut its minutes of work into work and what was lost.

A stretch of work at a factor F (2: twice as long) is work for its first 1/F, and slowed for the rest. Where several things slow it their factors
multiply, and the minutes lost are shared out in proportion to what each adds by itself (F − 1).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence

from drillsim.log.rows import Event

NAMED = ("without", "shared")
"""What is told with its cause: the want of a tool, a medium that others read from."""


def at_work(start: float, end: float, pace: Sequence[Event]) -> Iterator[tuple[float, float, str]]:
    """[start, end) of work in pieces without a gap: (from, to, what slowed it: ``untrained``, ``tired``, a component, ``without TOOL`` or ``shared MEDIUM``; "" for the work itself)."""
    turns = [start, *(e.minute for e in pace if start < e.minute < end), end]
    for a, b in itertools.pairwise(turns):
        if b > a:
            yield from _shared_out(a, b, factors(pace, a))


def factors(pace: Sequence[Event], minute: float) -> dict[str, float]:
    """What slows the work from a minute on, with its factor."""
    found: dict[str, float] = {}
    for event in pace:
        if event.minute <= minute:
            found[f"{event.state} {event.cause}" if event.state in NAMED else event.cause or event.state] = event.value
    return {cause: factor for cause, factor in found.items() if factor > 1}


def _shared_out(a: float, b: float, slow: dict[str, float]) -> Iterator[tuple[float, float, str]]:
    if not slow:
        yield a, b, ""
        return
    worked = a + (b - a) / math.prod(slow.values())
    yield a, worked, ""
    added, since, lost = sum(slow.values()) - len(slow), worked, b - worked
    for number, (cause, factor) in enumerate(slow.items(), 1):
        until = b if number == len(slow) else since + lost * (factor - 1) / added
        yield since, until, cause
        since = until


__all__ = ["at_work", "factors"]
