"""The emergency plan: roles and who holds them, grades, channels, thresholds, and the steps with their deadlines."""

from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_serializer, model_validator

from drillsim.errors import Wrong
from drillsim.model.base import Count, Counted, Factor, Id, Minutes, OneOrMany, Probability, Record, Ref, Source, Text
from drillsim.model.conditions import ConditionField, DeadlineField, EventField, MomentField
from drillsim.model.drills import Drill
from drillsim.model.durations import Duration, constant
from drillsim.model.people import cover_the_week

Phase = Literal[
    "identify", "notify", "diagnose", "isolate", "repair", "restore", "verify", "recover_data", "evaluate", "learn"
]

EFFECTS: dict[str, str] = {
    # effect: what its targets are (namespaces of Ref, comma separated; "" = none)
    "declare": "",  # the incident is declared; its grade is the first of `grades` that fits
    "judge": "",  # a judgement of the cause is made; right with the step's `chance_right`
    "notify": "department,group,role",  # tell them, over the plan's channels
    "order_paper": "group,department",  # order paper working; each department hears it over the channels, then changes over
    "return_to_system": "group,department",  # tell them to use the systems again; back-entry begins
    "fail_over": "component",  # switch a service to its next member by hand
    "break_glass": "component",  # open the other way of working that it has (`without`), such as sealed accounts
    "isolate": "component",  # cut it off: no service, and nothing spreads from it
    "reconnect": "component",  # undo an isolation
    "shut_down": "component",  # stop it in good order: what loses power or cooling afterwards is not broken by it; `restore` starts it again
    "repair": "component,cause",  # mend what is broken; `cause` mends what the present judgement points to
    "reimage": "component",  # rebuild, machine by machine, what an update or an attack has made useless
    "patch": "component",  # close its hole: malware gets in no more (protection's `patched`), and its trouble does not come back; mends nothing by itself
    "restore": "component,tier",  # start it again: an id, `tier 1`, or `all` in the plan's restore order
    "recover_data": "component",  # bring data back from the best copy
    "start_empty": "component",  # when no copy is good: go on without the data, which are lost for good
    "verify": "department,group",  # try the department's systems; finds what is still away
    "restock": "department",  # bring forms
    "divert": "pathway",  # patients of it are sent elsewhere, or told to come another day: as many, and as soon, as its `diverted` says
    "reopen": "pathway",  # undo a diversion: they come again
    "call_off": "step",  # end other steps before they are done; work that has begun has no effect
    "stand_down": "",  # the incident is over for the command group
    "evaluate": "department,group",  # compare their work with normal; finds who is still on paper or waits, and systems that are still slow. Alone: all departments
    "learn": "",  # hold the after-action meeting: names and numbers that were found wrong are put right
}
WITHOUT_TARGET = ("evaluate",)
"""Effects with targets that may stand alone, and then mean all."""


class Effect(Record):
    """What a finished step does to the hospital: ``declare``, ``{order_paper: [outpatient]}``, ``{restore: all}`` …"""

    kind: str
    targets: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _from_plain(cls, value: Any) -> Any:
        if isinstance(value, str):
            value = {value: ()}
        if isinstance(value, dict) and "kind" not in value:
            if len(value) != 1:
                raise Wrong("one effect at a time; write a list for several: [declare, {{notify: all}}]")
            kind, targets = next(iter(value.items()))
            targets = (targets,) if isinstance(targets, str) else tuple(targets or ())
            value = {"kind": kind, "targets": targets}
        return value

    @model_validator(mode="after")
    def _known(self) -> "Effect":
        if self.kind not in EFFECTS:
            raise Wrong("unknown effect {kind!r}; known are {known}", kind=self.kind, known=", ".join(EFFECTS))
        if bool(EFFECTS[self.kind]) != bool(self.targets) and (self.targets or self.kind not in WITHOUT_TARGET):
            if self.targets:
                raise Wrong("{kind!r} takes nothing after it", kind=self.kind)
            raise Wrong("{kind!r} needs to say what", kind=self.kind)
        return self

    @model_serializer
    def _to_plain(self) -> str | dict[str, list[str]]:
        return {self.kind: list(self.targets)} if self.targets else self.kind


