"""A comparison in words: what each figure is called, its values and differences, and the sentences that say which are more than luck."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from drillsim.model.scenario import Scenario
from drillsim.report import names, words
from drillsim.score.comparison import Compared, Comparison, Row
from drillsim.score.summary_parts import Estimate
from drillsim.texts import say

FIGURES: dict[tuple[str, str], str] = {
    ("plan", "all_on_time"): "All deadlines met",
    ("plan", "on_time_share"): "Share of the deadlines met",
    ("plan", "minutes_late"): "Time late, all steps together",
    ("plan", "completed_at"): "Time until the last step is done",
    ("objective", "met"): "Objective reached: {title}",
    ("patients", "left"): "Patients who leave unseen",
    ("patients", "turned_away"): "Patients turned away",
    ("patients", "diverted"): "Patients diverted",
    ("patients", "wait_mean"): "Mean wait of a patient, all stops together",
    ("indicator", "over"): "{title}: cases over the limit",
    ("data", "items"): "Items written on paper",
    ("data", "cleared_at"): "Time until everything is typed in",
    ("data", "data_lost"): "Data lost for good",
    ("event", "minute"): "{title}: time after the failure",
    ("step", "on_time"): "{title}: on time",
    ("step", "minutes_late"): "{title}: time late",
    ("step", "ended"): "{title}: done after",
    ("component", "minutes_down"): "{title}: time without service",
    ("component", "minutes_slow"): "{title}: time slow or read only",
    ("department", "stood_still"): "{title}: longest standstill",
    ("department", "on_paper_at"): "{title}: on paper after",
    ("department", "wait_after"): "{title}: mean wait after the failure",
    ("department", "pile_most"): "{title}: largest pile to type in",
    ("group", "ordered"): "{title}: told to work on paper",
    ("group", "false_switch"): "{title}: on paper for nothing (systems back within 15 min of the order)",
    ("pathway", "left"): "{title}: leave unseen",
    ("pathway", "minutes_all"): "{title}: mean time there, of all who came",
    ("activity", "wait_mean"): "{title}: mean wait",
    ("activity", "queue_mean"): "{title}: mean number waiting",
    ("activity", "left_share"): "{title}: share who leave unseen",
    ("resource", "utilisation"): "{title}: share of time busy",
}
"""(kind of thing, figure) → what it is called."""

GROUPS: dict[str, str] = {
    "whole": "In one look",
    "milestones": "Milestones",
    "steps": "Steps of the plan",
    "systems": "Systems",
    "departments": "Departments",
    "pathways": "Streams of patients and orders",
    "activities": "Work and queues",
    "resources": "People and things",
}
"""Group of figures → its heading, in the order of the page."""

JUDGED: dict[tuple[str, str], str] = {
    ("sure", "better"): "better, and more than luck",
    ("sure", "worse"): "worse, and more than luck",
    ("sure", "more"): "more, and not by luck",
    ("sure", "less"): "less, and not by luck",
    ("alone", "better"): "better if it were the only comparison; among all of them it may be luck",
    ("alone", "worse"): "worse if it were the only comparison; among all of them it may be luck",
    ("alone", "more"): "more if it were the only comparison; among all of them it may be luck",
    ("alone", "less"): "less if it were the only comparison; among all of them it may be luck",
    ("open", ""): "may be luck",
    ("same", ""): "no run differs",
}
"""(how sure, direction) → in words."""

SIGNS = {("sure", "better"): "✓", ("sure", "worse"): "▲", ("sure", "more"): "●", ("sure", "less"): "●"}
"""(how sure, direction) → its sign; nothing stands beside what may be luck."""

_RANK = {"sure": 0, "alone": 1, "open": 2, "same": 3}


def title_of(scenario: Scenario, kind: str, identifier: str, language: str = "en") -> str:
    """The title of a thing of this kind."""
    hospital, plan = scenario.hospital, scenario.plan
    tables: dict[str, Mapping[str, Any]] = {
        "objective": {o.id: o for o in scenario.objectives},
        "indicator": hospital.indicators,
        "step": {s.id: s for s in plan.steps},
        "component": hospital.systems,
        "department": hospital.departments,
        "pathway": hospital.pathways,
        "activity": hospital.activities,
        "resource": hospital.resources,
    }
    if kind == "group":
        return names.group(scenario, identifier, language)
    if kind == "event":
        return say(names.MILESTONES[identifier], language)
    thing = tables.get(kind, {}).get(identifier)
    return thing.title.in_language(language) if thing is not None and thing.title else words.plain_id(identifier)


def figure(scenario: Scenario, kind: str, identifier: str, name: str, language: str = "en") -> str:
    """What a figure is called."""
    return words.capital(say(FIGURES[kind, name], language, title=title_of(scenario, kind, identifier, language)))


def called(scenario: Scenario, row: Row, language: str = "en") -> str:
    """What the figure of a row is called."""
    return figure(scenario, row.kind, row.id, row.figure, language)


def value(estimate: Estimate, unit: str, language: str = "en") -> str:
    """A value in its unit: a share of runs, a length of time, or a number."""
    if estimate.value is None:
        return words.MISSING
    if unit in ("claim", "share"):
        return words.share(estimate.value, language)
    return words.duration(estimate.value, language) if unit == "min" else words.figure(estimate.value)


def of_arm(row: Row, arm: str, language: str = "en") -> str:
    """The value of an arm; "at least" where some of its runs count until EndEx only."""
    said = value(row.values[arm], row.unit, language)
    return f"≥ {said}" if row.at_least.get(arm) and row.values[arm].value is not None else said


def difference(estimate: Estimate, unit: str, language: str = "en") -> str:
    """A difference with its sign: ``+12 points``, ``−8 min``, ``+3.4``."""
    if estimate.value is None:
        return words.MISSING
    if unit in ("claim", "share"):
        return say("{n} points", language, n=_points(estimate.value))
    if unit == "min":
        return words.duration(estimate.value, language, signed=True)
    return _number(estimate.value)


def interval(estimate: Estimate, unit: str, language: str = "en") -> str:
    """The interval of a difference: ``3 to 20``; empty without one."""
    if estimate.low is None or estimate.high is None:
        return ""
    if unit in ("claim", "share"):
        low, high = _points(estimate.low), _points(estimate.high)
    elif unit == "min":
        low, high = (words.duration(bound, language, signed=True) for bound in (estimate.low, estimate.high))
    else:
        low, high = (_number(bound) for bound in (estimate.low, estimate.high))
    return say("{low} to {high}", language, low=low, high=high)


def _points(share: float) -> str:
    """A difference of shares in points of a hundred, with sign; decimals below ten."""
    points = share * 100
    digits = 0 if abs(points) >= 9.95 else 1 if abs(points) >= 0.95 else 2
    text = f"{abs(points):.{digits}f}"
    text = text.rstrip("0").rstrip(".") if digits else text
    return ("" if text == "0" else "+" if points > 0 else "−") + text


def _number(value: float) -> str:
    return ("+" if value > 0 else "−" if value < 0 else "") + words.figure(abs(value))


def judged(one: Compared, language: str = "en") -> str:
    """How sure a difference is, in words."""
    return say(JUDGED[one.sure, one.direction], language)


def ranked(comparison: Comparison) -> list[tuple[Row, Compared]]:
    """Differences that at least alone are more than luck: the surest first, headline figures before others."""
    found = [(row, one) for row in comparison.figures for one in row.differences if one.sure in ("sure", "alone")]
    return sorted(found, key=lambda pair: (_RANK[pair[1].sure], not pair[0].headline))


def sentences(
    comparison: Comparison, scenario: Scenario, language: str = "en", *, most: int | None = None
) -> list[str]:
    """One sentence for each difference that at least alone is more than luck."""
    return [sentence(comparison, scenario, row, one, language) for row, one in ranked(comparison)[:most]]


def sentence(comparison: Comparison, scenario: Scenario, row: Row, one: Compared, language: str = "en") -> str:
    """A difference told: the figure, both values, the difference with its interval, and how sure it is."""
    return say(
        "{arm}. {figure}: {value} instead of {reference} ({difference}; {confidence} interval {interval}); {judged}.",
        language,
        arm=arm_title(comparison, one.arm, language),
        figure=called(scenario, row, language),
        value=of_arm(row, one.arm, language),
        reference=of_arm(row, comparison.reference, language),
        difference=difference(one.difference, row.unit, language),
        confidence=words.share(comparison.confidence, language),
        interval=interval(one.difference, row.unit, language) or words.MISSING,
        judged=judged(one, language),
    )


def arm_title(comparison: Comparison, arm: str, language: str = "en") -> str:
    """The title of an arm; its name when another arm has the same title."""
    titles = {one.name: words.words(one.title, language) for one in comparison.arms}
    return titles[arm] if list(titles.values()).count(titles[arm]) == 1 else arm


def verdict(comparison: Comparison, arm: str, scenario: Scenario, language: str = "en") -> tuple[str, str]:
    """(tone, sentence) for one arm over the headline figures: what is surely better and what is surely worse."""
    sure: dict[str, list[str]] = {"better": [], "worse": []}
    for row in comparison.figures:
        for one in row.differences:
            if row.headline and one.arm == arm and one.sure == "sure" and one.direction in sure:
                sure[one.direction].append(_short(scenario, row, one, language))
    title = arm_title(comparison, arm, language)
    better, worse = (words.listing(sure[d], language, most=4) for d in ("better", "worse"))
    if better and worse:
        return "open", say("{arm}: better: {better}; worse: {worse}.", language, arm=title, better=better, worse=worse)
    if better:
        return "holds", say("{arm}: better: {better}; nothing is surely worse.", language, arm=title, better=better)
    if worse:
        return "fails", say("{arm}: worse: {worse}; nothing is surely better.", language, arm=title, worse=worse)
    if all(one.sure == "same" for row in comparison.figures for one in row.differences if one.arm == arm):
        return "open", say("{arm}: every figure is the same in every run.", language, arm=title)
    return "open", say("{arm}: no headline figure differs by more than luck.", language, arm=title)


def _short(scenario: Scenario, row: Row, one: Compared, language: str) -> str:
    return say(
        "{figure} ({difference})",
        language,
        figure=called(scenario, row, language),
        difference=difference(one.difference, row.unit, language),
    )


def how(comparison: Comparison, language: str = "en") -> list[str]:
    """How the comparison was made: pairs or samples, what pairing gains, how many comparisons are judged together, and times cut off."""
    n = comparison.families
    if min(arm.runs for arm in comparison.arms) < 2:
        return [
            say(
                "There is one run only: what differs is shown, but whether it is luck cannot be told. Ask for more runs.",
                language,
            )
        ]
    together = say(
        "{headline} comparisons of headline figures and {others} others are judged together, each family by Holm's method: what is called sure stands although so many were looked at. Intervals are those of each comparison alone.",
        language, headline=n["headline"], others=n["others"],
    )  # fmt: skip
    if not comparison.paired:
        seeds = words.listing(list(dict.fromkeys(str(arm.seed) for arm in comparison.arms)), language)
        first = say("The runs had luck of their own (seeds {seeds}), so they are compared as separate samples (Welch, Newcombe). With one seed the same number of runs would tell more.", language, seeds=seeds)  # fmt: skip
        return [
            first,
            together,
            *_not_scored(comparison, language),
            *_until_end(comparison, language),
            *_besides(comparison, language),
            *_few(comparison, language),
        ]
    first = say("All met the same luck: run 17 of one is compared with run 17 of the other ({runs} each).", language, runs=words.runs(min(a.runs for a in comparison.arms), language))  # fmt: skip
    gain = narrower(comparison.figures)
    if gain is not None:
        first += say(" With luck of its own for each, the intervals would be about {times} times as wide.", language, times=f"{gain:.1f}")  # fmt: skip
    return [
        first,
        together,
        *_not_scored(comparison, language),
        *_until_end(comparison, language),
        *_besides(comparison, language),
        *_few(comparison, language),
    ]


def _besides(comparison: Comparison, language: str) -> list[str]:
    """What to think of when hospitals differ, when objectives of one name do, and when a figure exists in part of the runs only."""
    found = []
    if comparison.hospitals:
        titles = words.listing([words.words(one, language) for one in comparison.hospitals], language)
        found.append(say("The hospitals differ: {titles}. Compared is what has the same name in both; counts depend on the size of a hospital, and luck is shared only by what both have.", language, titles=titles))  # fmt: skip
    if comparison.unlike:
        found.append(say("Objectives of one name that ask for different things are left out: {names}.", language, names=words.listing(comparison.unlike, language)))  # fmt: skip
    if _in_part(comparison.figures):
        found.append(say("Some figures exist in part of the runs only (typing in, where nothing was written on paper): their differences are over the runs in which both have them, and need not be the difference of the two means.", language))  # fmt: skip
    return found


def _in_part(rows: Sequence[Row]) -> bool:
    """Whether some headline figure has fewer pairs than others, so that its mean difference is not the difference of the means."""
    pairs = [(row.headline, one.difference.n) for row in rows for one in row.differences if one.paired]
    return any(headline and n < max(n for _, n in pairs) for headline, n in pairs)


def _not_scored(comparison: Comparison, language: str) -> list[str]:
    """How many runs of which way are left out, when some are."""
    left_out = [say("{arm}: {n}", language, arm=arm_title(comparison, arm.name, language), n=arm.not_scored) for arm in comparison.arms if arm.not_scored]  # fmt: skip
    if not left_out:
        return []
    return [say("Not scored, since the hospital was not healthy before the fault: {runs}. Pairs lack the runs that either of them lacks.", language, runs=words.listing(left_out, language, most=8))]  # fmt: skip


FEW = 10  # runs; below, chance makes differences of whole numbers alike too often


def _few(comparison: Comparison, language: str) -> list[str]:
    """That few runs make a difference alike by luck: each of n pairs has the sign of the first one with chance ½ when there is no difference."""
    alike = [
        one.difference.n
        for row in comparison.figures
        for one in row.differences
        if row.unit != "claim"
        and one.direction
        and one.difference.low == one.difference.high
        and one.difference.n < FEW
    ]
    if not alike:
        return []
    n = min(alike)
    return [say("A difference that is alike in every run is called sure. With {runs} only, luck makes a difference of one patient more or less alike in up to {share} of comparisons; ask for {enough} or more unless nothing in the scenario is left to chance.", language, runs=words.runs(n, language), share=words.share(2.0 ** (1 - n), language), enough=words.runs(FEW, language))]  # fmt: skip


def _until_end(comparison: Comparison, language: str) -> list[str]:
    """What ≥ means, when a time was not over at the end in some run."""
    if not any(row.at_least for row in comparison.figures):
        return []
    return [say("A time that was not over at the end of the exercise counts until then, in all of them alike (≥: at least); no run is left out.", language)]  # fmt: skip


def narrower(rows: Sequence[Row]) -> float | None:
    """How many times as wide intervals would be without pairs, in the middle of all headline figures: 1/√(1-r)."""
    known = [
        one.correlation
        for row in rows
        for one in row.differences
        if row.headline and one.sure != "same" and one.correlation is not None and one.correlation < 0.9999
    ]
    if not known:
        return None
    known.sort()
    return max(1.0, 1 / math.sqrt(1 - max(known[len(known) // 2], 0.0)))
