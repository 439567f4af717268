"""The commands and their options, with the words of their help; the work is done in the modules they call."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from drillsim import __version__
from drillsim.cli import language as languages
from drillsim.cli.options import (
    AllSteps,
    AsJson,
    Changes,
    FailIfMissed,
    Force,
    Jobs,
    Kind,
    Lang,
    Out,
    Replications,
    ScenarioName,
    Seed,
    Variants,
    spoken,
)

app = typer.Typer(
    name="drillsim",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["--help", "-h"]},
)


def application(language: str, *, help_shown: bool) -> Callable[..., Any]:
    """The command line, its help in the language."""
    from drillsim.cli import study_commands  # noqa: F401  (it adds its commands)

    command = typer.main.get_command(app)
    languages.translate_help(command, language, shown=help_shown)
    return command


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"drillsim {__version__}")
        raise typer.Exit


@app.callback(epilog="Begin with: drillsim run his-database-outage")
def _drillsim(
    version: Annotated[
        bool, typer.Option("--version", metavar="", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Rehearse a hospital's information-system emergency plan on a simulated hospital, before the real drill and the real day."""


@app.command(epilog="Example: drillsim run his-database-outage --replications 50 --variant second_dba")
def run(
    scenario: ScenarioName,
    replications: Replications = None,
    seed: Seed = None,
    jobs: Jobs = None,
    only: Annotated[
        list[int] | None,
        typer.Option(
            "--only",
            min=1,
            metavar="N",
            help="Play only the run with this number, exactly as it is among many; may be given again.",
            show_default=False,
        ),
    ] = None,
    precision: Annotated[
        list[str] | None,
        typer.Option(
            "--precision",
            metavar="P",
            help="Play until figures are known so well, such as '5 %' or 'patients.wait_mean=2 min'; may be given again.",
            show_default=False,
        ),
    ] = None,
    measure: Annotated[
        list[str] | None,
        typer.Option(
            "--measure",
            metavar="FIGURE",
            help="What --precision is about, such as plan.all_on_time; may be given again.",
            show_default="all deadlines met, and the objectives",
        ),
    ] = None,
    least: Annotated[
        int | None,
        typer.Option(min=2, metavar="N", help="With --precision: no fewer runs than this.", show_default="20 runs"),
    ] = None,
    most: Annotated[
        int | None,
        typer.Option(min=2, metavar="N", help="With --precision: no more runs than this.", show_default="1,000 runs"),
    ] = None,
    variant: Variants = None,
    changes: Changes = None,
    out: Out = None,
    force: Force = False,
    keep_all: Annotated[
        bool,
        typer.Option(
            "--keep-all",
            metavar="",
            help="Keep the rows of every run, not only of the first, the median and the worst, so that `score --scenario` can judge them all.",
        ),
    ] = False,
    as_json: AsJson = False,
    all_steps: AllSteps = False,
    fail_if_missed: FailIfMissed = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", metavar="", help="No progress and no summary; only where the report lies.")
    ] = False,
    lang: Lang = None,
) -> int:
    """Play a scenario many times and learn whether the plan holds."""
    from drillsim.cli.running import Telling, Wish, run

    wish = Wish(
        scenario=scenario, replications=replications, seed=seed, jobs=jobs, variants=tuple(variant or ()),
        changes=tuple(changes or ()), out=out, force=force, keep_all=keep_all, only=tuple(only or ()),
        precision=tuple(precision or ()), measures=tuple(measure or ()), least=least, most=most,
    )  # fmt: skip
    return run(wish, Telling(spoken(lang), as_json, all_steps, fail_if_missed, quiet))


@app.command(epilog="Example: drillsim check ours/scenario.yaml ours/plan.yaml")
def check(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE…", help="Hospitals, plans, scenarios, or names that `drillsim list` shows."),
    ],
    lang: Lang = None,
) -> int:
    """Name every mistake in files, with its line and the nearest good word, and warn of what is legal but surely wrong."""
    from drillsim.cli.checking import check

    return check(files, spoken(lang))


@app.command(epilog="Example: drillsim brief his-database-outage --lang zh")
def brief(scenario: ScenarioName, variant: Variants = None, changes: Changes = None, lang: Lang = None) -> int:
    """Tell a scenario in words, in order of time, before it is run."""
    from drillsim.cli.telling import brief

    return brief(scenario, variant or [], changes or [], spoken(lang))


