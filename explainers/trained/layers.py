"""What a network is made of: each layer with its derivative, in plain NumPy.

A layer returns what it hands on, and a function that takes the slope of the loss along that back
to the slope along its input: the chain rule, one link at a time. Maps have the shape (N, C, H, W),
for N pictures and C channels. A map continues beyond its border with zeros (``"zeros"``) or with
its own other side (``"circular"``); of windows that overlap, the last reach beyond it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from explainers.checks import Floats, Ints
from explainers.kinds import Choice, checked
from explainers.operators.blurring import blur2d
from explainers.operators.pooling import (
    avg_pool2d,
    global_avg_pool2d,
    global_max_pool2d,
    max_pool2d,
)
from explainers.operators.sampling import subsample2d

Back: TypeAlias = Callable[[Floats], Floats]
"""Takes the slope of the loss along a layer's output to that along its input."""
Layer: TypeAlias = Callable[[Floats], tuple[Floats, Back]]
"""A layer without weights: what it hands on, and the way back."""
BackToWeights: TypeAlias = Callable[[Floats], tuple[Floats, Floats, Floats]]
"""Takes it to the slopes along the input, the weights and the biases."""


@dataclass(frozen=True)
class Pooling:
    """A pooling in its parts: the max or the mean over windows, a blur, and a subsampling.

    Attributes
    ----------
    aggregate
        ``"max"``, ``"mean"``, or ``""`` for none.
    window
        Height and width of a window.
    blur
        Taps of the binomial filter before the subsampling; 1 for none.
    stride
        Elements from one that is kept to the next.
    """

    aggregate: Literal["max", "mean", ""] = ""
    window: int = 1
    blur: int = 1
    stride: int = 1


POOLINGS = {
    "none": Pooling(),
    "mean": Pooling("mean", window=2, stride=2),
    "max": Pooling("max", window=2, stride=2),
    "stride": Pooling(stride=2),
    "blurred": Pooling("max", window=2, blur=3, stride=2),
    "dense": Pooling("max", window=2),
    "overlap": Pooling("max", window=3, stride=2),
}
"""What can stand behind a convolution: no pooling, or one of six."""
READOUTS = ("flatten", "mean", "max")
"""How the last maps become one row of numbers: all of them, or each map's mean or max."""
BORDERS = ("circular", "zeros")
"""How a map continues beyond its border."""

Operator = Annotated[str, Choice(tuple(POOLINGS), "what stands behind a convolution")]
Readout = Annotated[str, Choice(READOUTS, "how the last maps become one row of numbers")]
Border = Annotated[str, Choice(BORDERS, "how a map continues beyond its border")]

_NUMPY_MODES: dict[str, Literal["wrap", "constant"]] = {"circular": "wrap", "zeros": "constant"}
_TAPS = 3  # of a kernel, down and across


# ---- Convolution ----


@checked
def convolution(
    maps: Floats, weight: Floats, bias: Floats, border: Border = "zeros"
) -> tuple[Floats, BackToWeights]:
    """Convolve maps with kernels of 3 × 3, keeping height and width.

    Parameters
    ----------
    maps
        Shape (N, C, H, W).
    weight, bias
        Kernels, shape (O, C, 3, 3), and what is added to each output channel, shape (O,).
    border
        How a map continues beyond its border.

    Returns
    -------
    tuple
        Maps of shape (N, O, H, W), as of `explainers.operators.conv2d` with padding "same", and the
        way back: to the slopes along maps, weight and bias.

    Notes
    -----
    The 9·C values below a kernel, for each place, are the columns X of a matrix; the kernels are
    the rows of K. Then Y = K X + b, and with G the slope along Y, those along K, b and X are G Xᵀ,
    the sums of G's rows, and Kᵀ G. A value in several columns gets the sum of their slopes.

    Examples
    --------
    >>> maps, kernel = np.eye(3)[None, None], np.zeros((1, 1, 3, 3))
    >>> kernel[0, 0, 1, 2] = 2
    >>> convolution(maps, kernel, np.zeros(1), "circular")[0][0, 0]
    array([[0., 0., 2.],
           [2., 0., 0.],
           [0., 2., 0.]])
    """
    number, channels, height, width = maps.shape
    padded = _continued(maps, 1, 1, border)
    windows = sliding_window_view(padded, (_TAPS, _TAPS), axis=(2, 3)).transpose(0, 1, 4, 5, 2, 3)
    columns = windows.reshape(number, channels * _TAPS**2, height * width)
    kernels = weight.reshape(len(weight), -1)
    out = (kernels @ columns + bias[:, None]).reshape(number, -1, height, width)

    def back(slope: Floats) -> tuple[Floats, Floats, Floats]:
        rows = slope.reshape(number, -1, height * width)
        along_weight = (rows @ columns.transpose(0, 2, 1)).sum(axis=0).reshape(weight.shape)
        along_columns = (kernels.T @ rows).reshape(windows.shape)
        return _summed(along_columns, border), along_weight, rows.sum(axis=(0, 2))

    return out, back


