"""The options that several commands share, with the words of their help."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import Annotated

import typer

from drillsim.cli import language as languages


class Language(enum.StrEnum):
    """The languages of everything that is said."""

    en = "en"
    zh = "zh"


class Kind(enum.StrEnum):
    """What there is a schema of."""

    scenario = "scenario"
    hospital = "hospital"
    plan = "plan"
    thresholds = "thresholds"
    summary = "summary"
    film = "film"


ScenarioName = Annotated[
    str,
    typer.Argument(
        metavar="SCENARIO", help="A scenario file, or a name that `drillsim list` shows.", show_default=False
    ),
]
Lang = Annotated[
    Language | None,
    typer.Option(
        "--lang",
        help="Language of all that is said and written (otherwise DRILLSIM_LANG, or the machine's).",
        show_default=False,
    ),
]
Variants = Annotated[
    list[str] | None,
    typer.Option(
        "--variant",
        metavar="NAME",
        help="Play with this named change of the scenario; may be given again.",
        show_default=False,
    ),
]
Changes = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        help="Change one value, such as hospital.staff.dba.on_duty=2; may be given again.",
        show_default=False,
    ),
]
AsJson = Annotated[
    bool,
    typer.Option(
        "--json", metavar="", help="Print summary.json on standard output, everything else on standard error."
    ),
]
AllSteps = Annotated[
    bool, typer.Option("--all", metavar="", help="Show every step in the terminal, those on time too.")
]
FailIfMissed = Annotated[
    bool,
    typer.Option(
        "--fail-if-missed", metavar="", help="Exit with 1 when the plan does not hold or an objective is missed."
    ),
]
Force = Annotated[bool, typer.Option("--force", metavar="", help="Replace the run that the folder already holds.")]
Replications = Annotated[
    int | None,
    typer.Option(
        min=1,
        metavar="N",
        help="How many runs with luck of their own.",
        show_default="the scenario's, 200 if it names none",
    ),
]
RunsOfEach = Annotated[
    int | None,
    typer.Option(
        min=1,
        metavar="N",
        help="How many runs of each, on the same luck.",
        show_default="the scenario's, 200 if it names none",
    ),
]
Seed = Annotated[
    int | None,
    typer.Option(
        min=0, metavar="S", help="The same seed gives the same luck.", show_default="the scenario's, 1 if it names none"
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option(min=1, metavar="J", help="Processes that share the work.", show_default="one per processor"),
]
Out = Annotated[
    Path | None, typer.Option(metavar="DIR", help="The folder for results.", show_default="runs/NAME-1, -2, …")
]
TableAsJson = Annotated[
    bool,
    typer.Option("--json", metavar="", help="Print study.json on standard output, everything else on standard error."),
]
AllRows = Annotated[bool, typer.Option("--all", metavar="", help="Show every figure that differs in some run.")]


def spoken(lang: Language | None) -> str:
    """The language asked for, else that of the environment."""
    return lang.value if lang else languages.of_command_line([])
