"""What is wrong with files and arguments, said to those who call drillsim from Python: by their argument's name, in the language they chose."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import ParamSpec, TypeVar

from drillsim.errors import DrillsimError, ScenarioError, SimulationError
from drillsim.files.describe import sentence, told
from drillsim.texts import preferred, say

P = ParamSpec("P")
R = TypeVar("R")
ARGUMENTS = {"--variant": ("variants", "variant"), "--set": ("set",)}
"""Option of the command line that a mistake is told of → what the argument is called in Python, the first that there is."""


def in_python(door: Callable[P, R]) -> Callable[P, R]:
    """The function, whose errors name its arguments instead of options, and speak the language chosen with ``use_language``."""
    known = inspect.signature(door).parameters

    @wraps(door)
    def called(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return door(*args, **kwargs)
        except DrillsimError as error:
            _say_anew(error, list(known))
            raise

    return called


def _say_anew(error: DrillsimError, known: list[str]) -> None:
    language = preferred()
    if isinstance(error, ScenarioError):
        names = {option: next((name for name in ours if name in known), option) for option, ours in ARGUMENTS.items()}
        error.problems = [replace(problem, file=names.get(problem.file, problem.file)) for problem in error.problems]
        parts = [f"{p.file}:{p.line or ''} {p.path} {sentence(p, language)}" for p in error.problems]
        error.args = (("；" if language == "zh" else "; ").join(parts),)
    elif error.template and not isinstance(error, SimulationError):
        said = told(error.template, error.values, language) if error.values else say(error.template, language)
        error.args = (said,)
