"""Compare variants of a scenario, several scenarios, or saved runs: every figure with the difference and how sure it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from drillsim.files.python import in_python
from drillsim.model.scenario import Scenario
from drillsim.score.comparison import Compared, Comparison, Row
from drillsim.score.comparison import compare as compare_arms
from drillsim.studies import arms as ways
from drillsim.studies.arms import What
from drillsim.texts import preferred, say

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console


@dataclass(frozen=True)
class SideBySide:
    """A comparison: ``comparison`` (all figures as records), ``table()`` (a frame), ``sentences()``, and a page for people."""

    comparison: Comparison
    scenario: Scenario
    name: str
    interrupted: bool = False

    def table(self) -> pd.DataFrame:
        """One row per figure and arm: figure (its name), group, kind, id, unit (claim: share of runs; share; min; number), arm, reference,
        value, reference_value, at_least, reference_at_least, difference, low, high, runs (pairs), paired, correlation, p, adjusted (Holm), sure, direction."""
        import pandas as pd

        return pd.DataFrame(
            [line(self.comparison, row, one) for row in self.comparison.figures for one in row.differences]
        )

    def csv(self) -> str:
        """The table as text, for spreadsheets."""
        text: str = self.table().to_csv(index=False, lineterminator="\n")
        return text

    def json(self) -> str:
        """Every figure with its differences, as JSON (see ``drillsim.score.comparison``)."""
        return self.comparison.model_dump_json(indent=1)

    def show(self, console: Console, *, language: str = "en", all_rows: bool = False, page: Path | None = None) -> None:
        """Print it on a console of rich."""
        from drillsim.report.compare_terminal import show

        show(self.comparison, self.scenario, console, language=language, all_rows=all_rows, page=page)

    def sentences(self, language: str = "en", *, most: int | None = None) -> list[str]:
        """What the comparison says, the surest first: one sentence for each figure and arm that differs."""
        from drillsim.report.compared import sentences

        return sentences(self.comparison, self.scenario, language, most=most)

    def page(self, language: str = "en") -> str:
        """The comparison as one HTML page that needs no network."""
        from drillsim.report.compare_page import write_page

        return write_page(self.comparison, self.scenario, language)

    def save(self, path: str | Path, language: str = "en") -> None:
        """Write the page into a file."""
        Path(path).write_text(self.page(language), encoding="utf-8", newline="\n")

    def __repr__(self) -> str:
        language = preferred()
        return "\n".join(self.sentences(language, most=12) or [say("No figure differs by more than luck.", language)])

    def _repr_html_(self) -> str:
        from drillsim.report.card import told

        language = preferred()
        return told(self.sentences(language, most=12), language)


def line(comparison: Comparison, row: Row, one: Compared) -> dict[str, Any]:
    """One figure of one arm as a row of a table."""
    return {
        "figure": row.name,
        "group": row.group,
        "kind": row.kind,
        "id": row.id,
        "unit": row.unit,
        "arm": one.arm,
        "reference": comparison.reference,
        "value": row.values[one.arm].value,
        "reference_value": row.values[comparison.reference].value,
        "at_least": row.at_least.get(one.arm, 0),
        "reference_at_least": row.at_least.get(comparison.reference, 0),
        "difference": one.difference.value,
        "low": one.difference.low,
        "high": one.difference.high,
        "runs": one.difference.n,
        "paired": one.paired,
        "correlation": one.correlation,
        "p": one.p,
        "adjusted": one.adjusted,
        "sure": one.sure,
        "direction": one.direction,
    }


@in_python
def compare(
    *what: What,
    variants: str | Iterable[str] = (),
    set: Mapping[str, object] | Iterable[str] = (),
    replications: int | None = None,
    seed: int | None = None,
    jobs: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> SideBySide:
    """Compare ``variants`` of one scenario with it as it is (``base``); or several scenarios, or saved runs, with the first of them.

    Scenarios are names, files or what ``load`` gave, played on the same luck (the same ``seed``) and compared run by run; saved runs are the
    folders they lie in, compared run by run where they had the same seed. ``set`` changes values in all of them. Raises ValueError when there
    is nothing to compare, ScenarioError for mistakes in files, LogError for a folder without a run.
    """
    names = [variants] if isinstance(variants, str) else list(variants)
    saved = [ways.is_run(one) for one in what]
    if any(saved):
        if names or set or not all(saved) or len(what) < 2:
            raise ValueError(
                "saved runs are compared with each other as they are: give two or more folders, nothing else"
            )
        folders = [one for one in what if isinstance(one, str | Path)]
        arms, interrupted = ways.of_runs(folders), False
        return SideBySide(compare_arms(arms), arms[0].scenario, arms[0].name, interrupted)
    chosen = [ways.chosen(one, set) for one in what]
    if len(chosen) == 1 and [name for name in names if name != ways.BASE]:
        arms = ways.of_variants(chosen[0], names)
    elif len(chosen) > 1 and not names:
        arms = ways.of_scenarios(chosen)
    else:
        raise ValueError("give one scenario with variants, or several scenarios, or several saved runs")
    arms, interrupted = ways.played(arms, replications=replications, seed=seed, jobs=jobs, progress=progress)
    return SideBySide(compare_arms(arms), chosen[0].scenario, chosen[0].loaded.name, interrupted)
