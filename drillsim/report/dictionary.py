"""The data dictionary: what the columns of a table say and in which unit, readable in a terminal and in a notebook."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING

from drillsim.report.columns import cells
from drillsim.texts import preferred, say

if TYPE_CHECKING:
    import pandas as pd

MOMENT, LENGTH, NUMBER, WORD, YES, OF_FIGURE = (
    "minutes since StartEx",
    "minutes",
    "number",
    "word",
    "true or false",
    "as the figure says",
)
UNITS = {
    MOMENT: ("minute", "clock", "ready", "asked", "started", "ended", "arrived", "written"),
    LENGTH: ("taken", "allowed", "late_by", "rework", "slowed", "work", "paused", "minutes", "wait_added", "caught_up"),
    NUMBER: (
        "replication", "sequence", "attempts", "given_up", "patient", "items", "error", "runs", "final_runs", "correlation", "p", "adjusted", "share", "met", "target",
        "points", "at_least", "reference_at_least",
        "points", "served_share", "not_before_end", "years", "cost_once", "cost_yearly", "cost_total", "per",
    ),
    YES: ("paired", "reached", "fresh"),
    OF_FIGURE: (
        "value", "base", "reference_value", "difference", "low", "high", "difference_low", "difference_high", "final_difference", "final_low", "final_high", "each",
    ),
}  # fmt: skip
OF_TABLE = {
    ("queues", "value"): NUMBER,
    ("queues", "base"): NUMBER,
    ("delays", "base"): LENGTH,
    ("objectives", "low"): NUMBER,
    ("objectives", "high"): NUMBER,
    ("after_action", "low"): NUMBER,
    ("after_action", "high"): NUMBER,
}


def unit(table: str, column: str) -> str:
    """The unit of a column: a moment, a length, a number, a word, true or false, or ``as the figure says`` where it differs from row to row."""
    if column.startswith("waited_"):
        return LENGTH
    known = next((name for name, columns in UNITS.items() if column in columns), WORD)
    return OF_TABLE.get((table, column), known)


HEADINGS = ("column", "unit", "meaning")


class Columns(dict[str, str]):
    """Column → meaning of one table, in order; ``units`` has column → unit. Shows itself as a table, in the language chosen."""

    def __init__(self, table: str, meanings: Mapping[str, str]) -> None:
        super().__init__(meanings)
        self.table = table
        self.units = {name: unit(table, name) for name in meanings}

    def frame(self) -> pd.DataFrame:
        """The same as a pandas frame: column, unit, meaning."""
        import pandas as pd

        rows = [(name, self.units[name], meaning) for name, meaning in self.items()]
        return pd.DataFrame(rows, columns=list(HEADINGS))

    def told(self, language: str) -> list[tuple[str, str, str]]:
        """Column, unit and meaning of each column, in the language."""
        return [(name, say(self.units[name], language), say(meaning, language)) for name, meaning in self.items()]

    def __repr__(self) -> str:
        rows = self.told(preferred())
        wide = [max(cells(row[k]) for row in rows) for k in (0, 1)]
        return "\n".join(
            "  ".join([*(row[k] + " " * (wide[k] - cells(row[k])) for k in (0, 1)), row[2]]) for row in rows
        )

    def _repr_html_(self) -> str:
        language = preferred()
        cell = '<td style="text-align:left;vertical-align:top">'
        rows = "".join(
            f"<tr>{cell}<code>{escape(name)}</code></td>{cell}{escape(unit)}</td>{cell}{escape(meaning)}</td></tr>"
            for name, unit, meaning in self.told(language)
        )
        heads = "".join(f'<th style="text-align:left">{say(head, language)}</th>' for head in HEADINGS)
        return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
