"""The dahlia moved by a few pixels: what stays of its petal map, pooled in various ways.

The petal map of `explainers.flower` has one value for each place of the unrolled picture, whose
columns are angles. A move of the photograph by whole pixels, seen from the old centre, moves near
petals by more than far ones, and bends them.

Windows can stand on the map in as many ways as they have places; all are measured, and averaged.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Annotated, NamedTuple

import numpy as np
from numpy.typing import NDArray

from explainers import flower, intervals
from explainers.checks import Floats, Ints, refuse
from explainers.intervals import Interval
from explainers.invariance.measured import METHODS, pooling, relative_change
from explainers.kinds import Choice, Whole, checked

POOLINGS = METHODS[:5]
"""The pooling operators compared: those that look at fixed places."""
COUNTED = ("found before", "all petals", "one threshold")
"""Ways to count petals that are still found: see `still_found`."""

_FARTHEST = 32  # pixels of the photograph: so far, the flower's rim stays in it

Window = Annotated[int, Choice((1, 2, 3, 4, 8))]


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


@checked
def moved(
    distances: Annotated[Iterable[int], Whole(0, _FARTHEST, many=True)],
    methods: Sequence[str] = POOLINGS,
    *,
    window: Window = 2,
    equal_firing: bool = False,
) -> Dahlia:
    """Move the photograph up, down, left and right, and compare the pooled petal maps.

    Parameters
    ----------
    distances
        Pixels of the photograph.
    methods
        Of `POOLINGS`.
    window
        Height and width of a window, which is also its stride. Windows of 3 leave one of the 256
        columns out.
    equal_firing
        Give each method a threshold of its own, that as large a share of its cells is above as of
        the map's own units is above 0.5. Else 0.5 serves all, of which a max is above most often.

    Returns
    -------
    Dahlia
        Averages over the four directions.

    Raises
    ------
    ValueError
        If one of `methods` is not in `POOLINGS`.

    Examples
    --------
    >>> moved([1], ["max"]).found.round(2).tolist()
    [1.0]
    """
    for method in methods:
        if method not in POOLINGS:
            refuse("methods", method, f"one or more of {', '.join(POOLINGS)}")
    rows = [[_compared(method, window, d, equal_firing) for d in distances] for method in methods]
    change, unchanged, found, stays = np.array(rows).transpose(2, 0, 1)
    return Dahlia(change, unchanged, found[:, 0], stays)


def _compared(method: str, window: int, distance: int, equal_firing: bool) -> tuple[float, ...]:
    """Return the four numbers of `Dahlia`."""
    before, after = _pooled(method, window, distance)
    cells, _ = _petal_cells(window)
    limit = _threshold(before, equal_firing)
    fires = before[cells] > limit
    still = after[:, *cells][:, fires] > limit
    change = relative_change(np.concatenate([before] * len(after)), np.concatenate(after)).value
    stays = float(still.mean()) if fires.any() else np.nan
    return change, float((after == before).mean()), float(fires.mean()), stays


def _pooled(method: str, window: int, distance: int) -> tuple[Floats, Floats]:
    """Return the petal map pooled in every way, before the move and after it in each direction."""
    operator = pooling(method, window)
    directions = ((distance, 0), (-distance, 0), (0, distance), (0, -distance))
    after = [operator(_in_every_way(_moved_map(*move), window)) for move in directions]
    return operator(_in_every_way(_moved_map(0, 0), window)), np.stack(after)


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


def _in_every_way(petal_map: Floats, window: int) -> Floats:
    """Cut the map so that windows stand on it in each way: (window², rows, columns)."""
    rows, columns = _whole_windows(window)
    return np.stack(
        [
            np.roll(petal_map[top : top + rows], -left, axis=1)[:, :columns]
            for top, left in np.ndindex(window, window)
        ]
    )


def _whole_windows(window: int) -> tuple[int, int]:
    """Return how many rows and columns of the map windows cover, wherever they start.

    The columns go round.
    """
    height = flower.UNROLLED_SHAPE[0] - flower.TEMPLATE_SIZE + 1
    return (height - window + 1) // window * window, flower.UNROLLED_SHAPE[1] // window * window


def _petal_cells(window: int) -> tuple[tuple[Ints, Ints, Ints], Ints]:
    """Return the cells that look at petals, (which way, row, column), and the petal of each."""
    (rows, columns), (row, column) = _whole_windows(window), flower.petals()[:2]
    top, left = (start.reshape(-1, 1) for start in np.indices((window, window)))
    down, across = row - top, (column - left) % flower.UNROLLED_SHAPE[1]
    inside = (down >= 0) & (down < rows) & (across < columns)
    way, petal = np.nonzero(inside)
    return (way, down[inside] // window, across[inside] // window), petal


def _threshold(before: Floats, equal_firing: bool) -> float:
    """Return what as large a share of the pooled values is above as of the map is above 0.5."""
    if not equal_firing:
        return flower.PETAL_THRESHOLD
    return float(np.quantile(before, (_moved_map(0, 0) <= flower.PETAL_THRESHOLD).mean()))


class Difference(NamedTuple):
    """The petals that a pooled value still finds, and a value of the full map; the difference."""

    pooled: float
    full: float
    gain: Interval[float]


@checked
def still_found(
    distance: Annotated[int, Whole(0, _FARTHEST)],
    window: Window = 2,
    *,
    counted: Annotated[str, Choice(COUNTED)] = "found before",
    method: Annotated[str, Choice(POOLINGS)] = "max",
) -> Difference:
    """Compare how many petals a pooled value, and a value of the full map, still find.

    Parameters
    ----------
    distance
        Pixels that the photograph moves by; averages over the four directions.
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

    Notes
    -----
    The interval is the jackknife's: each petal is left out once. Both shares are of the same
    petals, so that what they have in common cancels.

    Examples
    --------
    >>> [round(end, 2) for end in still_found(1).gain]
    [0.02, -0.08, 0.11]
    """
    pooled = _petal_by_petal(method, window, distance, counted)
    full = _petal_by_petal("max", 1, distance, counted)

    def gain(kept: NDArray[np.bool_]) -> float:
        return _share(pooled[:, kept]) - _share(full[:, kept])

    return Difference(_share(pooled), _share(full), intervals.jackknife(gain, pooled.shape[1]))


def _petal_by_petal(method: str, window: int, distance: int, counted: str) -> Floats:
    """Return how many of each petal's cells fire before and after, and out of how many."""
    before, after = _pooled(method, window, distance)
    cells, petal = _petal_cells(window)
    limit = _threshold(before, counted != "one threshold")
    fires = before[cells] > limit
    again = (after[:, *cells] > limit).mean(axis=0)
    of = fires if counted == "found before" else np.ones(fires.shape)
    petals = flower.petals().row.size
    return np.stack([np.bincount(petal, each, petals) for each in (fires * again, of)])


def _share(of_petals: Floats) -> float:
    still, counted = of_petals
    return float(still.sum() / counted.sum())
