"""One film from a scenario and its log: everything the page and the terminal board play, in both languages (see ``shape``)."""

from __future__ import annotations

from drillsim.log.rows import Log
from drillsim.model.scenario import Scenario
from drillsim.playback import graph, series
from drillsim.playback.care import Day, figures, places
from drillsim.playback.questions import questions
from drillsim.playback.response import people, plan_steps
from drillsim.playback.said import said
from drillsim.playback.shape import VERSION, Entry, Film, Question, System, Turn
from drillsim.playback.situation import planned, situation
from drillsim.playback.story import entries
from drillsim.playback.words import Titles, both, of
from drillsim.score.view import View, first_fault

BEFORE = 5.0  # minutes before the first fault at which the film opens


def make_film(scenario: Scenario, log: Log, base: Log | None = None) -> Film:
    """The film of one replication with its faults; ``base`` is the same replication without them, to compare with."""
    failed = first_fault(log)
    view = View(scenario, log, log.began, log.horizon, failed)
    minutes = series.grid(log.horizon, failed)
    each = scenario.stands_for
    day, usual = Day(log, minutes, each), Day(base, minutes, each) if base is not None else None
    titles = Titles(scenario)
    steps = plan_steps(scenario, view, titles)
    story = entries(scenario, view, steps)
    injects = questions(scenario, view, titles, steps)
    _number_injects(story, injects)
    names = list(scenario.hospital.systems)
    return {
        "film": VERSION,
        "title": of(scenario.title),
        "story": of(scenario.story) if scenario.story else None,
        "hospital": of(scenario.hospital.title),
        "plan": both("{plan} ({version})", plan=of(scenario.plan.title), version=scenario.plan.version)
        if scenario.plan.version
        else of(scenario.plan.title),
        "start": scenario.start_time.isoformat(timespec="minutes"),
        "horizon": log.horizon,
        "opens_at": 0.0 if failed is None else max(round(failed - BEFORE, 4), 0.0),
        "failed": failed,
        "planned": planned(view),
        "grid": series.pieces(log.horizon, failed),
        "situation": situation(view),
        "entries": story,
        "injects": injects,
        "systems": systems(scenario, view, titles),
        "edges": [[names.index(up), names.index(down)] for up, down in graph.edges(scenario.hospital.systems)],
        "places": places(scenario, view, day, usual),
        "people": people(scenario, view, titles),
        "steps": steps,
        "figures": figures(scenario, day, usual),
        "said": said(),
    }


def _number_injects(story: list[Entry], injects: list[Question]) -> None:
    """Ties each inject to its line of the story: both are in order of time."""
    lines = [entry for entry in story if entry["kind"] == "inject"]
    for number, (entry, _) in enumerate(zip(lines, injects, strict=True)):
        entry["inject"] = number


def systems(scenario: Scenario, view: View, titles: Titles) -> list[System]:
    """Every component with its place in the drawing and its states."""
    where = graph.positions(scenario.hospital.systems)
    return [
        {
            "id": name,
            "title": of(component.title),
            "short": of(component.short) if component.short else None,
            "kind": component.kind,
            "tier": component.tier,
            "rto": component.rto,
            "x": where[name][0],
            "y": where[name][1],
            "turns": _states(view, titles, name),
        }
        for name, component in scenario.hospital.systems.items()
    ]


def _states(view: View, titles: Titles, name: str) -> list[Turn]:
    turns: list[Turn] = [[0.0, "up", None, None]]
    for event in view.events("component", name):
        factor = None if event.value != event.value else round(event.value, 3)
        due = titles.system(event.cause) if event.cause not in ("", "own", name) else None
        turn = [max(round(event.minute, 4), 0.0), event.state, factor, due]
        if turn[0] == turns[-1][0]:
            turns[-1] = turn
        else:
            turns.append(turn)
    return turns
