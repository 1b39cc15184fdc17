"""What the numbers themselves do to a pooling: NaN and ∞, int8, float16, the order of sums, ties.

Laws are exact fractions and counts; beside each stands a trial with the package's own operators.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Annotated, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explainers import intervals
from explainers.checks import Ints, reals, refuse
from explainers.intervals import Interval
from explainers.kinds import Choice, Number, Seed, Whole, checked
from explainers.operators import (
    avg_pool2d,
    conv2d,
    max_pool2d,
    median_pool2d,
    min_pool2d,
)
from explainers.operators.windows import Array, pool_axes

BAD = ("nan", "inf", "-inf")
"""What is no finite number."""
POOLS = ("max", "min", "mean", "median")
"""Poolings that may meet it."""
ROUNDINGS = ("half to even", "half away", "truncation")
"""How a mean is made whole: NumPy's and PyTorch's rounding, that of schools, and C's division."""
WAYS = ("naive", "pairwise", "float32")
"""How a sum is taken: one after the other, in pairs, or one after the other in float32."""
GRADIENTS = ("max", "mean")
"""Poolings whose gradients are added."""
COUNTS = (49, 196, 784, 3136, 12544)
"""Values of a global mean: of maps of 7, 14, 28, 56 and 112."""

Bad = Annotated[str, Choice(BAD)]
Pool = Annotated[str, Choice(POOLS)]
Rounding = Annotated[str, Choice(ROUNDINGS)]
Window = Annotated[int, Whole(1, 8, "side of the window, in values")]
Stride = Annotated[int, Whole(1, 8, "values from one window to the next")]
Layers = Annotated[int, Whole(0, 8, "convolutions, each with a pooling behind it")]
Kernel = Annotated[int, Whole(1, 11, "side of the convolutions' kernel")]
Levels = Annotated[int, Whole(1, 65536, "levels that a value can have")]
Maps = Annotated[int, Whole(2, 1000, "number of maps")]
Side = Annotated[int, Whole(8, 256, "height and width of each map")]

_LOWEST, _HIGHEST = -128, 127
_MOST_VALUES = 2 * 10**7  # of the maps on which a NaN is followed

_POOLS: dict[str, Callable[[Array, int], Array]] = {
    "max": max_pool2d,
    "min": min_pool2d,
    "mean": avg_pool2d,
    "median": median_pool2d,
}


_STRIDED: dict[str, Callable[[Array, int, int], Array]] = {"max": max_pool2d, "mean": avg_pool2d}


# NaN and ∞


@checked
def window_with(
    bad: Bad = "nan",
    pool: Pool = "max",
    count: Annotated[int, Whole(0, 4, "how many of the four values")] = 1,
) -> float:
    """Pool a window of the values 1, 2, 3, 4, the first few of which are no finite numbers.

    Parameters
    ----------
    bad
        ``"nan"``, ``"inf"`` or ``"-inf"``.
    pool
        Of `POOLS`.
    count
        How many of the four are bad.

    Returns
    -------
    float

    Notes
    -----
    NaN wins every window that it is in. −∞ loses against any number: so it is what pads a max
    pooling. A window of −∞ alone has the max −∞, of which a difference to itself, as in a softmax
    or a normalisation, is NaN.

    Examples
    --------
    >>> [window_with("nan", pool) for pool in POOLS]
    [nan, nan, nan, nan]
    >>> window_with("-inf", "max"), window_with("-inf", "mean"), window_with("-inf", "max", count=4)
    (4.0, -inf, -inf)
    """
    values = np.array([1.0, 2.0, 3.0, 4.0])
    values[:count] = float(bad)
    return float(_POOLS[pool](values.reshape(2, 2), 2)[0, 0])


class Patch(NamedTuple):
    """Side of the patch of a pooled map that one value reaches: by its place, at least and most."""

    fewest: int
    most: int


