"""What is tried on random windows, maps and features, where no law is known; 95 % intervals.

Windows are those of `explainers.alternatives.model`. What needs values that are not negative is
given rectified ones, as behind a rectifier: Lp, generalised mean and stochastic pooling. Maps wrap
round and are not negative; they move by whole elements.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Annotated, Any, NamedTuple

import numpy as np

from explainers import intervals
from explainers.alternatives.aggregates import (
    AGGREGATES,
    Name,
    Pool,
    Power,
    Temperature,
    aggregate,
    concatenated,
    soft_argmax,
)
from explainers.alternatives.model import Correlation, FalseAlarm, Seen, Strength, Units
from explainers.alternatives.pools import Method, Stride, Window, pool
from explainers.checks import Floats, refuse
from explainers.intervals import Interval
from explainers.kinds import Choice, Number, Seed, Share, Whole, checked
from explainers.maps import Length, busy_maps, lone_peaks, smooth_maps

RECTIFIED = ("Lp", "generalised mean", "stochastic", "stochastic test")
"""Aggregates that are given rectified values."""
POWERS = (1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 20.0, 100.0)
"""Powers p that are tried for the generalised mean."""
TEMPERATURES = (0.0, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0, 1e9)
"""Temperatures that are tried for a softmax or a log-sum-exp: from the max to the mean."""
SHARES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
"""Shares of the max that are tried for the mixture."""
FAMILIES = ("generalised mean", "softmax-weighted", "log-sum-exp", "mixed")
"""Families of pools between mean and max, each with one setting."""
TRIALS = 20_000
"""Windows with a feature, and as many without, in what the site shows."""
WIDTH = 1.5
"""σ in pixels of the wide feature whose place is read."""
NOISE = 0.02
"""Noise on each value of its map, as a share of its height."""

Trials = Annotated[int, Whole(100, 1_000_000, "windows with a feature, and as many without")]
Maps = Annotated[int, Whole(2, 10_000, "number of maps")]
Move = Annotated[int, Whole(-64, 64, "elements that the maps move")]
Size = Annotated[int, Whole(4, 128, "height and width of the maps")]
Samples = Annotated[int, Whole(100, 100_000, "features to fit, and as many to test")]
Family = Annotated[str, Choice(FAMILIES)]

_SETTINGS = {
    "generalised mean": ("p", POWERS),
    "softmax-weighted": ("temperature", TEMPERATURES),
    "log-sum-exp": ("temperature", TEMPERATURES),
    "mixed": ("share", SHARES),
}
_BLOCK = 2**21  # values that are pooled at once


# Hit rates


@checked
def hit_rate(
    method: Name,
    units: Units = 4,
    seen: Seen = 1,
    *,
    false_alarm: FalseAlarm = 0.05,
    d_prime: Strength = 2,
    correlation: Correlation = 0,
    p: Power = 3,
    temperature: Temperature = 1,
    share: Share = 0.5,
    trials: Trials = TRIALS,
    seed: Seed = 0,
) -> Interval[float]:
    """Try how often an aggregate of noisy units finds a feature, at equal false alarms.

    Parameters
    ----------
    method, p, temperature, share
        As in `explainers.alternatives.aggregates.aggregate`.
    units, seen, false_alarm, d_prime, correlation
        As in `explainers.alternatives.model.mean_hit_rate`; a fixed unit may be any of the n.
    trials
        Windows with a feature, and as many without, from which the threshold is taken.
    seed
        Of the random numbers.

    Returns
    -------
    Interval[float]
        With the error of the threshold: to the first order, as in `_rate`.

    Raises
    ------
    ValueError
        If more units see the feature than there are.

    Examples
    --------
    >>> round(hit_rate("max").value, 2), round(hit_rate("generalised mean", p=3).value, 2)
    (0.43, 0.43)
    """
    _at_most(seen, units)
    noise, scene = _windows(units, seen, d_prime, correlation, trials, seed)
    if method == "every second value":  # any place of the window may be the first
        scene = _rolled(scene)
    one = aggregate(method, p=p, temperature=temperature, share=share, seed=seed).pool
    return _interval(*_rate(_pooled(method, one, noise), _pooled(method, one, scene), false_alarm))


def _at_most(seen: int, units: int) -> None:
    if seen > units:
        refuse("seen", seen, f"a whole number in [0, n], here [0, {units}]")


def _windows(
    units: int, seen: int, d_prime: float, correlation: float, trials: int, seed: int
) -> tuple[Floats, Floats]:
    """Return windows without and with a feature, (trials, n), which the first units see."""
    noise, scene = _noise(units, correlation, trials, seed)
    return noise, scene + d_prime * (np.arange(units) < seen)


@lru_cache(maxsize=2)
def _noise(units: int, correlation: float, trials: int, seed: int) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(seed)
    own = rng.standard_normal((2, trials, units))
    common = rng.standard_normal((2, trials, 1))
    both = np.sqrt(1 - correlation) * own + np.sqrt(correlation) * common
    return both[0], both[1]


def _rolled(scene: Floats) -> Floats:
    """Let the units that see the feature begin at each place in turn."""
    trials, units = scene.shape
    places = (np.arange(units) + np.arange(trials)[:, None]) % units
    return np.take_along_axis(scene, places, axis=1)


def _pooled(method: str, one: Pool, values: Floats) -> Floats:
    """Pool windows, rectified if they must be, a block at a time."""
    rows = _BLOCK // values.shape[1] if method != "stochastic" else len(values)
    blocks = (values[first : first + rows] for first in range(0, len(values), rows))
    lifted = (np.maximum(block, 0) if method in RECTIFIED else block for block in blocks)
    return np.concatenate([one(block) for block in lifted])


def _rate(noise: Floats, scene: Floats, false_alarm: float) -> tuple[float, Floats]:
    """Return the hit rate, and how much each trial moves it, by its own scene and its own noise.

    The threshold is a quantile of the noise. If a share more of the noise were above it, the hit
    rate would be lower by that share times the slope of the ROC curve there.
    """
    near = false_alarm * (1 - false_alarm) / 4
    threshold, lower, upper = (
        np.quantile(noise, 1 - alarm)
        for alarm in (false_alarm, false_alarm + near, false_alarm - near)
    )
    hits = scene > threshold
    slope = ((scene > lower).mean() - (scene > upper).mean()) / (2 * near)
    return float(hits.mean()), hits - slope * (noise > threshold)


def _interval(rate: float, moved: Floats) -> Interval[float]:
    return intervals.scalar(_of_rates(np.asarray(rate), moved))


def _of_rates(rates: Floats, moved: Floats) -> Interval[Floats]:
    """Their intervals, no narrower than a share of so many trials has: of all of them, too."""
    found = intervals.within(intervals.around(rates, intervals.standard_error(moved)), 0, 1)
    least = intervals.wilson(rates, moved.shape[-1])
    return Interval(
        found.value, np.minimum(found.low, least.low), np.maximum(found.high, least.high)
    )


class Together(NamedTuple):
    """The best weighting of max and mean together, and its hit rate.

    Attributes
    ----------
    max_weight, mean_weight
        Of the rule, its squares adding to 1; the mean in units of its own standard deviation.
    hit
        On other trials than those that the rule was chosen on.
    """

    max_weight: float
    mean_weight: float
    hit: Interval[float]


@checked
def concatenated_hit_rate(
    units: Units = 4,
    seen: Seen = 1,
    *,
    false_alarm: FalseAlarm = 0.05,
    d_prime: Strength = 2,
    correlation: Correlation = 0,
    trials: Trials = TRIALS,
    seed: Seed = 0,
) -> Together:
    """Try how often the best linear rule of max and mean finds a feature, at equal false alarms.

    Parameters
    ----------
    units, seen, false_alarm, d_prime, correlation, trials, seed
        As in `hit_rate`.

    Returns
    -------
    Together

    Raises
    ------
    ValueError
        If more units see the feature than there are, or there is one unit only.

    Notes
    -----
    Each of the two is divided by its standard deviation in noise. Of 72 rules, all around the
    circle, the one with the most hits on the first half of the trials is tested on the second.

    Examples
    --------
    >>> rule = concatenated_hit_rate(16, 1, correlation=0.5)
    >>> rule.mean_weight < 0, round(rule.hit.value, 1)
    (True, 0.5)
    """
    _at_most(seen, units)
    if units == 1:
        refuse("units", units, "at least 2: of one unit, max and mean are the same")
    noise, scene = map(concatenated, _windows(units, seen, d_prime, correlation, trials, seed))
    spread, half = noise.std(axis=0), trials // 2
    angles = np.radians(np.arange(-180, 180, 5))
    rules = np.stack([np.cos(angles), np.sin(angles)]) / spread[:, None]
    known, asked = noise @ rules, scene @ rules
    rates = [_rate(known[:half, i], asked[:half, i], false_alarm)[0] for i in range(len(angles))]
    best = int(np.argmax(rates))
    tested = _rate(known[half:, best], asked[half:, best], false_alarm)
    return Together(float(np.cos(angles[best])), float(np.sin(angles[best])), _interval(*tested))


@checked
def best_hit_rate(
    units: Units = 4,
    seen: Seen = 1,
    *,
    false_alarm: FalseAlarm = 0.05,
    d_prime: Annotated[float, Number(0, 20, open=True)] = 2,
    correlation: Correlation = 0,
    trials: Trials = TRIALS,
    seed: Seed = 0,
) -> Interval[float]:
    """Try how often the best test there is finds a feature that any `seen` of n units may see.

    Parameters
    ----------
    units, seen, false_alarm, d_prime, correlation, trials, seed
        As in `hit_rate`, with d′ above 0.

    Returns
    -------
    Interval[float]
        Of no pool that does not know where the feature is can it be more (Neyman and Pearson).

    Raises
    ------
    ValueError
        If more units see the feature than there are, or none.

    Notes
    -----
    The likelihood ratio is averaged over all sets of s units. With a = d′ / (1 − ρ), its logarithm
    is, up to a constant,

        log eₛ(exp(a x)) − a κ s Σx,  κ = ρ / (1 − ρ + nρ),

    where eₛ adds up the products of every s of its arguments. So for s = 1 and own noise, the best
    test is a log-sum-exp of temperature 1 / d′, and for s = n it is the mean.

    Examples
    --------
    >>> round(best_hit_rate(4, 2).value, 2), round(best_hit_rate(4, 2, correlation=0.5).value, 2)
    (0.76, 0.78)
    """
    _at_most(seen, units)
    if not seen:
        refuse("seen", seen, "at least 1: there is nothing to find")
    scale = d_prime / (1 - correlation)
    common = correlation / (1 - correlation + units * correlation)

    def ratio(values: Floats) -> Floats:
        shared = scale * common * seen * values.sum(axis=1)
        return np.asarray(_log_symmetric(scale * values, seen) - shared)

    noise, scene = _windows(units, seen, d_prime, correlation, trials, seed)
    return _interval(*_rate(ratio(noise), ratio(scene), false_alarm))


def _log_symmetric(logs: Floats, degree: int) -> Floats:
    """Logarithm of the sum of all products of so many of each row's numbers, from their logarithms.

    Number by number: it is in a product, or it is not.
    """
    rows, number = logs.shape
    sums = np.full((degree + 1, rows), -np.inf)
    sums[0] = 0
    for i in range(number):
        first, last = max(1, degree - number + i + 1), min(i + 1, degree)  # no others matter
        sums[first : last + 1] = np.logaddexp(
            sums[first : last + 1], sums[first - 1 : last] + logs[:, i]
        )
    return np.asarray(sums[degree])


class Frontier(NamedTuple):
    """Hit rates of a family of pools between mean and max.

    Attributes
    ----------
    settings
        The powers, temperatures or shares, shape (settings,).
    seen
        How many units see the feature, shape (seen,).
    hit
        Shape (seen, settings).
    best
        Index of the setting with the most hits, shape (seen,).
    behind
        Hit rate of the best less that of each, on the same trials: shape (seen, settings). Where
        its interval begins below 0, the two are not told apart.
    """

    settings: Floats
    seen: Floats
    hit: Interval[Floats]
    best: Floats
    behind: Interval[Floats]


@checked
def frontier(
    family: Family = "generalised mean",
    units: Units = 16,
    seen: Annotated[Sequence[int], Whole(1, 1000, many=True)] = (1, 2, 4, 8, 16),
    settings: Annotated[Sequence[float], Number(0, 1e9, many=True)] | None = None,
    *,
    false_alarm: FalseAlarm = 0.05,
    d_prime: Strength = 2,
    correlation: Correlation = 0,
    trials: Trials = TRIALS,
    seed: Seed = 0,
) -> Frontier:
    """Try which setting between mean and max finds most, for each number of units that see.

    Parameters
    ----------
    family
        ``"generalised mean"`` by its power, of rectified values; ``"softmax-weighted"`` and
        ``"log-sum-exp"`` by their temperature, or ``"mixed"`` by its share of the max, of the
        values as they are.
    units, false_alarm, d_prime, correlation, trials, seed
        As in `hit_rate`.
    seen
        Numbers of units, each at most `units`.
    settings
        By default `POWERS`, `TEMPERATURES` or `SHARES`.

    Returns
    -------
    Frontier

    Raises
    ------
    ValueError
        If more units see the feature than there are, or a setting is none of the family's.

    Examples
    --------
    >>> found = frontier("mixed", 16, (1, 16), (0.0, 0.5, 1.0), trials=4000)
    >>> found.settings[found.best].tolist()
    [1.0, 0.0]
    """
    name, usual = _SETTINGS[family]
    tried = tuple(usual if settings is None else settings)
    ones = [aggregate(family, **{name: setting}).pool for setting in tried]  # type: ignore[arg-type]
    noise, _ = _windows(units, 0, d_prime, correlation, trials, seed)
    known = [_pooled(family, one, noise) for one in ones]
    rates, moved = [], []
    for number in seen:
        _at_most(number, units)
        _, scene = _windows(units, number, d_prime, correlation, trials, seed)
        found = [
            _rate(without, _pooled(family, one, scene), false_alarm)
            for without, one in zip(known, ones, strict=True)
        ]
        rates.append([rate for rate, _ in found])
        moved.append([each for _, each in found])
    return _frontier(np.array(tried), np.array(seen), np.array(rates), np.array(moved))


def _frontier(settings: Floats, seen: Floats, rates: Floats, moved: Floats) -> Frontier:
    best = rates.argmax(axis=1)
    leader = np.arange(len(seen)), best
    behind = rates[leader][:, None] - rates
    error = intervals.standard_error(moved[leader][:, None] - moved)
    return Frontier(settings, seen, _of_rates(rates, moved), best, intervals.around(behind, error))


# What stays when the map moves


@checked
def lone_peak_stays(
    method: Method,
    kernel_size: Window = 2,
    stride: Stride | None = None,
    *,
    dy: Move = 0,
    dx: Move = 1,
    p: Power = 3,
    temperature: Temperature = 1,
    share: Share = 0.5,
) -> Fraction:
    """Return the share of places of a lone peak whose pooled map stays as it moves.

    Parameters
    ----------
    method, kernel_size, stride, p, temperature, share
        As in `explainers.alternatives.pools.pool`.
    dy, dx
        How far the peak moves.

    Returns
    -------
    Fraction
        Exact: by trying all places of a cell. Equal to 12 digits counts as staying.

    Raises
    ------
    ValueError
        If stride and window are so large that such a map would have more than 48 × 48 values.

    Examples
    --------
    >>> [str(lone_peak_stays(name)) for name in ("max", "every second value", "blurred max")]
    ['1/2', '1/2', '0']
    """
    step = kernel_size if stride is None else stride
    side = 4 * step * -(-(kernel_size + 2) // step)
    if side > 48:
        refuse("kernel_size", kernel_size, "smaller: the map of a lone peak has 48 × 48 values")
    one = pool(method, kernel_size, step, p=p, temperature=temperature, share=share)
    peaks = lone_peaks(side).reshape(side, side, side, side)[:step, :step].reshape(-1, side, side)
    before, after = one(peaks), one(np.roll(peaks, (dy, dx), axis=(1, 2)))
    same = np.isclose(before, after, rtol=1e-12, atol=1e-12).all(axis=(1, 2, 3))
    return Fraction(int(same.sum()), len(same))


class Moved(NamedTuple):
    """What a move does to pooled maps; 95 % intervals over maps.

    Attributes
    ----------
    stays
        Share of values of a busy map's pooled map that stay, to 12 digits.
    change
        Relative RMS change of the pooled maps of smooth maps: 0 is none, 1 as between unrelated
        maps.
    equivariance
        The same, of the moved maps pooled and the pooled maps moved, by the better of the two
        whole numbers next to the move divided by the stride, for each map and along each axis.
    """

    stays: Interval[float]
    change: Interval[float]
    equivariance: Interval[float]


@checked
def moved(
    method: Method,
    kernel_size: Window = 2,
    stride: Stride | None = None,
    *,
    dy: Move = 0,
    dx: Move = 1,
    length: Length = 2,
    maps: Maps = 100,
    size: Size = 32,
    p: Power = 3,
    temperature: Temperature = 1,
    share: Share = 0.5,
    seed: Seed = 0,
) -> Moved:
    """Move maps round, pool them, and compare.

    Parameters
    ----------
    method, kernel_size, stride, p, temperature, share
        As in `explainers.alternatives.pools.pool`.
    dy, dx
        How far the maps move.
    length
        Correlation length of the smooth maps, in elements, at most size / 4; they are rectified.
    maps, size
        How many maps of which size, divisible by the stride.
    seed
        Of the random numbers. Stochastic pooling draws anew after the move.

    Returns
    -------
    Moved

    Raises
    ------
    ValueError
        If the stride does not divide the size, or `length` is too long for it.

    Examples
    --------
    >>> found = moved("max", maps=20)
    >>> round(found.stays.value, 1), round(found.change.value, 1)
    (0.3, 0.4)
    """
    before, after = (
        pool(method, kernel_size, stride, p=p, temperature=temperature, share=share, seed=s)
        for s in (seed, seed + 1)
    )
    busy = busy_maps(maps, size, seed=seed)
    smooth = np.maximum(smooth_maps(maps, size, length, seed), 0)
    still, gone = before(busy), after(np.roll(busy, (dy, dx), axis=(1, 2)))
    same = np.isclose(still, gone, rtol=1e-12, atol=0).mean(axis=(1, 2, 3))
    first, second = before(smooth), after(np.roll(smooth, (dy, dx), axis=(1, 2)))
    factor = size // first.shape[-1]
    moves = itertools.product(_around(dy, factor), _around(dx, factor))
    along = [_squares(second - np.roll(first, move, axis=(2, 3))) for move in moves]
    return Moved(
        intervals.scalar(intervals.within(intervals.of_mean(same), 0, 1)),
        _relative(_squares(second - first), first, second),
        _relative(np.min(along, axis=0), first, second),
    )


def _around(distance: int, factor: int) -> set[int]:
    """Return the whole numbers next to distance / factor, or itself."""
    return {distance // factor, -(-distance // factor)}


def _squares(difference: Floats) -> Floats:
    """Return each map's mean square."""
    return np.asarray((difference**2).mean(axis=(1, 2, 3)))


