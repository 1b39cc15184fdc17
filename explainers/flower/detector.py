"""A petal template, its match with every place of the unrolled picture, and the map's pooling."""

from __future__ import annotations

from functools import cache, lru_cache, reduce
from typing import Annotated, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from explainers.checks import Floats, Ints, reals, refuse
from explainers.flower.photograph import (
    UNROLLED_SHAPE,
    DType,
    NoiseLevel,
    clean,
    frozen,
    photo_noise,
    photo_position,
)
from explainers.kinds import Choice, Seed, Whole, checked
from explainers.operators import avg_pool2d, max_pool2d

TEMPLATE_SIZE = 13
"""Side of the template: a petal's tip with both its edges."""
FIRST_PETAL = (30, 111)
"""Centre (row, column) in the unrolled picture of the petal tip that starts the template."""
AVERAGED = 16
"""How many best matches are averaged into the template."""
PETAL_THRESHOLD = 0.5
"""What counts as a petal in the clean map: a match above this correlation."""
NEAR = 6
"""Half a template: at most this far off, along either axis, is the same petal."""
METHODS = ("max", "mean", "subsample", "none")
"""What is done to the petal map before petals are looked for in it."""
NOISES = ("photo", "map")
"""Where noise is added: to the photograph's pixels, or to each unit of the petal map."""

Spectrum: TypeAlias = NDArray[np.complex128]
Method = Annotated[str, Choice(METHODS)]
Noise = Annotated[str, Choice(NOISES)]
Draws = Annotated[int, Whole(2, 500)]  # half a gigabyte of maps, at most

ROUNDING = 1e-12  # what is smaller than this, compared with its kind, is rounding
_HALF = TEMPLATE_SIZE // 2


class Petals(NamedTuple):
    """Petals found in the clean map, the surest first; arrays of one length.

    Attributes
    ----------
    row, column
        The unit in the petal map. The window's centre in the unrolled picture is at
        ``(row + 6, column)``.
    y, x
        The same place in the photograph, in pixels.
    score
        Normalised cross-correlation, above `PETAL_THRESHOLD`.
    """

    row: Ints
    column: Ints
    y: Floats
    x: Floats
    score: Floats


def match(picture: Floats, window: Floats) -> Floats:
    """Return the normalised cross-correlation of `window` with every place of `picture`.

    Parameters
    ----------
    picture
        Shape (..., H, W), wrapping round along W.
    window
        Shape (h, w), h ≤ H, w ≤ W, both odd, not constant.

    Returns
    -------
    ndarray
        Shape (..., H − h + 1, W), in [−1, 1]. Element (i, j) belongs to the place whose centre is
        (i + h // 2, j) in the picture; it is 0 where the picture is constant.

    Raises
    ------
    ValueError
        If `window` is not such an array, or `picture` is smaller.

    Notes
    -----
    By the correlation theorem, picture by picture: one at a time stays in the processor's cache.

    Examples
    --------
    >>> from explainers.flower import unrolled
    >>> bool(np.isclose(match(unrolled(), template())[24, 111], 1, atol=0.2))
    True
    """
    picture, window = reals("picture", picture), reals("window", window)
    if window.ndim != 2 or not all(side % 2 for side in window.shape) or np.ptp(window) == 0:
        refuse("window", window.shape, "a matrix with odd sides, not constant")
    if picture.ndim < 2 or any(np.less(picture.shape[-2:], window.shape)):
        refuse("picture", picture.shape, f"at least as large as the window, {window.shape}")
    for name, array in (("picture", picture), ("window", window)):
        if not np.isfinite(array).all():
            refuse(name, array[~np.isfinite(array)][0], "finite everywhere")
    return _match(picture, window)


def _match(picture: Floats, window: Floats) -> Floats:
    (*many, height, width), side = picture.shape, window.shape[0]
    spectrum = _spectrum(_standardised(window), (height, width))
    maps = np.empty((*many, height - side + 1, width))
    for place in np.ndindex(*many):
        maps[place] = _match_one(picture[place], spectrum, window.shape)
    return maps


