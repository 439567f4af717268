"""The columns of the frames that Python answers with (objectives, causes, comparisons, sweeps, searches): column → meaning, in order."""

from __future__ import annotations

from drillsim.score.paths import PATH_PARTS
from drillsim.score.steps import PARTS

FIGURE = {
    "figure": "name of the figure: group, id and figure, joined by points",
    "group": "where it belongs: plan, objective, patients, indicator, data, event, step, component, department …",
    "kind": "what the figure is about, as in figures",
    "id": "its id",
    "unit": "claim (share of runs), share, min (minutes), number",
}
SURE = "sure (more than luck, among all figures), alone (if it were the only comparison), open, same (no run differs)"
DIRECTION = "better, worse, more, less; empty when open or the same"

COLUMNS: dict[str, dict[str, str]] = {
    "objectives": {
        "objective": "the objective's id",
        "title": "its title",
        "met": "share of runs in which it was met",
        "low": "lower end of the interval of met",
        "high": "upper end of the interval of met",
        "runs": "number of runs it could be judged in",
        "target": "share of runs the objective asks for",
        "reached": "whether the target is reached",
        "rating": "P, S, M or U: performed without, with some, with major challenges, unable",
        "points": "points of a hundred",
        "form_rating": "rating of the Chinese evaluation form",
        "rule": "the rule the rating follows",
    },
    "bottlenecks": {
        "part": ", ".join(PARTS),
        "cause": "the role, step, component, event … waited for",
        "minutes": "minutes a run, on average",
        "steps": "ids of the steps it delayed",
    },
    "critical_path": {
        "kind": "to a milestone: length (work, what cannot be hurried) or contention (waiting for people and things)",
        "part": ", ".join(PATH_PARTS),
        "cause": "the role, step at work, component, event … that held it up in the end",
        "share": "to a milestone: share of the runs that reached it in which it lay on the way",
        "minutes": "minutes a run, on average",
        "steps": "without a milestone: ids of the late steps it held up",
    },
    "after_action": {
        "kind": "strength, improvement",
        "what": "what happened, in the language chosen",
        "owner": "who sees to it, in the language chosen",
        "share": "share of runs that teach it",
        "low": "lower end of the interval of that share",
        "high": "upper end of the interval of that share",
        "minutes": "minutes it is about, in the middle run that teaches it; NaN when it has no length",
        "action": "what to do about it; empty for a strength",
        "rule": "what the run taught, by the name of its rule",
        "about": "the step, component, department, fault or role it speaks of",
        "other": "whom or what else it names",
        "first_runs": "the runs that teach it, most minutes first, at most ten",
    },
    "recovery": {
        "department": "the department; hospital for all that is done there",
        "runs": "number of runs in which the systems were back before EndEx",
        "served_share": "services in the four hours after the systems were back, as a share of those of the day without the faults",
        "wait_added": "minutes that those who asked then waited longer, on average",
        "caught_up": "minutes until no more people wait than on that day, in the middle run",
        "not_before_end": "share of those runs in which it did not come to that before EndEx",
    },
    "comparison": FIGURE
    | {
        "arm": "the way of doing it",
        "reference": "the way it is compared with",
        "value": "the figure in the arm",
        "reference_value": "the figure in the reference",
        "at_least": "runs in which it was not over at EndEx and counts until then, so that the value is at least",
        "reference_at_least": "the same of the reference",
        "difference": "arm minus reference",
        "low": "lower end of the interval of the difference",
        "high": "upper end of the interval of the difference",
        "runs": "number of pairs of runs (not paired: of the smaller sample)",
        "paired": "whether run by run on the same luck",
        "correlation": "correlation of the pairs",
        "p": "p-value of this comparison alone",
        "adjusted": "p-value adjusted for all comparisons of its family (Holm)",
        "sure": SURE,
        "direction": DIRECTION,
    },
    "sweep": {"setting": "the value that was set"}
    | FIGURE
    | {
        "value": "the figure at this setting",
        "low": "lower end of the interval of the figure",
        "high": "upper end of the interval of the figure",
        "runs": "number of runs",
        "difference": "this setting minus the one as it is",
        "difference_low": "lower end of the interval of the difference",
        "difference_high": "upper end of the interval of the difference",
        "sure": SURE,
        "direction": DIRECTION,
    },
    "improvement": {
        "change": "the change's id; several joined by plus signs",
        "title": "its title",
        "kind": "what kind of change it is",
        "cost": "its cost, where it is given",
        "status": "same (no run of the race differs), dropped (clearly not the best), left (not told apart from the best), final (played on fresh runs)",
        "runs": "number of runs in the race",
        "aim": "the figure it is judged by",
        "difference": "with the change minus as it is, in the race",
        "low": "lower end of the interval of the difference",
        "high": "upper end of the interval of the difference",
        "final_runs": "number of fresh runs; NaN when it did not come so far",
        "final_difference": "with the change minus as it is, on fresh runs",
        "final_low": "lower end of its interval",
        "final_high": "upper end of its interval",
        "sure": SURE,
        "direction": DIRECTION,
    },
}
"""``result.objectives()``, ``.bottlenecks()``, ``.critical_path()``, ``.after_action()``, ``.recovery()``; ``.table()`` of ``compare``, ``sweep`` and ``improve``."""
