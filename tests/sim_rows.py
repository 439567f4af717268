"""Reading the rows of a log in tests."""

from __future__ import annotations

from drillsim.log.rows import Event, Log
from drillsim.model.scenario import Scenario
from drillsim.sim.run import replicate
from tests.builder import a_scenario


def play(*, replication: int = 0, seed: int = 1, with_faults: bool = True, **parts: object) -> Log:
    """The log of one replication of a small scenario."""
    return replicate(a_scenario(**parts), seed=seed, replication=replication, with_faults=with_faults)


def again(scenario: Scenario, replication: int = 0) -> Log:
    """The log of one replication of a scenario."""
    return replicate(scenario, seed=1, replication=replication)


def rows(log: Log, kind: str, subject: str | None = None) -> list[Event]:
    """Rows of one kind, and about one subject."""
    return [row for row in log.events if row.kind == kind and subject in (None, row.subject)]


def story(log: Log, kind: str, subject: str) -> list[tuple[float, str]]:
    """(minute, state) of the rows about one subject."""
    return [(row.minute, row.state) for row in rows(log, kind, subject)]


def causes(log: Log, kind: str, subject: str) -> list[tuple[float, str, str]]:
    """(minute, state, cause) of the rows about one subject."""
    return [(row.minute, row.state, row.cause) for row in rows(log, kind, subject)]


def reached(log: Log) -> dict[str, float]:
    """Event → minute it happened first."""
    return {row.subject: row.minute for row in rows(log, "reached")}


def done(log: Log) -> dict[str, float]:
    """Step → minute it was done last."""
    return {row.subject: row.minute for row in rows(log, "step") if row.state == "done"}
