"""The dahlia moved, once more by SciPy, scikit-image and plain loops."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import ndimage
from skimage.measure import block_reduce

from explainers.checks import Floats
from explainers.invariance.dahlia import POOLINGS, moved, still_found, turned
from explainers.invariance.measured import METHODS
from tests.flower import dahlia_again as again

BINOMIAL = [0.25, 0.5, 0.25]


def pooled(method: str, window: int, picture: Floats) -> Floats:
    """Pool by scikit-image; blurred methods by SciPy."""
    if method in ("max", "mean"):
        return np.asarray(block_reduce(picture, (window, window), getattr(np, method)))
    if method == "max blur":
        origin = -(window // 2)
        picture = ndimage.maximum_filter(picture, window, mode="wrap", origin=origin)
    if "blur" in method:
        for axis in (0, 1):
            picture = ndimage.correlate1d(picture, BINOMIAL, axis, mode="wrap")
    return picture[::window, ::window]


class Counter:
    """Goes through all ways to stand windows on two maps, and counts."""

    def __init__(self, method: str, window: int, equal_firing: bool) -> None:
        self.method, self.window, self.equal_firing = method, window, equal_firing
        self.rows = 60 - (60 - window + 1) % window - window + 1

    def ways(self, petal_map: Floats) -> list[list[Floats]]:
        return [
            [
                pooled(self.method, self.window, np.roll(petal_map, -left, 1)[top:][: self.rows])
                for left in range(self.window)
            ]
            for top in range(self.window)
        ]

    def cells(self) -> list[tuple[int, int, int, int]]:
        return [
            (top, left, (row - top) // self.window, (column - left) % 256 // self.window)
            for top in range(self.window)
            for left in range(self.window)
            for row, column in again.found_petals()
            if 0 <= row - top < self.rows
        ]

    def count(self, before: Floats, afters: list[Floats]) -> tuple[float, float, float, float]:
        first, others = self.ways(before), [self.ways(after) for after in afters]
        flat = np.array(first).ravel()
        threshold = 0.5
        if self.equal_firing:
            threshold = float(np.quantile(flat, np.mean(before <= 0.5)))
        found = [c for c in self.cells() if first[c[0]][c[1]][c[2], c[3]] > threshold]
        stay = [other[t][u][i, j] > threshold for other in others for t, u, i, j in found]
        square = np.mean([(np.array(other) - first) ** 2 for other in others])
        spread = np.var(np.stack([flat] * len(others) + [np.array(o).ravel() for o in others]))
        same = np.mean([np.array(other) == first for other in others])
        stays = float(np.mean(stay)) if stay else np.nan
        change = float(np.sqrt(square / (2 * spread)))
        return change, float(same), len(found) / len(self.cells()), stays


@pytest.mark.parametrize("equal_firing", [False, True])
@pytest.mark.parametrize("window", [1, 2, 4])
@pytest.mark.parametrize("method", POOLINGS)
def test_the_turned_flower_by_loops(method: str, window: int, equal_firing: bool) -> None:
    distances = [0, 1, 3, -2]
    ours = turned(distances, [method], window=window, equal_firing=equal_firing)
    counter = Counter(method, window, equal_firing)
    for i, d in enumerate(distances):
        change, same, found, stays = counter.count(
            again.clean_map(), [np.roll(again.clean_map(), d, axis=1)]
        )
        assert_allclose(ours.change[0, i], change, atol=1e-9)
        assert_allclose(ours.found, [found], atol=1e-12)
        assert_allclose(ours.stays[0, i], stays, atol=1e-12)
        if method == "max":
            assert_allclose(ours.unchanged[0, i], same, atol=1e-12)


def map_moved(dy: int, dx: int) -> Floats:
    """Move the photograph, sample it where the flower was, and match the template."""
    picture = np.roll(again.blue(), (dy, dx), axis=(0, 1))
    return again.matched(again.sampled(picture), again.template())


@pytest.mark.parametrize("method", ["max", "subsample"])
def test_the_moved_photograph_by_loops(method: str) -> None:
    ours = moved([0, 1, 4], [method], window=2)
    for i, d in enumerate([0, 1, 4]):
        afters = [map_moved(*move) for move in ((d, 0), (-d, 0), (0, d), (0, -d))]
        change, _, found, stays = Counter(method, 2, False).count(map_moved(0, 0), afters)
        assert_allclose(ours.change[0, i], change, atol=1e-7)
        assert_allclose(ours.found, [found], atol=1e-12)
        assert_allclose(ours.stays[0, i], stays, atol=1e-12)
    assert ours.unchanged[0, 0] == 1
    fair = moved([1], [method], window=2, equal_firing=True)
    afters = [map_moved(*move) for move in ((1, 0), (-1, 0), (0, 1), (0, -1))]
    _, _, found, stays = Counter(method, 2, True).count(map_moved(0, 0), afters)
    assert (fair.found[0], fair.stays[0, 0]) == (pytest.approx(found), pytest.approx(stays))


def test_shapes_and_order() -> None:
    both = turned([1, 2, 3], ["mean", "max"], window=2)
    assert both.change.shape == both.unchanged.shape == both.stays.shape == (2, 3)
    assert both.found.shape == (2,)
    for i, method in enumerate(["mean", "max"]):
        alone = turned([1, 2, 3], [method])
        assert all((a[i] == b[0]).all() for a, b in zip(both, alone, strict=True))
    assert (POOLINGS, len(turned([1]).found), len(moved([1]).found)) == (METHODS[:5], 5, 5)


def test_the_blur_is_as_wide_as_asked() -> None:
    wide, usual = (turned([1], ["blur"], blur=blur).change for blur in (7, 3))
    assert wide < usual == turned([1], ["blur"]).change
    assert moved([1], ["blur"]).change == moved([1], ["blur"], window=2, blur=3).change
    assert moved([1], ["max"]).change == moved([1], ["max"], window=2).change
    assert moved([1], ["blur"], blur=7).change < moved([1], ["blur"]).change


def test_where_no_petal_is_found_none_stays() -> None:
    nothing = turned([0, 1], ["mean"], window=8)
    assert nothing.found == 0
    assert np.isnan(nothing.stays).all()


def test_a_pool_of_two_hardly_steadies_the_map_but_keeps_petals_in_their_cells() -> None:
    """The map is smooth: its values change little, and hardly less by pooling."""
    one = turned([1], window=2, equal_firing=True)
    most, mean, single = (one.change[POOLINGS.index(m), 0] for m in ("max", "mean", "subsample"))
    assert 0.9 * single < mean < most < single
    stays = dict(zip(POOLINGS, one.stays[:, 0], strict=True))
    assert stays["max"] > stays["mean"] > stays["subsample"]


UNKNOWN: Any = "2"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: turned([0.5]), r"distances must be a whole number in \[-256, 256\]; got 0.5"),
        (lambda: turned([257]), "distances must be .* got 257"),
        (lambda: turned([-257]), "distances must be .* got -257"),
        (lambda: turned(1), r"shape of distances must be \(n,\) with n ≥ 1; got \(\)"),
        (lambda: turned([]), r"shape of distances must be .* got \(0,\)"),
        (lambda: turned([1], ["max polyphase"]), "methods must be one of 'max', .*'max polyphase'"),
        (lambda: turned([1], window=6), "window must be one of 1, 2, 3, 4, 8; got 6"),
        (lambda: still_found(1, 5), "window must be one of"),
        (lambda: still_found(33), "distance must be .* got 33"),
        (lambda: still_found(1, counted="all"), "counted must be one of"),
        (lambda: turned([1], window=0), "window must be a whole number ≥ 1; got 0"),
        (lambda: turned([1], window=UNKNOWN), "window must be a whole number ≥ 1; got '2'"),
        (lambda: turned([1], blur=8), r"blur must be a whole number in \[2, 7\]; got 8"),
        (lambda: turned([1], equal_firing=UNKNOWN), "equal_firing must be True or False; got '2'"),
        (lambda: moved([-1]), r"distances must be a whole number in \[0, 32\]; got -1"),
        (lambda: moved([33]), "distances must be .* got 33"),
        (lambda: moved([[1]]), r"shape of distances must be \(n,\) with n ≥ 1; got \(1, 1\)"),
        (lambda: moved([1], ["none"]), "methods must be one of"),
        (lambda: moved([1], window=5), "window must be one of 1, 2, 3, 4, 8; got 5"),
    ],
)
def test_wrong_arguments_are_named(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}") as error:
        call()
    assert "\n" not in str(error.value)


def test_the_ends_of_the_ranges_are_allowed() -> None:
    assert (turned([-256, 256], ["max"]).unchanged == 1).all()
    assert moved([32], ["max"]).change > 0.5