def _summed(windows: Floats, border: str) -> Floats:
    """Add what each window says of its 3 × 3 places, (N, C, 3, 3, H, W), place by place."""
    number, channels, _, _, height, width = windows.shape
    padded = np.zeros((number, channels, height + 2, width + 2), windows.dtype)
    for y, x in np.ndindex(_TAPS, _TAPS):
        padded[..., y : y + height, x : x + width] += windows[:, :, y, x]
    return _folded(padded, 1, 1, border)


# ---- Rectifier ----


def rectifier(maps: Floats) -> tuple[Floats, Back]:
    """Return the values that are positive, and 0 for others: to these no slope goes back.

    >>> out, back = rectifier(np.array([-1.0, 0.0, 2.0]))
    >>> out, back(np.ones(3))
    (array([0., 0., 2.]), array([0., 0., 1.]))
    """
    return np.maximum(maps, 0), lambda slope: slope * (maps > 0)


# ---- Pooling ----


@checked
def pooled(maps: Floats, operator: Operator, border: Border = "zeros") -> tuple[Floats, Back]:
    """Pool maps: aggregate windows, blur, subsample, as far as the operator does.

    Parameters
    ----------
    maps
        Shape (N, C, H, W), of values that are not negative, as behind a rectifier: so the zeros
        beyond a border win no window.
    operator
        One of `POOLINGS`.
    border
        How a map continues beyond its border.

    Returns
    -------
    tuple
        Maps of shape (N, C, ⌈H / s⌉, ⌈W / s⌉) for an operator of stride s, and the way back. (With
        windows of 2 × 2 side by side, H and W must be even.)

    Examples
    --------
    >>> maps = np.arange(16.0).reshape(1, 1, 4, 4)
    >>> for operator in ("mean", "max", "stride"):
    ...     print(operator, pooled(maps, operator)[0].ravel())
    mean [ 2.5  4.5 10.5 12.5]
    max [ 5.  7. 13. 15.]
    stride [ 0.  2.  8. 10.]
    """
    return in_turn(_steps(POOLINGS[operator], border), maps)


def _steps(pooling: Pooling, border: str) -> Iterator[Layer]:
    """What a pooling does, one after the other: its windows subsample at once, if they may."""
    each = pooling.stride if pooling.blur == 1 else 1
    if pooling.aggregate:
        yield lambda maps: _AGGREGATES[pooling.aggregate](maps, pooling.window, each, border)
    if pooling.blur > 1:
        yield lambda maps: _blurred(maps, pooling.blur, border)
    if pooling.stride > 1 and not (pooling.aggregate and each > 1):
        yield lambda maps: _subsampled(maps, pooling.stride)


def in_turn(layers: Iterable[Layer], maps: Floats) -> tuple[Floats, Back]:
    """Go through layers, one after the other; the way back goes through them in reverse.

    >>> out, back = in_turn([rectifier, lambda maps: read_out(maps, "max")], np.eye(2)[None, None])
    >>> out, back(np.array([[3.0]]))
    (array([[1.]]), array([[[[3., 0.],
             [0., 0.]]]]))
    """
    backs = []
    for layer in layers:
        maps, back = layer(maps)
        backs.append(back)

    def through(slope: Floats) -> Floats:
        for back in reversed(backs):
            slope = back(slope)
        return slope

    return maps, through


def _maxima(maps: Floats, window: int, stride: int, border: str) -> tuple[Floats, Back]:
    """The largest value of each window: all slope goes to it, of equal ones to the first."""
    padded = _continued(maps, 0, window - stride, border)
    out = max_pool2d(padded, window, stride)

    def back(slope: Floats) -> Floats:
        along, free = np.zeros_like(padded), np.ones(out.shape, bool)
        for tap in _taps(window, stride, out.shape):
            won = free & (padded[tap] == out)
            along[tap] += slope * won
            free ^= won
        return _folded(along, 0, window - stride, border)

    return out, back


def _means(maps: Floats, window: int, stride: int, border: str) -> tuple[Floats, Back]:
    """The mean of each window: each value gets an equal part of the slope."""
    padded = _continued(maps, 0, window - stride, border)
    out = avg_pool2d(padded, window, stride)

    def back(slope: Floats) -> Floats:
        along = np.zeros_like(padded)
        for tap in _taps(window, stride, out.shape):
            along[tap] += slope / window**2
        return _folded(along, 0, window - stride, border)

    return out, back


_AGGREGATES = {"max": _maxima, "mean": _means}


def _taps(window: int, stride: int, shape: tuple[int, ...]) -> Iterator[tuple[slice, ...]]:
    """For each place in a window, in the order of reading: where all windows have it."""
    for start in np.ndindex(window, window):
        ends = (first + stride * count for first, count in zip(start, shape[-2:], strict=True))
        places = zip(start, ends, strict=True)
        yield (slice(None), slice(None), *(slice(a, b, stride) for a, b in places))


