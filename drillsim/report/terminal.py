"""What ``drillsim run`` says at the end: the verdict, the steps that are late too often, causes, patients, data, and where the report lies."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from drillsim.model.scenario import Scenario
from drillsim.report import advice, checked, findings, sure, words
from drillsim.score.summary import Summary
from drillsim.score.summary_plan import Cause, StepPart
from drillsim.texts import say

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

BAR = 10  # signs
MOST_ROWS = 12  # of activities, resources and systems
PIPE_WIDTH = 120  # columns when the output goes to a file or a pipe
_HAN = "\u4e00-\u9fff"
_PIECES = re.compile(
    rf"[“（]*(?:[{_HAN}]|[\d.,:–%]+(?: (?:小时|分钟|天|分|秒|h\b|min\b|d\b|s\b)(?: \d+ (?:小时|分钟|分|h\b|min\b))?)?|[^\s{_HAN}，。；：、（）“”]+|[，。；：、（）“”])[”）。，；：、]*\s*|\s+"
)
"""What a line is not broken inside of: a Chinese sign, an amount with its unit, a word; with the marks around it."""


def show(
    summary: Summary, scenario: Scenario, console: Console, *, language: str = "en", all_steps: bool = False, report: Path | None = None
) -> None:  # fmt: skip
    """Print the result to the console: in colour on a terminal, plain elsewhere."""
    if not console.is_terminal:
        console.width = max(console.width, PIPE_WIDTH)
    console.print(_title(summary, language), style="bold", markup=False)
    console.print()
    _verdict(summary, console, language)
    if summary.runs.scored:
        for table in _tables(summary, scenario, language, all_steps):
            console.print()
            console.print(table)
        shown = all_steps or _steps_told(summary, scenario)
        more = 0 if shown else len(findings.holding(summary))
        if more:
            console.print(
                "    " + say("… {n} more on time often enough (--all)", language, n=more), style="dim", markup=False
            )
    lines = _lines(summary, scenario, language, report)
    if lines:
        console.print()
        console.print(_list(lines, console.width))


def _title(summary: Summary, language: str) -> str:
    s = summary.scenario
    plan = f"{words.words(s.plan, language)} {s.plan_version}".strip() if summary.coverage.total else ""
    change = say("change: {name}", language, name=s.variant) if s.variant else ""
    pieces = (words.words(s.title, language), words.words(s.hospital, language), plan, change)
    return " · ".join(piece for piece in pieces if piece)


def _verdict(summary: Summary, console: Console, language: str) -> None:
    from rich.cells import cell_len
    from rich.text import Text

    said = findings.verdict(summary, language)
    sign = {"holds": f"{words.SIGNS['on_time']} ", "fails": f"{words.SIGNS['late']} ", "open": ""}[said.tone]
    line = Text(sign + said.headline, style={"holds": "bold green", "fails": "bold red", "open": "bold"}[said.tone])
    line.append("  " + said.sentence, style="not bold default")
    coverage = findings.coverage(summary, language)
    if coverage:
        joint = "   " if line.cell_len + cell_len(coverage) + 3 <= console.width else "\n" + " " * cell_len(sign)
        line.append(joint + coverage, style="not bold default")
    console.print(line)


def _tables(summary: Summary, scenario: Scenario, language: str, all_steps: bool) -> list[Table]:
    """The tables that have rows: steps with deadlines, steps without a fault to time them by, else queues and systems."""
    timed = findings.failing(summary) + (findings.holding(summary) if all_steps else [])
    found = []
    if any(s.holds is not None for s in summary.steps):
        found.append(_deadlines(timed, scenario, language, summary.runs.scored))
    if _steps_told(summary, scenario):
        found.append(_undated(summary, language))
    if not scenario.faults and not summary.steps:
        found += [_activities(summary, language), _resources(summary, language), _systems(summary, language)]
    return [table for table in found if table.row_count]


def _steps_told(summary: Summary, scenario: Scenario) -> bool:
    """Whether all steps are listed with their times: nothing breaks, or no deadline ran."""
    return bool(summary.steps) and (not scenario.faults or all(s.holds is None for s in summary.steps))


def plain_table(*headings: str, right: int = 0) -> Table:
    """A table without lines, its last ``right`` headings and columns to the right."""
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    for number, heading in enumerate(headings):
        table.add_column(heading, justify="right" if number >= len(headings) - right else "left", overflow="fold")
    return table


def _deadlines(steps: list[StepPart], scenario: Scenario, language: str, scored: int) -> Table:
    """Steps with deadlines; where the clock ran in some of the runs only, in how many."""
    from rich.text import Text

    table = plain_table(
        "",
        say("step", language),
        say("deadline", language),
        say("on time in", language),
        say("late by", language),
        say("mostly waiting for", language),
    )
    table.columns[0].width = 1
    table.columns[3].no_wrap = True
    table.columns[4].no_wrap = True
    planned = {s.id: s.within for s in scenario.plan.steps}
    for step in steps:
        style = "green" if step.holds else "red"
        sign = Text(words.SIGNS["on_time" if step.holds else "late"], style=style)
        chance = Text(bar(step.on_time.value or 0.0), style=style).append(
            " " + words.share_interval(step.on_time, language), style="default"
        )
        if step.on_time.n < findings.SELDOM * scored:
            chance.append(say(", {runs}", language, runs=words.runs(step.on_time.n, language)), style="dim")
        waiting = words.held_up_by(scenario, step, language)
        limit = planned.get(step.id)
        table.add_row(sign, Text(words.words(step.title, language)), Text(words.since(scenario, limit, language)), chance, words.lateness(step, language), Text(waiting))  # fmt: skip
    return table


def bar(share: float, width: int = BAR) -> str:
    """A share as a row of dark and light signs: 0.41 → ``▓▓▓▓░░░░░░``; only 1 fills it, only 0 leaves it empty."""
    dark = round(share * width)
    dark = min(max(dark, 1 if share > 0 else 0), width if share >= 1 else width - 1)
    return "▓" * dark + "░" * (width - dark)


def _undated(summary: Summary, language: str) -> Table:
    """Steps of a plan without deadlines: when each is done."""
    from rich.text import Text

    table = plain_table(
        say("step", language),
        say("begins after, usually", language),
        say("done after, usually", language),
        say("8 runs of 10", language),
        right=3,
    )
    for s in summary.steps:
        if s.ended.p50 is not None:
            table.add_row(
                Text(words.words(s.title, language)),
                words.usual(s.started, language),
                words.usual(s.ended, language),
                words.usual_range(s.ended, language),
            )
    return table


def _activities(summary: Summary, language: str) -> Table:
    from rich.text import Text

    left = any(a.left.value or a.turned_away.value for a in summary.activities)
    heads = ["Activity", "mean wait", "9 of 10 wait less than", "waited at all", "mean number waiting"] + (
        ["left unseen", "turned away"] if left else []
    )
    table = plain_table(*(say(h, language) for h in heads), right=len(heads) - 1)
    for a in sorted(summary.activities, key=lambda a: -(a.wait.value or 0.0))[:MOST_ROWS]:
        losses = [words.share_interval(a.left, language), words.share_interval(a.turned_away, language)] if left else []
        queue = (
            f"{words.count(a.queue)} ({words.count_interval(a.queue)})"
            if words.count_interval(a.queue)
            else words.count(a.queue)
        )
        table.add_row(
            Text(words.words(a.title, language)),
            findings.minutes_interval(a.wait, language),
            words.duration(a.wait_p90.value, language),
            words.share_interval(a.waited, language),
            queue,
            *losses,
        )
    return table


def _resources(summary: Summary, language: str) -> Table:
    from rich.text import Text

    heads = say("Who or what", language), say("mean number on duty", language), say("share of time busy", language)
    table = plain_table(*heads, right=2)
    for r in sorted(summary.resources, key=lambda r: -(r.utilisation.value or 0.0))[:MOST_ROWS]:
        table.add_row(
            Text(words.words(r.title, language)),
            words.count(r.on_duty),
            words.share_interval(r.utilisation, language),
        )
    return table


def _systems(summary: Summary, language: str) -> Table:
    from rich.text import Text

    table = plain_table(say("System", language), say("available", language), say("interval", language), right=2)
    for s in sorted(summary.systems, key=lambda s: s.availability.value if s.availability.value is not None else 2.0)[
        :MOST_ROWS
    ]:
        if s.availability.value is not None:
            table.add_row(
                Text(words.words(s.title, language)),
                findings.precise_share(s.availability.value, language),
                findings.precise_interval(s.availability, language),
            )
    return table


def _lines(summary: Summary, scenario: Scenario, language: str, report: Path | None) -> list[tuple[str, str]]:
    """Labelled lines below the tables; a label stands once for all its lines."""
    found: list[tuple[str, str]] = []
    if findings.failing(summary):
        found += [
            (
                say("Causes", language),
                _cause(c, scenario, language),
            )
            for c in (summary.roots or summary.causes)[:3]
        ]
    patients = findings.patients(summary, language)
    if patients:
        found.append(
            (
                say("Patients", language),
                say("against the same day without the fault: ", language) + say("; ", language).join(patients),
            )
        )
    data = findings.data(summary, scenario, language)
    if data:
        found.append((say("Data", language), say("; ", language).join(data)))
    if checked.in_a_line(summary, language):
        found.append((say("Plan check", language), checked.in_a_line(summary, language)))
    found += [(say("How sure", language), text) for text in sure.lines(summary, scenario, language)]
    found += [(say("Note", language), text) for text in _notes(summary, scenario, language)]
    tried = next((a for a in advice.next_steps(summary, scenario, language) if a.command), None)
    if tried is not None:
        found.append((say("Next", language), f"{tried.what}  → {tried.command}"))
    if report is not None:
        found.append((say("Report", language), str(report)))
    return found


def _cause(cause: Cause, scenario: Scenario, language: str) -> str:
    """``A spare: controller pair – 45 min a run; delays “Replace the controller” and 3 more``; work does not delay itself."""
    others = [step for step in cause.steps if step != cause.cause.rpartition(":")[2]]
    quoted = [say("“{title}”", language, title=words.title_of(scenario, s, language, "step")) for s in others]
    said = say(
        "{what} – {duration} a run",
        language,
        what=words.capital(findings.cause_words(cause, scenario, language)),
        duration=words.duration(cause.minutes, language),
    )
    said += say("; delays {steps}", language, steps=words.listing(quoted, language, most=2)) if quoted else ""
    return said + (say("; most in runs {runs}", language, runs=words.few(cause.runs, language)) if cause.runs else "")


def _notes(summary: Summary, scenario: Scenario, language: str) -> list[str]:
    from drillsim.report.trust import gate, warnings

    return [*warnings(summary, language), *gate(summary, scenario, language)]


def wrapped(text: str, width: int) -> str:
    """Text in lines of so many cells at most: broken at spaces and between Chinese signs, but not inside an amount or before a stop."""
    from rich.cells import cell_len

    lines = [""]
    for piece in _PIECES.findall(text):
        if lines[-1] and cell_len(lines[-1] + piece.rstrip()) > width:
            lines[-1] = lines[-1].rstrip()
            lines.append(piece.lstrip())
        else:
            lines[-1] += piece
    return "\n".join(lines)


def _list(lines: list[tuple[str, str]], width: int) -> Table:
    from rich.cells import cell_len
    from rich.table import Table
    from rich.text import Text

    room = width - max(cell_len(label) for label, _ in lines) - 6
    table = Table.grid(padding=(0, 3, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    before = ""
    for label, text in lines:
        table.add_row(Text("" if label == before else label, style="bold"), Text(wrapped(words.spaced(text), room)))
        before = label
    return table
