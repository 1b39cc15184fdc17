"""The dahlia once more, by SciPy and scikit-image: its pictures, template, petal maps and petals.

Nothing here is the package's: from the photograph on, another route leads to each of them.
"""

from __future__ import annotations

import itertools
import math
from functools import cache

import numpy as np
import sklearn.datasets
from scipy import ndimage, stats
from skimage.feature import match_template, peak_local_max

from explainers.checks import Floats

STEP = math.tau / 256
THRESHOLD = 0.5


@cache
def places() -> Floats:
    """Return y and x of each sample, (2, 72, 256), by complex exponentials."""
    row, column = np.mgrid[:72, :256]
    spiral = 222j + 306 + 24 * np.exp(STEP * (row + 1j * column))
    return np.stack([spiral.imag, spiral.real])


def sampled(picture: Floats) -> Floats:
    return np.asarray(ndimage.map_coordinates(picture, places(), order=1))


@cache
def read_pixels() -> Floats:
    """Return a mask of the photograph's pixels that the samples lie between."""
    y, x = places().reshape(2, -1)
    mask = np.zeros((427, 640), bool)
    for down, right in itertools.product((0, 1), repeat=2):
        mask[y.astype(int) + down, x.astype(int) + right] = True
    return mask


def noise_pictures(draws: int, seed: int) -> Floats:
    """Return standard normal noise on the pixels that are read, row by row; (draws, 427, 640)."""
    pictures = np.zeros((draws, 427, 640))
    rng = np.random.default_rng(seed)
    for picture in pictures:
        picture[read_pixels()] = rng.standard_normal(read_pixels().sum())
    return pictures


def wrapped(array: Floats, margin: int) -> Floats:
    return np.pad(array, [(0, 0), (margin, margin)], mode="wrap")


def matched(picture: Floats, window: Floats) -> Floats:
    return np.asarray(match_template(wrapped(picture, window.shape[1] // 2), window))


def blue() -> Floats:
    return np.asarray(sklearn.datasets.load_sample_image("flower.jpg")[..., 2] / 255)


@cache
def template() -> Floats:
    """Average the sixteen places most like a petal, from one tip on, until they stay the same."""
    turns, best = np.tile(sampled(blue()), 3), [(24, 256 + 111)]
    while True:
        tips = [turns[row : row + 13, column - 6 : column + 7] for row, column in best]
        average = stats.zscore(sum(stats.zscore(tip, axis=None) for tip in tips), axis=None) / 13
        last, best = best, most_alike(average)
        if set(best) == set(last):
            return np.asarray(average)


def most_alike(window: Floats) -> list[tuple[int, int]]:
    """Return the sixteen best matches, no two within six pixels, in the middle of three turns."""
    turns = np.tile(matched(sampled(blue()), window), 3)
    peaks = peak_local_max(turns, min_distance=6, threshold_abs=0, exclude_border=False)
    ordered = sorted((-turns[r, c], int(r), int(c)) for r, c in peaks if 256 <= c < 512)
    return [(row, column) for _, row, column in ordered[:16]]


@cache
def clean_map() -> Floats:
    return matched(sampled(blue()), template())


@cache
def photo_maps(sd: float, draws: int, seed: int) -> list[Floats]:
    return [
        matched(sampled(blue() + sd * noise), template()) for noise in noise_pictures(draws, seed)
    ]


@cache
def map_maps(sd: float, draws: int, seed: int) -> Floats:
    return clean_map() + sd * np.random.default_rng(seed).standard_normal((draws, 60, 256))


@cache
def found_petals() -> list[tuple[int, int]]:
    """Find the petals with scikit-image, in three turns of the flower side by side."""
    turns = np.tile(clean_map(), 3)
    peaks = peak_local_max(turns, min_distance=6, threshold_abs=THRESHOLD, exclude_border=False)
    return sorted((int(r), int(c) - 256) for r, c in peaks if 256 <= c < 512)


def distance(row: float, column: float, petal: tuple[int, int]) -> float:
    around = abs(column - petal[1])
    return max(abs(row - petal[0]), min(around, 256 - around))


@cache
def inner_petals() -> list[tuple[int, int]]:
    return [petal for petal in found_petals() if 6 <= petal[0] <= 53]


@cache
def background() -> list[tuple[int, int]]:
    """Return the units of rows 6 to 53 that are more than 6 from each petal."""
    free = np.ones((60, 256), bool)
    for row, column in found_petals():
        columns = np.arange(column - 6, column + 7) % 256
        free[max(row - 6, 0) : row + 7, columns] = False
    return [(int(r), int(c)) for r, c in np.argwhere(free) if 6 <= r <= 53]


def cut(petal_map: Floats, row: int, column: int, window: int) -> Floats:
    """Return the window that stands around a unit, the unit upper left in its middle."""
    before = (window - 1) // 2
    return np.array(
        [
            [petal_map[row - before + i, (column - before + j) % 256] for j in range(window)]
            for i in range(window)
        ]
    )


def watchers(petal_map: Floats, row: int, column: int, window: int) -> tuple[float, float, float]:
    seen = cut(petal_map, row, column, window)
    return petal_map[row, column % 256], float(np.max(seen)), float(np.sum(seen)) / window**2
