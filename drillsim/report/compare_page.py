"""The page of a comparison: each way in a sentence, the differences as a picture, and every figure in tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from drillsim.model.scenario import Scenario
from drillsim.report import axes, compared, costs, look, svg, words
from drillsim.report.study_page import Head, Section, page
from drillsim.score.comparison import Comparison, Row
from drillsim.texts import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_ON_PICTURE = 16
COLOURS = ("#2b7a9b", "#c65a11", "#7a4d94", "#4f7f52", "#8a6d1d", "#6d1f2f", "#5d6975")
"""Colours of the arms after the first, in order."""
ROW, LABELS = 0.3, 3.2  # inches


def write_page(comparison: Comparison, scenario: Scenario, language: str = "en") -> str:
    """The comparison as one HTML page that needs no network."""
    from drillsim.score.comparison import SCHEMA

    said = [compared.verdict(comparison, arm.name, scenario, language) for arm in comparison.arms[1:]]
    tones = {tone for tone, _ in said}
    n = min(arm.runs for arm in comparison.arms)
    head = Head(
        kicker=words.words(comparison.arms[0].title, language) if len(comparison.arms) == 2 else "",
        title=say("Comparison: {title}", language, title=scenario.title.in_language(language)),
        meta=[scenario.hospital.title.in_language(language), words.runs(n, language)],
        tone=tones.pop() if len(tones) == 1 else "open",
        headline=say("Compared with: {title}", language, title=words.words(comparison.arms[0].title, language)),
        sentences=[sentence + _cost(comparison, number, language) for number, (_, sentence) in enumerate(said, 1)],
    )
    return page(head, [*_sections(comparison, scenario, language)], SCHEMA, language)


def _cost(comparison: Comparison, number: int, language: str) -> str:
    cost = comparison.arms[number].cost
    return say(" Cost: {cost}.", language, cost=costs.cost(cost, language)) if cost else ""


def _sections(comparison: Comparison, scenario: Scenario, language: str) -> list[Section]:
    whole = [r for r in comparison.figures if r.headline]
    first = Section(
        "figures",
        say("The whole", language),
        "compare_table.html.j2",
        {
            "lead": "",
            **picture(comparison, scenario, whole, language),
            "arms": _arms(comparison, language),
            "groups": [group(comparison, scenario, whole, "", language)],
            "notes": [],
        },
    )
    groups = {name: [r for r in comparison.figures if r.group == name] for name in compared.GROUPS if name != "whole"}
    others = Section(
        "details",
        say("In detail", language),
        "compare_table.html.j2",
        {
            "lead": say("Figures that differ in some run. A sign stands beside what is more than luck: ✓ better, ▲ worse, ● neither.", language),
            "plot": "",
            "arms": _arms(comparison, language),
            "groups": [
                group(comparison, scenario, rows, say(compared.GROUPS[name], language), language)
                for name, rows in groups.items()
                if rows
            ],
            "notes": [],
        },
    )  # fmt: skip
    how = Section(
        "how",
        say("How this was judged", language),
        "compare_table.html.j2",
        {"lead": "", "plot": "", "arms": [], "groups": [], "notes": compared.how(comparison, language)},
    )
    return [first, *([others] if any(groups.values()) else []), how]


def _arms(comparison: Comparison, language: str) -> list[str]:
    return [compared.arm_title(comparison, arm.name, language) for arm in comparison.arms]


def group(
    comparison: Comparison, scenario: Scenario, rows: Sequence[Row], heading: str, language: str
) -> dict[str, Any]:
    """Rows of a table under a heading; those that no run tells apart are only counted."""
    shown = [r for r in rows if any(one.sure != "same" for one in r.differences)]
    same = len(rows) - len(shown)
    return {
        "heading": heading,
        "rows": [table_row(comparison.reference, scenario, r, language) for r in shown],
        "same": say("{n} more figures are the same in every run.", language, n=same) if same else "",
    }


def table_row(reference: str, scenario: Scenario, row: Row, language: str) -> dict[str, Any]:
    """One figure: its name, the reference's value, and a cell for each arm."""
    cells = []
    for one in row.differences:
        word = {"better": "good-word", "worse": "late-word"}.get(one.direction, "") if one.sure == "sure" else ""
        cells.append(
            {
                "value": compared.of_arm(row, one.arm, language),
                "sign": compared.SIGNS.get((one.sure, one.direction), ""),
                "difference": compared.difference(one.difference, row.unit, language) if one.sure != "same" else "",
                "interval": compared.interval(one.difference, row.unit, language) if one.sure != "same" else "",
                "judged": say("{judged}; {runs}", language, judged=compared.judged(one, language), runs=words.runs(one.difference.n, language)),
                "word": word,
            }
        )  # fmt: skip
    value = compared.of_arm(row, reference, language)
    return {"name": compared.called(scenario, row, language), "reference": value, "cells": cells}


