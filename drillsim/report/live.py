"""How far long work has come, as a bar in a notebook; silent elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from drillsim.texts import say

SECONDS = 0.25  # between two drawings


def in_notebook() -> bool:
    """Whether this is a notebook, where output can be replaced."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return type(shell).__name__ == "ZMQInteractiveShell"


@contextmanager
def bar(total: int, language: str = "en") -> Iterator[Callable[[int], None]]:
    """A function to call with the number of runs done so far; the bar is gone when the work is."""
    if not in_notebook():
        yield lambda done: None
        return
    from IPython.display import HTML, display

    begun = last = time.monotonic()
    shown = display(HTML(drawn(0, total, 0.0, language)), display_id=True)

    def moved(done: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= SECONDS:
            last = now
            shown.update(HTML(drawn(done, total, now - begun, language)))

    try:
        yield moved
    finally:
        shown.update(HTML(""))


def drawn(done: int, total: int, seconds: float, language: str) -> str:
    """The bar as HTML, with the time left once it is known."""
    total = max(total, done)  # a search may spend a little more than it was given
    left = seconds * (total - done) / done if done else None
    text = say("{done} of {total} runs", language, done=done, total=total)
    if left is not None:
        text += say("; ", language) + say("about {n} s left", language, n=round(left))
    return f'<progress value="{done}" max="{total}" style="width:24em;vertical-align:middle"></progress> {text}'
