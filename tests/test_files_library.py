"""The shipped library: found by name from anywhere, listed quickly, without a mistake; reading it needs nothing heavy."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from drillsim import files
from drillsim.errors import Problem
from drillsim.files import shelf

ENTRIES = files.library()
LIMIT = 0.6  # seconds of computing that a planner may be kept waiting for a check, start of Python apart


def test_the_library_holds_every_kind_with_words_in_both_languages():
    assert {entry.kind for entry in ENTRIES} == set(shelf.FOLDERS)
    main = next(entry for entry in ENTRIES if entry.name == "his-database-outage")
    assert (main.kind, bool(main.about), bool(main.horizon)) == ("scenario", True, True)
    for entry in ENTRIES:
        assert entry.title.en
        assert entry.title.zh
        assert entry.path.is_file()


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: f"{entry.kind}-{entry.name}")
def test_a_shipped_file_is_without_mistakes(entry):
    assert [one for one in files.check(entry.path) if one.severity == "mistake"] == []


@pytest.mark.parametrize(
    "entry", [one for one in ENTRIES if one.kind in ("scenario", "example")], ids=lambda entry: entry.name
)
def test_the_list_tells_what_the_file_says(entry):
    scenario = files.load(entry.name).scenario
    assert entry.title == scenario.title
    assert entry.about == scenario.story


def test_names_are_found_whatever_the_present_folder_is(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert files.load("his-database-outage").name == "his-database-outage"


def in_a_fresh_python(code: str) -> dict:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True, timeout=60)
    return json.loads(done.stdout)


def test_reading_and_checking_the_largest_scenario_needs_nothing_heavy():
    found = in_a_fresh_python(
        "import json, sys\n"
        "from drillsim import files\n"
        "files.load('his-database-outage')\n"
        "problems = files.check('his-database-outage')\n"
        "print(json.dumps({'modules': sorted(sys.modules), 'problems': len(problems)}))"
    )
    assert not {"numpy", "pandas", "matplotlib", "simpy", "rich", "typer"} & set(found["modules"])


def test_listing_the_library_is_quick():
    found = in_a_fresh_python(
        "import json, time\n"
        "from drillsim import files\n"
        "began = time.process_time()\n"
        "entries = files.library()\n"
        "print(json.dumps({'took': time.process_time() - began, 'entries': len(entries)}))"
    )
    assert found["entries"] == len(ENTRIES)
    assert found["took"] < 0.5


def test_problems_are_described_file_by_file_mistakes_before_warnings():
    problems = [
        Problem("b.yaml", 7, "steps[3].owner", "'{value}' is not a role of this plan", {"value": "leed"}),
        Problem(
            "b.yaml",
            30,
            "roles.x",
            "the key {key!r} is here twice, first in line {first}",
            {"key": "x", "first": 3},
            severity="warning",
        ),
        Problem("b.yaml", 112, "steps[14]", "the value is missing"),
        Problem("a.yaml", None, "", "the file is empty"),
        Problem(
            "c.yaml",
            3,
            "roles.y",
            "the key {key!r} is here twice, first in line {first}",
            {"key": "y", "first": 2},
            severity="warning",
        ),
    ]
    assert files.describe(problems) == [
        "b.yaml has 2 problems",
        "  line 7     steps[3].owner   'leed' is not a role of this plan",
        "  line 112   steps[14]        the value is missing",
        "and 1 warning",
        "  line 30   roles.x   the key 'x' is here twice, first in line 3",
        "a.yaml has 1 problem",
        "  the file is empty",
        "c.yaml has 1 warning",
        "  line 3   roles.y   the key 'y' is here twice, first in line 2",
    ]
    assert files.describe(problems, "zh")[3:6] == [
        "另有 1 条提醒",
        "  第 30 行   roles.x   键“x”重复，第一次出现在第 3 行",
        "a.yaml 有 1 处错误",
    ]
    assert files.describe([]) == []
