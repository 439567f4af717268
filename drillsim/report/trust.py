"""How far a report can be trusted: what a reader must know first, runs that are not scored, versions, sources, limits."""

from __future__ import annotations

from statistics import median
from typing import Any, NamedTuple

from drillsim.model.measures import read_measure
from drillsim.model.scenario import Scenario
from drillsim.report import references, sources, words
from drillsim.score.summary import Summary
from drillsim.texts import say

LIMITS: tuple[str, ...] = (
    "A run is one way the day could go in a model of the hospital. It is no forecast, and no judgement of any person.",
    "Only what the scenario files describe can happen. What they leave out (improvising, goodwill, panic, bad luck of another kind) is not in the figures.",
    "People of one role are taken to be alike. Names, experience and how well people know each other are not modelled.",
    "Work that was under way when its system failed is taken to run on to its end; work that begins later waits or goes on paper.",
    "An interval says how much the figures would differ with other runs of the same model. It says nothing about whether the model is right.",
    "More people do not always make a plan faster: where steps must follow each other, another order of work can even finish later.",
)


def not_scored(summary: Summary, scenario: Scenario, language: str) -> list[str]:
    """Each run that is not scored, with the claim of the gate that did not hold and the figure that it had."""
    found = []
    for row in summary.runs.not_scored:
        claim = read_measure(str(row["claim"]))
        said, value = words.measure(scenario, claim, language), words.measured(claim, float(row["value"]), language)
        found.append(say("run {n}: {claim} did not hold before the first fault, it was {value}", language, n=int(row["replication"]), claim=said, value=value))  # fmt: skip
    return found


def gate(summary: Summary, scenario: Scenario, language: str) -> list[str]:
    """What did not hold before the fault in the runs that are not scored, with the middle of the figures that it had there."""
    values: dict[str, list[float]] = {}
    for row in summary.runs.not_scored:
        values.setdefault(str(row["claim"]), []).append(float(row["value"]))
    found = []
    for text, had in values.items():
        claim = read_measure(text)
        said, middle = words.measure(scenario, claim, language), words.measured(claim, median(had), language)
        found.append(say("What did not hold before the fault in {runs}: {claim}; it was {value} in the middle.", language, runs=words.runs(len(had), language), claim=said, value=middle))  # fmt: skip
    return found


def warnings(summary: Summary, language: str) -> list[str]:
    """What a reader must know before the figures: interrupted, few runs, runs not scored, patients who stand for others."""
    r, found = summary.runs, []
    if summary.scenario.stands_for > 1:
        found.append(
            say(
                "Coarse flow (an assumption): one patient in {n} is played and stands for all of them. Counts are for the whole hospital; waits come out somewhat longer and rare events rougher.",
                language,
                n=summary.scenario.stands_for,
            )
        )
    if r.interrupted:
        found.append(say("Interrupted: {done} of {asked} runs were finished.", language, done=r.done, asked=r.asked))
    if r.not_scored:
        found.append(
            say(
                "{n} of {done} runs are not scored, since the hospital was not healthy before the fault.",
                language,
                n=r.done - r.scored,
                done=r.done,
            )
        )
    if r.only:
        numbers = words.listing([str(n) for n in r.only], language, most=10)
        found.append(say("Only runs with these numbers were played: {numbers}.", language, numbers=numbers))
    elif 0 < r.scored < 30:
        found.append(
            say(
                "Only {n}: intervals are wide. Ask for more runs before deciding anything.",
                language,
                n=words.runs(r.scored, language),
            )
        )
    return found


def facts(summary: Summary, language: str) -> list[tuple[str, str]]:
    """Versions, seed and numbers of runs."""
    s, r, p = summary.scenario, summary.runs, summary.provenance
    rows = [
        (say("Scenario", language), s.name),
        (say("Change played", language), s.variant or ""),
        (
            say("Runs", language),
            say("{done} of {asked} asked for, {scored} scored", language, done=r.done, asked=r.asked, scored=r.scored),
        ),
        (say("Seed", language), str(r.seed)),
        (say("Confidence of the intervals", language), words.share(r.confidence, language)),
        ("drillsim", p.drillsim),
        ("Python", p.python),
        (say("Packages", language), ", ".join(f"{name} {version}" for name, version in p.packages.items())),
        (
            say("Runs kept in full", language),
            say(", ", language).join(
                say(SHOWN[k], language) + say(": ", language) + str(n) for k, n in summary.shown.items() if k in SHOWN
            ),
        ),
    ]
    return [(name, value) for name, value in rows if value]


SHOWN = {"first": "first", "median": "median", "worst": "worst"}


class Cited(NamedTuple):
    """A source with its places as they are printed; ``used``: how often it is cited."""

    text: str
    used: int
    places: str


class Referred(NamedTuple):
    """A publication that sources refer to by its id, as it is printed."""

    id: str
    figure: str
    cite: str
    grade: str


def cited(scenario: Scenario, language: str) -> dict[str, Any]:
    """Sources and assumptions with the places that cite them, and the publications that they refer to."""
    known = sources.sources(scenario)
    found: dict[bool, list[Cited]] = {True: [], False: []}
    for s in known:
        found[s.assumed].append(
            Cited(
                sources.shown(s.text, language),
                s.times,
                sources.printed(s.places),
            )
        )
    return {
        "assumed": found[True],
        "cited": found[False],
        "assumed_count": sum(s.used for s in found[True]),
        "cited_count": sum(s.used for s in found[False]),
        "references": [
            Referred(r.id, r.figure.in_language(language), r.cite.in_language(language), r.grade)
            for r in references.cited(s.text for s in known)
        ],
        "grades": references.legend(language),
        "groups": words.listing(references.GROUPS, language),
    }


def limits(summary: Summary, scenario: Scenario, language: str) -> list[str]:
    """What the figures cannot say, in general and about this scenario."""
    found = [say(text, language) for text in LIMITS]
    if summary.coverage.total and summary.coverage.never:
        found.append(
            say(
                "{n} of {total} steps of the plan were never reached; this scenario says nothing about them.",
                language,
                n=len(summary.coverage.never),
                total=summary.coverage.total,
            )
        )
    assumed = sources.assumptions(scenario)
    if assumed:
        found.append(
            say("{n} figures are assumptions (see above). The verdict is as good as they are.", language, n=assumed)
        )
    return found
