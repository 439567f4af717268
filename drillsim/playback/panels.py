"""The panels of the terminal board. Words of the scenario are always shown as they are, never read as markup."""

from __future__ import annotations

from rich.align import Align
from rich.cells import cell_len
from rich.console import RenderableType
from rich.layout import Layout
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from drillsim.model.conditions import AWAY
from drillsim.playback.frame import StepNow, turn_at
from drillsim.playback.player import Player
from drillsim.playback.questions import spoken
from drillsim.playback.shape import Entry, Question
from drillsim.playback.words import MODES, PERSON_STATES, STATES, STEP_STATES, duration
from drillsim.texts import say

SIGNS = {"normal": "✓", "waiting": "■", "changing": "⇄", "paper": "✎", "back_entry": "⌨"}
TONES = {
    "normal": "green",
    "waiting": "bold white on red",
    "changing": "bold black on dark_orange",
    "paper": "bold black on yellow",
    "back_entry": "bold white on blue",
}
BUSY = ("working", "way", "called", "missed")
IDLE = ("dormant", "after", "done", "not_applicable", "failed")
KEYS = (
    ("Space", "Play or pause; go on after an inject"),
    ("← →", "One minute back or on (with Shift: ten)"),
    ("N P", "Next event, previous event"),
    ("i I", "Next inject, previous inject"),
    ("S", "Stop at the next inject, whether or not it asks a question"),
    ("R", "Show or hide the answer"),
    ("[ ]", "Slower, faster"),
    ("Home End", "To the start, to the end"),
    ("L", "English or Chinese"),
    ("Q", "Leave"),
)
Row = tuple[str, str, str, str]
"""A sign, a name, what about it, and for how long."""


