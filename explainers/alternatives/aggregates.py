"""What a window's values are made into: one function each, of values of shape (..., n).

Each gives one number a window, shape (...), unless it says otherwise. `aggregate` finds them by
their names, with their gradients: how much the output changes with each of the n values.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from explainers.checks import Floats, Ints, refuse
from explainers.kinds import Choice, Each, Number, Seed, Share, checked

CLAMP = 1e-6
"""What the generalised mean lifts smaller values to, as is usual where p is learned."""
AGGREGATES = (
    "every second value",
    "mean",
    "max",
    "min",
    "median",
    "Lp",
    "generalised mean",
    "softmax-weighted",
    "log-sum-exp",
    "mixed",
    "stochastic",
    "stochastic test",
)
"""What makes one number of a window."""

Values = Annotated[ArrayLike, Each(Number())]
Positive = Annotated[ArrayLike, Each(Number(0))]
Power = Annotated[float, Number(1, 1000, "power p")]
Temperature = Annotated[float, Number(0, 1e9, "temperature, in units of the values")]
Clamp = Annotated[float, Number(0, meaning="smallest value that is told from 0")]
Name = Annotated[str, Choice(AGGREGATES)]
Pool: TypeAlias = Callable[[Floats], Floats]


# One of the values


@checked
def first(values: Values) -> Floats:
    """Keep the first value of a window: every second value of a map, if windows are of two.

    Parameters
    ----------
    values
        Shape (..., n), here and below.

    Raises
    ------
    ValueError
        If there is no axis of values, or no value on it, here and below.

    Examples
    --------
    >>> float(first([3, 1, 2]))
    3.0
    """
    return np.asarray(_windows(values)[..., 0])


def _windows(values: ArrayLike) -> Floats:
    array = np.asarray(values, dtype=np.float64)
    if not (array.ndim and array.shape[-1]):
        refuse("values", array, "an array with at least one value on its last axis")
    return array


@checked
def largest(values: Values) -> Floats:
    """Keep the largest value.

    >>> float(largest([3, 1, 2]))
    3.0
    """
    return np.asarray(_windows(values).max(axis=-1))


@checked
def smallest(values: Values) -> Floats:
    """Keep the smallest value.

    >>> float(smallest([3, 1, 2]))
    1.0
    """
    return np.asarray(_windows(values).min(axis=-1))


@checked
def median(values: Values) -> Floats:
    """Keep the value in the middle; of an even number, the mean of the two there.

    >>> float(median([3, 1, 2, 8]))
    2.5
    """
    return np.asarray(np.median(_windows(values), axis=-1))


# Between mean and max


@checked
def mean(values: Values) -> Floats:
    """Take the mean.

    >>> float(mean([3, 1, 2]))
    2.0
    """
    return np.asarray(_windows(values).mean(axis=-1))


@checked
def lp_norm(values: Values, p: Power = 2) -> Floats:
    """Take the norm (Σ|x|ᵖ)^(1/p): it grows with the size of the window, and forgets signs.

    Notes
    -----
    In units of the largest |x|, so that no power overflows.

    Examples
    --------
    >>> float(lp_norm([3, -4])), float(lp_norm([3, -4], p=1))
    (5.0, 7.0)
    """
    return _power_sum(np.abs(_windows(values)), p, np.sum)


def _power_sum(sizes: Floats, p: float, combine: Callable[..., Floats]) -> Floats:
    """Return (combined sizesᵖ)^(1/p); 0 of zeros."""
    top = sizes.max(axis=-1, keepdims=True)
    unit = np.where(top > 0, top, 1.0)
    powers = combine((sizes / unit) ** p, axis=-1)
    return np.asarray(unit[..., 0] * powers ** (1 / p))


@checked
def generalised_mean(values: Values, p: Power = 3, clamp: Clamp = CLAMP) -> Floats:
    """Take the generalised mean ((1/n) Σ xᵖ)^(1/p) of what a clamp leaves: x or `clamp`, if larger.

    It is the mean for p = 1 and goes to the max for p → ∞: of values that are not below the clamp.

    Examples
    --------
    >>> [round(float(generalised_mean([0, 1, 2, 3], p)), 3) for p in (1, 3, 1000)]
    [1.5, 2.08, 2.996]
    """
    return _power_sum(np.maximum(_windows(values), clamp), p, np.mean)


@checked
def slope_in_p(values: Positive, p: Power = 3, clamp: Clamp = CLAMP) -> Floats:
    """Return the gradient of the generalised mean G by its power p, as it is learned.

    Parameters
    ----------
    values
        Not negative.
    p, clamp
        As in `generalised_mean`.

    Returns
    -------
    ndarray
        NaN where all values are 0, and so is the clamp.

    Notes
    -----
    G (Σ xᵖ ln x / Σ xᵖ − ln G) / p, as automatic differentiation takes it from a power: of a value
    0 it knows that xᵖ ln x is 0. Of a window of zeros it divides 0 by 0. (Written as a logarithm
    and an exponential, the power is NaN at each single 0.) The clamp keeps all that from happening.

    Examples
    --------
    >>> float(slope_in_p([0, 0], clamp=0)), round(float(slope_in_p([0, 1, 2, 3], clamp=0)), 3)
    (nan, 0.17)
    """
    lifted = np.maximum(_windows(values), clamp)
    with np.errstate(divide="ignore", invalid="ignore"):
        pooled = _power_sum(lifted, p, np.mean)
        powers = (lifted / pooled[..., None]) ** p
        terms = powers * np.log(np.where(lifted > 0, lifted, 1))
        return np.asarray(pooled * (terms.sum(axis=-1) / powers.sum(axis=-1) - np.log(pooled)) / p)


@checked
def softmax_weighted(values: Values, temperature: Temperature = 1) -> Floats:
    """Weight the values by the softmax of themselves: Σ wx, w ∝ exp(x / temperature).

    It is the max for a temperature of 0 and goes to the mean for a high one.

    Examples
    --------
    >>> [round(float(softmax_weighted([0, 1, 2, 3], t)), 3) for t in (0, 1, 1e9)]
    [3.0, 2.493, 1.5]
    """
    array = _windows(values)
    return np.asarray((_softmax(array, temperature) * array).sum(axis=-1))


def _softmax(scores: Floats, temperature: float) -> Floats:
    """Weights that sum to 1; at temperature 0 the largest share them."""
    below = scores - scores.max(axis=-1, keepdims=True)
    weights = np.exp(below / temperature) if temperature else (below == 0).astype(np.float64)
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True))


@checked
def log_sum_exp(values: Values, temperature: Temperature = 1) -> Floats:
    """Take the soft maximum T log((1/n) Σ exp(x / T)), T the temperature: the max for T = 0.

    It goes to the mean for a high one. Its gradient is the weights of `softmax_weighted`.

    Examples
    --------
    >>> [round(float(log_sum_exp([0, 1, 2, 3], t)), 3) for t in (0, 1, 1e9)]
    [3.0, 2.054, 1.5]
    """
    array = _windows(values)
    top = array.max(axis=-1)
    if not temperature:
        return np.asarray(top)
    below = np.expm1((array - top[..., None]) / temperature)
    return np.asarray(top + temperature * np.log1p(below.mean(axis=-1)))


@checked
def mixed(values: Values, share: Share = 0.5) -> Floats:
    """Mix max and mean: share · max + (1 − share) · mean.

    >>> float(mixed([3, 1, 2]))
    2.5
    """
    return share * largest(values) + (1 - share) * mean(values)


@checked
def concatenated(values: Values) -> Floats:
    """Keep both max and mean, shape (..., 2): what follows may weight them as it likes.

    >>> concatenated([3, 1, 2]).tolist()
    [3.0, 2.0]
    """
    return np.stack([largest(values), mean(values)], axis=-1)


# By chance


@checked
def stochastic(values: Positive, seed: Seed = 0) -> Floats:
    """Draw one value, each with a probability in proportion to itself; 0 of zeros.

    So it is done in training: M. Zeiler and R. Fergus (2013), arXiv:1301.3557.

    >>> float(stochastic([0, 0, 2, 0]))
    2.0
    """
    array = _windows(values)
    drawn = np.random.default_rng(seed).random((*array.shape[:-1], 1))
    below = np.cumsum(array, axis=-1) <= drawn * array.sum(axis=-1, keepdims=True)
    place = np.minimum(below.sum(axis=-1, keepdims=True), array.shape[-1] - 1)
    return np.asarray(np.take_along_axis(array, place, axis=-1)[..., 0])


@checked
def stochastic_test(values: Positive) -> Floats:
    """Weight each value by its probability in `stochastic`: Σx² / Σx, its mean; 0 of zeros.

    >>> float(stochastic_test([1, 1, 2]))
    1.5
    """
    array = _windows(values)
    total = array.sum(axis=-1)
    return np.asarray((array**2).sum(axis=-1) / np.where(total > 0, total, 1.0))


# By a query, and where


@checked
def attention(values: Values, scores: Values) -> Floats:
    """Weight the values by the softmax of scores: of how well each one's key fits a query.

    Parameters
    ----------
    values
        Shape (..., n).
    scores
        The same shape, or one that broadcasts to it. If all are alike, this is the mean.

    Raises
    ------
    ValueError
        If the two do not fit.

    Examples
    --------
    >>> float(attention([3, 1, 2], [0, 0, 0])), round(float(attention([3, 1, 2], [9, 0, 0])), 3)
    (2.0, 3.0)
    """
    array, fits = _windows(values), _windows(scores)
    try:
        fits = np.broadcast_to(fits, array.shape)
    except ValueError:
        refuse("scores", fits.shape, f"of the shape of values, {array.shape}, or repeated to it")
    return np.asarray((_softmax(fits, 1) * array).sum(axis=-1))


@checked
def soft_argmax(maps: Values, temperature: Temperature = 0.1) -> Floats:
    """Return where a map is large: the mean of all places, weighted by the softmax of the map.

    Parameters
    ----------
    maps
        Shape (..., H, W).
    temperature
        0 is the place of the largest value.

    Returns
    -------
    ndarray, shape (..., 2)
        Row and column, in elements.

    Raises
    ------
    ValueError
        If there is no map.

    Examples
    --------
    >>> soft_argmax([[0, 0, 0], [0, 5, 5]]).round(2).tolist()
    [1.0, 1.5]
    """
    array = np.asarray(maps)
    if array.ndim < 2 or 0 in array.shape[-2:]:
        refuse("shape of maps", array.shape, "(..., H, W), neither of them 0")
    *many, height, width = array.shape
    weights = _softmax(array.reshape(*many, height * width), temperature)
    places = np.indices((height, width)).reshape(2, -1).astype(np.float64)
    return np.asarray(weights @ places.T)


# By name, with their gradients


class Aggregate(NamedTuple):
    """What makes one number of a window, and how that number changes with each value.

    Attributes
    ----------
    pool
        Takes values (..., n) to (...).
    gradient
        Takes values (..., n) to the derivatives (..., n).
    """

    pool: Pool
    gradient: Pool


@checked
def aggregate(
    name: Name,
    *,
    p: Power = 3,
    temperature: Temperature = 1,
    share: Share = 0.5,
    seed: Seed = 0,
) -> Aggregate:
    """Return an aggregate by its name, of `AGGREGATES`, with its gradient.

    Parameters
    ----------
    name
        Of `AGGREGATES`.
    p
        Of ``"Lp"`` and ``"generalised mean"``.
    temperature
        Of ``"softmax-weighted"`` and ``"log-sum-exp"``; 0 has the gradient of the max.
    share
        Of the max in ``"mixed"``.
    seed
        Of the draws of ``"stochastic"``, which are the same in its gradient.

    Notes
    -----
    Of equal values, the first has the gradient of the max, as in PyTorch. Stochastic pooling
    passes the gradient to the value that it drew; its test passes that of Σx² / Σx.

    Examples
    --------
    >>> soft, values = aggregate("softmax-weighted"), np.array([0.0, 1.0])
    >>> float(soft.pool(values).round(3)), soft.gradient(values).round(3)
    (0.731, array([0.072, 0.928]))
    """
    found: dict[str, Aggregate] = {
        "every second value": Aggregate(
            first, lambda x: _one_hot(x, np.zeros(x.shape[:-1], np.int64))
        ),
        "mean": Aggregate(mean, lambda x: np.full(x.shape, 1 / x.shape[-1])),
        "max": Aggregate(largest, _gradient_of_max),
        "min": Aggregate(smallest, lambda x: _gradient_of_max(-x)),
        "median": Aggregate(median, _gradient_of_median),
        "Lp": Aggregate(lambda x: lp_norm(x, p), lambda x: _gradient_of_norm(x, p)),
        "generalised mean": Aggregate(
            lambda x: generalised_mean(x, p), lambda x: _gradient_of_generalised(x, p)
        ),
        "softmax-weighted": Aggregate(
            lambda x: softmax_weighted(x, temperature), lambda x: _gradient_of_soft(x, temperature)
        ),
        "log-sum-exp": Aggregate(
            lambda x: log_sum_exp(x, temperature), lambda x: _gradient_of_log(x, temperature)
        ),
        "mixed": Aggregate(
            lambda x: mixed(x, share),
            lambda x: share * _gradient_of_max(x) + (1 - share) / x.shape[-1],
        ),
        "stochastic": Aggregate(
            lambda x: stochastic(x, seed), lambda x: _gradient_of_drawn(x, seed)
        ),
        "stochastic test": Aggregate(stochastic_test, _gradient_of_test),
    }
    return found[name]


def _one_hot(values: Floats, place: Ints) -> Floats:
    return np.asarray(np.arange(values.shape[-1]) == place[..., None], dtype=np.float64)


def _gradient_of_max(values: Floats) -> Floats:
    return _one_hot(values, values.argmax(axis=-1))


def _gradient_of_median(values: Floats) -> Floats:
    n = values.shape[-1]
    order = np.argsort(values, axis=-1, kind="stable")
    lower, upper = order[..., (n - 1) // 2], order[..., n // 2]
    return (_one_hot(values, lower) + _one_hot(values, upper)) / 2


def _gradient_of_norm(values: Floats, p: float) -> Floats:
    norm = lp_norm(values, p)[..., None]
    share = np.abs(values) / np.where(norm > 0, norm, 1.0)
    return np.asarray(np.sign(values) * share ** (p - 1))


def _gradient_of_generalised(values: Floats, p: float) -> Floats:
    share = np.maximum(values, CLAMP) / generalised_mean(values, p)[..., None]
    return np.asarray((values > CLAMP) * share ** (p - 1) / values.shape[-1])


def _gradient_of_soft(values: Floats, temperature: float) -> Floats:
    if not temperature:
        return _gradient_of_max(values)
    above = values - softmax_weighted(values, temperature)[..., None]
    return _softmax(values, temperature) * (1 + above / temperature)


def _gradient_of_log(values: Floats, temperature: float) -> Floats:
    return _softmax(values, temperature) if temperature else _gradient_of_max(values)


def _gradient_of_drawn(values: Floats, seed: int) -> Floats:
    return _one_hot(values, (values == stochastic(values, seed)[..., None]).argmax(axis=-1))


def _gradient_of_test(values: Floats) -> Floats:
    total = values.sum(axis=-1, keepdims=True)
    pooled = stochastic_test(values)[..., None]
    return np.asarray((2 * values - pooled) / np.where(total > 0, total, 1.0))
