"""What comes in by any entrance: masks, byte orders, huge numbers, NumPy's settings; long sums."""

from __future__ import annotations

import math
import warnings
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from explainers import operators
from explainers.operators import (
    avg_pool2d,
    conv2d,
    global_avg_pool2d,
    lp_pool2d,
    max_pool2d,
    pool_output_size,
    shift2d,
)

Array = NDArray[Any]
seeded = settings(max_examples=200, deadline=None, derandomize=True)
KERNELS = np.ones((1, 1, 2, 2))


def indices_for(array: Any) -> Any:
    """A place for each element of an array; for lists, which are refused, any."""
    return np.arange(array.size).reshape(array.shape) if isinstance(array, np.ndarray) else 0


# What each operator that takes an array is called with besides.
CALLS: dict[str, tuple[Any, ...]] = {
    "adaptive_avg_pool2d": (3,),
    "adaptive_max_pool2d": (3,),
    "avg_pool1d": (2,),
    "avg_pool2d": (2,),
    "avg_pool3d": ((1, 2, 2),),
    "blur2d": (3,),
    "blur_pool2d": (2, 2, 3),
    "conv2d": (KERNELS,),
    "global_avg_pool2d": (),
    "global_max_pool2d": (),
    "lp_pool2d": (2, 2),
    "max_blur_pool2d": (2, 2, 3),
    "max_pool1d": (2,),
    "max_pool2d": (2,),
    "max_pool3d": ((1, 2, 2),),
    "max_unpool2d": (indices_for, 2),
    "median_pool2d": (2,),
    "min_pool2d": (2,),
    "polyphase_pool2d": (2,),
    "shift2d": (1, -1),
    "subsample2d": (2,),
}
ON_SIZES = {"adaptive_windows", "pool_output_size", "same_padding"}


def call(name: str, array: Any) -> Array:
    given = getattr(operators, name)(array, *(_like(array, x) for x in CALLS[name]))
    return np.asarray(given)


def _like(array: Any, argument: Any) -> Any:
    if callable(argument):
        return argument(array)
    if isinstance(argument, np.ndarray) and isinstance(array, np.ndarray):
        return argument.astype(array.dtype.newbyteorder("="))
    return argument


def test_every_operator_on_arrays_is_called_here() -> None:
    assert set(CALLS) == set(operators.__all__) - ON_SIZES


@pytest.mark.parametrize("name", CALLS)
def test_a_mask_is_refused_as_it_would_be_lost(name: str) -> None:
    masked = np.ma.masked_greater(np.arange(16.0).reshape(1, 4, 4), 9)
    for array in (masked, [masked[0]], (list(masked[0]),)):
        with pytest.raises(ValueError, match="input must be an array without a mask; got ") as no:
            call(name, array)
        assert "\n" not in str(no.value)


@pytest.mark.parametrize("name", CALLS)
def test_ragged_lists_are_refused_in_one_line(name: str) -> None:
    with pytest.raises(ValueError, match=r"input must be an array of numbers; got \[\[1") as no:
        call(name, [[1.0, 2.0], [3.0]])
    assert "\n" not in str(no.value)


@pytest.mark.parametrize("argument", ["weight", "bias"])
def test_kernels_and_biases_come_in_by_the_same_entrance(argument: str) -> None:
    image = np.ones((1, 4, 4), "f4")
    own: dict[str, Any] = {"weight": np.ones((1, 1, 2, 2), "f4"), "bias": np.ones(1, "f4")}
    foreign = own | {argument: own[argument].astype(">f4")}
    given = conv2d(image.astype(">f4"), **foreign)
    assert given.dtype.isnative
    np.testing.assert_array_equal(given, conv2d(image, **own))
    with pytest.raises(ValueError, match=f"{argument} must be an array without a mask"):
        conv2d(image, **(own | {argument: np.ma.masked_array(own[argument])}))
    with pytest.raises(ValueError, match=f"{argument} must be of dtype float16"):
        conv2d(image, **(own | {argument: own[argument] > 0}))


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("dtype", ["f2", "f4", "f8"])
def test_foreign_byte_orders_give_the_same_in_the_order_of_the_machine(
    name: str, dtype: str
) -> None:
    array = np.random.default_rng(1).standard_normal((1, 6, 6)).astype(dtype)
    given = call(name, array.astype(array.dtype.newbyteorder()))
    assert given.dtype.isnative
    np.testing.assert_array_equal(given, call(name, array))


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("dtype", ["f2", "f4", "f8"])
def test_what_numpy_is_set_to_do_about_overflow_changes_nothing(name: str, dtype: str) -> None:
    limits = np.finfo(dtype)
    palette = [limits.max, limits.tiny, limits.smallest_subnormal, 0.0, -0.0, np.nan, np.inf]
    arrays = [np.full((1, 4, 4), value, dtype) for value in palette]
    arrays.append(np.resize(np.array(palette, dtype), (1, 4, 4)))
    arrays.append(np.eye(4, dtype=dtype)[None] * limits.smallest_subnormal)
    for array in arrays:
        quiet = call(name, array)
        for setting in ("raise", "warn"):
            with np.errstate(all=setting), warnings.catch_warnings():
                warnings.simplefilter("error")
                np.testing.assert_array_equal(call(name, array), quiet)
                assert np.geterr()["over"] == setting


