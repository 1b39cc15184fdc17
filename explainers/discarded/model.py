"""What is kept of a map: values, features, and how near what is rebuilt comes to it.

Counts and probabilities are exact, unless a float goes in. A *busy map* has independent values, all
drawn from one continuous distribution, or 0 where a rectifier clipped them.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Annotated, NamedTuple, overload

import numpy as np

from explainers.kinds import Chance, Choice, Whole, checked
from explainers.laws import lone_peak_unchanged, max_of_noise
from explainers.operators import pool_output_size
from explainers.operators.windows import Size, pair, pool_axes

SUMMARIES = ("max", "mean", "subsample")
"""What a pooling can keep of a window: its max, its mean, or its first value."""

Summary = Annotated[str, Choice(SUMMARIES)]
Side = Annotated[int, Whole(1, 1000)]
Distance = Annotated[int, Whole(-(10**6), 10**6)]
Places = Annotated[int, Whole(1, 10**6)]


# Values


def kept(
    input_size: Size, kernel_size: Size, stride: Size | None = None, padding: Size = 0
) -> Fraction:
    """Return the share of values that are left: outputs of a pooling for each input.

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
        If no window fits.

    Examples
    --------
    >>> kept(224, kernel_size=2), kept(7, kernel_size=2), kept(112, 3, stride=2, padding=1)
    (Fraction(1, 4), Fraction(9, 49), Fraction(1, 4))
    """
    outputs = pool_output_size(input_size, kernel_size, stride, padding)
    return Fraction(math.prod(outputs), math.prod(pair("input_size", input_size, low=1)))


# Features


@checked
def distinct_survivors(places: Places, channels: Annotated[int, Whole(0, 10**6)]) -> Fraction:
    """Expected number of a window's places that some channel's max comes from.

    Parameters
    ----------
    places
        Values n of the window in each channel.
    channels
        Independent busy maps C.

    Returns
    -------
    Fraction

    Notes
    -----
    Each channel passes a place over with probability 1 − 1/n, so n (1 − (1 − 1/n)^C).

    Examples
    --------
    >>> [str(distinct_survivors(4, channels)) for channels in (1, 2, 3)]
    ['1', '7/4', '37/16']
    """
    return places * (1 - Fraction(places - 1, places) ** channels)


@checked
def share_a_window(kernel_size: Side, dy: Distance = 0, dx: Distance = 0) -> Fraction:
    """Probability that two peaks, (dy, dx) apart, are in one window: the lesser is lost.

    Parameters
    ----------
    kernel_size
        Height and width k of a window, which is also its stride.
    dy, dx
        Elements from one peak to the other, of any sign.

    Returns
    -------
    Fraction
        All places relative to the windows are equally likely.

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


# How well noise is rebuilt


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


@checked
def noise_loss(summary: Summary, places: Places) -> Loss:
    """Error of independent standard normals, rebuilt by copying what is kept over its window.

    Parameters
    ----------
    summary
        What is kept of a window: ``"max"``, ``"mean"`` or ``"subsample"``.
    places
        Number n of values in a window.

    Returns
    -------
    Loss

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
    largest = max_of_noise(places)
    bias = float(largest.mean) if summary == "max" else 0.0
    variance = {"max": float(largest.sd) ** 2, "mean": 1 / places, "subsample": 1.0}[summary]
    rest = max(variance - 2 / places + 1, 0.0)  # squared
    return Loss(math.sqrt(rest + bias**2), bias, math.sqrt(rest))


# The rectifier before or after


@overload
def mean_commutes(kernel_size: int, negative: int | Fraction = ...) -> Fraction: ...


@overload
def mean_commutes(kernel_size: int, negative: float = ...) -> Fraction | float: ...


@checked
def mean_commutes(kernel_size: Side, negative: Chance = Fraction(1, 2)) -> Fraction | float:
    """Probability that mean pooling gives the same before a rectifier as after it.

    Parameters
    ----------
    kernel_size
        Height and width k of a window.
    negative
        Probability z that a value is negative; others are positive, and all independent.

    Returns
    -------
    Fraction | float
        A Fraction if `negative` is one, or an int; else a float. For the max it is 1.

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
    n = kernel_size**2
    return negative**n + (1 - negative) ** n


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


@checked
def zero_padding(
    input_size: Size,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    negative: Chance = Fraction(1, 2),
) -> Padded:
    """Count the maxima that zeros around a map would invent, if max pooling padded with zeros.

    Parameters
    ----------
    input_size, kernel_size, stride, padding
        As in `explainers.operators.pool_output_size`.
    negative
        Probability z that a value of the map is negative: 1/2 for any symmetric distribution.

    Returns
    -------
    Padded

    Raises
    ------
    ValueError
        If no window fits.

    Notes
    -----
    Zeros win a window that reaches into the padding if its m real values are all negative: zᵐ.

    Examples
    --------
    >>> zero_padding(4, kernel_size=3, stride=2, padding=1)
    Padded(windows=4, touching=3, invented=Fraction(3, 32))
    """
    size = pair("input_size", input_size, low=1)
    rows, columns = pool_axes(size, kernel_size, stride, padding, 1, False)
    inside = np.multiply.outer(rows.counts(False), columns.counts(False))  # m, window by window
    partial = inside[inside < rows.kernel * columns.kernel]
    real, times = np.unique(partial, return_counts=True)
    pairs = zip(real.tolist(), times.tolist(), strict=True)
    invented = sum((t * Fraction(negative) ** m for m, t in pairs), Fraction(0))
    return Padded(inside.size, partial.size, invented)
