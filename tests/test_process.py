"""The emergency process, line by line: each change of one key in a file moves its figure in the direction a practitioner expects, on the same luck.

Every case is stated in tests/process/cases.py with the least effect; the whole 99.9 % interval of the paired differences must lie beyond it, and so
many pairs are played that other luck would fail a true claim less than once in a thousand times.
"""

from __future__ import annotations

import math
import re
from functools import cache
from statistics import NormalDist

import numpy as np
import pytest

from drillsim import files
from drillsim.model.scenario import Scenario
from drillsim.report.sources import sources
from drillsim.score.intervals import t_quantile
from tests.process import page, timelines
from tests.process.anchors import ANCHORS, FACTOR, Anchor
from tests.process.cases import CASES, LINES, SMALL, Case
from tests.process.play import FILE, SURE, effect, paired

QUICK = [next(case for case in CASES if case.line == line and not case.slow) for line in LINES]  # one of each line
SLOW = [case for case in CASES if case not in QUICK]


def test_each_of_the_twenty_five_lines_has_a_case() -> None:
    assert list(LINES) == [
        *(f"P{n}" for n in range(1, 10)),
        *(f"R{n}" for n in range(1, 12)),
        *(f"I{n}" for n in range(1, 6)),
    ]
    assert {case.line for case in CASES} == set(LINES)
    assert len({case.id for case in CASES}) == len(CASES)


def moves(case: Case) -> None:
    """The figure moves as stated, and by what the page says, give or take its interval."""
    found, known = effect(case), page.measured()[case.id]
    assert found.beyond(case.least), found
    assert found.low - abs(found.low) / 100 <= known["mean"] <= found.high + abs(found.high) / 100, (found, known)


@pytest.mark.parametrize("case", QUICK, ids=lambda case: case.id)
def test_changing_one_line_of_the_process_moves_its_figure(case: Case) -> None:
    moves(case)


@pytest.mark.slow
@pytest.mark.parametrize("case", SLOW, ids=lambda case: case.id)
def test_changing_one_line_of_the_process_in_another_way_moves_its_figure(case: Case) -> None:
    moves(case)


def test_an_effect_that_is_cut_off_by_the_end_of_the_run_is_marked() -> None:
    marked = {case.id for case in CASES if page.effect_of(case).cut > 0}
    assert {"P7-covers", "R4-takes-away", "R5-tools"} <= marked  # on one side nothing mends it before the run ends
    assert not marked & {"R2-second-channel", "I5-together", "P1-more-often"}
    for language in ("en", "zh"):
        rows = [line for line in page.process(language).splitlines() if line.startswith("|") and line.endswith("|")]
        assert {row.split("|")[-2].strip() for row in rows if "†" in row} == marked


def test_an_effect_is_the_paired_t_interval_of_the_differences() -> None:
    before, after = np.array([1.0, 5.0, 2.0, 9.0, 4.0]), np.array([3.0, 6.0, 6.0, 9.0, 9.0])
    found = paired(before, after)
    half = (
        8.6103 * np.std([2, 1, 4, 0, 5], ddof=1) / 5**0.5
    )  # Student, 4 degrees of freedom, 99.95 % point of the tables
    assert (found.mean, found.pairs) == (pytest.approx(2.4), 5)
    assert (found.low, found.high) == (pytest.approx(2.4 - half, rel=1e-4), pytest.approx(2.4 + half, rel=1e-4))


@pytest.mark.parametrize(
    ("least", "low", "high", "holds"),
    [(5, 6, 9, True), (5, 4, 9, False), (-5, -9, -6, True), (-5, -9, -4, False), (-5, 6, 9, False)],
)
def test_the_whole_interval_must_lie_beyond_the_least_effect(
    least: float, low: float, high: float, holds: bool
) -> None:
    assert page.Effect((low + high) / 2, low, high, 10, 0.0).beyond(least) is holds


def chance_to_fail(found: page.Effect, least: float) -> float:
    """How often an effect as measured would not be beyond ``least`` on other luck: Student's noncentral t, in its normal approximation."""
    half = (found.high - found.low) / 2
    if half == 0:
        return 0.0
    quantile = t_quantile(0.5 + SURE / 2, found.pairs - 1)
    distance = abs(found.mean - least) / (half / quantile)
    return float(NormalDist().cdf((quantile - distance) / math.sqrt(1 + quantile**2 / (2 * (found.pairs - 1)))))


def test_the_chance_to_fail_is_that_of_runs_drawn_anew() -> None:
    random, pairs = np.random.default_rng(7), 40
    drawn = [paired(np.zeros(pairs), random.normal(-5.0, 4.0, pairs)) for _ in range(4000)]
    half = t_quantile(0.5 + SURE / 2, pairs - 1) * 4.0 / math.sqrt(pairs)
    for least in (-3.5, -3.0, -2.5, -2.0):
        expected = chance_to_fail(page.Effect(-5.0, -5.0 - half, -5.0 + half, pairs, 0.0), least)
        assert np.mean([not found.beyond(least) for found in drawn]) == pytest.approx(expected, abs=0.03)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_other_luck_would_fail_a_case_less_than_once_in_a_thousand_times(case: Case) -> None:
    assert chance_to_fail(page.effect_of(case), case.least) < 0.001


def test_the_small_hospital_is_a_scenario_of_its_own() -> None:
    assert files.load(FILE).scenario.plan.steps


# The page of the documentation


