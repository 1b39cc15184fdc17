"""Pools over maps: window by window, by hand, and by what they promise of shifts."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy import ndimage

from explainers.alternatives.pools import BINOMIAL, POOLS, pool
from explainers.checks import Floats
from tests.alternatives.reference import PLAIN, pooled

MAPS = np.random.default_rng(2).random((2, 3, 6, 12)) + 0.01


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize(("kernel", "stride"), [(2, 2), (3, 2), (2, 3), (1, 2), (3, 1)])
def test_aggregates_window_by_window(name: str, kernel: int, stride: int) -> None:
    found = pool(name, kernel, stride)(MAPS)
    assert found.shape == (2, 3, 1, 6 // stride, 12 // stride)
    for place in np.ndindex(2, 3):
        assert_allclose(
            found[place][0], pooled(PLAIN[name], MAPS[place], kernel, stride), rtol=1e-12
        )


@pytest.mark.parametrize("name", POOLS)
def test_one_map_is_pooled_as_many_are_and_the_stride_is_that_of_the_window(name: str) -> None:
    if name != "stochastic":
        assert_array_equal(pool(name)(MAPS[1, 2]), pool(name, 2, 2)(MAPS)[1, 2])


def test_settings_are_passed_on() -> None:
    windows = pool("space to depth")(MAPS)
    assert_allclose(pool("Lp", p=1)(MAPS)[..., 0, :, :], windows.sum(axis=-3), rtol=1e-12)
    mean = windows.mean(axis=-3)
    assert_allclose(pool("generalised mean", p=1)(MAPS)[..., 0, :, :], mean, rtol=1e-12)
    assert_allclose(pool("mixed", share=0)(MAPS)[..., 0, :, :], mean, rtol=1e-12)
    largest = windows.max(axis=-3)
    assert_array_equal(pool("softmax-weighted", temperature=0)(MAPS)[..., 0, :, :], largest)
    first, second = (pool("stochastic", seed=seed)(MAPS) for seed in (0, 1))
    assert (first != second).any()
    assert (first == windows).any(axis=-3).all()


def test_what_keeps_everything() -> None:
    assert_array_equal(pool("none")(MAPS)[:, :, 0], MAPS)
    split = pool("space to depth", stride=3)(MAPS)
    assert split.shape == (2, 3, 9, 2, 4)
    for down, across in np.ndindex(3, 3):
        assert_array_equal(split[:, :, 3 * down + across], MAPS[..., down::3, across::3])


def test_both_are_max_and_mean() -> None:
    both = pool("concatenated", 3, 2)(MAPS)
    assert_array_equal(both[:, :, 0], pool("max", 3, 2)(MAPS)[:, :, 0])
    assert_array_equal(both[:, :, 1], pool("mean", 3, 2)(MAPS)[:, :, 0])


@pytest.mark.parametrize("stride", [1, 2, 3])
def test_convolution_is_scipys(stride: int) -> None:
    kernel = np.random.default_rng(0).standard_normal((3, 5))
    for taps, found in (
        (kernel, pool("strided convolution", stride=stride, kernel=kernel)(MAPS)),
        (BINOMIAL, pool("strided convolution", stride=stride)(MAPS)),
    ):
        for place in np.ndindex(2, 3):
            dense = ndimage.correlate(MAPS[place], taps, mode="wrap")
            assert_allclose(found[place][0], dense[::stride, ::stride], rtol=1e-12, atol=1e-12)


def test_blurs() -> None:
    taps = np.array([0.25, 0.5, 0.25])
    assert_array_equal(BINOMIAL, np.outer(taps, taps))
    for name, before in (("blur", MAPS), ("blurred max", dense_max(MAPS))):
        blurred = ndimage.convolve1d(before, taps, axis=-1, mode="wrap")
        blurred = ndimage.convolve1d(blurred, taps, axis=-2, mode="wrap")
        assert_allclose(pool(name)(MAPS)[:, :, 0], blurred[..., ::2, ::2], rtol=1e-12)


def dense_max(maps: Floats) -> Floats:
    rolled = [np.roll(maps, (-i, -j), axis=(-2, -1)) for i, j in np.ndindex(2, 2)]
    return np.asarray(np.max(rolled, axis=0))


@pytest.mark.parametrize("name", ["polyphase", "max polyphase"])
def test_phase_with_the_largest_norm(name: str) -> None:
    before = MAPS if name == "polyphase" else dense_max(MAPS)
    found = pool(name)(MAPS)
    for place in np.ndindex(2, 3):
        phases = [before[place][i::2, j::2] for i, j in np.ndindex(2, 2)]
        norms = [math.fsum((phase**2).ravel()) for phase in phases]
        assert_array_equal(found[place][0], phases[int(np.argmax(norms))])


@pytest.mark.parametrize("name", POOLS)
def test_moving_by_a_stride_moves_the_pooled_map_by_one(name: str) -> None:
    if name != "stochastic":  # its draws stay where they are
        step = 1 if name == "none" else 2
        moved = pool(name)(np.roll(MAPS, (step, 2 * step), axis=(-2, -1)))
        assert_allclose(moved, np.roll(pool(name)(MAPS), (1, 2), axis=(-2, -1)), rtol=1e-12)


def test_what_is_refused() -> None:
    for name in sorted(set(POOLS) - {"none"}):
        for maps in (np.zeros((5, 4)), np.zeros((4, 5)), np.zeros(4), np.zeros((0, 4, 4))):
            with pytest.raises(ValueError, match=r"^maps must be of shape \(\.\.\., H, W\)"):
                pool(name)(maps)
    for kernel in (np.zeros(3), np.zeros((2, 3)), np.zeros((3, 2))):
        with pytest.raises(ValueError, match=r"^shape of kernel must be \(h, w\), both odd"):
            pool("strided convolution", kernel=kernel)
