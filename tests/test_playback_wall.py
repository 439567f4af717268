"""The page on a wall: a whole shipped hospital on projectors and laptops, compared with its log, rewound, and timed."""

from __future__ import annotations

import copy
import itertools
import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from drillsim import files
from drillsim.files import load
from drillsim.log.rows import Log
from drillsim.model.scenario import Scenario
from drillsim.playback import series
from drillsim.playback.film import make_film
from drillsim.playback.frame import Playback
from drillsim.playback.page import write_page
from drillsim.playback.shape import Film
from drillsim.sim.run import replicate
from tests import playback_sample
from tests.playback_browser import chrome, opened, shown, state, wait_until

pytestmark = pytest.mark.browser
__all__ = ["chrome"]  # a fixture
SCREENS = ((1024, 768), (1280, 800), (1366, 768), (1920, 1080))
LARGEST = 5e6  # bytes


class Shown:
    """A shipped scenario played once: its log, its film, its page."""

    def __init__(self, name: str, folder: Path) -> None:
        self.scenario: Scenario = load(name).scenario
        self.log, self.base = (
            replicate(self.scenario, seed=1, replication=1, with_faults=faults) for faults in (True, False)
        )
        self.film: Film = make_film(self.scenario, self.log, self.base)
        self.html = write_page(self.film)
        self.file = folder / f"{name}.html"
        self.file.write_text(self.html, encoding="utf-8")


