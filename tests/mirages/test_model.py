"""The counts once more, by trying every arrangement."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Callable, Iterator
from fractions import Fraction

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from explainers.checks import Floats
from explainers.mirages.model import (
    SIZE,
    Code,
    Parts,
    alike_at_most,
    arrangements,
    bits,
    flower,
    invisible,
    invisible_to_mean,
    lone_part_code,
    pairs_told_apart,
    same_windows,
    stacked,
)
from explainers.operators import max_pool2d
from tests.mirages import reference
from tests.mirages.reference import Place, ends


def parts(size: int, *channels: list[Place]) -> Parts:
    """Parts of a map, channel by channel."""
    placed = [(r, c, k) for k, places in enumerate(channels) for r, c in places]
    row, column, channel = np.array(placed).T
    return Parts(row, column, channel, size)


def windows(size: int, kernel: int, stride: int, padding: int) -> list[set[Place]]:
    begins = [b for b in range(-padding, size, stride) if b + kernel <= size + padding]
    return [
        set(itertools.product(range(top, top + kernel), range(left, left + kernel)))
        for top, left in itertools.product(begins, begins)
    ]


def placed(size: int, count: int) -> Iterator[tuple[Place, ...]]:
    """All ways to put so many like parts on a map."""
    yield from itertools.combinations(itertools.product(range(size), repeat=2), count)


def tried(
    size: int, channel: list[Place], kernel: int, stride: int, padding: int, *, mean: bool
) -> int:
    """Count the placements of one channel's parts whose pooled map is the same."""
    looks = windows(size, kernel, stride, padding)

    def pooled(places: tuple[Place, ...]) -> tuple[int, ...]:
        held = [len(window.intersection(places)) for window in looks]
        return tuple(held if mean else map(bool, held))

    return sum(pooled(p) == pooled(tuple(channel)) for p in placed(size, len(channel)))


CHANNELS: list[list[Place]] = [
    [(0, 0)],
    [(2, 3)],
    [(0, 0), (0, 1)],
    [(1, 1), (2, 2)],
    [(0, 3), (3, 0), (3, 3)],
    [(1, 2), (2, 2), (2, 1)],
    [(0, 0), (1, 1), (2, 2), (3, 3)],
]
SIZES = [
    (1, 1, 0), (2, 2, 0), (4, 4, 0), (3, 2, 1), (3, 1, 1), (2, 1, 0), (3, 3, 0), (4, 2, 1),
    (2, 2, 1), (4, 2, 0),
]  # fmt: skip


@pytest.mark.parametrize(("kernel", "stride", "padding"), SIZES)
@pytest.mark.parametrize("channel", CHANNELS, ids=str)
def test_invisible_by_trying_all(
    channel: list[Place], kernel: int, stride: int, padding: int
) -> None:
    expected = tried(4, channel, kernel, stride, padding, mean=False)
    assert invisible(parts(4, channel), kernel, stride, padding) == expected


@pytest.mark.parametrize("kernel", [1, 2, 4])
@pytest.mark.parametrize("channel", CHANNELS, ids=str)
def test_invisible_to_mean_by_trying_all(channel: list[Place], kernel: int) -> None:
    expected = tried(4, channel, kernel, kernel, 0, mean=True)
    assert invisible_to_mean(parts(4, channel), kernel) == expected


def test_a_larger_map_with_clusters_that_touch() -> None:
    channel = [(0, 0), (2, 2), (5, 1)]
    for kernel, stride, padding in ((3, 2, 1), (4, 2, 0), (2, 2, 0), (5, 3, 2), (3, 3, 0)):
        expected = tried(6, channel, kernel, stride, padding, mean=False)
        assert invisible(parts(6, channel), kernel, stride, padding) == expected


def test_channels_multiply() -> None:
    one, two = [(0, 0), (0, 2)], [(3, 1)]
    both = parts(4, one, two)
    for kernel in (1, 2, 4):
        assert invisible(both, kernel) == math.prod(
            invisible(parts(4, channel), kernel) for channel in (one, two)
        )
        assert invisible_to_mean(both, kernel) == math.prod(
            invisible_to_mean(parts(4, channel), kernel) for channel in (one, two)
        )
    assert arrangements(both) == len(list(placed(4, 2))) * 16
    assert arrangements(parts(3, [(0, 0)])) == len(list(placed(3, 1))) == 9


def test_the_channels_of_parts_may_have_any_numbers_and_order() -> None:
    shuffled = Parts(np.array([0, 3, 0]), np.array([0, 1, 2]), np.array([7, 2, 7]), 4)
    assert invisible(shuffled, 2) == invisible(parts(4, [(0, 0), (0, 2)], [(3, 1)]), 2) == 64


@pytest.mark.parametrize(
    ("kernel", "occupied", "count"),
    [(1, 1, 1), (2, 1, 1), (2, 1, 4), (2, 2, 2), (2, 2, 3), (2, 3, 4), (3, 2, 3), (2, 4, 5)],
)
def test_same_windows_by_trying_all(kernel: int, occupied: int, count: int) -> None:
    cells = [(window, cell) for window in range(occupied) for cell in range(kernel**2)]
    every = sum(
        len({window for window, _ in chosen}) == occupied
        for chosen in itertools.combinations(cells, count)
    )
    assert same_windows(kernel, occupied, count) == every


