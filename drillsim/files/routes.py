"""Mistakes in the routes of patients: chances that do not add up, stops that nobody reaches, classes without a share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from drillsim.errors import Wrong
from drillsim.files.tree import Found, Map, Mark, Seq, as_map, items

ALMOST = 1e-6


def routes(hospital: Map) -> Found:
    """Every such mistake of a hospital's raw tree."""
    for pathway in as_map(hospital.get("pathways")).values():
        if isinstance(pathway, Map):
            yield from _shares(pathway)
            yield from _chances(pathway)
            yield from _unreached(pathway, as_map(hospital.get("activities")))
            yield from _no_way_out(pathway.get("route"))
            yield from _no_room_anywhere(pathway.get("route"), as_map(hospital.get("activities")))


def _number(value: Any) -> float | None:
    text = str(value).strip()
    try:
        return float(text[:-1]) / 100 if text.endswith("%") else float(text)
    except ValueError:
        return None


def _shares(pathway: Map) -> Found:
    classes = as_map(pathway.get("classes"))
    shares = [_number(as_map(one).get("share")) for one in classes.values()]
    if classes and None not in shares and not sum(share for share in shares if share is not None) > 0:
        yield pathway.marks["classes"], Wrong("the shares of the classes add up to nothing")


def _chances(pathway: Map) -> Found:
    """Branches whose chances are more than 1 together."""
    classes = list(as_map(pathway.get("classes")))
    for node in _nodes(pathway.get("route")):
        for key in ("then", "then_on_paper"):
            branches = _branches(node, key)
            rest = [branch for branch in branches if branch.get("chance") is None]
            if len(rest) > 1:
                yield rest[1].mark, Wrong("two branches are without a chance; only one can take the rest")
            for kind in classes or [""]:
                total = _total(branches, kind)
                if total is not None and total > 1 + ALMOST:
                    of_class = Wrong(" for the class {name!r}", name=kind) if _by_class(branches) else ""
                    wrong = Wrong(
                        "the chances of these branches add up to {total:g}{of_class}, above 1",
                        total=total,
                        of_class=of_class,
                    )
                    yield node.marks[key], wrong
                    break


def _branches(node: Map, key: str) -> list[Map]:
    return [branch for branch in items(node.get(key)) if isinstance(branch, Map)]


def _by_class(branches: list[Map]) -> bool:
    return any(isinstance(branch.get("chance"), Map) for branch in branches)


def _total(branches: list[Map], kind: str) -> float | None:
    total = 0.0
    for branch in branches:
        chance = branch.get("chance")
        number = (
            _number(chance.get(kind, "0")) if isinstance(chance, Map) else 0.0 if chance is None else _number(chance)
        )
        if number is None or not 0 <= number <= 1:
            return None
        total += number
    return total


def _nodes(route: Any) -> Iterator[Map]:
    for node in items(route):
        if isinstance(node, Map):
            yield node
            for line in items(node.get("fork")):
                yield from _nodes(line)


def _unreached(pathway: Map, activities: Map) -> Found:
    """Stops that no branch and no order of the file leads to."""
    yield from _unreached_in(pathway.get("route"), set(as_map(pathway.get("present"))), activities)


def _unreached_in(route: Any, entered: set[str], activities: Map) -> Found:
    if not isinstance(route, Seq):
        return
    ids = [_id(node) for node in route]
    reached, todo = set(), [0, *(index for index, name in enumerate(ids) if name in entered)]
    while todo:
        index = todo.pop()
        if index in reached or index >= len(route):
            continue
        reached.add(index)
        todo += [
            ids.index(name) if name else index + 1
            for name in _onward(route[index], activities)
            if not name or name in ids
        ]
    for index, node in enumerate(route):
        if index not in reached and ids[index]:
            yield route.marks[index], Wrong("nothing leads to the stop {id!r}", id=ids[index])
        for line in items(node.get("fork")) if isinstance(node, Map) else ():
            yield from _unreached_in(line, entered, activities)


