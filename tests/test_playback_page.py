"""The page in a real browser, opened from disk: it shows what the film says, obeys the keys, speaks both languages and asks nobody for anything."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from drillsim.playback.film import make_film
from drillsim.playback.frame import Playback
from drillsim.playback.page import SCRIPTS, asset, write_page
from drillsim.playback.said import said
from drillsim.playback.shape import Film
from tests import playback_sample
from tests.playback_browser import chrome, opened, shown, state, wait_until
from tests.test_score_clocks import ONCE_MORE, played

NASTY = {
    "en": "Down </script><script>window.hurt = 1</script> <!-- & 'quoted' \u2028 [/red]",
    "zh": "宕机 </script><script>window.hurt = 1</script> <!--",
}
in_browser = pytest.mark.browser
__all__ = ["chrome"]  # a fixture


@pytest.fixture(scope="module")
def film() -> Film:
    return make_film(playback_sample.scenario(NASTY), playback_sample.log(), playback_sample.log(False))


@pytest.fixture(scope="module")
def address(film: Film, tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("replay") / "replay.html"
    file.write_text(write_page(film), encoding="utf-8")
    return file.as_uri()


@pytest.fixture
def page(chrome: Any, address: str) -> Iterator[Any]:
    found = opened(chrome, address)
    yield found
    assert found.wrong == []
    found.close()


# What it shows


@in_browser
def test_the_board_shows_what_python_reads_from_the_film(page: Any, film: Film) -> None:
    for minute in (0, 125, 131, 140.5, 165, 166, 200.25, 260, 330, 500, 839, 840):
        assert shown(page, minute) == Playback(film).at(minute), minute


@in_browser
def test_of_a_step_called_for_twice_the_page_shows_the_deadline_in_force(chrome: Any, tmp_path: Path) -> None:
    scenario, log = played(
        systems={"his": {}}, faults=[{**ONCE_MORE, "planned": 5.0}], detection={"users": {"after": 5.0}},
        steps=[
            {"id": "mend", "owner": "it", "takes": 10.0, "does": {"repair": "his"}, "within": "12 min of detected"},
            {"id": "look", "owner": "it", "after": "mend", "takes": 8.0, "within": "12 min of detected"},
        ],
    )  # fmt: skip
    film = make_film(scenario, log)
    file = tmp_path / "twice.html"
    file.write_text(write_page(film), encoding="utf-8")
    page = opened(chrome, file.as_uri())
    for minute in (75, 85, 89, 100, 116, 123, 126, 129, 140):  # announced for five minutes: noticed five minutes later
        assert shown(page, minute)["steps"] == Playback(film).at(minute)["steps"], minute
    page.evaluate("drillsim.seek(123)")
    assert page.locator("[data-id=look] .verdict").inner_text() == "4 min left"
    page.evaluate("drillsim.seek(129)")
    assert page.locator("[data-id=look] .verdict").inner_text() == "2 min over"
    assert page.locator("#after").inner_text() == "1 h 9 min since the planned stop"
    assert page.wrong == []
    page.close()


@in_browser
def test_the_board_is_the_same_at_a_minute_however_one_came_there(page: Any) -> None:
    first = shown(page, 205.5)
    for minute in (840, 0, 400, 131.2):
        shown(page, minute)
    assert shown(page, 205.5) == first
    page.evaluate("drillsim.seek(204)")
    page.keyboard.press("Space")
    wait_until(page, "drillsim.state().minute > 206")
    page.keyboard.press("Space")
    assert shown(page, 205.5) == first


@in_browser
def test_it_opens_five_minutes_before_the_fault_and_stands_still(page: Any, film: Film) -> None:
    assert state(page)["minute"] == film["opens_at"]
    assert not state(page)["playing"]
    assert page.evaluate("drillsim.board().situation") == "calm"


@in_browser
@pytest.mark.parametrize(("language", "word", "title"), [("en", "On paper", "Departments"), ("zh", "手工流程", "科室")])
def test_both_languages(page: Any, language: str, word: str, title: str) -> None:
    if language == "zh":
        page.keyboard.press("l")
    page.evaluate("drillsim.seek(260)")
    page.evaluate("drillsim.seek(205)")
    assert page.evaluate("drillsim.board().places.registration.words") == word
    assert page.locator("#places h2").text_content() == title
    assert page.locator("html").get_attribute("lang") == {"en": "en", "zh": "zh-CN"}[language]
    assert page.locator("#title").text_content() == NASTY[language]


@in_browser
def test_no_english_is_left_when_the_page_speaks_chinese(page: Any) -> None:
    page.keyboard.press("l")
    for key in ("", "i", "r", "?"):
        if key:
            page.keyboard.press(key)
        text = page.locator("body").inner_text()
        words = set(re.findall(r"[A-Za-z]{3,}", text)) - {"EXERCISE", "English", "HIS", "LIS", "PACS", "Space", "Home", "End", "Shift", "Esc", "script", "window", "hurt", "plan", "emergency"}  # fmt: skip
        assert not words


@in_browser
def test_the_exercise_banner_is_always_to_be_seen(page: Any) -> None:
    for key in ("", "i", "r", "Escape", "1", "2", "3", "4", "5", "5", "t", "l", "?", "End"):
        if key:
            page.keyboard.press(key)
        banner = page.locator(".banner")
        assert "演练" in banner.inner_text()
        assert "EXERCISE" in banner.inner_text()
        top = page.evaluate(
            "(() => { const r = document.querySelector('.banner').getBoundingClientRect(); return document.elementFromPoint(r.width / 2, r.height / 3).closest('.banner') !== null })()"
        )
        assert top, key


@in_browser
def test_modes_differ_by_word_and_sign_not_only_by_colour(page: Any) -> None:
    signs: dict[str, set[tuple[str, str]]] = {}
    for minute in (125, 140, 190, 205, 300):
        page.evaluate("minute => drillsim.seek(minute)", minute)
        for mode, word, sign in page.eval_on_selector_all(
            ".tile",
            "tiles => tiles.map(t => [t.dataset.mode, t.querySelector('.mode').textContent, t.querySelector('.band use').getAttribute('href')])",
        ):
            signs.setdefault(mode, set()).add((word, sign))
    assert all(len(found) == 1 for found in signs.values())
    words, icons = zip(*(next(iter(found)) for found in signs.values()), strict=True)
    assert len(set(words)) == len(set(icons)) == len(signs) == 5


# How it is played


@in_browser
def test_play_and_pause(page: Any) -> None:
    page.evaluate("drillsim.seek(20)")
    assert page.locator("button.go").get_attribute("title") == "Play (Space)"
    page.keyboard.press("Space")
    assert page.locator("button.go").get_attribute("title") == "Pause (Space)"
    wait_until(page, "drillsim.state().minute > 20.5")
    page.keyboard.press("Space")
    at = state(page)
    assert not at["playing"]
    page.wait_for_timeout(150)
    assert state(page)["minute"] == at["minute"]


@in_browser
def test_at_six_hundred_times_a_minute_takes_a_tenth_of_a_second(page: Any) -> None:
    for _ in range(6):
        page.keyboard.press("]")
    assert state(page)["speed"] == 600
    page.evaluate("drillsim.seek(210)")
    page.keyboard.press("Space")
    begun = page.evaluate("performance.now()")
    wait_until(page, "drillsim.state().minute > 220")
    taken = page.evaluate("performance.now()") - begun
    page.keyboard.press("Space")
    minutes = state(page)["minute"] - 210
    assert minutes <= (taken + 400) / 100
    for _ in range(12):
        page.keyboard.press("[")
    assert state(page)["speed"] == 1


@in_browser
def test_steps_go_from_event_to_event_and_back(page: Any, film: Film) -> None:
    playback = Playback(film)
    minute = 140.0
    page.evaluate("drillsim.seek(140)")
    for _ in range(6):
        page.keyboard.press("n")
        minute = playback.next_event(minute)
        assert state(page)["minute"] == pytest.approx(minute, abs=1e-9)
    page.keyboard.press("p")
    assert state(page)["minute"] == pytest.approx(playback.previous_event(minute), abs=1e-9)


@in_browser
def test_keys_move_by_a_minute_by_ten_to_the_start_and_to_the_end(page: Any, film: Film) -> None:
    page.evaluate("drillsim.seek(300)")
    for key, minute in (
        ("ArrowRight", 301),
        ("Shift+ArrowRight", 311),
        ("ArrowLeft", 310),
        ("Shift+ArrowLeft", 300),
        ("End", film["horizon"]),
        ("ArrowRight", film["horizon"]),
        ("Home", 0),
        ("ArrowLeft", 0),
    ):
        page.keyboard.press(key)
        assert state(page)["minute"] == minute, key


@in_browser
def test_the_scrubber_jumps(page: Any) -> None:
    page.evaluate(
        "(() => { const r = document.querySelector('.range'); r.value = 411.5; r.dispatchEvent(new Event('input')); })()"
    )
    assert state(page)["minute"] == 411.5
    assert page.locator(".mark").count() > 4
    page.locator(".mark[data-mark='fault']").dispatch_event("click")
    assert state(page)["minute"] == playback_sample.FAULT


@in_browser
def test_an_inject_with_a_question_stops_the_clock_and_is_answered_on_a_key(page: Any, film: Film) -> None:
    question = film["injects"][0]
    page.evaluate("drillsim.seek(132.9)")
    page.keyboard.press("Space")
    wait_until(page, "drillsim.state().card !== null")
    assert state(page)["minute"] == question["minute"]
    assert not state(page)["playing"]
    card = page.locator("#card")
    assert question["question"]["en"] in card.inner_text()
    assert "4.3" not in card.inner_text()
    page.keyboard.press("r")
    assert "HIS emergency plan v3, clause 4.3" in card.inner_text()
    assert question["happened"][0]["en"] in card.inner_text()
    page.keyboard.press("l")
    assert question["happened"][0]["zh"] in card.inner_text()
    page.keyboard.press("r")
    assert question["happened"][0]["zh"] not in card.inner_text()
    page.keyboard.press("Space")
    wait_until(page, "drillsim.state().minute > 133.2")
    assert card.is_hidden()


@in_browser
def test_an_inject_without_a_question_stops_the_clock_only_when_asked_to(page: Any, film: Film) -> None:
    rain = film["injects"][2]
    assert rain["question"] is None
    for armed in (False, True):
        page.evaluate("minute => drillsim.seek(minute)", rain["minute"] - 0.2)
        assert not state(page)["playing"]
        if armed:
            page.keyboard.press("s")
            wait_until(page, "drillsim.state().stopAtInject")
            assert state(page)["minute"] < rain["minute"]
        page.keyboard.press("Space")
        wait_until(page, "drillsim.state().card" if armed else f"drillsim.state().minute >= {rain['minute'] + 0.4}")
        assert state(page)["card"] == ("rain" if armed else None)
        assert state(page)["playing"] is not armed
        page.evaluate("drillsim.pause()")
    assert not state(page)["stopAtInject"]


@in_browser
@pytest.mark.parametrize("left", [1e-3, 5e-7, 1e-9, 3e-14])
def test_an_inject_stops_the_clock_however_little_time_was_left_to_it(page: Any, film: Film, left: float) -> None:
    rain = film["injects"][2]
    assert page.evaluate("minute => drillsim.seek(minute)", rain["minute"] - left) < rain["minute"]
    page.keyboard.press("s")
    page.keyboard.press("Space")
    wait_until(page, f"drillsim.state().card || drillsim.state().minute > {rain['minute']}")
    assert state(page)["card"] == "rain"
    assert state(page)["minute"] == rain["minute"]


@pytest.mark.parametrize("before", [0.0, 1e-7])
def test_an_inject_at_the_minute_from_which_one_plays_is_put_up_once(page: Any, film: Film, before: float) -> None:
    question = film["injects"][0]
    page.evaluate("minute => drillsim.seek(minute)", question["minute"] - before)
    assert state(page)["card"] is None
    page.keyboard.press("Space")
    wait_until(page, "drillsim.state().card !== null")
    assert state(page)["minute"] == question["minute"]
    page.keyboard.press("Space")
    wait_until(page, f"drillsim.state().minute > {question['minute']}")
    assert state(page)["card"] is None


@in_browser
def test_pause_and_play_within_one_frame_leave_one_clock_running(page: Any) -> None:
    """Frames of the player in twenty frames of the browser."""
    frames = page.evaluate("""() => new Promise(done => {
        drillsim.seek(20); drillsim.play(); drillsim.pause(); drillsim.play(); drillsim.pause(); drillsim.play();
        const before = drillsim.frameTimes.length; let n = 0;
        const count = () => { n += 1; if (n === 20) done(drillsim.frameTimes.length - before); else requestAnimationFrame(count); };
        requestAnimationFrame(count);
    })""")
    assert 18 <= frames <= 21


@in_browser
@pytest.mark.parametrize("later", [0, 4])
def test_six_faults_at_one_minute_are_one_mark_with_their_number_and_no_mark_hides_another(
    chrome: Any, film: Film, tmp_path: Path, later: int
) -> None:
    many = copy.deepcopy(film)
    fault = next(entry for entry in many["entries"] if entry.get("mark") == "fault")
    many["entries"] += [{**fault, "text": {"en": f"Fault {n}", "zh": f"故障{n}"}} for n in range(5)]
    many["entries"] += [{**fault, "minute": fault["minute"] + 3 * (n + 1)} for n in range(later)]
    many["entries"].sort(key=lambda entry: entry["minute"])
    file = tmp_path / "many.html"
    file.write_text(write_page(many), encoding="utf-8")
    page = opened(chrome, file.as_uri())
    marks = page.eval_on_selector_all(
        ".mark",
        "marks => marks.map(m => [m.dataset.mark, Number(m.textContent || 1), m.title.split('\\n').length, m.getBoundingClientRect().x, m.getBoundingClientRect().y])",
    )
    assert sum(number for kind, number, *_ in marks if kind == "fault") == 6 + later
    assert all(number == lines for _, number, lines, *_ in marks)
    assert sum(number for _, number, *_ in marks) == sum("mark" in entry for entry in many["entries"])
    wide = page.evaluate("document.querySelector('.mark').getBoundingClientRect().width")
    for n, (*_, x, y) in enumerate(marks):
        assert all(abs(x - a) > 0.8 * wide or abs(y - b) > 0.8 * wide for *_, a, b in marks[:n])
    first = page.locator(".mark[data-mark='fault']").first
    assert all(f"Fault {n}" in first.get_attribute("title") for n in range(5))
    first.dispatch_event("click")
    assert state(page)["minute"] == fault["minute"]
    page.close()


@in_browser
def test_the_bars_stay_at_their_rows_when_a_longer_sentence_in_the_head_takes_room(
    chrome: Any, film: Film, tmp_path: Path
) -> None:
    wordy = copy.deepcopy(film)
    wordy["situation"][-1][2] = dict.fromkeys(("en", "zh"), "words and more words " * 30)
    file = tmp_path / "wordy.html"
    file.write_text(write_page(wordy), encoding="utf-8")
    page = opened(chrome, file.as_uri())
    high = "document.querySelector('.chart').clientHeight"
    before = page.evaluate(high)
    page.keyboard.press("End")
    assert page.evaluate(high) < before
    wait_until(page, f"Math.abs(document.querySelector('.chart').height - {high} * devicePixelRatio) < 1")
    page.close()


@in_browser
def test_on_a_small_screen_the_buttons_of_a_long_card_are_seen_and_it_scrolls(
    chrome: Any, film: Film, tmp_path: Path
) -> None:
    long = copy.deepcopy(film)
    long["injects"][0]["happened"] *= 40
    file = tmp_path / "long.html"
    file.write_text(write_page(long), encoding="utf-8")
    page = opened(chrome, file.as_uri())
    for size in ((1024, 768), (1280, 720)):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        for key in ("Home", "i", "r"):
            page.keyboard.press(key)
        on_top = """() => { const r = document.querySelector('#card .buttons button').getBoundingClientRect();
            return document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2).closest('#card .buttons') !== null; }"""
        assert page.evaluate(on_top), size
        page.keyboard.press("ArrowDown")
        wait_until(page, "document.querySelector('#card').scrollTop > 0")
    page.close()


@in_browser
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_revealed_card_is_seen_whole_and_one_that_is_too_long_says_so(
    chrome: Any, film: Film, tmp_path: Path, language: str
) -> None:
    long = copy.deepcopy(film)
    long["injects"][0]["happened"] *= 5
    long["injects"][1]["happened"] = long["injects"][0]["happened"] * 12
    file = tmp_path / "long.html"
    file.write_text(write_page(long), encoding="utf-8")
    page = opened(chrome, f"{file.as_uri()}#lang={language}")
    page.set_viewport_size({"width": 1280, "height": 720})
    below = """() => { const [card, line, buttons] = ['#card', '#card .run li:last-child', '#card .buttons'].map(s => document.querySelector(s));
        return [card.scrollHeight - card.clientHeight > 1, line.getBoundingClientRect().bottom > buttons.getBoundingClientRect().top + 1,
            [...card.querySelectorAll('li, p, h3')].some(e => parseFloat(getComputedStyle(e).fontSize) < 10.95)]; }"""
    for key in ("Home", "i", "r"):
        page.keyboard.press(key)
    assert page.evaluate(below) == [False, False, False]
    assert page.locator("#card .down").is_hidden()
    page.keyboard.press("i")
    page.keyboard.press("r")
    assert page.evaluate(below) == [True, True, False]
    assert page.locator("#card .down").is_visible()
    page.keyboard.press("PageDown")
    wait_until(page, "document.querySelector('#card').scrollTop > 200")
    page.evaluate("document.querySelector('#card').scrollTo(0, 1e5)")
    wait_until(page, "document.querySelector('#card').dataset.more === ''")
    assert page.evaluate(below)[1] is False
    page.close()


@in_browser
def test_i_goes_to_the_next_inject_and_shift_i_back(page: Any, film: Film) -> None:
    found = []
    for key in ("i", "i", "i", "i", "Shift+I", "Shift+I"):
        page.keyboard.press(key)
        found.append(state(page)["card"])
    assert found == ["saving", "press", "rain", "rain", "press", "saving"]


@in_browser
@pytest.mark.parametrize("keys", [("i", "i", "i"), ("i", "n", "i"), ("i", "Space", "i")])
def test_of_two_injects_at_the_same_minute_none_is_passed_over(
    chrome: Any, film: Film, tmp_path: Path, keys: tuple[str, ...]
) -> None:
    both = copy.deepcopy(film)
    both["injects"][1]["minute"] = both["injects"][0]["minute"]
    file = tmp_path / "both.html"
    file.write_text(write_page(both), encoding="utf-8")
    page = opened(chrome, file.as_uri())
    found = []
    for key in keys:
        page.keyboard.press(key)
        found.append(state(page)["card"])
    assert found == ["saving", "press", "rain"]
    page.keyboard.press("Shift+I")
    assert state(page)["card"] == "saving"
    page.close()


@in_browser
def test_a_deadline_beyond_the_hours_that_are_shown_has_no_wedge_in_them(
    chrome: Any, film: Film, tmp_path: Path
) -> None:
    """Corners that are drawn in the plan: a wedge has three, and one that lies days ahead has none."""
    corners = []
    for allowed in (None, 30000.0):
        late = copy.deepcopy(film)
        for step in late["steps"]:
            if step["due"] and step["due"]["clock"] is not None and allowed:
                step["due"]["each"] = [[begin, clock, clock + allowed] for begin, clock, _ in step["due"]["each"]]
        file = tmp_path / "due.html"
        file.write_text(write_page(late), encoding="utf-8")
        page = opened(chrome, file.as_uri())
        corners.append(
            page.evaluate("""() => {
                let drawn = 0;
                const to = CanvasRenderingContext2D.prototype.lineTo, pen = CanvasRenderingContext2D.prototype;
                pen.lineTo = function (x, y) { if (this.canvas.className === 'chart' && this.canvas.closest('#plan') && this.fillStyle !== 'none') drawn += 1; to.call(this, x, y); };
                const fill = pen.fill; let wedges = 0;
                pen.fill = function (...a) { if (drawn === 2) wedges += 1; drawn = 0; fill.apply(this, a); };
                const begin = pen.beginPath;
                pen.beginPath = function () { drawn = 0; begin.call(this); };
                drillsim.seek(141);
                return wedges;
            }""")
        )
        page.close()
    assert corners[0] > 0
    assert corners[1] == 0


@in_browser
def test_escape_closes_the_box_for_a_time_wherever_one_is_in_it(page: Any) -> None:
    page.keyboard.press("2")
    page.keyboard.press("g")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    assert page.locator("#goto").is_hidden()
    assert state(page)["view"] == "systems"


@in_browser
def test_a_screen_reader_hears_the_answer_when_it_is_shown(page: Any, film: Film) -> None:
    page.keyboard.press("i")
    page.keyboard.press("i")
    page.keyboard.press("r")
    answer = film["injects"][1]["answer"]
    assert answer
    assert answer["en"] in page.locator("#live").text_content()


@in_browser
def test_everything_can_be_done_with_keys_and_reached_by_tab(page: Any) -> None:
    for key, view in (("1", "places"), ("2", "systems"), ("3", "plan"), ("4", "team"), ("5", "story"), ("5", "")):
        page.keyboard.press(key)
        assert state(page)["view"] == view
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.keyboard.press("t")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != dark
    page.keyboard.press("?")
    assert page.locator("#help").is_visible()
    page.keyboard.press("Escape")
    assert page.locator("#help").is_hidden()
    page.keyboard.press("Tab")
    names = []
    for _ in range(14):
        names.append(
            page.evaluate("document.activeElement.getAttribute('aria-label') || document.activeElement.textContent")
        )
        page.keyboard.press("Tab")
    assert any("Next event" in name for name in names)
    assert any("Time of the exercise" in name for name in names)


@in_browser
def test_a_screen_reader_is_told_what_the_numbers_of_a_tile_are(page: Any) -> None:
    words = {
        "en": ["waiting", "longest wait", "on duty", "on paper, not typed in"],
        "zh": ["等候", "最长等候", "在岗", "手工单据，待补录"],
    }
    for language in ("en", "zh"):
        read = {}
        for minute in (60, 205, 260):
            page.evaluate("minute => drillsim.seek(minute)", minute)
            page.wait_for_timeout(500)  # what is on paper fades
            read[minute] = page.locator("article").first.aria_snapshot()
        assert not [word for word in words[language] if word not in read[260]], read[260]
        assert words[language][3] not in read[60]
        page.keyboard.press("l")


@in_browser
def test_an_inject_takes_the_focus_and_gives_it_back(page: Any) -> None:
    focused = "document.activeElement.id || document.activeElement.textContent"
    page.locator(".range").focus()
    page.keyboard.press("i")
    assert page.evaluate(focused) == "card"
    page.keyboard.press("Tab")
    assert "Show the answer" in page.evaluate(focused)
    page.keyboard.press("Enter")
    assert state(page)["revealed"]
    assert page.evaluate(focused) == "card"
    page.keyboard.press("Tab")
    assert "Hide the answer" in page.evaluate(focused)
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.className") == "range"


@in_browser
def test_in_play_a_screen_reader_hears_what_nobody_may_miss(page: Any, film: Film) -> None:
    fault = next(entry for entry in film["entries"] if entry["kind"] == "fault")
    page.evaluate("minute => drillsim.seek(minute)", fault["minute"] - 0.3)
    page.keyboard.press("Space")
    wait_until(page, f"drillsim.state().minute > {fault['minute'] + 0.1}")
    page.evaluate("drillsim.pause()")
    heard = page.locator("#live").text_content()
    assert fault["text"]["en"] in heard
    assert "Nobody responsible knows of it yet" in heard


@in_browser
def test_a_screen_reader_hears_what_happens(page: Any) -> None:
    page.evaluate("drillsim.seek(129.5)")
    page.keyboard.press("n")
    assert page.locator("#live").get_attribute("aria-live") == "polite"
    assert "09:10" in page.locator("#live").text_content()
    page.keyboard.press("i")
    assert "Who calls whom" in page.locator("#live").text_content()


@in_browser
def test_the_address_says_where_to_open(chrome: Any, address: str) -> None:
    page = opened(chrome, address + "#minute=205&lang=zh&theme=dark&view=systems")
    assert state(page) == {**state(page), "minute": 205, "language": "zh", "view": "systems"}
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.close()


@in_browser
def test_nothing_is_wider_than_the_screen(page: Any) -> None:
    beyond = """width => [...document.querySelectorAll('.tile, .node, .panel, footer button, #clock')]
        .filter(e => e.offsetParent && e.getBoundingClientRect().right > width + 1).map(e => e.className)"""
    for width, height in ((1024, 768), (1366, 768), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        for key in ("l", "i", "r"):
            page.keyboard.press(key)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (width, key)
            assert page.evaluate(beyond, width) == [], (width, key)


@in_browser
def test_with_reduced_motion_nothing_moves_by_itself(chrome: Any, address: str) -> None:
    page = opened(chrome, address, reduced_motion="reduce")
    assert page.evaluate("getComputedStyle(document.querySelector('.tile')).transitionDuration") == "0s"
    page.close()


# That it is safe


@in_browser
def test_the_page_asks_for_nothing_and_a_script_in_a_title_is_only_text(chrome: Any, address: str) -> None:
    page = opened(chrome, address)
    for key in ("Space", "n", "i", "r", "l", "t", "End"):
        page.keyboard.press(key)
    assert page.asked == [address]
    assert page.wrong == []
    assert page.evaluate("window.hurt") is None
    assert page.locator("#title").text_content() == NASTY["zh"]
    assert NASTY["zh"] in page.title()
    page.close()


def test_the_file_holds_no_address_and_its_film_cannot_end_its_element(film: Film) -> None:
    html = write_page(film)
    assert not re.search(r"(?:src|href)\s*=\s*[\"'](?!#|\"|')", html)
    assert [a for a in re.findall(r"https?://[^\s\"')]+", html) if a != "http://www.w3.org/2000/svg"] == []
    inside = html.split('<script type="application/json" id="film">')[1].split("</script>")[0]
    assert "<" not in inside
    assert "\u2028" not in inside
    assert html.count("</script>") == 2


def test_the_page_opens_in_the_language_asked_for(film: Film) -> None:
    assert '<html lang="zh-CN"' in write_page(film, "zh")
    assert '<html lang="en"' in write_page(film, "en")


def test_every_sentence_of_the_scripts_comes_with_the_film() -> None:
    known = said()
    for name in SCRIPTS:
        source = asset(name)
        for english in re.findall(r'(?:say|heading)\(\s*"([^"]+)"', source) + re.findall(r'words: "([^"]+)"', source):
            assert english in known, f"{name}: {english}"
