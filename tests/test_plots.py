"""The plots of the Python door: what is drawn is read back and compared with the frames and figures of the result."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Iterator
from dataclasses import replace

import matplotlib
import numpy as np
import pytest
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure

import drillsim
from drillsim import plots, texts
from drillsim.plots import shared
from drillsim.report import look, svg
from drillsim.report import plots as drawn

matplotlib.use("Agg")
NEEDS = {"plot_queue": ("laboratory",), "plot_waits": ("laboratory",)}
OF_RESULTS = [name for name in plots.__all__ if name not in ("plot_comparison", "plot_sweep", "plot_trade")]
STEP_PLOTS = ("plot_timeline", "plot_on_time", "plot_steps", "plot_lateness")


@pytest.fixture(scope="module")
def result() -> drillsim.Result:
    """A night in the shipped county hospital; all rows kept."""
    return drillsim.run("county-night-lab", replications=6, seed=3, jobs=1, keep="all")


@pytest.fixture(autouse=True)
def nothing_left_open() -> Iterator[None]:
    yield
    from matplotlib import pyplot

    pyplot.close("all")


def bars(ax) -> list[tuple[float, float, float]]:
    """(row, left, width) of every bar."""
    return [(round(p.get_y() + p.get_height() / 2, 6), p.get_x(), p.get_width()) for p in ax.patches if 0 < p.get_height() < 0.95]  # fmt: skip


def labels(ax) -> list[str]:
    return [t.get_text() for t in ax.get_yticklabels()]


def legend(ax) -> list[str]:
    return [t.get_text() for t in ax.get_legend().get_texts()]


@pytest.mark.parametrize("name", plots.__all__)
@pytest.mark.parametrize(
    ("given", "called"),
    [(None, "None"), ("his", "the text 'his'"), (np.zeros(3), "a ndarray"), ("run", "what drillsim.run gives"), ("compare", "what drillsim.compare gives")],
)  # fmt: skip
def test_anything_else_than_what_a_plot_draws_is_one_sentence_that_says_what_it_wants(
    name: str, given: object, called: str, result: drillsim.Result, two_plans: object
) -> None:
    given = {"run": result, "compare": two_plans}.get(given, given) if isinstance(given, str) else given
    wants = {"plot_comparison": "drillsim.compare or drillsim.improve", "plot_sweep": "drillsim.sweep", "plot_trade": "drillsim.sweep"}  # fmt: skip
    wanted = wants.get(name, "drillsim.run")
    if called.split()[1:2] and called.split()[1] in wanted:
        return
    with pytest.raises(TypeError) as told:
        getattr(plots, name)(given)
    assert str(told.value).startswith(f"{name} draws what {wanted} gives, not {called}")
    assert "\n" not in str(told.value)


def test_an_unknown_name_is_answered_with_the_nearest_there_are(result: drillsim.Result) -> None:
    with pytest.raises(KeyError, match="no step 'detailed_diagnosi'; there are detailed_diagnosis"):
        plots.plot_on_time(result, steps=["detailed_diagnosi"])
    with pytest.raises(KeyError, match="no department or activity 'laboratry'; there are laboratory"):
        plots.plot_waits(result, "laboratry")


@pytest.mark.parametrize("name", OF_RESULTS)
def test_a_plot_draws_on_the_ax_it_is_given_and_gives_it_back(name: str, result: drillsim.Result) -> None:
    from matplotlib import pyplot

    ax = Figure(figsize=(9, 5)).add_axes((0.35, 0.2, 0.6, 0.7))
    if name == "plot_queues":
        assert plots.plot_queues(result, axes=[ax]) == [ax]
        assert plots.plot_queues(result, ax=ax) == [ax]
    else:
        assert getattr(drillsim, name)(result, *NEEDS.get(name, ()), ax=ax) is ax
    assert pyplot.get_fignums() == []
    assert ax.lines or ax.patches or ax.collections


@pytest.mark.parametrize("language", texts.LANGUAGES)
@pytest.mark.parametrize("name", OF_RESULTS)
def test_without_an_ax_it_makes_a_figure_that_can_be_drawn_in_both_languages(name: str, language: str, result: drillsim.Result) -> None:  # fmt: skip
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from" if len(svg.fonts()) == 1 else "nothing")
        warnings.filterwarnings("ignore", message="this machine has no Chinese font")
        made = getattr(plots, name)(result, *NEEDS.get(name, ()), language=language)
        ax = made[0] if isinstance(made, list) else made
        ax.figure.canvas.draw()
    words = " ".join(t.get_text() for t in ax.findobj(matplotlib.text.Text))
    if language == "en":
        assert not any("\u4e00" <= c <= "\u9fff" for c in words), words
    elif len(svg.fonts()) > 1:
        assert any("\u4e00" <= c <= "\u9fff" for c in words), words


@pytest.mark.parametrize("name", ["plot_on_time", "plot_steps"])
def test_an_ax_too_low_for_all_steps_shows_those_least_surely_in_time_with_room_for_their_names(
    name: str, result: drillsim.Result
) -> None:
    draw = getattr(plots, name)
    whole = labels(draw(result, language="en"))
    ax = Figure(figsize=(9, 2)).add_axes((0.35, 0.2, 0.6, 0.6))
    few = labels(draw(result, ax=ax, language="en"))
    assert 1 < len(few) <= 1.2 / 0.16 < len(whole)
    assert few == [label for label in whole if label in few]
    parts = [s for s in result.summary.steps if s.on_time.value is not None and s.allowed]
    if name == "plot_on_time":
        assert len(parts) == len(whole)
        shares = {label: s.on_time.value for label, s in zip(whole, parts, strict=True)}
        assert max(shares[label] for label in few) <= min(shares[label] for label in whole if label not in few)
    again = draw(
        result, ax=Figure(figsize=(9, 2)).add_axes((0.35, 0.2, 0.6, 0.6)), steps=[s.id for s in result.summary.steps]
    )
    assert labels(again) == whole


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_run_in_which_nothing_was_called_for_is_told_and_not_drawn_blank(language: str) -> None:
    quiet = drillsim.run("queue-one-server", replications=2, seed=1, jobs=1)
    sentences = {
        "plot_timeline": "no step was called for that has a deadline", "plot_on_time": "no step was called for that has a deadline",
        "plot_steps": "no step was called for that has a deadline", "plot_lateness": "no step is late too often", "plot_critical_path": "no step was late in any run",
        "plot_people": "nobody was called for to do a step of the plan", "plot_load": "nobody was called for to do a step of the plan",
    }  # fmt: skip
    for name, sentence in sentences.items():
        ax = getattr(plots, name)(quiet, language=language)
        assert texts.say(sentence, language) in [t.get_text() for t in ax.texts], name
        ax.figure.canvas.draw()


def test_departments_that_all_worked_as_always_are_not_an_empty_picture(result: drillsim.Result) -> None:
    log, base = result.runs.logs[1], result.runs.bases.get(1)
    quiet = replace(result.runs, logs={1: replace(log, events=[e for e in log.events if e.kind != "department"])}, bases={1: base} if base else {})  # fmt: skip
    ax = plots.plot_departments(replace(result, runs=quiet), replication=1, language="en")
    assert [t.get_text() for t in ax.texts] == ["nothing changed in this run"]


def test_a_pile_that_the_middle_run_does_not_have_is_told_and_not_drawn_blank() -> None:
    quiet = drillsim.run("queue-one-server", replications=2, seed=1, jobs=1)
    ax = drillsim.plot_pile(quiet)
    assert [t.get_text() for t in ax.texts] == ["nothing is written on paper in the middle run"]


def test_on_time_shows_each_share_with_its_interval_and_what_the_plan_asks(result: drillsim.Result) -> None:
    steps = [s for s in result.summary.steps if s.on_time.value is not None]
    ax = plots.plot_on_time(result)
    marks = [line for line in ax.lines if line.get_marker() in ("o", "^")]
    assert [m.get_xdata()[0] for m in marks] == [s.on_time.value for s in steps]
    assert [m.get_marker() for m in marks] == ["o" if s.holds else "^" for s in steps]
    spans = [list(line.get_xdata()) for line in ax.lines if line.get_marker() == "None" and line.get_ydata()[0] == line.get_ydata()[1]]  # fmt: skip
    assert spans == [[s.on_time.low, s.on_time.high] for s in steps]
    asked = [line.get_xdata()[0] for line in ax.lines if line.get_ydata()[0] != line.get_ydata()[-1]]
    assert asked == [s.required for s in steps]


@pytest.mark.parametrize("name", STEP_PLOTS)
def test_steps_are_chosen_by_id(name: str, result: drillsim.Result) -> None:
    chosen = ["repair", "declare"]
    titles = {s.id: s.title.en for s in result.summary.steps}
    ax = getattr(plots, name)(result, steps=chosen)
    assert labels(ax) == [titles[step] for step in chosen]
    with pytest.raises(KeyError, match="nothing"):
        getattr(plots, name)(result, steps=["nothing"])


def test_lateness_adds_up_to_the_frame(result: drillsim.Result) -> None:
    ax = plots.plot_lateness(result, steps=["first_judgement"])
    late = result.steps.query("step == 'first_judgement' and outcome in ('late', 'missed')")
    assert len(late)
    assert sum(width for _, _, width in bars(ax)) == pytest.approx(late["taken"].mean())
    assert len(legend(ax)) == len(bars(ax))


def test_the_critical_path_gives_minutes_and_shares_of_all_of_them(result: drillsim.Result) -> None:
    path = result.critical_path()
    ax = plots.plot_critical_path(result, most=5)
    assert [width for _, _, width in bars(ax)] == pytest.approx(path["minutes"].head(5).tolist())
    share = path["minutes"].iloc[0] / path["minutes"].sum()
    assert ax.texts[0].get_text().endswith(f"{share * 100:.0f} %")


def test_the_path_to_a_milestone_gives_minutes_and_the_share_of_runs(result: drillsim.Result) -> None:
    path = result.critical_path("restored")
    ax = plots.plot_critical_path(result, "restored", most=4)
    assert [width for _, _, width in bars(ax)] == pytest.approx(path["minutes"].head(4).tolist())
    assert ax.texts[0].get_text().endswith("of runs")
    with pytest.raises(KeyError, match="nowhere"):
        plots.plot_critical_path(result, "nowhere")


@pytest.fixture(scope="module")
def two_plans():
    return drillsim.compare(
        "county-night-lab", variants=["paper_after_10_min", "database_on_duty_list"], replications=6, seed=3, jobs=1
    )


def test_a_comparison_shows_each_difference_with_its_interval(two_plans) -> None:
    table = two_plans.table()
    names = [
        "plan.all_on_time",
        *table[(table["unit"] == "claim") & (table["figure"] != "plan.all_on_time")]["figure"].unique()[:3],
    ]
    names = [name for name in names if name in set(table["figure"])]
    ax = plots.plot_comparison(two_plans, figures=names)
    for arm in ("paper_after_10_min", "database_on_duty_list"):
        marks = [line for line in ax.lines if line.get_gid() == arm]
        expected = table[(table["arm"] == arm) & table["figure"].isin(names)].set_index("figure").loc[names]
        expected = expected[expected["difference"].notna()]
        assert [m.get_xdata()[0] for m in marks] == pytest.approx((100 * expected["difference"]).tolist())
        assert [m.get_markerfacecolor() != "white" for m in marks] == (expected["sure"] == "sure").tolist()
        assert len({m.get_marker() for m in marks}) == 1
    assert len(legend(ax)) == 2
    assert "difference to “As it is”" in ax.get_xlabel()
    assert all(label.endswith(" →") for label in labels(ax))  # more deadlines met is better
    with pytest.raises(KeyError, match="nothing"):
        plots.plot_comparison(two_plans, figures=["nothing"])
    with pytest.raises(ValueError, match=r"^unit is one of claim, share, min, number, not 'zz'$"):
        plots.plot_comparison(two_plans, unit="zz")


def test_an_english_plot_is_set_in_latin_faces_and_its_names_stay_in_their_room(monkeypatch, result) -> None:
    """Also where there is no face but the one that comes with matplotlib: a Chinese face has quotation marks as wide as a sign."""
    monkeypatch.setattr("drillsim.plots.shared.LATIN_FACES", ("No Such Face", "DejaVu Sans"))
    ax = plots.plot_lateness(result, language="en")
    assert all(text.get_fontfamily()[0] == "DejaVu Sans" for text in ax.get_yticklabels())
    sizes = [text.get_fontsize() for text in ax.get_yticklabels()]
    assert sizes == pytest.approx([8.5 * 0.9] * len(sizes))


@pytest.mark.parametrize("unit", ["claim", "min", "number"])
def test_a_comparison_takes_an_ax_and_shows_the_surest_first(unit: str, two_plans) -> None:
    ax = Figure(figsize=(9, 5)).add_axes((0.35, 0.2, 0.6, 0.7))
    assert drillsim.plot_comparison(two_plans, unit=unit, most=5, ax=ax, language="zh") is ax
    assert len(labels(ax)) <= 5


@pytest.fixture(scope="module")
def swept():
    return drillsim.sweep(
        "county-night-lab", "plan.thresholds.laboratory", ["10 min", "30 min", "60 min"], replications=4, seed=3, jobs=1
    )


def test_a_sweep_shows_one_figure_at_every_setting(swept) -> None:
    table = swept.table()
    name = swept.sweep.aims[0]
    ax = plots.plot_sweep(swept)
    scale = 100.0 if table[table["figure"] == name]["unit"].iloc[0] in ("claim", "share") else 1.0
    values = {row.setting: row.value * scale for row in table[table["figure"] == name].itertuples()}
    drawn_values = [line.get_ydata()[0] for line in ax.lines if line.get_marker() == "o"]
    assert drawn_values == pytest.approx([values[t.get_text()] for t in ax.get_xticklabels()])
    assert ax.get_xlabel() == "Paper working is ordered once systems have been away for … (laboratories)"
    with pytest.raises(KeyError, match="nothing"):
        plots.plot_sweep(swept, "nothing")


def test_a_sweep_sets_two_figures_against_each_other(swept) -> None:
    table = swept.table()
    across, up = table[table["unit"] == "claim"]["figure"].unique()[:2]
    ax = Figure(figsize=(9, 5)).add_axes((0.2, 0.2, 0.7, 0.7))
    assert drillsim.plot_trade(swept, across, up, ax=ax) is ax
    assert ax.get_title(loc="left").startswith("Paper working is ordered once systems have been away for …")
    assert len([line for line in ax.lines if line.get_marker() == "o"]) == 3


def test_a_queue_shows_middle_run_band_and_usual_day(result: drillsim.Result) -> None:
    ax = plots.plot_queue(result, "laboratory")
    rows = result.queues.query("kind == 'queue' and id == 'laboratory'")
    middle = rows.groupby("minute")["value"].median()
    usual = rows.groupby("minute")["base"].median()
    with_fault, without = ax.lines[0], ax.lines[1]
    assert with_fault.get_ydata() == pytest.approx(middle[with_fault.get_xdata()].to_numpy())
    assert without.get_ydata() == pytest.approx(usual[without.get_xdata()].to_numpy())
    assert without.get_linestyle() != with_fault.get_linestyle()
    assert legend(ax) == ["with the fault", "eight runs in ten", "the same day without the fault"]


def test_the_queues_shown_grow_most_first(result: drillsim.Result) -> None:
    shown = plots.plot_queues(result, most=4)
    assert len(shown) == 4
    assert shown[0].get_title(loc="left") == "Laboratory"


def test_waits_are_those_of_the_rows(result: drillsim.Result) -> None:
    """Every run was kept, so the line is the median over runs of the mean wait in each half hour."""
    ax = plots.plot_waits(result, "laboratory", every=60.0)
    inside = [a for a, one in result.scenario.hospital.activities.items() if one.department == "laboratory"]
    rows = result.activities[result.activities["activity"].isin(inside) & (result.activities["mode"] != "skipped")]
    rows = rows[rows["started"].notna() & (rows["asked"] >= 0)]
    hour = (rows["asked"] // 60).astype(int)
    wait = (rows["started"] - rows["asked"]).groupby([rows["replication"], hour]).mean().groupby(level=1).median()
    line = ax.lines[0]
    early = [k for k in range(8) if k in wait.index]  # everybody who came by then was served
    assert line.get_ydata()[early] == pytest.approx(wait[early].to_numpy(), rel=1e-6)
    assert line.get_xdata()[0] == 30
    one = plots.plot_waits(result, "laboratory", replication="worst")
    assert len(one.collections) == 0, "one run has no band"


def test_the_pile_is_the_sum_of_its_layers(result: drillsim.Result) -> None:
    ax = plots.plot_pile(result)
    tops = [c.get_paths()[0].vertices[:, 1].max() for c in ax.collections]
    piles = [s for s in result.summary.series if s.kind == "pile" and max(s.p50) > 0]
    assert tops[-1] == pytest.approx(max(np.sum([s.p50 for s in piles], axis=0)), rel=0.05)


def test_people_add_up_work_and_waiting(result: drillsim.Result) -> None:
    ax = plots.plot_people(result, most=3)
    people = {p.title.en: p for p in result.summary.people}
    for row, title in enumerate(labels(ax)):
        p = people[title]
        total = sum(e.value or 0 for e in (p.busy, p.waited_busy, p.waited_off_shift, p.waited_on_the_way))
        assert sum(width for r, _, width in bars(ax) if r == row) == pytest.approx(total)


@pytest.mark.parametrize(
    ("hours", "load", "wait"), [(14, 60, 30), (28, 60, 30), (40, 120, 30), (120, 360, 60), (1680, 4320, 1440)]
)
def test_columns_of_load_and_points_of_waits_are_wider_in_a_run_of_days(
    hours: float, load: float, wait: float, result: drillsim.Result
) -> None:
    long = replace(result, scenario=result.scenario.model_copy(update={"horizon": hours * 60.0}))
    assert shared.bin_of(long, None, least=60.0, most=28) == load
    assert shared.bin_of(long, None, least=30.0, most=120) == wait
    assert shared.bin_of(long, 15.0, least=30.0, most=120) == 15.0


def test_load_writes_the_percentage_into_each_hour(result: drillsim.Result) -> None:
    ax = plots.plot_load(result, people=["technicians"], replication=1)
    cells = {round((t.get_position()[0] - 30) / 60): t.get_text() for t in ax.texts}
    from drillsim.score import day
    from drillsim.score.view import View

    log = result.runs.logs[1]
    expected = day.load(View(result.scenario, log, 0.0, log.horizon, None), day.edges(0.0, log.horizon, 60.0))
    for hour, share in enumerate(expected["technicians"]):
        assert cells.get(hour, "0") == ("–" if np.isnan(share) else f"{share * 100:.0f}")
    with pytest.raises(KeyError, match="holds no role of the plan"):
        plots.plot_load(result, people=["gardener"])


@pytest.mark.parametrize(("name", "kind", "first"), [("plot_systems", "component", "up"), ("plot_departments", "department", "normal")])  # fmt: skip
def test_states_of_one_run_are_those_of_its_rows(name: str, kind: str, first: str, result: drillsim.Result) -> None:
    ax = getattr(plots, name)(result, replication="worst")
    rows = result.events.query("replication == @result.worst() and kind == @kind")
    for subject, title in zip(rows["subject"].unique(), labels(ax), strict=False):
        assert title
        found = drawn.stretches(result.runs.logs[result.worst()].events, kind, 1e9, first)[subject]
        assert len(found) >= 2


@pytest.mark.parametrize("call", [plots.plot_queue, plots.plot_waits])
def test_an_unknown_department_is_a_key_error(call, result: drillsim.Result) -> None:
    with pytest.raises(KeyError, match="gardens"):
        call(result, "gardens")


def test_the_language_chosen_for_python_is_that_of_the_plots(result: drillsim.Result, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(texts, "_chosen", [])
    monkeypatch.setattr(svg, "fonts", lambda: ("Noto Sans CJK SC", "DejaVu Sans"))
    drillsim.use_language("zh")
    titles = {s.id: s.title for s in result.summary.steps}
    assert labels(plots.plot_on_time(result, steps=["repair"])) == [titles["repair"].zh]
    drillsim.use_language("en")
    assert labels(plots.plot_on_time(result, steps=["repair"])) == [titles["repair"].en]
    with pytest.raises(ValueError, match="en, zh"):
        drillsim.use_language("fr")


def test_without_a_chinese_font_it_warns_once_and_speaks_english(result: drillsim.Result, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(svg, "fonts", lambda: ("DejaVu Sans",))
    with pytest.warns(UserWarning, match="no Chinese font") as told:
        ax = plots.plot_on_time(result, language="zh")
    ax.figure.canvas.draw()
    assert len(told) == 1
    assert told[0].filename == __file__
    assert not any("\u4e00" <= c <= "\u9fff" for label in labels(ax) for c in label)


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_nothing_is_said_about_faces_that_have_no_bold(language: str, result: drillsim.Result, caplog: pytest.LogCaptureFixture) -> None:  # fmt: skip
    from matplotlib import font_manager

    font_manager.fontManager._findfont_cached.cache_clear()
    ax = plots.plot_timeline(result, language=language if len(svg.fonts()) > 1 else "en")
    bold = [text for text in ax.texts if text.get_text().endswith("%")]
    assert bold
    ax.figure.canvas.draw()
    assert [record.getMessage() for record in caplog.records if "font weight" in record.getMessage()] == []


def test_signs_of_formulas_in_titles_are_words(result: drillsim.Result) -> None:
    step = result.summary.steps[0]
    changed = step.model_copy(update={"title": step.title.model_copy(update={"en": "Pay $5 or $x^$"})})
    steps = [changed, *result.summary.steps[1:]]
    costly = drillsim.Result(result.scenario, result.summary.model_copy(update={"steps": steps}), result.runs)
    plots.plot_on_time(costly).figure.canvas.draw()


GREY = {"part": (look.PART_COLOURS, look.PART_HATCHES), "mode": (look.MODE_COLOURS, look.MODE_HATCHES), "state": (look.STATE_COLOURS, look.STATE_HATCHES),
        "load": ({f: c for f, _, c, _ in drawn.LOAD_PARTS}, {f: h for f, _, _, h in drawn.LOAD_PARTS}),
        "pile": ({str(n): c for n, (c, _) in enumerate(drawn.PILE_FILLS)}, {str(n): h for n, (_, h) in enumerate(drawn.PILE_FILLS)})}  # fmt: skip


@pytest.mark.parametrize("kind", GREY)
def test_in_black_and_white_no_two_fills_look_alike(kind: str) -> None:
    colours, hatches = GREY[kind]
    for one, other in itertools.combinations(colours, 2):
        if to_hex(colours[one]) != to_hex(colours[other]) and hatches.get(one) == hatches.get(other):
            a, b = (np.dot(to_rgb(colours[c]), (0.299, 0.587, 0.114)) for c in (one, other))
            assert abs(a - b) >= 0.1, (one, other)
