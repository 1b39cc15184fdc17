"""Pooling along one axis and along three, against loops and against the operators on planes."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from explainers import operators
from explainers.operators import (
    avg_pool1d,
    avg_pool2d,
    avg_pool3d,
    max_pool1d,
    max_pool2d,
    max_pool3d,
)
from tests.operators.reference import Along, largest, means, windows_along

Array = NDArray[Any]
seeded = settings(max_examples=150, deadline=None, derandomize=True)
seeds = st.integers(0, 2**32 - 1)
MAX: dict[int, Any] = {1: max_pool1d, 3: max_pool3d}
MEAN: dict[int, Any] = {1: avg_pool1d, 3: avg_pool3d}
LONGEST = {1: 20, 3: 6}
PALETTES: dict[str, list[float]] = {
    "ties": [1.0, 2.0],
    "nan": [np.nan, -np.inf, 3.0],
    "zeros": [-0.0, 0.0, -1.0],
    "lowest": [-np.inf],
}


def filled(seed: int, kind: str, shape: tuple[int, ...], dtype: str = "f8") -> Array:
    numbers = np.random.default_rng(seed)
    if dtype not in ("f2", "f4", "f8"):
        limits = np.iinfo(dtype)
        return numbers.integers(max(limits.min, -9), 9, shape).astype(dtype)
    plain = numbers.standard_normal(shape)
    drawn = numbers.choice(PALETTES[kind], shape) if kind in PALETTES else plain
    return np.asarray(drawn).astype(dtype)


@st.composite
def poolings(draw: st.DrawFn, axes: int, dilations: int) -> tuple[tuple[int, ...], list[Along]]:
    ceil, longest = draw(st.booleans()), 4 if axes == 3 else 6
    shape = tuple(draw(st.integers(1, LONGEST[axes])) for _ in range(axes))
    arguments = []
    for _ in shape:
        kernel = draw(st.integers(1, longest))
        padding = draw(st.integers(0, kernel // 2))
        dilation = draw(st.integers(1, dilations))
        arguments.append(Along(kernel, draw(st.integers(1, 4)), padding, dilation, ceil))
    return shape, arguments


def named(arguments: list[Along]) -> dict[str, Any]:
    """PyTorch's arguments: a number for one axis, a tuple for several."""
    kernel, stride, padding, dilation, ceil = zip(*arguments, strict=True)
    given = {"kernel_size": kernel, "stride": stride, "padding": padding, "dilation": dilation}
    alone = {name: value[0] if len(value) == 1 else value for name, value in given.items()}
    return {**alone, "ceil_mode": ceil[0]}


def windows_of(shape: tuple[int, ...], arguments: list[Along]) -> list[list[list[int]]]:
    return [windows_along(size, along) for size, along in zip(shape, arguments, strict=True)]


def same(ours: Array, expected: Array) -> None:
    assert ours.dtype == expected.dtype
    np.testing.assert_array_equal(ours, expected)
    number = ours == ours
    np.testing.assert_array_equal(np.signbit(ours)[number], np.signbit(expected)[number])


DTYPES = st.sampled_from(["f8", "f8", "f8", "f4", "f2", "u1", "i1", "i2", "i4", "i8"])


@pytest.mark.parametrize("axes", [1, 3])
@seeded
@given(st.data(), seeds, st.sampled_from(["plain", *PALETTES]), DTYPES)
def test_max_is_the_definition(axes: int, data: Any, seed: int, kind: str, dtype: str) -> None:
    shape, arguments = data.draw(poolings(axes, 3))
    array, windows = filled(seed, kind, shape, dtype), windows_of(shape, arguments)
    if not all(windows):
        with pytest.raises(ValueError, match=f"kernel_size must be .* of size \\({shape[0]},"):
            MAX[axes](array, **named(arguments))
        return
    values, indices = MAX[axes](array, **named(arguments), return_indices=True)
    expected, places = largest(array, windows)
    same(values, expected)
    same(indices, places)
    same(MAX[axes](array, **named(arguments)), expected)


