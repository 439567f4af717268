"""The pictures: the drawn figures are read back, and the SVG is text, repeatable and described."""

from __future__ import annotations

import itertools
import re
import warnings
from datetime import datetime
from typing import Any

import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from drillsim.log.rows import Event
from drillsim.report import axes, findings, look, pictures, plots, svg, timeline
from drillsim.score.summary import Summary
from drillsim.score.summary_hospital import Series
from drillsim.score.summary_parts import Words
from tests import report_sample

SCENARIO = report_sample.scenario()
SUMMARY = report_sample.summary(SCENARIO)
ORIGIN = report_sample.FAULT


def an_ax():
    """Fresh axes of the size a page gives them."""
    return Figure(figsize=(8.8, 4.0)).add_axes((0.33, 0.1, 0.58, 0.7))


def bars(ax) -> list[tuple[float, float, float, str]]:
    """(row, left, width, colour) of every bar."""
    return [
        (round(p.get_y() + p.get_height() / 2, 6), p.get_x(), p.get_width(), to_hex(p.get_facecolor()))
        for p in ax.patches
        if hasattr(p, "get_width") and p.get_height() < 0.9
    ]


def texts(ax) -> list[str]:
    """Every text on the axes."""
    return [t.get_text() for t in ax.texts]


def test_the_timeline_shows_eight_runs_of_ten_and_the_middle_run_of_each_step():
    steps = pictures.timeline_steps(SUMMARY, SCENARIO)
    ax = timeline.response_timeline(an_ax(), SUMMARY, SCENARIO, steps=steps, origin=ORIGIN)
    drawn = {row: (left, left + width) for row, left, width, _ in bars(ax)}
    for row, step in enumerate(steps):
        assert drawn[row] == pytest.approx((step.ended.p10, step.ended.p90)), step.id
    middle = {
        line.get_ydata()[0] + 0.28: line.get_xdata()[0] for line in ax.lines if to_hex(line.get_color()) == "#ffffff"
    }
    assert sorted(middle.values()) == pytest.approx(sorted(s.ended.p50 for s in steps))


def test_the_timeline_marks_each_deadline_where_it_falls_in_the_middle_run():
    steps = [s for s in SUMMARY.steps if s.id in ("order_paper", "restore_his", "verify_wards")]
    ax = timeline.response_timeline(an_ax(), SUMMARY, SCENARIO, steps=steps, origin=ORIGIN)
    diamonds = [line.get_xdata()[0] for line in ax.lines if line.get_marker() == "D"]
    at = {m.event: ORIGIN + m.minute.p50 for m in SUMMARY.milestones if m.minute.p50 is not None}
    assert diamonds == pytest.approx([at["detected"] + 30, at["failed"] + 120, at["restored"] + 30])


def test_late_steps_differ_in_colour_hatch_and_sign():
    steps = [s for s in SUMMARY.steps if s.id in ("order_paper", "isolate")]
    ax = timeline.response_timeline(an_ax(), SUMMARY, SCENARIO, steps=steps, origin=ORIGIN)
    late, on_time = ax.patches[0], ax.patches[1]
    assert to_hex(late.get_facecolor()) == look.LATE
    assert to_hex(on_time.get_facecolor()) == look.ON_TIME
    assert late.get_hatch()
    assert not on_time.get_hatch()
    assert "▲ 11 %" in texts(ax)
    assert "✓ 96 %" in texts(ax)


def test_a_long_time_axis_is_drawn_with_wide_first_minutes_and_a_short_one_evenly():
    steps = pictures.timeline_steps(SUMMARY, SCENARIO)
    long = timeline.response_timeline(an_ax(), SUMMARY, SCENARIO, steps=steps, origin=ORIGIN)
    assert long.get_xscale() == "function"
    short = timeline.response_timeline(an_ax(), SUMMARY, SCENARIO, steps=steps[:3], origin=ORIGIN)
    assert short.get_xscale() == "linear"
    assert short.get_xticklabels()[0].get_text() == "09:10\n0 min"


def test_names_of_milestones_in_one_line_do_not_meet():
    for language, points in itertools.product(("en", "zh"), (300.0, 380.0, 500.0)):
        marks = timeline.milestone_marks(SUMMARY, SCENARIO, ORIGIN, 400.0, points, language)
        assert len(marks) >= 6
        for one, other in itertools.combinations(marks, 2):
            if one.level == other.level:
                a, b = (_extent(m, points, 400.0) for m in (one, other))
                assert a[1] <= b[0] or b[1] <= a[0], (one, other)


