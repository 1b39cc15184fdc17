"""Padding that is data: clips of unequal length, filled up to a common one, and pooled over time.

A filter's responses over a clip of n places are normal, of standard deviation 1 around its bias.
Behind the clip comes a tail of padding up to the length of the longest clip in the batch: zeros
in the input, where the filter responds with its bias, or zeros among the features themselves.
`masked_max` and `masked_mean` leave the tail out; so does `masked_pool1d`, window by window.
"""

from __future__ import annotations

import math
from typing import Annotated, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explainers import intervals, normal
from explainers.checks import Floats, as_array, reals, refuse
from explainers.intervals import Interval
from explainers.kinds import Choice, Number, Seed, Whole, checked
from explainers.operators import avg_pool1d, max_pool1d

PADDED = ("input", "features")
"""Where the zeros are put: before the filters, or behind them."""

Bias = Annotated[float, Number(-8, 8, "bias of the filters, in standard deviations of a response")]
Spread = Annotated[float, Number(0, 8, "standard deviation of the filters' biases")]
Length = Annotated[int, Whole(1, 1000, "places of the clip")]
Padded = Annotated[str, Choice(PADDED)]
Window = Annotated[int, Whole(1, 65536, "places of a window")]
Stride = Annotated[int, Whole(1, 65536, "places from one window to the next")]
Method = Annotated[str, Choice(("max", "mean"), "what is taken of a window")]
Axes = Annotated[int, Whole(1, 2, "number of last axes that are pooled")]
Filters = Annotated[int, Whole(2, 100_000, "number of filters, each on a clip of its own")]


# With a mask


@checked
def masked_max(values: ArrayLike, mask: ArrayLike, axes: Axes = 1) -> Floats:
    """Take the largest of the values that a mask keeps.

    Parameters
    ----------
    values
        Shape (..., T), or (..., H, W) with two axes.
    mask
        True where a value counts; of the shape of `values`, or of one that is repeated to it, as
        (N, 1, T) for clips whose channels have one length. What is masked may be anything, NaN too.
    axes
        1 pools over time, 2 over all of a map.

    Returns
    -------
    ndarray
        The shape of `values` without its last one or two axes: to the last bit what the values
        without padding give.

    Raises
    ------
    ValueError
        If the two do not fit, or the mask keeps nothing of what is pooled into one value.

    Examples
    --------
    >>> masked_max([[-3, -1, 0, 0], [-2, -4, -5, -1]], mask=[[1, 1, 0, 0], [1, 1, 1, 1]])
    Traceback (most recent call last):
    ValueError: mask must be of True and False; got [[1, 1, 0, 0], [1, 1, 1, 1]]
    >>> masked_max([[-3, -1, 0, 0], [-2, -4, -5, -1]], mask=np.arange(4) < [[2], [4]])
    array([-1., -1.])
    """
    kept, counts = _kept(values, mask, axes)
    return np.asarray(np.where(counts, kept, -np.inf).max(axis=-1))


@checked
def masked_mean(values: ArrayLike, mask: ArrayLike, axes: Axes = 1) -> Floats:
    """Take the mean of the values that a mask keeps.

    Parameters
    ----------
    values
        Shape (..., T), or (..., H, W) with two axes.
    mask
        True where a value counts; as in `masked_max`.
    axes
        1 pools over time, 2 over all of a map.

    Returns
    -------
    ndarray
        The shape of `values` without its last one or two axes: the same to the last bit, however
        long the padding is.

    Raises
    ------
    ValueError
        If the two do not fit, or the mask keeps nothing of what is pooled into one value.

    Notes
    -----
    The values are added in their order, so that a zero for what is masked changes nothing: NumPy's
    own sum adds in blocks, and with another length in another order.

    Examples
    --------
    >>> masked_mean([[3, 1, 0, 0], [2, 4, 5, 1]], mask=np.arange(4) < [[2], [4]])
    array([2., 3.])
    """
    kept, counts = _kept(values, mask, axes)
    total: Floats = np.cumsum(np.where(counts, kept, 0), axis=-1)[..., -1]
    return np.asarray(total / counts.sum(axis=-1))


class Pooled(NamedTuple):
    """What windows over time leave of clips.

    Attributes
    ----------
    values
        One value of each window, 0 where it has none to take.
    mask
        True where a window has a value to take: the mask for the layer after the pooling.
    """

    values: Floats
    mask: NDArray[np.bool_]


