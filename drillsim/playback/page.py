"""The film as one HTML file that opens from disk in any browser: nothing is fetched, nothing is built, and nothing in it is computed beforehand."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from functools import cache
from importlib import resources

from drillsim.playback.shape import Film

SCRIPTS = ("film.js", "tools.js", "hospital.js", "response.js", "player.js")


def write_page(film: Film, language: str = "en", *, speed: float = 60.0) -> str:
    """The page that plays the film, opened in ``"en"`` or ``"zh"`` and at that many times the speed (both can be changed in the page)."""
    script = '"use strict";\n(() => {\n' + "\n".join(asset(name) for name in SCRIPTS) + "\n})();\n"
    style = asset("style.css")
    parts = {
        "lang": "zh-CN" if language == "zh" else "en",
        "speed": f"{speed:g}",
        "title": html.escape(film["title"]["zh" if language == "zh" else "en"]),
        "script_hash": integrity(script),
        "style_hash": integrity(style),
        "style": style,
        "icons": asset("icons.svg"),
        "film": embedded(film),
        "script": script,
    }
    return re.sub(r"@(\w+)@", lambda found: parts[found[1]], asset("page.html"))


@cache
def asset(name: str) -> str:
    """One of the files the page is made of."""
    return resources.files(__package__).joinpath("page", name).read_text(encoding="utf-8")


def embedded(film: Film) -> str:
    """The film as JSON that cannot end the element it stands in: every ``<`` is written ``\\u003c``."""
    text = json.dumps(film, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def integrity(text: str) -> str:
    """The hash by which the page's policy knows its own script and style; nothing else may run in it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
