"""The search for what would help: changes drawn from the evidence, raced on the same luck, the best and their combinations on fresh luck."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from drillsim.errors import ScenarioError
from drillsim.experiment.proposals import Proposal, in_turn, named, proposals
from drillsim.experiment.search import BASE, Search, aims_of, combinations
from drillsim.files.altered import altered
from drillsim.model.base import Text
from drillsim.model.scenario import Scenario
from drillsim.score import costs
from drillsim.score import improvement as parts
from drillsim.score.comparison import Arm, Comparison, compare
from drillsim.score.evidence import evidence
from drillsim.score.improvement import Improvement
from drillsim.score.ranking import FIRST
from drillsim.score.words import words
from drillsim.studies import arms as ways

EVIDENCE_RUNS = 20
SURE = 0.95
RUNS_EACH = 3 * FIRST  # what the budget must hold for a change to be tried: half of it is for the race


def searched(
    base: Scenario, budget: int, aims: Sequence[str], years: float, seed: int | None, jobs: int | None, progress: Callable[[int], None]
) -> tuple[Improvement, bool]:  # fmt: skip
    """(what the search found, whether it was interrupted): evidence, race, and the last round on fresh luck."""
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
        return _nothing(search, years), search.interrupted
    left = search.race(budget // 2, SURE)
    finalists = search.finalists(left, {name: one.targets for name, one in tried.items()})
    prices = {name: costs.of(one.cost, years) for name, one in tried.items()}
    cheap = search.most_for_money({name: one.total for name, one in prices.items() if one is not None and one.total is not None})  # fmt: skip
    extra = [cheap] if cheap is not None and cheap not in finalists else []
    finals, runs, together = _final(search, tried, finalists, extra, prices, budget)
    improvement = _summed_up(search, tried, left, [*finalists, *extra], finals, runs, together, prices, years)
    untried = {"untried": [words(one.title) for one in drawn[affordable:]], "enough": RUNS_EACH * (len(drawn) + 1)}
    return improvement.model_copy(update=untried), search.interrupted


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
    helps, smaller = parts.smaller_first(base, search.aims, runs, together, helps, confidence)
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
        smaller=smaller,
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
