"""``drillsim run``: load, play, save, report, tell; and the same telling for a run that is scored again."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from drillsim.cli import folders, progress
from drillsim.cli.endings import DONE, EXPLAINED, INTERRUPTED
from drillsim.texts import say


@dataclass(frozen=True)
class Wish:
    """What the command line asks for; None leaves it to the scenario."""

    scenario: str
    replications: int | None
    seed: int | None
    jobs: int | None
    variants: tuple[str, ...]
    changes: tuple[str, ...]
    out: Path | None
    force: bool
    language: str
    as_json: bool
    all_steps: bool
    fail_if_missed: bool
    quiet: bool


def run(wish: Wish) -> int:
    """Play the scenario and write its folder; nothing is written before the files are found to be free of mistakes."""
    from drillsim import files

    loaded = files.load(wish.scenario, variants=wish.variants, set=wish.changes, language=wish.language)
    folder = folders.choose(wish.out, loaded.name)
    folders.make_sure(folder, force=wish.force)
