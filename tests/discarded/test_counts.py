"""Maps that look the same, and bits: by enumeration, and by SciPy."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from skimage.measure import block_reduce

from explainers.checks import Ints
from explainers.discarded.counts import (
    digits,
    kept_bits,
    kept_bits_binary,
    kept_bits_of,
    maps_with_one_image,
    readable,
    rearrangements_in_windows,
    rearrangements_with_same_max,
)
from explainers.discarded.model import SUMMARIES
from tests.discarded import reference

REDUCE = reference.REDUCE | {"mean": np.sum}  # as exact as the mean, and whole


def sides(kernel: Any) -> tuple[int, int]:
    return kernel if isinstance(kernel, tuple) else (kernel, kernel)


# How many maps look the same


@pytest.mark.parametrize(
    ("size", "kernel"), [((2, 4), 2), ((2, 3), (2, 1)), ((1, 6), (1, 3)), ((4, 2), (1, 2))]
)
def test_rearrangements_in_windows_by_enumeration(size: tuple[int, int], kernel: Any) -> None:
    down, across = sides(kernel)
    window = [(i // size[1] // down, i % size[1] // across) for i in range(math.prod(size))]
    same = sum(
        all(window[i] == window[j] for i, j in enumerate(order))
        for order in itertools.permutations(range(len(window)))
    )
    assert rearrangements_in_windows(size, kernel) == same


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    ("size", "kernel"), [((2, 4), 2), ((2, 4), (1, 2)), ((1, 8), (1, 4)), ((2, 3), (2, 1))]
)
def test_rearrangements_with_same_max_by_enumeration(
    seed: int, size: tuple[int, int], kernel: Any
) -> None:
    """All 8! arrangements of a map, pooled by scikit-image's view of blocks."""
    values = np.random.default_rng(seed).permutation(math.prod(size)) / 7 - 0.3
    all_maps = np.array(list(itertools.permutations(values))).reshape(-1, *size)
    pooled = block_reduce(all_maps, (1, *sides(kernel)), np.max)
    same = (pooled == block_reduce(values.reshape(size), sides(kernel), np.max)).all(axis=(1, 2))
    assert rearrangements_with_same_max(values.reshape(size), kernel) == same.sum()


