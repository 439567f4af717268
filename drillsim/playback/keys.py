"""Keys from the terminal as they are pressed, on Windows and elsewhere, by name: ``" "``, ``n``, ``left``, ``home``, ``escape`` …"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Read = Callable[[float], str | None]
"""Waits for at most so many seconds and gives the name of a key, or None."""

WINDOWS = {
    "K": "left",
    "M": "right",
    "H": "up",
    "P": "down",
    "G": "home",
    "O": "end",
    "s": "shift-left",
    "t": "shift-right",
}
ANSI = {
    "[D": "left", "[C": "right", "[A": "up", "[B": "down", "[H": "home", "[F": "end", "[1~": "home", "[4~": "end", "[7~": "home", "[8~": "end",
    "OD": "left", "OC": "right", "OA": "up", "OB": "down", "OH": "home", "OF": "end", "[1;2D": "shift-left", "[1;2C": "shift-right",
}  # fmt: skip


@contextmanager
def pressed() -> Iterator[Read]:
    """A reader of keys for as long as the block lasts; afterwards the terminal is as it was."""
    if sys.platform == "win32":
        yield _windows
        return
    import termios
    import tty

    number = sys.stdin.fileno()
    before = termios.tcgetattr(number)
    try:
        tty.setcbreak(number)
        yield lambda seconds: _posix(number, seconds)
    finally:
        termios.tcsetattr(number, termios.TCSADRAIN, before)


def _windows(seconds: float) -> str | None:
    import msvcrt

    until = time.monotonic() + seconds
    while not msvcrt.kbhit():  # type: ignore[attr-defined,unused-ignore]  # this module is for Windows
        if time.monotonic() >= until:
            return None
        time.sleep(0.01)
    key = msvcrt.getwch()  # type: ignore[attr-defined,unused-ignore]
    if key in ("\x00", "\xe0"):
        return WINDOWS.get(msvcrt.getwch())  # type: ignore[attr-defined,unused-ignore]
    return named(key)


def _posix(number: int, seconds: float) -> str | None:
    import select

    if not select.select([number], [], [], seconds)[0]:
        return None
    text = os.read(number, 1)
    if text == b"\x1b":
        rest = b""
        while len(rest) < 8 and select.select([number], [], [], 0.02)[0]:
            rest += os.read(number, 1)
            if (rest[-1:].isalpha() and rest != b"O") or rest[-1:] == b"~":
                break
        return ANSI.get(rest.decode("ascii", "replace")) if rest else "escape"
    while True:  # a letter beyond ASCII comes in several bytes
        try:
            return named(text.decode("utf-8"))
        except UnicodeDecodeError:
            if len(text) >= 4:
                return None
            text += os.read(number, 1)


def named(key: str) -> str:
    """The name of a key that came as one character; Ctrl-C is raised as usual."""
    if key == "\x03":
        raise KeyboardInterrupt
    return {"\x1b": "escape", "\r": "enter", "\n": "enter", "\x7f": "backspace", "\x08": "backspace"}.get(key, key)
