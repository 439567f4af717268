"""The references of keys and of results, made from the records themselves: ``python -m tests.reference`` writes them into ``drillsim/docs`` anew."""

from __future__ import annotations

import ast
import inspect
import io
import re
import tokenize
import types
import typing
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, WithJsonSchema
from pydantic_core import PydanticUndefined

from drillsim.lint import RULES
from drillsim.log import rows, tables
from drillsim.model import (
    base,
    care,
    conditions,
    costs,
    drills,
    durations,
    faults,
    hospital,
    people,
    plan,
    protection,
    repairs,
    scenario,
    systems,
)
from drillsim.model.measures import MEASURES
from drillsim.playback import shape, situation, story
from drillsim.playback import words as played
from drillsim.score import answers, frames, summary, summary_parts
from drillsim.units import minute_text
from tests import references_page
from tests.process import page, timelines

DOCS = Path(__file__).resolve().parent.parent / "drillsim" / "docs"

CHAPTERS: dict[str, tuple[type[base.Record], ...]] = {
    "Scenario": (scenario.Scenario, scenario.Fault, protection.Attack, repairs.Relapse, repairs.Imperfect, scenario.Inject, scenario.Expects, scenario.Objective, scenario.Variant, costs.Cost, scenario.RunSettings),
    "Hospital": (hospital.Hospital, hospital.Detection, people.Calendar),
    "People and equipment": (people.Staff, people.OnCall, people.Equipment),
    "Care": (
        care.Department, care.Kit, care.BackEntry, care.SelfSwitch, care.Activity, care.OnPaper, care.Pathway, care.Diverted, care.PatientClass, care.Node,
        care.Branch, care.Arrivals, care.Indicator,
    ),
    "Systems": (systems.Component, systems.Needs, systems.BreakGlass, systems.RunsOn, systems.Data, systems.Backup, systems.Medium, systems.Protection, systems.RandomFailures),
    "Plan": (plan.Plan, plan.PlanRole, plan.Grade, plan.Channel, plan.Readiness, drills.Drill, plan.Step, plan.Without, plan.ForEach, plan.IfItFails),
}  # fmt: skip

NAMED: tuple[tuple[object, str], ...] = (
    (base.Minutes, "duration, such as `90 min`"),
    (durations.Duration, "duration, fixed or with luck"),
    (base.Probability, "chance, such as `0.7` or `70 %`"),
    (base.Factor, "number above 0"),
    (base.Id, "name"),
    (base.Source, "source"),
    (base.Text, "words"),
    (people.Shifts, "how many on duty: a number, or hours → number"),
    (people.Roster, "hours, such as `mon-fri 08:00-17:30`"),
    (conditions.EventField, "event"),
    (conditions.DeadlineField, "deadline, such as `30 min of detected`"),
    (conditions.MomentField, "moment, such as `09:10`"),
    (conditions.ConditionField, "condition"),
    (systems.Selector, "component, or `kind:…`, `place:…`, `tag:…`"),
    (plan.Effect, "effect"),
    (float, "number"),
    (int, "whole number"),
    (str, "text"),
    (bool, "`true` or `false`"),
    (object, "value"),
)


def wording(annotation: Any) -> str:
    """What may be written there, in words."""
    for known, words in NAMED:
        if annotation is known or (known is not object and annotation == known):
            return words
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Annotated:
        return _annotated(arguments[0], arguments[1:])
    if origin is typing.Literal:
        return ", ".join(f"`{one}`" for one in arguments)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(dict.fromkeys(wording(one) for one in arguments if one is not type(None)))
    if origin is tuple:
        return f"list of {wording(arguments[0])}"
    if origin is dict:
        return f"{wording(arguments[0])} → {wording(arguments[1])}"
    if isinstance(annotation, type) and issubclass(annotation, base.Record):
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    return str(annotation)


def _annotated(inner: Any, notes: tuple[Any, ...]) -> str:
    for note in notes:
        if isinstance(note, base.Ref):
            extra = "".join(f", `{word}`" for word in note.also)
            return f"name of a {note.namespace.replace(',', ' or ')}{extra}"
        if (
            isinstance(note, WithJsonSchema)
            and isinstance(note.json_schema, dict)
            and "description" in note.json_schema
        ):
            return f"such as {note.json_schema['description']}".replace("'", "`")
    return wording(inner)


