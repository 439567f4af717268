"""Several scenarios on the same luck: their replications played in turns, so that pairs are whole whenever it ends."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from drillsim.experiment.play import Replicate, play_scored
from drillsim.experiment.runs import CHUNK_SECONDS, born_deaf_to_ctrl_c, worthwhile
from drillsim.model.scenario import Scenario
from drillsim.score.replication import Scored

Task = tuple[str, int]
"""The name of a scenario and the number of a replication."""


@dataclass
class Played:
    """The scored replications of several scenarios, by name, each in order of the replications."""

    seed: int
    scored: dict[str, list[Scored]] = field(default_factory=dict)
    interrupted: bool = False


def play_arms(
    scenarios: Mapping[str, Scenario],
    numbers: Sequence[int],
    *,
    seed: int,
    jobs: int | None = None,
    progress: Callable[[int], None] | None = None,
    replicate: Replicate | None = None,
) -> Played:
    """Play the same replications of several scenarios and score them; the day without the faults is not played beside them.

    ``progress`` is called with the number of replications finished, of all scenarios together. Ctrl-C keeps the replications that every
    scenario has finished; KeyboardInterrupt is raised when there is none. Results do not depend on ``jobs``.
    """
    found = Played(seed, {name: [] for name in scenarios})
    tasks = [(name, number) for number in numbers for name in scenarios]
    done = 0
    try:
        for name, scored in _scored(scenarios, tasks, seed, jobs, replicate):
            found.scored[name].append(scored)
            done += 1
            if progress is not None:
                progress(done)
    except KeyboardInterrupt:
        found.interrupted = True
    _keep_whole(found)
    if found.interrupted and not any(found.scored.values()):
        raise KeyboardInterrupt
    return found


def _keep_whole(found: Played) -> None:
    """Keep the replications that every scenario has, in order."""
    whole = set.intersection(*({s.replication for s in its} for its in found.scored.values()))
    for name, its in found.scored.items():
        found.scored[name] = sorted((s for s in its if s.replication in whole), key=lambda s: s.replication)


def _scored(
    scenarios: Mapping[str, Scenario], tasks: Sequence[Task], seed: int, jobs: int | None, replicate: Replicate | None
) -> Iterator[tuple[str, Scored]]:
    """Tasks as they are finished. The first is carried out here, which tells how long one takes."""
    begun = time.perf_counter()
    yield tasks[0][0], play_scored(scenarios[tasks[0][0]], seed, [tasks[0][1]], replicate)[0]
    seconds, rest = time.perf_counter() - begun, tasks[1:]
    jobs = worthwhile(jobs, seconds, len(rest))
    if jobs == 1:
        for name, number in rest:
            yield name, play_scored(scenarios[name], seed, [number], replicate)[0]
        return
    yield from _in_processes(scenarios, _chunks(rest, seconds, jobs), seed, jobs, replicate)


def _chunks(tasks: Sequence[Task], seconds: float, jobs: int) -> list[tuple[str, list[int]]]:
    """Tasks of one scenario together, as many as take about a second; early replications of all scenarios come first."""
    size = max(1, min(int(CHUNK_SECONDS / max(seconds, 1e-6)), math.ceil(len(tasks) / (4 * jobs))))
    found: list[tuple[str, list[int]]] = []
    waiting: dict[str, list[int]] = {}
    for name, number in tasks:
        waiting.setdefault(name, []).append(number)
        if len(waiting[name]) == size:
            found.append((name, waiting.pop(name)))
    return [*found, *waiting.items()]


def _in_processes(
    scenarios: Mapping[str, Scenario],
    chunks: Sequence[tuple[str, list[int]]],
    seed: int,
    jobs: int,
    replicate: Replicate | None,
) -> Iterator[tuple[str, Scored]]:
    from joblib import Parallel, delayed

    parallel = Parallel(n_jobs=jobs, backend="loky", return_as="generator_unordered", pre_dispatch="2*n_jobs")
    with born_deaf_to_ctrl_c():
        work = parallel(delayed(_named)(name, scenarios[name], seed, numbers, replicate) for name, numbers in chunks)
    with closing(work):
        for name, several in work:
            yield from ((name, scored) for scored in several)


def _named(
    name: str, scenario: Scenario, seed: int, numbers: Sequence[int], replicate: Replicate | None
) -> tuple[str, list[Scored]]:
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return name, play_scored(scenario, seed, numbers, replicate)