def _relative(squares: Floats, before: Floats, after: Floats) -> Interval[float]:
    """Return √(mean square / 2 variance), with the interval of a ratio of means over maps."""
    both = np.concatenate([before, after], axis=2)
    spread = _squares(both - both.mean(axis=(0, 2, 3), keepdims=True))
    unrelated = 2 * float(spread.mean())
    if unrelated == 0:  # every value is the same, so nothing has changed
        return Interval(0.0, 0.0, 0.0)
    ratio = float(squares.mean()) / unrelated
    error = intervals.standard_error((squares - 2 * ratio * spread) / unrelated)
    return intervals.scalar(intervals.root(intervals.around(ratio, error)))


# What is kept


@checked
def place_error(
    method: Method,
    kernel_size: Window = 2,
    stride: Annotated[int, Whole(2, 8)] = 2,
    *,
    width: Annotated[float, Number(0, 8, "σ of the feature, in pixels")] = WIDTH,
    noise: Annotated[float, Number(0, 10)] = NOISE,
    rectified: bool = True,
    p: Power = 3,
    temperature: Temperature = 1,
    share: Share = 0.5,
    samples: Samples = 2000,
    seed: Seed = 0,
) -> Interval[float]:
    """Read from a pooled map where a feature was in its cell of stride × stride pixels.

    Parameters
    ----------
    method, kernel_size, stride, p, temperature, share
        As in `explainers.alternatives.pools.pool`.
    width
        σ of the feature, exp(−r² / 2σ²), in pixels. With 0 it is one pixel.
    noise
        Standard deviation of the normal noise on each value of the map.
    rectified
        Whether the map is rectified before it is pooled, as some pools need it.
    samples
        To fit a read-out, and as many to test it.
    seed
        Of the random numbers.

    Returns
    -------
    Interval[float]
        Root mean squared error along an axis, in pixels.

    Notes
    -----
    A feature of height 1 lies anywhere in the middle one of 5 × 5 cells, with no border: the map
    goes on round. The read-out is the linear least-squares one, with a constant; its own error,
    of about weights / samples, is in the interval. Without anything to read, the error is that of
    the cell's middle: √(s² / 12), and √((s² − 1) / 12) of a single pixel.

    Examples
    --------
    >>> single = [place_error(name, width=0) for name in ("max", "strided convolution")]
    >>> [round(error.value, 2) for error in single]
    [0.5, 0.04]
    """
    maps, true = _features(stride, width, noise, samples, seed)
    maps = np.maximum(maps, 0) if rectified else maps
    one = pool(method, kernel_size, stride, p=p, temperature=temperature, share=share, seed=seed)
    answers = np.column_stack([one(maps).reshape(2 * samples, -1), np.ones(2 * samples)])
    weights = np.linalg.lstsq(answers[:samples], true[:samples], rcond=None)[0]
    squares = ((answers[samples:] @ weights - true[samples:]) ** 2).mean(axis=1)
    fitted = squares.mean() * np.sqrt(answers.shape[1]) / samples
    spread = np.hypot(intervals.standard_error(squares), fitted)
    return intervals.scalar(intervals.root(intervals.around(squares.mean(), spread)))


