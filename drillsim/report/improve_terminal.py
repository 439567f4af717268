"""What ``drillsim improve`` says at the end: what helps, what does not add up, what makes it slower, and what was tried."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from drillsim.model.scenario import Scenario
from drillsim.report import compared, costs, improve_costs, improved, terminal, words
from drillsim.score.improvement import Candidate, Improvement
from drillsim.texts import say

if TYPE_CHECKING:
    from rich.console import Console

STYLES = {"holds": "bold green", "fails": "bold red", "open": "bold"}


def show(
    improvement: Improvement, scenario: Scenario, console: Console, *, language: str = "en", all_rows: bool = False, page: Path | None = None
) -> None:  # fmt: skip
    """Print a search: in colour on a terminal, plain elsewhere. ``all_rows`` shows the changes that dropped out too."""
    from rich.text import Text

    if not console.is_terminal:
        console.width = max(console.width, terminal.PIPE_WIDTH)
    tone, headline = improved.verdict(improvement, language)
    console.print(scenario.title.in_language(language), style="bold", markup=False)
    console.print()
    console.print(Text(headline, style=STYLES[tone]))
    for said in improved.sentences(improvement, scenario, language)[1:]:
        console.print("  " + said, markup=False)
    if improvement.candidates:
        console.print()
        _tried(improvement, scenario, console, language, all_rows=all_rows)
    if improvement.by_cost:
        console.print()
        _by_cost(improvement, scenario, console, language, all_rows=all_rows)
    console.print()
    for said in improved.notes(improvement, scenario, language):
        console.print(Text(said, style="dim"))
    if page is not None:
        console.print(say("Page       {path}", language, path=page), markup=False)


def _tried(improvement: Improvement, scenario: Scenario, console: Console, language: str, *, all_rows: bool) -> None:
    from rich.text import Text

    aims = [improved.aim_title(improvement, scenario, aim.name, language) for aim in improvement.aims]
    table = terminal.plain_table(say("change", language), *aims, say("runs", language), say("how far it came", language), say("cost", language))  # fmt: skip
    shown = [one for one in improved.ranked(improvement) if all_rows or one.status in ("final", "left")]
    for one in shown:
        cost = costs.cost(one.cost, language) or words.MISSING
        cells = [Text(_effect(one, aim.name, language)) for aim in improvement.aims]
        table.add_row(Text(words.words(one.title, language)), *cells, str(one.runs), say(improved.STATUS[one.status], language), Text(cost))  # fmt: skip
    if shown:
        console.print(table)
    dropped = len(improvement.candidates) - len(shown)
    if dropped:
        console.print("  " + say("… {n} more dropped out or change nothing (--all)", language, n=dropped), style="dim", markup=False)  # fmt: skip


def _by_cost(improvement: Improvement, scenario: Scenario, console: Console, language: str, *, all_rows: bool) -> None:
    from rich.text import Text

    aims = [improved.aim_title(improvement, scenario, aim.name, language) for aim in improvement.aims]
    table = terminal.plain_table(say("by cost", language), improve_costs.heading(improvement, language), *aims, say("runs", language), say("against the best", language))  # fmt: skip
    for one, row in zip(improvement.by_cost, improve_costs.rows(improvement, language), strict=True):
        if all_rows or one.fresh:
            effects = [Text("\n".join(part for part in (value, each) if part)) for value, _, each in row["effects"]]
            table.add_row(Text(row["title"]), Text(row["total"]), *effects, str(row["runs"]), Text(row["standing"]))
    console.print(table)
    if said := improve_costs.unknown(improvement, language):
        console.print("  " + said, style="dim", markup=False)


def _effect(one: Candidate, aim: str, language: str) -> str:
    between = compared.interval(one.effects[aim], improved.unit(aim), language)
    said = compared.difference(one.effects[aim], improved.unit(aim), language)
    return f"{said}\n{between}" if between else said
