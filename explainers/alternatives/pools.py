"""The aggregates laid over maps, and what is not an aggregate: strides, blurs, phases.

Maps have shape (..., H, W) and wrap round, so that there is no border: what is measured is due to
the pooling alone. Each pool gives (..., C, H', W'): C maps of one.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from explainers.alternatives.aggregates import (
    AGGREGATES,
    Pool,
    Power,
    Temperature,
    Values,
    aggregate,
    concatenated,
)
from explainers.checks import Floats, refuse
from explainers.kinds import Choice, Seed, Share, Whole, checked
from explainers.operators import (
    blur_pool2d,
    conv2d,
    max_blur_pool2d,
    max_pool2d,
    polyphase_pool2d,
)

POOLS = (
    "none",
    *AGGREGATES,
    "concatenated",
    "strided convolution",
    "space to depth",
    "blur",
    "blurred max",
    "polyphase",
    "max polyphase",
)
"""What can be done to a map."""
BINOMIAL = np.multiply.outer([1.0, 2.0, 1.0], [1.0, 2.0, 1.0]) / 16
"""Kernel of a convolution that blurs, (3, 3)."""

Method = Annotated[str, Choice(POOLS)]
Window = Annotated[int, Whole(1, 64, "height and width of a window")]
Stride = Annotated[int, Whole(1, 64, "elements from one window to the next")]


@checked
def pool(
    method: Method,
    kernel_size: Window = 2,
    stride: Stride | None = None,
    *,
    kernel: Values | None = None,
    p: Power = 3,
    temperature: Temperature = 1,
    share: Share = 0.5,
    seed: Seed = 0,
) -> Pool:
    """Return a pool by its name, of `POOLS`.

    Parameters
    ----------
    method
        An aggregate over windows; ``"none"``: the map as it is; ``"strided convolution"`` with
        `kernel`; ``"space to depth"``: the places of a cell as maps of their own; ``"blur"``:
        blurred by (1, 2, 1) / 4 along both axes, then subsampled; ``"blurred max"``: the max at
        every place, then so; ``"polyphase"``: every `stride`-th value, from where their norm is
        largest; ``"max polyphase"``: the max at every place, then so.
    kernel_size
        Height and width of a window; means nothing to what has none.
    stride
        Elements from one window to the next; by default `kernel_size`.
    kernel
        Of the convolution, shape (h, w), both odd; by default `BINOMIAL`.
    p, temperature, share, seed
        As in `explainers.alternatives.aggregates.aggregate`.

    Returns
    -------
    callable
        Takes maps (..., H, W), both divisible by the stride, to (..., C, H / stride, W / stride).

    Raises
    ------
    ValueError
        If `kernel` has no such shape; and the pool, if the stride does not divide a map.

    Examples
    --------
    >>> pool("space to depth")(np.arange(16.0).reshape(4, 4))[:, 0]
    array([[0., 2.],
           [1., 3.],
           [4., 6.],
           [5., 7.]])
    >>> pool("generalised mean", p=2)(np.arange(16.0).reshape(4, 4)).round(2)[0]
    array([[ 3.24,  4.95],
           [10.7 , 12.67]])
    """
    step = kernel_size if stride is None else stride
    if method in AGGREGATES:
        one = aggregate(method, p=p, temperature=temperature, share=share, seed=seed).pool
        return _dividing(lambda maps: one(_windows(maps, kernel_size, step))[..., None, :, :], step)
    taps = _kernel(kernel)

    def dense_max(maps: Floats) -> Floats:
        return max_pool2d(_wrapped(maps, 0, kernel_size - 1), kernel_size, 1)

    others: dict[str, Pool] = {
        "concatenated": lambda maps: np.moveaxis(
            concatenated(_windows(maps, kernel_size, step)), -1, -3
        ),
        "strided convolution": lambda maps: _convolved(maps, taps, step),
        "space to depth": lambda maps: np.moveaxis(_windows(maps, step, step), -1, -3),
        "blur": lambda maps: blur_pool2d(maps, 1, step, 3, "circular")[..., None, :, :],
        "blurred max": lambda maps: max_blur_pool2d(maps, kernel_size, step, 3, "circular")[
            ..., None, :, :
        ],
        "polyphase": lambda maps: polyphase_pool2d(maps, step)[..., None, :, :],
        "max polyphase": lambda maps: polyphase_pool2d(dense_max(maps), step)[..., None, :, :],
    }
    if method == "none":
        return lambda maps: maps[..., None, :, :]
    return _dividing(others[method], step)


def _dividing(operator: Pool, stride: int) -> Pool:
    """Refuse maps that the stride does not divide."""

    def asked(maps: Floats) -> Floats:
        if maps.ndim < 2 or not maps.size or any(side % stride for side in maps.shape[-2:]):
            refuse("maps", maps.shape, f"of shape (..., H, W), both divisible by {stride}")
        return operator(maps)

    return asked


def _windows(maps: Floats, kernel: int, stride: int) -> Floats:
    """Return the windows of maps that wrap round: (..., H', W', kernel²)."""
    seen = sliding_window_view(_wrapped(maps, 0, kernel - 1), (kernel, kernel), axis=(-2, -1))
    seen = seen[..., ::stride, ::stride, :, :]
    return seen.reshape(*seen.shape[:-2], kernel**2)


def _wrapped(maps: Floats, before: int, after: int) -> Floats:
    """Continue maps on all sides by their other side."""
    height, width = (np.arange(-before, side + after) % side for side in maps.shape[-2:])
    return np.asarray(maps[..., height[:, None], width])


def _kernel(kernel: object) -> Floats:
    taps = BINOMIAL if kernel is None else np.asarray(kernel, dtype=np.float64)
    if taps.ndim != 2 or not all(side % 2 for side in taps.shape):
        refuse("shape of kernel", taps.shape, "(h, w), both odd")
    return taps


def _convolved(maps: Floats, taps: Floats, stride: int) -> Floats:
    """Convolve at every `stride`-th place, the kernel's middle upon it."""
    *many, height, width = maps.shape
    planes = maps.reshape(-1, 1, height, width)
    sides = tuple(side // 2 for side in taps.shape)
    rows, columns = (
        np.arange(-side, length + side) % length
        for side, length in zip(sides, (height, width), strict=True)
    )
    out = conv2d(planes[..., rows[:, None], columns], taps[None, None], stride=stride)
    return np.asarray(out.reshape(*many, 1, *out.shape[-2:]))