def test_every_case_was_measured_as_it_is_stated() -> None:
    measured = page.measured()
    assert {name: record["case"] for name, record in measured.items()} == {case.id: page.stated(case) for case in CASES}
    for case in CASES:
        assert page.effect_of(case).beyond(case.least), case.id


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_path_that_a_case_changes_is_one_of_the_file(case: Case) -> None:
    loaded = [
        files.load(FILE if case.scenario == SMALL else case.scenario, variants=case.situation, set=values)
        for values in (case.was, case.becomes)
    ]
    assert all(isinstance(one.scenario, Scenario) for one in loaded)
    assert loaded[0].scenario != loaded[1].scenario


def test_the_page_names_each_line_with_its_keys_and_figures() -> None:
    for language in ("en", "zh"):
        text = page.process(language)
        for case in CASES:
            assert f"`{case.figure}`" in text
            assert all(f"`{path}`" in text for path in case.change)
        for line, names in LINES.items():
            assert re.search(rf"^## {line} {re.escape(names[language == 'zh'])}", text, re.MULTILINE)


# Shipped scenarios beside public timelines

CHECKS = [anchor for anchor in ANCHORS if timelines.is_check(anchor)]


def test_an_anchor_is_a_check_or_says_why_not() -> None:
    assert len({anchor.id for anchor in ANCHORS}) == len(ANCHORS)
    for anchor in ANCHORS:
        assert sum((bool(anchor.figure), bool(anchor.set_by), bool(anchor.why[0]))) == 1, anchor.id
        assert bool(anchor.why[0]) == bool(anchor.why[1])


@pytest.mark.parametrize(
    ("median", "ends", "says"),
    [
        (100, 9e9, "pass"),
        (100 / FACTOR + 1, 9e9, "pass"),
        (30, 9e9, "fail"),
        (640, 9e9, "fail"),
        (None, 640, "fail"),
        (None, 600, "open"),
    ],
)
def test_an_order_of_magnitude_is_half_a_decade_either_way(median: float | None, ends: float, says: str) -> None:
    anchor = Anchor("X", "x", "", "", 100, 200)
    assert timelines.verdict(anchor, {"p50": median, "ends": ends}) == says


@cache
def timelines_page() -> list[str]:
    """The lines of the page, in English."""
    return timelines.timelines("en").splitlines()


@pytest.mark.parametrize(
    ("median", "says"), [(100 / FACTOR - 1, "fail"), (100 / FACTOR + 1, "pass"), (90_000, "pass"), (None, "open")]
)
def test_a_report_that_ends_before_says_at_least(median: float | None, says: str) -> None:
    anchor = Anchor("X", "x", "", "", 100, None)
    assert timelines.verdict(anchor, {"p50": median, "ends": 9e9}) == says
    assert "| 4 h or more |" in next(line for line in timelines_page() if line.startswith("| S1 | "))


def test_what_was_set_from_a_report_stands_apart_from_the_checks() -> None:
    text = "\n".join(timelines_page())
    checks, known = (
        text.partition("## What was set")[0],
        text.partition("## What was set")[2].partition("## Not comparable")[0],
    )
    for anchor in ANCHORS:
        if anchor.set_by and anchor.scenario in timelines.shipped():
            assert f"| {anchor.incident} | {anchor.en} |" in known
            assert f"| {anchor.incident} | {anchor.en} |" not in checks


ANOTHER_FIGURE = {
    "I1-results": "how long the network is away was set, not how long a result takes",
    "I11-police": "how long the record is away was set, not when the police are told",
}
"""Checks whose incident a source says it was set from, but for another figure than theirs."""


def test_no_check_is_of_an_incident_that_a_shipped_figure_was_set_to_give() -> None:
    named = {source.text for name in timelines.shipped() for source in sources(files.load(name).scenario)}
    texts = [text for text in named if timelines.SET.search(text)]
    assert len(texts) >= 5  # they are found at all
    for anchor in CHECKS:
        found = [text for text in texts if re.search(rf"\b{anchor.incident}\b", text)]
        assert not found or anchor.id in ANOTHER_FIGURE, (anchor.id, found)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_lists_keys_of_plans_that_were_set_to_give_what_was_reported(language: str) -> None:
    text = timelines.timelines(language)
    said = {"en": r"\bset (so that|with)\b", "zh": "取值"}[language]
    for name, keys in (
        ("core-switch-loop", "find_loop.takes, rebuild_core.takes"),
        ("ransomware-community", "forensics.takes"),
        ("ransomware-community", "vendor_attestation.takes"),
        ("ransomware-at-night", "rebuild_servers.takes"),
        ("laboratory-supplier-lost", "limited_lis.takes"),
    ):
        assert re.search(rf"^\| .*`{name}`.* \| .*{said}.* \| `plan.steps`: {keys} \|$", text, re.MULTILINE), keys


@pytest.mark.parametrize("anchor", [a for a in CHECKS if a.id in timelines.measured()], ids=lambda anchor: anchor.id)
def test_the_verdict_on_the_page_is_that_of_what_was_measured(anchor: Anchor) -> None:
    found = timelines.measured()[anchor.id]
    assert found["anchor"] == timelines.stated(anchor)
    [row] = [line for line in timelines_page() if line.startswith(f"| {anchor.incident} | {anchor.en} |")]
    assert row.rstrip("| ").endswith(
        {"pass": "pass", "fail": "**fail**", "open": "open: the runs end before"}[timelines.verdict(anchor, found)]
    )


@pytest.mark.slow
@pytest.mark.parametrize("anchor", CHECKS, ids=lambda anchor: anchor.id)
def test_playing_a_timeline_again_gives_the_verdict_of_the_page(anchor: Anchor) -> None:
    played = timelines.record(anchor)
    assert timelines.verdict(anchor, played) == timelines.verdict(anchor, timelines.measured()[anchor.id])