HUGE = 2**70
ONE = np.ones((1, 4, 4))
TOO_LARGE: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
    ("max_pool2d", (ONE, 2, HUGE), {}),
    ("max_pool2d", (ONE, HUGE, 1, HUGE // 2), {}),
    ("max_pool2d", (ONE, 2), {"dilation": HUGE}),
    ("min_pool2d", (ONE, 2, HUGE), {}),
    ("avg_pool2d", (ONE, 2, (1, HUGE)), {}),
    ("lp_pool2d", (ONE, 2, 2, HUGE), {}),
    ("median_pool2d", (ONE, 2, HUGE), {}),
    ("subsample2d", (ONE, HUGE), {}),
    ("blur_pool2d", (ONE, 2, HUGE), {}),
    ("max_blur_pool2d", (ONE, 2, HUGE), {}),
    ("conv2d", (ONE, KERNELS), {"stride": HUGE}),
    ("conv2d", (ONE, KERNELS), {"padding": HUGE}),
    ("conv2d", (ONE, KERNELS), {"dilation": HUGE}),
    ("adaptive_max_pool2d", (ONE, HUGE), {}),
    ("adaptive_avg_pool2d", (ONE, (2, HUGE)), {}),
    ("max_pool1d", (ONE, 2, HUGE), {}),
    ("avg_pool1d", (ONE, 2, HUGE), {}),
    ("max_pool3d", (ONE, 1, (1, 1, HUGE)), {}),
    ("avg_pool3d", (ONE, 1, (HUGE, 1, 1)), {}),
    ("max_unpool2d", (ONE, np.zeros(ONE.shape, int), 2, HUGE), {}),
    ("pool_output_size", (4, 2, HUGE), {}),
    ("pool_output_size", (HUGE, 2), {}),
]


@pytest.mark.parametrize(("name", "arguments", "named"), TOO_LARGE)
def test_sizes_that_no_int_of_pytorchs_holds_are_refused(
    name: str, arguments: tuple[Any, ...], named: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match="must be at most 2147483647; got 1180591620717411303424"):
        getattr(operators, name)(*arguments, **named)


def test_the_largest_size_is_one_that_the_operators_take() -> None:
    most = 2**31 - 1
    assert pool_output_size(4, 2, most) == (1, 1)
    assert max_pool2d(ONE, 2, most).tolist() == [[[1]]]
    assert conv2d(ONE, KERNELS, stride=most).tolist() == [[[4]]]
    values, indices = max_pool2d(-ONE, most, most, most // 2, return_indices=True)
    assert (values.tolist(), indices.tolist()) == ([[[-1]]], [[[0]]])
    with pytest.raises(ValueError, match="padding must be small enough for the padded input"):
        conv2d(ONE, KERNELS, padding=most)


@pytest.mark.parametrize(
    "p",
    [10**400, -(10**400), 2**63, Fraction(10**400), Fraction(1, 10**400)],
    ids=["huge", "hugely negative", "no int64", "huge fraction", "tiny fraction"],
)
def test_powers_that_no_number_of_the_machine_holds_are_refused(p: Any) -> None:
    with pytest.raises(ValueError, match="norm_type must be a number that int64 or float64") as no:
        lp_pool2d(ONE, p, 2)
    assert len(str(no.value)) < 200
    assert lp_pool2d(ONE, 2**63 - 1, 2).tolist() == [[[1, 1], [1, 1]]]
    half: Any = Fraction(1, 2)
    assert lp_pool2d(ONE, half, 2).tolist() == [[[16, 16], [16, 16]]]


def test_shifts_of_any_length_are_taken() -> None:
    row = np.arange(5.0).reshape(1, 5)
    np.testing.assert_array_equal(shift2d(row, 0, 5 * HUGE + 2, "circular"), np.roll(row, 2))
    assert not shift2d(row, 0, HUGE).any()


# Powers of integers: none is negated or made absolute where its dtype has no room for that

INTEGERS = ["u1", "i1", "i2", "i4", "i8"]
POWERS: list[float] = [math.inf, -math.inf, 1.0, 2.0, -1.0, 0.5, 1, 2, 3]


@st.composite
def integer_planes(draw: st.DrawFn) -> Array:
    dtype: Any = draw(st.sampled_from(INTEGERS))
    limits = np.iinfo(dtype)
    ends = [limits.min, limits.min + 1, limits.max, limits.max - 1]
    values = st.one_of(st.integers(max(limits.min, -9), 9), st.sampled_from(ends))
    side = st.integers(1, 4)
    height, width = draw(side), draw(side)
    rows = [[draw(values) for _ in range(width)] for _ in range(height)]
    return np.array(rows, dtype)


@seeded
@given(integer_planes(), st.sampled_from(POWERS), st.integers(1, 3), st.integers(1, 2))
def test_power_means_of_integers_are_those_of_the_whole_numbers(
    plane: Array, p: float, kernel: int, stride: int
) -> None:
    """Window by window in Python's own integers, which have no ends."""
    kernel, limits = min(kernel, *plane.shape), np.iinfo(plane.dtype)
    if isinstance(p, int) and plane.dtype != np.int64:
        with pytest.raises(ValueError, match=r"input must be of dtype float16, .*, int64; got"):
            lp_pool2d(plane, p, kernel, stride)
        return
    if math.isinf(p) and limits.min < 0 and (plane == limits.min).any():
        with pytest.raises(
            ValueError, match=f"above {limits.min}, whose absolute value is no {plane.dtype}"
        ):
            lp_pool2d(plane, p, kernel, stride)
        return
    given = lp_pool2d(plane, p, kernel, stride)
    for (i, j), value in np.ndenumerate(given):
        window = plane[i * stride :, j * stride :][:kernel, :kernel].ravel().tolist()
        expected = _norm(window, p)
        if expected is not None:
            assert value == pytest.approx(expected, rel=1e-5)
    assert given.dtype == (plane.dtype if math.isinf(p) else np.float32)


def _norm(window: list[int], p: float) -> float | None:
    """The norm, where the powers are no larger than float32 or int64 can hold, nor complex."""
    if math.isinf(p):
        return (max if p > 0 else min)(map(abs, window))
    if min(window) <= 0 or max(window) > 2**15:
        return None
    if isinstance(p, int):  # of whole numbers the mean of the powers is whole
        return math.pow(sum(x**p for x in window) // len(window) * len(window), 1 / p)
    return math.pow(math.fsum(math.pow(x, p) for x in window), 1 / p)


def test_infinite_power_means_of_integers_by_hand() -> None:
    """Zero has no minus among the unsigned, and 128 is no int8."""
    unsigned = np.array([[0, 5], [7, 9]], np.uint8)
    assert lp_pool2d(unsigned, -math.inf, 2).tolist() == [[0]]
    assert lp_pool2d(unsigned, math.inf, 2).tolist() == [[9]]
    signed = np.array([[-127, 1], [2, 3]], np.int8)
    assert lp_pool2d(signed, math.inf, 2).tolist() == [[127]]
    signed[0, 0] = -128
    for p in (math.inf, -math.inf):
        with pytest.raises(
            ValueError, match=r"above -128, whose absolute value is no int8; got -128"
        ):
            lp_pool2d(signed, p, 2)


@pytest.mark.parametrize("p", [300, 2])
def test_whole_powers_of_small_integers_are_refused_before_they_are_taken(p: int) -> None:
    with pytest.raises(ValueError, match=r"input must be of dtype float16, .*, int64; got .*int8"):
        lp_pool2d(np.ones((2, 2), np.int8), p, 2)


# Long sums


@pytest.mark.parametrize("dtype", ["f2", "f4"])
@pytest.mark.parametrize("shape", [(1_000_000, 1), (1, 1_000_000), (1000, 1000)])
def test_sums_of_a_million_lose_nothing_to_rounding(shape: tuple[int, int], dtype: str) -> None:
    """One addition after the other, in float32, is wrong by one in a thousand here."""
    array = np.full((1, *shape), 0.1, dtype)
    rounding = 2 * float(np.finfo(dtype).eps)
    one = float(array[0, 0, 0])
    assert float(global_avg_pool2d(array).item()) == pytest.approx(one, rel=rounding)
    assert float(avg_pool2d(array, shape).item()) == pytest.approx(one, rel=rounding)
    kernels = np.full((1, 1, *shape), 2.0**-10, dtype)
    assert float(conv2d(array, kernels).item()) == pytest.approx(one * 1e6 / 1024, rel=rounding)
    if dtype == "f4":
        assert float(lp_pool2d(array, 1, shape).item()) == pytest.approx(one * 1e6, rel=rounding)


@seeded
@given(st.integers(0, 2**32 - 1), st.sampled_from([(1, 1000), (1000, 1), (32, 32), (7, 300)]))
def test_means_in_float32_are_within_rounding_whatever_the_window(
    seed: int, kernel: tuple[int, int]
) -> None:
    plane = np.random.default_rng(seed).random((kernel[0] + 1, kernel[1] + 1)).astype("f4")
    for (i, j), mean in np.ndenumerate(avg_pool2d(plane, kernel, 1)):
        window = plane[i : i + kernel[0], j : j + kernel[1]]
        exact = math.fsum(window.ravel().tolist()) / window.size
        assert float(mean) == pytest.approx(exact, rel=2e-6)
