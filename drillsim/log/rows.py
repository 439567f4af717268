"""The rows of a log. Times are float minutes since StartEx; rows of one replication have a total order (minute, sequence)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np

NAN = float("nan")


class Event(NamedTuple):
    """Something that happened: ``kind`` is a key of KINDS, which says what the other columns mean for it."""

    minute: float
    sequence: int
    kind: str
    subject: str
    state: str = ""
    cause: str = ""
    value: float = NAN


KINDS: dict[str, str] = {
    # kind: subject | state | cause | value
    "run": "- | started, ended | - | -                      StartEx (minute 0) and EndEx (the horizon)",
    "fault": "fault id | began, ended, skipped, relapsed, broke, imperfect (mended, and something is left wrong that nobody has seen), still_wrong (seen by who verified: not mended rightly) | target component or staff; what is broken now (broke) | severity",
    "attack": "fault id | inside, stage, spoiled, stopped | component, or medium whose copies are spoiled | share of a fleet that has it (inside), number of the stage",
    "exposed": "component id | read, taken_encrypted, ended | fault id | minutes for which its data could be taken (ended)",
    "rebuilt": "component id | - | step id | machines rebuilt in this batch",
    "patched": "component id | - | step id | share of attempts to infect it that fail from now on",
    "noticed": "fault id | monitoring, users, patients … (key of detection); verifying: by those who verified a repair | false or missed notices do not appear | -",
    "false_alarm": "way of noticing | - | staff who look into it | -",
    "reached": "an event's name, see model.conditions | - | what brought it about (step, component, fault) | -   first time only; restored, all_back, returned and cleared each time they hold again",
    "lapsed": "restored, all_back, returned or cleared, which holds no more | - | what ended it (component, department) | -",
    "component": "component id | up, slow, read_only, restoring, isolated, down (effective state) | own, or the component it is due to | factor",
    "own": "component id | the component's own state (without its needs) | fault, step or rule that changed it | factor",
    "failover": "service id | started, done, failed | member switched to | -",
    "interrupted": "component id | planned: away only for a planned switch (by hand, while the member in use works); undone: in earnest now | the service, or what it is away for | -",
    "break_glass": "component id | opened, closed | what it needs and works without | minutes it was open (closed)",
    "data_lost": "component id | lost, recovered, open (at EndEx: not brought back) | copy used (medium, or replica) | minutes of data lost for good (open: at least); infinite when no copy was good",
    "records": "step id | lost, paper | - | records that the step has to go through (`for_each`)",
    "department": "department id | normal, waiting, changing, paper, back_entry, closed | step, component or rule (hours: it opens or closes) | closed: the mode beneath, as its place in that list from 0",
    "pathway": "pathway id | diverted, reopened | step id | minutes until the first are kept away, or come again",
    "told": "department or role id | heard, not_reached | channel | -      with subject told by a notice",
    "notice": "step id | sent | channel | number of targets",
    "kit": "department id | empty, restocked | - | forms now at hand",
    "step": "step id | see STEP_STATES | what is waited for: step ids (comma separated), staff role, component, channel, event | attempt, from 1",
    "pace": "step id | untrained, tired, slow, without, shared (why the work goes slower) | the slow component, the tool that is away, the medium that others read from | by how much it lengthens the work from now on; 1: not any more",
    "decided": "step id | grade, judged | grade's id or the cause judged | 1 right, 0 wrong (judged)",
    "person": "staff id | called, missed, answered, arrived, seized, released, interrupted, handed_over | step id | number of people",
    "on_duty": "resource id | roster, on_call, lent, returned, fault | - | number on duty from now on",
    "inject": "inject id | delivered, not_delivered, held_back | channel; held_back: what does not hold, of its `only_if` | -",
}

STEP_STATES: dict[str, str] = {
    "dormant": "its trigger has not come yet (an event, a condition, a moment)",
    "after": "its triggers apart from steps have come; it waits for the steps named in `cause`",
    "hours": "triggered, and waiting for the hours in which it is done (`during`; `cause` has them)",
    "person": "ready, waiting for people of the role in `cause`, on duty but busy (`cause` is 'role:step' with the step they are busy with, 'role:patients' when with none)",
    "off_shift": "ready, nobody of the role in `cause` is on duty and nobody is on the way",
    "on_the_way": "ready, a person of the role in `cause` has been called and is answering or travelling",
    "thing": "ready, waiting for a spare of the component in `cause`",
    "system": "ready, waiting for the component in `cause` that it uses (or channel it needs)",
    "working": "people are at it",
    "pause": "waiting before the next try (`cause`: the departments that a step that evaluates found not to work as on a normal day yet)",
    "done": "finished with success",
    "failed": "finished without success, and not tried again; called off by the step in `cause`",
    "redo": "sent back by the step in `cause` (or the fault in `cause` that came back); it will be done anew",
    "not_applicable": "its `only_if` was false when it became ready",
    "unfinished": "the horizon came first (logged at EndEx)",
}

MODES = ("normal", "waiting", "changing", "paper", "back_entry", "closed")
CLOSED = "closed"
VERIFYING = "verifying"  # the way of noticing of those who verify a repair


def mode_beneath(state: str, value: float) -> str:
    """The mode a department is in, or is closed in (how it would work if it opened now); ``closed`` when the log does not say."""
    return MODES[int(value)] if state == CLOSED and value == value else state


VISIT_COLUMNS: dict[str, str] = {
    "patient": "number of the patient (or order) in its pathway: from 0 in order of arrival; scheduled ones by their slot; -1, -2 … for those present at the start",
    "pathway": "code into names['pathway']",
    "node": "code into names['node'] (stop of the pathway)",
    "activity": "code into names['activity']",
    "asked": "minute it joined the queue",
    "started": "minute the work began; NaN when it never did",
    "ended": "minute the work ended, or the minute somebody left for impatience or was turned away; NaN when it did not before the horizon",
    "paused": "minutes between started and ended in which nobody was at it",
    "mode": "0 with the systems, 1 on paper, 2 skipped on paper",
    "outcome": "0 served, 1 left for impatience, 2 turned away (no room), 3 still waiting, 4 still being served",
}

PATIENT_COLUMNS: dict[str, str] = {
    "patient": "number in its pathway: from 0 in order of arrival; scheduled ones by their slot (a missed one leaves a gap); -1, -2 … for those present at the start",
    "pathway": "code into names['pathway']",
    "class": "code into names['class'] ('' when the pathway has none)",
    "arrived": "minute of arrival (of one who was diverted: at which it would have come); those present at the start have the minute the run began",
    "ended": "minute it left the pathway; NaN when still there at the horizon",
    "outcome": "0 served, 1 left for impatience, 2 turned away (no room), 3 still there, 4 diverted: kept away by a step of the plan, never there",
}

ENTRY_COLUMNS: dict[str, str] = {
    "department": "code into names['department']",
    "written": "minute the item was written on paper",
    "items": "number of items in this row (fractions are added up first, so a whole number)",
    "started": "minute somebody began to type it in; NaN when nobody did before the horizon",
    "ended": "minute it was in the system; NaN when not before the horizon",
    "error": "1 when it had an error that had to be put right",
}

VISIT_OUTCOMES = ("served", "left", "turned_away", "waiting", "in_service")
PATIENT_OUTCOMES = ("served", "left", "turned_away", "there", "diverted")


@dataclass
class Log:
    """One replication. ``visits``, ``patients`` and ``entries`` are flat columns (equal-length NumPy arrays by column name).

    ``names`` gives the words behind the codes. ``began`` is the minute the run started (minus the warm-up), ``horizon`` EndEx.
    """

    replication: int
    began: float
    horizon: float
    events: list[Event] = field(default_factory=list)
    visits: dict[str, np.ndarray] = field(default_factory=dict)
    patients: dict[str, np.ndarray] = field(default_factory=dict)
    entries: dict[str, np.ndarray] = field(default_factory=dict)
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
