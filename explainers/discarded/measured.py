"""What a pooled map still tells: measured by rebuilding pictures and by reading positions.

Three questions are asked of a pooled map: how much of the gradient it passes back, how well the
picture before it can be rebuilt from it, and how well it tells where in its window a feature was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike

from explainers import intervals
from explainers.checks import Floats, refuse
from explainers.discarded.gradients import winners
from explainers.intervals import Interval
from explainers.kinds import Choice, Each, Number, Seed, Share, Whole, checked
from explainers.maps import Maps, Side, busy_maps, power_law_maps
from explainers.operators import avg_pool2d, max_pool2d, median_pool2d, min_pool2d, subsample2d
from explainers.operators.windows import Size

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

Pictures = Annotated[ArrayLike, Each(Number())]
Method = Annotated[str, Choice(REBUILDERS)]
Window = Annotated[int, Whole(1, 1024)]
Decoder = Annotated[str, Choice(DECODERS)]
Readout = Annotated[str, Choice(READOUTS)]
Width = Annotated[float, Number(0, 64)]
Noise = Annotated[float, Number(0)]
Samples = Annotated[int, Whole(2, 100_000)]

_REBUILDERS: dict[str, Callable[[Floats, int], Floats]] = {
    "mean": avg_pool2d,
    "median": median_pool2d,
    "subsample": subsample2d,
    "max": max_pool2d,
    "min": min_pool2d,
}
_BATCH = 200  # samples whose windows are copied at once
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


@checked
def gradient_reach(
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    *,
    zeros: Share = 0,
    maps: Maps = 100,
    size: Side = 32,
    seed: Seed = 0,
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
    received, positive = won > 0, noise > 0
    blocked = (won * ~positive).sum(axis=(1, 2)) / won.sum(axis=(1, 2))
    return Reach(
        _over_maps(received.mean(axis=(1, 2))),
        _over_maps((received & positive).mean(axis=(1, 2))),
        _over_maps(blocked),
    )


def _over_maps(each: Floats) -> Interval[float]:
    """Average the shares of single maps."""
    return intervals.scalar(intervals.within(intervals.of_mean(each), 0, 1))


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


@checked
def cut(picture: Floats, kernel_size: Window) -> Floats:
    """Leave out the last rows and columns that windows side by side do not reach.

    >>> cut(np.ones((5, 6)), 2).shape
    (4, 6)
    """
    height, width = (side // kernel_size * kernel_size for side in picture.shape)
    return picture[:height, :width]


@checked
def rebuild(
    picture: Pictures, method: Method = "max", kernel_size: Window = 2, decoder: Decoder = "copied"
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
        If `picture` has no such shape.

    Examples
    --------
    >>> rebuild([[1, 2], [3, 6]], "mean")
    array([[3., 3.],
           [3., 3.]])
    """
    values = np.asarray(picture)
    if values.ndim < 2 or not values.size:
        refuse("shape of picture", values.shape, "(..., H, W), none of them 0")
    if any(side % kernel_size for side in values.shape[-2:]):
        refuse("kernel_size", kernel_size, f"a divisor of height and width, {values.shape[-2:]}")
    pooled = _REBUILDERS[method](values, kernel_size)
    if decoder == "fitted":
        return _filtered(pooled, values, kernel_size)
    copied = pooled.repeat(kernel_size, axis=-2).repeat(kernel_size, axis=-1)
    return copied - (copied - values).mean() if decoder == "corrected" else copied


def _filtered(pooled: Floats, values: Floats, window: int) -> Floats:
    """Fit the linear filter of 3 × 3 pooled values that is nearest to the picture."""
    *many, rows, columns = pooled.shape
    padded = np.pad(pooled, [(0, 0)] * len(many) + [(1, 1), (1, 1)], mode="edge")
    around = sliding_window_view(padded, (3, 3), axis=(-2, -1)).reshape(-1, 9)
    blocks = values.reshape(*many, rows, window, columns, window)
    places = np.moveaxis(blocks, -3, -2).reshape(-1, window**2)
    filtered = _read_out(around, places, around).reshape(*many, rows, columns, window, window)
    return np.moveaxis(filtered, -2, -3).reshape(values.shape)


