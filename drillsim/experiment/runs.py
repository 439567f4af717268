"""Replications by the hundred: in this process or in several, the same results for any number of them, and what was finished is kept."""

from __future__ import annotations

import math
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import resource_tracker
from typing import Literal

from drillsim.experiment.calm import Calm, calm
from drillsim.experiment.play import Played, Replicate, play, play_some
from drillsim.log.rows import Log
from drillsim.model.scenario import Scenario
from drillsim.score.precision import Sure, enough
from drillsim.score.replication import Scored
from drillsim.score.summaries import shown
from drillsim.score.table import Table

Keep = Literal["shown", "all", "none"]
WORTH_A_PROCESS = 3.0  # seconds of work left; below, starting processes takes longer than they save
FEW = 6  # up to so many replications all rows are held until it is known which are shown, which is quicker than playing those again
ROUND = 10  # runs between two looks at how well figures are known
CHUNK_SECONDS = 1.0  # a worker reports about this often, so that progress moves and little is lost on Ctrl-C


@dataclass
class Runs:
    """The finished replications of an experiment, by number; rows of those that are shown (or of all, when asked for).

    ``bases`` are the rows of the day without the faults, for the same replications as ``logs`` where there is one. ``only``: the numbers asked
    for, when not all from 1 on.
    """

    asked: int
    seed: int
    scored: list[Scored] = field(default_factory=list)
    logs: dict[int, Log] = field(default_factory=dict)
    bases: dict[int, Log] = field(default_factory=dict)
    interrupted: bool = False
    only: tuple[int, ...] = ()
    sure: Sure | None = None  # how well figures were to be known

    def take(self, played: Played) -> None:
        """Add one finished replication."""
        self.scored.append(played.scored)
        self.keep(played.scored.replication, played)

    def keep(self, number: int, played: Played) -> None:
        """Add the rows of a replication, as far as there are any."""
        if played.log is not None:
            self.logs[number] = played.log
        if played.base is not None:
            self.bases[number] = played.base

    def shown(self, scenario: Scenario) -> dict[str, int]:
        """Which runs are shown in full: first, median, worst → number (see ``score.summaries.shown``)."""
        return shown(Table([s for s in self.scored if not s.unhealthy] or self.scored, scenario.run.confidence))

    def in_order(self) -> Runs:
        """The same, sorted by number of the replication: results do not show in which order the work was done."""
        self.scored.sort(key=lambda s: s.replication)
        self.logs = dict(sorted(self.logs.items()))
        self.bases = dict(sorted(self.bases.items()))
        return self


def run(
    scenario: Scenario,
    *,
    replications: int | None = None,
    only: Sequence[int] = (),
    sure: Sure | None = None,
    seed: int | None = None,
    jobs: int | None = None,
    keep: Keep = "shown",
    progress: Callable[[int], None] | None = None,
    replicate: Replicate | None = None,
) -> Runs:
    """Play replications 1 to ``replications`` of a scenario, or ``only`` those with these numbers, or until figures are ``sure``; score them.

    ``jobs`` processes share the work (None: as many as there are cores, when that pays); the results do not depend on it. ``progress`` is
    called with the number of replications finished so far. Ctrl-C ends the work early: what is finished is returned, ``interrupted`` says
    so; KeyboardInterrupt is raised only when nothing was finished. ``keep`` says whose rows are kept: those of the ``shown`` replications
    (first, median, worst; played again for it when there were many), of ``all`` (memory grows with them), or ``none``. ``replicate`` takes the place of the
    simulation. Raises ValueError when ``replications``, ``jobs`` or a number in ``only`` is below 1, or both are given.
    """
    todo = _numbers(scenario, sure.most if sure is not None and not only else replications, only)
    seed = scenario.run.seed if seed is None else seed
    if jobs is not None and jobs < 1:
        raise ValueError("replications and jobs must be 1 or more")
    asked = len(todo)
    runs = Runs(asked, seed, only=tuple(todo) if only else (), sure=sure)
    rows = keep == "all" or (keep == "shown" and asked <= FEW)
    try:
        for numbers in [todo] if sure is None else rounds(scenario, runs, sure):
            for played in _played(scenario, seed, numbers, jobs, rows, replicate):
                runs.take(played)
                if progress is not None:
                    progress(len(runs.scored))
    except KeyboardInterrupt:
        if not runs.scored:
            raise
        runs.interrupted = True
    if sure is not None and not runs.interrupted:
        runs.asked = len(runs.scored)
    with calm() as held:
        runs.in_order()
        if keep == "shown":
            _keep_shown(scenario, runs, replicate, held)
    return runs


