"""The exact laws of moved maps, each by exhaustive enumeration or a route of its own.

Routes: all places of a lone peak really pooled; all orders of the values under two windows; seeded
simulation with a stated tolerance; SciPy's correlation for the borders of a convolution.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import signal

from explainers.checks import Floats
from explainers.invariance.model import (
    Unchanged,
    busy_map_unchanged,
    convolution_border,
    directions_unchanged,
    eight_neighbours_unchanged,
    mean_unchanged,
    stacked_unchanged,
)
from explainers.laws import lone_peak_unchanged
from tests.invariance.reference import EIGHT, busy_unchanged, moves_up_to, peaks_unchanged, stays

HALF = Fraction(1, 2)
repeatable = settings(deadline=None, derandomize=True, max_examples=60)
kernels, moves = st.integers(1, 9), st.integers(-12, 12)
shares = st.fractions(0, 1, max_denominator=9)


# A lone peak


@pytest.mark.parametrize("kernel", [1, 2, 3, 4])
def test_a_lone_peaks_mean_is_as_often_unchanged_as_its_max(kernel: int) -> None:
    for move in moves_up_to(4):
        expected = peaks_unchanged(kernel, kernel, [move], pool="mean")
        assert mean_unchanged(kernel, *move).lone_peak == expected


@pytest.mark.parametrize("kernel", [1, 2, 3, 4, 5])
def test_directions_by_pooling(kernel: int) -> None:
    window = range(4 * kernel, 5 * kernel)
    counted = [
        [sum(stays(kernel, kernel, (y, x), move) for move in EIGHT) for x in window] for y in window
    ]
    assert directions_unchanged(kernel).tolist() == counted


@given(st.integers(1, 60))
@repeatable
def test_directions_average_to_the_eight_neighbours(kernel: int) -> None:
    counts = directions_unchanged(kernel)
    assert Fraction(int(counts.sum()), 8 * kernel**2) == eight_neighbours_unchanged(kernel)


# A busy map


def two_windows(kernel: int, dy: int, dx: int) -> tuple[list[int], list[int], int]:
    """Number the places that a window or the one (dy, dx) away covers: (one, other, all)."""
    square = list(itertools.product(range(kernel), repeat=2))
    one, other = set(square), {(y + dy, x + dx) for y, x in square}
    places = sorted(one | other)
    return (
        [places.index(place) for place in sorted(one)],
        [places.index(place) for place in sorted(other)],
        len(places),
    )


@cache
def orders(count: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """All ways to rank so many different values, the lowest 0."""
    return np.array(list(itertools.permutations(range(count))))


def by_all_orders(
    kernel: int, dy: int, dx: int, zeros: Fraction, pool: Callable[[Any], Any]
) -> Fraction:
    """Sum over how many of the values are clipped; of powers of 2, no two sums are equal."""
    one, other, count = two_windows(kernel, dy, dx)
    chance = Fraction(0)
    for clipped in range(count + 1):
        values = np.where(orders(count) < clipped, 0, 2 ** orders(count))
        same = (pool(values[:, one]) == pool(values[:, other])).mean()
        weight = math.comb(count, clipped) * zeros**clipped * (1 - zeros) ** (count - clipped)
        chance += weight * Fraction(round(same * math.factorial(count)), math.factorial(count))
    return chance


@pytest.mark.parametrize("zeros", [Fraction(0), Fraction(1, 3), HALF, Fraction(1)])
@pytest.mark.parametrize("move", [(0, 0), (0, 1), (-1, 0), (1, 1), (-1, 1), (2, 0), (1, -2)])
def test_busy_maps_by_all_orders(move: tuple[int, int], zeros: Fraction) -> None:
    for kernel in (1, 2):
        expected = by_all_orders(kernel, *move, zeros, lambda v: v.max(axis=-1))
        assert busy_map_unchanged(kernel, *move, zeros) == expected
        expected = by_all_orders(kernel, *move, zeros, lambda v: v.sum(axis=-1))
        assert mean_unchanged(kernel, *move, zeros).busy_map == expected


@pytest.mark.parametrize("zeros", [0.0, 0.5, 0.8])
@pytest.mark.parametrize(("kernel", "dy", "dx"), [(3, 0, 1), (3, 2, 1), (4, 1, 1), (5, 0, 3)])
def test_busy_maps_by_simulation(kernel: int, dy: int, dx: int, zeros: float) -> None:
    trials = 20_000
    for pool, expected in (
        ("max", busy_map_unchanged(kernel, dy, dx, zeros)),
        ("mean", mean_unchanged(kernel, dy, dx, zeros).busy_map),
    ):
        found = busy_unchanged(kernel, dy, dx, zeros, pool, trials)
        error = math.sqrt(expected * (1 - expected) / trials)
        assert abs(found - expected) <= 4 * error + 1e-9


@given(kernels, moves, moves, shares)
@repeatable
def test_laws_over_kernels_and_moves(kernel: int, dy: int, dx: int, zeros: Fraction) -> None:
    lone, busy = lone_peak_unchanged(kernel, dy, dx), busy_map_unchanged(kernel, dy, dx)
    clipped, mean = busy_map_unchanged(kernel, dy, dx, zeros), mean_unchanged(kernel, dy, dx, zeros)
    assert 0 <= busy <= lone <= 1
    assert busy <= clipped <= 1
    assert mean.lone_peak == lone
    assert mean.busy_map <= clipped
    assert (busy == 1) == (lone == 1) == (dy == dx == 0)
    assert (busy == 0) == (max(abs(dy), abs(dx)) >= kernel)
    assert lone == lone_peak_unchanged(kernel, -dx, dy)
    assert clipped == busy_map_unchanged(kernel, dx, -dy, zeros)


@given(kernels, moves)
@repeatable
def test_along_one_axis_the_laws_are_simple(kernel: int, d: int) -> None:
    left = max(0, kernel - abs(d))
    assert lone_peak_unchanged(kernel, dx=d) == Fraction(left, kernel)
    assert lone_peak_unchanged(kernel, d) == Fraction(left, kernel)
    assert busy_map_unchanged(kernel, d) == Fraction(left, 2 * kernel - left)
    assert mean_unchanged(kernel, d) == Unchanged(Fraction(left, kernel), Fraction(d == 0))
    for depth in range(4):
        assert stacked_unchanged(kernel, depth, d) == lone_peak_unchanged(kernel**depth, d)


@given(kernels, moves, moves, shares)
@repeatable
def test_floats_give_floats_and_fractions_fractions(
    kernel: int, dy: int, dx: int, zeros: Fraction
) -> None:
    exact = busy_map_unchanged(kernel, dy, dx, zeros), mean_unchanged(kernel, dy, dx, zeros)[1]
    rough = (
        busy_map_unchanged(kernel, dy, dx, float(zeros)),
        mean_unchanged(kernel, dy, dx, float(zeros))[1],
    )
    for e, r in zip(exact, rough, strict=True):
        assert isinstance(e, Fraction)
        assert isinstance(r, float)
        assert r == pytest.approx(float(e), rel=1e-12, abs=1e-300)


def test_numpys_numbers_are_numbers() -> None:
    two: Any = np.int64(2)
    one: Any = np.int64(1)
    assert busy_map_unchanged(two, one, one) == Fraction(1, 7)
    assert type(busy_map_unchanged(two, one, one, zeros=one)) is Fraction
    assert busy_map_unchanged(2, 0, 1, np.float64(0.5)) == 0.34375


# Convolution


def differing(height: int, width: int, kernel: int, dy: int, dx: int) -> int:
    """Convolve a random picture and the moved one by SciPy, and count what did not move along."""
    rng = np.random.default_rng(height * width + kernel)
    picture, weights = rng.normal(size=(height, width)), rng.normal(size=(kernel, kernel))

    def moved(array: Floats) -> Floats:
        room = np.pad(array, ((max(dy, 0), max(-dy, 0)), (max(dx, 0), max(-dx, 0))))
        top, left = max(-dy, 0), max(-dx, 0)
        return room[top : top + height, left : left + width]

    def convolved(array: Floats) -> Floats:
        padded = np.pad(array, kernel // 2)
        return np.asarray(signal.correlate2d(padded, weights, mode="valid"))

    return int((np.abs(convolved(moved(picture)) - moved(convolved(picture))) > 1e-9).sum())


@pytest.mark.parametrize("kernel", [1, 3, 5])
@pytest.mark.parametrize(("height", "width"), [(7, 7), (6, 9), (4, 12)])
def test_the_border_of_a_convolution_by_scipy(height: int, width: int, kernel: int) -> None:
    tall, wide = height - kernel // 2, width - kernel // 2
    for dy, dx in itertools.product(range(-tall, tall + 1), range(-wide, wide + 1)):
        expected = differing(height, width, kernel, dy, dx)
        assert convolution_border(height, width, kernel, dy, dx) == expected


def test_a_wide_kernel_on_a_small_picture_that_stays() -> None:
    assert convolution_border(1, 1, 5) == convolution_border(2, 3, 9) == 0


# What is refused


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: busy_map_unchanged(2, zeros=Fraction(4, 3)), "zeros must be .*4, 3"),
        (lambda: convolution_border(4, 4, 2), "kernel_size must be odd; got 2"),
        (lambda: convolution_border(4, 4, 3, 4), r"dy must be 0, or in \[−n, n\] .* = 3; got 4"),
        (lambda: convolution_border(9, 4, 3, 4, -4), r"dx must be 0, or .* = 3; got -4"),
    ],
)
def test_what_does_not_go_together_is_refused(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}"):
        call()


def test_the_widest_and_farthest_are_the_last() -> None:
    assert lone_peak_unchanged(1000, 0, 999, stride=1000) == Fraction(1, 1000)
    assert busy_map_unchanged(1, 10**6, -(10**6), zeros=1) == 1
    assert stacked_unchanged(2, 64, 1) == 1 - Fraction(1, 2**64)
    for kernel, move in ((1001, 0), (1, 10**6 + 1), (1, -(10**6) - 1)):
        with pytest.raises(ValueError, match=r"must be a whole number in \["):
            lone_peak_unchanged(kernel, move)
