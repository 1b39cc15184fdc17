"""Real PyTorch modules, built from the same data as our counts, and what PyTorch finds in them.

PyTorch infers all shapes itself: every layer is lazy, and learns how many channels or features it
gets from the first picture. On the device ``meta`` nothing is computed and no memory is taken, so
that networks of 10¹¹ weights can be built.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, NamedTuple

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from explainers.networks.layers import (
    AdaptiveAvgPool2d,
    AvgPool2d,
    Conv2d,
    Layer,
    Linear,
    MaxPool2d,
    Residual,
)
from explainers.networks.network import Network

Picture = tuple[int, int, int]
REFUSALS = (RuntimeError, ValueError)
"""What PyTorch raises if a layer does not fit."""


class Connected(nn.Module):  # type: ignore[misc]
    """A convolution whose output channels look at the first so many input channels each."""

    def __init__(self, layer: Conv2d) -> None:
        super().__init__()
        one = replace(layer, out_channels=1, connections=())
        self.inputs = layer.connections
        self.convolutions = nn.ModuleList(_convolution(one) for _ in layer.connections)

    def forward(self, input: Any) -> Any:
        """Look, and put the channels together."""
        if max(self.inputs) > input.shape[1] or min(self.inputs) < 1:
            raise ValueError("there are not so many channels")
        pairs = zip(self.convolutions, self.inputs, strict=True)
        return torch.cat([look(input[:, :channels]) for look, channels in pairs], dim=1)


class Sum(nn.Module):  # type: ignore[misc]
    """A residual block; its sum is refused where PyTorch would broadcast."""

    def __init__(self, layer: Residual, last: bool) -> None:
        super().__init__()
        ends = len(layer.body) - 1
        self.body = nn.Sequential(
            *(_step(inner, active=i < ends) for i, inner in enumerate(layer.body))
        )
        self.shortcut = nn.Sequential(*(_step(inner, active=False) for inner in layer.shortcut))
        self.activation = nn.Identity() if last else nn.ReLU(inplace=True)

    def forward(self, input: Any) -> Any:
        """Go both ways, and add."""
        through, around = self.body(input), self.shortcut(input)
        if through.shape != around.shape:
            raise ValueError("different shapes")
        return self.activation(through + around)


def _convolution(layer: Conv2d) -> Any:
    # The lazy class forgets a check that the other makes.
    nn.Conv2d(layer.groups, layer.out_channels, 1, groups=layer.groups)
    return nn.LazyConv2d(
        layer.out_channels,
        layer.kernel_size,
        layer.stride,
        layer.padding,
        layer.dilation,
        layer.groups,
        layer.bias,
    )


class Affine(nn.LazyConv2d):  # type: ignore[misc]
    """A weight and a bias for each channel: a 1 × 1 convolution with as many groups."""

    def __init__(self) -> None:
        super().__init__(1, 1)

    def initialize_parameters(self, input: Any, *rest: Any) -> None:
        """Take the number of channels from the first picture."""
        self.out_channels = self.groups = input.shape[1]
        super().initialize_parameters(input, *rest)


def _main(layer: Layer) -> list[Any]:
    """The modules that do a layer's own work."""
    match layer:
        case Conv2d():
            look = Connected(layer) if layer.connections else _convolution(layer)
            return [look, nn.LazyBatchNorm2d()] if layer.norm else [look]
        case MaxPool2d():
            window = (layer.kernel_size, layer.stride, layer.padding)
            return [nn.MaxPool2d(*window, ceil_mode=layer.ceil_mode)]
        case AvgPool2d():
            window = (layer.kernel_size, layer.stride, layer.padding)
            mean = nn.AvgPool2d(*window, ceil_mode=layer.ceil_mode)
            return [mean, Affine()] if layer.affine else [mean]
        case AdaptiveAvgPool2d():
            return [nn.AdaptiveAvgPool2d(layer.output_size)]
        case Linear():
            dense = nn.LazyLinear(layer.out_features, layer.bias)
            return [nn.Flatten(), dense, nn.Unflatten(1, (layer.out_features, 1, 1))]
        case _:
            raise TypeError(layer)


