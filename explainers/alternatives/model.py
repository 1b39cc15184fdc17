"""The laws: hit rates, where one pool overtakes another, what is kept, and what it costs.

A window has n units. On a scene with a feature, `seen` of them answer N(d′, 1), the others N(0, 1);
without one, all answer N(0, 1). Any two units' noise has the same correlation ρ: each adds to a
common noise, of variance ρ, one of its own. A pool's hit rate is that at a given rate of false
alarms, its threshold being set for it.

Integrals over the common noise are those of `explainers.normal.integral`; thresholds are found by
bisection. Hit rates are exact to about 1e-10.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from fractions import Fraction
from typing import Annotated, NamedTuple

import numpy as np

from explainers import normal
from explainers.alternatives.aggregates import (
    AGGREGATES,
    Power,
    Temperature,
    Values,
    aggregate,
    concatenated,
)
from explainers.alternatives.pools import POOLS, Method, Stride, Window
from explainers.checks import Floats, refuse
from explainers.kinds import Choice, Number, Share, Whole, checked

QUERIES = ("known", "unknown", "wrong")
"""What attention's query fits: the units that see the feature, all alike, or others."""

FalseAlarm = Annotated[float, Number(0, 1, "false-alarm rate", open=True)]
Strength = Annotated[float, Number(0, 20, "d′, in standard deviations of a unit's noise")]
Units = Annotated[int, Whole(1, 1000, "units of a window")]
Seen = Annotated[int, Whole(0, 1000, "units that see the feature")]
Correlation = Annotated[float, Number(0, 0.99, "correlation of any two units' noise")]
Query = Annotated[str, Choice(QUERIES)]
Fit = Annotated[float, Number(0, 100, "how much more the query fits some keys: log of the weight")]
Levels = Annotated[int, Whole(2, 16)]
Channels = Annotated[int, Whole(1, 10**6, "channels of the map")]


# Hit rates: weights that do not depend on the values


@checked
def weighted_hit_rate(
    weights: Values,
    seen: Seen = 1,
    *,
    false_alarm: FalseAlarm = 0.05,
    d_prime: Strength = 2,
    correlation: Correlation = 0,
) -> float:
    """Hit rate of a weighted sum of units of which the first `seen` see the feature.

    Parameters
    ----------
    weights
        Shape (n,), not all 0, here of any sign.
    seen
        s: how many units see the feature, at most n.
    false_alarm, d_prime, correlation
        α, d′ and ρ of the module.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If there are no such weights, or more units see the feature than there are.

    Notes
    -----
    The sum is normal, so with z the normal quantile of 1 − α and sums over the n units

        Φ(d′ Σₛ w / √(ρ (Σw)² + (1 − ρ) Σw²) − z).

    Examples
    --------
    >>> round(weighted_hit_rate([1, 1, 1, 1]), 4), round(weighted_hit_rate([1, 0, 0, 0]), 4)
    (0.2595, 0.6388)
    """
    w = np.asarray(weights)
    if w.ndim != 1 or not w.any():
        refuse("weights", weights, "of shape (n,), and not all 0")
    _at_most(seen, w.size)
    variance = correlation * w.sum() ** 2 + (1 - correlation) * (w**2).sum()
    signal = d_prime * w[:seen].sum() / np.sqrt(variance)
    return float(normal.cdf(signal + normal.ppf(false_alarm)))


def _at_most(seen: int, units: int) -> None:
    if seen > units:
        refuse("seen", seen, f"a whole number in [0, n], here [0, {units}]")


@checked
def mean_hit_rate(
    units: Units = 4,
    seen: Seen = 1,
    *,
    false_alarm: FalseAlarm = 0.05,
    d_prime: Strength = 2,
    correlation: Correlation = 0,
) -> float:
    """Hit rate of the mean of n units: `weighted_hit_rate`, the weights all alike.

    Parameters
    ----------
    units
        n.
    seen, false_alarm, d_prime, correlation
        As in `weighted_hit_rate`, here and below.

    Raises
    ------
    ValueError
        If more units see the feature than there are, here and below.

    Examples
    --------
    >>> round(mean_hit_rate(4, 1), 4), round(mean_hit_rate(4, 4), 4)
    (0.2595, 0.9907)
    """
    return weighted_hit_rate(
        np.ones(units), seen, false_alarm=false_alarm, d_prime=d_prime, correlation=correlation
    )


