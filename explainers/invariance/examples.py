"""Examples small enough to check by hand: a tutorial's, a textbook's, and one about subsampling."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from explainers.checks import Floats, refuse
from explainers.kinds import Choice, Each, Number, Whole, checked
from explainers.operators import avg_pool2d, blur2d, conv2d, max_pool2d, shift2d, subsample2d

LINE_COLUMN, LINE_WIDTH = 3, 2
"""Where the tutorial's 8 × 8 picture begins to be 1, and how wide; elsewhere it is 0."""
LINE_DETECTOR = ((0.0, 1.0, 0.0), (0.0, 1.0, 0.0), (0.0, 1.0, 0.0))
"""The tutorial's detector of vertical lines."""
TEXTBOOK_VALUES = (0.3, 0.1, 1.0, 0.2, 0.1)
"""The textbook's detector values, from the one that enters on the left when they move."""
NUMBERS = ((7.0, 1.0, 2.0, 9.0), (3.0, 0.0, 4.0, 1.0), (1.0, 2.0, 8.0, 3.0), (0.0, 6.0, 5.0, 2.0))
"""A map of four windows, two of whose largest values stay in their windows when it moves by one."""
PEAK = (0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0)
"""A lone peak, which subsampling misses altogether or keeps whole."""

LineShift = Annotated[int, Whole(-3, 3)]  # so far the tutorial's line stays in the picture
LineWidth = Annotated[int, Whole(1, 4)]
LineWindow = Annotated[int, Whole(2, 3)]


# A map of numbers


class NumbersExample(NamedTuple):
    """A map of sixteen numbers and what max pooling makes of it.

    Attributes
    ----------
    map
        Shape (4, 4).
    pooled
        The largest of each of its 2 × 2 windows, side by side, or their mean: shape (2, 2).
    """

    map: Floats
    pooled: Floats


@checked
def numbers_example(
    shift: Annotated[int, Whole(0, 4)] = 0,
    numbers: Annotated[ArrayLike, Each(Number())] = NUMBERS,
    method: Annotated[str, Choice(("max", "mean"))] = "max",
) -> NumbersExample:
    """Return `NUMBERS`, or other ones, moved to the right by `shift` cells, and pooled.

    Parameters
    ----------
    shift
        In cells. What enters on the left is 0, and what leaves on the right is lost.
    numbers
        Sixteen, row by row.
    method
        What is kept of each window.

    Examples
    --------
    >>> numbers_example(0).pooled
    array([[7., 9.],
           [6., 8.]])
    >>> numbers_example(1).pooled
    array([[7., 4.],
           [1., 8.]])
    """
    given = np.asarray(numbers)
    if given.size != 16:
        refuse("size of numbers", given.size, "16")
    moved = shift2d(given.reshape(4, 4), 0, shift)
    return NumbersExample(moved, (max_pool2d if method == "max" else avg_pool2d)(moved, 2))


# The tutorial's line


class LineExample(NamedTuple):
    """The tutorial's example, step by step.

    Attributes
    ----------
    picture
        Shape (8, 8).
    feature_map
        Convolved without padding, then rectified: shape (6, 6).
    max_pooled, mean_pooled
        Over 2 × 2 windows side by side: shape (3, 3); over 3 × 3 ones, (2, 2).
    """

    picture: Floats
    feature_map: Floats
    max_pooled: Floats
    mean_pooled: Floats


@checked
def line_example(
    shift: LineShift = 0, width: LineWidth = LINE_WIDTH, window: LineWindow = 2
) -> LineExample:
    """Return the example of a vertical line, two pixels wide, moved to the right by `shift`.

    Parameters
    ----------
    shift
        In pixels; to the left if negative.
    width
        Of the line, in pixels. Of one wider than the tutorial's, a move may push a part out of the
        picture.
    window
        Side of the windows of the pooling.

    Notes
    -----
    The tutorial that the thread quotes has this picture, this detector and these poolings at shift
    0, where the line's two columns fall into one column of windows.

    Examples
    --------
    >>> line_example(0).max_pooled[0], line_example(1).max_pooled[0]
    (array([0., 3., 0.]), array([0., 3., 3.]))
    """
    line: Floats = np.zeros((8, 8))
    line[:, LINE_COLUMN : LINE_COLUMN + width] = 1
    picture = shift2d(line, 0, shift)
    response = conv2d(picture[None], np.array(LINE_DETECTOR)[None, None])[0]
    feature_map = np.maximum(response, 0)
    pooled = (pool(feature_map, window) for pool in (max_pool2d, avg_pool2d))
    return LineExample(picture, feature_map, *pooled)


