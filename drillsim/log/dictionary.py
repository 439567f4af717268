"""The data dictionary: what the columns of a table say and in which unit, readable in a terminal and in a notebook."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

MOMENT, LENGTH, NUMBER, WORD = "minutes since StartEx", "minutes", "number", "word"
UNITS = {
    MOMENT: ("minute", "clock", "ready", "asked", "started", "ended", "arrived", "written"),
    LENGTH: ("taken", "allowed", "late_by", "rework", "work", "paused", "minutes"),
    NUMBER: ("replication", "sequence", "attempts", "patient", "items", "error"),
}
OF_TABLE = {("queues", "value"): NUMBER, ("queues", "base"): NUMBER}
OF_FIGURE = "as the figure says"


def unit(table: str, column: str) -> str:
    """The unit of a column: a moment, a length, a number, a word, or ``as the figure says`` where it differs from row to row."""
    if column.startswith("waited_"):
        return LENGTH
    known = next((name for name, columns in UNITS.items() if column in columns), WORD)
    return OF_TABLE.get((table, column), OF_FIGURE if column in ("value", "base") else known)


class Columns(dict[str, str]):
    """Column → meaning of one table, in order; ``units`` has column → unit. Shows itself as a table."""

    def __init__(self, table: str, meanings: Mapping[str, str]) -> None:
        super().__init__(meanings)
        self.table = table
        self.units = {name: unit(table, name) for name in meanings}

    def frame(self) -> pd.DataFrame:
        """The same as a pandas frame: column, unit, meaning."""
        import pandas as pd

        rows = [(name, self.units[name], meaning) for name, meaning in self.items()]
        return pd.DataFrame(rows, columns=["column", "unit", "meaning"])

    def __repr__(self) -> str:
        wide = max(map(len, self)), max(map(len, self.units.values()))
        return "\n".join(
            f"{name:<{wide[0]}}  {self.units[name]:<{wide[1]}}  {meaning}" for name, meaning in self.items()
        )

    def _repr_html_(self) -> str:
        cell = '<td style="text-align:left;vertical-align:top">'
        rows = "".join(
            f"<tr>{cell}<code>{escape(name)}</code></td>{cell}{escape(self.units[name])}</td>{cell}{escape(meaning)}</td></tr>"
            for name, meaning in self.items()
        )
        heads = "".join(f'<th style="text-align:left">{head}</th>' for head in ("column", "unit", "meaning"))
        return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
