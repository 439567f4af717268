"""Ctrl-C in a terminal, pressed once or more often, while playing or saving: what was finished is kept, whole."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from drillsim import api

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are sent differently there")

QUEUE = """\
drillsim: scenario/1
title: A queue
start: 2026-03-09 00:00
horizon: 60 d
hospital:
  title: One counter
  staff: {clerk: {title: Clerk, on_duty: 1}}
  activities: {counter: {title: Counter, needs: clerk, takes: exponential(3 min)}}
  pathways: {customers: {title: Customers, arrivals: {every: exponential(4 min)}, route: [counter]}}
"""

DOOR = """
import sys
from drillsim.cli import main, running
from drillsim.experiment import save, runs

if __name__ == "__main__":
    taken, written = runs.Runs.take, save.store.write_logs

    def take(self, played):
        taken(self, played)
        print("played", len(self.scored), file=sys.stderr, flush=True)

    def write(*arguments):
        import time
        print("writing", file=sys.stderr, flush=True)
        time.sleep(1.5)
        written(*arguments)

    runs.Runs.take, save.store.write_logs = take, write
    sys.exit(main(sys.argv[1:]))
"""
"""The command line, telling when a run is finished and when the folder is being written, which takes a while."""


class Session:
    """The command in a terminal of its own."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        (folder / "queue.yaml").write_text(QUEUE, encoding="utf-8")
        (folder / "door.py").write_text(DOOR, encoding="utf-8")
        root = Path(api.__file__).parent.parent
        self.process = subprocess.Popen(
            [sys.executable, "door.py", "run", "queue.yaml", "--out", "run", "--lang", "en", *arguments],
            cwd=folder, env={**os.environ, "PYTHONPATH": str(root)}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            text=True, encoding="utf-8", start_new_session=True,
        )  # fmt: skip

    def until(self, words: str) -> None:
        """Wait until it says this."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            if line.startswith(words):
                return
        raise AssertionError(f"it ended without saying {words!r}")

    def press(self) -> None:
        """Ctrl-C reaches every process of the terminal."""
        os.killpg(self.process.pid, signal.SIGINT)

    def end(self) -> tuple[int, str]:
        """Its exit code, and what it still said."""
        _, err = self.process.communicate(timeout=120)
        return self.process.returncode, err


def whole(folder: Path, asked: int) -> int:
    """The number of finished runs in a folder that is whole and says that it was interrupted."""
    assert {p.name for p in folder.iterdir()} == {"queue.yaml", "door.py", "run"}
    opened = api.open_run(folder / "run")
    assert opened.summary.runs.interrupted
    assert opened.summary.runs.asked == asked
    assert opened.summary.runs.done == len(opened.runs.scored) < asked
    assert (folder / "run" / "report.html").stat().st_size > 10_000
    return opened.summary.runs.done


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("presses", [1, pytest.param(2, marks=pytest.mark.slow), 3])
def test_ctrl_c_saves_what_is_finished_however_often_it_is_pressed(presses: int, jobs: str, tmp_path: Path) -> None:
    session = Session(tmp_path, "--replications", "5000", "--jobs", jobs, "--json")
    session.until("played 3")
    session.press()
    if presses > 1:
        session.until("writing")
        for _ in range(1, presses):
            time.sleep(0.2)
            session.press()
    code, said = session.end()
    assert code == 130
    done = whole(tmp_path, 5000)
    assert done >= 3
    assert f"{done} of 5000 runs were finished and are kept." in said
    assert said.count("Saving what is finished …") >= presses - 1
    assert "Traceback" not in said


def test_ctrl_c_pressed_in_a_hurry_loses_nothing_either(tmp_path: Path) -> None:
    session = Session(tmp_path, "--replications", "5000", "--jobs", "2")
    session.until("played 3")
    for _ in range(6):
        session.press()
        time.sleep(0.05)
    code, said = session.end()
    assert (code, "Traceback" in said) == (130, False)
    assert whole(tmp_path, 5000) >= 3


def test_ctrl_c_while_all_runs_are_being_saved_saves_them_all(tmp_path: Path) -> None:
    session = Session(tmp_path, "--replications", "3", "--jobs", "1")
    session.until("writing")
    session.press()
    code, said = session.end()
    assert code == 130
    assert "Saving what is finished …" in said
    summary = json.loads((tmp_path / "run" / "summary.json").read_text(encoding="utf-8"))
    assert (summary["runs"]["done"], summary["runs"]["interrupted"]) == (3, False)


def test_ctrl_c_before_anything_is_finished_leaves_nothing(tmp_path: Path) -> None:
    session = Session(tmp_path, "--replications", "5", "--jobs", "1", "--set", "horizon=30000 d")
    time.sleep(4)
    session.press()
    code, said = session.end()
    assert code == 130
    assert "Interrupted." in said
    assert {p.name for p in tmp_path.iterdir()} == {"queue.yaml", "door.py"}
