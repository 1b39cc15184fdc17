"""Shifts, blurs, samplings, minima and medians against SciPy, NumPy, and their definitions."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from itertools import product
from math import fsum, prod
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy import ndimage

from explainers import operators
from explainers.operators import (
    avg_pool2d,
    blur2d,
    blur_pool2d,
    max_blur_pool2d,
    max_pool2d,
    median_pool2d,
    min_pool2d,
    polyphase_pool2d,
    shift2d,
    subsample2d,
)

Array = NDArray[Any]
Pool = Callable[..., Array]
seeded = settings(max_examples=100, deadline=None, derandomize=True)
seeds = st.integers(0, 2**32 - 1)
sides = st.integers(1, 12)
strides = st.integers(1, 4)
shifts = st.integers(-15, 15)
blurs = st.integers(2, 7)
SCIPY_MODES = {"reflect": "mirror", "zeros": "constant", "circular": "wrap"}
modes = st.sampled_from(sorted(SCIPY_MODES))

# Pascal's triangle, written out.
PASCAL = {
    2: [1, 1],
    3: [1, 2, 1],
    4: [1, 3, 3, 1],
    5: [1, 4, 6, 4, 1],
    6: [1, 5, 10, 10, 5, 1],
    7: [1, 6, 15, 20, 15, 6, 1],
}
ALL_DTYPES = ["f2", "f4", "f8", "u1", "i1", "i2", "i4", "i8"]


def noise(seed: int, *shape: int) -> Array:
    return np.random.default_rng(seed).standard_normal(shape)


def scipy_blur(plane: Array, size: int, padding_mode: str) -> Array:
    weights = np.array(PASCAL[size]) / sum(PASCAL[size])
    for axis in (0, 1):
        # SciPy's even filters have the additional tap before the centre, ours behind it.
        plane = ndimage.correlate1d(
            plane, weights, axis, mode=SCIPY_MODES[padding_mode], origin=size % 2 - 1
        )
    return plane


def dense(reduce: Pool, plane: Array, kernel: tuple[int, int], padding_mode: str) -> Array:
    """Reduce the window at every place: round the torus, or where the window is whole."""
    if padding_mode == "circular":
        copies = [np.roll(plane, (-a, -b), (0, 1)) for a, b in product(*map(range, kernel))]
        return reduce(copies, axis=0)
    return reduce(sliding_window_view(plane, kernel), axis=(-2, -1))


# Shifting


def test_positive_shifts_go_down_and_to_the_right() -> None:
    dot = [[0, 0, 0, 0], [0, 7, 0, 0], [0, 0, 0, 0]]
    assert shift2d(np.array(dot), 1, 0).tolist() == [[0, 0, 0, 0], [0, 0, 0, 0], [0, 7, 0, 0]]
    assert shift2d(np.array(dot), 0, 2).tolist() == [[0, 0, 0, 0], [0, 0, 0, 7], [0, 0, 0, 0]]
    assert shift2d(np.array(dot), -1, -1).tolist() == [[7, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]
    around = shift2d(np.array(dot), 2, -3, mode="circular")
    assert around.tolist() == [[0, 0, 7, 0], [0, 0, 0, 0], [0, 0, 0, 0]]


def test_what_a_shift_uncovers_is_zero_unless_told_otherwise() -> None:
    assert shift2d(np.ones((2, 3)), 1, -1).tolist() == [[0, 0, 0], [1, 1, 0]]
    assert shift2d(np.ones((2, 3)), 1, -1, "zeros").tolist() == [[0, 0, 0], [1, 1, 0]]
    assert shift2d(np.ones((2, 3)), 1, -1, "circular").tolist() == [[1, 1, 1], [1, 1, 1]]


@seeded
@given(seeds, sides, sides, shifts, shifts)
def test_shift_is_scipys_and_numpys(seed: int, height: int, width: int, dy: int, dx: int) -> None:
    planes = noise(seed, 2, height, width)
    expected = ndimage.shift(planes, (0, dy, dx), order=0, mode="constant")
    np.testing.assert_array_equal(shift2d(planes, dy, dx), expected)
    rolled = np.roll(planes, (dy, dx), axis=(1, 2))
    np.testing.assert_array_equal(shift2d(planes, dy, dx, "circular"), rolled)


@seeded
@given(seeds, sides, sides, shifts, shifts)
def test_shift_is_the_definition(seed: int, height: int, width: int, dy: int, dx: int) -> None:
    plane = noise(seed, height, width)
    zeros, circular = shift2d(plane, dy, dx), shift2d(plane, dy, dx, "circular")
    for y, x in product(range(height), range(width)):
        inside = 0 <= y - dy < height and 0 <= x - dx < width
        assert zeros[y, x] == (plane[y - dy, x - dx] if inside else 0)
        assert circular[y, x] == plane[(y - dy) % height, (x - dx) % width]


# Blurring


@pytest.mark.parametrize("size", PASCAL)
@pytest.mark.parametrize("padding_mode", SCIPY_MODES)
def test_blur_spreads_a_dot_by_pascals_triangle(size: int, padding_mode: str) -> None:
    """The weights are dyadic, so that nothing is rounded."""
    dot = np.zeros((15, 16))
    dot[7, 8] = 1
    first = (7 - size // 2, 8 - size // 2)
    expected = np.zeros((15, 16))
    expected[first[0] : first[0] + size, first[1] : first[1] + size] = np.outer(
        PASCAL[size], PASCAL[size]
    ) / 4 ** (size - 1)
    np.testing.assert_array_equal(blur2d(dot, size, padding_mode), expected)


@seeded
@given(seeds, sides, sides, blurs, modes)
def test_blur_is_scipys_correlation(
    seed: int, height: int, width: int, size: int, padding_mode: str
) -> None:
    plane = noise(seed, height, width)
    blurred = blur2d(plane, size, padding_mode)
    expected = scipy_blur(plane, size, padding_mode)
    np.testing.assert_allclose(blurred, expected, rtol=1e-12, atol=1e-13)


def test_blurs_by_hand_at_each_border() -> None:
    """A quarter, a half, a quarter of: 4 | 0 4 8 | 4, and so on."""
    row = np.array([[0.0, 4.0, 8.0]])
    assert blur2d(row, 3).tolist() == [[2, 4, 6]]
    assert blur2d(row, 3, "reflect").tolist() == [[2, 4, 6]]
    # With zeros, the rows above and below are lost to the blur as well.
    assert blur2d(row, 3, "zeros").tolist() == [[0.5, 2, 2.5]]
    assert blur2d(row, 3, "circular").tolist() == [[3, 4, 5]]
    assert blur2d(row.T, 2, "circular").tolist() == [[2], [6], [4]]


@seeded
@given(seeds, sides, sides, blurs)
def test_blur_keeps_what_a_mean_keeps(seed: int, height: int, width: int, size: int) -> None:
    plane = noise(seed, height, width)
    assert blur2d(plane, size, "circular").sum() == pytest.approx(plane.sum(), abs=1e-11)
    flat = np.full((height, width), plane[0, 0])
    for padding_mode in ("reflect", "circular"):
        np.testing.assert_allclose(blur2d(flat, size, padding_mode), flat, rtol=1e-14)


def test_half_precision_is_blurred_in_single() -> None:
    plane = noise(1, 9, 9).astype(np.float16)
    expected = scipy_blur(plane.astype(np.float64), 7, "reflect").astype(np.float16)
    np.testing.assert_array_equal(blur2d(plane, 7), expected)


# Pooling with a blur


@pytest.mark.parametrize(
    ("pool", "reduce"), [(blur_pool2d, np.mean), (max_blur_pool2d, np.max)], ids=["mean", "max"]
)
@seeded
@given(
    seeds,
    st.tuples(sides, sides),
    st.tuples(st.integers(1, 5), st.integers(1, 5)),
    st.tuples(strides, strides),
    blurs,
    modes,
)
def test_blur_pools_are_window_blur_subsample(
    pool: Pool,
    reduce: Pool,
    seed: int,
    size: tuple[int, int],
    kernel: tuple[int, int],
    stride: tuple[int, int],
    blur: int,
    padding_mode: str,
) -> None:
    plane = noise(seed, *size)
    if kernel[0] > size[0] or kernel[1] > size[1]:
        with pytest.raises(ValueError, match="kernel_size must be small enough"):
            pool(plane, kernel, stride, blur, padding_mode)
        return
    pooled = pool(plane, kernel, stride, blur, padding_mode)
    blurred = scipy_blur(dense(reduce, plane, kernel, padding_mode), blur, padding_mode)
    expected = blurred[:: stride[0], :: stride[1]]
    np.testing.assert_allclose(pooled, expected, rtol=1e-12, atol=1e-13)


def test_defaults_of_the_blur_pools() -> None:
    plane = noise(2, 13, 14)
    kept = scipy_blur(plane, 3, "reflect")[::2, ::2]
    np.testing.assert_allclose(blur_pool2d(plane), kept, rtol=1e-12)
    largest = dense(np.max, plane, (3, 4), "reflect")
    kept = scipy_blur(largest, 3, "reflect")[::3, ::4]
    np.testing.assert_allclose(max_blur_pool2d(plane, (3, 4)), kept, rtol=1e-12)


def test_max_blur_pool_by_hand() -> None:
    """Maxima 0 8 8 0 0 of neighbours; mirrored and blurred 4 6 6 2 0; every second kept."""
    row = np.array([[0.0, 0.0, 8.0, 0.0, 0.0, 0.0]])
    assert max_blur_pool2d(row, (1, 2), stride=2).tolist() == [[4, 6, 0]]


@pytest.mark.parametrize("pool", [blur_pool2d, max_blur_pool2d])
@seeded
@given(seeds, st.tuples(*[st.integers(1, 5)] * 2), strides, blurs, st.data())
def test_blur_pools_on_a_torus_shift_with_the_input(
    pool: Pool, seed: int, places: tuple[int, int], stride: int, blur: int, data: st.DataObject
) -> None:
    """By multiples of the stride, to the last bit."""
    plane = noise(seed, places[0] * stride, places[1] * stride)
    kernel = data.draw(st.integers(1, min(plane.shape)))
    dy, dx = data.draw(shifts), data.draw(shifts)
    moved = np.roll(plane, (dy * stride, dx * stride), (0, 1))
    expected = np.roll(pool(plane, kernel, stride, blur, "circular"), (dy, dx), (0, 1))
    np.testing.assert_array_equal(pool(moved, kernel, stride, blur, "circular"), expected)


# Sampling


@seeded
@given(seeds, sides, sides, st.integers(1, 15), st.integers(1, 15))
def test_subsampling_keeps_the_places_that_the_strides_divide(
    seed: int, height: int, width: int, down: int, across: int
) -> None:
    plane = noise(seed, height, width)
    rows = [y for y in range(height) if y % down == 0]
    columns = [x for x in range(width) if x % across == 0]
    np.testing.assert_array_equal(subsample2d(plane, (down, across)), plane[np.ix_(rows, columns)])


@pytest.mark.parametrize("pool", [max_pool2d, avg_pool2d, min_pool2d, median_pool2d])
def test_pooling_is_dense_pooling_subsampled(pool: Pool) -> None:
    array = noise(3, 2, 11, 12)
    for kernel, stride in product(range(1, 5), range(1, 5)):
        pooled = subsample2d(pool(array, kernel, 1), stride)
        np.testing.assert_allclose(pool(array, kernel, stride), pooled, rtol=1e-12, atol=1e-13)


def test_what_is_kept_is_a_copy() -> None:
    array = np.zeros((4, 4))
    for kept in (subsample2d(array, 1), polyphase_pool2d(array, 1), shift2d(array, 0, 0)):
        kept += 1
    assert not array.any()


@st.composite
def phased(draw: st.DrawFn) -> tuple[Array, tuple[int, int]]:
    """Return noise of three planes, and strides that divide it."""
    down, across, rows, columns = (draw(st.integers(1, 4)) for _ in range(4))
    return noise(draw(seeds), 3, down * rows, across * columns), (down, across)


@seeded
@given(phased())
def test_polyphase_keeps_the_phase_of_largest_norm(case: tuple[Array, tuple[int, int]]) -> None:
    array, (down, across) = case
    kept, phases = polyphase_pool2d(array, (down, across), return_phase=True)
    assert phases.dtype == np.int64
    assert phases.shape == (3, 2)
    for plane, own, phase in zip(array, kept, phases, strict=True):
        choices = {
            (r, c): plane[r::down, c::across] for r, c in product(range(down), range(across))
        }
        squares = {at: fsum(x * x for x in values.flat) for at, values in choices.items()}
        best = max(squares, key=lambda at: squares[at])
        assert tuple(phase) == best
        np.testing.assert_array_equal(own, choices[best])
    np.testing.assert_array_equal(polyphase_pool2d(array, (down, across)), kept)


@seeded
@given(phased(), shifts, shifts)
def test_polyphase_follows_every_circular_shift(
    case: tuple[Array, tuple[int, int]], dy: int, dx: int
) -> None:
    """Phase p becomes (p + d) mod s, and what is kept moves by ⌊(p + d) / s⌋, to the last bit."""
    array, stride = case
    kept, phases = polyphase_pool2d(array, stride, return_phase=True)
    moved, moved_phases = polyphase_pool2d(
        np.roll(array, (dy, dx), (1, 2)), stride, return_phase=True
    )
    np.testing.assert_array_equal(moved_phases, (phases + (dy, dx)) % stride)
    for before, after, phase in zip(kept, moved, phases, strict=True):
        by = tuple((phase + (dy, dx)) // stride)
        np.testing.assert_array_equal(after, np.roll(before, by, (0, 1)))


def test_polyphase_norms_do_not_depend_on_where_the_elements_lie() -> None:
    """The same elements in another order, the largest larger by a few units in its last place."""
    for seed in range(20):
        first = noise(seed, 12, 12)
        last = np.random.default_rng(seed + 100).permutation(first.ravel()).reshape(12, 12)
        last[np.abs(last) == np.abs(last).max()] *= 1 + 4e-15
        plane = np.zeros((24, 24))
        plane[::2, ::2], plane[1::2, 1::2] = first, last
        for dy, dx in product(range(0, 24, 2), range(0, 24, 2)):
            moved = np.roll(plane, (dy, dx), (0, 1))
            assert polyphase_pool2d(moved, 2, return_phase=True)[1].tolist() == [1, 1]


def test_polyphase_ties_go_to_the_first_phase() -> None:
    assert polyphase_pool2d(np.ones((6, 6)), 3, return_phase=True)[1].tolist() == [0, 0]
    plane = np.array([[0, 3, 0, 4], [4, 0, 3, 0]])
    kept, phase = polyphase_pool2d(plane, 2, return_phase=True)
    assert (kept.tolist(), phase.tolist()) == ([[3, 4]], [0, 1])


def test_polyphase_norm_is_neither_the_sum_nor_the_maximum() -> None:
    plane = np.array([[-5.0, 4.0, 3.0, 0.0, 3.0, 0.0, 3.0, 4.0, 0.0, 4.0]])
    assert polyphase_pool2d(plane, (1, 2)).tolist() == [[-5, 3, 3, 3, 0]]  # 52 against 48
    plane[0, 1] = 5
    assert polyphase_pool2d(plane, (1, 2)).tolist() == [[5, 0, 0, 4, 4]]  # 57: 5 wins no more


def test_polyphase_norms_of_integers_do_not_wrap_around() -> None:
    plane = np.array([[15, 16]], dtype=np.uint8)  # 16² = 256 would be 0
    assert polyphase_pool2d(plane, (1, 2)).tolist() == [[16]]
    assert polyphase_pool2d(np.array([[2**32, 1]]), (1, 2)).tolist() == [[2**32]]
    half = np.array([[np.nextafter(np.float16(1), np.float16(2)), 1]], dtype=np.float16)
    assert polyphase_pool2d(half[:, ::-1], (1, 2), return_phase=True)[1].tolist() == [0, 1]


def test_polyphase_keeps_nan_and_infinities_without_a_warning() -> None:
    plane = np.array([[np.inf, np.nan], [1.0, np.nan]])
    assert polyphase_pool2d(plane, 2, return_phase=True)[1].tolist() == [0, 1]
    assert polyphase_pool2d(np.array([[1.0, 1e200]]), (1, 2)).tolist() == [[1e200]]


# Minimum and median


@seeded
@given(seeds, sides, sides, st.sampled_from([1, 3, 5]), strides, st.integers(1, 2))
def test_min_is_scipys_filter_subsampled(
    seed: int, height: int, width: int, kernel: int, stride: int, dilation: int
) -> None:
    half, reach = kernel // 2, kernel // 2 * (dilation - 1)
    plane = np.pad(noise(seed, height, width), reach, constant_values=np.inf)
    footprint = np.zeros((dilation * (kernel - 1) + 1,) * 2, dtype=bool)
    footprint[::dilation, ::dilation] = True
    filtered = ndimage.minimum_filter(plane, footprint=footprint, mode="constant", cval=np.inf)
    inner = filtered[reach : plane.shape[0] - reach, reach : plane.shape[1] - reach]
    pooled = min_pool2d(plane, kernel, stride, half, dilation)
    np.testing.assert_array_equal(pooled, inner[::stride, ::stride])


def test_min_counts_incomplete_windows_when_told_to() -> None:
    row = np.array([[3.0, 2.0, 1.0]])
    assert min_pool2d(row, (1, 2)).tolist() == [[2]]
    assert min_pool2d(row, (1, 2), ceil_mode=True).tolist() == [[2, 1]]
    assert min_pool2d(row, (1, 2), stride=1).tolist() == [[2, 1]]


@pytest.mark.parametrize("dtype", ALL_DTYPES)
def test_min_of_every_dtype_down_to_its_extremes(dtype: str) -> None:
    limits: Any = np.iinfo(dtype) if np.dtype(dtype).kind in "iu" else np.finfo(dtype)
    plane = np.array([[limits.min, 0], [1, limits.max]], dtype=dtype)
    pooled = min_pool2d(plane, 1, padding=0)
    np.testing.assert_array_equal(pooled, plane)
    assert min_pool2d(plane, 2).dtype == dtype
    assert min_pool2d(plane, 2) == limits.min
    # Padding is above all numbers: the corners have their own windows.
    np.testing.assert_array_equal(min_pool2d(plane, 2, padding=1), plane)


def test_min_of_nan_infinities_and_zeros() -> None:
    assert np.isnan(min_pool2d(np.array([[np.nan, -np.inf]]), (1, 2)))
    assert min_pool2d(np.array([[np.inf, -np.inf]]), (1, 2)) == -np.inf
    zeros = np.array([[0.0, -0.0, 1.0, -0.0, 0.0, 1.0]])  # the first of equals, as for the maximum
    assert np.signbit(min_pool2d(zeros, (1, 3))).tolist() == [[False, True]]


@seeded
@given(
    seeds, st.tuples(sides, sides), st.tuples(*[st.integers(1, 5)] * 2), st.tuples(strides, strides)
)
def test_median_is_the_definition(
    seed: int, size: tuple[int, int], kernel: tuple[int, int], stride: tuple[int, int]
) -> None:
    plane = noise(seed, *size)
    if kernel[0] > size[0] or kernel[1] > size[1]:
        with pytest.raises(ValueError, match="kernel_size must be small enough"):
            median_pool2d(plane, kernel, stride)
        return
    expected = [
        [
            statistics.median(plane[y : y + kernel[0], x : x + kernel[1]].flat)
            for x in range(0, size[1] - kernel[1] + 1, stride[1])
        ]
        for y in range(0, size[0] - kernel[0] + 1, stride[0])
    ]
    np.testing.assert_allclose(median_pool2d(plane, kernel, stride), expected, rtol=1e-14)


@pytest.mark.parametrize("shape", [(20, 60, 60), (2, 300, 300)])
def test_medians_of_many_planes_are_scipys(shape: tuple[int, ...]) -> None:
    """Several planes to a block, and several blocks to a plane."""
    array = noise(4, *shape)
    expected = ndimage.median_filter(array, (1, 3, 3))[:, 1:-1, 1:-1]
    np.testing.assert_array_equal(median_pool2d(array, 3, 1), expected)


def test_median_of_nan_and_infinities() -> None:
    assert np.isnan(median_pool2d(np.array([[1.0, np.nan, 2.0]]), (1, 3)))
    assert np.isnan(median_pool2d(np.array([[np.inf, -np.inf]]), (1, 2)))
    assert median_pool2d(np.array([[1.0, np.inf, -np.inf]]), (1, 3)) == 1


def test_windows_side_by_side_unless_told_otherwise() -> None:
    plane = np.arange(24.0).reshape(4, 6)
    assert median_pool2d(plane, (2, 3)).tolist() == [[4, 7], [16, 19]]
    assert min_pool2d(plane, (2, 3)).tolist() == [[0, 3], [12, 15]]


# All of them

CALLS: dict[str, tuple[Any, ...]] = {
    "shift2d": (1, -1),
    "blur2d": (3,),
    "blur_pool2d": (2, 2, 3),
    "max_blur_pool2d": (2, 2, 3),
    "subsample2d": (2,),
    "polyphase_pool2d": (2,),
    "min_pool2d": (2,),
    "median_pool2d": (2,),
}
FLOATS_ONLY = {"blur2d", "blur_pool2d", "max_blur_pool2d", "median_pool2d"}


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("shape", [(6, 8), (2, 6, 8), (2, 1, 6, 8), (2, 0, 2, 6, 8), (0, 3, 6, 8)])
def test_any_number_of_leading_axes(name: str, shape: tuple[int, ...]) -> None:
    operator, array = getattr(operators, name), noise(5, *shape)
    whole, size = operator(array, *CALLS[name]), operator(np.ones((6, 8)), *CALLS[name]).shape
    assert whole.shape == (*shape[:-2], *size)
    planes = array.reshape(prod(shape[:-2]), 6, 8)
    for own, plane in zip(whole.reshape(len(planes), *size), planes, strict=True):
        np.testing.assert_array_equal(own, operator(plane, *CALLS[name]))


def test_a_phase_for_each_plane() -> None:
    array = noise(6, 2, 3, 4, 6)
    phases = polyphase_pool2d(array, (2, 3), return_phase=True)[1]
    own = [
        [polyphase_pool2d(plane, (2, 3), return_phase=True)[1] for plane in image]
        for image in array
    ]
    np.testing.assert_array_equal(phases, own)


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("dtype", ALL_DTYPES)
def test_dtype_is_kept_or_refused(name: str, dtype: str) -> None:
    array = (np.arange(48).reshape(6, 8) % 7).astype(dtype)
    operator = getattr(operators, name)
    if name in FLOATS_ONLY and array.dtype.kind != "f":
        with pytest.raises(ValueError, match="input must be of dtype float16, float32, float64; "):
            operator(array, *CALLS[name])
        return
    given = operator(array, *CALLS[name])
    assert given.dtype == dtype
    expected = operator(array.astype(np.float64), *CALLS[name])
    np.testing.assert_allclose(given, expected, rtol=1e-3)


@pytest.mark.parametrize("name", CALLS)
def test_views_lists_foreign_byte_orders_and_no_change_of_the_input(name: str) -> None:
    operator, array = getattr(operators, name), noise(7, 4, 12, 12)
    copy = array.copy()
    for view in (array[::2, ::-1, ::3], array.transpose(2, 0, 1), np.asfortranarray(array)):
        own = np.ascontiguousarray(view)
        np.testing.assert_array_equal(operator(view, *CALLS[name]), operator(own, *CALLS[name]))
    np.testing.assert_array_equal(array, copy)
    foreign = operator(array.astype(">f8"), *CALLS[name])
    assert foreign.dtype.isnative
    np.testing.assert_array_equal(foreign, operator(array, *CALLS[name]))
    listed = operator(array.tolist(), *CALLS[name])
    np.testing.assert_array_equal(listed, operator(array, *CALLS[name]))


@pytest.mark.parametrize("name", sorted(FLOATS_ONLY))
def test_infinities_and_overflow_give_no_warning(name: str) -> None:
    array = np.full((4, 4), 3e38, dtype=np.float32)
    array[0, :2] = np.inf, -np.inf
    assert getattr(operators, name)(array, *CALLS[name]).dtype == np.float32


PLANE = np.ones((1, 4, 4))
WHOLE = "must be a whole number"
DIVISOR = "stride must be a divisor of the height and the width of input, (4, 4); "
WRONG: list[tuple[str, tuple[Any, ...], str]] = [
    ("shift2d", (PLANE, 1.0, 0), f"dy {WHOLE}; got 1.0"),
    ("shift2d", (PLANE, 0, True), f"dx {WHOLE}; got True"),
    ("shift2d", (PLANE, np.True_, 0), f"dy {WHOLE}; got True"),
    ("shift2d", (PLANE, 0, "1"), f"dx {WHOLE}; got '1'"),
    ("shift2d", (PLANE, 0, 1, "wrap"), "mode must be one of zeros, circular; got 'wrap'"),
    ("blur2d", (PLANE, 1), f"size {WHOLE} in [2, 7]; got 1"),
    ("blur2d", (PLANE, 8), f"size {WHOLE} in [2, 7]; got 8"),
    ("blur2d", (PLANE, 3.0), f"size {WHOLE} in [2, 7]; got 3.0"),
    ("blur2d", (PLANE, 3, "wrap"), "padding_mode must be one of reflect, zeros, circular"),
    ("subsample2d", (PLANE, 0), f"stride {WHOLE} ≥ 1; got 0"),
    ("subsample2d", (PLANE, (2, 0)), f"stride {WHOLE} ≥ 1; got 0"),
    ("polyphase_pool2d", (PLANE, 0), f"stride {WHOLE} ≥ 1; got 0"),
    ("polyphase_pool2d", (PLANE, 3), DIVISOR + "got 3"),
    ("polyphase_pool2d", (PLANE, (2, 3)), DIVISOR + "got (2, 3)"),
    ("polyphase_pool2d", (PLANE, (8, 2)), DIVISOR + "got (8, 2)"),
    ("polyphase_pool2d", (PLANE, 2, 1), "return_phase must be True or False; got 1"),
    ("min_pool2d", (PLANE, 5), "kernel_size must be small enough for one window to fit"),
    ("min_pool2d", (PLANE, 3, 1, 2), "padding must be at most half of kernel_size 3; got 2"),
    ("median_pool2d", (PLANE, 0), f"kernel_size {WHOLE} ≥ 1; got 0"),
    ("median_pool2d", (PLANE, 2, 0), f"stride {WHOLE} ≥ 1; got 0"),
]
WRONG_BLUR_POOL: list[tuple[tuple[Any, ...], str]] = [
    ((0,), f"kernel_size {WHOLE} ≥ 1; got 0"),
    (((1, 5),), "kernel_size must be small enough for one window to fit"),
    ((5, 2, 3, "circular"), "kernel_size must be small enough for one window to fit"),
    ((2, 0), f"stride {WHOLE} ≥ 1; got 0"),
    ((2, -1), f"stride {WHOLE} ≥ 1; got -1"),
    ((2, (1, 0)), f"stride {WHOLE} ≥ 1; got 0"),
    ((2, 2, 1), f"blur {WHOLE} in [2, 7]; got 1"),
    ((2, 2, 8), f"blur {WHOLE} in [2, 7]; got 8"),
    ((2, 2, 3, "same"), "padding_mode must be one of reflect, zeros, circular; got 'same'"),
]
WRONG += [
    (name, (PLANE, *arguments), message)
    for name in ("blur_pool2d", "max_blur_pool2d")
    for arguments, message in WRONG_BLUR_POOL
]
WRONG_INPUT = [
    (PLANE > 0, "input must be of dtype float16, float32, float64"),
    (PLANE + 0j, "input must be of dtype float16, float32, float64"),
    (
        PLANE[0, 0],
        "input must be of shape (..., H, W), the last three of them at least 1; got (4,)",
    ),
    (PLANE[:, :0], "input must be of shape (..., H, W)"),
]
WRONG += [
    (name, (array, *arguments), message)
    for name, arguments in CALLS.items()
    for array, message in WRONG_INPUT
]


@pytest.mark.parametrize(("operator", "arguments", "message"), WRONG)
def test_shift_and_blur_refusals_say_what_is_allowed(
    operator: str, arguments: tuple[Any, ...], message: str
) -> None:
    with pytest.raises(ValueError, match="; got ") as refusal:
        getattr(operators, operator)(*arguments)
    assert str(refusal.value).startswith(message)
    assert "\n" not in str(refusal.value)
