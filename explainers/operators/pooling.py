"""Max, mean and power-mean pooling with PyTorch's names and results; min and median beside them.

A maximum, or a sum, over a window is one over its rows followed by one over its columns. Each of
the two is a fold over the taps of the window: one slice of the array for each tap, all windows
at once.
"""

from __future__ import annotations

import math
from numbers import Integral, Real
from typing import Any, Literal, overload

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from explainers.checks import Ints, refuse
from explainers.operators.arrays import FLOATS, INTEGERS, accumulator, checked_planes, quiet
from explainers.operators.windows import Array, Axis, Size, blocks, flag, pool_axes


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
    wanted = flag("return_indices", return_indices)
    planes, shape = _planes(array), array.shape[:-2] + (rows.windows, columns.windows)
    values = _max(planes, rows, columns)
    if wanted:
        indices = _indices(planes, values, rows, columns)
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
    include_pad = flag("count_include_pad", count_include_pad)
    divisor = np.outer(rows.counts(include_pad), columns.counts(include_pad))
    total = _sum(_planes(array), rows, columns)
    mean = _quotient(total, divisor).astype(array.dtype, copy=False)
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
    windows = sliding_window_view(_planes(array), (rows.kernel, columns.kernel), axis=(-2, -1))
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


def _planes(array: Array) -> Array:
    """Return shape (planes, H, W)."""
    return array.reshape(math.prod(array.shape[:-2]), *array.shape[-2:])


def _reversed(array: Array) -> Array:
    """Return other elements of the same dtype, the larger for the smaller; undone by itself."""
    return -array if array.dtype.kind == "f" else ~array


def _lowest(dtype: np.dtype[Any]) -> float:
    return -math.inf if dtype.kind == "f" else int(np.iinfo(dtype).min)


