"""Max and mean pooling along a line: that of a plane with one row."""

from __future__ import annotations

from typing import Literal, overload

import numpy as np

from explainers.checks import Ints
from explainers.kinds import Flag
from explainers.operators.arrays import FLOATS, INTEGERS, checked_planes, quiet
from explainers.operators.pooling import avg_pool2d, max_pool2d
from explainers.operators.windows import Array, Length, pool_axes


@overload
def max_pool1d(
    input: Array,
    kernel_size: Length,
    stride: Length | None = None,
    padding: Length = 0,
    dilation: Length = 1,
    ceil_mode: bool = False,
    return_indices: Literal[False] = False,
) -> Array: ...


@overload
def max_pool1d(
    input: Array,
    kernel_size: Length,
    stride: Length | None = None,
    padding: Length = 0,
    dilation: Length = 1,
    ceil_mode: bool = False,
    *,
    return_indices: Literal[True],
) -> tuple[Array, Ints]: ...


@overload
def max_pool1d(
    input: Array,
    kernel_size: Length,
    stride: Length | None = None,
    padding: Length = 0,
    dilation: Length = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Array | tuple[Array, Ints]: ...


@quiet
def max_pool1d(
    input: Array,
    kernel_size: Length,
    stride: Length | None = None,
    padding: Length = 0,
    dilation: Length = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Array | tuple[Array, Ints]:
    """Return the largest element of each window along the last axis.

    Parameters
    ----------
    input
        Array of shape (..., L), of floats, signed integers or uint8.
    kernel_size
        Elements in a window.
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
        Shape (..., L'), with L' as one side of `pool_output_size`, and the dtype of `input`. With
        `return_indices`, also the int64 index along the axis of each maximum: of the first among
        equals, and of the last NaN. NaN wins over all numbers.

    Raises
    ------
    ValueError
        If an argument is out of its range, no window fits, or `input` has another dtype or no
        dimension, or one of its last two is 0.

    Examples
    --------
    >>> x = np.array([1.0, 5.0, 2.0, 8.0, 8.0])
    >>> max_pool1d(x, 2)
    array([5., 8.])
    >>> max_pool1d(x, 3, stride=1, return_indices=True)
    (array([5., 8., 8.]), array([1, 3, 3]))

    Notes
    -----
    Equal to `torch.nn.functional.max_pool1d` to the last bit, indices included. Not like it,
    integers are taken without `return_indices`, too. A window that lies in the padding altogether
    gives −∞, as in `max_pool2d`.
    """
    array = checked_planes(input, FLOATS + INTEGERS, axes=1)
    (line,) = pool_axes(array.shape[-1:], kernel_size, stride, padding, dilation, ceil_mode)
    wanted = Flag().check("return_indices", return_indices)
    sizes = (1, line.kernel), (1, line.stride), (0, line.padding), (1, line.dilation)
    rows = array[..., np.newaxis, :]
    if wanted:
        values, indices = max_pool2d(rows, *sizes, ceil_mode, return_indices=True)
        return values[..., 0, :], indices[..., 0, :]
    return max_pool2d(rows, *sizes, ceil_mode)[..., 0, :]


@quiet
def avg_pool1d(
    input: Array,
    kernel_size: Length,
    stride: Length | None = None,
    padding: Length = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Array:
    """Return the mean of each window along the last axis.

    Parameters
    ----------
    input
        Array of shape (..., L), of floats or int64.
    kernel_size
        Elements in a window.
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
        Shape (..., L'), with L' as one side of `pool_output_size`, and the dtype of `input`. The
        mean of integers is cut to a whole number, towards zero.

    Raises
    ------
    ValueError
        If an argument is out of its range, no window fits, or `input` has another dtype or no
        dimension, or one of its last two is 0.

    Examples
    --------
    >>> x = np.array([1.0, 5.0, 2.0, 8.0, 8.0])
    >>> avg_pool1d(x, 2)
    array([3., 5.])
    >>> avg_pool1d(x, 2, padding=1)
    array([0.5, 3.5, 8. ])

    Notes
    -----
    Equal to `torch.nn.functional.avg_pool1d` up to rounding; summed as by `avg_pool2d`.
    """
    array = checked_planes(input, (*FLOATS, "int64"), axes=1)
    (line,) = pool_axes(array.shape[-1:], kernel_size, stride, padding, 1, ceil_mode)
    sizes = (1, line.kernel), (1, line.stride), (0, line.padding)
    return avg_pool2d(array[..., np.newaxis, :], *sizes, ceil_mode, count_include_pad)[..., 0, :]