def _extent(mark: timeline.Mark, points: float, end: float) -> tuple[float, float]:
    place, size = axes.fraction(mark.minute, ORIGIN, end, curved=True) * points, axes.text_width(mark.label, 7.6)
    return (place - 3 - size, place - 3) if mark.leftward else (place + 3, place + 3 + size)


def test_each_twentieth_run_is_a_mark_and_those_beyond_the_deadline_are_triangles():
    steps = findings.failing(SUMMARY)[:2]
    ax = plots.step_distributions(an_ax(), steps)
    for row, step in enumerate(steps):
        marks = {
            line.get_marker(): line
            for line in ax.lines
            if len(line.get_ydata()) and list(set(line.get_ydata())) == [row] and line.get_marker() in "o^"
        }
        on_time = [d / step.allowed for d in step.dots if d <= step.allowed]
        assert list(marks["o"].get_xdata()) == pytest.approx(on_time)
        assert len(marks["o"].get_xdata()) + len(marks["^"].get_xdata()) == 20
        assert min(marks["^"].get_xdata()) > 1


def test_a_time_that_was_never_reached_stands_at_the_far_right_as_late():
    step = findings.failing(SUMMARY)[0].model_copy(update={"dots": [10.0] * 19 + [None]})
    ax = plots.step_distributions(an_ax(), [step])
    late = next(line for line in ax.lines if line.get_marker() == "^")
    assert list(late.get_xdata()) == pytest.approx([2.06])


def test_the_parts_of_a_late_step_add_up_to_its_bar():
    steps = findings.failing(SUMMARY)
    ax = plots.lateness_parts(an_ax(), steps)
    for row, step in enumerate(steps):
        pieces = [(left, width) for r, left, width, _ in bars(ax) if r == row]
        widths = [width for _, width in pieces]
        assert sum(widths) == pytest.approx(sum(step.parts_when_late.values()))
        assert [left for left, _ in pieces] == pytest.approx([0.0, *itertools.accumulate(widths[:-1])])
        assert len(widths) == len([m for m in step.parts_when_late.values() if m])


def test_stretches_of_state_leave_no_gap_and_join_what_is_alike():
    rows = [
        Event(10.0, 1, "component", "his", "down"),
        Event(20.0, 2, "component", "his", "down"),
        Event(30.0, 3, "component", "his", "up"),
        Event(40.0, 4, "own", "his", "down"),
    ]
    assert plots.stretches(rows, "component", 100.0, "up")["his"] == [
        (-float("inf"), 10.0, "up"),
        (10.0, 30.0, "down"),
        (30.0, 100.0, "up"),
    ]


def test_system_states_are_bars_from_change_to_change():
    events = report_sample.log().events
    ax = plots.system_states(an_ax(), events, SCENARIO, begin=100.0, end=400.0, components=["his_db"])
    up, down, again = bars(ax)
    restored = next(e.minute for e in events if e.kind == "component" and e.state == "up")
    assert up[1:3] == pytest.approx((100.0, ORIGIN - 100.0))
    assert down[1:3] == pytest.approx((ORIGIN, restored - ORIGIN))
    assert down[3] == look.STATE_COLOURS["down"]
    assert again[1] == pytest.approx(restored)


def test_department_modes_follow_the_log():
    ax = plots.department_modes(
        an_ax(), report_sample.log().events, SCENARIO, begin=100.0, end=800.0, departments=["registration"]
    )
    colours = [colour for *_, colour in bars(ax)]
    assert colours == [look.MODE_COLOURS[m] for m in ("normal", "waiting", "changing", "paper", "back_entry", "normal")]


def test_a_queue_shows_the_middle_run_and_the_day_without_the_fault():
    series = next(s for s in SUMMARY.series if s.kind == "queue")
    ax = plots.queue(an_ax(), series, SUMMARY.grid, SCENARIO, begin=0.0, end=840.0)
    drawn = {tuple(line.get_ydata()) for line in ax.lines}
    assert tuple(series.p50) in drawn
    assert tuple(series.base) in drawn


