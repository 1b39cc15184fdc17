"""The dahlia moved, once more by SciPy, scikit-image and plain loops."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from explainers.invariance.dahlia import COUNTED, POOLINGS, moved, still_found
from tests.invariance.reference import Dahlia


@pytest.mark.parametrize("equal_firing", [False, True])
@pytest.mark.parametrize(("window", "distances"), [(1, [1]), (2, [0, 1, 4]), (3, [1]), (4, [2])])
@pytest.mark.parametrize("method", POOLINGS)
def test_the_moved_photograph_by_loops(
    method: str, window: int, distances: list[int], equal_firing: bool
) -> None:
    ours = moved(distances, [method], window=window, equal_firing=equal_firing)
    for i, distance in enumerate(distances):
        dahlia = Dahlia(method, window, distance)
        cells, before, both = dahlia.petals(dahlia.equal() if equal_firing else 0.5).sum(axis=0)
        assert_allclose(ours.change[0, i], dahlia.change(), atol=1e-7)
        assert_allclose(ours.found[0], before / cells, atol=1e-12)
        assert_allclose(ours.stays[0, i], both / before if before else np.nan, atol=1e-12)
        assert ours.unchanged[0, i] == 1 if distance == 0 else ours.unchanged[0, i] < 0.01


@pytest.mark.parametrize("counted", COUNTED)
@pytest.mark.parametrize(("method", "window"), [("max", 2), ("mean", 4), ("subsample", 2)])
def test_what_is_still_found_petal_by_petal(method: str, window: int, counted: str) -> None:
    found = still_found(1, window, counted=counted, method=method)
    both = []
    for dahlia in (Dahlia(method, window, 1), Dahlia("max", 1, 1)):
        petals = dahlia.petals(0.5 if counted == "one threshold" else dahlia.equal())
        both.append(petals[:, [2, 1 if counted == "found before" else 0]])
    pooled, full = (of[:, 0].sum() / of[:, 1].sum() for of in both)
    assert_allclose(found[:2], (pooled, full))
    left_out = [
        np.subtract(*(np.divide(*(of.sum(axis=0) - of[i])) for of in both))
        for i in range(len(both[0]))
    ]
    reach = 1.96 * np.sqrt((len(left_out) - 1) * np.var(left_out))
    gain = pooled - full
    assert_allclose(found.gain, (gain, gain - reach, gain + reach), atol=1e-4)


def test_shapes_and_order() -> None:
    both = moved([1, 2, 3], ["mean", "max"])
    assert both.change.shape == both.unchanged.shape == both.stays.shape == (2, 3)
    assert both.found.shape == (2,)
    for i, method in enumerate(["mean", "max"]):
        alone = moved([1, 2, 3], [method], window=2)
        assert all((a[i] == b[0]).all() for a, b in zip(both, alone, strict=True))
    assert len(moved([1]).found) == len(POOLINGS)


def test_where_no_petal_is_found_none_stays() -> None:
    nothing = moved([0, 1], ["mean"], window=8)
    assert nothing.found == 0
    assert np.isnan(nothing.stays).all()


def test_only_poolings_that_look_at_fixed_places_are_compared() -> None:
    assert POOLINGS == ("max", "mean", "subsample", "max blur", "blur")
    with pytest.raises(ValueError, match=r"methods must be one or more of max, .*'max polyphase'$"):
        moved([1], ["max", "max polyphase"])


def test_the_rim_of_the_flower_stays_in_the_photograph_so_far_and_no_farther() -> None:
    assert moved([32], ["max"]).change > 0.5
    for call in (lambda: moved([33]), lambda: still_found(33)):
        with pytest.raises(ValueError, match=r"must be (a )?whole numbers? in \[0, 32\]"):
            call()
