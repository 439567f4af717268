"""Figures that objectives and the steady-state gate are written with: ``"registration.wait_p90 <= 20 min"``.

An objective's figures are of one replication from StartEx to EndEx; a gate's are from the beginning of the run to the first fault.
A claim whose figure is missing (nobody came, nothing was away) is met when the figure could only be harmless: see ``Meaning.missing``.
"""

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

from drillsim import units
from drillsim.errors import Wrong
from drillsim.model.base import Record
from drillsim.model.hospital import Hospital

Kind = Literal["activity", "department", "pathway", "component", "resource", "indicator", "patients", "data", "plan"]
KINDS: tuple[Kind, ...] = (
    "activity",
    "department",
    "pathway",
    "component",
    "resource",
    "indicator",
    "patients",
    "data",
    "plan",
)
"""What a measure can be about. Where one id names several things, the first kind of the measure's ``of`` is meant (see ``PATIENTS_FIRST``)."""

WHOLE = ("patients", "data", "plan")
"""Subjects that are not ids: every pathway of patients together, all that was written on paper or lost, all steps."""


class Meaning(NamedTuple):
    """What a measure says, in which unit (``min`` minutes, ``share`` 0 to 1, ``number``), about what; ``gate``: known before the fault too.

    ``missing``: whether a claim about it is met when there is no figure (never reached, nobody there): True for delays of things that did
    not happen, False for things that ought to have been reached; a moment never reached counts as later than any limit.
    """

    meaning: str
    unit: Literal["min", "share", "number"]
    of: tuple[Kind, ...]
    gate: bool = False
    missing: bool = True


PATIENTS_FIRST: tuple[Kind, ...] = ("pathway", "patients", "activity", "department")
"""Whoever leaves the emergency department leaves once, but asked there for several services: of a name that both have, the patients are meant."""

MEASURES: dict[str, Meaning] = {
    "wait_mean": Meaning(
        "mean minutes waited by everybody who asked, those still waiting counted with their wait so far",
        "min",
        ("activity", "department", "pathway", "patients"),
        gate=True,
    ),
    "wait_p90": Meaning(
        "the wait that nine in ten do not exceed", "min", ("activity", "department", "pathway", "patients"), gate=True
    ),
    "waited": Meaning("share of those who asked who waited at all", "share", ("activity", "department"), gate=True),
    "queue_mean": Meaning("time-weighted mean number waiting", "number", ("activity", "department"), gate=True),
    "queue_most": Meaning("largest number waiting at one time", "number", ("activity", "department"), gate=True),
    "arrived": Meaning(
        "how many came", "number", ("activity", "department", "pathway", "patients"), gate=True, missing=False
    ),
    "served": Meaning(
        "how many were served", "number", ("activity", "department", "pathway", "patients"), gate=True, missing=False
    ),
    "left": Meaning("how many left for impatience", "number", PATIENTS_FIRST, gate=True),
    "left_share": Meaning(
        "share of those who came that left for impatience",
        "share",
        PATIENTS_FIRST,
        gate=True,
    ),
    "turned_away": Meaning(
        "how many were turned away for lack of room",
        "number",
        PATIENTS_FIRST,
        gate=True,
    ),
    "turned_away_share": Meaning(
        "share of those who came that was turned away for lack of room",
        "share",
        PATIENTS_FIRST,
        gate=True,
    ),
    "diverted": Meaning(
        "how many would have come and were kept away by a step of the plan; they are not among those who came",
        "number",
        ("pathway", "patients"),
    ),
    "minutes_mean": Meaning(
        "mean minutes from arrival to end of those served", "min", ("pathway", "patients"), gate=True
    ),
    "minutes_median": Meaning(
        "median minutes from arrival to end of those served", "min", ("pathway", "patients"), gate=True
    ),
    "minutes_p90": Meaning(
        "the time from arrival to end that nine in ten of those served do not exceed",
        "min",
        ("pathway", "patients"),
        gate=True,
    ),
    "in_system": Meaning("time-weighted mean number there", "number", ("pathway", "patients"), gate=True),
    "utilisation": Meaning("busy minutes over minutes on duty", "share", ("resource",), gate=True),
    "minutes_down": Meaning("minutes without service, all outages together", "min", ("component",), gate=True),
    "minutes_slow": Meaning("minutes slow (by a quarter or more) or read-only", "min", ("component",), gate=True),
    "minutes_to_restore": Meaning(
        "minutes of the longest outage; one still open at EndEx counts as longer than any limit", "min", ("component",)
    ),
    "availability": Meaning("share of the time with service", "share", ("component",), gate=True),
    "data_lost": Meaning(
        "minutes of data lost for good (of ``data``: the largest over all components)", "min", ("component", "data")
    ),
    "exposed": Meaning(
        "minutes in which an intruder could take data and read them (of ``data``: over all components)",
        "min",
        ("component", "data"),
    ),
    "people_exposed": Meaning(
        "people whose data an intruder could take and read (of ``data``: over all components)",
        "number",
        ("component", "data"),
    ),
    "infected": Meaning(
        "whether malware got into it (of ``data``: into how many components)", "number", ("component", "data")
    ),
    "improvements": Meaning("areas for improvement that the run teaches", "number", ("plan",)),
    "stood_still": Meaning(
        "longest stretch in which the work waited for systems or changed over; one that lasts at EndEx counts as longer than any limit",
        "min",
        ("department",),
    ),
    "on_paper_at": Meaning("minutes from the first fault to working on paper", "min", ("department",), missing=False),
    "items": Meaning("items written on paper", "number", ("department", "data")),
    "entered": Meaning("items typed in before EndEx", "number", ("department", "data"), missing=False),
    "errors": Meaning("items with an error that had to be put right", "number", ("department", "data")),
    "pile_most": Meaning("largest number of items waiting to be typed in", "number", ("department", "data")),
    "pile_end": Meaning("items still to be typed in at EndEx", "number", ("department", "data")),
    "cleared_at": Meaning(
        "minutes from the first fault until the pile is gone; a pile that is not gone at EndEx counts as later than any limit",
        "min",
        ("department", "data"),
    ),
    "over": Meaning("how many exceeded the indicator's limit", "number", ("indicator",), gate=True),
    "over_share": Meaning(
        "share of those counted that exceeded the indicator's limit", "share", ("indicator",), gate=True
    ),
    "completed_at": Meaning(
        "minute since StartEx at which the last applicable step was done; never counts as later than any limit",
        "min",
        ("plan",),
        missing=False,
    ),
    "on_time_share": Meaning("share of the deadlines whose clock ran that were kept", "share", ("plan",)),
}


