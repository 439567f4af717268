"""Every block of the README is carried out as it stands, with one run instead of hundreds; .ci/run carries out the two set-up commands."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

import drillsim
from drillsim import files
from drillsim.cli import main

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def set_up_lines() -> list[str]:
    return [line for block in blocks("sh") for line in block.splitlines() if line.startswith("python3 -m venv")]


def test_there_are_two_set_up_commands_of_one_line_each() -> None:
    run, tests = set_up_lines()
    assert run.endswith("drillsim run his-database-outage")
    assert tests.endswith("-m pytest -q -n auto")


def test_the_line_for_windows_is_the_first_command_in_windows_words() -> None:
    windows = set_up_lines()[0].replace("python3", "py").replace(".venv/bin/", ".venv\\Scripts\\")
    assert f"`{windows}`" in README


def test_every_block_is_of_a_kind_that_is_carried_out() -> None:
    assert set(re.findall(r"^```(\w+)$", README, re.MULTILINE)) == {"sh", "python", "yaml"}


def test_the_commands_do_what_they_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for line in (line for block in blocks("sh") for line in block.splitlines() if line not in set_up_lines()):
        program, *arguments = shlex.split(line.partition(" > ")[0])
        assert program == "drillsim", line
        few = ["--replications", "1", "--jobs", "1"] if arguments[0] == "run" else []
        code = main([*arguments, *few])
        assert code == 0, f"{line}\n{capsys.readouterr().err}"
    assert (tmp_path / "runs" / "two-dbas" / "report.html").is_file()


@pytest.mark.parametrize("text", blocks("yaml"))
def test_a_scenario_of_the_readme_has_no_mistakes(text: str, tmp_path: Path) -> None:
    path = tmp_path / "readme.yaml"
    path.write_text(text, encoding="utf-8")
    assert not [p for p in files.check(path) if p.severity == "mistake"]
    assert files.load(path).scenario.faults


@pytest.mark.parametrize("text", blocks("python"))
def test_the_python_of_the_readme_works(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    few, changed = re.subn(r"replications=\d+", "replications=1, jobs=1", text)
    assert changed
    exec(compile(few, "README.md", "exec"), {})
    assert capsys.readouterr().out.strip()


def test_every_command_and_option_that_the_readme_names_exists() -> None:
    from drillsim.cli import commands

    application = commands.application("en", help_shown=False)
    known = {option for c in application.commands.values() for p in c.params for option in p.opts} | {
        "--run-slow",
        "--help",
    }  # type: ignore[attr-defined]
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", README)) <= known
    assert drillsim.__version__ in (ROOT / "drillsim" / "docs" / "changelog.md").read_text(encoding="utf-8")
