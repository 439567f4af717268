"""Care: departments, the activities done there, and the pathways that patients (or orders) take through them."""

import itertools
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema, field_validator, model_validator

from drillsim import units
from drillsim.errors import Wrong
from drillsim.model.base import (
    Count,
    Counted,
    Factor,
    Id,
    Minutes,
    Number,
    OneOrMany,
    Probability,
    Record,
    Ref,
    Source,
    Text,
)
from drillsim.model.durations import Duration, constant


class Kit(Record):
    """Downtime forms at hand; one form is used per paper service, and work on paper stops when none is left until more are brought."""

    forms: Count
    restock: Count = 0  # forms that each delivery brings; 0: none comes by itself
    restock_takes: Duration = constant(60.0)  # from running out to the delivery
    source: Source = {}


class BackEntry(Record):
    """Typing in what was written on paper, once the systems are back and the department is told to return to them.

    Done by ``by``, ``batch`` items at a time, ``takes`` for each item, with ``priority`` among the work of those people (lower first; the
    default 9 lets waiting patients go first). ``at_once`` bounds how many people type at the same time.
    An item with an error takes ``fix`` more.
    """

    by: Annotated[str, Ref("staff")]
    takes: Duration
    batch: Annotated[Count, Field(ge=1)] = 5
    priority: int = 9
    at_once: Count | None = None
    fix: Duration = constant(3.0)
    source: Source = {}


class SelfSwitch(Record):
    """A department that goes to paper without an order, after having waited ``after``, with ``chance``."""

    after: Duration
    chance: Probability = 1.0
    source: Source = {}


class Department(Record):
    """A place of work: which threshold group it belongs to, how it goes to paper and back, and how long its work can bear to be without.

    ``open``: its hours, as the name of a roster or as hours (``mon-fri 08:00-17:30``), one or several; without them it is always open.
    Outside of them it is ``closed``: it does not stand still, nothing counts against its MTD, and it does not go to paper by itself. Who is still
    waiting is served on by whoever is on the roster, and what it is ordered meanwhile holds when it opens.
    ``mtd``: longest its work can stand still, in minutes in which it is open. ``change_over``: from hearing the order to working on paper.
    ``short``: a shorter name for small tiles of the replay.
    """

    title: Text
    short: Text | None = None
    group: Id = "all"  # thresholds and orders speak of groups: outpatient, inpatient, …
    building: str | None = None
    open: Annotated[tuple[Annotated[str, Ref("roster", also=("always",))], ...], OneOrMany] = ()
    mtd: Minutes | None = None
    change_over: Duration = constant(10.0)
    kit: Kit | None = None
    back_entry: BackEntry | None = None
    self_switch: SelfSwitch | None = None
    source: Source = {}


class OnPaper(Record):
    """How an activity goes on without its systems, once the department works on paper.

    ``factor`` multiplies the work itself (writing is not slower: FACTS P5, P6), ``adds_work`` keeps the same people longer (look-up of old
    results; only the share ``with_viewer`` of it while every ``viewer`` gives service), ``adds_wait`` delays the patient or order without keeping anybody (transport, transcription). ``items`` pile up for back-entry.
    """

    works: bool = True  # False: it stands still until the systems are back
    skipped: bool = False  # True: patients pass by it (settled later); the items pile up all the same
    factor: Factor = 1.0
    adds_work: Duration = constant(0.0)
    viewer: Annotated[
        tuple[Annotated[str, Ref("component")], ...], OneOrMany
    ] = ()  # what shows old records meanwhile: downtime workstations, a copy that can be read
    with_viewer: Probability = 0.0
    adds_wait: Duration = constant(0.0)
    items: Annotated[Number, Field(ge=0)] = 1.0
    error: Probability = 0.0  # chance that an item has an error that back-entry must put right
    source: Source = {}