@pytest.mark.parametrize("axes", [1, 3])
@seeded
@given(st.data(), seeds, st.booleans(), st.sampled_from(["f8", "f8", "i8"]), st.integers(-3, 3))
def test_mean_is_the_definition(
    axes: int, data: Any, seed: int, include_pad: bool, dtype: str, override: int
) -> None:
    shape, arguments = data.draw(poolings(axes, 1))
    array, windows = filled(seed, "plain", shape, dtype), windows_of(shape, arguments)
    wanted: dict[str, Any] = {**named(arguments), "count_include_pad": include_pad}
    del wanted["dilation"]
    divisor = override if axes == 3 and override else None
    if divisor:
        wanted["divisor_override"] = divisor
    if not all(windows):
        with pytest.raises(ValueError, match="kernel_size must be small enough"):
            MEAN[axes](array, **wanted)
        return
    border = tuple(along.padding if include_pad else 0 for along in arguments)
    expected = means(array, windows, border, divisor)
    found = MEAN[axes](array, **wanted)
    assert found.dtype == expected.dtype
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


@seeded
@given(seeds, st.sampled_from(["plain", *PALETTES]))
def test_a_volume_of_one_plane_is_pooled_as_the_plane(seed: int, kind: str) -> None:
    planes = filled(seed, kind, (2, 6, 5))
    values, indices = max_pool3d(
        planes[:, None], (1, 3, 2), (1, 2, 1), (0, 1, 1), return_indices=True
    )
    flat, there = max_pool2d(planes, (3, 2), (2, 1), 1, return_indices=True)
    same(values[:, 0], flat)
    same(indices[:, 0], there)
    found = avg_pool3d(planes[:, None], (1, 3, 2), (1, 2, 1), (0, 1, 1))
    np.testing.assert_allclose(found[:, 0], avg_pool2d(planes, (3, 2), (2, 1), 1), rtol=1e-12)


def test_axes_keep_their_order() -> None:
    volume = np.arange(60.0).reshape(3, 4, 5)
    assert max_pool3d(volume, (1, 2, 5)).shape == avg_pool3d(volume, (1, 2, 5)).shape == (3, 2, 1)
    assert max_pool3d(volume, 1, (3, 1, 2)).shape == avg_pool3d(volume, 1, (3, 1, 2)).shape
    assert max_pool3d(volume, (3, 1, 1), return_indices=True)[1].tolist()[0][1] == [
        45,
        46,
        47,
        48,
        49,
    ]
    assert max_pool3d(volume, 2, dilation=(1, 2, 4)).shape == (1, 1, 1)


def test_by_hand_along_a_line() -> None:
    line = np.array([2.0, 9.0, 4.0, 9.0, 1.0])
    assert max_pool1d(line, 2).tolist() == [9, 9]
    assert max_pool1d(line, 2, ceil_mode=True).tolist() == [9, 9, 1]
    assert max_pool1d(line, 3, stride=2, padding=1, return_indices=True)[1].tolist() == [1, 1, 3]
    assert max_pool1d(line, (2,), (1,), (0,), (3,)).tolist() == [9, 9]
    assert avg_pool1d(line, 2, padding=1).tolist() == [1, 6.5, 5]
    assert avg_pool1d(line, 2, padding=1, count_include_pad=False).tolist() == [2, 6.5, 5]
    assert avg_pool1d(line, 2, ceil_mode=True).tolist() == [5.5, 6.5, 1]
    assert avg_pool1d(np.array([-1, -2, 7, 8]), 2).tolist() == [-1, 7]


def test_by_hand_in_a_volume() -> None:
    """Of the equal ones the first plane's wins, though the second has it further up."""
    volume = np.zeros((2, 2, 2))
    volume[0, 1, 1] = volume[1, 0, 0] = 3
    assert [part.item() for part in max_pool3d(volume, 2, return_indices=True)] == [3, 3]
    assert avg_pool3d(volume, 2).item() == 0.75
    assert avg_pool3d(volume, 2, divisor_override=-3).item() == -2
    assert avg_pool3d(volume, 2, padding=1).tolist()[0] == [[0, 0], [0, 0.375]]
    assert avg_pool3d(volume, 2, padding=1, count_include_pad=False).tolist()[0][1] == [0, 3]
    volume[0, 0, 1] = volume[1, 1, 0] = np.nan
    assert max_pool3d(volume, 2, return_indices=True)[1].item() == 6


