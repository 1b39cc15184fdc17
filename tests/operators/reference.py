"""The pooling operators written out: loops in plain Python over windows and what lies in them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Place = tuple[int, ...]


class Along(NamedTuple):
    """The arguments of a pooling, along one axis."""

    kernel: int
    stride: int
    padding: int
    dilation: int = 1
    ceil_mode: bool = False


def windows_along(size: int, along: Along) -> list[list[int]]:
    """Walk along an axis: the places of each window's taps, also those outside."""
    reach, corner, found = along.dilation * (along.kernel - 1), -along.padding, []
    while corner + reach < size + along.padding:
        found.append(corner)
        corner += along.stride
    left_over = corner - along.stride + reach + 1 < size + along.padding
    if along.ceil_mode and left_over and corner < size:
        found.append(corner)
    return [[start + n * along.dilation for n in range(along.kernel)] for start in found]


def adaptive_windows_along(size: int, windows: int) -> list[list[int]]:
    """Split the axis into equal stretches: each window has all that its stretch touches."""
    return [
        [r for r in range(size) if r * windows < (i + 1) * size and (r + 1) * windows > i * size]
        for i in range(windows)
    ]


def each_window(windows: list[list[list[int]]]) -> Iterator[tuple[Place, list[Place]]]:
    """For each window of an array with so many axes: its number, and its places in order."""
    for number in product(*(range(len(axis)) for axis in windows)):
        yield number, list(product(*(axis[n] for axis, n in zip(windows, number, strict=True))))


def inside(place: Place, shape: tuple[int, ...], border: tuple[int, ...] | None = None) -> bool:
    """Tell whether a place lies in the array, or at most `border` outside it."""
    around = border or (0,) * len(shape)
    return all(-b <= p < s + b for p, s, b in zip(place, shape, around, strict=True))


def index_of(place: Place, shape: tuple[int, ...]) -> int:
    """Count the places before this one, in the order of reading."""
    index = 0
    for p, side in zip(place, shape, strict=True):
        index = index * side + p
    return index


def largest(array: Array, windows: list[list[list[int]]]) -> tuple[Array, Array]:
    """The first of the largest, or the last NaN, of each window, and where it is.

    A window without a place in the array has the lowest of all, and the place of its first tap that
    is not before the array.
    """
    shape = tuple(len(axis) for axis in windows)
    values, indices = np.empty(shape, array.dtype), np.empty(shape, np.int64)
    for number, places in each_window(windows):
        best: Any = -math.inf if array.dtype.kind == "f" else np.iinfo(array.dtype).min
        at = tuple(
            next(p for p in axis[n] if p >= 0) for axis, n in zip(windows, number, strict=True)
        )
        for place in places:
            if inside(place, array.shape) and (array[place] > best or array[place] != array[place]):
                best, at = array[place], place
        values[number], indices[number] = best, index_of(at, array.shape)
    return values, indices


def means(
    array: Array,
    windows: list[list[list[int]]],
    border: tuple[int, ...] | None = None,
    divisor: int | None = None,
) -> Array:
    """The mean of each window: what lies at most `border` outside the array counts as zero."""
    found = np.empty(tuple(len(axis) for axis in windows), array.dtype)
    for number, places in each_window(windows):
        terms = [array[place].item() for place in places if inside(place, array.shape)]
        count = sum(inside(place, array.shape, border) for place in places)
        over = divisor or count
        if array.dtype.kind == "i":
            found[number] = int(math.copysign(1, sum(terms) * over)) * (
                abs(sum(terms)) // abs(over)
            )
        else:
            found[number] = math.fsum(terms) / over
    return found


def unpooled(values: Array, indices: Array, height: int, width: int) -> Array:
    """Put one value after the other where its index says, in a plane of zeros."""
    plane = np.zeros((height, width), values.dtype)
    for value, index in zip(values.ravel(), indices.ravel().tolist(), strict=True):
        plane[index // width, index % width] = value
    return plane
