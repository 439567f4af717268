"""What each section of the page shows, made ready for its template: chosen, ordered, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from drillsim.log.rows import Event
from drillsim.model.scenario import Objective, Scenario
from drillsim.report import findings, look, plots, sources, story, words
from drillsim.score import objectives as score_objectives
from drillsim.score.summary import Spread, StepPart, Summary
from drillsim.texts import say

SECTIONS: dict[str, str] = {
    "story": "What happens, from beginning to end",
    "plan": "Steps of the plan against their deadlines",
    "bottlenecks": "What the plan waits for",
    "clocks": "Reports to the outside",
    "objectives": "Objectives of the exercise",
    "systems": "Systems",
    "departments": "Departments",
    "people": "People",
    "patients": "Patients",
    "paper": "Paper and the second wave",
    "activities": "Work and queues",
    "sources": "Assumptions and sources",
    "limits": "What this cannot say",
    "provenance": "Where these figures come from",
}
"""Section → its heading, in the order of the page."""

LIMITS: tuple[str, ...] = (
    "A run is one way the day could go in a model of the hospital. It is no forecast, and no judgement of any person.",
    "Only what the scenario files describe can happen. What they leave out (improvising, goodwill, panic, bad luck of another kind) is not in the figures.",
    "People of one role are taken to be alike. Names, experience and how well people know each other are not modelled.",
    "Work that was under way when its system failed is taken to run on to its end; work that begins later waits or goes on paper.",
    "An interval says how much the figures would differ with other runs of the same model. It says nothing about whether the model is right.",
    "More people do not always make a plan faster: where steps must follow each other, another order of work can even finish later.",
)


def clock_origin(summary: Summary, scenario: Scenario, events: Sequence[Event]) -> float:
    """The minute of the first fault: as known beforehand, else as in the run that is shown, else StartEx."""
    first = words.first_fault(scenario)
    if first is not None:
        return first
    return next((e.minute for e in events if e.kind == "fault" and e.state == "began"), 0.0)


def window(summary: Summary, scenario: Scenario, origin: float) -> tuple[float, float]:
    """The minutes the pictures of systems, departments and queues show: from a little before the fault until the end (or well after all is over)."""
    if not scenario.faults:
        return 0.0, summary.scenario.horizon
    ends = [m.minute.p90 for m in summary.milestones if m.minute.p90 is not None]
    last = origin + max(ends, default=0.0)
    return max(0.0, origin - 60.0), min(summary.scenario.horizon, max(last + 60.0, origin + 240.0))


def objectives(summary: Summary, scenario: Scenario, language: str) -> list[dict[str, Any]]:
    """The objectives with the rule of their rating in the language."""
    planned = {o.id: o for o in scenario.objectives}
    return [
        {"part": o, "rule": _rule(planned[o.id], language) if o.id in planned else o.rule} for o in summary.objectives
    ]


def _rule(objective: Objective, language: str) -> str:
    template, values = score_objectives.rule(objective)
    return say(template, language, **values)


def milestones(summary: Summary, scenario: Scenario, origin: float, language: str) -> list[dict[str, Any]]:
    """The events of the response with their time of day."""
    rows = []
    for m in summary.milestones:
        if m.event in ("start", "failed") or not m.reached.value:
            continue
        at = (
            words.clock(scenario.start_time, origin + m.minute.p50, language)
            if m.minute.p50 is not None
            else words.MISSING
        )
        rows.append(
            {"name": say(words.MILESTONES[m.event], language), "reached": m.reached, "minute": m.minute, "clock": at}
        )
    return rows


def told(scenario: Scenario, events: Sequence[Event], origin: float, language: str) -> list[dict[str, Any]]:
    """The chapters of the story with clock times and the time since the fault."""
    start = scenario.start_time
    return [
        {
            "name": say(words.MILESTONES[c.event], language),
            "clock": words.clock(start, c.minute, language),
            "lines": [
                {"clock": words.clock(start, line.minute, language), "plus": since(line.minute - origin, language), "status": line.status, "kind": line.kind, "text": line.text, "detail": line.detail}
                for line in c.lines
            ],
        }
        for c in story.chapters(scenario, events, language)
        if c.lines
    ]  # fmt: skip


def since(minutes: float, language: str) -> str:
    """Time since the fault, short: ``+1:20``; nothing before it."""
    if minutes < 0:
        return ""
    whole = round(minutes)
    return f"+{whole // 60}:{whole % 60:02d}"


def step_groups(summary: Summary, scenario: Scenario, language: str) -> list[dict[str, Any]]:
    """Steps under headings: late too often, on time often enough, without a deadline that ran."""
    groups = (
        ("Late more often than the plan can bear", findings.failing(summary)),
        ("On time often enough", findings.holding(summary)),
        ("Done, without a deadline that ran", findings.without_deadline(summary)),
    )
    return [
        {"title": say(title, language), "steps": [step_row(s, scenario, language) for s in steps]}
        for title, steps in groups
        if steps
    ]


GROUP_TITLES = ("Late more often than the plan can bear", "On time often enough", "Done, without a deadline that ran")


def step_row(step: StepPart, scenario: Scenario, language: str) -> dict[str, Any]:
    """One step with all that its row and its details show."""
    planned = next((s for s in scenario.plan.steps if s.id == step.id), None)
    status = "none" if step.holds is None else "on_time" if step.holds else "late"
    when_late = bool(step.parts_when_late) and sum(step.parts_when_late.values()) > 0
    waiting = words.waiting_for(scenario, step.mostly, step.mostly_cause, language) if step.mostly else words.MISSING
    return {
        "step": step,
        "status": status,
        "sign": {"none": "·", "on_time": words.SIGNS["on_time"], "late": words.SIGNS["late"]}[status],
        "status_words": say(
            {"none": "no deadline ran", "on_time": "on time often enough", "late": "late too often"}[status], language
        ),
        "owner": words.title_of(scenario, step.owner, language),
        "deadline": words.deadline(scenario, planned.within if planned else None, language),
        "waiting": waiting,
        "dots": dots(step, language),
        "parts": parts_of(step.parts_when_late if when_late else step.parts, language),
        "parts_title": say("Where the minutes went when it was late", language)
        if when_late
        else say("Where the minutes went", language),
        "notes": _notes(step, language),
    }


def parts_of(parts: dict[str, float], language: str) -> list[dict[str, Any]]:
    """The parts of a step's time with share, colour and words, in the order of the stacked bar."""
    total = sum(parts.values())
    if total <= 0:
        return []
    ordered = sorted(
        (p for p in parts if parts[p] > 0), key=lambda p: look.PART_ORDER.index(p) if p in look.PART_ORDER else 99
    )
    return [
        {"name": words.part(p, language), "minutes": parts[p], "share": parts[p] / total, "colour": look.PART_COLOURS.get(p, look.NONE), "hatch": look.PART_HATCHES.get(p)}
        for p in ordered
    ]  # fmt: skip


