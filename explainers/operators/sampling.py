"""Keeping some of the elements: always the same places, or the strongest of all choices."""

from __future__ import annotations

from typing import Literal, overload

import numpy as np

from explainers.checks import Floats, Ints, refuse
from explainers.kinds import Flag
from explainers.operators.arrays import FLOATS, INTEGERS, checked_planes, quiet
from explainers.operators.windows import Array, Size, pair


@quiet
def subsample2d(input: Array, stride: Size) -> Array:
    """Return every `stride`-th row and column, from the first on.

    Parameters
    ----------
    input
        Array of shape (..., H, W), of floats, signed integers or uint8.
    stride
        Elements from one that is kept to the next; an int stands for height and width.

    Returns
    -------
    Array
        Shape (..., ⌈H / stride⌉, ⌈W / stride⌉), with the dtype of `input`.

    Raises
    ------
    ValueError
        If `stride` is below 1, or `input` has another dtype or fewer than two dimensions, or
        one of its last three is 0.

    Examples
    --------
    >>> subsample2d(np.array([[0, 1, 2, 3, 4], [5, 6, 7, 8, 9]]), 2)
    array([[0, 2, 4]])

    Notes
    -----
    Pooling whole windows is pooling them at stride 1, then this. Only this second step depends
    on which elements the stride hits.
    """
    array = checked_planes(input, FLOATS + INTEGERS)
    down, across = pair("stride", stride, low=1)
    return array[..., ::down, ::across].copy()


@overload
def polyphase_pool2d(input: Array, stride: Size, return_phase: Literal[False] = False) -> Array: ...


@overload
def polyphase_pool2d(
    input: Array, stride: Size, return_phase: Literal[True]
) -> tuple[Array, Ints]: ...


@overload
def polyphase_pool2d(
    input: Array, stride: Size, return_phase: bool = False
) -> Array | tuple[Array, Ints]: ...


@quiet
def polyphase_pool2d(
    input: Array, stride: Size, return_phase: bool = False
) -> Array | tuple[Array, Ints]:
    """Return every `stride`-th row and column, from where those kept have the largest norm.

    Parameters
    ----------
    input
        Array of shape (..., H, W), of floats, signed integers or uint8.
    stride
        Elements from one that is kept to the next, a divisor of H and of W; an int stands for
        height and width.
    return_phase
        Whether to return the first row and column that are kept as well.

    Returns
    -------
    Array | tuple[Array, Ints]
        Shape (..., H / stride, W / stride), with the dtype of `input`. With `return_phase`, also
        the int64 phase of each plane, shape (..., 2): the first row and the first column kept,
        each below `stride`. Of equal norms, the phase that comes first in the order of reading
        wins; NaN wins over all numbers.

    Raises
    ------
    ValueError
        If `stride` is below 1 or does not divide H and W, or `input` has another dtype or fewer
        than two dimensions, or one of its last three is 0.

    Examples
    --------
    >>> x = np.array([[0, 1, 0, 2], [5, 0, 6, 0]])
    >>> polyphase_pool2d(x, 2)
    array([[5, 6]])
    >>> polyphase_pool2d(x, 2, return_phase=True)[1]
    array([1, 0])

    Notes
    -----
    Adaptive polyphase sampling of A. Chaman and I. Dokmanić (2021), Truly shift-invariant
    convolutional neural networks, CVPR, arXiv:2011.14214, with the ℓ² norm. Theirs chooses one
    phase for all channels of an image, this one a phase for each plane.

    A circular shift by d turns phase p into (p + d) mod s and moves what is kept by
    ⌊(p + d) / s⌋, to the last bit: the squares are summed in the order of their size, so that
    rounding does not depend on where they lie. Only a tie breaks this law (two largest norms that
    are equal in float64), as the order of reading is another one after the shift.
    """
    array = checked_planes(input, FLOATS + INTEGERS)
    down, across = _dividing(array.shape[-2:], stride)
    wanted = Flag().check("return_phase", return_phase)
    components = _components(array, down, across)
    phase = _energy(components).argmax(axis=-1)
    kept = np.take_along_axis(components, phase[..., None, None, None], axis=-3)[..., 0, :, :]
    return (kept, np.stack(np.divmod(phase, across), axis=-1)) if wanted else kept


def _dividing(size: tuple[int, int], stride: Size) -> tuple[int, int]:
    strides = pair("stride", stride, low=1)
    if any(side % step for side, step in zip(size, strides, strict=True)):
        refuse("stride", stride, f"a divisor of the height and the width of input, {size}")
    return strides


def _components(array: Array, down: int, across: int) -> Array:
    """Return shape (..., phases, H / down, W / across), the phases in the order of reading."""
    *lead, height, width = array.shape
    split = array.reshape(*lead, height // down, down, width // across, across)
    phases_first = np.moveaxis(split, (-3, -1), (-4, -3))
    return phases_first.reshape(*lead, down * across, height // down, width // across)


def _energy(components: Array) -> Floats:
    """Return the squared norm of each component, the same however its elements are ordered."""
    *phases, height, width = components.shape
    flat = components.reshape(*phases, height * width).astype(np.float64)
    energy: Floats = np.sort(flat**2, axis=-1).sum(axis=-1)
    return energy
