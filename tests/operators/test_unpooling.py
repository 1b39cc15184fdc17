"""What a max pooling kept, put back: against loops, and what pooling and unpooling undo."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from explainers.operators import max_pool2d, max_unpool2d
from tests.operators.reference import unpooled

Array = NDArray[Any]
seeded = settings(max_examples=150, deadline=None, derandomize=True)
seeds = st.integers(0, 2**32 - 1)
sides = st.integers(1, 6)
pairs = st.tuples(st.integers(1, 4), st.integers(1, 4))


@seeded
@given(
    seeds,
    st.tuples(sides, sides),
    pairs,
    st.none() | pairs,
    st.sampled_from(["f8", "f4", "f2", "u1", "i1", "i2", "i4", "i8"]),
    st.booleans(),
)
def test_it_is_the_definition(
    seed: int,
    shape: tuple[int, int],
    kernel: tuple[int, int],
    stride: tuple[int, int] | None,
    dtype: str,
    few: bool,
) -> None:
    """Any indices, also equal ones: the last stays."""
    height, width = (
        (side - 1) * step + tap
        for side, step, tap in zip(shape, stride or kernel, kernel, strict=True)
    )
    numbers = np.random.default_rng(seed)
    values = numbers.integers(1, 99, shape).astype(dtype)
    indices = numbers.integers(0, min(height * width, 3 if few else 99), shape)
    found = max_unpool2d(values, indices, kernel, stride)
    assert found.dtype == values.dtype
    np.testing.assert_array_equal(found, unpooled(values, indices, height, width))


@seeded
@given(
    seeds,
    st.tuples(*[st.integers(3, 9)] * 2),
    pairs,
    pairs,
    st.booleans(),
    st.sampled_from([[1.0, 2.0], [np.nan, -np.inf, 1.0], [-0.0, 0.0, -1.0]]),
)
def test_each_maximum_comes_back_to_its_place(
    seed: int,
    shape: tuple[int, int],
    kernel: tuple[int, int],
    stride: tuple[int, int],
    padded: bool,
    palette: list[float],
) -> None:
    """Overlapping windows too: equal indices have equal values, as they name one element."""
    kernel = min(kernel[0], shape[0]), min(kernel[1], shape[1])
    padding = (kernel[0] // 2, kernel[1] // 2) if padded else (0, 0)
    plane = np.random.default_rng(seed).choice(palette, (2, *shape))
    values, indices = max_pool2d(plane, kernel, stride, padding, return_indices=True)
    left_over = [
        (side + 2 * pad - tap) % step
        for side, pad, tap, step in zip(shape, padding, kernel, stride, strict=True)
    ]
    found = max_unpool2d(values, indices, kernel, stride, padding, output_size=plane.shape[-2:])
    assert found.shape == plane.shape
    flat = np.zeros((2, shape[0] * shape[1]), bool)
    np.put_along_axis(flat, indices.reshape(2, -1), True, axis=1)
    kept: Array = flat.reshape(plane.shape)
    np.testing.assert_array_equal(found[kept], plane[kept])
    np.testing.assert_array_equal(np.signbit(found[kept]), np.signbit(plane[kept]))
    assert not found[~kept].any()
    if left_over == [0, 0]:  # the default is the size of which nothing is left over
        alone = max_unpool2d(values, indices, kernel, stride, padding)
        np.testing.assert_array_equal(alone, found)


def test_several_sizes_are_pooled_to_the_same_one() -> None:
    values, indices = np.array([[5.0, 7.0, 9.0]]), np.array([[0, 2, 4]])
    assert max_unpool2d(values, indices, (1, 2)).shape == (1, 6)
    for width in (5, 6, 7):
        assert max_unpool2d(values, indices, (1, 2), output_size=(1, width)).shape == (1, width)
    for width in (4, 8):
        with pytest.raises(ValueError, match=rf"a whole number in \[5, 7\]; got {width}"):
            max_unpool2d(values, indices, (1, 2), output_size=(1, width))
    found = max_unpool2d(values, indices, 3, (2, 1), 1, output_size=(2, 3))
    assert found.tolist() == [[5, 0, 7], [0, 9, 0]]


def test_equal_indices_keep_the_last_in_the_order_of_reading() -> None:
    values = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert max_unpool2d(values, np.array([[5, 5], [5, 0]]), 2)[1].tolist() == [0, 3, 0, 0]
    many = np.arange(1.0, 10_001).reshape(100, 100)
    assert max_unpool2d(many, np.zeros((100, 100), int), 1)[0, 0] == 10_000


def test_a_whole_shape_is_a_size_and_its_first_two_numbers_are_not_read() -> None:
    values, indices = np.ones((1, 2, 2, 2)), np.zeros((1, 2, 2, 2), int)
    for size in ((4, 5), [4, 5], (1, 2, 4, 5), (7, 0, 4, 5)):
        assert max_unpool2d(values, indices, 2, output_size=size).shape == (1, 2, 4, 5)


@pytest.mark.parametrize("lead", [(), (2,), (2, 3), (0, 2), (2, 1, 3)])
def test_any_number_of_leading_axes(lead: tuple[int, ...]) -> None:
    planes = np.random.default_rng(0).standard_normal((*lead, 4, 6))
    values, indices = max_pool2d(planes, 2, return_indices=True)
    found = max_unpool2d(values, indices, 2)
    assert found.shape == planes.shape
    np.testing.assert_array_equal(max_pool2d(np.abs(found), 2), np.abs(values))


VALUES, INDICES = np.ones((1, 2, 2)), np.zeros((1, 2, 2), int)
WRONG: list[tuple[tuple[Any, ...], dict[str, Any], str]] = [
    ((VALUES > 0, INDICES, 2), {}, "input must be of dtype float16, float32"),
    ((VALUES[0, 0], INDICES[0, 0], 2), {}, "input must be of shape (..., H, W), the last three"),
    ((VALUES[:0], INDICES[:0], 2), {}, "input must be of shape (..., H, W), the last three"),
    ((VALUES, INDICES.astype("i4"), 2), {}, "indices must be of dtype int64; got dtype('int32')"),
    ((VALUES, VALUES, 2), {}, "indices must be of dtype int64; got dtype('float64')"),
    ((VALUES, INDICES[0], 2), {}, "indices must be of the shape of input, (1, 2, 2); got (2, 2)"),
    ((VALUES, np.ma.masked_array(INDICES), 2), {}, "indices must be an array without a mask; got"),
    (
        (VALUES, INDICES - 1, 2),
        {},
        "indices must be in [0, 15], a place in a plane of 4 × 4; got -1",
    ),
    (
        (VALUES, INDICES + 16, 2),
        {},
        "indices must be in [0, 15], a place in a plane of 4 × 4; got 16",
    ),
    (
        (VALUES, INDICES + 15, 2),
        {"output_size": (3, 5)},
        "indices must be in [0, 14], a place in a plane of 3 × 5; got 15",
    ),
    ((VALUES, INDICES, 0), {}, "kernel_size must be a whole number ≥ 1; got 0"),
    ((VALUES, INDICES, (2, 2, 2)), {}, "kernel_size must be a whole number or a (height, width)"),
    ((VALUES, INDICES, 2, 0), {}, "stride must be a whole number ≥ 1; got 0"),
    ((VALUES, INDICES, 2, 2, -1), {}, "padding must be a whole number ≥ 0; got -1"),
    ((VALUES, INDICES, 3, 2, 2), {}, "padding must be at most half of kernel_size 3; got 2"),
    ((VALUES, INDICES, 2), {"output_size": 4}, "output_size must be a (height, width) pair, or a"),
    ((VALUES, INDICES, 2), {"output_size": (4,)}, "output_size must be a (height, width) pair, or"),
    ((VALUES, INDICES, 2), {"output_size": (1, 4, 4)}, "output_size must be a (height, width) pai"),
    ((VALUES, INDICES, 2), {"output_size": "44"}, "output_size must be a (height, width) pair, or"),
    (
        (VALUES, INDICES, 2),
        {"output_size": (4.0, 4)},
        "output_size must be a whole number in [3, 5]",
    ),
    ((VALUES, INDICES, 2), {"output_size": (2, 4)}, "output_size must be a whole number in [3, 5]"),
    ((VALUES, INDICES, 2), {"output_size": (4, 6)}, "output_size must be a whole number in [3, 5]"),
    (
        (VALUES, INDICES, 1, 4),
        {"output_size": (1, 9)},
        "output_size must be a whole number in [2, 8",
    ),
    (
        (VALUES[:, :1], INDICES[:, :1], 1, 4),
        {"output_size": (0, 5)},
        "output_size must be a whole number in [1, 4]; got 0",
    ),
    (
        (VALUES, INDICES, 2**31 - 1),
        {},
        "output_size must be small enough for the output to fit in memory; got (4294967294, 4",
    ),
]


@pytest.mark.parametrize(("arguments", "named", "message"), WRONG)
def test_refusals_name_argument_value_and_what_is_allowed(
    arguments: tuple[Any, ...], named: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match="; got ") as refusal:
        max_unpool2d(*arguments, **named)
    assert str(refusal.value).startswith(message)
    assert "\n" not in str(refusal.value)


def test_input_stays_as_it_was() -> None:
    values, indices = np.arange(4.0).reshape(2, 2), np.arange(4).reshape(2, 2)
    found = max_unpool2d(values, indices, 1)
    found += 1
    assert (values.tolist(), indices.tolist()) == ([[0, 1], [2, 3]], [[0, 1], [2, 3]])
