"""What several tests of the chapter compare with: it shares no code with the models.

Lone peaks are really pooled, busy maps drawn; the dahlia is moved as pixels, unrolled by SciPy,
matched by scikit-image and looked at petal by petal.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy import ndimage, stats
from skimage.measure import block_reduce

from explainers.checks import Floats
from tests.flower import reference

# The chapter's claims


# A lone peak

Place = tuple[int, int]


def moves_up_to(farthest: int) -> list[Place]:
    along = range(-farthest, farthest + 1)
    return [(dy, dx) for dy in along for dx in along]


EIGHT = [move for move in moves_up_to(1) if any(move)]


@cache
def pooled_peak(kernel: int, stride: int, place: Place, pool: str = "max") -> Floats:
    """Pool a large map with a peak at one place."""
    picture = np.zeros((48, 48))
    picture[place] = 1
    windows = sliding_window_view(picture, (kernel, kernel))[::stride, ::stride]
    return np.asarray(getattr(windows, pool)(axis=(-2, -1)))


def stays(kernel: int, stride: int, place: Place, move: Place, pool: str = "max") -> bool:
    """Whether the pooled map is the same when the peak has moved."""
    moved = place[0] + move[0], place[1] + move[1]
    before, after = (pooled_peak(kernel, stride, at, pool) for at in (place, moved))
    return bool((before == after).all())


def peaks_unchanged(
    kernel: int, stride: int, moves: Sequence[Place], pool: str = "max"
) -> Fraction:
    """Over these moves, and the places of one period in the middle of the map."""
    period = range(24, 24 + stride)
    same = [
        stays(kernel, stride, (y, x), move, pool) for y in period for x in period for move in moves
    ]
    return Fraction(sum(same), len(same))


# A busy map


def busy_unchanged(
    kernel: int, dy: int, dx: int, zeros: float = 0, pool: str = "max", maps: int = 60_000
) -> float:
    """Draw what two windows cover, and pool both."""
    values = np.random.default_rng(9).random((maps, kernel + dy, kernel + dx))
    patch = np.maximum(values - zeros, 0)
    both = (patch[:, :kernel, :kernel], patch[:, dy:, dx:])
    # Sums of the same values, in another order, may differ by rounding.
    one, other = (np.sort(window.reshape(maps, -1)) for window in both)
    if pool == "max":
        return float(np.mean(one[:, -1] == other[:, -1]))
    return float(np.mean(one.sum(axis=1) == other.sum(axis=1)))


def binomial(taps: int) -> Floats:
    return np.asarray(stats.binom.pmf(np.arange(taps), taps - 1, 0.5))


# The dahlia


@cache
def map_moved(dy: int, dx: int) -> Floats:
    """Move the photograph, sample it where the flower was, and match the template."""
    picture = np.roll(reference.blue(), (dy, dx), axis=(0, 1))
    return reference.matched(reference.sampled(picture), reference.template())


def maps_moved(distance: int) -> list[Floats]:
    return [
        map_moved(*move) for move in ((distance, 0), (-distance, 0), (0, distance), (0, -distance))
    ]


def pooled(method: str, window: int) -> Callable[[Floats], Floats]:
    """Pool by scikit-image; blurred methods by SciPy."""

    def operator(picture: Floats) -> Floats:
        if method in ("max", "mean"):
            return np.asarray(block_reduce(picture, (window, window), getattr(np, method)))
        if method == "max blur":
            origin = -(window // 2)
            picture = ndimage.maximum_filter(picture, window, mode="wrap", origin=origin)
        if "blur" in method:
            for axis in (0, 1):
                picture = ndimage.correlate1d(picture, binomial(3), axis, mode="wrap")
        return picture[::window, ::window]

    return operator


class Dahlia:
    """The petal maps before a move and after it in four directions, with windows in every way."""

    def __init__(self, method: str, window: int, distance: int) -> None:
        self.window, self.ways = window, list(itertools.product(range(window), repeat=2))
        # So many are in whole windows.
        self.rows, self.columns = (60 - window + 1) // window * window, 256 // window * window
        self.operator = pooled(method, window)
        self.before = self.pooled(map_moved(0, 0))
        self.after = [self.pooled(moved) for moved in maps_moved(distance)]

    def pooled(self, petal_map: Floats) -> Floats:
        cut = (np.roll(petal_map[top:][: self.rows], -left, 1) for top, left in self.ways)
        return np.array([self.operator(each[:, : self.columns]) for each in cut])

    def equal(self) -> float:
        """The threshold of equal firing."""
        return float(np.quantile(self.before, np.mean(map_moved(0, 0) <= 0.5)))

    def petals(self, limit: float) -> Floats:
        """For each petal: how many of its cells look, fire before, and fire before and after."""
        found = reference.found_petals()
        counts = np.zeros((len(found), 3))
        for i, (row, column) in enumerate(found):
            for way, (top, left) in enumerate(self.ways):
                down, across = row - top, (column - left) % 256
                if 0 <= down < self.rows and across < self.columns:
                    cell = way, down // self.window, across // self.window
                    fires = self.before[cell] > limit
                    still = np.mean([after[cell] > limit for after in self.after])
                    counts[i] += 1, fires, fires * still
        return counts

    def change(self) -> float:
        """By root mean square, relative to unrelated maps."""
        square = np.mean([(after - self.before) ** 2 for after in self.after])
        values = [np.stack([self.before, after]) for after in self.after]
        return float(np.sqrt(square / (2 * np.var(values))))
