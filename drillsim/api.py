"""drillsim in Python and Jupyter: load a scenario, run it, look at the result, save it and open it again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from drillsim import experiment
from drillsim.errors import Problem, known_as
from drillsim.experiment import provenance, save
from drillsim.experiment.runs import Keep, Runs
from drillsim.files import Loaded, of_scenario, sentence
from drillsim.files import load as load_files
from drillsim.files.python import in_python
from drillsim.log import tables
from drillsim.model.scenario import Scenario
from drillsim.report import live
from drillsim.report.dictionary import Columns
from drillsim.score import answers, frames
from drillsim.score.precision import LEAST, MOST
from drillsim.score.precision import read as read_precision
from drillsim.score.replication import score as score_one
from drillsim.score.summaries import Asked, summarise
from drillsim.score.summary import FindingPart, Summary
from drillsim.score.summary_parts import Words
from drillsim.score.summary_plan import Cause
from drillsim.texts import preferred, say

if TYPE_CHECKING:
    import pandas as pd

    from drillsim.playback.shown import Replay


@in_python
def load(
    name_or_path: str | Path, *, variant: str | Iterable[str] = (), set: Mapping[str, object] | Iterable[str] = ()
) -> Loaded:
    """A scenario by its name in the library or by its file, with variants and single values (``{"plan.thresholds.outpatient": "10 min"}``)
    applied.

    The result has ``scenario`` (the records), ``name``, ``hashes`` of the files and ``warnings``. Raises ScenarioError with every mistake.
    """
    return load_files(name_or_path, variants=_names(variant), set=set)


@in_python
def run(
    scenario: str | Path | Loaded | Scenario,
    replications: int | None = None,
    seed: int | None = None,
    jobs: int | None = None,
    *,
    only: int | Iterable[int] = (),
    precision: str | Sequence[str] | None = None,
    measures: Sequence[str] = (),
    least: int = LEAST,
    most: int = MOST,
    variant: str | Iterable[str] = (),
    set: Mapping[str, object] | Iterable[str] = (),
    keep: Keep = "shown",
    progress: Callable[[int], None] | None = None,
) -> Result:
    """Play a scenario many times and score it.

    ``scenario`` is a name, a file, or what ``load`` gave; ``variant`` and ``set`` apply to names and files. ``replications`` and ``seed``
    default to what the scenario says, ``jobs`` (processes) to the number of cores; results do not depend on ``jobs``. ``only=37`` plays that
    replication alone (several: ``only=[3, 37]``), with the same rows and figures that it has among many. ``precision="5 %"`` plays until
    the ``measures`` (by default whether all deadlines are kept, and the objectives) are known so well, or ``precision=["patients.wait_mean=1 min"]``,
    with ``least`` to ``most`` replications; see ``score.precision``. ``keep`` says whose rows
    are kept for ``events``, ``activities``, ``patients``: of the ``shown`` replications (first, median, worst), of ``all``, or ``none``.
    ``progress`` is called with the number of replications finished; without it a notebook shows a bar. Ctrl-C keeps what is finished.

    Raises ScenarioError for mistakes in files, SimulationError when a run cannot go on.
    """
    names = _names(variant)
    if isinstance(scenario, str | Path):
        scenario = load(scenario, variant=names, set=set)
    elif names or set:
        raise ValueError("variant and set need the scenario's name or file; give them to load()")
    loaded = scenario if isinstance(scenario, Loaded) else of_scenario(scenario)
    numbers = (only,) if isinstance(only, int) else tuple(only)
    sure = None
    if precision is not None or measures:
        if replications is not None or numbers:
            raise ValueError("precision goes without replications and only")
        sure = read_precision(loaded.scenario, precision or [], measures, least, most)
    asked = (
        sure.most
        if sure is not None
        else len(numbers) or (loaded.scenario.run.replications if replications is None else replications)
    )
    with live.bar(asked, preferred()) as moved:
        runs = experiment.run(
            loaded.scenario,
            replications=replications,
            only=numbers,
            sure=sure,
            seed=seed,
            jobs=jobs,
            keep=keep,
            progress=progress or moved,
        )
    return result_of(loaded, runs, variant=", ".join(names) or loaded.change)


def result_of(
    loaded: Loaded, runs: Runs, *, variant: str | None = None, findings: list[FindingPart] | None = None
) -> Result:
    """The result of finished runs: summed up, with what made it and what the plan check found (``findings``, or else what was found on loading)."""
    asked = Asked(
        name=loaded.name,
        replications=runs.asked,
        seed=runs.seed,
        variant=variant,
        interrupted=runs.interrupted,
        only=runs.only,
        sure=runs.sure,
        versions=provenance.versions(),
        files=loaded.hashes,
        scenario_hash=provenance.scenario_hash(loaded.scenario),
    )
    if findings is None and loaded.linted:
        findings = [_finding(one) for one in (*loaded.warnings, *loaded.silenced)]
    summary = summarise(loaded.scenario, runs.scored, asked).model_copy(update={"findings": findings})
    return Result(loaded.scenario, summary, runs)


def _finding(found: Problem) -> FindingPart:
    """A finding as the summary keeps it: in both languages, its file by name alone, wherever it lies."""
    return FindingPart(
        rule=found.rule,
        severity=found.severity,
        about=found.about,
        file=Path(found.file).name,
        line=found.line,
        path=found.path,
        what=Words(en=sentence(found, "en"), zh=sentence(found, "zh")),
        why=Words(en=found.why, zh=say(found.why, "zh")),
        todo=Words(en=found.todo, zh=say(found.todo, "zh")),
        silenced=Words(**found.silenced) if found.silenced is not None else None,
    )


@in_python
def open_run(folder: str | Path) -> Result:
    """A saved run, as it was; ``runs/latest`` is the newest one of the command line. Raises LogError when the folder does not hold one."""
    from drillsim.cli.folders import follow

    saved = save.open_run(follow(Path(folder)))
    return Result(saved.scenario, saved.summary, saved.runs)


def summed_again(folder: str | Path) -> Result:
    """A saved run summed up anew by this version of drillsim, from the figures of all its replications. Raises LogError without a run."""
    saved = save.open_run(Path(folder))
    loaded = Loaded(saved.scenario, saved.summary.scenario.name, dict(saved.summary.provenance.files))
    return result_of(loaded, saved.runs, variant=saved.summary.scenario.variant, findings=saved.summary.findings)


@in_python
def score_run(folder: str | Path, scenario: Scenario | Loaded | str | Path | None = None) -> Result:
    """Score the saved rows of a run again, against its own scenario or another one (another deadline, another objective).

    Only replications whose rows were saved can be scored: all of them in a run made with ``keep="all"``, else the three that are shown.
    With all rows and its own scenario the summary is the one that was saved. Raises LogError when the folder does not hold a run.
    """
    saved = save.open_run(Path(folder))
    if isinstance(scenario, str | Path):
        scenario = load(scenario)
    own = Loaded(saved.scenario, saved.summary.scenario.name, dict(saved.summary.provenance.files))
    loaded = own if scenario is None else scenario
    if isinstance(loaded, Scenario):
        loaded = Loaded(loaded, saved.summary.scenario.name, {})
    logs, bases = saved.runs.logs, saved.runs.bases
    scored = [score_one(loaded.scenario, log, bases.get(number)) for number, log in logs.items()]
    again = Runs(saved.runs.asked, saved.runs.seed, scored, logs, bases, saved.runs.interrupted)
    if loaded is own:
        again.only, again.sure = saved.runs.only, saved.runs.sure
    own_findings = saved.summary.findings if loaded is own else None
    return result_of(loaded, again, variant=saved.summary.scenario.variant, findings=own_findings)


@in_python
def replay(
    what: Result | str | Path | Loaded | Scenario,
    replication: str | int | None = None,
    *,
    seed: int | None = None,
    language: str | None = None,
    speed: float = 60.0,
) -> Replay:
    """One run played back minute by minute: shown inline in a notebook; ``.save("replay.html")`` writes it, ``.play()`` plays it in a terminal.

    ``what`` is a result, the folder of a saved run, or a scenario (name, file, or what ``load`` gave), of which one run is then played with
    ``seed``. ``replication`` is ``"median"`` (the default for results), ``"worst"``, ``"first"`` (the default for scenarios) or a number
    from 1; a run of a result whose rows were not kept is played again on its luck. ``language`` (``"en"``, ``"zh"``; by default what ``use_language`` chose) and ``speed`` (times as
    fast as real time, 1 to 600) can be changed in the page. Raises ValueError for a run that was not played, TypeError for anything else.
    """
    from drillsim.cli.folders import is_run
    from drillsim.playback import shown

    language = language or preferred()
    if isinstance(what, str | Path):
        what = open_run(what) if is_run(str(what)) else load(what)
    if isinstance(what, Result):
        if seed is not None:
            raise ValueError("a result is played back as it was; seed goes with a scenario")
        which = "median" if replication is None else replication
        return shown.of_runs(what.scenario, what.runs, what.summary.shown, which, language, speed)
    scenario = what.scenario if isinstance(what, Loaded) else what
    if not isinstance(scenario, Scenario):
        from drillsim.plots.shared import called

        raise TypeError(f"replay plays back what drillsim.run or drillsim.load gives, a scenario's name or file, or the folder of a run, not {called(what)}")  # fmt: skip
    which = "first" if replication is None else replication
    return shown.of_scenario(scenario, which, seed=seed, language=language, speed=speed)


def columns(name: str) -> Columns:
    """The data dictionary of a frame: column → meaning, in order; units stand beside them when it is shown, and in ``.frame()``.

    Of a result ``"steps"``, ``"queues"``, ``"figures"``, ``"causes"``, ``"roots"``, ``"paths"``, ``"delays"``, ``"lessons"``, ``"events"``, ``"activities"``, ``"patients"``, ``"entries"``,
    ``"objectives"``, ``"bottlenecks"``, ``"critical_path"``, ``"after_action"``, ``"recovery"``; the ``table()`` of ``"comparison"``, ``"sweep"``, ``"improvement"``.

    Raises KeyError, with the names there are, for an unknown frame, and TypeError for what is no name.
    """
    every = {**frames.COLUMNS, **tables.COLUMNS, **answers.COLUMNS}
    if not isinstance(name, str):
        raise TypeError(f"columns wants the name of a frame, such as 'steps'; there are {', '.join(every)}")
    if name not in every:
        raise KeyError(f"no frame {name!r}; there are {', '.join(every)}")
    return Columns(name, every[name])


def _names(variant: str | Iterable[str]) -> tuple[str, ...]:
    return (variant,) if isinstance(variant, str) else tuple(variant)


@dataclass(frozen=True)
class Result:
    """A scored experiment: ``summary`` over all replications, tidy frames, and the scenario it came from.

    All times are minutes (moments since StartEx), nothing is rounded; ``replication`` counts from 1. The columns of each frame are
    described by ``columns(name)``.
    """

    scenario: Scenario
    summary: Summary
    runs: Runs = field(repr=False)

    @cached_property
    def steps(self) -> pd.DataFrame:
        """Every step of the plan in every replication: replication, step, outcome (on_time, late, missed …), clock, ready, started, ended,
        taken, allowed, late_by, waited_* (minutes by what was waited for), rework, work, attempts. Minutes."""
        return tables.tidy(frames.steps(self.scenario, self.runs.scored))

    @cached_property
    def queues(self) -> pd.DataFrame:
        """Series of every replication: replication, minute, kind (queue, pile, paper, away, on_duty, in_system), id, value, base (the day
        without the faults)."""
        return tables.tidy(frames.queues(self.scenario, self.runs.scored))

    @cached_property
    def figures(self) -> pd.DataFrame:
        """Every figure of every replication: replication, kind, id, figure, value, base (the day without the faults)."""
        return tables.tidy(frames.figures(self.runs.scored))

    @cached_property
    def causes(self) -> pd.DataFrame:
        """What every step of every replication waited for or was at: replication, step, part, cause, minutes; they add up to its ``taken``."""
        return tables.tidy(frames.causes(self.runs.scored))

    @cached_property
    def roots(self) -> pd.DataFrame:
        """What held up late and missed steps in every replication, traced back: replication, step (empty: all of them; of one cause each minute once), part,
        cause, minutes."""
        return tables.tidy(frames.roots(self.runs.scored))

    @cached_property
    def paths(self) -> pd.DataFrame:
        """The realised critical path to every milestone in every replication: replication, milestone, part, cause, minutes."""
        return tables.tidy(frames.paths(self.runs.scored))

    @cached_property
    def delays(self) -> pd.DataFrame:
        """Where patients' (and orders') minutes went in every department in every replication: replication, department, part, minutes, base
        (the day without the faults). The parts of a department add up to all minutes spent there."""
        return tables.tidy(frames.delays(self.runs.scored))

    @cached_property
    def lessons(self) -> pd.DataFrame:
        """What every replication taught: replication, rule, kind (strength, improvement), about, other, owner, minutes, evidence (rows of
        ``events``, by their sequence)."""
        return tables.tidy(frames.lessons(self.runs.scored))

    @cached_property
    def events(self) -> pd.DataFrame:
        """What happened in the replications whose rows were kept: replication, minute, sequence, kind, subject, state, cause, value."""
        return tables.frame("events", list(self.runs.logs.values()))

    @cached_property
    def activities(self) -> pd.DataFrame:
        """Visits of patients and orders in the replications whose rows were kept: replication, patient, pathway, node, activity, asked,
        started, ended (minutes; NaN when it did not happen before EndEx), paused, mode, outcome."""
        return tables.frame("activities", list(self.runs.logs.values()))

    @cached_property
    def patients(self) -> pd.DataFrame:
        """Patients and orders in the replications whose rows were kept: replication, patient, pathway, class, arrived, ended, outcome."""
        return tables.frame("patients", list(self.runs.logs.values()))

    @cached_property
    def entries(self) -> pd.DataFrame:
        """What was written on paper in the replications whose rows were kept: replication, department, written, items, started, ended, error."""
        return tables.frame("entries", list(self.runs.logs.values()))

    def columns(self, name: str) -> Columns:
        """What each column of a frame says, with its unit: ``columns("steps")``. Raises KeyError for an unknown frame."""
        return columns(name)

    def objectives(self) -> pd.DataFrame:
        """One row per objective: objective, title, met (share of runs), low, high, runs, target, reached, rating, points, form_rating, rule."""
        import pandas as pd

        rows = [
            {
                "objective": o.id,
                "title": o.title.en,
                **dict(zip(("met", "low", "high", "runs"), (o.met.value, o.met.low, o.met.high, o.met.n), strict=True)),
                "target": o.target,
                "reached": o.reached,
                "rating": o.rating,
                "points": o.points,
                "form_rating": o.form_rating,
                "rule": o.rule,
            }
            for o in self.summary.objectives
        ]
        return pd.DataFrame(rows)

    def bottlenecks(self) -> pd.DataFrame:
        """What late and missed steps waited for, most minutes first: part, cause, minutes (mean per run), steps (the steps delayed by it),
        first_runs (the replications in which it held up most, most first). ``causes`` has every replication."""
        return _causes(self.summary.causes)

    def critical_path(self, milestone: str | None = None) -> pd.DataFrame:
        """The realised critical path to a milestone (``declared``, ``ordered``, ``tier 1``, ``restored``, ``verified``, ``cleared``, ``completed``),
        most minutes first: kind (length or contention), part, cause, share (of the runs that reached it), minutes (mean over those runs),
        first_runs (the replications in which it holds most, most first).

        Without a milestone: what held up late and missed steps in the end, traced back through the steps and events they waited for, work
        too: part, cause (for work: the step), minutes (mean per run; of one cause each minute of a run once), steps (the late steps held up). Raises
        KeyError for a milestone that no run reached. ``paths`` has every run's own path, ``roots`` what held up its late steps.
        """
        if milestone is None:
            return _causes(self.summary.roots)
        import pandas as pd

        path = known_as(milestone, {part.milestone: part for part in self.summary.paths}, "path to the milestone")
        rows = [
            (kind, p.part, p.cause, p.share, p.minutes, _numbers(p.runs))
            for kind, pieces in (("length", path.length), ("contention", path.contention))
            for p in pieces
        ]
        found = pd.DataFrame(rows, columns=["kind", "part", "cause", "share", "minutes", "first_runs"])
        return found.sort_values("minutes", ascending=False, kind="stable", ignore_index=True)

    def after_action(self) -> pd.DataFrame:
        """What the runs taught, areas for improvement first, most frequent first: kind, what (in words, in the language chosen), owner, share (of
        runs), low, high, minutes (median), action (what to do about it), rule, about, other, first_runs (at most ten, most minutes first)."""
        import pandas as pd

        from drillsim.report import lessons

        return pd.DataFrame(lessons.rows(self.summary, self.scenario, preferred()), columns=lessons.COLUMNS)

    def recovery(self) -> pd.DataFrame:
        """How departments (and the hospital) work once the systems are back, against the day without the faults: department, runs (that came so
        far), served_share (of the services of that day, in four hours), wait_added (minutes, mean), caught_up (minutes, median), not_before_end (share of runs)."""
        import pandas as pd

        rows = [
            (r.id, r.restored.n and round(r.restored.n * (r.restored.value or 0.0)), r.served_share.value, r.wait_added.mean.value, r.caught_up.p50,
             r.caught_up.censored / r.caught_up.n if r.caught_up.n else None)
            for r in self.summary.recovery
        ]  # fmt: skip
        columns = ["department", "runs", "served_share", "wait_added", "caught_up", "not_before_end"]
        return pd.DataFrame(rows, columns=columns)

    def worst(self, step: str | None = None) -> int:
        """The number of the run that went worst; with a step, that in which it was missed or latest (the worst run of all when it was
        always on time). Raises KeyError for an unknown step."""
        if step is None:
            return self.summary.shown["worst"]
        part = known_as(step, {s.id: s for s in self.summary.steps}, "step")
        return part.late_runs[0] if part.late_runs else self.summary.shown["worst"]

    def save(self, folder: str | Path, *, force: bool = False, also: Callable[[Path], None] | None = None) -> None:
        """Write the run into a folder (run.json, summary.json, Parquet tables); ``also(folder)`` may write more before it takes its place.

        Raises OutputError when the folder already holds a run (unless ``force``) or cannot be written; nothing is left half-written.
        """
        save.save(Path(folder), self.scenario, self.runs, self.summary, force=force, also=also)

    def stress(self, language: str | None = None) -> str:
        """The study described as the STRESS-DES checklist asks (Monks et al. 2019), in Markdown, every item from this scenario and its results."""
        from drillsim.report.stress import markdown

        return markdown(self.summary, self.scenario, language or preferred())

    def __repr__(self) -> str:
        from drillsim.report.card import lines

        return "\n".join(lines(self.summary, self.scenario, preferred()))

    def _repr_html_(self) -> str:
        from drillsim.report.card import card

        return card(self.summary, self.scenario, preferred())


def _causes(causes: list[Cause]) -> pd.DataFrame:
    import pandas as pd

    rows = [(c.part, c.cause, c.minutes, ", ".join(c.steps), _numbers(c.runs)) for c in causes]
    return pd.DataFrame(rows, columns=["part", "cause", "minutes", "steps", "first_runs"])


def _numbers(runs: list[int]) -> str:
    return ", ".join(map(str, runs))


__all__ = ["Result", "columns", "load", "open_run", "replay", "result_of", "run", "score_run", "summed_again"]
