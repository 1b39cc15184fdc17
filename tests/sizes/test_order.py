"""The orders of layers again: by SciPy, windows laid out one by one, quadrature and enumeration."""

from __future__ import annotations

import itertools
import math
from functools import partial

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy import stats

from explainers.activations import NEVER_FALL, leaky_relu
from explainers.checks import Floats
from explainers.intervals import Interval
from explainers.maps import smooth_maps
from explainers.sizes import order
from explainers.sizes.order import (
    Difference,
    activation_and_pool,
    additivity,
    batch_norm,
    blur_and_activation,
    blur_and_convolution,
    channel_dropout_and_pool,
    difference,
    dropout_and_max,
    dropout_law,
    leaky_and_max,
    max_by_rectifiers,
    mean_as_convolution,
    norm_and_pool,
    norm_in_training,
    pool_as_subsampling,
)
from tests.sizes.reference_layers import (
    FUNCTIONS,
    Function,
    apart,
    blurred,
    convolved,
    declared,
    moment_of_largest,
    pooled,
    refused,
    share_that_differs,
    windows,
)

NONE = Difference(0, 0, 0)
DIPPING = ("gelu", "silu", "mish", "hardswish")
Z = float(stats.norm.ppf(0.975))


def agrees(estimate: Interval[float], truth: float, errors: float = 4) -> bool:
    return abs(estimate.value - truth) <= errors * (estimate.high - estimate.low) / (2 * Z)


def rounds(found: Difference, largest: float = 1e-14) -> bool:
    """Something differs, in the last bits."""
    return 0 < found.mean <= found.largest < largest and found.share > 0


def test_arguments() -> None:
    for function, argument, kind in declared(order):
        for said in refused(function, argument, kind):
            assert said.startswith(f"{argument} must be "), (function, said)


def test_difference_by_hand() -> None:
    assert difference([[3.0, 4.0]], [[3.0, 4.5]]) == Difference(
        0.5 / math.sqrt(12.5), 0.25 / math.sqrt(12.5), 0.5
    )
    assert difference([0, 0], [0, 3]) == Difference(3, 1.5, 0.5)
    with pytest.raises(
        ValueError, match=r"^other must be of the shape of one, \(2,\); got \(1,\)$"
    ):
        difference([1, 2], [1])


# Activations


@pytest.mark.parametrize("window", [2, 3, 5, 8])
@pytest.mark.parametrize("activation", NEVER_FALL)
def test_what_never_falls_may_come_after_max_or_min(activation: str, window: int) -> None:
    for pool, length in itertools.product(("max", "min"), (0, 3)):
        assert activation_and_pool(activation, window, pool, length=length) == NONE