class Changed(NamedTuple):
    """How many values of each of `LineExample`'s maps change."""

    feature_map: int
    max_pooled: int
    mean_pooled: int


@checked
def line_example_changed(
    shift: LineShift, width: LineWidth = LINE_WIDTH, window: LineWindow = 2
) -> Changed:
    """Count what changes when the line of `line_example` moves from its place by `shift`.

    Examples
    --------
    >>> line_example_changed(1)
    Changed(feature_map=12, max_pooled=3, mean_pooled=6)
    """
    before, after = (line_example(d, width, window) for d in (0, shift))
    return Changed(*(int((b != a).sum()) for b, a in zip(before[1:], after[1:], strict=True)))


# The textbook's four numbers


class TextbookExample(NamedTuple):
    """Four detector values and their maxima over three neighbours, before a move and after it."""

    detector: Floats
    pooled: Floats
    moved_detector: Floats
    moved_pooled: Floats


def textbook_example() -> TextbookExample:
    """Return the textbook's example: all detectors change, but only half of the pooled values.

    Notes
    -----
    I. Goodfellow, Y. Bengio and A. Courville, *Deep Learning* (2016), section 9.3, figure 9.8:
    the max over three neighbours, at every place, of four values that move right by one.

    Examples
    --------
    >>> textbook_example().pooled, textbook_example().moved_pooled
    (array([1. , 1. , 1. , 0.2]), array([0.3, 1. , 1. , 1. ]))
    """
    moved, detector = np.array(TEXTBOOK_VALUES[:-1]), np.array(TEXTBOOK_VALUES[1:])
    return TextbookExample(detector, _of_three(detector), moved, _of_three(moved))


def _of_three(values: Floats) -> Floats:
    maxima: Floats = max_pool2d(values[None], (1, 3), stride=1, padding=(0, 1))[0]
    return maxima


# What subsampling destroys, and a blur repairs


class HandExample(NamedTuple):
    """A row of values, pooled at every place, subsampled by 2, without a blur and with one.

    Attributes
    ----------
    dense
        The max of each window, at every place.
    kept
        Every second of `dense`, from the first on.
    blurred
        `dense` weighted (1, 2, 1) / 4, or with another row of Pascal's triangle.
    blurred_kept
        Every second of `blurred`.
    """

    dense: Floats
    kept: Floats
    blurred: Floats
    blurred_kept: Floats


@checked
def by_hand(
    signal: Annotated[ArrayLike, Each(Number())] = PEAK,
    shift: Annotated[int, Whole()] = 0,
    window: Annotated[int, Whole(1)] = 1,
    blur: Annotated[int, Whole(2, 7)] = 3,
) -> HandExample:
    """Return what subsampling keeps of a row of values that wraps round, with a blur and without.

    Parameters
    ----------
    signal
        An even number n of values, such as `PEAK`.
    shift
        How far they move to the right first, round; at most n, either way.
    window
        Width of the max pool's window, at most n; with 1 there is none.
    blur
        Taps of the blur.

    Raises
    ------
    ValueError
        If `signal` is not a row of an even number of values, or `shift` or `window` is more than
        that.

    Notes
    -----
    A lone peak between two kept places vanishes without the blur; with it, its weight and its
    place can both be told from what is kept.

    Examples
    --------
    >>> by_hand(shift=0).kept, by_hand(shift=1).kept
    (array([0., 0., 0., 0.]), array([0., 0., 1., 0.]))
    >>> by_hand(shift=0).blurred_kept, by_hand(shift=1).blurred_kept
    (array([0.  , 0.25, 0.25, 0.  ]), array([0. , 0. , 0.5, 0. ]))
    """
    row = np.asarray(signal)
    if row.ndim != 1 or not row.size or row.size % 2:
        refuse("shape of signal", row.shape, "(n,) with an even n ≥ 2")
    if abs(shift) > row.size:
        refuse("shift", shift, f"in [−n, n] with n = {row.size}")
    if window > row.size:
        refuse("window", window, f"at most n, here {row.size}")
    moved = shift2d(row[None], 0, shift, mode="circular")
    dense = max_pool2d(np.pad(moved, ((0, 0), (0, window - 1)), mode="wrap"), (1, window), stride=1)
    blurred = blur2d(dense, blur, padding_mode="circular")
    steps = (dense, subsample2d(dense, 2), blurred, subsample2d(blurred, 2))
    return HandExample(*(step[0] for step in steps))
