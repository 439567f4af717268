"""The board in the terminal as a whole: head, panels, the inject's card, help and foot. Words of the scenario are shown as they are, never read as markup."""

from __future__ import annotations

from rich.align import Align
from rich.console import Group, RenderableType
from rich.layout import Layout
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from drillsim.model.conditions import AWAY
from drillsim.playback import lists, situation
from drillsim.playback.frame import turn_at
from drillsim.playback.player import Player
from drillsim.playback.questions import BULLET, spoken
from drillsim.playback.shape import Question
from drillsim.playback.words import elapsed
from drillsim.texts import say

KEYS = (
    ("Space", "Play or pause; go on after an inject"),
    ("← →", "One minute back or on (with Shift: ten)"),
    ("N P", "Next event, previous event"),
    ("i I", "Next inject, previous inject"),
    ("G", "Go to a time"),
    ("S", "Stop at the next inject, whether or not it asks a question"),
    ("R", "Show or hide the answer"),
    ("[ ]", "Slower, faster"),
    ("Home End", "To the start, to the end"),
    ("L", "English or Chinese"),
    ("Q", "Leave"),
)
HEAD, FOOT, BORDERS = 4, 2, 2  # lines
CARD = 100  # columns


def board(player: Player, width: int = 120, height: int = 40) -> RenderableType:
    """Everything on the screen, of so many columns and lines, at this moment."""
    root = Layout()
    root.split_column(Layout(_head(player), size=HEAD), Layout(name="middle"), Layout(_foot(player), size=FOOT))
    if player.helping:
        root["middle"].update(_panel(player, "Keys", _help(player.language)))
    elif player.inject is not None:
        root["middle"].update(_card(player, player.inject))
    else:
        _panels(player, root["middle"], width, max(height - HEAD - FOOT, 6))
    return root


