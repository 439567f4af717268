"""Circles in graphs of names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence


def circles(edges: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """One circle for every group of names that lead to each other, beginning with the first of the file; without recursion."""
    found: list[list[str]] = []
    done: set[str] = set()
    for start in edges:
        trail: list[str] = []
        ways: list[Iterator[str]] = [iter([start])]
        while ways:
            name = next(ways[-1], None)
            if name is None:
                ways.pop()
                if trail:
                    done.add(trail.pop())
            elif name in trail:
                circle = trail[trail.index(name) :]
                if not any(set(circle) & set(other) for other in found):
                    found.append(circle)
            elif name not in done and name in edges:
                trail.append(name)
                ways.append(iter(edges[name]))
    return found