def _max(planes: Array, rows: Axis, columns: Axis) -> Array:
    """Return the maxima of the windows; of −0 and 0, the one that comes first."""
    values = _pool(np.maximum, planes, rows, columns, planes.dtype, _lowest(planes.dtype))
    zero = values == 0
    # NumPy leaves open which of the two zeros is their maximum.
    if planes.dtype.kind == "f" and zero.any() and _has_negative_zero(planes):
        places = _indices(planes, values, rows, columns)[zero]
        values[zero] = planes[np.nonzero(zero)[0], places // columns.size, places % columns.size]
    return values


def _has_negative_zero(array: Array) -> bool:
    """Tell whether there is a −0: the one float whose bits are the lowest integer."""
    bits = array.view(f"i{array.itemsize}")
    return bool(bits.min() == np.iinfo(bits.dtype).min)


def _sum(planes: Array, rows: Axis, columns: Axis) -> Array:
    """Return the sums of the windows, in a dtype that holds them."""
    dtype = accumulator(planes.dtype, rows.kernel * columns.kernel)
    return _pool(np.add, planes, rows, columns, dtype, 0)


def _pool(
    combine: np.ufunc,
    planes: Array,
    rows: Axis,
    columns: Axis,
    dtype: np.dtype[Any],
    neutral: float,
) -> Array:
    """Combine the elements of each window: over its rows first, as whole rows are read fastest."""
    out = np.empty((len(planes), rows.windows, columns.windows), dtype)
    for block in blocks(planes):
        halfway = np.empty((len(out[block]), rows.windows, columns.size), dtype)
        _fold(combine, planes[block], rows, neutral, halfway)
        _fold(combine, _turned(halfway), columns, neutral, _turned(out[block]))
    return out


def _turned(planes: Array) -> Array:
    """Return a view with rows for columns."""
    return planes.swapaxes(-1, -2)


def _fold(combine: np.ufunc, source: Array, axis: Axis, neutral: float, out: Array) -> None:
    """Combine the rows of each window into a row of `out`: all windows at once, or one by one."""
    if axis.windows < axis.kernel:
        for window, met in enumerate(axis.stretches()):
            stretch = source[:, met]
            combine.reduce(stretch, axis=1, dtype=out.dtype, out=out[:, window], initial=neutral)
        return
    (windows, met), *taps = axis.taps()
    out[:, windows] = source[:, met]
    out[:, : windows.start] = out[:, windows.stop :] = neutral
    for windows, met in taps:
        combine(out[:, windows], source[:, met], out=out[:, windows], dtype=out.dtype)


def _indices(planes: Array, maxima: Array, rows: Axis, columns: Axis) -> Ints:
    """Return where in its plane each maximum is.

    The row is the first that holds the maximum, the column the first in that row; the last ones
    for NaN.
    """
    indices = np.empty(maxima.shape, np.int64)
    for block in blocks(planes):
        across = np.empty((len(planes[block]), rows.size, columns.windows), planes.dtype)
        source = _turned(planes[block])
        _fold(np.maximum, source, columns, _lowest(planes.dtype), _turned(across))
        column = _turned(_positions(source, _turned(across), columns))
        row = _positions(across, maxima[block], rows)
        column_there = np.take_along_axis(column, np.minimum(row, rows.size - 1), axis=1)
        indices[block] = row * columns.size + column_there
    nowhere = (rows.first_inside >= rows.size)[:, None] | (columns.first_inside >= columns.size)
    starts = rows.first_inside[:, None] * columns.size + columns.first_inside
    indices[:, nowhere] = starts[nowhere]
    return indices


def _positions(source: Array, best: Array, axis: Axis) -> Ints:
    """Return the row of `source` where each window holds its `best`: all windows, or one by one."""
    if axis.windows < axis.kernel:
        return _positions_one_by_one(source, best, axis)
    taps = list(axis.taps())
    tap = _leading_misses(source, best, taps)
    if best.dtype.kind == "f" and (nan := np.isnan(best)).any():
        last = axis.kernel - 1 - _leading_misses(np.isnan(source), nan, taps[::-1]).astype(np.int64)
        tap = np.where(nan, last, tap)
    return axis.begins[:, None] + axis.dilation * tap.astype(np.int64)


def _positions_one_by_one(source: Array, best: Array, axis: Axis) -> Ints:
    places = np.zeros(best.shape, np.int64)
    for window, met in enumerate(axis.stretches()):
        stretch, wanted = source[:, met], best[:, window]
        if not stretch.shape[1]:
            continue
        tap = (stretch == wanted[:, None]).argmax(axis=1)
        if best.dtype.kind == "f" and (nan := np.isnan(wanted)).any():
            last = stretch.shape[1] - 1 - np.isnan(stretch)[:, ::-1].argmax(axis=1)
            tap = np.where(nan, last, tap)
        places[:, window] = axis.first_inside[window] + axis.dilation * tap
    return places


def _leading_misses(source: Array, best: Array, taps: list[tuple[slice, slice]]) -> Array:
    """Count the taps of each window before the first that meets its `best`."""
    missed = np.ones_like(best, dtype=bool)
    count = np.zeros_like(best, dtype=np.min_scalar_type(len(taps)))
    for windows, met in taps:
        missed[:, windows] &= source[:, met] != best[:, windows]
        count += missed
    return count


def _quotient(total: Array, divisor: Ints) -> Array:
    """Divide in place; integers towards zero, as in C."""
    if total.dtype.kind == "i":
        total -= np.fmod(total, divisor)
        total //= divisor
    else:
        total /= divisor.astype(total.dtype)
    return total


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
    if array.dtype.kind == "i" and (array == (lowest := _lowest(array.dtype))).any():
        refuse("input", lowest, f"above {lowest}, whose absolute value is no {array.dtype}")
    return np.abs(array)


def _power(base: Array, exponent: float) -> Array:
    """Return the power in PyTorch's dtype: float32 for integers to the power of a float."""
    if base.dtype.kind in "iu" and isinstance(exponent, float):
        base = base.astype(np.float32)
    return np.asarray(base**exponent)
