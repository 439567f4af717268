"""Coarse flow: of ``k`` patients one is played, with the luck it has among all of them, and stands for the others.

Each pool has a ``k``-th of its people, rounded up. What is rounded up is made good by time: after each service its people stay bound for as long as
the patients would have kept them for whom this one stands (``Pool.lag``), while the patient goes on. So a pool works as much as in the
whole hospital, and nobody's own work takes longer. Outside of the engine everything is counted in the people, patients and forms of
the whole hospital.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from drillsim.model.care import Activity, Department, Pathway
from drillsim.model.hospital import Hospital

if TYPE_CHECKING:
    from drillsim.sim.draws import Floats
    from drillsim.sim.flow.arrivals import Numbers
    from drillsim.sim.flow.pools import Pool


def hospital(whole: Hospital, k: int) -> Hospital:
    """The hospital as the engine plays it: who is there at the start, room to wait, and how many type in, each a ``k``-th."""
    if k == 1:
        return whole
    return whole.model_copy(
        update={
            "pathways": {name: _pathway(record, k) for name, record in whole.pathways.items()},
            "activities": {name: _activity(record, k) for name, record in whole.activities.items()},
            "departments": {name: _department(record, k) for name, record in whole.departments.items()},
        }
    )


def _pathway(record: Pathway, k: int) -> Pathway:
    return record.model_copy(update={"present": {stop: round(number / k) for stop, number in record.present.items()}})


def _activity(record: Activity, k: int) -> Activity:
    return record if record.room is None else record.model_copy(update={"room": ceil(record.room / k)})


def _department(record: Department, k: int) -> Department:
    entry = record.back_entry
    if entry is None or entry.at_once is None:
        return record
    fewer = entry.model_copy(update={"at_once": ceil(entry.at_once / k)})
    return record.model_copy(update={"back_entry": fewer})


def slower_typing(whole: Hospital, department: str, k: int) -> float:
    """How much longer an item takes to type where a ``k``-th of those who may type at once had to be rounded up."""
    entry = whole.departments[department].back_entry
    return 1.0 if entry is None or not entry.at_once else k * ceil(entry.at_once / k) / entry.at_once


def chosen(minutes: Floats, numbers: Numbers, k: int) -> tuple[Floats, Numbers]:
    """Every ``k``-th of those who arrive, from the middle of the first ``k`` on."""
    return minutes[(k - 1) // 2 :: k], numbers[(k - 1) // 2 :: k]


def on_duty(lines: dict[str, int], k: int, together: int) -> dict[str, int]:
    """The lines of a roster with a ``k``-th of their people, rounded up; at least as many as an activity needs ``together``."""
    return {hours: max(ceil(count / k), min(count, together)) for hours, count in lines.items()}


def set_lag(pool: Pool, k: int) -> None:
    """How long the people of a pool stay bound after a service, as a multiple of it; 0 where a ``k``-th is a whole number."""
    pool.lag = max(k * pool.capacity / pool.people - 1.0, 0.0) if k > 1 and pool.people > 0 else 0.0


def lent(number: int, k: int) -> int:
    """How many of the people played are kept back for a step that wants so many: one at least."""
    return number if k == 1 or number == 0 else max(1, round(number / k))


def beside(pool: Pool, change: int, k: int) -> int:
    """So many more (or fewer) people are there beside the roster; gives how many of those played come or go.

    While anybody is, a ``k``-th of all who are there is played, rounded up, and nobody when nobody is there.
    """
    pool.beside += change
    pool.people += change
    if k == 1 or not pool.beside:
        return pool.rostered + (pool.beside if k == 1 else 0) - pool.capacity
    return max(ceil(pool.people / k), min(pool.people, pool.together), 0) - pool.capacity