@pytest.mark.parametrize("directed", [True, False])
@pytest.mark.parametrize("kernel", [1, 2, 4, 8, 16, 32])
def test_the_law_counts_the_flower(kernel: int, directed: bool) -> None:
    shape = flower(directed=directed)
    expected = 1
    for channel in set(shape.channel.tolist()):
        mine = shape.channel == channel
        held = Counter(
            zip((shape.row[mine] // kernel), (shape.column[mine] // kernel), strict=True)
        )
        expected *= same_windows(kernel, len(held), int(mine.sum()))
    assert invisible(shape, kernel) == expected
    assert (invisible(shape, 32), invisible(shape, 1)) == (arrangements(shape), 1)


def test_flower_by_complex_numbers() -> None:
    shape = flower()
    turns = 10 * np.exp(2j * np.pi * np.arange(8) / 8)
    assert (shape.row[0], shape.column[0], shape.channel[0]) == (16, 16, 0)
    assert shape.row[1:].tolist() == [16 + round(z.imag) for z in turns]
    assert shape.column[1:].tolist() == [16 + round(z.real) for z in turns]
    assert shape.channel.tolist() == list(range(9))
    assert flower(directed=False).channel.tolist() == [0] + [1] * 8
    small = flower(petals=5, radius=4, size=11)
    ring = np.hypot(small.row[1:] - 5, small.column[1:] - 5)
    assert (len(ring), small.size) == (5, 11)
    assert np.abs(ring - 4).max() < 0.71


def test_bits_are_logarithms() -> None:
    assert [bits(2**n) for n in (0, 1, 90)] == [0, 1, 90]
    assert bits(math.factorial(24)) == pytest.approx(math.lgamma(25) / math.log(2))


@pytest.mark.parametrize(
    ("kernel", "stride"), [(k, s) for k in range(1, 9) for s in range(1, k + 1)]
)
def test_lone_part_code_by_walking(kernel: int, stride: int) -> None:
    """In the middle of a long map, by the windows that hold each place."""
    middle = range(10 * stride, 11 * stride)

    def held(place: int) -> frozenset[int]:
        return frozenset(b for b in range(0, 40 * stride, stride) if b <= place < b + kernel)

    cell = [(held(r), held(c)) for r in middle for c in middle]
    count = Counter(cell)
    sharing = Fraction(sum(count[code] for code in cell), len(cell))
    assert lone_part_code(kernel, stride) == Code(len(count), stride**2, sharing)
    assert lone_part_code(kernel) == lone_part_code(kernel, kernel)


@pytest.mark.parametrize("depth", [0, 1, 2, 3])
@pytest.mark.parametrize(("kernel", "stride"), [(2, 2), (3, 2), (3, 3), (3, 1), (5, 4)])
def test_stacked_pools_are_one(kernel: int, stride: int, depth: int) -> None:
    def pool(row: Floats, kernel: int, stride: int) -> Floats:
        return np.asarray(sliding_window_view(row, kernel).max(axis=-1)[::stride])

    one_kernel, one_stride = stacked(kernel, stride, depth)
    row = np.random.default_rng(depth).random(4 * one_stride + one_kernel)
    repeated = row
    for _ in range(depth):
        repeated = pool(repeated, kernel, stride)
    assert pool(row, one_kernel, one_stride).tolist() == repeated.tolist()


@pytest.mark.parametrize(("kernel", "stride"), [(2, 2), (3, 2), (4, 2), (5, 2), (1, 1), (2, 1)])
def test_pairs_told_apart_by_sets(kernel: int, stride: int) -> None:
    found, expected = pairs_told_apart(kernel, stride), reference.pairs(kernel, stride, periods=11)
    assert found.distance.tolist() == list(expected)
    assert found.told.tolist() == pytest.approx(list(expected.values()))


def test_where_the_ranges_end() -> None:
    """What is beyond them is refused: tests/test_arguments.py."""
    most, length = (1, 64), (1, 10_000)
    assert ends(flower) == {"petals": (1, 63), "radius": (1, 31), "size": (4, 64)}
    sizes = {"kernel_size": length, "stride": length}
    assert ends(invisible) == sizes | {"padding": (0, math.inf)}
    assert ends(invisible_to_mean) == {"kernel_size": most}
    assert ends(same_windows) == {"kernel_size": length, "occupied": most, "parts": most}
    assert ends(bits) == {"count": (1, math.inf)}
    assert ends(lone_part_code) == sizes
    assert ends(alike_at_most) == {"kernel_size": length, "stride": (1, 8), "near": (0, 8)}
    assert ends(pairs_told_apart) == {"kernel_size": (1, 12), "stride": (1, 4)}
    assert ends(stacked) == sizes | {"depth": (0, 64)}


def at(row: list[int], column: list[int], channel: list[int], size: int = 4) -> Parts:
    return Parts(np.array(row), np.array(column), np.array(channel), size)


ONE = at([1], [1], [0])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: flower(radius=16), "radius must be at most 15, for .*; got 16"),
        (lambda: flower(size=63, radius=32), "radius must be .*; got 32"),
        (lambda: flower(petals=9, radius=1), "petals must be few enough .* radius 1; got 9"),
        (lambda: arrangements(at([4], [1], [0])), r"row must be a whole number in \[0, 3\]; got 4"),
        (lambda: arrangements(at([1], [-1], [0])), "column must be .* got -1"),
        (lambda: arrangements(at([1], [1], [-1])), "channel must be a whole number ≥ 0; got -1"),
        (lambda: arrangements(at([1], [1], [0], 65)), "size must be .* got 65"),
        (lambda: arrangements(at([1], [1], [0], 0)), r"size must be .*\[1, 64\]; got 0"),
        (lambda: arrangements(at([], [], [])), "parts must be 1 to 64, each with .* got 0"),
        (lambda: arrangements(at([1, 2], [1], [0])), "parts must be 1 to 64, each with"),
        (lambda: arrangements(at([1], [1], [0, 1])), "parts must be 1 to 64, each with"),
        (lambda: arrangements(at([1] * 65, [1] * 65, [*range(65)])), "parts must be .* got 65"),
        (lambda: invisible(at([1, 1], [1, 1], [0, 0]), 2), "parts must be in places of their own"),
        (lambda: invisible(ONE, 5), "kernel_size must be at most the padded map's size 4; got 5"),
        (lambda: invisible(ONE, 7, 1, 1), "kernel_size must be .* map's size 6; got 7"),
        (lambda: invisible(ONE, 2, 2, 2), "padding must be at most half of kernel_size 2; got 2"),
        (lambda: invisible(ONE, 2, 3), "stride must be at most kernel_size, here 2; got 3"),
        (lambda: invisible_to_mean(ONE, 3), "kernel_size must be a divisor of .* 4; got 3"),
        (lambda: invisible_to_mean(ONE, 8), "kernel_size must be a divisor of .* 4; got 8"),
        (lambda: same_windows(2, 2, 1), r"parts must be in \[2, 8\] for .*; got 1"),
        (lambda: same_windows(2, 1, 5), r"parts must be in \[1, 4\] for .*; got 5"),
        (lambda: lone_part_code(2, 3), "stride must be at most kernel_size, here 2; got 3"),
        (lambda: alike_at_most(2, 3), "stride must be at most kernel_size, here 2; got 3"),
        (lambda: stacked(2, 3, 1), "stride must be at most kernel_size, here 2; got 3"),
        (lambda: pairs_told_apart(1, 2), "kernel_size must be one stride to three, .* got 1"),
        (lambda: pairs_told_apart(7, 2), "kernel_size must be .* here 2 to 6; got 7"),
    ],
)
def test_arguments_that_do_not_fit_are_named(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}") as error:
        call()
    assert "\n" not in str(error.value)


