"""How many maps look the same once they are pooled, and how much of a window is told.

Counts are exact, however large. *Levels* are whole numbers from 0 on, as the grey values of a
picture.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache, reduce
from typing import Annotated

import numpy as np
from numpy.typing import ArrayLike

from explainers.checks import Floats, refuse
from explainers.discarded.model import Summary
from explainers.kinds import Each, Number, Whole, checked
from explainers.operators import max_pool2d
from explainers.operators.windows import Size, pair

_WIDEST = 8  # windows of 64 values: sums of more would take seconds to count
_MOST_LEVELS = 1024

Levels = Annotated[int, Whole(2, _MOST_LEVELS)]
Counted = Annotated[int, Whole(1)]


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
        If windows do not tile the map.

    Examples
    --------
    >>> rearrangements_in_windows((2, 4), kernel_size=2)
    576
    """
    windows, places = _tiles(pair("input_size", input_size, low=1), kernel_size)
    count: int = math.factorial(places) ** windows
    return count


def _tiles(size: tuple[int, int], kernel_size: Size) -> tuple[int, int]:
    """Count the windows that tile a map, and the places of each."""
    kernel = pair("kernel_size", kernel_size, low=1)
    if any(side % length for side, length in zip(size, kernel, strict=True)):
        refuse("kernel_size", kernel_size, f"such that windows tile the map, {size}")
    places = math.prod(kernel)
    return math.prod(size) // places, places


@checked
def rearrangements_with_same_max(
    input: Annotated[ArrayLike, Each(Number())], kernel_size: Size
) -> int:
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
        If `input` has no such shape or equal values.

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
    values = np.asarray(input)
    if values.ndim != 2:
        refuse("shape of input", values.shape, "(H, W)")
    if np.unique(values).size < values.size:
        refuse("input", "equal ones", "an array of distinct values")
    windows, places = _tiles((values.shape[0], values.shape[1]), kernel_size)
    maxima = np.sort(max_pool2d(values, kernel_size).ravel())
    losers = np.setdiff1d(values, maxima)
    free = np.searchsorted(losers, maxima) - (places - 1) * np.arange(windows)
    choices = free[:, None] - np.arange(places - 1)
    count: int = places**windows * math.prod(choices.ravel().tolist())
    return count


