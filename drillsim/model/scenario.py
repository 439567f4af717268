"""The scenario: when it starts, what breaks, what is injected, what the exercise must show, and the named changes to compare."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from drillsim import units
from drillsim.errors import Wrong
from drillsim.model.base import Count, Id, Minutes, Number, OneOrMany, Probability, Record, Ref, Source, Text
from drillsim.model.conditions import ConditionField, Moment, MomentField
from drillsim.model.costs import Cost
from drillsim.model.drills import last_practised
from drillsim.model.durations import Duration, constant
from drillsim.model.faults import KINDS, FaultKind
from drillsim.model.hospital import Detection, Hospital
from drillsim.model.measures import read_measure
from drillsim.model.plan import Plan
from drillsim.model.protection import Attack
from drillsim.model.repairs import Imperfect, Relapse
from drillsim.model.systems import Selector


class Fault(Record):
    """Something that breaks: ``kind`` (what), ``target`` (where), ``at`` (when), ``severity`` (how much) and ``lasts`` (None: until repaired)."""

    id: Id = "fault"
    title: Text | None = None
    kind: str = "outage"
    target: str
    at: MomentField = Moment(time_of_day=550.0)
    chance: Probability = 1.0
    severity: Annotated[Number, Field(gt=0)] = 1.0
    lasts: Duration | None = None
    cause: str | None = None  # the truth, one of the plan's `causes`; None: the target itself
    mistaken_for: Annotated[
        tuple[str, ...], OneOrMany
    ] = ()  # what a wrong judgement takes it for, of the plan's `causes`; none: any of them. Once a repair has disproved each, it is judged rightly: one entry, one wrong turn at most
    found_by: dict[Id, Detection] = {}  # instead of the hospital's `detection`
    attack: Attack = Attack()  # for `spread`, `intrusion`, `insider`
    relapse: Relapse | None = None  # it comes back after it was mended; a `loop` does so by itself
    imperfect: Imperfect | None = (
        None  # the repair may leave something wrong, which verifying can find before the departments do
    )
    breaks: Probability = 0.0  # for `power` and `outage`: chance that what has stopped for it is broken afterwards, unless it was shut down
    breakable: Annotated[tuple[Selector, ...], OneOrMany] = ("all",)  # of what `breaks` can be broken
    damaged_for: Duration = constant(
        0.0  # for `corrupt`: how long the data had been damaged before it showed; copies made meanwhile hold the damage
    )
    planned: Minutes = 0.0  # for `upgrade`: how long it was announced to take
    effect: Text | None = None  # one sentence for the briefing
    source: Source = {}

    @field_validator("kind")
    @classmethod
    def _known(cls, kind: str) -> str:
        if kind not in KINDS:
            raise Wrong("unknown kind of fault {kind!r}; known are {known}", kind=kind, known=", ".join(KINDS))
        return kind

    @model_validator(mode="after")
    def _listens_to_data(self) -> "Fault":
        if self.attack.listens and self.nature.attack != "steals":
            stealing = ", ".join(name for name, kind in KINDS.items() if kind.attack == "steals")
            raise Wrong("'listens' is for an attack that is after data: {kinds}; this is {kind!r}", kinds=stealing, kind=self.kind)  # fmt: skip
        return self

    @model_validator(mode="after")
    def _somebody_mends_it(self) -> "Fault":
        if self.imperfect is not None and not self.nature.mended_by:
            raise Wrong(
                "'imperfect' speaks of repairs, and nobody repairs {kind!r}: it passes by itself", kind=self.kind
            )
        return self

    @property
    def nature(self) -> FaultKind:
        """What is known of its kind."""
        return KINDS[self.kind]


class Expects(Record):
    """What should follow an inject: a step of the plan, within a time of the inject."""

    step: Annotated[str, Ref("step")]
    within: Minutes
    source: Source = {}


class Inject(Record):
    """What a controller delivers during the drill: at a moment, or once a condition holds.

    With ``during`` (the name of a roster, or hours such as ``mon-fri 08:00-18:00``; one or several) it waits for these hours. If ``only_if`` is
    false at the minute of delivery it is held back for good: it would say what is not so. What counts from it does not happen then.
    ``about`` names the steps of the plan that answer its question: a replay reveals what became of them in its run.
    """

    id: Id
    title: Text | None = None
    at: MomentField | None = None
    when: ConditionField | None = None
    during: Annotated[tuple[Annotated[str, Ref("roster", also=("always",))], ...], OneOrMany] = ()
    only_if: ConditionField | None = None
    to: Annotated[str, Ref("role", also=("all",))] = "all"
    channel: Annotated[str, Ref("channel")] | None = None
    text: Text
    question: Text | None = None
    answer: Text | None = None
    expects: Expects | None = None
    about: Annotated[tuple[Annotated[str, Ref("step")], ...], OneOrMany] = ()
    source: Source = {}

    @model_validator(mode="after")
    def _one_trigger(self) -> "Inject":
        if (self.at is None) == (self.when is None):
            raise Wrong("give either 'at' (a moment) or 'when' (a condition)")
        return self


def _claim(text: str) -> str:
    read_measure(text)
    return text


Claim = Annotated[str, AfterValidator(_claim)]
"""A figure against a limit, such as ``registration.wait_p90 <= 20 min`` (see ``model.measures``)."""


class Objective(Record):
    """What the exercise must show: steps that must be on time (all of them, in a share of runs), or a figure against a limit.

    ``measure`` is written ``"patients.left <= 50"``, ``"his.minutes_down <= 60"``, ``"registration.wait_p90 <= 45"``; the documentation of
    measures lists all. ``target`` is the share of runs in which it must hold.
    """

    id: Id
    title: Text
    steps: Annotated[tuple[Annotated[str, Ref("step")], ...], OneOrMany] = ()
    measure: Claim | None = None
    target: Probability = 0.9
    source: Source = {}

    @model_validator(mode="after")
    def _one_form(self) -> "Objective":
        if bool(self.steps) == (self.measure is not None):
            raise Wrong("an objective names either 'steps' or a 'measure'")
        return self


def _plain(value: Any) -> Any:
    """Mappings and lists of any kind as plain ones."""
    if isinstance(value, dict):
        return {str(key): _plain(held) for key, held in value.items()}
    return [_plain(held) for held in value] if isinstance(value, list | tuple) else value


class Variant(Record):
    """A named change to compare on the same luck: paths in hospital, plan or scenario → new values, with what it costs."""

    title: Text
    cost: Cost | None = None
    set: Annotated[dict[str, object], BeforeValidator(_plain)] = {}
    source: Source = {}


LONGEST = 36525 * units.DAY
"""The longest warm-up and horizon: 100 years."""


def _years(minutes: float) -> str:
    days = minutes / units.DAY
    return f"{days:,.0f} d" if days < 1e9 else f"{days:.3g} d"


class RunSettings(Record):
    """How the scenario is run unless the command says otherwise."""

    replications: Annotated[Count, Field(ge=1)] = 200
    seed: Count = 1
    confidence: Annotated[Number, Field(gt=0, lt=1)] = 0.95


class Scenario(Record):
    """All a run needs. Times are minutes since ``start`` (StartEx); the hospital runs ``warm_up`` before it and until ``horizon`` (EndEx).

    ``stands_for``: of so many patients (and orders) one is played, who stands for all of them: for horizons of days in large hospitals.
    People, forms and places are fewer by as much, and figures are told for the whole hospital; what that does to them, the page on
    coarse flow says.
    """

    title: Text
    story: Text | None = None
    hospital: Hospital
    plan: Plan
    start: str = "2026-03-09 07:00"
    warm_up: Minutes = 0.0
    horizon: Minutes = 840.0
    stands_for: Annotated[Count, Field(ge=1)] = 1
    steady_state: Annotated[tuple[Claim, ...], OneOrMany] = ()
    faults: Annotated[tuple[Fault, ...], OneOrMany] = ()
    injects: Annotated[tuple[Inject, ...], OneOrMany] = ()
    objectives: Annotated[tuple[Objective, ...], OneOrMany] = ()
    variants: dict[Id, Variant] = {}
    run: RunSettings = RunSettings()
    source: Source = {}

    def __repr__(self) -> str:
        systems, steps, faults = len(self.hospital.systems), len(self.plan.steps), len(self.faults)
        return f"Scenario({self.title.en or self.title.zh!r}: {systems} systems, {steps} steps, {faults} faults)"

    @field_validator("start")
    @classmethod
    def _date(cls, value: str) -> str:
        try:
            year = datetime.strptime(value, "%Y-%m-%d %H:%M").year
        except ValueError:
            raise Wrong("expected a date and time such as '2026-03-09 07:00', got {value!r}", value=value) from None
        if not 1900 <= year < 3000:
            raise Wrong("expected a year from 1900 to 2999, got {value!r}", value=value)
        return value

    @field_validator("warm_up")
    @classmethod
    def _bounded(cls, value: float) -> float:
        if not value < float("inf"):
            raise Wrong("the warm-up must end")
        if value > LONGEST:
            raise Wrong("the warm-up can last {most} at most, got {value}", most=_years(LONGEST), value=_years(value))
        return value

    @field_validator("horizon")
    @classmethod
    def _some_time(cls, value: float) -> float:
        if not 0 < value < float("inf"):
            raise Wrong("the horizon must be longer than zero")
        if value > LONGEST:
            raise Wrong("the horizon can be {most} at most, got {value}", most=_years(LONGEST), value=_years(value))
        return value

    @field_validator("variants")
    @classmethod
    def _one_currency(cls, variants: dict[str, Variant]) -> dict[str, Variant]:
        currencies = {one.cost.currency for one in variants.values() if one.cost is not None and one.cost.currency}
        if len(currencies) > 1:
            raise Wrong("costs are in {currencies}; write all of them in one currency, so that they can be compared", currencies=", ".join(sorted(currencies)))  # fmt: skip
        return variants

    @property
    def start_time(self) -> datetime:
        """StartEx on the calendar."""
        return datetime.strptime(self.start, "%Y-%m-%d %H:%M")

    def last_practised(self) -> dict[str, tuple[float | None, float | None]]:
        """Role of the staff → minutes before StartEx of its last drill, and of the last time it practised bringing data back (see ``model.drills``)."""
        return last_practised(self.hospital.staff, self.plan.drills, self.start_time)

    @property
    def paper_thresholds(self) -> dict[str, float]:
        """Thresholds of the plan that are a group's or a department's; the others are limits that conditions and deadlines name (report clocks)."""
        departments = self.hospital.departments
        known = {"all", *departments, *(each.group for each in departments.values())}
        return {name: minutes for name, minutes in self.plan.thresholds.items() if name in known or not departments}