def _step(layer: Layer, active: bool) -> Any:
    """One row of our table, as a module; `row` is the row's name.

    `active`: whether an activation function follows, if the layer multiplies by weights.
    """
    if isinstance(layer, Residual):
        step = nn.Sequential(Sum(layer, not active))
        step.row = f"{layer.name}.add"
        return step
    active = active and isinstance(layer, Conv2d | Linear)
    step = nn.Sequential(*_main(layer), *([nn.ReLU(inplace=True)] if active else []))
    step.row = layer.name
    return step


def built(network: Network, picture: Picture, device: str = "meta") -> Any:
    """Return the network as a module that has seen one picture, ready to be run.

    Activation functions follow each convolution and each dense layer but the last; in a residual
    block they follow the sum, and neither the last layer of its body nor its shortcut.

    Raises
    ------
    RuntimeError, ValueError
        If PyTorch refuses a layer.
    """
    last = len(network.layers) - 1
    with torch.device(device), torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # lazy modules are new; starting values of no weights
        steps = [_step(layer, active=i < last) for i, layer in enumerate(network.layers)]
        module = nn.Sequential(*steps).eval()
        module(torch.zeros(1, *picture))
    return module


def features(network: Network) -> Network:
    """Return the layers before the first dense or adaptive one: those that picture size changes."""
    ends = [isinstance(layer, Linear | AdaptiveAvgPool2d) for layer in network.layers]
    return replace(network, layers=network.layers[: [*ends, True].index(True)])


def thin(layers: Iterable[Layer]) -> tuple[Layer, ...]:
    """Return the layers with one channel each, without biases and normalisation."""
    return tuple(map(_thin, layers))


def _thin(layer: Layer) -> Layer:
    match layer:
        case Conv2d():
            plain = replace(layer, groups=1, bias=False, norm=False, connections=())
            return replace(plain, out_channels=1)
        case AvgPool2d():
            return replace(layer, affine=False)
        case Residual():
            return replace(layer, body=thin(layer.body), shortcut=thin(layer.shortcut))
        case _:
            return layer


class Found(NamedTuple):
    """One row of our table, as PyTorch has it."""

    name: str
    shape: tuple[int, ...]
    parameters: int
    macs: int


def rows(module: Any, picture: Picture) -> list[Found]:
    """Run one picture, and note what each step hands on, holds and multiplies.

    The multiplications are those of PyTorch's own counter, which counts two operations for each
    and looks at convolutions and matrix products only.
    """
    found: list[Found] = []
    waiting: list[int] = []
    device = next((p.device for p in module.parameters()), torch.device("meta"))

    def before(step: Any, input: Any) -> None:
        waiting.append(counter.get_total_flops())

    def after(step: Any, input: Any, output: Any) -> None:
        flops = counter.get_total_flops() - waiting.pop()
        parameters = sum(parameter.numel() for parameter in step.parameters())
        if step.row.endswith(".add"):  # what is inside a block has rows of its own
            flops = parameters = 0
        found.append(Found(step.row, tuple(output.shape[1:]), parameters, flops // 2))

    hooked = [step for step in module.modules() if hasattr(step, "row")]
    handles = [step.register_forward_pre_hook(before) for step in hooked]
    handles += [step.register_forward_hook(after) for step in hooked]
    counter = FlopCounterMode(display=False)
    with torch.no_grad(), counter:
        module(torch.zeros(1, *picture, device=device))
    for handle in handles:
        handle.remove()
    return found


def asked(network: Network, picture: Picture) -> list[Found] | None:
    """Return the rows that PyTorch finds, or None if it refuses the network."""
    try:
        return rows(built(network, picture), picture)
    except REFUSALS:
        return None


def jacobian(function: Callable[[Any], Any], input: Any) -> Any:
    """Return which outputs depend on which inputs, as a matrix of truths."""
    whole = torch.autograd.functional.jacobian(function, input)
    return whole.reshape(-1, input.numel()) != 0
