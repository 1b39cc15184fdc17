"""What is measured: by laws, by SciPy, scikit-image and scikit-learn, by plain loops."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import ndimage, stats

from explainers import flower
from explainers.checks import Floats
from explainers.discarded.gradients import gradient_share
from explainers.discarded.measured import (
    READOUTS,
    REBUILDERS,
    _features,
    decode_position,
    gradient_reach,
    loss_by_spectrum,
    place_after_global_pooling,
    rebuild,
    rebuilt,
)
from explainers.discarded.model import noise_loss
from explainers.intervals import Interval
from explainers.maps import busy_maps, power_law_maps
from tests.discarded.reference import copied, decoded, errors, spread_of_places, starts

Z = float(stats.norm.ppf(0.975))


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


@pytest.mark.parametrize(
    ("kernel", "stride", "padding", "zeros", "maps", "size", "seed"),
    [(3, 2, 0, 0.6, 6, 11, 3), (3, 2, 1, 0.6, 6, 11, 3), (2, 1, 0, 0.6, 6, 11, 3)],
)
def test_gradient_reach_by_loops(
    kernel: int, stride: int, padding: int, zeros: float, maps: int, size: int, seed: int
) -> None:
    """Window by window, on the same maps."""
    reach = gradient_reach(kernel, stride, padding, zeros=zeros, maps=maps, size=size, seed=seed)
    by_loops = reach_by_loops(busy_maps(maps, size, zeros, seed), kernel, stride, padding)
    for estimate, each in zip(reach, by_loops, strict=True):
        assert estimate.value == pytest.approx(np.mean(each))
        margin = Z * stats.sem(each)
        assert estimate.low == pytest.approx(max(np.mean(each) - margin, 0))
        assert estimate.high == pytest.approx(min(np.mean(each) + margin, 1))


def test_a_hundred_maps_of_32_unless_told() -> None:
    by_loops = reach_by_loops(busy_maps(100, 32, 0, seed=0), 3, 2, 0)
    for estimate, each in zip(gradient_reach(3, 2), by_loops, strict=True):
        assert estimate.value == pytest.approx(np.mean(each), rel=1e-12)


def reach_by_loops(
    noise: Floats, kernel: int, stride: int, padding: int
) -> tuple[list[float], list[float], list[float]]:
    """Of each map, the shares that receive gradient, that use it, and of windows that block it."""
    size = noise.shape[-1]
    received, useful, blocked = [], [], []
    for plane in noise:
        won: set[tuple[int, int]] = set()
        nothing = []
        for a, b in itertools.product(starts(size, kernel, stride, padding), repeat=2):
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
        blocked.append(float(np.mean(nothing)))  # windows that share a zero count each
    return received, useful, blocked


def test_intervals_of_few_maps() -> None:
    assert gradient_reach(2, zeros=0.9, maps=5, size=2).blocked.high == 1
    two = gradient_reach(3, 2, maps=2, size=8).received
    assert two.low < two.value < two.high
    assert loss_by_spectrum([0], ["max"], maps=2).low[0, 0] > 0


# Rebuilding


@pytest.mark.parametrize("method", REBUILDERS)
@pytest.mark.parametrize("window", [1, 2, 4])
def test_rebuild_and_its_errors_by_scikit_image(method: str, window: int) -> None:
    picture = np.random.default_rng(1).gamma(2, size=(8, 12))
    again = copied(picture, method, window)
    assert_allclose(rebuild(picture, method, window), again, atol=1e-14)
    corrected = again - (again.mean() - picture.mean())
    assert_allclose(rebuild(picture, method, window, "corrected"), corrected, atol=1e-12)
    found = rebuilt(picture, method, window)
    assert found._asdict() == pytest.approx(errors(picture, method, window), abs=1e-12)


def test_several_pictures_are_measured_as_one() -> None:
    pictures = np.random.default_rng(1).random((3, 4, 4))
    tall = pictures.reshape(12, 4)
    assert_allclose(rebuild(pictures), copied(tall, "max", 2).reshape(3, 4, 4))
    assert rebuilt(pictures)._asdict() == pytest.approx(errors(tall, "max"))


@pytest.mark.parametrize("picture", [flower.grey()[:426], power_law_maps(4, 64, 1, seed=9)])
def test_the_mean_is_best_squared_and_the_median_absolute(picture: Floats) -> None:
    found = {method: rebuilt(picture, method) for method in REBUILDERS}
    assert min(found, key=lambda method: found[method].rms) == "mean"
    assert min(found, key=lambda method: found[method].absolute) == "median"


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
        squares = [np.mean((copied(plane, method, 4) - plane) ** 2) for plane in maps]
        mean, margin = np.mean(squares), Z * stats.sem(squares)
        sides = [loss.value[i, j], loss.low[i, j], loss.high[i, j]]
        assert_allclose(np.square(sides), [mean, mean - margin, mean + margin], rtol=1e-9)


def test_fifty_maps_of_64_unless_told() -> None:
    tall = power_law_maps(50, 64, 1, seed=0).reshape(-1, 64)
    found = [errors(tall, method)["rms"] * np.std(tall) for method in REBUILDERS[:4]]
    assert_allclose(loss_by_spectrum([1]).value[:, 0], found)


# Reading positions


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
    ours = decode_position(
        kernel, stride, method, width=width, noise=noise, cells=cells, samples=1500
    )
    error, score = decoded(kernel, stride, method, width, noise, cells)
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
        assert found.chance == pytest.approx(spread_of_places(stride, width), rel=1e-4)
        assert found.chance == pytest.approx(found.true.std(axis=0).mean(), rel=0.02)
        assert found.true.min() >= 0
        assert found.true.max() < stride
        assert (found.true == np.floor(found.true)).all() == (width == 0)


def test_intervals_of_a_decoding() -> None:
    """With 25 pooled values and a constant, or with 32 channels and one."""
    overlapping = decode_position(3, 2, width=0.7, samples=500, seed=5)
    everywhere = place_after_global_pooling()
    for found, side, samples, weights in (
        (overlapping, 2, 500, 26),
        (everywhere, 16, 1000, 33),
    ):
        assert found.true.shape == found.read.shape == (samples, 2)
        squares = ((found.read - found.true) ** 2).mean(axis=1)
        mean = squares.mean()
        # of the fit: a χ² of so many weights on each of two axes, whose variance is twice as large
        fit = mean / samples * math.sqrt(2 * stats.chi2(weights).var() / 4)
        margin = Z * math.hypot(stats.sem(squares), fit)
        assert_allclose(np.square(found.error), [mean, mean - margin, mean + margin])
        variance = side**2 / 12
        assert found.chance == pytest.approx(math.sqrt(variance))
        ends = np.array([mean, mean + margin, mean - margin])
        assert_allclose(found.explained, 1 - ends / variance)


def test_the_read_out_is_tested_on_samples_that_it_never_saw() -> None:
    """With as many weights as samples it would know those that it saw by heart."""
    found = decode_position(2, width=0, noise=1.0, cells=13, samples=200)
    assert found.error.value > found.chance


def test_after_global_pooling_the_border_tells_the_place() -> None:
    zeros, none = (
        place_after_global_pooling(border, depth=2, channels=16, samples=200)
        for border in ("zeros", "none")
    )
    assert max(zeros.error.value, none.error.value) < 0.7 * zeros.chance


# What the measurements share


@pytest.mark.parametrize(
    "measure",
    [
        lambda **seed: gradient_reach(2, zeros=0.5, maps=3, **seed),
        lambda **seed: loss_by_spectrum([1], maps=3, **seed),
        lambda **seed: decode_position(samples=50, **seed),
        lambda **seed: place_after_global_pooling(samples=50, **seed),
    ],
)
def test_another_seed_draws_others_and_the_first_is_0(measure: Callable[..., object]) -> None:
    assert repr(measure()) == repr(measure(seed=0)) != repr(measure(seed=1))


def test_what_the_site_shows() -> None:
    found, (error, _) = decode_position(), decoded(2, 2, "max", 1.5, 0.02, 5)
    assert found.true.shape == (2000, 2)
    assert found.error.value == pytest.approx(error, rel=0.06)
    assert found.chance == pytest.approx(spread_of_places(2, 1.5), rel=1e-4)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: rebuild([[1.0, 2.0]], "max", 0), "kernel_size must be a whole number in"),
        (lambda: rebuild([[1.0, 2.0]], "max", 1025), "kernel_size must be a whole number in"),
        (lambda: rebuild([[1.0, 2.0, 3.0]], "max", 2), "kernel_size must be a divisor"),
        (lambda: rebuild([[1.0], [2.0], [3.0]], "max", 2), "kernel_size must be a divisor"),
        (lambda: rebuild([1.0, 2.0]), "shape of picture must be"),
        (lambda: rebuild(np.ones((0, 2))), "shape of picture must be"),
        (lambda: rebuilt([[1, 1], [1, 1]]), "picture must be not the same everywhere; got 1.0"),
        (lambda: loss_by_spectrum([0], ["mode"]), "method must be one of mean, median"),
        (lambda: decode_position(2, 3), "stride must be at most the kernel_size, 2; got 3"),
        (lambda: decode_position(2, 1, width=0), "width must be above 0 with a stride of 1; got 0"),
        (lambda: decode_position(2, width=-1), "width must be"),
        (lambda: decode_position(2, width=65), "width must be"),
        (lambda: decode_position(2, noise=-1), "noise must be"),
        (lambda: decode_position(2, cells=2), "cells must be one of 1, 3, 5"),
        (lambda: decode_position(2, samples=1), "samples must be"),
        (lambda: decode_position(2, samples=100_001), "samples must be"),
        (lambda: place_after_global_pooling(width=0), "width must be above 0"),
        (lambda: place_after_global_pooling("none", depth=8), "depth must be below half of the"),
    ],
)
def test_what_is_refused(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