def _notes(step: StepPart, language: str) -> list[str]:
    found = []
    shares = [
        f"{say(words.OUTCOMES[name], language)} {words.share(value, language)}"
        for name, value in step.outcomes.items()
        if value > 0 and name in words.OUTCOMES
    ]
    if shares:
        found.append(say("Of all runs: {shares}", language, shares=say("; ", language).join(shares)))
    if step.late_runs:
        found.append(
            say("Latest in run {runs}", language, runs=", ".join(str(words.run_number(r)) for r in step.late_runs))
        )
    if step.attempts.value is not None and step.attempts.value >= 1.05:
        found.append(say("Tries a run, on average: {n}", language, n=words.figure(step.attempts.value)))
    if step.source:
        found.append(say("Source: {source}", language, source=sources.document(step.source)))
    return found


def dots(step: StepPart, language: str) -> dict[str, Any] | None:
    """Twenty equally likely times as marks along an axis of 400 units, stacked where they would cover each other, with the deadline."""
    values = [v for v in step.dots if v is not None]
    if not values:
        return None
    top = max([*values, step.allowed or 0.0, 1e-9]) * 1.06
    level: list[float] = []
    marks = []
    for value in values:
        x = round(value / top * 400, 1)
        row = next((n for n, taken in enumerate(level) if x - taken >= 7.0), len(level) if len(level) < 3 else 0)
        if row == len(level):
            level.append(x)
        level[row] = x
        marks.append({"x": x, "y": 22 - 7.6 * row, "late": step.allowed is not None and value > step.allowed})
    ticks = [{"x": 0, "text": words.duration(0.0, language), "anchor": "start"}]
    if step.allowed is not None:
        place = round(step.allowed / top * 400, 1)
        anchor = "end" if place > 360 else "middle" if place > 40 else "start"
        ticks = [t for t in ticks if place > 70] + [
            {"x": place, "text": words.duration(step.allowed, language), "anchor": anchor}
        ]
    if step.allowed is None or step.allowed / top < 0.8:
        ticks.append({"x": 400, "text": words.duration(top, language), "anchor": "end"})
    undone = len(step.dots) - len(values)
    said = (
        say("{n} of 20 runs on time", language, n=sum(not m["late"] for m in marks))
        if step.allowed is not None
        else words.spread(step.taken, language)
    )
    return {
        "marks": marks,
        "ticks": ticks,
        "limit": round(step.allowed / top * 400, 1) if step.allowed is not None else None,
        "words": said,
        "undone": undone,
    }


