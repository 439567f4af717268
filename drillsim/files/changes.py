"""New values for a scenario's tree: from its variants, from ``--set``, from a call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from drillsim.errors import Problem
from drillsim.files.names import not_there
from drillsim.files.near import hinted
from drillsim.files.parts import Reader
from drillsim.files.patch import patched
from drillsim.files.reading import read_text
from drillsim.files.tree import Map, Mark, as_map, as_tree, copied

_NOTHING = object()

LONGER = {"plan.thresholds.paper.": "plan.thresholds."}
"""A longer way to say where a value stands → how the files have it: all thresholds are those for working on paper."""


class Change(NamedTuple):
    """A new value at a path, and where it was asked for."""

    path: str
    value: Any
    mark: Mark


def plain(path: str) -> str:
    """The path as the files have it, of one that says more: ``plan.thresholds.paper.outpatient`` is ``plan.thresholds.outpatient``."""
    path = path.strip().removeprefix("scenario.")
    return next((short + path.removeprefix(long) for long, short in LONGER.items() if path.startswith(long)), path)


def asked_for(
    tree: Map, variants: Iterable[str], values: Mapping[str, object] | Iterable[str]
) -> tuple[list[Change], list[Problem]]:
    """The changes that variants of the scenario, then single values stand for, and what is wrong with how they were asked for."""
    changes: list[Change] = []
    problems: list[Problem] = []
    known = as_map(tree.get("variants"))
    for name in variants:
        if name in known:
            changes += changes_of(tree, name)
        else:
            wrong = hinted(not_there("variant", name), name, list(known))
            problems.append(Problem("--variant", None, name, wrong.template, wrong.values))
    for path, value in values.items() if isinstance(values, Mapping) else map(_split, values):
        mark = Mark("--set", None, (path,))
        if value is _NOTHING:
            problems.append(Problem("--set", None, path, "expected PATH=VALUE"))
            continue
        if isinstance(value, str):
            value, wrong_form = read_text(value, mark)
            problems += wrong_form
        changes.append(Change(path, as_tree(value, mark), mark))
    return changes, problems


def _split(text: str) -> tuple[str, object]:
    path, equals, value = text.partition("=")
    return path.strip(), value.strip() if equals else _NOTHING


def changes_of(tree: Map, variant: str) -> list[Change]:
    """The changes of one variant of the scenario."""
    values = as_map(as_map(as_map(tree.get("variants")).get(variant)).get("set"))
    return [Change(path, value, values.marks[path]) for path, value in values.items()]


def changed(tree: Map, changes: Iterable[Change], reader: Reader) -> tuple[Map, list[Problem]]:
    """The tree with the changes made, and those that lead nowhere; the first tree is not touched.

    A change of the whole hospital or plan, or of the plan's presets, may name a file; what is wrong with it the reader notes.
    """
    problems: list[Problem] = []
    for path, named, mark in changes:
        value = copied(named)
        path = whole = plain(path)
        part, _, inside = whole.partition(".")
        if inside and part in ("hospital", "plan") and part not in tree:
            continue  # its file could not be read, which is told already
        before = tree
        if whole == "plan.thresholds.preset":
            tree = _without_preset(tree)
            path, value = "plan.thresholds", as_map(as_map(tree.get("plan")).get("thresholds"))
            value.put("preset", named, mark)
        tree, wrong = patched(tree, path, value, mark)
        problems += wrong
        if whole in ("hospital", "plan"):
            reader.resolve(tree, whole, reader.home)
        elif whole.startswith("plan.thresholds"):
            reader.presets(tree["plan"], reader.home)
        if whole == "plan.thresholds.preset":
            _put_back(tree["plan"], as_map(before.get("plan")))
    return tree, problems


def _put_back(plan: Map, before: Map) -> None:
    """Give a plan with another preset the thresholds again that only the former ones held, such as report clocks."""
    thresholds, sources = as_map(plan.get("thresholds")), as_map(plan.get("source"))
    kept, told = as_map(before.get("thresholds")), as_map(before.get("source"))
    for group, value in kept.items():
        if group == "preset" or group in thresholds:
            continue
        thresholds.put(group, value, kept.marks[group])
        if (key := f"thresholds.{group}") in told:
            sources.put(key, told[key], told.marks[key])


def _without_preset(tree: Map) -> Map:
    """The tree without the thresholds that a preset brought: they stand in another file, or have a source of their own."""
    twin = tree.again()
    plan = as_map(tree.get("plan")).again()
    thresholds = as_map(plan.get("thresholds")).again()
    sources = as_map(plan.get("source")).again()
    for group in list(thresholds):
        elsewhere = thresholds.marks[group].file != thresholds.mark.file
        if elsewhere or (thresholds.mark.line is None and f"thresholds.{group}" in sources):
            thresholds.drop(group)
            sources.drop(f"thresholds.{group}")
    for key, held in (("thresholds", thresholds), ("source", sources)):
        if held or key in plan:
            plan.put(key, held, plan.marks.get(key, plan.mark))
    twin.put("plan", plan, tree.marks.get("plan", tree.mark))
    return twin
