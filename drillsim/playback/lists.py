"""The lists of the terminal board: departments, systems, people, plan and story, each in as many lines as there are; what does not fit is counted."""

from __future__ import annotations

import re
from collections import Counter

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from drillsim.playback.frame import PlaceNow, StepNow, turn_at
from drillsim.playback.player import Player
from drillsim.playback.shape import Entry
from drillsim.playback.words import MODES, PERSON_STATES, STATES, STEP_STATES, brief, minutes_shown
from drillsim.texts import say

SIGNS = {"normal": "✓", "waiting": "■", "changing": "⇄", "paper": "✎", "back_entry": "⌨", "closed": "☾"}
TONES = {
    "normal": "green",
    "waiting": "bold white on red",
    "changing": "bold black on dark_orange",
    "paper": "bold black on yellow",
    "back_entry": "bold white on blue",
    "closed": "dim",
}
STATE_SIGNS = {"down": "✗", "isolated": "⊘", "restoring": "↻", "slow": "~", "read_only": "="}
BUSY = ("working", "way", "called", "missed")
WAITS = ("person", "off_shift", "on_the_way", "thing", "system")
IDLE = ("dormant", "after", "hours", "done", "not_applicable", "failed")
NARROW = 58  # columns below which paper and people on duty are left out
Row = tuple[str, str, str, str]
"""A sign, a name, what about it, and for how long."""


def places(player: Player, room: int = 99, width: int = 99) -> RenderableType:
    """The departments: mode, waiting, longest wait, and with room for them pile and people on duty. Those that suffer most stay when not all fit."""
    language, wide = player.language, width >= NARROW
    table = Table.grid(padding=(0, 1), expand=True)
    table.add_column(no_wrap=True, ratio=1, overflow="ellipsis")
    table.add_column(no_wrap=True)
    heads = ("waiting", "longest", *(("paper", "on duty") if wide else ()))
    for _ in heads:
        table.add_column(justify="right", no_wrap=True)
    table.add_row("", "", *(Text(say(english, language), "dim") for english in heads))
    found = [(place, player.playback.place(place, player.minute)) for place in player.film["places"]]
    kept = _most_pressing([now for _, now in found], room - 1)
    for number in sorted(kept):
        place, now = found[number]
        paper = ((f"{now.pile:,}" if now.pile else ""), ("" if now.duty is None else str(now.duty))) if wide else ()
        table.add_row(
            Text(place["title"][language]),
            Text(f" {SIGNS[now.mode]} {say(MODES[now.mode], language)} ", TONES[now.mode]),
            f"{now.waiting:,}",
            brief(now.longest)[language] if now.longest >= 1 else "",
            *paper,
        )
    rest = Counter(now.mode for number, (_, now) in enumerate(found) if number not in kept)
    if not rest:
        return table
    modes = " · ".join(f"{n} {say(MODES[mode], language)}" for mode, n in rest.items())
    more = say("{n} more", language, n=rest.total())
    return Group(table, Text(f"{more}: {modes}", "dim", overflow="ellipsis", no_wrap=True))


def _most_pressing(all_: list[PlaceNow], room: int) -> set[int]:
    """Which departments are shown in so many lines: all, or (with a line less, which counts the others) those that suffer most."""
    if len(all_) <= room:
        return set(range(len(all_)))
    worst = ("waiting", "changing", "paper", "back_entry", "normal", "closed")
    order = sorted(range(len(all_)), key=lambda n: (worst.index(all_[n].mode), -all_[n].longest, -all_[n].waiting, n))
    return set(order[: max(room - 1, 0)])


def _rows(items: list[Row], room: int, language: str) -> Table:
    """The rows that have room; the last line counts the others."""
    table = Table.grid(padding=(0, 1), expand=True)
    table.add_column(no_wrap=True, width=1)
    table.add_column(no_wrap=True, ratio=3, overflow="ellipsis")
    table.add_column(no_wrap=True, ratio=3, overflow="ellipsis")
    table.add_column(no_wrap=True, justify="right")
    kept = items if len(items) <= room else items[: max(room - 1, 0)]
    for sign, name, about, length in kept:
        table.add_row(sign, Text(name), Text(about), Text(length, "dim"))
    if len(kept) < len(items):
        table.add_row("", Text(say("{n} more", language, n=len(items) - len(kept)), "dim"), "", "")
    return table