def comments(record: type[BaseModel]) -> dict[str, str]:
    """Field → the comments that stand beside or right above it in the source."""
    source = inspect.cleandoc("\n" + inspect.getsource(record))
    at_line = {
        t.start[0]: t.string.lstrip("# ")
        for t in tokenize.generate_tokens(io.StringIO(source).readline)
        if t.type == tokenize.COMMENT
    }
    found = {}
    for node in ast.parse(source).body[0].body:  # type: ignore[attr-defined]
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            lines = [
                at_line[line] for line in range(node.lineno, (node.end_lineno or node.lineno) + 1) if line in at_line
            ]
            found[node.target.id] = " ".join(line for line in lines if not line.startswith(("fmt:", "noqa", "type:")))
    return found


def default(value: Any, annotation: Any) -> str:
    """How the default would be written in a file; empty when there is none to speak of."""
    if value is PydanticUndefined or value is None or value == () or value == {} or value == "":
        return ""
    if isinstance(value, durations.Distribution | conditions.Moment):
        return f"`{value.text()}`"
    if isinstance(value, bool):
        return "`true`" if value else "`false`"
    if isinstance(value, base.Record):
        return "its defaults"
    if isinstance(value, dict):
        return f"`{'; '.join(f'{k}: {v}' for k, v in value.items())}`"
    return f"`{minute_text(value)}`" if annotation is float and isinstance(value, float) else f"`{value}`"


def section(record: type[base.Record]) -> str:
    """A record as a heading, what it is, and a table of its keys."""
    hints = typing.get_type_hints(record, include_extras=True)
    notes = comments(record)
    lines = [
        f"### {record.__name__}",
        "",
        inspect.cleandoc(record.__doc__ or "").replace("``", "`"),
        "",
        "| key | what may stand there | when left out | |",
        "|---|---|---|---|",
    ]
    for name, field in record.model_fields.items():
        words = wording(hints[name])
        said = default(field.default, hints[name])
        if "duration" in words and isinstance(field.default, float):
            said = f"`{minute_text(field.default)}`"
        said = "must be given" if field.is_required() else said
        cells = (f"`{field.alias or name}`", words, said, notes.get(name, ""))
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines)


def table(heading: str, rows: dict[str, str]) -> str:
    """Words that may be written somewhere, with their meaning."""
    return "\n".join(
        [
            f"### {heading}",
            "",
            "| word | meaning |",
            "|---|---|",
            *(f"| `{word}` | {meaning} |" for word, meaning in rows.items()),
        ]
    )


EFFECT_WORDS = {
    name: f"with {', '.join(re.split(',', targets))}" if targets else "alone" for name, targets in plan.EFFECTS.items()
}  # fmt: skip


def reference() -> str:
    """The whole of ``keys.md``."""
    parts = [
        "# Every key of a file\n\nMade from the records that read the files (`python -m tests.reference`), so it is what drillsim understands."
        " What the kinds of value look like (durations, moments, conditions, hours …) stands in [file-format.md](file-format.md).",
    ]
    for chapter, records in CHAPTERS.items():
        parts.append(f"## {chapter}")
        parts += [section(record) for record in records]
    parts += [
        "## Words that are given",
        table("Kinds of fault", faults.FAULT_KINDS),
        table("Effects of steps, and what they are written with", EFFECT_WORDS),
        table(
            "Distributions",
            {
                kind: " or ".join(f"`{kind}({', '.join(s)})`" for s in forms)
                for kind, forms in durations.SIGNATURES.items()
            },
        ),
    ]
    return "\n\n".join(parts) + "\n"


def results() -> str:
    """The whole of ``results.md``."""
    return (
        "\n\n".join(
            [
                RESULTS_HEAD,
                "## summary.json",
                inspect.cleandoc(summary.__doc__ or "").replace("``", "`"),
                *(part_section(part) for part in PARTS),
                "## Tables",
                "Parquet files, pandas frames of a result in Python (`result.steps`), with the replication first. Times are minutes since StartEx "
                "(minute 0), as decimal numbers, nothing rounded. `events`, `activities`, `patients` and `entries` hold the runs whose rows were "
                "kept (those of the day without the faults lie in the folder `base`), the other tables all runs.",
                *(table(f"{name}.parquet", described) for name, described in (tables.COLUMNS | frames.COLUMNS).items()),
                "## Frames in Python",
                "What `result.objectives()`, `.bottlenecks()`, `.critical_path()`, `.after_action()`, `.recovery()` and the `table()` of `drillsim.compare`, `sweep` and `improve` give; "
                "`drillsim.columns(name)` shows the same, for the tables above too.",
                *(table(name, described) for name, described in answers.COLUMNS.items()),
                table("Kinds of event (subject, state, cause, value)", rows.KINDS),
                table("States of a step", rows.STEP_STATES),
                "## Measures",
                "For objectives and the steady-state gate: `measure: registration.wait_p90 <= 20 min`.",
                table(
                    "Measures", {name: f"{m.meaning} ({m.unit}; of {', '.join(m.of)})" for name, m in MEASURES.items()}
                ),
            ]
        )
        + "\n"
    )