@checked
def maps_with_one_image(
    pooled: Annotated[ArrayLike, Each(Whole(0))],
    kernel_size: Size,
    summary: Summary = "max",
    levels: Levels = 256,
) -> int:
    """Count the maps of levels that have one and the same pooled map.

    Parameters
    ----------
    pooled
        The pooled map: the max of each window, or its first value, each below `levels`; for the
        mean, its sum.
    kernel_size
        Height and width of a window, which is also its stride; at most 8.
    summary
        What is kept of a window: ``"max"``, ``"mean"`` or ``"subsample"``.
    levels
        Number L of levels that a value can have.

    Returns
    -------
    int

    Raises
    ------
    ValueError
        If windows of such levels have no such max, sum or first value.

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
    ways = _ways(summary, levels, _places(kernel_size))
    values, times = np.unique(np.asarray(pooled), return_counts=True)
    if values.size and values[-1] >= len(ways):
        refuse("pooled", values[-1], f"at most {len(ways) - 1} everywhere")
    pairs = zip(values.tolist(), times.tolist(), strict=True)
    count: int = math.prod(ways[value] ** repeated for value, repeated in pairs)
    return count


def _places(kernel_size: Size) -> int:
    """Count the values of a window that is small enough to count all windows."""
    sides = pair("kernel_size", kernel_size, low=1)
    if max(sides) > _WIDEST:
        refuse("kernel_size", kernel_size, f"at most {_WIDEST}")
    return math.prod(sides)


@cache
def _ways(summary: str, levels: int, places: int) -> Sequence[int]:
    """Count the windows of `places` levels with each max, sum, or first value."""
    if summary == "subsample":
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


@checked
def readable(count: Counted) -> str:
    """Write a count so that one can read it, however large.

    Examples
    --------
    >>> readable(576), readable(24**16)
    ('576', '≈ 10^22 (74 bits)')
    """
    if count < 10**9:
        return f"{count}"
    bits = (count - 1).bit_length()  # that say which one of them it is: ⌈log₂ count⌉
    return f"≈ 10^{round(math.log10(count))} ({bits} bits)"


@checked
def digits(count: Counted) -> int:
    """Count the decimal digits of a count, too large to write down.

    Examples
    --------
    >>> digits(999), digits(1000), digits(2**4000)
    (3, 4, 1205)
    """
    logarithm = math.log10(count)
    nearest = round(logarithm)
    # Only next to a power of ten can the logarithm's rounding matter.
    if math.isclose(logarithm, nearest, rel_tol=1e-12, abs_tol=1e-12):
        return int(nearest + (count >= 10**nearest))
    return math.floor(logarithm) + 1


# How much of a window is told


@checked
def kept_bits(summary: Summary, kernel_size: Size, levels: Levels = 256) -> float:
    """Information that is kept of a window of independent levels, all equally likely, in bits.

    Parameters
    ----------
    summary, kernel_size, levels
        As in `maps_with_one_image`.

    Returns
    -------
    float
        The entropy of what is kept. The window itself has n log₂ L bits.

    Notes
    -----
    What is kept is a function of the window, so what it tells of the window is its own entropy:
    log₂ Lⁿ less the average of log₂ of the number of windows that look the same. The mean is kept
    exactly, a number with n (L − 1) + 1 possible values: more than the max has.

    Examples
    --------
    >>> [round(kept_bits(s, 2), 2) for s in ("max", "mean", "subsample")]
    [7.08, 9.25, 8.0]
    """
    places = _places(kernel_size)
    windows = levels**places
    alike = sum(ways / windows * math.log2(ways) for ways in _ways(summary, levels, places))
    return float(places * math.log2(levels) - alike)


@checked
def kept_bits_of(
    chances: Annotated[ArrayLike, Each(Number(0, 1))],
    kernel_size: Size,
    summary: Summary = "max",
    rounded: bool = False,
) -> float:
    """Information that is kept of a window of independent levels, however they are distributed.

    Parameters
    ----------
    chances
        Of each level, from 0 on; they sum to 1; 2 to 1024 of them.
    kernel_size
        Height and width of a window, at most 8.
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
        If `chances` are no distribution over 2 to 1024 levels.

    Examples
    --------
    >>> [round(kept_bits_of([1 / 256] * 256, 2, s), 2) for s in ("max", "mean", "subsample")]
    [7.08, 9.25, 8.0]
    >>> round(kept_bits_of([1 / 256] * 256, 2, "mean", rounded=True), 2)
    7.25
    """
    p, n = np.asarray(chances), _places(kernel_size)
    if p.ndim != 1 or not 2 <= p.size <= _MOST_LEVELS or not math.isclose(p.sum(), 1):
        refuse("chances", chances, f"2 to {_MOST_LEVELS} probabilities that sum to 1")
    kept: Floats = p
    if summary == "max":
        kept = np.diff(np.minimum(np.cumsum(p), 1) ** n, prepend=0)
    elif summary == "mean":
        kept = np.asarray(reduce(np.convolve, [p] * n), dtype=np.float64)
        if rounded:
            nearest = (2 * np.arange(kept.size) + n) // (2 * n)
            kept = np.asarray(np.bincount(nearest, kept), dtype=np.float64)
    return float(_entropy(kept))


def _entropy(chances: Floats) -> Floats:
    logs = np.log2(chances, out=np.zeros_like(chances), where=chances > 0)
    return np.asarray(-(chances * logs).sum(axis=-1) + 0.0)[()]


@checked
def kept_bits_binary(
    summary: Summary, kernel_size: Size, rate: Annotated[ArrayLike, Each(Number(0, 1))]
) -> Floats:
    """Information that is kept of a window of detectors that fire independently, in bits.

    Parameters
    ----------
    summary
        As in `maps_with_one_image`; the mean tells how many fire.
    kernel_size
        Height and width of a window, at most 8.
    rate
        Probability that a detector fires; any shape.

    Returns
    -------
    ndarray
        The entropy of what is kept, of the shape of `rate`.

    Notes
    -----
    With h(p) the entropy of a coin, the max keeps h((1 − p)ⁿ), the first value h(p), and the mean
    the entropy of a binomial number of n trials. The mean tells the max, so never keeps less.

    Examples
    --------
    >>> [float(kept_bits_binary(s, 2, 0.05).round(2)) for s in ("max", "mean", "subsample")]
    [0.69, 0.77, 0.29]
    """
    p, n = np.asarray(rate), _places(kernel_size)
    if summary == "mean":
        fire = np.arange(n + 1)
        choices = np.array([math.comb(n, k) for k in fire.tolist()], dtype=np.float64)
        chances = choices * p[..., None] ** fire * (1 - p[..., None]) ** (n - fire)
    else:
        silent = (1 - p) ** (n if summary == "max" else 1)
        chances = np.stack([silent, 1 - silent], axis=-1)
    return _entropy(chances)
