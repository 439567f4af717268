"""The film as a live board in the terminal, and, where there is no terminal, its story as lines of text."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from drillsim.model.conditions import AWAY
from drillsim.replay import keys
from drillsim.replay.frame import turn_at
from drillsim.replay.player import Player
from drillsim.replay.shape import Entry, Film, Question
from drillsim.replay.words import MODES, STATES, STEP_STATES, duration
from drillsim.texts import say

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table

FRAMES_A_SECOND = 10
SIGNS = {"normal": "✓", "waiting": "■", "changing": "⇄", "paper": "✎", "back_entry": "⌨"}
TONES = {
    "normal": "green",
    "waiting": "bold white on red",
    "changing": "bold black on dark_orange",
    "paper": "bold black on yellow",
    "back_entry": "bold white on blue",
}
BULLET = "▪\u00a0"  # stays with the word that follows
BUSY = ("working", "way", "called", "missed")


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
    player = Player(film, language)
    lines = [f"演练 EXERCISE · {film['title'][_zh(language)]}", film["hospital"][_zh(language)], ""]
    for entry in film["entries"]:
        text = entry["text"][_zh(language)]
        detail = f" ({entry['detail'][_zh(language)]})" if "detail" in entry else ""
        lines.append(f"{player.playback.clock(entry['minute'])}  {text}{detail}")
        if "inject" in entry:
            lines += [
                f"       {line}" for line in _inject_lines(film["injects"][entry["inject"]], language, revealed=True)
            ]
    return lines


def _zh(language: str) -> str:
    return "zh" if language == "zh" else "en"


def _inject_lines(inject: Question, language: str, *, revealed: bool) -> list[str]:
    lines = [inject["question"][_zh(language)]] if inject["question"] else []
    colon = "：" if language == "zh" else ":"
    if revealed:
        plan = [*([inject["answer"]] if inject["answer"] else []), *inject["plan"]]
        if plan:
            lines += [say("What the plan says", language) + colon, *(f"{BULLET}{line[_zh(language)]}" for line in plan)]
        lines += [
            say("What happened in this run", language) + colon,
            *(f"{BULLET}{line[_zh(language)]}" for line in inject["happened"]),
        ]
    return lines


def board(player: Player, width: int = 120, height: int = 40) -> RenderableType:
    """Everything on the screen, of so many columns and lines, at this moment."""
    from rich.layout import Layout
    from rich.panel import Panel

    root = Layout()
    root.split_column(Layout(_head(player), size=4), Layout(name="middle"), Layout(_foot(player), size=2))
    if player.helping:
        root["middle"].update(Panel(_help(player.language), title=say("Keys", player.language)))
    elif player.inject is not None:
        root["middle"].update(_card(player, player.inject))
    else:
        root["middle"].split_row(Layout(name="left", ratio=3), Layout(name="right", ratio=2))
        left, right = root["middle"]["left"], root["middle"]["right"]
        left.split_column(
            Layout(Panel(places(player), title=say("Departments", player.language)), ratio=3),
            Layout(Panel(_plan(player, height // 4), title=say("Plan", player.language)), ratio=2),
        )
        right.split_column(
            Layout(Panel(_systems(player), title=_systems_title(player)), ratio=2),
            Layout(Panel(_team(player), title=say("Response team", player.language)), ratio=2),
            Layout(
                Panel(
                    _story(player, width * 2 // 5 - 4, (height - 6) * 3 // 7 - 2),
                    title=say("What happened", player.language),
                ),
                ratio=3,
            ),
        )
    return root


def _head(player: Player) -> RenderableType:
    from rich.table import Table
    from rich.text import Text

    film, language = player.film, player.language
    since, key, sentence = turn_at(film["situation"], player.minute)
    lasting = (
        ""
        if key == "calm"
        else "  " + say("for {length}", language, length=duration(player.minute - since)[_zh(language)])
    )
    table = Table.grid(expand=True)
    table.add_column(ratio=1)
    table.add_column(justify="right")
    table.add_row(Text(" 演练 EXERCISE ", "bold black on yellow"), Text(player.playback.clock(player.minute), "bold"))
    table.add_row(Text(film["title"][_zh(language)], "bold", overflow="ellipsis", no_wrap=True), Text(_after(player)))
    table.add_row(Text(sentence[_zh(language)] + lasting, "green" if key == "calm" else "bold yellow"), Text(""))
    table.add_row(Text(_figures(player), "dim", overflow="ellipsis", no_wrap=True), Text(""))
    return table


def _after(player: Player) -> str:
    failed = player.film["failed"]
    if failed is None:
        return ""
    if player.minute < failed:
        return say("before the failure", player.language)
    return say(
        "{length} since the failure", player.language, length=duration(player.minute - failed)[_zh(player.language)]
    )


def _figures(player: Player) -> str:
    parts = []
    for figure in player.film["figures"]:
        now, usual = (
            player.playback.value(figure["series"], player.minute),
            player.playback.maybe(figure["base"], player.minute),
        )
        more = f" ({now - usual:+,})" if usual is not None else ""
        parts.append(f"{figure['title'][_zh(player.language)]} {now:,}{more}")
    return " · ".join(parts)


def places(player: Player) -> Table:
    """The departments: mode, waiting, longest wait, pile, people on duty."""
    from rich.table import Table
    from rich.text import Text

    language = player.language
    table = Table.grid(padding=(0, 1), expand=True)
    table.add_column(no_wrap=True, ratio=3, overflow="ellipsis")
    table.add_column(no_wrap=True, ratio=2)
    for _ in range(4):
        table.add_column(justify="right", no_wrap=True)
    table.add_row(
        "", "", *(Text(say(english, language), "dim") for english in ("waiting", "longest", "paper", "on duty"))
    )
    for place in player.film["places"]:
        now = player.playback.place(place, player.minute)
        table.add_row(
            place["title"][_zh(language)],
            Text(f" {SIGNS[now.mode]} {say(MODES[now.mode], language)} ", TONES[now.mode]),
            f"{now.waiting:,}",
            duration(now.longest)[_zh(language)] if now.longest >= 1 else "",
            f"{now.pile:,}" if now.pile else "",
            "" if now.duty is None else str(now.duty),
        )
    return table


def _rows(items: list[tuple[str, str, str, str]]) -> Table:
    """Rows of a sign, a name, what about it, and for how long."""
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 1), expand=True)
    table.add_column(no_wrap=True, width=1)
    table.add_column(no_wrap=True, ratio=3, overflow="ellipsis")
    table.add_column(no_wrap=True, ratio=3, overflow="ellipsis")
    table.add_column(no_wrap=True, justify="right")
    for sign, name, about, length in items:
        table.add_row(sign, Text(name), Text(about), Text(length, "dim"))
    return table


def _systems(player: Player) -> RenderableType:
    from rich.text import Text

    language = player.language
    found = []
    for system in player.film["systems"]:
        since, state, *_ = turn_at(system["turns"], player.minute)
        if state != "up":
            length = duration(player.minute - since)[_zh(language)]
            found.append(("✗", system["title"][_zh(language)], say(STATES[state], language), length))
    return _rows(found) if found else Text("✓ " + say("Every system works", language), "green")


def _systems_title(player: Player) -> str:
    systems = player.film["systems"]
    away = sum(turn_at(system["turns"], player.minute)[1] in AWAY for system in systems)
    if not away:
        return say("Systems", player.language)
    return say("{n} of {all} give no service", player.language, n=away, all=len(systems))


def _team(player: Player) -> RenderableType:
    language = player.language
    titles = {step["id"]: step["title"][_zh(language)] for step in player.film["steps"]}
    found = []
    for person in player.film["people"]:
        since, state, held, _ = turn_at(person["turns"], player.minute)
        if state in BUSY:
            doing = (
                " · ".join(titles.get(step, step) for step, _ in held)
                if state == "working"
                else say(_PERSON[state], language)
            )
            found.append(
                (
                    "●" if state == "working" else "→",
                    person["title"][_zh(language)],
                    doing,
                    duration(player.minute - since)[_zh(language)],
                )
            )
    return _rows(found)


_PERSON = {"way": "on the way", "called": "being called", "missed": "did not answer"}


def _plan(player: Player, room: int) -> RenderableType:
    """What goes on, what is overdue, and what was done last."""
    language = player.language
    rows = []
    for place, step in enumerate(player.film["steps"]):
        now = player.playback.step(step, player.minute)
        active = now.state not in ("dormant", "after", "done", "not_applicable", "failed") or now.verdict == "overdue"
        late = duration(max(now.late, 1.0))[_zh(language)]
        verdict = {"late": ("{length} late", late), "overdue": ("{length} over", late), "on_time": ("in time", "")}.get(
            now.verdict
        )
        said = say(verdict[0], language, length=verdict[1]) if verdict else ""
        sign = (
            "!"
            if now.verdict in ("late", "overdue")
            else "✓"
            if now.state == "done"
            else "●"
            if now.state == "working"
            else "…"
        )
        rank = (0, 0.0) if active else (1, -now.since) if now.state in ("done", "failed") else (2, 0.0)
        if rank[0] < 2:
            rows.append(
                (rank, place, (sign, step["title"][_zh(language)], say(STEP_STATES[now.state], language), said))
            )
    kept = sorted(sorted(rows)[: max(room, 3)], key=lambda row: row[1])
    return _rows([row for _, _, row in kept])


def _story(player: Player, width: int, room: int) -> RenderableType:
    """The last lines of the story that have room."""
    from rich.cells import cell_len
    from rich.text import Text

    kept: list[Entry] = []
    for entry in reversed(player.playback.lines(player.minute)):
        room -= -(-(cell_len(entry["text"][_zh(player.language)]) + 8) // max(width, 20))
        if room < 0:
            break
        kept.insert(0, entry)
    text = Text(overflow="fold")
    for entry in kept:
        style = {1: "bold", 2: "", 3: "dim"}[entry["level"]]
        text.append(f"{player.playback.clock(entry['minute'])} ", "dim")
        text.append(entry["text"][_zh(player.language)] + "\n", style)
    return text


def _card(player: Player, inject: Question) -> RenderableType:
    from rich.align import Align
    from rich.panel import Panel
    from rich.text import Text

    language = player.language
    to = say("for {who}", language, who=inject["to"][_zh(language)])
    text = Text("\n")
    if inject["title"]:
        text.append(inject["title"][_zh(language)] + "\n\n", "bold")
    text.append(inject["text"][_zh(language)] + "\n\n")
    for line in _inject_lines(inject, language, revealed=player.revealed):
        text.append(
            line + "\n", "bold yellow" if inject["question"] and line == inject["question"][_zh(language)] else ""
        )
    keys_ = f"R {say('Hide the answer' if player.revealed else 'Show the answer', language)} · Space {say('Go on', language)}"
    text.append("\n" + keys_, "dim")
    title = f"{say('Inject', language)} · {player.playback.clock(inject['minute'])} · {to}"
    return Align.center(Panel(text, title=title, border_style="yellow", padding=(1, 4), width=100), vertical="middle")


def _help(language: str) -> RenderableType:
    from rich.table import Table

    table = Table.grid(padding=(0, 2))
    for key, what in (
        ("Space", "Play or pause; go on after an inject"), ("← →", "One minute back or on (with Shift: ten)"), ("N P", "Next event, previous event"),
        ("i I", "Next inject, previous inject"), ("S", "Stop at the next inject, whether or not it asks a question"), ("R", "Show or hide the answer"),
        ("[ ]", "Slower, faster"), ("Home End", "To the start, to the end"), ("L", "English or Chinese"), ("Q", "Leave"),
    ):  # fmt: skip
        table.add_row(key, say(what, language))
    return table


def _foot(player: Player) -> RenderableType:
    from rich.progress_bar import ProgressBar
    from rich.table import Table
    from rich.text import Text

    language = player.language
    state = "▶" if player.playing else "❚❚"
    armed = f" · {say('Stop at the next inject', language)}" if player.stop_at_inject else ""
    line = f"{state} {say('{n}×', language, n=f'{player.speed:g}')}{armed} · Space {say('Pause' if player.playing else 'Play', language)} · N {say('Next event', language)} · I {say('Next inject', language)} · ? {say('Keys', language)} · Q {say('Leave', language)}"
    table = Table.grid(expand=True)
    table.add_row(ProgressBar(total=player.film["horizon"], completed=player.minute))
    table.add_row(Text(line, "dim", overflow="ellipsis", no_wrap=True))
    return table
