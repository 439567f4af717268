"""Words for people: durations, times of day, shares, and the names of parts, modes, states and events, in both languages."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from drillsim.model.conditions import AWAY, Condition, Deadline, EventName, Moment
from drillsim.model.durations import Distribution
from drillsim.model.scenario import Scenario
from drillsim.model.systems import selected
from drillsim.score.summary import Estimate, Spread, Words
from drillsim.texts import say

EN_DASH = "–"
MISSING = "—"

PARTS: dict[str, str] = {
    "dormant": "its trigger",
    "trigger": "its trigger",
    "decision": "a decision",
    "after": "an earlier step",
    "predecessor": "an earlier step",
    "person": "a person who is busy",
    "off_shift": "a person who is off duty",
    "on_the_way": "a person on the way",
    "thing": "a spare part",
    "system": "a system or channel",
    "channel": "a system or channel",
    "pause": "a pause before the next try",
    "redo": "work that had to be done again",
    "rework": "work that had to be done again",
    "working": "the work itself",
    "work": "the work itself",
}
"""Part of a step's time → what it was spent on, fitting after "waiting for" (all but the last four)."""

WAITS: dict[str, str] = {
    "trigger": "its trigger ({who})",
    "dormant": "its trigger ({who})",
    "decision": "a decision ({who})",
    "after": "{who} to be done",
    "predecessor": "{who} to be done",
    "person": "{who}, who is busy",
    "off_shift": "{who}, off duty",
    "on_the_way": "{who}, on the way",
    "thing": "a spare: {who}",
    "system": "{who}, which does not work",
    "channel": "{who}, which does not work",
}
"""Part of a step's time with who or what was waited for, fitting after "waiting for"."""

PHASES: dict[str, str] = {
    "identify": "Identify",
    "notify": "Notify",
    "diagnose": "Diagnose",
    "isolate": "Isolate",
    "repair": "Repair",
    "restore": "Restore",
    "verify": "Verify",
    "recover_data": "Recover data",
    "evaluate": "Evaluate",
    "learn": "Learn",
}

MODES: dict[str, str] = {
    "normal": "with the systems",
    "waiting": "standing still",
    "changing": "changing over",
    "paper": "on paper",
    "back_entry": "typing in",
}

STATES: dict[str, str] = {
    "up": "working",
    "slow": "slow",
    "read_only": "read only",
    "restoring": "being restored",
    "isolated": "isolated",
    "down": "down",
}

OUTCOMES: dict[str, str] = {
    "on_time": "on time",
    "late": "late",
    "missed": "missed",
    "not_reached": "not reached",
    "not_applicable": "not needed",
    "done": "done",
    "undone": "not done",
    "open": "not due yet",
}

SIGNS: dict[str, str] = {
    "on_time": "✓",
    "late": "▲",
    "missed": "✕",
    "not_reached": "–",
    "not_applicable": "–",
    "done": "✓",
    "undone": "✕",
}

MILESTONES: dict[str, str] = {
    "start": "Exercise begins",
    "failed": "Failure",
    "detected": "Noticed",
    "declared": "Incident declared",
    "ordered": "Paper working ordered",
    "restored": "Systems restored",
    "returned": "Told to use the systems again",
    "cleared": "Everything typed in",
    "stood_down": "Incident ended",
}

EVENTS: dict[str, str] = {
    "start": "the exercise begins",
    "failed": "the fault begins",
    "detected": "the failure is noticed",
    "declared": "the incident is declared",
    "ordered": "paper working is ordered",
    "restored": "the systems are restored",
    "returned": "departments are told to use the systems again",
    "cleared": "everything is typed in",
    "stood_down": "the incident is ended",
}
"""Event → words that fit after "when"."""

SINCE: dict[str, str] = {
    "start": "the start of the exercise",
    "failed": "the failure",
    "detected": "detection",
    "declared": "the declaration",
    "ordered": "the paper order",
    "restored": "recovery",
    "returned": "the order to use the systems again",
    "cleared": "the end of typing in",
    "stood_down": "the end of the incident",
}
"""Event → words that fit after "30 min after"."""

TURNS: dict[str, str] = {
    "": "“{title}” is done",
    "failed": "“{title}” has failed",
    "down": "{title} goes down",
    "up": "{title} is back",
    "ordered": "paper is ordered for {title}",
    "on paper": "{title} is on paper",
    "back": "{title} is back on the systems",
}

