"""The study described as STRESS-DES asks (Monks et al. 2019, J. Simulation 13, 55-67), every item from the scenario as it was played and from its results.

Nothing here is written for one scenario: what is said follows from records and figures. What holds for drillsim itself stands in the README's table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from pydantic import BaseModel

from drillsim.model.durations import Distribution
from drillsim.model.measures import read_measure
from drillsim.model.scenario import Scenario
from drillsim.report import stress_tables as tables
from drillsim.report import sure, words
from drillsim.report.sources import sources
from drillsim.report.stress_tables import Table
from drillsim.score.summary import Summary
from drillsim.texts import say

ITEMS: dict[str, str] = {
    "1.1": "Purpose of the model",
    "1.2": "Outputs",
    "1.3": "Aims of the experiments",
    "2.1": "Overview of the base model",
    "2.2": "Logic of the base model",
    "2.3": "Logic of the scenario",
    "2.4": "Algorithms",
    "2.5.1": "Entities",
    "2.5.2": "Activities",
    "2.5.3": "Resources",
    "2.5.4": "Queues",
    "2.5.5": "Entry and exit points",
    "3.1": "Data sources",
    "3.2": "Pre-processing of data",
    "3.3": "Inputs",
    "3.4": "Assumptions",
    "4.1": "Initialisation",
    "4.2": "Run length",
    "4.3": "Estimation",
    "5.1": "Software",
    "5.2": "Random sampling",
    "5.3": "Execution",
    "5.4": "System",
    "6.1": "Sharing of the model",
}
"""Items of the checklist, by their numbers."""

CHAPTERS: dict[str, str] = {
    "1": "Objectives",
    "2": "Logic",
    "3": "Data",
    "4": "Experimentation",
    "5": "Implementation",
    "6": "Code access",
}


class Item(NamedTuple):
    """The answer to one item: sentences, and tables that belong to it."""

    number: str
    title: str
    said: list[str]
    tables: list[Table]


def stress(summary: Summary, scenario: Scenario, language: str = "en") -> list[Item]:
    """The answers to all items, in order."""
    told = _Study(summary, scenario, language)
    found = []
    for number, title in ITEMS.items():
        said: list[str] = []
        shown: list[Table] = []
        for piece in getattr(told, f"item_{number.replace('.', '_')}")():
            (shown if isinstance(piece, Table) else said).append(piece)
        found.append(Item(number, say(title, language), said, [table for table in shown if table.rows]))
    return found


class _Study:
    """What there is to say about one run of a scenario; a method for each item gives sentences and tables."""

    def __init__(self, summary: Summary, scenario: Scenario, language: str) -> None:
        self.summary, self.scenario, self.language = summary, scenario, language
        self.hospital, self.plan = scenario.hospital, scenario.plan
        self.has_base = bool(scenario.faults and scenario.hospital.pathways)

    def say(self, message: str, **values: object) -> str:
        return say(message, self.language, **values)

    def item_1_1(self) -> Iterator[str | Table]:
        title, hospital = (
            words.words(w, self.language) for w in (self.summary.scenario.title, self.summary.scenario.hospital)
        )
        yield self.say("“{title}”, played on the model of “{hospital}”.", title=title, hospital=hospital)
        if self.scenario.story is not None:
            yield self.scenario.story.in_language(self.language)
        timed = sum(step.within is not None for step in self.plan.steps)
        if timed:
            yield self.say("To learn whether the plan “{plan}” keeps its {n} deadlines, what makes it late, and what that means for patients and data.", plan=words.words(self.summary.scenario.plan, self.language), n=timed)  # fmt: skip
        elif self.plan.steps:
            yield self.say("To learn when the {n} steps of the plan are done, and what they wait for.", n=len(self.plan.steps))  # fmt: skip
        else:
            yield self.say("To learn how the system works: waits, queues, losses, use of resources, availability.")
        yield tables.objectives(self.summary, self.language)

    def item_1_2(self) -> Iterator[str | Table]:
        yield self.say("Every figure is in summary.json; every run by its number in figures.parquet, steps.parquet, causes.parquet (where the minutes of each step went), roots.parquet (what made steps late in the end) and paths.parquet (critical paths); all are described in drillsim/docs/results.md. The main results follow.")  # fmt: skip
        yield tables.headline(sure.rows(self.summary, self.scenario, self.language), self.language)
        yield tables.deadlines(self.summary, self.scenario, self.language)
        yield tables.outages(self.summary, self.language)
        yield tables.streams(self.summary, self.language)
        yield tables.waits(self.summary, self.language)

    def item_1_3(self) -> Iterator[str | Table]:
        if self.has_base:
            yield self.say("Each run with the faults is compared with the same day without them, on the same luck: arrivals, durations, chances.")  # fmt: skip
        elif not self.scenario.faults:
            yield self.say("One configuration; nothing breaks that the scenario does not let fail by itself.")
        else:
            yield self.say("One configuration, with its faults.")
        if self.summary.scenario.variant:
            yield self.say("Played with the change: {name}.", name=self.summary.scenario.variant)
        yield tables.variants(self.scenario, self.language)

    def item_2_1(self) -> Iterator[str | Table]:
        h = self.hospital
        yield self.say("{departments} departments, {activities} kinds of work, {pathways} streams of patients or orders, {staff} roles of staff, {equipment} kinds of equipment, {systems} systems; a plan of {steps} steps with {roles} roles.", departments=len(h.departments), activities=len(h.activities), pathways=len(h.pathways), staff=len(h.staff), equipment=len(h.equipment), systems=len(h.systems), steps=len(self.plan.steps), roles=len(self.plan.roles))  # fmt: skip
        yield self.say("The report shows the timeline; `drillsim brief` tells the scenario in order of time.")

    def item_2_2(self) -> Iterator[str | Table]:
        if self.hospital.pathways:
            yield self.say(
                "Patients and orders come and go through the stops of their stream, one after another or side by side (‖), with chances in brackets; after a semicolon stands a stop that is reached from a bracket only."
            )
        yield tables.routes(self.scenario, self.language)
        if not self.hospital.pathways and not self.hospital.systems:
            yield self.say("Nobody comes and no systems are modelled; there are the people of the plan (2.5.3).")
        if self.hospital.systems:
            yield self.say("Systems lean on each other; without one that it needs, a system gives no service.")
        yield tables.systems(self.scenario, self.language)

    def item_2_3(self) -> Iterator[str | Table]:
        yield (
            self.say("What breaks is listed in the table of faults.")
            if self.scenario.faults
            else self.say("Nothing is broken by the scenario.")
        )
        yield tables.faults(self.scenario, self.language)
        if self.plan.steps:
            yield self.say("The plan, step by step. A step begins when all its triggers hold, and takes its people all together or not at all.")  # fmt: skip
        yield tables.steps(self.scenario, self.language)
        yield tables.injects(self.scenario, self.language)

    def item_2_4(self) -> Iterator[str | Table]:
        yield self.say("Who waits is served by priority, then in order of asking; people and equipment are taken together or not at all.")  # fmt: skip
        titles = [r.title.in_language(self.language) for r in self.hospital.resources.values() if r.pre_emptive]
        if titles:
            yield self.say("More urgent work interrupts less urgent work of: {names}.", names=words.listing(titles, self.language, most=12))  # fmt: skip
        if self.plan.steps:
            yield (
                self.say("Among steps of equal priority the first on the list is taken (list scheduling).")
                if self.plan.pick == "list"
                else self.say("Among steps of equal priority the one ready first is taken.")
            )
        yield self.say("Order of simultaneous events, fail-over, judgement, restore, paper working and back-entry: drillsim/docs/how-it-works.md.")  # fmt: skip

    def item_2_5_1(self) -> Iterator[str | Table]:
        if not self.hospital.pathways:
            yield self.say("There are no entities; the steps of the plan and the systems are all there is.")
            return
        orders = sum(p.of == "orders" for p in self.hospital.pathways.values())
        yield self.say("{patients} streams of patients, {orders} of orders, with their classes.", patients=len(self.hospital.pathways) - orders, orders=orders)  # fmt: skip
        yield tables.classes(self.scenario, self.summary, self.language)

    def item_2_5_2(self) -> Iterator[str | Table]:
        if not self.hospital.activities:
            yield self.say("Only the steps of the plan (2.3).")
        else:
            yield self.say("{n} kinds of work; each duration is a distribution, with its source.", n=len(self.hospital.activities))  # fmt: skip
        yield tables.activities(self.scenario, self.language)

    def item_2_5_3(self) -> Iterator[str | Table]:
        yield self.say("People by roster and equipment: {n}. Shares busy are time-weighted, over the time on duty.", n=len(self.hospital.resources))  # fmt: skip
        yield tables.resources(self.scenario, self.summary, self.language)
        yield tables.roles(self.scenario, self.language)

    def item_2_5_4(self) -> Iterator[str | Table]:
        queues = [a for a in self.hospital.activities.values() if a.needs]
        yield self.say("One queue for each of the {n} kinds of work that need somebody or something; for the steps of the plan, one for each role.", n=len(queues))  # fmt: skip
        yield tables.queues(self.scenario, self.language)

    def item_2_5_5(self) -> Iterator[str | Table]:
        if self.hospital.pathways:
            yield self.say("Arrivals, and how those who came from the start on ended, on average per run.")
        else:
            yield self.say("Nobody comes or goes.")
        yield tables.arrivals(self.scenario, self.summary, self.language)

    def item_3_1(self) -> Iterator[str | Table]:
        found = [s for s in sources(self.scenario) if not s.assumed]
        yield self.say("{n} sources, cited at {places} places of the files.", n=len(found), places=sum(len(s.places) for s in found))  # fmt: skip
        yield tables.cited(found, self.language)

    def item_3_2(self) -> Iterator[str | Table]:
        kinds = Counter(_form(d) for d in _distributions(self.scenario))
        yield self.say(
            "Nothing was done before the files. Durations are read as they are written and turned into distributions."
        )
        rows = [(form, f"{count}") for form, count in sorted(kinds.items(), key=lambda item: (-item[1], item[0]))]
        yield Table(say("Forms of durations", self.language), (self.say("written as"), self.say("how often")), rows)
        if any(form.startswith("lognormal(median") for form in kinds):
            yield self.say("A lognormal by median and p90 has μ = ln(median) and σ = ln(p90 / median) / 1.282.")

    def item_3_3(self) -> Iterator[str | Table]:
        yield self.say("The tables under 2.2 to 2.5 hold the inputs; run.json holds the whole scenario as it was played (SHA-256 {hash}). Files:", hash=self.summary.provenance.scenario_hash[:16] + "…")  # fmt: skip
        rows = [(name, digest) for name, digest in self.summary.provenance.files.items()]
        yield Table(self.say("Files"), (self.say("file"), "SHA-256"), rows)

    def item_3_4(self) -> Iterator[str | Table]:
        found = [s for s in sources(self.scenario) if s.assumed]
        yield self.say("{n} assumptions, at {places} places of the files, marked as such; those of the model itself: drillsim/docs/limits.md.", n=len(found), places=sum(len(s.places) for s in found))  # fmt: skip
        yield tables.cited(found, self.language)

    def item_4_1(self) -> Iterator[str | Table]:
        if self.scenario.warm_up:
            yield self.say("The hospital is empty at first and fills for {time} before the start; figures count from the start.", time=words.duration(self.scenario.warm_up, self.language))  # fmt: skip
        else:
            yield self.say("No warm-up: the run begins at the start, empty and idle.")
        present = [(p.title.in_language(self.language), n) for p in self.hospital.pathways.values() for n in p.present.values()]  # fmt: skip
        if present:
            names = [f"{title} {count}" for title, count in present]
            yield self.say(
                "Already there when the run begins: {names}.", names=words.listing(names, self.language, most=8)
            )
        if self.scenario.steady_state:
            yield self.say("Runs whose hospital is unhealthy before the first fault are not scored ({claims}): {n} of {done} here.", claims=say("; ", self.language).join(words.measure(self.scenario, read_measure(c), self.language) for c in self.scenario.steady_state), n=len({r["replication"] for r in self.summary.runs.not_scored}), done=self.summary.runs.done)  # fmt: skip

    def item_4_2(self) -> Iterator[str | Table]:
        yield self.say("From {start} for {time}; a terminating simulation. What is unfinished at the end is counted as unfinished, its times as “at least”.", start=self.scenario.start, time=words.duration(self.scenario.horizon, self.language))  # fmt: skip

    def item_4_3(self) -> Iterator[str | Table]:
        r = self.summary.runs
        yield self.say("{runs} with luck of their own (seed {seed}), {scored} scored.", runs=words.runs(r.done, self.language), seed=r.seed, scored=r.scored)  # fmt: skip
        if any(one.asked for one in self.summary.precision):
            yield self.say("Their number was not set beforehand: they were played until the figures were known as well as asked (1.2), see drillsim/docs/how-it-works.md.")  # fmt: skip
        if r.interrupted:
            yield self.say("The experiment was interrupted: {asked} runs had been asked for.", asked=r.asked)
        yield self.say("Intervals of {share}: Wilson's for shares of runs, Student's t for means over runs.", share=words.share(r.confidence, self.language))  # fmt: skip
        if self.has_base:
            yield self.say("Differences from the day without the faults are paired by run.")

    def item_5_1(self) -> Iterator[str | Table]:
        p = self.summary.provenance
        packages = ", ".join(f"{name} {version}" for name, version in p.packages.items())
        yield self.say("drillsim {version} on Python {python}, with {packages}.", version=p.drillsim, python=p.python, packages=packages)  # fmt: skip

    def item_5_2(self) -> Iterator[str | Table]:
        yield self.say("NumPy's generators, one for each named thing, run and seed {seed}, so that what is added or taken away leaves the luck of everything else alone; the same numbers for every variant (common random numbers).", seed=self.summary.runs.seed)  # fmt: skip

    def item_5_3(self) -> Iterator[str | Table]:
        yield self.say("Event by event on SimPy's clock, with an engine of its own for the flow of patients; simultaneous events have a fixed order. Runs may be spread over processes: the results are the same for any number of them.")  # fmt: skip

    def item_5_4(self) -> Iterator[str | Table]:
        yield self.say("Any machine with this Python; results do not depend on it, and it is not recorded.")

    def item_6_1(self) -> Iterator[str | Table]:
        s, r = self.summary.scenario, self.summary.runs
        change = "".join(
            f" --variant {name}" for name in (s.variant or "").split(", ") if name in self.scenario.variants
        )
        numbers = "".join(f" --only {n}" for n in r.only) or f" --replications {r.done}"
        yield self.say("drillsim is free software (MIT licence). With the files of 3.3 and the versions of 5.1 the run is made again by:")  # fmt: skip
        yield f"`drillsim run {s.name}{change}{numbers} --seed {r.seed}`"


def _form(distribution: Distribution) -> str:
    """How a duration is written, without its figures: ``lognormal(median, p90)``."""
    return (
        f"{distribution.kind}({', '.join(distribution.parameters)})" if distribution.parameters else distribution.kind
    )


def _distributions(value: object) -> Iterator[Distribution]:
    """Every duration of a scenario that is not a default."""
    if isinstance(value, Distribution):
        yield value
    elif isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            if (held := getattr(value, name)) != field.default:
                yield from _distributions(held)
    elif isinstance(value, dict):
        for part in value.values():
            yield from _distributions(part)
    elif isinstance(value, tuple):
        for part in value:
            yield from _distributions(part)


def markdown(summary: Summary, scenario: Scenario, language: str = "en") -> str:
    """The whole description as Markdown, with all tables."""
    title = words.words(summary.scenario.title, language)
    lines = [f"# {say('Description of the study (STRESS-DES)', language)}: {title}", "", say(LEAD, language), ""]
    chapter = ""
    for item in stress(summary, scenario, language):
        if item.number[0] != chapter:
            chapter = item.number[0]
            lines += [f"## {chapter} {say(CHAPTERS[chapter], language)}", ""]
        lines += [f"### {item.number} {item.title}", ""]
        for sentence in item.said:
            lines += [sentence, ""]
        for table in item.tables:
            lines += [f"**{table.title}**", "", *_rows(table), ""]
    return "\n".join(lines).rstrip() + "\n"


LEAD = (
    "Answers to the checklist for reports of discrete-event simulations (Monks et al. 2019, J. Simulation 13, 55-67), "
    "made from the scenario as it was played and from its results. What holds for drillsim in general stands in the table of its README."
)


def _rows(table: Table) -> Iterator[str]:
    yield f"| {' | '.join(_cell(head) for head in table.heads)} |"
    yield "|" + "---|" * len(table.heads)
    for row in table.rows:
        yield f"| {' | '.join(_cell(cell) for cell in row)} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
