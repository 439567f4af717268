"""The commands that tell: the shipped library, a scenario in words, schemas, and files to start from."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from drillsim.cli.endings import DONE
from drillsim.texts import say

if TYPE_CHECKING:
    from drillsim.files.shelf import Entry

DOCS = Path(__file__).resolve().parent.parent / "docs"
RUNNABLE = ("scenario", "example")
_IDS = re.compile(r"(FACTS|INCIDENTS|THRESHOLDS)\s+[A-Z]\d+(?:[a-z]\b)?(?:(?:, | and | to )[A-Z]\d+)*")
HEADINGS = {
    "scenario": "Scenarios: drillsim run NAME",
    "example": "Small examples: drillsim run NAME",
    "hospital": "Hospitals: hospital: NAME in a scenario",
    "plan": "Plans: plan: NAME in a scenario",
    "thresholds": "Thresholds for paper working",
}


def library(language: str, *, names: bool) -> int:
    """Print every shipped file with its title, or only the names of those that can be run."""
    from drillsim import files

    entries = files.library()
    if names:
        print("\n".join(entry.name for entry in entries if entry.kind in RUNNABLE))
        return DONE
    for kind in dict.fromkeys(entry.kind for entry in entries):
        print(say(HEADINGS[kind], language))
        width = max(len(entry.name) for entry in entries if entry.kind == kind)
        for entry in (entry for entry in entries if entry.kind == kind):
            print(f"  {entry.name:<{width}}   {entry.title.in_language(language)}")
            if entry.kind == "scenario":
                print(f"      {_in_short(entry, language)}")
        print()
    print(say("How files are written, and what FACTS, INCIDENTS and THRESHOLDS refer to (sources.md): {folder}", language, folder=DOCS))  # fmt: skip
    return DONE


def _in_short(entry: Entry, language: str) -> str:
    """How long a scenario plays, what breaks, and what it is modelled on: ``16 h · outage, people away · INCIDENTS S1, S3; assumptions``."""
    from drillsim.files import shelf
    from drillsim.model.faults import SHORT
    from drillsim.report.words import duration
    from drillsim.units import minutes

    kinds = dict.fromkeys(fault.kind for fault in shelf.faults().get(entry.name, ()))
    named = [say(SHORT[kind], language) if kind in SHORT else kind.replace("_", " ") for kind in kinds]
    sources = [" ".join(found.group().split()) for found in _IDS.finditer(entry.source)]
    assumed = [say("assumptions", language)] if "assumption" in entry.source else []
    pieces = [
        duration(minutes(entry.horizon), language) if entry.horizon else "",
        say(", ", language).join(named),
        say("; ", language).join([*sources, *assumed]),
    ]
    return " · ".join(piece for piece in pieces if piece)


def brief(scenario: str, variants: Sequence[str], changes: Sequence[str], language: str) -> int:
    """Print the scenario in words."""
    from drillsim import files
    from drillsim.report.brief import brief

    loaded = files.load(scenario, variants=variants, set=changes, language=language)
    print(brief(loaded.scenario, language=language))
    return DONE


def stress(folder: Path, language: str) -> int:
    """Print the description of the study of a saved run."""
    from drillsim.api import open_run

    print(open_run(folder).stress(language), end="")
    return DONE


def schema(kind: str) -> int:
    """Print the JSON Schema of a kind of file, of ``summary.json``, or of the film that a replay plays."""
    if kind == "summary":
        from drillsim.score.summary import Summary

        described = Summary.model_json_schema()
    elif kind == "film":
        from drillsim.playback import shape

        described = shape.schema()
    else:
        from drillsim import files

        described = files.schema(kind)
    print(json.dumps(described, indent=2, ensure_ascii=False))
    return DONE


def new(folder: Path, language: str, like: str | None = None) -> int:
    """Write the files to start from, and say what to do with them."""
    from drillsim import files

    for path in files.new(folder, language, like):
        print(path)
    print(say("Play it:  drillsim run {scenario}", language, scenario=folder / "scenario.yaml"))
    return DONE
