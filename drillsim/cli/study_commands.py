"""The commands that play several scenarios on the same luck: their options, with the words of their help."""

from __future__ import annotations

from typing import Annotated

import typer

from drillsim.cli.commands import app
from drillsim.cli.options import (
    AllRows,
    Changes,
    Force,
    Jobs,
    Lang,
    Out,
    RunsOfEach,
    ScenarioName,
    Seed,
    TableAsJson,
    Variants,
    spoken,
)


@app.command(epilog="Example: drillsim compare his-database-outage --variant base --variant second_dba")
def compare(
    what: Annotated[
        list[str],
        typer.Argument(
            metavar="SCENARIO|RUN…",
            help="One scenario and its variants; or several scenarios, or several saved runs, compared with the first.",
            show_default=False,
        ),
    ],
    variant: Annotated[
        list[str] | None,
        typer.Option(
            "--variant",
            metavar="NAME",
            help="A named change of the scenario to compare; `base` is the scenario as it is. May be given again.",
            show_default=False,
        ),
    ] = None,
    changes: Changes = None,
    replications: RunsOfEach = None,
    seed: Seed = None,
    jobs: Jobs = None,
    out: Out = None,
    force: Force = False,
    as_json: TableAsJson = False,
    all_rows: AllRows = False,
    lang: Lang = None,
) -> int:
    """Compare variants, scenarios or saved runs: every figure with its difference, its interval, and how sure it is."""
    from drillsim.cli.studying import Playing, Showing, compare

    playing = Playing(tuple(changes or ()), replications, seed, jobs, out, force)
    return compare(what, variant or [], playing, Showing(spoken(lang), as_json, all_rows))


@app.command(
    epilog="Example: drillsim sweep his-database-outage --set plan.thresholds.outpatient=5min,10min,15min,30min,60min"
)
def sweep(
    scenario: ScenarioName,
    values: Annotated[
        list[str],
        typer.Option(
            "--set",
            metavar="PATH=V1,V2,…",
            help="The value to sweep and its settings, separated by commas. Given again with a single value, it holds for all settings.",
            show_default=False,
        ),
    ],
    variant: Variants = None,
    replications: RunsOfEach = None,
    seed: Seed = None,
    jobs: Jobs = None,
    out: Out = None,
    force: Force = False,
    as_json: TableAsJson = False,
    all_rows: AllRows = False,
    lang: Lang = None,
) -> int:
    """Try one value at several settings on the same luck: what each gives, what each step brings and costs, which ones nothing beats."""
    from drillsim.cli.studying import Playing, Showing, sweep

    playing = Playing((), replications, seed, jobs, out, force)
    return sweep(scenario, values, variant or [], playing, Showing(spoken(lang), as_json, all_rows))


@app.command(epilog="Example: drillsim improve his-database-outage --budget 600")
def improve(
    scenario: ScenarioName,
    budget: Annotated[
        int, typer.Option(min=100, metavar="N", help="About how many runs to play in all; more tell more.")
    ] = 600,
    aim: Annotated[
        list[str] | None,
        typer.Option(
            "--aim",
            metavar="FIGURE",
            help="What to improve, such as patients.left or component.his.minutes_down; may be given again.",
            show_default="deadlines met, and patients who leave",
        ),
    ] = None,
    years: Annotated[
        float,
        typer.Option(
            min=0.1, metavar="Y", help="Years over which costs are added up, what is paid once and every year together."
        ),
    ] = 5,
    variant: Variants = None,
    changes: Changes = None,
    seed: Seed = None,
    jobs: Jobs = None,
    out: Out = None,
    force: Force = False,
    as_json: TableAsJson = False,
    all_rows: Annotated[
        bool, typer.Option("--all", metavar="", help="Show also the changes that dropped out.")
    ] = False,
    lang: Lang = None,
) -> int:
    """Find out what would help: changes drawn from what the plan waits for, and the scenario's own, played on the same luck."""
    from drillsim.cli.studying import Playing, Showing, improve

    playing = Playing(tuple(changes or ()), None, seed, jobs, out, force)
    return improve(scenario, budget, aim or [], years, variant or [], playing, Showing(spoken(lang), as_json, all_rows))
