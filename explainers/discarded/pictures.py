"""A picture pooled in four ways: what is kept of it, and what a move of it by one pixel changes."""

from __future__ import annotations

from typing import Annotated, NamedTuple, TypeAlias

import numpy as np

from explainers.checks import Floats, refuse
from explainers.discarded.measured import cut
from explainers.kinds import Choice, Whole, checked
from explainers.operators import avg_pool2d, blur_pool2d, max_pool2d, subsample2d

POOLED = ("max", "mean", "stride", "blur")
"""Each window's largest value, its mean, its first, and its first of the picture, blurred."""
MOST_TAPS = 7

Window = Annotated[int, Whole(2, 64, "height and width of a window")]
Picture: TypeAlias = Floats  # (H, W)


class Kept(NamedTuple):
    """What is kept of a picture, and how much of it a move changes.

    Attributes
    ----------
    pooled
        What is kept, shape (H / window, W / window).
    error
        RMS error of the picture rebuilt by copying each value over its window, in the picture's
        standard deviations.
    change
        RMS change of what is kept if the picture moves by one pixel to the left, in standard
        deviations of what is kept.
    same
        Share of the values that are kept which stay the same to the last bit.
    """

    pooled: Floats
    error: float
    change: float
    same: float


@checked
def taps(kernel_size: Window) -> int:
    """How many pixels the blur covers along a side: twice the window less one, at most 7.

    >>> taps(2), taps(4), taps(8)
    (3, 7, 7)
    """
    return min(2 * kernel_size - 1, MOST_TAPS)


@checked
def keep(
    picture: Picture, method: Annotated[str, Choice(POOLED)] = "max", kernel_size: Window = 2
) -> Floats:
    """Pool a picture over windows side by side; rows and columns that fill none are left out.

    Parameters
    ----------
    picture
        Shape (H, W), both at least `kernel_size`.
    method
        Of `POOLED`.
    kernel_size
        Height and width of a window.

    Raises
    ------
    ValueError
        If no window fits.

    Examples
    --------
    >>> keep(np.array([[1.0, 2.0], [3.0, 6.0]]), "mean").tolist()
    [[3.0]]
    """
    if picture.ndim != 2 or min(picture.shape) < kernel_size:
        refuse("shape of picture", picture.shape, f"(H, W), both at least {kernel_size}")
    whole = cut(picture, kernel_size)
    if method == "max":
        return max_pool2d(whole, kernel_size)
    if method == "mean":
        return avg_pool2d(whole, kernel_size)
    if method == "stride":
        return subsample2d(whole, kernel_size)
    return blur_pool2d(whole, 1, kernel_size, taps(kernel_size))


@checked
def kept(
    picture: Picture, method: Annotated[str, Choice(POOLED)] = "max", kernel_size: Window = 2
) -> Kept:
    """Pool a picture, and the same moved by one pixel.

    Parameters
    ----------
    picture, method, kernel_size
        As in `keep`; a column more than the windows need comes into sight by the move.

    Raises
    ------
    ValueError
        If no window fits, or what is kept is the same everywhere.

    Examples
    --------
    >>> stripes = np.tile([0.0, 1.0, 2.0, 0.0], (4, 3))
    >>> kept(stripes, "stride").error > kept(stripes, "mean").error
    True
    """
    before = keep(picture[:, :-1], method, kernel_size)
    after = keep(picture[:, 1:], method, kernel_size)
    shown = cut(picture[:, :-1], kernel_size)
    rebuilt = before.repeat(kernel_size, axis=0).repeat(kernel_size, axis=1)
    if before.std() == 0:
        refuse("picture", float(before.flat[0]), "not the same everywhere, pooled")
    return Kept(
        before,
        error=float(np.sqrt(((rebuilt - shown) ** 2).mean()) / shown.std()),
        change=change(before, after),
        same=float((before == after).mean()),
    )


def change(before: Floats, after: Floats) -> float:
    """RMS difference of two maps, in standard deviations of the first.

    >>> change(np.array([0.0, 2.0]), np.array([1.0, 3.0]))
    1.0
    """
    return float(np.sqrt(((after - before) ** 2).mean()) / before.std())