def _read_out(answers: Floats, true: Floats, tested: Floats) -> Floats:
    """Fit a linear read-out with a constant, and apply it to other answers."""
    known, asked = (np.column_stack([x, np.ones(len(x))]) for x in (answers, tested))
    weights = np.linalg.lstsq(known, true, rcond=None)[0]
    return np.asarray(asked @ weights)


@checked
def rebuilt(
    picture: Pictures, method: Method = "max", kernel_size: Window = 2, decoder: Decoder = "copied"
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
        If `picture` has no such shape, or is the same everywhere.

    Notes
    -----
    Of all numbers that could stand for a window, its mean has the least squared error, and its
    median the least absolute one: on every picture.

    Examples
    --------
    >>> rebuilt([[0, 0], [0, 4]], "max").bias.__round__(3)
    1.732
    """
    values = np.asarray(picture)
    again = rebuild(values, method, kernel_size, decoder)
    scale = float(values.std())
    if scale == 0:
        refuse("picture", values.flat[0], "not the same everywhere")
    difference = (again - values) / scale
    return Rebuilt(
        rms=float(np.sqrt((difference**2).mean())),
        bias=float(difference.mean()),
        rest=float(difference.std()),
        absolute=float(np.abs(difference).mean()),
    )


@checked
def loss_by_spectrum(
    exponents: Annotated[Sequence[float], Number(0, 4, many=True)],
    methods: Sequence[str] = REBUILDERS[:4],
    *,
    kernel_size: Window = 2,
    maps: Annotated[int, Whole(2, 100_000)] = 50,
    size: Annotated[int, Whole(2, 1024)] = 64,
    seed: Seed = 0,
) -> Interval[Floats]:
    """Measure the RMS error of rebuilt maps, from rough maps to smooth ones.

    Parameters
    ----------
    exponents
        As in `explainers.maps.power_law_maps`.
    methods, kernel_size
        As in `rebuild`.
    maps, size, seed
        As in `explainers.maps.power_law_maps`.

    Returns
    -------
    Interval[Floats]
        Shape (methods, exponents), in standard deviations of the maps; 95 % intervals over maps.

    Examples
    --------
    >>> loss_by_spectrum([0, 2], ["mean", "max"], maps=20).value.round(2).tolist()
    [[0.87, 0.09], [1.43, 0.15]]
    """
    noise = [power_law_maps(maps, size, exponent, seed) for exponent in exponents]
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


@checked
def decode_position(
    kernel_size: Annotated[int, Whole(1, 64)] = 2,
    stride: Annotated[int, Whole(1, 64)] | None = None,
    method: Readout = "max",
    *,
    width: Width = WIDTH,
    noise: Noise = NOISE,
    spread: Share = 0,
    cells: Annotated[int, Choice(tuple(range(1, 16, 2)))] = 5,
    samples: Samples = SAMPLES,
    seed: Seed = 0,
) -> Decoded:
    """Read from a pooled map where in its cell of stride × stride pixels a feature was.

    A feature of height 1 lies anywhere in the middle cell of a map; the map gets noise and is
    pooled. A linear read-out is fitted to as many samples again, and tested on these.

    Parameters
    ----------
    kernel_size
        Height and width of a window.
    stride
        Pixels from one window to the next, at most `kernel_size`; by default `kernel_size`.
    method
        ``"max"`` or ``"mean"``.
    width
        σ of the feature, exp(−r² / 2σ²), in pixels. With 0 it is one pixel, and its place a whole
        number.
    noise
        Standard deviation of the normal noise on each value of the map.
    spread
        Heights are uniform from 1 − spread to 1 + spread, and unknown.
    cells
        Pooled values down and across, an odd number; 1 is a global pooling.
    samples
        To fit, and as many to test.
    seed
        Of the random numbers.

    Returns
    -------
    Decoded

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
    step = kernel_size if stride is None else stride
    if step > kernel_size:
        refuse("stride", step, f"at most the kernel_size, {kernel_size}")
    if step == 1 and not width:  # there is one place only: nothing to read
        refuse("width", width, "above 0 with a stride of 1")
    rng = np.random.default_rng(seed)
    places = rng.random((2 * samples, 2)) * step
    true = places if width else np.floor(places)
    side, corner = cells * step + kernel_size - step, cells // 2 * step
    features = _features(true + corner, width, side)
    maps = features + noise * rng.standard_normal(features.shape)
    if spread:
        maps += spread * (2 * rng.random((2 * samples, 1, 1)) - 1) * features
    answers = _READOUTS[method](maps, kernel_size, step).reshape(2 * samples, -1)
    chance = (step**2 - (width == 0)) / 12
    return _decoded(answers, true, chance)


def _features(places: Floats, width: float, size: int) -> Floats:
    """Draw one feature a map, (samples, size, size); its height is 1."""
    # A pixel is at the middle of the unit square that it stands for.
    pixel = np.arange(size) + (0.5 if width else 0)
    away = pixel - places[..., None]
    profile = np.exp(-((away / width) ** 2) / 2) if width else (away == 0).astype(np.float64)
    features: Floats = profile[:, 0, :, None] * profile[:, 1, None, :]
    return features


def _decoded(answers: Floats, true: Floats, variance: float) -> Decoded:
    """Fit a read-out to the first half of the samples, and test it on the second.

    The variance of the true places along an axis is known. The read-out errs by itself, too: the
    mean square grows by χ²-distributed shares, as many as it has weights, along each of two axes.
    """
    half = len(true) // 2
    read = _read_out(answers[:half], true[:half], answers[half:])
    squares = ((read - true[half:]) ** 2).mean(axis=1)
    weights = answers.shape[1] + 1
    fitted = squares.mean() * np.sqrt(weights) / half
    spread = np.hypot(intervals.standard_error(squares), fitted)
    error = intervals.scalar(intervals.root(intervals.around(squares.mean(), spread)))
    explained = Interval(*(1 - end**2 / variance for end in (error.value, error.high, error.low)))
    return Decoded(true[half:], read, error, float(np.sqrt(variance)), explained)


@checked
def place_after_global_pooling(
    border: Annotated[str, Choice(BORDERS)] = "zeros",
    method: Readout = "mean",
    *,
    depth: Annotated[int, Whole(1, 16)] = 1,
    width: Width = WIDTH,
    noise: Noise = NOISE,
    size: Annotated[int, Whole(4, 64)] = 16,
    channels: Annotated[int, Whole(1, 256)] = 32,
    samples: Samples = 1000,
    seed: Seed = 0,
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
        Convolutions; none of them is trained.
    width
        σ of the feature, exp(−r² / 2σ²), in pixels, above 0.
    noise
        Standard deviation of the normal noise on each value of the map.
    size
        Height and width of the map.
    channels
        Of each convolution.
    samples
        To fit, and as many to test.
    seed
        Of the random numbers.

    Returns
    -------
    Decoded

    Examples
    --------
    >>> zeros, wrap = (place_after_global_pooling(b, samples=300) for b in ("zeros", "wrap"))
    >>> zeros.error.value < 0.7 * zeros.chance, wrap.error.value > 0.9 * wrap.chance
    (True, True)
    """
    if not width:
        refuse("width", width, "above 0")
    if border == "none" and size <= 2 * depth:
        refuse("depth", depth, f"below half of the size, {size}, without padding")
    rng = np.random.default_rng(seed)
    true = rng.random((2 * samples, 2)) * size
    away = (np.arange(size) + 0.5 - true[..., None] + size / 2) % size - size / 2
    profile = np.exp(-((away / width) ** 2) / 2)
    features = profile[:, 0, :, None] * profile[:, 1, None, :]
    maps = (features + noise * rng.standard_normal(features.shape))[..., None]
    for _ in range(depth):
        into = maps.shape[-1]
        kernels = rng.standard_normal((3, 3, into, channels)) * np.sqrt(2 / (9 * into))
        maps = _convolved(maps, kernels, border)
    answers = maps.max(axis=(1, 2)) if method == "max" else maps.mean(axis=(1, 2))
    return _decoded(answers, true, size**2 / 12)


def _convolved(maps: Floats, kernels: Floats, border: str) -> Floats:
    """Convolve (samples, height, width, in) with (3, 3, in, out), and rectify."""
    mode: Any = {"zeros": "constant", "wrap": "wrap"}.get(border)
    padded = np.pad(maps, ((0, 0), (1, 1), (1, 1), (0, 0)), mode=mode) if mode else maps
    windows = sliding_window_view(padded, (3, 3), axis=(1, 2))
    batches = np.array_split(windows, -(-len(windows) // _BATCH))
    sums = [np.tensordot(batch, kernels, axes=((4, 5, 3), (0, 1, 2))) for batch in batches]
    return np.asarray(np.maximum(np.concatenate(sums), 0))
