"""What numbers do to a pooling, again: by Python's own numbers, by sets of places, by SciPy."""

from __future__ import annotations

import inspect
import itertools
import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy import stats

from explainers.intervals import Interval
from explainers.operators import global_avg_pool2d, max_pool2d
from explainers.sizes import numerics
from explainers.sizes.numerics import (
    Reordered,
    global_mean_error,
    gradient_order,
    int8_mean_same,
    int8_pooling,
    nan_patch,
    nan_patch_tried,
    quantised,
    tied,
    tied_tried,
    window_with,
    windows_of_padding,
)
from tests.sizes.reference_layers import added, declared, refused, whole, windows

Z = float(stats.norm.ppf(0.975))


def agrees(estimate: Interval[float], truth: float, errors: float = 4) -> bool:
    return abs(estimate.value - truth) <= errors * (estimate.high - estimate.low) / (2 * Z)


def test_arguments() -> None:
    for function, argument, kind in declared(numerics):
        for said in refused(function, argument, kind):
            assert said.startswith(f"{argument} must be "), (function, said)


# NaN and ∞


def test_who_wins_a_window() -> None:
    for pool, bad, count in itertools.product(numerics.POOLS, numerics.BAD, range(5)):
        values = [float(bad)] * count + [1.0, 2.0, 3.0, 4.0][count:]
        if count and bad == "nan":
            expected = math.nan
        elif pool in ("max", "min"):
            expected = {"max": max, "min": min}[pool](values)
        elif pool == "mean":
            expected = sum(values) / 4
        else:
            expected = sum(sorted(values)[1:3]) / 2
        assert_array_equal(window_with(bad, pool, count), expected)
    assert math.isnan(window_with())
    assert window_with("-inf") == 4


