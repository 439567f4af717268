"""The form of a file: texts stay texts, every entry knows its line, and what could not have been meant is refused at once and cheaply."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from drillsim import files
from drillsim.files.reading import MOST_ALIASES, read
from drillsim.files.tree import Mark, path_text, whereabouts


def read_text(folder: Path, content: str | bytes):
    """(tree, [(line, path, sentence)]) of a file with this content."""
    path = folder / "ours.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    source, problems = read(path, "ours.yaml")
    return source.tree, [(one.line, one.path, files.sentence(one)) for one in problems]


def test_scalars_stay_the_text_that_was_written(tmp_path):
    tree, problems = read_text(tmp_path, "a: 1:30\nb: no\nc: 010\nd: 1e3\ne: 2026-03-09\nf: '~'\ng: [yes, 0.10]\n")
    assert problems == []
    assert tree == {"a": "1:30", "b": "no", "c": "010", "d": "1e3", "e": "2026-03-09", "f": "~", "g": ["yes", "0.10"]}


@pytest.mark.parametrize("written", ["", "~", "null"])
def test_a_value_that_is_not_there_is_none(written, tmp_path):
    assert read_text(tmp_path, f"a: {written}\nb: x\n")[0] == {"a": None, "b": "x"}


def test_every_entry_knows_its_line_and_path(tmp_path):
    tree, _ = read_text(
        tmp_path, "# a comment\nsteps:\n  - id: look\n    takes: 5 min\n  - {id: mend,\n     takes: 6 min}\n"
    )
    assert whereabouts(tree, ("steps", 0, "takes")) == Mark("ours.yaml", 4, ("steps", 0, "takes"))
    assert whereabouts(tree, ("steps", 1)) == Mark("ours.yaml", 5, ("steps", 1))
    assert whereabouts(tree, ("steps", 1, "takes")).line == 6
    assert path_text(("steps", 1, "takes")) == "steps[1].takes"


def test_a_byte_order_mark_and_the_line_ends_of_windows_are_welcome(tmp_path):
    assert read_text(tmp_path, b"\xef\xbb\xbftitle: \xe6\x8c\x82\xe5\x8f\xb7\r\nhorizon: 3 h\r\n") == (
        {"title": "挂号", "horizon": "3 h"},
        [],
    )


FORMS = [
    ("a: 1\nb: 2\na: 3\n", 3, "a", "the key 'a' is here twice, first in line 1"),
    ("s:\n  x: {a: 1, a: 2}\n", 2, "s.x.a", "the key 'a' is here twice, first in line 2"),
    ("", None, "", "the file is empty"),
    ("# nothing\n", None, "", "the file is empty"),
    ("---\n", None, "", "the file is empty"),
    ("- a\n- b\n", 1, "", "expected keys such as 'title: …', found [a, b]"),
    ("just words\n", 1, "", "expected keys such as 'title: …', found just words"),
    ("a: 1\n---\nb: 2\n", 2, "", "a second document begins here ('---'); one file holds one document"),
    ("a: !!python/object:os.system x\n", 1, "a", "tags such as 'tag:yaml.org,2002:python/object:os.system' are not understood; leave it out"),
    ("a: !int '3'\n", 1, "a", "tags such as '!int' are not understood; leave it out"),
    ("base: &b {x: 1}\nc:\n  <<: *b\n", 3, "c.<<", "merge keys ('<<') are not understood; write the values out, or use 'include'"),
    ("a: *b\n", 1, "a", "'*b' has no '&b' before it"),
    ("a: &a [*a]\n", 1, "a[0]", "'*a' has no '&a' before it"),
    ("? [1, 2]\n: 3\n", 1, "", "a key is plain text, found []"),
    ("~: 3\n", 1, "", "a key is plain text, found null"),
    ("a:\n\t- b\n", 2, "", "a tab stands here; YAML is indented with spaces only"),
    ("a: b\n\tc: d\n", 2, "", "a tab stands here; YAML is indented with spaces only"),
    ("a: x\nb: \"y\nc: z\n", 2, "", "a quotation mark is opened here and never closed"),
    ("a: b: c\n", 1, "", "a colon stands where none is expected; put the text in quotes, or look at the indentation"),
    ("a: b\nc\nd: e\n", 3, "", "a line without a colon; expected 'key: value' (look at the indentation too)"),
    ("a: x\nb: [1, 2\nc: 3\n", 2, "", "a bracket is opened here and never closed, or a comma is missing"),
    ("a:\n  - b\n c: d\n", 3, "", "the indentation does not fit the lines above; entries of one list or section begin in the same column"),
    ("a: @x\n", 1, "", "this character cannot begin a value; put the text in quotes"),
    ("title： x\na: 3\n", 1, "", "a full-width colon '：' stands here; write ': ' (colon and space)"),
    ("a: x\x07\n", 1, "", "a character that cannot be in a text file stands here; save the file as plain UTF-8 text"),
    (b"\x00\x01\x02", None, "", "this is a binary file, not YAML text"),
    (b"PK\x03\x04 a spreadsheet", None, "", "this is a binary file, not YAML text"),
    ("title: x\n".encode("utf-16"), None, "", "the file is stored as UTF-16; save it as UTF-8"),
    ("a: b\ntitle: 挂号\n".encode("gbk"), None, "", "the file is not UTF-8 text (line 2; it looks like GBK); save it as UTF-8"),
    (b"a: \xff\xfe\xfa\n", None, "", "the file is not UTF-8 text (line 1); save it as UTF-8"),
    ("a: " + "x" * 5001 + "\n", 1, "a", "a text of more than 5000 characters"),
    ("[" * 100_000, 1, "[0][0][0][0]", "nested deeper than 50 levels"),
    ("{a: " * 100_000, 1, "a.a.a.a", "nested deeper than 50 levels"),
    ("- " * 100_000, 1, "[0][0][0][0]", "nested deeper than 50 levels"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "line", "path", "sentence"), FORMS)
def test_a_form_that_cannot_be_meant_is_refused_in_plain_words(content, line, path, sentence, tmp_path):
    _, problems = read_text(tmp_path, content)
    at = (
        {path, ""} if "nested deeper" in sentence else {path}
    )  # some versions of the parser give up before we know where
    assert any((line, place, sentence) in problems for place in at)
    assert len(problems) == 1 or "key" in sentence


def test_several_slips_of_form_are_told_together(tmp_path):
    _, problems = read_text(tmp_path, "a: 1\na: 2\nb: !x 3\nc: {<<: 1}\nd: {e: 1, e: 2}\n")
    assert [line for line, _, _ in problems] == [2, 3, 4, 5]


def test_a_missing_file_and_a_folder_are_told(tmp_path):
    (tmp_path / "folder.yaml").mkdir()
    assert [files.sentence(one) for one in files.check(tmp_path / "nowhere.yaml")] == ["there is no such file"]
    assert [files.sentence(one) for one in files.check(tmp_path / "folder.yaml")] == ["this is a folder, not a file"]


def laughs(levels: int) -> str:
    """A list of nine aliases to a list of nine aliases to …"""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    for level in range(1, levels):
        lines.append(f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]")
    return "\n".join(lines) + "\n"


def deep_aliases(times: int) -> str:
    """Aliases nested in each other so that only counted out they are deep."""
    lines = [f"a0: &a0 {'[' * 30}x{']' * 30}"]
    lines += [f"a{level}: &a{level} {'[' * 30}*a{level - 1}{']' * 30}" for level in range(1, times)]
    return "\n".join(lines) + "\n"


BOMBS = {
    "50 MB of aliases": ("a: &a x\nb: [" + "*a, " * 12_500_000 + "*a]\n", "the file is too large: 50.0 MB, at most 5 MB"),
    "4 MB of aliases": ("a: &a x\nb: [" + "*a, " * 1_000_000 + "*a]\n", f"more than {MOST_ALIASES} aliases ('*name'); write the values out"),
    "a billion laughs": (laughs(11), "the file holds more than 200000 entries (aliases counted out)"),
    "deep when counted out": (deep_aliases(4), "nested deeper than 50 levels"),
    "a million entries": ("a:\n" + "- x\n" * 1_000_000, "the file holds more than 200000 entries (aliases counted out)"),
}  # fmt: skip


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_file_made_to_exhaust_the_machine_is_refused_quickly(bomb, tmp_path):
    content, sentence = BOMBS[bomb]
    path = tmp_path / "bomb.yaml"
    path.write_text(content, encoding="utf-8")
    began = time.process_time()
    problems = files.check(path)
    assert time.process_time() - began < 2
    assert [files.sentence(one) for one in problems] == [sentence]


def test_a_few_aliases_are_understood_and_do_not_share_anything(tmp_path):
    tree, problems = read_text(tmp_path, "a: &a {x: [1]}\nb: *a\n")
    assert problems == []
    assert tree["a"] == tree["b"]
    assert tree["a"]["x"] is not tree["b"]["x"]


def test_a_file_that_may_not_be_read_is_told(tmp_path, monkeypatch):
    path = tmp_path / "secret.yaml"
    path.write_text("title: x\n", encoding="utf-8")

    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert [files.sentence(one) for one in files.check(path)] == ["the file cannot be read: Permission denied"]


def test_a_chinese_text_folded_over_lines_has_no_blank_where_a_line_ends(tmp_path):
    text = "a: >-\n  周一上午，\n  系统“停用”\n  三小时。\n  In all\n  4 台\nb: 甲 乙\n"
    tree, _ = read_text(tmp_path, text)
    assert tree["a"] == "周一上午，系统“停用”三小时。 In all 4 台"
    assert tree["b"] == "甲 乙"
