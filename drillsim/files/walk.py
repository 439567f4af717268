"""A walk over a tree guided by the annotations of the records it describes, so that every reference is met even where other parts are wrong."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator
from functools import cache
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin

from drillsim.files.tree import Map, Mark, Seq
from drillsim.model.base import Record, Ref, Text
from drillsim.model.care import Branch, Node
from drillsim.model.conditions import Condition, Deadline, EventName, Moment
from drillsim.model.durations import Distribution
from drillsim.model.people import Span
from drillsim.model.plan import Effect
from drillsim.model.systems import Needs

WORDS: dict[type[Record], str] = {
    Distribution: "'12 min' or 'lognormal(median 12 min, p90 30 min)'",
    Condition: "'his is away for 10 min'",
    EventName: "'detected'",
    Deadline: "'30 min of detected'",
    Moment: "'09:10' or '+40 min'",
    Span: "'mon-fri 08:00-17:30'",
}
"""Records that are written in words in files, never as a mapping, with an example."""

SHORT: dict[type[Record], str] = {Node: "do", Needs: "all", Branch: "to"}
"""Records that may be written as the value of one of their keys."""


class Shape(NamedTuple):
    """What an annotation says a value looks like: a record, a dict, a list, alternatives, or a single value (``leaf``)."""

    form: str
    record: type[Record] | None = None
    key: Shape | None = None
    item: Shape | None = None
    others: tuple[Shape, ...] = ()
    ref: Ref | None = None


class Visit(NamedTuple):
    """One entry met on the walk: what it should be, its value, where it stands, and the mappings it stands in (outermost first)."""

    shape: Shape
    value: Any
    mark: Mark
    owners: tuple[tuple[type[Record], str, Map], ...]  # (record, field the walk went on by, its mapping)

    def within(self, record: type[Record]) -> Map | None:
        """The innermost mapping of this record around the entry."""
        return next((tree for kind, _, tree in reversed(self.owners) if kind is record), None)

    @property
    def field(self) -> str:
        """The field of the innermost record around the entry."""
        return self.owners[-1][1] if self.owners else ""


LEAF = Shape("leaf")


@cache
def fields(record: type[Record]) -> dict[str, Shape]:
    """Key in files → shape, for every field of a record."""
    found = {}
    for name, info in record.model_fields.items():
        annotation: Any = info.annotation
        for extra in info.metadata:
            annotation = Annotated[annotation, extra]
        found[info.alias or name] = shape(annotation)
    return found


def shape(annotation: Any) -> Shape:
    """The shape of values of a type."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        inner = shape(arguments[0])
        refs = [extra for extra in arguments[1:] if isinstance(extra, Ref)]
        return inner._replace(ref=refs[0]) if refs else inner
    if origin in (Union, types.UnionType):
        others = tuple(shape(one) for one in arguments if one is not type(None))
        return others[0] if len(others) == 1 else Shape("union", others=others)
    if origin is dict:
        return Shape("dict", key=shape(arguments[0]), item=shape(arguments[1]))
    if origin in (tuple, list, frozenset):
        return Shape("list", item=shape(arguments[0]))
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return Shape("words" if annotation in WORDS else "record", record=annotation)
    return LEAF


def walk(value: Any, wanted: Shape, mark: Mark, owners: tuple[Any, ...] = ()) -> Iterator[Visit]:
    """Every entry of a value, outermost first: records, words, effects, and whatever refers to something by name."""
    forms: dict[str, Callable[..., Iterator[Visit]]] = {
        "record": _record,
        "dict": _dict,
        "list": _list,
        "union": _union,
    }
    if wanted.form in forms:
        yield from forms[wanted.form](value, wanted, mark, owners)
    elif wanted.form == "words" or (wanted.ref is not None and value is not None):
        yield Visit(wanted, value, mark, owners)


def _record(value: Any, wanted: Shape, mark: Mark, owners: tuple[Any, ...]) -> Iterator[Visit]:
    record = wanted.record
    assert record is not None
    yield Visit(wanted, value, mark, owners)
    if record is Effect or record is Text:
        return
    known = fields(record)
    if isinstance(value, Map):
        for key, held in value.items():
            if key in known:
                yield from walk(held, known[key], value.marks[key], (*owners, (record, key, value)))
    elif record in SHORT and value is not None:
        key = SHORT[record]
        yield from walk(value, known[key], mark, (*owners, (record, key, Map(mark))))


def _dict(value: Any, wanted: Shape, mark: Mark, owners: tuple[Any, ...]) -> Iterator[Visit]:
    assert wanted.key is not None
    assert wanted.item is not None
    if isinstance(value, Map):
        for key, held in value.items():
            yield from walk(key, wanted.key, value.marks[key], owners)
            yield from walk(held, wanted.item, value.marks[key], owners)
    elif wanted.key.ref is not None and wanted.key.ref.namespace != "roster":  # names without values
        yield from _list(value, Shape("list", item=wanted.key), mark, owners)


def _list(value: Any, wanted: Shape, mark: Mark, owners: tuple[Any, ...]) -> Iterator[Visit]:
    assert wanted.item is not None
    if isinstance(value, Seq):
        for held, place in zip(value, value.marks, strict=True):
            yield from walk(held, wanted.item, place, owners)
    elif value is not None:  # a list of one may be written without its brackets
        yield from walk(value, wanted.item, mark, owners)


def _union(value: Any, wanted: Shape, mark: Mark, owners: tuple[Any, ...]) -> Iterator[Visit]:
    fits = {"record": Map, "dict": Map, "list": Seq}
    for one in wanted.others:
        if isinstance(value, fits.get(one.form, str)):
            yield from walk(value, one, mark, owners)
            return


def sections(tree: Map, record: type[Record]) -> dict[int, type[Record]]:
    """Which record each mapping of the tree describes, by the mapping's ``id``."""
    visits = walk(tree, Shape("record", record=record), tree.mark)
    return {id(v.value): v.shape.record for v in visits if v.shape.record is not None and isinstance(v.value, Map)}
