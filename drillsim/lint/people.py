"""Roles without a holder or a deputy at some hour of the week, people who are needed twice at once, reports nobody may make at night."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

from drillsim.errors import Wrong
from drillsim.lint.finding import Finding, Findings
from drillsim.lint.named import joined
from drillsim.lint.paths import NEVER, paths, typical
from drillsim.lint.told import length
from drillsim.lint.view import View
from drillsim.lint.week import hours
from drillsim.model.plan import Step


def holders(view: View) -> Findings:
    """Roles with steps that nobody, or only one person, holds at some hours."""
    needed = dict.fromkeys(role for step in view.plan.steps for role in demands(step))
    for role in needed:
        if not view.week.known(role):
            continue
        numbers = view.week.holding(role)
        path = ("plan", "roles", role)
        if not any(numbers):
            what = Wrong(
                "nobody ever holds the role {role}: {staff} are never on duty and not on call",
                role=view.named("role", role),
                staff=view.all_named("staff", view.plan.roles[role].holders),
            )
            yield Finding("no-holder", path, what, role)
            continue
        hours_of = [step.during for step in view.plan.steps if role in demands(step)]
        wanted = [any(view.week.within(lines, n) for lines in hours_of) for n in range(len(numbers))]
        if none := view.week.where(lambda n, numbers=numbers, wanted=wanted: wanted[n] and numbers[n] == 0):  # type: ignore[misc]
            yield Finding(
                "no-holder",
                path,
                Wrong("nobody holds the role {role}: {hours}", role=view.named("role", role), hours=hours(none)),
                role,
            )
        if one := view.week.where(lambda n, numbers=numbers, wanted=wanted: wanted[n] and numbers[n] == 1):  # type: ignore[misc]
            yield Finding(
                "no-deputy",
                path,
                Wrong(
                    "only one person can take the role {role}: {hours}", role=view.named("role", role), hours=hours(one)
                ),
                role,
            )


def demands(step: Step) -> dict[str, int]:
    """How many people of each role a step takes together."""
    wanted = {step.owner: 1}
    for role, count in step.with_roles.items():
        wanted[role] = wanted.get(role, 0) + count
    return wanted


def can_be_had(view: View, wanted: Mapping[str, int], stretch: int) -> bool:
    """Whether so many people of each role can be there at once in a stretch of the week, nobody counted twice (a matching)."""
    roles = [role for role, count in wanted.items() for _ in range(count)]
    numbers = {role: [(h, view.week.persons(h)[stretch]) for h in view.plan.roles[role].holders] for role in wanted}
    places = {
        role: [(h, n) for h, count in held for n in range(min(count, len(roles)))] for role, held in numbers.items()
    }
    taken: dict[tuple[str, int], int] = {}

    def find(number: int, seen: set[tuple[str, int]]) -> bool:
        for person in places[roles[number]]:
            if person not in seen:
                seen.add(person)
                if person not in taken or find(taken[person], seen):
                    taken[person] = number
                    return True
        return False

    return all(find(number, set()) for number in range(len(roles)))


def together(view: View) -> Findings:
    """Steps that take more people together than there are, though each role alone is held."""
    for step in view.plan.steps:
        wanted = demands(step)
        if sum(wanted.values()) < 2 or not all(view.week.known(role) for role in wanted):
            continue
        short = [n for n in _short(view, wanted) if view.week.within(step.during, n)]
        if not short:
            continue
        roles = joined(
            Wrong("{role} × {count}", role=view.named("role", role), count=count)
            if count > 1
            else view.named("role", role)
            for role, count in wanted.items()
        )
        if len(short) == len(view.week.stretches):
            what = Wrong(
                "{step} takes {roles} together, and there are never so many people",
                step=view.named("step", step.id),
                roles=roles,
            )
            yield Finding("one-person-two-roles", view.at(step, "with"), what, step.id)
        else:
            when = hours(view.week.stretches[n] for n in short)
            what = Wrong(
                "{step} takes {roles} together, and there are too few people: {hours}",
                step=view.named("step", step.id),
                roles=roles,
                hours=when,
            )
            yield Finding("one-person-two-roles", view.at(step, "with"), what, step.id, "warning")


def _short(view: View, wanted: Mapping[str, int]) -> list[int]:
    """Stretches in which each role has a holder, and all together have too few; worked out once for the same demands."""
    key = frozenset(wanted.items())
    if key not in view.week.short:
        view.week.short[key] = _found_short(view, wanted)
    return view.week.short[key]


def _found_short(view: View, wanted: Mapping[str, int]) -> list[int]:
    alone = [view.week.holding(role) for role in wanted]
    enough: dict[int, bool] = {}
    found = []
    for number, kind in enumerate(view.week.kinds):
        if kind not in enough:
            enough[kind] = not all(numbers[kind] for numbers in alone) or can_be_had(view, wanted, kind)
        if not enough[kind]:
            found.append(number)
    return found


def side_by_side(view: View) -> Findings:
    """Two steps that begin together, need the same people, and cannot both be in time one after the other."""
    together: dict[tuple[object, ...], list[Step]] = {}
    for step in view.plan.steps:
        if step.within is not None and all(view.week.known(role) for role in demands(step)):
            together.setdefault(_triggers(step), []).append(step)
    for steps in together.values():
        for first, second in combinations(steps, 2):
            if first.owner == second.owner or not _both_late(view, first, second):
                continue
            both = dict(demands(first))
            for role, count in demands(second).items():
                both[role] = both.get(role, 0) + count
            short = [
                n
                for n in _short(view, both)
                if can_be_had(view, demands(first), n) and can_be_had(view, demands(second), n)
            ]
            if short:
                when = hours(view.week.stretches[n] for n in short)
                what = Wrong(
                    "{first} and {second} begin together and need the same person; one after the other takes {minutes}: {hours}",
                    first=view.named("step", first.id), second=view.named("step", second.id), hours=when, minutes=length(typical(first.takes) + typical(second.takes)),
                )  # fmt: skip
                yield Finding("roles-in-parallel", view.at(second, "owner"), what, second.id)


def _triggers(step: Step) -> tuple[object, ...]:
    return (
        frozenset(step.after),
        frozenset(e.text() for e in step.on),
        step.when and step.when.text(),
        step.at and step.at.text(),
        step.during,
    )


def _both_late(view: View, first: Step, second: Step) -> bool:
    """Whether whichever of the two comes second is late in typical minutes."""
    return all(_late(view, one, typical(other.takes)) for one, other in ((first, second), (second, first)))


def _late(view: View, step: Step, waited: float) -> bool:
    assert step.within is not None
    ready = paths(view, step.within.event.text(), usually=True).ready(step).minutes
    return (0.0 if ready == NEVER else ready) + waited + typical(step.takes) > step.within.minutes


def reports(view: View) -> Findings:
    """Reports to the outside without a clock, or whose owner is not there at some hours."""
    for step in view.plan.steps:
        if step.report_to is None:
            continue
        if step.within is None:
            what = Wrong("{step} reports to the outside without a deadline", step=view.named("step", step.id))
            yield Finding("report-without-clock", view.at(step, "report_to"), what, step.id)
            continue
        wanted = [role for role in demands(step) if view.week.known(role)]
        none = view.week.where(lambda n, wanted=wanted: any(view.week.holding(role)[n] == 0 for role in wanted))  # type: ignore[misc]
        if wanted and none:
            what = Wrong(
                "the report clock of {step} runs, and nobody who could report is there: {hours}",
                step=view.named("step", step.id),
                hours=hours(none),
            )
            yield Finding("clock-without-owner", view.at(step, "owner"), what, step.id)


RULES = (holders, together, side_by_side, reports)