def _match_one(picture: Floats, spectrum: Spectrum, size: tuple[int, ...]) -> Floats:
    picture = picture - picture.mean()
    waves = np.fft.rfft2(picture) * spectrum
    covariance = np.fft.irfft2(waves, s=picture.shape)[: picture.shape[0] - size[0] + 1]
    energy = _sums(picture**2, *size)
    spread = energy - _sums(picture, *size) ** 2 / (size[0] * size[1])
    flat = spread <= ROUNDING * energy.max()
    spread[flat] = 1
    covariance /= np.sqrt(spread)
    covariance[flat] = 0
    return covariance


def _spectrum(window: Floats, size: tuple[int, int]) -> Spectrum:
    """Return what a picture's waves are multiplied by to slide a window over it."""
    alone = np.zeros(size)
    alone[: window.shape[0], : window.shape[1]] = window
    return np.conj(np.fft.rfft2(np.roll(alone, -(window.shape[1] // 2), axis=1)))


def _sums(picture: Floats, height: int, width: int) -> Floats:
    """Add up each window's values, round along the columns, inside along the rows."""
    tall, half = _runs(picture, height), width // 2
    around = np.concatenate([tall[:, tall.shape[1] - half :], tall, tall[:, :half]], axis=1)
    return _runs(around.T, width).T


def _runs(values: Floats, length: int) -> Floats:
    """Add up this many successive rows from each on, by way of sums of 2, 4, 8, … rows."""
    rows, total, done, run = len(values) - length + 1, np.zeros(()), 0, values
    for width in (1 << power for power in range(length.bit_length())):
        if width > 1:
            run = run[: -width // 2] + run[width // 2 :]
        if length & width:
            total = total + run[done : done + rows]
            done += width
    return total


def _standardised(window: Floats) -> Floats:
    """Give windows (..., h, w) mean 0 and norm 1."""
    window = window - window.mean(axis=(-2, -1), keepdims=True)
    norm: Floats = np.sqrt((window**2).sum(axis=(-2, -1), keepdims=True))
    return window / norm


@cache
def template() -> Floats:
    """Return the petal template, shape (13, 13), of mean 0 and norm 1, read-only.

    It starts as the petal tip at `FIRST_PETAL`; its 16 best matches, no two within 6 pixels,
    are averaged, each standardised; and again with the average, until the matches stay the same.

    Examples
    --------
    >>> template().shape
    (13, 13)
    """
    row, column = FIRST_PETAL
    return frozen(_settled(np.array([row - _HALF]), np.array([column])))


def _settled(rows: Ints, columns: Ints) -> Floats:
    average = _average(rows, columns)
    best = _peaks(_match(clean(), average), NEAR)
    rows_next, columns_next = (place[:AVERAGED] for place in best)
    if np.array_equal(rows, rows_next) and np.array_equal(columns, columns_next):
        return average
    return _settled(rows_next, columns_next)


def _average(rows: Ints, columns: Ints) -> Floats:
    tips = windows_at(np.roll(clean(), _HALF, axis=-1), rows, columns, TEMPLATE_SIZE)
    return _standardised(_standardised(tips).mean(axis=0))


def _peaks(petal_map: Floats, reach: int) -> tuple[Ints, Ints]:
    """Return the map's local maxima as (rows, columns), the highest first."""
    rows, columns = np.nonzero(is_peak(petal_map, reach))
    order = np.argsort(-petal_map[rows, columns], kind="stable")
    return rows[order], columns[order]


@checked
def is_peak(maps: Floats, reach: Annotated[int, Whole(0)]) -> NDArray[np.bool_]:
    """Tell where maps (..., H, W) are the highest within `reach` units, round along W."""
    height, width = maps.shape[-2:]
    sides = [(0, 0)] * (maps.ndim - 2)
    padded = np.pad(maps, [*sides, (reach, reach), (0, 0)], constant_values=-np.inf)
    steps = range(2 * reach + 1)
    tall = reduce(np.maximum, [padded[..., i : i + height, :] for i in steps])
    padded = np.pad(tall, [*sides, (0, 0), (reach, reach)], mode="wrap")
    peak: NDArray[np.bool_] = maps == reduce(
        np.maximum, [padded[..., j : j + width] for j in steps]
    )
    return peak


@checked
def windows_at(
    maps: NDArray[DType], rows: Ints, columns: Ints, window: Annotated[int, Whole(1)]
) -> NDArray[DType]:
    """Cut windows with these first units out of maps (..., H, W): (..., places, k, k)."""
    steps = np.arange(window)
    row = rows[:, None, None] + steps[:, None]
    column = (columns[:, None, None] + steps) % maps.shape[-1]
    return maps[..., row, column]


@checked
def petal_map(noise_sd: NoiseLevel = 0.0, seed: Seed = 0, *, noise: Noise = "photo") -> Floats:
    """Return each unit's match with the petal template, shape (60, 256), in [−1, 1].

    Parameters
    ----------
    noise_sd
        Standard deviation of the noise, in units of `grey` for the photograph, of correlation
        for the map.
    seed
        Of the noise: the first draw of the experiments with that seed.
    noise
        ``"photo"``: noise on the photograph's pixels, of which neighbouring units see almost the
        same; ``"map"``: independent noise on each unit (then values may leave [−1, 1]).

    Examples
    --------
    >>> petal_map().shape
    (60, 256)
    """
    only: Floats = noisy_maps(noise_sd, noise, 1, seed)[0]
    return only.copy()


@checked
@lru_cache(maxsize=8)
def noisy_maps(
    noise_sd: NoiseLevel, noise: Noise, draws: Annotated[int, Whole(1, 500)], seed: Seed
) -> Floats:
    """Return `draws` noisy petal maps, (draws, 60, 256)."""
    if noise == "photo":
        return frozen(_match(clean() + noise_sd * photo_noise(draws, seed), template()))
    without = _match(clean(), template())
    own = np.random.default_rng(seed).standard_normal((draws, *without.shape))
    return frozen(without + noise_sd * own)


@cache
def petals() -> Petals:
    """Return the petals of the clean photograph: maxima of its map above 0.5, the highest within 6.

    Examples
    --------
    >>> petals().score.min() > 0.5
    np.True_
    """
    scores = petal_map()
    row, column = _peaks(scores, NEAR)
    found = scores[row, column] > PETAL_THRESHOLD
    row, column = row[found], column[found]
    return Petals(row, column, *photo_position(row + _HALF, column), scores[row, column])


def near_petals(rows: Floats | Ints, columns: Floats | Ints) -> NDArray[np.bool_]:
    """Tell which units of the map are within `NEAR` of which petal: (petals, units)."""
    row, column = (place[:, None] for place in petals()[:2])
    around = np.abs(columns - column)
    around = np.minimum(around, UNROLLED_SHAPE[1] - around)
    near: NDArray[np.bool_] = np.maximum(np.abs(rows - row), around) <= NEAR
    return near


@checked
def pooled(maps: Floats, method: Method = "max", window: Annotated[int, Whole(1)] = 2) -> Floats:
    """Return petal maps as a method leaves them: (..., 60 / window, 256 / window).

    Parameters
    ----------
    maps
        Shape (..., H, W), both divisible by `window`.
    method
        ``"max"`` or ``"mean"`` over windows side by side, ``"subsample"`` (the first value of
        each window) or ``"none"`` (the maps as they are).
    window
        Side of the window, which is also its stride.

    Raises
    ------
    ValueError
        If the maps do not divide into such windows.

    Examples
    --------
    >>> pooled(np.arange(16.0).reshape(4, 4), "max")
    array([[ 5.,  7.],
           [13., 15.]])
    """
    maps = reals("maps", maps)
    if maps.ndim < 2 or not maps.size or any(side % window for side in maps.shape[-2:]):
        refuse("maps", maps.shape, f"divisible into {window} × {window} windows")
    if method == "none":
        return maps
    if method == "subsample":
        return maps[..., ::window, ::window]
    return max_pool2d(maps, window) if method == "max" else avg_pool2d(maps, window)
