"""Sizes and borders once more: PyTorch's and TensorFlow's own words, sets of rows, plain loops."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
from scipy import stats
from skimage.measure import block_reduce

from explainers.checks import Floats
from explainers.sizes.model import Pool

REDUCE: dict[str, Callable[..., Any]] = {"max": np.max, "mean": np.mean}
Z = float(stats.norm.ppf(0.975))


# Windows


def outputs(size: int, pool: Pool) -> int:
    """As `pooling_output_shape_pad_lr` of PyTorch has it."""
    stride = pool.stride or pool.kernel_size
    room = size + 2 * pool.padding - pool.dilation * (pool.kernel_size - 1) - 1
    number = (room + (stride - 1 if pool.ceil_mode else 0)) // stride + 1
    if pool.ceil_mode and (number - 1) * stride >= size + pool.padding:
        number -= 1
    return number


def rows_seen(size: int, pool: Pool) -> list[set[int]]:
    """Of each output, the rows of the map that it sees."""
    stride = pool.stride or pool.kernel_size
    firsts = (i * stride - pool.padding for i in range(outputs(size, pool)))
    return [
        {first + pool.dilation * tap for tap in range(pool.kernel_size)} & set(range(size))
        for first in firsts
    ]


def rows_unseen(size: int, pools: Sequence[Pool]) -> list[int]:
    """Forward: the rows of the map that each value comes from, pooling by pooling."""
    sources = [{row} for row in range(size)]
    for pool in pools:
        windows = rows_seen(len(sources), pool)
        sources = [set().union(*(sources[row] for row in window)) for window in windows]
    return sorted(set(range(size)).difference(*sources))


def adaptive_rows(size: int, number: int) -> list[range]:
    """As PyTorch documents it, in fractions."""
    return [
        range(math.floor(Fraction(i * size, number)), math.ceil(Fraction((i + 1) * size, number)))
        for i in range(number)
    ]


def same_pads(size: int, kernel: int, stride: int) -> tuple[int, int]:
    """As the notes on padding in TensorFlow's documentation have it."""
    pad = max(kernel - (size % stride or stride), 0)
    return pad // 2, pad - pad // 2


def window_rows(size: int, kernel: int, stride: int, before: int) -> list[list[int]]:
    """The rows that ⌈size / stride⌉ windows meet, the first of which begins before the map."""
    firsts = (i * stride - before for i in range(math.ceil(size / stride)))
    return [[r for r in range(first, first + kernel) if 0 <= r < size] for first in firsts]


def pooled(
    plane: Floats, rows: Iterable[Iterable[int]], columns: Iterable[Iterable[int]], method: str
) -> Floats:
    """Window by window."""
    across = [list(window) for window in columns]
    return np.array(
        [[REDUCE[method](plane[np.ix_(list(down), side)]) for side in across] for down in rows]
    )


def block_pooled(maps: Floats, window: int, method: str) -> Floats:
    """Of all maps, windows side by side."""
    if method == "subsample":
        return maps[..., ::window, ::window]
    block = (1,) * (maps.ndim - 2) + (window, window)
    return np.asarray(block_reduce(maps, block, REDUCE[method]))


# Comparisons


class Counted:
    """A number that counts how often such numbers are compared."""

    number = 0

    def __init__(self, value: float) -> None:
        self.value = value

    def __gt__(self, other: Counted) -> bool:
        Counted.number += 1
        return self.value > other.value


Plane = list[list[Counted]]


def largest(kernel: int, plane: Plane, separable: bool) -> Plane:
    """Max of each window; the plane wraps round, so that none is cut off."""
    n, taps = len(plane), range(kernel)
    if not separable:
        return [
            [max(plane[(y + i) % n][(x + j) % n] for i in taps for j in taps) for x in range(n)]
            for y in range(n)
        ]
    down = [[max(plane[(y + i) % n][x] for i in taps) for x in range(n)] for y in range(n)]
    return [[max(down[y][(x + j) % n] for j in taps) for x in range(n)] for y in range(n)]


