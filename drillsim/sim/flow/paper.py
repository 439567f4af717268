"""Working on paper, and typing in afterwards what was written: forms, piles, and the jobs that clear them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from drillsim.model.care import Activity, BackEntry, Department, Node
from drillsim.sim.flow.routes import DO, Stop, Work

if TYPE_CHECKING:
    from drillsim.sim.flow.pools import Pool

FOREVER = float("inf")


class Desk:
    """A department's paper: how many forms are left, and the pile of what was written, if it is to be typed in.

    Each row of the pile is what one service wrote: when, how many items, how long it takes to type, whether it has an error. Rows are
    typed in the order in which they were written, ``batch`` items to a job.
    """

    def __init__(
        self, name: str, department: Department, pools: dict[str, Pool], nobody: Pool, slower: float = 1.0
    ) -> None:
        self.name = name
        self.slower = slower  # how much longer an item takes to type, see coarse.slower_typing
        self.forms: float = department.kit.forms if department.kit else FOREVER
        self.told = False  # that no form is left, since some were brought
        self.works: list[Work] = []
        self.entry: BackEntry | None = department.back_entry
        self.written: list[float] = []
        self.items: list[int] = []
        self.takes: list[float] = []
        self.error: list[bool] = []
        self.started: list[float] = []
        self.ended: list[float] = []
        self.next = 0  # the first row that nobody has begun
        self.pile = 0  # items that are not typed in yet
        self.open = False
        self.active = 0  # jobs in hand, interrupted ones too
        self.token: int | None = None  # the job that waits for somebody
        self.jobs: dict[int, range] = {}  # job → its rows
        self.fractions: dict[str, float] = {}  # activity → what its last services wrote beyond whole items
        self.stop = self._stop(self.entry, pools, nobody) if self.entry else None

    def _stop(self, entry: BackEntry, pools: dict[str, Pool], nobody: Pool) -> Stop:
        """The stop at which jobs wait for the people who type."""
        work = Work(f"{self.name} back-entry", Activity(title="back-entry", needs={entry.by: 1}), pools, nobody)
        work.desk = self
        stop = Stop(None, self.name, Node(id=self.name, do=self.name), DO, None)
        stop.work, stop.pool = work, work.pool
        stop.priorities = [entry.priority]
        stop.queue = work.queue(entry.priority)
        work.stops.append(stop)
        return stop

    def write(self, minute: float, items: int, takes: float, errors: int, fix: float) -> None:
        """Put what a service wrote on the pile; items with an error get rows of their own."""
        for count, error in ((items - errors, False), *[(1, True)] * errors):
            if count:
                self.written.append(minute)
                self.items.append(count)
                self.takes.append(takes * count + (fix if error else 0.0))
                self.error.append(error)
                self.started.append(float("nan"))
                self.ended.append(float("nan"))
        self.pile += items

    def whole(self, work: Work) -> int:
        """Whole items that one more service of ``work`` writes: fractions are added up, so .25 is one item in four services."""
        total = self.fractions.get(work.name, 0.0) + work.activity.on_paper.items
        items = int(total + 1e-9)
        self.fractions[work.name] = total - items
        return items

    def begin(self, job: int, minute: float) -> float:
        """Take the next batch of rows from the pile; gives the minutes that typing them takes."""
        assert self.entry
        first, items, end = self.next, 0, minute
        while self.next < len(self.written) and (not items or items + self.items[self.next] <= self.entry.batch):
            self.started[self.next] = end
            end += self.takes[self.next] * self.slower
            self.ended[self.next] = end
            items += self.items[self.next]
            self.next += 1
        self.jobs[job] = range(first, self.next)
        self.active += 1
        self.token = None
        return end - minute

    def delay(self, job: int, since: float, minutes: float) -> None:
        """A job was interrupted at ``since`` and will end ``minutes`` later than it would have."""
        for row in self.jobs[job]:
            if self.ended[row] > since:
                self.ended[row] += minutes
            if self.started[row] >= since:
                self.started[row] += minutes

    def done(self, job: int) -> None:
        """A job is finished: its items are in the system."""
        self.active -= 1
        self.pile -= sum(self.items[row] for row in self.jobs.pop(job))

    @property
    def wants_job(self) -> bool:
        """Whether one more job may wait for somebody to do it."""
        entry = self.entry
        return (
            entry is not None
            and self.open
            and self.token is None
            and self.next < len(self.written)
            and (entry.at_once is None or self.active < entry.at_once)
        )


def paper_minutes(stop: Stop, patient: int, base: float) -> float:
    """Minutes of a service on paper: writing, and what looking up by hand adds."""
    on_paper = stop.work.activity.on_paper
    return base * on_paper.factor + stop.work.by_hand * stop.minutes("paper work", on_paper.adds_work)[patient]


def errors(stop: Stop, patient: int, items: int) -> int:
    """How many of the items that this service writes have an error."""
    chance = stop.work.activity.on_paper.error
    if not chance:
        return 0
    if "errors" not in stop.blocks:
        most = int(np.ceil(stop.work.activity.on_paper.items)) + 1
        stop.blocks["errors"] = [(stop.path.uniform(f"{stop.label} error {k}") < chance).tobytes() for k in range(most)]
    return sum(wrong[patient] for wrong in stop.blocks["errors"][:items])
