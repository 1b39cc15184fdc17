"""Measurements on moved maps against SciPy, closed forms for linear pools, laws, plain loops."""

from __future__ import annotations

import itertools
import math
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy import ndimage, special, stats

from explainers import operators
from explainers.checks import Floats
from explainers.intervals import Interval
from explainers.invariance import measured
from explainers.invariance.measured import (
    METHODS,
    blur_repair,
    change,
    change_by_smoothness,
    comb,
    equivariance_error,
    global_pool_behind,
    pooling,
    relative_change,
    stacked_with_convolutions,
    unchanged,
)
from explainers.invariance.model import (
    busy_map_unchanged,
    mean_unchanged,
)
from explainers.laws import lone_peak_unchanged
from explainers.maps import busy_maps, lone_peaks, smooth_maps
from tests.invariance.reference import binomial

Z = float(stats.norm.ppf(0.975))
LINEAR = ("mean", "subsample", "blur")
repeatable = settings(deadline=None, derandomize=True, max_examples=40)


def agrees(estimate: Interval[float], truth: float, errors: float = 4) -> bool:
    return abs(estimate.value - truth) <= errors * (estimate.high - estimate.low) / (2 * Z)


def moved(maps: Floats, dy: int, dx: int) -> Floats:
    return np.roll(np.roll(maps, dy, axis=-2), dx, axis=-1)


# Operators


