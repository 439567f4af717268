"""Routes as the engine walks them: stops with every patient's luck drawn beforehand, one block for each stop, pass and purpose."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from drillsim.errors import SimulationError, Wrong
from drillsim.model.care import Activity, Branch, Node, Pathway, all_nodes
from drillsim.model.durations import Distribution
from drillsim.sim.draws import Floats, Generator, draw
from drillsim.sim.flow.pools import Line, Pool, Queue

if TYPE_CHECKING:
    from drillsim.sim.calendar import Calendar
    from drillsim.sim.flow.arrivals import Numbers
    from drillsim.sim.flow.paper import Desk
    from drillsim.sim.luck import Streams

FOREVER = float("inf")
DO, FORK, JOIN, LOOP, OUT, AWAY = range(6)
CIRCLES = 100  # how often a patient may come back to a stop in one minute
STAYS = 4096  # stays drawn to find how much is left of one that is seen at a random moment


def circles(pathway: str, stop: str, minute: float) -> SimulationError:
    """A patient who would never get anywhere."""
    return SimulationError(
        Wrong("pathway {pathway}: a patient goes round in circles at {stop!r}", pathway=pathway, stop=stop), minute
    )


def compact(minutes: Floats) -> array[float]:
    """The same numbers for looking up one at a time: as quick to read as a list, ten times as quick to make, a quarter of its size."""
    return array("d", minutes.tobytes())


class Work:
    """An activity as it stands: what it needs, whether new work may start, how long it takes now.

    ``stopped``: new work does not start; ``on_paper``: it is done on paper; ``skipped``: patients pass by. ``waiting`` counts who waits for it
    and has not been served yet. ``simple``: it needs one of one pool, or nothing, and keeps and frees nothing.
    """

    __slots__ = ("activity", "blocked", "by_hand", "department", "desk", "factor", "frees", "gives_back", "held", "interruptible", "keeps", "lines", "name", "needs", "on_paper",
                 "paper", "pool", "quick", "room", "simple", "single", "skipped", "stopped", "stops", "waiting")  # fmt: skip

    def __init__(self, name: str, activity: Activity, pools: dict[str, Pool], nobody: Pool) -> None:
        self.name = name
        self.activity = activity
        self.department = activity.department or ""
        self.needs = [(pools[r], n) for r, n in activity.needs.items()] or [(nobody, 1)]
        self.keeps = [(pools[r], activity.needs[r]) for r in activity.keeps if r in activity.needs]
        self.frees = [pools[r] for r in activity.frees if r in pools]
        self.gives_back = [need for need in self.needs if need not in self.keeps]
        self.single = len(self.needs) == 1 and self.needs[0][1] == 1
        self.simple = self.single and not self.keeps and not self.frees
        self.pool = self.needs[0][0]
        self.interruptible = any(pool.interruptible for pool, _ in self.needs)
        self.room = FOREVER if activity.room is None else activity.room
        self.lines: dict[int, Line] = {}
        self.stops: list[Stop] = []
        self.held: list[int] = []  # visits that wait while it is stopped
        self.waiting = 0
        self.factor = 1.0
        self.by_hand = 1.0
        self.blocked = self.paper = self.stopped = self.on_paper = self.skipped = self.quick = False
        self.desk: Desk | None = None  # set for the typing in of a department's pile

    def queue(self, priority: int) -> Queue:
        """The queue in which visits with this priority wait."""
        if self.single:
            return self.pool.level(priority)
        if priority not in self.lines:
            self.lines[priority] = Line(self, priority)
            for pool, _ in self.needs:
                pool.lines.append(self.lines[priority])
        return self.lines[priority].queue


class Stop:
    """One stop of a route, for one time of passing it: patients who come back have new luck, and so another Stop (see Path.version).

    ``base`` are every patient's minutes before any factor, ``nexts`` where each goes afterwards (None: the route ends).
    ``quick``: no more needs to be looked at than whether somebody of ``pool`` is free.
    """

    __slots__ = ("base", "blocks", "code", "ended", "impatient", "kind", "label", "leave", "lines", "name", "nexts", "nexts_normal",
                 "nexts_paper", "node", "path", "pool", "priorities", "queue", "queues", "quick", "versions", "work")  # fmt: skip

    def __init__(
        self, path: Path | None, name: str, node: Node, kind: int, leave: Stop | None, passed: int = 0
    ) -> None:
        self.path = cast(Path, path)  # None for jobs at a desk, which have no route
        self.name = name
        self.node = node
        self.kind = kind
        self.leave = leave  # where whoever leaves here goes: the end of the route, or of the line of a fork
        self.label = f"{name} {passed}"  # names its luck
        self.code = -1
        self.ended = path.ended if path else []
        self.base = array("d")
        self.nexts: list[Stop | None] = []
        self.nexts_normal = self.nexts_paper = self.nexts
        self.lines: list[Stop] = []
        self.versions: list[Stop] = []
        self.blocks: dict[str, Any] = {}
        self.impatient = self.quick = False
        self.queue: Queue | None = None  # None: it depends on the patient's class
        self.queues: list[Queue] = []
        self.priorities: list[int] = []

    def does(self, work: Work) -> None:
        """Set what is done here, and the queues for it."""
        pathway, activity = self.path.pathway, work.activity
        self.work = work
        self.pool = work.pool
        self.impatient = activity.patience is not None
        usual = pathway.priority if activity.priority is None else activity.priority
        classes = [c.priority for c in pathway.classes.values()] if activity.priority is None else []
        self.priorities = [usual if p is None else p for p in classes] or [usual] * max(len(pathway.classes), 1)
        self.queues = [work.queue(priority) for priority in self.priorities]
        self.queue = self.queues[0] if len(set(self.priorities)) == 1 else None

    def priority(self, patient: int) -> int:
        """How urgent this patient is here; lower is more urgent."""
        return self.priorities[self.path.classes[patient]] if self.queue is None else self.priorities[0]

    def queue_of(self, patient: int) -> Queue:
        """The queue in which this patient waits."""
        return self.queues[self.path.classes[patient]] if self.queue is None else self.queue

    def forget(self) -> None:
        """Drop the patients' luck."""
        self.base = array("d")
        self.nexts = self.nexts_normal = self.nexts_paper = []
        self.blocks = {}

    def class_factor(self, patient: int) -> float:
        """How much longer the work takes with a patient of this class."""
        name = list(self.path.pathway.classes)[self.path.classes[patient]] if self.path.pathway.classes else ""
        return self.work.activity.class_factor.get(name, 1.0)

    def patience(self) -> Sequence[float]:
        """Every patient's patience here; without end for classes that never leave."""
        if "patience" not in self.blocks and self.work.activity.patience is not None:
            minutes = self.path.minutes(f"{self.label} patience", self.work.activity.patience)
            stay = np.array([not c.patient for c in self.path.pathway.classes.values()] or [False])
            self.blocks["patience"] = compact(np.where(stay[self.path.class_array], FOREVER, minutes))
        return self.blocks["patience"]

    def minutes(self, purpose: str, distribution: Distribution, again: int = 0) -> Sequence[float]:
        """Every patient's minutes of this kind, drawn when first asked for."""
        if purpose not in self.blocks:
            self.blocks[purpose] = compact(self.path.minutes(f"{self.label} {purpose}", distribution, again))
        return self.blocks[purpose]


