"""Kinds of fault: what each means, how it is told, and what it does to whom, as far as others must know beforehand.

A new kind is one record here and one function with one line in ``sim.kinds.KINDS``.
"""

from typing import Literal, NamedTuple

Takes = Literal["away", "slow", "new_data", "spares", "people", "nothing"]


class FaultKind(NamedTuple):
    """A kind of fault: in words for the reference, the briefing, the replay and lists; and what those who plan or judge must know of it.

    A sentence may name ``{target}``, ``{severity}``, ``{percent}`` (the severity as a share) and ``{lasting}``; a headline only ``{target}``.

    ``takes``: what the target loses by it. ``away``: all service, or all that reaches anybody; ``slow``: its pace; ``new_data``: it can only be read; ``spares``: deliveries for it;
    ``people``: the target is a role of the staff, and its people are away; ``nothing``: no system is harmed, so that there is nothing for users to see.
    ``by_share``: of a fleet it takes a ``severity`` share, and the others work on. ``attack``: somebody means harm and goes on as the fault's ``attack``
    says; it ``spreads`` to other components, or ``steals`` data; "" when nobody does. ``from_outside``: the firewall may keep it out, and who comes has the
    stages of the attack before them; one from within needs one. ``mended_by``: the effect of a step that mends it; "" when it only
    passes by itself.
    """

    meaning: str
    sentence: str
    headline: str
    short: str
    takes: Takes = "away"
    by_share: bool = False
    attack: Literal["", "spreads", "steals"] = ""
    from_outside: bool = False
    mended_by: str = "repair"

    @property
    def of_staff(self) -> bool:
        """Whether its target is a role of the staff; of all others it is a component or a selector."""
        return self.takes == "people"

    @property
    def impairs(self) -> bool:
        """Whether a component may no longer be fully up for it."""
        return self.takes in ("away", "slow", "new_data")

    @property
    def quiet(self) -> bool:
        """Whether users of systems can never see it: whoever notices is told of it otherwise."""
        return self.takes in ("people", "nothing")

    @property
    def judged(self) -> bool:
        """Whether it may be the cause that somebody judges; who judges the trouble means neither missing people nor missing spares."""
        return self.takes not in ("people", "spares")


KINDS: dict[str, FaultKind] = {
    "outage": FaultKind(
        "the target stops working until it is repaired (or for `lasts`)",
        "{target} stops working{lasting}.",
        "{target}: stops working",
        "outage",
        by_share=True,
    ),
    "slow": FaultKind(
        "work with the target takes `severity` times as long",
        "Work with {target} takes {severity} times as long{lasting}.",
        "{target}: becomes slow",
        "slow",
        takes="slow",
    ),
    "read_only": FaultKind(
        "the target can be looked at but takes no new data",
        "{target} can be looked at but takes no new data{lasting}.",
        "{target}: can only be read",
        "read only",
        takes="new_data",
    ),
    "corrupt": FaultKind(
        "the target stops, and its data must be recovered from a copy",
        "{target} stops, and its data must be recovered from a copy{lasting}.",
        "{target}: stops, and its data are damaged",
        "damaged data",
        mended_by="recover_data",
    ),
    "people": FaultKind(
        "`severity` (a share, 1 = all) of the staff named as target is away for `lasts`",
        "{percent} of the {target} are away{lasting}.",
        "{target}: people are away",
        "people away",
        takes="people",
        mended_by="",
    ),
    "overload": FaultKind(
        "at peak load (the hospital's `load`) work with the target takes `severity` times as long, at less load less",
        "At peak load, work with {target} takes {severity} times as long{lasting}.",
        "{target}: overloaded",
        "overload",
        takes="slow",
    ),
    "partition": FaultKind(
        "the target is cut off from everything else: both sides run on, and nothing of one side can lean on the other",
        "{target} and everything else can no longer reach each other{lasting}.",
        "{target}: cut off from the rest",
        "cut off",
    ),
    "power": FaultKind(
        "the target gives no power; with the chance `breaks`, what has stopped for it is broken when the power is back",
        "{target} fails, and whatever lives on it when its own supply is used up{lasting}.",
        "{target}: power fails",
        "power",
        by_share=True,
    ),
    "supplier": FaultKind(
        "no spare for the target is delivered while it lasts; what was ordered comes when it is over",
        "No spare for {target} is delivered{lasting}.",
        "{target}: no spares are delivered",
        "no spares",
        takes="spares",
        mended_by="",
    ),
    "update": FaultKind(
        "a faulty update takes down a `severity` share of a fleet at once (or the whole target), until each machine is rebuilt (`reimage`)",
        "A faulty update takes down {percent} of {target}{lasting}.",
        "{target}: taken down by an update",
        "faulty update",
        by_share=True,
        mended_by="reimage",
    ),
    "upgrade": FaultKind(
        "a planned stop of the target for `lasts`; nobody is surprised unless it is still away after `planned`",
        "{target} is stopped for an upgrade{lasting}.",
        "{target}: stopped for an upgrade",
        "upgrade",
        by_share=True,
    ),
    "loop": FaultKind(
        "the target collapses again and again (see `relapse`) until the cause is found and mended",
        "{target} collapses, and again each time it is brought back, until the cause is mended{lasting}.",
        "{target}: collapses again and again",
        "loop",
        by_share=True,
    ),
    "spread": FaultKind(
        "malware gets in at the target and spreads (see `attack`); what it reaches must be rebuilt (`reimage`) and its data recovered; it takes up to a `severity` share of a fleet",
        "Malware gets in at {target} and spreads until it is cut off{lasting}.",
        "{target}: malware gets in",
        "malware",
        by_share=True,
        attack="spreads",
        from_outside=True,
        mended_by="reimage",
    ),
    "intrusion": FaultKind(
        "somebody from outside works towards the data of the target, stage by stage (see `attack`)",
        "An intruder works towards the data of {target}{lasting}.",
        "{target}: an intruder is at work",
        "intruder",
        takes="nothing",
        attack="steals",
        from_outside=True,
    ),
    "insider": FaultKind(
        "somebody with rights of their own takes the data of the target (see `attack`)",
        "Somebody from within takes data of {target}{lasting}.",
        "{target}: somebody from within takes data",
        "insider",
        takes="nothing",
        attack="steals",
    ),
}

FAULT_KINDS: dict[str, str] = {name: kind.meaning for name, kind in KINDS.items()}
SHORT: dict[str, str] = {name: kind.short for name, kind in KINDS.items()}
"""Kind → a word or two for it, where a list names it."""
