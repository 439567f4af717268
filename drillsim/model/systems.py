"""Systems: components of any kind, what each needs, how it fails over, comes back and keeps its data."""

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from drillsim import units
from drillsim.errors import Wrong
from drillsim.model.base import Count, Factor, Id, Minutes, Number, OneOrMany, Probability, Record, Ref, Source, Text
from drillsim.model.durations import Distribution, Duration, constant

ComponentState = Literal["up", "slow", "read_only", "restoring", "isolated", "down"]
"""From best to worst. ``slow`` carries a factor; ``restoring`` and ``isolated`` give no service, like ``down``."""


class Needs(Record):
    """What a component needs to give service: ``all`` of, ``any`` of, or ``at_least`` k ``of`` a list; lists nest.

    In files a plain list means all of: ``needs: [core_network, {any: [feed_a, feed_b]}]``.
    """

    all: "tuple[NeedsItem, ...]" = ()
    any: "tuple[NeedsItem, ...]" = ()
    at_least: Count | None = None
    of: "tuple[NeedsItem, ...]" = ()

    @model_validator(mode="before")
    @classmethod
    def _from_list(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"all": (value,)}
        return {"all": tuple(value)} if isinstance(value, list | tuple) else value

    @model_validator(mode="after")
    def _one_form(self) -> "Needs":
        if sum(bool(part) for part in (self.all, self.any, self.of)) > 1:
            raise Wrong("use one of 'all', 'any' or 'at_least … of'; nest a second one inside")
        if bool(self.of) != (self.at_least is not None):
            raise Wrong("'at_least' and 'of' go together, such as {{at_least: 2, of: [a, b, c]}}")
        if self.at_least is not None and not 1 <= self.at_least <= len(self.of):
            raise Wrong("'at_least' must lie between 1 and {most}", most=len(self.of))
        return self

    def components(self) -> tuple[str, ...]:
        """Every component named, in order, nested ones too."""
        found: list[str] = []
        for item in (*self.all, *self.any, *self.of):
            found.extend((item,) if isinstance(item, str) else item.components())
        return tuple(dict.fromkeys(found))


NeedsItem = Annotated[str, Ref("component")] | Needs


class RunsOn(Record):
    """One service on several members in order of preference: it fails over to the next when the one in use no longer works.

    ``automatic``: after ``after`` the switch starts by itself, takes ``takes`` and succeeds with ``chance``; a failed one is not tried
    again by itself: a plan step with the effect ``fail_over`` can. ``standby_capacity`` is the share of the peak load that any member
    but the first can carry: above it work is slower by load / capacity, and with ``overload_fails`` chance per hour it gives way.
    ``chance`` is that of a new member: with ``ageing`` a switch fails so much more often with each year of the ``age`` of the member switched to.
    With ``load_follows: departments`` the load of the hour comes from those departments that work with it just then: those on paper spare it, and
    as they return one after the other it comes back in stages.
    """

    members: Annotated[tuple[Annotated[str, Ref("component")], ...], OneOrMany]
    automatic: bool = True
    after: Duration = constant(0.5)
    takes: Duration = constant(1.0)
    chance: Probability = 1.0
    ageing: Annotated[Number, Field(ge=0)] = (
        0.0  # how much more often a switch fails with each year of the `age` of the member switched to: 0.1 is a tenth
    )
    standby_capacity: Factor = 1.0
    overload_fails: Probability = 0.0
    load_follows: Literal["hours", "departments"] = "hours"
    source: Source = {}


class Backup(Record):
    """One schedule of copies: what the copy holds, how often it starts, how long it takes, and where it is kept.

    ``log`` copies are brought on top of the last full and incremental one, so data are lost back to the last copy that was finished.
    """

    kind: Literal["full", "incremental", "log"]
    every: Minutes
    at: str = "00:00"  # time of day of a copy, with its weekday for weekly ones (`sun 01:00`); the others follow every `every`
    takes: Minutes = (
        0.0  # to make it; an incremental or log copy takes as long again when it is brought back, each of them
    )
    medium: Annotated[str, Ref("medium")]
    slows: Factor = 1.0  # factor on work with this component while the copy runs
    source: Source = {}

    @field_validator("at")
    @classmethod
    def _time(cls, value: str) -> str:
        *days, time = value.split()
        units.time_of_day(time)
        if len(days) > 1 or any(day not in units.DAYS for day in days):
            raise Wrong(
                "expected a time of day such as '01:00', or with a weekday 'sun 01:00', got {value!r}", value=value
            )
        return value

    def one(self, midnight: float, monday: float) -> float:
        """The minute of one of these copies; ``midnight`` is that of the day of StartEx, ``monday`` that of its week's Monday."""
        *days, time = self.at.split()
        return (monday + units.DAY * units.DAYS.index(days[0]) if days else midnight) + units.time_of_day(time)

    @field_validator("every")
    @classmethod
    def _some_time(cls, value: float) -> float:
        if not 0 < value < float("inf"):
            raise Wrong("copies need some time between them")
        return value