class Path:
    """A pathway's patients, and what has become of each so far.

    Patients are known by their position: those who arrive, in order, then those present when the run starts (their numbers are negative).
    """

    def __init__(
        self, name: str, pathway: Pathway, arrived: Floats, numbers: Numbers, streams: Streams, calendar: Calendar
    ) -> None:
        self.name = name
        self.pathway = pathway
        self.streams = streams
        self.arriving = len(arrived)
        self.present = sum(pathway.present.values())
        self.arrived = np.concatenate((arrived, np.full(self.present, calendar.began)))
        self.numbers = np.concatenate((numbers, -1 - np.arange(self.present)))
        self.count = len(self.arrived)
        self.ended: list[float] = [float("nan")] * self.count
        self.outcomes: dict[int, int] = {}  # of those who left (1) or were turned away (2)
        self.visited: dict[
            tuple[str, int], tuple[int, float, int]
        ] = {}  # for stops in loops: (stop, patient) → how often so far, when last, how often in that minute
        self.joins: dict[tuple[str, int], int] = {}  # (fork, patient) → lines that have not ended yet
        self.kept: dict[int, list[tuple[Pool, int]]] = {}  # patient → what is held on to
        self.stops: dict[str, Stop] = {}
        self.following: dict[str, Stop | None] = {}  # stop → the next line of the route
        self.works: dict[str, Work] = {}
        self.first: Stop | None = None
        self.away: Stop | None = None  # where those go who are diverted
        self.codes: dict[str, int] = {}  # stop → its code in the columns
        self.class_array = self._classes()
        self.classes: list[int] = self.class_array.tolist()

    def _classes(self) -> np.ndarray:
        """Each patient's class, as a position in the pathway's ``classes``."""
        shares = np.cumsum([c.share for c in self.pathway.classes.values()])
        if not len(shares) or not shares[-1] > 0:
            return np.zeros(self.count, dtype=np.intp)
        return np.searchsorted(shares / shares[-1], self.uniform("class"), side="right")

    def uniform(self, purpose: str) -> Floats:
        """A number between 0 and 1 for each patient."""
        return self._block(purpose, lambda generator, n: generator.random(n))

    def minutes(self, purpose: str, distribution: Distribution, again: int = 0) -> Floats:
        """A duration for each patient; ``again`` counts how often the same work is drawn anew."""
        if distribution.kind == "constant":
            return np.full(self.count, distribution.parameters["value"])
        return self._block(purpose, lambda generator, n: draw(distribution, generator, n, again=again))

    def _block(self, purpose: str, drawn: Callable[[Generator, int], Floats]) -> Floats:
        """Luck by number for those who arrive; those present at the start have a stream of their own, and so move nobody's luck."""
        name = f"pathway {self.name} {purpose}"
        numbers = self.numbers[: self.arriving]
        size = int(numbers.max()) + 1 if self.arriving else 0
        block = drawn(self.streams(name), size)
        if size != self.arriving:
            block = block[numbers]
        return np.concatenate((block, drawn(self.streams(f"{name} present"), self.present))) if self.present else block

    def version(self, door: Stop, patient: int, minute: float) -> Stop:
        """The stop behind ``door`` for the time the patient now comes to it.

        Raises SimulationError when it is always the same minute: such a patient would never end.
        """
        passed, last, same = self.visited.get((door.name, patient), (0, minute, 0))
        same = same + 1 if minute == last else 0
        if same > CIRCLES:
            raise circles(self.name, door.name, minute)
        self.visited[door.name, patient] = passed + 1, minute, same
        while passed >= len(door.versions):
            kind = JOIN if door.node.fork else DO
            door.versions.append(self._filled(Stop(self, door.name, door.node, kind, door.leave, len(door.versions))))
        return door.versions[passed]

    def joined(self, fork: str, patient: int) -> bool:
        """One line of a fork has ended; True when it was the last."""
        self.joins[fork, patient] -= 1
        if self.joins[fork, patient]:
            return False
        del self.joins[fork, patient]
        return True

    def inside(self, stop: Stop, patient: int) -> None:
        """A patient is at ``stop`` without having come there: of the forks around it, only this line is left."""
        while stop.leave is not None and stop.leave.kind != OUT:
            stop = stop.leave
            self.joins[stop.node.id, patient] = 1

    def release(self, patient: int, pools: list[Pool] | None = None) -> list[Pool]:
        """Free what a patient holds on to, of these pools or of all; gives the pools of which something is free now."""
        kept = self.kept.pop(patient, [])
        freed = [need for need in kept if pools is None or need[0] in pools]
        if len(freed) < len(kept):
            self.kept[patient] = [need for need in kept if need not in freed]
        for pool, n in freed:
            pool.free += n
        return [pool for pool, _ in freed]

    def build(self, works: dict[str, Work]) -> None:
        """Make the stops of the route, with their luck."""
        self.works = works
        holds = any(node.do and works[node.do].keeps for node in all_nodes(self.pathway.route))
        out = Stop(self, "", Node(id="out", do="out"), OUT, None) if holds else None
        self.first = self._lay(self.pathway.route, out, out)
        self.away = Stop(self, "", Node(id="away", do="away"), AWAY, None)
        loops = self._in_loops()
        for stop in self.stops.values():
            if stop.node.do:
                stop.does(
                    works[stop.node.do]
                )  # its queues, those of stops in loops too: what shares a pool is known from the start
        for stop in self.stops.values():
            if stop.name in loops and stop.kind != FORK:
                stop.kind = LOOP
            else:
                self._filled(stop)

    def _lay(self, line: tuple[Node, ...], after: Stop | None, leave: Stop | None) -> Stop | None:
        """Lay out one line of the route, its last stop first; ``after`` comes next. Gives the line's first stop."""
        for node in reversed(line):
            stop = Stop(self, node.id, node, FORK if node.fork else DO, leave)
            self.following[node.id] = after
            if node.fork:
                join = Stop(self, f"{node.id} join", node, JOIN, leave)
                self.stops[join.name] = join
                self.following[join.name] = after
                stop.lines = [self._lay(inner, join, join) or join for inner in node.fork]
            self.stops[node.id] = after = stop
        return after

    def _at(self, stop: Stop, name: str) -> Stop | None:
        """The stop called ``name``, seen from ``stop``; ``leave`` is the end of the route, or of the line of a fork."""
        if name == "leave":
            return stop.leave
        found = self.stops.get(name)
        if found is None or found.leave is not stop.leave:
            said = "pathway {pathway}: from {stop!r} no way leads to {name!r}"
            raise SimulationError(Wrong(said, pathway=self.name, stop=stop.name, name=name), 0.0)
        return found

    def _leads(self, stop: Stop) -> set[Stop | None]:
        """Every stop that can come after this one."""
        if stop.kind == FORK:
            return set(stop.lines)
        names = [branch.to for branch in (*stop.node.then, *stop.node.then_on_paper)]
        if stop.node.do:
            activity = self.works[stop.node.do].activity
            names += [activity.if_full, activity.if_impatient]
        return {self.following[stop.name], *(self._at(stop, name) for name in names)}

    def _in_loops(self) -> set[str]:
        """Stops that a patient can come back to."""
        leads = {stop: self._leads(stop) for stop in self.stops.values()}

        def comes_back(start: Stop) -> bool:
            ahead, seen = [start], set()
            while ahead:
                for stop in leads.get(ahead.pop(), ()):
                    if stop is start:
                        return True
                    if stop is not None and stop not in seen and stop in leads:
                        seen.add(stop)
                        ahead.append(stop)
            return False

        return {stop.name for stop in leads if comes_back(stop)}

    def _filled(self, stop: Stop) -> Stop:
        """Give a stop its activity and its luck."""
        node = stop.node
        if stop.kind == DO:
            assert node.do
            work = self.works[node.do]
            stop.code = self.codes[node.id]
            stop.does(work)
            stop.quick = work.quick
            work.stops.append(stop)
            takes = self.minutes(f"{stop.label} takes", work.activity.takes)
            if work.activity.class_factor and self.pathway.classes:
                factors = [work.activity.class_factor.get(name, 1.0) for name in self.pathway.classes]
                takes = takes * np.array(factors)[self.class_array]
            stop.base = compact(takes)
        if stop.kind != FORK:
            stop.nexts = stop.nexts_normal = stop.nexts_paper = self._nexts(stop, node.then)
            if node.then_on_paper:
                stop.nexts_paper = self._nexts(stop, node.then_on_paper)
                if stop.kind == DO and stop.work.paper:
                    stop.nexts = stop.nexts_paper
        return stop

    def _nexts(self, stop: Stop, branches: tuple[Branch, ...]) -> list[Stop | None]:
        """Where each patient goes. Chances that add up to less than 1 leave the rest to the next line of the route."""
        targets = [self._at(stop, branch.to) for branch in branches] + [self.following[stop.name]]
        if not branches or (len(branches) == 1 and branches[0].chance is None):
            return targets[:1] * self.count
        chances = [self._chance(branch.chance) for branch in branches]
        rest = np.maximum(1 - sum(chance for chance in chances if chance is not None), 0.0)
        u, end = self.uniform(f"{stop.label} branch"), np.zeros(self.count)
        which = np.zeros(self.count, np.intp)
        for chance in chances:
            end = end + (rest if chance is None else chance)
            which += u >= end
        return np.fromiter(targets, object, len(targets))[which].tolist()

    def _chance(self, chance: float | dict[str, float] | None) -> float | Floats | None:
        """Each patient's chance of a branch, which may depend on the class."""
        if isinstance(chance, dict):
            return np.array([chance.get(name, 0.0) for name in self.pathway.classes] or [0.0])[self.class_array]
        return chance

    def stay(self, stop: Stop, n: int) -> Floats:
        """What is left for ``n`` patients who are found at a stop at a random moment: a long stay is the more likely to be seen."""
        takes = stop.work.activity.takes
        name = f"pathway {self.name} {stop.label} present"
        stays = draw(takes, self.streams(f"{name} stays"), STAYS)
        u = self.streams(name).random((n, 2))
        sums = np.cumsum(stays)
        if not np.isfinite(sums[-1]) or sums[-1] == 0:
            return np.full(n, sums[-1])
        return stays[np.searchsorted(sums / sums[-1], u[:, 0], side="right")] * u[:, 1]
