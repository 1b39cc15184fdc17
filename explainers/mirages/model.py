"""How many arrangements of an object's parts share one pooled map: exact counts.

An object is a handful of parts on a map. Each part is a 1 in one channel, all else is 0: parts of
a kind share a channel. Pooling a channel over windows leaves which windows hold a part. So all
arrangements that reach the same windows look the same from there on: the *invisible* ones.

Counts are Python's whole numbers, shares are fractions: exact, however large.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple, TypeAlias

import numpy as np

from explainers.checks import Ints, integer, refuse

Windows: TypeAlias = "frozenset[tuple[int, int]]"

_LARGEST = 64
_MOST_PARTS = 64
_WIDEST = 10_000
_DEEPEST = 64


class Parts(NamedTuple):
    """The parts of an object on a map: arrays of one length, and the map's size.

    Attributes
    ----------
    row, column
        Where each part is, from 0.
    channel
        In which channel, from 0; parts of one channel are alike, and never in one place.
    size
        Height and width of the map.
    """

    row: Ints
    column: Ints
    channel: Ints
    size: int


class Code(NamedTuple):
    """How well overlapping windows tell a lone part's place.

    Attributes
    ----------
    patterns
        Different patterns of windows that hold the part, per cell of stride × stride places.
    places
        Places in such a cell.
    sharing
        How many places share the pattern of a random place, on average: 1 if all differ.
    """

    patterns: int
    places: int
    sharing: Fraction


# The object


def flower(petals: int = 8, radius: int = 10, size: int = 32, *, directed: bool = True) -> Parts:
    """Return a flower: a centre, and petals on a ring around it.

    Parameters
    ----------
    petals
        Number of petals, 1 to 63.
    radius
        Of the ring, in elements of the map, at least 1; the ring stays inside the map.
    size
        Height and width of the map, 4 to 64; the centre is at (size // 2, size // 2).
    directed
        Whether each petal's direction has a channel of its own. Else all petals share one.

    Returns
    -------
    Parts
        The centre first, in channel 0, then the petals, clockwise from the right.

    Raises
    ------
    ValueError
        If an argument is outside its range, or two petals would be in one place.

    Examples
    --------
    >>> row, column, channel, size = flower(petals=4, radius=3, size=8, directed=False)
    >>> row, column, channel
    (array([4, 4, 7, 4, 1]), array([4, 7, 4, 1, 4]), array([0, 1, 1, 1, 1]))
    """
    size = integer("size", size, 4, _LARGEST)
    radius = integer("radius", radius, 1, (size - 1) // 2)
    petals = integer("petals", petals, 1, _MOST_PARTS - 1)
    angle = 2 * np.pi * np.arange(petals) / petals
    ring = np.rint(radius * np.stack([np.sin(angle), np.cos(angle)])).astype(np.int64)
    if len(set(zip(*ring.tolist(), strict=True))) < petals:
        refuse("petals", petals, f"few enough to have places of their own at radius {radius}")
    row, column = size // 2 + np.insert(ring, 0, 0, axis=1)
    channel = np.arange(petals + 1) if directed else np.minimum(np.arange(petals + 1), 1)
    return Parts(row, column, channel, size)


# Counting arrangements


def arrangements(parts: Parts) -> int:
    """Count all ways to place the parts, those of one channel in different places.

    Returns
    -------
    int
        The product of C(size², m) over channels with m parts: also the number of arrangements
        that global pooling cannot tell apart, as it looks at one window only.

    Raises
    ------
    ValueError
        If `parts` is not on its map.

    Examples
    --------
    >>> arrangements(flower(petals=4, radius=3, size=8, directed=False))
    40664064
    """
    channels = _channels(parts)
    return math.prod(math.comb(parts.size**2, len(places)) for places in channels)


def invisible(parts: Parts, kernel_size: int, stride: int | None = None, padding: int = 0) -> int:
    """Count the arrangements of the parts with the same max-pooled maps, this one included.

    Parameters
    ----------
    parts
        Such as `flower` returns.
    kernel_size, stride, padding
        Of the windows, as in `explainers.operators.max_pool2d`.

    Returns
    -------
    int
        The product over channels, each counted by the windows that its parts reach.

    Raises
    ------
    ValueError
        If `parts` is not on its map, or the windows' sizes are outside their ranges.

    Notes
    -----
    Cells that lie in the same windows do the same, so they are counted together; a part may be in
    any whose windows are all among those reached. Groups of windows with no such cell in common
    are counted one by one, and their counts by number of parts multiplied as polynomials. For
    windows side by side that is `same_windows`.

    Examples
    --------
    >>> one = Parts(np.array([3]), np.array([5]), np.array([0]), 8)
    >>> invisible(one, 2), invisible(one, 3, stride=2, padding=1), invisible(one, 8)
    (4, 1, 64)
    """
    channels = _channels(parts)
    cells = _cells(parts.size, kernel_size, stride, padding)
    return math.prod(_same_in_channel(places, cells) for places in channels)


def invisible_to_mean(parts: Parts, kernel_size: int) -> int:
    """Count the arrangements with the same mean-pooled maps, windows side by side.

    Parameters
    ----------
    parts
        Such as `flower` returns.
    kernel_size
        Height and width k of a window; it divides the map's size.

    Raises
    ------
    ValueError
        If `parts` is not on its map, or `kernel_size` does not divide its size.

    Notes
    -----
    The mean shows how many parts each window holds: C(k², n) ways for a window with n.

    Examples
    --------
    >>> two = Parts(np.array([0, 1]), np.array([0, 1]), np.array([0, 0]), 4)
    >>> invisible(two, 2), invisible_to_mean(two, 2)
    (6, 6)
    """
    channels = _channels(parts)
    kernel = integer("kernel_size", kernel_size, 1, parts.size)
    if parts.size % kernel:
        refuse("kernel_size", kernel_size, f"a divisor of the map's size {parts.size}")
    held = (Counter((r // kernel, c // kernel) for r, c in places) for places in channels)
    return math.prod(math.comb(kernel**2, n) for counts in held for n in counts.values())


def same_windows(kernel_size: int, occupied: int, parts: int) -> int:
    """Count the ways to place like parts so that they reach just these windows, side by side.

    Parameters
    ----------
    kernel_size
        Height and width k of a window, 1 to 10 000.
    occupied
        Number a of windows that hold a part, at least 1.
    parts
        Number m of parts, a to 64; in different places, so at most a k².

    Returns
    -------
    int

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Notes
    -----
    All ways to put m parts into the a k² cells, without those that leave a window empty, by
    inclusion and exclusion:

        Σ_j (−1)^j C(a, j) C((a − j) k², m).

    It is k² for one part, and k^{2m} for m parts in windows of their own.

    Examples
    --------
    >>> same_windows(2, 1, 1), same_windows(2, 3, 3), same_windows(2, 1, 2), same_windows(2, 2, 3)
    (4, 64, 6, 48)
    """
    cells = integer("kernel_size", kernel_size, 1, _WIDEST) ** 2
    windows = integer("occupied", occupied, 1, _MOST_PARTS)
    count = integer("parts", parts, windows, min(windows * cells, _MOST_PARTS))
    return sum(
        (-1) ** j * math.comb(windows, j) * math.comb((windows - j) * cells, count)
        for j in range(windows + 1)
    )


def bits(count: int) -> float:
    """Return how many bits tell one of `count` equally likely arrangements.

    Raises
    ------
    ValueError
        If `count` is not a whole number ≥ 1.

    Examples
    --------
    >>> bits(4**9)
    18.0
    """
    return math.log2(integer("count", count, 1))


# Overlap and depth


def lone_part_code(kernel_size: int, stride: int | None = None) -> Code:
    """Return how well the pattern of windows that hold a lone part tells its place.

    Parameters
    ----------
    kernel_size
        Height and width k of a window, 1 to 10 000.
    stride
        Elements from one window to the next, 1 to `kernel_size`; by default `kernel_size`.

    Returns
    -------
    Code

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Notes
    -----
    Walk along an axis: the set of windows changes where one begins, at the multiples of s, and
    where one has ended, k further on. If s divides k, both fall together, and the s places of a
    step share one pattern. Else they are cut into r = k mod s and s − r places: two patterns, so
    four in a cell of s × s. A random place shares its pattern with

        [(r² + (s − r)²) / s]²

    places on average, itself included. So overlap helps only to places within a stride of each
    other, and windows of 4 with stride 2 tell no more than windows of 2 side by side.

    Examples
    --------
    >>> lone_part_code(2)
    Code(patterns=1, places=4, sharing=Fraction(4, 1))
    >>> lone_part_code(3, stride=2)
    Code(patterns=4, places=4, sharing=Fraction(1, 1))
    """
    kernel = integer("kernel_size", kernel_size, 1, _WIDEST)
    step = kernel if stride is None else integer("stride", stride, 1, kernel)
    stretches = [n for n in (kernel % step, step - kernel % step) if n]
    return Code(len(stretches) ** 2, step**2, Fraction(sum(n**2 for n in stretches), step) ** 2)


def alike_at_most(
    kernel_size: int, stride: int, *, border: bool = False, near: int = 0, size: int = 32
) -> int:
    """Count the arrangements that a part's pooled map may stand for, where it stands for most.

    Parameters
    ----------
    kernel_size, stride
        Of the windows, which are padded by half a window less a half, as is usual; the stride is
        1 to `kernel_size`.
    border
        Whether the part is in the last stride × stride places of the map, else in its middle.
    near
        How many places away, along either axis or both, the channel has one other part; 0 if it
        has none. At most 8.
    size
        Height and width of the map, 16 to 64.

    Returns
    -------
    int
        1 if the map tells the place wherever the part is in its stride × stride places.

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Examples
    --------
    >>> alike_at_most(2, 2), alike_at_most(3, 2), alike_at_most(3, 2, border=True)
    (4, 1, 4)
    >>> alike_at_most(4, 3), alike_at_most(3, 2, near=4), alike_at_most(3, 2, near=1) > 1
    (4, 1, True)
    """
    size = integer("size", size, 16, _LARGEST)
    apart = integer("near", near, 0, 8)
    step = integer("stride", stride, 1, size // 4)
    axis = _cells(size, kernel_size, step, (kernel_size - 1) // 2)
    start = size - step if border else size // 2
    places = list(itertools.product(range(start, start + step), repeat=2))
    if not apart:
        held = Counter(axis)
        return max(held[axis[r]] * held[axis[c]] for r, c in places)
    seen = {(r, c): _seen_by(axis[r], axis[c]) for r in range(size) for c in range(size)}
    pairs = (
        seen[r, c] | seen[r - down, c - right]
        for r, c in places
        for down, right in ((0, apart), (apart, 0), (apart, apart))
    )
    return max(_pairs_that_reach(windows, seen.values()) for windows in set(pairs))


def stacked(kernel_size: int, stride: int, depth: int) -> tuple[int, int]:
    """Return the window and stride of the one max pool that several, one after another, amount to.

    Parameters
    ----------
    kernel_size
        Height and width k of each pool's windows, 1 to 10 000.
    stride
        Elements s from one window to the next, 1 to `kernel_size`.
    depth
        Number of pools n, 0 to 64.

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Notes
    -----
    The max of maxima is the max of all they cover. Each pool widens the window by k − 1 steps of
    the stride so far: 1 + (k − 1)(1 + s + … + s^{n−1}), and the strides multiply: sⁿ.

    Examples
    --------
    >>> stacked(2, 2, 3), stacked(3, 2, 3)
    ((8, 8), (15, 8))
    """
    kernel = integer("kernel_size", kernel_size, 1, _WIDEST)
    step = integer("stride", stride, 1, kernel)
    pools = integer("depth", depth, 0, _DEEPEST)
    return 1 + (kernel - 1) * sum(step**n for n in range(pools)), step**pools


# How it is counted


def _same_in_channel(places: Sequence[tuple[int, int]], cells: Sequence[frozenset[int]]) -> int:
    """Count the ways to place as many parts that reach the windows that these parts reach."""
    reached = frozenset().union(*(_seen_by(cells[r], cells[c]) for r, c in places))
    axis = Counter(cells)
    groups: Counter[Windows] = Counter()
    for rows, columns in itertools.product(axis, repeat=2):
        # a sum: all places that no window sees have the same windows, none
        groups[_seen_by(rows, columns)] += axis[rows] * axis[columns]
    within = {windows: cells for windows, cells in groups.items() if windows <= reached}
    ways = [1]
    for cluster in _clusters(within):
        ways = _product(ways, _covering(within, cluster, len(places)))
    return ways[len(places)]


def _pairs_that_reach(windows: Windows, seen: Iterable[Windows]) -> int:
    within = [held for held in seen if held <= windows]
    return sum(a | b == windows for a, b in itertools.combinations(within, 2))


def _seen_by(rows: Iterable[int], columns: Iterable[int]) -> Windows:
    return frozenset(itertools.product(rows, columns))


def _cells(size: int, kernel_size: int, stride: int | None, padding: int) -> list[frozenset[int]]:
    """Return, for each place along an axis, the windows that it is in."""
    kernel = integer("kernel_size", kernel_size, 1, _WIDEST)
    step = kernel if stride is None else integer("stride", stride, 1, kernel)
    pad = integer("padding", padding, 0, kernel // 2)
    if kernel > size + 2 * pad:
        refuse("kernel_size", kernel_size, f"at most the padded map's size {size + 2 * pad}")
    begins = range(-pad, size + pad - kernel + 1, step)
    return [
        frozenset(i for i, begin in enumerate(begins) if begin <= place < begin + kernel)
        for place in range(size)
    ]


def _clusters(groups: Iterable[Windows]) -> list[Windows]:
    """Join the groups of cells that have a window in common: return each cluster's windows."""
    clusters: list[Windows] = []
    for windows in groups:
        touching = [cluster for cluster in clusters if cluster & windows]
        clusters = [cluster for cluster in clusters if cluster not in touching]
        clusters.append(windows.union(*touching))
    return clusters


def _covering(groups: dict[Windows, int], cluster: Windows, parts: int) -> list[int]:
    """Count the ways to reach all windows of a cluster, by number of parts from 0 on."""
    states: dict[Windows, list[int]] = {frozenset(): [1]}
    for windows, cells in groups.items():
        if not (windows <= cluster and (windows or not cluster)):
            continue
        placed = [math.comb(cells, n) for n in range(1, min(cells, parts) + 1)]
        for covered, ways in list(states.items()):
            more = [0, *_product(ways, placed)][: parts + 1]
            states[covered | windows] = _sum(states.get(covered | windows, []), more)
    return states[cluster]


def _product(a: Sequence[int], b: Sequence[int]) -> list[int]:
    """Multiply two polynomials."""
    product = [0] * (len(a) + len(b) - 1)
    for (i, x), (j, y) in itertools.product(enumerate(a), enumerate(b)):
        product[i + j] += x * y
    return product


def _sum(a: Sequence[int], b: Sequence[int]) -> list[int]:
    return [x + y for x, y in itertools.zip_longest(a, b, fillvalue=0)]


# Checking


def _channels(parts: Parts) -> list[list[tuple[int, int]]]:
    """Return the places of each channel's parts."""
    size = integer("size", parts.size, 1, _LARGEST)
    rows = [integer("row", r, 0, size - 1) for r in np.asarray(parts.row).tolist()]
    columns = [integer("column", c, 0, size - 1) for c in np.asarray(parts.column).tolist()]
    kinds = [integer("channel", c, 0) for c in np.asarray(parts.channel).tolist()]
    if not 1 <= len(rows) == len(columns) == len(kinds) <= _MOST_PARTS:
        refuse("parts", len(rows), f"1 to {_MOST_PARTS}, each with a row, a column and a channel")
    together = list(zip(kinds, rows, columns, strict=True))
    if len(set(together)) < len(together):
        refuse("parts", together, "in places of their own in each channel")
    return [[(r, c) for k, r, c in together if k == kind] for kind in sorted(set(kinds))]
