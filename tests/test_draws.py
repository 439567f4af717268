"""Durations have the mean and shape that their words promise, and keep their luck when a parameter or the number drawn changes."""

from __future__ import annotations

import math

import numpy as np
import pytest

from drillsim.model.durations import read
from drillsim.sim.draws import draw, draw_one
from drillsim.sim.luck import Streams

N = 40_000
STREAMS = Streams(5, 0)

WORDS = [
    "7 min", "exponential(6 min)", "erlang(4, 6 min)", "gamma(shape 2.5, mean 5 min)", "gamma(mean 5 min, sd 3 min)", "lognormal(median 12 min, p90 30 min)",
    "lognormal(mean 12 min, sd 9 min)", "triangular(1 min, 2 min, 9 min)", "pert(1 min, 2 min, 9 min)", "uniform(2 min, 4 min)", "normal(50 min, 2 min)",
    "normal(mean 50 min, sd 2 min, low 1 min, high 90 min)", "weibull(shape 2, mean 5 min)", "weibull(shape 0.7, scale 5 min)", "empirical(1 min: 2, 3 min: 1)",
    "empirical(2 min, 4 min, 9 min)", "listed(1 min, 2 min, 6 min, 7 min)", "mixture(0.7: 3 min, 0.3: exponential(20 min))",
    "mixture(1: gamma(shape 3, mean 4 min), 1: mixture(0.5: 1 min, 0.5: pert(1 min, 2 min, 3 min)))",
]  # fmt: skip


def sample(words: str, n: int = N, name: str = "") -> np.ndarray:
    return draw(read(words), STREAMS(name or words), n)


@pytest.mark.parametrize("words", WORDS)
def test_the_mean_of_many_draws_is_the_mean_promised(words: str) -> None:
    drawn = sample(words)
    error = drawn.std() / math.sqrt(N)
    assert abs(drawn.mean() - read(words).mean) <= 4 * error + 1e-9
    assert drawn.min() >= read(words).least - 1e-9


@pytest.mark.parametrize("words", WORDS)
def test_the_first_of_many_are_those_of_few(words: str) -> None:
    assert (sample(words, 1000)[:17] == sample(words, 17)).all()
    assert sample(words, 0).shape == (0,)


@pytest.mark.parametrize("words", WORDS)
def test_one_duration_is_the_first_of_many(words: str) -> None:
    assert draw_one(read(words), STREAMS(words)) == sample(words, 3)[0]


@pytest.mark.parametrize("words", [w for w in WORDS if "listed" not in w and w != "7 min"])
def test_durations_drawn_one_after_the_other_are_independent(words: str) -> None:
    generator, distribution = STREAMS(words), read(words)
    drawn = np.log1p([draw_one(distribution, generator) for _ in range(2000)])
    assert abs(np.corrcoef(drawn[1:], drawn[:-1])[0, 1]) < 4 / math.sqrt(2000)


def test_lognormal_has_the_median_and_p90_of_its_words() -> None:
    drawn = sample("lognormal(median 12 min, p90 30 min)")
    assert np.median(drawn) == pytest.approx(12, rel=0.03)
    assert np.quantile(drawn, 0.9) == pytest.approx(30, rel=0.03)


def test_spreads_are_those_promised() -> None:
    assert sample("erlang(4, 6 min)").std() == pytest.approx(3.0, rel=0.03)
    assert sample("gamma(mean 5 min, sd 3 min)").std() == pytest.approx(3.0, rel=0.03)
    assert sample("lognormal(mean 12 min, sd 9 min)").std() == pytest.approx(9.0, rel=0.06)
    assert sample("pert(1 min, 2 min, 9 min)").std() == pytest.approx(8 * math.sqrt(1.5 * 4.5 / (36 * 7)), rel=0.03)


def test_a_truncated_normal_has_its_formula_s_mean_and_keeps_to_its_limits() -> None:
    drawn = sample("normal(mean 2 min, sd 2 min)")  # cut at 0
    density = math.exp(-0.5) / math.sqrt(2 * math.pi)
    share = 0.5 * (1 + math.erf(1 / math.sqrt(2)))
    assert drawn.min() >= 0
    assert drawn.mean() == pytest.approx(2 + 2 * density / share, rel=0.02)


def test_a_normal_cut_far_out_on_either_side_still_keeps_to_its_limits() -> None:
    above = sample("normal(mean 0 min, sd 1 min, low 9 min, high 10 min)")
    below = sample("normal(mean 100 min, sd 1 min, low 1 min, high 60 min)")
    assert 9 <= above.min() < 9.001
    assert above.max() <= 10
    assert above.mean() == pytest.approx(9.11, abs=0.01)
    assert below.max() <= 60
    assert below.min() > 59


def test_a_normal_of_no_spread_is_its_mean_within_the_limits() -> None:
    assert set(sample("normal(mean 5 min, sd 0 min)", 5)) == {5.0}
    assert set(sample("normal(mean 5 min, sd 0 min, low 6 min)", 5)) == {6.0}


def test_listed_durations_come_in_order_and_from_the_start_again() -> None:
    assert sample("listed(3 min, 4 min, 5 min)", 7).tolist() == [3, 4, 5, 3, 4, 5, 3]


def test_listed_durations_drawn_anew_are_the_next_of_the_list() -> None:
    assert draw(read("listed(10 min, 20 min)"), STREAMS("x"), 3, again=1).tolist() == [20, 10, 20]


def test_a_changed_parameter_keeps_the_luck() -> None:
    short, long = sample("exponential(6 min)", 9, "a"), sample("exponential(12 min)", 9, "a")
    assert long == pytest.approx(2 * short)
    low, high = (
        sample("lognormal(median 5 min, p90 9 min)", 9, "a"),
        sample("lognormal(median 10 min, p90 30 min)", 9, "a"),
    )
    assert (low.argsort() == high.argsort()).all()


def test_forever_stays_forever() -> None:
    assert draw_one(read("forever"), STREAMS("x")) == math.inf
