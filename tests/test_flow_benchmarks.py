"""The days of the benchmarks are the same day in both models, or their times could not be compared."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest

from tests.benchmarks import day, full_day

RUNS = 12


@pytest.mark.slow
@pytest.mark.parametrize("model", [day, full_day])
def test_both_models_of_a_benchmark_give_the_same_statistics(model: ModuleType) -> None:
    played = model.scenario(3000)
    ours = np.array([model.drillsim_day(played, k) for k in range(RUNS)])
    theirs = np.array([model.simpy_day(3000, k) for k in range(RUNS)])
    for figure, widest in ((0, 0.01), (1, 0.08)):  # services, minutes in the hospital
        difference = ours[:, figure].mean() - theirs[:, figure].mean()
        error = np.sqrt((ours[:, figure].var(ddof=1) + theirs[:, figure].var(ddof=1)) / RUNS)
        assert 4 * error <= widest * theirs[:, figure].mean()
        assert abs(difference) <= 4 * error


def test_a_small_day_of_each_benchmark_runs() -> None:
    for model in (day, full_day):
        services, minutes = model.drillsim_day(model.scenario(100))
        assert services > 800
        assert minutes > 20
