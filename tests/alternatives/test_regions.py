"""Pooling of regions: cells by plain loops, and maps that say where their values are."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import ndimage

from explainers.alternatives.regions import misplaced, off, roi_align, roi_pool, rounded
from explainers.checks import Floats

CASES = [
    (place, length, parts, stride)
    for place in (0, 7, 8, 20, 33.5)
    for length in (1, 16, 50, 100, 224)
    for parts in (1, 2, 7, 14)
    for stride in (1, 4, 16)
]


def cells(place: float, length: float, parts: int, stride: int) -> list[list[int]]:
    """The cells of each part: those that it shares more than a border with, between whole ends."""
    first, last = (
        math.floor(Fraction(x) / stride + Fraction(1, 2)) for x in (place, place + length)
    )
    wide = Fraction(last - first + 1, parts)
    return [
        [
            c
            for c in range(first, last + 1)
            if first + i * wide < c + 1 and c < first + (i + 1) * wide
        ]
        for i in range(parts)
    ]


@pytest.mark.parametrize("case", CASES)
def test_cells_that_parts_look_at(case: tuple[float, float, int, int]) -> None:
    place, length, parts, stride = case
    seen = rounded(place, length, parts=parts, stride=stride)
    expected = cells(*case)
    assert seen.start.tolist() == [part[0] for part in expected]
    assert [end - 1 for end in seen.end.tolist()] == [part[-1] for part in expected]


def middles(place: float, length: float, parts: int, stride: int) -> list[float]:
    """Off, part by part: the mean of the pixels looked at, less the mean of the part's own."""
    found = []
    for i, part in enumerate(cells(place, length, parts, stride)):
        pixels = [p + 0.5 for c in part for p in range(c * stride, (c + 1) * stride)]
        begins, ends = (place + j * length / parts for j in (i, i + 1))
        found.append(sum(pixels) / len(pixels) - (begins + ends) / 2)
    return found


@pytest.mark.parametrize("case", CASES[::7])
def test_how_far_the_middles_are_off(case: tuple[float, float, int, int]) -> None:
    place, length, parts, stride = case
    assert_allclose(misplaced(place, length, parts=parts, stride=stride), middles(*case), atol=1e-9)


@pytest.mark.parametrize(("length", "parts", "stride"), [(100, 7, 16), (33, 14, 8), (64, 2, 4)])
def test_all_regions_of_a_length(length: int, parts: int, stride: int) -> None:
    each = [middles(place, length, parts, stride) for place in range(stride)]
    looked = [len(part) * stride for p in range(stride) for part in cells(p, length, parts, stride)]
    found = off(length, parts=parts, stride=stride)
    flat = np.ravel(each)
    assert found.mean == pytest.approx(np.mean(flat))
    assert found.spread == pytest.approx(np.std(flat))
    assert found.largest == pytest.approx(max(abs(x - np.mean(flat)) for x in flat))
    assert found.wider == pytest.approx(np.mean(looked) / (length / parts))


# A map whose values are the places of their middles says itself where it was looked at.


def ramp(stride: int, size: int = 40) -> Floats:
    return np.asarray((np.arange(size) + 0.5) * stride, dtype=np.float64)


@pytest.mark.parametrize(("place", "length"), [(37, 100), (40.25, 77.5), (64, 112)])
@pytest.mark.parametrize("sampling_ratio", [1, 2, 5])
def test_alignment_looks_at_the_middle_of_each_part(
    place: float, length: float, sampling_ratio: int
) -> None:
    down, across = np.meshgrid(ramp(8), ramp(8), indexing="ij")
    box = (place, place + 9, place + length, place + 9 + 2 * length)
    rows, columns = roi_align([down, across], box, parts=7, stride=8, sampling_ratio=sampling_ratio)
    own = place + (np.arange(7) + 0.5) * length / 7
    assert_allclose(rows, np.repeat(own[:, None], 7, axis=1), rtol=1e-12)
    wide = place + 9 + (np.arange(7) + 0.5) * 2 * length / 7
    assert_allclose(columns, np.repeat(wide[None], 7, axis=0), rtol=1e-12)


def test_alignment_interpolates_as_scipy_does_and_goes_on_beyond_the_map() -> None:
    plane = np.random.default_rng(0).random((9, 11))
    for box in ((10, 6, 50, 70), (0, 0, 72, 88)):
        top, left, bottom, right = box
        rows = top + (np.arange(15) + 0.5) / 15 * (bottom - top)
        columns = left + (np.arange(15) + 0.5) / 15 * (right - left)
        places = np.meshgrid(rows / 8 - 0.5, columns / 8 - 0.5, indexing="ij")
        each = ndimage.map_coordinates(plane, places, order=1, mode="nearest")
        expected = each.reshape(5, 3, 5, 3).mean(axis=(1, 3))
        found = roi_align(plane, box, parts=5, stride=8, sampling_ratio=3)
        assert_allclose(found, expected, rtol=1e-12)


def test_the_largest_of_what_each_part_looks_at() -> None:
    planes = np.random.default_rng(1).standard_normal((3, 12, 14))
    found = roi_pool(planes, (13, 30, 70, 95), parts=3, stride=8)
    down, across = cells(13, 57, 3, 8), cells(30, 65, 3, 8)
    for i, rows in enumerate(down):
        for j, columns in enumerate(across):
            looked = [planes[:, row, column] for row in rows for column in columns]
            assert (found[:, i, j] == np.max(looked, axis=0)).all()


@pytest.mark.parametrize("pool", [roi_pool, roi_align])
@pytest.mark.parametrize("box", [(10, 10, 10, 40), (30, 10, 20, 40), (10, 20, 40, 20)])
def test_an_empty_region_is_refused(pool: object, box: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="box must be top, left, bottom and right"):
        pool(np.ones((9, 9)), box)  # type: ignore[operator]


def test_a_region_beyond_the_map_is_refused_and_a_line_is_no_map() -> None:
    with pytest.raises(ValueError, match="box must be within the map"):
        roi_pool(np.ones((4, 9)), (0, 0, 64, 64), stride=16)
    with pytest.raises(ValueError, match="shape of maps"):
        roi_align(np.ones(4), (0, 0, 64, 64))