def causes(summary: Summary, scenario: Scenario, language: str, most: int = 12) -> list[dict[str, Any]]:
    """The causes of waiting with at least a minute a run."""
    found = [c for c in summary.causes if c.minutes >= 0.95][:most]
    top = max((c.minutes for c in found), default=1.0)
    return [
        {
            "name": _capital(findings.cause_words(c, scenario, language)), "minutes": c.minutes, "share": c.minutes / top,
            "colour": look.PART_COLOURS.get(c.part, look.NONE), "hatch": look.PART_HATCHES.get(c.part),
            "steps": words.listing([words.title_of(scenario, s, language) for s in c.steps], language, most=4),
        }
        for c in found
    ]  # fmt: skip


def sentence(pieces: Sequence[str], language: str) -> str:
    """Short pieces as one sentence."""
    return _capital(say("; ", language).join(pieces)) + say(".", language) if pieces else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def keys(
    colours: dict[str, str], hatches: dict[str, str], names: dict[str, str], present: set[str], language: str
) -> list[dict[str, Any]]:
    """Legend entries for the states or modes that occur."""
    return [
        {"name": say(names[k], language), "colour": colours[k], "hatch": hatches.get(k)}
        for k in colours
        if k in present
    ]


def systems(summary: Summary, scenario: Scenario, language: str) -> dict[str, Any]:
    """The systems that were touched (all of them in a scenario without faults), and the names of the others."""
    touched = [s for s in summary.systems if (s.affected.value or 0.0) > 0 or not scenario.faults]
    rest = [words.words(s.title, language) for s in summary.systems if s not in touched]
    rows = [_system_row(s, language) for s in touched]
    return {
        "systems": rows,
        "any_data": any(s.rpo is not None or s.data_lost.n for s in touched),
        "unaffected": words.listing(rest, language, most=30) if rest and touched else "",
    }


def _system_row(part: Any, language: str) -> dict[str, Any]:
    row = {name: getattr(part, name) for name in type(part).model_fields}
    f = part.failover
    row["failover_words"] = (
        say("switches to its standby in {done} of runs, fails to in {failed}", language, done=words.share(f.get("done"), language), failed=words.share(f.get("failed", 0.0), language))
        if f.get("started")
        else ""
    )  # fmt: skip
    return row


def departments(summary: Summary, scenario: Scenario, language: str) -> dict[str, Any]:
    """The departments that were touched, and the names of the others."""
    touched = [d for d in summary.departments if (d.affected.value or 0.0) > 0]
    rest = [words.words(d.title, language) for d in summary.departments if d not in touched]
    return {
        "departments": touched,
        "unaffected_departments": words.listing(rest, language, most=20) if rest and touched else "",
    }


def paper(summary: Summary, scenario: Scenario, origin: float, language: str) -> dict[str, Any]:
    """Each department with paper: how much, and by when it was typed in."""

    def by(spread: Spread, value: float | None) -> str:
        if value is None:
            return say("not before the end", language) if spread.censored else words.MISSING
        return words.clock(scenario.start_time, origin + value, language)

    rows = [
        {"part": d, "usual": by(d.cleared_at, d.cleared_at.p50), "late": by(d.cleared_at, d.cleared_at.p90)}
        for d in summary.departments
        if d.items.most
    ]
    return {"paper_departments": rows, "paper_lead": sentence(findings.data(summary, scenario, language), language)}


