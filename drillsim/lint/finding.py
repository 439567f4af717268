"""What the lint finds, and its rules: how grave each is, why it matters, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from drillsim.errors import Wrong

SEVERITIES = ("serious", "warning", "hint")
"""From the gravest to the mildest."""


class Finding(NamedTuple):
    """One finding: the rule, where it stands in the scenario's tree, what is the matter, and what (a step, role, system …) it speaks of.

    ``severity`` is the rule's unless given.
    """

    rule: str
    path: tuple[str | int, ...]
    what: Wrong
    subject: str = ""
    severity: str | None = None

    @property
    def grave(self) -> str:
        """How grave it is."""
        return self.severity or RULES[self.rule].severity


Findings: TypeAlias = Iterator[Finding]


class Rule(NamedTuple):
    """A rule of the lint: ``severity``, ``why`` it matters, what ``todo``, and what it ``finds`` (for the documentation)."""

    severity: str
    why: str
    todo: str
    finds: str


RULES: dict[str, Rule] = {
    # steps and their triggers
    "unreachable-step": Rule("serious", "Nobody will ever do this step, whatever happens.", "Give it a trigger that can come, or take it out.", "a step whose triggers can never come, or that can never apply"),
    "unreachable-inject": Rule("serious", "No controller will ever deliver this inject, whatever happens.", "Give it a moment or condition that can come, or take it out.", "an inject whose moment or condition can never come, or whose `only_if` can never hold"),
    "circular-trigger": Rule("serious", "Each of these steps waits for another one of them, so none ever begins.", "Let one of them begin by an event from outside, such as 'detected' or a time.", "steps that wait for what the next one brings about, in a circle (through events, grades and judgements too)"),
    "clock-never-starts": Rule("warning", "A deadline that counts from something that never happens is never missed, and never kept.", "Count from an event that comes, such as 'detected' or the step before.", "a deadline that counts from an event that never happens"),
    "impossible-deadline": Rule("serious", "It will be missed in every run, however many people there are.", "Allow more minutes, shorten the work, or let steps run side by side.", "a deadline shorter than the least possible work, or than the least work and waiting on the way from its event"),
    "tight-deadline": Rule("warning", "Without anybody waiting for anybody, it is kept in fewer than about half of the runs.", "Allow more minutes, shorten the work, or let steps run side by side.", "a deadline shorter than the typical minutes on the way from its event, nobody waiting for anybody"),
    "idle-role": Rule("warning", "Whoever holds it believes to have a part in the plan.", "Give the role a step, or take it out.", "a role that no step, grade or inject uses"),
    "never-judged": Rule("warning", "The repair has nothing to go by.", "Add 'does: judge' to a step of diagnosis.", "a step that repairs the judged cause in a plan that never judges it"),
    # people
    "no-holder": Rule("serious", "Steps of this role wait until somebody's shift begins.", "Add a deputy or an on-call name for these hours.", "hours of the week at which nobody who holds a role is on duty or on call"),
    "no-deputy": Rule("warning", "When this one person is ill, away or busy, the step waits.", "Add a deputy or an on-call name for these hours.", "hours of the week at which only one person can take a role"),
    "one-person-two-roles": Rule("serious", "People are taken together or not at all, so the step waits until one more is there.", "Name a deputy who does not already have a part in the step, or call somebody in.", "a step that takes more people together than there are, each counted once"),
    "roles-in-parallel": Rule("warning", "The same person has to do both, one after the other, and then one is late even when all goes well.", "Give one of the two another holder, or more minutes.", "two steps that begin together and need the same person, when one after the other is late either way"),
    "clock-without-owner": Rule("serious", "The time limit of the authority runs at night and on Sunday too.", "Name somebody for these hours who may make the report.", "a report clock that runs at hours without anybody who could report"),
    "report-without-clock": Rule("warning", "Nobody can say whether the report was in time.", "Add 'within', such as '2 h of declared'.", "a report to the outside without a deadline"),
    # systems
    "notice-on-failed-system": Rule("hint", "A message over this channel does not leave the house on the day it is needed; the next channel takes more time.", "Let a channel that needs none of these systems stand before it, or make sure that the next one is quick enough.", "a channel whose systems are down, in the scenario or in scenarios of the library"),
    "no-channel-left": Rule("serious", "Nobody can be told anything: notices, orders to go to paper and to return all wait.", "Add a channel that needs no system, such as a runner.", "a scenario in which no channel of the call tree works"),
    "tool-on-failed-system": Rule("serious", "The step waits for the very system that it is to help with.", "Keep the tool, document or password where this failure does not reach it, such as on paper or on a machine of its own.", "a step that uses a system (a tool, document, store of passwords) that is down when the step is wanted"),
    "help-on-failed-system": Rule("warning", "The step goes slower, or less surely, for want of the very system that it is to help with.", "Keep the tool where this failure does not reach it, such as on a machine of its own.", "a step that is helped by a tool which is down when the step is wanted"),
    "copies-on-failed-system": Rule("serious", "The copies cannot be read as long as what failed is away, so the data do not come back.", "Keep a copy on a medium that needs none of it.", "damaged data whose every copy needs systems that are down with them"),
    "fault-without-step": Rule("serious", "The fault lasts until the end: no step of the plan mends it.", "Add a step that mends it: 'repair'; 'recover_data' for damaged data; 'reimage' after an update or malware.", "a fault of the scenario or the library that no step mends"),
    "never-restored": Rule("warning", "It stays down after all it needs is back.", "Name it in a step that does 'restore', or give it a tier that one restores.", "a system that comes back by hand only and that no step restores"),
    "restore-order": Rule("serious", "What is started before the things it needs does not come up, and is put off.", "Move what it needs to an earlier line.", "a line of the restore order, or a tier, that stands before what it needs"),
    "rto-longer-than-mtd": Rule("warning", "Even a recovery in time comes too late for this department.", "Shorten the RTO, or give the department a way onto paper.", "an RTO longer than a department without a way onto paper can bear"),
    "spare-never-comes": Rule("serious", "The step waits for a spare until the end.", "Put one on the shelf ('spares'), or say how long the supplier takes ('spare_arrives').", "a step that needs a spare of which there is none and none is supplied"),
    "too-few-spares": Rule("warning", "The second of these steps waits for a spare until the end.", "Put one more on the shelf, or say how long the supplier takes ('spare_arrives').", "more steps that use a spare than spares, and none is supplied"),
    "unused-spares": Rule("hint", "How many there are, and how soon one more comes, changes nothing.", "Write 'spare' into the step that puts the part in, or take the figures out.", "spares, or their supplier, of a system of which no step uses one"),
    "age-without-ageing": Rule("warning", "Its age changes nothing.", "Write how much more often it fails with each year into 'fails: {ageing: …}', and its 'age' beside it; or take the one that is there out.", "an age of a system that fails no more often for it, or 'ageing' of one without an age"),
    "patch-without-step": Rule("hint", "How much a patch stops changes nothing while no step applies one.", "Write 'patch' into a step that closes the hole, or take 'patched' out.", "how much a patch stops, of a system that no step patches"),
    "segmentation-without-places": Rule("warning", "Between systems of one place segmentation stops nothing.", "Give the systems a 'place', or take 'segmentation' out.", "segmentation where the systems stand in one place, or in none"),
    "no-full-copy": Rule("serious", "Incremental and log copies go on top of a full one. Without one, the data do not come back from them.", "Add a copy with 'kind: full'.", "data with incremental or log copies and no full one"),
    # departments on paper
    "nobody-orders-paper": Rule("hint", "Its patients wait until the systems are back, though the work could go on on paper.", "Let a step order it onto paper ('does: {order_paper: …}') when this fails, or say when it goes by itself ('self_switch').", "a department that stands still under the scenario's faults, that no step called for then orders onto paper and that does not go by itself"),
    "paper-without-verify": Rule("warning", "The department goes back to systems that nobody has tried.", "Add a step that does 'verify' for it, or for a department that uses the same systems.", "a department that leaves paper for systems which no step has tried"),
    "paper-without-return": Rule("serious", "The department stays on paper until the end, and its pile grows.", "Add a step that does 'return_to_system' for it.", "a department ordered onto paper and never told to return"),
    "paper-without-back-entry": Rule("warning", "What is written on paper never gets into the record.", "Add 'back_entry' to the department: who types it in, and how long an item takes.", "a department that writes on paper and has nobody to type it in"),
    "kit-too-small": Rule("warning", "The forms are gone before those who are already waiting have been served.", "Put more forms into the kit, or shorten the threshold.", "fewer forms than people waiting when paper working begins: services an hour at the peak × (minutes until paper + change-over)"),
    "threshold-without-departments": Rule("warning", "It looks as if somebody were looked after by it.", "Correct the name of the group, or take the threshold out.", "a threshold of a group to which no department belongs"),
    "unused-threshold": Rule("hint", "Changing it changes nothing.", "Wait for it in a step ('when: his is away for threshold …'), or take it out.", "a threshold that no step waits for, though its group is ordered onto paper"),
    "short-name": Rule("warning", "On the board of a replay it cannot be told from another, or saves no room.", "Give it a shorter name that nothing else of the hospital has, or take 'short' out.", "a short name that is no shorter than the title, or that another department or system is shown by too"),
    # the plan as a whole
    "diverted-without-reopen": Rule("warning", "Its patients are sent elsewhere until the end, however long everything has worked again.", "Add a step that does 'reopen' for it, such as one 'after' the systems are verified.", "a pathway that a step diverts and no step reopens"),
    "reopened-without-divert": Rule("warning", "The step changes nothing.", "Let a step divert it ('does: {divert: …}'), or take the 'reopen' out.", "a step that reopens a pathway which no step diverts"),
    "grade-never": Rule("warning", "Nobody is ever called in by it.", "Put it before the grades that hold more often, or correct its condition.", "a grade that can never be declared"),
    "old-plan": Rule("hint", "Names, telephone numbers and systems have changed since.", "Review the plan, and write the date into 'reviewed'; what share of contacts changes in a year is 'contacts_change' of 'readiness'.", "a plan last reviewed more than a year before the day that is played"),
    "drill-without-decay": Rule("warning", "How long ago it was changes nothing in this plan.", "Write 'decay: true' into 'readiness', so that what is not practised fades, or set 'trained' itself.", "roles with a last drill ('last_drill', 'last_restore') under a plan in which nothing fades"),
    "never-drilled": Rule("hint", "In a plan in which skill fades ('decay: true') they work as slowly as the 'floor' of 'readiness' says.", "Write how long ago they drilled ('last_drill'); '0 d' for people who do such work every week.", "roles with steps and without a last drill under a plan in which skill fades"),
    "never-freed": Rule("warning", "There is nothing to free.", "Add 'keeps' to the activity before it, or take 'frees' out.", "an activity that frees what no activity keeps"),
    "after-the-end": Rule("warning", "It never happens in this scenario.", "Set an earlier time, or a longer horizon.", "a fault, step or inject at a time after the end of the run"),
    "cost-in-words": Rule("warning", "It is kept as words, and cannot be set against what the variant brings.", "Write an amount with its currency and when it is paid, such as '120,000 CNY once' or '30,000 CNY a year', and other words after a comma.", "a variant whose cost names a number, and no amount that can be read"),
    "silence": Rule("warning", "A silence that silences nothing hides the next finding of its kind.", "Take it out, or correct its name.", "a silence of a rule that does not exist, or that silences nothing"),
}  # fmt: skip
