"""Sizes, borders and small objects: what poolings make of a map, counted exactly.

Each axis of a map decides for itself, so most of this is said of one axis: its elements are called
rows, and are counted from 0. Shares are exact fractions, and all places are equally likely.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import accumulate
from typing import Annotated, NamedTuple

import numpy as np

from explainers import normal
from explainers.checks import Floats, Ints, refuse
from explainers.kinds import Choice, Number, Whole, check_fields, checked
from explainers.networks.count import Count, count
from explainers.networks.known import network
from explainers.networks.layers import Conv2d, Linear
from explainers.operators import adaptive_windows, same_padding
from explainers.operators.windows import Axis

SUMMARIES = ("max", "mean", "subsample")
"""What is taken of each window: its max, its mean, or its first value (every second row)."""
WATCHED = ("value", "picture")
"""Where an object is looked for: in the value that sees most of it, or in all of a picture."""
PICTURE = 64
"""Height and width of the picture that is searched."""
ALL_PADDINGS = tuple((include, ceil) for include in (True, False) for ceil in (False, True))
"""The combinations of PyTorch's `count_include_pad` and `ceil_mode`, its defaults first."""

_MOST_ROWS = 65536
_DEEPEST = 16
_MOST_STACKED = 64
_MOST_AXES = 3
_DEEPEST_SEARCHED = 5
_FARTHEST = 10**6

