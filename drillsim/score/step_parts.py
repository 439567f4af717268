"""The plan in the summary: its steps, whether it holds, how much of it was exercised, and what its steps waited for."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from drillsim.model.plan import Step
from drillsim.model.scenario import Scenario
from drillsim.score import intervals
from drillsim.score.steps import LATE, MISSED, ON_TIME, OPEN, OUTCOMES, PARTS, UNDONE
from drillsim.score.summary_parts import Spread
from drillsim.score.summary_plan import Cause, Coverage, StepPart, Verdict
from drillsim.score.table import MOST_RUNS, Table, most_runs
from drillsim.score.words import words

DOTS = tuple((i + 0.5) / 20 for i in range(20))
ByRun = dict[tuple[str, str], dict[int, float]]
"""(part, cause) → replication → minutes."""
JUDGED = (ON_TIME, LATE, MISSED)


def step_parts(scenario: Scenario, table: Table) -> list[StepPart]:
    """Every step of the plan, in the order of the plan."""
    minutes = _minutes_by_cause(table)
    return [_step(table, step, minutes.get(step.id, {}), scenario.horizon) for step in scenario.plan.steps]


def _step(table: Table, step: Step, by_cause: dict[tuple[str, str], np.ndarray], horizon: float) -> StepPart:
    outcome = table.column("step", step.id, "outcome")
    judged = on_time(outcome)
    estimate = intervals.share_of(judged, table.confidence)
    late = np.isin(outcome, (LATE, MISSED))
    parts, parts_when_late = _parts(table, step, np.ones(table.n, bool)), _parts(table, step, late)
    mostly, cause = _mostly(parts_when_late or parts, by_cause, late if late.any() else np.ones(table.n, bool))
    return StepPart(
        id=step.id,
        title=words(step.title),
        phase=step.phase,
        owner=step.owner,
        decision=step.decision,
        deadline=step.within.text() if step.within else None,
        allowed=step.within.minutes if step.within else None,
        required=step.least_share,
        outcomes={name: float((outcome == i).sum()) / table.n for i, name in enumerate(OUTCOMES)} if table.n else {},
        on_time=estimate,
        holds=None if estimate.value is None else estimate.value >= step.least_share,
        late_by=table.spread("step", step.id, "late_by", "censored"),
        taken=table.spread("step", step.id, "taken", "censored"),
        ended=_minute(table, step, "ended", horizon),
        started=_minute(table, step, "started", horizon),
        parts=parts,
        parts_when_late=parts_when_late,
        mostly=mostly,
        mostly_cause=cause,
        attempts=table.mean("step", step.id, "attempts"),
        given_up=table.share("step", step.id, "given_up").value or 0.0,
        report_to=words(step.report_to) if step.report_to else None,
        source=dict(step.source),
        dots=_dots(table, step),
        late_runs=_late_runs(table, step, late),
    )


def _minute(table: Table, step: Step, figure: str, horizon: float) -> Spread:
    """A moment of a step over the runs in which it was called for; at least EndEx in those in which it did not come."""
    minutes, outcome = table.column("step", step.id, figure), table.column("step", step.id, "outcome")
    undone = np.isnan(minutes) & np.isin(outcome, (MISSED, OPEN, UNDONE))
    if undone[~np.isnan(minutes) | undone].all():
        return intervals.spread(minutes)
    return intervals.spread(np.where(undone, horizon, minutes), undone.astype(float), table.confidence)


def on_time(outcome: np.ndarray) -> np.ndarray:
    """1 on time, 0 late or missed, NaN where there was nothing to judge."""
    return np.where(np.isin(outcome, JUDGED), (outcome == ON_TIME).astype(float), np.nan)


def _parts(table: Table, step: Step, which: np.ndarray) -> dict[str, float]:
    columns = {part: table.column("step", step.id, f"part {part}")[which] for part in PARTS}
    known = ~np.isnan(columns["work"])
    return {part: float(column[known].mean()) for part, column in columns.items()} if known.any() else {}


def _mostly(
    parts: dict[str, float], by_cause: dict[tuple[str, str], np.ndarray], which: np.ndarray
) -> tuple[str | None, str | None]:
    """The part apart from work and the criterion of a rule that holds most minutes, and what it mostly waited for there."""
    waits = {part: minutes for part, minutes in parts.items() if part not in ("work", "rule") and minutes > 0}
    if not waits:
        return None, None
    mostly = max(waits, key=lambda part: waits[part])
    causes = {cause: float(m[which].sum()) for (part, cause), m in by_cause.items() if part == mostly and cause}
    return mostly, max(causes, key=lambda cause: causes[cause], default=None)


def _minutes_by_cause(table: Table) -> dict[str, dict[tuple[str, str], np.ndarray]]:
    """step → (part, cause) → minutes per replication."""
    found: dict[str, dict[tuple[str, str], np.ndarray]] = defaultdict(dict)
    for row, scored in enumerate(table.scored):
        for (step, part, cause), minutes in zip(scored.causes, scored.minutes, strict=True):
            found[step].setdefault((part, cause), np.zeros(table.n))[row] += minutes
    return found


def _dots(table: Table, step: Step) -> list[float | None]:
    """Twenty equally likely values of the minutes taken that count; runs in which it was not done come last, as None."""
    taken = table.column("step", step.id, "counted")
    known = ~np.isnan(taken)
    if not known.any():
        return []
    undone = table.column("step", step.id, "censored")[known] > 0.5
    values = np.sort(np.where(undone, np.inf, taken[known]))
    places = [min(int(share * len(values)), len(values) - 1) for share in DOTS]
    return [float(values[i]) if np.isfinite(values[i]) else None for i in places]


def _late_runs(table: Table, step: Step, late: np.ndarray) -> list[int]:
    rows = np.flatnonzero(late)
    missed = table.column("step", step.id, "outcome")[rows] == MISSED
    late_by = table.column("step", step.id, "late_by")[rows]
    order = np.lexsort((table.numbers[rows], -late_by, ~missed))
    return [int(n) for n in table.numbers[rows][order][:MOST_RUNS]]


def verdict(scenario: Scenario, table: Table, steps: list[StepPart]) -> Verdict:
    """Whether every step is on time as often as is required of it, and the share of runs in which all deadlines were met."""
    kept = all_kept(scenario, table)
    called_for = [step for step in steps if step.holds is not None]
    return Verdict(
        holds=all(step.holds for step in called_for) if called_for else None,
        all_on_time=intervals.share_of(kept, table.confidence),
        steps_with_deadline=len(called_for),
        steps_holding=sum(bool(step.holds) for step in called_for),
    )


def wanted(scenario: Scenario, table: Table, effect: str) -> np.ndarray:
    """The runs in which a step with this effect (``declare``, ``order_paper``) was called for and not done in time."""
    found = np.zeros(table.n, bool)
    for step in scenario.plan.steps:
        if any(one.kind == effect for one in step.does):
            found |= np.isin(table.column("step", step.id, "outcome"), (LATE, MISSED, OPEN, UNDONE))
    return found


def all_kept(scenario: Scenario, table: Table) -> np.ndarray:
    """1 in runs in which every deadline that could be judged was met, 0 in others, NaN where there was none to judge."""
    rows = [on_time(table.column("step", step.id, "outcome")) for step in scenario.plan.steps if step.within]
    judged = np.array(rows) if rows else np.full((1, table.n), np.nan)
    return np.where(np.isnan(judged).all(axis=0), np.nan, (np.nan_to_num(judged, nan=1.0) > 0.5).all(axis=0))


def coverage(scenario: Scenario, table: Table) -> Coverage:
    """How many steps became ready in at least one run."""
    exercised = {s.id for s in scenario.plan.steps if (table.column("step", s.id, "exercised") > 0.5).any()}
    return Coverage(
        exercised=len(exercised),
        total=len(scenario.plan.steps),
        never=[s.id for s in scenario.plan.steps if s.id not in exercised],
    )


def causes(table: Table) -> list[Cause]:
    """What late and missed steps waited for: mean minutes per run by part and cause, most first."""
    total: dict[tuple[str, str], float] = defaultdict(float)
    by_step: dict[tuple[str, str], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    late = {step: np.isin(table.column("step", step, "outcome"), (LATE, MISSED)) for step in table.ids("step")}
    by_run: ByRun = defaultdict(lambda: defaultdict(float))
    for row, scored in enumerate(table.scored):
        for (step, part, cause), minutes in zip(scored.causes, scored.minutes.tolist(), strict=True):
            if part not in ("work", "rule") and minutes > 0 and late[step][row]:
                total[part, cause] += minutes
                by_run[part, cause][scored.replication] += minutes
                by_step[part, cause][step] += minutes
    return _causes(table, total, by_step, by_run)


def roots(table: Table) -> list[Cause]:
    """What held up late and missed steps, traced back: mean minutes per run, of one cause each minute of a run once, most first.

    Waiting for the criterion of a rule is by design and nobody's delay: it is among the parts of the step, and not here.
    """
    total: dict[tuple[str, str], float] = defaultdict(float)
    by_step: dict[tuple[str, str], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    by_run: ByRun = defaultdict(lambda: defaultdict(float))
    for scored in table.scored:
        for (step, part, cause), minutes in zip(scored.roots, scored.root_minutes.tolist(), strict=True):
            if step:
                by_step[part, cause][step] += minutes
            elif part != "rule":
                total[part, cause] += minutes
                by_run[part, cause][scored.replication] += minutes
    return _causes(table, total, by_step, by_run)


def _causes(
    table: Table, total: dict[tuple[str, str], float], by_step: dict[tuple[str, str], dict[str, float]], by_run: ByRun
) -> list[Cause]:
    return [
        Cause(
            part=part,
            cause=cause,
            minutes=total[part, cause] / table.n,
            steps=sorted(by_step[part, cause], key=lambda s: (-by_step[part, cause][s], s)),
            runs=most_runs(by_run[part, cause]),
        )
        for part, cause in sorted(total, key=lambda key: (-total[key], key))
    ]
