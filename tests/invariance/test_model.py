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
from numpy.lib.stride_tricks import sliding_window_view
from scipy import signal
from skimage.measure import block_reduce

from explainers.checks import Floats
from explainers.invariance.model import (
    Unchanged,
    busy_map_unchanged,
    convolution_border,
    directions_unchanged,
    eight_neighbours_unchanged,
    lone_peak_unchanged,
    mean_unchanged,
    stacked_unchanged,
)

FAR = 6
HALF = Fraction(1, 2)
EIGHT = [(-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1)]
repeatable = settings(deadline=None, derandomize=True, max_examples=60)
kernels, moves = st.integers(1, 9), st.integers(-12, 12)
shares = st.fractions(0, 1, max_denominator=9)


# A lone peak


@cache
def pooled_peaks(kernel: int, stride: int, pool: str) -> dict[tuple[int, int], bytes]:
    """Pool a peak at each place of a few windows' surroundings: each place's pooled map."""
    places = range(FAR + kernel, FAR + kernel + stride + 2 * FAR)
    size = places.stop + FAR + kernel
    found = {}
    for y, x in itertools.product(places, places):
        picture = np.zeros((size, size))
        picture[y, x] = 1
        windows = sliding_window_view(picture, (kernel, kernel))[::stride, ::stride]
        found[y, x] = getattr(windows, pool)(axis=(-2, -1)).tobytes()
    return found


def enumerated(kernel: int, stride: int, dy: int, dx: int, pool: str = "max") -> Fraction:
    """Count the places of one period whose pooled map is the same after the move."""
    peaks = pooled_peaks(kernel, stride, pool)
    first = min(y for y, _ in peaks) + FAR
    period = itertools.product(range(first, first + stride), repeat=2)
    same = [peaks[y, x] == peaks[y + dy, x + dx] for y, x in period]
    return Fraction(sum(same), len(same))


@pytest.mark.parametrize("kernel", [1, 2, 3, 4, 5])
def test_every_move_of_every_place_by_pooling(kernel: int) -> None:
    for dy, dx in itertools.product(range(-FAR, FAR + 1), repeat=2):
        assert lone_peak_unchanged(kernel, dy, dx) == enumerated(kernel, kernel, dy, dx)


@pytest.mark.parametrize(("kernel", "stride"), [(k, s) for k in range(2, 6) for s in range(1, k)])
def test_overlapping_windows_by_pooling(kernel: int, stride: int) -> None:
    for dy, dx in itertools.product(range(-3, 4), repeat=2):
        expected = enumerated(kernel, stride, dy, dx)
        assert lone_peak_unchanged(kernel, dy, dx, stride) == expected


def test_three_by_three_at_stride_two_never_stays_but_four_by_four_does() -> None:
    elsewhere = [(dy, dx) for dy in range(-9, 10) for dx in range(-9, 10) if (dy, dx) != (0, 0)]
    assert {lone_peak_unchanged(3, dy, dx, stride=2) for dy, dx in elsewhere} == {0}
    assert lone_peak_unchanged(4, 0, 1, stride=2) == lone_peak_unchanged(2, 0, 1) == HALF


def test_at_the_border_a_peak_may_stay_even_there() -> None:
    """The first two of seven places lie in the same windows, as nothing begins before them."""
    lines = np.eye(7)
    pooled = sliding_window_view(lines, 3, axis=1)[:, ::2].max(axis=-1)
    same = [(a == b).all() for a, b in itertools.pairwise(pooled)]
    assert same == [True, False, False, False, False, True]


@pytest.mark.parametrize("kernel", [1, 2, 3, 4])
def test_a_lone_peaks_mean_is_as_often_unchanged_as_its_max(kernel: int) -> None:
    for dy, dx in itertools.product(range(-4, 5), repeat=2):
        expected = enumerated(kernel, kernel, dy, dx, pool="mean")
        assert mean_unchanged(kernel, dy, dx).lone_peak == expected


@pytest.mark.parametrize("kernel", [1, 2, 3, 4, 5])
def test_the_eight_neighbours_by_pooling(kernel: int) -> None:
    average = Fraction(sum(enumerated(kernel, kernel, dy, dx) for dy, dx in EIGHT), 8)
    assert eight_neighbours_unchanged(kernel) == average