def picture(comparison: Comparison, scenario: Scenario, rows: Sequence[Row], language: str) -> dict[str, Any]:
    """The picture of differences with its title, caption and legend, as the template reads them."""
    from markupsafe import Markup

    shown = [r for r in rows if r.better and any(one.sure != "same" and one.difference.low is not None for one in r.differences)]  # fmt: skip
    shown = sorted(shown, key=lambda r: min(["sure", "alone", "open", "same"].index(o.sure) for o in r.differences))
    shown = [r for r in rows if r in shown[:MOST_ON_PICTURE]]
    if not shown:
        return {"plot": ""}
    names = [compared.called(scenario, r, language) for r in shown]
    left = min(max(axes.text_width(name) for name in names) / 72 + 0.14, LABELS)
    thick = ROW * max(1.0, 0.55 * (len(comparison.arms) - 1))
    drawn = svg.draw(
        lambda ax: differences(ax, comparison, scenario, shown, language=language, label_points=left * 72 - 1),
        height=thick * len(shown) + 0.5, left=left, right=1.15, bottom=0.12, top=0.3, name="differences",
        title=say("Differences and how sure they are", language),
        description="; ".join(compared.sentence(comparison, scenario, r, r.differences[0], language) for r in shown),
    )  # fmt: skip
    keys = [
        {"name": compared.arm_title(comparison, arm.name, language), "colour": COLOURS[i % len(COLOURS)]}
        for i, arm in enumerate(comparison.arms[1:])
    ]
    return {
        "plot": Markup(drawn),
        "plot_title": say("Differences and how sure they are", language),
        "plot_caption": say("Dot: difference; line: its interval. To the right is better. Each row has a scale of its own; the numbers stand beside it. Filled dots are more than luck.", language),
        "plot_keys": keys if len(keys) > 1 else [],
    }  # fmt: skip


def differences(
    ax: Axes, comparison: Comparison, scenario: Scenario, rows: Sequence[Row], *, language: str = "en", label_points: float = 200.0
) -> Axes:  # fmt: skip
    """Each figure's difference with its interval, better to the right, every row on a scale of its own."""
    arms = [arm.name for arm in comparison.arms[1:]]
    for place, row in enumerate(rows):
        sign = 1 if row.better == "more" else -1
        bounds = [abs(b) for o in row.differences for b in (o.difference.low, o.difference.high) if b is not None]
        scale = max([*bounds, 1e-12])
        for one in row.differences:
            d, index = one.difference, arms.index(one.arm)
            if one.sure == "same" or d.value is None or d.low is None or d.high is None:
                continue
            y = place + (index - (len(arms) - 1) / 2) * 0.8 / max(len(arms), 2)
            colour = COLOURS[index % len(COLOURS)]
            ax.plot(
                [sign * d.low / scale, sign * d.high / scale], [y, y], color=colour, linewidth=1.6, solid_capstyle="butt", zorder=3
            )  # fmt: skip
            ax.plot(
                [sign * d.value / scale], [y], marker="o", markersize=5.4, color=colour, markeredgecolor=colour,
                markerfacecolor=colour if one.sure == "sure" else "white", linestyle="", zorder=4,
            )  # fmt: skip
            ax.annotate(
                compared.difference(d, row.unit, language), (1.02, y), xytext=(5, 0), textcoords="offset points", va="center", fontsize=7.8,
                color=look.INK if one.sure == "sure" else look.MUTED, annotation_clip=False,
            )  # fmt: skip
        ax.axhline(place + 0.5, color=look.RULE, linewidth=0.5, zorder=1)
    ax.axvline(0, color=look.INK, linewidth=1.0, zorder=2)
    ax.set_xlim(-1.02, 1.02)
    ax.set_xticks([])
    axes.rows(ax, [compared.called(scenario, r, language) for r in rows], label_points)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.spines["bottom"].set_visible(False)
    for x, words_said in ((-0.5, say("worse", language)), (0.5, say("better", language))):
        ax.annotate(words_said, (x, -0.5), xytext=(0, 4), textcoords="offset points", ha="center", fontsize=7.8, color=look.MUTED, annotation_clip=False)  # fmt: skip
    return ax