@checked
def masked_pool1d(
    values: ArrayLike,
    mask: ArrayLike,
    kernel_size: Window,
    stride: Stride | None = None,
    method: Method = "max",
) -> Pooled:
    """Pool over windows of time, of the values that a mask keeps; the mask shrinks along.

    Parameters
    ----------
    values
        Shape (..., T).
    mask
        True where a value counts; as in `masked_max`, but it may keep nothing.
    kernel_size, stride
        As in `explainers.operators.max_pool1d`.
    method
        ``"max"`` or ``"mean"``; the mean is divided by the number of values that count.

    Returns
    -------
    Pooled
        Both of shape (..., T'), with T' as one side of `explainers.operators.pool_output_size`.

    Raises
    ------
    ValueError
        If the two do not fit, or no window fits.

    Examples
    --------
    >>> pooled = masked_pool1d([-3, -1, -5, 9, 9, 9], np.arange(6) < 3, kernel_size=2)
    >>> pooled.values, pooled.mask
    (array([-1., -5.,  0.]), array([ True,  True, False]))
    """
    array, counts = _alike(values, mask, 1)
    shares = avg_pool1d(counts.astype(float), kernel_size, stride)
    some = shares > 0
    if method == "max":
        found = max_pool1d(np.where(counts, array, -np.inf), kernel_size, stride)
    else:
        found = avg_pool1d(np.where(counts, array, 0), kernel_size, stride)
        found = found / np.where(some, shares, 1)
    return Pooled(np.where(some, found, 0.0), some)


def _kept(values: ArrayLike, mask: ArrayLike, axes: int) -> tuple[Floats, NDArray[np.bool_]]:
    """Return values and mask of one shape, with all that is pooled along one last axis."""
    array, counts = _alike(values, mask, axes)
    pooled = (*array.shape[: array.ndim - axes], math.prod(array.shape[-axes:]))
    kept, counts = array.reshape(pooled), counts.reshape(pooled)
    if not counts.any(axis=-1).all():
        refuse("mask", "a row of False alone", "True somewhere in all that is pooled to one value")
    return kept, counts


def _alike(values: ArrayLike, mask: ArrayLike, axes: int) -> tuple[Floats, NDArray[np.bool_]]:
    """Return values and mask of one shape."""
    array, wanted = reals("values", values), as_array("mask", mask, "of True and False")
    if wanted.dtype != bool:
        refuse("mask", mask, "of True and False")
    if array.ndim < axes or 0 in array.shape[-axes:]:
        refuse("values", array.shape, f"of {axes} axes or more, and with something to pool")
    try:
        return array, np.broadcast_to(wanted, array.shape)
    except ValueError:
        refuse("mask", wanted.shape, f"of the shape of values, {array.shape}, or repeated to it")


# Without one: the laws


@checked
def tail_takes_over(
    bias: Bias = 0, length: Length = 10, padded: Padded = "input", rectified: bool = False
) -> float:
    """Probability that padding changes the max over time of a clip's responses.

    Parameters
    ----------
    bias
        b: of the filter, in standard deviations of its response.
    length
        n: responses to the clip itself, independent normal ones; any tail of one place or more.
    padded
        Zeros in the ``"input"``, or among the ``"features"``.
    rectified
        Whether a rectifier stands behind the filters.

    Returns
    -------
    float

    Notes
    -----
    Zeros in the input leave the bias: it wins if all n responses are below it, with probability
    2⁻ⁿ, whatever it is. Zeros among the features win if all responses are negative, Φ(−b)ⁿ. A
    rectifier makes what is negative 0: then no zero changes the max, and the bias can only if it is
    positive.

    Examples
    --------
    >>> tail_takes_over(0.3, 10) == 2**-10, round(tail_takes_over(-2, 20, "features"), 2)
    (True, 0.63)
    """
    if rectified and (padded == "features" or bias <= 0):
        return 0.0
    return float(2.0**-length if padded == "input" else normal.cdf(-bias) ** length)


