"""Problems printed for people, file by file, in either language."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from drillsim import texts
from drillsim.errors import Problem, Wrong


def sentence(problem: Problem, language: str = "en") -> str:
    """What is wrong, in words."""
    return _say(problem.message, problem.values, language)


def _say(template: str, values: dict[str, object], language: str) -> str:
    told = {
        name: _say(value.template, value.values, language) if isinstance(value, Wrong) else value
        for name, value in values.items()
    }
    return texts.say(template, language).format(**told)


def describe(problems: Iterable[Problem], language: str = "en") -> list[str]:
    """Lines that tell all problems: a heading for each file, then line, path and sentence of each mistake, then of each warning."""
    problems = list(problems)
    lines: list[str] = []
    for file in dict.fromkeys(problem.file for problem in problems):
        here = [problem for problem in problems if problem.file == file]
        mistakes = [problem for problem in here if problem.severity == "mistake"]
        warnings = [problem for problem in here if problem.severity != "mistake"]
        if mistakes:
            one = "{file} has 1 problem" if len(mistakes) == 1 else "{file} has {count} problems"
            lines += [texts.say(one, language, file=file, count=len(mistakes)), *_table(mistakes, language)]
        if warnings and mistakes:
            one = "and 1 warning" if len(warnings) == 1 else "and {count} warnings"
            lines.append(texts.say(one, language, count=len(warnings)))
        elif warnings:
            one = "{file} has 1 warning" if len(warnings) == 1 else "{file} has {count} warnings"
            lines.append(texts.say(one, language, file=file, count=len(warnings)))
        lines += _table(warnings, language)
    return lines


def _table(problems: list[Problem], language: str) -> list[str]:
    """One line each, in order of the file, columns aligned."""
    ordered = sorted(problems, key=lambda problem: problem.line or 0)
    rows = [
        (
            texts.say("line {number}", language, number=problem.line) if problem.line else "",
            problem.path,
            sentence(problem, language),
        )
        for problem in ordered
    ]
    place = max((_width(row[0]) for row in rows), default=0)
    path = min(max((_width(row[1]) for row in rows), default=0), 40)
    return ["  " + "   ".join(filter(None, (_padded(a, place), _padded(b, path), c))) for a, b, c in rows]


def _width(text: str) -> int:
    """Columns a text takes on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
