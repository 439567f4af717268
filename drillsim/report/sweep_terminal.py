"""What ``drillsim sweep`` says at the end: each setting with the figures it is judged by, the steps between them, and which nothing beats."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from drillsim.model.scenario import Scenario
from drillsim.report import compared, swept, terminal
from drillsim.report.sweep_page import in_one_look, with_interval
from drillsim.score.sweep import Sweep
from drillsim.texts import say

if TYPE_CHECKING:
    from rich.console import Console

WIDE = 15  # signs of an interval that fit under a setting


def show(
    sweep: Sweep, scenario: Scenario, console: Console, *, language: str = "en", all_rows: bool = False, page: Path | None = None
) -> None:  # fmt: skip
    """Print a sweep: in colour on a terminal, plain elsewhere. ``all_rows`` shows every figure that differs in some run."""
    from rich.text import Text

    if not console.is_terminal:
        console.width = max(console.width, terminal.PIPE_WIDTH)
    console.print(swept.subject(sweep, scenario, language), style="bold", markup=False)
    console.print()
    headline, sentence = swept.verdict(sweep, language)
    console.print(Text(headline, style="bold").append("  " + sentence, style="not bold"))
    console.print()
    values = [setting.value for setting in sweep.settings]
    marks = [value + (" *" if setting.as_it_is else "") for value, setting in zip(values, sweep.settings, strict=True)]
    table = terminal.plain_table(say("figure", language), *marks, right=len(marks))
    rows = [r for r in sweep.comparison.figures if all_rows or r in in_one_look(sweep)]
    for row in rows:
        if any(one.sure != "same" for one in row.differences):
            cells = [Text(_cell(*with_interval(row, value, language), language=language)) for value in values]
            table.add_row(Text(compared.called(scenario, row, language)), *cells)
    if table.row_count:
        console.print(table)
    if any(setting.as_it_is for setting in sweep.settings):
        console.print("  " + say("* as the scenario has it", language), style="dim", markup=False)
    console.print()
    if said := swept.trade(sweep, scenario, language):
        console.print(said, markup=False)
        console.print()
    for between in sweep.steps:
        console.print(swept.step(between, scenario, language), markup=False)
    console.print()
    for said in swept.notes(sweep, scenario, language):
        console.print(Text(said, style="dim"))
    if page is not None:
        console.print(say("Page       {path}", language, path=page), markup=False)


def _cell(value: str, between: str, *, language: str) -> str:
    """A value over its interval, which takes two lines when it is long."""
    to = say("{low} to {high}", language, low="", high="")
    from rich.cells import cell_len

    if cell_len(between) > WIDE:
        between = between.replace(to, f"{to.rstrip()}\n", 1)
    return f"{value}\n{between}" if between else value