@checked
def diluted_mean(
    real: Annotated[float, Number(0, 1)] = 0.5,
    bias: Bias = 0,
    spread: Spread = 0,
    padded: Padded = "input",
) -> float:
    """Expected mean over time of rectified responses with padding, as a share of that without.

    Parameters
    ----------
    real
        r: length of the clip as a share of the length that it is filled up to.
    bias
        b: of the filters, in standard deviations of a response; on average, if they differ.
    spread
        σ: standard deviation of the filters' biases, which are normal; 0 if they are all b.
    padded
        Zeros in the ``"input"``, or among the ``"features"``.

    Returns
    -------
    float

    Notes
    -----
    Zeros among the features leave r of the mean. Zeros in the input leave r + (1 − r) t / m, where
    t is the mean of relu(b + σ z) over the filters, and m that of relu(b + √(1 + σ²) z) over
    their responses, z standard normal: E[relu(b + s z)] = b Φ(b / s) + s φ(b / s).

    Examples
    --------
    >>> diluted_mean(0.5), diluted_mean(0.5, padded="features")
    (0.5, 0.5)
    >>> round(diluted_mean(0.5, spread=0.3), 2), round(diluted_mean(0.5, bias=0.5), 2)
    (0.64, 0.86)
    """
    if padded == "features":
        return real
    tail, clip = _rectified_mean(bias, spread), _rectified_mean(bias, math.hypot(1, spread))
    return real + (1 - real) * tail / clip


def _rectified_mean(mean: float, sd: float) -> float:
    """Mean of what a rectifier leaves of normal values."""
    if sd == 0:
        return max(mean, 0.0)
    away = mean / sd
    return float(mean * normal.cdf(away) + sd * normal.pdf(away))


# Without one: by trying


class Tails(NamedTuple):
    """What a padded tail does to poolings over time; 95 % intervals over filters and their clips.

    Attributes
    ----------
    taken_over
        Share of filters whose max it changes.
    diluted
        Sum over the filters of the mean of rectified responses, with the tail, as a share of that
        without.
    masked
        Share of filters whose max or mean it changes where a mask leaves it out.
    """

    taken_over: Interval[float]
    diluted: Interval[float]
    masked: float


@checked
def tails(
    bias: Bias = 0,
    length: Length = 10,
    padded_to: Annotated[int, Whole(2, 2000, "places with padding")] = 20,
    padded: Padded = "input",
    *,
    kernel: Annotated[int, Whole(1, 9, "taps of the filters over time")] = 1,
    spread: Spread = 0,
    rectified: bool = False,
    channels: Annotated[int, Whole(1, 64, "channels of the clips")] = 8,
    filters: Filters = 4000,
    seed: Seed = 0,
) -> Tails:
    """Filter random clips with random filters, with padding and without, and pool over time.

    Parameters
    ----------
    bias, spread
        Mean and standard deviation of the filters' biases, in standard deviations of a response.
    length, padded_to
        Places of the clip, at least `kernel`, and of the clip with its tail, more than `length`.
    padded
        Zeros in the ``"input"``, or among the ``"features"``.
    kernel
        Taps of a filter; where more than one, some responses see the clip's end and the tail both.
    rectified
        Whether a rectifier stands behind the filters before the max; before the mean there is one.
    channels
        Of the clips, of independent normal values.
    filters
        Number of filters, of random direction, each on a clip of its own.
    seed
        Of the random numbers.

    Returns
    -------
    Tails

    Raises
    ------
    ValueError
        If the clip is shorter than `kernel`, or no shorter than it is with its tail.

    Examples
    --------
    >>> tried = tails(-2, 20, 40, "features")
    >>> round(tried.taken_over.value, 1), tried.masked
    (0.6, 0.0)
    """
    if not kernel <= length < padded_to:
        refuse("length", length, f"at least kernel {kernel}, and below padded_to {padded_to}")
    drawn = np.random.default_rng(seed)
    own = _responses(length, kernel, channels, filters, drawn)
    biases = bias + spread * drawn.standard_normal((filters, 1))
    places = own.shape[-1] - kernel + 1  # those that see nothing of the tail
    alone = own[:, :places] + biases
    tail = np.zeros((filters, padded_to - length))
    whole = (
        np.concatenate([own, tail], axis=-1)[:, : padded_to - kernel + 1] + biases
        if padded == "input"
        else np.concatenate([alone, tail], axis=-1)
    )
    return _compared(alone, whole, rectified)


