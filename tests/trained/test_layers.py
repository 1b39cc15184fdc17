"""Each layer against loops and the package's operators; its way back against differences."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from explainers.checks import Floats
from explainers.operators import conv2d, max_blur_pool2d
from explainers.trained import layers
from explainers.trained.layers import BORDERS, POOLINGS, READOUTS
from tests.trained import reference


def maps(size: int = 6, seed: int = 0) -> Floats:
    """Rectified, as behind a convolution: about half of the values are 0, and so ties."""
    return np.maximum(np.random.default_rng(seed).standard_normal((2, 3, size, size)), 0)


def kernels(seed: int = 1) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(seed)
    return rng.standard_normal((4, 3, 3, 3)), rng.standard_normal(4)


@pytest.mark.parametrize("border", BORDERS)
def test_convolution(border: str) -> None:
    weight, bias = kernels()
    out, _ = layers.convolution(maps(), weight, bias, border)
    assert_allclose(out, reference.convolved(maps(), weight, bias, border), atol=1e-12)
    padded = conv2d(maps(), weight, bias, padding="same", padding_mode=border)
    assert_allclose(out, padded, atol=1e-12)


@pytest.mark.parametrize("border", BORDERS)
@pytest.mark.parametrize("operator", POOLINGS)
def test_pooled(operator: str, border: str) -> None:
    for size in (4, 6):
        out, _ = layers.pooled(maps(size), operator, border)
        assert_allclose(out, reference.pooled(maps(size), operator, border), atol=1e-12)


def test_the_blurred_max_is_the_package_s() -> None:
    out, _ = layers.pooled(maps(), "blurred", "circular")
    assert_array_equal(out, max_blur_pool2d(maps(), 2, padding_mode="circular"))


@pytest.mark.parametrize("readout", READOUTS)
def test_read_out(readout: str) -> None:
    out, _ = layers.read_out(maps(), readout)
    assert_allclose(out, reference.read_out(maps(), readout), rtol=1e-12)


# ---- The way back ----


@pytest.mark.parametrize("border", BORDERS)
def test_back_through_a_convolution(border: str) -> None:
    weight, bias = kernels()
    values, direction = maps(), np.random.default_rng(2).standard_normal((2, 4, 6, 6))

    def loss() -> float:
        return float((layers.convolution(values, weight, bias, border)[0] * direction).sum())

    found = layers.convolution(values, weight, bias, border)[1](direction)
    for ours, theirs in zip(found, reference.slopes(loss, (values, weight, bias)), strict=True):
        assert_allclose(ours, theirs, atol=1e-6)


@pytest.mark.parametrize("border", BORDERS)
@pytest.mark.parametrize("operator", POOLINGS)
def test_back_through_a_pooling(operator: str, border: str) -> None:
    values = maps() + 0.01 + np.random.default_rng(3).random((2, 3, 6, 6))  # no ties
    check(lambda x: layers.pooled(x, operator, border), values)


@pytest.mark.parametrize("readout", READOUTS)
def test_back_through_a_readout(readout: str) -> None:
    check(lambda x: layers.read_out(x, readout), np.random.default_rng(4).random((2, 3, 4, 4)))


def test_back_through_a_rectifier() -> None:
    check(layers.rectifier, np.random.default_rng(5).standard_normal((2, 3, 4, 4)))


def check(layer: layers.Layer, values: Floats) -> None:
    direction = np.random.default_rng(6).standard_normal(layer(values)[0].shape)

    def loss() -> float:
        return float((layer(values)[0] * direction).sum())

    assert_allclose(layer(values)[1](direction), reference.slopes(loss, (values,))[0], atol=1e-6)


def test_of_equal_values_the_first_gets_the_slope() -> None:
    ones = np.ones((1, 1, 4, 4))
    _, back = layers.pooled(ones, "max", "circular")
    assert_array_equal(back(np.full((1, 1, 2, 2), 5.0))[0, 0, :2], [[5, 0, 5, 0], [0, 0, 0, 0]])
    _, back = layers.read_out(ones, "max")
    assert_array_equal(back(np.array([[5.0]]))[0, 0, 0], [5, 0, 0, 0])


def test_a_global_mean_slopes_equally() -> None:
    slope = layers.read_out(maps(), "mean")[1](np.full((2, 3), 36.0))
    assert_array_equal(slope, np.ones((2, 3, 6, 6)))


def test_cross_entropy() -> None:
    logits, labels = np.random.default_rng(7).standard_normal((4, 10)), np.array([3, 0, 9, 3])
    loss, slope = layers.cross_entropy(logits, labels)
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    assert_allclose(loss, np.mean([-np.log(shares[n, label]) for n, label in enumerate(labels)]))
    again = reference.slopes(lambda: layers.cross_entropy(logits, labels)[0], (logits,))[0]
    assert_allclose(slope, again, atol=1e-8)
    assert layers.cross_entropy(np.array([[1e4, -1e4]]), np.array([1]))[0] == 2e4


Wrong = Callable[[], object]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: layers.pooled(maps(), "median"), "operator must be one of none, mean"),
        (lambda: layers.pooled(maps(), "max", "wrap"), "border must be one of circular, zeros"),
        (lambda: layers.read_out(maps(), "sum"), "readout must be one of flatten, mean, max"),
        (lambda: layers.convolution(maps(), *kernels(), "same"), "border must be one of"),
    ],
)
def test_what_is_refused(wrong: Wrong, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}"):
        wrong()
