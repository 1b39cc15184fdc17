"""The largest of noise, by closed forms, quadrature and simulation; a lone peak, by pooling."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import integrate, special, stats

from explainers.laws import density_of_max, lone_peak_unchanged, max_of_noise
from tests.invariance.reference import moves_up_to, peaks_unchanged


@pytest.mark.parametrize(
    ("n", "mean", "variance"),
    [
        (1, 0, 1),
        (2, 1 / math.sqrt(math.pi), 1 - 1 / math.pi),
        (3, 1.5 / math.sqrt(math.pi), 1 + (2 * math.sqrt(3) - 9) / (4 * math.pi)),
        (4, 3 / math.sqrt(math.pi) * (0.5 + math.asin(1 / 3) / math.pi), None),
        (5, 2.5 / math.sqrt(math.pi) * (0.5 + 3 * math.asin(1 / 3) / math.pi), None),
    ],
)
def test_closed_forms_of_the_largest_of_a_few(n: int, mean: float, variance: float | None) -> None:
    noise = max_of_noise(n)
    assert_allclose(noise.mean, mean, rtol=0, atol=1e-14)
    if variance is not None:
        assert_allclose(noise.sd**2, variance, rtol=1e-14)


@pytest.mark.parametrize("n", [4, 9, 49, 1000, 10**6, 10**9])
def test_largest_of_many_against_adaptive_quadrature(n: int) -> None:
    centre = float(special.ndtri(1 - 1 / n))

    def density(x: float) -> float:
        return math.exp(math.log(n) + (n - 1) * special.log_ndtr(x) + stats.norm.logpdf(x))

    def moment(power: int, about: float) -> float:
        """Of all that lies between −10 and 14, the integrator told where to look."""
        return float(
            integrate.quad(
                lambda x: (x - about) ** power * density(x),
                -10,
                14,
                points=[centre + step for step in (-3, -1, 0, 1, 3)],
                epsabs=1e-14,
                epsrel=1e-13,
                limit=400,
            )[0]
        )

    mean = moment(1, 0)
    variance = moment(2, mean)
    assert_allclose(max_of_noise(n), (mean, math.sqrt(variance)), rtol=1e-12)


def test_largest_of_noise_by_simulation() -> None:
    largest = np.random.default_rng(2).normal(size=(100_000, 9)).max(axis=1)
    assert_allclose((largest.mean(), largest.std()), max_of_noise(9), atol=0.008)  # four se


def test_largest_of_noise_keeps_shapes() -> None:
    noise = max_of_noise([[1, 2, 3]])
    assert noise.mean.shape == noise.sd.shape == (1, 3)


@pytest.mark.parametrize("n", [1, 2, 9])
def test_the_density_is_the_slope_of_the_distribution(n: int) -> None:
    x = np.linspace(-3, 4, 15)
    slope = (stats.norm.cdf(x + 1e-5) ** n - stats.norm.cdf(x - 1e-5) ** n) / 2e-5
    assert_allclose(density_of_max(x, n), slope, atol=1e-9)


# A lone peak


@pytest.mark.parametrize("kernel", [1, 2, 3, 4, 5])
def test_every_move_of_every_place_by_pooling(kernel: int) -> None:
    for move in moves_up_to(6):
        assert lone_peak_unchanged(kernel, *move) == peaks_unchanged(kernel, kernel, [move])


@pytest.mark.parametrize(("kernel", "stride"), [(k, s) for k in range(2, 6) for s in range(1, k)])
def test_overlapping_windows_by_pooling(kernel: int, stride: int) -> None:
    for move in moves_up_to(3):
        expected = peaks_unchanged(kernel, stride, [move])
        assert lone_peak_unchanged(kernel, *move, stride=stride) == expected


def test_a_stride_beyond_the_window_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^stride must be at most kernel_size, here 2; got 3$"):
        lone_peak_unchanged(2, stride=3)


def test_the_widest_window_and_the_farthest_move() -> None:
    assert lone_peak_unchanged(1000, 0, 999, stride=1000) == Fraction(1, 1000)
    assert lone_peak_unchanged(1000, 10**6, -(10**6)) == 0
