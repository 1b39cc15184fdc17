"""The dahlia cut into tiles and put together wrongly, and whether its pooled petal map tells.

The tiles are cut in the unrolled picture of `explainers.flower`, along circles and rays around the
flower's centre: so a petal in the wrong tile still points outwards, and still looks like a petal to
the detector. Each tile is put in another's place. The petal map of the result is pooled, and
compared with that of the true flower.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from explainers import flower
from explainers.checks import Floats, Ints, choice, integer, number, refuse
from explainers.flower.photograph import clean, frozen, photo_noise
from explainers.intervals import Interval
from explainers.mirages.measured import (
    ACCEPTED,
    REPEATS,
    Acceptance,
    over_thresholds,
    seeds,
    share,
)
from explainers.operators import avg_pool2d, max_pool2d

SCRAMBLES = ("around", "anywhere")
"""Where a tile may be put: around the flower in its own ring, or anywhere."""
WINDOWS = (1, 2, 4, 8, 16, 32, 64, 256)
"""Sides of the pooling windows on the petal map of 60 × 256; the last one is all of it."""

DRAWS = 50
"""Noisy photographs of each kind, each time, in what the site shows."""

_MOST_RINGS = 4
_MOST_DOUBLINGS = 5
_MOST_DRAWS = 500
_MIDDLE = 184  # half of the square of the photograph that is shown

Tiles: TypeAlias = Ints  # (..., rings × sectors): which tile is put in each place


def orders(
    rings: int = 3, doublings: int = 3, scramble: str = "anywhere", draws: int = 1, seed: int = 0
) -> Tiles:
    """Draw random orders of the dahlia's tiles.

    Parameters
    ----------
    rings
        Into how many rings the flower is cut, 1 to 4.
    doublings
        Each ring is cut into 2 to this power sectors; 0 to 5.
    scramble
        Of `SCRAMBLES`.
    draws
        Number of orders, 1 to 500.
    seed
        At least 0.

    Returns
    -------
    ndarray of int, shape (draws, rings × sectors)
        Which tile is put in each place, counted ring by ring from the inside.

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Examples
    --------
    >>> orders(rings=2, doublings=1, scramble="around").tolist()
    [[1, 0, 3, 2]]
    """
    rings, sectors = _cut(rings, doublings)
    count = integer("draws", draws, 1, _MOST_DRAWS)
    # A generator of its own: the noise of the same seed must not decide the order.
    rng = np.random.default_rng(np.random.SeedSequence(integer("seed", seed, 0), spawn_key=(1,)))
    key = rng.random((count, rings, sectors))
    if choice("scramble", scramble, SCRAMBLES) == "around":
        key += np.arange(rings)[:, None]
    return np.argsort(key.reshape(count, -1), axis=-1)


def scrambled(pictures: Floats, tiles: Tiles, rings: int = 3, doublings: int = 3) -> Floats:
    """Put the tiles of unrolled pictures in another order.

    Parameters
    ----------
    pictures
        Shape (..., 72, 256), as `explainers.flower.unrolled` returns.
    tiles
        Shape (..., rings × sectors), as `orders` returns.
    rings, doublings
        As in `orders`.

    Raises
    ------
    ValueError
        If an argument is outside its range, or the shapes do not fit.

    Examples
    --------
    >>> picture = flower.unrolled()
    >>> bool((scrambled(picture, np.arange(24)) == picture).all())
    True
    """
    rings, sectors = _cut(rings, doublings)
    if tiles.shape[-1] != rings * sectors or pictures.shape[-2:] != flower.UNROLLED_SHAPE:
        refuse("tiles", tiles.shape, f"of {rings * sectors} tiles, for pictures of 72 × 256")
    height, width = (s // n for s, n in zip(pictures.shape[-2:], (rings, sectors), strict=True))
    cut = pictures.reshape(-1, rings, height, sectors, width).swapaxes(2, 3)
    each = np.arange(len(cut))[:, None]
    moved = cut.reshape(-1, rings * sectors, height, width)[each, tiles.reshape(len(cut), -1)]
    return moved.reshape(cut.shape).swapaxes(2, 3).reshape(pictures.shape)


def scrambled_photo(tiles: Tiles, rings: int = 3, doublings: int = 3) -> NDArray[np.uint8]:
    """Return the photograph's middle with its tiles in another order.

    Parameters
    ----------
    tiles, rings, doublings
        As in `scrambled`, for one order: shape (rings × sectors,).

    Returns
    -------
    ndarray of uint8, shape (368, 368, 3)
        What is not unrolled, the eye and the surroundings, stays where it is.

    Raises
    ------
    ValueError
        If an argument is outside its range, or the shapes do not fit.

    Examples
    --------
    >>> middle = flower.photo()[38:406, 122:490]
    >>> bool((scrambled_photo(np.arange(24)) == middle).all())
    True
    """
    rings, sectors = _cut(rings, doublings)
    if tiles.shape != (rings * sectors,):
        refuse("tiles", tiles.shape, f"one order of {rings * sectors} tiles")
    y, x = (np.arange(-_MIDDLE, _MIDDLE) + int(centre) for centre in flower.CENTRE)
    row, column = _unrolled_position(y[:, None], x)
    inside = (row >= 0) & (row < flower.UNROLLED_SHAPE[0])
    shown: NDArray[np.uint8] = flower.photo()[y[:, None], x].copy()
    source = _sources(tiles, row[inside], column[inside], rings, sectors)
    from_y, from_x = (np.rint(place).astype(np.int64) for place in flower.photo_position(*source))
    shown[inside] = flower.photo()[from_y, from_x]
    return shown


def acceptance(
    windows: Sequence[int] = WINDOWS,
    scrambles: Sequence[str] = SCRAMBLES,
    *,
    method: str = "max",
    rings: int = 3,
    doublings: int = 3,
    noise_sd: float = 0.3,
    accepted: float = ACCEPTED,
    draws: int = 100,
    repeats: int = 1,
    seed: int = 0,
) -> Acceptance:
    """Measure how often the pooled petal map of a scrambled dahlia passes for the true one's.

    Parameters
    ----------
    windows
        Of `WINDOWS`. Windows are side by side; those at the border may be incomplete.
    scrambles
        Of `SCRAMBLES`.
    method
        ``"max"`` or ``"mean"``.
    rings, doublings
        As in `orders`.
    noise_sd
        Standard deviation of the noise on the photograph's pixels, as in
        `explainers.flower.unrolled`.
    accepted
        Share of true photographs that the threshold lets pass, above 0 and below 1.
    draws
        Noisy photographs: true ones for the mean map, for the threshold and to verify it, and the
        last ones scrambled; so many each, 2 to 125.
    repeats
        Times that all this is done, each with a threshold of its own: 1, or 6 to 100.
    seed
        At least 0; each repeat takes the next one.

    Returns
    -------
    Acceptance

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Notes
    -----
    The detector accepts a map whose pooled values are near those of the true flower: the sum of
    squared differences from their mean over noise is at most a threshold. Each scrambled
    photograph has an order of its own. Intervals are over noise and orders and, with repeats, over
    the thresholds that the noise sets: they say nothing of other flowers.

    Examples
    --------
    >>> acceptance([1, 256], ["anywhere"], draws=20).scrambled.value.round().tolist()
    [[0.0, 1.0]]
    """
    sides = [_window(window) for window in windows]
    kinds = tuple(choice("scrambles", kind, SCRAMBLES) for kind in scrambles)
    choice("method", method, ("max", "mean"))
    level, noise = share("accepted", accepted), number("noise_sd", noise_sd)
    count = integer("draws", draws, 2, _MOST_DRAWS // 4)
    _cut(rings, doublings)
    asked, passed = [WINDOWS.index(side) for side in sides], []
    for each in seeds(seed, repeats):
        photographs = _Photographs(method, noise, count, each)
        true = _true(photographs)
        shown = np.stack(
            [true.fresh, *(_wrong(photographs, kind, rings, doublings) for kind in kinds)]
        )
        limit = np.quantile(true.tuned, level, axis=-1, method="weibull")
        passed.append((shown <= limit[:, None]).sum(axis=-1)[:, asked])
    shares = over_thresholds(np.array(passed), count)
    return Acceptance(Interval(*(x[1:] for x in shares)), Interval(*(x[0] for x in shares)))


class _Photographs(NamedTuple):
    """Noisy photographs of one repeat, and how their petal maps are pooled.

    By it is kept what claim and figure share: distances for all windows, which are small.
    """

    method: str
    noise_sd: float
    draws: int
    seed: int

    def pooled(self, pictures: Floats) -> list[Floats]:
        """The pictures' petal maps, pooled by each of `WINDOWS`."""
        operator = max_pool2d if self.method == "max" else avg_pool2d
        maps = flower.match(pictures, flower.template())
        kernels = (tuple(min(side, length) for length in maps.shape[-2:]) for side in WINDOWS)
        return [operator(maps, kernel, ceil_mode=True) for kernel in kernels]


