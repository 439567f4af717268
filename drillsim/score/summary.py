"""``summary.json``: every scored figure under a documented schema (``drillsim schema summary`` prints it).

Minutes are float minutes; a missing figure is null, never zero. Shares lie between 0 and 1. ``base`` is the same day without the faults on
the same luck; ``difference`` is fault minus base, paired by replication. Lists keep the order of the files.
"""

from __future__ import annotations

from drillsim.score.summary_hospital import (
    ActivityPart,
    DataPart,
    DepartmentPart,
    IndicatorPart,
    PathwayPart,
    PatientsPart,
    PersonPart,
    ResourcePart,
    Series,
    SystemPart,
)
from drillsim.score.summary_parts import Estimate, Part, Spread, Words
from drillsim.score.summary_plan import (
    Cause,
    Coverage,
    LessonPart,
    Milestone,
    ObjectivePart,
    PathPart,
    RecoveryPart,
    StepPart,
    Verdict,
)

SCHEMA = "drillsim-summary/1"


class ScenarioPart(Part):
    """What was played."""

    name: str  # name or path as given
    title: Words
    story: Words | None
    hospital: Words
    plan: Words
    plan_version: str
    start: str
    horizon: float
    stands_for: int = 1  # so many patients each one who was played stands for
    variant: str | None = None


class RunsPart(Part):
    """How much was played. ``not_scored``: replications whose steady-state gate failed, with why. ``only``: the numbers asked for, when not
    all from 1 on."""

    asked: int
    done: int
    scored: int
    seed: int
    confidence: float
    interrupted: bool
    not_scored: list[dict[str, str | int | float]]  # replication, why (words), claim, value (the figure it had)
    only: list[int] = []


class PrecisionPart(Part):
    """How well a figure is known: half the width of its interval, in its unit (minutes, share, number).

    ``asked`` is the precision that was asked for in words (None: nothing was asked) and ``goal`` the half width that it comes to; ``known``: whether the
    interval was that narrow, at the last numbers of runs too. ``runs_needed``: about how many runs it takes when it was not. ``runs_for_half``: about
    how many it takes for an interval half as wide. ``at_least``: runs in which the figure is a time that was not over at EndEx and counts until then, so
    that the estimate is "at least".
    """

    figure: str
    kind: str
    id: str
    name: str
    unit: str  # claim (true or false in a run), share, min, number
    estimate: Estimate
    at_least: int = 0
    half: float | None
    asked: str | None = None
    goal: float | None = None
    known: bool | None = None
    runs_needed: int | None = None
    runs_for_half: int | None = None


class FindingPart(Part):
    """One finding of the plan check (``drillsim check``), made before anything was played: what, where, why it matters, what to do.

    ``silenced`` is the reason given in the file when it is meant to be so; None otherwise.
    """

    rule: str
    severity: str  # serious, warning, hint
    about: str  # the step, role, system … it speaks of
    file: str
    line: int | None
    path: str
    what: Words
    why: Words
    todo: Words
    silenced: Words | None = None


class Provenance(Part):
    """What made this: versions, files with their hashes. No clock: when it was made stands in run.json."""

    drillsim: str
    python: str
    packages: dict[str, str]
    files: dict[str, str]  # name → sha256
    scenario_hash: str


class Summary(Part):
    """The whole of ``summary.json``."""

    schema_version: str = SCHEMA
    scenario: ScenarioPart
    runs: RunsPart
    verdict: Verdict
    coverage: Coverage
    milestones: list[Milestone]
    grades: dict[str, float]  # grade → share of runs declared at it
    steps: list[StepPart]
    completion: Spread  # minute the last applicable step was done, since StartEx; censored when one was not
    objectives: list[ObjectivePart]
    form_points: float | None
    form_rating: str | None
    systems: list[SystemPart]
    departments: list[DepartmentPart]
    people: list[PersonPart]
    resources: list[ResourcePart]
    activities: list[ActivityPart]
    pathways: list[PathwayPart]
    patients: PatientsPart | None = None  # of all pathways of patients together
    indicators: list[IndicatorPart]
    data: DataPart | None
    causes: list[Cause]
    roots: list[
        Cause
    ] = []  # what held up late and missed steps in the end, traced back through the steps and events they waited for (the realised critical path, work too); of one cause each minute of a run once, however many steps it held up
    paths: list[PathPart] = []  # the realised critical path to every milestone that some run reached
    recovery: list[
        RecoveryPart
    ] = []  # the hospital first, then departments; nothing without the day without the faults
    lessons: list[LessonPart] = []  # what the runs taught: areas for improvement first, the most frequent first
    precision: list[PrecisionPart] = []  # how well the figures that are decided by are known
    shown: dict[str, int]  # first, median, worst → replication whose full rows are kept
    shown_rule: str = ""
    grid: list[float]
    series: list[Series]
    findings: list[FindingPart] | None = (
        None  # of the plan check, the gravest first, silenced ones last; None: not checked
    )
    provenance: Provenance
