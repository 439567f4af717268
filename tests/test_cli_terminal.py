"""The command on a real terminal: the progress that is shown, and Ctrl-C."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.test_cli_bad_input import GOOD

pty = pytest.importorskip("pty", reason="pseudo-terminals are not known on Windows")


def read_until(terminal: int, pattern: str, seconds: float = 60.0) -> str:
    """What is printed on the terminal up to the first match of the pattern."""
    seen, end = "", time.monotonic() + seconds
    while not re.search(pattern, seen):
        assert time.monotonic() < end, f"{pattern!r} was not seen; last was {seen[-300:]!r}"
        try:
            seen += os.read(terminal, 4096).decode("utf-8", errors="replace")
        except OSError:  # the command has ended
            pytest.fail(f"{pattern!r} was not seen; last was {seen[-300:]!r}")
    return seen


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_keeps_the_runs_that_are_finished_and_says_how_many(jobs: str, tmp_path: Path) -> None:
    scenario = tmp_path / "small.yaml"
    scenario.write_text(GOOD.replace("horizon: 4 h", "horizon: 10 d"), encoding="utf-8")
    ours, theirs = pty.openpty()
    command = [
        sys.executable,
        "-m",
        "drillsim",
        "run",
        str(scenario),
        "--replications",
        "20000",
        "--jobs",
        jobs,
        "--lang",
        "en",
    ]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=theirs, start_new_session=True)
    os.close(theirs)
    try:
        seen = read_until(ours, r"\b[1-9]\d*/20000")
        os.killpg(process.pid, signal.SIGINT)  # a terminal sends Ctrl-C to the command and its workers alike
        said = read_until(ours, "Interrupted")
        process.communicate(timeout=60)
    finally:
        process.kill()
        process.communicate()
        os.close(ours)
    assert process.returncode == 130
    assert "runs" in seen
    assert re.search(r"/s", seen + said)
    assert "Traceback" not in said
    runs = json.loads((tmp_path / "runs" / "small-1" / "summary.json").read_text(encoding="utf-8"))["runs"]
    assert runs["interrupted"]
    assert 0 < runs["done"] < runs["asked"] == 20000
    assert f"{runs['done']} of 20000 runs were finished and are kept" in said
    assert {path.name for path in (tmp_path / "runs").iterdir()} == {"small-1", "latest"}
