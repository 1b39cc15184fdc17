"""A picture pooled in four ways: each window by itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from explainers import flower
from explainers.discarded import figures, pictures
from explainers.discarded.figures import MOVED
from tests.drawing import drawn


def by_hand(picture: Any, method: str, window: int) -> Any:
    """What is kept, window by window; the blur as weights of Pascal's triangle."""
    taps = min(2 * window - 1, 7)
    row = np.array([1.0])
    for _ in range(taps - 1):
        row = np.convolve(row, [0.5, 0.5])
    height, width = (side // window for side in picture.shape)
    whole = picture[: height * window, : width * window]
    before, after = taps // 2, taps - 1 - taps // 2
    around = np.pad(whole, [(before, after)] * 2, mode="reflect")
    found = np.empty((height, width))
    for y in range(height):
        for x in range(width):
            block = whole[y * window : (y + 1) * window, x * window : (x + 1) * window]
            near = around[y * window : y * window + taps, x * window : x * window + taps]
            found[y, x] = {
                "max": block.max(),
                "mean": block.mean(),
                "stride": block[0, 0],
                "blur": row @ near @ row,
            }[method]
    return found


@pytest.mark.parametrize("method", pictures.POOLED)
@pytest.mark.parametrize("window", [2, 3, 4, 8])
def test_what_is_kept_is_what_each_window_gives(method: str, window: int) -> None:
    picture = np.random.default_rng(0).random((33, 41))
    assert_allclose(
        pictures.keep(picture, method, window), by_hand(picture, method, window), atol=1e-12
    )
    kept = pictures.kept(picture, method, window)
    before, after = (by_hand(p, method, window) for p in (picture[:, :-1], picture[:, 1:]))
    assert_allclose(kept.pooled, before, atol=1e-12)
    assert_allclose(kept.change, np.sqrt(((after - before) ** 2).mean()) / before.std())
    part = picture[: len(before) * window, : before.shape[1] * window]
    copied = np.kron(before, np.ones((window, window)))
    assert_allclose(kept.error, np.sqrt(((copied - part) ** 2).mean()) / part.std())


def test_how_many_values_stay_is_counted() -> None:
    """By hand: a bright pixel moves to the left, first inside its window, then out of it."""
    inside, leaves = np.zeros((2, 9)), np.zeros((2, 9))
    inside[0, 3] = leaves[0, 4] = 1
    assert pictures.kept(inside, "max", 2).same == 1
    assert pictures.kept(leaves, "max", 2).same == 2 / 4
    assert pictures.kept(leaves, "stride", 2).same == 3 / 4


def test_what_fits_no_window_is_refused() -> None:
    with pytest.raises(ValueError, match=r"shape of picture must be \(H, W\), both at least 4"):
        pictures.keep(np.ones((3, 9)), "max", 4)
    with pytest.raises(ValueError, match="not the same everywhere, pooled"):
        pictures.kept(np.ones((4, 9)), "max", 2)


def test_the_figure_shows_these_numbers() -> None:
    table = drawn(figures.picture_pooled).table
    for row, method in enumerate(table["kept"]):
        before = by_hand(flower.grey()[MOVED][:, :-1], method, 4)
        after = by_hand(flower.grey()[MOVED][:, 1:], method, 4)
        rms = np.sqrt(((after - before) ** 2).mean())
        assert_allclose(table["change"][row], rms / before.std(), rtol=1e-12)
        assert_allclose(table["same"][row], (after == before).mean(), atol=1e-3)