def board(player: Player, width: int = 120, height: int = 40) -> RenderableType:
    """Everything on the screen, of so many columns and lines, at this moment."""
    root = Layout()
    root.split_column(Layout(_head(player), size=4), Layout(name="middle"), Layout(_foot(player), size=2))
    if player.helping:
        root["middle"].update(_panel(player, "Keys", _help(player.language)))
    elif player.inject is not None:
        root["middle"].update(_card(player, player.inject))
    else:
        root["middle"].split_row(Layout(name="left", ratio=3), Layout(name="right", ratio=2))
        story = _story(player, width * 2 // 5 - 4, (height - 6) * 3 // 7 - 2)
        root["left"].split_column(
            Layout(_panel(player, "Departments", places(player)), ratio=3),
            Layout(_panel(player, "Plan", _plan(player, height // 4)), ratio=2),
        )
        root["right"].split_column(
            Layout(Panel(_systems(player), title=Text(_systems_title(player))), ratio=2),
            Layout(_panel(player, "Response team", _team(player)), ratio=2),
            Layout(_panel(player, "What happened", story), ratio=3),
        )
    return root


def _panel(player: Player, english: str, inside: RenderableType) -> Panel:
    return Panel(inside, title=Text(say(english, player.language)))


def _lasting(player: Player, since: float) -> str:
    return duration(player.minute - since)[player.language]


def _head(player: Player) -> Table:
    since, key, sentence = turn_at(player.film["situation"], player.minute)
    now = sentence[player.language]
    if key != "calm":
        now += "  " + say("for {length}", player.language, length=_lasting(player, since))
    table = Table.grid(expand=True)
    table.add_column(ratio=1)
    table.add_column(justify="right")
    table.add_row(Text(" 演练 EXERCISE ", "bold black on yellow"), Text(player.playback.clock(player.minute), "bold"))
    table.add_row(_line(player.film["title"][player.language], "bold"), Text(_after(player)))
    table.add_row(_line(now, "green" if key == "calm" else "bold yellow"), Text(""))
    table.add_row(_line(_figures(player), "dim"), Text(""))
    return table


def _line(text: str, style: str = "") -> Text:
    return Text(text, style, overflow="ellipsis", no_wrap=True)


def _after(player: Player) -> str:
    failed = player.film["failed"]
    if failed is None:
        return ""
    if player.minute < failed:
        return say("before the failure", player.language)
    return say("{length} since the failure", player.language, length=_lasting(player, failed))


def _figures(player: Player) -> str:
    parts = []
    for figure in player.film["figures"]:
        now = player.playback.value(figure["series"], player.minute)
        usual = player.playback.maybe(figure["base"], player.minute)
        more = "" if usual is None else f" ({now - usual:+,})"
        parts.append(f"{figure['title'][player.language]} {now:,}{more}")
    return " · ".join(parts)


def places(player: Player) -> Table:
    """The departments: mode, waiting, longest wait, pile, people on duty."""
    language = player.language
    table = Table.grid(padding=(0, 1), expand=True)
    table.add_column(no_wrap=True, ratio=3, overflow="ellipsis")
    table.add_column(no_wrap=True, ratio=2)
    for _ in range(4):
        table.add_column(justify="right", no_wrap=True)
    heads = (Text(say(english, language), "dim") for english in ("waiting", "longest", "paper", "on duty"))
    table.add_row("", "", *heads)
    for place in player.film["places"]:
        now = player.playback.place(place, player.minute)
        table.add_row(
            Text(place["title"][language]),
            Text(f" {SIGNS[now.mode]} {say(MODES[now.mode], language)} ", TONES[now.mode]),
            f"{now.waiting:,}",
            duration(now.longest)[language] if now.longest >= 1 else "",
            f"{now.pile:,}" if now.pile else "",
            "" if now.duty is None else str(now.duty),
        )
    return table


def _rows(items: list[Row]) -> Table:
    table = Table.grid(padding=(0, 1), expand=True)
    table.add_column(no_wrap=True, width=1)
    table.add_column(no_wrap=True, ratio=3, overflow="ellipsis")
    table.add_column(no_wrap=True, ratio=3, overflow="ellipsis")
    table.add_column(no_wrap=True, justify="right")
    for sign, name, about, length in items:
        table.add_row(sign, Text(name), Text(about), Text(length, "dim"))
    return table


def _systems(player: Player) -> RenderableType:
    found: list[Row] = []
    for system in player.film["systems"]:
        since, state, *_ = turn_at(system["turns"], player.minute)
        if state != "up":
            words = say(STATES[state], player.language)
            found.append(("✗", system["title"][player.language], words, _lasting(player, since)))
    return _rows(found) if found else Text("✓ " + say("Every system works", player.language), "green")


def _systems_title(player: Player) -> str:
    systems = player.film["systems"]
    away = sum(turn_at(system["turns"], player.minute)[1] in AWAY for system in systems)
    if not away:
        return say("Systems", player.language)
    return say("{n} of {all} give no service", player.language, n=away, all=len(systems))


def _team(player: Player) -> Table:
    titles = {step["id"]: step["title"][player.language] for step in player.film["steps"]}
    found: list[Row] = []
    for person in player.film["people"]:
        since, state, held, _ = turn_at(person["turns"], player.minute)
        if state in BUSY:
            doing = " · ".join(titles.get(step, step) for step, _ in held) or say(PERSON_STATES[state], player.language)
            sign = "●" if state == "working" else "→"
            found.append((sign, person["title"][player.language], doing, _lasting(player, since)))
    return _rows(found)


def _plan(player: Player, room: int) -> Table:
    """What goes on, what is overdue, and what was done last, in the order of the plan."""
    rows: list[tuple[tuple[int, float], int, Row]] = []
    for place, step in enumerate(player.film["steps"]):
        now = player.playback.step(step, player.minute)
        active = now.state not in IDLE or now.verdict == "overdue"
        if active or now.state in ("done", "failed"):
            words = (step["title"][player.language], say(STEP_STATES[now.state], player.language))
            row = (_sign(now), *words, _verdict(player, now))
            rows.append(((0, 0.0) if active else (1, -now.since), place, row))
    kept = sorted(sorted(rows)[: max(room, 3)], key=lambda row: row[1])
    return _rows([row for _, _, row in kept])


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
    return say(template, player.language, length=duration(max(now.late, 1.0))[player.language])


def _story(player: Player, width: int, room: int) -> Text:
    """The last lines of the story that have room."""
    kept: list[Entry] = []
    for entry in reversed(player.playback.lines(player.minute)):
        room -= -(-(cell_len(entry["text"][player.language]) + 8) // max(width, 20))
        if room < 0:
            break
        kept.insert(0, entry)
    text = Text(overflow="fold")
    for entry in kept:
        text.append(f"{player.playback.clock(entry['minute'])} ", "dim")
        text.append(entry["text"][player.language] + "\n", {1: "bold", 2: "", 3: "dim"}[entry["level"]])
    return text


def _card(player: Player, inject: Question) -> RenderableType:
    language = player.language
    text = Text("\n")
    if inject["title"]:
        text.append(inject["title"][language] + "\n\n", "bold")
    text.append(inject["text"][language] + "\n\n")
    for number, line in enumerate(spoken(inject, language, revealed=player.revealed)):
        text.append(line + "\n", "bold yellow" if number == 0 and inject["question"] else "")
    answer = "Hide the answer" if player.revealed else "Show the answer"
    text.append(f"\nR {say(answer, language)} · Space {say('Go on', language)}", "dim")
    to = say("for {who}", language, who=inject["to"][language])
    title = f"{say('Inject', language)} · {player.playback.clock(inject['minute'])} · {to}"
    panel = Panel(text, title=Text(title), border_style="yellow", padding=(1, 4), width=100)
    return Align.center(panel, vertical="middle")


def _help(language: str) -> Table:
    table = Table.grid(padding=(0, 2))
    for key, what in KEYS:
        table.add_row(Text(key), Text(say(what, language)))
    return table


def _foot(player: Player) -> Table:
    language = player.language
    parts = [
        f"{'▶' if player.playing else '❚❚'} {say('{n}×', language, n=f'{player.speed:g}')}",
        say("Stop at the next inject", language) if player.stop_at_inject else "",
        f"Space {say('Pause' if player.playing else 'Play', language)}",
        *(f"{key} {say(what, language)}" for key, what in (("N", "Next event"), ("I", "Next inject"), ("?", "Keys"), ("Q", "Leave"))),
    ]  # fmt: skip
    table = Table.grid(expand=True)
    table.add_row(ProgressBar(total=player.film["horizon"], completed=player.minute))
    table.add_row(_line(" · ".join(part for part in parts if part), "dim"))
    return table
