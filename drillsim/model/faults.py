"""Kinds of fault: what each means, and how it is told. A new kind is one line here and one function with one line in ``sim.faults.KINDS``."""

from typing import NamedTuple


class FaultKind(NamedTuple):
    """A kind of fault in words: for the reference, as a sentence of the briefing, and as a line of the replay.

    A sentence may name ``{target}``, ``{severity}``, ``{percent}`` (the severity as a share) and ``{lasting}``; a headline only ``{target}``.
    """

    meaning: str
    sentence: str
    headline: str


KINDS: dict[str, FaultKind] = {
    "outage": FaultKind(
        "the target stops working until it is repaired (or for `lasts`)",
        "{target} stops working{lasting}.",
        "{target}: stops working",
    ),
    "slow": FaultKind(
        "work with the target takes `severity` times as long",
        "Work with {target} takes {severity} times as long{lasting}.",
        "{target}: becomes slow",
    ),
    "read_only": FaultKind(
        "the target can be looked at but takes no new data",
        "{target} can be looked at but takes no new data{lasting}.",
        "{target}: can only be read",
    ),
    "corrupt": FaultKind(
        "the target stops, and its data must be recovered from a copy",
        "{target} stops, and its data must be recovered from a copy{lasting}.",
        "{target}: stops, and its data are damaged",
    ),
    "people": FaultKind(
        "`severity` (a share, 1 = all) of the staff named as target is away for `lasts`",
        "{percent} of the {target} are away{lasting}.",
        "{target}: people are away",
    ),
    "overload": FaultKind(
        "at peak load (the hospital's `load`) work with the target takes `severity` times as long, at less load less",
        "At peak load, work with {target} takes {severity} times as long{lasting}.",
        "{target}: overloaded",
    ),
    "partition": FaultKind(
        "the target is cut off from everything else: both sides run on, and nothing of one side can lean on the other",
        "{target} and everything else can no longer reach each other{lasting}.",
        "{target}: cut off from the rest",
    ),
    "power": FaultKind(
        "the target gives no power; with the chance `breaks`, what has stopped for it is broken when the power is back",
        "{target} fails, and whatever lives on it when its own supply is used up{lasting}.",
        "{target}: power fails",
    ),
    "supplier": FaultKind(
        "no spare for the target is delivered while it lasts; what was ordered comes when it is over",
        "No spare for {target} is delivered{lasting}.",
        "{target}: no spares are delivered",
    ),
    "update": FaultKind(
        "a faulty update takes down a `severity` share of a fleet at once (or the whole target), until each machine is rebuilt (`reimage`)",
        "A faulty update takes down {percent} of {target}{lasting}.",
        "{target}: taken down by an update",
    ),
    "upgrade": FaultKind(
        "a planned stop of the target for `lasts`; nobody is surprised unless it is still away after `planned`",
        "{target} is stopped for an upgrade{lasting}.",
        "{target}: stopped for an upgrade",
    ),
    "loop": FaultKind(
        "the target collapses again and again (see `relapse`) until the cause is found and mended",
        "{target} collapses, and again each time it is brought back, until the cause is mended{lasting}.",
        "{target}: collapses again and again",
    ),
    "spread": FaultKind(
        "malware gets in at the target and spreads (see `attack`); what it reaches must be rebuilt (`reimage`) and its data recovered; it takes up to a `severity` share of a fleet",
        "Malware gets in at {target} and spreads until it is cut off{lasting}.",
        "{target}: malware gets in",
    ),
    "intrusion": FaultKind(
        "somebody from outside works towards the data of the target, stage by stage (see `attack`)",
        "An intruder works towards the data of {target}{lasting}.",
        "{target}: an intruder is at work",
    ),
    "insider": FaultKind(
        "somebody with rights of their own takes the data of the target (see `attack`)",
        "Somebody from within takes data of {target}{lasting}.",
        "{target}: somebody from within takes data",
    ),
}

FAULT_KINDS: dict[str, str] = {name: kind.meaning for name, kind in KINDS.items()}
ATTACKS = ("spread", "intrusion", "insider")
"""Kinds in which somebody means harm: ``attack`` says how they go on."""
QUIET = ("intrusion", "insider")
"""Kinds that harm no system, so that there is nothing for users to see: whoever notices is told of it otherwise."""
OF_STAFF = ("people",)
"""Kinds whose target is a role of the staff; of all others it is a component or a selector."""
NOT_JUDGED = (*OF_STAFF, "supplier")
"""Kinds that break nothing: whoever judges the cause of the trouble does not mean them."""

SHORT: dict[str, str] = {
    "outage": "outage",
    "slow": "slow",
    "read_only": "read only",
    "corrupt": "damaged data",
    "people": "people away",
    "overload": "overload",
    "partition": "cut off",
    "power": "power",
    "supplier": "no spares",
    "update": "faulty update",
    "upgrade": "upgrade",
    "loop": "loop",
    "spread": "malware",
    "intrusion": "intruder",
    "insider": "insider",
}
"""Kind → a word or two for it, where a list names it."""
