"""The scenario told in words, in order of time, before it is run; and the same as rows of a master scenario events list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from drillsim.model.plan import EFFECTS, PlanRole, Step
from drillsim.model.scenario import Fault, Inject, Scenario
from drillsim.model.systems import selected
from drillsim.report import duty, story, words
from drillsim.report.expected import Times, expected, moment
from drillsim.texts import say

WIDTH = 100  # columns of the text


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
    return text if exact else say("about {clock}", language, clock=text)


def _fault_rows(scenario: Scenario, times: Times, language: str) -> Iterator[Row]:
    for f in scenario.faults:
        minute = times.get(f.id)
        exact = words.minute_of(scenario, f.at) is not None
        yield Row(0, minute, _at(scenario, minute, language, exact=exact) or words.moment(scenario, f.at, language), say("Fault", language), "", "", "", fault_words(scenario, f, language), noticed(scenario, f, language), "; ".join(f.source.values()))  # fmt: skip


def fault_words(scenario: Scenario, fault: Fault, language: str = "en") -> str:
    """A fault in one or two sentences: its title, its effect, what leans on what breaks, how likely it is."""
    title = fault.title.in_language(language) + say(": ", language) if fault.title else ""
    text = title + story.fault_sentence(scenario, fault, language)
    leaning = leans_on(scenario, fault)
    if leaning:
        names = words.listing([words.title_of(scenario, i, language) for i in leaning], language, most=8)
        text += say(" Leaning on it: {names}.", language, names=names)
    if fault.chance < 1:
        text += say(" It happens in {share} of runs.", language, share=words.share(fault.chance, language))
    return text


def leans_on(scenario: Scenario, fault: Fault) -> list[str]:
    """Components that lean, directly or through others, on what a fault breaks, in file order."""
    systems = scenario.hospital.systems
    reached = set(selected(systems, fault.target)) if fault.kind != "people" else set()
    broken = set(reached)
    grown = bool(reached)
    while grown:
        more = {i for i, c in systems.items() if i not in reached and reached & set(c.upstream)}
        reached |= more
        grown = bool(more)
    return [i for i in systems if i in reached - broken]


def noticed(scenario: Scenario, fault: Fault, language: str = "en") -> str:
    """How a fault comes to be noticed: ``by monitoring after 2 min (in 70 %), by users after about 6 min``."""
    ways = fault.found_by or scenario.hospital.detection
    pieces = []
    for name, way in ways.items():
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
        time = _at(scenario, minute, language, exact=exact) or _inject_time(scenario, i, language)
        kind = say("Inject", language) if timed else say("Contingency inject", language)
        channel = words.title_of(scenario, i.channel, language) if i.channel else ""
        yield Row(0, minute, time, kind, say("exercise control", language), _to(scenario, i, language), channel, i.text.in_language(language), _expects(scenario, i, language), "; ".join(i.source.values()))  # fmt: skip


def _inject_time(scenario: Scenario, inject: Inject, language: str) -> str:
    if inject.at is not None:
        return words.moment(scenario, inject.at, language)
    assert inject.when is not None
    return say("when {event}", language, event=words.condition(scenario, inject.when, language))


def _to(scenario: Scenario, inject: Inject, language: str) -> str:
    return say("everybody", language) if inject.to == "all" else words.title_of(scenario, inject.to, language)


def _expects(scenario: Scenario, inject: Inject, language: str) -> str:
    if inject.expects is None:
        return inject.answer.in_language(language) if inject.answer else ""
    return say(
        "“{title}” within {duration}",
        language,
        title=words.title_of(scenario, inject.expects.step, language),
        duration=words.duration(inject.expects.within, language),
    )


def _step_rows(scenario: Scenario, times: Times, language: str) -> Iterator[Row]:
    for s in scenario.plan.steps:
        done = times.get(s.id)
        people = [
            words.title_of(scenario, s.owner, language),
            *(_with(scenario, role, count, language) for role, count in s.with_roles.items()),
        ]
        message = s.title.in_language(language) + _effects(scenario, s, language)
        evidence = [
            words.deadline(scenario, s.within, language),
            s.evidence.in_language(language) if s.evidence else "",
        ]
        source = ", ".join(v for k, v in s.source.items() if k in ("document", "clause", ""))
        yield Row(0, done, _at(scenario, done, language, exact=False) or say("not foreseen", language), say("Expected action", language), "", words.listing(people, language), "", message, say("; ", language).join(e for e in evidence if e), source)  # fmt: skip


def _with(scenario: Scenario, role: str, count: int, language: str) -> str:
    title = words.title_of(scenario, role, language)
    return title if count == 1 else say("{count} of {title}", language, count=count, title=title)


EFFECT_WORDS: dict[str, str] = {
    "declare": "the incident is declared and graded",
    "judge": "a first judgement of the cause",
    "notify": "tells {names}",
    "order_paper": "orders paper working for {names}",
    "return_to_system": "tells {names} to use the systems again",
    "fail_over": "switches {names} to its standby",
    "isolate": "cuts off {names}",
    "reconnect": "connects {names} again",
    "repair": "repairs {names}",
    "restore": "starts {names}",
    "recover_data": "brings back the data of {names}",
    "verify": "tries out {names}",
    "restock": "brings forms to {names}",
    "stand_down": "ends the incident",
    "evaluate": "compares the restored hospital with a normal day",
    "learn": "holds the after-action meeting",
}


def _effects(scenario: Scenario, step: Step, language: str) -> str:
    """What a step changes, in brackets; nothing when it changes nothing."""
    pieces = []
    for effect in step.does:
        template = EFFECT_WORDS[effect.kind]
        values = (
            {"names": words.listing([_target(scenario, effect.kind, t, language) for t in effect.targets], language)}
            if effect.targets
            else {}
        )
        pieces.append(say(template, language, **values))
    return say(" ({effects})", language, effects=say("; ", language).join(pieces)) if pieces else ""


def _target(scenario: Scenario, kind: str, target: str, language: str) -> str:
    """What an effect is aimed at; departments and groups come before other things of the same name."""
    spaces = EFFECTS[kind].split(",")
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
            [say("“{title}”", language, title=words.title_of(scenario, s, language)) for s in step.after], language
        )
        pieces.append(say("after {names}", language, names=names))
    if step.on:
        events = say(" or ", language).join(words.event(scenario, e, language) for e in step.on)
        pieces.append(say("when {event}", language, event=events))
    if step.when is not None:
        pieces.append(say("when {event}", language, event=words.condition(scenario, step.when, language)))
    if step.at is not None:
        pieces.append(say("at {moment}", language, moment=words.moment(scenario, step.at, language)))
    if not pieces:
        first = words.event(scenario, _first_event(scenario), language)
        pieces.append(say("when {event}", language, event=first))
    if step.only_if is not None:
        pieces.append(say("only if {claim}", language, claim=words.condition(scenario, step.only_if, language)))
    return say("; ", language).join(pieces)


def _first_event(scenario: Scenario) -> words.EventName:
    return words.EventName(subject="detected" if scenario.faults else "start")


def brief(scenario: Scenario, *, language: str = "en") -> str:
    """The scenario in words: the setting, who is there, what happens in order of time, thresholds, paper working, objectives."""
    blocks = [
        _setting(scenario, language),
        _titled(
            say("Who is there at {clock}", language, clock=_people_clock(scenario, language)),
            _people(scenario, language),
        ),
        _titled(
            say("In order of time (steps: when they would be done if everybody were at hand)", language),
            _told(scenario, language),
        ),
        _titled(say("When paper working is ordered", language), _thresholds(scenario, language)),
        _titled(say("On paper", language), _paper(scenario, language)),
        _titled(say("Objectives of the exercise", language), _objectives(scenario, language)),
    ]
    return "\n\n".join("\n".join(lines) for lines in blocks if lines) + "\n"


def _setting(scenario: Scenario, language: str) -> list[str]:
    start = scenario.start_time
    end = start + timedelta(minutes=scenario.horizon)
    plan = scenario.plan.title.in_language(language) + (f" {scenario.plan.version}" if scenario.plan.version else "")
    lines = [
        scenario.title.in_language(language),
        scenario.hospital.title.in_language(language) + (f" · {plan}" if scenario.plan.steps else ""),
    ]
    if scenario.story is not None:
        lines += ["", *wrapped(scenario.story.in_language(language))]
    span = say(
        "From {start} to {end}.",
        language,
        start=f"{words.date(start, language)} {start:%H:%M}",
        end=words.clock(start, scenario.horizon, language) if end.date() != start.date() else f"{end:%H:%M}",
    )
    if scenario.warm_up:
        span += say(
            " Before that the hospital fills for {duration}.",
            language,
            duration=words.duration(scenario.warm_up, language),
        )
    return [*lines, "", *wrapped(span)]


def _people_clock(scenario: Scenario, language: str) -> str:
    return words.clock(scenario.start_time, words.first_fault(scenario) or 0.0, language)


def _people(scenario: Scenario, language: str) -> list[str]:
    when = scenario.start_time + timedelta(minutes=words.first_fault(scenario) or 0.0)
    used = {s.owner for s in scenario.plan.steps} | {r for s in scenario.plan.steps for r in s.with_roles}
    pairs = []
    for identifier, role in scenario.plan.roles.items():
        if identifier not in used:
            continue
        there = [_holder(role, *holder, language) for holder in duty.holders(scenario.hospital, role.holders, when)]
        text = (
            say("; ", language).join(there) if role.holders else say("{count} always there", language, count=role.count)
        )
        if role.holders and not any(d or c for _, d, c in duty.holders(scenario.hospital, role.holders, when)):
            text = say(
                "nobody on duty or on call: {names}",
                language,
                names=words.listing(
                    [scenario.hospital.staff[h].title.in_language(language) for h in role.holders], language
                ),
            )
        pairs.append((role.title.in_language(language), text))
    return columns(pairs)


def _holder(role: PlanRole, staff: duty.Staff, here: int, callable_: int, language: str) -> str:
    """One holder of a role: how many are on duty or on call; named when the name says more than the role's."""
    name = "" if staff.title == role.title else staff.title.in_language(language) + say(": ", language)
    if here:
        return name + say("{count} on duty", language, count=here)
    if callable_ and staff.on_call is not None:
        return name + say(
            "{count} on call, travelling {duration}",
            language,
            count=callable_,
            duration=words.takes(staff.on_call.travel, language),
        )
    return name + say("off duty", language)


