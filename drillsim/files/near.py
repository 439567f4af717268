"""The nearest good word for one that is not known."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from drillsim.errors import Wrong


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word closest to this one, when one is close enough to have been meant."""
    close = difflib.get_close_matches(word, [str(one) for one in known], n=1, cutoff=0.6)
    return close[0] if close else None


def hinted(problem: Wrong, value: str, known: list[str], otherwise: str | None = None) -> Wrong:
    """The problem with the nearest good word; else with what the word is instead, or with the words there are."""
    if otherwise:
        return Wrong("{problem}; it is {kind}", problem=problem, kind=Wrong(otherwise))
    if near := nearest(value, known):
        return Wrong("{problem}. Did you mean {near!r}?", problem=problem, near=near)
    if not known:
        return Wrong("{problem}; there are none", problem=problem)
    shown = ", ".join(known[:8]) + (", …" if len(known) > 8 else "")
    return Wrong("{problem}; known are {known}", problem=problem, known=shown)
