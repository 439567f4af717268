"""The scenario told in words, in order of time, before it is run."""

from __future__ import annotations

from datetime import timedelta

from drillsim.model.measures import read_measure
from drillsim.model.plan import ForEach, PlanRole, Step, Without
from drillsim.model.scenario import Scenario
from drillsim.report import duty, hours, words
from drillsim.report.called_for import not_called_for
from drillsim.report.columns import cells, columns, wrapped
from drillsim.report.msel import Row, effects, rows, target, trigger
from drillsim.texts import say


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
        _titled(say("If it comes to that (no time can be foreseen)", language), _unforeseen(scenario, language)),
        _titled(say("Steps of the plan that nothing in this scenario calls for", language), _idle(scenario, language)),
        _titled(say("When paper working is ordered", language), _thresholds(scenario, language)),
        _titled(say("Opening hours", language), _opening(scenario, language)),
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
    if scenario.stands_for > 1:
        span += say(
            " One patient in {n} is played and stands for all of them (coarse flow).", language, n=scenario.stands_for
        )
    return [*lines, "", *wrapped(span)]


def _people_clock(scenario: Scenario, language: str) -> str:
    return words.clock(scenario.start_time, words.first_fault(scenario) or 0.0, language)


def _people(scenario: Scenario, language: str) -> list[str]:
    minute = words.first_fault(scenario) or 0.0
    never = not_called_for(scenario)
    steps = [step for step in scenario.plan.steps if step.id not in never]
    used = {step.owner for step in steps} | {role for step in steps for role in step.with_roles}
    pairs = []
    for identifier, role in scenario.plan.roles.items():
        if identifier not in used:
            continue
        found = duty.holders(scenario, role.holders, minute)
        there = [holder for holder in found if holder[1] or holder[2]]
        text = say("; ", language).join(_holder(role, *holder, language) for holder in there)
        if not role.holders:
            text = say("{count} always there", language, count=role.count)
        elif not there:
            names = [staff.title.in_language(language) for staff, _, _ in found]
            text = say("nobody on duty or on call: {names}", language, names=words.listing(names, language))
        pairs.append((role.title.in_language(language), text))
    return columns(pairs)


def _holder(role: PlanRole, staff: duty.Staff, here: int, callable_: int, language: str) -> str:
    """One holder of a role: how many are on duty or on call; named when the name says more than the role's."""
    name = "" if staff.title == role.title else staff.title.in_language(language) + say(": ", language)
    if here:
        return name + say("{count} on duty", language, count=here)
    if callable_ and staff.on_call is not None:
        there = say("{count} on call, travelling {duration}", language, count=callable_, duration=words.takes(staff.on_call.travel, language))  # fmt: skip
        if staff.on_call.remote > 0:
            there = say("{here}, in {share} of cases at once from afar", language, here=there, share=words.share(staff.on_call.remote, language))  # fmt: skip
        return name + there
    return name


def _told(scenario: Scenario, language: str) -> list[str]:
    """Faults, injects and steps whose time is foreseen; contingency injects, whose time is not, at the end."""
    pairs = []
    for row, step in _rows(scenario, language):
        if step is None:
            pairs.append((row.time, _event_told(row, language)))
        elif row.minute is not None:
            pairs.append((row.time, _step_told(scenario, step, row, language)))
    return columns(pairs, most=12)


def _unforeseen(scenario: Scenario, language: str) -> list[str]:
    """Steps that wait for what may or may not come."""
    never = not_called_for(scenario)
    steps = [(row, step) for row, step in _rows(scenario, language) if step is not None and row.minute is None]
    return columns([("·", _step_told(scenario, step, row, language)) for row, step in steps if step.id not in never])


def _idle(scenario: Scenario, language: str) -> list[str]:
    """Titles of steps that no fault of the scenario can call for."""
    never = not_called_for(scenario)
    titles = [s.title.in_language(language) for s in scenario.plan.steps if s.id in never]
    return wrapped(say("; ", language).join(titles)) if titles else []


def _rows(scenario: Scenario, language: str) -> list[tuple[Row, Step | None]]:
    """Rows of the events list, each with its step, None for faults and injects."""
    steps = {s.title.in_language(language) + effects(scenario, s, language): s for s in scenario.plan.steps}
    action = say("Expected action", language)
    return [(row, steps.get(row.message) if row.kind == action else None) for row in rows(scenario, language)]


