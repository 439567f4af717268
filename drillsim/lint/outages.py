"""What a failure takes away with it, along the graph of what needs what; no minutes, only what can come to stand still."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set

from drillsim.model.systems import Component, Needs, RunsOn


def away(systems: Mapping[str, Component], struck: Set[str]) -> frozenset[str]:
    """All components that give no service, sooner or later, when those struck do not; batteries run down, a fail-over that can fail does.

    A service whose first member is away counts as away unless it surely switches by itself to a member that works.
    """
    if not struck:
        return frozenset()
    known: dict[str, bool] = {}

    def works(name: str) -> bool:
        if name not in known:
            known[name] = False  # for circles, which are told as mistakes
            component = systems.get(name)
            known[name] = component is None or (
                name not in struck
                and met(component.needs)
                and (component.runs_on is None or carried(component.runs_on))
            )
        return known[name]

    def met(needs: Needs) -> bool:
        return satisfied(needs, works)

    def carried(service: RunsOn) -> bool:
        if works(service.members[0]):
            return True
        return service.automatic and service.chance >= 1 and any(works(member) for member in service.members)

    return frozenset(name for name in systems if not works(name))


def satisfied(needs: Needs, works: Callable[[str], bool]) -> bool:
    """Whether needs are met when ``works(name)`` says what works."""

    def item(one: str | Needs) -> bool:
        return works(one) if isinstance(one, str) else satisfied(one, works)

    if needs.any:
        return any(item(one) for one in needs.any)
    if needs.at_least is not None:
        return sum(item(one) for one in needs.of) >= needs.at_least
    return all(item(one) for one in needs.all)
