"""What stays the same in every replication of a scenario, worked out once: orders, groups, and who leans on whom."""

from __future__ import annotations

from dataclasses import dataclass

from drillsim import units
from drillsim.errors import SimulationError, Wrong
from drillsim.model import service
from drillsim.model.care import all_nodes
from drillsim.model.hospital import Hospital
from drillsim.model.hours import Hours, covered
from drillsim.model.plan import Plan
from drillsim.model.scenario import Scenario
from drillsim.sim.calendar import Calendar, Shift


@dataclass(frozen=True)
class Prepared:
    """``order``: components, each after all it leans on; ``users``: component → positions in ``order`` of those that lean on it.

    ``done_in``: department → its activities; ``turns_to``: activity → those of the same department that its patients turn to when it takes too long. ``members``: group → departments, with ``all``. ``in_use``: components whose
    return means ``restored``; ``kept``: those whose return means ``all_back``. ``seen``: components whose trouble users and patients notice. ``followers``: step → all steps that come after it,
    directly or not. ``shifts`` and ``on_call`` are the hours of each staff role, ``open`` those of the departments and
    ``during`` those of the plan's steps that have any, and of the injects. ``practised``: role of the staff → minutes since its last drill, and since it last brought data back.
    """

    calendar: Calendar
    shifts: dict[str, list[Shift]]
    on_call: dict[str, list[Shift]]
    open: dict[str, Hours]
    during: dict[str, Hours]
    order: tuple[str, ...]
    position: dict[str, int]
    users: dict[str, tuple[int, ...]]
    done_in: dict[str, tuple[str, ...]]
    turns_to: dict[str, tuple[str, ...]]
    members: dict[str, tuple[str, ...]]
    in_use: frozenset[str]
    kept: frozenset[str]
    seen: tuple[str, ...]
    followers: dict[str, frozenset[str]]
    practised: dict[str, tuple[float | None, float | None]]


def prepare(scenario: Scenario) -> Prepared:
    """The unchanging parts of a scenario; those of the few scenarios asked for last are kept.

    Raises SimulationError when components lean on each other in a circle.
    """
    global _kept
    found = next((prepared for known, prepared in _kept if known is scenario), None)
    if found is None:
        found = _prepare(scenario)
        _kept = [(scenario, found), *_kept[: KEEP - 1]]
    return found


KEEP = 4  # scenarios that are played in turns, such as variants on the same luck
_kept: list[tuple[Scenario, Prepared]] = []


def _prepare(scenario: Scenario) -> Prepared:
    hospital, systems = scenario.hospital, scenario.hospital.systems
    upstream = {name: component.upstream for name, component in systems.items()}
    order = _in_order(upstream, -scenario.warm_up)
    position = {name: place for place, name in enumerate(order)}
    users: dict[str, list[int]] = {name: [] for name in systems}
    for name in order:
        for needed in upstream[name]:
            users[needed].append(position[name])
    kept = service.kept(hospital)
    used = tuple(dict.fromkeys(c for a in hospital.activities.values() for c in a.uses))
    calendar = Calendar(hospital, scenario.start_time, 0.0 - scenario.warm_up, scenario.horizon)
    return Prepared(
        calendar=calendar,
        shifts={name: calendar.shifts(staff.on_duty) for name, staff in hospital.staff.items()},
        on_call={
            name: calendar.shifts({staff.on_call.hours: 1})
            for name, staff in hospital.staff.items()
            if staff.on_call is not None and staff.on_call.hours != "always"
        },
        open={name: _hours(scenario, d.open) for name, d in hospital.departments.items() if d.open},
        during={
            name: _hours(scenario, lines)
            for name, lines in (
                *((step.id, step.during) for step in scenario.plan.steps),
                *((inject.id, inject.during) for inject in scenario.injects),
            )
            if lines
        },
        order=order,
        position=position,
        users={name: tuple(places) for name, places in users.items()},
        done_in=_done_in(hospital),
        turns_to=_turns_to(hospital),
        members=_groups(hospital),
        in_use=service.in_use(hospital),
        kept=kept,
        seen=used or tuple(n for n in order if n in kept),
        followers=_followers(scenario.plan),
        practised=scenario.last_practised(),
    )


def _hours(scenario: Scenario, lines: tuple[str, ...]) -> Hours:
    began, end = 0.0 - scenario.warm_up, scenario.horizon + units.DAY
    return covered(scenario.hospital, lines, scenario.start_time, began, end)


def _in_order(upstream: dict[str, tuple[str, ...]], minute: float) -> tuple[str, ...]:
    """Names so that each comes after all it leans on, otherwise in file order."""
    found: dict[str, None] = {}
    path: list[str] = []

    def visit(name: str) -> None:
        if name in found:
            return
        if name in path:
            circle = ", ".join(path[path.index(name) :])
            raise SimulationError(Wrong("these systems need each other in a circle: {circle}", circle=circle), minute)
        path.append(name)
        for needed in upstream[name]:
            visit(needed)
        path.pop()
        found[name] = None

    for name in upstream:
        visit(name)
    return tuple(found)


def _done_in(hospital: Hospital) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {department: [] for department in hospital.departments}
    for name, activity in hospital.activities.items():
        if activity.department is not None:
            found[activity.department].append(name)
    return {department: tuple(names) for department, names in found.items()}


def _turns_to(hospital: Hospital) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {name: {} for name in hospital.activities}
    for pathway in hospital.pathways.values():
        stops = {node.id: node.do for node in all_nodes(pathway.route)}
        for do in filter(None, stops.values()):
            activity = hospital.activities[do]
            other = stops.get(activity.if_impatient) if activity.patience is not None else None
            if other is not None and hospital.activities[other].department == activity.department:
                found[do][other] = None
    return {name: tuple(others) for name, others in found.items()}


def _groups(hospital: Hospital) -> dict[str, tuple[str, ...]]:
    groups: dict[str, list[str]] = {}
    for name, department in hospital.departments.items():
        groups.setdefault(department.group, []).append(name)
    members = {group: tuple(names) for group, names in groups.items()}
    return {**members, "all": tuple(hospital.departments)}


def _followers(plan: Plan) -> dict[str, frozenset[str]]:
    following: dict[str, set[str]] = {step.id: set() for step in plan.steps}
    for step in plan.steps:
        for before in step.after:
            following[before].add(step.id)

    def reach(step: str) -> frozenset[str]:
        found: set[str] = set()
        waiting = list(following[step])
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting.extend(following[name])
        return frozenset(found)

    return {step: reach(step) for step in following}
