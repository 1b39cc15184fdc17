"""What pooling gains and costs on the dahlia: watching a place, and looking for petals anywhere.

A place is watched by one unit or by a window (`hit_rates`, and `or_gain` for the OR); or petals
are looked for in the whole map, as it is or reduced (`petal_counts`, and `detections` for one
picture).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Annotated, NamedTuple

import numpy as np
from numpy.typing import NDArray

from explainers import intervals
from explainers.checks import Floats, Ints, refuse
from explainers.flower.detector import (
    METHODS,
    NEAR,
    ROUNDING,
    TEMPLATE_SIZE,
    Draws,
    Method,
    Noise,
    is_peak,
    near_petals,
    noisy_maps,
    petal_map,
    petals,
    pooled,
    windows_at,
)
from explainers.flower.photograph import UNROLLED_SHAPE, DType, NoiseLevel, frozen
from explainers.intervals import Interval
from explainers.kinds import Choice, Number, Seed, Whole, checked, kept
from explainers.operators import max_pool2d

FARTHEST = 3
"""The largest displacement of a petal from the unit that is studied."""
WATCHERS = ("unit", "max", "mean")
"""Who watches a place: one unit, or the max or the mean of the window it stands in."""

DRAWS = 200
"""Noisy photographs on which places are watched, in what the site shows."""
SEARCHED = 50
"""Noisy photographs in which petals are searched for, each time, in what the site shows."""
ONE_THRESHOLD = 0.4
"""The correlation above which a petal is reported where one threshold serves all."""
INVENTED = 3.0
"""Petals that each method may invent per photograph, unless it is said otherwise."""

_RESAMPLES = 1000
_WIDEST = 4

FalseAlarm = Annotated[float, Number(0, 1, open=True)]
PooledBy = Annotated[int, Choice((1, 2, 4))]


# Watching a place, at equal false alarms


class HitRates(NamedTuple):
    """Hit rates at equal false alarms of one unit, the max and the mean of its window.

    Attributes
    ----------
    displacement
        0 to 3 pixels between the petal and the unit; shape (4,).
    hit
        Shape (3, 4): `WATCHERS` × displacement.
    gain
        Of the max and of the mean over the unit, paired by draw, in hit rate; shape (2, 4).
    max_over_mean
        The hit rate of the max minus that of the mean, paired by draw; shape (4,).
    anywhere, anywhere_gain, anywhere_over_mean
        The same if the petal is at each place of the window equally often; shapes (3,), (2,), ().
    threshold
        Correlation above which each of `WATCHERS` reports a petal; shape (3,).
    petals
        How many petals were watched.
    """

    displacement: Ints
    hit: Interval[Floats]
    gain: Interval[Floats]
    max_over_mean: Interval[Floats]
    anywhere: Interval[Floats]
    anywhere_gain: Interval[Floats]
    anywhere_over_mean: Interval[float]
    threshold: Floats
    petals: int


@kept
def hit_rates(
    noise_sd: NoiseLevel = 0.3,
    *,
    noise: Noise = "photo",
    window: Annotated[int, Whole(1, _WIDEST)] = 2,
    false_alarm: FalseAlarm = 0.05,
    draws: Draws = 200,
    seed: Seed = 0,
) -> HitRates:
    """Compare one unit with the max and the mean of its window at equal false alarms.

    A petal lies exactly at the unit, or up to 3 pixels above, below, left or right of it, where
    it may be outside the window; or at each place of the window equally often. The unit is the
    upper left one in the middle of its window. Each one's threshold is such that it reports a petal
    in the share `false_alarm` of the places that are more than 6 pixels from every petal, over the
    same noise draws.

    Parameters
    ----------
    noise_sd, noise, seed
        As in `petal_map`.
    window
        Side of the window.
    false_alarm
        Share of background places where a petal is reported.
    draws
        Noise draws.

    Notes
    -----
    Petals whose window would leave the map when displaced are left out. Intervals are over
    noise draws: they say nothing of other flowers.

    Examples
    --------
    >>> hit_rates(0.1, draws=10).hit.value.shape
    (3, 4)
    """
    maps = noisy_maps(noise_sd, noise, draws, seed)
    background = _watched(maps, *_background(), window)
    threshold = np.quantile(background, 1 - false_alarm, axis=(1, 2))
    hits = _displaced(maps, window) > threshold[:, None, None, None]
    rate = hits.mean(axis=-1).swapaxes(1, 2)
    anywhere = (_anywhere(maps, window) > threshold[:, None, None]).mean(axis=-1)
    return HitRates(
        np.arange(FARTHEST + 1),
        intervals.of_mean(rate),
        intervals.of_mean(rate[1:] - rate[0]),
        intervals.of_mean(rate[1] - rate[2]),
        intervals.of_mean(anywhere),
        intervals.of_mean(anywhere[1:] - anywhere[0]),
        intervals.scalar(intervals.of_mean(anywhere[1] - anywhere[2])),
        threshold,
        _inner_petals()[0].size,
    )


@cache
def _background() -> tuple[Ints, Ints]:
    """Return the inner units that are more than `NEAR` from every petal."""
    shape = petal_map().shape
    rows, columns = (place.ravel() for place in np.indices(shape))
    far = ~near_petals(rows, columns).any(axis=0) & _is_inner(rows)
    return rows[far], columns[far]


def _is_inner(row: Ints) -> NDArray[np.bool_]:
    """Tell which rows of the map leave room for a displaced window on either side."""
    last = UNROLLED_SHAPE[0] - TEMPLATE_SIZE
    return (row >= NEAR) & (row <= last - NEAR)


def _watched(maps: Floats, rows: Ints, columns: Ints, window: int) -> Floats:
    """Return what unit, max and mean see at these units: (3, draws, places)."""
    units = _units(maps, rows, columns, window)
    own = (window - 1) // 2 * (window + 1)
    return np.stack([units[..., own], units.max(axis=-1), units.mean(axis=-1)])


def _units(maps: NDArray[DType], rows: Ints, columns: Ints, window: int) -> NDArray[DType]:
    """Return the units of the windows around these: (draws, places, window²)."""
    before = (window - 1) // 2
    seen = windows_at(maps, rows - before, columns - before, window)
    return seen.reshape(*seen.shape[:2], -1)


def _displaced(maps: Floats, window: int) -> Floats:
    """Return what they see with the petal displaced: (3, draws, displacement, 4 · petals)."""
    rows, columns = _inner_petals()
    away = np.arange(FARTHEST + 1)[:, None, None]
    row = rows + away * np.array([-1, 1, 0, 0])[:, None]
    column = columns + away * np.array([0, 0, -1, 1])[:, None]
    seen = _watched(maps, row.ravel(), column.ravel(), window)
    return seen.reshape(*seen.shape[:2], FARTHEST + 1, -1)


def _inner_petals() -> tuple[Ints, Ints]:
    """Return the petals far enough from the map's borders for every displaced window."""
    row, column = petals()[:2]
    inner = _is_inner(row)
    return row[inner], column[inner]


