"""What a summary says of the hospital: its systems, departments, people, patients and data."""

from __future__ import annotations

from drillsim.score.summary_parts import Estimate, Part, Spread, Words


class SystemPart(Part):
    """One component: how often and how long it was away (down, isolated, restoring), against RTO and RPO."""

    id: str
    title: Words
    kind: str
    tier: int | None
    affected: Estimate  # share of runs in which it was away, read only, or slow by a quarter or more (less is not noticed: assumption) at some minute after the first fault
    away: Spread  # longest outage, minutes, in runs in which it was away
    slow: Spread  # total minutes read-only, or slow by a quarter or more (less is not noticed: assumption)
    rto: float | None
    rto_met: Estimate  # among runs in which it was away, without those in which it still was at EndEx and the RTO was not used up yet (``rto_open``)
    rto_open: float = 0.0  # share of runs with an outage at EndEx that had not used up the RTO: neither met nor missed
    rpo: float | None
    rpo_met: Estimate
    data_lost: Spread  # minutes of data lost for good
    availability: Estimate  # share of time giving service, whole run from StartEx
    failover: dict[str, float]  # share of runs: started, done, failed


class DelayPart(Part):
    """Person-minutes a run that patients (and orders) spent in a department for one reason: with the fault, on the day without it (split by
    the same minutes of the day), and the difference. The parts add up to ``there``, ``there_base`` and ``delay`` of the department.

    ``system`` the systems were away and the work could not go on, ``changing`` changing over to paper, ``forms`` no downtime form left,
    ``paper`` a queue while on paper, ``typing`` a queue while typing in, ``queue`` a queue at other times, ``paused`` nobody was at work begun,
    ``slowed`` work took longer than for the same patient without the fault, ``work`` the work itself. What paper adds between departments
    (carrying, transcribing) is in none of them.
    """

    part: str
    minutes: Estimate
    base: Estimate
    difference: Estimate


class DepartmentPart(Part):
    """One department: its modes, how long its work stood still against the MTD, its queue, its paper."""

    id: str
    title: Words
    group: str
    minutes: dict[str, float]  # mean minutes in each mode from the first fault to EndEx
    affected: Estimate
    stood_still: Spread  # longest stretch in mode waiting or changing, in affected runs
    mtd: float | None
    mtd_met: Estimate  # among runs in which it left its normal working, without those in which it stood still at EndEx within the MTD (``mtd_open``)
    mtd_open: float = (
        0.0  # share of runs in which it stood still at EndEx and the MTD was not used up yet: neither met nor missed
    )
    on_paper_at: Spread  # minutes after the first fault
    wait: Spread | None  # mean wait of those asked after the first fault, per run
    wait_base: Spread | None
    queue_most: Spread | None
    queue_most_base: Spread | None
    items: Spread  # written on paper
    entered: Spread  # typed in before EndEx
    pile_most: Spread
    cleared_at: Spread  # minutes after the first fault
    cleared: Estimate
    errors: Spread
    kit_empty: Estimate
    visits: Estimate | None = None  # asked for from StartEx on
    visits_base: Estimate | None = None
    there: Estimate | None = None  # person-minutes spent there from StartEx to EndEx, waiting and served
    there_base: Estimate | None = None  # of those who were not diverted on the day with the fault
    delay: Estimate | None = (
        None  # person-minutes more than on the day without the fault, those still there counted until EndEx
    )
    delays: list[DelayPart] = []  # what the minutes are made of; empty without a day to compare with


class PersonPart(Part):
    """One staff role in the response: minutes busy with steps, and minutes steps waited for it, by reason."""

    id: str
    title: Words
    on_duty: Spread  # time-weighted number on duty, from the first fault to EndEx
    busy: Estimate  # minutes of work on steps per run, all people of the role together
    waited_busy: Estimate
    waited_off_shift: Estimate
    waited_on_the_way: Estimate
    called_in: Estimate  # people called in per run
    utilisation: Estimate | None  # share of on-duty time busy with patients, for those who serve patients
    utilisation_base: Estimate | None