@checked
def fixed_hit_rate(
    units: Units = 4,
    seen: Seen = 1,
    *,
    false_alarm: FalseAlarm = 0.05,
    d_prime: Strength = 2,
) -> float:
    """Hit rate of one unit of n, always the same, if any `seen` of them may see the feature.

    Notes
    -----
    It sees the feature with probability s/n, else it fires as on background: whatever the other
    units' noise, (s/n) Φ(d′ − z) + (1 − s/n) α.

    Examples
    --------
    >>> round(fixed_hit_rate(4, 1), 4)
    0.1972
    """
    _at_most(seen, units)
    sees = float(normal.cdf(d_prime + normal.ppf(false_alarm)))
    return (seen * sees + (units - seen) * false_alarm) / units


@checked
def attention_hit_rate(
    units: Units = 4,
    seen: Seen = 1,
    query: Query = "known",
    fit: Fit = 3,
    *,
    false_alarm: FalseAlarm = 0.05,
    d_prime: Strength = 2,
    correlation: Correlation = 0,
) -> float:
    """Hit rate of attention over n units: their mean, weighted by how well keys fit a query.

    Parameters
    ----------
    query
        It fits the keys of the `seen` units (``"known"``), none better than others
        (``"unknown"``: then it is the mean), or those of as many others (``"wrong"``; of all others
        if there are fewer).
    fit
        Logarithm of how many times the weight of any other unit those get.
    units, seen, false_alarm, d_prime, correlation
        As in `mean_hit_rate`.

    Notes
    -----
    Keys carry no noise, so this is a `weighted_hit_rate`. With a large fit, all weight is on the
    right units or on the wrong ones.

    Examples
    --------
    >>> [round(attention_hit_rate(49, 1, query), 4) for query in ("known", "unknown", "wrong")]
    [0.5971, 0.0871, 0.0605]
    """
    scores = attention_scores(units, seen, query, fit)
    return weighted_hit_rate(
        np.exp(scores - scores.max()),
        seen,
        false_alarm=false_alarm,
        d_prime=d_prime,
        correlation=correlation,
    )


@checked
def attention_scores(
    units: Units = 4, seen: Seen = 1, query: Query = "known", fit: Fit = 3
) -> Floats:
    """Return how well each of n keys fits the query of `attention_hit_rate`, shape (n,).

    Those of the units that see the feature come first.

    Examples
    --------
    >>> attention_scores(4, 1, "wrong")
    array([0., 0., 0., 3.])
    """
    _at_most(seen, units)
    fits, unit = np.zeros(units), np.arange(units)
    if query == "known":
        fits[unit < seen] = fit
    if query == "wrong":
        fits[unit >= max(seen, units - seen)] = fit
    return fits


# Hit rates: the largest, the smallest, one in between


@checked
def ranked_hit_rate(
    rank: Annotated[int, Whole(1, 1000, "1 is the largest, n the smallest")] = 1,
    units: Units = 4,
    seen: Seen = 1,
    *,
    false_alarm: FalseAlarm = 0.05,
    d_prime: Strength = 2,
    correlation: Correlation = 0,
) -> float:
    """Hit rate of the k-th largest of n units: the max for k = 1, the min for k = n.

    Parameters
    ----------
    rank
        k, at most n; the median of an odd number is at (n + 1) / 2.
    units, seen, false_alarm, d_prime, correlation
        As in `mean_hit_rate`.

    Raises
    ------
    ValueError
        If more units see the feature than there are, or `rank` is above n.

    Notes
    -----
    It is above a threshold t exactly if at least k units are. Given the common noise z, their
    numbers are binomial, those that see and the others, with rates Φ(−u + d′ / √(1 − ρ)) and Φ(−u),
    u = (t − √ρ z) / √(1 − ρ).

    Examples
    --------
    >>> [round(ranked_hit_rate(k, 4, 1), 4) for k in (1, 2, 3, 4)]
    [0.4299, 0.2078, 0.1417, 0.1029]
    """
    _at_most(seen, units)
    if rank > units:
        refuse("rank", rank, f"at most the number of units, {units}")

    def above(threshold: float, sees: int) -> float:
        return _at_least(rank, units, sees, threshold, d_prime, correlation)

    threshold = _threshold(lambda t: above(t, 0), false_alarm)
    return above(threshold, seen)