def test_a_dense_grid_is_thinned_and_keeps_its_window():
    kept = axes.thinned([float(m) for m in range(5000)], 1000.0, 4000.0)
    assert len(kept) <= 180
    assert kept[0] == 1000


def test_layers_of_the_pile_add_up():
    series = pictures.pile_series(SUMMARY)
    ax = plots.pile(an_ax(), series, SUMMARY.grid, SCENARIO, begin=0.0, end=840.0)
    highest = max(path.vertices[:, 1].max() for area in ax.collections for path in area.get_paths())
    assert highest == pytest.approx(max(sum(s.p50[k] for s in series) for k in range(len(SUMMARY.grid))))


def test_many_piles_are_joined_into_the_others():
    many = [
        s.model_copy(update={"id": f"d{n}", "p50": [v / (n + 1) for v in s.p50]})
        for n, s in enumerate([s for s in SUMMARY.series if s.kind == "pile"] * 2)
    ]
    summary = SUMMARY.model_copy(update={"series": many})
    found = pictures.pile_series(summary)
    assert len(found) == len(plots.PILE_FILLS)
    assert found[-1].title.en == "the others"
    assert sum(max(s.p50) for s in found) == pytest.approx(sum(max(s.p50) for s in many), rel=1e-6)


def test_the_load_of_people_adds_work_and_waiting():
    ids = pictures.loaded_people(SUMMARY)
    ax = plots.people_load(an_ax(), SUMMARY, people=ids)
    vendor = next(p for p in SUMMARY.people if p.id == "vendor")
    widths = [w for row, _, w, _ in bars(ax) if row == ids.index("vendor")]
    assert widths == pytest.approx(
        [
            v
            for v in (
                vendor.busy.value,
                vendor.waited_busy.value,
                vendor.waited_off_shift.value,
                vendor.waited_on_the_way.value,
            )
            if v
        ]
    )


def _pictures(summary: Summary, language: str) -> dict[str, str]:
    events, window = report_sample.log().events, (70.0, 600.0)
    return {
        "timeline": pictures.timeline(summary, SCENARIO, ORIGIN, language),
        "distributions": pictures.distributions(summary, language),
        "parts": pictures.parts(summary, language),
        "systems": pictures.systems(events, SCENARIO, window, language),
        "departments": pictures.departments(events, SCENARIO, window, language),
        "pile": pictures.pile(summary, SCENARIO, window, ORIGIN, language),
        "people": pictures.people(summary, language),
        "queue": pictures.queues(summary, SCENARIO, window, ORIGIN, language)[0]["svg"],
    }


@pytest.fixture(scope="module", params=["en", "zh"])
def drawn(request) -> tuple[str, dict[str, str]]:
    """Every picture of the sample in one language."""
    return request.param, _pictures(SUMMARY, request.param)


def test_text_in_pictures_is_text(drawn):
    language, made = drawn
    assert ("Order paper working for outpatients" if language == "en" else "下达门诊手工流程指令") in made["timeline"]
    for name, picture in made.items():
        assert "<text" in picture, name
        assert not re.search(r"<use[^>]*DejaVu|<path[^>]*id=\"[^\"]*(DejaVu|Noto)", picture), name


def test_pictures_are_titled_and_described(drawn):
    for name, picture in drawn[1].items():
        assert re.match(r'<svg class="plot" role="img" aria-labelledby="(\w+)-title \1-desc"', picture), name
        assert re.search(r"<title id=\"\w+-title\">[^<]+</title><desc id=\"\w+-desc\">[^<]+</desc>", picture), name


def test_pictures_are_small_and_hold_no_date(drawn):
    for name, picture in drawn[1].items():
        assert len(picture) < 80_000, name
        assert "metadata" not in picture
        assert "dc:date" not in picture


def test_pictures_do_not_share_ids(drawn):
    ids = [re.findall(r'\bid="([^"]+)"', picture) for picture in drawn[1].values()]
    every = list(itertools.chain.from_iterable(ids))
    assert len(every) == len(set(every))
    for picture in drawn[1].values():
        own = set(re.findall(r'\bid="([^"]+)"', picture))
        assert set(re.findall(r'url\(#([^)]+)\)|href="#([^"]+)"', picture)) <= {(i, "") for i in own} | {
            ("", i) for i in own
        }


def test_the_same_summary_gives_the_same_bytes():
    assert _pictures(SUMMARY, "en") == _pictures(SUMMARY, "en")