GROUPS: dict[str, str] = {
    "all": "all departments",
    "outpatient": "outpatients",
    "inpatient": "inpatients",
    "emergency": "emergency",
    "technology": "diagnostic departments",
    "medical_technology": "diagnostic departments",
    "ward": "the wards",
    "wards": "the wards",
    "pharmacy": "pharmacies",
    "laboratory": "laboratories",
    "imaging": "imaging",
    "surgery": "operating theatres",
    "diagnostics": "diagnostic departments",
}

FAULT_SENTENCES: dict[str, str] = {
    "outage": "{target} stops working{lasting}.",
    "slow": "Work with {target} takes {severity} times as long{lasting}.",
    "read_only": "{target} can be looked at but takes no new data{lasting}.",
    "corrupt": "{target} stops, and its data must be recovered from a copy{lasting}.",
    "people": "{percent} of the {target} are away{lasting}.",
}

NOTICED_BY: dict[str, str] = {
    "monitoring": "monitoring",
    "users": "users",
    "patients": "patients",
    "staff": "staff",
}

CHANGES_ON_PAPER = ("waiting", "changing", "paper", "back_entry")

RATINGS: dict[str, str] = {
    "P": "performed without challenges",
    "S": "performed with some challenges",
    "M": "performed with major challenges",
    "U": "unable to be performed",
}

FORM_RATINGS: dict[str, str] = {"优": "excellent", "良": "good", "一般": "fair", "差": "poor"}

DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LONG_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

TABLES: tuple[dict[str, str], ...] = (
    PARTS, WAITS, PHASES, MODES, STATES, OUTCOMES, MILESTONES, EVENTS, SINCE, TURNS, GROUPS, FAULT_SENTENCES, NOTICED_BY, RATINGS, FORM_RATINGS,
)  # fmt: skip
"""Every table whose values are said in both languages."""


def number(value: float | None, digits: int = 0) -> str:
    """A count with thousands separated: ``4120`` → ``4,120``."""
    return MISSING if value is None or math.isnan(value) else f"{value:,.{digits}f}"


def figure(value: float | None) -> str:
    """A number of no particular unit with about three meaningful digits: 0.0372, 4.44, 37.2, 1,234."""
    if value is None or math.isnan(value):
        return MISSING
    size = abs(value)
    digits = 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 1 or size == 0 else 3
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def digits_for(estimate: Estimate) -> int:
    """How many decimals a figure deserves: as many as show the first digit of half its interval; without one, about three digits in all."""
    if estimate.low is None or estimate.high is None or estimate.high <= estimate.low:
        size = abs(estimate.value or 0.0)
        return 0 if size >= 100 or size == round(size) else 1 if size >= 10 else 2
    return min(max(-math.floor(math.log10((estimate.high - estimate.low) / 2)), 0), 4)


def count(estimate: Estimate | None, *, signed: bool = False) -> str:
    """The mean of a count or other plain figure, rounded as its interval deserves: ``312``, ``+312``, ``4.44``."""
    if estimate is None or estimate.value is None or math.isnan(estimate.value):
        return MISSING
    text = number(abs(estimate.value), digits_for(estimate))
    nought = not any(c in "123456789" for c in text)
    return ("" if nought else "−" if estimate.value < 0 else "+" if signed else "") + text


def count_interval(estimate: Estimate | None) -> str:
    """The interval of such a figure, rounded alike: ``288–337``; empty without one."""
    if estimate is None or estimate.low is None or estimate.high is None:
        return ""
    digits = digits_for(estimate)
    low, high = number(estimate.low, digits), number(estimate.high, digits)
    return "" if low == high else f"{low}{EN_DASH}{high}".replace("-", "−")


def duration(minutes: float | None, language: str = "en", *, signed: bool = False) -> str:
    """A length for people: ``80`` → ``1 h 20 min`` / ``1 小时 20 分``; below ten minutes one decimal; ``signed`` shows a plus."""
    if minutes is None or math.isnan(minutes):
        return MISSING
    if math.isinf(minutes):
        return say("for good", language)
    sign = "−" if minutes < -1e-9 else "+" if signed and minutes > 1e-9 else ""
    return sign + _length(abs(minutes), language)


