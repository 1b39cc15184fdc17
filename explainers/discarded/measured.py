"""What a pooled map still tells: measured by rebuilding pictures and by reading positions.

Three questions are asked of a pooled map: how much of the gradient it passes back, how well the
picture before it can be rebuilt from it, and how well it tells where in its window a feature was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike

from explainers import intervals
from explainers.checks import (
    Floats,
    choice,
    generator,
    integer,
    number,
    reals,
    refuse,
)
from explainers.discarded.model import winners
from explainers.intervals import Interval
from explainers.maps import busy_maps, power_law_maps
from explainers.operators import avg_pool2d, max_pool2d, median_pool2d, min_pool2d, subsample2d

Pooling: TypeAlias = Callable[[Floats, int], Floats]

REBUILDERS = ("mean", "median", "subsample", "max", "min")
"""What can be kept of a window, and copied over it to rebuild the picture."""
READOUTS = ("max", "mean")
"""Poolings that a position is read from."""
BORDERS = ("zeros", "none", "wrap")
"""How a convolution pads: with zeros, as is usual, not at all, or with its map's other side."""
DECODERS = ("copied", "corrected", "fitted")
"""How a picture is rebuilt: by copies, copies of the right brightness, or a linear filter."""

WIDTH = 1.5
"""σ in pixels of the smooth feature whose place is read, in what the site shows."""
NOISE = 0.02
"""Noise on each value of its map, as a share of its height, in what the site shows."""
SAMPLES = 2000
"""Features to fit, and as many to test, in what the site shows."""

_LARGEST = 1024
_MOST = 100_000

_REBUILDERS: dict[str, Pooling] = {
    "mean": avg_pool2d,
    "median": median_pool2d,
    "subsample": subsample2d,
    "max": max_pool2d,
    "min": min_pool2d,
}
_READOUTS: dict[str, Callable[[Floats, int, int], Floats]] = {"max": max_pool2d, "mean": avg_pool2d}


# The gradient


class Reach(NamedTuple):
    """Where the gradient of a max-pooled map goes; shares with 95 % intervals over maps.

    Attributes
    ----------
    received
        Share of inputs that win a window.
    useful
        Share of inputs that win a window and are positive: a rectifier passes the gradient on.
    blocked
        Share of windows whose gradient goes to a 0, where a rectifier stops it.
    """

    received: Interval[float]
    useful: Interval[float]
    blocked: Interval[float]


def gradient_reach(
    kernel_size: int,
    stride: int | None = None,
    padding: int = 0,
    *,
    zeros: float = 0,
    maps: int = 100,
    size: int = 32,
    seed: int = 0,
) -> Reach:
    """Pool busy maps, borders and ties included, and follow the gradient back.

    Parameters
    ----------
    kernel_size, stride, padding
        As in `explainers.operators.max_pool2d`.
    zeros, maps, size, seed
        As in `explainers.maps.busy_maps`.

    Returns
    -------
    Reach

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Notes
    -----
    Of equal values the first in its window wins, as in PyTorch: of an all-zero window too.

    Examples
    --------
    >>> reach = gradient_reach(2, zeros=0.5)
    >>> [round(share.value, 2) for share in reach]
    [0.25, 0.23, 0.06]
    """
    noise = busy_maps(maps, size, zeros, seed)
    won = winners(noise, kernel_size, stride, padding)
    lost = (won * (noise == 0)).sum(axis=(1, 2)) / won.sum(axis=(1, 2))
    received, useful = ((won > 0) & above for above in (noise >= 0, noise > 0))
    return Reach(_share(received.mean(axis=(1, 2))), _share(useful.mean(axis=(1, 2))), _share(lost))


# Rebuilding


class Rebuilt(NamedTuple):
    """Errors of rebuilt pictures, in standard deviations of the picture.

    Attributes
    ----------
    rms
        Root of the mean squared difference.
    bias
        Mean difference: how much too bright it is.
    rest
        Root of the mean squared difference, once the brightness is right.
    absolute
        Mean absolute difference.
    """

    rms: float
    bias: float
    rest: float
    absolute: float


