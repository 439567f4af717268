"""The shell door: one command for each thing to do, one exit code for each way it can end."""

from __future__ import annotations

import sys


def main(arguments: list[str] | None = None) -> int:
    """Carry out the command line and return its exit code.

    0 done; 1 a problem we explain; 2 usage; 3 unexpected, with what to send us; 130 interrupted.
    """
    from drillsim.cli import endings, language
    from drillsim.cli.commands import application

    arguments = sys.argv[1:] if arguments is None else arguments
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # Chinese on any console, and through any pipe
            stream.reconfigure(encoding="utf-8", errors="replace")
    words = language.of_command_line(arguments)
    help_shown = not arguments or bool({"--help", "-h"} & set(arguments))
    return endings.exit_code(lambda: application(words, help_shown=help_shown), arguments, words)
