"""What late steps waited for in the end: their minutes traced back through steps and events, and through the systems that steps brought back."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator

from drillsim.score.paths import Finder, in_order
from drillsim.score.steps import LATE, MISSED
from drillsim.score.trace import Leaf
from drillsim.score.view import Figures, View


def held_up(finder: Finder, step: str, start: float, end: float) -> Iterator[Leaf]:
    """What held up a step between two minutes, in order of time, without a gap.

    A wait for a condition ("the HIS is up") is followed to the step that brought it about, as on the critical paths; what no step was busy with
    (a system that starts up, ten minutes of watching it, a pile that is typed in) stays a wait for the condition.
    """
    for leaf in finder.tracer.trace(step, start, end):
        if leaf.part != "trigger":
            yield leaf
            continue
        for piece in in_order(finder.trigger(leaf)):
            yield piece if piece.step else leaf._replace(start=piece.start, end=piece.end)


def roots(view: View, figures: Figures) -> dict[tuple[str, str, str], float]:
    """(late step, part, cause) → minutes, for all late and missed steps; with "" for the step, minutes of the run in which any of them was
    held up so, each counted once."""
    finder = Finder(view, figures)
    found: dict[tuple[str, str, str], float] = defaultdict(float)
    together: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for name in finder.tracer.steps:
        if figures["step", name, "outcome"] not in (LATE, MISSED):
            continue
        clock, taken = figures["step", name, "clock"], figures["step", name, "taken"]
        for part, cause, a, b, _ in held_up(finder, name, clock, clock + taken):
            found[name, part, cause] += b - a
            together[part, cause].append((a, b))
    for (part, cause), intervals in together.items():
        found["", part, cause] = covered(intervals)
    return dict(found)


def covered(intervals: Iterable[tuple[float, float]]) -> float:
    """Length of the union of intervals."""
    total, reached = 0.0, -math.inf
    for a, b in sorted(intervals):
        total += max(b - max(a, reached), 0.0)
        reached = max(reached, b)
    return total