def _blurred(maps: Floats, taps: int, border: str) -> tuple[Floats, Back]:
    """A filter that is the same read backwards is its own way back."""
    return blur2d(maps, taps, border), lambda slope: blur2d(slope, taps, border)


def _subsampled(maps: Floats, stride: int) -> tuple[Floats, Back]:
    """Every other value: to those between no slope goes back."""

    def back(slope: Floats) -> Floats:
        along = np.zeros_like(maps)
        along[..., ::stride, ::stride] = slope
        return along

    return subsample2d(maps, stride), back


# ---- Readout ----


@checked
def read_out(maps: Floats, readout: Readout) -> tuple[Floats, Back]:
    """Make one row of numbers of each picture's maps.

    Parameters
    ----------
    maps
        Shape (N, C, H, W).
    readout
        ``"flatten"``: all values; ``"mean"`` or ``"max"``: one of each map.

    Returns
    -------
    tuple
        Shape (N, C·H·W) or (N, C), and the way back.

    Examples
    --------
    >>> maps = np.array([[[[0.0, 4.0]], [[1.0, 1.0]]]])
    >>> for readout in READOUTS:
    ...     print(readout, read_out(maps, readout)[0])
    flatten [[0. 4. 1. 1.]]
    mean [[2. 1.]]
    max [[4. 1.]]
    """
    return _READ_OUTS[readout](maps)


def _all(maps: Floats) -> tuple[Floats, Back]:
    return maps.reshape(len(maps), -1), lambda slope: slope.reshape(maps.shape)


def _global_mean(maps: Floats) -> tuple[Floats, Back]:
    values = maps.shape[-2] * maps.shape[-1]

    def back(slope: Floats) -> Floats:
        return np.broadcast_to(slope[..., None, None] / values, maps.shape).copy()

    return global_avg_pool2d(maps)[..., 0, 0], back


def _global_max(maps: Floats) -> tuple[Floats, Back]:
    flat = maps.reshape(*maps.shape[:2], -1)
    first = flat.argmax(axis=-1)[..., None]

    def back(slope: Floats) -> Floats:
        along = np.zeros_like(flat)
        np.put_along_axis(along, first, slope[..., None], axis=-1)
        return along.reshape(maps.shape)

    return global_max_pool2d(maps)[..., 0, 0], back


_READ_OUTS = {"flatten": _all, "mean": _global_mean, "max": _global_max}


# ---- Classifier and loss ----


def linear(rows: Floats, weight: Floats, bias: Floats) -> tuple[Floats, BackToWeights]:
    """Multiply rows (N, I) with weights (O, I), and add a bias (O,).

    >>> out, back = linear(np.array([[1.0, 2.0]]), np.array([[3.0, 4.0]]), np.array([5.0]))
    >>> out, back(np.ones((1, 1)))
    (array([[16.]]), (array([[3., 4.]]), array([[1., 2.]]), array([1.])))
    """
    return rows @ weight.T + bias, lambda slope: (slope @ weight, slope.T @ rows, slope.sum(axis=0))


def cross_entropy(logits: Floats, labels: Ints) -> tuple[float, Floats]:
    """Mean of −log p of the right class, p being the softmax of the logits, and its slope.

    Parameters
    ----------
    logits
        Shape (N, classes).
    labels
        The right class of each, shape (N,).

    Returns
    -------
    tuple
        The loss in nats, and its slope along the logits: (p − 1[right]) / N.

    Examples
    --------
    >>> loss, slope = cross_entropy(np.zeros((1, 4)), np.array([2]))
    >>> round(loss, 4), slope
    (1.3863, array([[ 0.25,  0.25, -0.75,  0.25]]))
    """
    number = np.arange(len(logits))
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    slope = np.exp(log_p)
    slope[number, labels] -= 1
    return float(-log_p[number, labels].mean()), slope / len(logits)


# ---- Borders ----


def _continued(maps: Floats, before: int, after: int, border: str) -> Floats:
    """Maps with so many rows and columns more, before and after their own."""
    if not before and not after:
        return maps
    sides = ((0, 0), (0, 0), (before, after), (before, after))
    return np.pad(maps, sides, mode=_NUMPY_MODES[border])


def _folded(padded: Floats, before: int, after: int, border: str) -> Floats:
    """The way back of `_continued`: what a place gets beyond the border is its own, or lost."""
    for axis in (-1, -2):
        padded = np.moveaxis(padded, axis, 0)
        inside = padded[before : len(padded) - after]
        if border == "circular":
            inside = inside.copy()
            inside[len(inside) - before :] += padded[:before]
            inside[:after] += padded[len(padded) - after :]
        padded = np.moveaxis(inside, 0, axis)
    return padded