PARTS: list[type[summary_parts.Part]] = sorted(
    (part for part in summary_parts.Part.__subclasses__() if part.__module__.startswith(summary.__name__)),
    key=lambda part: (part is not summary.Summary, part.__module__, inspect.getsourcelines(part)[1]),
)

RESULTS_HEAD = """# What a run leaves behind

Made from the records that write it (`python -m tests.reference`). A run folder holds

| file | |
|---|---|
| `report.html` | for people: one file, printable, without a network |
| `stress.md` | the study described for a journal, item by item of the STRESS-DES checklist; `drillsim stress RUN` prints it |
| `summary.json` | every scored figure, as described below; `drillsim schema summary` prints its JSON Schema |
| `run.json` | what was run: versions, seed, hashes of the files, the scenario as it was resolved |
| `*.parquet` | tables: rows of the runs that are shown (first, median, worst) or of all, steps and figures of all runs |"""


def part_section(part: type[summary_parts.Part]) -> str:
    """A part of the summary: what it is, and its fields."""
    notes, hints = comments(part), typing.get_type_hints(part)
    lines = [
        f"### {part.__name__}",
        "",
        inspect.cleandoc(part.__doc__ or "").replace("``", "`"),
        "",
        "| field | | |",
        "|---|---|---|",
    ]
    for name in part.model_fields:
        lines.append(
            f"| `{name}` | {wording_of_result(hints[name])} | {notes.get(name, '')} |".replace(" | None", " or null")
        )
    return "\n".join(lines)


def wording_of_result(annotation: Any) -> str:
    """The type of a field of the summary, in words; parts of the summary as links."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is list:
        return f"list of {wording_of_result(arguments[0])}"
    if origin is dict:
        return f"{wording_of_result(arguments[0])} → {wording_of_result(arguments[1])}"
    if origin in (typing.Union, types.UnionType):
        return " or ".join("null" if one is type(None) else wording_of_result(one) for one in arguments)
    if isinstance(annotation, type) and issubclass(annotation, summary_parts.Part):
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    return {bool: "true or false"}.get(annotation) or wording(annotation)


PLAN_CHECK_HEAD = """# What the plan check finds

Made from the rules themselves (`python -m tests.reference`). `drillsim check` reads a plan against rosters, systems, departments and faults,
before anything is played, and prints mistakes first, then its findings: what, where, why it matters, what to do. `run` says how many there are;
the report lists them beside the score. Findings never stop a run.

Hours are looked at over the whole week, holidays and on-call lists included. What fails takes away whatever leans on it, a fail-over that can
fail included. "In 4 of 14 library scenarios" counts the shipped scenarios whose faults this hospital can have.

What is meant to be so is silenced in the plan, for a rule as a whole or for what a finding speaks of, or in a step, always with the reason:

    silence:
      no-deputy database: one person knows the database, and that is what we want to see
      kit-too-small: a thousand more forms come within half an hour

The report lists what is silenced, with the reasons. A silence that silences nothing is told."""


def plan_check() -> str:
    """The whole page of the plan check."""
    rows = [f"| `{name}` | {rule.severity} | {rule.finds} | {rule.why} {rule.todo} |" for name, rule in RULES.items()]
    return (
        "\n".join([PLAN_CHECK_HEAD, "", "| rule | | finds | why, and what to do |", "|---|---|---|---|", *rows]) + "\n"
    )


FILM_HEAD = """# The film: what a replay plays

Made from the types that describe it (`python -m tests.reference`). `drillsim replay` makes one JSON document from a scenario and the log of one run, in both
languages at once; the page and the terminal board play it and read nothing else. In the page it stands in `<script type="application/json" id="film">`; in
Python it is `drillsim.replay(…).film`. `drillsim schema film` prints its JSON Schema.

* Minutes count from StartEx, as decimal numbers. Words are `{"en": …, "zh": …}`.
* What has a number at every moment is a **series**: a text of whole numbers on the film's grid, each the difference to the one before (the first to
  zero), `0xN` for N differences of zero. `"3 0x2 -1"` is 3, 3, 3, 2. The value at a minute is that of the last point of the grid at or before it. The grid
  is `[[from, step], …]`: a point a minute; in a run of more than two days every minute only from an hour before the first fault to a day after it, and fewer
  points before and later, so that a film of weeks stays small.
