"""The experiments again: by laws, by SciPy, scikit-image and scikit-learn, by plain loops."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import ndimage, stats
from skimage.measure import block_reduce
from sklearn.linear_model import LinearRegression

from explainers import flower
from explainers.checks import Floats
from explainers.discarded.measured import (
    READOUTS,
    REBUILDERS,
    Decoded,
    _features,
    decode_position,
    gradient_reach,
    loss_by_spectrum,
    rebuild,
    rebuilt,
)
from explainers.discarded.model import gradient_share, noise_loss
from explainers.intervals import Interval
from explainers.maps import busy_maps, power_law_maps

Z = float(stats.norm.ppf(0.975))
REDUCE: dict[str, Callable[..., Floats]] = {
    "mean": np.mean,
    "median": np.median,
    "subsample": lambda block, axis: block[..., 0, 0],
    "max": np.max,
    "min": np.min,
}


def agrees(estimate: Interval[float], truth: float, errors: float = 4) -> bool:
    return abs(estimate.value - truth) <= errors * (estimate.high - estimate.low) / (2 * Z)


# The gradient


@pytest.mark.parametrize("zeros", [0.0, 0.5])
@pytest.mark.parametrize("kernel", [2, 4])
def test_gradient_reach_side_by_side_is_the_law(kernel: int, zeros: float) -> None:
    reach = gradient_reach(kernel, zeros=zeros, maps=200)
    assert agrees(reach.useful, float(gradient_share(kernel, zeros=zeros)))
    assert reach.received.value == 1 / kernel**2
    if zeros:
        assert agrees(reach.blocked, zeros ** (kernel**2))
    else:
        assert reach.blocked.value == 0


@pytest.mark.parametrize(("kernel", "stride", "padding"), [(3, 2, 0), (3, 2, 1), (2, 1, 0)])
def test_gradient_reach_by_loops(kernel: int, stride: int, padding: int) -> None:
    """Window by window, on the same maps."""
    maps, size = 6, 11
    noise = busy_maps(maps, size, 0.6, seed=3)
    received, useful, blocked = [], [], []
    for plane in noise:
        won: set[tuple[int, int]] = set()
        nothing = []
        for a, b in itertools.product(
            range(-padding, size + padding - kernel + 1, stride), repeat=2
        ):
            places = [
                (i, j)
                for i, j in itertools.product(range(a, a + kernel), range(b, b + kernel))
                if 0 <= i < size and 0 <= j < size
            ]
            best = max(places, key=lambda place: plane[place])  # the first of equals
            won.add(best)
            nothing.append(plane[best] == 0)
        received.append(len(won) / size**2)
        useful.append(sum(plane[place] > 0 for place in won) / size**2)
        # windows that share a zero count each
        blocked.append(np.mean(nothing))
    reach = gradient_reach(kernel, stride, padding, zeros=0.6, maps=maps, size=size, seed=3)
    for estimate, truth in zip(reach, (received, useful, blocked), strict=True):
        assert estimate.value == pytest.approx(np.mean(truth))
        margin = Z * stats.sem(truth)
        assert estimate.low == pytest.approx(max(np.mean(truth) - margin, 0))
        assert estimate.high == pytest.approx(min(np.mean(truth) + margin, 1))


def test_intervals_of_few_maps() -> None:
    assert gradient_reach(2, zeros=0.9, maps=5, size=2).blocked.high == 1
    two = gradient_reach(3, 2, maps=2, size=8).received
    assert two.low < two.value < two.high
    assert loss_by_spectrum([0], ["max"], maps=2).low[0, 0] > 0


def test_defaults_of_the_reach() -> None:
    told = gradient_reach(3, 3, 0, zeros=0, maps=100, size=32, seed=0)
    assert_allclose(gradient_reach(3), told, rtol=0)
    clipped = gradient_reach(2, 2, 0, zeros=0.5, maps=100, size=32, seed=0)
    assert_allclose(gradient_reach(2, zeros=0.5), clipped, rtol=0)
    assert math.isnan(gradient_reach(2, maps=1).received.low)


# Rebuilding


@pytest.mark.parametrize("method", REBUILDERS)
@pytest.mark.parametrize("window", [1, 2, 4])
def test_rebuild_and_its_errors_by_scikit_image(method: str, window: int) -> None:
    picture = np.random.default_rng(1).gamma(2, size=(8, 12))
    pooled = block_reduce(picture, (window, window), REDUCE[method])
    again = np.kron(pooled, np.ones((window, window)))
    assert_allclose(rebuild(picture, method, window), again, atol=1e-14)
    difference = again - picture
    errors = rebuilt(picture, method, window)
    scale = np.std(picture)
    assert errors.rms == pytest.approx(np.sqrt(np.mean(difference**2)) / scale)
    assert errors.bias == pytest.approx(np.mean(difference) / scale, abs=1e-12)
    assert errors.rest**2 == pytest.approx(errors.rms**2 - errors.bias**2, abs=1e-12)
    assert errors.absolute == pytest.approx(np.mean(np.abs(difference)) / scale)


@pytest.mark.parametrize("picture", [flower.grey()[:426], power_law_maps(4, 64, 1, seed=9)])
@pytest.mark.parametrize("window", [2])
def test_the_mean_is_best_squared_and_the_median_absolute(picture: Floats, window: int) -> None:
    errors = {method: rebuilt(picture, method, window) for method in REBUILDERS}
    assert min(errors, key=lambda method: errors[method].rms) == "mean"
    assert min(errors, key=lambda method: errors[method].absolute) == "median"


def test_rebuild_uses_two_by_two_and_the_max_unless_told() -> None:
    picture = np.random.default_rng(1).random((3, 4, 4))
    assert_allclose(rebuild(picture), rebuild(picture, "max", 2))
    assert rebuilt(picture) == rebuilt(picture, "max", 2)


def test_loss_by_spectrum_on_white_noise_is_the_law() -> None:
    methods = ("mean", "subsample", "max")
    for window in (2, 4):
        loss = loss_by_spectrum([0], methods, kernel_size=window, maps=200)
        for row, method in enumerate(methods):
            estimate = Interval(*(side[row, 0] for side in loss))
            # without its mean, a map of 64 × 64 has a little less variance
            assert agrees(estimate, noise_loss(method, window**2).rms, errors=5)


def test_loss_by_spectrum_and_its_intervals_map_by_map() -> None:
    exponents, methods = [0.5, 2], ["max", "median"]
    loss = loss_by_spectrum(exponents, methods, kernel_size=4, maps=7, size=16, seed=4)
    for (i, method), (j, exponent) in itertools.product(enumerate(methods), enumerate(exponents)):
        maps = power_law_maps(7, 16, exponent, seed=4)
        squares = []
        for plane in maps:
            again = np.kron(block_reduce(plane, (4, 4), REDUCE[method]), np.ones((4, 4)))
            squares.append(np.mean((again - plane) ** 2))
        mean, margin = np.mean(squares), Z * stats.sem(squares)
        sides = [loss.value[i, j], loss.low[i, j], loss.high[i, j]]
        assert_allclose(np.square(sides), [mean, mean - margin, mean + margin], rtol=1e-9)
    told = loss_by_spectrum([1], REBUILDERS[:4], kernel_size=2, maps=50, size=64, seed=0)
    assert_allclose(loss_by_spectrum([1]).value, told.value)


# Reading positions


def decoded_again(
    kernel: int, stride: int, method: str, width: float, noise: float, cells: int, samples: int
) -> tuple[float, float]:
    """Error and R² by other means: SciPy's filters, scikit-learn's regression, other draws."""
    rng = np.random.default_rng(123)
    size, corner = cells * stride + kernel - stride, cells // 2 * stride
    true = rng.random((2 * samples, 2)) * stride
    y, x = np.mgrid[:size, :size]
    if width:
        away = [
            axis + 0.5 - corner - place[:, None, None]
            for axis, place in zip((y, x), true.T, strict=True)
        ]
        planes = np.exp(-(away[0] ** 2 + away[1] ** 2) / (2 * width**2))
    else:
        true = np.floor(true)
        planes = np.zeros((2 * samples, size, size))
        rows, columns = (true + corner).astype(int).T
        planes[np.arange(2 * samples), rows, columns] = 1
    planes += noise * rng.standard_normal(planes.shape)
    filters = {"max": ndimage.maximum_filter, "mean": ndimage.uniform_filter}
    origin = (0, -(kernel // 2), -(kernel // 2))
    filtered = filters[method](planes, size=(1, kernel, kernel), origin=origin, mode="constant")
    kept = slice(0, size - kernel + 1, stride)
    answers = filtered[:, kept, kept].reshape(2 * samples, -1)
    model = LinearRegression().fit(answers[:samples], true[:samples])
    read = model.predict(answers[samples:])
    score = model.score(answers[samples:], true[samples:])
    return float(np.sqrt(np.mean((read - true[samples:]) ** 2))), float(score)


@pytest.mark.parametrize("method", READOUTS)
@pytest.mark.parametrize(
    ("kernel", "stride", "width", "noise", "cells"),
    [
        (2, 2, 1.5, 0.02, 5),
        (2, 2, 0.4, 0.1, 3),
        (3, 2, 1.0, 0.05, 5),
        (4, 4, 1.5, 0.02, 5),
        (3, 2, 0, 0.02, 3),
        (2, 2, 0, 0.02, 3),
        (6, 6, 1.5, 0.02, 1),
        (3, 1, 0.5, 0.1, 3),
    ],
)
def test_decoding_by_scikit_learn(
    method: str, kernel: int, stride: int, width: float, noise: float, cells: int
) -> None:
    settings = {"width": width, "noise": noise, "cells": cells, "samples": 1500}
    ours = decode_position(kernel, stride, method, **settings)  # type: ignore[arg-type]
    error, score = decoded_again(kernel, stride, method, width, noise, cells, 1500)
    assert ours.error.value == pytest.approx(error, rel=0.08)
    assert ours.explained.value == pytest.approx(score, abs=0.07)


def test_features_lie_where_they_should() -> None:
    """Their centre of mass, and the width of their profile; a pixel is itself."""
    single = _features(np.array([[2.0, 1.0]]), 0, 4)
    assert np.argwhere(single[0]).tolist() == [[2, 1]]
    assert single.max() == 1
    [plane] = _features(np.array([[7.3, 5.8]]), 1.2, 14)
    centre = ndimage.center_of_mass(plane)
    assert centre == pytest.approx((7.3 - 0.5, 5.8 - 0.5), abs=1e-3)
    y = np.arange(14) + 0.5 - 7.3
    spread = (plane.sum(axis=1) * y**2).sum() / plane.sum()
    assert spread == pytest.approx(1.2**2, rel=1e-3)


def test_the_least_that_a_decoding_needs() -> None:
    assert decode_position(1, width=1, cells=3).explained.value > 0.9
    assert len(decode_position(64, cells=1, samples=2).read) == 2
    assert decode_position(1, width=64, cells=15, samples=2).chance == pytest.approx(12**-0.5)


def test_chance_is_the_spread_of_the_places() -> None:
    for stride, width in ((2, 1.0), (4, 0.0), (3, 1.0)):
        found = decode_position(stride, width=width, samples=5000)
        assert found.chance == pytest.approx(found.true.std(axis=0).mean(), rel=0.02)
        assert found.true.min() >= 0
        assert found.true.max() < stride
        assert (found.true == np.floor(found.true)).all() == (width == 0)


def test_intervals_of_a_decoding() -> None:
    found = decode_position(3, 2, width=0.7, samples=500, seed=5)
    squares = ((found.read - found.true) ** 2).mean(axis=1)
    mean = squares.mean()
    # of the fit: a χ² of 26 weights on each of two axes, whose variance is twice as large
    fit = mean / 500 * math.sqrt((stats.chi2(26).var() + stats.chi2(26).var()) / 4)
    margin = Z * math.hypot(stats.sem(squares), fit)
    assert_allclose(np.square(found.error), [mean, mean - margin, mean + margin])
    assert_allclose(found.explained, 1 - np.array([mean, mean + margin, mean - margin]) * 3)
    assert found.true.shape == found.read.shape == (500, 2)


def test_the_read_out_is_tested_on_samples_that_it_never_saw() -> None:
    """With as many weights as samples it would know those that it saw by heart."""
    found = decode_position(2, width=0, noise=1.0, cells=13, samples=200)
    assert found.error.value > found.chance
    again = decode_position(2, width=0, noise=1.0, cells=13, samples=200, seed=1)
    assert not np.array_equal(found.read, again.read)


def test_defaults_of_a_decoding() -> None:
    one = decode_position()
    other = decode_position(2, 2, "max", width=1.5, noise=0.02, cells=5, samples=2000, seed=0)
    assert isinstance(one, Decoded)
    assert one.error == other.error
    assert len(one.true) == 2000


# Checking


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: gradient_reach(2, maps=0), "maps must be"),
        (lambda: gradient_reach(2, zeros=2), "zeros must be a probability"),
        (lambda: decode_position(2, samples=100_001), "samples must be"),
        (lambda: rebuild([[1.0, 2.0]], "max", 1025), "kernel_size must be a whole number in"),
        (lambda: rebuild([[1.0, 2.0, 3.0]], "max", 2), "kernel_size must be a divisor"),
        (lambda: rebuild([[1.0, 2.0]], "mode", 1), "method must be one of 'mean'"),
        (lambda: rebuild([1.0, 2.0]), "shape of picture must be"),
        (
            lambda: rebuild([[np.inf, 1.0], [1.0, 1.0]]),
            "picture must be finite everywhere; got inf",
        ),
        (lambda: rebuilt([[1, 1], [1, 1]]), "picture must be not the same everywhere; got 1.0"),
        (lambda: loss_by_spectrum([0], maps=1), "maps must be"),
        (lambda: decode_position(0), "kernel_size must be"),
        (lambda: decode_position(65), "kernel_size must be"),
        (lambda: decode_position(2, 3), "stride must be"),
        (lambda: decode_position(2, method="median"), "method must be one of 'max', 'mean'"),
        (lambda: decode_position(2, width=-1), "width must be"),
        (lambda: decode_position(2, 1, width=0), "width must be above 0 with a stride of 1; got 0"),
        (lambda: decode_position(2, width=65), "width must be"),
        (lambda: decode_position(2, noise=-1), "noise must be"),
        (lambda: decode_position(2, cells=2), "cells must be odd; got 2"),
        (lambda: decode_position(2, cells=17), "cells must be a whole number in"),
        (lambda: decode_position(2, samples=1), "samples must be"),
        (lambda: decode_position(2, seed=-1), "seed must be"),
    ],
)
def test_wrong_arguments_are_named(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message) as error:
        call()
    assert "\n" not in str(error.value)