Silence = dict[str, Text]
"""Findings of the plan check that are meant to be so: the name of a rule (``no-deputy``), or of a rule and what it speaks of
(``no-deputy database``) → the reason. Mistakes cannot be silenced."""


class PlanRole(Record):
    """A role of the plan and which staff hold it, in order of preference: the first is the holder, the others deputies.

    Without holders, ``count`` people hold it who are always there (a project network, a tabletop).
    """

    title: Text
    holders: Annotated[tuple[Annotated[str, Ref("staff")], ...], OneOrMany] = ()
    count: Count = 1
    source: Source = {}


class Grade(Record):
    """An incident grade: the first in the list whose condition holds when the incident is declared."""

    id: Count
    title: Text
    when: ConditionField | None = None  # None: always fits
    activates: Annotated[tuple[Annotated[str, Ref("role")], ...], OneOrMany] = ()  # roles called in at once
    source: Source = {}


class Channel(Record):
    """A way to tell people. ``broadcast`` reaches all at once; others are used for one after the other, ``takes`` each for the caller.

    ``heard``: from sent to heard, without the caller. A call that does not reach is tried over the next channel of the call tree.
    ``reaches``: the share of those told who are reached; one number, or hours of the week → number (``{"07:00-19:00": 0.9, "19:00-07:00": 0.6}``),
    which leave no hour out and name none twice: what counts is when the message is sent.
    """

    title: Text
    needs: Annotated[tuple[Annotated[str, Ref("component")], ...], OneOrMany] = ()
    broadcast: bool = False
    takes: Duration = constant(1.0)
    heard: Duration = constant(0.0)
    reaches: Probability | dict[str, Probability] = 1.0
    source: Source = {}

    @field_validator("reaches")
    @classmethod
    def _all_week(cls, reaches: float | dict[str, float]) -> float | dict[str, float]:
        if isinstance(reaches, dict):
            cover_the_week(reaches)
        return reaches


class Readiness(Record):
    """What training and drills change: a role with ``trained`` 0 takes ``untrained_takes`` times as long and succeeds ``untrained_chance`` times as often.

    Steps of the phase ``learn`` (meetings and questions afterwards) are no skill that is trained. With ``decay``, what was trained fades since the last drill as (1 + months)^-0.85 (FACTS R28, a proxy from resuscitation skills), never
    below ``floor``.
    """

    untrained_takes: Factor = 1.5
    untrained_chance: Probability = 0.8
    decay: bool = False
    floor: Probability = 0.3
    tires_after: Minutes | None = (
        None  # on duty without a break (a shift, or since called in); people who are there `always` do not tire
    )
    tired_takes: Factor = (
        1.1  # work takes so many times as long for every hour beyond (HEART, sleep disruption: assumption)
    )
    tired_chance: Probability = 1.0  # and succeeds so many times as often, for every hour beyond
    contacts_change: Probability = 0.0  # share of names and numbers that change in a year; those not reviewed since fail the first time (without a date: two years)
    source: Source = {}


class IfItFails(Record):
    """What follows a step that did not succeed: done ``again`` (up to ``tries`` times in all), back to an earlier step, or on without it.

    After the last try the event ``STEP failed`` happens; steps that escalate have ``on: STEP failed``. Steps that come ``after`` one that failed
    for good go on only when it was not to be tried ``again``. Going back does that step, all that follow it, and this one anew: of their
    triggers only ``after`` is waited for again.
    """

    again: bool = True
    tries: Annotated[Count, Field(ge=1)] = 3
    back_to: Annotated[str, Ref("step")] | None = None  # that step and those after it are done anew
    pause: Duration = constant(0.0)  # before the next try
    source: Source = {}


