"""A tree of texts becomes records here; what pydantic finds wrong is told in plain words, with the line and the nearest good word."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeVar

from pydantic import ValidationError

from drillsim.errors import Problem, Wrong
from drillsim.files.near import nearest
from drillsim.files.tree import Map, Mark, Seq, path_text, told, value_at, whereabouts
from drillsim.files.walk import WORDS, fields, sections
from drillsim.model.base import Record

R = TypeVar("R", bound=Record)

MISSING = "the key {key!r} is missing"
_EXAMPLES = {
    **{record.__name__: example for record, example in WORDS.items()},
    "Effect": "'declare' or '{order_paper: [outpatient]}'",
    "Text": "{en: Registration, zh: 挂号}",
}
_LIMITS = {
    "greater_than_equal": ("expected a number of at least {limit:g}, got {value!r}", "ge"),
    "greater_than": ("expected a number above {limit:g}, got {value!r}", "gt"),
    "less_than_equal": ("expected a number of at most {limit:g}, got {value!r}", "le"),
    "less_than": ("expected a number below {limit:g}, got {value!r}", "lt"),
}
_BEGINNINGS = (
    # beginning of pydantic's name of the mistake → what people read
    ("int_", "expected a whole number, got {value!r}"),
    ("float_", "expected a number, got {value!r}"),
    ("finite_number", "expected a number, got {value!r}"),
    ("bool_", "expected true or false, got {value!r}"),
    ("string_pattern", "{value!r} cannot be a name: use a-z, 0-9, '_' and '-', beginning with a letter"),
    ("string_", "expected text, got {value!r}"),
    ("dict_", "expected keys with values ('key: value'), got {value!r}"),
    ("mapping_", "expected keys with values ('key: value'), got {value!r}"),
    ("model_", "expected keys with values ('key: value'), got {value!r}"),
    ("tuple_", "expected a list, got {value!r}"),
    ("list_", "expected a list, got {value!r}"),
    ("frozen_set", "expected a list, got {value!r}"),
)


class Known(NamedTuple):
    """A tree and the record it described: what another tree shares with it need not be read again, nor checked when it was ``sound``."""

    tree: Map
    record: Record | None
    sound: bool = False


def validate(tree: Map, record: type[R], known: Known | None = None) -> tuple[R | None, list[Problem]]:
    """The record a tree describes, or None and what is wrong with it."""
    try:
        shared = _shared(tree, known.tree, known.record) if known is not None and known.record is not None else tree
        return record.model_validate(shared), []
    except ValidationError as error:
        return None, _problems(tree, error.errors(include_url=False), sections(tree, record))


def _shared(fresh: Any, old: Any, value: Any) -> Any:
    """The tree with records in the places of those mappings that are the very ones of the other tree."""
    if isinstance(value, Record) and fresh is old:
        return value
    if isinstance(fresh, Map) and isinstance(old, Map) and isinstance(value, Record | dict):
        held = (
            {info.alias or name: getattr(value, name) for name, info in type(value).model_fields.items()}
            if isinstance(value, Record)
            else value
        )
        return {key: _shared(part, old.get(key), held.get(key)) for key, part in fresh.items()}
    if (
        isinstance(fresh, Seq)
        and isinstance(old, Seq)
        and isinstance(value, tuple)
        and len(fresh) == len(old) == len(value)
    ):
        return [_shared(*three) for three in zip(fresh, old, value, strict=True)]
    return fresh


def _problems(tree: Map, errors: list[Any], classes: dict[int, type[Record]]) -> list[Problem]:
    found: dict[Mark, list[tuple[int, Problem]]] = {}
    for error in errors:
        mark = _mark(tree, error)
        message, values = _message(tree, error, classes)
        problem = Problem(mark.file, mark.line, path_text(mark.path), message, values)
        found.setdefault(mark, []).append((_vagueness(error), problem))
    return [problem for mark, here in found.items() for problem in _of_one_place(mark, here, found)]


def _vagueness(error: Any) -> int:
    """0: about this very value; 1: about a whole mapping or list; 2: only that the form is another one."""
    if error["type"].endswith(("_type", "_parsing")):
        return 2
    return int(error["type"] == "value_error" and isinstance(error["input"], dict | list))


def _of_one_place(mark: Mark, here: list[tuple[int, Problem]], found: dict[Mark, Any]) -> list[Problem]:
    """The problems of one entry: where alternatives were tried, those that say most; vague ones only when none lies deeper."""
    deeper = any(
        other != mark and other.file == mark.file and other.path[: len(mark.path)] == mark.path for other in found
    )
    best = min(vagueness for vagueness, _ in here)
    if best and deeper:
        return []
    telling = [problem for vagueness, problem in here if vagueness == best]
    if best:
        return telling[:1]
    return [problem for index, problem in enumerate(telling) if problem not in telling[:index]]


def _mark(tree: Map, error: Any) -> Mark:
    path = tuple(key for key in error["loc"] if key != "[key]")
    if error["type"] == "missing":
        mark = whereabouts(tree, path[:-1])
        return mark._replace(path=(*mark.path, path[-1]))
    return whereabouts(tree, path)


def _message(tree: Map, error: Any, classes: dict[int, type[Record]]) -> tuple[str, dict[str, object]]:
    kind, context = error["type"], error.get("ctx", {})
    key = str(error["loc"][-1]) if error["loc"] else ""
    value = error["input"]
    if kind == "extra_forbidden":
        holder = value_at(tree, error["loc"][:-1])
        return _unknown_key(key, holder, classes.get(id(holder)))
    if kind == "missing":
        return MISSING, {"key": key}
    if value is None:
        return "the value is missing", {}
    if kind == "value_error":
        return _said(context["error"])
    if kind == "literal_error":
        return _one_of(told(value), [word.strip("'") for word in context["expected"].replace(" or ", ", ").split(", ")])
    if kind in _LIMITS:
        message, limit = _LIMITS[kind]
        return message, {"limit": context[limit], "value": told(value)}
    example = _EXAMPLES.get(str(context.get("class_name")))
    if example:
        return "expected words such as {example}, got {value!r}", {"example": example, "value": told(value)}
    for beginning, message in _BEGINNINGS:
        if kind.startswith(beginning):
            return message, {"value": told(value)}
    return "{problem}", {"problem": error["msg"]}


def _said(problem: ValueError) -> tuple[str, dict[str, object]]:
    """What a record itself says; a word that is not among the known ones with the nearest."""
    if not isinstance(problem, Wrong):
        return "{problem}", {"problem": str(problem)}
    known = problem.values.get("known")
    if isinstance(known, str) and (near := nearest(str(next(iter(problem.values.values()))), known.split(", "))):
        return "{problem}. Did you mean {near!r}?", {"problem": _short(problem), "near": near}
    return problem.template, problem.values


def _short(problem: Wrong) -> Wrong:
    """The problem without the list of known words."""
    return Wrong(problem.template.partition(";")[0], **problem.values)


def _one_of(value: str, known: list[str]) -> tuple[str, dict[str, object]]:
    if near := nearest(value, known):
        return "{value!r} is not known here. Did you mean {near!r}?", {"value": value, "near": near}
    return "{value!r} is not known here; known are {known}", {"value": value, "known": ", ".join(known)}


def _unknown_key(key: str, holder: Any, record: type[Record] | None) -> tuple[str, dict[str, object]]:
    known = [one for one in (fields(record) if record else ()) if not (isinstance(holder, dict) and one in holder)]
    if isinstance(holder, dict) and holder.get(key, key) is None:
        return "unknown key {key!r}; inside {{ }} a text with a comma needs quotes", {"key": key}
    if near := nearest(key, known):
        return "unknown key {key!r}. Did you mean {near!r}?", {"key": key, "near": near}
    if known:
        return "unknown key {key!r}; known are {known}", {"key": key, "known": ", ".join(known)}
    return "unknown key {key!r}", {"key": key}