def test_the_ends_of_the_ranges_are_allowed() -> None:
    assert flower(size=4, radius=1, petals=1).row.tolist() == [2, 2]
    assert len(flower(size=64, radius=31, petals=63).row) == 64
    assert flower(petals=4, size=11, radius=5).column.tolist() == [5, 10, 5, 0, 5]
    assert arrangements(at([0], [0], [0], 1)) == 1
    assert arrangements(at([*range(64)], [0] * 64, [0] * 64, 64)) == math.comb(4096, 64)
    assert same_windows(10_000, 64, 64) == 10_000**128
    assert same_windows(2, 16, 64) == 1
    assert stacked(1, 1, 3) == (1, 1)
    assert stacked(10_000, 10_000, 1) == (10_000, 10_000)
    assert stacked(2, 2, 64) == (2**64, 2**64)
    assert lone_part_code(10_000, 10_000).places == 10**8
    assert alike_at_most(8, 8, near=8) > alike_at_most(8, 8) == 64
    assert pairs_told_apart(12, 4).distance[-1] == 12


@pytest.mark.parametrize("border", [False, True])
@pytest.mark.parametrize("kernel", range(1, 9))
def test_maps_of_a_lone_part_that_look_alike_by_pooling(kernel: int, border: bool) -> None:
    """All places of the part are pooled, also those that no window sees."""
    maps = np.eye(SIZE**2).reshape(-1, SIZE, SIZE)
    for stride in range(1, min(kernel, 8) + 1):
        pooled = max_pool2d(maps, kernel, stride, (kernel - 1) // 2).reshape(SIZE**2, -1)
        _, which, counts = np.unique(pooled, axis=0, return_inverse=True, return_counts=True)
        alike = counts[which.ravel()].reshape(SIZE, SIZE)
        there = slice(SIZE - stride, SIZE) if border else slice(SIZE // 2, SIZE // 2 + stride)
        assert alike_at_most(kernel, stride, border=border) == alike[there, there].max()
