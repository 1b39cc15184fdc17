"""The activations again, by SciPy or by another formula, and whether they ever fall."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy import special, stats

from explainers import ranges
from explainers.activations import ACTIVATIONS, NEVER_FALL, Activation, leaky_relu

AGAIN: dict[str, Activation] = {
    "relu": lambda x: x * (x > 0),
    "leaky relu": lambda x: x * (1 + 99 * (x > 0)) / 100,
    "relu6": lambda x: np.minimum(np.maximum(x, 0), 6),
    "elu": lambda x: np.where(x < 0, np.exp(np.minimum(x, 0)) - 1, x),
    "softplus": lambda x: -special.log_expit(-x),
    "tanh": lambda x: 2 * special.expit(2 * x) - 1,
    "sigmoid": special.expit,
    "gelu": lambda x: x * stats.norm.cdf(x),
    "silu": lambda x: x * special.expit(x),
    "mish": lambda x: x * np.tanh(np.log1p(np.exp(x))),
    "hardswish": lambda x: x * np.minimum(np.maximum(x + 3, 0), 6) / 6,
}
LINE = np.linspace(-12, 12, 2401)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activation_again(name: str) -> None:
    assert_allclose(ACTIVATIONS[name](LINE), AGAIN[name](LINE), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_those_that_never_fall_do_not(name: str) -> None:
    never = bool((np.diff(AGAIN[name](LINE)) > -1e-14).all())
    assert never == (name in NEVER_FALL)


def test_they_are_the_ones_that_questions_ask_about() -> None:
    assert tuple(ACTIVATIONS) == ranges.ACTIVATIONS.values


def test_leaky_relu_of_any_slope() -> None:
    assert_array_equal(leaky_relu([[-2, 0, 3]], -1), [[2, 0, 3]])
    assert_array_equal(leaky_relu([-2, 3]), [-0.02, 3])
    with pytest.raises(ValueError, match=r"^x must be a real number or an array of them; got 'x'$"):
        leaky_relu("x")


def test_sigmoid_of_anything() -> None:
    """Without a warning: they are errors in tests."""
    assert_array_equal(ACTIVATIONS["sigmoid"](np.array([-1e4, 0, 1e4])), [0, 0.5, 1])
