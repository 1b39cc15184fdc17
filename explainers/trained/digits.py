"""Handwritten digits, placed on a larger canvas, moved, made noisy, and taken apart.

The pictures are by E. Alpaydin and C. Kaynak, under CC BY 4.0; ``digits.txt`` beside them has more.
Brightness is from 0 (paper) to 1. Places and moves are in pixels of the canvas.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Annotated, NamedTuple

import numpy as np

from explainers.checks import Floats, Ints
from explainers.kinds import Choice, Number, Seed, Whole, checked

SIDE, CANVAS = 8, 16
"""Height and width of a digit, and of the canvas that networks are trained on."""
TOP = (CANVAS - SIDE) // 2
"""Where each digit lies, down from the canvas's upper side."""
MOVES = CANVAS - SIDE + 1
"""Places to the right that a digit fits at: a move from the first by 0 to 8 pixels."""
TESTED = 500
"""Pictures of a split that are never trained on."""
SIZES = (100, 300, 1297)
"""How many pictures are trained on; of one seed, the fewer are among the more."""

Size = Annotated[int, Choice(SIZES, "pictures that are trained on")]
Side = Annotated[int, Whole(CANVAS, 64, "height and width of the canvas")]
Noise = Annotated[float, Number(0, 10, "standard deviation of the noise, in parts of black")]

_SPLIT, _NOISE, _PARTS = 0, 4, 5  # streams of random numbers, each with the seed's
_SWAPS = np.array([(1, 0, 3, 2), (1, 2, 3, 0), (1, 3, 0, 2), (2, 0, 3, 1), (2, 3, 0, 1),
                   (2, 3, 1, 0), (3, 0, 1, 2), (3, 2, 0, 1), (3, 2, 1, 0)])  # fmt: skip


class Digits(NamedTuple):
    """Pictures, (N, 8, 8), of brightness in [0, 1], and what each shows, (N,)."""

    pictures: Floats
    labels: Ints

    def some(self, which: Ints) -> Digits:
        """Those of these numbers."""
        return Digits(self.pictures[which], self.labels[which])


class Split(NamedTuple):
    """What is trained on, and what is never trained on."""

    train: Digits
    test: Digits


@cache
def digits() -> Digits:
    """All 1,797, read-only.

    Examples
    --------
    >>> digits().pictures.shape, digits().labels[:5]
    ((1797, 8, 8), array([0, 1, 2, 3, 4]))
    """
    with files("explainers.trained").joinpath("digits.npz").open("rb") as file:
        held = np.load(file)
        pictures, labels = held["pictures"] / 16, held["labels"].astype(np.int64)
    pictures.flags.writeable = labels.flags.writeable = False
    return Digits(pictures, labels)


@checked
def split(size: Size = SIZES[-1], seed: Seed = 0) -> Split:
    """Draw 500 digits to test, and so many of the others to train.

    Examples
    --------
    >>> [len(part.labels) for part in split(300)]
    [300, 500]
    """
    every = digits()
    order = np.random.default_rng([seed, _SPLIT]).permutation(len(every.labels))
    return Split(every.some(order[TESTED : TESTED + size]), every.some(order[:TESTED]))


@checked
def placed(
    pictures: Floats,
    move: Annotated[int, Whole(0, MOVES - 1, "pixels to the right")] = 0,
    canvas: Side = CANVAS,
) -> Floats:
    """Put digits on an empty canvas, half way down one of 16 × 16, moved to the right.

    Parameters
    ----------
    pictures
        Shape (N, 8, 8).
    move
        Pixels from the left side. A digit always fits: it never wraps, and nothing is cut off.
    canvas
        Height and width of the canvas. On a larger one, rows and columns are added below and to the
        right.

    Returns
    -------
    Floats
        Shape (N, canvas, canvas).

    Examples
    --------
    >>> placed(np.ones((1, 8, 8)), move=3)[0, 4]
    array([0., 0., 0., 1., 1., 1., 1., 1., 1., 1., 1., 0., 0., 0., 0., 0.])
    """
    out = np.zeros((len(pictures), canvas, canvas))
    out[:, TOP : TOP + SIDE, move : move + SIDE] = pictures
    return out


def everywhere(pictures: Floats) -> Floats:
    """Digits at each of their places: shape (9, N, 16, 16), for moves by 0 to 8 pixels.

    >>> everywhere(np.ones((1, 8, 8))).shape
    (9, 1, 16, 16)
    """
    return np.stack([placed(pictures, move) for move in range(MOVES)])


@checked
def noisy(canvases: Floats, noise: Noise, seed: Seed = 0) -> Floats:
    """Add a normal number of its own to each pixel: the same ones for each `noise`, but for scale.

    >>> float(noisy(np.zeros((100, 16, 16)), 0.5).std().round(2))
    0.5
    """
    rng = np.random.default_rng([seed, _NOISE])
    return canvases + noise * rng.standard_normal(canvases.shape)


@checked
def taken_apart(pictures: Floats, seed: Seed = 0) -> Floats:
    """Exchange the four quarters of each digit, at random, so that none stays where it was.

    Parameters
    ----------
    pictures
        Shape (N, 8, 8).
    seed
        Which of the nine ways each picture gets.

    Examples
    --------
    >>> quarters = np.kron([[1, 2], [3, 4]], np.ones((4, 4)))[None]
    >>> taken_apart(quarters)[0, ::4, ::4]
    array([[4., 1.],
           [2., 3.]])
    """
    half = SIDE // 2
    parts = pictures.reshape(-1, 2, half, 2, half).swapaxes(2, 3).reshape(-1, 4, half, half)
    ways = np.random.default_rng([seed, _PARTS]).integers(len(_SWAPS), size=len(parts))
    moved = np.take_along_axis(parts, _SWAPS[ways][:, :, None, None], axis=1)
    return moved.reshape(-1, 2, 2, half, half).swapaxes(2, 3).reshape(pictures.shape)
