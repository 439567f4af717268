"""Clauses for people: events, deadlines, moments, conditions, measures and usual times, as words."""

from __future__ import annotations

import re
from collections.abc import Iterable

from drillsim.model.conditions import (
    AWAY,
    Condition,
    Deadline,
    EventName,
    Moment,
    apart,
    during_lines,
    read_condition,
    read_event,
    read_moment,
)
from drillsim.model.durations import Distribution
from drillsim.model.faults import KINDS as FAULTS
from drillsim.model.measures import Measure, kind_of
from drillsim.model.phrases import EVENTS, SINCE, TURNED, TURNS
from drillsim.model.scenario import Scenario
from drillsim.report import hours
from drillsim.report.amounts import clock, duration, duration_range, figure, number, share
from drillsim.report.names import STATES, title_of
from drillsim.texts import say

ANNOUNCED = {"when": "the planned stop begins", "after": "the beginning of the planned stop"}
"""What the failure is called where the scenario begins with a stop that was announced, after "when" and after "30 min after"."""

PLURAL = {"is": "are", "has": "have", "goes": "go", "opens": "open", "runs": "run"}
"""Verb after one thing → the same after several."""

LONG = 110
"""Signs from which on a trigger of several claims is told by its first, with the number of the others."""

IN_MODE: dict[str, tuple[str, str]] = {
    "normal": ("{title} is with the systems", "{title} has been with the systems for {duration}"),
    "waiting": ("{title} is standing still", "{title} has been standing still for {duration}"),
    "changing": ("{title} is changing over", "{title} has been changing over for {duration}"),
    "paper": ("{title} is on paper", "{title} has been on paper for {duration}"),
    "back_entry": ("{title} is typing in", "{title} has been typing in for {duration}"),
    "open": ("{title} is open", "{title} has been open for {duration}"),
    "closed": ("{title} is closed", "{title} has been closed for {duration}"),
}
"""How a department works, or whether it is open → what is said of it now, and of how long it has been so."""

HAPPENED: dict[str, str] = {"down": "{title} has gone down", "up": "{title} has come back"}
"""Turn of an event → the same as something that is so from then on."""

COME: dict[str, str] = {
    "detected": "the failure has been noticed",
    "declared": "the incident has been declared",
    "ordered": "paper working has been ordered",
    "restored": "the systems have been restored",
    "stood_down": "the incident has been ended",
}
"""Event → the same as something that is so from then on; the others read alike."""

CLAIMED: dict[str, str] = {
    "state": "component",
    "mode": "department",
    "hours": "department",
    "diverted": "pathway",
    "queue": "activity",
    "pile": "department",
}
"""Kind of condition → the kind of thing that it speaks of."""

FAULT_SENTENCES: dict[str, str] = {name: kind.sentence for name, kind in FAULTS.items()}


def event(scenario: Scenario, name: EventName, language: str = "en", *, since: bool = False) -> str:
    """An event as words that fit after "when" (``the failure is noticed``), or with ``since`` after "30 min after" (``detection``)."""
    if name.text() == "failed" and announced(scenario):
        return say(ANNOUNCED["after" if since else "when"], language)
    if not name.turn and name.subject in EVENTS:
        return say((SINCE if since else EVENTS)[name.subject], language)
    title = title_of(scenario, name.subject, language, TURNED.get(name.turn, ""))
    if not name.turn and any(f.id == name.subject for f in scenario.faults):
        return (
            say("the fault “{title}”", language, title=title)
            if since
            else say("the fault “{title}” begins", language, title=title)
        )
    if not name.turn and any(i.id == name.subject for i in scenario.injects):
        return (
            say("the inject “{title}”", language, title=title)
            if since
            else say("the inject “{title}” is delivered", language, title=title)
        )
    return agreeing(say(TURNS[name.turn], language, title=title), title, language)


def when_said(text: str, language: str = "en") -> str:
    """An event or condition after "when", where it needs the word: ``10 h after detection`` and what ends with an exception do not."""
    if text[:1].isdigit() or text.endswith(("小时", "除外", "除外）")):
        return text
    return say("when {event}", language, event=text)