def _anywhere(maps: Floats, window: int) -> Floats:
    """Return what they see with the petal at each place of the window: (3, draws, all of them)."""
    rows, columns = _inner_petals()
    from_unit = np.arange(window) - (window - 1) // 2
    down, across = (each.reshape(-1, 1) for each in np.meshgrid(from_unit, from_unit))
    return _watched(maps, (rows - down).ravel(), (columns - across).ravel(), window)


# The OR over a window


class Shares(NamedTuple):
    """Rates at which single units and an OR over their windows fire.

    Attributes
    ----------
    unit
        A single unit, averaged over the window's units.
    pooled
        The OR over the window: at least one of its units.
    independent
        What the OR would be if units of these very rates were independent: 1 − ∏(1 − rate) at
        each place, averaged over the places.
    gain_share
        (pooled − unit) / (independent − unit): how much of the promised gain arrives; not a
        number where nothing is promised.
    """

    unit: Floats
    pooled: Floats
    independent: Floats
    gain_share: Floats


class OrGain(NamedTuple):
    """What an OR over a window's units gains, against what independent units would.

    Attributes
    ----------
    hit, hit_low, hit_high
        The rates at the petals with their 95 % intervals (percentiles of a bootstrap of draws).
    false_alarm
        The rates where there is no petal.
    correlation
        Between the noise of two units of a window, averaged over their pairs and the petals.
    threshold
        Correlation above which a unit fires.
    """

    hit: Shares
    hit_low: Shares
    hit_high: Shares
    false_alarm: Shares
    correlation: float
    threshold: float


