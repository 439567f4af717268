"""Whatever is wrong with what a user gives: one clear line for each mistake, exit code 1, no traceback, nothing half-written."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from drillsim.cli import main

GOOD = """\
drillsim: scenario/1
title: Small
start: 2026-03-09 08:00
horizon: 4 h
hospital:
  title: Small hospital
  staff:
    nurse: {title: Nurse, on_duty: 2}
  activities:
    triage: {title: Triage, needs: nurse, takes: 5 min}
  pathways:
    patients: {title: Patients, arrivals: {rate: 6 per h}, route: [triage]}
  systems:
    power: {title: Power, kind: power}
    server: {title: Server, kind: server, needs: [power]}
plan:
  title: Small plan
  roles:
    lead: {title: Lead, count: 1}
  steps:
    - {id: look, title: Look, owner: lead, takes: 5 min, within: 10 min of detected}
    - {id: mend, title: Mend, owner: lead, after: look, takes: 10 min, does: {repair: server}}
faults:
  - {id: stop, target: server, at: "09:00"}
"""


class Wrong(NamedTuple):
    """A mistake made in the good file: ``old`` becomes ``new``; the message must name the line and say the words."""

    old: str
    new: str
    words: tuple[str, ...]


MISTAKES: dict[str, Wrong] = {
    "unknown-key": Wrong("on_duty: 2", "on_dutty: 2", ("on_dutty", "on_duty")),
    "wrong-type": Wrong("on_duty: 2", "on_duty: many", ("staff.nurse.on_duty", "many")),
    "wrong-unit": Wrong("nurse, takes: 5 min", "nurse, takes: 5 bananas", ("5 bananas", "90 min")),
    "no-unit": Wrong("horizon: 4 h", "horizon: 4", ("horizon", "'4'")),
    "unknown-reference": Wrong("needs: nurse", "needs: nurze", ("nurze", "nurse")),
    "unknown-role": Wrong("owner: lead, after", "owner: leed, after", ("leed", "lead")),
    "unknown-target": Wrong("target: server", "target: sever", ("sever", "server")),
    "deadline-without-event": Wrong("within: 10 min of detected", "within: 10 min", ("10 min of detected",)),
    "repeated-key": Wrong("horizon: 4 h", "title: Again", ("title",)),
    "repeated-id": Wrong("id: mend", "id: look", ("look",)),
    "circular-needs": Wrong("title: Power, kind: power", "title: Power, kind: power, needs: [server]", ("power", "server")),
    "circular-steps": Wrong("id: look, title: Look", "id: look, after: mend, title: Look", ("look", "mend")),
    "circular-events": Wrong("id: look, title: Look", "id: look, on: mend, title: Look", ("look", "mend")),
    "endless-horizon": Wrong("horizon: 4 h", "horizon: 3000000 d", ("horizon", "36,525 d")),
    "probability": Wrong("target: server", "chance: 1.4, target: server", ("1.4", "between 0 and 1")),
    "negative-duration": Wrong("takes: 10 min", "takes: -10 min", ("-10 min",)),
    "missing-include": Wrong("title: Small hospital", "title: Small hospital\n  include: [nowhere.yaml]", ("nowhere.yaml",)),
    "broken-yaml": Wrong("horizon: 4 h", "horizon: {4 h", ()),
    "tabs": Wrong("  title: Small hospital", "\ttitle: Small hospital", ()),
}  # fmt: skip

FILES: dict[str, bytes] = {
    "empty": b"",
    "only-comments": b"# nothing here\n",
    "binary": bytes(range(256)) * 40,
    "picture": b"\x89PNG\r\n\x1a\n" + b"\x00" * 2000,
    "utf-16": GOOD.encode("utf-16"),
    "gbk": GOOD.replace("Small hospital", "县医院").encode("gbk"),
    "a-list": b"- one\n- two\n",
    "one-word": b"scenario\n",
}


def alias_bomb(size: int) -> bytes:
    """A file of about ``size`` bytes of aliases to aliases."""
    head = b"title: bomb\na: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]\n"
    line = b"d: [" + b"*c, " * 250 + b"*c]\n"
    return head + line * (size // len(line))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every bad file, and a good one."""
    place = tmp_path_factory.mktemp("ours")
    for name, mistake in MISTAKES.items():
        assert mistake.old in GOOD, name
        (place / f"{name}.yaml").write_text(GOOD.replace(mistake.old, mistake.new), encoding="utf-8")
    for name, content in FILES.items():
        (place / f"{name}.yaml").write_bytes(content)
    (place / "bomb.yaml").write_bytes(alias_bomb(50_000_000))
    (place / "small-bomb.yaml").write_bytes(alias_bomb(20_000))
    (place / "folder.yaml").mkdir()
    (place / "good.yaml").write_text(GOOD, encoding="utf-8")
    return place


