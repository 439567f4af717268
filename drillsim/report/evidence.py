"""Single rows of a log in words, where they stand as the evidence of something."""

from __future__ import annotations

import math

from drillsim.log.rows import Event
from drillsim.model.conditions import read_event
from drillsim.model.scenario import Scenario
from drillsim.report import names, story, words
from drillsim.texts import say

STEP_STATES = {
    "working": "“{step}”: the work begins.",
    "done": "“{step}” is done.",
    "failed": "“{step}” ends without success.",
    "called_off": "“{step}” is called off.",
    "redo": "“{step}” must be done again.",
    "unfinished": "“{step}” is not finished at the end.",
    "not_applicable": "“{step}” is not needed.",
    "unlike": "“{step}”: not as on a normal day yet: {names}.",
    "pause": "“{step}” pauses before the next try.",
}
FAULT_STATES = {
    "began": "The fault begins: {title}.",
    "relapsed": "The fault comes back: {title}.",
    "imperfect": "Mended, but something is still wrong that nobody has seen: {title}.",
    "still_wrong": "Verifying shows that it is not mended rightly: {title}.",
}
TABLES = (STEP_STATES, FAULT_STATES)


def told(scenario: Scenario, event: Event, language: str) -> str:
    """What a row says."""
    match event.kind:
        case "reached":
            happened = words.event(scenario, read_event(event.subject), language)
            return words.capital(happened) + say(".", language)
        case "step":
            return _step(scenario, event, language)
        case "component" | "own":
            title = words.title_of(scenario, event.subject, language, "component")
            return say("{title}: {state}.", language, title=title, state=say(names.STATES[event.state], language))
        case "fault" if event.state in FAULT_STATES:
            fault = next(f for f in scenario.faults if f.id == event.subject)
            known = words.title_of(scenario, fault.id, language, "fault")
            title = known if fault.title else words.selector(scenario, fault.target, language)
            return say(FAULT_STATES[event.state], language, title=title)
        case "data_lost":
            return _data(scenario, event, language)
        case "noticed":
            return say("Noticed by {who}.", language, who=words.noticed_by(event.state, language))
    line = story.single(scenario, event, language)
    return line.text if line is not None else f"{event.kind} {event.subject} {event.state}".strip()


def _data(scenario: Scenario, event: Event, language: str) -> str:
    title = words.title_of(scenario, event.subject, language, "component")
    if event.state == "open":
        return say("{title}: the data have not been brought back.", language, title=title)
    if math.isinf(event.value):
        return say("{title}: no copy can be used.", language, title=title)
    lost = words.duration(event.value, language)
    return say("{title}: data of {duration} are lost.", language, title=title, duration=lost)


def _step(scenario: Scenario, event: Event, language: str) -> str:
    step = words.title_of(scenario, event.subject, language, "step")
    state = "called_off" if event.state == "failed" and event.cause else event.state
    if state == "pause" and event.cause:
        return say(
            STEP_STATES["unlike"],
            language,
            step=step,
            names=words.departments(scenario, event.cause.split(","), language),
        )
    if state in STEP_STATES:
        return say(STEP_STATES[state], language, step=step)
    what = words.waiting_for(scenario, event.state, event.cause, language)
    return say("“{step}” begins to wait for {what}.", language, step=step, what=what)
