"""Pool or stride, continued: what can be rebuilt, and where a gradient goes on its way back.

Maps are square, have shape (maps, size, size) and wrap round. A picture is rebuilt from what was
kept by the best linear read-out of it, fitted on half of the maps and tested on the others: so the
error is that of what was kept, not of a decoder.
"""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from explainers import intervals
from explainers.alternatives.measured import place_error, soft_argmax_error
from explainers.alternatives.pools import BINOMIAL
from explainers.checks import Floats, Ints, refuse
from explainers.intervals import Interval
from explainers.kinds import Choice, Number, Seed, Whole, checked
from explainers.maps import power_law_maps, smooth_maps

KEPT = ("mean", "max", "max and indices", "every second value")
"""What an encoder may hand on of each window."""
PICTURES = ("natural", "smooth", "noise", "rectified")
"""Waves of amplitude 1 / frequency; smooth noise; independent normal values; these, rectified."""
VARIANCES = {"natural": 1.0, "smooth": 1.0, "noise": 1.0, "rectified": (1 - 1 / np.pi) / 2}
"""Of each kind, over many pictures."""
DOWN = ("mean", "max", "every second value", "blurred max", "convolution 3", "convolution 4")
"""What a gradient may have to pass: windows of 2 × 2, blurs and kernels of stride 2."""

Kept = Annotated[str, Choice(KEPT)]
Picture = Annotated[str, Choice(PICTURES)]
Down = Annotated[str, Choice(DOWN)]
Window = Annotated[int, Whole(2, 4, "height and width of the windows, side by side")]
Maps = Annotated[int, Whole(10, 1000, "number of maps")]
Size = Annotated[int, Whole(8, 128, "height and width of the maps")]


@checked
def pictures(kind: Picture, maps: Maps = 60, size: Size = 32, seed: Seed = 0) -> Floats:
    """Return random pictures to rebuild.

    Parameters
    ----------
    kind
        Of `PICTURES`.
    maps, size
        How many, of which height and width.
    seed
        Of the random numbers.

    Returns
    -------
    ndarray, shape (maps, size, size)

    Examples
    --------
    >>> bool(pictures("rectified").min() == 0)
    True
    """
    if kind == "natural":
        return power_law_maps(maps, size, 1, seed)
    if kind == "smooth":
        return smooth_maps(maps, size, 2, seed)
    noise = smooth_maps(maps, size, 0, seed)
    return noise if kind == "noise" else np.maximum(noise, 0)


