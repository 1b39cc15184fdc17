"""Putting what a max pooling kept back to where it was."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from explainers.checks import Ints, refuse
from explainers.kinds import Whole
from explainers.operators.arrays import FLOATS, INTEGERS, checked, checked_planes
from explainers.operators.windows import Array, Size, window_sizes


def max_unpool2d(
    input: Array,
    indices: Ints,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    output_size: Sequence[int] | None = None,
) -> Array:
    """Return planes of zeros with the maxima back at their places.

    Parameters
    ----------
    input
        Maxima of shape (..., H, W), of floats, signed integers or uint8.
    indices
        Where in its plane of the output each is put, row by row: the int64 indices that
        `max_pool2d` returns, with the shape of `input`.
    kernel_size
        Height and width of a window of that pooling; an int stands for both, here and below.
    stride
        Elements from one window to the next; by default `kernel_size`.
    padding
        Elements that were added on each side, at most half of `kernel_size`.
    output_size
        Height and width of the output, or the whole shape of four. Several sizes are pooled to
        the same one (windows of 2 make 3 of 6 and of 7, and of 5 with `ceil_mode`): only this says
        which it was. By default the one of which no element is left over or lacking,
        (H − 1) · stride + `kernel_size` − 2 · padding; each side must differ from that by less
        than its stride.

    Returns
    -------
    Array
        Shape (..., *output_size), with the dtype of `input`. Where windows overlap, an index may
        occur several times: of what it names, the last in the order of reading is put there. For
        what `max_pool2d` returns, they are all the same.

    Raises
    ------
    ValueError
        If an argument is out of its range, an index lies outside the plane, the shapes differ, or
        `input` has another dtype or fewer than two dimensions, or one of its last three is 0.

    Examples
    --------
    >>> values, indices = np.array([[5.0, 8.0]]), np.array([[1, 6]])
    >>> max_unpool2d(values, indices, kernel_size=2)
    array([[0., 5., 0., 0.],
           [0., 0., 8., 0.]])
    >>> max_unpool2d(values, indices, kernel_size=2, output_size=(2, 5))
    array([[0., 5., 0., 0., 0.],
           [0., 8., 0., 0., 0.]])

    Notes
    -----
    Equal to `torch.nn.functional.max_unpool2d` to the last bit; on a graphics card, PyTorch leaves
    open which of the elements with equal indices is put there. Not like it, integers are taken,
    and a `kernel_size`, stride or padding that no pooling has is refused.

    The index counts along the rows of the output. With another width than that of the array that
    was pooled, the maxima land elsewhere, as in the second example.
    """
    array = checked_planes(input, FLOATS + INTEGERS)
    places = checked("indices", indices, ("int64",))
    if places.shape != array.shape:
        refuse("indices", places.shape, f"of the shape of input, {array.shape}")
    height, width = _size(array.shape[-2:], kernel_size, stride, padding, output_size)
    outside = (places < 0) | (places >= height * width)
    if outside.any():
        allowed = f"in [0, {height * width - 1}], a place in a plane of {height} × {width}"
        refuse("indices", places[outside][0], allowed)
    *lead, pooled_height, pooled_width = array.shape
    flat = (*lead, pooled_height * pooled_width)
    try:
        out = np.zeros((*lead, height * width), array.dtype)
    except (MemoryError, ValueError):
        refuse("output_size", (height, width), "small enough for the output to fit in memory")
    # Of equal indices, the last assignment stays.
    np.put_along_axis(out, places.reshape(flat), array.reshape(flat), axis=-1)
    return out.reshape(*lead, height, width)


def _size(
    pooled: tuple[int, ...],
    kernel_size: Size,
    stride: Size | None,
    padding: Size,
    output_size: Sequence[int] | None,
) -> tuple[int, int]:
    """Return height and width of the output: PyTorch's default, or what is near enough to it."""
    kernels, strides, paddings = window_sizes(kernel_size, stride, padding, axes=2)
    sizes = zip(pooled, kernels, strides, paddings, strict=True)
    default = [(side - 1) * step + kernel - 2 * pad for side, kernel, step, pad in sizes]
    wanted = default if output_size is None else output_size
    if not isinstance(wanted, tuple | list) or len(wanted) not in (2, 4):
        refuse("output_size", wanted, "a (height, width) pair, or a shape of four")
    height, width = (
        Whole(max(usual - step + 1, 1), usual + step - 1).check("output_size", side)
        for side, usual, step in zip(wanted[-2:], default, strides, strict=True)
    )
    return height, width
