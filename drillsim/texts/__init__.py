"""Words in both languages: English is written in the code and is the key; ``zh/*.json`` holds the Chinese."""

from __future__ import annotations

import json
import os
from functools import cache
from importlib import resources

LANGUAGES = ("en", "zh")


@cache
def catalogue(language: str) -> dict[str, str]:
    """English → that language, from every file of ``texts/<language>/``; empty for English."""
    if language == "en":
        return {}
    found: dict[str, str] = {}
    for entry in sorted(resources.files(__package__).joinpath(language).iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".json"):
            found.update(json.loads(entry.read_text(encoding="utf-8")))
    return found


def say(message: str, /, language: str = "en", **values: object) -> str:
    """The message in the language, its ``{named}`` fields filled; in English when it has no translation.

    Raises KeyError when a field has no value.
    """
    template = catalogue(language).get(message, message)
    return template.format(**values) if values else template


_chosen: list[str] = []


def use_language(language: str) -> None:
    """Let everything that is shown in Python and notebooks speak ``"en"`` or ``"zh"`` unless told otherwise. Raises ValueError for another."""
    if language not in LANGUAGES:
        raise ValueError(f"language must be one of {', '.join(LANGUAGES)}, not {language!r}")
    _chosen[:] = [language]


def preferred() -> str:
    """The language chosen with ``use_language``, else DRILLSIM_LANG, else English."""
    wished = os.environ.get("DRILLSIM_LANG", "")
    return _chosen[0] if _chosen else wished if wished in LANGUAGES else "en"
