"""Text in columns for a terminal or a plain file, where a Chinese sign is as wide as two letters."""

from __future__ import annotations

from collections.abc import Iterator

from drillsim.report import words

WIDTH = 100  # columns of the text


def columns(pairs: list[tuple[str, str]], most: int = 26) -> list[str]:
    """Two columns: labels padded to the same width, texts wrapped beside them; a long label stands on a line of its own."""
    wide = min(max((cells(label) for label, _ in pairs), default=0), most)
    lines = []
    for label, text in pairs:
        body = wrapped(words.spaced(text), WIDTH - wide - 4)
        if cells(label) > wide:
            lines.append(f"  {label}")
            label = ""
        lines.append(f"  {label}{' ' * (wide - cells(label))}  {body[0]}")
        lines += [" " * (wide + 4) + line for line in body[1:]]
    return lines


def cells(text: str) -> int:
    """Columns a text takes in a terminal: Chinese signs take two."""
    from unicodedata import east_asian_width

    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


def wrapped(text: str, width: int = WIDTH) -> list[str]:
    """The text in lines of at most that many columns, broken at spaces, and anywhere between Chinese signs."""
    lines, line = [], ""
    for piece in _pieces(text):
        if line and cells(line + piece.rstrip()) > width:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _pieces(text: str) -> Iterator[str]:
    """Words with the space after them; Chinese signs one by one, closing marks with the sign before them."""
    piece = ""
    for c in text:
        if cells(c) == 2 and c not in "，。；：、！？）”》":
            if piece:
                yield piece
            piece = c
        elif piece.endswith(" ") or (piece and cells(piece[-1]) == 2 and c.isalnum()):
            yield piece
            piece = c
        else:
            piece += c
    yield piece
