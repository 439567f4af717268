"""Which language to speak, and the help of the commands in it."""

from __future__ import annotations

import locale
import os
from collections.abc import Mapping
from typing import Any

from drillsim.texts import LANGUAGES, say


def of_command_line(arguments: list[str], environment: Mapping[str, str] = os.environ) -> str:
    """The language asked for with ``--lang``, else DRILLSIM_LANG, else that of the locale; English when none is ours."""
    asked = ""
    for position, argument in enumerate(arguments):
        if argument == "--lang":
            asked = "".join(arguments[position + 1 : position + 2])
        elif argument.startswith("--lang="):
            asked = argument.removeprefix("--lang=")
    for found in (asked, environment.get("DRILLSIM_LANG", "")):
        if found in LANGUAGES:
            return found
    return of_locale(environment)


def of_locale(environment: Mapping[str, str] = os.environ) -> str:
    """``"zh"`` where the machine speaks Chinese (``zh_CN.UTF-8``, or ``Chinese (Simplified)_China`` on Windows), else ``"en"``."""
    named = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    named = named or locale.getlocale()[0] or ""
    return "zh" if named.lower().startswith(("zh", "chinese")) else "en"


def translate_help(command: Any, language: str, *, shown: bool) -> None:
    """Put every text of a command, its options and its subcommands into the language; ``shown`` says that the help will be printed."""
    _speak_of_help(command, language)
    for subcommand in getattr(command, "commands", {}).values():
        translate_help(subcommand, language, shown=False)
    if language == "en":
        return
    for part in (command, *command.params):
        for name in ("help", "short_help", "epilog"):
            if isinstance(words := getattr(part, name, None), str):
                setattr(part, name, say(words, language))
        if isinstance(default := getattr(part, "show_default", None), str):
            part.show_default = say(default, language)
    if shown:
        _translate_frame(language)


def _speak_of_help(command: Any, language: str) -> None:
    """The option ``--help`` is made by the option parser, anew for each command: say what it does in our words."""
    made = command.get_help_option

    def help_option(context: Any) -> Any:
        option = made(context)
        if option is not None:
            option.help, option.metavar = say("Show this help.", language), ""
        return option

    command.get_help_option = help_option


def _translate_frame(language: str) -> None:
    """The headings that typer prints around our words."""
    from typer import rich_utils

    rich_utils.ARGUMENTS_PANEL_TITLE = say("Arguments", language)
    rich_utils.OPTIONS_PANEL_TITLE = say("Options", language)
    rich_utils.COMMANDS_PANEL_TITLE = say("Commands", language)
    rich_utils.REQUIRED_LONG_STRING = say("[required]", language)
    rich_utils.DEFAULT_STRING = say("[default: {}]", language)