def classes(summary: Summary, scenario: Scenario, language: str) -> list[dict[str, Any]]:
    """Waits, times and losses by class of patient."""
    rows = []
    for p in summary.pathways:
        known = scenario.hospital.pathways.get(p.id)
        for name, figures in p.classes.items():
            title = (
                known.classes[name].title.in_language(language)
                if known and name in known.classes
                else words.plain_id(name)
            )
            rows.append(
                {
                    "pathway": words.words(p.title, language),
                    "name": title,
                    "wait": figures.get("wait"),
                    "minutes": figures.get("minutes"),
                    "left": figures.get("left"),
                }
            )
    return rows


def warnings(summary: Summary, language: str) -> list[str]:
    """What a reader must know before the figures: interrupted, few runs, runs not scored."""
    r, found = summary.runs, []
    if r.interrupted:
        found.append(say("Interrupted: {done} of {asked} runs were finished.", language, done=r.done, asked=r.asked))
    if r.not_scored:
        found.append(
            say(
                "{n} of {done} runs are not scored, since the hospital was not healthy before the fault.",
                language,
                n=len(r.not_scored),
                done=r.done,
            )
        )
    if 0 < r.scored < 30:
        found.append(
            say(
                "Only {n}: intervals are wide. Ask for more runs before deciding anything.",
                language,
                n=words.runs(r.scored, language),
            )
        )
    return found


def facts(summary: Summary, language: str) -> list[tuple[str, str]]:
    """Versions, seed and numbers of runs."""
    s, r, p = summary.scenario, summary.runs, summary.provenance
    rows = [
        (say("Scenario", language), s.name),
        (say("Change played", language), s.variant or ""),
        (
            say("Runs", language),
            say("{done} of {asked} asked for, {scored} scored", language, done=r.done, asked=r.asked, scored=r.scored),
        ),
        (say("Seed", language), str(r.seed)),
        (say("Confidence of the intervals", language), words.share(r.confidence, language)),
        ("drillsim", p.drillsim),
        ("Python", p.python),
        (say("Packages", language), ", ".join(f"{name} {version}" for name, version in p.packages.items())),
        (
            say("Runs kept in full", language),
            ", ".join(
                f"{say(SHOWN[k], language)}: {words.run_number(n)}" for k, n in summary.shown.items() if k in SHOWN
            ),
        ),
    ]
    return [(name, value) for name, value in rows if value]


SHOWN = {"first": "first", "median": "median", "worst": "worst"}
STATUS_WORDS = {"none": "no deadline ran", "on_time": "on time often enough", "late": "late too often"}


def cited(scenario: Scenario, language: str) -> dict[str, Any]:
    """Sources and assumptions with the places that cite them."""
    found = [
        {
            "text": s.text,
            "assumed": s.assumed,
            "places": [{"path": p.path, "name": p.title.in_language(language) if p.title else ""} for p in s.places],
        }
        for s in sources.sources(scenario)
    ]
    assumed, known = [s for s in found if s["assumed"]], [s for s in found if not s["assumed"]]
    return {
        "assumed": assumed, "cited": known,
        "assumed_count": sum(len(s["places"]) for s in assumed), "cited_count": sum(len(s["places"]) for s in known),
    }  # fmt: skip


def limits(summary: Summary, scenario: Scenario, language: str) -> list[str]:
    """What the figures cannot say, in general and about this scenario."""
    found = [say(text, language) for text in LIMITS]
    if summary.coverage.total and summary.coverage.never:
        found.append(
            say(
                "{n} of {total} steps of the plan were never reached; this scenario says nothing about them.",
                language,
                n=len(summary.coverage.never),
                total=summary.coverage.total,
            )
        )
    assumed = sum(len(s.places) for s in sources.sources(scenario) if s.assumed)
    if assumed:
        found.append(
            say("{n} figures are assumptions (see above). The verdict is as good as they are.", language, n=assumed)
        )
    return found


def load_keys(summary: Summary, language: str) -> list[dict[str, Any]]:
    """Legend of the picture of people, only what occurs."""
    return [
        {"name": say(name, language), "colour": colour, "hatch": hatch}
        for field, name, colour, hatch in plots.LOAD_PARTS
        if any((getattr(p, field).value or 0.0) > 0 for p in summary.people)
    ]
