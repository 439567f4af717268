"""What the YAML parser says, in words for somebody who has never heard of a parser."""

from __future__ import annotations

import yaml

_WORDS = (
    # a part of what the parser says about the problem or its context → what people read
    (
        "character '\\t' that cannot start",
        "a tab stands here; YAML is indented with spaces only",
    ),
    (
        "found a tab character",
        "a tab stands here; YAML is indented with spaces only",
    ),
    (
        "while scanning a quoted scalar",
        "a quotation mark is opened here and never closed",
    ),
    (
        "mapping values are not allowed",
        "a colon stands where none is expected; put the text in quotes, or look at the indentation",
    ),
    (
        "could not find expected ':'",
        "a line without a colon; expected 'key: value' (look at the indentation too)",
    ),
    (
        "while parsing a flow",
        "a bracket is opened here and never closed, or a comma is missing",
    ),
    (
        "while parsing a block",
        "the indentation does not fit the lines above; entries of one list or section begin in the same column",
    ),
    (
        "cannot start any token",
        "this character cannot begin a value; put the text in quotes",
    ),
    (
        "control characters are not allowed",
        "a character that cannot be in a text file stands here; save the file as plain UTF-8 text",
    ),
    (
        "special characters are not allowed",
        "a character that cannot be in a text file stands here; save the file as plain UTF-8 text",
    ),
)


def in_plain_words(error: yaml.YAMLError, text: str, most_depth: int) -> tuple[int | None, str, dict[str, object]]:
    """(line, template, values) for a parser's error in a text that may be nested ``most_depth`` levels deep."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    context = str(getattr(error, "context", None) or "")
    opened = getattr(error, "context_mark", None)
    line = mark.line + 1 if mark is not None else _line_of(error, text)
    written = _line(text, line)
    for near in (line, line - 1) if line is not None else ():
        if "：" in _line(text, near) and ": " not in _line(text, near):
            return near, "a full-width colon '：' stands here; write ': ' (colon and space)", {}
    if "\t" in written[: len(written) - len(written.lstrip())]:
        return line, "a tab stands here; YAML is indented with spaces only", {}
    if "nesting depth" in problem:  # some versions of the parser give up before we count
        return line or 1, "nested deeper than {most} levels", {"most": most_depth}
    for part, message in _WORDS:
        if part in problem or part in context:
            if "opened here" in message and opened is not None:
                line = opened.line + 1
            return line, message, {}
    return line, "this is not YAML: {problem}", {"problem": problem}


def _line(text: str, number: int | None) -> str:
    lines = text.split("\n")
    return lines[number - 1] if number is not None and 1 <= number <= len(lines) else ""


def _line_of(error: yaml.YAMLError, text: str) -> int | None:
    position = getattr(error, "position", None)
    return text.count("\n", 0, position) + 1 if isinstance(position, int) else None
