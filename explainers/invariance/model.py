"""What stays of a pooled map when the map before it moves by (dy, dx): the exact laws.

A window is k × k. The map is moved by whole elements, down by dy and right by dx, and is taken to
go on far beyond the windows that are looked at; *unchanged* means equal to the last bit. Two maps
serve as models. A *lone peak* is one positive value among zeros, equally likely at each place
relative to the windows. A *busy map* has independent values, all drawn from one continuous
distribution, or 0 where a rectifier clipped them.

Probabilities are exact fractions, unless a float goes in.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, NamedTuple, overload

import numpy as np

from explainers.checks import Ints, refuse
from explainers.kinds import Chance, Whole, checked
from explainers.laws import Kernel, Move, lone_peak_unchanged


class Unchanged(NamedTuple):
    """How often a pooling leaves what it gives unchanged.

    Attributes
    ----------
    lone_peak
        Probability that the pooled map of a lone peak is unchanged.
    busy_map
        Probability that one pooled value of a busy map is unchanged.
    """

    lone_peak: Fraction
    busy_map: Fraction | float


# A lone peak


@checked
def directions_unchanged(kernel_size: Kernel) -> Ints:
    """Count the one-pixel moves that leave the max-pooled map of a lone peak unchanged.

    Parameters
    ----------
    kernel_size
        Height and width k of a window, which is also its stride.

    Returns
    -------
    ndarray of int, shape (k, k)
        For each place of the peak in its window: how many of the eight moves, four straight and
        four diagonal, keep it inside.

    Notes
    -----
    Along an axis, three steps are possible (back, none, on); one is lost at either end. The
    product over both axes counts the nine ways to move, one of which is to stay.

    Examples
    --------
    >>> directions_unchanged(3)
    array([[3, 5, 3],
           [5, 8, 5],
           [3, 5, 3]])
    """
    place = np.arange(kernel_size)
    steps: Ints = 3 - (place == 0) - (place == kernel_size - 1)
    return np.multiply.outer(steps, steps) - 1


@checked
def eight_neighbours_unchanged(kernel_size: Kernel) -> Fraction:
    """Return how probably a one-pixel move in a random direction leaves a lone peak's map as it is.

    Parameters
    ----------
    kernel_size
        Height and width k of a window, which is also its stride.

    Returns
    -------
    Fraction
        The average over the eight directions and the peak's places in its window.

    Notes
    -----
    Four moves are straight, with k(k − 1) / k² each, and four diagonal, with (k − 1)² / k² each;
    their average is

        (k − 1)(2k − 1) / 2k².

    It is 3/8 for 2 × 2 and 5/9 for 3 × 3. The 5/8 often given for 3 × 3 belongs to a peak in the
    middle of an edge of its window (`directions_unchanged`): a corner has 3/8, as all places of
    a 2 × 2 window have, and the centre 8/8.

    Examples
    --------
    >>> eight_neighbours_unchanged(2), eight_neighbours_unchanged(3)
    (Fraction(3, 8), Fraction(5, 9))
    """
    return Fraction((kernel_size - 1) * (2 * kernel_size - 1), 2 * kernel_size**2)


@checked
def stacked_unchanged(
    kernel_size: Kernel, depth: Annotated[int, Whole(0, 64)], d: Move
) -> Fraction:
    """Return how probably a lone peak's map, pooled `depth` times, stays as it moves along an axis.

    Parameters
    ----------
    kernel_size
        Height and width k of each pool's windows, which are side by side.
    depth
        Number n of max pools, one after the other.
    d
        How far the peak moves along one axis, in elements of the map before the first pool.

    Notes
    -----
    The max of maxima is the max over all they cover: n pools of k are one of K = kⁿ, and
    max(0, K − |d|) / K of the peak's places stay in its window.

    Examples
    --------
    >>> [str(stacked_unchanged(2, depth, 3)) for depth in range(5)]
    ['0', '0', '1/4', '5/8', '13/16']
    """
    window = kernel_size**depth  # K
    return Fraction(max(0, window - abs(d)), window)


# A busy map


@overload
def busy_map_unchanged(
    kernel_size: int, dy: int = ..., dx: int = ..., zeros: int | Fraction = ...
) -> Fraction: ...


@overload
def busy_map_unchanged(
    kernel_size: int, dy: int = ..., dx: int = ..., zeros: float = ...
) -> Fraction | float: ...


@checked
def busy_map_unchanged(
    kernel_size: Kernel, dy: Move = 0, dx: Move = 0, zeros: Chance = Fraction(0)
) -> Fraction | float:
    """Return the probability that moving a busy map leaves one max-pooled value unchanged.

    Parameters
    ----------
    kernel_size
        Height and width k of a window. Its stride does not matter.
    dy, dx
        How far the map moves, in elements of it.
    zeros
        Probability z that a value of the map is 0, as a rectifier makes it; others are positive.

    Returns
    -------
    Fraction | float
        A Fraction if `zeros` is one, or an int; else a float.

    Notes
    -----
    After the move the window shows what another window, (dy, dx) away, showed before. Together the
    two cover u places, and share m:

        m = max(0, k − |dy|) · max(0, k − |dx|),  u = 2k² − m.

    If all u values are 0 (probability zᵘ), both maxima are 0. Else the largest of the u is
    positive and no other equals it. If it is in the share of both, both maxima are it; if not,
    only one of them is. All u places are equally likely to hold it, so

        zᵘ + (1 − zᵘ) m / u.

    Without zeros and along one axis this is (k − d) / (k + d): less than the (k − d) / k of a lone
    peak, as the move does not only take values away but also brings new ones.

    Examples
    --------
    >>> busy_map_unchanged(2, dx=1), busy_map_unchanged(2, dy=1, dx=1)
    (Fraction(1, 3), Fraction(1, 7))
    >>> busy_map_unchanged(2, dx=1, zeros=Fraction(1, 2)), busy_map_unchanged(2, dx=1, zeros=0.5)
    (Fraction(11, 32), 0.34375)
    """
    shared, covered = _two_windows(kernel_size, dy, dx)
    nothing = zeros**covered  # zᵘ
    return nothing + (1 - nothing) * Fraction(shared, covered)


def _two_windows(kernel: int, dy: int, dx: int) -> tuple[int, int]:
    """Return how many places a window and the one (dy, dx) away share, and how many they cover."""
    shared = max(0, kernel - abs(dy)) * max(0, kernel - abs(dx))  # m
    return shared, 2 * kernel**2 - shared


@overload
def mean_unchanged(
    kernel_size: int, dy: int = ..., dx: int = ..., zeros: int | Fraction = ...
) -> Unchanged: ...


@overload
def mean_unchanged(
    kernel_size: int, dy: int = ..., dx: int = ..., zeros: float = ...
) -> Unchanged: ...


@checked
def mean_unchanged(
    kernel_size: Kernel, dy: Move = 0, dx: Move = 0, zeros: Chance = Fraction(0)
) -> Unchanged:
    """Return how often a move leaves what mean pooling gives unchanged: two maps, two answers.

    Parameters
    ----------
    kernel_size
        Height and width k of a window; for the lone peak also its stride.
    dy, dx, zeros
        As in `busy_map_unchanged`.

    Returns
    -------
    Unchanged
        `lone_peak` is that of the max, `lone_peak_unchanged`. `busy_map` is a Fraction if `zeros`
        is one, or an int; else a float. It is 0 without zeros, unless the map does not move.

    Notes
    -----
    With m as in `busy_map_unchanged`, k² − m values leave the window and as many enter. The mean
    is unchanged if their sums are equal. Sums of independent continuous values never are (with
    probability 1); so all 2(k² − m) values have to be 0:

        z^{2(k² − m)}.

    Examples
    --------
    >>> mean_unchanged(2, dx=1)
    Unchanged(lone_peak=Fraction(1, 2), busy_map=Fraction(0, 1))
    >>> mean_unchanged(2, dx=1, zeros=0.5).busy_map
    0.0625
    """
    shared, covered = _two_windows(kernel_size, dy, dx)
    silent = zeros ** (covered - shared)  # u − m = 2(k² − m)
    return Unchanged(lone_peak_unchanged(kernel_size, dy, dx), silent)


# Convolution


@checked
def convolution_border(
    height: Annotated[int, Whole(1)],
    width: Annotated[int, Whole(1)],
    kernel_size: Annotated[int, Whole(1)],
    dy: Move = 0,
    dx: Move = 0,
) -> int:
    """Count the outputs of a zero-padded convolution that do not move with the picture.

    Parameters
    ----------
    height, width
        Of the picture, and of the convolution's output.
    kernel_size
        Height and width of the kernel, odd; (kernel_size − 1) / 2 zeros are around the picture.
    dy, dx
        How far the picture moves, in pixels; what leaves it is lost, and zeros enter. So far at
        most that, with the padding, it does not move out of sight.

    Returns
    -------
    int
        How many outputs for the moved picture differ from the moved outputs, zeros entering
        there, too; for a picture and a kernel without chance cancellations. A circular border
        has none.

    Raises
    ------
    ValueError
        If `kernel_size` is even, or the picture moves out of sight.

    Notes
    -----
    With p zeros of padding, look along an axis on which the picture moves by d > 0. Before the
    picture's new edge, min(p, d) outputs see part of it, where zeros entered the moved outputs;
    at the far end, p outputs lack what was lost: p + min(p, d) in all. The first max(0, d − p)
    outputs see nothing in either case, and agree whatever happens along the other axis. Of the
    H × W others, (H − bad rows)(W − bad columns) agree as well.

    Examples
    --------
    >>> convolution_border(224, 224, kernel_size=3, dx=1)
    448
    >>> convolution_border(6, 6, kernel_size=1, dy=2, dx=1)
    0
    """
    if kernel_size % 2 == 0:
        refuse("kernel_size", kernel_size, "odd")
    padding = kernel_size // 2  # p
    for move, d, name, size in (("dy", dy, "height", height), ("dx", dx, "width", width)):
        if d and abs(d) + padding > size:
            refuse(move, d, f"0, or in [−n, n] with n = {name} − padding = {size - padding}")
    seen_rows, bad_rows = _along_axis(height, padding, abs(dy))
    seen_columns, bad_columns = _along_axis(width, padding, abs(dx))
    return seen_rows * seen_columns - (seen_rows - bad_rows) * (seen_columns - bad_columns)


def _along_axis(size: int, padding: int, distance: int) -> tuple[int, int]:
    """Return how many outputs along an axis see anything, and how many of them differ."""
    differ = padding + min(padding, distance) if distance else 0
    return size - max(0, distance - padding), differ
