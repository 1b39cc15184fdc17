"""The examples once more: by hand, by SciPy, by scikit-image, and by plain loops."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy import ndimage, signal
from skimage.measure import block_reduce

from explainers.invariance.examples import (
    LINE_COLUMN,
    LINE_DETECTOR,
    LINE_WIDTH,
    NUMBERS,
    PEAK,
    TEXTBOOK_VALUES,
    Changed,
    by_hand,
    line_example,
    line_example_changed,
    numbers_example,
    textbook_example,
)

# A map of numbers


def test_the_numbers_by_hand() -> None:
    """The largest of two windows stay when all moves by one: 7 and 8; 9 leaves, 6 comes to 8."""
    assert_array_equal(NUMBERS, [[7, 1, 2, 9], [3, 0, 4, 1], [1, 2, 8, 3], [0, 6, 5, 2]])
    pooled = [[[7, 9], [6, 8]], [[7, 4], [1, 8]], [[0, 7], [0, 6]], [[0, 7], [0, 1]]]
    for shift, expected in enumerate([*pooled, [[0, 0], [0, 0]]]):
        shown = numbers_example(shift)
        assert_array_equal(shown.map[:, shift:], np.array(NUMBERS)[:, : 4 - shift])
        assert not shown.map[:, :shift].any()
        assert_array_equal(shown.pooled, expected)
        assert_array_equal(shown.pooled, block_reduce(shown.map, 2, np.max))


# The tutorial's line


@pytest.mark.parametrize("shift", range(-3, 4))
def test_the_line_by_scipy_and_scikit_image(shift: int) -> None:
    picture = np.array([[float(c - shift in (3, 4)) for c in range(8)] for _ in range(8)])
    middle = np.zeros((3, 3))
    middle[:, 1] = 1
    response = np.maximum(signal.correlate2d(picture, middle, mode="valid"), 0)
    steps = line_example(shift)
    assert_array_equal(steps.picture, picture)
    assert_array_equal(steps.feature_map, response)
    assert_array_equal(steps.max_pooled, block_reduce(response, 2, np.max))
    assert_array_equal(steps.mean_pooled, block_reduce(response, 2, np.mean))


def test_the_line_as_the_tutorial_prints_it() -> None:
    assert_array_equal(LINE_DETECTOR, [[0, 1, 0]] * 3)
    assert (LINE_COLUMN, LINE_WIDTH) == (3, 2)
    steps = line_example()
    assert_array_equal(steps.picture, [[0, 0, 0, 1, 1, 0, 0, 0]] * 8)
    assert_array_equal(steps.feature_map, [[0, 0, 3, 3, 0, 0]] * 6)
    assert_array_equal(steps.max_pooled, [[0, 3, 0]] * 3)
    assert_array_equal(steps.mean_pooled, [[0, 3, 0]] * 3)


def test_one_pixel_changes_a_third_of_the_maxima_and_two_thirds_of_the_means() -> None:
    assert_array_equal(line_example(1).max_pooled, [[0, 3, 3]] * 3)
    assert_array_equal(line_example(1).mean_pooled, [[0, 1.5, 1.5]] * 3)
    assert_array_equal(line_example(-1).max_pooled, [[3, 3, 0]] * 3)
    assert_array_equal(line_example(-1).mean_pooled, [[1.5, 1.5, 0]] * 3)
    assert line_example_changed(1) == line_example_changed(-1) == Changed(12, 3, 6)
    assert line_example_changed(0) == Changed(0, 0, 0)
    assert line_example_changed(2) == Changed(24, 6, 6)
    assert line_example_changed(3) == Changed(feature_map=18, max_pooled=6, mean_pooled=6)


# The textbook's four numbers


def test_the_textbooks_numbers_as_it_prints_them() -> None:
    example = textbook_example()
    assert_array_equal(example.detector, [0.1, 1.0, 0.2, 0.1])
    assert_array_equal(example.pooled, [1.0, 1.0, 1.0, 0.2])
    assert_array_equal(example.moved_detector, [0.3, 0.1, 1.0, 0.2])
    assert_array_equal(example.moved_pooled, [0.3, 1.0, 1.0, 1.0])
    assert (example.detector != example.moved_detector).sum() == 4
    assert (example.pooled != example.moved_pooled).sum() == 2


def test_the_textbooks_maxima_by_scipy() -> None:
    for first, pooled in ((1, textbook_example().pooled), (0, textbook_example().moved_pooled)):
        shown = np.array(TEXTBOOK_VALUES)[first : first + 4]
        maxima = ndimage.maximum_filter1d(shown, 3, mode="constant", cval=-np.inf)
        assert_array_equal(pooled, maxima)


# By hand


@pytest.mark.parametrize("signal_", [PEAK, (0.0, 0.0, 1.0, 1.0), (1.0, 5.0, -2.0, 0.5)])
@pytest.mark.parametrize("window", [1, 2, 3, 4])
@pytest.mark.parametrize("shift", [-4, -1, 0, 1, 2, 4])
def test_each_step_by_loops(signal_: tuple[float, ...], window: int, shift: int) -> None:
    n = len(signal_)
    row = [signal_[(i - shift) % n] for i in range(n)]
    dense = [max(row[(i + j) % n] for j in range(window)) for i in range(n)]
    blurred = [(dense[i - 1] + 2 * dense[i] + dense[(i + 1) % n]) / 4 for i in range(n)]
    found = by_hand(signal_, shift, window)
    assert_allclose(found.dense, dense)
    assert_allclose(found.kept, dense[::2])
    assert_allclose(found.blurred, blurred)
    assert_allclose(found.blurred_kept, blurred[::2])


def test_subsampling_destroys_what_a_blur_repairs() -> None:
    assert PEAK == (0, 0, 0, 1, 0, 0, 0, 0)
    assert by_hand().kept.sum() == 0
    assert by_hand(shift=1).kept.sum() == 1
    for shift in range(4):
        kept = by_hand(shift=shift).blurred_kept
        assert kept.sum() == 0.5
        assert (kept * 2 * np.arange(4)).sum() / kept.sum() == 3 + shift


# What is refused


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: by_hand([1.0, 2.0, 3.0]), r"shape of signal must be \(n,\) .*; got \(3,\)"),
        (lambda: by_hand([]), r"shape of signal must be .* got \(0,\)"),
        (lambda: by_hand([[1.0, 2.0]]), r"shape of signal must be .* got \(1, 2\)"),
        (lambda: by_hand(shift=9), r"shift must be in \[−n, n\] with n = 8; got 9"),
        (lambda: by_hand(shift=-9), "shift must be .* got -9"),
        (lambda: numbers_example(0, range(15)), "size of numbers must be 16; got 15"),
        (lambda: by_hand(window=9), "window must be at most n, here 8; got 9"),
    ],
)
def test_what_does_not_go_together_is_refused(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}"):
        call()


@pytest.mark.parametrize(("shift", "width"), [(-4, 1), (4, 1), (0, 0), (0, 5)])
def test_an_unmoved_line_stays_in_the_picture(shift: int, width: int) -> None:
    with pytest.raises(ValueError, match=r"must be a whole number in \["):
        line_example(shift, width)
