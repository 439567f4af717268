"""Objectives: met or not in a replication, and the ratings they earn over all of them (P S M U, and 100 points with 优 良 一般 差)."""

from __future__ import annotations

import math

from drillsim.model.measures import read_measure
from drillsim.model.plan import Step
from drillsim.model.scenario import Objective, Scenario
from drillsim.score.measures import holds
from drillsim.score.steps import DONE, LATE, MISSED, ON_TIME, UNDONE
from drillsim.score.view import NAN, Figures

CREDIT = {ON_TIME: 1.0, DONE: 1.0, LATE: 0.5, MISSED: 0.0, UNDONE: 0.0}
"""What a step earns of its weight; other outcomes leave the denominator."""

FORM = ((90.0, "优"), (75.0, "良"), (60.0, "一般"), (0.0, "差"))
"""Least points → rating of the 100-point form, as in AQ/T 9009 style evaluation forms (PAPERS.md)."""

STEPS_RULE = (
    "P when all its steps that were called for are on time in at least {target} of runs; S when in at least {some}; "
    "M when they are carried out, on time or late, in at least {some}; U otherwise. "
    "Points: on time earns a step's weight, late half, missed none; steps not called for leave the count."
)
MEASURE_RULE = (
    "P when {measure} holds in at least {target} of runs; S when in at least {some}; M when in at least {few}; "
    "U otherwise. Points: the share of runs in which it holds."
)
SOME, FEW = 0.5, 0.1


def objectives(scenario: Scenario, figures: Figures) -> Figures:
    """Whether each objective was met in this replication (NaN: nothing of it was called for), and its share of points.

    ``carried_out``: all its steps that were called for are done, on time or late. Also the points of the whole form.
    """
    found: Figures = {}
    for objective in scenario.objectives:
        met, carried_out, points = _one(scenario, objective, figures)
        found["objective", objective.id, "met"] = met
        found["objective", objective.id, "carried_out"] = carried_out
        found["objective", objective.id, "points"] = points
    found["plan", "plan", "form"] = form(scenario, figures, found)
    return found


def _one(scenario: Scenario, objective: Objective, figures: Figures) -> tuple[float, float, float]:
    if objective.measure is not None:
        met = float(holds(figures, read_measure(objective.measure), scenario.hospital))
        return met, met, met
    steps = [s for s in scenario.plan.steps if s.id in objective.steps]
    outcomes = [o for o in (int(figures["step", s.id, "outcome"]) for s in steps) if o in CREDIT]
    if not outcomes:
        return NAN, NAN, NAN
    met = all(o in (ON_TIME, DONE) for o in outcomes)
    done = all(o in (ON_TIME, DONE, LATE) for o in outcomes)
    return float(met), float(done), credit(steps, figures)


def credit(steps: list[Step], figures: Figures) -> float:
    """Share of their weight that the steps earn; NaN when none of them was called for."""
    earned = [(s.weight, CREDIT.get(int(figures["step", s.id, "outcome"]))) for s in steps]
    weight = math.fsum(w for w, c in earned if c is not None)
    return math.fsum(w * c for w, c in earned if c is not None) / weight if weight else NAN


def form(scenario: Scenario, figures: Figures, of_objectives: Figures) -> float:
    """Share of points over all objectives: each step that one of them names by its weight, each measure with weight 1.

    Without objectives: all steps with a deadline.
    """
    named = {step for objective in scenario.objectives for step in objective.steps}
    steps = [s for s in scenario.plan.steps if (s.id in named if scenario.objectives else s.within)]
    steps = [s for s in steps if int(figures["step", s.id, "outcome"]) in CREDIT]
    held = [of_objectives["objective", o.id, "met"] for o in scenario.objectives if o.measure is not None]
    weight = math.fsum(s.weight for s in steps) + len(held)
    if not weight:
        return NAN
    from_steps = credit(steps, figures) * math.fsum(s.weight for s in steps) if steps else 0.0
    return (from_steps + math.fsum(held)) / weight


def rating(objective: Objective, met: float, carried_out: float) -> str:
    """P, S, M or U for the share of runs in which it was met, and in which its steps were carried out at all."""
    if met >= objective.target:
        return "P"
    if met >= SOME:
        return "S"
    major = met >= FEW if objective.measure is not None else carried_out >= SOME
    return "M" if major else "U"


def rule(objective: Objective) -> tuple[str, dict[str, str | float]]:
    """The sentence that says how the rating comes about, as a template, and what fills it."""
    shares: dict[str, str | float] = {
        name: f"{100 * share:.6g}%" for name, share in (("target", objective.target), ("some", SOME), ("few", FEW))
    }
    if objective.measure is not None:
        return MEASURE_RULE, {"measure": objective.measure, **shares}
    return STEPS_RULE, {name: shares[name] for name in ("target", "some")}


def form_rating(points: float) -> str:
    """优 from 90 points, 良 from 75, 一般 from 60, 差 below."""
    return next(word for least, word in FORM if points >= least - 1e-9)