class Activity(Record):
    """One kind of work: who and what it needs, how long it takes, which systems it uses, and what becomes of it without them.

    ``needs`` are taken together or not at all. ``keeps`` are resources among them that the patient holds on to afterwards until an activity
    ``frees`` them when it ends, or the route ends (a bed, a cubicle); an activity in between that needs the same takes another one. ``room`` is how many may wait; a further one goes to ``if_full``. Who waits longer than ``patience``
    goes to ``if_impatient``. ``screen`` is the share of the work done at the computer, which is what slow systems lengthen.
    """

    title: Text
    department: Annotated[str, Ref("department")] | None = None
    needs: Annotated[
        dict[Annotated[str, Ref("resource")], Annotated[Count, Field(ge=1)]],
        Counted,
    ] = {}
    takes: Duration = constant(0.0)
    class_factor: dict[str, Factor] = {}  # patient class → factor on `takes`
    keeps: Annotated[tuple[Annotated[str, Ref("resource")], ...], OneOrMany] = ()
    frees: Annotated[tuple[Annotated[str, Ref("resource")], ...], OneOrMany] = ()
    priority: int | None = None  # None: the pathway's or the patient class's; lower is more urgent
    room: Count | None = None
    if_full: Annotated[str, Ref("node", also=("leave",))] = "leave"
    patience: Duration | None = None
    if_impatient: Annotated[str, Ref("node", also=("leave",))] = "leave"
    uses: Annotated[
        tuple[Annotated[str, Ref("component")], ...], OneOrMany
    ] = ()  # all must give service, else the department waits or works on paper
    screen: Probability = 1.0
    while_waiting: Literal["stops", "goes_on"] = "stops"  # with systems away and no order to go to paper yet
    reads_only: bool = False  # True: a read-only system is enough
    on_paper: OnPaper = OnPaper()
    stage: str | None = None  # order, transport, receipt, analysis, report, call … for the report
    source: Source = {}


class Arrivals(Record):
    """When patients or orders come: give exactly one of ``per_day``, ``rate``, ``every`` or ``at``.

    ``per_day`` with ``hours`` (time of day span → share, such as ``"08:00-10:00": 30``) and ``weekdays`` (day → factor): a Poisson stream
    whose rate follows them, or with ``scheduled`` appointments: that many slots spread over the profile, each kept with ``punctuality`` and
    missed with ``no_show``. ``rate`` ("12 per h"): a constant Poisson stream. ``every``: independent times between arrivals, the first one after
    such a time. ``at``: listed times, counted from StartEx. ``at_most`` ends a stream after so many.
    """

    per_day: Annotated[Number, Field(ge=0)] | None = None
    rate: (
        Annotated[
            float,
            BeforeValidator(lambda v: units.per_minute(v) if isinstance(v, str) else v),
            PlainSerializer(lambda v: f"{v!r} per min", return_type=str),
            WithJsonSchema({"type": "string", "description": "'12 per h'"}),
        ]
        | None
    ) = None
    every: Duration | None = None
    at: Annotated[tuple[Minutes, ...], OneOrMany] | None = None
    hours: dict[str, Annotated[Number, Field(ge=0)]] = {}
    weekdays: dict[str, Annotated[Number, Field(ge=0)]] = {}
    scheduled: bool = False
    punctuality_sd: Minutes = 0.0
    no_show: Probability = 0.0
    at_most: Count | None = None
    source: Source = {}

    @model_validator(mode="after")
    def _one_form(self) -> "Arrivals":
        given = [n for n in ("per_day", "rate", "every", "at") if getattr(self, n) is not None]
        if len(given) != 1:
            raise Wrong("give exactly one of per_day, rate, every, at; got {given}", given=", ".join(given) or "none")
        if self.every is not None and not self.every.mean > 0:
            raise Wrong("'every' must be longer than zero")
        if (self.hours or self.scheduled) and self.per_day is None:
            raise Wrong("'hours' and 'scheduled' go with 'per_day'")
        spans_of_day(self.hours)
        if self.hours and not sum(self.hours.values()) > 0:
            raise Wrong("the shares of 'hours' add up to nothing")
        for text in self.weekdays:
            units.days_of(text)
        return self


def hour_span(text: str) -> tuple[float, float]:
    """(start, end) in minutes after midnight of ``"08:00-10:00"``. Raises ValueError unless start < end ≤ 24:00."""
    start, dash, end = text.partition("-")
    if not dash or not units.time_of_day(start) < units.time_of_day(end):
        raise Wrong("expected hours of a day such as '08:00-10:00', got {text!r}", text=text)
    return units.time_of_day(start), units.time_of_day(end)


def spans_of_day(texts: Iterable[str]) -> list[tuple[float, float]]:
    """Hours of a day in order. Raises ValueError when one is not understood or two overlap."""
    spans = sorted(hour_span(text) for text in texts)
    for (_, end), (start, _) in itertools.pairwise(spans):
        if start < end:
            raise Wrong("these hours overlap")
    return spans


class PatientClass(Record):
    """A share of a pathway's patients that differ in urgency (triage levels, insured or not)."""

    title: Text
    share: Annotated[Number, Field(ge=0)]
    priority: int | None = None
    patient: bool = True  # False: never leaves for impatience
    source: Source = {}


