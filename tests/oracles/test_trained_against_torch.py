"""Small networks against the same ones of `torch.nn`: scores, slopes, and whole trainings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

from explainers.trained import dropping, model
from explainers.trained.arms import NETWORKS, Arm
from explainers.trained.digits import placed, split
from explainers.trained.layers import BORDERS, POOLINGS, READOUTS, cross_entropy
from explainers.trained.model import Architecture, forward, initial, train

MODES = {"circular": "circular", "zeros": "constant"}
BINOMIAL = torch.tensor([1.0, 2.0, 1.0], dtype=torch.float64) / 4


def scores(net: Architecture, parameters: list[Any], pictures: Any, factors: Any = 1.0) -> Any:
    """The network in PyTorch's own functions; what the last layer reads, times factors."""
    maps = pictures[:, None]
    for number, stage in enumerate(net.stages):
        weight, bias = parameters[2 * number : 2 * number + 2]
        padded = functional.pad(maps, (1, 1, 1, 1), mode=MODES[net.border])
        maps = pool(functional.relu(functional.conv2d(padded, weight, bias)), stage.operator, net)
    return functional.linear(READ_OUTS[net.readout](maps) * factors, *parameters[-2:])


def pool(maps: Any, operator: str, net: Architecture) -> Any:
    over = functional.pad(maps, (0, 1, 0, 1), mode=MODES[net.border])
    found: dict[str, Callable[[], Any]] = {
        "none": lambda: maps,
        "mean": lambda: functional.avg_pool2d(maps, 2),
        "max": lambda: functional.max_pool2d(maps, 2),
        "stride": lambda: maps[..., ::2, ::2],
        "blurred": lambda: blurred(functional.max_pool2d(over, 2, 1), net),
        "dense": lambda: functional.max_pool2d(over, 2, 1),
        "overlap": lambda: functional.max_pool2d(over, 3, 2),
    }
    return found[operator]()


def blurred(maps: Any, net: Architecture) -> Any:
    """As published: a convolution of each channel, with a stride."""
    channels = maps.shape[1]
    kernel = torch.outer(BINOMIAL, BINOMIAL).expand(channels, 1, 3, 3)
    padded = functional.pad(maps, (1, 1, 1, 1), mode=MODES[net.border])
    return functional.conv2d(padded, kernel, stride=2, groups=channels)


READ_OUTS: dict[str, Callable[[Any], Any]] = {
    "flatten": lambda maps: maps.flatten(1),
    "mean": lambda maps: maps.mean((2, 3)),
    "max": lambda maps: functional.adaptive_max_pool2d(maps, 1).flatten(1),
}


def tensors(arrays: Any) -> list[Any]:
    return [torch.tensor(array, dtype=torch.float64, requires_grad=True) for array in arrays]


def weights(net: Architecture) -> tuple[Any, ...]:
    rng = np.random.default_rng(1)
    return tuple(w + 0.1 * rng.standard_normal(w.shape) for w in initial(net, 16, seed=2))


def architectures() -> Iterator[Architecture]:
    for name in NETWORKS:
        for readout in READOUTS:
            for border in BORDERS:
                yield Arm(name, readout, border).architecture


@pytest.mark.parametrize("net", list(architectures()), ids=str)
def test_scores_and_slopes(net: Architecture) -> None:
    """On digits: much of the canvas is empty, so that maps are full of ties."""
    pictures, labels = split(100, 0).train
    shown, labels = placed(pictures[:20], 3), labels[:20]
    parameters = weights(net)
    passed = forward(net, parameters, shown)
    loss, slope = cross_entropy(passed.logits, labels)
    theirs = tensors(parameters)
    logits = scores(net, theirs, torch.tensor(shown))
    their_loss = functional.cross_entropy(logits, torch.tensor(labels))
    their_loss.backward()
    np.testing.assert_allclose(passed.logits, logits.detach().numpy(), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(loss, their_loss.item(), rtol=1e-12)
    for ours, parameter in zip(passed.back(slope), theirs, strict=True):
        np.testing.assert_allclose(ours, parameter.grad.numpy(), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("operator", POOLINGS)
def test_a_training_is_pytorch_s(operator: str) -> None:
    """From the same weights, with the same batches, Adam and falling rate: the same weights."""
    arm, steps = Arm(operator, "flatten"), 60
    pictures, labels = split(100, 1).train
    ours = train(arm.architecture, placed(pictures)[None], labels, steps=steps, seed=1)
    theirs = tensors(initial(arm.architecture, 16, 1))
    adam = torch.optim.Adam(theirs, lr=model.SCHEDULES["flatten"].rate)
    falling = torch.optim.lr_scheduler.LambdaLR(
        adam, lambda step: (1 - step / steps) * min(1, 10 * (step + 1) / steps)
    )
    shown, right = torch.tensor(placed(pictures)), torch.tensor(labels)
    for _, batch in model._batches((1, 100), steps, model.BATCH, seed=1):
        adam.zero_grad()
        logits = scores(arm.architecture, theirs, shown[batch])
        functional.cross_entropy(logits, right[batch]).backward()
        adam.step()
        falling.step()
    for mine, parameter in zip(ours.parameters, theirs, strict=True):
        np.testing.assert_allclose(mine, parameter.detach().numpy(), rtol=1e-6, atol=1e-7)


def test_a_training_with_dropout_is_pytorch_s() -> None:
    """Values times 0 or 2 before the last layer, in PyTorch's own backward pass."""
    arm, steps = Arm("max"), 40
    pictures, labels = split(100, 1).train
    ours = dropping.train(arm.architecture, placed(pictures)[None], labels, steps, 1)
    theirs = tensors(initial(arm.architecture, 16, 1))
    adam = torch.optim.Adam(theirs, lr=model.SCHEDULES["flatten"].rate)
    falling = torch.optim.lr_scheduler.LambdaLR(
        adam, lambda step: (1 - step / steps) * min(1, 10 * (step + 1) / steps)
    )
    shown, right = torch.tensor(placed(pictures)), torch.tensor(labels)
    rng = np.random.default_rng([1, 4])
    for _, batch in model._batches((1, 100), steps, model.BATCH, seed=1):
        factors = torch.tensor(np.where(rng.random(16 * 4 * 4) < 0.5, 2.0, 0.0))
        adam.zero_grad()
        logits = scores(arm.architecture, theirs, shown[batch], factors)
        functional.cross_entropy(logits, right[batch]).backward()
        adam.step()
        falling.step()
    for mine, parameter in zip(ours.parameters, theirs, strict=True):
        np.testing.assert_allclose(mine, parameter.detach().numpy(), rtol=1e-6, atol=1e-7)
