"""Questions and their cases, on rows that are made up."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from explainers.trained import comparisons, experiment
from explainers.trained.arms import CONTROLS, Arm
from explainers.trained.measured import Row

SEEDS = 5


def right(arm: Arm, seed: int) -> int:
    """Right answers of a network that there is not: of its own, and other ones for each seed."""
    return 300 + sum(map(ord, arm.id)) % 97 + (7 * seed + len(arm.network) * seed**2) % 50


def row(arm: Arm, seed: int) -> Row:
    n = right(arm, seed)
    moves = [n, *(n - 10 * move for move in range(1, 9))]
    larger = None if arm.readout == "flatten" else n - seed
    noise = [n - 5, n - 20, n - 80]
    return Row(
        arm.id, seed, arm.size, (0.1, 0.2), moves, [4] * 8, noise, larger, 5, 6, (1,), (0.25,)
    )


@pytest.fixture(autouse=True)
def rows(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Rows of five seeds, and of a sixth that is not whole."""
    arms = experiment.arms()
    made = [row(arm, seed) for arm in arms for seed in range(SEEDS)]
    made += [row(arm, SEEDS) for arm in arms[:-1]]
    other = [row(arm, seed + 1) for arm in experiment.dropped() for seed in range(SEEDS + 1)]
    other = [each._replace(seed=each.seed - 1) for each in other]
    monkeypatch.setattr(experiment, "recorded", lambda *asked: sorted(other if asked else made))
    clear()
    yield
    clear()


def clear() -> None:
    comparisons._rows.cache_clear()
    comparisons._dropped.cache_clear()
    comparisons._found.cache_clear()


def test_only_seeds_that_all_arms_have_count() -> None:
    assert comparisons.seeds() == SEEDS
    assert len(comparisons.numbers(Arm("max"), "accuracy")) == SEEDS
    assert {found.seeds for found in comparisons.found("accuracy").values()} == {SEEDS}


@pytest.mark.parametrize("question", list(comparisons.QUESTIONS))
def test_every_case_is_of_recorded_arms_and_corrected_for_all(question: str) -> None:
    arms, pairs = set(experiment.arms()), comparisons.QUESTIONS[question]()
    cases = comparisons.found(question)
    assert list(cases) == list(pairs)
    assert {found.cases for found in cases.values()} == {len(pairs)}
    for pair in pairs.values():
        assert pair.first in arms
        assert pair.second is None or pair.second in arms
        assert pair.second is None or pair.second.readout == pair.first.readout


def test_a_case_by_scipy() -> None:
    found = comparisons.case("noise", ("max", "mean", "circular", "moved", 1297, 40))
    first, second = Arm("max", "mean", moved=True), Arm("none", "mean")
    costs = [[80 / 500 for _ in range(SEEDS)] for _ in (first, second)]
    assert_allclose([found.first, found.second], np.mean(costs, axis=1))
    found = comparisons.case("equal macs", ("max",))
    each = [[right(Arm(n, "max"), s) / 500 for s in range(SEEDS)] for n in ("max", "narrow")]
    expected = stats.ttest_rel(*each).confidence_interval(1 - 0.05 / 3)
    assert_allclose(found.difference[1:], expected, rtol=1e-9)
    assert found.sign == int(expected.low > 0) - int(expected.high < 0)


def test_dropout_is_compared_seed_by_seed_with_what_was_trained_with_it() -> None:
    found = comparisons.case("dropout", ("max", 300))
    arms = Arm("max", size=300), Arm("none", size=300)
    each = [[1 - right(arm, s + k) / 500 for s in range(SEEDS)] for k, arm in enumerate(arms)]
    expected = stats.ttest_rel(*each).confidence_interval(1 - 0.05 / 15)
    assert_allclose(found.difference[1:], expected, rtol=1e-9)
    assert found.cases == 15


def test_all_poolings_are_compared_with_none_and_all_controls_with_max() -> None:
    pooled = [arm for arm in experiment.arms() if arm.network in comparisons.POOLED]
    assert len(comparisons.found("accuracy")) == len(pooled)
    strided = {case[0] for case in comparisons.found("strided")}
    equal = set(comparisons.EQUAL_MACS.values())
    assert {*strided, *equal} == {"stride", *(n for names in CONTROLS.values() for n in names)}


def test_what_was_not_trained_is_refused() -> None:
    with pytest.raises(ValueError, match="settings must be those of networks that were trained"):
        comparisons.case("accuracy", ("max", "mean", "circular", "still", 300))
