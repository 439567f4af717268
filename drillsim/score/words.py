"""Titles in both languages, for the summary."""

from __future__ import annotations

from drillsim.model.base import Text
from drillsim.score.summary_parts import Words


def words(text: Text) -> Words:
    """The text in both languages; where one is missing, the other stands in."""
    return Words(en=text.in_language("en"), zh=text.in_language("zh"))