def _features(
    stride: int, width: float, noise: float, samples: int, seed: int
) -> tuple[Floats, Floats]:
    """Return noisy maps of one feature each, and its place in the middle cell: pixels, (…, 2)."""
    rng = np.random.default_rng(seed)
    places = rng.random((2 * samples, 2)) * stride
    true = places if width else np.floor(places)
    size = 5 * stride
    pixel = np.arange(size) + (0.5 if width else 0.0)  # its middle, or its number
    away = pixel - (true + 2 * stride)[..., None]
    profile = np.exp(-((away / width) ** 2) / 2) if width else (away == 0).astype(np.float64)
    maps = profile[:, 0, :, None] * profile[:, 1, None, :]
    return maps + noise * rng.standard_normal(maps.shape), true


@checked
def soft_argmax_error(
    temperature: Temperature = 0.1,
    *,
    width: Annotated[float, Number(0, 8, "σ of the feature, in pixels")] = WIDTH,
    noise: Annotated[float, Number(0, 10)] = NOISE,
    samples: Samples = 2000,
    seed: Seed = 0,
) -> Interval[float]:
    """Read a feature's place from an unpooled map as the mean of all places, softmax-weighted.

    Parameters
    ----------
    temperature
        As in `explainers.alternatives.aggregates.soft_argmax`.
    width, noise, samples, seed
        As in `place_error`, with cells of 2 × 2; maps of 10 × 10 are read, nothing is fitted.

    Returns
    -------
    Interval[float]
        Root mean squared error along an axis, in pixels.

    Notes
    -----
    A high temperature counts the empty map as well, and draws what is read to the map's middle. A
    temperature of 0 reads a whole pixel: an error of √(1/12) = 0.29 of a wide feature.

    Examples
    --------
    >>> round(soft_argmax_error(0.1).value, 2), round(soft_argmax_error(0.0, width=0).value, 2)
    (0.04, 0.0)
    """
    maps, true = _features(2, width, noise, samples, seed)
    read = soft_argmax(maps[samples:], temperature) + (0.5 if width else 0.0)
    squares = ((read - true[samples:] - 4) ** 2).mean(axis=1)
    return intervals.scalar(intervals.root(intervals.of_mean(squares)))


