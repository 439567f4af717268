"""The systems in one replication: how long each was away, against RTO and RPO, what was lost, and how its failover went."""

from __future__ import annotations

import math

from drillsim.model.conditions import AWAY
from drillsim.model.service import NOTICED
from drillsim.model.systems import Component
from drillsim.score.view import NAN, Figures, Stretch, View, clipped, joined

FULLY_UP = "up"
IMPAIRED = ("slow", "read_only")
SWITCHES = ("started", "done", "failed")


def systems(view: View) -> Figures:
    """Figures of every component, and the largest loss of data over all of them."""
    figures: Figures = {}
    for name, component in view.scenario.hospital.systems.items():
        for figure, value in one_component(view, name, component).items():
            figures["component", name, figure] = value
    for worst in ("data_lost", "data_lost_censored", "data_open"):
        lost = [v for (_, _, figure), v in figures.items() if figure == worst and v == v]
        figures["data", "data", worst] = max(lost, default=NAN)
    for whole in ("exposed", "people_exposed", "infected"):
        figures["data", "data", whole] = sum(
            v for (kind, _, figure), v in figures.items() if kind == "component" and figure == whole
        )
    return figures


def to_be_noticed(state: str, factor: float) -> bool:
    """Whether a component is out of order for those who use it: away, read only, or slow by at least ``NOTICED`` (or by nobody knows how much, 1)."""
    return state != FULLY_UP and not (state == "slow" and 1 < factor < NOTICED)


def one_component(view: View, name: str, component: Component) -> dict[str, float]:
    """Figures of one component: minutes away (down, isolated, restoring), impaired, availability, RTO, RPO, failover.

    ``minutes_to_restore`` is its longest outage, in runs that have one; ``away_censored`` 1 when one was still open at EndEx (even a shorter one
    may yet become the longest). ``rto_met`` is NaN when nothing was away, or when an outage still open at EndEx has not used up the RTO yet.
    """
    states = view.stretches("component", name, FULLY_UP)
    outages = joined(states, AWAY)
    longest = max(outages, key=lambda s: s.minutes, default=None)
    away = sum(s.minutes for s in outages)
    lost, lost_at_once = data_lost(view, name, component)
    still_open = any(outage.end >= view.end for outage in outages)
    switched = {e.state for e in view.events("failover", name)}
    return {
        "affected": float(any(to_be_noticed(s.state, s.value) for s in clipped(states, view.after, view.end))),
        "minutes_down": away,
        "minutes_to_restore": longest.minutes if longest else NAN,
        "away_censored": float(still_open),
        "minutes_slow": sum(s.minutes for s in states if s.state in IMPAIRED and to_be_noticed(s.state, s.value)),
        "availability": 1 - away / (view.end - view.start),
        "rto_met": _kept(longest, component.rto, still_open),
        "data_lost": lost,
        "data_lost_censored": float(math.isinf(lost_at_once)),
        "data_open": NAN if lost != lost else float(any(e.state == "open" for e in view.events("data_lost", name))),
        "exposed": exposed(view, name),
        "people_exposed": people_exposed(view, name, component),
        "infected": float(any(e.state == "inside" and e.cause == name for e in view.by_kind["attack"])),
        "rpo_met": NAN if component.rpo is None or lost != lost else float(lost_at_once <= component.rpo + 1e-9),
        **{f"failover {state}": float(state in switched) for state in SWITCHES},
    }


def _kept(longest: Stretch | None, limit: float | None, still_open: bool) -> float:
    if longest is None or limit is None:
        return NAN
    if longest.minutes <= limit + 1e-9:
        return NAN if still_open else 1.0
    return 0.0


def data_lost(view: View, name: str, component: Component) -> tuple[float, float]:
    """(minutes of data lost for good, the most lost at one time); 0 for a component that keeps data and lost none, NaN without data.

    Where no copy was good, everything of this run is lost: the minutes since it began, for the first; without end, for the second. What was
    not brought back before EndEx is lost since the best copy at least, and without end for the second: by then nobody has it.
    """
    found = [e for e in view.events("data_lost", name) if e.value == e.value]
    rows = [e for e in found if e.minute < view.end or e.state == "open"]
    if not rows:
        return (0.0, 0.0) if component.data or component.rpo is not None else (NAN, NAN)
    everything = max((e.minute - view.log.began for e in rows if math.isinf(e.value)), default=0.0)
    at_once = max(math.inf if e.state == "open" else e.value for e in rows)
    return max(everything, sum(e.value for e in rows if math.isfinite(e.value))), at_once


def exposed(view: View, name: str) -> float:
    """Minutes in which the data of a component could be taken and read by somebody; twice the minutes while two could."""
    return sum(exposed_to(view, name).values())


def exposed_to(view: View, name: str) -> dict[str, float]:
    """Fault → minutes in which its attacker could take the data of a component and read them."""
    since: dict[str, float] = {}
    minutes: dict[str, float] = {}
    for row in view.events("exposed", name):
        if row.state == "read":
            since[row.cause] = row.minute
        elif row.state == "ended" and row.cause in since:
            minutes[row.cause] = minutes.get(row.cause, 0.0) + row.minute - since.pop(row.cause)
    for fault, minute in since.items():
        minutes[fault] = minutes.get(fault, 0.0) + view.end - minute
    return minutes


def people_exposed(view: View, name: str, component: Component) -> float:
    """People whose data could be taken and read: the share of the component's ``people`` that those minutes allow, by the attacker who took most."""
    takes = {fault.id: fault.attack.takes_out for fault in view.scenario.faults}
    taken = exposed_to(view, name).items()
    shares = [min(1.0, minutes / takes[fault]) if takes.get(fault) else 1.0 for fault, minutes in taken]
    people = component.data.people if component.data is not None else 0
    return people * max(shares, default=0.0)
