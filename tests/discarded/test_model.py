"""The laws again: by enumeration, by simulation, by SciPy, by PyTorch's recorded gradients."""

from __future__ import annotations

import itertools
import json
import math
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage, stats
from skimage.measure import block_reduce

from explainers.discarded.model import (
    SUMMARIES,
    Padded,
    bits,
    digits,
    distinct_survivors,
    gradient_share,
    kept,
    kept_bits,
    kept_bits_binary,
    maps_with_one_image,
    mean_commutes,
    noise_loss,
    readable,
    rearrangements_in_windows,
    rearrangements_with_same_max,
    share_a_window,
    winners,
    zero_padding,
)

RECORDED = json.loads(Path(__file__).with_name("torch_gradients.json").read_text("utf-8"))
REDUCE: dict[str, Callable[..., Any]] = {
    "max": np.max,
    "mean": np.sum,
    "subsample": lambda block, axis: block[..., 0, 0],
}


def starts(size: int, kernel: int, stride: int, padding: int) -> list[int]:
    """Where windows begin, one after the other as long as they fit."""
    return list(range(-padding, size + padding - kernel + 1, stride))


# What is kept


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


@pytest.mark.parametrize("case", RECORDED, ids=lambda case: f"{case['name']} {case['arguments']}")
def test_winners_are_those_of_pytorch(case: dict[str, Any]) -> None:
    ours = winners(case["input"], *case["arguments"])
    np.testing.assert_array_equal(ours, case["gradient"])


def test_winners_of_several_planes_are_those_of_each() -> None:
    planes = np.random.default_rng(0).random((2, 3, 6, 4))
    won = winners(planes, 3, 1)
    for at in np.ndindex(2, 3):
        np.testing.assert_array_equal(won[at], winners(planes[at], 3, 1))
    assert winners(planes, 2).sum() == 2 * 3 * 3 * 2


