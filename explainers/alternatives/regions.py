"""Pooling of regions: what rounding a region to whole cells of the map misplaces.

A map has one value for every s × s pixels of the picture, s its stride: value i stands for the
pixels from i·s to (i + 1)·s. A region is given in pixels, and is divided into equal parts; each
part is to become one value.

`roi_pool` is that of Fast R-CNN, in torchvision's convention: both ends are rounded to whole cells,
the last cell is counted in, and each part is widened to whole cells. `roi_align` is that of Mask
R-CNN, aligned: nothing is rounded, and the map is interpolated.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from explainers.checks import Floats, Ints, refuse
from explainers.kinds import Each, Number, Whole, checked

Stride = Annotated[int, Whole(1, 64, "pixels of the picture for one value of the map")]
Parts = Annotated[int, Whole(1, 64, "parts of the region, along each axis")]
Place = Annotated[float, Number(0, 1e5, "where a region begins, in pixels")]
Length = Annotated[float, Number(1, 1e5, "how long a region is, in pixels")]
Maps = Annotated[ArrayLike, Each(Number())]
Box = Annotated[tuple[float, float, float, float], Number(0, 1e5, many=4)]


class Seen(NamedTuple):
    """What the parts of a region look at, along one axis.

    Attributes
    ----------
    start, end
        The first cell that each part looks at, and the one behind its last; shape (parts,).
    """

    start: Ints
    end: Ints


@checked
def rounded(
    place: Place = 20, length: Length = 100, *, parts: Parts = 7, stride: Stride = 16
) -> Seen:
    """Return the cells that each part of a region looks at in `roi_pool`, along one axis.

    Parameters
    ----------
    place, length
        Where the region begins, and how long it is, in pixels.
    parts
        n, into which it is divided.
    stride
        s: pixels for each value of the map.

    Returns
    -------
    Seen

    Notes
    -----
    It goes from cell a = round(place / s) to cell b = round((place + length) / s), halves rounded
    upwards, b counted in. Part i has the cells from a + ⌊i·w/n⌋ up to a + ⌈(i + 1)·w/n⌉,
    w = b − a + 1.

    Examples
    --------
    >>> seen = rounded(20, 100)
    >>> seen.start.tolist(), seen.end.tolist()
    ([1, 2, 3, 4, 5, 6, 7], [3, 4, 5, 6, 7, 8, 9])
    """
    first = int(np.floor(place / stride + 0.5))
    last = int(np.floor((place + length) / stride + 0.5))
    wide, part = last - first + 1, np.arange(parts)
    return Seen(first + part * wide // parts, first - (-(part + 1) * wide // parts))


@checked
def misplaced(
    place: Place = 20, length: Length = 100, *, parts: Parts = 7, stride: Stride = 16
) -> Floats:
    """Return by how many pixels the middle of what each part looks at is off, in `roi_pool`.

    Parameters
    ----------
    place, length, parts, stride
        As in `rounded`.

    Returns
    -------
    ndarray, shape (parts,)
        Positive where it looks too far on. In `roi_align` nothing is off.

    Examples
    --------
    >>> misplaced(20, 100).round(1)[[0, -1]]
    array([ 4.9, 15.1])
    """
    seen = rounded(place, length, parts=parts, stride=stride)
    middle = place + (np.arange(parts) + 0.5) * length / parts
    return np.asarray((seen.start + seen.end) * stride / 2 - middle)


class Off(NamedTuple):
    """How far off the parts of regions are, in pixels.

    Attributes
    ----------
    mean
        Of all parts, wherever the region begins: half a cell of it is where one takes a cell to be.
    spread
        Root mean square about that mean: what a correction of the mean leaves.
    largest
        The largest distance from the mean.
    wider
        How many times as long as a part what it looks at is, on average.
    """

    mean: float
    spread: float
    largest: float
    wider: float


@checked
def off(
    length: Annotated[int, Whole(1, 10_000)] = 100, *, parts: Parts = 7, stride: Stride = 16
) -> Off:
    """Return how far off `roi_pool` is, of all regions of a length that begin at a whole pixel.

    Parameters
    ----------
    length, parts, stride
        As in `rounded`.

    Returns
    -------
    Off
        Exact: over all places within a cell.

    Examples
    --------
    >>> found = off(100)
    >>> round(found.mean, 1), round(found.spread, 1), round(found.largest, 1)
    (8.5, 4.6, 10.6)
    """
    places = range(stride)
    each = np.array([misplaced(place, length, parts=parts, stride=stride) for place in places])
    seen = [rounded(place, length, parts=parts, stride=stride) for place in places]
    wide = np.mean([cells.end - cells.start for cells in seen]) * stride
    about = np.abs(each - each.mean())
    spread = np.sqrt((about**2).mean())
    return Off(float(each.mean()), float(spread), float(about.max()), float(wide * parts / length))


# The two of them, on maps


@checked
def roi_pool(maps: Maps, box: Box, *, parts: Parts = 7, stride: Stride = 16) -> Floats:
    """Take the largest value that each part of a region looks at, rounded to whole cells.

    Parameters
    ----------
    maps
        Shape (..., H, W).
    box
        Top, left, bottom and right of the region, in pixels.
    parts, stride
        As in `rounded`.

    Returns
    -------
    ndarray, shape (..., parts, parts)

    Raises
    ------
    ValueError
        If the region is empty, or what it looks at goes beyond the map.

    Examples
    --------
    >>> roi_pool(np.arange(64.0).reshape(8, 8), (16, 16, 48, 48), parts=2)
    array([[18., 19.],
           [26., 27.]])
    """
    array, (rows, columns) = _planes(maps), _sides(box)
    down, across = (rounded(*side, parts=parts, stride=stride) for side in (rows, columns))
    for cells, size in zip((down, across), array.shape[-2:], strict=True):
        if cells.end.max() > size:
            refuse("box", tuple(box), f"within the map, of {size} cells of {stride} pixels")
    tall = _largest(array, down, axis=-2)
    return _largest(tall, across, axis=-1)


def _planes(maps: ArrayLike) -> Floats:
    array = np.asarray(maps, dtype=np.float64)
    if array.ndim < 2 or 0 in array.shape:
        refuse("shape of maps", array.shape, "(..., H, W), none of them 0")
    return array


def _sides(box: tuple[float, float, float, float]) -> tuple[tuple[float, float], ...]:
    """Return where a region begins and how long it is, along both axes."""
    top, left, bottom, right = box
    if bottom - top < 1 or right - left < 1:
        refuse("box", tuple(box), "top, left, bottom and right, at least one pixel apart")
    return (top, bottom - top), (left, right - left)


def _largest(array: Floats, seen: Seen, axis: int) -> Floats:
    """Take the largest of the cells from start to end, along an axis."""
    moved = np.moveaxis(array, axis, -1)
    cells = np.arange(moved.shape[-1])
    inside = (seen.start[:, None] <= cells) & (cells < seen.end[:, None])
    return np.moveaxis(np.where(inside, moved[..., None, :], -np.inf).max(axis=-1), -1, axis)


@checked
def roi_align(
    maps: Maps,
    box: Box,
    *,
    parts: Parts = 7,
    stride: Stride = 16,
    sampling_ratio: Annotated[int, Whole(1, 16)] = 2,
) -> Floats:
    """Take the mean of a few interpolated values in each part of a region, nothing rounded.

    Parameters
    ----------
    maps, box, parts, stride
        As in `roi_pool`.
    sampling_ratio
        Values along each axis of a part, evenly spaced.

    Returns
    -------
    ndarray, shape (..., parts, parts)
        Beyond the middle of the last cells, their value goes on.

    Raises
    ------
    ValueError
        If the region is empty.

    Notes
    -----
    Each axis is interpolated by itself: so the mean of the samples is a product of two matrices.

    Examples
    --------
    >>> roi_align(np.arange(64.0).reshape(8, 8), (16, 16, 48, 48), parts=2)
    array([[ 9., 10.],
           [17., 18.]])
    """
    array, (rows, columns) = _planes(maps), _sides(box)
    down, across = (
        _weights(*side, parts, stride, sampling_ratio, size)
        for side, size in zip((rows, columns), array.shape[-2:], strict=True)
    )
    return np.asarray(down @ array @ across.T)


def _weights(
    place: float, length: float, parts: int, stride: int, samples: int, size: int
) -> Floats:
    """Weights of the cells in each part: (parts, size)."""
    fraction = (np.arange(parts * samples) + 0.5) / (parts * samples)
    at = np.clip((place + fraction * length) / stride - 0.5, 0, size - 1)  # from a cell's middle
    apart = np.abs(at[:, None] - np.arange(size))
    return np.asarray(np.maximum(1 - apart, 0).reshape(parts, samples, size).mean(axis=1))