@kept
def or_gain(
    noise_sd: Annotated[float, Number(0, open=True)] = 0.3,
    *,
    noise: Noise = "photo",
    window: Annotated[int, Whole(2, _WIDEST)] = 2,
    false_alarm: FalseAlarm = 0.05,
    draws: Draws = 200,
    seed: Seed = 0,
) -> OrGain:
    """Measure how much an OR over a window gains, against the formula for independent units.

    The petal lies exactly at the window's unit, as in `hit_rates` without displacement. Each unit
    fires above the threshold that the single unit has there.

    Parameters
    ----------
    noise_sd, noise, seed
        As in `petal_map`, with some noise: without, there is nothing to correlate.
    window
        Side of the window.
    false_alarm
        Of a single unit.
    draws
        Noise draws.

    Examples
    --------
    >>> result = or_gain(0.3, draws=20)
    >>> bool(result.hit.unit < result.hit.pooled < result.hit.independent)
    True
    """
    maps = noisy_maps(noise_sd, noise, draws, seed)
    rows, columns = _background()
    threshold = float(np.quantile(maps[:, rows, columns], 1 - false_alarm))
    at_petals = _units(maps, *_inner_petals(), window)
    fires, alarms = at_petals > threshold, _units(maps > threshold, rows, columns, window)
    resampled = _shares(fires, _bootstrap(draws, seed))
    correlation = _correlations(at_petals)
    return OrGain(
        _shares(fires),
        Shares(*np.quantile(resampled, 0.025, axis=-1)),
        Shares(*np.quantile(resampled, 0.975, axis=-1)),
        _shares(alarms),
        float(correlation[:, *np.triu_indices(window**2, 1)].mean()),
        threshold,
    )


def _shares(fires: NDArray[np.bool_], weights: Floats | None = None) -> Shares:
    """Average (draws, places, units) over draws, each weighted or all alike, and over places."""
    weights = np.full(len(fires), 1 / len(fires)) if weights is None else weights
    rate = np.tensordot(weights, fires, axes=1)
    unit = rate.mean(axis=(-2, -1))
    either = np.tensordot(weights, fires.any(axis=-1), axes=1).mean(axis=-1)
    independent = (1 - np.prod(1 - rate, axis=-1)).mean(axis=-1)
    promised = np.where(independent - unit > ROUNDING, independent - unit, np.nan)
    return Shares(unit, either, independent, (either - unit) / promised)


def _bootstrap(draws: int, seed: int) -> Floats:
    """Return how often each resample takes each draw, as weights (1000, draws)."""
    taken = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(1,)))
    return taken.multinomial(draws, np.full(draws, 1 / draws), size=_RESAMPLES) / draws


def _correlations(values: Floats) -> Floats:
    """Correlate the units of each place over draws: (places, units, units)."""
    deviation = values - values.mean(axis=0)
    deviation = deviation / np.sqrt((deviation**2).sum(axis=0))
    correlation: Floats = np.einsum("dpi,dpj->pij", deviation, deviation, optimize=True)
    return correlation


# Looking for petals anywhere


class PetalCounts(NamedTuple):
    """Petals kept, lost and invented; rates have shape (4, levels): `METHODS` × noise.

    Attributes
    ----------
    kept, lost
        Share of the clean photograph's petals with and without a detection nearby.
    invented
        Detections with no petal nearby, per photograph.
    kept_over_none
        Share kept by the first three methods minus that kept by the last, paired by draw; shape
        (3, levels).
    threshold
        Correlation above which a local maximum is a detection; shape (4, levels).
    petals
        How many petals the clean photograph has.
    """

    kept: Interval[Floats]
    lost: Interval[Floats]
    invented: Interval[Floats]
    kept_over_none: Interval[Floats]
    threshold: Floats
    petals: int


@kept
def petal_counts(
    noise_sds: Annotated[Sequence[float], Number(0, many=True)] = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5),
    *,
    noise: Noise = "photo",
    window: PooledBy = 2,
    invented: Annotated[float, Number(0)] | None = None,
    threshold: Annotated[float, Number()] | None = None,
    draws: Draws = 100,
    seed: Seed = 0,
) -> PetalCounts:
    """Count the petals that are kept, lost and invented as the noise grows.

    A detection is a value above the threshold that is the highest within 6 pixels on either side,
    among those that one of `METHODS` leaves. It keeps a petal of the clean photograph if it is
    within 6 pixels of it, and is invented if it is farther from all.

    Parameters
    ----------
    noise_sds
        Noise levels, each as in `petal_map`.
    noise, seed
        As in `petal_map`. All levels and methods see the same draws.
    window
        Side and stride of the pooling windows.
    invented
        For the comparison at equal false alarms: the number of invented petals per photograph
        that each method's threshold is set to allow, at each noise level; `INVENTED` if neither
        this nor `threshold` is given.
    threshold
        For the comparison at the same threshold: a correlation.
    draws
        Noise draws.

    Raises
    ------
    ValueError
        If both `invented` and `threshold` are given.

    Notes
    -----
    Each value that is left stands where it was in the full map; a mean, where the largest value of
    its window was. So one rule in whole pixels tells for all methods which value is the highest and
    which petal is near. The centre of a 2 × 2 window would lie between the pixels: within 6 pixels
    it reaches 5.5, so windows would find fewer petals than single pixels, and within 6.5 more. And
    a peak among windows exceeds values farther off than one among as many pixels; the more a peak
    must exceed, the fewer are invented.

    Examples
    --------
    >>> petal_counts((0.1,), draws=10).kept.value.shape
    (4, 1)
    """
    if invented is not None and threshold is not None:
        refuse("invented", invented, "None where a threshold is given")
    allowed = INVENTED if invented is None else invented
    tallies = [
        _tally(noisy_maps(level, noise, draws, seed), method, window, allowed, threshold)
        for level in noise_sds  # outside: all methods look at the same maps
        for method in METHODS
    ]
    shape = (len(noise_sds), len(METHODS), -1)
    kept, wrong, limits = (
        np.reshape(each, shape).swapaxes(0, 1) for each in zip(*tallies, strict=True)
    )
    return PetalCounts(
        intervals.of_mean(kept),
        intervals.of_mean(1 - kept),
        intervals.of_mean(wrong),
        intervals.of_mean(kept[:-1] - kept[-1]),
        limits[..., 0],
        petals().row.size,
    )