def _threshold(above: Callable[[float], float], false_alarm: float) -> float:
    """Find by bisection where what falls from 1 to 0 is the false-alarm rate."""
    low, high = -40.0, 40.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if above(middle) > false_alarm else (low, middle)
    return (low + high) / 2


def _at_least(
    rank: int, units: int, seen: int, threshold: float, d_prime: float, correlation: float
) -> float:
    """Probability that at least `rank` units are above the threshold."""
    common = normal.NODES if correlation else np.zeros(1)
    own = _own_threshold(threshold, correlation, common)
    higher = own - d_prime / math.sqrt(1 - correlation)
    if rank == 1:
        fires = -np.expm1(_log_silent(units, seen, threshold, d_prime, correlation, common))
    elif rank == units:
        fires = np.exp((units - seen) * normal.log_cdf(-own) + seen * normal.log_cdf(-higher))
    else:
        others = _binomial(units - seen, own)
        tail = np.cumsum(others[:, ::-1], axis=1)[:, ::-1]  # at least j of them
        missing = rank - np.arange(seen + 1)
        enough = np.where(missing <= 0, 1.0, tail[:, np.clip(missing, 0, units - seen)])
        enough = np.where(missing > units - seen, 0.0, enough)
        fires = (_binomial(seen, higher) * enough).sum(axis=1)
    if not correlation:
        return float(fires[0])
    return float(normal.integral(normal.pdf(common) * fires))


def _own_threshold(threshold: float, correlation: float, common: Floats) -> Floats:
    """What a unit's own noise, of variance 1, has to exceed, given the common one."""
    return np.asarray((threshold - math.sqrt(correlation) * common) / math.sqrt(1 - correlation))


def _log_silent(
    units: int, seen: int, threshold: float, d_prime: float, correlation: float, common: Floats
) -> Floats:
    """Logarithm of the probability that no unit is above the threshold, given the common noise."""
    own = _own_threshold(threshold, correlation, common)
    higher = own - d_prime / math.sqrt(1 - correlation)
    return (units - seen) * normal.log_cdf(own) + seen * normal.log_cdf(higher)


def _binomial(units: int, threshold: Floats) -> Floats:
    """Probability of each number of units above each threshold: (thresholds, units + 1)."""
    number = np.arange(units + 1)
    ways = [
        math.lgamma(units + 1) - math.lgamma(k + 1) - math.lgamma(units - k + 1) for k in number
    ]
    fire, silent = normal.log_cdf(-threshold)[:, None], normal.log_cdf(threshold)[:, None]
    return np.asarray(np.exp(np.array(ways) + number * fire + (units - number) * silent))


@checked
def max_hit_rate(
    units: Units = 4,
    seen: Seen = 1,
    *,
    false_alarm: FalseAlarm = 0.05,
    d_prime: Strength = 2,
    correlation: Correlation = 0,
) -> float:
    """Hit rate of the max of n units: `ranked_hit_rate` of the first.

    >>> round(max_hit_rate(4, 1), 4), round(max_hit_rate(4, 4), 4)
    (0.4299, 0.8768)
    """
    return ranked_hit_rate(
        1, units, seen, false_alarm=false_alarm, d_prime=d_prime, correlation=correlation
    )


@checked
def mean_leads_from(
    units: Units = 4,
    *,
    false_alarm: FalseAlarm = 0.05,
    d_prime: Annotated[float, Number(0, 10, open=True)] = 2,
    correlation: Correlation = 0,
) -> int:
    """Return the fewest of n units that have to see the feature for the mean to beat the max.

    Parameters
    ----------
    units, false_alarm, d_prime, correlation
        As in `mean_hit_rate`, d′ above 0 and below 10.

    Returns
    -------
    int
        From 1 to n: where all see it, the mean is the best test that there is. Of one unit, 1: it
        is both.

    Notes
    -----
    Compares the logarithms of the misses, which tell rates of 1e-1000 apart as well. It looks from
    1 on for the first number with which the mean leads: it then leads with every larger one.

    Examples
    --------
    >>> [mean_leads_from(n) for n in (4, 16, 49, 196)]
    [3, 5, 8, 15]
    """
    threshold = _max_threshold(units, false_alarm, correlation)
    z, sd = -normal.ppf(false_alarm), math.sqrt(correlation + (1 - correlation) / units)
    for seen in range(1, units):
        mean_misses = float(normal.log_cdf(z - d_prime * seen / (units * sd)))
        if mean_misses < _log_max_miss(units, seen, threshold, d_prime, correlation):
            return seen
    return units