def deadline(scenario: Scenario, limit: Deadline | None, language: str = "en") -> str:
    """``within 30 min after the failure is noticed``; empty without a deadline."""
    if limit is None:
        return ""
    return say(
        "within {duration} after {event}",
        language,
        duration=duration(limit.minutes, language),
        event=event(scenario, limit.event, language, since=True),
    )


def since(scenario: Scenario, limit: Deadline | None, language: str = "en") -> str:
    """A deadline in short: ``30 min after detection``; empty without one."""
    if limit is None:
        return ""
    return say("{duration} after {event}", language, duration=duration(limit.minutes, language), event=event(scenario, limit.event, language, since=True))  # fmt: skip


def moment(scenario: Scenario, when: Moment, language: str = "en") -> str:
    """A moment of the scenario: its time of day when that is known beforehand, else so long after an event."""
    minute = minute_of(scenario, when)
    if minute is not None:
        return clock(scenario.start_time, minute, language)
    assert when.event is not None
    if not when.minutes:
        return when_said(event(scenario, when.event, language), language)
    return say("{duration} after {event}", language, duration=duration(when.minutes, language), event=event(scenario, when.event, language, since=True))  # fmt: skip


def minute_of(scenario: Scenario, when: Moment) -> float | None:
    """The minute since StartEx that a moment means, when it can be known before the run: a clock time, or so long after the first fault."""
    minute = when.minute(scenario.start_time)
    if minute is not None or when.event is None or when.event.turn:
        return minute
    if when.event.subject == "start":
        return when.minutes
    first = first_fault(scenario) if when.event.subject == "failed" else None
    return None if first is None else first + when.minutes


def first_fault(scenario: Scenario) -> float | None:
    """The minute of the first fault whose moment is known beforehand; None without one."""
    known = [minute_of(scenario, f.at) for f in scenario.faults if f.at.event is None or f.at.event.subject == "start"]
    return min((m for m in known if m is not None), default=None)


def announced(scenario: Scenario) -> bool:
    """Whether what happens first is a stop that was announced, so that nobody calls its beginning a failure."""
    minutes = {fault.id: minute_of(scenario, fault.at) for fault in scenario.faults}
    first = min(
        (f for f in scenario.faults if minutes[f.id] is not None), key=lambda f: minutes[f.id] or 0.0, default=None
    )
    return first is not None and first.planned > 0


def _undone(scenario: Scenario, claim: Condition) -> str:
    """The step that a claim says is done; empty for other claims."""
    event = claim.event if claim.kind == "happened" else None
    known = event is not None and not event.turn and any(step.id == event.subject for step in scenario.plan.steps)
    return event.subject if event is not None and known else ""