@pytest.mark.parametrize("kernel", [1, 2, 3, 4, 5])
def test_directions_by_pooling(kernel: int) -> None:
    peaks = pooled_peaks(kernel, kernel, "max")
    top = next(y for y in range(FAR + kernel, 99) if y % kernel == 0 and y > FAR + kernel)
    counted = [
        [
            sum(peaks[y, x] == peaks[y + dy, x + dx] for dy, dx in EIGHT)
            for x in range(top, top + kernel)
        ]
        for y in range(top, top + kernel)
    ]
    assert directions_unchanged(kernel).tolist() == counted


def test_three_eighths_five_ninths_and_where_five_eighths_comes_from() -> None:
    assert eight_neighbours_unchanged(2) == Fraction(3, 8)
    assert eight_neighbours_unchanged(3) == Fraction(5, 9) != Fraction(5, 8)
    assert (directions_unchanged(2) == 3).all()
    assert directions_unchanged(3)[0, 1] == np.median(directions_unchanged(3)) == 5


@given(st.integers(1, 60))
@repeatable
def test_directions_average_to_the_eight_neighbours(kernel: int) -> None:
    counts = directions_unchanged(kernel)
    assert Fraction(int(counts.sum()), 8 * kernel**2) == eight_neighbours_unchanged(kernel)


@pytest.mark.parametrize(("kernel", "depth"), [(2, 0), (2, 1), (2, 3), (3, 2), (1, 4)])
def test_stacked_pools_by_pooling_again_and_again(kernel: int, depth: int) -> None:
    window = kernel**depth
    peaks = np.eye(6 * window)
    pooled = peaks
    for _ in range(depth):
        pooled = block_reduce(pooled, (1, kernel), np.max)
    for d in range(-window - 1, window + 2):
        middle = range(2 * window, 3 * window)
        same = [bool((pooled[p] == pooled[p + d]).all()) for p in middle]
        assert stacked_unchanged(kernel, depth, d) == Fraction(sum(same), window)


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
@pytest.mark.parametrize(("kernel", "dy", "dx"), [(3, 0, 1), (3, 2, -1), (4, 1, 1), (5, 0, 3)])
def test_busy_maps_by_simulation(kernel: int, dy: int, dx: int, zeros: float) -> None:
    trials = 20_000
    values = np.random.default_rng(1).random((trials, kernel + abs(dy), kernel + abs(dx)))
    values = np.where(values < zeros, 0, values)
    if dy * dx < 0:
        values = values[:, ::-1]
    first, second = values[:, :kernel, :kernel], values[:, -kernel:, -kernel:]
    assert first.shape == second.shape == (trials, kernel, kernel)
    for share, chance in (
        ((first.max(axis=(1, 2)) == second.max(axis=(1, 2))), busy_map_unchanged),
        (
            (
                np.sort(first.reshape(trials, -1)).sum(1)
                == np.sort(second.reshape(trials, -1)).sum(1)
            ),
            lambda *a: mean_unchanged(*a).busy_map,
        ),
    ):
        expected = float(chance(kernel, dy, dx, zeros))
        error = math.sqrt(expected * (1 - expected) / trials)
        assert abs(share.mean() - expected) <= 4 * error + 1e-9


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
    assert busy_map_unchanged(kernel, d) == Fraction(left, 2 * kernel - left)
    assert stacked_unchanged(kernel, 1, d) == lone_peak_unchanged(kernel, d)
    assert stacked_unchanged(kernel, 3, d) == lone_peak_unchanged(kernel**3, d)


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


def test_means_of_busy_maps_never_stay_without_zeros() -> None:
    for kernel, dy, dx in itertools.product(range(1, 6), range(-3, 4), range(-3, 4)):
        never = mean_unchanged(kernel, dy, dx).busy_map
        assert never == (1 if dy == dx == 0 else 0)
    assert mean_unchanged(2, 0, 1, HALF) == Unchanged(lone_peak=HALF, busy_map=Fraction(1, 16))