class _True(NamedTuple):
    """The mean pooled maps, and how far from them others are: arrays (windows, draws)."""

    means: list[Floats]
    tuned: Floats
    fresh: Floats


@lru_cache(maxsize=32)
def _true(photographs: _Photographs) -> _True:
    """Learn the mean maps of the true flower, and compare others of its maps with them."""
    learnt, tuned = np.split(_pictures(photographs, 0, 2), 2)
    fresh = _fresh(photographs)
    means = [maps.mean(axis=0) for maps in photographs.pooled(learnt)]
    return _True(means, *(_away(photographs.pooled(those), means) for those in (tuned, fresh)))


@lru_cache(maxsize=128)
def _wrong(photographs: _Photographs, scramble: str, rings: int, doublings: int) -> Floats:
    """Return how far scrambled photographs are from the true flower, (windows, draws)."""
    tiles = orders(rings, doublings, scramble, photographs.draws, photographs.seed)
    pictures = scrambled(_fresh(photographs), tiles, rings, doublings)
    return _away(photographs.pooled(pictures), _true(photographs).means)


@lru_cache(maxsize=REPEATS)
def _fresh(photographs: _Photographs) -> Floats:
    """Return the last sample, which each scramble scrambles: so its noise is made once."""
    return frozen(_pictures(photographs, 2, 3))


