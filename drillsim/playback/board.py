"""The film as a live board in the terminal, and, where there is no terminal, its story as lines of text."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from drillsim.playback import keys
from drillsim.playback.player import Player
from drillsim.playback.questions import spoken
from drillsim.playback.shape import Film

if TYPE_CHECKING:
    from rich.console import Console

FRAMES_A_SECOND = 10


def play(film: Film, language: str = "en", *, speed: float = 60.0, console: Console | None = None) -> None:
    """Play the film in the terminal until the user leaves with q or Ctrl-C; without a terminal, print its story."""
    from rich.console import Console

    console = console or Console()
    if not console.is_terminal or not sys.stdin.isatty():
        for line in story_lines(film, language):
            console.print(line, markup=False, highlight=False, soft_wrap=True)
        return
    try:
        _loop(Player(film, language, speed), console)
    except KeyboardInterrupt:
        return


def _loop(player: Player, console: Console) -> None:
    from rich.live import Live

    from drillsim.playback.panels import board

    with keys.pressed() as read, Live(console=console, screen=True, auto_refresh=False) as live:
        last = time.monotonic()
        while not player.over:
            live.update(board(player, *console.size), refresh=True)
            key = read(1 / FRAMES_A_SECOND)
            now = time.monotonic()
            player.tick(now - last)
            last = now
            if key:
                player.press(key)


def story_lines(film: Film, language: str = "en") -> list[str]:
    """The story as plain text: title, one line an event, and with each inject its question and its answer."""
    playback = Player(film).playback
    clock, day = playback.clock, ""
    lines = [f"演练 EXERCISE · {film['title'][language]}", film["hospital"][language], ""]
    for entry in film["entries"]:
        if playback.day(entry["minute"]) != day:
            day = playback.day(entry["minute"])
            lines += ["", f"── {day} ──"]
        begin, end = "（）" if language == "zh" else (" (", ")")
        detail = f"{begin}{entry['detail'][language]}{end}" if "detail" in entry else ""
        lines.append(f"{clock(entry['minute'])}  {entry['text'][language]}{detail}")
        if "inject" in entry:
            said = spoken(film["injects"][entry["inject"]], language, revealed=True)
            lines += [f"       {line}" for line in said]
    return lines
