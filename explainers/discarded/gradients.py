"""Which values receive gradient through max pooling: those that win a window."""

from __future__ import annotations

import math
from collections import Counter
from fractions import Fraction
from functools import cache
from typing import Annotated, overload

import numpy as np
from numpy.typing import ArrayLike

from explainers.checks import Ints, refuse
from explainers.discarded.model import Side
from explainers.kinds import Chance, Each, Number, checked
from explainers.operators import max_pool2d
from explainers.operators.windows import Size

_MOST_OVERLAP = 4  # windows over a place along an axis: with five, 2²⁵ unions would be counted


@checked
def winners(
    input: Annotated[ArrayLike, Each(Number())],
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
) -> Ints:
    """Count the windows that each value wins: the gradient of the sum of a max pooling.

    Parameters
    ----------
    input
        Shape (..., H, W).
    kernel_size, stride, padding
        As in `explainers.operators.max_pool2d`.

    Returns
    -------
    ndarray of int, shape (..., H, W)
        Of several equal largest values, the first in the order of reading wins, as in PyTorch.

    Raises
    ------
    ValueError
        If `input` has no such shape, or no window fits.

    Examples
    --------
    >>> winners([[1, 5, 2, 0], [3, 4, 8, 8]], kernel_size=2)
    array([[0, 1, 0, 0],
           [0, 0, 1, 0]])
    """
    values = np.asarray(input)
    _, indices = max_pool2d(values, kernel_size, stride, padding, return_indices=True)
    size = math.prod(values.shape[-2:])
    planes = size * np.arange(values.size // size).reshape(*values.shape[:-2], 1, 1)
    won = np.bincount((planes + indices).ravel(), minlength=values.size)
    return won.reshape(values.shape)


@overload
def gradient_share(
    kernel_size: int, stride: int | None = ..., zeros: int | Fraction = ...
) -> Fraction: ...


@overload
def gradient_share(
    kernel_size: int, stride: int | None = ..., zeros: float = ...
) -> Fraction | float: ...


@checked
def gradient_share(
    kernel_size: Side, stride: Side | None = None, zeros: Chance = 0
) -> Fraction | float:
    """Share of a busy map's values that win a window and are not clipped: they receive gradient.

    Parameters
    ----------
    kernel_size
        Height and width k of a window, at most four strides.
    stride
        Elements s from one window to the next; by default `kernel_size`.
    zeros
        Probability z that a value is 0, as a rectifier makes it; others are positive. The
        rectifier lets through no gradient to a 0.

    Returns
    -------
    Fraction | float
        Away from the border. A Fraction if `zeros` is one, or an int; else a float.

    Notes
    -----
    A given one of u values is positive and the largest with probability (1 − zᵘ) / u. It wins all
    windows of a set if it is the largest of their union. So by inclusion and exclusion, over the
    sets S of windows that contain its place,

        Σ (−1)^(|S| + 1) (1 − zᵘ) / u,  u the size of the union of S,

    averaged over the s² ways in which a place can lie in the windows. Along an axis, k mod s of
    the s ways have ⌈k / s⌉ windows, and the others ⌊k / s⌋.

    Examples
    --------
    >>> gradient_share(2), gradient_share(2, zeros=Fraction(1, 2))
    (Fraction(1, 4), Fraction(15, 64))
    >>> round(float(gradient_share(3, stride=2)), 4)
    0.1582
    """
    step = kernel_size if stride is None else stride
    if kernel_size > _MOST_OVERLAP * step:
        refuse("kernel_size", kernel_size, f"at most four times the stride, here {step}")
    ways = _ways_to_lie(kernel_size, step)
    total = sum(
        ways[down] * ways[across] * signed * (1 - zeros**union) * Fraction(1, union)
        for down in ways
        for across in ways
        for union, signed in _signed_unions(kernel_size, step, down, across).items()
    )
    return total / step**2


def _ways_to_lie(kernel: int, stride: int) -> dict[int, int]:
    """Count the places of a period of the stride by how many windows cover them, along an axis."""
    windows, more = divmod(kernel, stride)
    return {windows: stride - more, windows + 1: more} if more else {windows: stride}


@cache
def _signed_unions(kernel: int, stride: int, down: int, across: int) -> Counter[int]:
    """Count the sets of down × across neighbouring windows by the size of their union.

    Sets of an odd number of windows count +1, others −1; the empty set does not count.
    """
    rows, heights = _covered(kernel, stride, down)
    columns, widths = _covered(kernel, stride, across)
    windows, areas = np.kron(rows, columns), np.kron(heights, widths)
    sets = np.arange(1, 2 ** len(windows))[:, None] >> np.arange(len(windows)) & 1
    unions = (sets @ windows > 0) @ areas
    signed: Counter[int] = Counter()
    for sign, odd in ((1, 1), (-1, 0)):
        sizes, counts = np.unique(unions[sets.sum(axis=1) % 2 == odd], return_counts=True)
        signed.update(dict(zip(sizes.tolist(), (sign * counts).tolist(), strict=True)))
    return signed


def _covered(kernel: int, stride: int, windows: int) -> tuple[Ints, Ints]:
    """Cut an axis where windows begin or end: which window covers which piece, and its length."""
    begins = stride * np.arange(windows)[:, None]
    cuts = np.unique([begins, begins + kernel])
    inside = (begins <= cuts[:-1]) & (cuts[:-1] < begins + kernel)
    return inside.astype(np.int64), np.diff(cuts)
