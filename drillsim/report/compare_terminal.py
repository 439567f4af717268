"""What ``drillsim compare`` says at the end: each way in one sentence, a table of headline figures, what else differs, and how it was judged."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from drillsim.model.scenario import Scenario
from drillsim.report import compared, costs, terminal, words
from drillsim.score.comparison import Comparison, Row
from drillsim.texts import say

if TYPE_CHECKING:
    from rich.console import Console

MOST_OTHERS = 8
STYLES = {"better": "green", "worse": "red", "more": "bold", "less": "bold", "": "dim"}


def show(
    comparison: Comparison, scenario: Scenario, console: Console, *, language: str = "en", all_rows: bool = False, page: Path | None = None
) -> None:  # fmt: skip
    """Print a comparison: in colour on a terminal, plain elsewhere. ``all_rows`` shows every figure that differs in some run."""
    from rich.text import Text

    if not console.is_terminal:
        console.width = max(console.width, terminal.PIPE_WIDTH)
    title = words.words(comparison.arms[0].title, language)
    console.print(say("Compared with: {title}", language, title=title), style="bold", markup=False)
    console.print()
    for arm in comparison.arms[1:]:
        tone, said = compared.verdict(comparison, arm.name, scenario, language)
        cost = say(" Cost: {cost}.", language, cost=costs.cost(arm.cost, language)) if arm.cost else ""
        console.print(Text(said + cost, style={"holds": "green", "fails": "red", "open": ""}[tone]))
    console.print()
    rows = [r for r in comparison.figures if all_rows or r.headline]
    rows = [r for r in rows if any(one.sure != "same" for one in r.differences)]
    if rows:
        console.print(_table(comparison, scenario, rows, language))
    same = sum(r.headline for r in comparison.figures) - sum(r.headline for r in rows)
    if same:
        console.print("  " + say("{n} more headline figures are the same in every run", language, n=same), style="dim", markup=False)  # fmt: skip
    if not all_rows:
        _others(comparison, scenario, console, language)
    console.print()
    for said in compared.how(comparison, language):
        console.print(Text(said, style="dim"))
    if page is not None:
        console.print(say("Page       {path}", language, path=page), markup=False)


def _table(comparison: Comparison, scenario: Scenario, rows: list[Row], language: str) -> object:
    from rich.text import Text

    arms = comparison.arms
    headings = [compared.arm_title(comparison, arm.name, language) for arm in arms]
    table = terminal.plain_table(say("figure", language), headings[0], *headings[1:], right=len(arms))
    for row in rows:
        cells = [Text(compared.of_arm(row, comparison.reference, language))]
        for one in row.differences:
            cell = Text(compared.of_arm(row, one.arm, language))
            sign = compared.SIGNS.get((one.sure, one.direction), "")
            style = STYLES[one.direction if one.sure == "sure" else ""]
            said = compared.difference(one.difference, row.unit, language)
            between = compared.interval(one.difference, row.unit, language)
            if one.sure != "same":
                cell.append(
                    "\n" + " ".join(piece for piece in (sign, said, f"({between})" * bool(between)) if piece),
                    style=style,
                )
            cells.append(cell)
        table.add_row(Text(compared.called(scenario, row, language)), *cells)
    return table


def _others(comparison: Comparison, scenario: Scenario, console: Console, language: str) -> None:
    """Figures that are no headline and differ for sure, the first few as sentences."""
    sure = [(row, one) for row, one in compared.ranked(comparison) if not row.headline and one.sure == "sure"]
    if not sure:
        return
    console.print()
    console.print(say("Also sure:", language), style="bold", markup=False)
    for row, one in sure[:MOST_OTHERS]:
        console.print("  " + compared.sentence(comparison, scenario, row, one, language), markup=False)
    if len(sure) > MOST_OTHERS:
        console.print("  " + say("… {n} more on the page, or with --all", language, n=len(sure) - MOST_OTHERS), style="dim", markup=False)  # fmt: skip
