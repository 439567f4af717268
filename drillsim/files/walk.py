"""A walk over a tree guided by the annotations of the records it describes, so that every reference is met even where other parts are wrong."""

from __future__ import annotations

import types
from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any, NamedTuple, TypeAlias, Union, get_args, get_origin

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

    @property
    def telling(self) -> bool:
        """Whether values of this shape can hold anything that a walk stops at, apart from words for people."""
        parts = [part for part in (self.key, self.item, *self.others) if part is not None]
        itself = self.ref is not None or self.form == "words" or (self.form == "record" and self.record is not Text)
        return itself or any(part.telling for part in parts)


Owners: TypeAlias = tuple[tuple[type[Record], str, Map], ...]
"""The mappings an entry stands in, outermost first: record, field the walk went on by, mapping."""


class Visit(NamedTuple):
    """One entry met on the walk: what it should be, its value, where it stands, and the mappings it stands in (outermost first)."""

    shape: Shape
    value: Any
    mark: Mark
    owners: Owners

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


@cache
def renamed(record: type[Record]) -> dict[str, str]:
    """Fields that have another name in files (``with``), which alone is right there."""
    return {name: info.alias for name, info in record.model_fields.items() if info.alias and info.alias != name}


@cache
def telling(record: type[Record]) -> dict[str, Shape]:
    """Those fields of a record in which a walk can stop at something."""
    return {key: wanted for key, wanted in fields(record).items() if wanted.telling}


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


def walk(tree: Map, record: type[Record], *, texts: bool = False, known: Map | None = None) -> list[Visit]:
    """Every entry of a record's tree, outermost first: records, words, effects, and whatever refers to something by name.

    Entries in which nothing of that kind can be are passed over, and mappings that are the very ones of ``known``, a tree walked before; with
    ``texts`` the words for people are visited too.
    """
    walker = _Walker(texts, frozenset(_mappings(known)))
    walker.record(tree, Shape("record", record=record), tree.mark, ())
    return walker.found


def _mappings(value: Any) -> Iterator[int]:
    """The ``id`` of every mapping of a tree."""
    if isinstance(value, Map):
        yield id(value)
    for inner in value.values() if isinstance(value, Map) else value if isinstance(value, Seq) else ():
        if isinstance(inner, Map | Seq):
            yield from _mappings(inner)


class _Walker:
    """What was found on the way, and what is passed over: mappings whose ``id`` is in ``passed``."""

    def __init__(self, texts: bool, passed: frozenset[int]) -> None:
        self.texts = texts
        self.passed = passed
        self.found: list[Visit] = []
        self.forms = {"record": self.record, "dict": self._dict, "list": self._list, "union": self._union}

    def _any(self, value: Any, wanted: Shape, mark: Mark, owners: Owners) -> None:
        form = wanted.form
        if form in self.forms:
            if id(value) not in self.passed:
                self.forms[form](value, wanted, mark, owners)
        elif form == "words" or (wanted.ref is not None and value is not None):
            self.found.append(Visit(wanted, value, mark, owners))

    def record(self, value: Any, wanted: Shape, mark: Mark, owners: Owners) -> None:
        """A record, and what is in it."""
        record = wanted.record
        assert record is not None
        if record is Text:
            if self.texts:
                self.found.append(Visit(wanted, value, mark, owners))
            return
        self.found.append(Visit(wanted, value, mark, owners))
        if record is Effect:
            return
        known = fields(record) if self.texts else telling(record)
        if isinstance(value, Map):
            marks = value.marks
            for key, held in value.items():
                if (inner := known.get(key)) is not None:
                    self._any(held, inner, marks[key], (*owners, (record, key, value)))
        elif record in SHORT and value is not None:
            key = SHORT[record]
            self._any(value, known[key], mark, (*owners, (record, key, Map(mark))))

    def _dict(self, value: Any, wanted: Shape, mark: Mark, owners: Owners) -> None:
        assert wanted.key is not None
        assert wanted.item is not None
        if isinstance(value, Map):
            for key, held in value.items():
                self._any(key, wanted.key, value.marks[key], owners)
                self._any(held, wanted.item, value.marks[key], owners)
        elif wanted.key.ref is not None and wanted.key.ref.namespace != "roster":  # names without values
            self._list(value, Shape("list", item=wanted.key), mark, owners)

    def _list(self, value: Any, wanted: Shape, mark: Mark, owners: Owners) -> None:
        assert wanted.item is not None
        if isinstance(value, Seq):
            for held, place in zip(value, value.marks, strict=True):
                self._any(held, wanted.item, place, owners)
        elif value is not None:  # a list of one may be written without its brackets
            self._any(value, wanted.item, mark, owners)

    def _union(self, value: Any, wanted: Shape, mark: Mark, owners: Owners) -> None:
        fits = {"record": Map, "dict": Map, "list": Seq}
        for one in wanted.others:
            if isinstance(value, fits.get(one.form, str)):
                self._any(value, one, mark, owners)
                return


def sections(tree: Map, record: type[Record]) -> dict[int, type[Record]]:
    """Which record each mapping of the tree describes, by the mapping's ``id``."""
    visits = walk(tree, record, texts=True)
    return {id(v.value): v.shape.record for v in visits if v.shape.record is not None and isinstance(v.value, Map)}