def _pictures(photographs: _Photographs, first: int, last: int) -> Floats:
    """Return samples of noisy photographs: for the mean map, for the threshold, to be shown."""
    draws, noise = photographs.draws, photo_noise(3 * photographs.draws, photographs.seed)
    return clean() + photographs.noise_sd * noise[first * draws : last * draws]


def _away(pooled: list[Floats], means: list[Floats]) -> Floats:
    """Return sums of squared differences, (windows, draws)."""
    pairs = zip(pooled, means, strict=True)
    return np.stack([((maps - mean) ** 2).sum(axis=(-2, -1)) for maps, mean in pairs])


def _sources(
    tiles: Tiles, row: Floats | Ints, column: Floats | Ints, rings: int, sectors: int
) -> tuple[Floats | Ints, Floats | Ints]:
    """Return where in the unrolled picture what is put at (row, column) comes from."""
    height, width = flower.UNROLLED_SHAPE[0] // rings, flower.UNROLLED_SHAPE[1] // sectors
    place = (row // height * sectors + column // width).astype(np.int64)
    tile = tiles[..., place]
    return tile // sectors * height + row % height, tile % sectors * width + column % width


def _unrolled_position(y: Ints, x: Ints) -> tuple[Floats, Floats]:
    """Return the row and column of the unrolled picture that lie there in the photograph."""
    step = 2 * np.pi / flower.UNROLLED_SHAPE[1]
    down, right = y - flower.CENTRE[0], x - flower.CENTRE[1]
    radius = np.maximum(np.hypot(down, right), 1)
    angle = np.arctan2(down, right) % (2 * np.pi)
    return np.log(radius / flower.INNER_RADIUS) / step, angle / step % flower.UNROLLED_SHAPE[1]


# Checking


def _cut(rings: int, doublings: int) -> tuple[int, int]:
    """Return into how many rings and sectors the flower is cut."""
    return (
        integer("rings", rings, 1, _MOST_RINGS),
        2 ** integer("doublings", doublings, 0, _MOST_DOUBLINGS),
    )


def _window(value: int) -> int:
    if integer("windows", value, 1) not in WINDOWS:
        refuse("windows", value, "one of " + ", ".join(map(str, WINDOWS)))
    return value
