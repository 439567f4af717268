"""Short names of departments and systems, for small tiles and the drawing of the replay: each shorter than the title, no two alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Literal

from drillsim.errors import Wrong
from drillsim.lint.finding import Finding, Findings
from drillsim.lint.view import View
from drillsim.model.care import Department
from drillsim.model.systems import Component

LANGUAGES = ("en", "zh")


def short_names(view: View) -> Findings:
    """Short names that are no shorter than the title, and those that another department or system is shown by."""
    yield from _of(view, "department", "departments", view.hospital.departments)
    yield from _of(view, "component", "systems", view.hospital.systems)


def _of(
    view: View, kind: Literal["department", "component"], key: str, records: Mapping[str, Department | Component]
) -> Findings:
    shown: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name, record in records.items():
        for language in LANGUAGES:
            shown[language, (record.short or record.title).in_language(language)].append(name)
    for name, record in records.items():
        if record.short is None:
            continue
        short, title = ([text.in_language(language) for language in LANGUAGES] for text in (record.short, record.title))
        alike = [one for pair in zip(LANGUAGES, short, strict=True) for one in shown[pair] if one != name]
        if all(len(one) >= len(other) for one, other in zip(short, title, strict=True)):
            what = Wrong("the short name of {thing} is not shorter than its title", thing=view.named(kind, name))
        elif alike:
            what = Wrong("{thing} has the short name that {other} is shown by", thing=view.named(kind, name), other=view.named(kind, alike[0]))  # fmt: skip
        else:
            continue
        yield Finding("short-name", ("hospital", key, name, "short"), what, name)


RULES = (short_names,)