@pytest.mark.parametrize("activation", [*DIPPING, "relu", "tanh"])
def test_activations_again(activation: str) -> None:
    function, noise = FUNCTIONS[activation], smooth_maps(7, 20, 1, seed=5)
    for pool, window in itertools.product(("max", "min", "mean"), (2, 3)):
        again = apart(pooled(function(noise), window, pool), function(pooled(noise, window, pool)))
        found = activation_and_pool(activation, window, pool, length=1, maps=7, size=20, seed=5)
        assert_allclose(found[:2], again, rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize("activation", DIPPING)
@pytest.mark.parametrize("window", [2, 3])
def test_how_often_a_dip_matters_by_quadrature(activation: str, window: int) -> None:
    found = activation_and_pool(activation, window, maps=400, size=48, seed=1)
    law, tried = share_that_differs(FUNCTIONS[activation], window**2), 400 * (48 // window) ** 2
    assert found.share == pytest.approx(law, abs=4 * math.sqrt(law / tried) + 2e-4 * law)
    assert (found.share > 0) == (law * tried > 5)


@pytest.mark.parametrize("slope", [-2.0, -1.0, -0.5])
def test_a_falling_leak_by_quadrature(slope: float) -> None:
    found = leaky_and_max(slope, maps=200, seed=1)
    falling: Function = lambda x: leaky_relu(x, slope)  # noqa: E731
    law, tried = share_that_differs(falling, 4), 200 * 256
    assert found.share == pytest.approx(law, abs=4 * math.sqrt(law * (1 - law) / tried) + 1e-3)
    noise = smooth_maps(200, 32, 0, seed=1)
    bent = np.where(noise > 0, noise, slope * noise)
    late = pooled(noise, 2)
    again = apart(pooled(bent, 2), np.where(late > 0, late, slope * late))
    assert_allclose(found[:2], again, rtol=1e-12)


def test_leaks_that_never_fall() -> None:
    for slope, window in itertools.product((0.0, 0.01, 0.2, 1.0, 3.0), (2, 3, 8)):
        assert leaky_and_max(slope, window, length=2) == NONE
    assert leaky_and_max(-0.01).share > 0.05
    assert leaky_and_max(-1).share == pytest.approx(0.5, abs=0.02)
    assert leaky_and_max() == leaky_and_max(-0.1, 2, length=0, maps=100, size=32, seed=0)


def test_defaults_of_activations_and_norms() -> None:
    told = activation_and_pool("gelu", 2, "max", length=0, maps=100, size=32, seed=0)
    assert activation_and_pool("gelu") == told
    line = partial(norm_and_pool, mean=0.3, variance=2, beta=0.1)
    norm = line(1, "mean", None, 2, length=0, maps=100, size=32, seed=0)
    assert norm_and_pool(pool="mean") == norm
    assert norm_and_pool(1, instead="min") == norm_and_pool(1, "max", "min")


# Batch normalisation


def test_batch_norm_by_hand() -> None:
    assert batch_norm([[7.0]], 3, 4 - 1e-5, -2, 5) == [[1.0]]
    assert batch_norm(7, 7, 0) == 0
    assert batch_norm([3.0], 1, 0)[0] == pytest.approx(2 / math.sqrt(1e-5))


@pytest.mark.parametrize("gamma", [0.001, 0.5, 3.0])
@pytest.mark.parametrize("window", [2, 3])
def test_norm_at_inference(gamma: float, window: int) -> None:
    tried = partial(norm_and_pool, mean=-1.5, variance=0.3, beta=2.0, length=1)
    for pool, other in (("max", "min"), ("min", "max")):
        assert tried(gamma, pool, window=window) == NONE
        assert tried(-gamma, pool, other, window) == NONE
        assert tried(-gamma, pool, window=window).share > 0.99
    assert tried(gamma, "mean", window=window).largest < 1e-13
    assert tried(-gamma, "mean", window=window).largest < 1e-13
    assert rounds(norm_and_pool(-gamma, "mean"))
    assert norm_and_pool(0, "max", "min") == NONE


def test_how_far_a_falling_norm_is_off() -> None:
    """By |γ| (max − min) / √(variance + ε), which is twice the mean of the largest on average."""
    scale = -0.5 / math.sqrt(2 + 1e-5)
    noise = windows(smooth_maps(100, 32), 2)
    early = scale * (noise.min(axis=-1) - 0.3) + 0.1
    late = scale * (noise.max(axis=-1) - 0.3) + 0.1
    found = norm_and_pool(-0.5)
    assert_allclose(found[:2], apart(early, late), rtol=1e-12)
    assert np.abs(early - late).mean() == pytest.approx(
        -2 * scale * moment_of_largest(4, 1), rel=0.02
    )


@pytest.mark.parametrize("window", [2, 3, 4])
def test_norm_in_training_by_quadrature(window: int) -> None:
    mean, square = (moment_of_largest(window**2, power) for power in (1, 2))
    found = norm_in_training("before", window=window, batches=40)
    assert agrees(found.mean, mean)
    assert agrees(found.sd, math.sqrt(square - mean**2))
    lowest = norm_in_training("before", "min", window, batches=40)
    assert agrees(lowest.mean, -mean)
    assert agrees(norm_in_training("before", "mean", window, batches=40).sd, 1 / window)


def test_norm_in_training_after_the_pooling() -> None:
    for pool, window in itertools.product(("max", "mean"), (2, 3)):
        found = norm_in_training("after", pool, window, length=1)
        assert found.mean.value == pytest.approx(0, abs=1e-12)
        assert found.sd.value == pytest.approx(1, abs=1e-4)
        assert found.sd.value < 1


def test_norm_in_training_batch_by_batch() -> None:
    noise = smooth_maps(6, 16, 1, seed=3).reshape(3, 2, 16, 16)
    means, sds = [], []
    for batch in noise:
        own = (batch - batch.mean()) / math.sqrt(batch.var() + 1e-5)
        means.append(pooled(own, 2).mean())
        sds.append(pooled(own, 2).std())
    found = norm_in_training(length=1, batches=3, maps=2, size=16, seed=3)
    for interval, each in zip(found, (means, sds), strict=True):
        assert interval.value == pytest.approx(np.mean(each), rel=1e-12)
        assert interval.high - interval.value == pytest.approx(Z * stats.sem(each), rel=1e-9)
    assert norm_in_training() == norm_in_training("before", "max", 2, batches=20, maps=16)


# Dropout


@pytest.mark.parametrize("rate", [0.0, 0.1, 0.5, 0.8])
@pytest.mark.parametrize("window", [1, 2, 3])
def test_dropout_law_by_enumeration(rate: float, window: int) -> None:
    n = window**2
    chances = [math.comb(n, k) * (1 - rate) ** k * rate ** (n - k) for k in range(n + 1)]
    law = dropout_law(rate, "before", window)
    value = sum(chance * k / (k + 1) for k, chance in enumerate(chances)) / (1 - rate)
    assert_allclose(law, (chances[0], value, n / (n + 1)), rtol=1e-12)
    assert_allclose(dropout_law(rate, "after", window), (rate, n / (n + 1), n / (n + 1)))


@pytest.mark.parametrize("place", order.ORDERS)
@pytest.mark.parametrize(("rate", "window"), [(0.5, 2), (0.2, 2), (0.5, 3)])
def test_dropout_is_the_law(rate: float, window: int, place: str) -> None:
    found, law = dropout_and_max(rate, place, window, maps=400), dropout_law(rate, place, window)
    for estimate, truth in zip(found[:3], law, strict=True):
        assert agrees(estimate, truth)
    assert agrees(found.bias, law.value - law.inference)
    assert (found.bias.low > 0) == (place == "before")


@pytest.mark.parametrize("rate", [0.3, 0.5])
def test_dropout_of_rectified_noise(rate: float) -> None:
    before = dropout_and_max(rate, values="rectified", maps=400)
    after = dropout_and_max(rate, "after", values="rectified", maps=400)
    chances = stats.binom.pmf(range(5), 4, 1 - rate)
    largest = [moment_of_largest(k, 1, floor=0) if k else 0 for k in range(5)]
    assert agrees(before.zeros, ((1 + rate) / 2) ** 4)
    assert agrees(before.value, float(chances @ largest) / (1 - rate))
    assert agrees(before.inference, largest[4])
    assert agrees(after.zeros, rate + (1 - rate) / 16)
    assert agrees(after.value, largest[4])


def test_dropout_of_nothing_and_its_defaults() -> None:
    none = dropout_and_max(0, maps=3)
    assert none.bias == Interval(0, 0, 0)
    assert none.value == none.inference
    told = dropout_and_max(0.5, "before", 2, values="uniform", maps=200, size=32, seed=0)
    assert dropout_and_max() == told
    assert dropout_law() == dropout_law(0.5, "before", 2)


def test_channel_dropout_commutes() -> None:
    for rate, window, pool in itertools.product((0.1, 0.5, 0.7), (2, 3), ("max", "min")):
        found = channel_dropout_and_pool(rate, window, pool, length=1, maps=400)
        assert found.apart == NONE
        assert found.dropped == pytest.approx(rate, abs=4 * math.sqrt(rate * (1 - rate) / 400))
    assert rounds(channel_dropout_and_pool(0.3, 3, "mean").apart)
    assert channel_dropout_and_pool(0.5, 2, "mean").apart == NONE  # a factor of 2 rounds nothing


# Blur


@pytest.mark.parametrize("taps", [2, 3, 4, 7])
@pytest.mark.parametrize("border", ["circular", "zeros"])
def test_blur_and_convolution_again(taps: int, border: str) -> None:
    drawn = np.random.default_rng(4)
    weights = drawn.standard_normal((4, 4, 5, 5))
    pictures = drawn.standard_normal((2, 4, 18, 18))
    mode = "grid-wrap" if border == "circular" else "constant"
    one = blurred(convolved(pictures, weights, mode), taps, mode)
    other = convolved(blurred(pictures, taps, mode), weights, mode)
    found = blur_and_convolution(taps, 5, border, maps=2, size=18, seed=4)
    assert_allclose(found[:2], apart(one, other), rtol=1e-9, atol=1e-14)
    assert rounds(found) == (border == "circular")


@pytest.mark.parametrize("activation", ["relu", "tanh", "gelu"])
@pytest.mark.parametrize("taps", [2, 3, 5])
def test_blur_and_activation_again(activation: str, taps: int) -> None:
    function, noise = FUNCTIONS[activation], smooth_maps(5, 20, 1, seed=2)
    one = blurred(function(noise), taps, "grid-wrap")
    other = function(blurred(noise, taps, "grid-wrap"))
    found = blur_and_activation(activation, taps, length=1, maps=5, size=20, seed=2)
    assert_allclose(found[:2], apart(one, other), rtol=1e-9)
    assert found.mean > 0.01


def test_defaults_of_the_blurs() -> None:
    assert blur_and_convolution() == blur_and_convolution(3, 3, "circular", maps=10, size=32)
    assert blur_and_activation() == blur_and_activation("relu", 3, maps=100, size=32)


# Is a rectifier needed


@pytest.mark.parametrize("between", order.BETWEEN)
@pytest.mark.parametrize("window", [2, 3])
def test_additivity_again(between: str, window: int) -> None:
    drawn = np.random.default_rng(6)
    first, pictures = drawn.standard_normal((4, 4, 3, 3)), drawn.standard_normal((6, 4, 18, 18))
    second = np.random.default_rng([6, 1]).standard_normal((4, 4, 3, 3))

    def stack(values: Floats) -> Floats:
        inner = convolved(values, first, "constant")
        if between in ("max", "mean"):
            inner = pooled(inner, window, between)
        elif between == "relu":
            inner = np.maximum(inner, 0)
        return convolved(inner, second, "constant")

    a, b = pictures[:3], pictures[3:]
    found = additivity(between, window, maps=3, size=18, seed=6)
    assert_allclose(found[:2], apart(stack(a) + stack(b), stack(a + b)), rtol=1e-9, atol=1e-14)
    assert rounds(found) == (between in ("nothing", "mean"))
    assert (found.mean > 0.2) == (between in ("max", "relu"))


def test_defaults_of_additivity() -> None:
    assert additivity() == additivity("max", 2, 3, maps=10, size=32, seed=0)


@pytest.mark.parametrize("n", range(1, 20))
def test_max_by_rectifiers(n: int) -> None:
    drawn = np.random.default_rng(n)
    whole = drawn.integers(-1000, 1000, size=(50, 3, n))
    found = max_by_rectifiers(whole)
    assert_array_equal(found.largest, whole.max(axis=-1))
    assert (found.rectifiers, found.steps) == (n - 1, math.ceil(math.log2(n)))
    reals = drawn.standard_normal((50, n))
    assert_allclose(max_by_rectifiers(reals).largest, reals.max(axis=-1), rtol=0, atol=1e-14)
    with pytest.raises(
        ValueError, match=r"^values must be of shape \(\.\.\., n\), n at least 1; got"
    ):
        max_by_rectifiers(whole[..., :0])
    with pytest.raises(
        ValueError, match=r"^values must be of shape \(\.\.\., n\), n at least 1; got"
    ):
        max_by_rectifiers(1.0)


@pytest.mark.parametrize("n", [3, 4, 6])
def test_fewer_rectifiers_leave_two_dimensions_without_a_bend(n: int) -> None:
    """The proof, on a random network of n − 2 rectifiers, each fed by those before it."""
    drawn = np.random.default_rng(n)
    inputs = drawn.standard_normal((n - 2, n))
    left = np.linalg.svd(inputs)[2][n - 2 :]  # inputs that silence one after the other
    earlier, outer = drawn.standard_normal((n - 2, n - 2)), drawn.standard_normal(n - 2)
    direction = drawn.standard_normal(2) @ left

    def network(x: Floats) -> float:
        fired = np.zeros(n - 2)
        for i, weights in enumerate(inputs):
            fired[i] = max(weights @ x + earlier[i, :i] @ fired[:i], 0)
        return float(outer @ fired + x.sum())

    assert network(direction) == pytest.approx(-network(-direction), abs=1e-12)
    assert abs(direction.max() + (-direction).max()) > 0.1


# Mean pooling as what it is


@pytest.mark.parametrize(("window", "stride"), [(1, 1), (2, 2), (3, 2), (3, 1), (5, 4), (16, 3)])
def test_mean_pooling_as_others(window: int, stride: int) -> None:
    assert mean_as_convolution(window, stride, length=1, maps=5, size=20).largest < 1e-13
    assert pool_as_subsampling("mean", window, stride, length=1, maps=5, size=20).largest < 1e-13
    for pool in ("max", "min"):
        assert pool_as_subsampling(pool, window, stride, length=1, maps=5, size=20) == NONE
    assert rounds(mean_as_convolution(3, 2), 1e-14)
    assert mean_as_convolution() == mean_as_convolution(2, 2, maps=100, size=32)
    assert pool_as_subsampling() == pool_as_subsampling("mean", 2, 2, maps=100, size=32)


def test_box_blur_window_by_window() -> None:
    noise = smooth_maps(3, 20, 1)
    assert_allclose(order._box_blur(noise, 3), pooled(noise, 3, "mean", 1), atol=1e-14)
