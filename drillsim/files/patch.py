"""The same tree with one value changed: ``hospital.staff.dba.on_duty`` → 2. Variants, ``--set`` and ``replace`` all go through here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from drillsim.errors import Problem, Wrong
from drillsim.files.near import hinted
from drillsim.files.tree import Map, Mark, Seq, path_text
from drillsim.files.walk import SHORT, Shape, fields
from drillsim.model.scenario import Scenario

ROOT = Shape("record", record=Scenario)


class Unknown(Exception):
    """Raised inside this module when a path leads nowhere; ``wrong`` says where it ends."""

    def __init__(self, wrong: Wrong) -> None:
        self.wrong = wrong


def patched(tree: Map, path: str, value: Any, mark: Mark) -> tuple[Map, list[Problem]]:
    """The tree with the value at the path; with a problem at ``mark``, and the tree as it was, when there is no such path.

    Elements of lists are named by their ids. A mapping under a new id is added; None takes an entry away. The first tree is not touched.
    """
    keys = [key.strip() for key in path.split(".")]
    if keys[0] == "scenario":
        keys = keys[1:]
    try:
        return _set(tree, ROOT, keys, (), value, mark), []
    except Unknown as unknown:
        problem = Problem(mark.file, mark.line, path_text(mark.path), unknown.wrong.template, unknown.wrong.values)
        return tree, [problem]


def _set(here: Any, shape: Shape, keys: list[str], before: tuple[str, ...], value: Any, mark: Mark) -> Any:
    if not keys:
        return value
    shape = _fitting(shape, here)
    if isinstance(here, Map) and shape.form in ("record", "dict"):
        return _set_in_map(here, shape, keys, before, value, mark)
    if isinstance(here, Seq) and shape.form == "list":
        return _set_in_list(here, shape, keys, before, value, mark)
    raise Unknown(
        Wrong(
            "there is no {path!r}: {before!r} has no parts here",
            path=".".join((*before, *keys)),
            before=".".join(before),
        )
    )


def _set_in_map(here: Map, shape: Shape, keys: list[str], before: tuple[str, ...], value: Any, mark: Mark) -> Map:
    key, rest = keys[0], keys[1:]
    inner = _inner(shape, key)
    missing = key not in here or here[key] is None
    if inner is None or (missing and shape.form == "dict" and (rest or not isinstance(value, Map))):
        known = list(fields(shape.record)) if shape.record is not None else []
        raise _unknown(before, keys, known or list(here))
    twin = here.again()
    if value is None and not rest:
        twin.drop(key)
        return twin
    held = here.get(key)
    if missing and rest:
        held = Map(mark)
    old = here.marks.get(key, mark)
    twin.put(key, _set(held, inner, rest, (*before, key), value, mark), old if rest and not missing else mark)
    return twin


def _set_in_list(here: Seq, shape: Shape, keys: list[str], before: tuple[str, ...], value: Any, mark: Mark) -> Seq:
    key, rest = keys[0], keys[1:]
    assert shape.item is not None
    index = _index(here, shape.item, key)
    twin = Seq(here.mark)
    twin.extend(here)
    twin.marks.extend(here.marks)
    if index is None:
        if rest or not isinstance(value, Map):
            raise _unknown(before, keys, [name for name in _ids(here, shape.item) if name])
        if "id" not in value:
            value = value.again()
            value.put("id", key, mark)
        twin.put(value, mark)
    elif value is None and not rest:
        del twin[index], twin.marks[index]
    else:
        held = here[index]
        twin[index] = _set(held, shape.item, rest, (*before, key), value, mark)
        if not rest:
            twin.marks[index] = mark
            if isinstance(value, Map) and "id" not in value and isinstance(held, Map) and "id" in held:
                twin[index] = value.again()
                twin[index].put("id", key, mark)
    return twin


def _inner(shape: Shape, key: str) -> Shape | None:
    if shape.form == "dict":
        return shape.item
    assert shape.record is not None
    return fields(shape.record).get(key)


def _fitting(shape: Shape, here: Any) -> Shape:
    """The alternative that fits the value at hand."""
    wanted = "list" if isinstance(here, Seq) else "dict"
    for one in shape.others:
        if one.form == wanted or (wanted == "dict" and one.form == "record"):
            return one
    return shape


def _ids(here: Seq, item: Shape) -> list[str | None]:
    short = SHORT.get(item.record) if item.record is not None else None
    return [
        one.get("id", one.get(short) if short else None)
        if isinstance(one, Map)
        else one
        if isinstance(one, str)
        else None
        for one in here
    ]


def _index(here: Seq, item: Shape, key: str) -> int | None:
    ids = _ids(here, item)
    if key in ids:
        return ids.index(key)
    return int(key) if key.isdigit() and int(key) < len(here) else None


def _unknown(before: tuple[str, ...], keys: list[str], known: Iterable[str]) -> Unknown:
    start = ".".join(before)
    wrong = Wrong("there is no {path!r}", path=".".join((*before, *keys)))
    prefix = start + "." if start else ""
    hint = hinted(wrong, keys[0], list(known))
    if near := hint.values.get("near"):
        return Unknown(
            Wrong("{problem}. Did you mean {near!r}?", problem=wrong, near=".".join([prefix + str(near), *keys[1:]]))
        )
    return Unknown(
        Wrong("{problem}", problem=hint)
        if not start
        else Wrong("{problem} (under {before!r})", problem=hint, before=start)
    )
