"""Everything said to people exists in both languages, with the same fields."""

from __future__ import annotations

import ast
import importlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import drillsim
from drillsim.texts import catalogue, say

ROOT = Path(drillsim.__file__).parent
ZH = ROOT / "texts" / "zh"

SAID_TABLES = {
    "drillsim.cli.endings": ("NO_MEMORY",),
    "drillsim.score.lessons": ("SAID",),
    "drillsim.report.sure": ("LEAD",),
    "drillsim.report.stress": ("ITEMS", "CHAPTERS", "LEAD"),
    "drillsim.report.stress_tables": ("AT_SHIFT_END",),
    "drillsim.files.describe": ("COUNTS",),
    "drillsim.report.checked": ("SEVERITIES", "ONE", "SEVERAL"),
    "drillsim.report.words": ("TABLES",),
    "drillsim.report.clauses": ("HAPPENED", "COME", "IN_MODE"),
    "drillsim.report.amounts": ("DAY_NAMES", "LONG_DAY_NAMES", "MONTHS", "SHORT_MONTHS"),
    "drillsim.report.story": ("TABLES",),
    "drillsim.model.faults": ("SHORT",),
    "drillsim.report.advice": ("ADVICE", "SLOWER"),
    "drillsim.report.lessons": ("TOGETHER", "GATHERED", "ALIKE", "WRONGLY", "UNSEEN", "SHOWN_RUNS"),
    "drillsim.report.evidence": ("TABLES",),
    "drillsim.report.sections": ("SECTIONS",),
    "drillsim.report.trust": ("LIMITS", "SHOWN"),
    "drillsim.report.steps": ("GROUP_TITLES", "STATUS_WORDS"),
    "drillsim.report.plots": ("LOAD_WORDS",),
    "drillsim.report.msel": ("EFFECT_WORDS",),
    "drillsim.report.compared": ("FIGURES", "GROUPS", "JUDGED"),
    "drillsim.report.paths": ("MILESTONES", "PIECES"),
    "drillsim.report.delays": ("NAMES",),
    "drillsim.report.sources": ("FIELDS",),
    "drillsim.report.hours": ("DAYS",),
    "drillsim.report.improved": ("KINDS", "STATUS", "MESSAGES", "WHY"),
}
"""Tables whose values are said, by module."""


def _strings(node: ast.expr) -> Iterator[str]:
    """The texts an expression may be: a literal, or either side of a condition."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _strings(node.body)
        yield from _strings(node.orelse)


def _called(node: ast.Call) -> str:
    return (
        node.func.id
        if isinstance(node.func, ast.Name)
        else node.func.attr
        if isinstance(node.func, ast.Attribute)
        else ""
    )


def keys_in_code(source: str) -> set[str]:
    """Every literal first argument of ``say`` in Python code."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and _called(node) == "say" and node.args:
            found.update(_strings(node.args[0]))
    return found


def keys_in_template(source: str) -> set[str]:
    """Every literal first argument of ``say`` in a template."""
    from jinja2 import Environment, nodes

    found: set[str] = set()
    for call in Environment().parse(source).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "say" and isinstance(call.args[0], nodes.Const):
            found.add(call.args[0].value)
    return found


def _flat(table: object) -> Iterator[str]:
    if isinstance(table, str):
        yield table
    elif isinstance(table, dict):
        for value in table.values():
            yield from _flat(value)
    else:
        for value in table:  # type: ignore[attr-defined]
            yield from _flat(value)


def said() -> dict[str, str]:
    """Every English text that is said to people → where it stands."""
    found: dict[str, str] = {}
    for path in sorted(ROOT.rglob("*.py")):
        for key in keys_in_code(path.read_text(encoding="utf-8")):
            found.setdefault(key, path.name)
    for path in sorted(ROOT.rglob("*.j2")):
        for key in keys_in_template(path.read_text(encoding="utf-8")):
            found.setdefault(key, path.name)
    for module, names in SAID_TABLES.items():
        for name in names:
            for key in _flat(getattr(importlib.import_module(module), name)):
                found.setdefault(key, module)
    return found


def fields(text: str) -> set[str]:
    """The ``{named}`` fields of a text."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_every_text_has_a_chinese_translation():
    missing = {key: where for key, where in said().items() if key not in catalogue("zh")}
    assert not missing, json.dumps(missing, indent=1, ensure_ascii=False)


def test_translations_fill_the_same_fields():
    wrong = {key: text for key, text in catalogue("zh").items() if fields(key) != fields(text)}
    assert not wrong


def test_no_report_translation_is_left_over():
    table = json.loads((ZH / "report.json").read_text(encoding="utf-8"))
    assert not set(table) - set(said())


def test_chinese_texts_hold_no_english_sentence():
    """A translation with words of more than six Latin letters in a row, apart from names and commands, was forgotten."""
    allowed = {"drillsim", "AAR", "StartEx", "EndEx", "Python"}
    table = json.loads((ZH / "report.json").read_text(encoding="utf-8"))
    found = {
        key: text
        for key, text in table.items()
        if [w for w in re.findall(r"[A-Za-z]{4,}", re.sub(r"\{\w+\}", "", text)) if w not in allowed]
    }
    assert not found


def test_one_key_stands_in_one_file_only():
    seen: dict[str, str] = {}
    for path in sorted(ZH.glob("*.json")):
        for key, text in json.loads(path.read_text(encoding="utf-8")).items():
            assert seen.setdefault(key, text) == text, f"{key!r} is translated in two ways"


def test_say_fills_fields_in_both_languages():
    assert say("{n} runs", "en", n=200) == "200 runs"
    assert say("{n} runs", "zh", n=200) == "200 次模拟"


def test_say_without_a_value_for_a_field_is_an_error():
    with pytest.raises(KeyError):
        say("{n} runs", "en", m=1)
