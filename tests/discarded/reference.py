"""Second routes to the chapter's numbers, which several of its tests take."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import sklearn.datasets
from scipy import ndimage
from skimage.measure import block_reduce
from sklearn.linear_model import LinearRegression

from explainers.checks import Floats, Ints

NOISE = np.random.default_rng(77).standard_normal((60, 64, 64))
REDUCE: dict[str, Callable[..., Any]] = {
    "mean": np.mean,
    "median": np.median,
    "subsample": lambda block, axis: block[..., 0, 0],
    "max": np.max,
    "min": np.min,
}


# What the claims say


# The windows and their winners


def starts(size: int, kernel: int, stride: int, padding: int) -> list[int]:
    """Where windows begin, one after the other as long as they fit."""
    return list(range(-padding, size + padding - kernel + 1, stride))


@cache
def simulated_share(kernel: int, stride: int, zeros: float) -> tuple[float, float]:
    """Share of a map that wins a window and is not clipped, and its standard error.

    The map wraps round, so that all of it is away from borders.
    """
    side = 400 * stride
    values = np.maximum(np.random.default_rng(5).random((side, side)) - zeros, 0)
    origin = -(kernel // 2)
    maxima = ndimage.maximum_filter(values, size=kernel, mode="wrap", origin=origin)
    won = np.zeros(values.shape, bool)
    for dy, dx in itertools.product(range(kernel), repeat=2):
        moved = np.roll(values, (-dy, -dx), (0, 1))[::stride, ::stride]
        top, left = np.nonzero((moved == maxima[::stride, ::stride]) & (moved > 0))
        won[(top * stride + dy) % side, (left * stride + dx) % side] = True
    share = float(won.mean())
    return share, math.sqrt(share * (1 - share) / won.size)


# The picture


def dahlia_bytes() -> Ints:
    """scikit-learn's copy of the photograph: its blue channel, 426 × 640."""
    photo = sklearn.datasets.load_sample_image("flower.jpg")
    return np.asarray(photo[:426, :, 2], dtype=np.int64)


def copied(picture: Floats, method: str, window: int) -> Floats:
    """A picture that scikit-image pools, each value copied over its window."""
    pooled = block_reduce(picture, (window, window), REDUCE[method])
    return np.kron(pooled, np.ones((window, window)))


def errors(picture: Floats, method: str, window: int = 2) -> dict[str, float]:
    """Its errors, in standard deviations of the picture."""
    difference = (copied(picture, method, window) - picture) / np.std(picture)
    mean, square = float(np.mean(difference)), float(np.mean(difference**2))
    return {
        "rms": math.sqrt(square),
        "bias": mean,
        "rest": math.sqrt(square - mean**2),
        "absolute": float(np.mean(np.abs(difference))),
    }


# The place


@cache
def decoded(
    kernel: int, stride: int, method: str, width: float, noise: float, cells: int
) -> tuple[float, float]:
    """Error and R² by other means: SciPy's filters, scikit-learn's regression, other draws."""
    rng, samples = np.random.default_rng(123), 1500
    size, corner = cells * stride + kernel - stride, cells // 2 * stride
    true = rng.random((2 * samples, 2)) * stride
    y, x = np.mgrid[:size, :size]
    if width:
        away = [
            axis + 0.5 - corner - place[:, None, None]
            for axis, place in zip((y, x), true.T, strict=True)
        ]
        planes = np.exp(-(away[0] ** 2 + away[1] ** 2) / (2 * width**2))
    else:
        true = np.floor(true)
        planes = np.zeros((2 * samples, size, size))
        rows, columns = (true + corner).astype(int).T
        planes[np.arange(2 * samples), rows, columns] = 1
    planes += noise * rng.standard_normal(planes.shape)
    filters = {"max": ndimage.maximum_filter, "mean": ndimage.uniform_filter}
    origin = (0, -(kernel // 2), -(kernel // 2))
    filtered = filters[method](planes, size=(1, kernel, kernel), origin=origin, mode="constant")
    kept = slice(0, size - kernel + 1, stride)
    answers = filtered[:, kept, kept].reshape(2 * samples, -1)
    model = LinearRegression().fit(answers[:samples], true[:samples])
    read = model.predict(answers[samples:])
    score = model.score(answers[samples:], true[samples:])
    return float(np.sqrt(np.mean((read - true[samples:]) ** 2))), float(score)


def spread_of_places(stride: int, width: float) -> float:
    """What guessing the middle of a cell errs by."""
    places = np.arange(stride) if width == 0 else np.linspace(0, stride, 100_001)
    return float(np.std(places))
