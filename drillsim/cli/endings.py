"""How a command ends: what was raised becomes one clear line and an exit code."""

from __future__ import annotations

import os
import platform
import re
import sys
import tempfile
from collections.abc import Callable
from typing import Any

import typer

from drillsim import __version__
from drillsim.errors import DrillsimError, ScenarioError
from drillsim.texts import say

DONE, EXPLAINED, USAGE, UNEXPECTED, INTERRUPTED = 0, 1, 2, 3, 130

NO_MEMORY = (
    "There was not enough memory. Give fewer --jobs, a shorter horizon, or less that arrives; nothing has been written."
)

USAGE_WORDS: tuple[tuple[str, str], ...] = (
    # what the option parser says → the same as a template of ours, so that it can be said in Chinese
    (r"Missing argument '(?P<name>[^']+)'\.?", "the argument {name} is missing"),
    (r"No such option: (?P<name>[^ ]+)(?: \(?(?:Did you mean|Possible options:) (?P<near>[^)?]+)[)?]+)?", "there is no option {name}"),
    (r"No such option: (?P<name>[^ ]+)", "there is no option {name}"),
    (r"No such command '(?P<name>[^']+)'\.?(?: Did you mean (?P<near>[^?]+)\?)?", "there is no command {name}"),
    (r"Option '(?P<name>[^']+)' requires an argument\.?", "the option {name} needs a value"),
    (r"Got unexpected extra argument(?:s|\(s\))? \((?P<name>.+)\)", "{name} is more than this command takes"),
    (r"Invalid value for '(?P<name>[^']+)': (?P<why>.+)", "the value of {name} does not fit: {why}"),
)  # fmt: skip

WHY_WORDS: tuple[tuple[str, str], ...] = (
    # why the option parser did not take a value → the same in plain words
    (r"Input should be a valid integer.*|'(?P<value>.*)' is not a valid int(?:eger)?\.?", "a whole number is wanted"),
    (r"Input should be a valid number.*|'(?P<value>.*)' is not a valid float\.?", "a number is wanted"),
    (r"Input should be greater than or equal to (?P<limit>\S+)|\S+ is not in the range x>=(?P<least>\S+?)\.?", "it must be {limit} or more"),
    (r"Input should be less than or equal to (?P<limit>\S+)|\S+ is not in the range x<=(?P<least>\S+?)\.?", "it must be {limit} or less"),
    (r"(?:Value error, )?'(?P<value>.*)' is not one of (?P<known>.+?)\.?", "'{value}' is none of {known}"),
)  # fmt: skip


def exit_code(command: Callable[[], Callable[..., Any]], arguments: list[str], language: str) -> int:
    """Carry out the command with the arguments; say in one clear line what went wrong, and return the exit code."""
    try:
        ended = command()(arguments, prog_name="drillsim", standalone_mode=False)
        sys.stdout.flush()
        code = ended if isinstance(ended, int) else DONE
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except BrokenPipeError:  # the reader of our output went away, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except DrillsimError as error:
        if os.environ.get("DRILLSIM_DEBUG"):
            raise
        return _complain(explained(error, language), EXPLAINED)
    except Exception as error:
        if hasattr(error, "format_message"):  # from the option parser
            return _complain(usage(error, language), USAGE)
        if (
            isinstance(error, MemoryError) or type(error).__name__ == "TerminatedWorkerError"
        ):  # the machine ended a process
            return _complain(say(NO_MEMORY, language), EXPLAINED)
        if os.environ.get("DRILLSIM_DEBUG"):
            raise
        return _complain(unexpected(error, arguments, language), UNEXPECTED)
    return _complain(say("Interrupted.", language), code) if code == INTERRUPTED else code


def _complain(words: str, code: int) -> int:
    sys.stdout.flush()
    print(words, file=sys.stderr)
    return code


def explained(error: DrillsimError, language: str) -> str:
    """What an error of ours says, in the language."""
    from drillsim.files.describe import describe, told

    if isinstance(error, ScenarioError):
        return "\n".join(describe(error.problems, language))
    return told(error.template, error.values, language) if error.values else say(error.template, language)


def usage(error: Any, language: str) -> str:
    """What is wrong with the command line, and how to see what is right."""
    message = error.format_message().strip()
    command = error.ctx.command_path if getattr(error, "ctx", None) else "drillsim"
    if not message:  # no command at all: the help has been shown
        return ""
    for pattern, template in USAGE_WORDS:
        if match := re.fullmatch(pattern, message, re.DOTALL):
            message = say(template, language, **_named(match, language))
            if near := match.groupdict().get("near"):
                message = say("{problem}; did you mean {near}?", language, problem=message, near=near)
            break
    return f"{command}: {message}\n{say('How it is used: {command} --help', language, command=command)}"


def _named(match: re.Match[str], language: str) -> dict[str, str]:
    """What a message names, with the reason in plain words."""
    named = {key: value for key, value in match.groupdict().items() if key in ("name", "why") and value is not None}
    if "why" in named:
        named["why"] = why(named["why"], language)
    return named


def why(reason: str, language: str) -> str:
    """Why a value does not fit, in plain words; as the option parser says it where we have no words for it."""
    for pattern, template in WHY_WORDS:
        if match := re.fullmatch(pattern, reason.strip(), re.DOTALL):
            found = match.groupdict()
            values = {
                "limit": found.get("limit") or found.get("least"),
                "value": found.get("value"),
                "known": found.get("known"),
            }
            return say(template, language, **values)
    return reason


def unexpected(error: Exception, arguments: list[str], language: str) -> str:
    """Keep what we need to find the fault in a file, and say where it lies and what to do with it."""
    import traceback

    details = "\n".join(
        [
            f"drillsim {__version__}, Python {platform.python_version()}, {platform.platform()}",
            f"arguments: {arguments}",
            "".join(traceback.format_exception(error)),
        ]
    )
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", prefix="drillsim-error-", suffix=".txt", delete=False
    ) as file:
        file.write(details)
    return say(
        "Something happened that drillsim did not expect ({kind}: {error}). This is our mistake, not yours.\n"
        "Please send us the file {file} and, if you may, the scenario; nothing has been sent by itself.",
        language,
        kind=type(error).__name__,
        error=error,
        file=file.name,
    )
