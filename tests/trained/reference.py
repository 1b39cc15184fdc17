"""The layers again, value by value, in loops that share no code with the package."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

import numpy as np

from explainers.checks import Floats

# window, stride, aggregate, blur: as the chapter's page says them
OPERATORS = {
    "none": (1, 1, "first", False),
    "mean": (2, 2, "mean", False),
    "max": (2, 2, "max", False),
    "stride": (1, 2, "first", False),
    "blurred": (2, 2, "max", True),
    "dense": (2, 1, "max", False),
    "overlap": (3, 2, "max", False),
}
AGGREGATES: dict[str, Callable[[Sequence[float] | Floats], float]] = {
    "first": lambda values: values[0],
    "mean": lambda values: sum(values) / len(values),
    "max": lambda values: sorted(values)[-1],
}


def at(plane: Floats, y: int, x: int, border: str) -> float:
    """A value of a plane, also beyond its border."""
    height, width = plane.shape
    if border == "circular":
        return float(plane[y % height, x % width])
    return float(plane[y, x]) if 0 <= y < height and 0 <= x < width else 0.0


def convolved(maps: Floats, weight: Floats, bias: Floats, border: str) -> Floats:
    out = np.zeros((len(maps), len(weight), *maps.shape[2:]))
    for n, o, y, x in product(*map(range, out.shape)):
        out[n, o, y, x] = bias[o] + sum(
            weight[o, c, i, j] * at(maps[n, c], y + i - 1, x + j - 1, border)
            for c, i, j in product(range(maps.shape[1]), range(3), range(3))
        )
    return out


def pooled(maps: Floats, operator: str, border: str) -> Floats:
    planes = [[_pooled(plane, operator, border) for plane in picture] for picture in maps]
    return np.array(planes)


def _pooled(plane: Floats, operator: str, border: str) -> Floats:
    window, stride, aggregate, blur = OPERATORS[operator]
    dense = np.empty(plane.shape)
    for y, x in np.ndindex(*plane.shape):
        taps = product(range(window), range(window))
        dense[y, x] = AGGREGATES[aggregate]([at(plane, y + i, x + j, border) for i, j in taps])
    if blur:
        weights = {-1: 0.25, 0: 0.5, 1: 0.25}
        dense = np.array(
            [
                [
                    sum(weights[i] * weights[j] * at(dense, y + i, x + j, border)
                        for i, j in product(weights, weights))
                    for x in range(plane.shape[1])
                ]
                for y in range(plane.shape[0])
            ]
        )  # fmt: skip
    return dense[::stride, ::stride]


def read_out(maps: Floats, readout: str) -> Floats:
    if readout == "flatten":
        return np.array(
            [[v for plane in picture for row in plane for v in row] for picture in maps]
        )
    return np.array([[AGGREGATES[readout](plane.ravel()) for plane in picture] for picture in maps])


def slopes(
    loss: Callable[[], float], arrays: tuple[Floats, ...], step: float = 1e-6
) -> list[Floats]:
    """The slope of a loss along each element of arrays, by differences."""
    found = []
    for array in arrays:
        slope = np.zeros_like(array)
        for place in np.ndindex(*array.shape):
            before = array[place]
            array[place] = before + step
            above = loss()
            array[place] = before - step
            slope[place] = (above - loss()) / (2 * step)
            array[place] = before
        found.append(slope)
    return found