def _length(size: float, language: str) -> str:
    if size < 9.95:
        if 0 < size < 0.95:
            return say("{seconds} s", language, seconds=max(round(size * 60), 1))
        return say("{minutes} min", language, minutes=f"{size:.1f}".removesuffix(".0"))
    whole = round(size)
    if whole < 60:
        return say("{minutes} min", language, minutes=whole)
    hours, rest = divmod(whole, 60)
    if hours < 48:
        return say("{h} h {minutes} min", language, h=hours, minutes=rest) if rest else say("{h} h", language, h=hours)
    days, hours = divmod(round(whole / 60), 24)
    return say("{d} d {h} h", language, d=days, h=hours) if hours else say("{d} d", language, d=days)


def duration_range(low: float | None, high: float | None, language: str = "en") -> str:
    """``12–55 min``; the two written out when their units differ."""
    if low is None or high is None:
        return MISSING
    a, b = duration(low, language), duration(high, language)
    if a == b:
        return a
    first, second = a.split(" "), b.split(" ")
    if len(first) == len(second) == 2 and first[1] == second[1]:
        return f"{first[0]}{EN_DASH}{b}"
    return f"{a} {EN_DASH} {b}"


def share(value: float | None, language: str = "en") -> str:
    """A probability as a whole percentage: ``0.41`` → ``41 %`` / ``41%``; never 0 or 100 unless it is exactly that."""
    if value is None or math.isnan(value):
        return MISSING
    return say("{n} %", language, n=_percent(value))


def _percent(value: float) -> str:
    whole = round(value * 100)
    if whole == 0 and value > 0:
        return "<1"
    if whole == 100 and value < 1:
        return ">99"
    return str(whole)


def interval(estimate: Estimate, language: str = "en") -> str:
    """The confidence interval of a share: ``34–48 %``."""
    if estimate.low is None or estimate.high is None:
        return MISSING
    low, high = round(estimate.low * 100), round(estimate.high * 100)
    return say("{n} %", language, n=f"{low}{EN_DASH}{high}" if low != high else str(low))


def share_interval(estimate: Estimate, language: str = "en") -> str:
    """``41 % (34–48 %)``; only the share when it has no interval."""
    if estimate.value is None:
        return MISSING
    if estimate.low is None:
        return share(estimate.value, language)
    return say(
        "{share} ({interval})", language, share=share(estimate.value, language), interval=interval(estimate, language)
    )


def run_number(replication: int) -> int:
    """The number people call a run by: replications count from 0, runs from 1."""
    return replication + 1


def runs(n: int, language: str = "en") -> str:
    """``200 runs`` / ``200 次模拟``."""
    return say("1 run", language) if n == 1 else say("{n} runs", language, n=number(n))


def weekday(moment: datetime, language: str = "en", *, long: bool = False) -> str:
    """The day of the week, short or long."""
    return say((LONG_DAY_NAMES if long else DAY_NAMES)[moment.weekday()], language)


def clock(start: datetime, minute: float | None, language: str = "en") -> str:
    """The time of day at that minute: ``09:40``; with the weekday when it is not the day of StartEx."""
    if minute is None or math.isnan(minute):
        return MISSING
    then = start + timedelta(minutes=round(minute))
    if then.date() == start.date():
        return f"{then:%H:%M}"
    if abs((then.date() - start.date()).days) < 7:
        return f"{weekday(then, language)} {then:%H:%M}"
    return f"{then:%m-%d %H:%M}"


def date(moment: datetime, language: str = "en") -> str:
    """``Monday 9 March 2026`` / ``2026 年 3 月 9 日 周一``."""
    return say(
        "{weekday} {day} {month} {year}",
        language,
        weekday=weekday(moment, language, long=True),
        day=moment.day,
        month=say(MONTHS[moment.month - 1], language),
        year=moment.year,
    )


def words(value: Words | None, language: str = "en") -> str:
    """A title of the summary in the language; the other language when it is missing."""
    if value is None:
        return ""
    return (value.zh or value.en) if language == "zh" else (value.en or value.zh)


def spread(value: Spread, language: str = "en") -> str:
    """``usually 24 min (8 runs of 10: 12–55 min)``; "at least" when the value was cut off at EndEx; a dash without data."""
    if value.p50 is None:
        return MISSING if not value.censored else say("not before the end", language)
    usual = duration(value.p50, language)
    if value.p10 is None or value.p90 is None or value.n < 2:
        return usual
    return say(
        "{usual} (8 runs of 10: {range})", language, usual=usual, range=duration_range(value.p10, value.p90, language)
    )


