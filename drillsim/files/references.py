"""Every name that a file uses must be the name of something: checked over the raw tree, so that all mistakes show at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from drillsim.errors import Problem, Wrong
from drillsim.files.names import Names, not_there
from drillsim.files.near import hinted
from drillsim.files.tree import Map, Mark, Seq, as_map, items, path_text, told
from drillsim.files.walk import WORDS, Visit, renamed, walk
from drillsim.model.base import Record, Ref
from drillsim.model.care import Activity, Branch, Indicator, Node, Pathway
from drillsim.model.conditions import (
    BUILT_IN_EVENTS,
    Condition,
    Deadline,
    EventName,
    Moment,
    read_condition,
    read_deadline,
    read_event,
    read_moment,
)
from drillsim.model.faults import KINDS as FAULTS
from drillsim.model.measures import KINDS, MEASURES, WHOLE, read_measure
from drillsim.model.people import read_span
from drillsim.model.plan import EFFECTS, Effect
from drillsim.model.scenario import Fault, Objective, Scenario

_READERS: dict[Any, Any] = {
    EventName: read_event,
    Deadline: read_deadline,
    Moment: read_moment,
    Condition: read_condition,
}
_TURNS = {
    # what follows a name in an event: which namespaces the name may be of
    "down": "component",
    "up": "component",
    "failed": "step",
    "ordered": "group,department",
    "on paper": "department",
    "back": "department",
}
_SELECTORS = ("kind", "place", "tag")


def references(tree: Map, known: Map | None = None) -> list[Problem]:
    """Every reference of a scenario's tree (or of a hospital's or plan's, put under its key) that leads nowhere.

    With ``known``, another tree that was checked, those of entries which the two share may be left out.
    """
    check = _Check(tree)
    same_names = known is not None and check.ground() == _Check(known).ground()
    return check.run(known if same_names else None)


class _Check:
    """Walks the tree once, with the names that are known."""

    def __init__(self, tree: Map) -> None:
        self.tree = tree
        self.names = Names(tree)
        self.problems: list[Problem] = []
        self.routes = _routes(tree.get("hospital"))
        self.lines = {id(node): stops for stops, nodes in _lines(tree.get("hospital")) for node in nodes}
        self.classes = _all_classes(tree.get("hospital"))

    def ground(self) -> tuple[object, ...]:
        """All that decides whether a reference leads somewhere: names by kind, stops and classes by pathway, what selects systems."""
        hospital = as_map(self.tree.get("hospital"))
        asked = ("kind", "place", "tags", "tier")
        systems = as_map(hospital.get("systems"))
        return (
            self.names.of,
            self.routes,
            [stops for stops, _ in _lines(hospital)],
            {
                name: (_keys(as_map(one).get("classes")), "diverted" in as_map(one))
                for name, one in as_map(hospital.get("pathways")).items()
            },
            [("runs_on" in as_map(one), *(as_map(one).get(key) for key in asked)) for one in systems.values()],
        )

    def run(self, known: Map | None = None) -> list[Problem]:
        """What is wrong, but for entries shared with ``known``."""
        for visit in walk(self.tree, Scenario, known=known):
            if visit.shape.ref is not None:
                self._name(visit, visit.shape.ref)
            elif visit.shape.form == "words":
                self._words(visit)
            elif visit.shape.record is Effect:
                self._effect(visit.value, visit.mark)
            elif isinstance(visit.value, Map):
                self._record(visit.value, visit)
        return self.problems

    def _note(self, mark: Mark, wrong: Wrong) -> None:
        self.problems.append(Problem(mark.file, mark.line, path_text(mark.path), wrong.template, wrong.values))

    def _name(self, visit: Visit, ref: Ref) -> None:
        value, mark = visit.value, visit.mark
        if not isinstance(value, str) or value in ref.also:
            return
        if ref.namespace == "node":
            self._stop_of_route(visit, ref)
        elif ref.namespace == "roster":
            self._roster(value, mark)
        elif any(word.endswith(":") for word in ref.also) and ":" in value:
            self._selector(value, mark)
        elif not self.names.there(ref.namespace, value):
            self._note(mark, self.names.wrong(ref.namespace, value, ref.also))

    def _roster(self, value: str, mark: Mark) -> None:
        known = self.names.of["roster"]
        if known is None or value in known:
            return
        try:
            read_span(value)
        except Wrong as wrong:
            looks_like_hours = any(letter.isdigit() for letter in value) and ":" in value
            self._note(mark, wrong if looks_like_hours else self.names.wrong("roster", value))

    def _stop_of_route(self, visit: Visit, ref: Ref) -> None:
        pathway = visit.within(Pathway)
        if pathway is not None:
            known = self.lines.get(id(visit.within(Node))) or list(_stops(pathway.get("route")))
            if visit.value not in known:
                self._note(visit.mark, hinted(not_there("node", visit.value), visit.value, [*known, *ref.also]))
            return
        if visit.within(Activity) is not None:
            self._stop_of_activity(visit, ref)

    def _stop_of_activity(self, visit: Visit, ref: Ref) -> None:
        """``if_full`` and ``if_impatient`` must be a stop of every pathway that does the activity."""
        holder = visit.within(Activity)
        activities = self.tree["hospital"].get("activities") if isinstance(self.tree.get("hospital"), Map) else None
        name = next((key for key, held in (activities or {}).items() if held is holder), None)
        for pathway, stops in self.routes.items():
            if name in stops.values() and visit.value not in stops:
                wrong = Wrong(
                    "{value!r} is not a stop of the pathway {pathway!r}, which does this activity",
                    value=visit.value,
                    pathway=pathway,
                )
                self._note(visit.mark, hinted(wrong, visit.value, [*stops, *ref.also]))

    def _selector(self, value: str, mark: Mark) -> None:
        key, _, wanted = (part.strip() for part in value.partition(":"))
        if key not in _SELECTORS:
            wrong = Wrong("{value!r} selects nothing; write 'kind: …', 'place: …' or 'tag: …'", value=value)
            self._note(mark, wrong)
            return
        systems = self._systems()
        if systems is None:
            return
        held = {"kind": "kind", "place": "place", "tag": "tags"}[key]
        found: list[str] = []
        for component in systems.values():
            words = component.get(held) if isinstance(component, Map) else None
            found += [word for word in (words if isinstance(words, Seq) else [words]) if isinstance(word, str)]
        if wanted not in found:
            wrong = Wrong("no system has the {key} {wanted!r}", key=key, wanted=wanted)
            self._note(mark, hinted(wrong, wanted, list(dict.fromkeys(found))))

    def _systems(self) -> Map | None:
        hospital = self.tree.get("hospital")
        systems = hospital.get("systems") if isinstance(hospital, Map) else None
        return systems if isinstance(systems, Map) else None

    # words

    def _words(self, visit: Visit) -> None:
        record, value, mark = visit.shape.record, visit.value, visit.mark
        assert record is not None
        if isinstance(value, Map):
            self._note(
                mark, Wrong("expected words such as {example}, got {value!r}", example=WORDS[record], value=told(value))
            )
        elif isinstance(value, str) and record in _READERS:
            try:
                read = _READERS[record](value)
            except ValueError:
                return  # told with the records
            self._read(read, mark)

    def _read(self, read: Record | None, mark: Mark) -> None:
        if isinstance(read, EventName):
            self._event(read, mark)
        elif isinstance(read, Deadline | Moment):
            self._read(read.event, mark)
            if isinstance(read, Deadline):
                self._threshold(read.threshold, mark)
        elif isinstance(read, Condition):
            for claim in read.leaves():
                self._claim(claim, mark)

    def _event(self, event: EventName, mark: Mark) -> None:
        if event.turn:
            namespaces = _TURNS[event.turn]
            if not self.names.there(namespaces, event.subject):
                self._note(mark, self.names.wrong(namespaces, event.subject))
            return
        if event.subject in (self.names.of["component"] or ()) and event.subject not in (self.names.of["event"] or ()):
            self._note(
                mark,
                Wrong("{value!r} is one of the systems; write '{value} down' or '{value} up'", value=event.subject),
            )
        elif self.names.of["event"] is not None:
            if event.subject not in self.names.of["event"]:
                self._note(mark, self.names.wrong("event", event.subject))
        elif event.subject not in (known := [*BUILT_IN_EVENTS, *(self.names.of["step"] or ())]):
            wrong = hinted(not_there("event", event.subject), event.subject, known)
            if "near" in wrong.values:  # a plan on its own: it may be an inject or a fault of its scenario
                self._note(mark, wrong)

    def _threshold(self, name: str | None, mark: Mark) -> None:
        if name is not None and not self.names.there("threshold", name):
            self._note(mark, self.names.wrong("threshold", name))

    def _claim(self, claim: Condition, mark: Mark) -> None:
        if claim.event is not None:
            self._event(claim.event, mark)
        self._threshold(claim.threshold, mark)
        namespace = {
            "state": "component",
            "standby": "component",
            "mode": "department",
            "hours": "department",
            "queue": "department",
            "pile": "department",
            "diverted": "pathway",
            "judged": "cause",
        }.get(claim.kind)
        if namespace == "cause" and claim.subject in ("right", "wrong"):
            return
        if namespace is not None and not self.names.there(namespace, claim.subject):
            self._note(mark, self.names.wrong(namespace, claim.subject))
        elif claim.kind == "standby":
            self._standby(claim.subject, mark)

    def _standby(self, component: str, mark: Mark) -> None:
        systems = self._systems()
        held = systems.get(component) if systems is not None else None
        if isinstance(held, Map) and "runs_on" not in held:
            self._note(mark, Wrong("{value!r} has no 'runs_on', so it is never on standby", value=component))

    # effects

    def _effect(self, value: Any, mark: Mark) -> None:
        if not isinstance(value, Map) or len(value) != 1:
            return
        kind, targets = next(iter(value.items()))
        if not EFFECTS.get(kind):
            return
        here = value.marks[kind]
        places = targets.marks if isinstance(targets, Seq) else [here]
        for target, place in zip(targets if isinstance(targets, Seq) else [targets], places, strict=True):
            if isinstance(target, str):
                self._target(kind, target, place)
            elif target is not None:
                self._note(place, Wrong("expected a name, got {value!r}", value=told(target)))

    def _target(self, kind: str, target: str, mark: Mark) -> None:
        words = {"repair": ("cause",), "restore": ("all",)}.get(kind, ())
        namespaces = ",".join(one for one in EFFECTS[kind].split(",") if one not in ("cause", "tier"))
        if kind == "restore" and re.fullmatch(r"tier \d+", target):
            self._tier(target, mark)
        elif target not in words and not self.names.there(namespaces, target):
            self._note(mark, self.names.wrong(namespaces, target, words))
        elif kind == "divert":
            self._divertible(target, mark)

    def _divertible(self, pathway: str, mark: Mark) -> None:
        """A pathway that a step diverts says how many that keeps away."""
        held = as_map(as_map(self.tree.get("hospital")).get("pathways")).get(pathway)
        if isinstance(held, Map) and "diverted" not in held:
            self._note(mark, Wrong("the pathway {value!r} has no 'diverted', so diverting it keeps nobody away; write there what share, such as 'diverted: {{share: 0.8, after: 30 min}}'", value=pathway))  # fmt: skip

    def _tier(self, target: str, mark: Mark) -> None:
        systems = self._systems()
        if systems is None:
            return
        tiers = {
            held["tier"]
            for held in systems.values()
            if isinstance(held, Map) and isinstance(held.get("tier"), int | str)
        }
        if target.removeprefix("tier ") not in {str(tier) for tier in tiers}:
            wrong = Wrong("no system has tier {tier}", tier=target.removeprefix("tier "))
            self._note(mark, hinted(wrong, target, [f"tier {tier}" for tier in sorted(tiers, key=str)]))

    # what a marker cannot say

    def _record(self, value: Map, visit: Visit) -> None:
        record = visit.shape.record
        assert record is not None
        for name, key in renamed(record).items():
            if name in value:
                self._note(value.marks[name], Wrong("unknown key {key!r}. Did you mean {near!r}?", key=name, near=key))
        if record is Fault:
            self._fault(value)
        elif record is Indicator:
            self._indicator(value)
        elif record is Activity:
            self._classes(value, "class_factor", self.classes)
        elif record is Branch:
            pathway = visit.within(Pathway)
            if pathway is not None:
                self._classes(value, "chance", _keys(pathway.get("classes")))
        elif record is Objective:
            self._measure(value.get("measure"), value.marks.get("measure", value.mark), gate=False)
        elif record is Scenario:
            gate = value.get("steady_state")
            for index, text in enumerate(gate if isinstance(gate, Seq) else [gate]):
                mark = gate.marks[index] if isinstance(gate, Seq) else value.marks.get("steady_state", value.mark)
                self._measure(text, mark, gate=True)

    def _fault(self, fault: Map) -> None:
        target, kind = fault.get("target"), FAULTS.get(str(fault.get("kind")))
        if isinstance(target, str):
            mark = fault.marks["target"]
            if kind is not None and kind.of_staff:
                if not self.names.there("staff", target):
                    self._note(mark, self.names.wrong("staff", target))
            elif ":" in target:
                self._selector(target, mark)
            elif target != "all" and not self.names.there("component", target):
                self._note(mark, self.names.wrong("component", target))
        cause = fault.get("cause")
        if isinstance(cause, str) and not self.names.there("cause", cause):
            self._note(fault.marks["cause"], self.names.wrong("cause", cause))
        self._mistaken(fault, target if cause is None else cause)
        if kind is not None and kind.takes == "slow" and "severity" not in fault:
            wrong = Wrong(
                "a fault of the kind {kind!r} needs a 'severity': how many times as long work takes, such as 3",
                kind=fault["kind"],
            )
            self._note(fault.marks["kind"], wrong)

    def _mistaken(self, fault: Map, own: Any) -> None:
        """What a fault is taken for: causes of the plan, and not only its ``own``."""
        alike = fault.get("mistaken_for")
        names = list(alike) if isinstance(alike, Seq) else [alike]
        for index, one in enumerate(names):
            if isinstance(one, str) and not self.names.there("cause", one):
                mark = alike.marks[index] if isinstance(alike, Seq) else fault.marks["mistaken_for"]
                self._note(mark, self.names.wrong("cause", one))
        if isinstance(own, str) and names and all(one == own for one in names) and self.names.there("cause", own):
            wrong = Wrong(
                "the cause of the fault is {cause!r} itself: name what it is mistaken for, or leave 'mistaken_for' out",
                cause=own,
            )
            self._note(fault.marks["mistaken_for"], wrong)

    def _indicator(self, indicator: Map) -> None:
        named = indicator.get("pathways")
        for pathway in named if isinstance(named, Seq) else [named]:
            stops = self.routes.get(pathway) if isinstance(pathway, str) else None
            for key in ("start", "until"):
                stop = indicator.get(key)
                if stops is not None and isinstance(stop, str) and stop not in stops:
                    wrong = Wrong("{value!r} is not a stop of the pathway {pathway!r}", value=stop, pathway=pathway)
                    self._note(indicator.marks[key], hinted(wrong, stop, list(stops)))

    def _classes(self, holder: Map, key: str, known: list[str]) -> None:
        held = holder.get(key)
        if not isinstance(held, Map):
            return
        for name in held:
            if name not in known:
                self._note(held.marks[name], hinted(not_there("class", name), name, known))

    def _measure(self, text: Any, mark: Mark, *, gate: bool) -> None:
        if not isinstance(text, str):
            return
        try:
            measure = read_measure(text)
        except ValueError:
            return  # told with the records
        subjects = self._measured(measure.subject)
        if gate and not measure.meaning.gate:
            known = [name for name, meaning in MEASURES.items() if meaning.gate]
            wrong = Wrong("{measure!r} is not known before the first fault", measure=measure.measure)
            self._note(mark, hinted(wrong, "", known))
        elif subjects is not None and not subjects:
            known = [*WHOLE, *(self.names.known("activity,department,pathway,component,resource,indicator") or ())]
            wrong = Wrong("nothing that can be measured is called {value!r}", value=measure.subject)
            self._note(mark, hinted(wrong, measure.subject, known))
        elif subjects and not set(subjects) & set(measure.meaning.of):
            known = [name for name, meaning in MEASURES.items() if set(subjects) & set(meaning.of)]
            wrong = Wrong("{value!r} has no {measure!r}", value=measure.subject, measure=measure.measure)
            self._note(mark, hinted(wrong, measure.measure, known))

    def _measured(self, subject: str) -> list[str] | None:
        """The kinds of measurable things of that name; None when they are not at hand."""
        if self.names.known("activity,department,pathway,component,resource,indicator") is None:
            return None
        return [
            kind for kind in KINDS if (subject == kind if kind in WHOLE else subject in (self.names.of[kind] or ()))
        ]


def _keys(held: Any) -> list[str]:
    return list(held) if isinstance(held, Map) else []


def _all_classes(hospital: Any) -> list[str]:
    """The classes of patients of every pathway."""
    pathways = as_map(as_map(hospital).get("pathways"))
    return [name for one in pathways.values() for name in _keys(as_map(one).get("classes"))]


def _lines(hospital: Any) -> Iterator[tuple[list[str], list[Map]]]:
    """For every line of stops (a route, or one line of a fork): their ids, and the mappings among them; they lead to each other only."""
    todo = [as_map(one).get("route") for one in as_map(as_map(hospital).get("pathways")).values()]
    while todo:
        line = items(todo.pop())
        nodes = [node for node in line if isinstance(node, Map)]
        ids = (node.get("id", node.get("do")) if isinstance(node, Map) else node for node in line)
        yield [name for name in ids if isinstance(name, str)], nodes
        todo += [inner for node in nodes for inner in items(node.get("fork"))]


def _stops(route: Any) -> dict[str, str | None]:
    """Id → activity of every stop of a raw route, those inside forks too."""
    found: dict[str, str | None] = {}
    for node in route if isinstance(route, Seq) else [route]:
        if isinstance(node, str):
            found[node] = node
        elif isinstance(node, Map):
            name = node.get("id", node.get("do"))
            if isinstance(name, str):
                found[name] = node.get("do")
            for line in node.get("fork") or ():
                found.update(_stops(line))
    return found


def _routes(hospital: Any) -> dict[str, dict[str, str | None]]:
    """Pathway → its stops."""
    pathways = hospital.get("pathways") if isinstance(hospital, Map) else None
    held = pathways if isinstance(pathways, Map) else {}
    return {name: _stops(one.get("route")) for name, one in held.items() if isinstance(one, Map)}