def by_scipy(method: str, kernel: int, stride: int, blur: int, plane: Floats) -> Floats:
    """Filter at every place with a window that begins there, then keep some."""
    filters = {"max": ndimage.maximum_filter, "mean": ndimage.uniform_filter}
    wide, first = plane, method.split()[0]
    if first in filters:
        wide = filters[first](plane, size=kernel, mode="wrap", origin=-(kernel // 2))
    if "blur" in method:
        for axis in (0, 1):
            origin = -1 if blur % 2 == 0 else 0
            wide = ndimage.correlate1d(wide, binomial(blur), axis, mode="wrap", origin=origin)
    phases = [wide[top::stride, left::stride] for top, left in np.ndindex(stride, stride)]
    energies = [float((phase**2).sum()) for phase in phases]
    return phases[int(np.argmax(energies))] if "polyphase" in method else phases[0]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("kernel", "stride", "blur"), [(2, 2, 3), (3, 2, 4), (3, 3, 5), (2, 1, 2), (4, 2, 7), (1, 3, 6)]
)
def test_poolings_by_scipy(method: str, kernel: int, stride: int, blur: int) -> None:
    plane = np.random.default_rng(kernel).random((6, 12))
    ours = pooling(method, kernel, stride, blur)(plane)
    assert_allclose(ours, by_scipy(method, kernel, stride, blur, plane), atol=1e-14)


@pytest.mark.parametrize("method", ["max", "mean"])
def test_windows_narrower_than_the_stride_leave_gaps(method: str) -> None:
    plane = np.random.default_rng(0).random((6, 6))
    windows = plane.reshape(2, 3, 2, 3)[:, :2, :, :2]
    assert_allclose(pooling(method, 2, 3)(plane), getattr(windows, method)(axis=(1, 3)))


def test_windows_are_side_by_side_unless_told_otherwise() -> None:
    maps = busy_maps(2, 12)
    assert_array_equal(pooling()(maps), pooling("max", 2, 2)(maps))
    assert_array_equal(pooling("max", 3)(maps), pooling("max", 3, 3)(maps))
    assert_array_equal(pooling("blur")(maps), pooling("blur", 2, 2, blur=3)(maps))


# Invariance


def linear_weights(method: str, kernel: int, blur: int) -> Floats:
    return {"mean": np.full(kernel, 1 / kernel), "subsample": np.ones(1), "blur": binomial(blur)}[
        method
    ]


def change_of_a_linear_pool(weights: Floats, length: float, d: int) -> float:
    """√(1 − ρ), from the weights and the correlation of the map along one axis."""
    between = np.arange(len(weights))
    lag = between[:, None] - between

    def covariance(distance: int) -> float:
        apart = lag + distance
        correlation = np.exp(-(apart**2) / (2 * length**2)) if length else 1.0 * (apart == 0)
        return float(weights @ correlation @ weights)

    return math.sqrt(1 - covariance(d) / covariance(0))


@pytest.mark.parametrize("method", LINEAR)
@pytest.mark.parametrize("length", [0, 1, 2, 4])
def test_change_of_linear_pools_in_closed_form(method: str, length: float) -> None:
    noise = smooth_maps(120, 48, length, seed=5)
    for kernel, stride, blur, d in ((2, 2, 3, 1), (3, 2, 5, 2), (4, 4, 2, 3), (2, 1, 4, 1)):
        expected = change_of_a_linear_pool(linear_weights(method, kernel, blur), length, d)
        operator = pooling(method, kernel, stride, blur)
        assert agrees(change(operator, noise, 0, d), expected)
        assert agrees(change(operator, noise, -d, 0), expected)


@cache
def change_of_a_max(kernel: int, d: int) -> float:
    """√(1 − ρ) of the max of independent normals, by Hoeffding's covariance formula."""
    step = 0.02
    x = np.arange(-8, 8, step)
    cdf = special.ndtr(x)
    shared, own = kernel * max(0, kernel - d), kernel * min(kernel, d)
    joint = np.minimum.outer(cdf, cdf) ** shared * np.multiply.outer(cdf, cdf) ** own
    marginal = cdf ** (kernel**2)
    product = np.multiply.outer(marginal, marginal)
    covariance = (joint - product).sum()
    variance = (np.minimum.outer(marginal, marginal) - product).sum()
    return math.sqrt(1 - covariance / variance)


@pytest.mark.parametrize(("kernel", "stride"), [(2, 2), (3, 3), (3, 2), (3, 1), (4, 2)])
def test_change_of_the_max_of_independent_values(kernel: int, stride: int) -> None:
    noise = smooth_maps(100, 48, seed=6)
    for d in (1, 2, kernel):
        expected = change_of_a_max(kernel, d)
        assert agrees(change(pooling("max", kernel, stride), noise, 0, d), expected)


def test_the_stride_changes_nothing_in_how_much_pooled_values_change() -> None:
    noise = smooth_maps(200, 48, length=1, seed=7)
    dense = change(pooling("max", 3, 1), noise, 0, 1)
    for stride in (2, 3):
        sparse = change(pooling("max", 3, stride), noise, 0, 1)
        assert abs(dense.value - sparse.value) < sparse.high - sparse.low


def test_unrelated_maps_opposites_and_equals() -> None:
    first, second = smooth_maps(400, 8, seed=8), smooth_maps(400, 8, seed=9)
    assert agrees(relative_change(first, second), 1)
    assert relative_change(first, -first).value == pytest.approx(math.sqrt(2), rel=1e-3)
    assert relative_change(first, first) == (0, 0, 0)
    assert relative_change(np.ones((2, 2)), np.ones((2, 2))) == (0, 0, 0)
    assert relative_change([[0.0, 1.0]], [[1.0, 0.0]]).value == pytest.approx(math.sqrt(2))
    board = np.indices((4, 4)).sum(axis=0) % 2
    assert change(pooling("subsample"), board, 0, 1).value == pytest.approx(math.sqrt(2))


def by_jackknife(before: Floats, after: Floats) -> tuple[float, float]:
    """The ratio of means and its standard error, leaving out one map after the other."""
    centre = np.mean([before, after])
    squares = np.array([np.mean((b - a) ** 2) for b, a in zip(before, after, strict=True)])
    spreads = np.array(
        [
            np.mean((b - centre) ** 2) + np.mean((a - centre) ** 2)
            for b, a in zip(before, after, strict=True)
        ]
    )
    n, ratio = len(before), float(squares.sum() / spreads.sum())
    left_out = (squares.sum() - squares) / (spreads.sum() - spreads)
    return ratio, math.sqrt((n - 1) / n * float(((left_out - left_out.mean()) ** 2).sum()))


def test_the_interval_of_a_change_is_the_jackknifes() -> None:
    first = 3 + np.random.default_rng(10).gamma(1, size=(4000, 1, 1)) * smooth_maps(4000, 4)
    second = first + 0.8 * smooth_maps(4000, 4, seed=11)
    ratio, error = by_jackknife(first, second)
    found = relative_change(first, second)
    assert found.value == pytest.approx(math.sqrt(ratio), rel=1e-12)
    assert ratio - found.low**2 == pytest.approx(Z * error, rel=5e-3)
    assert found.high**2 - ratio == pytest.approx(Z * error, rel=5e-3)


def test_intervals_of_changes_hold_the_truth_as_often_as_they_say() -> None:
    truth = change_of_a_linear_pool(linear_weights("mean", 2, 3), 1, 1)
    found = [change(pooling("mean"), smooth_maps(60, 12, 1, seed), 0, 1) for seed in range(300)]
    covered = np.mean([one.low <= truth <= one.high for one in found])
    assert 0.91 <= covered <= 0.98


def test_an_interval_never_leaves_its_range_and_one_map_has_none() -> None:
    before, after = np.zeros((3, 1, 2)), np.zeros((3, 1, 2))
    before[0, 0], after[0, 0] = (4, 6), (6, 4)
    before[1:, 0] = after[1:, 0] = [0, 10]
    found = relative_change(before, after)
    assert found.low == 0 < found.value < found.high
    for alone in (change(pooling(), busy_maps(1, 8), 0, 1), unchanged(pooling(), np.eye(4))):
        assert np.isnan([alone.low, alone.high]).all()
        assert alone.value >= 0


@pytest.mark.parametrize(("kernel", "stride"), [(1, 1), (2, 2), (3, 3), (3, 2), (4, 2), (5, 3)])
def test_lone_peaks_stay_as_often_as_the_law_says(kernel: int, stride: int) -> None:
    for dy, dx in ((0, 0), (0, 1), (1, 1), (-2, 0), (0, 3)):
        share = unchanged(
            pooling("max", kernel, stride), lone_peaks(4 * stride), dy, dx, whole=True
        )
        expected = float(lone_peak_unchanged(kernel, dy, dx, stride))
        assert share.value == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("zeros", [0.0, 0.5])
@pytest.mark.parametrize(("kernel", "stride"), [(2, 2), (3, 2), (3, 3)])
def test_busy_maps_stay_as_often_as_the_laws_say(kernel: int, stride: int, zeros: float) -> None:
    maps = busy_maps(150, 24, zeros, seed=12)
    for dy, dx in ((0, 1), (1, 1), (2, 0)):
        busy = unchanged(pooling("max", kernel, stride), maps, dy, dx)
        assert agrees(busy, float(busy_map_unchanged(kernel, dy, dx, zeros)))
        mean = unchanged(pooling("mean", kernel, stride), maps, dy, dx)
        # Rounding makes a few sums of many values equal that are not.
        assert abs(mean.value - float(mean_unchanged(kernel, dy, dx, zeros).busy_map)) < max(
            0.001, 2 * (mean.high - mean.low)
        )


def test_shares_unchanged_and_their_intervals() -> None:
    maps = busy_maps(50, 8, seed=13)
    pooled = maps.reshape(50, 4, 2, 4, 2).max(axis=(2, 4))
    after = moved(maps, 1, 0).reshape(50, 4, 2, 4, 2).max(axis=(2, 4))
    each = (pooled == after).mean(axis=(1, 2))
    low, high = stats.norm.interval(0.95, each.mean(), stats.sem(each))
    found = unchanged(pooling(), maps, 1, 0)
    assert_allclose(found, (each.mean(), low, high), rtol=1e-12)
    whole = unchanged(pooling(), maps, 0, 0, whole=True)
    assert whole == (1, 1, 1)
    assert unchanged(pooling(), maps, 1, 0, whole=True) == (0, 0, 0)
    rare = unchanged(pooling(), lone_peaks(4)[:5], 0, 1, whole=True)
    often = unchanged(pooling(), lone_peaks(4)[4:9], 0, 1, whole=True)
    assert rare.value == often.value == 0.6
    assert (rare.low > 0, rare.high) == (True, 1)
    seldom = unchanged(pooling(), lone_peaks(4)[1:4], 0, 1, whole=True)
    assert seldom.value == pytest.approx(1 / 3)
    assert seldom.low == 0


def test_global_pooling_is_invariant() -> None:
    maps = busy_maps(10, 6)
    for dy, dx in itertools.product(range(-2, 3), repeat=2):
        assert change(pooling("max", 6), maps, dy, dx).value == 0
        assert change(pooling("mean", 6), maps, dy, dx).value < 1e-12  # but for rounding
        for each in (maps, lone_peaks(6)):
            assert unchanged(pooling("max", 6), each, dy, dx, whole=True).value == 1


def test_all_places_count_and_weights_are_positive(monkeypatch: pytest.MonkeyPatch) -> None:
    assert stacked_with_convolutions(1, 1, networks=2).tolist() == [0.5, 0.5]
    weights: list[float] = []
    convolve = operators.conv2d

    def noted(input: Any, weight: Any, **options: Any) -> Any:
        weights.extend(np.ravel(weight))
        return convolve(input, weight, **options)

    monkeypatch.setattr(measured, "conv2d", noted)
    stacked_with_convolutions(3, 1, networks=20)
    assert len(set(weights)) > 50
    assert min(weights) >= 1


def test_the_change_is_that_against_pairs_of_different_pictures(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However few they are: 0, 1 and 3 differ by 1, 2 and 3, squared by 14 / 3 on average."""
    shown = np.broadcast_to(np.array([0.0, 1.0, 3.0])[:, None, None, None], (3, 4, 1, 1))
    maps = itertools.cycle([shown, shown + 1])
    monkeypatch.setattr(measured, "_last_maps", lambda *_: next(maps))
    found = global_pool_behind(0, 1, networks=2, pictures=3)
    assert found.change.value == pytest.approx((3 / 14) ** 0.5)
    assert found.unchanged == 0


def test_the_random_networks_are_as_documented(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four outputs each; a pooling between each two convolutions of 3 × 3."""
    shapes: list[tuple[tuple[int, ...], tuple[int, ...]]] = []
    convolve = operators.conv2d

    def noted(input: Any, weight: Any, **options: Any) -> Any:
        shapes.append((np.shape(input), np.shape(weight)))
        return convolve(input, weight, **options)

    monkeypatch.setattr(measured, "conv2d", noted)
    global_pool_behind(2, 1, networks=1)
    once = [
        ((32, 1, 32, 32), (4, 1, 3, 3)),
        ((32, 4, 16, 16), (4, 4, 3, 3)),
        ((32, 4, 8, 8), (4, 4, 3, 3)),
    ]
    assert shapes == once * 2  # of the pictures, and of the same moved
    for poolings, side in ((4, 32), (5, 64)):
        shapes.clear()
        global_pool_behind(poolings, 1, networks=10, pictures=2)
        assert shapes[0][0] == (2, 1, side, side)


# Equivariance

windows = st.sampled_from([(1, 2), (2, 2), (3, 2), (3, 3), (2, 4), (5, 4)])


@given(st.sampled_from(METHODS), windows, st.integers(-13, 13), st.integers(-13, 13))
@repeatable
def test_exact_at_multiples_of_the_stride_only(
    method: str, window: tuple[int, int], dy: int, dx: int
) -> None:
    kernel, stride = window
    error = equivariance_error(pooling(method, kernel, stride), busy_maps(3, 12, seed=14), dy, dx)
    exact = method == "max polyphase" or dy % stride == dx % stride == 0
    assert error.value == 0 if exact else error.value > 0.1


@given(st.integers(1, 5), st.integers(-13, 13), st.integers(-13, 13))
@repeatable
def test_dense_pooling_is_always_exact(kernel: int, dy: int, dx: int) -> None:
    maps = busy_maps(3, 12, seed=15)
    for method in METHODS:
        assert equivariance_error(pooling(method, kernel, 1), maps, dy, dx) == (0, 0, 0)


def error_by_loops(pooled: Floats, after: Floats, candidates: list[list[Floats]]) -> float:
    """Take each map's best candidate; relative to the spread of everything pooled."""
    best = [
        min(float(np.mean((a - c) ** 2)) for c in moves)
        for a, moves in zip(after, candidates, strict=True)
    ]
    return math.sqrt(np.mean(best) / (2 * np.var(np.stack([pooled, after]))))


@pytest.mark.parametrize(("stride", "dy", "dx"), [(2, 0, 1), (2, -1, 3), (3, 2, 1), (4, 2, -4)])
def test_the_error_by_loops_over_all_moves(stride: int, dy: int, dx: int) -> None:
    """On smooth maps the best of all whole moves is one of those next to the true one."""
    maps = smooth_maps(6, 24, length=3, seed=16)
    operator = pooling("max", 2, stride)
    pooled, after = operator(maps), operator(moved(maps, dy, dx))
    rows = range(24 // stride)
    moves = [[moved(one, i, j) for i in rows for j in rows] for one in pooled]
    expected = error_by_loops(pooled, after, moves)
    found = equivariance_error(operator, maps, dy, dx)
    assert found.value == pytest.approx(expected, rel=1e-12)
    assert found.low < found.value < found.high


@pytest.mark.parametrize("size", [24, 18])
@pytest.mark.parametrize(("dy", "dx"), [(1, 0), (0, 1), (1, 1), (-1, 3), (2, 1), (4, -2)])
def test_the_error_with_parts_of_elements_by_scipy(size: int, dy: int, dx: int) -> None:
    maps = smooth_maps(5, size, length=1, seed=17)
    operator = pooling("max", 3, 2)
    pooled, after = operator(maps), operator(moved(maps, dy, dx))
    candidates = []
    for one in pooled:
        between = without_fastest(one, dy / 2, dx / 2)
        whole = [
            moved(one, i, j)
            for i in {dy // 2, math.ceil(dy / 2)}
            for j in {dx // 2, math.ceil(dx / 2)}
        ]
        candidates.append([between, *whole])
    found = equivariance_error(operator, maps, dy, dx, fractional=True)
    assert found.value == pytest.approx(
        error_by_loops(pooled, after, candidates), rel=1e-9, abs=1e-12
    )


def without_fastest(plane: Floats, dy: float, dx: float) -> Floats:
    """Move by SciPy, one axis after the other; its shift keeps the real part of fastest waves."""
    for axis, d in enumerate((dy, dx)):
        wide = np.moveaxis(plane, axis, 0)
        shifted = ndimage.fourier_shift(np.fft.fft(wide, axis=0)[..., None], (d, 0, 0))[..., 0]
        plane = np.moveaxis(np.fft.ifft(shifted, axis=0).real, 0, axis)
    return plane


def test_parts_of_elements_make_up_for_all_of_a_smooth_maps_move() -> None:
    maps = smooth_maps(4, 48, length=6, seed=18)
    for method in ("subsample", "mean", "blur"):
        operator = pooling(method, 3, 2)
        assert equivariance_error(operator, maps, 1, 1).value > 0.1
        assert equivariance_error(operator, maps, 1, 1, fractional=True).value < 1e-5


def test_fractions_change_nothing_where_whole_moves_are_exact() -> None:
    maps = busy_maps(3, 12)
    for d in (0, 2, -6):
        assert equivariance_error(pooling(), maps, d, 0, fractional=True) == (0, 0, 0)


def test_by_default_nothing_moves() -> None:
    maps = busy_maps(3, 6)
    assert change(pooling(), maps) == equivariance_error(pooling(), maps) == (0, 0, 0)
    assert unchanged(pooling(), maps) == (1, 1, 1)
    for measure in (change, unchanged, equivariance_error):
        assert measure(pooling(), maps, 1) == measure(pooling(), maps, 1, 0)
        assert measure(pooling(), maps, dx=1) == measure(pooling(), maps, 0, 1)
        assert measure(pooling(), maps, 1) != measure(pooling(), maps, dx=1)


def test_two_maps_are_enough_for_an_interval() -> None:
    found = change(pooling(), busy_maps(2, 16), 0, 1)
    assert found.low < found.value < found.high


# The comb


@pytest.mark.parametrize("depth", [0, 1, 2, 3])
@pytest.mark.parametrize("method", ["max", "mean", "max blur"])
def test_the_teeth_of_the_comb(depth: int, method: str) -> None:
    shifts = np.arange(-9, 20)
    teeth = comb(depth, shifts.tolist(), method, maps=4)
    exact = shifts % 2**depth == 0
    assert_array_equal(np.array(teeth)[:, exact], 0)
    assert (teeth.value[~exact] > 0.1).all()
    assert (teeth.low[~exact] < teeth.value[~exact]).all()
    assert (teeth.high[~exact] > teeth.value[~exact]).all()


def test_stacked_max_pools_are_one_with_a_wide_window() -> None:
    smooth = comb(2, range(6), length=3, maps=4, seed=1)
    for found, noise in (
        (comb(2, range(6)), smooth_maps(32, 64)),
        (smooth, smooth_maps(4, 64, 3, 1)),
    ):
        one = [equivariance_error(pooling("max", 4), noise, 0, d) for d in range(6)]
        assert_array_equal(np.transpose(found), one)


# Tables


def test_change_by_smoothness_is_change_row_by_row() -> None:
    methods = ["blur", "max"]
    table = change_by_smoothness([0, 2], methods, maps=5, seed=1)
    assert table.value.shape == (2, 2)
    for (i, method), (j, length) in itertools.product(enumerate(methods), enumerate([0, 2])):
        one = change(pooling(method), smooth_maps(5, 64, length, seed=1), 0, 1)
        assert tuple(end[i, j] for end in table) == one


def test_blur_repair_is_the_error_row_by_row() -> None:
    table = blur_repair([3, 7], maps=5, seed=2)
    assert table.value.shape == (2, 2)
    noise = smooth_maps(5, 64, seed=2)
    for (i, method), (j, taps) in itertools.product(
        enumerate(["max blur", "blur"]), enumerate([3, 7])
    ):
        one = equivariance_error(pooling(method, 2, 2, taps), noise, 0, 1, fractional=True)
        assert tuple(end[i, j] for end in table) == one


def test_a_mean_changes_less_than_a_max_and_smoother_maps_less_than_rough_ones() -> None:
    table = change_by_smoothness([0, 0.5, 1, 2], ["max", "mean", "subsample"], maps=100)
    assert (np.diff(table.high) < 0).all()
    assert (table.high[1] < table.low[0]).all()
    assert (table.value[0, :3] < table.low[2, :3]).all()
    assert table.value[0, 3] > table.low[2, 3]  # on smooth maps a max is no steadier than a value


def test_blurs_repair_the_more_the_wider_they_are() -> None:
    repair = blur_repair(range(2, 8), maps=100)
    assert (repair.high[:, 1:] < repair.low[:, :-1]).all()
    bare = equivariance_error(pooling("max"), smooth_maps(100, 64), 0, 1, fractional=True)
    assert repair.high[0, 0] < bare.low


# What is imported, and what is refused


def test_importing_draws_nothing() -> None:
    code = (
        "import explainers.invariance.dahlia, explainers.invariance.examples, sys;"
        "sys.exit(bool({'matplotlib', 'PIL', 'scipy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


MAPS = np.ones((2, 4, 4))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: change(pooling(), [1.0]), r"shape of maps must be \(maps, H, W\) or \(H, W\), .*"),
        (lambda: change(pooling(), np.ones((1, 1, 4, 4))), "shape of maps must be"),
        (lambda: unchanged(pooling(), np.ones((0, 4, 4))), "shape of maps must be"),
        (lambda: equivariance_error(pooling(), [1.0]), "shape of maps must be"),
        (lambda: relative_change(MAPS, MAPS[:1]), r"shape of after must be that of before"),
        (lambda: relative_change(MAPS, MAPS[0, 0]), r"shape of after must be \(maps, H, W\)"),
        (lambda: relative_change(MAPS[0, 0], MAPS), r"shape of before must be \(maps, H, W\)"),
        (lambda: equivariance_error(lambda m: m[:, :3], MAPS), r"operator must be one whose"),
        (lambda: comb(1, [65]), r"shifts must be whole numbers in \[-64, 64\].*; got \[65\]"),
        (lambda: comb(1, [-65]), "shifts must be .* got .-65"),
        (lambda: change_by_smoothness([0], ["min"], maps=1), "method must be one of"),
        (
            lambda: stacked_with_convolutions(1, 9, networks=1),
            r"d must be in \[−n, n\] .* = 8; got 9",
        ),
        (lambda: stacked_with_convolutions(1, -9, networks=1), "d must be .* got -9"),
    ],
)
def test_what_does_not_go_together_is_refused(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}"):
        call()


def test_networks_that_see_nothing_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measured, "_last_maps", lambda *_: np.zeros((2, 4, 1, 1)))
    with pytest.raises(ValueError, match=r"^networks must be more, as no output of these"):
        global_pool_behind(0, 1, networks=3, pictures=2)


def test_the_ends_of_the_ranges_are_allowed() -> None:
    assert comb(1, [-64, 64], maps=1).value.tolist() == [0, 0]
    assert comb(6, [64], maps=1).value == [0]
    for d in (8, -8):  # round the map, and in its place again
        assert stacked_with_convolutions(1, d, networks=2).tolist() == [1, 1]
