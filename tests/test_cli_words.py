"""Everything the command line says exists in Chinese, and says the same."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

import drillsim.cli
from drillsim.cli import commands, language, main
from drillsim.texts import catalogue

FOLDER = Path(drillsim.cli.__file__).parent
ENGLISH_ON_PURPOSE = {"--help"}


def said_in(source: str) -> Iterator[str]:
    """Every text that a module says or raises: the first argument of ``say`` and of our errors, and texts in tables of templates."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if (
                called in {"say", "_say", "OutputError", "LogError"}
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                yield str(node.args[0].value)


def help_texts(command: Any) -> Iterator[str]:
    for part in (command, *command.params):
        for name in ("help", "epilog", "show_default"):
            if isinstance(words := getattr(part, name, None), str):
                yield words
    for subcommand in getattr(command, "commands", {}).values():
        yield from help_texts(subcommand)


def everything_said() -> list[str]:
    from drillsim.cli.endings import USAGE_WORDS, WHY_WORDS
    from drillsim.cli.telling import HEADINGS

    found = [text for path in sorted(FOLDER.glob("*.py")) for text in said_in(path.read_text(encoding="utf-8"))]
    found += help_texts(commands.application("en", help_shown=False))
    found += [template for _, template in (*USAGE_WORDS, *WHY_WORDS)] + list(HEADINGS.values())
    return sorted(set(found) - ENGLISH_ON_PURPOSE)


@pytest.mark.parametrize("text", everything_said())
def test_a_text_has_its_chinese_with_the_same_fields(text: str) -> None:
    chinese = catalogue("zh").get(text)
    assert chinese, f"no Chinese for {text!r}"
    assert re.search(r"[\u3001\u3002\uff0c\uff1b\u4e00-\u9fff]|^\W*(\{\w*\}\W*)+$", chinese), (
        f"not Chinese: {chinese!r}"
    )
    assert fields(chinese) == fields(text)


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def test_every_command_shows_an_example() -> None:
    application: Any = commands.application("en", help_shown=False)
    for name, command in application.commands.items():
        assert re.match(rf"Example: drillsim {name} ", command.epilog + " "), name


@pytest.mark.parametrize(
    ("arguments", "environment", "expected"),
    [
        ([], {"LANG": "zh_CN.UTF-8"}, "zh"),
        ([], {"LANG": "en_GB.UTF-8"}, "en"),
        ([], {"LANG": "de_DE.UTF-8"}, "en"),
        ([], {"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en"),
        ([], {"DRILLSIM_LANG": "zh", "LANG": "en_GB.UTF-8"}, "zh"),
        ([], {"DRILLSIM_LANG": "klingon", "LANG": "zh_CN.UTF-8"}, "zh"),
        (["run", "x", "--lang", "en"], {"DRILLSIM_LANG": "zh"}, "en"),
        (["run", "x", "--lang=zh"], {"LANG": "en_GB.UTF-8"}, "zh"),
    ],
)
def test_the_option_comes_before_the_variable_and_the_variable_before_the_locale(
    arguments: list[str], environment: dict[str, str], expected: str
) -> None:
    assert language.of_command_line(arguments, environment) == expected


def test_windows_names_its_chinese_locale_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("locale.getlocale", lambda: ("Chinese (Simplified)_China", "936"))
    assert language.of_locale({}) == "zh"


@pytest.mark.parametrize(
    ("arguments", "english", "chinese"),
    [
        (["run", "smallest", "--only", "x"], "the value of --only does not fit: a whole number is wanted", "应为整数"),
        (["run", "smallest", "--replications", "0"], "it must be 1 or more", "应不小于 1"),
        (["improve", "smallest", "--years", "x"], "a number is wanted", "应为数字"),
        (["replay", "smallest", "--speed", "601"], "it must be 600 or less", "应不大于 600"),
        (["schema", "nonsense"], "'nonsense' is none of 'scenario', 'hospital'", "“nonsense”不在"),
    ],
)
def test_a_value_that_does_not_fit_is_told_in_plain_words(arguments: list[str], english: str, chinese: str, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    assert main([*arguments, "--lang", "en"]) == 2
    assert english in capsys.readouterr().err
    assert main([*arguments, "--lang", "zh"]) == 2
    assert chinese in capsys.readouterr().err


def test_a_file_to_include_that_is_not_there_is_looked_for_beside_the_one_that_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ours.yaml").write_text("drillsim: scenario/1\ninclude: [people.yaml]\ntitle: t\n", encoding="utf-8")
    assert main(["check", "ours.yaml", "--lang", "en"]) == 1
    assert "there is no file 'people.yaml' beside this file" in capsys.readouterr().out