@checked
def rebuilt(
    kept: Kept = "max",
    window: Window = 2,
    *,
    picture: Picture = "natural",
    maps: Maps = 60,
    size: Size = 32,
    seed: Seed = 0,
) -> Interval[float]:
    """Rebuild pictures from what was kept of their windows.

    Parameters
    ----------
    kept
        Of `KEPT`. The indices say which value of each window was the largest.
    window
        k: height and width of the windows. For max, mean and subsampling, a window of 4 is two
        poolings of 2, one after the other; a skip connection from between them leaves the error
        of a window of 2.
    picture, maps, size
        As in `pictures`; `window` must divide the size.
    seed
        Of the random numbers.

    Returns
    -------
    Interval[float]
        Root mean squared error, in standard deviations of such pictures.

    Raises
    ------
    ValueError
        If the window does not divide the size.

    Notes
    -----
    The read-out sees 3 × 3 neighbouring windows, and with the indices also, for each place of its
    own window, whether the largest value was there, and if so, the value.

    Examples
    --------
    >>> [round(rebuilt(kept).value, 2) for kept in ("mean", "max", "max and indices")]
    [0.48, 0.55, 0.45]
    """
    if size % window:
        refuse("window", window, f"a divisor of the size, {size}")
    whole = pictures(picture, maps, size, seed)
    cells = _cells(whole, window)
    seen = _seen(cells, kept)
    half = maps // 2 * (size // window) ** 2
    read = np.linalg.lstsq(seen[:half], cells.reshape(-1, window**2)[:half], rcond=None)[0]
    wrong = (seen[half:] @ read - cells.reshape(-1, window**2)[half:]) ** 2
    each = wrong.reshape(maps - maps // 2, -1).mean(axis=1) / VARIANCES[picture]
    return intervals.scalar(intervals.root(intervals.of_mean(each)))


def _cells(maps: Floats, window: int) -> Floats:
    """Return the windows, side by side: (maps, size / k, size / k, k²)."""
    views = sliding_window_view(maps, (window, window), axis=(1, 2))
    views = views[:, ::window, ::window]
    return views.reshape(*views.shape[:3], window**2)


def _seen(cells: Floats, kept: str) -> Floats:
    """Return what the read-out sees of each window: (windows, features)."""
    one = {"mean": cells.mean(axis=-1), "every second value": cells[..., 0]}
    pooled = one.get(kept, cells.max(axis=-1))
    around = np.pad(pooled, ((0, 0), (1, 1), (1, 1)), mode="wrap")
    near = sliding_window_view(around, (3, 3), axis=(1, 2)).reshape(pooled.size, 9)
    features = [np.ones((pooled.size, 1)), near]
    if kept == "max and indices":
        flat = cells.reshape(pooled.size, -1)
        won = np.arange(flat.shape[1]) == flat.argmax(axis=1)[:, None]
        features += [won, won * flat]
    return np.concatenate(features, axis=1)


# The gradient, on its way back


@checked
def overlap(
    kernel_size: Annotated[int, Whole(1, 64)] = 3, stride: Annotated[int, Whole(1, 64)] = 2
) -> Ints:
    """Return in how many windows of a strided convolution each place of a cell lies.

    Parameters
    ----------
    kernel_size, stride
        Along each axis; borders are far away.

    Returns
    -------
    ndarray, shape (stride, stride)
        By row and column, modulo the stride, from the first of a window on.

    Notes
    -----
    Along an axis, place i of a cell lies in ⌈(k − i) / s⌉ windows: they are equally many exactly if
    the stride divides the kernel.

    Examples
    --------
    >>> overlap(3, 2).tolist(), overlap(4, 2).tolist()
    ([[4, 2], [2, 1]], [[4, 4], [4, 4]])
    """
    along = np.maximum(-(-(kernel_size - np.arange(stride)) // stride), 0)
    return np.asarray(np.multiply.outer(along, along))


@checked
def passed_back(down: Down, maps: Floats, upstream: Floats) -> Floats:
    """Pass a gradient back through a layer that halves a map.

    Parameters
    ----------
    down
        Of `DOWN`. The kernels of convolutions are ones, divided by their number.
    maps
        What the layer was given, shape (maps, size, size), of even size.
    upstream
        The gradient by its output, shape (maps, size / 2, size / 2).

    Returns
    -------
    ndarray, shape (maps, size, size)
        Of equal values, the first has the gradient.

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Examples
    --------
    >>> passed_back("mean", np.zeros((1, 2, 2)), np.ones((1, 1, 1)))
    array([[[0.25, 0.25],
            [0.25, 0.25]]])
    """
    if maps.ndim != 3 or maps.shape[1] % 2 or maps.shape[1] != maps.shape[2]:
        refuse("shape of maps", maps.shape, "(maps, size, size), of even size")
    if upstream.shape != (len(maps), maps.shape[1] // 2, maps.shape[2] // 2):
        refuse("shape of upstream", upstream.shape, "half of that of maps, along both axes")
    if down == "max":
        return _to_winners(maps, upstream, 2)
    if down == "blurred max":
        return _to_winners(maps, _spread(upstream, BINOMIAL, -1), 1)
    kernels = {
        "mean": (np.full((2, 2), 1 / 4), 0),
        "every second value": (np.ones((1, 1)), 0),
        "convolution 3": (np.full((3, 3), 1 / 9), -1),
        "convolution 4": (np.full((4, 4), 1 / 16), -1),
    }
    return _spread(upstream, *kernels[down])


def _spread(upstream: Floats, kernel: Floats, first: int) -> Floats:
    """Lay a kernel, which begins `first` places beside it, on every second place; add up."""
    size = 2 * upstream.shape[1]
    out = np.zeros((len(upstream), size, size))
    even = np.arange(0, size, 2)
    for (i, j), weight in np.ndenumerate(kernel):
        rows, columns = (even + first + i) % size, (even + first + j) % size
        out[:, rows[:, None], columns] += weight * upstream
    return out


def _to_winners(maps: Floats, upstream: Floats, stride: int) -> Floats:
    """Add each gradient to the largest of its window of 2 × 2; windows are `stride` apart."""
    many, size = maps.shape[:2]
    around = np.pad(maps, ((0, 0), (0, 1), (0, 1)), mode="wrap")
    windows = sliding_window_view(around, (2, 2), axis=(1, 2))[:, ::stride, ::stride]
    place = windows.reshape(*windows.shape[:3], 4).argmax(axis=-1)
    own, row, column = np.indices(place.shape)
    out = np.zeros((many, size, size))
    rows, columns = (row * stride + place // 2) % size, (column * stride + place % 2) % size
    np.add.at(out, (own, rows, columns), upstream)
    return out


class Reaching(NamedTuple):
    """Where a gradient arrives; 95 % intervals over maps.

    Attributes
    ----------
    share
        Of the values of a map that get any.
    even
        Over how large a share it is spread, as good as evenly: (Σ|g|)² / N Σ g².
    by_place
        Mean square gradient of each of the four places of a cell, in units of their mean, shape
        (2, 2): all 1 if no place is favoured.
    """

    share: Interval[float]
    even: Interval[float]
    by_place: Floats


@checked
def reaching(
    down: Down = "max",
    *,
    length: Annotated[float, Number(0, 8, "correlation length of the maps")] = 1,
    maps: Maps = 50,
    size: Size = 32,
    seed: Seed = 0,
) -> Reaching:
    """Pass equal gradients back through a layer that halves a map, and see where they arrive.

    Parameters
    ----------
    down
        Of `DOWN`.
    length
        Correlation length of the smooth random maps, in pixels, at most size / 4.
    maps, size
        How many, of which even height and width.
    seed
        Of the random numbers.

    Returns
    -------
    Reaching

    Examples
    --------
    >>> [round(reaching(down).share.value, 2) for down in ("mean", "max", "every second value")]
    [1.0, 0.25, 0.25]
    """
    given = smooth_maps(maps, size, length, seed)
    gradient = passed_back(down, given, np.ones((maps, size // 2, size // 2)))
    each = gradient.reshape(maps, -1)
    even = np.abs(each).sum(axis=1) ** 2 / (each**2).sum(axis=1) / size**2
    squares = (gradient**2).mean(axis=0).reshape(size // 2, 2, size // 2, 2).mean(axis=(0, 2))
    return Reaching(
        intervals.scalar(intervals.within(intervals.of_mean((each != 0).mean(axis=1)), 0, 1)),
        intervals.scalar(intervals.within(intervals.of_mean(even), 0, 1)),
        squares / squares.mean(),
    )


# Where a feature was

TEMPERATURES = (0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3)
"""Of the soft-argmax, as shares of the feature's height: the best of them is taken."""


class Read(NamedTuple):
    """How far off the place of a feature is read, root mean square along an axis, in pixels.

    Attributes
    ----------
    soft
        By soft-argmax, from the map itself, at the best of `TEMPERATURES`.
    pooled
        By the best linear read-out of what a pool left.
    skip
        By the same of the map itself, as a skip connection brings it.
    temperature
        Of the soft-argmax.
    """

    soft: Interval[float]
    pooled: Interval[float]
    skip: Interval[float]
    temperature: float


@checked
def read_place(
    pool: Annotated[
        str, Choice(("max", "mean", "every second value", "strided convolution"))
    ] = "max",
    *,
    width: Annotated[float, Number(0, 8, "σ of the feature, in pixels")] = 1.5,
    noise: Annotated[float, Number(0, 10)] = 0.02,
    samples: Annotated[int, Whole(200, 100_000)] = 2000,
    seed: Seed = 0,
) -> Read:
    """Read a feature's place behind a pool, by soft-argmax, and with a skip connection.

    Parameters
    ----------
    pool
        Of windows of 2 × 2; the convolution has kernels of 3 × 3.
    width, noise, samples, seed
        As in `explainers.alternatives.measured.place_error`.

    Returns
    -------
    Read

    Examples
    --------
    >>> read = read_place("max", samples=500)
    >>> read.skip.value < read.pooled.value < read.soft.value
    True
    """
    how: dict[str, Any] = {"width": width, "noise": noise, "samples": samples, "seed": seed}
    tried = {t: soft_argmax_error(t, **how) for t in TEMPERATURES}
    best = min(tried, key=lambda t: tried[t].value)
    return Read(tried[best], place_error(pool, **how), place_error("none", **how), best)