Size = Annotated[int, Whole(1, _MOST_ROWS, "rows of the map")]
Kernel = Annotated[int, Whole(1, _MOST_ROWS, "rows of a window")]
Small = Annotated[int, Whole(1, 64, "rows of a window")]
Stride = Annotated[int, Whole(1, _MOST_ROWS, "rows from one window to the next")]
Padding = Annotated[int, Whole(0, _MOST_ROWS, "rows added on each side")]
Depth = Annotated[int, Whole(0, _DEEPEST, "poolings, one after the other")]
Searched = Annotated[int, Whole(0, _DEEPEST_SEARCHED, "poolings, one after the other")]
Width = Annotated[int, Whole(1, PICTURE // 2, "height and width of the object")]
Summary = Annotated[str, Choice(SUMMARIES, "what is taken of each window")]
Averaged = Annotated[str, Choice(SUMMARIES[:2], "what is taken of each window")]
Watched = Annotated[str, Choice(WATCHED, "where the object is looked for")]
Strength = Annotated[float, Number(0, 20, "height of the object, in standard deviations")]
FalseAlarm = Annotated[float, Number(0, 1, "share of alarms without an object", open=True)]


# The chain of sizes


@dataclass(frozen=True)
class Pool:
    """A pooling along one axis, with PyTorch's arguments and their meaning there.

    Attributes
    ----------
    kernel_size
        Rows in a window.
    stride
        Rows from one window to the next; by default `kernel_size`.
    padding
        Rows added on each side, at most half of `kernel_size`.
    dilation
        Rows from one tap of a window to the next.
    ceil_mode
        Whether a last, incomplete window counts.

    Raises
    ------
    ValueError
        If `padding` is more, or another attribute is outside its range.

    Examples
    --------
    >>> Pool(3, stride=2, padding=1).on(224).windows
    112
    """

    kernel_size: Kernel
    stride: Stride | None = None
    padding: Padding = 0
    dilation: Stride = 1
    ceil_mode: bool = False

    def __post_init__(self) -> None:
        check_fields(self)
        if self.padding > self.kernel_size // 2:
            refuse("padding", self.padding, f"at most half of kernel_size {self.kernel_size}")

    @property
    def step(self) -> int:
        """Rows from one window to the next."""
        return self.kernel_size if self.stride is None else self.stride

    def on(self, size: int) -> Axis:
        """Return the windows on an axis of so many rows; their number is below 1 if none fits."""
        shape = (self.kernel_size, self.step, self.padding, self.dilation, self.ceil_mode)
        return Axis(size, *shape)


HALVING = Pool(2)
"""The usual pooling: windows of 2 × 2, side by side."""


class Chain(NamedTuple):
    """Sizes of a map from pooling to pooling.

    Attributes
    ----------
    sizes
        Of the map itself, and after each pooling that finds a window.
    breaks_at
        The first pooling that finds none, the first of all being 1; None if all find one.
    would_give
        The number of windows there by the rule, below 1: what is called a *negative dimension*, or
        an output that is too small.
    """

    sizes: tuple[int, ...]
    breaks_at: int | None = None
    would_give: int | None = None


@checked
def pooled_sizes(size: Size, pools: Sequence[Pool]) -> Chain:
    """Return the sizes of a map along one axis, from pooling to pooling.

    Parameters
    ----------
    size
        Rows of the map.
    pools
        The poolings, in their order.

    Returns
    -------
    Chain

    Raises
    ------
    ValueError
        If `pools` are not all `Pool`.

    Examples
    --------
    >>> pooled_sizes(100, [HALVING] * 4).sizes
    (100, 50, 25, 12, 6)
    >>> pooled_sizes(5, [HALVING] * 4)
    Chain(sizes=(5, 2, 1), breaks_at=3, would_give=0)

    Three channels that are taken for three rows, as when channels come first and should come last:

    >>> pooled_sizes(3, [Pool(3, stride=1)] * 2)
    Chain(sizes=(3, 1), breaks_at=2, would_give=-1)

    Notes
    -----
    The rule is PyTorch's, see `explainers.operators.pool_output_size`.
    """
    sizes = [size]
    for number, pool in enumerate(_pools(pools), start=1):
        windows = pool.on(sizes[-1]).windows
        if windows < 1:
            return Chain(tuple(sizes), number, windows)
        sizes.append(windows)
    return Chain(tuple(sizes))


def _pools(pools: Sequence[Pool]) -> Sequence[Pool]:
    if not isinstance(pools, list | tuple) or not all(isinstance(pool, Pool) for pool in pools):
        refuse("pools", pools, "a list of Pool")
    return pools


@checked
def most_pools(
    size: Size,
    kernel_size: Annotated[int, Whole(2, _MOST_ROWS, "rows of a window")] = 2,
    stride: Stride | None = None,
) -> int:
    """Return how many poolings, one after the other, find a window in a map.

    Parameters
    ----------
    size
        Rows of the map.
    kernel_size, stride
        Of each pooling, as in `Pool`, without padding: with it, a map of one row stays one.

    Returns
    -------
    int

    Notes
    -----
    n poolings are one whose window has 1 + (k − 1)(1 + s + … + sⁿ⁻¹) rows; a map bears as many as
    that fits. Of 2 × 2 it bears ⌊log₂ size⌋.

    Examples
    --------
    >>> most_pools(224), most_pools(32), most_pools(3)
    (7, 5, 1)
    """
    pool, number = Pool(kernel_size, stride), 0
    while (size := pool.on(size).windows) >= 1:
        number += 1
    return number


# Down, and up again


@checked
def closes(size: Size, depth: Depth) -> bool:
    """Tell whether an encoder and a decoder of this depth give back the size.

    Parameters
    ----------
    size
        Rows of the map.
    depth
        Poolings of 2 × 2 on the way down, and doublings on the way up.

    Returns
    -------
    bool
        If so, the sizes are the same on each level, too: skip connections fit.

    Examples
    --------
    >>> closes(96, 4), closes(100, 4)
    (True, False)

    Notes
    -----
    Each odd size on the way down loses a row for good, so the size has to be a multiple of 2ᵈᵉᵖᵗʰ.
    """
    chain = pooled_sizes(size, [HALVING] * depth)
    return bool(chain.sizes[-1] << depth == size)


@checked
def next_size_that_closes(size: Size, depth: Depth) -> int:
    """Return the least size from this one on that `closes`: what to pad a picture to.

    Examples
    --------
    >>> next_size_that_closes(100, 4), next_size_that_closes(96, 4)
    (112, 96)
    """
    return -(-size >> depth) << depth


@checked
def share_that_close(depth: Depth, smallest: Size = 16, largest: Size = 512) -> Fraction:
    """Share of the sizes from one to another, both included, that `closes`.

    Parameters
    ----------
    depth
        As in `closes`.
    smallest, largest
        The sizes that are looked at.

    Returns
    -------
    Fraction
        About one in 2ᵈᵉᵖᵗʰ.

    Raises
    ------
    ValueError
        If `largest` is below `smallest`.

    Examples
    --------
    >>> [f"{float(share_that_close(depth)):.1%}" for depth in (1, 4, 5)]
    ['50.1%', '6.4%', '3.2%']
    """
    if largest < smallest:
        refuse("largest", largest, f"at least smallest, here {smallest}")
    multiples = largest // 2**depth - (smallest - 1) // 2**depth
    return Fraction(multiples, largest - smallest + 1)


# Rows that are lost


@checked
def lost(size: Size, pools: Sequence[Pool]) -> Ints:
    """Return the rows of a map that no pooled value sees, by tracing the windows back.

    Parameters
    ----------
    size, pools
        As in `pooled_sizes`.

    Returns
    -------
    ndarray of int
        The rows, in their order.

    Raises
    ------
    ValueError
        If `pools` are not all `Pool`, or one of them finds no window.

    Examples
    --------
    >>> lost(7, [HALVING]), lost(7, [HALVING, HALVING]), lost(7, [Pool(2, ceil_mode=True)])
    (array([6]), array([4, 5, 6]), array([], dtype=int64))

    Notes
    -----
    A last row is lost again in each pooling that meets an odd size, and stands for 2ⁿ rows of the
    map after n of them.
    """
    chain = pooled_sizes(size, pools)
    if chain.breaks_at is not None:
        allowed = f"large enough: pooling {chain.breaks_at} of {len(pools)} finds no window in it"
        refuse("size", size, allowed)
    seen = np.ones(chain.sizes[-1], dtype=np.bool_)
    for pool, before in zip(reversed(pools), reversed(chain.sizes[:-1]), strict=True):
        met = np.zeros(before, dtype=np.bool_)
        for windows, rows in pool.on(before).taps():
            met[rows] |= seen[windows]
        seen = met
    return np.flatnonzero(~seen)


# Adaptive pooling


class Adaptive(NamedTuple):
    """The windows of an adaptive pooling along one axis.

    Attributes
    ----------
    least, largest
        Rows in its shortest and in its longest window.
    shared
        How many rows are in two windows or more.
    """

    least: int
    largest: int
    shared: int


@checked
def adaptive_layout(size: Size, output_size: Size) -> Adaptive:
    """Return how long the windows of an adaptive pooling are, and how many rows they share.

    Parameters
    ----------
    size
        Rows of the map.
    output_size
        Number of windows.

    Returns
    -------
    Adaptive

    Examples
    --------
    >>> adaptive_layout(10, 7), adaptive_layout(14, 7)
    (Adaptive(least=2, largest=3, shared=6), Adaptive(least=2, largest=2, shared=0))

    Notes
    -----
    Of n rows and m ≤ n windows, m − gcd(n, m) rows are shared: each window that does not end at a
    whole multiple of n / m ends in the row in which the next one begins. With m > n windows, each
    row is in several.
    """
    begins, ends = adaptive_windows(size, output_size)
    steps = np.zeros(size + 1, dtype=np.int64)
    np.add.at(steps, begins, 1)
    np.subtract.at(steps, ends, 1)
    lengths = ends - begins
    return Adaptive(int(lengths.min()), int(lengths.max()), int((np.cumsum(steps) > 1).sum()))


@checked
def adaptive_is_ordinary(size: Size, output_size: Size) -> Pool | None:
    """Return the ordinary pooling with the windows of an adaptive one, if there is one.

    Parameters
    ----------
    size, output_size
        As in `adaptive_layout`.

    Returns
    -------
    Pool | None
        Its kernel and its stride; None if no pooling of one kernel and one stride has the same
        windows.

    Examples
    --------
    >>> adaptive_is_ordinary(14, 7)
    Pool(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)
    >>> adaptive_is_ordinary(16, 7) is adaptive_is_ordinary(7, 14) is None
    True

    One row more than a multiple will do as well: the windows overlap by one.

    >>> pool = adaptive_is_ordinary(15, 7)
    >>> pool.kernel_size, pool.stride
    (3, 2)

    Notes
    -----
    Window i begins at ⌊i·n / m⌋ = i·q + ⌊i·r / m⌋ with n = m·q + r. The steps are equal only if
    (m − 1) r < m: for r = 0 and, less known, for r = 1; the kernel then is q + r and the stride q.
    With m > n, q is 0 and there is no stride, but for a single window.
    """
    begins, ends = adaptive_windows(size, output_size)
    lengths, steps = np.unique(ends - begins), np.unique(np.diff(begins))
    if lengths.size > 1 or steps.size > 1 or 0 in steps:
        return None
    return Pool(int(lengths[0]), stride=int(steps[0]) if steps.size else int(lengths[0]))


@checked
def usual_replacement(size: Size, output_size: Size) -> Pool:
    """Return the ordinary pooling that is commonly put in place of an adaptive one.

    Parameters
    ----------
    size, output_size
        As in `adaptive_layout`; here at most as many windows as rows.

    Returns
    -------
    Pool
        With stride ⌊size / output_size⌋, and the kernel with which the last window ends in the last
        row. It gives as many values; from the same windows only if `adaptive_is_ordinary`.

    Raises
    ------
    ValueError
        If there are fewer rows than windows.

    Examples
    --------
    >>> pool = usual_replacement(10, 7)
    >>> pool.kernel_size, pool.stride
    (4, 1)
    """
    if output_size > size:
        refuse("output_size", output_size, f"at most size, here {size}")
    stride = size // output_size
    return Pool(size - (output_size - 1) * stride, stride)


# Padding: SAME, or the same on both sides


class Same(NamedTuple):
    """TensorFlow's padding SAME, and the padding on both sides that gives as many values.

    Attributes
    ----------
    begin, end
        Rows that SAME adds before and after.
    symmetric
        Rows that PyTorch has to add on each side for as many values: one in all too many, if SAME
        adds an odd number.
    differ
        The outputs whose windows hold other rows of the map, in their order.
    outputs
        How many outputs there are: ⌈size / stride⌉.
    """

    begin: int
    end: int
    symmetric: int
    differ: Ints
    outputs: int


@checked
def same_against_symmetric(size: Size, kernel_size: Kernel, stride: Stride) -> Same:
    """Return where SAME pads otherwise than PyTorch can, and which outputs that changes.

    Parameters
    ----------
    size
        Rows of the map.
    kernel_size, stride
        Of the pooling.

    Returns
    -------
    Same
        With a stride of 1 and an even kernel, PyTorch's padding gives one value more; the first
        ones are compared.

    Examples
    --------
    >>> same_against_symmetric(224, 3, 2)[:3], same_against_symmetric(225, 3, 2)[:3]
    ((0, 1, 1), (1, 1, 1))
    >>> same_against_symmetric(4, 3, 2).differ
    array([0, 1])

    Notes
    -----
    If SAME adds an odd number of rows, each of its windows begins a row later than with padding on
    both sides. Only where both reach over all the map do they hold the same rows.
    """
    begin, end = same_padding(size, kernel_size, stride)
    same, both = _rows_met(size, kernel_size, stride)
    differ = np.flatnonzero((same != both).any(axis=0))
    return Same(begin, end, _symmetric(begin, end), differ, same.shape[1])


def _symmetric(begin: int, end: int) -> int:
    """Return the least padding on each side that is no less in all."""
    return -(-(begin + end) // 2)


def _rows_met(size: int, kernel: int, stride: int) -> tuple[Ints, Ints]:
    """Return where each window begins and ends with SAME, and with padding on both sides.

    Both have shape (2, outputs).
    """
    begin, end = same_padding(size, kernel, stride)
    padded = np.array([[begin], [_symmetric(begin, end)]])
    firsts = np.arange(-(-size // stride)) * stride - padded
    same, both = np.clip(np.stack([firsts, firsts + kernel], axis=1), 0, size)
    return same, both


@checked
def share_that_differs(
    size: Annotated[int, Whole(1, 1024, "rows of the map")],
    kernel_size: Small,
    stride: Stride,
    method: Averaged = "max",
) -> Fraction:
    """Expected share of a square map's pooled values that SAME and symmetric padding do not share.

    Parameters
    ----------
    size, kernel_size, stride
        As in `same_against_symmetric`, for both axes.
    method
        ``"max"`` or ``"mean"`` of each window. Padding counts in neither.

    Returns
    -------
    Fraction
        Of independent values from one continuous distribution.

    Notes
    -----
    Two windows have the same max if the largest value of both together is in both: in a share
    |A ∩ B| / |A ∪ B| of the cases. Two means are the same only if the windows are.

    Examples
    --------
    >>> f"{float(share_that_differs(224, 3, 2)):.1%}", share_that_differs(225, 3, 2)
    ('71.1%', Fraction(0, 1))
    """
    same, both = _rows_met(size, kernel_size, stride)
    shared = np.minimum(same[1], both[1]) - np.maximum(same[0], both[0])
    sides = _counted(np.stack([same[1] - same[0], both[1] - both[0], shared], axis=1))
    equal = sum(
        (
            down_times * across_times * _equal(down, across, method)
            for down, down_times in sides
            for across, across_times in sides
        ),
        start=Fraction(0),
    )
    return 1 - equal / len(shared) ** 2


def _counted(rows: Ints) -> list[tuple[list[int], int]]:
    """Return the different rows, and how often each is there."""
    kinds, times = np.unique(rows, axis=0, return_counts=True)
    return list(zip(kinds.tolist(), times.tolist(), strict=True))


def _equal(down: list[int], across: list[int], method: str) -> Fraction:
    """Probability that two windows give the same, by their sides: in one, in the other, in both."""
    one, other, both = (height * width for height, width in zip(down, across, strict=True))
    if method == "mean":
        return Fraction(one == other == both)
    return Fraction(both, one + other - both)


@checked
def divisors(
    size: Size,
    kernel_size: Kernel,
    stride: Stride | None = None,
    padding: Padding = 0,
) -> dict[tuple[bool, bool], Ints]:
    """Return what PyTorch's mean divides by at each place of its output, along one axis.

    Parameters
    ----------
    size
        Rows of the map.
    kernel_size, stride, padding
        As in `Pool`.

    Returns
    -------
    dict
        For each combination of `count_include_pad` and `ceil_mode`, `ALL_PADDINGS`: the divisor of
        each output. That of a window in several axes is the product of theirs.

    Raises
    ------
    ValueError
        If no window fits, or `padding` is more than half of `kernel_size`.

    Notes
    -----
    With `ceil_mode`, the last window may end beyond the padding: what lies there never counts.

    Examples
    --------
    >>> for (include_pad, ceil_mode), by_output in divisors(6, 3, stride=2, padding=1).items():
    ...     print(f"{include_pad!s:5} {ceil_mode!s:5} {by_output}")
    True  False [3 3 3]
    True  True  [3 3 3 2]
    False False [2 3 3]
    False True  [2 3 3 1]
    """
    pool = Pool(kernel_size, stride, padding)
    if pool.on(size).windows < 1:
        refuse("kernel_size", kernel_size, f"small enough for a window to fit in {size} rows")
    return {
        (include, ceil): replace(pool, ceil_mode=ceil).on(size).counts(include)
        for include, ceil in ALL_PADDINGS
    }


@checked
def zeros_would_win(
    size: Size, kernel_size: Small, stride: Stride | None = None, padding: Padding = 0
) -> Fraction:
    """Share of maxima that the padding would be, were it zeros and not −∞.

    Parameters
    ----------
    size
        Height and width of the map: independent values, as often below 0 as above, as before a
        rectifier.
    kernel_size, stride, padding
        As in `Pool`, along both axes.

    Returns
    -------
    Fraction
        Of all pooled values.

    Raises
    ------
    ValueError
        If no window fits, or `padding` is more than half of `kernel_size`.

    Notes
    -----
    A zero wins where the window reaches into the padding and all of its c values are below 0, with
    probability 2⁻ᶜ.

    Examples
    --------
    >>> f"{float(zeros_would_win(8, 3, stride=2, padding=1)):.2%}"
    '0.98%'
    """
    inside = divisors(size, kernel_size, stride, padding)[False, False]
    sides = _counted(inside[:, None])
    won = sum(
        (
            Fraction(down_times * across_times, 2 ** (down * across))
            for [down], down_times in sides
            for [across], across_times in sides
            if down * across < kernel_size**2
        ),
        start=Fraction(0),
    )
    return won / len(inside) ** 2


# Several poolings, one window


@checked
def stacked_kernel(
    kernels: Annotated[Sequence[int], Whole(1, 64, "rows of a window", many=True)],
    strides: Annotated[Sequence[int], Whole(1, 64, "rows from one to the next", many=True)]
    | None = None,
) -> Pool:
    """Return the one max pooling that several, one after the other, are equal to.

    Parameters
    ----------
    kernels
        Rows in a window of each, in their order: one to 64 of them.
    strides
        Of each; by default all 1. None may leave out rows, that is be larger than the window of the
        poolings up to there allows.

    Returns
    -------
    Pool

    Raises
    ------
    ValueError
        If there is not one stride for each kernel; if rows are left out, so that no single window
        sees the same; or if the window would have more than 65,536 rows.

    Notes
    -----
    The max of maxima is the max over all that they cover: 1 + Σ (kᵢ − 1) s₁ ⋯ sᵢ₋₁ rows, with
    stride s₁ s₂ ⋯. It is exact, to the last bit, without padding; and with padding by −∞ at a
    stride of 1, if each pads by its half. A mean of means weighs the rows in the middle more.

    Examples
    --------
    >>> [stacked_kernel([5] * number).kernel_size for number in (1, 2, 3)]
    [5, 9, 13]
    >>> stacked_kernel([2, 3], [2, 2])
    Pool(kernel_size=6, stride=4, padding=0, dilation=1, ceil_mode=False)
    """
    steps = (1,) * len(kernels) if strides is None else tuple(strides)
    if not 1 <= len(kernels) <= _MOST_STACKED:
        refuse("kernels", kernels, f"1 to {_MOST_STACKED} whole numbers")
    if len(steps) != len(kernels):
        refuse("strides", strides, f"as many as kernels, here {len(kernels)}")
    window, jump = 1, 1
    for kernel, step in zip(kernels, steps, strict=True):
        if kernel > 1 and jump > window:
            refuse("strides", strides, "such that no row is left out between two windows")
        window, jump = window + (kernel - 1) * jump, jump * step
    if max(window, jump) > _MOST_ROWS:
        refuse("kernels", kernels, f"such that the window has at most {_MOST_ROWS} rows")
    return Pool(window, stride=jump)


class Comparisons(NamedTuple):
    """Comparisons for each value of the map, away from its border.

    Attributes
    ----------
    stacked
        If each pooling is given the one before.
    direct
        If each of the growing windows is taken from the map itself.
    """

    stacked: int
    direct: int

    @property
    def saved(self) -> Fraction:
        """Share of the direct comparisons that stacking saves."""
        return 1 - Fraction(self.stacked, self.direct)


@checked
def comparisons(
    kernels: Annotated[Sequence[int], Whole(2, 64, "rows of a window", many=True)],
    separable: bool = False,
) -> Comparisons:
    """Count what max poolings of stride 1 compare that hand on a map after each, as in SPPF.

    Parameters
    ----------
    kernels
        Rows and columns of each pooling's window, in their order.
    separable
        Whether the max is taken over the rows first, then over the columns: 2 (k − 1) comparisons a
        value. If not, each window is gone through by itself: k² − 1.

    Returns
    -------
    Comparisons

    Raises
    ------
    ValueError
        If there are more than 64 kernels.

    Examples
    --------
    >>> comparisons([5] * 3), comparisons([5] * 3, separable=True)
    (Comparisons(stacked=72, direct=272), Comparisons(stacked=24, direct=48))
    """
    grown = [stacked_kernel(kernels[:number]).kernel_size for number in range(1, len(kernels) + 1)]
    each = [[2 * (k - 1) if separable else k**2 - 1 for k in sides] for sides in (kernels, grown)]
    return Comparisons(*map(sum, each))


# Small objects


class Pair(NamedTuple):
    """What a pooled map shows of two single pixels: shares of the places that they can be in.

    Attributes
    ----------
    merged
        One value for both.
    both
        Two values.
    one
        One of the two is left out.
    none
        Both are left out.
    """

    merged: Fraction
    both: Fraction
    one: Fraction
    none: Fraction


@checked
def merges(
    distance: Annotated[int, Whole(1, _FARTHEST, "pixels along one axis")],
    depth: Depth,
    method: Annotated[str, Choice(("max", "subsample"))] = "max",
) -> Pair:
    """Return how often two equal objects of one pixel are one after poolings of 2 × 2.

    Parameters
    ----------
    distance
        Pixels from one to the other, along one axis.
    depth
        Number of poolings.
    method
        ``"max"``, or ``"subsample"``: every second row and column.

    Returns
    -------
    Pair

    Notes
    -----
    n poolings have windows of K = 2ⁿ. At d apart, max(0, K − d) / K of the places have both pixels
    in one window. Every second value shows a pixel at one place of K², so never one for both; both
    at one of K² if K divides d.

    Examples
    --------
    >>> merges(3, 2).merged, merges(3, 3).merged
    (Fraction(1, 4), Fraction(5, 8))
    >>> merges(4, 2, "subsample")
    Pair(merged=Fraction(0, 1), both=Fraction(1, 16), one=Fraction(0, 1), none=Fraction(15, 16))
    """
    window = 2**depth
    if method == "max":
        merged = Fraction(max(0, window - distance), window)
        return Pair(merged, 1 - merged, Fraction(0), Fraction(0))
    kept = Fraction(1, window**2)
    both, one = (Fraction(0), 2 * kept) if distance % window else (kept, Fraction(0))
    return Pair(Fraction(0), both, one, 1 - both - one)


class Survives(NamedTuple):
    """Height of an object that is left after poolings, relative to its own.

    Attributes
    ----------
    height
        Of the largest pooled value, on average over the places of the object.
    least
        At the worst place.
    """

    height: Fraction
    least: Fraction


@checked
def survives(
    width: Annotated[int, Whole(1, _MOST_ROWS, "height and width of the object")],
    depth: Depth,
    method: Summary = "max",
) -> Survives:
    """Return how much of an object's height is left after poolings of 2 × 2.

    Parameters
    ----------
    width
        Height and width of the object, which has one height all over, among zeros.
    depth
        Number of poolings.
    method
        What is taken of each window.

    Returns
    -------
    Survives

    Notes
    -----
    The max keeps all of it. The mean keeps the share of its windows of K = 2ⁿ that the object
    fills at best; every second value keeps all or nothing. Both are products of the two axes.

    Examples
    --------
    >>> [str(survives(2, 2, method).height) for method in SUMMARIES]
    ['1', '49/256', '1/4']
    """
    reach = 2**depth if method == "mean" else 1
    best = overlaps(width, depth, method).max(axis=1)
    left = np.minimum(best, reach).tolist()
    return Survives(Fraction(sum(left), reach * len(left)) ** 2, Fraction(min(left), reach) ** 2)


@checked
def overlaps(
    width: Annotated[int, Whole(1, _MOST_ROWS, "rows of the object")],
    depth: Depth,
    method: Summary = "max",
) -> Ints:
    """Count the rows of an object that each window sees after poolings of 2 × 2.

    Parameters
    ----------
    width, depth, method
        As in `survives`; of every second value, a window is one row.

    Returns
    -------
    ndarray of int, shape (places, windows)
        The object begins at each row of the first window; the last window is the last that sees it
        from any of these places.

    Examples
    --------
    >>> overlaps(2, 2)
    array([[2, 0],
           [2, 0],
           [2, 0],
           [1, 1]])
    """
    window = 2**depth
    seen = 1 if method == "subsample" else window
    places = np.arange(window)[:, None]
    begins = window * np.arange(-(-(window + width - 1) // window))
    rows: Ints = np.minimum(places + width, begins + seen) - np.maximum(places, begins)
    return np.maximum(rows, 0)


@checked
def hit_rate(
    width: Width,
    depth: Searched,
    method: Summary = "max",
    strength: Strength = 3.0,
    false_alarm: FalseAlarm = 0.05,
    watched: Watched = "value",
) -> float:
    """Probability that an object in white noise is found after poolings of 2 × 2.

    Parameters
    ----------
    width, depth, method
        As in `survives`, the object at most half as wide as the picture.
    strength
        Height of the object, in standard deviations of the noise of a pixel.
    false_alarm
        Probability of an alarm where there is no object: the threshold is such.
    watched
        ``"value"``: the pooled value that sees most of the object. ``"picture"``: the largest
        pooled value of a picture of 64 × 64.

    Returns
    -------
    float
        Averaged over the places of the object.

    Notes
    -----
    Of n values in its window, m of which see the object, the max is below t with probability
    Φ(t)ⁿ⁻ᵐ Φ(t − d)ᵐ, the mean with Φ(t√n − dm/√n). Windows side by side are independent.

    The max of a picture's maxima is the max of its pixels: there max pooling changes nothing.

    Examples
    --------
    >>> [round(hit_rate(2, 2, method), 3) for method in SUMMARIES]
    [0.909, 0.691, 0.266]
    >>> hit_rate(2, 0, watched="picture") == hit_rate(2, 3, watched="picture")
    True
    """
    pixels, values = _sampled(depth, method, watched)
    level = threshold(depth, method, false_alarm, watched)
    rows = overlaps(width, depth, method)
    if watched == "value":
        rows = rows.max(axis=1, keepdims=True)
    seen = rows[:, None, :, None] * rows[:, None, :]
    silent = _log_silent(method, seen, pixels, level, strength).sum(axis=(-2, -1))
    empty = values - seen[0, 0].size
    silent = silent + empty * _log_silent(method, np.array(0), pixels, level, strength)
    return float(1 - np.exp(silent).mean())


def _sampled(depth: int, method: str, watched: str) -> tuple[int, int]:
    """Return how many pixels a pooled value is of, and how many such values are watched."""
    values = (PICTURE // 2**depth) ** 2 if watched == "picture" else 1
    return 1 if method == "subsample" else 4**depth, values


def _log_silent(method: str, seen: Ints, pixels: int, level: float, strength: float) -> Floats:
    """Logarithm of the probability that a value which sees so much is below a level."""
    if method == "mean":
        root = math.sqrt(pixels)
        return normal.log_cdf(level * root - strength * seen / root)
    without, inside = normal.log_cdf(level), normal.log_cdf(level - strength)
    return (pixels - seen) * without + seen * inside


@checked
def threshold(
    depth: Searched,
    method: Summary = "max",
    false_alarm: FalseAlarm = 0.05,
    watched: Watched = "value",
) -> float:
    """Return the level that pooled noise exceeds in the share `false_alarm` of the cases.

    Parameters
    ----------
    depth, method, false_alarm, watched
        As in `hit_rate`.

    Returns
    -------
    float
        In standard deviations of the noise of a pixel.

    Examples
    --------
    >>> [round(threshold(2, method), 3) for method in SUMMARIES]
    [2.726, 0.411, 1.645]
    """
    pixels, values = _sampled(depth, method, watched)
    each = (1 - false_alarm) ** (1 / values)
    if method == "mean":
        return float(normal.ppf(each)) / math.sqrt(pixels)
    return float(normal.ppf(each ** (1 / pixels)))


# How many poolings


class Level(NamedTuple):
    """A map after so many poolings.

    Attributes
    ----------
    poolings
        How many there were.
    size
        Rows that are left.
    view
        Rows of the picture that one value sees.
    step
        Rows of the picture from one value to the next.
    """

    poolings: int
    size: int
    view: int
    step: int


@checked
def levels(
    size: Size,
    kernel_size: Annotated[int, Whole(2, 64, "rows of a window")] = 2,
    stride: Annotated[int, Whole(2, 64, "rows from one window to the next")] | None = None,
    convolution: Annotated[int, Whole(1, 63, "rows of a convolution's window")] = 1,
) -> list[Level]:
    """Return a map's size and what one value sees, for each number of poolings that it bears.

    Parameters
    ----------
    size
        Rows of the picture.
    kernel_size, stride
        Of each pooling.
    convolution
        Rows of the window of a convolution before each pooling that keeps the size; with 1, there
        is none. It is counted behind the last pooling, too. With it, a value near the border sees
        padding as well.

    Returns
    -------
    list of Level

    Raises
    ------
    ValueError
        If `convolution` is even.

    Examples
    --------
    >>> for level in levels(32)[-2:]:
    ...     print(level)
    Level(poolings=4, size=2, view=16, step=16)
    Level(poolings=5, size=1, view=32, step=32)
    >>> levels(32, convolution=3)[5].view
    158
    """
    if convolution % 2 == 0:
        refuse("convolution", convolution, "odd, to keep the size")
    pool = Pool(kernel_size, stride)
    sizes = pooled_sizes(size, [pool] * most_pools(size, kernel_size, stride)).sizes
    steps = list(accumulate([pool.step] * (len(sizes) - 1), int.__mul__, initial=1))
    convolved = (step * (convolution - 1) for step in steps)
    pooled = (0, *(step * (kernel_size - 1) for step in steps[:-1]))
    views = accumulate(map(sum, zip(convolved, pooled, strict=True)), initial=1)
    next(views)
    return [Level(*level) for level in zip(range(len(sizes)), sizes, views, steps, strict=True)]


class Stem(NamedTuple):
    """What a residual network costs with one of the stems for small pictures.

    Attributes
    ----------
    macs
        Multiply–accumulates for one picture.
    parameters
        Weights, biases and parameters of normalisations.
    last
        Rows of the last map, before its mean.
    """

    macs: int
    parameters: int
    last: int


@checked
def stems(
    size: Annotated[int, Whole(1, 512, "pixels of the picture along an axis")] = 32,
    name: Annotated[str, Choice(("resnet18", "resnet34", "resnet50", "resnet101"))] = "resnet18",
    classes: Annotated[int, Whole(1, 1000, "classes that are told apart")] = 10,
) -> dict[str, Stem]:
    """Return what a ResNet costs as designed, without its max pool, and with a stem of stride 1.

    Parameters
    ----------
    size
        Height and width of the picture.
    name
        Of the network.
    classes
        That it tells apart.

    Returns
    -------
    dict
        ``"as designed"``: a convolution of 7 × 7 with stride 2, then a max pool with stride 2.
        ``"without the pool"``: the convolution alone. ``"3 × 3, without the pool"``: a convolution
        of 3 × 3 with stride 1, as usual for pictures of 32 × 32.

    Examples
    --------
    >>> for stem, found in stems(32).items():
    ...     print(f"{stem}: {found.macs / 1e6:.1f} million, {found.last} × {found.last}")
    as designed: 37.0 million, 1 × 1
    without the pool: 140.8 million, 2 × 2
    3 × 3, without the pool: 555.4 million, 4 × 4
    """
    known = network(name)
    first, pool, *blocks, _ = known.layers
    rest = (*blocks, Linear(classes, name="fc"))
    small = Conv2d(64, 3, padding=1, bias=False, norm=True, name="conv1")
    arrangements = {
        "as designed": (first, pool, *rest),
        "without the pool": (first, *rest),
        "3 × 3, without the pool": (small, *rest),
    }
    return {
        stem: _stem(count(replace(known, layers=layers), size))
        for stem, layers in arrangements.items()
    }


def _stem(counted: Count) -> Stem:
    *_, last, _, _ = counted.layers  # then follow the global mean and the dense layer
    return Stem(counted.macs, counted.parameters, last.shape.height)


# One, two or three axes


class Axes(NamedTuple):
    """What windows of k elements along each axis do, side by side.

    Attributes
    ----------
    kept
        Share of the values that is left.
    gradient
        Share of the values that receive gradient through a max: those that win their window and
        are not clipped to zero.
    stays
        Probability that a lone peak stays in its window when it moves.
    """

    kept: Fraction
    gradient: Fraction
    stays: Fraction


@checked
def along_axes(
    kernel_size: Annotated[int, Whole(1, 64, "elements of a window along each axis")],
    moves: Annotated[Sequence[int], Whole(-_FARTHEST, _FARTHEST, "elements", many=True)],
    zeros: Fraction = Fraction(0),
) -> Axes:
    """Return what a pooling does in as many axes as there are moves.

    Parameters
    ----------
    kernel_size
        Elements k of a window along each axis, and its stride.
    moves
        How far a lone peak moves along each of n axes, one to three: (1,) in sound, (0, 1) in a
        picture, (0, 0, 1) in a film.
    zeros
        Probability that a value is 0, as a rectifier makes it; others are positive.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If there are more than three moves.

    Notes
    -----
    1 / kⁿ of the values are left; (1 − zᵛ) / v of them receive gradient, with v = kⁿ values in a
    window; and ∏ max(0, k − |d|) / k of the peaks stay.

    Examples
    --------
    >>> for moves in ((1,), (1, 1), (1, 1, 1)):
    ...     kept, gradient, stays = along_axes(2, moves, Fraction(1, 2))
    ...     print(kept, gradient, stays)
    1/2 3/8 1/2
    1/4 15/64 1/4
    1/8 255/2048 1/8
    """
    if len(moves) > _MOST_AXES:
        refuse("moves", moves, f"of at most {_MOST_AXES} axes")
    if isinstance(zeros, bool) or not isinstance(zeros, Fraction | int) or not 0 <= zeros <= 1:
        refuse("zeros", zeros, "a fraction in [0, 1]")
    values = kernel_size ** len(moves)
    stays = (Fraction(max(0, kernel_size - abs(move)), kernel_size) for move in moves)
    gradient = (1 - Fraction(zeros) ** values) / values
    return Axes(Fraction(1, values), gradient, math.prod(stays, start=Fraction(1)))
