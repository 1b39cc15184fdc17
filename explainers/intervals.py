"""A measured number and its 95 % interval: one type, and the few ways to reach it.

All of these take what was measured to be independent: draws of noise, maps, networks, thresholds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explainers import kinds
from explainers.checks import Floats
from explainers.kinds import Whole, checked

Z = 1.959963984540054  # half the width of a 95 % normal interval, in standard errors

Width = Annotated[float, kinds.Number(0)]
Bound = Annotated[float, kinds.Number()]
Number = TypeVar("Number", float, Floats)


class Interval(NamedTuple, Generic[Number]):
    """A measured number and the ends of its interval; or arrays of such, of one shape."""

    value: Number
    low: Number
    high: Number


def standard_error(each: ArrayLike) -> Floats:
    """Of the mean over the last axis; NaN if it is of one number.

    >>> float(standard_error([1, 2, 3, 4, 5]).round(3))
    0.707
    """
    numbers = np.asarray(each, dtype=np.float64)
    count = numbers.shape[-1]
    if count < 2:
        return np.full(numbers.shape[:-1], np.nan)[()]
    return np.asarray(numbers.std(axis=-1, ddof=1) / np.sqrt(count))[()]


def of_mean(each: ArrayLike) -> Interval[Floats]:
    """The mean over the last axis.

    >>> [float(end.round(2)) for end in of_mean([1, 2, 3, 4, 5])]
    [3.0, 1.61, 4.39]
    """
    return around(np.asarray(each, dtype=np.float64).mean(axis=-1), standard_error(each))


@checked
def around(value: ArrayLike, error: ArrayLike, z: Width = Z) -> Interval[Floats]:
    """A number with this standard error, its distribution being normal, or Student's by its `z`."""
    middle, reach = np.asarray(value, dtype=np.float64), z * np.asarray(error, dtype=np.float64)
    return Interval(middle, middle - reach, middle + reach)


@checked
def within(
    found: Interval[Floats], lowest: Bound | None = None, highest: Bound | None = None
) -> Interval[Floats]:
    """The same interval, cut where the number cannot be."""
    low, high = -np.inf if lowest is None else lowest, np.inf if highest is None else highest
    return Interval(found.value, np.clip(found.low, low, high), np.clip(found.high, low, high))


def root(square: Interval[Floats]) -> Interval[Floats]:
    """The root of a mean square."""
    return Interval(*(np.sqrt(np.maximum(end, 0)) for end in square))


def scalar(found: Interval[Floats]) -> Interval[float]:
    """One number, out of an array of none but it."""
    return Interval(*(float(end) for end in found))


@checked
def jackknife(
    statistic: Callable[[NDArray[np.bool_]], float], count: Annotated[int, Whole(1)]
) -> Interval[float]:
    """What a statistic of some of `count` things is for all of them, and for others like these.

    Each of them is left out once; the statistic takes the mask of those that are kept.

    >>> each = np.array([1, 2, 3, 4, 5])
    >>> [round(end, 2) for end in jackknife(lambda kept: float(each[kept].mean()), 5)]
    [3.0, 1.61, 4.39]
    """
    rest = [statistic(np.arange(count) != left_out) for left_out in range(count)]
    error = np.sqrt((count - 1) * np.var(rest))
    return scalar(around(statistic(np.ones(count, bool)), error))


@checked
def wilson(share: ArrayLike, number: ArrayLike, z: Width = Z) -> Interval[Floats]:
    """A share of so many independent trials.

    Notes
    -----
    E. B. Wilson, *Journal of the American Statistical Association* 22, 1927.

    Examples
    --------
    >>> [float(end.round(2)) for end in wilson(0.5, 100)]
    [0.5, 0.4, 0.6]
    """
    found, weight = np.asarray(share, dtype=np.float64), z**2 / np.asarray(number, np.float64)
    centre = (found + weight / 2) / (1 + weight)
    reach = np.sqrt(weight * (found * (1 - found) + weight / 4)) / (1 + weight)
    return within(Interval(found, centre - reach, centre + reach), 0, 1)


@checked
def student(freedom: Annotated[int, Whole(1)]) -> float:
    """Half the width of a 95 % interval of Student's t, to three digits from 5 degrees on.

    >>> round(student(11), 2)
    2.2
    """
    z = Z
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3