def test_words_of_a_picture_cannot_become_markup():
    picture = svg.draw(
        lambda ax: ax.text(0.5, 0.5, "<script>alert(1)</script> $x$ & y"),
        height=1,
        title="<b>",
        description="a & b",
        name="x",
    )
    assert "<script>" not in picture
    assert "&lt;script&gt;alert(1)&lt;/script&gt; $x$ &amp; y" in picture
    assert '<title id="x-title">&lt;b&gt;</title>' in picture


def test_a_machine_without_chinese_fonts_draws_chinese_without_a_word(monkeypatch):
    monkeypatch.setattr(svg, "fonts", lambda: ("DejaVu Sans",))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        picture = svg.draw(lambda ax: ax.set_title("挂号处停滞"), height=1, title="t", description="d", name="x")
    assert "挂号处停滞" in picture


def test_a_font_without_a_bold_face_is_drawn_without_a_word(caplog):
    from matplotlib import font_manager

    font_manager.fontManager._findfont_cached.cache_clear()
    svg.draw(lambda ax: ax.set_title("挂号处", fontweight=850), height=1, title="t", description="d", name="x")
    assert [record.getMessage() for record in caplog.records if "font weight" in record.getMessage()] == []


def test_names_that_are_too_long_are_cut_with_an_ellipsis():
    assert axes.fitted("Registration", 200) == "Registration"
    cut = axes.fitted("Bring interfaces, laboratory, imaging and gateways back", 100)
    assert cut.endswith("…")
    assert axes.text_width(cut) <= 100
    assert axes.text_width("挂号处") == pytest.approx(3 * 8.5)


def test_colours_keep_their_distance_in_grey():
    """On time, late and missed are told apart in black and white by lightness too."""

    def grey(colour: str) -> float:
        r, g, b = (int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5))
        return 0.299 * r + 0.587 * g + 0.114 * b

    modes = sorted(grey(c) for c in look.MODE_COLOURS.values())
    assert all(b - a > 0.03 for a, b in itertools.pairwise(modes))
    assert abs(grey(look.ON_TIME) - grey(look.MISSED)) > 0.1
    assert abs(grey(look.LATE) - grey(look.MISSED)) > 0.1


def played() -> Any:
    """A result as the plots of a notebook need it; they look at none of its runs."""
    from drillsim.api import Result

    return Result(SCENARIO, SUMMARY, None)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["plot_timeline", "plot_steps", "plot_lateness"])
def test_plots_of_a_notebook_take_axes_and_give_them_back(name):
    import drillsim

    plot = getattr(drillsim, name)
    ax = an_ax()
    assert plot(played(), ax=ax, language="zh") is ax
    assert "下达门诊手工流程指令" in [t.get_text() for t in ax.get_yticklabels()]


def test_plots_of_a_notebook_make_axes_of_their_own_when_none_are_given():
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot

    import drillsim

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ax = drillsim.plot_lateness(played())
        ax.figure.canvas.draw()
    assert "a decision" in [t.get_text() for t in ax.get_legend().get_texts()]
    pyplot.close(ax.figure)


@pytest.mark.parametrize(("language", "last"), [("en", "13 Apr"), ("zh", "4 月 13 日")])
def test_ticks_that_stand_days_apart_name_the_day_alone(language: str, last: str) -> None:
    ax = Figure().subplots()
    axes.hours_axis(ax, datetime(2026, 3, 9, 7), 0.0, 36 * 1440.0, language)
    told = [label.get_text() for label in ax.get_xticklabels()]
    assert told[-1] == last
    assert not [one for one in told if "00:00" in one]


def test_only_queues_that_grow_are_shown_as_those_that_grow_most():
    def one(name: str, most: float, base: float) -> Series:
        return Series(
            kind="queue", id=name, title=Words(en=name, zh=name), p10=[0.0], p50=[most], p90=[most], base=[base]
        )

    found = [one("alike", 70.0, 70.0), one("laboratory", 80.0, 20.0), one("little", 12.0, 10.0), one("desk", 9.0, 2.0)]
    assert [s.id for s in pictures.growing(found)] == ["laboratory", "desk"]
    assert [s.id for s in pictures.growing(found[:1])] == ["alike"]
    assert pictures.growing([]) == []