def _panels(player: Player, middle: Layout, width: int, height: int) -> None:
    """Departments over plan on the left; systems, people and story on the right; each knows how many lines it has."""
    left, right = width * 3 // 5, width - width * 3 // 5
    middle.split_row(Layout(name="left", size=left), Layout(name="right", size=right))
    all_places = len(player.film["places"]) + 1 + BORDERS
    high = min(all_places, height * 2 // 3)
    middle["left"].split_column(
        Layout(_panel(player, "Departments", lists.places(player, high - BORDERS, left - 4)), size=high),
        Layout(_panel(player, "Plan", lists.plan(player, height - high - BORDERS))),
    )
    third = height * 2 // 7
    last = height - 2 * third
    middle["right"].split_column(
        Layout(Panel(lists.systems(player, third - BORDERS), title=Text(_systems_title(player))), size=third),
        Layout(_panel(player, "Response team", lists.team(player, third - BORDERS)), size=third),
        Layout(_panel(player, "What happened", lists.story(player, right - 4, last - BORDERS))),
    )


def _panel(player: Player, english: str, inside: RenderableType) -> Panel:
    return Panel(inside, title=Text(say(english, player.language)))


def _lasting(player: Player, since: float) -> str:
    return elapsed(since, player.minute)[player.language]


def _head(player: Player) -> Group:
    _, key, sentence = turn_at(player.film["situation"], player.minute)
    since = situation.since(player.film["situation"], player.minute)
    now = sentence[player.language]
    if key != "calm":
        now += "  " + say("for {length}", player.language, length=_lasting(player, since))
    table = Table.grid(expand=True)
    table.add_column(ratio=1)
    table.add_column(justify="right")
    clock = f"{player.playback.day(player.minute)} {player.playback.clock(player.minute)}".strip()
    table.add_row(Text(" 演练 EXERCISE ", "bold black on yellow"), Text(clock, "bold"))
    table.add_row(_line(player.film["title"][player.language], "bold"), Text(_after(player)))
    return Group(table, _line(now, "green" if key == "calm" else "bold yellow"), _line(_figures(player), "dim"))


def _line(text: str, style: str = "") -> Text:
    return Text(text, style, overflow="ellipsis", no_wrap=True)


def _after(player: Player) -> str:
    failed = player.film["failed"]
    if failed is None:
        return ""
    planned = player.film["planned"]
    if player.minute < failed:
        return say("before the planned stop" if planned else "before the failure", player.language)
    since = "{length} since the planned stop" if planned else "{length} since the failure"
    return say(since, player.language, length=_lasting(player, failed))


def _figures(player: Player) -> str:
    """The figures beside the day without the fault; those that differ from it first."""
    parts: list[tuple[bool, str]] = []
    for figure in player.film["figures"]:
        now = player.playback.value(figure["series"], player.minute)
        usual = player.playback.maybe(figure["base"], player.minute)
        more = "" if usual is None or usual == now else f" ({now - usual:+,})"
        parts.append((not more, f"{figure['title'][player.language]} {now:,}{more}"))
    return " · ".join(text for _, text in sorted(parts, key=lambda part: part[0]))


def _systems_title(player: Player) -> str:
    systems = player.film["systems"]
    away = sum(turn_at(system["turns"], player.minute)[1] in AWAY for system in systems)
    if not away:
        return say("Systems", player.language)
    return say("{n} of {all} give no service", player.language, n=away, all=len(systems))


def _card(player: Player, inject: Question) -> RenderableType:
    language = player.language
    parts: list[RenderableType] = []
    if inject["title"]:
        parts += [Text(inject["title"][language], "bold", overflow="fold"), Text("")]
    parts += [Text(inject["text"][language], overflow="fold"), Text("")]
    for number, line in enumerate(spoken(inject, language, revealed=player.revealed)):
        parts.append(_said(line, "bold yellow" if number == 0 and inject["question"] else ""))
    answer = "Hide the answer" if player.revealed else "Show the answer"
    reveal = f"R {say(answer, language)} · " if spoken(inject, language, revealed=True)[1:] else ""
    parts += [Text(""), Text(f"{reveal}Space {say('Go on', language)}", "dim")]
    to = say("for {who}", language, who=inject["to"][language])
    title = f"{say('Inject', language)} · {player.playback.clock(inject['minute'])} · {to}"
    panel = Panel(Group(*parts), title=Text(title), border_style="yellow", padding=(1, 4), width=CARD)
    return Align.center(panel, vertical="middle")


def _said(line: str, style: str) -> RenderableType:
    """A line of the card; one with a bullet hangs beside it."""
    if not line.startswith(BULLET):
        return Text(line, style, overflow="fold")
    table = Table.grid(expand=True)
    table.add_column(width=2)
    table.add_column(ratio=1, overflow="fold")
    table.add_row(BULLET, Text(line.removeprefix(BULLET), style))
    return table


def _help(language: str) -> Table:
    table = Table.grid(padding=(0, 2))
    for key, what in KEYS:
        table.add_row(Text(key), Text(say(what, language)))
    return table


def _foot(player: Player) -> Table:
    table = Table.grid(expand=True)
    table.add_row(ProgressBar(total=player.film["horizon"], completed=player.minute))
    table.add_row(_line(_typing(player), "bold") if player.typed is not None else _line(_hints(player), "dim"))
    return table


def _typing(player: Player) -> str:
    """The time that is being typed, with what was wrong with the one before."""
    ask = f"{say('Go to a time', player.language)}: {player.typed}▏  "
    if player.refused is None:
        return ask + say("11:20; +45 for 45 minutes on, +2h, +13d; on another day 03-12 11:20", player.language)
    first, last = (
        f"{player.playback.day(m)} {player.playback.clock(m)}".strip() for m in (0.0, player.film["horizon"])
    )
    return ask + say(
        "“{text}” is not a time from {first} to {last}", player.language, text=player.refused, first=first, last=last
    )


def _hints(player: Player) -> str:
    language = player.language
    parts = [
        f"{'▶' if player.playing else '❚❚'} {say('{n}×', language, n=f'{player.speed:g}')}",
        say("Stop at the next inject", language) if player.stop_at_inject else "",
        f"Space {say('Pause' if player.playing else 'Play', language)}",
        *(f"{key} {say(what, language)}" for key, what in (("N", "Next event"), ("I", "Next inject"), ("G", "Go to a time"), ("?", "Keys"), ("Q", "Leave"))),
    ]  # fmt: skip
    return " · ".join(part for part in parts if part)
