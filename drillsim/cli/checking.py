"""``drillsim check``: every mistake of a file, each in one line with its place."""

from __future__ import annotations

from drillsim.cli.endings import DONE, EXPLAINED
from drillsim.errors import Problem
from drillsim.texts import say


def check(names: list[str], language: str) -> int:
    """Print the mistakes and warnings of each file (or shipped name); 1 when there was a mistake."""
    from drillsim import files

    found: list[Problem] = []
    for name in names:
        problems = files.check(name)
        found += problems
        print("\n".join(files.describe(problems, language)) or say("{file}: no mistakes", language, file=name))
    return EXPLAINED if any(problem.severity == "mistake" for problem in found) else DONE