* Everything else changes at **turns**: lists that begin with the minute, in order of time. What holds at a minute is the last turn at or before it. Nothing
  else is stored of a moment: any minute can be shown at once, and always looks the same.
* New fields may come (another choice at a decision, notes for facilitators): a reader leaves alone what it does not know, and the page does. `film` is
  the version; it changes when a field changes its meaning.
* `answer`, `plan` and `happened` of a question are for the facilitator. A film without them (null and empty lists) plays, with nothing to reveal."""

FILM = (shape.Film, shape.Entry, shape.Question, shape.Place, shape.Care, shape.System, shape.Person, shape.PlanStep, shape.Due, shape.Figure)  # fmt: skip
TURNS = {
    shape.StateTurn: "turns `[minute, state, factor or null, due to or null]`",
    shape.ModeTurn: "turns `[minute, mode]`",
    shape.FormsTurn: "turns `[minute, number]`",
    shape.PersonTurn: "turns `[minute, state, [[step, number], …], on duty or null]`",
    shape.StepTurn: "turns `[minute, state, what it waits for or null, minutes late]`",
    shape.SituationTurn: "turns `[minute, key, words]`",
    shape.Piece: "list of `[from, step]`",
    shape.Edge: "list of `[place, place]`",
    shape.Words: "words",
    shape.Series: "series",
}


def wording_of_film(annotation: Any) -> str:
    """The type of a field of the film, in words; its parts as links."""
    for known, said in TURNS.items():
        if annotation in (known, list[known]):  # type: ignore[valid-type]
            return f"list of {said}" if annotation == list[shape.Words] else said
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.NotRequired:
        return f"{wording_of_film(arguments[0])}; may be left out"
    if origin is list:
        return f"list of {wording_of_film(arguments[0])}"
    if origin is dict:
        return f"{wording_of_film(arguments[0])} → {wording_of_film(arguments[1])}"
    if origin in (typing.Union, types.UnionType):
        return " or ".join("null" if one is type(None) else wording_of_film(one) for one in arguments)
    if annotation in FILM:
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    return {bool: "true or false"}.get(annotation) or wording(annotation)


def film_section(part: Any) -> str:
    """A part of the film: what it is, and its fields."""
    notes = {k: v for one in (*getattr(part, "__orig_bases__", ()), part) if one in FILM for k, v in comments(one).items()}  # fmt: skip
    hints = typing.get_type_hints(part, include_extras=True)
    lines = [f"### {part.__name__}", "", inspect.cleandoc(part.__doc__ or "").replace("``", "`"), "", "| field | | |", "|---|---|---|"]  # fmt: skip
    lines += [f"| `{name}` | {wording_of_film(hint)} | {notes.get(name, '')} |".replace("``", "`") for name, hint in hints.items()]  # fmt: skip
    return "\n".join(lines)


def film() -> str:
    """The whole of ``film.md``."""
    lines = {e: f"{m}: a milestone" for e, m in story.MILESTONES.items()}
    return (
        "\n\n".join(
            [
                FILM_HEAD,
                *(film_section(part) for part in FILM),
                "## Words that stand in it",
                table("Modes of a department", played.MODES),
                table("States of a system", played.STATES),
                table("States of a step", played.STEP_STATES),
                table("States of people", played.PERSON_STATES),
                table("Situations", situation.SITUATIONS),
                table("Kinds of line", story.SIGNS),
                table("Marks", {"fault": "a fault begins", "inject": "an inject is delivered", **lines}),
            ]
        )
        + "\n"
    )


MEASURED: dict[Path, Callable[[], str]] = {
    made.path(language): partial(write, language)
    for made, write in ((page, page.process), (timelines, timelines.timelines))
    for language in ("en", "zh")
}
"""Pages made from what was measured when it was played last (``python -m tests.process`` and ``python -m tests.process.timelines``)."""

REFERENCES: dict[Path, Callable[[], str]] = {
    DOCS / "keys.md": reference,
    DOCS / "results.md": results,
    DOCS / "plan-check.md": plan_check,
    DOCS / "film.md": film,
    **{references_page.path(language): partial(references_page.page, language) for language in ("en", "zh")},
    **MEASURED,
}

if __name__ == "__main__":
    for path, write in REFERENCES.items():
        path.write_text(write(), encoding="utf-8", newline="\n")
