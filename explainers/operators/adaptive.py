"""Pooling to a size that is given: the windows follow from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias, overload

import numpy as np

from explainers.checks import Ints
from explainers.kinds import Flag, Whole
from explainers.operators.arrays import FLOATS, INTEGERS, checked_planes, quiet
from explainers.operators.folds import indices_of, maxima, planes_of, quotient, sums
from explainers.operators.windows import LARGEST, Array, pair

OutputSize: TypeAlias = int | tuple[int | None, int | None]


def adaptive_windows(size: int, output_size: int) -> tuple[Ints, Ints]:
    """Return where the windows of an adaptive pooling begin and end, along one axis.

    Parameters
    ----------
    size
        Elements of the input along the axis, at least 1: n.
    output_size
        Number of windows, at least 1: m. It may be larger than `size`.

    Returns
    -------
    tuple[Ints, Ints]
        The first element of each window, ⌊i·n / m⌋ for window i from 0 on, and the one after its
        last, ⌈(i + 1)·n / m⌉.

    Raises
    ------
    ValueError
        If an argument is no whole number, or out of its range.

    Examples
    --------
    Where m does not divide n, windows are of two lengths or overlap.

    >>> adaptive_windows(7, 3)
    (array([0, 2, 4]), array([3, 5, 7]))

    Notes
    -----
    The rule is PyTorch's, of `torch.nn.AdaptiveAvgPool2d` and its kin.
    """
    elements = Whole(1, LARGEST).check("size", size)
    windows = Whole(1, LARGEST).check("output_size", output_size)
    edges = np.arange(windows + 1, dtype=np.int64) * elements
    return edges[:-1] // windows, -(-edges[1:] // windows)


@dataclass(frozen=True)
class Parts:
    """The windows of an adaptive pooling along one axis of `size` elements."""

    size: int
    begins: Ints
    ends: Ints

    @property
    def kernel(self) -> int:
        """Most elements of a window."""
        return int(self.counts.max())

    @property
    def windows(self) -> int:
        """Number of windows."""
        return len(self.begins)

    @property
    def first_inside(self) -> Ints:
        """Where each window begins: none begins outside."""
        return self.begins

    @property
    def counts(self) -> Ints:
        """Elements in each window."""
        return self.ends - self.begins

    def stretches(self) -> Iterator[slice]:
        """For each window, in order: what it meets of the input."""
        for begin, end in zip(self.begins.tolist(), self.ends.tolist(), strict=True):
            yield slice(begin, end, 1)


@quiet
def adaptive_avg_pool2d(input: Array, output_size: OutputSize) -> Array:
    """Return the mean of each window of as many windows as are asked for.

    Parameters
    ----------
    input
        Array of shape (..., H, W), of floats.
    output_size
        Height and width of what is returned, each at least 1, or None for that of `input`; an int
        stands for both.

    Returns
    -------
    Array
        Shape (..., H', W'), with H' and W' of `output_size` and the dtype of `input`. The windows
        are those of `adaptive_windows`.

    Raises
    ------
    ValueError
        If `output_size` is none of the above, or `input` has another dtype or fewer than two
        dimensions, or one of its last three is 0.

    Examples
    --------
    >>> adaptive_avg_pool2d(np.array([[0.0, 2.0, 4.0], [6.0, 8.0, 10.0]]), (1, 2))
    array([[4., 6.]])
    >>> adaptive_avg_pool2d(np.array([[0.0, 2.0, 4.0], [6.0, 8.0, 10.0]]), (1, None))
    array([[3., 5., 7.]])

    Notes
    -----
    Equal to `torch.nn.functional.adaptive_avg_pool2d` up to rounding: the elements are summed in
    another order; float16 in float32, and of large windows all in float64. Not like it, a size of
    0 is refused.
    """
    array = checked_planes(input, FLOATS)
    rows, columns = _parts(array, output_size)
    divisor = np.outer(rows.counts, columns.counts)
    mean = quotient(sums(planes_of(array), rows, columns), divisor)
    return mean.astype(array.dtype, copy=False).reshape(array.shape[:-2] + divisor.shape)


@overload
def adaptive_max_pool2d(
    input: Array, output_size: OutputSize, return_indices: Literal[False] = False
) -> Array: ...


@overload
def adaptive_max_pool2d(
    input: Array, output_size: OutputSize, return_indices: Literal[True]
) -> tuple[Array, Ints]: ...


@overload
def adaptive_max_pool2d(
    input: Array, output_size: OutputSize, return_indices: bool = False
) -> Array | tuple[Array, Ints]: ...


@quiet
def adaptive_max_pool2d(
    input: Array, output_size: OutputSize, return_indices: bool = False
) -> Array | tuple[Array, Ints]:
    """Return the largest element of each window of as many windows as are asked for.

    Parameters
    ----------
    input
        Array of shape (..., H, W), of floats, signed integers or uint8.
    output_size
        Height and width of what is returned, each at least 1, or None for that of `input`; an int
        stands for both.
    return_indices
        Whether to return where the maxima are as well.

    Returns
    -------
    Array | tuple[Array, Ints]
        Shape (..., H', W'), with H' and W' of `output_size` and the dtype of `input`. The windows
        are those of `adaptive_windows`. With `return_indices`, also the int64 index in its H·W
        plane of each maximum: of the first among equals, and of the last NaN. NaN wins over all
        numbers.

    Raises
    ------
    ValueError
        If an argument is none of the above, or `input` has another dtype or fewer than two
        dimensions, or one of its last three is 0.

    Examples
    --------
    >>> adaptive_max_pool2d(np.array([[0.0, 5.0, 4.0], [1.0, 2.0, 3.0]]), (2, 2))
    array([[5., 5.],
           [2., 3.]])

    Notes
    -----
    Equal to `torch.nn.functional.adaptive_max_pool2d` to the last bit, indices included. Not like
    it, integers are taken, and a size of 0 is refused.
    """
    array = checked_planes(input, FLOATS + INTEGERS)
    rows, columns = _parts(array, output_size)
    wanted = Flag().check("return_indices", return_indices)
    planes, shape = planes_of(array), array.shape[:-2] + (rows.windows, columns.windows)
    values = maxima(planes, rows, columns)
    if wanted:
        indices = indices_of(planes, values, rows, columns)
        return values.reshape(shape), indices.reshape(shape)
    return values.reshape(shape)


def _parts(array: Array, output_size: OutputSize) -> tuple[Parts, Parts]:
    sides = array.shape[-2:]
    wanted: object = output_size
    if isinstance(output_size, tuple | list) and len(output_size) == len(sides):
        given = zip(output_size, sides, strict=True)
        wanted = tuple(side if asked is None else asked for asked, side in given)
    height, width = pair("output_size", wanted, low=1)
    rows, columns = adaptive_windows(sides[0], height), adaptive_windows(sides[1], width)
    return Parts(sides[0], *rows), Parts(sides[1], *columns)
