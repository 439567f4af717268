"""How sure the figures are that a reader decides by, and how many runs would make them surer: one sentence for each, and rows of a table."""

from __future__ import annotations

from typing import NamedTuple

from drillsim.model.measures import MEASURES
from drillsim.model.scenario import Scenario
from drillsim.report import clauses, compared, words
from drillsim.score import intervals
from drillsim.score.summary import PrecisionPart, Summary
from drillsim.texts import say

LEAD = (
    "A figure is known as well as half the width of its interval. Twice as well takes about four times as many runs. "
    "`drillsim run SCENARIO --precision 5%` plays until it is enough."
)


class Row(NamedTuple):
    """One figure: what it is called, its value, plus or minus what, what was asked for, whether it is known so well, and what more runs would bring."""

    title: str
    value: str
    half: str
    asked: str
    judged: str
    more: str


def rows(summary: Summary, scenario: Scenario, language: str = "en") -> list[Row]:
    """A row for each figure that was asked for, or is usually decided by."""
    return [_row(one, scenario, language) for one in summary.precision]


def _row(one: PrecisionPart, scenario: Scenario, language: str) -> Row:
    return Row(
        title(one, scenario, language),
        ("≥ " if one.at_least and one.estimate.value is not None else "")
        + compared.value(one.estimate, one.unit, language),
        half(one.half, one.unit, language),
        _asked(one, language),
        {True: say("yes", language), False: say("not yet", language), None: ""}[one.known],
        more(one, language),
    )


def title(one: PrecisionPart, scenario: Scenario, language: str = "en") -> str:
    """What the figure is called."""
    if (one.kind, one.name) in compared.FIGURES:
        return compared.figure(scenario, one.kind, one.id, one.name, language)
    subject = "" if one.kind == one.id else compared.title_of(scenario, one.kind, one.id, language)
    text = clauses.MEASURES.get(one.name) or (MEASURES[one.name].meaning if one.name in MEASURES else one.name)
    meaning = say(text, language)
    return say("{title}: {meaning}", language, title=subject, meaning=meaning) if subject else words.capital(meaning)


def half(value: float | None, unit: str, language: str = "en") -> str:
    """Plus or minus so much; a dash without an interval."""
    if value is None:
        return words.MISSING
    if unit in ("claim", "share"):
        return say("± {n} points", language, n=_figure(value * 100))
    return f"± {words.duration(value, language) if unit == 'min' else _plain(value)}"


def _plain(value: float) -> str:
    """Of a count no more than two digits count: ``± 84``, ``± 0.66``."""
    return words.number(value) if value >= 9.95 else f"{value:.2g}"


def _figure(value: float) -> str:
    return f"{value:.0f}" if value >= 9.95 else f"{value:.2g}"


def _asked(one: PrecisionPart, language: str) -> str:
    """What was asked for, in words; of a share of the mean what it comes to."""
    if one.asked is None:
        return ""
    relative = "%" in one.asked and one.unit not in ("claim", "share")
    return f"{one.asked}: {half(one.goal, one.unit, language)}" if relative and one.goal else one.asked


def more(one: PrecisionPart, language: str = "en") -> str:
    """How many runs a finer answer would need."""
    if one.estimate.value is None:
        return say("no run has this figure", language)
    if one.known is False:
        if one.estimate.value == 0 and not one.goal:
            return say("its mean is 0, so that no share of it is ever reached; ask for a number", language)
        if one.runs_needed is not None:
            return say("as well as asked: about {runs} in all", language, runs=_about(one.runs_needed, language))
    if one.runs_for_half is not None:
        return say("twice as well: about {runs} in all", language, runs=_about(one.runs_for_half, language))
    if one.half != 0:
        return ""
    other = intervals.share(0, one.estimate.n).high  # so often another value may come, though none did
    return say("every run has the same value; in up to {share} of runs it could still be another", language, share=words.share(other, language))  # fmt: skip


def _about(runs: int, language: str) -> str:
    """A number of runs that is an estimate: two digits, rounded up."""
    unit = 10 ** max(len(str(runs)) - 2, 0)
    return words.runs(-(-runs // unit) * unit, language)


def lines(summary: Summary, scenario: Scenario, language: str = "en", most: int = 3) -> list[str]:
    """For the terminal: a sentence for each figure that was asked for; when nothing was, for the first of the usual ones only."""
    asked = any(one.asked for one in summary.precision)
    chosen = sorted(summary.precision, key=lambda one: one.known is True) if asked else summary.precision[:1]
    found = [_line(row, one, language) for one in chosen[:most] for row in [_row(one, scenario, language)]]
    if len(chosen) > most and asked:
        found.append(say("… {n} more figures in the report", language, n=len(chosen) - most))
    return found


def _line(row: Row, one: PrecisionPart, language: str) -> str:
    said = "known as well as asked ({asked})" if one.known else "not yet known as well as asked ({asked})"
    notes = [say(said, language, asked=row.asked)] if one.asked else []
    notes += [row.more] if row.more else []
    known = " ".join(piece for piece in (row.value, row.half if one.half is not None else "") if piece)
    template = "{title}: {known}; {notes}" if notes else "{title}: {known}"
    return say(template, language, title=row.title, known=known, notes=say("; ", language).join(notes))