def test_by_default_nothing_moves_and_nothing_is_clipped() -> None:
    for kernel in (1, 2, 5):
        assert lone_peak_unchanged(kernel) == busy_map_unchanged(kernel) == 1
        assert mean_unchanged(kernel) == Unchanged(Fraction(1), Fraction(1))
        assert convolution_border(9, 9, 3) == 0
    assert busy_map_unchanged(2, 1) == busy_map_unchanged(2, dx=1) == Fraction(1, 3)
    assert mean_unchanged(2, 1) == mean_unchanged(2, dx=1) == Unchanged(HALF, Fraction(0))
    assert lone_peak_unchanged(2, 1) == lone_peak_unchanged(2, dx=1) == HALF
    assert convolution_border(9, 9, 3, 1) == convolution_border(9, 9, 3, dx=1) == 18


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


# Wrong arguments


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: lone_peak_unchanged(0), r"kernel_size must be a whole number in \[1, 1000\]"),
        (lambda: lone_peak_unchanged(1001), r"kernel_size must be .* got 1001"),
        (lambda: lone_peak_unchanged(2.0), r"kernel_size must be .* got 2.0"),  # type: ignore[arg-type]
        (lambda: lone_peak_unchanged(2, dy=0.5), r"dy must be a whole number in .* got 0.5"),  # type: ignore[arg-type]
        (lambda: lone_peak_unchanged(2, dx=10**6 + 1), "dx must be .* got 1000001"),
        (lambda: lone_peak_unchanged(2, dx=-(10**6) - 1), "dx must be .* got -1000001"),
        (lambda: lone_peak_unchanged(2, stride=3), r"stride must be a whole number in \[1, 2\]"),
        (lambda: lone_peak_unchanged(2, stride=0), r"stride must be .* got 0"),
        (lambda: directions_unchanged(0), r"kernel_size must be a whole number in \[1, 1000\]"),
        (lambda: eight_neighbours_unchanged(True), r"kernel_size must be .* got True"),
        (lambda: stacked_unchanged(0, 1, 1), r"kernel_size must be .* got 0"),
        (lambda: stacked_unchanged(2, -1, 1), r"depth must be a whole number in \[0, 64\]; got -1"),
        (lambda: stacked_unchanged(2, 65, 1), r"depth must be .* got 65"),
        (lambda: stacked_unchanged(2, 1, 0.5), "d must be .* got 0.5"),  # type: ignore[arg-type]
        (lambda: busy_map_unchanged(0), r"kernel_size must be .* got 0"),
        (lambda: busy_map_unchanged(2, dy=1.0), r"dy must be .* got 1.0"),  # type: ignore[call-overload]
        (lambda: busy_map_unchanged(2, zeros=-0.1), r"zeros must be a probability in \[0, 1\]: a"),
        (lambda: busy_map_unchanged(2, zeros=Fraction(4, 3)), "zeros must be .*4, 3"),
        (lambda: busy_map_unchanged(2, zeros=math.nan), "zeros must be .* got nan"),
        (lambda: busy_map_unchanged(2, zeros="half"), "zeros must be .* got 'half'"),  # type: ignore[call-overload]
        (lambda: busy_map_unchanged(2, zeros=True), "zeros must be .* got True"),
        (lambda: mean_unchanged(2, 0, 1, zeros=2), "zeros must be .* got 2"),
        (lambda: mean_unchanged(-1), "kernel_size must be .* got -1"),
        (lambda: convolution_border(0, 4, 3), "height must be a whole number ≥ 1; got 0"),
        (lambda: convolution_border(4, 0, 3), "width must be a whole number ≥ 1; got 0"),
        (lambda: convolution_border(4, 4, 2), "kernel_size must be odd; got 2"),
        (lambda: convolution_border(4, 4, -1), "kernel_size must be a whole number ≥ 1; got -1"),
        (lambda: convolution_border(4, 4, 3, 4), r"dy must be 0, or in \[−n, n\] .* = 3; got 4"),
        (lambda: convolution_border(9, 4, 3, 4, -4), r"dx must be 0, or .* = 3; got -4"),
        (lambda: convolution_border(9, 4, 3, "1"), "dy must be a whole number .* got '1'"),  # type: ignore[arg-type]
    ],
)
def test_wrong_arguments_are_named(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}") as error:
        call()
    assert "\n" not in str(error.value)


def test_the_widest_and_farthest_are_allowed() -> None:
    assert lone_peak_unchanged(1000, 10**6, -(10**6)) == 0
    assert lone_peak_unchanged(1000, 0, 999) == Fraction(1, 1000)
    assert stacked_unchanged(2, 64, 1) == 1 - Fraction(1, 2**64)
