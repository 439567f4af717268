"""Every sentence about a file exists in Chinese, with the same values in it."""

from __future__ import annotations

import ast
import json
import pickle
from pathlib import Path
from string import Formatter

import pytest

import drillsim
from drillsim import files
from drillsim.errors import Problem, Wrong
from drillsim.files import names, records, syntax
from drillsim.model.faults import FAULT_KINDS
from drillsim.model.measures import MEASURES
from tests.files_sample import GOOD
from tests.test_files_mistakes import REFERENCES, STRUCTURE, VALUES

ROOT = Path(drillsim.__file__).parent
ZH = {
    key: text
    for path in sorted((ROOT / "texts" / "zh").glob("*.json"))
    for key, text in json.loads(path.read_text(encoding="utf-8")).items()
}
SAYING = {"Wrong", "Problem", "refuse", "_note", "_stop", "note", "say", "OutputError"}


def templates() -> set[str]:
    """Every sentence that stands in the code of files, model and units."""
    found = {*names.NOT_THERE.values(), *names.KIND_WORDS.values(), records.MISSING}
    found |= {message for message, _ in records._LIMITS.values()} | {message for _, message in records._BEGINNINGS}
    found |= {message for _, message in syntax._WORDS}
    found |= {meaning.meaning for meaning in MEASURES.values()} | set(FAULT_KINDS.values())
    rooms = ("files", "model", "sim", "experiment")
    for path in [*(path for room in rooms for path in (ROOT / room).rglob("*.py")), ROOT / "units.py"]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                if called in SAYING:
                    found |= {
                        arg.value
                        for arg in node.args
                        if isinstance(arg, ast.Constant) and isinstance(arg.value, str) and " " in arg.value
                    }
            if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
                found |= {
                    one.value
                    for one in node.value.elts
                    if isinstance(one, ast.Constant) and isinstance(one.value, str) and " " in one.value
                }
    return found


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


@pytest.mark.parametrize("template", sorted(templates()))
def test_a_sentence_has_its_chinese_with_the_same_values(template):
    assert template in ZH
    assert fields(ZH[template]) == fields(template)


@pytest.mark.parametrize(("old", "new", "path", "sentence"), [*VALUES, *REFERENCES, *STRUCTURE])
def test_no_english_is_left_in_what_is_told_in_chinese(old, new, path, sentence, tmp_path):
    ours = tmp_path / "ours.yaml"
    ours.write_text(GOOD.replace(old, new), encoding="utf-8")
    for problem in files.check(ours):
        said = files.sentence(problem, "zh")
        for word in (" not ", " the ", "Did you", "expected", "known"):
            assert word not in said.replace(new, ""), said


def test_a_wrong_in_a_wrong_is_told_with_it_and_crosses_between_processes():
    inner = Wrong("{value!r} is not an event", value="detectd")
    outer = Wrong("{problem}. Did you mean {near!r}?", problem=inner, near="detected")
    assert str(outer) == "'detectd' is not an event. Did you mean 'detected'?"
    again = pickle.loads(pickle.dumps(outer))
    assert again == outer
    problem = Problem("a.yaml", 1, "steps", again.template, again.values)
    assert files.sentence(problem) == str(outer)
    assert files.sentence(problem, "zh") == "“detectd”不是事件。是不是“detected”？"
