"""Every ``source`` of a scenario with the place it stands at, so that each figure can be traced and assumptions stand out."""

from __future__ import annotations

import re
from collections import Counter
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
    """One use of a source: the path of the record (and key) in the files, the title of what it describes, and how often it counts.

    ``times`` is above 1 where a key speaks for what records inside state (``activities.screen`` of a hospital): it is how many of them do.
    """

    path: str
    title: Text | None
    times: int = 1


class Source(NamedTuple):
    """One source text and every place that cites it; ``assumed`` when the figures are an assumption to be replaced."""

    text: str
    assumed: bool
    places: tuple[Place, ...]

    @property
    def times(self) -> int:
        """How often it is cited, a key that speaks for records inside once for each of them."""
        return sum(place.times for place in self.places)


def sources(scenario: Scenario) -> list[Source]:
    """Every source of the scenario with the places that cite it: assumptions first, then in the order of the files."""
    found: dict[str, list[Place]] = {}
    for text, place in _cited(scenario, "", None):
        found.setdefault(text, []).append(place)
    gathered = [Source(text, is_assumption(text), tuple(places)) for text, places in found.items()]
    return sorted(gathered, key=lambda source: not source.assumed)


def assumptions(scenario: Scenario) -> int:
    """How many figures of the scenario are marked as assumptions."""
    return sum(source.times for source in sources(scenario) if source.assumed)


def gathered(places: tuple[Place, ...]) -> list[tuple[str, list[str]]]:
    """Places by the part of the files they stand in: ``[("hospital.staff", ["dba", "network.on_call"])]``; a place without parts by itself.

    What counts more than once says so: ``screen × 74``.
    """
    found: dict[str, list[str]] = {}
    for place in places:
        match = _HEAD.match(place.path)
        head, tail = (match[1], _ways(match[2])) if match else (place.path, "")
        times = f"\u00a0×\u00a0{place.times}" if place.times > 1 else ""
        found.setdefault(head, []).append((tail or head.rpartition(".")[2]) + times)
    return list(found.items())


def _ways(tail: str) -> str:
    """The rest of a path, elements of lists by name: ``[declare].within`` → ``declare.within``."""
    return tail.replace("[", ".").replace("]", "").strip(".")


def printed(places: tuple[Place, ...]) -> str:
    """Places as a report prints them: ``hospital.staff: dba, network.on_call; plan.steps: declare.within``."""
    return "; ".join(
        (head or "scenario") if tails == [head] else f"{head}: {', '.join(tails)}" for head, tails in gathered(places)
    )


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
        yield from _own(value, path, title)
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


def _own(value: BaseModel, path: str, title: Text | None) -> Iterator[tuple[str, Place]]:
    source: dict[str, str] = getattr(value, "source", None) or {}
    if "document" in source:
        yield document(source), Place(path, title)
    source = {key: text for key, text in source.items() if key not in ("document", "clause")}
    wide = {key: tuple(key.split(".")) for key in source if key and key not in type(value).model_fields}
    times = Counter(_stated(value, wide)) if wide else Counter[str]()
    for key, text in source.items():
        yield text, Place(f"{path}.{key}".strip(".") if key else path, title, max(1, times[key]))


def _stated(value: Any, keys: dict[str, tuple[str, ...]]) -> Iterator[str]:
    """A key for each record that states what it leads to (``activities.screen``: names in this order on the way) and has no key of its own for it."""
    inside = _stated_in(value)
    told = inside.get("source") or {}
    left = {key: names for key, names in keys.items() if key in told or names[-1] not in told}
    for name, held in inside.items():
        further = {key: names[1:] if names[0] == name else names for key, names in left.items()}
        yield from (key for key, names in further.items() if not names)
        if isinstance(held, BaseModel | dict | tuple) and not isinstance(held, Text) and name != "source":
            yield from _stated(held, {key: names for key, names in further.items() if names})


def _stated_in(value: Any) -> dict[Any, Any]:
    """What a record, a dict or a list states, by key."""
    if isinstance(value, BaseModel):
        held = vars(value)
        return {name: held[name] for name in value.model_fields_set}
    return value if isinstance(value, dict) else dict(enumerate(value))


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
