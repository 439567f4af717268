"""Intervals are those of the textbooks."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drillsim.score import intervals


def test_nine_of_ten_on_time_has_the_wilson_interval_of_the_paper() -> None:
    found = intervals.share(9, 10)
    assert (found.value, found.n) == (0.9, 10)
    assert (found.low, found.high) == (pytest.approx(0.5958, abs=5e-5), pytest.approx(0.9821, abs=5e-5))


@pytest.mark.parametrize(
    ("met", "n", "low", "high"), [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (1, 2, 0.0945, 0.9055)]
)
def test_wilson_stays_between_0_and_1_and_touches_them_at_the_ends(met: int, n: int, low: float, high: float) -> None:
    found = intervals.share(met, n)
    assert (found.low, found.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_a_share_of_no_runs_is_missing_not_zero() -> None:
    assert intervals.share(0, 0).value is None
    assert intervals.share_of(np.array([np.nan, np.nan])).value is None


def test_runs_without_a_claim_leave_the_denominator() -> None:
    found = intervals.share_of(np.array([1.0, 0.0, np.nan, 1.0]))
    assert (found.value, found.n) == (2 / 3, 3)


def test_10_20_30_has_the_t_interval_20_plus_minus_24_841377() -> None:
    found = intervals.mean(np.array([10.0, 20.0, 30.0]))
    assert found.value == 20.0
    assert found.high is not None
    assert found.low is not None
    assert found.high - 20.0 == pytest.approx(24.841377, abs=1e-6)
    assert 20.0 - found.low == pytest.approx(24.841377, abs=1e-6)


def test_one_run_has_a_mean_and_no_interval() -> None:
    found = intervals.mean(np.array([7.0, np.nan]))
    assert (found.value, found.low, found.high, found.n) == (7.0, None, None, 1)


# quantiles of Student's t to twelve digits, computed with scipy.stats.t.ppf (SciPy 1.17.1)
T_TABLE = [
    (0.975, 1, 12.706204736175),
    (0.975, 2, 4.302652729749),
    (0.95, 4, 2.131846786327),
    (0.975, 9, 2.262157162798),
    (0.995, 19, 2.860934606465),
    (0.9995, 19, 3.883405852592),
    (0.975, 99, 1.984216951586),
    (0.975, 199, 1.971956544252),
    (0.9995, 9999, 3.291500063301),
]


@pytest.mark.parametrize(("probability", "degrees", "expected"), T_TABLE)
def test_quantiles_of_students_t_are_those_of_the_tables(probability: float, degrees: int, expected: float) -> None:
    assert intervals.t_quantile(probability, degrees) == pytest.approx(expected, rel=1e-9)


def test_students_t_with_two_degrees_has_its_closed_form() -> None:
    for t in (0.1, 1.0, 3.0, 30.0):
        assert intervals.t_below(t, 2) == pytest.approx(0.5 + t / (2 * np.sqrt(2 + t * t)), rel=1e-13)


def test_a_quantile_below_a_half_is_refused() -> None:
    with pytest.raises(ValueError, match=r"expected 0\.5 <= probability < 1 and degrees >= 1, got 0\.3 and 5"):
        intervals.t_quantile(0.3, 5)


def test_differences_are_paired_by_replication() -> None:
    """Two series that differ by exactly 5 on the same luck differ by 5 without any doubt, however much the luck varies."""
    luck = np.array([10.0, 200.0, 35.0, 80.0])
    found = intervals.difference(luck + 5, luck)
    assert (found.value, found.low, found.high) == (5.0, 5.0, 5.0)


def test_a_pair_with_a_missing_figure_is_left_out() -> None:
    found = intervals.difference(np.array([1.0, np.nan, 3.0]), np.array([0.0, 5.0, np.nan]))
    assert (found.value, found.n) == (1.0, 1)


def test_a_spread_counts_what_is_only_known_as_at_least() -> None:
    found = intervals.spread(np.array([5.0, 10.0, np.nan, 60.0]), np.array([0.0, 0.0, 1.0, 1.0]))
    assert (found.n, found.censored, found.least, found.p50, found.most) == (3, 1, 5.0, 10.0, 60.0)


def test_a_spread_without_values_is_missing() -> None:
    found = intervals.spread(np.array([np.nan]))
    assert (found.n, found.p50, found.mean.value) == (0, None, None)


def test_a_quantile_that_leans_on_the_unfinished_is_only_a_lower_bound() -> None:
    """4 of 10 runs not finished at 100: half are done by 5.5 (between the fifth and sixth); nine in ten are not."""
    values = np.array([1.0, 2, 3, 4, 5, 6, 100, 100, 100, 100])
    found = intervals.spread(values, (values == 100).astype(float))
    assert (found.p10, found.p50, found.p90, found.censored) == (1.9, 5.5, 100.0, 4)
    assert found.at_least == ["mean", "p90", "most"]
    half = np.array([1.0, 2, 3, 100, 100, 100])
    assert "p50" in intervals.spread(half, (half == 100).astype(float)).at_least


def test_one_run_cut_off_early_leaves_the_middle_run_a_length() -> None:
    """Five runs, one restored so late that it was watched for 2 minutes only: three of five were seen to be over by 30, whatever became of it."""
    cut_off_early = intervals.spread(np.array([10.0, 2.0, 30.0, 20.0, 40.0]), np.array([0.0, 1.0, 0.0, 0.0, 0.0]))
    assert (cut_off_early.p50, cut_off_early.least, cut_off_early.p10) == (30.0, 10.0, 14.0)
    assert (cut_off_early.p90, cut_off_early.most, cut_off_early.at_least) == (36.0, 40.0, ["mean", "p90", "most"])
    assert intervals.spread(np.array([1.0, 2.0, 30.0])).at_least == []


def test_a_middle_run_is_only_known_as_at_least_when_half_of_the_runs_were_cut_off() -> None:
    half = intervals.spread(np.array([2.0, 3.0, 50.0, 60.0]), np.array([1.0, 1.0, 0.0, 0.0]))
    assert (half.p50, "p50" in half.at_least) == (
        53.0,
        True,
    )  # three tenths of the way from 50 to 60, as far as was seen
    fewer = intervals.spread(np.array([2.0, 3.0, 40.0, 50.0, 60.0]), np.array([1.0, 1.0, 0.0, 0.0, 0.0]))
    assert (fewer.p50, "p50" in fewer.at_least) == (60.0, False)


@given(st.lists(st.tuples(st.floats(0, 1000), st.floats(0, 1000)), min_size=1, max_size=30))
def test_by_a_quantile_that_is_no_lower_bound_that_share_of_the_runs_is_over(runs: list[tuple[float, float]]) -> None:
    """Each run has its true time and the minute it is cut off at; where none was cut off sooner the quantile is that of the true times."""
    truth, end = (np.array(column) for column in zip(*runs, strict=True))
    cut_off = truth > end
    found = intervals.spread(np.minimum(truth, end), cut_off.astype(float))
    told = [getattr(found, name) for name in ("least", "p10", "p50", "p90", "most")]
    assert told == sorted(told)
    assert found.mean.value <= truth.mean() + 1e-6
    for name, share in (("p10", 0.1), ("p50", 0.5), ("p90", 0.9), ("least", 0.0), ("most", 1.0)):
        true, said = float(np.quantile(truth, share)), getattr(found, name)
        if name not in found.at_least:
            assert said >= true - 1e-6
        if not (end[cut_off] < said).any():
            assert said == pytest.approx(true, abs=1e-6) if name not in found.at_least else said <= true + 1e-6


def test_a_ratio_of_sums_by_hand() -> None:
    """Residuals from the ratio give the error; a run with two services does not count as much as one with twenty."""
    found = intervals.ratio(np.array([30.0, 10.0, np.nan, 2.0]), np.array([20.0, 20.0, 5.0, 2.0]))
    assert (found.value, found.n) == (42 / 42, 3)
    # residuals 10, -10, 0: standard deviation 10; error 10/√3/14 = 0.412393; t(0.975, 2) = 4.302653
    assert found.high - found.value == pytest.approx(4.302653 * 10 / math.sqrt(3) / 14, rel=1e-5)
    assert found.value - found.low == pytest.approx(found.high - found.value)
    uneven = intervals.ratio(np.array([20.0, 0.0]), np.array([20.0, 2.0]))
    assert uneven.value == pytest.approx(20 / 22)
    assert intervals.ratio(np.array([1.0]), np.array([2.0])).low is None
    assert intervals.ratio(np.array([0.0]), np.array([0.0])).value is None