def systems(player: Player, room: int = 99) -> Table | Text:
    """What does not work as it should, with its sign; what failed of itself first."""
    language = player.language
    found: list[tuple[bool, Row]] = []
    for system in player.film["systems"]:
        since, state, _, due = turn_at(system["turns"], player.minute)
        if state != "up":
            length = brief(minutes_shown(since, player.minute))[language]
            found.append(
                (due is not None, (STATE_SIGNS[state], system["title"][language], say(STATES[state], language), length))
            )
    if not found:
        return Text("✓ " + say("Every system works", language), "green")
    return _rows([row for _, row in sorted(found, key=lambda one: one[0])], room, language)


def team(player: Player, room: int = 99) -> Table:
    """Who does what and who is on the way, then what waits and for whom."""
    language = player.language
    titles = {step["id"]: step["title"][language] for step in player.film["steps"]}
    found: list[Row] = []
    for person in player.film["people"]:
        since, state, held, _ = turn_at(person["turns"], player.minute)
        if state in BUSY:
            doing = " · ".join(titles.get(step, step) for step, _ in held) or say(PERSON_STATES[state], language)
            sign = "●" if state == "working" else "→"
            found.append((sign, person["title"][language], doing, brief(minutes_shown(since, player.minute))[language]))
    for step in player.film["steps"]:
        now = player.playback.step(step, player.minute)
        if now.state in WAITS:
            found.append(
                (
                    "…",
                    step["title"][language],
                    _waits(player, step["turns"], now),
                    brief(minutes_shown(now.since, player.minute))[language],
                )
            )
    return _rows(found, room, language)


def _waits(player: Player, turns: list, now: StepNow) -> str:
    cause = turn_at(turns, player.minute)[2]
    words = cause[player.language] if cause else say(STEP_STATES[now.state], player.language)
    return say("waits: {cause}", player.language, cause=words)


def plan(player: Player, room: int = 99) -> Table:
    """What goes on, what is overdue, and what was done last, in the order of the plan."""
    rows: list[tuple[tuple[int, float], int, Row]] = []
    for place, step in enumerate(player.film["steps"]):
        now = player.playback.step(step, player.minute)
        active = now.state not in IDLE or now.verdict == "overdue"
        if active or now.state in ("done", "failed"):
            words = (step["title"][player.language], say(STEP_STATES[now.state], player.language))
            row = (_sign(now), *words, _verdict(player, now))
            rows.append(((0, 0.0) if active else (1, -now.since), place, row))
    kept = sorted(sorted(rows)[: max(room, 1)], key=lambda row: row[1])
    return _rows([row for _, _, row in kept], room, player.language)


def _sign(now: StepNow) -> str:
    if now.verdict in ("late", "overdue"):
        return "!"
    return {"done": "✓", "working": "●", "failed": "✗"}.get(now.state, "…")


def _verdict(player: Player, now: StepNow) -> str:
    if now.verdict == "on_time":
        return say("in time", player.language)
    template = {"late": "{length} late", "overdue": "{length} over"}.get(now.verdict)
    if template is None:
        return ""
    return say(template, player.language, length=brief(max(now.late, 1.0))[player.language])


def story(player: Player, width: int, room: int) -> Table:
    """The last lines of the story that have room, the time of day beside them."""
    table = Table.grid(padding=(0, 1, 0, 0), expand=True)
    table.add_column(no_wrap=True, width=5)
    table.add_column(ratio=1, overflow="fold")
    kept: list[tuple[Entry, Text]] = []
    for entry in reversed(player.playback.lines(player.minute)):
        text = Text(closed_up(entry["text"][player.language]), {1: "bold", 2: "", 3: "dim"}[entry["level"]])
        room -= lines_of(text, width - 6)
        if room < 0:
            break
        kept.insert(0, (entry, text))
    for entry, text in kept:
        table.add_row(Text(player.playback.clock(entry["minute"]), "dim"), text)
    return table


def closed_up(text: str) -> str:
    """The text without the blank between a number and a Chinese sign, at which a narrow column would break it: ``超时 9 分钟`` → ``超时9分钟``."""
    return re.sub(r"(?<=[\u4e00-\u9fff]) (?=\d)|(?<=\d) (?=[\u4e00-\u9fff])", "", text)


def lines_of(text: Text, width: int) -> int:
    """How many lines a text takes in so many columns."""
    from rich.console import Console

    return len(text.wrap(Console(width=max(width, 8)), max(width, 8), overflow="fold"))
