"""The maps have the values, the correlation and the spectrum that they say."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy import stats

from explainers.checks import Floats
from explainers.maps import busy_maps, lone_peaks, power_law_maps, smooth_maps


@pytest.mark.parametrize("zeros", [0.0, 0.3, 1.0])
def test_busy_maps_are_clipped_as_often_as_asked(zeros: float) -> None:
    maps = busy_maps(20, 50, zeros, seed=1)
    clipped = np.count_nonzero(maps == 0)
    assert stats.binomtest(clipped, maps.size, zeros).pvalue > 0.001
    assert maps.shape == (20, 50, 50)
    rest = maps[maps > 0]
    assert rest.size == np.unique(rest).size
    if zeros < 1:
        assert stats.kstest(rest, stats.uniform(0, 1 - zeros).cdf).pvalue > 0.001


@pytest.mark.parametrize("length", [0, 0.6, 1, 2.5, 8])
def test_smooth_maps_have_the_correlation_they_say(length: float) -> None:
    maps = smooth_maps(300, 32, length, seed=2)
    assert maps.shape == (300, 32, 32)
    for dy, dx in ((0, 0), (0, 1), (1, 0), (2, 1), (0, 5)):
        each = (maps * np.roll(maps, (dy, dx), (1, 2))).mean(axis=(1, 2))
        expected = math.exp(-(dy**2 + dx**2) / (2 * length**2)) if length else float(dy == dx == 0)
        assert abs(each.mean() - expected) <= 4 * stats.sem(each) + 1e-3 * (length == 8)
    assert abs(maps.mean()) <= 4 * stats.sem(maps.mean(axis=(1, 2)))


@pytest.mark.parametrize(("size", "length"), [(8, 2), (9, 1.5), (16, 0.5)])
def test_smooth_maps_are_white_noise_filtered(size: int, length: float) -> None:
    """Their covariance, as a matrix, is the square of what the filter does to white noise."""
    white = smooth_maps(1, size, 0, seed=3)[0]
    assert_allclose(white, np.random.default_rng(3).standard_normal((size, size)), atol=1e-12)
    away = np.arange(size)[:, None] - np.arange(size)
    turns = np.arange(-9, 10)[:, None, None] * size
    covariance = np.exp(-((away + turns) ** 2) / (2 * length**2)).sum(axis=0)
    values, vectors = np.linalg.eigh(covariance / covariance[0, 0])
    root = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    assert_allclose(smooth_maps(1, size, length, seed=3)[0], root @ white @ root, atol=1e-7)


def test_seeds_give_the_same_maps_and_others_other_maps() -> None:
    makers: list[Callable[..., Floats]] = [busy_maps, smooth_maps]
    for maker in makers:
        assert_array_equal(maker(2, 8), maker(2, 8, 0, 0))
        assert_array_equal(maker(2, 8, 0.5, seed=4), maker(2, 8, 0.5, seed=4))
        assert (maker(2, 8, 0, seed=4) != maker(2, 8, 0, seed=5)).all()


def test_lone_peaks_are_everywhere_once() -> None:
    assert_array_equal(lone_peaks(3).sum(axis=0), np.ones((3, 3)))
    assert_array_equal(lone_peaks(3).sum(axis=(1, 2)), np.ones(9))
    assert lone_peaks(3)[5, 1, 2] == 1


@pytest.mark.parametrize("exponent", [0, 0.7, 1, 2])
def test_power_law_maps_have_the_spectrum_they_say(exponent: float) -> None:
    maps = power_law_maps(400, 16, exponent, seed=2)
    assert maps.shape == (400, 16, 16)
    assert_allclose(maps.mean(axis=(1, 2)), 0, atol=1e-12)
    each = (maps**2).mean(axis=(1, 2))
    assert abs(each.mean() - 1) < 4 * stats.sem(each)
    power = np.abs(np.fft.fft2(maps)) ** 2
    for one, other in (((0, 1), (0, 2)), ((0, 1), (2, 3)), ((1, 1), (5, 0)), ((0, 3), (3, 0))):
        ratio = power[:, *one].mean() / power[:, *other].mean()
        expected = (math.hypot(*other) / math.hypot(*one)) ** (2 * exponent)
        assert ratio == pytest.approx(expected, rel=0.35)
    assert stats.kstest(power_law_maps(1, 64, 0)[0].ravel(), "norm").pvalue > 0.001


def test_the_ends_of_the_ranges_are_allowed() -> None:
    assert smooth_maps(1, 8, 2).shape == (1, 8, 8)
    assert lone_peaks(64).shape == (4096, 64, 64)
    assert busy_maps(1, 1024, 1).max() == 0
    assert_array_equal(power_law_maps(2, 8), power_law_maps(2, 8, 1, 0))
    assert power_law_maps(1, 1024, 4).shape == (1, 1024, 1024)
    assert len(power_law_maps(100_000, 2)) == 100_000


def test_smooth_maps_must_have_room_for_their_length() -> None:
    with pytest.raises(ValueError, match=r"^length must be at most size / 4, here 2; got 2.1"):
        smooth_maps(1, 8, 2.1)