@pytest.mark.parametrize("summary", SUMMARIES)
@pytest.mark.parametrize(
    ("levels", "shape", "kernel"),
    [(2, (2, 4), 2), (3, (2, 2), 2), (4, (2, 4), (1, 2)), (5, (1, 3), (1, 3))],
)
def test_maps_with_one_image_by_enumeration(
    summary: str, levels: int, shape: tuple[int, int], kernel: Any
) -> None:
    down, across = sides(kernel)
    images: Counter[tuple[int, ...]] = Counter()
    for flat in itertools.product(range(levels), repeat=math.prod(shape)):
        blocks = np.reshape(flat, (shape[0] // down, down, -1, across)).swapaxes(1, 2)
        images[tuple(REDUCE[summary](blocks, axis=(2, 3)).ravel().tolist())] += 1
    for image, count in images.items():
        assert maps_with_one_image([image], kernel, summary, levels) == count


def test_maps_with_one_image_add_up_to_all_maps() -> None:
    for summary, top in (("max", 256), ("mean", 4 * 255 + 1), ("subsample", 256)):
        total = sum(maps_with_one_image([[v]], 2, summary) for v in range(top))
        assert total == 256**4
        with pytest.raises(ValueError, match=f"pooled must be at most {top - 1} everywhere"):
            maps_with_one_image([[0, top]], 2, summary)


@given(st.integers(1, 10**1500))
@settings(deadline=None, derandomize=True)
def test_sizes_of_counts(count: int) -> None:
    assert digits(count) == len(str(count))
    if count < 10**9:
        assert readable(count) == str(count)
        return
    power, bits = (int(part.split()[0]) for part in readable(count).split("^")[1].split("("))
    assert 100 * 10**power < 320 * count < 320 * 320 * 10**power // 100
    assert 2 ** (bits - 1) < count <= 2**bits


def test_counts_at_powers_of_ten() -> None:
    for power in (1, 3, 15, 300, 2000):
        assert digits(10**power) == power + 1
        assert digits(10**power - 1) == power
    assert readable(10**9 - 1) == "999999999"
    assert readable(10**9) == "≈ 10^9 (30 bits)"
    assert readable(2**40) == "≈ 10^12 (40 bits)"
    assert readable(4 * 10**40) == "≈ 10^41 (135 bits)"


# How much of a window is told


def all_windows(levels: int, side: int) -> Ints:
    """All windows of levels, one a row."""
    return np.array(list(itertools.product(range(levels), repeat=side**2)))


def answers(windows: Ints, summary: str) -> Ints:
    """What each of them leaves."""
    side = math.isqrt(windows.shape[1])
    return np.asarray(REDUCE[summary](windows.reshape(-1, 1, 1, side, side), axis=(3, 4))[:, 0, 0])


@pytest.mark.parametrize("summary", SUMMARIES)
@pytest.mark.parametrize(("levels", "side"), [(2, 1), (2, 2), (3, 2), (7, 2), (2, 3)])
def test_kept_bits_by_enumeration(summary: str, levels: int, side: int) -> None:
    windows = all_windows(levels, side)
    kept = answers(windows, summary)
    entropy = stats.entropy(np.bincount(kept), base=2)
    assert kept_bits(summary, side, levels) == pytest.approx(entropy, abs=1e-12)
    p = np.arange(1, levels + 1) ** 2 / np.sum(np.arange(1, levels + 1) ** 2)
    chances = np.prod(p[windows], axis=1)
    entropy = stats.entropy(np.bincount(kept, chances), base=2)
    assert kept_bits_of(p, side, summary) == pytest.approx(entropy, abs=1e-12)
    if summary == "mean":
        nearest = np.floor(kept / side**2 + 0.5).astype(int)
        entropy = stats.entropy(np.bincount(nearest, chances), base=2)
        rounded = kept_bits_of(p, side, summary, rounded=True)
        assert rounded == pytest.approx(entropy, abs=1e-12)


@pytest.mark.parametrize("summary", SUMMARIES)
@pytest.mark.parametrize("side", [1, 2, 3])
def test_kept_bits_binary_by_enumeration(summary: str, side: int) -> None:
    windows = all_windows(2, side)
    kept = answers(windows, summary)
    rates = np.array([[0, 0.03, 0.3], [0.5, 0.9, 1]])
    for rate, ours in zip(rates.flat, kept_bits_binary(summary, side, rates).flat, strict=True):
        chances = np.prod(np.where(windows, rate, 1 - rate), axis=1)
        entropy = stats.entropy(np.bincount(kept, chances), base=2)
        assert ours == pytest.approx(entropy, abs=1e-12)
        assert not np.signbit(ours)  # nothing is 0, not −0


def test_kept_bits_of_a_byte() -> None:
    """The sum of four bytes is nearly normal; the max has density 4u³."""
    variance = 4 * (256**2 - 1) / 12
    assert kept_bits("mean", 2) == pytest.approx(
        math.log2(2 * math.pi * math.e * variance) / 2, abs=0.02
    )
    assert kept_bits("max", 2) == pytest.approx(
        8 + stats.beta(4, 1).entropy() / math.log(2), abs=0.01
    )
    assert kept_bits("subsample", 2) == 8


# What may be asked


def test_the_largest_windows_and_most_levels() -> None:
    assert maps_with_one_image([[0]], 8, levels=1024) == 1
    assert maps_with_one_image([], 8) == 1
    assert kept_bits_of([1] + 1023 * [0], (8, 1)) == 0
    assert kept_bits_of([0.5, 0.5], 2, "subsample") == 1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: rearrangements_in_windows(5, 2), r"tile the map, \(5, 5\); got 2"),
        (lambda: rearrangements_in_windows((4, 5), (1, 2)), r"tile the map, \(4, 5\); got \(1, 2"),
        (lambda: rearrangements_with_same_max([[1, 1]], 1), "input must be an array of distinct"),
        (lambda: rearrangements_with_same_max([1, 2], 1), r"shape of input must be \(H, W\)"),
        (lambda: maps_with_one_image([[1]], 9), "kernel_size must be at most 8; got 9"),
        (lambda: maps_with_one_image([[1]], (1, 9)), r"kernel_size must be at most 8; got \(1, 9"),
        (lambda: maps_with_one_image([[1]], 2, levels=1), "levels must be"),
        (lambda: maps_with_one_image([[1]], 2, levels=1025), "levels must be"),
        (lambda: kept_bits_of([1.0], 2), "chances must be 2 to 1024 probabilities"),
        (lambda: kept_bits_of([1] + 1024 * [0], 2), "chances must be 2 to 1024 probabilities"),
        (lambda: kept_bits_of([0.5, 0.4], 2), "chances must be .* that sum to 1"),
        (lambda: kept_bits_of([[0.5, 0.5]], 2), "chances must be"),
        (lambda: digits(0), "count must be"),
    ],
)
def test_what_is_refused(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
