"""The report: one offline, printable HTML file in English or Chinese, made from a summary, its scenario and the rows of the runs that are shown."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache, partial
from importlib import resources
from typing import TYPE_CHECKING, Any

from drillsim.log.rows import Event
from drillsim.model.scenario import Scenario
from drillsim.report import (
    advice,
    checked,
    delays,
    figures,
    findings,
    lessons,
    look,
    names,
    paths,
    pictures,
    plots,
    sections,
    steps,
    story,
    stress,
    sure,
    timeline,
    trust,
    words,
)
from drillsim.score.summary import Summary
from drillsim.texts import say

if TYPE_CHECKING:
    from jinja2 import Environment

HATCH_CLASSES = {
    "////": "hatch-slash",
    "\\\\\\\\": "hatch-back",
    "xxx": "hatch-cross",
    "|||": "hatch-bar",
    "----": "hatch-flat",
    "+++": "hatch-grid",
    "....": "hatch-dots",
    "oo": "hatch-rings",
}


def write_report(
    summary: Summary, scenario: Scenario, shown: Mapping[str, Any] | None = None, language: str = "en"
) -> str:
    """The whole page as text.

    ``shown`` holds the runs kept in full by name (``first``, ``median``, ``worst``): each a Log, a list of its events, or a frame of them.
    Without it the page has no story of a single run. Nothing in the page is fetched from anywhere.
    """
    from markupsafe import Markup

    runs = shown or {}
    told = {name: story.events_of(runs[name]) for name in ("median", "first", "worst") if name in runs}
    events = next(iter(told.values()), [])
    context = _context(summary, scenario, events, language)
    context |= lessons.section(summary, scenario, told, language)
    context |= _contents(context, language)
    script = asset("script.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    template = environment(language).get_template("report.html.j2")
    page: str = template.render(**context, script=Markup(script), script_hash=f"sha256-{digest}")
    return page


def asset(name: str) -> str:
    """The text of a file of the templates."""
    return resources.files("drillsim.report").joinpath("templates", name).read_text(encoding="utf-8").strip()


@cache
def environment(language: str) -> Environment:
    """Templates with what they may call, in the language."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    env = Environment(
        loader=PackageLoader("drillsim.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals.update(
        say=lambda message, **values: say(message, language, **values),
        w=lambda text: words.words(text, language),
        dur=lambda minutes, signed=False: words.duration(minutes, language, signed=signed),
        durrange=lambda low, high: words.duration_range(low, high, language),
        usual=lambda s: words.usual(s, language),
        unfinished=words.unfinished,
        usualrange=lambda s: words.usual_range(s, language),
        share=partial(words.share, language=language),
        percent=partial(words.chance, language=language),
        shareci=partial(words.share_interval, language=language),
        interval=partial(words.interval, language=language),
        precise=partial(findings.precise_share, language=language),
        runs=partial(words.runs, language=language),
        num=words.number,
        count=lambda e, signed=False: words.count(e, signed=signed),
        countci=lambda e, signed=False: words.count_interval(e, signed=signed),
        fig=words.figure,
        heads=words.heads,
        pct=lambda value: f"{min(max(value, 0.0), 1.0) * 100:.2f}%",
        rating=lambda letter: say(names.RATINGS[letter], language) if letter in names.RATINGS else "",
        form_rating=lambda letter: say(names.FORM_RATINGS[letter], language) if letter in names.FORM_RATINGS else "",
        hatch_class=lambda hatch: HATCH_CLASSES.get(hatch or "", ""),
        look=look,
        signs=words.SIGNS,
        language=language,
    )
    return env


def _context(summary: Summary, scenario: Scenario, events: list[Event], language: str) -> dict[str, Any]:
    """Everything the template reads, but for what the runs teach, and which sections there are."""
    origin = sections.clock_origin(summary, scenario, events)
    return {
        "summary": summary,
        "title": words.words(summary.scenario.title, language),
        **_head(summary, scenario, language),
        **_body(summary, scenario, events, origin, language),
        "plots": _plots(summary, scenario, events, origin, language),
    }


def _contents(context: dict[str, Any], language: str) -> dict[str, Any]:
    """The sections that have something to show."""
    present = [(name, say(heading, language)) for name, heading in sections.SECTIONS.items() if _has(name, context)]
    first = [("verdict", say("In one look", language))] + (
        [("next", say("What to do next", language))] if context["advice"] else []
    )
    # What the short form leaves out; where there is no plan the work and its queues are the matter itself.
    annex = [(name, title) for name, title in present if context["step_groups"] and name in sections.ANNEX]
    return {
        "contents": [*first, *present],
        "sections": [name for name, _ in present],
        "annex": [name for name, _ in annex],
        "annex_names": words.listing([title for _, title in annex], language, most=len(annex)),
    }