def condition(scenario: Scenario, claim: Condition, language: str = "en") -> str:
    """A condition as a clause: ``HIS has been away for 10 min``."""
    if claim.kind in ("all", "any"):
        return _joined(scenario, claim, language)
    if claim.kind == "not" and claim.parts[0].kind == "attack":
        return say("no attack is known", language)
    if claim.kind == "not" and claim.parts[0].kind == "any":
        ruled = say(", ", language).join(condition(scenario, p, language) for p in ruled_out([claim]))
        return say("none of these: {claims}", language, claims=ruled)
    if claim.kind == "not" and (step := _undone(scenario, claim.parts[0])):
        return say("“{step}” is not done yet", language, step=title_of(scenario, step, language, "step"))
    if claim.kind == "not":
        return _not_so(scenario, claim.parts[0], language)
    title = title_of(scenario, claim.subject, language, CLAIMED.get(claim.kind, "component")) if claim.subject else ""
    minutes = scenario.plan.thresholds.get(claim.threshold, 0.0) if claim.threshold else claim.minutes
    length = duration(minutes, language)
    if claim.kind == "state":
        state = say("away", language) if claim.states == AWAY else say(STATES[claim.states[0]], language)
        return _lasting(title, state, length if minutes else "", language)
    if claim.kind == "mode":
        return _in_mode(title, claim.states[0], length if minutes else "", language)
    if claim.states == ("opens",):
        return agreeing(say("{title} opens within {duration}", language, title=title, duration=length), title, language)
    if claim.kind == "hours":
        return _in_mode(title, claim.states[0], length if minutes else "", language)
    if claim.kind == "diverted":
        if not minutes:
            return say("{title} are diverted", language, title=title)
        return say("{title} have been diverted for {duration}", language, title=title, duration=length)
    if claim.kind in ("after", "happened"):
        assert claim.event is not None
        if claim.kind == "happened":
            return _has_happened(scenario, claim.event, language)
        said = event(scenario, claim.event, language, since=True)
        return say("{duration} after {event}", language, duration=length, event=said)
    if claim.kind in ("queue", "pile"):
        what = say("people waiting at {title}", language, title=title) if claim.kind == "queue" else say("items to type in at {title}", language, title=title)  # fmt: skip
        return f"{what} {_sign(claim.operator)} {figure(claim.number)}"
    if claim.kind == "grade":
        return say("grade {sign} {n}", language, sign=_sign(claim.operator), n=figure(claim.number))
    if claim.kind == "attack":
        return say("an attack is known", language)
    if claim.kind == "exposed":
        return say(
            "people whose data could be taken {sign} {n}", language, sign=_sign(claim.operator), n=number(claim.number)
        )
    if claim.kind == "judged":
        if claim.subject in ("right", "wrong"):
            return say("the first judgement is right", language) if claim.subject == "right" else say("the first judgement is wrong", language)  # fmt: skip
        return say("the cause is judged to be “{cause}”", language, cause=title)
    return say("{title} runs on its standby", language, title=title)


def _not_so(scenario: Scenario, claim: Condition, language: str) -> str:
    """What a claim denies: ``HIS is not away``, ``the cause is not judged to be “A”``."""
    if claim.kind == "state" and not (claim.minutes or claim.threshold):
        title = title_of(scenario, claim.subject, language, "component")
        state = say("away", language) if claim.states == AWAY else say(STATES[claim.states[0]], language)
        return agreeing(say("{title} is not {state}", language, title=title, state=state), title, language)
    if claim.kind == "judged" and claim.subject not in ("right", "wrong"):
        cause = title_of(scenario, claim.subject, language, "component")
        return say("the cause is not judged to be “{cause}”", language, cause=cause)
    return say("not: {claim}", language, claim=condition(scenario, claim, language))


def _has_happened(scenario: Scenario, name: EventName, language: str) -> str:
    """An event that has come by then: ``HIS has gone down``, which is not the same as that it is."""
    if name.turn in HAPPENED:
        title = title_of(scenario, name.subject, language, "component")
        return agreeing(say(HAPPENED[name.turn], language, title=title), title, language)
    if not name.turn and name.subject in COME:
        return say(COME[name.subject], language)
    return event(scenario, name, language)


def _joined(scenario: Scenario, claim: Condition, language: str, most: int = 3) -> str:
    """Claims that must all hold; or alternatives, of which the first is told and the others are counted when they are many."""
    barred = [p for p in claim.parts if p.kind == "not"]
    if claim.kind == "all" and barred and len(barred) < len(claim.parts):
        rest = [_inside(scenario, p, language) for p in claim.parts if p.kind != "not"]
        unless = [condition(scenario, p, language) for p in ruled_out(barred)]
        return say("{claims}, unless {others}", language, claims=say(" and ", language).join(rest), others=say(" or ", language).join(unless))  # fmt: skip
    said = [_inside(scenario, p, language) for p in claim.parts]
    if claim.kind == "any" and any("," in text or "，" in text for text in said) and len(said) <= most:
        return say("; or ", language).join(said)
    if claim.kind == "any" and len(said) > most:
        return say("{event} or {n} others", language, event=said[0], n=len(said) - 1)
    return say(" and " if claim.kind == "all" else " or ", language).join(said)


