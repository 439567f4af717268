"""``summary.json``: every scored figure under a documented schema (``drillsim schema summary`` prints it).

Minutes are float minutes; a missing figure is null, never zero. Shares lie between 0 and 1. ``base`` is the same day without the faults on
the same luck; ``difference`` is fault minus base, paired by replication. Lists keep the order of the files.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

SCHEMA = "drillsim-summary/1"


class Part(BaseModel):
    """A piece of the summary; unknown keys are refused when an old file is read."""

    model_config = ConfigDict(extra="forbid")


class Estimate(Part):
    """A mean or a probability with its confidence interval (Wilson for shares, t for means), from ``n`` replications."""

    value: float | None
    low: float | None = None
    high: float | None = None
    n: int = 0


class Spread(Part):
    """A distribution over replications: mean with t interval, quantiles; ``n`` values, ``censored`` of them "at least" (unfinished at EndEx).

    An unfinished value counts as the minutes until EndEx, so that what leans on it is a lower bound. ``at_least`` names those of mean, p10,
    p50, p90, least and most that are only lower bounds: the mean, as soon as one value is unfinished (it is the mean of the time until
    EndEx, Royston and Parmar 2013, BMC Med. Res. Methodol. 13:152); a quantile, when it would be another one if the unfinished had
    gone on for ever (the sharp bounds of a quantile, Manski 2003). Only the others may be told as reached in that share of the runs.
    """

    mean: Estimate
    p10: float | None = None
    p50: float | None = None
    p90: float | None = None
    least: float | None = None
    most: float | None = None
    n: int = 0
    censored: int = 0
    at_least: list[str] = []


class Words(Part):
    """A title in both languages."""

    en: str
    zh: str


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


class Verdict(Part):
    """Does the plan hold: in what share of runs were all deadlines met, and is that at least what is required of every step?"""

    holds: bool | None  # None: no deadline was exercised
    all_on_time: Estimate
    steps_with_deadline: int
    steps_holding: int


class Coverage(Part):
    """How much of the plan this scenario exercised: steps that became ready in at least one scored run."""

    exercised: int
    total: int
    never: list[str]  # ids of steps never reached


class Milestone(Part):
    """A built-in event: in what share of runs it was reached, and when, in minutes after the first fault (``failed``) or StartEx.

    ``minute`` and ``reached`` are of all runs that called for it: one in which the event was not reached all the same counts as unfinished
    (``censored``), so that the middle run is the middle one of these. Paper working (``ordered``) is called for where the trigger of a step
    that orders it came; ``returned`` and ``cleared`` where it was ordered or anything was written on paper; all others in every run.
    """

    event: str
    called_for: Estimate | None = None  # share of all runs
    reached: Estimate  # restored, returned and cleared: reached for good, so still true at EndEx
    minute: Spread  # of restored, returned and cleared the last time they were reached; of all others the first


class StepPart(Part):
    """One step of the plan over all scored runs.

    ``outcomes``: share of runs in which it was on_time, late, missed (its clock ran, it was not done before EndEx, or it was given up), not_reached (its clock
    never started, or what it is there for never came), not_applicable, done (no deadline, done), undone, open (not done, but its deadline lies after EndEx). ``on_time``: among runs in
    which its clock ran (open ones left out). ``taken``: minutes from the
    deadline's event (or from ready, without a deadline) to done. ``parts``: mean minutes of that time by part, adding up to ``taken.mean``.
    """

    id: str
    title: Words
    phase: str
    owner: str
    decision: bool
    deadline: str | None
    allowed: float | None
    required: float
    outcomes: dict[str, float]
    on_time: Estimate
    holds: bool | None
    late_by: Spread  # among runs in which it was late, or missed (then at least this much: censored)
    taken: Spread
    ended: Spread  # minute since StartEx, of runs in which it was called for; censored when it was not done
    started: Spread  # minute work began, since StartEx; censored when it did not begin
    parts: dict[str, float]
    parts_when_late: dict[str, float]
    mostly: str | None  # the part that holds most minutes apart from work, when late (or always)
    mostly_cause: str | None  # the role, step, system … waited for there
    attempts: Estimate
    given_up: float = (
        0.0  # share of runs in which it failed for good (then it is missed, and late until EndEx at least)
    )
    report_to: Words | None
    source: dict[str, str]
    dots: list[
        float | None
    ] = []  # twenty equally likely values of `taken` (its 2.5 %, 7.5 % … 97.5 % points); null: not done before EndEx
    late_runs: list[int] = []  # replications in which it was missed or late, worst first, at most ten


class ObjectivePart(Part):
    """One objective: in what share of runs it was met, and its ratings with the rule that gave them."""

    id: str
    title: Words
    met: Estimate
    target: float
    reached: bool | None
    rating: str | None  # P, S, M, U
    points: float | None  # 0-100
    form_rating: str | None  # 优 良 一般 差
    rule: str  # the rule in English, filled in; `rule_template` with `rule_values` says the same in any language
    rule_template: str = ""
    rule_values: dict[str, str | float] = {}


class SystemPart(Part):
    """One component: how often and how long it was away (down, isolated, restoring), against RTO and RPO."""

    id: str
    title: Words
    kind: str
    tier: int | None
    affected: Estimate  # share of runs in which it was not fully up at some minute after the first fault
    away: Spread  # longest outage, minutes, in runs in which it was away
    slow: Spread  # total minutes slow or read-only
    rto: float | None
    rto_met: Estimate
    rpo: float | None
    rpo_met: Estimate
    data_lost: Spread  # minutes of data lost for good
    availability: Estimate  # share of time giving service, whole run from StartEx
    failover: dict[str, float]  # share of runs: started, done, failed


class DelayPart(Part):
    """Person-minutes a run that patients (and orders) spent in a department for one reason: with the fault, on the day without it (split by
    the same minutes of the day), and the difference. The parts add up to ``there``, ``there_base`` and ``delay`` of the department.

    ``system`` the systems were away and the work could not go on, ``changing`` changing over to paper, ``forms`` no downtime form left,
    ``paper`` a queue while on paper, ``typing`` a queue while typing in, ``queue`` a queue at other times, ``paused`` nobody was at work begun,
    ``slowed`` work took longer than for the same patient without the fault, ``work`` the work itself. What paper adds between departments
    (carrying, transcribing) is in none of them.
    """

    part: str
    minutes: Estimate
    base: Estimate
    difference: Estimate


class DepartmentPart(Part):
    """One department: its modes, how long its work stood still against the MTD, its queue, its paper."""

    id: str
    title: Words
    group: str
    minutes: dict[str, float]  # mean minutes in each mode from the first fault to EndEx
    affected: Estimate
    stood_still: Spread  # longest stretch in mode waiting or changing, in affected runs
    mtd: float | None
    mtd_met: Estimate
    on_paper_at: Spread  # minutes after the first fault
    wait: Spread | None  # mean wait of those asked after the first fault, per run
    wait_base: Spread | None
    queue_most: Spread | None
    queue_most_base: Spread | None
    items: Spread  # written on paper
    entered: Spread  # typed in before EndEx
    pile_most: Spread
    cleared_at: Spread  # minutes after the first fault
    cleared: Estimate
    errors: Spread
    kit_empty: Estimate
    visits: Estimate | None = None  # asked for from StartEx on
    visits_base: Estimate | None = None
    there: Estimate | None = None  # person-minutes spent there from StartEx to EndEx, waiting and served
    there_base: Estimate | None = None
    delay: Estimate | None = (
        None  # person-minutes more than on the day without the fault, those still there counted until EndEx
    )
    delays: list[DelayPart] = []  # what the minutes are made of; empty without a day to compare with


class PersonPart(Part):
    """One staff role in the response: minutes busy with steps, and minutes steps waited for it, by reason."""

    id: str
    title: Words
    on_duty: Spread  # time-weighted number on duty, from the first fault to EndEx
    busy: Estimate  # minutes of work on steps per run, all people of the role together
    waited_busy: Estimate
    waited_off_shift: Estimate
    waited_on_the_way: Estimate
    called_in: Estimate  # people called in per run
    utilisation: Estimate | None  # share of on-duty time busy with patients, for those who serve patients
    utilisation_base: Estimate | None


class ResourcePart(Part):
    """One resource that serves patients, over the window from StartEx to EndEx."""

    id: str
    title: Words
    utilisation: Estimate  # time-weighted: busy minutes over on-duty minutes
    utilisation_base: Estimate | None
    on_duty: Estimate
    busy: Estimate


class ActivityPart(Part):
    """One activity over the window from StartEx to EndEx. Waits include those still waiting at EndEx (``waiting``), as at least that long."""

    id: str
    title: Words
    asked: Estimate
    served: Estimate
    wait: Estimate  # mean minutes waited by everybody who asked
    wait_p90: Estimate
    waited: Estimate  # share who waited at all
    queue: Estimate  # time-weighted mean number waiting
    queue_most: Estimate
    left: Estimate  # share who left for impatience
    turned_away: Estimate  # share turned away for lack of room
    waiting: Estimate | None = None  # still waiting at EndEx
    wait_base: Estimate | None
    difference: Estimate | None


class PathwayPart(Part):
    """One pathway, those who arrived from StartEx on.

    Differences of time are of the same patients on both days: those whom the day without the fault serves before EndEx. Whoever of them was
    not served on the day with the fault (who left, or is still there) counts with the minutes until then, as at least so many; ``at_least`` names
    the differences that are therefore only lower bounds.
    """

    id: str
    title: Words
    of: str
    arrived: Estimate
    served: Estimate
    left: Estimate
    turned_away: Estimate
    there: Estimate  # still there at EndEx
    minutes: Estimate  # mean time in the pathway of those who ended it served
    in_system: Estimate  # time-weighted mean number in the pathway
    left_base: Estimate | None
    left_difference: Estimate | None
    there_base: Estimate | None = None
    there_difference: Estimate | None = None
    minutes_base: Estimate | None
    minutes_difference: Estimate | None  # mean minutes by which the same patients took longer
    median_difference: Estimate | None  # the middle of the minutes by which the same patients took longer
    at_least: list[str] = []
    classes: dict[str, dict[str, Estimate]]  # class → arrived, wait (all stops together), minutes, left


class PatientsPart(Part):
    """All patients together, of every pathway ``of: patients``, those who arrived from StartEx on. ``most_left``: the pathway from which most
    more leave than on the day without the fault; None when it is the only one, or none does. Differences of time as in PathwayPart."""

    arrived: Estimate
    served: Estimate
    left: Estimate
    turned_away: Estimate
    there: Estimate  # still there at EndEx
    left_base: Estimate | None
    left_difference: Estimate | None
    turned_away_difference: Estimate | None
    there_base: Estimate | None
    there_difference: Estimate | None
    minutes_difference: Estimate | None
    median_difference: Estimate | None
    at_least: list[str] = []
    most_left: str | None = None


class IndicatorPart(Part):
    """A delay that matters: how many per run exceeded the limit, against the day without the faults."""

    id: str
    title: Words
    kind: str
    limit: float
    counted: Estimate
    over: Estimate
    over_base: Estimate | None
    difference: Estimate | None


class DataPart(Part):
    """Data over the whole hospital: items on paper, typed in, the second wave, data lost."""

    items: Spread
    entered: Spread
    errors: Spread
    left_at_end: Spread
    cleared: Estimate  # share of runs in which every pile was gone before EndEx
    cleared_at: Spread  # minutes after the first fault
    after_restore: Spread  # minutes from restored to cleared
    lost_minutes: Spread  # largest over components
    nothing_lost: Estimate


class Cause(Part):
    """Minutes that steps on the plan waited, by part and by what they waited for; mean per run, most first."""

    part: str
    cause: str
    minutes: float
    steps: list[str]  # the steps delayed by it, most first


class PathPiece(Part):
    """Something that lies on the way to a milestone: in what share of the runs that reached it, and how many minutes it holds, mean over those runs."""

    part: str
    cause: str
    share: float
    minutes: float


class PathRole(Part):
    """A role on the way to a milestone: in what share of runs, and mean minutes in which it works there, or is waited for."""

    id: str
    share: float
    working: float
    waited_for: float


class PathPart(Part):
    """The realised critical path from the first failure to a milestone, over the ``runs`` that reached it.

    Two tables, most minutes first, which together hold every minute: ``length`` (work, waits for events and systems, starts, typing) and
    ``contention`` (waits for people and spares). A plan that is one long chain has no contention and still has a bottleneck.
    """

    milestone: str  # declared, ordered, tier N, restored, verified, cleared, completed
    runs: int
    minutes: Estimate  # from the first failure (or StartEx) to the milestone
    length: list[PathPiece]
    contention: list[PathPiece]
    roles: list[PathRole]


class LessonPart(Part):
    """Something the runs taught: a strength, or an area for improvement with a corrective action and who should see to it.

    ``sentence`` and ``action`` (empty for a strength) are templates; their fields are ids (``about``, ``other``) and minutes.
    """

    rule: str
    kind: str  # strength, improvement
    about: str  # the step, component, department, fault or role it speaks of
    other: str  # whom or what else it names
    owner: str  # role of the plan
    sentence: str
    action: str
    share: Estimate  # of scored runs that teach it
    minutes: Spread  # over the runs that teach it; nothing when it has no length
    runs: list[int]  # the replications with most minutes first, at most ten
    evidence: dict[
        str, list[int]
    ]  # shown run (first, median, worst) → rows of `events` that show it, by their sequence


class RecoveryPart(Part):
    """How a department works in the four hours after the systems are back, against the same hours of the day without the faults."""

    id: str  # the department, or `hospital` for everything that is done there
    title: Words | None
    restored: Estimate  # share of runs in which the systems were back before EndEx
    served_share: Estimate  # services begun, as a share of those of the day without the faults
    wait_added: Spread  # minutes that those who asked waited longer on average
    caught_up: Spread  # minutes until no more people wait than on that day, for half an hour; at least until EndEx when it does not come to that


class PrecisionPart(Part):
    """How well a figure is known: half the width of its interval, in its unit (minutes, share, number).

    ``asked`` is the precision that was asked for in words (None: nothing was asked) and ``goal`` the half width that it comes to; ``known``: whether the
    interval was that narrow, at the last numbers of runs too. ``runs_needed``: about how many runs it takes when it was not. ``runs_for_half``: about
    how many it takes for an interval half as wide.
    """

    figure: str
    kind: str
    id: str
    name: str
    unit: str  # claim (true or false in a run), share, min, number
    estimate: Estimate
    half: float | None
    asked: str | None = None
    goal: float | None = None
    known: bool | None = None
    runs_needed: int | None = None
    runs_for_half: int | None = None


class Series(Part):
    """A quantity through time on ``grid``: quantiles over runs, and the median of the day without the faults."""

    id: str
    kind: str  # queue, pile, paper, away, on_duty, in_system
    title: Words
    p10: list[float]
    p50: list[float]
    p90: list[float]
    base: list[float] | None


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
    ] = []  # what held up late and missed steps in the end, traced back through the steps and events they waited for (the realised critical path, work too); each minute of a run once
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
