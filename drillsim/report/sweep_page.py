"""The page of a sweep: which settings nothing beats, every aim over the settings as pictures, the trade between them, and all figures in tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from drillsim.model.scenario import Scenario
from drillsim.report import axes, compared, look, svg, swept, words
from drillsim.report.compare_page import group, table_row
from drillsim.report.study_page import Head, Section, page
from drillsim.score.comparison import Row
from drillsim.score.sweep import SCHEMA, Sweep
from drillsim.texts import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_PICTURES = 8
SCALES = {"claim": 100.0, "share": 100.0}
"""Unit → what its values are multiplied by on an axis."""


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
        sentences=[sentence],
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
    return {
        "caption": say("Dot: mean or share of runs; line: its interval. All settings met the same luck, so differences between them are surer than these intervals; the next section has those.", language),
        "pictures": pictures,
        "trade": Markup(_trade(sweep, scenario, rows, language)),
        "trade_caption": say("To the left fewer false switches, lower down less harm: the best settings lie at the lower left.", language),
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
        )
    ax.set_xticks([x for x, _ in points], [axes.fitted(s.value, 250.0 / len(points)) for _, s in points])
    ax.set_xlim(-0.4, len(points) - 0.6)
    ax.set_ylim(bottom=0)
    ax.set_ylabel(_unit(row.unit, language), fontsize=7.6)
    return ax


def _unit(unit: str, language: str) -> str:
    return {"claim": "%", "share": "%", "min": say("minutes", language)}.get(unit, "")


def _trade(sweep: Sweep, scenario: Scenario, rows: Sequence[Row], language: str) -> str:
    """Of a paper threshold: false switches against what patients suffer most from it; empty for any other sweep."""
    false = next((r for r in rows if r.kind == "group" and r.figure == "false_switch"), None)
    harm = next((r for r in rows if r.kind == "patients"), None) or next(
        (r for r in rows if r.kind == "indicator"), None
    )
    if false is None or harm is None:
        return ""
    return svg.draw(
        lambda ax: trade(ax, sweep, false, harm, scenario, language=language),
        height=2.9, left=0.65, right=0.4, bottom=0.5, top=0.1, name="trade",
        title=say("False switches against harm", language),
        description="; ".join(f"{s.value}: {with_interval(false, s.value, language)[0]}, {with_interval(harm, s.value, language)[0]}" for s in sweep.settings),
    )  # fmt: skip


def trade(ax: Axes, sweep: Sweep, across: Row, up: Row, scenario: Scenario, *, language: str = "en") -> Axes:
    """Every setting as a point between two figures, with both intervals."""
    a, b = SCALES.get(across.unit, 1.0), SCALES.get(up.unit, 1.0)
    named: dict[tuple[float, float], list[str]] = {}
    for setting in sweep.settings:
        x, y = across.values[setting.value], up.values[setting.value]
        if x.value is None or y.value is None:
            continue
        for low, high, flat in ((x.low, x.high, True), (y.low, y.high, False)):
            if low is not None and high is not None:
                xs, ys = ([low * a, high * a], [y.value * b] * 2) if flat else ([x.value * a] * 2, [low * b, high * b])
                ax.plot(xs, ys, color=look.NONE, linewidth=0.9, zorder=2)
        ax.plot(
            [x.value * a],
            [y.value * b],
            marker="o",
            markersize=6,
            color=look.ON_TIME,
            markerfacecolor="white" if setting.as_it_is else look.ON_TIME,
            linestyle="",
            zorder=4,
        )
        at = round(x.value * a, 1), round(y.value * b, 1 if y.value * b < 10 else 0)
        named.setdefault(at, []).append(setting.value)
    for at, values in named.items():  # settings that stand in one place share a label
        ax.annotate(", ".join(values), at, xytext=(6, 5), textcoords="offset points", fontsize=8.2, zorder=5)
    ax.set_xlim(left=0)
    ax.set_ylim(bottom=0)
    ax.set_xlabel(compared.called(scenario, across, language) + " (%)", fontsize=7.8)
    ax.set_ylabel(axes.fitted(compared.called(scenario, up, language), 190.0), fontsize=7.8)
    return ax


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