def only_if(scenario: Scenario, claim: Condition, language: str = "en") -> str:
    """What must hold when something begins, or what must not: ``unless HIS is away or “A” is done``."""
    parts = claim.parts if claim.kind == "all" else (claim,)
    if all(part.kind == "not" for part in parts):
        barred = say(" or ", language).join(condition(scenario, one, language) for one in ruled_out(parts))
        return say("unless {claim}", language, claim=barred)
    return say("only if {claim}", language, claim=condition(scenario, claim, language))


def ruled_out(barred: Iterable[Condition]) -> list[Condition]:
    """What must not be so, of claims that begin with ``not``: ``not (a or b)`` rules out ``a`` and ``b``."""
    found = [claim.parts[0] for claim in barred]
    return [each for claim in found for each in (claim.parts if claim.kind == "any" else (claim,))]


def _inside(scenario: Scenario, claim: Condition, language: str) -> str:
    """A part of claims that must all hold: alternatives among them stand in brackets."""
    said = condition(scenario, claim, language)
    return say("({alternatives})", language, alternatives=said) if claim.kind == "any" else said


def agreeing(text: str, title: str, language: str) -> str:
    """English that begins with the title of several things: ``Wards are on paper``; other words as they are."""
    if language != "en" or not text.startswith(f"{title} ") or not several(title):
        return text
    rest = text.removeprefix(title)
    verb = next((one for one in PLURAL if rest.startswith(f" {one} ")), "")
    return title + rest.replace(verb, PLURAL[verb], 1) if verb else text


def several(title: str) -> bool:
    """Whether an English title names several things: ``Workstations of the units``, ``Registration and charging``."""
    main = re.split(r" \(| (?:of|for|in|to|at|on|before|between|from) ", title)[0]
    return " and " in main or (main.endswith("s") and not main.endswith(("ss", "us", "is")))


def _in_mode(title: str, mode: str, length: str, language: str) -> str:
    now, lasting = IN_MODE[mode]
    said = say(lasting, language, title=title, duration=length) if length else say(now, language, title=title)
    return agreeing(said, title, language)


def _lasting(title: str, state: str, length: str, language: str) -> str:
    if not length:
        return agreeing(say("{title} is {state}", language, title=title, state=state), title, language)
    said = say("{title} has been {state} for {duration}", language, title=title, state=state, duration=length)
    return agreeing(said, title, language)


def _sign(operator: str) -> str:
    return {"<=": "≤", ">=": "≥", "==": "="}.get(operator, operator)


def takes(distribution: Distribution, language: str = "en") -> str:
    """How long something takes: ``12 min``, ``usually 12 min, at times 30 min``, ``5–20 min``, ``about 12 min``."""
    p = distribution.parameters
    if distribution.kind == "constant":
        return duration(p["value"], language)
    if "median" in p:
        return say(
            "usually {usual}, at times {long}",
            language,
            usual=duration(p["median"], language),
            long=duration(p["p90"], language),
        )
    if "low" in p and "high" in p:
        return duration_range(p["low"], p["high"], language)
    return say("about {duration}", language, duration=duration(distribution.mean, language))


def trigger(scenario: Scenario, text: str, language: str = "en", most: int = 2) -> str:
    """A trigger as it stands in a log (an event, a condition or a moment, in the words of the files; alternatives joined by "or") in words.

    What must not be so meanwhile (``and not power is away``) is left to the briefing.
    """
    if lines := during_lines(text):
        return hours.told(scenario.hospital, lines, language)
    pieces = apart(text, "or")
    said = [_trigger(scenario, piece, language) for piece in pieces]
    if len(said) > most:
        return say("{event} or {n} others", language, event=said[0], n=len(said) - 1)
    return say("; or " if any("," in text for text in said) else " or ", language).join(said)