class Branch(Record):
    """Where to go next, with a chance; a chance may differ by patient class. One branch may leave its chance out: it takes the rest."""

    to: Annotated[str, Ref("node", also=("leave",))]
    chance: Probability | dict[str, Probability] | None = None


def _branches(value: Any) -> Any:
    """One place to go, or one branch, written without the brackets of a list."""
    return ({"to": value},) if isinstance(value, str) else (value,) if isinstance(value, dict) else value


class Node(Record):
    """One stop of a pathway: ``do`` an activity, or ``fork`` into lines done side by side that all end before the stop is left.

    ``then`` says where to go (default: the next line; after the last, the patient has been served); chances that add up to less than 1 leave
    the rest to the next line. ``then_on_paper`` replaces it while the activity's department works on paper. Inside a fork, stops lead to
    stops of the same line, and ``leave`` ends that line; who leaves there for impatience or want of room leaves the pathway once the other
    lines have ended.
    """

    id: Id = ""
    do: Annotated[str, Ref("activity")] | None = None
    fork: "tuple[tuple[Node, ...], ...]" = ()
    then: Annotated[tuple[Branch, ...], BeforeValidator(_branches)] = ()
    then_on_paper: Annotated[tuple[Branch, ...], BeforeValidator(_branches)] = ()

    @model_validator(mode="before")
    @classmethod
    def _from_string(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"id": value, "do": value}
        if isinstance(value, dict) and "id" not in value and isinstance(value.get("do"), str):
            return {**value, "id": value["do"]}
        return value

    @model_validator(mode="after")
    def _one_form(self) -> "Node":
        if bool(self.do) == bool(self.fork):
            raise Wrong("a stop of a route needs either 'do' (an activity) or 'fork' (lines side by side)")
        if not self.id:
            raise Wrong("a fork needs an 'id'")
        return self


class Diverted(Record):
    """What a step that does ``divert`` changes: of those who would come, a ``share`` is kept away, from so long ``after`` the step on.

    Ambulances are told and go elsewhere; patients of a clinic or an operation are told to come another day. Whoever is kept away is not
    there at all, and does not come later in the run. Who is already there, or comes before ``after`` is over, is seen to as ever.
    """

    share: Annotated[Probability, Field(gt=0)]
    after: Minutes = 0.0
    source: Source = {}

    @field_validator("after")
    @classmethod
    def _shows_some_time(cls, value: float) -> float:
        if value == float("inf"):
            raise Wrong("'after' must end, or nobody is ever kept away")
        return value


class Pathway(Record):
    """A stream of patients, or of orders, and the route they take.

    ``diverted``: how many a step of the plan can keep away (``divert``); without it none. ``present``: how many are already at a stop when the run starts (inpatients in their beds); they need no waiting and hold what it needs,
    for what is left of a service that is seen at a random moment.
    """

    title: Text
    arrivals: Arrivals
    route: tuple[Node, ...]
    of: Literal["patients", "orders"] = "patients"
    classes: dict[str, PatientClass] = {}
    priority: int = 5
    diverted: Diverted | None = None
    present: dict[Annotated[str, Ref("node")], Count] = {}
    source: Source = {}

    @model_validator(mode="after")
    def _route(self) -> "Pathway":
        if not self.route:
            raise Wrong("a route needs at least one stop")
        seen: set[str] = set()
        for node in all_nodes(self.route):
            if node.id in seen:
                raise Wrong("the stop {id!r} is in the route twice; give one of them an 'id' of its own", id=node.id)
            seen.add(node.id)
        return self


def all_nodes(route: tuple[Node, ...]) -> list[Node]:
    """Every stop of a route, those inside forks too, in file order."""
    found: list[Node] = []
    for node in route:
        found.append(node)
        for line in node.fork:
            found.extend(all_nodes(line))
    return found


class Indicator(Record):
    """A delay that matters to patients: from the end of stop ``start`` to the beginning (or ``end``) of stop ``until``, against a ``limit``.

    Who has not got there at EndEx, or gave up before, counts with the minutes until then; whose route did not lead there does not count.
    """

    title: Text
    pathways: Annotated[tuple[Annotated[str, Ref("pathway")], ...], OneOrMany]
    start: Id
    until: Id
    until_its: Literal["start", "end"] = "end"
    limit: Minutes
    kind: Literal["safety", "service"] = "safety"
    source: Source = {}


__all__ = ["Activity", "Arrivals", "BackEntry", "Branch", "Department", "Diverted", "Indicator", "Kit", "Node", "OnPaper",
           "Pathway", "PatientClass", "SelfSwitch", "all_nodes", "hour_span"]  # fmt: skip
