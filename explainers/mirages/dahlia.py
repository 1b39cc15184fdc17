"""The dahlia cut into tiles and put together wrongly, and whether its pooled petal map tells.

The tiles are cut in the unrolled picture of `explainers.flower`, along circles and rays around the
flower's centre: so a petal in the wrong tile still points outwards, and still looks like a petal to
the detector. Each tile is put in another's place. The petal map of the result is pooled, and
compared with that of the true flower.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from explainers import flower
from explainers.checks import Floats, Ints, refuse
from explainers.flower.photograph import NoiseLevel, clean, frozen, photo_noise
from explainers.intervals import Interval
from explainers.kinds import Choice, Seed, Whole, checked
from explainers.mirages.measured import (
    ACCEPTED,
    REPEATS,
    Acceptance,
    Accepted,
    Repeats,
    over_thresholds,
    seeds,
)
from explainers.operators import max_pool2d

SCRAMBLES = ("around", "anywhere")
"""Where a tile may be put: around the flower in its own ring, or anywhere."""
WINDOWS = (1, 2, 4, 8, 16, 32, 64, 256)
"""Sides of the pooling windows on the petal map of 60 × 256; the last one is all of it."""

DRAWS = 50
"""Noisy photographs of each kind, each time, in what the site shows."""

_MIDDLE = 184  # half of the square of the photograph that is shown

Rings = Annotated[int, Whole(1, 4)]
Doublings = Annotated[int, Whole(0, 5)]
Tiles: TypeAlias = Ints  # (..., rings × sectors): which tile is put in each place


# Tiles in another order


@checked
def orders(
    rings: Rings = 3,
    doublings: Doublings = 3,
    scramble: Annotated[str, Choice(SCRAMBLES)] = "anywhere",
    draws: Annotated[int, Whole(1, 500)] = 1,
    seed: Seed = 0,
) -> Tiles:
    """Draw random orders of the dahlia's tiles.

    Parameters
    ----------
    rings
        Into how many rings the flower is cut.
    doublings
        Each ring is cut into 2 to this power sectors.
    scramble
        Of `SCRAMBLES`.
    draws
        Number of orders.
    seed
        Of the random numbers.

    Returns
    -------
    ndarray of int, shape (draws, rings × sectors)
        Which tile is put in each place, counted ring by ring from the inside.

    Examples
    --------
    >>> orders(rings=2, doublings=1, scramble="around").tolist()
    [[1, 0, 3, 2]]
    """
    # A generator of its own: the noise of the same seed must not decide the order.
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(1,)))
    key = rng.random((draws, rings, 2**doublings))
    if scramble == "around":
        key += np.arange(rings)[:, None]
    return np.argsort(key.reshape(draws, -1), axis=-1)


@checked
def scrambled(pictures: Floats, tiles: Tiles, rings: Rings = 3, doublings: Doublings = 3) -> Floats:
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
        If the shapes do not fit.

    Examples
    --------
    >>> picture = flower.unrolled()
    >>> bool((scrambled(picture, np.arange(24)) == picture).all())
    True
    """
    sectors = 2**doublings
    if tiles.shape[-1] != rings * sectors or pictures.shape[-2:] != flower.UNROLLED_SHAPE:
        refuse("tiles", tiles.shape, f"of {rings * sectors} tiles, for pictures of 72 × 256")
    height, width = (s // n for s, n in zip(pictures.shape[-2:], (rings, sectors), strict=True))
    cut = pictures.reshape(-1, rings, height, sectors, width).swapaxes(2, 3)
    each = np.arange(len(cut))[:, None]
    moved = cut.reshape(-1, rings * sectors, height, width)[each, tiles.reshape(len(cut), -1)]
    return moved.reshape(cut.shape).swapaxes(2, 3).reshape(pictures.shape)


@checked
def scrambled_photo(tiles: Tiles, rings: Rings = 3, doublings: Doublings = 3) -> NDArray[np.uint8]:
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
        If the shapes do not fit.

    Examples
    --------
    >>> middle = flower.photo()[38:406, 122:490]
    >>> bool((scrambled_photo(np.arange(24)) == middle).all())
    True
    """
    sectors = 2**doublings
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


def _unrolled_position(y: Ints, x: Ints) -> tuple[Floats, Floats]:
    """Return the row and column of the unrolled picture that lie there in the photograph."""
    step = 2 * np.pi / flower.UNROLLED_SHAPE[1]
    down, right = y - flower.CENTRE[0], x - flower.CENTRE[1]
    radius = np.maximum(np.hypot(down, right), 1)
    angle = np.arctan2(down, right) % (2 * np.pi)
    return np.log(radius / flower.INNER_RADIUS) / step, angle / step % flower.UNROLLED_SHAPE[1]


def _sources(
    tiles: Tiles, row: Floats, column: Floats, rings: int, sectors: int
) -> tuple[Floats, Floats]:
    """Return where in the unrolled picture what is put at (row, column) comes from."""
    height, width = flower.UNROLLED_SHAPE[0] // rings, flower.UNROLLED_SHAPE[1] // sectors
    place = (row // height * sectors + column // width).astype(np.int64)
    tile = tiles[place]
    return tile // sectors * height + row % height, tile % sectors * width + column % width


# How often that passes


@checked
def acceptance(
    windows: Sequence[int] = WINDOWS,
    scrambles: Sequence[str] = SCRAMBLES,
    *,
    rings: Rings = 3,
    doublings: Doublings = 3,
    noise_sd: NoiseLevel = 0.3,
    accepted: Accepted = ACCEPTED,
    draws: Annotated[int, Whole(2, 125)] = 100,
    repeats: Repeats = 1,
    seed: Seed = 0,
) -> Acceptance:
    """Measure how often the max-pooled petal map of a scrambled dahlia passes for the true one's.

    Parameters
    ----------
    windows
        Of `WINDOWS`. Windows are side by side; those at the border may be incomplete.
    scrambles
        Of `SCRAMBLES`.
    rings, doublings
        As in `orders`.
    noise_sd
        Standard deviation of the noise on the photograph's pixels, as in
        `explainers.flower.unrolled`.
    accepted
        Share of true photographs that the threshold lets pass.
    draws
        Noisy photographs: true ones for the mean map, for the threshold and to verify it, and the
        last ones scrambled; so many each.
    repeats
        Times that all this is done, each with a threshold of its own: 1, or at least 6.
    seed
        Each repeat takes the next one.

    Returns
    -------
    Acceptance

    Raises
    ------
    ValueError
        If a window or a scramble is unknown, or the repeats are too few for an interval.

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
    asked = [WINDOWS.index(Choice(WINDOWS).check("windows", window)) for window in windows]
    kinds = [Choice(SCRAMBLES).check("scrambles", kind) for kind in scrambles]
    passed = []
    for number in seeds(seed, repeats):
        photographs = _Photographs(noise_sd, draws, number)
        true = _true(photographs)
        wrong = (_wrong(photographs, kind, rings, doublings) for kind in kinds)
        limit = np.quantile(true.tuning, accepted, axis=-1, method="weibull")
        accepts = np.stack([true.fresh, *wrong]) <= limit[:, None]
        passed.append(accepts.sum(axis=-1)[:, asked])
    shares = over_thresholds(np.array(passed), draws)
    return Acceptance(Interval(*(x[1:] for x in shares)), Interval(*(x[0] for x in shares)))


class _Photographs(NamedTuple):
    """Noisy photographs of one repeat.

    By it is kept what claim and figure share: distances for all windows, which are small.
    """

    noise_sd: float
    draws: int
    seed: int


class _True(NamedTuple):
    """The true flower: its mean pooled maps, and how far from them others of its maps are.

    Those that tune the threshold, and fresh ones: arrays (windows, draws).
    """

    means: list[Floats]
    tuning: Floats
    fresh: Floats


@lru_cache(maxsize=32)
def _true(photographs: _Photographs) -> _True:
    """Learn the mean maps of the true flower, and compare others of its maps with them."""
    means = [maps.mean(axis=0) for maps in _pooled(_pictures(photographs, 0))]
    others = _pictures(photographs, 1), _fresh(photographs)
    return _True(means, *(_away(pictures, means) for pictures in others))


@lru_cache(maxsize=128)
def _wrong(photographs: _Photographs, scramble: str, rings: int, doublings: int) -> Floats:
    """Return how far scrambled photographs are from the true flower, (windows, draws)."""
    tiles = orders(rings, doublings, scramble, photographs.draws, photographs.seed)
    pictures = scrambled(_fresh(photographs), tiles, rings, doublings)
    return _away(pictures, _true(photographs).means)


@lru_cache(maxsize=REPEATS)
def _fresh(photographs: _Photographs) -> Floats:
    """Return the last sample, which each scramble scrambles: so its noise is made once."""
    return frozen(_pictures(photographs, 2))


def _pictures(photographs: _Photographs, sample: int) -> Floats:
    """Return a sample of noisy photographs: for the mean map, for the threshold, to be shown."""
    noise_sd, draws, seed = photographs
    return clean() + noise_sd * photo_noise(3 * draws, seed)[sample * draws :][:draws]


def _pooled(pictures: Floats) -> list[Floats]:
    """Return the pictures' petal maps, pooled by each of `WINDOWS`."""
    maps = flower.match(pictures, flower.template())
    kernels = (tuple(min(side, length) for length in maps.shape[-2:]) for side in WINDOWS)
    return [max_pool2d(maps, kernel, ceil_mode=True) for kernel in kernels]


def _away(pictures: Floats, means: list[Floats]) -> Floats:
    """Return sums of squared differences of pooled maps from their means, (windows, draws)."""
    pairs = zip(_pooled(pictures), means, strict=True)
    return np.stack([((maps - mean) ** 2).sum(axis=(-2, -1)) for maps, mean in pairs])