def selector(scenario: Scenario, target: str, language: str = "en") -> str:
    """What a fault is aimed at: a component's or staff role's title, or "all of kind …" for a selector."""
    _, colon, wanted = (piece.strip() for piece in target.partition(":"))
    if not colon:
        return title_of(scenario, target, language)
    chosen = [
        scenario.hospital.systems[i].title.in_language(language) for i in selected(scenario.hospital.systems, target)
    ]
    return listing(chosen, language, most=5) if chosen else plain_id(wanted)


def noticed_by(way: str, language: str = "en") -> str:
    """Who noticed: monitoring, users, patients."""
    return say(NOTICED_BY[way], language) if way in NOTICED_BY else plain_id(way)


def plain_id(identifier: str) -> str:
    """An id as words, for what has no title."""
    return identifier.replace("_", " ").replace("-", " ")


def title_of(scenario: Scenario, identifier: str, language: str = "en") -> str:
    """The title of whatever has this id: role, staff, step, component, department, channel, activity, pathway, fault or inject."""
    hospital, plan = scenario.hospital, scenario.plan
    tables = (plan.roles, hospital.staff, hospital.equipment, hospital.departments, hospital.systems, plan.channels, hospital.activities, hospital.pathways)  # fmt: skip
    for table in tables:
        if identifier in table:
            return table[identifier].title.in_language(language)
    for listed in (*plan.steps, *scenario.faults, *scenario.injects):
        if listed.id == identifier and listed.title is not None:
            return listed.title.in_language(language)
    if identifier in EVENTS:
        return say(MILESTONES[identifier], language)
    return group(scenario, identifier, language)


def group(scenario: Scenario, identifier: str, language: str = "en") -> str:
    """A group of departments: its usual name, the titles of its departments when they are few, or its id as words."""
    if identifier in GROUPS:
        return say(GROUPS[identifier], language)
    members = [d.title.in_language(language) for d in scenario.hospital.departments.values() if d.group == identifier]
    return listing(members, language) if 0 < len(members) <= 3 else plain_id(identifier)


def listing(names: Iterable[str], language: str = "en", most: int = 6) -> str:
    """``a, b and c``; after ``most`` the rest is counted: ``a, b and 7 more``."""
    found = list(names)
    if not found:
        return ""
    if len(found) == 1:
        return found[0]
    comma = say(", ", language)
    if len(found) > most:
        return say("{names} and {n} more", language, names=comma.join(found[: most - 1]), n=len(found) - most + 1)
    return say("{names} and {last}", language, names=comma.join(found[:-1]), last=found[-1])


_SQUEEZED = re.compile(r"(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9%])(?=[\u4e00-\u9fff])")


def spaced(text: str) -> str:
    """The text with a space between a Chinese sign and a Latin letter or digit beside it."""
    return _SQUEEZED.sub(" ", text)


def part(name: str, language: str = "en") -> str:
    """What a part of a step's time was spent on."""
    return say(PARTS[name], language) if name in PARTS else plain_id(name)


def waiting_for(scenario: Scenario, name: str | None, cause: str | None, language: str = "en") -> str:
    """What a step waited for, fitting after "waiting for": ``Database administrator, busy with “First look”``, ``a decision (Director)``."""
    if not name:
        return MISSING
    who, _, busy_with = (cause or "").partition(":")
    if not who or name not in WAITS:
        return part(name, language)
    if busy_with and name == "person":
        return say(
            "{who}, busy with “{step}”",
            language,
            who=cause_of(scenario, who, language),
            step=title_of(scenario, busy_with, language),
        )
    return say(WAITS[name], language, who=cause_of(scenario, who, language))


def cause_of(scenario: Scenario, cause: str | None, language: str = "en") -> str:
    """The cause written in a log (``role``, ``role:step``, ``step,step``, an event's name) in words, steps in quotation marks; empty without one."""
    if not cause:
        return ""
    if ":" in cause:
        who, _, busy_with = cause.partition(":")
        if busy_with:
            return say(
                "{who}, busy with “{step}”",
                language,
                who=title_of(scenario, who, language),
                step=title_of(scenario, busy_with, language),
            )
        return title_of(scenario, who, language)
    return listing((_thing(scenario, one.strip(), language) for one in cause.split(",")), language, most=3)