def _responses(
    length: int, kernel: int, channels: int, filters: int, drawn: np.random.Generator
) -> Floats:
    """Return what filters of norm 1 say to their clips and to the zeros next to them."""
    taps = drawn.standard_normal((filters, channels, kernel))
    taps /= np.sqrt((taps**2).sum(axis=(1, 2), keepdims=True))
    clips = drawn.standard_normal((filters, channels, length))
    padded = np.pad(clips, [(0, 0), (0, 0), (0, kernel - 1)])
    seen = np.lib.stride_tricks.sliding_window_view(padded, kernel, axis=-1)
    return np.asarray(np.einsum("fck,fctk->ft", taps, seen, optimize=True))


def _compared(alone: Floats, whole: Floats, rectified: bool) -> Tails:
    """Pool the responses to the clip, and all that the padding makes of them."""
    real = np.arange(whole.shape[-1]) < alone.shape[-1]
    floor = 0.0 if rectified else -np.inf
    changed = np.maximum(whole, floor).max(axis=-1) != np.maximum(alone, floor).max(axis=-1)
    positive = np.maximum(whole, 0)
    masked = (masked_max(whole, real) != alone.max(axis=-1)) | (
        masked_mean(positive, real) != masked_mean(positive[:, real], np.array(True))
    )
    taken_over = intervals.wilson(changed.mean(), changed.size)
    return Tails(
        intervals.scalar(taken_over),
        _ratio(positive.mean(axis=-1), positive[:, real].mean(axis=-1)),
        float(masked.mean()),
    )


def _ratio(above: Floats, below: Floats) -> Interval[float]:
    """Divide the sums of paired numbers, with the standard error of a ratio; NaN by nothing."""
    if not below.any():
        return Interval(np.nan, np.nan, np.nan)
    ratio = above.sum() / below.sum()
    error = intervals.standard_error(above - ratio * below) / below.mean()
    return intervals.scalar(intervals.around(ratio, error))


class Batches(NamedTuple):
    """One clip's answers in batches with longer and longer clips; shape (lengths, filters).

    Attributes
    ----------
    plain_max, plain_mean
        Of rectified responses over all of the padded clip.
    masked_max, masked_mean
        Of those to the clip itself.
    """

    plain_max: Floats
    plain_mean: Floats
    masked_max: Floats
    masked_mean: Floats


@checked
def in_batches(
    longest: tuple[int, ...] = (20, 30, 40, 80),
    length: Length = 20,
    padded: Padded = "input",
    *,
    bias: Bias = 0,
    spread: Spread = 0.3,
    filters: Annotated[int, Whole(1, 10_000, "number of filters")] = 64,
    seed: Seed = 0,
) -> Batches:
    """Pool one clip over time in batches whose longest clip has one length or another.

    Parameters
    ----------
    longest
        Length of the longest clip in each batch, from `length` to 2000.
    length
        Places of the clip that is looked at.
    padded
        Zeros in the ``"input"``, or among the ``"features"``.
    bias, spread
        Mean and standard deviation of the filters' biases, in standard deviations of a response.
    filters
        Number of filters; their responses to the clip are independent and normal.
    seed
        Of the random numbers.

    Returns
    -------
    Batches

    Raises
    ------
    ValueError
        If no length is given, or one is less than `length`.

    Examples
    --------
    >>> answers = in_batches((20, 40))
    >>> (answers.plain_mean[0] != answers.plain_mean[1]).mean() > 0.9
    np.True_
    >>> (answers.masked_mean[0] != answers.masked_mean[1]).any()
    np.False_
    """
    for side in longest:
        Whole(length, 2000).check("longest", side)
    if not longest:
        refuse("longest", longest, "at least one length")
    drawn = np.random.default_rng(seed)
    biases = bias + spread * drawn.standard_normal((filters, 1))
    clip = drawn.standard_normal((filters, length)) + biases
    tail = np.broadcast_to(biases if padded == "input" else 0.0, (filters, max(longest) - length))
    positive = np.maximum(np.concatenate([clip, tail], axis=-1), 0)
    places = np.arange(max(longest))
    batch, real = places < np.array(longest)[:, None, None], places < length
    values = np.broadcast_to(positive, (len(longest), *positive.shape))
    return Batches(
        masked_max(values, batch),
        masked_mean(values, batch),
        masked_max(values, real & batch),
        masked_mean(values, real & batch),
    )
