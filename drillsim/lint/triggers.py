"""Steps that nobody can reach, steps that wait for each other in a circle, deadlines whose clock never starts."""

from __future__ import annotations

from drillsim.errors import Wrong
from drillsim.lint.finding import Finding, Findings
from drillsim.lint.graph import circles
from drillsim.lint.named import joined
from drillsim.lint.told import event as in_words
from drillsim.lint.told import length
from drillsim.lint.view import View
from drillsim.model.plan import Step


def out_of_reach(view: View) -> Findings:
    """Steps that can never begin or apply, those in a circle once for the circle."""
    lost = [step for step in view.plan.steps if step.id not in view.reach.done]
    waits = {step.id: view.reach.blockers(step) for step in lost}
    rings = circles(waits)
    in_ring = {name for ring in rings for name in ring}
    for ring in rings:
        yield Finding("circular-trigger", view.at(view.steps[ring[0]]), _ring(view, ring), ring[0])
    for step in lost:
        if step.id not in in_ring:
            key, what = _why(view, step, waits[step.id])
            yield Finding("unreachable-step", view.at(step, key), what, step.id)


def _ring(view: View, ring: list[str]) -> Wrong:
    if len(ring) == 1:
        return Wrong("the step {step} waits for something that only it brings about", step=view.named("step", ring[0]))
    return Wrong(
        "these steps wait for what the next one brings about: {circle}",
        circle=joined([view.named("step", name) for name in (*ring, ring[0])], "{first} → {next}"),
    )


def _why(view: View, step: Step, blockers: list[str]) -> tuple[str, Wrong]:
    """Which entry keeps the step from being reached, and how."""
    reach = view.reach
    if step.id in reach.ready and step.only_if is not None:
        return "only_if", Wrong(
            "{step} applies only if {condition!r}, which is never so",
            step=view.named("step", step.id),
            condition=step.only_if.text(),
        )
    missing = [name for name in step.after if name not in reach.ready]
    if missing:
        return "after", Wrong(
            "{step} waits for the step {other}, which nobody can reach",
            step=view.named("step", step.id),
            other=view.named("step", missing[0]),
        )
    if step.on and not any(reach.comes(event) for event in step.on):
        events = ", ".join(event.text() for event in step.on)
        return "on", Wrong(
            "{step} waits for {events!r}, which never happens", step=view.named("step", step.id), events=events
        )
    if step.when is not None and not reach.holds(step.when):
        return "when", Wrong(
            "{step} waits until {condition!r}, which is never so",
            step=view.named("step", step.id),
            condition=step.when.text(),
        )
    return "at", Wrong(
        "{step} waits for {events!r}, which never happens",
        step=view.named("step", step.id),
        events=step.at.text() if step.at else "",
    )


def past_the_end(view: View) -> Findings:
    """Steps at a time of day that comes only after EndEx."""
    if not view.whole:
        return
    for step in view.plan.steps:
        minute = step.at.minute(view.scenario.start_time) if step.at is not None else None
        if minute is not None and minute >= view.scenario.horizon:
            yield Finding("after-the-end", view.at(step, "at"), after_the_end(minute, view.scenario.horizon), step.id)


def after_the_end(minute: float, horizon: float) -> Wrong:
    """That a minute lies past EndEx."""
    return Wrong(
        "this is {minutes} after the start, past the end of the run ({horizon})",
        minutes=length(minute),
        horizon=length(horizon),
    )


def clocks_that_never_start(view: View) -> Findings:
    """Deadlines that count from an event that never happens, of steps that can be reached."""
    for step in view.plan.steps:
        if step.id in view.reach.done and step.within is not None and not view.reach.comes(step.within.event):
            event = in_words(view.scenario, step.within.event)
            yield Finding(
                "clock-never-starts",
                view.at(step, "within"),
                Wrong(
                    "the deadline of {step} counts from when {event}, which never happens",
                    step=view.named("step", step.id),
                    event=event,
                ),
                step.id,
            )


def injects_out_of_reach(view: View) -> Findings:
    """Injects whose moment or condition can never come, or that are always held back; and those at a time of day after EndEx."""
    if not view.whole:
        return
    for number, inject in enumerate(view.scenario.injects):
        name, event = view.named("inject", inject.id), inject.at.event if inject.at is not None else None
        what: tuple[str, Wrong] | None = None
        if event is not None and not view.reach.comes(event):
            what = "at", Wrong("{inject} waits for {events!r}, which never happens", inject=name, events=event.text())
        elif inject.when is not None and not view.reach.holds(inject.when):
            what = "when", Wrong("{inject} waits until {condition!r}, which is never so", inject=name, condition=inject.when.text())  # fmt: skip
        elif inject.only_if is not None and not view.reach.holds(inject.only_if):
            what = "only_if", Wrong("{inject} comes only if {condition!r}, which is never so", inject=name, condition=inject.only_if.text())  # fmt: skip
        if what is not None:
            yield Finding("unreachable-inject", ("injects", number, what[0]), what[1], inject.id)
        minute = inject.at.minute(view.scenario.start_time) if inject.at is not None else None
        if minute is not None and minute >= view.scenario.horizon:
            yield Finding("after-the-end", ("injects", number, "at"), after_the_end(minute, view.scenario.horizon), inject.id)  # fmt: skip


RULES = (injects_out_of_reach, out_of_reach, past_the_end, clocks_that_never_start)