def _thing(scenario: Scenario, name: str, language: str) -> str:
    subject, _, turn = name.partition(" ")
    if turn in TURNS and turn:
        return say(TURNS[turn], language, title=title_of(scenario, subject, language))
    if any(step.id == name for step in scenario.plan.steps):
        return say("“{title}”", language, title=title_of(scenario, name, language))
    return title_of(scenario, subject if turn else name, language)


def event(scenario: Scenario, name: EventName, language: str = "en", *, since: bool = False) -> str:
    """An event as words that fit after "when" (``the failure is noticed``), or with ``since`` after "30 min after" (``detection``)."""
    if not name.turn and name.subject in EVENTS:
        return say((SINCE if since else EVENTS)[name.subject], language)
    title = title_of(scenario, name.subject, language)
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
    return say(TURNS[name.turn], language, title=title)


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
        return say("when {event}", language, event=event(scenario, when.event, language))
    return say("{duration} after {event}", language, duration=duration(when.minutes, language), event=event(scenario, when.event, language, since=True))  # fmt: skip


def minute_of(scenario: Scenario, when: Moment) -> float | None:
    """The minute since StartEx that a moment means, when it can be known before the run: a clock time, or so long after the first fault."""
    start = scenario.start_time
    if when.date:
        return (datetime.strptime(when.date, "%Y-%m-%d %H:%M") - start).total_seconds() / 60
    if when.event is None:
        midnight = -(start.hour * 60 + start.minute)
        minute = midnight + (when.time_of_day or 0.0)
        return minute + 1440 * (when.day - 1 + (minute < 0))
    if when.event.turn == "" and when.event.subject == "start":
        return when.minutes
    if when.event.turn == "" and when.event.subject == "failed":
        first = first_fault(scenario)
        return None if first is None else first + when.minutes
    return None


def first_fault(scenario: Scenario) -> float | None:
    """The minute of the first fault whose moment is known beforehand; None without one."""
    known = [minute_of(scenario, f.at) for f in scenario.faults if f.at.event is None or f.at.event.subject == "start"]
    return min((m for m in known if m is not None), default=None)


def condition(scenario: Scenario, claim: Condition, language: str = "en") -> str:
    """A condition as a clause: ``HIS has been away for 10 min``."""
    if claim.kind in ("all", "any"):
        joint = say(" and ", language) if claim.kind == "all" else say(" or ", language)
        return joint.join(condition(scenario, p, language) for p in claim.parts)
    if claim.kind == "not":
        return say("not: {claim}", language, claim=condition(scenario, claim.parts[0], language))
    title = title_of(scenario, claim.subject, language) if claim.subject else ""
    minutes = scenario.plan.thresholds.get(claim.threshold, 0.0) if claim.threshold else claim.minutes
    length = duration(minutes, language)
    if claim.kind == "state":
        state = say("away", language) if claim.states == AWAY else say(STATES[claim.states[0]], language)
        return _lasting(title, state, length if minutes else "", language)
    if claim.kind == "mode":
        return _lasting(title, say(MODES[claim.states[0]], language), length if minutes else "", language)
    if claim.kind in ("after", "happened"):
        assert claim.event is not None
        said = event(scenario, claim.event, language, since=claim.kind == "after")
        return (
            said if claim.kind == "happened" else say("{duration} after {event}", language, duration=length, event=said)
        )
    if claim.kind in ("queue", "pile"):
        what = say("people waiting at {title}", language, title=title) if claim.kind == "queue" else say("items to type in at {title}", language, title=title)  # fmt: skip
        return f"{what} {_sign(claim.operator)} {figure(claim.number)}"
    if claim.kind == "grade":
        return say("grade {sign} {n}", language, sign=_sign(claim.operator), n=figure(claim.number))
    if claim.kind == "judged":
        if claim.subject in ("right", "wrong"):
            return say("the first judgement is right", language) if claim.subject == "right" else say("the first judgement is wrong", language)  # fmt: skip
        return say("the cause is judged to be “{cause}”", language, cause=title)
    return say("{title} runs on its standby", language, title=title)


def _lasting(title: str, state: str, length: str, language: str) -> str:
    if not length:
        return say("{title} is {state}", language, title=title, state=state)
    return say("{title} has been {state} for {duration}", language, title=title, state=state, duration=length)


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
