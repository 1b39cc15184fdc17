"""What several tests of the chapter need: its claims' numbers, and routes to them of their own."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from explainers.checks import Floats
from tests.flower import reference as oracle


def votes(k: int, rates: Sequence[float]) -> float:
    """Add up all patterns in which at least k units fire."""
    return math.fsum(
        math.prod(rate if fires else 1 - rate for rate, fires in zip(rates, pattern, strict=True))
        for pattern in itertools.product([0, 1], repeat=len(rates))
        if sum(pattern) >= k
    )


# The search for petals, by SciPy's filter


def searched(
    petal_map: Floats, method: str, window: int = 2, within: int = 6, reach: int = 6
) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the heights of the peaks that a method leaves, and which are near which petal."""
    petals, left = np.array(oracle.found_petals()), left_by(method, petal_map, window)
    highest = ndimage.maximum_filter(left, 2 * reach + 1, mode=["nearest", "wrap"])
    places = np.argwhere((left == highest) & np.isfinite(left))
    across = np.abs(places[:, None, 1] - petals[:, 1])
    away = np.maximum(np.abs(places[:, None, 0] - petals[:, 0]), np.minimum(across, 256 - across))
    return left[places[:, 0], places[:, 1]], away <= within


def left_by(method: str, petal_map: Floats, window: int) -> Floats:
    """Return what a method leaves of the map, each value where it stood, and −∞ elsewhere."""
    if method == "none":
        return petal_map
    if method == "subsample":
        here = np.add.outer(*(np.arange(side) % window for side in petal_map.shape)) == 0
        return np.where(here, petal_map, -np.inf)
    blocks = petal_map.reshape(60 // window, window, 256 // window, window)
    whole = np.ones((window, window))
    largest, mean = (np.kron(each, whole) for each in (blocks.max((1, 3)), blocks.mean((1, 3))))
    return np.where(petal_map == largest, largest if method == "max" else mean, -np.inf)
