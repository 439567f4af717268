"""Every ``source`` of a scenario with the place it stands at, so that each figure can be traced and assumptions stand out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from pydantic import BaseModel

from drillsim.model.base import Text
from drillsim.model.scenario import Scenario
from drillsim.texts import say

_HEAD = re.compile(r"((?:hospital|plan)\.\w+|\w+)([.\[].+)")


FIELDS: dict[str, str] = {
    "within": "within: {text}",
    "takes": "takes: {text}",
    "during": "during: {text}",
    "when": "when: {text}",
    "at": "at: {text}",
    "only_if": "only_if: {text}",
    "lasts": "lasts: {text}",
    "severity": "severity: {text}",
    "planned": "planned: {text}",
    "chance": "chance: {text}",
    "chance_right": "chance_right: {text}",
    "least_share": "least_share: {text}",
}
"""Field of a step or a fault → how its source is told; others stand as in the file."""


class Place(NamedTuple):
    """One use of a source: the path of the record (and field) in the files, and the title of what it describes."""

    path: str
    title: Text | None


class Source(NamedTuple):
    """One source text and every place that cites it; ``assumed`` when the figures are an assumption to be replaced."""

    text: str
    assumed: bool
    places: tuple[Place, ...]


def sources(scenario: Scenario) -> list[Source]:
    """Every source of the scenario with the places that cite it: assumptions first, then in the order of the files."""
    found: dict[str, list[Place]] = {}
    for text, place in _cited(scenario, "", None):
        found.setdefault(text, []).append(place)
    gathered = [Source(text, is_assumption(text), tuple(places)) for text, places in found.items()]
    return sorted(gathered, key=lambda source: not source.assumed)


def gathered(places: tuple[Place, ...]) -> list[tuple[str, list[str]]]:
    """Places by the part of the files they stand in: ``[("hospital.staff", ["dba", "network.on_call"])]``; a place without parts by itself."""
    found: dict[str, list[str]] = {}
    for place in places:
        match = _HEAD.match(place.path)
        head, tail = (match[1], match[2].strip("[].").replace("]", "")) if match else (place.path, "")
        found.setdefault(head, []).append(tail or head.rpartition(".")[2])
    return list(found.items())


def shown(text: str, language: str = "en") -> str:
    """A source in the language of the report; one that nobody has translated as its file has it, but that what is assumed is called so."""
    if language == "en":
        return text
    if (known := say(text, language)) != text:
        return known
    said = say("assumption: ", language)
    text = re.sub(r"\(assumption\)|\s+\b(is|are) (an )?assumptions?\b", "（" + said.rstrip("：") + "）", text)
    return re.sub(r"(?<![\w])assumption(:\s*|\b)", lambda m: said if ":" in m[1] else said.rstrip("："), text)


def is_assumption(text: str) -> bool:
    """Whether a source says that the figure is assumed."""
    return text.strip().lower().startswith("assum")


def _cited(value: Any, path: str, title: Text | None) -> Iterator[tuple[str, Place]]:
    if isinstance(value, BaseModel):
        own = getattr(value, "title", None)
        title = own if isinstance(own, Text) else title
        yield from _own(getattr(value, "source", None) or {}, path, title)
        for name in type(value).model_fields:
            if name != "source":
                yield from _cited(getattr(value, name), f"{path}.{name}".lstrip("."), title)
    elif isinstance(value, dict):
        for key, inside in value.items():
            if isinstance(inside, BaseModel | dict | tuple):
                yield from _cited(inside, f"{path}.{key}", title)
    elif isinstance(value, tuple):
        for number, inside in enumerate(value):
            if isinstance(inside, BaseModel | dict | tuple):
                yield from _cited(inside, f"{path}[{getattr(inside, 'id', None) or number}]", title)


def _own(source: dict[str, str], path: str, title: Text | None) -> Iterator[tuple[str, Place]]:
    if "document" in source:
        yield document(source), Place(path, title)
        source = {key: text for key, text in source.items() if key not in ("document", "clause")}
    for field, text in source.items():
        yield text, Place(f"{path}.{field}".strip(".") if field else path, title)


def document(source: dict[str, str], language: str = "en") -> str:
    """A line of a plan as its source, in the language: ``HIS emergency plan v3, 4.2``; the only text when there is no document."""
    if "document" in source:
        return say(", ", language).join(shown(source[k], language) for k in ("document", "clause") if source.get(k))
    return say("; ", language).join(_told(field, text, language) for field, text in source.items())


def _told(field: str, text: str, language: str) -> str:
    """A source with the field that it is about: ``§ 4.2``, ``within: THRESHOLDS …``."""
    if field == "clause":
        return f"§ {text}"
    text = shown(text, language)
    if field in FIELDS:
        return say(FIELDS[field], language, text=text)
    return f"{field}: {text}" if field else text