def compared(kernels: Sequence[int], separable: bool) -> tuple[int, int]:
    """Comparisons for each value: of poolings one after the other, and of each from the map."""
    values = np.random.default_rng(1).random((5, 5))
    plane = [[Counted(value) for value in row] for row in values.tolist()]
    stacked, direct, last, window = 0, 0, plane, 1
    for kernel in kernels:
        Counted.number, window = 0, window + kernel - 1
        last = largest(kernel, last, separable)
        stacked += Counted.number
        Counted.number = 0
        largest(window, plane, separable)
        direct += Counted.number
    assert stacked % 25 == direct % 25 == 0
    return stacked // 25, direct // 25


# Small objects


@cache
def squares(width: int, window: int, size: int) -> Floats:
    """Maps with an object at each place of the first window, in the order of reading."""
    maps = np.zeros((window, window, size, size))
    for y, x in itertools.product(range(window), repeat=2):
        maps[y, x, y : y + width, x : x + width] = 1
    return maps.reshape(-1, size, size)


def found(
    width: int, depth: int, method: str, strength: float, false_alarm: float, watched: str
) -> float:
    """Hit rate by SciPy's normal distribution, from the pixels that each pooled value sees."""
    window = 2**depth
    maps = squares(width, window, 64)
    if method == "subsample":
        seen, pixels = maps[:, ::window, ::window], 1
    else:
        seen, pixels = block_reduce(maps, (1, window, window), np.sum), window**2
    seen = seen.reshape(len(maps), -1)
    if watched == "value":
        seen = seen.max(axis=1, keepdims=True)
    silent = (1 - false_alarm) ** (1 / seen.shape[1])
    if method == "mean":
        level = stats.norm(scale=pixels**-0.5).ppf(silent)
        each = stats.norm(loc=strength * seen / pixels, scale=pixels**-0.5).cdf(level)
    else:
        level = stats.norm.ppf(silent ** (1 / pixels))
        below = stats.norm.cdf(level), stats.norm.cdf(level - strength)
        each = below[0] ** (pixels - seen) * below[1] ** seen
    return float(1 - each.prod(axis=1).mean())


# A residual network, multiplied out


@dataclass
class Ledger:
    """Multiplications and weights of convolutions with batch normalisation, one by one."""

    size: int
    channels: int = 3
    macs: int = 0
    parameters: int = 0

    def conv(self, out: int, kernel: int, stride: int = 1) -> None:
        """Padded such that ⌈size / stride⌉ are left."""
        self.size = -(-self.size // stride)
        weights = self.channels * out * kernel**2
        self.macs += weights * self.size**2
        self.parameters += weights + 2 * out
        self.channels = out


DEPTHS: dict[str, tuple[tuple[int, ...], bool]] = {
    "resnet18": ((2, 2, 2, 2), False),
    "resnet34": ((3, 4, 6, 3), False),
    "resnet50": ((3, 4, 6, 3), True),
    "resnet101": ((3, 4, 23, 3), True),
}


def residual(
    name: str, size: int, classes: int, stem: tuple[int, int], pool: bool
) -> tuple[int, int, int]:
    """Multiply–accumulates, parameters and last size of a ResNet whose stem is (kernel, stride)."""
    book = Ledger(size)
    book.conv(64, *stem)
    book.size = -(-book.size // 2) if pool else book.size
    depths, bottleneck = DEPTHS[name]
    for stage, blocks in enumerate(depths):
        for block in range(blocks):
            width, stride = 64 << stage, 2 if stage and not block else 1
            out = 4 * width if bottleneck else width
            before, channels = book.size, book.channels
            kernels = [(width, 1, 1), (width, 3, stride), (out, 1, 1)]
            for layer in kernels if bottleneck else [(width, 3, stride), (width, 3, 1)]:
                book.conv(*layer)
            if stride > 1 or channels != out:
                book.size, book.channels = before, channels
                book.conv(out, 1, stride)
    dense = book.channels * classes
    return book.macs + dense, book.parameters + dense + classes, book.size
