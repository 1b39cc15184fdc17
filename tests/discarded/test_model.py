"""What is kept: by enumeration, by simulation, by SciPy."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from scipy import ndimage

from explainers.discarded.model import (
    SUMMARIES,
    Padded,
    distinct_survivors,
    kept,
    mean_commutes,
    noise_loss,
    share_a_window,
    zero_padding,
)
from tests.discarded.reference import starts

# Values


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "padding"),
    [(8, 2, 2, 0), (7, 2, 2, 0), (9, 3, 2, 0), (12, 3, 2, 1), (5, 3, 1, 1), (10, 2, 3, 0)],
)
def test_kept_counts_windows(size: int, kernel: int, stride: int, padding: int) -> None:
    windows = len(starts(size, kernel, stride, padding))
    assert kept(size, kernel, stride, padding) == Fraction(windows**2, size**2)


def test_kept_of_oblong_maps() -> None:
    assert kept((6, 7), (2, 3)) == Fraction(3 * 2, 42)
    assert kept((6, 6), (2, 3), (1, 2)) == Fraction(5 * 2, 36)


# Features


@pytest.mark.parametrize(("places", "channels"), [(4, 1), (4, 3), (9, 2), (2, 5), (4, 0), (1, 3)])
def test_distinct_survivors_by_enumeration(places: int, channels: int) -> None:
    chosen = list(itertools.product(range(places), repeat=channels))
    assert distinct_survivors(places, channels) == Fraction(
        sum(map(len, map(set, chosen))), len(chosen)
    )


@pytest.mark.parametrize(
    ("kernel", "dy", "dx"), [(2, 0, 1), (2, 1, 1), (3, -1, 0), (3, 2, 1), (2, 0, 2)]
)
def test_share_a_window_by_trying_all_places(kernel: int, dy: int, dx: int) -> None:
    together = [
        (y // kernel, x // kernel) == ((y + dy) // kernel, (x + dx) // kernel)
        for y, x in itertools.product(range(kernel), repeat=2)
    ]
    assert share_a_window(kernel, dy, dx) == Fraction(sum(together), kernel**2)


# How well noise is rebuilt


@pytest.mark.parametrize("places", [1, 2, 4, 9, 25])
@pytest.mark.parametrize("summary", SUMMARIES)
def test_noise_loss_by_simulation(summary: str, places: int) -> None:
    noise = np.random.default_rng(8).standard_normal((400_000, places))
    kept_value = {"max": noise.max(axis=1), "mean": noise.mean(axis=1), "subsample": noise[:, 0]}
    difference = kept_value[summary][:, None] - noise
    loss = noise_loss(summary, places)
    assert loss.rms == pytest.approx(np.sqrt((difference**2).mean()), abs=0.01)
    assert loss.bias == pytest.approx(difference.mean(), abs=0.01)
    assert loss.rest == pytest.approx(difference.std(), abs=0.01)


def test_noise_loss_in_closed_form() -> None:
    assert noise_loss("mean", 4).rms == pytest.approx(math.sqrt(3 / 4), abs=1e-12)
    assert noise_loss("subsample", 4).rms == pytest.approx(math.sqrt(3 / 2), abs=1e-12)
    assert noise_loss("max", 2).bias == pytest.approx(1 / math.sqrt(math.pi), abs=1e-12)
    assert noise_loss("max", 2).rms == pytest.approx(1, abs=1e-12)  # E[M²] = 1 for two


# The rectifier before or after


@pytest.mark.parametrize("kernel", [1, 2, 3])
@pytest.mark.parametrize("negative", [Fraction(1, 2), Fraction(1, 5), 0, 1])
def test_mean_commutes_by_enumeration(kernel: int, negative: Fraction | int) -> None:
    """Values ±1, ±2, ±4, …: no sum of them is zero, so each pattern of signs is one case."""
    total = Fraction(0)
    sizes = 2 ** np.arange(kernel**2)
    for signs in itertools.product((-1, 1), repeat=kernel**2):
        values = sizes * signs
        if max(values.sum(), 0) == np.maximum(values, 0).sum():
            below = signs.count(-1)
            total += Fraction(negative) ** below * (1 - Fraction(negative)) ** (kernel**2 - below)
    assert mean_commutes(kernel, negative) == total
    assert mean_commutes(2, 0.5) == 0.125


# Padding


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "padding"),
    [(4, 3, 2, 1), (6, 2, 2, 1), (5, 3, 1, 1), (8, 3, 2, 0), (7, 5, 3, 2), (112, 3, 2, 1)],
)
@pytest.mark.parametrize("negative", [Fraction(1, 2), Fraction(1, 3)])
def test_zero_padding_window_by_window(
    size: int, kernel: int, stride: int, padding: int, negative: Fraction
) -> None:
    begins = starts(size, kernel, stride, padding)
    inside = [
        sum(0 <= a + i < size for i in range(kernel))
        * sum(0 <= b + i < size for i in range(kernel))
        for a in begins
        for b in begins
    ]
    real = [m for m in inside if m < kernel**2]
    invented = sum((negative**m for m in real), Fraction(0))
    assert zero_padding(size, kernel, stride, padding, negative) == Padded(
        len(inside), len(real), invented
    )


def test_zero_padding_by_padding_with_zeros() -> None:
    """NumPy's padding and SciPy's maxima: on negative maps, and on normal ones."""
    maps = np.random.default_rng(3).standard_normal((4000, 5, 7))

    def differing(values: Any) -> Any:
        around = ((0, 0), (1, 1), (1, 1))
        zero, never = (np.pad(values, around, constant_values=c) for c in (0, -np.inf))
        pooled = [ndimage.maximum_filter(x, (1, 3, 3))[:, 1:-1:2, 1:-1:2] for x in (zero, never)]
        return (pooled[0] != pooled[1]).sum(axis=(1, 2))

    law = zero_padding((5, 7), 3, 2, 1)
    assert (differing(-np.abs(maps)) == law.touching).all()
    error = differing(maps).std() / math.sqrt(len(maps))
    assert float(law.invented) == pytest.approx(differing(maps).mean(), abs=4 * error)


# What may be asked


def test_the_widest_arguments() -> None:
    assert distinct_survivors(2, 10**6) < 2
    assert distinct_survivors(10**6, 10) < 10
    assert noise_loss("max", 10**6).bias > 4
    assert share_a_window(1000, -(10**6), 10**6) == 0
    assert share_a_window(1000) == 1
    assert (kept(1, 1), zero_padding(1, 1)) == (Fraction(1), Padded(1, 0, Fraction(0)))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: kept(3, 4), "kernel_size must be small enough"),
        (lambda: zero_padding(4, 3, 2, 2), "padding must be at most half"),
        (lambda: mean_commutes(0), "kernel_size must be"),
        (lambda: mean_commutes(1001), "kernel_size must be"),
        (lambda: noise_loss("max", 0), "places must be"),
        (lambda: noise_loss("max", 10**6 + 1), "places must be"),
        (lambda: share_a_window(2, 10**6 + 1), "dy must be"),
        (lambda: share_a_window(2, -(10**6) - 1), "dy must be"),
    ],
)
def test_what_is_refused(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
