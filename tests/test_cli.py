"""The command line as a user meets it: help, endings, what is written where, and how quickly it answers."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from drillsim import __version__, files
from drillsim.cli import main, progress
from drillsim.errors import SimulationError
from drillsim.model import faults
from drillsim.report import words
from drillsim.report.columns import cells
from drillsim.units import minutes
from tests.test_cli_bad_input import GOOD

HEAVY = {"numpy", "pandas", "simpy", "matplotlib", "jinja2", "pyarrow", "joblib"}


@pytest.fixture
def good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small good scenario in a folder of its own, which is the present one."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "small.yaml"
    path.write_text(GOOD, encoding="utf-8")
    return path


def loaded_by(*arguments: str) -> set[str]:
    """The top-level packages that a command line brings in."""
    code = f"import sys; from drillsim.cli import main; code = main({list(arguments)!r}); print('|', *sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True, timeout=60)
    return {name.split(".")[0] for name in done.stderr.partition("|")[2].split()}


def test_help_brings_in_nothing_that_takes_time() -> None:
    assert not loaded_by("--help") & (HEAVY | {"pydantic", "yaml"})


def test_check_brings_in_only_what_reads_files(good: Path) -> None:
    assert not loaded_by("check", str(good)) & HEAVY


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run"], "the argument SCENARIO is missing"),
        (["rum", "x"], "there is no command rum; did you mean 'run'?"),
        (["run", "x", "--replicatons", "3"], "there is no option --replicatons; did you mean --replications?"),
        (["run", "x", "--replications", "0"], "the value of --replications does not fit"),
        (["run", "x", "--replications", "many"], "the value of --replications does not fit"),
        (["run", "x", "--lang", "fr"], "the value of --lang does not fit"),
        (["schema", "ward"], "the value of"),
        (["run", "x", "--seed"], "the option --seed needs a value"),
        (["list", "x"], "x is more than this command takes"),
    ],
)
def test_a_wrong_command_line_is_explained_and_ends_with_2(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments]) == 2
    told = capsys.readouterr()
    assert words in told.err, told.err
    assert "--help" in told.err
    assert told.out == ""


def test_a_wrong_command_line_is_explained_in_chinese_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRILLSIM_LANG", "zh")
    assert main(["rum", "x"]) == 2
    assert "没有命令 rum；是不是 'run'？" in capsys.readouterr().err


def test_the_help_is_in_the_language_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--help", "--lang", "zh"]) == 0
    told = capsys.readouterr().out
    assert "把一个情景模拟多次" in told
    assert "Show this" not in told


def test_chinese_comes_through_a_console_that_knows_only_ascii() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0", "DRILLSIM_LANG": "zh"}
    done = subprocess.run(
        [sys.executable, "-m", "drillsim", "list"], env=environment, capture_output=True, check=True, timeout=60
    )
    assert "三级" in done.stdout.decode("utf-8")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_list_says_of_each_scenario_how_long_it_plays_what_breaks_and_its_source_in_a_hundred_columns(
    language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["list", "--lang", language]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert all(cells(line) <= 100 for line in lines[:-1])  # the last one names a folder of this machine
    for entry in files.library():
        if entry.kind == "scenario":
            [at] = [n for n, line in enumerate(lines) if line.startswith(f"  {entry.name} ")]
            pieces = lines[at + 1].strip().split(" · ")
            assert entry.title.in_language(language) in lines[at]
            assert pieces[0] == words.duration(minutes(entry.horizon), language)
            assert len(pieces) == 3
            assert re.search(r"FACTS|INCIDENTS|THRESHOLDS|assumptions|含假设", pieces[2])


def test_every_kind_of_fault_has_a_short_name() -> None:
    assert set(faults.SHORT) == set(faults.KINDS)
    assert all(0 < len(kind.short) <= 16 for kind in faults.KINDS.values())


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"drillsim {__version__}\n"


class TestEndings:
    """What is raised becomes an exit code and a few clear words."""

    def fail(self, monkeypatch: pytest.MonkeyPatch, error: BaseException) -> int:
        def load(*_: object, **__: object) -> None:
            raise error

        monkeypatch.setattr(files, "load", load)
        return main(["run", "anything", "--lang", "en"])

    def test_the_unexpected_ends_with_3_and_a_file_to_send(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.delenv("DRILLSIM_DEBUG", raising=False)
        assert self.fail(monkeypatch, ZeroDivisionError("division by zero")) == 3
        told = capsys.readouterr().err
        assert "Traceback" not in told
        found = re.search(r"send us the file (\S+\.txt)", told)
        assert found
        sent = Path(found[1]).read_text(encoding="utf-8")
        os.remove(found[1])
        assert "ZeroDivisionError: division by zero" in sent
        assert __version__ in sent
        assert "['run', 'anything', '--lang', 'en']" in sent

    def test_with_drillsim_debug_the_unexpected_is_raised(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DRILLSIM_DEBUG", "1")
        with pytest.raises(ZeroDivisionError):
            self.fail(monkeypatch, ZeroDivisionError("division by zero"))

    def test_what_we_explain_ends_with_1(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert self.fail(monkeypatch, SimulationError("a component cannot be restored while it is up", 12.5)) == 1
        assert capsys.readouterr().err == "minute 12.5: a component cannot be restored while it is up\n"

    def test_an_interruption_ends_with_130(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert self.fail(monkeypatch, KeyboardInterrupt()) == 130
        assert capsys.readouterr().err == "Interrupted.\n"


def test_what_the_examples_of_the_help_name_is_there() -> None:
    from drillsim.cli import commands

    application: Any = commands.application("en", help_shown=False)
    examples = " ".join(command.epilog for command in application.commands.values())
    variants = files.load("his-database-outage").scenario.variants
    assert set(re.findall(r"--variant (\w+)", examples)) <= {"base", *variants}
    assert {name for name in re.findall(r"drillsim (?:run|brief) ([\w-]+)", examples) if name != "ours"} == {
        "his-database-outage"
    }


def test_a_reader_that_goes_away_is_no_mistake() -> None:
    done = subprocess.run(
        f'"{sys.executable}" -m drillsim schema scenario | head -n 1',
        shell=True, capture_output=True, encoding="utf-8", check=False, timeout=60,
    )  # fmt: skip
    assert done.stdout == "{\n"
    assert done.stderr == ""


@pytest.mark.parametrize("kind", ["scenario", "hospital", "plan", "thresholds", "summary", "film"])
def test_a_schema_is_json(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", kind]) == 0
    assert json.loads(capsys.readouterr().out)["type"] == "object"


def test_the_progress_says_pace_and_time_left() -> None:
    assert progress.pace(50, 200, 10.0, "en") == "5.0/s   about 30 s left"
    assert progress.pace(200, 200, 59.2, "en") == "3.4/s   done in 59 s"
    assert progress.pace(1, 200, 2.0, "zh") == "0.5 次/秒   约剩 7 分"


class TestRun:
    """One small run, and what it leaves behind."""

    def run(self, scenario: Path, *arguments: str) -> int:
        return main(["run", str(scenario), "--replications", "3", "--jobs", "1", "--lang", "en", *arguments])

    def test_a_run_leaves_a_folder_with_everything_and_a_pointer_to_it(
        self, good: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert self.run(good) == 0
        assert self.run(good, "--seed", "2") == 0
        told = capsys.readouterr()
        assert {p.name for p in Path("runs").iterdir()} == {"small-1", "small-2", "latest"}
        assert Path("runs/latest").read_text(encoding="utf-8").strip() == "small-2"
        assert {"run.json", "summary.json", "report.html"} <= {p.name for p in Path("runs/small-2").iterdir()}
        assert os.path.join("runs", "small-2", "report.html") in told.out
        assert told.err == ""

    def test_json_is_alone_on_standard_output(self, good: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert self.run(good, "--json") == 0
        told = capsys.readouterr()
        assert json.loads(told.out) == json.loads(Path("runs/small-1/summary.json").read_text(encoding="utf-8"))
        assert "report.html" in told.err

    def test_quiet_says_only_where_the_report_lies(self, good: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert self.run(good, "--quiet", "--out", "here") == 0
        told = capsys.readouterr()
        assert told.out == os.path.join("here", "report.html") + "\n"
        assert not Path("runs").exists()

    def test_a_missed_plan_is_a_result_unless_asked_otherwise(self, good: Path) -> None:
        good.write_text(GOOD.replace("within: 10 min of detected", "within: 1 min of detected"), encoding="utf-8")
        assert self.run(good, "--quiet") == 0
        assert self.run(good, "--quiet", "--fail-if-missed") == 1

    def test_a_kept_plan_passes_even_when_asked(self, good: Path) -> None:
        good.write_text(GOOD.replace("within: 10 min of detected", "within: 3 h of detected"), encoding="utf-8")
        assert self.run(good, "--quiet", "--fail-if-missed") == 0

    def test_a_saved_run_scored_again_says_the_same(self, good: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert self.run(good, "--quiet") == 0
        before = Path("runs/small-1/summary.json").read_bytes()
        capsys.readouterr()
        assert main(["score", "runs/latest", "--lang", "en"]) == 0
        assert Path("runs/small-1/summary.json").read_bytes() == before
        assert "report.html" in capsys.readouterr().out
