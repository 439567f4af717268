"""Trees of texts, as files hold them: every entry remembers its file, line and path; nothing is guessed from the texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

from drillsim.errors import Wrong

Key: TypeAlias = str | int
Path_: TypeAlias = tuple[Key, ...]


class Mark(NamedTuple):
    """Where an entry stands: file as shown to people, line from 1 (None: no file), and its path within that file."""

    file: str
    line: int | None
    path: Path_ = ()


class Map(dict[str, Any]):
    """A mapping of a file. ``mark`` is its own place, ``marks`` that of each key; not ``whole``: what else it was to hold could not be read."""

    __slots__ = ("mark", "marks", "whole")

    def __init__(self, mark: Mark) -> None:
        super().__init__()
        self.mark = mark
        self.marks: dict[str, Mark] = {}
        self.whole = True

    def put(self, key: str, value: Any, mark: Mark) -> None:
        """Set an entry and remember where it was written."""
        self[key] = value
        self.marks[key] = mark

    def again(self) -> Map:
        """The same entries in a mapping of their own (what they hold is shared)."""
        twin = Map(self.mark)
        twin.update(self)
        twin.marks.update(self.marks)
        twin.whole = self.whole
        return twin

    def drop(self, key: str) -> Any:
        """Take an entry out; None when there is none."""
        self.marks.pop(key, None)
        return self.pop(key, None)


class Seq(list[Any]):
    """A list of a file. ``mark`` is its own place, ``marks`` that of each element."""

    __slots__ = ("mark", "marks")

    def __init__(self, mark: Mark) -> None:
        super().__init__()
        self.mark = mark
        self.marks: list[Mark] = []

    def put(self, value: Any, mark: Mark) -> None:
        """Append an element and remember where it was written."""
        self.append(value)
        self.marks.append(mark)


def as_map(value: Any) -> Map:
    """The value when it is a mapping, else an empty one."""
    return value if isinstance(value, Map) else Map(Mark("", None))


def items(value: Any) -> list[Any]:
    """The elements of a list, or the only element written without its brackets."""
    return list(value) if isinstance(value, Seq) else [] if value is None else [value]


def copied(tree: Any) -> Any:
    """The tree again, no container shared with the first; marks stay."""
    if isinstance(tree, Map):
        twin = tree.again()
        twin.update((key, copied(value)) for key, value in tree.items())
        return twin
    if isinstance(tree, Seq):
        line = Seq(tree.mark)
        line.extend(copied(value) for value in tree)
        line.marks.extend(tree.marks)
        return line
    return tree


Found: TypeAlias = Iterator[tuple[Mark, Wrong]]
"""What a check yields: where, and what is wrong."""


def as_tree(value: Any, mark: Mark) -> Any:
    """A value of Python (mappings, lists, texts, numbers) as a tree, in the file and line of the mark."""
    if isinstance(value, Mapping):
        tree = Map(mark)
        for key, held in value.items():
            place = mark._replace(path=(*mark.path, str(key)))
            tree.put(str(key), as_tree(held, place), place)
        return tree
    if isinstance(value, list | tuple | set | frozenset):
        seq = Seq(mark)
        for index, held in enumerate(value):
            place = mark._replace(path=(*mark.path, index))
            seq.put(as_tree(held, place), place)
        return seq
    return value


def told(value: Any) -> str:
    """A value as a problem shows it: a short text whole, a longer one cut, a container by its form."""
    if isinstance(value, dict):
        return "{" + ", ".join(list(value)[:3]) + (", …" if len(value) > 3 else "") + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(told(v) for v in value[:3]) + (", …" if len(value) > 3 else "") + "]"
    text = "null" if value is None else str(value)
    return text if len(text) <= 60 else text[:57] + "…"


def path_text(path: Path_) -> str:
    """A path as people read it: ``('steps', 7, 'owner')`` → ``steps[7].owner``."""
    text = ""
    for key in path:
        text += f"[{key}]" if isinstance(key, int) else f".{key}" if text else key
    return text


def whereabouts(tree: Map | Seq, path: tuple[Any, ...]) -> Mark:
    """The mark of the entry at a path, or of the deepest entry on the way that exists.

    Keys of the path that are not in the tree, though later ones are (names of alternatives), are passed over.
    """
    here: Any = tree
    mark = tree.mark
    for key in path:
        if isinstance(here, Map) and key in here:
            mark, here = here.marks.get(key, mark), here[key]
        elif isinstance(here, Seq) and isinstance(key, int) and 0 <= key < len(here):
            mark, here = here.marks[key], here[key]
    return mark


def value_at(tree: Any, path: tuple[Any, ...]) -> Any:
    """The deepest value on the way along a path (see ``whereabouts``)."""
    here = tree
    for key in path:
        if isinstance(here, Map):
            here = here.get(key, here)
        elif isinstance(here, Seq) and isinstance(key, int) and 0 <= key < len(here):
            here = here[key]
    return here