def cut(picture: Floats, kernel_size: int) -> Floats:
    """Leave out the last rows and columns that windows side by side do not reach.

    >>> cut(np.ones((5, 6)), 2).shape
    (4, 6)
    """
    height, width = (side // kernel_size * kernel_size for side in picture.shape)
    return picture[:height, :width]


def rebuild(
    picture: ArrayLike, method: str = "max", kernel_size: int = 2, decoder: str = "copied"
) -> Floats:
    """Pool a picture over windows side by side, and rebuild it from the pooled values.

    Parameters
    ----------
    picture
        Shape (..., H, W), divisible by `kernel_size`.
    method
        What is kept of a window, of `REBUILDERS`.
    kernel_size
        Height and width of a window.
    decoder
        ``"copied"``: each pooled value over its window; ``"corrected"``: less their mean error;
        ``"fitted"``: each place of a window from the 3 × 3 pooled values around it, by least
        squares on this very picture.

    Returns
    -------
    ndarray, of the shape of `picture`

    Raises
    ------
    ValueError
        If `picture` is not such an array, or an argument is outside its range.

    Examples
    --------
    >>> rebuild([[1, 2], [3, 6]], "mean")
    array([[3., 3.],
           [3., 3.]])
    """
    values = _pictures(picture)
    window = integer("kernel_size", kernel_size, 1, _LARGEST)
    if any(side % window for side in values.shape[-2:]):
        refuse("kernel_size", window, f"a divisor of height and width, {values.shape[-2:]}")
    pooled = _REBUILDERS[choice("method", method, REBUILDERS)](values, window)
    if choice("decoder", decoder, DECODERS) == "fitted":
        return _filtered(pooled, values, window)
    copied = pooled.repeat(window, axis=-2).repeat(window, axis=-1)
    return copied - (copied - values).mean() if decoder == "corrected" else copied


def _filtered(pooled: Floats, values: Floats, window: int) -> Floats:
    """Fit the linear filter of 3 × 3 pooled values that is nearest to the picture."""
    *many, rows, columns = pooled.shape
    padded = np.pad(pooled, [(0, 0)] * len(many) + [(1, 1), (1, 1)], mode="edge")
    around = sliding_window_view(padded, (3, 3), axis=(-2, -1)).reshape(-1, 9)
    cut = values.reshape(*many, rows, window, columns, window)
    places = np.moveaxis(cut, -3, -2).reshape(-1, window**2)
    filtered = _read_out(around, places, around).reshape(*many, rows, columns, window, window)
    return np.moveaxis(filtered, -2, -3).reshape(values.shape)


def rebuilt(
    picture: ArrayLike, method: str = "max", kernel_size: int = 2, decoder: str = "copied"
) -> Rebuilt:
    """Measure how far a rebuilt picture is from the picture.

    Parameters
    ----------
    picture, method, kernel_size, decoder
        As in `rebuild`; more than one picture are measured as one.

    Returns
    -------
    Rebuilt

    Raises
    ------
    ValueError
        If `picture` is not such an array or the same everywhere, or an argument is outside its
        range.

    Notes
    -----
    Of all numbers that could stand for a window, its mean has the least squared error, and its
    median the least absolute one: on every picture.

    Examples
    --------
    >>> rebuilt([[0, 0], [0, 4]], "max").bias.__round__(3)
    1.732
    """
    values = _pictures(picture)
    scale = float(values.std())
    if scale == 0:
        refuse("picture", float(values.flat[0]), "not the same everywhere")
    difference = (rebuild(values, method, kernel_size, decoder) - values) / scale
    rms, rest = np.sqrt((difference**2).mean()), difference.std()
    return Rebuilt(*map(float, (rms, difference.mean(), rest, np.abs(difference).mean())))


def loss_by_spectrum(
    exponents: Sequence[float],
    methods: Sequence[str] = REBUILDERS[:4],
    *,
    kernel_size: int = 2,
    maps: int = 50,
    size: int = 64,
    seed: int = 0,
) -> Interval[Floats]:
    """Measure the RMS error of rebuilt maps, from rough maps to smooth ones.

    Parameters
    ----------
    exponents
        As in `explainers.maps.power_law_maps`.
    methods, kernel_size
        As in `rebuild`.
    maps, size, seed
        As in `explainers.maps.power_law_maps`; at least two maps.

    Returns
    -------
    Interval[Floats]
        Shape (methods, exponents), in standard deviations of the maps; 95 % intervals over maps.

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Examples
    --------
    >>> loss_by_spectrum([0, 2], ["mean", "max"], maps=20).value.round(2).tolist()
    [[0.87, 0.09], [1.43, 0.15]]
    """
    count = integer("maps", maps, 2, _MOST)
    noise = [power_law_maps(count, size, exponent, seed) for exponent in exponents]
    squares = np.array(
        [
            [((rebuild(x, m, kernel_size) - x) ** 2).mean(axis=(1, 2)) for x in noise]
            for m in methods
        ]
    )
    return intervals.root(intervals.of_mean(squares))


# Reading positions


class Decoded(NamedTuple):
    """Positions read from pooled maps of one feature each.

    Attributes
    ----------
    true, read
        Where the feature was and where the read-out says, in pixels from the corner of its cell,
        down and across; shape (samples, 2).
    error
        Root mean squared error in pixels, with its 95 % interval over samples.
    chance
        The same for a read-out that knows nothing but the middle of the cell.
    explained
        R², the share of the positions' variance that is read: 1 is all, 0 is chance.
    """

    true: Floats
    read: Floats
    error: Interval[float]
    chance: float
    explained: Interval[float]


def decode_position(
    kernel_size: int = 2,
    stride: int | None = None,
    method: str = "max",
    *,
    width: float = WIDTH,
    noise: float = NOISE,
    spread: float = 0,
    cells: int = 5,
    samples: int = SAMPLES,
    seed: int = 0,
) -> Decoded:
    """Read from a pooled map where in its cell of stride × stride pixels a feature was.

    A feature of height 1 lies anywhere in the middle cell of a map; the map gets noise and is
    pooled. A linear read-out is fitted to as many samples again, and tested on these.

    Parameters
    ----------
    kernel_size
        Height and width of a window, 1 to 64.
    stride
        Pixels from one window to the next, 1 to `kernel_size`; by default `kernel_size`.
    method
        ``"max"`` or ``"mean"``.
    width
        σ of the feature, exp(−r² / 2σ²), in pixels, 0 to 64. With 0 it is one pixel, and its
        place a whole number.
    noise
        Standard deviation of the normal noise on each value of the map, at least 0.
    spread
        Heights are uniform from 1 − spread to 1 + spread, and unknown; 0 to 1.
    cells
        Pooled values down and across, an odd number, 1 to 15; 1 is a global pooling.
    samples
        To fit, and as many to test, 2 to 100000.
    seed
        At least 0.

    Returns
    -------
    Decoded

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Notes
    -----
    The read-out is the least-squares one, with a constant. Windows that are as wide as their
    stride lie side by side, and the cell is the window. Wider windows overlap, and reach beyond
    the cell by (kernel_size − stride) pixels below and to the right.

    Examples
    --------
    >>> smooth, sharp = (decode_position(2, width=width) for width in (1.5, 0))
    >>> round(smooth.explained.value, 1), round(sharp.explained.value, 1)
    (1.0, -0.0)
    """
    kernel = integer("kernel_size", kernel_size, 1, 64)
    step = kernel if stride is None else integer("stride", stride, 1, kernel)
    count, around = integer("samples", samples, 2, _MOST), integer("cells", cells, 1, 15)
    if around % 2 == 0:
        refuse("cells", around, "odd")
    sigma, level = number("width", width, 64), number("noise", noise)
    unknown = number("spread", spread, 1)
    if step == 1 and not sigma:  # there is one place only: nothing to read
        refuse("width", width, "above 0 with a stride of 1")
    pool = _READOUTS[choice("method", method, READOUTS)]
    rng = generator(seed)
    places = rng.random((2 * count, 2)) * step
    true = places if sigma else np.floor(places)
    features = _features(true + around // 2 * step, sigma, around * step + kernel - step)
    maps = features + level * rng.standard_normal(features.shape)
    if unknown:
        maps += unknown * (2 * rng.random((2 * count, 1, 1)) - 1) * features
    answers = pool(maps, kernel, step).reshape(2 * count, -1)
    read = _read_out(answers[:count], true[:count], answers[count:])
    chance = (step**2 - (sigma == 0)) / 12
    return _decoded(true[count:], read, chance, answers.shape[-1] + 1)


def place_after_global_pooling(
    border: str = "zeros",
    method: str = "mean",
    *,
    depth: int = 1,
    width: float = WIDTH,
    noise: float = NOISE,
    size: int = 16,
    channels: int = 32,
    samples: int = 1000,
    seed: int = 0,
) -> Decoded:
    """Read from one global pooling where in its map a feature was, after convolutions.

    A feature of height 1 lies anywhere in a map that wraps round. The map gets noise, and goes
    through convolutions of 3 × 3 with random weights, a rectifier after each. Each channel is
    pooled to one number. A linear read-out is fitted to as many samples again, and tested on these.

    Parameters
    ----------
    border
        How the convolutions pad: with ``"zeros"``, with the map's other side (``"wrap"``), or not
        at all (``"none"``).
    method
        ``"max"`` or ``"mean"``.
    depth
        Convolutions, 1 to 16; none of them is trained.
    width
        σ of the feature, exp(−r² / 2σ²), in pixels, above 0 and at most 64.
    noise
        Standard deviation of the normal noise on each value of the map, at least 0.
    size
        Height and width of the map, 4 to 64.
    channels
        Of each convolution, 1 to 256.
    samples
        To fit, and as many to test, 2 to 100000.
    seed
        At least 0.

    Returns
    -------
    Decoded

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Examples
    --------
    >>> zeros, wrap = (place_after_global_pooling(b, samples=300) for b in ("zeros", "wrap"))
    >>> zeros.error.value < 0.7 * zeros.chance, wrap.error.value > 0.9 * wrap.chance
    (True, True)
    """
    side, many = integer("size", size, 4, 64), integer("channels", channels, 1, 256)
    layers, count = integer("depth", depth, 1, 16), integer("samples", samples, 2, _MOST)
    sigma, level = number("width", width, 64), number("noise", noise)
    if not sigma:
        refuse("width", width, "above 0")
    if border == "none" and side <= 2 * layers:
        refuse("depth", layers, f"below half of the size, {side}, without padding")
    mode = {"zeros": "constant", "none": "", "wrap": "wrap"}[choice("border", border, BORDERS)]
    largest = choice("method", method, READOUTS) == "max"
    rng = generator(seed)
    true = rng.random((2 * count, 2)) * side
    away = (np.arange(side) + 0.5 - true[..., None] + side / 2) % side - side / 2
    profile = np.exp(-((away / sigma) ** 2) / 2)
    maps = profile[:, 0, :, None] * profile[:, 1, None, :]
    maps = (maps + level * rng.standard_normal(maps.shape))[..., None]
    for _ in range(layers):
        into = maps.shape[-1]
        kernels = rng.standard_normal((3, 3, into, many)) * np.sqrt(2 / (9 * into))
        maps = _convolved(maps, kernels, mode)
    answers = maps.max(axis=(1, 2)) if largest else maps.mean(axis=(1, 2))
    read = _read_out(answers[:count], true[:count], answers[count:])
    return _decoded(true[count:], read, side**2 / 12, many + 1)


_BATCH = 200  # samples whose windows are copied at once


def _convolved(maps: Floats, kernels: Floats, mode: Any) -> Floats:
    """Convolve (samples, height, width, in) with (3, 3, in, out), and rectify."""
    padded = np.pad(maps, ((0, 0), (1, 1), (1, 1), (0, 0)), mode=mode) if mode else maps
    windows = sliding_window_view(padded, (3, 3), axis=(1, 2))
    batches = np.array_split(windows, -(-len(windows) // _BATCH))
    sums = [np.tensordot(batch, kernels, axes=((4, 5, 3), (0, 1, 2))) for batch in batches]
    return np.asarray(np.maximum(np.concatenate(sums), 0))


def _decoded(true: Floats, read: Floats, variance: float, weights: int) -> Decoded:
    """Say how far what is read is from the truth, whose variance along an axis is known.

    The read-out was fitted to as many samples again, and errs by itself: the mean square grows by
    χ²-distributed shares, as many as it has weights, along each of the two axes.
    """
    squares = ((read - true) ** 2).mean(axis=1)
    fitted = squares.mean() * np.sqrt(weights) / len(squares)
    spread = np.hypot(intervals.standard_error(squares), fitted)
    error = intervals.scalar(intervals.root(intervals.around(squares.mean(), spread)))
    explained = Interval(*(1 - side**2 / variance for side in (error[0], error[2], error[1])))
    return Decoded(true, read, error, float(np.sqrt(variance)), explained)


def _features(places: Floats, width: float, size: int) -> Floats:
    """Draw one feature a map, (samples, size, size); its height is 1."""
    # A pixel is at the middle of the unit square that it stands for.
    pixel = np.arange(size) + (0.5 if width else 0)
    away = pixel - places[..., None]
    profile = np.exp(-((away / width) ** 2) / 2) if width else (away == 0).astype(np.float64)
    features: Floats = profile[:, 0, :, None] * profile[:, 1, None, :]
    return features


def _read_out(answers: Floats, true: Floats, tested: Floats) -> Floats:
    """Fit a linear read-out with a constant, and apply it to other answers."""
    weights = np.linalg.lstsq(_with_one(answers), true, rcond=None)[0]
    return np.asarray(_with_one(tested) @ weights)


def _with_one(answers: Floats) -> Floats:
    return np.column_stack([answers, np.ones(len(answers))])


# What the measurements share


def _share(each: Floats) -> Interval[float]:
    return intervals.scalar(intervals.within(intervals.of_mean(each), 0, 1))


# Checking


def _pictures(picture: ArrayLike) -> Floats:
    values = reals("picture", picture, "an array of numbers of shape (..., H, W)")
    if values.ndim < 2 or not values.size:
        refuse("shape of picture", values.shape, "(..., H, W), none of them 0")
    if not np.isfinite(values).all():
        refuse("picture", values[~np.isfinite(values)][0], "finite everywhere")
    return values