class Medium(Record):
    """Where copies are kept and how fast they come back. Restores that read from it at the same time share its ``throughput``."""

    title: Text
    throughput: Annotated[
        float,
        BeforeValidator(lambda v: units.gigabytes_per_minute(v) if isinstance(v, str) else v),
        PlainSerializer(lambda v: f"{v!r} GB/min", return_type=str),
        WithJsonSchema({"type": "string", "description": "'360 MB/s', '2 TB/h'"}),
    ]
    fetch: Duration = constant(0.0)  # before the first byte: bringing tapes, opening a cloud vault
    works: Probability = 1.0  # chance that a restore from it succeeds, when that has just been tried out
    goes_bad: Probability = (
        0.0  # chance per month that its copies become useless and nobody notices before the next trial restore
    )
    last_tested: Minutes | None = (
        None  # how long before StartEx a trial restore last showed that it is good; None: never, which counts as two years
    )
    needs: Annotated[
        tuple[Annotated[str, Ref("component")], ...], OneOrMany
    ] = ()  # systems that must be up to restore from it
    offline: bool = False  # out of an attacker's reach: a tape in a safe, copies that cannot be changed
    kept_by: Annotated[str, Ref("component")] | None = (
        None  # the copies are spoiled only by an attack that gets into it
    )
    source: Source = {}


class Data(Record):
    """What a component keeps: its size, copies, and a replica that follows it with a lag."""

    size: Annotated[
        float,
        BeforeValidator(lambda v: units.gigabytes(v) if isinstance(v, str) else v),
        PlainSerializer(lambda v: f"{v!r} GB", return_type=str),
        WithJsonSchema({"type": "string", "description": "'4 TB', '600 GB'"}),
    ]
    backups: tuple[Backup, ...] = ()
    replica: Annotated[str, Ref("component")] | None = None
    lag: Minutes = 0.0  # how far the replica is behind
    keys: Annotated[str, Ref("component")] | None = None  # what keeps the keys: without it, copies cannot be read
    people: Count = 0  # whose data these are: so many are exposed when all of it is taken and can be read
    source: Source = {}


class RandomFailures(Record):
    """Failures of a component's own, again and again: time to failure while it is up, then repair by a crew that may be busy."""

    every: Duration
    repair: Duration
    ageing: Annotated[Number, Field(ge=0)] = (
        0.0  # how much more often it fails with each year of the component's `age`: 0.1 is a tenth
    )
    crew: Annotated[str, Ref("staff")] | None = (
        None  # one of them is needed throughout the repair; None: repair starts at once
    )
    source: Source = {}

    @field_validator("every")
    @classmethod
    def _some_time(cls, value: Distribution) -> Distribution:
        if not value.mean > 0:
            raise Wrong("'every' must be longer than zero")
        return value


class BreakGlass(Record):
    """How work goes on without something that is needed: logging in with sealed accounts, a list on paper, a second way that is slower.

    So long ``after`` it was lost the other way is opened, with ``chance``; from then on work takes ``slows`` times as long until it is back. What was
    done meanwhile must be looked through afterwards: the log says for how long it was open. ``by_hand``: only a step of the plan opens it
    (``break_glass``), so long after it was told to.
    """

    after: Duration = constant(15.0)
    by_hand: bool = False
    chance: Probability = 1.0
    slows: Factor = 1.5
    source: Source = {}


