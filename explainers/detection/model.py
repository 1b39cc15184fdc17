"""A window of n noisy detectors looks at one petal: the laws of what pooling them gains and costs.

Binary units fire with given rates. Graded units answer N(d′, 1) if they see the petal and N(0, 1)
if they do not; their noise is independent unless said otherwise. The max and the mean of the n
answers are compared on scenes with a petal, which `seen` of the units see, and without one.

All functions broadcast over their arguments. Integrals over the line are those of
`explainers.normal.integral`, with an error below 1e-12 for n up to 1e9.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Annotated, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explainers import normal
from explainers.checks import Floats, Ints, refuse
from explainers.kinds import Each, Number, Whole, checked
from explainers.laws import MOST, Count, density_of_max

Rates = Annotated[ArrayLike, Each(Number(0, 1))]
Strength = Annotated[ArrayLike, Each(Number(0))]
Seen = Annotated[ArrayLike, Each(Whole(0))]

_LOG_PDF = normal.log_pdf(normal.NODES)
_LOG_CDF = normal.log_cdf(normal.NODES)

_AREA_SEARCH = np.arange(1, 161) / 20
_HIT_SEARCH = np.ldexp(1.0, np.arange(-10, 90))


# Units that fire or do not


@checked
def any_fires(rates: Rates) -> Floats:
    """Probability that at least one of independent units fires: 1 − ∏(1 − rate).

    Parameters
    ----------
    rates : array_like, shape (..., n)
        Probability that each unit fires; the units lie along the last axis.

    Returns
    -------
    ndarray, shape (...)

    Raises
    ------
    ValueError
        If there is no axis of units, or no unit on it.

    Examples
    --------
    >>> round(float(any_fires([0.8, 0.8, 0.8, 0.8])), 4)
    0.9984
    """
    log_silent: Floats = _log1p(-_of_units(rates)).sum(axis=-1)
    return _one_minus(log_silent)


def _of_units(rates: ArrayLike) -> Floats:
    rates = np.asarray(rates)
    if not (rates.ndim and rates.shape[-1]):
        refuse("rates", rates, "an array with at least one unit on its last axis")
    return rates


def _log1p(x: Floats) -> Floats:
    with np.errstate(divide="ignore"):  # log 0 = −∞ is meant
        return np.log1p(x)


def _one_minus(log_probability: Floats) -> Floats:
    return 0 - np.expm1(log_probability)  # a plain minus would make −0.0 of an impossible event


@checked
def at_least(k: Annotated[ArrayLike, Each(Whole(0))], rates: Rates) -> Floats:
    """Probability that at least `k` of independent units fire: the tail of a Poisson binomial.

    Parameters
    ----------
    k : array_like of int
        Votes needed, at most n; broadcast against the leading axes of `rates`.
    rates : array_like, shape (..., n)
        Probability that each unit fires.

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        If `k` is above n, there is no axis of units, or no unit on it, or the shapes do not
        broadcast.

    Notes
    -----
    Exact, by adding one unit at a time: with it, at least k fire if k did without it, or if k − 1
    did and it fires.

    Examples
    --------
    >>> at_least([1, 2, 3, 4], [0.5, 0.5, 0.5, 0.5]).tolist()
    [0.9375, 0.6875, 0.3125, 0.0625]
    """
    rates = _of_units(rates)
    units = rates.shape[-1]
    votes = Each(Whole(0, units)).check("k", k)
    shape = _common_shape(k=votes, rates=rates[..., 0])
    tails = np.zeros((*rates.shape[:-1], units + 1))
    tails[..., 0] = 1
    for unit in range(units):
        tails[..., 1:] += rates[..., unit, None] * (tails[..., :-1] - tails[..., 1:])
    tails, votes = np.broadcast_to(tails, (*shape, units + 1)), np.broadcast_to(votes, shape)
    return np.take_along_axis(tails, votes[..., None], axis=-1)[..., 0][()]


def _common_shape(**arrays: NDArray[Any]) -> tuple[int, ...]:
    shapes = tuple(array.shape for array in arrays.values())
    try:
        return np.broadcast_shapes(*shapes)
    except ValueError:
        refuse("shapes of " + ", ".join(arrays), shapes, "such that they broadcast")


@checked
def any_fires_correlated(rate: Rates, n: Count, correlation: Rates) -> Floats:
    """Probability that at least one of `n` units fires whose noise is equally correlated.

    Each unit adds to a common noise one of its own, and fires, taken alone, with probability
    `rate`. With correlation 0 this is `any_fires`; with correlation 1 it is `rate`.

    Parameters
    ----------
    rate : array_like
        Probability that a unit fires.
    n : array_like of int
        Number of units.
    correlation : array_like
        Correlation of any two units' noise.

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        If the shapes do not broadcast.

    Notes
    -----
    With t the threshold and ρ the correlation, ∫ φ(z) [1 − Φ((t − √ρ z) / √(1 − ρ))ⁿ] dz over the
    common noise for ρ ≤ 1/2; above, ∫ nΦ(m)ⁿ⁻¹φ(m) Φ((√(1 − ρ) m − t) / √ρ) dm over the largest of
    the units' own noises. Each is smooth on its side; both are quadratures, with an error below
    1e-12.

    Examples
    --------
    >>> any_fires_correlated(0.05, 4, [0, 0.5, 1]).round(4).tolist()
    [0.1855, 0.1441, 0.05]
    """
    rate, n, correlation = _together(rate=rate, n=n, correlation=correlation)
    threshold = -normal.ppf(rate)
    return np.where(
        correlation <= 0.5,
        _over_the_common_noise(threshold, n, np.minimum(correlation, 0.5)),
        _over_the_own_noises(threshold, n, np.maximum(correlation, 0.5)),
    )[()]


def _together(**given: ArrayLike) -> tuple[NDArray[Any], ...]:
    """Return arrays that broadcast, and of which no more units see a petal than there are."""
    arrays = {name: np.asarray(values) for name, values in given.items()}
    _common_shape(**arrays)
    if "seen" in arrays:
        n, seen = np.broadcast_arrays(arrays["n"], arrays["seen"])
        more = seen > n
        if more.any():
            refuse("seen", seen[more][0], f"a whole number in [0, n], here [0, {n[more][0]}]")
    return tuple(arrays.values())


def _over_the_common_noise(threshold: Floats, n: Ints, correlation: Floats) -> Floats:
    threshold, share = threshold[..., None], correlation[..., None]
    own = (threshold - np.sqrt(share) * normal.NODES) / np.sqrt(1 - share)
    fires = _one_minus(n[..., None] * normal.log_cdf(own))
    return normal.integral(normal.pdf(normal.NODES) * fires)


def _over_the_own_noises(threshold: Floats, n: Ints, correlation: Floats) -> Floats:
    threshold, share = threshold[..., None], correlation[..., None]
    common = (threshold - np.sqrt(1 - share) * normal.NODES) / np.sqrt(share)
    return normal.integral(density_of_max(normal.NODES, n[..., None]) * normal.cdf(-common))


# Graded units: all thresholds at once


@checked
def max_auc(d_prime: Strength, n: Count, seen: Seen) -> Floats:
    """Area under the ROC curve of the max of `n` units, of which `seen` see the petal.

    Parameters
    ----------
    d_prime : array_like
        Shift of a unit that sees the petal, in standard deviations of its noise.
    n : array_like of int
        Number of units in the window.
    seen : array_like of int
        Number of units that see the petal, at most n.

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        If more units see the petal than there are, or the shapes do not broadcast.

    Notes
    -----
    1 − n ∫ Φ(x − d′)ˢ Φ(x)²ⁿ⁻ˢ⁻¹ φ(x) dx, with s units that see: a quadrature, with an error below
    1e-12.

    Examples
    --------
    >>> max_auc([1, 2, 3], 4, 1).round(4).tolist()
    [0.6488, 0.8349, 0.953]
    """
    return 1 - _max_confusion(*_together(d_prime=d_prime, n=n, seen=seen))


def _max_confusion(d_prime: Floats, n: Ints, seen: Ints) -> Floats:
    """Probability that the max of pure noise beats the max with a petal."""
    d_prime, n, seen = d_prime[..., None], n[..., None], seen[..., None]
    petal_below = _log_power(normal.log_cdf(normal.NODES - d_prime), seen)
    return normal.integral(
        np.exp(np.log(n) + petal_below + (2 * n - seen - 1) * _LOG_CDF + _LOG_PDF)
    )


def _log_power(log_base: Floats, exponent: Ints) -> Floats:
    """Logarithm of a power; the power 0 of anything is 1, also of 0."""
    with np.errstate(invalid="ignore"):
        return np.where(exponent == 0, 0.0, exponent * log_base)


@checked
def mean_auc(d_prime: Strength, n: Count, seen: Seen) -> Floats:
    """Area under the ROC curve of the mean of `n` units, of which `seen` see the petal.

    Closed form: Φ(s d′ / √(2n)), with s units that see. Parameters, result and errors are those
    of `max_auc`.

    Examples
    --------
    >>> mean_auc([1, 2, 3], 4, 1).round(4).tolist()
    [0.6382, 0.7602, 0.8556]
    """
    d_prime, n, seen = _together(d_prime=d_prime, n=n, seen=seen)
    return normal.cdf(seen * d_prime / np.sqrt(2 * n))


# Graded units: at one false-alarm rate


@checked
def max_hit_rate(false_alarm: Rates, d_prime: Strength, n: Count, seen: Seen) -> Floats:
    """Hit rate of the max of `n` units, its threshold set for the given false-alarm rate.

    Parameters
    ----------
    false_alarm : array_like
        False-alarm rate of the pooled unit.
    d_prime, n, seen : array_like
        As in `max_auc`.

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        If more units see the petal than there are, or the shapes do not broadcast.

    Notes
    -----
    Closed form: 1 − Φ(t − d′)ˢ Φ(t)ⁿ⁻ˢ with the threshold t from Φ(t)ⁿ = 1 − α.

    Examples
    --------
    >>> max_hit_rate(0.05, [1, 2, 3], 4, 1).round(4).tolist()
    [0.1422, 0.4299, 0.7865]
    """
    window = _together(false_alarm=false_alarm, d_prime=d_prime, n=n, seen=seen)
    return _one_minus(_log_max_miss(*window))


def _log_max_miss(false_alarm: Floats, d_prime: Floats, n: Ints, seen: Ints) -> Floats:
    log_silent = _log1p(-false_alarm) / n  # log Φ(t)
    threshold = -normal.ppf(_one_minus(log_silent))
    petal_below = _log_power(normal.log_cdf(threshold - d_prime), seen)
    return petal_below + _log_power(log_silent, n - seen)


@checked
def mean_hit_rate(false_alarm: Rates, d_prime: Strength, n: Count, seen: Seen) -> Floats:
    """Hit rate of the mean of `n` units, its threshold set for the given false-alarm rate.

    Closed form: Φ(s d′ / √n − z), with z the normal quantile of 1 − α and s units that see.
    Parameters, result and errors are those of `max_hit_rate`.

    Examples
    --------
    >>> mean_hit_rate(0.05, [1, 2, 3], 4, 1).round(4).tolist()
    [0.1261, 0.2595, 0.4424]
    """
    false_alarm, d_prime, n, seen = _together(
        false_alarm=false_alarm, d_prime=d_prime, n=n, seen=seen
    )
    return normal.cdf(seen * d_prime / np.sqrt(n) + normal.ppf(false_alarm))


@checked
def known_place_hit_rate(false_alarm: Rates, d_prime: Strength) -> Floats:
    """Hit rate of a single unit that watches the very place of the petal.

    Closed form: Φ(d′ − z), with z the normal quantile of 1 − α.

    Parameters
    ----------
    false_alarm, d_prime : array_like
        As in `max_hit_rate`.

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        If the shapes do not broadcast.

    Examples
    --------
    >>> known_place_hit_rate(0.05, [1, 2, 3]).round(4).tolist()
    [0.2595, 0.6388, 0.9123]
    """
    return mean_hit_rate(false_alarm, d_prime, 1, 1)


@checked
def unknown_place_hit_rate(false_alarm: Rates, d_prime: Strength, n: Count, seen: Seen) -> Floats:
    """Hit rate of one fixed unit of `n`, when any `seen` of them may see the petal.

    Closed form: (s/n) Φ(d′ − z) + (1 − s/n) α: where the unit does not see the petal, it fires as
    often as on background. Parameters, result and errors are those of `max_hit_rate`.

    Examples
    --------
    >>> unknown_place_hit_rate(0.05, [1, 2, 3], 4, 1).round(4).tolist()
    [0.1024, 0.1972, 0.2656]
    """
    false_alarm, d_prime, n, seen = _together(
        false_alarm=false_alarm, d_prime=d_prime, n=n, seen=seen
    )
    share = seen / n
    hits: Floats = share * normal.cdf(d_prime + normal.ppf(false_alarm)) + (1 - share) * false_alarm
    return hits


@checked
def vote_hit_rate(
    k: Annotated[ArrayLike, Each(Whole(1))],
    false_alarm: Rates,
    d_prime: Strength,
    n: Annotated[int, Whole(1, MOST)],
    seen: Annotated[int, Whole(0)],
) -> Floats:
    """Hit rate of a vote in which at least `k` of `n` units must fire.

    The units share one threshold, set so that the vote's false-alarm rate is the given one. With
    k = 1 the vote is the OR, and the same as `max_hit_rate`.

    Parameters
    ----------
    k : array_like of int
        Votes needed, at most n.
    false_alarm, d_prime : array_like
        As in `max_hit_rate`.
    n, seen : int
        As in `max_auc`.

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        If `k` or `seen` is above n, or the shapes do not broadcast.

    Notes
    -----
    Exact but for the threshold, found by bisection to 1e-12 of what it must be.

    Examples
    --------
    >>> vote_hit_rate([1, 2, 3, 4], 0.05, 2, 4, 4).round(4).tolist()
    [0.8768, 0.9544, 0.9541, 0.8975]
    """
    Whole(0, n).check("seen", seen)
    votes = Each(Whole(1, n)).check("k", k)
    false_alarm, d_prime = np.asarray(false_alarm), np.asarray(d_prime)
    shape = _common_shape(k=votes, false_alarm=false_alarm, d_prime=d_prime)
    low, high = np.full(shape, -40.0), np.full(shape, 40.0)
    for _ in range(60):  # 80 / 2⁶⁰ is below the rounding of the threshold
        threshold = (low + high) / 2
        too_many = at_least(votes, _repeated(normal.cdf(-threshold), n)) > false_alarm
        low, high = np.where(too_many, threshold, low), np.where(too_many, high, threshold)
    threshold = np.where(false_alarm == 0, np.inf, threshold)
    background = _repeated(normal.cdf(-threshold), n - seen)
    petal = _repeated(normal.cdf(d_prime - threshold), seen)
    return at_least(votes, np.concatenate([petal, background], axis=-1))


def _repeated(rates: Floats, times: int) -> Floats:
    return np.repeat(np.asarray(rates)[..., None], times, axis=-1)


# The max against the mean


@checked
def max_overtakes_mean(n: Count, seen: Seen, false_alarm: Rates | None = None) -> Floats:
    """Smallest d′ above which the max is the better pool than the mean; ∞ where it never is.

    Parameters
    ----------
    n, seen : array_like of int
        As in `max_auc`.
    false_alarm : array_like, optional
        Compare hit rates at this false-alarm rate. Without it, compare areas under the ROC curve.

    Returns
    -------
    ndarray
        To about 1e-12. Infinite where the two always tie (no unit sees the petal, a window of one
        unit, or a false-alarm rate of 0 or 1) and where all units see it: there the mean is the
        best test that exists (Neyman and Pearson).

    Raises
    ------
    ValueError
        If more units see the petal than there are, or the shapes do not broadcast.

    Notes
    -----
    Otherwise the mean leads for faint petals. At any false-alarm rate the max overtakes it once,
    for good: it misses like exp(−s d′²/2), the mean like exp(−s² d′²/2n). By area it overtakes
    for good exactly if s(s + 1) ≤ 2n: it confuses like exp(−s d′² / 2(s + 1)), the mean like
    exp(−s² d′²/4n). If s(s + 1) is a little above 2n, and n ≥ 14, it leads for a while, and the
    mean takes the lead back when both areas are all but 1 (for n = 14, s = 5: from d′ = 3.64,
    area 0.9997, to 9.55, area 1 − 1e-19). The value is then where that while begins; one that is
    shorter than 1/20, or begins above 8, is not looked for.

    Examples
    --------
    >>> max_overtakes_mean(4, [1, 2, 3, 4]).round(4).tolist()
    [0.7682, 1.6267, inf, inf]
    """
    if false_alarm is None:
        return _each(_overtakes_by_area, *_together(n=n, seen=seen))
    return _each(_overtakes_by_hits, *_together(n=n, seen=seen, false_alarm=false_alarm))


def _each(law: Callable[..., float], *windows: Floats | Ints) -> Floats:
    """Ask a law of one window about each."""
    ask = np.vectorize(lambda *window: law(*map(np.array, window)), otypes=[np.float64])
    return np.asarray(ask(*windows))[()]


def _overtakes_by_area(n: Ints, seen: Ints) -> float:
    if seen in (0, n):
        return math.inf

    def lead(d_prime: Floats) -> Floats:
        """Logarithm of how much more often the mean confuses noise with a petal than the max."""
        mean_confusion: Floats = normal.log_cdf(-seen * d_prime / np.sqrt(2 * n))
        return mean_confusion - np.log(_max_confusion(d_prime, n, seen))

    return _first_lead(lead, _AREA_SEARCH)


def _first_lead(lead: Callable[[Floats], Floats], search: Floats) -> float:
    """Where `lead` first turns positive: found on the points of `search`, then by bisection."""
    ahead = lead(search) > 0
    if not ahead.any():
        return math.inf
    first = int(ahead.argmax())
    behind, in_front = (float(search[first - 1]) if first else 0.0), float(search[first])
    while in_front - behind > 1e-13 * in_front:
        middle = (behind + in_front) / 2
        behind, in_front = (behind, middle) if lead(np.array(middle)) > 0 else (middle, in_front)
    return in_front


def _overtakes_by_hits(n: Ints, seen: Ints, false_alarm: Floats) -> float:
    if seen in (0, n) or false_alarm in (0, 1):
        return math.inf

    def lead(d_prime: Floats) -> Floats:
        """Logarithm of how much more often the mean misses than the max."""
        mean_miss: Floats = normal.log_cdf(-normal.ppf(false_alarm) - seen * d_prime / np.sqrt(n))
        return mean_miss - _log_max_miss(false_alarm, d_prime, n, seen)

    return _first_lead(lead, _HIT_SEARCH)