class Told(NamedTuple):
    code: int
    out: str
    err: str


def drillsim(*arguments: str, cwd: Path, language: str = "en") -> Told:
    """The command as a user calls it."""
    done = subprocess.run(
        [sys.executable, "-m", "drillsim", *arguments],
        cwd=cwd,
        env={**os.environ, "DRILLSIM_LANG": language},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    return Told(done.returncode, done.stdout, done.stderr)


def everything(place: Path) -> set[str]:
    return {path.relative_to(place).as_posix() for path in place.rglob("*")}


@pytest.fixture(scope="module", params=["en", "zh"])
def checked(folder: Path, request: pytest.FixtureRequest) -> tuple[str, dict[str, list[str]]]:
    """What ``drillsim check`` says of all files in one call: language, and file → its lines."""
    names = sorted(path.name for path in folder.iterdir())
    told = drillsim("check", *names, cwd=folder, language=request.param)
    assert told.code == 1
    assert told.err == ""
    sections: dict[str, list[str]] = {name: [] for name in names}
    current = ""
    for line in told.out.splitlines():
        if not line.startswith(" "):
            current = next((n for n in sorted(names, key=len, reverse=True) if line.startswith(n)), current)
        sections[current].append(line)
    return request.param, sections


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_with_its_line_and_its_words(name: str, checked: tuple[str, dict[str, list[str]]]) -> None:
    language, sections = checked
    mistake = MISTAKES[name]
    said = "\n".join(sections[f"{name}.yaml"])
    line = GOOD[: GOOD.index(mistake.old)].count("\n") + 1 + mistake.new.count("\n")
    assert (f"line {line}" if language == "en" else f"第 {line} 行") in said, said
    if language == "en":
        for words in mistake.words:
            assert words in said, said


@pytest.mark.parametrize("name", [*FILES, "bomb", "small-bomb", "folder"])
def test_a_file_that_cannot_be_a_scenario_is_refused_in_a_line_or_two(
    name: str, checked: tuple[str, dict[str, list[str]]]
) -> None:
    said = checked[1][f"{name}.yaml"]
    assert 2 <= len(said) <= 4, said
    assert max(map(len, said)) < 300, said


def test_a_good_file_is_called_good(checked: tuple[str, dict[str, list[str]]]) -> None:
    language, sections = checked
    assert any(
        ("no mistakes" if language == "en" else "没有错误") in line or "warning" in line or "提醒" in line
        for line in sections["good.yaml"]
    )


@pytest.mark.parametrize("name", [*MISTAKES, *FILES, "bomb", "small-bomb", "folder"])
def test_nothing_is_run_or_written_from_a_bad_file(
    name: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["run", str(folder / f"{name}.yaml"), "--replications", "2", "--jobs", "1", "--lang", "en"]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert f"{name}.yaml" in told.err
    assert "Traceback" not in told.err
    assert not everything(tmp_path)


def test_names_that_do_not_exist_get_the_nearest_one(folder: Path) -> None:
    told = drillsim("run", "his-databse-outage", cwd=folder)
    assert told.code == 1
    assert "Did you mean 'his-database-outage'?" in told.err
    assert len(told.err.splitlines()) <= 2
    assert drillsim("run", "nowhere.yaml", cwd=folder).code == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--variant", "faster"], "faster"),
        (["--set", "hospital.staff.nurze.on_duty=3"], "nurse"),
        (["--set", "hospital.staff.nurse.on_duty=lots"], "lots"),
        (["--set", "hospital.staff.nurse.on_duty"], "hospital.staff.nurse.on_duty"),
    ],
)
def test_a_change_that_does_not_fit_is_explained(
    arguments: list[str],
    words: str,
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["run", str(folder / "good.yaml"), *arguments, "--lang", "en"]) == 1
    said = capsys.readouterr().err
    assert words in said
    assert "Traceback" not in said
    assert not everything(tmp_path)


