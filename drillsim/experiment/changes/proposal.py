"""A change to try, and what it is drawn from: a scenario with what its runs show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from drillsim.model.base import Text
from drillsim.model.costs import Cost
from drillsim.model.scenario import Scenario
from drillsim.score.evidence import Evidence
from drillsim.sim.calendar import Calendar
from drillsim.texts import say

WORTH_A_TRY = 1.0  # minutes a run; what holds less is not worth a change


@dataclass(frozen=True)
class Proposal:
    """A change: its ``name``, a title in both languages, path → value, what it costs (of the scenario's own variants), why it is proposed
    (minutes a run it aims at; None without evidence) and what must be thought of before it is made."""

    name: str
    title: Text
    set: Mapping[str, object]
    kind: str
    minutes: float | None = None
    caution: Text | None = None
    cost: Cost | None = None
    about: str = ""  # the staff it is meant to relieve

    @property
    def targets(self) -> frozenset[str]:
        """What it acts on: the people, roles, steps, systems and values it changes, and whom it is meant to relieve."""
        changed = {".".join(path.split(".")[:3]) for path in self.set}
        return frozenset(changed | ({f"hospital.staff.{self.about}"} if self.about else set()))


@dataclass
class Shown:
    """A scenario with what its runs show, and when it fails."""

    scenario: Scenario
    evidence: Evidence
    failed: float = field(init=False)

    def __post_init__(self) -> None:
        moments = [f.at.minute(self.scenario.start_time) for f in self.scenario.faults]
        self.failed = min((m for m in moments if m is not None), default=0.0)
        self.calendar = Calendar(self.scenario.hospital, self.scenario.start_time, -self.scenario.warm_up, self.scenario.horizon)  # fmt: skip

    def line(self, staff: str) -> str | None:
        """The line of the roster by which they are on duty when it fails, or in the hour after it; None when none is."""
        on_duty = self.scenario.hospital.staff[staff].on_duty
        for minute in (self.failed, self.failed + 30, self.failed + 60):
            for hours, count in on_duty.items():
                if count and self.on(hours, minute):
                    return hours
        return None

    def on(self, hours: str, minute: float) -> bool:
        """Whether a line of a roster covers a minute."""
        return hours == "always" or self.calendar.on(hours, minute)


def text(message: str, **values: Text | str | int) -> Text:
    """The message in both languages, titles in each of them."""

    def filled(language: str) -> str:
        return say(
            message, language, **{k: v.in_language(language) if isinstance(v, Text) else v for k, v in values.items()}
        )

    return Text(en=filled("en"), zh=filled("zh"))


def waited(shown: Shown, *parts: str) -> Iterator[tuple[str, float]]:
    """Roles of the plan that steps waited for, with minutes a run."""
    for cause, minutes in shown.evidence.of(*parts):
        if cause in shown.scenario.plan.roles and minutes >= WORTH_A_TRY:
            yield cause, minutes
