"""Where the systems stand in the drawing: what is leaned on to the left, what leans on it to the right, few crossings."""

from __future__ import annotations

from collections.abc import Mapping

from drillsim.model.systems import Component

MOST_IN_A_COLUMN = 8
SWEEPS = 12


def edges(components: Mapping[str, Component]) -> list[tuple[str, str]]:
    """(needed, needing) for every dependency among the components."""
    return [(up, name) for name, component in components.items() for up in component.upstream if up in components]


def columns(components: Mapping[str, Component]) -> list[list[str]]:
    """The components in columns, each to the right of all it leans on; what leans on nothing stands just before what leans on it.

    Components without any tie fill the columns that have room.
    """
    links = edges(components)
    depth = _depths(components)
    for name in components:
        needing = [depth[down] for up, down in links if up == name]
        if needing and not components[name].upstream:
            depth[name] = min(needing) - 1
    tied = {name for link in links for name in link}
    found: list[list[str]] = [[] for _ in range(max((depth[n] for n in tied), default=0) + 1)]
    for name in _tied_first(components, tied):
        if name in tied:
            found[depth[name]].append(name)
        else:
            min(found, key=len).append(name)
    return _ordered([part for column in found for part in _parts(column)], links)


def _tied_first(components: Mapping[str, Component], tied: set[str]) -> list[str]:
    """The components in file order, those with ties before those without."""
    return sorted(components, key=lambda name: name not in tied)


def _depths(components: Mapping[str, Component]) -> dict[str, int]:
    """Longest chain of needs below each component; a circle counts once."""
    found: dict[str, int] = {}

    def depth(name: str, above: frozenset[str]) -> int:
        if name not in found:
            below = [n for n in components[name].upstream if n in components and n not in above]
            found[name] = max((depth(n, above | {name}) + 1 for n in below), default=0)
        return found[name]

    for name in components:
        depth(name, frozenset())
    return found


def _parts(column: list[str]) -> list[list[str]]:
    """A column that is too long, as several of about the same length; none for an empty one."""
    if not column:
        return []
    n = -(-len(column) // MOST_IN_A_COLUMN)
    size = -(-len(column) // n)
    return [column[i : i + size] for i in range(0, len(column), size)]


def _ordered(found: list[list[str]], links: list[tuple[str, str]]) -> list[list[str]]:
    """Each column sorted again and again by the mean height of its neighbours, so that lines cross little."""
    ties: dict[str, list[str]] = {name: [] for column in found for name in column}
    for up, down in links:
        ties[up].append(down)
        ties[down].append(up)
    height = {name: (i + 0.5) / len(column) for column in found for i, name in enumerate(column)}
    for sweep in range(SWEEPS):
        for column in found if sweep % 2 == 0 else reversed(found):
            wish = [
                (sum(height[t] for t in ties[n]) / len(ties[n]) if ties[n] else height[n], height[n], n) for n in column
            ]
            column[:] = [name for _, _, name in sorted(wish)]
            height.update({name: (i + 0.5) / len(column) for i, name in enumerate(column)})
    return found


def positions(components: Mapping[str, Component]) -> dict[str, tuple[float, float]]:
    """(x, y) of every component, both between 0 and 1, from left to right and from top to bottom."""
    found = columns(components)
    return {
        name: (round((c + 0.5) / len(found), 4), round((r + 0.5) / len(column), 4))
        for c, column in enumerate(found)
        for r, name in enumerate(column)
    }
