"""A YAML file is read here, event by event, into a tree; a file that could not have been meant is refused early and cheaply.

PyYAML by itself turns ``1:30`` into 90, ``no`` into False, ``010`` into 8, keeps the last of two equal keys and follows aliases without
end. So scalars stay text, and the limits below end the reading of a file made to exhaust the machine.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from drillsim.errors import Problem
from drillsim.files.syntax import in_plain_words
from drillsim.files.tree import Map, Mark, Path_, Seq, copied, path_text, told

MOST_BYTES = 5_000_000
MOST_NODES = 200_000
MOST_ALIASES = 100
MOST_DEPTH = 50

MOST_LETTERS = 5000  # of one text

_CHINESE, _QUOTES = "\u3000-\u303f\u3400-\u9fff\uff00-\uffef", "\u2018-\u201d"
_FOLDED = re.compile(f"(?<=[{_CHINESE}]) (?=[{_CHINESE}{_QUOTES}])|(?<=[{_QUOTES}]) (?=[{_CHINESE}])")
"""The blank that YAML puts where a line of a folded text ends; between two Chinese characters it is none of the writer's."""


class Source(NamedTuple):
    """A file that was read: its tree (None when it holds none) and what its bytes hash to."""

    tree: Map | None
    sha256: str


class Unreadable(Exception):
    """Raised inside this module once a file cannot be read any further; ``problem`` says why."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem


def read(path: Path, label: str) -> tuple[Source, list[Problem]]:
    """The tree of a file and everything wrong with its form. ``label`` is the file's name in problems."""
    problems: list[Problem] = []
    digest = ""
    try:
        text, digest = _text(path, label)
        tree = _Builder(label, problems).build(text)
    except Unreadable as unreadable:
        return Source(None, digest), [*problems, unreadable.problem]
    if tree is None:
        problems.append(Problem(label, None, "", "the file is empty"))
    elif not isinstance(tree, Map):
        problems.append(
            Problem(label, 1, "", "expected keys such as 'title: …', found {found}", {"found": told(tree)}),
        )
        tree = None
    return Source(tree, digest), problems


def unfolded(text: str) -> str:
    """A text that was folded over several lines, without the blanks between Chinese characters."""
    return _FOLDED.sub("", text)


def read_text(text: str, mark: Mark) -> tuple[Any, list[Problem]]:
    """The value written in a short text such as ``[a, b]`` or ``12 min``, and what is wrong with its form."""
    problems: list[Problem] = []
    try:
        value = _Builder(mark.file, problems).build(text)
    except Unreadable as unreadable:
        value, problems = None, [*problems, unreadable.problem]
    at = path_text(mark.path)
    return value, [replace(problem, line=mark.line, path=at) for problem in problems]


def _text(path: Path, label: str) -> tuple[str, str]:
    def refuse(message: str, **values: object) -> Unreadable:
        return Unreadable(Problem(label, None, "", message, values))

    try:
        if path.is_dir():
            raise refuse("this is a folder, not a file")
        if not path.exists():
            raise refuse("there is no such file")
        if path.stat().st_size > MOST_BYTES:
            raise refuse(
                "the file is too large: {size:.1f} MB, at most {most:g} MB",
                size=path.stat().st_size / 1e6,
                most=MOST_BYTES / 1e6,
            )
        content = path.read_bytes()[: MOST_BYTES + 1]
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise refuse("the file cannot be read: {reason}", reason=reason) from error
    return _decoded(content, refuse), hashlib.sha256(content).hexdigest()


def _decoded(content: bytes, refuse: Any) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise refuse("the file is stored as UTF-16; save it as UTF-8")
    if b"\x00" in content or content.startswith((b"PK\x03\x04", b"%PDF", b"\x89PNG", b"\xd0\xcf\x11\xe0")):
        raise refuse("this is a binary file, not YAML text")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        try:
            content.decode("gb18030")
        except UnicodeDecodeError:
            raise refuse("the file is not UTF-8 text (line {number}); save it as UTF-8", number=line) from None
        raise refuse(
            "the file is not UTF-8 text (line {number}; it looks like GBK); save it as UTF-8", number=line
        ) from None


class _Frame:
    """A container being filled."""

    __slots__ = ("anchor", "container", "key", "key_mark", "skip")

    def __init__(self, container: Map | Seq, anchor: str | None, skip: bool) -> None:
        self.container = container
        self.anchor = anchor
        self.key: str | None = None
        self.key_mark: Mark | None = None
        self.skip = skip  # its place in the parent was refused already


_ABSENT = object()