def _trigger(scenario: Scenario, text: str, language: str) -> str:
    known = {
        *(s.id for s in scenario.plan.steps),
        *EVENTS,
        *(f.id for f in scenario.faults),
        *(i.id for i in scenario.injects),
    }
    try:
        name = read_event(text)
        if name.turn or name.subject in known:
            return event(scenario, name, language)
    except ValueError:
        pass
    try:
        return moment(scenario, read_moment(text), language)
    except ValueError:
        pass
    try:
        return _short(scenario, _without_exceptions(read_condition(text)), language)
    except ValueError:
        return text


def _short(scenario: Scenario, claim: Condition, language: str) -> str:
    """A condition as a clause; of a long one the first claim, and how many more there are."""
    said = condition(scenario, claim, language)
    if claim.kind != "all" or len(said) * (2 if language == "zh" else 1) <= LONG:
        return said
    first = condition(scenario, claim.parts[0], language)
    return say("{claim}, and {n} more", language, claim=first, n=len(claim.parts) - 1)


def _without_exceptions(claim: Condition) -> Condition:
    """What a condition waits for, without what must not be so meanwhile."""
    parts = tuple(part for part in claim.parts if part.kind != "not")
    return claim.model_copy(update={"parts": parts}) if claim.kind == "all" and parts else claim


MEASURES: dict[str, str] = {
    "wait_mean": "mean wait",
    "wait_p90": "wait of nine in ten",
    "waited": "share who waited at all",
    "queue_mean": "mean number waiting",
    "queue_most": "most people waiting",
    "arrived": "arrived",
    "served": "served",
    "left": "left without being seen",
    "left_share": "share who left without being seen",
    "turned_away": "turned away for lack of room",
    "diverted": "diverted by the plan",
    "turned_away_share": "share turned away for lack of room",
    "minutes_mean": "mean time there",
    "minutes_median": "median time there",
    "minutes_p90": "time there of nine in ten",
    "in_system": "mean number there",
    "utilisation": "share of time busy",
    "minutes_down": "time without service",
    "minutes_slow": "time slow or read only",
    "minutes_to_restore": "longest outage",
    "availability": "share of time with service",
    "data_lost": "data lost for good",
    "exposed": "time in which data could be taken",
    "people_exposed": "people whose data could be taken and read",
    "infected": "components that malware got into",
    "improvements": "areas for improvement",
    "stood_still": "longest standstill",
    "on_paper_at": "time from the fault to paper working",
    "items": "items written on paper",
    "entered": "items typed in",
    "errors": "items with an error",
    "pile_most": "largest pile to type in",
    "pile_end": "pile left at the end",
    "cleared_at": "time from the fault until everything is typed in",
    "over": "cases over the limit",
    "over_share": "share of cases over the limit",
    "completed_at": "time until the last step is done",
    "on_time_share": "share of deadlines kept",
}
"""Measure → short words for it."""

WHOLE = {"patients": "all patients", "data": "whole hospital", "plan": "whole plan"}


def measured(claim: Measure, value: float, language: str = "en") -> str:
    """A value of the figure that a claim speaks of, in its unit: ``28 min``, ``93 %``, ``17``."""
    if claim.meaning.unit == "min":
        return duration(value, language)
    return share(value, language) if claim.meaning.unit == "share" else number(value)


def measure(scenario: Scenario, claim: Measure, language: str = "en") -> str:
    """A claim about a figure in words: ``HIS: longest outage ≤ 2 h``."""
    indicators = scenario.hospital.indicators
    if claim.subject in WHOLE:
        subject = say(WHOLE[claim.subject], language)
    elif claim.subject in indicators:
        subject = indicators[claim.subject].title.in_language(language)
    else:
        subject = title_of(scenario, claim.subject, language, kind_of(claim, scenario.hospital) or "")
    value = measured(claim, claim.value, language)
    what = say(MEASURES[claim.measure], language) if claim.measure in MEASURES else claim.meaning.meaning
    return say(
        "{subject}: {what} {sign} {value}",
        language,
        subject=subject,
        what=what,
        sign=_sign(claim.operator),
        value=value,
    )
