"""How far the work has come: runs done, rate, time left; silent when nobody looks at a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from drillsim.texts import say


@contextmanager
def shown(total: int, language: str, *, quiet: bool, at_most: bool = False) -> Iterator[Callable[[int], None]]:
    """A function to call with the number of runs done so far; it moves a bar on standard error. ``at_most``: it may end before ``total``."""
    if quiet or not sys.stderr.isatty():
        yield lambda done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn
    from rich.text import Text

    class Pace(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(pace(task.completed, task.total or 0, task.elapsed or 0.0, language))

    columns = (TextColumn("  {task.description}"), BarColumn(bar_width=32), MofNCompleteColumn(), Pace())
    with Progress(*columns, console=Console(stderr=True), transient=False) as progress:
        name = say("runs, at most" if at_most else "runs", language)
        task = progress.add_task(name, total=total)
        yield lambda done: progress.update(task, completed=done)


def saving(language: str) -> None:
    """Say that what is finished is being saved; written past the streams, since a signal may come while they are written to."""
    words = say("Saving what is finished …", language)
    with suppress(OSError):
        os.write(2, f"{words}\n".encode())


def pace(done: float, total: float, seconds: float, language: str) -> str:
    """The rate and the time left, or the time taken when all are done."""
    if not done or not seconds:
        return say("getting ready", language)
    if done >= total:
        return say("{rate}/s   done in {time}", language, rate=f"{done / seconds:.1f}", time=length(seconds, language))
    left = length((total - done) * seconds / done, language)
    return say("{rate}/s   about {time} left", language, rate=f"{done / seconds:.1f}", time=left)


def length(seconds: float, language: str) -> str:
    """Seconds below two minutes, else minutes."""
    if seconds < 120:
        return say("{n} s", language, n=round(seconds))
    return say("{n} min", language, n=round(seconds / 60))
