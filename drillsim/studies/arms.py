"""From names, files, variants and saved runs to the ways of doing it that a study puts side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from drillsim import files
from drillsim.errors import Wrong
from drillsim.experiment import save
from drillsim.experiment.arms import play_arms
from drillsim.files import Loaded
from drillsim.files.altered import altered
from drillsim.model.base import Text
from drillsim.model.scenario import Scenario
from drillsim.report import live
from drillsim.score import costs
from drillsim.score.comparison import Arm
from drillsim.texts import preferred

BASE = "base"
AS_IT_IS = Text(en="As it is", zh="现状")

What = str | Path | Loaded | Scenario
Values = Mapping[str, object] | Iterable[str]


@dataclass(frozen=True)
class Chosen:
    """A scenario as it is, and how a changed one is made from it."""

    loaded: Loaded
    again: Callable[..., Scenario]

    @property
    def scenario(self) -> Scenario:
        """The scenario as it is."""
        return self.loaded.scenario

    def with_variant(self, name: str) -> Scenario:
        """The scenario with a named variant. Raises ScenarioError, with the nearest name, when there is none."""
        return self.again(variants=[name])

    def with_values(self, values: Values) -> Scenario:
        """The scenario with single values changed. Raises ScenarioError with everything that is wrong with them."""
        return self.again(set=values)


def chosen(what: What, values: Values = (), variants: Sequence[str] = ()) -> Chosen:
    """The scenario meant by a name, a file, or a record, with ``variants`` and ``values`` throughout."""
    values, always = dict(values) if isinstance(values, Mapping) else list(values), list(variants)
    if isinstance(what, str | Path):
        path = what

        def from_files(*, variants: Sequence[str] = (), set: Values = ()) -> Scenario:
            return files.load(path, variants=[*always, *variants], set=_together(values, set)).scenario

        return Chosen(files.load(what, variants=always, set=values), from_files)
    loaded = what if isinstance(what, Loaded) else Loaded(what, what.title.in_language("en"), {})
    if values or always:
        loaded = replace(loaded, scenario=altered(loaded.scenario, variants=always, set=values))

    def from_record(*, variants: Sequence[str] = (), set: Values = ()) -> Scenario:
        return altered(loaded.scenario, variants=variants, set=set)

    return Chosen(loaded, from_record)


def _together(values: Values, more: Values) -> Mapping[str, object] | list[str]:
    if isinstance(values, Mapping) and isinstance(more, Mapping):
        return {**values, **more}
    return [*_written(values), *_written(more)]


def _written(values: Values) -> list[str]:
    if isinstance(values, Mapping):
        return [f"{path}={value}" for path, value in values.items()]
    return list(values)


def of_variants(chosen: Chosen, names: Sequence[str]) -> list[Arm]:
    """Arms of variants of one scenario, the base first (also when it is not named), without runs yet."""
    wanted = dict.fromkeys([BASE, *names])
    arms = []
    for name in wanted:
        if name == BASE:
            arms.append(Arm(BASE, AS_IT_IS, chosen.scenario, [], 0))
            continue
        scenario = chosen.with_variant(name)
        variant = scenario.variants[name]
        arms.append(Arm(name, variant.title, scenario, [], 0, costs.of(variant.cost)))
    return arms


def of_scenarios(all_chosen: Sequence[Chosen]) -> list[Arm]:
    """Arms of several scenarios, without runs yet; equal names are numbered."""
    names = _different([one.loaded.name for one in all_chosen])
    return [Arm(name, one.scenario.title, one.scenario, [], 0) for name, one in zip(names, all_chosen, strict=True)]


def of_runs(folders: Sequence[str | Path]) -> list[Arm]:
    """Arms of saved runs, as they were played. Raises LogError when a folder holds none."""
    saved = [save.open_run(Path(folder)) for folder in folders]
    named = [_name(one) for one in saved]
    if len(set(named)) < len(named):  # the same scenario: what tells them apart is where they lie
        named = [Path(folder).resolve().name for folder in folders]
    names = _different(named)
    return [
        Arm(name, _title(one), one.scenario, one.runs.scored, one.runs.seed, _cost(one))
        for name, one in zip(names, saved, strict=True)
    ]


def _name(saved: save.Saved) -> str:
    return saved.summary.scenario.variant or saved.summary.scenario.name


def _title(saved: save.Saved) -> Text:
    variant = saved.scenario.variants.get(saved.summary.scenario.variant or "")
    return variant.title if variant else saved.scenario.title


def _cost(saved: save.Saved) -> costs.CostPart | None:
    variant = saved.scenario.variants.get(saved.summary.scenario.variant or "")
    return costs.of(variant.cost) if variant else None


def _different(names: Sequence[str]) -> list[str]:
    """The names, those that come again with a number behind them."""
    found: list[str] = []
    for name in names:
        number = 2
        while name in found:
            name = f"{name.removesuffix(f' {number - 1}')} {number}"
            number += 1
        found.append(name)
    return found


def is_run(what: object) -> bool:
    """Whether this is the folder of a saved run."""
    return isinstance(what, str | Path) and (Path(what) / save.RUN).is_file()


def played(
    arms: Sequence[Arm],
    *,
    replications: int | None,
    seed: int | None,
    jobs: int | None,
    progress: Callable[[int], None] | None,
) -> tuple[list[Arm], bool]:
    """The arms with their runs, all on the luck of the first one's seed; and whether it was interrupted.

    Raises ValueError when ``replications`` or ``jobs`` is below 1.
    """
    settings = arms[0].scenario.run
    number = settings.replications if replications is None else replications
    seed = settings.seed if seed is None else seed
    if number < 1 or (jobs is not None and jobs < 1):
        raise Wrong("replications and jobs must be 1 or more")
    scenarios = {arm.name: arm.scenario for arm in arms}
    with live.bar(number * len(arms), preferred()) as moved:
        found = play_arms(scenarios, range(1, number + 1), seed=seed, jobs=jobs, progress=progress or moved)
    return [replace(arm, scored=found.scored[arm.name], seed=seed) for arm in arms], found.interrupted
