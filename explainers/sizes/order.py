"""The order of layers: which may change places with a pooling, and how much it changes if not.

Each identity is tried on maps of normal noise, as independent or as smooth as wanted: one order,
the other, and how far apart they are. Where they are the same to the last bit, all of the
difference is exactly 0.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from explainers import intervals
from explainers.activations import ACTIVATIONS, Activation, leaky_relu
from explainers.checks import Floats, reals, refuse
from explainers.intervals import Interval
from explainers.kinds import Choice, Number, Seed, Whole, checked
from explainers.maps import Length, smooth_maps
from explainers.operators import (
    avg_pool2d,
    blur2d,
    conv2d,
    max_pool2d,
    min_pool2d,
    subsample2d,
)

ORDERS = ("before", "after")
"""Whether a layer comes before the pooling or after it."""
POOLS = ("max", "min", "mean")
"""What may be taken of a window here."""
VALUES = ("uniform", "rectified")
"""What dropout meets: values from 0 to 1, or normal noise behind a rectifier."""
BETWEEN = ("nothing", "max", "mean", "relu")
"""What may lie between two linear layers."""
CHANNELS = 4
"""Channels of the convolutions here."""

EPS = 1e-5
"""What batch normalisation adds to the variance, by default, in PyTorch."""

Name = Annotated[str, Choice(tuple(ACTIVATIONS))]
Slope = Annotated[float, Number(-100, 100, "slope below zero")]
Factor = Annotated[float, Number(-100, 100, "γ of a batch normalisation")]
Rate = Annotated[float, Number(0, 0.99, "probability that dropout drops a value")]
Order = Annotated[str, Choice(ORDERS)]
Pool = Annotated[str, Choice(POOLS)]
Border = Annotated[str, Choice(("circular", "zeros"))]
Window = Annotated[int, Whole(1, 16, "side of the window, in values")]
Stride = Annotated[int, Whole(1, 16, "values from one window to the next")]
Maps = Annotated[int, Whole(2, 1000, "number of maps")]
Side = Annotated[int, Whole(16, 128, "height and width of each map")]
Taps = Annotated[int, Whole(2, 7, "taps of the blur")]
Kernel = Annotated[int, Choice((1, 3, 5, 7), "side of the kernel")]

Layer: TypeAlias = Callable[[Floats], Floats]

_POOLS: dict[str, Callable[..., Floats]] = {
    "max": max_pool2d,
    "min": min_pool2d,
    "mean": avg_pool2d,
}


# How far two orders are apart


class Difference(NamedTuple):
    """How far the results of two orders of layers are apart.

    Attributes
    ----------
    largest, mean
        Of the absolute differences, in units of the first order's root mean square.
    share
        Of the values that differ at all, be it in the last bit.
    """

    largest: float
    mean: float
    share: float


def difference(one: ArrayLike, other: ArrayLike) -> Difference:
    """Compare what one order of layers gives with what the other gives.

    Parameters
    ----------
    one, other
        Arrays of one shape; `one` is the scale, unless all of it is 0: then that is 1.

    Returns
    -------
    Difference

    Raises
    ------
    ValueError
        If one of them is not numeric, or the shapes differ.

    Examples
    --------
    >>> difference([3, -3, 3, 3], [3, -3, 3, 0])
    Difference(largest=1.0, mean=0.25, share=0.25)
    """
    first, second = reals("one", one), reals("other", other)
    if first.shape != second.shape:
        refuse("other", second.shape, f"of the shape of one, {first.shape}")
    apart = np.abs(first - second)
    scale = np.sqrt((first**2).mean()) or 1.0
    return Difference(*map(float, (apart.max() / scale, apart.mean() / scale, (apart > 0).mean())))


def _swapped(layer: Layer, pool: Layer, maps: Floats) -> Difference:
    """Compare a layer before a pooling with the same layer after it."""
    return difference(pool(layer(maps)), layer(pool(maps)))


def _pooled(pool: str, window: int) -> Layer:
    return lambda maps: _POOLS[pool](maps, window)


# Activations


@checked
def activation_and_pool(
    activation: Name = "relu",
    window: Window = 2,
    pool: Pool = "max",
    *,
    length: Length = 0,
    maps: Maps = 100,
    size: Side = 32,
    seed: Seed = 0,
) -> Difference:
    """Compare an activation before a pooling with the same activation after it.

    Parameters
    ----------
    activation
        Of `explainers.activations.ACTIVATIONS`.
    window
        Side and stride of the windows.
    pool
        ``"max"``, ``"min"`` or ``"mean"``.
    length, maps, size, seed
        Of the normal noise, as in `explainers.maps.smooth_maps`.

    Returns
    -------
    Difference

    Notes
    -----
    A function that never falls puts no smaller value above a larger one: the largest stays the
    largest, and the smallest the smallest. So the order does not matter to max and min for the
    activations of `NEVER_FALL`. GELU, SiLU, Mish and hard swish dip below zero and come back up:
    in a window of negative values, a lower one may have the larger image.

    Examples
    --------
    >>> activation_and_pool("tanh").share, round(activation_and_pool("gelu").share, 3)
    (0.0, 0.027)
    >>> round(activation_and_pool("relu", pool="mean").share, 2)
    0.87
    """
    noise = smooth_maps(maps, size, length, seed)
    return _swapped(ACTIVATIONS[activation], _pooled(pool, window), noise)


@checked
def leaky_and_max(
    slope: Slope = -0.1,
    window: Window = 2,
    *,
    length: Length = 0,
    maps: Maps = 100,
    size: Side = 32,
    seed: Seed = 0,
) -> Difference:
    """Compare a leaky ReLU before a max pooling with the same one after it.

    Parameters
    ----------
    slope
        Below zero. From 0 up the function never falls; −1 makes it the absolute value.
    window
        Side and stride of the windows.
    length, maps, size, seed
        Of the normal noise, as in `explainers.maps.smooth_maps`.

    Returns
    -------
    Difference

    Examples
    --------
    >>> leaky_and_max(0.1).share, round(leaky_and_max(-1).share, 1)
    (0.0, 0.5)
    """
    leaky: Activation = lambda x: leaky_relu(x, slope)  # noqa: E731
    return _swapped(leaky, _pooled("max", window), smooth_maps(maps, size, length, seed))


# Batch normalisation


@checked
def batch_norm(
    values: ArrayLike,
    mean: Annotated[float, Number()],
    variance: Annotated[float, Number(0)],
    gamma: Factor = 1,
    beta: Annotated[float, Number()] = 0,
) -> Floats:
    """Normalise one channel: γ (x − mean) / √(variance + ε) + β, with ε = 10⁻⁵.

    Parameters
    ----------
    values
        Of one channel, of any shape.
    mean, variance
        Those of the batch in training, and the running ones at inference.
    gamma, beta
        What is trained: factor and offset.

    Returns
    -------
    ndarray, of the shape of `values`

    Raises
    ------
    ValueError
        If `values` is not numeric.

    Examples
    --------
    >>> batch_norm([1.0, 3.0], mean=2, variance=1, gamma=10, beta=5).round(3)
    array([-5., 15.])
    """
    scaled: Floats = (reals("values", values) - mean) / np.sqrt(variance + EPS)
    return gamma * scaled + beta


@checked
def norm_and_pool(
    gamma: Factor = 1,
    pool: Pool = "max",
    instead: Annotated[str, Choice(POOLS)] | None = None,
    window: Window = 2,
    *,
    mean: Annotated[float, Number(-10, 10)] = 0.3,
    variance: Annotated[float, Number(0, 100)] = 2,
    beta: Annotated[float, Number(-10, 10)] = 0.1,
    length: Length = 0,
    maps: Maps = 100,
    size: Side = 32,
    seed: Seed = 0,
) -> Difference:
    """Compare a batch normalisation at inference before a pooling with the same one after it.

    Parameters
    ----------
    gamma
        γ of the channel.
    pool
        What follows the normalisation: ``"max"``, ``"min"`` or ``"mean"``.
    instead
        What precedes it in the other order; by default `pool`.
    window
        Side and stride of the windows.
    mean, variance, beta
        Running mean and variance, and β: as in `batch_norm`.
    length, maps, size, seed
        Of the normal noise, as in `explainers.maps.smooth_maps`.

    Returns
    -------
    Difference

    Notes
    -----
    At inference it is a line with the slope γ / √(variance + ε). If that rises, the largest stays
    the largest, to the last bit; if it falls, the max after it is a min before it. The mean of a
    line is the line of the mean, whatever γ is, but for rounding.

    Examples
    --------
    >>> norm_and_pool(0.5).share, norm_and_pool(-0.5).share, norm_and_pool(-0.5, "max", "min").share
    (0.0, 1.0, 0.0)
    >>> norm_and_pool(-0.5, "mean").largest < 1e-15
    True
    """
    noise = smooth_maps(maps, size, length, seed)

    def norm(values: Floats) -> Floats:
        return batch_norm(values, mean, variance, gamma, beta)

    early = _POOLS[pool](norm(noise), window)
    return difference(early, norm(_POOLS[instead or pool](noise, window)))


class Moments(NamedTuple):
    """What a layer gives on average, and its standard deviation; 95 % intervals over batches."""

    mean: Interval[float]
    sd: Interval[float]


@checked
def norm_in_training(
    order: Order = "before",
    pool: Pool = "max",
    window: Window = 2,
    *,
    length: Length = 0,
    batches: Annotated[int, Whole(2, 200, "number of batches")] = 20,
    maps: Maps = 16,
    size: Side = 32,
    seed: Seed = 0,
) -> Moments:
    """Measure what a pooling and a batch normalisation with the batch's own moments give.

    Parameters
    ----------
    order
        Whether the normalisation comes ``"before"`` the pooling or ``"after"`` it; γ = 1, β = 0.
    pool, window
        ``"max"``, ``"min"`` or ``"mean"``, of windows side by side.
    length, size, seed
        Of the normal noise, as in `explainers.maps.smooth_maps`.
    batches, maps
        Number of batches, and maps in each.

    Returns
    -------
    Moments

    Notes
    -----
    In training the moments are those of what comes in. After the pooling, what leaves has mean 0
    and standard deviation 1, but for ε. Before it, what leaves is the max of n values of mean 0 and
    variance 1: 1.03 ± 0.70 for four independent normal ones.

    Examples
    --------
    >>> first, last = norm_in_training("before"), norm_in_training("after")
    >>> round(first.mean.value, 2), round(first.sd.value, 1), round(last.sd.value, 2)
    (1.03, 0.7, 1.0)
    """
    noise = smooth_maps(batches * maps, size, length, seed).reshape(batches, maps, size, size)
    pooled = _pooled(pool, window)
    given = pooled(_standardised(noise)) if order == "before" else _standardised(pooled(noise))
    each = given.reshape(batches, -1)
    return Moments(
        *(intervals.scalar(intervals.of_mean(m)) for m in (each.mean(axis=1), each.std(axis=1)))
    )


def _standardised(batches: Floats) -> Floats:
    """Normalise each batch, (batches, maps, H, W), by its own mean and variance."""
    own = (1, 2, 3)
    mean, variance = batches.mean(axis=own, keepdims=True), batches.var(axis=own, keepdims=True)
    return np.asarray((batches - mean) / np.sqrt(variance + EPS))


# Dropout


class Dropped(NamedTuple):
    """What dropout and a max pooling give in training; 95 % intervals over maps.

    Attributes
    ----------
    zeros
        Share of the outputs that are 0.
    value
        Mean output in training.
    inference
        Mean output at inference, where nothing is dropped.
    bias
        `value` less `inference`, paired by map.
    """

    zeros: Interval[float]
    value: Interval[float]
    inference: Interval[float]
    bias: Interval[float]


@checked
def dropout_and_max(
    rate: Rate = 0.5,
    order: Order = "before",
    window: Window = 2,
    *,
    values: Annotated[str, Choice(VALUES)] = "uniform",
    maps: Maps = 200,
    size: Side = 32,
    seed: Seed = 0,
) -> Dropped:
    """Measure what dropout by element before or after a max pooling gives in training.

    Parameters
    ----------
    rate
        p: probability that a value is dropped, each by itself. The others are divided by 1 − p, as
        in PyTorch.
    order
        Whether the dropout comes ``"before"`` the pooling or ``"after"`` it.
    window
        Side and stride of the windows.
    values
        ``"uniform"`` from 0 to 1, or ``"rectified"`` normal noise: independent of each other.
    maps, size, seed
        Number of maps, their height and width, and the seed.

    Returns
    -------
    Dropped

    Notes
    -----
    Before the pooling, the max of a window is seldom dropped, as another value stands in for it,
    but always enlarged. After it, dropout keeps the mean by its very construction.

    Examples
    --------
    >>> before, after = dropout_and_max(0.5, "before"), dropout_and_max(0.5, "after")
    >>> round(before.zeros.value, 2), round(after.zeros.value, 1)
    (0.06, 0.5)
    >>> round(before.bias.value, 1), after.bias.low < 0 < after.bias.high
    (0.4, True)
    """
    drawn = np.random.default_rng(seed)
    full = _positive(values, (maps, size, size), drawn)
    inference = max_pool2d(full, window)
    dropped = (
        max_pool2d(_dropout(full, rate, full.shape, drawn), window)
        if order == "before"
        else _dropout(inference, rate, inference.shape, drawn)
    )
    kept, without = dropped.mean(axis=(1, 2)), inference.mean(axis=(1, 2))
    each = ((dropped == 0).mean(axis=(1, 2)), kept, without, kept - without)
    return Dropped(*(intervals.scalar(intervals.of_mean(m)) for m in each))


def _positive(values: str, shape: tuple[int, ...], drawn: np.random.Generator) -> Floats:
    if values == "uniform":
        return drawn.random(shape)
    return np.maximum(drawn.standard_normal(shape), 0)


def _dropout(
    values: Floats, rate: float, shape: tuple[int, ...], drawn: np.random.Generator
) -> Floats:
    """Drop values with this probability, and divide the rest by what is kept on average."""
    return values * (drawn.random(shape) >= rate) / (1 - rate)


class DropoutLaw(NamedTuple):
    """What dropout and a max pooling of independent uniform values give: zeros, mean, inference."""

    zeros: float
    value: float
    inference: float


@checked
def dropout_law(rate: Rate = 0.5, order: Order = "before", window: Window = 2) -> DropoutLaw:
    """Expected share of zeros and mean of `dropout_and_max` for uniform values.

    Parameters
    ----------
    rate
        p: probability that a value is dropped.
    order
        Whether the dropout comes ``"before"`` the pooling or ``"after"`` it.
    window
        Side of a window of n = window² values.

    Returns
    -------
    DropoutLaw

    Notes
    -----
    The largest of K uniform values is K / (K + 1) on average. Of n values K are kept, a binomial
    number, for which E[1 / (K + 1)] = (1 − pⁿ⁺¹) / ((n + 1) (1 − p)). All are dropped with
    probability pⁿ: of any values above 0.

    Examples
    --------
    >>> dropout_law(0.5, "before")
    DropoutLaw(zeros=0.0625, value=1.225, inference=0.8)
    >>> dropout_law(0.5, "after")
    DropoutLaw(zeros=0.5, value=0.8, inference=0.8)
    """
    n, kept = window**2, 1 - rate
    inference = n / (n + 1)
    if order == "after":
        return DropoutLaw(rate, inference, inference)
    missed = (1 - rate ** (n + 1)) / ((n + 1) * kept)
    return DropoutLaw(rate**n, (1 - missed) / kept, inference)


class ChannelDropout(NamedTuple):
    """Two orders of a dropout of whole channels, and the share of channels that it dropped."""

    apart: Difference
    dropped: float


@checked
def channel_dropout_and_pool(
    rate: Rate = 0.5,
    window: Window = 2,
    pool: Pool = "max",
    *,
    length: Length = 0,
    maps: Maps = 100,
    size: Side = 32,
    seed: Seed = 0,
) -> ChannelDropout:
    """Compare dropout of whole channels before a pooling with the same dropout after it.

    Parameters
    ----------
    rate
        Probability that a channel is dropped, all of it; the others are divided by 1 − rate.
    window, pool
        Side and stride of the windows, and ``"max"``, ``"min"`` or ``"mean"``.
    length, maps, size, seed
        Of the normal noise, as in `explainers.maps.smooth_maps`: a map is a channel.

    Returns
    -------
    ChannelDropout

    Notes
    -----
    A channel is multiplied by 0 or by 1 / (1 − rate), one number for all of a window, and not a
    negative one: max and min keep their places, and the mean is the same but for rounding.

    Examples
    --------
    >>> channel_dropout_and_pool(0.5, maps=1000).apart.largest
    0.0
    """
    kept = np.random.default_rng([seed, 1]).random((maps, 1, 1)) >= rate
    noise = smooth_maps(maps, size, length, seed)
    apart = _swapped(lambda x: x * kept / (1 - rate), _pooled(pool, window), noise)
    return ChannelDropout(apart, float(1 - kept.mean()))


# Blur


@checked
def blur_and_convolution(
    taps: Taps = 3,
    kernel: Kernel = 3,
    border: Border = "circular",
    *,
    maps: Maps = 10,
    size: Side = 32,
    seed: Seed = 0,
) -> Difference:
    """Compare a blur before a convolution with the same blur after it.

    Parameters
    ----------
    taps
        Of the binomial blur, as in `explainers.operators.blur2d`.
    kernel
        Side of the kernels, whose weights are random; four channels go in and four come out.
    border
        How maps continue for both: with their other side, ``"circular"``, or with ``"zeros"``.
    maps, size, seed
        Number of pictures of normal noise, their height and width, and the seed.

    Returns
    -------
    Difference

    Notes
    -----
    Both are weighted sums of shifted maps, and commute but for rounding wherever no border is near.
    So a blur right behind a convolution, before the rectifier, is a blur of what came in.

    Examples
    --------
    >>> blur_and_convolution().largest < 1e-14, blur_and_convolution(border="zeros").largest > 0.1
    (True, True)
    """
    pictures, weights = _pictures_and_weights(maps, size, kernel, seed)

    def convolved(values: Floats) -> Floats:
        return conv2d(values, weights, padding="same", padding_mode=border)

    return _swapped(convolved, lambda x: blur2d(x, taps, border), pictures)


def _pictures_and_weights(maps: int, size: int, kernel: int, seed: int) -> tuple[Floats, Floats]:
    """Return normal noise, (maps, channels, H, W), and kernels from all channels to all."""
    drawn = np.random.default_rng(seed)
    weights = drawn.standard_normal((CHANNELS, CHANNELS, kernel, kernel))
    return drawn.standard_normal((maps, CHANNELS, size, size)), weights


@checked
def blur_and_activation(
    activation: Name = "relu",
    taps: Taps = 3,
    *,
    length: Length = 0,
    maps: Maps = 100,
    size: Side = 32,
    seed: Seed = 0,
) -> Difference:
    """Compare a blur behind an activation with the same blur before it.

    Parameters
    ----------
    activation
        Of `explainers.activations.ACTIVATIONS`.
    taps
        Of the binomial blur, as in `explainers.operators.blur2d`; maps wrap round.
    length, maps, size, seed
        Of the normal noise, as in `explainers.maps.smooth_maps`.

    Returns
    -------
    Difference

    Notes
    -----
    A bent function of a weighted mean is not the weighted mean of the function. ReLU and its mean
    agree only where all of the blur's values have one sign.

    Examples
    --------
    >>> round(blur_and_activation("relu").mean, 1)
    0.5
    """
    noise = smooth_maps(maps, size, length, seed)
    return _swapped(ACTIVATIONS[activation], lambda x: blur2d(x, taps, "circular"), noise)


# Is a rectifier needed


@checked
def additivity(
    between: Annotated[str, Choice(BETWEEN)] = "max",
    window: Window = 2,
    kernel: Kernel = 3,
    *,
    maps: Maps = 10,
    size: Side = 32,
    seed: Seed = 0,
) -> Difference:
    """Compare f(a) + f(b) with f(a + b), f being two convolutions and what is between them.

    Parameters
    ----------
    between
        What lies between the convolutions: ``"nothing"``, ``"max"`` or ``"mean"`` pooling, or
        ``"relu"``.
    window
        Side and stride of the pooling's windows.
    kernel
        Side of the kernels, whose weights are random; four channels go in and four come out.
    maps, size, seed
        Number of pairs of pictures of normal noise, their height and width, and the seed.

    Returns
    -------
    Difference

    Notes
    -----
    A linear map is additive. So a stack that is not does not collapse to a single linear map: max
    pooling bends it as a rectifier does. With mean pooling it is a linear map, and needs one.

    Examples
    --------
    >>> additivity("mean").largest < 1e-13, additivity("max").mean > 0.1
    (True, True)
    """
    pictures, first = _pictures_and_weights(2 * maps, size, kernel, seed)
    second = np.random.default_rng([seed, 1]).standard_normal(first.shape)
    bent = {
        "nothing": lambda x: x,
        "max": _pooled("max", window),
        "mean": _pooled("mean", window),
        "relu": ACTIVATIONS["relu"],
    }[between]

    def stack(values: Floats) -> Floats:
        inner = bent(conv2d(values, first, padding="same"))
        return conv2d(inner, second, padding="same")

    a, b = pictures[:maps], pictures[maps:]
    return difference(stack(a) + stack(b), stack(a + b))


class MaxOfRectifiers(NamedTuple):
    """Largest values by rectifiers.

    Attributes
    ----------
    largest
        Over the last axis.
    rectifiers
        How many it took for each.
    steps
        How many of them came one behind the other.
    """

    largest: Floats
    rectifiers: int
    steps: int


def max_by_rectifiers(values: ArrayLike) -> MaxOfRectifiers:
    """Take the largest value with sums and rectifiers alone: max(a, b) = a + relu(b − a).

    Parameters
    ----------
    values
        Shape (..., n), n at least 1.

    Returns
    -------
    MaxOfRectifiers
        `largest` has the shape (...).

    Raises
    ------
    ValueError
        If `values` is not such an array.

    Notes
    -----
    Pairs are compared, then the winners of pairs: each comparison takes one rectifier and leaves
    one value less. So a window of n values takes n − 1, in ⌈log₂ n⌉ steps; whole numbers come out
    exact, and others but for rounding.

    No network of sums, constants and m < n − 1 rectifiers gives the max of all inputs. Ask of one
    rectifier after the other that its argument be 0: one linear equation each, on what those before
    it leave, where they are all silent (or its argument is the same everywhere there, and so is
    what it gives). At least n − m ≥ 2 dimensions of inputs are left on which the network has no
    bend. The max has one: along a line of direction v it rises by max(v) far on the one side and
    by min(v) far on the other, and in two dimensions there is a v whose values are not all equal.

    Examples
    --------
    >>> max_by_rectifiers([[3, 1, 4, 1], [5, 9, 2, 6]])
    MaxOfRectifiers(largest=array([4., 9.]), rectifiers=3, steps=2)
    """
    left = reals("values", values)
    if left.ndim < 1 or left.shape[-1] < 1:
        refuse("values", left.shape, "of shape (..., n), n at least 1")
    rectifiers = steps = 0
    while left.shape[-1] > 1:
        pairs = left.shape[-1] // 2
        one, other, odd = np.split(left, [pairs, 2 * pairs], axis=-1)
        left = np.concatenate([one + np.maximum(other - one, 0), odd], axis=-1)
        rectifiers, steps = rectifiers + pairs, steps + 1
    return MaxOfRectifiers(left[..., 0], rectifiers, steps)


# Mean pooling as what it is


@checked
def mean_as_convolution(
    window: Window = 2,
    stride: Stride = 2,
    *,
    length: Length = 0,
    maps: Maps = 100,
    size: Side = 32,
    seed: Seed = 0,
) -> Difference:
    """Compare mean pooling with a convolution of equal weights and the same stride.

    Parameters
    ----------
    window, stride
        Side of the windows, and values from one to the next.
    length, maps, size, seed
        Of the normal noise, as in `explainers.maps.smooth_maps`.

    Returns
    -------
    Difference
        Of rounding alone.

    Examples
    --------
    >>> mean_as_convolution(3, 2).largest < 1e-14
    True
    """
    noise = smooth_maps(maps, size, length, seed)
    weights = np.full((1, 1, window, window), 1 / window**2)
    convolved = conv2d(noise[:, None], weights, stride=stride)[:, 0]
    return difference(avg_pool2d(noise, window, stride), convolved)


@checked
def pool_as_subsampling(
    pool: Pool = "mean",
    window: Window = 2,
    stride: Stride = 2,
    *,
    length: Length = 0,
    maps: Maps = 100,
    size: Side = 32,
    seed: Seed = 0,
) -> Difference:
    """Compare a pooling with one at every place, of whose results a few are kept.

    Mean pooling at every place is a blur with equal weights, a box blur: with a stride of 2, mean
    pooling is a box blur, and every second value of it.

    Parameters
    ----------
    pool
        ``"max"``, ``"min"`` or ``"mean"``.
    window, stride
        Side of the windows, and values from one to the next.
    length, maps, size, seed
        Of the normal noise, as in `explainers.maps.smooth_maps`.

    Returns
    -------
    Difference
        Exactly 0 for max and min, and of rounding alone for the mean.

    Examples
    --------
    >>> pool_as_subsampling("max").largest, pool_as_subsampling("mean").largest < 1e-14
    (0.0, True)
    """
    noise = smooth_maps(maps, size, length, seed)
    take = _POOLS[pool]
    everywhere = _box_blur(noise, window) if pool == "mean" else take(noise, window, 1)
    return difference(take(noise, window, stride), subsample2d(everywhere, stride))


def _box_blur(maps: Floats, window: int) -> Floats:
    """Take the mean of each window, at every place, by differences of running sums."""
    return _running_mean(_running_mean(maps, window), window)


def _running_mean(maps: Floats, window: int) -> Floats:
    """Take means along the rows, and turn rows to columns."""
    sums = np.cumsum(np.pad(maps, [(0, 0), (0, 0), (1, 0)]), axis=-1)
    means: Floats = (sums[..., window:] - sums[..., :-window]) / window
    return means.swapaxes(-1, -2)