class Protection(Record):
    """What keeps attackers out of a component and slows them down: each a share, 0 for nothing, 1 for all.

    ``firewall``: of attempts from outside that do not get in. ``segmentation``: of attempts from another ``place`` that are stopped.
    ``hardening`` (patches, malware protection): of attempts to infect it; ``patched``: the same, from the minute in which a step has patched it (``patch``); whichever stops more counts. ``access_control``: of attempts to get further with stolen rights, or
    with rights of one's own. ``monitoring``: the chance that each step of an attack is noticed at once. Of data that are ``encrypted`` where they are kept, what is
    taken from there cannot be read; of data ``encrypted_in_transit``, what is taken on their way (an attack that ``listens``). Neither does the work of the other.
    """

    firewall: Probability = 0.0
    segmentation: Probability = 0.0
    hardening: Probability = 0.0
    patched: Probability = 1.0
    access_control: Probability = 0.0
    monitoring: Probability = 0.0
    encrypted: bool = False  # at rest
    encrypted_in_transit: bool = False
    source: Source = {}


class Component(Record):
    """Anything that works or does not: a power feed, a switch, a database, an application, a fleet of workstations, a gateway.

    It gives service when its own state allows and its ``needs`` are met; it keeps on for ``rides_through`` after they are lost (battery,
    heat that builds up). ``comes_back`` says whether it starts by itself when its needs return, taking ``restart`` minutes, or waits for a
    plan step that restores it. ``short``: a shorter name for the drawing of the replay.
    """

    title: Text
    short: Text | None = None
    kind: str
    place: str | None = None
    needs: Needs = Needs()
    runs_on: RunsOn | None = None
    rides_through: Duration = constant(0.0)
    comes_back: Literal["by_itself", "by_hand"] = "by_itself"
    restart: Duration = constant(0.0)
    without: dict[Annotated[str, Ref("component")], BreakGlass] = {}  # one of its needs → how work goes on without it
    settles: Duration = constant(0.0)  # after a start: everybody logs on at once, caches are empty …
    settles_slow: Factor = 1.0  # … and work takes so many times as long
    tier: Count | None = None  # restore order: lower first
    rto: Minutes | None = None
    rpo: Minutes | None = None
    count: Count = 1  # a fleet of so many alike; part of it can be away
    capacity_of_fleet: Probability = 1.0  # share of the fleet that is needed for work at normal speed
    data: Data | None = None
    fails: RandomFailures | None = None
    spares: Count = 0  # on the shelf; a step with `spare` uses one up
    spare_arrives: Duration | None = (
        None  # from asking the supplier to a spare being there, once none is left; None: never
    )
    reorder_at: Count | None = (
        None  # when one is used up and no more than so many are left or on order, one more is asked for; None: only once somebody waits
    )
    age: Minutes | None = (
        None  # how old it is; with `ageing`, in `fails` or of a service that runs on it, it fails the more often for it, and alone it changes nothing
    )
    protection: Protection | None = None  # None: the hospital's
    rebuild_takes: Minutes = 30.0  # hands-on time of one person to rebuild one of them (step effect `reimage`)
    tags: Annotated[tuple[str, ...], OneOrMany] = ()
    source: Source = {}

    def worn(self, ageing: float) -> float:
        """How many times as often a component of this age fails as a new one, when it is by ``ageing`` more with each year."""
        return 1 + ageing * (self.age or 0.0) / units.YEAR

    @property
    def upstream(self) -> tuple[str, ...]:
        """Every component this one leans on directly."""
        members = self.runs_on.members if self.runs_on else ()
        return tuple(dict.fromkeys((*self.needs.components(), *members)))


def _not_empty(value: str) -> str:
    if not value.strip():
        raise Wrong("expected a component, or a selector such as 'kind: workstation'")
    return value


Selector = Annotated[str, AfterValidator(_not_empty), Ref("component", also=("all", "kind:", "place:", "tag:"))]
"""Which components: an id, ``kind:…``, ``place:…``, ``tag:…`` for all that are alike, or ``all``."""


def selected(components: dict[str, Component], selector: str) -> tuple[str, ...]:
    """Ids of the components a Selector (or ``all``) means, in file order; empty when none fits."""
    key, colon, wanted = (part.strip() for part in selector.partition(":"))
    if selector == "all":
        return tuple(components)
    if not colon:
        return (selector,) if selector in components else ()
    test = {
        "kind": lambda c: c.kind == wanted,
        "place": lambda c: c.place == wanted,
        "tag": lambda c: wanted in c.tags,
    }.get(key)
    return tuple(i for i, c in components.items() if test is not None and test(c))


__all__ = [
    "Backup",
    "BreakGlass",
    "Component",
    "ComponentState",
    "Data",
    "Id",
    "Medium",
    "Needs",
    "Protection",
    "RandomFailures",
    "RunsOn",
    "Selector",
    "selected",
]
