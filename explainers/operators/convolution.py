"""Convolution with PyTorch's names, arguments and results."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from explainers.checks import refuse
from explainers.kinds import Choice, Whole
from explainers.operators.arrays import FLOATS, INTEGERS, accumulator, checked, quiet
from explainers.operators.windows import Array, Size, blocks, pair, span

DTYPES = (*FLOATS, "complex64", "complex128", *INTEGERS)
NUMPY_MODES: dict[str, Literal["constant", "wrap"]] = {"zeros": "constant", "circular": "wrap"}
Sides = tuple[tuple[int, int], tuple[int, int]]


@quiet
def conv2d(
    input: Array,
    weight: Array,
    bias: Array | None = None,
    stride: Size = 1,
    padding: Size | str = 0,
    dilation: Size = 1,
    groups: int = 1,
    padding_mode: str = "zeros",
) -> Array:
    """Return the convolution (cross-correlation, as in every network) of images with kernels.

    Parameters
    ----------
    input
        Images, shape (N, C, H, W), or one of shape (C, H, W).
    weight
        Kernels, shape (O, C / groups, h, w), with the dtype of `input`.
    bias
        Added to each output channel, shape (O,), with the dtype of `input`; by default nothing.
    stride
        Elements from one place of the kernel to the next; an int stands for height and width,
        here and below.
    padding
        Elements added on each side; "valid" adds none, "same" as many as keep height and width
        (the odd one below and on the right) and needs a stride of 1.
    dilation
        Elements from one tap of the kernel to the next.
    groups
        Number of groups that the channels are split into; each is convolved on its own.
    padding_mode
        "zeros", or "circular": the image continues on its other side, at most once.

    Returns
    -------
    Array
        Shape (N, O, H', W'), or (O, H', W') for one image, with the dtype of `input`.

    Raises
    ------
    ValueError
        If an argument is out of its range, shapes or dtypes do not match, the kernel is larger
        than the padded image, or an array of integers other than int64 meets a dilation.

    Examples
    --------
    >>> image = np.array([[[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]]])
    >>> difference = np.array([[[[-1.0, 1.0]]]])
    >>> conv2d(image, difference)[0, 0]
    array([[1., 1.],
           [1., 1.]])
    >>> conv2d(image, difference, padding="same", padding_mode="circular")[0, 0]
    array([[ 1.,  1., -2.],
           [ 1.,  1., -2.]])

    Notes
    -----
    Equal to `torch.nn.functional.conv2d`, and with `padding_mode` to `torch.nn.Conv2d`, up to
    rounding. Like it, integers wrap around; the sum of float16 is taken in float32, and the sums
    over large kernels in float64.
    """
    images, kernels, offsets = _checked(input, weight, bias, groups)
    strides, dilations = pair("stride", stride, low=1), pair("dilation", dilation, low=1)
    if dilations != (1, 1) and images.dtype.name in set(INTEGERS) - {"int64"}:
        refuse("dilation", dilation, f"1 for an input of dtype {images.dtype}")
    height, width = map(span, kernels.shape[-2:], dilations)
    padded = _padded(images, _sides(padding, strides, (height, width)), padding_mode)
    if height > padded.shape[-2] or width > padded.shape[-1]:
        refuse("weight", kernels.shape, f"within the padded input, {padded.shape[-2:]}")
    windows = sliding_window_view(padded, (height, width), axis=(-2, -1))
    windows = windows[..., :: strides[0], :: strides[1], :: dilations[0], :: dilations[1]]
    out = _correlate(windows, kernels, groups)
    if offsets is not None:
        out += offsets[:, None, None]
    return out if np.ndim(input) == 4 else out[0]


def _checked(
    input: Array, weight: Array, bias: Array | None, groups: int
) -> tuple[Array, Array, Array | None]:
    """Return a batch of images, kernels and bias, refusing what does not fit together."""
    images, kernels = checked("input", input, DTYPES), checked("weight", weight, DTYPES)
    if images.ndim not in (3, 4) or 0 in images.shape[-3:]:
        refuse("input", images.shape, "of shape (N, C, H, W) or (C, H, W), all but N at least 1")
    if kernels.dtype != images.dtype:
        refuse("weight", kernels.dtype, f"of the dtype of input, {images.dtype}")
    _check_channels(images.shape[-3], kernels.shape, Whole(1).check("groups", groups))
    offsets = None if bias is None else _checked_bias(bias, kernels)
    return (images if images.ndim == 4 else images[None]), kernels, offsets


def _check_channels(channels: int, shape: tuple[int, ...], groups: int) -> None:
    if channels % groups:
        refuse("groups", groups, f"a divisor of the {channels} channels of input")
    if len(shape) != 4 or 0 in shape or shape[0] % groups or shape[1] != channels // groups:
        allowed = f"of shape (O, {channels // groups}, h, w), O a multiple of groups {groups}"
        refuse("weight", shape, allowed)


def _checked_bias(bias: Array, kernels: Array) -> Array:
    bias = checked("bias", bias, DTYPES)
    if bias.shape != kernels.shape[:1]:
        refuse("bias", bias.shape, f"of shape {kernels.shape[:1]}, one for each kernel")
    if bias.dtype != kernels.dtype:
        refuse("bias", bias.dtype, f"of the dtype of input, {kernels.dtype}")
    return bias


def _sides(padding: Size | str, strides: tuple[int, int], spans: tuple[int, int]) -> Sides:
    """Return the padding as ((above, below), (left, right))."""
    if isinstance(padding, str):
        if Choice(("valid", "same")).check("padding", padding) == "valid":
            return (0, 0), (0, 0)
        if strides != (1, 1):
            refuse("stride", strides, 'of 1 with padding "same"')
        height, width = spans
        return ((height - 1) // 2, height // 2), ((width - 1) // 2, width // 2)
    height, width = pair("padding", padding, low=0)
    return (height, height), (width, width)


def _padded(images: Array, sides: Sides, padding_mode: str) -> Array:
    """Return the images with zeros, or their own other side, around them."""
    mode = NUMPY_MODES[Choice(tuple(NUMPY_MODES)).check("padding_mode", padding_mode)]
    height, width = images.shape[-2:]
    if mode == "wrap" and (max(sides[0]) > height or max(sides[1]) > width):
        refuse("padding", sides, f"at most the size of the image, {(height, width)}")
    try:
        padded: Array = np.pad(images, ((0, 0), (0, 0), *sides), mode=mode)
    except (MemoryError, ValueError):
        refuse("padding", sides, "small enough for the padded input to fit in memory")
    return padded


def _correlate(windows: Array, kernels: Array, groups: int) -> Array:
    """Multiply the kernels, as rows, with the windows, (N, C, H', W', h, w), as columns."""
    dtype = accumulator(kernels.dtype, kernels[0].size)
    matrices = kernels.reshape(groups, len(kernels) // groups, -1).astype(dtype)
    taps_first = windows.transpose(0, 1, 4, 5, 2, 3)
    out = np.empty((len(windows), len(kernels), *windows.shape[2:4]), kernels.dtype)
    for block in blocks(windows):
        columns = taps_first[block].reshape(len(out[block]), *matrices.shape[::2], -1)
        out[block] = (matrices @ columns.astype(dtype, copy=False)).reshape(out[block].shape)
    return out
