"""A scenario is put together here from its files: headers, ``include``, the hospital and the plan it names, presets of thresholds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import field_validator

from drillsim.errors import Problem, Wrong
from drillsim.files import shelf
from drillsim.files.near import hinted
from drillsim.files.reading import read
from drillsim.files.records import validate
from drillsim.files.tree import Map, Mark, Seq, as_map, copied, items, path_text, told
from drillsim.model.base import Id, Minutes, Record, Source, Text

KINDS = ("scenario", "hospital", "plan", "thresholds")
VERSION = "1"
DEFAULT_HOSPITAL, DEFAULT_PLAN = "tertiary-general", "tertiary-his-plan"
NO_PLAN = {"en": "No plan", "zh": "无预案"}
NO_HOSPITAL = {"en": "No hospital", "zh": "无医院"}
_OWN_WINS = ("title", "about", "story", "source", "version", "reviewed")


class Thresholds(Record):
    """A preset of thresholds for paper working: group of departments → how long its systems may be away."""

    title: Text
    source: Source = {}
    note: Text | None = None
    values: dict[Id, Minutes]

    @field_validator("values")
    @classmethod
    def _something(cls, values: dict[str, float]) -> dict[str, float]:
        if not values:
            raise Wrong("expected at least one group with its minutes, such as 'outpatient: 30 min'")
        return values


class Reader:
    """Reads files and remembers what was wrong with them (``problems``) and what they hash to (``hashes``)."""

    def __init__(self, home: Path) -> None:
        self.home = home  # folder of the first file
        self.problems: list[Problem] = []
        self.hashes: dict[str, str] = {}
        self._open: list[Path] = []  # files being read, to notice a circle of includes

    def note(self, mark: Mark, message: str, **values: object) -> None:
        """Remember a mistake."""
        self.problems.append(Problem(mark.file, mark.line, path_text(mark.path), message, values))

    def file(self, path: Path, mark: Mark | None = None) -> Map | None:
        """The tree of a file with its parts included; None when it could not be read. ``mark``: where the file is named."""
        if path.resolve() in self._open:
            circle = " → ".join(one.name for one in [*self._open, path])
            self.note(mark or Mark(str(path), None), "these files include each other: {circle}", circle=circle)
            return None
        source, problems = read(path, shelf.label(path))
        self.problems += problems
        if source.sha256:
            self.hashes[self._name(path)] = source.sha256
        if source.tree is None:
            return None
        self._open.append(path.resolve())
        self._include(source.tree, path.parent)
        self._open.pop()
        return source.tree

    def _name(self, path: Path) -> str:
        for base, prefix in ((shelf.root(), "library/"), (self.home, "")):
            try:
                return prefix + path.resolve().relative_to(base.resolve()).as_posix()
            except ValueError:
                continue
        return path.name

    def _include(self, tree: Map, folder: Path) -> None:
        """Merge the files named under ``include`` into the tree."""
        mark = tree.marks.get("include", tree.mark)
        named = tree.drop("include")
        if named is None:
            return
        own = dict(tree)
        for index, name in enumerate(named if isinstance(named, Seq) else [named]):
            place = named.marks[index] if isinstance(named, Seq) else mark
            if not isinstance(name, str):
                self.note(place, "expected the name of a file, got {value!r}", value=told(name))
                continue
            path = self.find(("part",), name, folder, place)
            part = self.file(path, place) if path is not None else None
            if part is not None:
                part.drop("drillsim")
                self._merge(tree, part, own)

    def _merge(self, tree: Map, part: Map, own: dict[str, Any]) -> None:
        for key, value in part.items():
            mark = part.marks[key]
            if key not in tree:
                tree.put(key, value, mark)
            elif isinstance(tree[key], Map) and isinstance(value, Map) and key not in ("title", "about", "story"):
                self._merge_section(tree[key], value, key)
            elif isinstance(tree[key], Seq) and isinstance(value, Seq):
                for item, place in zip(value, value.marks, strict=True):
                    tree[key].put(item, place)
            elif key not in _OWN_WINS or key not in own:
                self._twice(mark, key, tree.marks[key])

    def _merge_section(self, section: Map, part: Map, name: str) -> None:
        for key, value in part.items():
            if key not in section:
                section.put(key, value, part.marks[key])
            elif name not in _OWN_WINS:
                self._twice(part.marks[key], key, section.marks[key])

    def _twice(self, mark: Mark, key: str, first: Mark) -> None:
        self.note(
            mark,
            "{key!r} is here and in {file}, line {first}, too; give one of them another name",
            key=key,
            file=first.file,
            first=first.line,
        )

    def find(self, kinds: tuple[str, ...], name: str, folder: Path, mark: Mark) -> Path | None:
        """The file that ``name`` means at ``mark``: a path relative to the folder, or a name in the library."""
        path = self._path(kinds, name, folder)
        if path is None and _is_path(name):
            if shelf.label(folder) == ".":
                self.note(mark, "there is no file {name!r} beside this file", name=name)
            else:
                self.note(mark, "there is no file {name!r} in {folder}", name=name, folder=shelf.label(folder))
        elif path is None:
            known = [one for kind in kinds for one in _known(kind)]
            wrong = hinted(Wrong("{name!r} is neither a file nor in the library", name=name), name, known)
            self.note(mark, wrong.template, **wrong.values)
        return path

    def _path(self, kinds: tuple[str, ...], name: str, folder: Path) -> Path | None:
        for kind in kinds:
            if kind in shelf.FOLDERS and (found := shelf.find(kind, name)):
                return found
        for base in (folder, *((shelf.root(),) if "part" in kinds else ())):
            for suffix in ("", ".yaml", ".yml"):
                try:
                    if (base / (name + suffix)).is_file() or (not suffix and (base / name).is_dir() and _is_path(name)):
                        return base / (name + suffix)
                except (OSError, ValueError):
                    return None
        if "part" in kinds:
            return shelf.find("hospital", name) or shelf.find("plan", name)
        return None

    def header(self, tree: Map, wanted: tuple[str, ...], *, needed: bool) -> str:
        """The kind a file says it is, its header taken out; the first of ``wanted`` when it says nothing usable; empty when it is of another kind."""
        mark = tree.marks.get("drillsim", tree.mark)
        if "drillsim" not in tree:
            if needed:
                self.note(tree.mark, "the first line is missing: 'drillsim: {kind}/1'", kind=wanted[0])
            return wanted[0]
        text = tree.drop("drillsim")
        kind, _, version = str(text).partition("/")
        if kind not in KINDS or not version:
            self.note(
                mark,
                "expected 'drillsim: {kind}/1', one of scenario, hospital, plan, thresholds; got {value!r}",
                kind=wanted[0],
                value=told(text),
            )
        elif version != VERSION:
            self.note(mark, "this drillsim reads version 1 of a {kind} file, got {value!r}", kind=kind, value=text)
        elif kind not in wanted:
            self.note(mark, "this is a {kind} file; a {wanted} file is needed here", kind=kind, wanted=wanted[0])
            return ""
        return kind if kind in wanted else wanted[0]

    def scenario(self, tree: Map, folder: Path) -> bool:
        """Take the header out, and put the hospital and the plan that a scenario names in their places; False when it is no scenario."""
        if not self.header(tree, ("scenario",), needed=False):
            return False
        if "hospital" not in tree and "plan" not in tree and tree.get("faults"):
            tree.put("hospital", DEFAULT_HOSPITAL, tree.mark)
            tree.put("plan", DEFAULT_PLAN, tree.mark)
        self.resolve(tree, "hospital", folder)
        self.resolve(tree, "plan", folder)
        return True

    def resolve(self, tree: Map, kind: str, folder: Path) -> None:
        """Replace the name under ``hospital`` or ``plan`` by what it names; a missing one by an empty one."""
        mark = tree.marks.get(kind, tree.mark)
        value = tree.get(kind)
        if value is None:
            tree.put(kind, _titled(NO_PLAN if kind == "plan" else NO_HOSPITAL, mark), mark)
        elif isinstance(value, str):
            path = self.find((kind,), value, folder, mark)
            found = self.file(path, mark) if path is not None else None
            if path is None or found is None:
                tree.drop(kind)
                return
            folder = path.parent
            if not self.header(found, (kind,), needed=True):
                tree.drop(kind)
                return
            tree.put(kind, found, mark)
        elif isinstance(value, Map):
            value.drop("drillsim")
            self._include(value, folder)
            if "title" not in value and "title" in tree:
                value.put("title", copied(tree["title"]), tree.marks["title"])
        if kind == "plan":
            self.presets(tree["plan"], folder)

    def presets(self, plan: Any, folder: Path) -> None:
        """Put the values of the presets named in a plan's ``thresholds`` there, own values first, and their sources into its ``source``.

        Two presets that hold the same threshold are a mistake, unless the plan has a value of its own for it.
        """
        thresholds = as_map(as_map(plan).get("thresholds"))
        if "preset" not in thresholds:
            return
        mark = thresholds.marks["preset"]
        names = thresholds.drop("preset")
        thresholds.whole = False  # until its values are there: what names one of them is not wrong as well
        if not (named := items(names)) or not all(isinstance(name, str) for name in named):
            self.note(mark, "expected the name of a preset, got {value!r}", value=told(names))
            return
        own, brought, whole = set(thresholds), dict[str, str](), True
        for name in named:
            preset, good = self._preset(name, folder, mark)
            whole = whole and good
            for group in as_map(preset.get("values")):
                if group in brought and group not in own:
                    self.note(mark, "the presets {first!r} and {second!r} both have the threshold {value!r}; write the one that is meant beside 'preset'", first=brought[group], second=name, value=group)  # fmt: skip
                brought.setdefault(group, name)
            _expand(plan, thresholds, preset)
        thresholds.whole = whole

    def _preset(self, name: str, folder: Path, mark: Mark) -> tuple[Map, bool]:
        """What the file of a preset holds, and whether it is without mistakes (which are noted)."""
        path = self.find(("thresholds",), name, folder, mark)
        preset = self.file(path, mark) if path is not None else None
        if preset is None or not self.header(preset, ("thresholds",), needed=True):
            return Map(mark), False
        problems = validate(preset, Thresholds)[1]
        self.problems += problems
        return preset, not problems


def _expand(plan: Map, thresholds: Map, preset: Map) -> None:
    values, source = as_map(preset.get("values")), preset.get("source")
    sources = _source_of(plan)
    for group, value in values.items():
        if group not in thresholds:
            thresholds.put(group, value, values.marks[group])
            words = source.get(group) or source.get("") if isinstance(source, Map) else source
            if words is not None and f"thresholds.{group}" not in sources:
                sources.put(f"thresholds.{group}", words, values.marks[group])


def _titled(title: dict[str, str], mark: Mark) -> Map:
    empty, words = Map(mark), Map(mark)
    for language, text in title.items():
        words.put(language, text, mark)
    empty.put("title", words, mark)
    return empty


def _source_of(plan: Map) -> Map:
    """The plan's ``source`` as a mapping."""
    mark = plan.marks.get("source", plan.mark)
    value = plan.get("source")
    sources = copied(value) if isinstance(value, Map) else Map(mark)
    if isinstance(value, str):
        sources.put("", value, mark)
    plan.put("source", sources, mark)
    return sources


def _is_path(name: str) -> bool:
    return name.endswith((".yaml", ".yml")) or "/" in name or "\\" in name


def _known(kind: str) -> list[str]:
    return shelf.names(kind) if kind in shelf.FOLDERS else [*shelf.names("hospital"), *shelf.names("plan")]
