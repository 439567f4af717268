"""What would help a plan: changes drawn from the evidence and the scenario's own variants, raced on the same luck, the best ones combined."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from drillsim.files.python import in_python
from drillsim.model.scenario import Scenario
from drillsim.report import live
from drillsim.score import answers, costs
from drillsim.score.improvement import Improvement
from drillsim.studies import arms as ways
from drillsim.studies.arms import What
from drillsim.studies.searching import searched
from drillsim.texts import preferred

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

BUDGET = 600
YEARS = costs.YEARS


@dataclass(frozen=True)
class Improved:
    """A search for what would help: ``improvement`` (all of it as records), ``table()`` (a frame), ``sentences()``, and a page for people."""

    improvement: Improvement
    scenario: Scenario
    name: str
    interrupted: bool = False

    def table(self) -> pd.DataFrame:
        """One row per change and aim: change, title, kind, cost_once, cost_yearly, cost_total (over the years of the search), currency, status,
        runs (in the race), aim, difference, low, high (against the scenario as it is, in the race), and on fresh runs, for the final ones:
        final_runs, final_difference, final_low, final_high, sure, direction."""
        import pandas as pd

        finals = self.improvement.finals
        fresh = {(one.arm, row.name): one for row in finals.figures for one in row.differences} if finals else {}
        rows = []
        for candidate in self.improvement.candidates:
            for aim, effect in candidate.effects.items():
                last = fresh.get((candidate.name, aim))
                rows.append(
                    {"change": candidate.name, "title": candidate.title.en, "kind": candidate.kind}
                    | _money(candidate.cost)
                    | {"status": candidate.status, "runs": candidate.runs, "aim": aim}
                    | {"difference": effect.value, "low": effect.low, "high": effect.high}
                    | {"final_runs": last.difference.n if last else None, "final_difference": last.difference.value if last else None}
                    | {"final_low": last.difference.low if last else None, "final_high": last.difference.high if last else None}
                    | {"sure": last.sure if last else None, "direction": last.direction if last else None}
                )  # fmt: skip
        return pd.DataFrame(rows)

    def by_cost(self) -> pd.DataFrame:
        """Every change and combination whose cost is known, the cheapest first, one row per aim: change, title, cost_total, currency, years, aim,
        difference, low, high, runs (fresh ones where ``fresh``), ``each`` (the difference for each ``per`` of money; empty where it costs
        nothing), and ``against`` the best: best, as_good (surely not behind by what is worth having), less (surely behind) or open."""
        import pandas as pd

        found = self.improvement
        titles = {one.name: one.title.en for one in found.candidates}
        rows = [
            {"change": one.name, "title": " + ".join(titles[part] for part in found.combinations.get(one.name, [one.name]))}
            | {"cost_total": one.total, "currency": found.currency, "years": found.years, "aim": aim}
            | {"difference": effect.value, "low": effect.low, "high": effect.high, "runs": effect.n, "fresh": one.fresh}
            | {"each": one.each[aim] if one.each else None, "per": found.per, "against": one.against}
            for one in found.by_cost
            for aim, effect in one.effects.items()
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=list(answers.COLUMNS["by_cost"]))

    def csv(self) -> str:
        """The table as text, for spreadsheets."""
        text: str = self.table().to_csv(index=False, lineterminator="\n")
        return text

    def json(self) -> str:
        """Everything as JSON (see ``drillsim.score.improvement``)."""
        return self.improvement.model_dump_json(indent=1)

    def sentences(self, language: str = "en") -> list[str]:
        """What would help, what does not add up, what makes it slower."""
        from drillsim.report.improved import sentences

        return sentences(self.improvement, self.scenario, language)

    def page(self, language: str = "en") -> str:
        """The search as one HTML page that needs no network."""
        from drillsim.report.improve_page import write_page

        return write_page(self.improvement, self.scenario, language)

    def save(self, path: str | Path, language: str = "en") -> None:
        """Write the page into a file."""
        Path(path).write_text(self.page(language), encoding="utf-8", newline="\n")

    def show(self, console: Console, *, language: str = "en", all_rows: bool = False, page: Path | None = None) -> None:
        """Print it on a console of rich."""
        from drillsim.report.improve_terminal import show

        show(self.improvement, self.scenario, console, language=language, all_rows=all_rows, page=page)

    def __repr__(self) -> str:
        return "\n".join(self.sentences(preferred()))

    def _repr_html_(self) -> str:
        from drillsim.report.card import told

        language = preferred()
        return told(self.sentences(language), language)


@in_python
def improve(
    what: What,
    *,
    budget: int = BUDGET,
    aims: Sequence[str] = (),
    years: float = YEARS,
    variant: str | Iterable[str] = (),
    set: Mapping[str, object] | Iterable[str] = (),
    seed: int | None = None,
    jobs: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Improved:
    """Look for what would help: changes that the evidence suggests and the variants that the scenario names, about ``budget`` runs in all.

    All play on the same luck; what is clearly not among the best for any of the ``aims`` (figures such as ``plan.on_time_share``,
    ``patients.left``; by default those two) drops out early. The best few and their combinations are then played on fresh luck, which the
    differences that are told come from. Costs are added up over ``years``. Raises ValueError when the budget is below 100, the years are not
    above 0 or an aim is unknown, ScenarioError for mistakes.
    """
    if budget < 100:
        raise ValueError("a search needs a budget of 100 runs or more")
    if not 0 < years < float("inf"):
        raise ValueError("costs are added up over more than 0 years")
    names = [variant] if isinstance(variant, str) else list(variant)
    chosen = ways.chosen(what, set, names)
    with live.bar(budget, preferred()) as moved:
        found, interrupted = searched(chosen.scenario, budget, aims, years, seed, jobs, progress or moved)
    return Improved(found, chosen.scenario, chosen.loaded.name, interrupted)


def _money(cost: costs.CostPart | None) -> dict[str, object]:
    """The columns of a cost."""
    known = cost is not None and cost.total is not None
    columns = {"cost_once": "once", "cost_yearly": "yearly", "cost_total": "total", "currency": "currency"}
    return {column: getattr(cost, name) if known else None for column, name in columns.items()}
