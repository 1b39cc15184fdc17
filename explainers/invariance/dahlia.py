"""The dahlia moved by a few pixels: what stays of its petal map, pooled in various ways.

The petal map of `explainers.flower` has one value for each place of the unrolled
picture, whose columns are angles. A turn of the flower by a whole number of columns moves the map
to the right by as many, round, and does nothing else (`turned`). A move of the photograph by whole
pixels, seen from the old centre, moves near petals by more than far ones, and bends them
(`moved`).

Windows can stand on the map in as many ways as they have places; all are measured, and averaged.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explainers import flower, intervals
from explainers.checks import Floats, Ints, choice, integer, integers, refuse
from explainers.intervals import Interval
from explainers.invariance.measured import METHODS, pooling, relative_change
from explainers.operators.windows import flag

POOLINGS = METHODS[:5]
"""The pooling operators compared: those that look at fixed places."""

_WINDOWS = (1, 2, 3, 4, 8)
_FARTHEST = 32  # pixels of the photograph: so far, the flower's rim stays in it


class Dahlia(NamedTuple):
    """What stays of the dahlia's pooled petal map; shape (methods, distances), but for `found`.

    Attributes
    ----------
    change
        Relative RMS change of the pooled map, as in `explainers.invariance.measured.change`.
    unchanged
        Share of pooled values that are the same to the last bit.
    found
        Share of petals whose cell, the pooled value that looks at their place, is above the
        threshold before the move; shape (methods,).
    stays
        Share of these petals for which that very cell still is, after the move.
    """

    change: Floats
    unchanged: Floats
    found: Floats
    stays: Floats


COUNTED = ("found before", "all petals", "one threshold")
"""Ways to count petals that are still found: see `still_found`."""


class Difference(NamedTuple):
    """The petals that a pooled value still finds, and a value of the full map; the difference."""

    pooled: float
    full: float
    gain: Interval[float]


def turned(
    distances: ArrayLike,
    methods: Sequence[str] = POOLINGS,
    *,
    window: int = 2,
    blur: int = 3,
    equal_firing: bool = False,
) -> Dahlia:
    """Turn the flower, and compare its pooled petal map before and after.

    Parameters
    ----------
    distances : array_like of int, shape (distances,)
        Columns of the unrolled picture, each 360° / 256, −256 to 256.
    methods
        Of `POOLINGS`.
    window
        Height and width of a window, which is also its stride: 1, 2, 3, 4 or 8. Windows of 3 leave
        one of the 256 columns out.
    blur
        Taps of the binomial filter, 2 to 7, if there is one.
    equal_firing
        Give each method a threshold of its own, that as large a share of its cells is above as of
        the map's own units is above 0.5. Else 0.5 serves all, of which a max is above most often.

    Returns
    -------
    Dahlia

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Examples
    --------
    >>> turned([0, 1], ["max"]).stays.round(2).tolist()
    [[1.0, 0.95]]
    """
    around = flower.UNROLLED_SHAPE[1]
    columns = _row(integers("distances", distances, -around, around))
    before = flower.petal_map()
    after = [[np.roll(before, d, axis=1)] for d in columns]
    return _compared(before, after, methods, window, blur, equal_firing)


def moved(
    distances: ArrayLike,
    methods: Sequence[str] = POOLINGS,
    *,
    window: int = 2,
    blur: int = 3,
    equal_firing: bool = False,
) -> Dahlia:
    """Move the photograph up, down, left and right, and compare the pooled petal maps.

    Parameters
    ----------
    distances : array_like of int, shape (distances,)
        Pixels of the photograph, 0 to 32.
    methods, window, blur, equal_firing
        As in `turned`.

    Returns
    -------
    Dahlia
        Averages over the four directions.

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Examples
    --------
    >>> moved([1], ["max"]).found.round(2).tolist()
    [1.0]
    """
    pixels = _row(integers("distances", distances, 0, _FARTHEST))
    after = [[_moved_map(*move) for move in _directions(int(d))] for d in pixels]
    return _compared(_moved_map(0, 0), after, methods, window, blur, equal_firing)


def still_found(
    distance: int, window: int = 2, *, counted: str = "found before", method: str = "max"
) -> Difference:
    """Compare how many petals a pooled value, and a value of the full map, still find.

    Parameters
    ----------
    distance
        Pixels that the photograph moves by, 0 to 32; averages over the four directions.
    window, method
        As in `moved`, of the pooled map.
    counted
        Of which petals the share is: ``"found before"``, of those that the value found before the
        move, or ``"all petals"``, both with thresholds of equal firing; ``"one threshold"``, of all
        petals, with 0.5 as the threshold of both.

    Returns
    -------
    Difference
        The two shares, and the first minus the second with its 95 % interval over petals.

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Notes
    -----
    The interval is the jackknife's: each petal is left out once. Both shares are of the same
    petals, so that what they have in common cancels.

    Examples
    --------
    >>> [round(end, 2) for end in still_found(1).gain]
    [0.02, -0.08, 0.11]
    """
    pixels = integer("distance", distance, 0, _FARTHEST)
    equal = choice("counted", counted, COUNTED) != "one threshold"
    maps = [_moved_map(*move) for move in _directions(pixels)]
    pairs = [
        _petal_by_petal(_moved_map(0, 0), maps, how, side, equal, counted == "found before")
        for how, side in ((method, window), ("max", 1))
    ]

    pooled, full = (float(still.sum() / of.sum()) for still, of in pairs)

    def gain(kept: NDArray[np.bool_]) -> float:
        one, other = (float(still[kept].sum() / of[kept].sum()) for still, of in pairs)
        return one - other

    return Difference(pooled, full, intervals.jackknife(gain, len(pairs[0][0])))


def _petal_by_petal(
    before: Floats, after: list[Floats], method: str, window: int, equal: bool, found_before: bool
) -> tuple[Floats, Floats]:
    """Return for each petal how often its cell fires before and after, and out of how many."""
    operator = pooling(choice("method", method, POOLINGS), _checked_window(window))
    pooled = operator(_in_every_way(before, window))
    threshold = _threshold(pooled, before) if equal else flower.PETAL_THRESHOLD
    cells, petal = _petal_cells(window), _petal_of_each_cell(window)
    fires = pooled[cells] > threshold
    again = np.mean(
        [operator(_in_every_way(one, window))[cells] > threshold for one in after], axis=0
    )
    petals = len(flower.petals()[0])
    of = fires.astype(np.float64) if found_before else np.ones(fires.shape)
    still, counted = (np.zeros(petals) for _ in range(2))
    np.add.at(still, petal, fires * again)
    np.add.at(counted, petal, of)
    return still, counted


def _directions(distance: int) -> tuple[tuple[int, int], ...]:
    return (distance, 0), (-distance, 0), (0, distance), (0, -distance)


@cache
def _moved_map(dy: int, dx: int) -> Floats:
    """Return the petal map of the moved photograph, unrolled from the old centre."""
    y, x = flower.photo_position(*np.ogrid[: flower.UNROLLED_SHAPE[0], : flower.UNROLLED_SHAPE[1]])
    return flower.match(_sampled(flower.grey(), y - dy, x - dx), flower.template())


def _sampled(picture: Floats, y: Floats, x: Floats) -> Floats:
    """Interpolate bilinearly between the pixels."""
    top, left = np.floor(y).astype(np.int64), np.floor(x).astype(np.int64)
    down, right = y - top, x - left
    above = (1 - right) * picture[top, left] + right * picture[top, left + 1]
    below = (1 - right) * picture[top + 1, left] + right * picture[top + 1, left + 1]
    sampled: Floats = (1 - down) * above + down * below
    return sampled


def _compared(
    before: Floats,
    after: list[list[Floats]],
    methods: Sequence[str],
    window: int,
    blur: int,
    equal_firing: bool,
) -> Dahlia:
    """Compare the petal map with moved ones: for each distance, one of each direction."""
    _checked_window(window)
    quantile = flag("equal_firing", equal_firing)
    operators = [pooling(choice("methods", m, POOLINGS), window, blur=blur) for m in methods]
    rows = []
    for operator in operators:
        pooled = operator(_in_every_way(before, window))
        threshold = _threshold(pooled, before) if quantile else flower.PETAL_THRESHOLD
        moves = [[operator(_in_every_way(one, window)) for one in maps] for maps in after]
        rows.append([_measured(pooled, np.stack(move), threshold, window) for move in moves])
    change, unchanged, found, stays = np.array(rows).transpose(2, 0, 1)
    return Dahlia(change, unchanged, found[:, 0], stays)


def _checked_window(window: int) -> int:
    if integer("window", window, 1) not in _WINDOWS:
        refuse("window", window, "one of " + ", ".join(map(str, _WINDOWS)))
    return window


def _threshold(pooled: Floats, petal_map: Floats) -> float:
    """Return what as large a share of the pooled values is above as of the map is above 0.5."""
    return float(np.quantile(pooled, (petal_map <= flower.PETAL_THRESHOLD).mean()))


def _measured(before: Floats, after: Floats, threshold: float, window: int) -> tuple[float, ...]:
    """Return the four numbers of `Dahlia`; `after` has the directions on its first axis."""
    cells = _petal_cells(window)
    fires = before[cells] > threshold
    still = after[:, *cells][:, fires] > threshold
    change = relative_change(np.concatenate([before] * len(after)), np.concatenate(after)).value
    stays = float(still.mean()) if fires.any() else np.nan
    return change, float((after == before).mean()), float(fires.mean()), stays


def _in_every_way(petal_map: Floats, window: int) -> Floats:
    """Cut the map so that windows stand on it in each way: (window², rows, columns)."""
    starts = np.ndindex(window, window)
    rows, columns = _rows(window), flower.UNROLLED_SHAPE[1] // window * window
    return np.stack(
        [np.roll(petal_map[top : top + rows], -left, axis=1)[:, :columns] for top, left in starts]
    )


def _petal_cells(window: int) -> tuple[Ints, Ints, Ints]:
    """Return the cells that look at the petals: (which way, row, column) of each."""
    inside, down, across = _petal_places(window)
    ways = np.broadcast_to(np.arange(window**2)[:, None], inside.shape)
    return ways[inside], down[inside] // window, across[inside] // window


def _petal_of_each_cell(window: int) -> Ints:
    inside = _petal_places(window)[0]
    return np.broadcast_to(np.arange(inside.shape[1]), inside.shape)[inside]


def _petal_places(window: int) -> tuple[NDArray[np.bool_], Ints, Ints]:
    """Return whether, and where, each way of cutting the map (rows) has each petal (columns)."""
    row, column = flower.petals()[:2]
    top, left = (start.reshape(-1, 1) for start in np.indices((window, window)))
    down, across = row - top, (column - left) % flower.UNROLLED_SHAPE[1]
    whole = across < flower.UNROLLED_SHAPE[1] // window * window
    return (down >= 0) & (down < _rows(window)) & whole, down, across


def _row(distances: Ints) -> Ints:
    if distances.ndim != 1 or not distances.size:
        refuse("shape of distances", distances.shape, "(n,) with n ≥ 1")
    return distances


def _rows(window: int) -> int:
    """Return how many rows of the map are divided into windows, wherever they start."""
    height = flower.UNROLLED_SHAPE[0] - flower.TEMPLATE_SIZE + 1
    return (height - window + 1) // window * window
