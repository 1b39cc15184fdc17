"""The operators against SciPy, scikit-image and the definitions, written out window by window."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import ndimage, signal
from skimage.measure import block_reduce

from explainers import operators
from explainers.operators import (
    avg_pool2d,
    conv2d,
    global_avg_pool2d,
    global_max_pool2d,
    lp_pool2d,
    max_pool2d,
    pool_output_size,
)

Array = NDArray[Any]
seeded = settings(max_examples=100, deadline=None, derandomize=True)
seeds = st.integers(0, 2**32 - 1)
sides = st.integers(1, 12)
strides = st.integers(1, 4)


def noise(seed: int, *shape: int) -> Array:
    return np.random.default_rng(seed).standard_normal(shape)


def last_of_largest(window: Array) -> tuple[Any, int]:
    """Return the last NaN, or else the first of the largest, in the order of reading."""
    best, at = window[0], 0
    for place, value in enumerate(window):
        if value > best or np.isnan(value):
            best, at = value, place
    return best, at


def corners_of(
    side: int, kernel: int, stride: int, padding: int, dilation: int, ceil: bool
) -> list[int]:
    """Walk along a side: while windows fit; with `ceil`, once more if some of it is left over."""
    reach, corner, found = dilation * (kernel - 1), -padding, []
    while corner + reach < side + padding:
        found.append(corner)
        corner += stride
    left_over = corner - stride + reach + 1 < side + padding
    return [*found, corner] if ceil and left_over and corner < side else found


def windows_of(
    shape: tuple[int, int], arguments: dict[str, Any], border: int = 0
) -> list[list[list[tuple[int, int]]]]:
    """List the pixels of each window that lie in the plane, or at most `border` outside it."""
    down, across = (corners_of(side, *arguments.values()) for side in shape)
    dilation = arguments["dilation"]
    steps = range(0, dilation * arguments["kernel_size"], dilation)
    return [
        [
            [
                (i + a, j + b)
                for a, b in product(steps, steps)
                if -border <= i + a < shape[0] + border and -border <= j + b < shape[1] + border
            ]
            for j in across
        ]
        for i in down
    ]


@st.composite
def poolings(draw: st.DrawFn, dilations: int = 3) -> dict[str, Any]:
    kernel = draw(st.integers(1, 7))
    return {
        "kernel_size": kernel,
        "stride": draw(strides),
        "padding": draw(st.integers(0, kernel // 2)),
        "dilation": draw(st.integers(1, dilations)),
        "ceil_mode": draw(st.booleans()),
    }


@seeded
@given(seeds, sides, sides, poolings(), st.sampled_from(["plain", "ties", "nan", "zeros"]))
def test_max_is_the_definition(
    seed: int, height: int, width: int, arguments: dict[str, Any], kind: str
) -> None:
    palette = {
        "plain": [],
        "ties": [1.0, 2.0],
        "nan": [np.nan, -np.inf, 3.0],
        "zeros": [-0.0, 0, -1],
    }
    plane = noise(seed, height, width)
    if palette[kind]:
        plane = np.random.default_rng(seed).choice(np.array(palette[kind]), plane.shape)
    windows = windows_of((height, width), arguments)
    if not windows or not windows[0]:
        with pytest.raises(ValueError, match="kernel_size must be small enough"):
            max_pool2d(plane, **arguments)
        return
    values, indices = max_pool2d(plane, **arguments, return_indices=True)
    assert values.shape == indices.shape == (len(windows), len(windows[0]))
    for (i, j), value in np.ndenumerate(values):
        pixels = windows[i][j]
        best, at = last_of_largest(np.array([plane[p] for p in pixels])) if pixels else (-np.inf, 0)
        np.testing.assert_equal(value, best)
        assert np.isnan(value) or np.signbit(value) == np.signbit(best)
        assert not pixels or indices[i, j] == pixels[at][0] * width + pixels[at][1]
    alone = max_pool2d(plane, **arguments)
    np.testing.assert_array_equal(alone, values)
    np.testing.assert_array_equal(np.signbit(alone), np.signbit(values))


def test_window_in_the_padding_altogether() -> None:
    """Column 1 of the windows has its taps at −1 and 4, of columns 0 to 3."""
    plane = np.arange(16.0).reshape(4, 4)
    values, indices = max_pool2d(
        plane, 2, stride=1, padding=1, dilation=(1, 5), return_indices=True
    )
    assert (values == -np.inf).all()
    # PyTorch's answer: the first row inside, and a column next to the plane.
    assert indices.tolist() == [[4], [4], [8], [12], [16]]
    values, indices = max_pool2d(
        plane, 2, stride=1, padding=1, dilation=(5, 2), return_indices=True
    )
    assert (values == -np.inf).all()
    assert indices.tolist() == [[17, 16, 17, 18]]  # the row below the plane


def test_tap_that_lies_beyond_the_input_in_every_window() -> None:
    """The last of the six taps never meets the plane, which has one pixel."""
    values, indices = max_pool2d(np.ones((1, 1)), 6, stride=1, padding=3, return_indices=True)
    assert values.tolist() == [[1, 1], [1, 1]]
    assert indices.tolist() == [[0, 0], [0, 0]]


@seeded
@given(seeds, sides, sides, poolings(dilations=1), st.booleans())
def test_mean_is_the_definition(
    seed: int, height: int, width: int, arguments: dict[str, Any], include_pad: bool
) -> None:
    plane, padding = noise(seed, height, width), arguments["padding"]
    # What a last, incomplete window lacks beyond the padding never counts.
    windows = windows_of((height, width), arguments, border=padding if include_pad else 0)
    del arguments["dilation"]
    if not windows or not windows[0]:
        with pytest.raises(ValueError, match="kernel_size must be small enough"):
            avg_pool2d(plane, **arguments)
        return
    means = avg_pool2d(plane, **arguments, count_include_pad=include_pad)
    assert means.shape == (len(windows), len(windows[0]))
    padded = np.pad(plane, padding)
    for (i, j), mean in np.ndenumerate(means):
        expected = np.mean([padded[a + padding, b + padding] for a, b in windows[i][j]])
        assert mean == pytest.approx(expected, rel=1e-12, abs=1e-12)


@seeded
@given(seeds, sides, sides, st.sampled_from([1, 3, 5]), strides, st.integers(1, 2))
def test_max_is_scipys_filter_subsampled(
    seed: int, height: int, width: int, kernel: int, stride: int, dilation: int
) -> None:
    plane, half = noise(seed, height, width), kernel // 2
    footprint = np.zeros((dilation * (kernel - 1) + 1,) * 2, dtype=bool)
    footprint[::dilation, ::dilation] = True
    plane = np.pad(plane, half * (dilation - 1), constant_values=-np.inf)
    filtered = ndimage.maximum_filter(plane, footprint=footprint, mode="constant", cval=-np.inf)
    pooled = max_pool2d(plane, kernel, stride, padding=half, dilation=dilation)
    reach = half * (dilation - 1)
    inner = filtered[reach : plane.shape[0] - reach, reach : plane.shape[1] - reach]
    np.testing.assert_array_equal(pooled, inner[::stride, ::stride])


@seeded
@given(seeds, sides, sides, st.sampled_from([1, 3, 5]), strides, st.booleans())
def test_mean_is_scipys_filter_subsampled(
    seed: int, height: int, width: int, kernel: int, stride: int, include_pad: bool
) -> None:
    plane = noise(seed, height, width)
    means = ndimage.uniform_filter(plane, kernel, mode="constant")
    if not include_pad:
        means /= ndimage.uniform_filter(np.ones_like(plane), kernel, mode="constant")
    pooled = avg_pool2d(plane, kernel, stride, kernel // 2, count_include_pad=include_pad)
    np.testing.assert_allclose(pooled, means[::stride, ::stride], rtol=1e-9, atol=1e-12)


@seeded
@given(seeds, st.integers(1, 3), sides, sides, st.integers(1, 8), st.integers(1, 8))
def test_blocks_are_scikit_images(
    seed: int, planes: int, height: int, width: int, down: int, across: int
) -> None:
    array, kernel = noise(seed, planes, height, width), (down, across)
    size = (1, *kernel)
    largest = block_reduce(array, size, np.max, cval=-np.inf)
    np.testing.assert_array_equal(max_pool2d(array, kernel, ceil_mode=True), largest)
    means = block_reduce(array, size, np.nanmean, cval=np.nan)
    pooled = avg_pool2d(array, kernel, ceil_mode=True)
    np.testing.assert_allclose(pooled, means, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("side", [100, 500])
def test_many_planes_are_pooled_in_blocks(side: int) -> None:
    """Two and a half megabytes of planes: several to a block, and several blocks to a plane."""
    array = noise(5, 320_000 // side**2, side, side)
    np.testing.assert_array_equal(max_pool2d(array, 4), block_reduce(array, (1, 4, 4), np.max))
    means = block_reduce(array, (1, 4, 4), np.mean)
    np.testing.assert_allclose(avg_pool2d(array, 4), means, rtol=1e-9, atol=1e-12)
    values, indices = max_pool2d(array, 4, return_indices=True)
    at = indices.reshape(len(array), -1)
    there = np.take_along_axis(array.reshape(len(array), -1), at, axis=1)
    np.testing.assert_array_equal(there.reshape(values.shape), values)
    images = array[:, None]
    blurred = ndimage.correlate(array, np.ones((1, 3, 3)), mode="constant")
    kernels = np.ones((1, 1, 3, 3))
    np.testing.assert_allclose(conv2d(images, kernels, padding=1)[:, 0], blurred, atol=1e-12)


def test_blocks_keep_what_is_computed_from_them_small() -> None:
    from explainers.operators.windows import BLOCK_BYTES, blocks

    for items in (np.zeros((64, 224, 224), "f4"), np.zeros((3, 2000, 2000)), np.zeros((0, 5, 5))):
        pieces = [items[block] for block in blocks(items)]
        assert sum(map(len, pieces)) == len(items)
        assert all(len(piece) == 1 or piece.nbytes <= BLOCK_BYTES for piece in pieces)
    assert (
        len(list(blocks(np.zeros((64, 224, 224), "f4")))) == 13
    )  # of 200,704 bytes each, 5 at a time


@seeded
@given(seeds, sides, sides, st.integers(1, 4), strides, st.sampled_from([1, 1.5, 2, 3.0, -1]))
def test_power_means_are_norms(
    seed: int, height: int, width: int, kernel: int, stride: int, p: float
) -> None:
    kernel = min(kernel, height, width)
    plane = np.abs(noise(seed, height, width)) + 0.1
    windows = np.lib.stride_tricks.sliding_window_view(plane, (kernel, kernel))
    expected = np.sum(windows[::stride, ::stride] ** float(p), axis=(-2, -1)) ** (1 / p)
    np.testing.assert_allclose(lp_pool2d(plane, p, kernel, stride), expected, rtol=1e-9)


def test_padding_counts_in_means_unless_told_not_to() -> None:
    ones = np.ones((2, 2))
    assert avg_pool2d(ones, 2, padding=1).tolist() == [[0.25, 0.25], [0.25, 0.25]]
    assert avg_pool2d(ones, 2, padding=1, count_include_pad=False).tolist() == [[1, 1], [1, 1]]


def test_infinite_power_means_are_extremes_of_the_absolute_value() -> None:
    plane = np.array([[1.0, -4.0, 2.0], [3.0, -2.0, 0.5]])
    assert lp_pool2d(plane, np.inf, 2, ceil_mode=True).tolist() == [[4, 2]]
    assert lp_pool2d(plane, -np.inf, 2, ceil_mode=True).tolist() == [[1, 0.5]]
    assert lp_pool2d(plane, np.inf, 2, stride=1).tolist() == [[4, 4]]


def test_incomplete_power_mean_counts_as_a_whole_window() -> None:
    pooled = lp_pool2d(np.array([[3.0, 4.0, 2.0], [0.0, 0.0, 2.0]]), 2, (2, 2), ceil_mode=True)
    np.testing.assert_allclose(pooled, [[5, np.sqrt(4 * (4 + 4) / 2)]])
    pooled = lp_pool2d(np.ones((2, 3)), 1, (2, 3))
    np.testing.assert_allclose(pooled, [[6]])


def test_power_means_of_negative_sums_are_not_numbers() -> None:
    assert np.isnan(lp_pool2d(np.full((2, 2), -1.0), 3, 2)).all()
    assert lp_pool2d(np.full((2, 2), -1.0), 1, 2).tolist() == [[-4]]


@seeded
@given(
    seeds,
    st.sampled_from(["zeros", "circular"]),
    st.tuples(*[st.integers(1, 3)] * 3),
    st.tuples(*[st.integers(1, 3)] * 2),
    st.tuples(strides, strides),
    st.tuples(*[st.integers(1, 2)] * 2),
)
def test_conv2d_is_scipys_correlation(
    seed: int,
    mode: str,
    channels: tuple[int, int, int],
    size: tuple[int, int],
    stride: tuple[int, int],
    dilation: tuple[int, int],
) -> None:
    groups, into, out = channels
    images = noise(seed, 2, groups * into, 7, 6)
    kernels, bias = noise(seed + 1, groups * out, into, *size), noise(seed + 2, groups * out)
    padding = (2, 1)
    given = conv2d(images, kernels, bias, stride, padding, dilation, groups, mode)
    down, across = ((s - 1) * d + 1 for s, d in zip(size, dilation, strict=True))
    spread = np.zeros((groups * out, into, down, across))
    spread[:, :, :: dilation[0], :: dilation[1]] = kernels
    kind = {"zeros": "constant", "circular": "wrap"}[mode]
    padded = np.pad(images, ((0, 0), (0, 0), (2, 2), (1, 1)), mode=kind)  # type: ignore[call-overload]
    for image, channel in product(range(2), range(groups * out)):
        first = channel // out * into
        total = sum(
            signal.correlate2d(padded[image, first + c], spread[channel, c], mode="valid")
            for c in range(into)
        )
        expected = total[:: stride[0], :: stride[1]] + bias[channel]
        np.testing.assert_allclose(given[image, channel], expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("dtype", ["complex64", "complex128", "float16", "uint8", "int64"])
def test_conv2d_keeps_the_dtype(dtype: str) -> None:
    image, kernel = np.full((1, 2, 2), 3, dtype), np.full((1, 1, 2, 2), 2, dtype)
    assert conv2d(image, kernel).dtype == dtype
    assert conv2d(image, kernel, np.ones(1, dtype)) == 25


@pytest.mark.parametrize("mode", ["zeros", "circular"])
@pytest.mark.parametrize("size", [(1, 1), (2, 3), (3, 2), (4, 4)])
def test_same_keeps_height_and_width_and_pads_more_at_the_end(
    mode: str, size: tuple[int, int]
) -> None:
    image, kernel = noise(1, 5, 6), noise(2, *size)
    given = conv2d(image[None], kernel[None, None], padding="same", padding_mode=mode)
    boundary = {"zeros": "constant", "circular": "wrap"}[mode]
    origin = tuple(-(1 - side % 2) for side in size)
    expected = ndimage.correlate(image, kernel, mode=boundary, origin=origin)
    np.testing.assert_allclose(given[0], expected, rtol=1e-9, atol=1e-12)
    valid = conv2d(image[None], kernel[None, None], padding="valid", padding_mode=mode)
    np.testing.assert_allclose(valid[0], signal.correlate2d(image, kernel, "valid"), atol=1e-12)


def test_global_pools_are_numpys_extremes_and_means() -> None:
    array = noise(3, 2, 3, 20, 30)
    np.testing.assert_array_equal(global_max_pool2d(array), array.max((-2, -1), keepdims=True))
    means = array.mean((-2, -1), keepdims=True)
    np.testing.assert_allclose(global_avg_pool2d(array), means, rtol=1e-9)


@pytest.mark.parametrize(
    "shape", [(6, 7), (2, 6, 7), (2, 1, 6, 7), (2, 0, 2, 6, 7), (1, 2, 3, 6, 7)]
)
def test_any_number_of_leading_axes(shape: tuple[int, ...]) -> None:
    array = noise(4, *shape)
    planes = array.reshape(int(np.prod(shape[:-2])), 6, 7)
    for pool in (max_pool2d, avg_pool2d):
        pooled = pool(array, (2, 3), stride=1)
        assert pooled.shape == (*shape[:-2], 5, 5)
        alone = [pool(plane, (2, 3), stride=1) for plane in planes]
        np.testing.assert_array_equal(
            pooled.reshape(len(planes), 5, 5), np.reshape(alone, (-1, 5, 5))
        )
    assert global_max_pool2d(array).shape == global_avg_pool2d(array).shape == (*shape[:-2], 1, 1)
    if array.size:
        assert np.unravel_index(
            max_pool2d(array, (6, 7), return_indices=True)[1].flat[-1], (6, 7)
        ) == np.unravel_index(planes[-1].argmax(), (6, 7))


def test_no_images_give_none() -> None:
    assert max_pool2d(np.zeros((0, 3, 4, 4)), 2).shape == (0, 3, 2, 2)
    assert avg_pool2d(np.zeros((0, 3, 4, 4)), 2).shape == (0, 3, 2, 2)
    values, indices = max_pool2d(np.zeros((0, 3, 4, 4)), 2, return_indices=True)
    assert values.shape == indices.shape == (0, 3, 2, 2)
    assert conv2d(np.zeros((0, 1, 4, 4)), np.zeros((2, 1, 3, 3))).shape == (0, 2, 2, 2)


def test_views_lists_and_foreign_byte_orders() -> None:
    array = noise(6, 4, 10, 12)
    for view in (array[::2, ::-1, ::3], array.transpose(2, 0, 1), np.asfortranarray(array)):
        own = np.ascontiguousarray(view)
        np.testing.assert_array_equal(max_pool2d(view, 2), max_pool2d(own, 2))
        np.testing.assert_allclose(avg_pool2d(view, 2), avg_pool2d(own, 2), rtol=1e-12)
    negative_zero = np.array([[-0.0, 0.0], [-1.0, -1.0]], dtype=">f4")
    pooled = max_pool2d(negative_zero, 2)
    assert pooled.dtype == np.float32
    assert np.signbit(pooled).all()
    assert max_pool2d([[1, 2], [3, 4]], 2).tolist() == [[4]]  # type: ignore[call-overload]


def test_input_stays_as_it_was() -> None:
    array, kernels = noise(7, 1, 2, 6, 6), noise(8, 2, 2, 3, 3)
    copies = array.copy(), kernels.copy()
    max_pool2d(array, 1, return_indices=True)
    avg_pool2d(array, 1)
    global_max_pool2d(array)
    global_avg_pool2d(array)
    conv2d(array, kernels, np.ones(2))
    lp_pool2d(array, 1, 1)
    np.testing.assert_array_equal(array, copies[0])
    np.testing.assert_array_equal(kernels, copies[1])


def test_overflow_and_infinities_warn_no_more_than_pytorch() -> None:
    huge = np.full((1, 2, 2), 3e38, dtype=np.float32)
    assert avg_pool2d(huge, 2) == np.inf
    opposed = np.array([[[np.inf, -np.inf]]])
    assert np.isnan(avg_pool2d(opposed, (1, 2)))
    assert np.isnan(conv2d(opposed, np.ones((1, 1, 1, 2))))
    assert lp_pool2d(np.zeros((1, 2, 2)), -1, 2) == 0
    assert conv2d(np.full((1, 1, 2), 6e4, np.float16), np.ones((1, 1, 1, 2), np.float16)) == np.inf


def test_half_precision_is_summed_in_single() -> None:
    ones = np.ones((1, 64, 64), dtype=np.float16)
    assert avg_pool2d(ones, 64) == 1  # 4096 ones in float16 stop at 2048
    assert conv2d(ones, ones[None] / 2) == 2048


@pytest.mark.parametrize(
    ("plane", "mean"), [([[7, 8], [9, 8]], 8), ([[-1, -2], [-3, -1]], -1), ([[2**62] * 2] * 2, 0)]
)
def test_mean_of_integers_is_cut_towards_zero(plane: list[list[int]], mean: int) -> None:
    pooled = avg_pool2d(np.array(plane, dtype=np.int64), 2)
    assert pooled.dtype == np.int64
    assert pooled == mean


@pytest.mark.parametrize(
    ("size", "arguments", "expected"),
    [
        ((224, 224), {"kernel_size": 3, "stride": 2, "padding": 1}, (112, 112)),
        (5, {"kernel_size": 2}, (2, 2)),
        (5, {"kernel_size": 2, "ceil_mode": True}, (3, 3)),
        # The last window would start in the padding on the right: it is left out.
        (4, {"kernel_size": 2, "stride": 3, "padding": 1, "ceil_mode": True}, (2, 2)),
        ((7, 9), {"kernel_size": (3, 2), "stride": (2, 3), "dilation": (2, 1)}, (2, 3)),
    ],
)
def test_output_sizes(size: Any, arguments: dict[str, Any], expected: tuple[int, int]) -> None:
    assert pool_output_size(size, **arguments) == expected


PLANE, IMAGE, KERNEL = np.ones((1, 4, 4)), np.ones((1, 2, 4, 4)), np.ones((2, 2, 2, 2))
WRONG: list[tuple[str, tuple[Any, ...], dict[str, Any], str]] = [
    ("max_pool2d", (PLANE, 0), {}, "kernel_size must be a whole number ≥ 1; got 0"),
    ("max_pool2d", (PLANE, (2, 0)), {}, "kernel_size must be a whole number ≥ 1; got 0"),
    ("max_pool2d", (PLANE, 2.0), {}, "kernel_size must be a whole number ≥ 1; got 2.0"),
    ("max_pool2d", (PLANE, True), {}, "kernel_size must be a whole number ≥ 1; got True"),
    (
        "max_pool2d",
        (PLANE, (2, 2, 2)),
        {},
        "kernel_size must be a whole number or a (height, width)",
    ),
    ("max_pool2d", (PLANE, 5), {}, "kernel_size must be small enough for one window to fit"),
    ("max_pool2d", (PLANE, (1, 5)), {}, "kernel_size must be small enough for one window to fit"),
    ("max_pool2d", (PLANE, (5, 1)), {}, "kernel_size must be small enough for one window to fit"),
    ("max_pool2d", (PLANE, 2, 0), {}, "stride must be a whole number ≥ 1; got 0"),
    ("max_pool2d", (PLANE, 2, 2, -1), {}, "padding must be a whole number ≥ 0; got -1"),
    ("max_pool2d", (PLANE, 3, 2, 2), {}, "padding must be at most half of kernel_size 3; got 2"),
    ("max_pool2d", (PLANE, 2, 2, (0, 2)), {}, "padding must be at most half of kernel_size 2"),
    ("max_pool2d", (PLANE, 2, 2, (2, 0)), {}, "padding must be at most half of kernel_size 2"),
    ("max_pool2d", (PLANE, 2), {"dilation": 0}, "dilation must be a whole number ≥ 1; got 0"),
    ("max_pool2d", (PLANE, 2), {"ceil_mode": 1}, "ceil_mode must be True or False; got 1"),
    ("max_pool2d", (PLANE, 2), {"return_indices": 1}, "return_indices must be True or False"),
    ("max_pool2d", (PLANE > 0, 2), {}, "input must be of dtype float16, float32"),
    ("max_pool2d", (np.ones(4), 1), {}, "input must be of shape (..., H, W)"),
    ("max_pool2d", (np.ones((1, 0, 4, 4)), 1), {}, "input must be of shape (..., H, W)"),
    ("max_pool2d", (np.ones((1, 4, 0)), 1), {}, "input must be of shape (..., H, W)"),
    ("avg_pool2d", (PLANE.astype("i4"), 2), {}, "input must be of dtype float16, float32"),
    ("avg_pool2d", (PLANE, 2), {"count_include_pad": 0}, "count_include_pad must be True or False"),
    ("lp_pool2d", (PLANE, 0, 2), {}, "norm_type must be a number other than 0; got 0"),
    ("lp_pool2d", (PLANE, True, 2), {}, "norm_type must be a number other than 0; got True"),
    ("lp_pool2d", (PLANE, "2", 2), {}, "norm_type must be a number other than 0; got '2'"),
    ("lp_pool2d", (PLANE.astype("i8"), -1, 2), {}, "norm_type must be positive, or a float"),
    ("global_max_pool2d", (PLANE > 0,), {}, "input must be of dtype float16"),
    ("global_avg_pool2d", (PLANE.astype("i8"),), {}, "input must be of dtype float16"),
    ("pool_output_size", (0, 1), {}, "input_size must be a whole number ≥ 1; got 0"),
    ("conv2d", (IMAGE[0, 0], KERNEL), {}, "input must be of shape (N, C, H, W) or (C, H, W)"),
    ("conv2d", (IMAGE[:, :0], KERNEL), {}, "input must be of shape (N, C, H, W) or (C, H, W)"),
    ("conv2d", (IMAGE > 0, KERNEL > 0), {}, "input must be of dtype float16"),
    ("conv2d", (IMAGE, KERNEL.astype("f4")), {}, "weight must be of the dtype of input, float64"),
    ("conv2d", (IMAGE, KERNEL[:, :1]), {}, "weight must be of shape (O, 2, h, w)"),
    ("conv2d", (IMAGE, KERNEL[0]), {}, "weight must be of shape (O, 2, h, w)"),
    ("conv2d", (IMAGE, KERNEL[:0]), {}, "weight must be of shape (O, 2, h, w)"),
    ("conv2d", (IMAGE, KERNEL[:, :1]), {"groups": 3}, "groups must be a divisor of the 2 channels"),
    (
        "conv2d",
        (IMAGE, KERNEL[:1, :1]),
        {"groups": 2},
        "weight must be of shape (O, 1, h, w), O a multiple of groups 2",
    ),
    ("conv2d", (IMAGE, KERNEL), {"groups": 0}, "groups must be a whole number ≥ 1; got 0"),
    ("conv2d", (IMAGE, KERNEL, np.ones(3)), {}, "bias must be of shape (2,), one for each kernel"),
    (
        "conv2d",
        (IMAGE, KERNEL, np.ones(2, "f4")),
        {},
        "bias must be of the dtype of input, float64",
    ),
    ("conv2d", (IMAGE, KERNEL), {"stride": 0}, "stride must be a whole number ≥ 1; got 0"),
    ("conv2d", (IMAGE, KERNEL), {"dilation": 0}, "dilation must be a whole number ≥ 1; got 0"),
    ("conv2d", (IMAGE, KERNEL), {"dilation": (1, 4)}, "weight must be within the padded input"),
    ("conv2d", (IMAGE, KERNEL), {"dilation": (4, 1)}, "weight must be within the padded input"),
    ("conv2d", (IMAGE, KERNEL), {"padding": -1}, "padding must be a whole number ≥ 0; got -1"),
    ("conv2d", (IMAGE, KERNEL), {"padding": "full"}, "padding must be one of valid, same"),
    ("conv2d", (IMAGE, KERNEL), {"padding": "same", "stride": (1, 2)}, "stride must be"),
    ("conv2d", (IMAGE, KERNEL), {"padding_mode": "reflect"}, "padding_mode must be one of zeros"),
    (
        "conv2d",
        (IMAGE.astype("i4"), KERNEL.astype("i4")),
        {"dilation": 2},
        "dilation must be 1 for an input of dtype int32; got 2",
    ),
    *(
        (
            "conv2d",
            (IMAGE, KERNEL),
            {"padding": p, "padding_mode": "circular"},
            "padding must be at most",
        )
        for p in [(0, 5), (5, 0)]
    ),
]


@pytest.mark.parametrize(("operator", "arrays", "arguments", "message"), WRONG)
def test_refusals_name_argument_value_and_what_is_allowed(
    operator: str, arrays: tuple[Any, ...], arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match="; got ") as refusal:
        getattr(operators, operator)(*arrays, **arguments)
    assert str(refusal.value).startswith(message) or message in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_once_around_is_the_most_that_an_image_continues() -> None:
    image = np.arange(4.0).reshape(1, 2, 2)
    around = conv2d(image, np.ones((1, 1, 1, 1)), padding=2, padding_mode="circular")[0]
    np.testing.assert_array_equal(around, np.tile(image[0], (3, 3)))