def _head(summary: Summary, scenario: Scenario, language: str) -> dict[str, Any]:
    s, start = summary.scenario, scenario.start_time
    plan = words.words(s.plan, language) + (f" {s.plan_version}" if s.plan_version else "")
    meta = [
        say("{date}, {clock}", language, date=words.date(start, language), clock=f"{start:%H:%M}"),
        plan if summary.coverage.total else "",
        words.runs(summary.runs.scored, language),
        say("change: {name}", language, name=_variant(summary, scenario, language)) if s.variant else "",
    ]
    return {
        "kicker": words.words(s.hospital, language),
        "meta": [piece for piece in meta if piece],
        "verdict": findings.verdict(summary, language),
        "worst": findings.worst(summary, scenario, language),
        "warnings": [*trust.warnings(summary, language), *trust.gate(summary, scenario, language)],
        "plan_check": checked.beside_the_score(summary, language),
        "figures": figures.key_figures(summary, scenario, language),
        "advice": advice.next_steps(summary, scenario, language),
    }


def _variant(summary: Summary, scenario: Scenario, language: str) -> str:
    name = summary.scenario.variant or ""
    return scenario.variants[name].title.in_language(language) if name in scenario.variants else name


def _body(summary: Summary, scenario: Scenario, events: list[Event], origin: float, language: str) -> dict[str, Any]:
    has_base = any(p.left_base is not None for p in summary.pathways)
    failing, holding = findings.failing(summary), findings.holding(summary)
    return {
        "timeline_caption": _timeline_caption(summary, scenario, language),
        "milestones": sections.milestones(summary, scenario, origin, language),
        "chapters": sections.told(scenario, events, origin, language),
        "story_caption": _story_caption(summary, scenario, language),
        "announced": words.announced(scenario),
        "plan_lead": say("{late} of {all} deadlines are missed more often than the plan can bear. Open a step to see its times and where its minutes went. The black mark in a bar is the share that is wanted.", language, late=len(failing), all=len(failing) + len(holding)) if failing or holding else say("Open a step to see its times and where its minutes went.", language),
        "step_groups": steps.step_groups(summary, scenario, language),
        "short_of": _short_of(summary, language),
        "never": findings.never_reached(summary),
        "roots": steps.causes(summary.roots, scenario, language),
        "paths": paths.paths(summary, scenario, language),
        "causes": steps.causes(summary.causes, scenario, language),
        "behind": next((c.runs[0] for c in (*summary.roots, *summary.causes) if c.runs), summary.shown.get("worst", 1)),
        "parts_legend": _parts_legend(summary, language),
        **sections.objectives(summary, scenario, language),
        "clocks": [steps.step_row(s, scenario, language) for s in summary.steps if s.report_to is not None and s.id not in summary.coverage.never],
        **sections.systems(summary, scenario, language),
        **sections.departments(summary, scenario, language),
        **delays.rows(summary, language),
        **sections.people(summary, pictures.loaded_people(summary, most=1000), pictures.loaded_people(summary)),
        "any_utilisation": any(p.utilisation is not None and p.utilisation.value for p in summary.people if p.id in set(pictures.loaded_people(summary, most=1000))),
        "load_keys": sections.load_keys(summary, language),
        "has_base": has_base,
        "pathways": summary.pathways,
        "any_diverted": any(p.diverted.value for p in summary.pathways),
        "indicators": summary.indicators,
        "classes": sections.classes(summary, scenario, language),
        **sections.paper(summary, scenario, origin, language),
        **sections.after(summary, scenario, language),
        **sections.activities(summary, scenario),
        **sections.resources(summary, scenario),
        "any_left": any(a.left.value for a in summary.activities),
        "any_turned": any(a.turned_away.value for a in summary.activities),
        "activities_lead": say("From the start to the end of the exercise, {runs}; small figures are intervals.", language, runs=words.runs(summary.runs.scored, language)),
        "sure": sure.rows(summary, scenario, language),
        "sure_lead": sure.LEAD,
        "stress": stress.stress(summary, scenario, language),
        "stress_lead": stress.LEAD,
        "sure_asked": any(one.asked for one in summary.precision),
        **trust.cited(scenario, language),
        **checked.rows(summary, language),
        "limits": trust.limits(summary, scenario, language),
        "facts": trust.facts(summary, language),
        "not_scored": trust.not_scored(summary, scenario, language),
        **_keys(summary, events, language),
    }  # fmt: skip


