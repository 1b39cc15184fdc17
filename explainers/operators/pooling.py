"""Max, mean and power-mean pooling with PyTorch's names and results; min and median beside them."""

from __future__ import annotations

import math
from numbers import Integral, Real
from typing import Literal, overload

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from explainers.checks import Ints, refuse
from explainers.kinds import Flag
from explainers.operators.arrays import FLOATS, INTEGERS, checked_planes, quiet
from explainers.operators.folds import indices_of, lowest, maxima, planes_of, quotient, sums
from explainers.operators.windows import Array, Size, blocks, pool_axes


@overload
def max_pool2d(
    input: Array,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    dilation: Size = 1,
    ceil_mode: bool = False,
    return_indices: Literal[False] = False,
) -> Array: ...


@overload
def max_pool2d(
    input: Array,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    dilation: Size = 1,
    ceil_mode: bool = False,
    *,
    return_indices: Literal[True],
) -> tuple[Array, Ints]: ...


@overload
def max_pool2d(
    input: Array,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    dilation: Size = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Array | tuple[Array, Ints]: ...


@quiet
def max_pool2d(
    input: Array,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    dilation: Size = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Array | tuple[Array, Ints]:
    """Return the largest element of each window.

    Parameters
    ----------
    input
        Array of shape (..., H, W), of floats, signed integers or uint8.
    kernel_size
        Height and width of a window; an int stands for both, here and below.
    stride
        Elements from one window to the next; by default `kernel_size`.
    padding
        Elements added on each side, at most half of `kernel_size`. They never win: they count as
        −∞, or as the lowest integer.
    dilation
        Elements from one tap of a window to the next.
    ceil_mode
        Whether a last, incomplete window counts.
    return_indices
        Whether to return where the maxima are as well.

    Returns
    -------
    Array | tuple[Array, Ints]
        Shape (..., H', W'), with H' and W' of `pool_output_size`, and the dtype of `input`. With
        `return_indices`, also the int64 index in its H·W plane of each maximum: of the first
        among equals, and of the last NaN. NaN wins over all numbers.

    Raises
    ------
    ValueError
        If an argument is out of its range, no window fits, or `input` has another dtype or
        fewer than two dimensions, or one of its last three is 0.

    Examples
    --------
    >>> x = np.array([[1.0, 5.0, 2.0, 0.0], [3.0, 4.0, 8.0, 8.0]])
    >>> max_pool2d(x, 2)
    array([[5., 8.]])
    >>> max_pool2d(x, 2, return_indices=True)[1]
    array([[1, 6]])

    Notes
    -----
    Equal to `torch.nn.functional.max_pool2d` to the last bit, indices included. Like it, a
    window that lies in the padding altogether (possible with dilation) gives −∞ and an index that
    may point outside the plane.
    """
    array = checked_planes(input, FLOATS + INTEGERS)
    rows, columns = pool_axes(array.shape[-2:], kernel_size, stride, padding, dilation, ceil_mode)
    wanted = Flag().check("return_indices", return_indices)
    planes, shape = planes_of(array), array.shape[:-2] + (rows.windows, columns.windows)
    values = maxima(planes, rows, columns)
    if wanted:
        indices = indices_of(planes, values, rows, columns)
        return values.reshape(shape), indices.reshape(shape)
    return values.reshape(shape)


@quiet
def min_pool2d(
    input: Array,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    dilation: Size = 1,
    ceil_mode: bool = False,
) -> Array:
    """Return the smallest element of each window.

    Parameters
    ----------
    input
        Array of shape (..., H, W), of floats, signed integers or uint8.
    kernel_size
        Height and width of a window; an int stands for both, here and below.
    stride
        Elements from one window to the next; by default `kernel_size`.
    padding
        Elements added on each side, at most half of `kernel_size`. They never win: they count as
        ∞, or as the highest integer.
    dilation
        Elements from one tap of a window to the next.
    ceil_mode
        Whether a last, incomplete window counts.

    Returns
    -------
    Array
        Shape (..., H', W'), with H' and W' of `pool_output_size`, and the dtype of `input`. NaN
        wins over all numbers.

    Raises
    ------
    ValueError
        If an argument is out of its range, no window fits, or `input` has another dtype or
        fewer than two dimensions, or one of its last three is 0.

    Examples
    --------
    >>> min_pool2d(np.array([[1.0, 5.0, 2.0, 0.0], [3.0, 4.0, 8.0, 8.0]]), 2)
    array([[1., 0.]])

    Notes
    -----
    PyTorch has no such operator; this is `max_pool2d` with the order of the numbers reversed.
    """
    array = checked_planes(input, FLOATS + INTEGERS)
    sizes = (kernel_size, stride, padding, dilation, ceil_mode)
    return _reversed(max_pool2d(_reversed(array), *sizes))


@quiet
def avg_pool2d(
    input: Array,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Array:
    """Return the mean of each window.

    Parameters
    ----------
    input
        Array of shape (..., H, W), of floats or int64.
    kernel_size
        Height and width of a window; an int stands for both, here and below.
    stride
        Elements from one window to the next; by default `kernel_size`.
    padding
        Zeros added on each side, at most half of `kernel_size`.
    ceil_mode
        Whether a last, incomplete window counts; what it lacks is not counted in its mean.
    count_include_pad
        Whether the zeros of the padding count in the mean.

    Returns
    -------
    Array
        Shape (..., H', W'), with H' and W' of `pool_output_size`, and the dtype of `input`. The
        mean of integers is cut to a whole number, towards zero.

    Raises
    ------
    ValueError
        If an argument is out of its range, no window fits, or `input` has another dtype or
        fewer than two dimensions, or one of its last three is 0.

    Examples
    --------
    >>> x = np.array([[1.0, 5.0, 2.0], [3.0, 7.0, 8.0]])
    >>> avg_pool2d(x, 2)
    array([[4.]])
    >>> avg_pool2d(x, 2, ceil_mode=True)
    array([[4., 5.]])

    Notes
    -----
    Equal to `torch.nn.functional.avg_pool2d` up to rounding: the elements are summed in another
    order. Like it, the sum of float16 is taken in float32; of large windows, all sums of floats are
    taken in float64.
    """
    array = checked_planes(input, (*FLOATS, "int64"))
    rows, columns = pool_axes(array.shape[-2:], kernel_size, stride, padding, 1, ceil_mode)
    include_pad = Flag().check("count_include_pad", count_include_pad)
    divisor = np.outer(rows.counts(include_pad), columns.counts(include_pad))
    total = sums(planes_of(array), rows, columns)
    mean = quotient(total, divisor).astype(array.dtype, copy=False)
    return mean.reshape(array.shape[:-2] + divisor.shape)


@quiet
def lp_pool2d(
    input: Array,
    norm_type: float,
    kernel_size: Size,
    stride: Size | None = None,
    ceil_mode: bool = False,
) -> Array:
    """Return the p-norm of each window, (Σ xᵖ)^(1/p) with p = `norm_type`.

    Parameters
    ----------
    input
        Array of shape (..., H, W), of floats, signed integers or uint8.
    norm_type
        p, any number but 0. 1 gives the sum, ∞ the largest absolute value, −∞ the smallest.
    kernel_size
        Height and width of a window; an int stands for both, here and below.
    stride
        Elements from one window to the next; by default `kernel_size`.
    ceil_mode
        Whether a last, incomplete window counts. Its p-th powers are averaged over what it has,
        then multiplied by the size of a whole window.

    Returns
    -------
    Array
        Shape (..., H', W'), with H' and W' of `pool_output_size`. Floats keep their dtype;
        integers give float32, except for p = ±∞.

    Raises
    ------
    ValueError
        If an argument is out of its range, no window fits, or `input` has another dtype or
        fewer than two dimensions, or one of its last three is 0; if `input` is of integers and p
        a negative one; if p is an int and `input` of integers other than int64; if p is ±∞ and
        `input` holds the lowest of its integers, which has no absolute value among them.

    Examples
    --------
    >>> x = np.array([[3.0, 0.0, 1.0, 1.0], [0.0, 4.0, 1.0, 1.0]])
    >>> lp_pool2d(x, 2, kernel_size=2)
    array([[5., 2.]])

    Notes
    -----
    Equal to `torch.nn.functional.lp_pool2d` up to rounding. Like it, the powers are of x and not
    of its absolute value: an odd p lets terms cancel, and a root of a negative sum is NaN; and an
    int p keeps int64 whole, so that the mean of the powers is cut towards zero. Not like it, −∞
    is right for uint8 as well, which PyTorch negates.
    """
    array, p = checked_planes(input, FLOATS + INTEGERS), _exponent(norm_type)
    sizes = (kernel_size, stride, 0, 1, ceil_mode)
    if math.isinf(p):
        return (max_pool2d if p > 0 else min_pool2d)(_absolute(array), *sizes)
    rows, columns = pool_axes(array.shape[-2:], *sizes)
    if isinstance(p, int):
        checked_planes(array, (*FLOATS, "int64"))
        if p < 0 and array.dtype.kind == "i":
            refuse("norm_type", p, "positive, or a float, for an input of integers")
    mean = avg_pool2d(_power(array, p), kernel_size, stride, 0, ceil_mode)
    return _power(np.sign(mean) * np.abs(mean) * (rows.kernel * columns.kernel), 1.0 / p)


@quiet
def median_pool2d(input: Array, kernel_size: Size, stride: Size | None = None) -> Array:
    """Return the median of each window.

    Parameters
    ----------
    input
        Array of shape (..., H, W), of floats.
    kernel_size
        Height and width of a window; an int stands for both, here and below.
    stride
        Elements from one window to the next; by default `kernel_size`.

    Returns
    -------
    Array
        Shape (..., H', W'), with H' and W' of `pool_output_size`, and the dtype of `input`. The
        median of an even number of elements is the mean of the two in the middle; a window that
        holds a NaN gives NaN.

    Raises
    ------
    ValueError
        If an argument is out of its range, no window fits, or `input` has another dtype or
        fewer than two dimensions, or one of its last three is 0.

    Examples
    --------
    >>> median_pool2d(np.array([[1.0, 5.0, 2.0, 0.0], [3.0, 4.0, 8.0, 8.0]]), 2)
    array([[3.5, 5. ]])

    Notes
    -----
    PyTorch has no such operator; its `torch.median` would take the lower of the two in the middle.
    """
    array = checked_planes(input, FLOATS)
    rows, columns = pool_axes(array.shape[-2:], kernel_size, stride, 0, 1, False)
    windows = sliding_window_view(planes_of(array), (rows.kernel, columns.kernel), axis=(-2, -1))
    windows = windows[:, :: rows.stride, :: columns.stride]
    medians = np.empty(windows.shape[:3], array.dtype)
    for block in blocks(windows):
        np.median(windows[block], axis=(-2, -1), out=medians[block])
    return medians.reshape(array.shape[:-2] + medians.shape[1:])


@quiet
def global_max_pool2d(input: Array) -> Array:
    """Return the largest element of each plane.

    Parameters
    ----------
    input
        Array of shape (..., H, W), of floats, signed integers or uint8.

    Returns
    -------
    Array
        Shape (..., 1, 1), with the dtype of `input`. NaN wins over all numbers.

    Raises
    ------
    ValueError
        If `input` has another dtype or fewer than two dimensions, or one of its last three is 0.

    Examples
    --------
    >>> global_max_pool2d(np.arange(12.0).reshape(2, 2, 3))[:, 0, 0]
    array([ 5., 11.])

    Notes
    -----
    Equal to `torch.nn.functional.adaptive_max_pool2d(input, 1)`, which takes floats only.
    """
    return max_pool2d(input, _plane_size(input))


@quiet
def global_avg_pool2d(input: Array) -> Array:
    """Return the mean of each plane.

    Parameters
    ----------
    input
        Array of shape (..., H, W), of floats.

    Returns
    -------
    Array
        Shape (..., 1, 1), with the dtype of `input`.

    Raises
    ------
    ValueError
        If `input` has another dtype or fewer than two dimensions, or one of its last three is 0.

    Examples
    --------
    >>> global_avg_pool2d(np.arange(12.0).reshape(2, 2, 3))[:, 0, 0]
    array([2.5, 8.5])

    Notes
    -----
    Equal to `torch.nn.functional.adaptive_avg_pool2d(input, 1)` up to rounding; the sum of a large
    plane is taken in float64.
    """
    return avg_pool2d(checked_planes(input, FLOATS), _plane_size(input))


def _plane_size(input: Array) -> tuple[int, int]:
    height, width = checked_planes(input, FLOATS + INTEGERS).shape[-2:]
    return height, width


def _reversed(array: Array) -> Array:
    """Return other elements of the same dtype, the larger for the smaller; undone by itself."""
    return -array if array.dtype.kind == "f" else ~array


def _exponent(norm_type: float) -> float:
    """Return p as the int or float that it is."""
    if isinstance(norm_type, bool | np.bool_) or not isinstance(norm_type, Real) or norm_type == 0:
        refuse("norm_type", norm_type, "a number other than 0")
    try:
        p = int(np.int64(norm_type)) if isinstance(norm_type, Integral) else float(norm_type)
    except OverflowError:
        p = 0
    if p == 0:
        refuse("norm_type", norm_type, "a number that int64 or float64 can hold")
    return p


def _absolute(array: Array) -> Array:
    """Return the absolute values, refusing the one integer that has none in its dtype."""
    if array.dtype.kind == "i" and (array == (least := lowest(array.dtype))).any():
        refuse("input", least, f"above {least}, whose absolute value is no {array.dtype}")
    return np.abs(array)


def _power(base: Array, exponent: float) -> Array:
    """Return the power in PyTorch's dtype: float32 for integers to the power of a float."""
    if base.dtype.kind in "iu" and isinstance(exponent, float):
        base = base.astype(np.float32)
    return np.asarray(base**exponent)
