"""Scored replications as tables (steps, queues, figures, causes), one row per replication and thing; and back again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from drillsim.log.tables import REPLICATION, Column, Worded, joined
from drillsim.model.scenario import Scenario
from drillsim.score.delays import PARTS as DELAYS
from drillsim.score.lessons import Lesson
from drillsim.score.paths import PATH_PARTS
from drillsim.score.replication import Scored, shared
from drillsim.score.series import grid, quantities
from drillsim.score.steps import AT_IT, OUTCOMES, PARTS, WAITED
from drillsim.score.table import Table

SCHEMA = "drillsim-scored/1"

STEP_COLUMNS: dict[str, str] = REPLICATION | {
    "step": "the step's id",
    "outcome": ", ".join(OUTCOMES),
    "clock": "minute its deadline counts from; without a deadline the minute it became ready; NaN when that never came",
    "ready": "minute it became ready; NaN when it never did",
    "started": "minute work on it began",
    "ended": "minute it was done; NaN when it was not before EndEx",
    "taken": "minutes from clock to done (to EndEx when it was not done: at least so many): the sum of waited_*, rework, slowed and work",
    "allowed": "minutes the deadline allows; NaN without a deadline",
    "late_by": "minutes past the deadline, of late and missed ones (of missed ones until EndEx: at least so many)",
    **{f"waited_{part}": f"minutes in which {PARTS[part]}" for part in WAITED},
    "rework": f"minutes of {PARTS['rework']}",
    "slowed": f"minutes by which {PARTS['slowed']}",
    "work": f"minutes in which {PARTS['work']}",
    "attempts": "how often it was tried",
    "given_up": "1 when it failed for good",
}

QUEUE_COLUMNS: dict[str, str] = REPLICATION | {
    "minute": "minute since StartEx",
    "kind": "queue (people waiting in a department), pile (items to type in), paper (departments on paper), away (systems away), "
    "on_duty (people of a role), in_system (people or orders in a pathway)",
    "id": "the department, role, pathway; 'departments' and 'systems' for all of them",
    "value": "how many",
    "base": "how many at that minute of the day without the faults; NaN when it was not run",
}

FIGURE_COLUMNS: dict[str, str] = REPLICATION | {
    "kind": "what the figure is about: activity, department, pathway, class, component, resource, indicator, person, step, event, group, "
    "recovery (after the systems are back, by department and of the hospital), objective, patients, data, plan",
    "id": "its id",
    "figure": "name of the figure (see drillsim.model.measures for those that can be used in objectives)",
    "value": "the figure; NaN when there is none",
    "base": "the same on the day without the faults",
}

CAUSE_COLUMNS: dict[str, str] = REPLICATION | {
    "step": "the step's id",
    "part": ", ".join(PARTS),
    "cause": "the role, step, component, event … waited for",
    "minutes": "minutes of the step's time that went there",
}

ROOT_COLUMNS: dict[str, str] = REPLICATION | {
    "step": "the late or missed step that was held up; '' for all of them together, of one cause each minute once",
    "part": ", ".join(PARTS),
    "cause": "the role, step at work, component, event … that held it up in the end",
    "minutes": "minutes of the step's time that went there",
}

PATH_COLUMNS: dict[str, str] = REPLICATION | {
    "milestone": "declared, ordered, tier N (its systems are back), restored, all_back, verified, cleared, completed (the last step is done); those that can be lost again the last time, for good",
    "part": ", ".join(PATH_PARTS),
    "cause": "the role, step at work, component, department, event … that the way there went through",
    "minutes": "minutes it holds of the way from the first failure to the milestone",
}

DELAY_COLUMNS: dict[str, str] = REPLICATION | {
    "department": "the department's id",
    "part": ", ".join(DELAYS),
    "minutes": "person-minutes that patients and orders spent there for this reason, from StartEx to EndEx; all parts together are all "
    "minutes they spent there",
    "base": "the same on the day without the faults, of those who were not diverted on the day with them, "
    "split by the same minutes of the day",
}

LESSON_COLUMNS: dict[str, str] = REPLICATION | {
    "rule": "what the run taught, by the name of its rule",
    "kind": "strength, improvement",
    "about": "the step, component, department, fault or role it speaks of",
    "other": "whom or what else it names",
    "owner": "the role of the plan that should see to it",
    "minutes": "minutes it is about; NaN when it has no length",
    "evidence": "the rows of events that show it, by their sequence",
}

COLUMNS = {
    "steps": STEP_COLUMNS,
    "queues": QUEUE_COLUMNS,
    "figures": FIGURE_COLUMNS,
    "causes": CAUSE_COLUMNS,
    "roots": ROOT_COLUMNS,
    "paths": PATH_COLUMNS,
    "delays": DELAY_COLUMNS,
    "lessons": LESSON_COLUMNS,
}
_OF_STEP = {f"waited_{part}": f"part {part}" for part in WAITED} | {part: f"part {part}" for part in AT_IT}


def steps(scenario: Scenario, scored: Sequence[Scored]) -> dict[str, Column]:
    """Every step of every replication: STEP_COLUMNS."""
    table = Table(scored, scenario.run.confidence)
    plan = scenario.plan.steps
    ids = tuple(step.id for step in plan)

    def column(figure: str) -> np.ndarray:
        return np.stack([table.column("step", step, figure) for step in ids], axis=1).ravel() if ids else np.empty(0)

    found: dict[str, Column] = {
        "replication": np.repeat(table.numbers.astype(np.int32), len(ids)),
        "step": Worded(np.tile(np.arange(len(ids), dtype=np.int32), table.n), ids),
        "outcome": Worded(column("outcome").astype(np.int32), OUTCOMES),
        "allowed": np.tile([step.within.minutes if step.within else np.nan for step in plan], table.n),
    }
    for name in STEP_COLUMNS:
        if name not in found:
            found[name] = column(_OF_STEP.get(name, name))
    return {name: found[name] for name in STEP_COLUMNS}


def queues(scenario: Scenario, scored: Sequence[Scored]) -> dict[str, Column]:
    """Every series on the grid, of the first replications (see SERIES_OF_FIRST): QUEUE_COLUMNS."""
    minutes, shown = grid(scenario.horizon), quantities(scenario)
    ordered = sorted((s for s in scored if s.series is not None), key=lambda s: s.replication)
    per_run = len(minutes) * len(shown)
    nothing = np.full((len(shown), len(minutes)), np.nan, np.float32)
    bases = [nothing if s.base_series is None else s.base_series for s in ordered]

    def along(values: Sequence[str]) -> Worded:
        words = tuple(dict.fromkeys(values))
        codes = np.array([words.index(v) for v in values], np.int32)
        return Worded(np.tile(np.repeat(codes, len(minutes)), len(ordered)), words)

    return {
        "replication": np.repeat(np.array([s.replication for s in ordered], np.int32), per_run),
        "minute": np.tile(minutes, len(shown) * len(ordered)),
        "kind": along([q.kind for q in shown]),
        "id": along([q.id for q in shown]),
        "value": np.concatenate([s.series.ravel() for s in ordered if s.series is not None])
        if ordered
        else np.empty(0, np.float32),
        "base": np.concatenate([b.ravel() for b in bases]) if ordered else np.empty(0, np.float32),
    }


def figures(scored: Sequence[Scored]) -> dict[str, Column]:
    """Every figure of every replication: FIGURE_COLUMNS."""
    ordered = sorted(scored, key=lambda s: s.replication)
    every = {
        keys: [worded([key[i] for key in keys]) for i in range(3)] for keys in dict.fromkeys(s.keys for s in ordered)
    }
    kind, name, figure = (joined([every[s.keys][i] for s in ordered] or [worded([])]) for i in range(3))
    bases = [np.full(len(s.keys), np.nan) if s.base_values is None else s.base_values for s in ordered]
    return {
        "replication": np.repeat([s.replication for s in ordered], [len(s.keys) for s in ordered]).astype(np.int32),
        "kind": kind,
        "id": name,
        "figure": figure,
        "value": np.concatenate([s.values for s in ordered]) if ordered else np.empty(0),
        "base": np.concatenate(bases) if ordered else np.empty(0),
    }


def causes(scored: Sequence[Scored]) -> dict[str, Column]:
    """Where the minutes of every step went in every replication: CAUSE_COLUMNS."""
    ordered = sorted(scored, key=lambda s: s.replication)
    return _minutes([(s.replication, s.causes, s.minutes) for s in ordered])


def roots(scored: Sequence[Scored]) -> dict[str, Column]:
    """What held up late and missed steps in the end, in every replication: ROOT_COLUMNS."""
    ordered = sorted(scored, key=lambda s: s.replication)
    return _minutes([(s.replication, s.roots, s.root_minutes) for s in ordered])


def paths(scored: Sequence[Scored]) -> dict[str, Column]:
    """The realised critical path to every milestone, in every replication: PATH_COLUMNS."""
    ordered = sorted(scored, key=lambda s: s.replication)
    table = _minutes([(s.replication, s.paths, s.path_minutes) for s in ordered])
    return {name if name != "step" else "milestone": column for name, column in table.items()}


def delays(scored: Sequence[Scored]) -> dict[str, Column]:
    """Where patients' minutes went in every department in every replication: DELAY_COLUMNS."""
    ordered = sorted(scored, key=lambda s: s.replication)
    places = {
        keys: [i for i, key in enumerate(keys) if key[2].startswith("delay ")] for keys in {s.keys for s in ordered}
    }
    rows = [s.keys[i] for s in ordered for i in places[s.keys]]
    nothing = np.empty(0)
    return {
        "replication": np.repeat([s.replication for s in ordered], [len(places[s.keys]) for s in ordered]).astype(
            np.int32
        ),
        "department": worded([name for _, name, _ in rows]),
        "part": worded([figure.removeprefix("delay ") for _, _, figure in rows]),
        "minutes": np.concatenate([nothing, *(s.values[places[s.keys]] for s in ordered)]),
        "base": np.concatenate(
            [nothing, *(s.base_values[places[s.keys]] for s in ordered if s.base_values is not None)]
        ),
    }


