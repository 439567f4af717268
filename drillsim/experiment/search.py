"""The search for what would help: a race of changes on the same luck, then the best and their combinations on fresh runs."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from drillsim.experiment.arms import play_arms
from drillsim.experiment.play import Replicate
from drillsim.model.scenario import Scenario
from drillsim.score.compared import figures
from drillsim.score.evidence import Evidence, paired, values
from drillsim.score.ranking import FIRST, Aim, Race
from drillsim.score.replication import Scored

BASE = "base"
ROUND = 5  # runs of everybody left, between two looks
FINALISTS = 3
MOST_FINAL_RUNS = 200
LEAST_FINAL_RUNS = 10

Runs = dict[str, list[Scored]]


def aims_of(scenario: Scenario, evidence: Evidence, wanted: Sequence[str] = ()) -> list[Aim]:
    """What the race is about: the ``wanted`` figures; else the share of deadlines met (without deadlines, when the last step is done) and how
    many patients leave (when none do, how long they wait). Worth having: 2 points of a share, 1 minute, 2 % of a number.

    Raises KeyError for a figure that there is not, or of which neither more nor less is better.
    """
    known = {f.name: f for f in figures(scenario) if f.better}
    plan, patients = ("plan.on_time_share", "plan.completed_at"), ("patients.left", "patients.wait_mean")
    usual = [n for n in plan if n in known and _varies(scenario, evidence, n)][:1]
    usual += [n for n in patients if n in known and _some(scenario, evidence, n)][:1]
    return [Aim(name, known[name].better == "more", _worth(scenario, evidence, known[name].unit, name)) for name in wanted or usual]  # fmt: skip


def _varies(scenario: Scenario, evidence: Evidence, name: str) -> bool:
    """Whether there is anything to be won: a share of deadlines that is not always 1."""
    found = values(evidence.table, scenario, name)
    known = found[~np.isnan(found)]
    return len(known) > 0 and (name != "plan.on_time_share" or bool((known < 1).any()))


def _some(scenario: Scenario, evidence: Evidence, name: str) -> bool:
    return bool(np.nan_to_num(values(evidence.table, scenario, name)).max(initial=0.0) > 0)


def _worth(scenario: Scenario, evidence: Evidence, unit: str, name: str) -> float:
    if unit in ("claim", "share"):
        return 0.02
    if unit == "min":
        return 1.0
    found = values(evidence.table, scenario, name)
    known = np.abs(found[~np.isnan(found)])
    return max(0.02 * float(known.mean()), 0.1) if len(known) else 1.0


@dataclass
class Search:
    """A race under way: its ways (``base`` among them) with their scenarios, what they have played, and the number of runs spent."""

    scenarios: dict[str, Scenario]
    aims: list[Aim]
    seed: int
    runs: Runs = field(default_factory=dict)
    spent: int = 0
    interrupted: bool = False
    jobs: int | None = None
    replicate: Replicate | None = None
    progress: Callable[[int], None] | None = None

    def play(self, ways: Sequence[str], numbers: Sequence[int]) -> None:
        """Play these replications of these ways."""
        before = self.spent

        def moved(done: int) -> None:
            self.spent = before + done
            if self.progress is not None:
                self.progress(self.spent)

        found = play_arms({w: self.scenarios[w] for w in ways}, numbers, seed=self.seed, jobs=self.jobs, progress=moved, replicate=self.replicate)  # fmt: skip
        for way, scored in found.scored.items():
            self.runs.setdefault(way, []).extend(scored)
        self.interrupted |= found.interrupted

    def race(self, budget: int, sure: float) -> list[str]:
        """Let all ways race until one is left for every aim or ``budget`` runs are spent; those that are left."""
        ways = list(self.scenarios)
        race = Race(ways, self.aims, sure)
        missing = [way for way in ways if len(self.runs.get(way, ())) < FIRST]
        self.play(missing, range(1, FIRST + 1))
        played = FIRST
        race.withdraw(self.without_effect())
        while not self.interrupted:
            left = race.feed(self._figures(race.left, played))
            if all(len(inside) <= 1 for inside in race.inside.values()) or self.spent + ROUND * len(left) > budget:
                break
            short = [way for way in left if len(self.runs[way]) < played + ROUND]
            self.play(short, range(played + 1, played + ROUND + 1))
            played += ROUND
        return race.left

    def _figures(self, ways: Sequence[str], played: int) -> Mapping[str, Mapping[str, np.ndarray]]:
        """aim → way → its figure in the first runs."""
        runs = [[s for s in self.runs[way] if s.replication <= played] for way in ways]
        base = self.scenarios[BASE]
        return {aim.name: dict(zip(ways, paired(base, aim.name, *runs), strict=True)) for aim in self.aims}

    def without_effect(self) -> list[str]:
        """Ways that no run tells apart from ``base`` in any aim."""
        base = self.scenarios[BASE]
        found = []
        for way in (w for w in self.scenarios if w != BASE and self.runs.get(w)):
            pairs = [paired(base, aim.name, self.runs[way], self.runs[BASE]) for aim in self.aims]
            if all(np.allclose(mine, others, rtol=0, atol=1e-9, equal_nan=True) for mine, others in pairs):
                found.append(way)
        return found

    def finalists(self, left: Sequence[str], targets: Mapping[str, frozenset[str]]) -> list[str]:
        """The most promising of those left: the best for each aim, then by all aims together, one for each thing that is changed.

        Only ways that did better than ``base`` are.
        """
        gains = {way: self.gain(way) for way in left if way != BASE}
        best = [max(gains, key=lambda way: gains[way][i]) for i in range(len(self.aims)) if gains]
        best = [way for i, way in enumerate(best) if gains[way][i] > 0]
        rest = sorted((w for w in gains if sum(gains[w]) > 0), key=lambda w: -sum(gains[w]))
        found: list[str] = []
        for way in dict.fromkeys([*best, *rest]):
            if len(found) < FINALISTS and not any(targets[way] & targets[other] for other in found):
                found.append(way)
        return found

    def most_for_money(self, totals: Mapping[str, float]) -> str | None:
        """Of the ways whose cost is known the one that gained most for its money in the race, by all aims together; what costs nothing comes
        first. None when none gained anything."""
        gains = {way: sum(self.gain(way)) for way in totals if self.runs.get(way)}
        better = [way for way, gain in gains.items() if gain > 0]
        return max(better, key=lambda way: (totals[way] <= 0, gains[way] / (totals[way] if totals[way] > 0 else 1)), default=None)  # fmt: skip

    def gain(self, way: str) -> list[float]:
        """For each aim how much better than ``base`` it did so far, in units of what is worth having."""
        base = self.scenarios[BASE]
        found = []
        for aim in self.aims:
            mine, others = paired(base, aim.name, self.runs[way], self.runs[BASE])
            apart = (mine - others)[~np.isnan(mine - others)]
            found.append((1 if aim.more else -1) * float(apart.mean()) / aim.worth if len(apart) else 0.0)
        return found

    def fresh(self, ways: Sequence[str], budget: int) -> Runs:
        """As many runs of these ways as the budget allows, with luck that played no part so far."""
        number = min(max((budget - self.spent) // len(ways), LEAST_FINAL_RUNS), MOST_FINAL_RUNS)
        begin = 1 + max(s.replication for its in self.runs.values() for s in its)
        raced, self.runs = self.runs, {}
        self.play(ways, range(begin, begin + number))
        final, self.runs = self.runs, raced
        return final


def combinations(names: Sequence[str], changes: Mapping[str, Mapping[str, object]]) -> dict[str, list[str]]:
    """Every combination of two or more of these changes that do not set the same value: its name → its parts."""
    found = {}
    for size in range(2, len(names) + 1):
        for several in itertools.combinations(names, size):
            paths = [path for name in several for path in changes[name]]
            if not any(a != b and (a + ".").startswith(b + ".") for a in paths for b in paths) and len(set(paths)) == len(paths):  # fmt: skip
                found[" + ".join(several)] = list(several)
    return found