def _max_threshold(units: int, false_alarm: float, correlation: float) -> float:
    return _threshold(lambda t: _at_least(1, units, 0, t, 0, correlation), false_alarm)


def _log_max_miss(
    units: int, seen: int, threshold: float, d_prime: float, correlation: float
) -> float:
    """Logarithm of the probability that all units are below the threshold."""
    common = normal.NODES if correlation else np.zeros(1)
    silent = _log_silent(units, seen, threshold, d_prime, correlation, common)
    if not correlation:
        return float(silent[0])
    logs = normal.log_pdf(common) + silent
    return float(logs.max() + np.log(normal.integral(np.exp(logs - logs.max()))))


# What is kept of a window


@checked
def kept_bits(
    method: Method,
    levels: Levels = 8,
    *,
    rounded: bool = False,
    p: Power = 3,
    temperature: Temperature = 1,
    share: Share = 0.5,
) -> float:
    """Information that is kept of a 2 × 2 window of independent levels, all equally likely.

    Parameters
    ----------
    method
        An aggregate, ``"concatenated"``, ``"none"`` or ``"space to depth"``; or
        ``"strided convolution"`` with `BINOMIAL` and ``"blur"``, the same: of the 3 × 3 values that
        they look at.
    levels
        L: the values are 0, 1, … L − 1.
    rounded
        Whether the output is rounded to the nearest level, halves upwards, or kept exactly.
    p, temperature, share
        As in `explainers.alternatives.aggregates.aggregate`.

    Returns
    -------
    float
        The entropy of what is kept, in bits, less that of the draws. The window itself has
        4 log₂ L.

    Raises
    ------
    ValueError
        If `method` chooses or blurs among more values than can be counted.

    Notes
    -----
    By counting all L⁴ windows, and of the blur's weights, whole numbers, their sums. Outputs
    that differ by less than 1e-9 count as one. Exactly kept, an odd power or a softmax tells most
    windows apart: no number that a network holds has so many digits that matter.

    Examples
    --------
    >>> [round(kept_bits(m), 2) for m in ("none", "every second value", "mean", "max")]
    [12.0, 3.0, 4.24, 2.1]
    """
    if method in ("none", "space to depth"):
        return 4 * math.log2(levels)
    if method in ("strided convolution", "blur"):
        chances = _of_blurs(levels)
        if rounded:
            nearest = (2 * np.arange(chances.size) + 16) // 32
            chances = np.bincount(nearest, chances).astype(np.float64)
        return _entropy(chances)
    windows = np.array(list(itertools.product(range(levels), repeat=4)), dtype=np.float64)
    if method == "concatenated":
        kept = concatenated(windows)
    elif method == "stochastic":
        return _of_draws(windows)
    elif method in AGGREGATES:
        kept = aggregate(method, p=p, temperature=temperature, share=share).pool(windows)[:, None]
    else:
        refuse("method", method, "one whose outputs can be counted, window by window")
    told = np.floor(kept + 0.5 + 1e-9) if rounded else np.round(kept, 9)
    return _entropy(np.unique(told, axis=0, return_counts=True)[1] / len(windows))


def _of_blurs(levels: int) -> Floats:
    """Probabilities of each sum of nine levels, weighted by 1, 2 and 4."""
    chances = np.ones(1)
    for weight in (1, 2, 1, 2, 4, 2, 1, 2, 1):
        one = np.zeros(weight * (levels - 1) + 1)
        one[::weight] = 1 / levels
        chances = np.convolve(chances, one)
    return chances


def _of_draws(windows: Floats) -> float:
    """Information that a value drawn in proportion to itself has of its window, in bits."""
    total = windows.sum(axis=1, keepdims=True)
    weights = np.where(total > 0, windows, 1) / np.where(total > 0, total, windows.shape[1])
    levels = np.arange(windows.max() + 1)
    drawn = ((windows[..., None] == levels) * weights[..., None]).sum(axis=1)
    return _entropy(drawn.mean(axis=0)) - float(np.mean([_entropy(each) for each in drawn]))


