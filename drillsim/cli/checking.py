"""``drillsim check``: every mistake of a file, each in one line with its place."""

from __future__ import annotations

from collections.abc import Iterable

from drillsim.cli.endings import DONE, EXPLAINED
from drillsim.errors import Problem, Wrong
from drillsim.texts import say


def check(names: list[str], language: str) -> int:
    """Print the mistakes and warnings of each file (or shipped name); 1 when there was a mistake."""
    from drillsim import files

    found: list[Problem] = []
    for name in names:
        problems = files.check(name)
        found += problems
        print("\n".join(problem_lines(problems, language)) or say("{file}: no mistakes", language, file=name))
    return EXPLAINED if any(p.severity == "mistake" for p in found) else DONE


def problem_lines(problems: Iterable[Problem], language: str) -> list[str]:
    """Lines that name every problem: by file, mistakes first, then warnings, each with its line and key."""
    lines = []
    by_file: dict[str, list[Problem]] = {}
    for problem in problems:
        by_file.setdefault(problem.file, []).append(problem)
    for file, those in by_file.items():
        heading = say("{file} has", language, file=file)
        for severity, one, many in (("mistake", "1 mistake", "{count} mistakes"), ("warning", "1 warning", "{count} warnings")):
            some = sorted((p for p in those if p.severity == severity), key=lambda p: p.line or 0)
            if some:
                lines.append(f"{heading} {say(many if len(some) > 1 else one, language, count=len(some))}")
                lines += _table([(_place(p, language), p.path, words(p.message, p.values, language)) for p in some])
                heading = say("and", language)
    return lines


def words(template: str, values: dict[str, object], language: str) -> str:
    """The sentence in the language; a value that is itself a wrong value's sentence is said in it too."""
    said = {name: words(v.template, v.values, language) if isinstance(v, Wrong) else v for name, v in values.items()}
    return say(template, language, **said)


def _place(problem: Problem, language: str) -> str:
    return say("line {number}", language, number=problem.line) if problem.line else ""


def _table(rows: list[tuple[str, str, str]]) -> list[str]:
    first, second = (max(len(row[column]) for row in rows) for column in (0, 1))
    return [f"  {place:<{first}}   {path:<{min(second, 40)}}   {message}" for place, path, message in rows]
