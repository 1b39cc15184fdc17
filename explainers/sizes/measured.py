"""Borders, replacements and small objects on maps: how much differs, and what is found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explainers import intervals
from explainers.checks import Floats, Ints, reals, refuse
from explainers.intervals import Interval
from explainers.kinds import Number, Seed, Whole, checked, kept
from explainers.maps import smooth_maps
from explainers.operators import (
    adaptive_avg_pool2d,
    adaptive_max_pool2d,
    avg_pool2d,
    max_pool2d,
    same_padding,
    subsample2d,
)
from explainers.sizes.model import (
    PICTURE,
    SUMMARIES,
    Averaged,
    FalseAlarm,
    Searched,
    Small,
    Strength,
    Stride,
    Watched,
    Width,
    overlaps,
    same_against_symmetric,
    threshold,
    usual_replacement,
)

Maps = Annotated[int, Whole(2, 1000, "random maps")]
Side = Annotated[int, Whole(2, 256, "height and width of a map")]
Outputs = Annotated[int, Whole(1, 256, "height and width of what is left")]
Smooth = Annotated[float, Number(0, 64, "correlation length of the maps, in elements")]
Draws = Annotated[int, Whole(2, 4000, "pictures with an object, and as many without")]


# An adaptive pooling, and what is put in its place


@kept
def replacement_error(
    size: Side = 10,
    output_size: Outputs = 7,
    method: Averaged = "mean",
    *,
    length: Smooth = 0.0,
    maps: Maps = 100,
    seed: Seed = 0,
) -> Interval[float]:
    """RMS error of the ordinary pooling that is commonly put in place of an adaptive one.

    Parameters
    ----------
    size
        Height and width of the maps.
    output_size
        Of what the pooling leaves, at most `size`.
    method
        ``"max"`` or ``"mean"`` of each window.
    length, maps, seed
        Of the random maps, see `explainers.maps.smooth_maps`.

    Returns
    -------
    Interval[float]
        Relative to the standard deviation of a map; over maps.

    Raises
    ------
    ValueError
        If `output_size` is above `size`, or `length` above a quarter of it.

    Notes
    -----
    The replacement is that of `explainers.sizes.model.usual_replacement`. It has no error where
    `adaptive_is_ordinary`.

    Examples
    --------
    >>> round(replacement_error(10, 7).value, 2), replacement_error(15, 7, "max").value
    (0.38, 0.0)
    """
    squares = _squares(smooth_maps(maps, size, length, seed), output_size, method)
    return intervals.scalar(intervals.root(intervals.of_mean(squares)))


@checked
def replaced(picture: ArrayLike, output_size: Outputs = 7, method: Averaged = "mean") -> float:
    """RMS error of the same replacement on one picture, relative to its standard deviation.

    Parameters
    ----------
    picture
        Shape (H, W), finite, and not the same everywhere.
    output_size
        Height and width of what is left, at most H and W.
    method
        As in `replacement_error`.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If `picture` is not such an array, or `output_size` is above H or W.

    Examples
    --------
    >>> replaced([[1, 2, 4, 8]] * 2, 2), replaced(np.arange(16).reshape(4, 4), 3)
    (0.0, 0.0)
    """
    values = reals("picture", picture, "an array of numbers of shape (H, W)")
    if values.ndim != 2 or not values.size:
        refuse("shape of picture", values.shape, "(H, W), none of them 0")
    if not np.isfinite(values).all() or np.ptp(values) == 0:
        refuse("picture", values.flat[0], "finite everywhere, and not the same everywhere")
    return float(np.sqrt(_squares(values, output_size, method)))


def _squares(maps: Floats, output_size: int, method: str) -> Floats:
    """Mean squared error of the replacement on each map, relative to its variance."""
    rows, columns = (usual_replacement(side, output_size) for side in maps.shape[-2:])
    sizes = (rows.kernel_size, columns.kernel_size), (rows.step, columns.step)
    both = (output_size, output_size)
    if method == "max":
        difference = max_pool2d(maps, *sizes) - adaptive_max_pool2d(maps, both)
    else:
        difference = avg_pool2d(maps, *sizes) - adaptive_avg_pool2d(maps, both)
    squares: Floats = (difference**2).mean(axis=(-2, -1)) / maps.var(axis=(-2, -1))
    return squares


# SAME against padding on both sides


class Differs(NamedTuple):
    """How the values differ that SAME and symmetric padding give.

    Attributes
    ----------
    share
        Share of the pooled values that differ.
    rms
        Root mean square of the differences, relative to the standard deviation of a map.
    """

    share: Interval[float]
    rms: Interval[float]


@kept
def same_differs(
    size: Side = 32,
    kernel_size: Small = 3,
    stride: Stride = 2,
    method: Averaged = "max",
    *,
    count_include_pad: bool = False,
    length: Smooth = 0.0,
    maps: Maps = 100,
    seed: Seed = 0,
) -> Differs:
    """Pool maps with TensorFlow's padding SAME and with PyTorch's, and compare what they give.

    Parameters
    ----------
    size
        Height and width of the maps.
    kernel_size, stride
        Of the pooling; the paddings are those of `explainers.sizes.model.same_against_symmetric`.
    method
        ``"max"`` or ``"mean"`` of each window.
    count_include_pad
        Whether the mean counts the symmetric padding, as it does by default in PyTorch. SAME is
        never counted.
    length, maps, seed
        Of the random maps, see `explainers.maps.smooth_maps`.

    Returns
    -------
    Differs
        The intervals are over maps.

    Raises
    ------
    ValueError
        If `length` is above a quarter of `size`.

    Examples
    --------
    >>> round(same_differs().share.value, 2), same_differs(33).share.value
    (0.69, 0.0)
    """
    noise = smooth_maps(maps, size, length, seed)
    pads = same_against_symmetric(size, kernel_size, stride)
    same = _padded_as_same(noise, kernel_size, stride, method)
    if method == "max":
        both = max_pool2d(noise, kernel_size, stride, pads.symmetric)
    else:
        shape = (kernel_size, stride, pads.symmetric)
        both = avg_pool2d(noise, *shape, count_include_pad=count_include_pad)
    difference = both[:, : pads.outputs, : pads.outputs] - same
    # The same window may be summed in another order.
    share = intervals.of_mean((np.abs(difference) > 1e-12).mean(axis=(-2, -1)))
    squares = (difference**2).mean(axis=(-2, -1)) / noise.var(axis=(-2, -1))
    return Differs(
        intervals.scalar(intervals.within(share, 0, 1)),
        intervals.scalar(intervals.root(intervals.of_mean(squares))),
    )


def _padded_as_same(maps: Floats, kernel: int, stride: int, method: str) -> Floats:
    """Pool with SAME: padding is never taken as a max, and a mean does not count it."""
    pads = ((0, 0), *[same_padding(side, kernel, stride) for side in maps.shape[-2:]])
    if method == "max":
        return max_pool2d(np.pad(maps, pads, constant_values=-np.inf), kernel, stride)
    counted = avg_pool2d(np.pad(np.ones_like(maps), pads), kernel, stride)
    means: Floats = avg_pool2d(np.pad(maps, pads), kernel, stride) / counted
    return means


# Small objects


class Hits(NamedTuple):
    """How often an object is found; the methods are `SUMMARIES`.

    Attributes
    ----------
    hit
        Share of the pictures with an object that raise an alarm; shape (3,).
    false_alarm
        Share of the pictures without one that do, at the same threshold; shape (3,).
    max_over
        Hit rate of the max minus that of the mean, and of every second value, paired by picture;
        shape (2,).
    """

    hit: Interval[Floats]
    false_alarm: Interval[Floats]
    max_over: Interval[Floats]


@kept
def hits(
    width: Width = 2,
    depth: Searched = 2,
    strength: Strength = 3.0,
    *,
    false_alarm: FalseAlarm = 0.05,
    watched: Watched = "value",
    draws: Draws = 1000,
    seed: Seed = 0,
) -> Hits:
    """Look for an object in white noise after poolings of 2 × 2, at equal false alarms.

    Parameters
    ----------
    width, depth, strength, false_alarm, watched
        As in `explainers.sizes.model.hit_rate`, which says what is to be expected.
    draws
        Pictures of 64 × 64 with an object, and as many without.
    seed
        Of the random numbers.

    Returns
    -------
    Hits
        The object is at each place relative to the windows equally often. The thresholds are those
        of the law for noise, `explainers.sizes.model.threshold`. Intervals are over pictures.

    Examples
    --------
    >>> hits(draws=2000).hit.value.round(1).tolist()
    [0.9, 0.7, 0.3]
    """
    rng = np.random.default_rng(seed)
    places = rng.integers(2**depth, size=(draws, 2))
    empty, scenes = rng.standard_normal((2, draws, PICTURE, PICTURE))
    scenes += strength * _objects(places, width)
    alarms, found = (
        np.stack(
            [
                _watched(_pooled(maps, depth, method), places, width, depth, method, watched)
                > threshold(depth, method, false_alarm, watched)
                for method in SUMMARIES
            ]
        )
        for maps in (empty, scenes)
    )
    return Hits(
        intervals.wilson(found.mean(axis=-1), draws),
        intervals.wilson(alarms.mean(axis=-1), draws),
        intervals.of_mean(found[0].astype(int) - found[1:]),
    )


def _objects(places: Ints, width: int) -> NDArray[np.bool_]:
    """Return where the object of each picture is: shape (draws, 64, 64)."""
    rows = np.arange(PICTURE)
    inside = (rows >= places[..., None]) & (rows < places[..., None] + width)
    return inside[:, 0, :, None] & inside[:, 1, None, :]


def _pooled(maps: Floats, depth: int, method: str) -> Floats:
    """Pool by 2 × 2, again and again."""
    pools: dict[str, Callable[[Floats, int], Floats]] = {
        "max": max_pool2d,
        "mean": avg_pool2d,
        "subsample": subsample2d,
    }
    for _ in range(depth):
        maps = pools[method](maps, 2)
    return maps


def _watched(
    pooled: Floats, places: Ints, width: int, depth: int, method: str, watched: str
) -> Floats:
    """Return the value of each picture that sees most of the object, or its largest."""
    if watched == "picture":
        return np.asarray(pooled.max(axis=(-2, -1)))
    rows, columns = overlaps(width, depth, method).argmax(axis=1)[places].T
    return np.asarray(pooled[np.arange(len(pooled)), rows, columns])
