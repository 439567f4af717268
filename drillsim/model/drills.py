"""The calendar of drills: when which people drilled the plan, and how long ago that was on the day that is played."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Annotated

from pydantic import field_validator

from drillsim.errors import Wrong
from drillsim.model.base import OneOrMany, Record, Ref, Source, Text
from drillsim.model.people import Staff


class Drill(Record):
    """A drill in the calendar: its ``date``, and ``who`` took part (roles of the staff, or ``all``).

    For each role the latest drill before the day of StartEx counts, of the calendar and of the role's own ``last_drill``; those of that day or later have not been yet.
    ``restores``: bringing data back was practised too (``last_restore``).
    """

    date: str
    title: Text | None = None
    who: Annotated[tuple[Annotated[str, Ref("staff", also=("all",))], ...], OneOrMany]
    restores: bool = False
    source: Source = {}

    @field_validator("date")
    @classmethod
    def _a_date(cls, value: str) -> str:
        try:
            date.fromisoformat(value)
        except ValueError:
            raise Wrong("expected a date such as '2026-10-01', got {date!r}", date=value) from None
        return value

    def of(self, role: str) -> bool:
        """Whether people of this role took part."""
        return role in self.who or "all" in self.who


def last_practised(
    staff: Mapping[str, Staff], drills: Iterable[Drill], start: datetime
) -> dict[str, tuple[float | None, float | None]]:
    """Role of the staff → minutes before ``start`` at which it last drilled the plan, and at which it last brought data back in practice.

    None: never; of the second, when nothing says so of bringing data back.
    """
    days = [(d, datetime.combine(date.fromisoformat(d.date), time())) for d in drills]
    been = [(d, (start - day).total_seconds() / 60) for d, day in days if day.date() < start.date()]

    def latest(own: float | None, of: Iterable[float]) -> float | None:
        return min((*(() if own is None else (own,)), *of), default=None)

    return {
        name: (
            latest(person.last_drill, (ago for d, ago in been if d.of(name))),
            latest(person.last_restore, (ago for d, ago in been if d.of(name) and d.restores)),
        )
        for name, person in staff.items()
    }


__all__ = ["Drill", "last_practised"]
