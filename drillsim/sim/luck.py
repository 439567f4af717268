"""Luck is asked for by name: a stream depends on the seed, the replication and its name, and on nothing else."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np


class Streams:
    """The luck of one replication: ``streams("step declare 1")`` is a generator at the start of that name's stream.

    Asking twice gives the same numbers twice, so keep a generator as long as its numbers must differ. Opening one takes some 8 µs: open one
    for a block of draws, not one for each patient.
    """

    def __init__(self, seed: int, replication: int) -> None:
        self.seed = seed
        self.replication = replication

    def __call__(self, name: str) -> np.random.Generator:
        """A fresh generator at the start of the stream ``name``."""
        key = blake2b(f"{self.seed}|{self.replication}|{name}".encode(), digest_size=16).digest()
        return np.random.Generator(np.random.PCG64(int.from_bytes(key, "little")))
