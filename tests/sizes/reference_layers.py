"""Layers a second time: by SciPy, by windows laid out one by one, by Python's own numbers."""

from __future__ import annotations

import inspect
import itertools
import math
from collections.abc import Callable, Iterator
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from types import ModuleType
from typing import Any

import numpy as np
from scipy import integrate, ndimage, special, stats

from explainers.checks import Floats
from explainers.kinds import Kind, kinds_of
from tests.wrong import wrong as wrong_ones

Function = Callable[[Floats], Floats]

FUNCTIONS: dict[str, Function] = {
    "relu": lambda x: x * (x > 0),
    "tanh": lambda x: 2 * special.expit(2 * x) - 1,
    "gelu": lambda x: x * stats.norm.cdf(x),
    "silu": lambda x: x * special.expit(x),
    "mish": lambda x: x * np.tanh(np.log1p(np.exp(x))),
    "hardswish": lambda x: x * np.minimum(np.maximum(x + 3, 0), 6) / 6,
}
SUMMARIES: dict[str, Callable[..., Floats]] = {"max": np.max, "min": np.min, "mean": np.mean}
ROUNDED = {
    "half to even": ROUND_HALF_EVEN,
    "half away": ROUND_HALF_UP,  # Decimal's name for it: up is away from zero
    "truncation": ROUND_DOWN,
}


def declared(module: ModuleType) -> Iterator[tuple[Callable[..., Any], str, Kind]]:
    """The declared arguments of a module's own public functions."""
    for name, function in vars(module).items():
        own = getattr(function, "__module__", "") == module.__name__
        if own and not name.startswith("_") and inspect.isfunction(function):
            for argument, kind in kinds_of(function).items():
                yield function, argument, kind


def refused(function: Callable[..., Any], argument: str, kind: Kind) -> Iterator[str]:
    """What a function says to the wrong values of an argument; None by default may be None."""
    optional = inspect.signature(function).parameters[argument].default is None
    for wrong in wrong_ones(kind):
        if not (optional and wrong is None):
            try:
                function(**{argument: wrong})
            except ValueError as error:
                yield str(error)
            else:
                yield f"{wrong} was not refused"


# Windows and poolings


def windows(maps: Floats, window: int, stride: int | None = None) -> Floats:
    """The values of each window: (..., rows, columns, window²)."""
    step = stride or window
    rows, columns = ((side - window) // step + 1 for side in maps.shape[-2:])
    found = [
        [maps[..., r : r + window, c : c + window] for c in range(0, columns * step, step)]
        for r in range(0, rows * step, step)
    ]
    laid = np.moveaxis(np.array(found), (0, 1), (-4, -3))
    return laid.reshape(*laid.shape[:-2], window**2)


def pooled(maps: Floats, window: int, summary: str = "max", stride: int | None = None) -> Floats:
    return SUMMARIES[summary](windows(maps, window, stride), axis=-1)


def apart(one: Floats, other: Floats) -> tuple[float, float]:
    """Largest and mean difference, in units of the first's root mean square."""
    scale = math.sqrt(np.mean(np.square(one)))
    gaps = np.abs(one - other).ravel()
    return float(gaps.max()) / scale, float(gaps.sum()) / gaps.size / scale


def convolved(pictures: Floats, weights: Floats, mode: str) -> Floats:
    """Channel by channel, (N, C, H, W) with (O, C, h, w), by SciPy's filter of one plane."""
    out = np.zeros((len(pictures), len(weights), *pictures.shape[2:]))
    for n, o, c in itertools.product(*map(range, (*out.shape[:2], pictures.shape[1]))):
        out[n, o] += ndimage.correlate(pictures[n, c], weights[o, c], mode=mode)
    return out


def blurred(pictures: Floats, taps: int, mode: str) -> Floats:
    """Along one axis, then the other; of an even number, one tap more is below and to the right."""
    weights = special.comb(taps - 1, np.arange(taps)) / 2 ** (taps - 1)
    for axis in (-1, -2):
        origin = -1 if taps % 2 == 0 else 0
        pictures = ndimage.correlate1d(pictures, weights, axis, mode=mode, origin=origin)
    return np.asarray(pictures)


# Laws by quadrature


def moment_of_largest(count: int, power: int, floor: float = -np.inf) -> float:
    """Of the largest of so many standard normal values, or of `floor` if that is larger."""

    def weighted(x: float) -> float:
        density = count * stats.norm.pdf(x) * stats.norm.cdf(x) ** (count - 1)
        return float(max(x, floor) ** power * density)

    return float(integrate.quad(weighted, -12, 12, limit=200, points=[0])[0])


def share_that_differs(function: Function, count: int) -> float:
    """Windows of normal values in which a lower value than the largest has a larger image."""
    grid = np.linspace(-10, 10, 40_001)
    image = function(grid)
    image[np.abs(image) < 1e-15] = 0
    # Given the largest, all others must lie below it where no image is larger than its own.
    chance = np.diff(stats.norm.cdf(grid), append=1.0)
    same = np.array([chance[:i][image[:i] <= image[i]].sum() for i in range(0, len(grid), 20)])
    density = count * stats.norm.pdf(grid[::20])
    return float(1 - integrate.trapezoid(density * same ** (count - 1), grid[::20]))


# Numbers


def whole(value: float, rounding: str = "half to even") -> int:
    return int(Decimal(value).quantize(Decimal(1), rounding=ROUNDED[rounding]))


def added(values: Any) -> Any:
    """One after the other, in their own precision."""
    total = type(values[0])(0)
    for value in values:
        total = type(value)(total + value)
    return total
