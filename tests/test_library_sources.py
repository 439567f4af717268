"""Every figure that a shipped file states has a source that speaks for it, or is marked as an assumption; no id stands for more than it holds.

A figure is whatever has a number in it: durations, chances, factors, counts, hours and their shares, moments, deadlines, conditions, limits of
objectives, costs, what variants set. Left out are the numbers of ``tests.stated.STRUCTURE`` and ``WITHOUT``, grades (their number is a name) and
chances of 0 and 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from drillsim import files
from drillsim.files import shelf
from drillsim.files.tree import Map, Seq
from tests.stated import Figure, Owner, spoken_for, stated, tree_of
from tests.test_library import SOURCED

SHIPPED = {f"{entry.kind}-{entry.name}": (entry.kind, entry.path) for entry in files.library()}
EXAMPLES = [name for name in SHIPPED if name.startswith("example-")]  # their figures are those of their known answers
REAL = {name: at for name, at in SHIPPED.items() if name not in EXAMPLES}
OF_DEFAULTS = {"least_share"}  # what steps that leave it out are held to
each_file = pytest.mark.parametrize(("kind", "path"), REAL.values(), ids=REAL)


def figures(kind: str, path: Path) -> list[Figure]:
    """Figures of a file and its parts; of a scenario only its own, since hospitals and plans are files themselves."""
    found = stated(*tree_of(kind, path))
    return [one for one in found if kind != "scenario" or one.mark.file == shelf.label(path)]


def unspoken(found: Iterable[Figure]) -> list[str]:
    """Figures that nothing speaks for: file, line, keys, value."""
    return [str(one) for one in found if (spoken := spoken_for(one)) is None or not SOURCED.search(spoken.text)]


def overspoken(found: Iterable[Figure]) -> list[str]:
    """One text that is no assumption and stands for several figures of its record: it cannot hold all of them."""
    held: dict[tuple[object, ...], list[tuple[Owner, str]]] = {}
    for one in found:
        spoken = spoken_for(one)
        if spoken is not None and not spoken.key and "assum" not in spoken.text:
            held.setdefault((id(spoken.owner.tree), spoken.text), []).append((spoken.owner, one.value))
    return [
        f"{owners[0][0].tree.mark.file}:{owners[0][0].tree.mark.line}: {text!r} for {', '.join(sorted(keys))}"
        for (_, text), owners in held.items()
        if len(keys := {_field(owner) for owner, _ in owners}) > 1 and len({value for _, value in owners}) > 1
    ]


def _field(owner: Owner) -> str:
    """The field of the record that a figure belongs to; each value that a variant sets is one of its own."""
    return ".".join(owner.keys) if owner.keys[0] == "set" else owner.keys[0]


def none_of(lines: list[str]) -> None:
    """Fail with every line (an assertion would show the first few)."""
    if lines:
        pytest.fail("\n".join(lines), pytrace=False)


@each_file
def test_every_figure_of_a_shipped_file_carries_a_source_or_the_mark_of_an_assumption(kind: str, path: Path) -> None:
    found = figures(kind, path)
    assert found
    none_of(unspoken(found))


@each_file
def test_an_id_stands_for_one_figure_of_its_record_unless_it_names_what_it_stands_for(kind: str, path: Path) -> None:
    none_of(overspoken(figures(kind, path)))


@each_file
def test_every_key_of_a_source_leads_to_something_that_is_stated(kind: str, path: Path) -> None:
    tree, record = tree_of(kind, path)
    used = {(id(spoken.owner.tree), spoken.key) for one in stated(tree, record) if (spoken := spoken_for(one))}
    lost = [
        f"{held['source'].mark.file}:{held['source'].mark.line}: {key}"
        for held in with_keys(tree)
        for key in Owner(record, held, ()).told
        if key and key not in held and (id(held), key) not in used and key not in OF_DEFAULTS
    ]
    none_of(lost)


def with_keys(value: object) -> Iterator[Map]:
    """Mappings whose ``source`` is written by key."""
    if isinstance(value, Map) and isinstance(value.get("source"), Map):
        yield value
    for inside in value.values() if isinstance(value, Map) else value if isinstance(value, Seq) else ():
        yield from with_keys(inside)


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_figure_of_an_example_has_a_source_too(name: str) -> None:
    path = SHIPPED[name][1]
    found = [one for one in figures("example", path) if one.mark.file == shelf.label(path)]
    none_of([str(one) for one in found if spoken_for(one) is None])


SMALL = """
title: {en: A, zh: 甲}
source: {"": "assumption: invented", screen: "FACTS P6", kit.forms: "assumption: eight hours"}
staff: {nurse: {title: N, on_duty: {"08:00-16:00": 2, "16:00-08:00": 1}, handover: 5 min, source: {on_duty: FACTS F8}}}
departments:
  ward: {title: W, mtd: 30 min, kit: {forms: 40, restock: 20}, source: "assumption: half an hour"}
  desk: {title: D, mtd: 30 min, change_over: 4 min, source: FACTS C7}
activities:
  draw: {title: B, needs: {nurse: 2}, takes: 3 min, priority: 2, screen: 0.3, patience: 1 h, source: {takes: FACTS C4}}
  ask: {title: Q, takes: 90 s, screen: 0.5, source: FACTS C7}
load: {"08:00-12:00": 1}
"""


def test_the_walk_finds_by_hand_what_a_small_file_leaves_without_a_source(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(SMALL.lstrip(), encoding="utf-8")
    found = figures("hospital", path)
    lines = [line.partition("small.yaml:")[2] for line in unspoken(found)]
    assert lines == [
        "3: staff.nurse.handover: 5 min",
        "8: activities.draw.patience: 1 h",
        "10: load.08:00-12:00: 08:00-12:00",
        "10: load.08:00-12:00: 1",
    ]
    assert [line.partition("small.yaml:")[2] for line in overspoken(found)] == ["6: 'FACTS C7' for change_over, mtd"]
    said = {".".join(one.keys): spoken.text for one in found if (spoken := spoken_for(one))}
    assert said["activities.ask.screen"] == "FACTS P6"  # said once for all activities
    assert said["departments.ward.kit.forms"] == "assumption: eight hours"
    assert said["departments.ward.kit.restock"] == "assumption: half an hour"  # a part of its department
    assert not any("needs" in key or "priority" in key for key in said)
