"""Student's t, corrections and means, against SciPy and against definitions."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats

from explainers.trained import statistics
from explainers.trained.measured import Row
from explainers.trained.statistics import MEASURES, by_seed, compared, holm, mean, paired_p

FIRST, SECOND = "max-max-circular-still-100", "none-max-circular-still-100"


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 18, 19, 20, 101])
def test_student(freedom: int) -> None:
    for t in (-40, -2.5, 0, 0.3, 1, 2, 5):
        expected = 2 * stats.t.sf(abs(t), freedom)
        assert_allclose(statistics.two_sided(t, freedom), expected, rtol=1e-9, atol=1e-14)
    for level in (0.5, 0.95, 0.999, 1 - 0.05 / 400):
        expected = stats.t.ppf((1 + level) / 2, freedom)
        assert_allclose(statistics.student_quantile(freedom, level), expected, rtol=1e-9)


def test_mean() -> None:
    each = np.random.default_rng(0).random(20)
    found = mean(each, 0.99)
    expected = stats.t.interval(0.99, 19, each.mean(), stats.sem(each))
    assert_allclose(found, (each.mean(), *expected), rtol=1e-9)


def test_paired_p() -> None:
    one, other = np.random.default_rng(1).random((2, 20))
    assert_allclose(paired_p(one - other), stats.ttest_rel(one, other).pvalue, rtol=1e-9)
    assert paired_p([0, 0, 0]) == 1
    assert paired_p([0.25, 0.25, 0.25]) == 0


@given(st.lists(st.floats(0, 1), max_size=12))
def test_holm(each: list[float]) -> None:
    """By its definition: a p is refused at a level if all smaller ones are, each by its own bar."""
    adjusted = holm(each)
    order = sorted(range(len(each)), key=lambda i: each[i])
    for rank, i in enumerate(order):
        bars = [(len(each) - r) * each[j] for r, j in enumerate(order[: rank + 1])]
        assert adjusted[i] == min(max(bars), 1)


def row(arm: str, seed: int, right: int) -> Row:
    moves = [right, *range(100, 108)]
    changed, noise = [8, 0, 0, 0, 0, 0, 0, 0], [400, 300, 200]
    return Row(arm, seed, 90, (0.5, 0.75), moves, changed, noise, None, 50, 60, (1, 0.5), (0.25, 0))


def test_measures() -> None:
    found = {name: by_seed([row(FIRST, 3, 450)], FIRST, name)[3] for name in MEASURES}
    for name in ("accuracy, larger canvas", "lost, larger canvas"):
        assert math.isnan(found.pop(name))
    expected = {
        "accuracy": 0.9,
        "training accuracy": 0.9,
        "gap": 0.0,
        "loss": 0.75,
        "gap of losses": 0.25,
        **{f"accuracy, moved by {d}": (99 + d) / 500 for d in range(1, 9)},
        "accuracy, as trained": 0.9,
        **{f"lost, moved by {d}": (351 - d) / 500 for d in range(1, 9)},
        "lost, noise 0.1": 0.1,
        "lost, noise 0.2": 0.3,
        "lost, noise 0.4": 0.5,
        "changed by the first pixel": 0.016,
        "accuracy, mean over moves": (450 + sum(range(100, 108))) / 4500,
        "accuracy, worst move": 0.2,
        "changed by a pixel": 0.002,
        "accuracy, noise 0.1": 0.8,
        "accuracy, noise 0.2": 0.6,
        "accuracy, noise 0.4": 0.4,
        "accuracy, taken apart": 0.1,
        "kept, taken apart": 0.12,
        "first weights reached": 1,
        "last weights reached": 0.5,
        "first positions reached": 0.25,
        "last positions reached": 0,
    }
    assert found == pytest.approx(expected)


def test_a_network_trained_on_moved_digits_is_asked_about_all_places() -> None:
    arm = FIRST.replace("still", "moved")
    [found] = by_seed([row(arm, 3, 450)], arm, "accuracy, as trained").values()
    assert found == pytest.approx((450 + sum(range(100, 108))) / 4500)


def test_compared_pairs_seeds_and_corrects() -> None:
    rng = np.random.default_rng(2)
    one, other = rng.integers(400, 500, 20), rng.integers(390, 490, 20)
    rows = [row(FIRST, seed, int(n)) for seed, n in enumerate(one)]
    rows += [row(SECOND, seed, int(n)) for seed, n in enumerate(other)][::-1]
    rows.append(row(SECOND, 99, 0))  # a seed that the other arm lacks
    pairs = [(FIRST, SECOND), (SECOND, FIRST), (FIRST, FIRST)]
    found = compared(rows, pairs, "accuracy")
    differences = (one - other) / 500
    level = 1 - 0.05 / 3
    expected = stats.t.interval(level, 19, differences.mean(), stats.sem(differences))
    assert_allclose(found[0].found, (differences.mean(), *expected), rtol=1e-9)
    p = stats.ttest_rel(one, other).pvalue
    assert_allclose([d.p for d in found], [min(3 * p, 1), min(3 * p, 1), 1], rtol=1e-9)
    assert found[0].differs == (found[0].p < 0.05)


def test_what_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^measure must be one of accuracy, training"):
        by_seed([], FIRST, "speed")
    with pytest.raises(ValueError, match=r"^pairs must be arms with two seeds"):
        compared([row(FIRST, 0, 400), row(SECOND, 1, 400)], [(FIRST, SECOND)], "gap")
    with pytest.raises(ValueError, match=r"^level must be a number above 0 and below 1"):
        mean([1, 2], 1)