class Measure(Record):
    """A claim such as ``registration.wait_p90 <= 20 min``: the figure ``measure`` of ``subject`` against ``value`` (minutes, share or number)."""

    subject: str
    measure: str
    operator: Literal["<", "<=", ">", ">=", "=="]
    value: float

    @property
    def meaning(self) -> Meaning:
        """What the figure says and in which unit."""
        return MEASURES[self.measure]

    def holds(self, figure: float) -> bool:
        """Whether the claim is true of this figure."""
        match self.operator:
            case "<":
                return figure < self.value
            case "<=":
                return figure <= self.value
            case ">":
                return figure > self.value
            case ">=":
                return figure >= self.value
        return figure == self.value


_CLAIM = re.compile(
    r"(?P<subject>[a-z][a-z0-9_\-]*)\.(?P<measure>[a-z0-9_]+)\s*(?P<operator><=|>=|==|<|>)\s*(?P<value>.+)"
)
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")


def read_measure(text: str) -> Measure:
    """The claim written as ``"patients.left <= 50"``, ``"his.minutes_down <= 1 h"``, ``"pharmacy.left_share < 5 %"``.

    A bare number beside a measure in minutes is minutes. Raises ValueError when it is not of this form, the measure is unknown, or the
    value has the wrong unit.
    """
    match = _CLAIM.fullmatch(text.strip())
    if match is None:
        raise Wrong(
            "expected a claim such as 'registration.wait_p90 <= 20 min' or 'patients.left <= 50', got {text!r}",
            text=text,
        )
    if match["measure"] not in MEASURES:
        raise Wrong(
            "{measure!r} is not a measure; known are {known}", measure=match["measure"], known=", ".join(MEASURES)
        )
    return Measure(
        subject=match["subject"],
        measure=match["measure"],
        operator=match["operator"],
        value=_value(match["value"].strip(), MEASURES[match["measure"]].unit, match["measure"]),
    )


def _value(text: str, unit: str, measure: str) -> float:
    if _NUMBER.fullmatch(text):
        return float(text)
    if unit == "min":
        return units.minutes(text)
    if unit == "share" and text.endswith("%") and _NUMBER.fullmatch(text[:-1].strip()):
        return float(text[:-1]) / 100
    if unit == "share":
        raise Wrong(
            "{measure!r} is a share: expected a number such as 0.05 or '5 %', got {text!r}", measure=measure, text=text
        )
    raise Wrong("{measure!r} is a number: expected one without a unit, got {text!r}", measure=measure, text=text)


def kind_of(measure: Measure, hospital: Hospital) -> Kind | None:
    """What kind of thing the measure's subject is in this hospital, of several of that name the first of its meaning's ``of``; None when none has the measure."""
    ids: dict[str, Mapping[str, object]] = {
        "activity": hospital.activities,
        "department": hospital.departments,
        "pathway": hospital.pathways,
        "component": hospital.systems,
        "resource": hospital.resources,
        "indicator": hospital.indicators,
    }
    for kind in measure.meaning.of:
        if measure.subject == kind if kind in WHOLE else measure.subject in ids.get(kind, ()):
            return kind
    return None
