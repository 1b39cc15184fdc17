"""What a pooling keeps of its map, and what it throws away: counts and laws.

Counts are exact ints, however large, and probabilities exact fractions, unless a float goes in.
A *busy map* has independent values, all drawn from one continuous distribution, or 0 where a
rectifier clipped them. *Levels* are whole numbers from 0 on, as the grey values of a picture.
"""

from __future__ import annotations

import functools
import math
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from numbers import Rational, Real
from typing import NamedTuple, overload

import numpy as np
from numpy.typing import ArrayLike

from explainers.checks import Floats, Ints, choice, integer, integers, probabilities, reals, refuse
from explainers.invariance.model import lone_peak_unchanged
from explainers.laws import max_of_noise
from explainers.operators import max_pool2d, pool_output_size
from explainers.operators.windows import Size, pair, pool_axes

SUMMARIES = ("max", "mean", "subsample")
"""What a pooling can keep of a window: its max, its mean, or its first value."""

_WIDEST = 1000
_WIDEST_COUNTED = 8  # windows of 64 values: sums of more would take seconds to count
_MOST_OVERLAP = 4  # windows over a place along an axis: with five, 2²⁵ unions would be counted
_MOST_LEVELS = 1024
_MOST_CHANNELS = 10**6


# What is kept


def kept(
    input_size: Size, kernel_size: Size, stride: Size | None = None, padding: Size = 0
) -> Fraction:
    """Share of values that are left: outputs of a pooling for each input.

    Parameters
    ----------
    input_size, kernel_size, stride, padding
        As in `explainers.operators.pool_output_size`.

    Returns
    -------
    Fraction

    Raises
    ------
    ValueError
        If an argument is outside its range, or no window fits.

    Examples
    --------
    >>> kept(224, kernel_size=2), kept(7, kernel_size=2), kept(112, 3, stride=2, padding=1)
    (Fraction(1, 4), Fraction(9, 49), Fraction(1, 4))
    """
    outputs = pool_output_size(input_size, kernel_size, stride, padding)
    return Fraction(math.prod(outputs), math.prod(pair("input_size", input_size, low=1)))


def winners(
    input: ArrayLike, kernel_size: Size, stride: Size | None = None, padding: Size = 0
) -> Ints:
    """Count the windows that each value wins: the gradient of the sum of a max pooling.

    Parameters
    ----------
    input
        Shape (..., H, W), finite.
    kernel_size, stride, padding
        As in `explainers.operators.max_pool2d`.

    Returns
    -------
    ndarray of int, shape (..., H, W)
        Of several equal largest values, the first in the order of reading wins, as in PyTorch.

    Raises
    ------
    ValueError
        If `input` is not such an array, an argument is outside its range, or no window fits.

    Examples
    --------
    >>> winners([[1, 5, 2, 0], [3, 4, 8, 8]], kernel_size=2)
    array([[0, 1, 0, 0],
           [0, 0, 1, 0]])
    """
    values = reals("input", input, "an array of numbers of shape (..., H, W)")
    if not np.isfinite(values).all():
        refuse("input", values[~np.isfinite(values)][0], "finite everywhere")
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


