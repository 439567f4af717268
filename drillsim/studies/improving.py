"""What would help a plan: changes drawn from the evidence and the scenario's own variants, raced on the same luck, the best ones combined."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from drillsim.errors import ScenarioError
from drillsim.experiment.proposals import Proposal, in_turn, named, proposals
from drillsim.experiment.search import BASE, Search, aims_of, combinations
from drillsim.files.altered import altered
from drillsim.model.base import Text
from drillsim.model.scenario import Scenario
from drillsim.report import live
from drillsim.score import costs
from drillsim.score import improvement as parts
from drillsim.score.comparison import Arm, Comparison, compare
from drillsim.score.evidence import evidence
from drillsim.score.improvement import Improvement
from drillsim.score.ranking import FIRST
from drillsim.score.words import words
from drillsim.studies import arms as ways
from drillsim.studies.arms import What
from drillsim.texts import preferred

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

EVIDENCE_RUNS = 20
BUDGET = 600
SURE = 0.95
YEARS = costs.YEARS
RUNS_EACH = 3 * FIRST  # what the budget must hold for a change to be tried: half of it is for the race


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
        return pd.DataFrame(rows)

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
        return _searched(chosen, budget, aims, years, seed, jobs, progress or moved)


def _searched(
    chosen: ways.Chosen, budget: int, aims: Sequence[str], years: float, seed: int | None, jobs: int | None, progress: Callable[[int], None]
) -> Improved:  # fmt: skip
    """Evidence, race, and the last round on fresh luck."""
    base = chosen.scenario
    search = Search({BASE: base}, [], base.run.seed if seed is None else seed, jobs=jobs, progress=progress)
    search.play([BASE], range(1, EVIDENCE_RUNS + 1))
    shown = evidence(base, search.runs[BASE])
    try:
        search.aims = aims_of(base, shown, aims)
    except KeyError as error:
        raise ValueError(f"{error.args[0]!r} is not a figure to aim at; the figures are those of compare().table()") from error  # fmt: skip
    drawn = _drawn(base, [*named(base), *proposals(base, shown)])
    affordable = max(budget // RUNS_EACH - 1, 1)
    tried = {one.name: one for one in drawn[:affordable]}
    search.scenarios |= {name: altered(base, set=one.set) for name, one in tried.items()}
    if not search.aims or not tried or search.interrupted:
        return Improved(_nothing(search, years), base, chosen.loaded.name, search.interrupted)
    left = search.race(budget // 2, SURE)
    finalists = search.finalists(left, {name: one.targets for name, one in tried.items()})
    prices = {name: costs.of(one.cost, years) for name, one in tried.items()}
    cheap = search.most_for_money({name: one.total for name, one in prices.items() if one is not None and one.total is not None})  # fmt: skip
    extra = [cheap] if cheap is not None and cheap not in finalists else []
    finals, runs, together = _final(search, tried, finalists, extra, prices, budget)
    improvement = _summed_up(search, tried, left, [*finalists, *extra], finals, runs, together, prices, years)
    untried = {"untried": [words(one.title) for one in drawn[affordable:]], "enough": RUNS_EACH * (len(drawn) + 1)}
    return Improved(improvement.model_copy(update=untried), base, chosen.loaded.name, search.interrupted)


def _drawn(base: Scenario, found: Iterable[Proposal]) -> list[Proposal]:
    """The changes to try: those that can be made, each once, in the order in which the budget pays for them."""
    kept: dict[tuple[tuple[str, str], ...], Proposal] = {}
    scenarios = [base]
    for one in found:
        key = tuple(sorted((path, str(value)) for path, value in one.set.items()))
        try:
            made = altered(base, set=one.set)
        except ScenarioError:
            if one.kind == "named":
                raise  # a mistake in the scenario's own variant
            continue  # what the rest of the files does not allow is no change to propose
        if key not in kept and made not in scenarios:
            kept[key] = one
            scenarios.append(made)
    return in_turn(kept.values())


def _money(cost: costs.CostPart | None) -> dict[str, object]:
    """The columns of a cost."""
    known = cost is not None and cost.total is not None
    columns = {"cost_once": "once", "cost_yearly": "yearly", "cost_total": "total", "currency": "currency"}
    return {column: getattr(cost, name) if known else None for column, name in columns.items()}


def _nothing(search: Search, years: float) -> Improvement:
    return Improvement(aims=_aims(search), sure=SURE, runs=search.spent, candidates=[], untried=[], enough=0, finals=None, combinations={}, adding=[], slower=[], helps=[], mixed=[], years=years, currency="", per=0.0, by_cost=[])  # fmt: skip


def _aims(search: Search) -> list[parts.AimPart]:
    return [parts.AimPart(name=aim.name, more=aim.more, worth=aim.worth) for aim in search.aims]


def _final(
    search: Search, tried: Mapping[str, Proposal], finalists: Sequence[str], extra: Sequence[str],
    prices: Mapping[str, costs.CostPart | None], budget: int,
) -> tuple[Comparison | None, dict[str, list[parts.Scored]], dict[str, list[str]]]:  # fmt: skip
    """The finalists, their combinations, and ``extra`` changes by themselves, against the scenario as it is, on fresh runs."""
    if not (finalists or extra) or search.interrupted:
        return None, {}, {}
    base = search.scenarios[BASE]
    together: dict[str, list[str]] = {}
    for name, members in combinations(finalists, {one: tried[one].set for one in finalists}).items():
        change = {path: value for one in members for path, value in tried[one].set.items()}
        search.scenarios[name] = altered(base, set=change)
        together[name] = members
    alone = [*finalists, *extra]
    runs = search.fresh([BASE, *alone, *together], budget)
    letters = dict(zip(alone, "ABCDEFGH", strict=False))
    titles = {BASE: ways.AS_IT_IS} | {name: _lettered(letters[name], tried[name].title) for name in alone}
    for name, members in together.items():
        both = " + ".join(letters[one] for one in members)
        titles[name] = Text(en=both, zh=both)
    cost = {
        **prices,
        **{name: costs.together({one: prices[one] for one in members}) for name, members in together.items()},
    }
    made = [Arm(name, titles[name], search.scenarios[name], runs[name], search.seed, cost.get(name)) for name in runs]
    return (compare(made) if runs[BASE] else None), runs, together


def _lettered(letter: str, title: Text) -> Text:
    return Text(en=f"{letter}: {title.in_language('en')}", zh=f"{letter}：{title.in_language('zh')}")


def _summed_up(
    search: Search, tried: Mapping[str, Proposal], left: Sequence[str], finalists: Sequence[str], finals: Comparison | None,
    runs: Mapping[str, list[parts.Scored]], together: Mapping[str, list[str]], prices: Mapping[str, costs.CostPart | None], years: float,
) -> Improvement:  # fmt: skip
    base = search.scenarios[BASE]
    confidence, same = base.run.confidence, search.without_effect()
    candidates = [
        parts.Candidate(
            name=name,
            title=words(one.title),
            kind=one.kind,
            cost=prices[name],
            caution=words(one.caution) if one.caution else None,
            minutes=one.minutes,
            set={path: str(value) for path, value in one.set.items()},
            runs=len(search.runs[name]),
            effects={a.name: parts.effect(base, a, search.runs[name], search.runs[BASE], confidence) for a in search.aims},
            status="final" if name in finalists and finals else "same" if name in same else "left" if name in left else "dropped",
        )
        for name, one in tried.items()
    ]  # fmt: skip
    helps, mixed = parts.verdicts(finals, search.aims, together) if finals else ([], [])
    per, priced = _by_cost(search, runs, together, prices, next(iter([*helps, *mixed]), None))
    error = (1 - confidence) / len(tried)
    found = (parts.slower(base, name, search.runs[name], search.runs[BASE], error) for name in tried)
    return Improvement(
        aims=_aims(search),
        sure=SURE,
        runs=search.spent,
        candidates=candidates,
        untried=[],
        enough=0,
        finals=finals,
        combinations=dict(together),
        adding=parts.adding(base, search.aims, runs, together, BASE, confidence) if finals else [],
        slower=[one for one in found if one is not None],
        helps=helps,
        mixed=mixed,
        years=years,
        currency=next((one.currency for one in prices.values() if one is not None and one.currency), ""),
        per=per,
        by_cost=priced,
    )


def _by_cost(
    search: Search, fresh: Mapping[str, list[parts.Scored]], together: Mapping[str, list[str]],
    prices: Mapping[str, costs.CostPart | None], best: str | None,
) -> tuple[float, list[costs.Priced]]:  # fmt: skip
    """What every change and combination with a known cost brings for it: on fresh runs those that had any, in the race the others."""
    base = search.scenarios[BASE]
    every = {
        **prices,
        **{name: costs.together({one: prices[one] for one in members}) for name, members in together.items()},
    }
    whole = {name: one for name, one in every.items() if one is not None and one.total is not None and not one.without}
    effects = {}
    for name in whole:
        mine, others = (fresh[name], fresh[BASE]) if name in fresh else (search.runs[name], search.runs[BASE])
        effects[name] = {a.name: parts.effect(base, a, mine, others, base.run.confidence) for a in search.aims}
    return costs.by_cost(base, search.aims, whole, effects, fresh, best, base.run.confidence)
