"""Networks against loops and differences; training against Adam written out, and against itself."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from explainers.checks import Floats
from explainers.trained import model
from explainers.trained.layers import BORDERS, POOLINGS, READOUTS, cross_entropy
from explainers.trained.model import Architecture, Stage, Weights, forward, initial, train
from tests.trained import reference

LABELS = np.array([3, 7])


def small(operator: str, readout: str, border: str = "circular") -> Architecture:
    return Architecture((Stage(2, operator), Stage(3, operator)), readout, border)


def pictures(number: int = 2, size: int = 8, seed: int = 0) -> Floats:
    return np.random.default_rng(seed).random((number, size, size))


def weights(net: Architecture, size: int = 8) -> Weights:
    """With biases that are not 0."""
    rng = np.random.default_rng(1)
    return tuple(w + 0.1 * rng.standard_normal(w.shape) for w in initial(net, size, seed=2))


@pytest.mark.parametrize("border", BORDERS)
@pytest.mark.parametrize("readout", READOUTS)
@pytest.mark.parametrize("operator", POOLINGS)
def test_logits_and_slopes(operator: str, readout: str, border: str) -> None:
    net = small(operator, readout, border)
    parameters = weights(net)
    passed = forward(net, parameters, pictures())
    assert_allclose(passed.logits, by_loops(net, parameters, pictures()), atol=1e-12)
    found = passed.back(cross_entropy(passed.logits, LABELS)[1])

    def loss() -> float:
        return cross_entropy(forward(net, parameters, pictures()).logits, LABELS)[0]

    for ours, theirs in zip(found, reference.slopes(loss, parameters), strict=True):
        assert_allclose(ours, theirs, atol=1e-7)


def by_loops(net: Architecture, parameters: Weights, shown: Floats) -> Floats:
    maps = shown[:, None]
    for number, stage in enumerate(net.stages):
        weight, bias = parameters[2 * number : 2 * number + 2]
        maps = np.maximum(reference.convolved(maps, weight, bias, net.border), 0)
        maps = reference.pooled(maps, stage.operator, net.border)
    rows, (weight, bias) = reference.read_out(maps, net.readout), parameters[-2:]
    return np.array([[w @ row + b for w, b in zip(weight, bias, strict=True)] for row in rows])


def test_another_size_is_refused_only_if_flattened() -> None:
    for readout in READOUTS:
        net = small("max", readout)
        if readout == "flatten":
            with pytest.raises(ValueError, match=r"^pictures must be of the size that"):
                forward(net, initial(net, 8), pictures(size=12))
        else:
            assert forward(net, initial(net, 8), pictures(size=12)).logits.shape == (2, 10)


def test_first_weights_are_the_same_where_shapes_are() -> None:
    of_max, of_none = initial(small("max", "flatten")), initial(small("none", "flatten"))
    for number in range(4):
        assert_array_equal(of_max[number], of_none[number])
    assert of_max[4].shape == (10, 48)
    assert of_none[4].shape == (10, 768)
    assert not np.array_equal(of_max[0], initial(small("max", "flatten"), seed=1)[0])


def test_first_weights_vary_as_said() -> None:
    net = Architecture((Stage(400, "max"), Stage(40, "max")), "flatten")
    first, bias, second, _, last, _ = initial(net, 16)
    assert not bias.any()
    for drawn, variance in ((first, 2 / 9), (second, 2 / 3600), (last, 1 / 640)):
        assert abs(drawn.var() / variance - 1) < 4 * np.sqrt(2 / drawn.size)


# ---- Training ----


def test_training_is_adam() -> None:
    """Written out for all numbers in one row, with a step for each picture in turn."""
    net, shown, labels = small("max", "mean"), pictures(3), np.array([1, 2, 3])
    steps, rate = 20, 0.01
    parameters = initial(net, 8, seed=4)
    row = np.concatenate([p.ravel() for p in parameters])
    mean = square = np.zeros_like(row)
    order = np.random.default_rng([4, 2])
    turns = np.concatenate([order.permutation(3) for _ in range(7)])
    for t in range(steps):
        split = np.split(row, np.cumsum([p.size for p in parameters])[:-1])
        now = tuple(s.reshape(p.shape) for s, p in zip(split, parameters, strict=True))
        passed = forward(net, now, shown[turns[t : t + 1]])
        slopes = passed.back(cross_entropy(passed.logits, labels[turns[t : t + 1]])[1])
        slope = np.concatenate([s.ravel() for s in slopes])
        mean, square = 0.9 * mean + 0.1 * slope, 0.999 * square + 0.001 * slope**2
        length = rate * (1 - t / steps) * min(1, 10 * (t + 1) / steps)
        unbiased = mean / (1 - 0.9 ** (t + 1)), square / (1 - 0.999 ** (t + 1))
        row = row - length * unbiased[0] / (np.sqrt(unbiased[1]) + 1e-8)
    net_ = train(net, shown[None], labels, steps=steps, batch=1, rate=rate, seed=4)
    assert_allclose(np.concatenate([p.ravel() for p in net_.parameters]), row, rtol=1e-9)


def test_the_same_bits_twice() -> None:
    net, shown, labels = small("overlap", "flatten"), pictures(20), np.arange(20) % 10
    one, other = (train(net, shown[None], labels, steps=20, seed=5) for _ in range(2))
    for ours, theirs in zip(one.parameters, other.parameters, strict=True):
        assert_array_equal(ours, theirs)


@pytest.mark.parametrize(("readout", "steps", "rate"), [("mean", 1200, 0.04), ("max", 800, 0.02)])
def test_a_readout_has_its_schedule(readout: str, steps: int, rate: float) -> None:
    net, shown, labels = Architecture((), readout), pictures(20), np.arange(20) % 10
    ours = train(net, shown[None], labels, batch=2)
    theirs = train(net, shown[None], labels, batch=2, steps=steps, rate=rate)
    other = train(net, shown[None], labels, batch=2, steps=400, rate=0.02)
    assert_array_equal(ours.parameters[0], theirs.parameters[0])
    assert not np.array_equal(ours.parameters[0], other.parameters[0])


def test_batches_are_the_same_for_still_and_moved_pictures() -> None:
    still, moved = (list(model._batches((places, 7, 8, 8), 10, 4, seed=3)) for places in (1, 9))
    assert all(np.array_equal(a[1], b[1]) for a, b in zip(still, moved, strict=True))
    assert not any(place.any() for place, _ in still)
    assert set(np.concatenate([place for place, _ in moved])) <= set(range(9))
    shown = np.concatenate([shown for _, shown in still])
    assert all(sorted(shown[i : i + 7]) == list(range(7)) for i in range(0, 35, 7))


def test_reached_weights_are_those_that_changed() -> None:
    """A picture that is dark on its right half, not wrapped: those weights see nothing."""
    net, shown = Architecture((Stage(4, "max"),), "flatten", "zeros"), pictures(6)
    shown[:, :, 4:] = 0
    trained = train(net, shown[None], np.arange(6), steps=30, rate=0.001, seed=6)
    changed = [
        float((now != before).mean())
        for now, before in zip(trained.parameters[::2], initial(net, 8, 6)[::2], strict=True)
    ]
    assert trained.reached == tuple(changed)
    assert trained.reached[1] < 1


def test_answers_in_parts_are_those_of_all() -> None:
    net, shown = small("max", "max"), pictures(600)
    trained = model.Trained(net, weights(net), ())
    assert_allclose(trained.logits(shown), forward(net, weights(net), shown).logits, rtol=1e-12)
    assert_array_equal(trained.answers(shown), trained.logits(shown).argmax(axis=1))


def test_what_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^readout must be one of"):
        Architecture((Stage(8, "max"),), "sum")
    with pytest.raises(ValueError, match=r"^operator must be one of"):
        Architecture((Stage(8, "median"),))
    with pytest.raises(ValueError, match=r"^channels must be a whole number"):
        Architecture((Stage(0, "max"),))
