"""How many arrangements of an object's parts share one pooled map: exact counts.

An object is a handful of parts on a map. Each part is a 1 in one channel, all else is 0: parts of
a kind share a channel. Pooling a channel over windows leaves which windows hold a part. So all
arrangements that reach the same windows look the same from there on: the *invisible* ones.

Counts are Python's whole numbers: exact, however large.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Annotated, NamedTuple, TypeAlias

import numpy as np

from explainers.checks import Floats, Ints, refuse
from explainers.kinds import Each, Whole, checked

SIZE = 32
"""Height and width of the map, unless told otherwise."""

_LARGEST = 64
_MOST_PARTS = 64
_AROUND = 7  # windows along an axis of the map of pairs: no pair meets itself on the other side

Length = Annotated[int, Whole(1, 10_000)]
Windows: TypeAlias = "frozenset[tuple[int, int]]"
Place: TypeAlias = tuple[int, int]


# The object


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


@checked
def flower(
    petals: Annotated[int, Whole(1, _MOST_PARTS - 1)] = 8,
    radius: Annotated[int, Whole(1, _LARGEST // 2 - 1)] = 10,
    size: Annotated[int, Whole(4, _LARGEST)] = SIZE,
    *,
    directed: bool = True,
) -> Parts:
    """Return a flower: a centre, and petals on a ring around it.

    Parameters
    ----------
    petals
        Number of petals.
    radius
        Of the ring, in elements of the map; the ring stays inside the map.
    size
        Height and width of the map; the centre is at (size // 2, size // 2).
    directed
        Whether each petal's direction has a channel of its own. Else all petals share one.

    Returns
    -------
    Parts
        The centre first, in channel 0, then the petals, clockwise from the right.

    Raises
    ------
    ValueError
        If the ring leaves the map, or two petals would be in one place.

    Examples
    --------
    >>> row, column, channel, size = flower(petals=4, radius=3, size=8, directed=False)
    >>> row, column, channel
    (array([4, 4, 7, 4, 1]), array([4, 7, 4, 1, 4]), array([0, 1, 1, 1, 1]))
    """
    largest = (size - 1) // 2
    if radius > largest:
        refuse("radius", radius, f"at most {largest}, for the ring to stay inside the map")
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
    return math.prod(math.comb(parts.size**2, len(places)) for places in _channels(parts))


def _channels(parts: Parts) -> list[list[Place]]:
    """Return the places of each channel's parts, refusing parts that are not on their map."""
    size = Whole(1, _LARGEST).check("size", parts.size)
    rows, columns = (
        Each(Whole(0, size - 1)).check(name, places)
        for name, places in (("row", parts.row), ("column", parts.column))
    )
    channels = Each(Whole(0)).check("channel", parts.channel)
    alone = {each.shape for each in (rows, columns, channels)} == {(rows.size,)}
    if not alone or not 1 <= rows.size <= _MOST_PARTS:
        refuse("parts", rows.size, f"1 to {_MOST_PARTS}, each with a row, a column and a channel")
    together = list(zip(channels.tolist(), rows.tolist(), columns.tolist(), strict=True))
    if len(set(together)) < len(together):
        refuse("parts", together, "in places of their own in each channel")
    return [[(r, c) for k, r, c in together if k == channel] for channel in set(channels.tolist())]


@checked
def invisible(
    parts: Parts,
    kernel_size: Length,
    stride: Length | None = None,
    padding: Annotated[int, Whole(0)] = 0,
) -> int:
    """Count the arrangements of the parts with the same max-pooled maps, this one included.

    Parameters
    ----------
    parts
        Such as `flower` returns.
    kernel_size, stride, padding
        Of the windows, as in `explainers.operators.max_pool2d`; no stride skips elements.

    Returns
    -------
    int
        The product over channels, each counted by the windows that its parts reach.

    Raises
    ------
    ValueError
        If `parts` is not on its map, or the windows' sizes do not fit each other and the map.

    Notes
    -----
    Places that lie in the same windows do the same, so they are counted together; a part may be in
    any whose windows are all among those reached. Groups of windows with no such place in common
    are counted one by one, and their counts by number of parts multiplied as polynomials. For
    windows side by side that is `same_windows`.

    Examples
    --------
    >>> one = Parts(np.array([3]), np.array([5]), np.array([0]), 8)
    >>> invisible(one, 2), invisible(one, 3, stride=2, padding=1), invisible(one, 8)
    (4, 1, 64)
    """
    channels = _channels(parts)
    axis = _windows_along(parts.size, kernel_size, stride, padding)
    return math.prod(_same_in_channel(places, axis) for places in channels)


def _windows_along(
    size: int, kernel_size: int, stride: int | None, padding: int
) -> list[frozenset[int]]:
    """Return, for each place along an axis, the windows that it is in."""
    step, padded = _step(kernel_size, stride), size + 2 * padding
    if padding > kernel_size // 2:
        refuse("padding", padding, f"at most half of kernel_size {kernel_size}")
    if kernel_size > padded:
        refuse("kernel_size", kernel_size, f"at most the padded map's size {padded}")
    begins = range(-padding, size + padding - kernel_size + 1, step)
    return [
        frozenset(i for i, begin in enumerate(begins) if begin <= place < begin + kernel_size)
        for place in range(size)
    ]


def _step(kernel_size: int, stride: int | None) -> int:
    """Return the stride, by default the windows' side, refusing one that skips elements."""
    step = kernel_size if stride is None else stride
    if step > kernel_size:
        refuse("stride", stride, f"at most kernel_size, here {kernel_size}")
    return step


def _same_in_channel(places: Sequence[Place], axis: Sequence[frozenset[int]]) -> int:
    """Count the ways to place as many parts that reach the windows that these parts reach."""
    reached = frozenset().union(*(_seen_by(axis[r], axis[c]) for r, c in places))
    along = Counter(axis)
    groups: Counter[Windows] = Counter()
    for rows, columns in itertools.product(along, repeat=2):
        # a sum: all places that no window sees have the same windows, none
        groups[_seen_by(rows, columns)] += along[rows] * along[columns]
    within = {windows: number for windows, number in groups.items() if windows <= reached}
    ways = [1]
    for cluster in _clusters(within):
        ways = _product(ways, _covering(within, cluster, len(places)))
    return ways[len(places)]


def _seen_by(rows: Iterable[int], columns: Iterable[int]) -> Windows:
    """Return the windows of the map, from those along both axes."""
    return frozenset(itertools.product(rows, columns))


def _clusters(groups: Iterable[Windows]) -> list[Windows]:
    """Join the groups of places that have a window in common: return each cluster's windows."""
    clusters: list[Windows] = []
    for windows in groups:
        touching = [cluster for cluster in clusters if cluster & windows]
        clusters = [cluster for cluster in clusters if cluster not in touching]
        clusters.append(windows.union(*touching))
    return clusters


def _covering(groups: dict[Windows, int], cluster: Windows, parts: int) -> list[int]:
    """Count the ways to reach all windows of a cluster, by number of parts from 0 on."""
    states: dict[Windows, list[int]] = {frozenset(): [1]}
    for windows, places in groups.items():
        if not (windows <= cluster and (windows or not cluster)):
            continue
        placed = [math.comb(places, n) for n in range(1, min(places, parts) + 1)]
        for covered, ways in list(states.items()):
            known = states.get(covered | windows, [])
            more = [0, *_product(ways, placed)][: parts + 1]
            states[covered | windows] = [
                a + b for a, b in itertools.zip_longest(known, more, fillvalue=0)
            ]
    return states[cluster]


def _product(a: Sequence[int], b: Sequence[int]) -> list[int]:
    """Multiply two polynomials."""
    product = [0] * (len(a) + len(b) - 1)
    for (i, x), (j, y) in itertools.product(enumerate(a), enumerate(b)):
        product[i + j] += x * y
    return product


@checked
def invisible_to_mean(parts: Parts, kernel_size: Annotated[int, Whole(1, _LARGEST)]) -> int:
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
    if parts.size % kernel_size:
        refuse("kernel_size", kernel_size, f"a divisor of the map's size {parts.size}")
    held = (Counter((r // kernel_size, c // kernel_size) for r, c in places) for places in channels)
    return math.prod(math.comb(kernel_size**2, n) for counts in held for n in counts.values())


@checked
def same_windows(
    kernel_size: Length,
    occupied: Annotated[int, Whole(1, _MOST_PARTS)],
    parts: Annotated[int, Whole(1, _MOST_PARTS)],
) -> int:
    """Count the ways to place like parts so that they reach just these windows, side by side.

    Parameters
    ----------
    kernel_size
        Height and width k of a window.
    occupied
        Number a of windows that hold a part.
    parts
        Number m of parts: at least one a window, and in different places, so at most a k².

    Raises
    ------
    ValueError
        If so many parts cannot reach just these windows.

    Notes
    -----
    All ways to put m parts into the a k² places, without those that leave a window empty, by
    inclusion and exclusion:

        Σ_j (−1)^j C(a, j) C((a − j) k², m).

    It is k² for one part, and k^{2m} for m parts in windows of their own.

    Examples
    --------
    >>> same_windows(2, 1, 1), same_windows(2, 3, 3), same_windows(2, 1, 2), same_windows(2, 2, 3)
    (4, 64, 6, 48)
    """
    places = kernel_size**2
    if not occupied <= parts <= occupied * places:
        refuse("parts", parts, f"in [{occupied}, {occupied * places}] for so many windows")
    return sum(
        (-1) ** j * math.comb(occupied, j) * math.comb((occupied - j) * places, parts)
        for j in range(occupied + 1)
    )


@checked
def bits(count: Annotated[int, Whole(1)]) -> float:
    """Return how many bits tell one of `count` equally likely arrangements.

    Examples
    --------
    >>> bits(4**9)
    18.0
    """
    return math.log2(count)


# Overlap


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


@checked
def lone_part_code(kernel_size: Length, stride: Length | None = None) -> Code:
    """Return how well the pattern of windows that hold a lone part tells its place.

    Parameters
    ----------
    kernel_size
        Height and width k of a window.
    stride
        Elements s from one window to the next, at most and by default `kernel_size`.

    Raises
    ------
    ValueError
        If the stride skips elements.

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
    step = _step(kernel_size, stride)
    rest = kernel_size % step  # r
    stretches = [n for n in (rest, step - rest) if n]
    return Code(len(stretches) ** 2, step**2, Fraction(sum(n**2 for n in stretches), step) ** 2)


@checked
def alike_at_most(
    kernel_size: Length,
    stride: Annotated[int, Whole(1, SIZE // 4)],
    *,
    border: bool = False,
    near: Annotated[int, Whole(0, 8)] = 0,
) -> int:
    """Count the arrangements that a part's pooled map may stand for, where it stands for most.

    Parameters
    ----------
    kernel_size, stride
        Of the windows, which are padded by half a window less a half, as is usual; the stride is
        at most `kernel_size`.
    border
        Whether the part is in the last stride × stride places of the map, else in its middle.
    near
        How many places away, along either axis or both, the channel has one other part; 0 if it
        has none.

    Returns
    -------
    int
        1 if the map tells the place wherever the part is in its stride × stride places.

    Raises
    ------
    ValueError
        If the stride skips elements.

    Examples
    --------
    >>> alike_at_most(2, 2), alike_at_most(3, 2), alike_at_most(3, 2, border=True)
    (4, 1, 4)
    >>> alike_at_most(4, 3), alike_at_most(3, 2, near=4), alike_at_most(3, 2, near=1) > 1
    (4, 1, True)
    """
    axis = _windows_along(SIZE, kernel_size, stride, (kernel_size - 1) // 2)
    start = SIZE - stride if border else SIZE // 2
    sides = range(start, start + stride)
    places = [(row, column) for row in sides for column in sides]
    seen = {(r, c): _seen_by(axis[r], axis[c]) for r in range(SIZE) for c in range(SIZE)}
    if not near:
        alike = Counter(seen.values())  # all that no window sees are alike
        return max(alike[seen[place]] for place in places)
    pairs = (
        seen[r, c] | seen[r - down, c - right]
        for r, c in places
        for down, right in ((0, near), (near, 0), (near, near))
    )
    return max(_pairs_that_reach(windows, seen.values()) for windows in set(pairs))


def _pairs_that_reach(windows: Windows, seen: Iterable[Windows]) -> int:
    """Count the pairs of places, each by the windows that it is in, that reach just these."""
    within = [held for held in seen if held <= windows]
    return sum(a | b == windows for a, b in itertools.combinations(within, 2))


class Pairs(NamedTuple):
    """How well overlapping windows tell where two like parts are.

    Attributes
    ----------
    distance
        The larger of the two parts' distances along the axes: 1, 2, …
    told
        Share of the pairs at that distance whose pooled map no other pair has.
    """

    distance: Ints
    told: Floats


@checked
def pairs_told_apart(
    kernel_size: Annotated[int, Whole(1, 12)], stride: Annotated[int, Whole(1, 4)]
) -> Pairs:
    """Count, over all places of two like parts, whose max-pooled map no other pair has.

    Parameters
    ----------
    kernel_size
        Height and width of a window, from one stride to three.
    stride
        Elements from one window to the next.

    Returns
    -------
    Pairs
        For distances up to three strides.

    Raises
    ------
    ValueError
        If the windows skip elements, or are wider than three strides.

    Notes
    -----
    All pairs on a map that wraps round and is seven strides wide: an enumeration.

    Examples
    --------
    >>> pairs_told_apart(3, 2).told.round(2).tolist()
    [0.0, 0.25, 0.67, 1.0, 1.0, 1.0]
    """
    if not stride <= kernel_size <= 3 * stride:
        refuse("kernel_size", kernel_size, f"one stride to three, here {stride} to {3 * stride}")
    size = _AROUND * stride
    pairs = np.stack(np.triu_indices(size**2, 1))
    rows, columns = pairs // size, pairs % size  # each (2, pairs)
    seen = _windows_seen(rows, columns, kernel_size, stride)
    _, which, count = np.unique(seen[0] | seen[1], return_inverse=True, return_counts=True)
    alone = count[which] == 1
    apart = np.maximum(_around(rows, size), _around(columns, size))
    distance = np.arange(1, 3 * stride + 1)
    return Pairs(distance, np.array([alone[apart == d].mean() for d in distance]))


def _windows_seen(row: Ints, column: Ints, kernel: int, stride: int) -> Ints:
    """Return the windows that hold each place, round, one bit for each window."""
    size, begins = _AROUND * stride, stride * np.arange(_AROUND)
    along = (np.arange(size)[:, None] - begins) % size < kernel  # (places, windows)
    both = (along[:, None, :, None] & along[None, :, None, :]).reshape(size, size, -1)
    held: Ints = both @ (1 << np.arange(_AROUND**2))
    return held[row, column]


def _around(places: Ints, size: int) -> Ints:
    """Return how far two places on a ring are apart."""
    apart: Ints = np.abs(places[0] - places[1])
    return np.minimum(apart, size - apart)


# Depth


@checked
def stacked(
    kernel_size: Length, stride: Length, depth: Annotated[int, Whole(0, 64)]
) -> tuple[int, int]:
    """Return the window and stride of the one max pool that several, one after another, amount to.

    Parameters
    ----------
    kernel_size
        Height and width k of each pool's windows.
    stride
        Elements s from one window to the next, at most `kernel_size`.
    depth
        Number of pools n.

    Raises
    ------
    ValueError
        If the stride skips elements.

    Notes
    -----
    The max of maxima is the max of all they cover. Each pool widens the window by k − 1 steps of
    the stride so far: 1 + (k − 1)(1 + s + … + s^{n−1}), and the strides multiply: sⁿ.

    Examples
    --------
    >>> stacked(2, 2, 3), stacked(3, 2, 3)
    ((8, 8), (15, 8))
    """
    step = _step(kernel_size, stride)
    return 1 + (kernel_size - 1) * sum(step**n for n in range(depth)), step**depth
