"""The board in the terminal: the same film, played by keys; its story as text where there is no terminal."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import time
import types
from pathlib import Path

import pytest
from rich.console import Console

from drillsim.log.rows import Event, Log
from drillsim.playback import board, keys
from drillsim.playback.film import make_film
from drillsim.playback.panels import board as panels
from drillsim.playback.player import SPEEDS, Player
from drillsim.playback.shape import Film
from tests import playback_sample
from tests.builder import a_scenario


@pytest.fixture(scope="module")
def film() -> Film:
    title = {"en": "HIS [red]down[/red] [/]", "zh": "HIS 宕机 [/]"}
    return make_film(playback_sample.scenario(title), playback_sample.log(), playback_sample.log(False))


def screen(player: Player, width: int = 150, height: int = 48) -> str:
    """What the board shows, as plain text."""
    console = Console(width=width, height=height, file=io.StringIO(), record=True)
    console.print(panels(player, width, height))
    return console.export_text()


def test_a_minute_of_the_room_is_sixty_of_the_exercise(film: Film) -> None:
    player = Player(film)
    player.seek(20)
    player.tick(10)
    assert player.minute == 20  # it stands until it is played
    player.press(" ")
    player.tick(10)
    assert player.minute == 30
    player.press(" ")
    player.tick(10)
    assert player.minute == 30


def test_a_question_stops_the_clock_and_r_reveals(film: Film) -> None:
    player = Player(film)
    player.press(" ")
    player.tick(3600)
    assert (player.minute, player.playing, player.card) == (133, False, 0)
    assert "Who calls whom" in screen(player)
    assert "clause 4.3" not in screen(player)
    player.press("r")
    assert "clause 4.3" in screen(player)
    player.press(" ")
    assert (player.playing, player.card) == (True, None)


def test_an_inject_without_a_question_stops_the_clock_only_when_asked_to(film: Film) -> None:
    for key, minute in (("x", 201), ("s", 200)):
        player = Player(film)
        player.seek(199)
        player.press(key)
        player.press(" ")
        player.tick(2)
        assert player.minute == minute


@pytest.mark.parametrize("left", [1e-3, 5e-7, 1e-9, 3e-14])
def test_an_inject_stops_the_clock_however_little_time_was_left_to_it(film: Film, left: float) -> None:
    player = Player(film)
    player.seek(133 - left)
    assert player.minute < 133
    player.press(" ")
    player.tick(2)
    assert (player.minute, player.card) == (133, 0)


def test_it_stops_at_endex(film: Film) -> None:
    player = Player(film)
    player.seek(830)
    player.press(" ")
    player.tick(3600)
    assert (player.minute, player.playing) == (film["horizon"], False)


def test_keys_step_jump_and_change_the_pace(film: Film) -> None:
    player = Player(film)
    for key, minute in (("n", 130), ("right", 131), ("shift-right", 141), ("left", 140), ("home", 0), ("end", 840), ("i", 840), ("I", 200), ("I", 170), ("home", 0), ("i", 133), ("p", 130.2)):  # fmt: skip
        player.press(key)
        assert player.minute == pytest.approx(minute), key
    for _ in range(20):
        player.press("]")
    assert player.speed == SPEEDS[-1] == 600
    player.press("[")
    assert player.speed == 300


def test_the_board_shows_the_film_at_the_minute_in_both_languages(film: Film) -> None:
    player = Player(film)
    player.seek(205)
    text = screen(player)
    now = player.playback.place(film["places"][0], 205)
    row = next(line for line in text.splitlines() if "Registration" in line)
    assert "On paper" in row
    assert f" {now.waiting} " in row
    assert "演练 EXERCISE" in text
    assert "10:25" in text
    player.press("l")
    text = screen(player)
    assert "手工流程" in text
    assert "演练 EXERCISE" in text
    assert "On paper" not in text


def test_no_department_is_left_out_without_being_counted(film: Film) -> None:
    player = Player(film)
    for minute in (60, 137, 205, 260, 400):
        player.seek(minute)
        for size in ((150, 48), (120, 30), (80, 24), (80, 18)):
            text = "\n".join(line[: size[0] * 3 // 5] for line in screen(player, *size).splitlines())
            box = text[text.index("─ Departments") : text.index("─ Plan")]
            seen = [place for place in film["places"] if place["title"]["en"][:6] in box]
            left_out = re.search(r"(\d+) more", box)
            assert len(seen) + (int(left_out[1]) if left_out else 0) == len(film["places"]), (size, minute)
            modes = [player.playback.place(place, minute).mode for place in film["places"]]
            hidden = [m for m, place in zip(modes, film["places"], strict=True) if place not in seen]
            assert seen, size
            if "normal" in {player.playback.place(place, minute).mode for place in seen}:
                assert set(hidden) <= {"normal"}, "whoever suffers is shown first"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_on_a_narrow_terminal_the_mode_is_still_a_word_and_the_verdict_whole(film: Film, language: str) -> None:
    player = Player(film, language)
    player.seek(205)
    text = screen(player, 80, 24)
    assert f"✎ {'手工流程' if language == 'zh' else 'On paper'}" in text
    assert "…" not in next(line for line in text.splitlines() if "✎" in line).split("✎")[1]


def test_chinese_lines_stand_beside_their_time_and_their_bullet(film: Film) -> None:
    player = Player(film, "zh")
    player.seek(205)
    for line in screen(player, 100, 40).splitlines():
        assert not re.search(r"│ \d\d:\d\d +│$", line), line
    player.seek(130)
    for key in ("i", "i", "r"):
        player.press(key)
    assert not [line for line in screen(player, 50, 40).splitlines() if re.search("▪\\W*$", line)]


def test_the_team_says_who_is_waited_for(film: Film) -> None:
    player = Player(film)
    waits = [
        (s, t) for s in film["steps"] for t in s["turns"] if t[1] in ("person", "on_the_way", "off_shift") and t[2]
    ]
    step, turn = waits[0]
    player.seek(turn[0] + 0.01)
    text = re.sub(r"\s+", " ", screen(player, 240, 60))
    assert re.search(rf"… {step['title']['en'][:20]}[^…]*…? waits: {turn[2]['en'][:12]}", text)


@pytest.mark.parametrize("before", [0.0, 1e-7])
def test_an_inject_at_the_minute_from_which_one_plays_is_put_up_once(film: Film, before: float) -> None:
    player, question = Player(film), film["injects"][0]
    player.seek(question["minute"] - before)
    player.press(" ")
    player.tick(0.1)
    assert (player.minute, player.inject) == (question["minute"], question)
    player.press(" ")
    player.tick(0.1)
    assert player.inject is None
    assert player.minute > question["minute"]


def test_a_chinese_length_is_not_broken_at_its_number(film: Film) -> None:
    line = "超时 9 分钟完成：“下达手工流程指令（检验、影像、药房）”"
    late = {**film, "entries": [{"minute": 10.0, "kind": "done", "level": 2, "text": {"en": "Late", "zh": line}}]}
    player = Player(late, "zh")
    player.seek(20)
    assert "超时9分钟完成" in screen(player, 80, 24)


def test_g_goes_to_a_time_that_is_typed(film: Film) -> None:
    player = Player(film)
    for text, minute in (
        ("11:20", 260),
        ("0815", 75),
        ("+45", 120),
        ("-20", 100),
        ("10：30", 210),
        ("＋2h", 330),
        ("-1.5 h", 240),
        ("+1小时 30分钟", 330),
        ("−5 分", 325),
        ("0.1d", None),
        ("-0.1天", 181),
        ("+1d", None),
        ("03-09 07:30", 30),
    ):
        before = player.minute
        for key in ("g", *text, "enter"):
            player.press(key)
        assert (player.minute, player.typed) == ((minute, None) if minute else (before, "")), text
        player.press("escape")
    for wrong in ("25:00", "99", "23:59", "13-41 10:00", "q", "+2x", "+h", "2h"):
        for key in ("g", *wrong, "x", "backspace", "enter"):
            player.press(key)
        assert player.minute == 30
        assert f"“{wrong}” is not a time from 07:00 to 21:00" in screen(player, 200)
        player.press("escape")
    assert not player.over


def test_a_run_of_days_says_the_day_in_the_head_and_in_the_text(film: Film) -> None:
    later = {**film, "start": "2026-03-09T20:00"}
    player = Player(later)
    player.seek(300)
    assert "03-10 01:00" in screen(player)
    lines = board.story_lines(later)
    assert lines.count("── 03-10 ──") == 1
    day = lines.index("── 03-10 ──")
    assert lines[day - 2].strip().startswith(("2", "▪"))
    assert lines[day + 1].startswith("00:")


def test_square_brackets_in_titles_are_shown_not_obeyed(film: Film) -> None:
    assert "HIS [red]down[/red] [/]" in screen(Player(film))


@pytest.mark.parametrize("size", [(80, 24), (60, 15), (220, 70)])
def test_it_draws_on_any_terminal(film: Film, size: tuple[int, int]) -> None:
    player = Player(film)
    for key in ("", "i", "r", "?", "escape", "end"):
        player.press(key)
        assert "演练 EXERCISE" in screen(player, *size)


def test_the_text_says_more_in_brackets_of_its_language_and_of_nobody_that_nobody_is_there() -> None:
    plan = {"roles": {"lead": {"title": {"en": "Lead", "zh": "主任"}, "holders": ["chief"]}}, "staff": {"chief": {"title": {"en": "Chief", "zh": "科长"}, "on_duty": 2}}, "systems": {"his": {}}}  # fmt: skip
    faults = [{"id": "down", "target": "his", "at": "00:10", "title": {"en": "Down", "zh": "宕机"}, "effect": {"en": "All stands still.", "zh": "业务全停"}}]  # fmt: skip
    events = [
        Event(10.0, 1, "fault", "down", "began", "his", 1.0),
        Event(11.0, 2, "on_duty", "chief", "fault", "down", 1.0),
        Event(12.0, 3, "on_duty", "chief", "fault", "down", 0.0),
    ]
    shown = make_film(a_scenario(**plan, faults=faults, horizon=60.0), Log(1, 0.0, 60.0, events))
    english, chinese = (board.story_lines(shown, language) for language in ("en", "zh"))
    assert "00:10  Down (All stands still.)" in english
    assert "00:10  宕机（业务全停）" in chinese
    assert english[-2:] == ["00:11  Chief: 1 left on duty", "00:12  Chief: nobody left on duty"]
    assert chinese[-2:] == ["00:11  科长：在岗仅剩 1 人", "00:12  科长：已无人在岗"]


def test_without_a_terminal_the_story_is_text(film: Film) -> None:
    console = Console(file=io.StringIO(), width=80)
    board.play(film, "zh", console=console)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert text.startswith("演练 EXERCISE · HIS 宕机 [/]")
    assert "09:10  HIS 数据库宕机" in text
    assert "谁给谁打电话？先问什么？" in text
    assert "预案要求：" in text


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is needed")
def test_on_a_real_terminal_keys_work_and_leave_it_as_it_was(film: Film, tmp_path: Path) -> None:
    import pty
    import termios

    file = tmp_path / "film.json"
    file.write_text(json.dumps(film), encoding="utf-8")
    program = (
        f"import json; from drillsim.playback.board import play; play(json.load(open({str(file)!r}, encoding='utf-8')))"
    )
    ours, theirs = pty.openpty()
    before = termios.tcgetattr(theirs)
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "120", "LINES": "40"}
    running = subprocess.Popen(
        [sys.executable, "-c", program], stdin=theirs, stdout=theirs, stderr=theirs, env=environment
    )
    try:
        seen = until(ours, "09:05")
        for pressed, wanted in (
            (b"\x1b[C", "09:06"),
            (b"\x1b[1;2C", "09:16"),
            (b"\x1b[D", "09:15"),
            (b"i", "newspaper"),
            (b"\x1b[H", "07:00"),
            (b"l", "科室"),
        ):
            os.write(ours, pressed)
            seen += until(ours, wanted)
        os.write(ours, b"q")
        assert running.wait(10) == 0
        assert "Traceback" not in seen
        assert termios.tcgetattr(theirs)[3] == before[3]
    finally:
        running.kill()
        running.wait()
        os.close(ours)
        os.close(theirs)


def until(number: int, wanted: str) -> str:
    """Read what a terminal shows until something is there; at most ten seconds."""
    import select

    seen, end = b"", time.monotonic() + 10
    while time.monotonic() < end:
        if select.select([number], [], [], 0.1)[0]:
            seen += os.read(number, 65536)
            if wanted in seen.decode("utf-8", "replace"):
                return seen.decode("utf-8", "replace")
    raise AssertionError(f"{wanted!r} was not shown")


def test_keys_are_read_on_windows_too(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = ["n", "\xe0", "K", "\x00", "G", "\x1b", "【"]
    fake = types.ModuleType("msvcrt")
    fake.kbhit = lambda: bool(waiting)  # type: ignore[attr-defined]
    fake.getwch = lambda: waiting.pop(0)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "msvcrt", fake)
    assert [keys._windows(0.01) for _ in range(6)] == ["n", "left", "home", "escape", "【", None]
    waiting.append("\x03")
    with pytest.raises(KeyboardInterrupt):
        keys._windows(0.01)
