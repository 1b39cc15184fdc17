"""The photograph of the dahlia, and its unrolling to log-polar coordinates."""

from __future__ import annotations

from functools import cache, lru_cache, reduce
from importlib.resources import files
from typing import Annotated, TypeVar

import numpy as np
from numpy.typing import NDArray

from explainers.checks import Floats, Ints
from explainers.kinds import Number, Seed, Whole, checked

CENTRE = (222.0, 306.0)
"""The flower's centre (y, x), read off its eye; its warm pixels' centroid is 2 px away."""
INNER_RADIUS = 24.0
"""Radius of the unrolled picture's first row: outside the disordered eye of the flower."""
UNROLLED_SHAPE = (72, 256)
"""Rows and columns: at 256 columns a petal is some 16 wide, and 72 rows reach the flower's rim."""

DType = TypeVar("DType", bound=np.generic)
NoiseLevel = Annotated[float, Number(0)]


@cache
def photo() -> NDArray[np.uint8]:
    """Return the photograph of the dahlia, shape (427, 640, 3), read-only.

    Notes
    -----
    By Flickr user vultilion, CC BY 2.0; the copy that ships with scikit-learn.

    Examples
    --------
    >>> photo().shape
    (427, 640, 3)
    """
    from PIL import Image

    with files("explainers.flower").joinpath("flower.jpg").open("rb") as jpeg:
        return frozen(np.array(Image.open(jpeg).convert("RGB")))


@cache
def grey() -> Floats:
    """Return the photograph as one grey picture in [0, 1], shape (427, 640), read-only.

    It is the blue channel: the petals' pale rims have much blue in them and their orange flesh has
    little, on the lit side of the flower as on the other.

    Examples
    --------
    >>> grey().shape
    (427, 640)
    """
    return frozen(photo()[..., 2] / 255.0)


def photo_position(row: Floats | Ints, column: Floats | Ints) -> tuple[Floats, Floats]:
    """Return where (row, column) of the unrolled picture lies in the photograph.

    A step of one row multiplies the radius by what a step of one column turns the angle by,
    2π/256: so small shapes keep their form.

    Returns
    -------
    tuple of ndarray
        y (downwards) and x, in pixels.

    Examples
    --------
    >>> y, x = photo_position(np.array([0]), np.array([64]))
    >>> float(y[0]), float(x[0])
    (246.0, 306.0)
    """
    step = 2 * np.pi / UNROLLED_SHAPE[1]
    radius = INNER_RADIUS * np.exp(step * np.asarray(row))
    angle = step * np.asarray(column)
    return CENTRE[0] + radius * np.sin(angle), CENTRE[1] + radius * np.cos(angle)


@checked
def unrolled(noise_sd: NoiseLevel = 0.0, seed: Seed = 0) -> Floats:
    """Return the flower in log-polar coordinates, shape (72, 256), sampled bilinearly.

    Parameters
    ----------
    noise_sd
        Standard deviation of normal noise added to each pixel of `grey`, not clipped.
    seed
        Of the noise: the first draw of the experiments with that seed.

    Examples
    --------
    >>> unrolled().shape
    (72, 256)
    """
    noise: Floats = noise_sd * photo_noise(1, seed)[0]
    return clean() + noise


@cache
def _corners() -> tuple[Ints, Floats]:
    """Return the four pixels around each sample and their weights, both (4, 72, 256)."""
    y, x = photo_position(*np.ogrid[: UNROLLED_SHAPE[0], : UNROLLED_SHAPE[1]])
    top, left = np.floor(y).astype(np.int64), np.floor(x).astype(np.int64)
    down, right = y - top, x - left
    first = top * grey().shape[1] + left
    pixel = np.stack([first, first + 1, first + grey().shape[1], first + grey().shape[1] + 1])
    weight = [(1 - down) * (1 - right), (1 - down) * right, down * (1 - right), down * right]
    return pixel, np.stack(weight)


def _sampled(values: Floats, pixel: Ints) -> Floats:
    """Interpolate flat pictures (..., pixels) at the samples: (..., 72, 256)."""
    weighted = (w * np.take(values, p, axis=-1) for w, p in zip(_corners()[1], pixel, strict=True))
    return reduce(np.add, weighted)


@cache
def clean() -> Floats:
    """Return the unrolled picture without noise, read-only."""
    return frozen(_sampled(grey().ravel(), _corners()[0]))


@checked
@lru_cache(maxsize=2)
def photo_noise(draws: Annotated[int, Whole(1)], seed: Seed) -> Floats:
    """Unroll unit noise of the photograph's pixels, (draws, 72, 256).

    Only the pixels that the unrolling reads get noise: no other can matter.
    """
    read, pixel = np.unique(_corners()[0], return_inverse=True)
    noise = np.random.default_rng(seed).standard_normal((draws, read.size))
    pixel = pixel.reshape(_corners()[0].shape)
    return frozen(np.stack([_sampled(each, pixel) for each in noise]))


# What the modules share


def frozen(array: NDArray[DType]) -> NDArray[DType]:
    """Return the array itself, made read-only: it is kept and shared."""
    array.setflags(write=False)
    return array