def followed(place: int, layers: int, kernel: int, window: int, stride: int) -> set[int]:
    """Which outputs along an axis a value reaches, step by step."""
    reached = {place}
    for _ in range(layers):
        reached = {out for at in reached for out in range(at - kernel + 1, at + 1)}
        reached = {
            at // stride - back
            for at in reached
            for back in range(window + 1)
            if 0 <= at - (at // stride - back) * stride < window
        }
    return reached


SHAPES = [(3, 1, 1), (3, 2, 2), (5, 3, 2), (3, 3, 3), (1, 1, 2), (1, 2, 3), (4, 3, 1)]


@pytest.mark.parametrize("layers", [0, 1, 2, 3, 4])
@pytest.mark.parametrize(("kernel", "window", "stride"), SHAPES)
def test_how_far_a_nan_spreads(layers: int, kernel: int, window: int, stride: int) -> None:
    """From each place of a cell: by sets, by the operators, and by what an output sees."""
    cell = stride**layers
    sides = [len(followed(10**6 * cell + p, layers, kernel, window, stride)) for p in range(cell)]
    assert nan_patch(layers, kernel, window, stride) == (min(sides), max(sides))
    if layers < 4:
        seen = 1 + (kernel + window - 2) * sum(stride**i for i in range(layers))
        for pool in ("max", "mean"):
            tried = nan_patch_tried(layers, kernel, window, stride, pool, rectified=layers % 2 == 0)
            assert_array_equal(np.roll(tried, seen % cell), sides)


def test_defaults_of_the_patch_and_its_limit() -> None:
    assert nan_patch() == nan_patch(1, 3, 1, 1) == (3, 3)
    assert_array_equal(nan_patch_tried(), nan_patch_tried(1, 3, 1, 1, "max", rectified=True))
    said = r"^layers must be fewer: 256 maps of 2044 × 2044 are too many; got 8$"
    with pytest.raises(ValueError, match=said):
        nan_patch_tried(8, 3, 2, 2)
    assert nan_patch_tried(5, 3, 2, 2).shape == (32,)


@pytest.mark.parametrize("dilation", [1, 2, 3, 5])
@pytest.mark.parametrize(("kernel", "padding"), [(2, 1), (3, 1), (5, 2)])
def test_windows_of_padding_are_minus_infinity(kernel: int, padding: int, dilation: int) -> None:
    for size, stride in itertools.product((1, 2, 4, 6, 9), (1, 2, 3)):
        if size + 2 * padding >= dilation * (kernel - 1) + 1:
            pooled = max_pool2d(np.zeros((size, size)), kernel, stride, padding, dilation)
            found = windows_of_padding(size, kernel, stride, padding, dilation)
            assert found == (pooled == -np.inf).sum()
            assert dilation > 1 or found == 0


def test_the_one_case_of_a_window_of_padding() -> None:
    sizes, kernels, dilations = range(1, 8), range(1, 8), range(1, 9)
    for size, kernel, stride, dilation in itertools.product(sizes, kernels, (1, 2), dilations):
        for padding in range(kernel // 2 + 1):
            if size + 2 * padding > dilation * (kernel - 1):
                found = windows_of_padding(size, kernel, stride, padding, dilation)
                assert found == ((kernel, padding, dilation) == (2, 1, size + 1))


def test_windows_of_padding_there_are() -> None:
    assert windows_of_padding(4, 3) == windows_of_padding(4, 3, 1, 0, 1) == 0
    assert windows_of_padding(2, 2, padding=1, dilation=3) == 1
    with pytest.raises(ValueError, match=r"^padding must be at most half of kernel_size 3; got 2$"):
        windows_of_padding(4, 3, padding=2)


# int8


def test_quantised_by_decimals() -> None:
    values = np.concatenate([np.arange(-300, 300) / 4, [-1e9, 1e9, 127.5, -128.5]])
    again = [min(max(whole(v / 0.5), -128), 127) for v in values]
    assert_array_equal(quantised(values, 0.5), again)
    assert quantised(values).dtype == np.int8
    assert_array_equal(quantised([0.5, 1.5, -2.5]), [0, 2, -2])
    for wrong in (np.nan, np.inf, "x"):
        with pytest.raises(ValueError, match=r"^values must be finite numbers; got "):
            quantised([1.0, wrong] if wrong != "x" else "x")


@pytest.mark.parametrize("rounding", numerics.ROUNDINGS)
@pytest.mark.parametrize("window", [2, 3])
def test_int8_pooling_window_by_window(window: int, rounding: str) -> None:
    steps, centre, maps, size = 20.0, -5.0, 3, 14
    noise = np.random.default_rng(6).standard_normal((maps, size, size))
    same, farthest = np.zeros(maps), 0
    for i, values in enumerate(windows(centre + steps * noise, window)):
        for floats in values.reshape(-1, window**2).tolist():
            wholes = [whole(v) for v in floats]
            found = whole(sum(wholes) / window**2, rounding)
            wanted = whole(sum(floats) / window**2)
            same[i] += found == wanted
            farthest = max(farthest, abs(found - wanted))
            assert max(wholes) == whole(max(floats))
    pooled = int8_pooling(
        window, rounding, steps=steps, centre=centre, maps=maps, size=size, seed=6
    )
    each = same / (size // window) ** 2
    assert pooled.mean_same.value == pytest.approx(each.mean(), rel=1e-12)
    assert pooled.mean_same.high == pytest.approx(min(each.mean() + Z * stats.sem(each), 1))
    assert pooled.farthest == farthest
    assert pooled.max_differ == Interval(0, 0, 0)


@pytest.mark.parametrize("rounding", numerics.ROUNDINGS)
@pytest.mark.parametrize("window", [1, 2, 3, 4])
def test_int8_means_are_the_law(window: int, rounding: str) -> None:
    """Away from 0, where truncation meets all rests alike."""
    for centre in (-60.0, 60.0):
        pooled = int8_pooling(window, rounding, steps=12, centre=centre, maps=200, seed=1)
        law = float(int8_mean_same(window, rounding))
        assert agrees(pooled.mean_same, law)
        assert pooled.max_differ.value == 0
        assert pooled.farthest == (window > 1)


def test_int8_means_around_zero() -> None:
    """Rounding follows the law there, too; truncation is a little better."""
    for window in (2, 3, 4):
        for rounding in ("half to even", "half away"):
            pooled = int8_pooling(window, rounding, maps=200)
            assert agrees(pooled.mean_same, float(int8_mean_same(window, rounding)))
        truncated = int8_pooling(window, "truncation", maps=200).mean_same
        law = float(int8_mean_same(window, "truncation"))
        assert law < truncated.low
        assert truncated.value < law + 0.02


@pytest.mark.parametrize("rounding", numerics.ROUNDINGS)
@pytest.mark.parametrize("window", [1, 2, 3])
def test_the_law_of_int8_means_by_drawing_rests(window: int, rounding: str) -> None:
    n, draws = window**2, 400_000
    drawn = np.random.default_rng(9)
    wholes = drawn.integers(1000, 2000, size=(draws, n))
    exact = (wholes + drawn.uniform(-0.5, 0.5, size=wholes.shape)).mean(axis=1)
    total = wholes.sum(axis=1)
    chosen = {
        "half to even": np.rint(total / n),
        "half away": np.floor(total / n + 0.5),
        "truncation": total // n,
    }[rounding]
    share = float((chosen == np.rint(exact)).mean())
    law = float(int8_mean_same(window, rounding))
    assert law == pytest.approx(share, abs=4 * math.sqrt(share * (1 - share) / draws) + 1e-12)


def test_int8_means_by_hand() -> None:
    """Of four values: no rest, one of 1/24 each, and a half."""
    assert int8_mean_same() == 1 - (Fraction(2, 24) + Fraction(1, 2)) / 4
    assert int8_mean_same(2, "half away") == int8_mean_same()
    assert (
        int8_mean_same(2, "truncation")
        == (1 + Fraction(23, 24) + Fraction(1, 2) + Fraction(1, 24)) / 4
    )
    told = int8_pooling(2, "half to even", steps=24, centre=0, maps=100, size=64, seed=0)
    assert int8_pooling() == told


def test_clipping_bears_on_a_mean() -> None:
    assert int8_pooling(2, steps=32).farthest > 1
    assert int8_pooling(2, steps=32).max_differ.value == 0


def test_coarse_steps_make_means_alike() -> None:
    """Where the values spread over few steps, the law is none: most are 0."""
    assert int8_pooling(2, steps=0.5).mean_same.low > 0.95


# Sums of floats


@pytest.mark.parametrize("dtype", ["float16", "float32"])
@pytest.mark.parametrize("count", [1, 5, 49, 300])
def test_global_means_value_by_value(count: int, dtype: str) -> None:
    kind = np.dtype(dtype).type
    noise = np.random.default_rng(3).standard_normal((12, count))
    values = [[kind(max(v, 0.0)) for v in row] for row in noise.tolist()]
    exact = np.array([math.fsum(map(float, row)) / count for row in values])
    sums = {
        "naive": [added(row) for row in values],
        "pairwise": [in_pairs(row) for row in values],
        "float32": [added([np.float32(v) for v in row]) for row in values],
    }
    for way, totals in sums.items():
        means = np.array([float(kind(np.float32(t) / np.float32(count))) for t in totals])
        error = np.abs(means - exact) / np.maximum(exact, 1e-9)
        found = global_mean_error(count, dtype, way, maps=12, seed=3)
        assert found.largest == pytest.approx(error.max(), rel=1e-6)
        assert found.rms == pytest.approx(math.sqrt(np.mean(error**2)), rel=1e-6)
    assert (count == 1) == (exact.min() == 0)


def in_pairs(values: list[Any]) -> Any:
    """By recursion: the first of each pair of sums has as many terms as a power of two."""
    if len(values) == 1:
        return values[0]
    first = 2 ** (math.ceil(math.log2(len(values))) - 1)
    return type(values[0])(in_pairs(values[:first]) + in_pairs(values[first:]))


def test_errors_grow_one_by_one_and_hardly_in_pairs() -> None:
    errors = {w: [global_mean_error(n, way=w).rms for n in numerics.COUNTS] for w in numerics.WAYS}
    assert (np.diff(errors["naive"]) > 0).all()
    assert errors["naive"][-1] > 0.1  # a sum of 5000 moves by steps of 4
    assert max(errors["pairwise"]) < 0.001
    assert max(errors["float32"]) < 2**-11  # half a step of float16: the last rounding alone
    single = [global_mean_error(n, "float32").rms for n in numerics.COUNTS]
    assert 5e-7 < single[-1] < 5e-6
    assert global_mean_error() == global_mean_error(12544, "float16", "naive", maps=100, seed=0)


def test_the_operator_adds_float16_in_float32() -> None:
    noise = np.maximum(np.random.default_rng(0).standard_normal((100, 784)), 0).astype(np.float16)
    exact = noise.astype(np.float64).mean(axis=1)
    ours = global_avg_pool2d(noise.reshape(100, 28, 28)).ravel().astype(np.float64)
    error = np.abs(ours - exact) / exact
    assert global_mean_error(784, way="float32").rms == pytest.approx(
        math.sqrt(np.mean(error**2)), rel=0.02
    )


# The order of sums


@pytest.mark.parametrize("pool", numerics.GRADIENTS)
@pytest.mark.parametrize("window", [1, 2, 3, 4])
def test_windows_side_by_side_have_one_order(pool: str, window: int) -> None:
    assert gradient_order(pool, window, window) == Reordered(0, 0, 1)


@pytest.mark.parametrize("positive", [False, True])
@pytest.mark.parametrize("pool", numerics.GRADIENTS)
@pytest.mark.parametrize(("window", "stride"), [(2, 1), (3, 1), (3, 2)])
def test_gradients_term_by_term(window: int, stride: int, pool: str, positive: bool) -> None:
    maps, size = 2, 9
    drawn = np.random.default_rng(4)
    noise = drawn.standard_normal((maps, size, size)).astype(np.float32)
    starts = range(0, size - window + 1, stride)
    passed = drawn.standard_normal((maps, len(starts), len(starts))).astype(np.float32)
    passed = np.abs(passed) if positive else passed
    terms: list[tuple[tuple[int, int, int], np.float32]] = []
    for m, (i, r), (j, c) in itertools.product(range(maps), enumerate(starts), enumerate(starts)):
        places = [(m, a, b) for a in range(r, r + window) for b in range(c, c + window)]
        if pool == "max":
            terms.append((max(places, key=lambda p: float(noise[p])), passed[m, i, j]))
        else:
            terms += [(p, passed[m, i, j] / np.float32(window**2)) for p in places]
    other = [terms[k] for k in drawn.permutation(len(terms))]
    one, two = collected(terms), collected(other)
    differ = [p for p in one if one[p] != two[p]]
    found = gradient_order(pool, window, stride, positive=positive, maps=maps, size=size, seed=4)
    assert found.share == len(differ) / noise.size
    assert found.terms == max(sum(p == q for q, _ in terms) for p in one)
    last = [abs(one[p] - two[p]) / np.spacing(max(abs(one[p]), abs(two[p]))) for p in differ]
    assert found.farthest == max(last, default=0)


def collected(
    terms: list[tuple[tuple[int, int, int], np.float32]],
) -> dict[tuple[int, int, int], np.float32]:
    sums: dict[tuple[int, int, int], np.float32] = {}
    for place, term in terms:
        sums[place] = np.float32(sums.get(place, np.float32(0)) + term)
    return sums


def test_overlapping_gradients_depend_on_the_order() -> None:
    mean, largest = gradient_order("mean", 3, 1), gradient_order("max", 3, 1)
    assert mean.share > 0.5
    assert mean.terms == 9
    assert 0.03 < largest.share < 0.1
    without_cancelling = gradient_order("mean", 3, 1, positive=True)
    assert 1 <= without_cancelling.farthest < 10
    assert without_cancelling.share > 0.3
    told = gradient_order("mean", 3, 1, positive=False, maps=20, size=32, seed=0)
    assert gradient_order() == told


# Ties


@pytest.mark.parametrize(("window", "levels"), [(1, 5), (2, 1), (2, 2), (2, 5), (3, 2)])
def test_ties_by_counting_all_windows(window: int, levels: int) -> None:
    all_windows = list(itertools.product(range(levels), repeat=window**2))
    tie = sum(values.count(max(values)) > 1 for values in all_windows)
    assert tied(window, levels) == Fraction(tie, len(all_windows))


@pytest.mark.parametrize(("window", "levels"), [(2, 16), (2, 256), (3, 256), (8, 256)])
def test_ties_on_maps(window: int, levels: int) -> None:
    found = tied_tried(window, levels, maps=200, seed=2)
    assert agrees(found, float(tied(window, levels)))
    side = 64 // window * window
    values = np.random.default_rng(2).integers(levels, size=(200, side, side))
    each = windows(values.astype(float), window).reshape(-1, window**2)
    ordered = np.sort(each, axis=1)
    tie = int((ordered[:, -1] == ordered[:, -2]).sum())
    assert found.value == pytest.approx(tie / len(each), rel=1e-12)
    low, high = stats.binomtest(tie, len(each)).proportion_ci(0.95, "wilson")
    assert_allclose(found[1:], (low, high), rtol=1e-9)


def test_defaults_of_ties() -> None:
    assert tied() == tied(2, 256)
    assert tied_tried() == tied_tried(2, 256, maps=100, size=64, seed=0)
    # With 255 levels, the same random numbers give as many ties.
    assert inspect.signature(tied_tried).parameters["levels"].default == 256