def gradient_share(
    kernel_size: int, stride: int | None = None, zeros: Fraction | float = 0
) -> Fraction | float:
    """Share of a busy map's values that win a window and are not clipped: they receive gradient.

    Parameters
    ----------
    kernel_size
        Height and width k of a window, 1 to 1000, and at most four strides.
    stride
        Elements s from one window to the next, 1 to 1000; by default `kernel_size`.
    zeros
        Probability z that a value is 0, as a rectifier makes it; others are positive. The
        rectifier lets through no gradient to a 0.

    Returns
    -------
    Fraction | float
        Away from the border. A Fraction if `zeros` is one, or an int; else a float.

    Raises
    ------
    ValueError
        If an argument is outside its range.

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
    kernel = integer("kernel_size", kernel_size, 1, _WIDEST)
    step = kernel if stride is None else integer("stride", stride, 1, _WIDEST)
    if kernel > _MOST_OVERLAP * step:
        refuse("kernel_size", kernel, f"at most four times the stride, here {step}")
    clipped = _probability("zeros", zeros)
    ways = {kernel // step: step - kernel % step, -(-kernel // step): kernel % step or step}
    total = sum(
        ways[down] * ways[across] * signed * (1 - clipped**union) * Fraction(1, union)
        for down in ways
        for across in ways
        for union, signed in _signed_unions(kernel, step, down, across).items()
    )
    return total / step**2


@lru_cache(maxsize=256)
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


# Which features survive


def distinct_survivors(places: int, channels: int) -> Fraction:
    """Expected number of a window's places that some channel's max comes from.

    Parameters
    ----------
    places
        Values n of the window in each channel, 1 to 1000000.
    channels
        Independent busy maps C, 0 to 1000000.

    Returns
    -------
    Fraction

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Notes
    -----
    Each channel passes a place over with probability 1 − 1/n, so n (1 − (1 − 1/n)^C).

    Examples
    --------
    >>> [str(distinct_survivors(4, channels)) for channels in (1, 2, 3)]
    ['1', '7/4', '37/16']
    """
    n = integer("places", places, 1, _WIDEST**2)
    return n * (1 - Fraction(n - 1, n) ** integer("channels", channels, 0, _MOST_CHANNELS))


def share_a_window(kernel_size: int, dy: int = 0, dx: int = 0) -> Fraction:
    """Probability that two peaks, (dy, dx) apart, are in one window: the lesser is lost.

    Parameters
    ----------
    kernel_size
        Height and width k of a window, which is also its stride; 1 to 1000.
    dy, dx
        Elements from one peak to the other, of any sign.

    Returns
    -------
    Fraction
        All places relative to the windows are equally likely.

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Notes
    -----
    A peak moved by (dy, dx) stays in its window exactly as often: `lone_peak_unchanged` is the
    law. It is for two peaks of one channel; of two channels, neither is ever lost.

    Examples
    --------
    >>> share_a_window(2, dx=1), share_a_window(2, dy=1, dx=1), share_a_window(3, dx=1)
    (Fraction(1, 2), Fraction(1, 4), Fraction(2, 3))
    """
    return lone_peak_unchanged(kernel_size, dy, dx)


# How many maps look the same


def rearrangements_in_windows(input_size: Size, kernel_size: Size) -> int:
    """Count the rearrangements of a map of distinct values that leave each value in its window.

    Parameters
    ----------
    input_size
        Height and width of the map, divisible by those of a window; an int stands for both.
    kernel_size
        Height and width of a window, which is also its stride.

    Returns
    -------
    int
        None of them changes what max, mean or median pooling gives. The map itself counts.

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Examples
    --------
    >>> rearrangements_in_windows((2, 4), kernel_size=2)
    576
    """
    windows, places = _tiles(pair("input_size", input_size, 1), kernel_size)
    count: int = math.factorial(places) ** windows
    return count


def rearrangements_with_same_max(input: ArrayLike, kernel_size: Size) -> int:
    """Count the rearrangements of a map's values that leave its max-pooled map as it is.

    Parameters
    ----------
    input
        Shape (H, W), divisible by the window; all values distinct.
    kernel_size
        Height and width of a window, which is also its stride.

    Returns
    -------
    int
        The map itself counts.

    Raises
    ------
    ValueError
        If `input` is not such an array, or `kernel_size` outside its range.

    Notes
    -----
    A window's max has to stay in it, at any of its n places. The losers may go wherever a window
    has a larger max. Fill the windows in the order of their maxima, from the lowest: of the Lᵢ
    losers below the i-th max, (i − 1)(n − 1) are placed already, all of them below it too; so

        nʷ · Πᵢ Πⱼ (Lᵢ − (i − 1)(n − 1) − j),  i = 1 … w, j = 0 … n − 2.

    Examples
    --------
    >>> rearrangements_with_same_max([[1, 2, 5, 6], [3, 4, 7, 8]], kernel_size=2)
    576
    >>> rearrangements_with_same_max([[1, 2, 3, 4], [5, 7, 6, 8]], kernel_size=2)
    11520
    """
    values = reals("input", input, "an array of numbers of shape (H, W)")
    if values.ndim != 2:
        refuse("shape of input", values.shape, "(H, W)")
    if not np.isfinite(values).all() or np.unique(values).size < values.size:
        refuse("input", "equal or infinite values", "finite, and all values distinct")
    windows, places = _tiles((values.shape[0], values.shape[1]), kernel_size)
    maxima = np.sort(max_pool2d(values, kernel_size).ravel())
    losers = np.setdiff1d(values, maxima)
    free = np.searchsorted(losers, maxima) - (places - 1) * np.arange(windows)
    choices = free[:, None] - np.arange(places - 1)
    count: int = places**windows * math.prod(choices.ravel().tolist())
    return count


def maps_with_one_image(
    pooled: ArrayLike, kernel_size: Size, summary: str = "max", levels: int = 256
) -> int:
    """Count the maps of levels that have one and the same pooled map.

    Parameters
    ----------
    pooled
        The pooled map, whole numbers: the max of each window, or its first value, each below
        `levels`; for the mean, its sum.
    kernel_size
        Height and width of a window, which is also its stride; 1 to 8.
    summary
        What is kept of a window: ``"max"``, ``"mean"`` or ``"subsample"``.
    levels
        Number L of levels that a value can have, 2 to 1024.

    Returns
    -------
    int

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Notes
    -----
    The windows of n values decide for themselves; the counts multiply. A max v has
    (v + 1)ⁿ − vⁿ windows: all those with no value above v, but for those with none above v − 1. A
    sum S has Σⱼ (−1)ʲ C(n, j) C(S − jL + n − 1, n − 1): the coefficient of xˢ in
    (1 + x + … + xᴸ⁻¹)ⁿ. A first value has Lⁿ⁻¹.

    Examples
    --------
    >>> maps_with_one_image([[1]], 2, levels=2), maps_with_one_image([[1, 1, 0]], 2, levels=2)
    (15, 225)
    >>> maps_with_one_image([[3]], 2, "mean", levels=4)
    20
    """
    ways = _ways(summary, integer("levels", levels, 2, _MOST_LEVELS), _places(kernel_size))
    image = integers("pooled", pooled, 0, len(ways) - 1)
    values, times = np.unique(image, return_counts=True)
    pairs = zip(values.tolist(), times.tolist(), strict=True)
    count: int = math.prod(ways[value] ** repeated for value, repeated in pairs)
    return count


@lru_cache(maxsize=64)
def _ways(summary: str, levels: int, places: int) -> Sequence[int]:
    """Count the windows of `places` levels with each max, sum, or first value."""
    if choice("summary", summary, SUMMARIES) == "subsample":
        return [levels ** (places - 1)] * levels
    if summary == "max":
        return [(v + 1) ** places - v**places for v in range(levels)]
    # (1 − xᴸ)ⁿ / (1 − x)ⁿ: the numerator's terms, each with the series of the denominator
    signs = [(-1) ** j * math.comb(places, j) for j in range(places + 1)]
    series = [math.comb(s + places - 1, places - 1) for s in range(places * (levels - 1) + 1)]
    return [
        sum(signs[j] * series[s - j * levels] for j in range(min(places, s // levels) + 1))
        for s in range(len(series))
    ]


def kept_bits(summary: str, kernel_size: Size, levels: int = 256) -> float:
    """Information that is kept of a window of independent levels, all equally likely, in bits.

    Parameters
    ----------
    summary, kernel_size, levels
        As in `maps_with_one_image`.

    Returns
    -------
    float
        The entropy of what is kept. The window itself has n log₂ L bits.

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Notes
    -----
    What is kept is a function of the window, so what it tells of the window is its own entropy:
    log₂ Lⁿ less the average of log₂ of the number of windows that look the same. The mean is kept
    exactly, a number with n (L − 1) + 1 possible values: more than the max has.

    Examples
    --------
    >>> [round(kept_bits(summary, 2), 2) for summary in SUMMARIES]
    [7.08, 9.25, 8.0]
    """
    count = integer("levels", levels, 2, _MOST_LEVELS)
    places = _places(kernel_size)
    total = count**places
    alike = sum(ways / total * math.log2(ways) for ways in _ways(summary, count, places))
    return float(places * math.log2(count) - alike)


def kept_bits_of(
    chances: ArrayLike, kernel_size: Size, summary: str = "max", rounded: bool = False
) -> float:
    """Information that is kept of a window of independent levels, however they are distributed.

    Parameters
    ----------
    chances
        Of each level, from 0 on; they sum to 1; 2 to 1024 of them.
    kernel_size
        Height and width of a window, 1 to 8.
    summary
        As in `maps_with_one_image`.
    rounded
        Whether the mean is rounded to the nearest level, halves upwards, or kept exactly.

    Returns
    -------
    float
        The entropy of what is kept, in bits. The window itself has n times that of a value.

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Examples
    --------
    >>> [round(kept_bits_of([1 / 256] * 256, 2, s), 2) for s in SUMMARIES]
    [7.08, 9.25, 8.0]
    >>> round(kept_bits_of([1 / 256] * 256, 2, "mean", rounded=True), 2)
    7.25
    """
    p, n = probabilities("chances", chances), _places(kernel_size)
    if p.ndim != 1 or not 2 <= p.size <= _MOST_LEVELS or not math.isclose(p.sum(), 1):
        refuse("chances", chances, f"2 to {_MOST_LEVELS} probabilities that sum to 1")
    kept: Floats = p
    if choice("summary", summary, SUMMARIES) == "max":
        kept = np.diff(np.minimum(np.cumsum(p), 1) ** n, prepend=0)
    elif summary == "mean":
        kept = np.asarray(functools.reduce(np.convolve, [p] * n), dtype=np.float64)
        if rounded:
            nearest = (2 * np.arange(kept.size) + n) // (2 * n)
            kept = np.asarray(np.bincount(nearest, kept), dtype=np.float64)
    return float(_entropy(kept))


def kept_bits_binary(summary: str, kernel_size: Size, rate: ArrayLike) -> Floats:
    """Information that is kept of a window of detectors that fire independently, in bits.

    Parameters
    ----------
    summary
        As in `maps_with_one_image`; the mean tells how many fire.
    kernel_size
        Height and width of a window, 1 to 8.
    rate
        Probability that a detector fires; any shape.

    Returns
    -------
    ndarray
        The entropy of what is kept, of the shape of `rate`.

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Notes
    -----
    With h(p) the entropy of a coin, the max keeps h((1 − p)ⁿ), the first value h(p), and the mean
    the entropy of a binomial number of n trials. The mean tells the max, so never keeps less.

    Examples
    --------
    >>> [float(kept_bits_binary(summary, 2, 0.05).round(2)) for summary in SUMMARIES]
    [0.69, 0.77, 0.29]
    """
    p, n = probabilities("rate", rate), _places(kernel_size)
    if choice("summary", summary, SUMMARIES) == "mean":
        fire = np.arange(n + 1)
        choices = np.array([math.comb(n, k) for k in fire.tolist()], dtype=np.float64)
        chances = choices * p[..., None] ** fire * (1 - p[..., None]) ** (n - fire)
    else:
        silent = (1 - p) ** (n if summary == "max" else 1)
        chances = np.stack([silent, 1 - silent], axis=-1)
    return _entropy(chances)


def _entropy(chances: Floats) -> Floats:
    logs = np.log2(chances, out=np.zeros_like(chances), where=chances > 0)
    return np.asarray(-(chances * logs).sum(axis=-1) + 0.0)[()]


def readable(count: int) -> str:
    """Write a count so that one can read it, however large.

    Raises
    ------
    ValueError
        If `count` is not a whole number, or below 1.

    Examples
    --------
    >>> readable(576), readable(24**16)
    ('576', '≈ 10^22 (74 bits)')
    """
    number = integer("count", count, 1)
    if number < 10**9:
        return f"{number}"
    return f"≈ 10^{round(math.log10(number))} ({bits(number)} bits)"


def digits(count: int) -> int:
    """Count the decimal digits of a count, too large to write down.

    Examples
    --------
    >>> digits(999), digits(1000), digits(2**4000)
    (3, 4, 1205)
    """
    number = integer("count", count, 1)
    logarithm = math.log10(number)
    nearest = round(logarithm)
    # Only next to a power of ten can the logarithm's rounding matter.
    if math.isclose(logarithm, nearest, rel_tol=1e-12, abs_tol=1e-12):
        return int(nearest + (number >= 10**nearest))
    return math.floor(logarithm) + 1


def bits(count: int) -> int:
    """Bits that say which one of `count` it is: ⌈log₂ count⌉.

    Examples
    --------
    >>> bits(1), bits(15), bits(16), bits(17)
    (0, 4, 4, 5)
    """
    return (integer("count", count, 1) - 1).bit_length()


# How well the map is rebuilt


class Loss(NamedTuple):
    """Error of a rebuilt picture, in standard deviations of the picture.

    Attributes
    ----------
    rms
        Root of the mean squared difference.
    bias
        Mean difference: how much too bright the rebuilt picture is.
    rest
        What is left once the brightness is right: √(rms² − bias²).
    """

    rms: float
    bias: float
    rest: float


def noise_loss(summary: str, places: int) -> Loss:
    """Error of independent standard normals, rebuilt by copying what is kept over its window.

    Parameters
    ----------
    summary
        What is kept of a window: ``"max"``, ``"mean"`` or ``"subsample"``.
    places
        Number n of values in a window, 1 to 1000000.

    Returns
    -------
    Loss

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Notes
    -----
    With x̄ the mean of the window, what is kept being x̄ + D, and D independent of x̄ (as all
    differences between the values are), the squared error averages to

        E[(x̄ + D)²] − 2 E[(x̄ + D) x̄] + 1 = E[(x̄ + D)²] − 2/n + 1.

    E[(x̄ + D)²] is 1/n for the mean, 1 for the first value, and the second moment of the largest of
    n normals for the max; only the max is too bright on average, by the mean of that.

    Examples
    --------
    >>> [round(noise_loss(summary, 4).rms, 3) for summary in SUMMARIES]
    [1.432, 0.866, 1.225]
    """
    n = integer("places", places, 1, _WIDEST**2)
    largest = max_of_noise(n)
    bias = float(largest.mean) if choice("summary", summary, SUMMARIES) == "max" else 0.0
    spread = {"max": float(largest.sd) ** 2, "mean": 1 / n, "subsample": 1.0}[summary]
    rest = max(spread - 2 / n + 1, 0.0)
    return Loss(math.sqrt(rest + bias**2), bias, math.sqrt(rest))


# The rectifier before or after


@overload
def mean_commutes(kernel_size: int, negative: int | Fraction = ...) -> Fraction: ...


@overload
def mean_commutes(kernel_size: int, negative: float = ...) -> Fraction | float: ...


def mean_commutes(
    kernel_size: int, negative: Fraction | float = Fraction(1, 2)
) -> Fraction | float:
    """Probability that mean pooling gives the same before a rectifier as after it.

    Parameters
    ----------
    kernel_size
        Height and width k of a window, 1 to 1000.
    negative
        Probability z that a value is negative; others are positive, and all independent.

    Returns
    -------
    Fraction | float
        A Fraction if `negative` is one, or an int; else a float. For the max it is 1.

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Notes
    -----
    The mean of clipped values is at least the clipped mean, and equal only if no sign is mixed:
    all n = k² negative, or none, zⁿ + (1 − z)ⁿ. The max commutes with every function that never
    decreases: the image of the largest value is the largest image.

    Examples
    --------
    >>> mean_commutes(2), mean_commutes(3)
    (Fraction(1, 8), Fraction(1, 256))
    """
    n = integer("kernel_size", kernel_size, 1, _WIDEST) ** 2
    chance = _probability("negative", negative)
    return chance**n + (1 - chance) ** n


# Padding


class Padded(NamedTuple):
    """Windows of a padded max pooling.

    Attributes
    ----------
    windows
        All of them.
    touching
        Those that reach into the padding: on a map of negative values, zeros would win them all.
    invented
        Expected number that zeros would win on a map of independent values.
    """

    windows: int
    touching: int
    invented: Fraction


def zero_padding(
    input_size: Size,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    negative: Fraction = Fraction(1, 2),
) -> Padded:
    """Count the maxima that zeros around a map would invent, if max pooling padded with zeros.

    Parameters
    ----------
    input_size, kernel_size, stride, padding
        As in `explainers.operators.pool_output_size`.
    negative
        Probability z that a value of the map is negative: a fraction, 1/2 for any symmetric
        distribution.

    Returns
    -------
    Padded

    Raises
    ------
    ValueError
        If an argument is outside its range, or no window fits.

    Notes
    -----
    Zeros win a window that reaches into the padding if its m real values are all negative: zᵐ.

    Examples
    --------
    >>> zero_padding(4, kernel_size=3, stride=2, padding=1)
    Padded(windows=4, touching=3, invented=Fraction(3, 32))
    """
    size = pair("input_size", input_size, low=1)
    chance = _probability("negative", negative)
    rows, columns = pool_axes(size, kernel_size, stride, padding, 1, False)
    inside = np.multiply.outer(rows.counts(False), columns.counts(False))
    real, times = np.unique(inside, return_counts=True)
    touching = dict(zip(real.tolist(), times.tolist(), strict=True))
    touching.pop(rows.kernel * columns.kernel, None)
    invented = sum((t * Fraction(chance) ** m for m, t in touching.items()), Fraction(0))
    return Padded(inside.size, sum(touching.values()), invented)


# Checking


def _tiles(size: tuple[int, int], kernel_size: Size) -> tuple[int, int]:
    """Return how many windows tile a map, and how many places each has."""
    kernel = pair("kernel_size", kernel_size, 1)
    if any(side % length for side, length in zip(size, kernel, strict=True)):
        refuse("kernel_size", kernel_size, f"such that windows tile the map, {size}")
    places = math.prod(kernel)
    return math.prod(size) // places, places


def _places(kernel_size: Size) -> int:
    return math.prod(
        integer("kernel_size", side, 1, _WIDEST_COUNTED)
        for side in pair("kernel_size", kernel_size, 1)
    )


def _probability(name: str, value: Fraction | float) -> Fraction | float:
    if isinstance(value, bool) or not isinstance(value, Real) or not 0 <= value <= 1:
        refuse(name, value, "a probability in [0, 1]")
    return Fraction(value) if isinstance(value, Rational) else float(value)