def _told(scenario: Scenario, language: str) -> list[str]:
    steps = {s.title.in_language(language) + _effects(scenario, s, language): s for s in scenario.plan.steps}
    pairs = []
    for row in rows(scenario, language):
        step = steps.get(row.message) if row.kind == say("Expected action", language) else None
        pairs.append((row.time, _step_told(scenario, step, row, language) if step else _event_told(row, language)))
    return columns(pairs)


def _event_told(row: Row, language: str) -> str:
    head = (
        row.kind
        + (say(" for {who}", language, who=row.to) if row.to else "")
        + (say(" by {channel}", language, channel=row.channel) if row.channel else "")
    )
    return head + say(": ", language) + row.message + (say(" ", language) + row.expected if row.expected else "")


def _step_told(scenario: Scenario, step: Step, row: Row, language: str) -> str:
    head = row.to + say(": ", language) + row.message
    details = [
        trigger(scenario, step, language),
        say("takes {duration}", language, duration=words.takes(step.takes, language)),
    ]
    if step.within is not None:
        details.append(words.deadline(scenario, step.within, language))
    if step.chance < 1:
        details.append(say("succeeds in {share}", language, share=words.share(step.chance, language)))
    if step.report_to is not None:
        details.append(say("reports to {who}", language, who=step.report_to.in_language(language)))
    return head + say(". ", language) + sentence_case(say("; ", language).join(details)) + say(".", language)


