"""The page of a search for what would help: the best changes and their combinations, whether they add up, and everything that was tried."""

from __future__ import annotations

from typing import Any

from drillsim.model.scenario import Scenario
from drillsim.report import compared, costs, improve_costs, improved, words
from drillsim.report.compare_page import group, picture
from drillsim.report.study_page import Head, Section, page
from drillsim.score.improvement import SCHEMA, Candidate, Improvement
from drillsim.texts import say


def write_page(improvement: Improvement, scenario: Scenario, language: str = "en") -> str:
    """The search as one HTML page that needs no network."""
    tone, headline = improved.verdict(improvement, language)
    shown = [*improved.worth_telling(improvement, improvement.helps, 3), *improved.worth_telling(improvement, improvement.mixed, 2)]  # fmt: skip
    head = Head(
        kicker=scenario.title.in_language(language),
        title=say("What would help", language),
        meta=[scenario.hospital.title.in_language(language), words.runs(improvement.runs, language)],
        tone=tone,
        headline=headline,
        sentences=[
            *(improved.does(improvement, scenario, name, language) for name in shown),
            *improve_costs.cheapest(improvement, scenario, language),
            *improved.untried(improvement, language),
        ],
    )  # fmt: skip
    sections = [*_finals(improvement, scenario, language)]
    if improvement.by_cost:
        sections.append(Section("cost", say("By cost", language), "improve_costs.html.j2", _by_cost(improvement, scenario, language)))  # fmt: skip
    sections += _together(improvement, scenario, language)
    if improvement.slower:
        said = [improved.slows(improvement, scenario, one, language) for one in improvement.slower]
        sections.append(_notes("slower", say("What makes it slower", language), said))
    if improvement.candidates:
        sections.append(Section("tried", say("All that was tried", language), "improve_tried.html.j2", _tried(improvement, scenario, language)))  # fmt: skip
    sections.append(
        _notes("how", say("How this was judged", language), improved.notes(improvement, scenario, language))
    )
    return page(head, sections, SCHEMA, language)


def _notes(name: str, heading: str, said: list[str]) -> Section:
    content = {"lead": "", "plot": "", "arms": [], "groups": [], "notes": said}
    return Section(name, heading, "compare_table.html.j2", content)


def _finals(improvement: Improvement, scenario: Scenario, language: str) -> list[Section]:
    finals = improvement.finals
    if finals is None:
        return []
    whole = [row for row in finals.figures if row.headline]
    late = [
        row for row in finals.figures if row.group == "steps" and row.figure == "on_time" and _moved(row.differences)
    ]
    groups = [group(finals, scenario, whole, "", language)]
    if late:
        groups.append(group(finals, scenario, late, say("Steps whose chance changes", language), language))
    content = {
        "lead": say("The best changes and their combinations against the plan as it is, on {runs} of fresh luck, the same for all.", language, runs=words.runs(min(a.runs for a in finals.arms), language)),
        **picture(finals, scenario, whole, language),
        "arms": [compared.arm_title(finals, arm.name, language) for arm in finals.arms],
        "groups": groups,
        "notes": [],
    }  # fmt: skip
    return [Section("finals", say("The best changes", language), "compare_table.html.j2", content)]


def _by_cost(improvement: Improvement, scenario: Scenario, language: str) -> dict[str, Any]:
    return {
        "lead": say("The same changes from the cheapest to the dearest, with what each gives for its money. “As good as the best”: the best is surely not ahead by what is worth having.", language),
        "over": improve_costs.heading(improvement, language),
        "aims": [improved.aim_title(improvement, scenario, aim.name, language) for aim in improvement.aims],
        "rows": improve_costs.rows(improvement, language),
        "unknown": improve_costs.unknown(improvement, language),
    }  # fmt: skip


def _moved(found: list[compared.Compared]) -> bool:
    return any(one.sure in ("sure", "alone") for one in found)


def _together(improvement: Improvement, scenario: Scenario, language: str) -> list[Section]:
    if not improvement.adding:
        return []
    said = [s for one in improvement.adding if (s := improved.adds_up(improvement, scenario, one, language))]
    said = said or [say("Nothing shows that the changes get in each other's way: together they do about what each does by itself, added up.", language)]  # fmt: skip
    return [_notes("together", say("Do they add up?", language), said)]


def _tried(improvement: Improvement, scenario: Scenario, language: str) -> dict[str, Any]:
    return {
        "lead": say("Differences to the plan as it is in the race, with intervals; a change that dropped out early has few runs.", language),
        "aims": [improved.aim_title(improvement, scenario, aim.name, language) for aim in improvement.aims],
        "rows": [_row(improvement, one, language) for one in improved.ranked(improvement)],
    }  # fmt: skip


def _row(improvement: Improvement, one: Candidate, language: str) -> dict[str, Any]:
    effects = [
        (
            compared.difference(one.effects[aim.name], improved.unit(aim.name), language),
            compared.interval(one.effects[aim.name], improved.unit(aim.name), language),
        )
        for aim in improvement.aims
    ]
    return {
        "title": words.words(one.title, language),
        "kind": say(improved.KINDS[one.kind], language),
        "why": say("aims at {minutes} a run", language, minutes=words.duration(one.minutes, language)) if one.minutes else "",
        "caution": words.words(one.caution, language) if one.caution else "",
        "cost": costs.cost(one.cost, language) or words.MISSING,
        "effects": effects,
        "runs": one.runs,
        "status": say(improved.STATUS[one.status], language),
        "final": one.status == "final",
        "set": improved.changed(one),
    }  # fmt: skip
