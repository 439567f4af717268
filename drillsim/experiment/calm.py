"""Ctrl-C once ends the playing; while what was finished is summed up and saved, pressing it again must not lose it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


class Calm:
    """What Ctrl-C does: raises KeyboardInterrupt where it is let through, once; otherwise it is counted and ``said`` is called."""

    def __init__(self, said: Callable[[], None] | None) -> None:
        self.said = said
        self.pressed = 0
        self.lets_through = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """A signal has come."""
        self.pressed += 1
        if self.lets_through:
            self.lets_through = False
            raise KeyboardInterrupt
        if self.said is not None:
            self.said()

    @contextmanager
    def through(self) -> Iterator[None]:
        """Inside, the next Ctrl-C raises KeyboardInterrupt."""
        self.lets_through = True
        try:
            yield
        finally:
            self.lets_through = False


@contextmanager
def calm(said: Callable[[], None] | None = None) -> Iterator[Calm]:
    """Inside, Ctrl-C raises nothing except where ``through`` lets it; in other threads than the main one nothing changes."""
    held = Calm(said)
    if threading.current_thread() is not threading.main_thread():
        yield held
        return
    before = signal.signal(signal.SIGINT, held)
    try:
        yield held
    finally:
        signal.signal(signal.SIGINT, before)