def test_window_in_the_padding_altogether() -> None:
    """Window 1 of each axis that is dilated has its taps at −1 and 4, of places 0 to 3."""
    line = np.arange(4.0)
    values, indices = max_pool1d(line, 2, stride=1, padding=1, dilation=5, return_indices=True)
    assert (values.tolist(), indices.tolist()) == ([-np.inf], [4])
    volume, alone = np.arange(64.0).reshape(4, 4, 4), Along(2, 1, 1)
    for axis, first in ((0, 64), (1, 16), (2, 4)):
        arguments = [alone._replace(dilation=5) if n == axis else alone for n in range(3)]
        values, indices = max_pool3d(volume, **named(arguments), return_indices=True)
        assert (values == -np.inf).all()
        assert indices.flat[0] == first
        same(indices, largest(volume, windows_of(volume.shape, arguments))[1])


@pytest.mark.parametrize("lead", [(), (1,), (2,), (2, 3), (0, 2), (2, 1, 3)])
@pytest.mark.parametrize("axes", [1, 3])
def test_any_number_of_leading_axes(axes: int, lead: tuple[int, ...]) -> None:
    shape = (5, 6, 7)[-axes:]
    array = filled(3, "plain", (*lead, *shape))
    pooled, at = MAX[axes](array, 2, return_indices=True)
    mean = MEAN[axes](array, 2)
    assert pooled.shape == at.shape == mean.shape == (*lead, *(2, 3, 3)[-axes:])
    assert MAX[axes](array, 2).shape == pooled.shape
    for number in product(*map(range, lead)):
        same(pooled[number], MAX[axes](array[number], 2))
        same(at[number], MAX[axes](array[number], 2, return_indices=True)[1])
        np.testing.assert_allclose(mean[number], MEAN[axes](array[number], 2), rtol=1e-12)


def test_sums_over_volumes_lose_nothing_to_rounding() -> None:
    """Neither a window's plane nor its depth is long: the volume is."""
    for shape, kernel in (((900, 1, 320), (900, 1, 40)), ((40, 900, 8), (40, 900, 1))):
        volume = np.full(shape, 0.1, np.float32)
        found = avg_pool3d(volume, kernel)
        assert (found.shape, found.dtype.name) == ((1, 1, 8), "float32")
        np.testing.assert_allclose(found, volume[0, 0, 0], rtol=1e-7)
    halves = np.full((16, 16, 16), 1, np.float16)  # 4096 ones in float16 stop at 2048
    assert avg_pool3d(halves, 16).item() == 1
    assert avg_pool3d(halves, 16).dtype == np.float16


def test_input_stays_as_it_was() -> None:
    array = filled(5, "plain", (2, 4, 5, 6))
    before = array.copy()
    for pool in (max_pool1d, avg_pool1d, max_pool3d, avg_pool3d):
        pool(array, 1)
        pool(array, 2)
    np.testing.assert_array_equal(array, before)