def _short_of(summary: Summary, language: str) -> str:
    """What the short form says in place of the steps it leaves out."""
    held, others = len(findings.holding(summary)), len(findings.without_deadline(summary))
    return say("On time often enough: {held} steps; done without a deadline that ran: {others}. The long form lists them.", language, held=held, others=others) if held or others else ""  # fmt: skip


def _story_caption(summary: Summary, scenario: Scenario, language: str) -> str:
    text = say("The run whose result lies in the middle of all ({n}).", language, n=summary.shown.get("median", 0))
    if words.announced(scenario):
        return text + say(" Times are times of day and hours since the planned stop began.", language)
    return text + (say(" Times are times of day and hours since the failure.", language) if scenario.faults else "")


def _timeline_caption(summary: Summary, scenario: Scenario, language: str) -> str:
    text = say(
        "Bars: when the step is done in 8 runs of 10; white line: the middle run; at the right: how often it is on time.",
        language,
    )
    timed = sum(s.on_time.value is not None for s in summary.steps)
    if timed > pictures.MOST_STEPS:
        text += say(
            " Shown are the {n} steps least often on time; all others are in the list below.",
            language,
            n=pictures.MOST_STEPS,
        )
    origin = words.first_fault(scenario) or 0.0
    end = timeline.timeline_end(summary, scenario, pictures.timeline_steps(summary, scenario), origin)
    if timeline.is_curved(summary, origin, end):
        text += say(" The first minutes are drawn wider.", language)
    return text


def _parts_legend(summary: Summary, language: str) -> list[dict[str, Any]]:
    total: dict[str, float] = {}
    for step in findings.failing(summary):
        for name, minutes in step.parts_when_late.items():
            total[name] = total.get(name, 0.0) + minutes
    return steps.parts_of(total, language)


def _keys(summary: Summary, events: list[Event], language: str) -> dict[str, Any]:
    states = {"up"} | {e.state for e in events if e.kind == "component"}
    modes = {"normal"} | {e.state for e in events if e.kind == "department"}
    return {
        "state_keys": sections.keys(look.STATE_COLOURS, look.STATE_HATCHES, names.STATES, states, language),
        "mode_keys": sections.keys(look.MODE_COLOURS, look.MODE_HATCHES, names.MODES, modes, language),
        "pile_keys": [
            {"name": words.words(s.title, language), "colour": fill[0], "hatch": fill[1]}
            for s, fill in zip(pictures.pile_series(summary), plots.PILE_FILLS, strict=False)
        ],
    }


def _plots(summary: Summary, scenario: Scenario, events: list[Event], origin: float, language: str) -> dict[str, Any]:
    from markupsafe import Markup

    window = sections.window(summary, scenario, origin)
    made = {
        "timeline": pictures.timeline(summary, scenario, origin, language),
        "distributions": pictures.distributions(summary, language),
        "parts": pictures.parts(summary, language),
        "systems": pictures.systems(events, scenario, window, language),
        "departments": pictures.departments(events, scenario, window, language),
        "delays": delays.picture(summary, language),
        "pile": pictures.pile(summary, scenario, window, origin, language),
        "people": pictures.people(summary, language),
    }
    queues = (
        [{**q, "svg": Markup(q["svg"])} for q in pictures.queues(summary, scenario, window, origin, language)]
        if scenario.faults
        else []
    )
    return {**{name: Markup(text) for name, text in made.items()}, "queues": queues}


def _has(name: str, context: dict[str, Any]) -> bool:
    """Whether a section has anything to show."""
    summary: Summary = context["summary"]
    return bool(
        {
            "story": summary.scenario.story or context["milestones"] or context["chapters"],
            "plan": context["step_groups"],
            "bottlenecks": context["roots"] or context["causes"] or context["paths"],
            "clocks": context["clocks"],
            "objectives": summary.objectives,
            "systems": context["systems"],
            "departments": context["departments"],
            "people": context["people"],
            "patients": context["pathways"],
            "paper": context["paper_departments"],
            "after": context["after"],
            "lessons": context["improvements"] or context["more_improvements"] or context["strengths"],
            "activities": context["activities"] or context["resources"],
            "sure": context["sure"],
            "lint": context["lint_groups"] or context["lint_meant"],
            "sources": context["assumed"] or context["cited"],
        }.get(name, True)
    )