def _event_told(row: Row, language: str) -> str:
    head = (
        row.kind
        + (say(" for {who}", language, who=row.to) if row.to else "")
        + (say(" by {channel}", language, channel=row.channel) if row.channel else "")
    )
    injected = row.sender != ""
    expected = say("Expected: {what}", language, what=row.expected) if injected and row.expected else row.expected
    return head + say(": ", language) + row.message + (say(" ", language) + expected if expected else "")


def _step_told(scenario: Scenario, step: Step, row: Row, language: str) -> str:
    head = row.to + say(": ", language) + row.message
    details = [
        trigger(scenario, step, language),
        say("takes {duration}", language, duration=words.takes(step.takes, language)),
    ]
    if each := _each_machine(scenario, step, language):
        details.append(each)
    if step.for_each is not None:
        details.append(_for_each(scenario, step.for_each, language))
    details += [_without(scenario, tool, without, language) for tool, without in step.helped_by.items()]
    if step.within is not None:
        details.append(words.deadline(scenario, step.within, language))
    if step.chance < 1:
        details.append(say("succeeds in {share}", language, share=words.share(step.chance, language)))
    if step.report_to is not None:
        details.append(say("reports to {who}", language, who=step.report_to.in_language(language)))
    stop = (
        " " if head.endswith("?") else "" if head.endswith("？") else say(". ", language)
    )  # a title may be a question
    return head + stop + words.capital(say("; ", language).join(details)) + say(".", language)


def _each_machine(scenario: Scenario, step: Step, language: str) -> str:
    """What a step that goes through machines one by one takes for each of them besides; empty for others."""
    names = [name for effect in step.does if effect.kind == "reimage" for name in effect.targets]
    minutes = [scenario.hospital.systems[name].rebuild_takes for name in names]
    if not minutes:
        return ""
    return say("then {duration} of one person for each machine", language, duration=words.duration_range(min(minutes), max(minutes), language))  # fmt: skip


def _without(scenario: Scenario, tool: str, without: Without, language: str) -> str:
    """What a step is like without one of its tools."""
    told = []
    if without.slows > 1:
        told.append(say("{factor} times as long", language, factor=f"{without.slows:g}"))
    if without.chance < 1:
        told.append(say("success {share} as likely", language, share=words.share(without.chance, language)))
    if without.chance_right < 1:
        told.append(
            say("a right judgement {share} as likely", language, share=words.share(without.chance_right, language))
        )
    name = words.title_of(scenario, tool, language, "component")
    return say("without {tool} {what}", language, tool=name, what=say(" and ", language).join(told))


def _for_each(scenario: Scenario, each: ForEach, language: str) -> str:
    """How much longer a step takes for each record, and for which."""
    lost, paper = (
        words.listing([target(scenario, "order_paper", name, language) for name in names], language)
        for names in (each.lost, each.paper)
    )
    pieces = []
    if lost:
        pieces.append(say("each record lost of {names}", language, names=lost))
    if paper:
        pieces.append(say("each item on paper of {names}", language, names=paper))
    takes, what = words.duration(each.takes, language), words.listing(pieces, language)
    return say("and {duration} of one person for {what}", language, duration=takes, what=what)


def _thresholds(scenario: Scenario, language: str) -> list[str]:
    return columns(
        [
            (words.group(scenario, group, language), say("once the systems have been away for {duration}", language, duration=words.duration(minutes, language)))
            for group, minutes in scenario.paper_thresholds.items()
        ]
    )  # fmt: skip


def _opening(scenario: Scenario, language: str) -> list[str]:
    """Departments that are not always open, those with the same hours together."""
    alike: dict[str, list[str]] = {}
    for department in scenario.hospital.departments.values():
        if department.open:
            when = hours.told(scenario.hospital, department.open, language)
            alike.setdefault(when, []).append(department.title.in_language(language))
    return columns([(when, words.listing(titles, language, most=99)) for when, titles in alike.items()], most=30)


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
            who = words.title_of(scenario, department.back_entry.by, language, "staff")
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
            words.step_list(scenario, o.steps, language)
            if o.steps
            else words.measure(scenario, read_measure(o.measure or ""), language)
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
