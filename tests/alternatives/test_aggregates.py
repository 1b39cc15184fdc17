"""What a window is made into: by plain sums, by its limits, by differences for the gradients."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy import special, stats

from explainers.alternatives import aggregates
from explainers.alternatives.aggregates import AGGREGATES, aggregate
from tests.alternatives.reference import PLAIN, power_mean, soft

VALUES = np.random.default_rng(5).random((3, 7, 5)) + 0.01


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("n", [1, 4, 5])
def test_each_window_is_what_plain_sums_give(name: str, n: int) -> None:
    found = aggregate(name).pool(VALUES[..., :n])
    assert found.shape == (3, 7)
    expected = [PLAIN[name](window) for window in VALUES[..., :n].reshape(-1, n).tolist()]
    assert_allclose(found.ravel(), expected, rtol=1e-12)


@pytest.mark.parametrize(
    "name", ["mean", "max", "min", "median", "softmax-weighted", "log-sum-exp", "mixed"]
)
def test_values_of_any_sign(name: str) -> None:
    window = [-3.0, 1.5, -0.5, 2.0]
    assert_allclose(aggregate(name).pool(np.array(window)), PLAIN[name](window), rtol=1e-12)


def test_all_names_are_known() -> None:
    assert set(PLAIN) | {"stochastic"} == set(AGGREGATES)


# Between mean and max


@pytest.mark.parametrize("p", [1.0, 1.5, 2.0, 7.0])
def test_norm_is_that_of_numpy(p: float) -> None:
    signed = VALUES - 0.5
    assert_allclose(
        aggregates.lp_norm(signed, p), np.linalg.norm(signed, ord=p, axis=-1), rtol=1e-12
    )


def test_generalised_mean_is_scipys() -> None:
    for p in (1.0, 2.5, 6.0):
        assert_allclose(
            aggregates.generalised_mean(VALUES, p), stats.pmean(VALUES, p, axis=-1), rtol=1e-12
        )


def test_generalised_mean_from_the_mean_to_the_max() -> None:
    assert_allclose(aggregates.generalised_mean(VALUES, 1), VALUES.mean(axis=-1), rtol=1e-12)
    biggest = VALUES.max(axis=-1)
    found = [aggregates.generalised_mean(VALUES, p) for p in (1, 2, 4, 30, 1000)]
    for lower, higher in itertools.pairwise(found):
        assert (lower < higher).all()  # power means grow with p
    assert (found[-1] < biggest).all()
    assert_allclose(found[-1], biggest, rtol=math.log(5) / 1000)  # n^(−1/p) of it, at least


def test_norm_goes_to_the_largest_size_and_does_not_overflow() -> None:
    assert_allclose(aggregates.lp_norm([1e300, -1e300], 2), math.sqrt(2) * 1e300, rtol=1e-12)
    assert_allclose(aggregates.lp_norm(-VALUES, 1000), VALUES.max(axis=-1), rtol=2e-3)
    assert aggregates.lp_norm([0, 0, 0], 5) == 0


def test_clamp_lifts_what_is_below_it() -> None:
    assert_allclose(aggregates.generalised_mean([0, -3], 2), 1e-6, rtol=1e-12)
    assert_allclose(aggregates.generalised_mean([0, -3, 2], 2, clamp=1), math.sqrt(2), rtol=1e-12)
    assert aggregates.generalised_mean([0, 0], 3, clamp=0) == 0
    # of values that are not below the clamp, p = 1 is the mean; of others it is that of rectified
    assert_allclose(aggregates.generalised_mean([-1, 3], 1, clamp=0), 1.5, rtol=1e-12)


@pytest.mark.parametrize("p", [1.0, 2.0, 5.5])
def test_slope_in_p_is_that_of_differences(p: float) -> None:
    windows = np.concatenate([VALUES, np.zeros((3, 7, 1))], axis=-1)
    h, p = 1e-5, p + 1e-5
    differences = (
        aggregates.generalised_mean(windows, p + h) - aggregates.generalised_mean(windows, p - h)
    ) / (2 * h)
    assert_allclose(aggregates.slope_in_p(windows, p), differences, rtol=1e-5, atol=1e-8)


def test_slope_in_p_of_zeros_is_nan_without_a_clamp_and_of_one_zero_its_limit() -> None:
    window = [0.0, 1.0, 2.0]
    assert np.isnan(aggregates.slope_in_p([0.0, 0.0], 3, clamp=0))
    assert np.isfinite(aggregates.slope_in_p([0.0, 0.0], 3, clamp=1e-9))
    limit = (power_mean(window, 3 + 1e-6, 0) - power_mean(window, 3 - 1e-6, 0)) / 2e-6
    for clamp in (0, 1e-12, aggregates.CLAMP):
        assert_allclose(aggregates.slope_in_p(window, 3, clamp=clamp), limit, rtol=1e-5)


def test_softmax_weights_from_the_max_to_the_mean() -> None:
    assert_array_equal(aggregates.softmax_weighted(VALUES, 0), VALUES.max(axis=-1))
    assert_allclose(aggregates.softmax_weighted(VALUES, 1e-4), VALUES.max(axis=-1), rtol=1e-6)
    assert_allclose(aggregates.softmax_weighted(VALUES, 1e9), VALUES.mean(axis=-1), rtol=1e-8)
    weights = special.softmax(VALUES / 0.3, axis=-1)
    assert_allclose(
        aggregates.softmax_weighted(VALUES, 0.3), (weights * VALUES).sum(axis=-1), rtol=1e-12
    )
    assert_allclose(aggregates.softmax_weighted([1e4, 0], 1), 1e4)  # no exponential overflows
    assert_allclose(aggregates.softmax_weighted([2, 2, 1], 0), 2)
    assert_allclose(aggregates.softmax_weighted([0.3, 1.2], 0.7), soft([0.3, 1.2], 0.7))


@pytest.mark.parametrize("temperature", [0.2, 1.0, 30.0])
def test_log_sum_exp_is_scipys(temperature: float) -> None:
    expected = temperature * (special.logsumexp(VALUES / temperature, axis=-1) - math.log(5))
    assert_allclose(aggregates.log_sum_exp(VALUES, temperature), expected, rtol=1e-10)


def test_log_sum_exp_from_the_max_to_the_mean() -> None:
    assert_array_equal(aggregates.log_sum_exp(VALUES, 0), VALUES.max(axis=-1))
    assert_allclose(aggregates.log_sum_exp(VALUES, 1e9), VALUES.mean(axis=-1), rtol=1e-7)
    assert_allclose(aggregates.log_sum_exp([1e4, 0], 1), 1e4 - math.log(2))


def test_mixture_and_both() -> None:
    assert_allclose(aggregates.mixed([1, 2, 6], 0.25), 0.25 * 6 + 0.75 * 3)
    both = aggregates.concatenated(VALUES)
    assert_array_equal(both[..., 0], VALUES.max(axis=-1))
    assert_allclose(both[..., 1], VALUES.mean(axis=-1), rtol=1e-12)


# By chance, by a query, and where


def test_stochastic_draws_in_proportion_to_the_values() -> None:
    window, number = np.array([1.0, 2.0, 0.0, 5.0]), 40_000
    drawn = aggregates.stochastic(np.tile(window, (number, 1)), seed=3)
    counts = [(drawn == value).sum() for value in (1.0, 2.0, 5.0)]
    assert sum(counts) == number
    assert stats.chisquare(counts, number * np.array([1, 2, 5]) / 8).pvalue > 0.001
    assert_allclose(drawn.mean(), aggregates.stochastic_test(window), rtol=0.01)


def test_stochastic_with_another_seed_draws_others_and_of_zeros_gives_zero() -> None:
    assert (aggregates.stochastic(VALUES, 0) != aggregates.stochastic(VALUES, 1)).any()
    assert_array_equal(aggregates.stochastic(VALUES, 4), aggregates.stochastic(VALUES, 4))
    assert_array_equal(aggregates.stochastic(np.zeros((2, 3))), [0, 0])
    assert_array_equal(aggregates.stochastic_test(np.zeros((2, 3))), [0, 0])


def test_attention() -> None:
    scores = np.array([0.5, -1.0, 2.0, 0.0, 0.0])
    expected = VALUES @ special.softmax(scores)
    assert_allclose(aggregates.attention(VALUES, scores), expected, rtol=1e-12)
    assert_allclose(aggregates.attention(VALUES, np.zeros(5)), VALUES.mean(axis=-1), rtol=1e-12)
    assert_allclose(aggregates.attention(VALUES, [0, 0, 99, 0, 0]), VALUES[..., 2], rtol=1e-12)
    same = aggregates.attention(VALUES, VALUES / 0.4)  # the values themselves as keys
    assert_allclose(same, aggregates.softmax_weighted(VALUES, 0.4), rtol=1e-12)


def test_soft_argmax() -> None:
    row, column = np.indices((5, 6))
    for temperature in (0.05, 0.4):
        weights = special.softmax(VALUES[..., :5].reshape(-1)[:30] / temperature).reshape(5, 6)
        expected = [(weights * row).sum(), (weights * column).sum()]
        found = aggregates.soft_argmax(VALUES.reshape(-1)[:30].reshape(5, 6), temperature)
        assert_allclose(found, expected, rtol=1e-10)
    peak = np.zeros((2, 3, 4))
    peak[0, 2, 1] = peak[1, 0, 3] = 1
    assert_array_equal(aggregates.soft_argmax(peak, 0), [[2, 1], [0, 3]])
    assert_allclose(aggregates.soft_argmax(peak, 1e9), [[1, 1.5]] * 2, rtol=1e-8)


# Gradients


@pytest.mark.parametrize("name", [name for name in AGGREGATES if name != "stochastic"])
@pytest.mark.parametrize("n", [4, 5])
def test_gradient_is_that_of_differences(name: str, n: int) -> None:
    one, windows, h = aggregate(name, share=0.3), VALUES[..., :n], 1e-6
    differences = np.stack(
        [
            (one.pool(windows + h * step) - one.pool(windows - h * step)) / (2 * h)
            for step in np.eye(n)
        ],
        axis=-1,
    )
    assert_allclose(one.gradient(windows), differences, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("name", ["Lp", "generalised mean", "softmax-weighted", "log-sum-exp"])
def test_gradient_with_other_settings_and_signs(name: str) -> None:
    one, windows, h = aggregate(name, p=1.7, temperature=0.2), VALUES - 0.5, 1e-6
    differences = np.stack(
        [
            (one.pool(windows + h * step) - one.pool(windows - h * step)) / (2 * h)
            for step in np.eye(5)
        ],
        axis=-1,
    )
    assert_allclose(one.gradient(windows), differences, rtol=1e-5, atol=1e-7)


def test_gradient_of_what_was_drawn() -> None:
    one = aggregate("stochastic", seed=8)
    gradient = one.gradient(VALUES)
    assert_array_equal(gradient.sum(axis=-1), np.ones((3, 7)))
    assert_allclose((gradient * VALUES).sum(axis=-1), one.pool(VALUES))


def test_gradient_of_ties_and_zeros() -> None:
    zeros = np.zeros(3)
    assert_array_equal(aggregate("max").gradient(zeros), [1, 0, 0])
    assert_array_equal(aggregate("min").gradient(zeros), [1, 0, 0])
    for name in ("softmax-weighted", "log-sum-exp"):
        assert_array_equal(aggregate(name, temperature=0).gradient(zeros), [1, 0, 0])
    assert_array_equal(aggregate("Lp").gradient(zeros), zeros)
    assert_array_equal(aggregate("generalised mean").gradient(zeros), zeros)
    assert_array_equal(aggregate("stochastic test").gradient(zeros), zeros)


# What is refused


@pytest.mark.parametrize(
    "one",
    [
        aggregates.first,
        aggregates.largest,
        aggregates.smallest,
        aggregates.median,
        aggregates.mean,
        aggregates.lp_norm,
        aggregates.generalised_mean,
        aggregates.slope_in_p,
        aggregates.softmax_weighted,
        aggregates.log_sum_exp,
        aggregates.mixed,
        aggregates.concatenated,
        aggregates.stochastic,
        aggregates.stochastic_test,
    ],
)
@pytest.mark.parametrize("values", [3.0, [], np.zeros((2, 0))])
def test_a_window_has_values(one: object, values: object) -> None:
    with pytest.raises(ValueError, match=r"^values must be an array with at least one value"):
        one(values)  # type: ignore[operator]


def test_scores_fit_the_values_and_a_map_has_two_sides() -> None:
    with pytest.raises(ValueError, match=r"^scores must be of the shape of values, \(3,\)"):
        aggregates.attention([1, 2, 3], [1, 2])
    for maps in (np.zeros(3), np.zeros((0, 3)), np.zeros((3, 0))):
        with pytest.raises(ValueError, match=r"^shape of maps must be \(\.\.\., H, W\)"):
            aggregates.soft_argmax(maps)
