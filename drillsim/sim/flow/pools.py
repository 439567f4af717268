"""Pools of people or machines, and the queues in front of them."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from drillsim.model.people import Equipment, Staff

if TYPE_CHECKING:
    import simpy

    from drillsim.sim.flow.routes import Work

Queue = deque[int]


class Pool:
    """One resource: how many are free, and who waits for one of them.

    ``levels`` are the queues of visits that need one of this pool and nothing else, one for each priority, the most urgent first; visits of
    all activities share them, and those of an activity that is stopped are taken out. Visits that need more than that wait in ``lines``, one for each activity
    and priority, that belong to all the pools they need. ``queued`` counts the visits in both that are not stopped, and the plan's requests.
    ``free`` is below zero while people finish their work after the end of their shift. ``capacity`` and ``free`` count those who are played,
    ``people`` those of the whole hospital, ``beside`` of them beside the roster (see coarse); without coarse flow they are the same people.
    ``rostered`` of those played are there by the roster; ``together`` is how many of them an activity needs at the same time, at most.
    """

    __slots__ = ("beside", "capacity", "free", "handover", "interrupted", "interruptible", "lag", "levels", "lines", "name",
                 "people", "policy", "pre_emptive", "priorities", "queued", "requests", "rostered", "rounded_up", "serving", "together")  # fmt: skip

    def __init__(self, name: str, record: Staff | Equipment | None) -> None:
        self.name = name
        self.capacity = self.people = self.beside = self.rostered = 0
        self.together = 1
        self.lag = 0.0
        self.rounded_up = False  # more are played than a k-th of them, at some hour
        self.free: float = 0
        self.queued = 0
        self.priorities: list[int] = []
        self.levels: list[Queue] = []
        self.lines: list[Line] = []
        self.requests: deque[Request] = deque()
        self.serving: dict[int, int] = {}  # visit → its event's code, when work here can be cut short
        self.policy = record.at_shift_end if record else "finish"
        self.interrupted = record.interrupted if record else "resume"
        self.pre_emptive = record.pre_emptive if record else False
        self.handover = record.handover if isinstance(record, Staff) else 0.0
        self.interruptible = self.pre_emptive

    def level(self, priority: int) -> Queue:
        """The queue of visits with this priority that need one of this pool and nothing else."""
        if priority not in self.priorities:
            position = sum(p < priority for p in self.priorities)
            self.priorities.insert(position, priority)
            self.levels.insert(position, deque())
        return self.levels[self.priorities.index(priority)]


@dataclass(slots=True)
class Line:
    """Visits of one activity and priority that need several people or things together; they are taken all at once or not at all."""

    work: Work
    priority: int
    queue: Queue = field(default_factory=deque)


@dataclass(slots=True, eq=False)
class Request:
    """People wanted for a step of the plan, and how many have been kept back for it so far."""

    event: simpy.Event
    pool: Pool
    number: int
    got: int = 0