def sentence_case(text: str) -> str:
    """The text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def _thresholds(scenario: Scenario, language: str) -> list[str]:
    return columns(
        [
            (words.group(scenario, group, language), say("once the systems have been away for {duration}", language, duration=words.duration(minutes, language)))
            for group, minutes in scenario.plan.thresholds.items()
        ]
    )  # fmt: skip


def _paper(scenario: Scenario, language: str) -> list[str]:
    pairs = []
    for identifier, department in scenario.hospital.departments.items():
        own = [a for a in scenario.hospital.activities.values() if a.department == identifier and a.uses]
        if not own:
            continue
        sorts = (
            (
                say("on paper: {names}", language, names="{}"),
                [a for a in own if a.on_paper.works and not a.on_paper.skipped],
            ),
            (say("settled later: {names}", language, names="{}"), [a for a in own if a.on_paper.skipped]),
            (
                say("stands still: {names}", language, names="{}"),
                [a for a in own if not a.on_paper.works and not a.on_paper.skipped],
            ),
        )
        pieces = [
            text.format(words.listing([a.title.in_language(language) for a in found], language))
            for text, found in sorts
            if found
        ]
        pieces.append(
            say("changes over in {duration}", language, duration=words.takes(department.change_over, language))
        )
        if department.kit is not None:
            pieces.append(say("{n} forms at hand", language, n=words.number(department.kit.forms)))
        if department.back_entry is not None:
            who = words.title_of(scenario, department.back_entry.by, language)
            pieces.append(
                say(
                    "typed in afterwards by {who}, {duration} each",
                    language,
                    who=who,
                    duration=words.takes(department.back_entry.takes, language),
                )
            )
        if department.mtd is not None:
            pieces.append(
                say("can stand still for {duration}", language, duration=words.duration(department.mtd, language))
            )
        pairs.append((department.title.in_language(language), say("; ", language).join(pieces)))
    return columns(pairs)


def _objectives(scenario: Scenario, language: str) -> list[str]:
    pairs = []
    for o in scenario.objectives:
        what = (
            words.listing([words.title_of(scenario, s, language) for s in o.steps], language)
            if o.steps
            else o.measure or ""
        )
        pairs.append(
            (
                o.title.in_language(language),
                say("{what}, in at least {share} of runs", language, what=what, share=words.share(o.target, language)),
            )
        )
    return columns(pairs)


def _titled(title: str, lines: list[str]) -> list[str]:
    return [title, "-" * cells(title), *lines] if lines else []


def columns(pairs: list[tuple[str, str]], most: int = 26) -> list[str]:
    """Two columns: labels padded to the same width, texts wrapped beside them; a long label stands on a line of its own."""
    wide = min(max((cells(label) for label, _ in pairs), default=0), most)
    lines = []
    for label, text in pairs:
        body = wrapped(words.spaced(text), WIDTH - wide - 4)
        if cells(label) > wide:
            lines.append(f"  {label}")
            label = ""
        lines.append(f"  {label}{' ' * (wide - cells(label))}  {body[0]}")
        lines += [" " * (wide + 4) + line for line in body[1:]]
    return lines


def cells(text: str) -> int:
    """Columns a text takes in a terminal: Chinese signs take two."""
    from unicodedata import east_asian_width

    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


def wrapped(text: str, width: int = WIDTH) -> list[str]:
    """The text in lines of at most that many columns, broken at spaces, and anywhere between Chinese signs."""
    lines, line = [], ""
    for piece in _pieces(text):
        if line and cells(line + piece.rstrip()) > width:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _pieces(text: str) -> Iterator[str]:
    """Words with the space after them; Chinese signs one by one, closing marks with the sign before them."""
    piece = ""
    for c in text:
        if cells(c) == 2 and c not in "，。；：、！？）”》":
            if piece:
                yield piece
            piece = c
        elif piece.endswith(" ") or (piece and cells(piece[-1]) == 2 and c.isalnum()):
            yield piece
            piece = c
        else:
            piece += c
    yield piece
