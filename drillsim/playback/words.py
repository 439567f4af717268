"""Words of the replay, made in both languages at once: titles, lengths, lists, and the tables of states and roles of the plan."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from drillsim.model.base import Text
from drillsim.model.conditions import Deadline, EventName
from drillsim.model.phrases import GROUPS, TURNS
from drillsim.model.scenario import Scenario
from drillsim.model.systems import selected
from drillsim.playback.shape import Words
from drillsim.texts import LANGUAGES, say

MODES = {
    "normal": "Normal",
    "waiting": "Standing still",
    "changing": "Changing over",
    "paper": "On paper",
    "back_entry": "Typing in",
    "closed": "Closed",
}
STATES = {
    "up": "Working",
    "slow": "Slow",
    "read_only": "Read only",
    "restoring": "Starting",
    "isolated": "Isolated",
    "down": "Down",
}
STEP_STATES = {
    "dormant": "to come",
    "after": "waits for an earlier step",
    "hours": "waits for its hours",
    "person": "waits for someone who is busy",
    "off_shift": "nobody on duty",
    "on_the_way": "someone is on the way",
    "thing": "waits for a spare",
    "system": "waits for a system or channel",
    "working": "at work",
    "pause": "before another try",
    "done": "done",
    "failed": "failed",
    "redo": "sent back",
    "not_applicable": "not needed",
    "unfinished": "unfinished",
}
PERSON_STATES = {
    "working": "at work",
    "way": "on the way",
    "called": "being called",
    "missed": "did not answer",
    "free": "free",
    "off": "off duty",
}
EVENTS = {
    "start": "the start of the exercise",
    "failed": "the failure",
    "detected": "the failure is known",
    "declared": "the incident is declared",
    "ordered": "paper working is ordered",
    "restored": "the systems are back",
    "all_back": "all systems are back, standbys too",
    "returned": "departments are told to use the systems again",
    "cleared": "everything is typed in",
    "stood_down": "the incident is ended",
}


def both(template: str, /, **values: object) -> Words:
    """The sentence in both languages; a value that is a pair of words is put in in the language of the sentence."""
    en, zh = (say(template, language, **{k: _in(v, language) for k, v in values.items()}) for language in LANGUAGES)
    return {"en": en, "zh": zh}


def _in(value: object, language: str) -> object:
    return value[language] if isinstance(value, dict) else value


def of(text: Text) -> Words:
    """The words of a record's title, in both languages."""
    return {"en": text.in_language("en"), "zh": text.in_language("zh")}


def plain(text: str) -> Words:
    """The same words in both languages: an id without a title, made readable."""
    words = text.replace("_", " ")
    return {"en": words, "zh": words}


def duration(minutes: float) -> Words:
    """A length for people, in whole minutes: ``80`` → 1 h 20 min; in seconds below one minute."""
    if minutes < 0.95:
        return both("{n} s", n=round(minutes * 60))
    hours, rest = divmod(round(minutes), 60)
    if not hours:
        return both("{minutes} min", minutes=rest)
    return both("{h} h {minutes} min", h=hours, minutes=rest) if rest else both("{h} h", h=hours)


def minutes_shown(start: float, end: float) -> int:
    """The minutes between two moments as the clock shows them: it cuts to whole minutes."""
    return math.floor(end + 1e-6) - math.floor(start + 1e-6)


def elapsed(start: float, end: float) -> Words:
    """The length between two moments that agrees with the clock; in seconds when the clock shows the same minute at both."""
    whole = minutes_shown(start, end)
    return duration(whole) if whole else both("{n} s", n=min(round((end - start) * 60), 59))


def brief(minutes: float) -> Words:
    """A length that is read from afar, as on the tiles of the page: 47 min, 4.7 h, 2.1 days; cut, not rounded."""
    whole = max(int(minutes + 1e-6), 0)
    if whole < 100:
        return both("{minutes} min", minutes=whole)
    if whole < 2880:
        return both("{h} h", h=f"{whole // 6 / 10:g}")
    return both("{n} days", n=f"{whole // 144 / 10:g}")