def lessons(scored: Sequence[Scored]) -> dict[str, Column]:
    """What every replication taught: LESSON_COLUMNS."""
    ordered = sorted(scored, key=lambda s: s.replication)
    rows = [lesson for s in ordered for lesson in s.lessons]
    return {
        "replication": np.repeat([s.replication for s in ordered], [len(s.lessons) for s in ordered]).astype(np.int32),
        **{
            name: worded([getattr(lesson, name) for lesson in rows])
            for name in ("rule", "kind", "about", "other", "owner")
        },
        "minutes": np.array([lesson.minutes for lesson in rows], float),
        "evidence": worded([" ".join(map(str, lesson.evidence)) for lesson in rows]),
    }


def _minutes(given: Sequence[tuple[int, tuple[tuple[str, str, str], ...], np.ndarray]]) -> dict[str, Column]:
    rows = [row for _, rows, _ in given for row in rows]
    return {
        "replication": np.repeat([number for number, _, _ in given], [len(its) for _, its, _ in given]).astype(
            np.int32
        ),
        "step": worded([row[0] for row in rows]),
        "part": worded([row[1] for row in rows]),
        "cause": worded([row[2] for row in rows]),
        "minutes": np.concatenate([minutes for _, _, minutes in given]) if given else np.empty(0),
    }


