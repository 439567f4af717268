"""What the ids in sources stand for: ``FACTS R6`` → the figure, where it was published, and how well it was read.

An entry of ``references.json`` has ``figure`` (what the files use, and whom it was measured on), ``cite`` (where it was published; an author or a title that
is missing there was not on record), ``grade`` (a key of ``LEGEND``), and may have ``also`` (words of a source that mean it) and ``see`` (others it rests on).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from drillsim.model.base import Text
from drillsim.texts import say

GROUPS = ("FACTS", "INCIDENTS", "THRESHOLDS")
"""First words of an id: figures of studies and surveys, timelines of real outages, limits in published plans and rules."""

_GROUP = re.compile(rf"\b({'|'.join(GROUPS)})\b")
_ID = re.compile(r"\b(?:[A-Z]\d+[a-z]?|\d[a-z])\b")


class Reference(NamedTuple):
    """A published figure that sources cite; ``grade``: how well it was read, one or two of :func:`grades`, such as ``A/B``."""

    id: str
    figure: Text
    cite: Text
    grade: str


class Grades(NamedTuple):
    """What the grades mean: for studies, surveys and incidents; for limits in plans and rules; and what else is to be known of the list."""

    figures: dict[str, Text]
    limits: dict[str, Text]
    remarks: Text


@cache
def _entries() -> dict[str, dict[str, Any]]:
    text = resources.files(__package__).joinpath("references.json").read_text(encoding="utf-8")
    found: dict[str, dict[str, Any]] = json.loads(text)
    return found


@cache
def references() -> dict[str, Reference]:
    """Id → the reference, in the order of the list."""
    return {
        name: Reference(name, Text.model_validate(e["figure"]), Text.model_validate(e["cite"]), str(e["grade"]))
        for name, e in _entries().items()
        if name != "LEGEND"
    }


def grades() -> Grades:
    """What the grades of references mean."""
    legend = _entries()["LEGEND"]
    figures, limits = (
        {grade: Text.model_validate(meaning) for grade, meaning in legend[group].items()}
        for group in ("FACTS and INCIDENTS", "THRESHOLDS")
    )
    return Grades(figures, limits, Text.model_validate(legend["remarks"]))


def legend(language: str) -> list[str]:
    """The grades in a paragraph for each group, and what else is to be known."""
    known = grades()
    return [
        *(
            say("{group}: ", language, group=say(", ", language).join(groups))
            + say("; ", language).join(f"[{grade}] {meaning.in_language(language)}" for grade, meaning in scale.items())
            for groups, scale in ((GROUPS[:2], known.figures), (GROUPS[2:], known.limits))
        ),
        known.remarks.in_language(language),
    ]


def cited(texts: Iterable[str]) -> list[Reference]:
    """The references that the texts of sources cite, and those that these rest on, each once, in the order of the list."""
    found = {name for text in texts for name in _names(text)}
    found |= {other for name in found for other in _entries()[name].get("see", ())}
    return [reference for name, reference in references().items() if name in found]


def _names(text: str) -> Iterator[str]:
    """What a text cites, by ids (``FACTS P5, P6: …; P4: …`` is three) and by words (``THRESHOLDS: backups at least daily``)."""
    first = _GROUP.search(text)
    if first is None:
        return
    for name in _ID.findall(text, first.end()):
        known = f"{'INCIDENTS' if name[0] in 'IS' else 'FACTS'} {name}"
        if known in references():
            yield known
    spans = [(start, start + len(words), name) for words, name in _words().items() if (start := text.find(words)) >= 0]
    for start, end, name in spans:
        if not any(a <= start and end <= b and b - a > end - start for a, b, _ in spans):
            yield name


@cache
def _words() -> dict[str, str]:
    """Words that cite → the id of the reference they mean; what is named by group and number is found by that."""
    found: dict[str, str] = {}
    for name, entry in _entries().items():
        numbered = name in GROUPS or _ID.fullmatch(name.split()[-1])
        found |= dict.fromkeys([*([] if numbered else [name]), *entry.get("also", ())], name)
    return found