@app.command(name="list", epilog="Example: drillsim list --lang zh")
def library(
    names: Annotated[
        bool, typer.Option("--names", metavar="", help="Only the names of what can be run, one to a line, for scripts.")
    ] = False,
    lang: Lang = None,
) -> int:
    """List the scenarios, hospitals and plans that come with drillsim."""
    from drillsim.cli.telling import library

    return library(spoken(lang), names=names)


@app.command(epilog="Example: drillsim new ours --lang zh, then: drillsim run ours/scenario.yaml")
def new(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="A folder that does not exist yet, or is empty.", show_default=False)
    ],
    like: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Start from this shipped scenario, with its hospital and plan, in place of the small ones.",
            show_default=False,
        ),
    ] = None,
    lang: Lang = None,
) -> int:
    """Write a commented hospital, plan and scenario to start from, which run as they are."""
    from drillsim.cli.telling import new

    return new(folder, spoken(lang), like)


@app.command(epilog="Example: drillsim schema plan > plan.schema.json")
def schema(kind: Annotated[Kind, typer.Argument(help="What to describe.")] = Kind.scenario, lang: Lang = None) -> int:
    """Print the JSON Schema of a kind of file, so that an editor can complete and check while you write."""
    from drillsim.cli.telling import schema

    return schema(kind.value)


@app.command(epilog="Example: drillsim score runs/his-database-outage-1 --all --lang zh")
def score(
    folder: Annotated[
        Path, typer.Argument(metavar="RUN", help="The folder of a saved run, or runs/latest.", show_default=False)
    ],
    scenario: Annotated[
        str | None,
        typer.Option(
            "--scenario",
            metavar="SCENARIO",
            help="Score the rows that were kept against another scenario (other deadlines, other objectives), and write nothing.",
            show_default=False,
        ),
    ] = None,
    as_json: AsJson = False,
    all_steps: AllSteps = False,
    fail_if_missed: FailIfMissed = False,
    lang: Lang = None,
) -> int:
    """Score a saved run again, and write its summary and report anew."""
    from drillsim.cli.running import Telling, score

    return score(folder, scenario, Telling(spoken(lang), as_json, all_steps, fail_if_missed))


@app.command(epilog="Example: drillsim stress runs/latest > stress.md")
def stress(
    folder: Annotated[
        Path, typer.Argument(metavar="RUN", help="The folder of a saved run, or runs/latest.", show_default=False)
    ],
    lang: Lang = None,
) -> int:
    """Describe the study of a saved run as the STRESS-DES checklist asks, in Markdown."""
    from drillsim.cli.telling import stress

    return stress(folder, spoken(lang))


@app.command(epilog="Example: drillsim replay runs/latest --replication worst --html replay.html")
def replay(
    what: Annotated[
        str,
        typer.Argument(
            metavar="RUN|SCENARIO",
            help="The folder of a saved run, runs/latest, a scenario file, or a name that `drillsim list` shows.",
            show_default=False,
        ),
    ],
    html: Annotated[
        Path | None,
        typer.Option(
            "--html",
            metavar="FILE",
            help="Write one page that opens in any browser, without a network; otherwise it is played here.",
            show_default=False,
        ),
    ] = None,
    replication: Annotated[
        str | None,
        typer.Option(
            "--replication",
            metavar="worst|median|first|N",
            help="Which run is played back.",
            show_default="median of a saved run, first of a scenario",
        ),
    ] = None,
    speed: Annotated[
        float,
        typer.Option(
            min=1,
            max=600,
            metavar="X",
            help="How many times as fast as real time it begins.",
            show_default="60, an hour in a minute",
        ),
    ] = 60.0,
    seed: Seed = None,
    variant: Variants = None,
    changes: Changes = None,
    force: Annotated[
        bool, typer.Option("--force", metavar="", help="Replace the file when it is there already.")
    ] = False,
    lang: Lang = None,
) -> int:
    """Play one run back for a training session: on a board, minute by minute, stopping at the questions."""
    from drillsim.cli.replaying import Showing, replay

    showing = Showing(what, replication, html, speed, seed, tuple(variant or ()), tuple(changes or ()), force)
    return replay(showing, spoken(lang))
