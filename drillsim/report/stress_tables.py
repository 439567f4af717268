"""The tables of the study's description: inputs as they stand in the scenario, with their sources, and the main results."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from drillsim.model.care import Arrivals, Branch, Node
from drillsim.model.durations import Distribution
from drillsim.model.people import Equipment, Staff
from drillsim.model.scenario import Inject, Scenario
from drillsim.model.systems import Needs
from drillsim.report import findings, msel, words
from drillsim.report.sources import Source, shown
from drillsim.report.sure import Row
from drillsim.score.summary import Summary
from drillsim.score.summary_hospital import ActivityPart
from drillsim.score.summary_parts import Estimate
from drillsim.texts import say


class Table(NamedTuple):
    """A table with its title and headings; all cells are texts."""

    title: str
    heads: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


def _table(language: str, title: str, heads: str, rows: Sequence[tuple[str, ...]]) -> Table:
    """``heads`` are separated by bars; columns without any entry are left out."""
    named = [say(head, language) for head in heads.split("|")]
    used = [i for i in range(len(named)) if i == 0 or any(row[i] for row in rows)]
    return Table(say(title, language), tuple(named[i] for i in used), [tuple(row[i] for i in used) for row in rows])


def _source(record: Any, language: str) -> str:
    """The sources of a record, each with the key it is for when there are several."""
    held: Mapping[str, str] = record.source
    told = {text: shown(text, language) for text in held.values()}
    if len(told) == 1:
        return next(iter(told.values()))
    return say("; ", language).join(f"{key}: {told[text]}" if key else told[text] for key, text in held.items())


def _takes(distribution: Distribution | None) -> str:
    """A duration as it is written in files, its figures to four digits."""
    return "" if distribution is None else _LONG.sub(lambda found: f"{float(found[0]):.4g}", distribution.text())


_LONG = re.compile(r"\d+\.\d{4,}")
AT_SHIFT_END = {"finish": "finish what they do", "hand_over": "hand over", "stop": "stop"}


def _titles(names: Sequence[str], known: Mapping[str, Any], language: str) -> str:
    return ", ".join(known[n].title.in_language(language) if n in known else n for n in names)


def _counted(needs: Mapping[str, int], known: Mapping[str, Any], language: str) -> str:
    return ", ".join(
        _titles([name], known, language) + (f" × {count}" if count > 1 else "") for name, count in needs.items()
    )


# Results


def headline(rows: Sequence[Row], language: str) -> Table:
    """The figures that a reader decides by."""
    return _table(language, "What is decided by", "figure|value|known to|wanted", [(r.title, r.value, r.half, r.asked) for r in rows])  # fmt: skip


def objectives(summary: Summary, language: str) -> Table:
    """Objectives with the share of runs that reach them."""
    rows = [
        (words.words(o.title, language), words.share_interval(o.met, language), words.share(o.target, language))
        for o in summary.objectives
    ]
    return _table(language, "Objectives of the exercise", "objective|reached in|wanted", rows)


def deadlines(summary: Summary, scenario: Scenario, language: str) -> Table:
    """Steps with deadlines: how often on time, and how long they take."""
    planned = {step.id: step.within for step in scenario.plan.steps}
    rows = [
        (words.words(s.title, language), words.since(scenario, planned.get(s.id), language), words.share_interval(s.on_time, language), words.share(s.required, language), words.usual(s.taken, language))
        for s in summary.steps
        if s.deadline is not None
    ]  # fmt: skip
    return _table(language, "Deadlines", "step|deadline|on time in|wanted|usually takes", rows)


def outages(summary: Summary, language: str) -> Table:
    """Systems that were away in some run, or whose availability is below one."""
    rows = [
        (words.words(s.title, language), findings.precise_share(s.availability.value, language), words.usual(s.away, language), words.duration(s.rto, language) if s.rto is not None else "", words.share_interval(s.rto_met, language) if s.rto is not None else "")
        for s in summary.systems
        if s.availability.value is not None and s.availability.value < 1
    ]  # fmt: skip
    return _table(language, "Systems", "system|available|longest outage, usually|RTO|RTO kept in", rows)


def streams(summary: Summary, language: str) -> Table:
    """Time in the system and losses of every stream, against the day without the faults."""
    rows = [
        (
            words.words(p.title, language),
            findings.minutes_interval(p.minutes, language),
            _at_least("minutes_difference" in p.at_least)
            + findings.minutes_interval(p.minutes_difference, language, signed=True)
            if p.minutes_difference
            else "",
            _count(p.left),
            _count(p.left_difference, signed=True) if p.left_difference else "",
        )
        for p in summary.pathways
    ]
    heads = "stream|mean time there|longer than without the fault|left unseen|more than without the fault"
    return _table(language, "Streams", heads, rows)


def waits(summary: Summary, language: str) -> Table:
    """Waits at every kind of work that anybody asked for."""
    rows = [
        (words.words(a.title, language), _at_least(_some_wait(a)) + findings.minutes_interval(a.wait, language), _at_least(_some_wait(a)) + words.duration(a.wait_p90.value, language), words.share_interval(a.waited, language), _count(a.queue))
        for a in summary.activities
        if a.asked.value and (a.wait.value or 0.0) > 0
    ]  # fmt: skip
    return _table(language, "Waits", "work|mean wait|9 of 10 wait less than|waited at all|mean number waiting", rows)


def _at_least(bound: bool) -> str:
    return "≥ " if bound else ""


def _some_wait(activity: ActivityPart) -> bool:
    """Whether anybody usually still waits at the end, so that waits are only known as at least so long."""
    return activity.waiting is not None and (activity.waiting.value or 0.0) >= 0.5


def _count(estimate: Estimate, *, signed: bool = False) -> str:
    interval = words.count_interval(estimate, signed=signed)
    value = words.count(estimate, signed=signed)
    return f"{value} ({interval})" if interval else value


# Inputs


def variants(scenario: Scenario, language: str) -> Table:
    """The changes that the scenario names."""
    rows = [
        (name, v.title.in_language(language), "; ".join(f"{path}: {value}" for path, value in v.set.items()))
        for name, v in scenario.variants.items()
    ]
    return _table(language, "Named changes of the scenario", "name|title|sets", rows)


def routes(scenario: Scenario, language: str) -> Table:
    """The stops of every stream, with where each leads."""
    rows = [
        (p.title.in_language(language), _line(p.route, _told_apart(_stops(p.route, scenario, language)), {name: c.title.in_language(language) for name, c in p.classes.items()}, language), _source(p, language))
        for p in scenario.hospital.pathways.values()
    ]  # fmt: skip
    return _table(language, "Streams and their stops", "stream|stops|source", rows)


def _stops(route: Sequence[Node], scenario: Scenario, language: str) -> dict[str, str]:
    """Stop → what is done there; of a fork what its lines begin with."""
    found: dict[str, str] = {}
    for node in route:
        for line in node.fork:
            found |= _stops(line, scenario, language)
        firsts = [found[line[0].id] for line in node.fork if line]
        found[node.id] = " ‖ ".join(firsts) if firsts else scenario.hospital.activities[str(node.do)].title.in_language(language)  # fmt: skip
    return found


def _told_apart(stops: Mapping[str, str]) -> dict[str, str]:
    """Stops at which the same is done, with their ids."""
    often = Counter(stops.values())
    return {name: f"{title} ({name})" if often[title] > 1 else title for name, title in stops.items()}


def _line(route: Sequence[Node], stops: Mapping[str, str], classes: Mapping[str, str], language: str) -> str:
    """Stops one after another; a semicolon where nobody goes on to the stop that is written next."""
    told = ""
    for node, last in zip(route, [*[False] * (len(route) - 1), True], strict=True):
        told += _stop(node, stops, classes, language)
        if not last:
            told += " → " if _goes_on(node, classes) else say("; ", language)
    return told


def _goes_on(node: Node, classes: Mapping[str, str]) -> bool:
    """Whether somebody goes on to the next stop of the file: no branch takes the rest, and for some class chances are below 1 together."""
    if any(branch.chance is None for branch in node.then):
        return False
    taken = [
        sum(b.chance.get(one, 0.0) if isinstance(b.chance, dict) else b.chance or 0.0 for b in node.then)
        for one in classes or {"": ""}
    ]
    return min(taken) < 1 - 1e-9


def _stop(node: Node, stops: Mapping[str, str], classes: Mapping[str, str], language: str) -> str:
    title = "{" + " ‖ ".join(_line(line, stops, classes, language) for line in node.fork) + "}" if node.fork else stops[node.id]  # fmt: skip
    branches = say(", ", language).join(_branch(branch, stops, classes, language) for branch in node.then)
    return f"{title} [{branches}]" if branches else title


def _branch(branch: Branch, stops: Mapping[str, str], classes: Mapping[str, str], language: str) -> str:
    to = say("leaves", language) if branch.to == "leave" else stops[branch.to]
    if isinstance(branch.chance, dict):
        return to + say(
            " ({chances})",
            language,
            chances=say(", ", language).join(
                f"{classes.get(name, name)} {chance:g}" for name, chance in branch.chance.items()
            ),
        )
    return to if branch.chance is None else f"{to} {branch.chance:g}"


def systems(scenario: Scenario, language: str) -> Table:
    """Systems with what they lean on and what is asked of them."""
    rows = [
        (c.title.in_language(language), c.kind, _needs(c.needs), " / ".join(c.runs_on.members) if c.runs_on else "", words.duration(c.rto, language) if c.rto is not None else "", words.duration(c.rpo, language) if c.rpo is not None else "", f"{_takes(c.fails.every)}; {_takes(c.fails.repair)}" if c.fails else "", _source(c, language))
        for c in scenario.hospital.systems.values()
    ]  # fmt: skip
    return _table(language, "Systems and what they need", "system|kind|needs|runs on|RTO|RPO|fails every; repair|source", rows)  # fmt: skip


def _needs(needs: Needs) -> str:
    plain = needs.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return _plain(plain)


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_plain(part)}" if key != "all" else _plain(part) for key, part in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(f"({_plain(part)})" if isinstance(part, dict) else str(part) for part in value)
    return str(value)


def faults(scenario: Scenario, language: str) -> Table:
    """What breaks, when, and for how long."""
    rows = [
        (f.id, msel.fault_words(scenario, f, language), f.kind, f.target, f.at.text(), f"{f.chance:g}", _takes(f.lasts), _source(f, language))
        for f in scenario.faults
    ]  # fmt: skip
    return _table(language, "Faults", "id|what|kind|target|when|chance|lasts|source", rows)


def steps(scenario: Scenario, language: str) -> Table:
    """The plan."""
    roles = scenario.plan.roles
    rows = [
        (
            s.title.in_language(language),
            _counted({s.owner: 1, **s.with_roles}, roles, language),
            msel.trigger(scenario, s, language),
            _takes(s.takes),
            words.since(scenario, s.within, language) if s.within is not None else "",
            f"{s.chance:g}" if s.chance < 1 else "",
            msel.effects(scenario, s, language).strip(" ()（）"),
            _source(s, language),
        )
        for s in scenario.plan.steps
    ]
    return _table(language, "Steps of the plan", "step|who|begins|takes|deadline|chance|effect|source", rows)


def _inject_when(inject: Inject) -> str:
    """As it stands in the file: its moment or condition, its hours, what must hold."""
    begins = inject.at or inject.when
    terms = [
        begins.text() if begins else "",
        *inject.during,
        *([f"only if {inject.only_if.text()}"] if inject.only_if else []),
    ]
    return "; ".join(terms)


def injects(scenario: Scenario, language: str) -> Table:
    """What controllers deliver."""
    rows = [(i.id, _inject_when(i), i.text.in_language(language)) for i in scenario.injects]
    return _table(language, "Injects", "id|when|what", rows)


def classes(scenario: Scenario, summary: Summary, language: str) -> Table:
    """Classes of patients with their share and priority, and how many came."""
    counted = {part.id: part for part in summary.pathways}
    rows = []
    for name, p in scenario.hospital.pathways.items():
        came = counted[name].arrived if name in counted else None
        rows.append((p.title.in_language(language), "", "", f"{p.priority}", _count(came) if came else ""))
        total = sum(c.share for c in p.classes.values()) or 1.0
        rows += [
            (p.title.in_language(language), c.title.in_language(language), words.share(c.share / total, language, digits=1), f"{p.priority if c.priority is None else c.priority}", "")
            for c in p.classes.values()
        ]  # fmt: skip
    return _table(language, "Entities", "stream|class|share|priority|came, mean per run", rows)


def activities(scenario: Scenario, language: str) -> Table:
    """Kinds of work with their durations and what they need."""
    h = scenario.hospital
    rows = [
        (
            a.title.in_language(language),
            _titles([a.department], h.departments, language) if a.department else "",
            _counted(a.needs, h.resources, language),
            _takes(a.takes),
            _titles(a.keeps, h.resources, language),
            _titles(a.uses, h.systems, language),
            _source(a, language),
        )
        for a in h.activities.values()
    ]
    return _table(language, "Kinds of work", "work|department|needs|takes|keeps|systems|source", rows)


def resources(scenario: Scenario, summary: Summary, language: str) -> Table:
    """Staff and equipment by roster, and how busy they were."""
    found = {part.id: part for part in summary.resources}
    rows = []
    for name, r in scenario.hospital.resources.items():
        call = getattr(r, "on_call", None)
        part = found.get(name)
        rows.append(
            (
                r.title.in_language(language),
                "; ".join(f"{hours}: {count}" for hours, count in r.on_duty.items()),
                f"{call.count}: {call.hours}, {_takes(call.travel)}" if call is not None else "",
                _at_shift_end(r, language),
                words.share_interval(part.utilisation, language) if part is not None else "",
                _source(r, language),
            )
        )
    return _table(language, "Staff and equipment", "who or what|on duty|on call|at shift end|busy|source", rows)


def _at_shift_end(record: Staff | Equipment, language: str) -> str:
    """What becomes of work in hand, and how long who leads an incident stays; empty for what is there always."""
    if set(record.on_duty) == {"always"}:
        return ""
    said = say(AT_SHIFT_END[record.at_shift_end], language)
    longest = getattr(record, "stays_on", 0.0)
    if not longest:
        return said
    more = say("stay up to {duration} more for an incident", language, duration=words.duration(longest, language))
    return say("; ", language).join((said, more))


def roles(scenario: Scenario, language: str) -> Table:
    """Roles of the plan and who holds them."""
    rows = [
        (
            r.title.in_language(language),
            _titles(r.holders, scenario.hospital.staff, language) or f"{r.count}",
            _source(r, language),
        )
        for r in scenario.plan.roles.values()
    ]
    return _table(language, "Roles of the plan", "role|held by, in this order|source", rows)


def queues(scenario: Scenario, language: str) -> Table:
    """Queues with room or patience."""
    rows = [
        (a.title.in_language(language), "" if a.room is None else f"{a.room}", _takes(a.patience))
        for a in scenario.hospital.activities.values()
        if a.room is not None or a.patience is not None
    ]
    return _table(language, "Queues with an end", "work|room|patience", rows)


def arrivals(scenario: Scenario, summary: Summary, language: str) -> Table:
    """How those of every stream come, and how they end."""
    counted = {part.id: part for part in summary.pathways}
    rows = []
    for name, p in scenario.hospital.pathways.items():
        part = counted.get(name)
        ends = (part.served, part.left, part.turned_away, part.there) if part is not None else ()
        figures = tuple(_count(one) for one in ends) or ("",) * 4
        rows.append(
            (p.title.in_language(language), _comes(p.arrivals, language), *figures, _source(p.arrivals, language))
        )
    return _table(language, "Arrivals and ends", "stream|comes|served|left unseen|turned away|still there at the end|source", rows)  # fmt: skip


def _comes(record: Arrivals, language: str) -> str:
    if record.at is not None:
        return say("{n} at listed times", language, n=len(record.at))
    if record.every is not None:
        return say("independent times between arrivals: {takes}", language, takes=_takes(record.every))
    if record.rate is not None:
        return say("Poisson, {rate} per h", language, rate=f"{record.rate * 60:g}")
    profile = "; ".join(f"{hours}: {share:g}" for hours, share in record.hours.items())
    days = "; ".join(f"{day} × {factor:g}" for day, factor in record.weekdays.items())
    template = (
        "appointments, {n} a day (punctual to ± {late}, missed {missed})"
        if record.scheduled
        else "Poisson, {n} a day on average"
    )
    values = {"late": words.duration(record.punctuality_sd, language), "missed": words.share(record.no_show, language)}
    said = say(template, language, n=f"{record.per_day:g}", **(values if record.scheduled else {}))
    return "; ".join(piece for piece in (said, profile, days) if piece)


def cited(found: Sequence[Source], language: str) -> Table:
    """Sources with how often they are cited."""
    return _table(language, "Cited", "source|how often", [(shown(s.text, language), f"{len(s.places)}") for s in found])
