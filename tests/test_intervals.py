"""The intervals of measured numbers, against SciPy and by what they hold."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from explainers import intervals
from explainers.checks import Floats


def test_the_interval_of_a_mean_is_scipys() -> None:
    each = np.random.default_rng(0).normal(3, 2, (4, 50))
    found = intervals.of_mean(each)
    low, high = stats.norm.interval(0.95, each.mean(axis=-1), stats.sem(each, axis=-1))
    assert_allclose(found.low, low, rtol=1e-12)
    assert_allclose(found.high, high, rtol=1e-12)
    assert_allclose(intervals.standard_error(each), stats.sem(each, axis=-1))


def test_a_single_number_has_no_interval() -> None:
    found = intervals.of_mean([4.0])
    assert found.value == 4
    assert np.isnan(found.low)
    assert np.isnan(found.high)


@pytest.mark.parametrize(("hits", "trials"), [(0, 20), (3, 20), (50, 100), (100, 100)])
def test_wilsons_interval_is_scipys(hits: int, trials: int) -> None:
    found = intervals.wilson(hits / trials, trials)
    expected = stats.binomtest(hits, trials).proportion_ci(method="wilson")
    assert_allclose([found.low, found.high], [expected.low, expected.high], atol=1e-9)
    assert found.value == hits / trials


@pytest.mark.parametrize("freedom", [5, 8, 11, 30, 99])
def test_student_is_scipys(freedom: int) -> None:
    assert_allclose(intervals.student(freedom), stats.t(freedom).ppf(0.975), rtol=2e-3)


def test_what_student_leaves_out_falls_with_the_fourth_power_of_the_freedom() -> None:
    """All terms up to the third power are there: twice the freedom leaves a sixteenth."""
    once, twice = (stats.t(n).ppf(0.975) - intervals.student(n) for n in (100, 200))
    assert once / twice == pytest.approx(16, rel=0.02)


def test_ends_are_cut_and_rooted() -> None:
    found = intervals.within(intervals.around(0.5, 1.0), 0, 1)
    assert [float(end) for end in found] == [0.5, 0.0, 1.0]
    found = intervals.root(intervals.around(4.0, 5 / intervals.Z))
    assert_allclose(found, [2, 0, 3])
    assert isinstance(intervals.scalar(found).value, float)


def test_ninety_five_in_a_hundred_hold_what_other_petals_would_show() -> None:
    """Petals of which each has rates of its own, found by two rules of known mean difference."""
    rng = np.random.default_rng(2)
    difficulty = rng.beta(4, 2, (1000, 60))  # of each petal: its mean is 2/3
    found = rng.binomial(8, [difficulty, difficulty**2]) / 8
    truth = 2 / 3 - stats.beta(4, 2).moment(2)

    def interval(one: Floats, other: Floats) -> intervals.Interval[float]:
        return intervals.jackknife(lambda kept: float((one - other)[kept].mean()), len(one))

    hits = [interval(one, other) for one, other in zip(*found, strict=True)]
    assert 0.92 <= np.mean([low <= truth <= high for _, low, high in hits]) <= 0.97


def test_the_jackknife_of_a_mean_is_the_interval_of_a_mean() -> None:
    each = np.random.default_rng(3).normal(size=20)
    found = intervals.jackknife(lambda kept: float(each[kept].mean()), 20)
    assert_allclose(found, intervals.of_mean(each), rtol=1e-12)


def test_ninety_five_in_a_hundred_hold_the_mean() -> None:
    each = np.random.default_rng(1).normal(7, 3, (2000, 40))
    found = intervals.of_mean(each)
    assert 0.93 <= ((found.low <= 7) & (found.high >= 7)).mean() <= 0.96


@pytest.mark.parametrize("shape", [(1,), (3, 1), (2, 3, 1)])
def test_of_one_number_there_is_no_error(shape: tuple[int, ...]) -> None:
    error = intervals.standard_error(np.ones(shape))
    assert np.shape(error) == shape[:-1]
    assert np.isnan(error).all()
