"""The page of a study (a comparison, a sweep, a search for what would help): one offline, printable HTML file in the look of the report."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from drillsim import texts
from drillsim.report import html
from drillsim.texts import say


@dataclass(frozen=True)
class Head:
    """What stands at the top of a page: what it is about, and the answer in one box. ``tone`` is holds, fails or open."""

    kicker: str
    title: str
    meta: Sequence[str]
    tone: str
    headline: str
    sentences: Sequence[str]


@dataclass(frozen=True)
class Section:
    """A part of the page: a heading, the template that shows it, and what that template reads."""

    id: str
    heading: str
    template: str
    content: Mapping[str, Any]


def page(head: Head, sections: Sequence[Section], version: str, language: str = "en") -> str:
    """The whole page as text; nothing in it is fetched from anywhere."""
    from markupsafe import Markup

    assert language in texts.LANGUAGES
    environment = html.environment(language)
    script = html.asset("script.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    parts = [
        {"id": s.id, "heading": s.heading, "html": Markup(environment.get_template(s.template).render(**s.content))}
        for s in sections
    ]
    made: str = environment.get_template("study.html.j2").render(
        head=head,
        parts=parts,
        version=version,
        in_one_look=say("In one look", language),
        script=Markup(script),
        script_hash=f"sha256-{digest}",
    )
    return made
