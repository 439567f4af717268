"""One run told in words: the rows of its log in order of time, grouped, under the events of the response as chapters."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from drillsim.log.rows import Event, Log
from drillsim.model.conditions import AWAY, BUILT_IN_EVENTS, read_condition
from drillsim.model.plan import Step
from drillsim.model.scenario import Fault, Scenario
from drillsim.model.service import NOTICED
from drillsim.report import clauses, words
from drillsim.score import clocks, milestones
from drillsim.score.view import View, first_fault
from drillsim.texts import say

WORTH_TELLING = 5.0  # minutes of waiting from which on the story says what a step waited for
FIRST_DAY = 1440.0  # minutes after the failure in which each call is told by itself
MANY = 3  # later calls of one staff group from which on they are told in one line
TOGETHER = 10.0  # minutes within which departments or systems that do the same are told in one sentence

MODE_SENTENCES = {
    "waiting": "Work stands still: {names}.",
    "changing": "The order has arrived; changing over to paper: {names}.",
    "self_switch": "Without waiting for an order, changing over to paper: {names}.",
    "paper": "Now on paper: {names}.",
    "back_entry": "Back on the systems and typing in what was written: {names}.",
    "normal": "Normal again: {names}.",
}
FAILOVER_SENTENCES = {
    "started": "{title} begins to switch to {member}.",
    "done": "{title} now runs on {member}.",
    "failed": "The switch of {title} to {member} fails.",
}
BACK_SENTENCES = {
    "started": "{title} begins to switch back to {member}.",
    "done": "{title} runs on {member} again.",
    "failed": "The switch of {title} back to {member} fails.",
}
STATE_SENTENCES = {
    "away": "No service: {names}{because}.",
    "up": "Working again: {names}.",
    "fast": "As fast as ever again: {names}.",
    "slow": "Slow: {names}{because}.",
    "read_only": "Can only be read: {names}{because}.",
}
PERSON_SENTENCES = {
    "called": "Called in: {who}.",
    "missed": "No answer from {who}.",
    "arrived": "At work: {who}.",
}
CALLED_AGAIN = {
    "came": "From now on called in again and again: {who}, {n} times until {clock}.",
    "missed": "From now on called in again and again: {who}, {n} times until {clock}, {missed} of them without an answer.",
}
ATTACK_SENTENCES = {
    "inside": "The attack has reached {title}.",
    "spoiled": "The attack has spoiled the copies on {title}.",
    "stopped": "The attack goes no further.",
    "read": "Data of {title} can be taken and read.",
    "taken_encrypted": "Data of {title} can be taken, but not read.",
    "ended": "Data of {title} can no longer be taken.",
    "opened": "In use without {other}, more slowly: {title}.",
    "closed": "In use with {other} again, and what was done meanwhile must be looked through: {title}.",
}
DIVERSION_SENTENCES: dict[str, str] = {
    "diverted": "Diverted (sent elsewhere, or told to come another day): {names}.",
    "reopened": "No longer diverted: {names}.",
}
END_SENTENCES = {
    "away": "The exercise ends; still without service: {names}.",
    "waiting": "The exercise ends; work still stands still: {names}.",
    "paper": "The exercise ends; still on paper: {names}.",
    "back_entry": "The exercise ends; still typing in: {names}.",
}
"""What is not over at EndEx: without it a reader would take the last line for the end of the trouble."""
TABLES = (
    CALLED_AGAIN,
    END_SENTENCES,
    ATTACK_SENTENCES,
    DIVERSION_SENTENCES,
    MODE_SENTENCES,
    FAILOVER_SENTENCES,
    BACK_SENTENCES,
    STATE_SENTENCES,
    PERSON_SENTENCES,
)


@dataclass
class Line:
    """One sentence of the story: when, what sort of thing (fault, people, systems, departments, step), its sign, the words."""

    minute: float
    kind: str
    text: str
    status: str = ""  # on_time, late, missed: for steps with a deadline
    detail: str = ""


@dataclass
class Chapter:
    """The lines from one event of the response to the next."""

    event: str
    minute: float
    lapsed: float | None = None  # the minute at which what the event says held no more (a relapse)
    lines: list[Line] = field(default_factory=list)


def events_of(shown: Any) -> list[Event]:
    """The event rows of a Log, a list of them, or a pandas frame with their columns; missing words are empty."""
    if isinstance(shown, Log):
        return shown.events
    if hasattr(shown, "itertuples"):
        rows = shown[list(Event._fields)].itertuples(index=False, name=None)
        return [
            Event(minute, int(sequence), str(kind), str(subject), _word(state), _word(cause), float(value))
            for minute, sequence, kind, subject, state, cause, value in rows
        ]
    return list(shown)


def _word(value: object) -> str:
    """A word of a frame; a missing one is empty."""
    return value if isinstance(value, str) else ""


def chapters(scenario: Scenario, events: Sequence[Event], language: str = "en") -> list[Chapter]:
    """The story of one run from StartEx on; chapters without a line are left out."""
    lines = sorted(_lines(scenario, [e for e in events if e.minute >= 0], language), key=lambda line: line.minute)
    place = {e.sequence: n for n, e in enumerate(events)}
    marks = sorted(
        (e.minute, place[e.sequence], e.subject)
        for e in milestones.told_apart(events)
        if e.subject in BUILT_IN_EVENTS and e.minute >= 0
    )
    found = [Chapter("start", 0.0)] if not marks or marks[0][2] != "start" else []
    over = milestones.lapses(events)
    found += [Chapter(event, minute, over.get(events[n].sequence)) for minute, n, event in marks]
    for line in lines:
        at = max((n for n, c in enumerate(found) if c.minute <= line.minute + 1e-9), default=0)
        if line.kind != "people" or (line.minute, line.text) not in {
            (said.minute, said.text) for said in found[at].lines
        }:
            found[at].lines.append(line)  # two of a role who are called in the same minute are told once
    return [c for c in found if c.lines or c.event not in ("start",)]


def _lines(scenario: Scenario, events: Sequence[Event], language: str) -> Iterable[Line]:
    empty, lost = set[str](), set[str]()
    yield from _fault_lines(scenario, events, language)
    yield from (line for e in events if e.kind == "attack" and (line := single(scenario, e, language)))
    yield from _component_lines(scenario, events, language)
    yield from _department_lines(scenario, events, language)
    yield from _step_lines(scenario, events, language)
    yield from _diversion_lines(scenario, events, language)
    yield from _people_lines(scenario, events, language)
    for e in events:
        if e.kind in ("attack", "person") or _known_to_be_lost(e, lost):
            continue
        line = single(scenario, e, language)
        if (e.kind, e.state) == ("kit", "empty"):
            line = line if e.subject not in empty else None  # forms that run out again and again are told once
            empty.add(e.subject)
        if line is not None:
            yield line
    yield from _end_lines(scenario, events, language)


def _end_lines(scenario: Scenario, events: Sequence[Event], language: str) -> Iterable[Line]:
    """What is still away, and how departments still work that are not back on their systems, when the exercise ends."""
    ended = next((e.minute for e in events if (e.kind, e.state) == ("run", "ended")), None)
    if ended is None:
        return
    states = {e.subject: "away" for e in events if e.kind == "component" and e.state in AWAY}
    last = {e.subject: e.state for e in events if e.kind == "component"}
    modes = {e.subject: e.state for e in events if e.kind == "department" and e.state in MODE_SENTENCES}
    still = {"away": [name for name in states if last[name] in AWAY]}
    for mode, also in (("waiting", "waiting"), ("paper", "changing"), ("back_entry", "back_entry")):
        still[mode] = [name for name, now in modes.items() if now in (mode, also)]
    for sort, names in still.items():
        kind, namespace = ("system", "component") if sort == "away" else ("department", "department")
        titles = [words.title_of(scenario, name, language, namespace) for name in names]
        if titles:
            yield Line(ended, kind, say(END_SENTENCES[sort], language, names=words.listing(titles, language, most=8)))


def _people_lines(scenario: Scenario, events: Sequence[Event], language: str) -> Iterable[Line]:
    """Who is called, does not answer and comes: on the first day each by itself; from then on who has been there before is called shift after shift, told in one line."""
    told = [e for e in events if e.kind == "person" and e.state in PERSON_SENTENCES]
    since, came = _view(scenario, events).after + FIRST_DAY, set[str]()
    again: dict[str, list[Event]] = {}
    for e in told:
        if e.minute > since and e.subject in came:
            again.setdefault(e.subject, []).append(e)
        if e.state == "arrived":
            came.add(e.subject)
    many = {who: rows for who, rows in again.items() if sum(e.state == "called" for e in rows) >= MANY}
    together = {e.sequence for rows in many.values() for e in rows}
    yield from (line for e in told if e.sequence not in together and (line := single(scenario, e, language)))
    for who, rows in many.items():
        calls, missed = (sum(e.state == state for e in rows) for state in ("called", "missed"))
        template = CALLED_AGAIN["missed" if missed else "came"]
        values = {"who": words.title_of(scenario, who, language, "staff"), "n": calls, "clock": words.clock(scenario.start_time, rows[-1].minute, language)}  # fmt: skip
        missing = {"missed": missed} if missed else {}
        yield Line(rows[0].minute, "people", say(template, language, **values, **missing))


def _known_to_be_lost(e: Event, lost: set[str]) -> bool:
    """Whether it says once more that all data of a component are lost: when no copy was good, and when it is started empty."""
    if (e.kind, e.state) != ("data_lost", "lost") or not math.isinf(e.value):
        return False
    known = e.subject in lost
    lost.add(e.subject)
    return known


def fault_sentence(scenario: Scenario, fault: Fault, language: str) -> str:
    """What a fault does: its own ``effect`` in words, or a sentence made from its kind, target, severity and length."""
    if fault.effect is not None:
        return sentence(fault.effect.in_language(language), language)
    lasting = say(" for {duration}", language, duration=words.takes(fault.lasts, language)) if fault.lasts else ""
    values = {"target": words.selector(scenario, fault.target, language), "severity": words.figure(fault.severity), "percent": words.share(fault.severity, language), "lasting": lasting}  # fmt: skip
    template = clauses.FAULT_SENTENCES[fault.kind]
    used = {name: text for name, text in values.items() if "{" + name + "}" in template}
    return say(template, language, **used)


def sentence(text: str, language: str) -> str:
    """The text with a stop at its end."""
    return text if text.endswith(tuple(".!?…。！？")) else text + say(".", language)


def _fault_lines(scenario: Scenario, events: Sequence[Event], language: str) -> Iterable[Line]:
    faults = {f.id: f for f in scenario.faults}
    hit = {f: {e.cause for e in events if e.subject == f and e.state == "began" and e.kind == "fault"} for f in faults}
    begun: set[tuple[str, float]] = set()
    for e in events:
        if e.kind == "noticed":
            yield Line(e.minute, "fault", _noticed(scenario, e, language))
        if e.kind != "fault" or e.subject not in faults:
            continue
        fault = faults[e.subject]
        title = (
            words.title_of(scenario, fault.id, language, "fault")
            if fault.title
            else words.selector(scenario, fault.target, language)
        )
        if e.state == "began":
            again = fault.nature.attack == "spreads" and any(subject == e.subject for subject, _ in begun)
            if again or (e.subject, e.minute) in begun:
                continue  # one line for all that it hits; how far malware has come is told by itself
            begun.add((e.subject, e.minute))
            head = title + say(": ", language) if fault.title else ""
            yield Line(e.minute, "fault", head + fault_sentence(scenario, fault, language))
        elif e.state == "relapsed":
            yield Line(e.minute, "fault", say("The fault comes back: {title}.", language, title=title))
        elif e.state == "imperfect":
            what = words.title_of(scenario, e.cause, language, "component")
            yield Line(
                e.minute,
                "fault",
                say("Mended, but something is still wrong that nobody has seen: {title}.", language, title=what),
            )
        elif e.state == "still_wrong":
            yield Line(
                e.minute, "fault", say("Verifying shows that it is not mended rightly: {title}.", language, title=title)
            )
        elif e.state == "broke":
            what = words.title_of(scenario, e.cause, language, "component")
            yield Line(e.minute, "fault", say("Found broken: {what} ({title}).", language, what=what, title=title))
        elif e.state == "ended" and len(hit[e.subject]) > 1:
            what = words.title_of(scenario, e.cause, language, "component")
            yield Line(e.minute, "fault", say("Mended: {what} ({title}).", language, what=what, title=title))
        elif e.state == "ended":
            yield Line(e.minute, "fault", say("The fault is over: {title}.", language, title=title))
        elif e.state == "skipped":
            yield Line(e.minute, "fault", say("The fault does not happen in this run: {title}.", language, title=title))


def _noticed(scenario: Scenario, e: Event, language: str) -> str:
    """Who noticed a fault, and which one where there are several."""
    who, fault = words.noticed_by(e.state, language), next((f for f in scenario.faults if f.id == e.subject), None)
    if len(scenario.faults) < 2 or fault is None or fault.title is None:
        return say("Noticed by {who}.", language, who=who)
    return say("Noticed by {who}: {title}.", language, who=who, title=fault.title.in_language(language))


def _component_lines(scenario: Scenario, events: Sequence[Event], language: str) -> Iterable[Line]:
    """Components that change to the same kind of state within ten minutes, in one sentence, none before what was said of it last."""
    before: dict[str, str] = {}
    told: dict[str, float] = {}
    latest: dict[str, list[Event]] = {}
    groups: list[tuple[str, list[Event]]] = []
    for e in events:
        if _strikes(e):
            latest = {}
        if e.kind != "component":
            continue
        was = before.get(e.subject, "up")
        sort = _sort(e, was)
        if _plain(was) != _plain(sort):
            rows = latest.get(sort, [])
            began = rows[0].minute if rows else -math.inf
            if (
                not rows
                or e.minute - began > TOGETHER
                or told.get(e.subject, began) > began
                or e.subject in {r.subject for r in rows}
            ):
                rows = latest[sort] = []
                groups.append((sort, rows))
            rows.append(e)
            told[e.subject] = rows[0].minute
        before[e.subject] = sort
    for sort, rows in groups:
        own = [e.subject for e in rows if e.cause == "own"]
        names = [
            words.title_of(scenario, e.subject, language, "component")
            for e in sorted(rows, key=lambda e: e.cause != "own")
        ]
        due = {e.cause for e in rows if e.cause not in ("", "own")} - set(own)
        because = (
            say(" (because of {title})", language, title=words.title_of(scenario, due.pop(), language, "component"))
            if len(due) == 1 and not own
            else ""
        )
        values = {"because": because} if _plain(sort) != "up" else {}
        yield Line(
            rows[0].minute,
            "system",
            say(STATE_SENTENCES[sort], language, names=words.listing(names, language, most=8), **values),
        )


def _strikes(e: Event) -> bool:
    """Whether a fault begins, or comes back: what follows from it is not told with what came before."""
    return e.kind == "fault" and e.state in ("began", "relapsed", "still_wrong", "broke")


def _sort(e: Event, was: str) -> str:
    """What a row says of its component, in the words of STATE_SENTENCES; ``was``: what the one before said."""
    if (e.state == "slow" and e.value < NOTICED) or e.state == "up":
        return "fast" if was == "slow" else "up"
    return "away" if e.state in AWAY else e.state


def _plain(sort: str) -> str:
    return "up" if sort == "fast" else sort


def _department_lines(scenario: Scenario, events: Sequence[Event], language: str) -> Iterable[Line]:
    """Departments that change to the same mode within ten minutes, in one sentence, none before what was said of it last."""
    open_groups: dict[str, tuple[float, list[str]]] = {}
    told: dict[str, float] = {}
    done: list[tuple[float, str, list[str]]] = []
    works: dict[str, str] = {}
    for e in events:
        if _strikes(e):
            open_groups = {}
        if e.kind != "department" or e.state not in MODE_SENTENCES:
            continue
        before, works[e.subject] = works.get(e.subject, "normal"), e.state
        if e.cause == "hours" and e.state == before:
            continue  # that it opens and works as when it closed is not told
        sort = "self_switch" if e.state == "changing" and e.cause == "self_switch" else e.state
        began, names = open_groups.get(sort, (-1e9, []))
        if e.minute - began > TOGETHER or told.get(e.subject, began) > began:
            began, names = e.minute, []
            open_groups[sort] = (began, names)
            done.append((began, sort, names))
        told[e.subject] = began
        names.append(words.title_of(scenario, e.subject, language, "department"))
    for minute, state, names in done:
        unique = list(dict.fromkeys(names))
        yield Line(
            minute, "department", say(MODE_SENTENCES[state], language, names=words.listing(unique, language, most=8))
        )


def _diversion_lines(scenario: Scenario, events: Sequence[Event], language: str) -> Iterable[Line]:
    """Pathways that a step diverts, or reopens, in one sentence, with how soon it shows at the door."""
    together: dict[tuple[float, str, str], list[Event]] = {}
    for e in events:
        if e.kind == "pathway" and e.state in DIVERSION_SENTENCES:
            together.setdefault((e.minute, e.state, e.cause), []).append(e)
    for (minute, state, _), own in together.items():
        names = [words.title_of(scenario, e.subject, language, "pathway") for e in own]
        after = max((e.value for e in own if e.value == e.value), default=0.0)
        soon = say("shows at the door after {duration}", language, duration=words.duration(after, language))
        text = say(DIVERSION_SENTENCES[state], language, names=words.listing(names, language, most=8))
        yield Line(minute, "step", text, detail=soon if after > 0 else "")


def _step_lines(scenario: Scenario, events: Sequence[Event], language: str) -> Iterable[Line]:
    steps = {s.id: s for s in scenario.plan.steps}
    view = _view(scenario, events)
    rows: dict[str, list[Event]] = {}
    for e in events:
        if e.kind == "step" and e.subject in steps:
            rows.setdefault(e.subject, []).append(e)
    for identifier, own in rows.items():
        step = steps[identifier]
        for number, e in enumerate(own):
            said = _step_sentence(step, e, own[:number], scenario, language)
            if said:
                due = clocks.due(view, step, e.minute)
                details = [text for text in (_lateness(due, e, language), said[1]) if text]
                yield Line(e.minute, "step", said[0], _judged(due, e), say("; ", language).join(details))


def _step_sentence(
    step: Step, e: Event, before: Sequence[Event], scenario: Scenario, language: str
) -> tuple[str, str] | None:
    title, owner = step.title.in_language(language), words.title_of(scenario, step.owner, language, "role")
    if e.state == "done":
        return say("{owner}: {title}", language, owner=owner, title=title), _waited(
            before, e.minute, scenario, language
        )
    if e.state == "failed" and e.cause:
        return say("{owner}: {title} – called off", language, owner=owner, title=title), ""
    if e.state == "failed":
        tries = int(e.value) if e.value == e.value else 1
        if tries > 1:
            return say("{owner}: {title} – given up after {n} tries", language, owner=owner, title=title, n=tries), ""
        return say("{owner}: {title} – without success", language, owner=owner, title=title), ""
    if e.state == "redo":
        if not any(row.state in ("working", "done", "failed") for row in before):
            return None  # what was never begun is not done again
        return say("{title} must be done again", language, title=title), ""
    if e.state == "unfinished" and before and before[-1].state not in ("dormant", "after", "hours"):
        return say("Not finished at the end: {title}", language, title=title), ""
    return None


def _waited(rows: Sequence[Event], until: float, scenario: Scenario, language: str) -> str:
    """What the step waited for longest since it became ready, or was sent back last, when that is worth telling."""
    rows = rows[max((n for n, row in enumerate(rows) if row.state in ("redo", "done")), default=0) :]
    if unlike := [e for e in rows if e.state == "pause" and e.cause]:
        names = words.departments(scenario, unlike[-1].cause.split(","), language)
        return say("at try {n}; until then not as on a normal day: {names}", language, n=len(unlike) + 1, names=names)
    longest = 0.0
    said = ""
    for e, after in zip(rows, [*(r.minute for r in rows[1:]), until], strict=True):
        if e.state in ("person", "off_shift", "on_the_way", "thing", "system", "pause") and after - e.minute > max(
            longest, WORTH_TELLING
        ):
            longest = after - e.minute
            what = words.waiting_for(scenario, e.state, e.cause, language)
            waited = words.duration(longest, language)
            said = say("waited {duration} before the next try", language, duration=waited) if e.state == "pause" else say("waited {duration} for {what}", language, duration=waited, what=what)  # fmt: skip
    return said


def _view(scenario: Scenario, events: Sequence[Event]) -> View:
    """The rows as the score looks at them."""
    minutes = [e.minute for e in events] or [0.0]
    log = Log(0, min(minutes), max(minutes), list(events))
    return View(scenario, log, 0.0, log.horizon, first_fault(log))


def _judged(limit: float | None, e: Event) -> str:
    if limit is None or e.state not in ("done", "failed", "unfinished"):
        return ""
    if e.state == "failed":
        return "missed"
    if e.state == "unfinished":
        return "missed" if e.minute > limit else ""
    return "on_time" if e.minute <= limit + 1e-9 else "late"


def _lateness(limit: float | None, e: Event, language: str) -> str:
    if e.state != "done" or limit is None or e.minute <= limit + 1e-9:
        return ""
    return say("{duration} late", language, duration=words.late_by(e.minute - limit, language))


def _attack(scenario: Scenario, e: Event, language: str) -> Line | None:
    """What an attack does, and work without something that is needed."""
    template = ATTACK_SENTENCES.get(e.state)
    if template is None:
        return None
    about, other = (e.cause, "") if e.kind == "attack" else (e.subject, e.cause)
    values = {"title": about, "other": other}
    used = {
        k: words.title_of(scenario, v, language, "component") for k, v in values.items() if "{" + k + "}" in template
    }
    return Line(e.minute, "fault" if e.kind != "break_glass" else "system", say(template, language, **used))


def single(scenario: Scenario, e: Event, language: str) -> Line | None:
    if e.kind in ("attack", "exposed", "break_glass"):
        return _attack(scenario, e, language)
    if e.kind == "failover":
        return Line(e.minute, "system", _switch(scenario, e, language))
    if e.kind == "data_lost" and e.state == "open":
        return Line(e.minute, "system", say("{title}: the data have not been brought back.", language, title=words.title_of(scenario, e.subject, language, "component")))  # fmt: skip
    if e.kind == "data_lost" and e.state == "lost" and math.isinf(e.value):
        return Line(e.minute, "system", say("{title}: all data are lost.", language, title=words.title_of(scenario, e.subject, language, "component")))  # fmt: skip
    if e.kind == "data_lost" and e.state == "lost" and e.value > 0:
        return Line(e.minute, "system", say("{title}: data of {duration} are lost.", language, title=words.title_of(scenario, e.subject, language, "component"), duration=words.duration(e.value, language)))  # fmt: skip
    if e.kind == "kit" and e.state == "empty":
        return Line(
            e.minute,
            "department",
            say(
                "Out of downtime forms: {title}.",
                language,
                title=words.title_of(scenario, e.subject, language, "department"),
            ),
        )
    if e.kind == "person" and e.state in PERSON_SENTENCES:
        return Line(
            e.minute,
            "people",
            say(PERSON_SENTENCES[e.state], language, who=words.title_of(scenario, e.subject, language, "staff")),
        )
    if e.kind == "told" and e.state == "not_reached":
        return Line(
            e.minute,
            "people",
            say("{who} cannot be reached.", language, who=words.title_of(scenario, e.subject, language, "department")),
        )
    if e.kind == "inject" and e.state == "delivered":
        inject = next((i for i in scenario.injects if i.id == e.subject), None)
        return (
            Line(e.minute, "inject", say("Inject: {text}", language, text=inject.text.in_language(language)))
            if inject
            else None
        )
    if e.kind == "inject" and e.state == "held_back":
        title = words.title_of(scenario, e.subject, language, "inject")
        claim = clauses.only_if(scenario, read_condition(e.cause), language)
        return Line(e.minute, "inject", say("Inject “{title}” is held back: it comes {claim}.", language, title=title, claim=claim))  # fmt: skip
    if e.kind == "decided":
        return _decision(scenario, e, language)
    return None


def _switch(scenario: Scenario, e: Event, language: str) -> str:
    """A service that switches to a standby, or back to the member that carries it normally."""
    title = words.title_of(scenario, e.subject, language, "component")
    member = words.title_of(scenario, e.cause, language, "component")
    component = scenario.hospital.systems.get(e.subject)
    runs_on = component.runs_on if component is not None else None
    if runs_on is not None and e.cause == runs_on.members[0]:
        return say(BACK_SENTENCES[e.state], language, title=title, member=member)
    return say(FAILOVER_SENTENCES[e.state], language, title=title, member=member)


def _decision(scenario: Scenario, e: Event, language: str) -> Line | None:
    if e.state == "judged":
        right = say("which is right", language) if e.value == 1 else say("which is wrong", language)
        return Line(
            e.minute,
            "step",
            say(
                "The cause is judged to be {cause}, {right}.",
                language,
                cause=words.title_of(scenario, e.cause, language, "component"),
                right=right,
            ),
        )
    grade = next((g for g in scenario.plan.grades if str(g.id) in (e.state, e.cause)), None)
    return (
        Line(e.minute, "step", say("Graded: {grade}", language, grade=grade.title.in_language(language)))
        if grade
        else None
    )
