"""What a summary says of the plan: its steps, objectives, causes of lateness, critical paths, lessons."""

from __future__ import annotations

from drillsim.score.summary_parts import Estimate, Part, Spread, Words


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
    that orders it came; ``returned`` and ``cleared`` where it was ordered or anything was written on paper; ``restored`` and ``all_back`` where a
    system was away that they speak of; all others in every run.
    """

    event: str
    called_for: Estimate | None = None  # share of all runs
    reached: Estimate  # restored, all_back, returned and cleared: reached for good, so still true at EndEx
    minute: (
        Spread  # of restored, all_back, returned and cleared the last time they were reached; of all others the first
    )


class StepPart(Part):
    """One step of the plan over all scored runs.

    ``outcomes``: share of runs in which it was on_time, late, missed (its clock ran, it was not done before EndEx, or it was given up), not_reached (not called for: its clock
    never started, what it is there for never came, or its `only_if`, which nobody came to look at, was false when its deadline passed), not_applicable, done (no deadline, done), undone, open (not done, but its deadline lies after EndEx). ``on_time``: among runs in
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
    ] = []  # twenty equally likely values of the minutes that count for its deadline (`taken`, or those of its hours; the 2.5 %, 7.5 % … 97.5 % points); null: not done before EndEx
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


class Cause(Part):
    """Minutes that steps on the plan waited, by part and by what they waited for; mean per run, most first."""

    part: str
    cause: str
    minutes: float
    steps: list[str]  # the steps delayed by it, most first
    runs: list[int] = []  # the replications in which it held up most, most first, at most ten


class PathPiece(Part):
    """Something that lies on the way to a milestone: in what share of the runs that reached it, and how many minutes it holds, mean over those runs."""

    part: str
    cause: str
    share: float
    minutes: float
    runs: list[int] = []  # the replications in which it holds most, most first, at most ten


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

    milestone: str  # declared, ordered, tier N, restored, all_back, verified, cleared, completed
    runs: int
    minutes: Estimate  # from the first failure (or StartEx) to the milestone
    longest: list[int] = []  # the replications that took longest, the longest first, at most ten
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
    share_together: Estimate  # of scored runs that teach it or another lesson that is told in the same line (another wrong cause of the same step, another system away too long)
    runs_together: list[int]  # their replications, those with most minutes first, at most ten
    minutes: (
        Spread  # over the runs that teach it; nothing when it has no length; censored where it was not over at EndEx
    )
    runs: list[int]  # the replications with most minutes first, at most ten
    evidence: dict[
        str, list[int]
    ]  # shown run (first, median, worst) → rows of `events` that show it, by their sequence


class RecoveryPart(Part):
    """How a department works in the four hours after the systems are back, against the same hours of the day without the faults."""

    id: str  # the department, or `hospital` for everything that is done there
    title: Words | None
    restored: Estimate  # share of runs in which the systems in use were back before EndEx
    served_share: Estimate  # services begun in all runs together, as a share of those of the day without the faults, without whom the plan diverted (the sum over the sum)
    wait_added: Spread  # minutes that those who asked waited longer on average
    caught_up: Spread  # minutes until no more people wait than on that day, for half an hour; at least until EndEx when it does not come to that
