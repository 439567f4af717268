"""A hospital's records made into what the engine works with: pools, activities, desks, pathways, and everybody who will arrive."""

from __future__ import annotations

from heapq import heappush
from typing import TYPE_CHECKING

import numpy as np

from drillsim.errors import SimulationError, Wrong
from drillsim.model.care import Activity, all_nodes
from drillsim.sim.flow import coarse, holding, shifts
from drillsim.sim.flow.arrivals import arrivals
from drillsim.sim.flow.events import OTHER, SHIFT
from drillsim.sim.flow.paper import Desk
from drillsim.sim.flow.pools import Pool
from drillsim.sim.flow.routes import FOREVER, LOOP, Path, Stop, Work

if TYPE_CHECKING:
    from drillsim.sim.flow.engine import Flow


def build(flow: Flow) -> None:
    """Make everything; nothing has happened yet."""
    _pools(flow)
    _places(flow)
    _paths(flow)
    _coming(flow)
    for work in flow.works.values():
        holding.refresh(flow, work)


def _visited(flow: Flow) -> dict[str, Activity]:
    """The activities that some pathway visits."""
    pathways, activities = flow.hospital.pathways.values(), flow.hospital.activities
    visited = dict.fromkeys(node.do for pathway in pathways for node in all_nodes(pathway.route) if node.do)
    return {name: activities[name] for name in visited}


def _pools(flow: Flow) -> None:
    """The people and things that these activities and the typing in of their departments need, and every turn of their shifts."""
    hospital, resources = flow.hospital, flow.hospital.resources
    activities = _visited(flow).values()
    wanted = {resource for activity in activities for resource in activity.needs}
    departments = {activity.department for activity in activities if activity.department}
    wanted |= {entry.by for name in departments if (entry := hospital.departments[name].back_entry)}
    for name in (name for name in resources if name in wanted):
        pool = flow.pools[name] = Pool(name, resources[name])
        lines, together = resources[name].on_duty, max((a.needs.get(name, 1) for a in activities), default=1)
        pool.people, whole = shifts.roster(flow.calendar, lines)
        played = coarse.on_duty(lines, flow.stands_for, together)
        pool.rostered, turns = shifts.roster(flow.calendar, played)
        pool.capacity, pool.together = pool.rostered, together
        pool.rounded_up = any(played[hours] * flow.stands_for > count for hours, count in lines.items())
        pool.free = pool.capacity
        coarse.set_lag(pool, flow.stands_for)
        hands_over = pool.policy == "hand_over" and any(turn.ending for turn in turns)
        pool.interruptible = pool.pre_emptive or pool.policy == "stop" or hands_over
        for turn, people in zip(turns, whole, strict=True):
            more = people.starting - people.ending
            flow.turns.setdefault(turn.minute, []).append(turn._replace(pool=pool, people=more))
    for minute in sorted(flow.turns):
        heappush(flow.heap, (minute, SHIFT + next(flow.codes) + OTHER, -1))


def _places(flow: Flow) -> None:
    """The activities, and the desks of their departments."""
    nobody = Pool("", None)
    nobody.free = FOREVER
    flow.works = {name: Work(name, activity, flow.pools, nobody) for name, activity in _visited(flow).items()}
    departments = {work.department for work in flow.works.values()}
    flow.desks = {
        name: Desk(name, record, flow.pools, nobody, coarse.slower_typing(flow.whole, name, flow.stands_for))
        for name, record in flow.hospital.departments.items()
        if name in departments
    }
    for work in flow.works.values():
        if work.department:
            flow.desks[work.department].works.append(work)


def _paths(flow: Flow) -> None:
    """Every pathway with its patients and all their luck."""
    for name, pathway in flow.hospital.pathways.items():
        minutes, numbers = arrivals(pathway.arrivals, name, flow.streams, flow.calendar)
        minutes, numbers = coarse.chosen(minutes, numbers, flow.stands_for)
        path = Path(name, pathway, minutes, numbers, flow.streams, flow.calendar)
        for node in all_nodes(pathway.route):
            if node.do:
                path.codes[node.id] = len(flow.table)
                flow.table.append((name, node.id, node.do))
        path.build(flow.works)
        flow.paths.append(path)


def _coming(flow: Flow) -> None:
    """Everybody who will arrive, by minute, then in the order of the pathways."""
    arriving = [path.arrived[: path.arriving] for path in flow.paths]
    minutes = np.concatenate([np.empty(0), *arriving])
    order = np.argsort(minutes, kind="stable")
    which = np.repeat(np.arange(len(arriving)), [len(a) for a in arriving])[order]
    who = np.concatenate([np.empty(0, dtype=np.intp), *(np.arange(len(a)) for a in arriving)])[order]
    firsts = [path.first for path in flow.paths]
    flow.coming = [*minutes[order].tolist(), FOREVER]
    flow.coming_to = [firsts[p] for p in which.tolist()]
    flow.coming_who = who.tolist()


def place_present(flow: Flow, path: Path) -> None:
    """Put those present at the start at their stops: they are being served, whether or not there are people for all of them."""
    patient, began = path.arriving, flow.calendar.began
    for name, number in path.pathway.present.items():
        door = path.stops[name]
        if not door.node.do:
            raise SimulationError(
                Wrong(
                    "pathway {pathway}: nobody can be present at {stop!r}, where nothing is done",
                    pathway=path.name,
                    stop=name,
                ),
                began,
            )
        for left in path.stay(door, number).tolist():
            stop: Stop = path.version(door, patient, began) if door.kind == LOOP else door
            visit = flow.ask(stop, patient, began)
            path.inside(stop, patient)
            for pool, n in stop.work.needs:
                pool.free -= n
            flow.started[visit] = began
            flow.run(visit, stop, began + left)
            patient += 1