class ResourcePart(Part):
    """One resource that serves patients, over the window from StartEx to EndEx."""

    id: str
    title: Words
    utilisation: Estimate  # time-weighted: busy minutes over on-duty minutes
    utilisation_base: Estimate | None
    on_duty: Estimate
    busy: Estimate


class ActivityPart(Part):
    """One activity over the window from StartEx to EndEx. Waits include those still waiting at EndEx (``waiting``), as at least that long."""

    id: str
    title: Words
    asked: Estimate
    served: Estimate
    wait: Estimate  # mean minutes waited by everybody who asked
    wait_p90: Estimate
    waited: Estimate  # share who waited at all
    queue: Estimate  # time-weighted mean number waiting
    queue_most: Estimate
    left: Estimate  # share who left for impatience
    turned_away: Estimate  # share turned away for lack of room
    waiting: Estimate | None = None  # still waiting at EndEx
    wait_base: Estimate | None
    difference: Estimate | None


class PathwayPart(Part):
    """One pathway, those who arrived from StartEx on.

    Differences of time are of the same patients on both days: those whom the day without the fault serves before EndEx. Whoever of them was
    not served on the day with the fault (who left, or is still there; not who was ``diverted``) counts with the minutes until then, as at least so many; ``at_least`` names
    the differences that are therefore only lower bounds.
    """

    id: str
    title: Words
    of: str
    arrived: Estimate
    served: Estimate
    left: Estimate
    turned_away: Estimate
    there: Estimate  # still there at EndEx
    diverted: Estimate = Estimate(value=None)  # kept away by a step of the plan; not among those who arrived
    minutes: Estimate  # mean time in the pathway of those who ended it served
    in_system: Estimate  # time-weighted mean number in the pathway
    left_base: Estimate | None
    left_difference: Estimate | None
    there_base: Estimate | None = None
    there_difference: Estimate | None = None
    minutes_base: Estimate | None
    minutes_difference: Estimate | None  # mean minutes by which the same patients took longer
    median_difference: Estimate | None  # the middle of the minutes by which the same patients took longer
    at_least: list[str] = []
    classes: dict[str, dict[str, Estimate]]  # class → arrived, wait (all stops together), minutes, left


class PatientsPart(Part):
    """All patients together, of every pathway ``of: patients``, those who arrived from StartEx on. ``most_left``: the pathway from which most
    more leave than on the day without the fault; None when it is the only one, or none does. Differences of time as in PathwayPart."""

    arrived: Estimate
    served: Estimate
    left: Estimate
    turned_away: Estimate
    there: Estimate  # still there at EndEx
    diverted: Estimate = Estimate(value=None)  # kept away by steps of the plan; not among those who arrived
    left_base: Estimate | None
    left_difference: Estimate | None
    turned_away_difference: Estimate | None
    there_base: Estimate | None
    there_difference: Estimate | None
    minutes_difference: Estimate | None
    median_difference: Estimate | None
    at_least: list[str] = []
    most_left: str | None = None


class IndicatorPart(Part):
    """A delay that matters: how many per run exceeded the limit, against the day without the faults."""

    id: str
    title: Words
    kind: str
    limit: float
    counted: Estimate
    over: Estimate
    over_base: Estimate | None
    difference: Estimate | None


class DataPart(Part):
    """Data over the whole hospital: items on paper, typed in, the second wave, data lost."""

    items: Spread
    entered: Spread
    errors: Spread
    left_at_end: Spread
    cleared: Estimate  # share of runs in which every pile was gone before EndEx
    cleared_at: Spread  # minutes after the first fault
    after_restore: Spread  # minutes from restored to cleared
    lost_minutes: Spread  # largest over components
    nothing_lost: Estimate
    not_back: Estimate = Estimate(
        value=None
    )  # share of runs in which data of some component had not been brought back at EndEx
    exposed: Spread | None = (
        None  # minutes in which an intruder or insider could take and read data; None in a scenario without one
    )
    people_exposed: Spread | None = None  # people whose data those were


class Series(Part):
    """A quantity through time on ``grid``: quantiles over runs, and the median of the day without the faults."""

    id: str
    kind: str  # queue, pile, paper, away, on_duty, in_system
    title: Words
    p10: list[float]
    p50: list[float]
    p90: list[float]
    base: list[float] | None
