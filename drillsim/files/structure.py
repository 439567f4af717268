"""Mistakes of several entries together: ids given twice, circles, chances that do not add up, stops nobody reaches, more needed than there is.

Like the references they are looked for over the raw tree, and what cannot be read is passed over: it has its own problem already.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from drillsim.errors import Problem, Wrong
from drillsim.files.circles import circular_steps
from drillsim.files.routes import routes
from drillsim.files.tree import Found, Map, Mark, Seq, as_map, items, path_text
from drillsim.lint.graph import circles
from drillsim.model.conditions import BUILT_IN_EVENTS

LISTS = (("plan", "steps"), ("", "faults"), ("", "injects"), ("", "objectives"), ("plan", "grades"))
KIND_OF = {"steps": "a step", "faults": "a fault", "injects": "an inject"}


def structure(tree: Map, known: Map | None = None) -> list[Problem]:
    """Every such mistake of a scenario's tree (or of a hospital's or plan's, put under its key).

    With ``known``, another tree that was checked, those of a hospital or plan which the two share are left out.
    """
    hospital, plan = as_map(tree.get("hospital")), as_map(tree.get("plan"))
    found = [*_repeated(tree)]
    if known is None or hospital is not known.get("hospital"):
        found += _circular_systems(as_map(hospital.get("systems")))
        found += [*_more_than_there_is(hospital), *_kept(hospital), *_stay_on(hospital), *routes(hospital)]
    if known is None or plan is not known.get("plan"):
        found += circular_steps(plan.get("steps"))
    return [Problem(mark.file, mark.line, path_text(mark.path), wrong.template, wrong.values) for mark, wrong in found]


def _place(holder: Map, key: str, index: int | None = None) -> Mark:
    held = holder.get(key)
    if index is not None and isinstance(held, Seq):
        return held.marks[index]
    return holder.marks.get(key, holder.mark)


# ids


def _repeated(tree: Map) -> Found:
    """Ids given twice in one list; names that mean two things as an event."""
    events: dict[str, tuple[str, Mark]] = {}
    for section, key in LISTS:
        holder = as_map(tree.get(section)) if section else tree
        seen: dict[str, Mark] = {}
        for index, item in enumerate(items(holder.get(key))):
            name = item.get("id", "fault" if key == "faults" else None) if isinstance(item, Map) else None
            if not isinstance(name, str):
                continue
            mark = item.marks.get("id", _place(holder, key, index))
            if name in seen:
                yield mark, Wrong("the id {id!r} is here twice, first in line {first}", id=name, first=seen[name].line)
            elif key in KIND_OF and name in BUILT_IN_EVENTS:
                yield mark, Wrong("{id!r} is a word for an event; give this another id", id=name)
            elif key in KIND_OF and name in events:
                kind, first = events[name]
                yield (
                    mark,
                    Wrong(
                        "{id!r} is also the id of {kind} (line {first})", id=name, kind=Wrong(kind), first=first.line
                    ),
                )
            seen.setdefault(name, mark)
            if key in KIND_OF:
                events.setdefault(name, (KIND_OF[key], mark))


# circles


def _circular_systems(systems: Map) -> Found:
    leans: dict[str, list[str]] = {}
    for name, component in systems.items():
        held = as_map(component)
        members = as_map(held.get("runs_on")).get("members")
        leans[name] = [*_needed(held.get("needs")), *(m for m in items(members) if isinstance(m, str))]
    for circle in circles(leans):
        yield (
            systems.marks[circle[0]],
            Wrong("these systems need each other in a circle: {circle}", circle=" → ".join([*circle, circle[0]])),
        )


def _needed(needs: Any) -> Iterator[str]:
    if isinstance(needs, str):
        yield needs
    elif isinstance(needs, Seq):
        for item in needs:
            yield from _needed(item)
    elif isinstance(needs, Map):
        for key in ("all", "any", "of"):
            yield from _needed(needs.get(key))


# people and things


def _more_than_there_is(hospital: Map) -> Found:
    """An activity that needs more of a resource than are ever there at one time."""
    there = {
        name: _most_there(as_map(held))
        for section in ("staff", "equipment")
        for name, held in as_map(hospital.get(section)).items()
    }
    for activity in as_map(hospital.get("activities")).values():
        needs = as_map(activity).get("needs")
        for name, count in _counts(needs):
            most = there.get(name)
            if count is not None and most is not None and count > most:
                mark = needs.marks[name] if isinstance(needs, Map) else _place(activity, "needs")
                yield (
                    mark,
                    Wrong(
                        "needs {count} of {name!r}, of which there are never more than {most}",
                        count=count,
                        name=name,
                        most=most,
                    ),
                )


def _counts(needs: Any) -> Iterator[tuple[str, int | None]]:
    if isinstance(needs, Map):
        for name, count in needs.items():
            yield name, _whole(count)
    else:
        for name in items(needs):
            if isinstance(name, str):
                yield name, 1


def _most_there(resource: Map) -> int | None:
    """The most that can be there at one time: all lines of the roster together, and who is on call. None when it cannot be read."""
    duty = resource.get("on_duty", "1")
    counts = [_whole(count) for count in (duty.values() if isinstance(duty, Map) else [duty])]
    on_call = resource.get("on_call")
    counts.append(_whole(as_map(on_call).get("count", "1")) if on_call is not None else 0)
    return None if None in counts else sum(count for count in counts if count is not None)


def _whole(value: Any) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError):
        return None


def _kept(hospital: Map) -> Found:
    """A resource kept that was not needed."""
    there = {*as_map(hospital.get("staff")), *as_map(hospital.get("equipment"))}
    for activity in as_map(hospital.get("activities")).values():
        needed = {name for name, _ in _counts(as_map(activity).get("needs"))}
        for index, name in enumerate(items(as_map(activity).get("keeps"))):
            if isinstance(name, str) and name in there and name not in needed:
                yield (
                    _place(activity, "keeps", index),
                    Wrong("{name!r} cannot be kept, as it is not among the 'needs' of this activity", name=name),
                )


def _stay_on(hospital: Map) -> Found:
    """People who serve patients and are to stay on for an incident: they go by their shifts."""
    serving = {name for each in as_map(hospital.get("activities")).values() for name, _ in _counts(as_map(each).get("needs"))}  # fmt: skip
    serving |= {str(as_map(as_map(each).get("back_entry")).get("by")) for each in as_map(hospital.get("departments")).values()}  # fmt: skip
    for name, held in as_map(hospital.get("staff")).items():
        if name in serving and isinstance(held, Map) and "stays_on" in held:
            yield (
                held.marks["stays_on"],
                Wrong(
                    "{name!r} serve patients and go by their shifts: 'stays_on' is for people who serve none", name=name
                ),
            )
