"""A scenario as the rules look at it: steps by id, who does what, and the faults to be ready for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from drillsim.errors import Wrong
from drillsim.lint.events import Reach
from drillsim.lint.named import Kind, all_named, named
from drillsim.lint.outages import away
from drillsim.lint.week import Week, week
from drillsim.model.plan import Effect, Step
from drillsim.model.scenario import Fault, Scenario
from drillsim.model.systems import selected

if TYPE_CHECKING:
    from drillsim.lint.paths import Paths

NOTICES = ("notify", "order_paper", "return_to_system")


class Case(NamedTuple):
    """A day to be ready for: the scenario itself (``library`` is "") or one of the library, its faults, and what they can take away."""

    library: str
    faults: tuple[Fault, ...]
    away: frozenset[str]


class View:
    """A scenario with what the rules ask of it again and again, worked out once.

    ``library``: name → faults of the scenarios of the library. ``whole``: hospital and plan are both at hand.
    """

    def __init__(
        self, scenario: Scenario, library: Mapping[str, Iterable[Fault]] | None = None, *, whole: bool = True
    ) -> None:
        self.scenario = scenario
        self.hospital = scenario.hospital
        self.plan = scenario.plan
        self.whole = whole
        self._library = library or {}
        self.steps = {step.id: step for step in scenario.plan.steps}
        self.place = {step.id: number for number, step in enumerate(scenario.plan.steps)}
        self.paths: dict[tuple[str, bool], Paths] = {}  # from an event, with typical work or the least (see lint.paths)

    @cached_property
    def reach(self) -> Reach:
        """What can happen at all."""
        return Reach(self.scenario, whole=self.whole)

    @cached_property
    def week(self) -> Week:
        """Who is there when."""
        return week(self.scenario)

    @cached_property
    def cases(self) -> tuple[Case, ...]:
        """The scenario, and those of the library whose faults this hospital can have."""
        own = [self._case("", self.scenario.faults)] if self.scenario.faults else []
        return (
            *own,
            *(case for name, faults in self._library.items() if (case := self._case(name, tuple(faults))).faults),
        )

    def _case(self, name: str, faults: tuple[Fault, ...]) -> Case:
        systems = self.hospital.systems
        here = tuple(
            f for f in faults if (f.target in self.hospital.staff if f.nature.of_staff else selected(systems, f.target))
        )
        struck = {
            target
            for fault in here
            if fault.nature.takes == "away" and fault.chance > 0
            for target in selected(systems, fault.target)
            if not (fault.nature.by_share and systems[target].count > 1 and fault.severity < 1)
        }
        return Case(name, here, away(systems, struck))

    def effects(self, *kinds: str) -> Iterator[tuple[Step, Effect]]:
        """Every effect of these kinds, with its step."""
        for step in self.plan.steps:
            for effect in step.does:
                if effect.kind in kinds:
                    yield step, effect

    def targets(self, *kinds: str) -> set[str]:
        """Everything that effects of these kinds name."""
        return {target for _, effect in self.effects(*kinds) for target in effect.targets}

    def departments(self, targets: Iterable[str]) -> list[str]:
        """The departments that are meant by names of departments and groups, in order of the file."""
        wanted = set(targets)
        return [n for n, d in self.hospital.departments.items() if wanted & {"all", d.group, n}]

    def named(self, kind: Kind, name: str) -> Wrong:
        """A thing by its title, with its id."""
        return named(self.scenario, kind, name)

    def all_named(self, kind: Kind, names: Iterable[str]) -> Wrong | str:
        """Several things by their titles, with their ids."""
        return all_named(self.scenario, kind, names)

    def at(self, step: Step, *more: str | int) -> tuple[str | int, ...]:
        """Where a step, or an entry of it, stands."""
        return ("plan", "steps", self.place[step.id], *more)
