"""Problems printed for people, file by file, in either language: mistakes first, then findings of the plan check, the gravest first."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from itertools import groupby

from drillsim import texts
from drillsim.errors import Problem, Wrong
from drillsim.model.base import Text

SEVERITIES = ("mistake", "serious", "warning", "hint")
COUNTS: dict[str, tuple[str, ...]] = {
    # severity: how many a file has (one, several), and how many there are besides (one, several); mistakes come first
    "mistake": ("{file} has 1 problem", "{file} has {count} problems"),
    "serious": ("{file} has 1 serious finding", "{file} has {count} serious findings", "and 1 serious finding", "and {count} serious findings"),
    "warning": ("{file} has 1 warning", "{file} has {count} warnings", "and 1 warning", "and {count} warnings"),
    "hint": ("{file} has 1 hint", "{file} has {count} hints", "and 1 hint", "and {count} hints"),
}  # fmt: skip


def sentence(problem: Problem, language: str = "en") -> str:
    """What is wrong, in words."""
    return told(problem.message, problem.values, language)


def advice(problem: Problem, language: str = "en") -> str:
    """Why a finding matters and what to do about it; empty for a mistake, which says so itself."""
    parts = [texts.say(part, language) for part in (problem.why, problem.todo) if part]
    return ("" if language == "zh" else " ").join(parts)


def told(template: str, values: dict[str, object], language: str = "en") -> str:
    """A template filled in the language; values that are sentences of their own (``Wrong``), or titles (``Text``), are said in it too."""
    return texts.say(template, language).format(**{name: _said(value, language) for name, value in values.items()})


def _said(value: object, language: str) -> object:
    if isinstance(value, Wrong):
        return told(value.template, value.values, language)
    return value.in_language(language) if isinstance(value, Text) else value


def describe(problems: Iterable[Problem], language: str = "en") -> list[str]:
    """Lines that tell all problems: a heading for each file, then line, path and sentence of each mistake, then of each finding by severity."""
    problems = list(problems)
    lines: list[str] = []
    for file in dict.fromkeys(problem.file for problem in problems):
        first = True
        for severity in SEVERITIES:
            here = [problem for problem in problems if problem.file == file and problem.severity == severity]
            if here:
                heading = COUNTS[severity][(len(here) > 1) + 2 * (not first)]
                lines += [texts.say(heading, language, file=file, count=len(here)), *_table(here, language)]
                first = False
    return lines


def _table(problems: list[Problem], language: str) -> list[str]:
    """One line each, in order of the file, columns aligned; findings of one rule together, with its advice once below them."""
    rules = dict.fromkeys(problem.rule for problem in problems)
    ordered = sorted(problems, key=lambda problem: (list(rules).index(problem.rule), problem.line or 0))
    rows = [
        (
            texts.say("line {number}", language, number=problem.line) if problem.line else "",
            problem.path,
            sentence(problem, language) + (f" [{problem.rule}]" if problem.rule else ""),
        )
        for problem in ordered
    ]
    place = max((_width(row[0]) for row in rows), default=0)
    path = min(max((_width(row[1]) for row in rows), default=0), 40)
    lines: list[str] = []
    for _, group in groupby(zip(ordered, rows, strict=True), key=lambda pair: pair[0].rule):
        these = list(group)
        lines += ["  " + "   ".join(filter(None, (_padded(a, place), _padded(b, path), c))) for _, (a, b, c) in these]
        if said := advice(these[0][0], language):
            lines.append("  " + "   ".join(filter(None, (" " * place, f"→ {said}"))))
    return lines


def _width(text: str) -> int:
    """Columns a text takes on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
