"""Which systems are foreseen to be away and when, if every fault happens that is more likely than not and every step succeeds at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from drillsim.model.durations import Distribution
from drillsim.model.scenario import Fault, Scenario
from drillsim.model.systems import Component, Needs, selected

FOREVER = float("inf")


class Span(NamedTuple):
    """From one minute since StartEx until another; FOREVER when no end is foreseen."""

    start: float
    end: float


def usual(distribution: Distribution) -> float:
    """The usual minutes of a duration: its median when that is given, else its mean."""
    return distribution.parameters.get("median", distribution.mean)


def away(scenario: Scenario, times: Mapping[str, float]) -> dict[str, Span]:
    """Component → when it is foreseen to give no service, hit itself or through what it leans on; others are not in it.

    Batteries, rooms and sessions last as long as usual. A service on several members goes with its first: a briefing tells what is done when the
    switch does not come by itself.
    """
    systems, spans = scenario.hospital.systems, _own(scenario, times, slowly=False)
    return _grown(systems, spans, lambda component: _without(component, spans))


def slow(scenario: Scenario, times: Mapping[str, float]) -> dict[str, Span]:
    """Component → when it is foreseen to be slow: hit by a fault that slows, or leaning on what is."""
    systems, spans = scenario.hospital.systems, _own(scenario, times, slowly=True)
    return _grown(systems, spans, lambda component: _together(spans.get(up) for up in component.upstream))


def _own(scenario: Scenario, times: Mapping[str, float], *, slowly: bool) -> dict[str, Span]:
    """What the faults themselves take away, or slow down."""
    systems, spans = scenario.hospital.systems, dict[str, Span]()
    for fault in scenario.faults:
        if fault.id not in times or fault.chance < 0.5 or fault.nature.takes not in ("away", "slow"):
            continue
        begins = times[fault.id] + usual(fault.attack.hidden)
        ends = begins + usual(fault.lasts) if fault.lasts is not None else times.get("restored", FOREVER)
        for name in _hit(systems, fault):
            if _slows(fault, systems[name]) == slowly:
                span = _together((spans.get(name), Span(begins, max(begins, ends))))
                assert span is not None
                spans[name] = span
    return spans


def _hit(systems: dict[str, Component], fault: Fault) -> list[str]:
    """What a fault takes: its target, and all that malware reaches."""
    names = dict.fromkeys(selected(systems, fault.target))
    if fault.nature.attack == "spreads" and fault.attack.encrypts:
        names |= dict.fromkeys(n for selector in fault.attack.reaches for n in selected(systems, selector))
    return list(names)


def _slows(fault: Fault, component: Component) -> bool:
    """Whether service goes on more slowly: the fault only slows, or leaves some machines of a fleet."""
    return fault.nature.takes == "slow" or (fault.nature.by_share and component.count > 1 and fault.severity < 1)


def _grown(
    systems: dict[str, Component], spans: dict[str, Span], follows: Callable[[Component], Span | None]
) -> dict[str, Span]:
    """Add what follows from what is in ``spans``, until nothing more does."""
    for _ in systems:
        more = {n: span for n, c in systems.items() if n not in spans and (span := follows(c)) is not None}
        if not more:
            break
        spans |= more  # in place: ``follows`` looks at it
    return spans


def _without(component: Component, spans: dict[str, Span]) -> Span | None:
    """When a component lacks what it needs, once it has used up what it rides through with."""
    lacking = _lacking(component.needs, spans)
    if component.runs_on is not None:
        lacking = _together((lacking, spans.get(component.runs_on.members[0])))
    if lacking is None:
        return None
    start = lacking.start + usual(component.rides_through)
    return Span(start, lacking.end) if start < lacking.end else None


def _lacking(needs: Needs, spans: dict[str, Span]) -> Span | None:
    def each(items: Iterable[str | Needs]) -> list[Span | None]:
        return [spans.get(item) if isinstance(item, str) else _lacking(item, spans) for item in items]

    if needs.all:
        return _together(each(needs.all))
    items = each(needs.any or needs.of)
    lost = sorted(span for span in items if span is not None)
    too_many = len(items) - (needs.at_least or 1)  # so many may be lost
    return lost[too_many] if items and len(lost) > too_many else None


def _together(spans: Iterable[Span | None]) -> Span | None:
    """From the first of their beginnings to the last of their ends."""
    found = [span for span in spans if span is not None]
    return Span(min(s.start for s in found), max(s.end for s in found)) if found else None
