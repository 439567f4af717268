"""What the plan check found, beside the score: a score of a plan without findings is told apart from one with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from drillsim.report import words
from drillsim.score.summary import FindingPart, Summary
from drillsim.texts import say

SEVERITIES = {"serious": "serious", "warning": "warning", "hint": "hint"}
ONE = {"serious": "1 serious finding", "warning": "1 warning", "hint": "1 hint"}
SEVERAL = {"serious": "{n} serious findings", "warning": "{n} warnings", "hint": "{n} hints"}


def open_findings(summary: Summary) -> list[FindingPart]:
    """Findings that nobody has said to be meant so."""
    return [one for one in summary.findings or [] if one.silenced is None]


def counts(severities: Sequence[str], language: str) -> str:
    """How many of each kind: ``2 serious findings, 1 hint``; empty for none."""
    numbers = {name: sum(one == name for one in severities) for name in SEVERITIES}
    told = [say((ONE if n == 1 else SEVERAL)[name], language, n=n) for name, n in numbers.items() if n]
    return say(", ", language).join(told)


def beside_the_score(summary: Summary, language: str) -> str:
    """The sentence that stands beside the verdict; empty for a scenario without a plan, and when the plan was not checked."""
    if summary.findings is None or not summary.coverage.total:
        return ""
    found = counts([one.severity for one in open_findings(summary)], language)
    if not found:
        return say("The plan check found nothing to object to.", language)
    return say("The plan check found {counts}; read the figures with them.", language, counts=found)


def in_a_line(summary: Summary, language: str) -> str:
    """The same for a terminal: the gravest finding, and where to read on; empty for nothing found."""
    found = open_findings(summary)
    if not found:
        return ""
    told = counts([one.severity for one in found], language)
    line = say("{counts}: {first} …" if len(found) > 1 else "{counts}: {first}", language, counts=told, first=words.words(found[0].what, language))  # fmt: skip
    return f"{line}  → drillsim check {words.argument(summary.scenario.name)}"


def rows(summary: Summary, language: str) -> dict[str, Any]:
    """What the section of the page shows: findings by rule, the gravest first, and those that are meant to be so under their reason."""
    groups: dict[str, dict[str, Any]] = {}
    for one in open_findings(summary):
        group = groups.setdefault(
            one.rule,
            {
                "severity": say(SEVERITIES[one.severity], language),
                "bad": one.severity == "serious",
                "part": one,
                "found": [],
            },
        )
        group["found"].append({"what": words.words(one.what, language), "place": place(one, language)})
    meant: dict[str, list[str]] = {}
    for one in summary.findings or []:
        if one.silenced is not None:
            meant.setdefault(words.words(one.silenced, language), []).append(words.words(one.what, language))
    return {
        "lint_groups": list(groups.values()),
        "lint_meant": meant,
        "lint_meant_count": sum(map(len, meant.values())),
    }


def place(one: FindingPart, language: str) -> str:
    """``plan.yaml, line 20: roles.it_lead``."""
    if one.line is None:
        return one.path
    return say("{file}, line {line}: {path}", language, file=one.file, line=one.line, path=one.path)