def simulated_share(kernel: int, stride: int, zeros: float, trials: int) -> tuple[float, float]:
    """A map that wraps round, of as many windows as there are trials: all are away from borders."""
    cells = int(math.sqrt(trials))
    values = np.maximum(np.random.default_rng(5).random((cells * stride,) * 2) - zeros, 0)
    origin = -(kernel // 2)
    maxima = ndimage.maximum_filter(values, size=kernel, mode="wrap", origin=origin)
    won = np.zeros(values.shape, bool)
    for dy, dx in itertools.product(range(kernel), repeat=2):
        moved = np.roll(values, (-dy, -dx), (0, 1))[::stride, ::stride]
        top, left = np.nonzero((moved == maxima[::stride, ::stride]) & (moved > 0))
        side = values.shape[0]
        won[(top * stride + dy) % side, (left * stride + dx) % side] = True
    share = float(won.mean())
    return share, math.sqrt(share * (1 - share) / won.size)


@pytest.mark.parametrize("zeros", [0, 0.5])
@pytest.mark.parametrize(
    ("kernel", "stride"),
    [(1, 1), (2, 2), (3, 3), (2, 1), (3, 1), (4, 1), (3, 2), (4, 2), (5, 2), (5, 3), (2, 3)],
)
def test_gradient_share_by_simulation(kernel: int, stride: int, zeros: float) -> None:
    share, error = simulated_share(kernel, stride, zeros, 160_000)
    assert float(gradient_share(kernel, stride, zeros)) == pytest.approx(share, abs=5 * error)


def test_gradient_share_side_by_side_is_one_a_window() -> None:
    for k in range(1, 9):
        assert gradient_share(k) == Fraction(1, k * k)
        assert gradient_share(k, 2 * k) == Fraction(1, 4 * k * k)


def test_gradient_share_with_overlap_by_enumeration() -> None:
    """In all orders of a 3 × 3 patch, whose centre is in four windows."""
    won = 0
    for order in itertools.permutations(range(9)):
        centre = order[4]
        won += any(
            centre == max(order[r + c], order[r + c + 1], order[r + c + 3], order[r + c + 4])
            for r in (0, 3)
            for c in (0, 1)
        )
    assert gradient_share(2, 1) == Fraction(won, math.factorial(9))


def test_gradient_share_stays_exact() -> None:
    assert isinstance(gradient_share(3, 2), Fraction)
    assert isinstance(gradient_share(3, 2, 0.5), float)
    clipped = gradient_share(2, zeros=Fraction(1, 2))
    assert clipped == Fraction(1, 4) * (1 - Fraction(1, 2) ** 4)
    assert gradient_share(3, 2, zeros=1) == 0


# Which features survive


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


# How many maps look the same


@pytest.mark.parametrize(
    ("size", "kernel"), [((2, 4), 2), ((2, 3), (2, 1)), ((1, 6), (1, 3)), ((4, 2), (1, 2))]
)
def test_rearrangements_in_windows_by_enumeration(size: tuple[int, int], kernel: Any) -> None:
    down, across = kernel if isinstance(kernel, tuple) else (kernel, kernel)
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
    down, across = kernel if isinstance(kernel, tuple) else (kernel, kernel)
    all_maps = np.array(list(itertools.permutations(values))).reshape(-1, *size)
    pooled = block_reduce(all_maps, (1, down, across), np.max)
    same = (pooled == block_reduce(values.reshape(size), (down, across), np.max)).all(axis=(1, 2))
    assert rearrangements_with_same_max(values.reshape(size), kernel) == same.sum()


@pytest.mark.parametrize("summary", SUMMARIES)
@pytest.mark.parametrize(
    ("levels", "shape", "kernel"),
    [(2, (2, 4), 2), (3, (2, 2), 2), (4, (2, 4), (1, 2)), (5, (1, 3), (1, 3))],
)
def test_maps_with_one_image_by_enumeration(
    summary: str, levels: int, shape: tuple[int, int], kernel: Any
) -> None:
    down, across = kernel if isinstance(kernel, tuple) else (kernel, kernel)
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
        with pytest.raises(ValueError, match="pooled must be"):
            maps_with_one_image([[top]], 2, summary)


@pytest.mark.parametrize("summary", SUMMARIES)
@pytest.mark.parametrize(("levels", "kernel"), [(2, 2), (3, 2), (7, 2), (2, 3)])
def test_kept_bits_by_enumeration(summary: str, levels: int, kernel: int) -> None:
    windows = np.array(list(itertools.product(range(levels), repeat=kernel**2)))
    answers = REDUCE[summary](windows.reshape(-1, 1, 1, kernel, kernel), axis=(3, 4))
    counts = np.unique(answers, return_counts=True)[1]
    entropy = stats.entropy(counts, base=2)
    assert kept_bits(summary, kernel, levels) == pytest.approx(entropy, abs=1e-12)


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


@pytest.mark.parametrize("kernel", [1, 2, 3])
def test_kept_bits_binary_by_enumeration(kernel: int) -> None:
    windows = np.array(list(itertools.product((0, 1), repeat=kernel**2)))
    rates = np.array([0, 0.03, 0.3, 0.5, 0.9, 1])
    for summary in SUMMARIES:
        answers = REDUCE[summary](windows.reshape(-1, 1, 1, kernel, kernel), axis=(3, 4))[:, 0, 0]
        for rate, ours in zip(rates, kept_bits_binary(summary, kernel, rates), strict=True):
            chances = np.prod(np.where(windows, rate, 1 - rate), axis=1)
            entropy = stats.entropy(np.bincount(answers, chances), base=2)
            assert ours == pytest.approx(entropy, abs=1e-12)
    for summary in SUMMARIES:
        table = kept_bits_binary(summary, 2, rates.reshape(2, 3))
        np.testing.assert_array_equal(table.ravel(), kept_bits_binary(summary, 2, rates))
    assert not np.signbit(kept_bits_binary("max", 2, rates)).any()  # nothing is 0, not −0


@given(st.integers(1, 10**1500))
@settings(deadline=None, derandomize=True)
def test_sizes_of_counts(count: int) -> None:
    assert digits(count) == len(str(count))
    assert 2 ** bits(count) >= count > 2 ** bits(count) // 2 or count == 1
    if count >= 10**9:
        power = int(readable(count).split("^")[1].split()[0])
        assert 100 * 10**power < 320 * count < 320 * 320 * 10**power // 100
        assert f"({bits(count)} bits)" in readable(count)
    else:
        assert readable(count) == str(count)


def test_counts_at_powers_of_ten() -> None:
    for power in (1, 3, 15, 300, 2000):
        assert digits(10**power) == power + 1
        assert digits(10**power - 1) == power
    assert readable(10**9 - 1) == "999999999"
    assert readable(10**9) == "≈ 10^9 (30 bits)"
    assert readable(4 * 10**40) == "≈ 10^41 (135 bits)"


# How well the map is rebuilt


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


# Checking


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: kept(3, 4), "kernel_size must be small enough"),
        (lambda: winners([[np.nan, 1]], 1), "input must be finite everywhere; got nan"),
        (lambda: winners("x", 1), "input must be an array of numbers"),
        (lambda: gradient_share(0), "kernel_size must be a whole number in"),
        (lambda: gradient_share(1001), "kernel_size must be a whole number in"),
        (lambda: gradient_share(9, 2), "kernel_size must be at most four times the stride, here 2"),
        (lambda: gradient_share(13, 3), "kernel_size must be at most four times the stride"),
        (lambda: gradient_share(2, 2, 1.5), "zeros must be a probability"),
        (lambda: gradient_share(2, 2, True), "zeros must be a probability"),
        (lambda: distinct_survivors(0, 1), "places must be"),
        (lambda: distinct_survivors(4, -1), "channels must be"),
        (lambda: distinct_survivors(4, 10**6 + 1), "channels must be"),
        (lambda: distinct_survivors(10**6 + 1, 4), "places must be"),
        (lambda: share_a_window(0), "kernel_size must be"),
        (lambda: rearrangements_in_windows(5, 2), r"tile the map, \(5, 5\); got 2"),
        (lambda: rearrangements_with_same_max([[1, 1]], 1), "all values distinct"),
        (lambda: rearrangements_with_same_max([1, 2], 1), r"shape of input must be \(H, W\)"),
        (lambda: rearrangements_with_same_max([[1, np.inf]], 1), "finite"),
        (lambda: maps_with_one_image([[1]], 9), "kernel_size must be a whole number in"),
        (lambda: maps_with_one_image([[1]], 2, "mode"), "summary must be one of 'max', 'mean'"),
        (lambda: maps_with_one_image([[1]], 2, levels=1), "levels must be"),
        (lambda: maps_with_one_image([[1]], 2, levels=1025), "levels must be"),
        (lambda: maps_with_one_image([[0.5]], 2), "pooled must be"),
        (lambda: maps_with_one_image([[-1]], 2), "pooled must be"),
        (lambda: kept_bits("median", 2), "summary must be"),
        (lambda: kept_bits_binary("max", 2, 1.1), "rate must be"),
        (lambda: kept_bits_binary("median", 2, 0.1), "summary must be"),
        (lambda: readable(0), "count must be"),
        (lambda: digits(0), "count must be"),
        (lambda: bits(0), "count must be"),
        (lambda: noise_loss("min", 4), "summary must be"),
        (lambda: noise_loss("max", 0), "places must be"),
        (lambda: noise_loss("max", 10**6 + 1), "places must be"),
        (lambda: mean_commutes(0), "kernel_size must be"),
        (lambda: mean_commutes(2, 2), "negative must be a probability"),
        (lambda: zero_padding(4, 3, 2, 2), "padding must be at most half"),
        (lambda: zero_padding(4, 3, 2, 1, Fraction(3, 2)), "negative must be a probability"),
    ],
)
def test_wrong_arguments_are_named(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message) as error:
        call()
    assert "\n" not in str(error.value)


def test_defaults() -> None:
    assert mean_commutes(2) == mean_commutes(2, Fraction(1, 2)) == Fraction(1, 8)
    assert share_a_window(2) == 1
    assert share_a_window(2, 1) == share_a_window(2, dx=1) == Fraction(1, 2)
    assert zero_padding(6, 3) == zero_padding(6, 3, 3, 0) == Padded(4, 0, Fraction(0))
    assert zero_padding(6, 3, 2, 1) == zero_padding(6, 3, 2, 1, Fraction(1, 2))


def test_widest_arguments_work() -> None:
    assert 0 < gradient_share(12, 3) < Fraction(1, 9)
    assert distinct_survivors(2, 10**6) < 2
    assert gradient_share(1000) == Fraction(1, 10**6)
    assert float(gradient_share(4, 1)) > 0
    assert maps_with_one_image([[0]], 8, levels=1024) == 1
    assert distinct_survivors(10**6, 10) < 10
    assert noise_loss("max", 10**6).bias > 4
    assert (kept(1, 1), zero_padding(1, 1)) == (Fraction(1), Padded(1, 0, Fraction(0)))
