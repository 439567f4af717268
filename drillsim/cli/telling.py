"""The commands that tell: the shipped library, a scenario in words, schemas, and files to start from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from drillsim.cli.endings import DONE
from drillsim.texts import say

DOCS = Path(__file__).resolve().parent.parent / "docs"
RUNNABLE = ("scenario", "example")
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
        print()
    print(say("How files are written: {folder}", language, folder=DOCS))
    return DONE


def brief(scenario: str, variants: Sequence[str], changes: Sequence[str], language: str) -> int:
    """Print the scenario in words."""
    from drillsim import files
    from drillsim.report.brief import brief

    loaded = files.load(scenario, variants=variants, set=changes, language=language)
    print(brief(loaded.scenario, language=language))
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


def new(folder: Path, language: str) -> int:
    """Write the files to start from, and say what to do with them."""
    from drillsim import files

    for path in files.new(folder, language):
        print(path)
    print(say("Play it:  drillsim run {scenario}", language, scenario=folder / "scenario.yaml"))
    return DONE
