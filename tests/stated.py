"""Figures that files state, found on a walk over the files themselves, and the texts of ``source`` that speak for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from drillsim.files.parts import Reader, Thresholds
from drillsim.files.tree import Map, Mark, Seq
from drillsim.files.walk import Shape, fields
from drillsim.model.base import Record, Text
from drillsim.model.conditions import EventName
from drillsim.model.hospital import Hospital
from drillsim.model.plan import Effect, Plan
from drillsim.model.scenario import RunSettings, Scenario
from drillsim.model.systems import Needs

STRUCTURE = {"priority", "weight", "tier", "needs", "with", "id", "version", "reviewed", "stands_for", "silence", "source"}  # fmt: skip
"""Fields whose numbers are no figures: ranks (who goes first, what is restored first, how much a step weighs in the form), who takes part in one
piece of work together, names, editions, how coarsely patients are played."""

WITHOUT = (Text, EventName, Effect, Needs, RunSettings)
"""Records without a figure: words, events, effects, what leans on what, how often a run is repeated."""

WHOLES = (Hospital, Plan)
"""Records whose one text says what the whole is, and not where each figure in it comes from."""

NAME = re.compile(r"[a-z][a-z0-9_\-]*")
GRADE = re.compile(r"\bgrade\s*[<>=]+\s*\d+")  # the name of a grade
NUMBER = re.compile(r"(?<![\w-])\d")
HOURS = re.compile(r"\d:\d\d")


class Owner(NamedTuple):
    """A record around a figure: what it is, its mapping, and the keys that lead from it to the figure."""

    record: type[Record]
    tree: Map
    keys: tuple[str, ...]

    @property
    def told(self) -> dict[str, str]:
        """Its ``source`` by key, one text under ``""``; a document and its clause say where a line stands, not where figures come from."""
        source = self.tree.get("source")
        texts = source if isinstance(source, Map) else {"": source} if source else {}
        return {str(key): str(text) for key, text in texts.items() if key not in ("document", "clause")}


class Figure(NamedTuple):
    """One figure as it is written: where, and the records it stands in, the innermost first."""

    value: str
    mark: Mark
    owners: tuple[Owner, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The way to it from the top of what the file describes; elements of lists by their ids."""
        return self.owners[-1].keys

    def __str__(self) -> str:
        return f"{self.mark.file}:{self.mark.line}: {'.'.join(self.keys)}: {self.value}"


class Spoken(NamedTuple):
    """What speaks for a figure: a text, the record that has it, and its key there (``""``: for all the rest of that record)."""

    text: str
    owner: Owner
    key: str


def tree_of(kind: str, path: Path) -> tuple[Map, type[Record]]:
    """The tree of a file with all its parts, and what it describes."""
    reader = Reader(path.parent)
    tree = reader.file(path)
    assert tree is not None
    if kind == "plan":
        reader.presets(tree, path.parent)
    elif kind in ("scenario", "example"):
        assert reader.scenario(tree, path.parent)
    assert not reader.problems
    return tree, {"hospital": Hospital, "plan": Plan, "thresholds": Thresholds}.get(kind, Scenario)


def stated(tree: Map, record: type[Record]) -> Iterator[Figure]:
    """Every figure that the tree of such a record states; what it leaves to defaults is not there."""
    yield from _within(tree, Shape("record", record=record), tree.mark, ())


def _within(value: Any, shape: Shape, mark: Mark, owners: tuple[Owner, ...]) -> Iterator[Figure]:
    if shape.record in WITHOUT:
        return
    if isinstance(value, Map):
        yield from _in_map(value, _one(shape, ("record", "dict")), owners)
    elif isinstance(value, Seq):
        item = _one(shape, ("list",)).item or Shape("leaf")
        for number, (held, place) in enumerate(zip(value, value.marks, strict=True)):
            name = str(held.get("id", number)) if isinstance(held, Map) else str(number)
            yield from _within(held, item, place, _further(owners, name))
    elif value is not None and _is_figure(str(value), owners):
        yield Figure(str(value), mark, owners)


def _in_map(tree: Map, shape: Shape, owners: tuple[Owner, ...]) -> Iterator[Figure]:
    """Figures of a record by its fields; of a dict, or of what a variant sets, by all keys, hours of the day among them."""
    record = shape.record or (Record if "source" in tree else None)  # a variant sets a whole record
    known = fields(shape.record) if shape.record else None
    for key, held in tree.items():
        inside = _further(((Owner(record, tree, ()), *owners) if record else owners), key)
        if key in STRUCTURE or (known is not None and key not in known) or (known is None and key in ("en", "zh")):
            continue
        if known is None and HOURS.search(key):
            yield Figure(key, tree.marks[key], inside)
        yield from _within(held, known[key] if known else shape.item or Shape("leaf"), tree.marks[key], inside)


def _one(shape: Shape, forms: tuple[str, ...]) -> Shape:
    return next((one for one in shape.others if one.form in forms), shape) if shape.form == "union" else shape


def _further(owners: tuple[Owner, ...], key: str) -> tuple[Owner, ...]:
    return tuple(owner._replace(keys=(*owner.keys, key)) for owner in owners)


def _is_figure(text: str, owners: tuple[Owner, ...]) -> bool:
    """Whether there is a number in it; a chance of 0 or 1 says the way that everybody goes, or nobody."""
    certain = text in ("0", "1") and "chance" in owners[0].keys
    return not certain and not NAME.fullmatch(text) and bool(NUMBER.search(GRADE.sub("", text)))


def spoken_for(figure: Figure) -> Spoken | None:
    """What says where a figure comes from; None when nothing does.

    A key of ``source`` speaks for what it leads to: a field of its own record (``takes``), or of every record inside (``screen`` of a hospital:
    of all its activities; ``backups.takes``: of its copies). The nearest one counts. What no key speaks for has the text for all the rest, ``""``,
    which a ``source`` of one text is too: of its own record, or, where that has no ``source`` at all, of the one around it, though never that of
    a whole hospital or plan.
    """
    for owner in figure.owners:
        if named := [key for key in owner.told if key and _leads(key, owner.keys)]:
            key = max(named, key=len)
            return Spoken(owner.told[key], owner, key)
    nearest = next((owner for owner in figure.owners if owner.told), None)
    if nearest is None or nearest.record in WHOLES or "" not in nearest.told:
        return None
    return Spoken(nearest.told[""], nearest, "")


def _leads(key: str, way: tuple[str, ...]) -> bool:
    """Whether the names in the key stand on the way, in this order."""
    rest = iter(way)
    return all(name in rest for name in key.split("."))
