"""Pooling over angles: the petal template, turned, on the dahlia.

A bank of templates, turned against one another, is a set of channels; the max over it is a pool
over channels. Angles are in degrees, in the unrolled picture, where petals look alike.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Annotated, NamedTuple

import numpy as np

from explainers import intervals
from explainers.checks import Floats, Ints
from explainers.flower.detector import (
    TEMPLATE_SIZE,
    Draws,
    match,
    near_petals,
    petal_map,
    petals,
    template,
)
from explainers.flower.photograph import NoiseLevel, clean, frozen, photo_noise
from explainers.intervals import Interval
from explainers.kinds import Number, Seed, Whole, checked

ANGLES = tuple(range(0, 181, 15))
"""Angles between petal and template, in what the site shows."""
BANK = 12
"""Templates all around, in what the site shows."""

Angle = Annotated[float, Number(-360, 360, "degrees")]
FalseAlarm = Annotated[float, Number(0, 1, "false-alarm rate", open=True)]

_HALF = TEMPLATE_SIZE // 2


@checked
def turned(angle: Angle = 0) -> Floats:
    """Return the petal template turned about its middle, what is outside its disc left out.

    Parameters
    ----------
    angle
        From the rows towards the columns.

    Returns
    -------
    ndarray, shape (13, 13)
        Of mean 0 and norm 1 within the disc of radius 6, and 0 beyond it: so that all angles see
        the same places.

    Examples
    --------
    >>> bool(np.allclose(turned(90), np.rot90(turned(0), -1)))
    True
    """
    turn = math.radians(angle)
    row, column = np.indices((TEMPLATE_SIZE, TEMPLATE_SIZE)) - float(_HALF)
    inside = row**2 + column**2 <= _HALF**2
    from_row = math.cos(turn) * row - math.sin(turn) * column
    from_column = math.sin(turn) * row + math.cos(turn) * column
    values = _sampled(template(), from_row + _HALF, from_column + _HALF)
    values = np.where(inside, values - values[inside].mean(), 0.0)
    return np.asarray(values / np.sqrt((values**2).sum()))


def _sampled(picture: Floats, row: Floats, column: Floats) -> Floats:
    """Interpolate between the four nearest values; beyond the border, its own."""
    last = len(picture) - 1
    row, column = np.clip(row, 0, last), np.clip(column, 0, last)
    up, left = (np.minimum(np.floor(x).astype(int), last - 1) for x in (row, column))
    down, right = row - up, column - left
    above = (1 - right) * picture[up, left] + right * picture[up, left + 1]
    below = (1 - right) * picture[up + 1, left] + right * picture[up + 1, left + 1]
    return np.asarray((1 - down) * above + down * below)


class ByAngle(NamedTuple):
    """Hit rates against the angle between petals and template, at equal false alarms.

    Attributes
    ----------
    angle
        Shape (angles,).
    single
        Of one template, shape (angles,); 95 % intervals over draws of noise.
    bank
        Of the max over the bank, one of which is at that angle.
    gain
        Bank less single, paired by draw.
    """

    angle: Floats
    single: Interval[Floats]
    bank: Interval[Floats]
    gain: Interval[Floats]


@checked
def hit_by_angle(
    angles: Annotated[Sequence[float], Number(-360, 360, many=True)] = ANGLES,
    bank: Annotated[int, Whole(1, 36, "templates, all around")] = BANK,
    *,
    noise_sd: NoiseLevel = 0.3,
    false_alarm: FalseAlarm = 0.05,
    draws: Draws = 20,
    seed: Seed = 0,
) -> ByAngle:
    """Look for petals with a template that is turned, and with a bank of such.

    Parameters
    ----------
    angles
        Between the petals and the template: the templates turn, the noisy picture does not, as
        turning it would smooth its noise.
    bank
        Number of templates, 360° / `bank` apart.
    noise_sd
        Of the noise on the photograph's pixels, as in `explainers.flower.petal_map`.
    false_alarm
        Share of the places more than 6 pixels from every petal where one is reported; for each
        angle, for the single template and for the bank alike, over the same draws.
    draws
        Noisy photographs.
    seed
        Of their noise.

    Returns
    -------
    ByAngle

    Examples
    --------
    >>> found = hit_by_angle((0, 90), draws=4)
    >>> (found.single.value[0] > found.bank.value[0], found.single.value[1] < found.bank.value[1])
    (np.True_, np.True_)
    """
    step = 360 / bank
    single, pooled = [], []
    for angle in angles:
        maps = [
            _scores(round((angle + i * step) % 360, 9), noise_sd, draws, seed) for i in range(bank)
        ]
        single.append(_hits(maps[0], false_alarm))
        pooled.append(_hits(np.max(maps, axis=0), false_alarm))
    one, many = np.array(single), np.array(pooled)
    return ByAngle(
        np.array(angles, dtype=np.float64),
        intervals.within(_over_draws(one), 0, 1),
        intervals.within(_over_draws(many), 0, 1),
        _over_draws(many - one),
    )


def _over_draws(each: Floats) -> Interval[Floats]:
    """Average over draws. There are few, so the interval is Student's: two terms of its series."""
    z, free = intervals.Z, each.shape[-1] - 1
    wider = z + (z**3 + z) / (4 * free) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * free**2)
    return intervals.around(each.mean(axis=-1), intervals.standard_error(each), wider)


