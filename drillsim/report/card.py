"""A result in a few lines for a terminal, and as a card for a notebook: the verdict, key figures with their intervals, what is late too often."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from drillsim.model.scenario import Scenario
from drillsim.report import findings, words
from drillsim.report.figures import key_figures
from drillsim.score.summary import Summary
from drillsim.score.summary_plan import StepPart
from drillsim.texts import say

MOST = 5  # late steps, objectives
SIGNS = {"holds": "✓ ", "fails": "▲ ", "open": ""}
EDGES = {"holds": "#2b7a9b", "fails": "#c65a11", "open": "#8a949e"}


def heading(summary: Summary, language: str = "en") -> str:
    """What was played: title, hospital, change, number of runs."""
    s, runs = summary.scenario, summary.runs
    change = say("change: {name}", language, name=s.variant) if s.variant else ""
    played = say("{runs} (seed {seed})", language, runs=words.runs(runs.scored, language), seed=runs.seed)
    pieces = (words.words(s.title, language), words.words(s.hospital, language), change, played)
    return " · ".join(piece for piece in pieces if piece)


def lines(summary: Summary, scenario: Scenario, language: str = "en") -> list[str]:
    """The result as lines of text: what was played, the verdict, late steps, key figures, objectives."""
    said, colon, semicolon = findings.verdict(summary, language), say(": ", language), say("; ", language)
    found = [heading(summary, language), f"  {SIGNS[said.tone]}{said.headline} {said.sentence}"]
    found += [f"  {note}" for note in [*_notes(summary, language), findings.coverage(summary, language)] if note]
    found += [f"  {step.id}{colon}{late(step, scenario, language)}" for step in findings.failing(summary)[:MOST]]
    found += [f"  {f.label}{colon}{f.value}{semicolon}{f.detail}" for f in key_figures(summary, scenario, language)]
    found += [f"  {name}{colon}{text}" for name, text in _objectives(summary, language)]
    return [words.spaced(line) if line[:1].strip() else "  " + words.spaced(line.strip()) for line in found]


def late(step: StepPart, scenario: Scenario, language: str = "en") -> str:
    """How often a step is on time, how late it is otherwise, and what for."""
    pieces = [say("on time in {share}", language, share=words.share_interval(step.on_time, language))]
    if clause := words.lateness_clause(step, language):
        pieces.append(clause)
    if step.mostly and step.mostly not in ("working", "work"):
        pieces.append(say("mostly waiting for {what}", language, what=words.held_up_by(scenario, step, language)))
    return say("; ", language).join(pieces)


def _notes(summary: Summary, language: str) -> list[str]:
    runs = summary.runs
    found = []
    if runs.interrupted:
        found.append(
            say("interrupted: {done} of {asked} runs are finished", language, done=runs.done, asked=runs.asked)
        )
    if runs.done > runs.scored:
        found.append(say("not scored: {n} runs whose hospital was unhealthy before the first fault", language, n=runs.done - runs.scored))  # fmt: skip
    return found


def _objectives(summary: Summary, language: str) -> list[tuple[str, str]]:
    return [
        (o.id, say("met in {share}", language, share=words.share_interval(o.met, language)) + (say("; ", language) + o.rating if o.rating else ""))
        for o in summary.objectives[:MOST]
    ]  # fmt: skip


def card(summary: Summary, scenario: Scenario, language: str = "en") -> str:
    """The result as HTML for a notebook, in light and dark; every word of the scenario escaped."""
    said = findings.verdict(summary, language)
    notes = [*_notes(summary, language), findings.coverage(summary, language)]
    figures = "".join(
        f'<td style="text-align:left;vertical-align:top;padding:4px 22px 4px 0"><div>{escape(f.label)}</div>'
        f'<div style="font-size:1.5em">{escape(f.value)}</div><div style="opacity:.75">{escape(f.detail)}</div></td>'
        for f in key_figures(summary, scenario, language)
    )
    rows = "".join(
        f'<tr><td style="text-align:left">{escape(words.words(s.title, language))}</td><td style="text-align:left">{escape(words.spaced(late(s, scenario, language)))}</td></tr>'
        for s in findings.failing(summary)[:MOST]
    )
    return (
        f'<div style="border-left:4px solid {EDGES[said.tone]};padding:2px 0 2px 12px;max-width:60em">'
        f'<div style="opacity:.75">{escape(heading(summary, language))}</div>'
        f'<div style="font-size:1.3em;font-weight:600">{SIGNS[said.tone]}{escape(said.headline)}</div>'
        f"<div>{escape(said.sentence)} {escape(say('; ', language).join(n for n in notes if n))}</div>"
        + (f'<table style="margin:6px 0"><tr>{figures}</tr></table>' if figures else "")
        + (f"<table><thead><tr><th style=\"text-align:left\" colspan=2>{escape(say('Late too often', language))}</th></tr></thead><tbody>{rows}</tbody></table>" if rows else "")
        + "</div>"
    )  # fmt: skip


def told(sentences: Sequence[str], language: str = "en") -> str:
    """Sentences as a list for a notebook."""
    items = "".join(f"<li>{escape(words.spaced(sentence))}</li>" for sentence in sentences)
    nothing = escape(say("No figure differs by more than luck.", language))
    return f'<ul style="max-width:60em">{items}</ul>' if items else f"<p>{nothing}</p>"
