"""The hospital as a whole."""

from typing import Annotated

from pydantic import Field, field_validator

from drillsim.errors import Wrong
from drillsim.model.base import Id, Number, Probability, Record, Ref, Source, Text
from drillsim.model.care import Activity, Department, Indicator, Pathway, spans_of_day
from drillsim.model.durations import Distribution, Duration, constant
from drillsim.model.people import Calendar, Equipment, Roster, Staff
from drillsim.model.systems import Component, Medium, Protection


class Detection(Record):
    """How a fault comes to be noticed when the fault itself does not say: by a monitoring system, by users, by patients.

    Each is ``after`` the fault with ``chance``; monitoring needs its component to work, users perhaps a telephone: while that is away nothing is
    noticed this way, and it is tried again after as long as it took. Whoever is first sets ``detected``.
    For everybody but ``monitoring`` the time counts from the minute the trouble shows in a system that is used, unless ``from_fault``: who signs in
    anew meets a dead sign-in at once, though all who are signed in work on. A fault that is over is not noticed any more. Without any way of
    noticing, a fault is known at once.
    """

    after: Duration
    chance: Probability = 1.0
    needs: Annotated[str, Ref("component,channel")] | None = (
        None  # the component that does the noticing, or the channel users report over; down: tried again after as long as it took
    )
    from_fault: bool = False  # counts from the fault itself, not from when it shows (monitoring always does)
    false_alarms: Duration | None = None  # time between alarms about nothing
    checked_by: Annotated[str, Ref("staff")] | None = None  # one of them looks into each false alarm …
    check_takes: Duration = constant(10.0)  # … for so long
    disbelief: Probability = (
        0.0  # chance that a true alarm is taken for a false one after one false alarm within 24 h; more after more
    )
    source: Source = {}

    @field_validator("false_alarms")
    @classmethod
    def _some_time(cls, value: Distribution | None) -> Distribution | None:
        if value is not None and not value.mean > 0:
            raise Wrong("false alarms need some time between them")
        return value


class Hospital(Record):
    """Everything that is there on a normal day: people, equipment, departments, activities, pathways, systems.

    ``load`` is the share of the peak load on the systems by hour of the day (``"08:00-11:00": 1.0``), for standbys that may not carry the
    peak; hours not named have a load of 0.3.
    """

    title: Text
    about: Text | None = None
    calendar: Calendar = Calendar()
    rosters: dict[Id, Roster] = {}
    staff: dict[Id, Staff] = {}
    equipment: dict[Id, Equipment] = {}
    departments: dict[Id, Department] = {}
    activities: dict[Id, Activity] = {}
    pathways: dict[Id, Pathway] = {}
    indicators: dict[Id, Indicator] = {}
    systems: dict[Id, Component] = {}
    media: dict[Id, Medium] = {}
    protection: Protection = Protection()  # of every component that does not have its own
    detection: dict[Id, Detection] = {}
    load: dict[str, Annotated[Number, Field(ge=0)]] = {}
    source: Source = {}

    @field_validator("load")
    @classmethod
    def _hours(cls, load: dict[str, float]) -> dict[str, float]:
        spans_of_day(load)
        return load

    @property
    def resources(self) -> dict[str, Staff | Equipment]:
        """Staff and equipment together: whatever activities need."""
        return {**self.staff, **self.equipment}