class _Builder:
    """Builds the tree from the parser's events, with a stack of its own, so that depth costs nothing."""

    def __init__(self, label: str, problems: list[Problem]) -> None:
        self.label = label
        self.problems = problems
        self.stack: list[_Frame] = []
        self.anchors: dict[str, tuple[Any, int, int]] = {}  # name → (tree, nodes, depth)
        self.nodes = 0
        self.aliases = 0
        self.root: Any = _ABSENT

    def build(self, text: str) -> Any:
        """The tree of the text, or None when it holds nothing. Raises Unreadable when it cannot go on."""
        documents = 0
        for event in self._events(text):
            if isinstance(event, yaml.ScalarEvent):
                self._scalar(event)
            elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
                self._open(event)
            elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                self._close()
            elif isinstance(event, yaml.AliasEvent):
                self._alias(event)
            elif isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self._stop(event, "a second document begins here ('---'); one file holds one document")
        return None if self.root is _ABSENT else self.root

    def _events(self, text: str) -> Iterator[yaml.Event]:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            parser = loader(text)
            try:
                while parser.check_event():
                    yield parser.get_event()
            finally:
                parser.dispose()
        except yaml.YAMLError as error:
            line, message, values = in_plain_words(error, text, MOST_DEPTH)
            raise Unreadable(Problem(self.label, line, "", message, values)) from error

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        value: str | None = event.value
        if not event.style and event.tag is None and value in ("", "~", "null", "Null", "NULL"):
            value = None
        self._note_tag(event, event.implicit[1] or event.implicit[0])
        if len(event.value) > MOST_LETTERS:
            self._note(event, "a text of more than {most} characters", most=MOST_LETTERS)
            value = event.value[:MOST_LETTERS]
        start, end = event.start_mark, event.end_mark
        if value and event.style != "|" and start is not None and end is not None and start.line != end.line:
            value = unfolded(value)
        if event.anchor:
            self.anchors[event.anchor] = (value, 1, 0)
        self._count(event, 1)
        self._place(value, event)

    def _open(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent) -> None:
        self._note_tag(event, event.implicit)
        if len(self.stack) >= MOST_DEPTH:
            raise self._stop(event, "nested deeper than {most} levels", most=MOST_DEPTH)
        self._count(event, 1)
        mark = self._mark(event)
        container = Map(mark) if isinstance(event, yaml.MappingStartEvent) else Seq(mark)
        skip = not self._place(container, event)
        self.stack.append(_Frame(container, event.anchor, skip))

    def _close(self) -> None:
        frame = self.stack.pop()
        if frame.anchor:
            nodes, depth = _extent(frame.container)
            self.anchors[frame.anchor] = (frame.container, nodes, depth)

    def _alias(self, event: yaml.AliasEvent) -> None:
        self.aliases += 1
        if self.aliases > MOST_ALIASES:
            raise self._stop(event, "more than {most} aliases ('*name'); write the values out", most=MOST_ALIASES)
        if event.anchor not in self.anchors:
            raise self._stop(event, "'*{name}' has no '&{name}' before it", name=event.anchor)
        tree, nodes, depth = self.anchors[event.anchor]
        self._count(event, nodes)
        if len(self.stack) + depth > MOST_DEPTH:
            raise self._stop(event, "nested deeper than {most} levels", most=MOST_DEPTH)
        self._place(copied(tree), event)

    def _place(self, value: Any, event: yaml.Event) -> bool:
        """Put a value where the stack says; False when its place was refused."""
        if not self.stack:
            self.root = value
            return True
        frame = self.stack[-1]
        if isinstance(frame.container, Seq):
            frame.container.put(value, self._mark(event))
            return True
        if frame.key_mark is None:
            return self._key(frame, value, event)
        key, mark = frame.key, frame.key_mark
        frame.key = frame.key_mark = None
        if key is None:
            return False
        frame.container.put(key, value, mark)
        return True

    def _key(self, frame: _Frame, value: Any, event: yaml.Event) -> bool:
        """Take a value as the key of the next entry; the key stays None when the entry is refused."""
        assert isinstance(frame.container, Map)
        frame.key_mark = self._mark(event)
        if not isinstance(value, str):
            self._note(event, "a key is plain text, found {found}", found=told(value))
            return False
        mark = frame.key_mark = frame.key_mark._replace(path=(*frame.container.mark.path, value))
        if value == "<<":
            self._note(event, "merge keys ('<<') are not understood; write the values out, or use 'include'", mark)
        elif value in frame.container:
            first = frame.container.marks[value].line
            self._note(event, "the key {key!r} is here twice, first in line {first}", mark, key=value, first=first)
        else:
            frame.key = value
        return True

    def _mark(self, event: yaml.Event) -> Mark:
        path: Path_ = ()
        if self.stack:
            frame = self.stack[-1]
            if isinstance(frame.container, Seq):
                path = (*frame.container.mark.path, len(frame.container))
            else:
                path = frame.key_mark.path if frame.key_mark is not None else frame.container.mark.path
        return Mark(self.label, event.start_mark.line + 1 if event.start_mark else None, path)

    def _count(self, event: yaml.Event, nodes: int) -> None:
        self.nodes += nodes
        if self.nodes > MOST_NODES:
            raise self._stop(event, "the file holds more than {most} entries (aliases counted out)", most=MOST_NODES)

    def _note_tag(self, event: Any, implicit: bool) -> None:
        if event.tag is not None and not implicit:
            self._note(event, "tags such as {tag!r} are not understood; leave it out", tag=event.tag)

    def _note(self, event: yaml.Event, message: str, mark: Mark | None = None, **values: object) -> None:
        mark = mark or self._mark(event)
        self.problems.append(Problem(mark.file, mark.line, path_text(mark.path), message, values))

    def _stop(self, event: yaml.Event, message: str, **values: object) -> Unreadable:
        mark = self._mark(event)
        return Unreadable(Problem(mark.file, mark.line, path_text(mark.path[:4]), message, values))


def _extent(tree: Any) -> tuple[int, int]:
    """How many nodes a tree has, and how many levels of containers."""
    if not isinstance(tree, Map | Seq):
        return 1, 0
    parts = [_extent(value) for value in (tree.values() if isinstance(tree, Map) else tree)]
    return 1 + sum(nodes for nodes, _ in parts), 1 + max((depth for _, depth in parts), default=0)
