"""The people of the response in one replication: on duty, busy with steps, called in, and how long steps waited for them."""

from __future__ import annotations

import itertools

from drillsim.model.base import Text
from drillsim.model.scenario import Scenario
from drillsim.score.resources import busy_minutes, duty, duty_minutes, on_steps
from drillsim.score.view import NAN, Figures, View

WAITED_FOR = ("person", "off_shift", "on_the_way")


def responders(scenario: Scenario) -> dict[str, Text]:
    """Staff who hold a role of the plan, and roles that nobody of the staff holds: id → title, in file order."""
    held = {holder for role in scenario.plan.roles.values() for holder in role.holders}
    found = {name: staff.title for name, staff in scenario.hospital.staff.items() if name in held}
    found.update({name: role.title for name, role in scenario.plan.roles.items() if not role.holders})
    return found


def people(view: View) -> Figures:
    """Figures of everybody who holds a role of the plan, from the first fault on (waits of steps for them: through the whole run)."""
    waited = waited_for(view)
    work = on_steps(view)
    window = view.end - view.after
    figures: Figures = {}
    for name in responders(view.scenario):
        present = duty(view, name)
        answers = (e.value for e in view.events("person", name) if e.state == "answered")
        found = {
            "on_duty": duty_minutes(present, view.after, view.end) / window
            if len(present.start) and window > 0
            else NAN,
            "busy": busy_minutes(work[name], view.after, view.end) if name in work else 0.0,
            "called_in": sum(1.0 if number != number else number for number in answers),
            **{f"waited {part}": waited.get((name, part), 0.0) for part in WAITED_FOR},
        }
        figures.update({("person", name, figure): value for figure, value in found.items()})
    return figures


def waited_for(view: View) -> dict[tuple[str, str], float]:
    """(staff, part) → minutes that steps of the plan waited for them: busy, off shift, or on the way. A role's wait is its first holder's."""
    roles = view.scenario.plan.roles
    waited: dict[tuple[str, str], float] = {}
    for step in view.scenario.plan.steps:
        rows = view.events("step", step.id)
        for row, following in itertools.zip_longest(rows, rows[1:]):
            if row.state in WAITED_FOR:
                until = view.end if following is None else min(following.minute, view.end)
                role = row.cause.partition(":")[0]
                holder = roles[role].holders[0] if role in roles and roles[role].holders else role
                waited[holder, row.state] = waited.get((holder, row.state), 0.0) + max(
                    until - max(row.minute, view.start), 0.0
                )
    return waited
