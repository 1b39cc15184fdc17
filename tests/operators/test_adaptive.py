"""Pooling to a given size: the windows by what they touch, and the operators against loops."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from explainers.operators import (
    adaptive_avg_pool2d,
    adaptive_max_pool2d,
    adaptive_windows,
    avg_pool2d,
    global_avg_pool2d,
    global_max_pool2d,
    max_pool2d,
)
from tests.operators.reference import adaptive_windows_along, largest, means

Array = NDArray[Any]
seeded = settings(max_examples=150, deadline=None, derandomize=True)
seeds = st.integers(0, 2**32 - 1)
sides = st.integers(1, 9)
PALETTES: dict[str, list[float]] = {
    "ties": [1.0, 2.0],
    "nan": [np.nan, -np.inf, 3.0],
    "zeros": [-0.0, 0.0, -1.0],
    "lowest": [-np.inf],
}


def filled(seed: int, kind: str, shape: tuple[int, ...], dtype: str = "f8") -> Array:
    numbers = np.random.default_rng(seed)
    if dtype not in ("f2", "f4", "f8"):
        return numbers.integers(0, 9, shape).astype(dtype)
    plain = numbers.standard_normal(shape)
    drawn = numbers.choice(PALETTES[kind], shape) if kind in PALETTES else plain
    return np.asarray(drawn).astype(dtype)


@seeded
@given(st.integers(1, 60), st.integers(1, 80))
def test_each_window_has_all_that_its_share_touches(size: int, windows: int) -> None:
    begins, ends = adaptive_windows(size, windows)
    assert begins.dtype == ends.dtype == np.int64
    found = [list(range(b, e)) for b, e in zip(begins.tolist(), ends.tolist(), strict=True)]
    assert found == adaptive_windows_along(size, windows)


@pytest.mark.parametrize(
    ("size", "windows", "begins", "ends"),
    [
        (6, 3, [0, 2, 4], [2, 4, 6]),
        (7, 3, [0, 2, 4], [3, 5, 7]),
        (5, 4, [0, 1, 2, 3], [2, 3, 4, 5]),
        (2, 5, [0, 0, 0, 1, 1], [1, 1, 2, 2, 2]),
        (1, 3, [0, 0, 0], [1, 1, 1]),
        (2**31 - 1, 1, [0], [2**31 - 1]),
        (2**31 - 1, 2, [0, 2**30 - 1], [2**30, 2**31 - 1]),
    ],
)
def test_windows_by_hand(size: int, windows: int, begins: list[int], ends: list[int]) -> None:
    assert [part.tolist() for part in adaptive_windows(size, windows)] == [begins, ends]


def test_no_window_of_the_largest_sizes_overflows() -> None:
    begins, ends = adaptive_windows(2**31 - 1, 10**6)
    assert (begins[-1], ends[-1]) == ((10**6 - 1) * (2**31 - 1) // 10**6, 2**31 - 1)
    assert (np.diff(begins) > 0).all()


def test_neighbours_share_what_is_cut_in_two() -> None:
    begins, ends = adaptive_windows(13, 7)
    assert begins.tolist() == [0, 1, 3, 5, 7, 9, 11]
    assert ends.tolist() == [2, 4, 6, 8, 10, 12, 13]
    begins, ends = adaptive_windows(8, 7)
    assert (ends - begins).tolist() == [2] * 7


@seeded
@given(
    seeds,
    st.tuples(sides, sides),
    st.tuples(sides, sides),
    st.sampled_from(["plain", *PALETTES]),
    st.sampled_from(["f8", "f8", "f8", "f4", "f2", "u1", "i1", "i2", "i4", "i8"]),
)
def test_max_is_the_definition(
    seed: int, shape: tuple[int, int], wanted: tuple[int, int], kind: str, dtype: str
) -> None:
    plane = filled(seed, kind, shape, dtype)
    values, indices = adaptive_max_pool2d(plane, wanted, return_indices=True)
    windows = [adaptive_windows_along(n, m) for n, m in zip(shape, wanted, strict=True)]
    expected, places = largest(plane, windows)
    for alone in (values, adaptive_max_pool2d(plane, wanted)):
        assert alone.dtype == plane.dtype
        np.testing.assert_array_equal(alone, expected)
        number = alone == alone
        np.testing.assert_array_equal(np.signbit(alone)[number], np.signbit(expected)[number])
    assert indices.dtype == np.int64
    np.testing.assert_array_equal(indices, places)


@seeded
@given(seeds, st.tuples(sides, sides), st.tuples(sides, sides))
def test_mean_is_the_definition(seed: int, shape: tuple[int, int], wanted: tuple[int, int]) -> None:
    plane = filled(seed, "plain", shape)
    windows = [adaptive_windows_along(n, m) for n, m in zip(shape, wanted, strict=True)]
    found = adaptive_avg_pool2d(plane, wanted)
    np.testing.assert_allclose(found, means(plane, windows), rtol=1e-12, atol=1e-12)


@seeded
@given(seeds, st.tuples(sides, sides), st.tuples(st.integers(1, 4), st.integers(1, 4)))
def test_where_the_size_divides_it_is_the_usual_pooling(
    seed: int, wanted: tuple[int, int], kernel: tuple[int, int]
) -> None:
    shape = (2, wanted[0] * kernel[0], wanted[1] * kernel[1])
    planes = filled(seed, "plain", shape)
    found = adaptive_max_pool2d(planes, wanted, return_indices=True)
    for ours, usual in zip(found, max_pool2d(planes, kernel, return_indices=True), strict=True):
        np.testing.assert_array_equal(ours, usual)
    means_of_it = adaptive_avg_pool2d(planes, wanted)
    np.testing.assert_allclose(means_of_it, avg_pool2d(planes, kernel), rtol=1e-12, atol=1e-12)


def test_none_keeps_a_side() -> None:
    plane = filled(1, "plain", (3, 5))
    np.testing.assert_array_equal(adaptive_max_pool2d(plane, (None, None)), plane)
    np.testing.assert_array_equal(adaptive_avg_pool2d(plane, [None, None]), plane)  # type: ignore[arg-type]
    np.testing.assert_array_equal(adaptive_max_pool2d(plane, (1, None))[0], plane.max(axis=0))
    np.testing.assert_array_equal(adaptive_max_pool2d(plane, (None, 1))[:, 0], plane.max(axis=1))


@pytest.mark.parametrize("lead", [(), (1,), (2, 3), (0, 2), (2, 1, 3)])
def test_any_number_of_leading_axes(lead: tuple[int, ...]) -> None:
    array = filled(2, "plain", (*lead, 5, 7))
    values, indices = adaptive_max_pool2d(array, (2, 3), return_indices=True)
    assert values.shape == indices.shape == adaptive_avg_pool2d(array, (2, 3)).shape
    assert values.shape == adaptive_max_pool2d(array, (2, 3)).shape == (*lead, 2, 3)
    np.testing.assert_array_equal(adaptive_max_pool2d(array, 1), global_max_pool2d(array))
    found = adaptive_avg_pool2d(array, 1)
    np.testing.assert_allclose(found, global_avg_pool2d(array), rtol=1e-12)
    if array.size:
        last = array.reshape(-1, 5, 7)[-1]
        alone = adaptive_max_pool2d(last, (2, 3), return_indices=True)
        np.testing.assert_array_equal(values.reshape(-1, 2, 3)[-1], alone[0])
        np.testing.assert_array_equal(indices.reshape(-1, 2, 3)[-1], alone[1])


def test_sums_over_windows_of_any_length_lose_nothing_to_rounding() -> None:
    """Windows of 32 × 501 elements; of 1000 × 2 and 1000 × 1, the longest decides."""
    for shape, wanted in (((32, 1001), (1, 2)), ((1001, 32), (2, 1)), ((1000, 2), (1, 5))):
        plane = np.full(shape, 0.1, np.float32)
        assert adaptive_avg_pool2d(plane, wanted).dtype == np.float32
        np.testing.assert_allclose(adaptive_avg_pool2d(plane, wanted), plane[0, 0], rtol=1e-7)
    ones = np.ones((64, 64), np.float16)
    assert adaptive_avg_pool2d(ones, 1) == 1  # 4096 ones in float16 stop at 2048


def test_infinities_stay_in_their_windows() -> None:
    row = np.array([[1.0, np.inf, 3.0, 4.0, -np.inf, 5.0]])
    assert adaptive_avg_pool2d(row, (1, 3)).tolist() == [[np.inf, 3.5, -np.inf]]


PLANE = np.ones((2, 4, 4))
WHOLE = "output_size must be a whole number"
WRONG: list[tuple[Any, tuple[Any, ...], str]] = [
    *(
        (pool, arguments, message)
        for pool in (adaptive_max_pool2d, adaptive_avg_pool2d)
        for arguments, message in [
            ((PLANE, 0), f"{WHOLE} ≥ 1; got 0"),
            ((PLANE, (2, 0)), f"{WHOLE} ≥ 1; got 0"),
            ((PLANE, (None, -1)), f"{WHOLE} ≥ 1; got -1"),
            ((PLANE, None), f"{WHOLE} ≥ 1; got None"),
            ((PLANE, 2.0), f"{WHOLE} ≥ 1; got 2.0"),
            ((PLANE, True), f"{WHOLE} ≥ 1; got True"),
            ((PLANE, (2,)), f"{WHOLE} or a (height, width) pair of them; got (2,)"),
            ((PLANE, (2, None, 2)), f"{WHOLE} or a (height, width) pair of them; got (2, None, 2)"),
            ((PLANE, 2**31), "output_size must be at most 2147483647; got 2147483648"),
            ((PLANE > 0, 2), "input must be of dtype float16, float32, float64"),
            ((PLANE[0, 0], 2), "input must be of shape (..., H, W), the last three of them"),
            ((PLANE[:0], 2), "input must be of shape (..., H, W), the last three of them"),
        ]
    ),
    (adaptive_avg_pool2d, (PLANE.astype("i8"), 2), "input must be of dtype float16, float32, flo"),
    (adaptive_max_pool2d, (PLANE, 2, 1), "return_indices must be True or False; got 1"),
    (adaptive_windows, (0, 1), "size must be a whole number in [1, 2147483647]; got 0"),
    (adaptive_windows, (2**31, 1), "size must be a whole number in [1, 2147483647]; got"),
    (adaptive_windows, (3, 0), f"{WHOLE} in [1, 2147483647]; got 0"),
    (adaptive_windows, (3, 2**31), f"{WHOLE} in [1, 2147483647]; got 2147483648"),
    (adaptive_windows, (3, (2, 2)), f"{WHOLE} in [1, 2147483647]; got (2, 2)"),
]


@pytest.mark.parametrize(("operator", "arguments", "message"), WRONG)
def test_refusals_name_argument_value_and_what_is_allowed(
    operator: Any, arguments: tuple[Any, ...], message: str
) -> None:
    with pytest.raises(ValueError, match="; got ") as refusal:
        operator(*arguments)
    assert str(refusal.value).startswith(message)
    assert "\n" not in str(refusal.value)
