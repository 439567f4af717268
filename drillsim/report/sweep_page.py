"""The page of a sweep: which settings nothing beats, every aim over the settings as pictures, the trade between them, and all figures in tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from drillsim.model.scenario import Scenario
from drillsim.report import axes, compared, look, svg, swept, words
from drillsim.report.compare_page import group, table_row
from drillsim.report.study_page import Head, Section, page
from drillsim.score.comparison import Row
from drillsim.score.summary import Estimate
from drillsim.score.sweep import SCHEMA, Sweep
from drillsim.texts import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

MOST_PICTURES = 8
SCALES = {"claim": 100.0, "share": 100.0}
"""Unit → what its values are multiplied by on an axis."""
NEAR_ACROSS, NEAR_UP = 0.06, 0.06
"""Shares of the axes within which the labels of two points would lie over each other."""


def write_page(sweep: Sweep, scenario: Scenario, language: str = "en") -> str:
    """The sweep as one HTML page that needs no network."""
    headline, sentence = swept.verdict(sweep, language)
    n = min(arm.runs for arm in sweep.comparison.arms)
    head = Head(
        kicker=scenario.title.in_language(language),
        title=swept.subject(sweep, scenario, language),
        meta=[scenario.hospital.title.in_language(language), say("{runs} for each setting", language, runs=words.runs(n, language))],
        tone="open",
        headline=headline,
        sentences=[sentence, *([said] if (said := swept.trade(sweep, scenario, language)) else [])],
    )  # fmt: skip
    sections = [
        Section("settings", say("What each setting gives", language), "sweep_pictures.html.j2", _settings(sweep, scenario, language)),
        Section("steps", say("What each step from one setting to the next brings and costs", language), "compare_table.html.j2", _steps(sweep, scenario, language)),
        Section("details", say("In detail", language), "compare_table.html.j2", _details(sweep, scenario, language)),
        Section("how", say("How this was judged", language), "compare_table.html.j2", {"lead": "", "plot": "", "arms": [], "groups": [], "notes": swept.notes(sweep, scenario, language)}),
    ]  # fmt: skip
    return page(head, sections, SCHEMA, language)


def in_one_look(sweep: Sweep) -> list[Row]:
    """The aims, then of a threshold what else it moves (how often paper is ordered, what there is to type in), else every headline."""
    also = (
        {"data.items", "data.cleared_at", "plan.minutes_late", f"group.{sweep.group}.ordered"} if sweep.group else set()
    )
    rows = [row for row in sweep.comparison.figures if row.name in sweep.aims]
    return rows + [row for row in sweep.comparison.figures if row.name in also and row not in rows]


def with_interval(row: Row, value: str, language: str) -> tuple[str, str]:
    """A setting's value of a figure, and its interval."""
    estimate = row.values[value]
    if estimate.low is None or estimate.high is None:
        return compared.of_arm(row, value, language), ""
    bounds = [estimate.model_copy(update={"value": b}) for b in (max(estimate.low, 0.0), estimate.high)]
    low, high = (compared.value(bound, row.unit, language) for bound in bounds)
    return compared.of_arm(row, value, language), say("{low} to {high}", language, low=low, high=high)


def _settings(sweep: Sweep, scenario: Scenario, language: str) -> dict[str, Any]:
    from markupsafe import Markup

    rows = [r for r in in_one_look(sweep) if any(one.sure != "same" for one in r.differences)]
    pictures = [
        {"title": compared.called(scenario, row, language), "svg": Markup(_picture(sweep, row, number, scenario, language))}
        for number, row in enumerate(rows[:MOST_PICTURES])
    ]  # fmt: skip
    values = [setting.value for setting in sweep.settings]
    hollow = say(" Hollow: as the scenario has it.", language) if any(s.as_it_is for s in sweep.settings) else ""
    return {
        "caption": say("Dot: mean or share of runs; line: its interval. All settings met the same luck, so differences between them are surer than these intervals; the next section has those.", language) + hollow,
        "pictures": pictures,
        "trade": Markup(_trade(sweep, scenario, language)),
        "trade_caption": say("To the left fewer false switches, lower down less harm: the best settings lie at the lower left. Thin lines: the interval of each setting by itself; the grey line follows the settings in their order.", language) + hollow,
        "values": [value + ("*" if s.as_it_is else "") for value, s in zip(values, sweep.settings, strict=True)],
        "rows": [
            {"name": compared.called(scenario, row, language), "cells": [with_interval(row, value, language) for value in values]}
            for row in rows
        ],
        "as_it_is": any(s.as_it_is for s in sweep.settings),
    }  # fmt: skip