def _no_way_out(route: Any) -> Found:
    """Stops from which nobody ever gets out of the route (or of the line of a fork)."""
    if not isinstance(route, Seq):
        return
    ids = [_id(node) for node in route]
    inside = {name for name in ids if name}
    ways: list[set[int]] = []
    for index, node in enumerate(route):
        ahead = _likely(as_map(node))
        found = {ids.index(name) if name else index + 1 for name in ahead if not name or name in inside}
        ways.append(found | ({len(route)} if any(name and name not in inside for name in ahead) else set()))
    out = {len(route)}
    while fresh := {index for index, ahead in enumerate(ways) if index not in out and ahead & out}:
        out |= fresh
    for index, node in enumerate(route):
        if index not in out and ids[index]:
            yield (
                route.marks[index],
                Wrong("whoever comes to the stop {id!r} never gets out of this route", id=ids[index]),
            )
            return
        for line in items(node.get("fork")) if isinstance(node, Map) else ():
            yield from _no_way_out(line)


def _likely(node: Map) -> list[str]:
    """Where a stop leads with some chance, with the systems at work; '' for the next line."""
    branches = items(node.get("then"))
    found = [branch if isinstance(branch, str) else branch.get("to") for branch in branches if _possible(branch)]
    return [name for name in found if isinstance(name, str)] + ([""] if _goes_on(node, "then") else [])


def _possible(branch: Any) -> bool:
    if isinstance(branch, str):
        return True
    return isinstance(branch, Map) and (
        isinstance(branch.get("chance"), Map) or _number(branch.get("chance", "1")) != 0
    )


def _no_room_anywhere(route: Any, activities: Map) -> Found:
    """Stops that send those they have no room for to each other in a circle."""
    turned: dict[str, str] = {}
    marks: dict[str, Mark] = {}
    for node in [*_nodes(route), *(one for one in items(route) if isinstance(one, str))]:
        name, activity = _id(node), as_map(activities.get(_activity(node)))
        target = activity.get("if_full", "leave")
        if name and activity.get("room") is not None and isinstance(target, str):
            turned[name] = target
            marks[name] = activity.marks.get("if_full", activity.mark)
    for start in turned:
        trail = [start]
        while (after := turned.get(trail[-1])) is not None and after not in trail:
            trail.append(after)
        if after == start and start == min(trail):
            circle = " → ".join([*trail, start])
            yield (
                marks[start],
                Wrong("these stops send whom they have no room for in a circle: {circle}", circle=circle),
            )


def _id(node: Any) -> str | None:
    name = node.get("id", node.get("do")) if isinstance(node, Map) else node
    return name if isinstance(name, str) else None


def _onward(node: Any, activities: Map) -> list[str]:
    """Where a stop can lead: ids, and '' for the next line."""
    held = as_map(node)
    activity = as_map(activities.get(_activity(node)))
    turned = [activity.get(key) for key in ("if_full", "if_impatient")]
    found = [*_targets(held.get("then")), *_targets(held.get("then_on_paper"))]
    return [
        *found,
        *(stop for stop in turned if isinstance(stop, str)),
        *([""] if _goes_on(held, "then") or (held.get("then_on_paper") and _goes_on(held, "then_on_paper")) else []),
    ]


def _goes_on(node: Map, key: str) -> bool:
    """Whether some go on to the next line: nothing else is said, or the chances leave a rest that no branch takes."""
    branches = _branches(node, key)
    if node.get(key) is None:
        return True
    if len(branches) < len(items(node.get(key))) or any(branch.get("chance") is None for branch in branches):
        return False
    kinds = {kind for branch in branches if isinstance(branch.get("chance"), Map) for kind in branch["chance"]}
    totals = [_total(branches, kind) for kind in kinds or {""}]
    return any(total is None or total < 1 - ALMOST for total in totals)


def _activity(node: Any) -> str:
    name = node.get("do") if isinstance(node, Map) else node
    return name if isinstance(name, str) else ""


def _targets(branches: Any) -> Iterator[str]:
    for branch in items(branches):
        target = branch.get("to") if isinstance(branch, Map) else branch
        if isinstance(target, str) and target:
            yield target