def worded(values: Sequence[str]) -> Worded:
    """Words as codes and the words they stand for, in order of their first use."""
    place: dict[str, int] = {}
    codes = [place.setdefault(value, len(place)) for value in values]
    return Worded(np.array(codes, np.int32), tuple(place))


def scored_again(
    scenario: Scenario,
    tables: Mapping[str, Mapping[str, Column]],
    unhealthy: Mapping[int, list[tuple[str, float]]],
    *,
    with_base: bool,
) -> list[Scored]:
    """The scored replications out of their saved tables: the reverse of ``queues``, ``figures``, ``causes`` and the others."""
    of_figures, of_queues = (_by_replication(tables[name]) for name in ("figures", "queues"))
    of_causes, of_roots, of_paths = (_again(tables[name]) for name in ("causes", "roots", "paths"))
    taught = _lessons_again(tables["lessons"])
    shape = (len(quantities(scenario)), len(grid(scenario.horizon)))
    nothing: tuple[tuple[tuple[str, str, str], ...], np.ndarray] = ((), np.empty(0))
    found = []
    for number, rows in of_figures.items():
        keys = shared(tuple(zip(*(_words(tables["figures"][c], rows) for c in ("kind", "id", "figure")), strict=True)))
        lines = of_queues.get(number)
        series = _numbers(tables["queues"]["value"], lines).reshape(shape) if lines else None
        base = _numbers(tables["queues"]["base"], lines).reshape(shape) if lines and with_base else None
        values = _numbers(tables["figures"]["value"], rows)
        base_values = _numbers(tables["figures"]["base"], rows) if with_base else None
        why = of_causes.get(number, nothing)
        in_the_end, on_the_way = of_roots.get(number, nothing), of_paths.get(number, nothing)
        found.append(
            Scored(
                number,
                keys,
                values,
                base_values,
                series,
                base,
                *why,
                unhealthy.get(number, []),
                *in_the_end,
                *on_the_way,
                taught.get(number, ()),
            )
        )
    return found


def _again(table: Mapping[str, Column]) -> dict[int, tuple[tuple[tuple[str, str, str], ...], np.ndarray]]:
    """Words and minutes of each replication, out of a table that ``_minutes`` made."""
    return {
        number: (
            tuple(map(shared, zip(*(_words(table[c], rows) for c in list(table)[1:4]), strict=True))),
            _numbers(table["minutes"], rows),
        )
        for number, rows in _by_replication(table).items()
    }


def _lessons_again(table: Mapping[str, Column]) -> dict[int, tuple[Lesson, ...]]:
    """What each replication taught, out of a table that ``lessons`` made."""
    found = {}
    for number, rows in _by_replication(table).items():
        rule, about, other, owner, evidence = (
            _words(table[c], rows) for c in ("rule", "about", "other", "owner", "evidence")
        )
        shown = [tuple(int(row) for row in text.split()) for text in evidence]
        minutes = _numbers(table["minutes"], rows).tolist()
        found[number] = tuple(map(Lesson, rule, about, owner, shown, minutes, other))
    return found


def _by_replication(table: Mapping[str, Column]) -> dict[int, slice]:
    """Where the rows of each replication lie; they stand together, in order of the replications."""
    numbers = table["replication"]
    assert isinstance(numbers, np.ndarray)
    present, first, count = np.unique(numbers, return_index=True, return_counts=True)
    return {int(n): slice(int(a), int(a + c)) for n, a, c in zip(present, first, count, strict=True)}


def _words(column: Column, rows: slice) -> list[str]:
    assert isinstance(column, Worded)
    return [column.words[code] for code in column.codes[rows]]


def _numbers(column: Column, rows: slice) -> np.ndarray:
    assert isinstance(column, np.ndarray)
    return column[rows]