@pytest.fixture(scope="module")
def hospital(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """The large hospital on a day in which its systems fail and are switched over."""
    return Shown("his-database-outage", tmp_path_factory.mktemp("wall"))


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """The same hospital over several days, with departments on paper."""
    return Shown("core-switch-loop", tmp_path_factory.mktemp("wall"))


@pytest.fixture(scope="module")
def heat(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """The same hospital without most of its systems for three days: long queues, and piles of paper in every department."""
    return Shown("two-rooms-overheat", tmp_path_factory.mktemp("wall"))


@pytest.fixture(scope="module")
def power(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """The same hospital in the hours after its server room lost power: most systems fail at once, and most of the team is busy."""
    return Shown("server-room-power-loss", tmp_path_factory.mktemp("wall"))


@pytest.fixture
def dark(chrome: Any, power: Shown) -> Iterator[Any]:
    found = opened(chrome, power.file.as_uri(), reduced_motion="reduce")
    yield found
    assert found.wrong == []
    found.close()


@pytest.fixture
def crowded(chrome: Any, heat: Shown) -> Iterator[Any]:
    found = opened(chrome, heat.file.as_uri(), reduced_motion="reduce")  # nothing is half faded
    yield found
    assert found.wrong == []
    found.close()


@pytest.fixture
def page(chrome: Any, hospital: Shown) -> Iterator[Any]:
    found = opened(chrome, hospital.file.as_uri())
    yield found
    assert found.wrong == []
    assert found.asked == [hospital.file.as_uri()]
    found.close()


@pytest.fixture
def long(chrome: Any, days: Shown) -> Iterator[Any]:
    found = opened(chrome, days.file.as_uri())
    yield found
    assert found.wrong == []
    found.close()


# That it can be read

BEYOND = """width => [...document.querySelectorAll('body > *, .tile, .node, .panel, .figure, footer button, #clock')]
    .filter(e => e.offsetParent && e.getBoundingClientRect().right > width + 1).map(e => e.id || e.className)"""
CUT = """() => [...document.querySelectorAll('.tile :is(.mode, .forms, .waiting, .unit, .longest, .duty, .since), .paper, .node .state, .step .verdict, #clock, #situation, #since, #after, .speed, .figure :is(.value, .aside), .ticks span, :is(.troubles, .crew) li > .state')]
    .filter(e => {
        const [its, box] = [e, e.closest('.tile, .figure, .panel, header, footer')].map(x => x.getBoundingClientRect());
        const row = e.closest('li, .state') || box;
        const gone = !e.offsetParent || getComputedStyle(e).opacity == 0 || getComputedStyle(e).visibility !== 'visible' || its.width === 0
            || row.getBoundingClientRect && (its.top >= row.getBoundingClientRect().bottom - 1 || row.getBoundingClientRect().left >= box.right);
        return !gone && (e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline' || its.right > box.right + 0.5 || its.left < box.left - 0.5);
    }).map(e => e.className + ': ' + e.textContent)"""
OVER = """() => [...document.querySelectorAll('.tile[data-paper="yes"]')].map(tile => [tile, ...['.waiting', '.paper'].map(s => tile.querySelector(s))])
    .filter(([, one, other]) => one.offsetParent && getComputedStyle(other).opacity > 0 && one.getBoundingClientRect().right > other.getBoundingClientRect().left + 1)
    .map(([tile, one, other]) => `${tile.dataset.id}: ${one.textContent} over ${other.textContent}`)"""


HIDDEN = """() => [...document.querySelectorAll('.tile')].flatMap(tile => {
        const boxes = ['.waiting', '.unit', '.paper', '.longest', '.duty', '.mode', '.forms', 'h3'].map(s => tile.querySelector(s))
            .filter(e => e.offsetParent && getComputedStyle(e).opacity > 0 && getComputedStyle(e).visibility === 'visible').map(e => [e.className || e.tagName, e.getBoundingClientRect()]);
        return boxes.flatMap(([one, a], n) => boxes.slice(n + 1).filter(([, b]) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2
            && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.35 * Math.min(a.height, b.height)).map(([other]) => `${tile.dataset.id}: ${one} over ${other}`));
    })"""


@pytest.mark.parametrize("size", SCREENS)
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("fixture", ["page", "long", "crowded"])
def test_nothing_is_wider_than_the_screen_and_no_state_or_number_is_cut_or_hidden(fixture: str, language: str, size: tuple[int, int], request: pytest.FixtureRequest) -> None:  # fmt: skip
    page = request.getfixturevalue(fixture)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    if language == "zh":
        page.keyboard.press("l")
    for minute in (0, 135, 200, 330, 520, page.evaluate("drillsim.film.horizon * 0.6")):
        page.evaluate("minute => drillsim.seek(minute)", minute)
        assert page.evaluate(HIDDEN) == [], minute
        assert page.evaluate(BEYOND, size[0]) == [], minute
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        assert page.evaluate(CUT) == [], minute
        assert page.evaluate(OVER) == [], minute


TROUBLES = """() => {
    const list = document.querySelector('.troubles'), box = list.getBoundingClientRect(), panel = list.closest('.panel').getBoundingClientRect();
    const lines = [...list.children].filter(e => e.offsetParent), place = e => e.getBoundingClientRect();
    const whole = e => { const r = place(e), s = getComputedStyle(e); return s.visibility === 'visible' && r.top >= box.top - 1 && r.bottom <= Math.min(box.bottom, panel.bottom) + 1 && r.left >= box.left - 1 && r.right <= box.right + 1; };
    const below = lines.filter(e => !whole(e) && place(e).bottom > box.bottom).length, more = document.querySelector('#systems .more');
    return { shown: lines.filter(whole).length, all: lines.length, columns: new Set(lines.filter(whole).map(e => Math.round(place(e).left))).size, below, note: more.offsetParent && place(more).bottom <= panel.bottom ? more.textContent : '' };
}"""


@pytest.mark.parametrize("size", SCREENS[1:3])
@pytest.mark.parametrize(("language", "words"), [("en", "and {} more"), ("zh", "另有 {} 个")])
def test_every_system_that_does_not_work_is_named_or_counted_below_the_list(dark: Any, power: Shown, language: str, words: str, size: tuple[int, int]) -> None:  # fmt: skip
    dark.set_viewport_size({"width": size[0], "height": size[1] - 80 if size[1] == 800 else size[1]})
    if language == "zh":
        dark.keyboard.press("l")
    seen = set()
    for after in (1, 20, 90, 300):
        minute = power.film["failed"] + after
        shown = dark.evaluate("minute => { drillsim.seek(minute); return drillsim.board().systems }", minute)
        broken = sum(value != "up" for value in shown.values())
        found = dark.evaluate(TROUBLES)
        assert found["all"] == found["shown"] + found["below"] == broken
        assert found["note"] == (words.format(found["below"]) if found["below"] else "")
        seen.add(found["below"] > 0)
    assert True in seen
    dark.evaluate("minute => drillsim.seek(minute)", power.film["failed"] + 90)
    dark.keyboard.press("2")
    alone = dark.evaluate(TROUBLES)
    assert alone["columns"] > 2
    assert alone["below"] == 0
    dark.set_viewport_size({"width": size[0], "height": 430})
    dark.wait_for_timeout(100)
    cut = dark.evaluate(TROUBLES)
    assert cut["below"] > 0
    assert cut["note"] == words.format(cut["below"])
    for _ in range(12):
        dark.keyboard.press("ArrowDown")
    dark.wait_for_timeout(100)
    assert dark.evaluate(TROUBLES)["below"] == 0
    for _ in range(12):
        dark.keyboard.press("ArrowUp")
    dark.wait_for_timeout(100)
    assert dark.evaluate(TROUBLES) == cut


CREW = """() => {
    const crew = document.querySelector('.crew'), foot = crew.getBoundingClientRect().bottom + 1, lines = [...crew.querySelectorAll('li')].filter(e => e.offsetParent);
    return { shown: lines.length, below: lines.filter(e => e.getBoundingClientRect().bottom > foot).length, note: crew.querySelector('.more').textContent, noteCut: crew.querySelector('.more').getBoundingClientRect().bottom > foot,
        squeezed: lines.filter(e => e.querySelector('b').getBoundingClientRect().bottom > e.querySelector('.doing').getBoundingClientRect().top + 2 && e.querySelector('b').scrollWidth > e.querySelector('b').clientWidth).map(e => e.textContent) };
}"""


@pytest.mark.parametrize("size", [(1280, 720), (1366, 768), (1920, 1080)])
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("view", ["", "4"])
def test_however_many_are_busy_each_is_whole_on_two_lines_or_counted_below(dark: Any, power: Shown, view: str, language: str, size: tuple[int, int]) -> None:  # fmt: skip
    dark.set_viewport_size({"width": size[0], "height": size[1]})
    for key in (view, "l" if language == "zh" else ""):
        if key:
            dark.keyboard.press(key)
    counted = False
    for after in (15, 20, 30, 40, 60, 240):
        people = dark.evaluate(
            "minute => { drillsim.seek(minute); return drillsim.board().people }", power.film["failed"] + after
        )
        found = dark.evaluate(CREW)
        assert found["below"] == 0
        assert found["squeezed"] == []
        assert not found["noteCut"] or not found["note"]
        left = sum(int(number) for number in re.findall(r"\d+", found["note"]))
        busy = sum(value not in ("free", "off") for value in people.values())
        assert found["shown"] + left >= busy
        assert found["shown"] >= min(3, busy)
        counted = counted or left > 0
    assert counted or view or size[1] > 768


@pytest.mark.parametrize("language", ["en", "zh"])
def test_where_tiles_are_small_no_curve_crosses_a_number_and_waits_are_at_least_eleven_pixels(
    dark: Any, power: Shown, language: str
) -> None:
    if language == "zh":
        dark.keyboard.press("l")
    dark.evaluate("minute => drillsim.seek(minute)", power.film["failed"] + 90)
    for size, dense in (((1280, 720), True), ((1366, 768), True), ((1920, 1080), False)):
        dark.set_viewport_size({"width": size[0], "height": size[1]})
        dark.wait_for_timeout(150)
        for what in (".trace", ".duty"):
            assert dark.locator(f".tile {what}").first.is_visible() is not dense, (size, what)
        assert dark.evaluate("parseFloat(getComputedStyle(document.querySelector('.tile .longest')).fontSize)") >= 11
        assert dark.evaluate(HIDDEN) == []
        assert dark.evaluate(CUT) == []


SMALL = """() => {
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = new Set();
    for (let node; (node = walk.nextNode());) {
        const e = node.parentElement;
        if (!node.textContent.trim() || !e.offsetParent || e.closest('.unseen, script, style, noscript')) continue;
        if (parseFloat(getComputedStyle(e).fontSize) < 10.95) found.add(`${e.className} ${e.tagName}: ${node.textContent}`);
    }
    return [...found];
}"""
CURVES = """() => [...document.querySelectorAll('.figure, .tile')].filter(box => {
        const curve = box.querySelector('.trace').getBoundingClientRect();
        return [...box.querySelectorAll('.name, .value, .aside, h3, .mode, .waiting, .unit, .longest, .duty, .paper')].some(e => {
            const its = e.getBoundingClientRect();
            return curve.width && its.width && its.bottom > curve.top + 2.5 && its.right > curve.left && its.left < curve.right && getComputedStyle(e).visibility === 'visible';
        });
    }).map(box => box.dataset.id)"""
NAMES = "() => [...document.querySelectorAll('.tile h3')].map(e => [e.textContent, e.scrollWidth <= e.clientWidth && e.scrollHeight <= e.clientHeight + 1])"


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("fixture", ["page", "crowded", "dark"])
def test_on_a_laptop_nothing_is_written_smaller_than_eleven_pixels_and_departments_are_named_whole(
    fixture: str, language: str, request: pytest.FixtureRequest
) -> None:
    page = request.getfixturevalue(fixture)
    page.set_viewport_size({"width": 1280, "height": 720})
    if language == "zh":
        page.keyboard.press("l")
    failed, places = page.evaluate("[drillsim.film.failed, drillsim.film.places]")
    for after in (-1, 20, 90, 300):
        page.evaluate("minute => drillsim.seek(minute)", failed + after)
        page.wait_for_timeout(100)
        assert page.evaluate(SMALL) == []
        for place, (name, whole) in zip(places, page.evaluate(NAMES), strict=True):
            assert name in (place["title"][language], (place["short"] or place["title"])[language])
            assert whole, name
    assert page.evaluate("document.querySelector('#row #story') !== null")  # it makes room for the departments
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.wait_for_timeout(100)
    assert page.evaluate("document.querySelector('#row #story') === null")


BELOW = """() => [...document.querySelectorAll('.tile')].flatMap(tile => [...tile.querySelectorAll('h3, .mode, .waiting, .paper, .longest, .duty')]
    .filter(e => e.offsetParent && getComputedStyle(e).visibility === 'visible' && getComputedStyle(e).opacity > 0 && e.getBoundingClientRect().bottom > tile.getBoundingClientRect().bottom + 0.5)
    .map(e => `${tile.dataset.id} ${e.className}`))"""


@pytest.mark.parametrize("size", SCREENS)
@pytest.mark.parametrize("fixture", ["crowded", "page"])
def test_nothing_of_a_tile_lies_below_its_edge(
    fixture: str, size: tuple[int, int], request: pytest.FixtureRequest
) -> None:
    page = request.getfixturevalue(fixture)
    page.set_viewport_size({"width": size[0], "height": 720 if size[0] == 1280 else size[1]})
    failed = page.evaluate("drillsim.film.failed")
    for language in ("en", "zh"):
        for after in (25, 90, 300, 2000):
            page.evaluate("minute => drillsim.seek(minute)", failed + after)
            page.wait_for_timeout(100)
            assert page.evaluate(BELOW) == [], (language, after)
        page.keyboard.press("l")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_on_a_large_screen_people_on_duty_are_left_out_only_where_there_is_no_room(crowded: Any, language: str) -> None:
    crowded.set_viewport_size({"width": 1920, "height": 1080})
    if language == "zh":
        crowded.keyboard.press("l")
    failed = crowded.evaluate("drillsim.film.failed")
    gaps = """() => [...document.querySelectorAll('.tile')].map(tile => ['.longest', '.duty'].map(s => tile.querySelector(s))).filter(([wait, duty]) => duty.offsetParent && wait.dataset.none === '')
        .map(([wait, duty]) => [duty.getBoundingClientRect().left - wait.getBoundingClientRect().right, getComputedStyle(duty).visibility, parseFloat(getComputedStyle(wait).fontSize)])"""
    for after in (60, 110, 300):
        crowded.evaluate("minute => drillsim.seek(minute)", failed + after)
        crowded.wait_for_timeout(100)
        found = crowded.evaluate(gaps)
        assert found
        for gap, seen, size in found:
            assert gap > 0 if seen == "visible" else gap < size, (after, gap, size)


@pytest.mark.parametrize("size", SCREENS[1:])
def test_no_curve_lies_over_words_or_numbers(crowded: Any, heat: Shown, size: tuple[int, int]) -> None:
    crowded.set_viewport_size({"width": size[0], "height": size[1]})
    for after in (60, 300, 2000):
        crowded.evaluate("minute => drillsim.seek(minute)", heat.film["failed"] + after)
        crowded.wait_for_timeout(50)
        assert crowded.evaluate(CURVES) == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_in_the_drawing_every_system_is_named_in_whole_words_and_none_as_another(dark: Any, language: str) -> None:
    dark.set_viewport_size({"width": 1920, "height": 1080})
    if language == "zh":
        dark.keyboard.press("l")
    dark.keyboard.press("2")
    names = dark.evaluate("""() => [...document.querySelectorAll('.node .name')].map(e => [e.textContent, e.scrollWidth <= e.clientWidth && e.scrollHeight <= e.clientHeight + 1,
        parseFloat(getComputedStyle(e).fontSize), getComputedStyle(e).overflowWrap])""")
    assert [name for name, whole, *_ in names if not whole] == []
    assert len({name for name, *_ in names}) == len(names) == 65
    assert min(size for _, _, size, _ in names) > 9
    assert {wrap for *_, wrap in names} == {"normal"}


def test_what_a_nurse_must_see_can_be_read_from_three_metres(page: Any, long: Any) -> None:
    """On a wall picture 1.2 m high, 16 minutes of arc at three metres are 14 mm: that is 12.6 of 1080 lines; a Chinese sign wants a third more."""
    least = {
        "#clock": 50,
        "#situation": 22,
        ".tile .waiting": 35,
        ".tile h3": 17,
        ".tile .mode": 17,
        ".tile .longest": 14,
        ".tile .duty": 14,
    }
    page.keyboard.press("l")
    for width, height in ((1920, 1080), (1366, 768), (1024, 768)):
        page.set_viewport_size({"width": width, "height": height})
        for what, pixels in least.items():
            size = page.evaluate("what => parseFloat(getComputedStyle(document.querySelector(what)).fontSize)", what)
            assert size >= pixels * height / 1080 * 0.97, (what, size, width)
    long.set_viewport_size({"width": 1920, "height": 1080})
    long.keyboard.press("l")
    long.keyboard.press("i")
    for what, pixels in {"#card .question": 40, "#card blockquote": 24}.items():
        assert (
            long.evaluate("what => parseFloat(getComputedStyle(document.querySelector(what)).fontSize)", what) >= pixels
        )


def test_on_an_old_projector_departments_plan_and_story_stand_on_the_first_screen(page: Any) -> None:
    page.set_viewport_size({"width": 1024, "height": 768})
    foot = page.evaluate("document.querySelector('footer').getBoundingClientRect().top")
    for panel in ("places", "plan", "story"):
        assert page.evaluate("id => document.getElementById(id).getBoundingClientRect().bottom", panel) <= foot + 1, (
            panel
        )


def test_a_panel_alone_fills_the_board(page: Any) -> None:
    for key, panel in enumerate(("places", "systems", "plan", "team", "story"), 1):
        page.keyboard.press(str(key))
        wide, high = page.evaluate(
            "id => { const r = document.getElementById(id).getBoundingClientRect(); return [r.width / innerWidth, r.height] }",
            panel,
        )
        assert wide > 0.95, panel
        assert high > 400, panel


# That it is true


def counted(log: Log, scenario: Scenario, place: str, minute: float) -> tuple[int, int]:
    """Waiting and the longest wait in a department at a minute, from the rows of the log."""
    visits = log.visits
    names = log.names["activity"]
    its = [names.index(a) for a, one in scenario.hospital.activities.items() if one.department == place and a in names]
    rows = np.isin(visits["activity"], its) & (visits["mode"] != 2) & (visits["asked"] <= minute)
    gone = np.where(np.isnan(visits["started"]), visits["ended"], visits["started"])
    waiting = visits["asked"][rows & ~(gone <= minute)]
    return len(waiting), math.floor(minute - waiting.min() + 1e-6) if len(waiting) else 0


@pytest.mark.parametrize("fixture", ["hospital", "days"])
def test_the_board_says_what_counting_the_rows_of_the_log_gives(
    fixture: str, chrome: Any, request: pytest.FixtureRequest
) -> None:
    case: Shown = request.getfixturevalue(fixture)
    page, log = opened(chrome, case.file.as_uri()), case.log
    failed = case.film["failed"] or 0.0
    grid = series.grid(case.film["horizon"], failed)
    for minute in (0, failed, failed + 7, failed + 40, failed + 95, failed + 300, case.film["horizon"] - 1):
        minute = float(grid[grid <= minute][-1])
        board = shown(page, minute)
        for place, now in board["places"].items():
            waiting, longest = counted(log, case.scenario, place, minute)
            assert (now["waiting"], now["longest"]) == (waiting * case.scenario.stands_for, longest), (place, minute)
            code = log.names["department"].index(place) if place in log.names["department"] else -1
            its = log.entries["department"] == code
            items = log.entries["items"][its]
            pile = items[log.entries["written"][its] <= minute].sum() - items[log.entries["ended"][its] <= minute].sum()
            assert now["pile"] in (None, pile * case.scenario.stands_for), (place, minute)
            modes = [
                e.state for e in log.events if e.kind == "department" and e.subject == place and e.minute <= minute
            ]
            assert now["mode"] == (modes[-1] if modes else "normal"), (place, minute)
        for kind, states in (("component", board["systems"]), ("step", {k: v[0] for k, v in board["steps"].items()})):
            for name, now in states.items():
                rows = [e.state for e in log.events if e.kind == kind and e.subject == name and e.minute <= minute]
                assert now == (rows[-1] if rows else "up" if kind == "component" else "dormant"), (name, minute)
    page.close()


# That it can be played

LOOK = """() => ['header', 'main'].map(part => {
        const seen = document.querySelector(part).cloneNode(true);
        for (const hidden of seen.querySelectorAll('[hidden]')) hidden.remove();
        return seen.innerHTML;
    }).join() + [...document.querySelectorAll('canvas')].map(c => c.toDataURL()).join()"""


@pytest.mark.parametrize("fixture", ["page", "long"])
def test_rewound_to_a_minute_everything_looks_as_it_did_on_the_way(
    fixture: str, request: pytest.FixtureRequest
) -> None:
    page = request.getfixturevalue(fixture)
    page.evaluate("drillsim.seek(drillsim.film.opens_at)")
    seen = []
    for n in range(14):
        for _ in range(1 + n // 2):
            page.keyboard.press("n")
        page.keyboard.press("ArrowRight")
        seen.append((state(page)["minute"], page.evaluate(LOOK)))
    page.keyboard.press("End")
    for minute, look in reversed(seen):
        page.evaluate("minute => drillsim.seek(minute)", minute)
        assert page.evaluate(LOOK) == look, minute


def test_g_goes_to_a_time_that_is_typed(page: Any) -> None:
    for text, minute in (
        ("11:20", 260),
        ("0815", 75),
        ("＋45", 120),
        ("-20", 100),
        ("10：30", 210),
        ("＋2h", 330),
        ("-1.5 h", 240),
        ("+1小时 30分钟", 330),
        ("−5 分", 325),
        ("-0.1天", 181),
        ("03-09 07:30", 30),
    ):
        page.keyboard.press("g")
        page.keyboard.type(text)
        page.keyboard.press("Enter")
        assert state(page)["minute"] == minute, text
        assert page.locator("#goto").is_hidden()
    page.keyboard.press("g")
    for wrong in ("25:00", "99", "23:59", "noon", "<b>", "+1d", "+2x", "2h"):
        page.locator("#goto-field").fill(wrong)
        page.keyboard.press("Enter")
        assert state(page)["minute"] == 30
        assert f"“{wrong}” is not a time from 07:00 to" in page.locator("#goto p").inner_text()
    page.keyboard.press("Escape")
    assert page.locator("#goto").is_hidden()
    page.keyboard.press("n")
    assert state(page)["minute"] > 30


def test_the_scrubber_is_moved_with_the_mouse_and_with_keys(page: Any) -> None:
    box = page.locator(".range").bounding_box()
    for share in (0.25, 0.8, 0.1):
        page.mouse.click(box["x"] + box["width"] * share, box["y"] + box["height"] / 2)
        assert state(page)["minute"] == pytest.approx(share * 960, abs=20)
    before = state(page)["minute"]
    page.locator(".range").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    assert state(page)["minute"] == pytest.approx(before + 11)
    assert page.locator(".range").get_attribute("aria-valuetext") == page.locator("#clock").text_content()


def test_in_a_run_of_days_the_scrubber_is_wider_where_more_happens_and_says_the_day(long: Any, days: Shown) -> None:
    horizon, failed = days.film["horizon"], days.film["failed"] or 0.0
    assert horizon > 2880
    place = "minute => { drillsim.seek(minute); return document.querySelector('.range').value / drillsim.film.horizon }"
    shares = [long.evaluate(place, m) for m in (0, failed, failed + 360, horizon / 2, horizon)]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, 1)
    assert shares[2] - shares[1] > 0.2 > 360 / horizon
    for minute in (failed + 17.5, horizon * 0.7):
        share = long.evaluate(place, minute)
        long.evaluate(
            "share => { const r = document.querySelector('.range'); r.value = share * drillsim.film.horizon; r.dispatchEvent(new Event('input')); }",
            share,
        )
        assert state(long)["minute"] == pytest.approx(minute, abs=0.5)
    ticks = long.locator(".ticks span").all_inner_texts()
    assert any(tick.startswith("03-1") for tick in ticks)
    ends = long.eval_on_selector_all(
        ".ticks span",
        "all => all.map(e => e.getBoundingClientRect()).sort((a, b) => a.left - b.left).map(r => [r.left, r.right])",
    )
    assert all(after[0] > before[1] for before, after in itertools.pairwise(ends))


def test_the_page_leaves_alone_what_it_does_not_know_and_reveals_nothing_it_was_not_given(
    chrome: Any, tmp_path: Path
) -> None:
    film: Any = copy.deepcopy(make_film(playback_sample.scenario(), playback_sample.log(), playback_sample.log(False)))
    film["branches"] = [{"at": 133, "options": ["wait", "paper"]}]
    for inject in film["injects"]:
        inject.update(answer=None, plan=[], happened=[], notes="for the facilitator")
    file = tmp_path / "players.html"
    file.write_text(write_page(film), encoding="utf-8")
    page = opened(chrome, file.as_uri())
    assert shown(page, 205) == Playback(film).at(205)
    page.evaluate("drillsim.seek(130)")
    page.keyboard.press("i")
    page.keyboard.press("r")
    assert film["injects"][0]["question"]["en"] in page.locator("#card").inner_text()
    assert "answer" not in page.locator("#card").inner_text()
    assert page.locator("#card button").count() == 1
    assert "What happened" not in page.locator("#card").inner_text()
    page.keyboard.press("Space")
    wait_until(page, "drillsim.state().minute > 133.2")
    assert page.wrong == []
    page.close()


# That it is small and quick


@pytest.mark.slow
def test_a_frame_of_the_largest_scenario_takes_little_of_its_sixteen_milliseconds(
    chrome: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [entry.name for entry in files.library() if entry.kind == "scenario"]
    case = max((Shown(name, tmp_path) for name in names), key=lambda one: len(one.html))
    page = opened(chrome, case.file.as_uri())
    page.set_viewport_size({"width": 1920, "height": 1080})
    horizon = case.film["horizon"]
    for minute in (0, 131.3, 170, 260, 400.6, horizon - 2.5, horizon):
        assert shown(page, minute) == Playback(case.film).at(minute), minute
    times = {}
    for speed, key in ((60, ""), (600, "]]]")):
        page.evaluate("drillsim.seek((drillsim.film.failed || 0) + 83); drillsim.frameTimes.length = 0")
        for one in key:
            page.keyboard.press(one)
        page.keyboard.press("Space")
        page.wait_for_timeout(2500)
        page.evaluate("drillsim.pause()")
        times[speed] = sorted(page.evaluate("drillsim.frameTimes"))
    with capsys.disabled():
        print(f"\n  replay of {case.file.stem} ({horizon / 60:.0f} h): {len(case.html.encode()) / 1e6:.2f} MB", end="")
        for speed, found in times.items():
            print(f"; a frame at {speed} times speed: median {found[len(found) // 2]:.1f} ms, 9 of 10 below {found[len(found) * 9 // 10]:.1f} ms ({len(found)} frames)", end="")  # fmt: skip
        print()
    assert len(case.html.encode()) < LARGEST
    assert times[60][len(times[60]) // 2] < 8
    assert page.wrong == []
    page.close()


def test_a_film_of_weeks_is_small_and_minute_by_minute_where_it_counts() -> None:
    log, base = playback_sample.log(), playback_sample.log(False)
    month = 30 * 1440.0
    film = make_film(
        playback_sample.scenario(),
        *(
            Log(one.replication, one.began, month, one.events, one.visits, one.patients, one.entries, one.names)
            for one in (log, base)
        ),
    )
    assert len(json.dumps(film)) < 2 * len(json.dumps(make_film(playback_sample.scenario(), log, base)))
    day = Playback(make_film(playback_sample.scenario(), log, base))
    for minute in (131, 137, 180, 402):
        for one, other in zip(film["places"], day.film["places"], strict=True):
            assert Playback(film).place(one, minute)[:5] == day.place(other, minute)[:5], (one["id"], minute)
