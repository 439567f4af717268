"""The kind of record everything is made of, and the small types (names, texts, minutes, chances) its fields share."""

import math
from dataclasses import dataclass
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
    model_serializer,
    model_validator,
)

from drillsim import units
from drillsim.errors import Wrong


class Record(BaseModel):
    """A frozen description; unknown keys are refused, and a copy with changes is a new record."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=False, ser_json_inf_nan="strings")

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        return self  # nothing in it changes; pydantic copies every default otherwise


@dataclass(frozen=True)
class Ref:
    """Marks a field whose text must be the id of something in ``namespace`` (checked over the raw file, so all mistakes show at once).

    Namespaces: staff, resource (staff or equipment), equipment, department, component, activity, pathway, node (of the same pathway),
    role, step, fault, objective, variant, medium, roster (its name, or a span of hours), group, channel, cause; several are joined by
    commas. ``also`` lists further words that are allowed; one that ends in a colon is the beginning of a selector.
    """

    namespace: str
    also: tuple[str, ...] = ()


Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_\-]*$")]
"""A name in files: lower case letters, digits, ``_`` and ``-``, beginning with a letter."""


def _number_text(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _number(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise Wrong("expected a number, got {text!r}", text=value)
    return number


Number = Annotated[float, BeforeValidator(_number)]
"""A figure without a unit."""


def _counted(value: Any) -> Any:
    if isinstance(value, str):
        return {value: 1}
    if isinstance(value, list | tuple) and all(isinstance(one, str) for one in value):
        return dict.fromkeys(value, 1)
    return value


Counted = BeforeValidator(_counted)
"""Lets ``{name: how many}`` be written as one name, or as a list of names, one of each."""


class Text(Record):
    """Words for people: ``{en: …, zh: …}``, or one string that serves in both languages."""

    en: str = ""
    zh: str = ""

    @model_validator(mode="before")
    @classmethod
    def _from_string(cls, value: Any) -> Any:
        return {"en": value, "zh": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _not_empty(self) -> "Text":
        if not (self.en or self.zh):
            raise Wrong("expected words, such as {{en: Registration, zh: 挂号}}")
        return self

    @model_serializer
    def _to_plain(self) -> str | dict[str, str]:
        return self.en if self.en == self.zh else {k: v for k, v in (("en", self.en), ("zh", self.zh)) if v}

    def __str__(self) -> str:
        return self.in_language("en")

    def in_language(self, language: str) -> str:
        """The words in ``"en"`` or ``"zh"``; the other language when these are missing."""
        return (self.zh or self.en) if language == "zh" else (self.en or self.zh)


def _minutes(value: Any) -> Any:
    if isinstance(value, str):
        return units.minutes(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Wrong("expected a duration such as '90 min', got {value!r}", value=value)
    if value < 0:
        raise Wrong("expected a duration of zero or more, got {value!r}", value=value)
    return float(value)


Minutes = Annotated[
    float,
    BeforeValidator(_minutes),
    PlainSerializer(units.minute_text, return_type=str),
    WithJsonSchema({"type": "string", "description": "a duration such as '90 min' or '1 h 30 min'"}),
]
"""A length of time. In files a text with its unit; in Python float minutes."""


def _probability(value: Any) -> Any:
    if isinstance(value, str):
        text = value.strip()
        try:
            value = float(text[:-1]) / 100 if text.endswith("%") else float(text)
        except ValueError:
            raise Wrong("expected a probability such as 0.7 or '70 %', got {text!r}", text=text) from None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Wrong("expected a probability such as 0.7 or '70 %', got {text!r}", text=value)
    if not 0 <= value <= 1:
        raise Wrong("a probability lies between 0 and 1, got {value:g}", value=value)
    return value


Probability = Annotated[
    float,
    BeforeValidator(_probability),
    WithJsonSchema({"anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, {"type": "string", "pattern": r"%$"}]}),
]
"""A chance between 0 and 1, also written as ``70 %``."""

Count = Annotated[int, BeforeValidator(_number_text), Field(ge=0)]
Factor = Annotated[float, BeforeValidator(_number), Field(gt=0)]


def _as_tuple(value: Any) -> Any:
    return (value,) if isinstance(value, (str, dict)) else value


OneOrMany = BeforeValidator(_as_tuple)
"""Lets a list in a file be written as its only element."""


def _source(value: Any) -> Any:
    return {"": value} if isinstance(value, str) else value


Source = Annotated[dict[str, str], BeforeValidator(_source), WithJsonSchema({"type": ["string", "object"]})]
"""Where the figures of a record come from: one string, or one per field (``{takes: "FACTS C6", patience: "assumption"}``, ``""`` for all the rest;
``activities.screen`` of a hospital speaks for that field of all records inside), or ``{document: …, clause: …}`` for a line of a plan. A text that begins with ``assumption`` marks a figure to replace with one's own."""