@lru_cache(maxsize=64)
def _scores(angle: float, noise_sd: float, draws: int, seed: int) -> Floats:
    """Return the match with a turned template at all places looked at: (draws, places)."""
    maps = match(_pictures(noise_sd, draws, seed), turned(angle))
    return frozen(maps[:, *_places()[0]])


@lru_cache(maxsize=2)
def _pictures(noise_sd: float, draws: int, seed: int) -> Floats:
    return frozen(clean() + noise_sd * photo_noise(draws, seed))


@cache
def _places() -> tuple[tuple[Ints, Ints], int]:
    """Return rows and columns of the petals, then of the background, and how many petals."""
    row, column = petals()[:2]
    rows, columns = (place.ravel() for place in np.indices(petal_map().shape))
    far = ~near_petals(rows, columns).any(axis=0)
    return (np.append(row, rows[far]), np.append(column, columns[far])), row.size


def _hits(scores: Floats, false_alarm: float) -> Floats:
    """Return each draw's share of petals found, and with it how it moves the threshold of all.

    A draw with a share more of its background above the threshold would raise it: petals are lost
    by that share times the slope of the ROC curve there. Over all draws this adds up to nothing.
    """
    number = _places()[1]
    petal, background = scores[:, :number], scores[:, number:]
    near = false_alarm * (1 - false_alarm) / 4
    threshold, lower, upper = (
        np.quantile(background, 1 - alarm)
        for alarm in (false_alarm, false_alarm + near, false_alarm - near)
    )
    slope = ((petal > lower).mean() - (petal > upper).mean()) / (2 * near)
    above = (background > threshold).mean(axis=1)
    return np.asarray((petal > threshold).mean(axis=1) - slope * (above - above.mean()))


@checked
def tolerated(
    angle: Annotated[float, Number(0, 180, "degrees")],
    radius: Annotated[float, Number(0, 1e6, "distance from the centre, in pixels")],
    kernel_size: Annotated[int, Whole(1, 1000)] = 2,
) -> float:
    """Share of features that stay in their window as the picture turns.

    Parameters
    ----------
    angle
        By which the picture turns about a centre.
    radius
        r: of the features from it.
    kernel_size
        Height and width k of the windows, which are side by side.

    Returns
    -------
    float
        Features at all places of a window, and in all directions from the centre, count alike.

    Notes
    -----
    A feature moves by the chord δ = 2r sin(angle / 2). In direction φ it stays with probability
    (1 − δ|cos φ| / k)(1 − δ|sin φ| / k), where both are positive. Averaged over φ, for δ ≤ k:

        1 − 4δ / πk + δ² / πk².

    For larger δ by a sum over 1440 directions, to about 1e-5.

    Examples
    --------
    >>> [round(tolerated(10, radius), 2) for radius in (1, 5, 20)]
    [0.89, 0.51, 0.0]
    """
    away = 2 * radius * math.sin(math.radians(angle) / 2) / kernel_size  # δ / k
    if away <= 1:
        return 1 - 4 * away / math.pi + away**2 / math.pi
    direction = (np.arange(1440) + 0.5) * (math.pi / 2 / 1440)
    stays = np.maximum(1 - away * np.cos(direction), 0) * np.maximum(
        1 - away * np.sin(direction), 0
    )
    return float(stays.mean())
