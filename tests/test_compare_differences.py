"""Differences between two lists of runs have the intervals of the textbooks, in pairs and without."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from drillsim.score import differences, intervals
from drillsim.score.summary_parts import Estimate

LUCK = np.random.default_rng(7)
FEW = np.array([3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0])
OTHERS = np.array([2.0, 7.0, 1.0, 8.0, 2.0, 8.0, 1.0, 8.0]) / 2


def test_pairs_with_correlation_r_have_an_interval_narrower_by_the_square_root_of_1_minus_r() -> None:
    n, r = 400, 0.84
    a, b = LUCK.standard_normal((2, n))
    a -= a.mean()
    b -= b.mean()
    b -= a * (a @ b) / (a @ a)  # no correlation left in the sample
    a, b = a / a.std(ddof=1), b / b.std(ddof=1)
    first, second = a, r * a + math.sqrt(1 - r * r) * b
    paired, unpaired = differences.paired_means(first, second), differences.means(first, second)
    half = [d.estimate.high - d.estimate.low for d in (paired, unpaired)]  # type: ignore[operator]
    assert paired.correlation == pytest.approx(r)
    t = intervals.t_quantile(0.975, n - 1) / intervals.t_quantile(0.975, 2 * n - 2)
    assert half[0] / half[1] == pytest.approx(math.sqrt(1 - r) * t, rel=1e-9)


def test_paired_means_are_those_of_the_t_test() -> None:
    """Computed with scipy.stats.ttest_rel (SciPy 1.17.1)."""
    found = differences.paired_means(FEW, OTHERS)
    assert found.p == pytest.approx(0.17245015223907575, rel=1e-9)
    assert found.estimate.low == pytest.approx(-0.869131405777221, rel=1e-9)
    assert found.estimate.high == pytest.approx(3.994131405777221, rel=1e-9)


def test_two_samples_are_those_of_welchs_test() -> None:
    """Computed with scipy.stats.ttest_ind(equal_var=False) (SciPy 1.17.1)."""
    found = differences.means(FEW, OTHERS[:5])
    assert found.p == pytest.approx(0.15016342082744133, rel=1e-9)
    assert found.estimate.low == pytest.approx(-0.79287900460805, rel=1e-9)
    assert found.estimate.high == pytest.approx(4.54287900460805, rel=1e-9)
    assert (found.correlation, found.estimate.n) == (None, 5)


def test_two_shares_have_the_interval_of_newcombes_paper() -> None:
    """56 of 70 against 48 of 80: 0.2, from 0.0524 to 0.3339 (Newcombe 1998, table II, method 10)."""
    first, second = np.repeat([1.0, 0.0], [56, 14]), np.repeat([1.0, 0.0], [48, 32])
    found = differences.shares(first, second).estimate
    assert found.value == pytest.approx(0.2)
    assert (found.low, found.high) == (pytest.approx(0.0524, abs=5e-5), pytest.approx(0.3339, abs=5e-5))


def test_pairs_of_claims_that_do_not_depend_on_each_other_have_the_interval_of_two_samples() -> None:
    first, second = np.array([1.0, 1.0, 0.0, 0.0] * 25), np.array([1.0, 0.0, 1.0, 0.0] * 25)
    paired, unpaired = differences.paired_shares(first, second), differences.shares(first, second)
    assert (paired.estimate.low, paired.estimate.high) == (unpaired.estimate.low, unpaired.estimate.high)


def test_mcnemars_mid_p_is_the_binomial_one_with_half_of_what_was_seen() -> None:
    """5 and 14 discordant pairs: exact two-sided 0.0636, mid-p 0.0414."""
    assert differences.mcnemar(5, 14) == pytest.approx(0.04138946533203125, rel=1e-9)
    assert differences.mcnemar(0, 0) == 1


def test_holm_multiplies_the_smallest_by_how_many_there_are_and_never_falls() -> None:
    assert differences.holm([0.01, 0.04, None, 0.03, 0.005]) == [
        pytest.approx(0.03), pytest.approx(0.06), None, pytest.approx(0.06), pytest.approx(0.02),
    ]  # fmt: skip


def test_a_difference_that_is_the_same_in_every_run_is_sure_and_one_of_nothing_is_none() -> None:
    ones = np.ones(5)
    assert differences.paired_means(ones * 3, ones).p == 0
    assert differences.paired_means(ones, ones).p == 1
    assert differences.paired_means(ones * np.nan, ones).estimate.value is None
    assert differences.paired_means(ones[:1], ones[:1]).estimate.low is None


@pytest.mark.slow
def test_of_intervals_for_means_95_in_100_hold_the_true_difference() -> None:
    """4000 trials of 40 pairs, and of 40 against 25: within three standard errors of the nominal share."""
    trials, held = 4000, np.zeros(2)
    for _ in range(trials):
        common, a, b = LUCK.standard_normal((3, 40))
        both = differences.paired_means(common + a + 1.0, common + b)
        apart = differences.means(common + a + 1.0, LUCK.normal(0, 3, 25))
        held += [covers(found.estimate, 1.0) for found in (both, apart)]
    assert np.all(np.abs(held / trials - 0.95) < 3 * math.sqrt(0.95 * 0.05 / trials))


def covers(estimate: Estimate, truth: float) -> bool:
    assert estimate.low is not None
    assert estimate.high is not None
    return estimate.low <= truth <= estimate.high


def pairs(both: int, only_first: int, only_second: int, neither: int) -> tuple[np.ndarray, np.ndarray]:
    counts = [both, only_first, only_second, neither]
    return np.repeat([1.0, 1.0, 0.0, 0.0], counts), np.repeat([1.0, 0.0, 1.0, 0.0], counts)


@pytest.mark.slow
@pytest.mark.parametrize("chances", [(0.3, 0.3, 0.1, 0.3), (0.6, 0.2, 0.1, 0.1), (0.1, 0.1, 0.1, 0.7)])
def test_the_exact_coverage_of_paired_shares_is_at_least_about_95_in_100(chances: tuple[float, ...]) -> None:
    """Every table of 20 pairs with its multinomial chance: Newcombe's interval is a little on the safe side."""
    n, held = 20, 0.0
    truth = chances[1] - chances[2]
    for a, b, c in itertools.product(range(n + 1), repeat=3):
        if (d := n - a - b - c) < 0:
            continue
        ways = math.factorial(n) / math.prod(math.factorial(k) for k in (a, b, c, d))
        chance = ways * math.prod(p**k for p, k in zip(chances, (a, b, c, d), strict=True))
        if chance > 1e-7:
            held += chance * covers(differences.paired_shares(*pairs(a, b, c, d)).estimate, truth)
    assert 0.94 < held < 0.99
