"""How much padding TensorFlow's "SAME" adds before and after: not the same, if it is odd."""

from __future__ import annotations

from explainers.kinds import Whole
from explainers.operators.windows import LARGEST


def same_padding(size: int, kernel_size: int, stride: int) -> tuple[int, int]:
    """Return what TensorFlow's padding "SAME" adds at the two ends of an axis.

    It is the least with which ⌈size / stride⌉ windows fit; the odd one is added at the end.

    Parameters
    ----------
    size
        Elements of the input along the axis, at least 1.
    kernel_size
        Elements from the first tap of a window to its last, both included, at least 1.
    stride
        Elements from one window to the next, at least 1.

    Returns
    -------
    tuple[int, int]
        Elements added at the beginning (above, or on the left) and at the end.

    Raises
    ------
    ValueError
        If an argument is no whole number, or out of its range.

    Examples
    --------
    >>> same_padding(224, kernel_size=3, stride=2)
    (0, 1)
    >>> same_padding(224, kernel_size=7, stride=2), same_padding(225, kernel_size=7, stride=2)
    ((2, 3), (3, 3))

    For height and width, as `np.pad` takes it:

    >>> [same_padding(side, kernel_size=3, stride=2) for side in (5, 6)]
    [(1, 1), (0, 1)]

    Notes
    -----
    The rule is that of TensorFlow's documentation, "Notes on padding" in
    https://www.tensorflow.org/api_docs/python/tf/nn. There, max pooling never takes what is
    padded, and the mean does not count it. PyTorch adds as much at the end as at the beginning.
    """
    side = Whole(1, LARGEST).check("size", size)
    kernel = Whole(1, LARGEST).check("kernel_size", kernel_size)
    step = Whole(1, LARGEST).check("stride", stride)
    last = (side - 1) // step * step
    missing = max(last + kernel - side, 0)
    return missing // 2, missing - missing // 2
