"""Blurring, and poolings that blur before they subsample."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from math import comb
from typing import Literal

import numpy as np

from explainers.kinds import Choice, Whole
from explainers.operators.arrays import FLOATS, accumulator, checked_planes, quiet
from explainers.operators.pooling import avg_pool2d, max_pool2d
from explainers.operators.sampling import subsample2d
from explainers.operators.windows import Array, Size, pair, pool_axes

Mode = Literal["reflect", "constant", "wrap"]
NUMPY_MODES: dict[str, Mode] = {"reflect": "reflect", "zeros": "constant", "circular": "wrap"}
Sides = tuple[tuple[int, int], tuple[int, int]]


@quiet
def blur2d(input: Array, size: int, padding_mode: str = "reflect") -> Array:
    """Return the planes blurred by a binomial filter, along their columns and along their rows.

    Parameters
    ----------
    input
        Array of shape (..., H, W), of floats.
    size
        Taps of the filter, 2 to 7: their weights are a row of Pascal's triangle, divided by its
        sum, such as (1, 2, 1) / 4 for 3.
    padding_mode
        How a plane continues beyond its border: "reflect" (mirrored about its last element,
        which is not repeated), "zeros", or "circular" (with its other side). It is mirrored, or
        repeated, as often as the filter needs.

    Returns
    -------
    Array
        Shape and dtype of `input`. With an even `size` there is one more tap below and to the
        right than above and to the left, so what is shown moves up and to the left by half an
        element.

    Raises
    ------
    ValueError
        If `size` or `padding_mode` is none of the above, or `input` has another dtype or fewer
        than two dimensions, or one of its last three is 0.

    Examples
    --------
    >>> blur2d(np.array([[0.0, 0.0, 16.0, 0.0]]), 3)
    array([[0., 4., 8., 8.]])
    >>> blur2d(np.array([[0.0, 0.0, 16.0, 0.0]]), 3, padding_mode="zeros")
    array([[0., 2., 4., 2.]])

    Notes
    -----
    The filters and borders are those of R. Zhang (2019), Making convolutional networks
    shift-invariant again, ICML, arXiv:1904.11486, and of the code published with it, which
    mirrors by default. The sum of float16 is taken in float32.
    """
    array = checked_planes(input, FLOATS)
    return _blurred(array, _binomial("size", size), _numpy_mode(padding_mode))


@quiet
def blur_pool2d(
    input: Array,
    kernel_size: Size = 1,
    stride: Size = 2,
    blur: int = 3,
    padding_mode: str = "reflect",
) -> Array:
    """Return the mean of each window at every place, blurred, then subsampled.

    Parameters
    ----------
    input
        Array of shape (..., H, W), of floats.
    kernel_size
        Height and width of a window; an int stands for both, here and below. By default 1: the
        input itself is blurred and subsampled.
    stride
        Elements from one that is kept to the next.
    blur
        Taps of the binomial filter, 2 to 7, as `size` of `blur2d`.
    padding_mode
        How the means continue for the blur, as in `blur2d`. With "circular", the input continues
        for the windows too.

    Returns
    -------
    Array
        Shape (..., ⌈D / stride⌉, ⌈E / stride⌉), with the dtype of `input`, of D·E windows: H and
        W of them with "circular", else H + 1 and W + 1 less `kernel_size`, as only whole windows
        count.

    Raises
    ------
    ValueError
        If an argument is out of its range, no window fits, or `input` has another dtype or
        fewer than two dimensions, or one of its last three is 0.

    Examples
    --------
    >>> x = np.array([[0.0, 0.0, 16.0, 0.0, 0.0, 0.0]])
    >>> blur_pool2d(x)
    array([[0., 8., 0.]])
    >>> blur_pool2d(x, kernel_size=(1, 2), padding_mode="circular")
    array([[2., 6., 0.]])

    Notes
    -----
    With `kernel_size` 1, BlurPool of R. Zhang (2019), Making convolutional networks
    shift-invariant again, ICML, arXiv:1904.11486: what is to follow a convolution whose stride
    it takes over, and what replaces mean pooling. A window puts the means of `avg_pool2d`, at
    stride 1, before it. With "circular" and a stride that divides H and W, a circular shift of the
    input by a multiple of the stride moves the output by the quotient, to the last bit.
    """
    return _blur_pool(avg_pool2d, input, kernel_size, stride, blur, padding_mode)


@quiet
def max_blur_pool2d(
    input: Array,
    kernel_size: Size,
    stride: Size | None = None,
    blur: int = 3,
    padding_mode: str = "reflect",
) -> Array:
    """Return the largest element of each window at every place, blurred, then subsampled.

    Parameters
    ----------
    input
        Array of shape (..., H, W), of floats.
    kernel_size
        Height and width of a window; an int stands for both, here and below.
    stride
        Elements from one that is kept to the next; by default `kernel_size`.
    blur
        Taps of the binomial filter, 2 to 7, as `size` of `blur2d`.
    padding_mode
        How the maxima continue for the blur, as in `blur2d`. With "circular", the input continues
        for the windows too.

    Returns
    -------
    Array
        Shape (..., ⌈D / stride⌉, ⌈E / stride⌉), with the dtype of `input`, of D·E windows: H and
        W of them with "circular", else H + 1 and W + 1 less `kernel_size`, as only whole windows
        count.

    Raises
    ------
    ValueError
        If an argument is out of its range, no window fits, or `input` has another dtype or
        fewer than two dimensions, or one of its last three is 0.

    Examples
    --------
    >>> x = np.array([[0.0, 0.0, 16.0, 0.0, 0.0, 0.0]])
    >>> max_blur_pool2d(x, kernel_size=(1, 2))
    array([[ 8., 12.,  0.]])

    Notes
    -----
    MaxBlurPool of R. Zhang (2019), Making convolutional networks shift-invariant again, ICML,
    arXiv:1904.11486; its code takes the maxima over whole windows, too. With "circular" and a
    stride that divides H and W, a circular shift of the input by a multiple of the stride moves
    the output by the quotient, to the last bit.
    """
    strides = kernel_size if stride is None else stride
    return _blur_pool(max_pool2d, input, kernel_size, strides, blur, padding_mode)


def _blur_pool(
    pool: Callable[[Array, Size, Size], Array],
    input: Array,
    kernel_size: Size,
    stride: Size,
    blur: int,
    padding_mode: str,
) -> Array:
    array = checked_planes(input, FLOATS)
    rows, columns = pool_axes(array.shape[-2:], kernel_size, 1, 0, 1, False)
    strides = pair("stride", stride, low=1)
    weights, mode = _binomial("blur", blur), _numpy_mode(padding_mode)
    if mode == "wrap":
        array = _padded(array, ((0, rows.kernel - 1), (0, columns.kernel - 1)), mode)
    dense = pool(array, (rows.kernel, columns.kernel), 1)
    return subsample2d(_blurred(dense, weights, mode), strides)


def _binomial(name: str, size: int) -> list[float]:
    """Return a row of Pascal's triangle divided by its sum."""
    last = Whole(2, 7).check(name, size) - 1
    return [comb(last, tap) / 2**last for tap in range(last + 1)]


def _numpy_mode(padding_mode: str) -> Mode:
    return NUMPY_MODES[Choice(tuple(NUMPY_MODES)).check("padding_mode", padding_mode)]


def _padded(array: Array, sides: Sides, mode: Mode) -> Array:
    untouched = [(0, 0)] * (array.ndim - 2)
    padded: Array = np.pad(array, (*untouched, *sides), mode=mode)
    return padded


def _blurred(array: Array, weights: list[float], mode: Mode) -> Array:
    sides = (len(weights) - 1) // 2, len(weights) // 2
    wide = array.astype(accumulator(array.dtype, len(weights) ** 2), copy=False)
    padded = _padded(wide, (sides, sides), mode)
    across = _weighted(padded.swapaxes(-1, -2), weights).swapaxes(-1, -2)
    return _weighted(across, weights).astype(array.dtype, copy=False)


def _weighted(padded: Array, weights: list[float]) -> Array:
    """Return the weighted sum of each run of rows: the same, to the last bit, wherever it is."""
    rows = padded.shape[-2] - len(weights) + 1
    return reduce(
        np.add, (weight * padded[..., tap : tap + rows, :] for tap, weight in enumerate(weights))
    )