class ForEach(Record):
    """Work that grows with what must be gone through: so many minutes of one person for each record, shared by all people at the step.

    ``lost``: records that these departments had entered in the systems in the time whose data are lost, as far back as the run goes (warm-up
    included); ``paper``: items that they have written on paper. Both are counted when the work begins.
    """

    takes: Minutes
    lost: Annotated[tuple[Annotated[str, Ref("department,group")], ...], OneOrMany] = ()
    paper: Annotated[tuple[Annotated[str, Ref("department,group")], ...], OneOrMany] = ()
    source: Source = {}

    @model_validator(mode="after")
    def _of_something(self) -> "ForEach":
        if not (self.lost or self.paper):
            raise Wrong("say of which departments: 'lost' for records that are lost, 'paper' for items on paper")
        return self


class Without(Record):
    """What a step is like while a tool that helps it gives no service: its work takes ``slows`` times as long.

    If the tool is away as the work ends, the step's ``chance`` and ``chance_right`` count so many times as much. A tool that is slow helps all the same.
    """

    slows: Annotated[Factor, Field(ge=1)] = 1.0
    chance: Probability = 1.0
    chance_right: Probability = 1.0  # for `judge`
    source: Source = {}

    @model_validator(mode="after")
    def _of_some_use(self) -> "Without":
        if self.slows == self.chance == self.chance_right == 1:
            raise Wrong("say what the step is like without it: 'slows', 'chance' or 'chance_right'")
        return self


class Step(Record):
    """One step of the emergency plan: who does it, what starts it, how long it takes, by when it must be done, and what it changes.

    It becomes ready when all of its triggers hold: ``after`` (these steps are done, or not applicable), ``on`` (one of these events has
    happened), ``when`` (a condition holds), ``at`` (a moment). Without a trigger it is ready when the first fault is detected, or at
    StartEx in a scenario without faults. With ``during`` (the name of a roster, or hours such as ``mon-fri 08:30-17:30``; one or several) it begins
    only in these hours: triggered outside of them it waits for the next ones, and that wait counts as "by rule". With ``pauses`` the work also lies
    still outside of them: its people go, and it goes on in the next hours. If ``only_if`` is false when it
    is triggered, or when its hours have come, it is not applicable. It then takes one holder of
    ``owner`` and of every role in ``with``, all or none, and whatever else it needs.
    """

    id: Id
    title: Text
    phase: Phase = "identify"
    owner: Annotated[str, Ref("role")]
    with_roles: Annotated[
        dict[Annotated[str, Ref("role")], Annotated[Count, Field(ge=1)]],
        Counted,
    ] = Field(default={}, alias="with")
    after: Annotated[tuple[Annotated[str, Ref("step")], ...], OneOrMany] = ()
    on: Annotated[tuple[EventField, ...], OneOrMany] = ()
    when: ConditionField | None = None
    at: MomentField | None = None
    during: Annotated[tuple[Annotated[str, Ref("roster", also=("always",))], ...], OneOrMany] = ()
    pauses: bool = False  # work of days that nobody does at night: it lies still outside the hours of `during`
    only_if: ConditionField | None = None
    takes: Duration = constant(0.0)
    for_each: ForEach | None = None  # and so much more for each record: reconciling, checking what was typed in
    decision: bool = False  # a decision: others who wait for it wait "for a decision"
    within: DeadlineField | None = None
    least_share: Probability = 0.9  # how often it must be on time for the plan to be said to hold
    weight: Factor = 1.0  # in the 100-point form: on time earns all of it, late half, missed none
    uses: Annotated[
        tuple[Annotated[str, Ref("component")], ...], OneOrMany
    ] = ()  # tools and systems that must give service; while one is slow, the work takes its factor as long
    helped_by: dict[
        Annotated[str, Ref("component")], Without
    ] = {}  # a tool that the step can do without → what it is like without it
    spare: Annotated[str, Ref("component")] | None = None  # one spare of this component is used up
    chance: Probability = 1.0
    chance_right: Probability = 1.0  # for `judge`
    if_it_fails: IfItFails = IfItFails()
    priority: int = (
        5  # among steps waiting for the same people: lower first, then the order of the file or of becoming ready
    )
    if_interrupted: Literal["resume", "restart"] = "resume"
    does: Annotated[tuple[Effect, ...], OneOrMany] = ()
    report_to: Text | None = None  # an outside body that must be told: its deadline is a report clock
    evidence: Text | None = None  # what an observer of a drill looks for
    silence: Silence = {}  # findings of the plan check about this step that are meant to be so: rule → reason
    source: Source = {}

    model_config = {"populate_by_name": True}

    @model_validator(mode="after")
    def _hours_to_pause(self) -> "Step":
        if self.pauses and not self.during:
            raise Wrong("'pauses' needs the hours in which the work goes on: write 'during'")
        return self

    @model_validator(mode="after")
    def _tools(self) -> "Step":
        for tool, without in self.helped_by.items():
            if tool in self.uses:
                raise Wrong("{tool!r} stands in 'uses' too: the step would wait for it, and never begin without it", tool=tool)  # fmt: skip
            if without.chance_right < 1 and all(effect.kind != "judge" for effect in self.does):
                raise Wrong("'chance_right' of {tool!r} is for a step that does 'judge'", tool=tool)
        return self