def _tally(
    maps: Floats, method: str, window: int, invented: float, threshold: float | None
) -> tuple[Floats, Ints, float]:
    """Return the share kept and the number invented in each draw, and the threshold."""
    scores, near = _scores(maps, method, window), _map_near_petals()
    at_petals = np.stack([scores[:, around].max(axis=1) for around in near], axis=1)
    elsewhere = scores[:, ~near.any(axis=0)]
    limit = _limit(elsewhere, invented) if threshold is None else threshold
    return (at_petals > limit).mean(axis=1), (elsewhere > limit).sum(axis=1), limit


def _scores(maps: Floats, method: str, window: int) -> Floats:
    """Return what a method leaves of the maps where it is the highest nearby, and −∞ elsewhere."""
    left = _left(maps, method, window)
    return np.where(is_peak(left, NEAR), left, -np.inf)


def _left(maps: Floats, method: str, window: int) -> Floats:
    """Return the values that a method leaves of the maps, each at its own place, and −∞ elsewhere.

    The place of a mean is that of the largest value in its window.
    """
    if method == "none":
        return maps
    if method == "subsample":
        left = np.full_like(maps, -np.inf)
        left[:, ::window, ::window] = pooled(maps, method, window)
        return left
    flat = np.full((len(maps), maps[0].size), -np.inf)
    _, places = max_pool2d(maps, window, return_indices=True)
    values = pooled(maps, method, window)
    np.put_along_axis(flat, places.reshape(len(maps), -1), values.reshape(len(maps), -1), axis=1)
    return flat.reshape(maps.shape)


@cache
def _map_near_petals() -> NDArray[np.bool_]:
    """Tell which units are near which petal: (petals, H, W)."""
    shape = petal_map().shape
    rows, columns = (place.ravel() for place in np.indices(shape))
    return frozen(near_petals(rows, columns).reshape(-1, *shape))


def _limit(scores: Floats, invented: float) -> float:
    """Return the threshold that lets `invented` of these scores (draws, units) pass per draw."""
    allowed = min(int(invented * len(scores)), scores.size - 1)
    return float(-np.partition(-scores, allowed, axis=None)[allowed])


class Detections(NamedTuple):
    """Petals detected in one noisy photograph.

    Attributes
    ----------
    row, column
        The unit of the petal map: of all that the detecting value was made from, the largest.
    score
        Correlation, above the threshold.
    invented
        Whether no petal is near; as long as `row`.
    kept
        Whether a detection is near; as long as `petals` and in its order.
    """

    row: Ints
    column: Ints
    score: Floats
    invented: NDArray[np.bool_]
    kept: NDArray[np.bool_]


@checked
def detections(
    noise_sd: NoiseLevel = 0.3,
    seed: Seed = 0,
    *,
    noise: Noise = "photo",
    method: Method = "max",
    window: PooledBy = 2,
    threshold: Annotated[float, Number()] = 0.35,
) -> Detections:
    """Return what is detected in one noisy photograph, in the sense of `petal_counts`.

    Parameters
    ----------
    noise_sd, seed, noise
        As in `petal_map`.
    method
        What is left of the map.
    window
        Side and stride of the pooling windows.
    threshold
        Correlation above which a local maximum is a detection.

    Examples
    --------
    >>> clean = detections(0.0, method="none", threshold=0.5)
    >>> bool(clean.kept.all())
    True
    """
    [scores] = _scores(noisy_maps(noise_sd, noise, 1, seed), method, window)
    rows, columns = np.nonzero(scores > threshold)
    near = near_petals(rows, columns)
    petal, kept = np.any(near, axis=0), np.any(near, axis=1)
    return Detections(rows, columns, scores[rows, columns], ~petal, kept)
