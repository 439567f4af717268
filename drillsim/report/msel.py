"""The scenario as rows of a master scenario events list: faults, injects, and the plan's steps as expected actions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from drillsim.model.conditions import EventName
from drillsim.model.plan import EFFECTS, Step
from drillsim.model.scenario import Expects, Fault, Inject, Scenario
from drillsim.model.systems import selected
from drillsim.report import clauses, hours, story, words
from drillsim.report.called_for import reach
from drillsim.report.expected import Times, expected, moment
from drillsim.report.sources import document, shown
from drillsim.texts import say


class Row(NamedTuple):
    """One line of the master scenario events list. ``minute`` is where it is foreseen (None: not), ``time`` how that is written."""

    number: int
    minute: float | None
    time: str
    kind: str  # Fault, Inject, Contingency inject, Expected action (in the language)
    sender: str
    to: str
    channel: str
    message: str
    expected: str
    source: str


def rows(scenario: Scenario, language: str = "en") -> list[Row]:
    """Faults, injects and the plan's steps in the order in which they are foreseen, if everybody is at hand; the unforeseeable last."""
    times = expected(scenario)
    found = [
        *_fault_rows(scenario, times, language),
        *_inject_rows(scenario, times, language),
        *_step_rows(scenario, times, language),
    ]
    found.sort(key=lambda row: (row.minute is None, row.minute or 0.0))
    return [row._replace(number=n) for n, row in enumerate(found, start=1)]


def _at(scenario: Scenario, minute: float | None, language: str, *, exact: bool) -> str:
    if minute is None:
        return ""
    text = words.clock(scenario.start_time, minute, language)
    told = text if exact else say("about {clock}", language, clock=text)
    return told if minute <= scenario.horizon else say("{time}, after the end of the exercise", language, time=told)


def _fault_rows(scenario: Scenario, times: Times, language: str) -> Iterator[Row]:
    for f in scenario.faults:
        minute = times.get(f.id)
        exact = words.minute_of(scenario, f.at) is not None
        yield Row(0, minute, _at(scenario, minute, language, exact=exact) or words.moment(scenario, f.at, language), say("Fault", language), "", "", "", fault_words(scenario, f, language), noticed(scenario, f, language), document(f.source, language))  # fmt: skip


def fault_words(scenario: Scenario, fault: Fault, language: str = "en") -> str:
    """A fault in one or two sentences: its title, its effect, what leans on what breaks, how likely it is."""
    title = fault.title.in_language(language) + say(": ", language) if fault.title else ""
    text = title + story.fault_sentence(scenario, fault, language)
    leaning = leans_on(scenario, fault)
    if leaning:
        names = words.listing([words.title_of(scenario, i, language, "component") for i in leaning], language, most=8)
        text += say(" Leaning on it: {names}.", language, names=names)
    if fault.attack.listens:
        text += say(" Data are taken on their way, not where they are kept.", language)
    text += _comes_back(fault, language)
    if fault.chance < 1:
        text += say(" It happens in {share} of runs.", language, share=words.share(fault.chance, language))
    return text


def _comes_back(fault: Fault, language: str) -> str:
    """How trouble can be back after a repair: because it comes back by itself, or because the repair was not what it looked like."""
    text = ""
    if (back := fault.relapse) is not None and back.chance > 0:
        text += say(" Once mended it can come back, in {share} of cases, after {duration}, up to {times} times, until the cause is found and mended.", language, share=words.share(back.chance, language), duration=words.takes(back.after, language), times=back.times)  # fmt: skip
    if (left := fault.imperfect) is not None and left.chance > 0:
        text += say(" In {share} of cases its repair looks right and is not: it breaks out again in use after {duration}, unless a department that tries the systems sees it first (each in {seen} of cases).", language, share=words.share(left.chance, language), duration=words.takes(left.after, language), seen=words.share(left.seen, language))  # fmt: skip
    return text


def leans_on(scenario: Scenario, fault: Fault) -> list[str]:
    """Components that lean, directly or through others, on what a fault breaks, in file order."""
    systems = scenario.hospital.systems
    reached = reach(scenario, fault) - set(selected(systems, fault.target))
    return [i for i in systems if i in reached]