class TestPlacesToWrite:
    """An output folder is found to be usable before the work begins, and is left as it was when it is not."""

    def run(self, folder: Path, *arguments: str) -> int:
        return main(
            ["run", str(folder / "good.yaml"), "--replications", "2", "--jobs", "1", "--lang", "en", *arguments]
        )

    def test_a_folder_under_a_file_cannot_be_written(
        self, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "file").write_text("mine", encoding="utf-8")
        assert self.run(folder, "--out", str(tmp_path / "file" / "run")) == 1
        assert "cannot be written" in capsys.readouterr().err
        assert everything(tmp_path) == {"file"}

    def test_a_file_is_not_a_folder(self, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (tmp_path / "file").write_text("mine", encoding="utf-8")
        assert self.run(folder, "--out", str(tmp_path / "file"), "--force") == 1
        assert "is a file" in capsys.readouterr().err
        assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"

    def test_a_folder_without_the_right_to_write(
        self, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def refuse(*_: object, **__: object) -> None:
            raise PermissionError(errno.EACCES, "Permission denied")

        monkeypatch.setattr(
            "tempfile.TemporaryDirectory", refuse
        )  # root may write everywhere, so ask the system no questions
        assert self.run(folder, "--out", str(tmp_path / "closed" / "run")) == 1
        assert "cannot be written: Permission denied" in capsys.readouterr().err
        assert not everything(tmp_path)

    def test_other_peoples_files_are_never_replaced(
        self, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "mine").mkdir()
        (tmp_path / "mine" / "thesis.txt").write_text("mine", encoding="utf-8")
        assert self.run(folder, "--out", str(tmp_path / "mine"), "--force") == 1
        assert "holds other files" in capsys.readouterr().err
        assert everything(tmp_path) == {"mine", "mine/thesis.txt"}

    def test_a_run_is_replaced_only_with_force(
        self, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        out = tmp_path / "run"
        assert self.run(folder, "--out", str(out), "--seed", "1") == 0
        first = (out / "summary.json").read_bytes()
        assert self.run(folder, "--out", str(out), "--seed", "2") == 1
        assert "--force" in capsys.readouterr().err
        assert (out / "summary.json").read_bytes() == first
        assert self.run(folder, "--out", str(out), "--seed", "2", "--force") == 0
        assert (out / "summary.json").read_bytes() != first
        assert {path.name for path in tmp_path.iterdir()} == {"run"}

    def test_scoring_what_is_not_a_run(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["score", str(tmp_path), "--lang", "en"]) == 1
        assert "does not hold a saved run" in capsys.readouterr().err

    def test_new_files_do_not_replace_old_ones(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (tmp_path / "scenario.yaml").write_text("mine", encoding="utf-8")
        assert main(["new", str(tmp_path), "--lang", "en"]) == 1
        assert everything(tmp_path) == {"scenario.yaml"}
        assert (tmp_path / "scenario.yaml").read_text(encoding="utf-8") == "mine"


LOOP = """\
drillsim: scenario/1
title: A plan that goes round
start: 2026-03-09 08:00
horizon: 40 h
plan:
  title: Round
  roles: {r: {title: R}}
  steps:
    - {id: first, title: First, owner: r, takes: 1 min}
    - {id: second, title: Second, owner: r, takes: 1 min, after: first, chance: 0, if_it_fails: {tries: 100000}}
"""


@pytest.mark.parametrize(("goes", "jobs"), [("back_to: first, ", "1"), ("", "1"), ("back_to: first, ", "2")])
@pytest.mark.parametrize(
    ("language", "words"), [("en", "step second has been tried 1001 times"), ("zh", "步骤“second”做了 1001 次")]
)
def test_a_step_tried_without_end_is_explained_and_nothing_is_written(
    goes: str,
    jobs: str,
    language: str,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "loop.yaml").write_text(LOOP.replace("tries: ", f"{goes}tries: "), encoding="utf-8")
    assert main(["run", "loop.yaml", "--replications", "2", "--jobs", jobs, "--quiet", "--lang", language]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert words in told.err
    assert "tries" in told.err
    assert ("run 1, seed 1" if language == "en" else "第 1 次模拟，随机种子 1") in told.err
    assert len(told.err.splitlines()) == 1
    assert everything(tmp_path) == {"loop.yaml"}


def test_a_step_may_go_back_a_thousand_times_and_the_run_goes_on(tmp_path: Path) -> None:
    """Going back does not nest: 999 times back, done at last or not, the run ends at EndEx."""
    (tmp_path / "loop.yaml").write_text(LOOP.replace("tries: 100000", "back_to: first, tries: 999"), encoding="utf-8")
    told = drillsim("run", "loop.yaml", "--replications", "1", "--json", "--out", "run", cwd=tmp_path)
    assert told.code == 0
    second = json.loads(told.out)["steps"][1]
    assert second["attempts"]["value"] == 999
    assert second["taken"]["mean"]["value"] == 2 * 999 - 1


def test_more_patients_than_memory_holds_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    crowd = GOOD.replace("rate: 6 per h", "per_day: 300000000")
    (tmp_path / "crowd.yaml").write_text(crowd, encoding="utf-8")
    assert main(["run", str(tmp_path / "crowd.yaml"), "--out", str(tmp_path / "run"), "--quiet", "--lang", "en"]) == 1
    assert "more than 20,000,000 would arrive in one pathway" in capsys.readouterr().err
    assert everything(tmp_path) == {"crowd.yaml"}