@checked
def nan_patch(
    layers: Layers = 1, kernel: Kernel = 3, window: Window = 1, stride: Stride = 1
) -> Patch:
    """Side of the patch that one NaN spoils, behind convolutions with a pooling after each.

    Parameters
    ----------
    layers
        n: pairs of a convolution and a pooling.
    kernel
        k: side of the convolutions' kernels, of stride 1.
    window, stride
        w and s: side of the poolings' windows, and values from one to the next; with 1 and 1 there
        is no pooling.

    Returns
    -------
    Patch
        In values of what comes out, away from the border.

    Notes
    -----
    An output is spoiled if the NaN is in what it sees. It sees R values along each axis, the next
    one as many J = sⁿ further on: so ⌊R / J⌋ or ⌈R / J⌉ of them see a value. Each pair adds
    k − 1 + w − 1 steps of its input to R, so R = 1 + (k + w − 2) (1 + s + … + sⁿ⁻¹). If windows
    lie further apart than they and the kernel reach, a NaN may be in none.

    Examples
    --------
    >>> nan_patch(5), nan_patch(5, window=2, stride=2)
    (Patch(fewest=11, most=11), Patch(fewest=2, most=3))
    """
    seen, jump = _field(layers, kernel, window, stride)
    return Patch(seen // jump, -(-seen // jump))


def _field(layers: int, kernel: int, window: int, stride: int) -> tuple[int, int]:
    """Return what an output sees along an axis, and how much further on the next one sees."""
    steps = sum(stride**layer for layer in range(layers))
    return 1 + (kernel + window - 2) * steps, stride**layers


@checked
def nan_patch_tried(
    layers: Layers = 1,
    kernel: Kernel = 3,
    window: Window = 1,
    stride: Stride = 1,
    pool: Annotated[str, Choice(("max", "mean"))] = "max",
    *,
    rectified: bool = True,
) -> Ints:
    """Follow one NaN through convolutions, rectifiers and poolings, from each place of a cell.

    Parameters
    ----------
    layers, kernel, window, stride
        As in `nan_patch`.
    pool
        ``"max"`` or ``"mean"``.
    rectified
        Whether a rectifier stands behind each convolution; it does not stop a NaN.

    Returns
    -------
    ndarray of int, shape (strideⁿ,)
        Sides of the square patches, for a NaN in each place along the diagonal of a cell.

    Raises
    ------
    ValueError
        If the maps for it would have over 20 million values.

    Examples
    --------
    >>> nan_patch_tried(2), nan_patch_tried(2, window=2, stride=2)
    (array([5]), array([2, 2, 3, 3]))
    """
    seen, jump = _field(layers, kernel, window, stride)
    size = 2 * (seen + jump)
    if jump * size**2 > _MOST_VALUES:
        refuse("layers", layers, f"fewer: {jump} maps of {size} × {size} are too many")
    weights = np.ones((1, 1, kernel, kernel))
    maps = np.ones((jump, 1, size, size))
    cell = np.arange(jump)
    maps[cell, 0, seen + cell, seen + cell] = np.nan
    for _ in range(layers):
        convolved = conv2d(maps, weights)
        maps = _STRIDED[pool](np.maximum(convolved, 0) if rectified else convolved, window, stride)
    sides: Ints = np.isnan(maps).any(axis=-1).sum(axis=(1, 2))
    return sides


@checked
def windows_of_padding(
    size: Annotated[int, Whole(1, 256, "height and width of the map")],
    kernel: Kernel,
    stride: Stride = 1,
    padding: Annotated[int, Whole(0, 5, "values added on each side")] = 0,
    dilation: Annotated[int, Whole(1, 8, "values from one tap to the next")] = 1,
) -> int:
    """Count the windows of a max pooling that lie in the padding altogether: their max is −∞.

    Parameters
    ----------
    size, kernel, stride, padding, dilation
        As in `explainers.operators.max_pool2d`, alike for rows and columns.

    Returns
    -------
    int

    Raises
    ------
    ValueError
        If no window fits, or the padding is more than half of the
        kernel.

    Notes
    -----
    None of a window's rows meets the map, or none of its columns does. As the padding is at most
    half of the kernel, taps must lie on both sides of the map, further apart than it is wide. There
    is room for two: so the one case is a kernel of 2 with a padding of 1 and a dilation of one more
    than the map is wide, and there it is the only window.

    Examples
    --------
    >>> windows_of_padding(1, 2, padding=1, dilation=2), windows_of_padding(4, 3, padding=1)
    (1, 0)
    """
    axis, _ = pool_axes((size, size), kernel, stride, padding, dilation, False)
    taps = axis.begins[:, None] + dilation * np.arange(kernel)
    meets = int(((taps >= 0) & (taps < size)).any(axis=1).sum())
    return axis.windows**2 - meets**2


# int8


@checked
def quantised(
    values: ArrayLike, step: Annotated[float, Number(0, open=True)] = 1
) -> NDArray[np.int8]:
    """Round values to whole steps, to even where they are halfway, from −128 to 127.

    Parameters
    ----------
    values
        Finite, of any shape.
    step
        What 1 stands for.

    Returns
    -------
    ndarray of int8, of the shape of `values`

    Raises
    ------
    ValueError
        If `values` is not such an array, or `step` not above 0.

    Examples
    --------
    >>> quantised([-1.4, 2.5, 500], step=0.5)
    array([ -3,   5, 127], dtype=int8)
    """
    numbers = reals("values", values, "finite numbers")
    if not np.isfinite(numbers).all():
        refuse("values", numbers[~np.isfinite(numbers)].flat[0], "finite numbers")
    return np.clip(np.rint(numbers / step), _LOWEST, _HIGHEST).astype(np.int8)


class Quantised(NamedTuple):
    """Pooling int8 against pooling floats, then rounding; with 95 % intervals over maps.

    Attributes
    ----------
    max_differ
        Share of maxima that are not the rounded float maximum.
    mean_same
        Share of means that are the rounded float mean.
    farthest
        Largest difference of those means, in steps.
    """

    max_differ: Interval[float]
    mean_same: Interval[float]
    farthest: int


@checked
def int8_pooling(
    window: Window = 2,
    rounding: Rounding = "half to even",
    *,
    steps: Annotated[float, Number(0.25, 32, "steps of int8 in a standard deviation")] = 24,
    centre: Annotated[float, Number(-64, 64, "mean of the values, in steps of int8")] = 0,
    maps: Maps = 100,
    size: Side = 64,
    seed: Seed = 0,
) -> Quantised:
    """Pool int8 maps, and compare with the float maps pooled and then quantised.

    Parameters
    ----------
    window
        Side and stride of the windows.
    rounding
        How the mean of whole numbers is made whole: ``"half to even"``, ``"half away"`` from zero,
        or ``"truncation"`` towards zero.
    steps
        Steps of int8 in a standard deviation of the normal values; with 24 they reach to ± 5.3 of
        them, and with 32 to ± 4: then the clipped values of a window bear on its mean, too.
    centre
        Mean of the values, in steps.
    maps, size, seed
        Number of maps of independent values, their height and width, and the seed.

    Returns
    -------
    Quantised

    Notes
    -----
    Quantising never falls, so the max of what was quantised is the quantised max: it is one of the
    inputs, and needs no rounding. A mean of n is rounded again, and the first roundings are in it.

    Examples
    --------
    >>> pooled = int8_pooling(2)
    >>> pooled.max_differ.value, round(pooled.mean_same.value, 2), pooled.farthest
    (0.0, 0.85, 1)
    """
    values = centre + steps * np.random.default_rng(seed).standard_normal((maps, size, size))
    whole = quantised(values)
    differ = max_pool2d(whole, window) != quantised(max_pool2d(values, window))
    sums = np.rint(avg_pool2d(whole.astype(np.float64), window) * window**2).astype(np.int64)
    found, wanted = _mean_of(sums, window**2, rounding), quantised(avg_pool2d(values, window))
    apart = np.abs(found - wanted)
    shares = (each.mean(axis=(1, 2)) for each in (differ, apart == 0))
    within = (intervals.within(intervals.of_mean(share), 0, 1) for share in shares)
    max_differ, mean_same = map(intervals.scalar, within)
    return Quantised(max_differ, mean_same, int(apart.max()))


def _mean_of(sums: Ints, count: int, rounding: str) -> Ints:
    """Divide whole sums by how many numbers are in them, in whole numbers."""
    sign, size = np.sign(sums), np.abs(sums)
    below, rest = np.divmod(size, count)
    if rounding == "truncation":
        return np.asarray(sign * below)
    halfway_up = (below % 2 == 1) | (rounding == "half away")
    up = (2 * rest > count) | ((2 * rest == count) & halfway_up)
    return np.asarray(sign * (below + up))


@checked
def int8_mean_same(window: Window = 2, rounding: Rounding = "half to even") -> Fraction:
    """Probability that the mean of int8 values is the rounded mean of the floats behind them.

    Parameters
    ----------
    window
        Side of a window of n = window² values.
    rounding
        How the mean is made whole, as in `int8_pooling`.

    Returns
    -------
    Fraction
        For independent values that spread over many steps.

    Notes
    -----
    A value is a whole number and a rest that is uniform, and independent of it, from −1/2 to 1/2.
    The whole numbers have the mean m + r / n, r uniform from 0 to n − 1; the floats' is S / n − 1/2
    above it, S a sum of n uniform numbers from 0 to 1. So m is right if S < n − r, and m + 1 if
    not: how often the one that the rounding chooses is right, the distribution of S at whole
    numbers tells. Halfway, where n is even, either is right half of the time: how halves are
    rounded makes no difference. Truncation chooses the one nearer to 0, always. (About 0, where
    small means are the most frequent, r is small more often, and truncation a little better.)

    Examples
    --------
    >>> [round(float(int8_mean_same(window)), 3) for window in (1, 2, 3, 4)]
    [1.0, 0.854, 0.927, 0.939]
    >>> round(float(int8_mean_same(2, "truncation")), 3)
    0.625
    """
    n = window**2
    below = _sums_of_uniforms(n)
    right = Fraction(0)
    for rest in range(n):
        lower = below[n - rest]
        keeps_lower = rounding == "truncation" or 2 * rest < n
        right += lower if keeps_lower else 1 - lower
    return right / n


def _sums_of_uniforms(count: int) -> list[Fraction]:
    """Probability that a sum of uniform numbers from 0 to 1 is below 0, 1, …, `count`.

    Between whole numbers it is an Eulerian number of `count`! times: Laplace's formula.
    """
    terms = [(-1) ** k * math.comb(count, k) for k in range(count + 1)]
    return [
        Fraction(sum(terms[k] * (top - k) ** count for k in range(top)), math.factorial(count))
        for top in range(count + 1)
    ]


# Sums of floats


class SumError(NamedTuple):
    """Relative error of global means, over maps.

    Attributes
    ----------
    rms, largest
        Root mean square and largest of |mean − exact| / exact.
    """

    rms: float
    largest: float


@checked
def global_mean_error(
    count: Annotated[int, Whole(1, 65536, "values of the map")] = 12544,
    dtype: Annotated[str, Choice(("float16", "float32"))] = "float16",
    way: Annotated[str, Choice(WAYS)] = "naive",
    *,
    maps: Maps = 100,
    seed: Seed = 0,
) -> SumError:
    """Take global means of rectified normal values in few digits, and compare with the exact ones.

    Parameters
    ----------
    count
        Values of the map: 49 for one of 7 × 7, 12544 for one of 112 × 112.
    dtype
        Of the values and of the mean: ``"float16"`` or ``"float32"``.
    way
        ``"naive"``: one value after the other, in `dtype`; ``"pairwise"``: sums of pairs, then of
        pairs of sums, in `dtype`; ``"float32"``: one after the other in float32, the mean rounded
        to `dtype`.
    maps, seed
        Number of maps, and the seed of their values.

    Returns
    -------
    SumError
        The exact mean is that of the values as `dtype` has them.

    Notes
    -----
    A float16 has 11 bits: a sum above 2048 moves by steps of 2, and values below 1 are lost on it.
    One after the other, errors grow with the number of values; in pairs, with its logarithm.

    Examples
    --------
    >>> [f"{global_mean_error(way=way).rms:.1g}" for way in WAYS]
    ['0.2', '0.0004', '0.0002']
    """
    noise = np.random.default_rng(seed).standard_normal((maps, count))
    values = np.maximum(noise, 0).astype(dtype)
    exact = values.astype(np.float64).mean(axis=-1)
    means = (_SUMS[way](values) / np.float32(count)).astype(dtype).astype(np.float64)
    error = np.abs(means - exact) / np.where(exact > 0, exact, 1)  # zeros alone are exact
    return SumError(float(np.sqrt((error**2).mean())), float(error.max()))


def _one_by_one(values: Array) -> Array:
    """Add along the last axis in its order, and round to the dtype each time."""
    return np.asarray(np.cumsum(values, axis=-1, dtype=values.dtype)[..., -1])


def _in_pairs(values: Array) -> Array:
    """Add pairs along the last axis, then pairs of sums, and round to the dtype each time."""
    while values.shape[-1] > 1:
        even = np.pad(values, [(0, 0), (0, values.shape[-1] % 2)])
        values = even[:, ::2] + even[:, 1::2]
    return values[:, 0]


_SUMS: dict[str, Callable[[Array], Array]] = {
    "naive": _one_by_one,
    "pairwise": _in_pairs,
    "float32": lambda values: _one_by_one(values.astype(np.float32)),
}


class Reordered(NamedTuple):
    """Gradients whose terms were added in another order.

    Attributes
    ----------
    share
        Of all values, those whose gradient differs.
    farthest
        Largest difference, in units of the last place of the larger one: many, where terms of
        either sign cancel and leave little.
    terms
        Most terms that one gradient has.
    """

    share: float
    farthest: float
    terms: int


@checked
def gradient_order(
    pool: Annotated[str, Choice(GRADIENTS)] = "mean",
    window: Window = 3,
    stride: Stride = 1,
    *,
    positive: bool = False,
    maps: Maps = 20,
    size: Side = 32,
    seed: Seed = 0,
) -> Reordered:
    """Add the gradients that windows pass back in their order, and in a random one, in float32.

    Parameters
    ----------
    pool
        ``"max"``: a window passes its gradient to its largest value; ``"mean"``: a share to each.
    window, stride
        Side of the windows, and values from one to the next.
    positive
        Whether what comes back to the windows is all above 0, or normal and of either sign.
    maps, size, seed
        Number of maps of independent normal values, their height and width, and the seed.

    Returns
    -------
    Reordered

    Notes
    -----
    Floats do not add alike in all orders, and processors that share the work take what comes first.
    One term, as where windows lie side by side, or two have one sum in all orders: it takes three.

    Examples
    --------
    >>> gradient_order("mean", 2, 2), gradient_order("mean", 3, 1).share > 0.5
    (Reordered(share=0.0, farthest=0.0, terms=1), True)
    """
    drawn = np.random.default_rng(seed)
    noise = drawn.standard_normal((maps, size, size)).astype(np.float32)
    places = (
        _max_places(noise, window, stride) if pool == "max" else _all_places(noise, window, stride)
    )
    passed = drawn.standard_normal((*places.shape[:3], 1, 1)).astype(np.float32)
    passed = np.abs(passed) if positive else passed
    terms = np.broadcast_to(passed / np.float32(places[0, 0, 0].size), places.shape).ravel()
    other = drawn.permutation(terms.size)
    one = _added(noise, places.ravel(), terms)
    two = _added(noise, places.ravel()[other], terms[other])
    last = np.spacing(np.maximum(np.abs(one), np.abs(two)))
    many = int(np.bincount(places.ravel()).max())
    return Reordered(float((one != two).mean()), float((np.abs(one - two) / last).max()), many)


def _max_places(maps: Array, window: int, stride: int) -> Ints:
    """Return which value of all maps wins each window: (maps, rows, columns, 1, 1)."""
    _, won = max_pool2d(maps, window, stride, return_indices=True)
    return np.asarray(won + maps[0].size * np.arange(len(maps))[:, None, None])[..., None, None]


def _all_places(maps: Array, window: int, stride: int) -> Ints:
    """Return which values of all maps are in each window: (maps, rows, columns, window, window)."""
    each = np.arange(maps.size).reshape(maps.shape)
    seen = np.lib.stride_tricks.sliding_window_view(each, (window, window), axis=(1, 2))
    return seen[:, ::stride, ::stride]


def _added(maps: Array, places: Ints, terms: Array) -> Array:
    """Add terms at their places, one after the other, in float32."""
    gradient = np.zeros(maps.size, np.float32)
    np.add.at(gradient, places, terms)
    return gradient


# Ties


@checked
def tied(window: Window = 2, levels: Levels = 256) -> Fraction:
    """Probability that a window has more than one largest value.

    Parameters
    ----------
    window
        Side of a window of n = window² values.
    levels
        L: levels that a value can have, all equally likely, and independent.

    Returns
    -------
    Fraction

    Notes
    -----
    One of the n values is on level l, and all others are below: n (l / L)ⁿ⁻¹ / L, summed over l
    from 0 to L − 1, is the probability of a single largest value.

    Examples
    --------
    >>> tied(2, 2), round(float(tied(2, 256)), 4)
    (Fraction(3, 4), 0.0078)
    """
    n = window**2
    single = n * sum(level ** (n - 1) for level in range(levels))
    return 1 - Fraction(single, levels**n)


@checked
def tied_tried(
    window: Window = 2,
    levels: Levels = 256,
    *,
    maps: Maps = 100,
    size: Side = 64,
    seed: Seed = 0,
) -> Interval[float]:
    """Share of windows side by side, on random maps, that have more than one largest value.

    Parameters
    ----------
    window, levels
        As in `tied`.
    maps, size, seed
        Number of maps of independent levels, their height and width, and the seed.

    Returns
    -------
    Interval[float]
        With a 95 % interval for independent windows.

    Examples
    --------
    >>> share = tied_tried(2, 2)
    >>> share.low < 0.75 < share.high
    True
    """
    side = size // window * window
    values = np.random.default_rng(seed).integers(levels, size=(maps, side, side))
    largest = max_pool2d(values, window).repeat(window, axis=-1).repeat(window, axis=-2)
    winners = avg_pool2d((values == largest).astype(np.float64), window) * window**2
    return intervals.scalar(intervals.wilson((winners > 1.5).mean(), winners.size))