def noticed(scenario: Scenario, fault: Fault, language: str = "en") -> str:
    """How a fault comes to be noticed: ``by monitoring after 2 min (in 70 %), by users after about 6 min``; a way without a chance is none."""
    ways = fault.found_by or scenario.hospital.detection
    pieces = []
    for name, way in ways.items():
        if way.chance == 0:
            continue
        who, after = words.noticed_by(name, language), words.takes(way.after, language)
        if way.chance < 1:
            pieces.append(
                say(
                    "by {who} after {duration} (in {share} of runs)",
                    language,
                    who=who,
                    duration=after,
                    share=words.share(way.chance, language),
                )
            )
        else:
            pieces.append(say("by {who} after {duration}", language, who=who, duration=after))
    if fault.planned > 0 and pieces:
        ways_told, planned = words.listing(pieces, language), words.duration(fault.planned, language)
        return say(
            "Announced for {planned}; noticed when it takes longer: {ways}.", language, planned=planned, ways=ways_told
        )
    if ways and not pieces:
        return say("Nobody notices it of their own accord.", language)
    return (
        say("Noticed {ways}.", language, ways=words.listing(pieces, language))
        if pieces
        else say("Noticed at once.", language)
    )


def _inject_rows(scenario: Scenario, times: Times, language: str) -> Iterator[Row]:
    for i in scenario.injects:
        timed = i.at is not None
        minute = moment(scenario, i.at, times) if i.at is not None else None
        exact = i.at is not None and words.minute_of(scenario, i.at) is not None
        if minute is not None and i.during:
            minute = hours.first_within(scenario, i.during, minute)
        time = _inject_terms(
            scenario, i, _at(scenario, minute, language, exact=exact) or _inject_time(scenario, i, language), language
        )
        kind = say("Inject", language) if timed else say("Contingency inject", language)
        channel = words.title_of(scenario, i.channel, language, "channel") if i.channel else ""
        yield Row(0, minute, time, kind, say("exercise control", language), _to(scenario, i, language), channel, _asked(i, language), _expects(scenario, i, language), document(i.source, language))  # fmt: skip


def _asked(inject: Inject, language: str) -> str:
    """What is delivered, with the question that is put about it."""
    question = inject.question.in_language(language) if inject.question else ""
    return _sentences((inject.text.in_language(language), question), language)


def _inject_time(scenario: Scenario, inject: Inject, language: str) -> str:
    if inject.at is not None:
        return words.moment(scenario, inject.at, language)
    assert inject.when is not None
    return clauses.when_said(words.condition(scenario, inject.when, language), language)


def _inject_terms(scenario: Scenario, inject: Inject, time: str, language: str) -> str:
    """Its time, with the hours it waits for and what must hold for it to be delivered."""
    terms = [time]
    if inject.during:
        when = hours.told(scenario.hospital, inject.during, language)
        terms.append(say("in these hours only: {hours}", language, hours=when))
    if inject.only_if is not None:
        terms.append(clauses.only_if(scenario, inject.only_if, language))
    return say("; ", language).join(terms)


def _to(scenario: Scenario, inject: Inject, language: str) -> str:
    return say("everybody", language) if inject.to == "all" else words.title_of(scenario, inject.to, language, "role")


def _expects(scenario: Scenario, inject: Inject, language: str) -> str:
    """What is expected of those who receive an inject, and the steps of the plan its question is about."""
    answer = inject.answer.in_language(language) if inject.answer else ""
    within = _within(scenario, inject.expects, language) if inject.expects else ""
    steps = [f"“{words.title_of(scenario, step, language, 'step')}”" for step in inject.about]
    about = say("Steps of the plan: {steps}", language, steps=words.listing(steps, language)) if steps else ""
    return _sentences((answer, within, about), language)


def _sentences(parts: Iterable[str], language: str) -> str:
    """Parts in a row, each but the last with its full stop."""
    told = [part for part in parts if part]
    ended = [
        part if part.endswith((".", "。", "?", "？", "!", "！")) else part + say(".", language) for part in told[:-1]
    ]
    return say(" ", language).join([*ended, *told[-1:]])


def _within(scenario: Scenario, expects: Expects, language: str) -> str:
    return say(
        "“{title}” within {duration}",
        language,
        title=words.title_of(scenario, expects.step, language, "step"),
        duration=words.duration(expects.within, language),
    )


def _step_rows(scenario: Scenario, times: Times, language: str) -> Iterator[Row]:
    for s in scenario.plan.steps:
        done = times.get(s.id)
        hands = {s.owner: 1} | {role: count + (role == s.owner) for role, count in s.with_roles.items()}
        people = [_with(scenario, role, count, language) for role, count in hands.items()]
        message = s.title.in_language(language) + effects(scenario, s, language)
        evidence = [
            words.deadline(scenario, s.within, language),
            s.evidence.in_language(language) if s.evidence else "",
        ]
        source = say(", ", language).join(
            shown(v, language) for k, v in s.source.items() if k in ("document", "clause", "")
        )
        yield Row(0, done, _at(scenario, done, language, exact=False) or say("not foreseen", language), say("Expected action", language), "", words.listing(people, language), "", message, say("; ", language).join(e for e in evidence if e), source)  # fmt: skip


