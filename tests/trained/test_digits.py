"""The pictures against scikit-learn's, and what is done to them, in loops."""

from __future__ import annotations

import numpy as np
import pytest
import sklearn.datasets
from numpy.testing import assert_array_equal

from explainers.trained import digits
from explainers.trained.digits import SIZES, everywhere, noisy, placed, split, taken_apart


def test_they_are_scikit_learn_s_in_the_same_order() -> None:
    original = sklearn.datasets.load_digits()
    ours = digits.digits()
    assert_array_equal(ours.pictures * 16, original.images)
    assert_array_equal(ours.labels, original.target)
    assert not ours.pictures.flags.writeable
    assert not ours.labels.flags.writeable


@pytest.mark.parametrize("seed", [0, 1, 19])
def test_no_picture_is_learned_and_tested(seed: int) -> None:
    number = {picture.tobytes(): n for n, picture in enumerate(digits.digits().pictures)}
    assert len(number) == 1797  # all differ
    parts = {
        size: [[number[p.tobytes()] for p in part.pictures] for part in split(size, seed)]
        for size in SIZES
    }
    for size, (train, test) in parts.items():
        assert (len(train), len(test)) == (size, 500)
        assert not set(train) & set(test)
        assert test == parts[100][1]
        assert train == parts[1297][0][:size]
        assert_array_equal(split(size, seed).train.labels, digits.digits().labels[train])


def test_seeds_split_differently() -> None:
    tests = [split(100, seed).test.pictures.tobytes() for seed in range(20)]
    assert len(set(tests)) == 20


def test_a_moved_digit_is_whole() -> None:
    pictures = digits.digits().pictures[:5]
    for move, canvases in enumerate(everywhere(pictures)):
        assert canvases.shape == (5, 16, 16)
        for n, y, x in np.ndindex(5, 8, 8):
            assert canvases[n, 4 + y, move + x] == pictures[n, y, x]
        assert canvases.sum() == pictures.sum()


def test_a_larger_canvas_goes_on_below_and_to_the_right() -> None:
    pictures = digits.digits().pictures[:5]
    larger = placed(pictures, 3, canvas=24)
    assert_array_equal(larger[:, :16, :16], placed(pictures, 3))
    assert larger.sum() == pictures.sum()


def test_noise_is_normal_and_scales() -> None:
    blank = np.zeros((200, 16, 16))
    one, two = noisy(blank, 0.1, seed=3), noisy(blank, 0.2, seed=3)
    assert_array_equal(2 * one, two)
    assert abs(one.mean()) < 4 * 0.1 / np.sqrt(one.size)
    assert abs(one.std() / 0.1 - 1) < 4 / np.sqrt(2 * one.size)
    assert abs((np.abs(one) < 0.1).mean() - 0.6827) < 4 * np.sqrt(0.22 / one.size)
    assert not np.array_equal(one, noisy(blank, 0.1, seed=4))


def test_all_quarters_leave_their_place() -> None:
    pictures = np.random.default_rng(0).random((900, 8, 8))
    apart = taken_apart(pictures, seed=2)
    corners = [(0, 0), (0, 4), (4, 0), (4, 4)]
    ways: dict[tuple[int, ...], int] = {}
    for before, after in zip(pictures, apart, strict=True):
        old = [before[y : y + 4, x : x + 4].tolist() for y, x in corners]
        way = tuple(old.index(after[y : y + 4, x : x + 4].tolist()) for y, x in corners)
        assert sorted(way) == [0, 1, 2, 3]
        assert all(place != came for place, came in enumerate(way))
        ways[way] = ways.get(way, 0) + 1
    assert len(ways) == 9  # of four things, so many orders leave none in its place
    assert all(60 < number < 140 for number in ways.values())


def test_what_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^size must be one of 100, 300, 1297; got 50"):
        split(50)
    with pytest.raises(ValueError, match=r"^move must be a whole number in \[0, 8\]; got 9"):
        placed(np.zeros((1, 8, 8)), 9)
    with pytest.raises(ValueError, match=r"^canvas must be a whole number in \[16, 64\]; got 8"):
        placed(np.zeros((1, 8, 8)), canvas=8)
    with pytest.raises(ValueError, match=r"^noise must be a number in \[0, 10\]; got -1"):
        noisy(np.zeros((1, 8, 8)), -1)