def _numbers(scenario: Scenario, replications: int | None, only: Sequence[int]) -> list[int]:
    """The numbers of the replications to play, each once, in order."""
    if only and replications is not None:
        raise ValueError("give either replications or only")
    if only:
        if min(only) < 1:
            raise ValueError("replications are numbered from 1")
        return sorted(set(only))
    asked = scenario.run.replications if replications is None else replications
    if asked < 1:
        raise ValueError("replications and jobs must be 1 or more")
    return list(range(1, asked + 1))


def rounds(scenario: Scenario, runs: Runs, sure: Sure) -> Iterator[Sequence[int]]:
    """Numbers of the runs to play next, until the figures are known well enough: at first the least, then ten (or a tenth) more at a time.

    Looked at are always the first so many runs, so that it ends at the same number whoever played them and in which order.
    """
    numbers: Sequence[int] = range(1, sure.least + 1)
    while numbers:
        yield numbers
        done = numbers[-1]
        table = Table([s for s in runs.scored if not s.unhealthy], scenario.run.confidence)
        more = 0 if enough(table, scenario, sure) else max(ROUND, done // 10)
        numbers = range(done + 1, min(done + more, sure.most) + 1)


def _played(
    scenario: Scenario, seed: int, todo: Sequence[int], jobs: int | None, keep: bool, replicate: Replicate | None
) -> Iterator[Played]:
    """Replications as they are finished. The first is played here, which tells how long one takes."""
    begun = time.perf_counter()
    yield play(scenario, seed, todo[0], keep=keep, replicate=replicate)
    seconds, rest = time.perf_counter() - begun, todo[1:]
    jobs = worthwhile(jobs, seconds, len(rest))
    if jobs == 1:
        for number in rest:
            yield play(scenario, seed, number, keep=keep, replicate=replicate)
        return
    size = max(1, min(int(CHUNK_SECONDS / max(seconds, 1e-6)), math.ceil(len(rest) / (4 * jobs))))
    chunks = [rest[i : i + size] for i in range(0, len(rest), size)]
    yield from _in_processes(scenario, seed, chunks, jobs, keep, replicate)


def worthwhile(jobs: int | None, seconds: float, left: int) -> int:
    """How many processes to use."""
    if jobs is None:
        import joblib

        jobs = 1 if seconds * left < WORTH_A_PROCESS else joblib.cpu_count()
    return max(1, min(jobs, left))


def _in_processes(
    scenario: Scenario, seed: int, chunks: Sequence[Sequence[int]], jobs: int, keep: bool, replicate: Replicate | None
) -> Iterator[Played]:
    from joblib import Parallel, delayed

    parallel = Parallel(n_jobs=jobs, backend="loky", return_as="generator_unordered", pre_dispatch="2*n_jobs")
    work = None
    try:
        with born_deaf_to_ctrl_c():
            work = parallel(delayed(play_some)(scenario, seed, chunk, keep, replicate) for chunk in chunks)
        for several in work:
            yield from several
    finally:
        if work is not None:
            work.close()


@contextmanager
def born_deaf_to_ctrl_c() -> Iterator[None]:
    """Processes started inside never hear Ctrl-C, not even while they start: what is held back here is held back there.

    Here it is heard when the block is left. Windows cannot hold it back: there they are deaf from their first replication on.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # started inside, it would let Ctrl-C through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _keep_shown(scenario: Scenario, runs: Runs, replicate: Replicate | None, held: Calm) -> None:
    """Keep the rows of the replications that are shown; those that were not kept are played once more. Ctrl-C leaves the rest out."""
    wanted = sorted(set(runs.shown(scenario).values()))
    runs.logs = {number: log for number, log in runs.logs.items() if number in wanted}
    runs.bases = {number: log for number, log in runs.bases.items() if number in wanted}
    try:
        for number in wanted:
            if number not in runs.logs:
                with held.through():
                    again = play(scenario, runs.seed, number, keep=True, replicate=replicate)
                runs.keep(number, again)
    except KeyboardInterrupt:
        runs.interrupted = True