def _with(scenario: Scenario, role: str, count: int, language: str) -> str:
    title = words.title_of(scenario, role, language, "role")
    return title if count == 1 else say("{title} ({count} people)", language, count=count, title=title)


EFFECT_WORDS: dict[str, str] = {
    "declare": "declares and grades the incident",
    "judge": "judges the cause",
    "notify": "tells {names}",
    "order_paper": "orders paper working for {names}",
    "return_to_system": "tells {names} to use the systems again",
    "fail_over": "switches {names} over, to its standby or back",
    "break_glass": "opens the emergency way of working of {names}",
    "isolate": "cuts off {names}",
    "reconnect": "connects {names} again",
    "shut_down": "shuts {names} down in good order",
    "repair": "repairs {names}",
    "reimage": "works through {names}, machine by machine",
    "patch": "closes the hole in {names}",
    "restore": "starts {names}",
    "recover_data": "brings back the data of {names}",
    "start_empty": "starts {names} without the data that are lost",
    "verify": "tries out {names}",
    "restock": "brings forms to {names}",
    "divert": "sends elsewhere or puts off {names}",
    "reopen": "lets {names} come again",
    "call_off": "ends {names} before it is done",
    "stand_down": "ends the incident",
    "evaluate": "compares the work of {names} with a normal day",
    "learn": "holds the after-action meeting",
}


def effects(scenario: Scenario, step: Step, language: str) -> str:
    """What a step changes, in brackets; nothing when it changes nothing."""
    pieces = []
    for effect in step.does:
        template = EFFECT_WORDS[effect.kind]
        targets = effect.targets or (("all",) if "{names}" in template else ())
        values = (
            {"names": words.listing([target(scenario, effect.kind, t, language) for t in targets], language)}
            if targets
            else {}
        )
        pieces.append(say(template, language, **values))
    return say(" ({effects})", language, effects=say("; ", language).join(pieces)) if pieces else ""


def target(scenario: Scenario, kind: str, target: str, language: str) -> str:
    """What an effect is aimed at; departments and groups come before other things of the same name."""
    spaces = EFFECTS[kind].split(",")
    if spaces == ["step"]:
        return say("“{step}”", language, step=words.title_of(scenario, target, language, "step"))
    if spaces == ["pathway"]:
        return words.title_of(scenario, target, language, "pathway")
    if target == "cause":
        return say("what the judgement points to", language)
    if target.startswith("tier "):
        return say("tier {n}", language, n=target.removeprefix("tier "))
    if target == "all" and "component" in spaces:
        return say("all systems", language)
    departments = scenario.hospital.departments
    if (
        "group" in spaces
        and target not in departments
        and (target == "all" or any(d.group == target for d in departments.values()))
    ):
        return words.group(scenario, target, language)
    return (
        departments[target].title.in_language(language)
        if target in departments and "department" in spaces
        else words.title_of(scenario, target, language)
    )


def trigger(scenario: Scenario, step: Step, language: str = "en") -> str:
    """What starts a step: ``when “A” and “B” are done``, ``when HIS has been away for 10 min``."""
    pieces = []
    if step.after:
        names = words.listing(
            [say("“{title}”", language, title=words.title_of(scenario, s, language, "step")) for s in step.after],
            language,
        )
        pieces.append(say("after {names}", language, names=names))
    if step.on:
        events = say(" or ", language).join(words.event(scenario, e, language) for e in step.on)
        pieces.append(clauses.when_said(events, language))
    if step.when is not None:
        pieces.append(clauses.when_said(words.condition(scenario, step.when, language), language))
    if step.at is not None:
        pieces.append(say("at {moment}", language, moment=words.moment(scenario, step.at, language)))
    if not pieces:
        first = words.event(scenario, _first_event(scenario), language)
        pieces.append(clauses.when_said(first, language))
    if step.during:
        when = hours.told(scenario.hospital, step.during, language)
        pieces.append(say("in these hours only, and only they count for its deadline: {hours}", language, hours=when) if step.within else say("in these hours only: {hours}", language, hours=when))  # fmt: skip
    if step.only_if is not None:
        pieces.append(clauses.only_if(scenario, step.only_if, language))
    return say("; ", language).join(pieces)


def _first_event(scenario: Scenario) -> EventName:
    return EventName(subject="detected" if scenario.faults else "start")
