"""Dropout: what a step silences, how it is counted, and what is refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from explainers.checks import Floats
from explainers.trained import dropping, model
from explainers.trained.arms import Arm
from explainers.trained.layers import cross_entropy
from explainers.trained.model import Architecture, Stage, forward, initial

NET = Architecture((Stage(2, "max"),))
PICTURES = np.random.default_rng(1).random((6, 8, 8))
LABELS = np.arange(6)


def silenced(factors: Sequence[float]) -> tuple[float, list[Floats]]:
    """Logits and slopes with values times factors, by one-sided loops over the last weights."""
    *others, last, bias = initial(NET, 8, seed=3)
    thinned = np.stack([column * f for column, f in zip(last.T, factors, strict=True)], axis=1)
    passed = forward(NET, (*others, thinned, bias), PICTURES)
    loss, slope = cross_entropy(passed.logits, LABELS)
    return float(loss), list(passed.back(slope))


def test_a_silent_value_counts_for_nothing_and_its_weights_learn_nothing() -> None:
    """By differences of the loss, for kept and silent values."""
    size = 2 * 4 * 4
    factors = np.where(np.arange(size) % 3, 1 / dropping.KEPT, 0)
    weights = initial(NET, 8, seed=3)

    def loss(last: Floats) -> float:
        thinned = dropping._thinned((*weights[:-2], last, weights[-1]), factors)
        return float(cross_entropy(forward(NET, thinned, PICTURES).logits, LABELS)[0])

    _, slopes = silenced(factors.tolist())
    found = dropping._thinned(tuple(slopes), factors)[-2]
    for digit, value in ((0, 0), (0, 1), (4, 3), (9, size - 1)):
        step = np.zeros_like(weights[-2])
        step[digit, value] = 1e-5
        expected = (loss(weights[-2] + step) - loss(weights[-2] - step)) / 2e-5
        assert_allclose(found[digit, value], expected, rtol=1e-5, atol=1e-9)
    assert not found[:, ::3].any()
    assert loss(weights[-2]) == pytest.approx(silenced(factors.tolist())[0])


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Floats]:
    """The factors of each step's forward pass."""
    kept: list[Floats] = []
    real = dropping._thinned

    def noted(weights: Any, factors: Floats) -> Any:
        kept.append(factors)
        return real(weights, factors)

    monkeypatch.setattr(dropping, "_thinned", noted)
    return kept


def test_each_step_silences_other_halves_and_weighs_the_rest_double(drawn: list[Floats]) -> None:
    dropping.train(NET, PICTURES[None], LABELS, 40, 0)
    forth, back = np.array(drawn[::2]), np.array(drawn[1::2])
    assert np.array_equal(forth, back)
    assert set(np.unique(forth)) == {0.0, 2.0}
    assert abs(forth.mean() - 1) < 5 / np.sqrt(forth.size)
    assert len(np.unique(forth, axis=0)) == 40


def test_without_silence_it_is_ordinary_training(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dropping, "KEPT", 1.0)
    found = dropping.train(NET, PICTURES[None], LABELS, 30, 5)
    expected = model.train(NET, PICTURES[None], LABELS, steps=30, seed=5)
    for one, other in zip(found.parameters, expected.parameters, strict=True):
        assert_allclose(one, other, rtol=1e-12)
    assert found.reached == expected.reached


def test_nothing_is_silent_after_training(drawn: list[Floats]) -> None:
    network = dropping.train(NET, PICTURES[None], LABELS, 5, 0)
    before = len(drawn)
    network.answers(PICTURES)
    assert len(drawn) == before == 10


@pytest.mark.parametrize("arm", [Arm("none", "max"), Arm("none", moved=True)], ids=lambda a: a.id)
def test_arms_without_flattened_maps_at_one_place_are_refused(arm: Arm) -> None:
    with pytest.raises(ValueError, match="arm must be one that flattens its maps, and is trained"):
        dropping.measure(arm, 0)
