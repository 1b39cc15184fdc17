"""Sizes, borders and small objects by other routes: sets of rows, maps that are really pooled."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy import stats

from explainers.checks import Floats
from explainers.operators import (
    adaptive_windows,
    avg_pool2d,
    max_pool1d,
    max_pool2d,
    max_pool3d,
    pool_output_size,
    subsample2d,
)
from explainers.sizes import model
from explainers.sizes.model import HALVING, SUMMARIES, Axes, Chain, Level, Pair, Pool
from tests.sizes.reference import (
    DEPTHS,
    adaptive_rows,
    block_pooled,
    compared,
    found,
    outputs,
    pooled,
    residual,
    rows_seen,
    rows_unseen,
    same_pads,
    squares,
    window_rows,
)

repeatable = settings(deadline=None, derandomize=True, max_examples=200)


@st.composite
def some_pools(draw: st.DrawFn) -> Pool:
    kernel = draw(st.integers(1, 5))
    return Pool(
        kernel,
        draw(st.none() | st.integers(1, 6)),
        draw(st.integers(0, kernel // 2)),
        draw(st.integers(1, 3)),
        draw(st.booleans()),
    )


# The chain of sizes


@repeatable
@given(st.integers(1, 60), st.lists(some_pools(), max_size=4))
def test_chain_of_sizes_by_the_rule_of_pytorch(size: int, pools: list[Pool]) -> None:
    sizes, expected = [size], None
    for number, pool in enumerate(pools, start=1):
        windows = outputs(sizes[-1], pool)
        if windows < 1:
            expected = Chain(tuple(sizes), number, windows)
            break
        sizes.append(windows)
    assert model.pooled_sizes(size, pools) == (expected or Chain(tuple(sizes), None, None))


@repeatable
@given(st.integers(1, 30), some_pools())
def test_one_pooling_is_what_the_operators_give(size: int, pool: Pool) -> None:
    arguments = (pool.kernel_size, pool.stride, pool.padding, pool.dilation, pool.ceil_mode)
    chain = model.pooled_sizes(size, [pool])
    if chain.breaks_at:
        with pytest.raises(ValueError, match="small enough for one window"):
            pool_output_size(size, *arguments)
    else:
        assert pool_output_size(size, *arguments) == (chain.sizes[1],) * 2
        assert max_pool2d(np.zeros((size, size)), *arguments).shape == (chain.sizes[1],) * 2


@pytest.mark.parametrize("kernel", [2, 3, 5, 8])
@pytest.mark.parametrize("stride", [None, 1, 2, 3, 7])
def test_a_map_bears_as_many_poolings_as_their_common_window_fits(
    kernel: int, stride: int | None
) -> None:
    step = stride or kernel
    for size in range(1, 200):
        number, window, jump = 0, 1, 1
        while (window := window + (kernel - 1) * jump) <= size:
            number, jump = number + 1, jump * step
        assert model.most_pools(size, kernel, stride) == number
        chain = model.pooled_sizes(size, [Pool(kernel, stride)] * (number + 1))
        assert chain.breaks_at == number + 1


def test_of_two_by_two_a_map_bears_its_logarithm() -> None:
    for size in range(1, 2000):
        assert model.most_pools(size) == int(math.log2(size))


# Down, and up again


@pytest.mark.parametrize("depth", range(6))
def test_an_encoder_and_a_decoder_close_on_the_multiples(depth: int) -> None:
    """Maps are pooled and doubled; on each level the skip connection must fit."""
    for size in range(1, 130):
        kept = [np.zeros((size, 1))]
        while len(kept) <= depth and len(kept[-1]) > 1:
            kept.append(max_pool2d(kept[-1], (2, 1)))
        fits = len(kept) == depth + 1
        up = kept.pop()
        for skip in reversed(kept):
            up = np.repeat(up, 2, axis=0)
            fits &= up.shape == skip.shape
            up = skip
        assert model.closes(size, depth) is fits


@pytest.mark.parametrize("depth", range(8))
def test_next_size_that_closes_by_search(depth: int) -> None:
    for size in range(1, 200):
        following = next(n for n in itertools.count(size) if model.closes(n, depth))
        assert model.next_size_that_closes(size, depth) == following


@pytest.mark.parametrize("depth", range(10))
def test_share_that_close_by_trying_each_size(depth: int) -> None:
    for smallest, largest in ((16, 512), (1, 64), (7, 7), (33, 95), (512, 512)):
        tried = [model.closes(n, depth) for n in range(smallest, largest + 1)]
        share = model.share_that_close(depth, smallest, largest)
        assert share == Fraction(sum(tried), len(tried))
    assert model.share_that_close(depth) == model.share_that_close(depth, 16, 512)


# Rows that are lost


@repeatable
@given(st.integers(1, 40), st.lists(some_pools(), max_size=4))
def test_lost_rows_forward_and_back(size: int, pools: list[Pool]) -> None:
    if model.pooled_sizes(size, pools).breaks_at:
        with pytest.raises(ValueError, match="size must be large enough: pooling"):
            model.lost(size, pools)
    else:
        assert model.lost(size, pools).tolist() == rows_unseen(size, pools)


@repeatable
@given(st.integers(1, 24), st.lists(some_pools(), max_size=3))
def test_lost_rows_are_those_whose_peak_never_shows(size: int, pools: list[Pool]) -> None:
    """A map with one peak for each row, pooled."""
    if model.pooled_sizes(size, pools).breaks_at:
        return
    maps = np.eye(size)[:, :, None]
    for pool in pools:
        shape = ((pool.kernel_size, 1), (pool.step, 1), (pool.padding, 0), (pool.dilation, 1))
        maps = max_pool2d(maps, *shape, pool.ceil_mode)
    assert model.lost(size, pools).tolist() == np.flatnonzero((maps < 1).all(axis=(1, 2))).tolist()


def test_the_last_rows_are_lost_one_power_of_two_at_a_time() -> None:
    for size, depth in itertools.product(range(16, 80), range(1, 5)):
        rows = model.lost(size, [HALVING] * depth)
        assert rows.tolist() == list(range(size - size % 2**depth, size))


# Adaptive pooling


@pytest.mark.parametrize("number", range(1, 31))
def test_adaptive_windows_row_by_row(number: int) -> None:
    for size in range(1, 40):
        windows = adaptive_rows(size, number)
        lengths = [len(window) for window in windows]
        seen = [sum(row in window for window in windows) for row in range(size)]
        layout = model.adaptive_layout(size, number)
        assert layout == (min(lengths), max(lengths), sum(times > 1 for times in seen))
        if number <= size:
            assert layout.shared == number - math.gcd(size, number)
        else:
            assert layout.shared == size


@pytest.mark.parametrize("number", range(1, 14))
def test_ordinary_adaptive_poolings_by_trying_all_kernels_and_strides(number: int) -> None:
    for size in range(1, 23):
        windows = [set(window) for window in adaptive_rows(size, number)]
        sides = range(1, size + 1)
        ordinary = [
            (kernel, stride)
            for kernel, stride in itertools.product(sides, sides)
            if rows_seen(size, Pool(kernel, stride)) == windows
        ]
        answer = model.adaptive_is_ordinary(size, number)
        assert (answer is not None) == bool(ordinary)
        assert bool(ordinary) == (size >= number and size % number in (0, 1 % number))
        if answer:
            assert (answer.kernel_size, answer.stride) in ordinary
            assert answer.stride == (size // number if number > 1 else size)
            assert answer == Pool(answer.kernel_size, answer.stride)


@pytest.mark.parametrize("number", range(1, 16))
def test_the_usual_replacement_gives_as_many_and_ends_in_the_last_row(number: int) -> None:
    for size in range(number, 40):
        pool = model.usual_replacement(size, number)
        seen = rows_seen(size, pool)
        assert len(seen) == number
        assert pool.step == size // number
        assert max(seen[-1]) == size - 1
        same = seen == [set(window) for window in adaptive_rows(size, number)]
        assert same == (model.adaptive_is_ordinary(size, number) is not None)


# Padding


@pytest.mark.parametrize("kernel", range(1, 9))
@pytest.mark.parametrize("stride", range(1, 6))
def test_same_against_padding_on_both_sides_row_by_row(kernel: int, stride: int) -> None:
    for size in range(1, 30):
        result = model.same_against_symmetric(size, kernel, stride)
        number = math.ceil(size / stride)
        assert (result.begin, result.end) == same_pads(size, kernel, stride)
        # the least padding with which PyTorch gives as many, found by its own rule
        least = next(p for p in range(kernel) if (size + 2 * p - kernel) // stride + 1 >= number)
        assert result.symmetric == least
        assert result.outputs == number
        ours = window_rows(size, kernel, stride, result.begin)
        theirs = window_rows(size, kernel, stride, least)
        assert result.differ.tolist() == [i for i in range(number) if ours[i] != theirs[i]]
        if result.begin != result.end:
            whole = [len(a) == len(b) == size for a, b in zip(ours, theirs, strict=True)]
            assert result.differ.tolist() == [i for i in range(number) if not whole[i]]


def test_same_and_symmetric_padding_on_the_map_of_the_threads() -> None:
    plane = np.arange(16.0).reshape(4, 4)
    assert max_pool2d(plane, 3, 2, 1).tolist() == [[5, 7], [13, 15]]
    rows = window_rows(4, 3, 2, model.same_against_symmetric(4, 3, 2).begin)
    assert pooled(plane, rows, rows, "max").tolist() == [[10, 11], [14, 15]]


@pytest.mark.parametrize("method", ["max", "mean"])
@pytest.mark.parametrize(("kernel", "stride"), [(1, 1), (2, 1), (3, 2), (2, 3), (5, 3), (4, 2)])
def test_share_that_differs_window_by_window(kernel: int, stride: int, method: str) -> None:
    for size in range(1, 12):
        begin, end = same_pads(size, kernel, stride)
        ours = window_rows(size, kernel, stride, begin)
        theirs = window_rows(size, kernel, stride, math.ceil((begin + end) / 2))
        differ = Fraction(0)
        for i, j in itertools.product(range(len(ours)), repeat=2):
            one = set(itertools.product(ours[i], ours[j]))
            other = set(itertools.product(theirs[i], theirs[j]))
            equal = Fraction(len(one & other), len(one | other))
            differ += 1 - (equal if method == "max" else int(one == other))
        share = model.share_that_differs(size, kernel, stride, method)
        assert share == differ / len(ours) ** 2
    assert model.share_that_differs(8, 3, 2) == model.share_that_differs(8, 3, 2, "max") > 0


@pytest.mark.parametrize(("kernel", "stride", "padding"), [(3, 2, 1), (2, 2, 1), (5, 3, 2)])
@pytest.mark.parametrize("size", [4, 5, 6, 7, 8, 11])
def test_divisors_by_counting_and_by_the_mean_of_ones(
    size: int, kernel: int, stride: int, padding: int
) -> None:
    table = model.divisors(size, kernel, stride, padding)
    assert set(table) == set(itertools.product((True, False), repeat=2))
    for (include, ceil), divisor in table.items():
        pool = Pool(kernel, stride, padding, 1, ceil)
        inside = [len(rows) for rows in rows_seen(size, pool)]
        firsts = [i * stride - padding for i in range(len(inside))]
        padded = [min(first + kernel, size + padding) - first for first in firsts]
        assert divisor.tolist() == (padded if include else inside)
        # the mean of ones along this axis alone
        shape = ((kernel, 1), (stride, 1), (padding, 0))
        means = avg_pool2d(np.ones((size, 1)), *shape, ceil, include)
        assert_allclose(np.array(inside) / divisor, means[:, 0], rtol=1e-15)


def test_divisors_need_no_more_than_kernel_and_size() -> None:
    assert {key: value.tolist() for key, value in model.divisors(5, 2).items()} == {
        (True, False): [2, 2],
        (True, True): [2, 2, 1],
        (False, False): [2, 2],
        (False, True): [2, 2, 1],
    }
    assert list(model.divisors(5, 2)) == list(model.ALL_PADDINGS)


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "padding"),
    [(3, 3, 2, 1), (3, 2, None, 1), (2, 2, 1, 1), (3, 2, 1, 0), (2, 4, 1, 2)],
)
def test_zeros_that_would_win_by_all_signs(
    size: int, kernel: int, stride: int | None, padding: int
) -> None:
    """Each value is 1 or −1; padding as it is, and as zeros."""
    signs = np.array(list(itertools.product((-1.0, 1.0), repeat=size**2)))
    maps = signs.reshape(-1, size, size)
    right = max_pool2d(maps, kernel, stride, padding)
    zeros = max_pool2d(np.pad(maps, ((0, 0), *[(padding, padding)] * 2)), kernel, stride)
    assert set(right.ravel()) <= {-1.0, 1.0}
    wrong = Fraction(int((right != zeros).sum()), right.size)
    assert model.zeros_would_win(size, kernel, stride, padding) == wrong


def test_without_padding_no_zero_wins() -> None:
    assert model.zeros_would_win(5, 2) == 0


# Several poolings, one window


@repeatable
@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), min_size=1, max_size=4))
def test_a_stack_sees_the_rows_of_one_window_or_is_refused(stack: list[tuple[int, int]]) -> None:
    kernels, strides = zip(*stack, strict=True)
    jumps = [math.prod(strides[:i]) for i in range(len(stack) + 1)]
    reached, holes = {0}, False
    for kernel, jump in zip(kernels, jumps, strict=False):
        reached = {row + jump * tap for row in reached for tap in range(kernel)}
        holes |= len(reached) <= max(reached)
    if holes:
        with pytest.raises(ValueError, match="strides must be such that no row is left out"):
            model.stacked_kernel(kernels, strides)
    else:
        assert model.stacked_kernel(kernels, strides) == Pool(len(reached), jumps[-1])


def busy(size: int) -> Floats:
    """Values of which some are equal, some are infinite, and many are below 0."""
    rng = np.random.default_rng(size)
    maps = rng.standard_normal((20, size, size)).round(1)
    maps[rng.random(maps.shape) < 0.05] = -np.inf
    return maps


@pytest.mark.parametrize("kernels", [[5, 5, 5], [3], [3, 5, 7], [1, 3], [3, 3, 3, 3]])
def test_stacks_with_padding_at_stride_one_to_the_last_bit(kernels: list[int]) -> None:
    maps = stacked = busy(17)
    for number, kernel in enumerate(kernels, start=1):
        stacked = max_pool2d(stacked, kernel, 1, kernel // 2)
        window = model.stacked_kernel(kernels[:number]).kernel_size
        assert stacked.shape == maps.shape
        assert_array_equal(stacked, max_pool2d(maps, window, 1, window // 2))


@pytest.mark.parametrize("size", [15, 16, 21, 28])
@pytest.mark.parametrize(
    ("kernels", "strides"), [([2, 2], [2, 2]), ([3, 3], [2, 2]), ([3, 2, 2], [1, 2, 1])]
)
def test_stacks_without_padding_to_the_last_bit(
    size: int, kernels: list[int], strides: list[int]
) -> None:
    maps = stacked = busy(size)
    for kernel, stride in zip(kernels, strides, strict=True):
        stacked = max_pool2d(stacked, kernel, stride)
    pool = model.stacked_kernel(kernels, strides)
    assert_array_equal(stacked, max_pool2d(maps, pool.kernel_size, pool.stride))


def test_fives_are_five_nine_thirteen() -> None:
    grown = [model.stacked_kernel([5] * n) for n in (1, 2, 3)]
    assert grown == [Pool(5, 1), Pool(9, 1), Pool(13, 1)]
    assert model.stacked_kernel([64] * 64).kernel_size == 64 * 63 + 1


@pytest.mark.parametrize("separable", [False, True])
@pytest.mark.parametrize("kernels", [[2], [5, 5, 5], [3, 2]])
def test_comparisons_by_counting_them(kernels: list[int], separable: bool) -> None:
    counted = model.comparisons(kernels, separable)
    assert counted == compared(kernels, separable)
    assert counted.saved == 1 - Fraction(*compared(kernels, separable))


def test_comparisons_go_through_each_window_unless_told() -> None:
    assert model.comparisons([3, 3]) == model.comparisons([3, 3], separable=False)


# Small objects


@pytest.mark.parametrize("method", ["max", "subsample"])
@pytest.mark.parametrize("depth", range(4))
def test_two_pixels_at_each_place_pooled(depth: int, method: str) -> None:
    """Each of the two alone, and both: merged are two that show alone, and as one together."""
    window = 2**depth
    pool: Callable[[Floats, int], Floats] = max_pool2d if method == "max" else subsample2d
    for distance in range(1, 20):
        maps = np.zeros((3, window, window, 32, 48))
        for y, x in itertools.product(range(window), repeat=2):
            maps[0, y, x, y, x] = maps[1, y, x, y, x + distance] = 1
        maps[2] = maps[0] + maps[1]
        for _ in range(depth):
            maps = pool(maps, 2)
        one, other, together = maps.sum(axis=(-2, -1))
        shares = [
            ((one == 1) & (other == 1) & (together == 1)).mean(),
            (together == 2).mean(),
            (one + other == 1).mean(),
            (together == 0).mean(),
        ]
        assert model.merges(distance, depth, method) == Pair(*map(Fraction, shares))
    assert model.merges(1, depth) == model.merges(1, depth, "max")


@pytest.mark.parametrize("method", SUMMARIES)
@pytest.mark.parametrize("depth", range(4))
def test_height_that_is_left_at_each_place(depth: int, method: str) -> None:
    for width in range(1, 20):
        maps = block_pooled(squares(width, 2**depth, 32), 2**depth, method)
        heights = maps.max(axis=(-2, -1))
        result = model.survives(width, depth, method)
        assert_allclose(float(result.height), heights.mean(), rtol=1e-12)
        assert_allclose(float(result.least), heights.min(), rtol=1e-12)
    assert model.survives(3, depth) == model.survives(3, depth, "max")


@pytest.mark.parametrize("method", SUMMARIES)
def test_rows_that_each_window_sees(method: str) -> None:
    for width, depth in itertools.product((1, 2, 3, 5, 9), range(4)):
        window = 2**depth
        seen = 1 if method == "subsample" else window
        rows = model.overlaps(width, depth, method)
        for place in range(window):
            for i, row in enumerate(rows[place]):
                met = set(range(place, place + width)) & set(range(i * window, i * window + seen))
                assert row == len(met)
        last = (window - 1 + width - 1) // window
        assert rows.shape == (window, last + 1)
    assert_array_equal(model.overlaps(3, 2), model.overlaps(3, 2, "max"))


@pytest.mark.parametrize("watched", model.WATCHED)
@pytest.mark.parametrize("method", SUMMARIES)
@pytest.mark.parametrize(("width", "depth"), [(1, 0), (2, 2), (3, 1), (5, 3), (32, 5), (1, 5)])
def test_hit_rates_by_scipy(width: int, depth: int, method: str, watched: str) -> None:
    for strength, false_alarm in ((3.0, 0.05), (1.0, 0.2)):
        rate = model.hit_rate(width, depth, method, strength, false_alarm, watched)
        expected = found(width, depth, method, strength, false_alarm, watched)
        assert_allclose(rate, expected, rtol=1e-9)
    assert model.hit_rate(width, depth, method, 0, 0.1, watched) == pytest.approx(0.1)


def test_defaults_of_hit_rates() -> None:
    assert model.hit_rate(2, 1) == model.hit_rate(2, 1, "max", 3, 0.05, "value")
    assert model.threshold(1) == model.threshold(1, "max", 0.05, "value")


@pytest.mark.parametrize("watched", model.WATCHED)
@pytest.mark.parametrize("depth", [0, 1, 5])
def test_thresholds_by_scipy(depth: int, watched: str) -> None:
    values = 4 ** (6 - depth) if watched == "picture" else 1
    pixels = 4**depth
    for false_alarm in (0.05, 0.5):
        largest = model.threshold(depth, "max", false_alarm, watched)
        assert stats.norm.cdf(largest) ** (pixels * values) == pytest.approx(1 - false_alarm)
        mean = model.threshold(depth, "mean", false_alarm, watched)
        assert stats.norm.cdf(mean * pixels**0.5) ** values == pytest.approx(1 - false_alarm)
        first = model.threshold(depth, "subsample", false_alarm, watched)
        assert stats.norm.cdf(first) ** values == pytest.approx(1 - false_alarm)


def test_in_a_whole_picture_max_pooling_changes_nothing() -> None:
    unpooled = model.hit_rate(3, 0, "max", 2.5, 0.1, "picture")
    for depth in range(1, 6):
        assert model.hit_rate(3, depth, "max", 2.5, 0.1, "picture") == pytest.approx(unpooled)


# How many poolings


@pytest.mark.parametrize("convolution", [1, 3, 5])
@pytest.mark.parametrize(("kernel", "stride"), [(2, None), (3, 2), (2, 2), (3, None)])
def test_what_a_value_sees_traced_back(kernel: int, stride: int | None, convolution: int) -> None:
    step, size = stride or kernel, 100
    for number, row in enumerate(model.levels(size, kernel, stride, convolution)):
        views = []
        for value in (0, 1):  # two neighbours, on an axis without ends
            seen = {value + tap for tap in range(convolution)}
            for _ in range(number):
                seen = {at * step + tap for at in seen for tap in range(kernel)}
                seen = {at + tap for at in seen for tap in range(convolution)}
            views.append(seen)
        jump = min(views[1]) - min(views[0])
        assert row == Level(number, size, max(views[0]) - min(views[0]) + 1, jump)
        size = outputs(size, Pool(kernel, stride))
    assert size < 1


def test_levels_of_plain_poolings() -> None:
    assert model.levels(5) == [Level(0, 5, 1, 1), Level(1, 2, 2, 2), Level(2, 1, 4, 4)]


@pytest.mark.parametrize("name", DEPTHS)
@pytest.mark.parametrize("size", [32, 64, 224, 33])
def test_stems_multiplied_out(name: str, size: int) -> None:
    for classes in (10, 1000):
        result = model.stems(size, name, classes)
        assert list(result.values()) == [
            residual(name, size, classes, (7, 2), pool=True),
            residual(name, size, classes, (7, 2), pool=False),
            residual(name, size, classes, (3, 1), pool=False),
        ]
    assert model.stems() == model.stems(32, "resnet18", 10)


# One, two or three axes


@pytest.mark.parametrize(("kernel", "axes"), [(1, 1), (2, 1), (5, 1), (2, 2), (3, 2), (2, 3)])
def test_what_is_kept_and_receives_gradient_by_all_patterns_of_zeros(
    kernel: int, axes: int
) -> None:
    pools: dict[int, Any] = {1: max_pool1d, 2: max_pool2d, 3: max_pool3d}
    maps = np.zeros((1,) + (4 * kernel,) * axes)
    kept = Fraction(pools[axes](maps, kernel).size, maps.size)
    values = kernel**axes
    for zeros in (Fraction(0), Fraction(1, 3), Fraction(1)):
        # given which values are positive, one of them wins
        gradient = sum(
            math.prod(1 - zeros if positive else zeros for positive in pattern)
            * Fraction(any(pattern), values)
            for pattern in itertools.product((False, True), repeat=values)
        )
        result = model.along_axes(kernel, (0,) * axes, zeros)
        assert result == Axes(kept, Fraction(gradient), Fraction(1))


@pytest.mark.parametrize("axes", [1, 2, 3])
@pytest.mark.parametrize("kernel", [1, 2, 3])
def test_peaks_that_stay_place_by_place(kernel: int, axes: int) -> None:
    places = list(itertools.product(range(kernel), repeat=axes))
    for moves in itertools.product((-2, 0, 1, 3), repeat=axes):
        stays = [
            all((at + move) // kernel == 0 for at, move in zip(place, moves, strict=True))
            for place in places
        ]
        assert model.along_axes(kernel, moves).stays == Fraction(sum(stays), len(places))


def test_no_value_is_zero_unless_told() -> None:
    assert model.along_axes(2, [1]) == model.along_axes(2, [1], Fraction(0))


# Checking


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Pool(3, padding=2), "padding must be at most half of kernel_size 3; got 2"),
        (lambda: Pool(0), "kernel_size must be a whole number in"),
        (lambda: Pool(2, stride=0), "stride must be"),
        (lambda: Pool(2, dilation=0), "dilation must be"),
        (lambda: Pool(2, ceil_mode=1), "ceil_mode must be True or False"),  # type: ignore[arg-type]
        (lambda: model.pooled_sizes(4, [2]), "pools must be a list of Pool"),  # type: ignore[list-item]
        (lambda: model.pooled_sizes(4, HALVING), "pools must be a list of Pool"),  # type: ignore[arg-type]
        (
            lambda: model.lost(5, [HALVING] * 4),
            "size must be large enough: pooling 3 of 4 finds no window in it; got 5",
        ),
        (lambda: model.share_that_close(1, 5, 4), "largest must be at least smallest, here 5"),
        (lambda: model.usual_replacement(3, 4), "output_size must be at most size, here 3; got 4"),
        (lambda: model.divisors(2, 3), "kernel_size must be small enough for a window to fit in 2"),
        (lambda: model.divisors(3, 3, padding=2), "padding must be at most half"),
        (lambda: model.zeros_would_win(2, 3), "kernel_size must be small enough"),
        (lambda: model.stacked_kernel([]), "kernels must be"),
        (lambda: model.stacked_kernel([2] * 65), "kernels must be 1 to 64 whole numbers"),
        (lambda: model.stacked_kernel([2, 2], [2]), "strides must be as many as kernels, here 2"),
        (
            lambda: model.stacked_kernel([2] * 17, [2] * 17),
            "kernels must be such that the window has at most 65536 rows",
        ),
        (
            lambda: model.hit_rate(1, 1, false_alarm=0),
            "false_alarm must be a number above 0 and below 1; got 0",
        ),
        (lambda: model.levels(32, convolution=2), "convolution must be odd"),
        (lambda: model.along_axes(2, (0,) * 4), "moves must be of at most 3 axes"),
        (lambda: model.along_axes(2, (0,), 0.5), "zeros must be a fraction in"),  # type: ignore[arg-type]
        (lambda: model.along_axes(2, (0,), Fraction(3, 2)), "zeros must be a fraction in"),
        (lambda: model.along_axes(2, (0,), Fraction(-1)), "zeros must be a fraction in"),
        (lambda: model.along_axes(2, (0,), True), "zeros must be a fraction in"),  # type: ignore[arg-type]
    ],
)
def test_wrong_arguments_are_named(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message) as error:
        call()
    assert "\n" not in str(error.value)


def test_the_largest_that_are_allowed() -> None:
    assert model.stacked_kernel([2] * 16, [2] * 16) == Pool(65536, 65536)
    assert Pool(4, padding=2).padding == 2
    assert model.share_that_close(0, 5, 5) == 1
    assert model.usual_replacement(4, 4) == Pool(1, 1)
    assert model.divisors(3, 3)[True, False].tolist() == [3]


def test_with_a_row_missing_a_padded_pooling_has_the_adaptive_windows() -> None:
    """As the page says of sizes that one row more would let divide evenly."""
    for windows, stride in itertools.product(range(2, 30), range(1, 12)):
        rows = stride * windows - 1
        begins, ends = adaptive_windows(rows, windows)
        padded = [(i * stride - 1, i * stride + stride) for i in range(windows)]
        inside = [(max(begin, 0), min(end, rows)) for begin, end in padded]
        assert list(zip(begins.tolist(), ends.tolist(), strict=True)) == inside
        assert len(inside) == (rows + 2 - (stride + 1)) // stride + 1
