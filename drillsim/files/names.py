"""Everything that has a name in a scenario's files, by kind, and what to say when a name is not there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from drillsim.errors import Wrong
from drillsim.files.near import hinted
from drillsim.files.tree import Map, Seq
from drillsim.model.conditions import BUILT_IN_EVENTS

SECTIONS = {
    # namespace: section of the hospital (a mapping of ids)
    "staff": "staff",
    "equipment": "equipment",
    "department": "departments",
    "component": "systems",
    "activity": "activities",
    "pathway": "pathways",
    "indicator": "indicators",
    "medium": "media",
    "roster": "rosters",
}
NOT_THERE = {
    # namespaces, several in order of the alphabet: what is wrong with a name that is none of them
    "staff": "{value!r} is not in the hospital's staff",
    "equipment": "{value!r} is not in the hospital's equipment",
    "resource": "{value!r} is neither staff nor equipment of the hospital",
    "department": "{value!r} is not a department of the hospital",
    "component": "{value!r} is not one of the hospital's systems",
    "activity": "{value!r} is not an activity of the hospital",
    "pathway": "{value!r} is not a pathway of the hospital",
    "node": "{value!r} is not a stop of this route",
    "medium": "{value!r} is not one of the hospital's media",
    "roster": "{value!r} is neither a roster of the hospital nor hours such as 'mon-fri 08:00-17:30'",
    "group": "{value!r} is not a group of departments",
    "class": "{value!r} is not a class of patients here",
    "role": "{value!r} is not a role of this plan",
    "step": "{value!r} is not a step of this plan",
    "channel": "{value!r} is not a channel of this plan",
    "threshold": "{value!r} is not a threshold of this plan",
    "variant": "the scenario has no variant {value!r}",
    "cause": "{value!r} is not one of the plan's causes",
    "event": "{value!r} is not an event",
    "channel,component": "{value!r} is neither one of the hospital's systems nor a channel of the plan",
    "department,group": "{value!r} is neither a department nor a group of departments",
    "department,group,role": "{value!r} is neither a department nor a group of departments nor a role of this plan",
}
KIND_WORDS = {
    "staff": "a role of the staff",
    "equipment": "a piece of equipment",
    "department": "a department",
    "component": "one of the systems",
    "activity": "an activity",
    "pathway": "a pathway",
    "indicator": "an indicator",
    "medium": "a medium",
    "roster": "a roster",
    "group": "a group of departments",
    "role": "a role of the plan",
    "step": "a step of the plan",
    "channel": "a channel",
    "cause": "a cause",
    "inject": "an inject",
    "fault": "a fault",
}
"""How a thing is called that was named where another kind of thing belongs."""


class Names:
    """Names by namespace, gathered from the raw tree of a scenario. A namespace whose file is not at hand is None and is not checked."""

    def __init__(self, tree: Map) -> None:
        hospital, plan = tree.get("hospital"), tree.get("plan")
        self._known: dict[str, dict[str, None] | None] = {}
        self.of: dict[str, tuple[str, ...] | None] = {
            namespace: _keys(hospital, section) for namespace, section in SECTIONS.items()
        }
        self.of["resource"] = _joined(self.of["staff"], self.of["equipment"])
        self.of["group"] = _groups(hospital)
        self.of["role"] = _keys(plan, "roles")
        self.of["channel"] = _keys(plan, "channels")
        self.of["threshold"] = _keys(plan, "thresholds")
        self.of["step"] = _ids(plan, "steps")
        self.of["cause"] = _joined(_listed(plan, "causes"), self.of["component"])
        whole = isinstance(tree.get("title"), str | Map)  # a scenario, not a hospital or plan on its own
        self.of["inject"] = _ids(tree, "injects") if whole else None
        self.of["fault"] = _ids(tree, "faults", default="fault") if whole else None
        self.of["objective"] = _ids(tree, "objectives") if whole else None
        happenings = _joined(self.of["step"], self.of["inject"], self.of["fault"])
        self.of["event"] = None if happenings is None else (*BUILT_IN_EVENTS, *happenings)

    def known(self, namespaces: str) -> dict[str, None] | None:
        """The names of some comma separated namespaces together, in order; None when one of them is not at hand."""
        if namespaces not in self._known:
            joined = _joined(*(self.of.get(one, ()) for one in namespaces.split(",")))
            self._known[namespaces] = None if joined is None else dict.fromkeys(joined)
        return self._known[namespaces]

    def there(self, namespaces: str, value: str) -> bool:
        """Whether the name is there, or cannot be checked."""
        known = self.known(namespaces)
        return known is None or value in known

    def wrong(self, namespaces: str, value: str, also: Iterable[str] = ()) -> Wrong:
        """What is wrong with a name that is not there: the nearest good one, what it is instead, or what there is."""
        problem = not_there(namespaces, value)
        known = [*(self.known(namespaces) or ()), *also]
        return hinted(problem, value, known, self._otherwise(value))

    def _otherwise(self, value: str) -> str | None:
        for namespace, words in KIND_WORDS.items():
            if value in (self.of.get(namespace) or ()):
                return words
        return None


def not_there(namespaces: str, value: str) -> Wrong:
    """That there is nothing of that name."""
    return Wrong(NOT_THERE[",".join(sorted(namespaces.split(",")))], value=value)


def _keys(holder: Any, section: str) -> tuple[str, ...] | None:
    if not isinstance(holder, Map):
        return None
    held = holder.get(section)
    if isinstance(held, Map):
        return tuple(held) if held.whole else None
    return ()


def _ids(holder: Any, section: str, default: str | None = None) -> tuple[str, ...] | None:
    if not isinstance(holder, Map):
        return None
    held = holder.get(section)
    items = held if isinstance(held, Seq) else [held]
    ids = (item.get("id", default) for item in items if isinstance(item, Map))
    return tuple(one for one in ids if isinstance(one, str))


def _listed(holder: Any, section: str) -> tuple[str, ...] | None:
    if not isinstance(holder, Map):
        return None
    held = holder.get(section)
    return tuple(one for one in (held if isinstance(held, Seq) else [held]) if isinstance(one, str))


def _groups(hospital: Any) -> tuple[str, ...] | None:
    if not isinstance(hospital, Map):
        return None
    departments = hospital.get("departments")
    held = departments.values() if isinstance(departments, Map) else ()
    named = (one.get("group") for one in held if isinstance(one, Map))
    return tuple(dict.fromkeys(["all", *(group for group in named if isinstance(group, str))]))


def _joined(*parts: tuple[str, ...] | None) -> tuple[str, ...] | None:
    found: dict[str, None] = {}
    for part in parts:
        if part is None:
            return None
        found.update(dict.fromkeys(part))
    return tuple(found)
