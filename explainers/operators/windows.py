"""Where the windows of a pooling lie, and in which pieces to visit them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from explainers.checks import Ints, refuse
from explainers.kinds import Flag, Whole

Array: TypeAlias = NDArray[Any]
Length: TypeAlias = int | tuple[int]
Size: TypeAlias = int | tuple[int, int]
Volume: TypeAlias = int | tuple[int, int, int]

# What several sizes are called, by their number.
SEVERAL = {
    1: "(length,) tuple of one",
    2: "(height, width) pair of them",
    3: "(depth, height, width) triple of them",
}

# About a second-level cache: what is computed from a block is still there when it is needed.
BLOCK_BYTES = 2**20
# As in PyTorch: no sum or product of two sizes overflows an int64.
LARGEST = 2**31 - 1


class Windows(Protocol):
    """The windows along one axis: what it takes to combine the elements of each."""

    @property
    def size(self) -> int:
        """Elements along the axis."""

    @property
    def kernel(self) -> int:
        """Most elements of a window."""

    @property
    def windows(self) -> int:
        """Number of windows."""

    @property
    def first_inside(self) -> Ints:
        """Where each window's first element lies."""

    def stretches(self) -> Iterator[slice]:
        """For each window, in order: what it meets of the input."""


@dataclass(frozen=True)
class Axis:
    """The windows along one axis: `size` elements, and PyTorch's arguments for that axis."""

    size: int
    kernel: int
    stride: int
    padding: int
    dilation: int
    ceil_mode: bool

    @property
    def span(self) -> int:
        """Elements from the first tap of a window to its last, both included."""
        return span(self.kernel, self.dilation)

    @property
    def windows(self) -> int:
        """Number of windows; below 1 where none fits."""
        room = self.size + 2 * self.padding - self.span
        if not self.ceil_mode:
            return room // self.stride + 1
        starts_inside = _ceil_div(self.size + self.padding, self.stride)
        return min(_ceil_div(room, self.stride) + 1, starts_inside)

    @property
    def begins(self) -> Ints:
        """Where each window begins; below 0 in the padding."""
        return np.arange(self.windows, dtype=np.int64) * self.stride - self.padding

    @property
    def first_inside(self) -> Ints:
        """Where each window's first tap lies that is not in the padding before the input."""
        missed: Ints = np.maximum(-(self.begins // self.dilation), 0)
        return self.begins + self.dilation * missed

    def counts(self, include_pad: bool) -> Ints:
        """Elements in each window, those of the padding counted or not."""
        pad = self.padding if include_pad else 0
        ends = np.minimum(self.begins + self.kernel, self.size + pad)
        inside: Ints = ends - np.maximum(self.begins, -pad)
        return inside

    def taps(self) -> Iterator[tuple[slice, slice]]:
        """For each tap, in order: the windows in which it meets the input, and what it meets.

        Clipping the windows to the input is what makes a padded copy of the input needless.
        """
        for shift in range(-self.padding, self.span - self.padding, self.dilation):
            first = max(_ceil_div(-shift, self.stride), 0)
            count = max(min(_ceil_div(self.size - shift, self.stride), self.windows) - first, 0)
            start = first * self.stride + shift
            yield (
                slice(first, first + count),
                slice(start, start + count * self.stride, self.stride),
            )

    def stretches(self) -> Iterator[slice]:
        """For each window, in order: what it meets of the input."""
        for begin, first in zip(self.begins, self.first_inside, strict=True):
            yield slice(first, begin + self.span, self.dilation)


def span(kernel: int, dilation: int) -> int:
    """Return the elements from a window's first tap to its last, both included."""
    return dilation * (kernel - 1) + 1


def _ceil_div(numerator: int, denominator: int) -> int:
    return -(-numerator // denominator)


def blocks(items: Array) -> Iterator[slice]:
    """Split `items` into runs of about BLOCK_BYTES, of one item at least."""
    step = max(BLOCK_BYTES * len(items) // max(items.nbytes, 1), 1)
    for start in range(0, len(items), step):
        yield slice(start, start + step)


def sizes(name: str, value: object, low: int, axes: int) -> tuple[int, ...]:
    """Return a whole number ≥ `low` for each axis: one stands for all."""
    given = value if isinstance(value, tuple | list) else (value,) * axes
    if len(given) != axes:
        refuse(name, value, f"a whole number or a {SEVERAL[axes]}")
    found = tuple(Whole(low).check(name, side) for side in given)
    if max(found) > LARGEST:
        refuse(name, max(found), f"at most {LARGEST}")
    return found


def pair(name: str, value: object, low: int) -> tuple[int, int]:
    """Return a whole number ≥ `low` twice, or a (height, width) pair of them as it is."""
    height, width = sizes(name, value, low, axes=2)
    return height, width


def window_sizes(
    kernel_size: int | tuple[int, ...],
    stride: int | tuple[int, ...] | None,
    padding: int | tuple[int, ...],
    axes: int,
) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """Check what every pooling has of windows, and return it for each axis."""
    kernels = sizes("kernel_size", kernel_size, low=1, axes=axes)
    strides = kernels if stride is None else sizes("stride", stride, low=1, axes=axes)
    paddings = sizes("padding", padding, low=0, axes=axes)
    if any(pad > kernel // 2 for pad, kernel in zip(paddings, kernels, strict=True)):
        refuse("padding", padding, f"at most half of kernel_size {kernel_size}")
    return kernels, strides, paddings


def pool_axes(
    input_size: tuple[int, ...],
    kernel_size: int | tuple[int, ...],
    stride: int | tuple[int, ...] | None,
    padding: int | tuple[int, ...],
    dilation: int | tuple[int, ...],
    ceil_mode: bool,
) -> tuple[Axis, ...]:
    """Check PyTorch's arguments of a pooling, and return its axes: of a plane, rows and columns."""
    axes = len(input_size)
    kernels, strides, paddings = window_sizes(kernel_size, stride, padding, axes)
    dilations = sizes("dilation", dilation, low=1, axes=axes)
    ceil = Flag().check("ceil_mode", ceil_mode)
    found = tuple(
        Axis(*arguments, ceil)
        for arguments in zip(input_size, kernels, strides, paddings, dilations, strict=True)
    )
    if any(axis.windows < 1 for axis in found):
        allowed = f"small enough for one window to fit in an input of size {input_size}"
        refuse("kernel_size", kernel_size, allowed)
    return found


def pool_output_size(
    input_size: Size,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    dilation: Size = 1,
    ceil_mode: bool = False,
) -> tuple[int, int]:
    """Return the height and width of what a pooling gives.

    Parameters
    ----------
    input_size
        Height and width of the input; an int stands for both, here and below.
    kernel_size
        Elements in a window, at least 1.
    stride
        Elements from one window to the next, at least 1; by default `kernel_size`.
    padding
        Elements added on each side, at most half of `kernel_size`.
    dilation
        Elements from one tap of a window to the next, at least 1.
    ceil_mode
        Whether a last, incomplete window counts, if it starts in the input or in the padding
        before it.

    Returns
    -------
    tuple[int, int]
        Height and width.

    Raises
    ------
    ValueError
        If an argument is out of its range, or no window fits.

    Examples
    --------
    >>> pool_output_size(224, kernel_size=3, stride=2, padding=1)
    (112, 112)
    >>> pool_output_size((5, 6), kernel_size=2), pool_output_size((5, 6), 2, ceil_mode=True)
    ((2, 3), (3, 3))

    Notes
    -----
    The rule is PyTorch's, of `torch.nn.MaxPool2d` and `torch.nn.AvgPool2d`.
    """
    size = pair("input_size", input_size, low=1)
    rows, columns = pool_axes(size, kernel_size, stride, padding, dilation, ceil_mode)
    return rows.windows, columns.windows
