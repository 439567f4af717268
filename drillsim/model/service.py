"""Which systems count when it is said that they are back: those that the work leans on, and all that somebody answers for."""

from collections.abc import Iterable, Iterator

from drillsim.model.hospital import Hospital
from drillsim.model.systems import Needs


def in_use(hospital: Hospital) -> frozenset[str]:
    """Systems that activities use, with everything such a system cannot do without: what the event ``restored`` speaks of.

    Of several that can stand in for each other (``any``, ``at_least``, members of ``runs_on``) none is indispensable, so a standby that is being
    rebuilt is not among them, nor are reports that no department works with. Where no activity uses a system: all that somebody answers for.
    """
    used = (name for activity in hospital.activities.values() for name in activity.uses)
    return frozenset(_indispensable(hospital, used)) or _answered_for(hospital)


def kept(hospital: Hospital) -> frozenset[str]:
    """Systems with an RTO or a tier (where none has one, all of them) and those in use: what the event ``all_back`` speaks of."""
    return _answered_for(hospital) | in_use(hospital)


def _answered_for(hospital: Hospital) -> frozenset[str]:
    systems = hospital.systems
    return frozenset(n for n, c in systems.items() if c.rto is not None or c.tier is not None) or frozenset(systems)


def _indispensable(hospital: Hospital, names: Iterable[str]) -> set[str]:
    found, waiting = set[str](), list(names)
    while waiting:
        name = waiting.pop()
        if name not in found and name in hospital.systems:
            found.add(name)
            waiting.extend(_all_of(hospital.systems[name].needs))
    return found


def _all_of(needs: Needs) -> Iterator[str]:
    for item in needs.all:
        if isinstance(item, str):
            yield item
        else:
            yield from _all_of(item)


MEANT = {"restored": in_use, "all_back": kept}
"""Milestone → the systems of which none is away any more."""


NOTICED = 1.25
"""Times as long from which on a slower system is noticed: nobody sees the tenth that a backup at night costs (an assumption, see limits.md)."""
