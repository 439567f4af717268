"""The run folder: what is written into it, and read again."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from drillsim import __version__
from drillsim.errors import LogError
from drillsim.experiment.place import BASE, RUN, SUMMARY, taking_place
from drillsim.experiment.provenance import resolved, stated
from drillsim.experiment.runs import Runs
from drillsim.log import store
from drillsim.log.rows import Log
from drillsim.model.scenario import Scenario
from drillsim.score import frames, precision
from drillsim.score.summary import Summary

SCHEMA = "drillsim-run/1"
LATER = {"lessons": frames.lessons}
"""Tables that runs of an earlier version do not have → what makes one; they are read as empty."""


@dataclass
class Saved:
    """A run folder read back: what was asked, the scenario, the summary, every replication's figures, and the rows that were kept."""

    about: dict[str, Any]
    scenario: Scenario
    summary: Summary
    runs: Runs


def save(
    folder: Path,
    scenario: Scenario,
    runs: Runs,
    summary: Summary,
    *,
    force: bool = False,
    also: Callable[[Path], None] | None = None,
) -> None:
    """Write a run into ``folder``: run.json, summary.json, tables of the rows kept (those of the days without the faults under ``base``).

    ``also`` may write more into the folder before it takes its place. Raises OutputError when the folder is not empty (with ``force`` a
    run there is replaced, and files that drillsim did not write stay), or cannot be written; then nothing is left behind.
    """
    with taking_place(Path(folder), force=force) as place:
        _write_json(place / RUN, _about(scenario, runs, summary))
        (place / SUMMARY).write_text(summary.model_dump_json(indent=1) + "\n", encoding="utf-8", newline="\n")
        store.write_logs(place, list(runs.logs.values()))
        if runs.bases:
            (place / BASE).mkdir()
            store.write_logs(place / BASE, list(runs.bases.values()))
        for name, table in (
            ("steps", frames.steps(scenario, runs.scored)),
            ("queues", frames.queues(scenario, runs.scored)),
            ("figures", frames.figures(runs.scored)),
            ("causes", frames.causes(runs.scored)),
            ("roots", frames.roots(runs.scored)),
            ("paths", frames.paths(runs.scored)),
            ("delays", frames.delays(runs.scored)),
            ("lessons", frames.lessons(runs.scored)),
        ):
            about = {"schema": frames.SCHEMA, "table": name, "columns": frames.COLUMNS[name]}
            store.write_table(place / f"{name}.parquet", [table], about)
        if also is not None:
            also(place)


def _about(scenario: Scenario, runs: Runs, summary: Summary) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "name": summary.scenario.name,
        "variant": summary.scenario.variant,
        "seed": runs.seed,
        "asked": runs.asked,
        "done": len(runs.scored),
        "interrupted": runs.interrupted,
        "only": list(runs.only),
        "precision": _precision(runs),
        "rows_kept": list(runs.logs),
        "with_base": bool(runs.scored) and all(s.base_values is not None for s in runs.scored),
        "unhealthy": {s.replication: s.unhealthy for s in runs.scored if s.unhealthy},
        "provenance": summary.provenance.model_dump(),
        "scenario": resolved(scenario),
        "stated": stated(scenario),
    }


def _scenario(about: dict[str, Any]) -> Scenario:
    """The scenario of a run, which knows what its files state and what they leave as it is, unless that has become something else since."""
    scenario = Scenario.model_validate(about["scenario"])
    said = Scenario.model_validate(about.get("stated", about["scenario"]))
    return said if said == scenario else scenario


def _precision(runs: Runs) -> dict[str, Any] | None:
    """How well figures were to be known, as words that are read again."""
    if runs.sure is None:
        return None
    asked = [f"{one.figure.name}={one.text}" for one in runs.sure.wanted]
    return {"asked": asked, "least": runs.sure.least, "most": runs.sure.most}


def _write_json(path: Path, content: dict[str, Any]) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def open_run(folder: Path) -> Saved:
    """Read a run folder back; tables that an earlier version did not write (see ``missing``) are empty.

    Raises LogError when it does not hold a run, or one that this version cannot read; it then says which version wrote it.
    """
    folder = Path(folder)
    about = _read_json(folder / RUN)
    try:
        if about["schema"] != SCHEMA:
            raise LogError("{folder} was written by another version of drillsim", folder=folder)
        scenario = _scenario(about)
        summary = Summary.model_validate(_read_json(folder / SUMMARY))
        runs = _runs(folder, about, scenario)
    except (KeyError, TypeError, ValueError, ValidationError) as error:
        raise _unreadable(folder, about) from error
    return Saved(about, scenario, summary, runs)


def missing(folder: Path) -> list[str]:
    """Tables of a run folder that the earlier version that wrote it did not have; they are read as empty."""
    return [name for name in LATER if not (Path(folder) / f"{name}.parquet").exists()]


def _unreadable(folder: Path, about: Any) -> LogError:
    """What is said of a run whose files do not hold what this version reads."""
    writer = about.get("provenance", {}).get("drillsim") if isinstance(about, dict) else None
    if not isinstance(writer, str):
        return LogError("{folder} holds a run that cannot be read", folder=folder)
    return LogError("{folder} was written by drillsim {writer} in a form that this drillsim {version} cannot read; run the scenario again: drillsim run {name} --seed {seed}", folder=folder, writer=writer, version=__version__, name=about.get("name", "SCENARIO"), seed=about.get("seed", 1))  # fmt: skip


def _runs(folder: Path, about: dict[str, Any], scenario: Scenario) -> Runs:
    tables = {name: _read(folder, name) for name in ("figures", "causes", "roots", "paths", "lessons", "queues")}
    unhealthy = {int(n): [(claim, value) for claim, value in why] for n, why in about["unhealthy"].items()}
    scored = frames.scored_again(scenario, tables, unhealthy, with_base=about["with_base"])
    return Runs(
        about["asked"],
        about["seed"],
        scored,
        _by_number(store.read_logs(folder)),
        _by_number(store.read_logs(folder / BASE)) if (folder / BASE).is_dir() else {},
        about["interrupted"],
        tuple(about.get("only", ())),
        precision.read(scenario, **about["precision"]) if about.get("precision") else None,
    )


def _read(folder: Path, name: str) -> dict[str, Any]:
    path = folder / f"{name}.parquet"
    if name in LATER and not path.exists():
        return LATER[name](())
    return store.read_table(path)[0]


def _by_number(logs: Sequence[Log]) -> dict[int, Log]:
    return {log.replication: log for log in logs}


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise LogError("{folder} does not hold a saved run", folder=path.parent) from None
    except (OSError, ValueError) as error:
        raise LogError("{file} cannot be read: {why}", file=path, why=error) from error
