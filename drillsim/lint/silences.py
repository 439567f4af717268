"""Silences: findings that the plan says are meant to be so, with a reason; those that silence nothing are told."""

from __future__ import annotations

from drillsim.errors import Wrong
from drillsim.lint.finding import RULES, Finding, Findings
from drillsim.model.base import Text
from drillsim.model.plan import Plan


class Silences:
    """What the plan and its steps silence, and which of it was needed."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan.silence
        self._steps = [step.silence for step in plan.steps]
        self._used: set[tuple[int | None, str]] = set()

    def reason(self, finding: Finding) -> Text | None:
        """Why the finding is meant to be so, by its step or by the plan; None when nothing silences it."""
        if finding.path[:2] == ("plan", "steps") and len(finding.path) > 2:
            number = finding.path[2]
            assert isinstance(number, int)
            if finding.rule in self._steps[number]:
                self._used.add((number, finding.rule))
                return self._steps[number][finding.rule]
        for name in (f"{finding.rule} {finding.subject}", finding.rule):
            if name in self._plan:
                self._used.add((None, name))
                return self._plan[name]
        return None

    def told(self, *, unused: bool) -> Findings:
        """Silences of rules that do not exist, and (when they can be judged) those that silence nothing."""
        entries: list[tuple[int | None, str]] = [(None, name) for name in self._plan]
        entries += [(number, name) for number, held in enumerate(self._steps) for name in held]
        for number, name in entries:
            path = ("plan", "silence", name) if number is None else ("plan", "steps", number, "silence", name)
            if (name.split()[0] if name.strip() else "") not in RULES:
                known = ", ".join(rule for rule in RULES if rule != "silence")
                yield Finding(
                    "silence", path, Wrong("there is no rule {rule!r}; known are {known}", rule=name, known=known), name
                )
            elif unused and (number, name) not in self._used:
                yield Finding("silence", path, Wrong("nothing is found that {rule!r} would silence", rule=name), name)
