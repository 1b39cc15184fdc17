"""Moving what an array shows by whole elements."""

from __future__ import annotations

from numbers import Integral

import numpy as np

from explainers.checks import refuse
from explainers.kinds import Choice
from explainers.operators.arrays import FLOATS, INTEGERS, checked_planes, quiet
from explainers.operators.windows import Array


@quiet
def shift2d(input: Array, dy: int, dx: int, mode: str = "zeros") -> Array:
    """Return the planes with what they show moved: down by `dy`, to the right by `dx`.

    Parameters
    ----------
    input
        Array of shape (..., H, W), of floats, signed integers or uint8.
    dy
        Rows to move by, a whole number: down if positive, up if negative.
    dx
        Columns to move by, a whole number: to the right if positive, to the left if negative.
    mode
        What fills the places left free: "zeros", or "circular": what leaves on one side comes
        back on the other.

    Returns
    -------
    Array
        Shape and dtype of `input`; out[y, x] = input[y − dy, x − dx].

    Raises
    ------
    ValueError
        If `dy` or `dx` is not a whole number, `mode` is neither of the two, or `input` has
        another dtype or fewer than two dimensions, or one of its last three is 0.

    Examples
    --------
    >>> x = np.array([[1, 2, 3], [4, 5, 6]])
    >>> shift2d(x, 1, 0)
    array([[0, 0, 0],
           [1, 2, 3]])
    >>> shift2d(x, 0, 1)
    array([[0, 1, 2],
           [0, 4, 5]])
    >>> shift2d(x, 0, 1, mode="circular")
    array([[3, 1, 2],
           [6, 4, 5]])
    """
    array = checked_planes(input, FLOATS + INTEGERS)
    down, right = _whole("dy", dy), _whole("dx", dx)
    height, width = array.shape[-2:]
    if Choice(("zeros", "circular")).check("mode", mode) == "circular":
        return np.roll(array, (down % height, right % width), axis=(-2, -1))
    out = np.zeros_like(array)
    out[..., _reached(height, down), _reached(width, right)] = array[
        ..., _reached(height, -down), _reached(width, -right)
    ]
    return out


def _whole(name: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, Integral):
        refuse(name, value, "a whole number")
    return int(value)


def _reached(size: int, shift: int) -> slice:
    """Return the places on a side that something of it reaches when all of it moves by `shift`."""
    return slice(max(shift, 0), max(size + min(shift, 0), 0))
