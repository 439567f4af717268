"""Changes worth trying, drawn from what the runs show: who was waited for, which thresholds there are, what was short, what could go side by side.

Each is a change of the files (path → value) with a title, what speaks for it, and what to think of before it is made. Whether it helps is
not judged here: it is played.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import zip_longest

from drillsim.experiment.changes import order, people, things
from drillsim.experiment.changes.proposal import Proposal, Shown
from drillsim.model.scenario import Scenario
from drillsim.score.evidence import Evidence


def proposals(scenario: Scenario, evidence: Evidence) -> list[Proposal]:
    """Every change that the evidence suggests, those that aim at most minutes first; each change once."""
    shown = Shown(scenario, evidence)
    found = [
        *people.people(shown), *people.deputies(shown), *people.on_call(shown), *people.training(shown), *things.spares(shown),
        *order.thresholds(shown), *order.side_by_side(shown), *order.restore_order(shown), *order.channels(shown), *things.kits(shown),
        *things.copies(shown),
    ]  # fmt: skip
    once: dict[tuple[tuple[str, str], ...], Proposal] = {}
    for one in found:
        once.setdefault(tuple(sorted((path, str(value)) for path, value in one.set.items())), one)
    return sorted(once.values(), key=lambda one: -(one.minutes or 0.0))


def in_turn(found: Iterable[Proposal]) -> list[Proposal]:
    """The scenario's own changes first; then one of each kind in turn, so that where runs are short no kind of change is left out altogether."""
    kinds: dict[str, list[Proposal]] = {}
    for one in found:
        kinds.setdefault(one.kind, []).append(one)
    own = kinds.pop("named", [])
    return own + [one for turn in zip_longest(*kinds.values()) for one in turn if one is not None]


def named(scenario: Scenario) -> list[Proposal]:
    """The variants that the scenario itself names, with their cost."""
    return [Proposal(name, v.title, v.set, "named", cost=v.cost) for name, v in scenario.variants.items()]
