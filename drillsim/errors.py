"""Everything drillsim raises on purpose, in one small tree; the two doors turn these into exit code 1 and one clear line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TypeVar

T = TypeVar("T")


class Wrong(ValueError):
    """A value that cannot be what it stands for. ``template`` is English with ``{named}`` fields and the key of its translation.

    It is a ValueError whose text is the English sentence; a value may be another ``Wrong``, which then is translated with it.
    """

    def __init__(self, template: str, /, **values: object) -> None:
        self.template = template
        self.values = values
        super().__init__(template.format(**values))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Wrong) and (self.template, self.values) == (other.template, other.values)

    def __hash__(self) -> int:
        return len(self.template)  # the same in every process

    def __reduce__(self) -> tuple[Callable[..., Wrong], tuple[str, dict[str, object]]]:
        return _again, (self.template, self.values)


def _again(template: str, values: dict[str, object]) -> Wrong:
    return Wrong(template, **values)


class DrillsimError(Exception):
    """A problem drillsim can explain. The command line prints it without a traceback and exits with 1.

    ``template`` is English with ``{named}`` fields, which is also the key of its translation; ``values`` fills it.
    """

    def __init__(self, template: str = "", /, **values: object) -> None:
        self.template = template
        self.values = values
        super().__init__(template.format(**values) if values else template)

    def __reduce__(self) -> tuple[Callable[..., DrillsimError], tuple[type[DrillsimError], str, dict[str, object]]]:
        return _raised_again, (type(self), str(self), self.__dict__)  # so that it crosses from a worker process whole


def _raised_again(kind: type[DrillsimError], text: str, parts: dict[str, object]) -> DrillsimError:
    error = kind.__new__(kind)
    Exception.__init__(error, text)
    error.__dict__.update(parts)
    return error


@dataclass(frozen=True)
class Problem:
    """One mistake in one file, or one finding of the plan check.

    ``message`` is an English template with ``{named}`` fields, which is also the key of its translation; ``values`` fills it.
    ``line`` counts from 1 (None: the file as a whole); ``path`` is the key's path, such as ``steps[7].owner``.
    A finding has the ``rule`` that found it, what it is ``about`` (a step, role, system …), ``why`` it matters and what ``todo`` (templates too); ``silenced`` is the reason given in the
    file, by language, when it is meant to be so.
    """

    file: str
    line: int | None
    path: str
    message: str
    values: dict[str, object] = field(default_factory=dict)
    severity: str = "mistake"  # "mistake" stops a run; a finding is "serious", a "warning" or a "hint" and does not
    rule: str = ""
    about: str = ""
    why: str = ""
    todo: str = ""
    silenced: dict[str, str] | None = None


class ScenarioError(DrillsimError):
    """One or more mistakes in the files of a scenario; ``problems`` lists every one of them."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(
            "; ".join(f"{p.file}:{p.line or ''} {p.path} {p.message.format(**p.values)}" for p in problems)
        )


class SimulationError(DrillsimError):
    """A run that cannot go on; ``minute`` says when (minutes since StartEx), ``message`` why (a ``Wrong`` is translated with it)."""

    def __init__(self, message: str | Wrong, minute: float) -> None:
        self.minute = minute
        super().__init__("minute {minute:g}: {what}", minute=minute, what=message)
        self.args = (message, minute)  # SimPy raises a copy made from these

    def __str__(self) -> str:
        return self.template.format(**self.values)


class OutputError(DrillsimError):
    """A folder or file that cannot be written, or that already holds a run."""


class LogError(DrillsimError):
    """A saved log or run folder that cannot be read."""


def known_as(name: str, known: Mapping[str, T], what: str) -> T:
    """The one of that name. Raises KeyError for an unknown one, with the nearest names there are."""
    if name not in known:
        near = get_close_matches(name, known, n=3) or sorted(known)[:6]
        more = f" (and {len(known) - len(near)} more)" if len(known) > len(near) else ""
        raise KeyError(f"no {what} {name!r}; there are {', '.join(near)}{more}")
    return known[name]
