"""Max and mean pooling of volumes: that of their planes, then along the axis through the planes."""

from __future__ import annotations

from functools import reduce
from math import prod
from typing import Literal, overload

import numpy as np

from explainers.checks import Ints, refuse
from explainers.kinds import Flag, Whole
from explainers.operators.arrays import FLOATS, INTEGERS, accumulator, checked_planes, quiet
from explainers.operators.folds import indices_of, maxima, planes_of, quotient, sums
from explainers.operators.windows import Array, Axis, Volume, pool_axes


@overload
def max_pool3d(
    input: Array,
    kernel_size: Volume,
    stride: Volume | None = None,
    padding: Volume = 0,
    dilation: Volume = 1,
    ceil_mode: bool = False,
    return_indices: Literal[False] = False,
) -> Array: ...


@overload
def max_pool3d(
    input: Array,
    kernel_size: Volume,
    stride: Volume | None = None,
    padding: Volume = 0,
    dilation: Volume = 1,
    ceil_mode: bool = False,
    *,
    return_indices: Literal[True],
) -> tuple[Array, Ints]: ...


@overload
def max_pool3d(
    input: Array,
    kernel_size: Volume,
    stride: Volume | None = None,
    padding: Volume = 0,
    dilation: Volume = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Array | tuple[Array, Ints]: ...


@quiet
def max_pool3d(
    input: Array,
    kernel_size: Volume,
    stride: Volume | None = None,
    padding: Volume = 0,
    dilation: Volume = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Array | tuple[Array, Ints]:
    """Return the largest element of each window along the last three axes.

    Parameters
    ----------
    input
        Array of shape (..., D, H, W), of floats, signed integers or uint8.
    kernel_size
        Depth, height and width of a window; an int stands for all three, here and below.
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
        Shape (..., D', H', W'), each as one side of `pool_output_size`, and the dtype of `input`.
        With `return_indices`, also the int64 index in its D·H·W volume of each maximum: of the
        first among equals, and of the last NaN. NaN wins over all numbers.

    Raises
    ------
    ValueError
        If an argument is out of its range, no window fits, or `input` has another dtype or fewer
        than three dimensions, or one of its last four is 0.

    Examples
    --------
    >>> x = np.array([[[1.0, 5.0], [2.0, 0.0]], [[3.0, 4.0], [8.0, 8.0]]])
    >>> max_pool3d(x, 2)
    array([[[8.]]])
    >>> max_pool3d(x, (2, 1, 2), return_indices=True)[1]
    array([[[1],
            [6]]])

    Notes
    -----
    Equal to `torch.nn.functional.max_pool3d` to the last bit, indices included. Like it, a window
    that lies in the padding altogether (possible with dilation) gives −∞ and an index that may
    point outside the volume.
    """
    array = checked_planes(input, FLOATS + INTEGERS, axes=3)
    axes = pool_axes(array.shape[-3:], kernel_size, stride, padding, dilation, ceil_mode)
    wanted = Flag().check("return_indices", return_indices)
    depth, rows, columns = axes
    planes, shape = planes_of(array), array.shape[:-3] + tuple(axis.windows for axis in axes)
    across = maxima(planes, rows, columns)
    lines, each = _lines(across, depth)
    values = maxima(lines, depth, each)
    if not wanted:
        return values.reshape(shape)
    inside = indices_of(planes, across, rows, columns).reshape(lines.shape)
    plane = indices_of(lines, values, depth, each) // each.size
    there = np.take_along_axis(inside, np.minimum(plane, depth.size - 1), axis=1)
    # A window without any plane begins where its rows and columns do.
    starts = rows.first_inside[:, None] * columns.size + columns.first_inside
    there = np.where(plane < depth.size, there, starts.reshape(-1))
    return values.reshape(shape), (plane * (rows.size * columns.size) + there).reshape(shape)


@quiet
def avg_pool3d(
    input: Array,
    kernel_size: Volume,
    stride: Volume | None = None,
    padding: Volume = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Array:
    """Return the mean of each window along the last three axes.

    Parameters
    ----------
    input
        Array of shape (..., D, H, W), of floats or int64.
    kernel_size
        Depth, height and width of a window; an int stands for all three, here and below.
    stride
        Elements from one window to the next; by default `kernel_size`.
    padding
        Zeros added on each side, at most half of `kernel_size`.
    ceil_mode
        Whether a last, incomplete window counts; what it lacks is not counted in its mean.
    count_include_pad
        Whether the zeros of the padding count in the mean.
    divisor_override
        What each sum is divided by, any whole number but 0; by default the elements that count.

    Returns
    -------
    Array
        Shape (..., D', H', W'), each as one side of `pool_output_size`, and the dtype of `input`.
        The mean of integers is cut to a whole number, towards zero.

    Raises
    ------
    ValueError
        If an argument is out of its range, no window fits, or `input` has another dtype or fewer
        than three dimensions, or one of its last four is 0.

    Examples
    --------
    >>> x = np.array([[[1.0, 5.0], [2.0, 0.0]], [[3.0, 4.0], [8.0, 9.0]]])
    >>> avg_pool3d(x, 2)
    array([[[4.]]])
    >>> avg_pool3d(x, 2, divisor_override=1)
    array([[[32.]]])

    Notes
    -----
    Equal to `torch.nn.functional.avg_pool3d` up to rounding: the elements are summed in another
    order, of large windows in float64. Not like it, float16 is taken, and summed in float32; and a
    window larger than the volume is taken where the padding makes room for it.
    """
    array = checked_planes(input, (*FLOATS, "int64"), axes=3)
    axes = pool_axes(array.shape[-3:], kernel_size, stride, padding, 1, ceil_mode)
    include_pad = Flag().check("count_include_pad", count_include_pad)
    divisor = reduce(np.multiply.outer, (axis.counts(include_pad) for axis in axes))
    if divisor_override is not None:
        divisor = np.full_like(divisor, _divisor(divisor_override))
    depth, rows, columns = axes
    wide = accumulator(array.dtype, prod(axis.kernel for axis in axes))
    across = sums(planes_of(array).astype(wide, copy=False), rows, columns)
    lines, each = _lines(across, depth)
    total = sums(lines, depth, each).reshape(array.shape[:-3] + divisor.shape)
    return quotient(total, divisor).astype(array.dtype, copy=False)


def _lines(planes: Array, depth: Axis) -> tuple[Array, Axis]:
    """Return shape (volumes, D, H·W), and an axis on which every element is a window."""
    height_width = prod(planes.shape[1:])
    lines = planes.reshape(len(planes) // depth.size, depth.size, height_width)
    return lines, Axis(height_width, 1, 1, 0, 1, False)


def _divisor(divisor_override: int) -> int:
    limits = np.iinfo(np.int64)
    value: int = Whole(int(limits.min), int(limits.max)).check("divisor_override", divisor_override)
    if value == 0:
        refuse("divisor_override", value, "a whole number other than 0")
    return value