class Plan(Record):
    """The emergency plan. ``pick`` decides who is next among steps of equal priority that wait for the same people: the one ``ready`` first,
    or the one first in the ``list`` (as in list scheduling)."""

    title: Text
    version: str = ""
    reviewed: str | None = None  # date of the last review
    thresholds: dict[
        Id, Minutes
    ] = {}  # group → how long its systems may be away before paper working is ordered; other names: limits for conditions and deadlines
    roles: dict[Id, PlanRole] = {}
    grades: Annotated[tuple[Grade, ...], OneOrMany] = ()
    channels: dict[Id, Channel] = {}
    call_tree: Annotated[
        tuple[Annotated[str, Ref("channel")], ...], OneOrMany
    ] = ()  # channels in the order in which they are tried
    causes: Annotated[tuple[Id, ...], OneOrMany] = ()  # what a first judgement may come to
    cause_titles: dict[Id, Text] = {}  # what those causes are called that are no component
    restore_order: tuple[Annotated[tuple[Annotated[str, Ref("component")], ...], OneOrMany], ...] = ()
    readiness: Readiness = Readiness()
    drills: Annotated[tuple[Drill, ...], OneOrMany] = ()  # the calendar of drills, past and planned
    pick: Literal["ready", "list"] = "ready"
    steps: Annotated[tuple[Step, ...], OneOrMany] = ()
    silence: Silence = {}  # findings of the plan check that are meant to be so: rule, or rule and what it speaks of → reason
    source: Source = {}

    @model_validator(mode="after")
    def _titles_of_causes(self) -> "Plan":
        for cause in self.cause_titles:
            if cause not in self.causes:
                raise Wrong("{cause!r} in cause_titles is not one of the plan's causes", cause=cause)
        return self

    @model_validator(mode="after")
    def _deadlines(self) -> "Plan":
        """Put the minutes of the thresholds into the deadlines that name one; one that is not there is told with the references."""
        if any(step.within is not None and step.within.threshold for step in self.steps):
            object.__setattr__(self, "steps", tuple(self._timed(step) for step in self.steps))
        return self

    def _timed(self, step: Step) -> Step:
        limit = step.within
        if limit is None or limit.threshold not in self.thresholds:
            return step
        return step.model_copy(
            update={"within": limit.model_copy(update={"minutes": self.thresholds[limit.threshold]})}
        )

    def step(self, step: str) -> Step:
        """The step with this id. Raises KeyError when there is none."""
        for candidate in self.steps:
            if candidate.id == step:
                return candidate
        raise KeyError(step)