def listing(names: Sequence[Words], most: int = 5) -> Words:
    """``a, b and c``; beyond ``most`` the rest is counted: ``a, b, c, d and 7 more``."""
    if len(names) == 1:
        return names[0]
    if len(names) > most:
        return both("{names} and {n} more", names=_joined(names[: most - 1]), n=len(names) - most + 1)
    return both("{names} and {last}", names=_joined(names[:-1]), last=names[-1])


def _joined(names: Iterable[Words]) -> Words:
    found = list(names)
    return {"en": ", ".join(n["en"] for n in found), "zh": "、".join(n["zh"] for n in found)}


class Titles:
    """The titles of everything a log can name."""

    def __init__(self, scenario: Scenario) -> None:
        hospital, plan = scenario.hospital, scenario.plan
        self.scenario = scenario
        tables: tuple[dict, ...] = (
            hospital.activities, hospital.pathways, hospital.equipment, hospital.staff, plan.channels, hospital.media,
            hospital.systems, hospital.departments, plan.roles,
        )  # fmt: skip
        self.known: dict[str, Words] = {name: of(r.title) for table in tables for name, r in table.items()}
        self.steps = {step.id: of(step.title) for step in plan.steps}
        self.named = {fault.id: of(fault.title) for fault in scenario.faults if fault.title is not None}
        self.named |= {inject.id: of(inject.title) for inject in scenario.injects if inject.title is not None}

    def __call__(self, name: str) -> Words:
        """The title of a thing, step, fault, inject or group; its id made readable when it has none."""
        for table in (self.known, self.steps, self.named):
            if name in table:
                return table[name]
        if name in GROUPS:
            return both(GROUPS[name])
        members = [self.known[i] for i, d in self.scenario.hospital.departments.items() if d.group == name]
        return listing(members, most=4) if members else plain(name)

    def staff(self, name: str) -> Words:
        """The title of staff, or of a role nobody of the staff holds."""
        record = self.scenario.hospital.staff.get(name)
        return of(record.title) if record else self(name)

    def department(self, name: str) -> Words:
        """The title of a department (or role of the plan) that was told."""
        record = self.scenario.hospital.departments.get(name)
        return of(record.title) if record else self(name)

    def pathway(self, name: str) -> Words:
        """The title of a stream of patients or orders."""
        record = self.scenario.hospital.pathways.get(name)
        return of(record.title) if record else self(name)

    def system(self, name: str) -> Words:
        """The title of a component."""
        record = self.scenario.hospital.systems.get(name)
        return of(record.title) if record else self(name)

    def target(self, selector: str) -> Words:
        """What a fault strikes: a component, several of a kind, or staff."""
        names = selected(self.scenario.hospital.systems, selector)
        return listing([self.system(n) for n in names], most=4) if names else self.staff(selector)

    def step(self, name: str) -> Words:
        """The title of a step."""
        return self.steps.get(name, plain(name))

    def event(self, name: EventName) -> Words:
        """An event as words that fit after "after": ``the failure is known``, ``“Order paper” is done``."""
        if not name.turn and name.subject in EVENTS:
            return both(EVENTS[name.subject])
        if not name.turn and name.subject in self.named:
            return self.named[name.subject]
        title = (
            self.step(name.subject)
            if name.subject in self.steps and name.turn in ("", "failed")
            else self(name.subject)
        )
        return both(TURNS[name.turn], title=title)

    def deadline(self, limit: Deadline) -> Words:
        """``within 30 min after the failure is known``."""
        return both("within {duration} after {event}", duration=duration(limit.minutes), event=self.event(limit.event))

    def cause(self, state: str, cause: str) -> Words | None:
        """What a step waits for, from the cause in its row; None when the row does not say."""
        if not cause:
            return None
        role, colon, busy_with = cause.partition(":")
        if colon:
            busy = both("patients") if busy_with == "patients" else self.step(busy_with)
            return both(
                "{who}, busy with {what}", who=self(role), what=busy if busy_with == "patients" else quoted(busy)
            )
        if state == "after":
            return listing([quoted(self.step(one.strip())) for one in cause.split(",")], most=3)
        return listing([self(one.strip()) for one in cause.split(",")], most=3)


def quoted(words: Words) -> Words:
    """The words between quotation marks."""
    return both("“{title}”", title=words)