@checked
def blurred_max_bits(
    levels: Annotated[int, Whole(2, 16)] = 8,
    *,
    rounded: bool = False,
    samples: Annotated[int, Whole(1000, 10**6)] = 200_000,
    seed: Seed = 0,
) -> Interval[float]:
    """Information that the blurred max of 2 × 2 keeps of the 4 × 4 values that it looks at.

    Parameters
    ----------
    levels, rounded
        As in `explainers.alternatives.model.kept_bits`.
    samples
        Maps of independent levels of which one output is taken.
    seed
        Of the random numbers.

    Returns
    -------
    Interval[float]
        The entropy of the output, in bits, of its frequencies, with Miller's correction.

    Examples
    --------
    >>> round(blurred_max_bits().value, 1)
    5.4
    """
    drawn = np.random.default_rng(seed).integers(levels, size=(samples, 4, 4)).astype(np.float64)
    kept = pool("blurred max", 2, 4)(np.roll(drawn, 1, axis=(1, 2)))[:, 0, 0, 0]
    told = np.floor(kept + 0.5) if rounded else np.round(kept * 16)
    share = np.unique(told, return_counts=True)[1] / samples
    entropy = -(share * np.log2(share)).sum() + (share.size - 1) / (2 * samples * np.log(2))
    error = np.sqrt(((share * np.log2(share) ** 2).sum() - entropy**2) / samples)
    return intervals.scalar(intervals.around(entropy, error))