def _picture(sweep: Sweep, row: Row, number: int, scenario: Scenario, language: str) -> str:
    return svg.draw(
        lambda ax: over_settings(ax, sweep, row, language=language),
        width=4.25, height=1.75, left=0.55, right=0.15, bottom=0.32, top=0.08, name=f"sweep{number}",
        title=compared.called(scenario, row, language),
        description="; ".join(f"{s.value}: {' '.join(with_interval(row, s.value, language))}" for s in sweep.settings),
    )  # fmt: skip


def places(sweep: Sweep) -> list[float]:
    """Where the settings stand on the axis: evenly, in their order on the number line when they have one."""
    numbers = [setting.x for setting in sweep.settings]
    order = sorted(range(len(numbers)), key=lambda i: (numbers[i] or 0.0) if None not in numbers else i)
    return [float(order.index(i)) for i in range(len(numbers))]


def over_settings(ax: Axes, sweep: Sweep, row: Row, *, language: str = "en") -> Axes:
    """One figure with its interval at every setting."""
    scale, where = SCALES.get(row.unit, 1.0), places(sweep)
    points = sorted(zip(where, sweep.settings, strict=True), key=lambda point: point[0])
    known = [(x, row.values[s.value], s) for x, s in points if row.values[s.value].value is not None]
    ax.plot(
        [x for x, _, _ in known],
        [(e.value or 0.0) * scale for _, e, _ in known],
        color=look.NONE,
        linewidth=1,
        zorder=2,
    )
    for x, estimate, setting in known:
        if estimate.low is not None and estimate.high is not None:
            low, high = max(estimate.low, 0.0) * scale, estimate.high * scale
            ax.plot([x, x], [low, high], color=look.ON_TIME, linewidth=1.8, solid_capstyle="butt", zorder=3)
        fill = "white" if setting.as_it_is else look.ON_TIME
        ax.plot(
            [x],
            [(estimate.value or 0.0) * scale],
            marker="o",
            markersize=5.5,
            color=look.ON_TIME,
            markerfacecolor=fill,
            linestyle="",
            zorder=4,
            clip_on=False,
        )
    ax.set_xticks([x for x, _ in points], [axes.fitted(s.value, 250.0 / len(points)) for _, s in points])
    ax.set_xlim(-0.4, len(points) - 0.6)
    ax.set_ylim(bottom=0)
    ax.set_ylabel(_unit(row.unit, language), fontsize=7.6)
    return ax


def hollow(sweep: Sweep, language: str = "en") -> list[Line2D]:
    """What the hollow dot stands for, for a legend; nothing when no setting is that of the scenario."""
    from matplotlib.lines import Line2D

    if not any(setting.as_it_is for setting in sweep.settings):
        return []
    return [Line2D([], [], linestyle="", marker="o", markersize=5.5, color=look.ON_TIME, markerfacecolor="white", label=say("as the scenario has it", language))]  # fmt: skip


def _unit(unit: str, language: str) -> str:
    return {"claim": "%", "share": "%", "min": say("minutes", language)}.get(unit, say("number in a run", language))


def _trade(sweep: Sweep, scenario: Scenario, language: str) -> str:
    """Of a paper threshold: false switches against what patients suffer most from it; empty for any other sweep."""
    pair = swept.traded(sweep)
    if pair is None:
        return ""
    harm, false = pair
    return svg.draw(
        lambda ax: trade(ax, sweep, false, harm, scenario, language=language),
        height=2.9, left=0.65, right=0.4, bottom=0.5, top=0.1, name="trade",
        title=say("False switches against harm", language),
        description="; ".join(f"{s.value}: {with_interval(false, s.value, language)[0]}, {with_interval(harm, s.value, language)[0]}" for s in sweep.settings),
    )  # fmt: skip


