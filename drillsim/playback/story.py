"""The story of a run: the rows of its log as lines in both languages, things that happen together in one line."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from drillsim.log.rows import CLOSED, Event
from drillsim.model.faults import KINDS as FAULT_KINDS
from drillsim.model.phrases import NOTICED_BY
from drillsim.model.scenario import Scenario
from drillsim.playback.shape import Entry, PlanStep, Words
from drillsim.playback.words import STATES, Titles, both, duration, elapsed, listing, of, plain, quoted
from drillsim.score.clocks import due
from drillsim.score.milestones import told_apart
from drillsim.score.view import View
from drillsim.units import DAY

TOGETHER = (
    1.5  # minutes within which the same change of several departments, or the same call to several people, is one line
)
WORTH_TELLING = 2.0  # minutes a step must wait for the wait to be told
MILESTONES = {
    "detected": "Those responsible know of the failure",
    "declared": "The incident is declared",
    "ordered": "Paper working is ordered",
    "restored": "The systems are back",
    "all_back": "All systems are back, standbys too",
    "returned": "The last department is told to use the systems again",
    "cleared": "Everything written on paper is typed in",
    "stood_down": "The incident is ended",
}
SIGNS = {
    "start": "the exercise begins", "end": "the exercise ends", "fault": "a fault begins", "noticed": "somebody notices it", "milestone": "a milestone is reached",
    "system_down": "systems give no service", "system_up": "systems work again, or a fault is over", "system": "systems are slow, starting or can only be read",
    "switch": "a fail-over", "data": "data are lost or brought back", "waiting": "departments stand still", "changing": "departments change over to paper",
    "paper": "departments work on paper", "back_entry": "departments type in", "normal": "departments are normal again", "told": "departments are told",
    "notice": "a notice is sent", "kit": "forms have run out", "box": "forms have come", "work": "work on a step begins", "done": "a step is done",
    "late": "a deadline passes", "failed": "a step or a fail-over fails", "redo": "a step is done again", "wait": "a step waits", "none": "a step is not needed, or an inject is held back",
    "decision": "a grade, a cause or a diversion is decided", "call": "somebody is called in", "missed": "somebody or something is not reached", "way": "somebody is on the way",
    "arrived": "somebody has come", "person": "people change what they are at", "inject": "an inject is delivered",
}  # fmt: skip
"""The kinds of line, each with a sign of its own in the page."""
FAULTS = {name: kind.headline for name, kind in FAULT_KINDS.items()}
DEPARTMENTS = {
    "waiting": "Work stands still: {names}",
    "changing": "Heard the order and changing over to paper: {names}",
    "self_switch": "Changing over to paper without waiting for an order: {names}",
    "paper": "Now working on paper: {names}",
    "back_entry": "Back on the systems, typing in what is on paper: {names}",
    "normal": "Normal again: {names}",
}
SYSTEMS = {
    "down": "No service: {names}",
    "isolated": "Cut off: {names}",
    "restoring": "Being started: {names}",
    "slow": "Slow: {names}",
    "read_only": "Can only be read: {names}",
    "up": "Working again: {names}",
}
DIVERSIONS = {
    "diverted": "Diverted (sent elsewhere, or told to come another day): {names}",
    "reopened": "No longer diverted: {names}",
}
FAILOVER = {
    "started": "{title} begins to switch to {member}",
    "done": "{title} now runs on {member}",
    "failed": "{title} fails to switch to {member}",
}
BACK = {
    "started": "{title} begins to switch back to {member}",
    "done": "{title} runs on {member} again",
    "failed": "{title} fails to switch back to {member}",
}
ONCE_MORE = {
    "restored": "The systems are back again",
    "all_back": "All systems are back again, standbys too",
    "returned": "All departments have been told again to use the systems",
    "cleared": "Everything written on paper is typed in, again",
}
PEOPLE = {
    "called": "{who}: called in",
    "missed": "{who}: does not answer",
    "answered": "{who}: on the way",
    "arrived": "{who}: there",
    "interrupted": "{who}: called away from “{step}”",
    "handed_over": "{who}: hands over “{step}” to the next shift",
}
MORE = (
    "Noticed by {who}", "The fault is over: {what}", "{length} of data of {title} are lost for good", "All data of {title} are lost for good", "Data of {title} are brought back from {copy}",
    "Data of {title} are brought back", "Told by {channel}: {names}", "Not reached by {channel}: {names}", "No forms left: {title}", "New forms have come: {title}", "“{step}”: notice by {channel}",
    "{who} begins “{step}”", "{who} begins “{step}” again", "Done: “{step}”", "Done in time: “{step}”", "Done {length} late: “{step}”", "“{step}” has failed", "“{step}” is given up after {n} tries", "“{step}” did not succeed and is tried again",
    "“{step}” is sent back", "“{step}” is sent back by “{other}”", "“{step}” must be done again, since “{other}” has come back", "“{step}” waits for {cause}", "“{step}” waits", "Not needed: {steps}", "“{step}”", "Deadline has passed: “{step}”", "Grade: {grade}",
    "The cause is judged to be: {cause}", "{who}: {n} left on duty", "{who}: nobody left on duty", "Inject", "Inject: {title}", "Inject that did not arrive: {title}",
    "Inject held back, since it does not fit how things stand: {title}", "The exercise begins", "The exercise ends",
    "because of {cause}", "while its data are copied, as on any day",
)  # fmt: skip
"""Further sentences, for the test that each has its Chinese."""


def entries(scenario: Scenario, view: View, steps: list[PlanStep]) -> list[Entry]:
    """Every line of the story from StartEx to EndEx, in order of time."""
    teller = Teller(Titles(scenario), view)
    found = [entry for _, entry in sorted([*teller.lines(), *_overdue(steps)], key=lambda pair: pair[0])]
    return [entry for entry in found if 0 <= entry["minute"] <= view.log.horizon]


Line = tuple[tuple[float, int], Entry]


def _line(event: Event, kind: str, level: int, text: Words, detail: Words | None = None, mark: str = "") -> Line:
    entry: Entry = {"minute": round(event.minute, 4), "kind": kind, "level": level, "text": text}
    if detail is not None:
        entry["detail"] = detail
    if mark:
        entry["mark"] = mark
    return (event.minute, event.sequence), entry


def _overdue(steps: list[PlanStep]) -> Iterator[Line]:
    for step in steps:
        each = step["due"]["each"] if step["due"] else []
        for (begin, _, limit), (after, *_) in zip(each, [*each, [math.inf]][1:], strict=True):
            over = any(begin <= t[0] <= limit and t[1] in ("done", "not_applicable", "failed") for t in step["turns"])
            if not over and limit < after:
                event = Event(limit, 1 << 30, "", step["id"])
                yield _line(event, "late", 2, both("Deadline has passed: “{step}”", step=step["title"]))


@dataclass
class Teller:
    """Turns rows into lines; one method a kind of row."""

    titles: Titles
    view: View

    @cached_property
    def _told_apart(self) -> set[int]:
        return {e.sequence for e in told_apart(self.view.by_kind["reached"])}

    def lines(self) -> Iterator[Line]:
        """All lines, not in order."""
        tell: dict[str, Callable[[Event], Line | None]] = {
            "run": self._run,
            "noticed": self._noticed,
            "reached": self._reached,
            "failover": self._failover,
            "data_lost": self._data_lost,
            "notice": self._notice,
            "decided": self._decided,
            "person": self._person,
            "on_duty": self._on_duty,
            "inject": self._inject,
        }
        for kind, one in tell.items():
            for event in self.view.by_kind.get(kind, ()):
                if (line := one(event)) is not None:
                    yield line
        yield from self._faults()
        yield from self._departments()
        yield from self._components()
        yield from self._told()
        yield from self._kits()
        yield from self._diversions()
        yield from self._not_needed()
        for step in self.view.scenario.plan.steps:
            yield from self._step(step.id)

    def _run(self, event: Event) -> Line:
        if event.state == "started":
            return _line(event._replace(minute=0.0, sequence=-1), "start", 1, both("The exercise begins"))
        return _line(event, "end", 1, both("The exercise ends"))

    def _faults(self) -> Iterator[Line]:
        """What faults do: one that strikes several things at one minute is told once, and what it means only where it begins."""
        told: dict[tuple[str, str], float] = {}
        for event in self.view.by_kind.get("fault", ()):
            key = (event.subject, event.state)
            again = event.state != "broke" and key in told
            if again and abs(event.minute - told[key]) < 0.1:
                continue
            told[key] = event.minute
            line = self._fault(event, again=again)
            if line is not None:
                yield line

    def _fault(self, event: Event, *, again: bool = False) -> Line | None:
        fault = next((f for f in self.view.scenario.faults if f.id == event.subject), None)
        if fault is None or event.state not in ("began", "ended", "broke", "relapsed", "still_wrong"):
            return None
        if event.state == "broke":
            return _line(event, "system_down", 2, both("Found broken: {what}", what=self.titles.system(event.cause)))
        what = of(fault.title) if fault.title else both(FAULTS[fault.kind], target=self.titles.target(fault.target))
        if event.state == "ended":
            return _line(event, "system_up", 2, both("The fault is over: {what}", what=what))
        if event.state == "still_wrong":
            return _line(event, "fault", 2, both("Not mended rightly: {what}", what=what))
        if event.state == "relapsed":
            return _line(event, "fault", 1, both("The fault comes back: {what}", what=what), mark="fault")
        meant = of(fault.effect) if fault.effect and not again else None
        return _line(event, "fault", 2 if again else 1, what, meant, mark="fault")

    def _noticed(self, event: Event) -> Line:
        who = both(NOTICED_BY[event.state]) if event.state in NOTICED_BY else self.titles(event.state)
        return _line(event, "noticed", 2, both("Noticed by {who}", who=who))

    def _reached(self, event: Event) -> Line | None:
        if event.subject not in MILESTONES or event.sequence not in self._told_apart:
            return None
        first = self.view.reached[event.subject] == event.minute
        held = self.view.marks.get(event.subject)
        mark = event.subject if held is not None and held.sequence == event.sequence else ""
        said = MILESTONES if first else ONCE_MORE
        return _line(event, "milestone", 1, both(said[event.subject]), mark=mark)

    def _failover(self, event: Event) -> Line | None:
        if event.state not in FAILOVER:
            return None
        member = self.titles.system(event.cause) if event.cause else both("its standby")
        said = BACK if event.cause and event.cause == self._first_member(event.subject) else FAILOVER
        text = both(said[event.state], title=self.titles.system(event.subject), member=member)
        return _line(event, "failed" if event.state == "failed" else "switch", 2, text)

    def _first_member(self, service: str) -> str:
        component = self.view.scenario.hospital.systems.get(service)
        return component.runs_on.members[0] if component is not None and component.runs_on is not None else ""

    def _data_lost(self, event: Event) -> Line:
        title = self.titles.system(event.subject)
        if event.state == "open":
            return _line(event, "data", 1, both("Data of {title} have not been brought back by the end", title=title))
        if math.isinf(event.value):
            return _line(event, "data", 1, both("All data of {title} are lost for good", title=title))
        if event.state == "lost" or event.value > 0:
            return _line(
                event,
                "data",
                1,
                both("{length} of data of {title} are lost for good", length=duration(event.value), title=title),
            )
        if event.cause:
            return _line(
                event,
                "data",
                2,
                both("Data of {title} are brought back from {copy}", title=title, copy=self.titles(event.cause)),
            )
        return _line(event, "data", 2, both("Data of {title} are brought back", title=title))

    def _notice(self, event: Event) -> Line:
        text = both(
            "“{step}”: notice by {channel}", step=self.titles.step(event.subject), channel=self.titles(event.cause)
        )
        return _line(event, "notice", 3, text)

    def _decided(self, event: Event) -> Line:
        if event.state == "grade":
            grade = next(
                (of(g.title) for g in self.view.scenario.plan.grades if str(g.id) == event.cause), plain(event.cause)
            )
            return _line(event, "decision", 2, both("Grade: {grade}", grade=grade))
        return _line(event, "decision", 2, both("The cause is judged to be: {cause}", cause=self.titles(event.cause)))

    def _person(self, event: Event) -> Line | None:
        if event.state not in PEOPLE or (event.state in ("interrupted", "handed_over") and not event.cause):
            return None  # work on patients that the next shift goes on with is no news
        text = both(PEOPLE[event.state], who=self.titles.staff(event.subject), step=self.titles.step(event.cause))
        kind = {"called": "call", "missed": "missed", "answered": "way", "arrived": "arrived"}.get(
            event.state, "person"
        )
        return _line(event, kind, 2 if kind in ("call", "missed", "arrived") else 3, text)

    def _on_duty(self, event: Event) -> Line | None:
        if event.state != "fault":
            return None
        left = "{who}: {n} left on duty" if event.value >= 0.5 else "{who}: nobody left on duty"
        text = both(left, who=self.titles(event.subject), n=round(event.value))
        return _line(event, "person", 2, text)

    def _inject(self, event: Event) -> Line | None:
        inject = next((i for i in self.view.scenario.injects if i.id == event.subject), None)
        if inject is None:
            return None
        if event.state == "not_delivered":
            text = both("Inject that did not arrive: {title}", title=of(inject.title or inject.text))
            return _line(event, "missed", 3, text)
        if event.state == "held_back":
            text = both("Inject held back, since it does not fit how things stand: {title}", title=of(inject.title or inject.text))  # fmt: skip
            return _line(event, "none", 2, text)
        text = both("Inject: {title}", title=of(inject.title)) if inject.title else both("Inject")
        return _line(event, "inject", 1, text, of(inject.text), mark="inject")

    # Things that happen together

    def _departments(self) -> Iterator[Line]:
        as_ever = ("normal", "hours")  # it opens as on every day
        rows = [
            e
            for e in self.view.by_kind.get("department", ())
            if e.minute > self.view.log.began and e.state != CLOSED and (e.state, e.cause) != as_ever
        ]
        for group in _together(rows, _change, TOGETHER):
            names, change = _names(group, self.titles.department), _change(group[0])
            if change in DEPARTMENTS:
                yield _line(group[0], group[0].state, 2, both(DEPARTMENTS[change], names=names))

    def _components(self) -> Iterator[Line]:
        """What becomes of systems; that a planned copy of data slows some of them is told in small print, and only the first time."""
        told: set[tuple[str, str]] = set()
        rows = [e for e in self.view.by_kind.get("component", ()) if e.state in STATES]
        for group in _together(rows, lambda e: e.state, 0.1):
            state, inside = group[0].state, {e.subject for e in group}
            causes = {e.cause for e in group} - inside - {"own", ""}
            detail = both("because of {cause}", cause=self.titles.system(causes.pop())) if len(causes) == 1 else None
            kind = "system_up" if state == "up" else "system_down" if state in ("down", "isolated") else "system"
            text = both(SYSTEMS[state], names=_names(group, self.titles.system))
            small = 2
            if any(self._of_a_copy(e) for e in group):
                if {(state, name) for name in inside} <= told:
                    continue
                told |= {(state, name) for name in inside}
                detail, small = both("while its data are copied, as on any day"), 3
            yield _line(group[0], kind, small, text, detail if state != "up" else None)

    def _of_a_copy(self, event: Event) -> bool:
        """Whether it is slow, or no longer, of its own at the minute at which a planned copy of its data begins or ends."""
        component = self.view.scenario.hospital.systems.get(event.subject)
        if component is None or event.cause != "own" or event.state not in ("slow", "up"):
            return False
        start = self.view.scenario.start_time
        midnight = -60.0 * start.hour - start.minute
        monday = midnight - DAY * start.weekday()
        since = 0.0 if event.state == "slow" else 1.0
        return any(
            copy.slows > 1
            and abs((event.minute - copy.one(midnight, monday) - since * copy.takes + 0.005) % copy.every) < 0.01
            for copy in (component.data.backups if component.data else ())
        )

    def _told(self) -> Iterator[Line]:
        rows = self.view.by_kind.get("told", [])
        for group in _together(rows, lambda e: (e.state, e.cause), TOGETHER):
            names = _names(group, self.titles.department)
            channel = self.titles(group[0].cause)
            if group[0].state == "heard":
                yield _line(group[0], "told", 3, both("Told by {channel}: {names}", channel=channel, names=names))
            else:
                yield _line(
                    group[0], "missed", 2, both("Not reached by {channel}: {names}", channel=channel, names=names)
                )

    def _diversions(self) -> Iterator[Line]:
        for group in _together(self.view.by_kind.get("pathway", []), lambda e: (e.state, e.cause), TOGETHER):
            soon = max(e.value for e in group)
            detail = both("shows at the door after {length}", length=duration(soon)) if soon > 0 else None
            text = both(DIVERSIONS[group[0].state], names=_names(group, self.titles.pathway))
            yield _line(group[0], "decision", 1, text, detail)

    def _kits(self) -> Iterator[Line]:
        """That forms run out, and come again: where it goes on for weeks only the first time of a department is more than small print."""
        told: dict[str, set[str]] = {}
        for group in _together(self.view.by_kind.get("kit", []), lambda e: e.state, TOGETHER):
            names, state = _names(group, self.titles.department), group[0].state
            again = {e.subject for e in group} <= told.setdefault(state, set())
            told[state] |= {e.subject for e in group}
            if state == "empty":
                yield _line(group[0], "kit", 3 if again else 2, both("No forms left: {title}", title=names))
            elif not again:
                yield _line(group[0], "box", 3, both("New forms have come: {title}", title=names))

    # Steps of the plan

    def _not_needed(self) -> Iterator[Line]:
        rows = [e for e in self.view.by_kind.get("step", ()) if e.state == "not_applicable"]
        for group in _together(rows, lambda e: e.state, TOGETHER):
            steps = listing([both("“{step}”", step=self.titles.step(e.subject)) for e in group])
            yield _line(group[0], "none", 3, both("Not needed: {steps}", steps=steps))

    def _step(self, name: str) -> Iterator[Line]:
        rows = list(self.view.events("step", name))
        step = self.view.scenario.plan.step(name)
        title, who = self.titles.step(name), self.titles(step.owner)
        begun = False
        for event, after in pairwise([*rows, None]):
            assert event is not None
            lasts = (after.minute if after else self.view.log.horizon) - event.minute
            if event.state == "working":
                if lasts > 0:
                    again = "{who} begins “{step}” again" if begun else "{who} begins “{step}”"
                    yield _line(event, "work", 3, both(again, who=who, step=title))
                begun = True
            elif event.state == "done":
                yield _line(event, "done", 2, _done(title, event.minute, due(self.view, step, event.minute)))
            elif event.state == "failed":
                tries = 1 if event.value != event.value else round(event.value)
                given_up = "“{step}” is given up after {n} tries" if tries > 1 else "“{step}” has failed"
                if event.cause:
                    given_up, tries = "“{step}” is called off", 1
                yield _line(event, "failed", 2, both(given_up, step=title, **({"n": tries} if tries > 1 else {})))
            elif event.state == "pause":
                unlike = [self.titles.department(one) for one in event.cause.split(",") if one]
                found = (
                    both("“{step}”: {names} not as on a normal day yet", step=title, names=listing(unlike))
                    if unlike
                    else None
                )
                yield _line(event, "redo", 3, found or both("“{step}” did not succeed and is tried again", step=title))
            elif event.state == "redo":
                yield _line(event, "redo", 2, self._sent_back(title, event.cause))
            elif event.state == "hours" and lasts >= WORTH_TELLING:
                yield _line(event, "wait", 3, both("“{step}” waits for its hours", step=title))
            elif event.state in ("person", "off_shift", "on_the_way", "thing", "system") and lasts >= WORTH_TELLING:
                cause = self.titles.cause(event.state, event.cause)
                text = (
                    both("“{step}” waits for {cause}", step=title, cause=cause)
                    if cause
                    else both("“{step}” waits", step=title)
                )
                yield _line(event, "wait", 3, text)

    def _sent_back(self, title: Words, by: str) -> Words:
        if not by:
            return both("“{step}” is sent back", step=title)
        if by not in self.titles.steps:  # a fault that has come back
            return both("“{step}” must be done again, since “{other}” has come back", step=title, other=self.titles(by))
        return both("“{step}” is sent back by “{other}”", step=title, other=self.titles.step(by))


def _done(title: Words, minute: float, due: float | None) -> Words:
    if due is None:
        return both("Done: “{step}”", step=title)
    if minute <= due + 1e-9:
        return both("Done in time: “{step}”", step=title)
    return both("Done {length} late: “{step}”", length=elapsed(due, minute), step=title)


def _change(event: Event) -> str:
    """What a department does: its new mode, or that it switches to paper by itself."""
    return "self_switch" if event.state == "changing" and event.cause == "self_switch" else event.state


def _names(group: list[Event], title: Callable[[str], Words]) -> Words:
    return listing([title(name) for name in dict.fromkeys(e.subject for e in group)])


def _together(rows: list[Event], key: Callable[[Event], object], within: float) -> Iterator[list[Event]]:
    """Rows of the same key, each group no longer than ``within`` from its first row, in order of their first rows."""
    open_groups: dict[object, list[Event]] = {}
    for event in rows:
        group = open_groups.get(key(event))
        if group is not None and event.minute - group[0].minute <= within:
            group.append(event)
            continue
        if group is not None:
            yield group
        open_groups[key(event)] = [event]
    yield from open_groups.values()


__all__ = ["Teller", "entries", "quoted"]
