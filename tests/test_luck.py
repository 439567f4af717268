"""Luck is asked for by name and depends on nothing else."""

from __future__ import annotations

import subprocess
import sys

import numpy as np

from drillsim.sim.luck import Streams


def test_a_stream_depends_on_seed_replication_and_name_only() -> None:
    streams = Streams(1, 2)
    first = streams("step declare").random(5)
    streams("another").random(100)
    assert (streams("step declare").random(5) == first).all()
    assert (Streams(1, 2)("step declare").random(5) == first).all()


def test_another_seed_replication_or_name_gives_other_luck() -> None:
    drawn = {
        Streams(seed, replication)(name).random() for seed in (0, 1, 12) for replication in (0, 1, 2) for name in "ab"
    }
    assert len(drawn) == 18


def test_seed_1_replication_12_is_not_seed_11_replication_2() -> None:
    assert Streams(1, 12)("x").random() != Streams(11, 2)("x").random()


def test_luck_is_the_same_in_every_process() -> None:
    code = "from drillsim.sim.luck import Streams; print(repr(float(Streams(3, 7)('call 急诊').random())))"
    seen = {
        subprocess.run(
            [sys.executable, "-X", "utf8", "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": h},
        ).stdout
        for h in ("1", "2")
    }
    assert seen == {f"{float(Streams(3, 7)('call 急诊').random())!r}\n"}


def test_streams_of_similar_names_are_independent() -> None:
    streams = Streams(1, 1)
    a, b = streams("pathway a stop 1").standard_normal(20_000), streams("pathway a stop 2").standard_normal(20_000)
    assert abs(np.corrcoef(a, b)[0, 1]) < 4 / 20_000**0.5