def trade(ax: Axes, sweep: Sweep, across: Row, up: Row, scenario: Scenario, *, language: str = "en") -> Axes:
    """Every setting as a point between two figures, with both intervals; a grey line follows the settings in their order."""
    a, b = SCALES.get(across.unit, 1.0), SCALES.get(up.unit, 1.0)
    order = sorted(zip(places(sweep), sweep.settings, strict=True), key=lambda place: place[0])
    known = [(s, across.values[s.value], up.values[s.value]) for _, s in order]
    points = [(s, x, y, (x.value * a, y.value * b)) for s, x, y in known if x.value is not None and y.value is not None]
    ax.plot(
        [at[0] for *_, at in points], [at[1] for *_, at in points], color=look.NONE, linewidth=2.2, alpha=0.55, zorder=1
    )
    for setting, x, y, at in points:
        for spread in (_ends(x, a, [at[1]] * 2, flat=True), _ends(y, b, [at[0]] * 2, flat=False)):
            if spread is not None:
                ax.plot(*spread, color=look.NONE, linewidth=0.9, zorder=2)
        fill = "white" if setting.as_it_is else look.ON_TIME
        ax.plot([at[0]], [at[1]], marker="o", markersize=6, color=look.ON_TIME, markerfacecolor=fill, linestyle="", zorder=4, clip_on=False)  # fmt: skip
    for estimates, scale, set_least in (
        ([x for _, x, _, _ in points], a, ax.set_xlim),
        ([y for _, _, y, _ in points], b, ax.set_ylim),
    ):
        known_ends = [end * scale for e in estimates for end in (e.value, e.low, e.high) if end is not None]
        if known_ends and max(known_ends) == 0:
            set_least(0, 1)
        elif known_ends and min(known_ends) < max(known_ends) / 2:  # otherwise the points would stand in one corner
            set_least(0)
    (left, right), (low, high) = ax.get_xlim(), ax.get_ylim()
    for values, at in _labels([(s.value, at) for s, _, _, at in points], right - left, high - low):
        ax.annotate(", ".join(values), at, xytext=(6, 5), textcoords="offset points", fontsize=8.2, zorder=5, bbox=OVER)
    ax.set_xlabel(f"{compared.called(scenario, across, language)} ({_unit(across.unit, language)})", fontsize=7.8)
    ax.set_ylabel(axes.fitted(f"{compared.called(scenario, up, language)} ({_unit(up.unit, language)})", 190.0), fontsize=7.8)  # fmt: skip
    return ax


OVER = {"boxstyle": "square,pad=0.08", "facecolor": "white", "edgecolor": "none", "alpha": 0.75}
"""What keeps a label readable over a line."""


def _ends(
    estimate: Estimate, scale: float, across: list[float], *, flat: bool
) -> tuple[list[float], list[float]] | None:
    """(xs, ys) of the line of an interval; None without one."""
    if estimate.low is None or estimate.high is None:
        return None
    ends = [max(estimate.low, 0.0) * scale, estimate.high * scale]
    return (ends, across) if flat else (across, ends)


def _labels(
    points: Sequence[tuple[str, tuple[float, float]]], wide: float, tall: float
) -> list[tuple[list[str], tuple[float, float]]]:
    """The labels with where they stand: settings whose labels would lie over each other share one."""
    found: list[tuple[list[str], tuple[float, float]]] = []
    for value, at in points:
        near = (
            one
            for one in found
            if abs(one[1][0] - at[0]) < NEAR_ACROSS * wide and abs(one[1][1] - at[1]) < NEAR_UP * tall
        )
        shared = next(near, None)
        if shared is None:
            found.append(([value], at))
        else:
            shared[0].append(value)
    return found


def _steps(sweep: Sweep, scenario: Scenario, language: str) -> dict[str, Any]:
    groups = []
    for between in sweep.steps:
        rows = swept.told(between)
        heading = say("From {this} to {next}", language, this=between.this, next=between.next)
        groups.append(
            {
                "heading": heading,
                "rows": [table_row(between.this, scenario, row, language) for row in rows],
                "same": "" if rows else say("nothing changes in any run", language),
                "arms": [between.this, between.next],
            }
        )
    return {"lead": "", "plot": "", "arms": [say("before", language), say("after", language)], "groups": groups, "notes": []}  # fmt: skip


def _details(sweep: Sweep, scenario: Scenario, language: str) -> dict[str, Any]:
    found = sweep.comparison
    by_group = {
        name: [r for r in found.figures if r.group == name and r.name not in sweep.aims] for name in compared.GROUPS
    }
    return {
        "lead": say("Every setting against {value}.", language, value=found.reference),
        "plot": "",
        "arms": [arm.name for arm in found.arms],
        "groups": [
            group(found, scenario, rows, say(compared.GROUPS[name], language), language)
            for name, rows in by_group.items()
            if rows
        ],
        "notes": [],
    }