# The gradient


class Reach(NamedTuple):
    """Where the gradient of an aggregate goes; 95 % intervals over windows.

    Attributes
    ----------
    share
        Of the values of a window that get any.
    number
        Over how many values it is spread, as good as evenly: (Σ|g|)² / Σ g², averaged.
    """

    share: Interval[float]
    number: Interval[float]


@checked
def gradient_reach(
    method: Annotated[str, Choice((*AGGREGATES, "concatenated"))],
    units: Units = 4,
    *,
    p: Power = 3,
    temperature: Temperature = 1,
    share: Share = 0.5,
    windows: Annotated[int, Whole(2, 100_000)] = 4000,
    seed: Seed = 0,
) -> Reach:
    """Follow the gradient of an aggregate back to busy windows, of values uniform from 0 to 1.

    Parameters
    ----------
    method, p, temperature, share
        As in `explainers.alternatives.aggregates.aggregate`; of ``"concatenated"`` both outputs
        pass the same gradient, as good as one that is `mixed` half and half.
    units
        n values in a window.
    windows
        Random windows.
    seed
        Of the random numbers.

    Returns
    -------
    Reach

    Examples
    --------
    >>> reach = gradient_reach("generalised mean")
    >>> reach.share.value, round(reach.number.value, 1)
    (1.0, 2.5)
    """
    values = np.random.default_rng(seed).random((windows, units))
    name = "mixed" if method == "concatenated" else method
    mix = 0.5 if method == "concatenated" else share
    one = aggregate(name, p=p, temperature=temperature, share=mix, seed=seed)
    gradient = np.abs(one.gradient(values))
    number = gradient.sum(axis=1) ** 2 / (gradient**2).sum(axis=1)
    return Reach(_over(gradient > 0, 1), _over(number[:, None], units))


def _over(each: Any, most: float) -> Interval[float]:
    """Average over windows."""
    found = intervals.of_mean(np.asarray(each).mean(axis=1))
    return intervals.scalar(intervals.within(found, 0, most))