def _entropy(chances: Floats) -> float:
    some = chances[chances > 0]
    return float(0.0 - (some * np.log2(some)).sum())


# The gradient of weights that do not depend on the values


@checked
def attention_evenness(
    units: Units = 4, seen: Seen = 1, query: Query = "known", fit: Fit = 3
) -> float:
    """Return over how many units, as good as evenly, attention spreads its gradient: (Σw)² / Σw².

    Parameters
    ----------
    units, seen, query, fit
        As in `attention_hit_rate`.

    Examples
    --------
    >>> round(attention_evenness(49, 1), 1), attention_evenness(49, 1, "unknown")
    (10.3, 49.0)
    """
    weights = np.exp(attention_scores(units, seen, query, fit))
    return float(weights.sum() ** 2 / (weights**2).sum())


# What it costs


class Cost(NamedTuple):
    """What a pool needs for one output value.

    Attributes
    ----------
    weights
        Numbers that are learned, for one channel of the output.
    macs
        Multiply–accumulates; an addition counts as one.
    comparisons
        Of two values.
    functions
        Powers, roots, exponentials, divisions of values by values, random numbers.
    """

    weights: Fraction
    macs: Fraction
    comparisons: Fraction
    functions: Fraction


@checked
def cost(
    method: Annotated[str, Choice((*POOLS, "attention"))],
    kernel_size: Window = 2,
    stride: Stride | None = None,
    channels: Channels = 64,
) -> Cost:
    """Count what a pool needs for one output value, of one channel.

    Parameters
    ----------
    method
        Of `explainers.alternatives.pools.POOLS`, or ``"attention"`` with one learned query and the
        values as keys.
    kernel_size, stride
        Of the windows; the stride is that of all the rest, too.
    channels
        C: of the map, and as many of a convolution's outputs.

    Returns
    -------
    Cost

    Notes
    -----
    Of n = k² values: a mean adds n; a max compares n − 1 pairs; a median is taken to compare
    n(n − 1) / 2, as a plain sort does; a power costs one function a value, and one root. A
    convolution of 3 × 3 multiplies 9C for each output, and learns as much for each of its channels.
    Space to depth has 1 × 1 weights behind it: s²C. A learned p counts as one weight for each
    channel. A dense max is taken at all s² places of a cell, along rows and then columns: 2(k − 1)
    comparisons each. A blur of 3 × 3 takes 9. Choosing a phase squares and adds all s² values of a
    cell. Attention's scores, C multiplications for each of the n values, serve all C channels.

    Examples
    --------
    >>> [str(number) for number in cost("strided convolution")]
    ['576', '576', '0', '0']
    >>> [str(number) for number in cost("max")]
    ['0', '0', '3', '0']
    """
    step = kernel_size if stride is None else stride
    n, cell = kernel_size**2, step**2
    dense = 2 * (kernel_size - 1) * cell
    costs: dict[str, tuple[int, int, int, int]] = {
        "none": (0, 0, 0, 0),
        "every second value": (0, 0, 0, 0),
        "mean": (0, n, 0, 0),
        "max": (0, 0, n - 1, 0),
        "min": (0, 0, n - 1, 0),
        "median": (0, 0, n * (n - 1) // 2, 0),
        "Lp": (0, n, 0, n + 1),
        "generalised mean": (1, n, n, n + 1),
        "softmax-weighted": (0, 2 * n, n - 1, n + 1),
        "log-sum-exp": (0, n, n - 1, n + 1),
        "mixed": (1, n + 2, n - 1, 0),
        "concatenated": (0, n, n - 1, 0),
        "stochastic": (0, 2 * n, n, 1),
        "stochastic test": (0, 2 * n, 0, 1),
        "strided convolution": (9 * channels, 9 * channels, 0, 0),
        "space to depth": (cell * channels, cell * channels, 0, 0),
        "blur": (0, 9, 0, 0),
        "blurred max": (0, 9, dense, 0),
        "polyphase": (0, cell, 0, 0),
        "max polyphase": (0, cell, dense, 0),
        "attention": (1, 2 * n, 0, 0),
    }
    weights, macs, comparisons, functions = map(Fraction, costs[method])
    if method == "attention":  # exponentials and one division a value, for all channels together
        functions = Fraction(2 * n, channels)
    return Cost(weights, macs, comparisons, functions)