LINE, VOLUME = np.ones((2, 4)), np.ones((2, 4, 4, 4))
SIZES = "must be a whole number or a"
WRONG: list[tuple[str, Array, dict[str, Any], str]] = [
    ("pool1d", LINE, {"kernel_size": (2, 2)}, f"kernel_size {SIZES} (length,) tuple of one; got"),
    ("pool1d", LINE, {"kernel_size": 0}, "kernel_size must be a whole number ≥ 1; got 0"),
    ("pool1d", LINE, {"kernel_size": (2.0,)}, "kernel_size must be a whole number ≥ 1; got 2.0"),
    (
        "pool1d",
        LINE,
        {"kernel_size": 5},
        "kernel_size must be small enough for one window to fit in an input of size (4,); got 5",
    ),
    ("pool1d", LINE, {"kernel_size": 2, "stride": 0}, "stride must be a whole number ≥ 1; got 0"),
    ("pool1d", LINE, {"kernel_size": 2, "padding": 2}, "padding must be at most half of"),
    ("pool1d", LINE, {"kernel_size": 2, "padding": -1}, "padding must be a whole number ≥ 0; got"),
    ("pool1d", LINE, {"kernel_size": 2, "ceil_mode": 1}, "ceil_mode must be True or False; got 1"),
    ("pool1d", LINE > 0, {"kernel_size": 2}, "input must be of dtype float16, float32"),
    ("pool1d", LINE[0, 0], {"kernel_size": 1}, "input must be of shape (..., L), the last two of"),
    ("pool1d", LINE[:, :0], {"kernel_size": 1}, "input must be of shape (..., L), the last two of"),
    ("pool1d", LINE[:0], {"kernel_size": 1}, "input must be of shape (..., L), the last two of"),
    ("pool3d", VOLUME, {"kernel_size": (2, 2)}, f"kernel_size {SIZES} (depth, height, width) tri"),
    ("pool3d", VOLUME, {"kernel_size": (5, 1, 1)}, "kernel_size must be small enough for one"),
    ("pool3d", VOLUME, {"kernel_size": 2, "stride": (1, 0, 1)}, "stride must be a whole number"),
    ("pool3d", VOLUME, {"kernel_size": (4, 4, 2), "padding": 2}, "padding must be at most half"),
    ("pool3d", VOLUME, {"kernel_size": 2, "ceil_mode": 0}, "ceil_mode must be True or False; got"),
    ("pool3d", VOLUME > 0, {"kernel_size": 2}, "input must be of dtype float16, float32"),
    ("pool3d", VOLUME[0, 0], {"kernel_size": 1}, "input must be of shape (..., D, H, W), the last"),
    (
        "pool3d",
        VOLUME[:0],
        {"kernel_size": 1},
        "input must be of shape (..., D, H, W), the last four",
    ),
    ("pool3d", VOLUME[:, :, :0], {"kernel_size": 1}, "input must be of shape (..., D, H, W)"),
]
MORE_WRONG: list[tuple[str, Array, dict[str, Any], str]] = [
    *(
        (f"{kind}_{name}", array, arguments, message)
        for name, array, arguments, message in WRONG
        for kind in ("max", "avg")
    ),
    ("max_pool1d", LINE, {"kernel_size": 2, "dilation": 0}, "dilation must be a whole number ≥ 1"),
    ("max_pool3d", VOLUME, {"kernel_size": 2, "dilation": (1, 2)}, f"dilation {SIZES} (depth,"),
    ("max_pool1d", LINE, {"kernel_size": 2, "return_indices": 1}, "return_indices must be True or"),
    ("max_pool3d", VOLUME, {"kernel_size": 2, "return_indices": 1}, "return_indices must be True"),
    ("avg_pool1d", LINE, {"kernel_size": 2, "count_include_pad": 1}, "count_include_pad must be"),
    ("avg_pool3d", VOLUME, {"kernel_size": 2, "count_include_pad": 1}, "count_include_pad must be"),
    (
        "avg_pool1d",
        LINE.astype("i4"),
        {"kernel_size": 2},
        "input must be of dtype float16, float32",
    ),
    ("avg_pool3d", VOLUME.astype("u1"), {"kernel_size": 2}, "input must be of dtype float16"),
    (
        "avg_pool3d",
        VOLUME,
        {"kernel_size": 2, "divisor_override": 0},
        "divisor_override must be a whole number other than 0; got 0",
    ),
    *(
        (
            "avg_pool3d",
            VOLUME,
            {"kernel_size": 2, "divisor_override": wrong},
            f"divisor_override must be a whole number in [{-(2**63)}, {2**63 - 1}]; got",
        )
        for wrong in (2.0, True, 2**63, -(2**63) - 1)
    ),
]


@pytest.mark.parametrize(("operator", "array", "arguments", "message"), MORE_WRONG)
def test_refusals_name_argument_value_and_what_is_allowed(
    operator: str, array: Array, arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match="; got ") as refusal:
        getattr(operators, operator)(array, **arguments)
    assert str(refusal.value).startswith(message)
    assert "\n" not in str(refusal.value)


def test_the_ends_of_int64_are_divisors() -> None:
    for end in (2**63 - 1, -(2**63)):
        assert avg_pool3d(VOLUME, 2, divisor_override=end).flat[0] == pytest.approx(8 / end)
